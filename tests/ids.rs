//! IDS against buildingSMART's conformance suite, where it is at hand (`TUMO_DATA`), and against samples of our own.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, missing_docs)]

use std::path::{Path, PathBuf};
use tumo::checks::ids::{Result, Why, audit, evaluate};
use tumo::rulebook::ids;

fn files_below(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut out = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == extension) {
                out.push(path);
            }
        }
    }
    out.sort();
    out
}

/// `invalid`, `fail`, `pass` or `undecided`, as the names of the cases say.
fn outcome(ids_file: &Path) -> &'static str {
    let name = ids_file.file_name().unwrap().to_string_lossy();
    let document = ids::read(&name, &std::fs::read(ids_file).unwrap());
    if !audit(&document).is_empty() {
        return "invalid";
    }
    // a case has a model of its own, or shares that of its folder
    let own = ids_file.with_extension("ifc");
    let model = if own.exists() { own } else { ids_file.with_file_name("model.ifc") };
    let bytes = tumo::bytes::bytes(std::fs::read(&model).unwrap());
    let file = tumo::ifc::StepFile::open(&model.to_string_lossy(), bytes).unwrap().value;
    let answers: Vec<_> = evaluate(&file, &document).results.iter().map(Result::answer).collect();
    if answers.contains(&ids::Answer::No) {
        "fail"
    } else if answers.contains(&ids::Answer::Unknown) {
        "undecided"
    } else {
        "pass"
    }
}

