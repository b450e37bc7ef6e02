//! HATCH: boundary paths of all edge kinds, as rings of points.

use super::Entities;
use super::curve::counter_clockwise;
use crate::drawing::curves;
use crate::drawing::dxf::content::{Content, Vertex, ring};
use crate::drawing::dxf::groups::Group;
use crate::drawing::dxf::record::{Damage, Record};
use crate::drawing::model::FillMark;
use crate::geom::{Affine2, Arc2, Point2};

/// Reads the groups of a hatch in their order: its codes mean different things in different places.
struct Cursor<'a, 'b> {
    groups: &'b [Group<'a>],
    at: usize,
}

const SHORT: Damage = "its boundary ends early";

impl<'a> Cursor<'a, '_> {
    fn peek(&self) -> Option<i16> {
        self.groups.get(self.at).map(|g| g.code)
    }
    /// The next group, which has to have this code.
    fn real(&mut self, code: i16) -> Result<f64, Damage> {
        match self.groups.get(self.at) {
            Some(g) if g.code == code => {
                self.at += 1;
                g.real().ok_or("a number of its boundary cannot be read")
            }
            Some(_) => Err("its boundary is out of order"),
            None => Err(SHORT),
        }
    }
    fn integer(&mut self, code: i16) -> Result<i64, Damage> {
        Ok(self.real(code)? as i64)
    }
    fn point(&mut self, code: i16) -> Result<Point2, Damage> {
        Ok(Point2::new(self.real(code)?, self.real(code + 10)?))
    }
    /// A group that may be left out.
    fn optional(&mut self, code: i16) -> Result<Option<f64>, Damage> {
        if self.peek() == Some(code) { self.real(code).map(Some) } else { Ok(None) }
    }
    /// Forward to the next group of this code.
    fn seek(&mut self, code: i16) -> bool {
        while let Some(found) = self.peek() {
            if found == code {
                return true;
            }
            self.at += 1;
        }
        false
    }
}

impl<'a> Entities<'_, 'a> {
    pub(super) fn hatch(&mut self, record: &Record<'a, '_>, content: &mut Content) -> Result<(), Damage> {
        let own = record.own();
        let elevation = own.subclass(b"AcDbHatch").real_or(30, 0.0)?;
        let map = Self::axes(&own, elevation)?;
        let mut cursor = Cursor { groups: own.groups, at: 0 };
        if !cursor.seek(91) {
            return Err("it has no boundary");
        }
        let paths = cursor.integer(91)?;
        let mut rings = Vec::new();
        for _ in 0..paths.max(0) {
            if !cursor.seek(92) {
                break;
            }
            let flags = cursor.integer(92)?;
            let ring = if flags & 2 != 0 {
                polyline_path(&mut cursor, &map)?
            } else {
                edge_path(&mut cursor, &map)?
            };
            // Boxes around texts are boundaries for the pattern, not outlines of anything.
            if ring.len() >= 3 && flags & 8 == 0 {
                rings.push(ring);
            }
        }
        if rings.is_empty() {
            return Err("its boundary encloses nothing");
        }
        let solid = own.integer_or(70, 0) & 1 != 0;
        let pattern =
            own.text(2).map(|name| self.letters.text(name.trim_ascii())).filter(|name| !name.is_empty());
        let mark = content.mark(self.style(record));
        content.fills.push(FillMark { mark, rings, solid, pattern });
        Ok(())
    }
}

fn polyline_path(cursor: &mut Cursor<'_, '_>, map: &Affine2) -> Result<Vec<Point2>, Damage> {
    cursor.optional(72)?;
    cursor.optional(73)?;
    let count = cursor.integer(93)?;
    let mut vertices = Vec::new();
    for _ in 0..count.max(0) {
        let at = cursor.point(10)?;
        let bulge = cursor.optional(42)?.unwrap_or(0.0);
        vertices.push(Vertex { at, bulge });
    }
    Ok(ring(&vertices, map))
}

