//! Distances on the walkable area of a storey: a raster of its rooms and doors, from the exits outwards.

use super::{Passage, bounds};
use crate::geom::{Box2, Point2, ring_contains};
use crate::ifc::model::Kind;
use crate::ifc::section::StoreyPlan;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Side of a cell (metres).
const CELL: f64 = 0.25;

/// Cells of one storey; a larger one is left open.
const CELLS: usize = 4_000_000;

/// The walk from every cell to the nearest exit.
pub(super) struct Walk {
    origin: Point2,
    columns: usize,
    /// Millimetres; `u32::MAX` where no exit is reached, and where nobody walks.
    far: Vec<u32>,
    /// Room of each cell, one more than its number; 0 outside of rooms.
    room: Vec<u32>,
}

impl Walk {
    /// None where the storey is too large. `exits`: points of exits.
    pub(super) fn of(storey: &StoreyPlan, passages: &[Passage<'_>], exits: &[Point2]) -> Option<Self> {
        let mut all = Box2::EMPTY;
        storey.rooms.iter().for_each(|r| all.merge(&bounds(&r.outline)));
        if all.is_empty() {
            return None;
        }
        let all = all.grown(1.0);
        let (columns, rows) = ((all.width() / CELL).ceil() as usize, (all.height() / CELL).ceil() as usize);
        if columns.saturating_mul(rows) > CELLS {
            return None;
        }
        let size = columns * rows;
        let mut walk = Self { origin: all.min, columns, far: vec![u32::MAX; size], room: Vec::new() };
        let mut open = vec![false; size];
        let mut of = vec![0u32; size];
        for (number, room) in storey.rooms.iter().enumerate() {
            for polygon in &room.outline {
                walk.each(&polygon.bounds(), |at, p| {
                    if ring_contains(&polygon.outer, p) && !polygon.holes.iter().any(|h| ring_contains(h, p))
                    {
                        mark(&mut open, at);
                        mark_room(&mut of, at, number);
                    }
                });
            }
        }
        walk.room = of;
        for passage in passages {
            let door = passage.door;
            let across = Point2::new(-door.along.y, door.along.x);
            let reach = door.depth_m.max(0.0) / 2.0 + CELL * 1.5;
            walk.each(&Box2::of(door.centre, door.centre).grown(door.width_m.max(reach) + CELL), |at, p| {
                let to = p - door.centre;
                if to.dot(door.along).abs() <= (door.width_m / 2.0).max(CELL) && to.dot(across).abs() <= reach
                {
                    mark(&mut open, at);
                }
            });
        }
        for column in storey.columns.iter().flat_map(|c| &c.outline) {
            walk.each(&column.bounds(), |at, p| {
                if ring_contains(&column.outer, p) {
                    open.get_mut(at).into_iter().for_each(|o| *o = false);
                }
            });
        }
        walk.spread(&open, exits);
        Some(walk)
    }

    fn each(&self, within: &Box2, mut found: impl FnMut(usize, Point2)) {
        let cell = |x: f64, from: f64| ((x - from) / CELL).floor().max(0.0) as usize;
        let rows = self.far.len() / self.columns.max(1);
        for row in
            cell(within.min.y, self.origin.y)..=cell(within.max.y, self.origin.y).min(rows.saturating_sub(1))
        {
            for column in
                cell(within.min.x, self.origin.x)..=cell(within.max.x, self.origin.x).min(self.columns - 1)
            {
                #[allow(clippy::cast_precision_loss)]
                let p = self.origin + Point2::new((column as f64 + 0.5) * CELL, (row as f64 + 0.5) * CELL);
                found(row * self.columns + column, p);
            }
        }
    }

    fn spread(&mut self, open: &[bool], exits: &[Point2]) {
        let mut heap: BinaryHeap<Reverse<(u32, usize)>> = BinaryHeap::new();
        for exit in exits {
            // the nearest walkable cells around the exit
            let mut near = Vec::new();
            self.each(&Box2::of(*exit, *exit).grown(1.0), |at, p| {
                if open.get(at) == Some(&true) {
                    near.push(((p - *exit).length(), at));
                }
            });
            for (distance, at) in near {
                let mm = (distance * 1000.0) as u32;
                if self.far.get(at).is_some_and(|f| mm < *f) {
                    self.far.get_mut(at).into_iter().for_each(|f| *f = mm);
                    heap.push(Reverse((mm, at)));
                }
            }
        }
        const STRAIGHT: u32 = 250;
        const SLANTED: u32 = 354;
        let columns = self.columns as isize;
        let steps = [
            (1, STRAIGHT),
            (-1, STRAIGHT),
            (columns, STRAIGHT),
            (-columns, STRAIGHT),
            (columns + 1, SLANTED),
            (columns - 1, SLANTED),
            (-columns + 1, SLANTED),
            (-columns - 1, SLANTED),
        ];
        while let Some(Reverse((far, at))) = heap.pop() {
            if self.far.get(at).is_some_and(|f| far > *f) {
                continue;
            }
            for (step, length) in steps {
                let Some(next) = at.checked_add_signed(step) else { continue };
                let beside = (next % self.columns).abs_diff(at % self.columns) <= 1;
                let sum = far.saturating_add(length);
                if beside && open.get(next) == Some(&true) && self.far.get(next).is_some_and(|f| sum < *f) {
                    self.far.get_mut(next).into_iter().for_each(|f| *f = sum);
                    heap.push(Reverse((sum, next)));
                }
            }
        }
    }

    /// The longest walk from a room to an exit, metres, with its place; `None` where no exit is reached from it.
    pub(super) fn farthest(&self, room: usize) -> Option<(f64, Point2)> {
        let own = self.room.iter().enumerate().filter(|(_, r)| **r as usize == room + 1).map(|(at, _)| at);
        let far = own.filter_map(|at| self.far.get(at).filter(|f| **f != u32::MAX).map(|f| (*f, at)));
        let (mm, at) = far.max()?;
        #[allow(clippy::cast_precision_loss)]
        let cell =
            Point2::new(((at % self.columns) as f64 + 0.5) * CELL, ((at / self.columns) as f64 + 0.5) * CELL);
        Some((f64::from(mm) / 1000.0, self.origin + cell))
    }
}

fn mark(open: &mut [bool], at: usize) {
    open.get_mut(at).into_iter().for_each(|o| *o = true);
}

fn mark_room(room: &mut [u32], at: usize, number: usize) {
    room.get_mut(at).into_iter().for_each(|r| *r = number as u32 + 1);
}

/// Points where a storey is left: doors that lead out to the ground, and stairs.
pub(super) fn exits(storey: &StoreyPlan, passages: &[Passage<'_>], grounded: bool) -> Vec<Point2> {
    let doors = passages.iter().filter(|p| grounded && p.leads_out()).map(|p| p.door.centre);
    let stairs =
        storey.others.iter().filter(|o| matches!(o.kind, Kind::Stair | Kind::StairFlight | Kind::Ramp));
    let stairs = stairs.flat_map(|s| &s.outline).flat_map(|p| {
        let b = p.bounds();
        let mut points = b.corners().to_vec();
        points.push(b.centre());
        points
    });
    doors.chain(stairs).collect()
}
