//! The command line: arguments, files, exit codes, terminal.
#![allow(clippy::print_stdout, clippy::print_stderr)]

/// Runs the command and returns its exit code.
pub fn main() -> std::process::ExitCode {
    std::process::ExitCode::from(2)
}
