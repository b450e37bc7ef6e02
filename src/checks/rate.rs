//! Of all elements compared the share that both sides have, by class: one remark for the whole run.

use super::comparison::Class;
use super::{Check, Findings};
use crate::facts::Facts;
use crate::rulebook::Rule;
use crate::wording::Text;

/// The check.
pub(super) const CHECK: Check =
    Check { name: "rate", summary: "On which share of each class do drawing and model agree?", run };

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let mut parts: Vec<Text> = Vec::new();
    for class in [Class::Wall, Class::Column, Class::Door, Class::Window, Class::Room, Class::Axis] {
        let (mut agreed, mut missing) = (0u64, 0u64);
        for m in &facts.matches.plans {
            let list = class.matches(m);
            let decided = |x: &&crate::matching::Missing| x.undecided.is_none();
            agreed += list.pairs.iter().filter(|p| class.is_modelled(facts, m, p.modelled)).count() as u64;
            missing += list
                .missing_in_drawing
                .iter()
                .filter(decided)
                .filter(|x| class.is_modelled(facts, m, x.index))
                .count() as u64;
            missing += list
                .missing_in_model
                .iter()
                .filter(decided)
                .filter(|x| class.is_drawn(facts, m, x.index))
                .count() as u64;
        }
        let all = agreed + missing;
        if all == 0 {
            continue;
        }
        findings.passed(rule, agreed);
        #[allow(clippy::cast_precision_loss)]
        let percent = (1000.0 * agreed as f64 / all as f64).floor() / 10.0;
        let values = [
            ("class", class.noun()),
            ("percent", Text::same(format!("{percent:.1}").trim_end_matches(".0"))),
            ("agreed", Text::same(agreed.to_string())),
            ("all", Text::same(all.to_string())),
        ];
        parts.extend(rule.message.get("one").map(|t| t.fill(&values)));
    }
    if parts.is_empty() {
        findings.not_applicable(rule, 1);
        return;
    }
    let join = |pick: fn(&Text) -> &str, by: &str| parts.iter().map(pick).collect::<Vec<_>>().join(by);
    let rates = Text::new(join(|t| &t.en, ", "), join(|t| &t.zh, "，"));
    findings.note(rule, "IfcProject", "rate", &[("rates", rates)]);
}
