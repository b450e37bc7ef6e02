//! How much work a page asks for, before it is drawn: a few hundred bytes of forms within forms can ask for ages, and
//! one string of letters for all memory, since the interpreter gathers what is shown at once.

use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction;
use hayro_syntax::object::{Array, Dict, Name, Object, ObjectIdentifier, Stream, String};
use hayro_syntax::page::{Page, Resources};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Bytes of content that one page may have run, forms as often as they are drawn: half a minute of work.
const MAX_RUN: u64 = 2 << 30;
/// Bytes that its own content may have.
const MAX_CONTENT: u64 = 512 << 20;
/// Bytes of content that all pages of a file may have together: sets of hundreds of sheets have a tenth.
pub(super) const MAX_PAGES: u64 = 512 << 20;
/// Pages unpacked at once to know how much they hold.
const AT_ONCE: usize = 4;
/// Streams of one page that are counted without unpacking.
const MAX_PARTS: usize = 1_000;
/// Nothing packs more than this into a byte, as content is packed.
const RATIO: u64 = 4096;
/// What drawing a form costs beside its content, in bytes of content.
const FORM: u64 = 256;
/// Forms within forms, as deep as the interpreter follows them.
const MAX_DEPTH: u32 = 50;
/// Letters shown at once: a page full of text has ten thousand.
const MAX_SHOWN: usize = 250_000;
/// Letters that cut what is drawn after them: the interpreter keeps their outlines.
const MAX_CUTTING: usize = 10_000;
/// Bytes that the dashes of a line are written in; they are copied with each line.
const MAX_DASHES: usize = 16 << 10;
/// Pieces of one path; a page may draw not many more in all.
const MAX_PIECES: usize = 4_000_000;
/// Bytes of content that a piece takes at least: a rectangle has five, and is written in nine.
const PIECE: f64 = 1.8;

/// Holds a page to the limits; `dearest` is what naming a function or shading costs at most, in bytes of content.
///
/// # Errors
/// With what is too much, as the end of a sentence about the page.
pub(super) fn hold(page: &Page<'_>, dearest: u64) -> Result<(), &'static str> {
    if content(page) > MAX_CONTENT {
        return Err("repeats its content beyond the limit");
    }
    let resources = page.resources();
    let remarks = remarks(page);
    let own = page.page_stream().unwrap_or_default();
    if is_modest(own) && dearest == 0 && remarks.is_empty() && !has_forms(resources) {
        return Ok(());
    }
    let mut forms = Forms { known: BTreeMap::new(), dearest };
    let mut all = forms.run(own, resources, 0)?;
    for remark in remarks {
        all = all.saturating_add(forms.form(&remark, resources, 1)?);
    }
    if all > MAX_RUN { Err(FORMS) } else { Ok(()) }
}

const FORMS: &str = "draws forms within forms beyond the limit";

/// Bytes of a page's content; a stream counts as often as it is listed.
fn content(page: &Page<'_>) -> u64 {
    let Some(parts) = page.raw().get::<Array<'_>>("Contents") else { return 0 };
    let mut known: BTreeMap<ObjectIdentifier, u64> = BTreeMap::new();
    let mut sum = 0u64;
    for part in parts.iter::<Stream<'_>>() {
        let size = *known
            .entry(part.obj_id())
            .or_insert_with(|| part.decoded_data().map_or(0, |data| data.len() as u64));
        sum = sum.saturating_add(size + 1);
        if sum > MAX_CONTENT {
            break;
        }
    }
    sum
}

/// How many pages, from the first on, hold together no more bytes of content than `limit`. Most files are told by how little
/// they have packed; what is unpacked for it stays with its page.
pub(super) fn affordable(pages: &[Page<'_>], limit: u64) -> usize {
    let mut packed: BTreeMap<ObjectIdentifier, u64> = BTreeMap::new();
    let mut most = 0u64;
    for page in pages {
        for part in parts(page) {
            let size = packed.entry(part.obj_id()).or_insert_with(|| part.raw_data().len() as u64);
            most = most.saturating_add(size.saturating_mul(RATIO));
        }
    }
    if most <= limit {
        return pages.len();
    }
    // One that is too large by itself costs nothing: it is refused.
    let own = |page: &Page<'_>| match content(page) {
        n if n > MAX_CONTENT => 0,
        _ => page.page_stream().map_or(0, |own| own.len() as u64),
    };
    let mut sum = 0u64;
    for (n, some) in pages.chunks(AT_ONCE).enumerate() {
        let sizes: Vec<u64> = some.par_iter().map(own).collect();
        for (i, size) in sizes.into_iter().enumerate() {
            sum = sum.saturating_add(size);
            if sum > limit {
                return n * AT_ONCE + i;
            }
        }
    }
    pages.len()
}

fn parts<'a>(page: &Page<'a>) -> Vec<Stream<'a>> {
    match page.raw().get::<Object<'_>>("Contents") {
        Some(Object::Stream(stream)) => vec![stream],
        Some(Object::Array(array)) => array.iter::<Stream<'_>>().take(MAX_PARTS).collect(),
        _ => Vec::new(),
    }
}

