//! Which storeys a title names. Chinese titles count from 1 (= ground); western ones from 0, with the British reading
//! of `FIRST FLOOR` kept beside the American one.

use super::fold::fold;
use super::lexicon::Lexicon;
use super::numeral::{chinese, english_ordinal, is_chinese_digit};
use super::title::{WORDS, find_word, has_word};
use crate::drawing::plans::StoreyNames;
use std::sync::LazyLock;

/// A title that names more storeys than this is a typo (the tallest towers have fewer than 200).
const MAX_STOREYS: i32 = 200;

/// The title says anything about storeys.
pub fn names_any(names: &StoreyNames) -> bool {
    !names.labels.is_empty()
        || !names.ordinals.is_empty()
        || names.special.is_some()
        || !names.elevations_m.is_empty()
}

/// The storeys that a title names; empty where it names none.
pub fn parse(text: &str) -> StoreyNames {
    let folded = without_building(&fold(text));
    let mut names = StoreyNames { elevations_m: elevations(&folded), ..StoreyNames::default() };
    let (lexicon, specials) = &*SPECIALS;
    // words stand in the order of their storeys
    names.special = lexicon.found(&folded).first().map(|&w| WORDS.special[specials[w]].name.clone());
    if names.elevations_m.len() > 1 {
        return names;
    }
    let counted = chinese_storeys(&folded);
    if counted.is_empty() {
        western(&folded, &mut names);
    } else {
        for (label, number) in counted {
            names.labels.push(label);
            // 1 is the ground; basements have no zero between
            names.ordinals.extend(number.map(|n| if n > 0 { n - 1 } else { n }));
        }
    }
    names
}

/// Words that name special storeys, and the storey of each, by its number.
static SPECIALS: LazyLock<(Lexicon, Vec<usize>)> = LazyLock::new(|| {
    let all =
        WORDS.special.iter().enumerate().flat_map(|(k, of)| of.words.iter().map(move |w| (k, w.as_str())));
    (Lexicon::new(all.clone().map(|w| w.1)), all.map(|w| w.0).collect())
});

/// Words that name storeys, with their ordinals, by their numbers.
static STOREYS: LazyLock<(Lexicon, Vec<(&str, i32)>)> = LazyLock::new(|| {
    let all = WORDS.storey.iter().flat_map(|of| of.words.iter().map(|w| (w.as_str(), of.ordinal)));
    (Lexicon::new(all.clone().map(|w| w.0)), all.collect())
});

/// What every wording of storeys below holds somewhere, be it glued to a number.
static ROOTS: LazyLock<Lexicon> = LazyLock::new(|| {
    let fixed =
        BUILDINGS.iter().chain(&["层"]).chain(&STOREY_WORDS).chain(&LEVEL_WORDS).chain(&COUNTED_STOREYS);
    let german = GERMAN.iter().map(|w| w.0);
    let romance = ROMANCE.iter().map(|w| w.0);
    let listed = WORDS.storey.iter().flat_map(|s| &s.words).map(String::as_str);
    let special = WORDS.special.iter().flat_map(|s| &s.words).map(String::as_str);
    Lexicon::new(fixed.copied().chain(german).chain(romance).chain(listed).chain(special))
});

/// Cheaply: the folded text may name a storey by label or as a special one. Where it does not, none is found by
/// [`parse`]; most texts of a drawing are told apart by this.
pub(super) fn may_name(folded: &str) -> bool {
    ROOTS.within(folded) || may_count(folded.as_bytes())
}

/// A letter that counts storeys stands beside a digit (`B1`, `3F`, `13A`, `L-2`), or there is an `R+`.
fn may_count(bytes: &[u8]) -> bool {
    let pair = |w: &[u8]| match (w[0], w[1]) {
        (b'B' | b'F' | b'L', b) => b.is_ascii_digit() || w[0] == b'L' && b == b'-',
        (b'0'..=b'9', b) => matches!(b, b'A' | b'B' | b'F'),
        _ => false,
    };
    let over = |(i, _): (usize, &u8)| bytes[..i].trim_ascii_end().ends_with(b"R");
    bytes.windows(2).any(pair) || bytes.iter().enumerate().filter(|(_, b)| **b == b'+').any(over)
}

/// What names a building, which may stand where a storey would: `2-4#楼`, `3号楼`, `A栋`.
const BUILDINGS: [&str; 6] = ["#楼", "号楼", "#", "栋", "幢", "座"];

