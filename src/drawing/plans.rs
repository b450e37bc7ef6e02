//! What was recognised: plans with their axes, walls, columns, openings, rooms and texts. Plan metres: local to each
//! plan, y up, with `PlanFrame` leading back to drawing units.

use crate::geom::{Affine2, Arc2, Box2, BoxIndex, Point2, Region, Segment2};
use serde::{Deserialize, Serialize};

/// Everything recognised in all drawings of a run.
#[derive(Clone, Debug, Default)]
pub struct Plans {
    /// Floor plans, in the order of drawings, sheets and position.
    pub plans: Vec<Plan>,
    /// Door and window schedules.
    pub schedules: Vec<Schedule>,
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

/// One recognised floor plan.
#[derive(Clone, Debug)]
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
    /// Stairs.
    pub stairs: Vec<DrawnStair>,
    /// Every visible primitive of the region, whatever it means: for looking again where the model says that
    /// something is.
    pub raw: Raw,
    /// What the plan shows at all: which layers were taken for what, and which were not understood.
    pub layers: Vec<LayerMeaning>,
    /// Share of primitives on layers with a meaning, 0 to 1.
    pub understood: f64,
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

/// A grid axis.
#[derive(Clone, Debug)]
pub struct DrawnAxis {
    /// Label in its bubble.
    pub label: String,
    /// Axis line, plan metres.
    pub line: AxisLine,
    /// Bubble centres, plan metres.
    pub bubbles: Vec<Point2>,
    /// Origin.
    pub evidence: Evidence,
}

/// The line of a drawn axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum AxisLine {
    /// Straight.
    Line(Segment2),
    /// Circular.
    Arc(Arc2),
}

/// A wall, or a straight piece of one, between its outermost faces. Openings are bridged.
#[derive(Clone, Debug)]
pub struct DrawnWall {
    /// Centre line between the outermost faces, plan metres.
    pub line: Segment2,
    /// The wall follows this arc instead.
    pub arc: Option<Arc2>,
    /// Distance between the outermost faces, metres.
    pub thickness_m: f64,
    /// Offsets of all faces from the centre line, left positive, rising; at least two.
    pub faces_m: Vec<f64>,
    /// Stretches along `line` (metres from its start) where both faces are really drawn.
    pub drawn: Vec<(f64, f64)>,
    /// Filled or hatched.
    pub filled: bool,
    /// Drawn dashed (above or below the cut).
    pub dashed: bool,
    /// Origin.
    pub evidence: Evidence,
}

/// A column.
#[derive(Clone, Debug)]
pub struct DrawnColumn {
    /// Outline, plan metres.
    pub outline: Vec<Point2>,
    /// Middle of the box around the outline in its own directions.
    pub centre: Point2,
    /// Extent along `angle`, metres.
    pub width_m: f64,
    /// Extent across `angle`, metres.
    pub depth_m: f64,
    /// Direction of the first side, in [0, π/2).
    pub angle: f64,
    /// A circle.
    pub round: bool,
    /// Origin.
    pub evidence: Evidence,
}

/// What an opening is drawn as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OpeningKind {
    /// With a leaf, or marked as one.
    Door,
    /// With panes, or marked as one.
    Window,
    /// A gap in a wall.
    Gap,
}

/// A door, a window or a gap.
#[derive(Clone, Debug)]
pub struct DrawnOpening {
    /// What it is drawn as.
    pub kind: OpeningKind,
    /// Middle of the opening on its wall's centre line, plan metres.
    pub centre: Point2,
    /// Unit vector along the wall.
    pub along: Point2,
    /// Distance between the jambs, metres.
    pub width_m: f64,
    /// Thickness of the wall here, metres.
    pub depth_m: Option<f64>,
    /// How it opens.
    pub swing: Option<DrawnSwing>,
    /// Mark beside it, as drawn.
    pub mark: Option<DrawnText>,
    /// Drawn dashed: a high window.
    pub dashed: bool,
    /// Origin.
    pub evidence: Evidence,
}

