//! The building as a city model takes it: footprint, height, storeys and codes, as CityJSON 2.0 and GeoJSON (RFC 7946).
//!
//! The footprint is the outer edge of what stands on the lowest storey that is not below ground, made from walls,
//! columns and rooms at its cut; the height goes from there to the top of what was cut. Coordinates are the map's where
//! the model says where it stands, else the model's own; which, is told.

use super::{Order, save};
use crate::geom::{Point2, Polygon, ring_area, union};
use crate::ifc::model::Model;
use crate::ifc::section::StoreyPlan;
use crate::pipeline::Pipeline;
use crate::report::plain;
use serde_json::{Value, json};
use std::path::Path;

/// How far outlines are widened so that neighbours meet across joints, metres; the footprint is that much larger.
const JOINT_M: f64 = 0.01;
/// Patches smaller than this are no part of a building (a lone column of a porch), m².
const SMALLEST_M2: f64 = 4.0;
/// A storey whose floor lies deeper than this is below ground, metres (house rule: half a storey).
const BELOW_M: f64 = -1.5;
/// Height of the top storey where nothing tells it, metres (house rule).
const TOP_STOREY_M: f64 = 3.0;
/// CityJSON keeps whole numbers: millimetres.
const SCALE: f64 = 0.001;

/// What is known of the building.
struct Building {
    footprint: Vec<Polygon>,
    ground_m: f64,
    height_m: f64,
    above: usize,
    below: usize,
    storeys: Vec<Value>,
    place: Placed,
}

/// From the model to the map.
struct Placed {
    crs: Option<String>,
    east: f64,
    north: f64,
    up: f64,
    rotation: f64,
    scale: f64,
}

impl Placed {
    fn of(models: &[Model]) -> Self {
        let told = models.iter().find_map(|m| m.georeference.as_ref());
        let told = told.filter(|g| g.easting_m.is_some() && g.northing_m.is_some());
        Self {
            crs: told.and_then(|g| g.crs.clone()),
            east: told.and_then(|g| g.easting_m).unwrap_or(0.0),
            north: told.and_then(|g| g.northing_m).unwrap_or(0.0),
            up: told.and_then(|g| g.height_m).unwrap_or(0.0),
            rotation: told.and_then(|g| g.rotation).unwrap_or(0.0),
            scale: told.and_then(|g| g.scale).unwrap_or(1.0),
        }
    }

    fn apply(&self, p: Point2) -> Point2 {
        let (sin, cos) = self.rotation.sin_cos();
        let (x, y) = (p.x * self.scale, p.y * self.scale);
        Point2::new(self.east + x * cos - y * sin, self.north + x * sin + y * cos)
    }
}

/// Writes both files; nothing where no storey has an outline.
pub(super) fn write(out: &Path, order: &Order, run: &Pipeline) -> Result<Vec<&'static str>, String> {
    let Some(building) = building(run) else { return Ok(Vec::new()) };
    let (flat, solid) = ("building.geojson", "building.city.json");
    save(&out.join(flat), geojson(order, &building).to_string().as_bytes())?;
    save(&out.join(solid), cityjson(order, &building).to_string().as_bytes())?;
    Ok(vec![flat, solid])
}

fn building(run: &Pipeline) -> Option<Building> {
    let storeys = &run.storeys;
    let standing = storeys.iter().filter(|s| s.elevation_m > BELOW_M);
    let (ground, footprint) = standing.map(|s| (s, footprint(s))).find(|(_, f)| !f.is_empty())?;
    let ground_m = ground.elevation_m;
    let walls = storeys.iter().flat_map(|s| s.walls.iter().map(|w| w.z_m.1));
    let highest = storeys.iter().map(|s| s.elevation_m).fold(ground_m, f64::max);
    let top = walls.filter(|z| z.is_finite()).fold(highest, f64::max);
    let facts = run.facts();
    let named = storeys.iter().enumerate().map(|(index, s)| {
        let name = facts.storey_name(index);
        json!({
            "name": name.as_ref().map(|n| plain::tame(&n.name)),
            "guid": name.map(|n| plain::tame(&n.guid)),
            "elevation_m": millimetre(s.elevation_m),
        })
    });
    let built = |s: &&StoreyPlan| !s.walls.is_empty() || !s.columns.is_empty();
    Some(Building {
        footprint,
        ground_m,
        height_m: if top - ground_m > 1.0 { top - ground_m } else { TOP_STOREY_M },
        above: storeys.iter().filter(|s| s.elevation_m > BELOW_M).filter(built).count(),
        below: storeys.iter().filter(|s| s.elevation_m <= BELOW_M).filter(built).count(),
        storeys: named.collect(),
        place: Placed::of(&run.models),
    })
}

/// Outer edges of what a storey's plan shows, largest first. What lies within them is inside, courtyards too.
fn footprint(storey: &StoreyPlan) -> Vec<Polygon> {
    let walls = storey.walls.iter().map(|w| &w.solid);
    let rooms = storey.rooms.iter().map(|r| &r.outline);
    let columns = storey.columns.iter().map(|c| &c.outline);
    let parts: Vec<Polygon> = walls.chain(rooms).chain(columns).flatten().map(widened).collect();
    let edges: Vec<Polygon> = union(&parts).into_iter().map(|p| Polygon::new(p.outer)).collect();
    let mut out: Vec<Polygon> = union(&edges).into_iter().map(|p| Polygon::new(p.outer)).collect();
    out.retain(|p| p.area() >= SMALLEST_M2);
    out.sort_by(|a, b| b.area().total_cmp(&a.area()));
    out
}