/// Takes off `2-4#楼`, `3号楼`, `A栋`: buildings are no storeys.
fn without_building(folded: &str) -> String {
    for word in BUILDINGS {
        if let Some(at) = folded.find(word) {
            let head = folded[..at].trim_end_matches(|c: char| {
                c.is_ascii_alphanumeric() || is_chinese_digit(c) || matches!(c, '-' | '~' | ',' | '、' | '#')
            });
            return format!("{head}{}", &folded[at + word.len()..]);
        }
    }
    folded.to_owned()
}

/// `4.150~8.050`, `标高4.150`, `EL. 3.00`.
fn elevations(folded: &str) -> Vec<f64> {
    let mut out = Vec::new();
    let bytes = folded.as_bytes();
    let mut i = 0;
    while i < bytes.len() {
        if !bytes[i].is_ascii_digit() {
            i += 1;
            continue;
        }
        let start = i;
        while i < bytes.len() && (bytes[i].is_ascii_digit() || bytes[i] == b'.') {
            i += 1;
        }
        let number = &folded[start..i];
        let decimals = number.rsplit_once('.').map_or(0, |(_, d)| d.len());
        let named = folded[..start].trim_end_matches(['+', '-', '±', ' ', ':']).ends_with("标高")
            || folded[..start].trim_end().ends_with("EL.")
            || folded[..start].trim_end().ends_with("ELEV.");
        if (decimals == 3 || (named && decimals > 0))
            && let Ok(value) = number.parse::<f64>()
        {
            // a minus sign, unless it is the dash of a range
            let before = folded[..start].trim_end();
            let minus = before.ends_with('-') && out.is_empty();
            out.push(if minus { -value } else { value });
        }
    }
    out
}

/// One token of a Chinese or mixed storey list.
#[derive(Debug, PartialEq)]
enum Token {
    Number(i32, bool),
    Letter(String),
    Range,
    Comma,
    Storey,
    Basement,
    Other,
}

/// Lists such as `三、五、七层`, `二至五层`, `地下一层`, `B1`, `-1F`, `3~15F`, `12A层`: (label, number; none for `12A`).
fn chinese_storeys(folded: &str) -> Vec<(String, Option<i32>)> {
    let tokens = tokens(folded);
    let mut out: Vec<(String, Option<i32>)> = Vec::new();
    for (word, n) in [("首层", 1), ("底层", 1)] {
        if folded.contains(word) {
            out.push((word.to_owned(), Some(n)));
        }
    }
    let mut i = 0;
    while i < tokens.len() {
        if tokens[i] != Token::Storey {
            i += 1;
            continue;
        }
        let list = list_before(&tokens[..i]);
        out.extend(list);
        i += 1;
    }
    if out.is_empty() {
        out = bare_forms(folded);
    }
    dedup(out)
}

fn dedup(list: Vec<(String, Option<i32>)>) -> Vec<(String, Option<i32>)> {
    let mut out: Vec<(String, Option<i32>)> = Vec::new();
    for item in list {
        if !out.contains(&item) {
            out.push(item);
        }
    }
    out
}

fn tokens(folded: &str) -> Vec<Token> {
    let chars: Vec<char> = folded.chars().collect();
    let mut out = Vec::new();
    let mut i = 0;
    while i < chars.len() {
        let c = chars[i];
        let run = |test: &dyn Fn(char) -> bool| chars[i..].iter().take_while(|c| test(**c)).count();
        if c.is_ascii_digit() {
            let n = run(&|c| c.is_ascii_digit());
            let text: String = chars[i..i + n].iter().collect();
            i += n;
            // 12A is a storey of its own, never 12
            if chars.get(i).is_some_and(|c| matches!(c, 'A' | 'B'))
                && !chars.get(i + 1).is_some_and(|c| c.is_ascii_alphanumeric())
            {
                out.push(Token::Letter(format!("{text}{}", chars[i])));
                i += 1;
            } else {
                out.push(text.parse().map_or(Token::Other, |n| Token::Number(n, false)));
            }
        } else if is_chinese_digit(c) {
            let n = run(&is_chinese_digit);
            let text: String = chars[i..i + n].iter().collect();
            i += n;
            out.push(chinese(&text).map_or(Token::Other, |n| Token::Number(n, true)));
        } else if chars[i..].starts_with(&['地', '下']) {
            out.push(Token::Basement);
            i += 2;
        } else {
            out.push(match c {
                '负' => Token::Basement,
                '层' => Token::Storey,
                'F' if !chars.get(i + 1).is_some_and(char::is_ascii_alphabetic)
                    && i > 0
                    && chars[i - 1].is_ascii_digit() =>
                {
                    Token::Storey
                }
                '~' | '至' | '到' => Token::Range,
                '-' => Token::Range,
                '、' | ',' | '，' | '和' | '及' | '与' | '.' => Token::Comma,
                ' ' => {
                    i += 1;
                    continue;
                }
                _ => Token::Other,
            });
            i += 1;
        }
    }
    out
}

