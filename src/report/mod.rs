//! The report: all that is told, serializable, sorted, versioned; the only thing that a writer may see.

mod assemble;
pub mod bcf;
pub mod closeup;
pub mod coverage;
pub mod csv;
pub mod diff;
pub mod github;
mod harmless;
pub mod html;
pub mod json;
pub mod junit;
pub mod lines;
mod markup;
pub mod notices;
#[cfg(feature = "opinion")]
pub mod opinion;
mod overlay;
pub mod picture;
pub mod plain;
#[cfg(feature = "png")]
pub mod png;
pub mod reply;
mod row;
pub mod sarif;
mod shown;
pub mod spot_check;
pub mod spot_sheet;
pub mod terminal;
pub mod words;

#[cfg(feature = "xlsx")]
pub mod xlsx;

pub use assemble::{RunInfo, assemble, losses};
pub use shown::shown;

use crate::finding::{Finding, Severity, StoreyName, Verdict};
use crate::geom::{Box2, Point2};
use crate::score::{Decision, Fix, Scores};
use crate::wording::Text;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The decision, as the JSON names it.
pub const fn decision_key(decision: Decision) -> &'static str {
    match decision {
        Decision::Accept => "accept",
        Decision::AcceptWithWarnings => "accept-with-warnings",
        Decision::FixAndResubmit => "fix-and-resubmit",
        Decision::Inconclusive => "inconclusive",
    }
}

/// Findings by how bad they are; what is undecided is counted apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Gates and errors.
    pub errors: u64,
    /// Warnings.
    pub warnings: u64,
    /// Remarks.
    pub infos: u64,
    /// Undecided, whatever their severity.
    pub undecided: u64,
}

/// Counts findings.
pub fn counts(findings: &[Finding]) -> Counts {
    let mut out = Counts::default();
    for finding in findings {
        let counter = match (finding.verdict, finding.severity) {
            (Verdict::Undecided, _) => &mut out.undecided,
            (Verdict::Fail, Severity::Gate | Severity::Error) => &mut out.errors,
            (Verdict::Fail, Severity::Warning) => &mut out.warnings,
            (Verdict::Fail, Severity::Info) => &mut out.infos,
        };
        *counter += 1;
    }
    out
}

/// Counts up on a breaking change.
pub const SCHEMA: u32 = 1;

/// Everything that is told about a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: u32,
    /// What made it, such as `tumo 0.1.0`.
    pub engine: String,
    /// What becomes of the submission.
    pub decision: Decision,
    /// What stands in the way of a decision.
    pub reasons: Vec<Text>,
    /// The profile whose rules were asked.
    pub profile: String,
    /// Files read.
    pub inputs: Vec<Input>,
    /// Whose they are.
    pub identity: Identity,
    /// Plans found in the drawings.
    pub plans: Vec<PlanReport>,
    /// Findings, sorted.
    pub findings: Vec<Finding>,
    /// Rules asked, by id.
    pub rules: Vec<RuleReport>,
    /// Scores by family, and `total`.
    pub scores: Scores,
    /// The ten fixes that win most of the total back.
    #[serde(default)]
    pub fixes: Vec<Fix>,
    /// What became of an earlier report's findings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<Previous>,
    /// What its author or a reviewer answered to findings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replies: Vec<reply::Reply>,
    /// What the readers repaired or skipped.
    pub notices: Vec<notices::Told>,
    /// A sample of what was compared, where one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spot_check: Option<spot_check::SpotCheck>,
    /// Outlines for pictures; not part of the JSON.
    #[serde(skip)]
    pub overlays: Vec<Overlay>,
}

/// A file that was read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Input {
    /// File name as given.
    pub name: String,
    /// `ifc`, `dxf`, `dwg`, `pdf`, `svg`, `ids`.
    pub format: String,
    /// IFC schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Of the bytes.
    pub sha256: String,
    /// Size.
    pub bytes: u64,
    /// The tool that wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authoring_tool: Option<String>,
}

