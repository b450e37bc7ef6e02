//! Curves that plans are drawn with beside lines and circles: ellipses, splines, and arcs that a map skews. They become
//! chords, or arcs again where they are circular after all.

use crate::geom::{Affine2, Arc2, Box2, Point2};
use std::f64::consts::{FRAC_PI_2, TAU};

/// How far a chord may lie off its curve, as a share of the curve's radius or size.
pub(crate) const CHORD: f64 = 1e-3;
/// Chords per full turn that keep within [`CHORD`]: 2π / (2·acos(1 − CHORD)), rounded up.
const CHORDS_PER_TURN: f64 = 72.0;
/// Coordinates and sizes beyond this are no drawing's: at 10^15 the numbers of a file have no tenths left. Within it,
/// whatever maps and products come to stays a number.
pub(crate) const REACH: f64 = 1e15;
/// Chords of one curve at most.
const MAX_CHORDS: usize = 4096;

/// Within [`REACH`].
pub(crate) fn reached(p: Point2) -> bool {
    p.x.abs() <= REACH && p.y.abs() <= REACH
}

/// A map whose numbers are all within [`REACH`].
pub(crate) fn reaching(map: &Affine2) -> bool {
    [map.a, map.b, map.c, map.d, map.e, map.f].iter().all(|v| v.abs() <= REACH)
}

/// An arc after a map: an arc again when the map keeps circles, points along it when not.
pub(crate) fn map_arc(arc: &Arc2, map: &Affine2) -> Result<Arc2, Vec<Point2>> {
    if *map == Affine2::IDENTITY {
        return Ok(*arc);
    }
    if !map.is_similarity() {
        let n = chords(arc.sweep);
        return Err((0..=n).map(|i| map.apply(arc.at(i as f64 / n as f64))).collect());
    }
    let direction = map.apply_vector(Point2::unit(arc.start));
    let sweep = if map.is_mirrored() { -arc.sweep } else { arc.sweep };
    Ok(Arc2 {
        centre: map.apply(arc.centre),
        radius: arc.radius * map.scale(),
        start: direction.angle(),
        sweep,
    })
}

/// Box around an arc: its ends, and the quarter points that it passes.
pub(crate) fn arc_bounds(arc: &Arc2) -> Box2 {
    let mut out = Box2::of(arc.at(0.0), arc.at(1.0));
    let (from, to) = if arc.sweep >= 0.0 {
        (arc.start, arc.start + arc.sweep)
    } else {
        (arc.start + arc.sweep, arc.start)
    };
    let first = (from / FRAC_PI_2).ceil();
    for i in 0..4 {
        let quarter = (first + f64::from(i)) * FRAC_PI_2;
        if quarter <= to {
            out.add(arc.centre + Point2::unit(quarter) * arc.radius);
        }
    }
    out
}

/// Number of chords for a swept angle.
fn chords(sweep: f64) -> usize {
    ((sweep.abs() / TAU * CHORDS_PER_TURN).ceil() as usize).clamp(2, MAX_CHORDS)
}

/// An ellipse or a part of one: centre, both half axes, parameters from `start` to `end` (counter-clockwise when rising).
/// An arc when it is a circle, points when not.
pub(crate) fn ellipse(
    centre: Point2,
    major: Point2,
    minor: Point2,
    start: f64,
    end: f64,
) -> Result<Arc2, Vec<Point2>> {
    let map = Affine2 { a: major.x, b: major.y, c: minor.x, d: minor.y, e: centre.x, f: centre.y };
    let unit = Arc2 { centre: Point2::default(), radius: 1.0, start, sweep: end - start };
    map_arc(&unit, &map)
}

