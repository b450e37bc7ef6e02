//! Content → sheets: block references are expanded by their transforms, styles resolved along the way. Definitions are
//! read once; what an instance costs is what it draws.

use super::colour;
use super::content::{Content, Reference, Role, Style};
use super::entity::map_text;
use super::names::Names;
use super::tables::{LINE_TYPE_BY_BLOCK, LINE_TYPE_BY_LAYER, LINE_TYPE_CONTINUOUS, LayerRow, Tables};
use crate::drawing::curves;
use crate::drawing::model::{
    ArcMark, FillMark, InsertMark, LineMark, LoopMark, Mark, Sheet, SheetKind, TextMark, Viewport,
};
use crate::geom::{Affine2, Box2, Point2, Segment2};
use std::collections::BTreeSet;

/// Blocks in blocks in blocks: deeper ones are not expanded.
const MAX_DEPTH: usize = 64;
/// Instances of blocks in one drawing.
const MAX_INSTANCES: u64 = 1_000_000;
/// Primitives that expansion may add to one drawing.
const MAX_PRIMITIVES: u64 = 20_000_000;

/// A block as defined.
#[derive(Default)]
pub(super) struct Block {
    /// The point that references put at their place.
    pub(super) base: Point2,
    /// What it holds.
    pub(super) content: Content,
    /// It was defined; others are only mentioned.
    pub(super) defined: bool,
    /// An external reference: it holds nothing here.
    pub(super) external: bool,
    /// DIMENSION picture, leader arrow or other unnamed block of the program.
    pub(super) anonymous: bool,
}

/// What was left out.
#[derive(Default)]
pub(super) struct Losses {
    /// Blocks that hold themselves, by number.
    pub(super) cycles: BTreeSet<u32>,
    /// Blocks that are mentioned and not defined, by number.
    pub(super) undefined: BTreeSet<u32>,
    /// Blocks nested deeper than allowed.
    pub(super) too_deep: bool,
    /// References that lie, or make what they show reach, beyond all drawings.
    pub(super) too_far: bool,
    /// More instances or primitives than allowed.
    pub(super) too_many: bool,
}

/// What an entity inherits from the reference it is expanded from.
#[derive(Clone, Copy)]
struct Context {
    layer: u32,
    colour: u32,
    weight: u16,
    dashed: bool,
    hidden: bool,
    insert: Option<u32>,
    dimension: Option<u32>,
}

/// Expands spaces into sheets.
pub(super) struct Expansion<'e, 'a> {
    tables: &'e Tables<'a>,
    /// Rows of the layers, and whether line types have gaps, by their numbers.
    rows: Vec<LayerRow>,
    dashed: Vec<bool>,
    blocks: &'e [Block],
    stack: Vec<u32>,
    instances: u64,
    primitives: u64,
    pub(super) losses: Losses,
}

impl<'e, 'a> Expansion<'e, 'a> {
    pub(super) fn new(tables: &'e Tables<'a>, blocks: &'e [Block]) -> Self {
        let count = |names: &Names<'_>| u32::try_from(names.list().len()).unwrap_or(u32::MAX);
        Self {
            tables,
            rows: (0..count(&tables.layers)).map(|n| tables.layer_row(n)).collect(),
            dashed: (0..count(&tables.line_types)).map(|n| tables.is_dashed(n)).collect(),
            blocks,
            stack: Vec::new(),
            instances: 0,
            primitives: 0,
            losses: Losses::default(),
        }
    }

    /// One space as a sheet. What stands in it directly is taken over as it is; its references follow.
    pub(super) fn sheet(&mut self, name: String, kind: SheetKind, space: Content) -> Sheet {
        let context = Context {
            layer: 0,
            colour: 0xFF_FFFF,
            weight: 0,
            dashed: false,
            hidden: false,
            insert: None,
            dimension: None,
        };
        let Content { styles, lines, arcs, loops, fills, texts, references, dimensions, windows } = space;
        let mut sheet = Sheet {
            name,
            kind,
            marks: styles.iter().map(|style| self.mark(style, &context)).collect(),
            lines,
            arcs,
            loops,
            fills,
            dimensions,
            ..Sheet::default()
        };
        let attributes =
            self.references(&references, &styles, &Affine2::IDENTITY, &context, 0, 0, &mut sheet);
        for text in texts {
            if let Some(insert) =
                text.attribute_of.and_then(|i| attributes.get(i as usize).copied().flatten())
                && let Some(mark) = sheet.marks.get_mut(text.text.mark as usize)
            {
                mark.insert = Some(insert);
            }
            sheet.texts.push(text.text);
        }
        sheet.viewports = windows
            .iter()
            .map(|w| Viewport {
                on_paper: w.on_paper,
                to_model: w.to_model,
                in_model: corners(&w.on_paper).map(|p| w.to_model.apply(p)).to_vec(),
                scale: w.scale,
                frozen: w.frozen.iter().filter_map(|h| self.tables.layer_handles.get(h).copied()).collect(),
            })
            .collect();
        insert_bounds(&mut sheet);
        sheet.bounds = bounds(&sheet);
        sheet
    }

