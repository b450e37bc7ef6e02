//! Groups: a code and a value, the atoms of DXF, read from ASCII or binary bytes without copying.

use super::number;
use memchr::memchr;

/// What binary DXF files begin with.
pub(crate) const BINARY_SENTINEL: &[u8] = b"AutoCAD Binary DXF\r\n\x1a\0";

/// A value as it stands in the file.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value<'a> {
    /// A line of ASCII DXF, or a string of binary DXF.
    Text(&'a [u8]),
    /// A binary real.
    Real(f64),
    /// A binary whole number.
    Integer(i64),
    /// A binary chunk.
    Chunk(&'a [u8]),
}

/// A group.
#[derive(Clone, Copy, Debug)]
pub(super) struct Group<'a> {
    /// What the value is.
    pub(super) code: i16,
    /// Line of the value, counted from 1; 0 in binary files.
    pub(super) line: u32,
    /// The value.
    pub(super) value: Value<'a>,
}

impl<'a> Group<'a> {
    /// As a real number.
    pub(super) fn real(&self) -> Option<f64> {
        match self.value {
            Value::Text(bytes) => number::real(bytes),
            Value::Real(value) => value.is_finite().then_some(value),
            Value::Integer(value) => Some(value as f64),
            Value::Chunk(_) => None,
        }
    }
    /// As a whole number.
    pub(super) fn integer(&self) -> Option<i64> {
        match self.value {
            Value::Text(bytes) => number::integer(bytes),
            Value::Integer(value) => Some(value),
            Value::Real(value) => (value.fract() == 0.0 && value.abs() < 9e15).then_some(value as i64),
            Value::Chunk(_) => None,
        }
    }
    /// As a handle.
    pub(super) fn handle(&self) -> Option<u64> {
        match self.value {
            Value::Text(bytes) => number::handle(bytes),
            _ => None,
        }
    }
    /// As raw text; empty for numbers.
    pub(super) fn text(&self) -> &'a [u8] {
        match self.value {
            Value::Text(bytes) | Value::Chunk(bytes) => bytes,
            _ => b"",
        }
    }
}

/// How the bytes are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layout {
    /// Lines.
    Ascii,
    /// Binary with one-byte codes (R12 and before).
    BinaryShort,
    /// Binary with two-byte codes.
    BinaryLong,
}

/// What the next group is.
pub(super) enum Next<'a> {
    /// A group.
    Group(Group<'a>),
    /// The bytes make no group here; line and reason.
    Damage(u32, &'static str),
    /// Nothing is left.
    End,
}

/// Reads one group after another.
pub(super) struct Groups<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u32,
    end_of_line: u8,
    layout: Layout,
    /// The bytes end where a group ends: blank lines before that are damage.
    piece: bool,
}

/// A stretch of ASCII DXF from the begin of a record to the end of `bytes`.
#[derive(Clone, Copy)]
pub(super) struct Frame<'a> {
    /// From the begin of the file to the end of the stretch.
    pub(super) bytes: &'a [u8],
    /// Where the stretch begins.
    pub(super) at: usize,
    /// Lines before it.
    pub(super) line: u32,
    /// How lines end.
    pub(super) end_of_line: u8,
}

impl<'a> Frame<'a> {
    /// Its groups.
    pub(super) fn groups(&self) -> Groups<'a> {
        let Self { bytes, at, line, end_of_line } = *self;
        Groups { bytes, at, line, end_of_line, layout: Layout::Ascii, piece: true }
    }
}

