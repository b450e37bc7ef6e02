//! What stands in an attribute or a property, as IDS looks at it.

use super::measures::Kind;
use crate::ifc::step::{Record, Value};
use crate::rulebook::ids::{Answer, Base, Constraint, Held};
use std::borrow::Cow;

/// What a value of the model comes to.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Content<'a> {
    /// Nothing: `$` or `*`.
    Null,
    /// Something that counts as nothing: an empty text or list, a logical that is unknown.
    Empty,
    /// A text, or an item of an enumeration.
    Text(Cow<'a, str>),
    /// A number, in SI units.
    Real(f64),
    /// A whole number.
    Integer(i64),
    /// True or false.
    Boolean(bool),
    /// Another object, or anything else that cannot be held against a value.
    Object,
    /// Several.
    Many(Vec<Content<'a>>),
    /// A number in a unit that cannot be read.
    NoUnit(f64),
    /// What cannot be read.
    Damaged,
}

/// Members of a list that are looked at.
const MAX_MEMBERS: usize = 10_000;

impl<'a> Content<'a> {
    /// What a value of a type comes to; `unit` is the value's own.
    pub(super) fn of(value: Value<'a>, kind: Option<Kind>, unit: Option<Record<'_>>) -> Self {
        match value {
            Value::Null | Value::Derived => Self::Null,
            Value::Damaged => Self::Damaged,
            Value::Text(text) => {
                let text = text.decode();
                if text.is_empty() { Self::Empty } else { Self::Text(text) }
            }
            Value::Enum(item) => Self::item(item, kind),
            Value::Integer(i) if kind.is_none_or(|k| k.base != Some(Base::Double)) => Self::Integer(i),
            #[allow(clippy::cast_precision_loss)]
            Value::Integer(i) => Self::number(i as f64, kind, unit),
            Value::Real(x) => Self::number(x, kind, unit),
            Value::Binary(_) | Value::Ref(_) => Self::Object,
            Value::List(list) => {
                let all: Vec<Self> = list.iter().take(MAX_MEMBERS).map(|v| Self::of(v, kind, unit)).collect();
                if all.is_empty() { Self::Empty } else { Self::Many(all) }
            }
            Value::Typed(typed) => match typed.value() {
                Value::Typed(_) => Self::Damaged,
                inner => Self::of(inner, kind, unit),
            },
        }
    }

    fn item(item: &'a str, kind: Option<Kind>) -> Self {
        let truth = kind.is_none_or(|k| k.logical || k.base == Some(Base::Boolean));
        match item {
            "T" if truth => Self::Boolean(true),
            "F" if truth => Self::Boolean(false),
            "U" if truth => Self::Empty,
            item => Self::Text(Cow::Borrowed(item)),
        }
    }

    fn number(x: f64, kind: Option<Kind>, unit: Option<Record<'_>>) -> Self {
        match kind.map(|k| k.scale(unit)) {
            None => Self::Real(x),
            Some(Some(scale)) => Self::Real(scale.apply(x)),
            Some(None) => Self::NoUnit(x),
        }
    }

    /// Whether anything stands there.
    pub(super) fn is_given(&self) -> bool {
        match self {
            Self::Null | Self::Empty => false,
            Self::Many(all) => all.iter().any(Self::is_given),
            _ => true,
        }
    }

    /// What a constraint says of it; of several, whether one of them meets it.
    pub(super) fn judge(&self, constraint: &Constraint) -> Answer {
        match self {
            Self::Null | Self::Empty | Self::Object => Answer::No,
            Self::Text(text) => constraint.judge(Held::Text(text)),
            Self::Real(x) => constraint.judge(Held::Real(*x)),
            Self::Integer(i) => constraint.judge(Held::Integer(*i)),
            Self::Boolean(b) => constraint.judge(Held::Boolean(*b)),
            Self::NoUnit(_) | Self::Damaged => Answer::Unknown,
            Self::Many(all) => all.iter().fold(Answer::No, |a, c| a.or(c.judge(constraint))),
        }
    }
}

impl std::fmt::Display for Content<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        /// Members named before the rest is only counted.
        const NAMED: usize = 5;
        match self {
            Self::Null => f.write_str("$"),
            Self::Empty => f.write_str("''"),
            Self::Text(text) => f.write_str(text),
            Self::Real(x) => write!(f, "{}", shown(*x)),
            Self::NoUnit(x) => write!(f, "{x} ?"),
            Self::Integer(i) => write!(f, "{i}"),
            Self::Boolean(b) => write!(f, "{b}"),
            Self::Object => f.write_str("#"),
            Self::Damaged => f.write_str("?"),
            Self::Many(all) => {
                for (n, one) in all.iter().take(NAMED).enumerate() {
                    if n > 0 {
                        f.write_str(", ")?;
                    }
                    write!(f, "{one}")?;
                }
                if all.len() > NAMED { write!(f, ", … ({})", all.len()) } else { Ok(()) }
            }
        }
    }
}

/// A number with the noise of its conversion left out.
fn shown(x: f64) -> f64 {
    format!("{x:.9e}").parse().unwrap_or(x)
}
