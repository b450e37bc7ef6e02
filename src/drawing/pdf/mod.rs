//! PDF with vectors → [`Drawing`]: a sheet per page, in points, y up. Optional-content groups are layers. Nothing is
//! rendered and no picture is decoded; scripts and attachments are not looked at.

mod canvas;
mod clip;
mod dashes;
mod effort;
mod layers;
mod nesting;
mod outsize;
mod packed;
mod page;
mod paths;
mod texts;

use super::model::{Drawing, Format};
use crate::bytes::Bytes;
use crate::error::{Error, Notice, Read, Result};
use crate::place::Place;
use hayro_syntax::page::Page;
use hayro_syntax::{DecryptionError, LoadPdfError, Pdf, PdfVersion};
use layers::Layers;
use outsize::Outsize;
use page::PageRead;
use rayon::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Pages of one file; further ones are left out, and told.
const MAX_PAGES: usize = 2_000;
/// What is drawn on all pages of a file, things and the lines that they are made of: a hundred dense sheets have half.
const MAX_DRAWN: usize = 20_000_000;
/// Pages drawn at once, before their sum is looked at.
const AT_ONCE: usize = 8;
/// Metres of paper per point.
const POINT_M: f64 = 0.0254 / 72.0;

/// The bytes as the reader wants them.
struct Shared(Bytes);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        (*self.0).as_ref()
    }
}

/// Reads PDF bytes.
///
/// # Errors
/// When they are encrypted, damaged beyond reading, or hold no vectors.
pub(crate) fn read(name: &str, bytes: &Bytes) -> Result<Read<Drawing>> {
    let refused = |message: &str| Err(Error::read(Place::file(name), message));
    let Opened { pdf, layers, outsize, taken } = match opened(bytes) {
        Ok(opened) => opened,
        Err(told) => return refused(&told),
    };
    let pages = &pdf.pages()[..pdf.pages().len().min(MAX_PAGES)];
    let affordable = effort::affordable(pages, effort::MAX_PAGES);
    let read = drawn(&pages[..affordable], MAX_DRAWN, |i, page| {
        page::read(page, i as u32 + 1, &layers, outsize.dearest)
    });
    let mut notices = Vec::new();
    if read.len() < affordable {
        let first = read.len();
        let message =
            format!("the pages draw more than {MAX_DRAWN} things in all; the first {first} are read");
        notices.push(Notice::new("pdf-limit", Place::file(name), message));
    }
    if taken > 0 {
        let message = format!(
            "{taken} fonts, functions or shadings ask for memory beyond the limit; they are left out"
        );
        notices.push(Notice::new("pdf-limit", Place::file(name), message));
    }
    if pdf.pages().len() > pages.len() {
        let message = format!("the file has {} pages; the first {MAX_PAGES} are read", pdf.pages().len());
        notices.push(Notice::new("pdf-limit", Place::file(name), message));
    }
    if affordable < pages.len() {
        let most = effort::MAX_PAGES >> 20;
        let message = format!("the pages hold more than {most} MB in all; the first {affordable} are read");
        notices.push(Notice::new("pdf-limit", Place::file(name), message));
    }
    assembled(name, &pdf, layers, read, notices)
}

