//! Curved surfaces of faces, by two parameters: cylinders, spheres, tori, what is extruded or turned, B-splines.

use super::profile::turn_steps;
use super::reader::{Reader, Reason};
use super::spline::SplineSurface;
use crate::geom::{Affine3, Point2, Point3};
use crate::ifc::step::Record;
use std::f64::consts::{PI, TAU};

/// Surfaces may be made of surfaces this deep.
const MAX_DEPTH: usize = 4;

/// Pieces of a B-spline surface between two knots.
const SPLINE_SAMPLES: usize = 6;

/// Steps of the search for the parameters of a point on a B-spline surface.
const NEWTON_STEPS: usize = 12;

/// A surface in its place.
#[derive(Debug)]
pub(crate) enum Surface {
    /// u about the axis, v along it.
    Cylinder { frame: Affine3, radius: f64 },
    /// u the longitude, v the latitude.
    Sphere { frame: Affine3, radius: f64 },
    /// u about the axis, v about the tube.
    Torus { frame: Affine3, major: f64, minor: f64 },
    /// A curve by the length along it (u), drawn along a unit vector (v).
    Extruded { curve: Vec<Point3>, along: Point3 },
    /// A curve by the length along it (v), turned about an axis (u).
    Turned { curve: Vec<Point3>, frame: Affine3 },
    /// By its own parameters.
    Spline(SplineSurface),
}

impl<'a> Reader<'a> {
    /// A curved surface; a plane is none.
    pub(crate) fn surface(&self, record: &Record<'a>) -> Result<Surface, Reason> {
        self.surface_at(record, 0)
    }

    fn surface_at(&self, r: &Record<'a>, depth: usize) -> Result<Surface, Reason> {
        if depth > MAX_DEPTH {
            return Err(format!("#{} surfaces are nested too deeply", r.id));
        }
        let frame = || self.placement_of(r, "Position");
        let positive = |name: &str| {
            self.metres(r, name)
                .and_then(|v| if v > 0.0 { Ok(v) } else { Err(format!("#{} has no {name}", r.id)) })
        };
        Ok(match r.class() {
            "IfcCylindricalSurface" => Surface::Cylinder { frame: frame()?, radius: positive("Radius")? },
            "IfcSphericalSurface" => Surface::Sphere { frame: frame()?, radius: positive("Radius")? },
            "IfcToroidalSurface" => Surface::Torus {
                frame: frame()?,
                major: positive("MajorRadius")?,
                minor: positive("MinorRadius")?,
            },
            "IfcSurfaceOfLinearExtrusion" => {
                let place = frame()?;
                let along =
                    self.direction(r, "ExtrudedDirection").and_then(|d| place.apply_vector(d).normalised());
                Surface::Extruded { curve: self.swept_curve(r, &place)?, along: along.unwrap_or(place.z) }
            }
            "IfcSurfaceOfRevolution" => {
                let place = frame()?;
                let axis = self.need(r, "AxisPosition")?;
                let origin = place.apply(self.point_of(&axis, "Location")?);
                let z = place.apply_vector(self.direction(&axis, "Axis").unwrap_or(Affine3::IDENTITY.z));
                Surface::Turned {
                    curve: self.swept_curve(r, &place)?,
                    frame: Affine3::frame(origin, Some(z), None),
                }
            }
            "IfcRectangularTrimmedSurface" => self.surface_at(&self.need(r, "BasisSurface")?, depth + 1)?,
            "IfcBSplineSurfaceWithKnots" | "IfcRationalBSplineSurfaceWithKnots" => {
                Surface::Spline(self.spline_surface(r)?)
            }
            class => return Err(format!("#{} {class} is not supported", r.id)),
        })
    }

    /// The curve of an IfcProfileDef that is swept, placed.
    fn swept_curve(&self, r: &Record<'a>, place: &Affine3) -> Result<Vec<Point3>, Reason> {
        let profile = self.need(r, "SweptCurve")?;
        let points = match profile.class() {
            "IfcArbitraryOpenProfileDef" => self.curve(&self.need(&profile, "Curve")?)?,
            _ => {
                let region = self.profile(&profile)?;
                let ring = region.first().map(|p| p.outer.as_slice()).unwrap_or_default();
                ring.iter().chain(ring.first()).map(|p| p.at(0.0)).collect()
            }
        };
        Ok(points.into_iter().map(|p| place.apply(p)).collect())
    }

