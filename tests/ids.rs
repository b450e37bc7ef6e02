//! IDS against buildingSMART's conformance suite, where it is at hand (`TUMO_DATA`), and against samples of our own.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, missing_docs)]

use std::path::{Path, PathBuf};
use tumo::checks::ids::{Result, audit, evaluate};
use tumo::rulebook::ids;

fn files_below(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut out = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == extension) {
                out.push(path);
            }
        }
    }
    out.sort();
    out
}

/// `invalid`, `fail`, `pass` or `undecided`, as the names of the cases say.
fn outcome(ids_file: &Path) -> &'static str {
    let name = ids_file.file_name().unwrap().to_string_lossy();
    let document = ids::read(&name, &std::fs::read(ids_file).unwrap());
    if !audit(&document).is_empty() {
        return "invalid";
    }
    let model = ids_file.with_extension("ifc");
    let bytes = tumo::bytes::bytes(std::fs::read(&model).unwrap());
    let file = tumo::ifc::StepFile::open(&model.to_string_lossy(), bytes).unwrap().value;
    let answers: Vec<_> = evaluate(&file, &document).results.iter().map(Result::answer).collect();
    if answers.contains(&ids::Answer::No) {
        "fail"
    } else if answers.contains(&ids::Answer::Unknown) {
        "undecided"
    } else {
        "pass"
    }
}

fn run_cases(folder: &Path, least: usize) {
    let files = files_below(folder, "ids");
    assert!(files.len() >= least, "{} cases in {}", files.len(), folder.display());
    let mut wrong = Vec::new();
    for file in &files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let found = outcome(file);
        if !name.starts_with(&format!("{found}-")) {
            wrong.push(format!("{found}: {}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), files.len(), wrong.join("\n"));
}

#[test]
fn conformance() {
    let Some(data) = std::env::var_os("TUMO_DATA") else {
        println!("SKIPPED: TUMO_DATA is not set, the IDS conformance suite was not run");
        return;
    };
    run_cases(&Path::new(&data).join("conformance/ids/testcases"), 314);
}
