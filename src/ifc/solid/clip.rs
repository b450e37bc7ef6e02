//! A solid less a half-space: its faces are cut along the plane, and what the plane cuts out of it closes it again.

use super::shell::{Shell, region_faces};
use super::weld::Weld;
use crate::geom::{Affine3, Point2, Point3, Polygon, clip_half_plane};
use crate::ifc::body::BodyMesh;

/// Corners this near to the plane lie in it, metres.
const IN_PLANE_M: f64 = 1e-6;

/// What of a solid lies on the side of a plane that `outward` points away from. Nothing where it has no face there.
pub(super) fn clipped(shell: &Shell, origin: Point3, outward: Point3) -> Result<Shell, String> {
    let frame = Affine3::frame(origin, Some(outward), None);
    let place = |p: Point3| {
        let d = p - origin;
        let h = d.dot(frame.z);
        Point3::new(d.dot(frame.x), d.dot(frame.y), if h.abs() <= IN_PLANE_M { 0.0 } else { h })
    };
    let mut points: Vec<Point3> = shell.corners.iter().map(|&p| place(p)).collect();
    if points.iter().all(|p| p.z <= 0.0) {
        return Ok(shell.clone());
    }
    if points.iter().all(|p| p.z >= 0.0) {
        return Ok(Shell::default());
    }
    if shell.open_edges > 0 {
        return Err("a body in its boolean operations does not close".to_owned());
    }
    let mut weld = Weld::default();
    for f in 0..shell.face_count() {
        let heights = || {
            shell
                .face_rings(f)
                .flat_map(|r| shell.rings[shell.ring_range(r)].iter().map(|&i| points[i as usize].z))
        };
        let (under, over) = (heights().any(|h| h < 0.0), heights().any(|h| h > 0.0));
        match (under, over) {
            // on the plane or beyond
            (false, _) => {}
            (true, false) => {
                shell.face_rings(f).for_each(|r| weld.ring(shell.ring_points(r)));
                weld.end_face();
            }
            (true, true) => cut_face(shell, f, &points, &mut weld),
        }
    }
    // a cut takes what is just above the plane: here that is what is just inside
    points.iter_mut().for_each(|p| p.z = -p.z);
    let slice = BodyMesh::of_parts(
        shell.corners.clone(),
        shell.rings.clone(),
        shell.ring_ends.clone(),
        shell.face_ends.clone(),
    )
    .slice(&points, 0.0);
    if slice.open {
        return Err("a cut through it does not close".to_owned());
    }
    region_faces(&slice.region, &|p: Point2| frame.apply(p.at(0.0)), false, &mut weld);
    Ok(weld.finish())
}

/// The part of a face below the plane; `points` are the corners with their heights over it.
fn cut_face(shell: &Shell, f: usize, points: &[Point3], weld: &mut Weld) {
    let Some(normal) = shell.face_vector(f).normalised() else { return };
    let rings = shell.face_rings(f);
    let Some(&first) = shell.rings.get(shell.ring_range(rings.start).start) else { return };
    let origin = shell.corners[first as usize];
    let face = Affine3::frame(origin, Some(normal), None);
    // heights over the plane are linear in the face: h = h0 + slope · p
    let flat = |p: Point3| Point2::new((p - origin).dot(face.x), (p - origin).dot(face.y));
    let mut loops: Vec<Vec<Point2>> =
        rings.clone().map(|r| shell.ring_points(r).map(flat).collect()).collect();
    if loops.len() == 1 {
        // the usual case, corner by corner, so that neighbours get the same points
        let ring = &shell.rings[shell.ring_range(rings.start)];
        let below: Vec<Point3> = convex_cut(shell, ring, points);
        if !below.is_empty() {
            weld.ring(below.into_iter());
            weld.end_face();
            return;
        }
    }
    let Some((slope, h0)) =
        slope(&loops, rings.clone().flat_map(|r| shell.rings[shell.ring_range(r)].iter()), points)
    else {
        return;
    };
    let outer = loops.remove(0);
    let region = [Polygon { outer, holes: loops }];
    let foot = slope * (-h0 / slope.dot(slope));
    region_faces(&clip_half_plane(&region, foot, -slope), &|p: Point2| face.apply(p.at(0.0)), false, weld);
}

