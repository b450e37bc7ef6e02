//! Information Delivery Specification (buildingSMART IDS 1.0): the document, as types, and what is wrong with it.
//!
//! `read` is the entrance. What it says of a document is what its XML schema and its own rules say; whether the names
//! in it are names of IFC, and whether a model satisfies it, is asked in `checks::ids`, which sees both sides.

mod constraint;
mod fault;
mod literal;
mod pattern;
mod read;
mod restriction;
mod xml;

pub use constraint::{Answer, Bound, BoundKind, Constraint, Held, Restriction};
pub use fault::{Fault, code};
pub use literal::{Base, boolean, double, is_integer};
pub use pattern::{Pattern, Refusal};
pub use read::read;

/// A document as read.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// File name as given.
    pub file: String,
    /// Title.
    pub title: String,
    /// Specifications, in order.
    pub specifications: Vec<Specification>,
    /// What is wrong with it, by line. A document with faults is not to be relied on.
    pub faults: Vec<Fault>,
}

/// A version of IFC that IDS 1.0 names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// `IFC2X3`.
    Ifc2x3,
    /// `IFC4`.
    Ifc4,
    /// `IFC4X3_ADD2`.
    Ifc4x3,
}

impl Version {
    /// As IDS writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ifc2x3 => "IFC2X3",
            Self::Ifc4 => "IFC4",
            Self::Ifc4x3 => "IFC4X3_ADD2",
        }
    }
}

/// One specification: what it applies to, and what it asks of that.
#[derive(Clone, Debug)]
pub struct Specification {
    /// Name.
    pub name: String,
    /// Identifier, if it has one.
    pub identifier: Option<String>,
    /// Why it is asked.
    pub description: Option<String>,
    /// What the author of the model should do.
    pub instructions: Option<String>,
    /// Versions of IFC that it is for, each once, rising.
    pub versions: Vec<Version>,
    /// Whether what it applies to must, may or must not be in a model.
    pub occurs: Cardinality,
    /// All must be met by what it applies to.
    pub applicability: Vec<Facet>,
    /// What is asked.
    pub requirements: Vec<Requirement>,
    /// Line of the document, counted from 1.
    pub line: u64,
}

/// Required, optional, prohibited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cardinality {
    /// Must be.
    #[default]
    Required,
    /// May be, and then as stated.
    Optional,
    /// Must not be.
    Prohibited,
}

/// A facet among requirements.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// What is asked.
    pub facet: Facet,
    /// Whether it must, may or must not be.
    pub cardinality: Cardinality,
    /// What the author of the model should do.
    pub instructions: Option<String>,
}

/// A facet: one kind of thing that can be known of an object.
#[derive(Clone, Debug)]
pub struct Facet {
    /// Which, with its parameters.
    pub kind: FacetKind,
    /// Line of the document, counted from 1.
    pub line: u64,
}

/// The six facets.
#[derive(Clone, Debug)]
pub enum FacetKind {
    /// Its class and predefined type.
    Entity(EntityFacet),
    /// A larger thing that it is part of.
    PartOf {
        /// By which relation; by any where none is named.
        relation: Option<Relation>,
        /// What the larger thing must be.
        entity: EntityFacet,
    },
    /// A reference into a classification.
    Classification {
        /// Name of the system.
        system: Constraint,
        /// The reference's code.
        value: Option<Constraint>,
    },
    /// An attribute of the schema.
    Attribute {
        /// Its name.
        name: Constraint,
        /// Its value.
        value: Option<Constraint>,
    },
    /// A property or quantity.
    Property {
        /// Name of the set.
        set: Constraint,
        /// Its name.
        name: Constraint,
        /// Its value.
        value: Option<Constraint>,
        /// Its type, in capitals, such as `IFCLABEL`.
        data_type: Option<String>,
    },
    /// A material.
    Material {
        /// Its name or category.
        value: Option<Constraint>,
    },
}

/// A class and, perhaps, a predefined type.
#[derive(Clone, Debug)]
pub struct EntityFacet {
    /// Class, in capitals.
    pub name: Constraint,
    /// Predefined type.
    pub predefined_type: Option<Constraint>,
}

/// How a part hangs on its whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// `IFCRELAGGREGATES`.
    Aggregates,
    /// `IFCRELASSIGNSTOGROUP`.
    AssignsToGroup,
    /// `IFCRELCONTAINEDINSPATIALSTRUCTURE`.
    ContainedInSpatialStructure,
    /// `IFCRELNESTS`.
    Nests,
    /// `IFCRELVOIDSELEMENT IFCRELFILLSELEMENT`.
    VoidsAndFills,
}

impl Relation {
    /// All, as IDS writes them.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Aggregates, "IFCRELAGGREGATES"),
        (Self::AssignsToGroup, "IFCRELASSIGNSTOGROUP"),
        (Self::ContainedInSpatialStructure, "IFCRELCONTAINEDINSPATIALSTRUCTURE"),
        (Self::Nests, "IFCRELNESTS"),
        (Self::VoidsAndFills, "IFCRELVOIDSELEMENT IFCRELFILLSELEMENT"),
    ];

    /// As IDS writes it.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(r, _)| *r == self).map_or("", |(_, name)| name)
    }
}
