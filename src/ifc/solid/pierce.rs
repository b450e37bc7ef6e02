//! A prism less prisms that go right through it along one of its directions is a prism again: the openings are taken
//! off its profile. Walls with windows and slabs with shafts are of this kind, and come out exact.

use crate::geom::{Affine3, Box2, Point2, Point3, Polygon, Region, difference, ring_contains};
use crate::ifc::body::Prism;

/// Directions that differ by less than this are one (sine of the angle).
const PARALLEL: f64 = 1e-9;

/// A tool that ends short of the far side by less than this goes through, metres.
const THROUGH_M: f64 = 1e-6;

/// A prism less tools. `None` when some tool meets it in another way.
pub(super) fn pierced(base: &Prism, tools: &[Prism]) -> Option<Prism> {
    views(base).into_iter().find_map(|view| pierced_along(&view, tools))
}

/// A prism as drawn along each of its directions: three for a block, one for anything else.
fn views(prism: &Prism) -> Vec<Prism> {
    let mut out = vec![prism.clone()];
    let [Polygon { outer, holes }] = prism.profile.as_slice() else { return out };
    let &[a, b, c, d] = outer.as_slice() else { return out };
    let (u, v) = (b - a, d - a);
    let square = u.dot(v).abs() <= PARALLEL * u.length() * v.length();
    if !holes.is_empty() || !square || (a + c).distance(b + d) > 1e-9 {
        return out;
    }
    let foot = prism.frame.apply(a.at(0.0));
    let sides = [prism.frame.apply_vector(u.at(0.0)), prism.frame.apply_vector(v.at(0.0)), prism.along];
    let right = |p: Point3, q: Point3| p.dot(q).abs() <= PARALLEL * p.length() * q.length();
    if !right(sides[0], sides[1]) || !right(sides[1], sides[2]) || !right(sides[2], sides[0]) {
        return out;
    }
    for along in 0..2 {
        let (x, y) = (sides[(along + 1) % 3], sides[(along + 2) % 3]);
        let (Some(ux), Some(uy), Some(uz)) = (x.normalised(), y.normalised(), sides[along].normalised())
        else {
            return out;
        };
        let (w, h) = (x.length(), y.length());
        let ring = vec![Point2::new(0.0, 0.0), Point2::new(w, 0.0), Point2::new(w, h), Point2::new(0.0, h)];
        let frame = Affine3 { x: ux, y: uy, z: uz, origin: foot };
        out.push(Prism { profile: vec![Polygon::new(ring)], frame, along: sides[along] });
    }
    out
}

fn pierced_along(base: &Prism, tools: &[Prism]) -> Option<Prism> {
    // coordinates along the profile's plane and along the prism: (x, y, t) with t from 0 to 1 inside
    let inside = Affine3 { z: base.along, ..base.frame }.inverse()?;
    let length = base.along.length();
    let mut holes: Region = Vec::new();
    for tool in tools {
        holes.extend(footprint(tool, &inside, THROUGH_M / length)?);
    }
    let profile = without(&base.profile, holes);
    Some(Prism { profile, frame: base.frame, along: base.along })
}

/// What a tool takes off the profile; nothing where it only touches the prism. `None` when it ends inside of it or
/// lies in another direction.
fn footprint(tool: &Prism, inside: &Affine3, reach: f64) -> Option<Region> {
    for view in views(tool) {
        let along = inside.apply_vector(view.along);
        if along.xy().length() > PARALLEL * along.length() * inside.x.length().max(1.0) || along.z == 0.0 {
            continue;
        }
        let frame = inside.after(&view.frame);
        let (mut low, mut high) = ((f64::INFINITY, f64::NEG_INFINITY), (f64::INFINITY, f64::NEG_INFINITY));
        for &p in view.profile.iter().flat_map(|p| &p.outer) {
            let foot = frame.apply(p.at(0.0)).z;
            let head = foot + along.z;
            let (a, b) = (foot.min(head), foot.max(head));
            low = (low.0.min(a), low.1.max(a));
            high = (high.0.min(b), high.1.max(b));
        }
        if low.0 >= 1.0 - reach || high.1 <= reach {
            return Some(Vec::new());
        }
        if low.1 <= reach && high.0 >= 1.0 - reach {
            return Some(view.profile.iter().map(|p| p.mapped(&frame.plan())).collect());
        }
    }
    None
}

