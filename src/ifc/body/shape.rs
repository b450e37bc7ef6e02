//! A body as a program of leaves and boolean operations, and what a level plane cuts out of it.
//!
//! A level section commutes with the boolean operations: the section of a difference is the difference of the
//! sections. So no boolean of solids is ever made, only of plane regions.

use super::half_space::{HalfCut, HalfSpace};
use super::mesh::Mesh;
use super::prism::Prism;
use crate::geom::{
    Affine3, Box2, Box3, Point2, Point3, Polygon, Region, convex_hull, difference, intersection, union,
};
use std::sync::Arc;

/// Mapped shapes may nest this deep; real files need three.
pub(crate) const MAX_NESTING: usize = 32;

/// No more reasons than this are kept of one body.
const MAX_REASONS: usize = 20;

/// No more faces than this are looked at for the extent of a clipped body.
const MAX_CLIPPED_FACES: usize = 4_096;

/// What is solid.
#[derive(Clone, Debug)]
pub(crate) enum Leaf {
    /// Drawn along a vector.
    Prism(Prism),
    /// Given by faces.
    Mesh(Mesh),
    /// One side of a plane.
    Half(HalfSpace),
    /// Another shape, placed: an IfcMappedItem.
    Placed(Affine3, Arc<Shape>),
}

impl Leaf {
    /// Its corners, mapped ones counted again.
    pub(crate) fn weight(&self) -> usize {
        match self {
            Self::Prism(p) => p.profile.iter().flat_map(Polygon::rings).map(Vec::len).sum::<usize>() * 2,
            Self::Mesh(mesh) => mesh.corner_count(),
            Self::Half(half) => half.boundary.iter().flat_map(|(_, r)| r).map(|p| p.outer.len()).sum(),
            Self::Placed(_, inner) => inner.weight.saturating_add(1),
        }
    }
}

/// A step of the program; operations take the last two results.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant)] // most steps are leaves
pub(crate) enum Step {
    /// Puts a leaf on the pile.
    Leaf(Leaf),
    /// What is in either.
    Union,
    /// What is in the first and not in the second.
    Difference,
    /// What is in both.
    Intersection,
}

/// A body: the union of what its program leaves on the pile.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shape {
    /// The program.
    pub(crate) steps: Vec<Step>,
    /// Curved faces or sweeps stand as flat ones.
    pub(crate) approximated: bool,
    /// What could not be read of it, each a reason.
    pub(crate) missing: Vec<String>,
    /// Corners of all its leaves, those that it maps with them.
    pub(crate) weight: usize,
    /// Something that it maps could not be read whole.
    pub(crate) lacks: bool,
    /// How deep mapped items are nested in it.
    pub(crate) depth: usize,
    /// It maps itself, or is nested too deeply: nothing is to be made of it.
    pub(crate) too_deep: bool,
}

/// What a plane cut out of a shape.
#[derive(Clone, Debug, Default)]
pub(crate) struct Section {
    /// Where there is material.
    pub(crate) region: Region,
    /// Some face set did not close.
    pub(crate) open: bool,
}

/// A result on the pile.
enum Cut {
    Region(Region),
    Half(HalfCut),
}

impl Shape {
    /// Holds nothing solid.
    pub(crate) fn is_empty(&self) -> bool {
        !self.steps.iter().any(|s| matches!(s, Step::Leaf(Leaf::Prism(_) | Leaf::Mesh(_) | Leaf::Placed(..))))
    }

    /// What could not be read of it or of what it maps, as far as anybody would read on.
    pub(crate) fn all_missing(&self) -> Vec<String> {
        let mut out: Vec<String> = self.missing.iter().take(MAX_REASONS).cloned().collect();
        let mut seen: Vec<*const Self> = Vec::new();
        for step in &self.steps {
            if out.len() >= MAX_REASONS {
                break;
            }
            if let Step::Leaf(Leaf::Placed(_, inner)) = step
                && !inner.missing_is_empty()
                && !seen.contains(&Arc::as_ptr(inner))
            {
                seen.push(Arc::as_ptr(inner));
                out.extend(inner.all_missing());
            }
        }
        out.truncate(MAX_REASONS);
        out
    }

