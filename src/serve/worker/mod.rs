//! The process that reads what was handed in: one job folder in, what came of it out. It has no database and no
//! network, and is limited in memory, time and what it may open; nothing that it says is believed beyond its own job.
//!
//! This folder alone of the service sees the chain.

mod answers;
mod building;
mod cage;
mod outputs;

pub use answers::{ANSWERS, Answered};
pub use cage::{Cage, enclose};

use crate::bytes::{self, Bytes};
use crate::identity::Filed;
use crate::pipeline::{Pipeline, Source, Submission};
use crate::report::reply::{self, Reply};
use crate::report::spot_check::SpotRequest;
use crate::report::{Input, Report, RunInfo, counts, decision_key, diff, plain};
use crate::rulebook::Rulebook;
use crate::rulebook::waiver::WAIVERS;
use crate::scope::SheetClaim;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Name of the file that says what to do.
pub const ORDER: &str = "job.json";
/// Folder of what is read.
pub const IN: &str = "in";
/// Folder of what is written.
pub const OUT: &str = "out";
/// Name of the file that says what came of it.
pub const RESULT: &str = "result.json";
/// Elements compared that a person is asked to look at again.
const SPOT_CHECK: usize = 20;
/// Findings told before the report is written.
const FIRST: usize = 20;

/// What is to be done with the files of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Task {
    /// They are held against one another.
    Check,
    /// Answers to findings are read from the one there is.
    ReadAnswers,
}

/// A finding that a reviewer lets pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waived {
    /// Its rule.
    pub rule: String,
    /// Its fingerprint.
    pub finding: String,
    /// Why.
    pub reason: String,
    /// The last day that it holds, `YYYY-MM-DD`.
    pub until: String,
}

/// What to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Order {
    /// What for.
    pub task: Task,
    /// Files, in the order of their names.
    pub files: Vec<OrderFile>,
    /// Rules asked.
    pub profile: String,
    /// Project code.
    pub project_code: String,
    /// Building code.
    pub building_code: String,
    /// Stage.
    pub stage: String,
    /// What chooses the sample of the spot check: the same for the same round.
    pub seed: String,
    /// The time to write into what carries one.
    pub made_at: String,
    /// `in/previous.json` is the report of an earlier round.
    pub previous: bool,
    /// What the firm said last of each finding of earlier rounds.
    pub replies: Vec<Reply>,
    /// What reviewers let pass.
    pub waivers: Vec<Waived>,
    /// Ends when its standard input does: then whoever ordered it is gone.
    pub supervised: bool,
    /// What it may use.
    pub limits: Limits,
}

/// A file to read: `in/0`, `in/1`, …
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OrderFile {
    /// Name that reports give it.
    pub name: String,
    /// `model`, `drawing`, `ids`, `manifest`.
    pub role: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Size.
    pub bytes: u64,
    /// What the user says that a drawing shows, as a scope names it; empty for nothing.
    #[serde(default)]
    pub said: String,
}

/// What a run may use.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Limits {
    /// Memory, bytes.
    pub memory: u64,
    /// Processor time, seconds.
    pub cpu_seconds: u64,
    /// One file written, bytes.
    pub file: u64,
}

/// What came of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Finished {
    /// The report's decision; `inconclusive` when there is none.
    pub decision: String,
    /// Why nothing could be read; none when there is a report.
    pub refused: Option<String>,
    /// Counts and score.
    pub summary: serde_json::Value,
}

/// A line that tells how far it is.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Told {
    /// How it is enclosed.
    Enclosed(Cage),
    /// A stage begins: its key, its number, how many there are.
    Stage(String, u32, u32),
    /// Counts and the first findings.
    Findings(serde_json::Value),
    /// The report lies there, with what its page shows and the result; further files follow.
    Report,
    /// A further file lies there.
    Made(String),
    /// A further file could not be written, and why.
    Unwritten(String),
}

/// Stages of a run, by key, in their order: those of the chain, then the writing of reports.
pub const STAGES: [&str; 8] = [
    "read-models",
    "read-drawings",
    "cut-storeys",
    "recognise-plans",
    "lay-plans-on-storeys",
    "pair-drawn-and-modelled",
    "ask-the-rules",
    "write-reports",
];

