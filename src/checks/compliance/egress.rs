//! Ways out: how many, how wide, how far, and whether doors open with those who leave.

use super::walk::{Walk, exits};
use super::{
    Check, Evidence, Facts, Findings, Kind, Passage, Rule, Text, fail, fail_storey, limit_by_use, needs,
    passages, use_of,
};
use crate::geom::Point2;
use crate::ifc::section::StoreyPlan;

/// See the file's head. `ask = "count"`, `"width"`, `"distance"`, `"direction"` or `"route"`.
pub(in crate::checks) const CHECK: Check =
    Check { name: "egress", summary: "Are there ways out enough, wide enough and near enough?", run };

/// Uses of rooms that nobody stays in.
const UNOCCUPIED: [&str; 4] = ["shaft", "lift", "stair", "plant"];

/// Stairs nearer to one another than this are one (metres).
const ONE_STAIR: f64 = 4.0;

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let rooms: usize = facts.storeys.iter().map(|s| s.rooms.len()).sum();
    if rooms == 0 {
        needs(rule, "needs-rooms", findings);
        return;
    }
    if !facts.storeys.iter().any(|s| s.openings.iter().any(|o| o.kind == Kind::Door)) {
        needs(rule, "needs-doors", findings);
        return;
    }
    let ask = match rule.params.get("ask").and_then(|a| a.as_str()) {
        Some("width") => width,
        Some("distance") => distance,
        Some("direction") => direction,
        Some("route") => route,
        _ => count,
    };
    for (at, storey) in facts.storeys.iter().enumerate().filter(|(_, s)| !s.rooms.is_empty()) {
        ask(facts, rule, at, storey, findings);
    }
}