/// Edges one after another; an edge that was written backwards is turned.
fn edge_path(cursor: &mut Cursor<'_, '_>, map: &Affine2) -> Result<Vec<Point2>, Damage> {
    let count = cursor.integer(93)?;
    let mut ring: Vec<Point2> = Vec::new();
    for _ in 0..count.max(0) {
        let mut points = match cursor.integer(72)? {
            1 => vec![cursor.point(10)?, cursor.point(11)?],
            2 => arc_edge(cursor)?,
            3 => ellipse_edge(cursor)?,
            4 => spline_edge(cursor)?,
            _ => return Err("its boundary has an edge of an unknown kind"),
        };
        let (Some(&first), Some(&last)) = (points.first(), points.last()) else { continue };
        match ring.last() {
            Some(&end) if end.distance(last) < end.distance(first) => points.reverse(),
            _ => {}
        }
        let skip = usize::from(ring.last() == points.first());
        ring.extend(points.into_iter().skip(skip));
    }
    let mut ring: Vec<Point2> = ring.into_iter().map(|p| map.apply(p)).collect();
    ring.dedup();
    if ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    Ok(ring)
}

/// Start and swept angle. A clockwise edge has its angles measured clockwise.
fn sweep(start: f64, end: f64, counter: bool) -> (f64, f64) {
    let sweep = counter_clockwise(start, end);
    if counter { (start, sweep) } else { (-start, -sweep) }
}

fn arc_edge(cursor: &mut Cursor<'_, '_>) -> Result<Vec<Point2>, Damage> {
    let centre = cursor.point(10)?;
    let radius = cursor.real(40)?;
    let (start, end) = (cursor.real(50)?.to_radians(), cursor.real(51)?.to_radians());
    let counter = cursor.optional(73)? != Some(0.0);
    if radius <= 0.0 {
        return Ok(Vec::new());
    }
    let (start, sweep) = sweep(start, end, counter);
    Ok(Arc2 { centre, radius, start, sweep }.points(radius * curves::CHORD))
}

fn ellipse_edge(cursor: &mut Cursor<'_, '_>) -> Result<Vec<Point2>, Damage> {
    let centre = cursor.point(10)?;
    let major = cursor.point(11)?;
    let ratio = cursor.real(40)?;
    let (start, end) = (cursor.real(50)?.to_radians(), cursor.real(51)?.to_radians());
    let counter = cursor.optional(73)? != Some(0.0);
    let (start, sweep) = sweep(start, end, counter);
    Ok(match curves::ellipse(centre, major, major.left() * ratio, start, start + sweep) {
        Ok(arc) => arc.points(arc.radius * curves::CHORD),
        Err(points) => points,
    })
}

fn spline_edge(cursor: &mut Cursor<'_, '_>) -> Result<Vec<Point2>, Damage> {
    let degree = usize::try_from(cursor.integer(94)?).map_err(|_| "the degree is not usable")?;
    let rational = cursor.optional(73)? == Some(1.0);
    cursor.optional(74)?;
    let (knot_count, control_count) = (cursor.integer(95)?, cursor.integer(96)?);
    let mut knots = Vec::new();
    for _ in 0..knot_count.max(0) {
        knots.push(cursor.real(40)?);
    }
    let (mut control, mut weights) = (Vec::new(), Vec::new());
    for _ in 0..control_count.max(0) {
        control.push(cursor.point(10)?);
        let weight = cursor.optional(42)?;
        if rational {
            weights.push(weight.unwrap_or(1.0));
        }
    }
    let mut fit = Vec::new();
    if let Some(count) = cursor.optional(97)? {
        // The same code counts the boundary's source objects after the last edge, then without fit points.
        for _ in 0..(count as i64).max(0) {
            if cursor.peek() != Some(11) {
                break;
            }
            fit.push(cursor.point(11)?);
        }
        for code in [12, 22, 13, 23] {
            cursor.optional(code)?;
        }
    }
    match curves::b_spline(degree, &knots, &control, &weights) {
        Some(points) => Ok(points),
        None if fit.len() >= 2 => Ok(curves::through(&fit, false, [None; 2])),
        None => Err("a spline of its boundary does not fit together"),
    }
}
