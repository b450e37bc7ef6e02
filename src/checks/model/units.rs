//! The project must say what its numbers mean: length, area, volume and angle.

use super::{Check, Facts, Findings, Rule, Text, Verdict};

/// See the file's head.
pub(in crate::checks) const CHECK: Check =
    Check { name: "units", summary: "Does the project declare the units that its numbers are in?", run };

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    for model in facts.models {
        let Some(step) = model.step() else { continue };
        let declared: Vec<String> = step
            .records_of("IfcProject")
            .filter_map(|p| p.follow("UnitsInContext"))
            .flat_map(|a| a.follow_all("Units").collect::<Vec<_>>())
            .filter_map(|u| u.attribute("UnitType").enumeration().map(str::to_ascii_uppercase))
            .collect();
        for unit in rule.names("of") {
            if declared.iter().any(|d| d == unit) {
                findings.passed(rule, 1);
                continue;
            }
            let values = [("file", Text::same(&model.file)), ("unit", Text::same(unit))];
            let finding = findings.say(rule, Verdict::Fail, "IfcUnitAssignment", "missing", &values);
            finding.mark = Some(format!("{} {unit}", model.file));
        }
    }
}
