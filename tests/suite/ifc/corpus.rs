//! The corpora of the fuzz targets of models, replayed: as they lie there, and damaged at random with a fixed seed.

use crate::dice::{Dice, damaged};
use std::path::Path;
use std::time::{Duration, Instant};

#[path = "../../fuzz/models.rs"]
mod models;

/// Damaged copies per file.
const COPIES: usize = 60;
/// Far beyond what a debug build needs on a busy machine, far below a hang.
const SOON: Duration = Duration::from_secs(60);

/// What readers of models stumble over.
const WORDS: &[&[u8]] = &[
    b"1.E308",
    b"-1.E308",
    b"NAN",
    b"0.",
    b"-1.",
    b"1.E-300",
    b"$",
    b"*",
    b"'",
    b"/*",
    b"((((((((",
    b"#100",
    b"#101",
    b"#102",
    b"#999999",
    b"();",
    b";\n#100=",
    b"\\X2\\D800\\X0\\",
    b"\xd2\xbb",
];

/// Every file of every target's corpus.
fn seeds() -> Vec<(models::Target, String, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus");
    let mut out = Vec::new();
    for target in models::TARGETS {
        let mut files: Vec<_> =
            std::fs::read_dir(root.join(target.0)).unwrap().map(|e| e.unwrap().path()).collect();
        files.sort();
        assert!(!files.is_empty(), "no corpus for {}", target.0);
        for path in files {
            let name = format!("{}/{}", target.0, path.file_name().unwrap().display());
            out.push((target, name, std::fs::read(path).unwrap()));
        }
    }
    out
}

/// Runs a target and says on which input it stopped.
fn holds(target: models::Target, name: &str, input: &[u8]) {
    let started = Instant::now();
    let done = std::panic::catch_unwind(|| (target.1)(input));
    assert!(done.is_ok(), "{name}:\n{}", String::from_utf8_lossy(input));
    assert!(started.elapsed() < SOON, "{name} took {:?}", started.elapsed());
}

#[test]
fn corpora_hold() {
    for (target, name, input) in seeds() {
        holds(target, &name, &input);
    }
}

#[test]
fn damaged_corpora_hold() {
    let copies = std::env::var("TUMO_COPIES").ok().and_then(|n| n.parse().ok()).unwrap_or(COPIES);
    let mut dice = Dice(11);
    for (target, name, whole) in seeds() {
        for copy in 0..copies {
            holds(target, &format!("copy {copy} of {name}"), &damaged(&whole, WORDS, &mut dice));
        }
    }
}
