//! Door and window marks: `C1515`, `FM甲1021`, `2×C1515`, `D04`, `W-03`. The prefixes are data: `rules/drawing/marks.toml`.

use super::fold::fold;
use serde::Deserialize;
use std::sync::LazyLock;

/// What a mark's prefix says that the thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MarkKind {
    /// A door with leaves.
    Door,
    /// A sliding door.
    SlidingDoor,
    /// A roller shutter.
    Shutter,
    /// A window.
    Window,
    /// A door and window in one frame.
    DoorWindow,
    /// A bare opening.
    Opening,
    /// A curtain wall.
    CurtainWall,
}

impl MarkKind {
    /// People or cars go through it.
    pub const fn is_door(self) -> bool {
        matches!(self, Self::Door | Self::SlidingDoor | Self::Shutter | Self::DoorWindow)
    }
    /// It is glazed.
    pub const fn is_window(self) -> bool {
        matches!(self, Self::Window | Self::DoorWindow | Self::CurtainWall)
    }
}

/// A mark taken apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// The mark as schedules list it: no count, no `(反)`.
    pub name: String,
    /// What the prefix says.
    pub kind: MarkKind,
    /// Width × height in mm, where the digits or the text beside give them.
    pub size_mm: Option<(u32, u32)>,
    /// `甲`, `乙` or `丙`.
    pub fire_class: Option<char>,
    /// How many openings one text stands for.
    pub count: u32,
    /// Mirrored (`反`).
    pub mirrored: bool,
    /// The prefix is used for nothing else; single letters (`D`, `T`, `P`, `R`) may be other things too.
    pub certain: bool,
}

#[derive(Default, Deserialize)]
struct Rules {
    fire_classes: Vec<char>,
    width_mm: (u32, u32),
    height_mm: (u32, u32),
    prefix: Vec<PrefixRule>,
}

#[derive(Deserialize)]
struct PrefixRule {
    text: Vec<String>,
    kind: MarkKind,
    sized: bool,
}

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../../rules/drawing/marks.toml")).unwrap_or_default()
});

/// A mark that is the whole text.
pub fn parse(text: &str) -> Option<Mark> {
    let folded = fold(text).replace('×', "X");
    let mut t = folded.as_str();
    let mut count = 1;
    if let Some((n, rest)) = t.split_once('X')
        && let Ok(n) = n.trim().parse::<u32>()
        && (1..100).contains(&n)
        && rest.trim_start().starts_with(|c: char| c.is_alphabetic())
    {
        count = n;
        t = rest.trim_start();
    }
    let (t, beside) = match t.split_once('(') {
        Some((head, tail)) => (head.trim(), tail.trim_end_matches(')').trim()),
        None => (t.trim(), ""),
    };
    let mirrored = beside == "反" || t.ends_with('反');
    let name = t.trim_end_matches('反').trim();
    if name.is_empty() || name.chars().count() > 14 {
        return None;
    }

    // the fire class may stand before, within or after
    let fire_class = name.chars().find(|c| RULES.fire_classes.contains(c));
    let bare: String = name.chars().filter(|c| !RULES.fire_classes.contains(c)).collect();
    let letters: String = bare.chars().take_while(|c| c.is_alphabetic() && c.is_ascii()).collect();
    let letters =
        if letters.is_empty() { bare.chars().take_while(|c| c.is_alphabetic()).collect() } else { letters };
    let rest = bare[letters.len()..].trim_start_matches(['-', '.', ' ']);
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let suffix = &rest[digits.len()..];
    if digits.is_empty() || digits.len() > 6 || !is_variant(suffix) {
        return None;
    }
    let rule = RULES.prefix.iter().find(|r| r.text.contains(&letters))?;
    let size_mm = size_beside(beside)
        .or_else(|| (rule.sized && digits.len() == 4).then(|| sized(&digits)).flatten())
        .filter(|_| !name.contains('-'));
    Some(Mark {
        name: name.to_owned(),
        kind: rule.kind,
        size_mm,
        fire_class,
        count,
        mirrored,
        certain: rule.sized || letters.len() > 1 || letters == "W",
    })
}

/// A short variant after the digits: `A`, `'`, `-1`, `A1`.
fn is_variant(suffix: &str) -> bool {
    suffix.chars().count() <= 3
        && suffix.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '\'' | '-' | '*' | '#'))
}

/// Four digits as width and height in decimetres, where both are sane.
fn sized(digits: &str) -> Option<(u32, u32)> {
    let w: u32 = digits.get(..2)?.parse().ok()?;
    let h: u32 = digits.get(2..)?.parse().ok()?;
    sane(w * 100, h * 100)
}

fn sane(w: u32, h: u32) -> Option<(u32, u32)> {
    let fits = |v: u32, (lo, hi): (u32, u32)| (lo..=hi).contains(&v);
    (fits(w, RULES.width_mm) && fits(h, RULES.height_mm)).then_some((w, h))
}

/// `900X2100` as written beside.
fn size_beside(beside: &str) -> Option<(u32, u32)> {
    let (w, h) = beside.split_once(['X', '*'])?;
    sane(w.trim().parse().ok()?, h.trim().parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(text: &str) -> Option<(u32, u32)> {
        parse(text).unwrap_or_else(|| panic!("{text} is a mark")).size_mm
    }

    #[test]
    fn every_row_of_the_design() {
        for text in ["C1515", "C1515a", "C1515'"] {
            let mark = parse(text).unwrap();
            assert_eq!((mark.kind, mark.size_mm), (MarkKind::Window, Some((1500, 1500))), "{text}");
        }
        let mark = parse("M0921(反)").unwrap();
        assert_eq!((mark.kind, mark.size_mm, mark.mirrored), (MarkKind::Door, Some((900, 2100)), true));
        assert_eq!(mark.name, "M0921");
        for text in ["FM甲1021", "甲FM1021", "FM1021甲"] {
            let mark = parse(text).unwrap();
            assert_eq!((mark.fire_class, mark.size_mm), (Some('甲'), Some((1000, 2100))), "{text}");
            assert!(mark.kind.is_door());
        }
        assert_eq!(
            parse("GFM乙1221").map(|m| (m.fire_class, m.size_mm)),
            Some((Some('乙'), Some((1200, 2100))))
        );
        assert_eq!(size("M1 (900×2100)"), Some((900, 2100)));
        for text in ["LC-1", "C1", "D101", "W-03", "C15155", "M09210"] {
            assert_eq!(size(text), None, "{text}");
        }
        let two = parse("2×C1515").unwrap();
        assert_eq!((two.count, two.size_mm), (2, Some((1500, 1500))));
        assert_eq!(
            parse("MLC2424").map(|m| (m.kind, m.size_mm)),
            Some((MarkKind::DoorWindow, Some((2400, 2400))))
        );
        assert_eq!(parse("TLM1821").map(|m| m.kind), Some(MarkKind::SlidingDoor));
        assert_eq!(parse("JLM3030").map(|m| m.size_mm), Some(Some((3000, 3000))));
    }

    #[test]
    fn digits_out_of_range_are_serial_numbers() {
        assert_eq!(size("C9999"), None);
        assert_eq!(size("M0199"), None);
    }

    #[test]
    fn other_texts_are_no_marks() {
        for text in ["办公室", "52.43 m2", "8100", "±0.000", "一层平面图", "A", "1:100", "KL1(2) 250x600"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
