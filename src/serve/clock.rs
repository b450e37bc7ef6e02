//! The service's clock: milliseconds since 1970, and as text.

use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970, UTC.
pub(crate) type Millis = i64;

/// One hour.
pub(crate) const HOUR: Millis = 3_600_000;
/// One day.
pub(crate) const DAY: Millis = 24 * HOUR;

/// Now.
pub(crate) fn now() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Millis::try_from(since.as_millis()).unwrap_or(Millis::MAX)
}

/// As `2026-05-01T08:00:00Z`.
pub(crate) fn text(at: Millis) -> String {
    crate::calendar::date_time(u64::try_from(at / 1000).unwrap_or(0))
}

/// As HTTP dates are written (RFC 9110, 5.6.7).
pub(crate) fn http(at: Millis) -> String {
    let seconds = u64::try_from(at / 1000).unwrap_or(0);
    let stamp = crate::calendar::date_time(seconds);
    let part = |from: usize, to: usize| stamp.get(from..to).unwrap_or_default().to_owned();
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let weekday = DAYS.get((seconds / 86_400 % 7) as usize).copied().unwrap_or_default();
    let month = part(5, 7).parse::<usize>().ok().and_then(|m| MONTHS.get(m.wrapping_sub(1))).copied();
    let (day, year, time) = (part(8, 10), part(0, 4), part(11, 19));
    format!("{weekday}, {day} {} {year} {time} GMT", month.unwrap_or_default())
}

/// Reads `2026-05-01T08:00:00Z`, `2026-05-01`, or milliseconds.
pub(crate) fn read(text: &str) -> Option<Millis> {
    if let Ok(ms) = text.parse::<Millis>() {
        return Some(ms);
    }
    let number = |from: usize, to: usize| text.get(from..to).and_then(|t| t.parse::<i64>().ok());
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let shape = text.as_bytes();
    if shape.get(4) != Some(&b'-') || shape.get(7) != Some(&b'-') || !(1..=12).contains(&month) {
        return None;
    }
    let days = crate::calendar::days(year, month, day);
    let time = match text.get(10..) {
        Some("") => 0,
        _ => number(11, 13)? * 3600 + number(14, 16)? * 60 + number(17, 19)?,
    };
    (1..=31).contains(&day).then_some((days * 86_400 + time) * 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_they_are_written() {
        for at in [0, 951_782_400_000, 1_714_564_799_000, 4_107_542_400_000] {
            assert_eq!(read(&text(at)), Some(at));
        }
        assert_eq!(read("2024-05-01"), Some(1_714_521_600_000));
        assert_eq!(read("yesterday"), None);
        assert_eq!(read("二〇二四年五月"), None);
        assert_eq!(http(784_111_777_000), "Sun, 06 Nov 1994 08:49:37 GMT");
    }
}
