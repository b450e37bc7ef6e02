//! Arcs drawn as chords: consecutive pieces (of a polyline, or lines that follow each other)
//! that lie on a circle become one arc again.

use super::layer::Meaning;
use super::scene::{SceneArc, SceneLine};
use super::spot::{Meeting, Spot, spot, spots};
use crate::geom::{Arc2, Point2, Segment2, normalise_angle};
use std::collections::VecDeque;
use std::f64::consts::TAU;

/// Fewer chords are a polygon.
const MIN_CHORDS: usize = 4;
/// Lines of their own are chords when they are more.
const MIN_LOOSE_CHORDS: usize = 6;
/// Longer lines are no chords, metres.
const MAX_CHORD: f64 = 3.0;
/// Vertices lie on the circle to this share of the radius.
const FIT: f64 = 0.005;
/// Chords turn by at most this, radians (45°), and together by at least this (30°).
const MAX_TURN: f64 = 0.786;
const MIN_SWEEP: f64 = 0.52;
/// Radii that plans draw, metres.
const RADIUS: (f64, f64) = (0.05, 50.0);
/// Pieces meet to this, metres.
const TOUCH: f64 = 1e-4;

/// Takes runs of chords out of `lines` and adds their arcs to `arcs`: pieces of one entity that follow each other, and
/// lines of their own that are chained by their ends.
pub fn recover(lines: &mut Vec<SceneLine>, arcs: &mut Vec<SceneArc>) {
    let mut gone = vec![false; lines.len()];
    let take = |run: &[SceneLine], arcs: &mut Vec<SceneArc>, least: usize| {
        let arc = (run.len() >= least).then(|| fit(run)).flatten();
        if let (Some(arc), Some(first)) = (arc, run.first()) {
            arcs.push(SceneArc { arc, mark: first.mark, meaning: first.meaning, group: first.group });
        }
        arc.is_some()
    };
    let mut from = 0;
    while from < lines.len() {
        let mut to = from + 1;
        while to < lines.len() && lines[to - 1].mark == lines[to].mark && follows(&lines[to - 1], &lines[to])
        {
            to += 1;
        }
        if take(&lines[from..to], arcs, MIN_CHORDS) {
            gone[from..to].fill(true);
        }
        from = to;
    }
    for chain in chains(lines, &gone) {
        for part in one_way(&chain) {
            let run: Vec<SceneLine> = part.iter().map(|c| c.1).collect();
            if take(&run, arcs, MIN_LOOSE_CHORDS) {
                part.iter().for_each(|(i, _)| gone[*i] = true);
            }
        }
    }
    let mut i = 0;
    lines.retain(|_| {
        i += 1;
        !gone[i - 1]
    });
}

/// Lines chained end to end, each turned to run along: the number of the line, and the line.
fn chains(lines: &[SceneLine], gone: &[bool]) -> Vec<Vec<(usize, SceneLine)>> {
    let key = |p: Point2| spot(p, TOUCH);
    let loose = |l: &SceneLine| l.meaning != Some(Meaning::Hatch) && l.segment.length() < MAX_CHORD;
    let mut at = spots::<Spot, Meeting>(lines.len());
    for (i, l) in lines.iter().enumerate().filter(|(i, l)| !gone[*i] && loose(l)) {
        for p in [l.segment.a, l.segment.b] {
            at.entry(key(p)).or_default().add(i);
        }
    }
    let turned = |i: usize| {
        let s = lines[i].segment;
        SceneLine { segment: Segment2::new(s.b, s.a), ..lines[i] }
    };
    let next = |end: Point2, from: usize| -> Option<(usize, SceneLine)> {
        let j = at.get(&key(end))?.other(from)?;
        let l = if key(lines[j].segment.a) == key(end) { lines[j] } else { turned(j) };
        (j != from).then_some((j, l))
    };
    let mut seen = gone.to_vec();
    let mut out = Vec::new();
    for i in 0..lines.len() {
        if seen[i] || !loose(&lines[i]) {
            continue;
        }
        seen[i] = true;
        let mut chain: VecDeque<(usize, SceneLine)> = VecDeque::from([(i, lines[i])]);
        while let Some(&(last, l)) = chain.back()
            && let Some((j, n)) = next(l.segment.b, last).filter(|(j, n)| !seen[*j] && follows(&l, n))
        {
            seen[j] = true;
            chain.push_back((j, n));
        }
        let back = |(j, n): (usize, SceneLine)| {
            (j, SceneLine { segment: Segment2::new(n.segment.b, n.segment.a), ..n })
        };
        while let Some(&(first, l)) = chain.front()
            && let Some((j, n)) =
                next(l.segment.a, first).map(back).filter(|(j, n)| !seen[*j] && follows(n, &l))
        {
            seen[j] = true;
            chain.push_front((j, n));
        }
        if chain.len() >= MIN_LOOSE_CHORDS {
            out.push(chain.into());
        }
    }
    out
}

/// Parts of a chain that turn one way.
fn one_way(chain: &[(usize, SceneLine)]) -> Vec<&[(usize, SceneLine)]> {
    let turn = |w: &[(usize, SceneLine)]| {
        let d = |l: &SceneLine| l.segment.b - l.segment.a;
        d(&w[0].1).cross(d(&w[1].1)) > 0.0
    };
    let mut out = Vec::new();
    let mut from = 0;
    for k in 2..chain.len() {
        if turn(&chain[k - 1..=k]) != turn(&chain[k - 2..k]) {
            out.push(&chain[from..k]);
            from = k;
        }
    }
    out.push(&chain[from..]);
    out
}

/// The next piece, about as long, turning as a circle's chords do.
fn follows(a: &SceneLine, b: &SceneLine) -> bool {
    let (s, t) = (a.segment, b.segment);
    let (Some(d), Some(e)) = (s.direction(), t.direction()) else { return false };
    let turn = d.cross(e).atan2(d.dot(e)).abs();
    let (l, m) = (s.length(), t.length());
    (a.meaning, a.group) == (b.meaning, b.group)
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
