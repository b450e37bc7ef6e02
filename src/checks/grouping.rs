//! What fails, or stays open, many times for one reason is told once: a parent finding over the single ones.

use super::Findings;
use crate::finding::{ElementName, Finding, Verdict};
use crate::rulebook::{Family, Rule, Rulebook};
use crate::wording::Text;
use std::collections::BTreeMap;

/// From so many findings of one rule about one class on, they get a parent: more than a reader takes in one by one.
const MANY: usize = 6;

/// From so many elements of one class on one sheet on that are open for one reason, they get a parent.
const MANY_UNDECIDED: usize = 21;

/// Wording of the parent.
const WORDING: &str = include_str!("../../rules/wording/grouping.toml");

/// What is said of one storey, said of several.
pub(super) fn on_storeys(message: &Text, count: usize) -> Text {
    let words = toml::from_str::<BTreeMap<String, Text>>(WORDING).unwrap_or_default();
    let values = [("message", message.clone()), ("count", Text::same(count.to_string()))];
    words.get("storeys").map_or_else(|| message.clone(), |w| w.fill(&values))
}

/// Tells together what a rule wants told together (`together = true`), and puts other findings about the model alone
/// under parents where there are many, by rule and class.
pub(super) fn group(findings: &mut Findings, rulebook: &Rulebook) {
    let Ok(words) = toml::from_str::<BTreeMap<String, Text>>(WORDING) else { return };
    let mut groups: BTreeMap<(String, String, Option<String>), Vec<usize>> = BTreeMap::new();
    for (at, f) in findings.list.iter().enumerate() {
        let of_model =
            matches!(Family::of(&f.rule), Some(Family::Completeness | Family::Quality | Family::Compliance));
        if of_model
            && f.verdict == Verdict::Fail
            && f.parent.is_none()
            && f.waived.is_none()
            && (!f.elements.is_empty() || f.storey.is_some())
        {
            // what is told together asks for one thing, or the message would not say which
            let asked = f.mark.clone().filter(|_| together(rulebook.rule(&f.rule)));
            groups.entry((f.rule.clone(), f.class.clone(), asked)).or_default().push(at);
        }
    }
    let mut told: Vec<usize> = Vec::new();
    for ((rule, class, asked), members) in groups {
        let (Some(rule), Some(words)) = (rulebook.rule(&rule), words.get("many")) else { continue };
        let together = together(Some(rule));
        if !together && members.len() < MANY {
            continue;
        }
        let Some(lead) = lead(findings, rule, (&class, asked.as_deref()), &members, words) else { continue };
        if together {
            told.extend(&members);
        } else {
            for &member in &members {
                if let Some(child) = findings.list.get_mut(member) {
                    child.parent = Some(lead.id.clone());
                }
            }
        }
        findings.list.push(Finding {
            elements: if together { elements(findings, &members) } else { Vec::new() },
            ..lead
        });
    }
    if let Some(words) = words.get("undecided") {
        undecided(findings, rulebook, words);
    }
    told.sort_unstable();
    let mut at = 0;
    findings.list.retain(|_| {
        at += 1;
        told.binary_search(&(at - 1)).is_err()
    });
}

