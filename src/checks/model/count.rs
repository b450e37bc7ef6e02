//! How many objects of a class a model may have: one project, a building at least, a storey at least.
//!
//! `of` is a list of `{ class, min, max, schema }`; subtypes count; without `schema` in files of every schema. With
//! `across = true` the models of a submission are counted together: each discipline has its own classes.

use super::{Check, Facts, Findings, Rule, Text, Verdict};

/// See the file's head.
pub(in crate::checks) const CHECK: Check =
    Check { name: "count", summary: "Does the model have as many objects of a class as it should?", run };

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let Some(toml::Value::Array(asked)) = rule.params.get("of") else { return };
    if rule.params.get("across").and_then(toml::Value::as_bool) == Some(true) {
        across(facts, rule, asked, findings);
        return;
    }
    for model in facts.models {
        let Some(step) = model.step() else { continue };
        for entry in asked {
            let Some(class) = entry.get("class").and_then(|v| v.as_str()) else { continue };
            let bound = |name: &str| entry.get(name).and_then(toml::Value::as_integer);
            let schemas = super::strings(entry.get("schema"));
            if !schemas.is_empty() && !schemas.iter().any(|s| step.schema().name.split('_').next() == Some(s))
            {
                findings.not_applicable(rule, 1);
                continue;
            }
            let found = i64::try_from(step.ids_of_subtypes(class).len()).unwrap_or(i64::MAX);
            let case = match (bound("min"), bound("max")) {
                (Some(min), _) if found < min => "too_few",
                (_, Some(max)) if found > max => "too_many",
                _ => {
                    findings.passed(rule, 1);
                    continue;
                }
            };
            let limit = bound(if case == "too_few" { "min" } else { "max" }).unwrap_or(0);
            let values = [
                ("file", Text::same(&model.file)),
                ("class", Text::same(class)),
                ("found", Text::same(found.to_string())),
                ("limit", Text::same(limit.to_string())),
            ];
            let finding = findings.say(rule, Verdict::Fail, class, case, &values);
            finding.mark = Some(model.file.clone());
        }
    }
}

/// Files that a message names.
const NAMED: usize = 3;

/// Least numbers over all models.
fn across(facts: &Facts<'_>, rule: &Rule, asked: &[toml::Value], findings: &mut Findings) {
    let mut files: Vec<&str> = facts.models.iter().map(|m| m.file.as_str()).take(NAMED).collect();
    if facts.models.len() > NAMED {
        files.push("…");
    }
    let files = files.join(", ");
    for entry in asked {
        let Some(class) = entry.get("class").and_then(|v| v.as_str()) else { continue };
        let min = entry.get("min").and_then(toml::Value::as_integer).unwrap_or(1);
        let own = |m: &crate::ifc::Model| m.step().map_or(0, |s| s.ids_of_subtypes(class).len());
        let found = i64::try_from(facts.models.iter().map(own).sum::<usize>()).unwrap_or(i64::MAX);
        if found >= min {
            findings.passed(rule, 1);
            continue;
        }
        let values = [
            ("file", Text::same(&files)),
            ("class", Text::same(class)),
            ("found", Text::same(found.to_string())),
            ("limit", Text::same(min.to_string())),
        ];
        findings.say(rule, Verdict::Fail, class, "too_few", &values).mark = Some(class.to_owned());
    }
}
