//! SVG → [`Drawing`]: one sheet in user units, y down. Groups and classes stand for layers; GlobalIds are kept.
//! Nothing outside the file is opened.

mod guid;
mod path;
mod style;
mod text;
mod walk;

use super::model::{Drawing, Format, Layer};
use crate::error::{Error, Notice, Read, Result};
use crate::place::Place;
use roxmltree::{Document, ParsingOptions};

/// Elements of one file.
const MAX_ELEMENTS: u32 = 10_000_000;

/// Reads SVG bytes.
///
/// # Errors
/// When they are no XML, declare entities, or draw nothing.
pub(crate) fn read(name: &str, bytes: &[u8]) -> Result<Read<Drawing>> {
    let refused = |line: u32, message: String| {
        Err(Error::read(Place::Text { file: name.to_string(), line: u64::from(line) }, message))
    };
    let Ok(text) = std::str::from_utf8(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)) else {
        return Err(Error::read(Place::file(name), "the SVG is not UTF-8; save it as UTF-8"));
    };
    if let Some(depth) = walk::too_deep(text) {
        return refused(1, format!("elements nest deeper than {depth}; this is no drawing"));
    }
    if let Some(most) = walk::too_many_attributes(text) {
        return refused(1, format!("an element has more than {most} attributes; this is no drawing"));
    }
    let text = without_doctype(text);
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MAX_ELEMENTS, ..ParsingOptions::default() };
    let document = match Document::parse_with_options(&text, options) {
        Ok(document) => document,
        Err(roxmltree::Error::DtdDetected) => {
            return refused(1, "the SVG declares entities, which are not read".into());
        }
        Err(error) => return refused(error.pos().row, format!("the SVG is broken: {error}")),
    };
    let root = document.root_element();
    let mut walk = walk::Walk::new(&document);
    walk.root(root);
    let (sheet, layers, unread, losses) = walk.finish();
    if sheet.marks.is_empty() {
        return Err(Error::read(Place::file(name), "nothing is drawn in it"));
    }
    let notices = losses
        .into_iter()
        .map(|(code, line, message)| {
            let place = Place::Text { file: name.to_string(), line: u64::from(line) };
            Notice::new(code, place, message)
        })
        .collect();
    let drawing = Drawing {
        file: name.to_string(),
        format: Format::Svg,
        version: root.attribute("version").map(str::to_string),
        declared_unit_m: unit_m(root),
        stated_scale: root.attribute("data-scale").and_then(stated_scale),
        y_down: true,
        layers: layers
            .into_iter()
            .map(|name| Layer { name, visible: true, colour: 0, line_type: String::new() })
            .collect(),
        blocks: Vec::new(),
        sheets: vec![sheet],
        unread,
        xrefs: Vec::new(),
    };
    Ok(Read { value: drawing, notices })
}

/// A document type without declarations of its own is harmless and common; it is blanked out, so that places stay.
fn without_doctype(text: &str) -> std::borrow::Cow<'_, str> {
    let Some(from) = text.find("<!DOCTYPE") else { return text.into() };
    let Some(to) = text[from..].find('>').map(|i| from + i + 1) else { return text.into() };
    let declaration = &text[from..to];
    if declaration.contains('[') {
        return text.into();
    }
    let blank: String = declaration.chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
    format!("{}{blank}{}", &text[..from], &text[to..]).into()
}

/// Metres of paper per user unit, from the root's width and its view box.
fn unit_m(root: roxmltree::Node<'_, '_>) -> Option<f64> {
    let width = root.attribute("width")?.trim();
    let end = width.find(|c: char| c.is_ascii_alphabetic() || c == '%').unwrap_or(width.len());
    let value: f64 = width[..end].trim().parse().ok()?;
    let unit = match &width[end..] {
        "mm" => 1e-3,
        "cm" => 1e-2,
        "m" => 1.0,
        "in" => 0.0254,
        "pt" => 0.0254 / 72.0,
        "pc" => 0.0254 / 6.0,
        // Pixels say nothing about paper: each program takes its own number per inch.
        _ => return None,
    };
    let mut numbers = path::Numbers::new(root.attribute("viewBox")?);
    let box_width = [numbers.number()?, numbers.number()?, numbers.number()?][2];
    let out = value * unit / box_width;
    (out.is_finite() && out > 0.0).then_some(out)
}

/// `1:50` → 50.
fn stated_scale(text: &str) -> Option<f64> {
    let (one, many) = text.split_once([':', '/'])?;
    let scale = many.trim().parse::<f64>().ok()? / one.trim().parse::<f64>().ok()?;
    (scale.is_finite() && scale > 0.0).then_some(scale)
}

#[cfg(test)]
mod tests;
