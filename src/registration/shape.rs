//! What of a storey and of a plan can be laid on one another: wall lines, column and opening centres, room names.

use super::Side;
use crate::drawing::plans::{OpeningKind, Plan};
use crate::geom::{Affine2, Box2, BoxIndex, Point2, Region, Segment2};
use crate::ifc::model::Kind;
use crate::ifc::section::{StoreyPlan, Visibility};

/// Walls shorter than this place nothing (metres; half the usual thickness of a thick wall).
const MIN_WALL_M: f64 = 0.15;
/// Loose lines shorter than this are hardware, text and hatching (metres).
const MIN_LOOSE_M: f64 = 0.4;
/// More loose lines than this are not tried; the longest are kept.
const MAX_LOOSE: usize = 6_000;

/// A line that places the plan: the centre line of a wall, with half its thickness.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trace {
    /// Where.
    pub(super) line: Segment2,
    /// Half the thickness; 0 for a loose line.
    pub(super) half_m: f64,
    /// It must show in a plan (always true for what is drawn).
    pub(super) sure: bool,
}

/// A door or window.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hole {
    /// Middle.
    pub(super) at: Point2,
    /// Width, metres.
    pub(super) width_m: f64,
    /// `None` where it may be either.
    pub(super) door: Option<bool>,
    /// It must show in a plan.
    pub(super) sure: bool,
}

/// A column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Post {
    /// Middle.
    pub(super) at: Point2,
    /// Longer side.
    pub(super) size_m: f64,
    /// It must show in a plan.
    pub(super) sure: bool,
}

/// What can be laid on something else.
#[derive(Clone, Debug, Default)]
pub(super) struct Shape {
    /// Walls, or loose lines.
    pub(super) traces: Vec<Trace>,
    /// Columns.
    pub(super) posts: Vec<Post>,
    /// Openings.
    pub(super) holes: Vec<Hole>,
    /// Names and numbers of rooms: the outline (model) or none (drawing), a point, and the name folded for comparison.
    pub(super) rooms: Vec<(Region, Point2, String)>,
    /// Box around traces and posts.
    pub(super) bounds: Box2,
    /// Over `traces`.
    pub(super) trace_index: BoxIndex,
    /// Over `posts`.
    pub(super) post_index: BoxIndex,
    /// Over `holes`.
    pub(super) hole_index: BoxIndex,
    /// The traces are loose lines, not walls.
    pub(super) loose: bool,
}

