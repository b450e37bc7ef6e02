//! A drawing as read: sheets of marks in f64 drawing units, blocks expanded, each mark with its origin.
//! Nothing here knows what a wall is.

use crate::geom::{Affine2, Arc2, Box2, Point2, Segment2};

/// The format of a drawing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// DXF, ASCII or binary.
    #[default]
    Dxf,
    /// DWG.
    Dwg,
    /// PDF with vectors.
    Pdf,
    /// SVG.
    Svg,
}

impl Format {
    /// As reports name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dxf => "dxf",
            Self::Dwg => "dwg",
            Self::Pdf => "pdf",
            Self::Svg => "svg",
        }
    }
}

/// One drawing file.
#[derive(Clone, Debug, Default)]
pub struct Drawing {
    /// File name as given.
    pub file: String,
    /// Format.
    pub format: Format,
    /// Version as the file states it, such as `AC1032`.
    pub version: Option<String>,
    /// Metres per drawing unit as the file declares it ($INSUNITS; 1/72 inch for PDF); `None` where it says nothing.
    pub declared_unit_m: Option<f64>,
    /// Site lengths per paper length as the file states it beside its drawing (`data-scale` of SVG), such as 50 for 1:50.
    pub stated_scale: Option<f64>,
    /// y grows downwards (SVG).
    pub y_down: bool,
    /// Layers; pseudo-layers from classes or optional-content groups where the format has those instead.
    pub layers: Vec<Layer>,
    /// Block names, as `InsertMark::block` counts them.
    pub blocks: Vec<String>,
    /// Model space and layouts, pages, or the one SVG.
    pub sheets: Vec<Sheet>,
    /// Entities that carry nothing that can be shown or that tumo does not read, by name, with their number.
    pub unread: Vec<(String, u64)>,
    /// External references, by path; never opened.
    pub xrefs: Vec<String>,
}

/// A layer.
#[derive(Clone, Debug, Default)]
pub struct Layer {
    /// Full name.
    pub name: String,
    /// Shown: neither frozen nor off.
    pub visible: bool,
    /// Colour as 0xRRGGBB.
    pub colour: u32,
    /// Line type's name.
    pub line_type: String,
}

/// What a sheet is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SheetKind {
    /// Model space, or the whole of an SVG.
    #[default]
    Model,
    /// A paper-space layout.
    Layout,
    /// A PDF page.
    Page,
}

/// One surface that is drawn on.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// Layout name; `Model` for model space; page number for PDF.
    pub name: String,
    /// What it is.
    pub kind: SheetKind,
    /// Page number counted from 1, for PDF.
    pub page: Option<u32>,
    /// Where each primitive comes from; primitives name these by number.
    pub marks: Vec<Mark>,
    /// Straight pieces: LINEs and the straight edges of polylines.
    pub lines: Vec<LineMark>,
    /// Circular pieces, circles included: ARCs, CIRCLEs and the bulged edges of polylines.
    pub arcs: Vec<ArcMark>,
    /// Closed polylines as vertex rings (bulges as chords), beside their edges in `lines` and `arcs`.
    pub loops: Vec<LoopMark>,
    /// Filled areas: HATCH, SOLID, TRACE, filled paths.
    pub fills: Vec<FillMark>,
    /// Texts: TEXT, MTEXT, ATTRIB and the like, codes resolved.
    pub texts: Vec<TextMark>,
    /// Block references, outer before inner.
    pub inserts: Vec<InsertMark>,
    /// Dimensions.
    pub dimensions: Vec<DimensionMark>,
    /// Windows onto model space, for layouts.
    pub viewports: Vec<Viewport>,
    /// Box around all that is visible.
    pub bounds: Box2,
}

/// Where a primitive comes from and how it looks.
#[derive(Clone, Debug, Default)]
pub struct Mark {
    /// Layer, as a number into `Drawing::layers`; entities on layer 0 of a block take the layer of its reference.
    pub layer: u32,
    /// Entity handle (DXF, DWG); 0 where there is none. Entities in blocks carry the handle of their definition.
    pub handle: u64,
    /// Line in the file, counted from 1; 0 where it has none.
    pub line: u32,
    /// The innermost block reference it was expanded from, as a number into `Sheet::inserts`.
    pub insert: Option<u32>,
    /// The dimension whose picture it is part of, as a number into `Sheet::dimensions`.
    pub dimension: Option<u32>,
    /// Colour as 0xRRGGBB, resolved.
    pub colour: u32,
    /// Line weight in 1/100 mm, resolved; 0 where the file says nothing.
    pub weight: u16,
    /// Drawn with gaps (a line type other than continuous).
    pub dashed: bool,
    /// Neither frozen, off nor invisible.
    pub visible: bool,
    /// GlobalId of the model element, where the drawing names it (SVG from a BIM tool).
    pub guid: Option<Box<str>>,
}

