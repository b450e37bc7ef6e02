//! Objects of other programs: a picture of lines and texts that the program left in the file (proxy graphics, group 310)
//! is read; where there is none the object is counted by name. After the Open Design Specification for .dwg files,
//! "Proxy entity graphics".

use super::Entities;
use super::text::plain_line;
use crate::drawing::curves;
use crate::drawing::dxf::colour;
use crate::drawing::dxf::content::{Content, Style, Text};
use crate::drawing::dxf::groups::Value;
use crate::drawing::dxf::markup;
use crate::drawing::dxf::record::{Damage, Record};
use crate::drawing::model::{FillMark, LoopMark};
use crate::geom::{Affine2, Arc2, Point2, Point3};
use std::f64::consts::TAU;

/// Programs keep their objects' numbers from here on: the first class of the CLASSES section (DXF reference).
const FIRST_CLASS: i64 = 500;
/// Matrices that may be pushed on one another.
const MAX_MATRICES: usize = 64;

const SHORT: Damage = "its picture breaks off";

/// Reads little-endian values of one record.
struct Bytes<'b> {
    rest: &'b [u8],
    taken: usize,
}

impl<'b> Bytes<'b> {
    fn new(rest: &'b [u8]) -> Self {
        Self { rest, taken: 0 }
    }
    fn take(&mut self, n: usize) -> Result<&'b [u8], Damage> {
        let (head, rest) = self.rest.split_at_checked(n).ok_or(SHORT)?;
        self.rest = rest;
        self.taken += n;
        Ok(head)
    }
    fn long(&mut self) -> Result<i32, Damage> {
        Ok(i32::from_le_bytes(self.take(4)?.try_into().map_err(|_| SHORT)?))
    }
    fn count(&mut self) -> Result<usize, Damage> {
        usize::try_from(self.long()?).map_err(|_| "a count of its picture is negative")
    }
    fn real(&mut self) -> Result<f64, Damage> {
        let value = f64::from_le_bytes(self.take(8)?.try_into().map_err(|_| SHORT)?);
        if value.is_finite() { Ok(value) } else { Err("a number of its picture cannot be read") }
    }
    fn point(&mut self) -> Result<Point3, Damage> {
        Ok(Point3::new(self.real()?, self.real()?, self.real()?))
    }
    /// Points, as many as the bytes have room for.
    fn points(&mut self, n: usize) -> Result<Vec<Point2>, Damage> {
        if n > self.rest.len() / 24 {
            return Err(SHORT);
        }
        (0..n).map(|_| Ok(self.point()?.xy())).collect()
    }
    /// To the next multiple of four.
    fn align(&mut self) {
        let over = (4 - self.taken % 4) % 4;
        let _ = self.take(over.min(self.rest.len()));
    }
    /// Bytes up to a zero.
    fn narrow(&mut self) -> Result<&'b [u8], Damage> {
        let end = memchr::memchr(0, self.rest).ok_or(SHORT)?;
        let text = self.take(end)?;
        self.take(1)?;
        self.align();
        Ok(text)
    }
    /// UTF-16 up to a zero.
    fn wide(&mut self) -> Result<String, Damage> {
        let mut units = Vec::new();
        loop {
            match u16::from_le_bytes(self.take(2)?.try_into().map_err(|_| SHORT)?) {
                0 => break,
                unit => units.push(unit),
            }
        }
        self.align();
        Ok(String::from_utf16_lossy(&units))
    }
}

/// What is being drawn, and how.
struct Picture {
    content: Content,
    base: Style,
    style: Style,
    /// The mark of `style`, once something was drawn in it.
    mark: Option<u32>,
    filled: bool,
    maps: Vec<Affine2>,
    /// Parts that are not read.
    passed: bool,
}

impl Picture {
    fn mark(&mut self) -> u32 {
        let style = self.style;
        *self.mark.get_or_insert_with(|| self.content.mark(style))
    }
    fn map(&self) -> Affine2 {
        self.maps.last().copied().unwrap_or(Affine2::IDENTITY)
    }
    fn changed(&mut self, change: impl FnOnce(&mut Style)) {
        change(&mut self.style);
        self.mark = None;
    }
    fn path(&mut self, points: &[Point2]) {
        let (mark, map) = (self.mark(), self.map());
        let points: Vec<Point2> = points.iter().map(|&p| map.apply(p)).collect();
        self.content.path(mark, &points);
    }
    fn polygon(&mut self, mut ring: Vec<Point2>) {
        if ring.len() > 1 && ring.first() == ring.last() {
            ring.pop();
        }
        let Some(&first) = ring.first() else { return };
        let (mark, map) = (self.mark(), self.map());
        let mapped: Vec<Point2> = ring.iter().map(|&p| map.apply(p)).collect();
        if mapped.len() >= 3 {
            if self.filled {
                let rings = vec![mapped.clone()];
                self.content.fills.push(FillMark { mark, rings, solid: true, pattern: None });
            }
            self.content.loops.push(LoopMark { mark, ring: mapped });
        }
        ring.push(first);
        self.path(&ring);
    }
    /// A part of a circle in space: the axis of its begin, its normal, the angle swept.
    fn arc(
        &mut self,
        centre: Point3,
        radius: f64,
        begin: Point3,
        normal: Point3,
        sweep: f64,
    ) -> Result<(), Damage> {
        let (Some(u), Some(n)) = (begin.normalised(), normal.normalised()) else {
            return Err("an arc of its picture has no axes");
        };
        let v = n.cross(u);
        let (mark, map) = (self.mark(), self.map());
        match curves::ellipse(centre.xy(), u.xy() * radius, v.xy() * radius, 0.0, sweep) {
            Ok(arc) => self.content.arc(mark, &arc, &map),
            Err(points) => self.path(&points),
        }
        Ok(())
    }
    fn through(&mut self, points: &[Point2], whole: bool) {
        let [a, b, c] = points else { return };
        let (mark, map) = (self.mark(), self.map());
        match curves::arc_through(*a, *b, *c) {
            Some(arc) if whole => self.content.arc(mark, &Arc2::circle(arc.centre, arc.radius), &map),
            Some(arc) => self.content.arc(mark, &arc, &map),
            None => self.path(&[*a, *b, *c]),
        }
    }
}

