//! Elements: every IfcElement and IfcSpace with what a comparison with its drawing asks for.

use super::marks;
use super::material;
use super::model::{Element, Kind};
use super::names::{Meaning, meaning};
use super::placement::Placements;
use super::property::{self, PropertySet};
use super::schema::Schema;
use super::spatial::{Ways, text};
use super::step::{Links, Record, StepFile, Value};
use super::told::Told;
use super::units::Units;
use rayon::prelude::*;
use std::sync::Arc;

/// Kinds by their entity, the more special ones behind the more general ones.
const KINDS: [(&str, Kind); 32] = [
    ("IfcElement", Kind::Other),
    ("IfcSpace", Kind::Space),
    ("IfcWall", Kind::Wall),
    ("IfcCurtainWall", Kind::CurtainWall),
    ("IfcColumn", Kind::Column),
    ("IfcBeam", Kind::Beam),
    ("IfcSlab", Kind::Slab),
    ("IfcDoor", Kind::Door),
    ("IfcWindow", Kind::Window),
    ("IfcOpeningElement", Kind::Opening),
    ("IfcStair", Kind::Stair),
    ("IfcStairFlight", Kind::StairFlight),
    ("IfcRamp", Kind::Ramp),
    ("IfcRampFlight", Kind::Ramp),
    ("IfcRailing", Kind::Railing),
    ("IfcRoof", Kind::Roof),
    ("IfcCovering", Kind::Covering),
    ("IfcPlate", Kind::Plate),
    ("IfcMember", Kind::Member),
    ("IfcFooting", Kind::Foundation),
    ("IfcPile", Kind::Foundation),
    ("IfcDeepFoundation", Kind::Foundation),
    ("IfcFurnishingElement", Kind::Furniture),
    ("IfcDistributionElement", Kind::Distribution),
    ("IfcElectricalElement", Kind::Distribution),
    ("IfcTransportElement", Kind::Transport),
    ("IfcTransportationDevice", Kind::Transport),
    ("IfcBuildingElementProxy", Kind::Proxy),
    ("IfcOpeningStandardCase", Kind::Opening),
    ("IfcDoorStandardCase", Kind::Door),
    ("IfcWindowStandardCase", Kind::Window),
    ("IfcSlabStandardCase", Kind::Slab),
];

/// The kind of every entity of a schema; none for what is no element.
fn kinds(schema: &Schema) -> Vec<Option<Kind>> {
    let mut kinds = vec![None; schema.definitions().len()];
    for (name, kind) in KINDS {
        for entity in schema.subtypes(name) {
            if let Some(place) = kinds.get_mut(usize::from(entity.0)) {
                *place = Some(kind);
            }
        }
    }
    kinds
}

