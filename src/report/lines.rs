//! Where elements stand in their model's text: STEP numbers become lines, which code hosts can show.

use super::Report;
use crate::finding::ElementName;
use crate::ifc::Model;
use std::collections::{BTreeMap, BTreeSet};

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// File name as given.
    pub file: String,
    /// Counted from 1.
    pub line: u64,
}

/// The lines of the elements that a report names.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    by_element: BTreeMap<(String, u32), Line>,
}

impl Lines {
    /// Finds the line of every element that a finding names. Each file is walked once, whatever the number of findings.
    pub fn of(report: &Report, models: &[Model]) -> Self {
        let named: BTreeSet<(&str, u32)> =
            report.findings.iter().flat_map(|f| &f.elements).map(|e| (e.guid.as_str(), e.step_id)).collect();
        let mut by_element = BTreeMap::new();
        for model in models {
            let Some(step) = model.step() else { continue };
            let here: BTreeSet<(&str, u32)> =
                model.elements.iter().map(|e| (e.guid.as_str(), e.step_id)).collect();
            let mut offsets: Vec<(usize, &str, u32)> = named
                .intersection(&here)
                .filter_map(|(guid, id)| Some((step.record(*id)?.offset(), *guid, *id)))
                .collect();
            offsets.sort_unstable();
            let (mut line, mut from) = (1, 0);
            for (offset, guid, id) in offsets {
                let between = step.data().get(from..offset).unwrap_or_default();
                line += memchr::memchr_iter(b'\n', between).count() as u64;
                from = offset;
                let place = Line { file: model.file.clone(), line };
                by_element.entry((guid.to_owned(), id)).or_insert(place);
            }
        }
        Self { by_element }
    }

    /// The line of an element.
    pub fn get(&self, element: &ElementName) -> Option<&Line> {
        // the key is owned: a borrowed pair cannot look it up
        self.by_element.get(&(element.guid.clone(), element.step_id))
    }
}
