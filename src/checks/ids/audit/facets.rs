//! What each facet names, held against one edition of IFC.

use super::values::{base_of, exact, fits};
use crate::checks::ids::classes::{Classes, admitted, bearers, edition, with_attribute};
use crate::ifc::schema::{Entity, Schema};
use crate::ifc::sets::{StandardSet, standard};
use crate::rulebook::ids::{
    Answer, Constraint, EntityFacet, Facet, FacetKind, Fault, Relation, Version, code,
};

/// The classes that a facet can be met by.
pub(super) fn classes(kind: &FacetKind, version: Version, schema: &Schema) -> Classes {
    let old = version == Version::Ifc2x3;
    match kind {
        FacetKind::Entity(entity) => named(&entity.name, version, schema),
        FacetKind::PartOf { relation, .. } => Classes::under(schema, parts(*relation)),
        FacetKind::Attribute { name, .. } => with_attribute(schema, name),
        FacetKind::Property { set, .. } => with_set(set, version, schema),
        FacetKind::Classification { .. } if old => Classes::under(schema, &["IfcRoot"]),
        FacetKind::Classification { .. } => {
            let mut out = Classes::under(schema, &["IfcRoot"]);
            if let Some(crate::ifc::schema::TypeDefinition::Select(items)) =
                schema.type_of("IfcResourceObjectSelect")
            {
                out.unite(&Classes::under(schema, items));
            }
            out
        }
        FacetKind::Material { .. } if old => Classes::under(schema, &["IfcRoot"]),
        FacetKind::Material { .. } => {
            Classes::under(schema, &["IfcObjectDefinition", "IfcPropertyDefinition"])
        }
    }
}

/// Tells what is wrong with a facet. `scope` is what the facets before it leave.
pub(super) fn check(
    facet: &Facet,
    (version, versions): (Version, &[Version]),
    schema: &Schema,
    scope: &Classes,
    needed: bool,
    faults: &mut Vec<Fault>,
) {
    let mut tell = |fault: Fault| faults.push(fault.with("version", version.name()));
    let line = facet.line;
    match &facet.kind {
        FacetKind::Entity(entity) => check_entity(entity, line, (version, versions), schema, &mut tell),
        FacetKind::PartOf { relation, entity } => {
            check_entity(entity, line, (version, versions), schema, &mut tell);
            let mut owners = Classes::under(schema, wholes(*relation));
            let named = named(&entity.name, version, schema);
            owners.intersect(&named);
            if owners.is_empty() && !named.is_empty() {
                let relation = relation.map_or("any relation", Relation::name);
                tell(
                    Fault::new(code::RELATION, line)
                        .with("relation", relation)
                        .with("class", entity.name.to_string()),
                );
            }
        }
        FacetKind::Attribute { name, value } => {
            check_attribute(name, value.as_ref(), line, schema, scope, &mut tell);
        }
        FacetKind::Property { set, name, value, data_type } => {
            check_data_type(data_type.as_deref(), value.as_ref(), line, schema, &mut tell);
            // What may be left out may also be a set of one's own under a standard name.
            if needed {
                check_set(set, version, line, &mut tell, &|known| {
                    check_property(known, name, data_type.as_deref(), value.as_ref())
                });
            }
        }
        FacetKind::Classification { .. } | FacetKind::Material { .. } => {}
    }
}

fn named(name: &Constraint, version: Version, schema: &Schema) -> Classes {
    let mut out = Classes::none(schema);
    let (names, undecided) = admitted(edition(version), name);
    if undecided {
        return Classes::all(schema);
    }
    names.iter().for_each(|n| out.add(n.class));
    out
}

/// Classes that can be a part by a relation.
fn parts(relation: Option<Relation>) -> &'static [&'static str] {
    match relation {
        Some(Relation::ContainedInSpatialStructure) => &["IfcProduct"],
        Some(Relation::VoidsAndFills) => &["IfcElement"],
        _ => &["IfcObjectDefinition", "IfcObject", "IfcTypeObject"],
    }
}

/// Classes that can be a whole by a relation.
fn wholes(relation: Option<Relation>) -> &'static [&'static str] {
    match relation {
        Some(Relation::ContainedInSpatialStructure) => &["IfcSpatialElement", "IfcSpatialStructureElement"],
        Some(Relation::VoidsAndFills) => &["IfcElement"],
        Some(Relation::AssignsToGroup) => &["IfcGroup"],
        _ => &["IfcObjectDefinition", "IfcObject", "IfcTypeObject"],
    }
}

