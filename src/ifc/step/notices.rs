//! What damage is called when it is told.

use super::StepFile;
use super::scan::{Damage, Fault};
use crate::error::Notice;
use crate::place::Place;
use std::collections::BTreeMap;

/// Cases of one kind that are told one by one; the rest is told as a number.
const TOLD: u64 = 20;

impl StepFile {
    /// Damage that the index found.
    pub(super) fn damage(&self) -> Vec<Notice> {
        let index = &self.inner.index;
        let mut notices = self.told(&index.damage, index.more_damage);
        if !index.complete {
            let message =
                "END-ISO-10303-21 is missing: the file may have been cut off; what is there was read";
            notices.push(Notice::new("step-no-end", Place::file(self.name()), message));
        }
        notices
    }

    /// Notices of damage that is in the order of the file, and of some more that was only counted.
    pub(super) fn told(&self, damage: &[Damage], more: u64) -> Vec<Notice> {
        let mut notices = Vec::new();
        let mut counts: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
        let mut lines = Lines::default();
        for case in damage {
            let (code, message) = sentence(case);
            let (count, singly) = counts.entry(code).or_insert((0, told_singly(case.fault)));
            *count += 1;
            if *count > *singly {
                continue;
            }
            let line = lines.of(self.data(), case.at as usize);
            let file = self.name().to_owned();
            let place = Place::Ifc { file, id: case.id, byte: Some(case.at), line: Some(line) };
            notices.push(Notice::new(code, place, message));
        }
        for (code, (count, singly)) in counts.into_iter().filter(|(_, n)| n.0 > n.1) {
            let message = format!("{} more such places are not listed one by one", count - singly);
            notices.push(Notice::new(code, Place::file(self.name()), message));
        }
        if more > 0 {
            let message = format!("{more} more damaged places are not listed one by one");
            notices.push(Notice::new("step-more-damage", Place::file(self.name()), message));
        }
        notices
    }
}

/// A file has raw text in one place or in a thousand: one is shown.
fn told_singly(fault: Fault) -> u64 {
    if matches!(fault, Fault::Gbk | Fault::Latin | Fault::Utf8) { 1 } else { TOLD }
}

/// Lines of rising places, each counted from the one before.
#[derive(Default)]
struct Lines {
    at: usize,
    line: u64,
}

impl Lines {
    fn of(&mut self, data: &[u8], offset: usize) -> u64 {
        let between = data.get(self.at..offset).unwrap_or_default();
        self.line += memchr::memchr_iter(b'\n', between).count() as u64;
        self.at = self.at.max(offset);
        self.line + 1
    }
}

fn sentence(damage: &Damage) -> (&'static str, String) {
    let (code, text) = match damage.fault {
        Fault::Garbage => ("step-garbage", "what stands here is no record; it was left out"),
        Fault::BadId => ("step-bad-id", "the record's number is 0 or too large; the record was left out"),
        Fault::NoKeyword => ("step-no-keyword", "no keyword after `=`; the record was left out"),
        Fault::NoSemicolon => {
            ("step-no-semicolon", "no `;` before the next record; it was read as if there were one")
        }
        Fault::OpenString => {
            ("step-open-string", "a string is not closed before the next record; the record was left out")
        }
        Fault::Truncated => ("step-truncated", "the file ends inside this record; the record was left out"),
        Fault::Duplicate => {
            ("step-duplicate-id", "an earlier record has the same number; this one was left out")
        }
        Fault::OpenComment => ("step-open-comment", "a comment is never closed; it was taken for text"),
        Fault::Brackets => ("step-brackets", "brackets do not match; what is missing was read as not given"),
        Fault::TooDeep => {
            return ("step-too-deep", format!("lists nest deeper than {}; not decoded", super::DEPTH));
        }
        Fault::Value => ("step-bad-value", "a value is none that STEP knows; it was read as not given"),
        Fault::Arity { has, of } => {
            let message = format!(
                "has {has} attributes where the schema has {of}; what is missing was read as not given"
            );
            return ("step-arity", message);
        }
        Fault::Dangling(to) => {
            return (
                "step-dangling",
                format!("refers to #{to}, which is not there; it was read as not given"),
            );
        }
        Fault::Gbk => ("step-gbk", "a string has raw bytes that are no UTF-8; they were read as GBK"),
        Fault::Latin => {
            ("step-latin", "a string has raw bytes that are no UTF-8; they were read as Windows-1252")
        }
        Fault::Utf8 => ("step-utf8", "a string has raw UTF-8 instead of escapes; it was read as it stands"),
        Fault::Replaced => {
            ("step-bad-text", "a string has a wrong escape or bytes of no known code; U+FFFD stands there")
        }
        Fault::Complex => ("step-complex", "a complex instance; its parts are kept, and only asked by name"),
    };
    (code, text.to_owned())
}
