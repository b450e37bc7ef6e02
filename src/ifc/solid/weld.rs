//! Puts faces together that were made one by one: corners that meet become one, and a corner in the middle of another
//! face's edge becomes a corner of that edge too.

use super::shell::Shell;
use crate::geom::Point3;
use crate::ifc::body::with_corners_on_edges;
use std::collections::HashMap;

/// Corners closer than this are one, metres.
pub(super) const WELD_M: f64 = 2e-6;

/// Collects faces.
#[derive(Debug, Default)]
pub(super) struct Weld {
    shell: Shell,
    cells: HashMap<[i64; 3], u32>,
}

impl Weld {
    fn corner(&mut self, p: Point3) -> u32 {
        let at = [p.x, p.y, p.z].map(|c| c / WELD_M);
        let cell = at.map(|c| c.floor() as i64);
        if let Some(&id) = self.cells.get(&cell) {
            return id;
        }
        // the neighbours that lie within half a cell
        for i in 1..8 {
            let mut near = cell;
            for axis in 0..3 {
                if i >> axis & 1 == 1 {
                    near[axis] += if at[axis] - at[axis].floor() < 0.5 { -1 } else { 1 };
                }
            }
            if let Some(&id) = self.cells.get(&near)
                && self.shell.corners.get(id as usize).is_some_and(|&q| (q - p).length() < WELD_M)
            {
                return id;
            }
        }
        let id = self.shell.corners.len() as u32;
        self.cells.insert(cell, id);
        self.shell.corners.push(p);
        id
    }

    /// Adds a ring to the face under way; fewer than three different corners are ignored.
    pub(super) fn ring(&mut self, points: impl Iterator<Item = Point3>) {
        let start = self.shell.rings.len();
        for p in points {
            let id = self.corner(p);
            if self.shell.rings[start..].last() != Some(&id) {
                self.shell.rings.push(id);
            }
        }
        while self.shell.rings.len() > start + 1 && self.shell.rings.last() == self.shell.rings.get(start) {
            self.shell.rings.pop();
        }
        if self.shell.rings.len() < start + 3 {
            self.shell.rings.truncate(start);
        } else {
            self.shell.ring_ends.push(self.shell.rings.len() as u32);
        }
    }

    /// Ends the face under way.
    pub(super) fn end_face(&mut self) {
        let rings = self.shell.ring_ends.len() as u32;
        if self.shell.face_ends.last().copied().unwrap_or(0) < rings {
            self.shell.end_face();
        }
    }

    /// All faces, joined along their edges.
    pub(super) fn finish(self) -> Shell {
        let mut shell = self.shell;
        (shell.rings, shell.ring_ends) =
            with_corners_on_edges(&shell.corners, &shell.rings, &shell.ring_ends);
        let mut shell = without_spikes(&shell);
        shell.open_edges = super::turn::open_edges(&shell);
        shell
    }
}

/// The same without the places where a ring goes to a corner and straight back.
fn without_spikes(shell: &Shell) -> Shell {
    let mut out = Shell { corners: shell.corners.clone(), ..Shell::default() };
    for f in 0..shell.face_count() {
        let first = out.ring_ends.len();
        for r in shell.face_rings(f) {
            let mut ring: Vec<u32> = Vec::new();
            for &id in &shell.rings[shell.ring_range(r)] {
                match ring.as_slice() {
                    [.., last] if *last == id => {}
                    [.., back, _] if *back == id => {
                        ring.pop();
                    }
                    _ => ring.push(id),
                }
            }
            // the same over its ends
            let (mut from, mut to) = (0, ring.len());
            while to - from > 2 {
                let (a, b, y, z) = (ring[from], ring[from + 1], ring[to - 2], ring[to - 1]);
                if a == z {
                    to -= 1;
                } else if b == z {
                    from += 1;
                } else if a == y {
                    to -= 1;
                } else {
                    break;
                }
            }
            if to - from > 2 {
                out.ring(ring[from..to].iter().copied(), false);
            }
        }
        if out.ring_ends.len() > first {
            out.end_face();
        }
    }
    out
}
