//! `tumo round`: one check of the service, enclosed before it opens what somebody sent.

use super::args::Round;
use super::{Outcome, files};
use crate::serve::worker::{self, Told};
use anyhow::{Result, anyhow};
use std::io::Read;

/// Exit code when whoever ordered the run is gone.
const ALONE: i32 = 75;

/// Runs the command.
pub(crate) fn run(args: &Round) -> Result<Outcome> {
    let folder = std::path::absolute(&args.folder)?;
    let order = worker::order(&folder).map_err(|e| anyhow!(e))?;
    let inputs = order.files.iter().map(|f| f.bytes).sum();
    let cage = worker::enclose(&folder, &order.limits, inputs);
    worker::tell(&Told::Enclosed(cage));
    if order.supervised {
        std::thread::spawn(|| {
            // the other end closes when the service ends, however it ends
            let _ = std::io::stdin().lock().read_to_end(&mut Vec::new());
            std::process::exit(ALONE);
        });
    }
    let opened = files::open_drawings(&worker::inputs(&folder, &order))?;
    let bytes: Vec<_> = opened.iter().map(|f| f.shared().clone()).collect();
    let reported = worker::run(&folder, &order, &bytes).map_err(|e| anyhow!(e))?;
    Ok(if reported { Outcome::Clean } else { Outcome::Inconclusive })
}
