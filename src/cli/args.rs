//! The arguments of every command, as clap reads them.

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// The building model, held against its drawings.
#[derive(Debug, Parser)]
#[command(name = "tumo", version, about, long_about = None, max_term_width = 100)]
#[command(
    after_help = "Exit codes: 0 nothing at or above --fail-on; 1 findings at or above it; 2 usage error or no input could be \
                  read; 3 inconclusive."
)]
pub(crate) struct Cli {
    /// Language of what is told: en or zh (default: what LC_ALL, LC_MESSAGES or LANG say).
    #[arg(long, global = true, value_enum)]
    pub(crate) lang: Option<Lang>,
    /// Timings per stage, and notices in full.
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
    /// Only what was asked for: no summary on standard error.
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Threads to use (default: one per core). Results do not depend on it.
    #[arg(long, global = true, value_name = "N")]
    pub(crate) threads: Option<usize>,
    /// Colours: auto (a terminal, and NO_COLOR not set), always or never.
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "WHEN")]
    pub(crate) color: Color,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Languages, as arguments name them.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Lang {
    /// English
    En,
    /// Chinese
    Zh,
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

/// What to do.
// one value for each run: its size is of no weight
#[allow(clippy::large_enum_variant)]
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Hold a model against its drawings and report what is missing, moved, mis-sized or mis-labelled
    Check(Check),
    /// How each plan lies on its storey: the transform alone
    Register(Register),
    /// What was read from a model
    Inspect(Inspect),
    /// What is drawn: plans, titles, storeys, grids, walls, columns, openings, rooms
    Recognise(Recognise),
    /// What a rule looks at, why, how to fix it, and its source
    Explain(Explain),
    /// The rules of a profile
    Rules(Rules),
    /// Check a model against an IDS 1.0 document, or the document alone
    Ids(Ids),
    /// What became of the findings of an earlier report: fixed, new, open, not re-checked
    Diff(Diff),
    /// Answers to findings, from the workbook or table they were written in
    Reply(Reply),
    /// Completions for a shell, to standard output
    Completions(Completions),
    /// The manual page, to standard output
    Man(Man),
    /// The self-check service: hand in by browser or program, be checked, see the findings on the plan
    Serve(Serve),
    /// One check of the service, in a process of its own
    #[command(hide = true)]
    Round(Round),
    /// A part of the work that is done in a process of its own; the other commands start it
    #[command(hide = true)]
    Worker(Worker),
}

/// `tumo worker`
#[derive(Debug, Args)]
pub(crate) struct Worker {
    /// What to do with standard input
    #[arg(value_enum)]
    pub(crate) task: Task,
}

/// Tasks of `tumo worker`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Task {
    /// A DWG → what the drawing reader takes in its place
    Dwg,
}

