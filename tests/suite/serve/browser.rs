//! The whole way in a browser: `tests/serve/browser.py` drives headless Chromium over a pipe. Without Python or Chromium
//! it is skipped, and says so.

use std::path::Path;
use std::process::Command;

#[test]
fn a_pair_is_handed_in_looked_at_corrected_and_seen_fixed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shots = tempfile::tempdir().expect("a folder");
    let shots = std::env::var_os("TUMO_SHOTS").map_or_else(|| shots.path().to_owned(), Into::into);
    let run = Command::new("python3")
        .arg(root.join("tests/serve/browser.py"))
        .arg(super::program())
        .arg(root.join("samples/projects"))
        .arg(&shots)
        .output();
    let Ok(run) = run else {
        println!("SKIPPED: python3 is not installed");
        return;
    };
    let told = String::from_utf8_lossy(&run.stdout).into_owned();
    match run.status.code() {
        Some(77) => println!("SKIPPED: {told}"),
        Some(0) => {}
        code => panic!("{code:?}: {told}{}", String::from_utf8_lossy(&run.stderr)),
    }
}
