//! Outlines as path languages draw them (SVG, PDF): chains of pieces, and how they become lines, arcs and rings.

use super::curves;
use super::model::{ArcMark, LineMark, LoopMark, Sheet};
use crate::geom::{Affine2, Arc2, Box2, Point2, Segment2};

/// A piece of an outline.
#[derive(Debug)]
pub(crate) enum Piece {
    /// Straight, from where the piece before it ended.
    Line(Point2, Point2),
    /// Circular.
    Arc(Arc2),
    /// Any other curve, as points.
    Curve(Vec<Point2>),
}

/// A chain of pieces.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    pub(crate) pieces: Vec<Piece>,
    pub(crate) closed: bool,
}

impl Outline {
    /// Straight pieces through points.
    pub(crate) fn through(points: &[Point2], closed: bool) -> Self {
        let mut pieces: Vec<Piece> = points.windows(2).map(|w| Piece::Line(w[0], w[1])).collect();
        if let (true, Some(&first), Some(&last)) = (closed && points.len() > 2, points.first(), points.last())
            && first != last
        {
            pieces.push(Piece::Line(last, first));
        }
        Self { pieces, closed }
    }

    /// Adds a curve that may be circular; parts of one circle become one arc.
    pub(crate) fn add(&mut self, curve: Result<Arc2, Vec<Point2>>) {
        match curve {
            Err(points) if points.len() == 2 => self.pieces.push(Piece::Line(points[0], points[1])),
            Err(points) => self.pieces.push(Piece::Curve(points)),
            Ok(arc) => {
                if let Some(Piece::Arc(last)) = self.pieces.last_mut()
                    && let Some(both) = curves::joined(last, &arc)
                {
                    *last = both;
                    return;
                }
                self.pieces.push(Piece::Arc(arc));
            }
        }
    }

    /// All of it is within [`curves::REACH`].
    pub(crate) fn reached(&self) -> bool {
        self.pieces.iter().all(|piece| match piece {
            Piece::Line(a, b) => curves::reached(*a) && curves::reached(*b),
            Piece::Curve(points) => points.iter().all(|p| curves::reached(*p)),
            Piece::Arc(arc) => curves::reached(arc.centre) && arc.radius.abs() <= curves::REACH,
        })
    }

    /// It is one whole circle.
    pub(crate) fn is_circle(&self) -> bool {
        matches!(self.pieces.as_slice(), [Piece::Arc(arc)] if arc.is_circle())
    }

    /// As a ring of points after a map, the first not repeated.
    pub(crate) fn ring(&self, map: &Affine2) -> Vec<Point2> {
        let mut out: Vec<Point2> = Vec::new();
        for piece in &self.pieces {
            match piece {
                Piece::Line(a, b) => out.extend([*a, *b]),
                Piece::Curve(points) => out.extend(points),
                Piece::Arc(arc) => out.extend(arc.points(arc.radius * curves::CHORD)),
            }
        }
        out.dedup();
        if out.len() > 1 && out.first() == out.last() {
            out.pop();
        }
        out.into_iter().map(|p| map.apply(p)).collect()
    }

    /// Its line, drawn on a sheet after a map: straight and circular pieces, and a ring where it closes.
    pub(crate) fn stroke(&self, mark: u32, map: &Affine2, sheet: &mut Sheet) {
        let line = |a: Point2, b: Point2| LineMark { mark, segment: Segment2::new(a, b) };
        for piece in &self.pieces {
            match piece {
                Piece::Line(a, b) => sheet.lines.push(line(map.apply(*a), map.apply(*b))),
                Piece::Curve(points) => {
                    sheet.lines.extend(points.windows(2).map(|w| line(map.apply(w[0]), map.apply(w[1]))));
                }
                Piece::Arc(arc) => match curves::map_arc(arc, map) {
                    Ok(arc) if arc.radius > 0.0 => sheet.arcs.push(ArcMark { mark, arc }),
                    Ok(_) => {}
                    Err(points) => sheet.lines.extend(points.windows(2).map(|w| line(w[0], w[1]))),
                },
            }
        }
        if self.closed {
            let ring = self.ring(map);
            if ring.len() >= 3 && !self.is_circle() {
                sheet.loops.push(LoopMark { mark, ring });
            }
        }
    }
}

/// Box around everything visible on a sheet.
pub(crate) fn extent(sheet: &Sheet) -> Box2 {
    let mut bounds = Box2::EMPTY;
    let visible = |m: u32| sheet.marks.get(m as usize).is_some_and(|m| m.visible);
    for l in sheet.lines.iter().filter(|l| visible(l.mark)) {
        bounds.merge(&Box2::of(l.segment.a, l.segment.b));
    }
    for a in sheet.arcs.iter().filter(|a| visible(a.mark)) {
        bounds.merge(&curves::arc_bounds(&a.arc));
    }
    for f in sheet.fills.iter().filter(|f| visible(f.mark)) {
        bounds.merge(&Box2::around(f.rings.iter().flatten().copied()));
    }
    for t in sheet.texts.iter().filter(|t| visible(t.mark)) {
        bounds.add(t.centre);
    }
    bounds
}
