//! The report for a terminal, in the manner of a good linter: code, place, one-line reason, help; grouped by plan, with
//! a summary of what was compared and how the plans were laid.

use super::plain::tame;
use super::reply::{self, Reply};
use super::words::{filled, word};
use super::{Coverage, PlanReport, Report, coverage};
use crate::finding::{Finding, Severity, Value, Verdict};
use crate::wording::Language;
use std::collections::BTreeMap;
use std::fmt::Write;

/// How it is to be written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style {
    /// With ANSI colours.
    pub coloured: bool,
    /// Notices in full.
    pub verbose: bool,
}

/// Notices shown where they are not asked for in full: one line per code.
const NOTICE_CODES_SHOWN: usize = 8;

const RED: &str = "1;31";
const YELLOW: &str = "1;33";
const BLUE: &str = "1;34";
const GREEN: &str = "1;32";
const CYAN: &str = "36";
const BOLD: &str = "1";
const DIM: &str = "2";

struct Writer<'a> {
    report: &'a Report,
    language: Language,
    style: Style,
    out: String,
    replies: BTreeMap<&'a str, &'a Reply>,
}

/// Of more findings than this that follow from one, only the places of the first are listed; the other formats have
/// them all.
const CHILDREN: usize = 3;

/// Writes the report.
pub fn write(report: &Report, language: Language, style: Style) -> String {
    let mut w = Writer { report, language, style, out: String::new(), replies: reply::by_finding(report) };
    w.findings();
    w.notices();
    w.plans();
    w.scope();
    w.coverage();
    w.fixes();
    w.verdict();
    w.out
}

/// The last lines alone: how the plans were laid, what was compared, the verdict.
pub fn verdict(report: &Report, language: Language) -> String {
    let style = Style::default();
    let mut w = Writer { report, language, style, out: String::new(), replies: BTreeMap::new() };
    w.plans();
    w.scope();
    w.coverage();
    w.verdict();
    w.out
}

