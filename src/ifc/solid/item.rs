//! A body falls into items, each a leaf or a tree of boolean operations; items do not cut one another.

use super::shell::Shell;
use crate::geom::{Affine3, Box3, Point3, Polygon};
use crate::ifc::body::{HalfSpace, Leaf, MAX_NESTING, Prism, Shape, Step};
use std::ops::Range;

/// The steps of each item of a shape: what each leaves on the pile.
pub(super) fn items(shape: &Shape) -> Vec<Range<usize>> {
    let mut pile: Vec<usize> = Vec::new();
    for (i, step) in shape.steps.iter().enumerate() {
        match step {
            Step::Leaf(_) => pile.push(i),
            Step::Union | Step::Difference | Step::Intersection => {
                // the second operand's start goes, the first one's stays
                pile.pop();
            }
        }
    }
    let ends = pile.iter().skip(1).copied().chain(std::iter::once(shape.steps.len()));
    pile.iter().copied().zip(ends).map(|(a, b)| a..b).collect()
}

/// What is done with the last two results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    /// Puts a leaf on the pile.
    Push(usize),
    Union,
    Difference,
    Intersection,
}

/// A boolean tree over closed surfaces, leaves and operations in their order.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) leaves: Vec<Shell>,
    pub(super) operations: Vec<Operation>,
}

impl Tree {
    /// Adds an item of a shape. Half-spaces become blocks that reach past `hull`.
    pub(super) fn add(
        &mut self,
        shape: &Shape,
        steps: Range<usize>,
        map: &Affine3,
        hull: &Box3,
        depth: usize,
    ) {
        for step in shape.steps.get(steps).unwrap_or_default() {
            match step {
                Step::Leaf(leaf) => self.add_leaf(leaf, map, hull, depth),
                Step::Union => self.operations.push(Operation::Union),
                Step::Difference => self.operations.push(Operation::Difference),
                Step::Intersection => self.operations.push(Operation::Intersection),
            }
        }
    }

    /// Adds a leaf.
    pub(super) fn push(&mut self, shell: Shell) {
        self.operations.push(Operation::Push(self.leaves.len()));
        self.leaves.push(shell);
    }

    fn add_leaf(&mut self, leaf: &Leaf, map: &Affine3, hull: &Box3, depth: usize) {
        match leaf {
            Leaf::Prism(prism) => self.push(Shell::of_prism(prism, map)),
            Leaf::Mesh(mesh) => self.push(Shell::of_mesh(mesh, map)),
            Leaf::Half(half) => self.add_half(half, map, hull),
            Leaf::Placed(place, inner) if depth < MAX_NESTING => {
                let map = map.after(place);
                let parts = items(inner);
                if parts.is_empty() {
                    self.push(Shell::default());
                }
                for (i, steps) in parts.into_iter().enumerate() {
                    self.add(inner, steps, &map, hull, depth + 1);
                    if i > 0 {
                        self.operations.push(Operation::Union);
                    }
                }
            }
            Leaf::Placed(..) => self.push(Shell::default()),
        }
    }

    /// Adds a half-space as a block, less what is outside of its boundary.
    pub(super) fn add_half(&mut self, half: &HalfSpace, map: &Affine3, hull: &Box3) {
        self.push(half_block(half, map, hull).unwrap_or_default());
        if let Some(prism) = bounded(half, map, hull) {
            self.push(Shell::of_prism(&prism, &Affine3::IDENTITY));
            self.operations.push(Operation::Intersection);
        }
    }

    /// Takes the last result off the one before it.
    pub(super) fn take_off(&mut self) {
        self.operations.push(Operation::Difference);
    }
}

/// How far a half-space reaches past what it is held against, as a part of its size, and in metres.
const PAST: (f64, f64) = (0.1, 1.0);

