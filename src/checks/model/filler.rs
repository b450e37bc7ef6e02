//! A door or window fills an opening of the wall that it stands in, on the same storey. Doors of curtain walls are parts
//! of them and need no opening.

use super::{Check, Facts, Findings, Rule, Text, elements_of};
use crate::ifc::model::Kind;

/// See the file's head. `storey = true` asks for the same storey instead.
pub(in crate::checks) const CHECK: Check = Check {
    name: "filler",
    summary: "Does every door and window fill an opening of its wall, on the wall's storey?",
    run,
};

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let ask_storey = rule.params.get("storey").and_then(toml::Value::as_bool).unwrap_or(false);
    for (reference, element) in elements_of(facts, rule) {
        let Some(model) = facts.models.get(reference.model as usize) else { continue };
        if element.whole.and_then(|w| model.element(w)).is_some() {
            findings.not_applicable(rule, 1);
            continue;
        }
        let opening = element.host.and_then(|h| model.element(h));
        let wall =
            opening.filter(|o| o.kind == Kind::Opening).and_then(|o| o.host).and_then(|h| model.element(h));
        if !ask_storey {
            if wall.is_some() {
                findings.passed(rule, 1);
            } else {
                findings.fail_element(facts, rule, reference, "none", &[]);
            }
            continue;
        }
        let (Some(wall), Some(own)) = (wall, element.storey) else {
            findings.not_applicable(rule, 1);
            continue;
        };
        if wall.storey == Some(own) || wall.storey.is_none() {
            findings.passed(rule, 1);
            continue;
        }
        let name = |s: Option<u32>| {
            Text::same(
                s.and_then(|s| model.storeys.get(s as usize)).map(|s| s.name.clone()).unwrap_or_default(),
            )
        };
        let values = [("own", name(element.storey)), ("wall", name(wall.storey))];
        findings.fail_element(facts, rule, reference, "differs", &values);
    }
}
