//! What the form declares of the building is what the model has: storeys, areas, height, class.

use super::{Check, Evidence, Facts, Findings, Rule, Text, fail_storey, needs};
use crate::geom::{Polygon, union};
use crate::ifc::section::StoreyPlan;

/// See the file's head. `ask = "storeys"`, `"area"` or `"height"`.
pub(in crate::checks) const CHECK: Check =
    Check { name: "declared", summary: "Are storeys, areas and height those that the form declares?", run };

/// A storey begins this far under ground or deeper (metres).
const BELOW: f64 = -0.9;

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let Some(form) = facts.manifest else {
        findings.not_applicable(rule, 1);
        return;
    };
    match rule.params.get("ask").and_then(|a| a.as_str()) {
        Some("area") => {
            let area = |keep: fn(&StoreyPlan) -> bool| -> f64 {
                facts.storeys.iter().filter(|s| keep(s)).map(gross).sum()
            };
            let share = rule.number("share").unwrap_or(0.01);
            let asked = [
                ("area", form.building.area_m2, area(|_| true)),
                ("area-above", form.building.area_above_m2, area(|s| s.elevation_m > BELOW)),
                ("area-below", form.building.area_below_m2, area(|s| s.elevation_m <= BELOW)),
            ];
            compare(rule, &asked, "m2", |declared| (share * declared).max(0.1), findings);
        }
        Some("height") => {
            let top = facts.shapes.and_then(|shapes| {
                let roofs = super::super::geometry::top(facts, shapes);
                roofs.is_finite().then_some(roofs)
            });
            let Some(top) = top else {
                needs(rule, "needs-bodies", findings);
                return;
            };
            let ground = facts
                .storeys
                .iter()
                .map(|s| s.elevation_m)
                .filter(|e| *e > BELOW)
                .fold(f64::INFINITY, f64::min);
            let height = top - if ground.is_finite() { ground } else { 0.0 };
            let slack = rule.number("slack_m").unwrap_or(3.0);
            compare(rule, &[("height", form.building.height_m, height)], "m", |_| slack, findings);
            class(facts, rule, height, findings);
        }
        _ => {
            let habitable = |s: &&StoreyPlan| s.walls.iter().any(|w| w.own_storey) || !s.rooms.is_empty();
            #[allow(clippy::cast_precision_loss)]
            let count = |below: bool| {
                facts.storeys.iter().filter(habitable).filter(|s| (s.elevation_m <= BELOW) == below).count()
                    as f64
            };
            let asked = [
                ("storeys-above", form.building.storeys_above.map(f64::from), count(false)),
                ("storeys-below", form.building.storeys_below.map(f64::from), count(true)),
            ];
            compare(rule, &asked, "1", |_| 0.0, findings);
        }
    }
}

/// Gross area of a storey: what its walls, rooms and columns cover together, holes of rooms' shafts included.
fn gross(storey: &StoreyPlan) -> f64 {
    let mut all: Vec<Polygon> = storey.rooms.iter().flat_map(|r| r.outline.clone()).collect();
    all.extend(storey.walls.iter().filter(|w| w.own_storey).flat_map(|w| w.solid.clone()));
    all.extend(storey.columns.iter().flat_map(|c| c.outline.clone()));
    let whole: Vec<Polygon> = union(&all).into_iter().map(|p| Polygon::new(p.outer)).collect();
    union(&whole).iter().map(Polygon::area).sum()
}

fn compare(
    rule: &Rule,
    asked: &[(&str, Option<f64>, f64)],
    unit: &'static str,
    slack: impl Fn(f64) -> f64,
    findings: &mut Findings,
) {
    for (case, declared, measured) in asked {
        let Some(declared) = declared else {
            findings.not_applicable(rule, 1);
            continue;
        };
        if (measured - declared).abs() <= slack(*declared) {
            findings.passed(rule, 1);
            continue;
        }
        let evidence = Evidence { measured: *measured, limit: *declared, unit };
        fail_storey(rule, None, case, &evidence, &[], findings).mark = Some((*case).to_owned());
    }
}

/// The declared class goes with the height: `classes` gives the least and the greatest height of each.
fn class(facts: &Facts<'_>, rule: &Rule, height: f64, findings: &mut Findings) {
    let declared = facts.manifest.and_then(|m| m.building.class.as_deref());
    let bounds = declared.and_then(|c| rule.params.get("classes")?.get(c)?.as_array());
    let (Some(declared), Some(bounds)) = (declared, bounds) else {
        findings.not_applicable(rule, 1);
        return;
    };
    let number = |i: usize| bounds.get(i).and_then(|v| v.as_float().or(v.as_integer().map(|i| i as f64)));
    let (least, most) = (number(0).unwrap_or(0.0), number(1).unwrap_or(f64::MAX));
    if (least..=most).contains(&height) {
        findings.passed(rule, 1);
        return;
    }
    let evidence = Evidence { measured: height, limit: if height > most { most } else { least }, unit: "m" };
    let more = [("class", Text::same(declared))];
    fail_storey(rule, None, "class", &evidence, &more, findings).mark = Some("class".into());
}
