//! Outlines of the parameterised profiles (IfcParameterizedProfileDef), in the profile's own coordinates:
//! the origin in the middle of the box around it, as the schema has it. Lengths in metres.

use crate::geom::{Arc2, Point2, Polygon, Region};
use std::f64::consts::{PI, TAU};

/// Chords stay this close to the arcs that they stand for, metres: a quarter of the finest difference told (1 mm).
pub(crate) const CHORD_M: f64 = 0.000_25;

/// Chords of a fillet stay this close to it, as a part of its radius: areas of steel sections within 0.1 %.
const FILLET_CHORD: f64 = 0.002_5;

/// Fewest and most corners of a full circle.
const CIRCLE_CORNERS: (f64, f64) = (48.0, 1024.0);

/// Number of corners for a full turn at a radius: a multiple of four, so that the box around it is exact.
pub(crate) fn turn_steps(radius: f64) -> usize {
    let step = 2.0 * (1.0 - (CHORD_M / radius.abs().max(CHORD_M)).min(1.0)).acos();
    let n = (TAU / step.max(1e-6)).clamp(CIRCLE_CORNERS.0, CIRCLE_CORNERS.1);
    (n / 4.0).ceil() as usize * 4
}

fn ellipse_ring(a: f64, b: f64) -> Vec<Point2> {
    let n = turn_steps(a.abs().max(b.abs()));
    (0..n).map(|i| Point2::unit(TAU * i as f64 / n as f64)).map(|p| Point2::new(p.x * a, p.y * b)).collect()
}

fn with_hole(outer: Vec<Point2>, inner: Vec<Point2>) -> Region {
    let mut polygon = Polygon::new(outer);
    let mut hole = Polygon::new(inner).outer;
    hole.reverse();
    polygon.holes.push(hole);
    vec![polygon]
}

/// IfcCircleProfileDef, IfcEllipseProfileDef.
pub(crate) fn ellipse(a: f64, b: f64) -> Region {
    vec![Polygon::new(ellipse_ring(a, b))]
}

/// IfcCircleHollowProfileDef; solid where the wall reaches the middle.
pub(crate) fn circle_hollow(radius: f64, wall: f64) -> Region {
    if wall <= 0.0 || wall >= radius {
        return ellipse(radius, radius);
    }
    with_hole(ellipse_ring(radius, radius), ellipse_ring(radius - wall, radius - wall))
}

/// IfcRectangleProfileDef and IfcRoundedRectangleProfileDef.
pub(crate) fn rectangle(x: f64, y: f64, rounding: f64) -> Region {
    vec![Polygon::new(rectangle_ring(x, y, rounding))]
}

fn rectangle_ring(x: f64, y: f64, rounding: f64) -> Vec<Point2> {
    let (x, y) = (x / 2.0, y / 2.0);
    rounded(&[(-x, -y, rounding), (x, -y, rounding), (x, y, rounding), (-x, y, rounding)])
}

/// IfcRectangleHollowProfileDef.
pub(crate) fn rectangle_hollow(x: f64, y: f64, wall: f64, inner: f64, outer: f64) -> Region {
    if wall <= 0.0 || 2.0 * wall >= x.min(y) {
        return rectangle(x, y, outer);
    }
    with_hole(rectangle_ring(x, y, outer), rectangle_ring(x - 2.0 * wall, y - 2.0 * wall, inner))
}

/// A flange of an I: its width, thickness and the fillet to the web.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Flange {
    /// Width, across the web.
    pub(crate) width: f64,
    /// Thickness.
    pub(crate) thickness: f64,
    /// Fillet to the web.
    pub(crate) fillet: f64,
    /// Radius of the inner edges.
    pub(crate) edge: f64,
}

/// IfcIShapeProfileDef and IfcAsymmetricIShapeProfileDef.
pub(crate) fn i_shape(depth: f64, web: f64, bottom: Flange, top: Flange) -> Region {
    let (h, w, b, t) = (depth / 2.0, web / 2.0, bottom.width / 2.0, top.width / 2.0);
    let (yb, yt) = (-h + bottom.thickness, h - top.thickness);
    vec![Polygon::new(rounded(&[
        (-b, -h, 0.0),
        (b, -h, 0.0),
        (b, yb, bottom.edge),
        (w, yb, bottom.fillet),
        (w, yt, top.fillet),
        (t, yt, top.edge),
        (t, h, 0.0),
        (-t, h, 0.0),
        (-t, yt, top.edge),
        (-w, yt, top.fillet),
        (-w, yb, bottom.fillet),
        (-b, yb, bottom.edge),
    ]))]
}

/// IfcLShapeProfileDef: legs along the left and the lower side.
pub(crate) fn l_shape(depth: f64, width: f64, thickness: f64, fillet: f64, edge: f64) -> Region {
    let (x, y) = (width / 2.0, depth / 2.0);
    vec![Polygon::new(rounded(&[
        (-x, -y, 0.0),
        (x, -y, 0.0),
        (x, -y + thickness, edge),
        (-x + thickness, -y + thickness, fillet),
        (-x + thickness, y, edge),
        (-x, y, 0.0),
    ]))]
}

