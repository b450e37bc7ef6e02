//! `tumo inspect`: what was read from a model.

use super::args::Inspect;
use super::files::{self, Mapped};
use super::{Outcome, Settings, output, stages};
use crate::error::Notice;
use crate::ifc::section::{self, CutBand, StoreyPlan};
use crate::ifc::{self, Model};
use crate::report::plain::tame;
use anyhow::{Result, bail};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Instant;

/// What is told of one model.
#[derive(Serialize)]
struct Inspected {
    file: String,
    bytes: u64,
    sha256: String,
    schema: String,
    authoring_tool: Option<String>,
    time_stamp: Option<String>,
    elements: usize,
    classes: BTreeMap<&'static str, usize>,
    axes: Vec<String>,
    storeys: Vec<StoreyLine>,
    notices: Vec<Notice>,
}

#[derive(Serialize)]
struct StoreyLine {
    guid: String,
    name: String,
    elevation_m: f64,
    elements: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<PlanLine>,
}

/// What the plan of a storey would show.
#[derive(Serialize)]
struct PlanLine {
    walls: usize,
    columns: usize,
    openings: usize,
    rooms: usize,
    axes: usize,
    others: usize,
    uncut: usize,
}

/// Runs the command.
pub(crate) fn run(args: &Inspect, settings: &Settings) -> Result<Outcome> {
    let files = files::open(&args.models)?;
    if let Some(stage) = args.stage {
        files.iter().try_for_each(|file| stages::run(file, stage))?;
        return Ok(Outcome::Clean);
    }
    let mut all = Vec::new();
    let mut failed = 0;
    for file in &files {
        let started = Instant::now();
        match ifc::read(&file.name, file.shared()) {
            Ok(read) => {
                let took = started.elapsed();
                let models = [read.value];
                let started = Instant::now();
                let (plans, more) = if args.sections {
                    section::storey_plans(&models, &CutBand::default())
                } else {
                    (Vec::new(), Vec::new())
                };
                if settings.verbose {
                    output::tell(&format!("{:>10.1} ms  read {}", took.as_secs_f64() * 1e3, file.name));
                    if args.sections {
                        let ms = started.elapsed().as_secs_f64() * 1e3;
                        output::tell(&format!("{ms:>10.1} ms  cut storeys"));
                    }
                }
                let notices = read.notices.into_iter().chain(more).collect();
                let [model] = &models;
                all.push(inspected(file, model, &plans, args.sections, notices));
            }
            Err(error) => {
                failed += 1;
                output::tell(&format!("tumo: {error}"));
            }
        }
    }
    if all.is_empty() {
        bail!("no model could be read");
    }
    let text = if args.json {
        serde_json::to_string_pretty(&all)? + "\n"
    } else {
        all.iter().map(|one| page(one, settings.verbose)).collect()
    };
    output::print(text.as_bytes())?;
    Ok(if failed > 0 { Outcome::Inconclusive } else { Outcome::Clean })
}

fn inspected(
    file: &Mapped,
    model: &Model,
    plans: &[StoreyPlan],
    cut: bool,
    notices: Vec<Notice>,
) -> Inspected {
    let mut classes: BTreeMap<&'static str, usize> = BTreeMap::new();
    for element in &model.elements {
        *classes.entry(element.class).or_default() += 1;
    }
    let storeys = (0u32..)
        .zip(&model.storeys)
        .map(|(index, storey)| StoreyLine {
            guid: storey.guid.clone(),
            name: storey.name.clone(),
            elevation_m: storey.elevation_m,
            elements: model.elements.iter().filter(|e| e.storey == Some(index)).count(),
            plan: plans.iter().find(|p| cut && p.storeys.iter().any(|s| s.index == index)).map(|p| {
                PlanLine {
                    walls: p.walls.len(),
                    columns: p.columns.len(),
                    openings: p.openings.len(),
                    rooms: p.rooms.len(),
                    axes: p.axes.len(),
                    others: p.others.len(),
                    uncut: p.uncut.len(),
                }
            }),
        })
        .collect();
    Inspected {
        file: file.name.clone(),
        bytes: file.bytes().len() as u64,
        sha256: file.sha256(),
        schema: model.schema.clone(),
        authoring_tool: model.authoring_tool.clone(),
        time_stamp: model.time_stamp.clone(),
        elements: model.elements.len(),
        classes,
        axes: model.axes.iter().map(|a| a.label.clone()).collect(),
        storeys,
        notices,
    }
}

fn page(one: &Inspected, verbose: bool) -> String {
    let mut out = String::new();
    let tool = one.authoring_tool.as_deref().map_or("not stated".to_owned(), tame);
    let _ = writeln!(out, "{}", tame(&one.file));
    let _ = writeln!(out, "  schema    {}", tame(&one.schema));
    let _ = writeln!(out, "  tool      {tool}");
    let _ = writeln!(out, "  size      {} bytes", one.bytes);
    let axes: Vec<String> = one.axes.iter().map(|a| tame(a)).collect();
    let _ = writeln!(out, "  grid      {}", if axes.is_empty() { "none".into() } else { axes.join(" ") });
    let _ = writeln!(out, "  elements  {}", one.elements);
    for (class, n) in &one.classes {
        let _ = writeln!(out, "  {n:>8}  {class}");
    }
    let _ = writeln!(out, "  storeys   {}", one.storeys.len());
    for s in &one.storeys {
        let _ = write!(out, "  {:>8.3} m  {}  {} elements", s.elevation_m, tame(&s.name), s.elements);
        if let Some(p) = &s.plan {
            let _ = write!(
                out,
                "; plan: {} walls, {} columns, {} openings, {} rooms, {} axes, {} others, {} not cut",
                p.walls, p.columns, p.openings, p.rooms, p.axes, p.others, p.uncut
            );
        }
        out.push('\n');
    }
    if !one.notices.is_empty() {
        let _ = writeln!(out, "  notes     {}", one.notices.len());
        let shown = if verbose { usize::MAX } else { 10 };
        for notice in one.notices.iter().take(shown) {
            let _ = writeln!(out, "    [{}] {}: {}", notice.code, notice.place, tame(&notice.message));
        }
        if one.notices.len() > shown {
            let _ = writeln!(out, "    … -v shows all");
        }
    }
    out
}