/// How a drawn door opens.
#[derive(Clone, Debug, PartialEq)]
pub struct DrawnSwing {
    /// Hinge points, plan metres: one per leaf.
    pub hinges: Vec<Point2>,
    /// Unit vector to the side that the leaves open to; `None` where it slides.
    pub opens_to: Option<Point2>,
}

/// A text with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct DrawnText {
    /// As drawn.
    pub text: String,
    /// Middle, plan metres.
    pub at: Point2,
    /// Number into `Sheet::marks`.
    pub mark: u32,
}

/// A room.
#[derive(Clone, Debug)]
pub struct DrawnRoom {
    /// Name as drawn.
    pub name: Option<DrawnText>,
    /// Number as drawn.
    pub number: Option<DrawnText>,
    /// Area as drawn, m².
    pub area_m2: Option<f64>,
    /// The text that the area comes from.
    pub area_text: Option<DrawnText>,
    /// Where its label stands, plan metres.
    pub at: Point2,
    /// Outline from the walls around the label, where they close.
    pub outline: Option<Region>,
    /// Origin.
    pub evidence: Evidence,
}

/// A level mark.
#[derive(Clone, Debug)]
pub struct LevelMark {
    /// As drawn.
    pub text: DrawnText,
    /// Levels named, metres (several for typical floors).
    pub levels_m: Vec<f64>,
    /// `H` marks are structural levels.
    pub structural: bool,
}

/// A linear dimension.
#[derive(Clone, Debug)]
pub struct DrawnDimension {
    /// First measured point, plan metres.
    pub from: Point2,
    /// Second measured point, plan metres.
    pub to: Point2,
    /// Measured length along the dimension's direction, metres.
    pub measured_m: f64,
    /// Length that the text shows, metres.
    pub shown_m: Option<f64>,
    /// The text was overridden by hand.
    pub overridden: bool,
    /// Number into `Sheet::marks`.
    pub mark: u32,
}

/// A stair.
#[derive(Clone, Debug)]
pub struct DrawnStair {
    /// Box around its treads, plan metres.
    pub bounds: Box2,
    /// Number of tread lines.
    pub treads: u32,
    /// Origin.
    pub evidence: Evidence,
}

/// All visible primitives of a plan's region, in plan metres, with an index over them.
#[derive(Clone, Debug, Default)]
pub struct Raw {
    /// Straight pieces with the mark they come from.
    pub lines: Vec<(Segment2, u32)>,
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

/// A door and window schedule.
#[derive(Clone, Debug)]
pub struct Schedule {
    /// Which drawing.
    pub drawing: u32,
    /// Which of its sheets.
    pub sheet: u32,
    /// Where, drawing units.
    pub region: Box2,
    /// Rows.
    pub rows: Vec<ScheduleRow>,
}

/// A row of a schedule.
#[derive(Clone, Debug, Default)]
pub struct ScheduleRow {
    /// Mark.
    pub mark: String,
    /// Width, metres.
    pub width_m: Option<f64>,
    /// Height, metres.
    pub height_m: Option<f64>,
    /// Count per storey column: the column's heading and its number.
    pub per_storey: Vec<(String, u32)>,
    /// Total.
    pub total: Option<u32>,
    /// Middle of the mark's cell, drawing units.
    pub at: Point2,
    /// Number into `Sheet::marks` of the mark's text.
    pub text_mark: u32,
}

/// A title block.
#[derive(Clone, Debug, Default)]
pub struct TitleBlock {
    /// Which drawing.
    pub drawing: u32,
    /// Which of its sheets.
    pub sheet: u32,
    /// The plan it belongs to, if one does.
    pub plan: Option<u32>,
    /// Project name.
    pub project: Option<String>,
    /// Project code.
    pub project_code: Option<String>,
    /// Building.
    pub building: Option<String>,
    /// Sheet number.
    pub sheet_number: Option<String>,
    /// Sheet title.
    pub sheet_title: Option<String>,
    /// Discipline.
    pub discipline: Option<String>,
    /// Date, as drawn.
    pub date: Option<String>,
    /// Version, as drawn.
    pub version: Option<String>,
    /// Scale, such as 100 for 1:100.
    pub scale: Option<f64>,
}
