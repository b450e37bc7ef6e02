//! Bodies as solids: what each element is after its boolean operations and openings, as a closed mesh with its box and
//! volume. Made on demand, element by element, from any number of threads.
//!
//! Leaves (extrusions, sweeps, breps, face sets) are surfaces as they are read. A prism pierced by prisms stays a
//! prism (`pierce`); half-spaces clip what there is (`clip`); every other boolean is made plane by plane
//! (`boundary`).

mod boundary;
mod clip;
mod item;
mod part;
mod pierce;
mod shell;
mod turn;
mod weld;

use super::bodies::ElementBodies;
use super::body::BodyMesh;
use super::model::{Kind, Model};
use crate::error::{Notice, Read};
use crate::geom::{Affine3, Box3, Mesh, Point3, Region};
use crate::place::Place;
use part::Parts;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// The bodies of a model's elements, read and ready to be made solid.
#[derive(Debug)]
pub struct Bodies<'m> {
    /// The model.
    pub model: &'m Model,
    read: ElementBodies,
    mapped: part::Mapped,
}

/// What can be told of an element's body without cutting it into triangles.
#[derive(Clone, Debug, PartialEq)]
pub struct Measures {
    /// Box in the world, metres.
    pub extent: Box3,
    /// Volume, m³: the sum over its items, each less what is taken off it. Only right where `closed`.
    pub volume_m3: f64,
    /// Every edge has faces on both sides: it surrounds something.
    pub closed: bool,
    /// Edges that have not.
    pub open_edges: u32,
    /// Faces that the file has in the sense opposite to their neighbours', or inside out; they were turned.
    pub turned_faces: u32,
    /// Items (solids) that it is made of.
    pub items: u32,
    /// Triangles that its faces come to.
    pub triangles: u32,
    /// What is not as the model says: parts left out, openings not taken off. Each one sentence.
    pub told: Vec<String>,
}

/// An element's body as a mesh.
#[derive(Clone, Debug, PartialEq)]
pub struct Solid {
    /// Triangles, in the world by their origin.
    pub mesh: Mesh,
    /// What was measured before it was cut into triangles.
    pub measures: Measures,
}

/// Reads the bodies of all elements, in parallel. The notices are those of [`super::section::storey_plans`] and not
/// repeated here.
pub fn bodies(model: &Model) -> Bodies<'_> {
    bodies_of(model, super::bodies::read(model))
}

/// Bodies that were read before, ready to be made solid.
pub fn bodies_of(model: &Model, read: ElementBodies) -> Bodies<'_> {
    Bodies { model, read, mapped: part::Mapped::default() }
}

/// A box in the world that holds an element's body, for a first look at what may meet: exact for most, too large where
/// something is taken off; `None` where it has no body of its own.
pub fn extent(bodies: &Bodies<'_>, element: u32) -> Option<Box3> {
    Some(bodies.read.all().get(element as usize)?.body.as_ref()?.extent)
}

/// Box, volume and closedness of an element's body.
///
/// # Errors
/// One sentence that says why it has no solid: no body of its own, or one that cannot be made.
pub fn measure(bodies: &Bodies<'_>, element: u32) -> Result<Measures, String> {
    Ok(made(bodies, element)?.1)
}

/// An element's body as a mesh.
///
/// # Errors
/// As [`measure`]; also where a face is too large to be cut into triangles.
pub fn solid(bodies: &Bodies<'_>, element: u32) -> Result<Solid, String> {
    let (parts, measures) = made(bodies, element)?;
    let shell = part::joined(&parts.list);
    let triangles = shell.triangles().ok_or("a face of it has too many corners to be cut into triangles")?;
    Ok(Solid { mesh: Mesh { origin: parts.origin, corners: shell.corners, triangles }, measures })
}

/// What level planes at world heights cut out of a solid, in world metres, in the order of the heights. `None` where a
/// cut does not close.
pub fn sections(solid: &Solid, heights: &[f64]) -> Vec<Option<Region>> {
    let mesh = &solid.mesh;
    let rings: Vec<u32> = mesh.triangles.iter().flatten().copied().collect();
    let ends: Vec<u32> = (1..=mesh.triangles.len() as u32).collect();
    let points: Vec<Point3> = mesh.corners.iter().map(|&c| mesh.origin + c).collect();
    let faces = BodyMesh::of_parts(mesh.corners.clone(), rings, ends.iter().map(|i| i * 3).collect(), ends);
    let cut = |&z: &f64| {
        let slice = faces.slice(&points, z);
        (!slice.open).then_some(slice.region)
    };
    heights.iter().map(cut).collect()
}

