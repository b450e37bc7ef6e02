//! The values of XML Schema that restrictions are written in: what a text of each base type may look like, and
//! which of two is the greater.

use std::cmp::Ordering;

/// A base type of a restriction (IDS 1.0, DataTypes, "XML base types").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Base {
    /// `xs:string`.
    String,
    /// `xs:anyURI`.
    AnyUri,
    /// `xs:boolean`.
    Boolean,
    /// `xs:integer`.
    Integer,
    /// `xs:double`.
    Double,
    /// `xs:date`.
    Date,
    /// `xs:dateTime`.
    DateTime,
    /// `xs:time`.
    Time,
    /// `xs:duration`.
    Duration,
}

impl Base {
    /// By its local name, such as `double`.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "string" => Self::String,
            "anyURI" => Self::AnyUri,
            "boolean" => Self::Boolean,
            "integer" => Self::Integer,
            "double" => Self::Double,
            "date" => Self::Date,
            "dateTime" => Self::DateTime,
            "time" => Self::Time,
            "duration" => Self::Duration,
            _ => return None,
        })
    }

    /// Its name with the usual prefix.
    pub fn name(self) -> &'static str {
        match self {
            Self::String => "xs:string",
            Self::AnyUri => "xs:anyURI",
            Self::Boolean => "xs:boolean",
            Self::Integer => "xs:integer",
            Self::Double => "xs:double",
            Self::Date => "xs:date",
            Self::DateTime => "xs:dateTime",
            Self::Time => "xs:time",
            Self::Duration => "xs:duration",
        }
    }

    /// Whether its values are texts that have lengths and no order.
    pub fn is_text(self) -> bool {
        matches!(self, Self::String | Self::AnyUri)
    }

    /// Whether its values are numbers.
    pub fn is_number(self) -> bool {
        matches!(self, Self::Integer | Self::Double)
    }

    /// Whether a text is one of its values.
    pub fn holds(self, text: &str) -> bool {
        match self {
            Self::String => true,
            Self::AnyUri => !text.contains(char::is_whitespace),
            Self::Boolean => boolean(text).is_some(),
            Self::Integer => is_integer(text),
            Self::Double => double(text).is_some(),
            Self::Date | Self::DateTime | Self::Time => moment(self, text).is_some(),
            Self::Duration => duration(text).is_some(),
        }
    }

    /// Which of two texts is the greater; `None` when one is no value, or when the two cannot be compared.
    pub fn compare(self, a: &str, b: &str) -> Option<Ordering> {
        match self {
            Self::String | Self::AnyUri | Self::Boolean => None,
            Self::Integer | Self::Double => double(a)?.partial_cmp(&double(b)?),
            Self::Date | Self::DateTime | Self::Time => moment(self, a)?.partial_cmp(&moment(self, b)?),
            Self::Duration => {
                let (a, b) = (duration(a)?, duration(b)?);
                // A month lasts between 28 and 31 days: XML Schema compares at four starts, and so do their ends.
                let least = |d: (f64, f64)| d.0 * 28.0 * 86_400.0 + d.1;
                let most = |d: (f64, f64)| d.0 * 31.0 * 86_400.0 + d.1;
                let first = least(a).partial_cmp(&least(b))?;
                (most(a).partial_cmp(&most(b))? == first).then_some(first)
            }
        }
    }
}

/// A value of `xs:boolean`.
pub fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

/// Whether a text is a value of `xs:integer`.
pub fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

/// A value of `xs:double`.
pub fn double(text: &str) -> Option<f64> {
    match text {
        "INF" | "+INF" => return Some(f64::INFINITY),
        "-INF" => return Some(f64::NEG_INFINITY),
        "NaN" => return Some(f64::NAN),
        _ => {}
    }
    let plain = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E'));
    if plain { text.parse().ok() } else { None }
}

fn digits(text: &str, count: usize) -> Option<(f64, &str)> {
    let head = text.get(..count)?;
    head.bytes().all(|b| b.is_ascii_digit()).then_some(())?;
    Some((head.parse().ok()?, &text[count..]))
}

