//! Entities that the standard has withdrawn. One finding per entity, with how often it is used.

use super::{Check, Facts, Findings, Rule, Text, Verdict};

/// See the file's head. Parameters: one list of entity names per schema, `IFC2X3`, `IFC4`, `IFC4X3`.
pub(in crate::checks) const CHECK: Check =
    Check { name: "deprecated", summary: "Are entities used that the standard has withdrawn?", run };

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    for model in facts.models {
        let Some(step) = model.step() else { continue };
        let edition = ["IFC4X3", "IFC4", "IFC2X3"]
            .into_iter()
            .find(|e| model.schema.to_ascii_uppercase().starts_with(e));
        let withdrawn = edition.map(|e| super::names(rule, e)).unwrap_or_default();
        let mut clean = true;
        for class in withdrawn {
            let ids = step.ids_of(class);
            let Some(&first) = ids.first() else { continue };
            clean = false;
            let values = [
                ("file", Text::same(&model.file)),
                ("class", Text::same(class)),
                ("count", Text::same(ids.len().to_string())),
                ("first", Text::same(first.to_string())),
                ("schema", Text::same(&model.schema)),
            ];
            let finding = findings.say(rule, Verdict::Fail, class, "used", &values);
            finding.mark = Some(format!("{} {class}", model.file));
        }
        if clean {
            findings.passed(rule, 1);
        }
    }
}
