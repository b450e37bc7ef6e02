//! The codes of project and building: of the right form, the same everywhere, one for each building.

use super::{Check, Facts, Findings, Rule, Text, Verdict, asks, pattern};
use crate::finding::Value;
use crate::identity::{By, Fault, Said, fault, same_code};

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
        same(rule, &facts.identity.project, findings);
    } else {
        building(facts, rule, findings);
    }
}

fn say(rule: &Rule, case: &str, said: &Said, other: Text, findings: &mut Findings) {
    let expected = Some(other.en.clone()).filter(|o| !o.is_empty()).map(Value::Text);
    let values = [("by", said.by.told()), ("code", Text::same(&said.code)), ("other", other)];
    let finding = findings.say(rule, Verdict::Fail, "IfcProject", case, &values);
    finding.mark = Some(format!("{} {}", said.by.name(), said.code));
    finding.measured = Some(Value::Text(said.code.clone()));
    finding.expected = expected;
}

/// Codes with who says them.
fn listed(all: &[&Said]) -> Text {
    let one = |s: &&Said| {
        let by = s.by.told();
        Text::new(format!("{} ({})", s.code, by.en), format!("{} ({})", s.code, by.zh))
    };
    Text::list_of(&all.iter().map(one).collect::<Vec<Text>>())
}

fn format(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let region = rule.params.get("region").and_then(|r| r.as_str()).unwrap_or("");
    // whoever keeps submissions may file them under codes of their own
    let filed = rule.params.get("submission").and_then(toml::Value::as_bool).unwrap_or(false);
    let asked: Vec<&Said> =
        facts.identity.project.iter().filter(|s| filed || s.by != By::Submission).collect();
    if asked.is_empty() {
        missing(facts, rule, findings);
        return;
    }
    for said in asked {
        let case = match fault(&said.code, region) {
            None => {
                findings.passed(rule, 1);
                continue;
            }
            Some(Fault::Shape) => "shape",
            Some(Fault::Time) => "time",
            Some(Fault::Region) => "region",
        };
        say(rule, case, said, Text::same(region), findings);
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

/// All say what the first says: the submission, else the form, a model, a title block.
fn same(rule: &Rule, all: &[Said], findings: &mut Findings) {
    let Some((first, others)) = all.split_first().filter(|(_, others)| !others.is_empty()) else {
        findings.not_applicable(rule, 1);
        return;
    };
    for said in others {
        if same_code(&said.code, &first.code) {
            findings.passed(rule, 1);
        } else {
            say(rule, "differs", said, listed(&[first]), findings);
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
            say(rule, "shape", one, Text::same(asked), findings);
        } else if prefix && facts.identity.project_code().is_some_and(|p| !one.code.starts_with(p)) {
            let project = facts.identity.project_code().unwrap_or("");
            say(rule, "prefix", one, Text::same(project), findings);
        } else {
            findings.passed(rule, 1);
        }
    }
    held_together(rule, said, findings);
}

/// The submission is filed under one building, which the form names; the form may name others, and a model may hold any
/// of those, and the building that the submission is of.
fn held_together(rule: &Rule, said: &[Said], findings: &mut Findings) {
    let (of_form, others): (Vec<&Said>, Vec<&Said>) = said.iter().partition(|s| s.by == By::Manifest);
    let (filed, modelled): (Vec<&Said>, Vec<&Said>) =
        others.into_iter().partition(|s| s.by == By::Submission);
    let among = |list: &[&Said], one: &Said| list.iter().any(|s| same_code(&s.code, &one.code));
    if let (Some(key), Some(first)) = (filed.first(), of_form.first()) {
        if among(&of_form, key) {
            findings.passed(rule, 1);
        } else {
            say(rule, "differs", first, listed(&filed), findings);
        }
    }
    let known: Vec<&Said> = filed.iter().chain(&of_form).copied().collect();
    if known.is_empty() {
        return;
    }
    let (there, strange): (Vec<&Said>, Vec<&Said>) = modelled.iter().partition(|s| among(&known, s));
    findings.passed(rule, there.len() as u64);
    for one in &strange {
        say(rule, "differs", one, listed(&known), findings);
    }
    if let (Some(key), Some(first), true) = (filed.first(), there.first(), strange.is_empty())
        && !among(&modelled, key)
    {
        say(rule, "differs", first, listed(&filed), findings);
    }
}
