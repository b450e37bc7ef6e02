//! Curves of grid axes: straight and circular, in metres and in the coordinates of their grid.

use super::model::AxisCurve;
use super::placement::{axis_placement, direction, point};
use super::step::{Record, Typed, Value};
use super::units::Units;
use crate::geom::{Arc2, Point2, Segment2, angle_between_lines, bulge_to_arc};
use std::f64::consts::TAU;

/// Points of an axis that are read; real axes have two.
const POINTS: usize = 10_000;

/// Pieces that leave the line by less than this, in radians, are one line.
const STRAIGHT: f64 = 1e-6;

/// The line of a straight IfcGridAxis.
pub(super) fn axis_line(axis: Record<'_>, units: &Units) -> Option<Segment2> {
    match axis_curves(axis, units).first()? {
        AxisCurve::Line { a, b } => Some(Segment2::new(*a, *b)),
        AxisCurve::Arc(_) => None,
    }
}

/// The pieces of an IfcGridAxis, in its sense; none for a curve of another kind.
pub(super) fn axis_curves(axis: Record<'_>, units: &Units) -> Vec<AxisCurve> {
    let curves = axis.follow("AxisCurve").map(|c| pieces(c, units)).unwrap_or_default();
    let curves: Vec<AxisCurve> = merged(curves).into_iter().filter(usable).collect();
    if axis.attribute("SameSense").boolean() == Some(false) {
        return curves.into_iter().rev().map(reversed).collect();
    }
    curves
}

fn reversed(curve: AxisCurve) -> AxisCurve {
    match curve {
        AxisCurve::Line { a, b } => AxisCurve::Line { a: b, b: a },
        AxisCurve::Arc(arc) => {
            AxisCurve::Arc(Arc2 { start: arc.start + arc.sweep, sweep: -arc.sweep, ..arc })
        }
    }
}

fn usable(curve: &AxisCurve) -> bool {
    match curve {
        AxisCurve::Line { a, b } => a.is_finite() && b.is_finite() && a.distance(*b) > 1e-9,
        AxisCurve::Arc(arc) => {
            arc.centre.is_finite()
                && arc.radius.is_finite()
                && arc.radius > 0.0
                && arc.start.is_finite()
                && arc.sweep.is_finite()
                && arc.sweep != 0.0
        }
    }
}

/// Straight pieces in one direction made one.
fn merged(pieces: Vec<AxisCurve>) -> Vec<AxisCurve> {
    let mut out: Vec<AxisCurve> = Vec::new();
    for piece in pieces {
        if let (Some(AxisCurve::Line { a, b }), AxisCurve::Line { a: c, b: d }) = (out.last_mut(), &piece) {
            let turn = angle_between_lines((*b - *a).angle(), (*d - *c).angle());
            if turn < STRAIGHT && (*b - *a).dot(*d - *c) > 0.0 {
                *b = *d;
                continue;
            }
        }
        out.push(piece);
    }
    out
}

fn pieces(curve: Record<'_>, units: &Units) -> Vec<AxisCurve> {
    match curve.class() {
        "IfcPolyline" => {
            let points: Vec<Point2> =
                curve.follow_all("Points").take(POINTS).filter_map(|p| flat(p, units)).collect();
            lines(&points)
        }
        "IfcIndexedPolyCurve" => indexed(curve, units),
        "IfcLine" => line(curve, units)
            .map(|(at, along)| vec![AxisCurve::Line { a: at, b: at + along }])
            .unwrap_or_default(),
        "IfcCircle" => circle(curve, units)
            .map(|(centre, radius, start)| vec![AxisCurve::Arc(Arc2 { centre, radius, start, sweep: TAU })])
            .unwrap_or_default(),
        "IfcTrimmedCurve" => trimmed(curve, units).into_iter().collect(),
        "IfcCompositeCurve" | "IfcGradientCurve" => composite(curve, units),
        _ => Vec::new(),
    }
}

fn flat(record: Record<'_>, units: &Units) -> Option<Point2> {
    let p = point(record)?;
    Some(Point2::new(p.x * units.length, p.y * units.length))
}

fn lines(points: &[Point2]) -> Vec<AxisCurve> {
    points.windows(2).filter_map(|w| Some(AxisCurve::Line { a: *w.first()?, b: *w.last()? })).collect()
}

/// IfcIndexedPolyCurve: IfcLineIndex and IfcArcIndex over a list of points.
fn indexed(curve: Record<'_>, units: &Units) -> Vec<AxisCurve> {
    let Some(list) = curve.follow("Points") else { return Vec::new() };
    let points: Vec<Point2> = list
        .attribute("CoordList")
        .points::<2>()
        .take(POINTS)
        .map(|[x, y]| Point2::new(x * units.length, y * units.length))
        .collect();
    let segments = curve.attribute("Segments");
    if segments.is_null() {
        return lines(&points);
    }
    let mut out = Vec::new();
    for segment in segments.list().take(POINTS) {
        let Value::Typed(typed) = segment else { continue };
        let corners = corners(typed, &points);
        match (typed.keyword.eq_ignore_ascii_case("IFCARCINDEX"), corners.as_slice()) {
            (true, &[a, m, b]) => out.extend(arc_through(a, m, b)),
            _ => out.extend(lines(&corners)),
        }
    }
    out
}

