//! XML as a tree: read within limits, written with every character that it had.

use super::super::harmless;
use crate::error::{Error, Result};
use crate::place::Place;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// Deepest nesting: BCF needs eight levels.
const MAX_DEPTH: usize = 32;
/// Most elements of one document.
const MAX_NODES: usize = 2_000_000;

/// An element with its attributes, its text and its children, in the document's order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// Name with its prefix, as written.
    pub name: String,
    /// Names and values.
    pub attributes: Vec<(String, String)>,
    /// Text directly inside; white space between children is dropped.
    pub text: String,
    /// Child elements.
    pub children: Vec<Node>,
}

impl Node {
    /// An empty element.
    pub fn new(name: &str) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// An element that holds text.
    pub fn leaf(name: &str, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into(), ..Self::default() }
    }

    /// With an attribute more.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.attributes.push((name.into(), value.into()));
        self
    }

    /// With children more.
    #[must_use]
    pub fn holding(mut self, children: impl IntoIterator<Item = Node>) -> Self {
        self.children.extend(children);
        self
    }

    /// Value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// The first child of that name.
    pub fn child(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|c| c.name == name)
    }

    /// Children of that name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Node> + 'a {
        self.children.iter().filter(move |c| c.name == name)
    }

    /// Text of the first child of that name.
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|c| c.text.as_str())
    }

    /// The document, with its declaration.
    pub fn document(&self) -> String {
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        self.write(0, &mut out);
        out
    }

    /// Depth is bounded: by [`parse`] for what was read, by the writers for what they build.
    fn write(&self, depth: usize, out: &mut String) {
        let indent = |out: &mut String| out.extend(std::iter::repeat_n("  ", depth));
        indent(out);
        out.push('<');
        out.push_str(&self.name);
        for (name, value) in &self.attributes {
            out.push(' ');
            out.push_str(name);
            out.push_str("=\"");
            harmless::xml(value, out);
            out.push('"');
        }
        if self.text.is_empty() && self.children.is_empty() {
            out.push_str("/>\n");
            return;
        }
        out.push('>');
        harmless::xml(&self.text, out);
        if !self.children.is_empty() {
            out.push('\n');
            for child in &self.children {
                child.write(depth + 1, out);
            }
            indent(out);
        }
        out.push_str("</");
        out.push_str(&self.name);
        out.push_str(">\n");
    }
}

/// Reads a document. Document types are refused, since entities of one's own have no place in BCF.
///
/// # Errors
/// When it is not well-formed, or beyond the limits.
pub(super) fn parse(file: &str, bytes: &[u8]) -> Result<Node> {
    let wrong = |what: String| Error::read(Place::file(file), what);
    let text = encoding_rs::UTF_8.decode(bytes).0;
    let mut reader = Reader::from_str(&text);
    let mut open: Vec<Node> = vec![Node::default()];
    let mut nodes = 0_usize;
    loop {
        let event = reader.read_event().map_err(|e| wrong(format!("is no well-formed XML: {e}")))?;
        match event {
            Event::Start(start) => {
                nodes += 1;
                if open.len() > MAX_DEPTH || nodes > MAX_NODES {
                    return Err(wrong(format!(
                        "nests deeper than {MAX_DEPTH} or holds over {MAX_NODES} elements"
                    )));
                }
                open.push(element(&start).map_err(wrong)?);
            }
            Event::Empty(start) => {
                nodes += 1;
                if nodes > MAX_NODES {
                    return Err(wrong(format!("holds over {MAX_NODES} elements")));
                }
                let node = element(&start).map_err(wrong)?;
                if let Some(parent) = open.last_mut() {
                    parent.children.push(node);
                }
            }
            Event::End(_) => close(&mut open),
            Event::Text(text) => append(&mut open, &text.xml10_content()),
            Event::CData(text) => append(&mut open, &text.xml10_content()),
            Event::GeneralRef(reference) => {
                let character = reference.resolve_char_ref().map_err(|e| wrong(e.to_string()))?;
                let name: &str = reference.as_ref();
                match (character, quick_xml::escape::resolve_xml_entity(name)) {
                    (Some(c), _) => append(&mut open, c.encode_utf8(&mut [0; 4])),
                    (None, Some(text)) => append(&mut open, text),
                    (None, None) => return Err(wrong("names an entity that XML does not know".into())),
                }
            }
            Event::DocType(_) => return Err(wrong("has a document type, which is refused".into())),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
            Event::Eof => break,
        }
    }
    if open.len() != 1 {
        return Err(wrong("ends in the middle of an element".into()));
    }
    let root = open.pop().and_then(|document| document.children.into_iter().next());
    root.ok_or_else(|| wrong("holds no element".into()))
}

fn element(start: &BytesStart<'_>) -> std::result::Result<Node, String> {
    let mut node = Node::new(start.name().as_ref());
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|e| e.to_string())?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|e| e.to_string())?;
        node.attributes.push((attribute.key.as_ref().to_owned(), value.into_owned()));
    }
    Ok(node)
}

fn append(open: &mut [Node], text: &str) {
    if let Some(node) = open.last_mut() {
        node.text.push_str(text);
    }
}

fn close(open: &mut Vec<Node>) {
    if open.len() < 2 {
        return;
    }
    if let Some(mut node) = open.pop() {
        // between children, white space is layout; in a leaf it belongs to the text
        if !node.children.is_empty() && node.text.trim().is_empty() {
            node.text.clear();
        }
        if let Some(parent) = open.last_mut() {
            parent.children.push(node);
        }
    }
}
