//! Text in every language that tumo speaks. Wording lives in `rules/`; this is only its shape.

use serde::{Deserialize, Serialize};

/// A language that reports are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Simplified Chinese, terms as in the GB standards.
    Zh,
}

/// The same text in English and Chinese.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}

impl Text {
    /// Both languages from string slices.
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { en: en.into(), zh: zh.into() }
    }

    /// The same string in every language: for names and codes.
    pub fn same(text: impl Into<String>) -> Self {
        let en = text.into();
        Self { zh: en.clone(), en }
    }

    /// The text in one language.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Zh => &self.zh,
        }
    }

    /// Replaces each `{name}` by its value, in both languages. Unknown names stay visible.
    pub fn fill(&self, values: &[(&str, Text)]) -> Text {
        let fill = |template: &str, language: Language| {
            let mut out = String::with_capacity(template.len() + 32);
            let mut rest = template;
            while let Some(open) = rest.find('{') {
                out.push_str(&rest[..open]);
                let after = &rest[open + 1..];
                let Some(close) = after.find('}') else {
                    out.push_str(&rest[open..]);
                    return out;
                };
                let name = &after[..close];
                match values.iter().find(|(key, _)| *key == name) {
                    Some((_, value)) => out.push_str(value.get(language)),
                    None => out.push_str(&rest[open..open + close + 2]),
                }
                rest = &after[close + 1..];
            }
            out.push_str(rest);
            out
        };
        Text { en: fill(&self.en, Language::En), zh: fill(&self.zh, Language::Zh) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_names_and_keeps_unknown_ones() {
        let text = Text::new("{thing} is {n} mm off {", "{thing}偏{n}毫米{x}");
        let filled = text.fill(&[("thing", Text::new("wall", "墙")), ("n", Text::same("12"))]);
        assert_eq!(filled.en, "wall is 12 mm off {");
        assert_eq!(filled.zh, "墙偏12毫米{x}");
    }
}
