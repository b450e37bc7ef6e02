//! The whole chain, one call per stage. Read this first.

use crate::bytes::Bytes;
use crate::checks::{self, Findings};
use crate::drawing::{self, Drawing, Plans};
use crate::error::{Error, Notice, Read, Result};
use crate::facts::Facts;
use crate::identity::{self, Filed, Identity};
use crate::ifc::section::{self, CutBand, StoreyPlan};
use crate::ifc::{self, Model};
use crate::manifest::{self, Manifest};
use crate::matching::{self, Claimed, Matches};
use crate::place::Place;
use crate::registration::given::Given;
use crate::registration::{self, Registration};
use crate::report::{self, Report, RunInfo};
use crate::rulebook::waiver::{self, Waiver};
use crate::rulebook::{Rulebook, ids};
use crate::scope::{Scope, SheetClaim, Sheets};
use crate::shapes::Shapes;

/// A file by name and bytes.
#[derive(Clone)]
pub struct Source<'a> {
    /// Name as reports will give it.
    pub name: &'a str,
    /// The whole file.
    pub bytes: Bytes,
}

/// All that is handed in to be checked, and what is claimed of it. What is not named stays empty.
#[derive(Clone, Default)]
pub struct Submission<'a> {
    /// Models (IFC).
    pub models: Vec<Source<'a>>,
    /// Drawings; their format is told by content.
    pub drawings: Vec<Source<'a>>,
    /// Information delivery specifications (IDS 1.0) that the models must meet.
    pub ids: Vec<Source<'a>>,
    /// What is claimed to be in it, such as `underground`, `B2..1F` or `structure`; empty for everything.
    pub scope: &'a str,
    /// Places of plans that the user gives; see [`registration::given::read`].
    pub places: Vec<Given>,
    /// What the user says of sheets: their storeys, their discipline.
    pub sheets: Vec<SheetClaim>,
    /// The key that the submission is filed under, where its keeper has one.
    pub filed: Option<Filed>,
    /// The submission form (TOML or JSON).
    pub manifest: Option<Source<'a>>,
    /// Waivers (TOML).
    pub waivers: Option<Source<'a>>,
    /// The models of the last submission: what became of their elements.
    pub previous: Vec<Source<'a>>,
    /// The day of the run, `YYYY-MM-DD`: waivers end. The core has no clock.
    pub today: Option<String>,
}

/// The stages, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Models are read.
    ReadModels,
    /// Drawings are read.
    ReadDrawings,
    /// Storeys are cut.
    Section,
    /// What is drawn is recognised.
    Recognise,
    /// Plans are laid on their storeys.
    Register,
    /// Drawn and modelled things are paired.
    Match,
    /// Rules are asked.
    Check,
}

impl Stage {
    /// As timings name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ReadModels => "read models",
            Self::ReadDrawings => "read drawings",
            Self::Section => "cut storeys",
            Self::Recognise => "recognise plans",
            Self::Register => "lay plans on storeys",
            Self::Match => "pair drawn and modelled",
            Self::Check => "ask the rules",
        }
    }
}

/// What every stage of a run came to.
#[derive(Debug)]
pub struct Pipeline {
    /// Models that could be read.
    pub models: Vec<Model>,
    /// Their storeys, cut.
    pub storeys: Vec<StoreyPlan>,
    /// Drawings that could be read.
    pub drawings: Vec<Drawing>,
    /// What is drawn on them.
    pub plans: Plans,
    /// What the submission claims to contain.
    pub scope: Scope,
    /// Where each plan lies.
    pub registration: Registration,
    /// What agrees and what differs.
    pub matches: Matches,
    /// The submission form.
    pub manifest: Option<Manifest>,
    /// What form, models and title blocks say of project and building.
    pub identity: Identity,
    /// Waivers that were given.
    pub waivers: Vec<Waiver>,
    /// Models of the last submission.
    pub previous: Vec<Model>,
    /// The day of the run.
    pub today: Option<String>,
    /// Information delivery specifications that the models were held against.
    pub ids: Vec<ids::Document>,
    /// What the checks said.
    pub findings: Findings,
    /// What the readers repaired or skipped.
    pub notices: Vec<Notice>,
    /// Files that could not be read at all.
    pub unread: Vec<Error>,
}

impl Pipeline {
    /// Runs the chain. A file that cannot be read is told in `unread` and the rest goes on.
    ///
    /// # Errors
    /// When no model could be read, or when scope, places or sheets name what is not there.
    pub fn run(submission: &Submission<'_>, rulebook: &Rulebook) -> Result<Self> {
        Self::run_watched(submission, rulebook, &mut |_| ())
    }

