//! The wording of reports, in both languages, from `rules/wording/`.

use crate::rulebook::data_file;
use crate::wording::{Language, Text};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Every key of `rules/wording/report.toml`, nested tables joined by dots.
fn catalogue() -> &'static BTreeMap<String, Text> {
    static WORDS: OnceLock<BTreeMap<String, Text>> = OnceLock::new();
    WORDS.get_or_init(|| read("wording/report.toml"))
}

/// Every key of a file of `rules/`, nested tables joined by dots.
pub fn read(file: &str) -> BTreeMap<String, Text> {
    let mut out = BTreeMap::new();
    let table: toml::Table = data_file(file).and_then(|t| toml::from_str(t).ok()).unwrap_or_default();
    flatten("", &table, &mut out);
    out
}

fn flatten(path: &str, table: &toml::Table, out: &mut BTreeMap<String, Text>) {
    let get = |key: &str| table.get(key).and_then(toml::Value::as_str);
    if let (Some(en), Some(zh)) = (get("en"), get("zh")) {
        out.insert(path.to_owned(), Text::new(en, zh));
        return;
    }
    for (key, value) in table {
        if let toml::Value::Table(inner) = value {
            let name = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            flatten(&name, inner, out);
        }
    }
}

/// Keys with their text, sorted.
pub fn all() -> impl Iterator<Item = (&'static str, &'static Text)> {
    catalogue().iter().map(|(k, v)| (k.as_str(), v))
}

/// The text of a key; the key itself where it is missing, so that it shows.
pub fn text(key: &str) -> Text {
    catalogue().get(key).cloned().unwrap_or_else(|| Text::same(key))
}

/// The text of a key in one language; `⟨?⟩` where it is missing.
pub fn word(key: &str, language: Language) -> &'static str {
    catalogue().get(key).map_or("⟨?⟩", |t| t.get(language))
}

/// The text of a key in one language, with its `{names}` filled in.
pub fn filled(key: &str, language: Language, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(64);
    let mut rest = word(key, language);
    while let Some((before, name, after)) = rest
        .split_once('{')
        .and_then(|(before, tail)| tail.split_once('}').map(|(name, after)| (before, name, after)))
    {
        out.push_str(before);
        match values.iter().find(|(k, _)| *k == name) {
            Some((_, value)) => out.push_str(value),
            None => {
                out.push('{');
                out.push_str(name);
                out.push('}');
            }
        }
        rest = after;
    }
    out.push_str(rest);
    out
}
