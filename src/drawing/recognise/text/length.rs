//! Lengths as dimensions show them: `3600`, `3,600`, `3.60 m`, `12'-6 1/2"`.

use super::fold::fold;

/// A number as shown, and the unit where the text names it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Length {
    /// The number.
    pub number: f64,
    /// Metres per shown unit, where the text says so.
    pub unit_m: Option<f64>,
    /// It was written with a decimal part.
    pub decimal: bool,
}

impl Length {
    /// In metres, taking the number as `default_unit_m` where the text names no unit.
    pub fn metres(&self, default_unit_m: f64) -> f64 {
        self.number * self.unit_m.unwrap_or(default_unit_m)
    }
}

/// Inches and feet, metres.
pub const INCH: f64 = 0.0254;
/// A foot, metres.
pub const FOOT: f64 = 0.3048;

/// A length that is the whole text; `None` for words, `<>` and empty texts.
pub fn parse(text: &str) -> Option<Length> {
    let folded = fold(text);
    let t = folded.trim().trim_start_matches(['≈', '~', '=', 'L']).trim();
    if t.contains('\'') || t.contains('"') {
        return feet_and_inches(t).map(|m| Length { number: m, unit_m: Some(1.0), decimal: true });
    }
    let end = t.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | ' '))).unwrap_or(t.len());
    let (digits, rest) = t.split_at(end);
    let unit_m = match rest.trim() {
        "" => None,
        "MM" => Some(0.001),
        "CM" => Some(0.01),
        "M" => Some(1.0),
        _ => return None,
    };
    let (number, decimal) = decimal_number(digits.trim())?;
    Some(Length { number, unit_m, decimal })
}

/// A non-negative number with either decimal sign; a comma or blank before exactly three digits groups thousands.
fn decimal_number(t: &str) -> Option<(f64, bool)> {
    if t.is_empty() || !t.bytes().next().is_some_and(|b| b.is_ascii_digit() || b == b'.') {
        return None;
    }
    let mut clean = t.replace(' ', "");
    if !clean.contains('.') {
        let grouped = clean.split(',').skip(1).all(|g| g.len() == 3) && clean.matches(',').count() > 0;
        clean = if grouped { clean.replace(',', "") } else { clean.replace(',', ".") };
    } else {
        clean = clean.replace(',', "");
    }
    let decimal = clean.contains('.');
    clean.parse::<f64>().ok().filter(|n| n.is_finite()).map(|n| (n, decimal))
}

/// Feet and inches in metres: `12'-6 1/2"`, `6"`, `3'`, `1'0"`.
pub fn feet_and_inches(text: &str) -> Option<f64> {
    let t = text.trim();
    let (feet, inches) = match t.split_once('\'') {
        Some((f, rest)) => (Some(f.trim()), rest.trim().trim_start_matches('-').trim()),
        None => (None, t),
    };
    let mut metres = match feet {
        Some(f) => f.parse::<f64>().ok()? * FOOT,
        None => 0.0,
    };
    if inches.is_empty() {
        return feet.is_some().then_some(metres);
    }
    let body = inches.strip_suffix('"')?.trim();
    let mut sum = 0.0;
    let mut any = false;
    for part in body.split([' ', '-']).filter(|p| !p.is_empty()) {
        sum += match part.split_once('/') {
            Some((n, d)) => {
                let (n, d) = (n.parse::<f64>().ok()?, d.parse::<f64>().ok()?);
                if d == 0.0 {
                    return None;
                }
                n / d
            }
            None => part.parse::<f64>().ok()?,
        };
        any = true;
    }
    metres += sum * INCH;
    (any && metres.is_finite()).then_some(metres)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_numbers() {
        assert_eq!(parse("3600"), Some(Length { number: 3600.0, unit_m: None, decimal: false }));
        assert_eq!(parse("3,600").map(|l| l.number), Some(3600.0));
        assert_eq!(parse("3,60").map(|l| l.number), Some(3.6));
        assert_eq!(parse("3.60 m").map(|l| l.metres(0.001)), Some(3.6));
        assert_eq!(parse("<>"), None);
        assert_eq!(parse("办公"), None);
        assert_eq!(parse("M0921"), None);
        assert_eq!(parse(""), None);
    }

    #[test]
    fn imperial() {
        let cases =
            [("12'-6\"", 3.81), ("12'-6 1/2\"", 3.8227), ("6\"", 0.1524), ("3'", 0.9144), ("1'0\"", 0.3048)];
        for (text, m) in cases {
            let got = parse(text).unwrap_or_else(|| panic!("{text}")).metres(0.001);
            assert!((got - m).abs() < 1e-9, "{text}: {got}");
        }
        assert_eq!(feet_and_inches("1/0\""), None);
    }
}