/// IfcTShapeProfileDef: flange on top.
pub(crate) fn t_shape(depth: f64, width: f64, web: f64, flange: f64, fillet: f64) -> Region {
    let (x, y, w) = (width / 2.0, depth / 2.0, web / 2.0);
    let f = y - flange;
    vec![Polygon::new(rounded(&[
        (-w, -y, 0.0),
        (w, -y, 0.0),
        (w, f, fillet),
        (x, f, 0.0),
        (x, y, 0.0),
        (-x, y, 0.0),
        (-x, f, 0.0),
        (-w, f, fillet),
    ]))]
}

/// IfcUShapeProfileDef: web on the left, open to the right.
pub(crate) fn u_shape(depth: f64, width: f64, web: f64, flange: f64, fillet: f64, edge: f64) -> Region {
    let (x, y) = (width / 2.0, depth / 2.0);
    vec![Polygon::new(rounded(&[
        (-x, -y, 0.0),
        (x, -y, 0.0),
        (x, -y + flange, edge),
        (-x + web, -y + flange, fillet),
        (-x + web, y - flange, fillet),
        (x, y - flange, edge),
        (x, y, 0.0),
        (-x, y, 0.0),
    ]))]
}

/// IfcCShapeProfileDef: a U with lips; the web on the left.
pub(crate) fn c_shape(depth: f64, width: f64, wall: f64, girth: f64, inner: f64) -> Region {
    let (x, y, t) = (width / 2.0, depth / 2.0, wall);
    let outer = if inner > 0.0 { inner + t } else { 0.0 };
    vec![Polygon::new(rounded(&[
        (-x, -y, outer),
        (x, -y, outer),
        (x, -y + girth, 0.0),
        (x - t, -y + girth, 0.0),
        (x - t, -y + t, inner),
        (-x + t, -y + t, inner),
        (-x + t, y - t, inner),
        (x - t, y - t, inner),
        (x - t, y - girth, 0.0),
        (x, y - girth, 0.0),
        (x, y, outer),
        (-x, y, outer),
    ]))]
}

/// IfcZShapeProfileDef: lower flange to the right, upper flange to the left of the web.
pub(crate) fn z_shape(depth: f64, width: f64, web: f64, flange: f64, fillet: f64, edge: f64) -> Region {
    let (w, y) = (web / 2.0, depth / 2.0);
    let x = width - w;
    vec![Polygon::new(rounded(&[
        (-w, -y, 0.0),
        (x, -y, 0.0),
        (x, -y + flange, edge),
        (w, -y + flange, fillet),
        (w, y, 0.0),
        (-x, y, 0.0),
        (-x, y - flange, edge),
        (-w, y - flange, fillet),
    ]))]
}

/// IfcTrapeziumProfileDef.
pub(crate) fn trapezium(bottom: f64, top: f64, y: f64, offset: f64) -> Region {
    let (x, y) = (-bottom / 2.0, y / 2.0);
    vec![Polygon::new(vec![
        Point2::new(x, -y),
        Point2::new(x + bottom, -y),
        Point2::new(x + offset + top, y),
        Point2::new(x + offset, y),
    ])]
}

/// Two roundings may use up the side between them, but for rounding errors.
const SHARED: f64 = 1.0 + 1e-9;

/// A ring whose corners (x, y, radius) are rounded where the radius fits.
fn rounded(corners: &[(f64, f64, f64)]) -> Vec<Point2> {
    let n = corners.len();
    let at = |i: usize| {
        let (x, y, _) = corners[i % n];
        Point2::new(x, y)
    };
    let radius = |i: usize| corners[i % n].2;
    let reach = |i: usize| reach(at(i + n - 1), at(i), at(i + 1), radius(i));
    let fits = |i: usize, j: usize| reach(i) + reach(j) <= at(i).distance(at(j)) * SHARED;
    let mut ring = Vec::with_capacity(n);
    for i in 0..n {
        let (before, p, after) = (at(i + n - 1), at(i), at(i + 1));
        let arc = (reach(i) > 0.0 && fits(i + n - 1, i) && fits(i, i + 1))
            .then(|| corner_arc(before, p, after, radius(i)))
            .flatten();
        match arc {
            Some(arc) => ring.extend(arc.points(CHORD_M.min(radius(i) * FILLET_CHORD))),
            None => ring.push(p),
        }
    }
    ring
}

/// The angle between the sides of a corner; negative where it turns to the right.
fn turn(before: Point2, p: Point2, after: Point2) -> Option<f64> {
    let (u, v) = ((before - p).normalised()?, (after - p).normalised()?);
    Some(v.cross(u).atan2(u.dot(v)))
}

