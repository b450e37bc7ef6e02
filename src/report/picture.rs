//! An overlay as SVG: model and drawing in two colours that multiply to near black where they are equal, the model wide
//! and filled and the drawing thin; numbered markers, grid labels, scale bar, legend. The same look as on the page.

use super::plain::tame;
use super::words::word;
use super::{Outline, Overlay, Report, shown::shown};
use crate::finding::{Finding, Severity, Verdict};
use crate::geom::{Box2, Point2};
use crate::wording::Language;
use std::fmt::Write;

/// Okabe and Ito's blue and vermilion: told apart with every kind of colour vision.
pub(super) const MODEL: &str = "#0072b2";
pub(super) const DRAWN: &str = "#d55e00";
pub(super) const INK: &str = "#1d2329";
/// Fonts that hold Chinese, all under open licences, then whatever there is.
pub(crate) const FONTS: &str =
    "Noto Sans CJK SC, Noto Sans SC, WenQuanYi Micro Hei, Source Han Sans SC, DejaVu Sans, sans-serif";
/// Room around the building for labels, pixels.
const MARGIN: f64 = 46.0;
/// Height of the line with title and legend, pixels.
const HEAD: f64 = 40.0;

/// What a picture shows of an overlay.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// World window.
    pub window: Box2,
    /// Width of the picture, pixels.
    pub width: f64,
    /// Height of the picture, pixels.
    pub height: f64,
}

impl Frame {
    /// The whole overlay, so many pixels wide.
    pub fn whole(overlay: &Overlay, width: f64) -> Self {
        let window = if overlay.bounds.is_empty() {
            Box2::of(Point2::new(0.0, 0.0), Point2::new(1.0, 1.0))
        } else {
            overlay.bounds
        };
        let scale = (width - 2.0 * MARGIN) / window.width().max(0.5);
        let height = (window.height() * scale + 2.0 * MARGIN + HEAD).clamp(width * 0.25, width * 1.6);
        Self { window, width, height }
    }

    fn scale(&self) -> f64 {
        let across = (self.width - 2.0 * MARGIN) / self.window.width().max(0.5);
        let up = (self.height - HEAD - 2.0 * MARGIN) / self.window.height().max(0.5);
        across.min(up).clamp(0.01, 4_000.0)
    }

    /// Where a world point comes to lie, pixels.
    pub(super) fn place(&self, p: Point2) -> (f64, f64) {
        let centre = self.window.centre();
        let scale = self.scale();
        let middle = HEAD + (self.height - HEAD) / 2.0;
        (self.width / 2.0 + (p.x - centre.x) * scale, middle - (p.y - centre.y) * scale)
    }
}

/// How a class of one side is drawn.
struct Look {
    classes: &'static [&'static str],
    style: String,
}

fn looks(model: bool, scale: f64) -> Vec<Look> {
    let look = |classes, style: String| Look { classes, style };
    let wide = if scale > 60.0 { 3.4 } else { 2.2 };
    if model {
        vec![
            look(&["room"], "fill='none' stroke='#9cc3da' stroke-width='.8' stroke-opacity='.5'".into()),
            look(
                &["axis"],
                format!("fill='none' stroke='{MODEL}' stroke-dasharray='14 3 3 3' stroke-opacity='.5'"),
            ),
            look(&["other"], format!("fill='none' stroke='{MODEL}' stroke-width='.9' stroke-opacity='.35'")),
            look(&["wall"], format!("fill='{MODEL}' fill-rule='evenodd' fill-opacity='.16'")),
            look(&["column"], format!("fill='{MODEL}' fill-rule='evenodd' fill-opacity='.28'")),
            look(
                &["wall", "column", "door", "window"],
                format!(
                    "fill='none' stroke='{MODEL}' stroke-width='{wide}' stroke-linejoin='round' stroke-opacity='.72'"
                ),
            ),
        ]
    } else {
        vec![
            look(
                &["raw", "other"],
                format!("fill='none' stroke='{DRAWN}' stroke-width='.7' stroke-opacity='.34'"),
            ),
            look(
                &["axis"],
                format!(
                    "fill='none' stroke='{DRAWN}' stroke-width='.8' stroke-dasharray='10 4 2 4' stroke-opacity='.6'"
                ),
            ),
            look(
                &["room", "window", "door", "wall", "column"],
                format!("fill='none' stroke='{DRAWN}' stroke-width='1.05' stroke-linejoin='round'"),
            ),
        ]
    }
}

