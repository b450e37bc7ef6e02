//! The rules as JUnit test suites: what CI servers list as tests. A rule is a suite, a finding a failed test, what is
//! undecided or was not asked a skipped one, and a rule's passes are one test that passed.

use super::Report;
use super::markup::Xml;
use super::plain::tame;
use super::row::{headline, severity_key};
use super::words::{filled, word};
use crate::finding::{Finding, Severity, Tally, Verdict};
use crate::wording::Language;
use std::collections::BTreeMap;

/// The report as JUnit XML, one suite per rule, by rule id.
pub fn write(report: &Report, language: Language) -> String {
    let mut by_rule: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in &report.findings {
        by_rule.entry(&finding.rule).or_default().push(finding);
    }
    let mut suites: BTreeMap<&str, (String, Option<&Tally>)> =
        by_rule.keys().map(|rule| (*rule, (tame(rule), None))).collect();
    for rule in &report.rules {
        let name = format!("{} {}", tame(&rule.id), tame(rule.title.get(language)));
        suites.insert(&rule.id, (name, Some(&rule.tally)));
    }
    let counts: Vec<[usize; 3]> = suites
        .iter()
        .map(|(rule, (_, tally))| count(by_rule.get(rule).map_or(&[], Vec::as_slice), *tally))
        .collect();
    let all = counts.iter().fold([0; 3], |a, b| [a[0] + b[0], a[1] + b[1], a[2] + b[2]]);

    let mut xml = Xml::new();
    let [tests, failures, skipped] = all.map(|n| n.to_string());
    let name = tame(&report.engine);
    xml.open(
        "testsuites",
        &[
            ("name", &name),
            ("tests", &tests),
            ("failures", &failures),
            ("errors", "0"),
            ("skipped", &skipped),
        ],
    );
    for ((rule, (name, tally)), counts) in suites.iter().zip(counts) {
        let findings = by_rule.get(rule).map_or(&[][..], Vec::as_slice);
        suite(&mut xml, rule, name, *tally, findings, counts, language);
    }
    xml.finish()
}

/// Tests, failures and skipped tests of a suite.
fn count(findings: &[&Finding], tally: Option<&Tally>) -> [usize; 3] {
    let failures = findings.iter().filter(|f| fails(f)).count();
    let undecided = findings.iter().filter(|f| f.verdict == Verdict::Undecided).count();
    let passed = usize::from(tally.is_some_and(|t| t.passed > 0));
    let blocked = usize::from(tally.is_some_and(|t| t.blocked > 0));
    [findings.len() + passed + blocked, failures, undecided + blocked]
}

/// A remark is told and fails nothing.
fn fails(finding: &Finding) -> bool {
    finding.verdict == Verdict::Fail && finding.severity > Severity::Info
}

fn suite(
    xml: &mut Xml,
    rule: &str,
    name: &str,
    tally: Option<&Tally>,
    findings: &[&Finding],
    counts: [usize; 3],
    language: Language,
) {
    let [tests, failures, skipped] = counts.map(|n| n.to_string());
    let attributes =
        [("name", name), ("tests", &tests), ("failures", &failures), ("errors", "0"), ("skipped", &skipped)];
    xml.open("testsuite", &attributes);
    let class = format!("tumo.{}", tame(rule));
    for finding in findings {
        case(xml, &class, finding, language);
    }
    if let Some(tally) = tally.filter(|t| t.passed > 0) {
        let name = filled("ci.passed", language, &[("n", &tally.passed.to_string())]);
        xml.empty("testcase", &[("classname", &class), ("name", &name)]);
    }
    if let Some(tally) = tally.filter(|t| t.blocked > 0) {
        let by = tame(tally.blocked_by.as_deref().unwrap_or("–"));
        let reason = filled("ci.blocked", language, &[("by", &by)]);
        xml.open("testcase", &[("classname", &class), ("name", &reason)]);
        xml.empty("skipped", &[("message", &reason)]);
        xml.close();
    }
    xml.close();
}

fn case(xml: &mut Xml, class: &str, finding: &Finding, language: Language) {
    let storey = finding.storey.as_ref().map(|s| format!("{} – ", tame(&s.name))).unwrap_or_default();
    // the fingerprint keeps names apart and the same over runs
    let short: String = finding.id.chars().take(8).collect();
    let name = format!("{storey}{} [{}]", headline(finding, language), tame(&short));
    xml.open("testcase", &[("classname", class), ("name", &name)]);
    let message = tame(finding.message.get(language));
    let severity = word(severity_key(finding), language);
    if finding.verdict == Verdict::Undecided {
        xml.empty("skipped", &[("message", &message)]);
    } else if fails(finding) {
        xml.text_with("failure", &[("type", severity), ("message", &message)], &detail(finding, language));
    } else {
        xml.text("system-out", &detail(finding, language));
    }
    xml.close();
}

/// Where, and what to do about it.
fn detail(finding: &Finding, language: Language) -> String {
    let mut lines = vec![tame(finding.message.get(language))];
    for element in finding.elements.iter().take(3) {
        lines.push(format!("#{} {} {}", element.step_id, tame(&element.class), tame(&element.guid)));
    }
    for drawn in finding.drawn.iter().take(3) {
        let handle = drawn.handle.as_deref().map(|h| format!(":handle {}", tame(h))).unwrap_or_default();
        lines.push(format!("{}{handle}", tame(&drawn.drawing)));
    }
    let fix = tame(finding.fix.get(language));
    if !fix.is_empty() {
        lines.push(fix);
    }
    lines.join("\n")
}
