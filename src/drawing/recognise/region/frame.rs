//! Frames of sheets: rectangles in a sheet's format, upright or turned, as polylines or as lines, that hold drawings.

use super::super::face::{self, FaceLine};
use super::super::layer::Meaning;
use super::super::rectangle;
use super::super::scene::{Area, Meanings};
use crate::drawing::model::Sheet;
use crate::geom::{Affine2, Box2, Point2, Segment2};

/// Long side over short side of sheet formats: ISO A and its extensions by quarters, ANSI and ARCH.
const FORMATS: [f64; 10] =
    [std::f64::consts::SQRT_2, 1.768, 2.1213, 2.4749, 2.8284, 1.5, 1.5455, 1.2941, 1.3333, 1.4];
/// Agreement with a format: frames are drawn exactly, inner ones less margins.
const FORMAT_TOLERANCE: f64 = 0.012;
/// A frame holds at least so many texts or lines.
pub(super) const MIN_CONTENT: usize = 12;
/// Frames smaller than this share of the largest are cells of title blocks, or columns.
const SMALLEST: f64 = 0.05;
/// Sides of frames that are lines of their own are at least this share of the sheet's diagonal.
const SIDE: f64 = 0.01;
/// Rectangles that differ by less than this share of their size are one, drawn as a polyline and as lines.
const SAME: f64 = 1e-4;
/// Frames that are looked at, the largest first.
const MOST: usize = 256;
/// Shapes are compared at this size, whatever the drawing's unit: the tolerances of faces are then parts per million.
const SCALED: f64 = 1_000.0;
/// Corners of frames meet to this at that size.
const CORNER: f64 = 0.05;

/// A rectangle that may be a frame.
#[derive(Clone, Debug)]
struct Frame {
    ring: [Point2; 4],
    bounds: Box2,
    upright: bool,
    long: f64,
    short: f64,
}

impl Frame {
    fn new(ring: [Point2; 4]) -> Option<Self> {
        let (a, b) = (ring[0].distance(ring[1]), ring[1].distance(ring[2]));
        let bounds = Box2::around(ring);
        let slack = 1e-4 * bounds.diagonal();
        let upright = ring.iter().all(|p| bounds.corners().iter().any(|c| c.distance(*p) <= slack));
        let square = (ring[1] - ring[0]).dot(ring[2] - ring[1]).abs() < 1e-3 * a * b;
        let closed = (ring[0] - ring[1]).distance(ring[3] - ring[2]) < slack;
        (a > 0.0 && b > 0.0 && square && closed && bounds.min.is_finite() && bounds.max.is_finite())
            .then(|| Self { ring, bounds, upright, long: a.max(b), short: a.min(b) })
    }

    fn area(&self) -> f64 {
        self.long * self.short
    }

    fn to_area(&self) -> Area {
        Area {
            bounds: self.bounds,
            outline: (!self.upright).then(|| self.ring.to_vec()),
            without: Vec::new(),
        }
    }

    fn contains(&self, p: Point2) -> bool {
        self.bounds.contains(p) && (self.upright || crate::geom::ring_contains(&self.ring, p))
    }

    fn holds(&self, o: &Self) -> bool {
        let centre = self.bounds.centre();
        // corners on the rim count as inside
        o.ring.iter().all(|&p| self.contains(centre + (p - centre) * (1.0 - SAME)))
    }

    fn same(&self, o: &Self) -> bool {
        self.bounds.min.distance(o.bounds.min) + self.bounds.max.distance(o.bounds.max)
            < SAME * self.bounds.diagonal()
    }

    fn apart(&self, o: &Self) -> bool {
        !self.contains(o.bounds.centre())
            && !o.contains(self.bounds.centre())
            && !self.holds(o)
            && !o.holds(self)
    }

    fn is_format(&self) -> bool {
        let ratio = self.long / self.short.max(1e-12);
        FORMATS.iter().any(|f| (ratio / f - 1.0).abs() < FORMAT_TOLERANCE)
    }

    fn holds_enough(&self, sheet: &Sheet) -> bool {
        let texts = sheet.texts.iter().map(|t| t.centre);
        let lines = sheet.lines.iter().map(|l| l.segment.middle());
        texts.chain(lines).filter(|p| self.contains(*p)).take(MIN_CONTENT).count() == MIN_CONTENT
    }

    fn content(&self, sheet: &Sheet) -> usize {
        sheet.texts.iter().filter(|t| self.contains(t.centre)).count()
            + sheet.lines.iter().filter(|l| self.contains(l.segment.middle())).count()
    }
}

