//! The sheet of a spot check: for each element of the sample what the model says, what the drawing says, how tumo
//! decided, a picture, and room for what the reviewer thinks. As a page to print, as a table, or as data.

use super::picture::{self, Frame, escaped};
use super::plain::{number, tame, tame_to};
use super::spot_check::{SpotCheck, SpotItem, SpotValue};
use super::words::{filled, word};
use super::{Report, harmless};
use crate::finding::Value;
use crate::geom::{Box2, Point2};
use crate::wording::Language;
use std::fmt::Write;

/// A picture shows this much around its element (metres to each side).
const AROUND_M: f64 = 3.0;
/// Size of a picture, pixels.
const PICTURE: (f64, f64) = (440.0, 330.0);

/// A form of the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A page with pictures.
    Html,
    /// A table.
    Csv,
    /// The sample as the report has it.
    Json,
}

impl Form {
    /// By the ending of a file's name.
    pub fn of(file: &str) -> Option<Self> {
        let ending = file.rsplit_once('.')?.1.to_lowercase();
        match ending.as_str() {
            "html" | "htm" => Some(Self::Html),
            "csv" => Some(Self::Csv),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

/// Writes the sheet of a report's sample; of an empty one where it has none.
pub fn write(report: &Report, form: Form, language: Language) -> String {
    let none = SpotCheck::default();
    let sample = report.spot_check.as_ref().unwrap_or(&none);
    match form {
        Form::Html => html(report, sample, language),
        Form::Csv => csv(report, sample, language),
        Form::Json => serde_json::to_string_pretty(sample).unwrap_or_default() + "\n",
    }
}

fn shown(value: &Value, unit: Option<&str>) -> String {
    match value {
        Value::Number(x) => {
            format!("{} {}", number(*x), super::terminal::unit_sign(unit.unwrap_or(""))).trim_end().to_owned()
        }
        Value::Text(text) => tame(text),
    }
}

fn one_side(item: &SpotItem, language: Language, pick: fn(&SpotValue) -> &Value) -> Vec<(String, String)> {
    item.values
        .iter()
        .map(|v| (SpotItem::word(&v.what).get(language).to_owned(), shown(pick(v), v.unit.as_deref())))
        .collect()
}

fn joined(values: &[(String, String)]) -> String {
    values.iter().map(|(what, value)| format!("{what} {value}")).collect::<Vec<_>>().join("; ")
}

/// What tumo says of an element: the outcome, and the messages of its findings.
fn verdict(report: &Report, item: &SpotItem, language: Language) -> String {
    let mut out = word(&format!("spot.outcome.{}", item.outcome.key()), language).to_owned();
    let messages = report.findings.iter().filter(|f| item.findings.contains(&f.id));
    let mut said: Vec<String> =
        messages.map(|f| format!("{}: {}", f.rule, tame_to(f.message.get(language), 400))).collect();
    if said.is_empty() {
        said.extend(item.why.iter().map(|w| tame_to(w.get(language), 400)));
    }
    if !said.is_empty() {
        let _ = write!(out, " ({})", said.join("; "));
    }
    out
}

fn csv(report: &Report, sample: &SpotCheck, language: Language) -> String {
    let columns = [
        "spot.number",
        "spot.class",
        "spot.element",
        "table.guid",
        "table.storey",
        "spot.plan",
        "table.handle",
        "spot.model",
        "spot.drawing",
        "spot.verdict",
        "spot.own",
        "spot.remark",
    ];
    let mut out = String::from("\u{feff}");
    let line = |cells: &[String], out: &mut String| {
        for (n, cell) in cells.iter().enumerate() {
            if n > 0 {
                out.push(',');
            }
            harmless::csv(cell, out);
        }
        out.push_str("\r\n");
    };
    line(&columns.map(|key| word(key, language).to_owned()), &mut out);
    for item in &sample.items {
        let element = item.element.as_ref();
        let cells = [
            item.number.to_string(),
            word(&format!("kind.{}", item.class), language).to_owned(),
            tame(&item.named()),
            element.map(|e| tame(&e.guid)).unwrap_or_default(),
            item.storey.as_ref().map(|s| tame(&s.name)).unwrap_or_default(),
            tame(&item.plan),
            item.drawn.first().and_then(|d| d.handle.as_deref()).map(tame).unwrap_or_default(),
            joined(&one_side(item, language, |v| &v.model)),
            joined(&one_side(item, language, |v| &v.drawing)),
            verdict(report, item, language),
            String::new(),
            String::new(),
        ];
        line(&cells, &mut out);
    }
    out
}

const STYLE: &str = "\
body{font:14px/1.45 system-ui,'Noto Sans SC','Microsoft YaHei',sans-serif;color:#1d2329;margin:24px auto;max-width:960px;padding:0 16px}\
h1{font-size:20px;margin:0 0 4px}p{margin:4px 0}table{border-collapse:collapse}th,td{text-align:left;padding:2px 12px 2px 0;vertical-align:top}\
th{font-weight:600}.strata td:nth-child(n+3){text-align:right}.item{display:grid;grid-template-columns:440px 1fr;gap:18px;border-top:1px solid #cfd6dc;padding:16px 0;break-inside:avoid}\
.item svg{width:440px;height:auto;border:1px solid #e3e8ec}.none{width:440px;height:120px;background:#f5f7f8;display:grid;place-items:center;color:#57616b}\
.item h2{font-size:15px;margin:0 0 6px}.small{color:#57616b;font-size:12px;overflow-wrap:anywhere}.own{margin-top:10px}.box{display:inline-block;width:13px;height:13px;border:1.5px solid #1d2329;margin:0 6px -2px 0}\
.own span{margin-right:16px;white-space:nowrap}.write{border-bottom:1px solid #1d2329;height:26px}.foot{display:grid;grid-template-columns:1fr 1fr;gap:32px;margin-top:28px;break-inside:avoid}\
@media print{body{margin:0;max-width:none}}@media(max-width:760px){.item{grid-template-columns:1fr}}";

fn html(report: &Report, sample: &SpotCheck, language: Language) -> String {
    let lang = if language == Language::Zh { "zh-CN" } else { "en" };
    let title = word("spot.title", language);
    let files: Vec<String> = report.inputs.iter().map(|i| tame(&i.name)).collect();
    let mut out = format!(
        "<!doctype html>\n<html lang=\"{lang}\"><head><meta charset=\"utf-8\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title><style>{STYLE}</style></head><body>\n\
         <h1>{title}</h1><p class=\"small\">{}</p><p>{}</p>\n",
        escaped(&files.join(", ")),
        escaped(&filled(
            "spot.head",
            language,
            &[
                ("count", &sample.items.len().to_string()),
                ("population", &sample.population.to_string()),
                ("seed", &tame(&sample.seed)),
            ],
        ))
    );
    strata(&mut out, sample, language);
    for item in &sample.items {
        card(&mut out, report, item, language);
    }
    let _ = writeln!(
        out,
        "<div class=\"foot\"><div>{}<div class=\"write\"></div></div><div>{}<div class=\"write\"></div></div></div></body></html>",
        word("spot.reviewer", language),
        word("spot.date", language)
    );
    out
}

fn strata(out: &mut String, sample: &SpotCheck, language: Language) {
    let head: Vec<String> = ["spot.class", "spot.verdict", "spot.drawn", "spot.all"]
        .iter()
        .map(|key| format!("<th>{}</th>", word(key, language)))
        .collect();
    let _ = write!(out, "<table class=\"strata\"><tr>{}</tr>", head.concat());
    for s in &sample.strata {
        let _ = write!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            word(&format!("kind.{}", s.class), language),
            word(&format!("spot.outcome.{}", s.outcome.key()), language),
            s.drawn,
            s.population
        );
    }
    out.push_str("</table>\n");
}

fn card(out: &mut String, report: &Report, item: &SpotItem, language: Language) {
    let picture = picture(report, item, language)
        .unwrap_or_else(|| format!("<div class=\"none\">{}</div>", word("spot.no-picture", language)));
    let place = [item.storey.as_ref().map(|s| tame(&s.name)), Some(tame(&item.plan))];
    let place: Vec<String> = place.into_iter().flatten().filter(|t| !t.is_empty()).collect();
    let _ = write!(
        out,
        "<div class=\"item\">{picture}<div><h2>{}. {} {}</h2><p class=\"small\">{}</p><table>",
        item.number,
        word(&format!("kind.{}", item.class), language),
        escaped(&tame(&item.named())),
        escaped(&place.join(" · "))
    );
    let _ = write!(
        out,
        "<tr><th></th><th>{}</th><th>{}</th></tr>",
        word("spot.model", language),
        word("spot.drawing", language)
    );
    for v in &item.values {
        let _ = write!(
            out,
            "<tr><th>{}</th><td>{}</td><td>{}</td></tr>",
            escaped(SpotItem::word(&v.what).get(language)),
            escaped(&shown(&v.model, v.unit.as_deref())),
            escaped(&shown(&v.drawing, v.unit.as_deref()))
        );
    }
    let named: Vec<String> = item
        .element
        .iter()
        .map(|e| format!("{} {}", tame(&e.class), tame(&e.guid)))
        .chain(item.drawn.iter().take(2).map(|d| {
            let handle = d.handle.as_deref().map(tame).unwrap_or_default();
            format!("{} {handle} {}", tame(&d.drawing), d.layer.as_deref().map(tame).unwrap_or_default())
        }))
        .collect();
    let own: Vec<String> = ["spot.agree", "spot.disagree", "spot.unsure"]
        .iter()
        .map(|key| format!("<span><i class=\"box\"></i>{}</span>", word(key, language)))
        .collect();
    let _ = writeln!(
        out,
        "</table><p><b>{}</b> {}</p><p class=\"small\">{}</p><div class=\"own\"><b>{}</b><br>{}</div>\
         <div class=\"small\">{}</div><div class=\"write\"></div></div></div>",
        word("spot.verdict", language),
        escaped(&verdict(report, item, language)),
        escaped(&named.join(" · ")),
        word("spot.own", language),
        own.concat(),
        word("spot.remark", language)
    );
}

/// A window of the overlay around the element.
fn picture(report: &Report, item: &SpotItem, language: Language) -> Option<String> {
    let [x, y, _] = item.point_m?;
    let at = Point2::new(x, y);
    let index = report.overlays.iter().position(|o| o.plan == item.plan && o.storey == item.storey)?;
    let window = Box2::of(at, at).grown(AROUND_M);
    let frame = Frame { window, width: PICTURE.0, height: PICTURE.1 };
    let svg = picture::svg(report, index, &frame, language).filter(|_| at.is_finite())?;
    let (cx, cy) = frame.place(at);
    let ring = format!(
        "<circle cx='{cx:.1}' cy='{cy:.1}' r='22' fill='none' stroke='#1d2329' stroke-width='1.6' stroke-dasharray='5 4'/>\n</svg>"
    );
    Some(svg.replacen("</svg>", &ring, 1))
}
