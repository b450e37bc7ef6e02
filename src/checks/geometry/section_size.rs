//! What is declared of a cross-section is what the body has: layers add up to the wall's thickness, a column's profile is
//! its cut.

use super::{Check, Facts, Findings, Rule, Value, metres, mm};
use crate::ifc::Model;
use crate::ifc::section::{ColumnCut, Visibility, WallCut};
use std::collections::BTreeSet;

/// See the file's head. `ask = "layers"` or `"profile"`.
pub(in crate::checks) const CHECK: Check =
    Check { name: "section_size", summary: "Do layers and profiles say what bodies have?", run };

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let tolerance = metres(rule, "tolerance_mm", 2.0);
    let profiles = rule.params.get("ask").and_then(|a| a.as_str()) == Some("profile");
    let mut seen = BTreeSet::new();
    for storey in facts.storeys {
        if profiles {
            for column in storey.columns.iter().filter(|c| seen.insert(c.element)) {
                profile(facts, rule, column, tolerance, findings);
            }
            continue;
        }
        for wall in storey.walls.iter().filter(|w| w.visibility == Visibility::MustShow && w.own_storey) {
            if seen.insert(wall.element) {
                layers(facts, rule, wall, tolerance, findings);
            }
        }
    }
}

fn layers(facts: &Facts<'_>, rule: &Rule, wall: &WallCut, tolerance: f64, findings: &mut Findings) {
    let element = facts.models.get(wall.element.model as usize).and_then(|m| m.element(wall.element.index));
    let declared: f64 = element.map_or(0.0, |e| e.layers_m.iter().sum());
    let even = wall.runs.iter().all(|r| (r.thickness_m - wall.thickness_m).abs() <= tolerance);
    if declared <= 0.0 || wall.runs.is_empty() || !even {
        findings.not_applicable(rule, 1);
        return;
    }
    if (declared - wall.thickness_m).abs() <= tolerance {
        findings.passed(rule, 1);
        return;
    }
    let values = [("declared", mm(declared)), ("measured", mm(wall.thickness_m))];
    if let Some(finding) = findings.fail_element(facts, rule, wall.element, "differs", &values) {
        finding.measured = Some(Value::Number(wall.thickness_m * 1000.0));
        finding.expected = Some(Value::Number(declared * 1000.0));
        finding.limit = Some(tolerance * 1000.0);
        finding.unit = Some("mm".into());
    }
}

/// Sides of a profile, the longer first, metres.
fn sides(model: &Model, profile: u32) -> Option<(f64, f64)> {
    let record = model.step()?.record(profile)?;
    let metres =
        |name: &str| record.attribute(name).real().map(|x| x * model.units.length).filter(|x| *x > 0.0);
    let (a, b) = if let Some(radius) = metres("Radius") {
        (2.0 * radius, 2.0 * radius)
    } else if record.is_a("IfcRectangleProfileDef") {
        (metres("XDim")?, metres("YDim")?)
    } else {
        (metres("OverallWidth")?, metres("OverallDepth")?)
    };
    Some((a.max(b), a.min(b)))
}

fn profile(facts: &Facts<'_>, rule: &Rule, column: &ColumnCut, tolerance: f64, findings: &mut Findings) {
    let declared = facts.models.get(column.element.model as usize).and_then(|model| {
        let element = model.element(column.element.index)?;
        let material = model.material(element.step_id)?;
        sides(model, material.parts.iter().find_map(|p| p.profile)?)
    });
    let Some((long, short)) = declared else {
        findings.not_applicable(rule, 1);
        return;
    };
    let (width, depth) = (column.width_m.max(column.depth_m), column.width_m.min(column.depth_m));
    if (long - width).abs() <= tolerance && (short - depth).abs() <= tolerance {
        findings.passed(rule, 1);
        return;
    }
    let text = |a: f64, b: f64| crate::wording::Text::same(format!("{:.0} × {:.0}", a * 1000.0, b * 1000.0));
    let values = [("declared", text(long, short)), ("measured", text(width, depth))];
    if let Some(finding) = findings.fail_element(facts, rule, column.element, "differs", &values) {
        finding.measured = Some(Value::Number(width * 1000.0));
        finding.expected = Some(Value::Number(long * 1000.0));
        finding.unit = Some("mm".into());
    }
}
