//! The shape of the source, read as text: layers, fences, lengths, documents. What the compiler does not hold.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Modules by layer, low to high. A module sees those of lower layers, and its own.
const LAYERS: &[&[&str]] = &[
    &["bytes", "calendar", "error", "finding", "geom", "place", "wording"],
    &["ifc", "drawing", "rulebook", "manifest"],
    &["registration"],
    &["matching", "scope", "identity", "shapes"],
    &["facts"],
    &["checks"],
    &["score"],
    &["report"],
    &["pipeline"],
    &["serve"],
    &["cli"],
];

/// Edges within a layer. One that nobody uses fails.
const WITHIN: &[(&str, &str)] = &[("error", "place"), ("finding", "wording")];

/// What the crate root exports under a short name, and where it comes from.
const ROOT_NAMES: &[(&str, &str)] =
    &[("Error", "error"), ("Notice", "error"), ("Read", "error"), ("Result", "error")];

/// Third parties, and what is not to be touched from the core, with the folders that may name them.
const FENCES: &[(&str, &[&str])] = &[
    ("clap", &["src/cli"]),
    ("anyhow", &["src/cli"]),
    ("memmap2", &["src/cli"]),
    ("rustix", &["src/cli", "src/serve"]),
    ("acadrust", &["src/drawing/dwg"]),
    ("aho_corasick", &["src/drawing/recognise/text/lexicon.rs"]),
    ("foldhash", &["src/drawing/recognise/spot.rs"]),
    ("i_overlay", &["src/geom"]),
    ("hayro_interpret", &["src/drawing/pdf"]),
    ("hayro_syntax", &["src/drawing/pdf"]),
    ("flate2", &["src/drawing/pdf"]),
    ("resvg", &["src/report/png.rs", "src/report/opinion/fonts.rs"]),
    ("krilla", &["src/report/opinion"]),
    ("ttf_parser", &["src/report/opinion"]),
    ("calamine", &["src/report/reply"]),
    ("include_dir", &["src/rulebook"]),
    ("axum", &["src/serve"]),
    ("hyper", &["src/serve"]),
    ("landlock", &["src/serve/worker/cage.rs"]),
    ("maud", &["src/serve/page"]),
    ("object_store", &["src/serve/blobs.rs", "src/serve/fault.rs"]),
    ("seccompiler", &["src/serve/worker/cage.rs"]),
    ("sqlx", &["src/serve/store/sqlite", "src/serve/store/conformance.rs", "src/serve/fault.rs"]),
    ("rustls_native_certs", &["src/serve/callee.rs"]),
    ("tokio", &["src/serve"]),
    ("tokio_rustls", &["src/serve/callee.rs"]),
    ("utoipa", &["src/serve"]),
    ("std::fs", &["src/cli", "src/serve"]),
    ("std::env", &["src/cli", "src/serve"]),
    ("std::time", &["src/cli", "src/serve"]),
    ("std::net", &["src/serve"]),
    ("std::process", &["src/cli", "src/serve", "src/main.rs"]),
];

/// Files of the report that assemble it; every other is a writer and sees the report only.
const ASSEMBLERS: &[&str] =
    &["mod.rs", "assemble.rs", "coverage.rs", "overlay.rs", "lines.rs", "spot_check.rs"];

/// Longest file, tests and documents included.
const LONGEST: usize = 600;

struct Source {
    /// Path from the root of the package, with `/`.
    path: String,
    /// Code without comments and string contents.
    code: String,
    text: String,
}

impl Source {
    /// First folder or file below `src`.
    fn module(&self) -> &str {
        let below = self.path.strip_prefix("src/").unwrap_or(&self.path);
        below.split('/').next().unwrap_or(below).trim_end_matches(".rs")
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut out = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == ending) {
                out.push(path);
            }
        }
    }
    out.sort();
    out
}

fn sources() -> Vec<Source> {
    let all: Vec<Source> = files(&root().join("src"), "rs")
        .into_iter()
        .map(|file| {
            let text = std::fs::read_to_string(&file).expect("a source file");
            let path =
                file.strip_prefix(root()).expect("in the package").to_string_lossy().replace('\\', "/");
            Source { path, code: code_of(&text), text }
        })
        .collect();
    assert!(all.len() > 40, "only {} files were seen: the scan itself is broken", all.len());
    all
}

/// Takes line comments and the contents of plain string literals away: names there are no imports.
fn code_of(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let mut chars = line.chars().peekable();
        let mut quoted = false;
        while let Some(c) = chars.next() {
            match c {
                '\\' if quoted => {
                    chars.next();
                }
                '\'' if !quoted && chars.peek() == Some(&'"') => {
                    chars.next();
                    chars.next();
                }
                '"' => {
                    quoted = !quoted;
                    out.push('"');
                }
                '/' if !quoted && chars.peek() == Some(&'/') => break,
                c if !quoted => out.push(c),
                _ => {}
            }
        }
        out.push('\n');
    }
    out
}

