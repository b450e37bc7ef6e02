//! `tumo check`: the whole chain, and its report in every format asked for.

use super::args::{Check, FailOn, Format};
use super::files::{self, Mapped};
use super::progress::Progress;
use super::reply;
use super::timing::Stopwatch;
use super::{Outcome, Settings, clock, diff, left_out, output, pictures, profile};
use crate::pipeline::{Pipeline, Submission};
use crate::report::lines::Lines;
use crate::report::spot_check::SpotRequest;
use crate::report::{self, Input, Report, RunInfo, bcf, spot_sheet, terminal};
use crate::score::Decision;
use crate::wording::Language;
use anyhow::{Context, Result, bail};
use clap::ArgMatches;
use std::path::{Path, PathBuf};

/// One thing to write: a format, and the file for it (standard output where there is none).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    format: Option<Format>,
    file: Option<PathBuf>,
}

/// Which `-o` belongs to which `--format`: the one before it.
pub(crate) fn format_pairs(matches: &ArgMatches) -> Vec<Target> {
    let mut seen: Vec<(usize, Target)> = Vec::new();
    let formats = matches.get_many::<Format>("format").into_iter().flatten();
    for (at, format) in matches.indices_of("format").into_iter().flatten().zip(formats) {
        seen.push((at, Target { format: Some(*format), file: None }));
    }
    let files = matches.get_many::<PathBuf>("output").into_iter().flatten();
    for (at, file) in matches.indices_of("output").into_iter().flatten().zip(files) {
        seen.push((at, Target { format: None, file: Some(file.clone()) }));
    }
    seen.sort_by_key(|(at, _)| *at);
    let mut out: Vec<Target> = Vec::new();
    for (_, target) in seen {
        match (target.file, out.last_mut()) {
            (Some(file), Some(last)) if last.file.is_none() => last.file = Some(file),
            (file, _) => out.push(Target { format: target.format, file }),
        }
    }
    out
}

/// Runs the command.
pub(crate) fn run(args: &Check, targets: &[Target], settings: &Settings) -> Result<Outcome> {
    let targets = writable(targets)?;
    only_what_is_built(&targets)?;
    let sheets = sheets(args)?;
    let rulebook = profile::rulebook(&args.profile, &args.only)?;
    let previous = args.previous.as_ref().map(diff::read).transpose()?;
    let replies = reply::read(&args.replies, settings.language)?;
    let models = files::open(&args.models)?;
    let drawings = files::open_drawings(&args.drawing)?;
    let ids = files::open(&args.ids)?;
    let form = files::open(args.manifest.as_slice())?;
    let waivers = files::open(args.waivers.as_slice())?;
    let before = files::open(&args.previous_model)?;

    let mut watch = Stopwatch::start();
    let submission = Submission {
        models: models.iter().map(Mapped::source).collect(),
        drawings: drawings.iter().map(Mapped::source).collect(),
        ids: ids.iter().map(Mapped::source).collect(),
        scope: &args.scope,
        places: files::places(&args.place)?,
        sheets: files::sheets(&args.sheet)?,
        manifest: form.first().map(Mapped::source),
        waivers: waivers.first().map(Mapped::source),
        previous: before.iter().map(Mapped::source).collect(),
        today: Some(clock::now().chars().take(10).collect()),
        ..Submission::default()
    };
    let progress = Progress::start(settings);
    let run = Pipeline::run_watched(&submission, &rulebook, &mut |stage| {
        watch.begins(stage);
        progress.begins(stage);
    })?;
    watch.stop();
    progress.reports();

    let info = RunInfo {
        engine: concat!("tumo ", env!("CARGO_PKG_VERSION")).into(),
        models: models.iter().map(input).collect(),
        drawings: drawings.iter().map(input).collect(),
        spot_check: args
            .spot_check
            .map(|count| SpotRequest { count: count as usize, seed: args.seed.clone() }),
    };
    let mut report = run.report(&rulebook, info);
    report.inputs.extend(ids.iter().map(|file| Input { format: "ids".into(), ..input(file) }));
    let earlier = previous.as_ref().map(|previous| (previous, report::diff::apply(&mut report, previous)));
    let earlier = earlier.as_ref().map(|(previous, diff)| (*previous, diff));
    // a reply to a finding that is gone has done its work
    report::reply::apply(&mut report, replies, earlier);
    // from here on each file is told as it is written
    drop(progress);
    for target in &targets {
        write(&report, &run, target, settings)?;
    }
    for file in sheets {
        let bytes = sheet(&report, file, settings.language)?;
        output::save_and_tell(file, &bytes, settings)?;
    }
    if let Some(previous) = report.previous.as_ref().filter(|_| !settings.quiet) {
        output::tell(&diff::summary(previous, settings));
    }
    if !settings.quiet && !targets.iter().any(|t| t.format == Some(Format::Terminal)) {
        // the report went into files: the verdict is told all the same
        output::tell(terminal::verdict(&report, settings.language).trim_end());
    }
    if settings.verbose {
        output::tell(&watch.lines());
    }
    Ok(outcome(&report, args.fail_on))
}