/// Reads what to do.
///
/// # Errors
/// When it is not there or is no order.
pub fn order(folder: &Path) -> Result<Order, String> {
    let file = folder.join(ORDER);
    let text = std::fs::read_to_string(&file).map_err(|e| format!("{}: {e}", file.display()))?;
    serde_json::from_str(&text).map_err(|e| format!("{}: {e}", file.display()))
}

/// Where the files of an order lie, in its order.
pub fn inputs(folder: &Path, order: &Order) -> Vec<PathBuf> {
    (0..order.files.len()).map(|n| folder.join(IN).join(n.to_string())).collect()
}

/// Tells a line; where nobody hears it, the run goes on.
pub fn tell(told: &Told) {
    let line = serde_json::to_string(told).unwrap_or_default();
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

fn stage(key: &str) {
    let at = STAGES.iter().position(|s| *s == key).unwrap_or(0);
    let number = |n: usize| u32::try_from(n).unwrap_or(0);
    tell(&Told::Stage(key.to_owned(), number(at + 1), number(STAGES.len())));
}

/// Runs the chain over the files, whose bytes come in the order's order, and writes everything into the folder. True
/// when there is a report.
///
/// # Errors
/// When something cannot be written.
pub fn run(folder: &Path, order: &Order, bytes: &[Bytes]) -> Result<bool, String> {
    if order.task == Task::ReadAnswers {
        answers::write(folder, order, bytes)?;
        return Ok(true);
    }
    let rulebook = Rulebook::built_in(&order.profile).map_err(|e| e.to_string())?;
    let of = |role: &str| -> Vec<Source<'_>> {
        let named = order.files.iter().zip(bytes).filter(|(f, _)| f.role == role);
        named.map(|(f, b)| Source { name: &f.name, bytes: b.clone() }).collect()
    };
    let previous = previous(folder, order)?;
    let waivers = waivers(order, previous.as_ref())?;
    let submission = Submission {
        models: of("model"),
        drawings: of("drawing"),
        ids: of("ids"),
        manifest: of("manifest").into_iter().next(),
        sheets: sheets(order),
        filed: Some(Filed {
            project_code: order.project_code.clone(),
            building_code: order.building_code.clone(),
            stage: order.stage.clone(),
        }),
        waivers: Some(Source { name: "waivers", bytes: bytes::bytes(waivers.into_bytes()) }),
        today: order.made_at.get(..10).map(str::to_owned),
        ..Submission::default()
    };
    let ran = Pipeline::run_watched(&submission, &rulebook, &mut |s| stage(&s.name().replace(' ', "-")));
    let run = match ran {
        Ok(run) => run,
        Err(error) => {
            let refused = Some(error.to_string());
            finish(folder, &Finished { decision: "inconclusive".into(), refused, summary: json!({}) })?;
            return Ok(false);
        }
    };
    let report = report(order, &run, &rulebook, previous.as_ref());
    let summary = summary(&report);
    tell(&Told::Findings(first(&report, &summary)));
    stage("write-reports");
    outputs::write_report(folder, &report)?;
    let decision = decision_key(report.decision).to_owned();
    finish(folder, &Finished { decision, refused: None, summary })?;
    tell(&Told::Report);
    outputs::write_others(folder, order, &run, &report);
    Ok(true)
}

/// What the user says of drawings.
fn sheets(order: &Order) -> Vec<SheetClaim> {
    let said = order.files.iter().filter(|f| f.role == "drawing" && !f.said.is_empty());
    said.map(|f| SheetClaim { drawing: f.name.clone(), plan: None, claim: f.said.clone() }).collect()
}

/// The report of an earlier round.
fn previous(folder: &Path, order: &Order) -> Result<Option<Report>, String> {
    if !order.previous {
        return Ok(None);
    }
    let file = folder.join(IN).join("previous.json");
    let bytes = std::fs::read(&file).map_err(|e| format!("{}: {e}", file.display()))?;
    diff::read("previous.json", &bytes).map(Some).map_err(|e| e.to_string())
}

