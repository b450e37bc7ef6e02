//! The checks: each a question that rules ask with their own numbers. One file per kind of check; [`ALL`] is the
//! chapter list.

mod comparison;
mod counterpart;
mod coverage;
mod difference;
mod dimension;
mod findings;
mod grid;
mod grouping;
pub mod ids;
mod level;
mod model;
mod plan_gate;
mod schedule;
mod stair;
mod text;

#[cfg(test)]
mod tests;

pub use findings::Findings;

use crate::facts::Facts;
use crate::finding::Finding;
use crate::rulebook::{Rule, Rulebook};

/// A kind of check.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// Name that rules call it by: its file.
    pub name: &'static str,
    /// What it asks, in one sentence.
    pub summary: &'static str,
    /// Asks it.
    pub run: fn(&Facts<'_>, &Rule, &mut Findings),
}

/// Every kind of check, by name.
pub const ALL: &[Check] = &[
    counterpart::CHECK,
    coverage::CHECK,
    difference::CHECK,
    dimension::CHECK,
    grid::CHECK,
    ids::CHECK,
    level::CHECK,
    model::contained::CHECK,
    model::count::CHECK,
    model::datum::CHECK,
    model::deprecated::CHECK,
    model::far::CHECK,
    model::filler::CHECK,
    model::georeference::CHECK,
    model::group_cycle::CHECK,
    model::guid_format::CHECK,
    model::guid_unique::CHECK,
    model::material::CHECK,
    model::named::CHECK,
    model::one_parent::CHECK,
    model::predefined_type::CHECK,
    model::proxy_share::CHECK,
    model::room_label::CHECK,
    model::storey_spacing::CHECK,
    model::typed::CHECK,
    model::units::CHECK,
    plan_gate::CHECK,
    schedule::CHECK,
    stair::CHECK,
    text::CHECK,
];

/// Asks every rule of the rulebook. The order of findings is that of the rules, then storey, then fingerprint.
pub fn run(facts: &Facts<'_>, rulebook: &Rulebook) -> Findings {
    let mut findings = Findings::default();
    for rule in &rulebook.rules {
        findings.tallies.entry(rule.id.clone()).or_default();
        if let Some(check) = ALL.iter().find(|c| c.name == rule.check) {
            (check.run)(facts, rule, &mut findings);
        }
    }
    for finding in &mut findings.list {
        finding.fingerprint();
    }
    grouping::group(&mut findings, rulebook);
    findings.list.sort_by(|a, b| {
        let key = |f: &Finding| (f.rule.clone(), f.storey.as_ref().map(|s| s.name.clone()), f.id.clone());
        key(a).cmp(&key(b))
    });
    findings
}
