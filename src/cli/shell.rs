//! `tumo completions` and `tumo man`: what shells and the manual know of the command, from its arguments.

use super::args::{Cli, Completions, Man};
use super::{Outcome, output};
use anyhow::{Context, Result};
use clap::CommandFactory;

/// The command as people see it: without what other commands start.
fn visible() -> clap::Command {
    let whole = Cli::command();
    let (hidden, shown): (Vec<_>, Vec<_>) =
        whole.get_subcommands().cloned().partition(clap::Command::is_hide_set);
    if hidden.is_empty() {
        return whole;
    }
    // clap has no way to take a subcommand away: the command is put together again from its parts
    let mut command = clap::Command::new("tumo").version(env!("CARGO_PKG_VERSION"));
    if let Some(about) = whole.get_about() {
        command = command.about(about.clone());
    }
    if let Some(help) = whole.get_after_help() {
        command = command.after_help(help.clone());
    }
    command.subcommand_required(true).args(whole.get_arguments().cloned()).subcommands(shown)
}

/// Writes the completions of a shell to standard output.
pub(crate) fn completions(args: &Completions) -> Result<Outcome> {
    let mut out = Vec::new();
    clap_complete::generate(args.shell, &mut visible(), "tumo", &mut out);
    output::print(&out)?;
    Ok(Outcome::Clean)
}

/// Writes the manual page of the command, or of one of its commands, to standard output.
pub(crate) fn man(args: &Man) -> Result<Outcome> {
    let mut command = visible();
    command.build();
    if let Some(name) = &args.name {
        let found = command.get_subcommands().find(|s| s.get_name() == name).cloned();
        command = found.with_context(|| format!("{name}: there is no such command; see tumo --help"))?;
    }
    let mut out = Vec::new();
    clap_mangen::Man::new(command)
        .source(concat!("tumo ", env!("CARGO_PKG_VERSION")))
        .render(&mut out)
        .context("the manual page")?;
    output::print(&out)?;
    Ok(Outcome::Clean)
}
