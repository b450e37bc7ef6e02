//! DXF, ASCII and binary, R12 to 2018 → [`Drawing`]. After Autodesk's DXF reference; where files in the wild differ
//! from it, files win. Damage costs the damaged entity and is told.

mod colour;
mod content;
mod encoding;
mod entity;
mod expand;
mod groups;
mod layout;
mod markup;
mod names;
mod number;
mod pieces;
mod record;
mod tables;

use super::model::{Drawing, Format, SheetKind};
use crate::error::{Error, Notice, Read, Result};
use crate::geom::Point2;
use crate::place::Place;
use content::Content;
use encoding::Letters;
use entity::Entities;
use expand::{Block, Expansion, Losses};
use groups::{Groups, Next};
use layout::Layouts;
use record::{Damage, Record, Records};
use std::collections::BTreeSet;
use std::ops::Range;
use tables::{Header, Tables};

pub(crate) use groups::BINARY_SENTINEL;

/// Notices about damaged entities of one file; further ones are only counted.
const MAX_DAMAGE_NOTICES: u64 = 100;

/// Notices of one kind about blocks of one file; further ones are only counted.
const MAX_BLOCK_NOTICES: usize = 100;

/// Where in the file the reader is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Classes,
    Tables,
    Blocks,
    Entities,
    Objects,
    Other,
    None,
}

/// Called with ranges of the file that have been read.
pub(crate) type Release<'r> = &'r (dyn Fn(Range<usize>) + Sync);

/// Reads DXF bytes. `release` hears of what is not looked at again.
///
/// # Errors
/// When they are no DXF, or nothing is drawn in them.
pub(crate) fn read(name: &str, bytes: &[u8], release: Release<'_>) -> Result<Read<Drawing>> {
    read_in(name, bytes, pieces::PIECE, release)
}

/// Reads DXF bytes, long sections in pieces of about so many bytes. What is read does not depend on that.
fn read_in(name: &str, bytes: &[u8], piece: usize, release: Release<'_>) -> Result<Read<Drawing>> {
    let header = header(bytes);
    let (letters, note) = letters(bytes, &header);
    release(0..bytes.len());
    let mut file = File::new(name);
    if let Some(note) = note {
        file.notice("dxf-encoding", Place::file(name), note);
    }
    let mut tables = Tables::new();
    let blocks = file.scan(bytes, &mut tables, letters, &header, (piece, release))?;
    file.finish(&header, &letters, &tables, blocks)
}

/// The HEADER section, read ahead: it says how all texts are encoded. Ends with the section.
fn header(bytes: &[u8]) -> Header {
    let mut records = Records::new(Groups::new(bytes));
    // Comments aside, HEADER is the first section.
    for _ in 0..4 {
        if !records.advance() {
            break;
        }
        let record = records.record();
        if record.name == b"SECTION" && record.text(2).is_some_and(|n| n.trim_ascii() == b"HEADER") {
            return Header::read(&record);
        }
    }
    Header::default()
}

fn letters(bytes: &[u8], header: &Header) -> (Letters, Option<String>) {
    let mut groups = Groups::new(bytes);
    let (page, version) = (header.code_page.as_deref(), header.version.as_deref());
    if groups.is_ascii() {
        return Letters::choose(bytes, page, version);
    }
    let mut strings = Vec::new();
    while let Next::Group(g) = groups.next() {
        if let groups::Value::Text(text) = g.value
            && !text.is_ascii()
        {
            strings.extend_from_slice(text);
            strings.push(b'\n');
        }
    }
    Letters::choose(&strings, page, version)
}

/// What is gathered while the file is read.
struct File<'n> {
    name: &'n str,
    notices: Vec<Notice>,
    damaged: u64,
    model: Content,
    blocks: Vec<Block>,
    layouts: Layouts,
    xrefs: Vec<String>,
    unread: Vec<(String, u64)>,
    seen_section: bool,
    /// A section that begins too early was told; others follow from it.
    open_told: bool,
    /// Pieces are cut once: a file has one section of entities.
    pieces_tried: bool,
    ended: bool,
}

