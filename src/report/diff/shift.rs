//! How the origin moved between two reports: one shift that most findings agree on.

use super::Matched;
use super::pairs::{Key, finite, identity, key, new_storey, old_storey};
use super::storeys::Storeys;
use crate::finding::Finding;
use std::collections::BTreeMap;

/// Votes are gathered in cells of this size, metres.
const CELL_M: f64 = 0.1;
/// Most pairs that vote: small groups, which say most, come first. Of a group that is too large for what is left, a
/// corner votes, the same on both sides.
const VOTES: usize = 200_000;
/// Pairs of equal fingerprints that tell the shift without a vote.
const KNOWN: usize = 3;

/// The shift from the earlier to the later report, metres; none where nothing else is better.
pub(super) fn estimate(old: &[Finding], new: &[Finding], matched: &Matched, storeys: &Storeys) -> [f64; 3] {
    let up = storeys.up_m;
    let known: Vec<[f64; 2]> = matched
        .new_of
        .iter()
        .filter_map(|(a, b)| Some(between(finite(old.get(*a)?)?, finite(new.get(*b)?)?)))
        .collect();
    if known.len() >= KNOWN {
        let [x, y] = median(known);
        return settled([x, y, up]);
    }
    let [x, y] = vote(old, new, storeys).unwrap_or_default();
    settled([x, y, up])
}

/// Millimetres are noise.
fn settled(shift: [f64; 3]) -> [f64; 3] {
    shift.map(|c| if c.abs() < CELL_M / 2.0 { 0.0 } else { c })
}

fn between(a: [f64; 3], b: [f64; 3]) -> [f64; 2] {
    [b[0] - a[0], b[1] - a[1]]
}

/// Component by component.
fn median(shifts: Vec<[f64; 2]>) -> [f64; 2] {
    [0, 1].map(|axis| {
        let mut values: Vec<f64> = shifts.iter().map(|s| s[axis]).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or_default()
    })
}

/// The shift that most pairs of like findings agree on.
fn vote(old: &[Finding], new: &[Finding], storeys: &Storeys) -> Option<[f64; 2]> {
    type Like<'a> = (Key<'a>, String);
    let mut groups: BTreeMap<Like<'_>, [Vec<[f64; 3]>; 2]> = BTreeMap::new();
    for finding in old {
        if let Some(p) = finite(finding) {
            let like = (key(finding, old_storey(finding, storeys)), identity(finding));
            groups.entry(like).or_default()[0].push(p);
        }
    }
    for finding in new {
        if let Some(p) = finite(finding) {
            let like = (key(finding, new_storey(finding)), identity(finding));
            groups.entry(like).or_default()[1].push(p);
        }
    }
    let mut groups: Vec<[Vec<[f64; 3]>; 2]> = groups.into_values().collect();
    groups.sort_by_key(|[a, b]| a.len().saturating_mul(b.len()));
    let mut cells: BTreeMap<[i64; 2], Votes> = BTreeMap::new();
    let mut left = VOTES;
    for [earlier, later] in &mut groups {
        if earlier.len().saturating_mul(later.len()) > left {
            let side = left.isqrt();
            for places in [&mut *earlier, &mut *later] {
                places.sort_by(|p, q| (p[0] + p[1]).total_cmp(&(q[0] + q[1])));
                places.truncate(side);
            }
        }
        left = left.saturating_sub(earlier.len().saturating_mul(later.len()));
        for (a, b) in earlier.iter().flat_map(|a| later.iter().map(move |b| (a, b))) {
            let shift = between(*a, *b);
            let votes = cells.entry(shift.map(|c| (c / CELL_M).round() as i64)).or_default();
            votes.count += 1;
            votes.sum = [votes.sum[0] + shift[0], votes.sum[1] + shift[1]];
        }
    }
    let around = |cell: &[i64; 2]| -> Votes {
        let near = (-1..=1).flat_map(|a| (-1..=1).map(move |b| (a, b)));
        near.filter_map(|(a, b)| cells.get(&[cell[0].saturating_add(a), cell[1].saturating_add(b)])).fold(
            Votes::default(),
            |all, v| Votes {
                count: all.count + v.count,
                sum: [all.sum[0] + v.sum[0], all.sum[1] + v.sum[1]],
            },
        )
    };
    // where as many agree on no shift at all, there is none
    let mut best = around(&[0, 0]);
    if best.count > 0 {
        best.sum = [0.0, 0.0];
    }
    for cell in cells.keys() {
        let votes = around(cell);
        if votes.count > best.count {
            best = votes;
        }
    }
    (best.count > 0).then(|| best.sum.map(|c| c / best.count as f64))
}

/// Pairs that agree on a shift.
#[derive(Clone, Copy, Default)]
struct Votes {
    count: usize,
    sum: [f64; 2],
}
