//! What a page hides: clipping paths, one within another, and the crop box around all.

use crate::drawing::curves;
use crate::geom::{self, Arc2, Box2, Point2, Polygon, Region, Segment2};
use std::rc::Rc;

/// Corners of a clipping path that are followed; of one with more only its box counts (a picture's outline).
const MAX_CORNERS: usize = 2_000;

/// A window onto the page: everything outside is not drawn. Page coordinates.
#[derive(Clone, Debug)]
pub(super) struct Clip {
    bounds: Box2,
    /// The window's shape within its box, where it is no upright rectangle.
    shape: Option<Rc<Region>>,
}

impl Clip {
    /// An upright rectangle.
    pub(super) fn rectangle(bounds: Box2) -> Self {
        Self { bounds, shape: None }
    }

    /// The part of this window that lies in `rings`.
    pub(super) fn within(&self, rings: Vec<Vec<Point2>>) -> Self {
        let around = Box2::around(rings.iter().flatten().copied());
        let bounds = meet(&self.bounds, &around);
        let corners: usize = rings.iter().map(Vec::len).sum();
        if bounds.is_empty() || corners > MAX_CORNERS || is_upright(&rings, &around) {
            return Self { bounds, shape: self.shape.clone() };
        }
        let own = match <[Vec<Point2>; 1]>::try_from(rings) {
            Ok([ring]) => vec![Polygon::new(ring)],
            Err(rings) => geom::even_odd(rings),
        };
        let shape = match &self.shape {
            Some(outer) => geom::intersection(outer, &own),
            None => own,
        };
        Self { bounds, shape: Some(Rc::new(shape)) }
    }

    /// A point is shown.
    pub(super) fn shows(&self, p: Point2) -> bool {
        self.bounds.contains(p) && self.shape.as_ref().is_none_or(|s| s.iter().any(|p2| p2.contains(p)))
    }

    /// All of a box is shown.
    fn shows_all(&self, b: &Box2) -> bool {
        self.shape.is_none() && self.bounds.contains_box(b)
    }

    /// All of a straight piece is shown.
    pub(super) fn shows_segment(&self, a: Point2, b: Point2) -> bool {
        self.shape.is_none() && self.bounds.contains(a) && self.bounds.contains(b)
    }

    /// All of a circular piece is shown.
    pub(super) fn shows_arc(&self, arc: &Arc2) -> bool {
        self.shows_all(&curves::arc_bounds(arc))
    }

    /// The parts of a straight piece that are shown.
    pub(super) fn segment(&self, s: Segment2, out: &mut Vec<Segment2>) {
        if self.shows_segment(s.a, s.b) {
            out.push(s);
            return;
        }
        let Some((from, to)) = in_box(&s, &self.bounds) else { return };
        let part = |from: f64, to: f64| Segment2::new(s.a.lerp(s.b, from), s.a.lerp(s.b, to));
        match &self.shape {
            None => out.push(part(from, to)),
            Some(shape) => {
                for (begin, end) in geom::line_intervals(shape, s.a, s.b - s.a) {
                    let (begin, end) = (begin.max(from), end.min(to));
                    if begin < end {
                        out.push(part(begin, end));
                    }
                }
            }
        }
    }

    /// A circular piece: whole where all of it is shown, else the chords of what is.
    pub(super) fn arc(&self, arc: &Arc2, out: &mut Vec<Segment2>) -> bool {
        let bounds = curves::arc_bounds(arc);
        if self.shows_all(&bounds) {
            return true;
        }
        if !self.bounds.intersects(&bounds) {
            return false;
        }
        let points = arc.points(arc.radius * curves::CHORD);
        if self.shape.is_some() && points.iter().all(|p| self.shows(*p)) {
            return true;
        }
        for pair in points.windows(2) {
            self.segment(Segment2::new(pair[0], pair[1]), out);
        }
        false
    }

