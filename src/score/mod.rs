//! The score: per family and in total, with what it rests on, and the decision.

use crate::checks::Findings;
use crate::rulebook::Rulebook;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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

/// The score of one family of rules, or the total.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// 0 to 100.
    pub value: f64,
    /// A to E.
    pub grade: String,
    /// Points lost, by rule.
    pub deductions: BTreeMap<String, f64>,
    /// Share of the family's cases that were decided, 0 to 1.
    pub coverage: f64,
}

/// Scores by family (`completeness`, `quality`, `consistency`, `compliance`) and `total`.
pub type Scores = BTreeMap<String, Score>;

/// Scores the findings.
pub fn score(findings: &Findings, rulebook: &Rulebook) -> Scores {
    let _ = (findings, rulebook);
    Scores::new()
}
