//! Every drawing of the folder that `TUMO_DATA` names: read or refused soon, without a panic, and its losses by name.

use super::{SOON, sound};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;
use tumo::bytes::bytes;
use tumo::drawing;

fn drawings(folder: &Path, out: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.filter_map(|e| e.ok().map(|e| e.path())) {
        if path.is_dir() {
            drawings(&path, out);
        } else if path.extension().is_some_and(|e| {
            let ending = e.to_string_lossy().to_lowercase();
            ["dxf", "dwg", "svg", "pdf"].contains(&ending.as_str())
        }) {
            out.push(path);
        }
    }
}

/// As the command would have it read.
fn given(content: Vec<u8>) -> Vec<u8> {
    #[cfg(feature = "dwg")]
    if drawing::dwg::is_dwg(&content) {
        return drawing::dwg::convert(&content).to_bytes();
    }
    content
}

#[test]
fn every_real_drawing_is_read_or_refused() {
    let Some(root) = std::env::var_os("TUMO_DATA") else {
        return println!("TUMO_DATA names no folder: nothing is asked");
    };
    let mut paths = Vec::new();
    drawings(Path::new(&root), &mut paths);
    paths.sort();
    assert!(!paths.is_empty(), "no drawing in {}", root.display());
    let (mut codes, mut unread): (BTreeMap<String, u64>, BTreeMap<String, u64>) = Default::default();
    let (mut read, mut refused) = (0, Vec::new());
    for path in &paths {
        let content = std::fs::read(path).unwrap();
        let started = Instant::now();
        let name = path.strip_prefix(&root).unwrap().display().to_string();
        match drawing::read(&name, &bytes(given(content))) {
            Ok(out) => {
                sound(&out.value);
                read += 1;
                for notice in &out.notices {
                    *codes.entry(notice.code.clone()).or_default() += 1;
                    println!("[{}] {}: {}", notice.code, notice.place, notice.message);
                }
                for (entity, n) in &out.value.unread {
                    *unread.entry(entity.clone()).or_default() += n;
                }
            }
            Err(error) => refused.push(error.to_string()),
        }
        assert!(started.elapsed() < SOON, "{name} took {:?}", started.elapsed());
    }
    println!("{read} of {} read\nnotices {codes:#?}\nentities not read {unread:#?}", paths.len());
    println!("refused:\n{}", refused.join("\n"));
    assert!(refused.iter().all(|r| !r.contains('\n')));
    assert!(read * 10 >= paths.len() * 8, "only {read} of {} are read", paths.len());
}
