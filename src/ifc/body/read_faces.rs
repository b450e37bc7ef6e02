//! Breps, face sets and surface models → meshes. Flat faces are taken as they are; curved ones are cut up over their
//! surface, or taken by their edges where that is none that can be laid out.

use super::curved_face;
use super::mesh::{Mesh, MeshBuilder};
use super::reader::{Reader, Reason};
use crate::geom::Point3;
use crate::ifc::step::Record;

/// A body has no more face corners than this.
const MAX_CORNERS: usize = 5_000_000;

/// A mesh as read.
pub(crate) struct Faces {
    /// The faces.
    pub(crate) mesh: Mesh,
    /// What was left out of it, if anything.
    pub(crate) lost: Option<Reason>,
    /// Some faces are curved and stand as flat ones.
    pub(crate) curved: bool,
}

impl<'a> Reader<'a> {
    /// IfcTriangulatedFaceSet and its subtypes.
    pub(crate) fn triangulated(&self, record: &Record<'a>) -> Result<Faces, Reason> {
        let points = self.point_list(&self.need(record, "Coordinates")?);
        let renumbered = renumbering(record);
        let mut mesh = MeshBuilder::default();
        let ids: Vec<Option<u32>> = points.iter().map(|&p| mesh.corner(p)).collect();
        let (mut corners, mut lost) = (0, 0);
        for row in record.attribute("CoordIndex").list() {
            let triangle = indices(row.list(), renumbered.as_deref(), &ids, &mut lost);
            corners += triangle.len();
            self.check(record, corners)?;
            mesh.ring_of(&triangle);
            mesh.end_face();
        }
        Ok(Faces { mesh: mesh.finish(), curved: false, lost: lost_corners(record, lost) })
    }

    /// IfcPolygonalFaceSet.
    pub(crate) fn polygonal(&self, record: &Record<'a>) -> Result<Faces, Reason> {
        let points = self.point_list(&self.need(record, "Coordinates")?);
        let renumbered = renumbering(record);
        let mut mesh = MeshBuilder::default();
        let ids: Vec<Option<u32>> = points.iter().map(|&p| mesh.corner(p)).collect();
        let (mut corners, mut lost) = (0, 0);
        for face in record.follow_all("Faces") {
            let outer = indices(face.attribute("CoordIndex").list(), renumbered.as_deref(), &ids, &mut lost);
            corners += outer.len();
            mesh.ring_of(&outer);
            for inner in face.attribute("InnerCoordIndices").list() {
                let inner = indices(inner.list(), renumbered.as_deref(), &ids, &mut lost);
                corners += inner.len();
                mesh.ring_of(&inner);
            }
            self.check(record, corners)?;
            mesh.end_face();
        }
        Ok(Faces { mesh: mesh.finish(), curved: false, lost: lost_corners(record, lost) })
    }

    /// The faces of several IfcConnectedFaceSets (shells) as one mesh.
    pub(crate) fn shells(
        &self,
        record: &Record<'a>,
        shells: impl IntoIterator<Item = Record<'a>>,
    ) -> Result<Faces, Reason> {
        let mut mesh = MeshBuilder::default();
        let (mut corners, mut curved, mut lost) = (0usize, false, None);
        for shell in shells {
            for face in shell.follow_all("CfsFaces") {
                let mut loops: Vec<Vec<Point3>> = Vec::new();
                for bound in face.follow_all("Bounds") {
                    match self.need(&bound, "Bound").and_then(|l| self.face_loop(&l)) {
                        Ok(points) => {
                            corners = corners.saturating_add(points.len());
                            self.check(record, corners)?;
                            let against = bound.attribute("Orientation").boolean() == Some(false);
                            loops.push(if against { points.into_iter().rev().collect() } else { points });
                        }
                        Err(reason) => lost = lost.or(Some(reason)),
                    }
                }
                let surface = face.follow("FaceSurface").filter(|s| s.class() != "IfcPlane");
                if let Some(surface) = surface {
                    curved = true;
                    // a cap is on the left of its loop as seen from outside
                    if face.attribute("SameSense").boolean() == Some(false) {
                        loops.iter_mut().for_each(|l| l.reverse());
                    }
                    match self.surface(&surface) {
                        Ok(surface) if curved_face::add(&mut mesh, &surface, &loops) => continue,
                        Ok(_) => {
                            let reason = format!("#{} its edges stand for its curved surface", face.id);
                            lost = lost.or(Some(reason));
                        }
                        Err(reason) => lost = lost.or(Some(reason)),
                    }
                }
                loops.into_iter().for_each(|l| mesh.ring(l));
                mesh.end_face();
            }
        }
        let mesh = if curved { mesh.finish_joined() } else { mesh.finish() };
        if mesh.face_count() == 0 {
            return Err(lost.unwrap_or_else(|| format!("#{} {} has no faces", record.id, record.class())));
        }
        Ok(Faces { mesh, curved, lost })
    }

    fn face_loop(&self, record: &Record<'a>) -> Result<Vec<Point3>, Reason> {
        match record.class() {
            "IfcPolyLoop" => record.follow_all("Polygon").map(|p| self.point(&p)).collect(),
            "IfcEdgeLoop" => {
                let mut out: Vec<Point3> = Vec::new();
                for oriented in record.follow_all("EdgeList") {
                    let edge = self.need(&oriented, "EdgeElement")?;
                    let mut points = self.edge_points(&edge)?;
                    if oriented.attribute("Orientation").boolean() == Some(false) {
                        points.reverse();
                    }
                    points.pop();
                    out.extend(points);
                }
                Ok(out)
            }
            // a point: the tip of a cone
            "IfcVertexLoop" => Ok(Vec::new()),
            class => Err(format!("#{} {class} is not supported", record.id)),
        }
    }

    fn check(&self, record: &Record<'a>, corners: usize) -> Result<(), Reason> {
        if corners > MAX_CORNERS {
            return Err(format!("#{} has more than {MAX_CORNERS} corners", record.id));
        }
        Ok(())
    }
}

/// PnIndex: points by another numbering.
fn renumbering(record: &Record<'_>) -> Option<Vec<usize>> {
    let list = record.attribute("PnIndex");
    if list.is_null() {
        return None;
    }
    Some(list.list().map(|v| v.integer().and_then(|i| usize::try_from(i).ok()).unwrap_or(0)).collect())
}

fn lost_corners(record: &Record<'_>, lost: usize) -> Option<Reason> {
    (lost > 0)
        .then(|| format!("#{} {}: {lost} corners of its faces are no points", record.id, record.class()))
}

/// Corner numbers of a list of indices counted from 1; those of no point are left out and counted.
fn indices<'v>(
    list: impl Iterator<Item = crate::ifc::step::Value<'v>>,
    renumbered: Option<&[usize]>,
    ids: &[Option<u32>],
    lost: &mut usize,
) -> Vec<u32> {
    let id = |v: crate::ifc::step::Value<'v>| {
        let mut i = usize::try_from(v.integer()?).ok()?;
        if let Some(other) = renumbered {
            i = *other.get(i.checked_sub(1)?)?;
        }
        ids.get(i.checked_sub(1)?).copied().flatten()
    };
    let mut out = Vec::with_capacity(4);
    for value in list {
        match id(value) {
            Some(id) => out.push(id),
            None => *lost += 1,
        }
    }
    out
}
