//! Dimensions whose text was written over by hand and no longer says what is drawn.

use super::comparison::{mm, mm_value};
use super::{Check, Findings};
use crate::facts::Facts;
use crate::finding::{Value, Verdict};
use crate::rulebook::Rule;
use crate::wording::Text;

/// The check.
pub(super) const CHECK: Check = Check {
    name: "dimension",
    summary: "Does a dimension written over by hand still say what is drawn?",
    run,
};

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let limit = rule.number("limit_mm").unwrap_or(1.0) / 1000.0;
    for (k, plan) in facts.plans.plans.iter().enumerate() {
        let registered = facts.registration.plans.get(k);
        let storey = registered.and_then(|r| r.storeys.first().copied());
        for d in &plan.dimensions {
            let Some(shown) = d.shown_m.filter(|_| d.overridden) else {
                findings.passed(rule, 1);
                continue;
            };
            let difference = shown - d.measured_m;
            if difference.abs() <= limit {
                findings.passed(rule, 1);
                continue;
            }
            let middle = (d.from + d.to) / 2.0;
            let values = [
                ("plan", Text::same(plan.id.clone())),
                ("measured", mm(d.measured_m)),
                ("shown", mm(shown)),
                ("difference", mm(difference.abs())),
            ];
            let z = storey.and_then(|s| facts.storeys.get(s)).map_or(0.0, |s| s.elevation_m);
            let point = registered.and_then(|r| r.to_world).map(|t| t.apply(middle).at(z).into());
            let drawn = facts.drawn_name(k, &[d.mark], middle);
            let finding = findings.say(rule, Verdict::Fail, "IfcAnnotation", "differs", &values);
            finding.storey = storey.and_then(|s| facts.storey_name(s));
            finding.drawn = drawn.into_iter().collect();
            finding.point_m = point;
            finding.measured = Some(Value::Number(mm_value(shown)));
            finding.expected = Some(Value::Number(mm_value(d.measured_m)));
            finding.limit = Some(mm_value(limit));
            finding.unit = Some("mm".into());
            finding.confidence = 0.95;
        }
    }
}
