//! The findings as SARIF 2.1.0 (OASIS), for code hosts and editors that list analysis results.
//!
//! Code hosts refuse files with more than 25,000 results in a run and show 5,000
//! (<https://docs.github.com/code-security/reference/code-scanning/sarif-files>): up to that many findings are a result
//! each, the worst first; beyond it the rest are told by rule, storey and class together.

use super::github::{group_title, place};
use super::lines::Lines;
use super::plain::{number, tame};
use super::row::{headline, urgency};
use super::words::filled;
use super::{Report, harmless};
use crate::finding::{Finding, Severity, Value as Measure, Verdict};
use crate::wording::Language;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Results that code hosts show.
const SHOWN: usize = 5_000;
/// Results of their own when not all findings fit; the room left is for groups.
const ALONE: usize = 4_000;
/// Places that a result of a group names: code hosts show a hundred.
const PLACES: usize = 100;

/// The report as SARIF, in one language. `lines` tells where elements stand in their files.
pub fn write(report: &Report, lines: &Lines, language: Language) -> String {
    let mut findings: Vec<&Finding> = report.findings.iter().collect();
    findings.sort_by_key(|f| urgency(f));
    let alone = if findings.len() <= SHOWN { findings.len() } else { ALONE };
    let (single, rest) = findings.split_at(alone);
    let mut groups: BTreeMap<(u8, &str, &str, &str), Vec<&Finding>> = BTreeMap::new();
    for finding in rest {
        let storey = finding.storey.as_ref().map_or("", |s| s.guid.as_str());
        groups.entry((urgency(finding), &finding.rule, storey, &finding.class)).or_default().push(finding);
    }
    let ids: BTreeSet<&str> = report
        .rules
        .iter()
        .map(|r| r.id.as_str())
        .chain(report.findings.iter().map(|f| f.rule.as_str()))
        .collect();
    let index: BTreeMap<&str, usize> = ids.iter().enumerate().map(|(n, id)| (*id, n)).collect();
    let room = SHOWN - single.len().min(SHOWN);
    let cut: usize = groups.values().skip(room).map(Vec::len).sum();
    let results: Vec<Value> = single
        .iter()
        .map(|f| result(report, &[f], &index, lines, language))
        .chain(groups.values().take(room).map(|g| result(report, g, &index, lines, language)))
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": driver(report, &ids, language) },
            "invocations": [invocation(report, cut, language)],
            "artifacts": artifacts(report),
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    let mut out = serde_json::to_string_pretty(&log).unwrap_or_default();
    out.push('\n');
    out
}

fn driver(report: &Report, ids: &BTreeSet<&str>, language: Language) -> Value {
    let (name, version) = report.engine.split_once(' ').unwrap_or((&report.engine, ""));
    let rules: Vec<Value> = ids
        .iter()
        .map(|id| {
            let mut rule = Map::new();
            rule.insert("id".into(), json!(tame(id)));
            if let Some(known) = report.rules.iter().find(|r| r.id == **id) {
                let title = harmless::unlinked(&tame(known.title.get(language)));
                rule.insert("shortDescription".into(), json!({ "text": title }));
                rule.insert("defaultConfiguration".into(), json!({ "level": level(known.severity) }));
            }
            Value::Object(rule)
        })
        .collect();
    let mut driver = Map::new();
    driver.insert("name".into(), json!(tame(name)));
    if !version.is_empty() {
        driver.insert("version".into(), json!(tame(version)));
    }
    driver.insert("rules".into(), Value::Array(rules));
    Value::Object(driver)
}

fn invocation(report: &Report, cut: usize, language: Language) -> Value {
    let mut notifications: Vec<Value> = Vec::new();
    if cut > 0 {
        let values = [("n", cut.to_string()), ("limit", SHOWN.to_string())];
        let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let text = filled("ci.cut", language, &values);
        notifications.push(json!({ "level": "warning", "message": { "text": text } }));
    }
    for notice in report.notices.iter().take(PLACES) {
        let text = format!("{}: {}", tame(&notice.place.to_string()), tame(notice.message.get(language)));
        notifications.push(json!({
            "level": "note",
            "descriptor": { "id": tame(&notice.code) },
            "message": { "text": harmless::unlinked(&text) },
        }));
    }
    json!({ "executionSuccessful": true, "toolExecutionNotifications": notifications })
}

