//! The content of one space or block, in its own coordinates: geometry as read, styles not yet resolved, block
//! references not yet expanded. Every entity adds to it through the functions here, which know about mirrored and
//! skewed coordinate systems.

use crate::drawing::curves::{self, reached, reaching};
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

/// How much a content holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extent([usize; 9]);

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

    /// How much there is.
    pub(super) fn extent(&self) -> Extent {
        Extent([
            self.styles.len(),
            self.lines.len(),
            self.arcs.len(),
            self.loops.len(),
            self.fills.len(),
            self.texts.len(),
            self.references.len(),
            self.dimensions.len(),
            self.windows.len(),
        ])
    }

    /// Keeps what came after `from`, unless something of it lies beyond all drawings: then none of it.
    pub(super) fn keep(&mut self, from: &Extent) -> Result<(), &'static str> {
        if self.reached_since(from) {
            return Ok(());
        }
        let Extent([styles, lines, arcs, loops, fills, texts, references, dimensions, windows]) = *from;
        self.styles.truncate(styles);
        self.lines.truncate(lines);
        self.arcs.truncate(arcs);
        self.loops.truncate(loops);
        self.fills.truncate(fills);
        self.texts.truncate(texts);
        self.references.truncate(references);
        self.dimensions.truncate(dimensions);
        self.windows.truncate(windows);
        Err("it lies or reaches beyond 10^15 units")
    }

    fn reached_since(&self, from: &Extent) -> bool {
        let Extent([_, lines, arcs, loops, fills, texts, references, dimensions, windows]) = *from;
        let size = |v: f64| v.abs() <= curves::REACH;
        self.lines[lines..].iter().all(|l| reached(l.segment.a) && reached(l.segment.b))
            && self.arcs[arcs..].iter().all(|a| reached(a.arc.centre) && size(a.arc.radius))
            && self.loops[loops..].iter().flat_map(|l| &l.ring).all(|p| reached(*p))
            && self.fills[fills..].iter().flat_map(|f| f.rings.iter().flatten()).all(|p| reached(*p))
            && self.texts[texts..].iter().map(|t| &t.text).all(|t| {
                reached(t.at) && reached(t.centre) && size(t.height) && size(t.width) && t.angle.is_finite()
            })
            && self.references[references..]
                .iter()
                .all(|r| reaching(&r.place) && reached(r.step.0) && reached(r.step.1))
            && self.dimensions[dimensions..]
                .iter()
                .all(|d| reached(d.from) && reached(d.to) && reached(d.line_at) && size(d.measured))
            && self.windows[windows..].iter().all(|w| {
                reaching(&w.to_model) && reached(w.on_paper.min) && reached(w.on_paper.max) && size(w.scale)
            })
    }

    /// Adds what another content holds after what this one holds.
    pub(super) fn append(&mut self, other: Self) {
        if self.styles.is_empty() && self.windows.is_empty() {
            *self = other;
            return;
        }
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let (marks, references, dimensions) =
            (count(self.styles.len()), count(self.references.len()), count(self.dimensions.len()));
        let at = |mark: u32| mark.saturating_add(marks);
        self.styles.extend(other.styles);
        self.lines.extend(other.lines.into_iter().map(|l| LineMark { mark: at(l.mark), ..l }));
        self.arcs.extend(other.arcs.into_iter().map(|a| ArcMark { mark: at(a.mark), ..a }));
        self.loops.extend(other.loops.into_iter().map(|l| LoopMark { mark: at(l.mark), ..l }));
        self.fills.extend(other.fills.into_iter().map(|f| FillMark { mark: at(f.mark), ..f }));
        self.texts.extend(other.texts.into_iter().map(|t| Text {
            text: TextMark { mark: at(t.text.mark), ..t.text },
            attribute_of: t.attribute_of.map(|r| r.saturating_add(references)),
        }));
        self.references.extend(other.references.into_iter().map(|r| Reference {
            mark: at(r.mark),
            role: match r.role {
                Role::Dimension(n) => Role::Dimension(n.saturating_add(dimensions)),
                role => role,
            },
            ..r
        }));
        self.dimensions.extend(other.dimensions.into_iter().map(|d| DimensionMark { mark: at(d.mark), ..d }));
        self.windows.extend(other.windows);
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
