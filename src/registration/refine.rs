//! Small corrections of a map by least squares, and figures about residuals.

use super::agreement::beside;
use super::shape::Shape;
use crate::geom::{Affine2, Box2, Point2, Segment2, normal_equations};

/// A mapped point that should lie on a line: `distance` is how far it is now, along `normal`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Constraint {
    /// The mapped point, world metres.
    pub(super) at: Point2,
    /// Unit normal of the line.
    pub(super) normal: Point2,
    /// Signed distance, metres.
    pub(super) distance: f64,
    /// Weight.
    pub(super) weight: f64,
}

/// The small turn and shift (to apply after the present map) that brings the points onto their lines best; `None`
/// where the lines do not hold it in both directions.
pub(super) fn solve_rigid(constraints: &[Constraint]) -> Option<Affine2> {
    let total: f64 = constraints.iter().map(|c| c.weight).sum();
    if constraints.len() < 3 || total <= 0.0 {
        return None;
    }
    let centre = constraints.iter().fold(Point2::default(), |s, c| s + c.at * (c.weight / total));
    // unknowns: turn (scaled by the spread so that all three are metres), shift x, shift y
    let spread = (constraints.iter().map(|c| c.weight * (c.at - centre).dot(c.at - centre)).sum::<f64>()
        / total)
        .sqrt()
        .max(1e-3);
    let mut a = [[0.0f64; 3]; 3];
    let mut b = [0.0f64; 3];
    for c in constraints {
        let row = [c.normal.dot((c.at - centre).left()) / spread, c.normal.x, c.normal.y];
        for i in 0..3 {
            for j in 0..3 {
                a[i][j] += c.weight / total * row[i] * row[j];
            }
            b[i] -= c.weight / total * row[i] * c.distance;
        }
    }
    let x = normal_equations(a, b, HELD)?;
    let turn = x[0] / spread;
    let shift = Point2::new(x[1], x[2]);
    (turn.abs() < 0.1 && shift.is_finite()).then(|| {
        Affine2::translation(centre + shift)
            .after(&Affine2::rotation(turn))
            .after(&Affine2::translation(-centre))
    })
}

/// The least eigenvalue of the normal equations of weights that sum up to 1: under it, lines of one direction alone hold
/// the map.
const HELD: f64 = 1e-6;

/// Stages of the refinement: what lies further off than this is left out (metres). Each stage starts from the last.
const REACH_M: [f64; 6] = [0.06, 0.03, 0.012, 0.006, 0.003, 0.003];

/// Draws the plan's walls, columns and openings onto the model's, leaving out what differs. Returns the map and the
/// residuals of what agrees.
pub(super) fn refine(model: &Shape, drawn: &Shape, start: &Affine2) -> (Affine2, Vec<f64>) {
    let mut map = *start;
    let mut residuals = Vec::new();
    for reach in REACH_M {
        let constraints = constraints(model, drawn, &map, reach);
        if constraints.len() < 4 {
            break;
        }
        residuals = constraints.iter().map(|c| c.distance.abs()).collect();
        match solve_rigid(&constraints) {
            Some(step) => map = step.after(&map),
            None => break,
        }
    }
    (map, residuals)
}

/// Residuals of what lies within `reach` of its counterpart under a map that is not changed, metres.
pub(super) fn residuals(model: &Shape, drawn: &Shape, map: &Affine2, reach: f64) -> Vec<f64> {
    constraints(model, drawn, map, reach).iter().map(|c| c.distance.abs()).collect()
}

fn constraints(model: &Shape, drawn: &Shape, map: &Affine2, reach: f64) -> Vec<Constraint> {
    let mut out = Vec::new();
    for t in &drawn.traces {
        let line = Segment2::new(map.apply(t.line.a), map.apply(t.line.b));
        let mut best: Option<(f64, Constraint, Constraint)> = None;
        for i in model.trace_index.touching(&Box2::of(line.a, line.b).grown(reach)) {
            let other = &model.traces[i];
            if (other.half_m - t.half_m).abs() > reach {
                continue;
            }
            let Some((along, _, d)) = beside(&line, &other.line, 0.01) else { continue };
            let (Some(u), Some(v)) = (line.direction(), other.line.direction()) else { continue };
            let length = along.1 - along.0;
            if d.abs() > reach || best.as_ref().is_some_and(|b| d.abs() - 0.001 * length >= b.0) {
                continue;
            }
            let end = |t: f64| {
                let at = line.a + u * t;
                Constraint {
                    at,
                    normal: v.left(),
                    distance: v.left().dot(at - other.line.a),
                    weight: length.max(0.05),
                }
            };
            best = Some((d.abs() - 0.001 * length, end(along.0), end(along.1)));
        }
        if let Some((_, a, b)) = best {
            out.push(a);
            out.push(b);
        }
    }
    let mut point = |at: Point2, to: Point2| {
        for normal in [Point2::new(1.0, 0.0), Point2::new(0.0, 1.0)] {
            out.push(Constraint { at, normal, distance: normal.dot(at - to), weight: 0.3 });
        }
    };
    for p in &drawn.posts {
        let at = map.apply(p.at);
        for i in model.post_index.touching(&Box2::of(at, at).grown(reach)) {
            if (model.posts[i].size_m - p.size_m).abs() < 0.01 && model.posts[i].at.distance(at) <= reach {
                point(at, model.posts[i].at);
                break;
            }
        }
    }
    for h in &drawn.holes {
        let at = map.apply(h.at);
        for i in model.hole_index.touching(&Box2::of(at, at).grown(reach)) {
            if (model.holes[i].width_m - h.width_m).abs() < 0.12 && model.holes[i].at.distance(at) <= reach {
                point(at, model.holes[i].at);
                break;
            }
        }
    }
    out
}

/// Root mean square; 0 for none.
pub(super) fn rms(residuals: &[f64]) -> f64 {
    if residuals.is_empty() {
        return 0.0;
    }
    (residuals.iter().map(|r| r * r).sum::<f64>() / residuals.len() as f64).sqrt()
}

/// 95th percentile of the sizes; 0 for none.
pub(super) fn p95(residuals: &[f64]) -> f64 {
    let mut sorted: Vec<f64> = residuals.iter().map(|r| r.abs()).collect();
    sorted.sort_by(f64::total_cmp);
    let i = (sorted.len() as f64 * 0.95).ceil() as usize;
    sorted.get(i.saturating_sub(1)).copied().unwrap_or(0.0)
}
