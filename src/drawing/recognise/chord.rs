//! Arcs drawn as chords: consecutive pieces (of a polyline, or lines that follow each other)
//! that lie on a circle become one arc again.

use super::scene::{SceneArc, SceneLine};
use crate::geom::{Arc2, Point2, normalise_angle};
use std::f64::consts::TAU;

/// Fewer chords are a polygon.
const MIN_CHORDS: usize = 4;
/// Vertices lie on the circle to this share of the radius.
const FIT: f64 = 0.005;
/// Chords turn by at most this, radians (45°), and together by at least this (30°).
const MAX_TURN: f64 = 0.786;
const MIN_SWEEP: f64 = 0.52;
/// Radii that plans draw, metres.
const RADIUS: (f64, f64) = (0.05, 50.0);
/// Pieces meet to this, metres.
const TOUCH: f64 = 1e-4;

/// Takes runs of chords out of `lines` and adds their arcs to `arcs`.
pub fn recover(lines: &mut Vec<SceneLine>, arcs: &mut Vec<SceneArc>) {
    let mut gone = vec![false; lines.len()];
    let mut from = 0;
    while from < lines.len() {
        let mut to = from + 1;
        while to < lines.len() && follows(&lines[to - 1], &lines[to]) {
            to += 1;
        }
        if to - from >= MIN_CHORDS
            && let Some(arc) = fit(&lines[from..to])
        {
            let first = &lines[from];
            arcs.push(SceneArc { arc, mark: first.mark, meaning: first.meaning, group: first.group });
            gone[from..to].fill(true);
        }
        from = to;
    }
    let mut i = 0;
    lines.retain(|_| {
        i += 1;
        !gone[i - 1]
    });
}

/// The next piece, about as long, turning as a circle's chords do.
fn follows(a: &SceneLine, b: &SceneLine) -> bool {
    let (s, t) = (a.segment, b.segment);
    let (Some(d), Some(e)) = (s.direction(), t.direction()) else { return false };
    let turn = d.cross(e).atan2(d.dot(e)).abs();
    let (l, m) = (s.length(), t.length());
    a.mark == b.mark
        && s.b.distance(t.a) < TOUCH
        && (1e-3..MAX_TURN).contains(&turn)
        && l.max(m) < 3.0 * l.min(m)
}

fn fit(run: &[SceneLine]) -> Option<Arc2> {
    let points: Vec<Point2> =
        std::iter::once(run.first()?.segment.a).chain(run.iter().map(|l| l.segment.b)).collect();
    let n = points.len();
    let closed = points[0].distance(points[n - 1]) < TOUCH;
    let (a, b, c) = (points[0], points[n / 3], points[2 * n / 3]);
    let centre = circumcentre(a, b, c)?;
    let radius = points.iter().map(|p| p.distance(centre)).sum::<f64>() / n as f64;
    let round = points.iter().all(|p| (p.distance(centre) - radius).abs() <= FIT * radius);
    if !round || !(RADIUS.0..=RADIUS.1).contains(&radius) {
        return None;
    }
    let angle = |p: Point2| (p - centre).angle();
    let sweep: f64 = points.windows(2).map(|w| normalise_angle(angle(w[1]) - angle(w[0]))).sum();
    if closed {
        return Some(Arc2 { centre, radius, start: angle(a), sweep: TAU.copysign(sweep) });
    }
    (sweep.abs() >= MIN_SWEEP && sweep.abs() < TAU).then(|| Arc2 { centre, radius, start: angle(a), sweep })
}

fn circumcentre(a: Point2, b: Point2, c: Point2) -> Option<Point2> {
    let (p, q) = (b - a, c - a);
    let d = 2.0 * p.cross(q);
    let (pp, qq) = (p.dot(p), q.dot(q));
    let centre = a + Point2::new(q.y * pp - p.y * qq, p.x * qq - q.x * pp) / d;
    (d.abs() > 1e-12 && centre.is_finite()).then_some(centre)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geom::Segment2;

    fn line(a: Point2, b: Point2) -> SceneLine {
        SceneLine { segment: Segment2::new(a, b), mark: 3, meaning: None, dashed: false, group: None }
    }

    #[test]
    fn a_quarter_in_chords_is_an_arc_again() {
        let arc = Arc2 { centre: Point2::new(2.0, 1.0), radius: 0.9, start: 0.3, sweep: -1.5 };
        let points: Vec<Point2> = (0..=9).map(|i| arc.at(f64::from(i) / 9.0)).collect();
        let mut lines: Vec<SceneLine> = points.windows(2).map(|w| line(w[0], w[1])).collect();
        lines.push(line(Point2::new(9.0, 9.0), Point2::new(10.0, 9.0)));
        let mut arcs = Vec::new();
        recover(&mut lines, &mut arcs);
        assert_eq!((lines.len(), arcs.len()), (1, 1));
        let got = arcs[0].arc;
        assert!(got.centre.distance(arc.centre) < 1e-9 && (got.radius - 0.9).abs() < 1e-9);
        assert!((got.sweep - arc.sweep).abs() < 1e-9);
    }

    #[test]
    fn a_rectangle_stays_lines() {
        let p = crate::geom::Polygon::rectangle(Point2::default(), 1.0, 1.0, 0.0).outer;
        let mut lines: Vec<SceneLine> = (0..4).map(|i| line(p[i], p[(i + 1) % 4])).collect();
        let mut arcs = Vec::new();
        recover(&mut lines, &mut arcs);
        assert_eq!((lines.len(), arcs.len()), (4, 0));
    }
}
