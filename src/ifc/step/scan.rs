//! Finds where records begin: one pass over a piece of the DATA section, with an eye for strings and comments.
//!
//! What makes a file damaged is decided here alone, by position and never by thread: a piece scanned from a record's
//! start gives what a scan of the whole file gives (`index` makes sure that each piece does start at one).

use super::marks::{self, BLOCK, Marks};
use crate::ifc::schema::{Entity, Schema};
use memchr::{memchr3, memmem};
use std::ops::ControlFlow;

/// What was wrong with a record, or between records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fault {
    /// Not even a record.
    Garbage,
    /// The number before `=` is 0 or beyond 2³²−1.
    BadId,
    /// No keyword after `=`.
    NoKeyword,
    /// The next record begins inside it.
    NoSemicolon,
    /// The next record begins inside one of its strings.
    OpenString,
    /// The file ends inside it.
    Truncated,
    /// Another record before it has the same number.
    Duplicate,
    /// A comment is never closed.
    OpenComment,
    /// More or fewer brackets closed than opened.
    Brackets,
    /// Lists within lists, more than are decoded.
    TooDeep,
    /// A value that is none.
    Value,
    /// Another number of attributes than the schema has.
    Arity { has: u16, of: u16 },
    /// A reference to a record that is not there.
    Dangling(u32),
    /// Raw bytes read as GBK.
    Gbk,
    /// Raw bytes read as Windows-1252.
    Latin,
    /// Raw bytes that are UTF-8.
    Utf8,
    /// Text that could not be decoded.
    Replaced,
    /// A complex instance.
    Complex,
}

/// A fault with its record and place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Damage {
    pub at: u64,
    pub fault: Fault,
    /// Record number; 0 where there is none.
    pub id: u32,
}

/// Damage kept singly for one piece; what is beyond is only counted.
const DAMAGE_KEPT: usize = 1_000;

/// The beginning of a record.
#[derive(Clone, Copy, Debug)]
pub(super) struct Begin {
    pub id: u32,
    /// Offset of the `#`, from the piece's `base`.
    pub start: u32,
    pub entity: Entity,
    /// Bytes from there to behind the opening bracket; 0 where they are more than that, or no bracket follows at once.
    pub head: u8,
}

/// The records that begin in one piece of a file.
#[derive(Debug, Default)]
pub(super) struct Piece {
    pub begins: Vec<Begin>,
    pub damage: Vec<Damage>,
    /// Damage beyond what is kept.
    pub more_damage: u64,
    /// Where the piece began.
    pub base: usize,
    /// Start of the first record that is not in it, or the end of the data.
    pub next: usize,
    /// `END-ISO-10303-21` was seen.
    pub complete: bool,
}

impl Piece {
    /// The highest record number.
    pub(super) fn top(&self) -> Option<u32> {
        self.begins.iter().map(|b| b.id).max()
    }
}

/// Scans the records that begin in `from..until`; `from` is outside any string or comment.
pub(super) fn piece(data: &[u8], from: usize, until: usize, schema: &Schema) -> Piece {
    let mut scanner = Scanner::new(data, from, until, schema);
    let _ = scanner.blocks(from);
    let end = scanner.piece.next.max(until).min(data.len());
    if memmem::find(data.get(from..end).unwrap_or_default(), b"/*").is_some() {
        scanner = Scanner::new(data, from, until, schema);
        with_comments(&mut scanner, from);
    }
    scanner.finish()
}

/// Longer comments are taken for comments that are never closed.
const LONGEST_COMMENT: usize = 1 << 20;

/// As the plain loop, with comments left out.
fn with_comments(scanner: &mut Scanner<'_>, from: usize) {
    let data = scanner.data;
    let finder = memmem::Finder::new(b"/*");
    let comment_from = |at: usize| data.get(at..).and_then(|d| finder.find(d)).map(|i| at + i);
    let mut ends = CommentEnds { data, next: None, none_before: 0 };
    let mut at = from;
    let mut comment = comment_from(at);
    while let Some(hit) = data.get(at..).and_then(|d| memchr3(b'\'', b';', b'=', d)).map(|i| at + i) {
        while let Some(open) = comment.filter(|&c| c < hit) {
            if scanner.string {
                comment = comment_from(hit);
            } else if let Some(end) = ends.behind(open + 2) {
                at = end;
                comment = comment_from(at);
                break;
            } else {
                scanner.damaged(Fault::OpenComment, scanner.id, open);
                comment = comment_from(open + 2);
            }
        }
        if at > hit {
            continue;
        }
        if scanner.hit(hit).is_break() {
            return;
        }
        at = hit + 1;
    }
}

/// Ends of comments, each looked for once however many comments are open.
struct CommentEnds<'a> {
    data: &'a [u8],
    /// The last one found.
    next: Option<usize>,
    /// There is none before this, from where the search began.
    none_before: usize,
}

