//! Fire zones: their names and areas in the texts of a plan against the zones of the model and the rooms that belong to
//! them.
//!
//! A drawn area is taken between the outer walls, the modelled one is the sum of rooms: only what is larger or smaller than
//! walls can make it is told.

use super::comparison::{At, laid, tell};
use super::{Check, Findings};
use crate::drawing::plans::Plan;
use crate::facts::Facts;
use crate::finding::{Side, Value, Verdict};
use crate::geom::Point2;
use crate::ifc::section::StoreyPlan;
use crate::rulebook::Rule;
use crate::wording::Text;
use std::collections::{BTreeMap, BTreeSet};

/// The check.
pub(super) const CHECK: Check =
    Check { name: "fire_zone", summary: "Do drawn and modelled fire zones agree in name and area?", run };

/// A text this close below a zone's name may state its area (metres on site, at 1:100).
const BESIDE_M: f64 = 2.5;
/// Names longer than this are sentences about zones.
const LONGEST: usize = 8;

/// A zone of the model: its name as written, and the STEP numbers of its members by model.
struct Zone {
    name: String,
    members: BTreeSet<(u32, u32)>,
}

/// A zone as drawn.
struct Drawn {
    at: Point2,
    mark: u32,
    area_m2: Option<f64>,
}

/// The part of a text that tells zones apart: `防火分区一` and `防火分区 1` are one.
fn key(text: &str, words: &[String]) -> Option<String> {
    let plain: String = text
        .chars()
        .map(|c| match u32::from(c) {
            x @ 0xFF01..=0xFF5E => char::from_u32(x - 0xFEE0).unwrap_or(c),
            _ => c,
        })
        .collect::<String>()
        .to_uppercase();
    let (at, word) = words.iter().filter_map(|w| Some((plain.find(w.as_str())?, w))).min()?;
    let number = |part: &str| -> String {
        let name: String = part
            .chars()
            .skip_while(|c| c.is_whitespace() || matches!(c, '-' | '.' | ':' | '：' | '_' | '#' | '(' | '第'))
            .take_while(|c| c.is_alphanumeric() || *c == '-')
            .collect();
        let digits = |c: char| "零一二三四五六七八九".chars().position(|d| d == c);
        match name.chars().collect::<Vec<_>>()[..] {
            [c] => digits(c).map_or(name.clone(), |d| d.to_string()),
            ['十', c] => digits(c).map_or(name.clone(), |d| format!("{}", 10 + d)),
            _ => name,
        }
    };
    let after = number(plain.get(at + word.len()..)?);
    let name = if after.is_empty() {
        // 一防火分区, 第2防火分区
        let before: String = plain.get(..at)?.chars().filter(|c| c.is_alphanumeric()).collect();
        number(&before)
    } else {
        after
    };
    // A zone is numbered or lettered; 防火分区示意图 and 防火分区面积 are words about zones.
    let tells = name.chars().count() == 1 || name.chars().any(|c| c.is_ascii_alphanumeric());
    (tells && name.chars().count() <= LONGEST).then_some(name)
}

/// An area with its unit: `1234.5m²`, `S=980 ㎡`.
fn area(text: &str) -> Option<f64> {
    let lower = text.to_lowercase();
    let unit = ["m²", "㎡", "m2", "平方米", "sqm"].iter().filter_map(|u| lower.find(u)).min()?;
    let before = lower.get(..unit)?.trim_end();
    let digits: String =
        before.chars().rev().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ',')).collect();
    let number: String = digits.chars().rev().filter(|c| *c != ',').collect();
    number.trim_matches('.').parse().ok().filter(|a: &f64| *a > 1.0 && a.is_finite())
}

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let words: Vec<String> = match rule.params.get("words") {
        Some(toml::Value::Array(list)) => {
            list.iter().filter_map(|v| v.as_str()).map(str::to_uppercase).collect()
        }
        _ => Vec::new(),
    };
    let zones = zones(facts, &words);
    for (m, plan, storey, to_world) in laid(facts) {
        let drawn = drawn(plan, &words);
        if drawn.is_empty() {
            findings.not_applicable(rule, 1);
            continue;
        }
        for (name, zone) in &drawn {
            let at = At {
                plan: m.plan,
                storey: Some(m.storey),
                point: Some(to_world.apply(zone.at)),
                marks: &[zone.mark],
                element: None,
            };
            let shown = [("zone", Text::same(name.clone()))];
            let mut say = |verdict: (Verdict, Side, &str), values: &[(&str, Text)]| {
                let finding = tell(facts, findings, rule, "IfcZone", verdict, &at, values);
                finding.mark = Some(name.clone());
                finding.confidence = 0.85;
            };
            let Some(modelled) = zones.get(name) else {
                if zones.is_empty() {
                    say((Verdict::Undecided, Side::MissingInModel, "undecided"), &shown);
                } else {
                    say((Verdict::Fail, Side::MissingInModel, "missing-in-model"), &shown);
                }
                continue;
            };
            let sum = rooms_of(facts, storey, modelled);
            match zone.area_m2.filter(|_| sum > 0.0) {
                Some(stated) if !is_near(rule, stated, sum) => {
                    let number = |x: f64| Text::same(format!("{x:.1}"));
                    let values = [shown[0].clone(), ("measured", number(stated)), ("expected", number(sum))];
                    let verdict = (Verdict::Fail, Side::Differs, "area");
                    let finding = tell(facts, findings, rule, "IfcZone", verdict, &at, &values);
                    finding.mark = Some(name.clone());
                    finding.measured = Some(Value::Number(stated));
                    finding.expected = Some(Value::Number((sum * 10.0).round() / 10.0));
                    finding.unit = Some("m2".into());
                    finding.confidence = 0.85;
                }
                _ => findings.passed(rule, 1),
            }
        }
        for (name, zone) in zones.iter().filter(|(name, _)| !drawn.contains_key(*name)) {
            if rooms_of(facts, storey, zone) <= 0.0 {
                findings.not_applicable(rule, 1);
                continue;
            }
            let at = At { plan: m.plan, storey: Some(m.storey), ..At::default() };
            let values = [("zone", Text::same(zone.name.clone()))];
            let verdict = (Verdict::Fail, Side::MissingInDrawing, "missing-in-drawing");
            let finding = tell(facts, findings, rule, "IfcZone", verdict, &at, &values);
            finding.mark = Some(name.clone());
            finding.confidence = 0.8;
        }
    }
}

