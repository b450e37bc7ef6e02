//! Rooms are large, high, wide and light enough for their use.

use super::{Check, Evidence, Facts, Findings, Kind, Rule, Text, fail, needs, use_of, width};
use crate::geom::Point2;
use crate::ifc::section::{RoomCut, StoreyPlan};

/// See the file's head. `ask = "area"`, `"height"`, `"width"` or `"window"`; `limits` by use.
pub(in crate::checks) const CHECK: Check =
    Check { name: "room_limit", summary: "Are rooms large, high, wide and light enough for their use?", run };

/// Windows are looked for this far from a room's outline, beyond their wall (metres).
const BESIDE: f64 = 0.35;

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let Some(limits) = rule.params.get("limits").and_then(|l| l.as_table()) else { return };
    if facts.storeys.iter().all(|s| s.rooms.is_empty()) {
        needs(rule, "needs-rooms", findings);
        return;
    }
    let building = facts.manifest.and_then(|m| m.building.r#use.as_deref());
    let only = rule.names("only_in");
    if !only.is_empty() && !building.is_some_and(|b| only.contains(&b)) {
        if building.is_none() {
            needs(rule, "needs-use", findings);
        } else {
            findings.not_applicable(rule, 1);
        }
        return;
    }
    for storey in facts.storeys {
        for room in &storey.rooms {
            // nobody stands in the void under a roof
            if use_of(room) == "void" {
                findings.not_applicable(rule, 1);
                continue;
            }
            let limit = limits.get(use_of(room)).or_else(|| limits.get("otherwise"));
            let Some(limit) = limit.and_then(|v| v.as_float().or(v.as_integer().map(|i| i as f64))) else {
                findings.not_applicable(rule, 1);
                continue;
            };
            one(facts, rule, storey, room, limit, findings);
        }
    }
}

fn one(
    facts: &Facts<'_>,
    rule: &Rule,
    storey: &StoreyPlan,
    room: &RoomCut,
    limit: f64,
    findings: &mut Findings,
) {
    let (measured, unit) = match rule.params.get("ask").and_then(|a| a.as_str()) {
        Some("height") => {
            let extent = facts.shapes.and_then(|s| s.extent(room.element)).filter(|e| !e.is_empty());
            let Some(extent) = extent else {
                findings.not_applicable(rule, 1);
                return;
            };
            (extent.max.z - extent.min.z, "m")
        }
        Some("width") => {
            // rooms that branch have no one width
            let [polygon] = &room.outline[..] else {
                findings.not_applicable(rule, 1);
                return;
            };
            (width(polygon), "m")
        }
        Some("window") => (windows(storey, room) / room.area_m2.max(1e-6), "1"),
        _ => (room.area_m2, "m2"),
    };
    // to a centimetre: drawn sizes are rounded
    if measured + 0.005 >= limit {
        findings.passed(rule, 1);
        return;
    }
    let name = [&room.number, &room.name].into_iter().flatten().cloned().collect::<Vec<_>>().join(" ");
    let more = [("room", Text::same(name))];
    if let Some(finding) =
        fail(facts, rule, room.element, "low", &Evidence { measured, limit, unit }, &more, findings)
    {
        finding.point_m = Some(room.label_point.at(storey.elevation_m).into());
    }
}

/// Area of the windows that open into a room, m².
fn windows(storey: &StoreyPlan, room: &RoomCut) -> f64 {
    let inside = |p: Point2| room.outline.iter().any(|q| q.contains(p));
    let own = storey.openings.iter().filter(|o| o.kind == Kind::Window).filter(|o| {
        let across = Point2::new(-o.along.y, o.along.x) * (o.depth_m.max(0.0) / 2.0 + BESIDE);
        inside(o.centre + across) || inside(o.centre - across)
    });
    own.map(|o| o.overall_width_m.unwrap_or(o.width_m) * o.height_m.unwrap_or(0.0)).sum()
}
