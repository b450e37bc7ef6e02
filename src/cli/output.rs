//! Where text goes: standard output, standard error, files. A closed pipe ends the output, not the verdict.

use super::Settings;
use super::args::Color;
use crate::report::words::filled;
use anyhow::{Context, Result};
use std::io::{IsTerminal, Write};
use std::path::Path;

/// Whether standard output is to be coloured.
pub(crate) fn coloured(when: Color) -> bool {
    match when {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()) && std::io::stdout().is_terminal()
        }
    }
}

/// Writes to standard output. A reader that has gone away (`| head`) is no error.
pub(crate) fn print(bytes: &[u8]) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(e).context("standard output"),
        _ => Ok(()),
    }
}

/// Writes a line to standard error; nothing can be done where that fails.
pub(crate) fn tell(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// Writes a file whole: beside its place first, so that no half file stays behind.
pub(crate) fn save(path: &Path, bytes: &[u8]) -> Result<()> {
    if std::fs::metadata(path).is_ok_and(|m| !m.is_file()) {
        // a device or a named pipe: nothing can stand beside it
        return std::fs::write(path, bytes).with_context(|| format!("{}: cannot be written", path.display()));
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let beside = Path::new(&beside);
    std::fs::write(beside, bytes)
        .and_then(|()| std::fs::rename(beside, path))
        .with_context(|| format!("{}: cannot be written", path.display()))
}

/// Writes a file whole, and says so.
pub(crate) fn save_and_tell(path: &Path, bytes: &[u8], settings: &Settings) -> Result<()> {
    save(path, bytes)?;
    if !settings.quiet {
        let file = path.display().to_string();
        tell(&filled("terminal.wrote", settings.language, &[("file", &file)]));
    }
    Ok(())
}
