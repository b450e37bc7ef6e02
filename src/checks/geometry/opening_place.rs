//! Openings lie in what they cut, doors and windows in their openings; openings that nothing fills are told where the
//! profile wants them to be filled.

use super::{Check, Facts, Findings, Kind, Rule, Text, boxed, overlap};
use crate::ifc::model::ElementRef;
use std::collections::BTreeSet;

/// See the file's head. `ask = "place"` or `"filled"`.
pub(in crate::checks) const CHECK: Check = Check {
    name: "opening_place",
    summary: "Do openings lie in what they cut, and doors in their openings?",
    run,
};

/// Boxes that overlap by less than this touch at most (metres).
const TOUCH: f64 = 0.001;

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let Some(shapes) = facts.shapes else { return };
    let filled = rule.params.get("ask").and_then(|a| a.as_str()) == Some("filled");
    // the openings that a door or window fills
    let mut filled_by = BTreeSet::new();
    for (model, m) in facts.models.iter().zip(0u32..) {
        let fillers = model.elements.iter().filter(|e| matches!(e.kind, Kind::Door | Kind::Window));
        filled_by.extend(fillers.filter_map(|e| e.host).map(|index| ElementRef { model: m, index }));
    }
    for b in boxed(facts, shapes, |e| matches!(e.kind, Kind::Opening | Kind::Door | Kind::Window)) {
        let Some(model) = facts.models.get(b.at.model as usize) else { continue };
        if filled {
            if b.element.kind != Kind::Opening {
                continue;
            }
            let host = b.element.host.and_then(|h| model.element(h));
            let fills = filled_by.contains(&b.at);
            let [x, y, z] = [
                b.extent.max.x - b.extent.min.x,
                b.extent.max.y - b.extent.min.y,
                b.extent.max.z - b.extent.min.z,
            ];
            let large = x.max(y) * z >= rule.number("least_m2").unwrap_or(0.5);
            if host.is_none_or(|h| h.kind != Kind::Wall) || !large {
                findings.not_applicable(rule, 1);
            } else if fills {
                findings.passed(rule, 1);
            } else {
                findings.fail_element(facts, rule, b.at, "unfilled", &[]);
            }
            continue;
        }
        // furniture is cut by helpers of its family, and shown by its parts
        let cut = |k: Kind| {
            matches!(k, Kind::Opening | Kind::Wall | Kind::Slab | Kind::Roof | Kind::Column | Kind::Beam)
        };
        let hosted = b.element.host.filter(|&h| model.element(h).is_some_and(|h| cut(h.kind)));
        let Some(host) = hosted else {
            findings.not_applicable(rule, 1);
            continue;
        };
        let whole = ElementRef { index: host, ..b.at };
        // a wall that is shown by its parts has no box of its own
        let Some(extent) = shapes.extent(whole).filter(|e| !e.is_empty()) else {
            findings.not_applicable(rule, 1);
            continue;
        };
        if overlap(&b.extent, &extent).iter().all(|&o| o > TOUCH) {
            findings.passed(rule, 1);
            continue;
        }
        let host = model.element(host).map(super::shown).unwrap_or_default();
        let case = if b.element.kind == Kind::Opening { "beside" } else { "out-of-opening" };
        let values = [("host", Text::same(host))];
        if let Some(finding) = findings.fail_element(facts, rule, b.at, case, &values) {
            finding.point_m = Some(b.extent.centre().into());
        }
    }
}
