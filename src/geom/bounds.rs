//! Axis-aligned boxes.

use super::point::{Point2, Point3};
use serde::{Deserialize, Serialize};

/// An axis-aligned rectangle; empty until something is added.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Box2 {
    /// Lower left.
    pub min: Point2,
    /// Upper right.
    pub max: Point2,
}

impl Default for Box2 {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl Box2 {
    /// Nothing.
    pub const EMPTY: Self = Self {
        min: Point2::new(f64::INFINITY, f64::INFINITY),
        max: Point2::new(f64::NEG_INFINITY, f64::NEG_INFINITY),
    };
    /// From any two opposite corners.
    pub fn of(a: Point2, b: Point2) -> Self {
        let mut out = Self::EMPTY;
        out.add(a);
        out.add(b);
        out
    }
    /// Around all points.
    pub fn around(points: impl IntoIterator<Item = Point2>) -> Self {
        let mut out = Self::EMPTY;
        for p in points {
            out.add(p);
        }
        out
    }
    /// Grows to hold a point; one that is not a number is ignored.
    pub fn add(&mut self, p: Point2) {
        if p.is_finite() {
            self.min = Point2::new(self.min.x.min(p.x), self.min.y.min(p.y));
            self.max = Point2::new(self.max.x.max(p.x), self.max.y.max(p.y));
        }
    }
    /// Grows to hold another box.
    pub fn merge(&mut self, o: &Self) {
        if !o.is_empty() {
            self.add(o.min);
            self.add(o.max);
        }
    }
    /// Holds nothing.
    pub fn is_empty(&self) -> bool {
        self.min.x > self.max.x
    }
    /// Larger on every side by `by`.
    pub fn grown(&self, by: f64) -> Self {
        let d = Point2::new(by, by);
        Self { min: self.min - d, max: self.max + d }
    }
    /// Holds the point, border included.
    pub fn contains(&self, p: Point2) -> bool {
        p.x >= self.min.x && p.x <= self.max.x && p.y >= self.min.y && p.y <= self.max.y
    }
    /// Holds the whole other box.
    pub fn contains_box(&self, o: &Self) -> bool {
        self.contains(o.min) && self.contains(o.max)
    }
    /// Shares at least a point with the other box.
    pub fn intersects(&self, o: &Self) -> bool {
        self.min.x <= o.max.x && o.min.x <= self.max.x && self.min.y <= o.max.y && o.min.y <= self.max.y
    }
    /// Middle.
    pub fn centre(&self) -> Point2 {
        (self.min + self.max) / 2.0
    }
    /// East-west extent.
    pub fn width(&self) -> f64 {
        self.max.x - self.min.x
    }
    /// North-south extent.
    pub fn height(&self) -> f64 {
        self.max.y - self.min.y
    }
    /// Area; 0 when empty.
    pub fn area(&self) -> f64 {
        if self.is_empty() { 0.0 } else { self.width() * self.height() }
    }
    /// Length of the diagonal; 0 when empty.
    pub fn diagonal(&self) -> f64 {
        if self.is_empty() { 0.0 } else { self.min.distance(self.max) }
    }
    /// The four corners, counter-clockwise from the lower left.
    pub fn corners(&self) -> [Point2; 4] {
        [self.min, Point2::new(self.max.x, self.min.y), self.max, Point2::new(self.min.x, self.max.y)]
    }
}

/// An axis-aligned box in space; empty until something is added.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Box3 {
    /// Lowest corner.
    pub min: Point3,
    /// Highest corner.
    pub max: Point3,
}

impl Default for Box3 {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl Box3 {
    /// Nothing.
    pub const EMPTY: Self = Self {
        min: Point3::new(f64::INFINITY, f64::INFINITY, f64::INFINITY),
        max: Point3::new(f64::NEG_INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY),
    };
    /// Grows to hold a point; one that is not a number is ignored.
    pub fn add(&mut self, p: Point3) {
        if p.is_finite() {
            self.min = Point3::new(self.min.x.min(p.x), self.min.y.min(p.y), self.min.z.min(p.z));
            self.max = Point3::new(self.max.x.max(p.x), self.max.y.max(p.y), self.max.z.max(p.z));
        }
    }
    /// Grows to hold another box.
    pub fn merge(&mut self, o: &Self) {
        if !o.is_empty() {
            self.add(o.min);
            self.add(o.max);
        }
    }
    /// Holds nothing.
    pub fn is_empty(&self) -> bool {
        self.min.x > self.max.x
    }
    /// Middle.
    pub fn centre(&self) -> Point3 {
        (self.min + self.max) / 2.0
    }
    /// Seen from above.
    pub fn xy(&self) -> Box2 {
        if self.is_empty() { Box2::EMPTY } else { Box2 { min: self.min.xy(), max: self.max.xy() } }
    }
}
