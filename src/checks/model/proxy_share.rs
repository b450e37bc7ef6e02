//! IfcBuildingElementProxy says that something is there and not what. A few are fair; many mean that the export was never
//! set up.

use super::{Check, Facts, Findings, Rule, Text, Verdict};
use crate::finding::Value;
use crate::ifc::model::Kind;

/// See the file's head.
pub(in crate::checks) const CHECK: Check =
    Check { name: "proxy_share", summary: "Is the share of elements without a class small?", run };

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let Some(limit) = rule.number("limit_share") else { return };
    for model in facts.models {
        let counted = model.elements.iter().filter(|e| !matches!(e.kind, Kind::Opening | Kind::Space));
        let all = counted.clone().count();
        let proxies = counted.filter(|e| e.kind == Kind::Proxy).count();
        if all == 0 {
            findings.not_applicable(rule, 1);
            continue;
        }
        let share = proxies as f64 / all as f64;
        if share <= limit {
            findings.passed(rule, 1);
            continue;
        }
        let values = [
            ("file", Text::same(&model.file)),
            ("proxies", Text::same(proxies.to_string())),
            ("all", Text::same(all.to_string())),
            ("share", Text::same(format!("{:.0}", share * 100.0))),
            ("limit", Text::same(format!("{:.0}", limit * 100.0))),
        ];
        let finding = findings.say(rule, Verdict::Fail, "IfcBuildingElementProxy", "many", &values);
        finding.mark = Some(model.file.clone());
        finding.measured = Some(Value::Number(share));
        finding.limit = Some(limit);
    }
}
