//! Looking again: what the raw primitives show where the model says that something is, and what the model has where
//! something is drawn.

use crate::drawing::plans::Raw;
use crate::geom::{Affine2, Box2, BoxIndex, Point2, Region, Segment2, ring_contains};
use crate::ifc::model::Kind;
use crate::ifc::section::{OutlineCut, StoreyPlan, Visibility};
use crate::registration::agreement::{beside, covered};

/// Lines further from parallel than this explain no edge (radians; 2°).
const PARALLEL_RAD: f64 = 0.035;
/// Chords of arcs in the raw store are taken every so far (metres).
const CHORD_M: f64 = 0.002;
/// Lines tried per edge at most; a hatch that gives more explains nothing by itself.
const MAX_TRIED: usize = 4_000;

/// Share of a segment that parallel lines within `reach_m` of it cover, 0 to 1. All in one frame.
pub(super) fn share(
    index: &BoxIndex,
    line: &dyn Fn(usize) -> Option<Segment2>,
    edge: &Segment2,
    reach_m: f64,
) -> f64 {
    let length = edge.length();
    if length < 1e-6 {
        return 0.0;
    }
    let mut intervals = Vec::new();
    for i in index.touching(&Box2::of(edge.a, edge.b).grown(reach_m)).into_iter().take(MAX_TRIED) {
        let Some(other) = line(i) else { continue };
        if let Some((along, _, d)) = beside(edge, &other, PARALLEL_RAD)
            && d.abs() <= reach_m
        {
            intervals.push(along);
        }
    }
    (covered(&mut intervals) / length).min(1.0)
}

/// A line of an edge ends this close to its corners (metres).
pub(super) const OVER_M: f64 = 0.03;

/// Share of a segment (plan metres) that raw lines of its own explain: such as do not run on beyond its ends, as the
/// faces of a wall do that passes by; by at most `over_m`.
pub(super) fn own_share(raw: &Raw, edge: &Segment2, reach_m: f64, over_m: f64) -> f64 {
    let length = edge.length();
    let Some(u) = edge.direction() else { return 0.0 };
    let own = |i: usize| {
        let s = raw.lines.get(i).map(|l| l.0)?;
        let inside = |p: Point2| (-over_m..=length + over_m).contains(&(p - edge.a).dot(u));
        (inside(s.a) && inside(s.b)).then_some(s)
    };
    share(&raw.line_index, &own, edge, reach_m)
}

/// Share of a segment (plan metres) that the plan's raw lines explain, on any layer.
pub(super) fn raw_share(raw: &Raw, edge: &Segment2, reach_m: f64) -> f64 {
    share(&raw.line_index, &|i| raw.lines.get(i).map(|l| l.0), edge, reach_m)
}

/// Lines on layers that are taken for one of these are no face of a wall.
const NO_FACE: [&str; 16] = [
    "axis",
    "axis label",
    "beam",
    "dimension",
    "finish",
    "foundation",
    "furniture",
    "hatch",
    "level",
    "revision",
    "room",
    "site",
    "table",
    "tag",
    "text",
    "title",
];
/// A face of a model that holds its plaster lies on the line of the plaster, to this (metres).
const ON_FINISH_M: f64 = 0.003;

/// Which lines may be a face of a wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FaceLines {
    /// Those that lie on no layer that says otherwise.
    Bare,
    /// The line of a finish, too, where it lies exactly there.
    WithFinish,
}

/// Share of a segment (plan metres) that raw lines explain which may be a face of a wall.
pub(super) fn face_share(raw: &Raw, edge: &Segment2, reach_m: f64, lines: FaceLines) -> f64 {
    let meaning = |i: usize| raw.meanings.get(i).copied().flatten();
    let line = |i: usize| raw.lines.get(i).map(|l| l.0);
    let face = |i: usize| line(i).filter(|_| meaning(i).is_none_or(|m| !NO_FACE.contains(&m)));
    let finish = |i: usize| line(i).filter(|_| meaning(i) == Some("finish"));
    let bare = share(&raw.line_index, &face, edge, reach_m);
    match lines {
        FaceLines::Bare => bare,
        FaceLines::WithFinish => bare.max(share(&raw.line_index, &finish, edge, ON_FINISH_M)),
    }
}

/// Share of an outline (plan metres) that raw lines and arcs explain.
pub(super) fn raw_outline_share(raw: &Raw, ring: &[Point2], reach_m: f64) -> f64 {
    let (mut got, mut all) = (0.0, 0.0);
    for i in 0..ring.len() {
        let edge = Segment2::new(ring[i], ring[(i + 1) % ring.len()]);
        let by_lines = raw_share(raw, &edge, reach_m);
        let best = if by_lines > 0.9 { by_lines } else { by_lines.max(arc_share(raw, &edge, reach_m)) };
        got += best * edge.length();
        all += edge.length();
    }
    if all > 0.0 { got / all } else { 0.0 }
}

/// Share of a round outline's corners (plan metres) that any raw line or arc passes by within `reach_m`: where both are drawn
/// by chords, those of one are not parallel to those of the other.
pub(super) fn corner_share(raw: &Raw, ring: &[Point2], reach_m: f64) -> f64 {
    let near = |p: Point2| {
        let query = Box2::of(p, p).grown(reach_m);
        raw.line_index.any(&query, |i| raw.lines.get(i).is_some_and(|l| l.0.distance(p) <= reach_m))
            || raw.arc_index.any(&query, |i| {
                raw.arcs.get(i).is_some_and(|(a, _)| (a.centre.distance(p) - a.radius).abs() <= reach_m)
            })
    };
    let met = ring.iter().filter(|p| near(**p)).count();
    if ring.is_empty() { 0.0 } else { met as f64 / ring.len() as f64 }
}

