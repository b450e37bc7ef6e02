//! Significant elements are occurrences of a type, so that what is the same is said once.

use super::{Check, Facts, Findings, Rule, elements_of};
use crate::ifc::Model;

/// See the file's head.
pub(in crate::checks) const CHECK: Check =
    Check { name: "typed", summary: "Does every significant element have a type object?", run };

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    for (reference, element) in elements_of(facts, rule) {
        let Some(step) = facts.models.get(reference.model as usize).and_then(Model::step) else { continue };
        if step
            .links("IfcRelDefinesByType", "RelatedObjects", "RelatingType")
            .first(element.step_id)
            .is_some()
        {
            findings.passed(rule, 1);
        } else {
            findings.fail_element(facts, rule, reference, "missing", &[]);
        }
    }
}