    /// The part of an area that is shown, as rings (even-odd).
    pub(super) fn area(&self, rings: Vec<Vec<Point2>>) -> Vec<Vec<Point2>> {
        let around = Box2::around(rings.iter().flatten().copied());
        if self.shows_all(&around) {
            return rings;
        }
        if !self.bounds.intersects(&around) {
            return Vec::new();
        }
        let mut left = geom::even_odd(rings);
        if !self.bounds.contains_box(&around) {
            let window = Polygon::new(self.bounds.corners().to_vec());
            left = geom::intersection(&left, &[window]);
        }
        if let Some(shape) = &self.shape {
            left = geom::intersection(&left, shape);
        }
        left.into_iter().flat_map(|p| std::iter::once(p.outer).chain(p.holes)).collect()
    }
}

fn meet(a: &Box2, b: &Box2) -> Box2 {
    Box2 {
        min: Point2::new(a.min.x.max(b.min.x), a.min.y.max(b.min.y)),
        max: Point2::new(a.max.x.min(b.max.x), a.max.y.min(b.max.y)),
    }
}

/// One ring with its corners on those of its box.
fn is_upright(rings: &[Vec<Point2>], around: &Box2) -> bool {
    let slack = 1e-6 * around.diagonal();
    let on_corner = |p: &Point2| around.corners().iter().any(|c| c.distance(*p) <= slack);
    matches!(rings, [ring] if ring.len() == 4 && ring.iter().all(on_corner))
}

/// The stretch of a straight piece in a box, as parameters (Liang and Barsky).
fn in_box(s: &Segment2, b: &Box2) -> Option<(f64, f64)> {
    let d = s.b - s.a;
    let (mut from, mut to) = (0.0f64, 1.0f64);
    let sides =
        [(-d.x, s.a.x - b.min.x), (d.x, b.max.x - s.a.x), (-d.y, s.a.y - b.min.y), (d.y, b.max.y - s.a.y)];
    for (p, q) in sides {
        if p == 0.0 {
            if q < 0.0 {
                return None;
            }
        } else if p < 0.0 {
            from = from.max(q / p);
        } else {
            to = to.min(q / p);
        }
    }
    (from < to).then_some((from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(min: f64, max: f64) -> Vec<Point2> {
        Box2 { min: Point2::new(min, min), max: Point2::new(max, max) }.corners().to_vec()
    }

    #[test]
    fn what_lies_outside_is_cut_away() {
        let page = Clip::rectangle(Box2 { min: Point2::default(), max: Point2::new(10.0, 10.0) });
        let window = page.within(vec![square(2.0, 20.0)]);
        let cut = |clip: &Clip, a: (f64, f64), b: (f64, f64)| {
            let mut out = Vec::new();
            clip.segment(Segment2::new(Point2::new(a.0, a.1), Point2::new(b.0, b.1)), &mut out);
            out
        };
        let part = cut(&window, (0.0, 5.0), (20.0, 5.0));
        assert_eq!(part, [Segment2::new(Point2::new(2.0, 5.0), Point2::new(10.0, 5.0))]);
        assert!(cut(&window, (0.0, 0.0), (1.0, 9.0)).is_empty());
        let diamond = page.within(vec![
            [(5.0, 0.0), (10.0, 5.0), (5.0, 10.0), (0.0, 5.0)].map(|(x, y)| Point2::new(x, y)).to_vec(),
        ]);
        let part = cut(&diamond, (0.0, 2.5), (10.0, 2.5));
        assert!(part.len() == 1 && (part[0].length() - 5.0).abs() < 1e-9);
        assert!(diamond.shows(Point2::new(5.0, 5.0)) && !diamond.shows(Point2::new(1.0, 1.0)));
    }

    #[test]
    fn circles_stay_circles_where_they_are_whole() {
        let page = Clip::rectangle(Box2 { min: Point2::default(), max: Point2::new(10.0, 10.0) });
        let mut chords = Vec::new();
        assert!(page.arc(&Arc2::circle(Point2::new(5.0, 5.0), 2.0), &mut chords) && chords.is_empty());
        assert!(!page.arc(&Arc2::circle(Point2::new(0.0, 5.0), 2.0), &mut chords));
        let length: f64 = chords.iter().map(Segment2::length).sum();
        assert!((length - std::f64::consts::TAU).abs() < 0.05, "{length}");
        let area = page.area(vec![square(5.0, 15.0)]);
        assert!(area.len() == 1 && (geom::ring_area(&area[0]).abs() - 25.0).abs() < 1e-3);
    }
}
