//! An element is contained in one place only, and a part has one whole (IFC: "an element is contained in one spatial
//! structure only").

use super::{Check, Facts, Findings, Rule, Text, elements};
use crate::ifc::Model;

/// See the file's head.
pub(in crate::checks) const CHECK: Check =
    Check { name: "one_parent", summary: "Is every element contained in one place only?", run };

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    for (reference, element) in elements(facts) {
        let Some(step) = facts.models.get(reference.model as usize).and_then(Model::step) else { continue };
        let containers =
            step.links("IfcRelContainedInSpatialStructure", "RelatedElements", "RelatingStructure");
        let mut parents: Vec<u32> = containers.of(element.step_id).collect();
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
