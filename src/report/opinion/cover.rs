//! The first page: whose submission it is, what was handed in, the conclusion, the score; and at the end, who signs.

use super::sheet::{A4, Cell, Composer, FAINT, MARGIN, RED, Style, bold, plain};
use super::{Options, say};
use crate::report::plain::{tame, tame_to};
use crate::report::words::{filled, word};
use crate::report::{Report, counts, decision_key, reply};
use crate::score::Decision;
use crate::wording::Language;

/// Files that are listed by name.
const FILES: usize = 24;
/// Width of the table, points.
const WIDTH: f32 = A4.0 - 2.0 * MARGIN;

pub(super) fn compose(report: &Report, options: &Options<'_>, c: &mut Composer<'_>) {
    c.gap(8.0);
    c.centred(say("opinion.title", c), bold(20.0));
    c.gap(14.0);
    identity(report, options, c);
    c.gap(16.0);
    conclusion(report, c);
    c.gap(14.0);
    scores(report, c);
    c.gap(14.0);
    plans(report, c);
}

fn pair(c: &mut Composer<'_>, key: &str, value: String) {
    let cells =
        [Cell { text: say(key, c).into(), style: bold(10.0) }, Cell { text: value, style: plain(10.0) }];
    c.row(&[110.0, WIDTH - 110.0], &cells, false, None);
}

fn identity(report: &Report, options: &Options<'_>, c: &mut Composer<'_>) {
    let id = &report.identity;
    let given = |text: &Option<String>| text.as_deref().map(tame).unwrap_or_else(|| "–".into());
    pair(c, "opinion.project", given(&id.project_code));
    pair(c, "opinion.building", given(&id.building_code));
    pair(c, "opinion.stage", given(&id.stage));
    let scope = if id.scope == "all" { say("opinion.scope-all", c).to_owned() } else { tame(&id.scope) };
    pair(c, "opinion.scope", scope);
    let files = |models: bool| {
        let names: Vec<String> = report
            .inputs
            .iter()
            .filter(|i| (i.format == "ifc") == models)
            .map(|i| tame_to(&i.name, 80))
            .collect();
        let more = names.len().saturating_sub(FILES);
        let mut text = names.into_iter().take(FILES).collect::<Vec<_>>().join(", ");
        if more > 0 {
            text.push_str(&format!(" … +{more}"));
        }
        if text.is_empty() { "–".to_owned() } else { text }
    };
    pair(c, "opinion.models", files(true));
    pair(c, "opinion.drawings", files(false));
    pair(c, "opinion.profile", tame(&report.profile));
    if !options.date.is_empty() {
        pair(c, "opinion.date", options.date.to_owned());
    }
}

fn conclusion(report: &Report, c: &mut Composer<'_>) {
    c.paragraph(say("opinion.conclusion", c), bold(13.0));
    c.gap(4.0);
    let good = matches!(report.decision, Decision::Accept | Decision::AcceptWithWarnings);
    let colour = if good { plain(14.0).colour } else { RED };
    let decision = word(&format!("decision.{}", decision_key(report.decision)), c.language);
    c.paragraph(decision, Style { size: 14.0, bold: true, colour });
    for reason in &report.reasons {
        c.paragraph(&format!("– {}", tame(reason.get(c.language))), plain(10.0));
    }
    let n = counts(&report.findings);
    let values = [
        ("errors", n.errors.to_string()),
        ("warnings", n.warnings.to_string()),
        ("infos", n.infos.to_string()),
        ("undecided", n.undecided.to_string()),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
    c.paragraph(&filled("opinion.counts", c.language, &values), plain(10.5));
    if let Some(answered) = reply::counted(report, c.language) {
        c.paragraph(&answered, plain(10.5));
    }
}

fn scores(report: &Report, c: &mut Composer<'_>) {
    let widths = [WIDTH * 0.4, WIDTH * 0.2, WIDTH * 0.2, WIDTH * 0.2];
    let head = ["opinion.family", "opinion.score", "opinion.grade", "opinion.decided"];
    let head = head.map(|key| Cell { text: say(key, c).into(), style: bold(10.0) });
    c.row(&widths, &head, true, None);
    for family in ["completeness", "quality", "consistency", "compliance", "total"] {
        let Some(score) = report.scores.get(family) else { continue };
        let style = if family == "total" { bold(10.0) } else { plain(10.0) };
        let value = score.value.map_or("–".into(), |v| format!("{v:.1}"));
        let cells = [
            word(&format!("family.{family}"), c.language).to_owned(),
            value,
            score.grade.clone(),
            percent(score.coverage, c.language),
        ];
        c.row(&widths, &cells.map(|text| Cell { text, style }), false, None);
    }
}

/// A share in whole per cent, with a space before the sign in English (ISO 80000-1) and none in Chinese.
fn percent(share: f64, language: Language) -> String {
    let space = if language == Language::En { " " } else { "" };
    format!("{:.0}{space}%", share * 100.0)
}

/// How each plan was laid, or why not.
fn plans(report: &Report, c: &mut Composer<'_>) {
    if report.plans.is_empty() {
        return;
    }
    c.paragraph(say("opinion.plans", c), bold(13.0));
    c.gap(4.0);
    for plan in &report.plans {
        let story = tame_to(plan.story.get(c.language), 400);
        let laid = plan.transform.m.is_some();
        let style = if laid { plain(9.5) } else { Style { colour: RED, ..plain(9.5) } };
        c.paragraph(&story, style);
    }
}

/// Lines to sign on.
pub(super) fn signatures(c: &mut Composer<'_>) {
    const HIGH: f32 = 110.0;
    if c.left() < HIGH {
        c.page(A4);
    }
    c.gap(28.0);
    let widths = [WIDTH / 3.0; 3];
    let keys = ["opinion.reviewer", "opinion.designer", "opinion.signed"];
    let head = keys.map(|key| Cell { text: say(key, c).into(), style: bold(10.0) });
    c.row(&widths, &head, true, None);
    // room for a hand
    let room = [0; 3].map(|_| Cell { text: " ".into(), style: plain(32.0) });
    c.row(&widths, &room, false, None);
    c.gap(6.0);
    c.paragraph(say("opinion.note", c), Style { size: 8.0, bold: false, colour: FAINT });
}
