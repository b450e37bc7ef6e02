//! Room areas: `52.43 m²`, `52.43㎡`, `面积: 9.63`, `150 SF`.

use super::fold::fold;

/// A square foot, m².
const SQUARE_FOOT: f64 = 0.3048 * 0.3048;

/// An area text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    /// m².
    pub m2: f64,
    /// A unit or word makes it an area; without one it is only a number with two decimals.
    pub certain: bool,
}

/// An area that is the whole text.
pub fn parse(text: &str) -> Option<Area> {
    let folded = fold(text).replace("^2", "2").replace('²', "2").replace('㎡', "M2");
    let mut t = folded.trim();
    let mut certain = false;
    for word in [
        "建筑面积",
        "使用面积",
        "面积",
        "AREA",
        "NVO",
        "BVO",
        "NRF",
        "NGF",
        "NUF",
        "BGF",
        "NF",
        "FLÄCHE",
        "SURFACE",
        "SURF",
        "SHAB",
        "SU",
        "A",
        "S",
        "F",
        "M2",
    ] {
        if let Some(rest) = t.strip_prefix(word)
            && rest.starts_with([':', '=', ' ', '.', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
            && (word.chars().count() > 1 || rest.trim_start().starts_with([':', '=']))
        {
            t = rest.trim_start_matches([':', '=', ' ', '.']);
            certain = true;
            break;
        }
    }
    let end = t.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ','))).unwrap_or(t.len());
    let (digits, unit) = t.split_at(end);
    let factor = match unit.trim() {
        "M2" | "QM" | "平方米" | "SQM" | "SQ M" | "SQ.M" | "SQ.M." | "M 2" => Some(1.0),
        "SF" | "SQ FT" | "SQFT" | "SQ. FT." | "FT2" => Some(SQUARE_FOOT),
        "" => None,
        _ => return None,
    };
    let clean = if digits.contains('.') { digits.replace(',', "") } else { digits.replace(',', ".") };
    let n: f64 = clean.parse().ok()?;
    let decimals = clean.rsplit_once('.').map_or(0, |(_, d)| d.len());
    certain |= factor.is_some();
    let m2 = n * factor.unwrap_or(1.0);
    ((certain || (1..=2).contains(&decimals)) && m2 > 0.0 && m2 < 1e6).then_some(Area { m2, certain })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas() {
        let one = |t: &str| parse(t).map(|a| ((a.m2 * 100.0).round() / 100.0, a.certain));
        assert_eq!(one("52.43 m2"), Some((52.43, true)));
        assert_eq!(one("52.43 m²"), Some((52.43, true)));
        assert_eq!(one("52.43㎡"), Some((52.43, true)));
        assert_eq!(one("面积: 9.63"), Some((9.63, true)));
        assert_eq!(one("F = 12,5 m²"), Some((12.5, true)));
        assert_eq!(one("NF: 12,34 m²"), Some((12.34, true)));
        assert_eq!(one("Surf. = 9,63 m²"), Some((9.63, true)));
        assert_eq!(one("9.63"), Some((9.63, false)));
        assert_eq!(one("150 SF"), Some((13.94, true)));
        assert_eq!(one("3600"), None);
        assert_eq!(one("3.600"), None);
        assert_eq!(one("办公"), None);
    }
}
