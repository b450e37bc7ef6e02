//! What becomes of the submission. Nothing that was not decided is ever accepted.

use super::Cases;
use crate::checks::Findings;
use crate::finding::{Severity, Verdict};
use crate::rulebook::Rulebook;
use serde::{Deserialize, Serialize};

/// What becomes of the submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// Nothing wrong.
    Accept,
    /// Nothing that must be put right.
    AcceptWithWarnings,
    /// Errors.
    FixAndResubmit,
    /// Something that the decision needs could not be decided.
    Inconclusive,
}

/// What the decision rests on, beside the findings.
#[derive(Clone, Copy, Debug, Default)]
pub struct Basis {
    /// Drawings were given.
    pub drawings: bool,
    /// Plans recognised.
    pub plans: usize,
    /// Plans that lie on no storey.
    pub unlaid: usize,
    /// Elements compared.
    pub compared: u64,
    /// Files that could not be read.
    pub unread: usize,
    /// Places where a part of a file was lost.
    pub damaged: usize,
}

/// Why something could not be decided. Wording under `decision` in `rules/wording/report.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// A file could not be read.
    Unread,
    /// A part of a file was lost.
    Damaged,
    /// No rule had anything to decide.
    NothingChecked,
    /// Drawings were given, and none shows a floor plan.
    NoPlan,
    /// Plans were recognised, and none lies on a storey of the model.
    NothingLaid,
    /// Plans were laid, and nothing on them could be compared.
    NothingCompared,
    /// Some plans lie on no storey.
    SomeUnlaid,
    /// A gate failed.
    Gate,
    /// Too little was decided.
    Coverage,
}

impl Reason {
    /// It leaves everything open: findings and scores may only follow from it.
    pub fn is_of_everything(self) -> bool {
        self < Self::SomeUnlaid
    }

    /// Key of its wording.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Unread => "unread",
            Self::Damaged => "damaged",
            Self::NothingChecked => "nothing-checked",
            Self::NoPlan => "no-plan",
            Self::NothingLaid => "nothing-laid",
            Self::NothingCompared => "nothing-compared",
            Self::SomeUnlaid => "some-unlaid",
            Self::Gate => "gate",
            Self::Coverage => "coverage",
        }
    }
}

/// The decision, and what stands in the way of one.
///
/// A file that was not read whole, or a comparison without anything compared, leaves everything open: findings may
/// only follow from the damage. Otherwise an error decides, whatever else is open; and without errors everything that
/// the verdict needs must have been decided.
pub fn decide(findings: &Findings, rulebook: &Rulebook, basis: &Basis) -> (Decision, Vec<Reason>) {
    let reasons = reasons(findings, rulebook, basis);
    let failed = |at: Severity| findings.list.iter().any(|f| f.verdict == Verdict::Fail && f.severity == at);
    let decision = if reasons.iter().any(|r| r.is_of_everything()) {
        Decision::Inconclusive
    } else if failed(Severity::Error) {
        Decision::FixAndResubmit
    } else if !reasons.is_empty() {
        Decision::Inconclusive
    } else if failed(Severity::Warning) || findings.list.iter().any(|f| f.verdict == Verdict::Undecided) {
        Decision::AcceptWithWarnings
    } else {
        Decision::Accept
    };
    (decision, reasons)
}

fn reasons(findings: &Findings, rulebook: &Rulebook, basis: &Basis) -> Vec<Reason> {
    let cases = Cases::of(findings, |_| true);
    let gate = findings.list.iter().any(|f| f.severity == Severity::Gate);
    let min_coverage = rulebook.weights.get("min_coverage").copied().unwrap_or(0.0);
    let laid = basis.plans > basis.unlaid;
    [
        (Reason::Unread, basis.unread > 0),
        (Reason::Damaged, basis.damaged > 0),
        (Reason::NothingChecked, cases.decided == 0),
        (Reason::NoPlan, basis.drawings && basis.plans == 0),
        (Reason::NothingLaid, basis.plans > 0 && !laid),
        (Reason::NothingCompared, laid && basis.compared == 0),
        (Reason::SomeUnlaid, laid && basis.unlaid > 0),
        (Reason::Gate, gate),
        (Reason::Coverage, cases.decided > 0 && cases.coverage() < min_coverage),
    ]
    .into_iter()
    .filter_map(|(reason, holds)| holds.then_some(reason))
    .collect()
}
