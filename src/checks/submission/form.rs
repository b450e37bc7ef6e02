//! The submission form is filled in, and lists the files that are handed in; files are named as the profile wants it.

use super::{Check, Facts, Findings, Rule, Text, Verdict, asks, pattern};
use std::collections::BTreeSet;

/// See the file's head. `ask = "fields"` or `"names"`.
pub(in crate::checks) const CHECK: Check = Check {
    name: "form",
    summary: "Is the submission form filled in, and are files listed and named as they should be?",
    run,
};

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    if asks(rule, "names") { file_names(facts, rule, findings) } else { fields(facts, rule, findings) }
}

fn say(rule: &Rule, case: &str, name: &str, findings: &mut Findings) {
    let values = [("name", Text::same(name))];
    findings.say(rule, Verdict::Fail, "IfcProject", case, &values).mark = Some(format!("{case} {name}"));
}

fn fields(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let Some(form) = facts.manifest else {
        findings.not_applicable(rule, 1);
        return;
    };
    for field in rule.names("fields") {
        let filled = match field {
            "project_code" => form.project_code.is_some(),
            "project_name" => form.project_name.is_some(),
            "building_code" => !form.building_code.is_empty(),
            "stage" => form.stage.is_some(),
            "files" => !form.files.is_empty(),
            _ => form.building.other.contains_key(field),
        };
        if filled { findings.passed(rule, 1) } else { say(rule, "missing", field, findings) }
    }
    if form.files.is_empty() {
        return;
    }
    let listed: BTreeSet<&str> = form.files.iter().map(|f| f.name.as_str()).collect();
    let given: BTreeSet<&str> = handed_in(facts).collect();
    for name in listed.difference(&given) {
        say(rule, "not-given", name, findings);
    }
    for name in given.difference(&listed) {
        say(rule, "not-listed", name, findings);
    }
    findings.passed(rule, listed.intersection(&given).count() as u64);
}

fn handed_in<'a>(facts: &Facts<'a>) -> impl Iterator<Item = &'a str> + use<'a> {
    let models = facts.models.iter().map(|m| m.file.as_str());
    models.chain(facts.drawings.iter().map(|d| d.file.as_str()))
}

fn file_names(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let Some(form) = pattern(rule, "pattern") else {
        findings.not_applicable(rule, 1);
        return;
    };
    for name in handed_in(facts) {
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        match form.matches(stem) {
            Some(false) => say(rule, "name", name, findings),
            Some(true) => findings.passed(rule, 1),
            None => findings.not_applicable(rule, 1),
        }
    }
}