/// The part of a block around a hull that lies in a half-space, its boundary not looked at. `None` where there is none.
fn half_block(half: &HalfSpace, map: &Affine3, hull: &Box3) -> Option<Shell> {
    let (origin, normal) = half.mapped_plane(map)?;
    if hull.is_empty() {
        return None;
    }
    let grow = PAST.0 * (hull.max - hull.min).length() + PAST.1;
    let d = Point3::new(grow, grow, grow);
    let (low, high) = (hull.min - d, hull.max + d);
    let corner = |i: usize| {
        let pick = |axis: usize, a: f64, b: f64| if i >> axis & 1 == 1 { b } else { a };
        Point3::new(pick(0, low.x, high.x), pick(1, low.y, high.y), pick(2, low.z, high.z))
    };
    const FACES: [[usize; 4]; 6] =
        [[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]];
    let side = |p: Point3| (p - origin).dot(normal);
    let mut weld = super::weld::Weld::default();
    let mut rim: Vec<Point3> = Vec::new();
    for face in FACES {
        let mut kept: Vec<Point3> = Vec::new();
        for k in 0..4 {
            let (a, b) = (corner(face[k]), corner(face[(k + 1) % 4]));
            let (da, db) = (side(a), side(b));
            if da <= 0.0 {
                kept.push(a);
            }
            if (da <= 0.0) != (db <= 0.0) {
                // the same point from either face
                let (p, q, dp, dq) =
                    if (a.x, a.y, a.z) < (b.x, b.y, b.z) { (a, b, da, db) } else { (b, a, db, da) };
                let cut = p + (q - p) * (dp / (dp - dq));
                kept.push(cut);
                rim.push(cut);
            }
        }
        weld.ring(kept.into_iter());
        weld.end_face();
    }
    // the cut itself, in order around its middle
    if let Some(first) = rim.first().copied() {
        let middle = rim.iter().fold(Point3::default(), |s, &p| s + p) / rim.len() as f64;
        let u = (first - middle).normalised()?;
        let v = normal.cross(u);
        rim.sort_by(|a, b| {
            let angle = |p: &Point3| (*p - middle).dot(v).atan2((*p - middle).dot(u));
            angle(a).total_cmp(&angle(b))
        });
        weld.ring(rim.into_iter());
        weld.end_face();
    }
    Some(weld.finish())
}

/// The prism over a half-space's boundary, past a hull on both sides.
fn bounded(half: &HalfSpace, map: &Affine3, hull: &Box3) -> Option<Prism> {
    let (frame, boundary) = half.boundary.as_ref()?;
    let frame = map.after(frame);
    let axis = frame.z.normalised()?;
    let size = (hull.max - hull.min).length();
    let along = (hull.centre() - frame.origin).dot(axis);
    let reach = size * (0.5 + PAST.0) + PAST.1;
    let profile: Vec<Polygon> = boundary.clone();
    let start = Affine3 { origin: frame.origin + axis * (along - reach), ..frame };
    Some(Prism { profile, frame: start, along: axis * (2.0 * reach) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geom::Point2;

    fn wall() -> Step {
        let profile = vec![Polygon::rectangle(Point2::new(2.0, 0.0), 4.0, 0.2, 0.0)];
        Step::Leaf(Leaf::Prism(Prism {
            profile,
            frame: Affine3::IDENTITY,
            along: Point3::new(0.0, 0.0, 3.0),
        }))
    }

    #[test]
    fn items_are_what_is_left_on_the_pile() {
        let shape = Shape {
            steps: vec![wall(), wall(), wall(), Step::Difference, Step::Union, wall()],
            ..Shape::default()
        };
        assert_eq!(items(&shape), vec![0..5, 5..6]);
        assert!(items(&Shape::default()).is_empty());
    }

    #[test]
    fn half_of_a_block_has_half_of_its_volume() {
        let plane = Affine3::frame(Point3::new(0.5, 0.5, 0.5), Some(Point3::new(1.0, 1.0, 1.0)), None);
        let half = HalfSpace { plane, boundary: None };
        let mut hull = Box3::EMPTY;
        hull.add(Point3::default());
        hull.add(Point3::new(1.0, 1.0, 1.0));
        let block = half_block(&half, &Affine3::IDENTITY, &hull).unwrap();
        let side = 1.0 + 2.0 * (0.1 * 3f64.sqrt() + 1.0);
        assert_eq!(block.open_edges, 0);
        assert!((block.volume() - side.powi(3) / 2.0).abs() < 1e-9, "{}", block.volume());
    }
}
