//! An element has one place: contained in one structure, or a part of one whole, or voiding one element, and not two of
//! these at once (IFC: "an element is contained in one spatial structure only"; buildingSMART, SPS003 and SPS005).

use super::{Check, Facts, Findings, Rule, Text, elements};
use crate::ifc::Model;

/// See the file's head.
pub(in crate::checks) const CHECK: Check =
    Check { name: "one_parent", summary: "Has every element one place only?", run };

/// The relations that give an element its place.
const PLACES: [(&str, &str, &str); 5] = [
    ("IfcRelContainedInSpatialStructure", "RelatedElements", "RelatingStructure"),
    ("IfcRelAggregates", "RelatedObjects", "RelatingObject"),
    ("IfcRelNests", "RelatedObjects", "RelatingObject"),
    ("IfcRelVoidsElement", "RelatedOpeningElement", "RelatingBuildingElement"),
    ("IfcRelAdheresToElement", "RelatedSurfaceFeatures", "RelatingElement"),
];

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    for (reference, element) in elements(facts) {
        let Some(step) = facts.models.get(reference.model as usize).and_then(Model::step) else { continue };
        let mut parents: Vec<u32> = Vec::new();
        for (relation, from, to) in PLACES {
            parents.extend(step.links(relation, from, to).of(element.step_id));
        }
        parents.sort_unstable();
        parents.dedup();
        if parents.len() < 2 {
            findings.passed(rule, 1);
            continue;
        }
        let named: Vec<String> = parents
            .iter()
            .filter_map(|&id| step.record(id))
            .map(|r| format!("{} {}", r.class(), r.attribute("Name").text().unwrap_or_default()))
            .collect();
        findings.fail_element(
            facts,
            rule,
            reference,
            "several",
            &[("parents", Text::same(named.join(", ")))],
        );
    }
}