impl<'a> Entities<'_, 'a> {
    /// An entity that is not read otherwise: its picture, or its name among those that are not read.
    pub(super) fn other(&mut self, record: &Record<'a, '_>, content: &mut Content) -> Result<(), Damage> {
        let bytes = picture_of(record);
        let mut drawn = None;
        if !bytes.is_empty() {
            drawn = Some(self.picture(record, &bytes)?);
        }
        match drawn {
            Some(picture) if !picture.content.styles.is_empty() => {
                if picture.passed {
                    self.count(record);
                }
                content.append(picture.content);
            }
            _ => self.count(record),
        }
        Ok(())
    }

    /// Counts an entity that is not read. A proxy is told by the class that it stands for.
    fn count(&mut self, record: &Record<'a, '_>) {
        let class = usize::try_from(record.integer_or(91, 0) - FIRST_CLASS).ok();
        let name = match class.and_then(|c| self.tables.classes.get(c)) {
            Some(class) if record.name == b"ACAD_PROXY_ENTITY" => [b"ACAD_PROXY_ENTITY ", *class].concat(),
            _ => record.name.to_vec(),
        };
        *self.unread.entry(name).or_default() += 1;
    }

    fn picture(&mut self, record: &Record<'a, '_>, bytes: &[u8]) -> Result<Picture, Damage> {
        let base = self.style(record);
        let mut out = Picture {
            content: Content::default(),
            base,
            style: base,
            mark: None,
            filled: false,
            maps: Vec::new(),
            passed: false,
        };
        // Size of all, and the number of parts: the parts themselves say where they end.
        let mut rest = bytes.get(8..).ok_or(SHORT)?;
        while rest.len() >= 8 {
            let mut head = Bytes::new(rest);
            let (size, kind) = (head.count()?, head.long()?);
            if size < 8 || size > rest.len() {
                return Err(SHORT);
            }
            self.part(kind, &mut Bytes::new(&rest[8..size]), &mut out)?;
            rest = &rest[size..];
        }
        Ok(out)
    }

    fn part(&mut self, kind: i32, data: &mut Bytes<'_>, out: &mut Picture) -> Result<(), Damage> {
        match kind {
            2 => {
                let (centre, radius, normal) = (data.point()?, data.real()?, data.point()?);
                let side = if normal.x.abs() < 0.5 {
                    Point3::new(1.0, 0.0, 0.0)
                } else {
                    Point3::new(0.0, 1.0, 0.0)
                };
                out.arc(centre, radius, normal.cross(side), normal, TAU)?;
            }
            3 | 5 => out.through(&data.points(3)?, kind == 3),
            4 => {
                let (centre, radius) = (data.point()?, data.real()?);
                let (normal, begin, sweep) = (data.point()?, data.point()?, data.real()?);
                out.arc(centre, radius, begin, normal, sweep.clamp(-TAU, TAU))?;
            }
            6 | 32 => {
                let n = data.count()?;
                out.path(&data.points(n)?);
            }
            7 => {
                let n = data.count()?;
                out.polygon(data.points(n)?);
            }
            8 => mesh(data, out)?,
            9 => shell(data, out)?,
            10 | 11 | 36 | 38 => self.picture_text(kind, data, out)?,
            44 => {
                let (centre, _normal) = (data.point()?, data.point()?);
                let (major, minor) = (data.real()?, data.real()?);
                let (from, to, turn) = (data.real()?, data.real()?, data.real()?);
                let (mark, map, axis) = (out.mark(), out.map(), Point2::unit(turn));
                match curves::ellipse(centre.xy(), axis * major, axis.left() * minor, from, to) {
                    Ok(arc) => out.content.arc(mark, &arc, &map),
                    Err(points) => out.path(&points),
                }
            }
            14 => {
                let index = u32::try_from(data.long()?).ok().filter(|i| *i <= colour::BY_LAYER);
                out.changed(|s| s.colour = index.unwrap_or(colour::BY_LAYER));
            }
            16 => {
                let order = usize::try_from(data.long()?).ok();
                let layer = order.and_then(|i| self.tables.layer_order.get(i)).copied();
                let own = out.base.layer;
                out.changed(|s| s.layer = layer.unwrap_or(own));
            }
            20 => out.filled = data.long()? != 0,
            22 => {
                // The first byte tells what the others are: 0xC2 a colour of its own, 0xC3 an index.
                let value = data.long()? as u32;
                let by = value >> 24;
                let colour = match by {
                    0xC2 => colour::true_colour(value),
                    0xC3 => value & 0xFF,
                    0xC1 => colour::BY_BLOCK,
                    _ => colour::BY_LAYER,
                };
                out.changed(|s| s.colour = colour);
            }
            29 | 30 => {
                let mut m = [0.0; 16];
                for value in &mut m {
                    *value = data.real()?;
                }
                if out.maps.len() >= MAX_MATRICES {
                    return Err("its picture pushes too many matrices");
                }
                let own = Affine2 { a: m[0], b: m[4], c: m[1], d: m[5], e: m[3], f: m[7] };
                out.maps.push(out.map().after(&own));
            }
            31 => drop(out.maps.pop()),
            // Extents, line types, markers, weights, clips, materials: nothing that is drawn.
            1 | 15 | 17..=19 | 21 | 23..=28 | 34 | 35 => {}
            _ => out.passed = true,
        }
        Ok(())
    }

    fn picture_text(&mut self, kind: i32, data: &mut Bytes<'_>, out: &mut Picture) -> Result<(), Damage> {
        let (at, _normal, direction) = (data.point()?, data.point()?, data.point()?);
        let (mut height, mut factor) = (0.0, 1.0);
        let first = matches!(kind, 10 | 36);
        if first {
            (height, factor) = (data.real()?, data.real()?);
            data.real()?;
        }
        let string = if matches!(kind, 36 | 38) { data.wide()? } else { self.letters.text(data.narrow()?) };
        if !first {
            data.take(8)?;
            (height, factor) = (data.real()?, data.real()?);
        }
        let string = markup::percent_codes(&string);
        if string.trim().is_empty() || height <= 0.0 {
            return Ok(());
        }
        let mark = out.mark();
        let text = plain_line(mark, string, at.xy(), height, direction.xy().angle(), factor);
        let text = super::map_text(&text, &out.map());
        out.content.texts.push(Text { text, attribute_of: None });
        Ok(())
    }
}

