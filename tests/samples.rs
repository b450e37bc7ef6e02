//! One test per folder of `samples/`: its name begins with the verdict, and the command must come to it.
//!
//! `pass_` exit code 0, `fail_` 1, `unusable_` 2, `inconclusive_` 3. `expect.toml` names the files and what must be
//! told; where there is a truth.json, what was changed on purpose is held against what was found.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use libtest_mimic::{Arguments, Failed, Trial};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a sample is expected to come to, beside its verdict.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    model: String,
    #[serde(default)]
    drawings: Vec<String>,
    /// Parts of what is told on the terminal.
    #[serde(default)]
    says: Vec<String>,
    /// Least share of the changes in truth.json that are found, 0 to 1.
    #[serde(default)]
    found: f64,
}

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let mut trials = Vec::new();
    for group in ["broken", "projects"] {
        let folder = root.join(group);
        let mut samples: Vec<PathBuf> = std::fs::read_dir(&folder)
            .expect("the samples")
            .map(|e| e.expect("an entry").path())
            .filter(|p| p.is_dir())
            .collect();
        samples.sort();
        for sample in samples {
            let name = format!("{group}/{}", sample.file_name().unwrap_or_default().to_string_lossy());
            trials.push(Trial::test(name, move || run(&sample)));
        }
    }
    assert!(trials.len() >= 10, "only {} samples were seen", trials.len());
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn run(folder: &Path) -> Result<(), Failed> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let wanted = match name.split('_').next() {
        Some("pass") => 0,
        Some("fail") => 1,
        Some("unusable") => 2,
        Some("inconclusive") => 3,
        _ => return Err("the folder's name begins with no verdict".into()),
    };
    let text =
        std::fs::read_to_string(folder.join("expect.toml")).map_err(|e| format!("expect.toml: {e}"))?;
    let expect: Expect = toml::from_str(&text).map_err(|e| format!("expect.toml: {e}"))?;
    let report = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.json"));
    let _ = std::fs::remove_file(&report);
    let mut command = Command::new(env!("CARGO_BIN_EXE_tumo"));
    command.arg("check").arg(folder.join(&expect.model));
    for drawing in &expect.drawings {
        command.arg("--drawing").arg(folder.join(drawing));
    }
    command.args(["--lang", "en", "--format", "terminal", "--format", "json", "-o"]).arg(&report);
    let output = command.output().map_err(|e| e.to_string())?;
    let told =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if told.contains("panicked at") {
        return Err(format!("a panic:\n{told}").into());
    }
    // the verdict first: no other expectation can hide a wrong one
    let code = output.status.code().unwrap_or(-1);
    if code != wanted {
        return Err(format!("exit code {code}, not {wanted}:\n{}", shortened(&told)).into());
    }
    for part in &expect.says {
        if !told.contains(part.as_str()) {
            return Err(format!("nothing says {part:?}:\n{}", shortened(&told)).into());
        }
    }
    if wanted == 2 && told.lines().count() > 2 {
        return Err(format!("more than a sentence:\n{}", shortened(&told)).into());
    }
    if report.exists()
        && let Some(blank) = unfilled(&read(&report)?)
    {
        return Err(format!("a name was left unfilled: {blank}").into());
    }
    let truth = folder.join("truth.json");
    if truth.exists() {
        let share = found(&read(&truth)?, &read(&report)?);
        if share < expect.found {
            return Err(format!(
                "{:.0} % of the changes were found, not {:.0} %",
                share * 100.0,
                expect.found * 100.0
            )
            .into());
        }
    }
    Ok(())
}

/// A text of a finding with a `{name}` that nobody filled in.
fn unfilled(report: &serde_json::Value) -> Option<String> {
    let texts = report["findings"]
        .as_array()?
        .iter()
        .flat_map(|f| ["message", "fix"].into_iter().flat_map(move |key| [&f[key]["en"], &f[key]["zh"]]));
    let blank = |text: &&str| {
        let names = text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name);
        names.into_iter().any(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
    };
    texts.filter_map(serde_json::Value::as_str).find(blank).map(str::to_owned)
}

fn read(file: &Path) -> Result<serde_json::Value, Failed> {
    let text = std::fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
    Ok(serde_json::from_str(&text).map_err(|e| format!("{}: {e}", file.display()))?)
}

/// Share of the seeded changes at which an error or warning points: by GlobalId, by mark, by axis, or within 0.6 m of
/// the place.
fn found(truth: &serde_json::Value, report: &serde_json::Value) -> f64 {
    let changes = truth["inconsistencies"].as_array().cloned().unwrap_or_default();
    if changes.is_empty() {
        return 1.0;
    }
    let findings: Vec<&serde_json::Value> = report["findings"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|f| f["verdict"] == "fail" && f["severity"] != "info")
        .collect();
    let hits = changes.iter().filter(|change| findings.iter().any(|f| points_at(f, change))).count();
    hits as f64 / changes.len() as f64
}

fn points_at(finding: &serde_json::Value, change: &serde_json::Value) -> bool {
    let guids = change["guids"].as_array().cloned().unwrap_or_default();
    let by_guid = finding["elements"].as_array().into_iter().flatten().any(|e| guids.contains(&e["guid"]));
    let by_mark =
        change["kind"] == "schedule_count" && finding["rule"] == "DM27" && finding["mark"] == change["mark"];
    let by_axis = !finding["axis"].is_null()
        && [&change["axis"], &change["before"], &change["after"]].contains(&&finding["axis"]);
    let by_storey = change["kind"] == "level"
        && finding["rule"] == "DM33"
        && finding["storey"]["guid"] == change["storey_guid"];
    let near = |place: &serde_json::Value| {
        let at = |v: &serde_json::Value, i: usize| v[i].as_f64().unwrap_or(f64::NAN);
        let p = &finding["point_m"];
        (at(p, 0) - at(place, 0)).hypot(at(p, 1) - at(place, 1)) <= 0.6
            && finding["storey"]["guid"] == change["storey_guid"]
    };
    by_guid || by_mark || by_axis || by_storey || near(&change["xy_m"]) || near(&change["xy_after_m"])
}

fn shortened(text: &str) -> String {
    text.lines().take(30).collect::<Vec<_>>().join("\n")
}