/// `tumo check`
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Models (.ifc)
    #[arg(required = true, value_name = "MODEL")]
    pub(crate) models: Vec<PathBuf>,
    /// Drawings; their format is told by content
    #[arg(long, value_name = "FILE", num_args = 1.., action = ArgAction::Append)]
    pub(crate) drawing: Vec<PathBuf>,
    /// Rules and tolerances: a built-in profile, or a .toml file
    #[arg(long, default_value = "general", value_name = "NAME|FILE")]
    pub(crate) profile: String,
    /// Only these families of rules, or single ones: intake, completeness, quality, consistency, compliance, DM12
    #[arg(long, value_name = "FAMILY|ID", value_delimiter = ',')]
    pub(crate) only: Vec<String>,
    /// Lowest severity that makes the exit code 1
    #[arg(long, value_enum, default_value = "error", value_name = "SEVERITY")]
    pub(crate) fail_on: FailOn,
    /// Format of the output; several --format/-o pairs are allowed
    #[arg(long, value_enum, value_name = "FORMAT", action = ArgAction::Append)]
    pub(crate) format: Vec<Format>,
    /// File for the --format before it; standard output where there is none
    #[arg(short, long, value_name = "FILE", action = ArgAction::Append)]
    pub(crate) output: Vec<PathBuf>,
    /// Information delivery specifications (IDS 1.0) that the models must meet
    #[arg(long, value_name = "FILE", num_args = 1.., action = ArgAction::Append)]
    pub(crate) ids: Vec<PathBuf>,
    /// The submission form (TOML or JSON): project code, building code, stage, files, declared storeys and areas
    #[arg(long, value_name = "FILE")]
    pub(crate) manifest: Option<PathBuf>,
    /// Findings that somebody answers for (TOML): rule, element or handle or fingerprint, reason, last day
    #[arg(long, value_name = "FILE")]
    pub(crate) waivers: Option<PathBuf>,
    /// An earlier report: findings are told as new or still open, and only new ones make the exit code 1
    #[arg(long, value_name = "REPORT.json")]
    pub(crate) previous: Option<PathBuf>,
    /// Models of the last submission: whether elements kept their GlobalIds (MQ03)
    #[arg(long, value_name = "FILE", num_args = 1.., action = ArgAction::Append)]
    pub(crate) previous_model: Vec<PathBuf>,
    /// Answers to the findings of an earlier report: they are carried over to findings that are still there
    #[arg(long, value_name = "FILE", num_args = 1.., action = ArgAction::Append)]
    pub(crate) replies: Vec<PathBuf>,
    /// What the submission claims to contain, and what alone is checked: all, underground, aboveground, a storey, a range
    /// FROM..TO, a discipline (architecture, structure, services), or several of these joined by commas
    #[arg(long, default_value = "all", value_name = "SCOPE")]
    pub(crate) scope: String,
    /// Where plans lie, as TOML or JSON: what `tumo register --json` writes, corrected by hand
    #[arg(long, value_name = "FILE", num_args = 1.., action = ArgAction::Append)]
    pub(crate) place: Vec<PathBuf>,
    /// What a sheet shows, where it is not to be guessed: DRAWING=STOREYS, DRAWING=DISCIPLINE, or for one plan
    /// DRAWING#PLAN=…, as --scope names them (A-102.dxf=2F, plans.dxf#P2=3F..5F,structure)
    #[arg(long, value_name = "SHEET=WHAT", num_args = 1.., action = ArgAction::Append)]
    pub(crate) sheet: Vec<String>,
    /// Draw a sample of so many compared elements, agreeing ones too, for a reviewer to look at
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) spot_check: Option<u32>,
    /// File for the sample's sheet: .html with pictures, .csv or .json
    #[arg(long, value_name = "FILE", action = ArgAction::Append, requires = "spot_check")]
    pub(crate) spot_sheet: Vec<PathBuf>,
    /// What the choice of the sample depends on (default: the files)
    #[arg(long, value_name = "TEXT", requires = "spot_check")]
    pub(crate) seed: Option<String>,
}

/// `tumo register`
#[derive(Debug, Args)]
pub(crate) struct Register {
    /// Models (.ifc)
    #[arg(required = true, value_name = "MODEL")]
    pub(crate) models: Vec<PathBuf>,
    /// Drawings
    #[arg(long, required = true, value_name = "FILE", num_args = 1.., action = ArgAction::Append)]
    pub(crate) drawing: Vec<PathBuf>,
    /// Where plans lie, as TOML or JSON: what --json writes, corrected by hand
    #[arg(long, value_name = "FILE", num_args = 1.., action = ArgAction::Append)]
    pub(crate) place: Vec<PathBuf>,
    /// What a sheet shows, where it is not to be guessed: DRAWING=STOREYS, DRAWING=DISCIPLINE, or for one plan
    /// DRAWING#PLAN=…, as --scope names them (A-102.dxf=2F, plans.dxf#P2=3F..5F,structure)
    #[arg(long, value_name = "SHEET=WHAT", num_args = 1.., action = ArgAction::Append)]
    pub(crate) sheet: Vec<String>,
    /// As JSON: the report's `plans`
    #[arg(long)]
    pub(crate) json: bool,
}