/// A B-spline: degree, knots, control points and weights (empty for none). Points along it, or `None` when the parts
/// do not fit together.
pub(crate) fn b_spline(
    degree: usize,
    knots: &[f64],
    control: &[Point2],
    weights: &[f64],
) -> Option<Vec<Point2>> {
    let n = control.len();
    if degree == 0 || degree > 25 || n <= degree || knots.len() != n + degree + 1 {
        return None;
    }
    if knots.windows(2).any(|w| w[0] > w[1]) || !(weights.is_empty() || weights.len() == n) {
        return None;
    }
    let mut out = Vec::new();
    let per_span = if degree == 1 { 1 } else { ((MAX_CHORDS * 4) / n).clamp(2, 16) };
    for span in degree..n {
        let (from, to) = (knots[span], knots[span + 1]);
        if to <= from {
            continue;
        }
        if out.is_empty() {
            out.push(de_boor(degree, knots, control, weights, span, from));
        }
        for i in 1..=per_span {
            let t = from + (to - from) * i as f64 / per_span as f64;
            out.push(de_boor(degree, knots, control, weights, span, t));
        }
    }
    (out.len() > 1 && out.iter().all(|p| p.is_finite())).then_some(out)
}

/// De Boor's algorithm in homogeneous coordinates.
fn de_boor(degree: usize, knots: &[f64], control: &[Point2], weights: &[f64], span: usize, t: f64) -> Point2 {
    let mut d: Vec<(Point2, f64)> = (0..=degree)
        .map(|j| {
            let i = span - degree + j;
            let w = weights.get(i).copied().filter(|w| *w > 0.0).unwrap_or(1.0);
            (control[i] * w, w)
        })
        .collect();
    for r in 1..=degree {
        for j in (r..=degree).rev() {
            let i = span - degree + j;
            let width = knots[i + degree + 1 - r] - knots[i];
            let a = if width > 0.0 { (t - knots[i]) / width } else { 0.0 };
            d[j] = (d[j - 1].0 * (1.0 - a) + d[j].0 * a, d[j - 1].1 * (1.0 - a) + d[j].1 * a);
        }
    }
    d[degree].0 / d[degree].1
}

/// A smooth curve through points (Catmull-Rom), for splines that only say where they pass; `ends` are the directions
/// at both ends of an open one, where they are known.
pub(crate) fn through(points: &[Point2], closed: bool, ends: [Option<Point2>; 2]) -> Vec<Point2> {
    let n = points.len();
    let [first, last] = ends.map(|e| e.and_then(Point2::normalised).filter(|_| !closed));
    if n < 2 || (n < 3 && first.is_none() && last.is_none()) {
        return points.to_vec();
    }
    // Beyond an end lies the point that gives the curve its direction there, as fast as the first piece is long.
    let beyond = |end: Point2, next: Point2, direction: Option<Point2>| match direction {
        Some(d) => next - d * (2.0 * end.distance(next)),
        None => end,
    };
    let before = beyond(points[0], points[1], first);
    let after = beyond(points[n - 1], points[n - 2], last.map(|d| d * -1.0));
    let at = |i: isize| {
        let n = n as isize;
        match i {
            -1 if !closed => before,
            i if !closed && i == n => after,
            i => points[i.rem_euclid(n) as usize],
        }
    };
    let per_span = ((MAX_CHORDS * 4) / n).clamp(2, 12);
    let mut out = vec![points[0]];
    for i in 0..(if closed { n } else { n - 1 }) as isize {
        let (p0, p1, p2, p3) = (at(i - 1), at(i), at(i + 1), at(i + 2));
        for k in 1..=per_span {
            let t = k as f64 / per_span as f64;
            let (t2, t3) = (t * t, t * t * t);
            out.push(
                (p1 * 2.0
                    + (p2 - p0) * t
                    + (p0 * 2.0 - p1 * 5.0 + p2 * 4.0 - p3) * t2
                    + (p1 * 3.0 - p0 - p2 * 3.0 + p3) * t3)
                    * 0.5,
            );
        }
    }
    out
}

