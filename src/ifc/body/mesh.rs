//! Bodies given by their faces (breps, face sets, tessellations), and how a level plane cuts them: each face gives
//! segments, segments that share an edge are chained into loops.

use super::reader::FARTHEST_M;
use crate::geom::{Affine3, Box3, Groups, Point2, Point3, Polygon, Region, even_odd, union};
use std::collections::HashMap;

/// Corners closer than this are one, metres.
const WELD_M: f64 = 1e-6;

/// Loose ends closer than this are joined, metres: the finest difference told.
const JOIN_M: f64 = 1e-3;

/// No more loose ends than this are tried against one another.
const MAX_LOOSE_ENDS: usize = 2_000;

/// Points off the line between their neighbours by less than this are no corners, metres.
const STRAIGHT_M: f64 = 1e-6;

/// Flat faces over welded corners. Each face has an outline and holes, in any order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mesh {
    corners: Vec<Point3>,
    rings: Vec<u32>,
    ring_ends: Vec<u32>,
    face_ends: Vec<u32>,
    /// Connected piece that each corner belongs to.
    pieces: Vec<u32>,
}

/// What a plane cut out of a mesh.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slice {
    /// The closed part.
    pub(crate) region: Region,
    /// Some chains did not close.
    pub(crate) open: bool,
}

/// Collects faces, welds their corners.
#[derive(Debug, Default)]
pub(crate) struct MeshBuilder {
    mesh: Mesh,
    cells: HashMap<[i64; 3], u32>,
}

impl MeshBuilder {
    /// The number of a corner; `None` where nothing can be.
    pub(crate) fn corner(&mut self, p: Point3) -> Option<u32> {
        if ![p.x, p.y, p.z].iter().all(|c| c.abs() <= FARTHEST_M) {
            return None;
        }
        let cell = [p.x, p.y, p.z].map(|c| (c / WELD_M).round() as i64);
        let next = u32::try_from(self.mesh.corners.len()).ok()?;
        let id = *self.cells.entry(cell).or_insert(next);
        if id == next {
            self.mesh.corners.push(p);
        }
        Some(id)
    }

    /// Adds a ring to the face under way; fewer than three different corners are ignored.
    pub(crate) fn ring(&mut self, corners: impl IntoIterator<Item = Point3>) {
        let ids: Vec<u32> = corners.into_iter().filter_map(|p| self.corner(p)).collect();
        self.ring_of(&ids);
    }

    /// Adds a ring of corner numbers.
    pub(crate) fn ring_of(&mut self, ids: &[u32]) {
        let start = self.mesh.rings.len();
        for &id in ids {
            if self.mesh.rings.get(start..).and_then(<[u32]>::last) != Some(&id) {
                self.mesh.rings.push(id);
            }
        }
        while self.mesh.rings.len() > start + 1 && self.mesh.rings.last() == self.mesh.rings.get(start) {
            self.mesh.rings.pop();
        }
        if self.mesh.rings.len() < start + 3 {
            self.mesh.rings.truncate(start);
        } else {
            self.mesh.ring_ends.push(self.mesh.rings.len() as u32);
        }
    }

    /// Ends the face under way.
    pub(crate) fn end_face(&mut self) {
        let rings = self.mesh.ring_ends.len() as u32;
        if self.mesh.face_ends.last().copied().unwrap_or(0) < rings {
            self.mesh.face_ends.push(rings);
        }
    }

    /// A face without holes.
    pub(crate) fn face(&mut self, corners: impl IntoIterator<Item = Point3>) {
        self.ring(corners);
        self.end_face();
    }

    /// The mesh, with the corners that lie in the middle of other faces' edges made corners of those.
    pub(crate) fn finish_joined(mut self) -> Mesh {
        let mesh = &mut self.mesh;
        (mesh.rings, mesh.ring_ends) =
            super::join::with_corners_on_edges(&mesh.corners, &mesh.rings, &mesh.ring_ends);
        self.finish()
    }

    /// The mesh, its connected pieces found.
    pub(crate) fn finish(self) -> Mesh {
        self.mesh.in_pieces()
    }
}

/// A piece of a cut: the two mesh edges that it runs between and their points.
struct Segment {
    edges: [(u32, u32); 2],
    points: [Point2; 2],
    piece: u32,
}

impl Mesh {
    /// From welded corners and the rings of its faces.
    pub(crate) fn of_parts(
        corners: Vec<Point3>,
        rings: Vec<u32>,
        ring_ends: Vec<u32>,
        face_ends: Vec<u32>,
    ) -> Self {
        Self { corners, rings, ring_ends, face_ends, pieces: Vec::new() }.in_pieces()
    }

