//! Record number → place and entity: a dense table made from pieces that are scanned in parallel.

use super::scan::{self, Begin, Damage, Fault, Piece};
use crate::ifc::schema::{Entity, Schema};
use rayon::prelude::*;

/// Bytes of a piece. The same for any number of threads, so that the answer is the same as well.
const PIECE: usize = 4 << 20;

/// A table may have this many empty places for each record before it is kept sorted instead, and
const SPARSE: usize = 8;
/// this many in any case.
const SPARSE_FREE: usize = 1 << 16;

/// Where a record is and what it is: offset in the upper 40 bits, the length of its head in the next 8, entity in the
/// lower 16.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot(u64);

const EMPTY: Slot = Slot(u64::MAX);

impl Slot {
    fn new(offset: usize, begin: Begin) -> Self {
        Self((offset as u64) << 24 | u64::from(begin.head) << 16 | u64::from(begin.entity.0))
    }
    pub(super) fn offset(self) -> usize {
        (self.0 >> 24) as usize
    }
    /// Bytes from its `#` to behind its opening bracket; 0 where they are more than a byte tells, or no bracket follows
    /// its keyword at once.
    pub(super) fn head(self) -> u8 {
        (self.0 >> 16) as u8
    }
    pub(super) fn entity(self) -> Entity {
        Entity(self.0 as u16)
    }
}

/// All records by number.
#[derive(Debug)]
pub(super) enum Table {
    /// Place = number.
    Dense(Vec<Slot>),
    /// By rising number, for files whose numbers lie far apart.
    Sparse(Vec<(u32, Slot)>),
}

impl Table {
    pub(super) fn get(&self, id: u32) -> Option<Slot> {
        match self {
            Self::Dense(slots) => slots.get(id as usize).copied().filter(|&s| s != EMPTY),
            Self::Sparse(slots) => {
                slots.binary_search_by_key(&id, |s| s.0).ok().and_then(|at| slots.get(at)).map(|s| s.1)
            }
        }
    }

    /// Places of the table, some of them empty.
    pub(super) fn width(&self) -> usize {
        match self {
            Self::Dense(slots) => slots.len(),
            Self::Sparse(slots) => slots.len(),
        }
    }

    /// Records in a range of its places, by rising number.
    pub(super) fn range(&self, places: std::ops::Range<usize>) -> impl Iterator<Item = (u32, Slot)> + '_ {
        let end = places.end.min(self.width());
        (places.start..end).filter_map(|i| match self {
            Self::Dense(slots) => slots.get(i).filter(|s| **s != EMPTY).map(|s| (i as u32, *s)),
            Self::Sparse(slots) => slots.get(i).copied(),
        })
    }

    /// All records by rising number.
    pub(super) fn iter(&self) -> Box<dyn Iterator<Item = (u32, Slot)> + '_> {
        match self {
            Self::Dense(slots) => {
                Box::new(slots.iter().enumerate().filter(|(_, s)| **s != EMPTY).map(|(i, s)| (i as u32, *s)))
            }
            Self::Sparse(slots) => Box::new(slots.iter().copied()),
        }
    }
}

/// The index of a DATA section.
#[derive(Debug)]
pub(super) struct Index {
    pub table: Table,
    pub count: usize,
    pub damage: Vec<Damage>,
    pub more_damage: u64,
    pub complete: bool,
}

/// Scans `data` from the byte behind `DATA;`.
pub(super) fn index(data: &[u8], from: usize, schema: &Schema) -> Index {
    merge(pieces(data, from, schema, PIECE))
}

/// Scans all pieces in parallel, each from where a record seems to begin; then, in order, any again that did not
/// begin where the one before it ended.
fn pieces(data: &[u8], from: usize, schema: &Schema, size: usize) -> Vec<Piece> {
    let count = data.len().saturating_sub(from).div_ceil(size);
    let bound = |i: usize| if i >= count { data.len() } else { from + i * size };
    let mut pieces: Vec<Piece> = (0..count)
        .into_par_iter()
        .map(|i| {
            let start = if i == 0 { Some(from) } else { likely_start(data, bound(i)) };
            match start.filter(|&s| i == 0 || s < bound(i + 1)) {
                Some(start) => scan::piece(data, start, bound(i + 1), schema),
                None => Piece { base: usize::MAX, ..Piece::default() },
            }
        })
        .collect();
    let mut next = from;
    for (i, piece) in pieces.iter_mut().enumerate() {
        let until = bound(i + 1);
        if next >= until {
            *piece = Piece { next, ..Piece::default() };
        } else if piece.base != next {
            *piece = scan::piece(data, next, until, schema);
        }
        next = if piece.complete { data.len() } else { piece.next };
    }
    pieces
}

