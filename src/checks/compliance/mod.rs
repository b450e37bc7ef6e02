//! Codes of practice, as questions with parameters: limits and clauses stand in the rules and profiles. A limit that was
//! not held against the text of its code gives a warning, never an error. Each verdict names the clause, what was
//! measured and the limit; where an input is missing, it says which.

pub(super) mod declared;
pub(super) mod egress;
pub(super) mod fire_compartment;
pub(super) mod room_limit;
pub(super) mod stair_limit;
mod walk;

use super::Check;
use super::findings::Findings;
use crate::facts::Facts;
use crate::finding::{Finding, StoreyName, Value, Verdict};
use crate::geom::{Box2, Point2, Polygon};
use crate::ifc::Model;
use crate::ifc::model::{ElementRef, Kind};
use crate::ifc::section::{OpeningCut, RoomCut, StoreyPlan};
use crate::rulebook::{Rule, data_file};
use crate::wording::Text;
use serde::Deserialize;
use std::sync::LazyLock;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Uses {
    r#use: Vec<Use>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Use {
    name: String,
    words: Vec<String>,
}

static USES: LazyLock<Uses> =
    LazyLock::new(|| data_file("rooms.toml").and_then(|t| toml::from_str(t).ok()).unwrap_or_default());

/// What a room is for; empty where its name does not say.
fn use_of(room: &RoomCut) -> &'static str {
    let name = room.name.as_deref().unwrap_or("").to_lowercase();
    let is = |u: &&Use| u.words.iter().any(|w| name.contains(&w.to_lowercase()));
    USES.r#use.iter().find(is).map_or("", |u| u.name.as_str())
}

/// The width of a strip of this area and perimeter: of a rectangle its shorter side, of a bent corridor its width.
fn width(polygon: &Polygon) -> f64 {
    let half = polygon.perimeter() / 2.0;
    let root = (half * half - 4.0 * polygon.area()).max(0.0).sqrt();
    (half - root) / 2.0
}

/// What a verdict rests on.
struct Evidence {
    measured: f64,
    limit: f64,
    unit: &'static str,
}

impl Evidence {
    fn values<'v>(&self, rule: &Rule) -> Vec<(&'v str, Text)> {
        let whole = |x: f64| self.unit == "mm" || (self.unit == "1" && x.fract() == 0.0);
        let text = |x: f64| Text::same(format!("{:.*}", if whole(x) { 0 } else { 2 }, x));
        vec![
            ("measured", text(self.measured)),
            ("limit", text(self.limit)),
            ("clause", Text::same(clause(rule))),
        ]
    }

    fn put(&self, rule: &Rule, finding: &mut Finding) {
        finding.measured = Some(Value::Number(self.measured));
        finding.limit = Some(self.limit);
        finding.unit = Some(self.unit.into());
        finding.expected = Some(Value::Text(clause(rule)));
    }
}

/// The clause that a limit comes from, as the rule gives it.
fn clause(rule: &Rule) -> String {
    rule.params.get("clause").and_then(|c| c.as_str()).unwrap_or(&rule.doc.source).to_owned()
}

/// An element fails.
fn fail<'f>(
    facts: &Facts<'_>,
    rule: &Rule,
    element: ElementRef,
    case: &str,
    evidence: &Evidence,
    more: &[(&str, Text)],
    findings: &'f mut Findings,
) -> Option<&'f mut Finding> {
    let mut values = evidence.values(rule);
    values.extend(more.iter().cloned());
    let finding = findings.fail_element(facts, rule, element, case, &values)?;
    evidence.put(rule, finding);
    Some(finding)
}

/// A storey, a zone or the building fails.
fn fail_storey<'f>(
    rule: &Rule,
    storey: Option<StoreyName>,
    case: &str,
    evidence: &Evidence,
    more: &[(&str, Text)],
    findings: &'f mut Findings,
) -> &'f mut Finding {
    let mut values = evidence.values(rule);
    values.push(("storey", Text::same(storey.as_ref().map(|s| s.name.clone()).unwrap_or_default())));
    values.extend(more.iter().cloned());
    let finding = findings.say(rule, Verdict::Fail, "IfcBuildingStorey", case, &values);
    finding.storey = storey;
    evidence.put(rule, finding);
    finding
}

/// It cannot be decided: what it needs, by a key of the rule's wording.
fn needs(rule: &Rule, case: &str, findings: &mut Findings) {
    let values = [("clause", Text::same(clause(rule)))];
    findings.say(rule, Verdict::Undecided, "IfcBuilding", case, &values).mark = Some(case.to_owned());
}

/// The limit of a table by the building's use, else its `otherwise`; a number stands for all uses.
fn limit_by_use(rule: &Rule, name: &str, facts: &Facts<'_>) -> Option<f64> {
    let number = |v: &toml::Value| v.as_float().or_else(|| v.as_integer().map(|i| i as f64));
    match rule.params.get(name)? {
        toml::Value::Table(table) => {
            let used = facts.manifest.and_then(|m| m.building.r#use.as_deref()).unwrap_or("otherwise");
            table.get(used).or_else(|| table.get("otherwise")).and_then(number)
        }
        other => number(other),
    }
}

/// A door of a storey with the rooms on its two sides.
struct Passage<'a> {
    door: &'a OpeningCut,
    /// Rooms on the left and on the right of its direction.
    sides: [Option<usize>; 2],
}

