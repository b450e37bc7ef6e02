//! Files of all readers, damaged at random with a fixed seed: no panic, bounded time, and what is read is sound.

use super::{soon, sound, told};
use crate::dice::{Dice, damaged};
use std::path::Path;

#[path = "../../fuzz/frames.rs"]
mod frames;

/// Damaged copies per file.
const COPIES: usize = 60;
/// Larger files are cut to their first bytes: what matters is the variety, not the size.
const LONGEST: usize = 150_000;

/// What readers of drawings stumble over.
const WORDS: &[&[u8]] = &[
    b"\n0\nSECTION\n",
    b"\n0\nENDSEC\n",
    b"\n0\nEOF\n",
    b"1e308",
    b"-1",
    b"999999999",
    b"nan",
    b"\0",
    b"{",
    b"}",
    b"\\U+D800",
    b"\n0\nPOLYLINE\n",
    b"\n0\nENDBLK\n",
    b"<g>",
    b"</g>",
    b"<use href='#a'/>",
    b"\xFF\xFF",
    b"%%",
];

/// The corpora of the fuzz targets, and a few whole drawings.
fn seeds() -> Vec<(String, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = vec![
        root.join("samples/projects/pass_flats-paper/building.dxf"),
        root.join("samples/projects/pass_office-revit-aia/A-601_SCHEDULE.dxf"),
    ];
    for target in ["dxf_ascii", "dxf_binary", "hatch", "pdf", "svg"] {
        let folder = root.join("tests/fuzz/corpus").join(target);
        let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
        files.sort();
        assert!(!files.is_empty(), "no corpus for {target}");
        paths.extend(files);
    }
    let name = |p: &Path| p.strip_prefix(root).unwrap().display().to_string();
    paths
        .iter()
        .map(|p| {
            let bytes = std::fs::read(p).unwrap();
            let whole = match p.parent().and_then(|f| f.file_name()).and_then(|f| f.to_str()) {
                Some("hatch") => frames::entities(&bytes),
                Some("pdf") => frames::page(&bytes),
                _ => bytes,
            };
            (name(p), whole)
        })
        .collect()
}

#[test]
fn corpora_are_read_or_refused() {
    for (name, bytes) in seeds() {
        match soon(&name, || told(bytes)) {
            Ok((drawing, _)) => sound(&drawing),
            Err(why) => assert!(!why.contains('\n'), "{name}: {why}"),
        }
    }
}

#[test]
fn damage_at_random_is_read_or_refused() {
    let mut dice = Dice(7);
    let (mut read, mut refused) = (0, 0);
    for (name, mut whole) in seeds() {
        whole.truncate(LONGEST);
        for copy in 0..COPIES {
            let bytes = damaged(&whole, WORDS, &mut dice);
            match soon(&format!("copy {copy} of {name}"), || told(bytes)) {
                Ok((drawing, _)) => {
                    sound(&drawing);
                    read += 1;
                }
                Err(why) => {
                    assert!(!why.contains('\n') && why.len() < 600, "{name}: {why}");
                    refused += 1;
                }
            }
        }
    }
    println!("{read} read, {refused} refused");
    assert!(read > refused, "damage costs the damaged records, not the file: {read} read, {refused} refused");
}