    fn spline_surface(&self, r: &Record<'a>) -> Result<SplineSurface, Reason> {
        let degree =
            |name: &str| r.attribute(name).integer().and_then(|d| usize::try_from(d).ok()).unwrap_or(0);
        let counts = |name: &str| -> Vec<usize> {
            r.attribute(name).list().filter_map(|m| usize::try_from(m.integer()?).ok()).collect()
        };
        let mut poles: Vec<Vec<Point3>> = Vec::new();
        for row in r.attribute("ControlPointsList").list() {
            let points = row.references().filter_map(|id| self.step.record(id));
            poles.push(points.map(|p| self.point(&p)).collect::<Result<_, _>>()?);
        }
        let weights: Vec<Vec<f64>> =
            r.attribute("WeightsData").list().map(|row| row.reals().collect()).collect();
        let (u, v): (Vec<f64>, Vec<f64>) =
            (r.attribute("UKnots").reals().collect(), r.attribute("VKnots").reals().collect());
        let multiplicities = (counts("UMultiplicities"), counts("VMultiplicities"));
        SplineSurface::new(
            (degree("UDegree"), degree("VDegree")),
            poles,
            &weights,
            (&multiplicities.0, &multiplicities.1),
            (&u, &v),
        )
        .ok_or_else(|| format!("#{} is no surface that can be made", r.id))
    }
}

/// The point at a length along a curve, going straight on past its ends.
fn at_length(curve: &[Point3], length: f64) -> Point3 {
    let mut left = length;
    let last = curve.len().saturating_sub(2);
    for (i, pair) in curve.windows(2).enumerate() {
        let step = (pair[1] - pair[0]).length();
        if step > 0.0 && (left <= step || i == last) {
            return pair[0] + (pair[1] - pair[0]) * (left / step);
        }
        left -= step;
    }
    curve.last().copied().unwrap_or_default()
}

/// The length along a curve at which it is nearest to a point, by a measure of distance.
fn length_at(curve: &[Point3], distance: impl Fn(Point3, Point3) -> (f64, f64)) -> f64 {
    let (mut best, mut at, mut start) = (f64::INFINITY, 0.0, 0.0);
    for pair in curve.windows(2) {
        let step = (pair[1] - pair[0]).length();
        // (part of the way, distance there)
        let (t, d) = distance(pair[0], pair[1]);
        if d < best {
            best = d;
            at = start + step * t;
        }
        start += step;
    }
    at
}

/// Part of the way from `a` to `b` nearest to `p`, and how near that is.
fn nearest(a: Point3, b: Point3, p: Point3) -> (f64, f64) {
    let way = b - a;
    let t = if way.dot(way) > 0.0 { ((p - a).dot(way) / way.dot(way)).clamp(0.0, 1.0) } else { 0.0 };
    (t, (a + way * t - p).length())
}

impl Surface {
    /// The point at parameters.
    pub(crate) fn at(&self, uv: Point2) -> Point3 {
        let (u, v) = (uv.x, uv.y);
        match self {
            Self::Cylinder { frame, radius } => frame.apply((Point2::unit(u) * *radius).at(v)),
            Self::Sphere { frame, radius } => {
                frame.apply((Point2::unit(u) * (radius * v.cos())).at(radius * v.sin()))
            }
            Self::Torus { frame, major, minor } => {
                frame.apply((Point2::unit(u) * (major + minor * v.cos())).at(minor * v.sin()))
            }
            Self::Extruded { curve, along } => at_length(curve, u) + *along * v,
            Self::Turned { curve, frame } => {
                let p = at_length(curve, v) - frame.origin;
                let (x, y) = (p.dot(frame.x), p.dot(frame.y));
                let (s, c) = u.sin_cos();
                frame.apply(Point3::new(x * c - y * s, x * s + y * c, p.dot(frame.z)))
            }
            Self::Spline(spline) => spline.at(u, v),
        }
    }

    /// The parameters of a point on it, or of the nearest; `before` are those of the point before it on its way.
    pub(crate) fn parameters(&self, p: Point3, before: Option<Point2>) -> Point2 {
        let local = |frame: &Affine3| {
            let d = p - frame.origin;
            Point3::new(d.dot(frame.x), d.dot(frame.y), d.dot(frame.z))
        };
        // on the axis every angle is as good as the one before
        let angle = |q: Point2| if q.length() > 1e-9 { q.angle() } else { before.map_or(0.0, |b| b.x) };
        match self {
            Self::Cylinder { frame, .. } => {
                let q = local(frame);
                Point2::new(angle(q.xy()), q.z)
            }
            Self::Sphere { frame, .. } => {
                let q = local(frame);
                Point2::new(angle(q.xy()), q.z.atan2(q.xy().length()))
            }
            Self::Torus { frame, major, .. } => {
                let q = local(frame);
                Point2::new(angle(q.xy()), q.z.atan2(q.xy().length() - major))
            }
            Self::Extruded { curve, along } => {
                let flat = |q: Point3| q - *along * q.dot(*along);
                let u = length_at(curve, |a, b| nearest(flat(a), flat(b), flat(p)));
                Point2::new(u, (p - at_length(curve, u)).dot(*along))
            }
            Self::Turned { curve, frame } => {
                // (distance from the axis, height)
                let profile = |q: Point3| {
                    let d = q - frame.origin;
                    Point3::new(Point2::new(d.dot(frame.x), d.dot(frame.y)).length(), d.dot(frame.z), 0.0)
                };
                let v = length_at(curve, |a, b| nearest(profile(a), profile(b), profile(p)));
                let foot = at_length(curve, v) - frame.origin;
                let start = Point2::new(foot.dot(frame.x), foot.dot(frame.y));
                let q = local(frame).xy();
                let u = if q.length() > 1e-9 && start.length() > 1e-9 {
                    start.cross(q).atan2(start.dot(q))
                } else {
                    before.map_or(0.0, |b| b.x)
                };
                Point2::new(u, v)
            }
            Self::Spline(spline) => spline_parameters(spline, p, before),
        }
    }

