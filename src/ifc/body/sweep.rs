//! Solids that are swept along something else than a straight line, as meshes: turned about an axis, drawn along a
//! directrix, or from one profile to another. Chords stay within [`CHORD_M`] of the arcs.

use super::mesh::{Mesh, MeshBuilder};
use super::profile::{CHORD_M, turn_steps};
use crate::geom::{Affine3, Point2, Point3, Polygon};
use std::f64::consts::TAU;

/// A mesh made here has no more corners than this.
pub(crate) const MAX_SWEEP_CORNERS: usize = 400_000;

/// Profiles in frames, each joined to the next one ring by ring: sides between neighbours, caps at both ends unless it
/// closes on itself. `None` when there are too few frames, too many corners, or profiles of different corners.
pub(crate) fn loft(sections: &[(Affine3, &[Polygon])], closed: bool) -> Option<Mesh> {
    let first: Vec<usize> = sections.first()?.1.iter().flat_map(Polygon::rings).map(Vec::len).collect();
    let corners: usize = first.iter().sum();
    if sections.len() < 2 || corners < 3 || corners.checked_mul(sections.len())? > MAX_SWEEP_CORNERS {
        return None;
    }
    let alike = |p: &[Polygon]| {
        p.len() == sections[0].1.len()
            && p.iter().flat_map(Polygon::rings).map(Vec::len).eq(first.iter().copied())
    };
    if !sections.iter().all(|(_, p)| alike(p)) {
        return None;
    }
    let mut mesh = MeshBuilder::default();
    for r in 0..first.len() {
        let row = |(frame, profile): &(Affine3, &[Polygon])| -> Vec<Point3> {
            let ring = profile.iter().flat_map(Polygon::rings).nth(r).map(Vec::as_slice).unwrap_or_default();
            ring.iter().map(|p| frame.apply(p.at(0.0))).collect()
        };
        let rows: Vec<Vec<Point3>> = sections.iter().map(row).collect();
        let last = if closed { rows.len() } else { rows.len() - 1 };
        for i in 0..last {
            sides(&mut mesh, &rows[i], &rows[(i + 1) % rows.len()]);
        }
    }
    if !closed {
        for (frame, profile) in [sections.first()?, sections.last()?] {
            for polygon in *profile {
                polygon.rings().for_each(|ring| mesh.ring(ring.iter().map(|p| frame.apply(p.at(0.0)))));
                mesh.end_face();
            }
        }
    }
    Some(mesh.finish())
}

/// One profile through frames.
pub(crate) fn through(profile: &[Polygon], frames: &[Affine3], closed: bool) -> Option<Mesh> {
    loft(&frames.iter().map(|f| (*f, profile)).collect::<Vec<_>>(), closed)
}

fn sides(mesh: &mut MeshBuilder, low: &[Point3], high: &[Point3]) {
    for j in 0..low.len().min(high.len()) {
        let k = (j + 1) % low.len();
        // two triangles: the four corners need not be flat
        mesh.face([low[j], low[k], high[k]]);
        mesh.face([low[j], high[k], high[j]]);
    }
}

/// IfcExtrudedAreaSolidTapered: from one profile to another of as many corners, along a vector.
pub(crate) fn tapered(from: &[Polygon], to: &[Polygon], frame: &Affine3, along: Point3) -> Option<Mesh> {
    loft(&[(*frame, from), (Affine3 { origin: frame.origin + along, ..*frame }, to)], false)
}

/// A profile part of the way to another one of as many corners.
fn between(from: &[Polygon], to: &[Polygon], part: f64) -> Vec<Polygon> {
    let ring =
        |(a, b): (&Vec<Point2>, &Vec<Point2>)| a.iter().zip(b).map(|(p, q)| p.lerp(*q, part)).collect();
    from.iter()
        .zip(to)
        .map(|(p, q)| Polygon {
            outer: ring((&p.outer, &q.outer)),
            holes: p.holes.iter().zip(&q.holes).map(ring).collect(),
        })
        .collect()
}

