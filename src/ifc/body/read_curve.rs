//! Curves as points: polylines, arcs, conics, splines and what is composed of them. Chords stay within
//! [`CHORD_M`](super::profile::CHORD_M) of arcs; splines are sampled.

use super::profile::turn_steps;
use super::reader::{Reader, Reason};
use super::spline::Spline;
use crate::geom::{Affine3, Point2, Point3};
use crate::ifc::step::{Record, Value};
use std::f64::consts::TAU;

/// Curves may be made of curves this deep.
const MAX_DEPTH: usize = 16;

/// No more curves than this are put together into one.
const MAX_STEPS: usize = 200_000;

/// A curve has no more points than this.
const MAX_POINTS: usize = 1_000_000;

/// Samples of a spline between two knots.
const SPLINE_SAMPLES: usize = 8;

impl<'a> Reader<'a> {
    /// The points of a curve from its start to its end; a closed one ends where it starts.
    pub(crate) fn curve(&self, record: &Record<'a>) -> Result<Vec<Point3>, Reason> {
        self.curve_at(record, 0, &mut 0)
    }

    fn curve_at(&self, record: &Record<'a>, depth: usize, steps: &mut usize) -> Result<Vec<Point3>, Reason> {
        *steps += 1;
        if depth > MAX_DEPTH || *steps > MAX_STEPS {
            return Err(format!("#{} curves are nested too deeply", record.id));
        }
        match record.class() {
            "IfcPolyline" => record.follow_all("Points").take(MAX_POINTS).map(|p| self.point(&p)).collect(),
            "IfcIndexedPolyCurve" => self.indexed(record),
            "IfcCompositeCurve"
            | "IfcCompositeCurveOnSurface"
            | "IfcBoundaryCurve"
            | "IfcOuterBoundaryCurve"
            | "Ifc2DCompositeCurve" => self.composite(record, depth, steps),
            "IfcGradientCurve" => {
                let base = self.curve_at(&self.need(record, "BaseCurve")?, depth + 1, steps)?;
                self.gradient(record, base)
            }
            "IfcTrimmedCurve" => self.trimmed(record, depth, steps),
            "IfcCircle" | "IfcEllipse" => {
                let conic = self.conic(record)?;
                Ok(conic.points(0.0, TAU))
            }
            "IfcLine" => {
                let (from, way) = self.line(record)?;
                Ok(vec![from, from + way])
            }
            "IfcBSplineCurve"
            | "IfcBSplineCurveWithKnots"
            | "IfcRationalBSplineCurveWithKnots"
            | "IfcBezierCurve"
            | "IfcRationalBezierCurve" => Ok(self.spline(record)?.points(SPLINE_SAMPLES)),
            "IfcSurfaceCurve" | "IfcSeamCurve" | "IfcIntersectionCurve" => {
                self.curve_at(&self.need(record, "Curve3D")?, depth + 1, steps)
            }
            class => Err(format!("#{} {class} is not supported", record.id)),
        }
    }

    /// Coordinates of an IfcCartesianPointList2D or 3D.
    pub(crate) fn point_list(&self, record: &Record<'a>) -> Vec<Point3> {
        record
            .attribute("CoordList")
            .points::<3>()
            .map(|[x, y, z]| Point3::new(x * self.length, y * self.length, z * self.length))
            .collect()
    }

    fn indexed(&self, record: &Record<'a>) -> Result<Vec<Point3>, Reason> {
        let points = self.point_list(&self.need(record, "Points")?);
        let segments = record.attribute("Segments");
        if segments.is_null() {
            return Ok(points);
        }
        let mut out: Vec<Point3> = Vec::new();
        for segment in segments.list() {
            let Value::Typed(typed) = segment else { continue };
            let at: Vec<Point3> = typed
                .value()
                .list()
                .filter_map(|i| points.get(usize::try_from(i.integer()?).ok()?.checked_sub(1)?).copied())
                .collect();
            match at.as_slice() {
                [a, b, c] if typed.keyword.eq_ignore_ascii_case("IFCARCINDEX") => {
                    append(&mut out, &arc_through(*a, *b, *c))
                }
                _ => append(&mut out, &at),
            }
            if out.len() > MAX_POINTS {
                return Err(format!("#{} has too many points", record.id));
            }
        }
        Ok(out)
    }

    fn composite(&self, record: &Record<'a>, depth: usize, steps: &mut usize) -> Result<Vec<Point3>, Reason> {
        let mut out: Vec<Point3> = Vec::new();
        for segment in record.follow_all("Segments") {
            let mut points = if segment.is_a("IfcCurveSegment") {
                self.curve_segment(&segment)?
            } else {
                self.curve_at(&self.need(&segment, "ParentCurve")?, depth + 1, steps)?
            };
            if segment.attribute("SameSense").boolean() == Some(false) {
                points.reverse();
            }
            append(&mut out, &points);
            if out.len() > MAX_POINTS {
                return Err(format!("#{} has too many points", record.id));
            }
        }
        Ok(out)
    }

