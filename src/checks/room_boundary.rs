//! The outline that drawn walls make around a room's label against the footprint of the modelled space.
//!
//! Spaces are modelled to any face of their walls, and drawn outlines leak where a wall was not recognised or a room is
//! open: only an outline that its own drawn area confirms can contradict the model. What the drawn area does not confirm
//! is not compared, since the area has its own rule.

use super::comparison::{Class, modelled, say};
use super::{Check, Findings};
use crate::facts::Facts;
use crate::finding::{Side, Value, Verdict};
use crate::geom::{Polygon, Region, intersection};
use crate::rulebook::Rule;
use crate::wording::Text;

/// The check.
pub(super) const CHECK: Check =
    Check { name: "room_boundary", summary: "Do the drawn walls enclose the modelled room?", run };

/// A drawn area confirms the outline around it where both differ by less than this share.
const CONFIRMED: f64 = 0.05;

fn area(region: &[Polygon]) -> f64 {
    region.iter().map(Polygon::area).sum()
}

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let face = rule.number("face_mm").unwrap_or(150.0) / 1000.0;
    let least = rule.number("least_share").unwrap_or(0.85);
    for m in &facts.matches.plans {
        let (Some(plan), Some(storey)) = (facts.plans.plans.get(m.plan), facts.storeys.get(m.storey)) else {
            continue;
        };
        let Some(to_world) = facts.registration.plans.get(m.plan).and_then(|r| r.to_world) else { continue };
        for pair in &m.rooms.pairs {
            let drawn = pair.drawn.first().and_then(|&d| plan.rooms.get(d));
            let (Some(drawn), Some(space)) = (drawn, storey.rooms.get(pair.modelled)) else { continue };
            let Some(outline) = drawn.outline.as_ref().filter(|_| !space.outline.is_empty()) else {
                findings.not_applicable(rule, 1);
                continue;
            };
            let outline: Region = outline.iter().map(|p| p.mapped(&to_world)).collect();
            let (a, b) = (area(&outline), area(&space.outline));
            let both = area(&intersection(&outline, &space.outline));
            let share = both / (a + b - both).max(1e-9);
            let edge: f64 = space.outline.iter().map(Polygon::perimeter).sum();
            if share >= least || a + b - 2.0 * both <= face * edge {
                findings.passed(rule, 1);
                continue;
            }
            let confirmed = drawn.area_m2.is_some_and(|s| (s - a).abs() <= CONFIRMED * s);
            if !confirmed {
                findings.not_applicable(rule, 1);
                continue;
            }
            let subject = modelled(facts, m, Class::Room, pair.modelled, &pair.drawn);
            let values = [
                ("measured", Text::same(format!("{a:.1}"))),
                ("expected", Text::same(format!("{b:.1}"))),
                ("percent", Text::same(format!("{:.0}", share * 100.0))),
            ];
            let verdict = (Verdict::Fail, Side::Differs, "differs");
            let finding = say(facts, findings, rule, m, Class::Room, subject, verdict, &values);
            finding.measured = Some(Value::Number((a * 100.0).round() / 100.0));
            finding.expected = Some(Value::Number((b * 100.0).round() / 100.0));
            finding.unit = Some("m2".into());
            finding.confidence = 0.85;
        }
    }
}
