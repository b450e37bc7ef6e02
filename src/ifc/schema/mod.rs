//! The IFC schemas as data: entities with their inheritance, attributes and inverse attributes, and the types.
//!
//! The text files beside this one are written by `tests/generate/ifc_schema.py`; their form is told there.

mod load;

use std::sync::OnceLock;

/// An entity of one [`Schema`], by its place in the alphabet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Entity(pub(crate) u16);

impl Entity {
    /// A keyword that the schema does not have.
    pub const UNKNOWN: Entity = Entity(u16::MAX);
    /// A complex instance, `#1=(A()B());`, whose parts name their own entities.
    pub const COMPLEX: Entity = Entity(u16::MAX - 1);
}

/// The schemas that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edition {
    /// IFC2X3 TC1.
    Ifc2x3,
    /// IFC4 ADD2 TC1.
    Ifc4,
    /// IFC4X3 ADD2 (ISO 16739-1:2024).
    Ifc4x3,
}

/// One attribute of an entity.
#[derive(Clone, Copy, Debug)]
pub struct Attribute {
    /// Exact name.
    pub name: &'static str,
    /// May be `$`.
    pub optional: bool,
    /// Written `*` because a subtype derives it.
    pub derived: bool,
    /// Type as an EXPRESS reader would say it, such as `IfcLabel`, `L[1:?]IfcCartesianPoint`, `REAL`.
    pub of: &'static str,
}

/// One inverse attribute of an entity.
#[derive(Clone, Copy, Debug)]
pub struct Inverse {
    /// Exact name, such as `HasOpenings`.
    pub name: &'static str,
    /// Bounds, such as `S[0:?]`; empty for exactly one.
    pub bounds: &'static str,
    /// The relating entity.
    pub entity: &'static str,
    /// Its attribute that points here.
    pub attribute: &'static str,
}

/// An entity of a schema.
#[derive(Clone, Debug)]
pub struct Definition {
    /// Exact name, such as `IfcWallStandardCase`.
    pub name: &'static str,
    /// Direct supertype.
    pub supertype: Option<Entity>,
    /// Cannot be instantiated.
    pub is_abstract: bool,
    /// All attributes in the order of a record, inherited ones first.
    pub attributes: Vec<Attribute>,
    /// All inverse attributes, inherited ones first.
    pub inverses: Vec<Inverse>,
    /// Its place in a walk of the tree of subtypes, and the last place among its subtypes.
    span: (u16, u16),
}

