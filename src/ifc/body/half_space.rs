//! Half-spaces: everything on one side of a plane, optionally only within the endless prism over a boundary
//! (IfcHalfSpaceSolid, IfcPolygonalBoundedHalfSpace).

use super::prism::Prism;
use crate::geom::{Affine3, Box2, Point2, Point3, Region, clip_half_plane};

/// A plane that leans less than this against the level is level.
const LEVEL: f64 = 1e-9;

/// A half-space.
#[derive(Clone, Debug)]
pub(crate) struct HalfSpace {
    /// The plane: its `z` points out of the material.
    pub(crate) plane: Affine3,
    /// The boundary and where it lies; the material is over and under it without end.
    pub(crate) boundary: Option<(Affine3, Region)>,
}

/// A half-space at a height.
#[derive(Clone, Debug)]
pub(crate) enum HalfCut {
    /// The plane is level and the material is here.
    All,
    /// The plane is level and the material is elsewhere.
    Nothing,
    /// One side of a line.
    Side {
        /// A point of the line.
        origin: Point2,
        /// Away from the material.
        outward: Point2,
    },
}

impl HalfSpace {
    /// A point of the plane and its normal, pointing out of the material, both mapped.
    pub(crate) fn mapped_plane(&self, map: &Affine3) -> Option<(Point3, Point3)> {
        let plane = map.after(&self.plane);
        let normal = plane.x.cross(plane.y).normalised()?;
        Some((plane.origin, if normal.dot(plane.z) < 0.0 { -normal } else { normal }))
    }

    /// What the plane leaves at a height, the boundary not looked at.
    pub(crate) fn side(&self, map: &Affine3, z: f64) -> HalfCut {
        let Some((o, n)) = self.mapped_plane(map) else { return HalfCut::Nothing };
        let rise = n.z * (z - o.z);
        let flat = n.xy().length();
        if flat <= LEVEL {
            return if rise <= 0.0 { HalfCut::All } else { HalfCut::Nothing };
        }
        let outward = n.xy() / flat;
        HalfCut::Side { origin: o.xy() - outward * (rise / flat), outward }
    }

    /// What the boundary lets through at a height, within `bounds` (which must hold everything of interest over
    /// `heights`); `None` when there is no boundary.
    pub(crate) fn window(&self, map: &Affine3, z: f64, bounds: &Box2, heights: (f64, f64)) -> Option<Region> {
        let (frame, boundary) = self.boundary.as_ref()?;
        let placed = map.after(frame);
        // far enough to both sides to pass everything of interest
        let centre = bounds.centre().at((heights.0 + heights.1) / 2.0);
        let reach = bounds.diagonal() + (heights.1 - heights.0).abs() + 1.0;
        let size = boundary.iter().map(|p| p.bounds().diagonal()).fold(0.0, f64::max);
        let scale = placed.x.length().max(placed.y.length());
        let axis = placed.z.normalised()?;
        let far = placed.origin.xy().distance(centre.xy()) + (placed.origin.z - centre.z).abs();
        let length = far + 2.0 * reach + size * scale;
        let start = Affine3 { origin: placed.origin - axis * length, ..placed };
        let prism = Prism { profile: boundary.clone(), frame: start, along: axis * (2.0 * length) };
        Some(prism.section(&Affine3::IDENTITY, z))
    }

    /// Takes the material off a region.
    pub(crate) fn take_off(cut: &HalfCut, region: Region) -> Region {
        match cut {
            HalfCut::All => Vec::new(),
            HalfCut::Nothing => region,
            HalfCut::Side { origin, outward } => clip_half_plane(&region, *origin, *outward),
        }
    }

    /// Keeps only what is in the material.
    pub(crate) fn keep(cut: &HalfCut, region: Region) -> Region {
        match cut {
            HalfCut::All => region,
            HalfCut::Nothing => Vec::new(),
            HalfCut::Side { origin, outward } => clip_half_plane(&region, *origin, -*outward),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geom::Polygon;

    fn area(region: &Region) -> f64 {
        region.iter().map(Polygon::area).sum()
    }

    #[test]
    fn a_roof_plane_takes_off_what_is_above_it() {
        // z = 3 + x: material above
        let plane = Affine3::frame(Point3::new(0.0, 0.0, 3.0), Some(Point3::new(1.0, 0.0, -1.0)), None);
        let roof = HalfSpace { plane, boundary: None };
        let wall = vec![Polygon::rectangle(Point2::default(), 4.0, 0.2, 0.0)];
        let left = HalfSpace::take_off(&roof.side(&Affine3::IDENTITY, 4.0), wall.clone());
        assert!((area(&left) - 0.2).abs() < 1e-9, "only x > 1 stays: {}", area(&left));
        let inside = HalfSpace::keep(&roof.side(&Affine3::IDENTITY, 4.0), wall);
        assert!((area(&inside) - 0.6).abs() < 1e-9);
    }

    #[test]
    fn a_boundary_seen_from_the_side_lets_a_strip_through() {
        let frame = Affine3::frame(Point3::new(0.0, 0.0, 2.0), Some(Point3::new(0.0, 1.0, 0.0)), None);
        let boundary = vec![Polygon::rectangle(Point2::default(), 1.0, 2.0, 0.0)];
        let half = HalfSpace { plane: Affine3::IDENTITY, boundary: Some((frame, boundary)) };
        let bounds = Box2::of(Point2::new(-5.0, -5.0), Point2::new(5.0, 5.0));
        let strip = half.window(&Affine3::IDENTITY, 2.5, &bounds, (0.0, 4.0)).unwrap();
        let b = strip[0].bounds();
        assert!((b.width() - 1.0).abs() < 1e-9 && b.min.y < -5.0 && b.max.y > 5.0);
        assert!(half.window(&Affine3::IDENTITY, 3.5, &bounds, (0.0, 4.0)).unwrap().is_empty());
    }
}