fn corners(segment: Typed<'_>, points: &[Point2]) -> Vec<Point2> {
    let places = segment.value().list().filter_map(Value::integer);
    places.filter_map(|i| points.get(usize::try_from(i).ok()?.checked_sub(1)?).copied()).collect()
}

/// The arc from `a` over `m` to `b`; straight where the three lie on a line.
fn arc_through(a: Point2, m: Point2, b: Point2) -> Option<AxisCurve> {
    // the bulge is the tangent of half the angle at which `m` sees the chord bent
    let (u, v) = (m - a, b - m);
    let turn = u.cross(v).atan2(u.dot(v));
    Some(match bulge_to_arc(a, b, (turn / 2.0).tan()) {
        Some(arc) => AxisCurve::Arc(arc),
        None => AxisCurve::Line { a, b },
    })
}

/// IfcLine: a point and a vector with its length.
fn line(curve: Record<'_>, units: &Units) -> Option<(Point2, Point2)> {
    let at = flat(curve.follow("Pnt")?, units)?;
    let vector = curve.follow("Dir")?;
    let length = vector.attribute("Magnitude").real()? * units.length;
    let along = direction(vector.follow("Orientation")?)?.xy().normalised()?;
    Some((at, along * length))
}

/// IfcCircle: centre, radius, and the angle of its parameter 0.
fn circle(curve: Record<'_>, units: &Units) -> Option<(Point2, f64, f64)> {
    let frame = axis_placement(curve.follow("Position")?, units)?;
    let radius = curve.attribute("Radius").real()? * units.length;
    Some((frame.origin.xy(), radius, frame.x.xy().angle()))
}

/// IfcTrimmedCurve of a line or a circle.
fn trimmed(curve: Record<'_>, units: &Units) -> Option<AxisCurve> {
    let basis = curve.follow("BasisCurve")?;
    let forward = curve.attribute("SenseAgreement").boolean() != Some(false);
    let [from, to] = ["Trim1", "Trim2"].map(|name| trim(curve.attribute(name), curve, units));
    match basis.class() {
        "IfcLine" => {
            let (at, along) = line(basis, units)?;
            let place = |(p, t): (Option<Point2>, Option<f64>)| p.or_else(|| Some(at + along * t?));
            Some(AxisCurve::Line { a: place(from)?, b: place(to)? })
        }
        "IfcCircle" => {
            let (centre, radius, zero) = circle(basis, units)?;
            let angle = |(p, t): (Option<Point2>, Option<f64>)| {
                t.map(|t| zero + t * units.angle).or_else(|| Some((p? - centre).angle()))
            };
            let (start, end) = (angle(from)?, angle(to)?);
            let turn = if forward { end - start } else { start - end }.rem_euclid(TAU);
            // both trims in one place: the whole circle
            let turn = if turn < 1e-9 { TAU } else { turn };
            Some(AxisCurve::Arc(Arc2 { centre, radius, start, sweep: if forward { turn } else { -turn } }))
        }
        _ => None,
    }
}

/// A trim by point, by parameter, or both.
fn trim(select: Value<'_>, curve: Record<'_>, units: &Units) -> (Option<Point2>, Option<f64>) {
    let mut out = (None, None);
    for value in select.list().take(2) {
        match value {
            Value::Ref(id) => out.0 = curve.file().record(id).and_then(|p| flat(p, units)),
            other => out.1 = other.real(),
        }
    }
    out
}

/// IfcCompositeCurve: its segments one after the other, one level deep.
fn composite(curve: Record<'_>, units: &Units) -> Vec<AxisCurve> {
    let mut out = Vec::new();
    for segment in curve.follow_all("Segments").take(POINTS) {
        let Some(parent) = segment.follow("ParentCurve").filter(|p| !p.is_a("IfcCompositeCurve")) else {
            continue;
        };
        let mut part = pieces(parent, units);
        if segment.attribute("SameSense").boolean() == Some(false) {
            part = part.into_iter().rev().map(reversed).collect();
        }
        out.append(&mut part);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arc_passes_over_its_middle() {
        let (a, b) = (Point2::new(1.0, 0.0), Point2::new(0.0, 1.0));
        for m in [Point2::unit(0.3), Point2::unit(-2.0)] {
            let Some(AxisCurve::Arc(arc)) = arc_through(a, m, b) else { panic!() };
            assert!(arc.centre.length() < 1e-9 && (arc.radius - 1.0).abs() < 1e-9);
            let way = (m.angle() - arc.start) * arc.sweep.signum();
            assert!(way.rem_euclid(TAU) < arc.sweep.abs(), "{m:?} {arc:?}");
            assert!(arc.at(1.0).distance(b) < 1e-9);
        }
    }
}
