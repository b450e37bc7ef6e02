//! The part of CSS that decides how plans look: simple selectors, and the handful of properties that matter here.

use roxmltree::Node;
use std::cell::Cell;
use std::collections::HashMap;

/// Rules that are looked at; a style sheet with more is cut off.
const MAX_RULES: usize = 2_000;
/// Classes of one element: each can meet all rules.
const MAX_CLASSES: usize = 200;

/// `tag#id.class.class`, each part optional.
#[derive(Debug, Default, PartialEq)]
struct Compound {
    tag: Option<String>,
    id: Option<String>,
    classes: Vec<String>,
}

/// One selector with its declarations.
#[derive(Debug)]
struct Rule {
    /// Outer to inner; all have to match, the last one the element itself.
    chain: Vec<Compound>,
    weight: (usize, usize, usize, usize),
    declarations: Vec<(String, String)>,
}

/// The style sheets of a file.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    rules: Vec<Rule>,
    /// Rules by what their innermost part asks for first: a class, an id, a tag; the rest ask for nothing.
    by_class: HashMap<String, Vec<usize>>,
    by_id: HashMap<String, Vec<usize>>,
    by_tag: HashMap<String, Vec<usize>>,
    rest: Vec<usize>,
    /// Rules that were held against elements.
    held: Cell<u64>,
}

impl Compound {
    fn parse(text: &str) -> Option<Self> {
        let mut out = Self::default();
        let mut rest = text;
        while !rest.is_empty() {
            let end = rest[1..].find(['.', '#']).map_or(rest.len(), |i| i + 1);
            let (part, more) = rest.split_at(end);
            if part.contains([':', '[', '>', '+', '~']) {
                return None;
            }
            match part.as_bytes()[0] {
                b'.' => out.classes.push(part[1..].to_string()),
                b'#' => out.id = Some(part[1..].to_string()),
                _ if part == "*" => {}
                _ if part.is_ascii() => out.tag = Some(part.to_string()),
                _ => return None,
            }
            rest = more;
        }
        Some(out)
    }

    fn matches(&self, node: Node<'_, '_>) -> bool {
        self.tag.as_deref().is_none_or(|t| t == node.tag_name().name())
            && self.id.as_deref().is_none_or(|id| node.attribute("id") == Some(id))
            && self.classes.iter().all(|c| classes(node).any(|n| n == c))
    }
}

/// Classes of an element.
pub(super) fn classes<'n>(node: Node<'n, '_>) -> impl Iterator<Item = &'n str> {
    all_classes(node).take(MAX_CLASSES)
}

/// Of its classes some are left out.
pub(super) fn has_too_many(node: Node<'_, '_>) -> bool {
    all_classes(node).nth(MAX_CLASSES).is_some()
}

fn all_classes<'n>(node: Node<'n, '_>) -> impl Iterator<Item = &'n str> {
    node.attribute("class").unwrap_or_default().split_ascii_whitespace()
}

/// `name: value` pairs.
fn declarations(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split(';').filter_map(|d| {
        let (name, value) = d.split_once(':')?;
        Some((name.trim(), value.trim().trim_end_matches("!important").trim()))
    })
}

impl Sheet {
    /// Takes in the text of a `<style>`; at-rules and selectors beyond simple ones are passed over. False where rules are
    /// left out, since there are too many.
    pub(super) fn add(&mut self, text: &str) -> bool {
        let mut plain = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(from) = rest.find("/*") {
            plain.push_str(&rest[..from]);
            rest = rest[from + 2..].find("*/").map_or("", |to| &rest[from + 2 + to + 2..]);
        }
        plain.push_str(rest);
        for block in plain.split('}') {
            let Some((selectors, body)) = block.rsplit_once('{') else { continue };
            if selectors.contains('@') {
                continue;
            }
            let body: Vec<(String, String)> =
                declarations(body).map(|(n, v)| (n.to_ascii_lowercase(), v.to_string())).collect();
            for selector in selectors.split(',') {
                let chain: Option<Vec<Compound>> =
                    selector.split_ascii_whitespace().filter(|p| *p != ">").map(Compound::parse).collect();
                let Some(chain) = chain.filter(|c| !c.is_empty()) else { continue };
                if self.rules.len() >= MAX_RULES {
                    return false;
                }
                let sum = |f: fn(&Compound) -> usize| chain.iter().map(f).sum::<usize>();
                let weight = (
                    sum(|c| usize::from(c.id.is_some())),
                    sum(|c| c.classes.len()),
                    sum(|c| usize::from(c.tag.is_some())),
                    self.rules.len(),
                );
                self.rules.push(Rule { chain, weight, declarations: body.clone() });
            }
        }
        true
    }

    /// Rules that were held against elements so far: what style has cost.
    pub(super) fn held(&self) -> u64 {
        self.held.get()
    }

