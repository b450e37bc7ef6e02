//! What asks for memory without measure: a dozen bytes of a font can name two milliards of widths, which the interpreter
//! writes down one by one. Such things are found before, and taken out of the file; the rest of it is read.

use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, MaybeRef, Name, Object, ObjectIdentifier, Stream};
use std::collections::BTreeSet;
use std::ops::Range;

/// Codes that the widths of one font may name: every CID, in each of two directions (ISO 32000-1, 9.7.4.3).
const MAX_CODES: u64 = 2 << 16;
/// The same of all fonts of a file.
const MAX_CODES_FILE: u64 = 8 << 20;
/// The first code of a font of bytes: those have 256.
const MAX_FIRST: usize = 0xFFFF;
/// Bytes of a font program, unpacked: all of CJK in one is half of that. And of all programs of a file.
const MAX_PROGRAM: u64 = 64 << 20;
const MAX_PROGRAMS: u64 = 256 << 20;
/// Bytes of the tables from codes to letters of all fonts of a file; each font reads its own.
const MAX_TABLES: u64 = 32 << 20;
/// Samples of one function: four inks in 24 steps into three colours are a million.
const MAX_SAMPLES: u64 = 4 << 20;
/// Bytes of one function that is calculated, and brackets in it, which the interpreter follows as deep as they go: in
/// practice a few hundred, and a dozen.
const MAX_CALCULATED: u64 = 64 << 10;
const MAX_BRACKETS: usize = 200;
/// Functions within functions; deeper ones are refused before.
const MAX_FUNCTIONS: u32 = 40;
/// Corners of one shading made of triangles or patches.
const MAX_CORNERS: u64 = 200_000;
/// Objects within one object that are looked into: the fonts of a page are five deep.
const MAX_DEPTH: u32 = 16;
/// Nothing packs more than this into a byte: strings of LZW grow to 4096 bytes, for codes of 12 bits.
const RATIO: u64 = 4096;

/// What was found in a file.
#[derive(Debug, Default)]
pub(super) struct Outsize {
    /// Where it stands in the file.
    places: Vec<Range<usize>>,
    /// Some of it stands within packed objects, where it cannot be taken out.
    is_packed: bool,
    /// What the dearest function or shading costs each time it is named, in bytes.
    pub(super) dearest: u64,
}

impl Outsize {
    /// How much has to be taken out.
    pub(super) fn count(&self) -> usize {
        self.places.len() + usize::from(self.is_packed)
    }

    /// The file without it; `None` where it cannot be taken out.
    pub(super) fn without(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        if self.is_packed {
            return None;
        }
        let mut out = bytes.to_vec();
        for place in &self.places {
            let part = out.get_mut(place.clone())?;
            match part {
                // A dictionary of nothing, and a number where an array was.
                [b'<', b'<', inner @ .., b'>', b'>'] => inner.fill(b' '),
                [b'[', .., b']'] => {
                    part.fill(b' ');
                    // Not at once: what stands before may be a name.
                    *part.get_mut(1)? = b'0';
                }
                _ => return None,
            }
        }
        Some(out)
    }
}

/// Looks through all objects of a file.
pub(super) fn find(pdf: &Pdf) -> Outsize {
    let mut search = Search {
        file: pdf.data().as_ref(),
        found: Outsize::default(),
        codes: 0,
        tables: 0,
        programs: 0,
        known: BTreeSet::new(),
    };
    for object in pdf.objects() {
        search.object(&object, 0);
    }
    let mut found = search.found;
    found.places.sort_by_key(|p| (p.start, p.end));
    found.places.dedup();
    found
}

struct Search<'f> {
    file: &'f [u8],
    found: Outsize,
    /// Sums over the file.
    codes: u64,
    tables: u64,
    programs: u64,
    /// Programs that were counted.
    known: BTreeSet<ObjectIdentifier>,
}

