//! Rooms do not overlap, are bounded by something, and with walls fill their storey; floors lie under them.

use super::wall_end::to_ring;
use super::{Check, Facts, Findings, Kind, Rule, Text, Value, Verdict};
use crate::geom::{Box2, BoxIndex, Point2, Polygon, Region, difference, intersection, union};
use crate::ifc::section::{RoomCut, StoreyPlan};

/// See the file's head. `ask = "overlap"`, `"unbounded"`, `"coverage"` or `"floor"`.
pub(in crate::checks) const CHECK: Check = Check {
    name: "room_space",
    summary: "Do rooms not overlap, are they bounded, do they fill their storey?",
    run,
};

/// Step along the boundary of a room (metres).
const STEP: f64 = 0.25;

/// A boundary this near to a wall or another room is bounded: half of a thick wall, for rooms drawn to its axis.
const REACH: f64 = 0.35;

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let ask = match rule.params.get("ask").and_then(|a| a.as_str()) {
        Some("unbounded") => unbounded,
        Some("coverage") => coverage,
        Some("floor") => floor,
        _ => overlapping,
    };
    for (at, storey) in facts.storeys.iter().enumerate() {
        if storey.rooms.is_empty() {
            findings.not_applicable(rule, 1);
        } else {
            ask(facts, rule, at, storey, findings);
        }
    }
}

fn area(region: &[Polygon]) -> f64 {
    region.iter().map(Polygon::area).sum()
}

fn bounds(region: &[Polygon]) -> Box2 {
    let mut b = Box2::EMPTY;
    region.iter().for_each(|p| b.merge(&p.bounds()));
    b
}

fn overlapping(facts: &Facts<'_>, rule: &Rule, _: usize, storey: &StoreyPlan, findings: &mut Findings) {
    let Some(shapes) = facts.shapes else { return };
    let least = rule.number("least_m2").unwrap_or(0.05);
    let width = super::metres(rule, "width_mm", 20.0);
    let index = BoxIndex::new(storey.rooms.iter().map(|r| bounds(&r.outline)).collect());
    for (i, room) in storey.rooms.iter().enumerate() {
        let mut clean = true;
        for j in index.touching(&bounds(&room.outline)).into_iter().filter(|&j| j > i) {
            let Some(other) = storey.rooms.get(j) else { continue };
            let apart = match (shapes.extent(room.element), shapes.extent(other.element)) {
                (Some(a), Some(b)) => a.max.z.min(b.max.z) - a.min.z.max(b.min.z) < 0.1,
                _ => true,
            };
            if apart || nested(facts, room, other) {
                continue;
            }
            let common: Region = intersection(&room.outline, &other.outline)
                .into_iter()
                .filter(|p| 2.0 * p.area() / p.perimeter().max(1e-9) > width)
                .collect();
            let both = area(&common);
            if both <= least {
                continue;
            }
            clean = false;
            let name = facts.element_name(other.element);
            let values = [("other", Text::same(label(other))), ("area", Text::same(format!("{both:.2}")))];
            if let Some(finding) = findings.fail_element(facts, rule, room.element, "overlap", &values) {
                finding.elements.extend(name);
                finding.measured = Some(Value::Number(both));
                finding.limit = Some(least);
                finding.unit = Some("m2".into());
                finding.point_m = common.first().map(|p| p.centroid().at(storey.elevation_m).into());
            }
        }
        if clean {
            findings.passed(rule, 1);
        }
    }
}

/// One is part of the other (a flat and its rooms).
fn nested(facts: &Facts<'_>, a: &RoomCut, b: &RoomCut) -> bool {
    let Some(model) = facts.models.get(a.element.model as usize) else { return false };
    let part = |of: &RoomCut, whole: &RoomCut| {
        of.element.model == whole.element.model
            && model.element(of.element.index).is_some_and(|e| e.whole == Some(whole.element.index))
    };
    // the rooms of a flat that is modelled beside them
    let share = area(&intersection(&a.outline, &b.outline)) / a.area_m2.min(b.area_m2).max(1e-6);
    part(a, b) || part(b, a) || (share > 0.98 && a.area_m2.max(b.area_m2) > 1.5 * a.area_m2.min(b.area_m2))
}

fn label(room: &RoomCut) -> String {
    [&room.number, &room.name].into_iter().flatten().cloned().collect::<Vec<_>>().join(" ")
}

