//! Records: a name (group 0) and the groups up to the next one. One buffer serves them all.

use super::groups::{Frame, Group, Groups, Next};
use crate::geom::{Point2, Point3};

/// Why an entity is lost; a sentence without its subject.
pub(super) type Damage = &'static str;

/// One record. Fields are looked up by code; the first group of a code counts.
#[derive(Clone, Copy)]
pub(super) struct Record<'a, 'b> {
    /// Name, such as `LINE`.
    pub(super) name: &'a [u8],
    /// Line of the name, counted from 1; 0 in binary files.
    pub(super) line: u32,
    /// All groups after the name.
    pub(super) groups: &'b [Group<'a>],
}

impl<'a, 'b> Record<'a, 'b> {
    /// The first group of a code.
    pub(super) fn find(&self, code: i16) -> Option<&'b Group<'a>> {
        self.groups.iter().find(|g| g.code == code)
    }
    /// A real that may be absent.
    pub(super) fn real(&self, code: i16) -> Result<Option<f64>, Damage> {
        self.find(code).map(|g| g.real().ok_or("a number cannot be read")).transpose()
    }
    /// A real, or what stands for it when absent.
    pub(super) fn real_or(&self, code: i16, default: f64) -> Result<f64, Damage> {
        Ok(self.real(code)?.unwrap_or(default))
    }
    /// A whole number, or what stands for it when absent or unreadable.
    pub(super) fn integer_or(&self, code: i16, default: i64) -> i64 {
        self.find(code).and_then(Group::integer).unwrap_or(default)
    }
    /// A point from `code` and `code + 10`; absent when x is absent.
    pub(super) fn point(&self, code: i16) -> Result<Option<Point2>, Damage> {
        let Some(x) = self.real(code)? else { return Ok(None) };
        Ok(Some(Point2::new(x, self.real_or(code + 10, 0.0)?)))
    }
    /// A point that has to be there.
    pub(super) fn need_point(&self, code: i16) -> Result<Point2, Damage> {
        self.point(code)?.ok_or("a point is missing")
    }
    /// A point in space; absent when x is absent.
    pub(super) fn point3(&self, code: i16) -> Result<Option<Point3>, Damage> {
        let Some(p) = self.point(code)? else { return Ok(None) };
        Ok(Some(p.at(self.real_or(code + 20, 0.0)?)))
    }
    /// Raw text of the first group of a code.
    pub(super) fn text(&self, code: i16) -> Option<&'a [u8]> {
        self.find(code).map(Group::text)
    }
    /// The entity's handle; 0 where it has none.
    pub(super) fn handle(&self) -> u64 {
        self.find(5).and_then(Group::handle).unwrap_or(0)
    }
    /// The part after a subclass marker (group 100), or all of it when there is none (R12).
    pub(super) fn subclass(&self, name: &[u8]) -> Self {
        let from = self.groups.iter().position(|g| g.code == 100 && g.text().trim_ascii() == name);
        Self { groups: from.map_or(self.groups, |i| &self.groups[i + 1..]), ..*self }
    }
    /// Without an embedded object (group 101) and without extended data, whose codes mean other things.
    pub(super) fn own(&self) -> Self {
        let end = self.groups.iter().position(|g| g.code == 101 || g.code >= 1000);
        Self { groups: &self.groups[..end.unwrap_or(self.groups.len())], ..*self }
    }
}

/// Reads records one after another.
pub(super) struct Records<'a> {
    groups: Groups<'a>,
    next_name: Option<(&'a [u8], u32)>,
    /// Where the group of `next_name` begins, and the lines before it.
    next_at: (usize, u32),
    name: &'a [u8],
    line: u32,
    buffer: Vec<Group<'a>>,
    damage: Option<(u32, Damage)>,
    ended: bool,
}

impl<'a> Records<'a> {
    /// Over the groups of a file.
    pub(super) fn new(groups: Groups<'a>) -> Self {
        Self {
            groups,
            next_name: None,
            next_at: (0, 0),
            name: b"",
            line: 0,
            buffer: Vec::new(),
            damage: None,
            ended: false,
        }
    }

    /// Reads the next record into the buffer; false at the end.
    pub(super) fn advance(&mut self) -> bool {
        self.buffer.clear();
        self.damage = None;
        let named = self.next_name.take();
        if named.is_none() && self.ended {
            return false;
        }
        (self.name, self.line) = named.unwrap_or((b"", 0));
        loop {
            let at = self.groups.position();
            match self.groups.next() {
                Next::Group(g) if g.code == 0 => {
                    let name = g.text().trim_ascii();
                    if !name.iter().any(u8::is_ascii_alphabetic) {
                        // A lost line makes values look like codes: no record is named by a number.
                        self.damage.get_or_insert((g.line, "a record has no name"));
                        if !self.groups.resynchronise() {
                            self.ended = true;
                            return true;
                        }
                        continue;
                    }
                    if self.name.is_empty() && self.buffer.is_empty() {
                        (self.name, self.line) = (name, g.line);
                        continue;
                    }
                    self.next_name = Some((name, g.line));
                    self.next_at = at;
                    return true;
                }
                Next::Group(g) => self.buffer.push(g),
                Next::Damage(line, why) => {
                    self.damage.get_or_insert((line, why));
                    if !self.groups.resynchronise() {
                        self.ended = true;
                        return true;
                    }
                }
                Next::End => {
                    self.ended = true;
                    return !self.name.is_empty() || !self.buffer.is_empty();
                }
            }
        }
    }

    /// From the begin of the next record to the end of the file; none for binary files, and none at the end.
    pub(super) fn frame(&self) -> Option<Frame<'a>> {
        self.next_name.and_then(|_| self.groups.frame(self.next_at))
    }

    /// Lines read so far.
    pub(super) fn lines(&self) -> u32 {
        self.groups.position().1
    }

    /// Where the next record begins, and the lines before it; none at the end.
    pub(super) fn next_at(&self) -> Option<(usize, u32)> {
        self.next_name.map(|_| self.next_at)
    }

    /// Goes on where a record begins, with the lines before it.
    pub(super) fn go_on(&mut self, at: usize, line: u32) {
        self.next_name = None;
        self.groups.go_on((at, line));
    }

    /// The record last read.
    pub(super) fn record(&self) -> Record<'a, '_> {
        Record { name: self.name, line: self.line, groups: &self.buffer }
    }

    /// Where and why the record last read is broken.
    pub(super) fn damage(&self) -> Option<(u32, Damage)> {
        self.damage
    }
}
