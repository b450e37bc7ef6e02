//! Files that are written from the source, and held equal to it: `UPDATE=1 cargo test generate` rewrites them.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use tumo::rulebook::{Family, Rulebook};
use tumo::wording::Language;

/// The committed file must be this text; with UPDATE=1 it is made so.
fn held(path: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var("UPDATE").is_ok_and(|v| v == "1") {
        std::fs::write(&file, text).expect("the file can be written");
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    assert!(
        committed == text,
        "{path} is not what the source says; UPDATE=1 cargo test generate rewrites it"
    );
}

#[test]
fn the_index_of_rules() {
    let book = Rulebook::everything().expect("the built-in rules");
    let mut out = String::from(
        "# Rules\n\n\
         One file per rule, one folder per family; `profiles/` says which apply and with which numbers; `wording/` holds\n\
         the words of reports; `losses.toml` lists the notices after which nothing is decided. Other folders are the\n\
         dictionaries and grammars of the readers. `tumo explain ID` prints a rule in full.\n\n\
         This file is written by the tests: `UPDATE=1 cargo test generate`.\n",
    );
    for family in Family::ALL {
        let rules: Vec<_> = book.rules.iter().filter(|r| Family::of(&r.id) == Some(family)).collect();
        if rules.is_empty() {
            continue;
        }
        let _ = writeln!(out, "\n## {} ({} rules)\n", family.name(), rules.len());
        out.push_str(
            "| id | what goes wrong | 问题 | severity | check | source |\n|---|---|---|---|---|---|\n",
        );
        for rule in rules {
            let severity = format!("{:?}", rule.severity).to_lowercase();
            let cell = |text: &str| text.replace('|', "\\|").replace('\n', " ");
            let _ = writeln!(
                out,
                "| {} | {} | {} | {severity} | {} | {} |",
                rule.id,
                cell(&rule.title.en),
                cell(&rule.title.zh),
                rule.check,
                cell(&rule.doc.source)
            );
        }
    }
    held("rules/README.md", &out);
}

/// Most bytes that all samples may have together.
const MOST_SAMPLE_BYTES: u64 = 10_000_000;

#[test]
fn the_index_of_samples() {
    use sha2::{Digest, Sha256};
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let mut out = String::from(
        "# Samples\n\n\
         One folder per sample; its name begins with the verdict that `tumo check` must come to: `pass_` exit code 0,\n\
         `fail_` 1, `unusable_` 2, `inconclusive_` 3. `expect.toml` names the files and what must be told; `truth.json`\n\
         lists what was changed on purpose, and where each plan lies. `broken/` holds one fault each, `projects/` whole\n\
         buildings with their drawings. Every folder says whose it is in `origin.toml`.\n\n\
         This file is written by the tests: `UPDATE=1 cargo test generate`.\n",
    );
    let mut total = 0;
    for group in ["projects", "broken"] {
        let _ = writeln!(
            out,
            "\n## {group}\n\n| file | bytes | SHA-256 | origin | licence |\n|---|---|---|---|---|"
        );
        let mut folders: Vec<_> =
            std::fs::read_dir(root.join(group)).unwrap().map(|e| e.unwrap().path()).collect();
        folders.sort();
        for folder in folders {
            let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).collect();
            files.sort();
            files.retain(|f| f.extension().is_none_or(|e| e != "toml"));
            let origin: toml::Table = match std::fs::read_to_string(folder.join("origin.toml")) {
                Ok(text) => toml::from_str(&text).expect("origin.toml"),
                Err(_) => toml::Table::new(),
            };
            assert!(files.is_empty() || !origin.is_empty(), "{} says not whose it is", folder.display());
            for file in files {
                let bytes = std::fs::read(&file).unwrap();
                total += bytes.len() as u64;
                let hash: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
                let path = file.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
                let says =
                    |key: &str| origin.get(key).and_then(toml::Value::as_str).expect("a text").to_owned();
                let _ = writeln!(
                    out,
                    "| {path} | {} | `{hash}` | {} | {} |",
                    bytes.len(),
                    says("origin"),
                    says("licence")
                );
            }
        }
    }
    assert!(total < MOST_SAMPLE_BYTES, "{total} bytes");
    held("samples/README.md", &out);
}

#[test]
fn the_help_of_the_command() {
    held("src/cli/HELP.txt", &tumo::cli::help());
}

#[test]
fn every_word_is_there_in_both_languages() {
    let words: BTreeMap<&str, _> = tumo::report::words::all().collect();
    assert!(words.len() > 100, "only {} keys were read", words.len());
    for (key, text) in &words {
        for language in [Language::En, Language::Zh] {
            assert!(!text.get(language).trim().is_empty(), "{key} is empty");
        }
        let names = |text: &str| {
            let mut names: Vec<String> =
                text.split('{').skip(1).filter_map(|t| t.split('}').next()).map(Into::into).collect();
            names.sort();
            names
        };
        assert_eq!(names(&text.en), names(&text.zh), "{key} fills in other names in the other language");
    }
    // every key that the source asks for in full
    let mut asked = 0;
    for file in ["html/base.js", "html/plan.js", "html/list.js", "html/tables.js", "html/main.js"]
        .map(|f| format!("src/report/{f}"))
        .into_iter()
        .chain(
            ["src/report/terminal.rs", "src/report/picture.rs", "src/report/assemble.rs"].map(String::from),
        )
    {
        let Ok(source) = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(&file)) else {
            continue;
        };
        for quote in ['\'', '"'] {
            for text in source.split(quote) {
                let heads =
                    ["page.", "terminal.", "decision.", "kind.", "value.", "side.", "count.", "picture."];
                let is_key = heads.iter().any(|h| text.starts_with(h) && text.len() > h.len())
                    && text.chars().all(|c| c.is_ascii_lowercase() || c == '.' || c == '-')
                    && !text.ends_with(['.', '-']);
                if is_key && text != "decision.reason" {
                    asked += 1;
                    assert!(words.contains_key(text), "{file} asks for {text}");
                }
            }
        }
    }
    assert!(asked > 60, "only {asked} keys were seen in the source");
}
