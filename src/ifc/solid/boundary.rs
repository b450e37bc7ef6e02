//! The surface of a boolean tree, plane by plane.
//!
//! Every face of the result lies in the plane of a face of some leaf. On either side of such a plane, as near to it as
//! can be, the section of the whole tree is the same boolean of the sections of its leaves (as for plans). Where there
//! is material below the plane and none above it, the result has a face that looks up; where it is the other way round,
//! one that looks down. So no edge of one solid is ever cut with a face of another: only plane regions are.

use super::item::{Operation, Tree};
use super::shell::{Shell, region_faces};
use super::weld::Weld;
use crate::geom::{Affine3, Box3, Point2, Point3, Polygon, Region, difference, intersection, ring_area};

/// Corners this near to a plane lie in it, metres: tried in this order until the surface closes.
const IN_PLANE_M: [f64; 4] = [1e-6, 1e-5, 1e-7, 1e-4];

/// The sum of all face vectors of a closed surface is nothing; this much of the whole area is rounding.
const CLOSES: f64 = 1e-5;

/// A tree has no more faces than this.
const MAX_FACES: usize = 200_000;

/// Corners that are looked at for all cuts together, and pairs of a face and a plane: some seconds of work each.
const MAX_LOOKS: usize = 200_000_000;

/// A cut costs as much as looking at this many corners, whatever is cut.
const CUT_LOOKS: usize = 500;

/// The surface of what a tree makes. An error says why there is none.
pub(super) fn surface(tree: &Tree) -> Result<Shell, String> {
    let faces: usize = tree.leaves.iter().map(Shell::face_count).sum();
    if faces > MAX_FACES {
        return Err(format!("its boolean operations have more than {MAX_FACES} faces"));
    }
    if tree.leaves.iter().any(|l| l.open_edges > 0) {
        return Err("a body in its boolean operations does not close".to_owned());
    }
    let mut best: Option<(f64, Shell)> = None;
    for near in IN_PLANE_M {
        let shell = attempt(tree, near)?;
        let error = gap(&shell);
        if error <= CLOSES {
            return Ok(shell);
        }
        if best.as_ref().is_none_or(|(e, _)| error < *e) {
            best = Some((error, shell));
        }
    }
    match best {
        Some((error, shell)) if error <= 1e-3 => Ok(shell),
        _ => Err("the result of its boolean operations does not close".to_owned()),
    }
}

/// The sum of all face vectors as a part of the whole area.
fn gap(shell: &Shell) -> f64 {
    let (mut sum, mut area) = (Point3::default(), 0.0);
    for f in 0..shell.face_count() {
        let v = shell.face_vector(f);
        sum = sum + v;
        area += v.length();
    }
    if area > 0.0 { sum.length() / area } else { 0.0 }
}

/// A plane with the faces that lie in it.
struct Plane {
    normal: Point3,
    height: f64,
    /// Leaf and face, and the box around them all.
    members: Vec<(u32, u32)>,
    bounds: Box3,
}

fn attempt(tree: &Tree, near: f64) -> Result<Shell, String> {
    let boxes: Vec<Box3> = tree.leaves.iter().map(Shell::bounds).collect();
    let alone: Vec<bool> = (0..tree.leaves.len()).map(|i| counts_alone(tree, i)).collect();
    let mut weld = Weld::default();
    let mut looks = 0usize;
    let bodies: Vec<CutBody<'_>> = tree.leaves.iter().map(CutBody::new).collect();
    for plane in planes(tree, near)? {
        let around = grown(&plane.bounds, near);
        let met: Vec<usize> = (0..boxes.len()).filter(|&i| meets(&boxes[i], &around)).collect();
        if let &[only] = met.as_slice() {
            if alone[only] {
                for &(_, f) in &plane.members {
                    copy_face(&tree.leaves[only], f as usize, &mut weld);
                }
            }
            continue;
        }
        looks += met.iter().map(|&i| tree.leaves[i].corners.len() + CUT_LOOKS).sum::<usize>();
        if looks > MAX_LOOKS {
            return Err("its boolean operations would take too long".to_owned());
        }
        let frame = Affine3::frame(plane.normal * plane.height, Some(plane.normal), None);
        let (mut below, mut above) = (vec![None; tree.leaves.len()], vec![None; tree.leaves.len()]);
        for &i in &met {
            let (low, high) = bodies[i].sides(&frame, near)?;
            below[i] = Some(low);
            above[i] = Some(high);
        }
        // elsewhere both sides are the same but for rounding
        let window = window(tree, &plane, &frame);
        let (below, above) = (evaluate(tree, below), evaluate(tree, above));
        let (below, above) = (intersection(&below, &window), intersection(&above, &window));
        let lift = |p: Point2| frame.apply(p.at(0.0));
        region_faces(&difference(&below, &above), &lift, false, &mut weld);
        region_faces(&difference(&above, &below), &lift, true, &mut weld);
    }
    Ok(weld.finish())
}

