//! The codes of project and building: of the right form, the same everywhere, one for each building.

use super::{Check, Facts, Findings, Rule, Text, Verdict, asks, pattern};
use crate::finding::Value;
use crate::identity::{By, Fault, Said, fault};
use std::collections::BTreeSet;

/// See the file's head. `ask = "format"`, `"match"` or `"building"`.
pub(in crate::checks) const CHECK: Check = Check {
    name: "identity",
    summary: "Are the codes of project and building well formed, and the same everywhere?",
    run,
};

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    if asks(rule, "format") {
        format(facts, rule, findings);
    } else if asks(rule, "match") {
        same(facts, rule, &facts.identity.project, findings);
    } else {
        building(facts, rule, findings);
    }
}

fn say(rule: &Rule, case: &str, said: &Said, other: &str, findings: &mut Findings) {
    let values =
        [("by", Text::same(said.by.name())), ("code", Text::same(&said.code)), ("other", Text::same(other))];
    let finding = findings.say(rule, Verdict::Fail, "IfcProject", case, &values);
    finding.mark = Some(format!("{} {}", said.by.name(), said.code));
    finding.measured = Some(Value::Text(said.code.clone()));
    finding.expected = Some(other).filter(|o| !o.is_empty()).map(|o| Value::Text(o.to_owned()));
}

fn format(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let region = rule.params.get("region").and_then(|r| r.as_str()).unwrap_or("");
    if facts.identity.project.is_empty() {
        missing(facts, rule, findings);
        return;
    }
    for said in &facts.identity.project {
        let case = match fault(&said.code, region) {
            None => {
                findings.passed(rule, 1);
                continue;
            }
            Some(Fault::Shape) => "shape",
            Some(Fault::Time) => "time",
            Some(Fault::Region) => "region",
        };
        say(rule, case, said, region, findings);
    }
}

/// Nobody says the code. Where a form was handed in it must; without one it is only told.
fn missing(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let required = rule.params.get("required").and_then(toml::Value::as_bool).unwrap_or(false);
    if facts.manifest.is_some() || required {
        findings.say(rule, Verdict::Fail, "IfcProject", "missing", &[]);
    } else {
        findings.not_applicable(rule, 1);
    }
}

/// All say what the first says: the form, else a model, else a title block.
fn same(facts: &Facts<'_>, rule: &Rule, all: &[Said], findings: &mut Findings) {
    let Some((first, others)) = all.split_first().filter(|(_, others)| !others.is_empty()) else {
        findings.not_applicable(rule, 1);
        return;
    };
    let _ = facts;
    for said in others {
        if said.code == first.code {
            findings.passed(rule, 1);
        } else {
            say(rule, "differs", said, &format!("{} ({})", first.code, first.by.name()), findings);
        }
    }
}

fn building(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let said = &facts.identity.building;
    if said.is_empty() {
        missing(facts, rule, findings);
        return;
    }
    let form = pattern(rule, "pattern");
    let prefix = rule.params.get("project_prefix").and_then(toml::Value::as_bool).unwrap_or(false);
    for one in said {
        if form.as_ref().is_some_and(|f| f.matches(&one.code) == Some(false)) {
            let asked = rule.params.get("pattern").and_then(|p| p.as_str()).unwrap_or("");
            say(rule, "shape", one, asked, findings);
        } else if prefix && facts.identity.project_code().is_some_and(|p| !one.code.starts_with(p)) {
            say(rule, "prefix", one, facts.identity.project_code().unwrap_or(""), findings);
        } else {
            findings.passed(rule, 1);
        }
    }
    // the form names the buildings; a model may hold any of them, and no other
    let listed: BTreeSet<&str> =
        said.iter().filter(|s| s.by == By::Manifest).map(|s| s.code.as_str()).collect();
    let modelled: Vec<&Said> = said.iter().filter(|s| s.by != By::Manifest).collect();
    if listed.is_empty() || modelled.is_empty() {
        return;
    }
    for one in modelled {
        if listed.contains(one.code.as_str()) {
            findings.passed(rule, 1);
        } else {
            say(rule, "differs", one, &listed.iter().copied().collect::<Vec<_>>().join(", "), findings);
        }
    }
}
