//! Every notice that a drawing reader can raise is judged: it leaves the verdict open, or it is known to be harmless.

use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::Path;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Losses {
    codes: Vec<String>,
    endings: Vec<String>,
    harmless: Vec<String>,
}

/// Codes between quotes: the format, a dash, small letters.
fn codes_in(text: &str) -> impl Iterator<Item = &str> {
    text.split('"').skip(1).step_by(2).filter(|word| {
        let known = ["dxf-", "dwg-", "svg-", "pdf-", "plan-", "drawing-"].iter().any(|p| word.starts_with(p));
        known && !word.ends_with('-') && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
    })
}

fn raised() -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/drawing")];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("tests.rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
                // line by line: a quote in a comment must not shift the pairs of a whole file
                out.extend(code.lines().flat_map(codes_in).map(str::to_owned));
            }
        }
    }
    out
}

#[test]
fn every_notice_is_a_loss_or_harmless() {
    let text = include_str!("../../../rules/losses.toml");
    let losses: Losses = toml::from_str(text).unwrap();
    let raised = raised();
    assert!(raised.len() > 12, "only {raised:?}: the scan itself is broken");
    for code in &raised {
        let lost = losses.codes.contains(code) || losses.endings.iter().any(|e| code.ends_with(e.as_str()));
        let harmless = losses.harmless.contains(code);
        assert!(lost != harmless, "{code} has to be in rules/losses.toml, as a loss or as harmless");
    }
    for code in losses.codes.iter().chain(&losses.harmless).filter(|c| !c.starts_with("step-")) {
        assert!(raised.contains(code) || code.starts_with("ifc-"), "{code} is listed, and nobody raises it");
    }
}
