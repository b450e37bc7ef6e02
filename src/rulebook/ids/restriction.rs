//! `simpleValue` and `xs:restriction`, from XML.

use super::constraint::{Bound, BoundKind, Constraint, Restriction};
use super::fault::{Fault, code};
use super::literal::Base;
use super::pattern::{Pattern, Refusal};
use super::xml::{Element, Space, shorten};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Different patterns of one document that are compiled; what lies beyond cannot be decided.
const MAX_PATTERNS: usize = 1_000;

/// Patterns of a document, each compiled once.
#[derive(Default)]
pub(super) struct Patterns {
    known: BTreeMap<String, Result<Pattern, Refusal>>,
}

impl Patterns {
    fn get(&mut self, source: &str) -> Result<Pattern, Refusal> {
        if let Some(known) = self.known.get(source) {
            return known.clone();
        }
        if self.known.len() >= MAX_PATTERNS {
            return Err(Refusal::Unsupported(format!("the document has more than {MAX_PATTERNS} patterns")));
        }
        let pattern = Pattern::new(source);
        self.known.insert(source.to_owned(), pattern.clone());
        pattern
    }
}

/// The value of a parameter, such as `<name>`: exactly one `simpleValue` or `xs:restriction`.
pub(super) fn constraint(
    of: &Element,
    patterns: &mut Patterns,
    faults: &mut Vec<Fault>,
) -> Option<Constraint> {
    let mut found = None;
    for child in &of.children {
        let one = match (child.space, child.name.as_str()) {
            (Space::Ids, "simpleValue") => {
                if let Some(inner) = child.children.first() {
                    faults.push(super::read::misplaced(inner, "simpleValue"));
                }
                Constraint::Simple(child.text.clone())
            }
            (Space::Xs, "restriction") => {
                Constraint::Restricted(Box::new(restriction(child, patterns, faults)))
            }
            _ => {
                faults.push(super::read::misplaced(child, &of.name));
                continue;
            }
        };
        if found.is_some() {
            faults
                .push(Fault::new(code::ORDER, child.line).with("name", &child.name).with("parent", &of.name));
            continue;
        }
        found = Some(one);
    }
    if found.is_none() {
        faults.push(Fault::new(code::MISSING, of.line).with("name", "simpleValue").with("parent", &of.name));
    }
    found
}

fn restriction(of: &Element, patterns: &mut Patterns, faults: &mut Vec<Fault>) -> Restriction {
    let mut out = Restriction::default();
    match of.attribute("base") {
        None => faults.push(
            Fault::new(code::ATTRIBUTE_MISSING, of.line)
                .with("name", "base")
                .with("parent", "xs:restriction"),
        ),
        Some(name) => {
            let local = name.split_once(':').map_or(name, |(_, local)| local);
            out.base = Base::named(local);
            if out.base.is_none() {
                faults.push(Fault::new(code::BASE, of.line).with("base", shorten(name)));
            }
        }
    }
    for child in &of.children {
        if child.space == Space::Xs && child.name == "annotation" {
            continue;
        }
        if child.space != Space::Xs {
            faults.push(super::read::misplaced(child, "xs:restriction"));
            continue;
        }
        let Some(value) = child.attribute("value") else {
            let fault = Fault::new(code::ATTRIBUTE_MISSING, child.line);
            faults.push(fault.with("name", "value").with("parent", format!("xs:{}", child.name)));
            continue;
        };
        facet(&mut out, child, value, patterns, faults);
    }
    if out.is_empty() && out.unsupported.is_empty() {
        faults.push(Fault::new(code::RESTRICTION_EMPTY, of.line));
    }
    out.seal();
    contradictions(&out, of.line, faults);
    out
}

