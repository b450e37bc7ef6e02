//! Structure and envelope say what they are made of: by themselves or by their type.

use super::{Check, Facts, Findings, Rule, elements_of};
use crate::ifc::Model;

/// See the file's head.
pub(in crate::checks) const CHECK: Check =
    Check { name: "material", summary: "Does every element of structure and envelope have a material?", run };

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    for (reference, element) in elements_of(facts, rule) {
        let Some(step) = facts.models.get(reference.model as usize).and_then(Model::step) else { continue };
        let materials = step.links("IfcRelAssociatesMaterial", "RelatedObjects", "RelatingMaterial");
        let types = step.links("IfcRelDefinesByType", "RelatedObjects", "RelatingType");
        let parts = step.links("IfcRelAggregates", "RelatingObject", "RelatedObjects");
        let has = |id: u32| {
            materials.first(id).is_some() || types.first(id).is_some_and(|t| materials.first(t).is_some())
        };
        if has(element.step_id) || parts.of(element.step_id).any(has) {
            findings.passed(rule, 1);
        } else {
            findings.fail_element(facts, rule, reference, "missing", &[]);
        }
    }
}
