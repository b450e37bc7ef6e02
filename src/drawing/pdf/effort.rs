//! How much work a page asks for, before it is drawn: a few hundred bytes of forms within forms can ask for ages.

use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction;
use hayro_syntax::object::{Array, Dict, Name, ObjectIdentifier, Stream};
use hayro_syntax::page::{Page, Resources};
use std::collections::BTreeMap;

/// Bytes of content that one page may have run, forms as often as they are drawn: half a minute of work.
const MAX_RUN: u64 = 2 << 30;
/// Bytes that its own content may have.
const MAX_CONTENT: u64 = 512 << 20;
/// What drawing a form costs beside its content, in bytes of content.
const FORM: u64 = 256;
/// Forms within forms, as deep as the interpreter follows them.
const MAX_DEPTH: u32 = 50;

/// Holds a page to the limits.
///
/// # Errors
/// With what is too much, as the end of a sentence about the page.
pub(super) fn hold(page: &Page<'_>) -> Result<(), &'static str> {
    if content(page) > MAX_CONTENT {
        return Err("repeats its content beyond the limit");
    }
    let resources = page.resources();
    if !has_forms(resources) {
        return Ok(());
    }
    let mut forms = Forms { known: BTreeMap::new() };
    let own = page.page_stream().unwrap_or_default();
    let all = forms.run(own, resources, 0).unwrap_or(u64::MAX);
    if all > MAX_RUN { Err("draws forms within forms beyond the limit") } else { Ok(()) }
}

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
}

impl Forms {
    /// Bytes run by content; `None` where a form draws itself.
    fn run(&mut self, content: &[u8], resources: &Resources<'_>, depth: u32) -> Option<u64> {
        let mut sum = content.len() as u64;
        let mut operations = TypedIter::new(content);
        while let Some(operation) = operations.next() {
            let TypedInstruction::XObject(drawn) = operation else { continue };
            let Some(stream) = resources.get_x_object(drawn.0) else { continue };
            sum = sum.saturating_add(self.form(&stream, resources, depth + 1)?);
        }
        Some(sum)
    }

    fn form(&mut self, stream: &Stream<'_>, outer: &Resources<'_>, depth: u32) -> Option<u64> {
        if depth > MAX_DEPTH || !is_form(stream.dict()) {
            return Some(FORM);
        }
        let id = stream.obj_id();
        if let Some(known) = self.known.get(&id) {
            return *known;
        }
        self.known.insert(id, None);
        let own = stream.dict().get::<Dict<'_>>("Resources").map(Resources::new);
        let content = stream.decoded_data().unwrap_or_default();
        let all = self.run(&content, own.as_ref().unwrap_or(outer), depth)?.saturating_add(FORM);
        self.known.insert(id, Some(all));
        Some(all)
    }
}