/// What stays open for one reason many times on one sheet and storey has one parent that says so.
fn undecided(findings: &mut Findings, rulebook: &Rulebook, words: &Text) {
    type Key = (String, String, Option<String>, Option<String>, String);
    let mut groups: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
    for (at, f) in findings.list.iter().enumerate() {
        if f.verdict != Verdict::Undecided || f.parent.is_some() || f.waived.is_some() {
            continue;
        }
        let Some(rule) = rulebook.rule(&f.rule) else { continue };
        let sheet = f.drawn.first().map(|d| format!("{} {}", d.drawing, d.plan.as_deref().unwrap_or("")));
        let storey = f.storey.as_ref().map(|s| s.guid.clone());
        let class = f.class.clone();
        groups.entry((f.rule.clone(), class, sheet, storey, reason(rule, f))).or_default().push(at);
    }
    for ((rule, class, sheet, _, reason), members) in groups {
        let Some(rule) = rulebook.rule(&rule) else { continue };
        let many = rule.params.get("many_undecided").and_then(toml::Value::as_integer);
        if members.len() < many.and_then(|n| usize::try_from(n).ok()).unwrap_or(MANY_UNDECIDED) {
            continue;
        }
        let Some(first) = members.first().and_then(|&m| findings.list.get(m)).cloned() else { continue };
        let values = [
            ("count", Text::same(members.len().to_string())),
            ("class", Text::same(class)),
            ("title", rule.title.clone()),
            ("first", first.message.clone()),
        ];
        let confidence = members.iter().filter_map(|&m| findings.list.get(m)).map(|f| f.confidence);
        let mut parent = Finding {
            elements: Vec::new(),
            mark: Some(format!("{reason} {}", sheet.unwrap_or_default())),
            axis: None,
            point_m: None,
            measured: None,
            expected: None,
            limit: None,
            unit: None,
            message: words.fill(&values),
            confidence: confidence.fold(0.0, f64::max),
            ..first
        };
        // it stands for the sheet, not for the first of its members
        parent.drawn.truncate(1);
        parent.drawn.iter_mut().for_each(|d| d.handle = None);
        parent.fingerprint();
        for &member in &members {
            if let Some(child) = findings.list.get_mut(member) {
                child.parent = Some(parent.id.clone());
            }
        }
        findings.list.push(parent);
    }
}

/// The case of its rule that a finding was said in: the one whose fixed words it holds, most of them where several do.
fn reason(rule: &Rule, finding: &Finding) -> String {
    let fixed = |template: &str| {
        let mut at = 0;
        let mut length = 0;
        for part in template.split('{').map(|p| p.split_once('}').map_or(p, |(_, rest)| rest)) {
            let found = finding.message.en.get(at..).and_then(|rest| rest.find(part))?;
            at += found + part.len();
            length += part.len();
        }
        Some(length)
    };
    let cases = rule.message.iter().filter_map(|(case, text)| Some((fixed(&text.en)?, case)));
    cases.max_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(a.1))).map(|(_, case)| case.clone()).unwrap_or_default()
}

/// The single findings of a rule are told as one.
fn together(rule: Option<&Rule>) -> bool {
    rule.and_then(|r| r.params.get("together")).and_then(toml::Value::as_bool).unwrap_or(false)
}

/// The finding over many. Its identity is the rule and the class, whichever elements they are.
fn lead(
    findings: &Findings,
    rule: &Rule,
    (class, asked): (&str, Option<&str>),
    members: &[usize],
    words: &Text,
) -> Option<Finding> {
    let first = members.first().and_then(|&m| findings.list.get(m))?;
    // a clause that all go against
    let alike = members.iter().all(|&m| findings.list.get(m).is_some_and(|f| f.expected == first.expected));
    let values = [
        ("count", Text::same(members.len().to_string())),
        ("class", Text::same(class)),
        ("title", rule.title.clone()),
        ("first", first.message.clone()),
    ];
    let mut lead = Finding {
        elements: Vec::new(),
        mark: Some(asked.map_or_else(|| class.to_owned(), |a| format!("{class} {a}"))),
        storey: None,
        point_m: None,
        measured: None,
        expected: first.expected.clone().filter(|_| alike),
        ..first.clone()
    };
    lead.fingerprint();
    if members.len() > 1 {
        lead.message = words.fill(&values);
    }
    Some(lead)
}

/// The elements of all members, by GlobalId.
fn elements(findings: &Findings, members: &[usize]) -> Vec<ElementName> {
    let mut all: Vec<ElementName> =
        members.iter().filter_map(|&m| findings.list.get(m)).flat_map(|f| f.elements.clone()).collect();
    all.sort_by(|a, b| (&a.guid, a.step_id).cmp(&(&b.guid, b.step_id)));
    all
}