fn check_entity(
    entity: &EntityFacet,
    line: u64,
    (version, versions): (Version, &[Version]),
    schema: &Schema,
    tell: &mut dyn FnMut(Fault),
) {
    let (names, undecided) = admitted(edition(version), &entity.name);
    if undecided {
        return;
    }
    // One name must be known in this edition; each must be known in one of those that the specification is for.
    let unknown = |text: &&String| {
        let name = Constraint::Simple((*text).clone());
        versions.iter().all(|&v| admitted(edition(v), &name).0.is_empty())
    };
    if let Some(wrong) = entity.name.named().iter().find(unknown) {
        tell(Fault::new(code::CLASS, line).with("class", wrong));
        return;
    }
    if names.is_empty() {
        tell(Fault::new(code::CLASS, line).with("class", entity.name.to_string()));
        return;
    }
    let Some(kind) = &entity.predefined_type else { return };
    let mut items: Vec<&str> = Vec::new();
    for name in &names {
        for class in [Some(name.class), name.by_type, type_class(schema, name.class)].into_iter().flatten() {
            items.extend(predefined_types(schema, class));
        }
    }
    // Where a class may be of a type of its user's own, any word may name that type.
    let open = items.contains(&"USERDEFINED");
    let meets = |item: &str| kind.judge_text(item) != Answer::No;
    let wrong = kind.named().iter().find(|k| !items.contains(&k.as_str()));
    if !open && (wrong.is_some() || !items.iter().any(|i| meets(i))) || items.is_empty() {
        let value = wrong.map_or_else(|| kind.to_string(), Clone::clone);
        tell(
            Fault::new(code::PREDEFINED_TYPE, line)
                .with("class", entity.name.to_string())
                .with("value", value),
        );
    }
}

/// The class of the types of a class, such as IfcWallType of IfcWall and its subtypes.
fn type_class(schema: &Schema, class: Entity) -> Option<Entity> {
    let mut at = Some(class);
    while let Some(e) = at {
        let definition = schema.definition(e)?;
        for end in ["Type", "Style"] {
            if let Some(found) = schema.entity(&format!("{}{end}", definition.name)) {
                return Some(found);
            }
        }
        at = definition.supertype;
    }
    None
}

fn predefined_types(schema: &Schema, class: Entity) -> &[&'static str] {
    let attributes = schema.definition(class).map(|d| d.attributes.as_slice()).unwrap_or_default();
    attributes.iter().find(|a| a.name == "PredefinedType").map_or(&[], |a| schema.enumeration(a.of))
}

fn check_attribute(
    name: &Constraint,
    value: Option<&Constraint>,
    line: u64,
    schema: &Schema,
    scope: &Classes,
    tell: &mut dyn FnMut(Fault),
) {
    let known = bearers(schema.edition);
    if let Some(wrong) = name.named().iter().find(|n| !known.contains_key(n.as_str())) {
        tell(Fault::new(code::ATTRIBUTE_NAME, line).with("name", wrong));
        return;
    }
    let mut bearing = with_attribute(schema, name);
    bearing.intersect(scope);
    let mut kinds: Vec<&'static str> = bearing
        .iter()
        .filter_map(|e| schema.definition(e))
        .flat_map(|d| &d.attributes)
        .filter(|a| !a.derived && name.judge_text(a.name) != Answer::No)
        .map(|a| a.of)
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.is_empty() && !scope.is_empty() {
        tell(Fault::new(code::ATTRIBUTE_NAME, line).with("name", name.to_string()));
        return;
    }
    let Some(value) = value else { return };
    let holds = |of: &&str| base_of(schema, of).is_some_and(|base| fits(value, base));
    if !kinds.is_empty() && !kinds.iter().any(holds) {
        tell(
            Fault::new(code::ATTRIBUTE_VALUE, line)
                .with("name", name.to_string())
                .with("type", kinds.first().copied().unwrap_or_default())
                .with("value", value.to_string()),
        );
    }
}

