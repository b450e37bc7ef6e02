//! The level that a plan states against the elevation of its storey.
//!
//! A plan may state several levels (wet rooms, ramps, outside); one that is the storey's own is enough. Where none
//! is, the nearest is told. A difference that all plans of the run share is the convention of structural levels.

use super::comparison::{mm, mm_value};
use super::{Check, Findings};
use crate::drawing::plans::LevelMark;
use crate::facts::Facts;
use crate::finding::{ElementName, Finding, Side, Value, Verdict};
use crate::matching::PlanMatches;
use crate::rulebook::Rule;
use crate::wording::Text;

/// The check.
pub(super) const CHECK: Check =
    Check { name: "level", summary: "Does a plan state the level of the storey that it shows?", run };

/// Structural levels lie at most this much below finished ones (metres).
const STRUCTURAL_M: f64 = 0.1;

/// A level this far off may be that of something else: an eaves, a ceiling, a parapet (metres).
const ELSEWHERE_M: f64 = 1.0;

struct Case<'a> {
    matches: &'a PlanMatches,
    mark: &'a LevelMark,
    stated: f64,
    difference: f64,
}

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let limit = rule.number("limit_mm").unwrap_or(1.0) / 1000.0;
    let mut cases: Vec<Case<'_>> = Vec::new();
    for m in &facts.matches.plans {
        match nearest(facts, m) {
            Some(case) => cases.push(case),
            None => findings.not_applicable(rule, 1),
        }
    }
    // the same small step below every storey: structural levels
    let common = cases.first().and_then(|first| {
        let (d, own) = (first.difference, rounding(&first.mark.text.text));
        let as_far = |c: &Case<'_>| (c.difference - d).abs() <= limit + own + rounding(&c.mark.text.text);
        (cases.len() >= 2 && d.abs() > limit + own && d.abs() <= STRUCTURAL_M && cases.iter().all(as_far))
            .then_some(d)
    });
    if let Some(d) = common {
        findings.note(rule, "IfcBuildingStorey", "convention", &[("difference", mm(d))]);
    }
    for case in cases {
        let d = case.difference - common.unwrap_or(0.0);
        let limit = limit + rounding(&case.mark.text.text);
        if d.abs() <= limit {
            findings.passed(rule, 1);
        } else {
            let elsewhere = d.abs() > ELSEWHERE_M && !is_a_storey(facts, case.stated);
            report(facts, rule, findings, &case, d, limit, elsewhere);
        }
    }
}

/// The limit holds for levels in metres with so many decimals.
const DECIMALS: usize = 3;

/// By how much more a level may be off that is written with fewer decimals (metres): 4.27 stands for all from 4.265.
fn rounding(text: &str) -> f64 {
    let half_a_digit = |decimals: usize| 0.5 * 0.1f64.powi(decimals as i32);
    let decimals = text
        .split(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',')))
        .filter_map(|number| number.split_once(['.', ',']))
        .map(|(_, decimals)| decimals.chars().filter(char::is_ascii_digit).count())
        .filter(|n| (1..DECIMALS).contains(n))
        .min();
    decimals.map_or(0.0, |n| half_a_digit(n) - half_a_digit(DECIMALS))
}

/// Some storey lies at this level: a plan that states it was given the level of another one.
fn is_a_storey(facts: &Facts<'_>, stated: f64) -> bool {
    zeros(facts)
        .iter()
        .any(|zero| facts.storeys.iter().any(|s| (s.elevation_m - zero - stated).abs() <= STRUCTURAL_M))
}

/// The stated level that comes nearest to the storey's elevation, absolute or above the ground floor.
fn nearest<'a>(facts: &Facts<'a>, m: &'a PlanMatches) -> Option<Case<'a>> {
    let z = facts.storeys.get(m.storey)?.elevation_m;
    let plan = facts.plans.plans.get(m.plan)?;
    let zeros = zeros(facts);
    plan.levels
        .iter()
        .flat_map(|l| l.levels_m.iter().map(move |s| (l, *s)))
        .flat_map(|(mark, stated)| zeros.iter().map(move |zero| (mark, stated, stated - (z - zero))))
        .min_by(|a, b| a.2.abs().total_cmp(&b.2.abs()))
        .map(|(mark, stated, difference)| Case { matches: m, mark, stated, difference })
}

/// What ±0.000 may mean: world zero, or the ground floor where it is not far from it.
fn zeros(facts: &Facts<'_>) -> Vec<f64> {
    let mut out = vec![0.0];
    let ground =
        facts.storeys.iter().map(|s| s.elevation_m).filter(|z| *z > -0.9).fold(f64::INFINITY, f64::min);
    // a project whose storeys have heights above the sea
    if ground.is_finite() && ground > 1.5 {
        out.push(ground);
    }
    out
}

fn report<'f>(
    facts: &Facts<'_>,
    rule: &Rule,
    findings: &'f mut Findings,
    case: &Case<'_>,
    d: f64,
    limit: f64,
    elsewhere: bool,
) -> Option<&'f mut Finding> {
    let (verdict, case_name) =
        if elsewhere { (Verdict::Undecided, "undecided") } else { (Verdict::Fail, "differs") };
    let m = case.matches;
    let storey = facts.storey_name(m.storey)?;
    let z = facts.storeys.get(m.storey)?.elevation_m;
    let values = [
        ("storey", Text::same(storey.name.clone())),
        ("plan", Text::same(facts.plans.plans.get(m.plan)?.id.clone())),
        ("measured", Text::same(format!("{:.3}", case.stated))),
        ("expected", Text::same(format!("{:.3}", case.stated - case.difference))),
        ("difference", mm(d.abs())),
        ("limit", mm(limit)),
    ];
    let to_world = facts.registration.plans.get(m.plan).and_then(|r| r.to_world);
    let step_id = facts
        .storeys
        .get(m.storey)
        .and_then(|s| s.storeys.first())
        .and_then(|r| facts.models.get(r.model as usize)?.storeys.get(r.index as usize))
        .map_or(0, |s| s.step_id);
    let drawn = facts.drawn_name(m.plan, &[case.mark.text.mark], case.mark.text.at);
    let finding = findings.say(rule, verdict, "IfcBuildingStorey", case_name, &values);
    finding.side = Some(Side::Differs);
    finding.elements = vec![ElementName {
        guid: storey.guid.clone(),
        step_id,
        class: "IfcBuildingStorey".into(),
        name: Some(storey.name.clone()),
        tag: None,
    }];
    finding.storey = Some(storey);
    finding.drawn = drawn.into_iter().collect();
    finding.point_m = to_world.map(|t| t.apply(case.mark.text.at).at(z).into());
    finding.measured = Some(Value::Number(mm_value(case.stated)));
    finding.expected = Some(Value::Number(mm_value(case.stated - case.difference)));
    finding.limit = Some(mm_value(limit));
    finding.unit = Some("mm".into());
    finding.confidence = 0.95;
    Some(finding)
}
