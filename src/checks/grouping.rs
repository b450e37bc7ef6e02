//! What fails many times for one reason is told once: a parent finding over the single ones.

use super::Findings;
use crate::finding::{ElementName, Finding, Verdict};
use crate::rulebook::{Family, Rule, Rulebook};
use crate::wording::Text;
use std::collections::BTreeMap;

/// From so many findings of one rule about one class on, they get a parent: more than a reader takes in one by one.
const MANY: usize = 6;

/// Wording of the parent.
const WORDING: &str = include_str!("../../rules/wording/grouping.toml");

/// Tells together what a rule wants told together (`together = true`), and puts other findings about the model alone
/// under parents where there are many, by rule and class.
pub(super) fn group(findings: &mut Findings, rulebook: &Rulebook) {
    let Ok(words) = toml::from_str::<BTreeMap<String, Text>>(WORDING) else { return };
    let mut groups: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    for (at, f) in findings.list.iter().enumerate() {
        let of_model =
            matches!(Family::of(&f.rule), Some(Family::Completeness | Family::Quality | Family::Compliance));
        if of_model
            && f.verdict == Verdict::Fail
            && f.parent.is_none()
            && f.waived.is_none()
            && !f.elements.is_empty()
        {
            groups.entry((f.rule.clone(), f.class.clone())).or_default().push(at);
        }
    }
    let mut told: Vec<usize> = Vec::new();
    for ((rule, class), members) in groups {
        let (Some(rule), Some(words)) = (rulebook.rule(&rule), words.get("many")) else { continue };
        let together = rule.params.get("together").and_then(toml::Value::as_bool).unwrap_or(false);
        if !together && members.len() < MANY {
            continue;
        }
        let Some(lead) = lead(findings, rule, &class, &members, words) else { continue };
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
    told.sort_unstable();
    let mut at = 0;
    findings.list.retain(|_| {
        at += 1;
        told.binary_search(&(at - 1)).is_err()
    });
}

/// The finding over many. Its identity is the rule and the class, whichever elements they are.
fn lead(findings: &Findings, rule: &Rule, class: &str, members: &[usize], words: &Text) -> Option<Finding> {
    let first = members.first().and_then(|&m| findings.list.get(m))?;
    let values = [
        ("count", Text::same(members.len().to_string())),
        ("class", Text::same(class)),
        ("title", rule.title.clone()),
    ];
    let mut lead = Finding {
        elements: Vec::new(),
        mark: Some(class.to_owned()),
        storey: None,
        point_m: None,
        measured: None,
        expected: None,
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
