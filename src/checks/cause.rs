//! Common causes: what fails many times for one reason has a parent that names the reason, and the single findings under
//! it. A plan or a part of it that is of another revision, columns that moved together, openings that are drawn from another
//! point, levels that are all off by the same step, an axis that is wrong on every sheet.

use super::Findings;
use super::comparison::mm;
use super::grouping::on_storeys;
use crate::facts::Facts;
use crate::finding::{Finding, Severity, Side, Value, Verdict};
use crate::geom::{Box2, Point2};
use crate::matching::PlanMatches;
use crate::matching::mark::mark_key;
use crate::rulebook::{Rule, Rulebook};
use crate::wording::Text;
use std::collections::{BTreeMap, BTreeSet};

/// The rule that parents over several rules belong to.
const RULE: &str = "DM45";
/// What of elements and rooms is compared one by one.
const SINGLE: [&str; 15] = [
    "DM09", "DM10", "DM11", "DM12", "DM13", "DM14", "DM15", "DM20", "DM21", "DM22", "DM23", "DM26", "DM29",
    "DM32", "DM46",
];
/// What their texts say.
const OF_TEXT: [&str; 4] = ["DM24", "DM25", "DM30", "DM31"];
/// A plan of which so many elements, and this share of all compared, differ is of another revision.
const REVISION: (usize, f64) = (12, 0.4);
/// So many findings within reach of each other, this share of what is compared there, make a part.
const PART: (usize, f64) = (6, 0.6);
/// Findings this close belong to one part (metres).
const NEAR_M: f64 = 2.5;
/// So many columns that moved by the same vector, or openings by the same distance, moved together, to this (metres).
const TOGETHER: usize = 5;
const SAME_M: f64 = 0.003;

/// Puts findings under their common causes.
pub(super) fn group(facts: &Facts<'_>, findings: &mut Findings, rulebook: &Rulebook) {
    axes(findings);
    marks(findings);
    let Some(rule) = rulebook.rule(RULE) else { return };
    levels(findings, rule);
    for m in &facts.matches.plans {
        let mut open = members(facts, findings, m);
        if open.len() >= REVISION.0 && share(open.len(), places(facts, m).len()) >= REVISION.1 {
            let values = [
                ("count", Text::same(open.len().to_string())),
                ("all", Text::same(places(facts, m).len().to_string())),
            ];
            parent(facts, findings, rule, m, "revision", &values, &open);
            continue;
        }
        if let Some((together, shift)) = moved_together(facts, findings, m, &open) {
            let values =
                [("count", Text::same(together.len().to_string())), ("x", mm(shift.x)), ("y", mm(shift.y))];
            open.retain(|k| !together.contains(k));
            parent(facts, findings, rule, m, "shift", &values, &together);
        }
        for (class, off, together) in drawn_from_elsewhere(findings, &open) {
            let values = [
                ("count", Text::same(together.len().to_string())),
                ("class", super::comparison::word(class)),
                ("difference", mm(off / 1000.0)),
            ];
            open.retain(|k| !together.contains(k));
            parent(facts, findings, rule, m, "openings", &values, &together);
        }
        for part in parts(facts, findings, m, &open) {
            let values = [("count", Text::same(part.len().to_string()))];
            parent(facts, findings, rule, m, "part", &values, &part);
        }
    }
    typical(facts, findings);
}

#[allow(clippy::cast_precision_loss)]
fn share(some: usize, all: usize) -> f64 {
    some as f64 / all.max(1) as f64
}

/// Single findings of one plan on one storey that follow from nothing yet.
fn members(facts: &Facts<'_>, findings: &Findings, m: &PlanMatches) -> Vec<usize> {
    let storey = facts.storey_name(m.storey);
    let plan = facts.plans.plans.get(m.plan).map(|p| p.id.as_str());
    let only = facts.matches.plans.iter().filter(|o| o.storey == m.storey).count() == 1;
    let here = |f: &Finding| {
        SINGLE.contains(&f.rule.as_str())
            && f.verdict == Verdict::Fail
            && f.severity > Severity::Info
            && f.parent.is_none()
            && f.storey == storey
            && (f.drawn.iter().any(|d| d.plan.as_deref() == plan) || (f.drawn.is_empty() && only))
    };
    (0..findings.list.len()).filter(|&k| findings.list.get(k).is_some_and(here)).collect()
}

