//! Rectangles whose four sides are lines that meet in their ends, in any direction.

use super::spot::{Spot, spot, spots};
use crate::geom::{Point2, Segment2};

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
    let fitting: Vec<bool> = lines.iter().map(|s| fits(s.length())).collect();
    // ends by spot: how many, the last one, and before each end the one that came before it
    let mut ends = spots::<Spot, (usize, u32)>(2 * lines.len());
    let mut before: Vec<u32> = vec![u32::MAX; 2 * lines.len()];
    for (i, s) in lines.iter().enumerate().filter(|(i, _)| fitting[*i]) {
        for (end, p) in [(2 * i, s.a), (2 * i + 1, s.b)] {
            let (n, last) = ends.entry(spot(p, tolerance)).or_insert((0, u32::MAX));
            if *n <= MOST_ENDS {
                *n += 1;
                before[end] = std::mem::replace(last, end as u32);
            }
        }
    }
    let at = |p: Point2| -> Vec<usize> {
        let (x, y) = spot(p, tolerance);
        let mut found = Vec::new();
        for dx in -1..=1 {
            for dy in -1..=1 {
                let mut end =
                    ends.get(&(x.saturating_add(dx), y.saturating_add(dy))).map_or(u32::MAX, |e| e.1);
                while let Some(&next) = before.get(end as usize) {
                    found.push(end as usize / 2);
                    end = next;
                }
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
    for (i, base) in lines.iter().enumerate().filter(|(i, _)| fitting[*i]) {
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
