//! A read-only index of boxes: which of them touch a given box?

use super::bounds::Box2;
use super::point::Point2;

/// A uniform grid over boxes, built once. Answers are item numbers in rising order.
#[derive(Clone, Debug, Default)]
pub struct BoxIndex {
    boxes: Vec<Box2>,
    bounds: Box2,
    /// Cells per unit of length.
    per_cell: f64,
    cell: f64,
    columns: usize,
    rows: usize,
    starts: Vec<u32>,
    items: Vec<u32>,
    large: Vec<u32>,
}

/// An item that covers more cells than this is kept in a list of its own.
const MAX_CELLS_PER_ITEM: usize = 64;

impl BoxIndex {
    /// Builds the index in O(n). Empty boxes are never found.
    pub fn new(boxes: Vec<Box2>) -> Self {
        let mut bounds = Box2::EMPTY;
        for b in &boxes {
            bounds.merge(b);
        }
        if bounds.is_empty() {
            return Self { boxes, ..Self::default() };
        }
        let n = boxes.len().max(1) as f64;
        let extent = bounds.width().max(bounds.height()).max(1e-9);
        let area = (bounds.width().max(extent * 1e-3)) * (bounds.height().max(extent * 1e-3));
        let cell = (area / n).sqrt().max(extent / 2048.0);
        let columns = (bounds.width() / cell) as usize + 1;
        let rows = (bounds.height() / cell) as usize + 1;
        let mut index = Self { boxes, bounds, per_cell: 1.0 / cell, cell, columns, rows, ..Self::default() };
        let mut counts = vec![0u32; columns * rows + 1];
        // per item its first cell, and how many there are beside and above one another; none of large ones
        let mut placed: Vec<(u32, u8, u8)> = Vec::with_capacity(index.boxes.len());
        for (i, b) in index.boxes.iter().enumerate() {
            let Some((x0, y0, x1, y1)) = index.cells(b) else {
                placed.push((0, 0, 0));
                continue;
            };
            let (wide, high) = (x1 - x0 + 1, y1 - y0 + 1);
            if wide * high > MAX_CELLS_PER_ITEM {
                index.large.push(i as u32);
                placed.push((0, 0, 0));
                continue;
            }
            let first = y0 * columns + x0;
            placed.push((first as u32, wide as u8, high as u8));
            for row in 0..high {
                let at = first + row * columns + 1;
                counts[at..at + wide].iter_mut().for_each(|n| *n += 1);
            }
        }
        for i in 1..counts.len() {
            counts[i] += counts[i - 1];
        }
        let mut fill = counts.clone();
        index.items = vec![0; counts.last().copied().unwrap_or(0) as usize];
        for (i, &(first, wide, high)) in placed.iter().enumerate() {
            for row in 0..high as usize {
                let at = first as usize + row * columns;
                for slot in &mut fill[at..at + wide as usize] {
                    index.items[*slot as usize] = i as u32;
                    *slot += 1;
                }
            }
        }
        index.starts = counts;
        index
    }

    /// Groups of items that may touch: each pair that does is in some group, or has one of the [`Self::large`] ones.
    pub(super) fn groups(&self) -> impl Iterator<Item = &[u32]> {
        self.starts.windows(2).map(|w| &self.items[w[0] as usize..w[1] as usize]).filter(|g| g.len() > 1)
    }

    /// Items that are in no group.
    pub(super) fn large(&self) -> &[u32] {
        &self.large
    }

    /// Groups of items that a straight line from a to b may touch, row by row, [`Self::large`] ones aside.
    pub(super) fn along(&self, a: Point2, b: Point2) -> impl Iterator<Item = &[u32]> {
        let rows = self.cells(&Box2::of(a, b)).map_or(0..0, |(_, y0, _, y1)| y0..y1 + 1);
        rows.filter_map(move |y| {
            // the part of the line in this row, and a little more
            let level = |row: usize| self.bounds.min.y + row as f64 * self.cell;
            let share = |y: f64| ((y - a.y) / (b.y - a.y)).clamp(0.0, 1.0);
            let ends = if (b.y - a.y).abs() < 1e-3 * self.cell {
                [0.0, 1.0]
            } else {
                [share(level(y) - 0.01 * self.cell), share(level(y + 1) + 0.01 * self.cell)]
            };
            let (p, q) = (a.lerp(b, ends[0]), a.lerp(b, ends[1]));
            let slack = Point2::new(0.01 * self.cell, 0.0);
            let mut part = Box2::of(p, q);
            part.merge(&Box2::of(part.min - slack, part.max + slack));
            let (x0, _, x1, _) = self.cells(&part)?;
            let row = y * self.columns;
            Some(&self.items[self.starts[row + x0] as usize..self.starts[row + x1 + 1] as usize])
        })
    }