    fn line(&self, record: &Record<'a>) -> Result<(Point3, Point3), Reason> {
        let from = self.point_of(record, "Pnt")?;
        let vector = self.need(record, "Dir")?;
        let way = self.direction(&vector, "Orientation").and_then(Point3::normalised);
        let size = vector.attribute("Magnitude").real().unwrap_or(1.0) * self.length;
        way.map(|w| (from, w * size)).ok_or_else(|| format!("#{} has no direction", record.id))
    }

    fn trimmed(&self, record: &Record<'a>, depth: usize, steps: &mut usize) -> Result<Vec<Point3>, Reason> {
        let basis = self.need(record, "BasisCurve")?;
        let by_point = record.attribute("MasterRepresentation").enumeration() == Some("CARTESIAN");
        let sense = record.attribute("SenseAgreement").boolean() != Some(false);
        let trim = |name: &str| {
            let (mut point, mut parameter) = (None, None);
            for v in record.attribute(name).list() {
                match v {
                    Value::Ref(id) => point = self.step.record(id).and_then(|p| self.point(&p).ok()),
                    other => parameter = other.real(),
                }
            }
            (point, parameter)
        };
        let ends = [trim("Trim1"), trim("Trim2")];
        match basis.class() {
            "IfcLine" => {
                let (from, way) = self.line(&basis)?;
                let end = |(point, parameter): (Option<Point3>, Option<f64>)| match (point, parameter) {
                    (Some(p), _) if by_point => Some(p),
                    (_, Some(t)) => Some(from + way * t),
                    (p, None) => p,
                };
                match (end(ends[0]), end(ends[1])) {
                    (Some(a), Some(b)) => Ok(vec![a, b]),
                    _ => Err(format!("#{} has no ends", record.id)),
                }
            }
            "IfcCircle" | "IfcEllipse" => {
                let conic = self.conic(&basis)?;
                let end = |(point, parameter): (Option<Point3>, Option<f64>)| match (point, parameter) {
                    (Some(p), _) if by_point => Some(conic.angle_at(p)),
                    (_, Some(t)) => Some(t * self.angle),
                    (p, None) => p.map(|p| conic.angle_at(p)),
                };
                let (Some(a), Some(b)) = (end(ends[0]), end(ends[1])) else {
                    return Err(format!("#{} has no ends", record.id));
                };
                Ok(conic.between(a, b, sense))
            }
            _ => {
                let points = self.curve_at(&basis, depth + 1, steps)?;
                let mut piece = trim_points(&points, ends[0].0, ends[1].0);
                if !sense {
                    piece.reverse();
                }
                Ok(piece)
            }
        }
    }

    fn conic(&self, record: &Record<'a>) -> Result<Conic, Reason> {
        let frame = self.placement_of(record, "Position")?;
        let (a, b) = if record.is_a("IfcCircle") {
            let r = self.metres(record, "Radius")?;
            (r, r)
        } else {
            (self.metres(record, "SemiAxis1")?, self.metres(record, "SemiAxis2")?)
        };
        if a <= 0.0 || b <= 0.0 {
            return Err(format!("#{} has no radius", record.id));
        }
        Ok(Conic { frame, a, b })
    }

    fn spline(&self, record: &Record<'a>) -> Result<Spline, Reason> {
        let degree = record.attribute("Degree").integer().and_then(|d| usize::try_from(d).ok()).unwrap_or(0);
        let poles =
            record.follow_all("ControlPointsList").map(|p| self.point(&p)).collect::<Result<Vec<_>, _>>()?;
        let multiplicities: Vec<usize> = record
            .attribute("KnotMultiplicities")
            .list()
            .filter_map(|m| usize::try_from(m.integer()?).ok())
            .collect();
        let knots: Vec<f64> = record.attribute("Knots").reals().collect();
        let weights: Vec<f64> = record.attribute("WeightsData").reals().collect();
        Spline::new(degree, poles, &multiplicities, &knots, weights)
            .ok_or_else(|| format!("#{} is no spline that can be drawn", record.id))
    }

    /// The points of an edge curve from one of its vertices to the other.
    pub(crate) fn edge_points(&self, record: &Record<'a>) -> Result<Vec<Point3>, Reason> {
        let vertex = |name: &str| -> Result<Point3, Reason> {
            let vertex = self.need(record, name)?;
            self.point_of(&vertex, "VertexGeometry")
        };
        let (a, b) = (vertex("EdgeStart")?, vertex("EdgeEnd")?);
        let Some(curve) = record.follow("EdgeGeometry") else { return Ok(vec![a, b]) };
        let sense = record.attribute("SameSense").boolean() != Some(false);
        let mut points = match curve.class() {
            "IfcLine" => vec![a, b],
            "IfcCircle" | "IfcEllipse" => {
                let conic = self.conic(&curve)?;
                conic.between(conic.angle_at(a), conic.angle_at(b), sense)
            }
            _ => {
                let mut points = self.curve(&curve)?;
                if !sense {
                    points.reverse();
                }
                trim_points(&points, Some(a), Some(b))
            }
        };
        // the vertices are where the edges meet
        if let Some(first) = points.first_mut() {
            *first = a;
        }
        if let Some(last) = points.last_mut() {
            *last = b;
        }
        Ok(points)
    }
}

