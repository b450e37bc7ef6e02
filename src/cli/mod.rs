//! The command line: arguments, files, exit codes, terminal. One file per command; nothing else in the crate touches
//! the world.
//!
//! Exit codes: 0 nothing at or above `--fail-on`, 1 findings at or above it, 2 usage error or no input could be read
//! at all, 3 inconclusive. An empty or broken run is never a 0.

mod args;
mod check;
mod clock;
mod diff;
mod explain;
mod files;
mod ids;
mod inspect;
mod output;
mod pictures;
mod profile;
mod progress;
mod recognise;
mod register;
mod reply;
#[cfg(feature = "serve")]
mod round;
#[cfg(feature = "serve")]
mod serve;
mod shell;
mod stages;
mod timing;
mod worker;

use crate::wording::Language;
use args::{Cli, Command, Lang};
use clap::{CommandFactory, FromArgMatches};
use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Nothing at or above the threshold.
    Clean,
    /// Findings at or above the threshold.
    Findings,
    /// Usage error, or no input could be read.
    Unusable,
    /// Something that the verdict needs could not be decided.
    Inconclusive,
}

impl Outcome {
    const fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Unusable => 2,
            Self::Inconclusive => 3,
        }
    }
}

/// What every command is told.
pub(crate) struct Settings {
    pub(crate) language: Language,
    pub(crate) verbose: bool,
    pub(crate) quiet: bool,
    pub(crate) coloured: bool,
}

/// Runs the command and returns its exit code.
pub fn main() -> ExitCode {
    // a panic is a bug of ours: the verdict is open, and the message says where to look
    let outcome = std::panic::catch_unwind(run).unwrap_or_else(|_| {
        output::tell(
            "tumo: stopped by a fault of its own; nothing is decided (please report the lines above)",
        );
        Outcome::Inconclusive
    });
    ExitCode::from(outcome.code())
}

/// The help of every command, one after the other: the README's table is held against it.
pub fn help() -> String {
    let mut command = Cli::command().term_width(100);
    let mut out = command.render_long_help().to_string();
    for sub in command.get_subcommands_mut().filter(|s| !s.is_hide_set()) {
        let name = format!("tumo {}", sub.get_name());
        let mut sub = sub.clone().bin_name(name.clone()).term_width(100);
        out.push_str(&format!("\n\n# {name}\n\n{}", sub.render_long_help()));
    }
    out.lines().map(str::trim_end).collect::<Vec<_>>().join("\n") + "\n"
}

fn run() -> Outcome {
    let matches = match Cli::command().try_get_matches() {
        Ok(matches) => matches,
        Err(error) => {
            let wrong = error.use_stderr();
            let _ = error.print();
            return if wrong { Outcome::Unusable } else { Outcome::Clean };
        }
    };
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return Outcome::Unusable;
        }
    };
    if let Some(threads) = cli.threads
        && let Err(error) = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global()
    {
        output::tell(&format!("tumo: --threads {threads}: {error}"));
        return Outcome::Unusable;
    }
    let settings = Settings {
        language: language(cli.lang),
        verbose: cli.verbose,
        quiet: cli.quiet,
        coloured: output::coloured(cli.color),
    };
    let result = match cli.command {
        Command::Check(args) => {
            let pairs = matches.subcommand_matches("check").map(check::format_pairs).unwrap_or_default();
            check::run(&args, &pairs, &settings)
        }
        Command::Register(args) => register::run(&args, &settings),
        Command::Inspect(args) => inspect::run(&args, &settings),
        Command::Recognise(args) => recognise::run(&args, &settings),
        Command::Explain(args) => explain::explain(&args, &settings),
        Command::Rules(args) => explain::rules(&args, &settings),
        Command::Ids(args) => ids::run(&args, &settings),
        Command::Diff(args) => diff::run(&args, &settings),
        Command::Reply(args) => reply::run(&args, &settings),
        Command::Completions(args) => shell::completions(&args),
        Command::Man(args) => shell::man(&args),
        Command::Worker(args) => worker::run(args.task),
        #[cfg(feature = "serve")]
        Command::Serve(args) => serve::run(&args),
        #[cfg(feature = "serve")]
        Command::Round(args) => round::run(&args),
        #[cfg(not(feature = "serve"))]
        Command::Serve(_) | Command::Round(_) => Err(left_out("the service", "serve")),
    };
    result.unwrap_or_else(|error| {
        output::tell(&format!("tumo: {error:#}"));
        Outcome::Unusable
    })
}

/// What is told of a part that this build was made without.
pub(crate) fn left_out(what: &str, feature: &str) -> anyhow::Error {
    anyhow::anyhow!("this tumo was built without {what}; build it with --features {feature}")
}

/// The language asked for, or the one that the environment speaks.
fn language(asked: Option<Lang>) -> Language {
    match asked {
        Some(Lang::En) => Language::En,
        Some(Lang::Zh) => Language::Zh,
        None => {
            let said = ["LC_ALL", "LC_MESSAGES", "LANG"]
                .iter()
                .filter_map(|name| std::env::var(name).ok())
                .find(|value| !value.is_empty());
            if said.is_some_and(|value| value.starts_with("zh")) { Language::Zh } else { Language::En }
        }
    }
}
