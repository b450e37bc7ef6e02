//! Stairs: families of equal parallel lines a tread apart.

use super::island::Islands;
use super::layer::Meaning;
use super::scene::Scene;
use crate::drawing::plans::{DrawnStair, Evidence};
use crate::geom::{Box2, Point2};
use std::f64::consts::PI;

/// Going of a tread, metres (220–350 mm, with some slack for spirals and ramps).
const TREAD: (f64, f64) = (0.18, 0.42);
/// Widths of flights, metres.
const WIDTH: (f64, f64) = (0.5, 4.0);
/// Fewer lines are no flight.
const MIN_TREADS: usize = 4;
/// Joints between the boxes of treads, metres.
const JOINT: f64 = 0.03;
/// Treads are drawn alike to this, metres.
const ALIKE: f64 = 0.03;

/// What was found: the stairs, and which of the scene's lines are their treads.
pub struct Found {
    /// Stairs.
    pub stairs: Vec<DrawnStair>,
    /// Per line of the scene: it is a tread.
    pub treads: Vec<bool>,
}

/// Finds flights among lines on stair layers and on layers without a meaning; `taken` tells which of those are
/// something else. What lies on a small island is a bed or a bench.
pub fn find(scene: &Scene<'_>, taken: &[bool], islands: &Islands) -> Found {
    let mut treads = vec![false; scene.lines.len()];
    let mut stairs = Vec::new();
    let mut pieces = pieces(scene, taken);
    pieces.sort_by(|a, b| {
        (a.family, a.ends).cmp(&(b.family, b.ends)).then(a.rho.total_cmp(&b.rho)).then(a.line.cmp(&b.line))
    });
    let mut from = 0;
    while from < pieces.len() {
        let mut to = from + 1;
        let mut step: Option<f64> = None;
        let (mut last, mut count) = (pieces[from].rho, 1usize);
        while to < pieces.len() {
            let (p, q) = (&pieces[to - 1], &pieces[to]);
            let gap = q.rho - p.rho;
            let from_last = q.rho - last;
            let same = (p.family, p.ends) == (q.family, q.ends)
                && (p.span.0 - q.span.0).abs() < ALIKE
                && (p.span.1 - q.span.1).abs() < ALIKE;
            let regular = (TREAD.0..=TREAD.1).contains(&from_last)
                && step.is_none_or(|s| (from_last - s).abs() < ALIKE);
            // treads drawn as boxes have two lines a joint apart
            if same && gap < JOINT {
                to += 1;
                continue;
            }
            if !same || !regular {
                break;
            }
            step = Some(step.unwrap_or(from_last));
            last = q.rho;
            count += 1;
            to += 1;
        }
        let flight = &pieces[from..to];
        let furniture = || islands.is_furniture(scene, flight.iter().map(|p| p.line));
        if count >= MIN_TREADS && step.is_some() && !furniture() {
            flight.iter().for_each(|p| treads[p.line] = true);
            stairs.push(stair(scene, flight, count, last));
        }
        from = to.max(from + 1);
    }
    Found { stairs, treads }
}

/// A line that may be a tread.
struct Piece {
    /// Direction, as a number.
    family: usize,
    /// Places of both ends along the direction, as numbers: treads of a flight lie over one another.
    ends: (usize, usize),
    /// Place across.
    rho: f64,
    /// Ends along the direction.
    span: (f64, f64),
    /// Number of the scene's line.
    line: usize,
}

/// Neighbours in a sorted list that differ by less than `step` get one number.
fn numbered(values: &mut [(f64, usize)], step: f64) -> Vec<usize> {
    values.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut out = vec![0; values.len()];
    let mut n = 0;
    for k in 0..values.len() {
        if k > 0 && values[k].0 - values[k - 1].0 > step {
            n += 1;
        }
        out[values[k].1] = n;
    }
    out
}

/// Lines of a flight's width on stair layers and on layers without a meaning, by direction and ends.
fn pieces(scene: &Scene<'_>, taken: &[bool]) -> Vec<Piece> {
    /// Directions closer than this are one, radians, and ends, metres.
    const ANGLE: f64 = 0.0005;
    const ENDS: f64 = 0.015;
    let usable: Vec<(usize, f64)> = scene
        .lines
        .iter()
        .enumerate()
        .filter(|(i, l)| l.meaning == Some(Meaning::Stair) || l.meaning.is_none() && !taken[*i])
        .filter(|(_, l)| (WIDTH.0..=WIDTH.1).contains(&l.segment.length()))
        .filter_map(|(i, l)| {
            let angle = l.segment.direction()?.angle().rem_euclid(PI);
            // directions near 0 and near π are the same
            Some((i, if PI - angle < 0.05 { angle - PI } else { angle }))
        })
        .collect();
    let mut angles: Vec<(f64, usize)> = usable.iter().enumerate().map(|(k, u)| (u.1, k)).collect();
    let families = numbered(&mut angles, ANGLE);
    // one direction per family, so that places across compare
    let mut direction: Vec<f64> = vec![f64::NAN; usable.len()];
    for (k, u) in usable.iter().enumerate() {
        let d = &mut direction[families[k]];
        if d.is_nan() {
            *d = u.1;
        }
    }
    let mut out: Vec<Piece> = usable
        .iter()
        .enumerate()
        .map(|(k, &(line, _))| {
            let s = scene.lines[line].segment;
            let along = Point2::unit(direction[families[k]]);
            let (a, b) = (s.a.dot(along), s.b.dot(along));
            Piece {
                family: families[k],
                ends: (0, 0),
                rho: s.middle().dot(along.left()),
                span: (a.min(b), a.max(b)),
                line,
            }
        })
        .collect();
    let place = |end: fn(&Piece) -> f64| {
        let mut values: Vec<(f64, usize)> = out.iter().enumerate().map(|(k, p)| (end(p), k)).collect();
        numbered(&mut values, ENDS)
    };
    let ends: Vec<(usize, usize)> = place(|p| p.span.0).into_iter().zip(place(|p| p.span.1)).collect();
    out.iter_mut().zip(ends).for_each(|(p, e)| p.ends = e);
    out
}

/// A flight from its treads; `last` is the place across of the last one.
fn stair(scene: &Scene<'_>, flight: &[Piece], count: usize, last: f64) -> DrawnStair {
    let mut bounds = Box2::EMPTY;
    let mut marks = Vec::new();
    for p in flight {
        let l = &scene.lines[p.line];
        bounds.add(l.segment.a);
        bounds.add(l.segment.b);
        marks.push(l.mark);
    }
    let known = flight.iter().any(|p| scene.lines[p.line].meaning == Some(Meaning::Stair));
    let width = flight.iter().map(|p| p.span.1 - p.span.0).fold(0.0, f64::max);
    let along = flight.first().and_then(|p| scene.lines[p.line].segment.direction()).unwrap_or_default();
    DrawnStair {
        bounds,
        treads: count as u32,
        going_m: (last - flight.first().map_or(last, |p| p.rho)) / (count.max(2) - 1) as f64,
        width_m: width,
        along: along.left(),
        up: None,
        text: None,
        evidence: Evidence { marks, confidence: if known { 0.95 } else { 0.6 } },
    }
}