/// Ways out of a storey: doors that lead out, and stairs, those beside one another once.
fn ways(storey: &StoreyPlan, passages: &[Passage<'_>]) -> usize {
    let mut stairs: Vec<Point2> = Vec::new();
    for stair in
        storey.others.iter().filter(|o| matches!(o.kind, Kind::Stair | Kind::StairFlight | Kind::Ramp))
    {
        let middle = super::bounds(&stair.outline).centre();
        if middle.is_finite() && !stairs.iter().any(|s| (*s - middle).length() < ONE_STAIR) {
            stairs.push(middle);
        }
    }
    passages.iter().filter(|p| p.leads_out()).count() + stairs.len()
}

fn count(facts: &Facts<'_>, rule: &Rule, at: usize, storey: &StoreyPlan, findings: &mut Findings) {
    let area: f64 = storey.rooms.iter().map(|r| r.area_m2).sum();
    let small = rule.number("one_up_to_m2").unwrap_or(200.0);
    let limit = if area <= small { 1.0 } else { rule.number("least").unwrap_or(2.0) };
    // the top of a stair often shows on the storey that it comes from only
    let below = at.checked_sub(1).and_then(|b| facts.storeys.get(b)).map_or(0, |b| ways(b, &[]));
    #[allow(clippy::cast_precision_loss)]
    let measured = ways(storey, &passages(storey)).max(below) as f64;
    if measured >= limit {
        findings.passed(rule, 1);
        return;
    }
    let more = [("area", Text::same(format!("{area:.0}")))];
    fail_storey(
        rule,
        facts.storey_name(at),
        "few",
        &Evidence { measured, limit, unit: "1" },
        &more,
        findings,
    );
}

fn width(facts: &Facts<'_>, rule: &Rule, _: usize, storey: &StoreyPlan, findings: &mut Findings) {
    let frame = super::super::geometry::metres(rule, "frame_mm", 0.0);
    let all = rule.params.get("all_doors").and_then(toml::Value::as_bool).unwrap_or(false);
    for passage in passages(storey) {
        let way_out = passage.sides.iter().flatten().any(|&r| {
            storey.rooms.get(r).is_some_and(|r| matches!(use_of(r), "stair" | "corridor" | "lobby"))
        });
        let unoccupied = passage.sides.iter().flatten().any(|&r| {
            storey
                .rooms
                .get(r)
                .is_some_and(|r| matches!(use_of(r), "shaft" | "lift" | "plant" | "storage" | "bathroom"))
        });
        if unoccupied || !(all || passage.leads_out() || way_out) {
            findings.not_applicable(rule, 1);
            continue;
        }
        let Some(limit) = limit_by_use(rule, "least_mm", facts) else { return };
        let measured = passage.clear(frame) * 1000.0;
        if measured + 0.5 >= limit {
            findings.passed(rule, 1);
        } else {
            fail(
                facts,
                rule,
                passage.door.element,
                "narrow",
                &Evidence { measured, limit, unit: "mm" },
                &[],
                findings,
            );
        }
    }
}

fn distance(facts: &Facts<'_>, rule: &Rule, at: usize, storey: &StoreyPlan, findings: &mut Findings) {
    let passages = passages(storey);
    let exits = exits(storey, &passages);
    if exits.is_empty() {
        // no way out at all is told by the count
        findings.not_applicable(rule, storey.rooms.len() as u64);
        return;
    }
    let Some(walk) = Walk::of(storey, &passages, &exits) else {
        needs(rule, "too-large", findings);
        return;
    };
    let factor = match facts.manifest.and_then(|m| m.building.sprinklers) {
        Some(true) => rule.number("sprinkler_factor").unwrap_or(1.0),
        _ => 1.0,
    };
    let Some(limit) = limit_by_use(rule, "most_m", facts).map(|l| l * factor) else { return };
    for (number, room) in storey.rooms.iter().enumerate() {
        if UNOCCUPIED.contains(&use_of(room)) {
            findings.not_applicable(rule, 1);
            continue;
        }
        let Some((measured, place)) = walk.farthest(number) else {
            // its door may be missing or elsewhere: told by the route, not by a distance
            findings.not_applicable(rule, 1);
            continue;
        };
        if measured <= limit {
            findings.passed(rule, 1);
        } else if let Some(finding) =
            fail(facts, rule, room.element, "far", &Evidence { measured, limit, unit: "m" }, &[], findings)
        {
            finding.storey = facts.storey_name(at);
            finding.point_m = Some(place.at(storey.elevation_m).into());
        }
    }
}

/// Doors that lead out open outwards, where many leave.
fn direction(facts: &Facts<'_>, rule: &Rule, _: usize, storey: &StoreyPlan, findings: &mut Findings) {
    let least = rule.number("from_m2").unwrap_or(60.0);
    for passage in passages(storey).iter().filter(|p| p.leads_out()) {
        let Some(room) = passage.sides.iter().flatten().next().and_then(|&r| storey.rooms.get(r)) else {
            continue;
        };
        let opens = passage.door.swing.as_ref().and_then(|s| s.opens_to);
        let (Some(opens), true) = (opens, room.area_m2 >= least) else {
            findings.not_applicable(rule, 1);
            continue;
        };
        let left = Point2::new(-passage.door.along.y, passage.door.along.x);
        let inside = if passage.sides.first().is_some_and(Option::is_some) { left } else { -left };
        if opens.dot(inside) <= 0.0 {
            findings.passed(rule, 1);
        } else {
            let evidence = Evidence { measured: room.area_m2, limit: least, unit: "m2" };
            fail(facts, rule, passage.door.element, "inwards", &evidence, &[], findings);
        }
    }
}

/// Every room of the entrance storey is reached from outside through doors that are wide enough.
fn route(facts: &Facts<'_>, rule: &Rule, at: usize, storey: &StoreyPlan, findings: &mut Findings) {
    let passages = passages(storey);
    let frame = super::super::geometry::metres(rule, "frame_mm", 0.0);
    let Some(limit) = limit_by_use(rule, "least_mm", facts) else { return };
    let entrances: Vec<usize> =
        passages.iter().filter(|p| p.leads_out()).flat_map(|p| p.sides.iter().flatten().copied()).collect();
    if entrances.is_empty() {
        findings.not_applicable(rule, 1);
        return;
    }
    let wide = |p: &&Passage<'_>| p.clear(frame) * 1000.0 + 0.5 >= limit;
    let mut reached = vec![false; storey.rooms.len()];
    let mut open: Vec<usize> = passages
        .iter()
        .filter(wide)
        .filter(|p| p.leads_out())
        .flat_map(|p| p.sides.iter().flatten().copied())
        .collect();
    while let Some(room) = open.pop() {
        let Some(seen) = reached.get_mut(room).filter(|s| !**s) else { continue };
        *seen = true;
        for p in passages.iter().filter(wide).filter(|p| p.sides.contains(&Some(room))) {
            open.extend(p.sides.iter().flatten().copied().filter(|&r| r != room));
        }
    }
    let connected = |r: usize| passages.iter().any(|p| p.sides.contains(&Some(r)));
    let asked: Vec<usize> = (0..storey.rooms.len())
        .filter(|&r| {
            storey.rooms.get(r).is_some_and(|c| !UNOCCUPIED.contains(&use_of(c)) && use_of(c) != "storage")
        })
        .filter(|&r| connected(r))
        .collect();
    let missed: Vec<usize> = asked.iter().copied().filter(|&r| reached.get(r) != Some(&true)).collect();
    findings.passed(rule, (asked.len() - missed.len()) as u64);
    if missed.is_empty() {
        return;
    }
    #[allow(clippy::cast_precision_loss)]
    let evidence = Evidence { measured: missed.len() as f64, limit, unit: "1" };
    let finding = fail_storey(rule, facts.storey_name(at), "unreached", &evidence, &[], findings);
    finding.elements = missed
        .iter()
        .filter_map(|&r| storey.rooms.get(r))
        .filter_map(|r| facts.element_name(r.element))
        .collect();
    findings.failed_too(rule, missed.len() as u64 - 1);
}
