//! Units that are converted to SI units carry a known name, its factor, and the right SI unit behind it.
//!
//! `units` is a list of `{ name, kind, factor, si }`, in SI units without prefix.

use super::{Check, Facts, Findings, Rule, Text, Verdict};
use crate::ifc::step::Record;
use serde::Deserialize;

/// See the file's head.
pub(in crate::checks) const CHECK: Check =
    Check { name: "unit_conversion", summary: "Do converted units carry a known name and its factor?", run };

/// Factors may differ by this share (buildingSMART compares six digits).
const FACTOR: f64 = 1e-6;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    name: String,
    kind: String,
    factor: f64,
    si: String,
}

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let known: Vec<Known> =
        rule.params.get("units").cloned().and_then(|u| u.try_into().ok()).unwrap_or_default();
    for model in facts.models {
        let Some(step) = model.step() else { continue };
        let assigned = step.records_of("IfcProject").filter_map(|p| p.follow("UnitsInContext"));
        let units: Vec<Record<'_>> = assigned.flat_map(|a| a.follow_all("Units")).collect();
        for unit in units.into_iter().filter(|u| u.is_a("IfcConversionBasedUnit")) {
            let Some(case) = wrong(unit, &known) else {
                findings.passed(rule, 1);
                continue;
            };
            let name = unit.attribute("Name").text().unwrap_or_default();
            let factor = unit.follow("ConversionFactor").and_then(|f| f.attribute("ValueComponent").real());
            let right = known.iter().find(|k| k.name.eq_ignore_ascii_case(&name));
            let values = [
                ("file", Text::same(&model.file)),
                ("unit", Text::same(&name)),
                ("factor", Text::same(factor.map(|f| f.to_string()).unwrap_or_default())),
                ("right", Text::same(right.map(|k| format!("{} {}", k.factor, k.si)).unwrap_or_default())),
            ];
            let finding = findings.say(rule, Verdict::Fail, "IfcConversionBasedUnit", case, &values);
            finding.mark = Some(format!("{} {name}", model.file));
        }
    }
}

/// The case of what is wrong about a unit.
fn wrong(unit: Record<'_>, known: &[Known]) -> Option<&'static str> {
    const NAMED: [&str; 4] = ["AREAUNIT", "LENGTHUNIT", "VOLUMEUNIT", "PLANEANGLEUNIT"];
    let kind = unit.attribute("UnitType").enumeration().unwrap_or_default().to_ascii_uppercase();
    let name = unit.attribute("Name").text().unwrap_or_default();
    let right = known.iter().find(|k| k.name.eq_ignore_ascii_case(&name));
    let Some(right) = right else { return NAMED.contains(&kind.as_str()).then_some("unknown") };
    let measure = unit.follow("ConversionFactor")?;
    let component = measure.follow("UnitComponent");
    let Some(si) = component.filter(|c| c.is_a("IfcSIUnit")) else { return Some("not-si") };
    if !si.attribute("Name").enumeration().is_some_and(|n| n.eq_ignore_ascii_case(&right.si))
        || kind != right.kind
    {
        return Some("other-si");
    }
    let prefix = crate::ifc::units::factor(si)?;
    // the gram is the SI unit of mass in IFC, the factors of the table are in it
    let factor = measure.attribute("ValueComponent").real()? * prefix;
    ((factor / right.factor - 1.0).abs() > FACTOR).then_some("factor")
}
