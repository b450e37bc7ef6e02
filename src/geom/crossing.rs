//! How often rings cross themselves and one another, counted only as far as it matters.

use super::bounds::Box2;
use super::index::BoxIndex;
use super::point::Point2;

/// No more pairs of sides than this are looked at: some tenths of a second.
const MAX_LOOKS: usize = 30_000_000;

/// More crossings than this are no drawing and no building.
const MAX_CROSSINGS: usize = 20_000;

/// Up to this many sides each is held against each.
const FEW: usize = 64;

/// Pairs of sides that cross. `None` when there are too many, or when it would take too long to tell.
pub fn crossings(rings: &[&[Point2]]) -> Option<usize> {
    let sides: Vec<(Point2, Point2)> =
        rings.iter().flat_map(|r| (0..r.len()).map(|i| (r[i], r[(i + 1) % r.len()]))).collect();
    if sides.len() <= FEW {
        let pairs = (0..sides.len()).flat_map(|i| (i + 1..sides.len()).map(move |j| (i, j)));
        return Some(pairs.filter(|&(i, j)| cross(sides[i], sides[j])).count());
    }
    let boxes: Vec<Box2> = sides.iter().map(|&(a, b)| Box2::of(a, b)).collect();
    let index = BoxIndex::new(boxes.clone());
    let (mut looks, mut found) = (0usize, 0usize);
    for (i, b) in boxes.iter().enumerate() {
        let near = index.touching(b);
        // long sides are looked at by everybody
        looks += near.len() + index.large();
        found += near.into_iter().filter(|&j| j > i && cross(sides[i], sides[j])).count();
        if looks > MAX_LOOKS || found > MAX_CROSSINGS {
            return None;
        }
    }
    Some(found)
}

/// Two sides cross within both; ones that touch at an end do not.
fn cross((a, b): (Point2, Point2), (c, d): (Point2, Point2)) -> bool {
    let side = |a: Point2, b: Point2, p: Point2| (b - a).cross(p - a);
    let opposite = |x: f64, y: f64| (x > 0.0 && y < 0.0) || (x < 0.0 && y > 0.0);
    opposite(side(a, b, c), side(a, b, d)) && opposite(side(c, d, a), side(c, d, b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::TAU;

    #[test]
    fn stars_cross_and_circles_do_not() {
        let ring = |n: usize, step: usize| -> Vec<Point2> {
            (0..n).map(|i| Point2::unit(TAU * (i * step % n) as f64 / n as f64)).collect()
        };
        assert_eq!(crossings(&[&ring(5, 2)]), Some(5));
        assert_eq!(crossings(&[&ring(100, 1)]), Some(0));
        assert_eq!(crossings(&[&ring(100_000, 1)]), Some(0));
        assert_eq!(crossings(&[&ring(101, 2)]), Some(101));
        // each side crosses thousands of others
        assert_eq!(crossings(&[&ring(20_001, 9_001)]), None);
    }
}