/// A straight piece.
#[derive(Clone, Copy, Debug)]
pub struct LineMark {
    /// Number into `Sheet::marks`.
    pub mark: u32,
    /// Place, drawing units.
    pub segment: Segment2,
}

/// A circular piece.
#[derive(Clone, Copy, Debug)]
pub struct ArcMark {
    /// Number into `Sheet::marks`.
    pub mark: u32,
    /// Place, drawing units.
    pub arc: Arc2,
}

/// A closed polyline.
#[derive(Clone, Debug)]
pub struct LoopMark {
    /// Number into `Sheet::marks`.
    pub mark: u32,
    /// Vertices, drawing units, first not repeated; bulged edges as chords within 1/1,000 of their radius.
    pub ring: Vec<Point2>,
}

/// A filled area.
#[derive(Clone, Debug)]
pub struct FillMark {
    /// Number into `Sheet::marks`.
    pub mark: u32,
    /// Rings, drawing units, even-odd.
    pub rings: Vec<Vec<Point2>>,
    /// Filled solid, not with a pattern.
    pub solid: bool,
    /// Pattern name, if it has one.
    pub pattern: Option<String>,
}

/// A text.
#[derive(Clone, Debug)]
pub struct TextMark {
    /// Number into `Sheet::marks`.
    pub mark: u32,
    /// The text, formatting codes resolved; lines of an MTEXT parted by `\n`.
    pub text: String,
    /// Middle of the text's box, drawing units (an estimate from height and length where the file has no box).
    pub centre: Point2,
    /// Insertion point, drawing units.
    pub at: Point2,
    /// Height of a capital, drawing units.
    pub height: f64,
    /// Length along the text, drawing units (estimated where the file has none).
    pub width: f64,
    /// Direction of the text, radians.
    pub angle: f64,
    /// It reads right-to-left because something mirrors it.
    pub mirrored: bool,
    /// Attribute tag, when it is an attribute of `Mark::insert`.
    pub tag: Option<String>,
}

/// A block reference.
#[derive(Clone, Debug)]
pub struct InsertMark {
    /// Number into `Sheet::marks`.
    pub mark: u32,
    /// Number into `Drawing::blocks`.
    pub block: u32,
    /// Block coordinates → sheet coordinates.
    pub transform: Affine2,
    /// The reference that this one is nested in.
    pub parent: Option<u32>,
    /// Attributes: tag and text.
    pub attributes: Vec<(String, String)>,
    /// Box around what it draws.
    pub bounds: Box2,
}

/// A dimension.
#[derive(Clone, Debug)]
pub struct DimensionMark {
    /// Number into `Sheet::marks`.
    pub mark: u32,
    /// First measured point.
    pub from: Point2,
    /// Second measured point.
    pub to: Point2,
    /// A point on the dimension line.
    pub line_at: Point2,
    /// Direction along which it measures, radians (`None` for angular, radial and ordinate ones).
    pub angle: Option<f64>,
    /// Length between both points along `angle`, drawing units.
    pub measured: f64,
    /// Text shown instead of the measured length, where the author overrode it.
    pub text_override: Option<String>,
    /// The text as shown, where the file carries its picture.
    pub shown: Option<String>,
    /// Factor from drawing units to the shown number (DIMLFAC).
    pub factor: f64,
}

/// A window of a layout onto model space.
#[derive(Clone, Debug)]
pub struct Viewport {
    /// On the layout, layout units.
    pub on_paper: Box2,
    /// Layout → model space.
    pub to_model: Affine2,
    /// What it shows, model-space units: the corners of the window.
    pub in_model: Vec<Point2>,
    /// Layout units per model unit, such as 0.01 for 1:100 in millimetres.
    pub scale: f64,
    /// Layers frozen in this window.
    pub frozen: Vec<u32>,
}