impl Search<'_> {
    fn object(&mut self, object: &Object<'_>, depth: u32) {
        if depth > MAX_DEPTH {
            return;
        }
        match object {
            Object::Dict(dictionary) => self.dictionary(dictionary, None, depth),
            Object::Stream(stream) => self.dictionary(stream.dict(), Some(stream), depth),
            Object::Array(array) => {
                for item in array.raw_iter() {
                    if let MaybeRef::NotRef(item @ (Object::Dict(_) | Object::Array(_))) = item {
                        self.object(&item, depth + 1);
                    }
                }
            }
            _ => {}
        }
    }

    fn dictionary(&mut self, dictionary: &Dict<'_>, stream: Option<&Stream<'_>>, depth: u32) {
        self.font(dictionary);
        self.programs(dictionary);
        self.function(dictionary, stream);
        if let Some(stream) = stream {
            self.shading(dictionary, stream);
        }
        for (_, value) in dictionary.entries() {
            if let MaybeRef::NotRef(inner @ (Object::Dict(_) | Object::Array(_))) = value {
                self.object(&inner, depth + 1);
            }
        }
    }

    /// Widths and tables of a font.
    fn font(&mut self, font: &Dict<'_>) {
        if let Some(widths) = font.get::<Array<'_>>("Widths")
            && font.get::<usize>("FirstChar").is_some_and(|first| first > MAX_FIRST)
        {
            self.take_array(&widths);
        }
        let descendant = font
            .get::<Array<'_>>("DescendantFonts")
            .and_then(|fonts| fonts.iter::<Dict<'_>>().next())
            .or_else(|| font.get::<Dict<'_>>("DescendantFonts"));
        // A descendant that no font names is looked at as well: it may be named in a way that is not known here.
        for of in descendant.iter().chain([font]) {
            self.widths(of, "W", widths);
            self.widths(of, "W2", widths_down);
        }
        let is_font =
            descendant.is_some() || font.get::<Name<'_>>("Type").is_some_and(|n| n.as_str() == "Font");
        for key in ["ToUnicode", "Encoding"] {
            let Some(table) = font.get::<Stream<'_>>(key).filter(|_| is_font || key == "ToUnicode") else {
                continue;
            };
            self.tables = self.tables.saturating_add(unpacked(&table, 0));
            if self.tables > MAX_TABLES {
                self.take(table.dict().data());
            }
        }
    }

    fn widths(&mut self, font: &Dict<'_>, key: &str, count: fn(&Array<'_>) -> u64) {
        let Some(array) = font.get::<Array<'_>>(key) else { return };
        let codes = count(&array);
        if codes > MAX_CODES || self.codes.saturating_add(codes) > MAX_CODES_FILE {
            self.take_array(&array);
        } else {
            self.codes += codes;
        }
    }

    fn programs(&mut self, descriptor: &Dict<'_>) {
        for key in ["FontFile", "FontFile2", "FontFile3"] {
            let Some(program) = descriptor.get::<Stream<'_>>(key) else { continue };
            if !self.known.insert(program.obj_id()) {
                continue;
            }
            let size = unpacked(&program, 0);
            if size > MAX_PROGRAM || self.programs.saturating_add(size) > MAX_PROGRAMS {
                self.take(program.dict().data());
            } else {
                self.programs += size;
            }
        }
    }

    /// A function alone, and functions side by side.
    fn function(&mut self, dictionary: &Dict<'_>, stream: Option<&Stream<'_>>) {
        if dictionary.contains_key("FunctionType") {
            match samples(dictionary, stream, 0) {
                n if n > MAX_SAMPLES => self.take(dictionary.data()),
                n => self.found.dearest = self.found.dearest.max(n * 4),
            }
        }
        if let Some(functions) = dictionary.get::<Array<'_>>("Function")
            && all_samples(&functions, 0) > MAX_SAMPLES
        {
            self.take_array(&functions);
        }
    }

    /// A shading of triangles or patches (ISO 32000-1, 8.7.4.5.5 to 8.7.4.5.8).
    fn shading(&mut self, shading: &Dict<'_>, stream: &Stream<'_>) {
        if !shading.get::<u8>("ShadingType").is_some_and(|kind| (4..=7).contains(&kind)) {
            return;
        }
        let bits = |key| shading.get::<u8>(key).map_or(0, u64::from);
        let corner = (2 * bits("BitsPerCoordinate")).max(1);
        let corners = unpacked(stream, MAX_CORNERS * corner / 8).saturating_mul(8) / corner;
        if corners > MAX_CORNERS {
            self.take(shading.data());
        } else {
            self.found.dearest = self.found.dearest.max(corners * 64);
        }
    }

    fn take_array(&mut self, array: &Array<'_>) {
        match self.place(array.data()) {
            // Its brackets go with it.
            Some(inner) if inner.start > 0 => self.found.places.push(inner.start - 1..inner.end + 1),
            _ => self.found.is_packed = true,
        }
    }

    fn take(&mut self, part: &[u8]) {
        match self.place(part) {
            Some(place) => self.found.places.push(place),
            None => self.found.is_packed = true,
        }
    }

    /// Where a part of the file stands in it; `None` of what was unpacked.
    fn place(&self, part: &[u8]) -> Option<Range<usize>> {
        let start = (part.as_ptr() as usize).checked_sub(self.file.as_ptr() as usize)?;
        let end = start.checked_add(part.len()).filter(|end| *end <= self.file.len())?;
        Some(start..end)
    }
}

