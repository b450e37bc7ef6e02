//! Drawn walls that no modelled wall takes: extra ones, furniture, and walls that were moved.

use super::super::assign::assign;
use super::super::evidence::{gaps, piece};
use super::super::{ClassMatches, Delta, Laid, Missing, Pair, why};
use super::absent::percent;
use super::{Drawn, MIN_GAP_M, PARALLEL_RAD, Stretches, free_stretches, spread};
use crate::geom::{Box2, BoxIndex, Groups, Point2, Segment2};
use crate::registration::agreement::beside;

/// A wall that is missing here and one of its size that is extra within this distance are one moved wall (metres).
const MOVED_M: f64 = 1.5;
/// Where less than this share of a sheet lies on layers with a meaning, furniture may look like a wall …
pub(in crate::matching) const UNDERSTOOD: f64 = 0.5;
/// … when it is shorter than this and meets nothing within that (metres).
const LOOSE_M: f64 = 3.0;
const MEETS_M: f64 = 0.1;

/// Drawn stretches that no modelled wall takes.
pub(super) fn extras(laid: &Laid<'_>, drawn: &[Drawn], used: &mut [Stretches], class: &mut ClassMatches) {
    let alone = if laid.plan.understood < UNDERSTOOD { loose(laid, drawn, used) } else { Vec::new() };
    for (j, d) in drawn.iter().enumerate() {
        let length = d.line.length();
        let thickness = spread(&d.faces);
        let mut left = Vec::new();
        for (from, to) in gaps(&mut used[j], length) {
            left.extend(free_stretches(laid, &d.line, from, to, None));
        }
        left.retain(|(from, to)| to - from > MIN_GAP_M.max(thickness));
        let total: f64 = left.iter().map(|(a, b)| b - a).sum();
        if total < 0.5 || total < 0.35 * length {
            continue;
        }
        let Some(n) = d.line.direction().map(Point2::left) else { continue };
        let share = |by: f64| -> f64 {
            left.iter()
                .map(|&(a, b)| {
                    let s = piece(&d.line, a, b);
                    laid.edges.share(&Segment2::new(s.a + n * by, s.b + n * by), 0.02) * s.length()
                })
                .sum::<f64>()
                / total
        };
        let shares: Vec<f64> = d.faces.iter().map(|f| share(*f)).collect();
        let explained = shares.iter().sum::<f64>() / shares.len().max(1) as f64;
        let most = shares.iter().fold(0.0f64, |a, b| a.max(*b));
        if explained >= 0.6 {
            continue;
        }
        let symbol = length < LOOSE_M && alone.get(j) == Some(&true);
        let missing = if d.dashed {
            Missing::unsure(j, why("dashed", &[]))
        } else if symbol {
            Missing::unsure(j, why("uncertain_symbol", &[]))
        } else if d.curved {
            Missing::unsure(j, why("curved", &[]))
        } else if explained >= 0.4 || most >= 0.8 {
            Missing::unsure(j, why("explained_in_part", &[("share", percent(explained))]))
        } else if d.confidence < 0.6 {
            Missing::unsure(j, why("uncertain_symbol", &[]))
        } else {
            Missing::sure(j, d.confidence)
        };
        class.missing_in_model.push(missing);
    }
}

/// Drawn runs that, together with all unmatched runs that they meet, meet nothing of the building: no run that a modelled
/// wall takes, no modelled wall and no column. Furniture, where layers do not tell.
fn loose(laid: &Laid<'_>, drawn: &[Drawn], used: &[Stretches]) -> Vec<bool> {
    let index = BoxIndex::new(drawn.iter().map(|d| Box2::of(d.line.a, d.line.b)).collect());
    let widest = drawn.iter().map(|d| spread(&d.faces)).fold(0.0, f64::max);
    let taken = |k: usize| used.get(k).is_some_and(|u| !u.is_empty());
    // what the ends of a run meet; `None` where that is of the building
    let meets = |j: usize| -> Option<Vec<usize>> {
        let d = &drawn[j];
        let u = d.line.direction()?;
        let mut out = Vec::new();
        for (end, way) in [(d.line.a, u * -1.0), (d.line.b, u)] {
            let ahead = end + way * MEETS_M;
            if laid.edges.in_solid(ahead, None) || laid.edges.in_solid(end, None) {
                return None;
            }
            for k in index.touching(&Box2::of(end, ahead).grown(widest / 2.0 + MEETS_M)) {
                let o = &drawn[k];
                let near =
                    o.line.distance(end).min(o.line.distance(ahead)) <= spread(&o.faces) / 2.0 + MEETS_M;
                if k != j && !o.curved && near {
                    out.push(k);
                }
            }
        }
        Some(out)
    };
    let mut groups = Groups::new(drawn.len());
    let mut tied: Vec<bool> = (0..drawn.len()).map(taken).collect();
    for j in (0..drawn.len()).filter(|&j| !taken(j)) {
        let Some(list) = meets(j) else {
            tied[j] = true;
            continue;
        };
        for k in list {
            if taken(k) {
                tied[j] = true;
            } else {
                groups.join(j, k);
            }
        }
    }
    let mut fast = vec![false; drawn.len()];
    for (j, tied) in tied.into_iter().enumerate() {
        fast[groups.root(j)] |= tied;
    }
    (0..drawn.len()).map(|j| !fast[groups.root(j)]).collect()
}

/// A wall that is missing and one of its length and thickness that is extra beside it are one moved wall.
pub(super) fn rejoin(laid: &Laid<'_>, drawn: &[Drawn], class: &mut ClassMatches) {
    let mut edges = Vec::new();
    for m in &class.missing_in_drawing {
        let Some(run) = laid.storey.walls.get(m.index).and_then(|w| w.runs.first()) else { continue };
        for x in &class.missing_in_model {
            let d = &drawn[x.index];
            let Some((along, _, at)) = beside(&run.line, &d.line, PARALLEL_RAD) else { continue };
            let (a, b) = (run.line.length(), d.line.length());
            let alike = (a - b).abs() <= 0.15 * a.max(b) + 0.1
                && (spread(&d.faces) - run.thickness_m).abs() <= 0.012
                && along.1 - along.0 >= 0.7 * a.min(b);
            if alike && at.abs() <= MOVED_M {
                edges.push((m.index, x.index, at.abs()));
            }
        }
    }
    for (m, x) in assign(&edges, 2.0 * MOVED_M) {
        let Some(run) = laid.storey.walls.get(m).and_then(|w| w.runs.first()) else { continue };
        let Some((_, _, at)) = beside(&run.line, &drawn[x].line, PARALLEL_RAD) else { continue };
        class.missing_in_drawing.retain(|e| e.index != m);
        class.missing_in_model.retain(|e| e.index != x);
        class.pairs.retain(|p| p.modelled != m);
        let deltas = vec![
            Delta::number("offset", at, 0.0, laid.sigma_m),
            Delta::number("thickness", spread(&drawn[x].faces), run.thickness_m, laid.sigma_m * 0.5),
        ];
        class.pairs.push(Pair { modelled: m, drawn: vec![x], deltas });
    }
    class.pairs.sort_by_key(|p| p.modelled);
}