/// Walks back from 层 over a list of numbers and ranges.
fn list_before(tokens: &[Token]) -> Vec<(String, Option<i32>)> {
    let start = tokens.iter().rposition(|t| matches!(t, Token::Other)).map_or(0, |i| i + 1);
    let list = &tokens[start..];
    let mut out = Vec::new();
    let mut sign = 1;
    let mut pending: Option<i32> = None;
    let mut range = false;
    for (i, token) in list.iter().enumerate() {
        match token {
            Token::Basement => sign = -1,
            // a dash with nothing before it is a minus
            Token::Range if pending.is_none() && out.is_empty() => sign = -1,
            Token::Range => range = true,
            Token::Comma | Token::Storey => {
                // 地下一、二层 keeps its sign over commas
                range = false;
                if matches!(token, Token::Storey)
                    && i + 1 < list.len()
                    && !matches!(list.get(i + 1), Some(Token::Range | Token::Comma))
                {
                    out.clear();
                    (sign, pending) = (1, None);
                }
            }
            Token::Number(n, _) => {
                let value = n * sign;
                if range && let Some(from) = pending {
                    if (from..=value).contains(&value) && value - from <= MAX_STOREYS {
                        out.extend(((from + 1)..=value).filter(|v| *v != 0).map(named));
                    }
                } else {
                    out.push(named(value));
                }
                (pending, range) = (Some(value), false);
            }
            Token::Letter(label) => out.push((label.clone(), None)),
            Token::Other => {}
        }
    }
    out
}

fn named(n: i32) -> (String, Option<i32>) {
    (if n < 0 { format!("B{}", -n) } else { format!("{n}F") }, Some(n))
}

/// `B1`, `B2`, `-1F` (told above), `F3`, `3-5F` without 层, and a bare `13A`.
fn bare_forms(folded: &str) -> Vec<(String, Option<i32>)> {
    let words: Vec<&str> =
        folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let number = |w: &str, prefix: char| {
        let digits = w.strip_prefix(prefix)?;
        (digits.len() <= 2 && !digits.is_empty())
            .then(|| digits.parse::<i32>().ok())
            .flatten()
            .filter(|n| *n > 0)
    };
    let mut out = Vec::new();
    for w in &words {
        if let Some(n) = number(w, 'B') {
            out.push(named(-n));
        } else if let Some(n) = number(w, 'F') {
            out.push(named(n));
        } else if words.len() == 1
            && w.len() <= 3
            && w.ends_with(['A', 'B'])
            && w[..w.len() - 1].bytes().all(|b| b.is_ascii_digit())
            && w.len() > 1
        {
            out.push(((*w).to_owned(), None));
        }
    }
    out
}

/// English, German, French, Dutch, Italian, Spanish.
fn western(folded: &str, names: &mut StoreyNames) {
    let mut add = |label: String, n: i32, alternative: Option<i32>| {
        if !names.labels.contains(&label) {
            names.labels.push(label);
            names.ordinals.push(n);
            names.alternative.extend(alternative);
        }
    };
    for (label, n) in german(folded).into_iter().chain(romance_and_dutch(folded)) {
        add(label, n, None);
    }
    // named storeys, the longest wording only (LOWER GROUND FLOOR is no GROUND FLOOR)
    let mut named: Option<(usize, &str, i32)> = None;
    let (lexicon, storeys) = &*STOREYS;
    for (word, ordinal) in lexicon.found(folded).into_iter().map(|w| storeys[w]) {
        if named.is_none_or(|(len, ..)| word.len() > len) {
            named = Some((word.len(), word, ordinal));
        }
    }
    if names.labels.is_empty()
        && let Some((_, word, n)) = named
    {
        names.labels.push(word.to_owned());
        names.ordinals.push(n);
        return;
    }
    if names.labels.is_empty() {
        english(folded, names);
    }
}

