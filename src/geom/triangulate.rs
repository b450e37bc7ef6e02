//! Polygons with holes to triangles: holes are joined to the outline by bridges, then ears are cut off. Reflex corners
//! lie in a grid, so that an ear is held only against those near to it. Corners in the middle of a side are kept: the
//! neighbour's triangles may end there.

use super::bounds::Box2;
use super::point::Point2;

/// Looks at reflex corners that one polygon may cost; beyond it there is no answer (some seconds of work).
const MAX_LOOKS: usize = 200_000_000;

/// Fewer reflex corners than this are not put into a grid.
const GRID_FROM: usize = 48;

/// Cells of the grid per side, at most.
const MAX_CELLS: usize = 512;

/// Triangles of a polygon, as numbers of its corners (the rings one after the other), each counter-clockwise. The
/// first ring is the outline, counter-clockwise; the others are holes, clockwise. Where a ring touches itself or runs along
/// a line some triangles are flat. `None` when it would take too long.
pub fn triangulate(rings: &[&[Point2]]) -> Option<Vec<[u32; 3]>> {
    let (outer, holes) = rings.split_first()?;
    let n = outer.len();
    if n < 3 {
        return Some(Vec::new());
    }
    if holes.is_empty() && is_convex(outer) {
        return Some((1..n as u32 - 1).map(|i| [0, i, i + 1]).collect());
    }
    let points: Vec<Point2> = rings.iter().flat_map(|r| r.iter().copied()).collect();
    let mut loop_: Vec<u32> = (0..n as u32).collect();
    let mut looks = 0usize;
    let mut at = n as u32;
    let mut inner: Vec<Vec<u32>> = Vec::with_capacity(holes.len());
    for hole in holes {
        if hole.len() > 2 {
            inner.push((at..at + hole.len() as u32).collect());
        }
        at += hole.len() as u32;
    }
    // from the right: a bridge to the right meets the outline or a hole that is already joined
    let rightmost = |ring: &Vec<u32>| {
        (0..ring.len()).max_by(|&i, &j| points[ring[i] as usize].x.total_cmp(&points[ring[j] as usize].x))
    };
    let mut order: Vec<(f64, usize, usize)> = inner
        .iter()
        .enumerate()
        .filter_map(|(h, ring)| rightmost(ring).map(|i| (points[ring[i] as usize].x, h, i)))
        .collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    for (_, h, i) in order {
        looks += loop_.len();
        if looks > MAX_LOOKS {
            return None;
        }
        join(&points, &mut loop_, &inner[h], i);
    }
    Ears::new(&points, loop_).cut(looks)
}

fn is_convex(ring: &[Point2]) -> bool {
    let n = ring.len();
    let mut turns = 0.0;
    for i in 0..n {
        let (a, b, c) = (ring[i], ring[(i + 1) % n], ring[(i + 2) % n]);
        let (u, v) = (b - a, c - b);
        let cross = u.cross(v);
        if cross <= 0.0 {
            return false;
        }
        turns += cross.atan2(u.dot(v));
    }
    // one turn only: a star turns twice
    turns < 7.0
}

/// Joins a hole to the loop by a bridge from its rightmost corner to a corner that it sees.
fn join(points: &[Point2], ring: &mut Vec<u32>, hole: &[u32], start: usize) {
    let at = |i: usize| points[ring[i % ring.len()] as usize];
    let m = points[hole[start] as usize];
    // the nearest edge to the right
    let mut best: Option<(f64, usize)> = None;
    for i in 0..ring.len() {
        let (a, b) = (at(i), at(i + 1));
        if a.y <= m.y && b.y >= m.y && (a.y < b.y) {
            let x = a.x + (b.x - a.x) * ((m.y - a.y) / (b.y - a.y));
            if x >= m.x - 1e-12 && best.is_none_or(|(bx, _)| x < bx) {
                best = Some((x, i));
            }
        }
    }
    let bridge = match best {
        Some((x, i)) => {
            let (a, b) = (at(i), at(i + 1));
            let hit = Point2::new(x, m.y);
            let end = if a.x > b.x { i } else { (i + 1) % ring.len() };
            visible(points, ring, m, hit, end)
        }
        // outside of everything: the nearest corner
        None => (0..ring.len()).min_by(|&i, &j| at(i).distance(m).total_cmp(&at(j).distance(m))).unwrap_or(0),
    };
    let mut spliced: Vec<u32> = Vec::with_capacity(hole.len() + 2);
    spliced.extend((0..=hole.len()).map(|k| hole[(start + k) % hole.len()]));
    spliced.push(ring[bridge]);
    let tail = ring.split_off(bridge + 1);
    ring.extend(spliced);
    ring.extend(tail);
}

