//! The `tumo` command: parse the arguments, run, turn the outcome into an exit code.

fn main() -> std::process::ExitCode {
    tumo::cli::main()
}
