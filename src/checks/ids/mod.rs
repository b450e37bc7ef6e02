//! IDS against IFC: is a document sound (rule CP16), and does a model satisfy it (rule CP15).
//!
//! A specification that is not met is one finding, with the objects that fail it under it. A document that is not sound
//! is told and not asked of any model, since nothing that it says is to be relied on.

mod audit;
mod classes;
mod content;
mod described;
mod evaluate;
mod measures;
mod object;
mod test;

pub use audit::audit;
pub use described::{Described, asked};
pub use evaluate::{Case, Evaluation, Failure, Result, evaluate};
pub use test::Why;

use super::{Check, Findings};
use crate::facts::Facts;
use crate::finding::{ElementName, Finding, StoreyName, Verdict};
use crate::ifc::Model;
use crate::rulebook::Rule;
use crate::rulebook::ids::{Answer, Document, Specification};
use crate::wording::Text;

/// The check.
pub const CHECK: Check =
    Check { name: "ids", summary: "Is every IDS that was given sound, and does the model meet it?", run };

/// Objects of one specification that become findings of their own; the finding above them counts all.
const MAX_FINDINGS: usize = 200;

/// Such objects of all specifications: a crowd of specifications is told by its counts.
const MAX_FINDINGS_IN_ALL: usize = 5_000;

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let of_document = rule.params.get("ask").and_then(toml::Value::as_str) == Some("document");
    let mut left = MAX_FINDINGS_IN_ALL;
    for document in facts.ids {
        let faults = audit(document);
        if of_document {
            for fault in &faults {
                let values: Vec<(&str, Text)> =
                    fault.values.iter().map(|(name, value)| (*name, Text::same(value))).collect();
                let finding = findings.say(rule, Verdict::Fail, "IDS", fault.code, &values);
                finding.mark = Some(format!("{}:{} {}", document.file, fault.line, fault.code));
                let place = format!("{}:{}: ", document.file, fault.line);
                finding.message.en.insert_str(0, &place);
                finding.message.zh.insert_str(0, &place);
            }
            if faults.is_empty() {
                findings.passed(rule, 1);
            }
        } else if faults.is_empty() {
            for model in facts.models {
                if let Some(file) = &model.step {
                    model_findings(rule, model, document, &evaluate(file, document), &mut left, findings);
                }
            }
        }
    }
}

/// Findings of one model against one document.
fn model_findings(
    rule: &Rule,
    model: &Model,
    document: &Document,
    evaluation: &Evaluation<'_>,
    left: &mut usize,
    findings: &mut Findings,
) {
    for (at, (result, specification)) in evaluation.results.iter().zip(&document.specifications).enumerate() {
        let mut tally = findings.tallies.get(&rule.id).cloned().unwrap_or_default();
        tally.passed += result.passed;
        tally.failed += result.failed + u64::from(result.case == Case::NothingApplies);
        tally.undecided += result.undecided + u64::from(result.case == Case::Open);
        tally.not_applicable += u64::from(result.applicable == 0 && result.answer() == Answer::Yes);
        if result.answer() != Answer::Yes {
            one_specification(rule, model, (at, specification), evaluation, left, findings);
        }
        findings.tallies.insert(rule.id.clone(), tally);
    }
}

fn one_specification(
    rule: &Rule,
    model: &Model,
    (at, specification): (usize, &Specification),
    evaluation: &Evaluation<'_>,
    left: &mut usize,
    findings: &mut Findings,
) {
    let Some(result) = evaluation.results.get(at) else { return };
    let name = label(specification, at);
    let count = |n: u64| Text::same(n.to_string());
    let values = [
        ("specification", Text::same(&name)),
        ("applicable", count(result.applicable)),
        ("failed", count(result.failed)),
        ("undecided", count(result.undecided)),
    ];
    let case = match result.case {
        Case::Objects => "specification",
        Case::NothingApplies => "nothing-applies",
        Case::Forbidden => "forbidden-all",
        Case::Open => "work",
    };
    let verdict = if result.answer() == Answer::No { Verdict::Fail } else { Verdict::Undecided };
    let class = specification.applicability.first().map(|f| asked(&f.kind)).unwrap_or_default();
    let parent = findings.say(rule, verdict, &class, case, &values);
    parent.mark = Some(format!("{} · {}", evaluation.document.file, name));
    if let Some(instructions) = &specification.instructions {
        parent.fix = Text::same(instructions);
    }
    parent.fingerprint();
    let id = parent.id.clone();
    let told = result.failures.len().min(MAX_FINDINGS).min(*left);
    *left -= told;
    for failure in result.failures.iter().take(told) {
        let Some(described) = evaluation.describe(at, failure) else { continue };
        let values = [
            ("object", Text::same(described.object(failure.object))),
            ("asked", Text::same(&described.asked)),
            ("found", Text::same(&described.found)),
        ];
        let verdict = if failure.undecided { Verdict::Undecided } else { Verdict::Fail };
        let finding = findings.say(rule, verdict, described.class, failure.why.case(), &values);
        let asked = match specification.requirements.get(failure.requirement as usize) {
            Some(requirement) => {
                if let Some(instructions) = &requirement.instructions {
                    finding.fix = Text::same(instructions);
                }
                failure.requirement.to_string()
            }
            None => "-".to_owned(),
        };
        finding.parent = Some(id.clone());
        finding.mark = Some(format!("{} · {} · {}", evaluation.document.file, name, asked));
        name_object(finding, model, failure.object, described);
    }
}

/// Identifier and name of a specification, or its number.
pub fn label(specification: &Specification, at: usize) -> String {
    match (&specification.identifier, specification.name.trim()) {
        (Some(id), "") => id.clone(),
        (Some(id), name) if id != name => format!("{id} {name}"),
        (_, "") => format!("{}", at + 1),
        (_, name) => name.to_owned(),
    }
}

fn name_object(finding: &mut Finding, model: &Model, number: u32, described: Described) {
    let element = model.elements.binary_search_by_key(&number, |e| e.step_id).ok();
    if let Some(element) = element.and_then(|at| model.elements.get(at)) {
        let storey = element.storey.and_then(|s| model.storeys.get(s as usize));
        finding.storey = storey.map(|s| StoreyName { guid: s.guid.clone(), name: s.name.clone() });
        finding.point_m = element.placement.map(|p| p.origin.into());
    }
    if described.guid.is_empty() {
        // It has no identity of its own: its name is all that tells it from another of its kind.
        if let (Some(mark), Some(name)) = (&mut finding.mark, &described.name) {
            mark.push_str(&format!(" · {name}"));
        }
    }
    finding.elements = vec![ElementName {
        guid: described.guid,
        step_id: number,
        class: described.class.to_owned(),
        name: described.name,
        tag: described.tag,
    }];
}