/// Whose submission it is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Identity {
    /// Project code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project_code: Option<String>,
    /// Building code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub building_code: Option<String>,
    /// What is unique to the building: project code and building code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Stage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// What the submission claims to contain; `all` for everything.
    pub scope: String,
    /// The one discipline that is claimed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discipline: Option<String>,
    /// Storeys that are not claimed: nothing of them was checked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<StoreyName>,
}

/// A plan and how it was laid.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PlanReport {
    /// Drawing's file name.
    pub drawing: String,
    /// Page, for PDF.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// `P1`, `P2`, …
    pub plan: String,
    /// Title as drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Storeys it was laid on.
    pub storeys: Vec<StoreyReport>,
    /// It shows only what the submission does not claim: it was not compared.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub outside_scope: bool,
    /// Drawn scale, such as 100 for 1:100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale: Option<f64>,
    /// Metres per drawing unit.
    pub unit_m: f64,
    /// Where it lies.
    pub transform: TransformReport,
    /// How it was laid, or why not.
    pub story: Text,
    /// What was compared, by class.
    pub coverage: BTreeMap<String, Coverage>,
}

/// A storey with its height.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StoreyReport {
    /// GlobalId.
    pub guid: String,
    /// Name.
    pub name: String,
    /// World z of the floor.
    pub elevation_m: f64,
}

/// Drawing units → world metres: x = a·x + c·y + e, y = b·x + d·y + f.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TransformReport {
    /// `[a, b, c, d, e, f]`; absent where the plan was not laid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub m: Option<[f64; 6]>,
    /// Left and right change places (beyond y growing downwards).
    pub mirrored: bool,
    /// `labels`, `shapes`, `given`, `none`.
    pub method: String,
    /// Root mean square residual.
    pub rms_mm: f64,
    /// 95th percentile residual.
    pub p95_mm: f64,
    /// Anchors that agree.
    pub inliers: usize,
    /// How sure, 0 to 1.
    pub trust: f64,
}

/// How much of a class was compared, and how it came out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// Elements compared.
    pub compared: u64,
    /// Agree in everything asked.
    pub agreed: u64,
    /// Differ in something.
    pub differ: u64,
    /// Drawn, not modelled.
    pub missing_in_model: u64,
    /// Modelled, not drawn.
    pub missing_in_drawing: u64,
    /// Not decided.
    pub undecided: u64,
}

/// A rule and how often it passed, failed, ….
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RuleReport {
    /// Rule id.
    pub id: String,
    /// Title.
    pub title: Text,
    /// How bad a failure is.
    pub severity: Severity,
    /// Counts.
    #[serde(flatten)]
    pub tally: crate::finding::Tally,
}

/// What became of an earlier report's findings.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Previous {
    /// Fingerprints that are gone.
    pub fixed: Vec<String>,
    /// Findings still there.
    pub open: u64,
    /// Findings that are new.
    pub new: u64,
    /// Fingerprints whose rule or plan was not checked this time.
    pub not_rechecked: Vec<String>,
}

/// The outlines of one plan on one storey, in world metres.
#[derive(Clone, Debug, Default)]
pub struct Overlay {
    /// Plan, such as `P1`.
    pub plan: String,
    /// Drawing's file name.
    pub drawing: String,
    /// Title as drawn.
    pub title: Option<String>,
    /// Storey.
    pub storey: Option<StoreyName>,
    /// Extent of model and drawing together.
    pub bounds: Box2,
    /// Model outlines: polylines with their class (`wall`, `column`, `door`, `window`, `room`, `axis`, `other`).
    pub model: Vec<Outline>,
    /// Drawing outlines, by recognised class; `raw` for what was not recognised.
    pub drawn: Vec<Outline>,
    /// Grid labels.
    pub labels: Vec<(String, Point2)>,
    /// Direction of true north, as the angle from +x, radians; the model's y where the model does not say.
    pub north: Option<f64>,
}

/// One polyline of an overlay.
#[derive(Clone, Debug)]
pub struct Outline {
    /// Class.
    pub class: &'static str,
    /// Vertices, world metres.
    pub points: Vec<Point2>,
    /// Last joins first.
    pub closed: bool,
}
