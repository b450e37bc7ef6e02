//! Centre lines of curved walls out of their outlines: corners that follow one another on a circle make an arc, two
//! arcs about one centre with material between them make a curved run.

use super::WallArcCut;
use crate::geom::{Arc2, Point2, Polygon};
use std::f64::consts::TAU;

/// Corners this near to a circle are on it, metres: half the finest difference told.
const ON_CIRCLE_M: f64 = 0.000_5;

/// Centres this near are one, as a part of the radius; and in metres.
const ONE_CENTRE: (f64, f64) = (0.002, 0.002);

/// A chord that turns by more than this against the one before is a corner (12°).
const MAX_TURN: f64 = 0.21;

/// Fewer chords than this are no arc.
const MIN_CHORDS: usize = 3;

/// Larger circles are straight walls with a fault, metres.
const MAX_RADIUS_M: f64 = 500.0;

/// Pieces of one wall on one circle are one run across gaps up to this along it: the widest opening bridged, metres.
const BRIDGED_M: f64 = 6.0;

/// Rings with more corners than this are not looked at.
const MAX_CORNERS: usize = 20_000;

/// A chain of chords on a circle.
#[derive(Clone, Copy, Debug)]
struct Bend {
    centre: Point2,
    radius: f64,
    /// Angles that it covers, counter-clockwise.
    from: f64,
    sweep: f64,
    /// The material is on the side of the centre.
    inwards: bool,
    /// Ring, first chord, number of chords.
    chords: (usize, usize, usize),
}

/// The curved runs of an outline, the longest first, and which chords (ring, first, number) they are made of.
pub(super) fn arcs(outline: &[Polygon]) -> (Vec<WallArcCut>, Vec<(usize, usize, usize)>) {
    let bends: Vec<Bend> = outline
        .iter()
        .flat_map(Polygon::rings)
        .enumerate()
        .filter(|(_, ring)| ring.len() > MIN_CHORDS && ring.len() <= MAX_CORNERS)
        .flat_map(|(i, ring)| bends(i, ring))
        .collect();
    let mut found: Vec<WallArcCut> = Vec::new();
    let mut used: Vec<(usize, usize, usize)> = Vec::new();
    for (i, outer) in bends.iter().enumerate().filter(|(_, b)| b.inwards) {
        // the next circle inwards, with the material between
        let inner = bends
            .iter()
            .enumerate()
            .filter(|(j, b)| *j != i && !b.inwards && b.radius < outer.radius && one_centre(outer, b))
            .filter_map(|(j, b)| overlap(outer, b).map(|arc| (j, b, arc)))
            .min_by(|a, b| b.1.radius.total_cmp(&a.1.radius));
        let Some((j, inner, (from, sweep))) = inner else { continue };
        used.extend([bends[i].chords, bends[j].chords]);
        let radius = (outer.radius + inner.radius) / 2.0;
        let centre = outer.centre.lerp(inner.centre, 0.5);
        let arc = Arc2 { centre, radius, start: from, sweep };
        found.push(WallArcCut { arc, thickness_m: outer.radius - inner.radius });
    }
    let mut found = joined(found);
    found.sort_by(|a, b| b.arc.length().total_cmp(&a.arc.length()));
    used.sort_unstable();
    used.dedup();
    (found, used)
}

fn one_centre(a: &Bend, b: &Bend) -> bool {
    a.centre.distance(b.centre) <= ONE_CENTRE.1.max(ONE_CENTRE.0 * a.radius)
}

/// Angles that both cover.
fn overlap(a: &Bend, b: &Bend) -> Option<(f64, f64)> {
    if a.sweep >= TAU - 1e-6 {
        return Some((b.from, b.sweep));
    }
    if b.sweep >= TAU - 1e-6 {
        return Some((a.from, a.sweep));
    }
    let shift = (b.from - a.from).rem_euclid(TAU);
    [shift, shift - TAU]
        .into_iter()
        .map(|s| (s.max(0.0), (s + b.sweep).min(a.sweep)))
        .filter(|(low, high)| (high - low) * b.radius > 2.0 * ON_CIRCLE_M)
        .max_by(|x, y| (x.1 - x.0).total_cmp(&(y.1 - y.0)))
        .map(|(low, high)| (a.from + low, high - low))
}

