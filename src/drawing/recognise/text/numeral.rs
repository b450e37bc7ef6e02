//! Numbers as words: Chinese numerals and the ordinals of western languages.

/// A Chinese numeral up to 999 (`二十一` = 21, `十` = 10, `一百零二` = 102) or digits, covering the whole text.
pub fn chinese(text: &str) -> Option<i32> {
    if text.is_empty() {
        return None;
    }
    if text.chars().all(|c| c.is_ascii_digit()) {
        return (text.len() <= 4).then(|| text.parse().ok()).flatten();
    }
    let (mut total, mut pending, mut seen) = (0i32, 0i32, false);
    for c in text.chars() {
        match digit(c) {
            Some(d) if d < 10 => pending = d,
            Some(unit) => {
                total += pending.max(1) * unit;
                pending = 0;
            }
            None => return None,
        }
        seen = true;
    }
    (seen && text.chars().count() <= 6).then_some(total + pending)
}

fn digit(c: char) -> Option<i32> {
    Some(match c {
        '零' | '〇' | '○' => 0,
        '一' | '壹' => 1,
        '二' | '两' | '贰' => 2,
        '三' | '叁' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        '十' => 10,
        '百' => 100,
        _ => return None,
    })
}

/// May stand in a Chinese numeral.
pub fn is_chinese_digit(c: char) -> bool {
    digit(c).is_some()
}

/// English ordinals as words and digits: `FIRST`, `1ST`, `22ND`.
pub fn english_ordinal(word: &str) -> Option<i32> {
    const WORDS: [&str; 20] = [
        "FIRST",
        "SECOND",
        "THIRD",
        "FOURTH",
        "FIFTH",
        "SIXTH",
        "SEVENTH",
        "EIGHTH",
        "NINTH",
        "TENTH",
        "ELEVENTH",
        "TWELFTH",
        "THIRTEENTH",
        "FOURTEENTH",
        "FIFTEENTH",
        "SIXTEENTH",
        "SEVENTEENTH",
        "EIGHTEENTH",
        "NINETEENTH",
        "TWENTIETH",
    ];
    if let Some(i) = WORDS.iter().position(|w| *w == word) {
        return i32::try_from(i + 1).ok();
    }
    let digits = word
        .strip_suffix("ST")
        .or_else(|| word.strip_suffix("ND"))
        .or_else(|| word.strip_suffix("RD"))
        .or_else(|| word.strip_suffix("TH"))?;
    (digits.len() <= 3 && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
        .then(|| digits.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_numerals() {
        let cases = [
            ("一", 1),
            ("十", 10),
            ("十二", 12),
            ("二十", 20),
            ("三十二", 32),
            ("一百零二", 102),
            ("15", 15),
        ];
        for (text, n) in cases {
            assert_eq!(chinese(text), Some(n), "{text}");
        }
        assert_eq!(chinese("甲"), None);
        assert_eq!(chinese(""), None);
    }

    #[test]
    fn english_ordinals() {
        assert_eq!(english_ordinal("THIRD"), Some(3));
        assert_eq!(english_ordinal("22ND"), Some(22));
        assert_eq!(english_ordinal("EAST"), None);
    }
}
