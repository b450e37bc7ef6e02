//! LWPOLYLINE, and POLYLINE with its VERTEX records: flat, in space, meshes and face meshes.

use super::Entities;
use super::curve::PLAIN;
use crate::drawing::dxf::content::{Content, Style, Vertex};
use crate::drawing::dxf::record::{Damage, Record};
use crate::geom::{Affine2, Point2};

/// A POLYLINE that waits for its vertices.
pub(super) struct Open {
    style: Style,
    flags: i64,
    size: (i64, i64),
    map: Affine2,
    vertices: Vec<Vertex>,
    faces: Vec<[i64; 4]>,
    damage: Option<Damage>,
}

impl<'a> Entities<'_, 'a> {
    pub(super) fn light_polyline(
        &mut self,
        record: &Record<'a, '_>,
        content: &mut Content,
    ) -> Result<(), Damage> {
        let own = record.own();
        let mut vertices: Vec<Vertex> = Vec::new();
        let mut flags = 0;
        for g in own.groups {
            let value = || g.real().ok_or("a coordinate cannot be read");
            match (g.code, vertices.last_mut()) {
                (10, _) => vertices.push(Vertex { at: Point2::new(value()?, 0.0), bulge: 0.0 }),
                (20, Some(v)) => v.at.y = value()?,
                (42, Some(v)) => v.bulge = g.real().ok_or("a bulge cannot be read")?,
                (70, _) => flags = g.integer().unwrap_or(0),
                _ => {}
            }
        }
        if vertices.is_empty() {
            return Err("it has no vertices");
        }
        let map = Self::axes(&own, own.real_or(38, 0.0)?)?;
        let mark = content.mark(self.style(record));
        content.polyline(mark, &vertices, flags & 1 != 0, &map);
        Ok(())
    }

    pub(super) fn polyline(&mut self, record: &Record<'a, '_>) -> Result<(), Damage> {
        let own = record.own();
        let flags = own.integer_or(70, 0);
        let flat = flags & (8 | 16 | 64) == 0;
        let map = if flat { Self::axes(&own, own.real_or(30, 0.0)?)? } else { PLAIN };
        self.polyline = Some(Open {
            style: self.style(record),
            flags,
            size: (own.integer_or(71, 0), own.integer_or(72, 0)),
            map,
            vertices: Vec::new(),
            faces: Vec::new(),
            damage: None,
        });
        Ok(())
    }

    pub(super) fn vertex(&mut self, record: &Record<'a, '_>) -> Result<(), Damage> {
        let Some(open) = self.polyline.as_mut() else { return Err("a VERTEX stands outside a POLYLINE") };
        let own = record.own();
        let flags = own.integer_or(70, 0);
        // The control frame of a fitted curve is not drawn.
        if flags & 16 != 0 {
            return Ok(());
        }
        if open.flags & 64 != 0 && flags & 192 == 128 {
            open.faces.push([71, 72, 73, 74].map(|code| own.integer_or(code, 0)));
            return Ok(());
        }
        match (own.need_point(10), own.real_or(42, 0.0)) {
            (Ok(at), Ok(bulge)) => open.vertices.push(Vertex { at, bulge }),
            (Err(why), _) | (_, Err(why)) => {
                // One bad vertex makes the outline wrong: the whole polyline is lost, and told once.
                open.damage.get_or_insert(why);
            }
        }
        Ok(())
    }
}

impl Open {
    pub(super) fn close(self, content: &mut Content) -> Result<(), Damage> {
        if let Some(why) = self.damage {
            return Err(why);
        }
        if self.vertices.is_empty() {
            return Err("a POLYLINE has no vertices");
        }
        let mark = content.mark(self.style);
        if self.flags & 64 != 0 {
            self.faces(content, mark);
        } else if self.flags & 16 != 0 {
            self.mesh(content, mark);
        } else {
            content.polyline(mark, &self.vertices, self.flags & 1 != 0, &self.map);
        }
        Ok(())
    }

    /// Edges of a face mesh; a negative number hides the edge that begins there.
    fn faces(&self, content: &mut Content, mark: u32) {
        let place = |n: i64| {
            usize::try_from(n.unsigned_abs()).ok()?.checked_sub(1).and_then(|i| self.vertices.get(i))
        };
        for face in &self.faces {
            let corners: Vec<i64> = face.iter().copied().filter(|&n| n != 0).collect();
            for (i, &from) in corners.iter().enumerate() {
                let to = corners[(i + 1) % corners.len()];
                if let (true, Some(a), Some(b)) = (from > 0, place(from), place(to)) {
                    content.line(mark, a.at, b.at);
                }
            }
        }
    }

    /// Lines of an M × N mesh.
    fn mesh(&self, content: &mut Content, mark: u32) {
        let (Ok(m), Ok(n)) = (usize::try_from(self.size.0), usize::try_from(self.size.1)) else { return };
        let at = |i: usize, j: usize| self.vertices.get(i.checked_mul(n)?.checked_add(j)?).map(|v| v.at);
        let (close_m, close_n) = (self.flags & 1 != 0, self.flags & 32 != 0);
        if m.checked_mul(n).is_none_or(|count| count > self.vertices.len()) {
            return content.polyline(mark, &self.vertices, false, &PLAIN);
        }
        for i in 0..m {
            for j in 0..n {
                let across = if j + 1 < n { Some((i, j + 1)) } else { close_n.then_some((i, 0)) };
                let along = if i + 1 < m { Some((i + 1, j)) } else { close_m.then_some((0, j)) };
                for (k, l) in [across, along].into_iter().flatten() {
                    if let (Some(a), Some(b)) = (at(i, j), at(k, l)) {
                        content.line(mark, a, b);
                    }
                }
            }
        }
    }
}