/// Chains of chords of one ring that lie on a circle.
fn bends(number: usize, ring: &[Point2]) -> Vec<Bend> {
    let n = ring.len();
    let at = |i: usize| ring[i % n];
    let turn = |i: usize| {
        let (u, v) = (at(i + 1) - at(i), at(i + 2) - at(i + 1));
        u.cross(v).atan2(u.dot(v))
    };
    // outlines run counter-clockwise and holes clockwise: a turn to the left is about the material
    let bent = |i: usize| {
        let t = turn(i);
        t.abs() > 1e-7 && t.abs() <= MAX_TURN
    };
    // begin behind a corner, so that no chain is cut in two; a ring without corners is a circle
    let start = (0..n).find(|&i| !bent(i)).map_or(0, |i| i + 1);
    let mut out = Vec::new();
    let mut i = start;
    while i < start + n {
        let Some(circle) = bent(i).then(|| circle(at(i), at(i + 1), at(i + 2))).flatten() else {
            i += 1;
            continue;
        };
        let (centre, radius, sense) = (circle.0, circle.1, turn(i).signum());
        let mut chords = 2;
        while chords < n
            && bent(i + chords - 1)
            && turn(i + chords - 1).signum() == sense
            && (at(i + chords + 1).distance(centre) - radius).abs() <= ON_CIRCLE_M
        {
            chords += 1;
        }
        if chords >= MIN_CHORDS && radius <= MAX_RADIUS_M {
            out.push(refined(number, ring, i % n, chords, sense));
        }
        i += (chords - 1).max(1);
    }
    out
}

/// The circle through the ends and the middle of a chain, which is told best.
fn refined(number: usize, ring: &[Point2], first: usize, chords: usize, sense: f64) -> Bend {
    let at = |i: usize| ring[(first + i) % ring.len()];
    let whole = chords >= ring.len();
    let (a, m, b) =
        if whole { (at(0), at(chords / 3), at(2 * chords / 3)) } else { (at(0), at(chords / 2), at(chords)) };
    let (centre, radius) =
        circle(a, m, b).unwrap_or_else(|| (at(0).lerp(at(chords), 0.5), at(0).distance(at(chords)) / 2.0));
    let (start, end) = ((at(0) - centre).angle(), (at(chords) - centre).angle());
    let sweep = if whole { TAU } else { ((end - start) * sense).rem_euclid(TAU) };
    let from = if sense > 0.0 { start } else { start - sweep };
    Bend { centre, radius, from, sweep, inwards: sense > 0.0, chords: (number, first, chords) }
}

/// The circle through three points.
fn circle(a: Point2, b: Point2, c: Point2) -> Option<(Point2, f64)> {
    let (u, v) = (b - a, c - a);
    let d = 2.0 * u.cross(v);
    if d.abs() <= 1e-12 {
        return None;
    }
    let (uu, vv) = (u.dot(u), v.dot(v));
    let centre = a + Point2::new(v.y * uu - u.y * vv, u.x * vv - v.x * uu) / d;
    let radius = centre.distance(a);
    (centre.is_finite() && radius.is_finite()).then_some((centre, radius))
}

/// Runs on one circle put together across openings.
fn joined(mut arcs: Vec<WallArcCut>) -> Vec<WallArcCut> {
    arcs.sort_by(|a, b| {
        a.arc
            .radius
            .total_cmp(&b.arc.radius)
            .then(a.arc.start.rem_euclid(TAU).total_cmp(&b.arc.start.rem_euclid(TAU)))
    });
    let mut out: Vec<WallArcCut> = Vec::new();
    for next in arcs {
        let joins = out.iter_mut().find_map(|run| {
            let same = (run.arc.radius - next.arc.radius).abs() < 2.0 * ON_CIRCLE_M
                && (run.thickness_m - next.thickness_m).abs() < 2.0 * ON_CIRCLE_M
                && run.arc.centre.distance(next.arc.centre)
                    <= ONE_CENTRE.1.max(ONE_CENTRE.0 * run.arc.radius);
            let behind = (next.arc.start - run.arc.start - run.arc.sweep).rem_euclid(TAU);
            let before = (run.arc.start - next.arc.start - next.arc.sweep).rem_euclid(TAU);
            let reach = BRIDGED_M / run.arc.radius;
            let (start, gap) =
                if behind <= reach { (run.arc.start, behind) } else { (next.arc.start, before) };
            (same && gap <= reach).then_some((run, start, gap))
        });
        match joins {
            Some((run, start, gap)) => {
                run.arc.start = start;
                run.arc.sweep = (run.arc.sweep + gap + next.arc.sweep).min(TAU);
            }
            None => out.push(next),
        }
    }
    out
}

