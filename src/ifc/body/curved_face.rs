//! Curved faces → triangles: the loops are laid out over the parameters of the surface, cut into strips along them, and
//! lifted back. The edges stay as their neighbours have them.

use super::mesh::MeshBuilder;
use super::surface::Surface;
use crate::geom::{Point2, Point3, Polygon, Region, clip_half_plane, ring_area, triangulate};
use std::collections::HashMap;

/// A face has no more pieces than this.
const MAX_PIECES: usize = 100_000;

/// New corners are held against the edges while there are no more pairs than this.
const MAX_LOOKS: usize = 20_000_000;

/// Parameters nearer than this part of the face's size are one.
const SAME: f64 = 1e-7;

/// A loop over the parameters: where each corner lies, in the parameters and in space.
struct Loop {
    flat: Vec<Point2>,
    points: Vec<Point3>,
    /// How often it runs around the surface.
    turns: i32,
}

/// Adds the triangles of a curved face. False where its loops cannot be laid out; then nothing is added.
pub(crate) fn add(mesh: &mut MeshBuilder, surface: &Surface, loops: &[Vec<Point3>]) -> bool {
    let loops: Vec<Loop> = loops.iter().filter(|l| l.len() > 1).map(|l| laid_out(surface, l)).collect();
    let Some((region, edges)) = layout(surface, loops) else { return false };
    let bounds = region.iter().fold(crate::geom::Box2::EMPTY, |mut b, p| {
        b.merge(&p.bounds());
        b
    });
    if bounds.is_empty() || !(bounds.width() > 0.0 && bounds.height() > 0.0) {
        return false;
    }
    let (mut us, vs) = surface.stops(bounds.min, bounds.max);
    if vs.is_empty() {
        // straight along v: cut at the corners, so that no edge gets new ones
        us.extend(edges.iter().map(|e| e.0.x));
    }
    let us = tidied(us, bounds.min.x, bounds.max.x);
    let vs = tidied(vs, bounds.min.y, bounds.max.y);
    if us.len().saturating_add(1).saturating_mul(vs.len() + 1) > MAX_PIECES {
        return false;
    }
    let known: HashMap<[u64; 2], Point3> = edges.iter().map(|e| (key(e.0), e.2)).collect();
    let lift = Lift { surface, edges: &edges, known, size: bounds.diagonal() };
    let mut pieces = Vec::new();
    for strip in split(region, &us, Point2::new(1.0, 0.0)) {
        pieces.extend(split(strip, &vs, Point2::new(0.0, 1.0)));
    }
    if pieces.iter().flatten().map(|p| p.outer.len()).sum::<usize>().saturating_mul(edges.len()) > MAX_LOOKS {
        return false;
    }
    for polygon in pieces.iter().flatten() {
        let rings: Vec<&[Point2]> = polygon.rings().map(Vec::as_slice).collect();
        let Some(triangles) = triangulate(&rings) else { continue };
        let points: Vec<Point3> = polygon.rings().flatten().map(|&p| lift.at(p)).collect();
        for triangle in triangles {
            mesh.face(triangle.map(|i| points[i as usize]));
        }
    }
    true
}

fn key(p: Point2) -> [u64; 2] {
    [p.x.to_bits(), p.y.to_bits()]
}

/// Stops within the bounds, rising, each once.
fn tidied(mut stops: Vec<f64>, low: f64, high: f64) -> Vec<f64> {
    let same = (high - low) * SAME;
    stops.retain(|s| *s > low + same && *s < high - same);
    stops.sort_by(f64::total_cmp);
    stops.dedup_by(|a, b| *a - *b < same);
    stops
}

/// A region cut along lines across a direction, half by half.
fn split(region: Region, stops: &[f64], along: Point2) -> Vec<Region> {
    if region.is_empty() {
        return Vec::new();
    }
    let middle = stops.len() / 2;
    let Some(&stop) = stops.get(middle) else { return vec![region] };
    let origin = along * stop;
    let low = clip_half_plane(&region, origin, -along);
    let high = clip_half_plane(&region, origin, along);
    let mut out = split(low, &stops[..middle], along);
    out.extend(split(high, &stops[middle + 1..], along));
    out
}

/// Corners of a loop in the parameters, each as near to the one before it as the periods allow.
fn laid_out(surface: &Surface, points: &[Point3]) -> Loop {
    let (period_u, period_v) = surface.periods();
    let near = |value: f64, before: f64, period: Option<f64>| match period {
        Some(period) => value - ((value - before) / period).round() * period,
        None => value,
    };
    let mut flat: Vec<Point2> = Vec::with_capacity(points.len());
    let step = |p: Point3, before: Option<Point2>| {
        let q = surface.parameters(p, before);
        match before {
            Some(b) => Point2::new(near(q.x, b.x, period_u), near(q.y, b.y, period_v)),
            None => q,
        }
    };
    for &p in points {
        let q = step(p, flat.last().copied());
        flat.push(q);
    }
    let closing = points.first().map(|&p| step(p, flat.last().copied()));
    let turns = match (closing, flat.first(), period_u) {
        (Some(end), Some(start), Some(period)) => ((end.x - start.x) / period).round() as i32,
        _ => 0,
    };
    Loop { flat, points: points.to_vec(), turns }
}

/// An edge of a face: its ends in the parameters, and in space.
type Edge = (Point2, Point2, Point3, Point3);