/// An outline whose edges stand a little further out.
fn widened(polygon: &Polygon) -> Polygon {
    let ring = &polygon.outer;
    let n = ring.len();
    let at = |i: usize| ring.get(i % n.max(1)).copied().unwrap_or_default();
    let outwards = |a: Point2, b: Point2| {
        let along = b - a;
        let length = along.distance(Point2::default());
        if length > 1e-9 { along.left() * (-1.0 / length) } else { Point2::default() }
    };
    let moved = (0..n).map(|i| {
        let (before, here, after) = (at(i + n - 1), at(i), at(i + 1));
        here + (outwards(before, here) + outwards(here, after)) * JOINT_M
    });
    Polygon::new(moved.collect())
}

fn millimetre(x: f64) -> f64 {
    (x * 1000.0).round() / 1000.0
}

fn name(order: &Order) -> String {
    format!("{}/{}", order.project_code, order.building_code)
}

fn attributes(order: &Order, building: &Building) -> Value {
    let area: f64 = building.footprint.iter().map(Polygon::area).sum();
    json!({
        "project_code": order.project_code,
        "building_code": order.building_code,
        "stage": order.stage,
        "ground_m": millimetre(building.ground_m + building.place.up),
        // CityGML's own names
        "measuredHeight": millimetre(building.height_m),
        "storeysAboveGround": building.above,
        "storeysBelowGround": building.below,
        "footprint_m2": (area * 100.0).round() / 100.0,
        "storeys": building.storeys,
        "coordinates": building.place.crs.as_deref().unwrap_or("model"),
    })
}

fn geojson(order: &Order, building: &Building) -> Value {
    let ring = |ring: &[Point2]| -> Vec<[f64; 2]> {
        let placed = ring.iter().map(|p| building.place.apply(*p));
        let mut out: Vec<[f64; 2]> = placed.map(|p| [millimetre(p.x), millimetre(p.y)]).collect();
        out.extend(out.first().copied());
        out
    };
    let polygons: Vec<Value> = building.footprint.iter().map(|p| json!([ring(&p.outer)])).collect();
    json!({
        "type": "FeatureCollection",
        // RFC 7946 knows degrees only; a survey grid or the model's own coordinates are told by their name
        "crs": { "type": "name", "properties": { "name": building.place.crs.as_deref().unwrap_or("model") } },
        "features": [{
            "type": "Feature",
            "id": name(order),
            "properties": attributes(order, building),
            "geometry": { "type": "MultiPolygon", "coordinates": polygons },
        }],
    })
}

fn cityjson(order: &Order, building: &Building) -> Value {
    let low = building.ground_m + building.place.up;
    let points = building.footprint.iter().flat_map(|p| &p.outer).map(|p| building.place.apply(*p));
    let far = Point2::new(f64::INFINITY, f64::INFINITY);
    let corner = points.fold(far, |c, p| Point2::new(c.x.min(p.x), c.y.min(p.y)));
    let mut solids = Solids {
        heights: [low, low + building.height_m],
        origin: [corner.x.floor(), corner.y.floor(), low.floor()],
        vertices: Vec::new(),
    };
    let geometry: Vec<Value> = building
        .footprint
        .iter()
        .map(|p| json!({ "type": "Solid", "lod": "1.2", "boundaries": [solids.shell(p, &building.place)] }))
        .collect();
    let mut objects = serde_json::Map::new();
    let object =
        json!({ "type": "Building", "attributes": attributes(order, building), "geometry": geometry });
    objects.insert(name(order), object);
    let mut city = json!({
        "type": "CityJSON",
        "version": "2.0",
        "transform": { "scale": [SCALE, SCALE, SCALE], "translate": solids.origin },
        "CityObjects": objects,
        "vertices": solids.vertices,
    });
    if let (Some(system), Some(object)) = (reference_system(building), city.as_object_mut()) {
        object.insert("metadata".into(), json!({ "referenceSystem": system }));
    }
    city
}

/// The reference system as CityJSON names one, for systems that EPSG lists.
fn reference_system(building: &Building) -> Option<String> {
    let code = building.place.crs.as_deref()?.strip_prefix("EPSG:")?;
    code.bytes().all(|b| b.is_ascii_digit()).then(|| format!("https://www.opengis.net/def/crs/EPSG/0/{code}"))
}

/// Footprints pulled up to their height.
struct Solids {
    heights: [f64; 2],
    origin: [f64; 3],
    vertices: Vec<[i64; 3]>,
}

impl Solids {
    /// The outer shell of one: floor, roof, and a wall for every edge, all counter-clockwise seen from outside.
    fn shell(&mut self, polygon: &Polygon, place: &Placed) -> Vec<Value> {
        let mut ring: Vec<Point2> = polygon.outer.iter().map(|p| place.apply(*p)).collect();
        if ring_area(&ring) < 0.0 {
            ring.reverse();
        }
        let (base, n) = (self.vertices.len(), ring.len());
        #[allow(clippy::cast_possible_truncation)]
        let whole = |x: f64, o: f64| ((x - o) / SCALE).round() as i64;
        let [x0, y0, z0] = self.origin;
        for z in self.heights {
            self.vertices.extend(ring.iter().map(|p| [whole(p.x, x0), whole(p.y, y0), whole(z, z0)]));
        }
        let floor: Vec<usize> = (0..n).rev().map(|i| base + i).collect();
        let roof: Vec<usize> = (0..n).map(|i| base + n + i).collect();
        let walls = (0..n).map(|i| {
            let j = (i + 1) % n;
            json!([[base + i, base + j, base + n + j, base + n + i]])
        });
        [json!([floor]), json!([roof])].into_iter().chain(walls).collect()
    }
}