/// `tumo inspect`
#[derive(Debug, Args)]
pub(crate) struct Inspect {
    /// Models (.ifc)
    #[arg(required = true, value_name = "MODEL")]
    pub(crate) models: Vec<PathBuf>,
    /// Cut every storey and count what its plan would show
    #[arg(long)]
    pub(crate) sections: bool,
    /// As JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// One stage alone, timed: what benches/peers.py runs
    #[arg(long, value_enum, hide = true, conflicts_with_all = ["sections", "json"], value_name = "STAGE")]
    pub(crate) stage: Option<Stage>,
}

/// Stages of reading a model, for timing; each with those before it that it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Stage {
    /// Every record's number, place and entity
    Index,
    /// Elements, storeys, placements, axes; every value looked at
    Model,
    /// Types, sets, materials, classes of every element found
    Reachable,
    /// Every property and quantity of every element
    Properties,
    /// The plan of every storey
    Sections,
    /// A mesh of every element
    Solids,
}

/// `tumo recognise`
#[derive(Debug, Args)]
pub(crate) struct Recognise {
    /// Drawings; their format is told by content
    #[arg(required = true, value_name = "FILE")]
    pub(crate) drawings: Vec<PathBuf>,
    /// Text, JSON, or pictures of the drawings with what was recognised painted over them, one per plan
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    pub(crate) format: RecogniseFormat,
    /// As JSON: short for --format json
    #[arg(long, conflicts_with = "format")]
    pub(crate) json: bool,
    /// File to write; pictures of several plans carry their plan in the name
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// How `tumo recognise` tells what it saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RecogniseFormat {
    /// For people
    Text,
    /// For programs
    Json,
    /// Pictures
    Svg,
    /// Pictures
    Png,
}

impl RecogniseFormat {
    /// Of a file's name.
    pub(crate) const fn ending(self) -> &'static str {
        match self {
            Self::Text => "txt",
            Self::Json => "json",
            Self::Svg => "svg",
            Self::Png => "png",
        }
    }
}

/// `tumo explain`
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// Rule, such as DM20
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    /// Profile whose numbers are shown
    #[arg(long, default_value = "general", value_name = "NAME|FILE")]
    pub(crate) profile: String,
}

/// `tumo rules`
#[derive(Debug, Args)]
pub(crate) struct Rules {
    /// Profile
    #[arg(long, default_value = "general", value_name = "NAME|FILE")]
    pub(crate) profile: String,
    /// As JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `tumo ids`
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 every specification is met, or with --audit the document is sound; 1 one is not \
                        met, or with --audit the document is not sound; 2 a file cannot be read, or the document is \
                        not sound; 3 something is left open."
)]
pub(crate) struct Ids {
    /// The model (.ifc, .ifczip) and the IDS; with --audit the IDS alone
    #[arg(required = true, value_name = "MODEL SPEC.ids")]
    pub(crate) files: Vec<PathBuf>,
    /// Only ask whether the document itself is sound
    #[arg(long)]
    pub(crate) audit: bool,
    /// Format of the output
    #[arg(long, value_enum, default_value = "terminal", value_name = "FORMAT")]
    pub(crate) format: IdsFormat,
    /// File to write to; standard output where there is none
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// Formats of `tumo ids`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum IdsFormat {
    /// A line per specification, and the first objects that fail with the reason
    Terminal,
    /// Everything as data
    Json,
}

/// `tumo diff`
#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// The earlier report
    #[arg(value_name = "OLD.json")]
    pub(crate) old: PathBuf,
    /// The later report
    #[arg(value_name = "NEW.json")]
    pub(crate) new: PathBuf,
    /// As JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Lowest severity of a new finding that makes the exit code 1
    #[arg(long, value_enum, default_value = "error", value_name = "SEVERITY")]
    pub(crate) fail_on: FailOn,
}

