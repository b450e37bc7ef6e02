//! The things that plans show.

use super::Evidence;
use crate::geom::{Arc2, Box2, Point2, Region, Segment2};

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
    /// A curtain wall: it lies on a layer of curtain walls, or is drawn as panes between mullions.
    pub curtain: bool,
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

/// How an opening is drawn to work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// Not drawn, or not understood.
    #[default]
    Unknown,
    /// Leaves that turn about a hinge.
    Swinging,
    /// Panels that pass one another, or slide beside the wall.
    Sliding,
    /// Leaves that fold, drawn as a zigzag.
    Folding,
    /// Leaves that turn about their middle, drawn as a cross in a circle.
    Revolving,
    /// A shutter, by its mark.
    RollingUp,
}

impl Operation {
    /// As reports name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Swinging => "swinging",
            Self::Sliding => "sliding",
            Self::Folding => "folding",
            Self::Revolving => "revolving",
            Self::RollingUp => "rolling up",
        }
    }
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
    /// How it works, by its symbol or its mark.
    pub operation: Operation,
    /// How it swings.
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
    /// The text as shown: the override where there is one, else the picture's.
    pub text: Option<String>,
    /// Length that the text shows, metres.
    pub shown_m: Option<f64>,
    /// The text was overridden by hand: it holds no `<>` that stands for the measured length.
    pub overridden: bool,
    /// Number into `Sheet::marks`.
    pub mark: u32,
}

/// A flight of a stair.
#[derive(Clone, Debug)]
pub struct DrawnStair {
    /// Box around its treads, plan metres.
    pub bounds: Box2,
    /// Number of tread lines.
    pub treads: u32,
    /// Distance between tread lines, metres.
    pub going_m: f64,
    /// Length of the tread lines, metres.
    pub width_m: f64,
    /// Unit vector across the treads; which way is up is told by `up` only.
    pub along: Point2,
    /// Unit vector upwards, where an arrow with a word (`上`, `下`, `UP`, `DN`) says so.
    pub up: Option<Point2>,
    /// The word.
    pub text: Option<DrawnText>,
    /// Origin.
    pub evidence: Evidence,
}

/// A lift: a car or shaft drawn as a rectangle with both its diagonals, or on a layer of lifts.
#[derive(Clone, Debug)]
pub struct DrawnLift {
    /// Outline, plan metres.
    pub outline: Vec<Point2>,
    /// Middle of the outline.
    pub centre: Point2,
    /// Longer side, metres.
    pub width_m: f64,
    /// Shorter side, metres.
    pub depth_m: f64,
    /// Name beside it, such as `DT1`.
    pub label: Option<DrawnText>,
    /// Origin.
    pub evidence: Evidence,
}

/// An opening in a slab: a ring that is crossed, folded (`空洞` symbol) or named as a hole or a shaft.
#[derive(Clone, Debug)]
pub struct DrawnSlabOpening {
    /// Outline, plan metres.
    pub outline: Vec<Point2>,
    /// Middle of the box around the outline.
    pub centre: Point2,
    /// What stands in it or beside it, such as `管井` or `VOID`.
    pub label: Option<DrawnText>,
    /// Origin.
    pub evidence: Evidence,
}

/// A beam: two parallel edges on layers of beams, with the text beside them.
#[derive(Clone, Debug)]
pub struct DrawnBeam {
    /// Centre line, plan metres.
    pub line: Segment2,
    /// Distance between the edges, metres.
    pub width_m: f64,
    /// Drawn dashed: below the slab.
    pub dashed: bool,
    /// The text that names it; one text may serve all beams of its line.
    pub mark: Option<BeamMark>,
    /// Origin.
    pub evidence: Evidence,
}

/// The text of a beam: `KL1(2) 300x600` of the Chinese flat method, `B12 200x400`.
#[derive(Clone, Debug, PartialEq)]
pub struct BeamMark {
    /// As drawn.
    pub text: DrawnText,
    /// Name with its number, such as `KL1`.
    pub name: String,
    /// Spans in brackets, such as 2 of `KL1(2A)`.
    pub spans: Option<u32>,
    /// Cantilevers: `A` at one end, `B` at both.
    pub cantilever: Option<char>,
    /// Width × height, mm.
    pub section_mm: Option<(u32, u32)>,
    /// Level relative to the floor's, metres: `(-0.050)` below the name.
    pub offset_m: Option<f64>,
}

/// Something drawn that may be a thing of a building, and cannot be told for sure. Never compared as missing or found;
/// kept for looking again, and counted.
#[derive(Clone, Debug)]
pub struct Unclear {
    /// What it may be: `wall`, `column`, `door`, `window`, `axis`, `room`, `beam`, `lift`, …
    pub may_be: &'static str,
    /// Why it is not taken for one, such as `no wall holds it`.
    pub why: &'static str,
    /// Where, plan metres.
    pub bounds: Box2,
    /// Origin.
    pub evidence: Evidence,
}