/// IfcRevolvedAreaSolidTapered: a profile turned about an axis by an angle, becoming another one on the way.
pub(crate) fn revolved_tapered(
    (from, to): (&[Polygon], &[Polygon]),
    frame: &Affine3,
    origin: Point3,
    axis: Point3,
    angle: f64,
) -> Option<Mesh> {
    let axis = axis.normalised()?;
    let steps = turning(&[from, to].concat(), frame, origin, axis, angle)?;
    let sections: Vec<(Affine3, Vec<Polygon>)> = (0..=steps)
        .map(|i| i as f64 / steps as f64)
        .map(|part| (turned(frame, origin, axis, angle.clamp(-TAU, TAU) * part), between(from, to, part)))
        .collect();
    // what does not correspond shows where the second profile would be
    let mut rows: Vec<(Affine3, &[Polygon])> = sections.iter().map(|(f, p)| (*f, p.as_slice())).collect();
    if let Some(last) = rows.last_mut() {
        last.1 = to;
    }
    loft(&rows, false)
}

/// Steps of a turn by an angle, so that chords stay near to the arcs of the outermost corners.
fn turning(profile: &[Polygon], frame: &Affine3, origin: Point3, axis: Point3, angle: f64) -> Option<usize> {
    if !angle.is_finite() || angle == 0.0 {
        return None;
    }
    let radius = profile
        .iter()
        .flat_map(|p| &p.outer)
        .map(|p| (frame.apply(p.at(0.0)) - origin).cross(axis).length())
        .fold(0.0, f64::max);
    Some(((turn_steps(radius) as f64 * angle.abs().min(TAU) / TAU).ceil() as usize).max(2))
}

/// IfcRevolvedAreaSolid: a profile turned about an axis by an angle.
pub(crate) fn revolved(
    profile: &[Polygon],
    frame: &Affine3,
    origin: Point3,
    axis: Point3,
    angle: f64,
) -> Option<Mesh> {
    let axis = axis.normalised()?;
    let steps = turning(profile, frame, origin, axis, angle)?;
    let angle = angle.clamp(-TAU, TAU);
    let closed = angle.abs() >= TAU - 1e-6;
    let count = if closed { steps } else { steps + 1 };
    let frames: Vec<Affine3> =
        (0..count).map(|i| turned(frame, origin, axis, angle * i as f64 / steps as f64)).collect();
    through(profile, &frames, closed)
}

/// A frame turned about an axis through a point.
fn turned(frame: &Affine3, origin: Point3, axis: Point3, angle: f64) -> Affine3 {
    let (s, c) = angle.sin_cos();
    let turn = |v: Point3| v * c + axis.cross(v) * s + axis * (axis.dot(v) * (1.0 - c));
    Affine3 {
        x: turn(frame.x),
        y: turn(frame.y),
        z: turn(frame.z),
        origin: origin + turn(frame.origin - origin),
    }
}

/// Frames along a path, mitred at its corners; the first one's x is as near to `reference` as it can be, later ones
/// turn as little as they can. z runs along the path.
pub(crate) fn frames_along(path: &[Point3], reference: Option<Point3>) -> Vec<Affine3> {
    let mut points: Vec<Point3> = path.iter().copied().filter(|p| p.is_finite()).collect();
    points.dedup_by(|a, b| (*a - *b).length() < 1e-9);
    let n = points.len();
    if n < 2 {
        return Vec::new();
    }
    let way = |i: usize| (points[i + 1] - points[i]).normalised().unwrap_or(Point3::new(0.0, 0.0, 1.0));
    let mut frame = Affine3::frame(points[0], Some(way(0)), reference);
    let mut out = Vec::with_capacity(n);
    for (i, &point) in points.iter().enumerate() {
        let (before, after) = (way(i.saturating_sub(1)), way(i.min(n - 2)));
        if i > 0 && i < n - 1 {
            // carry x and y along their way into the mitre plane, then on
            let normal = (before + after).normalised().unwrap_or(after);
            let into = |v: Point3| v - before * (v.dot(normal) / before.dot(normal).max(0.1));
            out.push(Affine3 { x: into(frame.x), y: into(frame.y), z: normal, origin: point });
        } else {
            out.push(Affine3 { origin: point, ..frame });
        }
        if i + 1 < n {
            // turned no more than the path turns
            let axis = before.cross(after);
            frame = match axis.normalised() {
                Some(unit) => turned(&frame, frame.origin, unit, axis.length().atan2(before.dot(after))),
                None => frame,
            };
        }
    }
    out
}

