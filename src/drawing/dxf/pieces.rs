//! The ENTITIES section read in pieces, side by side. A piece begins where an entity begins that stands for itself, so
//! that nothing is open across the border; what the pieces come to is joined in their order, with the numbers that one
//! reader going through would have given. Where the records of a piece are in doubt there are no pieces: the one
//! reader, which knows how to go on after damage, takes the section.

use super::content::Content;
use super::encoding::Letters;
use super::entity::Entities;
use super::groups::{Frame, is_record_name};
use super::names::Names;
use super::record::Records;
use super::tables::Tables;
use super::{File, MAX_DAMAGE_NOTICES, Release, Section};
use crate::error::Notice;
use crate::place::Place;
use memchr::memchr;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Bytes per piece: some 20,000 entities, a few milliseconds of work.
pub(super) const PIECE: usize = 4 << 20;
/// Names in the tables beyond which each piece's own copy of them would cost more than it saves.
const MAX_NAMES: usize = 50_000;

/// What was read of the section, or of a piece of it.
#[derive(Default)]
struct Part {
    model: Content,
    /// Paper spaces, by block number.
    spaces: BTreeMap<u32, Content>,
    notices: Vec<Notice>,
    damaged: u64,
    unread: BTreeMap<Vec<u8>, u64>,
    /// The space that the last entity stands in.
    current: Option<u32>,
}

/// Numbers of a piece's names among those of the file.
struct Numbers {
    layers: Vec<u32>,
    line_types: Vec<u32>,
    blocks: Vec<u32>,
    /// Lines before the piece.
    line: u32,
}

/// What became of a piece.
enum Piece<'a> {
    /// All of it was read; the number of its lines.
    Whole(Part, Tables<'a>, u32),
    /// The section ends in it: where the end stands, and the lines of the piece before it.
    Ended(Part, Tables<'a>, usize, u32),
    /// Its records are in doubt.
    Doubt,
}

impl File<'_> {
    /// Reads the section whose first record `records` stands before. True when it is done and `records` stands before
    /// its end; false, with nothing changed, where it has to be read in one go.
    pub(super) fn in_pieces<'a>(
        &mut self,
        records: &mut Records<'a>,
        entities: &mut Entities<'_, 'a>,
        piece: usize,
        release: Release<'_>,
    ) -> bool {
        let Some(frame) = records.frame() else { return false };
        let tables = &*entities.tables;
        let lists = [tables.layers.list(), tables.line_types.list(), tables.blocks.list(), &tables.classes];
        let known = lists.iter().map(|l| l.len()).max().unwrap_or(0).max(tables.block_handles.len());
        if frame.bytes.len() - frame.at <= 2 * piece || known > MAX_NAMES {
            return false;
        }
        let mut names = (tables.layers.clone(), tables.line_types.clone(), tables.blocks.clone());
        let (letters, factor) = (entities.letters, entities.dimension_factor);
        let mut whole = Part::default();
        let (mut at, mut line) = (frame.at, frame.line);
        let end = loop {
            let wave = cut(&frame, at, piece, rayon::current_num_threads() + 1);
            let Some(last) = wave.last() else { return false };
            let to = last.bytes.len();
            let read: Vec<Piece<'_>> =
                wave.par_iter().map(|f| read_piece(self.name, f, tables.clone(), letters, factor)).collect();
            let mut end = None;
            for piece in read {
                let (part, own, lines) = match piece {
                    Piece::Whole(part, own, lines) => (part, own, lines),
                    Piece::Ended(part, own, at, lines) => {
                        end = Some(at);
                        (part, own, lines)
                    }
                    Piece::Doubt => return false,
                };
                let numbers = Numbers {
                    layers: renumber(&own.layers, &mut names.0),
                    line_types: renumber(&own.line_types, &mut names.1),
                    blocks: renumber(&own.blocks, &mut names.2),
                    line,
                };
                whole.join(part, &numbers);
                line = line.saturating_add(lines);
                if end.is_some() {
                    break;
                }
            }
            release(at..to);
            at = to;
            if let Some(end) = end {
                break end;
            }
        };
        (entities.tables.layers, entities.tables.line_types, entities.tables.blocks) = names;
        self.take(whole, entities);
        records.go_on(end, line);
        true
    }

    fn take(&mut self, whole: Part, entities: &mut Entities<'_, '_>) {
        self.model.append(whole.model);
        for (number, content) in whole.spaces {
            let block = self.block_mut(number);
            block.defined = true;
            block.content.append(content);
        }
        self.tell_first(whole.notices, whole.damaged);
        for (name, n) in whole.unread {
            *entities.unread.entry(name).or_default() += n;
        }
        self.layouts.current = whole.current;
    }

    /// Takes over notices about damaged entities, as many as one file may have.
    fn tell_first(&mut self, notices: Vec<Notice>, damaged: u64) {
        let room = MAX_DAMAGE_NOTICES.saturating_sub(self.damaged);
        self.notices.extend(notices.into_iter().take(usize::try_from(room).unwrap_or(usize::MAX)));
        self.damaged += damaged;
    }
}

