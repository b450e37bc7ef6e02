//! `tumo recognise`: what is drawn.

mod json;
mod painting;

use super::args::{Recognise, RecogniseFormat};
use super::files;
use super::{Outcome, Settings, output};
use crate::drawing::plans::{OpeningKind, Plan, Plans};
use crate::drawing::{self, Drawing};
use crate::report::plain::tame;
use anyhow::{Result, bail};
use std::fmt::Write;
use std::time::Instant;

/// Runs the command. Exit code 0 when a plan was found in what could be read, 3 otherwise.
pub(crate) fn run(args: &Recognise, settings: &Settings) -> Result<Outcome> {
    let files = files::open_drawings(&args.drawings)?;
    let mut drawings = Vec::new();
    let mut notices = Vec::new();
    let started = Instant::now();
    for file in &files {
        match drawing::read(&file.name, file.shared()) {
            Ok(read) => {
                notices.extend(read.notices);
                drawings.push(read.value);
            }
            Err(error) => output::tell(&format!("tumo: {error}")),
        }
    }
    if drawings.is_empty() {
        bail!("no drawing could be read");
    }
    let read_took = started.elapsed();
    let started = Instant::now();
    let recognised = drawing::recognise(&drawings);
    let took = started.elapsed();
    notices.extend(recognised.notices);
    let plans = recognised.value;
    let format = if args.json { RecogniseFormat::Json } else { args.format };
    let text = match format {
        RecogniseFormat::Json => serde_json::to_string_pretty(&json::of(&drawings, &plans, &notices))? + "\n",
        _ => page(&drawings, &plans, &notices, settings.verbose),
    };
    match (format, &args.output) {
        (RecogniseFormat::Svg | RecogniseFormat::Png, file) => {
            let file = file.clone().unwrap_or_else(|| format!("recognised.{}", format.ending()).into());
            painting::write(&plans, format, &file, settings)?;
        }
        (_, Some(file)) => output::save_and_tell(file, text.as_bytes(), settings)?,
        (_, None) => output::print(text.as_bytes())?,
    }
    if settings.verbose {
        output::tell(&format!("{:>10.1} ms  read drawings", read_took.as_secs_f64() * 1e3));
        output::tell(&format!("{:>10.1} ms  recognise plans", took.as_secs_f64() * 1e3));
    }
    let whole = drawings.len() == files.len() && !plans.plans.is_empty();
    Ok(if whole { Outcome::Clean } else { Outcome::Inconclusive })
}

fn page(drawings: &[Drawing], plans: &Plans, notices: &[crate::error::Notice], verbose: bool) -> String {
    let mut out = String::new();
    for (d, drawing) in (0u32..).zip(drawings) {
        let version = drawing.version.as_deref().unwrap_or("");
        let _ = writeln!(out, "{}  {} {version}", tame(&drawing.file), drawing.format.name());
        for plan in plans.plans.iter().filter(|p| p.drawing == d) {
            plan_lines(&mut out, plan);
        }
        for other in plans.not_plans.iter().filter(|p| p.drawing == d) {
            let title = other.title.as_deref().map(tame).unwrap_or_default();
            let _ = writeln!(out, "  no plan: {} {title}", tame(&other.reason));
        }
        for schedule in plans.schedules.iter().filter(|s| s.drawing == d) {
            let _ = writeln!(out, "  schedule of {} rows", schedule.rows.len());
        }
    }
    let shown = if verbose { usize::MAX } else { 10 };
    for notice in notices.iter().take(shown) {
        let _ = writeln!(out, "  [{}] {}: {}", notice.code, notice.place, tame(&notice.message));
    }
    if notices.len() > shown {
        let _ = writeln!(out, "  … {} more notes; -v shows all", notices.len() - shown);
    }
    out
}

fn plan_lines(out: &mut String, plan: &Plan) {
    let title = plan.title.as_deref().map(tame).unwrap_or_else(|| "(no title)".into());
    let scale = plan.scale.map(|s| format!(", 1:{s:.0}")).unwrap_or_default();
    let _ = writeln!(
        out,
        "  {} {title}{scale}, unit {} m by {:?}",
        plan.id, plan.frame.unit_m, plan.frame.unit_from
    );
    let labels: Vec<String> = plan.axes.iter().map(|a| tame(&a.label)).collect();
    let of = |kind| plan.openings.iter().filter(|o| o.kind == kind).count();
    let _ = writeln!(out, "     grid {}", if labels.is_empty() { "none".into() } else { labels.join(" ") });
    let _ = writeln!(
        out,
        "     {} walls, {} columns, {} doors, {} windows, {} gaps, {} rooms, {} level marks, {} dimensions, {} stairs",
        plan.walls.len(),
        plan.columns.len(),
        of(OpeningKind::Door),
        of(OpeningKind::Window),
        of(OpeningKind::Gap),
        plan.rooms.len(),
        plan.levels.len(),
        plan.dimensions.len(),
        plan.stairs.len()
    );
    let _ =
        writeln!(out, "     {:.0} % of primitives on layers that were understood", plan.understood * 100.0);
}