/// The lower part of a ring that crosses the plane twice; empty where it crosses it more often.
fn convex_cut(shell: &Shell, ring: &[u32], points: &[Point3]) -> Vec<Point3> {
    let mut out = Vec::with_capacity(ring.len() + 2);
    let mut crossings = 0;
    for (i, &a) in ring.iter().enumerate() {
        let b = ring[(i + 1) % ring.len()];
        let (ha, hb) = (points[a as usize].z, points[b as usize].z);
        if ha <= 0.0 {
            out.push(shell.corners[a as usize]);
        }
        if (ha <= 0.0) != (hb <= 0.0) {
            crossings += 1;
            if ha != 0.0 && hb != 0.0 {
                // from the lower number on, as the neighbour does
                let (low, high) = (a.min(b) as usize, a.max(b) as usize);
                let (p, q) = (shell.corners[low], shell.corners[high]);
                let (hp, hq) = (points[low].z, points[high].z);
                out.push(p + (q - p) * (hp / (hp - hq)));
            }
        }
    }
    if crossings == 2 { out } else { Vec::new() }
}

/// How heights over the plane rise in a face: from the two corners that differ most.
fn slope<'i>(
    loops: &[Vec<Point2>],
    ids: impl Iterator<Item = &'i u32>,
    points: &[Point3],
) -> Option<(Point2, f64)> {
    // least squares over all corners: h = h0 + slope · p
    let (mut n, mut sp, mut sh) = (0.0, Point2::default(), 0.0);
    let all: Vec<(Point2, f64)> =
        loops.iter().flatten().copied().zip(ids.map(|&i| points[i as usize].z)).collect();
    for (p, h) in &all {
        n += 1.0;
        sp += *p;
        sh += h;
    }
    let (mean, high) = (sp / n, sh / n);
    let (mut xx, mut xy, mut yy, mut xh, mut yh) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (p, h) in &all {
        let (d, e) = (*p - mean, h - high);
        xx += d.x * d.x;
        xy += d.x * d.y;
        yy += d.y * d.y;
        xh += d.x * e;
        yh += d.y * e;
    }
    let det = xx * yy - xy * xy;
    let slope = Point2::new((xh * yy - yh * xy) / det, (yh * xx - xh * xy) / det);
    (slope.is_finite() && slope.length() > 1e-12).then(|| (slope, high - slope.dot(mean)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ifc::body::Prism;

    #[test]
    fn half_of_a_frame_is_left() {
        let mut profile = Polygon::rectangle(Point2::default(), 4.0, 4.0, 0.0);
        profile
            .holes
            .push(Polygon::rectangle(Point2::default(), 2.0, 2.0, 0.0).outer.into_iter().rev().collect());
        let prism =
            Prism { profile: vec![profile], frame: Affine3::IDENTITY, along: Point3::new(0.0, 0.0, 1.0) };
        let frame = Shell::of_prism(&prism, &Affine3::IDENTITY);
        for normal in [Point3::new(1.0, 0.0, 0.0), Point3::new(0.3, -0.7, 0.0), Point3::new(1.0, 1.0, 0.5)] {
            let half = clipped(&frame, Point3::new(0.0, 0.0, 0.5), normal).unwrap();
            assert!((half.volume() - 6.0).abs() < 1e-6, "{}", half.volume());
            assert_eq!(half.open_edges, 0);
        }
        // flush with a side: all or nothing
        let side = Point3::new(2.0, 0.0, 0.0);
        assert!((clipped(&frame, side, Point3::new(1.0, 0.0, 0.0)).unwrap().volume() - 12.0).abs() < 1e-9);
        assert_eq!(clipped(&frame, side, Point3::new(-1.0, 0.0, 0.0)).unwrap().face_count(), 0);
    }
}