/// A cubic Bézier curve: the arc that it stands for, or points along it.
pub(crate) fn bezier(p: [Point2; 4]) -> Result<Arc2, Vec<Point2>> {
    let at = |t: f64| {
        let u = 1.0 - t;
        p[0] * (u * u * u) + p[1] * (3.0 * u * u * t) + p[2] * (3.0 * u * t * t) + p[3] * (t * t * t)
    };
    if let Some(arc) = arc_through(p[0], at(0.5), p[3]) {
        // Programs draw arcs as curves that stay within 3e-4 of the radius for up to a quarter turn.
        let off = |t: f64| (at(t).distance(arc.centre) - arc.radius).abs();
        if [0.125, 0.25, 0.375, 0.625, 0.75, 0.875].into_iter().all(|t| off(t) < CHORD * arc.radius) {
            return Ok(arc);
        }
    }
    const STEPS: usize = 12;
    Err((0..=STEPS).map(|i| at(i as f64 / STEPS as f64)).collect())
}

/// The arc from `a` through `b` to `c`; none where they lie on a line, or nearly so.
pub(crate) fn arc_through(a: Point2, b: Point2, c: Point2) -> Option<Arc2> {
    let (u, v) = (b - a, c - a);
    let d = 2.0 * u.cross(v);
    let size = v.length();
    if d.abs() < 1e-3 * size * size || !d.is_finite() {
        return None;
    }
    let (uu, vv) = (u.dot(u), v.dot(v));
    let centre = a + Point2::new(v.y * uu - u.y * vv, u.x * vv - v.x * uu) / d;
    let (start, end) = ((a - centre).angle(), (c - centre).angle());
    let left = u.cross(v) > 0.0;
    let sweep = if left { (end - start).rem_euclid(TAU) } else { -(start - end).rem_euclid(TAU) };
    Some(Arc2 { centre, radius: a.distance(centre), start, sweep })
}

/// `next` goes on where `arc` ends, on the same circle: both as one.
pub(crate) fn joined(arc: &Arc2, next: &Arc2) -> Option<Arc2> {
    let near = CHORD * 2.0 * arc.radius;
    let same = arc.centre.distance(next.centre) < near && (arc.radius - next.radius).abs() < near;
    let onward = arc.at(1.0).distance(next.at(0.0)) < near && arc.sweep * next.sweep > 0.0;
    let sweep = arc.sweep + next.sweep;
    (same && onward && sweep.abs() <= TAU + 1e-2).then(|| Arc2 { sweep: sweep.clamp(-TAU, TAU), ..*arc })
}

