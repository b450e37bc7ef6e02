//! The checks: each a question that rules ask with their own numbers. One file per kind of check; [`ALL`] is the
//! chapter list.

mod beam;
mod cause;
mod comparison;
mod compliance;
mod contour;
mod counterpart;
mod coverage;
mod difference;
mod dimension;
mod findings;
mod fire_class;
mod fire_zone;
mod geometry;
mod grid;
mod grouping;
pub mod ids;
mod level;
mod lift;
mod model;
mod needs;
mod newer;
mod plan_gate;
mod rate;
mod room_boundary;
mod scale;
mod schedule;
mod sheets;
mod slab;
mod stair;
mod storey_count;
mod submission;
mod text;
mod waiver;

#[cfg(test)]
pub(crate) mod tests;

pub use findings::Findings;

use crate::error::{Error, Result};
use crate::facts::Facts;
use crate::finding::Finding;
use crate::place::Place;
use crate::rulebook::{Rule, Rulebook};
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

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
    compliance::declared::CHECK,
    compliance::egress::CHECK,
    compliance::fire_compartment::CHECK,
    compliance::room_limit::CHECK,
    compliance::stair_limit::CHECK,
    beam::CHECK,
    contour::CHECK,
    counterpart::CHECK,
    coverage::CHECK,
    difference::CHECK,
    dimension::CHECK,
    fire_class::CHECK,
    fire_zone::CHECK,
    geometry::clash::CHECK,
    geometry::duplicate::CHECK,
    geometry::extent::CHECK,
    geometry::opening_place::CHECK,
    geometry::room_space::CHECK,
    geometry::section_size::CHECK,
    geometry::shape_class::CHECK,
    geometry::storey_band::CHECK,
    geometry::support::CHECK,
    geometry::triangles::CHECK,
    geometry::volume::CHECK,
    geometry::wall_end::CHECK,
    grid::CHECK,
    ids::CHECK,
    level::CHECK,
    lift::CHECK,
    model::contained::CHECK,
    model::count::CHECK,
    model::datum::CHECK,
    model::deprecated::CHECK,
    model::far::CHECK,
    model::filler::CHECK,
    model::georeference::CHECK,
    model::georeference_valid::CHECK,
    model::group_cycle::CHECK,
    model::guid_format::CHECK,
    model::guid_stable::CHECK,
    model::guid_unique::CHECK,
    model::information::CHECK,
    model::material::CHECK,
    model::mirrored_profile::CHECK,
    model::named::CHECK,
    model::one_parent::CHECK,
    model::outline::CHECK,
    model::proxy_share::CHECK,
    model::record::CHECK,
    model::room_label::CHECK,
    model::schema_name::CHECK,
    model::shell::CHECK,
    model::standard_set::CHECK,
    model::storey_name::CHECK,
    model::storey_spacing::CHECK,
    model::typed::CHECK,
    model::unit_conversion::CHECK,
    model::units::CHECK,
    model::unreferenced::CHECK,
    newer::CHECK,
    plan_gate::CHECK,
    rate::CHECK,
    room_boundary::CHECK,
    scale::CHECK,
    schedule::CHECK,
    sheets::CHECK,
    slab::CHECK,
    stair::CHECK,
    storey_count::CHECK,
    submission::form::CHECK,
    submission::identity::CHECK,
    submission::set::CHECK,
    submission::title_block::CHECK,
    text::CHECK,
    waiver::CHECK,
];

/// A rule asks for the bodies of the models.
pub fn needs_bodies(rulebook: &Rulebook) -> bool {
    rulebook.rules.iter().any(|r| geometry::ON_BODIES.contains(&r.check.as_str()))
}