/// An outline without the chords of arcs: what is left of each ring as open chains, for the straight runs.
pub(super) fn without(outline: &[Polygon], used: &[(usize, usize, usize)]) -> Vec<(Point2, Point2)> {
    let mut out = Vec::new();
    for (r, ring) in outline.iter().flat_map(Polygon::rings).enumerate() {
        let n = ring.len();
        let taken =
            |i: usize| used.iter().any(|&(ring, first, count)| ring == r && (i + n - first) % n < count);
        out.extend((0..n).filter(|&i| !taken(i)).map(|i| (ring[i], ring[(i + 1) % n])));
    }
    out
}

/// The curved run nearest to a point, with the way from its centre line.
pub(super) fn nearest(arcs: &[WallArcCut], p: Point2) -> Option<(&WallArcCut, f64)> {
    arcs.iter()
        .map(|a| (a, (p.distance(a.arc.centre) - a.arc.radius).abs()))
        .filter(|(a, _)| {
            let angle = ((p - a.arc.centre).angle() - a.arc.start).rem_euclid(TAU);
            angle <= a.arc.sweep + 1e-6
        })
        .min_by(|x, y| x.1.total_cmp(&y.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A curved wall as an outline, in chords.
    fn curved(centre: Point2, radii: (f64, f64), from: f64, sweep: f64, chords: usize) -> Polygon {
        let point = |r: f64, i: usize| centre + Point2::unit(from + sweep * i as f64 / chords as f64) * r;
        let mut ring: Vec<Point2> = (0..=chords).map(|i| point(radii.1, i)).collect();
        ring.extend((0..=chords).rev().map(|i| point(radii.0, i)));
        Polygon::new(ring)
    }

    #[test]
    fn a_curved_wall_has_one_run() {
        let centre = Point2::new(3.0, -2.0);
        for (chords, sweep) in [(12, 1.2), (40, 3.5), (200, 5.0)] {
            let (found, used) = arcs(&[curved(centre, (4.9, 5.1), 0.4, sweep, chords)]);
            assert_eq!(found.len(), 1, "{found:?}");
            let run = found[0];
            assert!(run.arc.centre.distance(centre) < 1e-6 && (run.arc.radius - 5.0).abs() < 1e-6);
            assert!((run.thickness_m - 0.2).abs() < 1e-6);
            assert!((run.arc.start - 0.4).abs() < 1e-6 && (run.arc.sweep - sweep).abs() < 1e-6);
            assert_eq!(used.iter().map(|u| u.2).sum::<usize>(), 2 * chords);
        }
    }

    #[test]
    fn a_straight_end_stays_straight() {
        // a quarter circle that goes on straight at both ends
        let p = Point2::new;
        let mut ring: Vec<Point2> = vec![p(5.1, -3.0)];
        ring.extend((0..=20).map(|i| Point2::unit(f64::from(i) / 20.0 * TAU / 4.0) * 5.1));
        ring.extend([p(-3.0, 5.1), p(-3.0, 4.9)]);
        ring.extend((0..=20).rev().map(|i| Point2::unit(f64::from(i) / 20.0 * TAU / 4.0) * 4.9));
        ring.push(p(4.9, -3.0));
        let outline = [Polygon::new(ring)];
        let (found, used) = arcs(&outline);
        assert_eq!(found.len(), 1);
        assert!((found[0].arc.sweep - TAU / 4.0).abs() < 1e-6, "{found:?}");
        assert_eq!(without(&outline, &used).len(), 6);
    }

    #[test]
    fn rings_pillars_and_boxes() {
        let ring = |r: f64| -> Vec<Point2> {
            (0..64).map(|i| Point2::unit(TAU * f64::from(i) / 64.0) * r).collect()
        };
        let mut annulus = Polygon::new(ring(3.0));
        annulus.holes.push(ring(2.7).into_iter().rev().collect());
        let (found, _) = arcs(&[annulus]);
        assert_eq!(found.len(), 1);
        assert!((found[0].arc.sweep - TAU).abs() < 1e-9 && (found[0].thickness_m - 0.3).abs() < 1e-9);
        // a pillar has one circle and no wall; a box has corners
        assert!(arcs(&[Polygon::new(ring(0.3))]).0.is_empty());
        assert!(arcs(&[Polygon::rectangle(Point2::default(), 5.0, 0.2, 0.3)]).0.is_empty());
    }

    #[test]
    fn pieces_beside_a_door_are_one_run() {
        let a = curved(Point2::default(), (4.9, 5.1), -0.5, 0.8, 16);
        let b = curved(Point2::default(), (4.9, 5.1), 0.5, 0.9, 16);
        let (found, _) = arcs(&[b, a]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!((found[0].arc.start.rem_euclid(TAU) - (TAU - 0.5)).abs() < 1e-6);
        assert!((found[0].arc.sweep - 1.9).abs() < 1e-6);
    }
}
