//! PredefinedType says what an element is; USERDEFINED needs the words in ObjectType (or ElementType of the type).

use super::{Check, Facts, Findings, Rule, elements};
use crate::ifc::Model;
use crate::ifc::model::Element;
use crate::ifc::step::StepFile;

/// See the file's head.
pub(in crate::checks) const CHECK: Check = Check {
    name: "predefined_type",
    summary: "Where PredefinedType is USERDEFINED, is the type said in words?",
    run,
};

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    for (reference, element) in elements(facts) {
        let Some(step) = facts.models.get(reference.model as usize).and_then(Model::step) else { continue };
        match element.predefined_type.as_deref() {
            None => findings.not_applicable(rule, 1),
            Some(t) if t.eq_ignore_ascii_case("USERDEFINED") && !said(element, step) => {
                findings.fail_element(facts, rule, reference, "unsaid", &[]);
            }
            Some(_) => findings.passed(rule, 1),
        }
    }
}

/// ObjectType of the element, or ElementType of its type, is filled in.
fn said(element: &Element, step: &StepFile) -> bool {
    let filled = |t: Option<String>| t.is_some_and(|t| !t.trim().is_empty());
    let of_type = || {
        let kind = step.links("IfcRelDefinesByType", "RelatedObjects", "RelatingType").first(element.step_id);
        kind.and_then(|id| step.record(id)).and_then(|t| t.attribute("ElementType").text())
    };
    filled(element.object_type.clone()) || filled(of_type())
}
