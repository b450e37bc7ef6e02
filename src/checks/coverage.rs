//! What was compared at all: classes that a plan does not draw, and the share of a plan's layers that was understood.

use super::comparison::word;
use super::{Check, Findings};
use crate::facts::Facts;
use crate::finding::{Value, Verdict};
use crate::rulebook::Rule;
use crate::wording::Text;

/// The check.
pub(super) const CHECK: Check =
    Check { name: "coverage", summary: "What of a plan was understood and compared?", run };

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    match rule.params.get("what").and_then(|v| v.as_str()) {
        Some("layers") => layers(facts, rule, findings),
        _ => classes(facts, rule, findings),
    }
}

fn classes(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    for m in &facts.matches.plans {
        let plan = facts.plans.plans.get(m.plan).map_or("", |p| p.id.as_str());
        for n in &m.not_drawn {
            let values = [
                ("thing", word(n.class)),
                ("plan", Text::same(plan)),
                ("count", Text::same(n.modelled.to_string())),
            ];
            let finding = findings.note(rule, "IfcBuildingStorey", "not-drawn", &values);
            finding.storey = facts.storey_name(m.storey);
            finding.mark = Some(n.class.to_owned());
        }
    }
}

fn layers(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let least = rule.number("least_percent").unwrap_or(50.0) / 100.0;
    for (k, plan) in facts.plans.plans.iter().enumerate() {
        if plan.understood >= least {
            findings.passed(rule, 1);
            continue;
        }
        let mut unknown: Vec<(&str, u32)> = plan
            .layers
            .iter()
            .filter(|l| l.meaning.is_none())
            .map(|l| (l.layer.as_str(), l.primitives))
            .collect();
        unknown.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        let names: Vec<&str> = unknown.iter().take(6).map(|l| l.0).collect();
        let percent = |x: f64| Text::same(format!("{:.0}", x * 100.0));
        let values = [
            ("plan", Text::same(plan.id.clone())),
            ("percent", percent(plan.understood)),
            ("limit", percent(least)),
            ("layers", Text::list(&names)),
        ];
        let centre = plan.frame.to_plan.apply(plan.region.centre());
        let drawn = facts.drawn_name(k, &[], centre);
        let finding = findings.say(rule, Verdict::Fail, "IfcAnnotation", "unknown", &values);
        finding.drawn = drawn.into_iter().collect();
        finding.measured = Some(Value::Number((plan.understood * 100.0).round()));
        finding.limit = Some(least * 100.0);
        finding.unit = Some("%".into());
    }
}