/// Frames that hold drawings; of nested ones the outermost, unless it holds several side by side. From the top, left to
/// right.
pub(super) fn find(sheet: &Sheet, meanings: &Meanings, titles: &super::Titles) -> Vec<Area> {
    let mut candidates = polylines(sheet, meanings);
    candidates.extend(of_lines(sheet, meanings, titles));
    candidates.sort_by(|a, b| {
        let corner = |f: &Frame| f.bounds.min;
        b.area()
            .total_cmp(&a.area())
            .then(corner(a).x.total_cmp(&corner(b).x))
            .then(corner(a).y.total_cmp(&corner(b).y))
    });
    candidates.dedup_by(|a, b| a.same(b));
    let largest = candidates.first().map_or(0.0, Frame::area);
    // title-block cells and columns are rectangles too
    candidates.retain(|c| c.area() > SMALLEST * largest);
    candidates.truncate(MOST);
    candidates.retain(|c| c.holds_enough(sheet));
    let mut out: Vec<&Frame> = Vec::new();
    for c in &candidates {
        if out.iter().any(|o| o.holds(c)) {
            continue;
        }
        // a border around several sheets is no sheet: it holds two large frames that lie apart
        let inside: Vec<&Frame> =
            candidates.iter().filter(|i| !i.same(c) && c.holds(i) && i.area() > 0.1 * c.area()).collect();
        let apart = inside.iter().any(|a| inside.iter().any(|b| a.apart(b)));
        if !apart {
            out.push(c);
        }
    }
    // a lone frame must hold nearly everything, else it is something drawn
    let total = sheet.texts.len() + sheet.lines.len();
    let held: usize = out.iter().map(|f| f.content(sheet)).sum();
    if held * 2 < total {
        return Vec::new();
    }
    let height = out.first().map_or(1.0, |f| f.bounds.height().max(1e-12));
    let row = |f: &Frame| (-f.bounds.centre().y / (0.5 * height)).round() as i64;
    out.sort_by(|a, b| row(a).cmp(&row(b)).then(a.bounds.min.x.total_cmp(&b.bounds.min.x)));
    out.into_iter().map(Frame::to_area).collect()
}

/// Closed polylines of four corners, in a format or on a layer of frames.
fn polylines(sheet: &Sheet, meanings: &Meanings) -> Vec<Frame> {
    let mut out = Vec::new();
    for l in &sheet.loops {
        let ring: &[Point2] = match l.ring.len() {
            5 if l.ring[0].distance(l.ring[4]) <= 1e-9 * Box2::around(l.ring.iter().copied()).diagonal() => {
                &l.ring[..4]
            }
            _ => &l.ring,
        };
        let Ok(ring) = <[Point2; 4]>::try_from(ring) else { continue };
        let Some(frame) = Frame::new(ring) else { continue };
        let meaning = meanings.of(sheet, l.mark);
        let titled = meaning == Some(Meaning::Title);
        if frame.is_format() && meaning.is_none() || titled && frame.long < 6.0 * frame.short {
            out.push(frame);
        }
    }
    out
}

/// Frames whose sides are lines: as drawn, and with what is collinear joined. A building may be as long and as wide as a
/// sheet: only what has a title within is a frame.
fn of_lines(sheet: &Sheet, meanings: &Meanings, titles: &super::Titles) -> Vec<Frame> {
    let diagonal = sheet.bounds.diagonal();
    if !(diagonal.is_finite() && diagonal > 0.0) {
        return Vec::new();
    }
    let scale = Affine2::scaling(SCALED / diagonal, SCALED / diagonal)
        .after(&Affine2::translation(-sheet.bounds.min));
    let Some(back) = scale.inverse() else { return Vec::new() };
    let titles: Vec<Point2> = sheet
        .texts
        .iter()
        .zip(titles)
        .filter(|(_, title)| title.as_ref().is_some_and(|t| t.kind.is_some()))
        .map(|(t, _)| t.centre)
        .collect();
    if titles.is_empty() {
        return Vec::new();
    }
    let usable = |mark: u32| {
        let shown = sheet.marks.get(mark as usize).is_some_and(|m| m.visible);
        shown && matches!(meanings.of(sheet, mark), None | Some(Meaning::Title))
    };
    let long: Vec<FaceLine> = sheet
        .lines
        .iter()
        .filter(|l| l.segment.length() > SIDE * diagonal && usable(l.mark))
        .map(|l| FaceLine {
            segment: Segment2::new(scale.apply(l.segment.a), scale.apply(l.segment.b)),
            mark: l.mark,
            on_wall_layer: false,
            curtain: false,
            dashed: false,
        })
        .collect();
    let mut all: Vec<Segment2> = long.iter().map(|l| l.segment).collect();
    for family in face::families(&long) {
        for f in &family.faces {
            all.extend(
                f.spans.iter().map(|s| Segment2::new(family.point(s.0, f.rho), family.point(s.1, f.rho))),
            );
        }
    }
    // sides of frames are longer than pieces of them
    all.sort_by(|a, b| b.length().total_cmp(&a.length()));
    all.dedup_by(|a, b| {
        a.a.distance(b.a) + a.b.distance(b.b) < CORNER || a.a.distance(b.b) + a.b.distance(b.a) < CORNER
    });
    rectangle::of_lines(&all, CORNER, &|_| true)
        .into_iter()
        .filter_map(|r| Frame::new(r.corners.map(|p| back.apply(p))))
        .filter(|f| f.is_format() && titles.iter().any(|t| f.contains(*t)))
        .collect()
}
