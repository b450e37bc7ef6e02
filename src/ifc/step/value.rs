//! Values of a record, decoded when asked. Nothing here recurses: nested lists are skipped by counting.

use super::text::Text;
use crate::ifc::schema::{Entity, Schema};

/// Lists may nest this deep; a record with more is refused. Real schemas need five.
pub const DEPTH: usize = 256;

/// One value of a record.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    /// `$`, or an argument that the record does not have.
    Null,
    /// `*`.
    Derived,
    /// A whole number.
    Integer(i64),
    /// A number. May be infinite where the file says so; [`Value::real`] gives finite ones only.
    Real(f64),
    /// A string, decoded on demand.
    Text(Text<'a>),
    /// `.T.`, without its dots.
    Enum(&'a str),
    /// Digits of a binary, without quotes.
    Binary(&'a [u8]),
    /// `#12`.
    Ref(u32),
    /// `(…)`.
    List(List<'a>),
    /// `IFCLABEL('x')`.
    Typed(Typed<'a>),
    /// What cannot be read.
    Damaged,
}

/// A value that names its type.
#[derive(Clone, Copy, Debug)]
pub struct Typed<'a> {
    /// Keyword as written, in capitals in most files.
    pub keyword: &'a str,
    inner: &'a [u8],
}

impl<'a> Typed<'a> {
    /// The value itself.
    pub fn value(&self) -> Value<'a> {
        Values::new(self.inner).next().unwrap_or(Value::Null)
    }
}

impl<'a> Value<'a> {
    /// Nothing was given: `$`, `*`, or no argument at all.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null | Value::Derived)
    }

    /// The value without the name of its type.
    pub fn plain(self) -> Value<'a> {
        match self {
            Value::Typed(typed) => match typed.value() {
                Value::Typed(_) => Value::Damaged,
                inner => inner,
            },
            other => other,
        }
    }

    /// A finite number, whole or not, with or without the name of its type.
    pub fn real(self) -> Option<f64> {
        match self.plain() {
            Value::Real(x) if x.is_finite() => Some(x),
            Value::Integer(i) => Some(i as f64),
            _ => None,
        }
    }

    /// A whole number.
    pub fn integer(self) -> Option<i64> {
        match self.plain() {
            Value::Integer(i) => Some(i),
            _ => None,
        }
    }

    /// A record number.
    pub fn reference(self) -> Option<u32> {
        match self {
            Value::Ref(id) => Some(id),
            _ => None,
        }
    }

    /// A string, decoded; with or without the name of its type.
    pub fn text(self) -> Option<String> {
        match self.plain() {
            Value::Text(text) => Some(text.decode().into_owned()),
            _ => None,
        }
    }

    /// An enumeration item, without dots.
    pub fn enumeration(self) -> Option<&'a str> {
        match self.plain() {
            Value::Enum(item) => Some(item),
            _ => None,
        }
    }

    /// `.T.` or `.F.`; nothing for `.U.`.
    pub fn boolean(self) -> Option<bool> {
        match self.enumeration()? {
            "T" | "t" => Some(true),
            "F" | "f" => Some(false),
            _ => None,
        }
    }

    /// The members of a list; none for anything else.
    pub fn list(self) -> Values<'a> {
        match self.plain() {
            Value::List(list) => list.iter(),
            _ => Values::new(b""),
        }
    }

    /// The record numbers of a list, in order; or the one of a single reference.
    pub fn references(self) -> References<'a> {
        References { single: self.reference(), list: self.list() }
    }

    /// The finite numbers of a list, in order; what is no number ends it.
    pub fn reals(self) -> impl Iterator<Item = f64> + 'a {
        self.list().map_while(Value::real)
    }

    /// A list of lists of numbers, as in IfcCartesianPointList3D. Missing numbers are 0.
    pub fn points<const N: usize>(self) -> impl Iterator<Item = [f64; N]> + 'a {
        self.list().map(|row| {
            let mut point = [0.0; N];
            point.iter_mut().zip(row.reals()).for_each(|(p, x)| *p = x);
            point
        })
    }
}

/// Record numbers of a list.
#[derive(Clone, Copy, Debug)]
pub struct References<'a> {
    single: Option<u32>,
    list: Values<'a>,
}

