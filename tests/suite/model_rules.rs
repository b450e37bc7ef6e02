//! Rules about the model alone, on a small building written here: each passes on it sound, and fails when that one thing
//! is spoilt.

use std::fmt::Write as _;
use tumo::identity::Filed;
use tumo::pipeline::{Source, Submission};
use tumo::rulebook::Rulebook;
use tumo::{Pipeline, bytes};

/// Records of a storey of 6 × 4 m: four walls, a door in its opening, a column, a slab, a room. Metres.
pub(super) fn house() -> String {
    let mut out = String::from(
        "#1=IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.);\n#2=IFCSIUNIT(*,.AREAUNIT.,$,.SQUARE_METRE.);\n\
         #3=IFCSIUNIT(*,.VOLUMEUNIT.,$,.CUBIC_METRE.);\n#4=IFCSIUNIT(*,.PLANEANGLEUNIT.,$,.RADIAN.);\n\
         #5=IFCUNITASSIGNMENT((#1,#2,#3,#4));\n#6=IFCCARTESIANPOINT((0.,0.,0.));\n#7=IFCAXIS2PLACEMENT3D(#6,$,$);\n\
         #8=IFCGEOMETRICREPRESENTATIONCONTEXT($,'Model',3,1.E-5,#7,$);\n\
         #9=IFCPROJECT('0000000000000000000001',$,'2105-440112-04-01-123456',$,$,$,$,(#8),#5);\n\
         #10=IFCLOCALPLACEMENT($,#7);\n#11=IFCSITE('0000000000000000000002',$,'Site',$,$,#10,$,$,.ELEMENT.,$,$,$,$,$);\n\
         #12=IFCBUILDING('0000000000000000000003',$,'House',$,$,#10,$,$,.ELEMENT.,$,$,$);\n\
         #13=IFCBUILDINGSTOREY('0000000000000000000004',$,'1F',$,$,#10,$,$,.ELEMENT.,0.);\n\
         #14=IFCRELAGGREGATES('0000000000000000000005',$,$,$,#9,(#11));\n\
         #15=IFCRELAGGREGATES('0000000000000000000006',$,$,$,#11,(#12));\n\
         #16=IFCRELAGGREGATES('0000000000000000000007',$,$,$,#12,(#13));\n#17=IFCDIRECTION((0.,0.,1.));\n",
    );
    // class and tail, place of the middle, size
    let solids = [
        ("IFCWALL", "'south',$,$,{p},{s},$,.STANDARD.", [3.0, 0.0, 0.0], [6.2, 0.2, 3.0]),
        ("IFCWALL", "'north',$,$,{p},{s},$,.STANDARD.", [3.0, 4.0, 0.0], [6.2, 0.2, 3.0]),
        ("IFCWALL", "'west',$,$,{p},{s},$,.STANDARD.", [0.0, 2.0, 0.0], [0.2, 3.8, 3.0]),
        ("IFCWALL", "'east',$,$,{p},{s},$,.STANDARD.", [6.0, 2.0, 0.0], [0.2, 3.8, 3.0]),
        ("IFCSLAB", "'floor',$,$,{p},{s},$,.FLOOR.", [3.0, 2.0, -0.2], [6.2, 4.2, 0.2]),
        ("IFCCOLUMN", "'post',$,$,{p},{s},$,.COLUMN.", [4.0, 2.0, 0.0], [0.3, 0.3, 3.0]),
        ("IFCOPENINGELEMENT", "'hole',$,$,{p},{s},$,.OPENING.", [2.0, 0.0, 0.0], [1.0, 0.4, 2.1]),
        (
            "IFCDOOR",
            "'door',$,$,{p},{s},$,2.1,1.,.DOOR.,.SINGLE_SWING_LEFT.,$",
            [2.0, 0.0, 0.0],
            [1.0, 0.1, 2.1],
        ),
        ("IFCSPACE", "'101',$,$,{p},{s},'Office',.ELEMENT.,.SPACE.,$", [3.0, 2.0, 0.0], [5.8, 3.8, 2.8]),
    ];
    for (n, (class, tail, at, size)) in solids.iter().enumerate() {
        solid(&mut out, 100 + 10 * n, class, tail, *at, *size);
    }
    out.push_str(
        "#20=IFCRELCONTAINEDINSPATIALSTRUCTURE('0000000000000000000008',$,$,$,(#100,#110,#120,#130,#140,#150,#170),#13);\n\
         #21=IFCRELVOIDSELEMENT('0000000000000000000009',$,$,$,#100,#160);\n\
         #22=IFCRELFILLSELEMENT('0000000000000000000010',$,$,$,#160,#170);\n\
         #23=IFCRELAGGREGATES('0000000000000000000011',$,$,$,#13,(#180));\n",
    );
    out
}

