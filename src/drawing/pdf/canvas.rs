//! What a page draws, gathered as it is drawn: paths as lines, arcs and areas, letters for later.

use super::clip::Clip;
use super::layers::Layers;
use super::paths;
use super::texts::Letter;
use crate::drawing::model::{FillMark, LineMark, Mark, Sheet};
use crate::drawing::outline::{Outline, Piece};
use crate::geom::{Affine2, Box2, Point2, Segment2};
use hayro_interpret::font::{Glyph, GlyphRun};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::kurbo::{Affine, BezPath, PathEl, Point};
use hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, Paint, SoftMask, StrokeProps,
};
use hayro_syntax::object::Dict;

/// Things drawn on one page, letters included; what comes after is left out, and told.
pub(super) const MAX_DRAWN: u64 = 5_000_000;
/// Windows within windows; deeper ones are not applied.
const MAX_CLIPS: usize = 4_096;
/// What is fainter than this is not seen.
const MIN_ALPHA: f32 = 0.02;
/// From points to hundredths of a millimetre.
const WEIGHT: f64 = 2540.0 / 72.0;

/// Carried by the unwinding that ends a page whose limit is reached: a device cannot ask its interpreter to stop.
pub(super) struct Enough;

/// The surface that a page is drawn on.
pub(super) struct Canvas {
    pub(super) sheet: Sheet,
    pub(super) letters: Vec<Letter>,
    /// Pictures of pixels, and the sum of what they cover.
    pub(super) images: u32,
    pub(super) image_area: f64,
    /// Letters that the file gives no meaning to.
    pub(super) nameless_letters: u32,
    /// Small filled shapes with curves, as letters drawn as shapes have them.
    pub(super) letter_shapes: u32,
    /// The layer of what is on none.
    pub(super) base_layer: u32,
    pub(super) layers: Layers,
    marked: Vec<u32>,
    clips: Vec<Clip>,
    /// Windows that were too many to keep.
    clips_over: usize,
    drawn: u64,
    run: u32,
}

impl Canvas {
    /// An empty page with its window.
    pub(super) fn new(window: Box2, layers: Layers) -> Self {
        Self {
            sheet: Sheet::default(),
            letters: Vec::new(),
            images: 0,
            image_area: 0.0,
            nameless_letters: 0,
            letter_shapes: 0,
            base_layer: 0,
            layers,
            marked: Vec::new(),
            clips: vec![Clip::rectangle(window)],
            clips_over: 0,
            drawn: 0,
            run: 0,
        }
    }

    fn layer(&self) -> u32 {
        self.marked.last().copied().unwrap_or(self.base_layer)
    }

    fn clip(&self) -> Clip {
        self.clips.last().cloned().unwrap_or_else(|| Clip::rectangle(Box2::EMPTY))
    }

    /// Counts work; unwinds when there has been enough.
    fn spend(&mut self, n: usize) {
        self.drawn += 1 + n as u64;
        if self.drawn > MAX_DRAWN {
            std::panic::resume_unwind(Box::new(Enough));
        }
    }

    fn mark(&mut self, colour: u32, weight: f64, dashed: bool) -> u32 {
        let number = u32::try_from(self.sheet.marks.len()).unwrap_or(u32::MAX);
        self.sheet.marks.push(Mark {
            layer: self.layer(),
            colour,
            weight: weight.clamp(0.0, f64::from(u16::MAX)) as u16,
            dashed,
            visible: true,
            ..Mark::default()
        });
        number
    }

