//! `tumo ids`: is an IDS sound, and does a model satisfy it.
//!
//! Exit codes: 0 every specification is met (or, with --audit, the document is sound); 1 one is not met (with --audit:
//! the document is not sound); 2 a file cannot be read, or the document is not sound; 3 something is left open.

use super::args::{Ids, IdsFormat};
use super::files::{self, Mapped};
use super::{Outcome, Settings, output};
use crate::checks::ids::{Case, Evaluation, audit, evaluate, label};
use crate::finding::Verdict;
use crate::ifc;
use crate::report::plain::tame;
use crate::report::{losses, words};
use crate::rulebook::ids::{Answer, Cardinality, Document, Fault, read};
use crate::rulebook::{Rule, Rulebook};
use crate::wording::{Language, Text};
use anyhow::{Context, Result, bail};
use serde::Serialize;
use std::fmt::Write;
use std::time::Instant;

/// Failing objects shown for each specification where not all are asked for.
const SHOWN: usize = 5;

/// What is told of a model and its documents.
#[derive(Serialize)]
struct Told {
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<ModelLine>,
    verdict: &'static str,
    documents: Vec<DocumentLine>,
}

#[derive(Serialize)]
struct ModelLine {
    file: String,
    schema: String,
    lost_records: usize,
}

#[derive(Serialize)]
struct DocumentLine {
    file: String,
    title: String,
    sound: bool,
    faults: Vec<FaultLine>,
    /// How many it holds; they follow where a model was asked.
    specification_count: usize,
    specifications: Vec<SpecificationLine>,
}

#[derive(Serialize)]
struct FaultLine {
    code: &'static str,
    line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    specification: Option<u32>,
    message: Text,
}

#[derive(Serialize)]
struct SpecificationLine {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    identifier: Option<String>,
    occurs: &'static str,
    ifc_versions: Vec<&'static str>,
    other_version: bool,
    verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text>,
    applicable: u64,
    passed: u64,
    failed: u64,
    undecided: u64,
    /// Share of the objects that it applies to which meet it; nothing where it applies to none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pass_rate: Option<f64>,
    /// Failures that could be named; those of very many objects are only counted.
    #[serde(skip)]
    named: usize,
    failures: Vec<FailureLine>,
}

#[derive(Serialize)]
struct FailureLine {
    verdict: Verdict,
    reason: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    requirement: Option<u32>,
    guid: String,
    step_id: u32,
    class: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<String>,
    asked: String,
    found: String,
    message: Text,
}

/// The rules whose wording is used.
struct Words<'r> {
    model: &'r Rule,
    document: &'r Rule,
}

/// Runs the command.
pub(crate) fn run(args: &Ids, settings: &Settings) -> Result<Outcome> {
    let rulebook = Rulebook::built_in("general")?;
    let rule = |id: &str| rulebook.rule(id).with_context(|| format!("the rule {id} is missing"));
    let words = Words { model: rule("CP15")?, document: rule("CP16")? };
    let files = files::open(&args.files)?;
    let (model, documents) = match files.split_first() {
        _ if args.audit => (None, files.as_slice()),
        Some((_, [])) | None => bail!("give a model and an IDS; or --audit and an IDS alone"),
        Some((model, documents)) => (Some(model), documents),
    };
    let started = Instant::now();
    let documents: Vec<Document> = documents.iter().map(|f| read(&f.name, f.bytes())).collect();
    let faults: Vec<Vec<Fault>> = documents.iter().map(audit).collect();
    if settings.verbose {
        output::tell(&format!("{:>10.1} ms  read and audit the IDS", started.elapsed().as_secs_f64() * 1e3));
    }
    let told = match model {
        Some(model) if faults.iter().all(Vec::is_empty) => {
            // the terminal shows the first few; nothing is described that is not shown
            let all = settings.verbose || args.format == IdsFormat::Json;
            let described = if all { usize::MAX } else { SHOWN };
            asked(model, &documents, &words, described, settings)?
        }
        _ => Told {
            model: None,
            verdict: if faults.iter().all(Vec::is_empty) { "sound" } else { "not-sound" },
            documents: documents.iter().zip(&faults).map(|(d, f)| document_line(d, f, &words)).collect(),
        },
    };
    let text = match args.format {
        IdsFormat::Json => serde_json::to_string_pretty(&told)? + "\n",
        IdsFormat::Terminal => page(&told, settings),
    };
    match &args.output {
        Some(file) => output::save(file, text.as_bytes())?,
        None => output::print(text.as_bytes())?,
    }
    Ok(match told.verdict {
        "pass" | "sound" => Outcome::Clean,
        "not-sound" if !args.audit => Outcome::Unusable,
        "fail" | "not-sound" => Outcome::Findings,
        _ => Outcome::Inconclusive,
    })
}

