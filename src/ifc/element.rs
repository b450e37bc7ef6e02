//! Elements: every IfcElement and IfcSpace with what a comparison with its drawing asks for.

use super::marks;
use super::material;
use super::model::{Element, Kind};
use super::names::Meaning;
use super::placement::Placements;
use super::property;
use super::schema::Schema;
use super::spatial::{Ways, text};
use super::step::{Links, Record, StepFile, Value};
use super::telling::{self, Tellings};
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
        // made before the threads ask for it
        self.file.links("IfcRelAssociatesMaterial", "RelatedObjects", "RelatingMaterial");
        let mut ids = self.file.ids_of_subtypes("IfcElement");
        ids.extend_from_slice(self.file.ids_of("IfcSpace"));
        ids.sort_unstable();
        ids.dedup();
        let records: Vec<Record<'_>> = ids.iter().filter_map(|&id| self.file.record(id)).collect();
        let asked: Vec<u32> = records.iter().filter(|r| telling::asked(self.kind(r))).map(|r| r.id).collect();
        let tellings = Tellings::read(self.file, self.units, &asked);
        for set in tellings.cut() {
            let message = format!("has more than {} properties; the rest was left out", property::PROPERTIES);
            told.record("ifc-property-limit", set, message);
        }
        let mut elements: Vec<Element> = records.par_iter().map(|r| self.element(*r, &tellings)).collect();
        self.link(&mut elements);
        elements
    }

    fn kind(&self, record: &Record<'_>) -> Kind {
        self.kinds.get(usize::from(record.entity.0)).copied().flatten().unwrap_or_default()
    }

    fn element(&self, record: Record<'_>, tellings: &Tellings) -> Element {
        let kind = self.kind(&record);
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
        self.told(&mut element, tellings);
        element
    }

    /// What only property sets and quantities tell; sizes from quantities where the attributes give none.
    fn told(&self, element: &mut Element, tellings: &Tellings) {
        let told =
            if telling::asked(element.kind) { tellings.of(self.file, element.step_id) } else { Vec::new() };
        if element.kind == Kind::Space {
            element.stated_area = telling::area(&told);
        }
        if matches!(element.kind, Kind::Door | Kind::Window) {
            let size = |of| telling::size(&told, of);
            element.overall_width_m = element.overall_width_m.or_else(|| size(Meaning::Width));
            element.overall_height_m = element.overall_height_m.or_else(|| size(Meaning::Height));
        }
        element.marks = marks::marks(element, &told);
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
