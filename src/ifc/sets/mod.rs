//! The property and quantity sets that buildingSMART publishes with each edition of IFC: for which classes they are,
//! which properties they hold, of which types.
//!
//! The text files beside this one are written by `tests/generate/property_sets.py`; their form is told there.

use super::schema::Edition;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// A standard set.
#[derive(Clone, Debug)]
pub struct StandardSet {
    /// Exact name, such as `Pset_WallCommon`.
    pub name: &'static str,
    /// Exact names of the classes that it is for; subclasses are meant too.
    pub classes: Vec<&'static str>,
    /// The predefined type that each of them is narrowed to, in the same order; empty where it is not.
    pub narrowed: Vec<&'static str>,
    /// Where it may stand.
    pub stands: Stands,
    /// Properties in the order of the standard.
    pub properties: Vec<StandardProperty>,
}

/// Where a standard set may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// At types and at occurrences.
    Anywhere,
    /// At types only.
    AtTypes,
    /// At occurrences only.
    AtOccurrences,
    /// At performance histories.
    AtHistories,
}

/// A property of a standard set.
#[derive(Clone, Debug)]
pub struct StandardProperty {
    /// Exact name.
    pub name: &'static str,
    /// Its type, a table two; empty where the standard leaves it open.
    pub types: Vec<&'static str>,
    /// The values to choose from, where there is a choice.
    pub items: Vec<&'static str>,
}

impl StandardSet {
    /// A property by its exact name.
    pub fn property(&self, name: &str) -> Option<&StandardProperty> {
        self.properties.iter().find(|p| p.name == name)
    }
}

/// All sets of an edition, by name.
pub fn standard(edition: Edition) -> &'static BTreeMap<&'static str, StandardSet> {
    static SETS: [OnceLock<BTreeMap<&'static str, StandardSet>>; 3] =
        [OnceLock::new(), OnceLock::new(), OnceLock::new()];
    let (at, text) = match edition {
        Edition::Ifc2x3 => (0, include_str!("IFC2X3.txt")),
        Edition::Ifc4 => (1, include_str!("IFC4.txt")),
        Edition::Ifc4x3 => (2, include_str!("IFC4X3.txt")),
    };
    SETS[at].get_or_init(|| text.lines().filter_map(line).map(|s| (s.name, s)).collect())
}

fn line(line: &'static str) -> Option<StandardSet> {
    let mut parts = line.split('|');
    let name = parts.next().filter(|n| !n.is_empty())?;
    // `IfcActuator/ELECTRICACTUATOR`
    let narrowed = |c: &'static str| c.split_once('/').unwrap_or((c, ""));
    let classes = parts.next()?.split(',').filter(|c| !c.is_empty()).map(narrowed);
    let (classes, narrowed) = classes.unzip();
    let properties = parts.next()?.split(';').filter_map(|p| p.split_once('='));
    let stands = match parts.next() {
        Some("T") => Stands::AtTypes,
        Some("O") => Stands::AtOccurrences,
        Some("P") => Stands::AtHistories,
        _ => Stands::Anywhere,
    };
    Some(StandardSet {
        name,
        classes,
        narrowed,
        stands,
        properties: properties.map(|(name, of)| property(name, of)).collect(),
    })
}

fn property(name: &'static str, of: &'static str) -> StandardProperty {
    let (types, items) = of.split_once('{').unwrap_or((of, ""));
    let items = items.trim_end_matches('}').split(',').filter(|i| !i.is_empty()).collect();
    StandardProperty { name, types: types.split('/').filter(|t| *t != "*").collect(), items }
}

#[cfg(test)]
mod tests {
    use super::super::schema::Schema;
    use super::*;

    #[test]
    fn every_edition_has_its_sets_of_known_classes_and_types() {
        for (edition, count) in [(Edition::Ifc2x3, 317), (Edition::Ifc4, 513), (Edition::Ifc4x3, 760)] {
            let (sets, schema) = (standard(edition), Schema::of(edition));
            assert_eq!(sets.len(), count);
            assert_eq!(sets["Pset_WallCommon"].property("FireRating").unwrap().types, ["IfcLabel"]);
            assert!(sets["Pset_WallCommon"].classes.contains(&"IfcWall"));
            let known = |class: &&str| schema.entity(class).is_some();
            let unknown: Vec<_> = sets.values().flat_map(|s| &s.classes).filter(|c| !known(c)).collect();
            assert!(unknown.len() < 12, "{edition:?} {unknown:?}");
            for property in sets.values().flat_map(|s| &s.properties) {
                for t in &property.types {
                    assert!(
                        schema.type_of(t).is_some()
                            || schema.entity(t).is_some()
                            || edition == Edition::Ifc2x3,
                        "{t}"
                    );
                }
            }
        }
    }
}
