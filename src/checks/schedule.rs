//! The door and window schedule against plans and model: how many of each mark, and of which size.
//!
//! Counts are compared on what the laid plans draw, in total and storey by storey where the schedule has columns of
//! storeys; what the model has of the mark is told beside them. Where an opening of a fitting size carries no mark that
//! could be read, the count of that mark is not decided. Sizes are told three ways: schedule, model, plans.

use super::comparison::{laid, mm, mm_value};
use super::{Check, Findings};
use crate::drawing::plans::{OpeningKind, ScheduleRow};
use crate::facts::Facts;
use crate::finding::{DrawnName, Finding, Side, Value, Verdict};
use crate::geom::Point2;
use crate::ifc::model::Kind;
use crate::ifc::section::Visibility;
use crate::matching::mark::{coded, mark_key};
use crate::registration::labels::label_key;
use crate::registration::storey::ordinal;
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

/// An opening of one sheet this close to one of another sheet of the storey is the same (metres).
const SAME_PLACE_M: f64 = 0.3;

/// One mark on the laid plans.
#[derive(Default)]
struct Drawn {
    /// Storey plan → (plan, where in the world) of each; typical floors count once for each storey.
    per_storey: BTreeMap<usize, Vec<(usize, Point2)>>,
    widths: Vec<f64>,
    door: usize,
    window: usize,
}

impl Drawn {
    fn on(&self, storey: usize) -> u32 {
        self.per_storey.get(&storey).map_or(0, |list| list.len() as u32)
    }

    fn total(&self) -> u32 {
        self.per_storey.values().map(|list| list.len() as u32).sum()
    }

    /// The middle one of the widths.
    fn width(&self) -> Option<f64> {
        let mut widths = self.widths.clone();
        widths.sort_by(f64::total_cmp);
        widths.get(widths.len() / 2).copied()
    }
}

fn drawn(facts: &Facts<'_>) -> (BTreeMap<String, Drawn>, Vec<(f64, OpeningKind)>) {
    let mut out: BTreeMap<String, Drawn> = BTreeMap::new();
    let mut unmarked = Vec::new();
    for (m, plan, _, to_world) in laid(facts) {
        for o in &plan.openings {
            let Some(key) = o.mark.as_ref().map(|t| mark_key(&t.text)).filter(|k| !k.is_empty()) else {
                if o.kind != OpeningKind::Gap {
                    unmarked.push((o.width_m, o.kind));
                }
                continue;
            };
            let entry = out.entry(key).or_default();
            let (at, here) = (to_world.apply(o.centre), entry.per_storey.entry(m.storey).or_default());
            // two sheets of one storey draw the same openings
            if here.iter().any(|(p, q)| *p != m.plan && q.distance(at) <= SAME_PLACE_M) {
                continue;
            }
            here.push((m.plan, at));
            entry.widths.push(o.width_m);
            match o.kind {
                OpeningKind::Door => entry.door += 1,
                OpeningKind::Window => entry.window += 1,
                // a symbol that was not understood, with its mark
                OpeningKind::Gap => {}
            }
        }
    }
    (out, unmarked)
}

/// How many doors and windows of each mark the model has on the storeys that plans show, where it knows marks.
fn modelled_counts(facts: &Facts<'_>) -> BTreeMap<String, Modelled> {
    let storeys: BTreeSet<usize> = facts.matches.plans.iter().map(|m| m.storey).collect();
    let mut out: BTreeMap<String, Modelled> = BTreeMap::new();
    for storey in storeys.iter().filter_map(|&s| facts.storeys.get(s)) {
        for o in storey.openings.iter().filter(|o| o.own_storey && o.kind != Kind::Opening) {
            let keys: BTreeSet<String> = o.marks.iter().map(|m| mark_key(m)).collect();
            for key in keys {
                let entry = out.entry(key).or_default();
                entry.all += 1;
                entry.hidden += u32::from(o.visibility != Visibility::MustShow);
            }
        }
    }
    out
}

/// Modelled doors and windows of one mark.
#[derive(Clone, Copy, Default)]
struct Modelled {
    all: u32,
    /// Those that lie above or below the cut: a plan need not draw them.
    hidden: u32,
}

