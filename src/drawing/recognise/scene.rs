//! The primitives of one plan region in plan metres, each with its layer's meaning: what every recogniser looks at.

use super::layer::Meaning;
use super::spot::{Spot, spot, spots};
use crate::drawing::model::{Drawing, Sheet};
use crate::drawing::plans::{DrawnText, PlanFrame, Raw};
use crate::geom::{Affine2, Arc2, Box2, BoxIndex, Point2, Segment2, ring_contains};

/// A straight piece.
#[derive(Clone, Copy, Debug)]
pub struct SceneLine {
    /// Place, plan metres.
    pub segment: Segment2,
    /// Number into `Sheet::marks`.
    pub mark: u32,
    /// Its layer's (or block's) meaning.
    pub meaning: Option<Meaning>,
    /// Drawn with gaps.
    pub dashed: bool,
    /// The outermost block reference that it belongs to.
    pub group: Option<u32>,
}

/// A circular piece.
#[derive(Clone, Copy, Debug)]
pub struct SceneArc {
    /// Place, plan metres.
    pub arc: Arc2,
    /// Number into `Sheet::marks`.
    pub mark: u32,
    /// Its layer's (or block's) meaning.
    pub meaning: Option<Meaning>,
    /// The outermost block reference that it belongs to.
    pub group: Option<u32>,
}

/// A closed ring, drawn or filled.
#[derive(Clone, Debug)]
pub struct SceneRing {
    /// Vertices, plan metres.
    pub ring: Vec<Point2>,
    /// Box around it.
    pub bounds: Box2,
    /// Number into `Sheet::marks`.
    pub mark: u32,
    /// Its layer's (or block's) meaning.
    pub meaning: Option<Meaning>,
    /// A filling, not an outline.
    pub filled: bool,
    /// The outermost block reference that it belongs to.
    pub group: Option<u32>,
}

/// A text.
#[derive(Clone, Debug)]
pub struct SceneText {
    /// As drawn.
    pub text: String,
    /// Middle, plan metres.
    pub at: Point2,
    /// Height of a capital, metres.
    pub height: f64,
    /// Length along the text, metres.
    pub width: f64,
    /// Direction, radians.
    pub angle: f64,
    /// Number into `Sheet::marks`.
    pub mark: u32,
    /// Its layer's meaning.
    pub meaning: Option<Meaning>,
    /// Attribute tag.
    pub tag: Option<String>,
    /// The outermost block reference that it belongs to.
    pub group: Option<u32>,
}

impl SceneText {
    /// As the plan keeps it.
    pub fn drawn(&self) -> DrawnText {
        DrawnText { text: self.text.clone(), at: self.at, mark: self.mark }
    }
}

/// Everything visible in one region.
#[derive(Debug)]
pub struct Scene<'a> {
    /// The drawing.
    pub drawing: &'a Drawing,
    /// The sheet that the geometry lies on.
    pub sheet: &'a Sheet,
    /// Drawing units → plan metres.
    pub frame: PlanFrame,
    /// Straight pieces.
    pub lines: Vec<SceneLine>,
    /// Circular pieces.
    pub arcs: Vec<SceneArc>,
    /// Outlines and fillings.
    pub rings: Vec<SceneRing>,
    /// Texts.
    pub texts: Vec<SceneText>,
    /// Box around lines and arcs.
    pub bounds: Box2,
    /// Denominator of the drawn scale, or 100 where it is not known: sizes on paper depend on it.
    pub scale: f64,
}

/// Where a plan lies on its sheet.
#[derive(Clone, Debug)]
pub struct Area {
    /// Box around it, drawing units.
    pub bounds: Box2,
    /// Its outline where it is no upright rectangle (a turned viewport).
    pub outline: Option<Vec<Point2>>,
    /// Parts that belong to something else (title block, other tables).
    pub without: Vec<Box2>,
}

impl Area {
    /// The point belongs to it.
    pub fn contains(&self, p: Point2) -> bool {
        self.bounds.contains(p)
            && self.outline.as_ref().is_none_or(|ring| ring_contains(ring, p))
            && !self.without.iter().any(|b| b.contains(p))
    }
}

/// Meanings of everything on a sheet: layers first, block names over them.
#[derive(Debug)]
pub struct Meanings {
    /// Per layer.
    pub layers: Vec<Option<(Meaning, f64)>>,
    /// Per block, from its name.
    pub blocks: Vec<Option<Meaning>>,
}

