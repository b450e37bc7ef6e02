//! A word of a matched pair differs: an opening's mark, its class, the way it opens, a room's name, an axis's label.

use super::comparison::{Class, modelled, say, word};
use super::{Check, Findings};
use crate::facts::Facts;
use crate::finding::{Side, Value, Verdict};
use crate::rulebook::Rule;
use crate::wording::Text;

/// The check.
pub(super) const CHECK: Check = Check {
    name: "text",
    summary: "Do the marks, names, labels and kinds of what is drawn and what is modelled agree?",
    run,
};

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let what = rule.params.get("what").and_then(|v| v.as_str()).unwrap_or_default();
    for class in Class::of(rule) {
        for m in &facts.matches.plans {
            for c in m.conventions.iter().filter(|c| c.class == class.name() && c.what == what) {
                let plan = facts.plans.plans.get(m.plan).map_or("", |p| p.id.as_str());
                let share = Text::same(format!("{:.0}", c.share * 100.0));
                let values = [("thing", class.noun()), ("plan", Text::same(plan)), ("percent", share)];
                let finding = findings.note(rule, class.ifc(), "convention", &values);
                finding.storey = facts.storey_name(m.storey);
            }
            for pair in class.matches(m).pairs.iter().filter(|p| class.is_modelled(facts, m, p.modelled)) {
                let Some(delta) = pair.deltas.iter().find(|d| d.what == what) else { continue };
                if delta.difference.is_none_or(|d| d < 0.5) {
                    findings.passed(rule, 1);
                    continue;
                }
                let mut subject = modelled(facts, m, class, pair.modelled, &pair.drawn);
                if class == Class::Axis {
                    // either label names the axis; the model's own comes first
                    subject.thing = Text::new(
                        format!("{} {}", class.noun().en, shown(&delta.modelled)),
                        format!("{} {}", class.noun().zh, shown(&delta.modelled)),
                    );
                }
                let case = match &delta.drawn {
                    Value::Text(t) if rule.message.contains_key(t) => t.clone(),
                    _ => "differs".to_owned(),
                };
                let values =
                    [("measured", shown_word(&delta.drawn)), ("expected", shown_word(&delta.modelled))];
                let finding = say(
                    facts,
                    findings,
                    rule,
                    m,
                    class,
                    subject,
                    (Verdict::Fail, Side::Differs, &case),
                    &values,
                );
                finding.measured = Some(delta.drawn.clone());
                finding.expected = Some(delta.modelled.clone());
                finding.confidence = 0.95;
            }
        }
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Text(t) => t.clone(),
        Value::Number(n) => n.to_string(),
    }
}

/// IFC class names are told as words.
fn shown_word(value: &Value) -> Text {
    match value {
        Value::Text(t) if t == "IfcDoor" => word("door"),
        Value::Text(t) if t == "IfcWindow" => word("window"),
        _ => Text::same(shown(value)),
    }
}