impl<'n> File<'n> {
    fn new(name: &'n str) -> Self {
        Self {
            name,
            notices: Vec::new(),
            damaged: 0,
            model: Content::default(),
            blocks: Vec::new(),
            layouts: Layouts::default(),
            xrefs: Vec::new(),
            unread: Vec::new(),
            seen_section: false,
            open_told: false,
            pieces_tried: false,
            ended: false,
        }
    }

    fn notice(&mut self, code: &str, place: Place, message: impl Into<String>) {
        self.notices.push(Notice::new(code, place, message));
    }

    fn place(&self, handle: u64, line: u32) -> Place {
        Place::Dxf {
            file: self.name.to_string(),
            handle: (handle != 0).then(|| format!("{handle:X}")),
            line: (line != 0).then_some(u64::from(line)),
        }
    }

    fn lost(&mut self, record: &Record<'_, '_>, line: u32, why: Damage) {
        self.damaged += 1;
        if self.damaged <= MAX_DAMAGE_NOTICES {
            let what = String::from_utf8_lossy(record.name).into_owned();
            let what = if what.is_empty() { "a record".to_string() } else { what.chars().take(40).collect() };
            let place = self.place(record.handle(), line);
            self.notice("dxf-damaged-entity", place, format!("{what} is left out: {why}"));
        }
    }

    /// Reads all records; gives the blocks by number.
    fn scan<'a>(
        &mut self,
        bytes: &'a [u8],
        tables: &mut Tables<'a>,
        letters: Letters,
        header: &Header,
        pieces: (usize, Release<'_>),
    ) -> Result<Vec<Block>> {
        let mut records = Records::new(Groups::new(bytes));
        let mut entities = Entities::new(tables, letters, header.dimension_factor);
        let mut section = Section::None;
        let mut block: Option<u32> = None;
        while records.advance() {
            let record = records.record();
            if let Some((line, why)) = records.damage() {
                self.lost(&record, line, why);
                if !matches!(record.name, b"SECTION" | b"ENDSEC" | b"BLOCK" | b"ENDBLK" | b"TABLE" | b"EOF") {
                    continue;
                }
            }
            match record.name {
                b"SECTION" => {
                    if section != Section::None && !self.open_told {
                        self.open_told = true;
                        let place = self.place(0, record.line);
                        self.notice(
                            "dxf-section-open",
                            place,
                            "a section begins before the one before it ends",
                        );
                    }
                    self.close(&mut entities, block.take());
                    section = section_of(&record);
                    self.seen_section = true;
                    if section == Section::Entities && !std::mem::replace(&mut self.pieces_tried, true) {
                        self.in_pieces(&mut records, &mut entities, pieces.0, pieces.1);
                    }
                }
                b"ENDSEC" => {
                    self.close(&mut entities, block.take());
                    section = Section::None;
                }
                b"EOF" => {
                    self.ended = true;
                    break;
                }
                _ => self.record(&record, section, &mut block, &mut entities),
            }
        }
        self.close(&mut entities, block);
        if !self.seen_section {
            return Err(Error::read(
                Place::file(self.name),
                "no DXF section was found; is the file a drawing?",
            ));
        }
        if !self.ended {
            self.notice(
                "dxf-truncated",
                Place::file(self.name),
                "the file ends without EOF; what stands before was read",
            );
        }
        self.unread =
            entities.unread.iter().map(|(n, c)| (String::from_utf8_lossy(n).into_owned(), *c)).collect();
        Ok(std::mem::take(&mut self.blocks))
    }