/// One finding that a picture is about, and what is laid over the plan for it.
pub(super) struct Focus<'a> {
    pub finding: &'a Finding,
    /// SVG elements.
    pub over: &'a str,
}

/// Writes one overlay.
pub fn svg(report: &Report, index: usize, frame: &Frame, language: Language) -> Option<String> {
    focused(report, index, frame, language, None)
}

/// Writes one overlay; the markers of findings that it is not about are faint.
pub(super) fn focused(
    report: &Report,
    index: usize,
    frame: &Frame,
    language: Language,
    focus: Option<&Focus<'_>>,
) -> Option<String> {
    let overlay = report.overlays.get(index)?;
    let (w, h) = (frame.width, frame.height);
    let mut out = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' width='{w:.0}' height='{h:.0}' viewBox='0 0 {w:.0} {h:.0}' \
         font-family='{FONTS}'>\n<rect width='100%' height='100%' fill='#fff'/>\n"
    );
    for (model, outlines) in [(true, &overlay.model), (false, &overlay.drawn)] {
        // the drawing as a whole is blended with the model: each blend, and each opacity of a whole path, costs a layer
        out.push_str(if model { "<g>\n" } else { "<g style='mix-blend-mode:multiply'>\n" });
        for look in looks(model, frame.scale()) {
            let data = path(outlines, look.classes, frame);
            if !data.is_empty() {
                let _ = writeln!(out, "<path {} d='{data}'/>", look.style);
            }
        }
        out.push_str("</g>\n");
    }
    labels(&mut out, overlay, frame);
    markers(&mut out, report, index, frame, focus);
    if let Some(focus) = focus {
        out.push_str(focus.over);
    }
    head(&mut out, overlay, frame, language);
    let foot = if focus.is_some() { frame.height - super::closeup::CAPTION } else { frame.height };
    scale_bar(&mut out, frame, foot);
    north(&mut out, overlay, frame, foot);
    out.push_str("</svg>\n");
    Some(out)
}

fn path(outlines: &[Outline], classes: &[&str], frame: &Frame) -> String {
    let mut out = String::new();
    let reach = frame.window.grown(MARGIN / frame.scale());
    for outline in outlines.iter().filter(|o| classes.contains(&o.class) && o.points.len() > 1) {
        let bounds = Box2::around(outline.points.iter().copied());
        if !bounds.intersects(&reach) || !outline.points.iter().all(|p| p.is_finite()) {
            continue;
        }
        for (n, p) in outline.points.iter().enumerate() {
            let (x, y) = frame.place(*p);
            // what runs far off the picture is cut at a distance that cannot be seen
            let far = 20.0 * frame.width;
            let _ = write!(
                out,
                "{}{:.1} {:.1}",
                if n == 0 { 'M' } else { 'L' },
                x.clamp(-far, far),
                y.clamp(-far, far)
            );
        }
        if outline.closed {
            out.push('Z');
        }
    }
    out
}

fn labels(out: &mut String, overlay: &Overlay, frame: &Frame) {
    for (label, at) in &overlay.labels {
        let (x, y) = frame.place(*at);
        let (x, y) = (x.clamp(14.0, frame.width - 14.0), y.clamp(HEAD + 14.0, frame.height - 14.0));
        let label = tame(label);
        let r = 10.0_f64.max(4.0 * label.chars().count() as f64 + 4.0);
        let _ = writeln!(
            out,
            "<circle cx='{x:.1}' cy='{y:.1}' r='{r:.0}' fill='#fff' stroke='#7b8794'/>\
             <text x='{x:.1}' y='{:.1}' font-size='11' font-weight='600' text-anchor='middle' fill='{INK}'>{}</text>",
            y + 4.0,
            escaped(&label)
        );
    }
}

