//! What was compared on each plan, by class, and how it came out.

use super::Coverage;
use crate::checks::Findings;
use crate::drawing::plans::OpeningKind;
use crate::facts::Facts;
use crate::finding::{Finding, Side, Verdict};
use crate::ifc::model::{ElementRef, Kind};
use crate::matching::{ClassMatches, PlanMatches};
use std::collections::{BTreeMap, BTreeSet};

/// Classes, as reports name them.
pub const CLASSES: [&str; 6] = ["wall", "column", "door", "window", "room", "axis"];

/// The coverage of one plan over all storeys that it was laid on.
pub fn of_plan(facts: &Facts<'_>, findings: &Findings, plan: usize) -> BTreeMap<String, Coverage> {
    let mut out: BTreeMap<String, Coverage> = BTreeMap::new();
    for matches in facts.matches.plans.iter().filter(|m| m.plan == plan) {
        let said = Said::of(facts, findings, matches);
        for class in CLASSES {
            let counted = count(facts, matches, class, &said);
            if counted != Coverage::default() {
                add(out.entry(class.to_owned()).or_default(), &counted);
            }
        }
    }
    out
}

fn add(to: &mut Coverage, more: &Coverage) {
    to.compared += more.compared;
    to.agreed += more.agreed;
    to.differ += more.differ;
    to.missing_in_model += more.missing_in_model;
    to.missing_in_drawing += more.missing_in_drawing;
    to.undecided += more.undecided;
}

/// What findings say of the elements and axes of one storey.
pub(super) struct Said<'a> {
    pub(super) differ: BTreeSet<&'a str>,
    pub(super) undecided: BTreeSet<&'a str>,
}

impl<'a> Said<'a> {
    pub(super) fn of(facts: &Facts<'_>, findings: &'a Findings, matches: &PlanMatches) -> Self {
        let storey = facts.storey_name(matches.storey);
        let plan = facts.plans.plans.get(matches.plan).map(|p| p.id.as_str());
        let here = |f: &&Finding| {
            f.side == Some(Side::Differs)
                && (f.storey.is_none() || f.storey == storey)
                && (f.drawn.is_empty() || f.drawn.iter().any(|d| d.plan.as_deref() == plan))
        };
        let mut said = Self { differ: BTreeSet::new(), undecided: BTreeSet::new() };
        for finding in findings.list.iter().filter(here) {
            let set = match finding.verdict {
                Verdict::Fail => &mut said.differ,
                Verdict::Undecided => &mut said.undecided,
            };
            // the main element only: the others are witnesses
            set.extend(finding.elements.first().map(|e| e.guid.as_str()));
            set.extend(finding.axis.as_deref().filter(|_| finding.class.starts_with("IfcGrid")));
        }
        said
    }
}

/// The comparison of a class.
pub(super) fn list<'m>(matches: &'m PlanMatches, class: &str) -> &'m ClassMatches {
    match class {
        "wall" => &matches.walls,
        "column" => &matches.columns,
        "room" => &matches.rooms,
        "axis" => &matches.axes,
        _ => &matches.openings,
    }
}

fn count(facts: &Facts<'_>, matches: &PlanMatches, class: &str, said: &Said<'_>) -> Coverage {
    let list = list(matches, class);
    let mut out = Coverage::default();
    for pair in &list.pairs {
        if modelled_class(facts, matches, class, pair.modelled) {
            let key = modelled_key(facts, matches, class, pair.modelled);
            let differs = key.as_deref().is_some_and(|k| said.differ.contains(k));
            let open = key.as_deref().is_some_and(|k| said.undecided.contains(k));
            let counter = if differs {
                &mut out.differ
            } else if open {
                &mut out.undecided
            } else {
                &mut out.agreed
            };
            *counter += 1;
        }
    }
    for missing in list.missing_in_drawing.iter().filter(|m| modelled_class(facts, matches, class, m.index)) {
        *(if missing.undecided.is_some() { &mut out.undecided } else { &mut out.missing_in_drawing }) += 1;
    }
    for missing in list.missing_in_model.iter().filter(|m| drawn_class(facts, matches, class, m.index)) {
        *(if missing.undecided.is_some() { &mut out.undecided } else { &mut out.missing_in_model }) += 1;
    }
    out.compared = out.agreed + out.differ + out.missing_in_model + out.missing_in_drawing;
    out
}

/// Doors and windows share a list: is this one of the class?
pub(super) fn modelled_class(facts: &Facts<'_>, matches: &PlanMatches, class: &str, index: usize) -> bool {
    let wanted = match class {
        "door" => Kind::Door,
        "window" => Kind::Window,
        _ => return true,
    };
    let opening = facts.storeys.get(matches.storey).and_then(|s| s.openings.get(index));
    opening.is_some_and(|o| o.kind == wanted)
}

pub(super) fn drawn_class(facts: &Facts<'_>, matches: &PlanMatches, class: &str, index: usize) -> bool {
    let wanted = match class {
        "door" => OpeningKind::Door,
        "window" => OpeningKind::Window,
        _ => return true,
    };
    let opening = facts.plans.plans.get(matches.plan).and_then(|p| p.openings.get(index));
    opening.is_some_and(|o| o.kind == wanted)
}

/// What findings call it: the GlobalId, or the label of an axis.
pub(super) fn modelled_key(
    facts: &Facts<'_>,
    matches: &PlanMatches,
    class: &str,
    index: usize,
) -> Option<String> {
    if class == "axis" {
        return Some(facts.storeys.get(matches.storey)?.axes.get(index)?.label.clone());
    }
    let element = modelled_element(facts, matches, class, index)?;
    Some(facts.models.get(element.model as usize)?.element(element.index)?.guid.clone())
}

/// The element of this number in the class's list; axes are none.
pub(super) fn modelled_element(
    facts: &Facts<'_>,
    matches: &PlanMatches,
    class: &str,
    index: usize,
) -> Option<ElementRef> {
    let storey = facts.storeys.get(matches.storey)?;
    Some(match class {
        "wall" => storey.walls.get(index)?.element,
        "column" => storey.columns.get(index)?.element,
        "room" => storey.rooms.get(index)?.element,
        "axis" => return None,
        _ => storey.openings.get(index)?.element,
    })
}
