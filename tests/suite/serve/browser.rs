//! The whole way in a browser: `tests/serve/browser.py` drives headless Chromium over a pipe. Without Python or Chromium
//! it is skipped, and says so.

use std::path::{Path, PathBuf};

#[test]
fn a_pair_is_handed_in_looked_at_corrected_and_seen_fixed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shots = tempfile::tempdir().expect("a folder");
    let shots: PathBuf = std::env::var_os("TUMO_SHOTS").map_or_else(|| shots.path().to_owned(), Into::into);
    let program = super::program();
    crate::script::python("serve/browser.py", [program.as_path(), &root.join("samples/projects"), &shots]);
}
