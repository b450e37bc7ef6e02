//! What a parameter of a facet asks of a value: the simple value or the restriction, and how it judges.

use super::literal::{self, Base};
use super::pattern::Pattern;
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// The relative and the absolute part of the tolerance between floating-point numbers (IDS 1.0, tolerance.md).
const TOLERANCE: f64 = 1.0e-6;
/// Share of the tolerance that its own computation may be off by: its ends are decimal, the numbers binary.
const ROUNDING: f64 = 1.0e-9;

/// What is asked of a value.
#[derive(Clone, Debug)]
pub enum Constraint {
    /// To be this value.
    Simple(String),
    /// To satisfy all facets of an `xs:restriction`.
    Restricted(Box<Restriction>),
}

/// An `xs:restriction`.
#[derive(Clone, Debug, Default)]
pub struct Restriction {
    /// Its base, where it is one that IDS knows.
    pub base: Option<Base>,
    /// `xs:enumeration`, in the order of the document: one must be met.
    pub enumeration: Vec<String>,
    /// `xs:pattern`: one must be met.
    pub patterns: Vec<Pattern>,
    /// Bounds: all must be met.
    pub bounds: Vec<Bound>,
    /// `xs:length`.
    pub length: Option<usize>,
    /// `xs:minLength`.
    pub min_length: Option<usize>,
    /// `xs:maxLength`.
    pub max_length: Option<usize>,
    /// Facets that IDS leaves out, such as `totalDigits`: what they ask cannot be decided.
    pub unsupported: Vec<String>,
    texts: BTreeSet<String>,
    numbers: Vec<f64>,
}

/// A bound.
#[derive(Clone, Debug)]
pub struct Bound {
    /// From above or from below, and whether it is itself within.
    pub kind: BoundKind,
    /// As written.
    pub text: String,
    number: Option<f64>,
}

/// The four bounds of XML Schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoundKind {
    /// `xs:minInclusive`.
    MinInclusive,
    /// `xs:minExclusive`.
    MinExclusive,
    /// `xs:maxInclusive`.
    MaxInclusive,
    /// `xs:maxExclusive`.
    MaxExclusive,
}

/// A value that is judged: measures in SI units, texts decoded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Held<'a> {
    /// A text, or an item of an enumeration without its points.
    Text(&'a str),
    /// A real number.
    Real(f64),
    /// A whole number.
    Integer(i64),
    /// True or false.
    Boolean(bool),
}

/// What a constraint says of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is met.
    Yes,
    /// It is not met.
    No,
    /// It cannot be decided.
    Unknown,
}

impl Answer {
    /// Yes or no.
    pub fn of(met: bool) -> Self {
        if met { Self::Yes } else { Self::No }
    }

    /// Both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, Self::Yes) => Self::Yes,
            _ => Self::Unknown,
        }
    }

    /// Either.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::No, Self::No) => Self::No,
            _ => Self::Unknown,
        }
    }
}

impl Bound {
    /// A bound from its text.
    pub fn new(kind: BoundKind, text: &str) -> Self {
        Self { kind, text: text.to_owned(), number: literal::double(text).filter(|x| !x.is_nan()) }
    }

    /// Ranges with an excluded bound shrink by the tolerance, those with an included one grow by it, so that no
    /// number lies in both (IDS 1.0, "Range tolerance").
    fn admits(&self, x: f64) -> Answer {
        let Some(v) = self.number else { return Answer::Unknown };
        let slack = if v.is_finite() { v.abs() * TOLERANCE + TOLERANCE } else { 0.0 };
        Answer::of(match self.kind {
            BoundKind::MinInclusive => x >= v - slack,
            BoundKind::MinExclusive => x > v + slack,
            BoundKind::MaxInclusive => x <= v + slack,
            BoundKind::MaxExclusive => x < v - slack,
        })
    }

    fn admits_text(&self, base: Base, text: &str) -> Answer {
        let Some(order) = base.compare(text, &self.text) else { return Answer::Unknown };
        Answer::of(match self.kind {
            BoundKind::MinInclusive => order != Ordering::Less,
            BoundKind::MinExclusive => order == Ordering::Greater,
            BoundKind::MaxInclusive => order != Ordering::Greater,
            BoundKind::MaxExclusive => order == Ordering::Less,
        })
    }
}

/// Whether a number is the one asked for, within the tolerance. Its ends count, as the conformance suite has it; the
/// text of the standard leaves them out.
fn equal(x: f64, v: f64) -> bool {
    x == v || (v - reach(v) <= x && x <= v + reach(v))
}