    fn cells(&self, b: &Box2) -> Option<(usize, usize, usize, usize)> {
        if b.is_empty() || self.bounds.is_empty() || !b.intersects(&self.bounds) {
            return None;
        }
        let cell = |p: Point2| {
            let x = ((p.x - self.bounds.min.x) * self.per_cell).max(0.0) as usize;
            let y = ((p.y - self.bounds.min.y) * self.per_cell).max(0.0) as usize;
            (x.min(self.columns - 1), y.min(self.rows - 1))
        };
        let ((x0, y0), (x1, y1)) = (cell(b.min), cell(b.max));
        Some((x0, y0, x1, y1))
    }

    /// Some item whose box touches `query` passes the test. Stops at the first; items may be tried more than once, in no
    /// order that means anything.
    pub fn any(&self, query: &Box2, mut test: impl FnMut(usize) -> bool) -> bool {
        let Some((x0, y0, x1, y1)) = self.cells(query) else { return false };
        let mut passes = |i: &u32| {
            let i = *i as usize;
            self.boxes[i].intersects(query) && test(i)
        };
        for y in y0..=y1 {
            for x in x0..=x1 {
                let cell = y * self.columns + x;
                let (from, to) = (self.starts[cell] as usize, self.starts[cell + 1] as usize);
                if self.items[from..to].iter().any(&mut passes) {
                    return true;
                }
            }
        }
        self.large.iter().any(&mut passes)
    }

    /// As [`Self::touching`], or `None` where more than `most` do: in a crowd nothing is looked for one by one.
    pub fn touching_few(&self, query: &Box2, most: usize) -> Option<Vec<usize>> {
        let mut out: Vec<usize> = Vec::new();
        let crowd = self.any(query, |i| {
            out.push(i);
            // an item in several cells comes several times
            out.len() > most && {
                out.sort_unstable();
                out.dedup();
                out.len() > most
            }
        });
        if crowd {
            return None;
        }
        out.sort_unstable();
        out.dedup();
        Some(out)
    }

    /// The items whose box touches `query`, in rising order, each once.
    pub fn touching(&self, query: &Box2) -> Vec<usize> {
        let Some((x0, y0, x1, y1)) = self.cells(query) else { return Vec::new() };
        let mut out: Vec<usize> = Vec::new();
        let mut take = |items: &[u32]| {
            out.extend(items.iter().map(|&i| i as usize).filter(|&i| self.boxes[i].intersects(query)));
        };
        for y in y0..=y1 {
            for x in x0..=x1 {
                let cell = y * self.columns + x;
                take(&self.items[self.starts[cell] as usize..self.starts[cell + 1] as usize]);
            }
        }
        take(&self.large);
        // what one cell holds rises and has nothing twice
        if x0 < x1 || y0 < y1 || !self.large.is_empty() {
            out.sort_unstable();
            out.dedup();
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_a_scan_finds() {
        let mut seed = 7u64;
        let mut next = || {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (seed >> 33) as f64 / 2f64.powi(31)
        };
        let boxes: Vec<Box2> = (0..500)
            .map(|i| {
                let p = Point2::new(next() * 100.0, next() * 30.0);
                let size = if i % 50 == 0 { 60.0 } else { 2.0 };
                Box2::of(p, p + Point2::new(next() * size, next() * size))
            })
            .collect();
        let index = BoxIndex::new(boxes.clone());
        for _ in 0..200 {
            let p = Point2::new(next() * 120.0 - 10.0, next() * 40.0 - 5.0);
            let q = Box2::of(p, p + Point2::new(next() * 10.0, next() * 10.0));
            let scan: Vec<usize> = (0..boxes.len()).filter(|&i| boxes[i].intersects(&q)).collect();
            assert_eq!(index.touching(&q), scan);
        }
        for _ in 0..200 {
            let p = Point2::new(next() * 120.0 - 10.0, next() * 40.0 - 5.0);
            let q = p + Point2::new(next() - 0.5, next() - 0.5) * 80.0;
            let near: Vec<u32> = index.along(p, q).chain([index.large()]).flat_map(<[u32]>::to_vec).collect();
            let met = |b: &Box2| (0..=999).any(|k| b.contains(p.lerp(q, f64::from(k) / 999.0)));
            let missed = (0..boxes.len() as u32).find(|&i| met(&boxes[i as usize]) && !near.contains(&i));
            assert_eq!(missed, None, "{p:?} {q:?}");
        }
    }
}