/// A model against sound documents.
fn asked(
    model: &Mapped,
    documents: &[Document],
    words: &Words<'_>,
    described: usize,
    settings: &Settings,
) -> Result<Told> {
    let lap = |what: &str, since: Instant| {
        if settings.verbose {
            output::tell(&format!("{:>10.1} ms  {what}", since.elapsed().as_secs_f64() * 1e3));
        }
        Instant::now()
    };
    let started = Instant::now();
    let opened = ifc::open(&model.name, model.shared())?;
    let file = opened.value;
    let started = lap("open the model", started);
    let (evaluations, more) = rayon::join(
        || documents.iter().map(|d| evaluate(&file, d)).collect::<Vec<Evaluation<'_>>>(),
        || file.check(),
    );
    let started = lap("evaluate", started);
    let notices: Vec<_> = opened.notices.into_iter().chain(more).collect();
    let lost = losses(&notices);
    let answers = || evaluations.iter().flat_map(|e| &e.results).map(crate::checks::ids::Result::answer);
    let verdict = if answers().any(|a| a == Answer::No) {
        "fail"
    } else if lost > 0 || answers().any(|a| a == Answer::Unknown) {
        "undecided"
    } else {
        "pass"
    };
    let lines = documents
        .iter()
        .zip(&evaluations)
        .map(|(d, e)| DocumentLine {
            specifications: specifications(d, e, words, described),
            ..document_line(d, &[], words)
        })
        .collect();
    lap("describe what fails", started);
    let schema = file.header().schemas.first().cloned().unwrap_or_default();
    let model = ModelLine { file: model.name.clone(), schema, lost_records: lost };
    Ok(Told { model: Some(model), verdict, documents: lines })
}

fn document_line(document: &Document, faults: &[Fault], words: &Words<'_>) -> DocumentLine {
    DocumentLine {
        file: document.file.clone(),
        title: document.title.clone(),
        sound: faults.is_empty(),
        faults: faults
            .iter()
            .map(|fault| {
                let values: Vec<(&str, Text)> =
                    fault.values.iter().map(|(name, value)| (*name, Text::same(value))).collect();
                FaultLine {
                    code: fault.code,
                    line: fault.line,
                    specification: fault.specification,
                    message: said(words.document, fault.code, &values),
                }
            })
            .collect(),
        specification_count: document.specifications.len(),
        specifications: Vec::new(),
    }
}

fn said(rule: &Rule, case: &str, values: &[(&str, Text)]) -> Text {
    rule.message.get(case).unwrap_or(&rule.title).fill(values)
}

fn answer_word(answer: Answer) -> &'static str {
    match answer {
        Answer::Yes => "pass",
        Answer::No => "fail",
        Answer::Unknown => "undecided",
    }
}

fn specifications(
    document: &Document,
    evaluation: &Evaluation<'_>,
    words: &Words<'_>,
    described: usize,
) -> Vec<SpecificationLine> {
    let both = document.specifications.iter().zip(&evaluation.results).enumerate();
    both.map(|(at, (specification, result))| {
        let case = match result.case {
            Case::Objects => None,
            Case::NothingApplies => Some("nothing-applies"),
            Case::Forbidden => Some("forbidden-all"),
            Case::Open => Some("work"),
        };
        let message = case.map(|case| {
            let values = [
                ("specification", Text::same(label(specification, at))),
                ("applicable", Text::same(result.applicable.to_string())),
            ];
            said(words.model, case, &values)
        });
        #[allow(clippy::cast_precision_loss)]
        let pass_rate = (result.applicable > 0).then(|| result.passed as f64 / result.applicable as f64);
        SpecificationLine {
            name: specification.name.clone(),
            identifier: specification.identifier.clone(),
            occurs: match specification.occurs {
                Cardinality::Required => "required",
                Cardinality::Optional => "optional",
                Cardinality::Prohibited => "prohibited",
            },
            ifc_versions: specification.versions.iter().map(|v| v.name()).collect(),
            other_version: result.other_version,
            verdict: answer_word(result.answer()),
            message,
            applicable: result.applicable,
            passed: result.passed,
            failed: result.failed,
            undecided: result.undecided,
            pass_rate,
            named: result.failures.len(),
            failures: failures(at, evaluation, words, described),
        }
    })
    .collect()
}