/// Rows and columns of points, as lines along both.
fn mesh(data: &mut Bytes<'_>, out: &mut Picture) -> Result<(), Damage> {
    let (rows, columns) = (data.count()?, data.count()?);
    let points = data.points(rows.checked_mul(columns).ok_or(SHORT)?)?;
    if columns == 0 {
        return Ok(());
    }
    for row in points.chunks(columns) {
        out.path(row);
    }
    for column in 0..columns {
        let points: Vec<Point2> = points.iter().skip(column).step_by(columns).copied().collect();
        out.path(&points);
    }
    Ok(())
}

/// Faces over shared points; a negative number of edges is a hole of the face before.
fn shell(data: &mut Bytes<'_>, out: &mut Picture) -> Result<(), Damage> {
    let n = data.count()?;
    let points = data.points(n)?;
    let mut left = data.count()?;
    while left > 0 {
        let edges = data.long()?.unsigned_abs() as usize;
        left = left.checked_sub(edges + 1).ok_or("a face of its picture is out of order")?;
        let mut ring = Vec::new();
        for _ in 0..edges {
            ring.push(*points.get(data.count()?).ok_or("a face of its picture names no corner")?);
        }
        out.polygon(ring);
    }
    Ok(())
}

/// The bytes of a picture: group 92 or 160 with their number, followed by chunks.
fn picture_of(record: &Record<'_, '_>) -> Vec<u8> {
    let mut out = Vec::new();
    let own = record.own();
    let begin = own.groups.windows(2).position(|w| matches!(w[0].code, 92 | 160) && w[1].code == 310);
    // What OLE objects keep in these groups is a file of another program, not a picture.
    let (Some(begin), false) = (begin, record.name.starts_with(b"OLE")) else { return out };
    let size = own.groups[begin].integer().and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
    for g in own.groups[begin + 1..].iter().take_while(|g| g.code == 310) {
        match g.value {
            Value::Chunk(bytes) => out.extend_from_slice(bytes),
            Value::Text(hex) => out.extend(hex.trim_ascii().chunks_exact(2).map_while(|pair| {
                let digit = |b: u8| char::from(b).to_digit(16);
                Some((digit(pair[0])? << 4 | digit(pair[1])?) as u8)
            })),
            _ => break,
        }
        if out.len() >= size {
            break;
        }
    }
    out.truncate(size);
    out
}