/// Pages from the first on, until all that is drawn on them is more than `limit`.
fn drawn<'p>(
    pages: &[Page<'p>],
    limit: usize,
    read: impl Fn(usize, &Page<'p>) -> PageRead + Sync,
) -> Vec<PageRead> {
    let mut out: Vec<PageRead> = Vec::new();
    let mut sum = 0usize;
    for (chunk, some) in pages.chunks(AT_ONCE).enumerate() {
        if sum > limit {
            break;
        }
        let more: Vec<PageRead> =
            some.par_iter().enumerate().map(|(i, page)| read(chunk * AT_ONCE + i, page)).collect();
        sum += more.iter().map(|p| p.sheet.marks.len() + p.sheet.lines.len()).sum::<usize>();
        out.extend(more);
    }
    out
}

/// A file that may be interpreted.
struct Opened {
    pdf: Pdf,
    layers: Layers,
    outsize: Outsize,
    /// Things beyond the limits that were taken out.
    taken: usize,
}

/// Opens a file and holds it to the limits; why it cannot be, in one sentence.
fn opened(bytes: &Bytes) -> std::result::Result<Opened, String> {
    packed::hold((**bytes).as_ref()).map_err(|told| refusal(&told))?;
    let first = checked(bytes)?;
    if first.outsize.count() == 0 {
        return Ok(first);
    }
    let beyond = || refusal("asks for memory beyond the limit");
    let taken = first.outsize.count();
    let rest = first.outsize.without((**bytes).as_ref()).ok_or_else(beyond)?;
    drop(first);
    let second = checked(&crate::bytes::bytes(rest))?;
    if second.outsize.count() > 0 { Err(beyond()) } else { Ok(Opened { taken, ..second }) }
}

fn refusal(told: &str) -> String {
    format!("the PDF {told}; it is not read")
}

fn checked(bytes: &Bytes) -> std::result::Result<Opened, String> {
    let opened = catch_unwind(AssertUnwindSafe(|| {
        Pdf::new(Arc::new(Shared(bytes.clone()))).map(|pdf| {
            let held = nesting::hold(&pdf).map(|()| (Layers::of(&pdf), outsize::find(&pdf)));
            (pdf, held)
        })
    }));
    let told = match opened {
        Ok(Ok((pdf, Ok((layers, outsize))))) => return Ok(Opened { pdf, layers, outsize, taken: 0 }),
        Ok(Ok((_, Err(told)))) => return Err(refusal(told)),
        Ok(Err(LoadPdfError::Decryption(DecryptionError::PasswordProtected))) => {
            "the PDF asks for a password; save it without one"
        }
        Ok(Err(LoadPdfError::Decryption(_))) => {
            "the PDF is encrypted in a way that is not read; save it without encryption"
        }
        Ok(Err(LoadPdfError::Invalid)) | Err(_) => "the PDF is damaged: it shows no pages; print it again",
    };
    Err(told.to_owned())
}

fn assembled(
    name: &str,
    pdf: &Pdf,
    mut layers: Layers,
    read: Vec<PageRead>,
    mut notices: Vec<Notice>,
) -> Result<Read<Drawing>> {
    let refused = |message: &str| Err(Error::read(Place::file(name), message));
    let pictures = read.iter().filter(|p| p.is_picture).count();
    let images: u64 = read.iter().map(|p| u64::from(p.images)).sum();
    if read.iter().all(|p| p.is_picture || p.sheet.marks.is_empty()) {
        let lost = read.iter().find_map(|p| p.losses.first());
        return match (pictures, lost) {
            (0, Some((_, message))) => refused(message),
            (0, None) => refused("nothing is drawn in the PDF"),
            _ => refused(
                "the PDF holds pictures of pixels (a scan?) and no vectors; print the drawing itself to PDF",
            ),
        };
    }
    let mut sheets = Vec::with_capacity(read.len());
    for mut page in read {
        let numbers = layers.take_in(&page.layers);
        for mark in &mut page.sheet.marks {
            mark.layer = numbers.get(mark.layer as usize).copied().unwrap_or(0);
        }
        let number = page.sheet.page.unwrap_or(0);
        let place = || Place::Text { file: name.to_owned(), line: u64::from(number) };
        if page.is_picture {
            let message =
                format!("page {number} is a picture of pixels (a scan?) without vectors; it is not compared");
            notices.push(Notice::new("pdf-picture", place(), message));
        }
        notices.extend(page.losses.into_iter().map(|(code, message)| Notice::new(code, place(), message)));
        sheets.push(page.sheet);
    }
    let value = Drawing {
        file: name.to_owned(),
        format: Format::Pdf,
        version: Some(version(pdf.version()).to_owned()),
        declared_unit_m: Some(POINT_M),
        stated_scale: None,
        y_down: false,
        layers: layers.into_vec(),
        blocks: Vec::new(),
        sheets,
        unread: if images > 0 { vec![("image".to_owned(), images)] } else { Vec::new() },
        xrefs: Vec::new(),
    };
    Ok(Read { value, notices })
}

const fn version(version: PdfVersion) -> &'static str {
    match version {
        PdfVersion::Pdf10 => "1.0",
        PdfVersion::Pdf11 => "1.1",
        PdfVersion::Pdf12 => "1.2",
        PdfVersion::Pdf13 => "1.3",
        PdfVersion::Pdf14 => "1.4",
        PdfVersion::Pdf15 => "1.5",
        PdfVersion::Pdf16 => "1.6",
        PdfVersion::Pdf17 => "1.7",
        PdfVersion::Pdf20 => "2.0",
    }
}

#[cfg(test)]
mod tests;