    /// Finds its connected pieces.
    fn in_pieces(mut self) -> Self {
        let mut groups = Groups::new(self.corners.len());
        for rings in self.faces() {
            let Some(first) = rings.clone().next().and_then(|r| r.first().copied()) else { continue };
            for &corner in rings.flatten() {
                groups.join(first as usize, corner as usize);
            }
        }
        self.pieces = (0..self.corners.len()).map(|i| groups.root(i) as u32).collect();
        self
    }

    /// Its corners, each once.
    pub(crate) fn corners(&self) -> &[Point3] {
        &self.corners
    }

    /// The rings of each face, as numbers of corners.
    pub(crate) fn faces(&self) -> impl Iterator<Item = impl Iterator<Item = &[u32]> + Clone> {
        self.face_ends.iter().enumerate().map(move |(f, &end)| {
            let start = if f == 0 { 0 } else { self.face_ends[f - 1] };
            (start..end).map(move |r| {
                let from = if r == 0 { 0 } else { self.ring_ends[r as usize - 1] };
                &self.rings[from as usize..self.ring_ends[r as usize] as usize]
            })
        })
    }

    /// Number of corners of all faces, shared ones counted each time.
    pub(crate) fn corner_count(&self) -> usize {
        self.rings.len()
    }

    /// Number of faces.
    pub(crate) fn face_count(&self) -> usize {
        self.face_ends.len()
    }

    /// Box around the mapped corners.
    pub(crate) fn bounds(&self, map: &Affine3) -> Box3 {
        let mut out = Box3::EMPTY;
        self.corners.iter().for_each(|&p| out.add(map.apply(p)));
        out
    }

    /// Its faces as loops of mapped points.
    pub(crate) fn loops(&self, map: &Affine3) -> Vec<Vec<Point3>> {
        let points: Vec<Point3> = self.corners.iter().map(|&p| map.apply(p)).collect();
        self.faces().flatten().map(|ring| ring.iter().map(|&i| points[i as usize]).collect()).collect()
    }

    /// What a level plane at world height `z` cuts out of the mapped mesh. A corner on the plane counts as below it,
    /// so that faces in the plane do not matter and the lower end of a body belongs to it, the upper end does not.
    pub(crate) fn section(&self, map: &Affine3, z: f64) -> Slice {
        let points: Vec<Point3> = self.corners.iter().map(|&p| map.apply(p)).collect();
        self.slice(&points, z)
    }

    /// The same for corners that were mapped already, one for each of its own.
    pub(crate) fn slice(&self, points: &[Point3], z: f64) -> Slice {
        let mut segments: Vec<Segment> = Vec::new();
        let mut hits: Vec<((u32, u32), Point2)> = Vec::new();
        for rings in self.faces() {
            hits.clear();
            for ring in rings {
                let mut a = ring[ring.len() - 1];
                for &b in ring {
                    if (points[a as usize].z > z) != (points[b as usize].z > z) {
                        let edge = (a.min(b), a.max(b));
                        let (p, q) = (points[edge.0 as usize], points[edge.1 as usize]);
                        hits.push((edge, (p + (q - p) * ((z - p.z) / (q.z - p.z))).xy()));
                    }
                    a = b;
                }
            }
            sort_along_line(&mut hits);
            segments.extend(hits.chunks_exact(2).map(|pair| Segment {
                edges: [pair[0].0, pair[1].0],
                points: [pair[0].1, pair[1].1],
                piece: self.pieces[pair[0].0.0 as usize],
            }));
        }
        if segments.is_empty() {
            return Slice::default();
        }
        let (mut loops, loose) = chain(&segments);
        let open = close_loose(loose, &mut loops);
        Slice { region: fill(loops), open }
    }
}

/// Puts the hits of one plane with one flat face in their order along the line that they lie on.
fn sort_along_line(hits: &mut [((u32, u32), Point2)]) {
    if hits.len() <= 2 {
        return;
    }
    let first = hits[0].1;
    let far = |from: Point2, hits: &[((u32, u32), Point2)]| {
        hits.iter()
            .map(|h| h.1)
            .max_by(|a, b| from.distance(*a).total_cmp(&from.distance(*b)))
            .unwrap_or(from)
    };
    let end = far(first, hits);
    let along = far(end, hits) - end;
    hits.sort_by(|a, b| along.dot(a.1).total_cmp(&along.dot(b.1)).then(a.0.cmp(&b.0)));
}

