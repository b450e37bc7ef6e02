//! One finding as a row: the fields that tables and lists show, tamed and in one language.

use super::plain::{number, tame, tame_to};
use super::words::word;
use super::{Report, terminal};
use crate::finding::{Finding, Severity, Value, Verdict};
use crate::wording::Language;
use std::collections::BTreeMap;

/// Longest message or piece of advice in a table, in characters.
const LONGEST_TEXT: usize = 1_000;

/// Columns of the tables: the key of each title, and its width in characters.
pub(super) const COLUMNS: [(&str, f64); 21] = [
    ("table.number", 6.0),
    ("table.code", 9.0),
    ("table.severity", 10.0),
    ("table.storey", 10.0),
    ("table.axis", 9.0),
    ("table.class", 16.0),
    ("table.element", 28.0),
    ("table.guid", 25.0),
    ("table.sheet", 28.0),
    ("table.handle", 11.0),
    ("table.model", 12.0),
    ("table.drawing", 12.0),
    ("table.required", 12.0),
    ("table.unit", 7.0),
    ("table.finding", 55.0),
    ("table.fix", 40.0),
    ("table.place", 24.0),
    ("table.status", 10.0),
    ("table.answer", 16.0),
    ("table.remark", 30.0),
    ("table.fingerprint", 22.0),
];

/// A number or a text of a cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    /// A number.
    Number(f64),
    /// A text, tamed; empty where there is nothing to say.
    Text(String),
}

impl Cell {
    fn of(value: Option<&Value>) -> Self {
        match value {
            Some(Value::Number(x)) if x.is_finite() => Self::Number(round(*x)),
            Some(Value::Number(_)) | None => Self::Text(String::new()),
            Some(Value::Text(text)) => Self::Text(tame(text)),
        }
    }

    /// As text.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Number(x) => number(*x),
            Self::Text(text) => text.clone(),
        }
    }
}

/// Thousandths are the finest that tables show.
fn round(x: f64) -> f64 {
    (x * 1000.0).round() / 1000.0
}

/// One finding. All texts are tamed.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Counted from 1, in the report's order.
    pub number: usize,
    pub code: String,
    pub severity: &'static str,
    /// It must be put right.
    #[cfg(feature = "opinion")]
    pub grave: bool,
    pub storey: String,
    pub axis: String,
    pub class: String,
    pub element: String,
    pub guid: String,
    pub sheet: String,
    pub handle: String,
    pub model: Cell,
    pub drawing: Cell,
    pub required: Cell,
    pub unit: String,
    pub finding: String,
    pub fix: String,
    pub place: String,
    pub status: String,
    pub answer: &'static str,
    pub remark: String,
    pub fingerprint: String,
}

impl Row {
    /// The cells, in the order of [`COLUMNS`].
    pub(super) fn into_cells(self) -> [Cell; 21] {
        let text = |t: String| Cell::Text(t);
        [
            Cell::Number(self.number as f64),
            text(self.code),
            text(self.severity.to_owned()),
            text(self.storey),
            text(self.axis),
            text(self.class),
            text(self.element),
            text(self.guid),
            text(self.sheet),
            text(self.handle),
            self.model,
            self.drawing,
            self.required,
            text(self.unit),
            text(self.finding),
            text(self.fix),
            text(self.place),
            text(self.status),
            text(self.answer.to_owned()),
            text(self.remark),
            text(self.fingerprint),
        ]
    }
}

/// The findings as rows, in the report's order, each with the reply that was given to it.
pub(super) fn rows(report: &Report, language: Language) -> Vec<Row> {
    let titles = titles(report);
    let replies = super::reply::by_finding(report);
    let numbered = report.findings.iter().enumerate();
    numbered
        .map(|(n, f)| {
            let row = row(n + 1, f, &titles, language);
            match replies.get(f.id.as_str()) {
                Some(reply) => Row {
                    answer: reply.answer.map_or("", |a| word(a.key(), language)),
                    remark: tame_to(&reply.remark, LONGEST_TEXT),
                    ..row
                },
                None => row,
            }
        })
        .collect()
}

/// Titles of plans by their ids.
fn titles(report: &Report) -> BTreeMap<&str, &str> {
    report.plans.iter().filter_map(|p| Some((p.plan.as_str(), p.title.as_deref()?))).collect()
}

