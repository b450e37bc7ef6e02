//! IfcDerivedProfileDef moves, turns and scales a profile; to mirror one there is IfcMirroredProfileDef, and a tapered
//! sweep may not mirror at all (IFC 4.3, IfcDerivedProfileDef; buildingSMART, SWE002).

use super::{Check, Facts, Findings, Rule, Text, Verdict};
use crate::ifc::step::Record;

/// See the file's head.
pub(in crate::checks) const CHECK: Check =
    Check { name: "mirrored_profile", summary: "Is no derived profile mirrored?", run };

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    for model in facts.models {
        let Some(step) = model.step() else { continue };
        let derived = step.ids_of("IfcDerivedProfileDef").iter().filter_map(|&id| step.record(id));
        let tapered = ["IfcExtrudedAreaSolidTapered", "IfcRevolvedAreaSolidTapered"]
            .into_iter()
            .flat_map(|c| step.records_of(c))
            .flat_map(|s| s.follow("SweptArea").into_iter().chain(s.follow("EndSweptArea")))
            .filter(|p| p.class() == "IfcMirroredProfileDef");
        let mut wrong: Vec<u32> = Vec::new();
        for profile in derived.chain(tapered) {
            if profile.class() == "IfcMirroredProfileDef" || mirrors(profile) {
                wrong.push(profile.id);
            } else {
                findings.passed(rule, 1);
            }
        }
        let Some(first) = wrong.first() else { continue };
        let values = [
            ("file", Text::same(&model.file)),
            ("count", Text::same(wrong.len().to_string())),
            ("id", Text::same(first.to_string())),
        ];
        let finding = findings.say(rule, Verdict::Fail, "IfcDerivedProfileDef", "mirrored", &values);
        finding.mark = Some(model.file.clone());
        findings.failed_too(rule, wrong.len() as u64 - 1);
    }
}

/// The operator's axes are left-handed.
fn mirrors(profile: Record<'_>) -> bool {
    let axis = |name: &str| -> Option<[f64; 2]> {
        let mut ratios = profile.follow("Operator")?.follow(name)?.attribute("DirectionRatios").reals();
        Some([ratios.next()?, ratios.next()?])
    };
    let x = axis("Axis1").unwrap_or([1.0, 0.0]);
    let y = axis("Axis2").unwrap_or([-x[1], x[0]]);
    x[0] * y[1] - x[1] * y[0] < 0.0
}
