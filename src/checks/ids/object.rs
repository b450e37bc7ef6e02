//! What is known of one object of a model, each kind of knowledge gathered when a facet first asks for it and then
//! kept for the facets after it.

use super::content::Content;
use super::measures::{Kinds, quantity};
use crate::ifc::schema::Schema;
use crate::ifc::step::{Links, Record, StepFile, Value};
use crate::rulebook::ids::Relation;
use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

/// Classification references stand on one another this deep at most.
const MAX_REFERENCES: usize = 64;
/// Wholes that are followed from one object; a storey has three above it.
const MAX_WHOLES: usize = 1_000;

/// The relations that are followed, each by its place in [`RELATIONS`].
const TYPES: usize = 0;
const PROPERTIES: usize = 1;
const MATERIALS: usize = 2;
const CLASSES: usize = 3;
const RESOURCES: usize = 4;
const OF_MATERIALS: usize = 5;
const OF_PROFILES: usize = 6;
const AGGREGATES: usize = 7;
const GROUPS: usize = 8;
const CONTAINERS: usize = 9;
const NESTS: usize = 10;
const VOIDS: usize = 11;
const FILLS: usize = 12;

/// Relation, the attribute to come from, the attribute to go to.
const RELATIONS: [(&str, &str, &str); 13] = [
    ("IfcRelDefinesByType", "RelatedObjects", "RelatingType"),
    ("IfcRelDefinesByProperties", "RelatedObjects", "RelatingPropertyDefinition"),
    ("IfcRelAssociatesMaterial", "RelatedObjects", "RelatingMaterial"),
    ("IfcRelAssociatesClassification", "RelatedObjects", "RelatingClassification"),
    ("IfcExternalReferenceRelationship", "RelatedResourceObjects", "RelatingReference"),
    ("IfcMaterialProperties", "Material", ""),
    ("IfcProfileProperties", "ProfileDefinition", ""),
    ("IfcRelAggregates", "RelatedObjects", "RelatingObject"),
    ("IfcRelAssignsToGroup", "RelatedObjects", "RelatingGroup"),
    ("IfcRelContainedInSpatialStructure", "RelatedElements", "RelatingStructure"),
    ("IfcRelNests", "RelatedObjects", "RelatingObject"),
    ("IfcRelVoidsElement", "RelatedOpeningElement", "RelatingBuildingElement"),
    ("IfcRelFillsElement", "RelatedBuildingElement", "RelatingOpeningElement"),
];

/// What all objects of a model share.
#[derive(Debug)]
pub(super) struct Context<'a> {
    pub(super) file: &'a StepFile,
    pub(super) schema: &'static Schema,
    pub(super) kinds: Kinds,
    columns: [OnceLock<Arc<Links>>; RELATIONS.len()],
}

impl<'a> Context<'a> {
    /// What the objects of a file share.
    pub(super) fn new(file: &'a StepFile) -> Self {
        Self { file, schema: file.schema(), kinds: Kinds::of(file), columns: Default::default() }
    }

    fn column(&self, relation: usize) -> Option<&Links> {
        let (of, from, to) = RELATIONS.get(relation)?;
        let made = self.columns.get(relation)?;
        if let Some(links) = made.get() {
            return Some(links);
        }
        // made outside the lock: it is work for all threads, and one that waits here might be needed for it
        let links = self.file.links(of, from, to);
        Some(made.get_or_init(|| links))
    }

    /// Where a relation leads from an object.
    fn along(&self, relation: usize, from: u32) -> impl Iterator<Item = u32> + '_ {
        self.column(relation).into_iter().flat_map(move |links| links.of(from))
    }

    /// The type of an object.
    pub(super) fn type_of(&self, id: u32) -> Option<Record<'a>> {
        self.along(TYPES, id).find_map(|id| self.file.record(id))
    }

    /// Everything that an object is a part of by a relation, the nearest first; by any where none is given.
    pub(super) fn wholes(&self, id: u32, relation: Option<Relation>) -> Vec<u32> {
        let follow: &[usize] = match relation {
            Some(Relation::Aggregates) => &[AGGREGATES],
            Some(Relation::AssignsToGroup) => &[GROUPS],
            Some(Relation::ContainedInSpatialStructure) => &[CONTAINERS],
            Some(Relation::Nests) => &[NESTS],
            Some(Relation::VoidsAndFills) => &[VOIDS, FILLS],
            None => &[AGGREGATES, GROUPS, CONTAINERS, NESTS, VOIDS, FILLS],
        };
        let mut out = Vec::new();
        let mut seen = BTreeSet::from([id]);
        let mut next = 0;
        let mut at = id;
        loop {
            for relation in follow {
                out.extend(self.along(*relation, at).filter(|&whole| seen.insert(whole)));
            }
            let Some(&whole) = out.get(next).filter(|_| next < MAX_WHOLES) else { return out };
            at = whole;
            next += 1;
        }
    }

    /// The predefined types of an object, as IDS may name them: that of its type, unless it is not defined there,
    /// else its own. One of the user's own goes by its name and by `USERDEFINED`.
    pub(super) fn predefined_types(&self, record: Record<'a>) -> Vec<Cow<'a, str>> {
        if let Some(kind) = self.type_of(record.id) {
            let of_type = own_types(kind, &["ElementType", "ProcessType", "ResourceType"]);
            if of_type.iter().any(|t| t != "NOTDEFINED") {
                return of_type;
            }
        }
        let names = ["ObjectType", "ElementType", "ProcessType", "ResourceType"];
        own_types(record, &names)
    }
}