    /// Everything was read. Shapes that are mapped more than once are looked at once for each level only.
    fn missing_is_empty(&self) -> bool {
        self.missing.is_empty() && !self.lacks
    }

    /// Curved faces stand as flat ones in it or in what it maps.
    pub(crate) fn is_approximated(&self) -> bool {
        self.approximated
    }

    /// Box around everything that has an end, nothing taken off.
    pub(crate) fn hull(&self, map: &Affine3) -> Box3 {
        let mut out = Box3::EMPTY;
        for step in &self.steps {
            match step {
                Step::Leaf(Leaf::Prism(p)) => out.merge(&p.bounds(map)),
                Step::Leaf(Leaf::Mesh(m)) => out.merge(&m.bounds(map)),
                Step::Leaf(Leaf::Placed(m, inner)) => out.merge(&inner.hull(&map.after(m))),
                Step::Leaf(Leaf::Half(_)) | Step::Union | Step::Difference | Step::Intersection => {}
            }
        }
        out
    }

    /// The section of the mapped shape at world height `z`.
    pub(crate) fn section(&self, map: &Affine3, z: f64) -> Section {
        let mut open = false;
        let mut pile: Vec<Cut> = Vec::new();
        let mut hull: Option<Box3> = None;
        for step in &self.steps {
            match step {
                Step::Leaf(leaf) => {
                    let cut = self.leaf_cut(leaf, map, z, &mut hull, &mut open);
                    pile.push(cut);
                }
                Step::Union | Step::Difference | Step::Intersection => {
                    if let (Some(b), Some(a)) = (pile.pop(), pile.pop()) {
                        let bounds = || self.hull(map).xy().grown(1.0);
                        pile.push(combine(step, a, b, &bounds));
                    }
                }
            }
        }
        let mut regions: Vec<Region> = pile
            .into_iter()
            .filter_map(|c| match c {
                Cut::Region(r) if !r.is_empty() => Some(r),
                // a bare half-space is no body
                Cut::Region(_) | Cut::Half(_) => None,
            })
            .collect();
        let region = match regions.len() {
            0 => Vec::new(),
            1 => regions.remove(0),
            _ => union(&regions.concat()),
        };
        Section { region, open }
    }

    fn leaf_cut(&self, leaf: &Leaf, map: &Affine3, z: f64, hull: &mut Option<Box3>, open: &mut bool) -> Cut {
        match leaf {
            Leaf::Prism(prism) => Cut::Region(prism.section(map, z)),
            Leaf::Mesh(mesh) => {
                let slice = mesh.section(map, z);
                *open |= slice.open;
                Cut::Region(slice.region)
            }
            Leaf::Half(half) => {
                let side = half.side(map, z);
                if half.boundary.is_none() {
                    return Cut::Half(side);
                }
                let hull = hull.get_or_insert_with(|| self.hull(map));
                let bounds = hull.xy().grown(1.0);
                match half.window(map, z, &bounds, (hull.min.z, hull.max.z)) {
                    Some(window) => Cut::Region(HalfSpace::keep(&side, window)),
                    None => Cut::Half(side),
                }
            }
            Leaf::Placed(m, inner) => {
                let section = inner.section(&map.after(m), z);
                *open |= section.open;
                Cut::Region(section.region)
            }
        }
    }

    /// The mapped shape seen from above: first operands only, large meshes as their convex hull.
    pub(crate) fn projection(&self, map: &Affine3) -> Region {
        let mut pile: Vec<Region> = Vec::new();
        for step in &self.steps {
            match step {
                Step::Leaf(Leaf::Prism(p)) => pile.push(p.projection(map)),
                Step::Leaf(Leaf::Mesh(m)) => pile.push(shadow(m.loops(map))),
                Step::Leaf(Leaf::Half(_)) => pile.push(Region::new()),
                Step::Leaf(Leaf::Placed(m, inner)) => pile.push(inner.projection(&map.after(m))),
                Step::Union => {
                    if let (Some(b), Some(a)) = (pile.pop(), pile.pop()) {
                        pile.push([a, b].concat());
                    }
                }
                Step::Difference | Step::Intersection => {
                    pile.pop();
                }
            }
        }
        let all = pile.concat();
        if all.len() < 2 { all } else { union(&all) }
    }

