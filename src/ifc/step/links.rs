//! Who refers to whom: columns over all records of one relation, made once when first asked for.

use super::{Record, StepFile};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// From record to record, through one relation.
#[derive(Debug, Default)]
pub struct Links {
    /// (from, to), by rising `from`, and for each in the order of the file's record numbers.
    pairs: Vec<(u32, u32)>,
}

impl Links {
    /// Where a record leads to.
    pub fn of(&self, from: u32) -> impl Iterator<Item = u32> + '_ {
        let start = self.pairs.partition_point(|p| p.0 < from);
        self.pairs.iter().skip(start).take_while(move |p| p.0 == from).map(|p| p.1)
    }

    /// The first that a record leads to.
    pub fn first(&self, from: u32) -> Option<u32> {
        self.of(from).next()
    }

    /// All pairs, by rising `from`.
    pub fn pairs(&self) -> &[(u32, u32)] {
        &self.pairs
    }
}

/// Relation, attribute to come from, attribute to go to.
type Key = (&'static str, &'static str, &'static str);

/// The columns made so far.
#[derive(Default)]
pub(super) struct Columns {
    made: Mutex<BTreeMap<Key, Arc<Links>>>,
}

impl StepFile {
    /// The column of a relation and its subtypes: from the records that `from` names to those that `to` names; an
    /// empty `to` leads to the relation itself. Empty where the schema does not have it.
    pub fn links(&self, relation: &'static str, from: &'static str, to: &'static str) -> Arc<Links> {
        let made = &self.inner.columns.made;
        let key = (relation, from, to);
        if let Some(links) = made.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return links.clone();
        }
        let links = Arc::new(self.column(relation, from, to));
        made.lock().unwrap_or_else(PoisonError::into_inner).insert(key, links.clone());
        links
    }

    fn column(&self, relation: &str, from: &str, to: &str) -> Links {
        let ids = self.ids_of_subtypes(relation);
        let mut pairs: Vec<(u32, u32)> = ids
            .par_chunks(256)
            .flat_map_iter(|chunk| {
                let mut out = Vec::new();
                for record in chunk.iter().filter_map(|&id| self.record(id)) {
                    let mut sources = record.attribute(from).references();
                    if to.is_empty() {
                        out.extend(sources.map(|source| (source, record.id)));
                        continue;
                    }
                    // relations are one to many; what is many to many leads from its first only
                    let targets = record.attribute(to).references();
                    if targets.take(2).count() < 2 {
                        out.extend(sources.flat_map(|source| targets.map(move |target| (source, target))));
                    } else if let Some(source) = sources.next() {
                        out.extend(targets.map(|target| (source, target)));
                    }
                }
                out
            })
            .collect();
        pairs.par_sort_by_key(|p| p.0);
        Links { pairs }
    }
}

impl<'a> Record<'a> {
    /// The relations that an inverse attribute names, such as `HasOpenings`, by rising number.
    pub fn inverse(&self, name: &str) -> Vec<Record<'a>> {
        let inverse = self.definition().and_then(|d| d.inverses.iter().find(|i| i.name == name));
        let Some(inverse) = inverse else { return Vec::new() };
        let links = self.file.links(inverse.entity, inverse.attribute, "");
        links.of(self.id).filter_map(|id| self.file.record(id)).collect()
    }
}