/// A box: numbers from `id` on.
pub(super) fn solid(out: &mut String, id: usize, class: &str, tail: &str, at: [f64; 3], size: [f64; 3]) {
    let [x, y, z] = at;
    let [w, d, h] = size;
    let tail = tail.replace("{p}", &format!("#{}", id + 3)).replace("{s}", &format!("#{}", id + 8));
    writeln!(
        out,
        "#{a}=IFCCARTESIANPOINT(({x:?},{y:?},{z:?}));\n#{b}=IFCAXIS2PLACEMENT3D(#{a},$,$);\n#{p}=IFCLOCALPLACEMENT(#10,#{b});\n\
         #{f}=IFCRECTANGLEPROFILEDEF(.AREA.,$,$,{w:?},{d:?});\n#{e}=IFCEXTRUDEDAREASOLID(#{f},$,#17,{h:?});\n\
         #{r}=IFCSHAPEREPRESENTATION(#8,'Body','SweptSolid',(#{e}));\n#{s}=IFCPRODUCTDEFINITIONSHAPE($,$,(#{r}));\n\
         #{id}={class}('1000000000000000000{id:03}',$,{tail});",
        a = id + 1,
        b = id + 2,
        p = id + 3,
        f = id + 4,
        e = id + 5,
        r = id + 6,
        s = id + 8,
    )
    .expect("text");
}

pub(super) fn file(schema: &str, records: &str) -> Vec<u8> {
    format!(
        "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION(('ViewDefinition [X]'),'2;1');\nFILE_NAME('','',(''),(''),'','','');\n\
         FILE_SCHEMA(('{schema}'));\nENDSEC;\nDATA;\n{records}ENDSEC;\nEND-ISO-10303-21;\n"
    )
    .into_bytes()
}

/// Passed, failed, undecided cases of a rule.
fn asked(records: &str, rule: &str, form: Option<&str>) -> (u64, u64, u64) {
    asked_as(records, rule, form, None)
}

fn asked_as(records: &str, rule: &str, form: Option<&str>, filed: Option<Filed>) -> (u64, u64, u64) {
    let book = Rulebook::everything().expect("the rules");
    let submission = Submission {
        models: vec![Source { name: "house.ifc", bytes: bytes::bytes(file("IFC4", records)) }],
        filed,
        manifest: form.map(|f| Source { name: "form.toml", bytes: bytes::bytes(f.as_bytes().to_vec()) }),
        ..Submission::default()
    };
    let run = Pipeline::run(&submission, &book).expect("a run");
    let tally = run.findings.tallies.get(rule).cloned().unwrap_or_default();
    (tally.passed, tally.failed, tally.undecided)
}

