//! What comes back: answers to findings, read from the workbook or the table that tumo wrote, found again by their
//! fingerprints, and carried into the next report.

mod table;
#[cfg(feature = "xlsx")]
mod workbook;

use super::diff::Diff;
use super::words::{filled, word};
use super::{Report, harmless, plain};
use crate::error::{Error, Notice, Read, Result};
use crate::place::Place;
use crate::wording::Language;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Largest file of answers, in bytes.
const MAX_BYTES: usize = 64 << 20;
/// Longest remark that is kept, in characters.
const LONGEST_REMARK: usize = 4_000;
/// Longest remark in a list for people, in characters; tables and JSON have it whole.
const LONGEST_SHOWN: usize = 1_000;

/// What is said to a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// It is right, and will be put right.
    Accepted,
    /// It was put right.
    Done,
    /// It is no defect.
    Rejected,
    /// It is to be discussed.
    Unclear,
}

impl Answer {
    /// All answers, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Accepted, Self::Done, Self::Rejected, Self::Unclear];

    /// Its key in the wording.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Accepted => "answer.accepted",
            Self::Done => "answer.done",
            Self::Rejected => "answer.rejected",
            Self::Unclear => "answer.unclear",
        }
    }

    /// Its name, as JSON has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Done => "done",
            Self::Rejected => "rejected",
            Self::Unclear => "unclear",
        }
    }

    /// The answer that a cell says, in either language.
    fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let says = |a: &Self| {
            [Language::En, Language::Zh]
                .iter()
                .any(|l| word(a.key(), *l).to_lowercase() == text.to_lowercase())
        };
        Self::ALL.into_iter().find(says)
    }
}

/// A reply to one finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// The finding's fingerprint.
    pub id: String,
    /// What is said.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub answer: Option<Answer>,
    /// In words.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub remark: String,
}

impl Reply {
    /// What is said, in one line: the answer, the remark, or both.
    pub(super) fn line(&self, language: Language) -> String {
        let remark = plain::tame_to(self.remark.trim(), LONGEST_SHOWN);
        match (self.answer, remark.is_empty()) {
            (Some(answer), true) => word(answer.key(), language).to_owned(),
            (Some(answer), false) => format!("{} – {remark}", word(answer.key(), language)),
            (None, _) => remark,
        }
    }
}

/// How many findings of a report are answered, and how; nothing where none is.
pub(super) fn counted(report: &Report, language: Language) -> Option<String> {
    if report.replies.is_empty() {
        return None;
    }
    let kinds = Answer::ALL.map(Some).into_iter().chain([None]);
    let parts = kinds.filter_map(|kind| {
        let n = report.replies.iter().filter(|r| r.answer == kind).count();
        let answer = word(kind.map_or("reply.in-words", Answer::key), language);
        (n > 0).then(|| filled("reply.count", language, &[("n", &n.to_string()), ("answer", answer)]))
    });
    let list = parts.collect::<Vec<_>>().join(word("terminal.list", language));
    let [answered, findings] = [report.replies.len(), report.findings.len()].map(|n| n.to_string());
    let values = [("answered", answered.as_str()), ("findings", &findings), ("list", &list)];
    Some(filled("reply.counted", language, &values))
}

/// The replies of a report by the fingerprints of their findings.
pub(super) fn by_finding(report: &Report) -> BTreeMap<&str, &Reply> {
    report.replies.iter().map(|r| (r.id.as_str(), r)).collect()
}

/// A sheet of texts, row by row, with the number of its first row as its program shows it.
type Sheet = Vec<Vec<String>>;

/// Reads replies from a workbook or a table that tumo wrote, or from the JSON of `tumo reply`; told by content.
///
/// # Errors
/// When the bytes are none of them, are too many, or have no column of fingerprints.
pub fn read(file: &str, bytes: &[u8]) -> Result<Read<Vec<Reply>>> {
    let place = || Place::file(file);
    if bytes.len() > MAX_BYTES {
        return Err(Error::Limit {
            place: place(),
            what: format!("a file of answers of {} bytes", bytes.len()),
            limit: format!("{MAX_BYTES} bytes"),
        });
    }
    if bytes.starts_with(b"PK") {
        #[cfg(feature = "xlsx")]
        return from_sheet(file, &workbook::sheet(file, bytes)?);
        #[cfg(not(feature = "xlsx"))]
        return Err(Error::Unsupported {
            place: place(),
            what: "a workbook".into(),
            instead: "save it as .csv, or use a tumo that was built with the feature `xlsx`".into(),
        });
    }
    let start = bytes.iter().find(|b| !b.is_ascii_whitespace());
    if start == Some(&b'[') || start == Some(&b'{') {
        let replies: Vec<Reply> = serde_json::from_slice(bytes)
            .map_err(|e| Error::read(place(), format!("holds no replies of tumo ({e})")))?;
        return Ok(Read { value: replies, notices: Vec::new() });
    }
    from_sheet(file, &table::sheet(bytes))
}