fn own_types<'a>(record: Record<'a>, named: &[&str]) -> Vec<Cow<'a, str>> {
    let has = record.definition().is_some_and(|d| d.attributes.iter().any(|a| a.name == "PredefinedType"));
    let item = record.attribute("PredefinedType").enumeration();
    // Where the class has no predefined type at all (IFC2X3), the name of the object's type is all there is.
    let open = item == Some("USERDEFINED") || !has;
    let mut out: Vec<Cow<'a, str>> = item.into_iter().map(Cow::Borrowed).collect();
    if open {
        out.extend(named.iter().filter_map(|name| text(record.attribute(name))).next());
    }
    out
}

fn text(value: Value<'_>) -> Option<Cow<'_, str>> {
    match value {
        Value::Text(text) => Some(text.decode()).filter(|t| !t.is_empty()),
        _ => None,
    }
}

/// One object, with what is known of it so far.
pub(super) struct Object<'c, 'a> {
    pub(super) context: &'c Context<'a>,
    pub(super) record: Record<'a>,
    sets: OnceCell<Vec<Set<'a>>>,
    materials: OnceCell<Option<Vec<Cow<'a, str>>>>,
    references: OnceCell<Vec<Reference<'a>>>,
    predefined: OnceCell<Vec<Cow<'a, str>>>,
}

/// Property sets of one name: of the object, and of its type.
pub(super) struct Set<'a> {
    pub(super) name: Cow<'a, str>,
    sources: Vec<(Record<'a>, bool)>,
    members: OnceCell<Vec<Property<'a>>>,
}

/// A property or quantity.
pub(super) struct Property<'a> {
    pub(super) name: Cow<'a, str>,
    record: Record<'a>,
    /// Place among the attributes of a set whose properties are its attributes.
    attribute: Option<usize>,
}

/// A classification that an object bears.
pub(super) struct Reference<'a> {
    /// Name of the system; `None` where the reference leads to none.
    pub(super) system: Option<Cow<'a, str>>,
    /// Its code, and those that it stands under.
    pub(super) codes: Vec<Cow<'a, str>>,
}

/// The values of a property that are of one type.
pub(super) struct Values<'a> {
    /// The type, in capitals; `None` where the file does not say.
    pub(super) kind: Option<&'static str>,
    pub(super) content: Content<'a>,
}

impl<'c, 'a> Object<'c, 'a> {
    /// An object of which nothing is known yet.
    pub(super) fn new(context: &'c Context<'a>, record: Record<'a>) -> Self {
        Self {
            context,
            record,
            sets: OnceCell::new(),
            materials: OnceCell::new(),
            references: OnceCell::new(),
            predefined: OnceCell::new(),
        }
    }

    /// Its predefined types.
    pub(super) fn predefined(&self) -> &[Cow<'a, str>] {
        self.predefined.get_or_init(|| self.context.predefined_types(self.record))
    }

    /// Its property sets and quantities, those of its type after its own.
    pub(super) fn sets(&self) -> &[Set<'a>] {
        self.sets.get_or_init(|| {
            let file = self.context.file;
            let (id, mut sets) = (self.record.id, Vec::new());
            let own = self.context.along(PROPERTIES, id).filter_map(|id| file.record(id));
            own.for_each(|set| add(&mut sets, set, false));
            if let Some(kind) = self.context.type_of(id) {
                kind.follow_all("HasPropertySets").for_each(|set| add(&mut sets, set, true));
            }
            if self.record.is_a("IfcTypeObject") {
                self.record.follow_all("HasPropertySets").for_each(|set| add(&mut sets, set, false));
            }
            if !self.record.is_a("IfcRoot") {
                for relation in [OF_MATERIALS, OF_PROFILES] {
                    let own = self.context.along(relation, id).filter_map(|id| file.record(id));
                    own.for_each(|set| add(&mut sets, set, false));
                }
            }
            sets
        })
    }

