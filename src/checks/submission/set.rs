//! The set is complete: a plan for every storey, a model for every discipline that is asked for.

use super::{Check, Facts, Findings, Rule, Text, Verdict, asks};
use crate::ifc::model::{Kind, Model};

/// See the file's head. `ask = "plans"` or `"disciplines"`.
pub(in crate::checks) const CHECK: Check =
    Check { name: "set", summary: "Is there a plan for every storey, a model for every discipline?", run };

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    if asks(rule, "disciplines") { disciplines(facts, rule, findings) } else { plans(facts, rule, findings) }
}

/// A storey that has rooms or walls of its own is drawn on a plan. Only where plans were laid at all.
fn plans(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let laid = |storey: usize| {
        facts.registration.plans.iter().any(|p| p.storeys.contains(&storey) || p.named.contains(&storey))
    };
    if !(0..facts.storeys.len()).any(laid) {
        findings.not_applicable(rule, facts.storeys.len() as u64);
        return;
    }
    for (at, storey) in facts.storeys.iter().enumerate() {
        let own = storey.walls.iter().filter(|w| w.own_storey).count() + storey.rooms.len();
        if own == 0 || !facts.scope.has_storey(at) {
            findings.not_applicable(rule, 1);
        } else if laid(at) {
            findings.passed(rule, 1);
        } else {
            let name = facts.storey_name(at);
            let shown = name.as_ref().map(|n| n.name.clone()).unwrap_or_default();
            let values = [("storey", Text::same(shown))];
            findings.say(rule, Verdict::Fail, "IfcBuildingStorey", "no-plan", &values).storey = name;
        }
    }
}

/// A discipline is there where a model holds elements of it.
fn disciplines(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let asked = rule.names("of");
    if asked.is_empty() {
        findings.not_applicable(rule, 1);
        return;
    }
    for discipline in asked {
        let listed = facts.manifest.is_some_and(|m| {
            m.files
                .iter()
                .any(|f| f.discipline.as_deref().is_some_and(|d| d.eq_ignore_ascii_case(discipline)))
        });
        if listed || facts.models.iter().any(|m| has(m, discipline)) {
            findings.passed(rule, 1);
        } else {
            let values = [("discipline", Text::same(discipline))];
            findings.say(rule, Verdict::Fail, "IfcProject", "missing", &values).mark =
                Some(discipline.to_owned());
        }
    }
}

fn has(model: &Model, discipline: &str) -> bool {
    model.elements.iter().any(|e| match discipline {
        "architecture" => matches!(e.kind, Kind::Door | Kind::Window | Kind::Space),
        "structure" => {
            matches!(e.kind, Kind::Beam | Kind::Foundation)
                || (e.kind == Kind::Column && model.elements.iter().all(|o| o.kind != Kind::Door))
        }
        "services" => e.kind == Kind::Distribution,
        _ => false,
    })
}
