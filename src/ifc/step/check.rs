//! Looks at every record once, in parallel, and tells what the lazy decoder will not be able to use.

use super::index::Slot;
use super::scan::{Damage, Fault};
use super::value::{DEPTH, space, string};
use super::{StepFile, Text};
use crate::error::Notice;
use crate::ifc::schema::Entity;
use crate::place::Place;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Records looked at by one thread at a time.
const SHARE: usize = 16_384;

/// Damage kept of one share; what is beyond is counted.
const KEPT: usize = 200;

/// What one share has.
#[derive(Default)]
struct Found {
    damage: Vec<Damage>,
    more: u64,
    /// Unknown keyword → records, first record.
    unknown: BTreeMap<String, (u64, u32)>,
}

impl Found {
    fn put(&mut self, at: usize, id: u32, fault: Fault) {
        if self.damage.len() < KEPT {
            self.damage.push(Damage { at: at as u64, fault, id });
        } else {
            self.more += 1;
        }
    }
}

impl StepFile {
    /// Everything that is wrong with single records: brackets, values, number of attributes, references to nothing, raw
    /// text, unknown keywords. None of it keeps the rest from being read.
    pub fn check(&self) -> Vec<Notice> {
        let table = &self.inner.index.table;
        let shares: Vec<Found> = (0..table.width().div_ceil(SHARE))
            .into_par_iter()
            .map(|share| {
                let mut found = Found::default();
                for (id, slot) in table.range(share * SHARE..(share + 1) * SHARE) {
                    self.look(id, slot, &mut found);
                }
                found
            })
            .collect();
        let mut all = Found::default();
        for share in shares {
            all.damage.extend(share.damage);
            all.more += share.more;
            for (keyword, (count, first)) in share.unknown {
                let entry = all.unknown.entry(keyword).or_insert((0, first));
                entry.0 += count;
            }
        }
        all.damage.sort_by_key(|d| (d.at, d.fault));
        let mut notices = self.told(&all.damage, all.more);
        notices.extend(
            all.unknown.into_iter().map(|(keyword, (count, first))| self.unknown(&keyword, count, first)),
        );
        notices
    }

    fn unknown(&self, keyword: &str, count: u64, first: u32) -> Notice {
        let message = format!(
            "{count} records are {keyword}, which {} does not have; they were left aside",
            self.schema().name
        );
        let place = if count == 1 { self.place(first) } else { Place::file(self.name()) };
        Notice::new("step-unknown-keyword", place, message)
    }

    fn look(&self, id: u32, slot: Slot, found: &mut Found) {
        let at = slot.offset();
        let record = self.of_slot(id, slot);
        let mut walk = Walk { file: self, at, id, found, arguments: 0 };
        let whole = walk.run(record.behind_keyword());
        let arguments = walk.arguments;
        match slot.entity() {
            Entity::COMPLEX => found.put(at, id, Fault::Complex),
            Entity::UNKNOWN => {
                let keyword = record.keyword();
                let keyword = keyword.get(..keyword.len().min(64)).unwrap_or_default().to_ascii_uppercase();
                found.unknown.entry(keyword).or_insert((0, id)).0 += 1;
            }
            entity => {
                let of = self.schema().definition(entity).map_or(0, |d| d.attributes.len());
                if whole && arguments != of {
                    found.put(at, id, Fault::Arity { has: arguments.min(9_999) as u16, of: of as u16 });
                }
            }
        }
    }
}

/// A walk over the arguments of one record.
struct Walk<'a, 'b> {
    file: &'a StepFile,
    at: usize,
    id: u32,
    found: &'b mut Found,
    arguments: usize,
}

impl Walk<'_, '_> {
    fn fault(&mut self, fault: Fault) {
        self.found.put(self.at, self.id, fault);
    }

    /// From the opening bracket to its closing one; false where it ends otherwise, which is then told.
    fn run(&mut self, text: &[u8]) -> bool {
        let mut depth = 0usize;
        let mut deepest = 0usize;
        // a value may stand here: behind `(` and `,`
        let mut open = true;
        let mut at = 0;
        while let Some(&b) = text.get(at) {
            match b {
                b' ' | b'\t' | b'\r' | b'\n' => at += 1,
                b'(' => {
                    if depth == 1 && self.arguments == 0 {
                        self.arguments = 1;
                    }
                    depth += 1;
                    deepest = deepest.max(depth);
                    open = true;
                    at += 1;
                }
                b')' => {
                    depth = depth.saturating_sub(1);
                    open = false;
                    at += 1;
                    if depth == 0 {
                        return self.closed(text.get(at..).unwrap_or_default(), deepest);
                    }
                }
                b',' => {
                    if open {
                        self.fault(Fault::Value);
                    }
                    self.arguments += usize::from(depth == 1);
                    open = true;
                    at += 1;
                }
                b';' => break,
                b'/' if text.get(at + 1) == Some(&b'*') => {
                    at = text.len() - space(text.get(at..).unwrap_or_default()).len()
                }
                _ => {
                    if !open {
                        self.fault(Fault::Value);
                    }
                    // what is left open behind a keyword is its bracket
                    (at, open) = self.value(text, at);
                    if depth == 1 && self.arguments == 0 {
                        self.arguments = 1;
                    }
                }
            }
        }
        self.fault(Fault::Brackets);
        false
    }

