//! Opening marks and the size that they say: `C1515`, `M0921`, `FM甲1021`, `GFM乙1221`.

use crate::registration::labels::label_key;

/// Sizes that a mark may say, in millimetres: beyond them the digits are a serial number.
const WIDTH_MM: (f64, f64) = (300.0, 6000.0);
const HEIGHT_MM: (f64, f64) = (300.0, 4500.0);

/// What a mark says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Coded {
    /// Width, metres.
    pub(crate) width_m: f64,
    /// Height, metres.
    pub(crate) height_m: f64,
    /// Door, window, or not said.
    pub(crate) door: Option<bool>,
    /// Fire class: 甲, 乙, 丙.
    pub(crate) fire: Option<char>,
}

/// A mark without what habits change: one case, no spaces, no count before it (`2×C1515`), nothing in brackets after it.
pub(crate) fn mark_key(mark: &str) -> String {
    let text = label_key(mark);
    let text = match text.split_once(['×', '*']) {
        Some((n, rest)) if !n.is_empty() && n.chars().all(|c| c.is_ascii_digit()) => rest.to_owned(),
        _ => text,
    };
    let cut = text.find('(').filter(|i| *i > 0).unwrap_or(text.len());
    text.get(..cut).unwrap_or(&text).to_owned()
}

/// The size that the mark says: a prefix of letters, four digits (width and height in decimetres), and at most a
/// short suffix.
pub(crate) fn coded(mark: &str) -> Option<Coded> {
    let key = mark_key(mark);
    let fire = key.chars().find(|c| matches!(c, '甲' | '乙' | '丙'));
    let plain: String = key.chars().filter(|c| !matches!(c, '甲' | '乙' | '丙')).collect();
    let prefix: String = plain.chars().take_while(|c| c.is_alphabetic()).collect();
    let rest = plain.get(prefix.len()..)?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let suffix = rest.get(digits.len()..)?;
    if prefix.is_empty() || digits.len() != 4 || suffix.chars().count() > 2 || suffix.starts_with(['.', '-'])
    {
        return None;
    }
    let width = digits.get(..2)?.parse::<f64>().ok()? * 100.0;
    let height = digits.get(2..)?.parse::<f64>().ok()? * 100.0;
    if !(WIDTH_MM.0..=WIDTH_MM.1).contains(&width) || !(HEIGHT_MM.0..=HEIGHT_MM.1).contains(&height) {
        return None;
    }
    // windows are C…, curtain windows MLC and door-windows MC are both; doors are M
    let door =
        match (prefix.contains('M') || prefix.contains('门'), prefix.contains('C') || prefix.contains('窗'))
        {
            (true, false) => Some(true),
            (false, true) => Some(false),
            _ => None,
        };
    Some(Coded { width_m: width / 1000.0, height_m: height / 1000.0, door, fire })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar_of_marks() {
        let size = |m: &str| coded(m).map(|c| (c.width_m, c.height_m, c.door, c.fire));
        assert_eq!(size("C1515"), Some((1.5, 1.5, Some(false), None)));
        assert_eq!(size("C1515a"), Some((1.5, 1.5, Some(false), None)));
        assert_eq!(size("M0921(反)"), Some((0.9, 2.1, Some(true), None)));
        assert_eq!(size("FM甲1021"), Some((1.0, 2.1, Some(true), Some('甲'))));
        assert_eq!(size("甲FM1021"), Some((1.0, 2.1, Some(true), Some('甲'))));
        assert_eq!(size("GFM乙1221"), Some((1.2, 2.1, Some(true), Some('乙'))));
        assert_eq!(size("MLC2424"), Some((2.4, 2.4, None, None)));
        assert_eq!(size("2×C1515"), Some((1.5, 1.5, Some(false), None)));
        for none in ["LC-1", "C1", "D101", "C15155", "M09210", "1515", ""] {
            assert_eq!(size(none), None, "{none}");
        }
    }
}