/// The first `#1=` behind a `;` at or behind a place. A guess: it may lie in a string or a comment.
fn likely_start(data: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        let equals = at + memchr::memchr(b'=', data.get(at..)?)?;
        if let Some((start, _)) = scan::number_before(data, equals)
            && start >= from
            && data.get(..start)?.trim_ascii_end().last() == Some(&b';')
        {
            return Some(start);
        }
        at = equals + 1;
    }
}

fn merge(pieces: Vec<Piece>) -> Index {
    let total: usize = pieces.iter().map(|p| p.begins.len()).sum();
    let top = pieces.iter().filter_map(Piece::top).max().map_or(0, |m| m as usize + 1);
    let mut index = Index {
        table: Table::Dense(Vec::new()),
        count: 0,
        damage: Vec::new(),
        more_damage: 0,
        complete: pieces.iter().any(|p| p.complete),
    };
    if top <= total.saturating_mul(SPARSE).saturating_add(SPARSE_FREE) {
        let mut slots = vec![EMPTY; top];
        for piece in pieces {
            dense(piece, &mut slots, &mut index);
        }
        index.table = Table::Dense(slots);
    } else {
        index.table = Table::Sparse(sparse(pieces, total, &mut index));
    }
    index.damage.sort_by_key(|d| (d.at, d.fault));
    index
}

/// The first record of a number counts; later ones are told.
fn dense(mut piece: Piece, slots: &mut [Slot], index: &mut Index) {
    index.damage.append(&mut piece.damage);
    index.more_damage += piece.more_damage;
    for &begin in &piece.begins {
        let offset = piece.base + begin.start as usize;
        match slots.get_mut(begin.id as usize) {
            Some(slot) if *slot == EMPTY => {
                *slot = Slot::new(offset, begin);
                index.count += 1;
            }
            _ => index.damage.push(Damage { at: offset as u64, fault: Fault::Duplicate, id: begin.id }),
        }
    }
}

fn sparse(pieces: Vec<Piece>, total: usize, index: &mut Index) -> Vec<(u32, Slot)> {
    let mut slots = Vec::with_capacity(total);
    for mut piece in pieces {
        index.damage.append(&mut piece.damage);
        index.more_damage += piece.more_damage;
        for &begin in &piece.begins {
            slots.push((begin.id, Slot::new(piece.base + begin.start as usize, begin)));
        }
    }
    slots.par_sort_unstable_by_key(|&(id, slot)| (id, slot.0));
    slots.dedup_by(|later, first| {
        let same = later.0 == first.0;
        if same {
            index.damage.push(Damage { at: later.1.offset() as u64, fault: Fault::Duplicate, id: later.0 });
        }
        same
    });
    index.count = slots.len();
    slots
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ifc::schema::Edition;

    /// Pieces of text that are nasty in any order, and what lies between them.
    const FRAGMENTS: [&str; 16] = [
        "#@=IFCWALL('a',$);\n",
        "#@=IFCDOOR('it''s #7=IFCWALL(; no',(1.,2.));\n",
        "/* a comment; with #@=IFCWALL('x'); in it */\n",
        "/* it's not closed here\n",
        "*/",
        "#@=IFCWALL('open);\n",
        "#@=IFCWALL('no semicolon')\n",
        "#@=IFCWALL('two\nlines');",
        "rubbish;\n",
        "'",
        "#@=(IFCA()IFCB('x'));\n",
        "#@ = \n IFCWALL /* ; */ ( 'b' ) ;",
        "#@=;\n",
        "#@=IFCSLAB('#12=IFCX',';');#@=IFCSLAB('=');\n",
        "ENDSEC;\nDATA;\n",
        "\r\n  \t",
    ];

    fn text(mut seed: u64) -> String {
        let mut out = String::new();
        let mut id = 0;
        for _ in 0..40 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let fragment = FRAGMENTS[(seed >> 33) as usize % FRAGMENTS.len()];
            for part in fragment.split_inclusive('@') {
                match part.strip_suffix('@') {
                    Some(head) => {
                        id += 1;
                        out += &format!("{head}{id}");
                    }
                    None => out += part,
                }
            }
        }
        out
    }

    #[test]
    fn pieces_of_any_size_give_one_answer() {
        let schema = Schema::of(Edition::Ifc4);
        let told = |text: &str, size: usize| {
            let index = merge(pieces(text.as_bytes(), 0, schema, size));
            let records: Vec<(u32, Slot)> = index.table.iter().collect();
            (records, index.damage, index.complete)
        };
        let mut records = 0;
        for seed in 0..400 {
            let text = text(seed);
            let whole = told(&text, usize::MAX >> 1);
            records += whole.0.len();
            for size in [1, 7, 30, 64, 333] {
                assert_eq!(told(&text, size), whole, "seed {seed}, size {size}:\n{text}");
            }
        }
        assert!(records > 4_000, "{records} records: the fragments say too little");
    }
}