fn check_data_type(
    data_type: Option<&str>,
    value: Option<&Constraint>,
    line: u64,
    schema: &Schema,
    tell: &mut dyn FnMut(Fault),
) {
    let Some(upper) = data_type else { return };
    let known = exact(schema, upper).filter(|_| upper.bytes().all(|b| !b.is_ascii_lowercase()));
    let Some(base) = known.and_then(|name| base_of(schema, name)) else {
        tell(Fault::new(code::DATA_TYPE, line).with("type", upper));
        return;
    };
    if let Some(value) = value.filter(|v| !fits(v, base)) {
        let fault = Fault::new(code::DATA_VALUE, line).with("type", upper);
        tell(fault.with("base", base.name()).with("value", value.to_string()));
    }
}

/// What is known of the standard sets that a constraint names.
fn standard_sets(set: &Constraint, version: Version) -> Vec<&'static StandardSet> {
    let sets = standard(edition(version));
    set.named().iter().filter_map(|n| sets.get(n.as_str())).collect()
}

fn with_set(set: &Constraint, version: Version, schema: &Schema) -> Classes {
    let mut out = Classes::none(schema);
    let known = standard_sets(set, version);
    // A pattern may mean sets of one's own: it says nothing of classes.
    if known.is_empty() || known.len() < set.named().len() {
        return Classes::all(schema);
    }
    for class in known.iter().flat_map(|s| &s.classes) {
        out.unite(&Classes::under(schema, &[class]));
        for e in schema.subtypes(class) {
            if let Some(of) = type_class(schema, e) {
                out.unite(&Classes::under(schema, &[schema.class(of)]));
            }
        }
        // Sets of IFC2X3 name the type where the edition has no class of its own for the occurrence.
        if let Some(stem) = class.strip_suffix("Type").or_else(|| class.strip_suffix("Style")) {
            out.unite(&Classes::under(schema, &[stem]));
            let (names, _) = admitted(edition(version), &Constraint::Simple(stem.to_ascii_uppercase()));
            names.iter().for_each(|n| out.add(n.class));
            if version == Version::Ifc2x3
                && schema.is_named(schema.entity(class).unwrap_or(Entity::UNKNOWN), "IfcElementType")
            {
                out.unite(&Classes::under(schema, &["IfcDistributionElement", "IfcFurnishingElement"]));
            }
        }
    }
    if known.iter().any(|s| s.classes.is_empty()) || out.is_empty() { Classes::all(schema) } else { out }
}

fn check_set(
    set: &Constraint,
    version: Version,
    line: u64,
    tell: &mut dyn FnMut(Fault),
    check: &dyn Fn(&StandardSet) -> Option<Fault>,
) {
    let sets = standard(edition(version));
    let quantities = version != Version::Ifc2x3;
    for text in set.named() {
        let reserved = text.starts_with("Pset_") || (quantities && text.starts_with("Qto_"));
        let fault = match sets.get(text.as_str()) {
            None if reserved => Some(Fault::new(code::RESERVED_PREFIX, line)),
            None => None,
            Some(known) => check(known),
        };
        if let Some(fault) = fault {
            tell(Fault { line, ..fault }.with("set", text));
            return;
        }
    }
}

fn check_property(
    known: &StandardSet,
    name: &Constraint,
    data_type: Option<&str>,
    value: Option<&Constraint>,
) -> Option<Fault> {
    let wrong = name.named().iter().find(|n| known.property(n).is_none());
    let met: Vec<_> = known.properties.iter().filter(|p| name.judge_text(p.name) != Answer::No).collect();
    if wrong.is_some() || met.is_empty() {
        let property = wrong.map_or_else(|| name.to_string(), Clone::clone);
        return Some(Fault::new(code::PROPERTY, 0).with("property", property));
    }
    let data_type = data_type?;
    if !met.iter().any(|p| p.types.is_empty() || p.types.iter().any(|t| t.eq_ignore_ascii_case(data_type))) {
        let types = met.first().map(|p| p.types.join(" / ").to_ascii_uppercase()).unwrap_or_default();
        return Some(
            Fault::new(code::PROPERTY_TYPE, 0).with("property", name.to_string()).with("type", types),
        );
    }
    let value = value?;
    let open =
        met.iter().any(|p| p.items.is_empty() || p.items.iter().any(|i| value.judge_text(i) != Answer::No));
    if !open {
        let fault = Fault::new(code::PROPERTY_VALUE, 0).with("property", name.to_string());
        return Some(fault.with("value", value.to_string()));
    }
    None
}