/// The end of the edge that was hit, or a reflex corner in between that hides it.
fn visible(points: &[Point2], ring: &[u32], m: Point2, hit: Point2, end: usize) -> usize {
    let at = |i: usize| points[ring[i % ring.len()] as usize];
    let p = at(end);
    let n = ring.len();
    let side = |a: Point2, b: Point2, q: Point2| (b - a).cross(q - a);
    let turn = side(m, hit, p).signum();
    let mut best = end;
    let mut key = (f64::INFINITY, f64::INFINITY);
    for i in 0..n {
        let q = at(i);
        if i != end && q == p {
            // the same corner again, from a bridge: the one whose sides open towards the hole
            if opens_to(at(i + n - 1), q, at(i + 1), m) && !opens_to(at(end + n - 1), p, at(end + 1), m) {
                best = i;
                key = (-1.0, 0.0);
            }
            continue;
        }
        let reflex = side(at(i + n - 1), q, at(i + 1)) < 0.0;
        if i == end || !reflex || q.x < m.x {
            continue;
        }
        let inside =
            side(m, hit, q) * turn >= 0.0 && side(hit, p, q) * turn >= 0.0 && side(p, m, q) * turn >= 0.0;
        if inside {
            let d = q - m;
            let k = (d.y.abs() / d.x.max(1e-300), d.length());
            let better = k.0 < key.0 || (k.0 == key.0 && k.1 < key.1);
            let same = k == key && opens_to(at(i + n - 1), q, at(i + 1), m);
            if better || same {
                best = i;
                key = k;
            }
        }
    }
    best
}

/// The inside at a corner holds the direction to a point.
fn opens_to(before: Point2, p: Point2, after: Point2, to: Point2) -> bool {
    let (u, v, w) = (after - p, before - p, to - p);
    if u.cross(v) > 0.0 {
        u.cross(w) >= 0.0 && w.cross(v) >= 0.0
    } else {
        !(v.cross(w) > 0.0 && w.cross(u) > 0.0)
    }
}

/// A loop from which ears are cut.
struct Ears<'a> {
    points: &'a [Point2],
    ring: Vec<u32>,
    next: Vec<u32>,
    prev: Vec<u32>,
    reflex: Vec<bool>,
    grid: Grid,
}

/// Reflex corners by place.
struct Grid {
    bounds: Box2,
    cells: usize,
    members: Vec<Vec<u32>>,
}

impl Grid {
    fn cell(&self, p: Point2) -> (usize, usize) {
        let k = self.cells as f64;
        let of = |v: f64, low: f64, size: f64| {
            if size > 0.0 { (((v - low) / size * k).max(0.0) as usize).min(self.cells - 1) } else { 0 }
        };
        let (b, s) = (self.bounds, self.bounds.max - self.bounds.min);
        (of(p.x, b.min.x, s.x), of(p.y, b.min.y, s.y))
    }
}

impl<'a> Ears<'a> {
    fn new(points: &'a [Point2], ring: Vec<u32>) -> Self {
        let n = ring.len() as u32;
        let next = (0..n).map(|i| (i + 1) % n).collect();
        let prev = (0..n).map(|i| (i + n - 1) % n).collect();
        let grid = Grid { bounds: Box2::EMPTY, cells: 1, members: Vec::new() };
        let mut ears = Self { points, ring, next, prev, reflex: Vec::new(), grid };
        ears.reflex = (0..n).map(|i| ears.turn(i) <= 0.0).collect();
        let count = ears.reflex.iter().filter(|&&r| r).count();
        let cells = if count < GRID_FROM { 1 } else { ((count as f64).sqrt() as usize).clamp(1, MAX_CELLS) };
        let bounds = Box2::around(ears.ring.iter().map(|&i| points[i as usize]));
        ears.grid = Grid { bounds, cells, members: vec![Vec::new(); cells * cells] };
        for i in 0..n {
            if ears.reflex[i as usize] {
                let (x, y) = ears.grid.cell(ears.at(i));
                ears.grid.members[y * cells + x].push(i);
            }
        }
        ears
    }

    fn at(&self, i: u32) -> Point2 {
        self.points[self.ring[i as usize] as usize]
    }

    /// Twice the area of the corner: positive where it is convex.
    fn turn(&self, i: u32) -> f64 {
        let (a, b, c) = (self.at(self.prev[i as usize]), self.at(i), self.at(self.next[i as usize]));
        (b - a).cross(c - b)
    }

    fn is_ear(&mut self, i: u32, looks: &mut usize) -> bool {
        if self.reflex[i as usize] {
            return false;
        }
        let (a, b, c) = (self.at(self.prev[i as usize]), self.at(i), self.at(self.next[i as usize]));
        let around = Box2::around([a, b, c]);
        let ((x0, y0), (x1, y1)) = (self.grid.cell(around.min), self.grid.cell(around.max));
        for y in y0..=y1 {
            for x in x0..=x1 {
                let cell = y * self.grid.cells + x;
                let reflex = &self.reflex;
                // what has become convex is in nobody's way any more
                *looks += self.grid.members[cell].len() + 1;
                self.grid.members[cell].retain(|&j| reflex[j as usize]);
                for &j in &self.grid.members[cell] {
                    let q = self.at(j);
                    if q == a || q == b || q == c || !around.contains(q) {
                        continue;
                    }
                    let inside = (b - a).cross(q - a) >= 0.0
                        && (c - b).cross(q - b) >= 0.0
                        && (a - c).cross(q - c) >= 0.0;
                    if inside {
                        return false;
                    }
                }
            }
        }
        true
    }

