//! Where on earth the model stands: a map conversion, or latitude and longitude of the site.

use super::{Check, Facts, Findings, Rule, Text, Verdict};

/// See the file's head.
pub(in crate::checks) const CHECK: Check =
    Check { name: "georeference", summary: "Does the model say where on earth it stands?", run };

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    for model in facts.models {
        let known = model.georeference.as_ref().is_some_and(|g| {
            (g.easting_m.is_some() && g.northing_m.is_some())
                || (g.latitude.is_some() && g.longitude.is_some())
        });
        if known {
            findings.passed(rule, 1);
            continue;
        }
        let finding =
            findings.say(rule, Verdict::Fail, "IfcSite", "missing", &[("file", Text::same(&model.file))]);
        finding.mark = Some(model.file.clone());
    }
}
