//! Drawings made to be slow. What takes time with the square of its size would keep these tests for minutes; what else is
//! drawn is still seen.

use super::recognise;
use crate::drawing::model::*;
use crate::geom::{Arc2, Box2, Point2, Segment2};

/// So many of each thing.
const MANY: usize = 20_000;

struct Pen(Sheet);

impl Pen {
    fn mark(&mut self) -> u32 {
        self.0.marks.push(Mark { visible: true, ..Mark::default() });
        self.0.marks.len() as u32 - 1
    }
    fn line(&mut self, a: [f64; 2], b: [f64; 2]) {
        let mark = self.mark();
        self.0.lines.push(LineMark { mark, segment: Segment2::new(a.into(), b.into()) });
    }
    fn text(&mut self, at: [f64; 2], text: String) {
        let (mark, at) = (self.mark(), at.into());
        self.0.texts.push(TextMark {
            mark,
            text,
            centre: at,
            at,
            height: 300.0,
            width: 900.0,
            angle: 0.0,
            mirrored: false,
            tag: None,
        });
    }
}

/// One room of 6 × 4 m with walls of 200, and what the case adds.
fn seen(add: impl Fn(&mut Pen)) -> usize {
    let mut pen = Pen(Sheet { name: "Model".into(), ..Sheet::default() });
    for (lo, w, h) in [(0.0, 6000.0, 4000.0), (200.0, 5800.0, 3800.0)] {
        for (a, b) in [([lo, lo], [w, lo]), ([w, lo], [w, h]), ([w, h], [lo, h]), ([lo, h], [lo, lo])] {
            pen.line(a, b);
        }
    }
    add(&mut pen);
    let mut sheet = pen.0;
    sheet.bounds = Box2::of(Point2::new(-20_000.0, -20_000.0), Point2::new(30_000.0, 30_000.0));
    let layers = vec![Layer { name: "0".into(), visible: true, ..Layer::default() }];
    let drawing = Drawing { declared_unit_m: Some(0.001), layers, sheets: vec![sheet], ..Drawing::default() };
    let plans = recognise(&[drawing]).value;
    plans.plans.first().map_or(0, |p| p.walls.len())
}

#[test]
fn coincident_lines() {
    assert_eq!(seen(|p| (0..MANY).for_each(|_| p.line([0.0, 0.0], [6000.0, 0.0]))), 4);
}

#[test]
fn lines_through_one_point() {
    seen(|p| {
        for i in 0..MANY {
            let d = Point2::unit(i as f64 * 0.001) * 900.0;
            p.line([3000.0, 2000.0], [3000.0 + d.x, 2000.0 + d.y]);
        }
    });
}

#[test]
fn lines_side_by_side() {
    seen(|p| {
        for i in 0..MANY {
            let y = 12_000.0 + i as f64 * 0.02;
            p.line([10_000.0, y], [11_000.0, y]);
        }
    });
}

#[test]
fn texts_in_one_point() {
    assert_eq!(seen(|p| (0..MANY).for_each(|i| p.text([3000.0, 2000.0], format!("room {i}")))), 4);
    assert_eq!(seen(|p| (0..MANY).for_each(|_| p.text([3000.0, 2000.0], "办公室".into()))), 4);
    seen(|p| (0..MANY).for_each(|i| p.text([3000.0 + i as f64 * 0.01, 2000.0], "日期".into())));
    seen(|p| (0..MANY).for_each(|i| p.text([3000.0 + i as f64 * 0.01, 2000.0], "C1515".into())));
}

#[test]
fn leaves_about_one_hinge() {
    seen(|p| {
        for i in 0..MANY {
            let mark = p.mark();
            let arc = Arc2 {
                centre: Point2::new(3000.0, 2000.0),
                radius: 800.0 + i as f64 * 0.005,
                start: i as f64 * 0.01,
                sweep: 1.57,
            };
            p.0.arcs.push(ArcMark { mark, arc });
        }
    });
}

#[test]
fn bubbles_with_one_label() {
    seen(|p| {
        for i in 0..MANY {
            let at = [12_000.0 + (i % 100) as f64 * 20.0, (i / 100) as f64 * 20.0];
            let mark = p.mark();
            p.0.arcs.push(ArcMark { mark, arc: Arc2::circle(at.into(), 400.0) });
            p.text(at, "1".into());
            p.line([at[0], at[1] + 400.0], [at[0], at[1] + 3000.0]);
        }
    });
}

#[test]
fn squares_in_squares() {
    seen(|p| {
        for i in 0..MANY {
            let r = 100.0 + i as f64 * 0.05;
            let mark = p.mark();
            let ring = [(-r, -r), (r, -r), (r, r), (-r, r)]
                .map(|(x, y)| Point2::new(12_000.0 + x, 12_000.0 + y))
                .to_vec();
            p.0.fills.push(FillMark { mark, rings: vec![ring], solid: true, pattern: None });
        }
    });
}
