//! The whole building is of a size that buildings have: a wrong unit makes it a thousand times too large or too small.

use super::{Check, Facts, Findings, Kind, Rule, Text, Value, Verdict, boxed};
use crate::geom::Box3;

/// See the file's head.
pub(in crate::checks) const CHECK: Check =
    Check { name: "extent", summary: "Is the building of a size that buildings have?", run };

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let Some(shapes) = facts.shapes else { return };
    let bound = |name: &str, otherwise: f64| rule.number(name).unwrap_or(otherwise);
    let asked = [Kind::Wall, Kind::Column, Kind::Beam, Kind::Slab, Kind::Door, Kind::Window, Kind::Roof];
    for (m, model) in facts.models.iter().enumerate() {
        let mut all = Box3::EMPTY;
        for b in boxed(facts, shapes, |e| asked.contains(&e.kind)).iter().filter(|b| b.at.model as usize == m)
        {
            all.merge(&b.extent);
        }
        if all.is_empty() {
            findings.not_applicable(rule, 1);
            continue;
        }
        let (width, depth, height) = (all.max.x - all.min.x, all.max.y - all.min.y, all.max.z - all.min.z);
        let plan = width.max(depth);
        let checks = [
            ("wide", plan, bound("max_plan_m", 2000.0), plan > bound("max_plan_m", 2000.0)),
            ("narrow", plan, bound("min_plan_m", 1.0), plan < bound("min_plan_m", 1.0)),
            ("high", height, bound("max_height_m", 1000.0), height > bound("max_height_m", 1000.0)),
            ("low", height, bound("min_height_m", 1.0), height < bound("min_height_m", 1.0)),
        ];
        for (case, measured, limit, wrong) in checks {
            if !wrong {
                findings.passed(rule, 1);
                continue;
            }
            let values = [
                ("file", Text::same(&model.file)),
                ("measured", Text::same(format!("{measured:.3}"))),
                ("limit", Text::same(format!("{limit}"))),
            ];
            let finding = findings.say(rule, Verdict::Fail, "IfcBuilding", case, &values);
            finding.mark = Some(format!("{} {case}", model.file));
            finding.measured = Some(Value::Number(measured));
            finding.limit = Some(limit);
            finding.unit = Some("m".into());
        }
    }
}
