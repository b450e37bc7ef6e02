//! Laying by shape: the plan's main direction gives four turns and two mirrorings; for each, every pair of parallel
//! wall lines votes for a shift along its normal, one axis at a time; the peaks are then held against the storey in
//! two dimensions.

use super::agreement::{Agreement, COVER_M, FINE_M, agreement};
use super::refine::refine;
use super::shape::Shape;
use crate::geom::{Affine2, Point2, Segment2};
use std::f64::consts::FRAC_PI_2;

/// Width of a voting bin (metres).
const BIN_M: f64 = 0.005;
/// Peaks kept per axis.
const PEAKS: usize = 8;
/// Peaks closer than this are one (metres).
const PEAK_APART_M: f64 = 0.06;
/// Pairs of peaks that are held against the storey, over all turns.
const TRIED: usize = 48;
/// Maps that differ less than this at the corners are the same (metres).
pub(super) const SAME_M: f64 = 0.25;
/// Extents above this are not voted on (metres).
const MAX_EXTENT_M: f64 = 5_000.0;
/// Lines within this of an axis vote along it (radians; 1.5°).
const ALONG_RAD: f64 = 0.026;
/// Lines per axis that vote, longest first.
const MAX_LINES: usize = 700;

/// A place that was found.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// Plan metres (scaled) → world metres.
    pub(super) map: Affine2,
    /// What agrees there to a few millimetres: tells places apart that look alike.
    pub(super) fine: Agreement,
    /// Its score.
    pub(super) score: f64,
    /// Left and right change places.
    pub(super) mirrored: bool,
}

struct Line1 {
    at: f64,
    weight: f64,
    half: f64,
}

/// Positions along x and along y of the lines that run across, in a frame turned by `turn`.
fn positions(shape: &Shape, map: &Affine2) -> [Vec<Line1>; 2] {
    let mut out = [Vec::new(), Vec::new()];
    for t in &shape.traces {
        let line = Segment2::new(map.apply(t.line.a), map.apply(t.line.b));
        let Some(d) = line.direction() else { continue };
        let (m, weight, half) = (line.middle(), line.length(), t.half_m);
        if d.x.abs() < ALONG_RAD {
            out[0].push(Line1 { at: m.x, weight, half });
        } else if d.y.abs() < ALONG_RAD {
            out[1].push(Line1 { at: m.y, weight, half });
        }
    }
    // columns and openings vote along both axes; a negative "half" keeps them apart from walls
    for (at, size) in
        shape.posts.iter().map(|p| (p.at, p.size_m)).chain(shape.holes.iter().map(|h| (h.at, h.width_m)))
    {
        let at = map.apply(at);
        out[0].push(Line1 { at: at.x, weight: 0.8, half: -size });
        out[1].push(Line1 { at: at.y, weight: 0.8, half: -size });
    }
    for list in &mut out {
        list.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.at.total_cmp(&b.at)));
        list.truncate(MAX_LINES);
    }
    out
}

/// Shifts that bring `drawn` onto `model`, with their votes, best first.
fn peaks(model: &[Line1], drawn: &[Line1]) -> Vec<(f64, f64)> {
    let range = |l: &[Line1]| {
        l.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |r, x| (r.0.min(x.at), r.1.max(x.at)))
    };
    let ((m0, m1), (d0, d1)) = (range(model), range(drawn));
    let (low, high) = (m0 - d1, m1 - d0);
    if !(low.is_finite() && high.is_finite()) || high - low > MAX_EXTENT_M {
        return Vec::new();
    }
    let bins = ((high - low) / BIN_M) as usize + 3;
    let mut votes = vec![0.0f64; bins];
    for m in model {
        for d in drawn {
            if (m.half < 0.0) != (d.half < 0.0) {
                continue;
            }
            let unlike = (m.half - d.half).abs();
            let like = if unlike < 0.01 {
                1.0
            } else if unlike < 0.06 {
                0.5
            } else {
                0.2
            };
            let bin = ((m.at - d.at - low) / BIN_M) as usize + 1;
            if let Some(v) = votes.get_mut(bin) {
                *v += like * m.weight.min(d.weight);
            }
        }
    }
    let smooth = |i: usize| {
        votes[i] + (votes.get(i.wrapping_sub(1)).unwrap_or(&0.0) + votes.get(i + 1).unwrap_or(&0.0)) * 0.8
    };
    let mut order: Vec<(f64, usize)> = (0..bins).map(|i| (smooth(i), i)).filter(|v| v.0 > 0.0).collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut out: Vec<(f64, f64)> = Vec::new();
    for (vote, i) in order {
        let shift = low + (i as f64 - 0.5) * BIN_M;
        if out.iter().all(|o| (o.0 - shift).abs() > PEAK_APART_M) {
            out.push((shift, vote));
            if out.len() == PEAKS {
                break;
            }
        }
    }
    out
}

/// The same place, seen at the corners of what is drawn.
pub(super) fn same_place(drawn: &Shape, a: &Affine2, b: &Affine2) -> bool {
    drawn.bounds.corners().iter().all(|&p| a.apply(p).distance(b.apply(p)) <= SAME_M)
}

/// Places where the plan fits the storey, best first and each distinct; refined. At most `keep`.
pub(super) fn candidates(model: &Shape, drawn: &Shape, keep: usize) -> Vec<Candidate> {
    let (Some(turn_model), Some(turn_drawn)) = (model.main_direction(), drawn.main_direction()) else {
        return Vec::new();
    };
    let to_model = Affine2::rotation(-turn_model);
    let Some(from_model) = to_model.inverse() else { return Vec::new() };
    let model_lines = positions(model, &to_model);
    let mut tried: Vec<(f64, Affine2, bool)> = Vec::new();
    for mirrored in [false, true] {
        for quarter in 0..4 {
            let straight = Affine2::rotation(-turn_drawn);
            let flip = if mirrored { Affine2::scaling(1.0, -1.0) } else { Affine2::IDENTITY };
            let turned = Affine2::rotation(FRAC_PI_2 * f64::from(quarter)).after(&flip).after(&straight);
            let drawn_lines = positions(drawn, &turned);
            let (px, py) = (peaks(&model_lines[0], &drawn_lines[0]), peaks(&model_lines[1], &drawn_lines[1]));
            for &(x, vx) in &px {
                for &(y, vy) in &py {
                    let map = from_model.after(&Affine2::translation(Point2::new(x, y))).after(&turned);
                    tried.push((vx + vy, map, mirrored));
                }
            }
        }
    }
    tried.sort_by(|a, b| b.0.total_cmp(&a.0));
    tried.truncate(TRIED);
    let mut rough: Vec<Candidate> = tried
        .into_iter()
        .map(|(_, map, mirrored)| {
            let score = agreement(model, drawn, &map, COVER_M).score();
            Candidate { map, score, fine: Agreement::default(), mirrored }
        })
        .collect();
    rough.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut out: Vec<Candidate> = Vec::new();
    for c in rough {
        if out.iter().any(|o| same_place(drawn, &o.map, &c.map)) {
            continue;
        }
        let (map, _) = refine(model, drawn, &c.map);
        if out.iter().any(|o| same_place(drawn, &o.map, &map)) {
            continue;
        }
        let (coarse, fine) = (agreement(model, drawn, &map, COVER_M), agreement(model, drawn, &map, FINE_M));
        out.push(Candidate { map, score: coarse.score() + fine.score(), fine, mirrored: c.mirrored });
        if out.len() >= keep {
            break;
        }
    }
    out.sort_by(|a, b| b.score.total_cmp(&a.score));
    out
}