fn failures(at: usize, evaluation: &Evaluation<'_>, words: &Words<'_>, described: usize) -> Vec<FailureLine> {
    let Some(result) = evaluation.results.get(at) else { return Vec::new() };
    let line = |failure| {
        let described = evaluation.describe(at, failure)?;
        let values = [
            ("object", Text::same(described.object(failure.object))),
            ("asked", Text::same(&described.asked)),
            ("found", Text::same(&described.found)),
        ];
        Some(FailureLine {
            verdict: if failure.undecided { Verdict::Undecided } else { Verdict::Fail },
            reason: failure.why.case(),
            requirement: Some(failure.requirement).filter(|&n| n != u32::MAX),
            message: said(words.model, failure.why.case(), &values),
            guid: described.guid,
            step_id: failure.object,
            class: described.class,
            name: described.name,
            tag: described.tag,
            asked: described.asked,
            found: described.found,
        })
    };
    result.failures.iter().take(described).filter_map(line).collect()
}

fn page(told: &Told, settings: &Settings) -> String {
    let language = settings.language;
    let mut out = String::new();
    for document in &told.documents {
        faults(document, language, &mut out);
        let mut count = [0usize; 3];
        for one in &document.specifications {
            let (at, colour) = match one.verdict {
                "pass" => (0, "1;32"),
                "fail" => (1, "1;31"),
                _ => (2, "1;33"),
            };
            count[at] += 1;
            specification(one, told, colour, settings, &mut out);
        }
        let counted = |n: usize| count.get(n).copied().unwrap_or(0).to_string();
        let total = document.specifications.len().to_string();
        if told.model.is_some() {
            let values = [
                ("file", tame(&document.file)),
                ("count", total),
                ("passed", counted(0)),
                ("failed", counted(1)),
                ("undecided", counted(2)),
            ];
            let _ = writeln!(out, "{}", filled("ids.summary", language, &values));
        }
    }
    if let Some(model) = told.model.as_ref().filter(|m| m.lost_records > 0) {
        let _ =
            writeln!(out, "{}", filled("ids.lost", language, &[("count", model.lost_records.to_string())]));
    }
    out
}

fn filled(key: &str, language: Language, values: &[(&str, String)]) -> String {
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    words::filled(key, language, &values)
}

fn faults(document: &DocumentLine, language: Language, out: &mut String) {
    for fault in &document.faults {
        let _ = writeln!(
            out,
            "{}:{}: [{}] {}",
            tame(&document.file),
            fault.line,
            fault.code,
            tame(fault.message.get(language))
        );
    }
    if document.specifications.is_empty() {
        let key = if document.sound { "ids.sound" } else { "ids.unsound" };
        let count = if document.sound { document.specification_count } else { document.faults.len() };
        let values = [("file", tame(&document.file)), ("count", count.to_string())];
        let _ = writeln!(out, "{}", filled(key, language, &values));
    }
}

fn specification(one: &SpecificationLine, told: &Told, colour: &str, settings: &Settings, out: &mut String) {
    let language = settings.language;
    let word = words::word(&format!("ids.{}", one.verdict), language);
    let word = if settings.coloured { format!("\x1b[{colour}m{word}\x1b[0m") } else { word.to_owned() };
    let name = match &one.identifier {
        Some(id) if *id != one.name => format!("{} {}", tame(id), tame(&one.name)),
        _ => tame(&one.name),
    };
    let counts = [
        ("applicable", one.applicable.to_string()),
        ("passed", one.passed.to_string()),
        ("failed", one.failed.to_string()),
        ("undecided", one.undecided.to_string()),
    ];
    let _ = writeln!(out, "{word}  {name}\n      {}", filled("ids.counts", language, &counts));
    if let (true, Some(model)) = (one.other_version, &told.model) {
        let values = [("versions", one.ifc_versions.join(" ")), ("schema", tame(&model.schema))];
        let _ = writeln!(out, "      {}", filled("ids.other-version", language, &values));
    }
    if let Some(message) = &one.message {
        let _ = writeln!(out, "      {}", tame(message.get(language)));
    }
    let shown = if settings.verbose { usize::MAX } else { SHOWN };
    for failure in one.failures.iter().take(shown) {
        let _ = writeln!(
            out,
            "      #{} {}  {}",
            failure.step_id,
            tame(&failure.guid),
            tame(failure.message.get(language))
        );
    }
    if let Some(more) = one.named.checked_sub(shown).filter(|n| *n > 0) {
        let _ = writeln!(out, "      {}", filled("ids.more", language, &[("count", more.to_string())]));
    }
}
