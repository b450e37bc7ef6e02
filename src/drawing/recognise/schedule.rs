//! Door and window schedules, and title blocks: what their headings mean is data, `rules/drawing/schedules.toml`.

use super::table::{self, Table};
use super::text::fold::fold;
use super::text::lexicon::Lexicon;
use super::text::{length, mark, scale, storey};
use crate::drawing::model::{Drawing, Sheet, TextMark};
use crate::drawing::plans::{Schedule, ScheduleRow, TitleBlock, TitleField};
use crate::geom::{Box2, Point2};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

#[derive(Default, Deserialize)]
struct Words {
    column: BTreeMap<String, Vec<String>>,
    field: BTreeMap<String, Vec<String>>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../rules/drawing/schedules.toml")).unwrap_or_default()
});

/// Words of columns, and per word its column and length.
static COLUMNS: LazyLock<(Lexicon, Vec<(&str, usize)>)> = LazyLock::new(|| {
    let all = WORDS.column.iter().flat_map(|(name, words)| words.iter().map(|w| (name.as_str(), w.as_str())));
    (Lexicon::new(all.clone().map(|w| w.1)), all.map(|(name, w)| (name, w.chars().count())).collect())
});

/// Labels of fields: the folded word and its field, the first one that has it.
static FIELDS: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let all = WORDS.field.iter().rev();
    all.flat_map(|(name, words)| words.iter().map(|w| (w.as_str(), name.as_str()))).collect()
});

/// Which column a heading names: the longest word that it holds decides.
fn column(text: &str) -> Option<&'static str> {
    let (lexicon, columns) = &*COLUMNS;
    let found = lexicon.found(&fold(text)).into_iter().map(|w| columns[w]);
    found.max_by_key(|(_, length)| *length).map(|(name, _)| name)
}

/// All schedules of a sheet, whether it is theirs alone or they stand beside plans.
pub fn find(drawing: &Drawing, number: u32, sheet_number: usize) -> Vec<Schedule> {
    let Some(sheet) = drawing.sheets.get(sheet_number) else { return Vec::new() };
    // a lattice is looked for only where a heading of marks stands
    let heading = |t: &TextMark| t.text.chars().count() <= 24 && column(&t.text) == Some("mark");
    if !sheet.texts.iter().any(heading) {
        return Vec::new();
    }
    table::all(sheet, drawing.y_down)
        .iter()
        .filter_map(|t| {
            let rows = rows(sheet, t)?;
            Some(Schedule { drawing: number, sheet: sheet_number as u32, region: t.bounds, rows })
        })
        .collect()
}

/// Marks of texts that belong to a title block within an area: they name no rooms and no openings there. `extent` is the
/// area's diagonal: what is scattered over it is no block.
pub fn title_texts(
    sheet: &Sheet,
    y_down: bool,
    inside: &dyn Fn(Point2) -> bool,
    extent: f64,
) -> BTreeSet<u32> {
    /// A block takes no more than this share of its sheet's diagonal.
    const BLOCK: f64 = 0.45;
    /// Its other texts stand within so many text heights of its fields.
    const BESIDE: f64 = 4.0;
    let Some(block) = title_block(sheet, y_down, inside) else { return BTreeSet::new() };
    let labels: Vec<&TextMark> =
        sheet.texts.iter().filter(|t| inside(t.centre) && field_of(t).is_some()).collect();
    let mut out: BTreeSet<u32> = labels.iter().map(|t| t.mark).collect();
    out.extend(block.fields.iter().map(|f| f.text_mark));
    let height = labels.iter().map(|t| t.height).fold(0.0, f64::max);
    let around = Box2::around(labels.iter().map(|t| t.centre).chain(block.fields.iter().map(|f| f.at)));
    if block.fields.len() >= 3 && around.diagonal() < BLOCK * extent {
        let around = around.grown(BESIDE * height);
        out.extend(sheet.texts.iter().filter(|t| around.contains(t.centre)).map(|t| t.mark));
    }
    out
}

