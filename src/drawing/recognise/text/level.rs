//! Level marks: `±0.000`, `3.600`, `H-0.050`, `FFL +3.10`, lists such as `7.200(10.800,14.400)`.

use super::fold::fold;

/// What a level text says.
#[derive(Clone, Debug, PartialEq)]
pub struct Level {
    /// Levels, metres; several for typical floors.
    pub levels_m: Vec<f64>,
    /// Structural, not finished (`H`, `SSL`, `结构标高`).
    pub structural: bool,
    /// Relative to the floor's own level (`H-0.050`).
    pub relative: bool,
    /// Written as only levels are: a sign, three decimals, or a word.
    pub certain: bool,
}

const FINISHED: [&str; 14] = [
    "FFL",
    "EL.",
    "EL",
    "LEVEL",
    "OKFFB",
    "OKFF",
    "FL",
    "PEIL",
    "NGF",
    "NIVEAU",
    "NIV.",
    "NIV",
    "标高",
    "建筑标高",
];
const STRUCTURAL: [&str; 5] = ["SSL", "SFL", "OKRF", "RD", "结构标高"];

/// A level that is the whole text.
pub fn parse(text: &str) -> Option<Level> {
    let folded = fold(text).replace("%%P", "±");
    let mut t = folded.trim();
    let (mut structural, mut word) = (false, false);
    for prefix in STRUCTURAL.iter().chain(&FINISHED) {
        if let Some(rest) = t.strip_prefix(prefix) {
            structural = STRUCTURAL.contains(prefix);
            word = true;
            t = rest.trim_start_matches([':', '=', ' ', '.']).trim();
            break;
        }
    }
    let mut relative = false;
    if let Some(rest) = t.strip_prefix('H')
        && rest.starts_with(['-', '+'])
    {
        (structural, relative, word) = (true, true, true);
        t = rest;
    }
    let t = t.strip_suffix('M').unwrap_or(t).trim();
    // a length in feet and inches is a level only when a sign or a word says so
    if t.contains(['\'', '"']) && !word && !t.starts_with(['±', '+', '-']) {
        return None;
    }
    // a comma is the decimal sign where there is no point: 3,60
    let comma = !t.contains('.') && t.matches(',').count() == 1;
    let with_point = if comma { t.replace(',', ".") } else { t.to_owned() };
    let t = with_point.as_str();
    let mut levels_m = Vec::new();
    let mut certain = word;
    for part in t.split(['(', ')', ',', '、', ';']).map(str::trim).filter(|p| !p.is_empty()) {
        let signed = part.starts_with(['±', '+', '-']);
        if let Some(feet) = super::length::feet_and_inches(part.trim_start_matches(['±', '+', '-'])) {
            levels_m.push(if part.starts_with('-') { -feet } else { feet });
            certain |= signed;
            continue;
        }
        let number = part.trim_start_matches(['±', '+']);
        let decimals = number.rsplit_once('.').map_or(0, |(_, d)| d.len());
        if !(2..=3).contains(&decimals)
            || !number.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-'))
        {
            return None;
        }
        certain |= signed || decimals == 3;
        levels_m.push(number.parse::<f64>().ok().filter(|v| v.abs() < 2000.0)?);
    }
    (!levels_m.is_empty()).then_some(Level { levels_m, structural, relative, certain })
}

/// A number alone, without a sign or a word: a length may be written like that too.
pub fn is_bare(text: &str) -> bool {
    !text.contains("%%") && text.trim().starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels() {
        let one = |t: &str| parse(t).map(|l| (l.levels_m, l.structural, l.certain));
        assert_eq!(one("±0.000"), Some((vec![0.0], false, true)));
        assert_eq!(one("%%p0.000"), Some((vec![0.0], false, true)));
        assert_eq!(one("3.600"), Some((vec![3.6], false, true)));
        assert_eq!(one("H-0.050"), Some((vec![-0.05], true, true)));
        assert_eq!(one("FFL ±0.000"), Some((vec![0.0], false, true)));
        assert_eq!(one("7.200(10.800,14.400)"), Some((vec![7.2, 10.8, 14.4], false, true)));
        assert_eq!(one("-1.200"), Some((vec![-1.2], false, true)));
        assert_eq!(one("+3.10"), Some((vec![3.1], false, true)));
        assert_eq!(one("FFL 10'-0\""), Some((vec![3.048], false, true)));
        assert_eq!(one("NGF +3,60"), Some((vec![3.6], false, true)));
        assert_eq!(one("OKFF ±0,00"), Some((vec![0.0], false, true)));
        assert_eq!(one("12'-6\""), None);
        assert_eq!(one("12.50").map(|l| l.2), Some(false));
        assert_eq!(one("3600"), None);
        assert_eq!(one("C1515"), None);
        assert_eq!(one("52.43 m2"), None);
        assert!(parse("H-0.050").is_some_and(|l| l.relative));
        assert!(is_bare("3.600") && !is_bare("%%p0.000") && !is_bare("+3.600") && !is_bare("FFL 3.60"));
    }
}