    fn stroke(&mut self, outlines: &[Outline], colour: u32, props: &StrokeProps, scale: f64) {
        let weight = f64::from(props.line_width) * scale * WEIGHT;
        let gaps: f32 = props.dash_array.iter().skip(1).step_by(2).sum();
        // hayro gives a gap of nothing a hundredth, so that its renderer gets along.
        let dashed = gaps > 0.02 || props.dash_array.len() == 1 && props.dash_array[0] > 0.02;
        let clip = self.clip();
        let mark = self.mark(colour, weight, dashed);
        let before = self.sheet.lines.len() + self.sheet.arcs.len();
        let mut parts = Vec::new();
        for outline in outlines {
            if outline_shown(&clip, outline) {
                outline.stroke(mark, &Affine2::IDENTITY, &mut self.sheet);
                continue;
            }
            for piece in &outline.pieces {
                match piece {
                    Piece::Line(a, b) => clip.segment(Segment2::new(*a, *b), &mut parts),
                    Piece::Curve(points) => {
                        points.windows(2).for_each(|w| clip.segment(Segment2::new(w[0], w[1]), &mut parts))
                    }
                    Piece::Arc(arc) => {
                        if clip.arc(arc, &mut parts) {
                            let whole = Outline { pieces: vec![Piece::Arc(*arc)], closed: false };
                            whole.stroke(mark, &Affine2::IDENTITY, &mut self.sheet);
                        }
                    }
                }
            }
        }
        self.sheet.lines.extend(parts.into_iter().map(|segment| LineMark { mark, segment }));
        if before == self.sheet.lines.len() + self.sheet.arcs.len() {
            self.sheet.marks.pop();
        }
    }

    fn fill(&mut self, outlines: &[Outline], colour: u32, pattern: Option<&str>) {
        // White covers what lies below; it is no poché.
        if pattern.is_none() && colour == 0xFF_FFFF {
            return;
        }
        let rings: Vec<Vec<Point2>> =
            outlines.iter().map(|o| o.ring(&Affine2::IDENTITY)).filter(|r| r.len() >= 3).collect();
        if rings.is_empty() {
            return;
        }
        let around = Box2::around(rings.iter().flatten().copied());
        let curved = outlines.iter().any(|o| o.pieces.iter().any(|p| !matches!(p, Piece::Line(..))));
        if around.diagonal() < 30.0 && (curved || outlines.len() > 1) {
            self.letter_shapes += 1;
        }
        let rings = self.clip().area(rings);
        if rings.is_empty() {
            return;
        }
        let mark = self.mark(colour, 0.0, false);
        let pattern = pattern.map(str::to_owned);
        self.sheet.fills.push(FillMark { mark, rings, solid: pattern.is_none(), pattern });
    }

    fn letter(&mut self, glyph: &Glyph<'_>, place: Affine, colour: u32, invisible: bool) {
        let unicode = glyph.as_unicode();
        let text = match unicode {
            Some(BfString::Char(c)) => c.to_string(),
            Some(BfString::String(s)) => s,
            None => String::new(),
        };
        // Private letters and the mark of an unknown one say nothing.
        let unknown = |c: char| matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{FFFD}' | '\0');
        if text.is_empty() || text.chars().all(unknown) {
            self.nameless_letters += 1;
            return;
        }
        let (advance, square) = match glyph {
            Glyph::Outline(g) => (g.advance_width().unwrap_or(500.0), 1000.0),
            Glyph::Type3(g) => (g.advance_width().unwrap_or(500.0), 1000.0),
        };
        let at = paths::point(&place, Point::ZERO);
        let along = paths::point(&place, Point::new(square, 0.0)) - at;
        let up = paths::point(&place, Point::new(0.0, square)) - at;
        let end = paths::point(&place, Point::new(f64::from(advance), 0.0));
        if !(at.is_finite() && along.is_finite() && up.is_finite() && end.is_finite()) {
            return;
        }
        if !self.clip().shows(at.lerp(end, 0.5) + up * 0.3) {
            return;
        }
        let (layer, run) = (self.layer(), self.run);
        self.letters.push(Letter { text, at, along, up, end, run, layer, colour, invisible });
    }
}

/// All of an outline is shown.
fn outline_shown(clip: &Clip, outline: &Outline) -> bool {
    outline.pieces.iter().all(|p| match p {
        Piece::Line(a, b) => clip.shows_segment(*a, *b),
        Piece::Curve(points) => points.windows(2).all(|w| clip.shows_segment(w[0], w[1])),
        Piece::Arc(arc) => clip.shows_arc(arc),
    })
}