impl Writer<'_> {
    /// Which fixes win most of the score back.
    fn fixes(&mut self) {
        let report = self.report;
        let worth: Vec<_> = report.fixes.iter().filter(|f| f.wins > 0.0).collect();
        if worth.is_empty() {
            return;
        }
        let head = self.word("terminal.fixes");
        self.line(head);
        for fix in worth {
            let values = [
                ("wins", format!("{:.1}", fix.wins)),
                ("rule", fix.rule.clone()),
                ("title", fix.title.get(self.language).to_owned()),
                ("failed", fix.failed.to_string()),
                ("decided", fix.decided.to_string()),
            ];
            let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
            let line = filled("terminal.fix", self.language, &values);
            self.line(&format!("  {line}"));
        }
        self.line("");
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.style.coloured { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    fn word(&self, key: &str) -> &'static str {
        word(key, self.language)
    }

    /// Findings under the plan that they are drawn on, in the plans' order; those of no plan last.
    fn findings(&mut self) {
        let report = self.report;
        let mut groups: BTreeMap<(usize, String), Vec<&Finding>> = BTreeMap::new();
        for finding in report.findings.iter().filter(|f| !self.folded(f)) {
            let plan = finding.drawn.iter().find_map(|d| d.plan.clone());
            let at = plan.as_ref().and_then(|id| report.plans.iter().position(|p| p.plan == *id));
            let storey = finding.storey.as_ref().map(|s| s.name.clone()).unwrap_or_default();
            let key = match (at, plan) {
                (Some(i), Some(id)) => (i, id),
                _ => match self.only_plan_of(&storey) {
                    Some((i, id)) => (i, id),
                    None => (usize::MAX, storey),
                },
            };
            groups.entry(key).or_default().push(finding);
        }
        for ((_, name), findings) in groups {
            let title = self.group_title(&name);
            let head = self.paint(BOLD, &title);
            self.line(&head);
            self.line("");
            for finding in findings {
                self.finding(finding);
            }
        }
    }

    /// It is one of many that follow from another finding of the report, which lists the first of them.
    fn folded(&self, finding: &Finding) -> bool {
        let Some(id) = finding.parent.as_ref() else { return false };
        let of_same = self.report.findings.iter().filter(|f| f.parent.as_ref() == Some(id));
        of_same.count() > CHILDREN && self.report.findings.iter().any(|f| f.id == *id)
    }

    /// Places of the first few findings that follow from this one, and how many more there are.
    fn children(&mut self, finding: &Finding) {
        let report = self.report;
        let children: Vec<&Finding> =
            report.findings.iter().filter(|f| f.parent.as_ref() == Some(&finding.id)).collect();
        if children.len() <= CHILDREN {
            return;
        }
        let arrow = self.paint(BLUE, "  -->");
        for child in children.iter().take(CHILDREN) {
            let places = self.places(child).join(", ");
            self.line(&format!("{arrow} {places}"));
        }
        let more = children.len() - CHILDREN;
        let text = self.word("terminal.more").replace("{count}", &more.to_string());
        self.line(&format!("   {text}"));
    }

    fn only_plan_of(&self, storey: &str) -> Option<(usize, String)> {
        let mut on = self
            .report
            .plans
            .iter()
            .enumerate()
            .filter(|(_, p)| !storey.is_empty() && p.storeys.iter().any(|s| s.name == storey));
        let (i, plan) = on.next()?;
        on.next().is_none().then(|| (i, plan.plan.clone()))
    }

    fn group_title(&self, name: &str) -> String {
        match self.report.plans.iter().find(|p| p.plan == name) {
            Some(plan) => plan_title(plan),
            None if name.is_empty() => self.word("terminal.elsewhere").to_owned(),
            None => tame(name),
        }
    }

    fn finding(&mut self, finding: &Finding) {
        let (colour, key) = match (finding.verdict, finding.severity) {
            (Verdict::Undecided, _) => (BLUE, "undecided"),
            (_, Severity::Gate | Severity::Error) => (RED, "error"),
            (_, Severity::Warning) => (YELLOW, "warning"),
            (_, Severity::Info) => (CYAN, "info"),
        };
        let label = format!("{}[{}]", self.word(&format!("severity.{key}")), tame(&finding.rule));
        let label = self.paint(colour, &label);
        let message = self.paint(BOLD, &tame(finding.message.get(self.language)));
        self.line(&format!("{label} {message}"));
        let places = self.places(finding);
        if !places.is_empty() {
            let arrow = self.paint(BLUE, "  -->");
            self.line(&format!("{arrow} {}", places.join(", ")));
        }
        self.children(finding);
        if let Some(values) = values(finding, self.language) {
            let bar = self.paint(BLUE, "   |");
            self.line(&format!("{bar} {values}"));
        }
        let fix = finding.fix.get(self.language);
        if !fix.is_empty() {
            let help = self.paint(BLUE, "   =");
            self.line(&format!("{help} {}{}", self.word("terminal.help"), tame(fix)));
        }
        if let Some(reply) = self.replies.get(finding.id.as_str()) {
            let bar = self.paint(BLUE, "   =");
            let answer = reply.line(self.language);
            let line = filled("reply.line", self.language, &[("answer", &answer)]);
            self.line(&format!("{bar} {line}"));
        }
        if let Some(reason) = &finding.waived {
            let bar = self.paint(BLUE, "   =");
            let line = filled("terminal.waived", self.language, &[("reason", &tame(reason))]);
            self.line(&format!("{bar} {line}"));
        }
        self.line("");
    }

    /// Drawing first, as the author of a drawing looks there first; then the model.
    fn places(&self, finding: &Finding) -> Vec<String> {
        let mut out = Vec::new();
        for drawn in finding.drawn.iter().take(3) {
            let mut place = tame(&drawn.drawing);
            if let Some(handle) = &drawn.handle {
                let _ = write!(place, ":handle {}", tame(handle));
            }
            if let Some(layer) = &drawn.layer {
                let _ = write!(place, " ({})", tame(layer));
            }
            out.push(place);
        }
        let mut models = self.report.inputs.iter().filter(|i| i.format == "ifc");
        let model = match (models.next(), models.next()) {
            (Some(only), None) => tame(&only.name),
            _ => "ifc".to_owned(),
        };
        for element in finding.elements.iter().take(3) {
            let mut place =
                format!("{model}:#{} {} {}", element.step_id, tame(&element.class), tame(&element.guid));
            if let Some(name) = &element.name {
                let _ = write!(place, " \"{}\"", tame(name));
            }
            out.push(place);
        }
        if let Some([x, y, z]) = finding.point_m {
            out.push(format!("({x:.3}, {y:.3}, {z:.3}) m"));
        }
        out
    }

    fn notices(&mut self) {
        let report = self.report;
        if report.notices.is_empty() {
            return;
        }
        if self.style.verbose {
            for notice in &report.notices {
                let label =
                    self.paint(CYAN, &format!("{}[{}]", self.word("terminal.notice"), tame(&notice.code)));
                self.line(&format!(
                    "{label} {}: {}",
                    tame(&notice.place.to_string()),
                    tame(notice.message.get(self.language))
                ));
            }
        } else {
            self.notices_in_short();
        }
        self.line("");
    }

    /// The first notice of each code, with how many more there are.
    fn notices_in_short(&mut self) {
        let report = self.report;
        let mut codes: Vec<(&str, Vec<&super::notices::Told>)> = Vec::new();
        for notice in &report.notices {
            match codes.iter_mut().find(|(code, _)| *code == notice.code) {
                Some((_, list)) => list.push(notice),
                None => codes.push((&notice.code, vec![notice])),
            }
        }
        let more = codes.len().saturating_sub(NOTICE_CODES_SHOWN);
        for (code, list) in codes.into_iter().take(NOTICE_CODES_SHOWN) {
            let Some(first) = list.first() else { continue };
            let label = self.paint(CYAN, &format!("{}[{}]", self.word("terminal.notice"), tame(code)));
            let mut line = format!(
                "{label} {}: {}",
                tame(&first.place.to_string()),
                tame(first.message.get(self.language))
            );
            if list.len() > 1 {
                let n = (list.len() - 1).to_string();
                line.push_str(&filled("terminal.and-more", self.language, &[("n", &n)]));
            }
            self.line(&line);
        }
        if more > 0 {
            let line = filled("terminal.more-kinds", self.language, &[("n", &more.to_string())]);
            self.line(&line);
        }
    }

    fn plans(&mut self) {
        let report = self.report;
        for plan in &report.plans {
            let laid = plan.transform.m.is_some();
            let mark = if laid { self.paint(GREEN, "✓") } else { self.paint(RED, "✗") };
            // the story names plan, title and storey itself
            let file = self.paint(DIM, &format!("({})", tame(&plan.drawing)));
            self.line(&format!("{mark} {} {file}", tame(plan.story.get(self.language))));
        }
    }

    /// What is claimed, where it is not everything: what lies outside was not checked.
    fn scope(&mut self) {
        let report = self.report;
        let identity = &report.identity;
        if identity.left_out.is_empty() && identity.discipline.is_none() {
            return;
        }
        let list = self.word("terminal.list");
        let mut line = filled("scope.only", self.language, &[("claim", &tame(&identity.scope))]);
        if !identity.left_out.is_empty() {
            let names: Vec<String> = identity.left_out.iter().map(|s| tame(&s.name)).collect();
            line.push_str(&filled("scope.left-out", self.language, &[("storeys", &names.join(list))]));
        }
        let plans: Vec<String> =
            report.plans.iter().filter(|p| p.outside_scope).map(|p| tame(&p.plan)).collect();
        if !plans.is_empty() {
            line.push_str(&filled("scope.plans", self.language, &[("plans", &plans.join(list))]));
        }
        self.line(&line);
    }

    fn coverage(&mut self) {
        let mut sum: BTreeMap<&str, Coverage> = BTreeMap::new();
        for (class, c) in self.report.plans.iter().flat_map(|p| &p.coverage) {
            let to = sum.entry(class.as_str()).or_default();
            to.compared = to.compared.saturating_add(c.compared);
            to.undecided = to.undecided.saturating_add(c.undecided);
        }
        let undecided: u64 = sum.values().map(|c| c.undecided).sum();
        let parts: Vec<String> = coverage::CLASSES
            .iter()
            .filter_map(|class| Some((class, sum.get(class).filter(|c| c.compared > 0)?)))
            .map(|(class, c)| {
                let key = if c.compared == 1 { format!("class.{class}") } else { format!("classes.{class}") };
                format!("{} {}", c.compared, self.word(&key))
            })
            .collect();
        if parts.is_empty() {
            return;
        }
        let list = parts.join(self.word("terminal.list"));
        let line = filled(
            "terminal.compared",
            self.language,
            &[("list", &list), ("undecided", &undecided.to_string())],
        );
        self.line(&line);
    }

    fn verdict(&mut self) {
        let report = self.report;
        let counts = super::counts(&report.findings);
        let mut parts = Vec::new();
        for (key, n) in [
            ("errors", counts.errors),
            ("warnings", counts.warnings),
            ("infos", counts.infos),
            ("undecided", counts.undecided),
        ] {
            if n > 0 || key == "errors" {
                let key = if n == 1 { key.trim_end_matches('s') } else { key };
                parts.push(filled(&format!("count.{key}"), self.language, &[("n", &n.to_string())]));
            }
        }
        let (colour, decision) = decision(report, self.language);
        let mut line = format!(
            "{}{}{}",
            self.paint(colour, decision),
            self.word("terminal.says"),
            parts.join(self.word("terminal.list"))
        );
        if let Some((score, value)) = report.scores.get("total").and_then(|s| Some((s, s.value?))) {
            let value = format!("{value:.1}");
            let covered = format!("{:.0}", (score.coverage * 100.0).floor());
            line.push_str(&filled(
                "terminal.score",
                self.language,
                &[("value", &value), ("grade", &score.grade), ("coverage", &covered)],
            ));
        }
        self.line(&line);
        if let Some(answered) = reply::counted(report, self.language) {
            self.line(&answered);
        }
        for reason in &report.reasons {
            let bar = self.paint(BLUE, "   =");
            self.line(&format!("{bar} {}", reason.get(self.language)));
        }
    }
}

