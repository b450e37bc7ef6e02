//! Several sheets of one storey (architecture, structure, services) against each other: one grid, one set of columns.
//!
//! What the model has is held against the model: an axis is compared between sheets only where no model has it, a column
//! only where one sheet draws it and another, that draws its neighbours, does not.

use super::comparison::{At, Class, laid, lines_within, mm, mm_value, tell};
use super::{Check, Findings};
use crate::drawing::plans::{AxisLine, Plan};
use crate::facts::Facts;
use crate::finding::{Side, Value, Verdict};
use crate::geom::{Affine2, Box2, Point2};
use crate::matching::PlanMatches;
use crate::registration::labels::label_key;
use crate::rulebook::Rule;
use crate::wording::Text;

/// The check.
pub(super) const CHECK: Check = Check {
    name: "sheets",
    summary: "Do the sheets of one storey share one grid and one set of columns?",
    run,
};

/// Axes further from parallel than this are not compared (radians; 1°).
const PARALLEL_RAD: f64 = 0.0175;
/// A column is the same one on another sheet within this (metres).
const SAME_M: f64 = 0.3;
/// A sheet draws columns where it has so many, and this share of those of the other sheet.
const FEW: usize = 4;
const MOST: f64 = 0.7;

type Sheet<'a> = (&'a PlanMatches, &'a Plan, Affine2);

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let sheets: Vec<Sheet<'_>> = laid(facts).map(|(m, plan, _, map)| (m, plan, map)).collect();
    let of = Class::of(rule);
    for (k, a) in sheets.iter().enumerate() {
        for b in sheets.iter().skip(k + 1).filter(|b| b.0.storey == a.0.storey && b.0.plan != a.0.plan) {
            if of.contains(&Class::Axis) {
                axes(facts, rule, findings, a, b);
            } else {
                columns(facts, rule, findings, a, b);
                columns(facts, rule, findings, b, a);
            }
        }
    }
}

/// A straight axis in the world: label, a point, its direction.
fn lines(sheet: &Sheet<'_>) -> Vec<(usize, String, Point2, Point2)> {
    let (m, plan, map) = sheet;
    let modelled = |k: usize| m.axes.pairs.iter().any(|p| p.drawn.contains(&k));
    let straight = plan.axes.iter().enumerate().filter(|(k, _)| !modelled(*k));
    straight
        .filter_map(|(k, axis)| match axis.line {
            AxisLine::Line(s) => {
                let (p, q) = (map.apply(s.a), map.apply(s.b));
                Some((k, label_key(&axis.label), (p + q) / 2.0, (q - p).normalised()?))
            }
            AxisLine::Arc(_) => None,
        })
        .collect()
}

fn axes(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings, a: &Sheet<'_>, b: &Sheet<'_>) {
    let limit = rule.number("limit_mm").unwrap_or(5.0) / 1000.0;
    let others = lines(b);
    for (k, label, at, u) in lines(a) {
        let same = others.iter().filter(|o| o.1 == label && o.3.cross(u).abs() <= PARALLEL_RAD);
        // a label that one sheet uses twice names no axis
        let mut same = same.map(|o| u.cross(o.2 - at));
        let (Some(d), None) = (same.next(), same.next()) else {
            findings.not_applicable(rule, 1);
            continue;
        };
        if d.abs() <= limit {
            findings.passed(rule, 1);
            continue;
        }
        let marks = a.1.axes.get(k).map(|x| x.evidence.marks.clone()).unwrap_or_default();
        let values = [
            ("axis", Text::same(label.clone())),
            ("difference", mm(d.abs())),
            ("other", Text::same(b.1.id.clone())),
        ];
        let place =
            At { plan: a.0.plan, storey: Some(a.0.storey), point: Some(at), marks: &marks, element: None };
        let verdict = (Verdict::Fail, Side::Differs, "differs");
        let finding = tell(facts, findings, rule, "IfcGridAxis", verdict, &place, &values);
        finding.axis = Some(label);
        finding.measured = Some(Value::Number(mm_value(d.abs())));
        finding.limit = Some(mm_value(limit));
        finding.unit = Some("mm".into());
        finding.confidence = 0.9;
    }
}

/// Columns of `a` that `b` does not draw.
fn columns(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings, a: &Sheet<'_>, b: &Sheet<'_>) {
    let there: Vec<Point2> = b.1.columns.iter().map(|c| b.2.apply(c.centre)).collect();
    let extent = Box2::around(there.iter().copied());
    let here: Vec<(usize, Point2)> =
        a.1.columns
            .iter()
            .enumerate()
            .map(|(k, c)| (k, a.2.apply(c.centre)))
            .filter(|(_, p)| extent.contains(*p))
            .collect();
    let drawn = |p: Point2| there.iter().any(|q| q.distance(p) <= SAME_M);
    let found = here.iter().filter(|(_, p)| drawn(*p)).count();
    #[allow(clippy::cast_precision_loss)]
    let comparable = there.len() >= FEW && found as f64 >= MOST * here.len() as f64;
    for (k, at) in here {
        if !comparable {
            findings.not_applicable(rule, 1);
            continue;
        }
        if drawn(at) {
            findings.passed(rule, 1);
            continue;
        }
        let Some(column) = a.1.columns.get(k) else { continue };
        let modelled = a.0.columns.pairs.iter().find(|p| p.drawn.contains(&k)).map(|p| p.modelled);
        // what is modelled was looked for on the other sheet; of what is not, nothing at all may be drawn there
        let looked_for =
            |i: usize| b.0.columns.missing_in_drawing.iter().any(|x| x.index == i && x.undecided.is_none());
        let absent = modelled
            .map_or_else(|| lines_within(b.1, &b.2, &Box2::of(at, at).grown(SAME_M)) == 0, looked_for);
        if !absent || column.evidence.confidence < 0.7 {
            findings.not_applicable(rule, 1);
            continue;
        }
        let element = modelled.and_then(|i| Some(facts.storeys.get(a.0.storey)?.columns.get(i)?.element));
        let place = At {
            plan: a.0.plan,
            storey: Some(a.0.storey),
            point: Some(at),
            marks: &column.evidence.marks,
            element,
        };
        let values = [("other", Text::same(b.1.id.clone()))];
        let verdict = (Verdict::Fail, Side::MissingInDrawing, "missing");
        let finding = tell(facts, findings, rule, "IfcColumn", verdict, &place, &values);
        finding.mark = Some(b.1.id.clone());
        finding.confidence = 0.85;
    }
}
