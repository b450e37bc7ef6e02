//! What stands beside plans: schedules, lists, title blocks.

use crate::geom::{Box2, Point2};

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
    /// Every field found, in the order of the file, with its place.
    pub fields: Vec<TitleField>,
}

/// A field of a title block: a label that a dictionary knows, and the text beside it; or an attribute of a title
/// block's reference.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TitleField {
    /// Which field, such as `project_code` (`rules/drawing/schedules.toml`).
    pub field: String,
    /// Value as drawn.
    pub value: String,
    /// Middle of the value, drawing units.
    pub at: Point2,
    /// Number into `Sheet::marks` of the value's text.
    pub text_mark: u32,
}

/// A list of rooms.
#[derive(Clone, Debug, Default)]
pub struct RoomList {
    /// Which drawing.
    pub drawing: u32,
    /// Which of its sheets.
    pub sheet: u32,
    /// Where, drawing units.
    pub region: Box2,
    /// Rows.
    pub rows: Vec<RoomListRow>,
}

/// A row of a list of rooms.
#[derive(Clone, Debug, Default)]
pub struct RoomListRow {
    /// Number.
    pub number: Option<String>,
    /// Name.
    pub name: Option<String>,
    /// Area, m².
    pub area_m2: Option<f64>,
    /// Middle of the first text, drawing units.
    pub at: Point2,
    /// Number into `Sheet::marks` of the first text.
    pub text_mark: u32,
}
