//! `tumo explain` and `tumo rules`: what is asked, from the rulebook.

use super::args::{Explain, Rules};
use super::{Outcome, Settings, output, profile};
use crate::rulebook::{Family, Rule, Rulebook};
use crate::wording::Language;
use anyhow::{Result, bail};
use std::fmt::Write;

/// Prints one rule.
pub(crate) fn explain(args: &Explain, settings: &Settings) -> Result<Outcome> {
    let rulebook = profile::rulebook(&args.profile, &[])?;
    let wanted = args.id.to_uppercase();
    let everything = Rulebook::everything()?;
    let Some(rule) = rulebook.rule(&wanted).or_else(|| everything.rule(&wanted)) else {
        bail!("there is no rule {wanted} in profile {}; `tumo rules` lists them", rulebook.profile);
    };
    output::print(page(rule, settings.language).as_bytes())?;
    Ok(Outcome::Clean)
}

fn page(rule: &Rule, language: Language) -> String {
    let mut out = String::new();
    let severity = format!("{:?}", rule.severity).to_lowercase();
    let _ = writeln!(out, "{} {}\n", rule.id, rule.title.get(language));
    let heads = match language {
        Language::En => ["What", "Why", "Fix", "Source", "Severity", "Needs", "Check", "Same as"],
        Language::Zh => {
            ["检查内容", "原因", "修改建议", "依据", "严重程度", "前置检查", "检查方法", "等同规则"]
        }
    };
    let needs = rule.needs.join(", ");
    let mut same: Vec<&str> = rule.same_as.iter().map(|s| s.split(':').next().unwrap_or(s)).collect();
    same.dedup();
    let same = same.join(", ");
    let texts = [
        rule.doc.what.get(language),
        rule.doc.why.get(language),
        rule.doc.fix.get(language),
        &rule.doc.source,
        &severity,
        &needs,
        &rule.check,
        &same,
    ];
    for (head, text) in heads.iter().zip(texts) {
        if !text.is_empty() {
            let _ = writeln!(out, "{head}: {text}");
        }
    }
    for (name, value) in &rule.params {
        let _ = writeln!(out, "  {name} = {value}");
    }
    out
}

/// Prints the list of rules.
pub(crate) fn rules(args: &Rules, settings: &Settings) -> Result<Outcome> {
    let rulebook = profile::rulebook(&args.profile, &[])?;
    let mut out = String::new();
    if args.json {
        let list: Vec<serde_json::Value> = rulebook.rules.iter().map(as_json).collect();
        out = serde_json::to_string_pretty(&list)? + "\n";
    } else {
        for rule in &rulebook.rules {
            let severity = format!("{:?}", rule.severity).to_lowercase();
            let _ = writeln!(out, "{}  {severity:<7}  {}", rule.id, rule.title.get(settings.language));
        }
    }
    output::print(out.as_bytes())?;
    Ok(Outcome::Clean)
}

fn as_json(rule: &Rule) -> serde_json::Value {
    serde_json::json!({
        "id": rule.id,
        "family": Family::of(&rule.id).map(Family::name),
        "severity": rule.severity,
        "check": rule.check,
        "needs": rule.needs,
        "title": rule.title,
        "source": rule.doc.source,
    })
}
