//! The same drawing told otherwise: turned, moved, in inches, exploded, on one layer, renamed, reordered, mirrored, in
//! pieces, as polylines, as chords, with other kinds of text. What is recognised is the same or less, never something else.

mod compare;
mod variants;

use compare::Loss;
use std::path::{Path, PathBuf};
use tumo::bytes;
use tumo::drawing::model::Drawing;
use tumo::drawing::{read, recognise};
use variants::{VARIANTS, Variant};

/// Drawings of the repository that are tried.
const SAMPLES: &[&str] = &[
    "samples/projects/pass_office-tarch/arch_plans.dxf",
    "samples/projects/pass_flats-paper/building.dxf",
    "samples/projects/pass_office-revit-aia/A-102_SECOND_FLOOR_PLAN.dxf",
];

/// Drawings below the folder that TUMO_DATA names.
const DATA: &[&str] = &["seeded/d12-officea-layer0", "seeded/d25-officer-aia"];

fn drawing(path: &Path) -> Drawing {
    let name = path.file_name().expect("a name").to_string_lossy().into_owned();
    read(&name, &bytes::bytes(std::fs::read(path).expect("a file"))).expect("a drawing").value
}

/// The drawings that a line of a list names: a file, or the first two of a folder.
fn named(root: &Path, line: &str) -> Vec<PathBuf> {
    let path = root.join(line);
    if path.is_file() {
        return vec![path];
    }
    let mut found: Vec<PathBuf> = std::fs::read_dir(&path)
        .into_iter()
        .flatten()
        .filter_map(|e| e.ok().map(|e| e.path()))
        .filter(|p| p.extension().is_some_and(|e| e == "dxf" || e == "svg"))
        .collect();
    found.sort();
    found.truncate(2);
    found
}

/// Holds every variant of a drawing against the drawing; gives what is wrong.
fn wrong(path: &Path) -> Vec<String> {
    let original = drawing(path);
    let seen = recognise(std::slice::from_ref(&original)).value;
    let mut out = Vec::new();
    for Variant { name, change, keeps } in VARIANTS {
        let Some((changed, back)) = change(&original) else { continue };
        let told = recognise(std::slice::from_ref(&changed)).value;
        let Loss { something_else, missing } = compare::compare(&seen, &told, &back);
        let file = path.display();
        out.extend(something_else.into_iter().take(6).map(|e| format!("{file}, {name}: {e}")));
        let kept = keeps(missing.share);
        if !kept {
            let some: Vec<&String> = missing.what.iter().take(6).collect();
            out.push(format!("{file}, {name}: {:.3} are left, without {some:?}", missing.share));
        }
    }
    out
}

#[test]
fn samples_told_otherwise_are_recognised_alike() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let all: Vec<String> =
        SAMPLES.iter().flat_map(|line| named(root, line)).flat_map(|path| wrong(&path)).collect();
    assert!(all.is_empty(), "{} differences:\n{}", all.len(), all.join("\n"));
}

#[test]
fn real_drawings_told_otherwise_are_recognised_alike() {
    let Some(root) = std::env::var_os("TUMO_DATA").map(PathBuf::from).filter(|d| d.is_dir()) else {
        eprintln!("SKIPPED {} drawings: TUMO_DATA names no folder", DATA.len());
        return;
    };
    let all: Vec<String> =
        DATA.iter().flat_map(|line| named(&root, line)).flat_map(|path| wrong(&path)).collect();
    assert!(all.is_empty(), "{} differences:\n{}", all.len(), all.join("\n"));
}
