//! Scales: `1:100`, `SCALE 1/50`, `M 1:200`, `1/4" = 1'-0"`.

use super::fold::fold;
use super::length::feet_and_inches;

/// Scales that plans are drawn at; anything else is told but trusted less.
pub const USUAL: [f64; 14] =
    [1.0, 2.0, 5.0, 10.0, 20.0, 25.0, 30.0, 50.0, 75.0, 100.0, 150.0, 200.0, 250.0, 500.0];

/// The denominator of a scale that the text states anywhere, such as 100 for `一层平面图 1:100`.
pub fn parse(text: &str) -> Option<f64> {
    let folded = fold(text).replace('∶', ":");
    imperial(&folded).or_else(|| ratio(&folded))
}

fn ratio(text: &str) -> Option<f64> {
    let bytes = text.as_bytes();
    for (i, &b) in bytes.iter().enumerate() {
        if b != b':' && b != b'/' {
            continue;
        }
        let before = text[..i].trim_end();
        let digits_before = before.bytes().rev().take_while(u8::is_ascii_digit).count();
        if digits_before != 1 || !before.ends_with('1') {
            continue;
        }
        // a slash alone is also a sub-axis label (1/A) or a fraction (1/2): ask for a word or a usual scale
        let after: String =
            text[i + 1..].trim_start().chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
        let Ok(n) = after.parse::<f64>() else { continue };
        let usable = (1.0..=5000.0).contains(&n);
        if usable && (b == b':' || (n >= 20.0 && USUAL.contains(&n))) {
            return Some(n);
        }
    }
    None
}

/// `1/4" = 1'-0"` is 1:48.
fn imperial(text: &str) -> Option<f64> {
    let (paper, real) = text.split_once('=')?;
    let paper = feet_and_inches(paper.rsplit(':').next()?.trim().trim_start_matches("SCALE").trim())?;
    let real = feet_and_inches(real.trim())?;
    let n = real / paper;
    (paper > 0.0 && n.is_finite() && (1.0..=5000.0).contains(&n)).then_some(n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales() {
        let cases = [
            ("一层平面图 1:100", 100.0),
            ("SCALE 1:50", 50.0),
            ("1：200", 200.0),
            ("M 1/50", 50.0),
            ("1/4\" = 1'-0\"", 48.0),
            ("SCALE: 1/8\" = 1'-0\"", 96.0),
        ];
        for (text, n) in cases {
            let got = parse(text).unwrap_or_else(|| panic!("{text}"));
            assert!((got - n).abs() < 1e-9, "{text}: {got}");
        }
        assert_eq!(parse("1/A"), None);
        assert_eq!(parse("1/2"), None);
        assert_eq!(parse("M0921"), None);
    }
}
