//! The findings as comma-separated values (RFC 4180): UTF-8 with a byte order mark, so that spreadsheets read Chinese
//! names, CRLF, and no cell that would be computed.

use super::harmless;
use super::row::{Cell, Row, rows};
use super::{Report, words::word};
use crate::wording::Language;

/// Keys of the columns' titles, in their order.
const COLUMNS: [&str; 19] = [
    "table.number",
    "table.code",
    "table.severity",
    "table.storey",
    "table.axis",
    "table.class",
    "table.element",
    "table.guid",
    "table.sheet",
    "table.handle",
    "table.model",
    "table.drawing",
    "table.required",
    "table.unit",
    "table.finding",
    "table.fix",
    "table.place",
    "table.status",
    "table.fingerprint",
];

/// One row per finding, in the report's order, below a row of titles.
pub fn write(report: &Report, language: Language) -> String {
    let mut out = String::with_capacity(256 + report.findings.len() * 320);
    out.push('\u{feff}');
    for (n, key) in COLUMNS.into_iter().enumerate() {
        if n > 0 {
            out.push(',');
        }
        harmless::csv(word(key, language), &mut out);
    }
    out.push_str("\r\n");
    for row in rows(report, language) {
        line(&row, &mut out);
    }
    out
}

fn line(row: &Row, out: &mut String) {
    out.push_str(&row.number.to_string());
    let texts = [
        row.code.as_str(),
        row.severity,
        &row.storey,
        &row.axis,
        &row.class,
        &row.element,
        &row.guid,
        &row.sheet,
        &row.handle,
    ];
    for text in texts {
        out.push(',');
        harmless::csv(text, out);
    }
    for cell in [&row.model, &row.drawing, &row.required] {
        out.push(',');
        match cell {
            // a number that tumo writes is no formula, whatever its sign
            Cell::Number(_) => out.push_str(&cell.text()),
            Cell::Text(text) => harmless::csv(text, out),
        }
    }
    for text in [&row.unit, &row.finding, &row.fix, &row.place, &row.status, &row.fingerprint] {
        out.push(',');
        harmless::csv(text, out);
    }
    out.push_str("\r\n");
}