/// Solids of all elements that have a body, in the order of the elements, and notices that name what has none or not
/// the whole: one for each reason, with their number.
pub fn solids(bodies: &Bodies<'_>) -> Read<Vec<(u32, Solid)>> {
    let made: Vec<(u32, Result<Solid, String>)> = (0..bodies.model.elements.len() as u32)
        .into_par_iter()
        .filter(|&i| has_geometry(bodies, i))
        .map(|i| (i, solid(bodies, i)))
        .collect();
    let mut reasons: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    let mut value = Vec::with_capacity(made.len());
    for (i, solid) in made {
        match solid {
            Ok(solid) => {
                solid.measures.told.iter().for_each(|t| reasons.entry(t.clone()).or_default().push(i));
                value.push((i, solid));
            }
            Err(reason) => reasons.entry(reason).or_default().push(i),
        }
    }
    Read { value, notices: told(bodies.model, reasons) }
}

/// The element has a body of its own, or should have one: wholes that are shown by their parts have none.
fn has_geometry(bodies: &Bodies<'_>, element: u32) -> bool {
    bodies.read.all().get(element as usize).is_some_and(|r| r.body.is_some() || !r.missing.is_empty())
}

fn told(model: &Model, reasons: BTreeMap<String, Vec<u32>>) -> Vec<Notice> {
    let mut out = Vec::new();
    for (reason, elements) in reasons {
        let first = elements.first().and_then(|&i| model.element(i));
        let place = match (first, model.step()) {
            (Some(e), Some(step)) => step.place(e.step_id),
            _ => Place::file(&model.file),
        };
        let message = format!(
            "{} elements are not solid as the model has them: {reason}; the first is here",
            elements.len()
        );
        out.push(Notice::new("ifc-solid", place, message));
    }
    out
}

/// An element's parts, openings taken off, and what they measure.
fn made(bodies: &Bodies<'_>, element: u32) -> Result<(Parts, Measures), String> {
    let read = bodies.read.all().get(element as usize).ok_or("it is none of the model's elements")?;
    let Some(body) = &read.body else {
        let reason = read.missing.first().cloned();
        return Err(reason.unwrap_or_else(|| "it has no body of its own".to_owned()));
    };
    let origin = body.extent.centre();
    let local = |place: &Affine3| Affine3 { origin: place.origin - origin, ..*place };
    let mut parts = Parts { origin, ..Parts::default() };
    parts.told.extend(read.missing.iter().map(|m| format!("a part of its body was left out: {m}")));
    part::read(&bodies.mapped, &body.shape, &local(&body.place), &mut parts);
    let mut tools = Parts { origin, ..Parts::default() };
    for opening in openings(bodies.model, element) {
        let Some(tool) = bodies.read.all().get(opening as usize).and_then(|r| r.body.as_ref()) else {
            continue;
        };
        if meets(&tool.extent, &body.extent) {
            part::read(&bodies.mapped, &tool.shape, &local(&tool.place), &mut tools);
        }
    }
    parts.told.extend(tools.told.drain(..).map(|t| format!("an opening: {t}")));
    part::take_off(&mut parts, &tools.list);
    if parts.list.is_empty() {
        return Err(parts
            .told
            .into_iter()
            .next()
            .unwrap_or_else(|| "nothing is left of its body".to_owned()));
    }
    let measures = measured(&mut parts);
    Ok((parts, measures))
}

fn measured(parts: &mut Parts) -> Measures {
    let mut local = Box3::EMPTY;
    let (mut volume_m3, mut open_edges, mut turned_faces) = (0.0, 0u32, 0u32);
    for part in &parts.list {
        local.merge(&part.bounds());
        volume_m3 += part.volume();
        let (open, turned) = part.faults();
        open_edges = open_edges.saturating_add(open);
        turned_faces = turned_faces.saturating_add(turned);
    }
    let mut extent = Box3::EMPTY;
    if !local.is_empty() {
        extent.add(local.min + parts.origin);
        extent.add(local.max + parts.origin);
    }
    Measures {
        extent,
        volume_m3,
        closed: open_edges == 0,
        open_edges,
        turned_faces,
        items: parts.list.len() as u32,
        triangles: parts.list.iter().fold(0, |sum: u32, p| sum.saturating_add(p.triangles())),
        told: std::mem::take(&mut parts.told),
    }
}

/// Openings that void an element, or the wholes that it is a part of.
fn openings(model: &Model, element: u32) -> Vec<u32> {
    let mut out = Vec::new();
    let (mut at, mut steps) = (Some(element), 0);
    while let Some(e) = at.and_then(|i| model.element(i)) {
        if e.kind != Kind::Opening {
            out.extend_from_slice(&e.openings);
        }
        // wholes of wholes; a cycle ends here too
        steps += 1;
        at = e.whole.filter(|_| steps < 8);
    }
    out.sort_unstable();
    out.dedup();
    out
}

fn meets(a: &Box3, b: &Box3) -> bool {
    a.min.x <= b.max.x
        && b.min.x <= a.max.x
        && a.min.y <= b.max.y
        && b.min.y <= a.max.y
        && a.min.z <= b.max.z
        && b.min.z <= a.max.z
}