#[test]
fn each_rule_passes_on_what_is_sound_and_fails_on_what_is_spoilt() {
    let sound = house();
    let with = |id: usize, class: &str, tail: &str, at: [f64; 3], size: [f64; 3]| {
        let mut out = house().replace("#150,#170)", &format!("#150,#170,#{id})"));
        solid(&mut out, id, class, tail, at, size);
        out
    };
    let wall = "'extra',$,$,{p},{s},$,.STANDARD.";
    let moved = |from: &str, to: &str| {
        let out = sound.replace(from, to);
        assert_ne!(out, sound, "{from} is not there");
        out
    };
    let spoilt: Vec<(&str, String)> = vec![
        ("MQ18", with(300, "IFCCOLUMN", "'twin',$,$,{p},{s},$,.COLUMN.", [4.0, 2.0, 0.0], [0.3, 0.3, 3.0])),
        ("MQ19", with(300, "IFCCOLUMN", "'core',$,$,{p},{s},$,.COLUMN.", [4.0, 2.0, 0.0], [0.1, 0.1, 2.0])),
        (
            "MQ20",
            with(300, "IFCCOLUMN", "'in door',$,$,{p},{s},$,.COLUMN.", [2.3, 0.0, 0.0], [0.3, 0.3, 3.0]),
        ),
        ("MQ06", with(300, "IFCWALL", wall, [3.0, 2.0, -6.0], [2.0, 0.2, 3.0])),
        ("MQ26", with(300, "IFCWALL", wall, [1.66, 2.0, 0.0], [3.0, 0.1, 3.0])),
        ("MQ27", with(300, "IFCCOLUMN", "'up',$,$,{p},{s},$,.COLUMN.", [2.0, 2.0, 1.5], [0.3, 0.3, 1.0])),
        ("MQ28", with(300, "IFCBEAM", "'alone',$,$,{p},{s},$,.BEAM.", [3.0, 9.0, 2.0], [2.0, 0.2, 0.4])),
        ("MQ37", with(300, "IFCWALL", wall, [3.0, 2.0, 1.0], [2.0, 2.0, 0.2])),
        ("MQ23", moved("#161=IFCCARTESIANPOINT((2.0,0.0,0.0))", "#161=IFCCARTESIANPOINT((2.0,9.0,0.0))")),
        ("MQ34", moved("#181=IFCCARTESIANPOINT((3.0,2.0,0.0))", "#181=IFCCARTESIANPOINT((3.0,22.0,0.0))")),
        ("MQ11", moved("#101=IFCCARTESIANPOINT((3.0,0.0,0.0))", "#101=IFCCARTESIANPOINT((9000.0,0.0,0.0))")),
        (
            "MQ32",
            moved(
                "IFCSHAPEREPRESENTATION(#8,'Body','SweptSolid',(#185))",
                "IFCSHAPEREPRESENTATION(#8,'Axis','SweptSolid',(#185))",
            ),
        ),
        (
            "MQ41",
            moved(
                "IFCSHAPEREPRESENTATION(#8,'Body','SweptSolid',(#105))",
                "IFCSHAPEREPRESENTATION(#8,'Corpus','SweptSolid',(#105))",
            ),
        ),
        ("MQ50", moved("$,#12,(#13))", "$,#11,(#13))")),
        ("CP03", moved("2105-440112-04-01-123456", "2105-990112-04-01-123456")),
        ("CP21", moved("$,'1F',$", "$,'',$")),
        ("CO04", moved("2.1,1.,.DOOR.", "2.1,0.7,.DOOR.")),
        (
            "CO12",
            moved("#185=IFCEXTRUDEDAREASOLID(#184,$,#17,2.8)", "#185=IFCEXTRUDEDAREASOLID(#184,$,#17,1.8)"),
        ),
    ];
    let mut wrong = Vec::new();
    for (rule, records) in &spoilt {
        let (_, clean, _) = asked(&sound, rule, None);
        let (_, failed, _) = asked(records, rule, None);
        if clean > 0 || failed == 0 {
            wrong.push(format!("{rule}: {clean} failed on the sound house, {failed} on the spoilt one"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_declared_is_held_against_the_model_and_what_is_missing_is_named() {
    let form = |more: &str| {
        format!("project_code='2105-440112-04-01-123456'\nbuilding_code='B1'\nstage='x'\n{more}")
    };
    let right = form("[building]\nstoreys_above=1\nstoreys_below=0\narea_m2=26.04\n");
    let wrong = form("[building]\nstoreys_above=3\narea_m2=80.0\n");
    for rule in ["CO20", "CO21"] {
        assert_eq!(asked(&house(), rule, Some(&right)).1, 0, "{rule}");
        assert!(asked(&house(), rule, Some(&wrong)).1 > 0, "{rule}");
        assert_eq!(asked(&house(), rule, None), (0, 0, 0), "{rule} without a form");
    }
    // the code of another project
    assert!(asked(&house(), "CP04", Some(&right.replace("123456", "654321"))).1 > 0);
    assert_eq!(asked(&house(), "CP04", Some(&right)).1, 0);
    the_key_is_held_against_the_rest(&right);
    // no fire zones, no steps: undecided, never passed
    assert_eq!(asked(&house(), "CO01", Some(&right)), (0, 0, 1));
    assert_eq!(asked(&house(), "CO13", None), (0, 0, 1), "the use of the building is not known");
}

/// What a submission is filed under: the same as in form and model, however it is typed.
fn the_key_is_held_against_the_rest(form: &str) {
    let failed = |rule: &str, project: &str, building: &str, form: Option<&str>| {
        let filed = Filed { project_code: project.into(), building_code: building.into(), stage: "x".into() };
        asked_as(&house(), rule, form, Some(filed)).1
    };
    let code = "2105-440112-04-01-123456";
    assert_eq!(failed("CP04", "2105－440112–04-01-123456", "b1", Some(form)), 0);
    assert_eq!(failed("CP05", code, "b1", Some(form)), 0);
    assert_eq!(failed("CP05", code, "B2", Some(form)), 1, "the form has another building");
    assert_eq!(failed("CP04", "2105-440112-04-01-654321", "B1", None), 1, "the model is of another project");
    assert_eq!(failed("CP04", "2105-440112-04-01-654321", "B1", Some(form)), 2);
    assert_eq!(failed("CP03", "P1", "B1", None), 0, "who keeps it may file it under codes of his own");
}

#[test]
fn rules_of_ones_own_and_waivers() {
    let profile = r#"
name = "office"
title = { en = "Office", zh = "事务所" }
extends = "general"
[[rules]]
id = "CP90"
title = { en = "Walls are called by their side", zh = "墙按方位命名" }
check = "record"
severity = "error"
params = { cases = [{ class = "IfcWall", must = [{ at = "Name", is = ["north", "south"] }], say = "name" }] }
message = { name = { en = "{element}", zh = "{element}" } }
doc = { what = { en = "w", zh = "w" }, why = { en = "w", zh = "w" }, fix = { en = "f", zh = "f" }, source = "house rule" }
"#;
    let book = Rulebook::from_profile("office.toml", profile).expect("a profile");
    let waivers = "[[waiver]]\nrule='CP90'\nguid='1000000000000000000120'\nreason='agreed'\nuntil='2026-12-31'\n\
                   [[waiver]]\nrule='CP90'\nguid='1000000000000000000130'\nreason='late'\nuntil='2020-01-01'\n\
                   [[waiver]]\nrule='MQ18'\nguid='nobody'\nreason='old'\n";
    let submission = Submission {
        models: vec![Source { name: "house.ifc", bytes: bytes::bytes(file("IFC4", &house())) }],
        waivers: Some(Source { name: "w.toml", bytes: bytes::bytes(waivers.as_bytes().to_vec()) }),
        today: Some("2026-06-01".into()),
        ..Submission::default()
    };
    let run = Pipeline::run(&submission, &book).expect("a run");
    let tally = &run.findings.tallies["CP90"];
    assert_eq!((tally.passed, tally.failed, tally.not_applicable), (2, 1, 1));
    let told: Vec<&str> =
        run.findings.list.iter().filter(|f| f.rule == "IN09").map(|f| f.message.en.as_str()).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert_eq!(run.findings.list.iter().filter(|f| f.waived.is_some()).count(), 1);

    let slip = profile.replace("is = [", "iss = [");
    assert!(Rulebook::from_profile("office.toml", &slip).unwrap_err().to_string().contains("CP90"));
    let book =
        Rulebook::from_profile("office.toml", &profile.replace("\"record\"", "\"recrod\"")).expect("parsed");
    let submission = Submission { waivers: None, ..submission };
    assert!(
        Pipeline::run(&submission, &book).unwrap_err().to_string().contains("there is no check \"recrod\"")
    );
}
