//! What is told of a model: the first cases of each kind with their place, the rest as a number.

use super::step::StepFile;
use crate::error::Notice;
use crate::place::Place;
use std::collections::BTreeMap;

/// Cases of one kind that are told one by one. Finding the line of a record costs a look at the whole file.
const TOLD: u64 = 20;

/// Notices of one model.
pub(super) struct Told<'a> {
    file: &'a StepFile,
    notices: Vec<Notice>,
    counts: BTreeMap<&'static str, u64>,
}

impl<'a> Told<'a> {
    pub(super) fn new(file: &'a StepFile, notices: Vec<Notice>) -> Self {
        Self { file, notices, counts: BTreeMap::new() }
    }

    /// Tells of a record.
    pub(super) fn record(&mut self, code: &'static str, id: u32, message: impl Into<String>) {
        let count = self.counts.entry(code).or_default();
        *count += 1;
        if *count <= TOLD {
            self.notices.push(Notice::new(code, self.file.place(id), message));
        }
    }

    /// Tells of the whole file.
    pub(super) fn file(&mut self, code: &'static str, message: impl Into<String>) {
        self.notices.push(Notice::new(code, Place::file(self.file.name()), message));
    }

    /// Takes in what others told.
    pub(super) fn all(&mut self, notices: Vec<Notice>) {
        self.notices.extend(notices);
    }

    /// All notices.
    pub(super) fn finish(mut self) -> Vec<Notice> {
        for (code, count) in std::mem::take(&mut self.counts) {
            if count > TOLD {
                self.file(code, format!("{} more such records are not listed one by one", count - TOLD));
            }
        }
        self.notices
    }
}
