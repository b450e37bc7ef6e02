//! The findings as comma-separated values (RFC 4180): UTF-8 with a byte order mark, so that spreadsheets read Chinese
//! names, CRLF, and no cell that would be computed.

use super::harmless;
use super::row::{COLUMNS, Cell, rows};
use super::{Report, words::word};
use crate::wording::Language;

/// One row per finding, in the report's order, below a row of titles.
pub fn write(report: &Report, language: Language) -> String {
    let mut out = String::with_capacity(256 + report.findings.len() * 320);
    out.push('\u{feff}');
    line(COLUMNS.map(|(key, _)| Cell::Text(word(key, language).to_owned())), &mut out);
    for row in rows(report, language) {
        line(row.into_cells(), &mut out);
    }
    out
}

fn line(cells: [Cell; 21], out: &mut String) {
    for (n, cell) in cells.iter().enumerate() {
        if n > 0 {
            out.push(',');
        }
        match cell {
            // a number that tumo writes is no formula, whatever its sign
            Cell::Number(_) => out.push_str(&cell.text()),
            Cell::Text(text) => harmless::csv(text, out),
        }
    }
    out.push_str("\r\n");
}
