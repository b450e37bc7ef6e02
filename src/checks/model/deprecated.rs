//! Entities, attributes and values that the standard has withdrawn. One finding per thing, with how often it is used.

use super::{Check, Facts, Findings, Rule, Text, Verdict};
use crate::ifc::step::StepFile;

/// See the file's head. Parameters: one list per schema, `IFC2X3`, `IFC4`, `IFC4X3`, of entities (`IfcProxy`, without
/// subtypes), attributes that must be empty (`IfcSite.SiteAddress`) and values that they must not have
/// (`IfcWall.PredefinedType=POLYGONAL`).
pub(in crate::checks) const CHECK: Check =
    Check { name: "deprecated", summary: "Are entities used that the standard has withdrawn?", run };

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    for model in facts.models {
        let Some(step) = model.step() else { continue };
        let edition = ["IFC4X3", "IFC4", "IFC2X3"]
            .into_iter()
            .find(|e| model.schema.to_ascii_uppercase().starts_with(e));
        let withdrawn = edition.map(|e| rule.names(e)).unwrap_or_default();
        for name in withdrawn {
            let ids = users(step, name);
            let Some(&first) = ids.first() else {
                findings.passed(rule, 1);
                continue;
            };
            let values = [
                ("file", Text::same(&model.file)),
                ("class", Text::same(name)),
                ("count", Text::same(ids.len().to_string())),
                ("first", Text::same(first.to_string())),
                ("schema", Text::same(&model.schema)),
            ];
            let class = name.split('.').next().unwrap_or(name);
            let finding = findings.say(rule, Verdict::Fail, class, "used", &values);
            finding.mark = Some(format!("{} {name}", model.file));
        }
    }
}

/// The records that use what is withdrawn.
fn users(step: &StepFile, name: &str) -> Vec<u32> {
    let Some((class, attribute)) = name.split_once('.') else { return step.ids_of(name).to_vec() };
    let (attribute, value) = attribute.split_once('=').map_or((attribute, None), |(a, v)| (a, Some(v)));
    let uses = |id: &u32| {
        let Some(found) = step.record(*id).map(|r| r.attribute(attribute)) else { return false };
        let says = |v: &str| {
            found.enumeration().is_some_and(|e| e.eq_ignore_ascii_case(v))
                || found.text().is_some_and(|t| t == v)
        };
        value.map_or(!found.is_null(), says)
    };
    step.ids_of_subtypes(class).into_iter().filter(uses).collect()
}
