//! Up to five broken records in a real model: what was not touched is still there, and what is lost is told where it lay.

use super::read;
use crate::dice::Dice;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use tumo::Notice;
use tumo::ifc::Model;
use tumo::place::Place;

/// Broken copies per model.
const COPIES: usize = 12;
/// Larger models take long to read in a debug build.
const LARGEST: u64 = 2_000_000;
/// Models under TUMO_DATA that are broken as well.
const MODELS: usize = 12;
/// Of a thousand untouched elements, how many may be lost.
const LOST_PER_MILLE: usize = 10;

/// Sample models, and some under TUMO_DATA.
fn models() -> Vec<PathBuf> {
    let fits = |p: &PathBuf| p.metadata().is_ok_and(|m| m.len() <= LARGEST);
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/projects");
    let mut out: Vec<PathBuf> = crate::ifc_files(&samples).into_iter().filter(fits).collect();
    out.dedup_by_key(|p| p.file_name().map(std::ffi::OsStr::to_owned));
    match std::env::var_os("TUMO_DATA") {
        Some(folder) => {
            let more: Vec<PathBuf> =
                crate::ifc_files(&Path::new(&folder).join("ifc")).into_iter().filter(fits).collect();
            out.extend(more.iter().step_by(1 + more.len() / MODELS).cloned());
        }
        None => println!("SKIPPED: TUMO_DATA is not set; only the samples' models were broken"),
    }
    out
}

/// Class by record number.
fn elements(model: &Model) -> BTreeMap<u32, &'static str> {
    model.elements.iter().map(|e| (e.step_id, e.class)).collect()
}

/// Breaks one line that holds a record; `None` where it holds none, or where nobody could tell that it is broken.
fn broken(line: &[u8], dice: &mut Dice) -> Option<(u32, Vec<u8>)> {
    let equals = line.iter().position(|&b| b == b'=')?;
    let id = std::str::from_utf8(line.get(1..equals)?).ok()?.trim().parse().ok()?;
    let mut out = line.to_vec();
    // its number stays: without it there would be no record to tell of
    let place = equals + 2 + dice.below(line.len().saturating_sub(equals + 4));
    match dice.below(6) {
        0 => out.truncate(place),
        1 => out.retain(|&b| b != b';'),
        2 => out.insert(place, b'\''),
        3 => out.insert(place, b'('),
        4 => out.retain(|&b| b != b')'),
        _ => {
            out.splice(place..place, *b"\0\x7f");
        }
    }
    Some((id, out))
}

/// The numbers that notices tell of, each where its record lies.
fn told(notices: &[Notice], content: &[u8]) -> BTreeSet<u32> {
    let mut out = BTreeSet::new();
    for notice in notices {
        let Place::Ifc { id, byte: Some(byte), line: Some(line), .. } = notice.place else { continue };
        let at = byte as usize;
        assert!(content[at..].starts_with(format!("#{id}").as_bytes()), "{notice:?} is not at byte {byte}");
        let before = content[..at].iter().filter(|&&b| b == b'\n').count() as u64;
        assert_eq!(before + 1, line, "{notice:?}");
        out.insert(id);
    }
    out
}

#[test]
fn five_broken_records_of_a_real_model_cost_no_more_than_themselves() {
    let mut dice = Dice(23);
    let (mut untouched, mut lost, mut gone) = (0, 0, 0);
    let mut silent = Vec::new();
    for path in models() {
        let whole = std::fs::read(&path).unwrap();
        let before = elements(&read(whole.clone()).unwrap().value);
        let lines: Vec<&[u8]> = whole.split(|&b| b == b'\n').collect();
        for copy in 0..COPIES {
            let mut copied: Vec<Vec<u8>> = lines.iter().map(|l| l.to_vec()).collect();
            let mut touched = BTreeSet::new();
            let mut tries = 0;
            while touched.len() < 1 + copy % 5 && tries < 100 {
                tries += 1;
                let at = dice.below(lines.len());
                if let Some((id, line)) = broken(lines[at], &mut dice).filter(|b| !touched.contains(&b.0)) {
                    touched.insert(id);
                    copied[at] = line;
                }
            }
            let content = copied.join(&b'\n');
            let after = read(content.clone()).unwrap();
            let told = told(&after.notices, &content);
            let still = elements(&after.value);
            for (id, class) in &before {
                let there = still.get(id) == Some(class);
                gone += usize::from(!there);
                if !touched.contains(id) {
                    untouched += 1;
                    lost += usize::from(!there);
                }
            }
            let step = after.value.step().unwrap();
            for &id in touched.iter().filter(|&&id| step.record(id).is_none() && !told.contains(&id)) {
                silent.push(format!("#{id} in copy {copy} of {}", path.display()));
            }
        }
    }
    println!("{lost} of {untouched} untouched elements lost, {gone} in all");
    assert!(untouched > 1_000, "too few elements to tell: {untouched}");
    assert!(lost * 1_000 <= untouched * LOST_PER_MILLE, "{lost} of {untouched} untouched elements lost");
    assert!(silent.is_empty(), "lost and not told: {silent:#?}");
}