/// What a paint comes to: a colour, a pattern's kind, or nothing that is seen.
enum Seen {
    Colour(u32),
    Pattern(&'static str),
    Nothing,
}

fn seen(paint: &Paint<'_>) -> Seen {
    match paint {
        Paint::Color(colour) => {
            let rgba = colour.to_rgba();
            if rgba.components()[3] < MIN_ALPHA {
                return Seen::Nothing;
            }
            let [r, g, b, _] = rgba.to_rgba8();
            Seen::Colour(u32::from_be_bytes([0, r, g, b]))
        }
        Paint::Pattern(pattern) => match **pattern {
            hayro_interpret::pattern::Pattern::Shading(_) => Seen::Pattern("shading"),
            hayro_interpret::pattern::Pattern::Tiling(_) => Seen::Pattern("tiling"),
        },
    }
}

impl<'a> Device<'a> for Canvas {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        // A curve comes to a dozen straight pieces.
        let pieces = |e: &PathEl| if matches!(e, PathEl::CurveTo(..) | PathEl::QuadTo(..)) { 12 } else { 1 };
        self.spend(path.elements().iter().map(pieces).sum());
        let outlines = paths::outlines(path, &props.transform);
        if outlines.is_empty() {
            return;
        }
        let scale = props.transform.determinant().abs().sqrt();
        let (colour, pattern) = match seen(&props.paint) {
            Seen::Colour(colour) => (colour, None),
            Seen::Pattern(name) => (0, Some(name)),
            Seen::Nothing => return,
        };
        match mode {
            DrawMode::Fill(_) => self.fill(&outlines, colour, pattern),
            DrawMode::Stroke(stroke) => self.stroke(&outlines, colour, stroke, scale),
            DrawMode::FillAndStroke(_, stroke) => {
                self.fill(&outlines, colour, pattern);
                self.stroke(&outlines, colour, stroke, scale);
            }
            DrawMode::Invisible => {}
        }
    }

    fn push_clip_path(&mut self, clip_path: &ClipPath) {
        self.spend(clip_path.path.elements().len());
        if self.clips.len() >= MAX_CLIPS {
            self.clips_over += 1;
            return;
        }
        let rings: Vec<Vec<Point2>> = paths::outlines(&clip_path.path, &Affine::IDENTITY)
            .iter()
            .map(|o| o.ring(&Affine2::IDENTITY))
            .filter(|r| r.len() >= 3)
            .collect();
        let inner = self.clip().within(rings);
        self.clips.push(inner);
    }

    fn pop_clip(&mut self) {
        if self.clips_over > 0 {
            self.clips_over -= 1;
        } else if self.clips.len() > 1 {
            self.clips.pop();
        }
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        self.spend(run.glyphs().len());
        self.run = self.run.wrapping_add(1);
        let (colour, faint) = match seen(&props.paint) {
            Seen::Colour(colour) => (colour, false),
            Seen::Pattern(_) => (0, false),
            Seen::Nothing => (0, true),
        };
        let invisible = faint || matches!(mode, DrawMode::Invisible);
        for glyph in run.glyphs() {
            self.letter(glyph, props.transform * glyph.transform(), colour, invisible);
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.spend(0);
        let size = f64::from(image.width()) * f64::from(image.height());
        let area = props.transform.determinant().abs() * size;
        self.images += 1;
        if area.is_finite() {
            self.image_area += area;
        }
    }

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {
        self.spend(0);
    }

    fn pop_transparency_group(&mut self) {}

    fn begin_marked_content(&mut self, tag: &[u8], properties: Option<&Dict<'_>>) {
        self.spend(0);
        let own = properties.filter(|_| tag == b"OC").and_then(|p| self.layers.of_content(p));
        let layer = own.unwrap_or_else(|| self.layer());
        self.marked.push(layer);
    }

    fn end_marked_content(&mut self) {
        self.marked.pop();
    }
}
