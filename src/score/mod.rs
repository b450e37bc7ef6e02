//! The score: per family and in total, with what it rests on, and the decision.

mod decision;
mod explain;

pub use decision::{Basis, Decision, Reason, decide};
pub use explain::{Fix, fixes};

use crate::checks::Findings;
use crate::finding::Severity;
use crate::rulebook::{Family, Rulebook};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The score of one family of rules, or the total.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// 0 to 100; absent where nothing of it was decided.
    pub value: Option<f64>,
    /// A to E; `-` where there is no value. A needs a family without errors.
    pub grade: String,
    /// What a per cent of failures costs, by severity (families), or the weight of each family (total).
    pub weights: BTreeMap<String, f64>,
    /// Points lost, by rule (families) or by family (total), after the cap.
    pub deductions: BTreeMap<String, f64>,
    /// Share of the cases that were decided, 0 to 1.
    pub coverage: f64,
}

/// Scores by family (`completeness`, `quality`, `consistency`, `compliance`) and `total`.
pub type Scores = BTreeMap<String, Score>;

/// Families that have a score; intake only opens the gates.
const SCORED: [Family; 4] = [Family::Completeness, Family::Quality, Family::Consistency, Family::Compliance];

/// Scores the findings.
pub fn score(findings: &Findings, rulebook: &Rulebook) -> Scores {
    let mut scores: Scores = SCORED
        .into_iter()
        .map(|family| (family.name().to_owned(), family_score(family, findings, rulebook)))
        .collect();
    let total = total(&scores, rulebook);
    scores.insert("total".into(), total);
    scores
}

/// Takes the values of the consistency of drawings and of the total away: where nothing was compared, what little was
/// decided says nothing about the building.
pub fn withhold(scores: &mut Scores) {
    for name in [Family::Consistency.name(), "total"] {
        if let Some(score) = scores.get_mut(name) {
            score.value = None;
            score.grade = grade(None, false);
            score.deductions.clear();
        }
    }
}

/// How many cases were decided, and how many were not.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cases {
    pub(crate) decided: u64,
    pub(crate) open: u64,
}

impl Cases {
    /// Of the rules that `keep` lets through.
    pub(crate) fn of(findings: &Findings, keep: impl Fn(&str) -> bool) -> Self {
        let mut cases = Self::default();
        for (_, tally) in findings.tallies.iter().filter(|(id, _)| keep(id)) {
            cases.decided = cases.decided.saturating_add(tally.passed).saturating_add(tally.failed);
            cases.open = cases.open.saturating_add(tally.undecided).saturating_add(tally.blocked);
        }
        cases
    }

    /// Share that was decided; 0 where there was nothing.
    #[allow(clippy::cast_precision_loss)]
    pub(crate) fn coverage(self) -> f64 {
        let all = self.decided.saturating_add(self.open);
        if all == 0 { 0.0 } else { self.decided as f64 / all as f64 }
    }
}

#[allow(clippy::cast_precision_loss)]
fn family_score(family: Family, findings: &Findings, rulebook: &Rulebook) -> Score {
    let cap = weight(rulebook, "cap");
    let mut deductions = BTreeMap::new();
    let mut errors = 0;
    for (id, tally) in &findings.tallies {
        let Some(rule) = rulebook.rule(id).filter(|_| Family::of(id) == Some(family)) else { continue };
        let cases = tally.passed.saturating_add(tally.failed);
        if tally.failed == 0 || cases == 0 {
            continue;
        }
        let per_cent = 100.0 * tally.failed as f64 / cases as f64;
        let lost = (weight(rulebook, severity_name(rule.severity)) * per_cent).min(cap);
        if rule.severity >= Severity::Error {
            errors += tally.failed;
        }
        if lost > 0.0 {
            deductions.insert(id.clone(), rounded(lost));
        }
    }
    let cases = Cases::of(findings, |id| Family::of(id) == Some(family));
    let value =
        (cases.decided > 0).then(|| rounded((100.0 - deductions.values().sum::<f64>()).clamp(0.0, 100.0)));
    let weights = ["gate", "error", "warning", "info", "cap"]
        .iter()
        .map(|name| ((*name).to_owned(), weight(rulebook, name)))
        .collect();
    Score { value, grade: grade(value, errors > 0), weights, deductions, coverage: rounded(cases.coverage()) }
}

fn total(scores: &Scores, rulebook: &Rulebook) -> Score {
    let mut weights = BTreeMap::new();
    let mut deductions = BTreeMap::new();
    let (mut sum, mut lost, mut covered) = (0.0, 0.0, 0.0);
    for (family, score) in scores {
        let Some(value) = score.value else { continue };
        let w = weight(rulebook, family);
        weights.insert(family.clone(), w);
        sum += w;
        lost += w * (100.0 - value);
        covered += w * score.coverage;
    }
    if sum <= 0.0 {
        return Score { value: None, grade: grade(None, false), weights, deductions, coverage: 0.0 };
    }
    for (family, w) in &weights {
        let value = scores.get(family).and_then(|s| s.value).unwrap_or(100.0);
        deductions.insert(family.clone(), rounded(w * (100.0 - value) / sum));
    }
    let value = Some(rounded(100.0 - lost / sum));
    let capped = scores.iter().any(|(f, s)| weights.contains_key(f) && s.value.is_some() && s.grade != "A");
    Score { value, grade: grade(value, capped), weights, deductions, coverage: rounded(covered / sum) }
}

/// The value of the total alone.
fn grade_free_total(scores: &Scores, rulebook: &Rulebook) -> Option<f64> {
    let families: Scores =
        scores.iter().filter(|(f, _)| *f != "total").map(|(f, s)| (f.clone(), s.clone())).collect();
    total(&families, rulebook).value
}

/// Grades, house rule: from 95, 85, 70 and 50 points; the first only without errors.
fn grade(value: Option<f64>, errors: bool) -> String {
    let letter = match value {
        None => "-",
        Some(v) if v >= 95.0 && !errors => "A",
        Some(v) if v >= 85.0 => "B",
        Some(v) if v >= 70.0 => "C",
        Some(v) if v >= 50.0 => "D",
        Some(_) => "E",
    };
    letter.to_owned()
}

/// A weight of the profile; the general profile names them all.
fn weight(rulebook: &Rulebook, name: &str) -> f64 {
    rulebook.weights.get(name).copied().filter(|w| w.is_finite() && *w >= 0.0).unwrap_or(0.0)
}

const fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Error => "error",
        Severity::Gate => "gate",
    }
}

/// To a hundredth: scores are read, and must not depend on the last bits of a sum.
fn rounded(x: f64) -> f64 {
    (x * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests;