/// Frames along a path, mitred at its corners, whose x lies as near to one direction as it can everywhere
/// (IfcFixedReferenceSweptAreaSolid).
pub(crate) fn frames_fixed(path: &[Point3], reference: Point3) -> Vec<Affine3> {
    let mut points: Vec<Point3> = path.iter().copied().filter(|p| p.is_finite()).collect();
    points.dedup_by(|a, b| (*a - *b).length() < 1e-9);
    let n = points.len();
    if n < 2 {
        return Vec::new();
    }
    let way = |i: usize| (points[i + 1] - points[i]).normalised().unwrap_or(Point3::new(0.0, 0.0, 1.0));
    (0..n)
        .map(|i| {
            let (before, after) = (way(i.saturating_sub(1)), way(i.min(n - 2)));
            let frame = Affine3::frame(points[i], Some(before), Some(reference));
            let normal = (before + after).normalised().unwrap_or(after);
            let into = |v: Point3| v - before * (v.dot(normal) / before.dot(normal).max(0.1));
            Affine3 { x: into(frame.x), y: into(frame.y), z: normal, origin: points[i] }
        })
        .collect()
}

/// A disk, with a hole where there is an inner radius.
pub(crate) fn disk(radius: f64, inner: Option<f64>) -> Vec<Polygon> {
    let ring = |r: f64| -> Vec<Point2> {
        let n = turn_steps(r);
        (0..n).map(|i| Point2::unit(TAU * i as f64 / n as f64) * r).collect()
    };
    let mut polygon = Polygon::new(ring(radius));
    if let Some(inner) = inner.filter(|&i| i > CHORD_M && i < radius) {
        let mut hole = ring(inner);
        hole.reverse();
        polygon.holes.push(hole);
    }
    vec![polygon]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ifc::body::profile;
    use std::f64::consts::PI;

    fn area(mesh: &Mesh, z: f64) -> f64 {
        let slice = mesh.section(&Affine3::IDENTITY, z);
        assert!(!slice.open);
        slice.region.iter().map(Polygon::area).sum()
    }

    #[test]
    fn a_turned_rectangle_is_a_ring() {
        // profile in the xz plane, 4 m from the vertical axis
        let frame = Affine3::frame(
            Point3::new(4.0, 0.0, 0.0),
            Some(Point3::new(0.0, -1.0, 0.0)),
            Some(Point3::new(1.0, 0.0, 0.0)),
        );
        let profile = profile::rectangle(0.2, 3.0, 0.0);
        let z = Point3::new(0.0, 0.0, 1.0);
        let whole = revolved(&profile, &frame, Point3::default(), z, TAU).unwrap();
        assert!((area(&whole, 0.3) - PI * (4.1 * 4.1 - 3.9 * 3.9)).abs() < 5e-3, "{}", area(&whole, 0.3));
        let quarter = revolved(&profile, &frame, Point3::default(), z, PI / 2.0).unwrap();
        assert!((area(&quarter, 0.3) - PI / 4.0 * 1.6).abs() < 2e-3, "{}", area(&quarter, 0.3));
        assert!(revolved(&profile, &frame, Point3::default(), z, f64::NAN).is_none());
    }

    #[test]
    fn a_bent_pipe_stays_closed() {
        let path = [Point3::new(0.0, 0.0, 0.0), Point3::new(0.0, 0.0, 2.0), Point3::new(3.0, 0.0, 2.0)];
        let pipe = through(&disk(0.1, Some(0.08)), &frames_along(&path, None), false).unwrap();
        assert!((area(&pipe, 1.0) - PI * (0.01 - 0.0064)).abs() < 1e-4);

        assert!(area(&pipe, 2.0) > 2.9 * 0.03);
    }

    #[test]
    fn a_taper_is_halfway_at_half_height() {
        let (low, high) = (profile::rectangle(0.4, 0.4, 0.0), profile::rectangle(0.2, 0.2, 0.0));
        let mesh = tapered(&low, &high, &Affine3::IDENTITY, Point3::new(0.0, 0.0, 2.0)).unwrap();
        assert!((area(&mesh, 1.0) - 0.09).abs() < 1e-9);
    }
}
