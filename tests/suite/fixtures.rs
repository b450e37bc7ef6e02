//! buildingSMART's rule fixtures, from the folder that TUMO_DATA names: for each of their rules that one of ours names in
//! `same_as`, every file is answered as its name says, but for the differences that `fixtures.toml` lists with a reason.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use tumo::pipeline::{Source, Submission};
use tumo::rulebook::{Rule, Rulebook};
use tumo::{Pipeline, bytes};

/// Share of files that must be answered alike (before the differences that are listed).
const ALIKE: f64 = 0.99;

/// The rules that answer for one of theirs, each with what is not of it left out.
fn answering(code: &str, book: &Rulebook) -> Vec<Rule> {
    let mut rules = Vec::new();
    for rule in &book.rules {
        let named: Vec<(&str, &str)> =
            rule.same_as.iter().map(|s| s.split_once(':').unwrap_or((s, ""))).collect();
        let keys: Vec<&str> = named.iter().filter(|(c, _)| *c == code).map(|(_, key)| *key).collect();
        if keys.is_empty() {
            continue;
        }
        let mut rule = rule.clone();
        if !keys.contains(&"") {
            if let Some(toml::Value::Array(cases)) = rule.params.get_mut("cases") {
                cases.retain(|c| c.get("say").and_then(|s| s.as_str()).is_some_and(|s| keys.contains(&s)));
                assert!(!cases.is_empty(), "{} has no case {keys:?} for {code}", rule.id);
            } else if rule.check == "count" {
                let Some(toml::Value::Array(of)) = rule.params.get_mut("of") else {
                    panic!("{} counts nothing", rule.id)
                };
                of.retain(|c| c.get("class").and_then(|s| s.as_str()).is_some_and(|s| keys.contains(&s)));
            } else {
                let asked = keys.iter().map(|k| toml::Value::String((*k).to_owned())).collect();
                rule.params.insert("ask".into(), toml::Value::Array(asked));
            }
        }
        rules.push(rule);
    }
    rules
}

fn answer(name: &str, file: Vec<u8>, rules: Vec<Rule>, book: &Rulebook) -> String {
    let book = Rulebook { rules, ..book.clone() };
    let submission =
        Submission { models: vec![Source { name, bytes: bytes::bytes(file) }], ..Submission::default() };
    let run = match Pipeline::run(&submission, &book) {
        Ok(run) => run,
        Err(error) => return format!("unread ({error})"),
    };
    let sum = |of: fn(&tumo::finding::Tally) -> u64| run.findings.tallies.values().map(of).sum::<u64>();
    if sum(|t| t.failed) > 0 {
        "fail".into()
    } else if sum(|t| t.passed) > 0 {
        "pass".into()
    } else {
        "na".into()
    }
}

#[test]
fn every_fixture_is_answered_as_its_name_says() {
    let folder = std::env::var_os("TUMO_DATA").map(|d| PathBuf::from(d).join("conformance/gherkin"));
    let Some(folder) = folder.filter(|f| f.is_dir()) else {
        let needed = std::env::var("REQUIRE_SAMPLES").is_ok_and(|v| v == "1");
        assert!(!needed, "REQUIRE_SAMPLES=1, and TUMO_DATA names no folder with fixtures");
        eprintln!("SKIPPED buildingSMART's fixtures: TUMO_DATA names no folder that has them");
        return;
    };
    let listed: BTreeMap<String, String> = toml::from_str(include_str!("fixtures.toml")).expect("the list");
    let book = Rulebook::built_in("general").expect("the rules");
    let (mut files, mut alike) = (0_u32, 0_u32);
    let mut unlisted = Vec::new();
    let mut differing = BTreeSet::new();
    let mut unanswered: BTreeMap<String, u32> = BTreeMap::new();
    for path in super::ifc_files(&folder) {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let mut parts = name.splitn(3, '-');
        let (expected, code) = (parts.next().unwrap_or(""), parts.next().unwrap_or("").to_uppercase());
        let rules = answering(&code, &book);
        if rules.is_empty() {
            *unanswered.entry(code).or_default() += 1;
            continue;
        }
        files += 1;
        let got = answer(&name, std::fs::read(&path).expect("a fixture"), rules, &book);
        if got == expected {
            alike += 1;
            continue;
        }
        differing.insert(name.clone());
        if !listed.contains_key(&name) {
            unlisted.push(format!("{name}: {got}"));
        }
    }
    println!("{alike} of {files} fixtures alike; without an equivalent: {unanswered:?}");
    assert!(unlisted.is_empty(), "{} differ and are not listed:\n{}", unlisted.len(), unlisted.join("\n"));
    let stale: Vec<&String> = listed.keys().filter(|k| !differing.contains(*k)).collect();
    assert!(stale.is_empty(), "listed as different, and alike: {stale:?}");
    assert!(f64::from(alike) >= ALIKE * f64::from(files), "{alike} of {files} alike");
    let families: Vec<&String> = unanswered.keys().filter(|c| !["ALB", "ALS"].contains(&&c[..3])).collect();
    assert!(families.is_empty(), "rules about buildings without an equivalent: {families:?}");
}
