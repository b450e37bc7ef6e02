//! Storeys have names of their own, and names that count rise with the elevations.

use super::{Check, Facts, Findings, Rule, Text, fail_record};
use crate::finding::StoreyName;
use crate::ifc::Storey;
use crate::registration::storey::ordinal;

/// See the file's head.
pub(in crate::checks) const CHECK: Check = Check {
    name: "storey_name",
    summary: "Has every storey a name of its own, and do names count upwards?",
    run,
};

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    for model in facts.models {
        // of those that count from one, and of those that count from the ground floor
        let mut last: [Option<(i32, &str)>; 2] = [None, None];
        for (at, storey) in model.storeys.iter().enumerate() {
            let name = storey.name.trim();
            let twice = model.storeys.iter().take(at).any(|s| s.name.trim() == name);
            let number = ordinal(name);
            let before = number.and_then(|(_, of_one)| last.get(usize::from(of_one)).copied().flatten());
            let falls = number.zip(before).is_some_and(|((n, _), (l, _))| n < l);
            let below = before.map_or("", |l| l.1);
            if let Some((n, of_one)) = number.filter(|_| !falls)
                && let Some(own) = last.get_mut(usize::from(of_one))
            {
                *own = Some((n, &storey.name));
            }
            let case = if name.is_empty() {
                "unnamed"
            } else if twice {
                "twice"
            } else if falls {
                "order"
            } else {
                findings.passed(rule, 1);
                continue;
            };
            tell(rule, storey, case, below, findings);
        }
    }
}

fn tell(rule: &Rule, storey: &Storey, case: &str, below: &str, findings: &mut Findings) {
    let values = [
        ("storey", Text::same(&storey.name)),
        ("below", Text::same(below)),
        ("height", Text::same(format!("{:.3}", storey.elevation_m))),
    ];
    let finding =
        fail_record(findings, rule, "IfcBuildingStorey", &storey.guid, Some(&storey.name), case, &values);
    finding.storey = Some(StoreyName { guid: storey.guid.clone(), name: storey.name.clone() });
}