/// Where everything lies that was compared, world metres.
fn places(facts: &Facts<'_>, m: &PlanMatches) -> Vec<Point2> {
    let (Some(storey), Some(plan)) = (facts.storeys.get(m.storey), facts.plans.plans.get(m.plan)) else {
        return Vec::new();
    };
    let Some(map) = facts.registration.plans.get(m.plan).and_then(|r| r.to_world) else { return Vec::new() };
    let wall = |k: usize| storey.walls.get(k)?.runs.first().map(|r| r.line.middle());
    let column = |k: usize| storey.columns.get(k).map(|c| c.centre);
    let opening = |k: usize| storey.openings.get(k).map(|o| o.centre);
    let mut out = Vec::new();
    for (list, place) in [
        (&m.walls, &wall as &dyn Fn(usize) -> Option<Point2>),
        (&m.columns, &column),
        (&m.openings, &opening),
    ] {
        out.extend(list.pairs.iter().filter_map(|p| place(p.modelled)));
        out.extend(list.missing_in_drawing.iter().filter_map(|x| place(x.index)));
    }
    out.extend(
        m.walls
            .missing_in_model
            .iter()
            .filter_map(|x| plan.walls.get(x.index))
            .map(|w| map.apply(w.line.middle())),
    );
    out.extend(
        m.columns
            .missing_in_model
            .iter()
            .filter_map(|x| plan.columns.get(x.index))
            .map(|c| map.apply(c.centre)),
    );
    out.extend(
        m.openings
            .missing_in_model
            .iter()
            .filter_map(|x| plan.openings.get(x.index))
            .map(|o| map.apply(o.centre)),
    );
    out
}

fn place(finding: &Finding) -> Option<Point2> {
    finding.point_m.map(|[x, y, _]| Point2::new(x, y)).filter(|p| p.is_finite())
}

/// Groups of findings that lie close together, where most of what is compared differs.
fn parts(facts: &Facts<'_>, findings: &Findings, m: &PlanMatches, open: &[usize]) -> Vec<Vec<usize>> {
    let mut left: Vec<(usize, Point2)> =
        open.iter().filter_map(|&k| Some((k, place(findings.list.get(k)?)?))).collect();
    let all = places(facts, m);
    let mut out = Vec::new();
    while let Some(first) = left.pop() {
        let mut part = vec![first];
        let mut at = 0;
        while let Some(&(_, p)) = part.get(at) {
            let (near, far): (Vec<_>, Vec<_>) = left.into_iter().partition(|(_, q)| q.distance(p) <= NEAR_M);
            part.extend(near);
            left = far;
            at += 1;
        }
        let bounds = Box2::around(part.iter().map(|p| p.1)).grown(0.2);
        let within = all.iter().filter(|p| bounds.contains(**p)).count();
        if part.len() >= PART.0 && share(part.len(), within) >= PART.1 {
            let mut members: Vec<usize> = part.into_iter().map(|p| p.0).collect();
            members.sort_unstable();
            out.push(members);
        }
    }
    out
}

/// Columns that lie off their place by one vector.
fn moved_together(
    facts: &Facts<'_>,
    findings: &Findings,
    m: &PlanMatches,
    open: &[usize],
) -> Option<(Vec<usize>, Point2)> {
    let (storey, plan) = (facts.storeys.get(m.storey)?, facts.plans.plans.get(m.plan)?);
    let map = facts.registration.plans.get(m.plan)?.to_world?;
    let mut moved: Vec<(usize, Point2)> = Vec::new();
    for &k in open {
        let finding = findings.list.get(k).filter(|f| f.rule == "DM14");
        let Some(guid) = finding.and_then(|f| f.elements.first()).map(|e| &e.guid) else { continue };
        let shift = m.columns.pairs.iter().find_map(|pair| {
            let column = storey.columns.get(pair.modelled)?;
            let drawn = plan.columns.get(*pair.drawn.first()?)?;
            (facts.element_name(column.element)?.guid == *guid)
                .then(|| map.apply(drawn.centre) - column.centre)
        });
        moved.extend(shift.map(|s| (k, s)));
    }
    let best = moved
        .iter()
        .map(|(_, s)| *s)
        .max_by_key(|s| moved.iter().filter(|(_, o)| o.distance(*s) <= SAME_M).count())?;
    let together: Vec<usize> =
        moved.iter().filter(|(_, s)| s.distance(best) <= SAME_M).map(|(k, _)| *k).collect();
    (together.len() >= TOGETHER).then_some((together, best))
}

