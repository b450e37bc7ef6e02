//! One page as a sheet, in points as the page is seen: origin lower left, y up.
//! A page that is not turned keeps the coordinates of its file.

use super::canvas::{Canvas, Enough, MAX_DRAWN};
use super::layers::Layers;
use super::{dashes, effort, texts};
use crate::drawing::model::{Mark, Sheet, SheetKind};
use crate::drawing::outline;
use crate::geom::{Affine2, Box2, Point2};
use hayro_interpret::kurbo::{Affine, Rect};
use hayro_interpret::{Context, InterpreterCache, InterpreterSettings, RenderContent, interpret_page};
use hayro_syntax::page::{Page, Rotation};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Share of a page that pictures cover when they are what the page is about.
const PICTURE: f64 = 0.25;
/// The same when they are a part of its drawing, and not only a logo: shaded views are printed so.
const PART: f64 = 0.1;
/// Of a page so few lines and texts are its frame and stamp.
const FEW: usize = 40;
/// So many shapes like letters, beside fewer texts than a tenth of them, are letters drawn as shapes.
const LETTER_SHAPES: u32 = 60;
/// The same of letters without a code.
const NAMELESS: u32 = 3;

/// A page as read.
pub(super) struct PageRead {
    pub(super) sheet: Sheet,
    /// Its layers, as the marks of the sheet count them.
    pub(super) layers: Layers,
    /// Pictures of pixels on it.
    pub(super) images: u32,
    /// It shows a picture and next to nothing else.
    pub(super) is_picture: bool,
    /// Code and sentence of what was lost.
    pub(super) losses: Vec<(&'static str, String)>,
}

/// Reads a page; `dearest` is what the dearest function or shading of the file costs, in bytes. Whatever the interpreter makes of a damaged one, what was drawn before stays.
pub(super) fn read(page: &Page<'_>, number: u32, layers: &Layers, dearest: u64) -> PageRead {
    let (map, window) = placing(page);
    let mut canvas = Canvas::new(window, layers.clone());
    let mut losses = Vec::new();
    // Each page has caches of its own: those of the interpreter cannot be shared between threads.
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        effort::hold(page, dearest).map(|()| interpret(page, &map, window, &mut canvas))
    }));
    if let Ok(Err(told)) = &outcome {
        losses.push(("pdf-limit", format!("page {number} {told}; it is not read")));
    }
    if let Err(reason) = outcome {
        losses.push(if reason.is::<Enough>() {
            let message = format!("page {number} draws more than {MAX_DRAWN} things; the rest is left out");
            ("pdf-limit", message)
        } else {
            let message = format!("page {number} is damaged; what is drawn before the damage was read");
            ("pdf-page-unreadable", message)
        });
    }
    let covered = canvas.image_area / window.area().max(1.0);
    let images = canvas.images;
    let layers = std::mem::replace(&mut canvas.layers, layers.clone());
    let sheet = finished(canvas, number, &mut losses);
    let is_picture = covered > PICTURE && sheet.lines.len() + sheet.arcs.len() + sheet.texts.len() < FEW;
    if covered > PART && !is_picture {
        let message = format!(
            "pictures of pixels cover {:.0} % of page {number}; what they show is not read: print it with lines alone",
            covered.min(1.0) * 100.0
        );
        losses.push(("pdf-picture-unreadable", message));
    }
    PageRead { sheet, layers, images, is_picture, losses }
}

fn interpret(page: &Page<'_>, map: &Affine2, window: Box2, canvas: &mut Canvas) {
    let initial = Affine::new([map.a, map.b, map.c, map.d, map.e, map.f]);
    let bbox = Rect::new(window.min.x, window.min.y, window.max.x, window.max.y);
    let cache = InterpreterCache::new();
    for content in [RenderContent::PAGE, RenderContent::ANNOTATIONS] {
        let settings = InterpreterSettings { render_content: content, ..InterpreterSettings::default() };
        let mut context = Context::new(initial, bbox, &cache, page.xref(), settings);
        interpret_page(page, &mut context, canvas);
        canvas.base_layer = canvas.layers.remarks();
    }
}

/// From the page's own coordinates to points as it is seen, and the part of it that is seen.
fn placing(page: &Page<'_>) -> (Affine2, Box2) {
    let media = page.media_box();
    let unit = page.raw().get::<f64>("UserUnit").filter(|u| (1e-3..=1e4).contains(u)).unwrap_or(1.0);
    let turned = match page.rotation() {
        Rotation::None => Affine2::IDENTITY,
        Rotation::Horizontal => Affine2 { a: 0.0, b: -1.0, c: 1.0, d: 0.0, e: -media.y0, f: media.x1 },
        Rotation::Flipped => Affine2 { a: -1.0, b: 0.0, c: 0.0, d: -1.0, e: media.x1, f: media.y1 },
        Rotation::FlippedHorizontal => Affine2 { a: 0.0, b: 1.0, c: -1.0, d: 0.0, e: media.y1, f: -media.x0 },
    };
    let map = Affine2::scaling(unit, unit).after(&turned);
    let crop = page.intersected_crop_box();
    let seen = if crop.width() > 0.0 && crop.height() > 0.0 { crop } else { media };
    let corner = |x: f64, y: f64| map.apply(Point2::new(x, y));
    (map, Box2::around([corner(seen.x0, seen.y0), corner(seen.x1, seen.y1)]))
}

fn finished(canvas: Canvas, number: u32, losses: &mut Vec<(&'static str, String)>) -> Sheet {
    let Canvas { mut sheet, letters, nameless_letters, letter_shapes, .. } = canvas;
    sheet.name = number.to_string();
    sheet.kind = SheetKind::Page;
    sheet.page = Some(number);
    dashes::merge(&mut sheet);
    for line in texts::lines(&letters) {
        let mark = u32::try_from(sheet.marks.len()).unwrap_or(u32::MAX);
        sheet.marks.push(Mark { layer: line.layer, colour: line.colour, visible: true, ..Mark::default() });
        sheet.texts.push(crate::drawing::model::TextMark { mark, ..line.text });
    }
    if nameless_letters >= NAMELESS && nameless_letters as usize * 10 > letters.len() {
        let message = format!(
            "{nameless_letters} letters of page {number} have no code, so their texts could not be read; \
             print it again with fonts embedded as text"
        );
        losses.push(("pdf-text-unreadable", message));
    }
    if letter_shapes >= LETTER_SHAPES && sheet.texts.len() * 10 < letter_shapes as usize {
        let message = format!(
            "the texts of page {number} are drawn as shapes and could not be read; print it again with texts kept \
             as text"
        );
        losses.push(("pdf-text-unreadable", message));
    }
    sheet.bounds = outline::extent(&sheet);
    sheet
}
