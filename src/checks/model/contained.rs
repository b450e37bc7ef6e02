//! Every element stands in the spatial structure: contained in it, part of something that is, or filling or voiding it.

use super::{Check, Facts, Findings, Rule, elements};
use crate::ifc::Model;

/// See the file's head.
pub(in crate::checks) const CHECK: Check = Check {
    name: "contained",
    summary: "Is every element contained in the spatial structure, or part of what is?",
    run,
};

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    for (reference, element) in elements(facts) {
        let Some(step) = facts.models.get(reference.model as usize).and_then(Model::step) else { continue };
        let belongs = [
            ("IfcRelContainedInSpatialStructure", "RelatedElements", "RelatingStructure"),
            ("IfcRelAggregates", "RelatedObjects", "RelatingObject"),
            ("IfcRelNests", "RelatedObjects", "RelatingObject"),
            ("IfcRelVoidsElement", "RelatedOpeningElement", "RelatingBuildingElement"),
            ("IfcRelProjectsElement", "RelatedFeatureElement", "RelatingElement"),
            ("IfcRelAdheresToElement", "RelatedSurfaceFeatures", "RelatingElement"),
            ("IfcRelFillsElement", "RelatedBuildingElement", "RelatingOpeningElement"),
            ("IfcRelConnectsPortToElement", "RelatingPort", "RelatedElement"),
        ];
        if belongs
            .iter()
            .any(|(relation, from, to)| step.links(relation, from, to).first(element.step_id).is_some())
        {
            findings.passed(rule, 1);
        } else {
            findings.fail_element(facts, rule, reference, "orphan", &[]);
        }
    }
}
