//! Object placements, down to world coordinates in metres. All at once, without recursion: a chain of a million
//! placements, or one that bites its own tail, costs no stack.

use super::curve::axis_line;
use super::step::{Record, StepFile};
use super::told::Told;
use super::units::Units;
use crate::geom::{Affine3, Point2, Point3, Segment2};
use rayon::prelude::*;

/// World placement of every IfcObjectPlacement.
#[derive(Debug, Default)]
pub(super) struct Placements {
    /// By rising number.
    ids: Vec<u32>,
    world: Vec<Option<Affine3>>,
}

/// One placement before its chain is followed.
struct Local {
    parent: Option<u32>,
    /// Relative to the parent; nothing where it cannot be read.
    relative: Option<Affine3>,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    New,
    Open,
    Done,
}

impl Placements {
    /// Reads and chains all placements. What cannot be used is told.
    pub(super) fn read(file: &StepFile, units: &Units, told: &mut Told<'_>) -> Self {
        let ids = file.ids_of_subtypes("IfcObjectPlacement");
        let locals: Vec<Local> =
            ids.par_iter().map(|&id| file.record(id).map_or_else(none, |r| local(r, units))).collect();
        let parents: Vec<Option<usize>> =
            locals.iter().map(|l| l.parent.and_then(|p| ids.binary_search(&p).ok())).collect();
        for ((id, local), parent) in ids.iter().zip(&locals).zip(&parents) {
            let message = match (local.relative, local.parent, parent) {
                (None, ..) => "this placement cannot be read; what it places has no place",
                (_, Some(_), None) => {
                    "PlacementRelTo refers to no placement; it is taken as relative to the world"
                }
                _ => continue,
            };
            told.record("ifc-placement", *id, message);
        }
        let mut placements = Self { world: vec![None; ids.len()], ids };
        placements.chain(&locals, &parents, told);
        placements
    }

    fn chain(&mut self, locals: &[Local], parents: &[Option<usize>], told: &mut Told<'_>) {
        let mut states = vec![State::New; locals.len()];
        let mut stack = Vec::new();
        for start in 0..locals.len() {
            let mut at = Some(start);
            // up to the first one that is known,
            let mut cycle = false;
            while let Some(i) = at {
                match states.get(i) {
                    Some(State::New) => {
                        if let Some(state) = states.get_mut(i) {
                            *state = State::Open;
                        }
                        stack.push(i);
                        at = parents.get(i).copied().flatten();
                    }
                    Some(State::Open) => {
                        cycle = true;
                        let id = self.ids.get(i).copied().unwrap_or_default();
                        let message = "the chain of placements leads back here; what it places has no place";
                        told.record("ifc-placement-cycle", id, message);
                        break;
                    }
                    _ => break,
                }
            }
            // and down again
            while let Some(i) = stack.pop() {
                let world = if cycle { None } else { self.step(i, locals, parents) };
                if let (Some(place), Some(state)) = (self.world.get_mut(i), states.get_mut(i)) {
                    (*place, *state) = (world, State::Done);
                }
            }
        }
    }

    fn step(&self, i: usize, locals: &[Local], parents: &[Option<usize>]) -> Option<Affine3> {
        let relative = locals.get(i)?.relative?;
        let world = match parents.get(i).copied().flatten() {
            Some(parent) => self.world.get(parent).copied().flatten()?.after(&relative),
            None => relative,
        };
        let finite = [world.x, world.y, world.z, world.origin].iter().all(|p| p.is_finite());
        finite.then_some(world)
    }

    /// World placement of an IfcObjectPlacement.
    pub(super) fn get(&self, id: u32) -> Option<Affine3> {
        let at = self.ids.binary_search(&id).ok()?;
        self.world.get(at).copied().flatten()
    }

    /// World placement of a product.
    pub(super) fn of(&self, product: Record<'_>) -> Option<Affine3> {
        self.get(product.attribute("ObjectPlacement").reference()?)
    }
}