    /// Later rules of the same weight win.
    pub(super) fn sort(&mut self) {
        self.rules.sort_by_key(|r| r.weight);
        for (number, rule) in self.rules.iter().enumerate() {
            let Some(own) = rule.chain.last() else { continue };
            let list = match (own.classes.first(), &own.id, &own.tag) {
                (Some(class), ..) => self.by_class.entry(class.clone()).or_default(),
                (None, Some(id), _) => self.by_id.entry(id.clone()).or_default(),
                (None, None, Some(tag)) => self.by_tag.entry(tag.clone()).or_default(),
                _ => &mut self.rest,
            };
            list.push(number);
        }
    }

    /// Numbers of the rules that an element may meet, in their order.
    fn candidates(&self, node: Node<'_, '_>) -> Vec<usize> {
        let mut out = self.rest.clone();
        let id = node.attribute("id").and_then(|id| self.by_id.get(id));
        let lists = classes(node).filter_map(|c| self.by_class.get(c));
        for list in lists.chain(id).chain(self.by_tag.get(node.tag_name().name())) {
            out.extend_from_slice(list);
        }
        out.sort_unstable();
        out.dedup();
        self.held.set(self.held.get().saturating_add(out.len() as u64));
        out
    }

    /// The properties of an element itself: presentation attributes, then rules, then `style`.
    pub(super) fn of<'s>(&'s self, node: Node<'s, '_>) -> HashMap<&'s str, &'s str> {
        let mut out: HashMap<&str, &str> = HashMap::new();
        for a in node.attributes().filter(|a| a.namespace().is_none()) {
            out.insert(a.name(), a.value());
        }
        for rule in self.candidates(node).into_iter().filter_map(|n| self.rules.get(n)) {
            let Some((own, outer)) = rule.chain.split_last() else { continue };
            if !own.matches(node) {
                continue;
            }
            let mut above = node.ancestors().skip(1).filter(Node::is_element);
            if outer.iter().rev().all(|c| above.by_ref().any(|n| c.matches(n))) {
                out.extend(rule.declarations.iter().map(|(n, v)| (n.as_str(), v.as_str())));
            }
        }
        if let Some(style) = node.attribute("style") {
            out.extend(declarations(style));
        }
        out
    }
}

/// A paint: none, a colour as 0xRRGGBB, or a pattern by name.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Paint {
    None,
    Colour(u32),
    Pattern(String),
}

/// From a property's value; what is not understood is black, as for plans only being drawn counts.
pub(super) fn paint(text: &str) -> Paint {
    let text = text.trim();
    let hex = |s: &str| u32::from_str_radix(s, 16).ok();
    if let Some(name) = text.strip_prefix("url(") {
        return Paint::Pattern(
            name.trim_end_matches(')').trim_matches(['\'', '"']).trim_start_matches('#').to_string(),
        );
    }
    if let Some(digits) = text.strip_prefix('#') {
        let value = match digits.len() {
            3 => hex(digits)
                .map(|v| (((v >> 8) * 0x11) << 16) | ((((v >> 4) & 15) * 0x11) << 8) | ((v & 15) * 0x11)),
            _ => digits.get(..6).and_then(hex),
        };
        return Paint::Colour(value.unwrap_or(0));
    }
    if let Some(list) = text.strip_prefix("rgb(").or(text.strip_prefix("rgba(")) {
        let parts: Vec<f64> =
            list.trim_end_matches(')').split([',', ' ']).filter_map(|p| p.trim().parse().ok()).collect();
        let byte = |i: usize| parts.get(i).copied().unwrap_or(0.0).clamp(0.0, 255.0) as u32;
        return Paint::Colour(byte(0) << 16 | byte(1) << 8 | byte(2));
    }
    match text.to_ascii_lowercase().as_str() {
        "none" | "transparent" => Paint::None,
        "white" => Paint::Colour(0xFF_FFFF),
        "red" => Paint::Colour(0xFF_0000),
        "green" => Paint::Colour(0x00_8000),
        "blue" => Paint::Colour(0x00_00FF),
        "gray" | "grey" => Paint::Colour(0x80_8080),
        "lightgray" | "lightgrey" => Paint::Colour(0xD3_D3D3),
        _ => Paint::Colour(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heavier_rule_wins() {
        let mut sheet = Sheet::default();
        let _ = sheet.add("/* x */ .cut.IfcWall { stroke-width: 2 } g .cut { stroke-width: 1 } line { stroke-width: 9 } a:hover{fill:red}");
        sheet.sort();
        let text = "<g><line class='IfcWall cut' stroke-width='5'/><line/></g>";
        let doc = roxmltree::Document::parse(text).unwrap();
        let of = |i: usize| {
            sheet.of(doc.descendants().filter(|n| n.has_tag_name("line")).nth(i).unwrap())["stroke-width"]
                .to_string()
        };
        assert_eq!((of(0), of(1)), ("2".to_string(), "9".to_string()));
    }

    #[test]
    fn paints() {
        assert_eq!(paint("#c8f"), Paint::Colour(0xCC_88FF));
        assert_eq!(paint("none"), Paint::None);
        assert_eq!(paint("url(#concrete)"), Paint::Pattern("concrete".into()));
        assert_eq!(paint("rgb(1, 2,3)"), Paint::Colour(0x01_0203));
    }
}