impl CommentEnds<'_> {
    /// The place behind the first `*/` at or behind a place.
    fn behind(&mut self, at: usize) -> Option<usize> {
        if let Some(next) = self.next.filter(|&n| n >= at) {
            return (next - at <= LONGEST_COMMENT).then_some(next + 2);
        }
        let from = at.max(self.none_before);
        let until = self.data.len().min(at.saturating_add(LONGEST_COMMENT + 2));
        self.next = self.data.get(from..until).and_then(|d| memmem::find(d, b"*/")).map(|i| from + i);
        // the last byte may be the first half of an end
        self.none_before = self.next.unwrap_or(from.max(until.saturating_sub(1)));
        self.next.map(|next| next + 2)
    }
}

struct Scanner<'a> {
    data: &'a [u8],
    schema: &'a Schema,
    until: usize,
    piece: Piece,
    /// Inside a string.
    string: bool,
    /// Inside a record whose `=` was seen.
    open: bool,
    /// That record made it into the piece.
    kept: bool,
    id: u32,
    start: usize,
    /// Behind the last `;`.
    clear: usize,
    stopped: bool,
}

impl<'a> Scanner<'a> {
    fn new(data: &'a [u8], from: usize, until: usize, schema: &'a Schema) -> Self {
        // 48 bytes a record: few files have shorter ones on average
        let room = until.saturating_sub(from) / 48;
        let piece =
            Piece { base: from, next: data.len(), begins: Vec::with_capacity(room), ..Piece::default() };
        Self {
            data,
            schema,
            until,
            piece,
            string: false,
            open: false,
            kept: false,
            id: 0,
            start: from,
            clear: from,
            stopped: false,
        }
    }

    /// Goes over all that follows a place, block by block, until the piece ends.
    fn blocks(&mut self, from: usize) -> ControlFlow<()> {
        let (blocks, rest) = self.data.get(from..).unwrap_or_default().as_chunks::<BLOCK>();
        let mut at = from;
        for block in blocks {
            self.block(at, Marks::of(block))?;
            at += BLOCK;
        }
        let mut last = [b' '; BLOCK];
        last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        self.block(at, Marks::of(&last))
    }

    #[inline]
    fn block(&mut self, at: usize, marks: Marks) -> ControlFlow<()> {
        let mut inside = marks.inside(self.string);
        // semicolons in strings say nothing
        let mut hits = marks.equals | marks.semicolons & !inside;
        while hits != 0 {
            let bit = hits.trailing_zeros();
            hits &= hits - 1;
            let string = inside >> bit & 1 == 1;
            self.string = string;
            self.hit(at + bit as usize)?;
            if self.string != string {
                // a record began in a string that was never closed: what follows reads the other way round
                let behind = u64::MAX << bit << 1;
                inside ^= behind;
                hits = (marks.equals | marks.semicolons & !inside) & behind;
            }
        }
        self.string = inside >> (BLOCK - 1) == 1;
        ControlFlow::Continue(())
    }

