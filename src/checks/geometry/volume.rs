//! Bodies have a volume, and quantities say what the bodies are.

use super::{Check, Facts, Findings, Kind, Rule, Text, Value, boxed};
use crate::ifc::Model;

/// See the file's head. `ask = "empty"` or `"quantity"`.
pub(in crate::checks) const CHECK: Check =
    Check { name: "volume", summary: "Have bodies a volume, and do quantities say it?", run };

/// Less is nothing, m³: a cube of a centimetre.
const NOTHING: f64 = 1e-6;

/// Quantities of net volume, and of gross volume for elements without openings.
const NET: &str = "NetVolume";
const GROSS: &str = "GrossVolume";

fn solid(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Wall | Kind::Column | Kind::Beam | Kind::Slab | Kind::Foundation | Kind::Door | Kind::Window
    )
}

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    if rule.params.get("ask").and_then(|a| a.as_str()) == Some("quantity") {
        quantities(facts, rule, findings);
        return;
    }
    let Some(shapes) = facts.shapes else { return };
    for b in boxed(facts, shapes, |e| solid(e.kind)) {
        match shapes.measures(b.at) {
            Some(m) if m.closed && m.volume_m3.abs() < NOTHING => {
                findings.fail_element(facts, rule, b.at, "empty", &[]);
            }
            Some(m) if m.closed => findings.passed(rule, 1),
            _ => findings.not_applicable(rule, 1),
        }
    }
}

/// The volume that an element's quantities state, with the name of the quantity. Gross volume counts where nothing is cut
/// out of it.
fn stated(model: &Model, step_id: u32, whole: bool) -> Option<(f64, &'static str)> {
    let step = model.step()?;
    let sets = model.property_sets(step_id);
    let quantities = sets.iter().filter(|s| s.class == "IfcElementQuantity");
    let of = |name: &str| {
        let mut all = quantities.clone().flat_map(|s| &s.properties).filter(|p| p.name == name);
        all.find_map(|p| p.si(step, &model.units))
    };
    of(NET).map(|v| (v, NET)).or_else(|| of(GROSS).filter(|_| whole).map(|v| (v, GROSS)))
}

/// Something is cut off the body: its gross volume is that of the whole, which nobody can measure any more.
fn clipped(model: &Model, step_id: u32) -> bool {
    let shape = model.step().and_then(|s| s.record(step_id)).and_then(|r| r.follow("Representation"));
    shape.is_some_and(|s| {
        s.follow_all("Representations").any(|r| {
            let kind = r.attribute("RepresentationType").text().unwrap_or_default();
            ["Clipping", "CSG"].contains(&kind.as_str())
        })
    })
}

/// What is stated is the body's volume in another unit than the file declares: a power of a thousand off.
fn of_another_unit(stated: f64, measured: f64) -> bool {
    let times = (stated / measured).abs().log10() / 3.0;
    times.is_finite() && times.round() != 0.0 && (times - times.round()).abs() < UNIT
}

/// How near the logarithm of a ratio must come to a power of a thousand: two per cent.
const UNIT: f64 = 0.003;

fn quantities(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let Some(shapes) = facts.shapes else { return };
    let share = rule.number("share").unwrap_or(0.01);
    let least = rule.number("least_m3").unwrap_or(0.01);
    for b in boxed(facts, shapes, |e| solid(e.kind) && !matches!(e.kind, Kind::Door | Kind::Window)) {
        let Some(model) = facts.models.get(b.at.model as usize) else { continue };
        let Some((stated, quantity)) = stated(model, b.element.step_id, b.element.openings.is_empty()) else {
            findings.not_applicable(rule, 1);
            continue;
        };
        let Some(m) = shapes.measures(b.at).filter(|m| m.closed && m.told.is_empty()) else {
            findings.not_applicable(rule, 1);
            continue;
        };
        let cut = quantity == GROSS && stated > m.volume_m3 && clipped(model, b.element.step_id);
        if cut && !of_another_unit(stated, m.volume_m3) {
            findings.not_applicable(rule, 1);
            continue;
        }
        let off = (stated - m.volume_m3).abs();
        if off <= least.max(share * m.volume_m3.abs()) {
            findings.passed(rule, 1);
            continue;
        }
        let values = [
            ("quantity", Text::same(quantity)),
            ("stated", Text::same(format!("{stated:.3}"))),
            ("measured", Text::same(format!("{:.3}", m.volume_m3))),
        ];
        let case = if of_another_unit(stated, m.volume_m3) { "unit" } else { "differs" };
        if let Some(finding) = findings.fail_element(facts, rule, b.at, case, &values) {
            finding.measured = Some(Value::Number(m.volume_m3));
            finding.expected = Some(Value::Number(stated));
            finding.unit = Some("m3".into());
        }
    }
}