    /// Lengths after which the parameters come back to the same point.
    pub(crate) fn periods(&self) -> (Option<f64>, Option<f64>) {
        match self {
            Self::Cylinder { .. } | Self::Sphere { .. } | Self::Turned { .. } => (Some(TAU), None),
            Self::Torus { .. } => (Some(TAU), Some(TAU)),
            Self::Extruded { .. } | Self::Spline(_) => (None, None),
        }
    }

    /// The v at which all u are one point, towards rising or falling v.
    pub(crate) fn pole(&self, rising: bool) -> Option<f64> {
        match self {
            Self::Sphere { .. } => Some(if rising { PI / 2.0 } else { -PI / 2.0 }),
            Self::Turned { curve, frame } => {
                let end = if rising { curve.last() } else { curve.first() };
                let whole: f64 = curve.windows(2).map(|w| (w[1] - w[0]).length()).sum();
                end.filter(|&&p| (p - frame.origin).cross(frame.z).length() < 1e-6)
                    .map(|_| if rising { whole } else { 0.0 })
            }
            _ => None,
        }
    }

    /// Parameters between two at which to cut it, so that the pieces are near to flat.
    pub(crate) fn stops(&self, low: Point2, high: Point2) -> (Vec<f64>, Vec<f64>) {
        let turns = |radius: f64, a: f64, b: f64| {
            let step = TAU / turn_steps(radius) as f64;
            let (from, to) = ((a / step).floor() as i64, (b / step).ceil() as i64);
            (from..=to.min(from + 4096)).map(|i| i as f64 * step).collect::<Vec<f64>>()
        };
        let corners = |curve: &[Point3]| {
            let mut at = 0.0;
            let inner = curve.windows(2).map(|w| {
                at += (w[1] - w[0]).length();
                at
            });
            inner.collect::<Vec<f64>>()
        };
        match self {
            Self::Cylinder { radius, .. } => (turns(*radius, low.x, high.x), Vec::new()),
            Self::Sphere { radius, .. } => (turns(*radius, low.x, high.x), turns(*radius, low.y, high.y)),
            Self::Torus { major, minor, .. } => {
                (turns(major + minor, low.x, high.x), turns(*minor, low.y, high.y))
            }
            Self::Extruded { curve, .. } => (corners(curve), Vec::new()),
            Self::Turned { curve, frame } => {
                let radius =
                    curve.iter().map(|&p| (p - frame.origin).cross(frame.z).length()).fold(0.0, f64::max);
                (turns(radius, low.x, high.x), corners(curve))
            }
            Self::Spline(spline) => spline.stops(SPLINE_SAMPLES),
        }
    }
}

/// From the parameters before it, or the nearest of a grid, downhill.
fn spline_parameters(spline: &SplineSurface, p: Point3, before: Option<Point2>) -> Point2 {
    let ((u0, u1), (v0, v1)) = spline.domain();
    let from_grid = || {
        let (us, vs) = spline.stops(SPLINE_SAMPLES / 2);
        let all = us.iter().flat_map(|&u| vs.iter().map(move |&v| Point2::new(u, v)));
        let far = |q: &Point2| (spline.at(q.x, q.y) - p).length();
        all.min_by(|a, b| far(a).total_cmp(&far(b))).unwrap_or(Point2::new(u0, v0))
    };
    let downhill = |mut q: Point2| {
        let (hu, hv) = ((u1 - u0) * 1e-6, (v1 - v0) * 1e-6);
        for _ in 0..NEWTON_STEPS {
            let off = p - spline.at(q.x, q.y);
            if off.length() < 1e-7 {
                break;
            }
            let (ua, ub) = ((q.x - hu).max(u0), (q.x + hu).min(u1));
            let (va, vb) = ((q.y - hv).max(v0), (q.y + hv).min(v1));
            let du = (spline.at(ub, q.y) - spline.at(ua, q.y)) / (ub - ua);
            let dv = (spline.at(q.x, vb) - spline.at(q.x, va)) / (vb - va);
            let (a, b, c) = (du.dot(du), du.dot(dv), dv.dot(dv));
            let det = a * c - b * b;
            if det.abs() <= 1e-30 {
                break;
            }
            let (e, f) = (du.dot(off), dv.dot(off));
            let step = Point2::new((e * c - f * b) / det, (f * a - e * b) / det);
            q = Point2::new((q.x + step.x).clamp(u0, u1), (q.y + step.y).clamp(v0, v1));
        }
        q
    };
    let far = |q: Point2| (spline.at(q.x, q.y) - p).length();
    let near = before.map(downhill).filter(|&q| far(q) < 1e-4);
    near.unwrap_or_else(|| downhill(from_grid()))
}
