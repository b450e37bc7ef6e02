//! A read-only index of boxes in space: which of them touch a given box? Buildings are stacks of storeys that look alike
//! from above, so there is one plane index for each slab of height.

use super::bounds::{Box2, Box3};
use super::index::BoxIndex;

/// Height of a slab, metres: a storey.
const SLAB: f64 = 3.0;

/// Slabs at most; in what is higher they are higher too.
const SLABS: usize = 256;

/// Boxes by slabs of height, built once. A box stands in every slab that it reaches into.
#[derive(Clone, Debug, Default)]
pub struct BoxStack {
    boxes: Vec<Box3>,
    low: f64,
    height: f64,
    slabs: Vec<(BoxIndex, Vec<u32>)>,
}

impl BoxStack {
    /// Builds the index. Empty boxes are never found.
    pub fn new(boxes: Vec<Box3>) -> Self {
        let usable = |b: &&Box3| !b.is_empty() && b.min.is_finite() && b.max.is_finite();
        let low = boxes.iter().filter(usable).map(|b| b.min.z).fold(f64::INFINITY, f64::min);
        let high = boxes.iter().filter(usable).map(|b| b.max.z).fold(f64::NEG_INFINITY, f64::max);
        if low > high {
            return Self { boxes, ..Self::default() };
        }
        let height = SLAB.max((high - low) / SLABS as f64);
        let mut out = Self { low, height, ..Self::default() };
        let mut members: Vec<Vec<u32>> = vec![Vec::new(); SLABS + 1];
        for (i, b) in boxes.iter().enumerate().filter(|(_, b)| usable(b)) {
            for slab in out.slab(b.min.z)..=out.slab(b.max.z) {
                if let Some(list) = members.get_mut(slab) {
                    list.push(i as u32);
                }
            }
        }
        let plan = |&i: &u32| boxes.get(i as usize).map_or(Box2::EMPTY, Box3::xy);
        out.slabs =
            members.into_iter().map(|list| (BoxIndex::new(list.iter().map(plan).collect()), list)).collect();
        out.boxes = boxes;
        out
    }

    fn slab(&self, z: f64) -> usize {
        (((z - self.low) / self.height).max(0.0) as usize).min(SLABS)
    }

    /// The items whose box touches `query`, in rising order, each once.
    pub fn touching(&self, query: &Box3) -> Vec<usize> {
        let mut out = Vec::new();
        if query.is_empty() || self.slabs.is_empty() {
            return out;
        }
        let from = self.slab(query.min.z);
        for slab in from..=self.slab(query.max.z) {
            let Some((index, list)) = self.slabs.get(slab) else { continue };
            for at in index.touching(&query.xy()) {
                let Some((&item, b)) = list.get(at).and_then(|i| Some((i, self.boxes.get(*i as usize)?)))
                else {
                    continue;
                };
                // in the lowest slab that both reach into
                let first = from.max(self.slab(b.min.z)) == slab;
                if first && b.min.z <= query.max.z && query.min.z <= b.max.z {
                    out.push(item as usize);
                }
            }
        }
        out.sort_unstable();
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geom::Point3;

    #[test]
    fn finds_what_a_scan_finds() {
        let mut seed = 11u64;
        let mut next = || {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (seed >> 33) as f64 / 2f64.powi(31)
        };
        let mut boxes: Vec<Box3> = Vec::new();
        for i in 0..400 {
            let p = Point3::new(next() * 40.0, next() * 30.0, next() * 90.0 - 9.0);
            let size = if i % 40 == 0 { 60.0 } else { 3.0 };
            boxes.push(Box3 { min: p, max: p + Point3::new(next() * size, next() * size, next() * size) });
        }
        boxes.push(Box3::EMPTY);
        let stack = BoxStack::new(boxes.clone());
        for query in &boxes {
            let meets =
                |b: &Box3| b.xy().intersects(&query.xy()) && b.min.z <= query.max.z && query.min.z <= b.max.z;
            let scan: Vec<usize> = (0..boxes.len())
                .filter(|&i| !boxes[i].is_empty() && !query.is_empty() && meets(&boxes[i]))
                .collect();
            assert_eq!(stack.touching(query), scan);
        }
        assert!(BoxStack::new(Vec::new()).touching(&boxes[0]).is_empty());
    }
}