fn facet(out: &mut Restriction, of: &Element, value: &str, patterns: &mut Patterns, faults: &mut Vec<Fault>) {
    let base = out.base;
    if let Some(base) = base.filter(|&b| !goes_with(&of.name, b)) {
        let fault = Fault::new(code::FACET_OF_BASE, of.line);
        faults.push(fault.with("facet", format!("xs:{}", of.name)).with("base", base.name()));
    }
    let bad_value = |faults: &mut Vec<Fault>| {
        let fault = Fault::new(code::FACET_VALUE, of.line).with("facet", format!("xs:{}", of.name));
        faults.push(fault.with("value", shorten(value)).with("base", base.map_or("", Base::name)));
    };
    let bound = match of.name.as_str() {
        "enumeration" => {
            if base.is_some_and(|b| !b.holds(value)) {
                bad_value(faults);
            }
            out.allow(value);
            return;
        }
        "pattern" => {
            match patterns.get(value) {
                Ok(pattern) => out.patterns.push(pattern),
                Err(refusal) => {
                    let fault = match refusal {
                        Refusal::Invalid(why, at) => {
                            Fault::new(code::PATTERN, of.line).with("why", why).with("at", at.to_string())
                        }
                        Refusal::Unsupported(why) => {
                            Fault::new(code::PATTERN_UNSUPPORTED, of.line).with("why", why)
                        }
                    };
                    faults.push(fault.with("pattern", shorten(value)));
                    out.patterns.push(Pattern::refused(value));
                }
            }
            return;
        }
        "length" | "minLength" | "maxLength" => {
            match value.trim().parse::<usize>() {
                Ok(n) if of.name == "length" => out.length = Some(n),
                Ok(n) if of.name == "minLength" => out.min_length = Some(n),
                Ok(n) => out.max_length = Some(n),
                Err(_) => {
                    bad_value(faults);
                    out.unsupported.push(format!("{} {}", of.name, shorten(value)));
                }
            }
            return;
        }
        "minInclusive" => BoundKind::MinInclusive,
        "minExclusive" => BoundKind::MinExclusive,
        "maxInclusive" => BoundKind::MaxInclusive,
        "maxExclusive" => BoundKind::MaxExclusive,
        // Whitespace, totalDigits, fractionDigits: left out of IDS ("Restrictions", developer guide).
        _ => {
            if base.is_none_or(|b| goes_with(&of.name, b)) {
                faults.push(super::read::misplaced(of, "xs:restriction"));
            }
            out.unsupported.push(format!("{} {}", of.name, shorten(value)));
            return;
        }
    };
    if base.is_some_and(|b| !b.holds(value)) {
        bad_value(faults);
    }
    out.bounds.push(Bound::new(bound, value));
}

/// Which facets a base may carry (XML Schema part 2, table C.1, less what IDS leaves out).
fn goes_with(facet: &str, base: Base) -> bool {
    match facet {
        "enumeration" => base != Base::Boolean,
        "pattern" => true,
        "length" | "minLength" | "maxLength" => base.is_text(),
        "minInclusive" | "minExclusive" | "maxInclusive" | "maxExclusive" => {
            !base.is_text() && base != Base::Boolean
        }
        _ => false,
    }
}

fn contradictions(r: &Restriction, line: u64, faults: &mut Vec<Fault>) {
    let lengths = match (r.min_length.max(r.length), r.max_length.or(r.length)) {
        (Some(least), Some(most)) => least > most,
        _ => false,
    };
    let lows =
        || r.bounds.iter().filter(|b| matches!(b.kind, BoundKind::MinInclusive | BoundKind::MinExclusive));
    let highs =
        || r.bounds.iter().filter(|b| matches!(b.kind, BoundKind::MaxInclusive | BoundKind::MaxExclusive));
    let crossed = r.base.is_some_and(|base| {
        lows().any(|low| {
            highs().any(|high| match base.compare(&low.text, &high.text) {
                Some(Ordering::Greater) => true,
                Some(Ordering::Equal) => {
                    low.kind == BoundKind::MinExclusive || high.kind == BoundKind::MaxExclusive
                }
                _ => false,
            })
        })
    });
    if lengths || crossed || lows().count() > 1 || highs().count() > 1 {
        faults.push(Fault::new(code::CONTRADICTION, line));
    }
}
