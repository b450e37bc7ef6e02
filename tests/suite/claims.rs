//! What a user claims and gives: the scope of a staged submission, the place of a plan, a spot check.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/projects").join(name)
}

fn scratch(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

fn tumo(args: &[&str], folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tumo"));
    command.current_dir(folder).args(args).args(["--lang", "en"]);
    command.output().expect("the program runs")
}

fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The report of the office with its changed drawings.
fn check(name: &str, more: &[&str]) -> Value {
    let out = scratch(name);
    let _ = std::fs::remove_file(&out);
    let out_name = out.to_string_lossy().into_owned();
    let mut args =
        vec!["check", "OfficeA.ifc", "--drawing", "arch_plans.dxf", "--format", "json", "-o", &out_name];
    args.extend(more);
    let output = tumo(&args, &sample("fail_office-tarch"));
    let text = std::fs::read_to_string(&out).unwrap_or_else(|_| panic!("no report: {}", told(&output)));
    serde_json::from_str(&text).expect("JSON")
}

fn list<'v>(report: &'v Value, key: &str) -> &'v [Value] {
    report[key].as_array().expect("a list")
}

#[test]
fn only_the_claimed_storeys_are_checked_and_that_is_said() {
    let whole = check("claims-whole.json", &[]);
    let part = check("claims-2f.json", &["--scope", "2F"]);
    assert_eq!(whole["identity"]["scope"], "all");
    assert_eq!(part["identity"]["scope"], "2F");
    let names: Vec<&Value> = list(&part["identity"], "left_out").iter().map(|s| &s["name"]).collect();
    assert_eq!(names, ["1F", "3F"]);
    let of = |r: &Value, storey: &str| {
        list(r, "findings").iter().filter(|f| f["storey"]["name"] == storey && f["rule"] != "DM45").count()
    };
    assert!(of(&whole, "1F") > 0 && of(&whole, "2F") > 0);
    assert_eq!((of(&part, "1F"), of(&part, "3F")), (0, 0));
    assert!(of(&part, "2F") > 0);
    for plan in list(&part, "plans") {
        let claimed = plan["storeys"][0]["name"] == "2F";
        assert_eq!(plan["outside_scope"] == true, !claimed);
        assert_eq!(plan["coverage"].as_object().expect("coverage").is_empty(), !claimed);
    }
    let said = tumo(
        &["check", "OfficeA.ifc", "--drawing", "arch_plans.dxf", "--scope", "2F"],
        &sample("fail_office-tarch"),
    );
    assert!(told(&said).contains("scope 2F: only that was checked; not checked: 1F, 3F"), "{}", told(&said));
}

#[test]
fn a_discipline_is_compared_in_its_own_classes() {
    let part = check("claims-structure.json", &["--scope", "structure"]);
    assert_eq!(part["identity"]["discipline"], "structure");
    for plan in list(&part, "plans") {
        let classes: Vec<&String> = plan["coverage"].as_object().expect("coverage").keys().collect();
        assert!(classes.iter().any(|c| *c == "column"));
        assert!(!classes.iter().any(|c| ["door", "window", "room"].contains(&c.as_str())), "{classes:?}");
    }
}

#[test]
fn a_scope_that_is_not_there_is_told_with_what_is() {
    let output = tumo(&["check", "OfficeA.ifc", "--scope", "B1..B3"], &sample("fail_office-tarch"));
    assert_eq!(output.status.code(), Some(2));
    assert!(
        told(&output).contains("no such storey") && told(&output).contains("1F, 2F, 3F"),
        "{}",
        told(&output)
    );
}