    fn cut(mut self, mut looks: usize) -> Option<Vec<[u32; 3]>> {
        let mut left = self.ring.len();
        let mut out = Vec::with_capacity(left.saturating_sub(2));
        let (mut at, mut idle) = (0u32, 0usize);
        while left > 3 {
            if looks > MAX_LOOKS {
                return None;
            }
            looks += 1;
            // after a whole round without an ear the loop touches itself or lies in a line: the next corner that is not
            // reflex goes all the same, or any; its triangle may be flat, but no edge is left without its neighbour
            let forced = idle > left && (!self.reflex[at as usize] || idle > 2 * left);
            if forced || self.is_ear(at, &mut looks) {
                let (p, n) = (self.prev[at as usize], self.next[at as usize]);
                out.push([self.ring[p as usize], self.ring[at as usize], self.ring[n as usize]]);
                self.next[p as usize] = n;
                self.prev[n as usize] = p;
                self.reflex[at as usize] = false;
                for k in [p, n] {
                    // a corner can only become convex
                    self.reflex[k as usize] &= self.turn(k) <= 0.0;
                }
                left -= 1;
                idle = 0;
                // every other corner first: fewer slivers than going on from the same one
                at = self.next[n as usize];
            } else {
                idle += 1;
                at = self.next[at as usize];
            }
        }
        let (p, n) = (self.prev[at as usize], self.next[at as usize]);
        if left == 3 {
            out.push([self.ring[p as usize], self.ring[at as usize], self.ring[n as usize]]);
        }
        Some(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geom::ring_area;

    fn area(rings: &[&[Point2]], triangles: &[[u32; 3]]) -> f64 {
        let points: Vec<Point2> = rings.iter().flat_map(|r| r.iter().copied()).collect();
        triangles.iter().map(|t| ring_area(&t.map(|i| points[i as usize]))).sum()
    }

    fn square(x: f64, y: f64, half: f64, hole: bool) -> Vec<Point2> {
        let mut ring: Vec<Point2> = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]
            .iter()
            .map(|(a, b)| Point2::new(x + a * half, y + b * half))
            .collect();
        if hole {
            ring.reverse();
        }
        ring
    }

    #[test]
    fn plates_with_many_holes_are_covered_once() {
        let outer = square(0.0, 0.0, 10.0, false);
        let mut holes = Vec::new();
        for i in -4..=4 {
            for j in -4..=4 {
                holes.push(square(f64::from(i) * 2.0, f64::from(j) * 2.0, 0.5, true));
            }
        }
        let rings: Vec<&[Point2]> = std::iter::once(&outer).chain(&holes).map(Vec::as_slice).collect();
        let triangles = triangulate(&rings).unwrap();
        assert!((area(&rings, &triangles) - (400.0 - 81.0)).abs() < 1e-9);
        assert!(triangles.iter().all(|t| {
            let points: Vec<Point2> = rings.iter().flat_map(|r| r.iter().copied()).collect();
            ring_area(&t.map(|i| points[i as usize])) > 0.0
        }));
        // corners + 2 × holes − 2
        assert_eq!(triangles.len(), 4 * 82 + 2 * 81 - 2);
    }

    #[test]
    fn a_comb_and_a_star_are_covered() {
        let mut comb = Vec::new();
        for i in 0..200 {
            let x = f64::from(i);
            comb.extend([Point2::new(x, 0.0), Point2::new(x + 0.5, 5.0)]);
        }
        comb.extend([Point2::new(200.0, 6.0), Point2::new(-1.0, 6.0)]);
        let a = ring_area(&comb);
        let triangles = triangulate(&[&comb]).unwrap();
        assert!(a > 0.0 && (area(&[&comb], &triangles) - a).abs() < 1e-9 * a);
        let star: Vec<Point2> = (0..4000)
            .map(|i| {
                Point2::unit(f64::from(i) * std::f64::consts::TAU / 4000.0)
                    * if i % 2 == 0 { 2.0 } else { 1.0 }
            })
            .collect();
        let triangles = triangulate(&[&star]).unwrap();
        assert!((area(&[&star], &triangles) - ring_area(&star)).abs() < 1e-9);
    }

    #[test]
    fn degenerate_rings_end() {
        let line: Vec<Point2> = (0..50).map(|i| Point2::new(f64::from(i), 0.0)).collect();
        assert!(triangulate(&[&line]).is_some());
        let same = vec![Point2::new(1.0, 1.0); 20];
        assert!(triangulate(&[&same]).is_some());
        assert!(triangulate(&[]).is_none());
    }
}
