//! The report's page in a browser: `tests/report/browser.py` drives headless Chromium. Without Python or Chromium it is
//! skipped, and says so; `TUMO_SHOTS` names a folder for the screenshots.

use super::{demo, formats, script};
use std::path::{Path, PathBuf};
use std::process::Command;
use tumo::report::html;
use tumo::report::reply::{self, Answer, Reply};
use tumo::wording::Language;

/// Samples whose reports are opened: TArch, PDF, and a pair that agrees.
const SAMPLES: [(&str, &str, &str); 3] = [
    ("fail_office-tarch", "OfficeA.ifc", "arch_plans.dxf"),
    ("fail_flats-pdf", "FlatsA-changed.ifc", "plans.pdf"),
    ("pass_office-revit-aia", "OfficeR.ifc", "A-101_FIRST_FLOOR_PLAN.dxf"),
];

/// Writes the report of a sample in both languages.
fn sample(folder: &Path, (project, model, drawing): (&str, &str, &str)) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/projects").join(project);
    for lang in ["en", "zh"] {
        let ran = Command::new(env!("CARGO_BIN_EXE_tumo"))
            .arg("check")
            .arg(from.join(model))
            .arg("--drawing")
            .arg(from.join(drawing))
            .args(["--profile", "cn-building", "--lang", lang, "--quiet", "--format", "html", "-o"])
            .arg(folder.join(format!("{project}-{lang}.html")))
            .status();
        assert!(ran.is_ok_and(|s| s.code().is_some_and(|c| c != 2)), "{project} has no report");
    }
}

#[test]
fn the_page_is_read_searched_and_dragged_in_a_browser() {
    let folder = tempfile::tempdir().expect("a folder");
    let shots: PathBuf =
        std::env::var_os("TUMO_SHOTS").map_or_else(|| folder.path().join("shots"), Into::into);
    let write = |name: &str, page: String| std::fs::write(folder.path().join(name), page).expect("a page");
    let mut small = demo::report(24, 3_000);
    let answered = small.findings[0].id.clone();
    let reply = Reply { id: answered, answer: Some(Answer::Rejected), remark: "<b>see sheet 7</b>".into() };
    assert!(reply::apply(&mut small, vec![reply], None).is_empty());
    write("small.html", html::write(&small, Language::En));
    write("large.html", html::write(&demo::report(2_000, 200_000), Language::Zh));
    write("hostile.html", html::write(&formats::hostile(), Language::En));
    SAMPLES.into_iter().for_each(|s| sample(folder.path(), s));
    script::python("report/browser.py", [folder.path(), &shots]);
}
