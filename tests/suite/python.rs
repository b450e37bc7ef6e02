//! Scripts of the tests, run by the Python of `TUMO_PYTHON` (`python3` without it). A script ends with 77 where the
//! machine lacks what it needs: it is skipped then, as where there is no Python, and says so.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

/// Runs a script of `tests/`; fails with all that it said where it does.
pub(crate) fn run<A: AsRef<OsStr>>(script: &str, args: impl IntoIterator<Item = A>) {
    let python = std::env::var_os("TUMO_PYTHON").unwrap_or_else(|| "python3".into());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(script);
    let Ok(run) = Command::new(python).arg(script).args(args).output() else {
        println!("SKIPPED: python3 is not installed");
        return;
    };
    let told = String::from_utf8_lossy(&run.stdout);
    match run.status.code() {
        Some(77) => println!("SKIPPED: {told}"),
        Some(0) => println!("{told}"),
        code => panic!("{code:?}: {told}{}", String::from_utf8_lossy(&run.stderr)),
    }
}
