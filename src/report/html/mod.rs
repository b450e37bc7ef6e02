//! The report as one page: self-contained, offline, in both languages, to read, to search and to print.
//!
//! The page carries the whole report as data and draws it itself; every foreign string enters the page as text, never
//! as markup, and a content security policy forbids it to ask anything of the network.

mod outlines;

use super::picture::escaped as escape;
use super::{Report, plain, shown, words};
use crate::wording::Language;
use serde_json::{Map, Value, json};

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("style.css");
const SCRIPTS: [&str; 5] = [
    include_str!("base.js"),
    include_str!("plan.js"),
    include_str!("list.js"),
    include_str!("tables.js"),
    include_str!("main.js"),
];

/// Style and scripts by name, for pages that show a report as this one does.
pub const ASSETS: &[(&str, &str)] = &[
    ("report.css", STYLE),
    ("base.js", SCRIPTS[0]),
    ("plan.js", SCRIPTS[1]),
    ("list.js", SCRIPTS[2]),
    ("tables.js", SCRIPTS[3]),
    ("main.js", SCRIPTS[4]),
];

/// Writes the page; `language` is the one that it opens in.
pub fn write(report: &Report, language: Language) -> String {
    let lang = match language {
        Language::En => "en",
        Language::Zh => "zh",
    };
    let title = format!("{} · {}", words::word("page.title", language), input_names(report));
    let decision = words::word(&format!("decision.{}", super::decision_key(report.decision)), language);
    PAGE.replace("{{lang}}", if lang == "zh" { "zh-CN" } else { "en" })
        .replace("{{title}}", &escape(&title))
        .replace("{{noscript}}", &escape(&format!("{decision} — {}", words::word("page.noscript", language))))
        .replace("{{style}}", STYLE)
        .replace("{{script}}", &SCRIPTS.join("\n"))
        // the data last: nothing in it is looked through for `{{…}}`
        .replacen("{{data}}", &embedded(&data(report, lang)), 1)
}

/// What the service's page shows, to stand in a script element: the report, where each finding shows, and the overlays
/// without their outlines, which [`outlines()`] gives one by one.
pub fn page(report: &Report) -> String {
    let mut value = serde_json::to_value(report).unwrap_or(Value::Null);
    tame_all(&mut value);
    embedded(&json!({
        "report": value,
        "shown": places(report),
        "overlays": report.overlays.iter().map(outlines::about).collect::<Vec<_>>(),
    }))
}

/// The outlines of one overlay, packed: for each run a byte for the side (0 model, 1 drawing), the class with its length
/// in a byte before it, the length of what follows as four bytes (low first), then the run as the page's own.
pub fn outlines(report: &Report, overlay: usize) -> Vec<u8> {
    report.overlays.get(overlay).map(outlines::binary).unwrap_or_default()
}

/// Per finding: its overlay, and where on it.
fn places(report: &Report) -> Vec<Option<Value>> {
    report.findings.iter().map(|f| shown(report, f).map(|(o, p)| json!([o, p.x, p.y]))).collect()
}

fn input_names(report: &Report) -> String {
    report.inputs.iter().take(3).map(|i| plain::tame(&i.name)).collect::<Vec<_>>().join(", ")
}

fn data(report: &Report, lang: &str) -> Value {
    let mut value = serde_json::to_value(report).unwrap_or(Value::Null);
    tame_all(&mut value);
    let words: Map<String, Value> = words::all().map(|(k, t)| (k.to_owned(), json!([t.en, t.zh]))).collect();
    json!({
        "lang": lang,
        "report": value,
        "words": words,
        "shown": places(report),
        "overlays": report.overlays.iter().map(outlines::overlay).collect::<Vec<_>>(),
    })
}

/// Foreign strings are shortened and lose their control characters; how deep they stand is known to the report's shape.
fn tame_all(value: &mut Value) {
    match value {
        Value::String(text) => *text = plain::tame_to(text, 2000),
        Value::Array(list) => list.iter_mut().for_each(tame_all),
        Value::Object(map) => map.values_mut().for_each(tame_all),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// JSON that can stand in a script element: nothing in it can end the element or begin a comment.
fn embedded(value: &Value) -> String {
    let text = serde_json::to_string(value).unwrap_or_default();
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    for c in text.chars() {
        match c {
            '<' => out.push_str("\\u003c"),
            '>' => out.push_str("\\u003e"),
            '&' => out.push_str("\\u0026"),
            '\u{2028}' => out.push_str("\\u2028"),
            '\u{2029}' => out.push_str("\\u2029"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_foreign_becomes_markup() {
        let value = json!({ "name": "</script><script>alert(1)</script><!-- &" });
        let text = embedded(&value);
        assert!(!text.contains('<') && !text.contains('>') && !text.contains('&'));
        let back: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(back, value);
        assert_eq!(escape("<b a=\"'\">&"), "&lt;b a=&quot;&#39;&quot;&gt;&amp;");
    }

    #[test]
    fn the_page_asks_nothing_of_the_network() {
        for part in [PAGE, STYLE].into_iter().chain(SCRIPTS) {
            assert!(!part.contains("http://") && !part.contains("https://"), "a link to the network");
            assert!(!part.contains("innerHTML") && !part.contains("document.write"), "markup made from text");
        }
        assert!(PAGE.contains("default-src 'none'"));
    }
}
