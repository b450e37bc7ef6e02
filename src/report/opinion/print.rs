//! Pages become a PDF.

use super::fonts::{Face, Fonts};
use super::sheet::{Colour, Item, Page};
use crate::error::{Error, Result};
use crate::place::Place;
use crate::wording::Language;
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect, Size, Transform};
use krilla::image::Image;
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::text::{Font, TextDirection};
use krilla::{Data, Document};

/// Writes the pages.
///
/// # Errors
/// When a font cannot be used, or the document cannot be put together.
pub(super) fn pdf(pages: &[Page], fonts: &Fonts, title: &str, language: Language) -> Result<Vec<u8>> {
    let wrong = |what: String| Error::read(Place::file("PDF"), what);
    let faces = [font(fonts.face(false)), font(fonts.face(true))];
    let [Some(regular), Some(bold)] = faces else {
        return Err(wrong("the font of this machine cannot be set in a PDF; install Noto Sans CJK".into()));
    };
    let mut document = Document::new();
    let lang = match language {
        Language::En => "en",
        Language::Zh => "zh-CN",
    };
    document.set_metadata(Metadata::new().title(title.into()).language(lang.into()).producer("tumo".into()));
    for page in pages {
        let Some(settings) = PageSettings::from_wh(page.size.0, page.size.1) else { continue };
        let mut sheet = document.start_page_with(settings);
        let mut surface = sheet.surface();
        for item in &page.items {
            draw(&mut surface, item, &regular, &bold);
        }
        surface.finish();
        sheet.finish();
    }
    document.finish().map_err(|e| wrong(format!("cannot be put together ({e:?})")))
}

fn font(face: &Face) -> Option<Font> {
    Font::new(Data::from(face.data.as_ref().clone()), face.index)
}

fn fill(colour: Colour) -> Fill {
    let [r, g, b] = colour;
    Fill { paint: rgb::Color::new(r, g, b).into(), ..Fill::default() }
}

fn draw(surface: &mut Surface<'_>, item: &Item, regular: &Font, heavy: &Font) {
    match item {
        Item::Text { x, y, size, bold, colour, text } => {
            surface.set_stroke(None);
            surface.set_fill(Some(fill(*colour)));
            let face = if *bold { heavy } else { regular };
            surface.draw_text(
                Point::from_xy(*x, *y),
                face.clone(),
                *size,
                text,
                false,
                TextDirection::LeftToRight,
            );
        }
        Item::Box { x, y, w, h, fill: inside, line } => {
            let Some(rect) = Rect::from_xywh(*x, *y, *w, *h) else { return };
            let mut path = PathBuilder::new();
            path.push_rect(rect);
            let Some(path) = path.finish() else { return };
            surface.set_fill(inside.map(fill));
            let [r, g, b] = line.unwrap_or_default();
            let stroke = Stroke { paint: rgb::Color::new(r, g, b).into(), width: 0.6, ..Stroke::default() };
            surface.set_stroke(line.map(|_| stroke));
            surface.draw_path(&path);
        }
        Item::Picture { x, y, w, h, png } => {
            let image = Image::from_png(Data::from(png.clone()), true);
            let (Ok(image), Some(size)) = (image, Size::from_wh(*w, *h)) else { return };
            surface.push_transform(&Transform::from_translate(*x, *y));
            surface.draw_image(image, size);
            surface.pop();
        }
    }
}
