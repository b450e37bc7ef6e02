//! Fire zones: every room belongs to one, none is too large, their doors and walls are rated.

use super::{
    Check, Evidence, Facts, Findings, Kind, Rule, Text, Verdict, fail, limit_by_use, needs, passages,
};
use crate::finding::Value;
use crate::ifc::Model;
use std::collections::{BTreeMap, BTreeSet};

/// See the file's head. `ask = "area"`, `"member"`, `"door"` or `"wall"`.
pub(in crate::checks) const CHECK: Check = Check {
    name: "fire_compartment",
    summary: "Are fire zones defined, small enough, and closed by rated doors and walls?",
    run,
};

/// A fire zone of a model: its name, and the spaces in it by STEP number.
struct Zone {
    name: String,
    guid: String,
    class: &'static str,
    members: BTreeSet<u32>,
}

/// IfcSpatialZones of fire safety, and IfcZones whose names say so.
fn zones(model: &Model, words: &[&str]) -> Vec<Zone> {
    let said = |t: &str| {
        let lower = t.to_lowercase();
        words.iter().any(|w| lower.contains(&w.to_lowercase()))
    };
    let named = |name: Option<&str>, kind: Option<&str>| name.is_some_and(said) || kind.is_some_and(said);
    let mut out = Vec::new();
    for group in &model.groups {
        if group.part.class == "IfcZone" && named(group.part.name.as_deref(), group.part.long_name.as_deref())
        {
            out.push(Zone {
                name: group.part.name.clone().unwrap_or_default(),
                guid: group.part.guid.clone(),
                class: group.part.class,
                members: group.members.iter().copied().collect(),
            });
        }
    }
    let Some(step) = model.step() else { return out };
    let references = step.links("IfcRelReferencedInSpatialStructure", "RelatingStructure", "RelatedElements");
    for zone in step.records_of("IfcSpatialZone") {
        let kind = zone.attribute("PredefinedType").enumeration().unwrap_or_default();
        let name = zone.attribute("Name").text();
        if kind.eq_ignore_ascii_case("FIRESAFETY")
            || named(name.as_deref(), zone.attribute("ObjectType").text().as_deref())
        {
            out.push(Zone {
                name: name.unwrap_or_default(),
                guid: zone.attribute("GlobalId").text().unwrap_or_default(),
                class: "IfcSpatialZone",
                members: references.of(zone.id).collect(),
            });
        }
    }
    out
}

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let words = rule.names("words");
    let all: Vec<(u32, Zone)> = facts
        .models
        .iter()
        .zip(0u32..)
        .flat_map(|(model, m)| zones(model, &words).into_iter().map(move |z| (m, z)))
        .collect();
    if all.is_empty() {
        needs(rule, "needs-zones", findings);
        return;
    }
    match rule.params.get("ask").and_then(|a| a.as_str()) {
        Some("member") => members(facts, rule, &all, findings),
        Some("door") => doors(facts, rule, &all, findings),
        Some("wall") => walls(facts, rule, &all, findings),
        _ => areas(facts, rule, &all, findings),
    }
}

fn areas(facts: &Facts<'_>, rule: &Rule, all: &[(u32, Zone)], findings: &mut Findings) {
    let below = facts.manifest.is_some_and(|m| m.building.class.is_none() && m.building.r#use.is_none());
    let class = facts.manifest.and_then(|m| m.building.class.as_deref());
    let table = rule.params.get("most_m2").and_then(|t| t.as_table());
    let by_class =
        class.and_then(|c| table?.get(c)).and_then(|v| v.as_float().or(v.as_integer().map(|i| i as f64)));
    let Some(limit) = by_class
        .or_else(|| limit_by_use(rule, "most_m2", facts).filter(|_| facts.manifest.is_some() && !below))
    else {
        needs(rule, "needs-class", findings);
        return;
    };
    let factor = match facts.manifest.and_then(|m| m.building.sprinklers) {
        Some(true) => rule.number("sprinkler_factor").unwrap_or(1.0),
        _ => 1.0,
    };
    for (m, zone) in all {
        let measured: f64 = facts
            .storeys
            .iter()
            .flat_map(|s| &s.rooms)
            .filter(|r| r.element.model == *m)
            .filter(|r| {
                let model = facts.models.get(*m as usize);
                model
                    .and_then(|m| m.element(r.element.index))
                    .is_some_and(|e| zone.members.contains(&e.step_id))
            })
            .map(|r| r.area_m2)
            .sum();
        let limit = limit * factor;
        if measured <= limit {
            findings.passed(rule, 1);
            continue;
        }
        let evidence = Evidence { measured, limit, unit: "m2" };
        let mut values = evidence.values(rule);
        values.push(("zone", Text::same(&zone.name)));
        let finding = findings.say(rule, Verdict::Fail, zone.class, "large", &values);
        finding.mark = Some(zone.guid.clone());
        evidence.put(rule, finding);
    }
}

/// Zone of each space.
fn zone_of(all: &[(u32, Zone)]) -> BTreeMap<(u32, u32), usize> {
    let mut out = BTreeMap::new();
    for (number, (m, zone)) in all.iter().enumerate() {
        out.extend(zone.members.iter().map(|id| ((*m, *id), number)));
    }
    out
}

fn members(facts: &Facts<'_>, rule: &Rule, all: &[(u32, Zone)], findings: &mut Findings) {
    let of = zone_of(all);
    for room in facts.storeys.iter().flat_map(|s| &s.rooms) {
        let model = facts.models.get(room.element.model as usize);
        let Some(element) = model.and_then(|m| m.element(room.element.index)) else { continue };
        if of.contains_key(&(room.element.model, element.step_id)) {
            findings.passed(rule, 1);
        } else {
            let finding = findings.fail_element(facts, rule, room.element, "loose", &[]);
            finding.into_iter().for_each(|f| f.expected = Some(Value::Text(super::clause(rule))));
        }
    }
}

/// A property of fire resistance of an element or of its type.
fn rating(model: &Model, step_id: u32, names: &[&str]) -> Option<String> {
    let sets = model.property_sets(step_id);
    let mut all = sets.iter().flat_map(|s| &s.properties);
    all.find_map(|p| {
        if !names.iter().any(|n| p.name.eq_ignore_ascii_case(n)) {
            return None;
        }
        let text = p.text().or_else(|| p.value().real().map(|x| x.to_string()));
        text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty())
    })
}

