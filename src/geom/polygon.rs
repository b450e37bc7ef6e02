//! Polygons with holes, and what can be asked of a ring.

use super::affine::Affine2;
use super::bounds::Box2;
use super::point::Point2;
use serde::{Deserialize, Serialize};

/// One outline with its holes. Rings are open (the last point is not the first again).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Polygon {
    /// Outline, counter-clockwise.
    pub outer: Vec<Point2>,
    /// Holes, clockwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holes: Vec<Vec<Point2>>,
}

/// Any number of polygons that do not overlap.
pub type Region = Vec<Polygon>;

/// Signed area of an open ring: positive when counter-clockwise.
pub fn ring_area(ring: &[Point2]) -> f64 {
    let Some(&origin) = ring.first() else { return 0.0 };
    let mut sum = 0.0;
    for i in 0..ring.len() {
        sum += (ring[i] - origin).cross(ring[(i + 1) % ring.len()] - origin);
    }
    sum / 2.0
}

/// The point lies inside the ring (even-odd; on the border either answer).
pub fn ring_contains(ring: &[Point2], p: Point2) -> bool {
    let mut inside = false;
    for i in 0..ring.len() {
        let (a, b) = (ring[i], ring[(i + 1) % ring.len()]);
        if (a.y > p.y) != (b.y > p.y) && p.x < a.x + (b.x - a.x) * (p.y - a.y) / (b.y - a.y) {
            inside = !inside;
        }
    }
    inside
}

/// The smallest convex ring around points, counter-clockwise (Andrew's monotone chain).
pub fn convex_hull(mut points: Vec<Point2>) -> Vec<Point2> {
    points.retain(|p| p.is_finite());
    points.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    points.dedup();
    if points.len() < 3 {
        return points;
    }
    let mut hull: Vec<Point2> = Vec::with_capacity(points.len());
    for pass in 0..2 {
        let start = hull.len();
        let mut add = |p: Point2| {
            while hull.len() >= start + 2
                && (hull[hull.len() - 1] - hull[hull.len() - 2]).cross(p - hull[hull.len() - 1]) <= 0.0
            {
                hull.pop();
            }
            hull.push(p);
        };
        if pass == 0 {
            points.iter().copied().for_each(&mut add);
        } else {
            points.iter().rev().copied().for_each(&mut add);
        }
        hull.pop();
    }
    hull
}

impl Polygon {
    /// From an outline in either sense; turned counter-clockwise.
    pub fn new(mut outer: Vec<Point2>) -> Self {
        if ring_area(&outer) < 0.0 {
            outer.reverse();
        }
        Self { outer, holes: Vec::new() }
    }
    /// A rectangle from its centre, its full sizes, and the angle of its first side.
    pub fn rectangle(centre: Point2, width: f64, depth: f64, angle: f64) -> Self {
        let (u, v) = (Point2::unit(angle) * (width / 2.0), Point2::unit(angle).left() * (depth / 2.0));
        Self::new(vec![centre - u - v, centre + u - v, centre + u + v, centre - u + v])
    }
    /// All rings, the outline first.
    pub fn rings(&self) -> impl Iterator<Item = &Vec<Point2>> {
        std::iter::once(&self.outer).chain(&self.holes)
    }
    /// Area, holes taken off.
    pub fn area(&self) -> f64 {
        ring_area(&self.outer).abs() - self.holes.iter().map(|h| ring_area(h).abs()).sum::<f64>()
    }
    /// Length of all rings.
    pub fn perimeter(&self) -> f64 {
        self.rings().map(|r| (0..r.len()).map(|i| r[i].distance(r[(i + 1) % r.len()])).sum::<f64>()).sum()
    }
    /// Centre of gravity of the outline; its middle where it has no area.
    pub fn centroid(&self) -> Point2 {
        let ring = &self.outer;
        let Some(&o) = ring.first() else { return Point2::default() };
        let (mut sum, mut area) = (Point2::default(), 0.0);
        for i in 0..ring.len() {
            let (p, q) = (ring[i] - o, ring[(i + 1) % ring.len()] - o);
            let w = p.cross(q);
            sum += (p + q) * w;
            area += w;
        }
        if area.abs() > 1e-12 { o + sum / (3.0 * area) } else { self.bounds().centre() }
    }
    /// The point lies inside and in no hole.
    pub fn contains(&self, p: Point2) -> bool {
        ring_contains(&self.outer, p) && !self.holes.iter().any(|h| ring_contains(h, p))
    }
    /// Box around it.
    pub fn bounds(&self) -> Box2 {
        Box2::around(self.outer.iter().copied())
    }
    /// Mapped; turned back to the counter-clockwise sense when the map mirrors.
    pub fn mapped(&self, m: &Affine2) -> Self {
        let map = |ring: &Vec<Point2>| {
            let mut out: Vec<Point2> = ring.iter().map(|&p| m.apply(p)).collect();
            if m.is_mirrored() {
                out.reverse();
            }
            out
        };
        Self { outer: map(&self.outer), holes: self.holes.iter().map(map).collect() }
    }
}
