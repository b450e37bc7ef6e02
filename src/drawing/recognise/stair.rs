//! Stairs: families of equal parallel lines a tread apart.

use super::layer::Meaning;
use super::scene::Scene;
use crate::drawing::plans::{DrawnStair, Evidence};
use crate::geom::Box2;
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

/// Finds flights among lines on stair layers and on layers without a meaning.
pub fn find(scene: &Scene<'_>) -> Found {
    let mut treads = vec![false; scene.lines.len()];
    let mut stairs = Vec::new();
    // (angle, t0, t1, rho, line)
    let mut pieces: Vec<(i64, i64, f64, f64, f64, usize)> = scene
        .lines
        .iter()
        .enumerate()
        .filter(|(_, l)| matches!(l.meaning, None | Some(Meaning::Stair)))
        .filter(|(_, l)| (WIDTH.0..=WIDTH.1).contains(&l.segment.length()))
        .filter_map(|(i, l)| {
            let mut angle = l.segment.direction()?.angle().rem_euclid(PI);
            if PI - angle < 1e-4 {
                angle = 0.0;
            }
            let along = crate::geom::Point2::unit(angle);
            let (a, b) = (l.segment.a.dot(along), l.segment.b.dot(along));
            let middle = (a + b) / 2.0;
            Some((
                (angle / 0.002).round() as i64,
                (middle / 0.05).round() as i64,
                l.segment.middle().dot(along.left()),
                a.min(b),
                a.max(b),
                i,
            ))
        })
        .collect();
    pieces.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(a.2.total_cmp(&b.2)).then(a.5.cmp(&b.5)));
    let mut from = 0;
    while from < pieces.len() {
        let mut to = from + 1;
        let mut step: Option<f64> = None;
        let (mut last, mut count) = (pieces[from].2, 1usize);
        while to < pieces.len() {
            let (p, q) = (&pieces[to - 1], &pieces[to]);
            let gap = q.2 - p.2;
            let from_last = q.2 - last;
            let same = p.0 == q.0 && p.1 == q.1 && (p.3 - q.3).abs() < ALIKE && (p.4 - q.4).abs() < ALIKE;
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
            last = q.2;
            count += 1;
            to += 1;
        }
        let flight = &pieces[from..to];
        if count >= MIN_TREADS && step.is_some() {
            let mut bounds = Box2::EMPTY;
            let mut marks = Vec::new();
            for p in flight {
                treads[p.5] = true;
                let l = &scene.lines[p.5];
                bounds.add(l.segment.a);
                bounds.add(l.segment.b);
                marks.push(l.mark);
            }
            let known = flight.iter().any(|p| scene.lines[p.5].meaning == Some(Meaning::Stair));
            stairs.push(DrawnStair {
                bounds,
                treads: count as u32,
                going_m: step.unwrap_or_default(),
                width_m: scene.lines[flight[0].5].segment.length(),
                along: scene.lines[flight[0].5].segment.direction().unwrap_or_default().left(),
                up: None,
                text: None,
                evidence: Evidence { marks, confidence: if known { 0.95 } else { 0.6 } },
            });
        }
        from = to.max(from + 1);
    }
    Found { stairs, treads }
}
