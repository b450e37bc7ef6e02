//! Profiles, forms, waivers and IDS of somebody who means harm: refused in one sentence or bounded, and soon.

use super::model_rules::{file, house};
use std::time::{Duration, Instant};
use tumo::pipeline::{Source, Submission};
use tumo::rulebook::{Rulebook, waiver};
use tumo::{Pipeline, bytes, manifest};

/// Longer than any of these takes on a busy machine, and far shorter than what grows without bound.
const SOON: Duration = Duration::from_secs(60);

fn soon<T>(what: &str, run: impl FnOnce() -> T) -> T {
    let begin = Instant::now();
    let out = run();
    assert!(begin.elapsed() < SOON, "{what} took {:?}", begin.elapsed());
    out
}

const HEAD: &str = "name = \"x\"\ntitle = { en = \"x\", zh = \"x\" }\nextends = \"general\"\n";

fn profile(rest: &str) -> Result<Rulebook, String> {
    soon("a profile", || {
        Rulebook::from_profile("x.toml", &format!("{HEAD}{rest}")).map_err(|e| e.to_string())
    })
}

fn own_rule(id: &str, check: &str, params: &str) -> String {
    let words = "{ en = \"w\", zh = \"w\" }";
    format!(
        "[[rules]]\nid = \"{id}\"\ntitle = {words}\ncheck = \"{check}\"\nseverity = \"info\"\nparams = {params}\n\
         message = {{ w = {words} }}\ndoc = {{ what = {words}, why = {words}, fix = {words}, source = \"s\" }}\n"
    )
}

#[test]
fn profiles_are_bounded() {
    for (what, rest) in [
        ("nested arrays", format!("off = {}{}", "[".repeat(200_000), "]".repeat(200_000))),
        ("nested tables", format!("a{} = 1", ".a".repeat(200_000))),
        ("a name without an end", format!("off = [\"{}", "x".repeat(3 << 20))),
        ("an unknown rule", format!("off = [\"{}\"]", "Z".repeat(1 << 20))),
        ("no UTF-8 after all", "off = [\"\\uD800\"]".to_owned()),
        ("too many bytes", format!("# {}\n", "x".repeat(5 << 20))),
        ("too many rules", (0..5_100).map(|n| own_rule(&format!("CP9{n}"), "count", "{}")).collect()),
        ("one rule twice", own_rule("CP90", "count", "{}").repeat(2)),
        (
            "a path without an end",
            own_rule(
                "CP90",
                "record",
                &format!("{{ cases = [{{ class = \"IfcWall\", via = \"{}\" }}] }}", "a.".repeat(99)),
            ),
        ),
    ] {
        let told = profile(&rest).expect_err(what);
        assert!(told.chars().count() < 1_000, "{what}: {} characters", told.chars().count());
        assert!(told.starts_with("x.toml") || told.contains("x.toml"), "{what}: {told}");
    }
}

#[test]
fn rules_of_ones_own_that_ask_too_much_end() {
    let rest = own_rule(
        "CP90",
        "record",
        // every inverse of every record, there and back
        "{ cases = [{ class = \"IfcRoot\", via = \"IsDecomposedBy.RelatedObjects.Decomposes.RelatingObject.IsDecomposedBy.RelatedObjects.ContainsElements.RelatedElements\" }] }",
    );
    let book = profile(&rest).expect("a profile");
    let submission = Submission {
        models: vec![Source { name: "h.ifc", bytes: bytes::bytes(file("IFC4", &house())) }],
        ..Submission::default()
    };
    soon("a rule", || Pipeline::run(&submission, &book).expect("a run"));
}

