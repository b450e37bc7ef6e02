//! Which bytes are which letters. The bytes decide before the header does: text that is valid UTF-8 is UTF-8 whatever
//! $DWGCODEPAGE says, and pairs of GB 2312 are Chinese even where the header is silent or says Western.

use encoding_rs::{BIG5, EUC_KR, Encoding, GBK, SHIFT_JIS, UTF_8, WINDOWS_1252};
use std::borrow::Cow;

/// How a file's texts are encoded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Letters {
    encoding: &'static Encoding,
}

/// From code page names of $DWGCODEPAGE.
fn by_name(name: &str) -> Option<&'static Encoding> {
    let name = name.trim().to_ascii_uppercase();
    match name.as_str() {
        "UTF-8" | "UTF8" => return Some(UTF_8),
        "GB2312" | "GBK" => return Some(GBK),
        "JOHAB" | "KSC5601" => return Some(EUC_KR),
        "BIG5" => return Some(BIG5),
        _ => {}
    }
    let number = name.trim_start_matches(|c: char| !c.is_ascii_digit());
    match number {
        "932" => Some(SHIFT_JIS),
        "936" => Some(GBK),
        "949" | "1361" => Some(EUC_KR),
        "950" => Some(BIG5),
        "874" => Some(encoding_rs::WINDOWS_874),
        "866" => Some(encoding_rs::IBM866),
        n if n.starts_with("125") => Encoding::for_label(format!("windows-{n}").as_bytes()),
        _ => None,
    }
}

/// Every byte above 0x7F belongs to a pair of GB 2312 (rows A1–F7, cells A1–FE), and there is at least one.
fn looks_chinese(bytes: &[u8]) -> bool {
    let mut i = 0;
    let mut pairs = 0;
    while let Some(&lead) = bytes.get(i) {
        if lead < 0x80 {
            i += 1;
            continue;
        }
        match bytes.get(i + 1) {
            Some(0xA1..=0xFE) if (0xA1..=0xF7).contains(&lead) => {}
            _ => return false,
        }
        pairs += 1;
        i += 2;
    }
    pairs > 0
}

/// Valid UTF-8 whose letters could not as well be Chinese in a national code page: those come out as two-byte sequences only.
fn is_utf8(bytes: &[u8], header: Option<&'static Encoding>) -> bool {
    let national = header.is_some_and(|e| e == GBK || e == BIG5 || e == EUC_KR || e == SHIFT_JIS);
    std::str::from_utf8(bytes).is_ok() && !(national && bytes.iter().all(|&b| b < 0xE0))
}

impl Letters {
    /// Decides for a whole file. `bytes` is all of an ASCII file, or all strings of a binary one, one after another.
    /// The sentence tells when the header was overruled.
    pub(super) fn choose(
        bytes: &[u8],
        code_page: Option<&str>,
        version: Option<&str>,
    ) -> (Self, Option<String>) {
        let named = code_page.and_then(by_name);
        // From AC1021 (2007) on, DXF is UTF-8 by definition.
        let header = if version >= Some("AC1021") { Some(UTF_8) } else { named };
        let stated = || code_page.unwrap_or("nothing").to_string();
        let told = |what: &str| {
            Some(format!("texts are {what}, although the header states {}; read as {what}", stated()))
        };
        if bytes.is_ascii() {
            return (Self { encoding: header.unwrap_or(WINDOWS_1252) }, None);
        }
        if is_utf8(bytes, header) {
            let note = if header == Some(UTF_8) { None } else { told("UTF-8") };
            return (Self { encoding: UTF_8 }, note);
        }
        let western = header.is_none() || header == Some(WINDOWS_1252) || header == Some(UTF_8);
        if western && looks_chinese(bytes) {
            let note = if named == Some(GBK) { None } else { told("GBK") };
            return (Self { encoding: GBK }, note);
        }
        let encoding = match header {
            Some(e) if e == UTF_8 => named.unwrap_or(WINDOWS_1252),
            Some(e) => e,
            None => WINDOWS_1252,
        };
        let note = (header == Some(UTF_8))
            .then(|| format!("texts are not valid UTF-8; read as {}", encoding.name()));
        (Self { encoding }, note)
    }

