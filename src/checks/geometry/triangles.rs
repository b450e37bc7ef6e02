//! Bodies that are far finer than a building needs: each is a weight on every program that draws the model.

use super::{Check, Facts, Findings, Rule, Text, Value, boxed};

/// See the file's head.
pub(in crate::checks) const CHECK: Check =
    Check { name: "triangles", summary: "Is no body finer than a building needs?", run };

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let (Some(shapes), Some(most)) = (facts.shapes, rule.number("most")) else { return };
    for b in boxed(facts, shapes, |_| true) {
        let Some(count) = shapes.measures(b.at).map(|m| f64::from(m.triangles)) else {
            findings.not_applicable(rule, 1);
            continue;
        };
        if count <= most {
            findings.passed(rule, 1);
            continue;
        }
        let values =
            [("count", Text::same(format!("{count:.0}"))), ("limit", Text::same(format!("{most:.0}")))];
        if let Some(finding) = findings.fail_element(facts, rule, b.at, "many", &values) {
            finding.measured = Some(Value::Number(count));
            finding.limit = Some(most);
            finding.unit = Some("1".into());
        }
    }
}