/// How far from its corner a rounding begins; 0 where there is none.
fn reach(before: Point2, p: Point2, after: Point2, radius: f64) -> f64 {
    if radius.is_nan() || radius <= 1e-6 {
        return 0.0;
    }
    let reach = turn(before, p, after).map_or(0.0, |turn| radius / (turn.abs() / 2.0).tan());
    if reach.is_finite() { reach } else { 0.0 }
}

fn corner_arc(before: Point2, p: Point2, after: Point2, radius: f64) -> Option<Arc2> {
    let (u, v) = ((before - p).normalised()?, (after - p).normalised()?);
    let turn = turn(before, p, after)?;
    let centre = p + (u + v).normalised()? * (radius / (turn.abs() / 2.0).sin());
    let start = (p + u * reach(before, p, after, radius) - centre).angle();
    let sweep = (PI - turn.abs()) * turn.signum();
    Some(Arc2 { centre, radius, start, sweep })
}

/// The band of a thickness along an open line (IfcCenterLineProfileDef), mitred at its corners.
pub(crate) fn centre_line(line: &[Point2], thickness: f64) -> Region {
    let mut points: Vec<Point2> = line.to_vec();
    points.dedup_by(|a, b| a.distance(*b) < 1e-9);
    let n = points.len();
    if n < 2 || thickness.is_nan() || thickness <= 0.0 {
        return Vec::new();
    }
    let direction = |i: usize| (points[i + 1] - points[i]).normalised().unwrap_or(Point2::new(1.0, 0.0));
    let mut left = Vec::with_capacity(n);
    let mut right = Vec::with_capacity(n);
    for (i, &p) in points.iter().enumerate() {
        let before = direction(i.saturating_sub(1)).left();
        let after = direction(i.min(n - 2)).left();
        let middle = (before + after).normalised().unwrap_or(after);
        // a mitre at a hairpin would run to infinity
        let stretch = 1.0 / middle.dot(after).max(0.25);
        let offset = middle * (stretch * thickness / 2.0);
        left.push(p + offset);
        right.push(p - offset);
    }
    left.reverse();
    right.extend(left);
    vec![Polygon::new(right)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geom::Box2;

    fn area(region: &Region) -> f64 {
        region.iter().map(Polygon::area).sum()
    }

    fn size(region: &Region) -> (f64, f64) {
        let b = region.iter().fold(Box2::EMPTY, |mut b, p| {
            b.merge(&p.bounds());
            b
        });
        (b.width(), b.height())
    }

    #[test]
    fn steel_sections_have_their_catalogue_areas() {
        // EN 10365: HEA 200 53.83 cm², UPE and L without their rounded toes by hand
        let flange = Flange { width: 0.2, thickness: 0.010, fillet: 0.018, edge: 0.0 };
        let hea = i_shape(0.190, 0.0065, flange, flange);
        assert!((area(&hea) * 1e4 - 53.83).abs() < 0.05, "{}", area(&hea) * 1e4);
        assert_eq!(size(&hea), (0.2, 0.19));
        let l = l_shape(0.1, 0.08, 0.01, 0.0, 0.0);
        assert!((area(&l) - 0.0017).abs() < 1e-12);
        let c = c_shape(0.2, 0.08, 0.002, 0.02, 0.0);
        assert!((area(&c) - 0.002 * (0.2 + 2.0 * 0.076 + 2.0 * 0.02)).abs() < 1e-4);
    }

    #[test]
    fn rounding_takes_off_what_it_should() {
        let r = rectangle(2.0, 1.0, 0.1);
        assert!((area(&r) - (2.0 - (4.0 - PI) * 0.01)).abs() < 1e-4, "{}", area(&r));
        let tube = circle_hollow(0.5, 0.1);
        assert!((area(&tube) - PI * (0.25 - 0.16)).abs() < 1e-3);
        assert_eq!(size(&tube), (1.0, 1.0));
    }

    #[test]
    fn roundings_that_do_not_fit_beside_each_other_are_left_out() {
        assert!((area(&rectangle(1.0, 1.0, 0.5)) - PI / 4.0).abs() < 1e-3);
        assert_eq!(area(&rectangle(1.0, 1.0, 0.6)), 1.0);
        let flange = Flange { width: 0.2, thickness: 0.04, fillet: 0.015, edge: 0.0 };
        assert!((area(&i_shape(0.1, 0.01, flange, flange)) - (0.2 * 0.08 + 0.01 * 0.02)).abs() < 1e-12);
    }

    #[test]
    fn a_bent_centre_line_keeps_its_thickness() {
        let bend = [Point2::new(0.0, 0.0), Point2::new(4.0, 0.0), Point2::new(4.0, 3.0)];
        let band = centre_line(&bend, 0.2);
        assert!((area(&band) - 7.0 * 0.2).abs() < 1e-9);
        assert!(centre_line(&bend, f64::NAN).is_empty());
    }
}