    #[inline]
    fn hit(&mut self, at: usize) -> ControlFlow<()> {
        match self.data.get(at) {
            Some(b'\'') => self.string = !self.string,
            Some(b';') if !self.string => self.semicolon(at),
            Some(b'=') => return self.equals(at),
            _ => {}
        }
        if self.stopped { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn semicolon(&mut self, at: usize) {
        if !self.open {
            self.between(at);
        }
        self.open = false;
        self.clear = at + 1;
    }

    /// What ended with `;` and was no record: a section's end or beginning, or garbage.
    #[cold]
    fn between(&mut self, at: usize) {
        let text = self.data.get(self.clear..at).unwrap_or_default().trim_ascii();
        // a comment before it has nothing to say
        let text = text.rsplit(|&b| b == b'/').next().unwrap_or(text).trim_ascii();
        if text.starts_with(b"END-ISO-10303-21") {
            self.piece.complete = true;
            self.stopped = true;
        } else if !text.is_empty() && text != b"ENDSEC" && !text.starts_with(b"DATA") {
            self.damaged(Fault::Garbage, 0, self.clear);
        }
    }

    /// A record begins here, if a number stands before.
    fn equals(&mut self, at: usize) -> ControlFlow<()> {
        let Some((start, id)) = number_before(self.data, at) else { return ControlFlow::Continue(()) };
        if self.string && !self.certainly_a_record(start, at) {
            return ControlFlow::Continue(());
        }
        if self.open {
            self.interrupted();
        } else if self.string {
            self.damaged(Fault::Garbage, 0, self.clear);
        }
        self.string = false;
        if start >= self.until {
            self.piece.next = start;
            self.open = false;
            return ControlFlow::Break(());
        }
        (self.open, self.id, self.start) = (true, id, start);
        self.record(at + 1);
        ControlFlow::Continue(())
    }

    /// The next record began before this one was closed.
    #[cold]
    fn interrupted(&mut self) {
        if self.string {
            self.lose(Fault::OpenString);
        } else {
            self.damaged(Fault::NoSemicolon, self.id, self.start);
        }
    }

    /// Inside a string, only `#1=IFC…` on a new line or behind a `;` is taken for a record.
    #[cold]
    fn certainly_a_record(&self, start: usize, equals: usize) -> bool {
        let before = self.data.get(..start).unwrap_or_default();
        let line = before.last().is_some_and(|b| matches!(b, b'\n' | b'\r'));
        let closed = before.trim_ascii_end().last() == Some(&b';');
        let keyword = self.data.get(equals + 1..).unwrap_or_default();
        let keyword = keyword.get(..64.min(keyword.len())).unwrap_or_default().trim_ascii_start();
        (line || closed)
            && (keyword.starts_with(b"(") || keyword.get(..3).is_some_and(|k| k.eq_ignore_ascii_case(b"IFC")))
    }

    /// Takes the record in whose keyword, or `(`, follows.
    #[inline]
    fn record(&mut self, behind: usize) {
        self.kept = false;
        if self.id == 0 {
            self.damaged(Fault::BadId, 0, self.start);
            return;
        }
        let Some((entity, bracket)) = self.plain(behind).or_else(|| self.spaced(behind)) else {
            self.damaged(Fault::NoKeyword, self.id, self.start);
            return;
        };
        let head = bracket.and_then(|at| u8::try_from(at + 1 - self.start).ok()).unwrap_or(0);
        let start = (self.start - self.piece.base) as u32;
        self.piece.begins.push(Begin { id: self.id, start, entity, head });
        self.kept = true;
    }

    /// A keyword of the schema that stands right here with its bracket right behind it, as nearly all do: what it is,
    /// and where the bracket is.
    #[inline]
    fn plain(&self, at: usize) -> Option<(Entity, Option<usize>)> {
        let block = self.data.get(at..)?.first_chunk::<BLOCK>()?;
        let length = marks::first(b'(', block)?;
        let entity = self.schema.keyword(block.get(..length)?)?;
        Some((entity, Some(at + length)))
    }

    /// Any keyword, or the bracket of a complex instance, with what may stand around it.
    fn spaced(&self, behind: usize) -> Option<(Entity, Option<usize>)> {
        let mut at = behind;
        while self.data.get(at).is_some_and(u8::is_ascii_whitespace) {
            at += 1;
        }
        if self.data.get(at) == Some(&b'/') {
            at = self.data.len() - super::value::space(self.data.get(at..).unwrap_or_default()).len();
        }
        let mut end = at;
        while self.data.get(end).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_') {
            end += 1;
        }
        let bracket = self.data.get(end) == Some(&b'(');
        let keyword = self.data.get(at..end).unwrap_or_default();
        if keyword.is_empty() {
            return bracket.then_some((Entity::COMPLEX, None));
        }
        Some((self.schema.keyword(keyword).unwrap_or(Entity::UNKNOWN), bracket.then_some(end)))
    }

    /// Takes the open record out again.
    #[cold]
    fn lose(&mut self, fault: Fault) {
        if self.kept {
            self.piece.begins.pop();
            self.kept = false;
        }
        self.damaged(fault, self.id, self.start);
    }

    #[cold]
    fn damaged(&mut self, fault: Fault, id: u32, at: usize) {
        if self.piece.damage.len() < DAMAGE_KEPT {
            self.piece.damage.push(Damage { at: at as u64, fault, id });
        } else {
            self.piece.more_damage += 1;
        }
    }

    fn finish(mut self) -> Piece {
        if self.open {
            self.lose(Fault::Truncated);
        }
        self.piece
    }
}

/// Digits of a number that a sum of 64 bits holds for certain.
const DIGITS: usize = 19;

/// The `#123` that ends before `=`, as its place and number; number 0 for one that is no record number.
#[inline]
pub(super) fn number_before(data: &[u8], equals: usize) -> Option<(usize, u32)> {
    let mut at = equals;
    while at > 0 && data.get(at - 1)?.is_ascii_whitespace() {
        at -= 1;
    }
    let end = at;
    let (mut id, mut place) = (0u64, 1u64);
    while at > 0
        && let digit @ b'0'..=b'9' = *data.get(at - 1)?
    {
        id = id.wrapping_add(u64::from(digit - b'0').wrapping_mul(place));
        place = place.wrapping_mul(10);
        at -= 1;
    }
    if at == end || at == 0 || *data.get(at - 1)? != b'#' {
        return None;
    }
    if end - at > DIGITS {
        // leading zeros apart, these are more than a number has
        let digits = data.get(at..end)?;
        let zeros = digits.iter().take_while(|d| **d == b'0').count();
        id = if digits.len() - zeros > DIGITS { 0 } else { id };
    }
    Some((at - 1, u32::try_from(id).unwrap_or(0)))
}