/// `tumo reply`
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 every answer found its finding; 1 one did not; 2 a file cannot be read, or holds no answers \
                        column."
)]
pub(crate) struct Reply {
    /// The report that was answered
    #[arg(value_name = "REPORT.json")]
    pub(crate) report: PathBuf,
    /// The workbook (.xlsx) or table (.csv) of its findings, filled in; the later of several holds
    #[arg(required = true, value_name = "ANSWERS")]
    pub(crate) answers: Vec<PathBuf>,
    /// As JSON, for `tumo check --replies`
    #[arg(long)]
    pub(crate) json: bool,
    /// File to write to; standard output where there is none
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// `tumo completions`
#[derive(Debug, Args)]
#[command(after_help = "bash: tumo completions bash > ~/.local/share/bash-completion/completions/tumo\n\
                  zsh:  tumo completions zsh > \"${fpath[1]}/_tumo\"\n\
                  fish: tumo completions fish > ~/.config/fish/completions/tumo.fish")]
pub(crate) struct Completions {
    /// Shell
    #[arg(value_enum, value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

/// `tumo man`
#[derive(Debug, Args)]
#[command(
    after_help = "tumo man > tumo.1; tumo man check > tumo-check.1; to read at once: tumo man | man -l -"
)]
pub(crate) struct Man {
    /// Command, such as check; the page of tumo itself where there is none
    #[arg(value_name = "COMMAND")]
    pub(crate) name: Option<String>,
}

/// `tumo serve`
#[derive(Debug, Args)]
#[cfg_attr(not(feature = "serve"), allow(dead_code))]
#[command(
    after_help = "The first start makes an administrator, admin, whose password is written to DIR/first-password.txt. \
                  SIGTERM stops the service: requests end, checks go back into the queue."
)]
pub(crate) struct Serve {
    /// Folder that everything is kept in (default: tumo-data, or what --config says)
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Address and port to listen on (default: 127.0.0.1:8080, or what --config says)
    #[arg(long, value_name = "ADDR:PORT")]
    pub(crate) listen: Option<String>,
    /// Configuration file (TOML)
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Copy everything into a folder, also while the service runs, and end
    #[arg(long, value_name = "TO", conflicts_with = "restore")]
    pub(crate) backup: Option<PathBuf>,
    /// Bring such a copy into an empty data folder, and end
    #[arg(long, value_name = "FROM")]
    pub(crate) restore: Option<PathBuf>,
    /// Give a user whose password was lost a new one, written to DIR/new-password.txt, also while the service runs, and end
    #[arg(long, value_name = "NAME", conflicts_with_all = ["backup", "restore"])]
    pub(crate) new_password: Option<String>,
}

/// `tumo round`
#[derive(Debug, Args)]
#[cfg_attr(not(feature = "serve"), allow(dead_code))]
pub(crate) struct Round {
    /// The check's folder
    #[arg(value_name = "FOLDER")]
    pub(crate) folder: PathBuf,
}

/// Formats, as arguments name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// In the manner of a linter
    Terminal,
    /// The report as data
    Json,
    /// One page with the overlay of every plan, to open in a browser
    Html,
    /// The overlay of every plan as a picture: FILE.png, or FILE-P1.png, FILE-P2.png, … where there are several
    Png,
    /// The same as SVG
    Svg,
    /// Topics for the authoring tool, BCF 2.1, to a file
    Bcf,
    /// The same as BCF 3.0
    Bcf3,
    /// The review opinion, to print, sign and file, to a file
    Pdf,
    /// The findings as a workbook, with columns to answer in
    Xlsx,
    /// The findings as a table
    Csv,
    /// For code hosts and editors
    Sarif,
    /// For CI servers
    Junit,
    /// Annotations of GitHub Actions
    Github,
}

/// `--fail-on`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    Gate,
    Error,
    Warning,
    Info,
}