/// Doors or windows that lie off their places by one distance: their symbols are set at another point (hinge or jamb for the
/// middle), or all were moved. Class, millimetres, members.
fn drawn_from_elsewhere(findings: &Findings, open: &[usize]) -> Vec<(&'static str, f64, Vec<usize>)> {
    let mut out = Vec::new();
    for (ifc, class) in [("IfcDoor", "door"), ("IfcWindow", "window")] {
        let offset = |k: usize| {
            let f = findings.list.get(k).filter(|f| f.rule == "DM22" && f.class == ifc)?;
            match f.measured {
                Some(Value::Number(off)) => Some((k, off.abs())),
                _ => None,
            }
        };
        let all: Vec<(usize, f64)> = open.iter().filter_map(|&k| offset(k)).collect();
        let like = |d: f64| all.iter().filter(move |(_, o)| (o - d).abs() <= SAME_M * 1000.0);
        let Some(best) = all.iter().map(|o| o.1).max_by_key(|d| like(*d).count()) else { continue };
        let together: Vec<usize> = like(best).map(|o| o.0).collect();
        if together.len() >= TOGETHER {
            out.push((class, best, together));
        }
    }
    out
}

/// Levels that are all off by one step: the zero of the drawings is another one than the model's.
fn levels(findings: &mut Findings, rule: &Rule) {
    let number = |v: &Option<Value>| match v {
        Some(Value::Number(x)) => Some(*x),
        _ => None,
    };
    let off: Vec<(usize, f64)> = findings
        .list
        .iter()
        .enumerate()
        .filter(|(_, f)| f.rule == "DM33" && f.verdict == Verdict::Fail && f.severity > Severity::Info)
        .filter_map(|(k, f)| Some((k, number(&f.measured)? - number(&f.expected)?)))
        .collect();
    let Some(&(_, step)) = off.first() else { return };
    if off.len() < 2 || off.iter().any(|(_, d)| (d - step).abs() > 1.0) {
        return;
    }
    let members: Vec<usize> = off.iter().map(|o| o.0).collect();
    let values = [("count", Text::same(members.len().to_string())), ("difference", mm(step / 1000.0))];
    put(findings, rule, "level", &values, &members, None);
}

/// Rule, class, what it is about, what was found.
type Same = (String, String, String, String);

/// An axis that is wrong by the same on several storeys is one axis.
fn axes(findings: &mut Findings) {
    let on_axis = |f: &Finding| {
        let of_grid = matches!(f.rule.as_str(), "DM06" | "DM07");
        let axis = f.axis.clone().filter(|_| of_grid)?;
        Some(format!("{axis} {}", f.elements.first().map_or("", |e| e.guid.as_str())))
    };
    on_several_storeys(findings, &on_axis);
}

/// What one sheet of several storeys has wrong is drawn once: the same thing on the sheet, or the same place, with the same
/// difference on every storey.
fn typical(facts: &Facts<'_>, findings: &mut Findings) {
    // what is missing on the sheet has no place there: the sheet is the one of its storey that shows several
    let mut sheets: BTreeMap<String, usize> = BTreeMap::new();
    for (plan, r) in facts.registration.plans.iter().enumerate().filter(|(_, r)| r.storeys.len() > 1) {
        let names = r.storeys.iter().filter_map(|&s| facts.storey_name(s));
        sheets.extend(names.map(|name| (name.guid, plan)));
    }
    let missing = |f: &Finding| {
        let sheet = sheets.get(&f.storey.as_ref()?.guid)?;
        let at = place(f).filter(|_| f.drawn.is_empty() && SINGLE.contains(&f.rule.as_str()))?;
        Some(format!("{sheet} {:.1} {:.1}", at.x, at.y))
    };
    on_several_storeys(findings, &missing);
    let on_sheet = |f: &Finding| {
        let drawn = f
            .drawn
            .first()
            .filter(|_| SINGLE.contains(&f.rule.as_str()) || OF_TEXT.contains(&f.rule.as_str()))?;
        let plan = drawn.plan.as_deref()?;
        let thing = match &drawn.handle {
            // one text may be the mark of several openings
            Some(handle) => format!("{handle} {:.3} {:.3}", drawn.at[0], drawn.at[1]),
            None => place(f).map(|p| format!("{:.1} {:.1}", p.x, p.y))?,
        };
        Some(format!("{} {plan} {thing} {}", drawn.drawing, f.mark.as_deref().unwrap_or("")))
    };
    on_several_storeys(findings, &on_sheet);
}

