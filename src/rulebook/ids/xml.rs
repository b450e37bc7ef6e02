//! XML as an IDS document may use it: elements, attributes, text. No document type, no entity but the five that
//! XML itself knows, and a bound on everything that a hostile file could let grow.

use super::fault::{Fault, code};
use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::reader::NsReader;

/// Largest document, bytes; an IDS of 100 000 specifications of usual length stays below it.
const MAX_BYTES: usize = 256 << 20;
/// Deepest nesting. An IDS needs 9 levels; documentation may hold a few more.
const MAX_DEPTH: usize = 32;
/// Attributes of one element. An IDS needs 6, the root a dozen namespaces.
const MAX_ATTRIBUTES: usize = 64;
/// Elements below one child of the root's children, such as one specification.
const MAX_ELEMENTS: usize = 100_000;

const IDS: &str = "http://standards.buildingsmart.org/IDS";
const XS: &str = "http://www.w3.org/2001/XMLSchema";
const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// The namespace of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    /// None.
    None,
    /// That of IDS.
    Ids,
    /// That of XML Schema.
    Xs,
    /// `xsi:` and `xml:`, which any element may carry.
    Reserved,
    /// Any other.
    Other,
}

/// An attribute.
#[derive(Clone, Debug)]
pub(super) struct Attribute {
    pub(super) space: Space,
    pub(super) name: String,
    pub(super) value: String,
}

/// An element with all that is in it.
#[derive(Clone, Debug)]
pub(super) struct Element {
    pub(super) space: Space,
    pub(super) name: String,
    pub(super) line: u64,
    pub(super) attributes: Vec<Attribute>,
    pub(super) children: Vec<Element>,
    /// Its text, that of children left out.
    pub(super) text: String,
}

impl Element {
    /// The value of an attribute without a namespace.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|a| a.space == Space::None && a.name == name).map(|a| a.value.as_str())
    }
}

/// What the walk of a document comes upon.
pub(super) enum Part {
    /// The root, without its children.
    Root(Element),
    /// A child of the root, without its children.
    Chapter(Element),
    /// A child of a child of the root, whole.
    Section(Element),
}

/// The text of a document: UTF-8, or what its byte order mark or declaration says.
pub(super) fn text(bytes: &[u8]) -> Result<String, Fault> {
    if bytes.len() > MAX_BYTES {
        return Err(Fault::new(code::LIMIT, 1)
            .with("what", "size")
            .with("limit", format!("{} MiB", MAX_BYTES >> 20)));
    }
    let declared = encoding_rs::Encoding::for_bom(bytes).map(|(e, _)| e).or_else(|| {
        let head = bytes.get(..bytes.len().min(200))?;
        let head = String::from_utf8_lossy(head);
        let after =
            head.trim_start().strip_prefix("<?xml")?.split("?>").next()?.split_once("encoding")?.1.to_owned();
        let label = after.trim_start_matches(['=', ' ']).get(1..)?.split(['"', '\'']).next()?.to_owned();
        encoding_rs::Encoding::for_label(label.as_bytes())
    });
    let (text, _, damaged) = declared.unwrap_or(encoding_rs::UTF_8).decode(bytes);
    if damaged {
        return Err(
            Fault::new(code::NOT_XML, 1).with("why", "its bytes are not in the encoding that it names")
        );
    }
    Ok(text.into_owned())
}

/// Walks a document, giving each part to `visit` in order. Memory holds one part at a time.
pub(super) fn walk(text: &str, visit: &mut dyn FnMut(Part) -> Result<(), Fault>) -> Result<(), Fault> {
    let mut walk = Walk {
        reader: NsReader::from_str(text),
        text,
        seen: 0,
        line: 1,
        stack: Vec::new(),
        elements: 0,
        depth: 0,
    };
    let mut rooted = false;
    loop {
        let event = match walk.reader.read_event() {
            Ok(event) => event,
            Err(e) => return Err(Fault::new(code::NOT_XML, walk.line()).with("why", e.to_string())),
        };
        match event {
            Event::Start(start) => {
                if walk.depth == 0 && rooted {
                    return Err(walk.fault("it has more than one root"));
                }
                rooted = true;
                walk.open(&start, visit)?;
            }
            Event::Empty(start) => {
                if walk.depth == 0 && rooted {
                    return Err(walk.fault("it has more than one root"));
                }
                rooted = true;
                walk.open(&start, visit)?;
                walk.close(visit)?;
            }
            Event::End(_) => walk.close(visit)?,
            Event::Text(t) => walk.append(&t.xml10_content())?,
            Event::CData(t) => walk.append(&t.xml10_content())?,
            Event::GeneralRef(r) => {
                let c = walk.entity(&r)?;
                walk.append(&c)?;
            }
            Event::DocType(_) => return Err(Fault::new(code::DOCUMENT_TYPE, walk.line())),
            Event::Eof => break,
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
        }
    }
    if walk.depth != 0 {
        return Err(walk.fault("it ends before its elements do"));
    }
    if !rooted {
        return Err(walk.fault("it has no element"));
    }
    Ok(())
}

