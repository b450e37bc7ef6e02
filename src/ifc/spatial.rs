//! The spatial structure: project, sites, buildings, storeys, and which storey an object belongs to.

use super::model::{Part, Storey};
use super::placement::Placements;
use super::step::{Links, Record, StepFile};
use super::told::Told;
use super::units::Units;
use std::sync::Arc;

/// Objects that are looked at on the way from one to its storey.
const WAY: usize = 64;

/// Placements of storeys that all lie within this height say nothing about elevations, metres.
const LEVEL: f64 = 1e-3;

/// Projects, sites, buildings and the like, by rising number.
pub(super) fn parts(file: &StepFile, name: &str) -> Vec<Part> {
    file.records_of(name).map(part).collect()
}

fn part(record: Record<'_>) -> Part {
    Part {
        step_id: record.id,
        guid: record.attribute("GlobalId").text().unwrap_or_default(),
        class: record.class(),
        name: text(record, "Name"),
        long_name: text(record, "LongName"),
        description: text(record, "Description"),
    }
}

/// A text attribute that is not empty.
pub(super) fn text(record: Record<'_>, name: &str) -> Option<String> {
    record.attribute(name).text().filter(|t| !t.is_empty())
}

/// Storeys by rising elevation.
pub(super) fn storeys(
    file: &StepFile,
    units: &Units,
    placements: &Placements,
    told: &mut Told<'_>,
) -> Vec<Storey> {
    let parents = file.links("IfcRelAggregates", "RelatedObjects", "RelatingObject");
    let mut storeys = Vec::new();
    let mut placed = Vec::new();
    // height of the building that a declared elevation counts from
    let mut bases = Vec::new();
    for record in file.records_of("IfcBuildingStorey") {
        let z = placements.of(record).map(|p| p.origin.z);
        let base = parents.first(record.id).and_then(|id| file.record(id)).and_then(|b| placements.of(b));
        let declared = record.attribute("Elevation").real().map(|e| e * units.length);
        bases.push(base.map_or(0.0, |p| p.origin.z));
        placed.push(z);
        storeys.push(Storey {
            step_id: record.id,
            guid: record.attribute("GlobalId").text().unwrap_or_default(),
            name: text(record, "Name").unwrap_or_default(),
            long_name: text(record, "LongName"),
            elevation_m: 0.0,
            declared_elevation_m: declared,
        });
    }
    let unplaced = told_by_attribute_only(&storeys, &placed);
    if unplaced {
        let message = "all storeys are placed at one height; their Elevation attributes are used";
        told.file("ifc-storey-elevation", message);
    }
    for ((storey, z), base) in storeys.iter_mut().zip(placed).zip(bases) {
        let declared = storey.declared_elevation_m.map(|e| base + e);
        let best = if unplaced { declared.or(z) } else { z.or(declared) };
        if best.is_none() {
            let message = "the storey has neither a placement nor an Elevation; 0 is taken";
            told.record("ifc-storey-elevation", storey.step_id, message);
        }
        storey.elevation_m = best.unwrap_or(0.0);
    }
    storeys.sort_by(|a, b| a.elevation_m.total_cmp(&b.elevation_m).then(a.step_id.cmp(&b.step_id)));
    storeys
}

/// Several storeys, all placed at one height although their attributes differ.
fn told_by_attribute_only(storeys: &[Storey], placed: &[Option<f64>]) -> bool {
    let spread = |values: Vec<f64>| {
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        high - low
    };
    storeys.len() > 1
        && spread(placed.iter().flatten().copied().collect()) < LEVEL
        && spread(storeys.iter().filter_map(|s| s.declared_elevation_m).collect()) > LEVEL
}

/// The relations that lead from an object towards its storey.
pub(super) struct Ways {
    /// Best first.
    ways: [Arc<Links>; 7],
    /// (record number, place in `Model::storeys`), by number.
    storeys: Vec<(u32, u32)>,
}

impl Ways {
    pub(super) fn new(file: &StepFile, storeys: &[Storey]) -> Self {
        let ways = [
            file.links("IfcRelContainedInSpatialStructure", "RelatedElements", "RelatingStructure"),
            file.links("IfcRelAggregates", "RelatedObjects", "RelatingObject"),
            file.links("IfcRelNests", "RelatedObjects", "RelatingObject"),
            file.links("IfcRelFillsElement", "RelatedBuildingElement", "RelatingOpeningElement"),
            file.links("IfcRelVoidsElement", "RelatedOpeningElement", "RelatingBuildingElement"),
            file.links("IfcRelProjectsElement", "RelatedFeatureElement", "RelatingElement"),
            file.links("IfcRelReferencedInSpatialStructure", "RelatedElements", "RelatingStructure"),
        ];
        let mut storeys: Vec<(u32, u32)> =
            storeys.iter().enumerate().map(|(i, s)| (s.step_id, i as u32)).collect();
        storeys.sort_unstable();
        Self { ways, storeys }
    }

    /// The storey of an object: through what contains it, else through what it is part of, fills or voids.
    pub(super) fn storey(&self, object: u32) -> Option<u32> {
        let mut seen = vec![object];
        let mut stack = vec![object];
        while let Some(at) = stack.pop() {
            if let Ok(i) = self.storeys.binary_search_by_key(&at, |s| s.0) {
                return self.storeys.get(i).map(|s| s.1);
            }
            // the best way is looked at first: it goes onto the stack last
            for way in self.ways.iter().rev() {
                for next in way.of(at).take(WAY) {
                    if seen.len() < WAY && !seen.contains(&next) {
                        seen.push(next);
                        stack.push(next);
                    }
                }
            }
        }
        None
    }
}
