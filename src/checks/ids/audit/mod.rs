//! Is an IDS document sound: are its names names of IFC in every edition that it claims, can its values be values of
//! what they are held against, and is there any class at all that all its facets can speak of together.
//!
//! What can be told from the document alone was told when it was read.

mod facets;
pub(super) mod values;

use super::classes::{Classes, edition};
use crate::ifc::schema::Schema;
use crate::rulebook::ids::{Cardinality, Document, Fault, Specification, code};
use rayon::prelude::*;

/// Faults that are told; what lies beyond is cut.
const MAX_FAULTS: usize = 1_000;

/// Everything that is wrong with a document, by line: what its reader found and what IFC says of it.
pub fn audit(document: &Document) -> Vec<Fault> {
    let found: Vec<Vec<Fault>> = document.specifications.par_iter().map(specification).collect();
    let mut faults = document.faults.clone();
    for (at, list) in found.into_iter().enumerate() {
        let specification = u32::try_from(at).ok();
        faults.extend(list.into_iter().map(|f| Fault { specification, ..f }));
        if faults.len() > MAX_FAULTS {
            break;
        }
    }
    faults.sort_by(|a, b| (a.line, a.code).cmp(&(b.line, b.code)));
    faults.truncate(MAX_FAULTS);
    faults
}

fn specification(specification: &Specification) -> Vec<Fault> {
    let mut faults: Vec<Fault> = Vec::new();
    for &version in &specification.versions {
        let schema = Schema::of(edition(version));
        let both = (version, specification.versions.as_slice());
        let mut told = Vec::new();
        let mut scope = Classes::all(schema);
        for facet in &specification.applicability {
            let classes = facets::classes(&facet.kind, version, schema);
            facets::check(facet, both, schema, &scope, true, &mut told);
            scope.intersect(&classes);
        }
        let applies = scope.clone();
        for requirement in &specification.requirements {
            let needed = requirement.cardinality == Cardinality::Required;
            facets::check(&requirement.facet, both, schema, &applies, needed, &mut told);
            if needed {
                scope.intersect(&facets::classes(&requirement.facet.kind, version, schema));
            }
        }
        if told.is_empty() && scope.is_empty() {
            told.push(Fault::new(code::IMPOSSIBLE, specification.line).with("version", version.name()));
        }
        for fault in told {
            // The same fault in a second edition says nothing new.
            if !faults.iter().any(|f| f.code == fault.code && f.line == fault.line) {
                faults.push(fault);
            }
        }
    }
    faults
}