/// A type that is no entity.
#[derive(Clone, Debug, PartialEq)]
pub enum TypeDefinition {
    /// Another name for a type, as in [`Attribute::of`].
    Alias(&'static str),
    /// Its items.
    Enumeration(Vec<&'static str>),
    /// Its members.
    Select(Vec<&'static str>),
}

/// A schema, as loaded once.
#[derive(Debug)]
pub struct Schema {
    /// Which.
    pub edition: Edition,
    /// Name as a header gives it, such as `IFC4`.
    pub name: &'static str,
    definitions: Vec<Definition>,
    keywords: load::Keywords,
    types: Vec<(&'static str, TypeDefinition)>,
}

impl Schema {
    /// The schema of an edition.
    pub fn of(edition: Edition) -> &'static Self {
        static IFC2X3: OnceLock<Schema> = OnceLock::new();
        static IFC4: OnceLock<Schema> = OnceLock::new();
        static IFC4X3: OnceLock<Schema> = OnceLock::new();
        match edition {
            Edition::Ifc2x3 => {
                IFC2X3.get_or_init(|| load::schema(edition, "IFC2X3", include_str!("IFC2X3.txt")))
            }
            Edition::Ifc4 => IFC4.get_or_init(|| load::schema(edition, "IFC4", include_str!("IFC4.txt"))),
            Edition::Ifc4x3 => {
                IFC4X3.get_or_init(|| load::schema(edition, "IFC4X3_ADD2", include_str!("IFC4X3.txt")))
            }
        }
    }

    /// The entity of a name, in any case.
    pub fn entity(&self, name: &str) -> Option<Entity> {
        self.keywords.find(name.as_bytes())
    }

    /// The entity of a keyword as it stands in a file.
    pub fn keyword(&self, keyword: &[u8]) -> Option<Entity> {
        self.keywords.find(keyword)
    }

    /// The definition of an entity; none for [`Entity::UNKNOWN`] and [`Entity::COMPLEX`].
    pub fn definition(&self, entity: Entity) -> Option<&Definition> {
        self.definitions.get(usize::from(entity.0))
    }

    /// All definitions, by name.
    pub fn definitions(&self) -> &[Definition] {
        &self.definitions
    }

    /// Exact name of an entity; empty for one that the schema does not have.
    pub fn class(&self, entity: Entity) -> &'static str {
        self.definition(entity).map_or("", |d| d.name)
    }

    /// Whether an entity is another, or a subtype of it.
    pub fn is_a(&self, entity: Entity, ancestor: Entity) -> bool {
        match (self.definition(entity), self.definition(ancestor)) {
            (Some(e), Some(a)) => a.span.0 <= e.span.0 && e.span.0 <= a.span.1,
            _ => false,
        }
    }

    /// Whether an entity is one of that name, or a subtype of it; false for a name that the schema does not have.
    pub fn is_named(&self, entity: Entity, ancestor: &str) -> bool {
        self.entity(ancestor).is_some_and(|a| self.is_a(entity, a))
    }

    /// An entity and all its subtypes, by name. Empty for a name that the schema does not have.
    pub fn subtypes(&self, name: &str) -> Vec<Entity> {
        let Some(root) = self.entity(name) else { return Vec::new() };
        (0..self.definitions.len() as u16).map(Entity).filter(|&e| self.is_a(e, root)).collect()
    }

    /// Place of an attribute in a record, by its exact name.
    pub fn attribute(&self, entity: Entity, name: &str) -> Option<usize> {
        self.definition(entity)?.attributes.iter().position(|a| a.name == name)
    }

    /// A type that is no entity, by its exact name.
    pub fn type_of(&self, name: &str) -> Option<&TypeDefinition> {
        let at = self.types.binary_search_by(|(n, _)| (*n).cmp(name)).ok()?;
        self.types.get(at).map(|(_, t)| t)
    }

    /// Exact names of all types that are no entities, rising.
    pub fn type_names(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.types.iter().map(|(n, _)| *n)
    }

    /// Items of an enumeration; empty for a name that is none.
    pub fn enumeration(&self, name: &str) -> &[&'static str] {
        match self.type_of(name) {
            Some(TypeDefinition::Enumeration(items)) => items,
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_edition_loads_whole() {
        // entities, those without supertype, attributes of all, inverse attributes of all, attributes of IfcDoor
        for (edition, counts, doors) in [
            (Edition::Ifc2x3, [653, 101, 4014, 2565], 10),
            (Edition::Ifc4, [776, 59, 5264, 6337], 13),
            (Edition::Ifc4x3, [876, 61, 6004, 7891], 13),
        ] {
            let schema = Schema::of(edition);
            let all = schema.definitions();
            let roots = all.iter().filter(|d| d.supertype.is_none()).count();
            let attributes = all.iter().map(|d| d.attributes.len()).sum::<usize>();
            let inverses = all.iter().map(|d| d.inverses.len()).sum::<usize>();
            assert_eq!([all.len(), roots, attributes, inverses], counts);
            let door = schema.entity("IFCDOOR").unwrap();
            assert_eq!(schema.class(door), "IfcDoor");
            assert_eq!(schema.definition(door).unwrap().attributes.len(), doors);
            assert_eq!(schema.attribute(door, "OverallHeight"), Some(8));
            assert_eq!(schema.attribute(door, "Tag"), Some(7));
            assert_eq!(schema.keyword(b"ifcDoor"), Some(door));
            assert!(schema.is_named(door, "IfcElement") && schema.is_named(door, "IfcDoor"));
            assert!(!schema.is_named(door, "IfcWall") && !schema.is_named(door, "IfcNothing"));
            for d in schema.definitions() {
                assert_eq!(schema.class(schema.keyword(d.name.as_bytes()).unwrap()), d.name);
            }
        }
    }

    #[test]
    fn subtypes_inverses_types() {
        let s = Schema::of(Edition::Ifc4);
        let walls: Vec<_> = s.subtypes("IfcWall").into_iter().map(|e| s.class(e)).collect();
        assert_eq!(walls, ["IfcWall", "IfcWallElementedCase", "IfcWallStandardCase"]);
        assert!(s.subtypes("IfcNothing").is_empty());
        let wall = s.definition(s.entity("IfcWall").unwrap()).unwrap();
        let openings = wall.inverses.iter().find(|i| i.name == "HasOpenings").unwrap();
        assert_eq!((openings.entity, openings.attribute), ("IfcRelVoidsElement", "RelatingBuildingElement"));
        assert!(s.enumeration("IfcDoorTypeOperationEnum").contains(&"ROLLINGUP"));
        assert_eq!(s.type_of("IfcPositiveLengthMeasure"), Some(&TypeDefinition::Alias("IfcLengthMeasure")));
        let unit = s.definition(s.entity("IfcSIUnit").unwrap()).unwrap();
        assert!(unit.attributes[0].derived && !unit.attributes[1].derived);
        let point = s.definition(s.entity("IfcBSplineSurface").unwrap()).unwrap();
        assert_eq!(point.attributes[2].of, "L[2:?]L[2:?]IfcCartesianPoint");
    }
}
