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

    /// Names one after another, as each language divides them.
    pub fn list(names: &[impl AsRef<str>]) -> Self {
        let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
        Self { en: names.join(", "), zh: names.join("、") }
    }

    /// Texts one after another, each in its language.
    pub fn list_of(texts: &[Text]) -> Self {
        let of = |language: Language| texts.iter().map(|t| t.get(language)).collect::<Vec<&str>>();
        Self { en: of(Language::En).join(", "), zh: of(Language::Zh).join("、") }
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
                rest = &after[close + 1..];
                match values.iter().find(|(key, _)| *key == name) {
                    Some((_, value)) => rest = put(&mut out, value.get(language), rest),
                    None => out.push_str(&template_of(name)),
                }
            }
            out.push_str(rest);
            out
        };
        Text { en: fill(&self.en, Language::En), zh: fill(&self.zh, Language::Zh) }
    }
}

/// A name that nobody fills in, as it was written.
fn template_of(name: &str) -> String {
    format!("{{{name}}}")
}

/// Appends a value; what follows it in the template. Templates set values off by spaces, as Latin names are in Chinese
/// text (GB/T 15834); between two Chinese characters or marks there is none.
fn put<'t>(out: &mut String, value: &str, rest: &'t str) -> &'t str {
    let before = out.strip_suffix(' ').filter(|o| o.ends_with(is_wide) && value.starts_with(is_wide));
    if let Some(kept) = before.map(str::len) {
        out.truncate(kept);
    }
    out.push_str(value);
    rest.strip_prefix(' ').filter(|r| value.ends_with(is_wide) && r.starts_with(is_wide)).unwrap_or(rest)
}

const fn is_wide(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
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

    #[test]
    fn chinese_text_has_no_spaces_around_chinese_values() {
        let text = Text::same("模型 {storey} 有 {thing} {tag}，{plan} 上未画");
        let said = |storey: &str, tag: &str| {
            let values = [("storey", storey), ("thing", "墙"), ("tag", tag), ("plan", "P1")];
            text.fill(&values.map(|(k, v)| (k, Text::same(v)))).zh
        };
        assert_eq!(said("二层", "Wall:1"), "模型二层有墙 Wall:1，P1 上未画");
        assert_eq!(said("2F", "内墙"), "模型 2F 有墙内墙，P1 上未画");
        let place = Text::same("门{place} 在 {plan}").fill(&[("place", Text::same("（1 轴处）"))]);
        assert_eq!(place.zh, "门（1 轴处）在 {plan}");
    }
}
