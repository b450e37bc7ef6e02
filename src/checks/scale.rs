//! Drawing and model are of one scale: a gate, since with a wrong unit every length is wrong by the same factor.

use super::{Check, Findings};
use crate::facts::Facts;
use crate::finding::{Finding, Value, Verdict};
use crate::geom::Box2;
use crate::rulebook::Rule;
use crate::wording::Text;

/// The check.
pub(super) const CHECK: Check =
    Check { name: "scale", summary: "Are drawing and model drawn to one scale?", run };

/// A plan with fewer walls and axes than this has no extent to speak of.
const ENOUGH: usize = 6;

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let limit = rule.number("limit_share").unwrap_or(0.005);
    let times = rule.number("times").unwrap_or(8.0);
    let largest = facts.storeys.iter().map(|s| s.bounds).filter(|b| !b.is_empty()).map(|b| b.diagonal());
    let largest = largest.fold(0.0, f64::max);
    for (k, plan) in facts.plans.plans.iter().enumerate() {
        let laid = facts.registration.plans.get(k).and_then(|r| r.to_world);
        if let Some(map) = laid {
            let scale = map.scale();
            if (scale - 1.0).abs() <= limit {
                findings.passed(rule, 1);
                continue;
            }
            let values = [("times", figure(scale))];
            let finding = say(facts, rule, findings, k, (Verdict::Fail, "laid"), &values);
            finding.measured = Some(Value::Number(plan.frame.unit_m));
            finding.expected = Some(Value::Number(plan.frame.unit_m * scale));
            finding.unit = Some("m".into());
            continue;
        }
        let points = plan.walls.iter().flat_map(|w| [w.line.a, w.line.b]);
        let bounds = Box2::around(points.chain(plan.axes.iter().flat_map(|a| a.bubbles.iter().copied())));
        if plan.walls.len() + plan.axes.len() < ENOUGH || bounds.is_empty() || largest <= 0.0 {
            findings.not_applicable(rule, 1);
            continue;
        }
        let size = bounds.diagonal();
        if size <= times * largest && size >= largest / times {
            findings.passed(rule, 1);
            continue;
        }
        let values = [("size", figure(size)), ("largest", figure(largest))];
        say(facts, rule, findings, k, (Verdict::Undecided, "extent"), &values).confidence = 0.7;
    }
}

fn say<'f>(
    facts: &Facts<'_>,
    rule: &Rule,
    findings: &'f mut Findings,
    plan: usize,
    (verdict, case): (Verdict, &str),
    values: &[(&str, Text)],
) -> &'f mut Finding {
    let mut all = values.to_vec();
    let mut drawn = None;
    if let Some(p) = facts.plans.plans.get(plan) {
        all.push(("plan", Text::same(p.id.clone())));
        all.push(("unit", figure(p.frame.unit_m)));
        drawn = facts.drawn_name(plan, &[], p.frame.to_plan.apply(p.region.centre()));
    }
    let finding = findings.say(rule, verdict, "IfcBuildingStorey", case, &all);
    finding.drawn = drawn.into_iter().collect();
    finding
}

/// Four significant digits.
fn figure(x: f64) -> Text {
    let digits = (3.0 - x.abs().max(1e-9).log10().floor()).clamp(0.0, 9.0) as usize;
    let text = format!("{x:.digits$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    Text::same(text)
}