    /// Names and categories of its materials and of their layers, profiles and constituents, or of those of its
    /// type; `None` where neither has a material.
    pub(super) fn materials(&self) -> Option<&[Cow<'a, str>]> {
        let found = self.materials.get_or_init(|| {
            let file = self.context.file;
            let of = |id: u32| self.context.along(MATERIALS, id).find_map(|id| file.record(id));
            let kind = || self.context.type_of(self.record.id).and_then(|t| of(t.id));
            of(self.record.id).or_else(kind).map(material_names)
        });
        found.as_deref()
    }

    /// Its classifications; those of its type for the systems that it has none of itself.
    pub(super) fn references(&self) -> &[Reference<'a>] {
        self.references.get_or_init(|| {
            let file = self.context.file;
            let relation = if self.record.is_a("IfcRoot") { CLASSES } else { RESOURCES };
            let of = |id: u32| {
                let found = self.context.along(relation, id).filter_map(|id| file.record(id));
                found.filter_map(reference).collect::<Vec<_>>()
            };
            let mut out = of(self.record.id);
            if let Some(kind) = self.context.type_of(self.record.id) {
                let own: Vec<_> = out.iter().map(|r| r.system.clone()).collect();
                out.extend(of(kind.id).into_iter().filter(|r| !own.contains(&r.system)));
            }
            out
        })
    }
}

fn add<'a>(sets: &mut Vec<Set<'a>>, record: Record<'a>, of_type: bool) {
    let Some(name) = text(record.attribute("Name")) else { return };
    match sets.iter_mut().find(|s| s.name == name) {
        Some(set) => set.sources.push((record, of_type)),
        None => sets.push(Set { name, sources: vec![(record, of_type)], members: OnceCell::new() }),
    }
}

impl<'a> Set<'a> {
    /// Its properties: the object's own, and those of its type that the object does not have.
    pub(super) fn members(&self) -> &[Property<'a>] {
        self.members.get_or_init(|| {
            let mut out: Vec<Property<'a>> = Vec::new();
            let mut own = usize::MAX;
            for &(record, of_type) in &self.sources {
                if of_type {
                    own = own.min(out.len());
                }
                let covered = |out: &[Property<'a>], name: &str| {
                    of_type && out.iter().take(own).any(|p| p.name == name)
                };
                for list in ["HasProperties", "Quantities", "Properties", "ExtendedProperties"] {
                    for member in record.follow_all(list) {
                        let Some(name) = text(member.attribute("Name")) else { continue };
                        if !covered(&out, &name) {
                            out.push(Property { name, record: member, attribute: None });
                        }
                    }
                }
                for (at, name) in predefined(record) {
                    if !covered(&out, name) {
                        out.push(Property { name: Cow::Borrowed(name), record, attribute: Some(at) });
                    }
                }
            }
            out
        })
    }
}

/// Attributes of a set whose properties are its attributes, such as IfcDoorLiningProperties.
fn predefined(record: Record<'_>) -> Vec<(usize, &'static str)> {
    /// GlobalId, OwnerHistory, Name, Description come first.
    const ROOT: usize = 4;
    let plain = matches!(record.class(), "IfcPropertySet" | "IfcElementQuantity");
    let Some(definition) = record.definition().filter(|_| !plain && record.is_a("IfcPropertySetDefinition"))
    else {
        return Vec::new();
    };
    definition.attributes.iter().enumerate().skip(ROOT).map(|(at, a)| (at, a.name)).collect()
}

