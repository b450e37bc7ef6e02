//! Curves of alignments: pieces of lines, circles, clothoids and polynomials laid end to end (IfcCurveSegment), and
//! heights over them (IfcGradientCurve).

use super::profile::turn_steps;
use super::reader::{Reader, Reason};
use crate::geom::{Affine2, Point2, Point3};
use crate::ifc::step::{Record, Value};
use std::f64::consts::TAU;

/// Chords of a transition curve or a vertical curve are no longer than this, metres.
const STEP_M: f64 = 1.0;

/// A segment has no more points than this.
const MAX_POINTS: usize = 20_000;

/// Steps of the integration along a clothoid between two of its points.
const FRESNEL_STEPS: usize = 8;

/// A curve that a segment is cut out of, by the length along it.
enum Parent {
    Line(Point2, Point2),
    Circle(Point2, f64),
    /// Its constant; curvature grows with the length, from nothing at the origin.
    Clothoid(f64),
    /// y over x, by its coefficients.
    Polynomial(Vec<f64>),
}

impl Parent {
    /// Where it is at a length, and its direction there.
    fn at(&self, s: f64) -> (Point2, Point2) {
        match self {
            Self::Line(from, way) => (*from + *way * s, *way),
            Self::Circle(centre, radius) => {
                let out = Point2::unit(s / radius);
                (*centre + out * *radius, out.left())
            }
            Self::Clothoid(constant) => {
                let angle = |t: f64| t * t / (2.0 * constant * constant.abs());
                // Simpson's rule over the directions
                let n = FRESNEL_STEPS * (s.abs() / STEP_M).ceil().max(1.0).min(MAX_POINTS as f64) as usize;
                let h = s / n as f64;
                let mut sum = Point2::default();
                for i in 0..n {
                    let a = i as f64 * h;
                    let (p, q, r) = (angle(a), angle(a + h / 2.0), angle(a + h));
                    sum += (Point2::unit(p) + Point2::unit(q) * 4.0 + Point2::unit(r)) * (h / 6.0);
                }
                (sum, Point2::unit(angle(s)))
            }
            Self::Polynomial(coefficients) => {
                let y = coefficients.iter().rev().fold(0.0, |y, c| y * s + c);
                let slope =
                    coefficients.iter().enumerate().skip(1).rev().fold(0.0, |d, (i, c)| d * s + c * i as f64);
                (Point2::new(s, y), Point2::new(1.0, slope).normalised().unwrap_or(Point2::new(1.0, 0.0)))
            }
        }
    }

    /// Chords for a length of it.
    fn chords(&self, length: f64) -> usize {
        let n = match self {
            Self::Line(..) => 1.0,
            Self::Circle(_, radius) => (turn_steps(*radius) as f64 * length.abs() / radius / TAU).ceil(),
            Self::Clothoid(_) | Self::Polynomial(_) => (length.abs() / STEP_M).ceil().max(8.0),
        };
        (n.max(1.0) as usize).min(MAX_POINTS)
    }
}

impl<'a> Reader<'a> {
    /// The points of an IfcCurveSegment in the plane.
    pub(super) fn curve_segment(&self, r: &Record<'a>) -> Result<Vec<Point3>, Reason> {
        let parent = self.parent(&self.need(r, "ParentCurve")?)?;
        let measure = |name: &str| {
            let value = match r.attribute(name) {
                Value::Typed(typed) if typed.keyword.eq_ignore_ascii_case("IFCPARAMETERVALUE") => {
                    return Err(format!("#{} {name} by parameter is not supported", r.id));
                }
                Value::Typed(typed) => typed.value().real(),
                other => other.real(),
            };
            value.map(|v| v * self.length).ok_or_else(|| format!("#{} has no {name}", r.id))
        };
        let (start, length) = (measure("SegmentStart")?, measure("SegmentLength")?);
        let place = self.placement_of(r, "Placement")?.plan();
        let (origin, way) = parent.at(start);
        let way = if length < 0.0 { -way } else { way };
        // the parent is moved so that its piece starts at the placement and runs along its x
        let own = Affine2 { a: way.x, b: way.y, c: -way.y, d: way.x, e: origin.x, f: origin.y };
        let map = place.after(&own.inverse().ok_or_else(|| format!("#{} has no direction", r.id))?);
        let n = parent.chords(length);
        Ok((0..=n)
            .map(|i| map.apply(parent.at(start + length * i as f64 / n as f64).0).at(0.0))
            .filter(|p| p.is_finite())
            .collect())
    }

