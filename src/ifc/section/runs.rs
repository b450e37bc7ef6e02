//! Centre lines of walls out of their outlines: parallel faces with material between them make strips, strips in one
//! line make a run.

use super::{WallArcCut, WallRunCut, arcs};
use crate::geom::{Point2, Polygon, Segment2};
use crate::ifc::body::straightened;

/// Faces turned against each other by less than this are parallel (0.5°).
const PARALLEL: f64 = 0.008_7;

/// Faces in line within this are one face, metres: half the finest difference told.
const IN_LINE_M: f64 = 0.000_5;

/// Pieces of one wall in one line are one run across gaps up to this: the widest opening bridged, metres.
const BRIDGED_M: f64 = 6.0;

/// Outlines with more edges than this are taken as curved.
const MAX_EDGES: usize = 600;

/// Strips shorter than this are no run, metres.
const SHORTEST_M: f64 = 0.02;

/// What is known of a wall before its outline is looked at.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Hint {
    /// Direction of its placement.
    pub(super) along: Option<Point2>,
    /// Sum of its material layers, metres.
    pub(super) layers_m: Option<f64>,
}

#[derive(Clone, Copy)]
struct Edge {
    a: Point2,
    b: Point2,
    way: Point2,
    length: f64,
}

/// Parallel faces with material between them, in the coordinates of a direction.
#[derive(Clone, Copy, Debug)]
struct Strip {
    from: f64,
    to: f64,
    low: f64,
    high: f64,
}

impl Strip {
    fn length(&self) -> f64 {
        self.to - self.from
    }
    fn thickness(&self) -> f64 {
        self.high - self.low
    }
    fn in_line(&self, o: &Self) -> bool {
        (self.low - o.low).abs() < IN_LINE_M && (self.high - o.high).abs() < IN_LINE_M
    }
}

/// The straight and the curved runs of an outline, the longest first.
pub(super) fn runs(outline: &[Polygon], hint: Hint) -> (Vec<WallRunCut>, Vec<WallArcCut>) {
    let clean: Vec<Polygon> = outline
        .iter()
        .map(|p| Polygon {
            outer: straightened(&p.outer),
            holes: p.holes.iter().map(|h| straightened(h)).collect(),
        })
        .collect();
    let (arcs, chords) = arcs::arcs(&clean);
    let edges = arcs::without(&clean, &chords)
        .into_iter()
        .filter_map(|(a, b)| {
            let way = (b - a).normalised()?;
            Some(Edge { a, b, way, length: a.distance(b) })
        })
        .collect();
    (straight(edges, hint), arcs)
}

fn straight(edges: Vec<Edge>, hint: Hint) -> Vec<WallRunCut> {
    if edges.is_empty() || edges.len() > MAX_EDGES {
        return Vec::new();
    }
    let mut found: Vec<(bool, WallRunCut)> = Vec::new();
    for (along, members) in directions(&edges, hint) {
        let hinted = hint.along.is_some_and(|h| h.cross(along).abs() < 2.0 * PARALLEL);
        for strip in in_line(strips(&members, along)) {
            let layered =
                hinted && hint.layers_m.is_some_and(|l| (l - strip.thickness()).abs() < 2.0 * IN_LINE_M);
            if strip.length() > SHORTEST_M && (layered || strip.length() >= strip.thickness()) {
                let line = centre_line(&strip, along, &edges, &members);
                found.push((layered, WallRunCut { line, thickness_m: strip.thickness() }));
            }
        }
    }
    found.sort_by(|a, b| {
        let weight = |r: &WallRunCut| r.line.length() * r.thickness_m;
        b.0.cmp(&a.0).then(weight(&b.1).total_cmp(&weight(&a.1)))
    });
    let mut kept: Vec<WallRunCut> = Vec::new();
    for (_, run) in found {
        let within = |p: Point2| kept.iter().any(|k| k.line.distance(p) < 0.5 * k.thickness_m + IN_LINE_M);
        let covered = (1..8).filter(|i| within(run.line.a.lerp(run.line.b, f64::from(*i) / 8.0))).count();
        if covered < 4 {
            kept.push(run);
        }
    }
    kept.sort_by(|a, b| b.line.length().total_cmp(&a.line.length()));
    kept
}

