//! The file names one of the schemas that were published as standards.

use super::{Check, Facts, Findings, Rule, Text, Verdict};

/// See the file's head.
pub(in crate::checks) const CHECK: Check =
    Check { name: "schema_name", summary: "Does the file name a published schema?", run };

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let official = rule.names("of");
    for model in facts.models {
        let Some(step) = model.step() else { continue };
        let written =
            step.header().schemas.first().map(|s| s.trim().to_ascii_uppercase()).unwrap_or_default();
        if official.contains(&written.as_str()) {
            findings.passed(rule, 1);
            continue;
        }
        let values = [
            ("file", Text::same(&model.file)),
            ("schema", Text::same(written)),
            ("official", Text::same(official.join(", "))),
        ];
        findings.say(rule, Verdict::Fail, "IfcProject", "other", &values).mark = Some(model.file.clone());
    }
}
