//! What the readers tell: every sentence of theirs is in the catalogue in Chinese, and the catalogue has no others.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use tumo::report::notices;
use tumo::wording::Text;

type Catalogue = BTreeMap<String, BTreeMap<String, String>>;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn catalogue() -> Catalogue {
    let text = std::fs::read_to_string(root().join("rules/wording/notices.toml")).expect("the catalogue");
    toml::from_str(&text).expect("TOML")
}

/// Files of the readers, and of what tells notices beside them.
fn sources() -> Vec<PathBuf> {
    let beside = ["src/report/reply/mod.rs", "src/report/bcf/read.rs", "src/report/notices.rs"];
    let mut out: Vec<PathBuf> = beside.iter().map(|file| root().join(file)).collect();
    out.extend(
        ["fault", "supervise", "spool", "answers", "who", "secret"]
            .map(|f| root().join(format!("src/serve/{f}.rs"))),
    );
    let mut folders = ["src/ifc", "src/drawing", "src/serve/routes"].map(|f| root().join(f)).to_vec();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if path.is_dir() {
                // what recognition is unsure of is told by `tumo recognise` alone
                folders.extend((name != "tests" && name != "recognise").then_some(path));
            } else if name.ends_with(".rs") && name != "tests.rs" {
                out.push(path);
            }
        }
    }
    out.sort();
    out
}

/// String literals of a source, without its comments and tests.
fn literals(source: &str) -> Vec<String> {
    let source = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let code: String =
        source.lines().filter(|l| !l.trim_start().starts_with("//")).map(|l| format!("{l}\n")).collect();
    let code = without_descriptions(&code).replace("'\"'", "").replace("b'\\\"'", "");
    let mut out = Vec::new();
    let mut letters = code.chars().peekable();
    while letters.by_ref().any(|c| c == '"') {
        let mut literal = String::new();
        while let Some(c) = letters.next().filter(|c| *c != '"') {
            match (c, letters.peek()) {
                // the literal goes on in the next line
                ('\\', Some('\n')) => while letters.next_if(|c| c.is_whitespace()).is_some() {},
                ('\\', Some(_)) => literal.extend(letters.next()),
                _ => literal.push(c),
            }
        }
        out.push(literal);
    }
    out
}

/// What the interface's documentation says of a route is no notice.
fn without_descriptions(code: &str) -> String {
    let mut parts = code.split("#[utoipa::path(");
    let mut out = parts.next().unwrap_or_default().to_owned();
    out.extend(parts.filter_map(|part| part.split_once(")]\n")).map(|(_, after)| after));
    out
}

/// `{name}` becomes `{}`; none at the ends.
fn plain(sentence: &str) -> String {
    let mut out = String::new();
    let mut rest = sentence;
    while let Some((before, tail)) = rest.split_once('{') {
        let Some((_, after)) = tail.split_once('}') else { break };
        out.push_str(before);
        out.push_str("{}");
        rest = after;
    }
    out.push_str(rest);
    out
}

fn words_of(sentence: &str) -> &str {
    let mut out = sentence;
    loop {
        let inner = out.trim_matches(|c: char| c.is_whitespace() || c == ':' || c == '#');
        let inner = inner.strip_prefix("{}").unwrap_or(inner);
        let inner = inner.strip_suffix("{}").unwrap_or(inner);
        if inner == out {
            return out;
        }
        out = inner;
    }
}

/// Three words or more make a sentence.
fn is_sentence(words: &str) -> bool {
    let of_letters =
        |w: &&str| w.chars().filter(char::is_ascii_lowercase).count() >= 1 && !w.contains(['<', '=', '/']);
    words.split_whitespace().filter(of_letters).count() >= 3
}

/// What is no notice: other formats' own words, what only programs see, and headings of the interface's documentation.
const OTHERS: &[&str] = &[
    "What is handed in",
    "One upload of everything",
    "Resumable uploads",
    "What came of",
    "What people say",
    "For other systems",
    "For who runs",
    "sandbox allow-scripts",
    "memory allocation of",
    "no random numbers",
    "Who may what",
    "The self-check service",
    "(from a workbook)",
    "AutoCAD Binary DXF",
    "has no column",
    "tumo: a DWG as DXF",
    "a file of answers",
    "holds no replies",
    "save it as .csv",
];