    fn row(&self, layer: u32) -> LayerRow {
        self.rows.get(layer as usize).copied().unwrap_or_else(|| self.tables.layer_row(layer))
    }

    fn is_dashed(&self, line_type: u32) -> bool {
        self.dashed.get(line_type as usize).copied().unwrap_or(true)
    }

    fn mark(&self, style: &Style, context: &Context) -> Mark {
        let layer = if style.layer == 0 && context.insert.is_some() { context.layer } else { style.layer };
        let row = self.row(layer);
        let dashed = match style.line_type {
            LINE_TYPE_BY_LAYER if row.line_type == LINE_TYPE_BY_LAYER => false,
            LINE_TYPE_BY_LAYER => self.is_dashed(row.line_type),
            LINE_TYPE_BY_BLOCK => context.dashed,
            LINE_TYPE_CONTINUOUS => false,
            other => self.is_dashed(other),
        };
        let weight = match style.weight {
            -1 => row.weight,
            -2 => context.weight,
            w => u16::try_from(w).unwrap_or(0),
        };
        Mark {
            layer,
            handle: style.handle,
            line: style.line,
            insert: context.insert,
            dimension: context.dimension,
            colour: colour::resolve(style.colour, row.colour, context.colour),
            weight,
            dashed,
            visible: !(context.hidden || style.invisible || row.frozen || row.off),
            guid: None,
        }
    }

    /// Expands references whose marks are `first_mark` on; gives the sheet's insert number of each.
    #[allow(clippy::too_many_arguments)]
    fn references(
        &mut self,
        references: &[Reference],
        styles: &[Style],
        map: &Affine2,
        context: &Context,
        first_mark: u32,
        first_dimension: u32,
        sheet: &mut Sheet,
    ) -> Vec<Option<u32>> {
        let mut out = Vec::with_capacity(references.len());
        for reference in references {
            let mark = first_mark.saturating_add(reference.mark);
            let style = styles.get(reference.mark as usize);
            let number = u32::try_from(sheet.inserts.len()).ok();
            out.push(if reference.role == Role::Insert { number } else { None });
            let (columns, rows) = reference.count;
            for row in 0..rows {
                for column in 0..columns {
                    if self.instances >= MAX_INSTANCES || self.primitives >= MAX_PRIMITIVES {
                        self.losses.too_many = true;
                        return pad(out, references.len());
                    }
                    self.instances += 1;
                    let step = reference.step.0 * f64::from(column) + reference.step.1 * f64::from(row);
                    let place = map.after(&Affine2::translation(step)).after(&reference.place);
                    let first = row == 0 && column == 0;
                    self.instance(reference, style, mark, &place, context, first, first_dimension, sheet);
                }
            }
        }
        out
    }

    #[allow(clippy::too_many_arguments)]
    fn instance(
        &mut self,
        reference: &Reference,
        style: Option<&Style>,
        mark: u32,
        place: &Affine2,
        context: &Context,
        first: bool,
        first_dimension: u32,
        sheet: &mut Sheet,
    ) {
        let number = reference.block;
        let block = self.blocks.get(number as usize).filter(|b| b.defined);
        let (base, external) = block.map_or((Point2::default(), false), |b| (b.base, b.external));
        let transform = place.after(&Affine2::translation(-base));
        if !curves::reaching(&transform) {
            self.losses.too_far = true;
            return;
        }
        let mut inner = match (style, sheet.marks.get(mark as usize)) {
            (Some(style), Some(m)) => Context {
                layer: m.layer,
                colour: m.colour,
                weight: m.weight,
                dashed: m.dashed,
                // A layer that is off hides the reference itself, not what the block draws on other layers.
                hidden: context.hidden || style.invisible || self.row(m.layer).frozen,
                insert: context.insert,
                dimension: context.dimension,
            },
            _ => *context,
        };
        match reference.role {
            Role::Insert => {
                inner.insert = u32::try_from(sheet.inserts.len()).ok();
                sheet.inserts.push(InsertMark {
                    mark,
                    block: number,
                    transform,
                    parent: context.insert,
                    attributes: if first { reference.attributes.clone() } else { Vec::new() },
                    bounds: Box2::EMPTY,
                });
            }
            Role::Dimension(local) => inner.dimension = Some(first_dimension.saturating_add(local)),
            Role::Picture => {}
        }
        let Some(block) = block else {
            // A dimension without its picture still says what it measures.
            if !matches!(reference.role, Role::Dimension(_)) {
                self.losses.undefined.insert(number);
            }
            return;
        };
        if external {
            return;
        }
        if self.stack.contains(&number) {
            self.losses.cycles.insert(number);
            return;
        }
        if self.stack.len() >= MAX_DEPTH {
            self.losses.too_deep = true;
            return;
        }
        self.stack.push(number);
        let texts = sheet.texts.len();
        self.place(&block.content, &transform, &inner, sheet);
        self.stack.pop();
        if let Role::Dimension(local) = reference.role {
            let shown = sheet.texts.get(texts).map(|t| t.text.clone());
            if let Some(d) = sheet.dimensions.get_mut(first_dimension.saturating_add(local) as usize) {
                d.shown = shown;
            }
        }
    }