/// How far from a number its equals lie.
fn reach(v: f64) -> f64 {
    (v.abs() * TOLERANCE + TOLERANCE) * (1.0 + ROUNDING)
}

/// Whether a whole number is the one asked for: exactly, since rounding cannot have touched it.
fn equal_integer(x: i64, text: &str) -> bool {
    match text.parse::<i64>() {
        Ok(v) => x == v,
        #[allow(clippy::cast_precision_loss)]
        Err(_) => literal::double(text).is_some_and(|v| v == x as f64),
    }
}

impl Restriction {
    /// Adds a value to choose from.
    pub fn allow(&mut self, value: &str) {
        self.enumeration.push(value.to_owned());
        self.texts.insert(value.to_owned());
        self.numbers.extend(literal::double(value).filter(|v| !v.is_nan()));
    }

    /// Makes it ready to judge, once all is added.
    pub fn seal(&mut self) {
        self.numbers.sort_by(f64::total_cmp);
    }

    /// Whether it asks nothing at all.
    pub fn is_empty(&self) -> bool {
        self.enumeration.is_empty()
            && self.patterns.is_empty()
            && self.bounds.is_empty()
            && self.length.is_none()
            && self.min_length.is_none()
            && self.max_length.is_none()
    }

    fn judge(&self, held: Held<'_>) -> Answer {
        let mut answer = if self.unsupported.is_empty() { Answer::Yes } else { Answer::Unknown };
        if !self.enumeration.is_empty() {
            answer = answer.and(Answer::of(self.lists(held)));
        }
        if !self.patterns.is_empty() {
            answer = answer.and(match held {
                Held::Text(text) => self.patterns.iter().fold(Answer::No, |a, p| {
                    if a == Answer::Yes {
                        a
                    } else {
                        a.or(p.matches(text).map_or(Answer::Unknown, Answer::of))
                    }
                }),
                _ => Answer::No,
            });
        }
        for bound in &self.bounds {
            answer = answer.and(match held {
                Held::Real(x) => bound.admits(x),
                #[allow(clippy::cast_precision_loss)]
                Held::Integer(x) => bound.admits(x as f64),
                Held::Text(text) => match self.base {
                    Some(base) if base.holds(text) && !base.is_number() => bound.admits_text(base, text),
                    _ => Answer::No,
                },
                Held::Boolean(_) => Answer::No,
            });
        }
        answer.and(self.measures(held))
    }

    fn lists(&self, held: Held<'_>) -> bool {
        match held {
            Held::Text(text) => self.texts.contains(text),
            Held::Real(x) => {
                // The upper end of the tolerance rises with the value, so that the first that reaches x decides.
                let at = self.numbers.partition_point(|&v| v + reach(v) < x);
                self.numbers.get(at).is_some_and(|&v| equal(x, v))
            }
            Held::Integer(x) => self.enumeration.iter().any(|v| equal_integer(x, v)),
            Held::Boolean(b) => self.enumeration.iter().any(|v| literal::boolean(v) == Some(b)),
        }
    }

    fn measures(&self, held: Held<'_>) -> Answer {
        if self.length.is_none() && self.min_length.is_none() && self.max_length.is_none() {
            return Answer::Yes;
        }
        let Held::Text(text) = held else { return Answer::No };
        let n = text.chars().count();
        Answer::of(
            self.length.is_none_or(|l| n == l)
                && self.min_length.is_none_or(|l| n >= l)
                && self.max_length.is_none_or(|l| n <= l),
        )
    }
}

impl Constraint {
    /// What it says of a value.
    pub fn judge(&self, held: Held<'_>) -> Answer {
        match self {
            Self::Restricted(restriction) => restriction.judge(held),
            Self::Simple(text) => Answer::of(match held {
                Held::Text(held) => held == text,
                Held::Real(x) => literal::double(text).is_some_and(|v| equal(x, v)),
                Held::Integer(x) => equal_integer(x, text),
                Held::Boolean(b) => literal::boolean(text) == Some(b),
            }),
        }
    }

    /// What it says of a text.
    pub fn judge_text(&self, text: &str) -> Answer {
        self.judge(Held::Text(text))
    }

    /// The one text that meets it, where it is so plain.
    pub fn only(&self) -> Option<&str> {
        match self {
            Self::Simple(text) => Some(text),
            Self::Restricted(r) => match r.enumeration.as_slice() {
                [one] if r.patterns.is_empty() && r.bounds.is_empty() && r.length.is_none() => Some(one),
                _ => None,
            },
        }
    }

    /// The texts that it names one by one: the simple value, or the values to choose from.
    pub fn named(&self) -> &[String] {
        match self {
            Self::Simple(text) => std::slice::from_ref(text),
            Self::Restricted(r) => &r.enumeration,
        }
    }
}

