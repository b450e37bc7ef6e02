//! Things by the spot that they stand on: maps of which only single entries are asked for, never gone through, so that
//! their order cannot show.

use crate::geom::Point2;
use std::collections::HashMap;

/// A point as whole steps of a raster.
pub type Spot = (i64, i64);

/// The spot of a point on a raster of this step.
pub fn spot(p: Point2, step: f64) -> Spot {
    ((p.x / step).round() as i64, (p.y / step).round() as i64)
}

/// Values by spots and the like, hashed by what no file can foresee.
pub type Spots<K, V> = HashMap<K, V, foldhash::fast::RandomState>;

/// An empty map for so many.
pub fn spots<K, V>(capacity: usize) -> Spots<K, V> {
    HashMap::with_capacity_and_hasher(capacity, foldhash::fast::RandomState::default())
}

/// What ends on a spot: up to two, or that there are more.
#[derive(Clone, Copy, Default)]
pub struct Meeting {
    ends: [u32; 2],
    count: u32,
}

impl Meeting {
    /// One more ends here.
    pub fn add(&mut self, i: usize) {
        if let Some(slot) = self.ends.get_mut(self.count as usize) {
            *slot = i as u32;
        }
        self.count = self.count.saturating_add(1);
    }

    /// The other one where just two end; the same one where both its ends do.
    pub fn other(&self, i: usize) -> Option<usize> {
        let [a, b] = self.ends.map(|e| e as usize);
        (self.count == 2).then_some(if a == i { b } else { a })
    }
}
