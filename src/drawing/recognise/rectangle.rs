//! Rectangles whose four sides are lines that meet in their ends, in any direction.

use crate::geom::{Point2, Segment2};
use std::collections::HashMap;

/// Four corners, one after the other, and the lines that are the sides between them (corner 0 to 1 first).
#[derive(Clone, Copy, Debug)]
pub struct Rectangle {
    /// Corners.
    pub corners: [Point2; 4],
    /// Sides, as numbers into the lines given.
    pub sides: [usize; 4],
}

/// More ends than this in one corner are a hatch or a knot: no rectangle is looked for there.
const MOST_ENDS: usize = 24;
/// Sides are square to this (sine of about half a degree).
const SQUARE: f64 = 0.01;

/// All rectangles among the lines whose lengths `fits` allows; corners meet to `tolerance`. Each is told once.
pub fn of_lines(lines: &[Segment2], tolerance: f64, fits: &dyn Fn(f64) -> bool) -> Vec<Rectangle> {
    let key = |p: Point2| ((p.x / tolerance).round() as i64, (p.y / tolerance).round() as i64);
    let mut ends: HashMap<(i64, i64), Vec<usize>> = HashMap::new();
    for (i, s) in lines.iter().enumerate().filter(|(_, s)| fits(s.length())) {
        for p in [s.a, s.b] {
            let at = ends.entry(key(p)).or_default();
            if at.len() <= MOST_ENDS {
                at.push(i);
            }
        }
    }
    let at = |p: Point2| -> Vec<usize> {
        let (x, y) = key(p);
        let mut found = Vec::new();
        for dx in -1..=1 {
            for dy in -1..=1 {
                found.extend(ends.get(&(x + dx, y + dy)).into_iter().flatten().copied());
            }
        }
        found.sort_unstable();
        found.dedup();
        if found.len() > MOST_ENDS {
            found.clear();
        }
        found
    };
    let other_end = |i: usize, p: Point2| {
        let s = lines[i];
        if s.a.distance(p) < s.b.distance(p) { s.b } else { s.a }
    };
    let mut out = Vec::new();
    for (i, base) in lines.iter().enumerate().filter(|(_, s)| fits(s.length())) {
        let Some(d) = base.direction() else { continue };
        let square = |j: usize| j > i && lines[j].direction().is_some_and(|e| e.dot(d).abs() < SQUARE);
        for j in at(base.a).into_iter().filter(|&j| square(j)) {
            for k in at(base.b).into_iter().filter(|&k| square(k) && k != j) {
                let (p, q) = (other_end(j, base.a), other_end(k, base.b));
                let parallel = (p - base.a).distance(q - base.b) < 2.0 * tolerance;
                // each rectangle once: from its lowest-numbered side
                let closing = at(p)
                    .into_iter()
                    .find(|&l| l > i && l != j && l != k && other_end(l, p).distance(q) < 2.0 * tolerance);
                if parallel && let Some(l) = closing {
                    out.push(Rectangle { corners: [base.a, base.b, q, p], sides: [i, k, l, j] });
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_lines_make_one_rectangle_and_three_none() {
        let p = [(0.0, 0.0), (0.5, 0.0), (0.5, 0.4), (0.0, 0.4)].map(|(x, y)| Point2::new(x, y));
        let lines = [
            Segment2::new(p[0], p[1]),
            Segment2::new(p[2], p[1]),
            Segment2::new(p[2], p[3]),
            Segment2::new(p[0], p[3]),
        ];
        assert_eq!(of_lines(&lines, 0.002, &|_| true).len(), 1);
        assert_eq!(of_lines(&lines[..3], 0.002, &|_| true).len(), 0);
        assert_eq!(of_lines(&lines, 0.002, &|l| l > 0.45).len(), 0);
    }

    #[test]
    fn a_knot_of_lines_is_passed_over() {
        let lines: Vec<Segment2> =
            (0..20_000).map(|i| Segment2::new(Point2::default(), Point2::unit(f64::from(i)) * 0.5)).collect();
        assert!(of_lines(&lines, 0.002, &|_| true).is_empty());
    }
}
