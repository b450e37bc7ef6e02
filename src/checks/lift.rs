//! Lifts: drawn where one is modelled, and modelled where one is drawn.
//!
//! A lift is modelled as transport element, or as a space whose name says so. Its size is not compared: the one is the car,
//! the other the shaft. Models without any lift leave them to another model.

use super::comparison::{At, laid, lines_within, tell};
use super::{Check, Findings};
use crate::facts::Facts;
use crate::finding::{Side, Verdict};
use crate::geom::{Box2, Point2};
use crate::ifc::model::{ElementRef, Kind};
use crate::ifc::section::StoreyPlan;
use crate::registration::shape::folded;
use crate::rulebook::Rule;

/// The check.
pub(super) const CHECK: Check =
    Check { name: "lift", summary: "Is a lift drawn where one is modelled, and the reverse?", run };

/// A drawn lift this close to a modelled one is the same (metres).
const NEAR_M: f64 = 1.0;
/// Fewer lines than this in the place of a lift are no lift.
const FEW_LINES: usize = 3;
/// A drawn lift as sure as this can be missing in the model.
const SURE: f64 = 0.7;

/// Lifts of a storey: where, which element, and whether it is a transport element.
fn modelled(facts: &Facts<'_>, storey: &StoreyPlan, words: &[String]) -> Vec<(Box2, ElementRef, bool)> {
    let mut out: Vec<(Box2, ElementRef, bool)> = Vec::new();
    for o in storey.others.iter().filter(|o| o.kind == Kind::Transport) {
        let e = facts.models.get(o.element.model as usize).and_then(|m| m.element(o.element.index));
        let kind = e.and_then(|e| e.predefined_type.as_deref()).unwrap_or_default();
        let bounds = Box2::around(o.outline.iter().flat_map(|p| p.outer.iter().copied()));
        if !matches!(kind, "ESCALATOR" | "MOVINGWALKWAY" | "CRANEWAY") && !bounds.is_empty() {
            out.push((bounds, o.element, true));
        }
    }
    for r in &storey.rooms {
        let named = r.name.as_deref().map(folded).unwrap_or_default();
        if words.iter().any(|w| named.contains(w.as_str())) {
            let bounds = Box2::around(r.outline.iter().flat_map(|p| p.outer.iter().copied()));
            out.push((bounds, r.element, false));
        }
    }
    out
}

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let words: Vec<String> = match rule.params.get("words") {
        Some(toml::Value::Array(list)) => list.iter().filter_map(|v| v.as_str()).map(folded).collect(),
        _ => Vec::new(),
    };
    let any = facts.storeys.iter().any(|s| !modelled(facts, s, &words).is_empty());
    for (m, plan, storey, to_world) in laid(facts) {
        let here = modelled(facts, storey, &words);
        let extent = Box2::around(
            plan.walls.iter().flat_map(|w| [to_world.apply(w.line.a), to_world.apply(w.line.b)]),
        );
        let drawn: Vec<Point2> = plan.lifts.iter().map(|l| to_world.apply(l.centre)).collect();
        for (lift, &at) in plan.lifts.iter().zip(&drawn) {
            if here.iter().any(|(b, ..)| b.grown(NEAR_M).contains(at)) {
                findings.passed(rule, 1);
            } else if !any || !storey.uncut.is_empty() || lift.evidence.confidence < SURE {
                findings.not_applicable(rule, 1);
            } else {
                let place = At {
                    plan: m.plan,
                    storey: Some(m.storey),
                    point: Some(at),
                    marks: &lift.evidence.marks,
                    element: None,
                };
                let verdict = (Verdict::Fail, Side::MissingInModel, "missing-in-model");
                tell(facts, findings, rule, "IfcTransportElement", verdict, &place, &[]).confidence = 0.85;
            }
        }
        // a shaft is a room: that its label is missing has a rule of its own
        for (bounds, element, _) in here.iter().filter(|h| h.2) {
            let around = bounds.grown(NEAR_M);
            if !extent.contains_box(bounds) {
                findings.not_applicable(rule, 1);
            } else if drawn.iter().any(|p| around.contains(*p))
                || lines_within(plan, &to_world, bounds) > FEW_LINES
            {
                findings.passed(rule, 1);
            } else {
                let place = At {
                    plan: m.plan,
                    storey: Some(m.storey),
                    point: Some(bounds.centre()),
                    marks: &[],
                    element: Some(*element),
                };
                let verdict = (Verdict::Fail, Side::MissingInDrawing, "missing-in-drawing");
                tell(facts, findings, rule, "IfcTransportElement", verdict, &place, &[]).confidence = 0.85;
            }
        }
    }
}
