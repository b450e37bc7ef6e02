//! The words in which a registration is told.

use crate::rulebook::data_file;
use crate::wording::Text;
use std::collections::BTreeMap;
use std::sync::LazyLock;

static WORDS: LazyLock<BTreeMap<String, Text>> = LazyLock::new(|| {
    data_file("wording/registration.toml").and_then(|text| toml::from_str(text).ok()).unwrap_or_default()
});

/// A sentence by name, filled in.
pub(super) fn words(name: &str, values: &[(&str, Text)]) -> Text {
    WORDS.get(name).map_or_else(|| Text::same(name), |t| t.fill(values))
}

/// A plan's title in quotation marks, or that it has none.
pub(super) fn titled(title: Option<&str>) -> Text {
    title.map_or_else(|| words("untitled", &[]), |t| Text::new(format!("\"{t}\""), format!("“{t}”")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_is_there_in_both_languages() {
        for name in [
            "by_labels",
            "by_shapes",
            "mismatch_grid",
            "mismatch_size",
            "mismatch_walls",
            "open_model",
            "open_drawing",
            "open_labels",
            "open_grid",
            "open_partly",
            "open_nowhere",
            "open_best",
            "ambiguous_place",
            "ambiguous_storey",
            "contradiction",
            "contradiction_said",
            "said_unknown",
            "said_discipline",
        ] {
            let text = words(name, &[]);
            assert!(text.en.len() > 20 && text.zh.len() > 20, "{name}");
        }
    }
}