/// The waivers as the chain reads them. One whose finding was gone already in the earlier round has done its work, and
/// is not held against the firm as one that fits nothing.
fn waivers(order: &Order, previous: Option<&Report>) -> Result<String, String> {
    #[derive(Serialize)]
    struct File<'a> {
        waiver: Vec<&'a Waived>,
    }
    let stands = |w: &&Waived| {
        previous.is_none_or(|p| p.findings.iter().any(|f| f.id == w.finding && f.rule == w.rule))
    };
    let file = File { waiver: order.waivers.iter().filter(stands).take(WAIVERS).collect() };
    toml::to_string(&file).map_err(|e| e.to_string())
}

fn finish(folder: &Path, finished: &Finished) -> Result<(), String> {
    let text = serde_json::to_string(finished).map_err(|e| e.to_string())?;
    save(&folder.join(OUT).join(RESULT), text.as_bytes())
}

fn save(file: &Path, bytes: &[u8]) -> Result<(), String> {
    std::fs::write(file, bytes).map_err(|e| format!("{}: {e}", file.display()))
}

fn report(order: &Order, run: &Pipeline, rulebook: &Rulebook, previous: Option<&Report>) -> Report {
    let inputs = |role: &str| -> Vec<Input> {
        let of_role = order.files.iter().filter(|f| f.role == role);
        of_role.map(|f| input(f, if matches!(role, "ids" | "manifest") { role } else { "" })).collect()
    };
    let info = RunInfo {
        engine: concat!("tumo ", env!("CARGO_PKG_VERSION")).into(),
        models: inputs("model"),
        drawings: inputs("drawing"),
        spot_check: Some(SpotRequest { count: SPOT_CHECK, seed: Some(order.seed.clone()) }),
    };
    let mut report = run.report(rulebook, info);
    report.inputs.extend(inputs("ids"));
    report.inputs.extend(inputs("manifest"));
    let earlier = previous.map(|previous| (previous, diff::apply(&mut report, previous)));
    // an answer to a finding that is gone has done its work
    let earlier = earlier.as_ref().map(|(previous, diff)| (*previous, diff));
    reply::apply(&mut report, order.replies.clone(), earlier);
    report
}

fn input(file: &OrderFile, format: &str) -> Input {
    Input {
        name: file.name.clone(),
        format: format.to_owned(),
        schema: None,
        sha256: file.sha256.clone(),
        bytes: file.bytes,
        authoring_tool: None,
    }
}

/// What lists show of a round.
fn summary(report: &Report) -> serde_json::Value {
    let counts = counts(&report.findings);
    let total = serde_json::to_value(&report.scores).unwrap_or_default();
    let total = total.get("total").cloned().unwrap_or_default();
    let since = report.previous.as_ref().map(|p| {
        json!({ "fixed": p.fixed.len(), "new": p.new, "open": p.open, "not_rechecked": p.not_rechecked.len() })
    });
    json!({
        "errors": counts.errors, "warnings": counts.warnings, "infos": counts.infos, "undecided": counts.undecided,
        "plans": report.plans.len(), "laid": report.plans.iter().filter(|p| p.transform.m.is_some()).count(),
        "score": total.get("value"), "grade": total.get("grade"), "coverage": total.get("coverage"),
        "since_previous": since,
        "reasons": report.reasons,
    })
}

/// What watchers see before the report is written.
fn first(report: &Report, summary: &serde_json::Value) -> serde_json::Value {
    let list: Vec<serde_json::Value> = report
        .findings
        .iter()
        .take(FIRST)
        .map(|f| {
            json!({
                "id": f.id, "rule": f.rule, "severity": f.severity, "verdict": f.verdict,
                "storey": f.storey.as_ref().map(|s| plain::tame(&s.name)),
                "message": { "en": plain::tame(&f.message.en), "zh": plain::tame(&f.message.zh) },
            })
        })
        .collect();
    json!({ "counts": summary, "first": list })
}