fn row(number: usize, finding: &Finding, titles: &BTreeMap<&str, &str>, language: Language) -> Row {
    let element = finding.elements.first();
    let drawn = finding.drawn.first();
    let found = Cell::of(finding.measured.as_ref());
    let wanted = Cell::of(finding.expected.as_ref());
    let nothing = || Cell::Text(String::new());
    let limit = finding.limit.map_or_else(nothing, |x| Cell::Number(round(x)));
    // comparisons hold the drawing against the model; other checks hold the model against a rule
    // a number that must be kept says more than the clause that it stands in
    let clause = matches!(finding.expected, Some(Value::Text(_))) && finding.limit.is_some();
    let (model, drawing, required) = match finding.side {
        Some(_) => (wanted, found, limit),
        None if finding.expected.is_some() && !clause => (found, nothing(), wanted),
        None => (found, nothing(), limit),
    };
    let text = |text: &str| tame_to(text, LONGEST_TEXT);
    Row {
        number,
        code: tame(&finding.rule),
        severity: word(severity_key(finding), language),
        #[cfg(feature = "opinion")]
        grave: urgency(finding) < 2,
        storey: finding.storey.as_ref().map(|s| tame(&s.name)).unwrap_or_default(),
        axis: finding.axis.as_deref().map(tame).unwrap_or_default(),
        class: tame(&finding.class),
        element: element.map(element_name).unwrap_or_default(),
        guid: element.map(|e| tame(&e.guid)).unwrap_or_default(),
        sheet: drawn.map(|d| sheet(d, titles)).unwrap_or_default(),
        handle: drawn.and_then(|d| d.handle.as_deref()).map(tame).unwrap_or_default(),
        model,
        drawing,
        required,
        unit: finding.unit.as_deref().map(|u| tame(terminal::unit_sign(u))).unwrap_or_default(),
        finding: text(finding.message.get(language)),
        fix: text(finding.fix.get(language)),
        place: finding.point_m.map(place).unwrap_or_default(),
        status: finding.status.as_deref().map(|s| status(s, language)).unwrap_or_default(),
        answer: "",
        remark: String::new(),
        fingerprint: tame(&finding.id),
    }
}

/// Name and mark of an element, whichever there are.
fn element_name(element: &crate::finding::ElementName) -> String {
    let parts = [element.name.as_deref(), element.tag.as_deref()];
    let mut parts: Vec<String> = parts.into_iter().flatten().filter(|p| !p.is_empty()).map(tame).collect();
    // authoring tools write the mark at the end of the name too
    if let [name, mark] = &parts[..]
        && name.ends_with(mark.as_str())
    {
        parts.pop();
    }
    parts.join(" · ")
}

fn sheet(drawn: &crate::finding::DrawnName, titles: &BTreeMap<&str, &str>) -> String {
    let title = drawn.plan.as_deref().and_then(|p| titles.get(p).copied().or(Some(p)));
    match title {
        Some(title) => format!("{} · {}", tame(&drawn.drawing), tame(title)),
        None => tame(&drawn.drawing),
    }
}

fn place(p: [f64; 3]) -> String {
    format!("({})", p.map(number).join(", "))
}

fn status(status: &str, language: Language) -> String {
    match status {
        "new" => word("status.new", language).to_owned(),
        "open" => word("status.open", language).to_owned(),
        other => tame(other),
    }
}

/// Key of the word for how bad a finding is; what is undecided is called so, whatever its severity.
pub(super) const fn severity_key(finding: &Finding) -> &'static str {
    match (finding.verdict, finding.severity) {
        (Verdict::Undecided, _) => "severity.undecided",
        (Verdict::Fail, Severity::Gate | Severity::Error) => "severity.error",
        (Verdict::Fail, Severity::Warning) => "severity.warning",
        (Verdict::Fail, Severity::Info) => "severity.info",
    }
}

/// Where findings stand in lists that may be cut: the worst first, what is undecided after the warnings.
pub(super) const fn urgency(finding: &Finding) -> u8 {
    match (finding.verdict, finding.severity) {
        (Verdict::Fail, Severity::Gate) => 0,
        (Verdict::Fail, Severity::Error) => 1,
        (Verdict::Fail, Severity::Warning) => 2,
        (Verdict::Undecided, _) => 3,
        (Verdict::Fail, Severity::Info) => 4,
    }
}

/// A finding in one line, without markup: `IfcDoor – M0921 – message`.
pub(super) fn headline(finding: &Finding, language: Language) -> String {
    let name = finding.elements.first().map(element_name).filter(|n| !n.is_empty());
    let class = tame(&finding.class);
    let message = tame(finding.message.get(language));
    match name {
        Some(name) => format!("{class} – {} – {message}", tame_to(&name, 80)),
        // some messages name the class themselves
        None if message.contains(&class) => message,
        None => format!("{class} – {message}"),
    }
}
