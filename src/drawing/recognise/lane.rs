//! How many faces a ray meets: faces of one direction, sorted into stretches along it.

use super::face::Family;
use crate::geom::Point2;

/// Faces of a family by where they run, so that a ray looks only at those that it may meet.
pub struct Lanes<'a> {
    family: &'a Family,
    start: f64,
    /// Per stretch of [`LANE`] along the family: its faces, by rising place across.
    lanes: Vec<Vec<u32>>,
}

/// Length of a lane, metres, unless there would be too many.
const LANE: f64 = 4.0;
const MAX_LANES: f64 = 4096.0;

impl<'a> Lanes<'a> {
    /// Sorts the faces of a family.
    pub fn new(family: &'a Family) -> Self {
        let ends = family.faces.iter().flat_map(|f| f.spans.iter());
        let (mut lo, mut hi) = (f64::INFINITY, f64::NEG_INFINITY);
        for s in ends {
            (lo, hi) = (lo.min(s.0), hi.max(s.1));
        }
        if hi < lo {
            return Self { family, start: 0.0, lanes: Vec::new() };
        }
        let count = ((hi - lo) / LANE).min(MAX_LANES) as usize + 1;
        let mut lanes = Self { family, start: lo, lanes: vec![Vec::new(); count] };
        for (i, face) in family.faces.iter().enumerate() {
            for s in &face.spans {
                for lane in lanes.lane(s.0)..=lanes.lane(s.1) {
                    if lanes.lanes[lane].last() != Some(&(i as u32)) {
                        lanes.lanes[lane].push(i as u32);
                    }
                }
            }
        }
        lanes
    }

    fn lane(&self, t: f64) -> usize {
        (((t - self.start) / LANE).max(0.0) as usize).min(self.lanes.len().saturating_sub(1))
    }

    /// How many faces a ray meets.
    pub fn crossings(&self, from: Point2, d: Point2) -> usize {
        let family = self.family;
        let (t, rho) = family.coordinates(from);
        let (dt, drho) = (d.dot(family.along), d.dot(family.normal()));
        let (Some(first), Some(last)) = (family.faces.first(), family.faces.last()) else { return 0 };
        let end = if drho > 0.0 { (last.rho - rho) / drho } else { (first.rho - rho) / drho };
        if drho.abs() < 1e-9 || end <= 0.0 {
            return 0;
        }
        let (a, b) = (self.lane(t), self.lane(t + end * dt));
        (a.min(b)..=a.max(b)).map(|lane| self.in_lane(lane, (t, rho), (dt, drho))).sum()
    }

    fn in_lane(&self, lane: usize, (t, rho): (f64, f64), (dt, drho): (f64, f64)) -> usize {
        let faces = &self.family.faces;
        let list = &self.lanes[lane];
        let (lo, hi) = (self.start + lane as f64 * LANE, self.start + (lane + 1) as f64 * LANE);
        let open = lane + 1 == self.lanes.len();
        // the part of the ray above this lane, as places across
        let (mut k0, mut k1) = (0.0f64, f64::INFINITY);
        if dt.abs() > 1e-12 {
            let (p, q) = ((lo - t) / dt, (hi - t) / dt);
            k0 = k0.max(p.min(q));
            if !open {
                k1 = k1.min(p.max(q));
            }
        }
        let (r0, r1) = (rho + k0 * drho, rho + k1 * drho);
        let (r0, r1) = if r0 < r1 { (r0, r1) } else { (r1, r0) };
        let from = list.partition_point(|&i| faces[i as usize].rho < r0 - 1e-9);
        list[from..]
            .iter()
            .map(|&i| &faces[i as usize])
            .take_while(|f| f.rho <= r1 + 1e-9)
            .filter(|f| {
                let k = (f.rho - rho) / drho;
                let at = t + k * dt;
                // each crossing belongs to one lane
                let mine = at >= lo && (at < hi || open);
                let i = f.spans.partition_point(|s| s.1 < at);
                k > 0.0 && mine && f.spans.get(i).is_some_and(|s| s.0 <= at)
            })
            .count()
    }
}