/// Puts findings that are the same on several storeys under one that says so. `about`: what one is about, where it may be
/// told together with others.
fn on_several_storeys(findings: &mut Findings, about: &dyn Fn(&Finding) -> Option<String>) {
    let shown = |v: &Option<Value>| match v {
        Some(Value::Number(x)) => format!("{x:.1}"),
        Some(Value::Text(t)) => t.clone(),
        None => String::new(),
    };
    let mut groups: BTreeMap<Same, Vec<usize>> = BTreeMap::new();
    for (k, f) in findings.list.iter().enumerate() {
        if f.verdict != Verdict::Fail || f.parent.is_some() || f.storey.is_none() {
            continue;
        }
        if let Some(about) = about(f) {
            let what = format!("{} {} {:?}", shown(&f.measured), shown(&f.expected), f.side);
            groups.entry((f.rule.clone(), f.class.clone(), about, what)).or_default().push(k);
        }
    }
    for members in groups.into_values() {
        let own: Vec<&Finding> = members.iter().filter_map(|&k| findings.list.get(k)).collect();
        let storeys: BTreeSet<&str> =
            own.iter().filter_map(|f| f.storey.as_ref()).map(|s| s.guid.as_str()).collect();
        let Some(first) = own.first().filter(|_| storeys.len() >= 2) else {
            continue;
        };
        let mut lead = Finding { storey: None, parent: None, ..(*first).clone() };
        lead.drawn = own.iter().flat_map(|f| f.drawn.clone()).collect();
        lead.drawn.dedup();
        lead.message = on_storeys(&first.message, storeys.len());
        lead.mark = Some(format!("{}×", members.len()));
        lead.fingerprint();
        adopt(findings, lead, &members);
    }
}

/// Widths of single openings whose mark the schedule gives another size than the model has: schedule, model and plan are
/// told in one finding of the mark.
fn marks(findings: &mut Findings) {
    let fails = |f: &Finding, rule: &str| f.rule == rule && f.verdict == Verdict::Fail && f.parent.is_none();
    let key = |f: &Finding| f.mark.as_deref().map(mark_key).filter(|k| !k.is_empty());
    let rows: BTreeMap<String, String> = findings
        .list
        .iter()
        .filter(|f| fails(f, "DM28"))
        .filter_map(|f| Some((key(f)?, f.id.clone())))
        .collect();
    for f in findings.list.iter_mut().filter(|f| fails(f, "DM23")) {
        if let Some(row) = key(f).and_then(|k| rows.get(&k)) {
            f.parent = Some(row.clone());
        }
    }
}

/// A parent on a plan.
fn parent(
    facts: &Facts<'_>,
    findings: &mut Findings,
    rule: &Rule,
    m: &PlanMatches,
    case: &str,
    values: &[(&str, Text)],
    members: &[usize],
) {
    let storey = facts.storey_name(m.storey);
    let bounds = Box2::around(members.iter().filter_map(|&k| place(findings.list.get(k)?)));
    let at = (!bounds.is_empty()).then(|| bounds.centre());
    let mut all = values.to_vec();
    all.push(("plan", Text::same(facts.plans.plans.get(m.plan).map_or("", |p| p.id.as_str()))));
    all.push(("storey", Text::same(storey.as_ref().map_or("", |s| s.name.as_str()))));
    all.push(("place", super::comparison::place(facts, m.storey, at)));
    let z = facts.storeys.get(m.storey).map_or(0.0, |s| s.elevation_m);
    let to_plan = facts.registration.plans.get(m.plan).and_then(|r| r.to_world?.inverse());
    let drawn = at.zip(to_plan).and_then(|(p, back)| facts.drawn_name(m.plan, &[], back.apply(p)));
    put(findings, rule, case, &all, members, Some((storey, at.map(|p| p.at(z).into()), drawn)));
}

type Where = (Option<crate::finding::StoreyName>, Option<[f64; 3]>, Option<crate::finding::DrawnName>);

/// Says the cause and puts its members under it. It is no case of its own: nothing is counted twice.
fn put(
    findings: &mut Findings,
    rule: &Rule,
    case: &str,
    values: &[(&str, Text)],
    members: &[usize],
    at: Option<Where>,
) {
    let worst = members.iter().filter_map(|&k| findings.list.get(k)).map(|f| f.severity).max();
    let confidence = members.iter().filter_map(|&k| findings.list.get(k)).map(|f| f.confidence);
    let confidence = confidence.fold(0.0, f64::max);
    findings.note(rule, "IfcBuildingStorey", case, values);
    let Some(mut lead) = findings.list.pop() else { return };
    if let Some((storey, point, drawn)) = at {
        lead.storey = storey;
        lead.point_m = point;
        lead.drawn = drawn.into_iter().collect();
    }
    lead.severity = worst.unwrap_or(Severity::Info);
    lead.side = Some(Side::Differs);
    lead.mark = Some(case.to_owned());
    lead.confidence = confidence;
    lead.fingerprint();
    adopt(findings, lead, members);
}

fn adopt(findings: &mut Findings, lead: Finding, members: &[usize]) {
    for &k in members {
        if let Some(child) = findings.list.get_mut(k) {
            child.parent = Some(lead.id.clone());
        }
    }
    findings.list.push(lead);
}
