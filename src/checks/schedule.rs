//! The door and window schedule against plans and model: how many of each mark, and of which size.
//!
//! Counts are compared on what the laid plans draw. Where an opening of a fitting size carries no mark that could be
//! read, the count of that mark is not decided.

use super::comparison::{mm, mm_value};
use super::{Check, Findings};
use crate::drawing::plans::{OpeningKind, ScheduleRow};
use crate::facts::Facts;
use crate::finding::{DrawnName, Finding, Side, Value, Verdict};
use crate::ifc::model::Kind;
use crate::matching::mark::{coded, mark_key};
use crate::rulebook::Rule;
use crate::wording::Text;
use std::collections::{BTreeMap, BTreeSet};

/// The check.
pub(super) const CHECK: Check = Check {
    name: "schedule",
    summary: "Do counts and sizes of the door and window schedule agree with plans and model?",
    run,
};

/// Widths that agree to this belong to one mark (metres).
const SAME_M: f64 = 0.03;

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    match rule.params.get("what").and_then(|v| v.as_str()) {
        Some("size") => sizes(facts, rule, findings),
        _ => counts(facts, rule, findings),
    }
}

/// Widths (hole, overall) and height of a modelled opening.
type Size = (Vec<f64>, Option<f64>);

/// One mark on the laid plans.
#[derive(Default)]
struct Drawn {
    /// Plan → how many; typical floors count once for each storey.
    per_plan: BTreeMap<usize, u32>,
    widths: Vec<f64>,
    door: usize,
    window: usize,
}

fn drawn(facts: &Facts<'_>) -> (BTreeMap<String, Drawn>, Vec<(f64, OpeningKind)>) {
    let mut out: BTreeMap<String, Drawn> = BTreeMap::new();
    let mut unmarked = Vec::new();
    for m in &facts.matches.plans {
        let Some(plan) = facts.plans.plans.get(m.plan) else { continue };
        for o in plan.openings.iter().filter(|o| o.kind != OpeningKind::Gap) {
            let Some(key) = o.mark.as_ref().map(|t| mark_key(&t.text)).filter(|k| !k.is_empty()) else {
                unmarked.push((o.width_m, o.kind));
                continue;
            };
            let entry = out.entry(key).or_default();
            *entry.per_plan.entry(m.plan).or_default() += 1;
            entry.widths.push(o.width_m);
            match o.kind {
                OpeningKind::Door => entry.door += 1,
                _ => entry.window += 1,
            }
        }
    }
    (out, unmarked)
}

/// Every storey that has doors or windows is shown by a laid plan: only then can totals be held against plans.
fn complete(facts: &Facts<'_>) -> bool {
    let laid: BTreeSet<usize> = facts.matches.plans.iter().map(|m| m.storey).collect();
    let needed = |s: &crate::ifc::section::StoreyPlan| {
        s.openings.iter().any(|o| o.own_storey && matches!(o.kind, Kind::Door | Kind::Window))
            && s.walls.iter().filter(|w| w.own_storey).count() >= 3
    };
    all_laid(facts) && facts.storeys.iter().enumerate().all(|(i, s)| laid.contains(&i) || !needed(s))
}

fn all_laid(facts: &Facts<'_>) -> bool {
    facts.registration.plans.iter().all(|r| r.to_world.is_some())
}

fn rows<'a>(facts: &'a Facts<'_>) -> Vec<(usize, &'a ScheduleRow)> {
    facts.plans.schedules.iter().enumerate().flat_map(|(i, s)| s.rows.iter().map(move |r| (i, r))).collect()
}