/// Numbers of four bytes that a function becomes (ISO 32000-1, 7.10), with those within it, each as often as it is named.
fn samples(function: &Dict<'_>, stream: Option<&Stream<'_>>, depth: u32) -> u64 {
    let kind = function.get::<u8>("FunctionType");
    match (kind, stream) {
        (Some(0), _) => {
            let range = function.get::<Array<'_>>("Range").map_or(0, |a| a.iter::<f32>().count() as u64);
            let sizes = function.get::<Array<'_>>("Size");
            let steps = sizes.iter().flat_map(|a| a.iter::<u32>()).map(u64::from);
            steps.fold((range / 2).max(1), u64::saturating_mul)
        }
        (Some(3), _) => function.get::<Array<'_>>("Functions").map_or(0, |all| all_samples(&all, depth + 1)),
        (Some(4), Some(stream)) => {
            let program = stream.decoded_data().unwrap_or_default();
            let brackets = memchr::memchr_iter(b'{', &program).count();
            if program.len() as u64 > MAX_CALCULATED || brackets > MAX_BRACKETS {
                u64::MAX
            } else {
                program.len() as u64
            }
        }
        _ => 1,
    }
}

fn all_samples(functions: &Array<'_>, depth: u32) -> u64 {
    if depth > MAX_FUNCTIONS {
        return u64::MAX;
    }
    let mut sum = 0u64;
    for object in functions.iter::<Object<'_>>() {
        let more = match &object {
            Object::Dict(function) => samples(function, None, depth),
            Object::Stream(stream) => samples(stream.dict(), Some(stream), depth),
            _ => 1,
        };
        sum = sum.saturating_add(more);
        if sum > MAX_SAMPLES {
            break;
        }
    }
    sum
}

/// Codes that the widths of a CID font name (ISO 32000-1, 9.7.4.3), as the interpreter reads them.
fn widths(array: &Array<'_>) -> u64 {
    let mut items = array.flex_iter();
    let mut sum = 0u64;
    loop {
        if let Some((_, each)) = items.next::<(u32, Array<'_>)>() {
            sum = sum.saturating_add(each.iter::<f32>().count() as u64);
        } else if let Some((first, last, _)) = items.next::<(u32, u32, f32)>() {
            sum = sum.saturating_add(span(first, last));
        } else {
            return sum;
        }
    }
}

/// The same of writing downwards.
fn widths_down(array: &Array<'_>) -> u64 {
    let mut items = array.flex_iter();
    let mut sum = 0u64;
    loop {
        if let Some((_, each)) = items.next::<(u32, Array<'_>)>() {
            sum = sum.saturating_add(each.iter::<f32>().count() as u64 / 3);
        } else if let Some((first, last, ..)) = items.next::<(u32, u32, f32, f32, f32)>() {
            sum = sum.saturating_add(span(first, last));
        } else {
            return sum;
        }
    }
}

fn span(first: u32, last: u32) -> u64 {
    (u64::from(last) + 1).saturating_sub(u64::from(first))
}

/// Bytes of a stream, unpacked; where that cannot be more than the limit, those that it has packed.
fn unpacked(stream: &Stream<'_>, limit: u64) -> u64 {
    let raw = stream.raw_data().len() as u64;
    match stream.filters().len() {
        0 => raw,
        1 if raw.saturating_mul(RATIO) <= limit => raw,
        _ => stream.decoded_data().map_or(0, |data| data.len() as u64),
    }
}
