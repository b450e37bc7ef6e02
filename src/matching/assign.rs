//! Exact assignment of small groups: who goes with whom at the lowest total cost, staying alone at a price.

use crate::geom::Groups;
use std::collections::BTreeMap;

/// Groups larger than this are split by taking the cheapest pairs first.
const MAX_GROUP: usize = 60;

/// Pairs `(left, right)` of lowest total cost among the gated `edges`; leaving a pair apart costs `alone`.
/// Deterministic: edges are used in order of left, right.
pub(super) fn assign(edges: &[(usize, usize, f64)], alone: f64) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    for group in groups(edges) {
        let mut lefts: Vec<usize> = group.iter().map(|e| e.0).collect();
        let mut rights: Vec<usize> = group.iter().map(|e| e.1).collect();
        for list in [&mut lefts, &mut rights] {
            list.sort_unstable();
            list.dedup();
        }
        if lefts.len().max(rights.len()) > MAX_GROUP {
            out.extend(greedy(&group));
        } else {
            out.extend(exact(&group, &lefts, &rights, alone));
        }
    }
    out.sort_unstable();
    out
}

/// Connected components of the graph.
fn groups(edges: &[(usize, usize, f64)]) -> Vec<Vec<(usize, usize, f64)>> {
    let lefts = edges.iter().map(|e| e.0 + 1).max().unwrap_or(0);
    let rights = edges.iter().map(|e| e.1 + 1).max().unwrap_or(0);
    let mut joined = Groups::new(lefts + rights);
    for &(l, r, _) in edges {
        joined.join(l, lefts + r);
    }
    let mut out: BTreeMap<usize, Vec<(usize, usize, f64)>> = BTreeMap::new();
    for &e in edges {
        out.entry(joined.root(e.0)).or_default().push(e);
    }
    out.into_values().collect()
}

fn greedy(group: &[(usize, usize, f64)]) -> Vec<(usize, usize)> {
    let mut sorted = group.to_vec();
    sorted.sort_by(|a, b| a.2.total_cmp(&b.2).then((a.0, a.1).cmp(&(b.0, b.1))));
    let (mut left, mut right) = (std::collections::BTreeSet::new(), std::collections::BTreeSet::new());
    sorted
        .into_iter()
        .filter(|&(l, r, _)| !left.contains(&l) && !right.contains(&r) && left.insert(l) && right.insert(r))
        .map(|(l, r, _)| (l, r))
        .collect()
}

/// The Hungarian method on a square matrix in which every one may also stay alone.
fn exact(
    group: &[(usize, usize, f64)],
    lefts: &[usize],
    rights: &[usize],
    alone: f64,
) -> Vec<(usize, usize)> {
    let (n, m) = (lefts.len(), rights.len());
    let size = n + m;
    // rows: lefts, then one stand-in per right; columns: rights, then one stand-in per left
    let mut cost = vec![vec![0.0f64; size]; size];
    for (i, row) in cost.iter_mut().enumerate() {
        for (j, c) in row.iter_mut().enumerate() {
            *c = match (i < n, j < m) {
                (true, true) => 1e6,
                (true, false) | (false, true) => alone / 2.0,
                (false, false) => 0.0,
            };
        }
    }
    for &(l, r, c) in group {
        if let (Ok(i), Ok(j)) = (lefts.binary_search(&l), rights.binary_search(&r)) {
            cost[i][j] = cost[i][j].min(c);
        }
    }
    let row_of = hungarian(&cost);
    let mut out = Vec::new();
    for (j, &i) in row_of.iter().enumerate().take(m) {
        if i < n && cost[i][j] < 1e5 {
            out.push((lefts[i], rights[j]));
        }
    }
    out
}

/// For each column the row that it goes with, at the lowest total cost (square matrix).
fn hungarian(cost: &[Vec<f64>]) -> Vec<usize> {
    let n = cost.len();
    let (mut u, mut v) = (vec![0.0; n + 1], vec![0.0; n + 1]);
    let (mut row, mut way) = (vec![0usize; n + 1], vec![0usize; n + 1]);
    for i in 1..=n {
        row[0] = i;
        let mut j0 = 0;
        let mut least = vec![f64::INFINITY; n + 1];
        let mut used = vec![false; n + 1];
        loop {
            used[j0] = true;
            let i0 = row[j0];
            let (mut delta, mut j1) = (f64::INFINITY, 0);
            for j in 1..=n {
                if used[j] {
                    continue;
                }
                let c = cost[i0 - 1][j - 1] - u[i0] - v[j];
                if c < least[j] {
                    least[j] = c;
                    way[j] = j0;
                }
                if least[j] < delta {
                    delta = least[j];
                    j1 = j;
                }
            }
            for j in 0..=n {
                if used[j] {
                    u[row[j]] += delta;
                    v[j] -= delta;
                } else {
                    least[j] -= delta;
                }
            }
            j0 = j1;
            if row[j0] == 0 {
                break;
            }
        }
        while j0 != 0 {
            let j1 = way[j0];
            row[j0] = row[j1];
            j0 = j1;
        }
    }
    (1..=n).map(|j| row[j] - 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cheapest_whole_wins_over_the_cheapest_pair() {
        // greedy would take (0, 0) at 1 and leave (1, 1) at 10
        let edges = [(0, 0, 1.0), (0, 1, 2.0), (1, 0, 2.0), (1, 1, 10.0)];
        assert_eq!(assign(&edges, 20.0), [(0, 1), (1, 0)]);
    }

    #[test]
    fn what_is_too_dear_stays_alone() {
        assert_eq!(assign(&[(0, 0, 0.1), (1, 0, 0.2), (1, 1, 3.0)], 1.0), [(0, 0)]);
        assert!(assign(&[], 1.0).is_empty());
    }
}