    /// Box around the mapped shape, with what half-spaces take off taken off. Exact for flat solids clipped by
    /// half-spaces with convex boundaries; elsewhere it may be too large, never too small.
    pub(crate) fn extent(&self, map: &Affine3) -> Box3 {
        let clips = self.steps.iter().any(|s| matches!(s, Step::Difference | Step::Intersection));
        let placed = self.steps.iter().any(|s| matches!(s, Step::Leaf(Leaf::Placed(..))));
        if !clips && !placed {
            return self.hull(map);
        }
        let mut pile: Vec<Solid> = Vec::new();
        for step in &self.steps {
            match step {
                Step::Leaf(Leaf::Prism(p)) => pile.push(Solid::faces(p.faces(map))),
                Step::Leaf(Leaf::Mesh(m)) if m.face_count() > MAX_CLIPPED_FACES => {
                    pile.push(Solid::Box(m.bounds(map)))
                }
                Step::Leaf(Leaf::Mesh(m)) => pile.push(Solid::faces(m.loops(map))),
                Step::Leaf(Leaf::Half(h)) => pile.push(Solid::Half(h)),
                Step::Leaf(Leaf::Placed(m, inner)) => pile.push(Solid::Box(inner.extent(&map.after(m)))),
                Step::Union | Step::Difference | Step::Intersection => {
                    if let (Some(b), Some(a)) = (pile.pop(), pile.pop()) {
                        pile.push(combine_extents(step, a, b, map));
                    }
                }
            }
        }
        pile.iter().fold(Box3::EMPTY, |mut out, s| {
            out.merge(&s.bounds());
            out
        })
    }
}

/// Faces with more loops than this are seen as their convex hull.
const MAX_SHADOW_LOOPS: usize = 400;

/// Flat faces seen from above.
fn shadow(loops: Vec<Vec<Point3>>) -> Region {
    if loops.len() > MAX_SHADOW_LOOPS {
        return vec![Polygon::new(convex_hull(loops.into_iter().flatten().map(Point3::xy).collect()))];
    }
    let flat: Region = loops
        .into_iter()
        .map(|l| Polygon::new(l.into_iter().map(Point3::xy).collect()))
        .filter(|p| p.area() > 1e-9)
        .collect();
    union(&flat)
}

fn region_of(cut: Cut, bounds: &dyn Fn() -> Box2) -> Region {
    match cut {
        Cut::Region(region) => region,
        Cut::Half(half) => {
            let b = bounds();
            let all = if b.is_empty() { Vec::new() } else { vec![Polygon::new(b.corners().to_vec())] };
            HalfSpace::keep(&half, all)
        }
    }
}

fn combine(step: &Step, a: Cut, b: Cut, bounds: &dyn Fn() -> Box2) -> Cut {
    match (step, a, b) {
        (Step::Difference, Cut::Region(a), Cut::Half(b)) => Cut::Region(HalfSpace::take_off(&b, a)),
        (Step::Intersection, Cut::Region(a), Cut::Half(b))
        | (Step::Intersection, Cut::Half(b), Cut::Region(a)) => Cut::Region(HalfSpace::keep(&b, a)),
        (_, a, b) => {
            let (a, b) = (region_of(a, bounds), region_of(b, bounds));
            Cut::Region(match step {
                Step::Difference => take_off(&a, &b),
                Step::Intersection => intersection(&a, &b),
                Step::Leaf(_) | Step::Union if a.is_empty() => b,
                Step::Leaf(_) | Step::Union if b.is_empty() => a,
                Step::Leaf(_) | Step::Union => union(&[a, b].concat()),
            })
        }
    }
}

/// A tool that ends flush with what it is taken off must leave no skin of rounding: it is taken this much larger,
/// metres (a hundredth of the finest difference told).
const FLUSH_M: f64 = 1e-5;

/// `a` without `b`, with no skins where both end flush.
pub(crate) fn take_off(a: &[Polygon], b: &[Polygon]) -> Region {
    if a.is_empty() || b.is_empty() {
        return a.to_vec();
    }
    let tool: Region =
        b.iter().map(|p| Polygon { outer: swollen(&p.outer), holes: p.holes.clone() }).collect();
    difference(a, &tool)
}