/// What the remarks of a page are drawn with.
fn remarks<'a>(page: &Page<'a>) -> Vec<Stream<'a>> {
    let Some(remarks) = page.raw().get::<Array<'_>>("Annots") else { return Vec::new() };
    let shown = |remark: Dict<'a>| match remark.get::<Dict<'_>>("AP")?.get::<Object<'_>>("N")? {
        Object::Stream(stream) => Some(vec![stream]),
        Object::Dict(states) => {
            let state = |name: &Name<'_>| states.get::<Stream<'_>>(name);
            let own = remark.get::<Name<'_>>("AS").and_then(|name| state(&name));
            Some(own.or_else(|| states.get::<Stream<'_>>("Off")).into_iter().collect())
        }
        _ => None,
    };
    remarks.iter::<Dict<'_>>().filter_map(shown).flatten().collect()
}

/// Content that cannot hold more at once than the limits, whatever it says: most is, and is not read for it.
fn is_modest(content: &[u8]) -> bool {
    if content.len() as f64 > MAX_PIECES as f64 * PIECE || longest_array(content) > MAX_DASHES {
        return false;
    }
    let shown = quoted(content) + angled(content) / 2;
    let cuts = || memchr::memmem::find(content, b"Tr").is_some();
    shown <= MAX_CUTTING || shown <= MAX_SHOWN && !cuts()
}

/// Bytes in round brackets, at least those of strings: brackets in comments and pictures only add to them.
fn quoted(content: &[u8]) -> usize {
    let (mut sum, mut depth, mut from) = (0, 0usize, 0);
    let mut at = 0;
    while let Some(found) = content.get(at..).and_then(|rest| memchr::memchr3(b'(', b')', b'\\', rest)) {
        at += found;
        match content.get(at) {
            Some(b'(') => {
                if depth == 0 {
                    from = at;
                }
                depth += 1;
            }
            Some(b')') if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    sum += at - from;
                }
            }
            // What is escaped is no bracket, in a string.
            Some(b'\\') if depth > 0 => at += 1,
            _ => {}
        }
        at += 1;
    }
    if depth > 0 { sum + content.len() - from } else { sum }
}

/// Bytes from each `<` to the next `>`, at least those of strings.
fn angled(content: &[u8]) -> usize {
    let (mut sum, mut next) = (0usize, content.len());
    for at in memchr::memrchr2_iter(b'<', b'>', content) {
        if content.get(at) == Some(&b'>') {
            next = at;
        } else {
            sum = sum.saturating_add(next - at);
        }
    }
    sum
}

/// The most bytes from a `[` to the next `]`.
fn longest_array(content: &[u8]) -> usize {
    let (mut most, mut next) = (0, content.len());
    for at in memchr::memrchr2_iter(b'[', b']', content) {
        if content.get(at) == Some(&b']') {
            next = at;
        } else {
            most = most.max(next - at);
        }
    }
    most
}