/// Where the plans lie by themselves, as `tumo register --json` writes it.
fn places() -> Value {
    let folder = sample("pass_office-tarch");
    let output = tumo(&["register", "OfficeA.ifc", "--drawing", "arch_plans.dxf", "--json"], &folder);
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn register(places: &str, name: &str) -> (Option<i32>, String) {
    let file = scratch(name);
    std::fs::write(&file, places).expect("a file");
    let file = file.to_string_lossy().into_owned();
    let args = ["register", "OfficeA.ifc", "--drawing", "arch_plans.dxf", "--place", &file];
    let output = tumo(&args, &sample("pass_office-tarch"));
    (output.status.code(), told(&output))
}

#[test]
fn what_register_writes_can_be_given_back() {
    let (code, said) = register(&places().to_string(), "places.json");
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(said.matches("by the transform that was given: 99 % agrees, rms 0.0 mm").count(), 3, "{said}");
    assert_eq!(said.matches("by given:").count(), 3, "{said}");
}

#[test]
fn a_place_may_be_given_by_points_and_is_not_drawn_tight() {
    let all = places();
    let m: Vec<f64> =
        all[1]["transform"]["m"].as_array().expect("m").iter().filter_map(Value::as_f64).collect();
    // ten millimetres off: the user's word holds, and the residuals tell of it
    let world = |u: f64, v: f64| (m[0] * u + m[2] * v + m[4] + 0.01, m[1] * u + m[3] * v + m[5]);
    let points: Vec<String> = [(0.0, 0.0), (30_000.0, 0.0), (0.0, 20_000.0)]
        .iter()
        .map(|&(u, v)| {
            let (x, y) = world(u, v);
            format!("{{ drawing = [{u:?}, {v:?}], model = [{x:?}, {y:?}] }}")
        })
        .collect();
    let text = format!("[[place]]\nplan = \"P2\"\nstorey = \"2F\"\npoints = [{}]\n", points.join(", "));
    let (code, said) = register(&text, "points.toml");
    assert_eq!(code, Some(0), "{said}");
    let story = said.lines().find(|l| l.contains("by the transform that was given")).expect("a story");
    let rms: f64 = story.split("rms ").nth(1).and_then(|t| t.split(' ').next()?.parse().ok()).expect("rms");
    assert!((4.0..=10.5).contains(&rms), "{story}");
}

#[test]
fn a_wrong_place_is_refused_and_told() {
    let place = |more: &str| format!("[[place]]\nplan = \"P2\"\n{more}\n");
    for (text, code, part) in [
        (
            place("storey = \"2F\"\nm = [0.001, 0, 0, 0.001, 0, 0]"),
            3,
            "not laid: under the given transform only 0 %",
        ),
        (place("storey = \"2F\"\nm = [0.0254, 0, 0, 0.0254, 0, 0]"), 3, "the drawing says 0.001 m"),
        (place("storey = \"9F\"\nm = [0.001, 0, 0, 0.001, 0, 0]"), 2, "there is no storey 9F"),
        (place("m = [0.001, 0, 0, 0.002, 0, 0]"), 2, "stretches or shears"),
        (place("m = [0, 0, 0, 0, 0, 0]"), 2, "onto one line or point"),
        (place("points = [{ drawing = [0, 0], model = [0, 0] }]"), 2, "two points or more"),
        (place("storey = \"2F\""), 2, "has neither `m` nor `points`"),
        ("[[place]]\nplan = \"P9\"\nm = [0.001, 0, 0, 0.001, 0, 0]\n".into(), 2, "there is no such plan"),
        ("[[place]]\nm = [0.001, 0, 0, 0.001, 0, 0]\n".into(), 2, "say which"),
        ("nothing".into(), 2, "places are a list"),
        ("[]".into(), 2, "holds no place"),
    ] {
        let (got, said) = register(&text, "wrong.toml");
        assert!(got == Some(code) && said.contains(part), "{text}\n{got:?}: {said}");
    }
}

#[test]
fn a_spot_check_is_the_same_for_the_same_files_and_seed() {
    let folder = sample("fail_office-tarch");
    let draw = |name: &str, seed: &str, threads: &str| {
        let file = scratch(name);
        let sheet = file.to_string_lossy().into_owned();
        let output = tumo(
            &[
                "check",
                "OfficeA.ifc",
                "--drawing",
                "arch_plans.dxf",
                "--spot-check",
                "30",
                "--seed",
                seed,
                "--spot-sheet",
                &sheet,
                "--threads",
                threads,
            ],
            &folder,
        );
        std::fs::read_to_string(&file).unwrap_or_else(|_| panic!("no sheet: {}", told(&output)))
    };
    let first = draw("spot-1.json", "a", "1");
    assert_eq!(first, draw("spot-2.json", "a", "2"));
    assert_ne!(first, draw("spot-3.json", "b", "1"));
    let sample: Value = serde_json::from_str(&first).expect("JSON");
    let items = list(&sample, "items");
    assert_eq!(items.len(), 30);
    for stratum in list(&sample, "strata") {
        assert!(stratum["drawn"].as_u64() >= Some(1), "{stratum}");
        let of =
            items.iter().filter(|i| i["class"] == stratum["class"] && i["outcome"] == stratum["outcome"]);
        assert_eq!(Some(of.count() as u64), stratum["drawn"].as_u64());
    }
    assert!(items.iter().any(|i| i["outcome"] == "agrees") && items.iter().any(|i| i["outcome"] != "agrees"));
    assert!(items.iter().filter(|i| i["outcome"] == "differs").all(|i| !list(i, "findings").is_empty()));
    let page = draw("spot.html", "a", "1");
    assert_eq!(page.matches("<div class=\"item\">").count(), 30);
    assert!(page.matches("<svg").count() == 30 && !page.contains("http-equiv=\"refresh"));
    let table = draw("spot.csv", "a", "1");
    assert_eq!(table.lines().count(), 31);
}

#[test]
fn a_sample_that_goes_nowhere_is_a_slip() {
    let folder = sample("fail_office-tarch");
    let output = tumo(&["check", "OfficeA.ifc", "--spot-check", "5"], &folder);
    assert_eq!(output.status.code(), Some(2));
    assert!(told(&output).contains("--spot-sheet FILE"), "{}", told(&output));
}

#[test]
fn what_is_said_of_a_sheet_reaches_the_check_and_is_told() {
    let story = |report: &Value, plan: usize| {
        list(report, "plans")[plan]["story"]["en"].as_str().expect("a story").to_owned()
    };
    let said =
        check("claims-sheet.json", &["--sheet", "arch_plans.dxf#P2=2F", "arch_plans.dxf#P1=structure"]);
    assert!(story(&said, 1).contains("storey as the user says"), "{}", story(&said, 1));
    assert_eq!(list(&said, "plans")[1]["storeys"][0]["name"], "2F");
    assert!(story(&said, 0).contains("compared as structure"), "{}", story(&said, 0));
    let coverage = list(&said, "plans")[0]["coverage"].as_object().expect("coverage");
    assert!(coverage.contains_key("wall") && !coverage.contains_key("door"), "{coverage:?}");
    // a wrong storey is no place to lay it: open, never passed
    let wrong = check("claims-sheet-wrong.json", &["--sheet", "arch_plans.dxf=9F"]);
    assert_eq!(wrong["decision"], "inconclusive");
    assert!(story(&wrong, 0).contains("9F") && story(&wrong, 0).contains("1F"), "{}", story(&wrong, 0));
    for (bad, why) in [("other.dxf=2F", "arch_plans.dxf"), ("arch_plans.dxf", "DRAWING=WHAT")] {
        let output = tumo(
            &["check", "OfficeA.ifc", "--drawing", "arch_plans.dxf", "--sheet", bad],
            &sample("fail_office-tarch"),
        );
        assert_eq!(output.status.code(), Some(2));
        assert!(told(&output).contains(why), "{}", told(&output));
    }
}

/// A form that claims a part: the same as the argument, which stands over it; what it does not fit is told in its name.
#[test]
fn the_scope_of_the_form_is_held() {
    let form = |name: &str, scope: &str| {
        let file = scratch(name);
        std::fs::write(&file, format!("scope = \"{scope}\"\n")).expect("written");
        file.to_string_lossy().into_owned()
    };
    let upper = form("claims-form.toml", "2F");
    let part = check("claims-form.json", &["--manifest", &upper]);
    assert_eq!(part["identity"]["scope"], "2F");
    assert_eq!(list(&part["identity"], "left_out").len(), 2);
    let said = check("claims-form-said.json", &["--manifest", &upper, "--scope", "1F"]);
    assert_eq!(said["identity"]["scope"], "1F");
    let wrong = form("claims-form-wrong.toml", "9F");
    let args = ["check", "OfficeA.ifc", "--drawing", "arch_plans.dxf", "--manifest", &wrong];
    let output = tumo(&args, &sample("fail_office-tarch"));
    assert_eq!(output.status.code(), Some(2));
    assert!(
        told(&output).contains("claims-form-wrong.toml") && told(&output).contains("9F"),
        "{}",
        told(&output)
    );
}
