//! The findings as a workbook for reviewers: a row each, filters, a frozen header, and two columns to answer in. The
//! fingerprint stands in a hidden column, so that answers find their findings again.

use super::row::{Cell, Row, rows};
use super::words::{filled, word};
use super::{Report, harmless};
use crate::wording::Language;
use rust_xlsxwriter::{
    DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet,
    XlsxError,
};

/// Rows of a sheet; Excel takes 1,048,576.
const MAX_ROWS: usize = 200_000;
/// Keys of the columns' titles and the widths, in characters.
const COLUMNS: [(&str, f64); 21] = [
    ("table.number", 6.0),
    ("table.code", 9.0),
    ("table.severity", 10.0),
    ("table.storey", 10.0),
    ("table.axis", 9.0),
    ("table.class", 16.0),
    ("table.element", 28.0),
    ("table.guid", 25.0),
    ("table.sheet", 28.0),
    ("table.handle", 11.0),
    ("table.model", 12.0),
    ("table.drawing", 12.0),
    ("table.required", 12.0),
    ("table.unit", 7.0),
    ("table.finding", 55.0),
    ("table.fix", 40.0),
    ("table.place", 24.0),
    ("table.status", 10.0),
    ("table.answer", 16.0),
    ("table.remark", 30.0),
    ("table.fingerprint", 22.0),
];
/// The column to answer in, and the last, which is hidden.
const ANSWER: u16 = 18;
const FINGERPRINT: u16 = 20;
/// Answers to choose from.
const ANSWERS: [&str; 4] = ["answer.accepted", "answer.done", "answer.rejected", "answer.unclear"];

struct Formats {
    head: Format,
    text: Format,
    /// Excel takes it for text even after it was edited.
    quoted: Format,
    number: Format,
    answer: Format,
}

/// The workbook. Equal reports give equal bytes: its date is fixed.
///
/// # Errors
/// When the workbook cannot be built.
pub fn write(report: &Report, language: Language) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let properties =
        DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?).set_author("tumo");
    book.set_properties(&properties);
    let formats = formats();
    let sheet = book.add_worksheet();
    sheet.set_name(word("table.title", language))?;
    for (n, (key, width)) in (0_u16..).zip(COLUMNS) {
        sheet.set_column_width(n, width)?;
        sheet.write_string_with_format(0, n, word(key, language), &formats.head)?;
    }
    sheet.set_row_height(0, 30)?;
    sheet.set_freeze_panes(1, 2)?;
    sheet.set_column_hidden(FINGERPRINT)?;
    let rows = rows(report, language);
    let last = u32::try_from(rows.len().min(MAX_ROWS)).unwrap_or(u32::MAX);
    for (at, row) in (1_u32..).zip(rows.iter().take(MAX_ROWS)) {
        line(sheet, at, row, &formats)?;
    }
    if rows.len() > MAX_ROWS {
        let left = filled("table.more-rows", language, &[("n", &(rows.len() - MAX_ROWS).to_string())]);
        sheet.write_string(last + 1, 0, left)?;
    }
    sheet.autofilter(0, 0, last, FINGERPRINT - 1)?;
    let answers = DataValidation::new().allow_list_strings(&ANSWERS.map(|key| word(key, language)))?;
    sheet.add_data_validation(1, ANSWER, last.max(1), ANSWER, &answers)?;
    sheet.set_landscape().set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(0, 0)?;
    book.save_to_buffer()
}

fn formats() -> Formats {
    let cell = Format::new().set_align(FormatAlign::Top).set_border(FormatBorder::Thin);
    let text = cell.clone().set_text_wrap();
    Formats {
        head: text.clone().set_bold().set_background_color("DDE6EE"),
        quoted: text.clone().set_quote_prefix(),
        number: cell.set_num_format("0.###"),
        answer: text.clone().set_background_color("FFF9E5").set_unlocked(),
        text,
    }
}

fn line(sheet: &mut Worksheet, at: u32, row: &Row, formats: &Formats) -> Result<(), XlsxError> {
    sheet.write_number_with_format(at, 0, row.number as f64, &formats.number)?;
    let first = [
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
    for (n, content) in (1_u16..).zip(first) {
        text(sheet, at, n, content, formats)?;
    }
    for (n, cell) in (10_u16..).zip([&row.model, &row.drawing, &row.required]) {
        match cell {
            Cell::Number(x) => {
                sheet.write_number_with_format(at, n, *x, &formats.number)?;
            }
            Cell::Text(content) => text(sheet, at, n, content, formats)?,
        }
    }
    let last = [&row.unit, &row.finding, &row.fix, &row.place, &row.status];
    for (n, content) in (13_u16..).zip(last) {
        text(sheet, at, n, content, formats)?;
    }
    sheet.write_blank(at, ANSWER, &formats.answer)?;
    sheet.write_blank(at, ANSWER + 1, &formats.answer)?;
    text(sheet, at, FINGERPRINT, &row.fingerprint, formats)
}

/// A text, never a formula.
fn text(sheet: &mut Worksheet, at: u32, n: u16, content: &str, formats: &Formats) -> Result<(), XlsxError> {
    let format = if harmless::is_formula(content) { &formats.quoted } else { &formats.text };
    sheet.write_string_with_format(at, n, content, format)?;
    Ok(())
}