fn grown(b: &Box3, by: f64) -> Box3 {
    let d = Point3::new(by, by, by);
    Box3 { min: b.min - d, max: b.max + d }
}

fn meets(a: &Box3, b: &Box3) -> bool {
    a.min.x <= b.max.x
        && b.min.x <= a.max.x
        && a.min.y <= b.max.y
        && b.min.y <= a.max.y
        && a.min.z <= b.max.z
        && b.min.z <= a.max.z
}

fn copy_face(shell: &Shell, f: usize, weld: &mut Weld) {
    for r in shell.face_rings(f) {
        weld.ring(shell.ring_points(r));
    }
    weld.end_face();
}

/// The planes of all faces; faces that are not flat fall into triangles.
fn planes(tree: &Tree, near: f64) -> Result<Vec<Plane>, String> {
    // (distance from the origin whatever the side, normal, height, leaf, face)
    let mut faces: Vec<(f64, Point3, f64, u32, u32)> = Vec::new();
    for (l, leaf) in tree.leaves.iter().enumerate() {
        for f in 0..leaf.face_count() {
            let Some(normal) = leaf.face_vector(f).normalised() else { continue };
            let mut points = leaf.face_rings(f).flat_map(|r| leaf.ring_points(r));
            let Some(first) = points.next() else { continue };
            let height = first.dot(normal);
            faces.push((height.abs(), normal, height, l as u32, f as u32));
        }
    }
    faces.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.3, a.4).cmp(&(b.3, b.4))));
    let mut out: Vec<Plane> = Vec::new();
    let (mut from, mut looks) = (0, 0usize);
    for (distance, normal, height, l, f) in faces {
        let leaf = &tree.leaves[l as usize];
        while out.get(from).is_some_and(|p| p.height.abs() < distance - near) {
            from += 1;
        }
        let lies_in = |plane: &Plane| {
            leaf.face_rings(f as usize)
                .flat_map(|r| leaf.ring_points(r))
                .all(|p| (p.dot(plane.normal) - plane.height).abs() <= near)
        };
        looks += out.len() - from;
        if looks > MAX_LOOKS {
            return Err("its boolean operations have too many faces at one distance".to_owned());
        }
        let same = out[from..].iter_mut().find(|plane| {
            normal.cross(plane.normal).length() < 1e-3
                && (plane.height.abs() - distance).abs() <= near
                && lies_in(plane)
        });
        let plane = match same {
            Some(plane) => plane,
            None => {
                out.push(Plane { normal, height, members: Vec::new(), bounds: Box3::EMPTY });
                let last = out.len() - 1;
                &mut out[last]
            }
        };
        plane.members.push((l, f));
        for p in leaf.face_rings(f as usize).flat_map(|r| leaf.ring_points(r)) {
            plane.bounds.add(p);
        }
    }
    Ok(out)
}

/// The faces that lie in a plane, in its coordinates.
fn window(tree: &Tree, plane: &Plane, frame: &Affine3) -> Region {
    let mut out = Region::new();
    for &(l, f) in &plane.members {
        let leaf = &tree.leaves[l as usize];
        let mut rings = leaf.face_rings(f as usize).map(|r| -> Vec<Point2> {
            let flat =
                |p: Point3| Point2::new((p - frame.origin).dot(frame.x), (p - frame.origin).dot(frame.y));
            leaf.ring_points(r).map(flat).collect()
        });
        let Some(mut outer) = rings.next() else { continue };
        let mut holes: Vec<Vec<Point2>> = rings.collect();
        if ring_area(&outer) < 0.0 {
            outer.reverse();
            holes.iter_mut().for_each(|h| h.reverse());
        }
        out.push(Polygon { outer, holes });
    }
    out
}

