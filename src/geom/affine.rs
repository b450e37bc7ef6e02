//! Affine maps of the plane and of space.

use super::point::{Point2, Point3};
use serde::{Deserialize, Serialize};

/// An affine map of the plane: x' = a·x + c·y + e, y' = b·x + d·y + f. Serialised as `[a, b, c, d, e, f]`,
/// the order of SVG's `matrix()` and of the report.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "[f64; 6]", into = "[f64; 6]")]
pub struct Affine2 {
    /// x' from x.
    pub a: f64,
    /// y' from x.
    pub b: f64,
    /// x' from y.
    pub c: f64,
    /// y' from y.
    pub d: f64,
    /// Shift in x.
    pub e: f64,
    /// Shift in y.
    pub f: f64,
}

impl From<[f64; 6]> for Affine2 {
    fn from([a, b, c, d, e, f]: [f64; 6]) -> Self {
        Self { a, b, c, d, e, f }
    }
}
impl From<Affine2> for [f64; 6] {
    fn from(m: Affine2) -> Self {
        [m.a, m.b, m.c, m.d, m.e, m.f]
    }
}

impl Affine2 {
    /// Leaves everything where it is.
    pub const IDENTITY: Self = Self { a: 1.0, b: 0.0, c: 0.0, d: 1.0, e: 0.0, f: 0.0 };

    /// A shift.
    pub const fn translation(by: Point2) -> Self {
        Self { e: by.x, f: by.y, ..Self::IDENTITY }
    }
    /// A scaling about the origin.
    pub const fn scaling(sx: f64, sy: f64) -> Self {
        Self { a: sx, d: sy, ..Self::IDENTITY }
    }
    /// A rotation about the origin, counter-clockwise.
    pub fn rotation(angle: f64) -> Self {
        let (s, c) = angle.sin_cos();
        Self { a: c, b: s, c: -s, d: c, e: 0.0, f: 0.0 }
    }
    /// Scale, rotation, optional mirroring (y → −y before turning), then shift.
    pub fn similarity(scale: f64, angle: f64, mirrored: bool, shift: Point2) -> Self {
        let m = if mirrored { -1.0 } else { 1.0 };
        Self::translation(shift).after(&Self::rotation(angle)).after(&Self::scaling(scale, scale * m))
    }
    /// The map that applies `first`, then `self`.
    pub fn after(&self, first: &Self) -> Self {
        Self {
            a: self.a * first.a + self.c * first.b,
            b: self.b * first.a + self.d * first.b,
            c: self.a * first.c + self.c * first.d,
            d: self.b * first.c + self.d * first.d,
            e: self.a * first.e + self.c * first.f + self.e,
            f: self.b * first.e + self.d * first.f + self.f,
        }
    }
    /// Maps a point.
    pub fn apply(&self, p: Point2) -> Point2 {
        Point2::new(self.a * p.x + self.c * p.y + self.e, self.b * p.x + self.d * p.y + self.f)
    }
    /// Maps a vector: no shift.
    pub fn apply_vector(&self, v: Point2) -> Point2 {
        Point2::new(self.a * v.x + self.c * v.y, self.b * v.x + self.d * v.y)
    }
    /// Signed area factor; negative when the map mirrors.
    pub fn determinant(&self) -> f64 {
        self.a * self.d - self.b * self.c
    }
    /// The map back, if there is one.
    pub fn inverse(&self) -> Option<Self> {
        let det = self.determinant();
        if !det.is_finite() || det.abs() < 1e-300 {
            return None;
        }
        let (a, b, c, d) = (self.d / det, -self.b / det, -self.c / det, self.a / det);
        Some(Self { a, b, c, d, e: -(a * self.e + c * self.f), f: -(b * self.e + d * self.f) })
    }
    /// The length factor of a similarity (the geometric mean of both axes for any other map).
    pub fn scale(&self) -> f64 {
        self.determinant().abs().sqrt()
    }
    /// It turns left into right.
    pub fn is_mirrored(&self) -> bool {
        self.determinant() < 0.0
    }
    /// Lengths and right angles survive up to one factor (relative tolerance 1e-6).
    pub fn is_similarity(&self) -> bool {
        let (x, y) = (Point2::new(self.a, self.b), Point2::new(self.c, self.d));
        let s = x.length().max(y.length());
        (x.length() - y.length()).abs() <= 1e-6 * s && x.dot(y).abs() <= 1e-6 * s * s
    }
    /// The angle that +x is turned by.
    pub fn angle(&self) -> f64 {
        self.b.atan2(self.a)
    }
}

