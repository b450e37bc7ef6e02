//! Cutting regions with straight lines, exactly: no grid, no rounding beyond that of `f64`.

use super::point::Point2;
use super::polygon::{Polygon, Region, ring_area, ring_contains};

/// Rings that come out smaller than this are rounding (m²).
const NOTHING_M2: f64 = 1e-12;

/// The part of a region on the side of the line through `origin` that `towards` points to; the line belongs to it.
pub fn clip_half_plane(region: &[Polygon], origin: Point2, towards: Point2) -> Region {
    region.iter().flat_map(|p| clip_polygon(p, origin, towards)).collect()
}

/// Parameters along the line from `origin` in direction `along` (in lengths of `along`) where the region begins and
/// ends: rising, in pairs.
pub fn line_intervals(region: &[Polygon], origin: Point2, along: Point2) -> Vec<(f64, f64)> {
    let length2 = along.dot(along);
    if length2 <= 0.0 || !length2.is_finite() {
        return Vec::new();
    }
    let mut out = Vec::new();
    for polygon in region {
        let mut hits: Vec<f64> = Vec::new();
        for ring in polygon.rings() {
            for (i, &a) in ring.iter().enumerate() {
                let b = ring[(i + 1) % ring.len()];
                let (da, db) = (along.cross(a - origin), along.cross(b - origin));
                if (da >= 0.0) != (db >= 0.0) {
                    let p = a + (b - a) * (da / (da - db));
                    hits.push((p - origin).dot(along) / length2);
                }
            }
        }
        hits.sort_by(f64::total_cmp);
        out.extend(hits.chunks_exact(2).map(|pair| (pair[0], pair[1])));
    }
    out.sort_by(|a, b| a.0.total_cmp(&b.0));
    out
}

fn clip_polygon(polygon: &Polygon, origin: Point2, towards: Point2) -> Region {
    let side = |p: Point2| (p - origin).dot(towards);
    let (mut kept, mut lost) = (false, false);
    for &p in polygon.rings().flatten() {
        if side(p) >= 0.0 {
            kept = true;
        } else {
            lost = true;
        }
    }
    if !lost {
        return vec![polygon.clone()];
    }
    if !kept {
        return Vec::new();
    }
    let mut whole: Vec<Vec<Point2>> = Vec::new();
    // pieces of rings on the kept side; each starts and ends on the line
    let mut pieces: Vec<Vec<Point2>> = Vec::new();
    for ring in polygon.rings() {
        if ring.iter().all(|&p| side(p) >= 0.0) {
            whole.push(ring.clone());
        } else {
            split_ring(ring, &side, &mut pieces);
        }
    }
    whole.extend(join_pieces(pieces, towards.left()));
    regions_of_rings(whole)
}

fn split_ring(ring: &[Point2], side: &impl Fn(Point2) -> f64, pieces: &mut Vec<Vec<Point2>>) {
    let n = ring.len();
    // begin where the ring enters the kept side
    let Some(start) = (0..n).find(|&i| side(ring[i]) < 0.0 && side(ring[(i + 1) % n]) >= 0.0) else { return };
    let mut piece: Vec<Point2> = Vec::new();
    for k in 0..n {
        let (a, b) = (ring[(start + k) % n], ring[(start + k + 1) % n]);
        let (da, db) = (side(a), side(b));
        if (da >= 0.0) != (db >= 0.0) {
            piece.push(a + (b - a) * (da / (da - db)));
        }
        if db >= 0.0 {
            piece.push(b);
        } else if !piece.is_empty() {
            pieces.push(std::mem::take(&mut piece));
        }
    }
}