/// Exit code of a report: what is not decided comes first, and is never a 0.
fn outcome(report: &Report, fail_on: FailOn) -> Outcome {
    if report.decision == Decision::Inconclusive {
        return Outcome::Inconclusive;
    }
    // with an earlier report, what is still open was known: only what is new fails
    let known = |f: &crate::finding::Finding| f.status.as_deref() == Some("open");
    let over = report.findings.iter().any(|f| diff::fails(f, fail_on) && !known(f));
    if over { Outcome::Findings } else { Outcome::Clean }
}

fn input(file: &Mapped) -> Input {
    Input {
        name: file.name.clone(),
        format: String::new(),
        schema: None,
        sha256: file.sha256(),
        bytes: file.bytes().len() as u64,
        authoring_tool: None,
    }
}

/// What to write, with formats told by the file's name where none was given; the terminal report where nothing was.
fn writable(targets: &[Target]) -> Result<Vec<Target>> {
    let mut out = Vec::new();
    for target in targets {
        let format = match (target.format, &target.file) {
            (Some(format), _) => format,
            (None, Some(file)) => by_name(file)?,
            (None, None) => Format::Terminal,
        };
        if matches!(format, Format::Png | Format::Svg) && target.file.is_none() {
            bail!("pictures need a file: add -o FILE");
        }
        out.push(Target { format: Some(format), file: target.file.clone() });
    }
    if out.iter().filter(|t| t.file.is_none()).count() > 1 {
        bail!("only one --format can go to standard output; give the others a file with -o");
    }
    if out.is_empty() {
        out.push(Target { format: Some(Format::Terminal), file: None });
    }
    Ok(out)
}

/// The sheets of a spot check; a sample that goes nowhere is a slip.
fn sheets(args: &Check) -> Result<&[PathBuf]> {
    if args.spot_check.is_some() && args.spot_sheet.is_empty() {
        bail!("say where the sheet of the spot check goes: --spot-sheet FILE (.html, .csv or .json)");
    }
    for file in &args.spot_sheet {
        spot_sheet::Form::of(&file.to_string_lossy())
            .with_context(|| format!("{}: a spot-check sheet is .html, .csv or .json", file.display()))?;
    }
    Ok(&args.spot_sheet)
}

fn sheet(report: &Report, file: &Path, language: Language) -> Result<Vec<u8>> {
    let form = spot_sheet::Form::of(&file.to_string_lossy()).context("a sheet's form")?;
    Ok(spot_sheet::write(report, form, language).into_bytes())
}

fn by_name(file: &Path) -> Result<Format> {
    let ending = file.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    Ok(match ending.as_str() {
        "json" => Format::Json,
        "html" | "htm" => Format::Html,
        "txt" => Format::Terminal,
        "png" => Format::Png,
        "svg" => Format::Svg,
        "bcf" | "bcfzip" => Format::Bcf,
        "csv" => Format::Csv,
        "xlsx" => Format::Xlsx,
        "pdf" => Format::Pdf,
        "sarif" => Format::Sarif,
        _ => bail!("{}: say what to write with --format", file.display()),
    })
}

fn only_what_is_built(targets: &[Target]) -> Result<()> {
    if !cfg!(feature = "opinion") && targets.iter().any(|t| t.format == Some(Format::Pdf)) {
        return Err(left_out("--format pdf", "opinion"));
    }
    if !cfg!(feature = "xlsx") && targets.iter().any(|t| t.format == Some(Format::Xlsx)) {
        return Err(left_out("--format xlsx", "xlsx"));
    }
    Ok(())
}

fn write(report: &Report, run: &Pipeline, target: &Target, settings: &Settings) -> Result<()> {
    if let (Some(format @ (Format::Png | Format::Svg)), Some(file)) = (target.format, &target.file) {
        return pictures::write(report, format, file, settings);
    }
    let language = settings.language;
    let lines = || Lines::of(report, &run.models);
    let bytes = match target.format {
        Some(Format::Json) => report::json::write(report).into_bytes(),
        Some(Format::Html) => report::html::write(report, language).into_bytes(),
        Some(Format::Bcf) => pictures::bcf(report, bcf::Version::V2_1, settings)?,
        #[cfg(feature = "opinion")]
        Some(Format::Pdf) => pictures::opinion(report, settings)?,
        Some(Format::Bcf3) => pictures::bcf(report, bcf::Version::V3_0, settings)?,
        #[cfg(feature = "xlsx")]
        Some(Format::Xlsx) => report::xlsx::write(report, language, &pictures::of_finding(report, settings))?,
        Some(Format::Csv) => report::csv::write(report, language).into_bytes(),
        Some(Format::Junit) => report::junit::write(report, language).into_bytes(),
        Some(Format::Sarif) => report::sarif::write(report, &lines(), language).into_bytes(),
        Some(Format::Github) => report::github::write(report, &lines(), language).into_bytes(),
        _ => {
            let coloured = settings.coloured && target.file.is_none();
            let style = terminal::Style { coloured, verbose: settings.verbose };
            terminal::write(report, language, style).into_bytes()
        }
    };
    match &target.file {
        None => output::print(&bytes),
        Some(file) => output::save_and_tell(file, &bytes, settings),
    }
}
