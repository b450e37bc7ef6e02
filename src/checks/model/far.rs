//! Coordinates far from the origin lose their millimetres in every program that draws with single precision, and are
//! mostly a survey point that found its way into the placements.

use super::{Check, Facts, Findings, Rule, Text, Verdict};
use crate::finding::Value;
use crate::geom::Box3;

/// See the file's head.
pub(in crate::checks) const CHECK: Check =
    Check { name: "far", summary: "Does the building stand near the origin of its coordinates?", run };

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let Some(limit) = rule.number("limit_m") else { return };
    for model in facts.models {
        let mut bounds = Box3::EMPTY;
        for placement in model.elements.iter().filter_map(|e| e.placement) {
            bounds.add(placement.origin);
        }
        if bounds.is_empty() {
            findings.not_applicable(rule, 1);
            continue;
        }
        let centre = bounds.centre();
        let distance = centre.xy().length();
        if distance <= limit {
            findings.passed(rule, 1);
            continue;
        }
        let values = [
            ("file", Text::same(&model.file)),
            ("distance", Text::same(format!("{:.1}", distance / 1000.0))),
            ("limit", Text::same(format!("{:.1}", limit / 1000.0))),
        ];
        let finding = findings.say(rule, Verdict::Fail, "IfcProject", "far", &values);
        finding.mark = Some(model.file.clone());
        finding.point_m = Some(centre.into());
        finding.measured = Some(Value::Number(distance));
        finding.limit = Some(limit);
        finding.unit = Some("m".into());
    }
}
