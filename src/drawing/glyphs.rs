//! How wide a text runs, where a format does not say: an estimate by kinds of letters.

/// Width of a text in heights of a capital. East Asian letters fill a square a little larger than the capital height,
/// Latin letters of the common CAD fonts (simplex, Arial) about three quarters of it, narrow ones about half of that.
pub(crate) fn width(text: &str) -> f64 {
    text.chars().map(letter).sum()
}

fn letter(c: char) -> f64 {
    match c {
        'i' | 'l' | 'j' | '.' | ',' | ':' | ';' | '\'' | '!' | '|' | 'I' | 't' | 'f' | '(' | ')' | ' ' => {
            0.45
        }
        'm' | 'w' | 'M' | 'W' => 1.1,
        c if is_wide(c) => 1.2,
        c if c.is_control() => 0.0,
        _ => 0.8,
    }
}

/// Letters that fill a square: CJK, kana, hangul, full-width forms, circled numbers.
fn is_wide(c: char) -> bool {
    matches!(u32::from(c), 0x1100..=0x115F | 0x2460..=0x24FF | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF
        | 0xFE30..=0xFE6F | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6 | 0x20000..=0x3FFFD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_is_wider_than_latin() {
        assert!(width("平面图") > width("plan") && width("") == 0.0);
    }
}
