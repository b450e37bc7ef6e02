//! Stairs that can be walked, and guards that are high enough.

use super::{Check, Evidence, Facts, Findings, Kind, Rule, fail, limit_by_use, needs, width};
use crate::ifc::Model;
use crate::ifc::model::ElementRef;
use std::collections::BTreeSet;

/// See the file's head. `ask = "step"`, `"width"` or `"guard"`.
pub(in crate::checks) const CHECK: Check =
    Check { name: "stair_limit", summary: "Are steps, stair widths and guards as codes want them?", run };

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    match rule.params.get("ask").and_then(|a| a.as_str()) {
        Some("width") => widths(facts, rule, findings),
        Some("guard") => guards(facts, rule, findings),
        _ => steps(facts, rule, findings),
    }
}

fn of_kind(facts: &Facts<'_>, kind: Kind) -> Vec<ElementRef> {
    let mut out = Vec::new();
    for (model, m) in facts.models.iter().zip(0u32..) {
        let own = model.elements.iter().zip(0u32..).filter(|(e, _)| e.kind == kind);
        out.extend(own.map(|(_, index)| ElementRef { model: m, index }));
    }
    out
}

/// A length of a stair flight, by its attribute or the property of its sets, metres.
fn length(model: &Model, step_id: u32, attribute: &str) -> Option<f64> {
    let step = model.step()?;
    let own = step.record(step_id)?.attribute(attribute).real().map(|x| x * model.units.length);
    let sets = model.property_sets(step_id);
    let mut all = sets.iter().flat_map(|s| &s.properties).filter(|p| p.name == attribute);
    // some tools write feet or millimetres into the attribute without its unit
    own.or_else(|| all.find_map(|p| p.si(step, &model.units)))
        .filter(|x| (0.05..=if attribute == "RiserHeight" { 0.3 } else { 0.6 }).contains(x))
}

fn steps(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let flights = of_kind(facts, Kind::StairFlight);
    if flights.is_empty() {
        findings.not_applicable(rule, 1);
        return;
    }
    let (Some(riser_most), Some(tread_least)) =
        (limit_by_use(rule, "riser_most_mm", facts), limit_by_use(rule, "tread_least_mm", facts))
    else {
        return;
    };
    let mut known = false;
    for at in flights {
        let Some(model) = facts.models.get(at.model as usize) else { continue };
        let Some(element) = model.element(at.index) else { continue };
        let riser = length(model, element.step_id, "RiserHeight").map(|x| x * 1000.0);
        let tread = length(model, element.step_id, "TreadLength").map(|x| x * 1000.0);
        for (measured, limit, case, wrong) in [
            (riser, riser_most, "riser", riser.is_some_and(|r| r > riser_most + 0.5)),
            (tread, tread_least, "tread", tread.is_some_and(|t| t + 0.5 < tread_least)),
        ] {
            let Some(measured) = measured else {
                findings.not_applicable(rule, 1);
                continue;
            };
            known = true;
            if wrong {
                fail(facts, rule, at, case, &Evidence { measured, limit, unit: "mm" }, &[], findings);
            } else {
                findings.passed(rule, 1);
            }
        }
    }
    if !known {
        needs(rule, "needs-steps", findings);
    }
}

/// Narrower than a person (millimetres): what was cut is a string or a tread, not the flight.
const SLIVER: f64 = 300.0;

fn widths(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let Some(limit) = limit_by_use(rule, "least_mm", facts) else { return };
    let mut seen = BTreeSet::new();
    let mut slivers = 0;
    for storey in facts.storeys {
        for flight in storey.others.iter().filter(|o| o.kind == Kind::StairFlight) {
            let [outline] = &flight.outline[..] else { continue };
            if !seen.insert(flight.element) {
                continue;
            }
            let measured = width(outline) * 1000.0;
            if measured < SLIVER {
                slivers += 1;
                continue;
            }
            if measured + 5.0 >= limit {
                findings.passed(rule, 1);
            } else {
                fail(
                    facts,
                    rule,
                    flight.element,
                    "narrow",
                    &Evidence { measured, limit, unit: "mm" },
                    &[],
                    findings,
                );
            }
        }
    }
    if seen.is_empty() {
        findings.not_applicable(rule, 1);
    }
    if slivers > 0 {
        needs(rule, "needs-outline", findings);
        findings.undecided_too(rule, slivers - 1);
    }
}

/// Height of railings from their foot: what stands lower than the guard's height is too low wherever it stands.
fn guards(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let Some(limit) = limit_by_use(rule, "least_mm", facts) else { return };
    for at in of_kind(facts, Kind::Railing) {
        let extent = facts.shapes.and_then(|s| s.extent(at)).filter(|e| !e.is_empty());
        let part = facts
            .models
            .get(at.model as usize)
            .and_then(|m| m.element(at.index))
            .is_some_and(|e| e.whole.is_some());
        let Some(extent) = extent.filter(|_| !part) else {
            findings.not_applicable(rule, 1);
            continue;
        };
        let measured = (extent.max.z - extent.min.z) * 1000.0;
        // a handrail alone hangs on a wall
        if measured < 200.0 {
            findings.not_applicable(rule, 1);
        } else if measured + 5.0 >= limit {
            findings.passed(rule, 1);
        } else {
            fail(facts, rule, at, "low", &Evidence { measured, limit, unit: "mm" }, &[], findings);
        }
    }
}
