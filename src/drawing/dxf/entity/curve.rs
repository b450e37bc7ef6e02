//! LINE, ARC, CIRCLE, ELLIPSE, SPLINE, MLINE, SOLID, TRACE, 3DFACE.

use super::Entities;
use crate::drawing::curves;
use crate::drawing::dxf::content::Content;
use crate::drawing::dxf::record::{Damage, Record};
use crate::drawing::model::{ArcMark, FillMark};
use crate::geom::{Affine2, Arc2, Point2, Point3};
use std::f64::consts::TAU;

impl<'a> Entities<'_, 'a> {
    /// LINE: the commonest entity by far, read in one pass.
    pub(super) fn line(&mut self, record: &Record<'a, '_>, content: &mut Content) -> Result<(), Damage> {
        let mut ends = [None; 4];
        for g in record.groups {
            let slot = match g.code {
                10 => 0,
                20 => 1,
                11 => 2,
                21 => 3,
                1000.. => break,
                _ => continue,
            };
            ends[slot] = Some(g.real().ok_or("a coordinate cannot be read")?);
        }
        let [Some(x), Some(y), Some(u), Some(v)] = ends else { return Err("a coordinate is missing") };
        let mark = content.mark(self.style(record));
        content.line(mark, Point2::new(x, y), Point2::new(u, v));
        Ok(())
    }

    /// ARC and CIRCLE.
    pub(super) fn circle(&mut self, record: &Record<'a, '_>, content: &mut Content) -> Result<(), Damage> {
        let own = record.own();
        let centre = own.point3(10)?.ok_or("the centre is missing")?;
        let radius = own.real(40)?.ok_or("the radius is missing")?;
        if radius <= 0.0 {
            return Err("the radius is not positive");
        }
        let map = Self::axes(&own, centre.z)?;
        let arc = if record.name == b"ARC" {
            let start = own.real_or(50, 0.0)?.to_radians();
            let end = own.real_or(51, 360.0)?.to_radians();
            Arc2 { centre: centre.xy(), radius, start, sweep: counter_clockwise(start, end) }
        } else {
            Arc2::circle(centre.xy(), radius)
        };
        let mark = content.mark(self.style(record));
        content.arc(mark, &arc, &map);
        Ok(())
    }

    /// ELLIPSE; its points are in world coordinates.
    pub(super) fn ellipse(&mut self, record: &Record<'a, '_>, content: &mut Content) -> Result<(), Damage> {
        let own = record.own();
        let centre = own.need_point(10)?;
        let major = own.point3(11)?.ok_or("the major axis is missing")?;
        let ratio = own.real_or(40, 1.0)?;
        let normal = own.point3(210)?.and_then(Point3::normalised).unwrap_or(Point3::new(0.0, 0.0, 1.0));
        let minor = normal.cross(major) * ratio;
        let start = own.real_or(41, 0.0)?;
        let end = own.real_or(42, TAU)?;
        if major.length() <= 0.0 || !minor.is_finite() {
            return Err("the axes are not usable");
        }
        let mark = content.mark(self.style(record));
        let end = start + counter_clockwise(start, end);
        match curves::ellipse(centre, major.xy(), minor.xy(), start, end) {
            Ok(arc) => content.arcs.push(ArcMark { mark, arc }),
            Err(points) => content.path(mark, &points),
        }
        Ok(())
    }

    /// SPLINE: by its control points, or through its fit points.
    pub(super) fn spline(&mut self, record: &Record<'a, '_>, content: &mut Content) -> Result<(), Damage> {
        let own = record.own().subclass(b"AcDbSpline");
        let (mut knots, mut weights) = (Vec::new(), Vec::new());
        let (mut control, mut fit): (Vec<Point2>, Vec<Point2>) = (Vec::new(), Vec::new());
        for g in own.groups {
            let list = match g.code {
                10 | 20 => &mut control,
                11 | 21 => &mut fit,
                40 | 41 => {
                    let value = g.real().ok_or("a number cannot be read")?;
                    if g.code == 40 {
                        knots.push(value)
                    } else {
                        weights.push(value)
                    }
                    continue;
                }
                _ => continue,
            };
            let value = g.real().ok_or("a coordinate cannot be read")?;
            match list.last_mut() {
                _ if g.code < 20 => list.push(Point2::new(value, 0.0)),
                Some(last) => last.y = value,
                None => return Err("a coordinate is missing"),
            }
        }
        let closed = own.integer_or(70, 0) & 1 != 0;
        let degree = usize::try_from(own.integer_or(71, 3)).map_err(|_| "the degree is not usable")?;
        let points = match curves::b_spline(degree, &knots, &control, &weights) {
            Some(points) => points,
            None if fit.len() >= 2 => curves::through(&fit, closed, [own.point(12)?, own.point(13)?]),
            None => return Err("the spline's parts do not fit together"),
        };
        let mark = content.mark(self.style(record));
        content.path(mark, &points);
        Ok(())
    }

    /// MLINE: each element as a chain of straight pieces. Breaks in elements are not read.
    pub(super) fn mline(&mut self, record: &Record<'a, '_>, content: &mut Content) -> Result<(), Damage> {
        let own = record.own().subclass(b"AcDbMline");
        // Per vertex: place, mitre direction, first parameter of each element.
        let mut vertices: Vec<(Point2, Point2, Vec<f64>)> = Vec::new();
        let mut first = false;
        for g in own.groups {
            let value = || g.real().ok_or("a number cannot be read");
            match (g.code, vertices.last_mut()) {
                (11, _) => vertices.push((Point2::new(value()?, 0.0), Point2::default(), Vec::new())),
                (21, Some(v)) => v.0.y = value()?,
                (13, Some(v)) => v.1.x = value()?,
                (23, Some(v)) => v.1.y = value()?,
                (74, _) => first = true,
                (41, Some(v)) if first => {
                    v.2.push(value()?);
                    first = false;
                }
                _ => {}
            }
        }
        if vertices.len() < 2 {
            return Err("it has fewer than two vertices");
        }
        let closed = own.integer_or(71, 0) & 2 != 0;
        let mark = content.mark(self.style(record));
        let elements = vertices.iter().map(|v| v.2.len()).min().unwrap_or(0);
        for e in 0..elements {
            let mut points: Vec<Point2> =
                vertices.iter().map(|(at, mitre, offsets)| *at + *mitre * offsets[e]).collect();
            if closed {
                points.push(points[0]);
            }
            content.path(mark, &points);
        }
        Ok(())
    }

    /// SOLID and TRACE: the third and fourth corner are crossed.
    pub(super) fn solid(&mut self, record: &Record<'a, '_>, content: &mut Content) -> Result<(), Damage> {
        let own = record.own();
        let map = Self::axes(&own, own.real_or(30, 0.0)?)?;
        let (a, b) = (own.need_point(10)?, own.need_point(11)?);
        let c = own.need_point(12)?;
        let d = own.point(13)?.unwrap_or(c);
        let mut ring: Vec<Point2> = [a, b, d, c].iter().map(|&p| map.apply(p)).collect();
        ring.dedup();
        let mark = content.mark(self.style(record));
        content.fills.push(FillMark { mark, rings: vec![ring], solid: true, pattern: None });
        Ok(())
    }

    /// 3DFACE: its visible edges, seen from above.
    pub(super) fn face(&mut self, record: &Record<'a, '_>, content: &mut Content) -> Result<(), Damage> {
        let own = record.own();
        let (a, b, c) = (own.need_point(10)?, own.need_point(11)?, own.need_point(12)?);
        let corners = [a, b, c, own.point(13)?.unwrap_or(c)];
        let hidden = own.integer_or(70, 0);
        let mark = content.mark(self.style(record));
        for i in 0..4 {
            let (from, to) = (corners[i], corners[(i + 1) % 4]);
            if hidden >> i & 1 == 0 && from != to {
                content.line(mark, from, to);
            }
        }
        Ok(())
    }
}

/// The angle swept counter-clockwise from one angle to another; a full turn where both are the same.
pub(super) fn counter_clockwise(start: f64, end: f64) -> f64 {
    let sweep = (end - start).rem_euclid(TAU);
    if sweep < 1e-9 { TAU } else { sweep }
}

/// Without a map.
pub(super) const PLAIN: Affine2 = Affine2::IDENTITY;
