//! Slabs: the thickness that a text states at its place, and openings, drawn and modelled.
//!
//! A slab is that of the floor: its top within reach of the storey's elevation. On plans of structure h= states a thickness;
//! elsewhere it is the height of a sill, and is left alone.

use super::comparison::{At, laid, lines_within, mm, mm_value, tell};
use super::{Check, Findings};
use crate::drawing::plans::{DrawnText, Plan};
use crate::facts::Facts;
use crate::finding::{Side, Value, Verdict};
use crate::geom::{Affine2, Box2, Point2, Polygon, ring_area};
use crate::ifc::model::Kind;
use crate::ifc::section::{OutlineCut, StoreyPlan};
use crate::matching::PlanMatches;
use crate::rulebook::Rule;
use crate::wording::Text;

/// The check.
pub(super) const CHECK: Check =
    Check { name: "slab", summary: "Do slabs have the thickness and the openings that the plan shows?", run };

/// The top of a floor's slab lies so far below or above its elevation (metres; finishes and sunk floors).
const TOP_M: (f64, f64) = (-0.6, 0.1);
/// A drawn opening this sure can be missing in the model.
const SURE: f64 = 0.7;
/// An opening is the same one within this (metres).
const NEAR_M: f64 = 0.3;
/// Fewer lines than this around a modelled hole do not draw it.
const FEW_LINES: usize = 2;

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let openings = rule.params.get("what").and_then(|v| v.as_str()) == Some("opening");
    for (m, plan, storey, to_world) in laid(facts) {
        let slabs = floor(facts, m.storey);
        if slabs.is_empty() || !facts.scope.has_class("slab") {
            findings.not_applicable(rule, 1);
        } else if openings {
            drawn_openings(facts, rule, findings, m, plan, &to_world, &slabs);
            modelled_openings(facts, rule, findings, (m, plan, storey), &to_world, &slabs);
        } else {
            thickness(facts, rule, findings, m, plan, &to_world, &slabs);
        }
    }
}

/// Slabs of a storey's floor, each once; the storey below holds those that are contained there.
fn floor<'a>(facts: &Facts<'a>, storey: usize) -> Vec<&'a OutlineCut> {
    let Some(z) = facts.storeys.get(storey).map(|s| s.elevation_m) else { return Vec::new() };
    let mut out: Vec<&OutlineCut> = Vec::new();
    for near in [storey.wrapping_sub(1), storey].iter().filter_map(|&i| facts.storeys.get(i)) {
        for o in near.others.iter().filter(|o| o.kind == Kind::Slab && !o.outline.is_empty()) {
            if (TOP_M.0..=TOP_M.1).contains(&(o.z_m.1 - z)) && !out.iter().any(|x| x.element == o.element) {
                out.push(o);
            }
        }
    }
    out
}

fn covers(slab: &OutlineCut, p: Point2) -> bool {
    slab.outline.iter().any(|o| o.contains(p))
}

/// `h=120`, `LB3 h=150`, `板厚 120`: millimetres. Notes that speak for all slabs are none.
fn stated_mm(text: &str, range: (f64, f64)) -> Option<f64> {
    let plain: String = text
        .chars()
        .map(|c| match u32::from(c) {
            x @ 0xFF01..=0xFF5E => char::from_u32(x - 0xFEE0).unwrap_or(c),
            _ => c,
        })
        .filter(|c| !c.is_whitespace())
        .collect::<String>()
        .to_lowercase();
    if plain.chars().count() > 16 || plain.contains("未注明") {
        return None;
    }
    let rest = ["板厚=", "板厚:", "板厚", "h=", "t="].iter().find_map(|k| {
        let at = plain.find(k)?;
        // the letter stands alone, or after a slab's name and number
        let before = plain.get(..at)?;
        let alone =
            before.is_empty() || before.ends_with(|c: char| c.is_ascii_digit() || c == ',' || c == ')');
        alone.then(|| plain.get(at + k.len()..)).flatten()
    })?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let after = rest.get(digits.len()..)?;
    let value: f64 = digits.parse().ok()?;
    let whole = after.is_empty() || after.starts_with("mm") || after.starts_with(['(', ',', ';']);
    (whole && (range.0..=range.1).contains(&value)).then_some(value)
}

