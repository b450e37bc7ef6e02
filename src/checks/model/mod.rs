//! Checks of the model alone: is the information complete, is the model sound.

pub(super) mod contained;
pub(super) mod count;
pub(super) mod datum;
pub(super) mod deprecated;
pub(super) mod far;
pub(super) mod filler;
pub(super) mod georeference;
pub(super) mod georeference_valid;
pub(super) mod group_cycle;
pub(super) mod guid_format;
pub(super) mod guid_stable;
pub(super) mod guid_unique;
pub(super) mod information;
pub(super) mod material;
pub(super) mod mirrored_profile;
pub(super) mod named;
pub(super) mod one_parent;
pub(super) mod outline;
pub(super) mod proxy_share;
pub(super) mod record;
pub(super) mod room_label;
pub(super) mod schema_name;
pub(super) mod shell;
pub(super) mod standard_set;
pub(super) mod storey_name;
pub(super) mod storey_spacing;
pub(super) mod typed;
pub(super) mod unit_conversion;
pub(super) mod units;
pub(super) mod unreferenced;

use super::Check;
use super::findings::Findings;
use crate::facts::Facts;
use crate::finding::{Finding, Verdict};
use crate::ifc::model::{Element, ElementRef};
use crate::rulebook::Rule;
use crate::wording::Text;

/// Every element of every model that the submission claims to contain, with its reference.
fn elements<'a>(facts: &Facts<'a>) -> impl Iterator<Item = (ElementRef, &'a Element)> + use<'a> {
    let facts = *facts;
    facts
        .models
        .iter()
        .zip(0u32..)
        .flat_map(|(model, m)| {
            model.elements.iter().zip(0u32..).map(move |(e, index)| (ElementRef { model: m, index }, e))
        })
        .filter(move |(element, _)| facts.scope.has(facts.models, *element))
}

/// Elements whose class, or a class that it is a subtype of, stands in the rule's list `of`.
fn elements_of<'a>(facts: &Facts<'a>, rule: &Rule) -> Vec<(ElementRef, &'a Element)> {
    let of = rule.names("of");
    elements(facts)
        .filter(|(reference, e)| {
            let model = facts.models.get(reference.model as usize);
            of.iter().any(|name| model.is_some_and(|m| m.is_a(e, name)))
        })
        .collect()
}

/// The texts of a list.
fn strings(value: Option<&toml::Value>) -> Vec<&str> {
    match value {
        Some(toml::Value::Array(list)) => list.iter().filter_map(|v| v.as_str()).collect(),
        _ => Vec::new(),
    }
}

/// Says that a record that is no element failed: a project, a storey, a group.
fn fail_record<'f>(
    findings: &'f mut Findings,
    rule: &Rule,
    class: &str,
    guid: &str,
    name: Option<&str>,
    case: &str,
    values: &[(&str, Text)],
) -> &'f mut Finding {
    let finding = findings.say(rule, Verdict::Fail, class, case, values);
    if !guid.is_empty() {
        finding.elements.push(crate::finding::ElementName {
            guid: guid.to_owned(),
            step_id: 0,
            class: class.to_owned(),
            name: name.map(str::to_owned),
            tag: None,
        });
    }
    finding
}
