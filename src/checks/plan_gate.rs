//! Gates of the comparison: floor plans were found, and each is laid on a storey. A plan that is not leaves
//! everything that depends on it undecided, with the reason.

use super::{Check, Findings};
use crate::facts::Facts;
use crate::finding::{Finding, Verdict};
use crate::rulebook::Rule;
use crate::wording::Text;

/// The check.
pub(super) const CHECK: Check =
    Check { name: "plan_gate", summary: "Were floor plans found, and is each laid on a storey?", run };

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    match rule.params.get("gate").and_then(|v| v.as_str()) {
        Some("found") => found(facts, rule, findings),
        Some("storey") => storey(facts, rule, findings),
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

/// Each plan has a place on the models. Which storey it shows is another gate's question.
fn laid(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    for (k, r) in facts.registration.plans.iter().enumerate() {
        if facts.outside_scope(k) || r.storey_open {
            findings.not_applicable(rule, 1);
        } else if r.to_world.is_some() {
            findings.passed(rule, 1);
        } else {
            let case = if r.mismatch { "mismatch" } else { "undecided" };
            open(facts, rule, findings, k, case).confidence = if r.mismatch { 0.95 } else { 0.5 };
        }
    }
}

/// Each plan that has a place shows one storey, or those of its set.
fn storey(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    for (k, r) in facts.registration.plans.iter().enumerate() {
        if !facts.outside_scope(k) && r.storey_open {
            open(facts, rule, findings, k, "undecided").confidence = 0.5;
        } else if !facts.outside_scope(k) && r.to_world.is_some() && !r.storeys.is_empty() {
            findings.passed(rule, 1);
        } else {
            findings.not_applicable(rule, 1);
        }
    }
}

/// A gate that stays shut for a plan.
fn open<'f>(
    facts: &Facts<'_>,
    rule: &Rule,
    findings: &'f mut Findings,
    plan: usize,
    case: &str,
) -> &'f mut Finding {
    let story = facts.registration.plans.get(plan).map(|r| r.story.clone()).unwrap_or_default();
    let drawn = facts.plans.plans.get(plan).and_then(|p| {
        let centre = p.frame.to_plan.apply(p.region.centre());
        facts.drawn_name(plan, &[], centre)
    });
    let finding = findings.say(rule, Verdict::Undecided, "IfcBuildingStorey", case, &[("story", story)]);
    finding.drawn = drawn.into_iter().collect();
    finding
}
