//! Where on earth the model stands: a map conversion, or latitude and longitude of the site.

use super::{Check, Facts, Findings, Rule, Text, Verdict};

/// See the file's head.
pub(in crate::checks) const CHECK: Check =
    Check { name: "georeference", summary: "Does the model say where on earth it stands?", run };

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    for model in facts.models {
        let Some(step) = model.step() else { continue };
        if step.ids_of_subtypes("IfcBuilding").is_empty() && step.ids_of_subtypes("IfcFacility").is_empty() {
            findings.not_applicable(rule, 1);
            continue;
        }
        let place = model.georeference.as_ref();
        let on_site = place.is_some_and(|g| g.latitude.is_some() && g.longitude.is_some());
        // IFC2X3 has no coordinate systems but by agreed property sets
        let old = step.schema().name == "IFC2X3";
        let mapped = if old {
            place.is_some_and(|g| g.easting_m.is_some() && g.northing_m.is_some())
        } else {
            !step.ids_of_subtypes("IfcCoordinateReferenceSystem").is_empty()
        };
        if mapped || (old && on_site) {
            findings.passed(rule, 1);
            continue;
        }
        let case = if on_site { "rough" } else { "missing" };
        let finding =
            findings.say(rule, Verdict::Fail, "IfcSite", case, &[("file", Text::same(&model.file))]);
        finding.mark = Some(model.file.clone());
    }
}
