//! What the plan of each storey would show: cuts through walls and columns, openings with their swing, rooms,
//! axes, and the outlines of the rest. Plain 2-D data in world metres, made without meshing where the solid
//! allows it.

mod arcs;
mod bodies;
mod columns;
mod openings;
mod plans;
mod rooms;
mod runs;
mod walls;

use super::bodies::ElementBodies;
use super::model::{AxisCurve, ElementRef, Kind, Model, StoreyRef};
use crate::error::Notice;
use crate::geom::{Arc2, Box2, Point2, Region, Segment2};

/// The heights above a storey's floor that a plan may be cut at: an element cut at every one of them must show,
/// one cut at some may show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CutBand {
    /// Lowest cut above the storey's elevation, metres.
    pub low_m: f64,
    /// The usual cut.
    pub usual_m: f64,
    /// Highest cut.
    pub high_m: f64,
}

impl Default for CutBand {
    fn default() -> Self {
        Self { low_m: 0.9, usual_m: 1.2, high_m: 1.5 }
    }
}

/// Whether a plan shows an element.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Visibility {
    /// Cut at every height of the band.
    #[default]
    MustShow,
    /// Cut at some height of the band.
    MayShow,
    /// Wholly above the band: dashed at most.
    Above,
    /// Wholly below the band: seen from above, unless something hides it.
    Below,
}

/// The plan of one storey as the models have it.
#[derive(Clone, Debug, Default)]
pub struct StoreyPlan {
    /// The storey, and the storeys of other models at the same height.
    pub storeys: Vec<StoreyRef>,
    /// World z of the floor.
    pub elevation_m: f64,
    /// Walls, by element.
    pub walls: Vec<WallCut>,
    /// Columns, by element.
    pub columns: Vec<ColumnCut>,
    /// Doors and windows, and openings that nothing fills, by element.
    pub openings: Vec<OpeningCut>,
    /// Rooms, by element.
    pub rooms: Vec<RoomCut>,
    /// Axes of the grids that apply to this storey.
    pub axes: Vec<AxisCut>,
    /// Outlines of everything else, to explain drawn lines.
    pub others: Vec<OutlineCut>,
    /// Elements of the storey whose shape could not be cut, each with its reason.
    pub uncut: Vec<(ElementRef, String)>,
    /// Box around all of it.
    pub bounds: Box2,
}

/// A wall at the cut.
#[derive(Clone, Debug)]
pub struct WallCut {
    /// The wall.
    pub element: ElementRef,
    /// Wall or curtain wall.
    pub kind: Kind,
    /// Whether it must show.
    pub visibility: Visibility,
    /// Contained in this storey (and not only reaching into it).
    pub own_storey: bool,
    /// Cut outline with openings at the usual height taken off.
    pub outline: Region,
    /// Cut outline as if it had no openings.
    pub solid: Region,
    /// Centre lines between the outermost faces, openings bridged; one per straight run. Empty for shapes without.
    pub runs: Vec<WallRunCut>,
    /// The same for its curved runs, the longest first; their chords are in no straight run.
    pub arcs: Vec<WallArcCut>,
    /// Thickness between the outermost faces of the longest run, metres.
    pub thickness_m: f64,
    /// Offsets of all layer boundaries from the centre line of the longest run, left positive, metres; at least both
    /// outer faces. A drawn face may be any of them.
    pub faces_m: Vec<f64>,
    /// World z range of the body.
    pub z_m: (f64, f64),
}

/// A straight run of a wall at the cut.
#[derive(Clone, Copy, Debug)]
pub struct WallRunCut {
    /// Centre line between the outermost faces.
    pub line: Segment2,
    /// Thickness here, metres.
    pub thickness_m: f64,
}

/// A curved run of a wall at the cut.
#[derive(Clone, Copy, Debug)]
pub struct WallArcCut {
    /// Centre line between the two faces, counter-clockwise.
    pub arc: Arc2,
    /// Thickness, metres.
    pub thickness_m: f64,
}