#[test]
fn a_pattern_that_cannot_be_asked_is_refused_and_does_not_pass() {
    let model = || vec![Source { name: "h.ifc", bytes: bytes::bytes(file("IFC4", &house())) }];
    let submission = Submission { models: model(), ..Submission::default() };
    for pattern in ["(", "((((a{1000}){1000}){1000}){1000})", &"(".repeat(100_000)] {
        let book = profile(&format!("[params.CP05]\npattern = \"{pattern}\"\n")).expect("a profile");
        let told = soon("a pattern", || Pipeline::run(&submission, &book).map_err(|e| e.to_string()))
            .expect_err("refused");
        assert!(told.contains("CP05") && told.len() < 400, "{told}");
    }
    // catastrophic where patterns are tried one way after the other
    let book = profile("[params.IN08]\npattern = \"((a+)+)+b\"\n").expect("a profile");
    let name = format!("{}.ifc", "a".repeat(50_000));
    let submission = Submission {
        models: vec![Source { name: &name, bytes: bytes::bytes(file("IFC4", &house())) }],
        ..Submission::default()
    };
    let run = soon("a name", || Pipeline::run(&submission, &book).map_err(|e| e.to_string())).expect("a run");
    assert_eq!(run.findings.tallies["IN08"].failed, 1);
}

#[test]
fn waivers_and_forms_are_bounded() {
    let one = "[[waiver]]\nrule='MQ01'\nguid='0'\nreason='r'\n";
    for (what, text) in [
        ("too many waivers", one.repeat(20_001)),
        ("too many bytes", format!("# {}", "x".repeat(9 << 20))),
        ("nested arrays", format!("waiver = {}", "[".repeat(300_000))),
        ("no reason", one.replace("'r'", "' '")),
        ("no day", format!("{one}until='2026-13-01'\n")),
    ] {
        let told = soon(what, || waiver::read("w.toml", text.as_bytes()).map_err(|e| e.to_string()))
            .expect_err(what);
        assert!(told.contains("w.toml") && told.chars().count() < 1_000, "{what}: {told}");
    }
    assert_eq!(
        waiver::read("w.toml", one.repeat(20_000).as_bytes()).expect("as many as may be").len(),
        20_000
    );
    for (what, text) in [
        ("nested arrays", format!("files = {}", "[".repeat(300_000))),
        ("nested JSON", format!("{{\"files\":{}", "[".repeat(300_000))),
        ("too many bytes", format!("# {}", "x".repeat(5 << 20))),
        ("a field that no form has", "stagee = 'x'".to_owned()),
        ("a number that is none", "[building]\narea_m2 = 'large'".to_owned()),
    ] {
        let told = soon(what, || manifest::read("f.toml", text.as_bytes()).map_err(|e| e.to_string()))
            .expect_err(what);
        assert!(told.contains("f.toml") && told.chars().count() < 1_000, "{what}: {told}");
    }
    let odd = "[building]\narea_m2 = nan\nheight_m = inf\nstoreys_above = 4294967295\n";
    let form = manifest::read("f.toml", odd.as_bytes()).expect("numbers");
    assert_eq!(form.building.storeys_above, Some(u32::MAX));
}

#[test]
fn a_crowd_of_specifications_is_bounded_and_told() {
    let head = "<ids xmlns=\"http://standards.buildingsmart.org/IDS\" \
                xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"><info><title>t</title></info><specifications>";
    let one = "<specification name=\"s\" ifcVersion=\"IFC4\"><applicability minOccurs=\"0\" maxOccurs=\"unbounded\">\
               <entity><name><simpleValue>IFCWALL</simpleValue></name></entity></applicability><requirements>\
               <attribute><name><simpleValue>Name</simpleValue></name><value><xs:restriction base=\"xs:string\">\
               <xs:pattern value=\"((s|so)+)+x\"/></xs:restriction></value></attribute></requirements></specification>";
    let text = format!("{head}{}</specifications></ids>", one.repeat(3_000));
    let book = Rulebook::built_in("general").expect("the rules");
    let book = Rulebook { rules: book.rules.into_iter().filter(|r| r.id == "CP15").collect(), ..book };
    let submission = Submission {
        models: vec![Source { name: "h.ifc", bytes: bytes::bytes(file("IFC4", &house())) }],
        ids: vec![Source { name: "s.ids", bytes: bytes::bytes(text.into_bytes()) }],
        ..Submission::default()
    };
    let run = soon("3,000 specifications", || Pipeline::run(&submission, &book).map_err(|e| e.to_string()))
        .expect("a run");
    assert!(run.findings.tallies["CP15"].failed >= 3_000);
    assert!(run.findings.list.len() <= 3_000 + 5_000, "{} findings", run.findings.list.len());
}
