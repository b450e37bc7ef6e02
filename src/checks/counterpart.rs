//! Something drawn has no modelled twin, or something modelled is not drawn.
//!
//! Reads the pairing, which looks again in the raw lines (missing in the drawing) and in all outlines of the storey
//! (missing in the model) before it says so. Several plans of one storey count together.

use super::comparison::{Class, drawn, modelled, say};
use super::{Check, Findings};
use crate::facts::Facts;
use crate::finding::{Side, Verdict};
use crate::matching::{Missing, PlanMatches};
use crate::rulebook::Rule;
use crate::wording::Text;

/// The check.
pub(super) const CHECK: Check = Check {
    name: "counterpart",
    summary: "Has everything drawn a modelled twin, and is everything modelled drawn?",
    run,
};

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let side = rule.params.get("side").and_then(|v| v.as_str());
    for class in Class::of(rule) {
        for m in &facts.matches.plans {
            let list = class.matches(m);
            let pairs = list.pairs.iter().filter(|p| class.is_modelled(facts, m, p.modelled)).count();
            findings.passed(rule, pairs as u64);
            if let Some(n) = m.not_drawn.iter().find(|n| n.class == class.name()) {
                findings.not_applicable(rule, n.modelled as u64);
            }
            if side != Some("missing-in-model") {
                for x in &list.missing_in_drawing {
                    if class.is_modelled(facts, m, x.index) && !drawn_elsewhere(facts, m, class, x) {
                        report(facts, rule, findings, m, class, x, Side::MissingInDrawing);
                    }
                }
            }
            if side != Some("missing-in-drawing") {
                for x in list.missing_in_model.iter().filter(|x| class.is_drawn(facts, m, x.index)) {
                    report(facts, rule, findings, m, class, x, Side::MissingInModel);
                }
            }
        }
    }
}

/// Another plan of the same storey draws it, or has said already that it is missing.
fn drawn_elsewhere(facts: &Facts<'_>, m: &PlanMatches, class: Class, x: &Missing) -> bool {
    facts.matches.plans.iter().filter(|o| o.storey == m.storey && o.plan != m.plan).any(|o| {
        let list = class.matches(o);
        let paired = list.pairs.iter().any(|p| p.modelled == x.index);
        let decided = list.missing_in_drawing.iter().any(|y| y.index == x.index && y.undecided.is_none());
        paired || (decided && (o.plan < m.plan || x.undecided.is_some()))
    })
}

fn report(
    facts: &Facts<'_>,
    rule: &Rule,
    findings: &mut Findings,
    m: &PlanMatches,
    class: Class,
    x: &Missing,
    side: Side,
) {
    let (subject, name) = match side {
        Side::MissingInModel => (drawn(facts, m, class, x.index), "missing-in-model"),
        _ => (modelled(facts, m, class, x.index, &[]), "missing-in-drawing"),
    };
    let mut values: Vec<(&str, Text)> = Vec::new();
    let (verdict, case) = match &x.undecided {
        Some(why) => {
            values.push(("why", why.clone()));
            (Verdict::Undecided, format!("{name}-undecided"))
        }
        None => (Verdict::Fail, name.to_owned()),
    };
    say(facts, findings, rule, m, class, subject, (verdict, side, &case), &values).confidence = x.confidence;
}
