//! Swept solids: what is drawn along a vector, an axis or a curve, from one profile or several.

use super::prism::Prism;
use super::reader::{Reader, Reason};
use super::shape::{Leaf, Shape};
use super::sweep;
use crate::geom::{Affine3, Point3, Region};
use crate::ifc::step::{Record, Value};

impl<'a> Reader<'a> {
    /// Profile, frame and vector of an extrusion.
    fn extrusion(&self, r: &Record<'a>) -> Result<(Region, Affine3, Point3), Reason> {
        let profile = self.profile(&self.need(r, "SweptArea")?)?;
        let frame = self.placement_of(r, "Position")?;
        let direction = self.direction(r, "ExtrudedDirection").and_then(Point3::normalised);
        let depth = self.metres(r, "Depth")?;
        let along = frame.apply_vector(direction.unwrap_or(Affine3::IDENTITY.z)) * depth;
        if !along.is_finite() || along.length() <= 0.0 {
            return Err(format!("#{} {} has no depth", r.id, r.class()));
        }
        Ok((profile, frame, along))
    }

    pub(super) fn extruded(&self, r: &Record<'a>) -> Result<Leaf, Reason> {
        let (profile, frame, along) = self.extrusion(r)?;
        Ok(Leaf::Prism(Prism { profile, frame, along }))
    }

    pub(super) fn tapered(&self, r: &Record<'a>) -> Result<Leaf, Reason> {
        let (from, frame, along) = self.extrusion(r)?;
        let to = self.profile(&self.need(r, "EndSweptArea")?)?;
        sweep::tapered(&from, &to, &frame, along)
            .map(Leaf::Mesh)
            .ok_or_else(|| format!("#{} the profiles at its ends do not correspond", r.id))
    }

    pub(super) fn revolved(&self, r: &Record<'a>, shape: &mut Shape) -> Result<Leaf, Reason> {
        let profile = self.profile(&self.need(r, "SweptArea")?)?;
        let (frame, origin, way, angle) = self.turn(r)?;
        shape.approximated = true;
        sweep::revolved(&profile, &frame, origin, way, angle)
            .map(Leaf::Mesh)
            .ok_or_else(|| format!("#{} IfcRevolvedAreaSolid cannot be turned", r.id))
    }

    pub(super) fn swept_disk(&self, r: &Record<'a>, shape: &mut Shape) -> Result<Leaf, Reason> {
        let path = self.directrix(r)?;
        let radius = self.metres(r, "Radius")?;
        shape.approximated = true;
        let disk = sweep::disk(radius, self.metres_or(r, "InnerRadius"));
        let frames = sweep::frames_along(&path, None);
        sweep::through(&disk, &frames, false)
            .map(Leaf::Mesh)
            .ok_or_else(|| format!("#{} {} cannot be drawn along its directrix", r.id, r.class()))
    }

    pub(super) fn swept_along(&self, r: &Record<'a>, shape: &mut Shape) -> Result<Leaf, Reason> {
        let profile = self.profile(&self.need(r, "SweptArea")?)?;
        let place = self.placement_of(r, "Position")?;
        let path: Vec<Point3> = self.directrix(r)?.iter().map(|&p| place.apply(p)).collect();
        shape.approximated = true;
        // the profile's x lies along the fixed reference, or along the normal of the reference surface
        let surface = r.follow("ReferenceSurface").and_then(|s| self.placement_of(&s, "Position").ok());
        let reference =
            self.direction(r, "FixedReference").or(surface.map(|s| s.z)).map(|d| place.apply_vector(d));
        let frames = match reference {
            // a direction that stays; the normal of a surface turns with it
            Some(direction) if r.class() != "IfcSurfaceCurveSweptAreaSolid" => {
                sweep::frames_fixed(&path, direction)
            }
            _ => sweep::frames_along(&path, reference),
        };
        sweep::through(&profile, &frames, false)
            .map(Leaf::Mesh)
            .ok_or_else(|| format!("#{} {} cannot be drawn along its directrix", r.id, r.class()))
    }

    pub(super) fn revolved_tapered(&self, r: &Record<'a>, shape: &mut Shape) -> Result<Leaf, Reason> {
        let from = self.profile(&self.need(r, "SweptArea")?)?;
        let to = self.profile(&self.need(r, "EndSweptArea")?)?;
        let (frame, origin, way, angle) = self.turn(r)?;
        shape.approximated = true;
        sweep::revolved_tapered((&from, &to), &frame, origin, way, angle)
            .map(Leaf::Mesh)
            .ok_or_else(|| format!("#{} the profiles at its ends do not correspond", r.id))
    }

    /// Position, axis and angle of a turn.
    fn turn(&self, r: &Record<'a>) -> Result<(Affine3, Point3, Point3, f64), Reason> {
        let frame = self.placement_of(r, "Position")?;
        let axis = self.need(r, "Axis")?;
        let origin = frame.apply(self.point_of(&axis, "Location")?);
        let way = frame.apply_vector(self.direction(&axis, "Axis").unwrap_or(Affine3::IDENTITY.z));
        Ok((frame, origin, way, r.attribute("Angle").real().unwrap_or(0.0) * self.angle))
    }