impl Iterator for References<'_> {
    type Item = u32;
    fn next(&mut self) -> Option<u32> {
        if let Some(id) = self.single.take() {
            return Some(id);
        }
        self.list.find_map(Value::reference)
    }
}

/// The inside of a pair of brackets.
#[derive(Clone, Copy, Debug)]
pub struct List<'a> {
    inner: &'a [u8],
}

impl<'a> List<'a> {
    /// Its values in order.
    pub fn iter(&self) -> Values<'a> {
        Values::new(self.inner)
    }
}

/// Values one after another, divided by commas.
#[derive(Clone, Copy, Debug)]
pub struct Values<'a> {
    rest: &'a [u8],
}

impl<'a> Values<'a> {
    /// The values of a text that stands behind an opening bracket; ends at its closing bracket or at the end.
    pub(super) fn new(rest: &'a [u8]) -> Self {
        Self { rest }
    }

    /// Skips one value without decoding it; false at the end.
    fn skip_one(&mut self) -> bool {
        self.rest = space(self.rest);
        if matches!(self.rest.first(), None | Some(b')' | b';')) {
            self.rest = b"";
            return false;
        }
        let length = length(self.rest);
        self.step(length);
        true
    }

    /// Goes behind a value of that length and the comma after it.
    fn step(&mut self, length: usize) {
        let rest = space(self.rest.get(length..).unwrap_or_default());
        self.rest = match rest.split_first() {
            Some((b',', rest)) => rest,
            Some((b')', _)) => b"",
            Some(_) if length > 0 => rest,
            _ => b"",
        };
    }
}

impl<'a> Iterator for Values<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Value<'a>> {
        self.rest = space(self.rest);
        if matches!(self.rest.first(), None | Some(b')' | b';')) {
            self.rest = b"";
            return None;
        }
        let (value, length) = read(self.rest);
        self.step(length);
        Some(value)
    }

    fn nth(&mut self, n: usize) -> Option<Value<'a>> {
        for _ in 0..n {
            if !self.skip_one() {
                return None;
            }
        }
        self.next()
    }
}

/// Text without leading white space and comments.
#[inline]
pub(super) fn space(text: &[u8]) -> &[u8] {
    match text.first() {
        Some(b) if *b <= b' ' || *b == b'/' => without_space(text),
        _ => text,
    }
}

fn without_space(mut text: &[u8]) -> &[u8] {
    loop {
        match text {
            [b' ' | b'\t' | b'\r' | b'\n' | 0x0b | 0x0c, rest @ ..] => text = rest,
            [b'/', b'*', rest @ ..] => {
                text = memchr::memmem::find(rest, b"*/").and_then(|i| rest.get(i + 2..)).unwrap_or_default();
            }
            _ => return text,
        }
    }
}

/// Reads the value at the beginning of a text that is not empty: the value and its length in bytes, at least 1.
fn read(text: &[u8]) -> (Value<'_>, usize) {
    match text.first() {
        Some(b'$') => (Value::Null, 1),
        Some(b'*') => (Value::Derived, 1),
        Some(b'#') => reference(text),
        Some(b'\'') => {
            let n = string(text);
            let raw = text.get(1..n.saturating_sub(1)).unwrap_or_default();
            (Value::Text(Text { raw }), n)
        }
        Some(b'"') => {
            let n = text.iter().skip(1).position(|&b| b == b'"').map_or(text.len(), |i| i + 2);
            (Value::Binary(text.get(1..n - 1).unwrap_or_default()), n)
        }
        Some(b'.') if !text.get(1).is_some_and(u8::is_ascii_digit) => enumeration(text),
        Some(b'(') => {
            let n = bracket(text);
            (Value::List(List { inner: text.get(1..n).unwrap_or_default() }), n)
        }
        Some(b'0'..=b'9' | b'+' | b'-' | b'.') => number(text),
        Some(b) if b.is_ascii_alphabetic() => typed(text),
        _ => (Value::Damaged, length(text)),
    }
}