/// The number of each finding in the report, as in the list of the page.
fn markers(out: &mut String, report: &Report, index: usize, frame: &Frame, focus: Option<&Focus<'_>>) {
    for (n, finding) in report.findings.iter().enumerate().rev() {
        let Some((on, at)) = shown(report, finding) else { continue };
        let (x, y) = frame.place(at);
        if on != index || x < 0.0 || y < HEAD || x > frame.width || y > frame.height {
            continue;
        }
        let (fill, text, round) = match (finding.verdict, finding.severity) {
            (Verdict::Undecided, _) => ("#fff", "#57616b", 11.0),
            (_, Severity::Gate | Severity::Error) => ("#b3261e", "#fff", 11.0),
            (_, Severity::Warning) => ("#8a6100", "#fff", 4.0),
            (_, Severity::Info) => ("#3d6f8e", "#fff", 4.0),
        };
        let edge = if fill == "#fff" { "#57616b" } else { "#fff" };
        let faint = match focus {
            Some(focus) if focus.finding.id != finding.id => " opacity='.35'",
            _ => "",
        };
        let label = (n + 1).to_string();
        let half = 11.0_f64.max(3.6 * label.len() as f64 + 3.0);
        let _ = writeln!(
            out,
            "<g{faint}><rect x='{:.1}' y='{:.1}' width='{:.1}' height='22' rx='{round}' fill='{fill}' stroke='{edge}' stroke-width='1.5'/>\
             <text x='{x:.1}' y='{:.1}' font-size='12' font-weight='600' text-anchor='middle' fill='{text}'>{label}</text></g>",
            x - half,
            y - 11.0,
            half * 2.0,
            y + 4.3
        );
    }
}

fn head(out: &mut String, overlay: &Overlay, frame: &Frame, language: Language) {
    let title = overlay.title.as_deref().map(tame).unwrap_or_default();
    let storey =
        overlay.storey.as_ref().map_or_else(|| word("page.not-laid", language).into(), |s| tame(&s.name));
    let _ = writeln!(
        out,
        "<rect width='100%' height='{HEAD}' fill='#f5f7f8'/>\
         <text x='16' y='25' font-size='14' fill='{INK}'><tspan font-weight='600'>{}</tspan> {} → {}</text>",
        escaped(&tame(&overlay.plan)),
        escaped(&title),
        escaped(&storey)
    );
    let mut x = frame.width - 16.0;
    for (key, line) in [
        ("page.equal", "stroke='#17344a' stroke-width='4'".to_owned()),
        ("page.drawing", format!("stroke='{DRAWN}' stroke-width='1.5'")),
        ("page.model", format!("stroke='{MODEL}' stroke-width='4' opacity='.8'")),
    ] {
        let text = word(key, language);
        let wide = width_of(text, 13.0);
        let _ = writeln!(
            out,
            "<text x='{x:.0}' y='25' font-size='13' text-anchor='end' fill='{INK}'>{text}</text>\
             <line x1='{:.0}' x2='{:.0}' y1='20.5' y2='20.5' {line}/>",
            x - wide - 28.0,
            x - wide - 8.0
        );
        x -= wide + 50.0;
    }
}

/// About how wide a text is, in letters of a size, pixels.
pub(super) fn width_of(text: &str, size: f64) -> f64 {
    text.chars().map(|c| if c.is_ascii() { 0.55 * size } else { size }).sum()
}

/// Which way north is: true north where the model says, else its y axis.
fn north(out: &mut String, overlay: &Overlay, frame: &Frame, foot: f64) {
    let (x, y) = (frame.width - 30.0, foot - 30.0);
    let turned = 90.0 - overlay.north.map_or(90.0, f64::to_degrees);
    let _ = writeln!(
        out,
        "<g transform='translate({x:.1} {y:.1}) rotate({turned:.1})'><circle r='22' fill='#fff' opacity='.9'/>\
         <path d='M0 -7l6 20l-6 -5l-6 5z' fill='{INK}'/>\
         <text y='-9' font-size='10' font-weight='600' text-anchor='middle' fill='{INK}'>N</text></g>"
    );
}

/// A round length of at most 130 pixels.
fn scale_bar(out: &mut String, frame: &Frame, foot: f64) {
    let wanted = 130.0 / frame.scale();
    let power = 10f64.powf(wanted.log10().floor());
    let length = [5.0, 2.0, 1.0].into_iter().map(|k| k * power).find(|l| *l <= wanted).unwrap_or(power);
    let pixels = length * frame.scale();
    let text = if length >= 1.0 { format!("{length:.0} m") } else { format!("{:.0} mm", length * 1000.0) };
    let y = foot - 18.0;
    let _ = writeln!(
        out,
        "<rect x='8' y='{:.1}' width='{:.1}' height='30' fill='#fff' opacity='.9'/>\
         <rect x='16' y='{y:.1}' width='{:.1}' height='4' fill='{INK}'/>\
         <rect x='16.5' y='{:.1}' width='{:.1}' height='3' fill='none' stroke='{INK}'/>\
         <text x='16' y='{:.1}' font-size='11' fill='{INK}'>{text}</text>",
        y - 18.0,
        pixels + 16.0,
        pixels / 2.0,
        y + 0.5,
        pixels - 1.0,
        y - 5.0
    );
}

/// Text for markup.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