    /// As [`Pipeline::run`]; `begins` hears of each stage as it begins, for progress and timings.
    ///
    /// # Errors
    /// When no model could be read.
    pub fn run_watched(
        submission: &Submission<'_>,
        rulebook: &Rulebook,
        begins: &mut dyn FnMut(Stage),
    ) -> Result<Self> {
        checks::verify(rulebook)?;
        let manifest = submission.manifest.as_ref();
        let manifest = manifest.map(|m| manifest::read(m.name, (*m.bytes).as_ref())).transpose()?;
        let waivers = submission.waivers.as_ref();
        let waivers =
            waivers.map(|w| waiver::read(w.name, (*w.bytes).as_ref())).transpose()?.unwrap_or_default();
        begins(Stage::ReadModels);
        let mut notices = Vec::new();
        let mut unread = Vec::new();
        let models: Vec<Model> = submission
            .models
            .iter()
            .filter_map(|s| kept(ifc::read(s.name, &s.bytes), &mut notices, &mut unread))
            .collect();
        // nothing of this submission is lost where the last one was damaged
        let mut told_before = Vec::new();
        let previous: Vec<Model> = submission
            .previous
            .iter()
            .filter_map(|s| kept(ifc::read(s.name, &s.bytes), &mut told_before, &mut unread))
            .collect();
        begins(Stage::ReadDrawings);
        let drawings: Vec<Drawing> = submission
            .drawings
            .iter()
            .filter_map(|s| kept(drawing::read(s.name, &s.bytes), &mut notices, &mut unread))
            .collect();
        if models.is_empty() {
            return Err(unread
                .into_iter()
                .next()
                .unwrap_or(Error::Read { place: Place::file("-"), message: "no model was given".into() }));
        }

        begins(Stage::Section);
        let bodies: Vec<_> = models.iter().map(ifc::bodies::read).collect();
        let (storeys, more) = section::storey_plans_of(&models, &bodies, &CutBand::default());
        notices.extend(more);
        let scope = scope(submission.scope, manifest.as_ref(), &models, &storeys)?;
        begins(Stage::Recognise);
        let recognised = drawing::recognise(&drawings);
        notices.extend(recognised.notices);
        let mut plans = recognised.value;
        begins(Stage::Register);
        // a sheet that could not be read is told as that
        let unreadable = |c: &SheetClaim| {
            submission.drawings.iter().any(|s| s.name == c.drawing)
                && !drawings.iter().any(|d| d.file == c.drawing)
        };
        let said: Vec<SheetClaim> = submission.sheets.iter().filter(|c| !unreadable(c)).cloned().collect();
        let sheets = Sheets::of(&said, &drawings, &plans, &models, &storeys)?;
        let (given, said) = (&submission.places, &sheets.said);
        let registration = registration::solve_given(&models, &storeys, &drawings, &plans, given, said)?;
        begins(Stage::Match);
        matching::read_marks(&mut plans, &storeys, &registration);
        let claimed = Claimed {
            storey: &|storey| scope.has_storey(storey),
            class: &|plan, class| sheets.has_class_on(&scope, &plans, plan, class),
        };
        let matches = matching::pair(&models, &storeys, &plans, &registration, &claimed);
        let ids: Vec<ids::Document> =
            submission.ids.iter().map(|s| ids::read(s.name, (*s.bytes).as_ref())).collect();
        let identity = identity::of(submission.filed.as_ref(), manifest.as_ref(), &models, &drawings, &plans);
        let shapes = checks::needs_bodies(rulebook).then(|| Shapes::of(&models, &bodies));
        let facts = Facts {
            models: &models,
            storeys: &storeys,
            drawings: &drawings,
            plans: &plans,
            registration: &registration,
            matches: &matches,
            ids: &ids,
            scope: &scope,
            shapes: shapes.as_ref(),
            manifest: manifest.as_ref(),
            identity: &identity,
            waivers: &waivers,
            previous: &previous,
            today: submission.today.as_deref(),
        };
        begins(Stage::Check);
        let findings = checks::run(&facts, rulebook);
        Ok(Self {
            models,
            storeys,
            drawings,
            plans,
            scope,
            registration,
            matches,
            manifest,
            identity,
            waivers,
            previous,
            today: submission.today.clone(),
            ids,
            findings,
            notices,
            unread,
        })
    }

    /// The facts that the checks saw, but for the bodies.
    pub fn facts(&self) -> Facts<'_> {
        Facts {
            models: &self.models,
            storeys: &self.storeys,
            drawings: &self.drawings,
            plans: &self.plans,
            registration: &self.registration,
            matches: &self.matches,
            ids: &self.ids,
            scope: &self.scope,
            shapes: None,
            manifest: self.manifest.as_ref(),
            identity: &self.identity,
            waivers: &self.waivers,
            previous: &self.previous,
            today: self.today.as_deref(),
        }
    }

    /// The report of the run. `info` tells what only the caller knows: names, sizes and hashes of the files.
    pub fn report(&self, rulebook: &Rulebook, info: RunInfo) -> Report {
        report::assemble(&self.facts(), &self.findings, &self.notices, &self.unread, rulebook, info)
    }
}

/// The scope that is claimed: by the user, or else by the form.
fn scope(said: &str, manifest: Option<&Manifest>, models: &[Model], storeys: &[StoreyPlan]) -> Result<Scope> {
    let named = Scope::of(said, models, storeys)?;
    let form = manifest.and_then(|m| Some((m, m.scope.as_deref()?))).filter(|_| named.is_everything());
    let Some((form, claim)) = form else { return Ok(named) };
    Scope::of(claim, models, storeys).map_err(|error| match error {
        Error::Read { message, .. } => {
            Error::read(Place::file(&form.file), format!("scope \"{claim}\": {message}"))
        }
        other => other,
    })
}

/// Keeps what was read; puts notices and errors where they belong.
fn kept<T>(read: Result<Read<T>>, notices: &mut Vec<Notice>, unread: &mut Vec<Error>) -> Option<T> {
    match read {
        Ok(Read { value, notices: more }) => {
            notices.extend(more);
            Some(value)
        }
        Err(error) => {
            unread.push(error);
            None
        }
    }
}
