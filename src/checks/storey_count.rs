//! The storeys that titles count against those of the model: one that the model does not have, and those without a plan.

use super::comparison::{At, tell};
use super::{Check, Findings};
use crate::facts::Facts;
use crate::finding::{Side, Value, Verdict};
use crate::ifc::section::Visibility;
use crate::rulebook::Rule;
use crate::wording::Text;

/// The check.
pub(super) const CHECK: Check =
    Check { name: "storey_count", summary: "Does the model have every storey that the drawings name?", run };

/// A storey with fewer walls and rooms than this is a level to measure from (top of footing, parapet).
const SHOWS: usize = 3;

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let names = |list: &[usize]| -> Text {
        let all: Vec<String> = list.iter().filter_map(|&s| Some(facts.storey_name(s)?.name)).collect();
        Text::list(&all)
    };
    let every: Vec<usize> = (0..facts.storeys.len()).collect();
    // of another building nothing is said: its titles count its own storeys
    let laid = facts.registration.plans.iter().filter(|r| r.to_world.is_some()).count();
    for (k, r) in facts.registration.plans.iter().enumerate() {
        let counted = !r.named.is_empty() || !r.unknown.is_empty();
        if facts.outside_scope(k) || laid == 0 || !counted {
            findings.not_applicable(rule, 1);
            continue;
        }
        if r.unknown.is_empty() {
            findings.passed(rule, 1);
            continue;
        }
        let named = Text::list(&r.unknown);
        let values = [("named", named), ("storeys", names(&every))];
        let plan = facts.plans.plans.get(k);
        let drawn = plan.and_then(|p| facts.drawn_name(k, &[], p.frame.to_plan.apply(p.region.centre())));
        let at = At { plan: k, ..At::default() };
        let verdict = (Verdict::Fail, Side::MissingInModel, "unknown");
        let finding = tell(facts, findings, rule, "IfcBuildingStorey", verdict, &at, &values);
        finding.measured = Some(Value::Text(r.unknown.join(", ")));
        finding.drawn = drawn.into_iter().collect();
        finding.mark = Some(r.unknown.join(", "));
        finding.confidence = 0.9;
    }
    let shown: Vec<usize> = facts.registration.plans.iter().flat_map(|r| r.storeys.iter().copied()).collect();
    let undrawn: Vec<usize> = (0..facts.storeys.len())
        .filter(|s| {
            let Some(plan) = facts.storeys.get(*s) else { return false };
            let walls = plan.walls.iter().filter(|w| w.own_storey && w.visibility == Visibility::MustShow);
            !shown.contains(s) && facts.scope.has_storey(*s) && walls.count() + plan.rooms.len() >= SHOWS
        })
        .collect();
    if laid > 0 && !undrawn.is_empty() {
        findings.note(rule, "IfcBuildingStorey", "undrawn", &[("storeys", names(&undrawn))]);
    }
}