impl<'a> Property<'a> {
    /// Its values, by their types. Nothing for kinds that IDS leaves out: references and complex properties.
    pub(super) fn values(&self, context: &Context<'a>) -> Vec<Values<'a>> {
        let record = self.record;
        let unit = record.follow("Unit");
        let one = |value: Value<'a>, unit: Option<Record<'a>>| typed(context, value, unit);
        if let Some(at) = self.attribute {
            let of = record.definition().and_then(|d| d.attributes.get(at)).map_or("", |a| a.of);
            let kind = context.kinds.declared(of);
            let content = Content::of(record.arg(at), kind, None);
            return vec![Values { kind: kind.map(|k| k.upper), content }];
        }
        match record.class() {
            "IfcPropertySingleValue" => vec![one(record.attribute("NominalValue"), unit)],
            "IfcPropertyEnumeratedValue" => members(context, record.attribute("EnumerationValues"), unit),
            "IfcPropertyListValue" => members(context, record.attribute("ListValues"), unit),
            "IfcPropertyBoundedValue" => ["LowerBoundValue", "UpperBoundValue", "SetPointValue"]
                .iter()
                .map(|name| one(record.attribute(name), unit))
                .filter(|v| v.content != Content::Null)
                .collect(),
            "IfcPropertyTableValue" => {
                let mut out =
                    members(context, record.attribute("DefiningValues"), record.follow("DefiningUnit"));
                out.extend(members(context, record.attribute("DefinedValues"), record.follow("DefinedUnit")));
                out
            }
            class if record.is_a("IfcPhysicalSimpleQuantity") => {
                let kind = quantity(context.schema, class).and_then(|of| context.kinds.declared(of));
                let content = Content::of(record.arg(3), kind, unit);
                vec![Values { kind: kind.map(|k| k.upper), content }]
            }
            _ => Vec::new(),
        }
    }
}

fn typed<'a>(context: &Context<'a>, value: Value<'a>, unit: Option<Record<'a>>) -> Values<'a> {
    let kind = match value {
        Value::Typed(typed) => context.kinds.keyword(typed.keyword),
        _ => None,
    };
    Values { kind: kind.map(|k| k.upper), content: Content::of(value, kind, unit) }
}

/// Members of a list, those of one type together.
fn members<'a>(context: &Context<'a>, list: Value<'a>, unit: Option<Record<'a>>) -> Vec<Values<'a>> {
    let mut out: Vec<Values<'a>> = Vec::new();
    for value in list.list() {
        let value = typed(context, value, unit);
        match out.iter_mut().find(|v| v.kind == value.kind) {
            Some(same) => match &mut same.content {
                Content::Many(all) => all.push(value.content),
                one => *one = Content::Many(vec![std::mem::replace(one, Content::Null), value.content]),
            },
            None => out.push(value),
        }
    }
    out
}

fn reference(record: Record<'_>) -> Option<Reference<'_>> {
    let mut out = Reference { system: None, codes: Vec::new() };
    let mut at = record;
    for _ in 0..MAX_REFERENCES {
        if at.is_a("IfcClassification") {
            out.system = match at.attribute("Name") {
                Value::Text(name) => Some(name.decode()),
                _ => None,
            };
            return Some(out);
        }
        if !at.is_a("IfcClassificationReference") {
            return None;
        }
        // Identification from IFC4 on, ItemReference in IFC2X3: both are the second attribute.
        out.codes.extend(text(at.arg(1)));
        match at.follow("ReferencedSource") {
            Some(source) => at = source,
            None => break,
        }
    }
    Some(out)
}

fn material_names(record: Record<'_>) -> Vec<Cow<'_, str>> {
    let mut out = Vec::new();
    let mut open = vec![record];
    while let Some(record) = open.pop() {
        match record.class() {
            "IfcMaterialLayerSetUsage" => open.extend(record.follow("ForLayerSet")),
            "IfcMaterialProfileSetUsage" => open.extend(record.follow("ForProfileSet")),
            "IfcMaterialProfileSetUsageTapering" => {
                open.extend(record.follow("ForProfileSet"));
                open.extend(record.follow("ForProfileEndSet"));
            }
            "IfcMaterialList" => {
                record.follow_all("Materials").for_each(|m| names(m, &mut out));
            }
            "IfcMaterialLayerSet" => {
                out.extend(text(record.attribute("LayerSetName")));
                record.follow_all("MaterialLayers").for_each(|part| names(part, &mut out));
            }
            "IfcMaterialProfileSet" => {
                out.extend(text(record.attribute("Name")));
                record.follow_all("MaterialProfiles").for_each(|part| names(part, &mut out));
            }
            "IfcMaterialConstituentSet" => {
                out.extend(text(record.attribute("Name")));
                record.follow_all("MaterialConstituents").for_each(|part| names(part, &mut out));
            }
            _ => names(record, &mut out),
        }
    }
    out
}

/// Name and category of a material, or of a layer, profile or constituent and of the material in it.
fn names<'a>(record: Record<'a>, out: &mut Vec<Cow<'a, str>>) {
    for of in [Some(record), record.follow("Material")].into_iter().flatten() {
        out.extend(["Name", "Category"].iter().filter_map(|name| text(of.attribute(name))));
    }
}