/// The decision in words, with its colour.
fn decision(report: &Report, language: Language) -> (&'static str, &'static str) {
    use crate::score::Decision;
    let colour = match report.decision {
        Decision::Accept => GREEN,
        Decision::AcceptWithWarnings => YELLOW,
        Decision::FixAndResubmit => RED,
        Decision::Inconclusive => BLUE,
    };
    (colour, word(&format!("decision.{}", super::decision_key(report.decision)), language))
}

fn plan_title(plan: &PlanReport) -> String {
    let mut out = tame(&plan.plan);
    if let Some(title) = &plan.title {
        let _ = write!(out, " {}", tame(title));
    }
    let _ = write!(out, " ({}", tame(&plan.drawing));
    if let Some(page) = plan.page {
        let _ = write!(out, " p.{page}");
    }
    out.push(')');
    out
}

/// `drawing 900 mm | model 1000 mm | limit 30 mm`, where there are values.
fn values(finding: &Finding, language: Language) -> Option<String> {
    let unit = finding.unit.as_deref().unwrap_or("");
    let show = |value: &Value| match value {
        Value::Number(x) => format!("{} {}", super::plain::number(*x), unit_sign(unit)).trim_end().to_owned(),
        Value::Text(text) => tame(text),
    };
    let mut parts = Vec::new();
    for (key, value) in [("measured", &finding.measured), ("expected", &finding.expected)] {
        if let Some(value) = value {
            // comparisons hold a drawing against the model; other rules hold the model against a limit
            let side = if finding.side.is_some() { "side" } else { "value" };
            parts.push(format!("{} {}", word(&format!("{side}.{key}"), language), show(value)));
        }
    }
    if parts.is_empty() {
        return None;
    }
    if let Some(limit) = finding.limit {
        parts.push(format!("{} {}", word("value.limit", language), show(&Value::Number(limit))));
    }
    Some(parts.join(" | "))
}

/// Units as people write them.
pub(super) fn unit_sign(unit: &str) -> &str {
    match unit {
        "m2" => "m²",
        "m3" => "m³",
        "deg" => "°",
        // a count or a share
        "1" => "",
        other => other,
    }
}
