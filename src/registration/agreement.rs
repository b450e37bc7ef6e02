//! How well a plan agrees with a storey under a map: covered wall length both ways, columns, openings, room names.

use super::shape::{Hole, Shape};
use crate::geom::{Affine2, Box2, Point2, Segment2};

/// Lines further from parallel than this do not cover each other (radians; 1°).
const PARALLEL_RAD: f64 = 0.0175;
/// Centre lines closer than this cover each other while a place is looked for (metres).
pub(super) const COVER_M: f64 = 0.03;
/// The same while places and storeys that look alike are told apart: both sides are drawn exactly.
pub(super) const FINE_M: f64 = 0.005;
/// Column and opening centres closer than this are the same one (metres).
const POINT_M: f64 = 0.08;
/// Opening widths closer than this are the same (metres).
const WIDTH_M: f64 = 0.12;
/// What a column, an opening or a room name is worth beside a metre of wall.
const POST_WORTH: f64 = 1.0;
const HOLE_WORTH: f64 = 1.0;
const ROOM_WORTH: f64 = 2.0;

/// What agrees.
#[derive(Clone, Debug, Default)]
pub(super) struct Agreement {
    /// Per drawn trace: metres covered.
    pub(super) drawn_m: Vec<f64>,
    /// Drawn length.
    pub(super) drawn_total_m: f64,
    /// Modelled length covered.
    pub(super) model_m: f64,
    /// Modelled length within the drawn extent that must show.
    pub(super) model_total_m: f64,
    /// Drawn columns found, by column.
    pub(super) posts: Vec<bool>,
    /// Drawn openings found, by opening.
    pub(super) holes: Vec<bool>,
    /// Drawn room names found, by name.
    pub(super) rooms: Vec<bool>,
    /// Modelled columns within the drawn extent, and how many of them are drawn.
    pub(super) model_posts: (usize, usize),
    /// Modelled openings within the drawn extent, and how many of them are drawn.
    pub(super) model_holes: (usize, usize),
}

fn count(list: &[bool]) -> f64 {
    list.iter().filter(|x| **x).count() as f64
}

impl Agreement {
    /// Everything that agrees, in metres of wall.
    pub(super) fn score(&self) -> f64 {
        self.drawn_m.iter().sum::<f64>()
            + self.model_m
            + POST_WORTH * (count(&self.posts) + self.model_posts.1 as f64)
            + HOLE_WORTH * (count(&self.holes) + self.model_holes.1 as f64)
            + ROOM_WORTH * count(&self.rooms)
    }

    /// What agrees less what should and does not.
    pub(super) fn net(&self) -> f64 {
        let open = |n: (usize, usize)| n.0.saturating_sub(n.1) as f64;
        self.score()
            - (self.model_total_m - self.model_m)
            - POST_WORTH * open(self.model_posts)
            - HOLE_WORTH * open(self.model_holes)
    }

    /// Share of what is drawn that the model explains, 0 to 1; `None` where nothing is drawn that could be.
    pub(super) fn drawn_share(&self) -> Option<f64> {
        let worth =
            self.drawn_total_m + POST_WORTH * self.posts.len() as f64 + HOLE_WORTH * self.holes.len() as f64;
        let got = self.drawn_m.iter().sum::<f64>()
            + POST_WORTH * count(&self.posts)
            + HOLE_WORTH * count(&self.holes);
        (worth > 0.0).then(|| got / worth)
    }

    /// Share of what is modelled within the drawn extent that the drawing explains.
    pub(super) fn model_share(&self) -> Option<f64> {
        let worth = self.model_total_m
            + POST_WORTH * self.model_posts.0 as f64
            + HOLE_WORTH * self.model_holes.0 as f64;
        let got =
            self.model_m + POST_WORTH * self.model_posts.1 as f64 + HOLE_WORTH * self.model_holes.1 as f64;
        (worth > 0.0).then(|| got / worth)
    }

    /// Both shares in one number: what is drawn counts more than what is not.
    pub(super) fn quality(&self) -> Option<f64> {
        match (self.drawn_share(), self.model_share()) {
            (Some(d), Some(m)) => Some(0.6 * d + 0.4 * m),
            (Some(d), None) => Some(d * 0.6),
            _ => None,
        }
    }

    /// What this explains of the drawing and `other` does not, in metres of wall and its worth.
    pub(super) fn beyond(&self, other: &Self) -> f64 {
        let flags = |a: &[bool], b: &[bool]| {
            a.iter().zip(b.iter().chain(std::iter::repeat(&false))).filter(|(x, y)| **x && !**y).count()
                as f64
        };
        let lengths: f64 = self
            .drawn_m
            .iter()
            .zip(other.drawn_m.iter().chain(std::iter::repeat(&0.0)))
            .map(|(a, b)| (a - b).max(0.0))
            .sum();
        // of the model: what more is found, and what less is missing
        let counts = |a: (usize, usize), b: (usize, usize)| {
            let (ga, gb) = (a.0.saturating_sub(a.1), b.0.saturating_sub(b.1));
            (gb.saturating_sub(ga) as f64).max(a.1.saturating_sub(b.1) as f64)
        };
        let gaps = (other.model_total_m - other.model_m) - (self.model_total_m - self.model_m);
        let model = gaps.max(self.model_m - other.model_m).max(0.0);
        lengths
            + model
            + POST_WORTH * (flags(&self.posts, &other.posts) + counts(self.model_posts, other.model_posts))
            + HOLE_WORTH * (flags(&self.holes, &other.holes) + counts(self.model_holes, other.model_holes))
            + ROOM_WORTH * flags(&self.rooms, &other.rooms)
    }
}