fn pair(rule: &Rule, name: &str, or: (f64, f64)) -> (f64, f64) {
    let numbers: Vec<f64> = match rule.params.get(name) {
        #[allow(clippy::cast_precision_loss)]
        Some(toml::Value::Array(list)) => {
            list.iter().filter_map(|v| v.as_float().or_else(|| v.as_integer().map(|i| i as f64))).collect()
        }
        _ => Vec::new(),
    };
    match numbers[..] {
        [a, b] => (a, b),
        _ => or,
    }
}

fn thickness(
    facts: &Facts<'_>,
    rule: &Rule,
    findings: &mut Findings,
    m: &PlanMatches,
    plan: &Plan,
    to_world: &Affine2,
    slabs: &[&OutlineCut],
) {
    let limit = rule.number("limit_mm").unwrap_or(1.5) / 1000.0;
    let range = pair(rule, "range_mm", (60.0, 800.0));
    let title = plan.title.as_deref().unwrap_or_default().to_uppercase();
    let named = match rule.params.get("titles") {
        Some(toml::Value::Array(list)) => list.iter().filter_map(|v| v.as_str()).any(|w| title.contains(w)),
        _ => false,
    };
    if !named && plan.beams.is_empty() {
        findings.not_applicable(rule, 1);
        return;
    }
    let texts: Vec<(&DrawnText, f64)> =
        plan.raw.texts.iter().filter_map(|t| Some((t, stated_mm(&t.text, range)? / 1000.0))).collect();
    for (text, stated) in texts {
        let at = to_world.apply(text.at);
        let over: Vec<&&OutlineCut> = slabs.iter().filter(|s| covers(s, at)).collect();
        let thicknesses: Vec<f64> = over.iter().flat_map(|s| own_thicknesses(facts, s)).collect();
        if over.is_empty() {
            findings.not_applicable(rule, 1);
            continue;
        }
        if thicknesses.iter().any(|t| (t - stated).abs() <= limit) {
            findings.passed(rule, 1);
            continue;
        }
        let shown: Vec<String> = over.iter().map(|s| mm(s.z_m.1 - s.z_m.0).en).collect();
        let one = over.len() == 1;
        let place = At {
            plan: m.plan,
            storey: Some(m.storey),
            point: Some(at),
            marks: &[text.mark],
            element: over.first().map(|s| s.element),
        };
        let values = [("measured", mm(stated)), ("expected", Text::same(shown.join(" / ")))];
        let (verdict, case) =
            if one { (Verdict::Fail, "differs") } else { (Verdict::Undecided, "undecided") };
        let finding = tell(facts, findings, rule, "IfcSlab", (verdict, Side::Differs, case), &place, &values);
        finding.measured = Some(Value::Number(mm_value(stated)));
        finding.expected = over.first().map(|s| Value::Number(mm_value(s.z_m.1 - s.z_m.0)));
        finding.limit = Some(limit * 1000.0);
        finding.unit = Some("mm".into());
        finding.confidence = if one { 0.85 } else { 0.5 };
    }
}

/// The whole slab, and each layer of it: a text states the structural one.
fn own_thicknesses(facts: &Facts<'_>, slab: &OutlineCut) -> Vec<f64> {
    let e = facts.models.get(slab.element.model as usize).and_then(|m| m.element(slab.element.index));
    let mut out = vec![slab.z_m.1 - slab.z_m.0];
    out.extend(e.iter().flat_map(|e| e.layers_m.iter().copied()));
    out
}

fn size(bounds: &Box2) -> Text {
    Text::same(format!("{:.0}×{:.0}", bounds.width() * 1000.0, bounds.height() * 1000.0))
}