    fn record<'a>(
        &mut self,
        record: &Record<'a, '_>,
        section: Section,
        block: &mut Option<u32>,
        entities: &mut Entities<'_, 'a>,
    ) {
        match section {
            Section::Classes if record.name == b"CLASS" => {
                entities.tables.classes.push(record.text(1).unwrap_or_default().trim_ascii());
            }
            Section::Tables => entities.tables.row(record),
            Section::Blocks => match record.name {
                b"BLOCK" => {
                    self.close(entities, block.take());
                    *block = Some(self.begin_block(record, entities));
                }
                b"ENDBLK" => self.close(entities, block.take()),
                _ => self.entity(record, *block, entities),
            },
            Section::Entities => {
                let paper = self.paper_block(record, entities);
                self.entity(record, paper, entities);
            }
            Section::Objects => match record.name {
                b"LAYOUT" => self.layouts.add(record, &entities.letters),
                // A clipped reference shows less than its block; tumo shows all of it.
                b"SPATIAL_FILTER" => *entities.unread.entry(record.name.to_vec()).or_default() += 1,
                _ => {}
            },
            Section::Classes | Section::Other | Section::None => {}
        }
    }

    /// Entities of the paper space that was open last stand among those of model space (group 67).
    fn paper_block<'a>(&mut self, record: &Record<'a, '_>, entities: &mut Entities<'_, 'a>) -> Option<u32> {
        if matches!(record.name, b"VERTEX" | b"ATTRIB" | b"SEQEND") {
            return self.layouts.current;
        }
        let paper = record
            .groups
            .iter()
            .take_while(|g| g.code < 1000)
            .any(|g| g.code == 67 && g.integer() == Some(1));
        self.layouts.current = paper.then(|| {
            let owner = record.find(330).and_then(groups::Group::handle);
            let known = owner.and_then(|h| entities.tables.block_handles.get(&h).copied());
            let number = known.unwrap_or_else(|| entities.tables.blocks.number(b"*PAPER_SPACE"));
            self.block_mut(number).defined = true;
            number
        });
        self.layouts.current
    }

    fn block_mut(&mut self, number: u32) -> &mut Block {
        let at = number as usize;
        if self.blocks.len() <= at {
            self.blocks.resize_with(at + 1, Block::default);
        }
        &mut self.blocks[at]
    }

    fn begin_block<'a>(&mut self, record: &Record<'a, '_>, entities: &mut Entities<'_, 'a>) -> u32 {
        let own = record.own();
        let number = entities.tables.blocks.number(own.text(2).unwrap_or_default());
        let flags = own.integer_or(70, 0);
        let base = match own.point(10) {
            Ok(base) => base.unwrap_or_default(),
            Err(why) => {
                self.lost(record, record.line, why);
                Point2::default()
            }
        };
        // 4: external reference, 8: overlay (DXF reference, BLOCK).
        let external = flags & 12 != 0;
        if external {
            let path = entities.letters.text(own.text(1).unwrap_or_default().trim_ascii());
            let path =
                if path.is_empty() { entities.letters.text(own.text(2).unwrap_or_default()) } else { path };
            if self.xrefs.len() < MAX_BLOCK_NOTICES {
                let message =
                    format!("the external reference {path:?} is not opened; what it draws is missing");
                self.notice("dxf-xref", self.place(record.handle(), record.line), message);
            }
            self.xrefs.push(path);
        }
        let block = self.block_mut(number);
        (block.base, block.external, block.defined, block.anonymous) = (base, external, true, flags & 1 != 0);
        number
    }

    fn entity<'a>(&mut self, record: &Record<'a, '_>, block: Option<u32>, entities: &mut Entities<'_, 'a>) {
        let content = match block.and_then(|n| self.blocks.get_mut(n as usize)) {
            Some(block) => &mut block.content,
            None => &mut self.model,
        };
        if let Err(why) = entities.read(record, content) {
            self.lost(record, record.line, why);
        }
    }

    /// Ends a polyline that lacks its SEQEND.
    fn close(&mut self, entities: &mut Entities<'_, '_>, block: Option<u32>) {
        let content = match block.and_then(|n| self.blocks.get_mut(n as usize)) {
            Some(block) => &mut block.content,
            None => &mut self.model,
        };
        if let Err(why) = entities.close(content) {
            self.lost(&Record { name: b"POLYLINE", line: 0, groups: &[] }, 0, why);
        }
    }

    /// Expands, names and sorts what was gathered.
    fn finish(
        mut self,
        header: &Header,
        letters: &Letters,
        tables: &Tables<'_>,
        mut blocks: Vec<Block>,
    ) -> Result<Read<Drawing>> {
        blocks.resize_with(tables.blocks.list().len(), Block::default);
        let spaces = self.layouts.spaces(tables, letters, &mut blocks, &mut self.model);
        let mut expansion = Expansion::new(tables, &blocks);
        let mut sheets = vec![expansion.sheet("Model".into(), SheetKind::Model, self.model)];
        self.model = Content::default();
        for (name, content) in spaces {
            sheets.push(expansion.sheet(name, SheetKind::Layout, content));
        }
        let losses = expansion.losses;
        let block_names: Vec<String> = tables.blocks.list().iter().map(|n| letters.text(n)).collect();
        self.tell(&losses, &block_names);
        if sheets.iter().all(|s| s.marks.is_empty()) {
            return Err(Error::read(Place::file(self.name), "nothing is drawn in it"));
        }
        self.xrefs.sort();
        self.xrefs.dedup();
        let drawing = Drawing {
            file: self.name.to_string(),
            format: Format::Dxf,
            version: header.version.clone(),
            declared_unit_m: header.unit_m(),
            stated_scale: None,
            y_down: false,
            layers: tables.drawing_layers(letters),
            blocks: block_names,
            sheets,
            unread: self.unread,
            xrefs: self.xrefs,
        };
        Ok(Read { value: drawing, notices: self.notices })
    }

    fn tell(&mut self, losses: &Losses, names: &[String]) {
        let file = || Place::file(self.name);
        let name = |n: &u32| names.get(*n as usize).cloned().unwrap_or_default();
        let mut more = Vec::new();
        let mut each = |blocks: &BTreeSet<u32>, code: &str, what: &str| {
            for block in blocks.iter().take(MAX_BLOCK_NOTICES) {
                more.push(Notice::new(code, file(), format!("block {:?} {what}", name(block))));
            }
            if let Some(n) = blocks.len().checked_sub(MAX_BLOCK_NOTICES).filter(|n| *n > 0) {
                more.push(Notice::new(code, file(), format!("{n} more blocks: each {what}")));
            }
        };
        each(&losses.cycles, "dxf-block-cycle", "holds itself; the inner reference is left out");
        each(&losses.undefined, "dxf-block-undefined", "is not defined; its references draw nothing");
        if losses.too_deep {
            more.push(Notice::new(
                "dxf-block-depth",
                file(),
                "blocks nest deeper than 64; the innermost are left out",
            ));
        }
        if losses.too_far {
            let message = "block references lie or grow beyond 10^15 units; they are left out";
            more.push(Notice::new("dxf-reference-unreadable", file(), message));
        }
        if losses.too_many {
            let message = "block references expand to more than 1,000,000 instances or 20,000,000 primitives; the rest is left out";
            more.push(Notice::new("dxf-block-limit", file(), message));
        }
        if self.damaged > MAX_DAMAGE_NOTICES {
            let message = format!(
                "{} more entities are left out because they are damaged",
                self.damaged - MAX_DAMAGE_NOTICES
            );
            more.push(Notice::new("dxf-damaged-entity", file(), message));
        }
        self.notices.extend(more);
    }
}

fn section_of(record: &Record<'_, '_>) -> Section {
    match record.text(2).unwrap_or_default().trim_ascii() {
        b"CLASSES" => Section::Classes,
        b"TABLES" => Section::Tables,
        b"BLOCKS" => Section::Blocks,
        b"ENTITIES" => Section::Entities,
        b"OBJECTS" => Section::Objects,
        _ => Section::Other,
    }
}

#[cfg(test)]
mod tests;
