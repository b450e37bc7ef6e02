//! Labels of grid axes: on one side only, different at the same place, or against the rules of labelling.

use super::comparison::{Class, drawn, modelled, say};
use super::{Check, Findings};
use crate::facts::Facts;
use crate::finding::{Side, Value, Verdict};
use crate::matching::PlanMatches;
use crate::rulebook::Rule;
use crate::wording::Text;

/// The check.
pub(super) const CHECK: Check =
    Check { name: "grid", summary: "Do drawing and model have the same axes under the same labels?", run };

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    match rule.params.get("what").and_then(|v| v.as_str()) {
        Some("rule") => labelling(facts, rule, findings),
        _ => {
            for m in &facts.matches.plans {
                labels(facts, rule, findings, m);
            }
        }
    }
}

fn labels(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings, m: &PlanMatches) {
    if let Some(n) = m.not_drawn.iter().find(|n| n.class == "axis") {
        findings.not_applicable(rule, n.modelled as u64);
    }
    for pair in &m.axes.pairs {
        let Some(delta) = pair.deltas.iter().find(|d| d.what == "label") else { continue };
        if delta.difference.is_none_or(|d| d < 0.5) {
            findings.passed(rule, 1);
            continue;
        }
        let subject = modelled(facts, m, Class::Axis, pair.modelled, &pair.drawn);
        let (Value::Text(measured), Value::Text(expected)) = (&delta.drawn, &delta.modelled) else {
            continue;
        };
        let values = [("measured", Text::same(measured.clone())), ("expected", Text::same(expected.clone()))];
        let verdict = (Verdict::Fail, Side::Differs, "differs");
        let finding = say(facts, findings, rule, m, Class::Axis, subject, verdict, &values);
        finding.measured = Some(delta.drawn.clone());
        finding.expected = Some(delta.modelled.clone());
        finding.confidence = 0.97;
    }
    let drawn_elsewhere = |index: usize| {
        facts.matches.plans.iter().any(|o| {
            o.storey == m.storey && o.plan != m.plan && o.axes.pairs.iter().any(|p| p.modelled == index)
        })
    };
    for x in m.axes.missing_in_drawing.iter().filter(|x| !drawn_elsewhere(x.index)) {
        let subject = modelled(facts, m, Class::Axis, x.index, &[]);
        let (verdict, case) = match x.undecided {
            Some(_) => (Verdict::Undecided, "missing-in-drawing-undecided"),
            None => (Verdict::Fail, "missing-in-drawing"),
        };
        let why = [("why", x.undecided.clone().unwrap_or_default())];
        let verdict = (verdict, Side::MissingInDrawing, case);
        say(facts, findings, rule, m, Class::Axis, subject, verdict, &why).confidence = x.confidence;
    }
    for x in &m.axes.missing_in_model {
        let subject = drawn(facts, m, Class::Axis, x.index);
        let (verdict, case) = match x.undecided {
            Some(_) => (Verdict::Undecided, "missing-in-model-undecided"),
            None => (Verdict::Fail, "missing-in-model"),
        };
        let why = [("why", x.undecided.clone().unwrap_or_default())];
        let verdict = (verdict, Side::MissingInModel, case);
        say(facts, findings, rule, m, Class::Axis, subject, verdict, &why).confidence = x.confidence;
    }
}

/// GB/T 50001: letters that may be read as digits are not used.
fn labelling(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let letters = rule.params.get("forbidden").and_then(|v| v.as_str()).unwrap_or_default();
    for (k, plan) in facts.plans.plans.iter().enumerate() {
        for axis in &plan.axes {
            let label = axis.label.trim().to_uppercase();
            if !label.chars().any(|c| letters.contains(c)) {
                findings.passed(rule, 1);
                continue;
            }
            let at = axis.bubbles.first().copied().unwrap_or_default();
            let values = [("axis", Text::same(label.clone())), ("plan", Text::same(plan.id.clone()))];
            let storey = facts.registration.plans.get(k).and_then(|r| r.storeys.first().copied());
            let name = facts.drawn_name(k, &axis.evidence.marks, at);
            let finding = findings.say(rule, Verdict::Fail, "IfcGridAxis", "letter", &values);
            finding.axis = Some(label);
            finding.storey = storey.and_then(|s| facts.storey_name(s));
            finding.drawn = name.into_iter().collect();
            finding.confidence = 0.9;
        }
    }
}
