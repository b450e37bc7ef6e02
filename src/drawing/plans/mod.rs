//! What was recognised: plans with their axes, walls, columns, openings, rooms and texts. Plan metres: local to each
//! plan, y up, with `PlanFrame` leading back to drawing units.

mod element;
mod listing;

pub use element::*;
pub use listing::*;

use crate::geom::{Affine2, Arc2, Box2, BoxIndex, Segment2};
use serde::{Deserialize, Serialize};

/// Everything recognised in all drawings of a run.
#[derive(Clone, Debug, Default)]
pub struct Plans {
    /// Floor plans, in the order of drawings, sheets and position.
    pub plans: Vec<Plan>,
    /// Door and window schedules.
    pub schedules: Vec<Schedule>,
    /// Lists of rooms.
    pub room_lists: Vec<RoomList>,
    /// Title blocks.
    pub title_blocks: Vec<TitleBlock>,
    /// Sheets or regions that are no floor plan, each with what was seen instead.
    pub not_plans: Vec<NotPlan>,
}

/// A region that is no floor plan.
#[derive(Clone, Debug)]
pub struct NotPlan {
    /// Which drawing.
    pub drawing: u32,
    /// Which of its sheets.
    pub sheet: u32,
    /// Where, drawing units.
    pub region: Box2,
    /// Its title, if it has one.
    pub title: Option<String>,
    /// Why it is no floor plan: `section`, `elevation`, `detail`, `schedule`, `empty`, `furniture`, …
    pub reason: String,
}

/// From drawing units to plan metres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlanFrame {
    /// Drawing units → plan metres: shift to the local origin, scale, and y turned up.
    pub to_plan: Affine2,
    /// Metres (on site) per drawing unit.
    pub unit_m: f64,
    /// How the unit is known.
    pub unit_from: UnitFrom,
}

/// How a plan's unit is known, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnitFrom {
    /// Dimensions agree with it.
    Dimensions,
    /// The file declares it, and sizes are plausible.
    Declared,
    /// A stated scale (PDF, SVG).
    StatedScale,
    /// Doors and walls have plausible sizes with it.
    Plausible,
}

impl Default for PlanFrame {
    /// Drawing units are metres already.
    fn default() -> Self {
        Self { to_plan: Affine2::IDENTITY, unit_m: 1.0, unit_from: UnitFrom::Plausible }
    }
}

/// One recognised floor plan.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// `P1`, `P2`, … over all drawings of the run.
    pub id: String,
    /// Which drawing.
    pub drawing: u32,
    /// Which of its sheets the geometry lies on.
    pub sheet: u32,
    /// Page number, for PDF.
    pub page: Option<u32>,
    /// Title as drawn.
    pub title: Option<String>,
    /// Storeys that the title names.
    pub storeys: StoreyNames,
    /// Drawn scale, such as 100 for 1:100.
    pub scale: Option<f64>,
    /// Where, drawing units.
    pub region: Box2,
    /// Drawing units → plan metres.
    pub frame: PlanFrame,
    /// Grid axes.
    pub axes: Vec<DrawnAxis>,
    /// Walls.
    pub walls: Vec<DrawnWall>,
    /// Columns.
    pub columns: Vec<DrawnColumn>,
    /// Doors, windows and bare openings.
    pub openings: Vec<DrawnOpening>,
    /// Rooms.
    pub rooms: Vec<DrawnRoom>,
    /// Level marks.
    pub levels: Vec<LevelMark>,
    /// Linear dimensions.
    pub dimensions: Vec<DrawnDimension>,
    /// Flights of stairs.
    pub stairs: Vec<DrawnStair>,
    /// Lifts.
    pub lifts: Vec<DrawnLift>,
    /// Openings in slabs.
    pub slab_openings: Vec<DrawnSlabOpening>,
    /// Beams.
    pub beams: Vec<DrawnBeam>,
    /// Texts of beams that no drawn beam took.
    pub beam_marks: Vec<BeamMark>,
    /// What may be something and is not told for sure.
    pub unclear: Vec<Unclear>,
    /// Every visible primitive of the region, whatever it means: for looking again where the model says that
    /// something is.
    pub raw: Raw,
    /// What the plan shows at all: which layers were taken for what, and which were not understood.
    pub layers: Vec<LayerMeaning>,
    /// Share of primitives on layers with a meaning, 0 to 1.
    pub understood: f64,
    /// Lines and arcs that are part of nothing recognised, and lie on no layer that means something.
    pub unexplained: u32,
}

/// Where a recognised thing comes from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evidence {
    /// Marks of the sheet (`Sheet::marks`), the main one first.
    pub marks: Vec<u32>,
    /// How sure, 0 to 1.
    pub confidence: f64,
}

/// What a title says about storeys. Chinese titles count from 1 (= ground); western ones from 0, with the UK reading
/// kept where both are possible.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StoreyNames {
    /// Names as written, one per storey, such as `三层`, `LEVEL 03`, `EG`.
    pub labels: Vec<String>,
    /// Ordinals counted from ground = 0, basements −1, −2, …; empty when the title names none.
    pub ordinals: Vec<i32>,
    /// Other possible reading (FIRST FLOOR in the UK is one above ground).
    pub alternative: Vec<i32>,
    /// `roof`, `mezzanine`, `machine`, `typical`, … where the title says so.
    pub special: Option<String>,
    /// Elevations in metres that the title names (`标高4.150`, `EL. 3.00`).
    pub elevations_m: Vec<f64>,
}

/// All visible primitives of a plan's region, in plan metres, with an index over them.
#[derive(Clone, Debug, Default)]
pub struct Raw {
    /// Straight pieces with the mark they come from.
    pub lines: Vec<(Segment2, u32)>,
    /// What the layer of each straight piece was taken for, as [`LayerMeaning::meaning`] names it.
    pub meanings: Vec<Option<&'static str>>,
    /// Circular pieces with the mark they come from.
    pub arcs: Vec<(Arc2, u32)>,
    /// Texts.
    pub texts: Vec<DrawnText>,
    /// Over `lines`.
    pub line_index: BoxIndex,
    /// Over `arcs`.
    pub arc_index: BoxIndex,
}

/// What a layer was taken for.
#[derive(Clone, Debug)]
pub struct LayerMeaning {
    /// Layer name.
    pub layer: String,
    /// Meaning, such as `wall`; `None` where it was not understood.
    pub meaning: Option<String>,
    /// How sure, 0 to 1.
    pub confidence: f64,
    /// Primitives on it.
    pub primitives: u32,
}
