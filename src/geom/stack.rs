//! A read-only index of boxes in space: which of them touch a given box? Buildings are stacks of storeys that look alike
//! from above, so there is one plane index for each slab of height.

use super::bounds::{Box2, Box3};
use super::index::BoxIndex;

/// Height of a slab, metres: a storey.
const SLAB: f64 = 3.0;

/// Slabs at most; in what is higher they are higher too.
const SLABS: usize = 256;

/// Slabs that one box may stand in; taller ones are kept apart, so that memory grows with the boxes alone.
const TALL: usize = 16;

/// Boxes by slabs of height, built once. A box stands in every slab that it reaches into.
#[derive(Clone, Debug, Default)]
pub struct BoxStack {
    boxes: Vec<Box3>,
    low: f64,
    height: f64,
    slabs: Vec<Level>,
    tall: Level,
}

/// Boxes in plan, and the item that each is.
#[derive(Clone, Debug, Default)]
struct Level {
    index: BoxIndex,
    items: Vec<u32>,
}

impl Level {
    fn new(items: Vec<u32>, boxes: &[Box3]) -> Self {
        let plan = |&i: &u32| boxes.get(i as usize).map_or(Box2::EMPTY, Box3::xy);
        Self { index: BoxIndex::new(items.iter().map(plan).collect()), items }
    }

    /// The items that touch `query` in plan and in height.
    fn touching<'a>(&'a self, boxes: &'a [Box3], query: &'a Box3) -> impl Iterator<Item = (u32, &'a Box3)> {
        self.index.touching(&query.xy()).into_iter().filter_map(move |at| {
            let item = *self.items.get(at)?;
            let b = boxes.get(item as usize)?;
            (b.min.z <= query.max.z && query.min.z <= b.max.z).then_some((item, b))
        })
    }
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
        let mut tall = Vec::new();
        for (i, b) in boxes.iter().enumerate().filter(|(_, b)| usable(b)) {
            let (from, to) = (out.slab(b.min.z), out.slab(b.max.z));
            if to - from >= TALL {
                tall.push(i as u32);
                continue;
            }
            for list in members.iter_mut().take(to + 1).skip(from) {
                list.push(i as u32);
            }
        }
        out.slabs = members.into_iter().map(|list| Level::new(list, &boxes)).collect();
        out.tall = Level::new(tall, &boxes);
        out.boxes = boxes;
        out
    }

    fn slab(&self, z: f64) -> usize {
        (((z - self.low) / self.height).max(0.0) as usize).min(SLABS)
    }

    /// The items whose box touches `query`, in rising order, each once.
    pub fn touching(&self, query: &Box3) -> Vec<usize> {
        if query.is_empty() || self.slabs.is_empty() {
            return Vec::new();
        }
        let mut out: Vec<usize> =
            self.tall.touching(&self.boxes, query).map(|(item, _)| item as usize).collect();
        let (from, to) = (self.slab(query.min.z), self.slab(query.max.z));
        for (slab, level) in self.slabs.iter().enumerate().take(to + 1).skip(from) {
            let touching = level.touching(&self.boxes, query);
            // in the lowest slab that both reach into
            let first = touching.filter(|(_, b)| from.max(self.slab(b.min.z)) == slab);
            out.extend(first.map(|(item, _)| item as usize));
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