impl Part {
    fn join(&mut self, mut part: Self, numbers: &Numbers) {
        let number = |list: &[u32], n: u32| list.get(n as usize).copied().unwrap_or(n);
        for content in part.spaces.values_mut().chain([&mut part.model]) {
            for style in &mut content.styles {
                style.layer = number(&numbers.layers, style.layer);
                style.line_type = number(&numbers.line_types, style.line_type);
                style.line = style.line.saturating_add(numbers.line);
            }
            for reference in &mut content.references {
                reference.block = number(&numbers.blocks, reference.block);
            }
        }
        self.model.append(part.model);
        for (block, content) in part.spaces {
            self.spaces.entry(number(&numbers.blocks, block)).or_default().append(content);
        }
        let room = MAX_DAMAGE_NOTICES.saturating_sub(self.damaged);
        let told = part.notices.into_iter().take(usize::try_from(room).unwrap_or(usize::MAX));
        self.notices.extend(told.map(|mut notice| {
            if let Place::Dxf { line: Some(line), .. } = &mut notice.place {
                *line += u64::from(numbers.line);
            }
            notice
        }));
        self.damaged += part.damaged;
        for (name, n) in part.unread {
            *self.unread.entry(name).or_default() += n;
        }
        self.current = part.current;
    }
}

/// What the names of a piece are called in the whole, by the piece's numbers; new ones are numbered now.
fn renumber<'a>(own: &Names<'a>, all: &mut Names<'a>) -> Vec<u32> {
    own.list().iter().map(|name| all.number(name)).collect()
}

/// Reads one piece. Its lines are counted from its begin.
fn read_piece<'a>(
    name: &str,
    frame: &Frame<'a>,
    mut tables: Tables<'a>,
    letters: Letters,
    factor: f64,
) -> Piece<'a> {
    let mut records = Records::new(frame.groups());
    let mut file = File::new(name);
    let mut entities = Entities::new(&mut tables, letters, Some(factor));
    let mut end = None;
    let mut next = Some((frame.at, 0));
    while records.advance() {
        let record = records.record();
        if records.damage().is_some() || matches!(record.name, b"SECTION" | b"EOF") {
            return Piece::Doubt;
        }
        if record.name == b"ENDSEC" {
            let Some(at) = next else { return Piece::Doubt };
            end = Some(at);
            break;
        }
        file.record(&record, Section::Entities, &mut None, &mut entities);
        next = records.next_at();
    }
    file.close(&mut entities, None);
    let unread = std::mem::take(&mut entities.unread);
    let spaces = (0..).zip(file.blocks).filter(|(_, b)| b.defined).map(|(n, b)| (n, b.content)).collect();
    let (notices, damaged, current) = (file.notices, file.damaged, file.layouts.current);
    let part = Part { model: file.model, spaces, notices, damaged, unread, current };
    match end {
        Some((at, lines)) => Piece::Ended(part, tables, at, lines),
        None => Piece::Whole(part, tables, records.lines()),
    }
}

/// The line at its begin, blanks taken off, and where the next one begins.
fn line_at(bytes: &[u8], at: usize, end_of_line: u8) -> (&[u8], usize) {
    let rest = bytes.get(at..).unwrap_or_default();
    let end = memchr(end_of_line, rest).unwrap_or(rest.len());
    (rest[..end].trim_ascii(), (at + end + 1).min(bytes.len()))
}

/// The next `n` pieces of about `piece` bytes, from `from` on; fewer at the end of the file, where they run past the
/// section, none behind it.
fn cut<'a>(frame: &Frame<'a>, from: usize, piece: usize, n: usize) -> Vec<Frame<'a>> {
    let mut out = Vec::with_capacity(n);
    let mut at = from;
    while out.len() < n && at < frame.bytes.len() {
        let to = entity_start(frame, at.saturating_add(piece)).unwrap_or(frame.bytes.len());
        out.push(Frame { bytes: &frame.bytes[..to], at, line: 0, ..*frame });
        at = to;
    }
    out
}

