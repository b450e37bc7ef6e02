//! Tables: a lattice of horizontal and vertical lines, and the texts in its cells.

use crate::drawing::model::{Sheet, TextMark};
use crate::geom::{Box2, Point2};

/// A lattice with its texts.
#[derive(Clone, Debug)]
pub struct Table {
    /// Where it is, drawing units.
    pub bounds: Box2,
    /// Texts by row (from the top) and column (from the left): numbers into `Sheet::texts`, in reading order.
    pub rows: Vec<Vec<Vec<usize>>>,
}

/// Lines within this share of the table's text height are one rule.
const SAME_RULE: f64 = 0.35;
/// A table has at least so many rules in each direction.
const MIN_RULES: usize = 3;
/// More rules than this are a hatch or a grating.
const MAX_RULES: usize = 600;
/// Rules span at least this share of the table's other extent.
const SPAN: f64 = 0.6;

/// The lattices of ruled lines of a sheet. With `y_down` the top is where y is small.
pub fn all(sheet: &Sheet, y_down: bool) -> Vec<Table> {
    let mut lines: Vec<(Point2, Point2)> = sheet
        .lines
        .iter()
        .filter(|l| sheet.marks.get(l.mark as usize).is_some_and(|m| m.visible))
        .map(|l| (l.segment.a, l.segment.b))
        .filter(|(a, b)| a.is_finite() && b.is_finite())
        .collect();
    lines.retain(|(a, b)| {
        let d = *b - *a;
        d.length() > 0.0 && (d.x.abs() < 1e-3 * d.length() || d.y.abs() < 1e-3 * d.length())
    });
    clusters(&lines).into_iter().filter_map(|members| table(sheet, y_down, &lines, &members)).collect()
}

/// Lines that touch belong to one lattice.
fn clusters(lines: &[(Point2, Point2)]) -> Vec<Vec<usize>> {
    let boxes: Vec<Box2> = lines.iter().map(|(a, b)| Box2::of(*a, *b)).collect();
    let all = boxes.iter().fold(Box2::EMPTY, |mut acc, b| {
        acc.merge(b);
        acc
    });
    let slack = 1e-5 * all.diagonal();
    let index = crate::geom::BoxIndex::new(boxes.clone());
    let mut seen = vec![false; lines.len()];
    let mut out = Vec::new();
    for start in 0..lines.len() {
        if seen[start] {
            continue;
        }
        seen[start] = true;
        let mut members = vec![start];
        let mut at = 0;
        while at < members.len() {
            for i in index.touching(&boxes[members[at]].grown(slack)) {
                if !seen[i] {
                    seen[i] = true;
                    members.push(i);
                }
            }
            at += 1;
        }
        if members.len() >= 2 * MIN_RULES {
            out.push(members);
        }
    }
    out
}

fn table(sheet: &Sheet, y_down: bool, lines: &[(Point2, Point2)], members: &[usize]) -> Option<Table> {
    let bounds = Box2::around(members.iter().flat_map(|&i| [lines[i].0, lines[i].1]));
    let texts: Vec<usize> = (0..sheet.texts.len())
        .filter(|&i| {
            let t = &sheet.texts[i];
            bounds.contains(t.centre) && sheet.marks.get(t.mark as usize).is_some_and(|m| m.visible)
        })
        .collect();
    let mut heights: Vec<f64> = texts.iter().map(|&i| sheet.texts[i].height).collect();
    heights.sort_by(f64::total_cmp);
    let height = *heights.get(heights.len() / 2)?;
    let rules = |vertical: bool| {
        let extent = if vertical { bounds.height() } else { bounds.width() };
        // pieces of one rule add up
        let mut at: Vec<(f64, f64)> = members
            .iter()
            .map(|&i| lines[i])
            .filter(|(a, b)| ((b.x - a.x).abs() < (b.y - a.y).abs()) == vertical)
            .map(|(a, b)| if vertical { (a.x, (b.y - a.y).abs()) } else { (a.y, (b.x - a.x).abs()) })
            .collect();
        at.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut out: Vec<(f64, f64)> = Vec::new();
        for (p, length) in at {
            match out.last_mut() {
                Some(last) if p - last.0 < SAME_RULE * height => last.1 += length,
                _ => out.push((p, length)),
            }
        }
        out.retain(|r| r.1 >= SPAN * extent);
        out.into_iter().map(|r| r.0).collect::<Vec<f64>>()
    };
    let (columns, rows) = (rules(true), rules(false));
    if columns.len() < MIN_RULES || rows.len() < MIN_RULES || columns.len().max(rows.len()) > MAX_RULES {
        return None;
    }
    let mut cells = vec![vec![Vec::new(); columns.len() - 1]; rows.len() - 1];
    for i in texts {
        let p = sheet.texts[i].centre;
        let (c, r) = (columns.partition_point(|x| *x <= p.x), rows.partition_point(|y| *y <= p.y));
        if c > 0 && r > 0 && c < columns.len() && r < rows.len() {
            cells[if y_down { r - 1 } else { rows.len() - 1 - r }][c - 1].push(i);
        }
    }
    cells.iter_mut().flatten().for_each(|cell| reading_order(sheet, y_down, cell));
    Some(Table { bounds, rows: cells })
}

/// Top to bottom, then left to right.
fn reading_order(sheet: &Sheet, y_down: bool, cell: &mut [usize]) {
    let down = |t: &TextMark| if y_down { t.centre.y } else { -t.centre.y };
    cell.sort_by(|&a, &b| {
        let (a, b) = (&sheet.texts[a], &sheet.texts[b]);
        down(a).total_cmp(&down(b)).then(a.centre.x.total_cmp(&b.centre.x))
    });
    // texts of one line differ by less than half their height
    cell.chunk_by_mut(|&a, &b| {
        (down(&sheet.texts[b]) - down(&sheet.texts[a])) <= 0.5 * sheet.texts[a].height
    })
    .for_each(|line| line.sort_by(|&a, &b| sheet.texts[a].centre.x.total_cmp(&sheet.texts[b].centre.x)));
}

/// The texts of a cell as one string.
pub fn cell_text(sheet: &Sheet, cell: &[usize]) -> String {
    let parts = cell.iter().filter_map(|&i| sheet.texts.get(i)).map(|t| t.text.trim());
    parts.collect::<Vec<_>>().join(" ").trim().to_owned()
}
