//! Strings of ISO 10303-21: `''`, `\X\`, `\X2\`, `\X4\`, `\S\`, `\P\`, `\\`, and the raw UTF-8 or GBK that files have in spite of
//! it.

use std::borrow::Cow;

/// A string as it stands in the file, without its quotes.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    /// Its bytes.
    pub raw: &'a [u8],
}

/// What a string needed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trouble {
    /// It has raw bytes beyond ASCII that are UTF-8.
    pub raw_utf8: bool,
    /// It has raw bytes beyond ASCII that were taken for GBK.
    pub raw_gbk: bool,
    /// It has raw bytes beyond ASCII that were taken for Windows-1252.
    pub raw_latin: bool,
    /// An escape was wrong, or raw bytes were neither: U+FFFD stands there.
    pub replaced: bool,
}

impl<'a> Text<'a> {
    /// The string as a reader sees it.
    pub fn decode(&self) -> Cow<'a, str> {
        self.decode_told().0
    }

    /// The same, with what it needed.
    pub fn decode_told(&self) -> (Cow<'a, str>, Trouble) {
        let plain = !self.raw.iter().any(|b| matches!(b, b'\'' | b'\\') || !(0x20..0x7f).contains(b));
        if plain && let Ok(text) = std::str::from_utf8(self.raw) {
            return (Cow::Borrowed(text), Trouble::default());
        }
        let mut decoder = Decoder { pairs: std::str::from_utf8(self.raw).is_err(), ..Decoder::default() };
        decoder.run(self.raw);
        decoder.flush();
        (Cow::Owned(decoder.out), decoder.trouble)
    }
}

#[derive(Default)]
struct Decoder {
    out: String,
    trouble: Trouble,
    /// Raw bytes that are not yet decoded.
    run: Vec<u8>,
    /// The raw bytes are no UTF-8: those beyond ASCII may come in pairs, whose second may look like a `\\`.
    pairs: bool,
    /// Part of ISO 8859 that `\S\` means, 0 for the first.
    page: u8,
}

impl Decoder {
    fn run(&mut self, raw: &[u8]) {
        let mut rest = raw;
        while let Some((&b, tail)) = rest.split_first() {
            rest = match (b, tail) {
                (0x81..=0xfe, [second @ 0x40..=0xfe, after @ ..]) if self.pairs => {
                    self.run.extend([b, *second]);
                    after
                }
                (b'\'', [b'\'', after @ ..]) => self.literal(b'\'', after),
                (b'\\', [b'\\', after @ ..]) => self.literal(b'\\', after),
                (b'\\', [b'X' | b'x', b'\\', after @ ..]) => self.one(after),
                (b'\\', [b'X' | b'x', b'2', b'\\', after @ ..]) => self.wide(after, 4),
                (b'\\', [b'X' | b'x', b'4', b'\\', after @ ..]) => self.wide(after, 8),
                (b'\\', [b'S' | b's', b'\\', after @ ..]) => self.shifted(after),
                (b'\\', [b'P' | b'p', page @ b'A'..=b'I', b'\\', after @ ..]) => {
                    self.page = page - b'A';
                    after
                }
                // a line break inside a string is no part of it (6.4.3.1); other control characters are kept
                (b'\r' | b'\n', after) => after,
                _ => {
                    self.run.push(b);
                    tail
                }
            };
        }
    }

