//! Straight and circular pieces.

use super::point::Point2;
use serde::{Deserialize, Serialize};
use std::f64::consts::{PI, TAU};

/// A straight piece.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Segment2 {
    /// Start.
    pub a: Point2,
    /// End.
    pub b: Point2,
}

impl Segment2 {
    /// From its ends.
    pub const fn new(a: Point2, b: Point2) -> Self {
        Self { a, b }
    }
    /// Length.
    pub fn length(&self) -> f64 {
        self.a.distance(self.b)
    }
    /// Unit vector from start to end, or `None` for a point.
    pub fn direction(&self) -> Option<Point2> {
        (self.b - self.a).normalised()
    }
    /// Middle.
    pub fn middle(&self) -> Point2 {
        (self.a + self.b) / 2.0
    }
    /// Parameter in 0..=1 of the nearest point.
    pub fn nearest_parameter(&self, p: Point2) -> f64 {
        let d = self.b - self.a;
        let l2 = d.dot(d);
        if l2 > 0.0 { ((p - self.a).dot(d) / l2).clamp(0.0, 1.0) } else { 0.0 }
    }
    /// Distance to a point.
    pub fn distance(&self, p: Point2) -> f64 {
        self.a.lerp(self.b, self.nearest_parameter(p)).distance(p)
    }
    /// Where the infinite lines through both meet: parameters along `self` and along `o` (in lengths of each),
    /// or `None` when they are parallel.
    pub fn line_intersection(&self, o: &Self) -> Option<(f64, f64)> {
        let (d, e) = (self.b - self.a, o.b - o.a);
        let den = d.cross(e);
        if den.abs() <= 1e-12 * d.length() * e.length() || den == 0.0 {
            return None;
        }
        let w = o.a - self.a;
        Some((w.cross(e) / den, w.cross(d) / den))
    }
}

/// A circular piece, counter-clockwise from `start` over `sweep` (clockwise when negative; ±2π is a circle).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Arc2 {
    /// Centre.
    pub centre: Point2,
    /// Radius, positive.
    pub radius: f64,
    /// Start angle.
    pub start: f64,
    /// Swept angle.
    pub sweep: f64,
}

impl Arc2 {
    /// A full circle.
    pub const fn circle(centre: Point2, radius: f64) -> Self {
        Self { centre, radius, start: 0.0, sweep: TAU }
    }
    /// The point part of the way, 0..=1.
    pub fn at(&self, t: f64) -> Point2 {
        self.centre + Point2::unit(self.start + self.sweep * t) * self.radius
    }
    /// It closes on itself.
    pub fn is_circle(&self) -> bool {
        self.sweep.abs() >= TAU - 1e-6
    }
    /// Length along the arc.
    pub fn length(&self) -> f64 {
        self.radius * self.sweep.abs()
    }
    /// Points along the arc, both ends included, no chord further from it than `tolerance`; at most 1,024.
    pub fn points(&self, tolerance: f64) -> Vec<Point2> {
        let step = 2.0 * (1.0 - (tolerance / self.radius.max(tolerance * 1e-3)).min(1.0)).acos();
        let n = (self.sweep.abs() / step.max(1e-3)).ceil().clamp(2.0, 1024.0) as usize;
        (0..=n).map(|i| self.at(i as f64 / n as f64)).collect()
    }
}

/// The arc of a polyline bulge (tangent of a quarter of the swept angle) from `a` to `b`, or `None` for a straight
/// piece, a point, or a bulge that is not a usable number.
pub fn bulge_to_arc(a: Point2, b: Point2, bulge: f64) -> Option<Arc2> {
    let chord = b - a;
    let c = chord.length();
    if !bulge.is_finite() || bulge.abs() < 1e-9 || bulge.abs() > 1e6 || !c.is_finite() || c < 1e-12 {
        return None;
    }
    let sweep = 4.0 * bulge.atan();
    let radius = c * (1.0 + bulge * bulge) / (4.0 * bulge.abs());
    let centre = a + chord / 2.0 + chord.left() * ((1.0 - bulge * bulge) / (4.0 * bulge));
    Some(Arc2 { centre, radius, start: (a - centre).angle(), sweep })
}

/// The angle between two undirected lines, in 0..=π/2.
pub fn angle_between_lines(a: f64, b: f64) -> f64 {
    let d = (a - b).rem_euclid(PI);
    d.min(PI - d)
}

/// Into (-π, π].
pub fn normalise_angle(a: f64) -> f64 {
    let r = a.rem_euclid(TAU);
    if r > PI { r - TAU } else { r }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bulges_pass_through_their_ends() {
        for bulge in [0.3, -0.3, 1.0, -1.7] {
            let (a, b) = (Point2::new(1.0, 2.0), Point2::new(4.0, -1.0));
            let arc = bulge_to_arc(a, b, bulge).unwrap();
            assert!(arc.at(0.0).distance(a) < 1e-9 && arc.at(1.0).distance(b) < 1e-9, "{bulge}");
        }
        assert!(bulge_to_arc(Point2::default(), Point2::new(1.0, 0.0), 1e308).is_none());
    }

    #[test]
    fn line_angles_wrap() {
        assert!(angle_between_lines(0.01, PI - 0.01) - 0.02 < 1e-12);
    }
}
