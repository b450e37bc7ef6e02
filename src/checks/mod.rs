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
mod needs;
mod plan_gate;
mod scale;
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
    scale::CHECK,
    schedule::CHECK,
    stair::CHECK,
    text::CHECK,
];

/// Asks every rule of the rulebook. The order of findings is that of the rules, then storey, then fingerprint.
pub fn run(facts: &Facts<'_>, rulebook: &Rulebook) -> Findings {
    let mut findings = Findings::default();
    // gates first: they need nothing
    let (gates, others): (Vec<&Rule>, Vec<&Rule>) = rulebook.rules.iter().partition(|r| r.needs.is_empty());
    for rule in gates {
        ask(facts, rule, &mut findings);
    }
    let shut = needs::Shut::of(facts, &findings);
    for rule in others {
        let blocked = shut.for_rule(rule);
        if blocked.is_empty() {
            ask(facts, rule, &mut findings);
            continue;
        }
        let matches = facts.matches.without(&|plan| blocked.contains_key(&plan));
        ask(&Facts { matches: &matches, ..*facts }, rule, &mut findings);
        for (plan, gate) in blocked {
            findings.blocked(rule, needs::cases(facts, rule, plan), gate);
        }
    }
    needs::within_scope(facts, &mut findings);
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

fn ask(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    findings.tallies.entry(rule.id.clone()).or_default();
    if let Some(check) = ALL.iter().find(|c| c.name == rule.check) {
        (check.run)(facts, rule, findings);
    }
}
