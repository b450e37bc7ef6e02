//! Swept areas with a straight directrix: a flat profile drawn along a vector. Cut exactly at any height, upright,
//! leaning or lying.

use crate::geom::{
    Affine2, Affine3, Box3, Point2, Point3, Polygon, Region, clip_half_plane, line_intervals, union,
};

/// A direction that rises less than this, relative to its length, is level.
const LEVEL: f64 = 1e-9;

/// An IfcExtrudedAreaSolid, or anything else that is one (blocks, cylinders, bounded boxes).
#[derive(Clone, Debug)]
pub(crate) struct Prism {
    /// The profile, in its own plane.
    pub(crate) profile: Region,
    /// Where the profile's plane lies.
    pub(crate) frame: Affine3,
    /// Where the profile is drawn to, in the coordinates that `frame` maps to.
    pub(crate) along: Point3,
}

impl Prism {
    /// Every corner of both ends, mapped.
    pub(crate) fn corners<'a>(&'a self, map: &Affine3) -> impl Iterator<Item = Point3> + 'a {
        let frame = map.after(&self.frame);
        let along = map.apply_vector(self.along);
        self.profile.iter().flat_map(|p| &p.outer).flat_map(move |p| {
            let foot = frame.apply(p.at(0.0));
            [foot, foot + along]
        })
    }

    /// Box around the mapped prism.
    pub(crate) fn bounds(&self, map: &Affine3) -> Box3 {
        let mut out = Box3::EMPTY;
        self.corners(map).for_each(|p| out.add(p));
        out
    }

    /// Its faces as loops of points: both ends, then the sides.
    pub(crate) fn faces(&self, map: &Affine3) -> Vec<Vec<Point3>> {
        let frame = map.after(&self.frame);
        let along = map.apply_vector(self.along);
        let mut out = Vec::new();
        for ring in self.profile.iter().flat_map(Polygon::rings) {
            let foot: Vec<Point3> = ring.iter().map(|p| frame.apply(p.at(0.0))).collect();
            for i in 0..foot.len() {
                let (a, b) = (foot[i], foot[(i + 1) % foot.len()]);
                out.push(vec![a, b, b + along, a + along]);
            }
            out.push(foot.iter().map(|&p| p + along).collect());
            out.push(foot);
        }
        out
    }

    /// The mapped prism seen from above.
    pub(crate) fn projection(&self, map: &Affine3) -> Region {
        let frame = map.after(&self.frame);
        let along = map.apply_vector(self.along);
        let upright = along.xy().length() <= LEVEL * along.length();
        let flat = mapped(&self.profile, &frame.plan());
        if upright {
            return flat;
        }
        let mut out: Region = self
            .faces(map)
            .into_iter()
            .map(|f| Polygon::new(f.into_iter().map(Point3::xy).collect()))
            .filter(|p| p.area() > 1e-9)
            .collect();
        // an end seen from above keeps no holes here: the other end or the sides cover them
        out.extend(flat.into_iter().filter(|p| p.area() > 1e-9));
        union(&out)
    }

    /// What a level plane at world height `z` cuts out of the mapped prism.
    pub(crate) fn section(&self, map: &Affine3, z: f64) -> Region {
        let frame = map.after(&self.frame);
        let d = map.apply_vector(self.along);
        // height of a profile point: z0 + slope · p
        let z0 = frame.origin.z;
        let slope = Point2::new(frame.x.z, frame.y.z);
        let plan = frame.plan();
        let flat = slope.length() <= LEVEL * (frame.x.length() + frame.y.length());
        let rises = d.z.abs() > LEVEL * d.length();
        match (flat, rises) {
            (true, false) => Vec::new(),
            (true, true) => {
                let t = (z - z0) / d.z;
                if !(0.0..1.0).contains(&t) {
                    return Vec::new();
                }
                let shift = Affine2::translation(d.xy() * t);
                mapped(&self.profile, &shift.after(&plan))
            }
            (false, true) => {
                // keep the profile points from which the plane is reached on the way along d
                let foot = |height: f64| slope * ((height - z0) / slope.dot(slope));
                let below = clip_half_plane(&self.profile, foot(z), slope * -d.z.signum());
                let reached = clip_half_plane(&below, foot(z - d.z), slope * d.z.signum());
                let k = d.xy() / d.z;
                let to_plane = Affine2 {
                    a: plan.a - k.x * slope.x,
                    b: plan.b - k.y * slope.x,
                    c: plan.c - k.x * slope.y,
                    d: plan.d - k.y * slope.y,
                    e: plan.e + k.x * (z - z0),
                    f: plan.f + k.y * (z - z0),
                };
                mapped(&reached, &to_plane)
            }
            (false, false) => {
                let foot = slope * ((z - z0) / slope.dot(slope));
                let side = slope.left();
                line_intervals(&self.profile, foot, side)
                    .into_iter()
                    .map(|(t0, t1)| {
                        let (a, b) = (plan.apply(foot + side * t0), plan.apply(foot + side * t1));
                        Polygon::new(vec![a, b, b + d.xy(), a + d.xy()])
                    })
                    .collect()
            }
        }
    }
}

fn mapped(region: &Region, map: &Affine2) -> Region {
    region.iter().map(|p| p.mapped(map)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geom::Box2;

    fn beam(axis: Point3, length: f64) -> Prism {
        let frame = Affine3::frame(Point3::new(0.0, 0.0, 3.0), Some(axis), None);
        let profile = vec![Polygon::rectangle(Point2::default(), 0.4, 0.2, 0.0)];
        Prism { profile, frame, along: frame.z * length }
    }

    fn area(region: &Region) -> f64 {
        region.iter().map(Polygon::area).sum()
    }

    fn bounds(region: &Region) -> Box2 {
        region.iter().fold(Box2::EMPTY, |mut b, p| {
            b.merge(&p.bounds());
            b
        })
    }

    #[test]
    fn an_upright_prism_gives_its_profile() {
        let cut = beam(Point3::new(0.0, 0.0, 1.0), 2.0).section(&Affine3::IDENTITY, 3.7);
        assert!((area(&cut) - 0.08).abs() < 1e-12);
        assert!(beam(Point3::new(0.0, 0.0, 1.0), 2.0).section(&Affine3::IDENTITY, 5.1).is_empty());
    }

    #[test]
    fn a_lying_prism_gives_a_strip() {
        let lying = beam(Point3::new(0.0, 1.0, 0.0), 5.0);
        let cut = lying.section(&Affine3::IDENTITY, 3.05);
        let b = bounds(&cut);
        assert!((b.height() - 5.0).abs() < 1e-9 && (area(&cut) / 5.0 - b.width()).abs() < 1e-9);
        assert!(lying.section(&Affine3::IDENTITY, 3.3).is_empty());
    }

    #[test]
    fn a_leaning_prism_is_cut_obliquely() {
        // 45°: the section is stretched by √2 in the leaning direction, as long as the plane meets no end
        let leaning = beam(Point3::new(0.0, 1.0, 1.0), 5.0);
        let cut = leaning.section(&Affine3::IDENTITY, 4.5);
        assert!((area(&cut) - 0.08 * 2f64.sqrt()).abs() < 1e-9, "{}", area(&cut));
        // the plane through the lower end's middle loses half of it
        let half = leaning.section(&Affine3::IDENTITY, 3.0);
        assert!((area(&half) - 0.04 * 2f64.sqrt()).abs() < 1e-9, "{}", area(&half));
    }
}