/// What is read of every element.
pub(super) struct Reader<'a> {
    pub file: &'a StepFile,
    pub units: &'a Units,
    pub placements: &'a Placements,
    pub ways: &'a Ways,
    kinds: Vec<Option<Kind>>,
    types: Arc<Links>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        file: &'a StepFile,
        units: &'a Units,
        placements: &'a Placements,
        ways: &'a Ways,
    ) -> Self {
        let types = file.links("IfcRelDefinesByType", "RelatedObjects", "RelatingType");
        Self { file, units, placements, ways, kinds: kinds(file.schema()), types }
    }

    /// All elements by rising number, linked to one another.
    pub(super) fn read(&self, told: &mut Told<'_>) -> Vec<Element> {
        // made before the threads ask for them
        self.file.links("IfcRelDefinesByProperties", "RelatedObjects", "RelatingPropertyDefinition");
        self.file.links("IfcRelAssociatesMaterial", "RelatedObjects", "RelatingMaterial");
        let mut ids = self.file.ids_of_subtypes("IfcElement");
        ids.extend_from_slice(self.file.ids_of("IfcSpace"));
        ids.sort_unstable();
        ids.dedup();
        let read: Vec<(Element, bool)> =
            ids.par_iter().filter_map(|&id| self.file.record(id)).map(|r| self.element(r)).collect();
        for (element, _) in read.iter().filter(|(_, whole)| !whole) {
            let message = format!("has more than {} properties; the rest was left out", property::PROPERTIES);
            told.record("ifc-property-limit", element.step_id, message);
        }
        let mut elements: Vec<Element> = read.into_iter().map(|(element, _)| element).collect();
        self.link(&mut elements);
        elements
    }

    /// An element, and whether all its properties were looked at.
    fn element(&self, record: Record<'_>) -> (Element, bool) {
        let kind = self.kinds.get(usize::from(record.entity.0)).copied().flatten().unwrap_or_default();
        let type_object = self.types.first(record.id).and_then(|id| self.file.record(id));
        let mut element = Element {
            step_id: record.id,
            class: record.class(),
            kind,
            guid: record.attribute("GlobalId").text().unwrap_or_default(),
            name: text(record, "Name"),
            long_name: text(record, "LongName"),
            tag: text(record, "Tag"),
            object_type: text(record, "ObjectType"),
            type_name: type_object.and_then(|t| text(t, "Name")),
            predefined_type: predefined_type(record, type_object),
            storey: self.ways.storey(record.id),
            placement: self.placements.of(record),
            ..Element::default()
        };
        if matches!(
            kind,
            Kind::Wall | Kind::Slab | Kind::Roof | Kind::Covering | Kind::Plate | Kind::CurtainWall
        ) {
            element.layers_m = material::material(self.file, record.id, self.units)
                .map(|m| m.parts.iter().filter_map(|p| p.thickness_m).collect())
                .unwrap_or_default();
        }
        if matches!(kind, Kind::Door | Kind::Window) {
            let length = |name: &str| {
                record.attribute(name).real().filter(|&x| x > 0.0).map(|x| x * self.units.length)
            };
            element.overall_width_m = length("OverallWidth");
            element.overall_height_m = length("OverallHeight");
            element.operation = operation(record, type_object);
        }
        let whole = self.properties(&mut element);
        (element, whole)
    }

    /// What only property sets and quantities tell. False where there are too many of them.
    fn properties(&self, element: &mut Element) -> bool {
        let asked =
            matches!(element.kind, Kind::Door | Kind::Window | Kind::Opening | Kind::Column | Kind::Space);
        let sets = if asked { property::property_sets(self.file, element.step_id) } else { Vec::new() };
        if element.kind == Kind::Space {
            element.stated_area = self.area(&sets);
        }
        if matches!(element.kind, Kind::Door | Kind::Window) {
            self.sizes(element, &sets);
        }
        element.marks = marks::marks(element, &sets);
        sets.iter().map(|s| s.properties.len() + 1).sum::<usize>() < property::PROPERTIES
    }

    /// Sizes from quantities (Qto_DoorBaseQuantities and the like) where the attributes give none.
    fn sizes(&self, element: &mut Element, sets: &[PropertySet<'_>]) {
        let quantity = |name: &str| {
            let quantities = sets.iter().filter(|s| s.class == "IfcElementQuantity");
            let mut found = quantities.flat_map(|s| &s.properties).filter(|p| p.name == name);
            found.find_map(|p| p.si(self.file, self.units)).filter(|&x| x > 0.0)
        };
        element.overall_width_m = element.overall_width_m.or_else(|| quantity("Width"));
        element.overall_height_m = element.overall_height_m.or_else(|| quantity("Height"));
    }

    /// Net floor area of a space, with the name that it was found under: quantities before properties, net before gross.
    fn area(&self, sets: &[PropertySet<'_>]) -> Option<(f64, String)> {
        let mut best: Option<((Meaning, bool, usize), f64, String)> = None;
        for set in sets {
            for property in &set.properties {
                let Some((of, rank)) = meaning(&property.name) else { continue };
                if !matches!(of, Meaning::NetArea | Meaning::OtherArea) {
                    continue;
                }
                let Some(area) = property.si(self.file, self.units).filter(|&a| a > 0.0) else { continue };
                let key = (of, set.class != "IfcElementQuantity", rank);
                if best.as_ref().is_none_or(|b| key < b.0) {
                    best = Some((key, area, property.name.to_string()));
                }
            }
        }
        best.map(|(_, area, name)| (area, name))
    }

    /// Sets `whole`, `host` and `openings`.
    fn link(&self, elements: &mut [Element]) {
        let ids: Vec<u32> = elements.iter().map(|e| e.step_id).collect();
        let index = |id: u32| ids.binary_search(&id).ok().map(|i| i as u32);
        let links = |relation, from, to| self.file.links(relation, from, to);
        let wholes = links("IfcRelAggregates", "RelatedObjects", "RelatingObject");
        let nests = links("IfcRelNests", "RelatedObjects", "RelatingObject");
        let fills = links("IfcRelFillsElement", "RelatedBuildingElement", "RelatingOpeningElement");
        let voids = links("IfcRelVoidsElement", "RelatedOpeningElement", "RelatingBuildingElement");
        let openings = links("IfcRelVoidsElement", "RelatingBuildingElement", "RelatedOpeningElement");
        for element in elements {
            let id = element.step_id;
            let own = index(id);
            let other = |to: &u32| Some(*to) != own;
            element.whole = wholes.of(id).chain(nests.of(id)).find_map(index).filter(other);
            element.host = fills.of(id).chain(voids.of(id)).find_map(index).filter(other);
            element.openings = openings.of(id).filter_map(index).filter(other).collect();
        }
    }
}

/// An enumeration item that says something.
fn said(value: Value<'_>) -> Option<String> {
    value.enumeration().filter(|v| !v.eq_ignore_ascii_case("NOTDEFINED")).map(str::to_owned)
}

fn predefined_type(record: Record<'_>, type_object: Option<Record<'_>>) -> Option<String> {
    // IFC2X3 has some under other names
    let of = |r: Record<'_>| {
        ["PredefinedType", "ShapeType", "InteriorOrExteriorSpace"].iter().find_map(|n| said(r.attribute(n)))
    };
    of(record)
        .or_else(|| type_object.and_then(of))
        .or_else(|| record.attribute("PredefinedType").enumeration().map(str::to_owned))
}

/// OperationType of a door, PartitioningType of a window: of the occurrence, else of its type or style. A type of the
/// user's own gives its name.
fn operation(record: Record<'_>, type_object: Option<Record<'_>>) -> Option<String> {
    let of = |r: Record<'_>| {
        ["OperationType", "PartitioningType"].iter().find_map(|name| {
            let item = said(r.attribute(name))?;
            if !item.eq_ignore_ascii_case("USERDEFINED") {
                return Some(item);
            }
            text(r, &format!("UserDefined{name}")).or(Some(item))
        })
    };
    of(record).or_else(|| type_object.and_then(of))
}