fn reference(text: &[u8]) -> (Value<'_>, usize) {
    let digits = text.iter().skip(1).take_while(|b| b.is_ascii_digit()).count();
    let mut id = 0u64;
    for d in text.iter().skip(1).take(digits) {
        id = id.saturating_mul(10).saturating_add(u64::from(d - b'0'));
    }
    match u32::try_from(id) {
        Ok(id) if digits > 0 => (Value::Ref(id), 1 + digits),
        _ => (Value::Damaged, 1 + digits),
    }
}

fn enumeration(text: &[u8]) -> (Value<'_>, usize) {
    let n = text.iter().skip(1).take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    let item = text.get(1..1 + n).and_then(|t| std::str::from_utf8(t).ok());
    match (item, text.get(1 + n)) {
        (Some(item), Some(b'.')) if n > 0 => (Value::Enum(item), n + 2),
        _ => (Value::Damaged, length(text)),
    }
}

fn number(text: &[u8]) -> (Value<'_>, usize) {
    let is = |b: &&u8| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b'E' | b'e' | b'D' | b'd');
    let n = text.iter().take_while(is).count();
    let Some(digits) = text.get(..n).and_then(|t| std::str::from_utf8(t).ok()) else {
        return (Value::Damaged, length(text));
    };
    if let Ok(i) = digits.parse::<i64>() {
        return (Value::Integer(i), n);
    }
    match digits.parse::<f64>() {
        Ok(x) => (Value::Real(x), n),
        Err(_) => (Value::Damaged, length(text)),
    }
}

fn typed(text: &[u8]) -> (Value<'_>, usize) {
    let n = text.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    let keyword = text.get(..n).and_then(|t| std::str::from_utf8(t).ok()).unwrap_or_default();
    let rest = text.get(n..).unwrap_or_default();
    let open = space(rest);
    if open.first() != Some(&b'(') {
        return (Value::Damaged, length(text));
    }
    let gap = rest.len() - open.len();
    let close = bracket(open);
    (Value::Typed(Typed { keyword, inner: open.get(1..close).unwrap_or_default() }), n + gap + close)
}

/// Length of a string with its quotes; `''` stands for one quote.
pub(super) fn string(text: &[u8]) -> usize {
    let mut at = 1;
    while let Some(i) = text.get(at..).and_then(|t| memchr::memchr(b'\'', t)) {
        at += i + 1;
        if text.get(at) != Some(&b'\'') {
            return at;
        }
        at += 1;
    }
    text.len()
}

/// Length from an opening bracket to its closing one, both counted; to the end where there is none.
pub(super) fn bracket(text: &[u8]) -> usize {
    let mut depth = 0usize;
    let mut at = 0;
    while let Some(&b) = text.get(at) {
        match b {
            b'(' => depth += 1,
            b')' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            b'\'' => {
                at += string(text.get(at..).unwrap_or_default());
                continue;
            }
            b'/' if text.get(at + 1) == Some(&b'*') => {
                let rest = text.get(at..).unwrap_or_default();
                at = text.len() - space(rest).len();
                continue;
            }
            b';' => return at,
            _ => {}
        }
        at += 1;
    }
    text.len()
}

/// Length of the value at the beginning of a text that is not empty, without decoding it; at least 1.
fn length(text: &[u8]) -> usize {
    let mut at = 0;
    while let Some(&b) = text.get(at) {
        match b {
            b',' | b')' | b';' => return at.max(1),
            b'\'' => at += string(text.get(at..).unwrap_or_default()),
            b'(' => at += bracket(text.get(at..).unwrap_or_default()).max(1),
            b'/' if text.get(at + 1) == Some(&b'*') => return at.max(1),
            _ => at += 1,
        }
    }
    text.len().max(1)
}

/// The parts of a complex instance: `A(…)B(…)` → each entity with its values.
pub(super) fn parts<'a>(mut text: &'a [u8], schema: &Schema) -> Vec<(Entity, Values<'a>)> {
    let mut out = Vec::new();
    loop {
        text = space(text);
        if !text.first().is_some_and(u8::is_ascii_alphabetic) || out.len() >= DEPTH {
            return out;
        }
        let (Value::Typed(part), length) = read(text) else { return out };
        let entity = schema.keyword(part.keyword.as_bytes()).unwrap_or(Entity::UNKNOWN);
        out.push((entity, Values::new(part.inner)));
        text = text.get(length..).unwrap_or_default();
    }
}