/// The face as a region over the parameters, and its edges. `None` where the loops do not bound one.
fn layout(surface: &Surface, loops: Vec<Loop>) -> Option<(Region, Vec<Edge>)> {
    let (around, closed): (Vec<Loop>, Vec<Loop>) = loops.into_iter().partition(|l| l.turns != 0);
    let mut edges: Vec<Edge> = Vec::new();
    let mut rings: Vec<Vec<Point2>> = Vec::new();
    for l in &closed {
        add_edges(l, &mut edges, true);
        rings.push(l.flat.clone());
    }
    match around.as_slice() {
        [] => {}
        [one] => rings.push(to_pole(surface, one, &mut edges)?),
        [one, other] => rings.push(between(one, other, surface.periods().0?, &mut edges)?),
        _ => return None,
    }
    // the outline is the largest; the others are holes, brought to where it is
    let outline = (0..rings.len())
        .max_by(|&i, &j| ring_area(&rings[i]).abs().total_cmp(&ring_area(&rings[j]).abs()).then(j.cmp(&i)))?;
    let outer = rings.swap_remove(outline);
    let mut polygon = Polygon::new(outer);
    let bounds = polygon.bounds();
    let period = surface.periods().0;
    for mut hole in rings {
        if let (Some(period), Some(first)) = (period, hole.first().copied()) {
            let shift = ((bounds.centre().x - first.x) / period).round() * period;
            if shift != 0.0 {
                for e in edges.iter_mut().filter(|e| hole.contains(&e.0) && hole.contains(&e.1)) {
                    e.0.x += shift;
                    e.1.x += shift;
                }
                hole.iter_mut().for_each(|p| p.x += shift);
            }
        }
        if ring_area(&hole) > 0.0 {
            hole.reverse();
        }
        polygon.holes.push(hole);
    }
    (polygon.area() > 0.0).then(|| (vec![polygon], edges))
}

fn add_edges(l: &Loop, edges: &mut Vec<Edge>, closed: bool) {
    let n = l.flat.len();
    for i in 0..if closed { n } else { n - 1 } {
        let j = (i + 1) % n;
        edges.push((l.flat[i], l.flat[j], l.points[i], l.points[j]));
    }
}

/// A loop around the surface, once more with its start behind its end, in rising u.
fn opened(l: &Loop, period: f64) -> Option<Loop> {
    if l.turns.abs() != 1 {
        return None;
    }
    let (first, end) = (*l.flat.first()?, *l.points.first()?);
    let mut flat = l.flat.clone();
    let mut points = l.points.clone();
    flat.push(Point2::new(first.x + f64::from(l.turns) * period, first.y));
    points.push(end);
    if l.turns < 0 {
        flat.reverse();
        points.reverse();
    }
    Some(Loop { flat, points, turns: 1 })
}

/// What lies between a loop around the surface and its pole: a cap. It is on the left of the loop.
fn to_pole(surface: &Surface, l: &Loop, edges: &mut Vec<Edge>) -> Option<Vec<Point2>> {
    let pole = surface.pole(l.turns > 0)?;
    let open = opened(l, surface.periods().0?)?;
    add_edges(&open, edges, false);
    let (first, last) = (*open.flat.first()?, *open.flat.last()?);
    let mut ring = open.flat;
    ring.push(Point2::new(last.x, pole));
    ring.push(Point2::new(first.x, pole));
    Some(ring)
}

/// What lies between two loops around the surface: a band.
fn between(one: &Loop, other: &Loop, period: f64, edges: &mut Vec<Edge>) -> Option<Vec<Point2>> {
    let one = opened(one, period)?;
    let start = one.flat.first()?.x;
    // the other one from the corner that is nearest to the seam
    let turned = |l: &Loop| -> Option<Loop> {
        let open = opened(l, period)?;
        let n = open.flat.len() - 1;
        let off = |x: f64| ((x - start) / period - ((x - start) / period).round()).abs();
        let k = (0..n).min_by(|&i, &j| off(open.flat[i].x).total_cmp(&off(open.flat[j].x)))?;
        let shift = ((start - open.flat[k].x) / period).round() * period;
        let corner = |i: usize| {
            let wraps = (k + i) / n;
            let p = open.flat[(k + i) % n];
            (Point2::new(p.x + shift + wraps as f64 * period, p.y), open.points[(k + i) % n])
        };
        let (flat, points) = (0..=n).map(corner).unzip();
        Some(Loop { flat, points, turns: 1 })
    };
    let other = turned(other)?;
    add_edges(&one, edges, false);
    add_edges(&other, edges, false);
    let mut ring = one.flat;
    ring.extend(other.flat.into_iter().rev());
    Some(ring)
}

/// From the parameters back into space.
struct Lift<'a> {
    surface: &'a Surface,
    edges: &'a [Edge],
    known: HashMap<[u64; 2], Point3>,
    size: f64,
}

impl Lift<'_> {
    /// A corner where it was, a new one on an edge on its chord, any other on the surface.
    fn at(&self, p: Point2) -> Point3 {
        if let Some(&known) = self.known.get(&key(p)) {
            return known;
        }
        let near = self.size * 1e-9;
        for (a, b, start, end) in self.edges {
            let way = *b - *a;
            let length = way.length();
            if p.x < a.x.min(b.x) - near || p.x > a.x.max(b.x) + near || length <= 0.0 {
                continue;
            }
            let t = (p - *a).dot(way) / (length * length);
            if (0.0..=1.0).contains(&t) && (way.cross(p - *a) / length).abs() <= near {
                return *start + (*end - *start) * t;
            }
        }
        self.surface.at(p)
    }
}
