//! Laying by grid labels. Each axis says where its own normal puts the plan; the axes of one family vote, so an axis
//! that was moved or mislabelled stands out instead of pulling the rest along.

use super::refine::{Constraint, solve_rigid};
use crate::drawing::plans::{AxisLine, DrawnAxis};
use crate::geom::{Affine2, Point2, Segment2};
use crate::ifc::model::AxisCurve;
use crate::ifc::section::AxisCut;
use std::f64::consts::PI;

/// Axes of one family that want the same shift agree within this (metres).
const CONSENSUS_M: f64 = 0.004;
/// An axis agrees with the fit when both its ends lie within this of the modelled line (metres).
pub(super) const INLIER_M: f64 = 0.005;
/// Directions of one family, and votes for one rotation, agree within this (radians; 0.2°).
const DIRECTION_RAD: f64 = 0.0035;
/// More axes than this on one side are not tried against each other.
const MAX_AXES: usize = 400;
/// Places per family that are tried.
const PLACES: usize = 3;

/// A straight axis on either side.
struct Axis {
    label: String,
    line: Segment2,
}

/// One way to lay the plan by its labels.
#[derive(Clone, Debug)]
pub(super) struct LabelFit {
    /// Plan metres → world metres.
    pub(super) to_world: Affine2,
    /// Drawn axes that agree.
    pub(super) inliers: usize,
    /// Drawn axes whose label the model has too.
    pub(super) anchors: usize,
    /// Residuals of the inliers, metres.
    pub(super) residuals: Vec<f64>,
    /// Agreeing axes per direction, largest first.
    pub(super) per_direction: Vec<usize>,
}

impl LabelFit {
    /// Enough of the labels agree: at least two axes in each of two directions, and 60 % of the anchors.
    pub(super) fn is_sound(&self) -> bool {
        self.per_direction.get(1).is_some_and(|n| *n >= 2) && are_most(self.inliers, self.anchors)
    }

    /// So many agree that they are a witness of their own (four of five: a moved axis or two are findings).
    pub(super) fn is_strong(&self) -> bool {
        self.inliers * 5 >= self.anchors * 4
    }

    /// One direction rests on a single axis: needs the walls to agree.
    pub(super) fn is_usable(&self) -> bool {
        self.per_direction.len() >= 2 && self.inliers >= 3 && self.inliers * 2 >= self.anchors
    }
}

/// So many of the labels that both sides have agree that the place is theirs: 60 %.
pub(super) fn are_most(agree: usize, shared: usize) -> bool {
    agree * 10 >= shared * 6
}

/// A label without what fonts and habits change.
pub(crate) fn label_key(label: &str) -> String {
    label
        .trim()
        .chars()
        .map(|c| match u32::from(c) {
            x @ 0xFF01..=0xFF5E => char::from_u32(x - 0xFEE0).unwrap_or(c),
            _ => c,
        })
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_uppercase)
        .collect()
}

fn modelled(axes: &[AxisCut]) -> Vec<Axis> {
    axes.iter()
        .filter_map(|a| match a.curve {
            AxisCurve::Line { a: p, b: q } if p.distance(q) > 0.1 => {
                Some(Axis { label: label_key(&a.label), line: Segment2::new(p, q) })
            }
            _ => None,
        })
        .take(MAX_AXES)
        .collect()
}

fn drawn(axes: &[DrawnAxis]) -> Vec<Axis> {
    axes.iter()
        .filter_map(|a| match a.line {
            AxisLine::Line(line) if line.length() > 0.1 => Some(Axis { label: label_key(&a.label), line }),
            _ => None,
        })
        .take(MAX_AXES)
        .collect()
}

/// Groups of nearly equal values, largest first: (members, middle).
fn clusters(values: &[f64], width: f64) -> Vec<(usize, f64)> {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    let mut out: Vec<(usize, f64)> = Vec::new();
    let mut from = 0;
    for i in 0..sorted.len() {
        while sorted[i] - sorted[from] > width {
            from += 1;
        }
        // keep the window only while it cannot grow to the right
        if sorted.get(i + 1).is_some_and(|next| next - sorted[from] <= width) {
            continue;
        }
        out.push((i - from + 1, sorted[(from + i) / 2]));
    }
    out.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.total_cmp(&b.1)));
    out
}

/// How many drawn axes have a label that the model has too.
pub(super) fn shared(model_axes: &[AxisCut], drawn_axes: &[DrawnAxis]) -> usize {
    let model = modelled(model_axes);
    drawn(drawn_axes)
        .iter()
        .filter(|d| !d.label.is_empty() && model.iter().any(|m| m.label == d.label))
        .count()
}

