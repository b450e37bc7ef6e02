//! Scripts of the tests, run by the Python of `TUMO_PYTHON` (`python3` without it), or by Node. A script ends with 77 where
//! the machine lacks what it needs: it is skipped then, as where there is no Python or Node, and says so.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

/// Runs a Python script of `tests/`; fails with all that it said where it does.
pub(crate) fn python<A: AsRef<OsStr>>(script: &str, args: impl IntoIterator<Item = A>) {
    run(&std::env::var_os("TUMO_PYTHON").unwrap_or_else(|| "python3".into()), script, args);
}

/// The same by Node.
pub(crate) fn node<A: AsRef<OsStr>>(script: &str, args: impl IntoIterator<Item = A>) {
    run(OsStr::new("node"), script, args);
}

fn run<A: AsRef<OsStr>>(program: &OsStr, script: &str, args: impl IntoIterator<Item = A>) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(script);
    let Ok(run) = Command::new(program).arg(script).args(args).output() else {
        println!("SKIPPED: {} is not installed", program.display());
        return;
    };
    let told = String::from_utf8_lossy(&run.stdout);
    match run.status.code() {
        Some(77) => println!("SKIPPED: {told}"),
        Some(0) => println!("{told}"),
        code => panic!("{code:?}: {told}{}", String::from_utf8_lossy(&run.stderr)),
    }
}