/// The files that were read, each once: SARIF forbids equal ones, and a file may be handed in twice.
fn artifacts(report: &Report) -> Vec<Value> {
    let mut seen = BTreeSet::new();
    report
        .inputs
        .iter()
        .filter(|input| seen.insert((harmless::uri(&input.name), &input.sha256)))
        .map(|input| {
            json!({
                "location": { "uri": harmless::uri(&input.name) },
                "length": input.bytes,
                "hashes": { "sha-256": tame(&input.sha256) },
            })
        })
        .collect()
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Gate | Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// One finding, or several of one rule, storey and class.
fn result(
    report: &Report,
    group: &[&Finding],
    index: &BTreeMap<&str, usize>,
    lines: &Lines,
    language: Language,
) -> Value {
    let Some(first) = group.first() else { return Value::Null };
    let text = if group.len() == 1 {
        let fix = tame(first.fix.get(language));
        format!("{}\n{fix}", headline(first, language)).trim_end().to_owned()
    } else {
        group_title(report, first, group.len(), language)
    };
    // SARIF 3.27.9: what is not decided is `open`, and a kind other than `fail` has no level
    let (kind, level) = match first.verdict {
        Verdict::Fail => ("fail", level(first.severity)),
        Verdict::Undecided => ("open", "none"),
    };
    let mut out = Map::new();
    out.insert("ruleId".into(), json!(tame(&first.rule)));
    if let Some(n) = index.get(first.rule.as_str()) {
        out.insert("ruleIndex".into(), json!(n));
    }
    out.insert("kind".into(), json!(kind));
    out.insert("level".into(), json!(level));
    out.insert("message".into(), json!({ "text": harmless::unlinked(&text) }));
    out.insert("locations".into(), json!([location(report, first, lines)]));
    let others: Vec<Value> = group
        .iter()
        .skip(1)
        .take(PLACES)
        .enumerate()
        .map(|(n, f)| {
            let mut place = location(report, f, lines);
            if let Value::Object(map) = &mut place {
                map.insert("id".into(), json!(n + 1));
                let text = harmless::unlinked(&headline(f, language));
                map.insert("message".into(), json!({ "text": text }));
            }
            place
        })
        .collect();
    if !others.is_empty() {
        out.insert("relatedLocations".into(), Value::Array(others));
    }
    out.insert("partialFingerprints".into(), json!({ "tumoFinding/v1": fingerprint(group) }));
    if let Some(state) = baseline(first) {
        out.insert("baselineState".into(), json!(state));
    }
    out.insert("properties".into(), properties(group, language));
    Value::Object(out)
}

/// A finding's own, or that of the rule, storey and class of a group, which stays when one of them goes.
fn fingerprint(group: &[&Finding]) -> String {
    match group {
        [only] => tame(&only.id),
        [first, ..] => {
            let storey = first.storey.as_ref().map_or("", |s| s.guid.as_str());
            tame(&format!("{}/{storey}/{}", first.rule, first.class))
        }
        [] => String::new(),
    }
}

fn baseline(finding: &Finding) -> Option<&'static str> {
    match finding.status.as_deref() {
        Some("new") => Some("new"),
        Some("open") => Some("unchanged"),
        _ => None,
    }
}

fn location(report: &Report, finding: &Finding, lines: &Lines) -> Value {
    let only_model = || report.inputs.iter().find(|i| i.format == "ifc").map(|i| harmless::relative(&i.name));
    let (file, line) =
        place(finding, lines).unwrap_or_else(|| (only_model().unwrap_or_else(|| "unnamed".into()), None));
    let mut logical: Vec<Value> = Vec::new();
    for element in finding.elements.iter().take(PLACES) {
        let name = tame(element.name.as_deref().unwrap_or(&element.class));
        let storey = finding.storey.as_ref().map(|s| format!("{}/", tame(&s.name))).unwrap_or_default();
        let full = format!("{storey}{}/{}", tame(&element.class), tame(&element.guid));
        logical.push(json!({ "name": name, "fullyQualifiedName": full, "decoratedName": tame(&element.guid), "kind": "element" }));
    }
    if let Some(storey) = &finding.storey {
        logical.push(json!({
            "name": tame(&storey.name), "fullyQualifiedName": tame(&storey.guid), "kind": "element",
        }));
    }
    let mut out = Map::new();
    let physical = json!({
        "artifactLocation": { "uri": harmless::uri(&file) },
        // code hosts refuse a place without a line
        "region": { "startLine": line.unwrap_or(1) },
    });
    out.insert("physicalLocation".into(), physical);
    if !logical.is_empty() {
        out.insert("logicalLocations".into(), Value::Array(logical));
    }
    Value::Object(out)
}

fn properties(group: &[&Finding], language: Language) -> Value {
    let mut out = Map::new();
    let Some(first) = group.first() else { return Value::Object(out) };
    if group.len() > 1 {
        let ids: Vec<String> = group.iter().take(PLACES).map(|f| tame(&f.id)).collect();
        out.insert("count".into(), json!(group.len()));
        out.insert("findings".into(), json!(ids));
        return Value::Object(out);
    }
    let unit = first.unit.as_deref().map(tame).unwrap_or_default();
    let told = |value: &Measure| match value {
        Measure::Number(x) => format!("{} {unit}", number(*x)).trim_end().to_owned(),
        Measure::Text(text) => tame(text),
    };
    if let Some(value) = &first.measured {
        out.insert("measured".into(), json!(told(value)));
    }
    if let Some(value) = &first.expected {
        out.insert("expected".into(), json!(told(value)));
    }
    if let Some(drawn) = first.drawn.first() {
        out.insert("drawing".into(), json!(tame(&drawn.drawing)));
        if let Some(handle) = &drawn.handle {
            out.insert("handle".into(), json!(tame(handle)));
        }
    }
    if let Some(p) = first.point_m.filter(|p| p.iter().all(|c| c.is_finite())) {
        out.insert("pointM".into(), json!(p));
    }
    out.insert("confidence".into(), json!(first.confidence));
    out.insert("fix".into(), json!(tame(first.fix.get(language))));
    Value::Object(out)
}
