//! The first sheet of a workbook (.xlsx) as texts.

use super::Sheet;
use crate::error::{Error, Result};
use crate::place::Place;
use calamine::{Data, Reader};
use std::io::{Cursor, Read as _};

/// Most bytes that all parts of a workbook may come to, unpacked.
const MAX_UNPACKED: u64 = 512 << 20;
/// Most parts.
const MAX_PARTS: usize = 4_096;

/// The rows of the first sheet.
///
/// # Errors
/// When the bytes are no workbook, or unpack to more than a workbook of answers holds.
pub(super) fn sheet(file: &str, bytes: &[u8]) -> Result<Sheet> {
    bounded(file, bytes)?;
    let wrong = |e: &dyn std::fmt::Display| {
        Error::read(Place::file(file), format!("is no workbook that can be read ({e})"))
    };
    let mut book = calamine::Xlsx::new(Cursor::new(bytes)).map_err(|e| wrong(&e))?;
    let range = match book.worksheet_range_at(0) {
        Some(range) => range.map_err(|e| wrong(&e))?,
        None => return Err(wrong(&"it has no sheet")),
    };
    let text = |cell: &Data| match cell {
        Data::Empty | Data::Error(_) => String::new(),
        other => other.to_string(),
    };
    // rows above the first that is used count as well, so that numbers are those which the program shows
    let above = range.start().map_or(0, |(row, _)| row as usize);
    let blank = std::iter::repeat_n(Vec::new(), above.min(super::super::row::COLUMNS.len()));
    Ok(blank.chain(range.rows().map(|row| row.iter().map(text).collect())).collect())
}

/// Unpacks every part into nothing first: what a small file swells to is known before anything is kept.
fn bounded(file: &str, bytes: &[u8]) -> Result<()> {
    let wrong = |e: &dyn std::fmt::Display| {
        Error::read(Place::file(file), format!("is no workbook that can be read ({e})"))
    };
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| wrong(&e))?;
    let limit =
        |what: &str, limit: String| Error::Limit { place: Place::file(file), what: what.into(), limit };
    if archive.len() > MAX_PARTS {
        return Err(limit("the number of parts of the workbook", MAX_PARTS.to_string()));
    }
    let mut left = MAX_UNPACKED;
    for n in 0..archive.len() {
        let part = archive.by_index(n).map_err(|e| wrong(&e))?;
        let size = std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(|e| wrong(&e))?;
        left = left
            .checked_sub(size)
            .ok_or_else(|| limit("the workbook, unpacked,", format!("{MAX_UNPACKED} bytes")))?;
    }
    Ok(())
}