fn counts(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let rows = rows(facts);
    if rows.is_empty() || facts.matches.plans.is_empty() {
        findings.not_applicable(rule, 1);
        return;
    }
    let (marks, unmarked) = drawn(facts);
    let laid: BTreeSet<usize> = facts.matches.plans.iter().map(|m| m.storey).collect();
    let columns =
        facts.plans.schedules.iter().flat_map(|s| &s.rows).map(|r| r.per_storey.len()).max().unwrap_or(0);
    // the schedule's own columns say which storeys it is about
    let complete = complete(facts) || (columns > 0 && columns == laid.len() && all_laid(facts));
    let mut listed: BTreeMap<String, Vec<(usize, &ScheduleRow)>> = BTreeMap::new();
    for (s, row) in rows {
        let key = mark_key(&row.mark);
        if !key.is_empty() {
            listed.entry(key).or_default().push((s, row));
        }
    }
    for (key, rows) in &listed {
        count_one(facts, rule, findings, key, rows, marks.get(key), complete, &unmarked);
    }
    if !complete {
        return;
    }
    for (key, d) in marks.iter().filter(|(k, _)| !listed.contains_key(*k)) {
        // a mark that is drawn and not listed; serial texts that are no marks are left alone
        let n: u32 = d.per_plan.values().sum();
        if coded(key).is_none() && n < 2 {
            findings.not_applicable(rule, 1);
            continue;
        }
        let values = [("mark", Text::same(key.clone())), ("measured", Text::same(n.to_string()))];
        let class = if d.door >= d.window { "IfcDoor" } else { "IfcWindow" };
        let finding = findings.say(rule, Verdict::Fail, class, "unlisted", &values);
        finding.side = Some(Side::Differs);
        finding.mark = Some(key.clone());
        finding.confidence = 0.9;
    }
}

#[allow(clippy::too_many_arguments)]
fn count_one(
    facts: &Facts<'_>,
    rule: &Rule,
    findings: &mut Findings,
    key: &str,
    rows: &[(usize, &ScheduleRow)],
    drawn: Option<&Drawn>,
    complete: bool,
    unmarked: &[(f64, OpeningKind)],
) {
    let totals: Vec<u32> = rows.iter().filter_map(|(_, r)| r.total).collect();
    let per: u32 = rows.iter().flat_map(|(_, r)| &r.per_storey).map(|p| p.1).sum();
    let has_per = rows.iter().any(|(_, r)| !r.per_storey.is_empty());
    let total: u32 = totals.iter().sum();
    let Some(&(schedule, row)) = rows.first() else { return };
    let on_plans: u32 = drawn.map_or(0, |d| d.per_plan.values().sum());
    // the schedule against itself
    let split = has_per && !totals.is_empty() && per != total;
    if !complete && !split {
        findings.not_applicable(rule, 1);
        return;
    }
    let stated = if totals.is_empty() { per } else { total };
    let agrees = stated == on_plans && !split;
    if agrees {
        findings.passed(rule, 1);
        return;
    }
    let class = class_of(key, drawn, row);
    let close = |w: f64| row.width_m.is_none_or(|x| (x - w).abs() <= SAME_M);
    let kind = if class == "IfcDoor" { OpeningKind::Door } else { OpeningKind::Window };
    let could = unmarked.iter().filter(|u| close(u.0) && u.1 == kind).count() as u32;
    let undecided = stated > on_plans && could > 0 && stated - on_plans <= could && !split;
    let values = [
        ("mark", Text::same(row.mark.trim())),
        ("measured", Text::same(on_plans.to_string())),
        ("expected", Text::same(stated.to_string())),
        ("sum", Text::same(per.to_string())),
        ("unmarked", Text::same(could.to_string())),
    ];
    let (verdict, case) = if undecided {
        (Verdict::Undecided, "undecided")
    } else if split && per == on_plans {
        (Verdict::Fail, "sum")
    } else {
        (Verdict::Fail, "count")
    };
    let finding = findings.say(rule, verdict, class, case, &values);
    finding.side = Some(Side::Differs);
    finding.mark = Some(row.mark.trim().to_owned());
    finding.measured = Some(Value::Number(f64::from(on_plans)));
    finding.expected = Some(Value::Number(f64::from(stated)));
    finding.confidence = 0.95;
    at_row(facts, finding, schedule, row);
}