/// Edges by direction, with the unit vector of each direction (of its longest edge, in the hint's sense).
fn directions(edges: &[Edge], hint: Hint) -> Vec<(Point2, Vec<Edge>)> {
    let mut order: Vec<usize> = (0..edges.len()).collect();
    order.sort_by(|&i, &j| edges[j].length.total_cmp(&edges[i].length).then(i.cmp(&j)));
    let mut out: Vec<(Point2, Vec<Edge>)> = Vec::new();
    for i in order {
        let edge = edges[i];
        match out.iter_mut().find(|(d, _)| d.cross(edge.way).abs() < PARALLEL) {
            Some((_, members)) => members.push(edge),
            None => {
                let reference = hint.along.unwrap_or(Point2::new(1.0, 1e-3));
                let along = if edge.way.dot(reference) < 0.0 { -edge.way } else { edge.way };
                out.push((along, vec![edge]));
            }
        }
    }
    out.retain(|(_, members)| members.len() > 1);
    out
}

/// Strips between faces of one direction, piece by piece along it.
fn strips(members: &[Edge], along: Point2) -> Vec<Strip> {
    // (from, to, offset, material above it)
    let faces: Vec<(f64, f64, f64, bool)> = members
        .iter()
        .map(|e| {
            let (u, v) = (along.dot(e.a), along.dot(e.b));
            let offset = along.cross((e.a + e.b) / 2.0);
            (u.min(v), u.max(v), offset, e.way.dot(along) > 0.0)
        })
        .collect();
    let mut stops: Vec<f64> = faces.iter().flat_map(|f| [f.0, f.1]).collect();
    stops.sort_by(f64::total_cmp);
    stops.dedup_by(|a, b| *a - *b < 1e-6);
    let mut out: Vec<Strip> = Vec::new();
    for pair in stops.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let middle = (from + to) / 2.0;
        let mut here: Vec<(f64, bool)> =
            faces.iter().filter(|f| f.0 < middle && f.1 > middle).map(|f| (f.2, f.3)).collect();
        here.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        for two in here.windows(2) {
            if let [(low, true), (high, false)] = *two {
                out.push(Strip { from, to, low, high });
            }
        }
    }
    out
}

/// Strips in one line put together, from one end to the other.
fn in_line(mut strips: Vec<Strip>) -> Vec<Strip> {
    strips.sort_by(|a, b| a.from.total_cmp(&b.from).then(a.low.total_cmp(&b.low)));
    let mut out: Vec<Strip> = Vec::new();
    for strip in strips {
        match out.iter_mut().find(|o| o.in_line(&strip) && strip.from - o.to < BRIDGED_M) {
            Some(one) => one.to = one.to.max(strip.to),
            None => out.push(strip),
        }
    }
    out
}

