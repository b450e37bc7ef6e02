//! Gates: a rule is asked of a plan only where the gates that it needs have opened for that plan. What is not asked is
//! blocked, never passed. And nothing outside the claimed scope is a finding.

use super::comparison::Class;
use super::findings::Findings;
use crate::facts::Facts;
use crate::finding::Severity;
use crate::ifc::model::ElementRef;
use crate::rulebook::Rule;
use std::collections::{BTreeMap, BTreeSet};

/// For each plan the gates that stayed shut.
#[derive(Debug, Default)]
pub(super) struct Shut {
    plans: BTreeMap<usize, BTreeSet<String>>,
}

impl Shut {
    /// From what the gates said.
    pub(super) fn of(facts: &Facts<'_>, findings: &Findings) -> Self {
        let mut plans: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
        for finding in findings.list.iter().filter(|f| f.severity == Severity::Gate) {
            for drawn in &finding.drawn {
                let plan = facts.plans.plans.iter().position(|p| Some(&p.id) == drawn.plan.as_ref());
                if let Some(plan) = plan {
                    plans.entry(plan).or_default().insert(finding.rule.clone());
                }
            }
        }
        Self { plans }
    }

    /// Plans that a rule is not asked of, each with the first gate that it needs and that is shut.
    pub(super) fn for_rule<'r>(&self, rule: &'r Rule) -> BTreeMap<usize, &'r str> {
        self.plans
            .iter()
            .filter_map(|(plan, gates)| {
                let gate = rule.needs.iter().find(|g| gates.contains(*g))?;
                Some((*plan, gate.as_str()))
            })
            .collect()
    }
}

/// How many cases of a rule a plan holds that were not asked: what is drawn of its classes, or the plan as one.
pub(super) fn cases(facts: &Facts<'_>, rule: &Rule, plan: usize) -> u64 {
    let Some(p) = facts.plans.plans.get(plan) else { return 0 };
    let classes = Class::of(rule);
    if classes.is_empty() {
        return 1;
    }
    let counted: usize = classes
        .iter()
        .map(|class| match class {
            Class::Wall => p.walls.len(),
            Class::Column => p.columns.len(),
            Class::Door | Class::Window => {
                let kind = class.drawn_kind();
                p.openings.iter().filter(|o| Some(o.kind) == kind).count()
            }
            Class::Room => p.rooms.len(),
            Class::Axis => p.axes.len(),
        })
        .sum();
    counted as u64
}

/// Takes off what is said of elements and storeys outside the claimed scope.
pub(super) fn within_scope(facts: &Facts<'_>, findings: &mut Findings) {
    let scope = facts.scope;
    if scope.is_everything() {
        return;
    }
    let mut by_guid: BTreeMap<&str, ElementRef> = BTreeMap::new();
    for (m, model) in facts.models.iter().zip(0u32..) {
        by_guid.extend(
            m.elements.iter().zip(0u32..).map(|(e, index)| (e.guid.as_str(), ElementRef { model, index })),
        );
    }
    let inside = |guid: &str| by_guid.get(guid).is_none_or(|&e| scope.has(facts.models, e));
    let mut gone: Vec<(String, crate::finding::Verdict, Severity)> = Vec::new();
    findings.list.retain_mut(|f| {
        let of_storey = f.storey.as_ref().is_some_and(|s| scope.leaves_out(facts.models, &s.guid))
            || f.elements.first().is_some_and(|e| scope.leaves_out(facts.models, &e.guid));
        let named = f.elements.len();
        f.elements.retain(|e| inside(&e.guid));
        let keep = !of_storey && (named == 0 || !f.elements.is_empty());
        if !keep {
            gone.push((f.rule.clone(), f.verdict, f.severity));
        }
        keep
    });
    for (rule, verdict, severity) in gone {
        findings.take_back(&rule, verdict, severity);
    }
}