fn arc_share(raw: &Raw, edge: &Segment2, reach_m: f64) -> f64 {
    let query = Box2::of(edge.a, edge.b).grown(reach_m);
    let near: Vec<Vec<Point2>> = raw
        .arc_index
        .touching(&query)
        .into_iter()
        .take(64)
        .filter_map(|i| raw.arcs.get(i))
        .map(|(arc, _)| arc.points(CHORD_M))
        .collect();
    if near.is_empty() {
        return 0.0;
    }
    const SAMPLES: usize = 16;
    let hit = (0..SAMPLES).filter(|k| {
        let p = edge.a.lerp(edge.b, (*k as f64 + 0.5) / SAMPLES as f64);
        near.iter().any(|points| points.windows(2).any(|w| Segment2::new(w[0], w[1]).distance(p) <= reach_m))
    });
    hit.count() as f64 / SAMPLES as f64
}

/// All outlines of a storey, in world metres: what may explain a drawn line.
pub(super) struct ModelEdges {
    edges: Vec<Segment2>,
    index: BoxIndex,
    /// Rings of walls and columns, each with the number of the wall it belongs to (`None` for columns).
    solids: Vec<(Vec<Point2>, Option<usize>)>,
    solid_index: BoxIndex,
}

/// A slab as thin as this is the finish of a floor (metres).
const FINISH_M: f64 = 0.06;
/// Outlines kept per storey at most.
const MAX_EDGES: usize = 400_000;

impl ModelEdges {
    /// Of storey `at`. Solids are its walls and columns.
    pub(super) fn new(storeys: &[StoreyPlan], at: usize) -> Self {
        let mut edges: Vec<Segment2> = Vec::new();
        let mut add = |region: &Region| {
            for ring in region.iter().flat_map(|p| p.rings()) {
                for i in 0..ring.len() {
                    if edges.len() < MAX_EDGES {
                        edges.push(Segment2::new(ring[i], ring[(i + 1) % ring.len()]));
                    }
                }
            }
        };
        let mut solids: Vec<(Vec<Point2>, Option<usize>)> = Vec::new();
        // walls of the storeys above and below do not show here: only what this storey's own cut and view meet
        if let Some(s) = storeys.get(at) {
            for (k, w) in s.walls.iter().enumerate() {
                add(&w.outline);
                add(&w.solid);
                solids.extend(w.solid.iter().map(|p| (p.outer.clone(), Some(k))));
            }
            s.columns.iter().for_each(|c| add(&c.outline));
            // floors and ceilings end at every wall: they would explain a wall that is not there
            let finish = |o: &&OutlineCut| {
                let thin = o.kind == Kind::Slab && o.z_m.1 - o.z_m.0 <= FINISH_M;
                (thin || o.kind == Kind::Covering)
                    && matches!(o.visibility, Visibility::Above | Visibility::Below)
            };
            s.others.iter().filter(|o| !finish(o)).for_each(|o| add(&o.outline));
            solids.extend(s.columns.iter().flat_map(|c| &c.outline).map(|p| (p.outer.clone(), None)));
        }
        let index = BoxIndex::new(edges.iter().map(|e| Box2::of(e.a, e.b)).collect());
        let solid_index = BoxIndex::new(solids.iter().map(|r| Box2::around(r.0.iter().copied())).collect());
        Self { edges, index, solids, solid_index }
    }

    /// Share of a segment that outlines explain.
    pub(super) fn share(&self, edge: &Segment2, reach_m: f64) -> f64 {
        share(&self.index, &|i| self.edges.get(i).copied(), edge, reach_m)
    }

    /// The point lies in a wall or column of the storey, other than the wall of this number.
    pub(super) fn in_solid(&self, p: Point2, except: Option<usize>) -> bool {
        self.solid_index.touching(&Box2::of(p, p)).into_iter().any(|i| {
            self.solids
                .get(i)
                .is_some_and(|(ring, owner)| (except.is_none() || *owner != except) && ring_contains(ring, p))
        })
    }
}

/// A segment mapped.
pub(super) fn mapped(map: &Affine2, s: &Segment2) -> Segment2 {
    Segment2::new(map.apply(s.a), map.apply(s.b))
}

/// What remains of `[0, length]` without the intervals, longest pieces first kept in order of place.
pub(super) fn gaps(intervals: &mut [(f64, f64)], length: f64) -> Vec<(f64, f64)> {
    intervals.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut out = Vec::new();
    let mut end = 0.0f64;
    for &(a, b) in intervals.iter() {
        if a > end {
            out.push((end, a.min(length)));
        }
        end = end.max(b);
    }
    if end < length {
        out.push((end, length));
    }
    out
}

/// The piece of a segment between two distances from its start.
pub(super) fn piece(s: &Segment2, from: f64, to: f64) -> Segment2 {
    let u = s.direction().unwrap_or_default();
    Segment2::new(s.a + u * from, s.a + u * to)
}

/// The value in the middle by weight; `None` for none.
pub(super) fn weighted_median(values: &mut [(f64, f64)]) -> Option<f64> {
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    let total: f64 = values.iter().map(|v| v.1).sum();
    let mut sum = 0.0;
    for (value, weight) in values.iter() {
        sum += weight;
        if sum * 2.0 >= total {
            return Some(*value);
        }
    }
    None
}
