//! What the readers repaired or skipped, in both languages. Readers tell it in English; `rules/wording/notices.toml` has
//! each of their sentences in Chinese, found by the notice's code and by what stands between its parameters.

use crate::error::{Error, Notice};
use crate::place::Place;
use crate::rulebook::data_file;
use crate::wording::Text;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// A notice as reports tell it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Told {
    /// Stable code, such as `step-duplicate-id`.
    pub code: String,
    /// Where.
    pub place: Place,
    /// What was found and what was done. Reports of earlier versions have it in English alone.
    #[serde(deserialize_with = "text_or_english")]
    pub message: Text,
}

/// A notice in both languages.
pub fn told(notice: &Notice) -> Told {
    let Notice { code, place, message } = notice;
    Told { code: code.clone(), place: place.clone(), message: said(code, message) }
}

/// A file that could not be read, told as a notice.
pub(super) fn unread(error: &Error) -> Notice {
    let (place, message) = match error {
        Error::Read { place, message } | Error::Rule { place, message } => (place, message.clone()),
        Error::Unsupported { place, what, instead } => (place, format!("{what} is not supported; {instead}")),
        Error::Limit { place, what, limit } => (place, format!("{what} exceeds the limit of {limit}")),
    };
    Notice::new(UNREAD, place.clone(), message)
}

/// An error of a reader in both languages, with its place.
pub fn error(error: &Error) -> Text {
    let notice = unread(error);
    let Text { en, zh } = said(UNREAD, &notice.message);
    Text { en: format!("{}: {en}", notice.place), zh: format!("{}：{zh}", notice.place) }
}

/// What the service says, and why a check came to nothing: a sentence of its own, or a reader's with the place before it.
pub fn of_service(message: &str) -> Text {
    let own = in_section(SERVICE, message, DEPTH);
    let zh = own.or_else(|| in_section(UNREAD, message, DEPTH)).or_else(|| {
        let (place, said) = message.split_once(": ")?;
        in_section(UNREAD, said, DEPTH).map(|zh| format!("{place}：{zh}"))
    });
    Text { en: message.to_owned(), zh: zh.unwrap_or_else(|| message.to_owned()) }
}

/// Sentences of the service.
const SERVICE: &str = "service";
/// Code of a file that could not be read.
const UNREAD: &str = "file-unreadable";
/// Sentences of any notice.
const MORE: &str = "more";
/// What parameters hold.
const REASONS: &str = "reasons";
/// Reasons within reasons that are looked up.
const DEPTH: usize = 4;

fn text_or_english<'de, D: Deserializer<'de>>(from: D) -> Result<Text, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Both(Text),
        English(String),
    }
    Ok(match Either::deserialize(from)? {
        Either::Both(text) => text,
        Either::English(text) => Text::same(text),
    })
}

/// A sentence with parameters, and what it is in Chinese.
struct Sentence {
    pieces: Vec<Piece>,
    zh: String,
}

/// A piece of a sentence.
#[derive(Debug, PartialEq)]
enum Piece {
    Words(String),
    Parameter(String),
}

/// Sentences by section, those with most words of their own first.
fn catalogue() -> &'static BTreeMap<String, Vec<Sentence>> {
    static SENTENCES: OnceLock<BTreeMap<String, Vec<Sentence>>> = OnceLock::new();
    SENTENCES.get_or_init(|| {
        let text = data_file("wording/notices.toml").unwrap_or_default();
        let read: BTreeMap<String, BTreeMap<String, String>> = toml::from_str(text).unwrap_or_default();
        let sentences = |section: BTreeMap<String, String>| {
            let mut all: Vec<Sentence> =
                section.into_iter().map(|(en, zh)| Sentence { pieces: pieces(&en), zh }).collect();
            all.sort_by_key(|s| std::cmp::Reverse(own_words(&s.pieces)));
            all
        };
        read.into_iter().map(|(code, section)| (code, sentences(section))).collect()
    })
}

fn own_words(pieces: &[Piece]) -> usize {
    pieces.iter().map(|p| if let Piece::Words(words) = p { words.len() } else { 0 }).sum()
}

fn pieces(template: &str) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut rest = template;
    while let Some((before, name, after)) = rest
        .split_once('{')
        .and_then(|(before, tail)| tail.split_once('}').map(|(name, after)| (before, name, after)))
    {
        out.extend((!before.is_empty()).then(|| Piece::Words(before.to_owned())));
        out.push(Piece::Parameter(name.to_owned()));
        rest = after;
    }
    out.extend((!rest.is_empty()).then(|| Piece::Words(rest.to_owned())));
    out
}