const GERMAN: [(&str, i32); 4] = [("OG", 1), ("OBERGESCHOSS", 1), ("UG", -1), ("UNTERGESCHOSS", -1)];

/// `1. OG`, `2.UG`, `OG 1`, `1OG`.
fn german(folded: &str) -> Vec<(String, i32)> {
    let mut out = Vec::new();
    for (word, sign) in GERMAN {
        // the number may be glued to the word
        let spaced = folded.replace(word, &format!(" {word} "));
        let Some(at) = find_word(&spaced, word) else { continue };
        let before = spaced[..at].trim_end().trim_end_matches('.');
        let tail = before.len() - before.bytes().rev().take_while(u8::is_ascii_digit).count();
        let after: String =
            spaced[at + word.len()..].trim_start().chars().take_while(char::is_ascii_digit).collect();
        let digits = if before[tail..].is_empty() { after.as_str() } else { &before[tail..] };
        if let Ok(n) = digits.parse::<i32>()
            && (1..=99).contains(&n)
        {
            let from = range_start(&before[..tail]).filter(|f| (1..n).contains(f)).unwrap_or(n);
            out.extend(
                (from..=n).map(|n| (format!("{n}. {}", if sign > 0 { "OG" } else { "UG" }), sign * n)),
            );
        }
    }
    out
}

/// The number before the sign or word of a range: `2. - `, `2. BIS `.
fn range_start(before: &str) -> Option<i32> {
    let text = before.trim_end();
    let head = ["-", "~", "–", "BIS", "TO"].iter().find_map(|w| text.strip_suffix(w))?;
    let head = head.trim_end().trim_end_matches('.');
    let digits = head.len() - head.bytes().rev().take_while(u8::is_ascii_digit).count();
    head[digits..].parse().ok()
}

/// Words that a number stands before or after.
const COUNTED_STOREYS: [&str; 4] = ["ÉTAGE", "ETAGE", "VERDIEPING", "NIVEAU"];
const ROMANCE: [(&str, i32); 10] = [
    ("PIANO PRIMO", 1),
    ("PRIMO PIANO", 1),
    ("SECONDO PIANO", 2),
    ("PIANO SECONDO", 2),
    ("TERZO PIANO", 3),
    ("PLANTA PRIMERA", 1),
    ("PRIMERA PLANTA", 1),
    ("PLANTA SEGUNDA", 2),
    ("SEGUNDA PLANTA", 2),
    ("TERCERA PLANTA", 3),
];

/// `R+3`, `1ER ÉTAGE`, `2E VERDIEPING`, `PIANO PRIMO`, `PLANTA SEGUNDA`.
fn romance_and_dutch(folded: &str) -> Vec<(String, i32)> {
    let mut out = Vec::new();
    let compact = folded.replace(' ', "");
    if let Some(at) = compact.find("R+")
        && (at == 0
            || !compact[..at].ends_with(char::is_alphanumeric)
            || find_word(folded, "R+").is_some()
            || folded.contains(" R+"))
    {
        let digits: String = compact[at + 2..].chars().take_while(char::is_ascii_digit).collect();
        if let Ok(n) = digits.parse::<i32>()
            && (0..=99).contains(&n)
        {
            out.push((format!("R+{n}"), n));
        }
    }
    for word in COUNTED_STOREYS {
        let Some(at) = find_word(folded, word) else { continue };
        let before = folded[..at].trim_end();
        let tail: String = before.rsplit(' ').next().unwrap_or_default().to_owned();
        let digits: String = tail.chars().take_while(char::is_ascii_digit).collect();
        let after: String =
            folded[at + word.len()..].trim_start().chars().take_while(char::is_ascii_digit).collect();
        let digits = if digits.is_empty() { after } else { digits };
        if let Ok(n) = digits.parse::<i32>()
            && (0..=99).contains(&n)
        {
            out.push((format!("{n} {word}"), n));
        }
    }
    for (word, n) in ROMANCE {
        if has_word(folded, word) {
            out.push((word.to_owned(), n));
        }
    }
    out
}

const STOREY_WORDS: [&str; 7] = ["FLOOR", "FLOORS", "FLR", "FL", "STOREY", "STORY", "STOREYS"];
/// Words that a number follows.
const LEVEL_WORDS: [&str; 5] = ["LEVEL", "LEVELS", "LVL", "ETAGE", "EBENE"];

