//! Storey plans against the recorded truth of the generated pairs: what a plan shows, by GlobalId, with its measures.
//! Runs where TUMO_DATA names the folder of data, and says so where it does not.

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tumo::bytes::bytes;
use tumo::geom::{Box2, Point2, Polygon};
use tumo::ifc::model::{ElementRef, Model};
use tumo::ifc::section::{CutBand, StoreyPlan, storey_plans};

/// The truth is written to the millimetre.
const TOLERANCE_MM: f64 = 1.0;

struct Seen<'a> {
    pair: &'a str,
    /// What the drawing was made to say otherwise than the model, as text.
    changed: &'a str,
    storey: String,
    differences: Vec<String>,
    compared: usize,
}

impl Seen<'_> {
    fn tell(&mut self, guid: &str, what: &str, detail: String) {
        // the truth tells what was drawn: of what was changed on purpose it is no truth about the model
        if !self.changed.contains(guid) {
            self.differences.push(format!("{} {} {guid} {what}: {detail}", self.pair, self.storey));
        }
    }
    fn number(&mut self, guid: &str, what: &str, truth: &Value, ours: f64, tolerance: f64) {
        self.compared += 1;
        if let Some(t) = truth.as_f64()
            && (t - ours).abs() > tolerance
        {
            self.tell(guid, what, format!("truth {t:.1}, ours {ours:.1}"));
        }
    }
    fn point(&mut self, guid: &str, what: &str, truth: &Value, ours: Point2) {
        self.compared += 1;
        if let Some(t) = point(truth)
            && t.distance(ours) * 1000.0 > TOLERANCE_MM
        {
            self.tell(guid, what, format!("truth {:.4} {:.4}, ours {:.4} {:.4}", t.x, t.y, ours.x, ours.y));
        }
    }
}

fn point(v: &Value) -> Option<Point2> {
    Some(Point2::new(v.get(0)?.as_f64()?, v.get(1)?.as_f64()?))
}

fn list<'v>(shows: &'v Value, of: &str) -> Vec<(&'v str, &'v Value)> {
    let Some(items) = shows[of].as_array() else { return Vec::new() };
    items.iter().filter_map(|i| Some((i["guid"].as_str()?, i))).collect()
}

fn model_of(pair: &Path, truth: &Value) -> Option<PathBuf> {
    let own = pair.join("model.ifc");
    if own.exists() {
        return Some(own);
    }
    Some(pair.join(truth["model"]["file"].as_str()?)).filter(|p| p.exists())
}

#[test]
fn plans_agree_with_the_truth_of_seeded_pairs() {
    let Ok(data) = std::env::var("TUMO_DATA") else {
        println!("skipped: set TUMO_DATA to the folder of data to compare plans with recorded truth");
        return;
    };
    let mut pairs: Vec<PathBuf> = std::fs::read_dir(Path::new(&data).join("seeded"))
        .expect("the folder seeded")
        .filter_map(|e| Some(e.ok()?.path()))
        .filter(|p| p.join("truth.json").exists())
        .collect();
    pairs.sort();
    let only = std::env::var("TUMO_PAIR").unwrap_or_default();
    let mut all = Vec::new();
    let mut compared = 0;
    for pair in pairs.iter().filter(|p| p.to_string_lossy().contains(&only)) {
        let truth: Value =
            serde_json::from_str(&std::fs::read_to_string(pair.join("truth.json")).expect("truth"))
                .expect("JSON");
        let path = model_of(pair, &truth).expect("a model");
        let read =
            tumo::ifc::read("model.ifc", &bytes(std::fs::read(path).expect("bytes"))).expect("readable");
        let models = [read.value];
        let (plans, _) = storey_plans(&models, &CutBand::default());
        let name = pair.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let changed = truth["inconsistencies"].to_string();
        for wanted in truth["plans"].as_array().expect("plans") {
            let guid = wanted["storey"]["guid"].as_str().unwrap_or_default();
            let storey = models[0].storeys.iter().position(|s| s.guid == guid).expect("the storey") as u32;
            let plan = plans.iter().find(|p| p.storeys.iter().any(|s| s.index == storey)).expect("its plan");
            let label = wanted["storey"]["name"].as_str().unwrap_or_default().to_owned();
            let mut seen =
                Seen { pair: &name, changed: &changed, storey: label, differences: Vec::new(), compared: 0 };
            compare(&mut seen, &models[0], plan, &wanted["shows"]);
            compared += seen.compared;
            all.extend(seen.differences);
        }
    }
    for line in &all {
        println!("{line}");
    }
    println!("{compared} measures compared, {} differ", all.len());
    assert!(compared > 0 && all.is_empty(), "{} of {compared} measures differ", all.len());
}