/// A column at the cut.
#[derive(Clone, Debug)]
pub struct ColumnCut {
    /// The column.
    pub element: ElementRef,
    /// Whether it must show.
    pub visibility: Visibility,
    /// Contained in this storey (and not only reaching into it).
    pub own_storey: bool,
    /// Cut outline.
    pub outline: Region,
    /// Middle of the box around the outline in its own directions.
    pub centre: Point2,
    /// Extent along `angle`, metres.
    pub width_m: f64,
    /// Extent across `angle`, metres.
    pub depth_m: f64,
    /// Direction of the first side, in [0, π/2).
    pub angle: f64,
    /// The outline is a circle.
    pub round: bool,
}

/// A door, a window or an unfilled opening in plan.
#[derive(Clone, Debug)]
pub struct OpeningCut {
    /// The door, window or opening.
    pub element: ElementRef,
    /// `Door`, `Window` or `Opening`.
    pub kind: Kind,
    /// The wall it is in.
    pub host: Option<ElementRef>,
    /// Whether it must show: its z range against the band.
    pub visibility: Visibility,
    /// Contained in this storey.
    pub own_storey: bool,
    /// Middle of the opening on the wall's centre line (or of its own outline where it has no host).
    pub centre: Point2,
    /// Unit vector along the wall.
    pub along: Point2,
    /// Width of the hole in the wall, metres; the overall width where there is no hole.
    pub width_m: f64,
    /// OverallWidth, metres.
    pub overall_width_m: Option<f64>,
    /// OverallHeight or the height of the hole, metres.
    pub height_m: Option<f64>,
    /// Thickness of the wall here, metres.
    pub depth_m: f64,
    /// World z range of the hole or the body.
    pub z_m: (f64, f64),
    /// How the door opens, where the model says so.
    pub swing: Option<SwingCut>,
    /// Marks, best first.
    pub marks: Vec<String>,
}

/// How a door opens, in plan.
#[derive(Clone, Debug, PartialEq)]
pub struct SwingCut {
    /// Hinge points on the wall's centre line: one per leaf.
    pub hinges: Vec<Point2>,
    /// Unit vector to the side that the leaves open to; `None` for sliding and folding doors,
    /// and for those that open to both sides.
    pub opens_to: Option<Point2>,
    /// Exact OperationType.
    pub operation: String,
}

/// A room in plan.
#[derive(Clone, Debug)]
pub struct RoomCut {
    /// The space.
    pub element: ElementRef,
    /// It belongs to this storey; others reach into it.
    pub own_storey: bool,
    /// Footprint.
    pub outline: Region,
    /// A point inside, to hang a label on.
    pub label_point: Point2,
    /// Room name, as a reader of the plan would call it: LongName, or Name where that is no number.
    pub name: Option<String>,
    /// Room number.
    pub number: Option<String>,
    /// Area of the footprint, m².
    pub area_m2: f64,
    /// Area as the model states it, with the name of the quantity.
    pub stated_area: Option<(f64, String)>,
}

/// A grid axis in plan.
#[derive(Clone, Debug)]
pub struct AxisCut {
    /// Which model.
    pub model: u32,
    /// Which of its `axes`.
    pub index: u32,
    /// Label.
    pub label: String,
    /// Line.
    pub curve: AxisCurve,
}

/// The outline of something that is neither wall, column, opening nor room.
#[derive(Clone, Debug)]
pub struct OutlineCut {
    /// The element.
    pub element: ElementRef,
    /// What it is.
    pub kind: Kind,
    /// Whether it is cut, above or below.
    pub visibility: Visibility,
    /// Outline: at the cut where it is cut, the projection elsewhere.
    pub outline: Region,
    /// World z range.
    pub z_m: (f64, f64),
}

/// The plans of all storeys of all models, by rising elevation; storeys of different models within 0.1 m of each
/// other share one plan. Elements are shown on every storey whose cut meets them.
pub fn storey_plans(models: &[Model], band: &CutBand) -> (Vec<StoreyPlan>, Vec<Notice>) {
    let read: Vec<ElementBodies> = models.iter().map(super::bodies::read).collect();
    storey_plans_of(models, &read, band)
}

/// As [`storey_plans`], of bodies that were read before, one for each model.
pub fn storey_plans_of(
    models: &[Model],
    read: &[ElementBodies],
    band: &CutBand,
) -> (Vec<StoreyPlan>, Vec<Notice>) {
    plans::storey_plans(models, read, band)
}