    /// Adds a block's content under a map.
    fn place(&mut self, content: &Content, map: &Affine2, context: &Context, sheet: &mut Sheet) {
        let size = content.lines.len() + content.arcs.len() + content.fills.len() + content.texts.len();
        self.primitives = self.primitives.saturating_add(size as u64);
        let Ok(first) = u32::try_from(sheet.marks.len()) else { return };
        let at = |mark: u32| first.saturating_add(mark);
        sheet.marks.extend(content.styles.iter().map(|style| self.mark(style, context)));
        sheet.lines.extend(content.lines.iter().map(|l| LineMark {
            mark: at(l.mark),
            segment: Segment2::new(map.apply(l.segment.a), map.apply(l.segment.b)),
        }));
        for arc in &content.arcs {
            let mark = at(arc.mark);
            match curves::map_arc(&arc.arc, map) {
                Ok(arc) if arc.radius > 0.0 => sheet.arcs.push(ArcMark { mark, arc }),
                Ok(_) => {}
                Err(points) => sheet
                    .lines
                    .extend(points.windows(2).map(|w| LineMark { mark, segment: Segment2::new(w[0], w[1]) })),
            }
        }
        let ring = |ring: &Vec<Point2>| ring.iter().map(|&p| map.apply(p)).collect::<Vec<_>>();
        sheet.loops.extend(content.loops.iter().map(|l| LoopMark { mark: at(l.mark), ring: ring(&l.ring) }));
        sheet.fills.extend(content.fills.iter().map(|f| FillMark {
            mark: at(f.mark),
            rings: f.rings.iter().map(ring).collect(),
            solid: f.solid,
            pattern: f.pattern.clone(),
        }));
        let Ok(first_dimension) = u32::try_from(sheet.dimensions.len()) else { return };
        for d in &content.dimensions {
            sheet.dimensions.push(super::entity::map_dimension(d, at(d.mark), map));
        }
        // Texts come before the references' own, so that a dimension finds its text first.
        let from = sheet.texts.len();
        for text in &content.texts {
            let mapped = map_text(&text.text, map);
            sheet.texts.push(TextMark { mark: at(mapped.mark), ..mapped });
        }
        let inserts = self.references(
            &content.references,
            &content.styles,
            map,
            context,
            first,
            first_dimension,
            sheet,
        );
        for (i, text) in content.texts.iter().enumerate() {
            let insert = text.attribute_of.and_then(|r| inserts.get(r as usize).copied().flatten());
            if let (Some(insert), Some(placed)) = (insert, sheet.texts.get(from + i))
                && let Some(mark) = sheet.marks.get_mut(placed.mark as usize)
            {
                mark.insert = Some(insert);
            }
        }
    }
}

fn pad(mut list: Vec<Option<u32>>, length: usize) -> Vec<Option<u32>> {
    list.resize(length, None);
    list
}

fn corners(b: &Box2) -> [Point2; 4] {
    [b.min, Point2::new(b.max.x, b.min.y), b.max, Point2::new(b.min.x, b.max.y)]
}

/// Calls `f` with the mark and the box of every primitive.
fn each_box(sheet: &Sheet, mut f: impl FnMut(&Mark, Box2)) {
    let mut give = |mark: u32, b: Box2| {
        if let Some(mark) = sheet.marks.get(mark as usize) {
            f(mark, b);
        }
    };
    for l in &sheet.lines {
        give(l.mark, Box2::of(l.segment.a, l.segment.b));
    }
    for a in &sheet.arcs {
        give(a.mark, curves::arc_bounds(&a.arc));
    }
    for fill in &sheet.fills {
        give(fill.mark, Box2::around(fill.rings.iter().flatten().copied()));
    }
    for t in &sheet.texts {
        let half = Point2::unit(t.angle) * (t.width / 2.0);
        let up = Point2::unit(t.angle).left() * (t.height / 2.0);
        let c = t.centre;
        give(t.mark, Box2::around([c - half - up, c + half - up, c + half + up, c - half + up]));
    }
}

/// Boxes of references: what each draws, and what is nested in it.
fn insert_bounds(sheet: &mut Sheet) {
    let mut boxes = vec![Box2::EMPTY; sheet.inserts.len()];
    each_box(sheet, |mark, b| {
        if let Some(own) = mark.insert.and_then(|i| boxes.get_mut(i as usize)) {
            own.merge(&b);
        }
    });
    // Inner references come after outer ones.
    for i in (0..boxes.len()).rev() {
        let own = boxes[i];
        if let Some(outer) = sheet.inserts[i].parent.and_then(|p| boxes.get_mut(p as usize)) {
            outer.merge(&own);
        }
    }
    for (insert, b) in sheet.inserts.iter_mut().zip(boxes) {
        insert.bounds = b;
    }
}

/// Box around all that is visible.
fn bounds(sheet: &Sheet) -> Box2 {
    let mut out = Box2::EMPTY;
    each_box(sheet, |mark, b| {
        if mark.visible {
            out.merge(&b);
        }
    });
    out
}