/// A counter-clockwise ring with each corner moved outwards by [`FLUSH_M`] from both of its sides.
fn swollen(ring: &[Point2]) -> Vec<Point2> {
    let n = ring.len();
    (0..n)
        .map(|i| {
            let (a, b, c) = (ring[(i + n - 1) % n], ring[i], ring[(i + 1) % n]);
            match ((b - a).normalised(), (c - b).normalised()) {
                (Some(u), Some(v)) => {
                    let out = -(u.left() + v.left());
                    // at a hairpin the mitre would run away
                    let k = FLUSH_M * 2.0 / out.dot(out).max(0.5);
                    b + out * k
                }
                _ => b,
            }
        })
        .collect()
}

/// A solid as far as its extent needs it.
enum Solid<'a> {
    Faces(Vec<Vec<Point3>>),
    Box(Box3),
    Half(&'a HalfSpace),
}

impl Solid<'_> {
    fn faces(faces: Vec<Vec<Point3>>) -> Self {
        Self::Faces(faces)
    }

    fn bounds(&self) -> Box3 {
        let mut out = Box3::EMPTY;
        match self {
            Self::Faces(faces) => faces.iter().flatten().for_each(|&p| out.add(p)),
            Self::Box(b) => out = *b,
            Self::Half(_) => {}
        }
        out
    }
}

fn combine_extents<'a>(step: &Step, a: Solid<'a>, b: Solid<'a>, map: &Affine3) -> Solid<'a> {
    match (step, a, b) {
        (Step::Difference, Solid::Faces(faces), Solid::Half(half)) => {
            Solid::Faces(clip_faces(faces, half, map))
        }
        (Step::Difference, a, _) => a,
        (Step::Intersection, a, b) => match (&a, &b) {
            (Solid::Half(_), _) => b,
            (_, Solid::Half(_)) => a,
            _ => {
                let (p, q) = (a.bounds(), b.bounds());
                let low = Point3::new(p.min.x.max(q.min.x), p.min.y.max(q.min.y), p.min.z.max(q.min.z));
                let high = Point3::new(p.max.x.min(q.max.x), p.max.y.min(q.max.y), p.max.z.min(q.max.z));
                let both = Box3 { min: low, max: high };
                let empty = low.x > high.x || low.y > high.y || low.z > high.z;
                Solid::Box(if empty { Box3::EMPTY } else { both })
            }
        },
        (Step::Leaf(_) | Step::Union, Solid::Faces(mut a), Solid::Faces(b)) => {
            a.extend(b);
            Solid::Faces(a)
        }
        (Step::Leaf(_) | Step::Union, a, b) => {
            let mut both = a.bounds();
            both.merge(&b.bounds());
            Solid::Box(both)
        }
    }
}

/// Faces without what a half-space takes off. Where its boundary is not convex everything is left.
fn clip_faces(faces: Vec<Vec<Point3>>, half: &HalfSpace, map: &Affine3) -> Vec<Vec<Point3>> {
    let Some((origin, outward)) = half.mapped_plane(map) else { return faces };
    let Some((frame, boundary)) = &half.boundary else {
        return faces.into_iter().filter_map(|f| clip_face(&f, origin, outward)).collect();
    };
    let frame = map.after(frame);
    let [Polygon { outer, holes }] = boundary.as_slice() else { return faces };
    let mirror = if frame.determinant() < 0.0 { -1.0 } else { 1.0 };
    let n = outer.len();
    let convex = (0..n).all(|i| {
        let (a, b, c) = (outer[i], outer[(i + 1) % n], outer[(i + 2) % n]);
        (b - a).cross(c - b) >= -1e-9
    });
    if !convex || !holes.is_empty() || n > 64 {
        return faces;
    }
    let mut out = Vec::new();
    for face in faces {
        let mut rest = Some(face);
        for i in 0..n {
            let Some(face) = rest.take() else { break };
            let (a, b) = (frame.apply(outer[i].at(0.0)), frame.apply(outer[(i + 1) % n].at(0.0)));
            let inward = frame.z.cross(b - a) * mirror;
            out.extend(clip_face(&face, a, -inward));
            rest = clip_face(&face, a, inward);
        }
        out.extend(rest.and_then(|f| clip_face(&f, origin, outward)));
    }
    out
}

