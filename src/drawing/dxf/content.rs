//! The content of one space or block, in its own coordinates: geometry as read, styles not yet resolved, block
//! references not yet expanded. Every entity adds to it through the functions here, which know about mirrored and
//! skewed coordinate systems.

use crate::drawing::curves;
use crate::drawing::model::{ArcMark, DimensionMark, FillMark, LineMark, LoopMark, TextMark};
use crate::geom::{Affine2, Arc2, Box2, Point2, Point3, Segment2, bulge_to_arc};

/// How an entity says that it looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    /// Layer number.
    pub(super) layer: u32,
    /// Colour index, or a true colour.
    pub(super) colour: u32,
    /// Line type number.
    pub(super) line_type: u32,
    /// 1/100 mm; −1 BYLAYER, −2 BYBLOCK, −3 default.
    pub(super) weight: i16,
    /// Group 60.
    pub(super) invisible: bool,
    /// Line in the file.
    pub(super) line: u32,
    /// Handle.
    pub(super) handle: u64,
}

/// A reference to a block, or the picture of a dimension or table.
#[derive(Clone, Debug)]
pub(super) struct Reference {
    /// Number into `Content::styles`.
    pub(super) mark: u32,
    /// Number of the block's name.
    pub(super) block: u32,
    /// Block coordinates (the base point taken off later) → coordinates here; for the first of an array.
    pub(super) place: Affine2,
    /// Columns and rows of an array, at least 1 each.
    pub(super) count: (u32, u32),
    /// Step from column to column and from row to row, in coordinates here.
    pub(super) step: (Point2, Point2),
    /// Tag and text of attributes.
    pub(super) attributes: Vec<(String, String)>,
    /// What it stands for.
    pub(super) role: Role,
}

/// What a reference stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// INSERT.
    Insert,
    /// The picture of a DIMENSION: number into `Content::dimensions`.
    Dimension(u32),
    /// The picture of another entity: ACAD_TABLE, a leader's block.
    Picture,
}

/// A text, and the reference that it is an attribute of.
#[derive(Clone, Debug)]
pub(super) struct Text {
    /// As the sheet will hold it.
    pub(super) text: TextMark,
    /// Number into `Content::references`.
    pub(super) attribute_of: Option<u32>,
}

/// A VIEWPORT.
#[derive(Clone, Debug)]
pub(super) struct Window {
    /// On the layout.
    pub(super) on_paper: Box2,
    /// Layout → model space.
    pub(super) to_model: Affine2,
    /// Layout units per model unit.
    pub(super) scale: f64,
    /// Handles of layers frozen in it.
    pub(super) frozen: Vec<u64>,
}

/// Everything that one space or block holds.
#[derive(Clone, Debug, Default)]
pub(super) struct Content {
    pub(super) styles: Vec<Style>,
    pub(super) lines: Vec<LineMark>,
    pub(super) arcs: Vec<ArcMark>,
    pub(super) loops: Vec<LoopMark>,
    pub(super) fills: Vec<FillMark>,
    pub(super) texts: Vec<Text>,
    pub(super) references: Vec<Reference>,
    pub(super) dimensions: Vec<DimensionMark>,
    pub(super) windows: Vec<Window>,
}

/// The plan view of an entity's object coordinates: the arbitrary axis algorithm of the DXF reference, z dropped.
pub(super) fn object_axes(normal: Option<Point3>, elevation: f64) -> Affine2 {
    let Some(n) = normal else { return Affine2::IDENTITY };
    if n.x == 0.0 && n.y == 0.0 && n.z > 0.0 {
        return Affine2::IDENTITY;
    }
    let Some(n) = n.normalised() else { return Affine2::IDENTITY };
    let pole = if n.x.abs() < 1.0 / 64.0 && n.y.abs() < 1.0 / 64.0 {
        Point3::new(0.0, 1.0, 0.0)
    } else {
        Point3::new(0.0, 0.0, 1.0)
    };
    let Some(x) = pole.cross(n).normalised() else { return Affine2::IDENTITY };
    let y = n.cross(x);
    Affine2 { a: x.x, b: x.y, c: y.x, d: y.y, e: n.x * elevation, f: n.y * elevation }
}

/// A vertex of a polyline: place, and the bulge of the edge that begins there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Vertex {
    pub(super) at: Point2,
    pub(super) bulge: f64,
}

impl Content {
    /// A new entity; what is added next names it.
    pub(super) fn mark(&mut self, style: Style) -> u32 {
        let number = u32::try_from(self.styles.len()).unwrap_or(u32::MAX);
        self.styles.push(style);
        number
    }

    /// A straight piece.
    pub(super) fn line(&mut self, mark: u32, a: Point2, b: Point2) {
        self.lines.push(LineMark { mark, segment: Segment2::new(a, b) });
    }

    /// A circular piece given before `map`; becomes straight pieces where the map skews it.
    pub(super) fn arc(&mut self, mark: u32, arc: &Arc2, map: &Affine2) {
        match curves::map_arc(arc, map) {
            Ok(arc) => self.arcs.push(ArcMark { mark, arc }),
            Err(points) => self.path(mark, &points),
        }
    }

    /// Straight pieces through points.
    pub(super) fn path(&mut self, mark: u32, points: &[Point2]) {
        for pair in points.windows(2) {
            self.line(mark, pair[0], pair[1]);
        }
    }

    /// A polyline given before `map`: its edges, and its ring when it closes.
    pub(super) fn polyline(&mut self, mark: u32, vertices: &[Vertex], closed: bool, map: &Affine2) {
        let n = vertices.len();
        // A last vertex on the first one closes it too.
        let touching = n > 3 && vertices[0].at == vertices[n - 1].at;
        let edges = if closed { n } else { n.saturating_sub(1) };
        for i in 0..edges {
            let (from, to) = (vertices[i], vertices[(i + 1) % n]);
            match bulge_to_arc(from.at, to.at, from.bulge) {
                Some(arc) => self.arc(mark, &arc, map),
                None if from.at == to.at => {}
                None => self.line(mark, map.apply(from.at), map.apply(to.at)),
            }
        }
        if closed || touching {
            let ring = ring(&vertices[..if touching { n - 1 } else { n }], map);
            if ring.len() >= 3 {
                self.loops.push(LoopMark { mark, ring });
            }
        }
    }
}

/// A polyline's ring, bulges as chords.
pub(super) fn ring(vertices: &[Vertex], map: &Affine2) -> Vec<Point2> {
    let n = vertices.len();
    let mut out = Vec::with_capacity(n);
    for i in 0..n {
        let (from, to) = (vertices[i], vertices[(i + 1) % n]);
        match bulge_to_arc(from.at, to.at, from.bulge) {
            Some(arc) => {
                let points = arc.points(arc.radius * curves::CHORD);
                out.extend(points[..points.len() - 1].iter().map(|&p| map.apply(p)));
            }
            None => out.push(map.apply(from.at)),
        }
    }
    out.dedup();
    if out.len() > 1 && out.first() == out.last() {
        out.pop();
    }
    out
}