fn is_near(rule: &Rule, stated: f64, sum: f64) -> bool {
    let larger = rule.number("larger_share").unwrap_or(0.25);
    let smaller = rule.number("smaller_share").unwrap_or(0.05);
    stated <= sum * (1.0 + larger) && stated >= sum * (1.0 - smaller)
}

/// IfcZones and IfcSpatialZones whose names say that they are fire zones, by what tells them apart.
fn zones(facts: &Facts<'_>, words: &[String]) -> BTreeMap<String, Zone> {
    let mut out: BTreeMap<String, Zone> = BTreeMap::new();
    let mut put = |name: Option<&str>, members: BTreeSet<(u32, u32)>| {
        let Some((name, key)) = name.and_then(|n| Some((n, key(n, words)?))) else { return };
        let zone = out.entry(key).or_insert_with(|| Zone { name: name.to_owned(), members: BTreeSet::new() });
        zone.members.extend(members);
    };
    for (model, m) in facts.models.iter().zip(0u32..) {
        for group in model.groups.iter().filter(|g| g.part.class == "IfcZone") {
            let members: BTreeSet<_> = group.members.iter().map(|id| (m, *id)).collect();
            let names = [&group.part.name, &group.part.long_name, &group.part.description];
            let name = names.into_iter().flatten().find(|n| key(n, words).is_some());
            put(name.map(String::as_str), members);
        }
        let Some(step) = model.step() else { continue };
        let within = step.links("IfcRelReferencedInSpatialStructure", "RelatingStructure", "RelatedElements");
        for &id in step.ids_of("IfcSpatialZone") {
            let Some(record) = step.record(id) else { continue };
            let members: BTreeSet<_> = within.of(id).map(|e| (m, e)).collect();
            let names = ["Name", "LongName", "Description"].map(|a| record.attribute(a).text());
            let name = names.into_iter().flatten().find(|n| key(n, words).is_some());
            put(name.as_deref(), members);
        }
    }
    out
}

/// Area of the zone's rooms on a storey, m².
fn rooms_of(facts: &Facts<'_>, storey: &StoreyPlan, zone: &Zone) -> f64 {
    let number = |r: &crate::ifc::section::RoomCut| {
        let e = facts.models.get(r.element.model as usize)?.element(r.element.index)?;
        Some((r.element.model, e.step_id))
    };
    storey
        .rooms
        .iter()
        .filter(|r| number(r).is_some_and(|n| zone.members.contains(&n)))
        .map(|r| r.area_m2)
        .sum()
}

/// Zones that the texts of a plan name, each with the area that stands in the text or beside it.
fn drawn(plan: &Plan, words: &[String]) -> BTreeMap<String, Drawn> {
    let mut out: BTreeMap<String, Drawn> = BTreeMap::new();
    for text in &plan.raw.texts {
        let Some(name) = key(&text.text, words) else { continue };
        let beside = || {
            let near = plan.raw.texts.iter().filter(|t| t.at.distance(text.at) <= BESIDE_M);
            let mut areas: Vec<(f64, f64)> =
                near.filter_map(|t| Some((t.at.distance(text.at), area(&t.text)?))).collect();
            areas.sort_by(|a, b| a.0.total_cmp(&b.0));
            areas.first().map(|a| a.1)
        };
        let area_m2 = area(&text.text).or_else(beside);
        out.entry(name).or_insert(Drawn { at: text.at, mark: text.mark, area_m2 });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_areas_of_zones() {
        let words: Vec<String> = ["防火分区", "FIRE ZONE"].map(str::to_owned).into();
        for (text, want) in [
            ("防火分区一", Some("1")),
            ("防火分区 1", Some("1")),
            ("第2防火分区", Some("2")),
            ("防火分区十二", Some("12")),
            ("Fire Zone B-1", Some("B-1")),
            ("防火分区面积", None),
            ("本层防火分区示意图", None),
            ("办公室", None),
        ] {
            assert_eq!(key(text, &words).as_deref(), want, "{text}");
        }
        assert_eq!(area("建筑面积: 1234.5m²"), Some(1234.5));
        assert_eq!(area("S=1,980 ㎡"), Some(1980.0));
        assert_eq!(area("3m"), None);
    }
}