/// Letters and digits only, in one case: names that differ in spacing and punctuation alone are the same.
pub(crate) fn folded(text: &str) -> String {
    text.chars()
        .map(|c| match u32::from(c) {
            // full-width forms of ASCII
            x @ 0xFF01..=0xFF5E => char::from_u32(x - 0xFEE0).unwrap_or(c),
            _ => c,
        })
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

impl Shape {
    fn indexed(mut self) -> Self {
        let trace_boxes: Vec<Box2> = self.traces.iter().map(|t| Box2::of(t.line.a, t.line.b)).collect();
        let mut bounds = Box2::EMPTY;
        for b in &trace_boxes {
            bounds.merge(b);
        }
        for post in &self.posts {
            bounds.add(post.at);
        }
        self.bounds = bounds;
        self.trace_index = BoxIndex::new(trace_boxes);
        self.post_index = BoxIndex::new(self.posts.iter().map(|p| Box2::of(p.at, p.at)).collect());
        self.hole_index = BoxIndex::new(self.holes.iter().map(|h| Box2::of(h.at, h.at)).collect());
        self
    }

    /// Of a storey.
    pub(super) fn of_storey(storey: &StoreyPlan) -> Self {
        let mut shape = Self::default();
        for wall in &storey.walls {
            if !matches!(wall.visibility, Visibility::MustShow | Visibility::MayShow) {
                continue;
            }
            let sure = wall.visibility == Visibility::MustShow;
            for run in wall.runs.iter().filter(|r| r.line.length() >= MIN_WALL_M) {
                shape.traces.push(Trace { line: run.line, half_m: run.thickness_m / 2.0, sure });
            }
        }
        for c in &storey.columns {
            let sure = c.visibility == Visibility::MustShow;
            shape.posts.push(Post { at: c.centre, size_m: c.width_m.max(c.depth_m), sure });
        }
        for o in &storey.openings {
            let sure = o.visibility == Visibility::MustShow && o.kind != Kind::Opening;
            let door = match o.kind {
                Kind::Door => Some(true),
                Kind::Window => Some(false),
                _ => None,
            };
            shape.holes.push(Hole { at: o.centre, width_m: o.width_m, door, sure });
        }
        for r in &storey.rooms {
            for name in
                [&r.name, &r.number].into_iter().flatten().map(|n| folded(n)).filter(|n| !n.is_empty())
            {
                shape.rooms.push((r.outline.clone(), r.label_point, name));
            }
        }
        shape.indexed()
    }

    /// Of a storey, as the faces of its walls: to lay loose lines on.
    pub(super) fn of_storey_faces(storey: &StoreyPlan) -> Self {
        let walls = Self::of_storey(storey);
        let mut shape = Self {
            posts: walls.posts,
            holes: walls.holes,
            rooms: walls.rooms,
            loose: true,
            ..Self::default()
        };
        for t in &walls.traces {
            for side in [Side::Left, Side::Right] {
                if let Some(line) = offset(t.line, side.sign() * t.half_m) {
                    shape.traces.push(Trace { line, half_m: 0.0, sure: t.sure });
                }
            }
        }
        shape.indexed()
    }

    /// Of a plan, in plan metres.
    pub(super) fn of_plan(plan: &Plan) -> Self {
        let mut shape = Self::default();
        for w in plan.walls.iter().filter(|w| w.arc.is_none() && w.line.length() >= MIN_WALL_M) {
            shape.traces.push(Trace { line: w.line, half_m: w.thickness_m / 2.0, sure: true });
        }
        shape.add_points(plan);
        shape.indexed()
    }

    /// Of a plan whose walls were not recognised: its loose lines.
    pub(super) fn of_plan_lines(plan: &Plan) -> Self {
        let mut shape = Self { loose: true, ..Self::default() };
        let mut lines: Vec<Segment2> =
            plan.raw.lines.iter().map(|(s, _)| *s).filter(|s| s.length() >= MIN_LOOSE_M).collect();
        lines.sort_by(|a, b| b.length().total_cmp(&a.length()));
        lines.truncate(MAX_LOOSE);
        shape.traces.extend(lines.into_iter().map(|line| Trace { line, half_m: 0.0, sure: true }));
        shape.add_points(plan);
        shape.indexed()
    }

    fn add_points(&mut self, plan: &Plan) {
        for c in &plan.columns {
            self.posts.push(Post { at: c.centre, size_m: c.width_m.max(c.depth_m), sure: true });
        }
        for o in &plan.openings {
            let door = match o.kind {
                OpeningKind::Door => Some(true),
                OpeningKind::Window => Some(false),
                OpeningKind::Gap => None,
            };
            self.holes.push(Hole { at: o.centre, width_m: o.width_m, door, sure: true });
        }
        for r in &plan.rooms {
            let texts = [&r.name, &r.number].into_iter().flatten();
            for name in texts.map(|n| folded(&n.text)).filter(|n| !n.is_empty()) {
                self.rooms.push((Region::new(), r.at, name));
            }
        }
    }

    /// Total length of the traces, metres.
    pub(super) fn length_m(&self) -> f64 {
        self.traces.iter().map(|t| t.line.length()).sum()
    }

    /// There is enough to lay it by shape.
    pub(super) fn is_enough(&self) -> bool {
        self.traces.len() + self.posts.len() >= 4
    }

    /// Scaled about the origin.
    pub(super) fn scaled(&self, k: f64) -> Self {
        if k == 1.0 {
            return self.clone();
        }
        let m = Affine2::scaling(k, k);
        let mut out = self.clone();
        for t in &mut out.traces {
            t.line = Segment2::new(m.apply(t.line.a), m.apply(t.line.b));
            t.half_m *= k;
        }
        for p in &mut out.posts {
            p.at = m.apply(p.at);
            p.size_m *= k;
        }
        for h in &mut out.holes {
            h.at = m.apply(h.at);
            h.width_m *= k;
        }
        for r in &mut out.rooms {
            r.1 = m.apply(r.1);
        }
        out.indexed()
    }

    /// The main direction mod 90°, radians in [0, π/2), by length; `None` where there is no line.
    pub(super) fn main_direction(&self) -> Option<f64> {
        use std::f64::consts::{FRAC_PI_2, TAU};
        const BINS: usize = 720;
        let mut bins = vec![0.0f64; BINS];
        let width = FRAC_PI_2 / BINS as f64;
        for t in &self.traces {
            let Some(d) = t.line.direction() else { continue };
            let a = d.angle().rem_euclid(FRAC_PI_2);
            bins[((a / width) as usize).min(BINS - 1)] += t.line.length();
        }
        let smooth = |i: usize| -> f64 { (0..5).map(|k| bins[(i + BINS + k - 2) % BINS]).sum() };
        let best = (0..BINS).max_by(|&a, &b| smooth(a).total_cmp(&smooth(b)).then(b.cmp(&a)))?;
        if smooth(best) <= 0.0 {
            return None;
        }
        // mean of the angles near the peak, on the circle of quarter turns; long lines know their direction best
        let peak = (best as f64 + 0.5) * width;
        let (mut s, mut c) = (0.0, 0.0);
        for t in &self.traces {
            let Some(d) = t.line.direction() else { continue };
            let off = (d.angle() - peak + FRAC_PI_2 / 2.0).rem_euclid(FRAC_PI_2) - FRAC_PI_2 / 2.0;
            if off.abs() <= 3.0 * width {
                let w = t.line.length().powi(2);
                s += w * (4.0 * (off + peak)).sin();
                c += w * (4.0 * (off + peak)).cos();
            }
        }
        Some((s.atan2(c) / 4.0).rem_euclid(TAU / 4.0))
    }

    /// Two storeys with the same signature show the same plan (to 1 mm, names apart).
    pub(super) fn signature(&self) -> Vec<[i64; 5]> {
        let mm = |x: f64| (x * 1000.0).round() as i64;
        let mut out: Vec<[i64; 5]> = Vec::new();
        for t in &self.traces {
            let (a, b) = (t.line.a, t.line.b);
            let (a, b) = if (a.x, a.y) <= (b.x, b.y) { (a, b) } else { (b, a) };
            out.push([mm(a.x), mm(a.y), mm(b.x), mm(b.y), mm(t.half_m)]);
        }
        for p in &self.posts {
            out.push([mm(p.at.x), mm(p.at.y), mm(p.size_m), i64::MIN, 0]);
        }
        for h in &self.holes {
            out.push([mm(h.at.x), mm(h.at.y), mm(h.width_m), i64::MIN, 1 + i64::from(h.door == Some(true))]);
        }
        out.sort_unstable();
        out
    }
}

/// The segment shifted to its left (metres).
pub(super) fn offset(line: Segment2, by: f64) -> Option<Segment2> {
    let n = line.direction()?.left() * by;
    Some(Segment2::new(line.a + n, line.b + n))
}