impl std::fmt::Display for Constraint {
    /// As a person would say it: `Foo`, `one of A, B`, `matching DT[0-9]+`, `≥ 3 and < 10`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        /// Values named before the rest is only counted.
        const NAMED: usize = 8;
        let r = match self {
            Self::Simple(text) => return f.write_str(text),
            Self::Restricted(r) => r,
        };
        let mut parts: Vec<String> = Vec::new();
        if !r.enumeration.is_empty() {
            let mut list = r.enumeration.iter().take(NAMED).cloned().collect::<Vec<_>>().join(" | ");
            if r.enumeration.len() > NAMED {
                list.push_str(&format!(" | … ({})", r.enumeration.len()));
            }
            parts.push(list);
        }
        if !r.patterns.is_empty() {
            let list: Vec<String> = r.patterns.iter().map(|p| format!("/{}/", p.source)).collect();
            parts.push(list.join(" | "));
        }
        for bound in &r.bounds {
            let sign = match bound.kind {
                BoundKind::MinInclusive => "≥",
                BoundKind::MinExclusive => ">",
                BoundKind::MaxInclusive => "≤",
                BoundKind::MaxExclusive => "<",
            };
            parts.push(format!("{sign} {}", bound.text));
        }
        for (sign, length) in [("=", r.length), ("≥", r.min_length), ("≤", r.max_length)] {
            if let Some(length) = length {
                parts.push(format!("length {sign} {length}"));
            }
        }
        parts.extend(r.unsupported.iter().cloned());
        f.write_str(&parts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn restricted(fill: impl FnOnce(&mut Restriction)) -> Constraint {
        let mut r = Restriction { base: Some(Base::Double), ..Restriction::default() };
        fill(&mut r);
        r.seal();
        Constraint::Restricted(Box::new(r))
    }

    #[test]
    fn equality_has_the_tolerance_of_ids() {
        let v = Constraint::Simple("1000".into());
        for (x, met) in [
            (1000.001, true),
            (1000.0010011, false),
            (999.999, true),
            (999.9989989, false),
            (999.998999, true),
        ] {
            assert_eq!(v.judge(Held::Real(x)), Answer::of(met), "{x}");
        }
        let zero = Constraint::Simple("0".into());
        assert_eq!(zero.judge(Held::Real(0.9e-6)), Answer::Yes);
        assert_eq!(zero.judge(Held::Real(1.1e-6)), Answer::No);
        let many = restricted(|r| ["10", "-3", "1e3"].iter().for_each(|v| r.allow(v)));
        assert_eq!(many.judge(Held::Real(1000.0009)), Answer::Yes);
        assert_eq!(many.judge(Held::Real(-3.0)), Answer::Yes);
        assert_eq!(many.judge(Held::Real(9.9)), Answer::No);
        assert_eq!(many.judge(Held::Integer(1_000)), Answer::Yes);
        assert_eq!(many.judge(Held::Integer(1_001)), Answer::No);
    }

    #[test]
    fn bounds_meet_without_overlap() {
        let above = restricted(|r| r.bounds.push(Bound::new(BoundKind::MinInclusive, "0")));
        let below = restricted(|r| r.bounds.push(Bound::new(BoundKind::MaxExclusive, "0")));
        for x in [-2e-6, -1.5e-6, -0.5e-6, 0.0, 1e-6] {
            assert_ne!(above.judge(Held::Real(x)), below.judge(Held::Real(x)), "{x}");
        }
    }

    #[test]
    fn kinds_do_not_mix() {
        let text = Constraint::Simple("1".into());
        assert_eq!(text.judge(Held::Boolean(true)), Answer::Yes);
        assert_eq!(text.judge(Held::Text("1.0")), Answer::No);
        let pattern = restricted(|r| r.patterns.push(Pattern::new(".*").unwrap()));
        assert_eq!(pattern.judge(Held::Real(1.0)), Answer::No);
        let bound = restricted(|r| r.bounds.push(Bound::new(BoundKind::MinInclusive, "1")));
        assert_eq!(bound.judge(Held::Text("5")), Answer::No);
    }

    #[test]
    fn what_cannot_be_decided_says_so() {
        let refused = restricted(|r| r.patterns.push(Pattern::refused("(((")));
        assert_eq!(refused.judge(Held::Text("x")), Answer::Unknown);
        let digits = restricted(|r| r.unsupported.push("totalDigits 3".into()));
        assert_eq!(digits.judge(Held::Real(1.0)), Answer::Unknown);
    }
}
