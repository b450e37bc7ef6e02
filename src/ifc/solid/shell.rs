//! The surface of a solid: flat faces over shared corners, turned outwards, with what can be measured of them.

use crate::geom::{Affine3, Box3, Point2, Point3, Polygon, triangulate};
use crate::ifc::body::{BodyMesh, Prism};

/// Faces over corners. Each face has an outline and holes; seen from outside outlines run counter-clockwise.
#[derive(Clone, Debug, Default)]
pub(super) struct Shell {
    pub(super) corners: Vec<Point3>,
    pub(super) rings: Vec<u32>,
    pub(super) ring_ends: Vec<u32>,
    pub(super) face_ends: Vec<u32>,
    /// Edges that do not have a face on either side, or have faces that are turned against one another.
    pub(super) open_edges: u32,
    /// Faces that were written in the sense opposite to their neighbours', or inside out.
    pub(super) turned_faces: u32,
}

impl Shell {
    /// A prism, mapped.
    pub(super) fn of_prism(prism: &Prism, map: &Affine3) -> Self {
        let frame = map.after(&prism.frame);
        let along = map.apply_vector(prism.along);
        // outlines run counter-clockwise in the profile: outwards on top where the prism rises from it
        let rises = frame.x.cross(frame.y).dot(along) >= 0.0;
        let mut out = Self::default();
        for polygon in &prism.profile {
            let base = out.corners.len() as u32;
            for p in polygon.rings().flatten() {
                out.corners.push(frame.apply(p.at(0.0)));
            }
            let n = out.corners.len() as u32 - base;
            for i in 0..n {
                let p = out.corners[(base + i) as usize];
                out.corners.push(p + along);
            }
            for (top, offset) in [(true, n), (false, 0)] {
                let mut start = base + offset;
                for ring in polygon.rings() {
                    let end = start + ring.len() as u32;
                    out.ring(start..end, top != rises);
                    start = end;
                }
                out.end_face();
            }
            let mut start = base;
            for ring in polygon.rings() {
                let m = ring.len() as u32;
                for i in 0..m {
                    let (a, b) = (start + i, start + (i + 1) % m);
                    out.ring([a, b, b + n, a + n].into_iter(), !rises);
                    out.end_face();
                }
                start += m;
            }
        }
        out
    }

    /// Faces as they were read, mapped and turned outwards.
    pub(super) fn of_mesh(mesh: &BodyMesh, map: &Affine3) -> Self {
        let mut out =
            Self { corners: mesh.corners().iter().map(|&p| map.apply(p)).collect(), ..Self::default() };
        for face in mesh.faces() {
            let start = out.ring_ends.len();
            for ring in face {
                out.ring(ring.iter().copied(), false);
            }
            if out.ring_ends.len() > start + 1 {
                out.order_rings(start);
            }
            out.end_face();
        }
        super::turn::outwards(&mut out);
        out
    }

    /// Of the rings of the face under way the largest becomes the first, the others run against it, however they were
    /// written.
    fn order_rings(&mut self, start: usize) {
        let vectors: Vec<Point3> = (start..self.ring_ends.len()).map(|r| self.ring_vector(r)).collect();
        let Some(outline) = (0..vectors.len())
            .max_by(|&i, &j| vectors[i].length().total_cmp(&vectors[j].length()).then(j.cmp(&i)))
        else {
            return;
        };
        let mut rings: Vec<Vec<u32>> =
            (start..self.ring_ends.len()).map(|r| self.rings[self.ring_range(r)].to_vec()).collect();
        for (i, ring) in rings.iter_mut().enumerate() {
            if i != outline && vectors[i].dot(vectors[outline]) > 0.0 {
                ring.reverse();
            }
        }
        rings.swap(0, outline);
        self.rings.truncate(self.ring_range(start).start);
        self.ring_ends.truncate(start);
        rings.into_iter().for_each(|ring| self.ring(ring.into_iter(), false));
    }

    /// Adds a ring to the face under way.
    pub(super) fn ring(&mut self, ids: impl DoubleEndedIterator<Item = u32>, reversed: bool) {
        if reversed {
            self.rings.extend(ids.rev())
        } else {
            self.rings.extend(ids)
        }
        self.ring_ends.push(self.rings.len() as u32);
    }

    /// Ends the face under way.
    pub(super) fn end_face(&mut self) {
        self.face_ends.push(self.ring_ends.len() as u32);
    }

    /// Adds another shell to it.
    pub(super) fn add(&mut self, other: &Self) {
        let corners = self.corners.len() as u32;
        let (rings, faces) = (self.rings.len() as u32, self.ring_ends.len() as u32);
        self.corners.extend_from_slice(&other.corners);
        self.rings.extend(other.rings.iter().map(|i| i + corners));
        self.ring_ends.extend(other.ring_ends.iter().map(|i| i + rings));
        self.face_ends.extend(other.face_ends.iter().map(|i| i + faces));
        self.open_edges += other.open_edges;
        self.turned_faces += other.turned_faces;
    }

