//! What fails many times for one reason is told once: a parent finding over the single ones.

use super::Findings;
use crate::finding::{Finding, Verdict};
use crate::rulebook::{Family, Rulebook};
use crate::wording::Text;
use std::collections::BTreeMap;

/// From so many findings of one rule about one class on, they get a parent: more than a reader takes in one by one.
const MANY: usize = 6;

/// Wording of the parent.
const WORDING: &str = include_str!("../../rules/wording/grouping.toml");

/// Puts findings about the model alone under parents, by rule and class.
pub(super) fn group(findings: &mut Findings, rulebook: &Rulebook) {
    let Ok(words) = toml::from_str::<BTreeMap<String, Text>>(WORDING) else { return };
    let mut groups: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    for (at, f) in findings.list.iter().enumerate() {
        let of_model = matches!(Family::of(&f.rule), Some(Family::Completeness | Family::Quality));
        if of_model && f.verdict == Verdict::Fail && f.parent.is_none() && !f.elements.is_empty() {
            groups.entry((f.rule.clone(), f.class.clone())).or_default().push(at);
        }
    }
    for ((rule, class), members) in groups.into_iter().filter(|(_, m)| m.len() >= MANY) {
        let (Some(rule), Some(words)) = (rulebook.rule(&rule), words.get("many")) else { continue };
        let Some(first) = members.first().and_then(|&m| findings.list.get(m)) else { continue };
        let values = [
            ("count", Text::same(members.len().to_string())),
            ("class", Text::same(&class)),
            ("title", rule.title.clone()),
        ];
        let mut parent = Finding {
            message: words.fill(&values),
            elements: Vec::new(),
            mark: Some(class.clone()),
            storey: None,
            point_m: None,
            measured: None,
            expected: None,
            ..first.clone()
        };
        parent.fingerprint();
        for member in members {
            if let Some(child) = findings.list.get_mut(member) {
                child.parent = Some(parent.id.clone());
            }
        }
        findings.list.push(parent);
    }
}