/// An affine map of space, as three axes and an origin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Affine3 {
    /// Where +x goes.
    pub x: Point3,
    /// Where +y goes.
    pub y: Point3,
    /// Where +z goes.
    pub z: Point3,
    /// Where the origin goes.
    pub origin: Point3,
}

impl Affine3 {
    /// Leaves everything where it is.
    pub const IDENTITY: Self = Self {
        x: Point3::new(1.0, 0.0, 0.0),
        y: Point3::new(0.0, 1.0, 0.0),
        z: Point3::new(0.0, 0.0, 1.0),
        origin: Point3::new(0.0, 0.0, 0.0),
    };

    /// A right-handed frame from z and a direction near x (IfcAxis2Placement3D, IfcBuildAxes); falls back to
    /// another x where both are parallel, and to the world's axes where z has no direction.
    pub fn frame(origin: Point3, axis: Option<Point3>, ref_direction: Option<Point3>) -> Self {
        let z = axis.and_then(Point3::normalised).unwrap_or(Self::IDENTITY.z);
        let along = |r: Point3| (r - z * r.dot(z)).normalised();
        let x = ref_direction
            .and_then(along)
            .or_else(|| along(Self::IDENTITY.x))
            .or_else(|| along(Self::IDENTITY.y))
            .unwrap_or(Self::IDENTITY.x);
        Self { x, y: z.cross(x), z, origin }
    }
    /// The map that applies `first`, then `self`.
    pub fn after(&self, first: &Self) -> Self {
        Self {
            x: self.apply_vector(first.x),
            y: self.apply_vector(first.y),
            z: self.apply_vector(first.z),
            origin: self.apply(first.origin),
        }
    }
    /// Maps a point.
    pub fn apply(&self, p: Point3) -> Point3 {
        self.origin + self.apply_vector(p)
    }
    /// Maps a vector: no shift.
    pub fn apply_vector(&self, v: Point3) -> Point3 {
        self.x * v.x + self.y * v.y + self.z * v.z
    }
    /// Signed volume factor.
    pub fn determinant(&self) -> f64 {
        self.x.cross(self.y).dot(self.z)
    }
    /// The map back, if there is one.
    pub fn inverse(&self) -> Option<Self> {
        let det = self.determinant();
        if !det.is_finite() || det.abs() < 1e-300 {
            return None;
        }
        let (r0, r1, r2) =
            (self.y.cross(self.z) / det, self.z.cross(self.x) / det, self.x.cross(self.y) / det);
        let mut out = Self {
            x: Point3::new(r0.x, r1.x, r2.x),
            y: Point3::new(r0.y, r1.y, r2.y),
            z: Point3::new(r0.z, r1.z, r2.z),
            origin: Point3::default(),
        };
        out.origin = -out.apply_vector(self.origin);
        Some(out)
    }
    /// z stays vertical and horizontal stays horizontal: a plan view of it is exact.
    pub fn is_upright(&self) -> bool {
        let s = self.z.length();
        self.z.x.abs() <= 1e-9 * s
            && self.z.y.abs() <= 1e-9 * s
            && self.x.z.abs() <= 1e-9
            && self.y.z.abs() <= 1e-9
    }
    /// The plan view of an upright map.
    pub fn plan(&self) -> Affine2 {
        Affine2 { a: self.x.x, b: self.x.y, c: self.y.x, d: self.y.y, e: self.origin.x, f: self.origin.y }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inverses_undo() {
        let m = Affine2::similarity(2.0, 0.7, true, Point2::new(3.0, -4.0));
        let p = Point2::new(1.5, 2.5);
        let back = m.inverse().unwrap().apply(m.apply(p));
        assert!(back.distance(p) < 1e-12 && m.is_mirrored() && m.is_similarity());
        let f = Affine3::frame(
            Point3::new(1.0, 2.0, 3.0),
            Some(Point3::new(0.3, 0.2, 1.0)),
            Some(Point3::new(1.0, 1.0, 0.0)),
        );
        let q = Point3::new(0.1, 0.2, 0.3);
        assert!((f.inverse().unwrap().apply(f.apply(q)) - q).length() < 1e-12);
        assert!((f.determinant() - 1.0).abs() < 1e-12);
    }
}
