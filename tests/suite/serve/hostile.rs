//! A model and a drawing whose names are hostile, through the whole service: in every format, in both languages, on the
//! page and in the package, they are names and nothing else.

use super::{Client, House, on_threads, sample};
use crate::formats::is_tame;
use std::io::Read;

const MARKUP: &str = "<script>alert(1)</script>";
const FORMULA: &str = "=HYPERLINK(\"http://x\",\"y\")";

/// Storeys, doors and the project are named by somebody who means harm: markup, a formula, a turn of the direction of
/// writing, NUL, and a name of 200,000 characters.
fn model() -> Vec<u8> {
    let text = String::from_utf8(sample("fail_office-tarch", "OfficeA.ifc")).expect("text");
    let name = format!("{MARKUP}{FORMULA}\\X2\\202E0000\\X0\\");
    let long = format!("'{}'", "A".repeat(200_000));
    let formula = format!("'{FORMULA}{MARKUP}'");
    let text =
        text.replace("'2F'", &format!("'{name}'")).replacen("'M0921'", &long, 1).replace("'M1021'", &formula);
    assert!(text.contains(&long) && text.contains(&name) && text.contains(&formula), "nothing was renamed");
    text.into_bytes()
}

#[track_caller]
fn harmless(what: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let odd = text.lines().find(|l| !is_tame(&l.replace('\t', " ")));
    assert!(
        odd.is_none(),
        "{what} has characters that turn or control: {:?}",
        odd.map(|l| l.chars().take(300).collect::<String>())
    );
    assert!(!text.contains(MARKUP), "{what} has markup from a name");
}

#[track_caller]
fn no_formula(what: &str, text: &str) {
    for cell in text.split([',', '\n', '\t']) {
        assert!(!cell.trim_start_matches('"').starts_with("=HYPERLINK"), "{what} has a formula: {cell}");
    }
}

async fn in_every_format(firm: &Client, round: &str) {
    let texts =
        ["html", "terminal", "csv", "spot-check", "spot-check-csv", "sarif", "junit", "github", "svg"];
    let packed = [
        "bcf",
        "bcf3",
        #[cfg(feature = "xlsx")]
        "xlsx",
    ];
    for lang in ["en", "zh"] {
        let path = |format: &str| format!("/api/v1/rounds/{round}/report?format={format}&lang={lang}");
        for format in texts {
            let answer = firm.get(&path(format)).await.is(200);
            assert!(answer.bytes.len() < 4_000_000, "{format} has {} bytes", answer.bytes.len());
            // in data that a program reads, markup is text: JSON is JSON
            let text = String::from_utf8_lossy(&answer.bytes).into_owned();
            match format {
                "sarif" => {
                    assert!(is_tame(&text) && serde_json::from_str::<serde_json::Value>(&text).is_ok())
                }
                "terminal" | "github" => assert!(is_tame(&text), "{format}"),
                "csv" | "spot-check-csv" => no_formula(format, &text),
                _ => harmless(format, &answer.bytes),
            }
        }
        for format in packed {
            let answer = firm.get(&path(format)).await.is(200);
            entries(format, &answer.bytes);
        }
        if cfg!(feature = "opinion") {
            let answer = firm.get(&path("pdf")).await;
            // none where the machine has no font
            assert!(
                answer.status == 200 && answer.bytes.starts_with(b"%PDF-") || answer.status == 409,
                "{answer:?}"
            );
            assert!(!answer.bytes.windows(11).any(|w| w == b"/JavaScript"), "a script in the document");
        }
    }
}

/// Every text in an archive; where no text is, pixels are.
fn entries(format: &str, bytes: &[u8]) {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("an archive");
    for n in 0..zip.len() {
        let mut entry = zip.by_index(n).expect("an entry");
        let name = entry.name().expect("a name").into_owned();
        assert!(!name.contains("..") && is_tame(&name) && name.len() < 300, "{format}: {name}");
        let mut content = Vec::new();
        entry.read_to_end(&mut content).expect("its content");
        if !name.ends_with(".png") {
            harmless(&format!("{format}: {name}"), &content);
        }
    }
}

#[test]
fn hostile_names_are_harmless_everywhere() {
    on_threads(async {
        let house = House::new(|_| ()).await;
        let firm = house.firm("one").await;
        let drawing = sample("fail_office-tarch", "arch_plans.dxf");
        let files = [("<script>alert(1)<.ifc", model()), ("=HYPERLINK()\u{202e}.dxf", drawing)];
        let round = firm.round(["P1", "<script>B1"], &files).await;
        firm.post(&format!("/api/v1/rounds/{round}/check"), serde_json::json!({})).await.is(202);
        let over = firm.over(&round).await;
        assert_eq!(over["state"], "done", "{over}");
        firm.written(&round).await;
        in_every_format(&firm, &round).await;
        let package = firm.get(&format!("/api/v1/rounds/{round}/handover")).await.is(200);
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(package.bytes)).expect("an archive");
        for name in ["building.city.json", "building.geojson", "manifest.json"] {
            let mut text = String::new();
            zip.by_name(name).expect("a part").read_to_string(&mut text).expect("text");
            assert!(is_tame(&text) && text.len() < 200_000, "{name}");
            serde_json::from_str::<serde_json::Value>(&text).expect("JSON");
        }
        let submission = firm.get(&format!("/api/v1/rounds/{round}")).await.text("submission");
        for path in ["/".to_owned(), format!("/submissions/{submission}"), format!("/rounds/{round}")] {
            for lang in ["en", "zh"] {
                let page = house.admin.get(&format!("{path}?lang={lang}")).await.is(200);
                harmless(&path, &page.bytes);
                assert!(!String::from_utf8_lossy(&page.bytes).contains("<script>B1"), "{path}");
                assert!(page.bytes.len() < 3_000_000, "{path} has {} bytes", page.bytes.len());
            }
        }
        house.stop().await;
    });
}
