//! A room has a name that tells its use, and a number that no other room of its storey has.

use super::{Check, Facts, Findings, Rule, Text, elements};
use crate::ifc::model::{Element, ElementRef, Kind};
use std::collections::BTreeMap;

/// See the file's head.
pub(in crate::checks) const CHECK: Check = Check {
    name: "room_label",
    summary: "Does every room have a name, and a number of its own on its storey?",
    run,
};

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let rooms: Vec<(ElementRef, &Element)> = elements(facts).filter(|(_, e)| e.kind == Kind::Space).collect();
    // Name holds the number where LongName holds the name; where it holds the name, it may repeat
    let mut numbers: BTreeMap<(u32, Option<u32>, &str), Vec<ElementRef>> = BTreeMap::new();
    for (reference, room) in &rooms {
        let text = |t: &Option<String>| t.as_deref().map(str::trim).is_some_and(|t| !t.is_empty());
        if !text(&room.name) && !text(&room.long_name) {
            findings.fail_element(facts, rule, *reference, "unnamed", &[]);
            continue;
        }
        findings.passed(rule, 1);
        if let (Some(number), true) = (room.name.as_deref(), text(&room.long_name))
            && number.chars().any(|c| c.is_ascii_digit())
        {
            numbers.entry((reference.model, room.storey, number)).or_default().push(*reference);
        }
    }
    for ((_, _, number), owners) in numbers {
        let Some((&first, others)) = owners.split_first().filter(|(_, others)| !others.is_empty()) else {
            continue;
        };
        let values = [("number", Text::same(number)), ("rooms", Text::same(owners.len().to_string()))];
        let names: Vec<_> = others.iter().filter_map(|&o| facts.element_name(o)).collect();
        if let Some(finding) = findings.fail_element(facts, rule, first, "repeated", &values) {
            finding.elements.extend(names);
        }
    }
}