/// The part of a flat face on the side of a plane that `towards` points to.
fn clip_face(face: &[Point3], origin: Point3, towards: Point3) -> Option<Vec<Point3>> {
    let side = |p: Point3| (p - origin).dot(towards);
    let mut out = Vec::with_capacity(face.len() + 2);
    for (i, &a) in face.iter().enumerate() {
        let b = face[(i + 1) % face.len()];
        let (da, db) = (side(a), side(b));
        if da >= 0.0 {
            out.push(a);
        }
        if (da > 0.0) != (db > 0.0) && da != db {
            let t = da / (da - db);
            if t > 0.0 && t < 1.0 {
                out.push(a + (b - a) * t);
            }
        }
    }
    (!out.is_empty()).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wall() -> Step {
        let profile = vec![Polygon::rectangle(Point2::new(2.0, 0.0), 4.0, 0.2, 0.0)];
        Step::Leaf(Leaf::Prism(Prism {
            profile,
            frame: Affine3::IDENTITY,
            along: Point3::new(0.0, 0.0, 3.0),
        }))
    }

    fn roof(boundary: Option<(Affine3, Region)>) -> Step {
        // material above z = 1 + x
        let plane = Affine3::frame(Point3::new(0.0, 0.0, 1.0), Some(Point3::new(1.0, 0.0, -1.0)), None);
        Step::Leaf(Leaf::Half(HalfSpace { plane, boundary }))
    }

    fn area(region: &[Polygon]) -> f64 {
        region.iter().map(Polygon::area).sum()
    }

    #[test]
    fn a_clipped_wall_is_cut_and_measured() {
        let shape = Shape { steps: vec![wall(), roof(None), Step::Difference], ..Shape::default() };
        let cut = shape.section(&Affine3::IDENTITY, 2.0);
        assert!((area(&cut.region) - 0.6).abs() < 1e-9);
        let extent = shape.extent(&Affine3::IDENTITY);
        assert!((extent.max.z - 3.0).abs() < 1e-9 && extent.min.x.abs() < 1e-9);
        let half = Shape { steps: vec![wall(), roof(None), Step::Intersection], ..Shape::default() };
        assert!((area(&half.section(&Affine3::IDENTITY, 2.0).region) - 0.2).abs() < 1e-9);
    }

    #[test]
    fn a_boundary_limits_what_is_taken_off() {
        let boundary = vec![Polygon::rectangle(Point2::new(3.5, 0.0), 1.0, 2.0, 0.0)];
        // flipped: material below, so that the boundary's part goes
        let plane = Affine3::frame(Point3::new(0.0, 0.0, 1.0), Some(Point3::new(0.0, 0.0, -1.0)), None);
        let half = HalfSpace { plane, boundary: Some((Affine3::IDENTITY, boundary)) };
        let shape =
            Shape { steps: vec![wall(), Step::Leaf(Leaf::Half(half)), Step::Difference], ..Shape::default() };
        assert!((area(&shape.section(&Affine3::IDENTITY, 0.5).region) - 0.8).abs() < 1e-6);
        assert!((area(&shape.section(&Affine3::IDENTITY, 2.5).region) - 0.6).abs() < 1e-5);
        let all = vec![Polygon::rectangle(Point2::new(2.0, 0.0), 9.0, 2.0, 0.0)];
        let plane = Affine3::frame(Point3::new(0.0, 0.0, 2.0), Some(Point3::new(0.0, 0.0, -1.0)), None);
        let half = HalfSpace { plane, boundary: Some((Affine3::IDENTITY, all)) };
        let shape =
            Shape { steps: vec![wall(), Step::Leaf(Leaf::Half(half)), Step::Difference], ..Shape::default() };
        assert!((shape.extent(&Affine3::IDENTITY).max.z - 2.0).abs() < 1e-9);
    }

    #[test]
    fn flush_tools_leave_no_skin() {
        let a = vec![Polygon::rectangle(Point2::default(), 4.0, 0.2, 0.3)];
        let b = vec![Polygon::rectangle(Point2::default(), 1.0, 0.2 - 1e-7, 0.3)];
        let left = take_off(&a, &b);
        assert_eq!(left.len(), 2);
        assert!((area(&left) - 0.6).abs() < 1e-4);
    }
}
