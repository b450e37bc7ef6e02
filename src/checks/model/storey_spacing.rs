//! The height from one storey to the next lies in what buildings have. Two storeys at one height are one storey modelled
//! twice, or a mezzanine without its height.

use super::{Check, Facts, Findings, Rule, Text, fail_record};
use crate::finding::{StoreyName, Value};

/// See the file's head.
pub(in crate::checks) const CHECK: Check = Check {
    name: "storey_spacing",
    summary: "Is the height from storey to storey one that buildings have?",
    run,
};

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let (Some(min), Some(max)) = (rule.number("min_m"), rule.number("max_m")) else { return };
    for model in facts.models {
        for pair in model.storeys.windows(2) {
            let [below, above] = pair else { continue };
            let height = above.elevation_m - below.elevation_m;
            if (min..=max).contains(&height) {
                findings.passed(rule, 1);
                continue;
            }
            let values = [
                ("below", Text::same(&below.name)),
                ("above", Text::same(&above.name)),
                ("height", Text::same(format!("{height:.3}"))),
                ("min", Text::same(format!("{min:.2}"))),
                ("max", Text::same(format!("{max:.2}"))),
            ];
            let case = if height < min { "low" } else { "high" };
            let finding = fail_record(
                findings,
                rule,
                "IfcBuildingStorey",
                &above.guid,
                Some(&above.name),
                case,
                &values,
            );
            finding.storey = Some(StoreyName { guid: above.guid.clone(), name: above.name.clone() });
            finding.measured = Some(Value::Number(height));
            finding.limit = Some(if height < min { min } else { max });
            finding.unit = Some("m".into());
        }
    }
}
