//! One spelling for texts that mean the same: full width to half width, upper case, one space, one dash.

/// Folded: full-width forms to ASCII, upper case, dashes and tildes told apart from nothing else, spaces collapsed.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    if text.is_ascii() {
        for word in text.split([' ', '\n', '\r', '\t']).filter(|w| !w.is_empty()) {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(word);
        }
        out.make_ascii_uppercase();
        return out;
    }
    for c in text.chars() {
        let c = match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            '\u{3000}' | '\u{a0}' | '\n' | '\r' | '\t' => ' ',
            '–' | '—' | '−' | '‐' | '‑' => '-',
            '〜' | '∼' => '~',
            '′' | '’' | '‘' => '\'',
            '″' | '”' | '“' => '"',
            '【' | '〔' | '﹝' => '(',
            '】' | '〕' | '﹞' => ')',
            other => other,
        };
        if c == ' ' {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else {
            out.extend(c.to_uppercase());
        }
    }
    while out.ends_with(' ') {
        out.pop();
    }
    out
}

/// A Chinese, Japanese or Korean character.
pub fn is_cjk(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{2ffff}')
}

/// The words of a folded text: runs of letters (with digits and accents), runs of Chinese, runs of digits alone.
pub fn words(folded: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = None;
    let mut kind = 0u8;
    for (i, c) in folded.char_indices() {
        let this = if is_cjk(c) {
            2
        } else if c.is_alphanumeric() || c == '&' {
            1
        } else {
            0
        };
        if this != kind {
            if let Some(s) = start.take() {
                out.push(&folded[s..i]);
            }
            if this != 0 {
                start = Some(i);
            }
            kind = this;
        }
    }
    if let Some(s) = start {
        out.push(&folded[s..]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_width_case_and_dashes() {
        assert_eq!(fold("Ｃ１５１５　ａ"), "C1515 A");
        assert_eq!(fold("2nd – 5th"), "2ND - 5TH");
        assert_eq!(words("A-WALL_填充 2"), ["A", "WALL", "填充", "2"]);
    }
}
