//! `tumo diff`: what became of the findings of an earlier report.

use super::args::{Diff as Arguments, FailOn};
use super::{Outcome, Settings, files, output};
use crate::finding::{Finding, Severity, Verdict};
use crate::report::diff::{self, Diff};
use crate::report::plain::tame;
use crate::report::words::{filled, word};
use crate::report::{Previous, Report};
use anyhow::{Result, bail};
use std::path::PathBuf;

/// Runs the command.
pub(crate) fn run(args: &Arguments, settings: &Settings) -> Result<Outcome> {
    let old = read(&args.old)?;
    let mut new = read(&args.new)?;
    let found = diff::apply(&mut new, &old);
    let text = if args.json { json(&old, &new, &found) } else { told(&old, &new, &found, settings) };
    output::print(text.as_bytes())?;
    let failing = found.new.iter().filter_map(|n| new.findings.get(*n)).any(|f| fails(f, args.fail_on));
    Ok(if failing { Outcome::Findings } else { Outcome::Clean })
}

/// Reads an earlier report.
pub(crate) fn read(path: &PathBuf) -> Result<Report> {
    let files = files::open(std::slice::from_ref(path))?;
    let Some(file) = files.first() else { bail!("{}: cannot be opened", path.display()) };
    Ok(diff::read(&path.display().to_string(), file.bytes())?)
}

/// Whether a finding is at or above a severity.
pub(crate) fn fails(finding: &Finding, fail_on: FailOn) -> bool {
    let lowest = match fail_on {
        FailOn::Gate => Severity::Gate,
        FailOn::Error => Severity::Error,
        FailOn::Warning => Severity::Warning,
        FailOn::Info => Severity::Info,
    };
    finding.verdict == Verdict::Fail && finding.severity >= lowest
}

fn json(old: &Report, new: &Report, found: &Diff) -> String {
    let ids = |report: &Report, positions: &[usize]| -> Vec<String> {
        positions.iter().filter_map(|n| report.findings.get(*n)).map(|f| f.id.clone()).collect()
    };
    let open: Vec<[&str; 2]> = found
        .open
        .iter()
        .filter_map(|(a, b)| Some([old.findings.get(*a)?.id.as_str(), new.findings.get(*b)?.id.as_str()]))
        .collect();
    let value = serde_json::json!({
        "fixed": ids(old, &found.fixed),
        "new": ids(new, &found.new),
        "open": open,
        "not_rechecked": ids(old, &found.not_rechecked),
        "shift_m": found.shift_m,
    });
    serde_json::to_string_pretty(&value).unwrap_or_default() + "\n"
}

fn told(old: &Report, new: &Report, found: &Diff, settings: &Settings) -> String {
    let language = settings.language;
    let mut out = String::new();
    let parts = [
        ("status.new", new, &found.new),
        ("status.fixed", old, &found.fixed),
        ("status.not-rechecked", old, &found.not_rechecked),
    ];
    for (key, report, positions) in parts {
        for finding in positions.iter().filter_map(|n| report.findings.get(*n)) {
            let storey = finding.storey.as_ref().map(|s| format!(" {}", tame(&s.name))).unwrap_or_default();
            let message = tame(finding.message.get(language));
            out.push_str(&format!("{}: {}{storey}: {message}\n", word(key, language), tame(&finding.rule)));
        }
    }
    out.push_str(&summary(&new.previous.clone().unwrap_or_default(), settings));
    out.push('\n');
    out
}

/// The counts in one line.
pub(crate) fn summary(previous: &Previous, settings: &Settings) -> String {
    let values = [
        ("fixed", previous.fixed.len().to_string()),
        ("new", previous.new.to_string()),
        ("open", previous.open.to_string()),
        ("skipped", previous.not_rechecked.len().to_string()),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
    filled("status.summary", settings.language, &values)
}
