//! Faces that were cut up one by one: a corner in the middle of another face's edge becomes a corner of that edge too.

use crate::geom::Point3;

/// Corners this near to an edge are on it, metres.
const ON_EDGE_M: f64 = 4e-6;

/// No more pairs of an edge and a corner than this are looked at.
const MAX_LOOKS: usize = 50_000_000;

/// Rings (numbers of corners, and where each ring ends) with the corners that lie on their edges.
pub(crate) fn with_corners_on_edges(
    corners: &[Point3],
    rings: &[u32],
    ring_ends: &[u32],
) -> (Vec<u32>, Vec<u32>) {
    let mut by_x: Vec<u32> = (0..corners.len() as u32).collect();
    by_x.sort_by(|&a, &b| corners[a as usize].x.total_cmp(&corners[b as usize].x));
    let xs: Vec<f64> = by_x.iter().map(|&i| corners[i as usize].x).collect();
    let mut out: Vec<u32> = Vec::with_capacity(rings.len());
    let mut ends: Vec<u32> = Vec::with_capacity(ring_ends.len());
    let (mut looks, mut on, mut start) = (0usize, Vec::new(), 0usize);
    for &end in ring_ends {
        let ring = &rings[start..end as usize];
        start = end as usize;
        for (i, &a) in ring.iter().enumerate() {
            let b = ring[(i + 1) % ring.len()];
            out.push(a);
            if looks < MAX_LOOKS {
                corners_on(corners, &by_x, &xs, (a, b), &mut on, &mut looks);
                out.extend(on.drain(..).map(|(_, id)| id));
            }
        }
        ends.push(out.len() as u32);
    }
    (out, ends)
}

/// Corners in the middle of an edge, in their order along it.
fn corners_on(
    corners: &[Point3],
    by_x: &[u32],
    xs: &[f64],
    (a, b): (u32, u32),
    on: &mut Vec<(f64, u32)>,
    looks: &mut usize,
) {
    let (p, q) = (corners[a as usize], corners[b as usize]);
    let way = q - p;
    let length2 = way.dot(way);
    let from = xs.partition_point(|&x| x < p.x.min(q.x) - ON_EDGE_M);
    for &id in &by_x[from..] {
        let c = corners[id as usize];
        if c.x > p.x.max(q.x) + ON_EDGE_M {
            break;
        }
        *looks += 1;
        if id == a || id == b {
            continue;
        }
        let (low, high) = ((p.y.min(q.y), p.z.min(q.z)), (p.y.max(q.y), p.z.max(q.z)));
        if c.y < low.0 - ON_EDGE_M
            || c.y > high.0 + ON_EDGE_M
            || c.z < low.1 - ON_EDGE_M
            || c.z > high.1 + ON_EDGE_M
        {
            continue;
        }
        let t = (c - p).dot(way) / length2;
        if t > 0.0 && t < 1.0 && (p + way * t - c).length() < ON_EDGE_M {
            on.push((t, id));
        }
    }
    on.sort_by(|x, y| x.0.total_cmp(&y.0).then(x.1.cmp(&y.1)));
}
