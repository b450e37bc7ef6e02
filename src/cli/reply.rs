//! `tumo reply`: answers to findings, from the workbook or table they were written in.

use super::args::Reply as Arguments;
use super::{Outcome, Settings, diff, files, output};
use crate::finding::Finding;
use crate::report::notices;
use crate::report::plain::tame;
use crate::report::reply::{self, Reply};
use crate::report::words::{filled, word};
use crate::wording::Language;
use anyhow::Result;
use std::path::PathBuf;

/// Runs the command.
pub(crate) fn run(args: &Arguments, settings: &Settings) -> Result<Outcome> {
    let mut report = diff::read(&args.report)?;
    let left = reply::apply(&mut report, read(&args.answers, settings.language)?, None);
    let text = if args.json {
        serde_json::to_string_pretty(&report.replies)? + "\n"
    } else {
        told(&report.findings, &report.replies, settings)
    };
    match &args.output {
        Some(path) => output::save_and_tell(path, text.as_bytes(), settings)?,
        None => output::print(text.as_bytes())?,
    }
    for reply in &left {
        let id = tame(&reply.id);
        output::tell(&format!("tumo: {}", filled("reply.unknown", settings.language, &[("id", &id)])));
    }
    if !settings.quiet {
        let values = [
            ("answered", report.replies.len().to_string()),
            ("findings", report.findings.len().to_string()),
            ("unknown", left.len().to_string()),
        ];
        let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
        output::tell(&filled("reply.summary", settings.language, &values));
    }
    Ok(if left.is_empty() { Outcome::Clean } else { Outcome::Findings })
}

/// Reads files of answers; where two answer the same finding, the later holds. What was repaired is told.
pub(crate) fn read(paths: &[PathBuf], language: Language) -> Result<Vec<Reply>> {
    let mut out = Vec::new();
    for file in files::open(paths)? {
        let read = reply::read(&file.name, file.bytes())?;
        for notice in read.notices {
            let said = notices::said(&notice.code, &notice.message);
            output::tell(&format!("tumo: {}: {}", notice.place, tame(said.get(language))));
        }
        out.extend(read.value);
    }
    Ok(out)
}

fn told(findings: &[Finding], replies: &[Reply], settings: &Settings) -> String {
    let language = settings.language;
    let mut out = String::new();
    for reply in replies {
        let Some((n, finding)) = findings.iter().enumerate().find(|(_, f)| f.id == reply.id) else {
            continue;
        };
        let answer = reply.answer.map_or("–", |a| word(a.key(), language));
        let message = tame(finding.message.get(language));
        out.push_str(&format!("{:>4}  {}  {message}\n      {answer}", n + 1, tame(&finding.rule)));
        if !reply.remark.is_empty() {
            out.push_str(&format!(": {}", tame(&reply.remark)));
        }
        out.push('\n');
    }
    out
}