/// Total length of the union of intervals.
pub(crate) fn covered(intervals: &mut [(f64, f64)]) -> f64 {
    intervals.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut sum, mut end) = (0.0, f64::NEG_INFINITY);
    for &(a, b) in intervals.iter() {
        let a = a.max(end);
        if b > a {
            sum += b - a;
            end = b;
        }
    }
    sum
}

/// From and to along a line, metres.
pub(crate) type Stretch = (f64, f64);

/// Where two nearly parallel segments run beside each other: intervals along `a` and along `b`, and the signed
/// distance of `b` from `a` (left positive) at the middle of the common stretch.
pub(crate) fn beside(a: &Segment2, b: &Segment2, parallel_rad: f64) -> Option<(Stretch, Stretch, f64)> {
    let (u, v) = (a.direction()?, b.direction()?);
    if u.cross(v).abs() > parallel_rad {
        return None;
    }
    let (s0, s1) = ((b.a - a.a).dot(u), (b.b - a.a).dot(u));
    let (lo, hi) = (s0.min(s1).max(0.0), s0.max(s1).min(a.length()));
    if hi - lo <= 1e-6 {
        return None;
    }
    let along_b = |t: f64| ((a.a + u * t) - b.a).dot(v);
    let (t0, t1) = (along_b(lo), along_b(hi));
    let middle = b.a + v * ((t0 + t1) / 2.0);
    let d = u.cross(middle - a.a);
    Some(((lo, hi), (t0.min(t1), t0.max(t1)), d))
}

fn hole_agrees(model: &Hole, drawn: &Hole, at: Point2, reach_m: f64) -> bool {
    model.at.distance(at) <= reach_m
        && (model.width_m - drawn.width_m).abs() <= WIDTH_M
        && (model.door.is_none() || drawn.door.is_none() || model.door == drawn.door)
}

/// Holds the plan's shape against the storey's under a map.
pub(super) fn agreement(model: &Shape, drawn: &Shape, map: &Affine2, reach_m: f64) -> Agreement {
    let mut out = Agreement::default();
    let mut on_model: Vec<Vec<(f64, f64)>> = vec![Vec::new(); model.traces.len()];
    let mut extent = Box2::EMPTY;
    for t in &drawn.traces {
        let line = Segment2::new(map.apply(t.line.a), map.apply(t.line.b));
        extent.add(line.a);
        extent.add(line.b);
        let mut mine: Vec<(f64, f64)> = Vec::new();
        for i in model.trace_index.touching(&Box2::of(line.a, line.b).grown(reach_m)) {
            let Some((along, along_model, d)) = beside(&line, &model.traces[i].line, PARALLEL_RAD) else {
                continue;
            };
            if d.abs() <= reach_m {
                mine.push(along);
                on_model[i].push(along_model);
            }
        }
        out.drawn_total_m += line.length();
        out.drawn_m.push(covered(&mut mine));
    }
    for p in &drawn.posts {
        extent.add(map.apply(p.at));
    }
    let extent = extent.grown(0.5);
    for (t, intervals) in model.traces.iter().zip(&mut on_model) {
        // what need not show explains lines, but is no witness for its storey
        if !t.sure {
            continue;
        }
        let got = covered(intervals);
        out.model_m += got;
        out.model_total_m += if extent.contains(t.line.middle()) { t.line.length() } else { got };
    }
    points(model, drawn, map, &extent, (POINT_M * reach_m / COVER_M).min(POINT_M), &mut out);
    out
}

fn points(model: &Shape, drawn: &Shape, map: &Affine2, extent: &Box2, reach_m: f64, out: &mut Agreement) {
    let near = |at: Point2| Box2::of(at, at).grown(reach_m);
    let mut posts = vec![false; model.posts.len()];
    for p in &drawn.posts {
        let at = map.apply(p.at);
        let hit = model
            .post_index
            .touching(&near(at))
            .into_iter()
            .find(|&i| model.posts[i].at.distance(at) <= reach_m);
        if let Some(i) = hit {
            posts[i] = true;
        }
        out.posts.push(hit.is_some());
    }
    let mut holes = vec![false; model.holes.len()];
    for h in &drawn.holes {
        let at = map.apply(h.at);
        let hit = model
            .hole_index
            .touching(&near(at))
            .into_iter()
            .find(|&i| hole_agrees(&model.holes[i], h, at, reach_m));
        if let Some(i) = hit {
            holes[i] = true;
        }
        out.holes.push(hit.is_some());
    }
    for (_, at, name) in &drawn.rooms {
        let at = map.apply(*at);
        out.rooms.push(
            model.rooms.iter().any(|(outline, _, n)| n == name && outline.iter().any(|p| p.contains(at))),
        );
    }
    // a class that the sheet does not draw at all says nothing about the storey
    if !drawn.posts.is_empty() {
        for (p, hit) in
            model.posts.iter().zip(&posts).filter(|(p, hit)| **hit || (p.sure && extent.contains(p.at)))
        {
            let _ = p;
            out.model_posts.0 += 1;
            out.model_posts.1 += usize::from(*hit);
        }
    }
    if !drawn.holes.is_empty() {
        for (_, hit) in
            model.holes.iter().zip(&holes).filter(|(h, hit)| h.sure && (**hit || extent.contains(h.at)))
        {
            out.model_holes.0 += 1;
            out.model_holes.1 += usize::from(*hit);
        }
    }
}
