//! A GlobalId names one object, in one file and over all files of a submission.

use super::{Check, Facts, Findings, Rule, Text, Verdict};
use crate::finding::ElementName;
use std::collections::BTreeMap;

/// See the file's head.
pub(in crate::checks) const CHECK: Check =
    Check { name: "guid_unique", summary: "Does every GlobalId name one object only?", run };

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let mut owners: BTreeMap<String, Vec<(ElementName, &str)>> = BTreeMap::new();
    for model in facts.models {
        let Some(step) = model.step() else { continue };
        for record in step.records_of("IfcRoot") {
            let Some(guid) = record.attribute("GlobalId").text() else { continue };
            let name = ElementName {
                guid: guid.clone(),
                step_id: record.id,
                class: record.class().to_owned(),
                name: record.attribute("Name").text(),
                tag: None,
            };
            owners.entry(guid).or_default().push((name, &model.file));
        }
    }
    for (guid, owners) in owners {
        // the spatial structure is often repeated in the models of several disciplines: the same object, on purpose
        let shared = owners.iter().all(|(n, _)| SPATIAL.contains(&n.class.as_str()))
            && owners.windows(2).all(|w| w[0].1 != w[1].1);
        if owners.len() < 2 || shared {
            findings.passed(rule, 1);
            continue;
        }
        let shown: Vec<String> =
            owners.iter().take(4).map(|(n, file)| format!("{file} #{} {}", n.step_id, n.class)).collect();
        let values = [("guid", Text::same(&guid)), ("owners", Text::same(shown.join(", ")))];
        let class = owners.first().map(|(n, _)| n.class.clone()).unwrap_or_default();
        let finding = findings.say(rule, Verdict::Fail, &class, "repeated", &values);
        finding.elements = owners.into_iter().map(|(n, _)| n).collect();
    }
}

/// What the models of several disciplines may share.
const SPATIAL: [&str; 4] = ["IfcProject", "IfcSite", "IfcBuilding", "IfcBuildingStorey"];