/// A circle or an ellipse in its place.
struct Conic {
    frame: Affine3,
    a: f64,
    b: f64,
}

impl Conic {
    fn at(&self, angle: f64) -> Point3 {
        let (s, c) = angle.sin_cos();
        self.frame.apply(Point3::new(self.a * c, self.b * s, 0.0))
    }

    fn angle_at(&self, p: Point3) -> f64 {
        let d = p - self.frame.origin;
        (d.dot(self.frame.y) / self.b).atan2(d.dot(self.frame.x) / self.a)
    }

    /// From one angle on over a sweep.
    fn points(&self, start: f64, sweep: f64) -> Vec<Point3> {
        let steps = turn_steps(self.a.max(self.b)) as f64 * sweep.abs() / TAU;
        let n = (steps.ceil() as usize).clamp(2, 4096);
        (0..=n).map(|i| self.at(start + sweep * i as f64 / n as f64)).collect()
    }

    /// From one angle to another: counter-clockwise with the sense, clockwise against it. Equal ends are a full turn.
    fn between(&self, a: f64, b: f64, sense: bool) -> Vec<Point3> {
        let raw = if sense { (b - a).rem_euclid(TAU) } else { (a - b).rem_euclid(TAU) };
        let turn = if raw < 1e-9 { TAU } else { raw };
        self.points(a, if sense { turn } else { -turn })
    }
}

/// The circular arc through three points; straight where they lie on a line.
fn arc_through(a: Point3, b: Point3, c: Point3) -> Vec<Point3> {
    let (u, v) = (b - a, c - a);
    let normal = u.cross(v);
    let n2 = normal.dot(normal);
    let scale = u.length() * v.length();
    if n2.sqrt() <= 1e-9 * scale || !n2.is_finite() || n2 == 0.0 {
        return vec![a, b, c];
    }
    let to_centre = (v.cross(normal) * u.dot(u) + normal.cross(u) * v.dot(v)) / (2.0 * n2);
    let (centre, radius) = (a + to_centre, to_centre.length());
    let frame = Affine3::frame(centre, Some(normal), Some(a - centre));
    let conic = Conic { frame, a: radius, b: radius };
    let mut points = conic.between(0.0, conic.angle_at(c), true);
    if let Some(last) = points.last_mut() {
        *last = c;
    }
    points
}

/// The piece of a point chain between the places nearest to two points.
fn trim_points(points: &[Point3], from: Option<Point3>, to: Option<Point3>) -> Vec<Point3> {
    let nearest = |p: Point3| {
        (0..points.len())
            .min_by(|&i, &j| (points[i] - p).length().total_cmp(&(points[j] - p).length()))
            .unwrap_or(0)
    };
    let closed = points.first().zip(points.last()).is_some_and(|(a, b)| (*a - *b).length() < 1e-7);
    let i = from.map_or(0, nearest);
    let mut j = to.map_or(points.len().saturating_sub(1), nearest);
    if closed && j <= i {
        j += points.len().saturating_sub(1);
    }
    let mut out: Vec<Point3> = from.into_iter().collect();
    if i < j {
        out.extend((i + 1..j).map(|k| points[k % points.len().max(1)]));
    } else {
        out.extend((j + 1..i).rev().filter_map(|k| points.get(k).copied()));
    }
    out.extend(to.or(points.get(j).copied()));
    out
}

/// Adds points, without the first one where it repeats the last.
fn append(out: &mut Vec<Point3>, points: &[Point3]) {
    let repeats = out.last().zip(points.first()).is_some_and(|(a, b)| (*a - *b).length() < 1e-7);
    out.extend(points.iter().skip(usize::from(repeats)));
}

/// The points of a curve in the plane.
pub(crate) fn plane(points: &[Point3]) -> Vec<Point2> {
    points.iter().map(|p| p.xy()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_points_make_an_arc() {
        let p = |x: f64, y: f64| Point3::new(x, y, 0.0);
        let arc = arc_through(p(1.0, 0.0), p(0.0, 1.0), p(-1.0, 0.0));
        assert!(arc.iter().all(|q| (q.length() - 1.0).abs() < 1e-9));
        assert!(arc.iter().any(|q| q.y > 0.99) && arc.iter().all(|q| q.y > -1e-9));
        let clockwise = arc_through(p(1.0, 0.0), p(0.0, -1.0), p(-1.0, 0.0));
        assert!(clockwise.iter().all(|q| q.y < 1e-9));
        assert_eq!(arc_through(p(0.0, 0.0), p(1.0, 0.0), p(2.0, 0.0)).len(), 3);
    }
}
