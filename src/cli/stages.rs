//! `tumo inspect --stage`: one stage of reading a model, timed in a cold process, told as one line of JSON. It is what
//! `benches/peers.py` runs beside other readers.

use super::args::Stage;
use super::files::Mapped;
use super::output;
use crate::ifc::property::property_sets;
use crate::ifc::section::{self, CutBand};
use crate::ifc::step::StepFile;
use crate::ifc::{self, Model, solid};
use anyhow::Result;
use rayon::prelude::*;
use serde::Serialize;
use std::time::Instant;

/// What is told of a stage.
#[derive(Debug, Serialize)]
struct Told {
    stage: Stage,
    /// Seconds from the mapped file to the end of the stage, with all that stands before it.
    s: f64,
    /// What was made: records, elements, properties, pieces of plans, solids.
    n: usize,
    /// What was counted and not made, or could not be read.
    left: usize,
    /// Memory of its own at the end, with what was read and without pages of the file, in MB; none where the system does
    /// not tell.
    anonymous_mb: Option<f64>,
}

/// Runs the stages of a file up to the one asked for.
pub(crate) fn run(file: &Mapped, stage: Stage) -> Result<()> {
    let started = Instant::now();
    if stage == Stage::Index {
        let step = ifc::open(&file.name, file.shared())?.value;
        return tell(stage, started, (step.len(), 0));
    }
    if stage == Stage::Properties {
        let step = ifc::open(&file.name, file.shared())?.value;
        let damaged = step.check().len();
        return tell(stage, started, (properties(&step), damaged));
    }
    let model = ifc::read(&file.name, file.shared())?.value;
    tell(stage, started, of_model(&model, stage))
}

/// Tells a stage while what was read is still held.
fn tell(stage: Stage, started: Instant, (n, left): (usize, usize)) -> Result<()> {
    let s = started.elapsed().as_secs_f64();
    let told = Told { stage, s, n, left, anonymous_mb: anonymous_mb() };
    output::print((serde_json::to_string(&told)? + "\n").as_bytes())
}

/// What a stage makes of a model, and what it leaves.
fn of_model(model: &Model, stage: Stage) -> (usize, usize) {
    match stage {
        // these stand before the model
        Stage::Index | Stage::Properties | Stage::Model => (model.elements.len(), 0),
        Stage::Reachable => (reachable(model), 0),
        Stage::Sections => {
            let (plans, _) = section::storey_plans(std::slice::from_ref(model), &CutBand::default());
            let pieces = |p: &section::StoreyPlan| {
                p.walls.len() + p.columns.len() + p.openings.len() + p.rooms.len() + p.others.len()
            };
            (plans.iter().map(pieces).sum(), plans.iter().map(|p| p.uncut.len()).sum())
        }
        Stage::Solids => {
            let bodies = solid::bodies(model);
            let made = solid::solids(&bodies).value.len();
            (made, shaped(model).saturating_sub(made))
        }
    }
}

/// Type, sets, material and classes of every element are found, and their tables stand. Every value was looked at when
/// the model was read.
fn reachable(model: &Model) -> usize {
    let Some(step) = model.step() else { return 0 };
    let sets = step.links("IfcRelDefinesByProperties", "RelatedObjects", "RelatingPropertyDefinition");
    let types = step.links("IfcRelDefinesByType", "RelatedObjects", "RelatingType");
    let of_one = |e: &ifc::Element| {
        sets.of(e.step_id).count()
            + types.of(e.step_id).count()
            + usize::from(model.material(e.step_id).is_some())
            + model.classifications(e.step_id).len()
    };
    model.elements.par_iter().map(of_one).sum()
}

/// Elements that have a shape in the file.
fn shaped(model: &Model) -> usize {
    let Some(step) = model.step() else { return 0 };
    let has = |id| step.record(id).is_some_and(|r| !r.attribute("Representation").is_null());
    model.elements.iter().filter(|e| has(e.step_id)).count()
}

/// Properties and quantities of elements and rooms that have a value, each decoded, without the model around them.
fn properties(step: &StepFile) -> usize {
    let mut ids = step.ids_of_subtypes("IfcElement");
    ids.extend_from_slice(step.ids_of("IfcSpace"));
    let of_one = |&id: &u32| {
        let sets = property_sets(step, id);
        let all = sets.iter().flat_map(|s| &s.properties);
        all.filter(|p| p.value().real().is_some() || p.text().is_some()).count()
    };
    ids.par_iter().map(of_one).sum()
}

/// Memory of its own, as Linux tells it.
fn anonymous_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("RssAnon:"))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1024.0)
}