fn unbounded(facts: &Facts<'_>, rule: &Rule, _: usize, storey: &StoreyPlan, findings: &mut Findings) {
    if storey.walls.is_empty() {
        findings.not_applicable(rule, storey.rooms.len() as u64);
        return;
    }
    let limit = rule.number("share").unwrap_or(0.5);
    let mut edges: Vec<&Region> = storey.walls.iter().map(|w| &w.solid).collect();
    edges.extend(storey.columns.iter().map(|c| &c.outline));
    let shown = |k: Kind| {
        matches!(k, Kind::Plate | Kind::Member | Kind::Railing | Kind::Proxy | Kind::Other | Kind::Stair)
    };
    edges.extend(storey.others.iter().filter(|o| shown(o.kind)).map(|o| &o.outline));
    let own = edges.len();
    edges.extend(storey.rooms.iter().map(|r| &r.outline));
    let index = BoxIndex::new(edges.iter().map(|e| bounds(e)).collect());
    for (at, room) in storey.rooms.iter().enumerate() {
        let (mut all, mut bounded) = (0u32, 0u32);
        for p in room.outline.iter().flat_map(|p| along(&p.outer)) {
            all += 1;
            let near = index.touching(&Box2::of(p, p).grown(REACH)).into_iter().filter(|&e| e != own + at);
            let touches = |e: usize| {
                edges.get(e).is_some_and(|region| {
                    region.iter().any(|q| q.contains(p) || q.rings().any(|r| to_ring(r, p) <= REACH))
                })
            };
            bounded += u32::from(near.into_iter().any(touches));
        }
        let share = if all == 0 { 1.0 } else { f64::from(bounded) / f64::from(all) };
        if share >= limit {
            findings.passed(rule, 1);
            continue;
        }
        let values = [("share", Text::same(format!("{:.0}", share * 100.0)))];
        if let Some(finding) = findings.fail_element(facts, rule, room.element, "unbounded", &values) {
            finding.measured = Some(Value::Number(share));
            finding.limit = Some(limit);
            finding.point_m = Some(room.label_point.at(storey.elevation_m).into());
        }
    }
}

/// Points along a ring, a step apart.
fn along(ring: &[Point2]) -> Vec<Point2> {
    let mut out = Vec::new();
    for (&a, &b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
        let steps = ((b - a).length() / STEP).ceil().clamp(1.0, 10_000.0);
        for k in 0..steps as u32 {
            out.push(a + (b - a) * ((f64::from(k) + 0.5) / steps));
        }
    }
    out
}

/// What the outlines of rooms and walls surround, holes that are no rooms included.
fn gross(storey: &StoreyPlan) -> Region {
    let mut all: Region = storey.rooms.iter().flat_map(|r| r.outline.clone()).collect();
    all.extend(storey.walls.iter().flat_map(|w| w.solid.clone()));
    all.extend(storey.columns.iter().flat_map(|c| c.outline.clone()));
    union(&all)
}

fn coverage(facts: &Facts<'_>, rule: &Rule, at: usize, storey: &StoreyPlan, findings: &mut Findings) {
    if storey.walls.is_empty() {
        findings.not_applicable(rule, 1);
        return;
    }
    let covered = gross(storey);
    // a hole in what is covered is a place without a room
    let whole: Region = covered.iter().map(|p| Polygon::new(p.outer.clone())).collect();
    let (all, has) = (area(&union(&whole)), area(&covered));
    let share = if all > 0.0 { 1.0 - has / all } else { 0.0 };
    say_area(facts, rule, at, ("gaps", share, all - has), storey, findings);
}

/// Rooms under which no slab lies.
fn floor(facts: &Facts<'_>, rule: &Rule, at: usize, storey: &StoreyPlan, findings: &mut Findings) {
    let slab = |k: Kind| {
        matches!(
            k,
            Kind::Slab | Kind::Foundation | Kind::Stair | Kind::StairFlight | Kind::Ramp | Kind::Covering
        )
    };
    let slabs: Region =
        storey.others.iter().filter(|o| slab(o.kind)).flat_map(|o| o.outline.clone()).collect();
    if slabs.is_empty() {
        findings.not_applicable(rule, 1);
        return;
    }
    let rooms: Region = union(&storey.rooms.iter().flat_map(|r| r.outline.clone()).collect::<Vec<_>>());
    let bare = area(&difference(&rooms, &union(&slabs)));
    say_area(facts, rule, at, ("bare", bare / area(&rooms).max(1e-6), bare), storey, findings);
}

fn say_area(
    facts: &Facts<'_>,
    rule: &Rule,
    at: usize,
    (case, share, missing): (&str, f64, f64),
    storey: &StoreyPlan,
    findings: &mut Findings,
) {
    let limit = rule.number("share").unwrap_or(0.1);
    if share <= limit {
        findings.passed(rule, 1);
        return;
    }
    let name = facts.storey_name(at);
    let shown = name.as_ref().map(|n| n.name.clone()).unwrap_or_default();
    let values = [
        ("storey", Text::same(shown)),
        ("share", Text::same(format!("{:.0}", share * 100.0))),
        ("area", Text::same(format!("{missing:.1}"))),
    ];
    let finding = findings.say(rule, Verdict::Fail, "IfcBuildingStorey", case, &values);
    finding.storey = name;
    finding.measured = Some(Value::Number(share));
    finding.limit = Some(limit);
    finding.point_m = Some(storey.bounds.centre().at(storey.elevation_m).into());
}
