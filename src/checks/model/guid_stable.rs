//! Elements keep their GlobalIds from one submission to the next: findings, comments and schedules go by them.
//!
//! An element of the earlier models that is gone may have been taken out. Where one of its class, name and place stands
//! there under a new GlobalId, it was given a new one.

use super::{Check, Facts, Findings, Rule, Text, Verdict};
use crate::finding::Value;
use crate::ifc::Model;
use crate::ifc::model::{Element, ElementRef};
use std::collections::{BTreeMap, BTreeSet};

/// See the file's head. `least_share` of the elements that are still there keep their GlobalIds.
pub(in crate::checks) const CHECK: Check = Check {
    name: "guid_stable",
    summary: "Do elements keep their GlobalIds from one submission to the next?",
    run,
};

/// Places this near are one, metres: what a conversion of units may move.
const SAME: f64 = 0.005;

/// Elements that a finding names.
const NAMED: usize = 100;

/// Class, name and place.
type Likeness<'a> = (&'a str, &'a str, [i64; 3]);

fn likeness(element: &Element) -> Option<Likeness<'_>> {
    let at: [f64; 3] = element.placement?.origin.into();
    let name = element.name.as_deref().or(element.tag.as_deref()).unwrap_or_default();
    Some((element.class, name, at.map(|x| (x / SAME).round() as i64)))
}

fn all(models: &[Model]) -> impl Iterator<Item = (ElementRef, &Element)> {
    models.iter().zip(0u32..).flat_map(|(m, model)| {
        m.elements.iter().zip(0u32..).map(move |(e, index)| (ElementRef { model, index }, e))
    })
}

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    if facts.previous.is_empty() {
        findings.not_applicable(rule, 1);
        return;
    }
    let earlier: BTreeSet<&str> = all(facts.previous).map(|(_, e)| e.guid.as_str()).collect();
    let now: BTreeSet<&str> = all(facts.models).map(|(_, e)| e.guid.as_str()).collect();
    let kept = earlier.intersection(&now).count();
    let mut new: BTreeMap<Likeness<'_>, Vec<ElementRef>> = BTreeMap::new();
    for (at, element) in all(facts.models).filter(|(_, e)| !earlier.contains(e.guid.as_str())) {
        if let Some(like) = likeness(element) {
            new.entry(like).or_default().push(at);
        }
    }
    // each new element stands for one that is gone
    let mut renamed: Vec<ElementRef> = Vec::new();
    for (_, element) in all(facts.previous).filter(|(_, e)| !now.contains(e.guid.as_str())) {
        let own = likeness(element).and_then(|like| new.get_mut(&like)).and_then(Vec::pop);
        renamed.extend(own);
    }
    renamed.sort_unstable();
    let still = kept + renamed.len();
    findings.passed(rule, kept as u64);
    let Some(&first) = renamed.first() else { return };
    #[allow(clippy::cast_precision_loss)]
    let share = kept as f64 / still as f64;
    let least = rule.number("least_share").unwrap_or(1.0);
    if share >= least {
        findings.passed(rule, renamed.len() as u64);
        return;
    }
    let values = [
        ("count", Text::same(renamed.len().to_string())),
        ("of", Text::same(still.to_string())),
        ("share", Text::same(format!("{:.0}", share * 100.0))),
    ];
    let class =
        facts.models.get(first.model as usize).and_then(|m| m.element(first.index)).map_or("", |e| e.class);
    let names = renamed.iter().take(NAMED).filter_map(|&e| facts.element_name(e)).collect();
    let finding = findings.say(rule, Verdict::Fail, class, "renamed", &values);
    finding.elements = names;
    finding.measured = Some(Value::Number(share));
    finding.limit = Some(least);
    finding.unit = Some("1".into());
    findings.failed_too(rule, renamed.len() as u64 - 1);
}