/// Where the columns stand, by their titles in either language.
fn columns(sheet: &Sheet) -> Option<(usize, [Option<usize>; 3])> {
    let keys = ["table.fingerprint", "table.answer", "table.remark"];
    let is = |text: &str, key: &str| {
        [Language::En, Language::Zh].iter().any(|l| word(key, *l).eq_ignore_ascii_case(text.trim()))
    };
    sheet.iter().take(20).enumerate().find_map(|(n, row)| {
        let at = keys.map(|key| row.iter().position(|text| is(text, key)));
        at[0].is_some().then_some((n, at))
    })
}

fn from_sheet(file: &str, sheet: &Sheet) -> Result<Read<Vec<Reply>>> {
    let Some((head, [id, answer, remark])) = columns(sheet) else {
        let message = format!(
            "has no column “{}” / “{}”; answer in the workbook or the table that `tumo check --format xlsx` or `csv` writes",
            word("table.fingerprint", Language::En),
            word("table.fingerprint", Language::Zh)
        );
        return Err(Error::read(Place::file(file), message));
    };
    let cell = |row: &[String], at: Option<usize>| {
        at.and_then(|n| row.get(n)).map(|t| t.trim().to_owned()).unwrap_or_default()
    };
    let mut out = Read { value: Vec::new(), notices: Vec::new() };
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (n, row) in sheet.iter().enumerate().skip(head + 1) {
        let said = cell(row, answer);
        let remark: String = harmless::unquoted(&cell(row, remark)).chars().take(LONGEST_REMARK).collect();
        if said.is_empty() && remark.is_empty() {
            continue;
        }
        let mut tell = |code: &str, message: String| {
            let place = Place::file(file);
            out.notices.push(Notice {
                code: code.into(),
                place,
                message: format!("row {}: {message}", n + 1),
            });
        };
        let id = cell(row, id);
        if id.is_empty() {
            tell("reply-without-finding", "is answered but has no fingerprint; it was left out".into());
            continue;
        }
        let known = Answer::read(&said);
        if known.is_none() && !said.is_empty() {
            tell("reply-unknown-answer", format!("“{said}” is none of the answers; it was kept as a remark"));
        }
        let parts = [if known.is_none() { said } else { String::new() }, remark];
        let parts: Vec<String> = parts.into_iter().filter(|p| !p.is_empty()).collect();
        let reply = Reply { id: id.clone(), answer: known, remark: parts.join(" – ") };
        match seen.get(&id).and_then(|at| out.value.get_mut(*at)) {
            Some(earlier) => {
                tell(
                    "reply-twice",
                    "answers a finding that was answered above; the later answer holds".into(),
                );
                *earlier = reply;
            }
            None => {
                seen.insert(id, out.value.len());
                out.value.push(reply);
            }
        }
    }
    Ok(out)
}

/// Puts replies into a report, in the order of its findings, each by its fingerprint or, where an earlier report was
/// held against this one, by that of the finding it was. Returns the replies to findings that are not in the report.
pub fn apply(report: &mut Report, replies: Vec<Reply>, earlier: Option<(&Report, &Diff)>) -> Vec<Reply> {
    let mut later: BTreeMap<&str, &str> = BTreeMap::new();
    if let Some((old, diff)) = earlier {
        for (a, b) in &diff.open {
            if let (Some(a), Some(b)) = (old.findings.get(*a), report.findings.get(*b)) {
                later.insert(&a.id, &b.id);
            }
        }
    }
    let known: BTreeSet<&str> = report.findings.iter().map(|f| f.id.as_str()).collect();
    let mut given: BTreeMap<String, Reply> = BTreeMap::new();
    let mut left = Vec::new();
    for reply in replies {
        let id = if known.contains(reply.id.as_str()) {
            Some(reply.id.as_str())
        } else {
            later.get(reply.id.as_str()).copied()
        };
        match id.map(str::to_owned) {
            Some(id) => {
                given.insert(id.clone(), Reply { id, ..reply });
            }
            None => left.push(reply),
        }
    }
    report.replies = report.findings.iter().filter_map(|f| given.remove(&f.id)).collect();
    left
}