/// A profile without holes. Holes that lie inside and apart, the usual case, are taken over as they are.
fn without(profile: &Region, holes: Region) -> Region {
    let boxes: Vec<Box2> = holes.iter().map(Polygon::bounds).collect();
    let around = profile.iter().fold(Box2::EMPTY, |mut b, p| {
        b.merge(&p.bounds());
        b
    });
    let met: Vec<usize> = (0..holes.len()).filter(|&i| boxes[i].intersects(&around)).collect();
    if met.is_empty() {
        return profile.clone();
    }
    let apart = |i: usize| met.iter().all(|&j| i == j || !boxes[i].grown(THROUGH_M).intersects(&boxes[j]));
    let simple = |i: usize| {
        let [Polygon { outer, holes: own }] = profile.as_slice() else { return false };
        own.is_empty() && holes[i].holes.is_empty() && lies_within(outer, &holes[i].outer)
    };
    if met.len() <= 64 && met.iter().all(|&i| apart(i) && simple(i)) {
        let mut out = profile.clone();
        if let Some(polygon) = out.first_mut() {
            polygon
                .holes
                .extend(met.iter().map(|&i| holes[i].outer.iter().rev().copied().collect::<Vec<_>>()));
        }
        return out;
    }
    let tools: Region = met.iter().map(|&i| holes[i].clone()).collect();
    difference(profile, &tools)
}

/// A ring lies inside another one and touches it nowhere: a corner is inside and no sides meet.
fn lies_within(outer: &[Point2], inner: &[Point2]) -> bool {
    let n = outer.len();
    if !inner.first().is_some_and(|&p| ring_contains(outer, p)) {
        return false;
    }
    let side = |a: Point2, b: Point2, p: Point2| (b - a).cross(p - a) / (b - a).length().max(1e-12);
    (0..inner.len()).all(|i| {
        let (p, q) = (inner[i], inner[(i + 1) % inner.len()]);
        (0..n).all(|j| {
            let (a, b) = (outer[j], outer[(j + 1) % n]);
            // wholly on one side, and not on the line itself
            let apart =
                |s: f64, t: f64| (s > THROUGH_M && t > THROUGH_M) || (s < -THROUGH_M && t < -THROUGH_M);
            apart(side(a, b, p), side(a, b, q)) || apart(side(p, q, a), side(p, q, b))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(corner: Point3, size: Point3) -> Prism {
        let profile = vec![Polygon::rectangle(Point2::new(size.x / 2.0, size.y / 2.0), size.x, size.y, 0.0)];
        let frame = Affine3 { origin: corner, ..Affine3::IDENTITY };
        Prism { profile, frame, along: Point3::new(0.0, 0.0, size.z) }
    }

    fn volume(prism: &Prism) -> f64 {
        let normal = prism.frame.x.cross(prism.frame.y);
        prism.profile.iter().map(Polygon::area).sum::<f64>() * prism.along.dot(normal).abs()
    }

    #[test]
    fn a_wall_with_windows_is_a_prism_across() {
        let wall = block(Point3::default(), Point3::new(7.8, 0.3, 3.35));
        let windows: Vec<Prism> = (0..3)
            .map(|i| block(Point3::new(0.9 + 2.4 * f64::from(i), -0.1, 0.9), Point3::new(1.5, 0.5, 1.8)))
            .collect();
        let left = pierced(&wall, &windows).unwrap();
        assert!((volume(&left) - (7.8 * 0.3 * 3.35 - 3.0 * 1.5 * 1.8 * 0.3)).abs() < 1e-12);
        assert_eq!(left.profile[0].holes.len(), 3);
        // a door down to the floor breaks the outline
        let door = block(Point3::new(1.0, -0.1, -0.5), Point3::new(1.0, 0.5, 2.5));
        let left = pierced(&wall, &[door]).unwrap();
        assert!(left.profile[0].holes.is_empty() && left.profile[0].outer.len() == 8);
        assert!((volume(&left) - 0.3 * (7.8 * 3.35 - 2.0)).abs() < 1e-7);
    }

    #[test]
    fn a_niche_is_no_hole() {
        let wall = block(Point3::default(), Point3::new(7.8, 0.3, 3.35));
        let niche = block(Point3::new(1.0, -0.1, 1.0), Point3::new(1.0, 0.2, 1.0));
        assert!(pierced(&wall, &[niche]).is_none());
        let beside = block(Point3::new(1.0, 0.3, 1.0), Point3::new(1.0, 0.2, 1.0));
        assert!((volume(&pierced(&wall, &[beside]).unwrap()) - volume(&wall)).abs() < 1e-12);
    }
}
