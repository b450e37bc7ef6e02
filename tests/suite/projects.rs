//! Whole buildings with recorded truth, from the folder that TUMO_DATA names: every plan on the right storey, at the
//! right place, and what consistent pairs are accused of. A subset; `tests/score/run.py` does all.

use serde_json::Value;
use std::path::{Path, PathBuf};
use tumo::pipeline::{Source, Submission};
use tumo::rulebook::Rulebook;
use tumo::{Pipeline, bytes};

/// Folders of `seeded/` that are tried here: without changes, in styles that must be understood.
const CLEAN: &[&str] = &[
    "d01-duplex-tarch",
    "d03-duplex-aia",
    "d07-officea-tarch",
    "d11-officea-aia",
    "d12-officea-layer0",
    "d13-flatsa-paper",
    "d16-flatsa-svg",
    "d25-officer-aia",
];

/// What is wrong with the untouched models in themselves, by hand: two ceilings of the Duplex are one twice
/// (187462, 187470), and two of its halls are surfaces, no bodies.
const OF_MODEL: &[(&str, &str, &[&str])] = &[
    ("duplex", "MQ18", &["Compound Ceiling:Gypsum Board:187462", "Compound Ceiling:Gypsum Board:187470"]),
    ("duplex", "MQ32", &["A201", "B201"]),
];

/// Greatest distance between a plan and its true place at the corners of the building, millimetres.
const PLACE_MM: f64 = 10.0;

/// The folder with real data; without it the test counts itself as skipped, or fails where it must be there.
fn data() -> Option<PathBuf> {
    let found = std::env::var_os("TUMO_DATA").map(PathBuf::from).filter(|d| d.join("seeded").is_dir());
    if found.is_none() {
        let needed = std::env::var("REQUIRE_SAMPLES").is_ok_and(|v| v == "1");
        assert!(!needed, "REQUIRE_SAMPLES=1, and TUMO_DATA names no folder with seeded pairs");
        eprintln!("SKIPPED {} whole buildings: TUMO_DATA names no folder with seeded pairs", CLEAN.len());
    }
    found
}

fn run(folder: &Path, truth: &Value) -> (Pipeline, Rulebook) {
    let model = folder.join(truth["model"]["file"].as_str().expect("a model"));
    let mut drawings: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the pair")
        .map(|e| e.expect("an entry").path())
        .filter(|p| p.extension().is_some_and(|e| ["dxf", "dwg", "pdf", "svg"].iter().any(|k| e == *k)))
        .collect();
    drawings.sort();
    let name = |p: &Path| p.file_name().expect("a name").to_string_lossy().into_owned();
    let names: Vec<String> = drawings.iter().map(|d| name(d)).collect();
    let read = |p: &Path| bytes::bytes(std::fs::read(p).expect("a file"));
    let model_name = name(&model);
    let submission = Submission {
        models: vec![Source { name: &model_name, bytes: read(&model) }],
        drawings: names
            .iter()
            .zip(&drawings)
            .map(|(name, path)| Source { name, bytes: read(path) })
            .collect(),
        ..Submission::default()
    };
    let book = Rulebook::built_in("general").expect("the rules");
    (Pipeline::run(&submission, &book).expect("the model can be read"), book)
}

/// How far a plan lies from its true place, at the worst corner of the building.
fn misplaced_mm(plan: &Value, m: &Value) -> f64 {
    let n = |v: &Value| v.as_f64().unwrap_or(f64::NAN);
    let truth = &plan["model_to_drawing"]["matrix"];
    let corners = plan["building_corners_m"].as_array().expect("corners");
    corners
        .iter()
        .map(|corner| {
            let (x, y) = (n(&corner[0]), n(&corner[1]));
            let drawn = |row: usize| n(&truth[row][0]) * x + n(&truth[row][1]) * y + n(&truth[row][2]);
            let (u, v) = (drawn(0), drawn(1));
            let back = |i: usize| n(&m[i]) * u + n(&m[i + 2]) * v + n(&m[i + 4]);
            (back(0) - x).hypot(back(1) - y) * 1000.0
        })
        .fold(0.0, |worst, d| if d.is_nan() { f64::INFINITY } else { f64::max(worst, d) })
}

#[test]
fn consistent_buildings_are_laid_right_and_accused_of_nothing() {
    let Some(data) = data() else { return };
    let mut wrong = Vec::new();
    for pair in CLEAN {
        let folder = data.join("seeded").join(pair);
        let text = std::fs::read_to_string(folder.join("truth.json")).expect("the truth");
        let truth: Value = serde_json::from_str(&text).expect("JSON");
        let (pipeline, book) = run(&folder, &truth);
        let report =
            serde_json::to_value(pipeline.report(&book, tumo::report::RunInfo::default())).expect("JSON");
        for plan in truth["plans"].as_array().expect("plans") {
            let storey = &plan["storey"]["guid"];
            let laid = report["plans"].as_array().into_iter().flatten().find(|p| {
                p["drawing"] == plan["file"]
                    && p["storeys"].as_array().into_iter().flatten().any(|s| s["guid"] == *storey)
            });
            match laid {
                None => wrong.push(format!("{pair}: {} is not laid on its storey", plan["title"])),
                Some(laid) => {
                    let off = misplaced_mm(plan, &laid["transform"]["m"]);
                    if off > PLACE_MM {
                        wrong.push(format!("{pair}: {} lies {off:.1} mm off", plan["title"]));
                    }
                }
            }
        }
        for finding in report["findings"].as_array().into_iter().flatten() {
            let own = |(model, rule, names): &(&str, &str, &[&str])| {
                let named = |e: &Value| e["name"].as_str().is_some_and(|n| names.contains(&n));
                pair.contains(model)
                    && finding["rule"] == *rule
                    && finding["elements"].as_array().is_some_and(|all| all.iter().all(named))
            };
            if finding["verdict"] == "fail" && finding["severity"] == "error" && !OF_MODEL.iter().any(own) {
                wrong.push(format!("{pair}: {} {}", finding["rule"], finding["message"]["en"]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