/// Doors between two zones have a fire class: a rating, or a mark that says it (FM甲1021).
fn doors(facts: &Facts<'_>, rule: &Rule, all: &[(u32, Zone)], findings: &mut Findings) {
    let of = zone_of(all);
    let names = rule.names("properties");
    let marks = rule.names("marks");
    for storey in facts.storeys {
        let zone = |room: usize| {
            let room = storey.rooms.get(room)?;
            let element = facts.models.get(room.element.model as usize)?.element(room.element.index)?;
            of.get(&(room.element.model, element.step_id)).copied()
        };
        for passage in passages(storey) {
            let [Some(a), Some(b)] = passage.sides else { continue };
            let (Some(a), Some(b)) = (zone(a), zone(b)) else { continue };
            if a == b {
                continue;
            }
            let at = passage.door.element;
            let Some(model) = facts.models.get(at.model as usize) else { continue };
            let Some(element) = model.element(at.index) else { continue };
            let marked =
                passage.door.marks.iter().any(|m| marks.iter().any(|p| m.to_uppercase().starts_with(p)));
            if marked || rating(model, element.step_id, &names).is_some() {
                findings.passed(rule, 1);
                continue;
            }
            let name = |z: usize| all.get(z).map(|(_, z)| z.name.clone()).unwrap_or_default();
            let values = [("from", Text::same(name(a))), ("to", Text::same(name(b)))];
            if let Some(finding) = findings.fail_element(facts, rule, at, "unrated", &values) {
                finding.expected = Some(Value::Text(super::clause(rule)));
            }
        }
    }
}

/// Walls with rooms of two zones on their sides have a rating.
fn walls(facts: &Facts<'_>, rule: &Rule, all: &[(u32, Zone)], findings: &mut Findings) {
    let of = zone_of(all);
    let names = rule.names("properties");
    for storey in facts.storeys {
        let zone_at = |p: crate::geom::Point2| {
            let room = storey.rooms.iter().find(|r| r.outline.iter().any(|q| q.contains(p)))?;
            let element = facts.models.get(room.element.model as usize)?.element(room.element.index)?;
            of.get(&(room.element.model, element.step_id)).copied()
        };
        for wall in storey.walls.iter().filter(|w| w.own_storey && w.kind == Kind::Wall) {
            let between = wall.runs.iter().any(|run| {
                let Some(along) = (run.line.b - run.line.a).normalised() else { return false };
                let across = crate::geom::Point2::new(-along.y, along.x) * (run.thickness_m / 2.0 + 0.3);
                let middle = (run.line.a + run.line.b) / 2.0;
                matches!((zone_at(middle + across), zone_at(middle - across)), (Some(a), Some(b)) if a != b)
            });
            if !between {
                continue;
            }
            let Some(model) = facts.models.get(wall.element.model as usize) else { continue };
            let Some(element) = model.element(wall.element.index) else { continue };
            if rating(model, element.step_id, &names).is_some() {
                findings.passed(rule, 1);
            } else {
                let evidence =
                    Evidence { measured: 0.0, limit: rule.number("hours").unwrap_or(3.0), unit: "h" };
                fail(facts, rule, wall.element, "unrated", &evidence, &[], findings);
            }
        }
    }
}