impl<'a> Groups<'a> {
    /// Over a whole file; tells ASCII from binary, and how lines end.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let (layout, at) = match bytes.strip_prefix(BINARY_SENTINEL) {
            None => (Layout::Ascii, 0),
            // The first group is `0 SECTION`: a two-byte code makes the second byte 0, a one-byte code makes it 'S'.
            Some(rest) if rest.get(1).is_some_and(|&b| b != 0) => {
                (Layout::BinaryShort, BINARY_SENTINEL.len())
            }
            Some(_) => (Layout::BinaryLong, BINARY_SENTINEL.len()),
        };
        let end_of_line = if bytes.iter().take(4096).any(|&b| b == b'\n') { b'\n' } else { b'\r' };
        Self { bytes, at, line: 0, end_of_line, layout, piece: false }
    }

    /// Bytes of ASCII DXF.
    pub(super) fn is_ascii(&self) -> bool {
        self.layout == Layout::Ascii
    }

    /// Where the next group begins, and the lines before it.
    pub(super) fn position(&self) -> (usize, u32) {
        (self.at, self.line)
    }

    /// Goes on at a place that [`Groups::position`] gave.
    pub(super) fn go_on(&mut self, (at, line): (usize, u32)) {
        (self.at, self.line) = (at, line);
    }

    /// From a place to the end of the file; none for binary files.
    pub(super) fn frame(&self, (at, line): (usize, u32)) -> Option<Frame<'a>> {
        let Self { bytes, end_of_line, .. } = *self;
        self.is_ascii().then_some(Frame { bytes, at, line, end_of_line })
    }

    /// The next line without its end.
    #[inline]
    fn line(&mut self) -> Option<&'a [u8]> {
        let rest = self.bytes.get(self.at..)?;
        if rest.is_empty() {
            return None;
        }
        self.line = self.line.saturating_add(1);
        let (line, step) = match memchr(self.end_of_line, rest) {
            Some(end) => (&rest[..end], end + 1),
            None => (rest, rest.len()),
        };
        self.at += step;
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    }

    /// The next group, comments (999) passed over.
    #[inline]
    pub(super) fn next(&mut self) -> Next<'a> {
        loop {
            let next = match self.layout {
                Layout::Ascii => self.next_ascii(),
                _ => self.next_binary(),
            };
            match next {
                Next::Group(Group { code: 999, .. }) => {}
                next => return next,
            }
        }
    }

    #[inline]
    fn next_ascii(&mut self) -> Next<'a> {
        let Some(line) = self.line() else { return Next::End };
        let Some(code) = group_code(line) else {
            // A control Z or blank lines at the very end are no damage.
            let blank = |line: &[u8]| line.iter().all(|b| b.is_ascii_whitespace() || matches!(b, 0 | 0x1A));
            if !self.piece && blank(line) && blank(&self.bytes[self.at..]) {
                self.at = self.bytes.len();
                return Next::End;
            }
            return Next::Damage(self.line, "a group code is no number");
        };
        let Some(value) = self.line() else { return Next::Damage(self.line, "the file ends inside a group") };
        Next::Group(Group { code, line: self.line, value: Value::Text(value) })
    }

    /// Skips to the next pair of lines that looks like the begin of a record, `0` and a name. Binary files cannot be
    /// entered again.
    pub(super) fn resynchronise(&mut self) -> bool {
        if self.layout != Layout::Ascii {
            self.at = self.bytes.len();
            return false;
        }
        let mut before = (self.at, self.line);
        while let Some(line) = self.line() {
            let after = (self.at, self.line);
            if line.trim_ascii() == b"0" {
                let named = self.line().is_some_and(|name| is_record_name(name.trim_ascii()));
                (self.at, self.line) = if named { before } else { after };
                if named {
                    return true;
                }
            }
            before = after;
        }
        false
    }

    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let out = self.bytes.get(self.at..self.at.checked_add(n)?)?;
        self.at += n;
        Some(out)
    }

    fn take_array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn next_binary(&mut self) -> Next<'a> {
        if self.at >= self.bytes.len() {
            return Next::End;
        }
        match self.binary_group() {
            Some(group) => Next::Group(group),
            None => {
                self.at = self.bytes.len();
                Next::Damage(0, "the file ends inside a group")
            }
        }
    }

    /// Value kinds by code: DXF reference, "Group code value types".
    fn binary_group(&mut self) -> Option<Group<'a>> {
        let code = match self.layout {
            Layout::BinaryShort => match self.take_array::<1>()? {
                [255] => i16::from_le_bytes(self.take_array()?),
                [code] => i16::from(code),
            },
            _ => i16::from_le_bytes(self.take_array()?),
        };
        let value = match code {
            10..=59 | 110..=149 | 210..=239 | 460..=469 | 1010..=1059 => {
                Value::Real(f64::from_le_bytes(self.take_array()?))
            }
            60..=79 | 170..=179 | 270..=289 | 370..=389 | 400..=409 | 1060..=1070 => {
                Value::Integer(i64::from(i16::from_le_bytes(self.take_array()?)))
            }
            90..=99 | 420..=429 | 440..=459 | 1071 => {
                Value::Integer(i64::from(i32::from_le_bytes(self.take_array()?)))
            }
            160..=169 => Value::Integer(i64::from_le_bytes(self.take_array()?)),
            290..=299 => Value::Integer(i64::from(self.take_array::<1>()?[0])),
            310..=319 | 1004 => {
                let length = usize::from(self.take_array::<1>()?[0]);
                Value::Chunk(self.take(length)?)
            }
            _ => {
                let length = memchr(0, self.bytes.get(self.at..)?)?;
                let text = self.take(length)?;
                self.at += 1;
                Value::Text(text)
            }
        };
        Some(Group { code, line: 0, value })
    }
}

/// A group code: a number from −5 to 1071, blanks around it allowed.
#[inline]
fn group_code(line: &[u8]) -> Option<i16> {
    let mut value = 0i16;
    let (mut digits, mut negative, mut closed) = (0, false, false);
    for &b in line {
        match b {
            b'0'..=b'9' if digits < 4 && !closed => {
                value = value * 10 + i16::from(b - b'0');
                digits += 1;
            }
            b' ' | b'\t' => closed = digits > 0,
            b'-' if digits == 0 && !negative => negative = true,
            _ => return None,
        }
    }
    let value = if negative { -value } else { value };
    (digits > 0 && (-5..=1071).contains(&value)).then_some(value)
}

/// It could name a record: an entity, a table, a section.
pub(super) fn is_record_name(name: &[u8]) -> bool {
    (3..=64).contains(&name.len())
        && name.iter().any(u8::is_ascii_uppercase)
        && name
            .iter()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-' | b'$' | b'*'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &[u8]) -> Vec<(i16, Vec<u8>)> {
        let mut groups = Groups::new(text);
        let mut out = Vec::new();
        while let Next::Group(g) = groups.next() {
            out.push((g.code, g.text().to_vec()));
        }
        out
    }

    #[test]
    fn line_ends_of_all_kinds_read_alike() {
        let want = vec![(0, b"LINE".to_vec()), (8, b" A".to_vec())];
        for text in [
            "  0\nLINE\n  8\n A\n",
            "0\r\nLINE\r\n8\r\n A\r\n",
            "0\rLINE\r8\r A",
            "\u{feff}0\nLINE\n999\nx\n8\n A",
        ] {
            assert_eq!(codes(text.as_bytes()), want, "{text:?}");
        }
    }

    #[test]
    fn a_lost_line_is_found_again_at_the_next_record() {
        let mut groups = Groups::new(b"0\nLINE\nA\n8\n0\nCIRCLE\n");
        assert!(matches!(groups.next(), Next::Group(_)));
        assert!(matches!(groups.next(), Next::Damage(3, _)));
        assert!(groups.resynchronise());
        let Next::Group(g) = groups.next() else { panic!("no group") };
        assert_eq!((g.code, g.text(), g.line), (0, &b"CIRCLE"[..], 6));
    }
}
