//! The findings as workflow commands of GitHub Actions: annotations on the lines of the model and the drawings.
//!
//! Source: <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>; a step shows ten
//! annotations of each kind, so that findings of one rule on one storey are told together when there are more.

use super::harmless::{command, command_property};
use super::lines::Lines;
use super::plain::tame;
use super::row::{headline, urgency};
use super::words::{filled, word};
use super::{Report, harmless};
use crate::finding::{Finding, Severity, Verdict};
use crate::wording::Language;
use std::collections::BTreeMap;

/// Annotations of one kind that a step shows.
const SHOWN: usize = 10;

/// Annotations, the worst first; at most ten of each kind, the last of which says what is left out.
pub fn write(report: &Report, lines: &Lines, language: Language) -> String {
    let mut out = String::new();
    for kind in ["error", "warning", "notice"] {
        let mut findings: Vec<&Finding> = report.findings.iter().filter(|f| kind_of(f) == kind).collect();
        findings.sort_by_key(|f| urgency(f));
        if findings.len() <= SHOWN {
            for finding in findings {
                annotation(&mut out, report, kind, &[finding], lines, language);
            }
            continue;
        }
        let groups = groups(&findings);
        let room = if groups.len() > SHOWN { SHOWN - 1 } else { SHOWN };
        for group in groups.iter().take(room) {
            annotation(&mut out, report, kind, group, lines, language);
        }
        let left: usize = groups.iter().skip(room).map(Vec::len).sum();
        if left > 0 {
            let more = filled("ci.more", language, &[("n", &left.to_string())]);
            out.push_str(&format!("::{kind} title=tumo::{}\n", command(&more)));
        }
    }
    out
}

const fn kind_of(finding: &Finding) -> &'static str {
    match (finding.verdict, finding.severity) {
        (Verdict::Fail, Severity::Gate | Severity::Error) => "error",
        (Verdict::Fail, Severity::Warning) => "warning",
        (Verdict::Undecided, _) | (Verdict::Fail, Severity::Info) => "notice",
    }
}

/// Findings of one rule on one storey together, in the order of each group's first; large groups before small ones.
fn groups<'a>(findings: &[&'a Finding]) -> Vec<Vec<&'a Finding>> {
    let mut out: BTreeMap<(u8, &str, &str), Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        let storey = finding.storey.as_ref().map_or("", |s| s.name.as_str());
        out.entry((urgency(finding), &finding.rule, storey)).or_default().push(finding);
    }
    let mut out: Vec<Vec<&Finding>> = out.into_values().collect();
    out.sort_by_key(|g| (g.first().map_or(0, |f| urgency(f)), std::cmp::Reverse(g.len())));
    out
}

fn annotation(
    out: &mut String,
    report: &Report,
    kind: &str,
    group: &[&Finding],
    lines: &Lines,
    language: Language,
) {
    let Some(first) = group.first() else { return };
    let mut properties = Vec::new();
    if let Some((file, line)) = place(first, lines) {
        properties.push(format!("file={}", command_property(&file)));
        properties.extend(line.map(|l| format!("line={l}")));
    }
    let message = if group.len() == 1 {
        let fix = tame(first.fix.get(language));
        let guid = first.elements.first().map(|e| format!(" – {}", tame(&e.guid))).unwrap_or_default();
        format!("{}{guid}\n{fix}", headline(first, language)).trim_end().to_owned()
    } else {
        let examples = group.iter().take(3).map(|f| headline(f, language));
        let head = group_title(report, first, group.len(), language);
        [head].into_iter().chain(examples).collect::<Vec<_>>().join("\n")
    };
    properties.push(format!("title={}", command_property(&format!("tumo {}", tame(&first.rule)))));
    out.push_str(&format!("::{kind} {}::{}\n", properties.join(","), command(&message)));
}

/// `12 findings of DM20 on 1F: Door on the plan …`
pub(super) fn group_title(report: &Report, first: &Finding, count: usize, language: Language) -> String {
    let title = report.rules.iter().find(|r| r.id == first.rule).map(|r| tame(r.title.get(language)));
    let storey = match &first.storey {
        Some(storey) => tame(&storey.name),
        None => word("ci.no-storey", language).to_owned(),
    };
    let values = [
        ("n", count.to_string()),
        ("rule", tame(&first.rule)),
        ("storey", storey),
        ("title", title.unwrap_or_else(|| tame(first.message.get(language)))),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
    filled("ci.group", language, &values)
}

/// The model's line where an element is named and its line known; the drawing otherwise.
pub(super) fn place(finding: &Finding, lines: &Lines) -> Option<(String, Option<u64>)> {
    let model = finding.elements.iter().find_map(|e| lines.get(e));
    match (model, finding.drawn.first()) {
        (Some(at), _) => Some((harmless::relative(&at.file), Some(at.line))),
        (None, Some(drawn)) => Some((harmless::relative(&drawn.drawing), None)),
        (None, None) => None,
    }
}
