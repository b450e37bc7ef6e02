//! The information that elements carry at the stage of the submission: which properties and attributes a class must have
//! filled from which information level on, and which level a stage asks for.

use super::{Check, Facts, Findings, Rule, Text, Verdict, elements};
use crate::ifc::model::{Element, ElementRef, Model};
use rayon::prelude::*;
use serde::Deserialize;
use std::collections::BTreeSet;

/// See the file's head. `stages` is a list of `{ words, level, title }`, `stage` the words of the one that a submission
/// is of which names none, `items` a list of `{ class, level, any }`.
pub(in crate::checks) const CHECK: Check = Check {
    name: "information",
    summary: "Do elements carry the information that the stage of the submission asks for?",
    run,
};

/// A stage of design.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stage {
    /// What it is called; the longest that a submission's own words hold decides.
    words: Vec<String>,
    /// The information level that it asks for.
    level: u8,
    title: Text,
}

/// A piece of information.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    class: String,
    level: u8,
    /// Names that it goes by: properties, quantities or attributes.
    any: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Table {
    stage: String,
    stages: Vec<Stage>,
    items: Vec<Item>,
}

/// The table of a rule.
fn table(rule: &Rule) -> Result<Table, toml::de::Error> {
    toml::Value::Table(rule.params.clone()).try_into()
}

/// What is wrong with the table of such a rule, if anything is.
pub(in crate::checks) fn fault(rule: &Rule) -> Option<String> {
    table(rule).err().map(|e| e.message().to_owned()).filter(|_| rule.check == CHECK.name)
}

/// What an element has of a piece of information.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Has {
    Nothing,
    Empty,
    Value,
}

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let Ok(table) = table(rule) else { return };
    let said = facts.identity.stage.as_deref().unwrap_or(&table.stage);
    let Some(stage) = stage(&table.stages, said) else {
        let known: Vec<Text> = table.stages.iter().map(|s| s.title.clone()).collect();
        let values = [("stage", Text::same(said)), ("known", Text::list_of(&known))];
        findings.say(rule, Verdict::Undecided, "IfcProject", "stage", &values);
        return;
    };
    let items: Vec<&Item> = table.items.iter().filter(|i| i.level <= stage.level).collect();
    let looked: Vec<(ElementRef, Vec<(&Item, Has)>)> = elements(facts)
        .collect::<Vec<_>>()
        .into_par_iter()
        .filter_map(|(at, element)| {
            let model = facts.models.get(at.model as usize)?;
            let asked: Vec<&Item> = items.iter().copied().filter(|i| model.is_a(element, &i.class)).collect();
            (!asked.is_empty()).then(|| (at, looked_up(model, element, &asked)))
        })
        .collect();
    if looked.is_empty() {
        findings.not_applicable(rule, 1);
    }
    for (at, found) in looked {
        let full = found.iter().filter(|f| f.1 == Has::Value).count();
        findings.passed(rule, full as u64);
        if full < found.len() {
            tell(facts, rule, at, stage, &found, findings);
        }
    }
}

/// One finding for all that an element lacks; elements that lack the same are told together.
fn tell(
    facts: &Facts<'_>,
    rule: &Rule,
    at: ElementRef,
    stage: &Stage,
    found: &[(&Item, Has)],
    findings: &mut Findings,
) {
    let named = |has: Has| -> Vec<&str> {
        let names = found.iter().filter(|f| f.1 == has).filter_map(|f| f.0.any.first());
        names.map(String::as_str).collect::<BTreeSet<&str>>().into_iter().collect()
    };
    let (missing, empty) = (named(Has::Nothing), named(Has::Empty));
    let case = match (missing.is_empty(), empty.is_empty()) {
        (false, true) => "missing",
        (true, _) => "empty",
        (false, false) => "both",
    };
    let level = format!("N{}", stage.level);
    let values = [
        ("missing", Text::list(&missing)),
        ("empty", Text::list(&empty)),
        ("stage", stage.title.clone()),
        ("level", Text::same(level)),
    ];
    if let Some(finding) = findings.fail_element(facts, rule, at, case, &values) {
        finding.mark = Some(format!("{case} {} {}", missing.join(", "), empty.join(", ")));
        findings.failed_too(rule, (missing.len() + empty.len()) as u64 - 1);
    }
}

/// The stage that a text names: that of the longest of its words which the text holds.
fn stage<'t>(stages: &'t [Stage], said: &str) -> Option<&'t Stage> {
    let said = said.trim().to_lowercase();
    let held = |s: &Stage| {
        let own = s.words.iter().map(|w| w.to_lowercase());
        own.filter(|w| said.contains(w.as_str())).map(|w| w.chars().count()).max()
    };
    stages.iter().filter_map(|s| Some((held(s)?, s))).max_by_key(|(length, _)| *length).map(|(_, s)| s)
}

/// What the element, or its type, has of each item.
fn looked_up<'t>(model: &Model, element: &Element, asked: &[&'t Item]) -> Vec<(&'t Item, Has)> {
    let sets = model.property_sets(element.step_id);
    let record = model.step().and_then(|s| s.record(element.step_id));
    let has = |item: &Item| {
        let attribute = |name: &String| {
            let record = record
                .filter(|r| r.definition().is_some_and(|d| d.attributes.iter().any(|a| a.name == *name)))?;
            Some(if record.attribute(name).is_null() { Has::Empty } else { Has::Value })
        };
        let properties =
            sets.iter().flat_map(|s| &s.properties).filter(|p| item.any.iter().any(|n| p.name == *n));
        let filled = properties.map(|p| {
            let blank = p.text().is_some_and(|t| t.trim().is_empty());
            if p.value().is_null() || blank { Has::Empty } else { Has::Value }
        });
        filled.chain(item.any.iter().filter_map(attribute)).max().unwrap_or(Has::Nothing)
    };
    asked.iter().map(|item| (*item, has(item))).collect()
}
