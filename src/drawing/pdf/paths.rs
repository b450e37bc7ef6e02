//! Paths of the page description as outlines in page coordinates: arcs given as curves are arcs again.

use crate::drawing::curves;
use crate::drawing::outline::{Outline, Piece};
use crate::geom::Point2;
use hayro_interpret::kurbo::{Affine, BezPath, PathEl, Point};

/// A point after a map.
pub(super) fn point(map: &Affine, p: Point) -> Point2 {
    let q = *map * p;
    Point2::new(q.x, q.y)
}

/// The outlines of a path after a map. One that ends where it began counts as closed: few programs say so.
pub(super) fn outlines(path: &BezPath, map: &Affine) -> Vec<Outline> {
    let mut out = Vec::new();
    let mut current = Outline::default();
    let (mut start, mut at) = (Point2::default(), Point2::default());
    for element in path.elements() {
        match *element {
            PathEl::MoveTo(p) => {
                lift(&mut current, start, at, &mut out);
                (start, at) = (point(map, p), point(map, p));
            }
            PathEl::LineTo(p) => {
                let to = point(map, p);
                if to != at {
                    current.pieces.push(Piece::Line(at, to));
                }
                at = to;
            }
            PathEl::QuadTo(c, p) => {
                let (c, to) = (point(map, c), point(map, p));
                curve(&mut current, [at, at.lerp(c, 2.0 / 3.0), to.lerp(c, 2.0 / 3.0), to]);
                at = to;
            }
            PathEl::CurveTo(a, b, p) => {
                let to = point(map, p);
                curve(&mut current, [at, point(map, a), point(map, b), to]);
                at = to;
            }
            PathEl::ClosePath => {
                if at != start {
                    current.pieces.push(Piece::Line(at, start));
                }
                at = start;
                current.closed = true;
                lift(&mut current, start, at, &mut out);
            }
        }
    }
    lift(&mut current, start, at, &mut out);
    out
}

fn lift(current: &mut Outline, start: Point2, at: Point2, out: &mut Vec<Outline>) {
    let mut done = std::mem::take(current);
    if done.pieces.is_empty() || !done.reached() {
        return;
    }
    close_circle(&mut done);
    // Producers round to three decimals of a point or more.
    done.closed |= done.pieces.len() > 1 && at.distance(start) < 2e-3 || done.is_circle();
    out.push(done);
}

/// A curve, which is a straight piece where its handles lie on it.
fn curve(current: &mut Outline, p: [Point2; 4]) {
    let along = p[3] - p[0];
    let length = along.length();
    let off = |q: Point2| along.cross(q - p[0]).abs();
    if length > 0.0 && off(p[1]).max(off(p[2])) < 1e-4 * length * length {
        current.pieces.push(Piece::Line(p[0], p[3]));
    } else if p.iter().any(|q| *q != p[0]) {
        current.add(curves::bezier(p));
    }
}

/// A circle that begins within one of its quarters: what is left of it beside its only arc is a chord of rounding.
fn close_circle(outline: &mut Outline) {
    if let [Piece::Arc(arc), Piece::Line(a, b)] = outline.pieces.as_slice()
        && arc.sweep.abs() > 6.2
        && a.distance(*b) < 1e-2 * arc.radius
    {
        outline.pieces.truncate(1);
    }
    if let [Piece::Arc(arc)] = outline.pieces.as_mut_slice()
        && arc.sweep.abs() > std::f64::consts::TAU - 1e-2
    {
        arc.sweep = std::f64::consts::TAU.copysign(arc.sweep);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_of_four_curves_is_a_circle() {
        let k = 0.552_284_75;
        let mut path = BezPath::new();
        path.move_to((1.0, 0.0));
        for (a, b, c) in [
            ((1.0, k), (k, 1.0), (0.0, 1.0)),
            ((-k, 1.0), (-1.0, k), (-1.0, 0.0)),
            ((-1.0, -k), (-k, -1.0), (0.0, -1.0)),
            ((k, -1.0), (1.0, -k), (1.0, 0.0)),
        ] {
            path.curve_to(a, b, c);
        }
        path.close_path();
        let map = Affine::translate((5.0, 5.0)) * Affine::scale(3.0);
        let found = outlines(&path, &map);
        assert!(found.len() == 1 && found[0].is_circle() && found[0].closed);
        let Piece::Arc(arc) = &found[0].pieces[0] else { panic!() };
        assert!((arc.radius - 3.0).abs() < 2e-3 && arc.centre.distance(Point2::new(5.0, 5.0)) < 3e-3);
    }

    #[test]
    fn a_path_back_to_its_start_is_closed() {
        let mut path = BezPath::new();
        path.move_to((0.0, 0.0));
        for p in [(4.0, 0.0), (4.0, 2.0), (0.0, 2.0), (0.0, 0.0)] {
            path.line_to(p);
        }
        path.move_to((9.0, 9.0));
        path.curve_to((10.0, 10.0), (11.0, 11.0), (12.0, 12.0));
        let found = outlines(&path, &Affine::IDENTITY);
        assert!(found.len() == 2 && found[0].closed && found[0].pieces.len() == 4);
        assert!(matches!(found[1].pieces[0], Piece::Line(..)) && !found[1].closed);
    }
}