fn compare(seen: &mut Seen<'_>, model: &Model, plan: &StoreyPlan, shows: &Value) {
    let guid = |r: ElementRef| model.element(r.index).map_or("", |e| e.guid.as_str());
    let walls: BTreeMap<&str, _> = plan.walls.iter().map(|w| (guid(w.element), w)).collect();
    for (id, t) in list(shows, "walls") {
        let Some(wall) = walls.get(id) else {
            seen.tell(id, "wall", "not in the plan".into());
            continue;
        };
        if t["straight"].as_bool() == Some(false) {
            continue;
        }
        seen.number(id, "thickness", &t["thickness_mm"], wall.thickness_m * 1000.0, TOLERANCE_MM);
        let (Some(p0), Some(p1), Some(run)) = (point(&t["p0_m"]), point(&t["p1_m"]), wall.runs.first())
        else {
            seen.tell(id, "run", format!("none; truth {}", t["length_mm"]));
            continue;
        };
        let straight = p0.distance(run.line.a) + p1.distance(run.line.b);
        let turned = p0.distance(run.line.b) + p1.distance(run.line.a);
        let (a, b) = if straight <= turned { (run.line.a, run.line.b) } else { (run.line.b, run.line.a) };
        // the truth takes a mitred wall to its outermost corner, a run ends in the middle of the mitre
        let square = wall.solid.len() == 1 && wall.solid[0].outer.len() == 4 && {
            let ring = &wall.solid[0].outer;
            (0..3).all(|k| (ring[k + 1] - ring[k]).dot(ring[(k + 2) % 4] - ring[k + 1]).abs() < 1e-6)
        };
        let direction = run.line.direction().unwrap_or_default();
        for (what, truth, ours) in [("wall start", p0, a), ("wall end", p1, b)] {
            let (along, across) =
                ((ours - truth).dot(direction).abs(), (ours - truth).cross(direction).abs());
            let slack = if square { 0.0 } else { wall.thickness_m };
            seen.number(
                id,
                what,
                &Value::from(0.0),
                (along - slack).max(across).max(0.0) * 1000.0,
                TOLERANCE_MM,
            );
        }
    }
    let openings: BTreeMap<&str, _> = plan.openings.iter().map(|o| (guid(o.element), o)).collect();
    for (id, t) in list(shows, "openings") {
        let Some(opening) = openings.get(id) else {
            seen.tell(id, "opening", "not in the plan".into());
            continue;
        };
        if t["host"].as_str().is_some_and(|h| seen.changed.contains(h)) {
            continue;
        }
        seen.number(id, "width", &t["width_mm"], opening.width_m * 1000.0, TOLERANCE_MM);
        seen.point(id, "centre", &t["centre_m"], opening.centre);
        seen.number(id, "wall thickness", &t["wall_mm"], opening.depth_m * 1000.0, TOLERANCE_MM);
        let host = opening.host.map_or("", guid);
        if t["host"].as_str().is_some_and(|h| h != host) {
            seen.tell(id, "host", format!("truth {}, ours {host}", t["host"]));
        }
        let one_side = opening.swing.as_ref().and_then(|s| s.opens_to);
        if let (Some(ours), Some(theirs), Some(true)) =
            (one_side, point(&t["opens_to"]), t["operation_known"].as_bool())
            && ours.distance(theirs) > 1e-3
        {
            seen.tell(id, "opens to", format!("truth {}, ours {ours:?}", t["opens_to"]));
        }
    }
    let columns: BTreeMap<&str, _> = plan.columns.iter().map(|c| (guid(c.element), c)).collect();
    for (id, t) in list(shows, "columns") {
        let Some(column) = columns.get(id) else {
            seen.tell(id, "column", "not in the plan".into());
            continue;
        };
        seen.point(id, "column centre", &t["centre_m"], column.centre);
        // the truth's box lies along the world's axes, ours along the column's
        let mut bounds = Box2::EMPTY;
        column.outline.iter().for_each(|p| bounds.merge(&p.bounds()));
        seen.number(id, "column x", &t["box_mm"][0], bounds.width() * 1000.0, TOLERANCE_MM);
        seen.number(id, "column y", &t["box_mm"][1], bounds.height() * 1000.0, TOLERANCE_MM);
        let own = column.width_m * column.depth_m;
        let area: f64 = column.outline.iter().map(Polygon::area).sum();
        if own < area - 1e-6 {
            seen.tell(id, "column box", format!("{own} m² around {area} m²"));
        }
    }
    let rooms: BTreeMap<&str, _> = plan.rooms.iter().map(|r| (guid(r.element), r)).collect();
    for (id, t) in list(shows, "rooms") {
        let Some(room) = rooms.get(id) else {
            seen.tell(id, "room", "not in the plan".into());
            continue;
        };
        seen.number(id, "room area", &t["area_geometry_m2"], room.area_m2, 0.002);
        if t["name"].as_str() != room.name.as_deref() {
            seen.tell(id, "room name", format!("truth {}, ours {:?}", t["name"], room.name));
        }
        // where Name and LongName say the same, the truth takes it for both
        if t["number"] != t["name"] && t["number"].as_str() != room.number.as_deref() {
            seen.tell(id, "room number", format!("truth {}, ours {:?}", t["number"], room.number));
        }
    }
}