    /// Bytes as text, with `\U+XXXX`, `\M+nXXXX` and caret codes resolved. Unreadable bytes become U+FFFD.
    pub(super) fn text(&self, bytes: &[u8]) -> String {
        let text = if bytes.is_ascii() {
            // Sound: ASCII is UTF-8; the lossless path allocates only once.
            String::from_utf8_lossy(bytes)
        } else if let (true, Ok(text)) = (self.encoding == UTF_8, std::str::from_utf8(bytes)) {
            Cow::Borrowed(text)
        } else {
            self.encoding.decode_without_bom_handling(bytes).0
        };
        if text.contains('^') || text.contains("\\U+") || text.contains("\\M+") {
            unescape(&text)
        } else {
            text.into_owned()
        }
    }
}

/// Resolves `\U+XXXX` (with surrogate pairs), `\M+nXXXX` (double-byte letters by code page) and `^X` control codes.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let (letter, used) = match c {
            '\\' => escape(rest).unwrap_or(('\\', 1)),
            '^' => match rest.as_bytes().get(1) {
                Some(b' ') => ('^', 2),
                Some(&b @ (b'I' | b'J' | b'M')) => (char::from(b - 0x40), 2),
                _ => ('^', 1),
            },
            c => (c, c.len_utf8()),
        };
        out.push(letter);
        rest = &rest[used..];
    }
    out
}

/// `\U+XXXX` or `\M+nXXXX` at the start of `text`: the letter, and the bytes it takes.
fn escape(text: &str) -> Option<(char, usize)> {
    let hex = |from: usize, to: usize| u32::from_str_radix(text.get(from..to)?, 16).ok();
    if text.starts_with("\\U+") {
        let unit = hex(3, 7)?;
        if (0xD800..0xDC00).contains(&unit) && text.get(7..10) == Some("\\U+") {
            let low = hex(10, 14).filter(|u| (0xDC00..0xE000).contains(u))?;
            return Some((char::from_u32(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00))?, 14));
        }
        return Some((char::from_u32(unit).unwrap_or('\u{FFFD}'), 7));
    }
    if text.starts_with("\\M+") {
        let pair = [(hex(4, 6)?) as u8, (hex(6, 8)?) as u8];
        // DXF reference, MTEXT: 1 Shift JIS, 2 Big5, 3 and 4 Korean, 5 GBK.
        let encoding = match text.as_bytes().get(3)? {
            b'1' => SHIFT_JIS,
            b'2' => BIG5,
            b'3' | b'4' => EUC_KR,
            _ => GBK,
        };
        let used = if pair[0] < 0x80 { &pair[..1] } else { &pair[..] };
        return Some((encoding.decode_without_bom_handling(used).0.chars().next()?, 8));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_decide_before_the_header() {
        let (utf8, note) = Letters::choose("首层平面图".as_bytes(), Some("ANSI_936"), Some("AC1015"));
        assert!(utf8.text("首层".as_bytes()) == "首层" && note.is_some());
        let gbk = GBK.encode("首层平面图").0.into_owned();
        for page in [Some("ANSI_936"), Some("ANSI_1252"), None] {
            let (letters, note) = Letters::choose(&gbk, page, Some("AC1015"));
            assert_eq!(letters.text(&gbk), "首层平面图");
            assert_eq!(note.is_some(), page != Some("ANSI_936"));
        }
        let west = [b"K\xFCche".as_slice(), b"2\xB2"].concat();
        let (letters, note) = Letters::choose(&west, Some("ANSI_1252"), Some("AC1015"));
        assert!(letters.text(b"K\xFCche") == "Küche" && note.is_none());
    }

    #[test]
    fn escapes() {
        let (l, _) = Letters::choose(b"", None, None);
        assert_eq!(
            l.text(br"\U+4E00\U+5C42 \U+D83D\U+DE00 a^Ib ^ x \M+5B0A1 \U+12"),
            "一层 😀 a\tb ^x 啊 \\U+12"
        );
    }
}
