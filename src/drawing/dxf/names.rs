//! Names of layers, line types, blocks and styles as numbers. DXF compares names without regard to case.

use std::collections::HashMap;

/// Numbers names in the order of their first mention.
#[derive(Clone, Default)]
pub(super) struct Names<'a> {
    /// The names, as first written.
    list: Vec<&'a [u8]>,
    by_bytes: HashMap<&'a [u8], u32>,
    by_upper: HashMap<Vec<u8>, u32>,
    last: (&'a [u8], u32),
}

impl<'a> Names<'a> {
    /// The number of a name, given now if it is new.
    #[inline]
    pub(super) fn number(&mut self, name: &'a [u8]) -> u32 {
        let name = name.trim_ascii();
        if name == self.last.0 && !self.list.is_empty() {
            return self.last.1;
        }
        let number = match self.by_bytes.get(name) {
            Some(&number) => number,
            None => self.other(name),
        };
        self.last = (name, number);
        number
    }

    /// Another spelling of a known name, or a new one.
    fn other(&mut self, name: &'a [u8]) -> u32 {
        let next = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        let number = *self.by_upper.entry(name.to_ascii_uppercase()).or_insert(next);
        if number == next {
            self.list.push(name);
        }
        self.by_bytes.insert(name, number);
        number
    }

    /// All names by number.
    pub(super) fn list(&self) -> &[&'a [u8]] {
        &self.list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_does_not_part_names() {
        let mut names = Names::default();
        assert_eq!(names.number(b"Wall"), 0);
        assert_eq!(names.number(b"DOOR"), 1);
        assert_eq!(names.number(b" WALL"), 0);
        assert_eq!(names.number(b"door"), 1);
        assert_eq!(names.list(), [b"Wall".as_slice(), b"DOOR"]);
    }
}
