//! Ways out: how many, how wide, how far, and whether doors open with those who leave.

use super::walk::{Walk, exits};
use super::{
    Check, Evidence, Facts, Findings, Kind, Passage, Rule, Text, Value, Verdict, clause, fail, fail_storey,
    ground, limit_by_use, needs, passages, use_of,
};
use crate::geom::Point2;
use crate::ifc::model::ElementRef;
use crate::ifc::section::{RoomCut, StoreyPlan};

/// See the file's head. `ask = "count"`, `"width"`, `"distance"`, `"direction"` or `"route"`.
pub(in crate::checks) const CHECK: Check =
    Check { name: "egress", summary: "Are there ways out enough, wide enough and near enough?", run };

/// Uses of rooms that nobody stays in.
const UNOCCUPIED: [&str; 5] = ["shaft", "lift", "stair", "plant", "void"];

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
    let ground = ground(facts).unwrap_or(f64::NEG_INFINITY);
    let ask = match rule.params.get("ask").and_then(|a| a.as_str()) {
        Some("width") => return widths(facts, rule, ground, findings),
        Some("route") => return routes(facts, rule, findings),
        Some("distance") => distance,
        Some("direction") => direction,
        _ => count,
    };
    for (at, storey) in facts.storeys.iter().enumerate().filter(|(_, s)| s.rooms.iter().any(stayed_in)) {
        let grounded = storey.elevation_m <= ground;
        ask(facts, rule, &Storey { at, storey, grounded }, findings);
    }
}

/// A storey with its number; doors that lead out of it lead to the ground, not to balconies.
struct Storey<'a> {
    at: usize,
    storey: &'a StoreyPlan,
    grounded: bool,
}

/// Somebody may be in it: a room that is no shaft and no void.
fn stayed_in(room: &RoomCut) -> bool {
    !UNOCCUPIED.contains(&use_of(room))
}