/// Axes of one direction: how many of the drawn ones whose label the model has lie on it, and how many there are.
pub(super) type Agreeing = (usize, usize);

/// Under `map`, for each direction in which axes are drawn.
pub(super) fn agreeing(model_axes: &[AxisCut], drawn_axes: &[DrawnAxis], map: &Affine2) -> Vec<Agreeing> {
    /// Sine of an angle between axes of one direction.
    const PARALLEL: f64 = 0.02;
    let model = modelled(model_axes);
    let mut families: Vec<(Point2, Agreeing)> = Vec::new();
    for d in drawn(drawn_axes).iter().filter(|d| !d.label.is_empty()) {
        let mut same = model.iter().filter(|m| m.label == d.label).peekable();
        let (Some(along), Some(_)) = (d.line.direction(), same.peek()) else { continue };
        let agrees = same.any(|m| {
            m.line.direction().is_some_and(|u| {
                let off = |p: Point2| u.cross(map.apply(p) - m.line.a).abs();
                off(d.line.a).max(off(d.line.b)) <= INLIER_M
            })
        });
        let known = families.iter().position(|f| f.0.cross(along).abs() < PARALLEL);
        let at = known.unwrap_or_else(|| {
            families.push((along, (0, 0)));
            families.len() - 1
        });
        if let Some((_, (agree, all))) = families.get_mut(at) {
            *agree += usize::from(agrees);
            *all += 1;
        }
    }
    families.into_iter().map(|f| f.1).collect()
}

/// All ways to lay the plan by its labels that are worth trying, best first.
pub(super) fn fits(model_axes: &[AxisCut], drawn_axes: &[DrawnAxis], scales: &[f64]) -> Vec<LabelFit> {
    let (model, plan) = (modelled(model_axes), drawn(drawn_axes));
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (d, axis) in plan.iter().enumerate() {
        for (m, other) in model.iter().enumerate() {
            if axis.label == other.label && !axis.label.is_empty() {
                pairs.push((d, m));
            }
        }
    }
    let mut anchors: Vec<usize> = pairs.iter().map(|p| p.0).collect();
    anchors.dedup();
    let mut out: Vec<LabelFit> = Vec::new();
    if anchors.len() < 3 {
        return out;
    }
    for &scale in scales {
        for mirrored in [false, true] {
            for rotation in rotations(&model, &plan, &pairs, mirrored) {
                let start = Affine2::similarity(scale, rotation, mirrored, Point2::default());
                for shift in shifts(&model, &plan, &pairs, &start) {
                    let map = Affine2::translation(shift).after(&start);
                    if let Some(fit) = polished(&model, &plan, &pairs, &map, anchors.len()) {
                        out.push(fit);
                    }
                }
            }
        }
    }
    let rms = |f: &LabelFit| super::refine::rms(&f.residuals);
    out.sort_by(|a, b| b.inliers.cmp(&a.inliers).then(rms(a).total_cmp(&rms(b))));
    let mut distinct: Vec<LabelFit> = Vec::new();
    for fit in out {
        let far = |o: &LabelFit| {
            [Point2::new(0.0, 0.0), Point2::new(50.0, 0.0), Point2::new(0.0, 50.0)]
                .iter()
                .any(|&p| o.to_world.apply(p).distance(fit.to_world.apply(p)) > 0.01)
        };
        if distinct.iter().all(far) {
            distinct.push(fit);
        }
    }
    distinct.truncate(8);
    distinct
}

fn line_angle(line: &Segment2) -> f64 {
    (line.b - line.a).angle()
}

fn rotations(model: &[Axis], plan: &[Axis], pairs: &[(usize, usize)], mirrored: bool) -> Vec<f64> {
    let sign = if mirrored { -1.0 } else { 1.0 };
    let deltas: Vec<f64> = pairs
        .iter()
        .map(|&(d, m)| (line_angle(&model[m].line) - sign * line_angle(&plan[d].line)).rem_euclid(PI))
        .collect();
    // the seam at 0 = π may split a group: vote on the doubled circle
    let mut doubled = deltas.clone();
    doubled.extend(deltas.iter().map(|d| d + PI));
    let mut out: Vec<f64> = Vec::new();
    for (n, angle) in clusters(&doubled, DIRECTION_RAD) {
        if n * 2 < pairs.len().min(4) {
            continue;
        }
        let angle = angle.rem_euclid(PI);
        if out.iter().all(|o| crate::geom::angle_between_lines(*o, angle) > DIRECTION_RAD) {
            out.push(angle);
        }
        if out.len() == 3 {
            break;
        }
    }
    let turned: Vec<f64> = out.iter().map(|a| a + PI).collect();
    out.extend(turned);
    out
}