/// Follows segments over the edges that they share. Gives closed loops and chains with loose ends, each with its
/// piece.
#[allow(clippy::type_complexity)]
fn chain(segments: &[Segment]) -> (Vec<(u32, Vec<Point2>)>, Vec<(u32, Vec<Point2>)>) {
    let mut ends: Vec<((u32, u32), u32, u8)> = Vec::with_capacity(segments.len() * 2);
    for (i, s) in segments.iter().enumerate() {
        ends.push((s.edges[0], i as u32, 0));
        ends.push((s.edges[1], i as u32, 1));
    }
    ends.sort_unstable();
    // two by two over each edge; an odd one stays loose
    let mut mate: Vec<[Option<(u32, u8)>; 2]> = vec![[None; 2]; segments.len()];
    let mut i = 0;
    while i + 1 < ends.len() {
        let (a, b) = (ends[i], ends[i + 1]);
        if a.0 == b.0 {
            mate[a.1 as usize][a.2 as usize] = Some((b.1, b.2));
            mate[b.1 as usize][b.2 as usize] = Some((a.1, a.2));
            i += 2;
        } else {
            i += 1;
        }
    }
    let mut used = vec![false; segments.len()];
    let (mut loops, mut loose) = (Vec::new(), Vec::new());
    let follow = |start: usize, end: u8, used: &mut Vec<bool>| {
        let (mut at, mut out) = (start, end);
        let mut points = vec![segments[start].points[1 - end as usize]];
        loop {
            used[at] = true;
            let Some((next, enter)) = mate[at][out as usize] else {
                points.push(segments[at].points[out as usize]);
                return (points, false);
            };
            points.push(segments[at].points[out as usize]);
            if used[next as usize] {
                points.pop();
                return (points, true);
            }
            at = next as usize;
            out = 1 - enter;
        }
    };
    // chains first, from their loose ends; then what is left are loops
    for i in 0..segments.len() {
        for end in 0..2u8 {
            if !used[i] && mate[i][1 - end as usize].is_none() {
                loose.push((segments[i].piece, follow(i, end, &mut used).0));
            }
        }
    }
    for i in 0..segments.len() {
        if !used[i] {
            loops.push((segments[i].piece, follow(i, 1, &mut used).0));
        }
    }
    (loops, loose)
}

/// Joins chains whose ends all but meet; says whether any stayed open.
fn close_loose(mut loose: Vec<(u32, Vec<Point2>)>, loops: &mut Vec<(u32, Vec<Point2>)>) -> bool {
    if loose.len() > MAX_LOOSE_ENDS {
        return true;
    }
    let mut open = false;
    while let Some((piece, mut points)) = loose.pop() {
        while let (Some(&first), Some(&last)) = (points.first(), points.last()) {
            let gap = |p: &Vec<Point2>| {
                let near = |q: Option<&Point2>| q.map_or(f64::INFINITY, |q| q.distance(last));
                (near(p.first()), near(p.last()))
            };
            let best = loose
                .iter()
                .enumerate()
                .map(|(i, (_, p))| (gap(p).0.min(gap(p).1), i))
                .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            let own = first.distance(last);
            match best {
                Some((distance, i)) if distance <= JOIN_M && (distance < own || points.len() < 3) => {
                    let (_, mut more) = loose.remove(i);
                    if gap(&more).1 < gap(&more).0 {
                        more.reverse();
                    }
                    points.extend(more.into_iter().skip(1));
                }
                _ => {
                    if own <= JOIN_M {
                        points.pop();
                        loops.push((piece, points));
                    } else {
                        open = true;
                    }
                    break;
                }
            }
        }
    }
    open
}

/// Loops to regions: even-odd within a connected piece (its holes), united over the pieces.
fn fill(loops: Vec<(u32, Vec<Point2>)>) -> Region {
    let mut by_piece: Vec<(u32, Vec<Vec<Point2>>)> = Vec::new();
    let mut sorted: Vec<(u32, Vec<Point2>)> = loops
        .into_iter()
        .map(|(piece, ring)| (piece, straightened(&ring)))
        .filter(|(_, r)| r.len() > 2)
        .collect();
    sorted.sort_by_key(|(piece, _)| *piece);
    for (piece, ring) in sorted {
        match by_piece.last_mut() {
            Some((p, rings)) if *p == piece => rings.push(ring),
            _ => by_piece.push((piece, vec![ring])),
        }
    }
    let mut regions: Vec<Region> = by_piece
        .into_iter()
        .map(|(_, mut rings)| match rings.len() {
            1 => vec![Polygon::new(rings.remove(0))],
            _ => even_odd(rings),
        })
        .filter(|r| !r.is_empty())
        .collect();
    match regions.len() {
        0 => Vec::new(),
        1 => regions.remove(0),
        _ => union(&regions.concat()),
    }
}