/// Ways out of a storey: doors that lead out, and stairs, those beside one another once.
fn ways(storey: &StoreyPlan, passages: &[Passage<'_>], grounded: bool) -> usize {
    let mut stairs: Vec<Point2> = Vec::new();
    for stair in
        storey.others.iter().filter(|o| matches!(o.kind, Kind::Stair | Kind::StairFlight | Kind::Ramp))
    {
        let middle = super::bounds(&stair.outline).centre();
        if middle.is_finite() && !stairs.iter().any(|s| (*s - middle).length() < ONE_STAIR) {
            stairs.push(middle);
        }
    }
    passages.iter().filter(|p| grounded && p.leads_out()).count() + stairs.len()
}

fn count(facts: &Facts<'_>, rule: &Rule, of: &Storey<'_>, findings: &mut Findings) {
    let &Storey { at, storey, grounded } = of;
    let area: f64 = storey.rooms.iter().filter(|r| stayed_in(r)).map(|r| r.area_m2).sum();
    let small = rule.number("one_up_to_m2").unwrap_or(200.0);
    let limit = if area <= small { 1.0 } else { rule.number("least").unwrap_or(2.0) };
    // the top of a stair often shows on the storey that it comes from only
    let below = at.checked_sub(1).and_then(|b| facts.storeys.get(b)).map_or(0, |b| ways(b, &[], false));
    #[allow(clippy::cast_precision_loss)]
    let measured = ways(storey, &passages(storey), grounded).max(below) as f64;
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

/// Doors of which nobody can tell whether they are wide enough are told together.
fn widths(facts: &Facts<'_>, rule: &Rule, ground: f64, findings: &mut Findings) {
    let Some(limit) = limit_by_use(rule, "least_mm", facts) else { return };
    let mut open: Vec<ElementRef> = Vec::new();
    for storey in facts.storeys {
        for passage in passages(storey) {
            if !asked_for_width(rule, storey, &passage, storey.elevation_m <= ground) {
                findings.not_applicable(rule, 1);
                continue;
            }
            let clear = passage.clear(facts, rule);
            match clear.reaches(limit / 1000.0) {
                Some(true) => findings.passed(rule, 1),
                None => open.push(passage.door.element),
                Some(false) => {
                    let evidence = Evidence { measured: clear.most * 1000.0, limit, unit: "mm" };
                    fail(facts, rule, passage.door.element, "narrow", &evidence, &[], findings);
                }
            }
        }
    }
    undecided(facts, rule, &open, limit, findings);
}

fn asked_for_width(rule: &Rule, storey: &StoreyPlan, passage: &Passage<'_>, grounded: bool) -> bool {
    let all = rule.params.get("all_doors").and_then(toml::Value::as_bool).unwrap_or(false);
    let beside = |uses: &[&str]| {
        let mut rooms = passage.sides.iter().flatten().filter_map(|&r| storey.rooms.get(r));
        rooms.any(|r| uses.contains(&use_of(r)))
    };
    !beside(&["shaft", "lift", "plant", "storage", "bathroom", "void"])
        && (all || (grounded && passage.leads_out()) || beside(&["stair", "corridor", "lobby"]))
}

/// What would be decided if the models said more of these elements.
fn undecided(facts: &Facts<'_>, rule: &Rule, open: &[ElementRef], limit: f64, findings: &mut Findings) {
    let Some(&first) = open.first() else { return };
    let named: Vec<_> = open.iter().filter_map(|&e| facts.element_name(e)).collect();
    let values = [
        ("clause", Text::same(clause(rule))),
        ("count", Text::same(open.len().to_string())),
        ("limit", Text::same(format!("{limit:.0}"))),
        ("first", Text::same(named.first().and_then(|n| n.name.clone()).unwrap_or_default())),
    ];
    let model = facts.models.get(first.model as usize);
    let class = model.and_then(|m| m.element(first.index)).map_or("IfcDoor", |e| e.class);
    let finding = findings.say(rule, Verdict::Undecided, class, "needs-clear-width", &values);
    finding.elements = named;
    finding.limit = Some(limit);
    finding.unit = Some("mm".into());
    finding.expected = Some(Value::Text(clause(rule)));
    findings.undecided_too(rule, open.len() as u64 - 1);
}

fn distance(facts: &Facts<'_>, rule: &Rule, of: &Storey<'_>, findings: &mut Findings) {
    let &Storey { at, storey, grounded } = of;
    let passages = passages(storey);
    let exits = exits(storey, &passages, grounded);
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
fn direction(facts: &Facts<'_>, rule: &Rule, of: &Storey<'_>, findings: &mut Findings) {
    let &Storey { storey, grounded, .. } = of;
    let least = rule.number("from_m2").unwrap_or(60.0);
    for passage in passages(storey).iter().filter(|p| grounded && p.leads_out()) {
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
fn routes(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let Some(limit) = limit_by_use(rule, "least_mm", facts) else { return };
    let leads = |s: &StoreyPlan| passages(s).iter().any(Passage::leads_out);
    let entrance = facts
        .storeys
        .iter()
        .enumerate()
        .filter(|(_, s)| leads(s))
        .min_by(|a, b| a.1.elevation_m.abs().total_cmp(&b.1.elevation_m.abs()));
    let Some((at, storey)) = entrance else {
        findings.not_applicable(rule, 1);
        return;
    };
    let passages = passages(storey);
    let widths: Vec<Option<bool>> =
        passages.iter().map(|p| p.clear(facts, rule).reaches(limit / 1000.0)).collect();
    let surely = reached(storey, &passages, &|i| widths.get(i) == Some(&Some(true)));
    let perhaps = reached(storey, &passages, &|i| widths.get(i).is_some_and(|w| *w != Some(false)));
    let connected = |r: usize| passages.iter().any(|p| p.sides.contains(&Some(r)));
    let asked: Vec<usize> = (0..storey.rooms.len())
        .filter(|&r| storey.rooms.get(r).is_some_and(|c| stayed_in(c) && use_of(c) != "storage"))
        .filter(|&r| connected(r))
        .collect();
    let missed: Vec<usize> = asked.iter().copied().filter(|&r| perhaps.get(r) != Some(&true)).collect();
    let open: Vec<ElementRef> = asked
        .iter()
        .filter(|&&r| perhaps.get(r) == Some(&true) && surely.get(r) != Some(&true))
        .filter_map(|&r| storey.rooms.get(r).map(|r| r.element))
        .collect();
    findings.passed(rule, (asked.len() - missed.len() - open.len()) as u64);
    undecided(facts, rule, &open, limit, findings);
    if missed.is_empty() {
        return;
    }
    // what is counted are rooms, and none may be missed
    #[allow(clippy::cast_precision_loss)]
    let evidence = Evidence { measured: missed.len() as f64, limit: 0.0, unit: "1" };
    let width = [("width", Text::same(format!("{limit:.0}")))];
    let finding = fail_storey(rule, facts.storey_name(at), "unreached", &evidence, &width, findings);
    finding.elements = missed
        .iter()
        .filter_map(|&r| storey.rooms.get(r))
        .filter_map(|r| facts.element_name(r.element))
        .collect();
    findings.failed_too(rule, missed.len() as u64 - 1);
}

/// Rooms that are reached from outside through the doors that `wide` lets through, by their numbers.
fn reached(storey: &StoreyPlan, passages: &[Passage<'_>], wide: &dyn Fn(usize) -> bool) -> Vec<bool> {
    let through = || passages.iter().enumerate().filter(|(i, _)| wide(*i)).map(|(_, p)| p);
    let mut reached = vec![false; storey.rooms.len()];
    let mut open: Vec<usize> =
        through().filter(|p| p.leads_out()).flat_map(|p| p.sides.iter().flatten().copied()).collect();
    while let Some(room) = open.pop() {
        let Some(seen) = reached.get_mut(room).filter(|s| !**s) else { continue };
        *seen = true;
        for p in through().filter(|p| p.sides.contains(&Some(room))) {
            open.extend(p.sides.iter().flatten().copied().filter(|&r| r != room));
        }
    }
    reached
}