/// Reads the rows below the heading; `None` where the table is no schedule of marks.
fn rows(sheet: &Sheet, t: &Table) -> Option<Vec<ScheduleRow>> {
    // headings may span two rows: the first row with a column of marks, and the next one for storeys
    let heading = t
        .rows
        .iter()
        .take(4)
        .position(|r| r.iter().any(|c| column(&table::cell_text(sheet, c)) == Some("mark")))?;
    let mut roles: Vec<Option<String>> = Vec::new();
    let mut storeys: Vec<Option<String>> = Vec::new();
    for cell in &t.rows[heading] {
        let text = table::cell_text(sheet, cell);
        let role = column(&text).map(str::to_owned);
        let storey = role.is_none() && storey::names_any(&storey::parse(&text));
        storeys.push(storey.then(|| text.clone()));
        roles.push(role);
    }
    let mut out = Vec::new();
    for row in &t.rows[heading + 1..] {
        if let Some(r) = read_row(sheet, row, &roles, &mut storeys) {
            out.push(r);
        }
    }
    (!out.is_empty()).then_some(out)
}

fn read_row(
    sheet: &Sheet,
    cells: &[Vec<usize>],
    roles: &[Option<String>],
    storeys: &mut [Option<String>],
) -> Option<ScheduleRow> {
    let text = |i: usize| cells.get(i).map(|c| table::cell_text(sheet, c)).unwrap_or_default();
    let at = |role: &str| roles.iter().position(|r| r.as_deref() == Some(role));
    let column = at("mark")?;
    let mark_text = text(column);
    if mark::parse(&mark_text).is_none() && !mark_text.chars().any(|c| c.is_ascii_digit()) {
        // a second row of headings names the storeys
        for (i, slot) in storeys.iter_mut().enumerate() {
            let t = text(i);
            if storey::names_any(&storey::parse(&t)) {
                *slot = Some(t);
            }
        }
        return None;
    }
    let first: &TextMark = cells.get(column)?.first().and_then(|&i| sheet.texts.get(i))?;
    let millimetres = |t: &str| length::parse(t).map(|l| l.metres(0.001)).filter(|m| *m > 0.0);
    let mut row = ScheduleRow {
        mark: mark_text,
        width_m: at("width").and_then(|i| millimetres(&text(i))),
        height_m: at("height").and_then(|i| millimetres(&text(i))),
        at: first.centre,
        text_mark: first.mark,
        ..ScheduleRow::default()
    };
    if let Some((w, h)) = at("size").and_then(|i| size(&text(i))) {
        row.width_m = row.width_m.or(Some(w));
        row.height_m = row.height_m.or(Some(h));
    }
    row.total = at("total").and_then(|i| text(i).trim().parse().ok());
    for (i, heading) in storeys.iter().enumerate() {
        if let Some(heading) = heading
            && roles.get(i).is_none_or(Option::is_none)
        {
            let n = text(i);
            let n = n.trim().trim_matches(['-', '—', '/']);
            if n.is_empty() {
                row.per_storey.push((heading.clone(), 0));
            } else if let Ok(n) = n.parse() {
                row.per_storey.push((heading.clone(), n));
            }
        }
    }
    Some(row)
}

/// `1800×2400`, `3'-0" x 7'-0"`.
fn size(text: &str) -> Option<(f64, f64)> {
    let folded = fold(text).replace(['×', '*'], "X");
    let (w, h) = folded.split_once('X')?;
    let metres = |t: &str| length::parse(t.trim()).map(|l| l.metres(0.001));
    Some((metres(w)?, metres(h)?))
}

