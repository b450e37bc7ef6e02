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

/// Places where many sides are near are looked at closer, this often.
const MAX_DEPTH: usize = 3;

/// Pairs of sides that cross, some of them counted more than once where there are many sides; 0 only where none do.
/// `None` when there are too many, or when it would take too long to tell.
pub fn crossings(rings: &[&[Point2]]) -> Option<usize> {
    let sides: Vec<(Point2, Point2)> =
        rings.iter().flat_map(|r| (0..r.len()).map(|i| (r[i], r[(i + 1) % r.len()]))).collect();
    let (mut looks, mut found) = (0, 0);
    count(&sides, 0, &mut looks, &mut found).then_some(found)
}

/// Counts as far as it matters; false where that is too far.
fn count(sides: &[(Point2, Point2)], depth: usize, looks: &mut usize, found: &mut usize) -> bool {
    if sides.len() <= FEW || depth > MAX_DEPTH {
        *looks += sides.len() * sides.len() / 2;
        if *looks > MAX_LOOKS {
            return false;
        }
        for (i, &side) in sides.iter().enumerate() {
            *found += sides[i + 1..].iter().filter(|&&other| cross(side, other)).count();
        }
        return *found <= MAX_CROSSINGS;
    }
    let index = BoxIndex::new(sides.iter().map(|&(a, b)| Box2::of(a, b)).collect());
    let mut members = Vec::new();
    for group in index.groups() {
        members.clear();
        members.extend(group.iter().map(|&i| sides[i as usize]));
        if !count(&members, depth + 1, looks, found) {
            return false;
        }
    }
    for &i in index.large() {
        let (a, b) = sides[i as usize];
        for near in index.along(a, b).chain([index.large()]) {
            *looks += near.len();
            *found += near.iter().filter(|&&k| cross((a, b), sides[k as usize])).count();
            if *looks > MAX_LOOKS || *found > MAX_CROSSINGS {
                return false;
            }
        }
    }
    *found <= MAX_CROSSINGS
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
        assert!(crossings(&[&ring(101, 2)]).is_some_and(|n| n >= 101));
        // each side crosses thousands of others
        assert_eq!(crossings(&[&ring(20_001, 9_001)]), None);
    }
}