impl Meanings {
    /// The meaning of a mark: a door or window block says more than the layer that it stands on.
    pub fn of(&self, sheet: &Sheet, mark: u32) -> Option<Meaning> {
        let m = sheet.marks.get(mark as usize)?;
        // the picture of a dimension is about things, whatever its layer
        if m.dimension.is_some() {
            return Some(Meaning::Dimension);
        }
        let layer = self.layers.get(m.layer as usize).copied().flatten().map(|(meaning, _)| meaning);
        let block = m
            .insert
            .and_then(|i| sheet.inserts.get(i as usize))
            .and_then(|i| self.blocks.get(i.block as usize).copied().flatten());
        match (layer, block) {
            (Some(Meaning::DoorWindow) | None, Some(block)) => Some(block),
            (layer, _) => layer,
        }
    }
}

/// The outermost reference around a mark. Chains are as long as blocks nest; the walk stops after this many.
const MAX_NESTING: usize = 64;

/// The outermost block reference that a mark belongs to.
pub fn outermost(sheet: &Sheet, mark: u32) -> Option<u32> {
    let mut at = sheet.marks.get(mark as usize)?.insert?;
    for _ in 0..MAX_NESTING {
        match sheet.inserts.get(at as usize).and_then(|i| i.parent) {
            Some(parent) if parent != at => at = parent,
            _ => break,
        }
    }
    Some(at)
}

/// Pieces shorter than this carry no shape, metres.
const MIN_LENGTH: f64 = 1e-4;

/// Collects a region's visible primitives.
pub fn collect<'a>(
    drawing: &'a Drawing,
    sheet: &'a Sheet,
    meanings: &Meanings,
    area: &Area,
    frame: PlanFrame,
    scale: Option<f64>,
    hidden: &[u32],
) -> Scene<'a> {
    let m = frame.to_plan;
    let shown =
        |mark: u32| sheet.marks.get(mark as usize).is_some_and(|m| m.visible && !hidden.contains(&m.layer));
    let mut lines: Vec<SceneLine> = sheet
        .lines
        .iter()
        .filter(|l| shown(l.mark) && area.contains(l.segment.middle()))
        .map(|l| SceneLine {
            segment: Segment2::new(m.apply(l.segment.a), m.apply(l.segment.b)),
            mark: l.mark,
            meaning: meanings.of(sheet, l.mark),
            dashed: sheet.marks.get(l.mark as usize).is_some_and(|m| m.dashed),
            group: outermost(sheet, l.mark),
        })
        .filter(|l| l.segment.length() > MIN_LENGTH && l.segment.a.is_finite() && l.segment.b.is_finite())
        .collect();
    let mut arcs: Vec<SceneArc> = sheet
        .arcs
        .iter()
        .filter(|a| shown(a.mark) && (area.contains(a.arc.centre) || area.contains(a.arc.at(0.5))))
        .map(|a| SceneArc {
            arc: map_arc(&m, &a.arc),
            mark: a.mark,
            meaning: meanings.of(sheet, a.mark),
            group: outermost(sheet, a.mark),
        })
        .filter(|a| a.arc.radius > MIN_LENGTH && a.arc.centre.is_finite())
        .collect();
    super::joint::heal(&mut lines, &mut arcs);
    super::chord::recover(&mut lines, &mut arcs);
    let ring = |ring: &[Point2], mark: u32, filled: bool| {
        let ring: Vec<Point2> = ring.iter().map(|&p| m.apply(p)).filter(|p| p.is_finite()).collect();
        let bounds = Box2::around(ring.iter().copied());
        SceneRing {
            ring,
            bounds,
            mark,
            meaning: meanings.of(sheet, mark),
            filled,
            group: outermost(sheet, mark),
        }
    };
    let inside = |r: &[Point2]| r.first().is_some_and(|&p| area.contains(p));
    let mut rings: Vec<SceneRing> = sheet
        .loops
        .iter()
        .filter(|l| shown(l.mark) && l.ring.len() >= 3 && inside(&l.ring))
        .map(|l| ring(&l.ring, l.mark, false))
        .collect();
    for fill in sheet.fills.iter().filter(|f| shown(f.mark)) {
        rings.extend(
            fill.rings.iter().filter(|r| r.len() >= 3 && inside(r)).map(|r| ring(r, fill.mark, true)),
        );
    }
    let titled =
        super::schedule::title_texts(sheet, drawing.y_down, &|p| area.contains(p), area.bounds.diagonal());
    let texts: Vec<SceneText> = sheet
        .texts
        .iter()
        .filter(|t| shown(t.mark) && area.contains(t.centre) && !t.text.trim().is_empty())
        .flat_map(|t| {
            let whole = SceneText {
                text: t.text.clone(),
                at: m.apply(t.centre),
                height: t.height * frame.unit_m,
                width: t.width * frame.unit_m,
                angle: m.apply_vector(Point2::unit(t.angle)).angle(),
                mark: t.mark,
                meaning: if titled.contains(&t.mark) {
                    Some(Meaning::Title)
                } else {
                    meanings.of(sheet, t.mark)
                },
                tag: t.tag.clone(),
                group: outermost(sheet, t.mark),
            };
            text_lines(whole)
        })
        .collect();
    let texts = thinned(texts);
    let mut bounds = Box2::EMPTY;
    for l in &lines {
        bounds.merge(&Box2::of(l.segment.a, l.segment.b));
    }
    Scene { drawing, sheet, frame, lines, arcs, rings, texts, bounds, scale: scale.unwrap_or(100.0) }
}