struct Walk<'t> {
    reader: NsReader<&'t [u8]>,
    text: &'t str,
    seen: usize,
    line: u64,
    /// The section being read, from its top down.
    stack: Vec<Element>,
    elements: usize,
    depth: usize,
}

impl Walk<'_> {
    fn line(&mut self) -> u64 {
        let at = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX).min(self.text.len());
        if let Some(passed) = self.text.as_bytes().get(self.seen..at) {
            self.line += memchr::memchr_iter(b'\n', passed).count() as u64;
            self.seen = at;
        }
        self.line
    }

    fn fault(&mut self, why: &str) -> Fault {
        Fault::new(code::NOT_XML, self.line()).with("why", why)
    }

    fn limit(&mut self, what: &str, limit: usize) -> Fault {
        Fault::new(code::LIMIT, self.line()).with("what", what).with("limit", limit.to_string())
    }

    fn open(
        &mut self,
        start: &BytesStart<'_>,
        visit: &mut dyn FnMut(Part) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        if self.depth >= MAX_DEPTH {
            return Err(self.limit("depth of nesting", MAX_DEPTH));
        }
        let element = self.element(start)?;
        match self.depth {
            0 => visit(Part::Root(element))?,
            1 => visit(Part::Chapter(element))?,
            _ => {
                self.elements += 1;
                if self.elements > MAX_ELEMENTS {
                    return Err(self.limit("number of elements in one part", MAX_ELEMENTS));
                }
                self.stack.push(element);
            }
        }
        self.depth += 1;
        Ok(())
    }

    fn close(&mut self, visit: &mut dyn FnMut(Part) -> Result<(), Fault>) -> Result<(), Fault> {
        self.depth = self.depth.saturating_sub(1);
        let Some(element) = self.stack.pop() else { return Ok(()) };
        match self.stack.last_mut() {
            Some(parent) => parent.children.push(element),
            None => {
                self.elements = 0;
                visit(Part::Section(element))?;
            }
        }
        Ok(())
    }

    fn append(&mut self, text: &str) -> Result<(), Fault> {
        match self.stack.last_mut() {
            Some(element) => element.text.push_str(text),
            None if text.trim_matches([' ', '\t', '\r', '\n', '\u{feff}']).is_empty() => {}
            None if self.depth == 0 => return Err(self.fault("text stands outside its root")),
            None => {
                let line = self.line();
                return Err(Fault::new(code::STRAY_TEXT, line).with("text", shorten(text)));
            }
        }
        Ok(())
    }

    fn entity(&mut self, r: &BytesRef<'_>) -> Result<String, Fault> {
        if let Ok(Some(c)) = r.resolve_char_ref() {
            return Ok(c.to_string());
        }
        let name = r.xml10_content();
        match quick_xml::escape::resolve_xml_entity(&name) {
            Some(text) => Ok(text.to_owned()),
            None => Err(Fault::new(code::ENTITY, self.line()).with("name", shorten(&name))),
        }
    }

    fn element(&mut self, start: &BytesStart<'_>) -> Result<Element, Fault> {
        let line = self.line();
        let (space, name) = self.reader.resolver().resolve_element(start.name());
        let (space, name) = (space_of(&space), name.as_ref().to_owned());
        let mut attributes: Vec<Attribute> = Vec::new();
        for (n, attribute) in start.attributes().with_checks(false).enumerate() {
            if n >= MAX_ATTRIBUTES {
                return Err(self.limit("number of attributes of one element", MAX_ATTRIBUTES));
            }
            let attribute =
                attribute.map_err(|e| Fault::new(code::NOT_XML, line).with("why", e.to_string()))?;
            if attribute.key.as_namespace_binding().is_some() {
                continue;
            }
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|e| Fault::new(code::NOT_XML, line).with("why", e.to_string()))?
                .into_owned();
            let (of, local) = self.reader.resolver().resolve_attribute(attribute.key);
            let (of, local) = (space_of(&of), local.as_ref().to_owned());
            if of != Space::Other && attributes.iter().any(|a| a.space == of && a.name == local) {
                let why = format!("an element carries the attribute {local} twice");
                return Err(Fault::new(code::NOT_XML, line).with("why", why));
            }
            attributes.push(Attribute { space: of, name: local, value });
        }
        Ok(Element { space, name, line, attributes, children: Vec::new(), text: String::new() })
    }
}

fn space_of(resolved: &ResolveResult<'_>) -> Space {
    match resolved {
        ResolveResult::Unbound => Space::None,
        ResolveResult::Bound(Namespace(IDS)) => Space::Ids,
        ResolveResult::Bound(Namespace(XS)) => Space::Xs,
        ResolveResult::Bound(Namespace(XSI | XML)) => Space::Reserved,
        _ => Space::Other,
    }
}

/// A text of the document as a message may repeat it.
pub(super) fn shorten(text: &str) -> String {
    const LONGEST: usize = 80;
    let text = text.trim();
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
