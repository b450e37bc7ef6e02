//! Axis labels: `1`, `A`, `AA`, `1/A`, `1/0A`, `2-1`, `A-1`, `S-3`, `A'`.

use super::fold::fold;

/// The label as reports name it, or `None` where the text cannot stand in an axis bubble.
pub fn parse(text: &str) -> Option<String> {
    let t = fold(text).replace(' ', "");
    (1..=6).contains(&t.chars().count()).then_some(())?;
    let parts: Vec<&str> = t.split(['/', '-']).collect();
    (parts.len() <= 3 && parts.iter().all(|p| is_part(p))).then_some(t)
}

/// Digits (up to three), or letters (up to two), or digits and letters (`0A`, `12A`), with primes after.
fn is_part(part: &str) -> bool {
    let body = part.trim_end_matches('\'');
    let digits = body.bytes().filter(u8::is_ascii_digit).count();
    let letters = body.bytes().filter(u8::is_ascii_uppercase).count();
    !body.is_empty()
        && digits + letters == body.len()
        && digits <= 3
        && letters <= 2
        && part.len() - body.len() <= 2
}

/// Rank for sorting labels within a family: digits by value, letters by alphabet, sub-axes after their main axis.
pub fn order(label: &str) -> (u8, i64, i64) {
    let value = |s: &str| -> (u8, i64) {
        if let Ok(n) = s.parse::<i64>() {
            return (0, n);
        }
        (1, s.bytes().fold(0i64, |acc, b| acc * 27 + i64::from(b.saturating_sub(b'A')) + 1))
    };
    match label.split_once('/') {
        Some((sub, main)) => {
            let (kind, main) = value(main);
            (kind, main, value(sub).1)
        }
        None => {
            let (kind, main) = value(label);
            (kind, main, 0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels() {
        for label in ["1", "12", "A", "AA", "1/A", "1/0A", "2-1", "A-1", "S-3", "A'", "2-A", "1/01"] {
            assert_eq!(parse(label).as_deref(), Some(label));
        }
        for other in ["C1515", "M0921", "D101.5", "办公", "1:100", "ROOM", ""] {
            assert_eq!(parse(other), None, "{other}");
        }
        assert!(order("2") < order("10") && order("A") < order("B") && order("1/A") > order("A"));
        assert!(order("1/A") < order("B"));
    }
}