/// Joins pieces along the line: crossings, sorted along it, bound the inside in pairs.
fn join_pieces(mut pieces: Vec<Vec<Point2>>, along: Point2) -> Vec<Vec<Point2>> {
    // (place on the line, piece, at its end)
    let mut crossings: Vec<(f64, usize, bool)> = Vec::with_capacity(pieces.len() * 2);
    for (i, piece) in pieces.iter().enumerate() {
        if let (Some(first), Some(last)) = (piece.first(), piece.last()) {
            crossings.push((first.dot(along), i, false));
            crossings.push((last.dot(along), i, true));
        }
    }
    crossings.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let mut next: Vec<Option<usize>> = vec![None; pieces.len()];
    for pair in crossings.chunks_exact(2) {
        match (pair[0].2, pair[1].2) {
            (true, false) => next[pair[0].1] = Some(pair[1].1),
            (false, true) => next[pair[1].1] = Some(pair[0].1),
            // a ring that crosses itself on the line: close each piece on itself
            _ => {
                next[pair[0].1].get_or_insert(pair[0].1);
                next[pair[1].1].get_or_insert(pair[1].1);
            }
        }
    }
    let mut rings = Vec::new();
    for start in 0..pieces.len() {
        let mut ring: Vec<Point2> = Vec::new();
        let mut at = start;
        while !pieces[at].is_empty() {
            ring.append(&mut pieces[at]);
            at = next[at].unwrap_or(at);
        }
        if !ring.is_empty() {
            rings.push(ring);
        }
    }
    rings
}

/// Rings that do not cross, counter-clockwise outlines and clockwise holes, put together.
fn regions_of_rings(rings: Vec<Vec<Point2>>) -> Region {
    let mut outers: Region = Vec::new();
    let mut holes = Vec::new();
    for mut ring in rings {
        ring.dedup_by(|a, b| a.distance(*b) < 1e-12);
        while ring.len() > 1 && ring.first().zip(ring.last()).is_some_and(|(a, b)| a.distance(*b) < 1e-12) {
            ring.pop();
        }
        let area = ring_area(&ring);
        if area > NOTHING_M2 {
            outers.push(Polygon { outer: ring, holes: Vec::new() });
        } else if area < -NOTHING_M2 {
            holes.push(ring);
        }
    }
    for hole in holes {
        // a point just inside the hole's first edge, so that a shared border does not decide
        let Some(probe) = hole.iter().copied().reduce(|a, b| a + b).map(|s| s / hole.len() as f64) else {
            continue;
        };
        let home = if outers.len() == 1 {
            Some(0)
        } else {
            outers.iter().position(|o| ring_contains(&o.outer, probe))
        };
        if let Some(outer) = home.and_then(|i| outers.get_mut(i)) {
            outer.holes.push(hole);
        }
    }
    outers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(region: &[Polygon]) -> f64 {
        region.iter().map(Polygon::area).sum()
    }

    #[test]
    fn a_u_falls_into_its_two_legs() {
        let u = Polygon::new(
            [(0.0, 0.0), (3.0, 0.0), (3.0, 3.0), (2.0, 3.0), (2.0, 1.0), (1.0, 1.0), (1.0, 3.0), (0.0, 3.0)]
                .map(|(x, y)| Point2::new(x, y))
                .to_vec(),
        );
        let up = clip_half_plane(std::slice::from_ref(&u), Point2::new(0.0, 2.0), Point2::new(0.0, 1.0));
        assert_eq!(up.len(), 2);
        assert!((area(&up) - 2.0).abs() < 1e-12);
        let down = clip_half_plane(std::slice::from_ref(&u), Point2::new(0.0, 2.0), Point2::new(0.0, -1.0));
        assert_eq!(down.len(), 1);
        assert!((area(&down) - 5.0).abs() < 1e-12);
        let hits = line_intervals(&[u], Point2::new(-1.0, 2.0), Point2::new(1.0, 0.0));
        assert_eq!(hits, vec![(1.0, 2.0), (3.0, 4.0)]);
    }

    #[test]
    fn holes_are_cut_and_kept() {
        let mut plate = Polygon::rectangle(Point2::default(), 10.0, 10.0, 0.0);
        for x in [-3.0, 3.0] {
            let mut hole = Polygon::rectangle(Point2::new(x, 0.0), 2.0, 2.0, 0.0).outer;
            hole.reverse();
            plate.holes.push(hole);
        }
        let left = clip_half_plane(&[plate], Point2::new(3.0, 0.0), Point2::new(-1.0, 0.0));
        assert_eq!((left.len(), left[0].holes.len()), (1, 1));
        assert!((area(&left) - (80.0 - 4.0 - 2.0)).abs() < 1e-9, "{}", area(&left));
    }
}
