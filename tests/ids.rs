//! IDS against buildingSMART's conformance suite, where it is at hand (`TUMO_DATA`), and against samples of our own.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, missing_docs)]

use std::path::{Path, PathBuf};
use tumo::checks::ids::audit;
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

fn audit_file(path: &Path) -> Vec<ids::Fault> {
    let name = path.file_name().unwrap().to_string_lossy();
    audit(&ids::read(&name, &std::fs::read(path).unwrap()))
}

#[test]
fn conformance_of_the_audit() {
    let Some(data) = std::env::var_os("TUMO_DATA") else {
        println!("SKIPPED: TUMO_DATA is not set, the IDS conformance suite was not run");
        return;
    };
    let files = files_below(&Path::new(&data).join("conformance/ids/testcases"), "ids");
    assert!(files.len() >= 314, "{} cases", files.len());
    let mut wrong = Vec::new();
    for file in &files {
        let faults = audit_file(file);
        let invalid = file.file_name().unwrap().to_string_lossy().starts_with("invalid-");
        if invalid == faults.is_empty() {
            wrong.push(format!("{}: {faults:?}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), files.len(), wrong.join("\n"));
}
