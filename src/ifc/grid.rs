//! Grid axes in world coordinates.

use super::curve::axis_curves;
use super::model::{AxisCurve, GridAxis};
use super::placement::Placements;
use super::step::{Record, StepFile};
use super::told::Told;
use super::units::Units;
use crate::geom::{Affine3, Arc2, Point2};

/// Axes that are read; a large hospital has some 200. Grids may share their axes, so the file does not bound them.
const AXES: usize = 20_000;

/// All axes of all grids, by the grid's number and in the grid's order. `storey_of` says where a grid belongs.
pub(super) fn axes(
    file: &StepFile,
    units: &Units,
    placements: &Placements,
    storey_of: impl Fn(u32) -> Option<u32>,
    told: &mut Told<'_>,
) -> Vec<GridAxis> {
    let mut out = Vec::new();
    for grid in file.records_of("IfcGrid") {
        let place = match grid.attribute("ObjectPlacement").reference() {
            None => Some(Affine3::IDENTITY),
            Some(id) => placements.get(id),
        };
        let Some(place) = place else {
            let message = "the grid has no place that can be used; its axes were left out";
            told.record("ifc-grid", grid.id, message);
            continue;
        };
        let guid = grid.attribute("GlobalId").text().unwrap_or_default();
        let storey = storey_of(grid.id);
        for axis in ["UAxes", "VAxes", "WAxes"].iter().flat_map(|name| grid.follow_all(name)) {
            if out.len() >= AXES {
                told.file("ifc-grid-limit", format!("more than {AXES} grid axes; the rest was left out"));
                return out;
            }
            let curves = axis_curves(axis, units);
            if curves.is_empty() {
                let message = "the axis is neither straight nor circular, or cannot be read; it was left out";
                told.record("ifc-grid-axis", axis.id, message);
            }
            out.extend(curves.into_iter().map(|curve| GridAxis {
                step_id: axis.id,
                grid_guid: guid.clone(),
                label: label(axis),
                curve: placed(curve, &place),
                storey,
            }));
        }
    }
    out
}

fn label(axis: Record<'_>) -> String {
    axis.attribute("AxisTag").text().map(|t| t.trim().to_owned()).unwrap_or_default()
}

/// Seen from above. A grid that is not level would make arcs elliptical; buildings have none.
fn placed(curve: AxisCurve, place: &Affine3) -> AxisCurve {
    let plan = place.plan();
    match curve {
        AxisCurve::Line { a, b } => AxisCurve::Line { a: plan.apply(a), b: plan.apply(b) },
        AxisCurve::Arc(arc) => {
            let centre = plan.apply(arc.centre);
            let from = plan.apply_vector(Point2::unit(arc.start));
            let turn = if plan.is_mirrored() { -1.0 } else { 1.0 };
            AxisCurve::Arc(Arc2 { centre, radius: arc.radius, start: from.angle(), sweep: arc.sweep * turn })
        }
    }
}
