//! From the text of a schema to its tables.

use super::{Attribute, Definition, Edition, Entity, Inverse, Schema, TypeDefinition};

/// A line of the file before inheritance is put in.
struct Own {
    name: &'static str,
    is_abstract: bool,
    supertype: Option<&'static str>,
    attributes: &'static str,
    inverses: &'static str,
    derived: &'static str,
}

/// Reads a schema. The text is part of the program; a line that is no declaration is left out, and a test counts.
pub(super) fn schema(edition: Edition, name: &'static str, text: &'static str) -> Schema {
    let mut own = Vec::new();
    let mut types = Vec::new();
    for line in text.lines() {
        match line.find(['{', '(', '=', '<', ':', '^', '~']).map(|at| (at, line.as_bytes()[at])) {
            Some((at, b'{')) => {
                let items = line[at + 1..].trim_end_matches('}').split(',').collect();
                types.push((&line[..at], TypeDefinition::Enumeration(items)));
            }
            Some((at, b'(')) => {
                let items = line[at + 1..].trim_end_matches(')').split('|').collect();
                types.push((&line[..at], TypeDefinition::Select(items)));
            }
            Some((at, b'=')) => types.push((&line[..at], TypeDefinition::Alias(&line[at + 1..]))),
            _ => own.push(declaration(line)),
        }
    }
    types.sort_by_key(|t| t.0);
    let mut definitions: Vec<Definition> = Vec::with_capacity(own.len());
    let keywords = Keywords::new(own.iter().map(|o| o.name));
    let parents: Vec<Option<usize>> = own
        .iter()
        .map(|o| o.supertype.and_then(|s| own.binary_search_by(|x| compare(x.name, s)).ok()))
        .collect();
    let spans = spans(&parents);
    for (i, o) in own.iter().enumerate() {
        let mut chain = vec![i];
        while let Some(parent) = chain.last().and_then(|&at| parents[at]) {
            chain.push(parent);
        }
        let mut attributes: Vec<Attribute> =
            chain.iter().rev().flat_map(|&at| items(own[at].attributes).map(attribute)).collect();
        for name in items(o.derived) {
            attributes.iter_mut().filter(|a| a.name == name).for_each(|a| a.derived = true);
        }
        definitions.push(Definition {
            name: o.name,
            supertype: parents[i].map(|p| Entity(p as u16)),
            is_abstract: o.is_abstract,
            attributes,
            inverses: chain.iter().rev().flat_map(|&at| items(own[at].inverses).map(inverse)).collect(),
            span: spans[i],
        });
    }
    Schema { edition, name, definitions, keywords, types }
}

/// `*Name<Super:attributes^inverses~derived`, everything but the name optional.
fn declaration(line: &'static str) -> Own {
    let (line, derived) = line.split_once('~').unwrap_or((line, ""));
    let (line, inverses) = line.split_once('^').unwrap_or((line, ""));
    let (line, attributes) = line.split_once(':').unwrap_or((line, ""));
    let (line, supertype) = line.split_once('<').map_or((line, None), |(l, s)| (l, Some(s)));
    let name = line.trim_start_matches('*');
    Own { name, is_abstract: name.len() < line.len(), supertype, attributes, inverses, derived }
}

fn items(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.split(',').filter(|s| !s.is_empty())
}

fn attribute(item: &'static str) -> Attribute {
    let (name, of) = item.split_once('=').unwrap_or((item, ""));
    Attribute { name: name.trim_end_matches('?'), optional: name.ends_with('?'), derived: false, of }
}

fn inverse(item: &'static str) -> Inverse {
    let (name, rest) = item.split_once('=').unwrap_or((item, ""));
    let at = rest.rfind(']').map_or(0, |i| i + 1);
    let (entity, attribute) = rest[at..].split_once('.').unwrap_or((&rest[at..], ""));
    Inverse { name, bounds: &rest[..at], entity, attribute }
}

/// The order of the file: letters without their case.
fn compare(a: &str, b: &str) -> std::cmp::Ordering {
    a.bytes().map(|c| c.to_ascii_uppercase()).cmp(b.bytes().map(|c| c.to_ascii_uppercase()))
}

/// For each entity its place in a walk of the tree, and the last place below it.
fn spans(parents: &[Option<usize>]) -> Vec<(u16, u16)> {
    let mut children = vec![Vec::new(); parents.len()];
    let mut stack = Vec::new();
    for (i, parent) in parents.iter().enumerate() {
        match parent {
            Some(p) => children[*p].push(i),
            None => stack.push((i, false)),
        }
    }
    let mut spans = vec![(0, 0); parents.len()];
    let mut next = 0u16;
    while let Some((i, done)) = stack.pop() {
        if done {
            spans[i].1 = next.wrapping_sub(1);
        } else {
            spans[i].0 = next;
            next += 1;
            stack.push((i, true));
            stack.extend(children[i].iter().map(|&c| (c, false)));
        }
    }
    spans
}

/// Keyword → entity: open addressing, a power of two of slots at most a quarter full.
#[derive(Debug)]
pub(super) struct Keywords {
    slots: Vec<u16>,
    /// The names as nearly all files have them, in capitals.
    capitals: Vec<String>,
}

const EMPTY: u16 = u16::MAX;

impl Keywords {
    fn new(names: impl Iterator<Item = &'static str>) -> Self {
        let capitals: Vec<String> = names.map(str::to_ascii_uppercase).collect();
        let size = (capitals.len() * 4).next_power_of_two();
        let mut slots = vec![EMPTY; size];
        for (i, name) in capitals.iter().enumerate() {
            let mut at = hash(name.as_bytes()) as usize & (size - 1);
            while slots[at] != EMPTY {
                at = (at + 1) & (size - 1);
            }
            slots[at] = i as u16;
        }
        Self { slots, capitals }
    }

    pub(super) fn find(&self, keyword: &[u8]) -> Option<Entity> {
        let mask = self.slots.len() - 1;
        let mut at = hash(keyword) as usize & mask;
        loop {
            let i = *self.slots.get(at)?;
            if i == EMPTY {
                return None;
            }
            let name = self.capitals.get(usize::from(i))?.as_bytes();
            if name == keyword || name.eq_ignore_ascii_case(keyword) {
                return Some(Entity(i));
            }
            at = (at + 1) & mask;
        }
    }
}

/// A hash that is blind to the case of letters: of the length, the eight letters behind `IFC` and the last eight, which
/// tell nearly all names apart.
fn hash(keyword: &[u8]) -> u64 {
    const CASE: u64 = 0x2020_2020_2020_2020;
    const MIX: u64 = 0x9E37_79B9_7F4A_7C15;
    let first = keyword.get(3..).and_then(|k| k.first_chunk::<8>());
    let (first, last) = match (first, keyword.last_chunk::<8>()) {
        (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
        _ => (keyword.iter().fold(0, |w, &b| w << 8 | u64::from(b)), 0),
    };
    let h = ((first | CASE) ^ (last | CASE).rotate_left(23) ^ keyword.len() as u64).wrapping_mul(MIX);
    h ^ (h >> 32)
}