/// A message of a notice in both languages; in English alone where the catalogue does not have it.
pub fn said(code: &str, message: &str) -> Text {
    let zh = in_section(code, message, DEPTH).or_else(|| in_section(MORE, message, DEPTH));
    Text { en: message.to_owned(), zh: zh.unwrap_or_else(|| message.to_owned()) }
}

fn in_section(section: &str, message: &str, depth: usize) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    catalogue().get(section)?.iter().find_map(|sentence| {
        let values = values(&sentence.pieces, message)?;
        let values: Vec<(&str, Text)> = values
            .into_iter()
            .map(|(name, value)| {
                let found = |section| in_section(section, value, depth);
                let reason = takes_many(name).then(|| found(REASONS).or_else(|| found(SERVICE))).flatten();
                (name, Text::same(reason.unwrap_or_else(|| value.to_owned())))
            })
            .collect();
        Some(Text::same(sentence.zh.as_str()).fill(&values).zh)
    })
}

/// Parameters of several words.
fn takes_many(name: &str) -> bool {
    matches!(name, "what" | "why" | "reason" | "words" | "list" | "name")
}

/// The values of a sentence's parameters, where the message is that sentence.
fn values<'a>(pieces: &'a [Piece], message: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
    let mut out = Vec::new();
    let mut rest = message;
    for (n, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Words(words) => rest = rest.strip_prefix(words.as_str())?,
            Piece::Parameter(name) => {
                let end = match pieces.get(n + 1) {
                    Some(Piece::Words(words)) if n + 2 == pieces.len() => {
                        rest.strip_suffix(words.as_str())?.len()
                    }
                    Some(Piece::Words(words)) => rest.find(words.as_str())?,
                    _ => rest.len(),
                };
                let (value, after) = rest.split_at_checked(end).filter(|(value, _)| fits(name, value))?;
                out.push((name.as_str(), value));
                rest = after;
            }
        }
    }
    rest.is_empty().then_some(out)
}

/// A parameter may have this value.
fn fits(name: &str, value: &str) -> bool {
    let of_kind = match name {
        "id" => value.bytes().all(|b| b.is_ascii_digit()),
        name => takes_many(name) || !value.contains(char::is_whitespace),
    };
    of_kind && !value.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zh(code: &str, message: &str) -> String {
        said(code, message).zh
    }

    #[test]
    fn a_sentence_is_found_by_what_stands_between_its_parameters() {
        assert_eq!(
            zh("step-dangling", "refers to #12, which is not there; it was read as not given"),
            "引用的 #12 不存在，按未给出处理"
        );
        assert_eq!(
            zh("ifc-body", "IfcWall: its body was left out: #7 IfcFacetedBrep has no faces"),
            "IfcWall：几何已略去：#7 IfcFacetedBrep 没有面"
        );
        assert_eq!(
            zh(
                "ifc-solid",
                "3 elements are not solid as the model has them: an opening: it has no body; the first is here"
            ),
            "3 个构件按模型中的几何不是实体：洞口：没有几何；此处为第一个"
        );
        assert_eq!(
            zh("dxf-damaged-entity", "LINE is left out: a coordinate cannot be read"),
            "LINE 已略去：坐标无法读取"
        );
        assert_eq!(
            zh("svg-clip", "4 more such places are not listed one by one"),
            "另有 4 处同类问题，不再逐一列出"
        );
        assert_eq!(zh("step-dangling", "something else"), "something else");
    }

    #[test]
    fn what_strangers_write_into_a_sentence_stays_what_it_is() {
        let hostile = "{why} is left out: {name}; 它";
        let told = said(
            "dxf-xref",
            &format!("the external reference {hostile:?} is not opened; what it draws is missing"),
        );
        assert!(told.zh.contains(hostile), "{told:?}");
        let long = "x".repeat(1_000_000);
        assert!(
            zh("ifc-storey-height", &format!("the storey {long} has no height; it gets no plan"))
                .contains(&long)
        );
    }

    #[test]
    fn reports_of_earlier_versions_have_english_alone() {
        let place = serde_json::to_string(&Place::file("a.ifc")).expect("JSON");
        let earlier = format!(r#"{{"code":"step-no-end","place":{place},"message":"cut"}}"#);
        let told: Told = serde_json::from_str(&earlier).expect("a notice");
        assert_eq!(told.message, Text::same("cut"));
    }
}
