//! What two bodies have in common, told by level sections of both.

use crate::geom::{Box3, Point3, Polygon, Region, intersection};
use crate::ifc::solid::Solid;
use crate::shapes::Shapes;

/// What two solids have in common.
#[derive(Debug)]
pub(super) struct SharedPart {
    /// Least of its height and its widths, metres.
    pub depth: f64,
    /// A point of it.
    pub point: Point3,
}

/// Shares of the common height of the boxes that sections are made at, between one just above its lower end and one
/// just below its upper end: bodies with sloping faces may meet there only.
const BETWEEN: [f64; 3] = [1.0 / 6.0, 0.5, 5.0 / 6.0];

/// Halvings by which an end of the common height is found between two sections.
const HALVINGS: usize = 5;

/// What two solids have in common, where it is thicker than `touching` (m) in every direction. Sections close over what
/// lies in one plane, so faces that only touch have nothing in common.
pub(super) fn shared_part(shapes: &Shapes<'_>, a: &Solid, b: &Solid, touching: f64) -> Option<SharedPart> {
    let (low, high) = both(&a.measures.extent, &b.measures.extent);
    let height = high - low;
    if height <= touching {
        return None;
    }
    let end = touching.min(height / 12.0);
    let mut levels = vec![low + end];
    levels.extend(BETWEEN.map(|share| low + height * share));
    levels.push(high - end);
    let meets = widths(shapes, a, b, &levels);
    let (_, width, point) = meets
        .iter()
        .zip(&levels)
        .filter_map(|(m, &z)| m.map(|(width, at)| (z, width, at)))
        .max_by(|x, y| x.1.total_cmp(&y.1))?;
    // between a level with something and one without, the common part ends
    let first = meets.iter().position(Option::is_some)?;
    let last = meets.iter().rposition(Option::is_some)?;
    let end_of = |with: usize, without: Option<usize>, outer: f64| match without.and_then(|w| levels.get(w)) {
        Some(&z) => halved(shapes, a, b, levels.get(with).copied().unwrap_or(outer), z),
        None => outer,
    };
    let bottom = end_of(first, first.checked_sub(1), low);
    let top = end_of(last, Some(last + 1), high);
    let depth = (2.0 * width).min(top - bottom);
    (depth > touching).then_some(SharedPart { depth, point })
}

/// The heights between which both boxes stand.
fn both(a: &Box3, b: &Box3) -> (f64, f64) {
    (a.min.z.max(b.min.z), a.max.z.min(b.max.z))
}

/// The width of the widest piece that both have at each level, halved, and a point of it. Twice the area over the
/// perimeter: half the width of a long strip, a quarter of a square's side.
fn widths(shapes: &Shapes<'_>, a: &Solid, b: &Solid, levels: &[f64]) -> Vec<Option<(f64, Point3)>> {
    let width = |p: &Polygon| 2.0 * p.area() / p.perimeter().max(1e-9);
    let widest = |a: &Region, b: &Region, z: f64| {
        let pieces = intersection(a, b);
        let piece = pieces.iter().max_by(|p, q| width(p).total_cmp(&width(q)))?;
        Some((width(piece), piece.centroid().at(z)))
    };
    let both = shapes.sections(a, levels).into_iter().zip(shapes.sections(b, levels)).zip(levels);
    both.map(|((a, b), &z)| widest(&a?, &b?, z)).collect()
}

/// Where the common part ends between a level with something and one with nothing.
fn halved(shapes: &Shapes<'_>, a: &Solid, b: &Solid, mut with: f64, mut without: f64) -> f64 {
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(with, without);
        if widths(shapes, a, b, &[middle]).iter().all(Option::is_none) {
            without = middle;
        } else {
            with = middle;
        }
    }
    f64::midpoint(with, without)
}