/// The title block within an area: texts that name a field, each with the nearest text to its right (or below).
pub fn title_block(sheet: &Sheet, y_down: bool, inside: &dyn Fn(Point2) -> bool) -> Option<TitleBlock> {
    let texts: Vec<&TextMark> = sheet
        .texts
        .iter()
        .filter(|t| inside(t.centre) && sheet.marks.get(t.mark as usize).is_some_and(|m| m.visible))
        .collect();
    let mut block = TitleBlock::default();
    let mut found = 0;
    let fields: Vec<Option<&str>> = texts.iter().map(|t| field_of(t)).collect();
    let labels = texts.iter().zip(&fields).filter_map(|(t, f)| Some((*t, (*f)?))).take(MAX_FIELDS);
    let beside = labels.filter_map(|(l, field)| Some((field, value_of(l, &texts, &fields, y_down)?)));
    // an attribute's tag names its field
    let tagged = texts.iter().filter_map(|t| {
        let field = exact_field(&t.tag.as_ref()?.replace('_', " "))?;
        (!t.text.trim().is_empty()).then_some((field, *t))
    });
    for (field, text) in tagged.take(MAX_FIELDS).chain(beside) {
        let value = text.text.trim().to_owned();
        block.fields.push(TitleField {
            field: field.to_owned(),
            value: value.clone(),
            at: text.centre,
            text_mark: text.mark,
        });
        let slot = match field {
            "project" => &mut block.project,
            "project_code" => &mut block.project_code,
            "building" => &mut block.building,
            "sheet_title" => &mut block.sheet_title,
            "sheet_number" => &mut block.sheet_number,
            "discipline" => &mut block.discipline,
            "date" => &mut block.date,
            "version" => &mut block.version,
            "scale" => {
                block.scale = block.scale.or_else(|| scale::parse(&value));
                found += 1;
                continue;
            }
            _ => continue,
        };
        if slot.is_none() && !value.is_empty() {
            *slot = Some(value);
            found += 1;
        }
    }
    // two fields make a block; one may be a note
    (found >= 2).then_some(block)
}

/// Title blocks have fewer fields than this, on all sheets of one file side by side.
const MAX_FIELDS: usize = 2_000;

/// The field that a text is the label of.
fn field_of(t: &TextMark) -> Option<&'static str> {
    let name = t.text.trim().trim_end_matches([':', '：']);
    (name.chars().count() <= 16).then(|| exact_field(name)).flatten()
}

/// A label is the word itself, not a sentence that holds it.
fn exact_field(name: &str) -> Option<&'static str> {
    let folded = fold(name);
    let folded = folded.trim_end_matches(['.', ':', ' ']);
    FIELDS.get(folded).copied()
}

/// The nearest text on the same line to the right, else the nearest one below.
fn value_of<'a>(
    label: &TextMark,
    texts: &[&'a TextMark],
    fields: &[Option<&str>],
    y_down: bool,
) -> Option<&'a TextMark> {
    let h = label.height.max(1e-9);
    let mut best: Option<(f64, &'a TextMark)> = None;
    for (t, field) in texts.iter().copied().zip(fields) {
        if std::ptr::eq(t, label) || field.is_some() {
            continue;
        }
        let up = if y_down { -1.0 } else { 1.0 };
        let (dx, dy) = (t.centre.x - label.centre.x, (t.centre.y - label.centre.y) * up);
        let gap = dx - (t.width + label.width) / 2.0;
        let right = dy.abs() < 0.9 * h && dx > 0.0 && gap > -0.5 * h && gap < 30.0 * h;
        let below = dx.abs() < 0.6 * (t.width + label.width) && (-4.0 * h..-0.8 * h).contains(&dy);
        let cost = if right {
            gap.max(0.0)
        } else if below {
            30.0 * h - dy
        } else {
            continue;
        };
        if best.is_none_or(|b| cost < b.0) {
            best = Some((cost, t));
        }
    }
    // an empty field is followed by the next label at once
    let (cost, value) = best?;
    let next = texts.iter().zip(fields).any(|(t, field)| {
        field.is_some()
            && !std::ptr::eq(*t, label)
            && (t.centre.y - label.centre.y).abs() < 0.9 * h
            && t.centre.x > label.centre.x
            && t.centre.x < value.centre.x
    });
    (!next || cost > 30.0 * h).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_told_by_their_longest_word() {
        assert_eq!(column("设计编号"), Some("mark"));
        assert_eq!(column("洞口尺寸(mm)"), Some("size"));
        assert_eq!(column("TYPE MARK"), Some("mark"));
        assert_eq!(column("合计"), Some("total"));
        assert_eq!(column("QTY"), Some("total"));
        assert_eq!(column("一层"), None);
        assert_eq!(exact_field("图号"), Some("sheet_number"));
        assert_eq!(exact_field("本工程名称见总图"), None);
    }

    #[test]
    fn sizes() {
        assert_eq!(size("1800×2400"), Some((1.8, 2.4)));
        assert_eq!(size("900x2100"), Some((0.9, 2.1)));
        assert_eq!(size("见详图"), None);
    }
}
