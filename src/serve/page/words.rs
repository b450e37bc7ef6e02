//! The words of the pages, from `rules/wording/service.toml`, in the language of who looks.

use crate::report::words;
use crate::wording::{Language, Text};
use std::collections::BTreeMap;
use std::sync::LazyLock;

static WORDS: LazyLock<BTreeMap<String, Text>> = LazyLock::new(|| words::read("wording/service.toml"));

/// Keys with their text, sorted.
pub(super) fn all() -> impl Iterator<Item = (&'static str, &'static Text)> {
    WORDS.iter().map(|(k, v)| (k.as_str(), v))
}

/// The text of a key: the service's, or the report's; `⟨?⟩` where it is missing, so that it shows.
pub(super) fn word(key: &str, language: Language) -> &'static str {
    WORDS.get(key).map_or_else(|| words::word(key, language), |t| t.get(language))
}

/// The same with its `{names}` filled in.
pub(super) fn filled(key: &str, language: Language, values: &[(&str, String)]) -> String {
    let mut out = word(key, language).to_owned();
    for (name, value) in values {
        out = out.replace(&format!("{{{name}}}"), value);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_there_in_both_languages() {
        assert!(WORDS.len() > 100);
        for (key, text) in all() {
            assert!(!text.en.trim().is_empty() && !text.zh.trim().is_empty(), "{key}");
        }
    }

    #[test]
    fn every_word_that_pages_and_scripts_ask_for_is_there() {
        let sources = [
            include_str!("admin.rs"),
            include_str!("layout.rs"),
            include_str!("lists.rs"),
            include_str!("round.rs"),
            include_str!("assets/people.js"),
            include_str!("assets/progress.js"),
            include_str!("assets/upload.js"),
            include_str!("assets/work.js"),
        ];
        let mut asked = 0;
        for source in sources {
            for quote in ['"', '\''] {
                for start in ["say(", "word("] {
                    for after in source.split(start).skip(1) {
                        let Some(rest) = after.strip_prefix(quote) else { continue };
                        let Some(key) = rest.split(quote).next() else { continue };
                        if key.ends_with('.') || !key.contains('.') || key.contains('{') {
                            continue;
                        }
                        asked += 1;
                        assert_ne!(word(key, Language::En), "⟨?⟩", "{key} has no words");
                    }
                }
            }
        }
        assert!(asked > 60, "only {asked} were seen: the scan itself is broken");
    }
}