    fn closed(&mut self, behind: &[u8], deepest: usize) -> bool {
        if deepest > DEPTH {
            self.fault(Fault::TooDeep);
        }
        true_or(!matches!(space(behind).first(), Some(b')' | b',')), || self.fault(Fault::Brackets))
    }

    /// Goes over one token: the place behind it, and whether its bracket has still to come.
    fn value(&mut self, text: &[u8], at: usize) -> (usize, bool) {
        let rest = text.get(at..).unwrap_or_default();
        let length = |is: fn(&u8) -> bool| rest.iter().skip(1).take_while(|b| is(b)).count() + 1;
        match rest.first() {
            Some(b'$' | b'*') => (at + 1, false),
            Some(b'\'') => {
                let n = string(rest);
                self.text(rest.get(1..n.saturating_sub(1)).unwrap_or_default());
                (at + n, false)
            }
            Some(b'#') => (at + self.reference(rest), false),
            Some(b'"') => (at + length(|b| *b != b'"' && *b != b';') + 1, false),
            Some(b'.') if !rest.get(1).is_some_and(u8::is_ascii_digit) => {
                let n = length(|b| b.is_ascii_alphanumeric() || *b == b'_');
                if n == 1 || rest.get(n) != Some(&b'.') {
                    self.fault(Fault::Value);
                }
                (at + n + 1, false)
            }
            Some(b'0'..=b'9' | b'-' | b'+' | b'.') => (at + self.number(rest), false),
            Some(b) if b.is_ascii_alphabetic() => {
                let n = length(|b| b.is_ascii_alphanumeric() || *b == b'_');
                let bracket = space(rest.get(n..).unwrap_or_default()).first() == Some(&b'(');
                if !bracket {
                    self.fault(Fault::Value);
                }
                (at + n, bracket)
            }
            _ => {
                self.fault(Fault::Value);
                (at + length(|b| !matches!(b, b',' | b'(' | b')' | b';' | b'\'')), false)
            }
        }
    }

    /// Goes over a number; its length.
    fn number(&mut self, text: &[u8]) -> usize {
        let (mut n, mut digits, mut points, mut other) = (0, 0, 0, 0);
        for b in text {
            match b {
                b'0'..=b'9' => digits += 1,
                b'.' => points += 1,
                b'-' | b'+' if n == 0 => {}
                b'-' | b'+' | b'E' | b'e' => other += 1,
                _ => break,
            }
            n += 1;
        }
        // nearly all are plain: a sign, digits, one point
        if other == 0 && points <= 1 && digits > 0 && n < 300 {
            return n;
        }
        let number =
            text.get(..n).and_then(|t| std::str::from_utf8(t).ok()).and_then(|t| t.parse::<f64>().ok());
        if !number.is_some_and(f64::is_finite) {
            self.fault(Fault::Value);
        }
        n
    }

    /// Goes over a `#` and the number behind it; their length.
    fn reference(&mut self, text: &[u8]) -> usize {
        let (mut id, mut n) = (0u64, 1);
        while let Some(&digit @ b'0'..=b'9') = text.get(n) {
            id = id.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
            n += 1;
        }
        // 19 digits do not run over
        match u32::try_from(id) {
            Ok(id) if (2..=20).contains(&n) => {
                if self.file.inner.index.table.get(id).is_none() {
                    self.fault(Fault::Dangling(id));
                }
            }
            _ => self.fault(Fault::Value),
        }
        n
    }

    fn text(&mut self, raw: &[u8]) {
        // all of it is looked at, which is quicker than to stop
        if !raw.iter().fold(false, |odd, &b| odd | (b >= 0x80) | (b == b'\\')) {
            return;
        }
        let (_, trouble) = Text { raw }.decode_told();
        let faults = [
            (trouble.raw_gbk, Fault::Gbk),
            (trouble.raw_latin, Fault::Latin),
            (trouble.raw_utf8, Fault::Utf8),
            (trouble.replaced, Fault::Replaced),
        ];
        for (_, fault) in faults.into_iter().filter(|f| f.0) {
            self.fault(fault);
        }
    }
}

fn true_or(holds: bool, otherwise: impl FnOnce()) -> bool {
    if !holds {
        otherwise();
    }
    holds
}