/// The width that the schedule states for a mark, metres; `None` where it lists none, or several that differ.
pub(super) fn stated_width(facts: &Facts<'_>, mark: &str) -> Option<f64> {
    let key = mark_key(mark);
    let rows = facts.plans.schedules.iter().flat_map(|s| &s.rows);
    let mut widths = rows.filter(|r| mark_key(&r.mark) == key).filter_map(|r| r.width_m);
    let first = widths.next()?;
    widths.all(|w| (w - first).abs() < 1e-6).then_some(first)
}

/// The storey that a column of the schedule is about; `None` where it names several, or none that a plan shows.
fn storey_of(facts: &Facts<'_>, heading: &str) -> Option<usize> {
    // a column for several storeys is none of one
    if heading.chars().any(|c| matches!(c, '~' | '～' | '至' | '、' | ',' | '，' | '/' | '&' | '×')) {
        return None;
    }
    let (key, number) = (label_key(heading), ordinal(heading));
    let names = |storey: usize| {
        let titles = facts.matches.plans.iter().filter(|m| m.storey == storey);
        let mut labels = titles.filter_map(|m| facts.plans.plans.get(m.plan)).flat_map(|p| &p.storeys.labels);
        let name = facts.storey_name(storey).map(|s| s.name).unwrap_or_default();
        labels.any(|l| label_key(l) == key)
            || label_key(&name) == key
            || (number.is_some() && ordinal(&name) == number)
    };
    let laid: BTreeSet<usize> = facts.matches.plans.iter().map(|m| m.storey).collect();
    let mut found = laid.into_iter().filter(|&s| names(s));
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// Storey by storey: name, stated, drawn. Empty where a column cannot be laid to a storey.
fn by_storey(
    facts: &Facts<'_>,
    rows: &[(usize, &ScheduleRow)],
    drawn: Option<&Drawn>,
) -> Vec<(String, u32, u32)> {
    let mut stated: BTreeMap<usize, u32> = BTreeMap::new();
    for (heading, n) in rows.iter().flat_map(|(_, r)| &r.per_storey) {
        let Some(storey) = storey_of(facts, heading) else { return Vec::new() };
        let sum = stated.entry(storey).or_default();
        *sum = sum.saturating_add(*n);
    }
    let line = |(storey, n): (usize, u32)| {
        Some((facts.storey_name(storey)?.name, n, drawn.map_or(0, |d| d.on(storey))))
    };
    stated.into_iter().filter_map(line).collect()
}

/// A part of a sentence that the rule has for a case.
fn part(rule: &Rule, case: &str, values: &[(&str, Text)]) -> Text {
    rule.message.get(case).map(|t| t.fill(values)).unwrap_or_default()
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

/// Rows that say anything: a size or a count.
fn rows<'a>(facts: &'a Facts<'_>) -> Vec<(usize, &'a ScheduleRow)> {
    let says = |r: &&ScheduleRow| {
        r.total.is_some() || !r.per_storey.is_empty() || r.width_m.is_some() || r.height_m.is_some()
    };
    let schedules = facts.plans.schedules.iter().enumerate();
    schedules.flat_map(|(i, s)| s.rows.iter().filter(says).map(move |r| (i, r))).collect()
}

fn counts(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let rows = rows(facts);
    if rows.is_empty() || facts.matches.plans.is_empty() {
        findings.not_applicable(rule, 1);
        return;
    }
    let (marks, unmarked) = drawn(facts);
    let models = modelled_counts(facts);
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
        let seen = Seen { drawn: marks.get(key), modelled: models.get(key).copied(), unmarked: &unmarked };
        count_one(facts, rule, findings, key, rows, &seen, complete);
    }
    if !complete {
        return;
    }
    for (key, d) in marks.iter().filter(|(k, _)| !listed.contains_key(*k)) {
        // a mark that is drawn and not listed; serial texts that are no marks are left alone
        let n = d.total();
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

/// What plans and model have of a mark.
struct Seen<'a> {
    drawn: Option<&'a Drawn>,
    modelled: Option<Modelled>,
    /// Openings without a mark that could be read, of all marks.
    unmarked: &'a [(f64, OpeningKind)],
}

fn count_one(
    facts: &Facts<'_>,
    rule: &Rule,
    findings: &mut Findings,
    key: &str,
    rows: &[(usize, &ScheduleRow)],
    seen: &Seen<'_>,
    complete: bool,
) {
    let totals: Vec<u32> = rows.iter().filter_map(|(_, r)| r.total).collect();
    let sum = |counts: &mut dyn Iterator<Item = u32>| counts.fold(0, u32::saturating_add);
    let per = sum(&mut rows.iter().flat_map(|(_, r)| &r.per_storey).map(|p| p.1));
    let has_per = rows.iter().any(|(_, r)| !r.per_storey.is_empty());
    let total = sum(&mut totals.iter().copied());
    let Some(&(schedule, row)) = rows.first() else { return };
    let on_plans = seen.drawn.map_or(0, Drawn::total);
    // the schedule against itself
    let split = has_per && !totals.is_empty() && per != total;
    if !complete && !split {
        findings.not_applicable(rule, 1);
        return;
    }
    let storeys = by_storey(facts, rows, seen.drawn);
    let elsewhere = storeys.iter().any(|(_, stated, drawn)| stated != drawn);
    let stated = if totals.is_empty() { per } else { total };
    // what the cut does not meet need not be drawn: the model may have the rest
    let hidden = seen.modelled.map_or(0, |m| m.hidden);
    let modelled = seen.modelled.map_or(0, |m| m.all);
    let with_hidden = on_plans < stated && on_plans + hidden >= stated && modelled >= stated;
    if (stated == on_plans && !elsewhere || with_hidden) && !split {
        findings.passed(rule, 1);
        return;
    }
    let class = class_of(key, seen.drawn, row);
    // one mark may be listed for doors and for windows
    let fits = |(width, kind): &(f64, OpeningKind)| {
        rows.iter().any(|(_, r)| {
            let door = class_of(key, seen.drawn, r) == "IfcDoor";
            r.width_m.is_none_or(|x| (x - width).abs() <= SAME_M) && door == (*kind == OpeningKind::Door)
        })
    };
    let could = seen.unmarked.iter().filter(|u| fits(u)).count() as u32;
    let undecided = stated > on_plans && could > 0 && stated - on_plans <= could && !split;
    let list: Vec<String> = storeys.iter().map(|(name, s, d)| format!("{name} {s}/{d}")).collect();
    let by_storey = [("list", Text::new(list.join(", "), list.join("，")))];
    let model = seen.modelled.map(|m| part(rule, "model", &[("modelled", Text::same(m.all.to_string()))]));
    let values = [
        ("mark", Text::same(row.mark.trim())),
        ("measured", Text::same(on_plans.to_string())),
        ("expected", Text::same(stated.to_string())),
        ("sum", Text::same(per.to_string())),
        ("unmarked", Text::same(could.to_string())),
        ("model", model.unwrap_or_default()),
        ("storeys", if elsewhere { part(rule, "storeys", &by_storey) } else { Text::default() }),
    ];
    let (verdict, case) = if undecided {
        (Verdict::Undecided, "undecided")
    } else if split && per == on_plans {
        (Verdict::Fail, "sum")
    } else if stated == on_plans && !split {
        (Verdict::Fail, "distribution")
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
    let (marks, _) = drawn(facts);
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
        let on_plans = marks.get(&mark_key(&row.mark)).and_then(Drawn::width);
        let agrees = |a: Option<f64>, b: &[f64]| a.is_some_and(|a| b.iter().any(|b| (a - b).abs() <= limit));
        let which = match (agrees(on_plans, widths), row.width_m.is_some_and(|w| agrees(on_plans, &[w]))) {
            (true, false) => "as_model",
            (false, true) => "as_schedule",
            (false, false) if on_plans.is_some() => "as_neither",
            _ => "as_both",
        };
        let values = [
            ("mark", Text::same(row.mark.trim())),
            ("measured", size(row.width_m, row.height_m)),
            ("expected", size(Some(width), *height)),
            ("limit", mm(limit)),
            ("plans", part(rule, which, &[("drawn", on_plans.map_or_else(|| Text::same("?"), mm))])),
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
