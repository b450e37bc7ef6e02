//! `tumo serve`: the service, its backup and its restoring, a password that was lost.

use super::args::Serve;
use super::{Outcome, output};
use crate::serve::{self, Config};
use anyhow::{Result, anyhow};

/// Runs the command.
pub(crate) fn run(args: &Serve) -> Result<Outcome> {
    let mut config = match &args.config {
        Some(file) => Config::read(file).map_err(|e| anyhow!(e))?,
        None => Config::default(),
    };
    if let Some(data) = &args.data {
        config.data.clone_from(data);
    }
    if let Some(listen) = &args.listen {
        config.listen.clone_from(listen);
    }
    if let Some(to) = &args.backup {
        let n = serve::back_up(&config, to).map_err(|e| anyhow!(e))?;
        output::tell(&format!("copied the rows and {n} pieces of bytes to {}", to.display()));
    } else if let Some(from) = &args.restore {
        let n = serve::restore(&config, from).map_err(|e| anyhow!(e))?;
        output::tell(&format!("restored the rows and {n} pieces of bytes from {}", from.display()));
    } else if let Some(name) = &args.new_password {
        let file = serve::new_password(&config, name).map_err(|e| anyhow!(e))?;
        output::tell(&format!(
            "{name} has a new password, in {}: change it, and take the file away",
            file.display()
        ));
    } else {
        serve::run(config).map_err(|e| anyhow!(e))?;
    }
    Ok(Outcome::Clean)
}