impl Passage<'_> {
    /// It leads out of its rooms: a room on one side only. Whether to the ground or to a balcony, [`ground`] tells.
    fn leads_out(&self) -> bool {
        matches!(self.sides, [Some(_), None] | [None, Some(_)])
    }

    /// Its clear width, metres: what the model says, else the overall width less its lining on both sides, else between
    /// the overall width less the thickest and less the thinnest frame that is assumed.
    fn clear(&self, facts: &Facts<'_>, rule: &Rule) -> Clear {
        let overall = self.door.overall_width_m.unwrap_or(self.door.width_m);
        let model = facts.models.get(self.door.element.model as usize);
        let element = model.and_then(|m| m.element(self.door.element.index));
        if let (Some(model), Some(element)) = (model, element) {
            let known = stated_width(model, element.step_id, &rule.names("clear_names"))
                .or_else(|| lining(model, element.step_id).map(|l| overall - 2.0 * l));
            if let Some(width) = known.filter(|w| (0.0..=overall + 0.001).contains(w)) {
                return Clear { least: width, most: width };
            }
        }
        let less = |name: &str, otherwise: f64| {
            (overall - 2.0 * super::geometry::metres(rule, name, otherwise)).max(0.0)
        };
        Clear { least: less("frame_mm", 50.0), most: less("frame_least_mm", 0.0) }
    }
}

/// Between what the clear width of a door lies, metres.
#[derive(Clone, Copy)]
struct Clear {
    least: f64,
    most: f64,
}

/// Half a millimetre: what sizes are rounded to.
const ROUNDED: f64 = 0.0005;

impl Clear {
    /// It is as wide as that, it is not, or nobody can tell.
    fn reaches(self, limit: f64) -> Option<bool> {
        if self.least + ROUNDED >= limit {
            Some(true)
        } else if self.most + ROUNDED < limit {
            Some(false)
        } else {
            None
        }
    }
}

/// A clear width among the properties of a door.
fn stated_width(model: &Model, step_id: u32, names: &[&str]) -> Option<f64> {
    let step = model.step()?;
    let sets = model.property_sets(step_id);
    let mut all = sets.iter().flat_map(|s| &s.properties).filter(|p| names.contains(&&*p.name));
    all.find_map(|p| p.si(step, &model.units)).filter(|w| *w > 0.0)
}

/// The thickness of a door's lining, from itself or its type.
fn lining(model: &Model, step_id: u32) -> Option<f64> {
    let step = model.step()?;
    let own = step.links("IfcRelDefinesByProperties", "RelatedObjects", "RelatingPropertyDefinition");
    let types = step.links("IfcRelDefinesByType", "RelatedObjects", "RelatingType");
    let inherited = types.first(step_id).and_then(|id| step.record(id));
    let inherited = inherited.into_iter().flat_map(|t| t.follow_all("HasPropertySets").collect::<Vec<_>>());
    own.of(step_id)
        .filter_map(|id| step.record(id))
        .chain(inherited)
        .filter(|r| r.class() == "IfcDoorLiningProperties")
        .find_map(|r| r.attribute("LiningThickness").real())
        .map(|x| x * model.units.length)
        .filter(|x| *x > 0.0)
}

/// How far above the entrance a door may still lead out to the ground (metres): a slope, a terrace with steps.
const SLOPE: f64 = 1.5;

/// The height up to which doors lead out to the ground; above it they lead to balconies and roofs. The storey that people
/// enter is, of those with doors that lead out, the one nearest to ±0.
fn ground(facts: &Facts<'_>) -> Option<f64> {
    let leads = |s: &&StoreyPlan| passages(s).iter().any(Passage::leads_out);
    let entrance = facts
        .storeys
        .iter()
        .filter(leads)
        .map(|s| s.elevation_m)
        .min_by(|a, b| a.abs().total_cmp(&b.abs()))?;
    Some(entrance + SLOPE)
}

/// How far beside a door its rooms are looked for, beyond the wall (metres).
const BESIDE: f64 = 0.35;

/// The doors of a storey, with their rooms.
fn passages(storey: &StoreyPlan) -> Vec<Passage<'_>> {
    let room_at = |p: Point2| storey.rooms.iter().position(|r| r.outline.iter().any(|q| q.contains(p)));
    let doors = storey.openings.iter().filter(|o| o.kind == Kind::Door && o.own_storey);
    doors
        .map(|door| {
            let left = Point2::new(-door.along.y, door.along.x) * (door.depth_m.max(0.0) / 2.0 + BESIDE);
            Passage { door, sides: [room_at(door.centre + left), room_at(door.centre - left)] }
        })
        .collect()
}

/// Box around a region.
fn bounds(region: &[Polygon]) -> Box2 {
    let mut b = Box2::EMPTY;
    region.iter().for_each(|p| b.merge(&p.bounds()));
    b
}
