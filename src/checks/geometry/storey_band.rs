//! Elements stand on the storey that they are assigned to: most of their height lies between its floor and the next.
//! Helper levels that are nearer to one another than a storey is high make no band of their own.

use super::{Boxed, Check, Facts, Findings, Kind, Rule, Text, Value, boxed, metres};
use crate::ifc::Model;

/// See the file's head. `ask = "outside"` or `"spans"`.
pub(in crate::checks) const CHECK: Check = Check {
    name: "storey_band",
    summary: "Does every element stand on the storey that it is assigned to?",
    run,
};

/// Levels nearer than this are one storey (metres).
const STOREY: f64 = 1.8;

/// The top of the highest storey.
const OPEN: f64 = 1e6;

/// Floors and roofs lie at the edge of a band, and pipes hang below it: they are not asked.
fn asked(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Wall
            | Kind::CurtainWall
            | Kind::Column
            | Kind::Door
            | Kind::Window
            | Kind::Furniture
            | Kind::Space
    )
}

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let Some(shapes) = facts.shapes else { return };
    let spans = rule.params.get("ask").and_then(|a| a.as_str()) == Some("spans");
    let slack = metres(rule, "slack_mm", 500.0);
    for b in boxed(facts, shapes, |e| asked(e.kind)) {
        let Some(model) = facts.models.get(b.at.model as usize) else { continue };
        let Some(own) = b.element.storey.map(|s| s as usize) else {
            findings.not_applicable(rule, 1);
            continue;
        };
        if spans {
            span(facts, rule, model, &b, own, findings);
            continue;
        }
        let (low, high) = (b.extent.min.z, b.extent.max.z);
        let Some((from, to)) = band(model, own) else {
            findings.not_applicable(rule, 1);
            continue;
        };
        let middle = f64::midpoint(low, high);
        let inside = (high.min(to + slack) - low.max(from - slack)).max(0.0) / (high - low).max(1e-6);
        let begins = (from - slack..to - 1e-3).contains(&low);
        if begins || inside >= 0.5 || (from - slack..=to + slack).contains(&middle) {
            findings.passed(rule, 1);
            continue;
        }
        let there = at(model, middle);
        let name = |s: usize| model.storeys.get(s).map(|s| s.name.clone()).unwrap_or_default();
        let values = [
            ("own", Text::same(name(own))),
            ("there", Text::same(there.map(name).unwrap_or_default())),
            ("low", Text::same(format!("{low:.3}"))),
            ("high", Text::same(format!("{high:.3}"))),
        ];
        let case = if there.is_some_and(|t| t != own) { "outside" } else { "beyond" };
        if let Some(finding) = findings.fail_element(facts, rule, b.at, case, &values) {
            finding.measured = Some(Value::Number(low));
            finding.expected = Some(Value::Number(from));
            finding.unit = Some("m".into());
            finding.point_m = Some(b.extent.centre().into());
        }
    }
}

/// World heights of a storey's floor and of the next storey's.
fn band(model: &Model, storey: usize) -> Option<(f64, f64)> {
    let from = model.storeys.get(storey)?.elevation_m;
    let above = model.storeys.iter().map(|s| s.elevation_m).filter(|e| *e >= from + STOREY);
    Some((from, above.reduce(f64::min).unwrap_or(OPEN)))
}

/// The highest storey whose floor lies below a height.
fn at(model: &Model, z: f64) -> Option<usize> {
    model.storeys.iter().rposition(|s| s.elevation_m <= z)
}

/// A wall or column through several storeys.
fn span(facts: &Facts<'_>, rule: &Rule, model: &Model, b: &Boxed<'_>, own: usize, findings: &mut Findings) {
    if !matches!(b.element.kind, Kind::Wall | Kind::Column) {
        return;
    }
    let (low, high) = (b.extent.min.z, b.extent.max.z);
    let mut floors: Vec<f64> = Vec::new();
    for s in &model.storeys {
        if floors.last().is_none_or(|l| s.elevation_m >= l + STOREY) {
            floors.push(s.elevation_m);
        }
    }
    // a storey is gone through when the body reaches from its floor past most of a man's height
    let through = floors.iter().filter(|f| low <= **f + 0.5 && high >= **f + STOREY).count();
    let most = rule.number("most").unwrap_or(1.0);
    #[allow(clippy::cast_precision_loss)]
    if through as f64 <= most {
        findings.passed(rule, 1);
        return;
    }
    let own = model.storeys.get(own).map(|s| s.name.clone()).unwrap_or_default();
    let values = [("storeys", Text::same(through.to_string())), ("own", Text::same(own))];
    findings.fail_element(facts, rule, b.at, "spans", &values);
}
