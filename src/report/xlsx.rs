//! The findings as a workbook for reviewers: a row each, filters, a frozen header, and two columns to answer in. The
//! fingerprint stands in a hidden column, so that answers find their findings again.

use super::plain::tame;
use super::reply::Answer;
use super::row::{COLUMNS, Cell, rows};
use super::words::{filled, word};
use super::{Report, harmless};
use crate::finding::Finding;
use crate::wording::Language;
use rayon::prelude::*;
use rust_xlsxwriter::{
    DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Image, Workbook,
    Worksheet, XlsxError,
};

/// The columns to answer in, and the last, by which an answer finds its finding again.
const ANSWER: usize = 18;
const REMARK: usize = 19;
const FINGERPRINT: usize = 20;
/// Findings that have a picture, the first ones: more would make a file that mail does not take.
pub const PICTURES: usize = 120;
/// The column of pictures, its width in characters, and the height of a row with one, points.
const PICTURE: (u16, f64, f64) = (FINGERPRINT as u16 + 1, 36.0, 190.0);
/// Rows of a sheet; Excel takes 1,048,576.
const MAX_ROWS: usize = 200_000;

struct Formats {
    head: Format,
    text: Format,
    /// Excel takes it for text even after it was edited.
    quoted: Format,
    number: Format,
    answer: Format,
}

/// Makes the PNG of a finding; `None` where no plan shows it, or no pictures can be made.
pub type Photographer<'a> = dyn Fn(&Finding) -> Option<Vec<u8>> + Sync + 'a;

/// The workbook, with a close-up of each of the first findings. Equal reports give equal bytes: its date is fixed.
///
/// # Errors
/// When the workbook cannot be built.
pub fn write(report: &Report, language: Language, picture: &Photographer<'_>) -> Result<Vec<u8>, XlsxError> {
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
    let (answer, fingerprint) = (ANSWER as u16, FINGERPRINT as u16);
    sheet.set_column_hidden(fingerprint)?;
    let rows = rows(report, language);
    let total = rows.len();
    let last = u32::try_from(total.min(MAX_ROWS)).unwrap_or(u32::MAX);
    for (at, row) in (1_u32..).zip(rows.into_iter().take(MAX_ROWS)) {
        line(sheet, at, row.into_cells(), &formats)?;
    }
    pictures(sheet, report, language, &formats, picture)?;
    if total > MAX_ROWS {
        let left = filled("table.more-rows", language, &[("n", &(total - MAX_ROWS).to_string())]);
        sheet.write_string(last + 1, 0, left)?;
    }
    sheet.autofilter(0, 0, last, fingerprint - 1)?;
    let answers = DataValidation::new().allow_list_strings(&Answer::ALL.map(|a| word(a.key(), language)))?;
    sheet.add_data_validation(1, answer, last.max(1), answer, &answers)?;
    sheet.set_landscape().set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(0, 0)?;
    if !report.notices.is_empty() {
        notices(book.add_worksheet(), report, language, &formats)?;
    }
    book.save_to_buffer()
}

/// What the readers repaired or skipped, on a sheet of its own behind the findings.
fn notices(
    sheet: &mut Worksheet,
    report: &Report,
    language: Language,
    formats: &Formats,
) -> Result<(), XlsxError> {
    sheet.set_name(word("table.notices", language))?;
    for (n, (key, width)) in (0_u16..).zip([("page.code", 26.0), ("page.place", 44.0), ("page.note", 90.0)]) {
        sheet.set_column_width(n, width)?;
        sheet.write_string_with_format(0, n, word(key, language), &formats.head)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (at, notice) in (1_u32..).zip(report.notices.iter().take(MAX_ROWS)) {
        let texts = [notice.code.as_str(), &notice.place.to_string(), notice.message.get(language)].map(tame);
        for (n, text) in (0_u16..).zip(texts) {
            let format = if harmless::is_formula(&text) { &formats.quoted } else { &formats.text };
            sheet.write_string_with_format(at, n, text, format)?;
        }
    }
    sheet.autofilter(0, 0, u32::try_from(report.notices.len().min(MAX_ROWS)).unwrap_or(1), 2)?;
    Ok(())
}

/// Close-ups beside the rows, in the last column.
fn pictures(
    sheet: &mut Worksheet,
    report: &Report,
    language: Language,
    formats: &Formats,
    picture: &Photographer<'_>,
) -> Result<(), XlsxError> {
    let made: Vec<Option<Vec<u8>>> = report.findings.par_iter().take(PICTURES).map(picture).collect();
    if made.iter().all(Option::is_none) {
        return Ok(());
    }
    let (column, width, height) = PICTURE;
    sheet.set_column_width(column, width)?;
    sheet.write_string_with_format(0, column, word("table.picture", language), &formats.head)?;
    for (at, png) in (1_u32..).zip(made) {
        let Some(png) = png else { continue };
        sheet.set_row_height(at, height)?;
        sheet.insert_image_fit_to_cell(at, column, &Image::new_from_buffer(&png)?, true)?;
    }
    Ok(())
}

fn formats() -> Formats {
    let cell = Format::new().set_align(FormatAlign::Top).set_border(FormatBorder::Thin);
    let text = cell.clone().set_text_wrap();
    Formats {
        head: text.clone().set_bold().set_background_color("DDE6EE"),
        quoted: text.clone().set_quote_prefix(),
        number: cell.set_num_format("0.###"),
        answer: text.clone().set_background_color("FFF9E5").set_unlocked().set_quote_prefix(),
        text,
    }
}

fn line(sheet: &mut Worksheet, at: u32, cells: [Cell; 21], formats: &Formats) -> Result<(), XlsxError> {
    for (n, cell) in cells.into_iter().enumerate() {
        let column = n as u16;
        match cell {
            Cell::Number(x) => {
                sheet.write_number_with_format(at, column, x, &formats.number)?;
            }
            Cell::Text(content) if n == ANSWER || n == REMARK => {
                // what stands there is a person's: it stays text, and theirs to change
                sheet.write_string_with_format(at, column, content, &formats.answer)?;
            }
            Cell::Text(content) => {
                let formula = harmless::is_formula(&content);
                let format = if formula { &formats.quoted } else { &formats.text };
                sheet.write_string_with_format(at, column, content, format)?;
            }
        }
    }
    Ok(())
}