fn class_of(key: &str, drawn: Option<&Drawn>, row: &ScheduleRow) -> &'static str {
    let door = match drawn {
        Some(d) if d.door != d.window => d.door > d.window,
        _ => coded(key).and_then(|c| c.door).unwrap_or_else(|| row.height_m.is_some_and(|h| h >= 1.9)),
    };
    if door { "IfcDoor" } else { "IfcWindow" }
}

fn at_row(facts: &Facts<'_>, finding: &mut Finding, schedule: usize, row: &ScheduleRow) {
    let Some(s) = facts.plans.schedules.get(schedule) else { return };
    let Some(drawing) = facts.drawings.get(s.drawing as usize) else { return };
    let mark = drawing.sheets.get(s.sheet as usize).and_then(|sheet| sheet.marks.get(row.text_mark as usize));
    finding.drawn.push(DrawnName {
        drawing: drawing.file.clone(),
        plan: None,
        handle: mark.filter(|m| m.handle != 0).map(|m| format!("{:X}", m.handle)),
        layer: mark.and_then(|m| drawing.layers.get(m.layer as usize)).map(|l| l.name.clone()),
        at: row.at.into(),
    });
}

/// The size in the schedule against the modelled openings that the plans give this mark.
fn sizes(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let limit = rule.number("limit_mm").unwrap_or(10.0) / 1000.0;
    let mut modelled: BTreeMap<String, Vec<Size>> = BTreeMap::new();
    for m in &facts.matches.plans {
        let (Some(plan), Some(storey)) = (facts.plans.plans.get(m.plan), facts.storeys.get(m.storey)) else {
            continue;
        };
        for pair in &m.openings.pairs {
            let mark = pair.drawn.first().and_then(|&d| plan.openings.get(d)).and_then(|o| o.mark.as_ref());
            let (Some(mark), Some(o)) = (mark, storey.openings.get(pair.modelled)) else { continue };
            // a mark that is wrong there says nothing of the row
            if pair.deltas.iter().any(|d| d.what == "mark" && d.difference.is_some_and(|x| x > 0.5)) {
                continue;
            }
            let widths = [Some(o.width_m), o.overall_width_m].into_iter().flatten().collect();
            modelled.entry(mark_key(&mark.text)).or_default().push((widths, o.height_m));
        }
    }
    for (schedule, row) in rows(facts) {
        let Some(list) = modelled.get(&mark_key(&row.mark)) else {
            findings.not_applicable(rule, 1);
            continue;
        };
        let fits = |o: &Size| {
            row.width_m.is_none_or(|w| o.0.iter().any(|x| (x - w).abs() <= limit))
                && match (row.height_m, o.1) {
                    (Some(h), Some(x)) => (x - h).abs() <= limit,
                    _ => true,
                }
        };
        let wrong = list.iter().filter(|o| !fits(o)).count();
        // single openings that carry a wrong mark are told as such: here the row is wrong for all of them
        if wrong * 10 <= list.len() * 8 {
            findings.passed(rule, 1);
            continue;
        }
        let Some((widths, height)) = list.first() else { continue };
        let width = widths.last().copied().unwrap_or_default();
        let size = |w: Option<f64>, h: Option<f64>| {
            let one = |x: Option<f64>| x.map_or_else(|| "?".to_owned(), |x| mm(x).en);
            Text::same(format!("{}×{}", one(w), one(h)))
        };
        let values = [
            ("mark", Text::same(row.mark.trim())),
            ("measured", size(row.width_m, row.height_m)),
            ("expected", size(Some(width), *height)),
            ("limit", mm(limit)),
        ];
        let class = class_of(&mark_key(&row.mark), None, row);
        let finding = findings.say(rule, Verdict::Fail, class, "differs", &values);
        finding.side = Some(Side::Differs);
        finding.mark = Some(row.mark.trim().to_owned());
        finding.measured = row.width_m.map(|w| Value::Number(mm_value(w)));
        finding.expected = Some(Value::Number(mm_value(width)));
        finding.limit = Some(mm_value(limit));
        finding.unit = Some("mm".into());
        finding.confidence = 0.9;
        at_row(facts, finding, schedule, row);
    }
}
