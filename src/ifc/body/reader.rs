//! What every part of reading bodies shares: the file, its units, points, directions, placements, and the shapes of
//! representation maps that were read already.

use super::shape::Shape;
use crate::geom::{Affine2, Affine3, Point2, Point3};
use crate::ifc::step::{Record, StepFile};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// Nothing is further away than this, metres: beyond it millimetres are lost to rounding.
pub(crate) const FARTHEST_M: f64 = 1e10;

/// Why something could not be read: one phrase.
pub(crate) type Reason = String;

/// Reads bodies out of a file. Shared by all threads.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    /// The file.
    pub(crate) step: &'a StepFile,
    /// Metres in its length unit.
    pub(crate) length: f64,
    /// Radians in its plane angle unit.
    pub(crate) angle: f64,
    maps: Mutex<HashMap<u32, Arc<Shape>>>,
}

impl<'a> Reader<'a> {
    /// For a file with the metres and radians of its units.
    pub(crate) fn new(step: &'a StepFile, length: f64, angle: f64) -> Self {
        Self { step, length, angle, maps: Mutex::new(HashMap::new()) }
    }

    /// The shape of a representation map that was read already.
    pub(crate) fn known(&self, map: u32) -> Option<Arc<Shape>> {
        self.maps.lock().ok().and_then(|m| m.get(&map).cloned())
    }

    /// Keeps the shape of a representation map. One that is nested too deeply is not kept: how deep that is depends on
    /// where it is mapped.
    pub(crate) fn keep(&self, map: u32, shape: Shape) -> Arc<Shape> {
        let shape = Arc::new(shape);
        match self.maps.lock() {
            Ok(mut maps) if !shape.too_deep => maps.entry(map).or_insert(shape).clone(),
            _ => shape,
        }
    }

    /// An attribute that must refer to a record.
    pub(crate) fn need(&self, record: &Record<'a>, name: &str) -> Result<Record<'a>, Reason> {
        record.follow(name).ok_or_else(|| format!("#{} {} has no {name}", record.id, record.class()))
    }

    /// A length, in metres.
    pub(crate) fn metres(&self, record: &Record<'a>, name: &str) -> Result<f64, Reason> {
        self.metres_or(record, name).ok_or_else(|| format!("#{} {} has no {name}", record.id, record.class()))
    }

    /// A length that may be missing, in metres.
    pub(crate) fn metres_or(&self, record: &Record<'a>, name: &str) -> Option<f64> {
        record.attribute(name).real().map(|v| v * self.length)
    }

    /// An IfcCartesianPoint; a missing z is 0.
    pub(crate) fn point(&self, record: &Record<'a>) -> Result<Point3, Reason> {
        let mut c = [0.0f64; 3];
        let mut n = 0;
        for (slot, v) in c.iter_mut().zip(record.attribute("Coordinates").reals()) {
            *slot = v * self.length;
            n += 1;
        }
        if n < 2 {
            return Err(format!("#{} {} has no coordinates", record.id, record.class()));
        }
        if c.iter().any(|v| v.is_nan() || v.abs() > FARTHEST_M) {
            return Err(format!("#{} {} lies outside of any building", record.id, record.class()));
        }
        Ok(c.into())
    }

    /// An attribute that is an IfcCartesianPoint.
    pub(crate) fn point_of(&self, record: &Record<'a>, name: &str) -> Result<Point3, Reason> {
        self.point(&self.need(record, name)?)
    }

    /// An attribute that is an IfcDirection, as written.
    pub(crate) fn direction(&self, record: &Record<'a>, name: &str) -> Option<Point3> {
        let mut c = [0.0f64; 3];
        c.iter_mut().zip(record.follow(name)?.attribute("DirectionRatios").reals()).for_each(|(s, v)| *s = v);
        let p = Point3::from(c);
        (p.is_finite() && p.length() > 0.0).then_some(p)
    }

    /// IfcAxis2Placement3D, or IfcAxis2Placement2D lifted to z = 0, or any other placement with a location.
    pub(crate) fn placement(&self, record: &Record<'a>) -> Result<Affine3, Reason> {
        let origin = self.point_of(record, "Location")?;
        Ok(Affine3::frame(origin, self.direction(record, "Axis"), self.direction(record, "RefDirection")))
    }

    /// A placement attribute; missing ones leave everything where it is.
    pub(crate) fn placement_of(&self, record: &Record<'a>, name: &str) -> Result<Affine3, Reason> {
        record.follow(name).map_or(Ok(Affine3::IDENTITY), |p| self.placement(&p))
    }

    /// A placement attribute in the plane.
    pub(crate) fn placement_2d(&self, record: &Record<'a>, name: &str) -> Result<Affine2, Reason> {
        Ok(self.placement_of(record, name)?.plan())
    }

    /// IfcCartesianTransformationOperator2D/3D with or without separate scales: IfcBaseAxis of the schema, which
    /// may mirror.
    pub(crate) fn operator(&self, record: &Record<'a>) -> Result<Affine3, Reason> {
        let origin = self.point_of(record, "LocalOrigin")?;
        let flat = record.is_a("IfcCartesianTransformationOperator2D");
        let z = self.direction(record, "Axis3").and_then(Point3::normalised).unwrap_or(Affine3::IDENTITY.z);
        let (axis1, axis2) = (self.direction(record, "Axis1"), self.direction(record, "Axis2"));
        let mut frame = match (axis1, axis2) {
            // IfcBaseAxis in the plane: only the second given turns the first
            (None, Some(second)) if flat => {
                let y = second.normalised().unwrap_or(Affine3::IDENTITY.y);
                Affine3 { x: Point3::new(y.y, -y.x, 0.0), y, z, origin }
            }
            _ => Affine3::frame(origin, Some(z), axis1),
        };
        if let Some(second) = axis2
            && second.dot(frame.y) < 0.0
        {
            frame.y = -frame.y;
        }
        let scale = record.attribute("Scale").real().unwrap_or(1.0);
        let other = |name: &str| record.attribute(name).real().unwrap_or(scale);
        frame.x = frame.x * scale;
        frame.y = frame.y * other("Scale2");
        frame.z = frame.z * other("Scale3");
        Ok(frame)
    }

    /// A ring of points in the plane, its closing point dropped.
    pub(crate) fn ring(points: &[Point3]) -> Vec<Point2> {
        let mut ring: Vec<Point2> = points.iter().map(|p| p.xy()).filter(|p| p.is_finite()).collect();
        ring.dedup_by(|a, b| a.distance(*b) < 1e-9);
        while ring.len() > 1 && ring.first().zip(ring.last()).is_some_and(|(a, b)| a.distance(*b) < 1e-7) {
            ring.pop();
        }
        ring
    }
}