/// An SVG elliptical arc: both ends, half axes, the turn of the first, and the two flags (SVG 2, appendix B.2.4).
/// A straight piece is given as two points.
pub(crate) fn svg_arc(
    a: Point2,
    b: Point2,
    radii: (f64, f64),
    turn: f64,
    large: bool,
    left: bool,
) -> Result<Arc2, Vec<Point2>> {
    let (mut rx, mut ry) = (radii.0.abs(), radii.1.abs());
    if rx == 0.0 || ry == 0.0 || a == b {
        return Err(vec![a, b]);
    }
    let axes = Affine2::rotation(turn);
    let half = Affine2::rotation(-turn).apply_vector((a - b) / 2.0);
    let over = (half.x / rx).powi(2) + (half.y / ry).powi(2);
    if over > 1.0 {
        (rx, ry) = (rx * over.sqrt(), ry * over.sqrt());
    }
    let (p, q) = (half.x / rx, half.y / ry);
    let length = p * p + q * q;
    let k = ((1.0 - length).max(0.0) / length).sqrt() * if large == left { -1.0 } else { 1.0 };
    let unit_centre = Point2::new(k * q, -k * p);
    let centre = axes.apply_vector(Point2::new(unit_centre.x * rx, unit_centre.y * ry)) + (a + b) / 2.0;
    let start = (Point2::new(p, q) - unit_centre).angle();
    let end = (Point2::new(-p, -q) - unit_centre).angle();
    let sweep = if left { (end - start).rem_euclid(TAU) } else { -(start - end).rem_euclid(TAU) };
    ellipse(
        centre,
        axes.apply_vector(Point2::new(rx, 0.0)),
        axes.apply_vector(Point2::new(0.0, ry)),
        start,
        start + sweep,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quadratic_spline_is_the_parabola() {
        let control = [Point2::new(0.0, 0.0), Point2::new(1.0, 2.0), Point2::new(2.0, 0.0)];
        let points = b_spline(2, &[0.0, 0.0, 0.0, 1.0, 1.0, 1.0], &control, &[]).unwrap();
        for p in &points {
            assert!((p.y - p.x * (2.0 - p.x)).abs() < 1e-12, "{p:?}");
        }
        assert!(points.len() == 17 && points[16] == control[2]);
        assert!(b_spline(3, &[0.0; 4], &control, &[]).is_none());
    }

    #[test]
    fn mirroring_turns_an_arc_the_other_way() {
        let arc = Arc2 { centre: Point2::new(1.0, 0.0), radius: 2.0, start: 0.5, sweep: 1.0 };
        let map = Affine2::scaling(-1.0, 1.0);
        let mapped = map_arc(&arc, &map).unwrap();
        for t in [0.0, 0.4, 1.0] {
            assert!(mapped.at(t).distance(map.apply(arc.at(t))) < 1e-12);
        }
        let skewed = map_arc(&arc, &Affine2::scaling(2.0, 1.0)).unwrap_err();
        assert!(skewed.iter().all(|p| ((p.x / 2.0 - 1.0).hypot(p.y) - 2.0).abs() < 1e-9));
    }

    #[test]
    fn a_curve_passes_through_its_points() {
        let points = [Point2::new(0.0, 0.0), Point2::new(1.0, 1.0), Point2::new(2.0, 0.0)];
        let curve = through(&points, false, [None; 2]);
        assert!(points.iter().all(|p| curve.iter().any(|q| q.distance(*p) < 1e-12)));
    }

    #[test]
    fn a_curve_sets_out_as_it_is_told() {
        let (a, b) = (Point2::new(0.0, 0.0), Point2::new(4.0, 0.0));
        assert_eq!(through(&[a, b], false, [None; 2]), [a, b]);
        let up = through(&[a, b], false, [Some(Point2::new(0.0, 2.0)), Some(Point2::new(0.0, -9.0))]);
        assert!(up[0] == a && up[up.len() - 1] == b && up.len() > 8);
        assert!(up[1].y > up[1].x && up[up.len() / 2].y > 0.5, "{up:?}");
    }

    #[test]
    fn a_quarter_drawn_as_a_curve_is_an_arc_again() {
        let k = 0.5522847498;
        let quarter = |turn: f64| {
            let map = Affine2::rotation(turn);
            [(1.0, 0.0), (1.0, k), (k, 1.0), (0.0, 1.0)].map(|(x, y)| map.apply(Point2::new(x, y)))
        };
        let mut arc = bezier(quarter(0.0)).unwrap();
        assert!(arc.centre.length() < 1e-3 && (arc.sweep - TAU / 4.0).abs() < 1e-3);
        for i in 1..4 {
            arc = joined(&arc, &bezier(quarter(TAU / 4.0 * f64::from(i))).unwrap()).unwrap();
        }
        assert!(arc.is_circle());
        let wave = [(0.0, 0.0), (1.0, 2.0), (2.0, -2.0), (3.0, 0.0)].map(|(x, y)| Point2::new(x, y));
        assert!(bezier(wave).is_err());
    }

    #[test]
    fn svg_arcs_end_where_they_say() {
        let (a, b) = (Point2::new(0.0, 0.0), Point2::new(2.0, 0.0));
        for (large, left) in [(false, false), (false, true), (true, false), (true, true)] {
            let arc = svg_arc(a, b, (2.0, 2.0), 0.3, large, left).unwrap();
            assert!(arc.at(0.0).distance(a) < 1e-9 && arc.at(1.0).distance(b) < 1e-9);
            assert!((arc.sweep.abs() > TAU / 2.0) == large && (arc.sweep > 0.0) == left);
        }
        assert!(svg_arc(a, b, (3.0, 1.0), 0.0, false, true).is_err());
    }
}
