//! The shape of an element goes with its class: a wall stands, a slab lies; a door of the later stages is more than a box.

use super::{Check, Facts, Findings, Kind, Rule, Text, Value, Verdict, boxed};
use crate::geom::Point3;

/// See the file's head. `ask = "class"` or `"coarse"`.
pub(in crate::checks) const CHECK: Check =
    Check { name: "shape_class", summary: "Does the shape of an element go with its class and stage?", run };

/// A box fills itself to this share.
const BOX: f64 = 0.999;

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    if rule.params.get("ask").and_then(|a| a.as_str()) == Some("coarse") {
        coarse(facts, rule, findings);
        return;
    }
    let Some(shapes) = facts.shapes else { return };
    for b in boxed(facts, shapes, |e| matches!(e.kind, Kind::Wall | Kind::Slab)) {
        let size = b.extent.max - b.extent.min;
        let case = match b.element.kind {
            // lies: thin, and wide in both directions
            Kind::Wall if size.z < 0.35 && size.x.min(size.y) > 1.0 => "wall-lies",
            // stands: upright and thin in one direction
            Kind::Slab if size.z > 1.5 && size.x.min(size.y) < 0.5 && size.x.max(size.y) > 1.0 => {
                "slab-stands"
            }
            _ => {
                findings.passed(rule, 1);
                continue;
            }
        };
        let text = |p: Point3| format!("{:.2} × {:.2} × {:.2}", p.x, p.y, p.z);
        let values = [("size", Text::same(text(size)))];
        if let Some(finding) = findings.fail_element(facts, rule, b.at, case, &values) {
            finding.point_m = Some(b.extent.centre().into());
        }
    }
}

/// Most elements of a class are plain boxes.
fn coarse(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let Some(shapes) = facts.shapes else { return };
    let limit = rule.number("share").unwrap_or(0.5);
    for (model, m) in facts.models.iter().zip(0u32..) {
        for class in rule.names("of") {
            let all = boxed(facts, shapes, |e| model.is_a(e, class));
            let own: Vec<_> = all.iter().filter(|b| b.at.model == m).collect();
            if own.is_empty() {
                findings.not_applicable(rule, 1);
                continue;
            }
            let boxes = own.iter().filter(|b| plain(shapes.measures(b.at), &b.element.openings)).count();
            #[allow(clippy::cast_precision_loss)]
            let share = boxes as f64 / own.len() as f64;
            if share <= limit {
                findings.passed(rule, 1);
                continue;
            }
            let values = [
                ("file", Text::same(&model.file)),
                ("class", Text::same(class)),
                ("boxes", Text::same(boxes.to_string())),
                ("all", Text::same(own.len().to_string())),
            ];
            let finding = findings.say(rule, Verdict::Fail, class, "boxes", &values);
            finding.mark = Some(format!("{} {class}", model.file));
            finding.measured = Some(Value::Number(share));
            finding.limit = Some(limit);
        }
    }
}

/// One item that fills its box.
fn plain(measures: Option<&crate::ifc::solid::Measures>, openings: &[u32]) -> bool {
    measures.is_some_and(|m| {
        let size = m.extent.max - m.extent.min;
        m.items == 1 && openings.is_empty() && m.volume_m3 > BOX * size.x * size.y * size.z
    })
}