/// The middle of a strip, from where it enters the outline to where it leaves it, but no further than its faces reach.
fn centre_line(strip: &Strip, along: Point2, edges: &[Edge], members: &[Edge]) -> Segment2 {
    let offset = (strip.low + strip.high) / 2.0;
    let (mut first, mut last) = (strip.from, strip.to);
    // how far the faces go on beyond the piece where both are there
    for e in members {
        let v = along.cross((e.a + e.b) / 2.0);
        if (v - strip.low).abs() < IN_LINE_M || (v - strip.high).abs() < IN_LINE_M {
            let (p, q) = (along.dot(e.a), along.dot(e.b));
            if p.min(q) <= strip.to + 1e-6 && p.max(q) >= strip.from - 1e-6 {
                first = first.min(p.min(q));
                last = last.max(p.max(q));
            }
        }
    }
    // where the middle line crosses the outline outside that piece
    for e in edges {
        let (va, vb) = (along.cross(e.a) - offset, along.cross(e.b) - offset);
        if (va > 0.0) != (vb > 0.0) {
            let p = e.a + (e.b - e.a) * (va / (va - vb));
            let u = along.dot(p);
            if u >= strip.to - 1e-6 {
                last = last.min(u);
            } else if u <= strip.from + 1e-6 {
                first = first.max(u);
            }
        }
    }
    let at = |u: f64| along * u + along.left() * offset;
    Segment2::new(at(first.min(strip.from)), at(last.max(strip.to)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(outline: &[Polygon], hint: Hint) -> Vec<WallRunCut> {
        super::runs(outline, hint).0
    }

    fn polygon(points: &[(f64, f64)]) -> Vec<Polygon> {
        vec![Polygon::new(points.iter().map(|&(x, y)| Point2::new(x, y)).collect())]
    }

    #[test]
    fn a_rectangle_is_one_run() {
        let wall = vec![Polygon::rectangle(Point2::new(1.0, 2.0), 5.0, 0.24, 0.4)];
        let found = runs(&wall, Hint::default());
        assert_eq!(found.len(), 1);
        assert!((found[0].thickness_m - 0.24).abs() < 1e-9 && (found[0].line.length() - 5.0).abs() < 1e-9);
        assert!(found[0].line.middle().distance(Point2::new(1.0, 2.0)) < 1e-9);
    }

    #[test]
    fn mitred_ends_give_the_middle_length() {
        let wall = polygon(&[(0.0, 0.0), (4.0, 0.0), (3.8, 0.2), (0.2, 0.2)]);
        let found = runs(&wall, Hint::default());
        assert_eq!(found.len(), 1);
        assert!((found[0].line.length() - 3.8).abs() < 1e-9);
        assert!((found[0].line.a.x - 0.1).abs() < 1e-9);
    }

    #[test]
    fn an_l_has_two_runs_and_a_t_too() {
        let l = polygon(&[(0.0, 0.0), (4.0, 0.0), (4.0, 0.2), (0.2, 0.2), (0.2, 3.0), (0.0, 3.0)]);
        let found = runs(&l, Hint::default());
        assert_eq!(found.len(), 2);
        assert!((found[0].line.length() - 4.0).abs() < 1e-9 && (found[1].line.length() - 3.0).abs() < 1e-9);
        let t = polygon(&[
            (0.0, 0.0),
            (4.0, 0.0),
            (4.0, 0.2),
            (2.1, 0.2),
            (2.1, 3.0),
            (1.9, 3.0),
            (1.9, 0.2),
            (0.0, 0.2),
        ]);
        let found = runs(&t, Hint::default());
        assert_eq!(found.len(), 2);
        assert!((found[0].line.length() - 4.0).abs() < 1e-9, "bridged where the other leaves: {found:?}");
        assert!((found[1].thickness_m - 0.2).abs() < 1e-9);
    }

    #[test]
    fn a_stub_follows_its_layers() {
        let stub = vec![Polygon::rectangle(Point2::default(), 0.25, 0.4, 0.0)];
        let hint = Hint { along: Some(Point2::new(1.0, 0.0)), layers_m: Some(0.4) };
        let found = runs(&stub, hint);
        assert_eq!(found.len(), 1);
        assert!((found[0].thickness_m - 0.4).abs() < 1e-9);
        assert!((runs(&stub, Hint::default())[0].thickness_m - 0.25).abs() < 1e-9);
    }

    #[test]
    fn two_pieces_in_line_are_bridged() {
        let mut two = polygon(&[(0.0, 0.0), (2.0, 0.0), (2.0, 0.2), (0.0, 0.2)]);
        two.extend(polygon(&[(3.0, 0.0), (7.0, 0.0), (7.0, 0.2), (3.0, 0.2)]));
        let found = runs(&two, Hint::default());
        assert_eq!(found.len(), 1);
        assert!((found[0].line.length() - 7.0).abs() < 1e-9);
    }
}