fn run_cases(folder: &Path, least: usize) {
    let files = files_below(folder, "ids");
    assert!(files.len() >= least, "{} cases in {}", files.len(), folder.display());
    let mut wrong = Vec::new();
    for file in &files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let found = outcome(file);
        if !name.starts_with(&format!("{found}-")) {
            wrong.push(format!("{found}: {}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), files.len(), wrong.join("\n"));
}

#[test]
fn conformance() {
    let Some(data) = std::env::var_os("TUMO_DATA") else {
        println!("SKIPPED: TUMO_DATA is not set, the IDS conformance suite was not run");
        return;
    };
    run_cases(&Path::new(&data).join("conformance/ids/testcases"), 314);
}

#[test]
fn samples() {
    run_cases(&Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/ids"), 50);
}

/// The command's exit code and what it wrote.
fn tumo(args: &[&str]) -> (i32, String) {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_tumo"))
        .args(args)
        .env("LC_ALL", "C")
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/ids/house"))
        .output()
        .unwrap();
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn the_command_ends_as_the_case_is_named() {
    for (case, asked, audited) in [
        ("pass-attributes_are_in_metres_too.ids", 0, 0),
        ("fail-a_door_is_too_narrow.ids", 1, 0),
        ("invalid-a_class_that_is_none.ids", 2, 1),
        ("invalid-an_entity_bomb.ids", 2, 1),
        ("undecided-a_length_in_hands_cannot_be_compared.ids", 3, 0),
    ] {
        assert_eq!(tumo(&["ids", "model.ifc", case]).0, asked, "{case}");
        assert_eq!(tumo(&["ids", "--audit", case]).0, audited, "{case}");
    }
    let sound = tumo(&["ids", "--audit", "pass-attributes_are_in_metres_too.ids"]).1;
    assert!(sound.contains("sound, 1 specification"), "{sound}");
    assert_eq!(tumo(&["ids", "model.ifc"]).0, 2);
    assert_eq!(tumo(&["ids", "model.ifc", "none.ids"]).0, 2);
    let (_, text) = tumo(&["ids", "model.ifc", "fail-a_door_is_too_narrow.ids"]);
    assert!(text.contains("#37") && text.contains("OverallWidth = 0.9, not OverallWidth = ≥ 1.0"), "{text}");
    let (_, json) = tumo(&["ids", "model.ifc", "fail-a_door_is_too_narrow.ids", "--format", "json"]);
    let told: serde_json::Value = serde_json::from_str(&json).unwrap();
    let specification = &told["documents"][0]["specifications"][0];
    assert_eq!((&told["verdict"], &specification["failed"]), (&"fail".into(), &1.into()));
    assert_eq!(specification["failures"][0]["reason"], "attribute-value");
}

#[test]
fn a_check_tells_of_the_ids_that_it_was_given() {
    for (case, rule, lines) in
        [("fail-a_door_is_too_narrow.ids", "CP15", 2), ("invalid-a_class_that_is_none.ids", "CP16", 1)]
    {
        let (_, json) = tumo(&["check", "model.ifc", "--ids", case, "--format", "json"]);
        let report: serde_json::Value = serde_json::from_str(&json).unwrap();
        let findings = report["findings"].as_array().unwrap();
        let told: Vec<_> = findings.iter().filter(|f| f["rule"] == rule).collect();
        assert_eq!(told.len(), lines, "{case}: {told:?}");
        if rule == "CP15" {
            let child = told.iter().find(|f| !f["parent"].is_null()).unwrap();
            assert_eq!(child["elements"][0]["guid"], "0hqIFTRjfV6AWq_bMtnZwI");
            assert!(told.iter().any(|f| f["id"] == child["parent"]), "the finding above it is there");
        }
        assert!(report["inputs"].as_array().unwrap().iter().any(|i| i["format"] == "ids"));
    }
}

#[test]
fn reasons_name_what_was_asked_and_what_was_found() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/ids/house");
    let bytes = tumo::bytes::bytes(std::fs::read(folder.join("model.ifc")).unwrap());
    let file = tumo::ifc::StepFile::open("model.ifc", bytes).unwrap().value;
    for (case, why, asked, found) in [
        ("fail-a_door_is_too_narrow", Why::AttributeValue, "OverallWidth = ≥ 1.0", "OverallWidth = 0.9"),
        (
            "fail-the_type_does_not_override_the_occurrence",
            Why::PropertyValue,
            "Pset_WallCommon.FireRating = EI30 (IFCLABEL)",
            "Pset_WallCommon.FireRating = REI60 (IFCLABEL)",
        ),
        (
            "fail-the_material_of_the_type_is_overridden",
            Why::Material,
            "Brick",
            "Outer wall, Core, loadbearing, C30/37, concrete, Wool",
        ),
        ("fail-subclasses_are_other_classes", Why::Class, "IFCWALL", "IfcWallStandardCase"),
        ("fail-one_relation_does_not_lead_through_another", Why::NoWhole, "IFCBUILDINGSTOREY", "–"),
        (
            "undecided-a_length_in_hands_cannot_be_compared",
            Why::Open,
            "Acme_Data.Reach = 0.3 (IFCLENGTHMEASURE)",
            "Acme_Data.Reach = 3 ? (IFCLENGTHMEASURE)",
        ),
    ] {
        let document = ids::read(case, &std::fs::read(folder.join(format!("{case}.ids"))).unwrap());
        let evaluation = evaluate(&file, &document);
        let [failure] = evaluation.results[0].failures.as_slice() else {
            panic!("{case}: {:?}", evaluation.results)
        };
        let described = evaluation.describe(0, failure).unwrap();
        assert_eq!(
            (failure.why, described.asked.as_str(), described.found.as_str()),
            (why, asked, found),
            "{case}"
        );
    }
}

#[test]
fn every_reason_and_every_fault_has_its_wording() {
    let book = tumo::rulebook::Rulebook::built_in("general").unwrap();
    let has = |rule: &str, case: &str| book.rule(rule).unwrap().message.contains_key(case);
    for code in ids::code::ALL {
        assert!(has("CP16", code), "CP16 has no words for {code}");
    }
    assert_eq!(book.rule("CP16").unwrap().message.len(), ids::code::ALL.len());
    for why in Why::ALL {
        assert!(has("CP15", why.case()), "CP15 has no words for {}", why.case());
    }
}

/// Many specifications on many objects, and hostile ones: bounded, and the same on any number of threads.
#[test]
fn very_many_specifications_are_asked_in_bounded_time() {
    let wall = "<entity><name><simpleValue>IFCWALL</simpleValue></name></entity>";
    let one = |n: usize| {
        format!(
            r#"<specification name="S{n}" ifcVersion="IFC4"><applicability minOccurs="0" maxOccurs="unbounded">{wall}</applicability><requirements><attribute><name><simpleValue>Name</simpleValue></name><value><xs:restriction base="xs:string"><xs:pattern value="(a*)*{}"/></xs:restriction></value></attribute></requirements></specification>"#,
            n % 50
        )
    };
    let text = format!(
        r#"<ids xmlns="http://standards.buildingsmart.org/IDS" xmlns:xs="http://www.w3.org/2001/XMLSchema"><info><title>T</title></info><specifications>{}</specifications></ids>"#,
        (0..3_000).map(one).collect::<String>()
    );
    let mut model = String::from("ISO-10303-21;\nHEADER;\nFILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\n");
    for id in 1..=500 {
        let name = "a".repeat(id);
        model.push_str(&format!("#{id}=IFCWALL('{id:022}',$,'{name}',$,$,$,$,$,$);\n"));
    }
    model.push_str("ENDSEC;\nEND-ISO-10303-21;\n");
    let start = std::time::Instant::now();
    let document = ids::read("many.ids", text.as_bytes());
    assert!(audit(&document).is_empty());
    let file = tumo::ifc::StepFile::open("many.ifc", tumo::bytes::bytes(model.into_bytes())).unwrap().value;
    let run = || evaluate(&file, &document).results;
    let many = run();
    assert!(many.iter().all(|r| r.applicable == 500 && r.failed == 500));
    assert!(many.iter().map(|r| r.failures.len()).sum::<usize>() <= 1_000_000);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    assert_eq!(pool.install(run), many);
    assert!(start.elapsed().as_secs() < 120, "{:?}", start.elapsed());
}
