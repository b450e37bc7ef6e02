//! A storey's placement and its Elevation tell the same height. Site and building may lift all storeys together, so
//! each storey is held against the median difference; a wrong one stands out.

use super::{Check, Facts, Findings, Rule, Text, fail_record};
use crate::finding::{StoreyName, Value};

/// See the file's head.
pub(in crate::checks) const CHECK: Check =
    Check { name: "datum", summary: "Do a storey's placement and its Elevation tell the same height?", run };

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let limit = rule.number("limit_mm").unwrap_or(0.0) / 1000.0;
    for model in facts.models {
        let mut differences: Vec<f64> =
            model.storeys.iter().filter_map(|s| Some(s.elevation_m - s.declared_elevation_m?)).collect();
        differences.sort_by(f64::total_cmp);
        let Some(&median) = differences.get(differences.len() / 2) else {
            findings.not_applicable(rule, model.storeys.len() as u64);
            continue;
        };
        for storey in &model.storeys {
            let Some(declared) = storey.declared_elevation_m else {
                findings.not_applicable(rule, 1);
                continue;
            };
            let off = storey.elevation_m - declared - median;
            if off.abs() <= limit {
                findings.passed(rule, 1);
                continue;
            }
            let values = [
                ("storey", Text::same(&storey.name)),
                ("placed", Text::same(format!("{:.3}", storey.elevation_m))),
                ("declared", Text::same(format!("{declared:.3}"))),
                ("off", Text::same(format!("{:.0}", off * 1000.0))),
            ];
            let finding = fail_record(
                findings,
                rule,
                "IfcBuildingStorey",
                &storey.guid,
                Some(&storey.name),
                "differs",
                &values,
            );
            finding.storey = Some(StoreyName { guid: storey.guid.clone(), name: storey.name.clone() });
            finding.measured = Some(Value::Number(storey.elevation_m * 1000.0));
            finding.expected = Some(Value::Number((declared + median) * 1000.0));
            finding.limit = Some(limit * 1000.0);
            finding.unit = Some("mm".into());
        }
    }
}
