//! The outline around all walls of a plan against that of its storey: area and greatest distance.
//!
//! Only where a wall that makes the difference is told to be missing, the outline differs: where none is, the walls were not
//! all recognised, and outlines that hang on them are not compared.

use super::comparison::{At, laid, mm, tell};
use super::{Check, Findings};
use crate::drawing::plans::Plan;
use crate::facts::Facts;
use crate::finding::{Side, Value, Verdict};
use crate::geom::{Affine2, Box2, Point2, Polygon, Region, Segment2, difference, union};
use crate::ifc::section::{StoreyPlan, Visibility};
use crate::matching::PlanMatches;
use crate::rulebook::Rule;
use crate::wording::Text;

/// The check.
pub(super) const CHECK: Check =
    Check { name: "contour", summary: "Is the outline of a plan that of its storey?", run };

/// Gaps up to this between walls are bridged: columns and corners stand in them (metres).
const BRIDGE_M: f64 = 0.35;
/// Points along an outline are taken every so far (metres), and so many at most.
const STEP_M: f64 = 0.25;
const MAX_POINTS: usize = 20_000;
/// Walls told to be missing this close to a difference make it (metres).
const NEAR_M: f64 = 1.0;
/// Fewer walls than this make no outline.
const ENOUGH: usize = 4;

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let share = rule.number("limit_share").unwrap_or(0.02);
    let least = rule.number("limit_m2").unwrap_or(2.0);
    let reach = rule.number("limit_mm").unwrap_or(300.0) / 1000.0;
    for (m, plan, storey, to_world) in laid(facts) {
        let (drawn, modelled) = (drawn_outline(plan, &to_world), modelled_outline(storey));
        let (a, b) = (area(&drawn), area(&modelled));
        // half a sheet, or walls that do not close
        let covered = bounds(&drawn).grown(reach).contains_box(&bounds(&modelled))
            || bounds(&modelled).grown(reach).contains_box(&bounds(&drawn));
        if plan.walls.len() < ENOUGH || storey.walls.len() < ENOUGH || !covered || a < 0.5 * b || b < 0.5 * a
        {
            findings.not_applicable(rule, 1);
            continue;
        }
        let apart = area(&difference(&drawn, &modelled)) + area(&difference(&modelled, &drawn));
        let (distance, at) = farthest(&drawn, &modelled);
        if apart <= least.max(share * b) || distance <= reach {
            findings.passed(rule, 1);
            continue;
        }
        let told = wall_told(m, plan, storey, &to_world, at);
        if !told {
            // what is enclosed hangs on single walls; all that is compared of them agrees
            findings.not_applicable(rule, 1);
            continue;
        }
        let values = [
            ("measured", Text::same(format!("{a:.1}"))),
            ("expected", Text::same(format!("{b:.1}"))),
            ("distance", mm(distance)),
        ];
        let place = At { plan: m.plan, storey: Some(m.storey), point: Some(at), ..At::default() };
        let verdict = (Verdict::Fail, Side::Differs, "differs");
        let finding = tell(facts, findings, rule, "IfcBuildingStorey", verdict, &place, &values);
        finding.measured = Some(Value::Number((a * 10.0).round() / 10.0));
        finding.expected = Some(Value::Number((b * 10.0).round() / 10.0));
        finding.unit = Some("m2".into());
        finding.confidence = 0.8;
    }
}

fn area(region: &[Polygon]) -> f64 {
    region.iter().map(Polygon::area).sum()
}

fn bounds(region: &[Polygon]) -> Box2 {
    Box2::around(region.iter().flat_map(|p| p.outer.iter().copied()))
}

/// Walls made a little longer so that corners close, merged, and everything inside filled.
fn filled(walls: Vec<Polygon>) -> Region {
    union(&walls).into_iter().map(|p| Polygon::new(p.outer)).collect()
}

fn strip(line: &Segment2, thickness: f64) -> Option<Polygon> {
    let u = line.direction()?;
    let length = line.length() + BRIDGE_M.min(2.0 * thickness);
    Some(Polygon::rectangle(line.middle(), length, thickness, u.angle()))
}

fn drawn_outline(plan: &Plan, to_world: &Affine2) -> Region {
    let walls = plan.walls.iter().filter(|w| !w.dashed && w.arc.is_none());
    let mut all: Vec<Polygon> = walls
        .filter_map(|w| {
            let line = Segment2::new(to_world.apply(w.line.a), to_world.apply(w.line.b));
            strip(&line, w.thickness_m)
        })
        .collect();
    all.extend(
        plan.columns.iter().map(|c| Polygon::new(c.outline.iter().map(|&p| to_world.apply(p)).collect())),
    );
    filled(all)
}

fn modelled_outline(storey: &StoreyPlan) -> Region {
    let mut all: Vec<Polygon> = Vec::new();
    for w in storey.walls.iter().filter(|w| w.visibility == Visibility::MustShow) {
        if w.runs.is_empty() {
            all.extend(w.solid.iter().cloned());
        }
        all.extend(w.runs.iter().filter_map(|r| strip(&r.line, r.thickness_m)));
    }
    let columns = storey.columns.iter().filter(|c| c.visibility == Visibility::MustShow);
    all.extend(columns.flat_map(|c| c.outline.iter().cloned()));
    filled(all)
}

/// The greatest distance from a point of one outline to the other, and where.
fn farthest(a: &[Polygon], b: &[Polygon]) -> (f64, Point2) {
    let edges = |region: &[Polygon]| -> Vec<Segment2> {
        region
            .iter()
            .flat_map(|p| {
                (0..p.outer.len()).map(|i| Segment2::new(p.outer[i], p.outer[(i + 1) % p.outer.len()]))
            })
            .collect()
    };
    let (ea, eb) = (edges(a), edges(b));
    let mut worst = (0.0, Point2::default());
    for (from, to) in [(&ea, &eb), (&eb, &ea)] {
        let mut left = MAX_POINTS;
        for edge in from {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
            let n = ((edge.length() / STEP_M).ceil() as usize).clamp(1, 4_000);
            left = left.saturating_sub(n);
            if left == 0 {
                break;
            }
            for k in 0..=n {
                #[allow(clippy::cast_precision_loss)]
                let p = edge.a.lerp(edge.b, k as f64 / n as f64);
                let d = to.iter().map(|e| e.distance(p)).fold(f64::INFINITY, f64::min);
                if d > worst.0 && d.is_finite() {
                    worst = (d, p);
                }
            }
        }
    }
    worst
}

/// A wall at this place is decided to be missing on one side, or to lie elsewhere.
fn wall_told(m: &PlanMatches, plan: &Plan, storey: &StoreyPlan, to_world: &Affine2, at: Point2) -> bool {
    let near = |s: &Segment2| s.distance(at) <= NEAR_M;
    let modelled = m
        .walls
        .missing_in_drawing
        .iter()
        .filter(|x| x.undecided.is_none())
        .any(|x| storey.walls.get(x.index).is_some_and(|w| w.runs.iter().any(|r| near(&r.line))));
    let drawn = m.walls.missing_in_model.iter().filter(|x| x.undecided.is_none()).any(|x| {
        plan.walls
            .get(x.index)
            .is_some_and(|w| near(&Segment2::new(to_world.apply(w.line.a), to_world.apply(w.line.b))))
    });
    modelled || drawn
}
