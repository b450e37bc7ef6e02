//! Stairs: drawn where one is modelled, and modelled where one is drawn.
//!
//! A stair shows on the storey that it leaves and on the one that it reaches, and may be drawn cut, whole or from
//! above: only the complete absence of lines, and drawn flights far from any modelled stair, are told.

use super::comparison::{place, word};
use super::{Check, Findings};
use crate::facts::Facts;
use crate::finding::{Side, Verdict};
use crate::geom::{Box2, Point2};
use crate::ifc::model::Kind;
use crate::ifc::section::{OutlineCut, StoreyPlan, Visibility};
use crate::matching::PlanMatches;
use crate::rulebook::Rule;
use crate::wording::Text;

/// The check.
pub(super) const CHECK: Check =
    Check { name: "stair", summary: "Is a stair drawn where one is modelled, and the reverse?", run };

/// A drawn flight this close to a modelled stair is part of it (metres).
const NEAR_M: f64 = 1.0;
/// How far treads are looked for around the slice of a flight (metres).
const AROUND_M: f64 = 0.6;
/// No more lines than this in a stair's footprint are no stair.
const FEW_LINES: usize = 3;
/// Fewer treads than this may be steps at a door.
const MIN_TREADS: u32 = 6;

fn is_stair(o: &OutlineCut) -> bool {
    matches!(o.kind, Kind::Stair | Kind::StairFlight | Kind::Ramp | Kind::Transport)
}

fn bounds(o: &OutlineCut) -> Box2 {
    Box2::around(o.outline.iter().flat_map(|p| p.outer.iter().copied()))
}

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    for m in &facts.matches.plans {
        let (Some(storey), Some(plan)) = (facts.storeys.get(m.storey), facts.plans.plans.get(m.plan)) else {
            continue;
        };
        let Some(to_world) = facts.registration.plans.get(m.plan).and_then(|r| r.to_world) else { continue };
        let Some(to_plan) = to_world.inverse() else { continue };
        let extent = Box2::around(
            plan.walls.iter().flat_map(|w| [to_world.apply(w.line.a), to_world.apply(w.line.b)]),
        );
        let near: Vec<&StoreyPlan> =
            (m.storey.saturating_sub(1)..=m.storey + 1).filter_map(|i| facts.storeys.get(i)).collect();
        let boxes: Vec<Box2> =
            near.iter().flat_map(|s| &s.others).filter(|o| is_stair(o)).map(bounds).collect();
        for o in
            storey.others.iter().filter(|o| o.kind == Kind::Stair && o.visibility == Visibility::MustShow)
        {
            let b = bounds(o);
            if b.is_empty() || !extent.contains_box(&b) {
                findings.not_applicable(rule, 1);
                continue;
            }
            // the outline is the slice at the cut: the flight goes on around it
            let here = Box2::around(b.grown(AROUND_M).corners().iter().map(|&p| to_plan.apply(p)));
            let recognised = plan.stairs.iter().any(|s| s.bounds.intersects(&here.grown(NEAR_M)));
            if recognised || plan.raw.line_index.touching(&here).len() > FEW_LINES {
                findings.passed(rule, 1);
                continue;
            }
            let element = facts.element_name(o.element);
            let at = b.centre();
            let finding = say(facts, findings, rule, m, at, "missing-in-drawing", Side::MissingInDrawing);
            finding.elements = element.into_iter().collect();
        }
        // elements whose shape is not known may be the stair
        let unknown = near.iter().any(|s| !s.uncut.is_empty());
        for s in plan.stairs.iter().filter(|s| s.treads >= MIN_TREADS) {
            let at = to_world.apply(s.bounds.centre());
            if boxes.iter().any(|b| b.grown(NEAR_M).contains(at)) {
                findings.passed(rule, 1);
            } else if unknown || boxes.is_empty() || s.evidence.confidence < 0.7 {
                // models without any stair leave them to another model
                findings.not_applicable(rule, 1);
            } else {
                let name = facts.drawn_name(m.plan, &s.evidence.marks, s.bounds.centre());
                let finding = say(facts, findings, rule, m, at, "missing-in-model", Side::MissingInModel);
                finding.drawn = name.into_iter().collect();
            }
        }
    }
}

fn say<'f>(
    facts: &Facts<'_>,
    findings: &'f mut Findings,
    rule: &Rule,
    m: &PlanMatches,
    at: Point2,
    case: &str,
    side: Side,
) -> &'f mut crate::finding::Finding {
    let storey = facts.storey_name(m.storey);
    let values = [
        ("thing", word("stair")),
        ("place", place(facts, m.storey, Some(at))),
        ("storey", Text::same(storey.as_ref().map_or("", |s| s.name.as_str()))),
        ("plan", Text::same(facts.plans.plans.get(m.plan).map_or("", |p| p.id.as_str()))),
    ];
    let z = facts.storeys.get(m.storey).map_or(0.0, |s| s.elevation_m);
    let finding = findings.say(rule, Verdict::Fail, "IfcStair", case, &values);
    finding.side = Some(side);
    finding.storey = storey;
    finding.point_m = Some(at.at(z).into());
    finding.confidence = 0.85;
    finding
}
