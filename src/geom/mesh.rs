//! Triangles in space.

use super::bounds::Box3;
use super::point::Point3;

/// Triangles over corners that are told from an origin near by, so that they keep their precision anywhere on earth.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mesh {
    /// Where the corners are told from, in the world.
    pub origin: Point3,
    /// Corners, from the origin.
    pub corners: Vec<Point3>,
    /// Triangles as numbers of corners, counter-clockwise seen from outside.
    pub triangles: Vec<[u32; 3]>,
}

impl Mesh {
    /// The corners of a triangle in the world; `None` past the last one.
    pub fn triangle(&self, i: usize) -> Option<[Point3; 3]> {
        let [a, b, c] = *self.triangles.get(i)?;
        let at = |k: u32| self.corners.get(k as usize).map(|&p| self.origin + p);
        Some([at(a)?, at(b)?, at(c)?])
    }

    /// Box around it in the world.
    pub fn bounds(&self) -> Box3 {
        let mut out = Box3::EMPTY;
        self.corners.iter().for_each(|&p| out.add(self.origin + p));
        out
    }

    /// What it surrounds, m³: by the divergence theorem, right for closed meshes.
    pub fn volume(&self) -> f64 {
        let at = |k: u32| self.corners.get(k as usize).copied().unwrap_or_default();
        self.triangles.iter().map(|&[a, b, c]| at(a).dot(at(b).cross(at(c)))).sum::<f64>() / 6.0
    }
}