/// A ring without the points that are no corners.
pub(crate) fn straightened(ring: &[Point2]) -> Vec<Point2> {
    let mut out: Vec<Point2> = Vec::with_capacity(ring.len());
    let bent = |a: Point2, b: Point2, c: Point2| {
        let chord = c - a;
        let length = chord.length();
        b.distance(a) > STRAIGHT_M
            && (length < STRAIGHT_M
                || chord.cross(b - a).abs() > STRAIGHT_M * length
                || (b - a).dot(c - b) < 0.0)
    };
    for &p in ring {
        while out.len() >= 2 && !bent(out[out.len() - 2], out[out.len() - 1], p) {
            out.pop();
        }
        if out.last().is_none_or(|q| q.distance(p) > STRAIGHT_M) {
            out.push(p);
        }
    }
    while out.len() > 2 && !bent(out[out.len() - 2], out[out.len() - 1], out[0]) {
        out.pop();
    }
    while out.len() > 2 && !bent(out[out.len() - 1], out[0], out[1]) {
        out.remove(0);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cube(builder: &mut MeshBuilder, at: Point3, size: f64) {
        let p = |x: f64, y: f64, z: f64| at + Point3::new(x, y, z) * size;
        let quad = |b: &mut MeshBuilder, q: [(f64, f64, f64); 4]| b.face(q.map(|(x, y, z)| p(x, y, z)));
        quad(builder, [(0., 0., 0.), (0., 1., 0.), (1., 1., 0.), (1., 0., 0.)]);
        quad(builder, [(0., 0., 1.), (1., 0., 1.), (1., 1., 1.), (0., 1., 1.)]);
        quad(builder, [(0., 0., 0.), (1., 0., 0.), (1., 0., 1.), (0., 0., 1.)]);
        quad(builder, [(1., 0., 0.), (1., 1., 0.), (1., 1., 1.), (1., 0., 1.)]);
        quad(builder, [(1., 1., 0.), (0., 1., 0.), (0., 1., 1.), (1., 1., 1.)]);
        // the last side as two triangles
        builder.face([p(0., 1., 0.), p(0., 0., 0.), p(0., 0., 1.)]);
        builder.face([p(0., 1., 0.), p(0., 0., 1.), p(0., 1., 1.)]);
    }

    fn area(region: &Region) -> f64 {
        region.iter().map(Polygon::area).sum()
    }

    #[test]
    fn cubes_are_cut_into_squares() {
        let mut builder = MeshBuilder::default();
        cube(&mut builder, Point3::default(), 2.0);
        cube(&mut builder, Point3::new(1.0, 0.0, 0.0), 2.0);
        let mesh = builder.finish();
        for z in [0.0, 0.5, 1.999] {
            let slice = mesh.section(&Affine3::IDENTITY, z);
            assert!(!slice.open);
            assert!(
                (area(&slice.region) - 6.0).abs() < 1e-6,
                "two that overlap are one: {}",
                area(&slice.region)
            );
            assert_eq!(slice.region.len(), 1);
        }
        assert!(mesh.section(&Affine3::IDENTITY, 2.0).region.is_empty());
        assert!(mesh.section(&Affine3::IDENTITY, 2.5).region.is_empty());
    }

    #[test]
    fn a_missing_side_is_told() {
        let mut builder = MeshBuilder::default();
        let p = Point3::new;
        builder.face([p(0., 0., 0.), p(1., 0., 0.), p(1., 0., 1.), p(0., 0., 1.)]);
        builder.face([p(1., 0., 0.), p(1., 1., 0.), p(1., 1., 1.), p(1., 0., 1.)]);
        let slice = builder.finish().section(&Affine3::IDENTITY, 0.5);
        assert!(slice.open && slice.region.is_empty());
    }

    #[test]
    fn a_face_with_a_hole_gives_two_segments() {
        // a tube: square outside, square inside
        let mut b = MeshBuilder::default();
        let p = Point3::new;
        let ring = |s: f64, z: f64| [p(-s, -s, z), p(s, -s, z), p(s, s, z), p(-s, s, z)];
        for (s, _) in [(2.0, 0), (1.0, 1)] {
            let (low, high) = (ring(s, 0.0), ring(s, 3.0));
            for i in 0..4 {
                let j = (i + 1) % 4;
                b.face([low[i], low[j], high[j], high[i]]);
            }
        }
        for z in [0.0, 3.0] {
            b.ring(ring(2.0, z));
            b.ring(ring(1.0, z));
            b.end_face();
        }
        let mesh = b.finish();
        let turned = Affine3::frame(Point3::default(), Some(p(1.0, 0.0, 0.0)), None);
        let slice = mesh.section(&turned, 0.5);
        assert!(!slice.open);
        assert!((area(&slice.region) - 3.0 * 2.0).abs() < 1e-6, "{}", area(&slice.region));
        assert!((area(&mesh.section(&Affine3::IDENTITY, 1.0).region) - 12.0).abs() < 1e-6);
    }
}
