//! Gates of the comparison: floor plans were found, and each is laid on a storey. A plan that is not leaves
//! everything that depends on it undecided, with the reason.

use super::{Check, Findings};
use crate::facts::Facts;
use crate::finding::Verdict;
use crate::rulebook::Rule;
use crate::wording::Text;

/// The check.
pub(super) const CHECK: Check =
    Check { name: "plan_gate", summary: "Were floor plans found, and is each laid on a storey?", run };

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    match rule.params.get("gate").and_then(|v| v.as_str()) {
        Some("found") => found(facts, rule, findings),
        _ => laid(facts, rule, findings),
    }
}

fn found(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    for (i, drawing) in facts.drawings.iter().enumerate() {
        let i = i as u32;
        let plans = facts.plans.plans.iter().filter(|p| p.drawing == i).count();
        let other = facts.plans.schedules.iter().any(|s| s.drawing == i)
            || facts.plans.not_plans.iter().any(|n| n.drawing == i);
        if plans > 0 {
            findings.passed(rule, plans as u64);
        } else if other {
            findings.not_applicable(rule, 1);
        } else {
            let values = [("drawing", Text::same(drawing.file.clone()))];
            findings.say(rule, Verdict::Undecided, "IfcProject", "none", &values);
        }
    }
}

fn laid(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    for (plan, r) in facts.plans.plans.iter().zip(&facts.registration.plans) {
        if r.to_world.is_some() {
            findings.passed(rule, 1);
            continue;
        }
        let case = if r.mismatch { "mismatch" } else { "undecided" };
        let centre = plan.frame.to_plan.apply(plan.region.centre());
        let drawn = facts
            .plans
            .plans
            .iter()
            .position(|p| p.id == plan.id)
            .and_then(|k| facts.drawn_name(k, &[], centre));
        let finding =
            findings.say(rule, Verdict::Undecided, "IfcBuildingStorey", case, &[("story", r.story.clone())]);
        finding.drawn = drawn.into_iter().collect();
        finding.confidence = if r.mismatch { 0.95 } else { 0.5 };
    }
}
