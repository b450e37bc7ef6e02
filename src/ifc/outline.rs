//! Loops of faces and curves of profiles as their points, for those who ask whether they are sound. Metres, in the
//! coordinates that they are written in; nothing is repaired.

use super::body::Reader;
use super::step::{Record, StepFile};
use super::units::Units;
use crate::geom::Point3;

/// Points of one loop that are read.
pub const POINTS: usize = 100_000;

/// The points of an IfcCurve from its start to its end, arcs as chords; nothing for a curve that is not read.
pub fn curve(step: &StepFile, units: &Units, record: Record<'_>) -> Option<Vec<Point3>> {
    Reader::new(step, units.length, units.angle).curve(&record).ok()
}

/// The points of an IfcPolyLoop, or of the edges of an IfcEdgeLoop with straight edges, without the first again.
pub fn polygon(units: &Units, record: Record<'_>) -> Option<Vec<Point3>> {
    match record.class() {
        "IfcPolyLoop" => record.follow_all("Polygon").take(POINTS).map(|p| cartesian(units, p)).collect(),
        "IfcEdgeLoop" => {
            let edges = record.follow_all("EdgeList").take(POINTS);
            edges.map(|e| edge(units, e).map(|(from, _)| from)).collect()
        }
        _ => None,
    }
}

/// The ends of an IfcOrientedEdge, in its sense.
pub fn edge(units: &Units, oriented: Record<'_>) -> Option<(Point3, Point3)> {
    let element = oriented.follow("EdgeElement")?;
    let end = |name: &str| cartesian(units, element.follow(name)?.follow("VertexGeometry")?);
    let (from, to) = (end("EdgeStart")?, end("EdgeEnd")?);
    if oriented.attribute("Orientation").boolean() == Some(false) {
        Some((to, from))
    } else {
        Some((from, to))
    }
}

/// An IfcCartesianPoint; a missing z is 0.
pub fn cartesian(units: &Units, record: Record<'_>) -> Option<Point3> {
    let mut at = [0.0; 3];
    let mut given = 0;
    for (place, x) in at.iter_mut().zip(record.attribute("Coordinates").reals()) {
        *place = x * units.length;
        given += 1;
    }
    (given >= 2).then(|| Point3::new(at[0], at[1], at[2]))
}

/// The points of an IfcCartesianPointList2D or 3D.
pub fn point_list(units: &Units, record: Record<'_>) -> Vec<Point3> {
    let scaled = |[x, y, z]: [f64; 3]| Point3::new(x * units.length, y * units.length, z * units.length);
    record.attribute("CoordList").points::<3>().map(scaled).collect()
}

/// Precision of the file's representation contexts in metres: the largest that they name (IFC 4.3,
/// IfcGeometricRepresentationContext.Precision), else a hundredth of a thousandth of the file's unit.
pub fn precision(step: &StepFile, units: &Units) -> f64 {
    const UNSAID: f64 = 1e-5;
    let said = step.ids_of("IfcGeometricRepresentationContext").iter().filter_map(|&id| step.record(id));
    let all = said.filter_map(|c| c.attribute("Precision").real()).filter(|p| *p > 0.0);
    all.reduce(f64::max).unwrap_or(UNSAID) * units.length
}