/// Where, from `from` on, an entity begins that no open polyline or reference lays claim to.
fn entity_start(section: &Frame<'_>, from: usize) -> Option<usize> {
    let mut at = from + memchr(section.end_of_line, section.bytes.get(from..)?)? + 1;
    let mut before: Option<&[u8]> = None;
    while at < section.bytes.len() {
        let (code, next) = line_at(section.bytes, at, section.end_of_line);
        if code != b"0" {
            at = next;
            continue;
        }
        let (name, after) = line_at(section.bytes, next, section.end_of_line);
        if !is_record_name(name) {
            at = next;
            continue;
        }
        let closed = before.is_some_and(|b| !matches!(b, b"POLYLINE" | b"VERTEX"));
        if closed && !matches!(name, b"VERTEX" | b"ATTRIB" | b"SEQEND") {
            return Some(at);
        }
        before = Some(name);
        at = after;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::read_in;
    use std::fmt::Write;

    /// A file with all that could tie pieces together: old polylines, one without its end, attributes, paper space,
    /// names that are new late, damage.
    fn file(entities: usize, extra: &str) -> String {
        let mut out = String::from(
            "0\nSECTION\n2\nTABLES\n0\nTABLE\n2\nLAYER\n0\nLAYER\n2\nA\n70\n0\n62\n1\n0\nENDTAB\n0\nENDSEC\n\
             0\nSECTION\n2\nBLOCKS\n0\nBLOCK\n2\nD\n70\n0\n10\n0\n20\n0\n0\nLINE\n8\n0\n10\n0\n20\n0\n11\n1\n21\n0\n\
             0\nENDBLK\n0\nENDSEC\n0\nSECTION\n2\nENTITIES\n",
        );
        for i in 0..entities {
            let layer = format!("L{}", i * 7 % (1 + i / 10));
            let head = |name: &str| format!("0\n{name}\n5\n{:X}\n8\n{layer}\n6\nT{}\n", i + 16, i / 90);
            let _ = match i % 9 {
                0 => write!(out, "{}10\n{i}\n20\n0\n11\n{i}\n21\n0\n", head("LINE")),
                1 => write!(
                    out,
                    "{}70\n1\n0\nVERTEX\n8\nA\n10\n0\n20\n{i}\n0\nVERTEX\n8\nA\n10\n1\n20\n0\n{}",
                    head("POLYLINE"),
                    if i % 2 == 0 { "0\nSEQEND\n" } else { "" }
                ),
                2 => write!(
                    out,
                    "{}66\n1\n2\n{}\n10\n{i}\n20\n0\n0\nATTRIB\n8\nA\n10\n0\n20\n0\n40\n1\n1\n{i}\n2\nT\n0\nSEQEND\n",
                    head("INSERT"),
                    if i % 4 == 0 { "D" } else { "D2" }
                ),
                3 => write!(out, "{}67\n1\n10\n{i}\n20\n0\n40\n1\n", head("CIRCLE")),
                4 => write!(out, "{}10\n0\n20\n0\n40\n1\n1\n0\n", head("TEXT")),
                5 => write!(out, "{}10\nx\n20\n0\n40\n1\n", head("CIRCLE")),
                6 => write!(
                    out,
                    "{}10\n0\n20\n0\n13\n0\n23\n0\n14\n5\n24\n0\n2\nD\n70\n0\n",
                    head("DIMENSION")
                ),
                7 => write!(out, "999\nLINE\n{}10\n0\n20\n0\n", head("POINT")),
                _ => write!(out, "{}10\n0\n20\n0\n12\n0\n22\n0\n13\n0\n23\n5\n11\n5\n21\n0\n", head("SOLID")),
            };
        }
        out + extra + "0\nENDSEC\n0\nEOF\n"
    }

    fn same(text: &str, pieces: &[usize]) {
        let show = |piece| format!("{:?}", read_in("a.dxf", text.as_bytes(), piece, &|_| ()).unwrap());
        let want = show(usize::MAX / 4);
        for piece in pieces {
            assert!(show(*piece) == want, "pieces of {piece} bytes");
        }
    }

    #[test]
    fn pieces_come_to_the_same_as_one_reader() {
        let text = file(900, "");
        same(&text, &[64, 1_000, 7_777, 20_000]);
        same(&text.replace('\n', "\r\n"), &[1_000]);
        // the pieces are really read: nothing else finds the end of the section by itself
        let mut file = super::super::File::new("a.dxf");
        let mut tables = super::super::Tables::new();
        let header = super::super::header(text.as_bytes());
        let letters = super::super::letters(text.as_bytes(), &header).0;
        let mut entities = super::Entities::new(&mut tables, letters, None);
        let mut records = super::Records::new(super::super::Groups::new(text.as_bytes()));
        while records.advance() && records.record().text(2) != Some(b"ENTITIES") {}
        assert!(file.in_pieces(&mut records, &mut entities, 1_000, &|_| ()));
        assert!(records.advance() && records.record().name == b"ENDSEC" && file.model.styles.len() > 500);
    }

    #[test]
    fn damage_of_records_is_left_to_the_one_reader() {
        let text = file(900, "");
        for damage in ["7 7\n", "x\n", "0\n0\n", "\n\n", "0\nSECTION\n2\nENTITIES\n", "0\n12\n"] {
            let mut broken = text.clone();
            let at = broken[broken.len() / 2..].find("0\nLINE").unwrap() + broken.len() / 2;
            broken.insert_str(at, damage);
            same(&broken, &[1_000, 7_777]);
        }
        same(&text[..text.len() * 2 / 3], &[1_000]);
        same(&file(900, "0\nTEXT\n8\n0\n10\n0\n20\n0\n40\n1\n1\nENDSEC\n"), &[1_000]);
    }
}
