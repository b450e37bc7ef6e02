//! Which values an attribute or a data type of IFC can hold, in terms of XML Schema (IDS 1.0, DataTypes).

use crate::ifc::schema::{Schema, TypeDefinition};
use crate::rulebook::ids::{Base, Constraint};

/// Longest chain of types that name one another; the longest of IFC is 3.
const MAX_CHAIN: usize = 16;

/// The base that values of a type are written in. `None` for what IDS cannot hold a value against: an object, a
/// choice between types, a binary; and for a name that is no type.
pub(in crate::checks::ids) fn base_of(schema: &Schema, name: &str) -> Option<Base> {
    let mut name = name;
    for _ in 0..MAX_CHAIN {
        match name {
            "IfcDate" => return Some(Base::Date),
            "IfcDateTime" => return Some(Base::DateTime),
            "IfcTime" => return Some(Base::Time),
            "IfcDuration" => return Some(Base::Duration),
            // NUMBER in IFC2X3 and IFC4; IDS counts in whole numbers in all editions.
            "IfcCountMeasure" => return Some(Base::Integer),
            "STRING" | "LOGICAL" => return Some(Base::String),
            "BOOLEAN" => return Some(Base::Boolean),
            "INTEGER" => return Some(Base::Integer),
            "REAL" | "NUMBER" => return Some(Base::Double),
            _ => {}
        }
        // The members of a list are held against a value one by one.
        if let Some(member) = name.rfind(']').and_then(|at| name.get(at + 1..)) {
            name = member;
            continue;
        }
        match schema.type_of(name)? {
            TypeDefinition::Alias(of) => name = primitive(of),
            TypeDefinition::Enumeration(_) => return Some(Base::String),
            TypeDefinition::Select(_) => return None,
        }
    }
    None
}

/// `STRING(22) FIXED` and the like without what follows the word.
fn primitive(of: &str) -> &str {
    if of.contains(']') { of } else { of.split(['(', ' ']).next().unwrap_or(of) }
}

/// The exact name of a type from its name in capitals.
pub(in crate::checks::ids) fn exact(schema: &Schema, upper: &str) -> Option<&'static str> {
    schema.type_names().find(|n| n.eq_ignore_ascii_case(upper))
}

/// Whether a constraint speaks of values of a base.
pub(super) fn fits(constraint: &Constraint, base: Base) -> bool {
    match constraint {
        Constraint::Simple(text) => base.holds(text),
        Constraint::Restricted(r) => {
            r.base.is_none_or(|b| b == base || (b == Base::AnyUri && base == Base::String))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ifc::schema::Edition;

    #[test]
    fn bases_of_types() {
        for edition in [Edition::Ifc2x3, Edition::Ifc4, Edition::Ifc4x3] {
            let schema = Schema::of(edition);
            for (name, base) in [
                ("IfcLabel", Some(Base::String)),
                ("IfcGloballyUniqueId", Some(Base::String)),
                ("IfcPositiveLengthMeasure", Some(Base::Double)),
                ("IfcBoolean", Some(Base::Boolean)),
                ("IfcLogical", Some(Base::String)),
                ("IfcCountMeasure", Some(Base::Integer)),
                ("IfcTimeStamp", Some(Base::Integer)),
                ("IfcWallTypeEnum", Some(Base::String)),
                ("L[1:?]IfcLabel", Some(Base::String)),
                ("IfcCompoundPlaneAngleMeasure", Some(Base::Integer)),
                ("L[1:?]IfcCartesianPoint", None),
                ("IfcValue", None),
                ("IfcWall", None),
            ] {
                assert_eq!(base_of(schema, name), base, "{edition:?} {name}");
            }
        }
        assert_eq!(base_of(Schema::of(Edition::Ifc4), "IfcDuration"), Some(Base::Duration));
        assert_eq!(exact(Schema::of(Edition::Ifc4), "IFCAREAMEASURE"), Some("IfcAreaMeasure"));
    }
}