/// Distance of the lines of a text, in capital heights: what MTEXT has by itself.
const LINE_PITCH: f64 = 5.0 / 3.0;

/// Each line of a text as a text of its own, at its place.
fn text_lines(whole: SceneText) -> Vec<SceneText> {
    let lines: Vec<&str> = match whole.text.contains('\n') {
        true => whole.text.trim().lines().map(str::trim).collect(),
        false => Vec::new(),
    };
    if lines.len() < 2 {
        return vec![whole];
    }
    let up = Point2::unit(whole.angle).left();
    let longest = lines.iter().map(|l| l.chars().count()).max().unwrap_or(1).max(1) as f64;
    let middle = (lines.len() - 1) as f64 / 2.0;
    let line = |(i, text): (usize, &&str)| SceneText {
        text: (*text).to_owned(),
        at: whole.at + up * ((middle - i as f64) * LINE_PITCH * whole.height),
        width: whole.width * text.chars().count() as f64 / longest,
        ..whole.clone()
    };
    lines.iter().enumerate().filter(|(_, t)| !t.is_empty()).map(line).collect()
}

/// Texts without copies, and without crowds: where more stand in one point than can be read, none of the rest can.
fn thinned(mut texts: Vec<SceneText>) -> Vec<SceneText> {
    /// Readable texts in one point: a label drawn on several layers.
    const MOST_AT_ONE_POINT: usize = 12;
    // per spot the last text that is kept there and how many there are; before each one the one kept before it
    let mut last = spots::<Spot, (u32, usize)>(texts.len());
    let mut before = vec![u32::MAX; texts.len()];
    let kept: Vec<bool> = (0..texts.len())
        .map(|i| {
            let (head, count) = last.entry(spot(texts[i].at, 0.002)).or_insert((u32::MAX, 0));
            let mut fresh = *count < MOST_AT_ONE_POINT;
            let mut at = *head;
            while let Some(o) = texts.get(at as usize).filter(|_| fresh) {
                fresh = o.text != texts[i].text;
                at = before[at as usize];
            }
            if fresh {
                *count += 1;
                before[i] = std::mem::replace(head, i as u32);
            }
            fresh
        })
        .collect();
    let mut kept = kept.into_iter();
    texts.retain(|_| kept.next().unwrap_or(true));
    texts
}

/// A circular piece under a similarity.
fn map_arc(m: &Affine2, arc: &Arc2) -> Arc2 {
    let start = m.apply_vector(Point2::unit(arc.start)).angle();
    Arc2 {
        centre: m.apply(arc.centre),
        radius: arc.radius * m.scale(),
        start,
        sweep: if m.is_mirrored() { -arc.sweep } else { arc.sweep },
    }
}

impl Scene<'_> {
    /// Everything visible, whatever it means, for looking again.
    pub fn raw(&self) -> Raw {
        let lines: Vec<(Segment2, u32)> = self.lines.iter().map(|l| (l.segment, l.mark)).collect();
        let meanings = self.lines.iter().map(|l| l.meaning.map(super::layer::Meaning::name)).collect();
        let arcs: Vec<(Arc2, u32)> = self.arcs.iter().map(|a| (a.arc, a.mark)).collect();
        let line_index = BoxIndex::new(lines.iter().map(|(s, _)| Box2::of(s.a, s.b)).collect());
        let arc_index = BoxIndex::new(
            arcs.iter().map(|(a, _)| Box2::around([0.0, 0.25, 0.5, 0.75, 1.0].map(|t| a.at(t)))).collect(),
        );
        let texts = self.texts.iter().map(SceneText::drawn).collect();
        Raw { lines, meanings, arcs, texts, line_index, arc_index }
    }

    /// Any line, arc or ring means this.
    pub fn shows(&self, meaning: Meaning) -> bool {
        self.lines.iter().any(|l| l.meaning == Some(meaning))
            || self.arcs.iter().any(|a| a.meaning == Some(meaning))
            || self.rings.iter().any(|r| r.meaning == Some(meaning))
    }
}
