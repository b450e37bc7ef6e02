//! Classes of IFC that a facet names, as sets over one edition of the schema.

use crate::ifc::schema::{Edition, Entity, Schema};
use crate::rulebook::data_file;
use crate::rulebook::ids::{Answer, Constraint, Version};
use std::collections::HashMap;
use std::sync::OnceLock;

/// The edition of a version of IDS.
pub(super) fn edition(version: Version) -> Edition {
    match version {
        Version::Ifc2x3 => Edition::Ifc2x3,
        Version::Ifc4 => Edition::Ifc4,
        Version::Ifc4x3 => Edition::Ifc4x3,
    }
}

/// A set of the classes of a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Classes {
    bits: Vec<u64>,
}

impl Classes {
    /// None.
    pub(super) fn none(schema: &Schema) -> Self {
        Self { bits: vec![0; schema.definitions().len().div_ceil(64)] }
    }

    /// All that instances can be of.
    pub(super) fn all(schema: &Schema) -> Self {
        let mut out = Self::none(schema);
        for d in schema.definitions().iter().filter(|d| !d.is_abstract) {
            schema.entity(d.name).into_iter().for_each(|e| out.add(e));
        }
        out
    }

    /// Those of names and their subtypes; what the schema does not have is left out.
    pub(super) fn under(schema: &Schema, names: &[&str]) -> Self {
        let mut out = Self::none(schema);
        for name in names {
            for e in schema.subtypes(name) {
                if schema.definition(e).is_some_and(|d| !d.is_abstract) {
                    out.add(e);
                }
            }
        }
        out
    }

    /// Adds one.
    pub(super) fn add(&mut self, entity: Entity) {
        if let Some(word) = self.bits.get_mut(usize::from(entity.0) / 64) {
            *word |= 1 << (entity.0 % 64);
        }
    }

    /// Whether one is in it.
    pub(super) fn has(&self, entity: Entity) -> bool {
        self.bits.get(usize::from(entity.0) / 64).is_some_and(|word| word & (1 << (entity.0 % 64)) != 0)
    }

    /// What is in both.
    pub(super) fn intersect(&mut self, other: &Self) {
        self.bits.iter_mut().zip(&other.bits).for_each(|(a, b)| *a &= b);
    }

    /// What is in either.
    pub(super) fn unite(&mut self, other: &Self) {
        self.bits.iter_mut().zip(&other.bits).for_each(|(a, b)| *a |= b);
    }

    /// No class at all.
    pub(super) fn is_empty(&self) -> bool {
        self.bits.iter().all(|w| *w == 0)
    }

    /// All, by name.
    pub(super) fn iter<'s>(&'s self) -> impl Iterator<Item = Entity> + 's {
        (0..self.bits.len() * 64).filter_map(|i| u16::try_from(i).ok()).map(Entity).filter(|&e| self.has(e))
    }
}

/// A class by the name that IDS gives it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Name {
    /// In capitals.
    pub(super) upper: &'static str,
    /// The class of its instances.
    pub(super) class: Entity,
    /// The class that the type of an instance must be of, where the class alone does not tell (IFC2X3).
    pub(super) by_type: Option<Entity>,
}

/// All names that a facet may give in an edition, by name. Those of abstract classes are names too; nothing is of them.
pub(super) fn names(edition: Edition) -> &'static [Name] {
    static NAMES: [OnceLock<Vec<Name>>; 3] = [OnceLock::new(), OnceLock::new(), OnceLock::new()];
    NAMES[place(edition)].get_or_init(|| {
        let schema = Schema::of(edition);
        let upper = |name: &str| -> &'static str { Box::leak(name.to_ascii_uppercase().into_boxed_str()) };
        let mut out: Vec<Name> = schema
            .definitions()
            .iter()
            .filter_map(|d| Some(Name { upper: upper(d.name), class: schema.entity(d.name)?, by_type: None }))
            .collect();
        if edition == Edition::Ifc2x3 {
            let table = data_file("ids/ifc2x3_occurrences.txt").unwrap_or_default();
            out.extend(table.lines().filter(|l| !l.starts_with('#')).filter_map(|line| {
                let mut words = line.split_ascii_whitespace();
                let name = upper(words.next()?);
                let class = schema.entity(words.next()?)?;
                Some(Name { upper: name, class, by_type: Some(schema.entity(words.next()?)?) })
            }));
        }
        out.sort_by_key(|n| n.upper);
        out
    })
}

/// The classes that have an attribute of a name; those that derive it are left out.
pub(super) fn bearers(edition: Edition) -> &'static HashMap<&'static str, Classes> {
    static BEARERS: [OnceLock<HashMap<&'static str, Classes>>; 3] =
        [OnceLock::new(), OnceLock::new(), OnceLock::new()];
    BEARERS[place(edition)].get_or_init(|| {
        let schema = Schema::of(edition);
        let mut out: HashMap<&'static str, Classes> = HashMap::new();
        for definition in schema.definitions() {
            let Some(entity) = schema.entity(definition.name) else { continue };
            for attribute in definition.attributes.iter().filter(|a| !a.derived) {
                out.entry(attribute.name).or_insert_with(|| Classes::none(schema)).add(entity);
            }
        }
        out
    })
}

/// The classes that have an attribute whose name a constraint admits, or may admit.
pub(super) fn with_attribute(schema: &Schema, name: &Constraint) -> Classes {
    let all = bearers(schema.edition);
    if let Some(name) = name.only() {
        return all.get(name).cloned().unwrap_or_else(|| Classes::none(schema));
    }
    let mut out = Classes::none(schema);
    let met = all.iter().filter(|(n, _)| name.judge_text(n) != Answer::No);
    met.for_each(|(_, classes)| out.unite(classes));
    out
}

fn place(edition: Edition) -> usize {
    match edition {
        Edition::Ifc2x3 => 0,
        Edition::Ifc4 => 1,
        Edition::Ifc4x3 => 2,
    }
}

/// The names that a constraint admits; and whether some could not be decided.
pub(super) fn admitted(edition: Edition, constraint: &Constraint) -> (Vec<Name>, bool) {
    let names = names(edition);
    if let Some(text) = constraint.only() {
        let found = names.binary_search_by(|n| n.upper.cmp(text)).ok().and_then(|at| names.get(at));
        return (found.copied().into_iter().collect(), false);
    }
    let mut undecided = false;
    let admitted = names
        .iter()
        .filter(|n| match constraint.judge_text(n.upper) {
            Answer::Yes => true,
            Answer::No => false,
            Answer::Unknown => {
                undecided = true;
                false
            }
        })
        .copied()
        .collect();
    (admitted, undecided)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ifc2x3_knows_the_names_of_ifc4_by_their_types() {
        let (found, undecided) = admitted(Edition::Ifc2x3, &Constraint::Simple("IFCDUCTSEGMENT".into()));
        let schema = Schema::of(Edition::Ifc2x3);
        assert_eq!((found.len(), undecided), (1, false));
        assert_eq!(schema.class(found[0].class), "IfcFlowSegment");
        assert_eq!(found[0].by_type.map(|t| schema.class(t)), Some("IfcDuctSegmentType"));
        assert!(admitted(Edition::Ifc2x3, &Constraint::Simple("IfcWall".into())).0.is_empty());
        assert!(admitted(Edition::Ifc4, &Constraint::Simple("IFCRABBIT".into())).0.is_empty());
    }
}
