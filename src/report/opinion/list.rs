//! The findings in a table: number, rule, where, what is wrong with both values, what to do, and room to answer.

use super::say;
use super::sheet::{A4, Cell, Composer, MARGIN, RED, Style, bold, plain};
use crate::report::Report;
use crate::report::plain::tame;
use crate::report::row::{Row, rows};
use crate::report::words::filled;

/// Findings in the document; the JSON report holds all.
const FINDINGS: usize = 2_000;
/// Notes of the readers in the document.
const NOTICES: usize = 200;
/// Widths of the columns, as shares: number, code, place, finding, fix, answer.
const SHARES: [f32; 6] = [0.06, 0.12, 0.15, 0.32, 0.21, 0.14];

pub(super) fn compose(report: &Report, c: &mut Composer<'_>) {
    c.page(A4);
    c.paragraph(say("opinion.findings", c), bold(13.0));
    c.gap(6.0);
    if report.findings.is_empty() {
        c.paragraph(say("page.none", c), plain(10.0));
        return;
    }
    let widths = SHARES.map(|s| s * (A4.0 - 2.0 * MARGIN));
    let keys = ["table.number", "table.code", "opinion.where", "table.finding", "table.fix", "table.answer"];
    let head = keys.map(|key| Cell { text: say(key, c).into(), style: bold(8.5) });
    c.row(&widths, &head, true, None);
    let all = rows(report, c.language);
    let total = all.len();
    for row in all.into_iter().take(FINDINGS) {
        if !c.row(&widths, &cells(row), false, Some(&head)) {
            break;
        }
    }
    if total > FINDINGS {
        let left = (total - FINDINGS).to_string();
        c.paragraph(&filled("table.more-rows", c.language, &[("n", &left)]), plain(9.0));
    }
}

/// What the readers repaired or skipped: what seems to be missing may be missing there.
pub(super) fn notices(report: &Report, c: &mut Composer<'_>) {
    if report.notices.is_empty() {
        return;
    }
    c.gap(16.0);
    c.paragraph(say("table.notices", c), bold(13.0));
    c.gap(6.0);
    let widths = [0.2, 0.3, 0.5].map(|s| s * (A4.0 - 2.0 * MARGIN));
    let head = ["page.code", "page.place", "page.note"]
        .map(|key| Cell { text: say(key, c).into(), style: bold(8.5) });
    c.row(&widths, &head, true, None);
    for notice in report.notices.iter().take(NOTICES) {
        let texts =
            [notice.code.as_str(), &notice.place.to_string(), notice.message.get(c.language)].map(tame);
        if !c.row(&widths, &texts.map(|text| Cell { text, style: plain(8.5) }), false, Some(&head)) {
            break;
        }
    }
    let more = report.notices.len().saturating_sub(NOTICES);
    if more > 0 {
        c.paragraph(&filled("table.more-notices", c.language, &[("n", &more.to_string())]), plain(9.0));
    }
}

fn cells(row: Row) -> [Cell; 6] {
    let text = |text: String| Cell { text, style: plain(8.5) };
    let joined = |parts: [&str; 3]| {
        let parts: Vec<&str> = parts.into_iter().filter(|p| !p.is_empty()).collect();
        parts.join(" · ")
    };
    let code = format!("{} {}", row.code, row.severity);
    let place = joined([&row.storey, &row.axis, &row.element]);
    let answer = joined([row.answer, &row.remark, ""]);
    let code = Cell {
        text: code,
        style: Style { colour: if row.grave { RED } else { plain(8.5).colour }, ..plain(8.5) },
    };
    [text(row.number.to_string()), code, text(place), text(row.finding), text(row.fix), text(answer)]
}
