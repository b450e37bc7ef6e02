//! How the points were lost, and which fixes win most back.

use super::{Scores, grade_free_total};
use crate::checks::Findings;
use crate::rulebook::{Family, Rulebook};
use crate::wording::Text;
use serde::{Deserialize, Serialize};

/// Fixes that are told.
const TOLD: usize = 10;

/// What putting right all failures of one rule wins back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fix {
    /// The rule.
    pub rule: String,
    /// Its title.
    pub title: Text,
    /// Its family.
    pub family: String,
    /// Cases that failed, of those that were decided.
    pub failed: u64,
    /// Cases that were decided.
    pub decided: u64,
    /// Points lost in the family, after the cap.
    pub lost: f64,
    /// The cap was reached: some fixes alone win nothing yet.
    pub capped: bool,
    /// Points of the total that putting all of it right wins back.
    pub wins: f64,
    /// What to do.
    pub fix: Text,
}

/// The fixes that win most of the total back, the greatest first.
pub fn fixes(scores: &Scores, findings: &Findings, rulebook: &Rulebook) -> Vec<Fix> {
    let Some(total) = scores.get("total").and_then(|s| s.value) else { return Vec::new() };
    let mut all: Vec<Fix> = Vec::new();
    for (family, score) in scores.iter().filter(|(f, s)| *f != "total" && s.value.is_some()) {
        for (id, &lost) in &score.deductions {
            let (Some(rule), Some(tally)) = (rulebook.rule(id), findings.tallies.get(id)) else { continue };
            let mut without = scores.clone();
            if let Some(s) = without.get_mut(family) {
                s.deductions.remove(id);
                s.value = Some((100.0 - s.deductions.values().sum::<f64>()).clamp(0.0, 100.0));
            }
            let wins = grade_free_total(&without, rulebook).unwrap_or(total) - total;
            all.push(Fix {
                rule: id.clone(),
                title: rule.title.clone(),
                family: Family::of(id).map_or("", Family::name).to_owned(),
                failed: tally.failed,
                decided: tally.passed.saturating_add(tally.failed),
                lost,
                capped: lost >= rulebook.weights.get("cap").copied().unwrap_or(f64::INFINITY),
                wins: (wins.max(0.0) * 100.0).round() / 100.0,
                fix: rule.doc.fix.clone(),
            });
        }
    }
    all.sort_by(|a, b| b.wins.total_cmp(&a.wins).then(b.lost.total_cmp(&a.lost)).then(a.rule.cmp(&b.rule)));
    all.truncate(TOLD);
    all
}