/// `FIRST FLOOR`, `2ND-5TH FLOOR`, `LEVEL 03`, `L3`, `FLOOR 2`. American numbers first, the British reading beside;
/// for `LEVEL n`, n above ground first and n − 1 beside.
fn english(folded: &str, names: &mut StoreyNames) {
    let words: Vec<&str> = folded
        .split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '&'))
        .filter(|w| !w.is_empty())
        .collect();
    let flat: Vec<&str> = words.iter().flat_map(|w| w.split_inclusive('-')).collect();
    let mut numbers: Vec<i32> = Vec::new();
    let mut from: Option<i32> = None;
    let storey_word = |w: &str| STOREY_WORDS.contains(&w);
    if flat.iter().any(|w| storey_word(w.trim_end_matches('-'))) {
        for w in &flat {
            let dash = w.ends_with('-') && w.len() > 1 || *w == "-" || *w == "TO";
            let bare = w.trim_end_matches('-');
            if let Some(n) = english_ordinal(bare) {
                match from.take() {
                    Some(start) if n > start && n - start <= MAX_STOREYS => numbers.extend((start + 1)..=n),
                    _ => numbers.push(n),
                }
                if dash {
                    from = Some(n);
                }
            } else if dash && bare.is_empty() || *w == "TO" {
                from = numbers.last().copied();
            }
        }
        for n in &numbers {
            names.labels.push(format!("{n} FLOOR"));
            names.ordinals.push(n - 1);
            names.alternative.push(*n);
        }
    }
    if numbers.is_empty() {
        for (label, n) in level_numbers(&words, &storey_word) {
            names.labels.push(label);
            names.ordinals.push(n);
            if n > 0 {
                names.alternative.push(n - 1);
            }
        }
    }
}

/// `LEVEL 03`, `LEVEL -1`, `FLOOR 2`, `L3`, `LEVELS 3-5`, `LEVELS 3, 4 & 6 TO 8`, `L3-L5`.
fn level_numbers(words: &[&str], storey_word: &dyn Fn(&str) -> bool) -> Vec<(String, i32)> {
    let level = |w: &str| LEVEL_WORDS.contains(&w) || storey_word(w);
    for (i, word) in words.iter().enumerate().filter(|(_, w)| level(w)) {
        let list = numbers_listed(words.get(i + 1..).unwrap_or_default());
        if !list.is_empty() {
            return list.into_iter().map(|(text, n)| (format!("{word} {text}"), n)).collect();
        }
    }
    let of_l = |w: &&str| {
        let ends: Vec<&str> = w.strip_prefix('L')?.split('-').map(|e| e.trim_start_matches('L')).collect();
        let plain = ends.iter().all(|e| (1..=2).contains(&e.len()) && e.bytes().all(|b| b.is_ascii_digit()));
        let list = numbers_listed(&[&ends.join("-")]);
        (plain && ends.len() <= 2 && !list.is_empty()).then_some(list)
    };
    let found = words.iter().find_map(of_l).unwrap_or_default();
    found.into_iter().map(|(text, n)| (format!("L{text}"), n)).collect()
}

/// The numbers and ranges that words begin with, each as written.
fn numbers_listed(words: &[&str]) -> Vec<(String, i32)> {
    let mut out: Vec<(String, i32)> = Vec::new();
    let mut range = false;
    for word in words {
        if matches!(*word, "-" | "TO" | "THRU" | "THROUGH") {
            range = !out.is_empty();
            continue;
        }
        if matches!(*word, "&" | "AND") && !out.is_empty() {
            continue;
        }
        // a dash within is that of a range, one before is a minus
        let dash = word.char_indices().skip(1).find(|(_, c)| *c == '-').map(|(at, _)| at);
        let (first, last) = dash.map_or((*word, None), |at| (&word[..at], Some(&word[at + 1..])));
        for (k, text) in [Some(first), last].into_iter().flatten().enumerate() {
            let n = text.parse::<i32>().ok().filter(|n| (-20..=MAX_STOREYS).contains(n));
            let Some(n) = n else { return out };
            let from = out.last().filter(|_| range || k > 0).map(|l| l.1);
            out.extend(from.into_iter().flat_map(|from| from + 1..n).map(|n| (n.to_string(), n)));
            out.push((text.to_owned(), n));
            range = false;
        }
    }
    out
}

#[cfg(test)]
mod tests;
