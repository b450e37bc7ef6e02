//! Foreign text made harmless, and numbers made readable: names in models and drawings are written by strangers.

/// Longest name that is shown; models carry names of a million characters.
const LONGEST: usize = 240;

/// A text on one line: control characters and those that turn the direction of writing become `�`, long texts end in
/// an ellipsis.
pub fn tame(text: &str) -> String {
    tame_to(text, LONGEST)
}

/// As [`tame`], with at most `longest` characters.
pub fn tame_to(text: &str, longest: usize) -> String {
    let mut out = String::with_capacity(text.len().min(longest * 4));
    for (n, c) in text.chars().enumerate() {
        if n == longest {
            out.push('…');
            break;
        }
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            c if c.is_control() || turns(c) => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// Bidirectional overrides, embeddings, isolates and marks, the invisible separators, and what is no character.
const fn turns(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' | '\u{61c}' | '\u{fffe}' | '\u{ffff}')
}

/// A number without noise: three decimals at most, no trailing zeros.
pub fn number(x: f64) -> String {
    if !x.is_finite() {
        return "–".into();
    }
    let text = format!("{x:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".into() } else { text.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_stay_on_one_line_and_run_left_to_right() {
        assert_eq!(tame("a\u{202e}b\0c\u{1b}[31m\nd"), "a\u{fffd}b\u{fffd}c\u{fffd}[31m d");
        assert_eq!(tame(&"x".repeat(1_000_000)).chars().count(), LONGEST + 1);
        assert_eq!(tame("主卧室"), "主卧室");
    }

    #[test]
    fn numbers_lose_their_noise() {
        assert_eq!(number(900.0), "900");
        assert_eq!(number(-0.0001), "0");
        assert_eq!(number(12.5), "12.5");
        assert_eq!(number(f64::NAN), "–");
    }
}