/// Every rule asks a check that is there, by a pattern that can be asked.
///
/// # Errors
/// With the first rule that does not, and the checks that are there; with the first pattern or table that is none, too: a
/// rule that cannot be asked must not pass.
pub fn verify(rulebook: &Rulebook) -> Result<()> {
    for rule in &rulebook.rules {
        if !ALL.iter().any(|c| c.name == rule.check) {
            let known: Vec<&str> = ALL.iter().map(|c| c.name).collect();
            let message = format!(
                "rule {}: there is no check \"{}\"; there are {}",
                rule.id,
                rule.check.chars().take(40).collect::<String>(),
                known.join(", ")
            );
            return Err(Error::Rule { place: Place::file(&rulebook.profile), message });
        }
        if let Some(fault) = model::information::fault(rule) {
            let message = format!("rule {}: its table cannot be read: {fault}", rule.id);
            return Err(Error::Rule { place: Place::file(&rulebook.profile), message });
        }
        let source = rule.params.get("pattern").and_then(|p| p.as_str()).unwrap_or_default();
        if crate::rulebook::ids::Pattern::new(source).is_err() {
            let shown: String = source.chars().take(60).collect();
            let message = format!(
                "rule {}: \"{shown}\" is no pattern of XML Schema, or one that would take too long",
                rule.id
            );
            return Err(Error::Rule { place: Place::file(&rulebook.profile), message });
        }
    }
    Ok(())
}

/// Asks every rule of the rulebook. The order of findings is that of the rules, then storey, then fingerprint.
pub fn run(facts: &Facts<'_>, rulebook: &Rulebook) -> Findings {
    // gates first: they need nothing
    let (gates, others): (Vec<&Rule>, Vec<&Rule>) = rulebook.rules.iter().partition(|r| r.needs.is_empty());
    let mut findings = side_by_side(&gates, &|rule, findings| ask(facts, rule, findings));
    let shut = needs::Shut::of(facts, &findings);
    findings.append(side_by_side(&others, &|rule, findings| {
        let blocked = shut.for_rule(rule);
        if blocked.is_empty() {
            ask(facts, rule, findings);
            return;
        }
        let matches = facts.matches.without(&|plan| blocked.contains_key(&plan));
        ask(&Facts { matches: &matches, ..*facts }, rule, findings);
        for (plan, gate) in blocked {
            findings.blocked(rule, needs::cases(facts, rule, plan), gate);
        }
    }));
    needs::within_scope(facts, &mut findings);
    for finding in &mut findings.list {
        finding.fingerprint();
    }
    waiver::apply(facts, rulebook, &mut findings);
    cause::group(facts, &mut findings, rulebook);
    grouping::group(&mut findings, rulebook);
    findings.list.sort_by(|a, b| {
        let key = |f: &Finding| (f.rule.clone(), f.storey.as_ref().map(|s| s.name.clone()), f.id.clone());
        key(a).cmp(&key(b))
    });
    findings
}

/// Stack of a thread that asks rules, bytes: what a main thread has.
const STACK: usize = 8 << 20;

/// Asks rules on as many threads as there are for parallel work; what they say stands in the order of the rules.
///
/// These are threads of their own. A rule that was a task of the pool could begin in the middle of another one that
/// waits for its parts there, on top of its stack.
fn side_by_side(rules: &[&Rule], ask: &(impl Fn(&Rule, &mut Findings) + Sync)) -> Findings {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut said = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(rule) = rules.get(at) else { return said };
            let mut findings = Findings::default();
            ask(rule, &mut findings);
            said.push((at, findings));
        }
    };
    let mut said = thread::scope(|scope| {
        // where no more threads are to be had, there is still this one
        let start = |_| thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).ok();
        let more: Vec<_> = (1..rayon::current_num_threads().min(rules.len())).filter_map(start).collect();
        let mut said = work();
        for other in more {
            said.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        said
    });
    said.sort_unstable_by_key(|s| s.0);
    said.into_iter().fold(Findings::default(), |mut all, (_, findings)| {
        all.append(findings);
        all
    })
}

fn ask(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    findings.tallies.entry(rule.id.clone()).or_default();
    if let Some(check) = ALL.iter().find(|c| c.name == rule.check) {
        (check.run)(facts, rule, findings);
    }
}
