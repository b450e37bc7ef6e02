//! Titles of drawings: what kind of drawing, which storeys, which scale. The words are data:
//! `rules/drawing/titles.toml`.

use super::fold::{fold, is_cjk};
use super::lexicon::{Lexicon, stands_alone};
use super::{scale, storey};
use crate::drawing::plans::StoreyNames;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What a title says.
#[derive(Clone, Debug, PartialEq)]
pub struct Title {
    /// As drawn, the scale taken off.
    pub text: String,
    /// `plan`, `section`, `elevation`, `detail`, `schedule`, …; `None` where no word says so.
    pub kind: Option<String>,
    /// Storeys named.
    pub storeys: StoreyNames,
    /// Denominator of the scale, if stated.
    pub scale: Option<f64>,
}

impl Title {
    /// It names a floor plan: a plan word, or a storey and nothing else.
    pub fn is_plan(&self) -> bool {
        match self.kind.as_deref() {
            Some("plan") => true,
            Some(_) => false,
            None => storey::names_any(&self.storeys),
        }
    }
}

/// The words of titles, as in the data file.
#[derive(Default, Deserialize)]
pub(super) struct Words {
    kind: Vec<Named>,
    pub(super) storey: Vec<StoreyWords>,
    pub(super) special: Vec<Named>,
}

#[derive(Deserialize)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) words: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct StoreyWords {
    pub(super) ordinal: i32,
    pub(super) words: Vec<String>,
}

pub(super) static WORDS: LazyLock<Words> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../../rules/drawing/titles.toml")).unwrap_or_default()
});

/// Words that name kinds of drawings, and the kind of each, by its number.
static KINDS: LazyLock<(Lexicon, Vec<usize>)> = LazyLock::new(|| {
    let all = WORDS.kind.iter().enumerate().flat_map(|(k, of)| of.words.iter().map(move |w| (k, w.as_str())));
    (Lexicon::new(all.clone().map(|w| w.1)), all.map(|w| w.0).collect())
});

/// The longest text that can be a title; longer ones are notes.
const MAX_TITLE_CHARS: usize = 60;

/// Takes a text apart as a title; `None` where it names neither a kind of drawing nor a storey.
pub fn parse(text: &str) -> Option<Title> {
    if text.chars().count() > MAX_TITLE_CHARS {
        return None;
    }
    let folded = fold(text);
    let (lexicon, kinds) = &*KINDS;
    // words stand in the order of their kinds
    let kind = lexicon.found(&folded).first().map(|&w| WORDS.kind[kinds[w]].name.clone());
    if kind.is_none() && !storey::may_name(&folded) {
        return None;
    }
    let storeys = storey::parse(text);
    let scale = scale::parse(text);
    // a bare elevation is a level mark, no title
    let named = !storeys.labels.is_empty() || storeys.special.is_some();
    (kind.is_some() || named).then(|| Title { text: without_scale(text), kind, storeys, scale })
}

/// What many texts say as titles, one by one as given: each wording is taken apart once.
pub fn parse_all<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<Option<Title>> {
    let mut known: HashMap<&str, Option<Title>> = HashMap::new();
    texts.map(|t| known.entry(t).or_insert_with(|| parse(t)).clone()).collect()
}

/// The folded text holds the word: anywhere for Chinese, as a whole word for the rest.
pub fn has_word(folded: &str, word: &str) -> bool {
    find_word(folded, word).is_some()
}

/// Where the word stands in the folded text.
pub(super) fn find_word(folded: &str, word: &str) -> Option<usize> {
    if word.chars().any(is_cjk) {
        return folded.find(word);
    }
    let mut from = 0;
    while let Some(at) = folded.get(from..)?.find(word).map(|i| i + from) {
        if stands_alone(folded, at, at + word.len()) {
            return Some(at);
        }
        from = at + folded[at..].chars().next().map_or(1, char::len_utf8);
    }
    None
}

fn without_scale(text: &str) -> String {
    let t = text.trim();
    let cut = t.char_indices().find(|&(i, c)| {
        c == '1'
            && scale::parse(&t[i..]).is_some()
            && t[i + 1..].trim_start().starts_with([':', '：', '/', '∶'])
    });
    match cut {
        Some((i, _)) if i > 0 => without_scale_word(t[..i].trim()).to_owned(),
        _ => t.to_owned(),
    }
}

/// Words that announce a scale, and stay behind where it is taken off.
const SCALE_WORDS: [&str; 10] =
    ["SCALE", "MASSSTAB", "MASZSTAB", "MST", "ÉCHELLE", "ECHELLE", "ÉCH", "ECH", "比例", "M"];

fn without_scale_word(text: &str) -> &str {
    let bare = text.trim_end_matches([':', '.', '：', ' ']);
    for word in SCALE_WORDS {
        let n = word.chars().count();
        let Some((at, _)) = bare.char_indices().rev().nth(n - 1) else { continue };
        let parted = bare[..at].chars().next_back().is_some_and(|c| !c.is_alphanumeric() || is_cjk(c));
        if parted && bare[at..].to_uppercase() == word {
            return bare[..at].trim();
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_list_parses() {
        assert!(WORDS.kind.len() >= 8 && WORDS.special.len() >= 8 && WORDS.storey.len() >= 2);
    }

    #[test]
    fn kinds() {
        let kind = |t: &str| parse(t).and_then(|t| t.kind);
        assert_eq!(kind("一层平面图 1:100").as_deref(), Some("plan"));
        assert_eq!(kind("1-1剖面图").as_deref(), Some("section"));
        assert_eq!(kind("①~⑥立面图").as_deref(), Some("elevation"));
        assert_eq!(kind("一层门窗大样").as_deref(), Some("detail"));
        assert_eq!(kind("门窗表").as_deref(), Some("schedule"));
        assert_eq!(kind("DOOR SCHEDULE").as_deref(), Some("schedule"));
        assert_eq!(kind("Grundriss EG").as_deref(), Some("plan"));
        assert_eq!(kind("SOUTH ELEVATION").as_deref(), Some("elevation"));
        assert_eq!(kind("PLANT"), None);
        assert!(parse("LEVEL 03").is_some_and(|t| t.is_plan()));
        assert!(parse("办公室").is_none());
        assert!(parse("52.43 m2").is_none());
        assert!(parse("±0.000").is_none());
    }

    #[test]
    fn the_scale_is_told_apart() {
        let title = parse("一层平面图 1:100").unwrap();
        assert_eq!((title.text.as_str(), title.scale), ("一层平面图", Some(100.0)));
        for text in ["PLAN DU 1ER ÉTAGE  ÉCH. 1:100", "PLAN DU 1ER ÉTAGE Echelle : 1/100"] {
            let title = parse(text).unwrap();
            assert_eq!((title.text.as_str(), title.scale), ("PLAN DU 1ER ÉTAGE", Some(100.0)));
        }
        let title = parse("FIRST FLOOR PLAN").unwrap();
        assert_eq!((title.text.as_str(), title.scale), ("FIRST FLOOR PLAN", None));
    }
}