/// Names that follow `crate::`, lists in braces included.
fn imports(code: &str) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for (at, found) in code.match_indices("crate::") {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let after = &code[at + found.len()..];
        if let Some(list) = after.strip_prefix('{') {
            let mut depth = 1;
            let mut name = String::new();
            let mut reading = true;
            for c in list.chars() {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth == 1 => {
                        out.insert(std::mem::take(&mut name));
                        reading = true;
                    }
                    c if depth == 1 && reading && (c.is_alphanumeric() || c == '_') => name.push(c),
                    ':' => reading = false,
                    _ => {}
                }
                if depth == 0 {
                    break;
                }
            }
            out.insert(name);
        } else {
            out.insert(after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    out.remove("");
    out.into_iter()
        .map(|n| ROOT_NAMES.iter().find(|(short, _)| *short == n).map_or(n, |(_, m)| (*m).to_owned()))
        .collect()
}

#[test]
fn imports_point_down() {
    let layer: BTreeMap<&str, usize> =
        LAYERS.iter().enumerate().flat_map(|(i, l)| l.iter().map(move |m| (*m, i))).collect();
    let mut used = BTreeSet::new();
    let mut wrong = Vec::new();
    let mut seen = 0;
    for source in sources() {
        let module = source.module().to_owned();
        if module == "lib" || module == "main" {
            continue;
        }
        let Some(&here) = layer.get(module.as_str()) else {
            wrong.push(format!("{}: module {module} has no layer", source.path));
            continue;
        };
        for name in imports(&source.code) {
            let Some((&target, &there)) = layer.get_key_value(name.as_str()) else { continue };
            seen += 1;
            if target == module || there < here {
                continue;
            }
            match WITHIN.iter().find(|(a, b)| *a == module && *b == target) {
                Some(edge) => {
                    used.insert(edge);
                }
                None => wrong.push(format!("{} imports {target}", source.path)),
            }
        }
    }
    assert!(wrong.is_empty(), "imports that do not point down:\n{}", wrong.join("\n"));
    assert!(seen > 60, "only {seen} imports were seen: the scan itself is broken");
    for edge in WITHIN {
        assert!(used.contains(edge), "{edge:?} is allowed, and nobody uses it");
    }
}

#[test]
fn a_writer_sees_the_report_only() {
    let mut writers = 0;
    for source in sources().iter().filter(|s| s.module() == "report") {
        let name = source.path.trim_start_matches("src/report/");
        if ASSEMBLERS.contains(&name) {
            continue;
        }
        writers += 1;
        for import in imports(&source.code) {
            let allowed = ["report", "error", "finding", "geom", "place", "wording", "score", "rulebook"];
            assert!(allowed.contains(&import.as_str()), "{} imports {import}", source.path);
        }
    }
    assert!(writers >= 5);
}

#[test]
fn the_service_reads_nothing_that_was_sent() {
    // reports that its own worker wrote, words, rules: whatever reads models and drawings is the worker's alone
    let allowed = ["calendar", "finding", "report", "rulebook", "serve", "wording"];
    let mut seen = 0;
    for source in sources().iter().filter(|s| s.module() == "serve") {
        if source.path.starts_with("src/serve/worker/") {
            continue;
        }
        for import in imports(&source.code) {
            seen += 1;
            assert!(allowed.contains(&import.as_str()), "{} imports {import}", source.path);
        }
    }
    assert!(seen > 30, "only {seen} imports were seen: the scan itself is broken");
}

#[test]
fn third_parties_and_the_world_stay_behind_their_fences() {
    let mut used = BTreeSet::new();
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|s| !s.path.ends_with("/tests.rs")) {
        // tests at the foot of a file may have a clock
        let code = source.code.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        for (name, folders) in FENCES {
            let names_it = code.match_indices(name).any(|(at, _)| {
                let before = code[..at].chars().next_back();
                let after = code[at + name.len()..].chars().next();
                let word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '-');
                !word(before) && !word(after)
            });
            if !names_it {
                continue;
            }
            used.insert(*name);
            if !folders.iter().any(|f| source.path.starts_with(f)) {
                wrong.push(format!("{} names {name}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for (name, folders) in FENCES {
        assert!(folders.is_empty() || used.contains(name), "{name} is fenced, and nobody uses it");
    }
}

#[test]
fn unsafe_code_stands_in_one_place_with_its_reason() {
    let mut found = Vec::new();
    for source in sources() {
        if source.code.contains("unsafe {") || source.code.contains("unsafe fn") {
            assert!(source.text.contains("// SAFETY:"), "{} gives no reason", source.path);
            found.push(source.path);
        }
    }
    assert_eq!(found, ["src/cli/files.rs"]);
}

#[test]
fn files_are_short_and_say_what_they_own() {
    let mut wrong = Vec::new();
    let all = sources();
    let tests = files(&root().join("tests"), "rs").into_iter().map(|file| {
        let text = std::fs::read_to_string(&file).expect("a test file");
        (file.strip_prefix(root()).expect("in the package").to_string_lossy().into_owned(), text)
    });
    for (path, text) in all.into_iter().map(|s| (s.path, s.text)).chain(tests) {
        let lines = text.lines().count();
        if lines > LONGEST {
            wrong.push(format!("{path} has {lines} lines; {LONGEST} is the limit"));
        }
        if !text.starts_with("//!") {
            wrong.push(format!("{path} does not open by saying what it owns"));
        }
        let name = path.rsplit('/').next().unwrap_or_default();
        if ["utils.rs", "util.rs", "helpers.rs", "common.rs", "misc.rs", "types.rs"].contains(&name) {
            wrong.push(format!("{path} is named after nothing"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_is_part_of_the_crate() {
    let mut reached: BTreeSet<String> = ["src/lib.rs".to_owned(), "src/main.rs".to_owned()].into();
    let all = sources();
    for _ in 0..12 {
        let before = reached.clone();
        for source in all.iter().filter(|s| before.contains(&s.path)) {
            let folder = match source.path.rsplit_once('/') {
                Some((folder, "mod.rs" | "lib.rs" | "main.rs")) => folder.to_owned(),
                _ => source.path.trim_end_matches(".rs").to_owned(),
            };
            for line in source.code.lines() {
                let line = line.trim();
                let Some(rest) = line.strip_suffix(';') else { continue };
                let Some(name) = rest.rsplit_once("mod ").map(|(_, n)| n.trim()) else { continue };
                reached.insert(format!("{folder}/{name}.rs"));
                reached.insert(format!("{folder}/{name}/mod.rs"));
            }
        }
    }
    let lost: Vec<&str> = all.iter().map(|s| s.path.as_str()).filter(|p| !reached.contains(*p)).collect();
    assert!(lost.is_empty(), "files that no module names: {lost:?}");
}

#[test]
fn nothing_is_left_for_later() {
    let marks = ["TODO", "FIXME", "HACK", "unimplemented!", "todo!"];
    let mut wrong = Vec::new();
    for source in sources() {
        for mark in marks {
            for (n, line) in source.text.lines().enumerate().filter(|(_, l)| l.contains(mark)) {
                wrong.push(format!("{}:{}: {}", source.path, n + 1, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn checks_and_rules_belong_together() {
    let folder = root().join("src/checks");
    let book = tumo::rulebook::Rulebook::everything().expect("the built-in rules");
    for check in tumo::checks::ALL {
        let files = [folder.join(format!("{}.rs", check.name)), folder.join(check.name).join("mod.rs")];
        let within = ["compliance", "geometry", "model", "submission"]
            .map(|f| folder.join(f).join(format!("{}.rs", check.name)));
        assert!(
            files.iter().chain(&within).any(|f| f.exists()),
            "check {} has no file of its name",
            check.name
        );
        assert!(!check.summary.is_empty());
        assert!(book.rules.iter().any(|r| r.check == check.name), "no rule asks {}", check.name);
    }
    for rule in &book.rules {
        assert!(
            tumo::checks::ALL.iter().any(|c| c.name == rule.check),
            "{}: there is no check {}",
            rule.id,
            rule.check
        );
        for gate in &rule.needs {
            assert!(book.rule(gate).is_some(), "{} needs {gate}, which is no rule", rule.id);
        }
        let doc = [&rule.title, &rule.doc.what, &rule.doc.why, &rule.doc.fix];
        let texts = doc.into_iter().chain(rule.message.values());
        for text in texts {
            assert!(!text.en.trim().is_empty() && !text.zh.trim().is_empty(), "{}: a text is empty", rule.id);
        }
        assert!(!rule.doc.source.trim().is_empty(), "{}: no source", rule.id);
    }
    for file in files(&root().join("rules"), "toml") {
        let family =
            file.parent().and_then(|p| p.file_name()).unwrap_or_default().to_string_lossy().into_owned();
        let families = tumo::rulebook::Family::ALL.map(tumo::rulebook::Family::name);
        if !families.contains(&family.as_str()) {
            continue;
        }
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let id = name.split('_').next().unwrap_or_default();
        assert!(book.rule(id).is_some(), "{name}.toml holds no rule {id}");
        let of = tumo::rulebook::Family::of(id).map(tumo::rulebook::Family::name);
        assert_eq!(of, Some(family.as_str()), "{name}.toml lies in the wrong folder");
    }
}

#[test]
fn the_scan_sees_what_it_should() {
    let code = code_of(
        "use crate::{a, b::{c, d}, e};\n// use crate::comment;\nlet x = \"crate::text\"; crate::f::g();",
    );
    let names: Vec<String> = imports(&code).into_iter().collect();
    assert_eq!(names, ["a", "b", "e", "f"]);
}