/// A leaf as it is cut.
struct CutBody<'a> {
    shell: &'a Shell,
    mesh: crate::ifc::body::BodyMesh,
}

impl<'a> CutBody<'a> {
    fn new(shell: &'a Shell) -> Self {
        let rings = shell.rings.clone();
        let mesh = crate::ifc::body::BodyMesh::of_parts(
            shell.corners.clone(),
            rings,
            shell.ring_ends.clone(),
            shell.face_ends.clone(),
        );
        Self { shell, mesh }
    }

    /// The sections just below and just above the level plane of a frame.
    fn sides(&self, frame: &Affine3, near: f64) -> Result<(Region, Region), String> {
        let mut touches = false;
        let mut points: Vec<Point3> = Vec::with_capacity(self.shell.corners.len());
        let (mut under, mut over) = (false, false);
        for &p in &self.shell.corners {
            let d = p - frame.origin;
            let mut h = d.dot(frame.z);
            if h.abs() <= near {
                h = 0.0;
                touches = true;
            }
            under |= h < 0.0;
            over |= h > 0.0;
            points.push(Point3::new(d.dot(frame.x), d.dot(frame.y), h));
        }
        let cut = |points: &[Point3]| {
            let slice = self.mesh.slice(points, 0.0);
            if slice.open {
                Err("a cut through one of its operands does not close".to_owned())
            } else {
                Ok(slice.region)
            }
        };
        let above = if over { cut(&points)? } else { Vec::new() };
        if !touches {
            let below = if under { above.clone() } else { Vec::new() };
            return Ok((below, if under { above } else { Vec::new() }));
        }
        if !under {
            return Ok((Vec::new(), above));
        }
        points.iter_mut().for_each(|p| p.z = -p.z);
        Ok((cut(&points)?, above))
    }
}

/// The result holds what only this leaf holds.
fn counts_alone(tree: &Tree, leaf: usize) -> bool {
    let mut pile: Vec<bool> = Vec::new();
    for operation in &tree.operations {
        if let Operation::Push(i) = operation {
            pile.push(*i == leaf);
            continue;
        }
        let (b, a) = (pile.pop().unwrap_or(false), pile.pop().unwrap_or(false));
        pile.push(match operation {
            Operation::Difference => a && !b,
            Operation::Intersection => a && b,
            Operation::Union | Operation::Push(_) => a || b,
        });
    }
    pile.pop().unwrap_or(false)
}

/// A result on the pile: polygons that may overlap, less others.
#[derive(Default)]
struct Pending {
    some: Vec<Polygon>,
    less: Vec<Polygon>,
}

impl Pending {
    fn resolve(self) -> Region {
        if self.less.is_empty() || self.some.is_empty() {
            self.some
        } else {
            difference(&self.some, &self.less)
        }
    }
}

