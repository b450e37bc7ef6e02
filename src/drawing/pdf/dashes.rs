//! Dashed lines that a printer driver drew dash by dash: one line again, told as dashed.

use crate::drawing::model::{LineMark, Sheet};
use crate::geom::{Point2, Segment2};

/// The widest gap within a dashed line, points (4 mm of paper): walls between openings stand further apart.
const GAP: f64 = 11.4;
/// Dashes that make a pattern.
const MIN_DASHES: usize = 4;
/// How far dashes may lie off their line, points.
const OFF_LINE: f64 = 0.02;
/// How far lengths of one pattern may differ, points, beside a share of their length.
const UNEVEN: f64 = 0.05;
const UNEVEN_SHARE: f64 = 0.02;
/// Dashes of different lengths in one pattern: long, short, point.
const KINDS: usize = 3;

/// Replaces rows of dashes by their lines.
pub(super) fn merge(sheet: &mut Sheet) {
    let lines = std::mem::take(&mut sheet.lines);
    let mut out: Vec<LineMark> = Vec::with_capacity(lines.len());
    let mut from = 0;
    while from < lines.len() {
        let mut to = from + 1;
        while to < lines.len() && goes_on(sheet, &lines[from..to], &lines[to]) {
            to += 1;
        }
        let row = &lines[from..to];
        if is_pattern(row) {
            let whole = Segment2::new(row[0].segment.a, row[row.len() - 1].segment.b);
            if let Some(mark) = sheet.marks.get_mut(row[0].mark as usize) {
                mark.dashed = true;
            }
            out.push(LineMark { mark: row[0].mark, segment: whole });
        } else {
            out.extend_from_slice(row);
        }
        from = to;
    }
    sheet.lines = out;
}

/// `next` looks like the row and stands behind it on its line, a gap away.
fn goes_on(sheet: &Sheet, row: &[LineMark], next: &LineMark) -> bool {
    let (Some(first), Some(last)) = (row.first(), row.last()) else { return false };
    let look = |m: u32| sheet.marks.get(m as usize).map(|m| (m.layer, m.colour, m.weight, m.dashed));
    if look(first.mark) != look(next.mark) {
        return false;
    }
    let Some(along) = (next.segment.b - first.segment.a).normalised() else { return false };
    let on_line = |p: Point2| along.cross(p - first.segment.a).abs() < OFF_LINE;
    let gap = (next.segment.a - last.segment.b).dot(along);
    (1e-3..=GAP).contains(&gap)
        && on_line(last.segment.b)
        && on_line(next.segment.a)
        && along.dot(last.segment.b - last.segment.a) >= 0.0
        && along.dot(next.segment.b - next.segment.a) >= 0.0
}

/// Gaps are even, and the dashes between the first and the last have few different lengths.
fn is_pattern(row: &[LineMark]) -> bool {
    if row.len() < MIN_DASHES {
        return false;
    }
    let even = |a: f64, b: f64| (a - b).abs() <= UNEVEN + UNEVEN_SHARE * a.max(b);
    let gap = |w: &[LineMark]| w[0].segment.b.distance(w[1].segment.a);
    let first_gap = gap(&row[..2]);
    if !row.windows(2).all(|w| even(gap(w), first_gap)) {
        return false;
    }
    let mut kinds: Vec<f64> = Vec::new();
    for dash in &row[1..row.len() - 1] {
        let length = dash.segment.length();
        if !kinds.iter().any(|k| even(*k, length)) {
            kinds.push(length);
        }
    }
    kinds.len() <= KINDS && kinds.len() * 2 < row.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawing::model::Mark;

    fn sheet(dashes: &[(f64, f64)]) -> Sheet {
        let mut sheet = Sheet::default();
        for (i, (from, to)) in dashes.iter().enumerate() {
            sheet.marks.push(Mark { visible: true, ..Mark::default() });
            let segment = Segment2::new(Point2::new(*from, 5.0), Point2::new(*to, 5.0));
            sheet.lines.push(LineMark { mark: i as u32, segment });
        }
        sheet
    }

    #[test]
    fn a_chain_line_is_one_line() {
        let mut dashes = Vec::new();
        for i in 0..6 {
            let x = f64::from(i) * 46.0;
            dashes.extend([(x, x + 34.0), (x + 39.0, x + 41.0)]);
        }
        let mut s = sheet(&dashes);
        merge(&mut s);
        assert_eq!(s.lines.len(), 1);
        assert!(s.marks[0].dashed && (s.lines[0].segment.length() - 271.0).abs() < 1e-9);
    }

    #[test]
    fn walls_between_openings_stay_apart() {
        for walls in
            [&[(0.0, 40.0), (65.0, 90.0), (115.0, 160.0), (185.0, 200.0)][..], &[(0.0, 9.0), (12.0, 20.0)]]
        {
            let mut s = sheet(walls);
            merge(&mut s);
            assert_eq!(s.lines.len(), walls.len());
        }
    }
}