#[test]
fn every_sentence_of_the_readers_is_in_chinese() {
    let catalogue = catalogue();
    let known: Vec<String> = catalogue.values().flat_map(BTreeMap::keys).map(|en| plain(en)).collect();
    let mut used = BTreeSet::new();
    let mut unknown = Vec::new();
    for path in sources() {
        let source = std::fs::read_to_string(&path).expect("a source");
        for literal in literals(&source) {
            let plain = plain(&literal);
            let words = words_of(&plain);
            let found: Vec<usize> = known
                .iter()
                .enumerate()
                .filter(|(_, k)| words.len() > 2 && k.contains(words))
                .map(|(n, _)| n)
                .collect();
            let other = OTHERS.iter().any(|o| literal.contains(o));
            if found.is_empty() && is_sentence(words) && !other {
                unknown.push(format!("{}: {literal}", path.strip_prefix(root()).unwrap_or(&path).display()));
            }
            used.extend(found);
        }
    }
    assert!(unknown.is_empty(), "not in rules/wording/notices.toml:\n{}", unknown.join("\n"));
    let stale: Vec<&String> =
        known.iter().enumerate().filter(|(n, _)| !used.contains(n)).map(|(_, k)| k).collect();
    assert!(stale.is_empty(), "nobody says: {stale:?}");
}

#[test]
fn every_code_has_its_sentences() {
    let catalogue = catalogue();
    let readers = ["step-", "ifc-", "dxf-", "dwg-", "pdf-", "svg-", "reply-"];
    let is_code = |l: &&String| {
        readers.iter().any(|r| l.starts_with(r))
            && l.bytes().all(|b| b.is_ascii_lowercase() || b == b'-' || b.is_ascii_digit())
    };
    let mut codes = BTreeSet::new();
    for path in sources() {
        let literals = literals(&std::fs::read_to_string(&path).expect("a source"));
        codes.extend(literals.iter().filter(is_code).cloned());
    }
    assert!(codes.len() > 50, "only {} codes were found", codes.len());
    let missing: Vec<&String> = codes.iter().filter(|c| !catalogue.contains_key(*c)).collect();
    assert!(missing.is_empty(), "no sentences for {missing:?}");
}

#[test]
fn parameters_are_those_of_the_sentence() {
    let names = |text: &str| -> BTreeSet<String> {
        text.split('{').skip(1).filter_map(|t| t.split_once('}')).map(|(name, _)| name.to_owned()).collect()
    };
    for (code, sentences) in catalogue() {
        for (en, zh) in sentences {
            assert!(names(&zh).is_subset(&names(&en)), "{code}: {zh} names what {en} does not");
            assert!(zh.chars().any(is_chinese) || code == "reasons", "{code}: {zh}");
        }
    }
}

fn is_chinese(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}')
}

/// Whatever the readers tell of damaged files is told in Chinese, too.
#[test]
fn damage_is_told_in_both_languages() {
    let mut told = 0;
    for file in damaged() {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let bytes = std::fs::read(&file).expect("a file");
        for whole in [bytes.clone(), bytes[..bytes.len() * 2 / 3].to_vec(), scrambled(&bytes)] {
            let whole = tumo::bytes::bytes(whole);
            let notices = match name.rsplit_once('.').map(|(_, ending)| ending) {
                Some("ifc" | "ifczip") => tumo::ifc::read(&name, &whole).map(|r| r.notices),
                _ => tumo::drawing::read(&name, &whole).map(|r| r.notices),
            };
            let texts: Vec<Text> = match notices {
                Ok(notices) => notices.iter().map(|n| notices::said(&n.code, &n.message)).collect(),
                Err(error) => vec![notices::error(&error)],
            };
            for text in texts {
                assert!(text.zh.chars().any(is_chinese), "{name}: {}", text.en);
                told += 1;
            }
        }
    }
    assert!(told > 50, "only {told} were told");
}

/// Every file of the samples that a reader takes.
fn damaged() -> Vec<PathBuf> {
    let mut out = Vec::new();
    for folder in ["samples/broken", "samples/projects"] {
        for sample in std::fs::read_dir(root().join(folder)).expect("samples").flatten() {
            for entry in std::fs::read_dir(sample.path()).expect("a sample").flatten() {
                let path = entry.path();
                let ending = path.extension().unwrap_or_default().to_string_lossy().into_owned();
                let small = entry.metadata().is_ok_and(|m| m.len() < 2_000_000);
                if small && ["ifc", "dxf", "svg", "pdf"].contains(&ending.as_str()) {
                    out.push(path);
                }
            }
        }
    }
    out.sort();
    out
}

/// Every 997th byte becomes another.
fn scrambled(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().enumerate().map(|(n, b)| if n % 997 == 500 { b.wrapping_add(7) } else { *b }).collect()
}