/// The boolean of the sections of all leaves; the polygons may overlap.
fn evaluate(tree: &Tree, mut sections: Vec<Option<Region>>) -> Region {
    let mut pile: Vec<Pending> = Vec::new();
    for operation in &tree.operations {
        if let Operation::Push(i) = operation {
            let some = sections.get_mut(*i).and_then(Option::take).unwrap_or_default();
            pile.push(Pending { some, less: Vec::new() });
            continue;
        }
        let (b, a) = (pile.pop().unwrap_or_default(), pile.pop().unwrap_or_default());
        pile.push(match operation {
            Operation::Difference => {
                let mut a = a;
                a.less.extend(b.resolve());
                a
            }
            Operation::Intersection => {
                Pending { some: intersection(&a.resolve(), &b.resolve()), less: Vec::new() }
            }
            Operation::Union | Operation::Push(_) => {
                let mut some = a.resolve();
                some.extend(b.resolve());
                Pending { some, less: Vec::new() }
            }
        });
    }
    pile.into_iter().flat_map(Pending::resolve).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ifc::body::Prism;
    use std::f64::consts::TAU;

    fn block(at: [f64; 3], size: [f64; 3]) -> Shell {
        let profile =
            vec![Polygon::rectangle(Point2::new(size[0] / 2.0, size[1] / 2.0), size[0], size[1], 0.0)];
        let frame = Affine3 { origin: Point3::from(at), ..Affine3::IDENTITY };
        Shell::of_prism(&Prism { profile, frame, along: Point3::new(0.0, 0.0, size[2]) }, &Affine3::IDENTITY)
    }

    fn made(leaves: Vec<Shell>, operation: Operation) -> Shell {
        let mut tree = Tree::default();
        for (i, leaf) in leaves.into_iter().enumerate() {
            tree.push(leaf);
            if i > 0 {
                tree.operations.push(operation);
            }
        }
        surface(&tree).unwrap()
    }

    fn held(shell: &Shell, volume: f64) {
        assert!((shell.volume() - volume).abs() < 1e-6, "{} instead of {volume}", shell.volume());
        assert_eq!(shell.open_edges, 0);
        let triangles = shell.triangles().unwrap();
        let six: f64 = triangles
            .iter()
            .map(|t| {
                let [a, b, c] = t.map(|i| shell.corners[i as usize]);
                a.dot(b.cross(c))
            })
            .sum();
        assert!((six / 6.0 - volume).abs() < 1e-6);
        let mut edges: std::collections::HashMap<(u32, u32), i32> = std::collections::HashMap::new();
        for t in triangles {
            for (a, b) in [(t[0], t[1]), (t[1], t[2]), (t[2], t[0])] {
                *edges.entry((a.min(b), a.max(b))).or_default() += if a < b { 1 } else { -1 };
            }
        }
        assert!(edges.values().all(|&n| n == 0), "the triangles close");
    }

    #[test]
    fn a_niche_a_corner_and_a_hole_are_taken_off() {
        let wall = || block([0.0, 0.0, 0.0], [4.0, 0.3, 3.0]);
        held(&made(vec![wall(), block([1.0, -0.1, 1.0], [1.0, 0.2, 1.0])], Operation::Difference), 3.6 - 0.1);
        held(
            &made(vec![wall(), block([3.5, -0.1, 2.5], [1.0, 1.0, 1.0])], Operation::Difference),
            3.6 - 0.075,
        );
        // flush on both sides, and two that overlap
        let tools =
            vec![wall(), block([1.0, 0.0, 0.0], [1.0, 0.3, 2.0]), block([1.5, 0.0, 1.0], [1.0, 0.3, 1.5])];
        held(&made(tools, Operation::Difference), 3.6 - 0.3 * (2.0 + 1.5 - 0.5));
    }

    #[test]
    fn unions_and_intersections_of_blocks() {
        let two = || vec![block([0.0, 0.0, 0.0], [2.0, 2.0, 2.0]), block([1.0, 1.0, 1.0], [2.0, 2.0, 2.0])];
        held(&made(two(), Operation::Union), 15.0);
        held(&made(two(), Operation::Intersection), 1.0);
        held(&made(two(), Operation::Difference), 7.0);
        // side by side: one block, no skin in between
        let beside = vec![block([0.0, 0.0, 0.0], [2.0, 2.0, 2.0]), block([2.0, 0.0, 0.0], [2.0, 2.0, 2.0])];
        let one = made(beside, Operation::Union);
        held(&one, 16.0);
        // the same twice: nothing left
        let same = vec![block([0.0, 0.0, 0.0], [2.0, 2.0, 2.0]), block([0.0, 0.0, 0.0], [2.0, 2.0, 2.0])];
        assert_eq!(made(same, Operation::Difference).face_count(), 0);
        let apart = vec![block([0.0, 0.0, 0.0], [1.0, 1.0, 1.0]), block([5.0, 0.0, 0.0], [1.0, 1.0, 1.0])];
        held(&made(apart, Operation::Union), 2.0);
    }

    #[test]
    fn a_round_hole_goes_askew_through_a_block() {
        let n = 64;
        let ring = (0..n).map(|i| Point2::unit(TAU * f64::from(i) / f64::from(n)) * 0.2).collect();
        let axis = Point3::new(0.3, 0.2, 1.0);
        let frame = Affine3::frame(Point3::new(0.0, 0.0, -1.0), Some(axis), None);
        let drill = Prism { profile: vec![Polygon::new(ring)], frame, along: frame.z * 4.0 };
        let area = drill.profile[0].area();
        let left = made(
            vec![block([-2.0, -2.0, 0.0], [4.0, 4.0, 1.0]), Shell::of_prism(&drill, &Affine3::IDENTITY)],
            Operation::Difference,
        );
        held(&left, 16.0 - area * axis.length());
    }
}