fn has_forms(resources: &Resources<'_>) -> bool {
    let names: Vec<Name<'_>> = resources.x_objects.keys().collect();
    names.iter().filter_map(|n| resources.x_objects.get::<Stream<'_>>(n)).any(|s| is_form(s.dict()))
}

fn is_form(dictionary: &Dict<'_>) -> bool {
    dictionary.get::<Name<'_>>("Subtype").is_some_and(|n| n.as_str() == "Form")
}

/// What each form comes to; `None` while it is being looked at.
struct Forms {
    known: BTreeMap<ObjectIdentifier, Option<u64>>,
    dearest: u64,
}

impl Forms {
    /// Bytes run by content.
    fn run(&mut self, content: &[u8], resources: &Resources<'_>, depth: u32) -> Result<u64, &'static str> {
        let mut sum = content.len() as u64;
        let mut gathered = Gathered::default();
        let mut operations = TypedIter::new(content);
        while let Some(operation) = operations.next() {
            gathered.take(&operation)?;
            let cost = match operation {
                TypedInstruction::XObject(drawn) => match resources.get_x_object(drawn.0) {
                    Some(stream) => self.form(&stream, resources, depth + 1)?,
                    None => 0,
                },
                TypedInstruction::Shading(_)
                | TypedInstruction::SetGraphicsState(_)
                | TypedInstruction::StrokeColorNamed(_)
                | TypedInstruction::NonStrokeColorNamed(_) => self.dearest,
                _ => 0,
            };
            sum = sum.saturating_add(cost);
        }
        Ok(sum)
    }

    /// The same of a form; endless where it draws itself.
    fn form(&mut self, stream: &Stream<'_>, outer: &Resources<'_>, depth: u32) -> Result<u64, &'static str> {
        if depth > MAX_DEPTH || !is_form(stream.dict()) {
            return Ok(FORM.max(self.dearest));
        }
        let id = stream.obj_id();
        if let Some(known) = self.known.get(&id) {
            return known.ok_or(FORMS);
        }
        self.known.insert(id, None);
        let own = stream.dict().get::<Dict<'_>>("Resources").map(Resources::new);
        let content = stream.decoded_data().unwrap_or_default();
        let all = self.run(&content, own.as_ref().unwrap_or(outer), depth)?.saturating_add(FORM);
        self.known.insert(id, Some(all));
        Ok(all)
    }
}

/// What the interpreter holds at once of some content.
#[derive(Default)]
struct Gathered {
    pieces: usize,
    cutting: usize,
    cuts: bool,
}

impl Gathered {
    fn take(&mut self, operation: &TypedInstruction<'_, '_>) -> Result<(), &'static str> {
        match operation {
            TypedInstruction::ShowText(s) => self.shown(s.0.as_bytes().len()),
            TypedInstruction::NextLineAndShowText(s) => self.shown(s.0.as_bytes().len()),
            TypedInstruction::ShowTextWithParameters(s) => self.shown(s.2.as_bytes().len()),
            TypedInstruction::ShowTexts(s) if s.0.data().len() > MAX_SHOWN || self.cuts => {
                self.shown(s.0.iter::<String<'_>>().map(|s| s.as_bytes().len()).sum())
            }
            TypedInstruction::DashPattern(dashes) if dashes.0.data().len() > MAX_DASHES => {
                Err("draws dashes of more pieces than the limit")
            }
            TypedInstruction::TextRenderingMode(mode) => {
                self.cuts = mode.0.as_i64() > 3;
                Ok(())
            }
            TypedInstruction::LineTo(_) | TypedInstruction::CubicTo(_) => self.piece(1),
            TypedInstruction::RectPath(_) => self.piece(5),
            TypedInstruction::MoveTo(_)
            | TypedInstruction::CubicStartTo(_)
            | TypedInstruction::CubicEndTo(_) => self.piece(1),
            TypedInstruction::FillPathNonZero(_)
            | TypedInstruction::FillPathEvenOdd(_)
            | TypedInstruction::StrokePath(_)
            | TypedInstruction::CloseAndStrokePath(_)
            | TypedInstruction::FillAndStrokeNonZero(_)
            | TypedInstruction::FillAndStrokeEvenOdd(_)
            | TypedInstruction::CloseFillAndStrokeNonZero(_)
            | TypedInstruction::CloseFillAndStrokeEvenOdd(_)
            | TypedInstruction::FillPathNonZeroCompatibility(_)
            | TypedInstruction::EndPath(_) => {
                self.pieces = 0;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn shown(&mut self, letters: usize) -> Result<(), &'static str> {
        if self.cuts {
            self.cutting += letters;
        }
        if letters > MAX_SHOWN || self.cutting > MAX_CUTTING {
            return Err("shows more letters at once than the limit");
        }
        Ok(())
    }

    fn piece(&mut self, n: usize) -> Result<(), &'static str> {
        self.pieces += n;
        if self.pieces > MAX_PIECES { Err("draws a path of more pieces than the limit") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_measured_without_reading_them() {
        assert_eq!(quoted(b"(abc) Tj (a(b)c\\)d) Tj"), 4 + 9);
        assert_eq!(quoted(b") (abc"), 4);
        assert_eq!(angled(b"<4142> Tj <</A 1>> <41"), 5 + 6 + 5 + 3);
        // a bracket in a comment hides no string behind it
        for hidden in ["% (\n(", "% \\(\n(", "% <\n(>", "% (\n\\(", "% )\n(", "(\\\\)("] {
            let content = format!("{hidden}{}) Tj", "A".repeat(1_000));
            assert!(quoted(content.as_bytes()) >= 1_000, "{hidden}");
        }
        assert!(is_modest(&b"0 0 m 9 9 l S ".repeat(100_000)));
        assert!(is_modest(&b"3 Tr (A) Tj ".repeat(4_000)) && !is_modest(&b"7 Tr (A) Tj ".repeat(40_000)));
        assert!(!is_modest(format!("({}) Tj", "A".repeat(300_000)).as_bytes()));
        assert!(!is_modest(&b"[<41><41>] TJ ".repeat(100_000)));
        assert!(!is_modest(&b"0 0 9 9re ".repeat(800_000)));
    }

    #[test]
    fn pages_are_read_as_long_as_they_are_few() {
        let mut file = "%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n".to_owned();
        let kids: std::string::String = (0..9).map(|i| format!("{} 0 R ", i + 4)).collect();
        file += &format!("2 0 obj<</Type/Pages/Count 9/Kids[{kids}]>>endobj\n");
        file += &format!("3 0 obj<</Length 1000>>stream\n{}\nendstream endobj\n", " ".repeat(1_000));
        for i in 0..9 {
            file += &format!("{} 0 obj<</Type/Page/Parent 2 0 R/Contents 3 0 R>>endobj\n", i + 4);
        }
        file += "trailer<</Root 1 0 R>>\n";
        let pdf = hayro_syntax::Pdf::new(file.into_bytes()).unwrap();
        let pages = pdf.pages();
        assert_eq!(pages.len(), 9);
        let of = |limit| affordable(pages, limit);
        assert_eq!((of(1 << 30), of(20_000), of(5_500), of(999)), (9, 9, 5, 0));
    }
}