fn none() -> Local {
    Local { parent: None, relative: None }
}

fn local(record: Record<'_>, units: &Units) -> Local {
    match record.class() {
        "IfcGridPlacement" => on_grid(record, units).unwrap_or_else(none),
        // IfcLinearPlacement states where it comes to lie
        "IfcLinearPlacement" => Local {
            parent: record.attribute("PlacementRelTo").reference(),
            relative: record.follow("CartesianPosition").and_then(|p| axis_placement(p, units)),
        },
        _ => Local {
            parent: record.attribute("PlacementRelTo").reference(),
            relative: record.follow("RelativePlacement").and_then(|p| axis_placement(p, units)),
        },
    }
}

/// IfcAxis2Placement3D or 2D as a map, in metres.
pub(super) fn axis_placement(record: Record<'_>, units: &Units) -> Option<Affine3> {
    let location = point(record.follow("Location")?)?;
    let origin = Point3::new(location.x * units.length, location.y * units.length, location.z * units.length);
    let axis = record.follow("Axis").and_then(direction);
    let reference = record.follow("RefDirection").and_then(direction);
    origin.is_finite().then(|| Affine3::frame(origin, axis, reference))
}

/// IfcCartesianPoint in file units; a missing z is 0.
pub(super) fn point(record: Record<'_>) -> Option<Point3> {
    let mut c = record.attribute("Coordinates").list();
    let (x, y) = (c.next()?.real()?, c.next()?.real()?);
    let z = match c.next() {
        Some(z) => z.real()?,
        None => 0.0,
    };
    Some(Point3::new(x, y, z))
}

/// IfcDirection, not normalised; a missing z is 0.
pub(super) fn direction(record: Record<'_>) -> Option<Point3> {
    let mut c = record.attribute("DirectionRatios").reals();
    Some(Point3::new(c.next()?, c.next()?, c.next().unwrap_or(0.0)))
}

/// IfcGridPlacement: where two axes of a grid meet, turned towards a direction or a second intersection.
fn on_grid(record: Record<'_>, units: &Units) -> Option<Local> {
    let location = record.follow("PlacementLocation")?;
    let (at, along) = intersection(location, units)?;
    let reference = record.follow("PlacementRefDirection").and_then(|r| {
        if r.is_a("IfcVirtualGridIntersection") {
            let there = intersection(r, units)?.0;
            return Some(there - at);
        }
        direction(r)
    });
    let axis = location.follow_all("IntersectingAxes").next()?;
    // the grid that the axis is of, through any of its three directions
    let grid = ["UAxes", "VAxes", "WAxes"]
        .iter()
        .find_map(|axes| record.file().links("IfcGrid", axes, "").first(axis.id))
        .and_then(|id| record.file().record(id))?;
    let relative = Affine3::frame(at, None, reference.or(Some(along)));
    Some(Local { parent: grid.attribute("ObjectPlacement").reference(), relative: Some(relative) })
}

/// Where the two axes of an IfcVirtualGridIntersection meet, in the grid's coordinates, and the first one's direction.
fn intersection(record: Record<'_>, units: &Units) -> Option<(Point3, Point3)> {
    let mut axes = record.follow_all("IntersectingAxes").map(|axis| axis_line(axis, units));
    let (a, b) = (axes.next()??, axes.next()??);
    let mut offsets = record.attribute("OffsetDistances").reals().map(|x| x * units.length);
    // an offset is to the left of its axis
    let mut shifted = |s: Segment2| -> Option<Segment2> {
        let by: Point2 = s.direction()?.left() * offsets.next().unwrap_or(0.0);
        Some(Segment2::new(s.a + by, s.b + by))
    };
    let (a, b) = (shifted(a)?, shifted(b)?);
    let z = offsets.next().unwrap_or(0.0);
    let (t, _) = a.line_intersection(&b)?;
    let at = a.a.lerp(a.b, t);
    let along = a.direction()?;
    Some((at.at(z), along.at(0.0)))
}