fn drawn_openings(
    facts: &Facts<'_>,
    rule: &Rule,
    findings: &mut Findings,
    m: &PlanMatches,
    plan: &Plan,
    to_world: &Affine2,
    slabs: &[&OutlineCut],
) {
    let range = pair(rule, "range_m2", (0.04, 30.0));
    // a model that cuts no openings at all leaves them to structure
    let cuts = slabs.iter().any(|s| s.outline.iter().any(|o| !o.holes.is_empty()));
    for opening in &plan.slab_openings {
        let ring: Vec<Point2> = opening.outline.iter().map(|&p| to_world.apply(p)).collect();
        let at = to_world.apply(opening.centre);
        let area = ring_area(&ring).abs();
        let solid = slabs.iter().any(|s| covers(s, at));
        if !solid {
            // in a hole, or beside every slab
            findings.passed(rule, 1);
        } else if !cuts || opening.evidence.confidence < SURE || area < range.0 || area > range.1 {
            findings.not_applicable(rule, 1);
        } else {
            let place = At {
                plan: m.plan,
                storey: Some(m.storey),
                point: Some(at),
                marks: &opening.evidence.marks,
                element: slabs.iter().find(|s| covers(s, at)).map(|s| s.element),
            };
            let values = [("size", size(&Box2::around(ring)))];
            let verdict = (Verdict::Fail, Side::MissingInModel, "missing-in-model");
            let finding = tell(facts, findings, rule, "IfcSlab", verdict, &place, &values);
            finding.confidence = opening.evidence.confidence.min(0.85);
        }
    }
}

fn modelled_openings(
    facts: &Facts<'_>,
    rule: &Rule,
    findings: &mut Findings,
    (m, plan, storey): (&PlanMatches, &Plan, &StoreyPlan),
    to_world: &Affine2,
    slabs: &[&OutlineCut],
) {
    let range = pair(rule, "range_m2", (0.04, 30.0));
    // a plan that draws no opening at all does not mean to
    let draws = !plan.slab_openings.is_empty();
    let extent =
        Box2::around(plan.walls.iter().flat_map(|w| [to_world.apply(w.line.a), to_world.apply(w.line.b)]));
    for slab in slabs {
        for hole in slab.outline.iter().flat_map(|o| &o.holes) {
            let (bounds, area) = (Box2::around(hole.iter().copied()), ring_area(hole).abs());
            let at = Polygon::new(hole.clone()).centroid();
            let other = slabs.iter().any(|s| covers(s, at)) || explained(storey, &bounds);
            let drawn = plan
                .slab_openings
                .iter()
                .map(|o| to_world.apply(o.centre))
                .any(|p| bounds.grown(NEAR_M).contains(p));
            if drawn {
                findings.passed(rule, 1);
            } else if !draws
                || other
                || area < range.0
                || area > range.1
                || !extent.contains_box(&bounds)
                || lines_within(plan, to_world, &bounds.grown(0.05)) > FEW_LINES
            {
                findings.not_applicable(rule, 1);
            } else {
                let place = At {
                    plan: m.plan,
                    storey: Some(m.storey),
                    point: Some(at),
                    marks: &[],
                    element: Some(slab.element),
                };
                let verdict = (Verdict::Fail, Side::MissingInDrawing, "missing-in-drawing");
                let values = [("size", size(&bounds))];
                tell(facts, findings, rule, "IfcSlab", verdict, &place, &values).confidence = 0.8;
            }
        }
    }
}

/// A stair, a lift, a column or a wall stands in the hole.
fn explained(storey: &StoreyPlan, hole: &Box2) -> bool {
    let bounds = |o: &OutlineCut| Box2::around(o.outline.iter().flat_map(|p| p.outer.iter().copied()));
    let kinds = [Kind::Stair, Kind::StairFlight, Kind::Ramp, Kind::Transport, Kind::Railing];
    storey.others.iter().any(|o| kinds.contains(&o.kind) && bounds(o).intersects(hole))
        || storey.columns.iter().any(|c| hole.contains(c.centre))
        || storey.walls.iter().any(|w| w.runs.iter().any(|r| hole.contains(r.line.middle())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_state_a_thickness() {
        for (text, want) in [
            ("h=120", Some(120.0)),
            ("H = 150", Some(150.0)),
            ("LB3 h=180", Some(180.0)),
            ("板厚120", Some(120.0)),
            ("h=100mm", Some(100.0)),
            ("h=3.000", None),
            ("h=2100", None),
            ("未注明板厚 h=120", None),
            ("ph=120", None),
            ("h=", None),
        ] {
            assert_eq!(stated_mm(text, (60.0, 800.0)), want, "{text}");
        }
    }
}