    /// The same mapped; turned back where the map mirrors.
    pub(super) fn mapped(&self, map: &Affine3) -> Self {
        let mut out = self.clone();
        out.corners.iter_mut().for_each(|p| *p = map.apply(*p));
        if map.determinant() < 0.0 {
            for r in 0..out.ring_ends.len() {
                let range = out.ring_range(r);
                out.rings[range].reverse();
            }
        }
        out
    }

    pub(super) fn ring_range(&self, r: usize) -> std::ops::Range<usize> {
        let from = if r == 0 { 0 } else { self.ring_ends[r - 1] as usize };
        from..self.ring_ends[r] as usize
    }

    /// Rings of a face, by number.
    pub(super) fn face_rings(&self, f: usize) -> std::ops::Range<usize> {
        let from = if f == 0 { 0 } else { self.face_ends[f - 1] as usize };
        from..self.face_ends[f] as usize
    }

    pub(super) fn face_count(&self) -> usize {
        self.face_ends.len()
    }

    /// Corners of a ring.
    pub(super) fn ring_points(&self, r: usize) -> impl Iterator<Item = Point3> + '_ {
        self.rings[self.ring_range(r)].iter().map(|&i| self.corners[i as usize])
    }

    /// Box around the corners that are in use.
    pub(super) fn bounds(&self) -> Box3 {
        let mut out = Box3::EMPTY;
        self.rings.iter().for_each(|&i| out.add(self.corners[i as usize]));
        out
    }

    /// Twice the area of a face along its normal (Newell).
    pub(super) fn face_vector(&self, f: usize) -> Point3 {
        self.face_rings(f).fold(Point3::default(), |sum, r| sum + self.ring_vector(r))
    }

    /// The same for a ring.
    fn ring_vector(&self, r: usize) -> Point3 {
        let ring = &self.rings[self.ring_range(r)];
        let Some(&first) = ring.first() else { return Point3::default() };
        let o = self.corners[first as usize];
        let mut sum = Point3::default();
        for pair in ring.windows(2) {
            sum = sum + (self.corners[pair[0] as usize] - o).cross(self.corners[pair[1] as usize] - o);
        }
        sum
    }

    /// What it surrounds, m³.
    pub(super) fn volume(&self) -> f64 {
        let mut six = 0.0;
        for r in 0..self.ring_ends.len() {
            if let Some(&first) = self.rings.get(self.ring_range(r).start) {
                six += self.corners[first as usize].dot(self.ring_vector(r));
            }
        }
        six / 6.0
    }

    /// Its faces as triangles. `None` when a face is too large to be cut up.
    pub(super) fn triangles(&self) -> Option<Vec<[u32; 3]>> {
        let mut out = Vec::with_capacity(self.rings.len());
        let mut flat: Vec<Vec<Point2>> = Vec::new();
        for f in 0..self.face_count() {
            let rings = self.face_rings(f);
            let first = self.ring_range(rings.start);
            if rings.len() == 1 && first.len() == 3 {
                out.push([self.rings[first.start], self.rings[first.start + 1], self.rings[first.start + 2]]);
                continue;
            }
            let Some(normal) = self.face_vector(f).normalised() else { continue };
            let frame = Affine3::frame(Point3::default(), Some(normal), None);
            flat.clear();
            flat.extend(rings.clone().map(|r| {
                self.ring_points(r).map(|p| Point2::new(p.dot(frame.x), p.dot(frame.y))).collect::<Vec<_>>()
            }));
            // the outline first: the largest ring
            let mut order: Vec<usize> = (0..flat.len()).collect();
            let size = |i: usize| crate::geom::ring_area(&flat[i]).abs();
            order.sort_by(|&i, &j| size(j).total_cmp(&size(i)).then(i.cmp(&j)));
            let slices: Vec<&[Point2]> = order.iter().map(|&i| flat[i].as_slice()).collect();
            let ids: Vec<u32> = order
                .iter()
                .flat_map(|&i| self.rings[self.ring_range(rings.start + i)].iter().copied())
                .collect();
            out.extend(triangulate(&slices)?.into_iter().map(|t| t.map(|k| ids[k as usize])));
        }
        Some(out)
    }
}

/// Region → faces in a plane, turned along or against its normal.
pub(super) fn region_faces(
    region: &[Polygon],
    lift: &dyn Fn(Point2) -> Point3,
    reversed: bool,
    weld: &mut super::weld::Weld,
) {
    for polygon in region {
        for ring in polygon.rings() {
            let points = ring.iter().map(|&p| lift(p));
            if reversed { weld.ring(points.rev()) } else { weld.ring(points) }
        }
        weld.end_face();
    }
}