    /// The directrix from its StartParam to its EndParam, where it is a polyline: its parameter counts its points.
    fn directrix(&self, r: &Record<'a>) -> Result<Vec<Point3>, Reason> {
        let curve = self.need(r, "Directrix")?;
        let points = self.curve(&curve)?;
        let parameter = |name: &str| match r.attribute(name) {
            Value::Typed(typed) => typed.value().real(),
            other => other.real(),
        };
        let last = points.len().saturating_sub(1) as f64;
        let (from, to) = (parameter("StartParam").unwrap_or(0.0), parameter("EndParam").unwrap_or(last));
        let counts = matches!(curve.class(), "IfcPolyline");
        let within = counts && 0.0 <= from && from < to && to <= last;
        if !within || (from == 0.0 && to == last) {
            return Ok(points);
        }
        let at = |t: f64| {
            let i = (t.floor() as usize).min(points.len().saturating_sub(2));
            points[i] + (points[i + 1] - points[i]) * (t - i as f64)
        };
        let mut out = vec![at(from)];
        out.extend((from.floor() as usize + 1..to.ceil() as usize).map(|i| points[i]));
        out.push(at(to));
        Ok(out)
    }

    /// IfcSectionedSpine and IfcSectionedSolidHorizontal: profiles at places, joined straight.
    pub(super) fn sectioned(&self, r: &Record<'a>, shape: &mut Shape) -> Result<Leaf, Reason> {
        let profiles =
            r.follow_all("CrossSections").map(|p| self.profile(&p)).collect::<Result<Vec<Region>, _>>()?;
        let path = match r.follow("Directrix") {
            Some(directrix) => self.curve(&directrix)?,
            None => Vec::new(),
        };
        let mut frames: Vec<(f64, Affine3)> = Vec::new();
        for position in r.follow_all("CrossSectionPositions") {
            frames.push(match position.class() {
                "IfcAxis2PlacementLinear" => self.linear_placement(&position, &path)?,
                _ => (0.0, self.placement(&position)?),
            });
        }
        if profiles.len() != frames.len() {
            return Err(format!("#{} {} has not as many profiles as places", r.id, r.class()));
        }
        shape.approximated = true;
        let mut sections: Vec<(Affine3, &[crate::geom::Polygon])> = Vec::new();
        for (i, ((at, frame), profile)) in frames.iter().zip(&profiles).enumerate() {
            sections.push((*frame, profile));
            // the directrix bends between two profiles that are the same
            if let (Some((next, _)), Some(other)) = (frames.get(i + 1), profiles.get(i + 1))
                && profile == other
            {
                let between = along(&path, *at, *next);
                sections.extend(between.into_iter().map(|f| (f, profile.as_slice())));
            }
        }
        sweep::loft(&sections, false)
            .map(Leaf::Mesh)
            .ok_or_else(|| format!("#{} {} has profiles that do not correspond", r.id, r.class()))
    }

    /// IfcAxis2PlacementLinear: a distance along the directrix with offsets; the profile stands upright across it, its
    /// x to the left and its y up.
    fn linear_placement(&self, r: &Record<'a>, path: &[Point3]) -> Result<(f64, Affine3), Reason> {
        let location = self.need(r, "Location")?;
        let length = |name: &str| match location.attribute(name) {
            Value::Typed(typed) => typed.value().real().unwrap_or(0.0) * self.length,
            other => other.real().unwrap_or(0.0) * self.length,
        };
        let at = length("DistanceAlong");
        let mut frame = place_along(path, at).ok_or_else(|| format!("#{} lies on no curve", location.id))?;
        frame.origin = frame.origin
            + frame.x * length("OffsetLateral")
            + frame.y * length("OffsetVertical")
            + frame.z * length("OffsetLongitudinal");
        Ok((at, frame))
    }
}

/// The upright frame across a path at a distance along it.
fn place_along(path: &[Point3], distance: f64) -> Option<Affine3> {
    let mut left = distance;
    let mut found = None;
    for pair in path.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let length = (b - a).length();
        if length <= 0.0 {
            continue;
        }
        found = Some((a + (b - a) * (left / length), b - a));
        if left <= length {
            break;
        }
        left -= length;
    }
    let (origin, way) = found?;
    let up = Affine3::IDENTITY.z;
    let forward = way.xy().at(0.0).normalised()?;
    Some(Affine3 { x: up.cross(forward), y: up, z: forward, origin })
}

/// Frames at the corners of a path between two distances.
fn along(path: &[Point3], from: f64, to: f64) -> Vec<Affine3> {
    let mut out = Vec::new();
    let mut at = 0.0;
    for (i, pair) in path.windows(2).enumerate() {
        at += (pair[1] - pair[0]).length();
        if at > from + 1e-6 && at < to - 1e-6 {
            let frames =
                place_along(path, at - 1e-9).zip(path.get(i + 2).and_then(|_| place_along(path, at + 1e-9)));
            if let Some((before, after)) = frames {
                // half way between the directions before and behind the corner
                let forward = (before.z + after.z).normalised().unwrap_or(after.z);
                let stretch = 1.0 / forward.dot(after.z).max(0.25);
                out.push(Affine3 {
                    x: before.y.cross(forward) * stretch,
                    y: before.y,
                    z: forward,
                    origin: pair[1],
                });
            }
        }
    }
    out
}
