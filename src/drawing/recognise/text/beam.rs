//! Texts of beams: `KL1(2) 300x600`, `WKL3(2A) 250×500`, `L2(1)`, `B12 200x400`. The names are data:
//! `rules/drawing/beams.toml`.

use super::fold::fold;
use serde::Deserialize;
use std::sync::LazyLock;

/// A beam's text taken apart.
#[derive(Clone, Debug, PartialEq)]
pub struct BeamText {
    /// Name with its number.
    pub name: String,
    /// Spans in brackets.
    pub spans: Option<u32>,
    /// `A` for a cantilever at one end, `B` at both.
    pub cantilever: Option<char>,
    /// Width × height, mm.
    pub section_mm: Option<(u32, u32)>,
    /// Level relative to the floor's, metres.
    pub offset_m: Option<f64>,
}

#[derive(Default, Deserialize)]
struct Rules {
    prefixes: Vec<String>,
    width_mm: (u32, u32),
    height_mm: (u32, u32),
}

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../../rules/drawing/beams.toml")).unwrap_or_default()
});

/// A beam's text: its name first; reinforcement that follows is passed over.
pub fn parse(text: &str) -> Option<BeamText> {
    let folded = fold(text).replace(['×', '*'], "X");
    let letters = folded.bytes().take_while(u8::is_ascii_uppercase).count();
    let prefix = &folded[..letters];
    if !RULES.prefixes.iter().any(|p| p == prefix) {
        return None;
    }
    let rest = folded[letters..].trim_start_matches('-');
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if !(1..=4).contains(&digits) {
        return None;
    }
    let mut tail = &rest[digits..];
    // KL1a, L12A: a variant
    let variant = tail.bytes().take_while(u8::is_ascii_uppercase).count();
    let mut name = format!("{prefix}{}", &rest[..digits]);
    if variant == 1 && !tail.starts_with('X') {
        name.push_str(&tail[..1]);
        tail = &tail[1..];
    }
    let (mut spans, mut cantilever) = (None, None);
    if let Some((inside, after)) = tail.strip_prefix('(').and_then(|t| t.split_once(')')) {
        let n = inside.trim_end_matches(['A', 'B']);
        spans = n.parse().ok();
        cantilever = inside.chars().next_back().filter(|c| matches!(c, 'A' | 'B'));
        spans?;
        tail = after;
    }
    let (section_mm, tail) = match section(tail.trim_start()) {
        Some((s, rest)) => (Some(s), rest),
        None => (None, tail),
    };
    let offset_m = tail
        .split_once('(')
        .and_then(|(_, t)| t.split_once(')'))
        .and_then(|(n, _)| n.trim().parse::<f64>().ok())
        .filter(|n| n.abs() < 10.0);
    // a letter and a number alone are many things: one of the flat method's own names, spans or a section make a beam
    let sure = spans.is_some() || section_mm.is_some() || prefix.len() > 1 && prefix.ends_with('L');
    let alone = tail.is_empty() || tail.starts_with([' ', '(']);
    (sure && alone).then_some(BeamText { name, spans, cantilever, section_mm, offset_m })
}

/// A section alone: `300x600`.
pub fn section_alone(text: &str) -> Option<(u32, u32)> {
    let folded = fold(text).replace(['×', '*'], "X");
    section(folded.trim()).filter(|(_, rest)| rest.trim().is_empty()).map(|(s, _)| s)
}

/// `300X600` at the beginning, and what follows.
fn section(text: &str) -> Option<((u32, u32), &str)> {
    let digits = |t: &str| t.bytes().take_while(u8::is_ascii_digit).count();
    let n = digits(text);
    let (w, rest) = (text.get(..n)?, text.get(n..)?.trim_start());
    let rest = rest.strip_prefix('X')?.trim_start();
    let m = digits(rest);
    let (w, h) = (w.parse::<u32>().ok()?, rest.get(..m)?.parse::<u32>().ok()?);
    let fits = |v: u32, (lo, hi): (u32, u32)| (lo..=hi).contains(&v);
    (fits(w, RULES.width_mm) && fits(h, RULES.height_mm)).then_some(((w, h), rest.get(m..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flat_method() {
        let one = |t: &str| {
            let b = parse(t).unwrap_or_else(|| panic!("{t} is a beam"));
            (b.name, b.spans, b.cantilever, b.section_mm)
        };
        assert_eq!(one("KL1(2) 300x600"), ("KL1".into(), Some(2), None, Some((300, 600))));
        assert_eq!(one("WKL3(2A) 250×500"), ("WKL3".into(), Some(2), Some('A'), Some((250, 500))));
        assert_eq!(one("L2(1)"), ("L2".into(), Some(1), None, None));
        assert_eq!(one("KL12"), ("KL12".into(), None, None, None));
        assert_eq!(one("B12 200x400"), ("B12".into(), None, None, Some((200, 400))));
        assert_eq!(one("KL1a(3B) 300*700"), ("KL1A".into(), Some(3), Some('B'), Some((300, 700))));
        assert_eq!(one("KL-1(2)300X600"), ("KL1".into(), Some(2), None, Some((300, 600))));
        assert_eq!(
            parse("KL7(3) 300x700 \u{3a6}10@100/200(2) 2C25 (-0.100)").map(|b| b.section_mm),
            Some(Some((300, 700)))
        );
        assert_eq!(parse("KL5(2) 300x600 (-0.050)").and_then(|b| b.offset_m), Some(-0.05));
        assert_eq!(section_alone("300×600"), Some((300, 600)));
    }

    #[test]
    fn other_texts_are_no_beams() {
        for text in [
            "L3",
            "LEVEL 03",
            "B1",
            "LC-1",
            "C1515",
            "办公室",
            "KZ1",
            "LB1 h=120",
            "8100",
            "L",
            "BED 1",
            "KL9999x2",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
