//! A GlobalId names one object, in one file and over all files of a submission.

use super::{Check, Facts, Findings, Rule, Text, Verdict};
use crate::finding::ElementName;
use crate::ifc::step::{Record, Value};
use rayon::prelude::*;
use std::borrow::Cow;

/// See the file's head.
pub(in crate::checks) const CHECK: Check =
    Check { name: "guid_unique", summary: "Does every GlobalId name one object only?", run };

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let mut named: Vec<(Cow<'_, str>, usize, Record<'_>)> = Vec::new();
    for (number, step) in facts.models.iter().enumerate().filter_map(|(i, m)| Some((i, m.step()?))) {
        let ids = step.ids_of_subtypes("IfcRoot");
        named.par_extend(ids.into_par_iter().filter_map(|id| {
            let record = step.record(id)?;
            match record.attribute("GlobalId").plain() {
                Value::Text(text) => Some((text.decode(), number, record)),
                _ => None,
            }
        }));
    }
    named.par_sort_by(|a, b| (&a.0, a.1, a.2.id).cmp(&(&b.0, b.1, b.2.id)));
    for owners in named.chunk_by(|a, b| a.0 == b.0) {
        // the spatial structure is often repeated in the models of several disciplines: the same object, on purpose
        let shared = owners.iter().all(|(_, _, record)| SPATIAL.contains(&record.class()))
            && owners.windows(2).all(|w| w[0].1 != w[1].1);
        if owners.len() < 2 || shared {
            findings.passed(rule, 1);
        } else {
            repeated(facts, rule, owners, findings);
        }
    }
}

/// One GlobalId with all that bear it: their models and records.
fn repeated(
    facts: &Facts<'_>,
    rule: &Rule,
    owners: &[(Cow<'_, str>, usize, Record<'_>)],
    findings: &mut Findings,
) {
    let Some((guid, _, first)) = owners.first() else { return };
    let file = |model: usize| facts.models.get(model).map_or("", |m| m.file.as_str());
    let shown: Vec<String> =
        owners.iter().take(4).map(|(_, m, r)| format!("{} #{} {}", file(*m), r.id, r.class())).collect();
    let values = [("guid", Text::same(guid.as_ref())), ("owners", Text::same(shown.join(", ")))];
    let finding = findings.say(rule, Verdict::Fail, first.class(), "repeated", &values);
    let name = |(guid, _, record): &(Cow<'_, str>, usize, Record<'_>)| ElementName {
        guid: guid.to_string(),
        step_id: record.id,
        class: record.class().to_owned(),
        name: record.attribute("Name").text(),
        tag: None,
    };
    finding.elements = owners.iter().map(name).collect();
}

/// What the models of several disciplines may share.
const SPATIAL: [&str; 4] = ["IfcProject", "IfcSite", "IfcBuilding", "IfcBuildingStorey"];