    fn literal<'a>(&mut self, b: u8, after: &'a [u8]) -> &'a [u8] {
        self.run.push(b);
        after
    }

    fn push(&mut self, c: char) {
        self.flush();
        self.out.push(c);
    }

    fn replace(&mut self) {
        self.trouble.replaced = true;
        self.push(char::REPLACEMENT_CHARACTER);
    }

    /// `\X\hh`: a character of ISO 8859-1.
    fn one<'a>(&mut self, text: &'a [u8]) -> &'a [u8] {
        match text.get(..2).and_then(hex) {
            Some(code) => {
                self.push(char::from(code as u8));
                text.get(2..).unwrap_or_default()
            }
            None => {
                self.replace();
                text
            }
        }
    }

    /// `\X2\…\X0\` or `\X4\…\X0\`: UTF-16 or UTF-32 in groups of hexadecimal digits.
    fn wide<'a>(&mut self, mut text: &'a [u8], digits: usize) -> &'a [u8] {
        self.flush();
        let mut high = None;
        while let Some(code) = text.get(..digits).and_then(hex) {
            text = text.get(digits..).unwrap_or_default();
            match (high.take(), code) {
                (Some(h), 0xDC00..=0xDFFF) => {
                    self.scalar(0x1_0000_u32 + ((h - 0xD800) << 10) + (code - 0xDC00))
                }
                (lone, code) => {
                    if lone.is_some() {
                        self.replace();
                    }
                    if digits == 4 && (0xD800..0xDC00).contains(&code) {
                        high = Some(code);
                    } else {
                        self.scalar(code);
                    }
                }
            }
        }
        if high.is_some() {
            self.replace();
        }
        match text {
            [b'\\', b'X' | b'x', b'0', b'\\', after @ ..] => after,
            _ => {
                // an odd number of digits, or never closed: what is left of the escape goes
                self.replace();
                let end = text.iter().position(|b| !b.is_ascii_hexdigit()).unwrap_or(text.len());
                let rest = text.get(end..).unwrap_or_default();
                rest.strip_prefix(b"\\X0\\").unwrap_or(rest)
            }
        }
    }

    fn scalar(&mut self, code: u32) {
        match char::from_u32(code) {
            Some(c) => self.out.push(c),
            None => self.replace(),
        }
    }

    /// `\S\c`: the character with its upper bit set, in the current part of ISO 8859.
    fn shifted<'a>(&mut self, text: &'a [u8]) -> &'a [u8] {
        const PAGES: [&encoding_rs::Encoding; 9] = [
            encoding_rs::WINDOWS_1252,
            encoding_rs::ISO_8859_2,
            encoding_rs::ISO_8859_3,
            encoding_rs::ISO_8859_4,
            encoding_rs::ISO_8859_5,
            encoding_rs::ISO_8859_6,
            encoding_rs::ISO_8859_7,
            encoding_rs::ISO_8859_8,
            encoding_rs::WINDOWS_1254,
        ];
        match text.split_first() {
            Some((&c @ 0x20..=0x7e, after)) => {
                let byte = [c | 0x80];
                let page = PAGES.get(usize::from(self.page)).copied().unwrap_or(encoding_rs::WINDOWS_1252);
                self.flush();
                let (decoded, wrong) = page.decode_without_bom_handling(&byte);
                self.trouble.replaced |= wrong;
                self.out.push_str(&decoded);
                after
            }
            _ => {
                self.replace();
                text
            }
        }
    }

    /// Raw bytes: UTF-8 where they are valid UTF-8, else GBK where they are valid GBK, else what can be kept.
    fn flush(&mut self) {
        if self.run.is_empty() {
            return;
        }
        let run = std::mem::take(&mut self.run);
        match std::str::from_utf8(&run) {
            Ok(text) => {
                self.trouble.raw_utf8 |= !text.is_ascii();
                self.out.push_str(text);
            }
            Err(_) => self.no_utf8(&run),
        }
    }

    /// GBK where it is valid and its pairs are mostly of GB2312, both bytes from A1 up: in Western text a byte beyond ASCII
    /// has a letter behind it. Then Windows-1252, which few bytes are not valid in.
    fn no_utf8(&mut self, run: &[u8]) {
        let (text, wrong) = encoding_rs::GBK.decode_without_bom_handling(run);
        let wide = text.chars().filter(|c| !c.is_ascii()).count();
        let high = run.iter().filter(|b| **b >= 0xa1).count();
        if !wrong && high * 2 >= wide * 3 {
            self.trouble.raw_gbk = true;
            self.out.push_str(&text);
            return;
        }
        let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(run);
        if text.chars().any(char::is_control) {
            self.trouble.replaced = true;
            self.out.push_str(&String::from_utf8_lossy(run));
        } else {
            self.trouble.raw_latin = true;
            self.out.push_str(&text);
        }
    }
}

/// A number of hexadecimal digits.
fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0u32, |n, &d| Some(n.wrapping_shl(4) | char::from(d).to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(raw: &[u8]) -> (String, Trouble) {
        let (text, trouble) = Text { raw }.decode_told();
        (text.into_owned(), trouble)
    }

    #[test]
    fn escapes() {
        for (raw, text) in [
            ("plain", "plain"),
            ("it''s", "it's"),
            (r"a\\b", r"a\b"),
            (r"\X\E4h", "äh"),
            (r"\X2\65B9\X0\-\X2\67F1\X0\", "方-柱"),
            (r"\X2\D83DDE00\X0\", "😀"),
            (r"\X4\0001F600\X0\x", "😀x"),
            (r"\S\d", "ä"),
            (r"\PB\\S\6", "ś"),
            ("two\r\n lines", "two lines"),
            ("", ""),
        ] {
            assert_eq!(told(raw.as_bytes()), (text.to_owned(), Trouble::default()), "{raw}");
        }
    }

    #[test]
    fn wrong_escapes_leave_a_mark_and_the_rest() {
        for (raw, text) in [
            (r"a\X2\65B9\X0\b\X2\D83D\X0\c", "a方b\u{fffd}c"),
            (r"a\X2\65B\X0\b", "a\u{fffd}b"),
            (r"a\X2\65B9", "a方\u{fffd}"),
            (r"\X4\00110000\X0\", "\u{fffd}"),
            (r"a\S\", "a\u{fffd}"),
            (r"\X\G1", "\u{fffd}G1"),
        ] {
            let (decoded, trouble) = told(raw.as_bytes());
            assert_eq!(decoded, text, "{raw}");
            assert!(trouble.replaced, "{raw}");
        }
    }

    #[test]
    fn raw_bytes_are_told_apart_by_validity() {
        let (text, trouble) = told("墙 Wand ü".as_bytes());
        assert_eq!((text.as_str(), trouble.raw_utf8, trouble.raw_gbk), ("墙 Wand ü", true, false));
        let (gbk, _, _) = encoding_rs::GBK.encode("一层平面图");
        let (text, trouble) = told(&gbk);
        assert_eq!((text.as_str(), trouble.raw_utf8, trouble.raw_gbk), ("一层平面图", false, true));
        let (text, trouble) = told(b"T\xfcr Stra\xdfe");
        assert_eq!((text.as_str(), trouble.raw_latin), ("Tür Straße", true));
        // 乗 is 81 5C: its second byte is a `\\`
        let (gbk, _, _) = encoding_rs::GBK.encode("一乗二层");
        let (text, trouble) = told(&gbk);
        assert_eq!((text.as_str(), trouble.raw_gbk), ("一乗二层", true));
        let (text, trouble) = told(b"a\x81");
        assert_eq!((text.as_str(), trouble.replaced), ("a\u{fffd}", true));
    }
}