/// Shifts that the two largest families of axes vote for.
fn shifts(model: &[Axis], plan: &[Axis], pairs: &[(usize, usize)], start: &Affine2) -> Vec<Point2> {
    struct Family {
        normal: Point2,
        votes: Vec<f64>,
    }
    let mut families: Vec<Family> = Vec::new();
    for &(d, m) in pairs {
        let Some(u) = model[m].line.direction() else { continue };
        let drawn_direction = start.apply_vector(plan[d].line.b - plan[d].line.a);
        if u.cross(drawn_direction).abs() > 0.02 * drawn_direction.length() {
            continue;
        }
        let normal = u.left();
        let at = start.apply(plan[d].line.middle());
        let vote = |n: Point2| n.dot(model[m].line.a) - n.dot(at);
        match families.iter_mut().find(|f| f.normal.cross(normal).abs() < 0.02) {
            Some(f) => f.votes.push(vote(f.normal)),
            None => families.push(Family { normal, votes: vec![vote(normal)] }),
        }
    }
    families.sort_by_key(|f| std::cmp::Reverse(f.votes.len()));
    let mut out = Vec::new();
    for (i, f) in families.iter().enumerate().take(3) {
        for g in families.iter().take(3).skip(i + 1) {
            let det = f.normal.cross(g.normal);
            if det.abs() < 0.3 {
                continue;
            }
            for &(_, p) in clusters(&f.votes, CONSENSUS_M).iter().take(PLACES) {
                for &(_, q) in clusters(&g.votes, CONSENSUS_M).iter().take(PLACES) {
                    out.push(Point2::new(
                        (p * g.normal.y - q * f.normal.y) / det,
                        (q * f.normal.x - p * g.normal.x) / det,
                    ));
                }
            }
        }
    }
    out
}

/// Least squares over the axes that agree, twice; then what agrees.
fn polished(
    model: &[Axis],
    plan: &[Axis],
    pairs: &[(usize, usize)],
    map: &Affine2,
    anchors: usize,
) -> Option<LabelFit> {
    let mut map = *map;
    let residual = |map: &Affine2, d: usize, m: usize| -> Option<(f64, f64)> {
        let n = model[m].line.direction()?.left();
        let r = |p: Point2| n.dot(map.apply(p) - model[m].line.a);
        Some((r(plan[d].line.a), r(plan[d].line.b)))
    };
    for reach in [0.03, INLIER_M, INLIER_M] {
        let mut constraints = Vec::new();
        for &(d, m) in pairs {
            let (Some((ra, rb)), Some(u)) = (residual(&map, d, m), model[m].line.direction()) else {
                continue;
            };
            if ra.abs().max(rb.abs()) > reach {
                continue;
            }
            for p in [plan[d].line.a, plan[d].line.b] {
                constraints.push(Constraint {
                    at: map.apply(p),
                    normal: u.left(),
                    distance: u.left().dot(map.apply(p) - model[m].line.a),
                    weight: 1.0,
                });
            }
        }
        if let Some(step) = solve_rigid(&constraints) {
            map = step.after(&map);
        }
    }
    let mut residuals = Vec::new();
    let mut seen: Vec<usize> = Vec::new();
    let mut families: Vec<(Point2, usize)> = Vec::new();
    for &(d, m) in pairs {
        let Some((ra, rb)) = residual(&map, d, m) else { continue };
        if ra.abs().max(rb.abs()) > INLIER_M || seen.contains(&d) {
            continue;
        }
        seen.push(d);
        residuals.push(((ra * ra + rb * rb) / 2.0).sqrt());
        let u = model[m].line.direction()?;
        match families.iter_mut().find(|f| f.0.cross(u).abs() < 0.02) {
            Some(f) => f.1 += 1,
            None => families.push((u, 1)),
        }
    }
    let mut per_direction: Vec<usize> = families.iter().map(|f| f.1).collect();
    per_direction.sort_unstable_by(|a, b| b.cmp(a));
    (!seen.is_empty()).then_some(LabelFit {
        to_world: map,
        inliers: seen.len(),
        anchors,
        residuals,
        per_direction,
    })
}