/// Seconds from a fixed start, of a date, a time or both. Without a time zone it counts as UTC.
fn moment(base: Base, text: &str) -> Option<f64> {
    let mut rest = text;
    let mut seconds = 0.0;
    if base != Base::Time {
        let (year, r) = digits(rest, 4)?;
        let (month, r) = digits(r.strip_prefix('-')?, 2)?;
        let (day, r) = digits(r.strip_prefix('-')?, 2)?;
        if !(1.0..=12.0).contains(&month) || day < 1.0 || day > days_in(year, month) {
            return None;
        }
        seconds += days_from_civil(year, month, day) * 86_400.0;
        rest = r;
    }
    if base == Base::DateTime {
        rest = rest.strip_prefix('T')?;
    }
    if base != Base::Date {
        let (hour, r) = digits(rest, 2)?;
        let (minute, r) = digits(r.strip_prefix(':')?, 2)?;
        let (second, mut r) = digits(r.strip_prefix(':')?, 2)?;
        if hour > 24.0 || minute > 59.0 || second > 59.0 || (hour == 24.0 && minute + second > 0.0) {
            return None;
        }
        seconds += hour * 3_600.0 + minute * 60.0 + second;
        if let Some(fraction) = r.strip_prefix('.') {
            let end = fraction.find(|c: char| !c.is_ascii_digit()).unwrap_or(fraction.len());
            if end == 0 {
                return None;
            }
            seconds += format!("0.{}", &fraction[..end]).parse::<f64>().ok()?;
            r = &fraction[end..];
        }
        rest = r;
    }
    match rest.chars().next() {
        None => Some(seconds),
        Some('Z') if rest.len() == 1 => Some(seconds),
        Some(sign @ ('+' | '-')) => {
            let (hours, r) = digits(&rest[1..], 2)?;
            let (minutes, r) = digits(r.strip_prefix(':')?, 2)?;
            (r.is_empty() && hours <= 14.0 && minutes <= 59.0).then_some(())?;
            let offset = hours * 3_600.0 + minutes * 60.0;
            Some(if sign == '+' { seconds - offset } else { seconds + offset })
        }
        Some(_) => None,
    }
}

fn days_in(year: f64, month: f64) -> f64 {
    let leap = year % 4.0 == 0.0 && (year % 100.0 != 0.0 || year % 400.0 == 0.0);
    match month as u8 {
        2 if leap => 29.0,
        2 => 28.0,
        4 | 6 | 9 | 11 => 30.0,
        _ => 31.0,
    }
}

/// Days from 0000-03-01 (H. Hinnant, "chrono-compatible low-level date algorithms").
fn days_from_civil(year: f64, month: f64, day: f64) -> f64 {
    let y = if month <= 2.0 { year - 1.0 } else { year };
    let m = if month > 2.0 { month - 3.0 } else { month + 9.0 };
    365.0 * y + (y / 4.0).floor() - (y / 100.0).floor()
        + (y / 400.0).floor()
        + ((153.0 * m + 2.0) / 5.0).floor()
        + day
}

/// Months and seconds of a value of `xs:duration`.
fn duration(text: &str) -> Option<(f64, f64)> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text),
    };
    let rest = rest.strip_prefix('P')?;
    let (date, time) = match rest.split_once('T') {
        Some((_, "")) => return None,
        Some((date, time)) => (date, time),
        None if rest.is_empty() => return None,
        None => (rest, ""),
    };
    let [years, months, days] = amounts(date, ['Y', 'M', 'D'], false)?;
    let [hours, minutes, seconds] = amounts(time, ['H', 'M', 'S'], true)?;
    Some((
        sign * (years * 12.0 + months),
        sign * (days * 86_400.0 + hours * 3_600.0 + minutes * 60.0 + seconds),
    ))
}

/// Numbers before their letters, in the order of the letters, each at most once.
fn amounts(text: &str, letters: [char; 3], fraction: bool) -> Option<[f64; 3]> {
    let mut out = [0.0; 3];
    let mut rest = text;
    for (slot, letter) in out.iter_mut().zip(letters) {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        if rest[end..].starts_with(letter) {
            let number = &rest[..end];
            if number.is_empty() || (number.contains('.') && !(fraction && letter == 'S')) {
                return None;
            }
            *slot = number.parse().ok()?;
            rest = &rest[end + 1..];
        }
    }
    rest.is_empty().then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lexical_spaces() {
        for (base, yes, no) in [
            (Base::Boolean, ["true", "0"], ["TRUE", ""]),
            (Base::Integer, ["-42", "007"], ["42.0", "+"]),
            (Base::Double, ["1.2345e3", "-.5"], ["42,3", "1e"]),
            (Base::Date, ["2022-02-28", "2024-02-29Z"], ["2022-02-29", "22-1-1"]),
            (
                Base::DateTime,
                ["2002-05-30T09:00:00", "2002-05-30T09:00:00.5+08:00"],
                ["2002-05-30", "2002-05-30T25:00:00"],
            ),
            (Base::Time, ["09:00:00", "24:00:00Z"], ["9:00", "24:00:01"]),
            (Base::Duration, ["PT16H", "-P1Y2M3DT4H5M6.7S"], ["P", "PT"]),
        ] {
            assert!(yes.iter().all(|t| base.holds(t)), "{base:?} {yes:?}");
            assert!(no.iter().all(|t| !base.holds(t)), "{base:?} {no:?}");
        }
    }

    #[test]
    fn order() {
        use Ordering::{Equal, Greater, Less};
        assert_eq!(Base::Date.compare("2024-03-01", "2024-02-29"), Some(Greater));
        assert_eq!(Base::DateTime.compare("2024-01-01T00:00:00Z", "2024-01-01T08:00:00+08:00"), Some(Equal));
        assert_eq!(Base::Duration.compare("PT24H", "P1D"), Some(Equal));
        assert_eq!(Base::Duration.compare("P1M", "P30D"), None);
        assert_eq!(Base::Duration.compare("P1M", "P32D"), Some(Less));
        assert_eq!(Base::Integer.compare("7", "12"), Some(Less));
        assert_eq!(Base::String.compare("a", "b"), None);
    }
}
