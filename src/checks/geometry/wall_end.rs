//! Walls that are meant to meet do: an end that stops short of another wall by a little was not meant to.

use super::{Check, Facts, Findings, Rule, Text, Value, metres, mm};
use crate::geom::{Box2, BoxIndex, Point2, Polygon};
use crate::ifc::section::{StoreyPlan, WallCut};

/// See the file's head.
pub(in crate::checks) const CHECK: Check =
    Check { name: "wall_end", summary: "Do walls that end near another wall reach it?", run };

/// Step ahead of a wall's end (metres).
const STEP: f64 = 0.004;

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let (least, most) = (metres(rule, "least_mm", 5.0), metres(rule, "most_mm", 100.0));
    for storey in facts.storeys {
        ends(facts, rule, storey, (least, most), findings);
    }
}

fn ends(facts: &Facts<'_>, rule: &Rule, storey: &StoreyPlan, gap: (f64, f64), findings: &mut Findings) {
    let bounds = |w: &WallCut| {
        let mut b = Box2::EMPTY;
        w.solid.iter().for_each(|p| b.merge(&p.bounds()));
        b
    };
    let index = BoxIndex::new(storey.walls.iter().map(bounds).collect());
    for (at, wall) in storey.walls.iter().enumerate().filter(|(_, w)| w.own_storey) {
        let mut free: Option<(f64, Point2, usize)> = None;
        let mut asked = 0;
        for (end, way) in wall.runs.iter().flat_map(|r| [(r.line.a, r.line.b), (r.line.b, r.line.a)]) {
            let Some(out) = (end - way).normalised() else { continue };
            let around = Box2::of(end, end).grown(wall.thickness_m + gap.1);
            let near = index.touching(&around).into_iter().filter(|&o| o != at).filter_map(|o| {
                let other = storey.walls.get(o)?;
                let meets = other.z_m.0 < wall.z_m.1 - gap.1 && wall.z_m.0 < other.z_m.1 - gap.1;
                Some((ahead(end, out, wall.thickness_m, &other.solid, gap.1).filter(|_| meets)?, o))
            });
            let Some((distance, other)) = near.min_by(|a, b| a.0.total_cmp(&b.0)) else { continue };
            asked += 1;
            if distance > gap.0 && free.is_none_or(|f| distance < f.0) {
                free = Some((distance, end, other));
            }
        }
        let Some((distance, end, other)) = free else {
            if asked > 0 {
                findings.passed(rule, 1);
            } else {
                findings.not_applicable(rule, 1);
            }
            continue;
        };
        let other = storey.walls.get(other).and_then(|o| facts.element_name(o.element));
        let shown =
            other.as_ref().map(|o| o.name.clone().unwrap_or_else(|| o.guid.clone())).unwrap_or_default();
        let values = [("gap", mm(distance)), ("other", Text::same(shown))];
        if let Some(finding) = findings.fail_element(facts, rule, wall.element, "gap", &values) {
            finding.elements.extend(other);
            finding.point_m = Some(end.at(storey.elevation_m).into());
            finding.measured = Some(Value::Number(distance * 1000.0));
            finding.limit = Some(gap.1 * 1000.0);
            finding.unit = Some("mm".into());
        }
    }
}

/// How far ahead of a wall's end another wall begins, across most of the end's width; nothing beyond `most`. A wall that
/// runs beside it is not ahead.
fn ahead(end: Point2, out: Point2, thickness: f64, other: &[Polygon], most: f64) -> Option<f64> {
    let across = Point2::new(-out.y, out.x) * (0.4 * thickness);
    let steps = (most / STEP).ceil().clamp(1.0, 1_000.0) as u32;
    // a little behind the end: what the other wall already covers is connected
    (0..=steps).map(|k| f64::from(k) * STEP - STEP / 2.0).find(|&d| {
        let at = end + out * d;
        [at, at + across, at - across].iter().any(|p| other.iter().any(|q| q.contains(*p)))
    })
}

/// Distance from a point to the sides of a ring.
pub(super) fn to_ring(ring: &[Point2], p: Point2) -> f64 {
    let sides = ring.iter().zip(ring.iter().cycle().skip(1));
    sides.map(|(&a, &b)| to_side(a, b, p)).fold(f64::INFINITY, f64::min)
}

fn to_side(a: Point2, b: Point2, p: Point2) -> f64 {
    let (way, to) = (b - a, p - a);
    let length = way.dot(way);
    let t = if length > 0.0 { (to.dot(way) / length).clamp(0.0, 1.0) } else { 0.0 };
    (to - way * t).length()
}