    fn parent(&self, r: &Record<'a>) -> Result<Parent, Reason> {
        Ok(match r.class() {
            "IfcLine" => {
                let from = self.point_of(r, "Pnt")?.xy();
                let vector = self.need(r, "Dir")?;
                let way = self.direction(&vector, "Orientation").and_then(|d| d.xy().normalised());
                Parent::Line(from, way.ok_or_else(|| format!("#{} has no direction", r.id))?)
            }
            "IfcCircle" => {
                let radius = self.metres(r, "Radius")?;
                if radius <= 0.0 {
                    return Err(format!("#{} has no radius", r.id));
                }
                Parent::Circle(Point2::default(), radius)
            }
            "IfcClothoid" => {
                let constant = self.metres(r, "ClothoidConstant")?;
                if constant == 0.0 {
                    return Err(format!("#{} has no constant", r.id));
                }
                Parent::Clothoid(constant)
            }
            "IfcPolynomialCurve" => {
                let x: Vec<f64> = r.attribute("CoefficientsX").reals().collect();
                if x.len() > 2 || x.first().is_some_and(|c| *c != 0.0) || x.get(1).is_some_and(|c| *c != 1.0)
                {
                    return Err(format!("#{} IfcPolynomialCurve with x of its own is not supported", r.id));
                }
                // a coefficient of the nth power is told in lengths to the power of 1 − n
                let scaled = r.attribute("CoefficientsY").reals().enumerate();
                Parent::Polynomial(scaled.take(16).map(|(n, c)| c * self.length.powi(1 - n as i32)).collect())
            }
            class => return Err(format!("#{} {class} is not supported", r.id)),
        })
    }

    /// IfcGradientCurve: its base in plan, with the heights that its segments give over the distance along it.
    pub(super) fn gradient(&self, r: &Record<'a>, base: Vec<Point3>) -> Result<Vec<Point3>, Reason> {
        let mut heights: Vec<Point2> = Vec::new();
        for segment in r.follow_all("Segments") {
            heights.extend(self.curve_segment(&segment)?.into_iter().map(Point3::xy));
        }
        heights.retain(|p| p.is_finite());
        heights.sort_by(|a, b| a.x.total_cmp(&b.x));
        let (Some(first), Some(last)) = (heights.first().copied(), heights.last().copied()) else {
            return Err(format!("#{} {} has no heights", r.id, r.class()));
        };
        let height = |d: f64| {
            let k = heights.partition_point(|p| p.x <= d);
            match (k.checked_sub(1).and_then(|i| heights.get(i)), heights.get(k)) {
                (Some(a), Some(b)) if b.x > a.x => a.y + (b.y - a.y) * ((d - a.x) / (b.x - a.x)),
                (Some(a), _) => a.y,
                (None, _) => first.y,
            }
        };
        // the corners of both
        let mut out: Vec<Point3> = Vec::with_capacity(base.len() + heights.len());
        let (mut at, mut next) = (0.0, heights.partition_point(|p| p.x <= 0.0));
        for pair in base.windows(2) {
            let (a, b) = (pair[0].xy(), pair[1].xy());
            let step = a.distance(b);
            if step <= 0.0 {
                continue;
            }
            out.push(a.at(height(at)));
            while let Some(h) = heights.get(next).filter(|h| h.x < at + step) {
                if h.x > at {
                    out.push(a.lerp(b, (h.x - at) / step).at(h.y));
                }
                next += 1;
            }
            at += step;
        }
        let end = base.last().map(|p| p.xy()).unwrap_or_default();
        out.push(end.at(height(at.min(last.x))));
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clothoid_turns_as_it_should() {
        // A² = R · L: at its end it has radius 300 and has turned by L / 2R
        let clothoid = Parent::Clothoid((300.0f64 * 100.0).sqrt());
        let (end, way) = clothoid.at(100.0);
        assert!((way.angle() - 100.0 / 600.0).abs() < 1e-12);
        // the series of the Fresnel integrals
        let t: f64 = 100.0 / 600.0;
        let x = 100.0 * (1.0 - t * t / 10.0 + t.powi(4) / 216.0);
        let y = 100.0 * (t / 3.0 - t.powi(3) / 42.0 + t.powi(5) / 1320.0);
        assert!(end.distance(Point2::new(x, y)) < 1e-5, "{end:?} {x} {y}");
    }
}
