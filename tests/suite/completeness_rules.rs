//! Each rule about what a model must carry: silent where it is there, and told when that one thing is not.

use super::model_rules::house;
use super::quality_rules::{Asked, ask, edit, more};
use std::path::Path;
use tumo::finding::{Finding, Tally};
use tumo::pipeline::{Source, Submission};
use tumo::rulebook::Rulebook;
use tumo::{Pipeline, bytes};

/// The house with all that a delivery asks for: axes, types, materials, quantities, classes, a place on the earth,
/// properties.
fn complete() -> String {
    more(
        &house(),
        "#400=IFCGRID('2000000000000000000400',$,'axes',$,$,#10,$,(),(),$,.NOTDEFINED.);\n\
         #410=IFCWALLTYPE('2000000000000000000410',$,'wall 200',$,$,$,$,$,$,.NOTDEFINED.);\n\
         #411=IFCRELDEFINESBYTYPE('2000000000000000000411',$,$,$,(#100,#110,#120,#130),#410);\n\
         #412=IFCSLABTYPE('2000000000000000000412',$,'slab 200',$,$,$,$,$,$,.NOTDEFINED.);\n\
         #413=IFCRELDEFINESBYTYPE('2000000000000000000413',$,$,$,(#140),#412);\n\
         #414=IFCCOLUMNTYPE('2000000000000000000414',$,'column 300',$,$,$,$,$,$,.NOTDEFINED.);\n\
         #415=IFCRELDEFINESBYTYPE('2000000000000000000415',$,$,$,(#150),#414);\n\
         #416=IFCDOORTYPE('2000000000000000000416',$,'door 1000',$,$,$,$,$,$,.NOTDEFINED.,.NOTDEFINED.,$,$);\n\
         #417=IFCRELDEFINESBYTYPE('2000000000000000000417',$,$,$,(#170),#416);\n\
         #420=IFCMATERIAL('concrete',$,$);\n\
         #421=IFCRELASSOCIATESMATERIAL('2000000000000000000421',$,$,$,(#100,#110,#120,#130,#140,#150),#420);\n\
         #430=IFCQUANTITYLENGTH('Length',$,$,6.,$);\n\
         #431=IFCELEMENTQUANTITY('2000000000000000000431',$,'Qto_WallBaseQuantities',$,'BaseQuantities',(#430));\n\
         #432=IFCRELDEFINESBYPROPERTIES('2000000000000000000432',$,$,$,(#100,#110,#120,#130),#431);\n\
         #433=IFCELEMENTQUANTITY('2000000000000000000433',$,'Measured',$,$,(#430));\n\
         #434=IFCRELDEFINESBYPROPERTIES('2000000000000000000434',$,$,$,(#140,#150,#180),#433);\n\
         #440=IFCCLASSIFICATION('buildingSMART','1',$,'Classes',$,$,$);\n\
         #441=IFCCLASSIFICATIONREFERENCE($,'14-10','structure',#440,$,$);\n\
         #442=IFCRELASSOCIATESCLASSIFICATION('2000000000000000000442',$,$,$,(#100,#110,#120,#130,#140,#150,#170),#441);\n\
         #450=IFCPROJECTEDCRS('EPSG:4547',$,$,$,$,$,$);\n#451=IFCMAPCONVERSION(#8,#450,430000.,2560000.,0.,$,$,$);\n\
         #460=IFCPROPERTYSINGLEVALUE('IsExternal',$,IFCBOOLEAN(.T.),$);\n\
         #461=IFCPROPERTYSINGLEVALUE('FireRating',$,IFCLABEL('2 h'),$);\n\
         #462=IFCPROPERTYSET('2000000000000000000462',$,'Pset_WallCommon',$,(#460,#461));\n\
         #463=IFCRELDEFINESBYPROPERTIES('2000000000000000000463',$,$,$,(#100,#110,#120,#130),#462);\n\
         #464=IFCPROPERTYSET('2000000000000000000464',$,'Pset_SlabCommon',$,(#461));\n\
         #465=IFCRELDEFINESBYPROPERTIES('2000000000000000000465',$,$,$,(#140),#464);\n\
         #466=IFCPROPERTYSINGLEVALUE('LoadBearing',$,IFCBOOLEAN(.T.),$);\n\
         #467=IFCPROPERTYSET('2000000000000000000467',$,'Pset_ColumnCommon',$,(#466));\n\
         #468=IFCRELDEFINESBYPROPERTIES('2000000000000000000468',$,$,$,(#150),#467);\n\
         #469=IFCPROPERTYSINGLEVALUE('FireRating',$,IFCLABEL('1 h'),$);\n\
         #470=IFCPROPERTYSET('2000000000000000000470',$,'Pset_DoorCommon',$,(#469));\n\
         #471=IFCRELDEFINESBYPROPERTIES('2000000000000000000471',$,$,$,(#170),#470);\n\
         #472=IFCRELDECLARES('2000000000000000000472',$,$,$,#9,(#410));",
    )
}

/// The complete house with one thing otherwise.
fn but(from: &str, to: &str) -> Asked {
    edit(&complete(), from, to).into()
}

const INCHES: &str = "#1=IFCCONVERSIONBASEDUNIT(#30,.LENGTHUNIT.,'inch',#31);\n#30=IFCDIMENSIONALEXPONENTS(1,0,0,0,0,0,0);\n\
                      #31=IFCMEASUREWITHUNIT(IFCRATIOMEASURE(0.0254),#32);\n#32=IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.);";
const METRES: &str = "#1=IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.);";
const FORM: &str = "project_code='2105-440112-04-01-123456'\nbuilding_code='B1'\nstage='施工图'\n[[files]]\nname='house.ifc'\n";

/// What is sound where that is not the complete house as it stands.
fn sound(rule: &str) -> Asked {
    match rule {
        "CP24" => Asked { numbers: "of = ['architecture']", ..complete().into() },
        "CP25" => but(METRES, INCHES),
        "CP28" => Asked { schema: "IFC4X3_ADD2", ..complete().into() },
        "IN07" => Asked { form: FORM.into(), ..complete().into() },
        _ => complete().into(),
    }
}

#[test]
fn each_rule_passes_on_what_is_complete_and_fails_on_what_is_not() {
    let spoilt: Vec<(&str, Asked)> = vec![
        (
            "CP01",
            more(&complete(), "#480=IFCPROJECT('2000000000000000000480',$,'P',$,$,$,$,(#8),#5);").into(),
        ),
        ("CP02", but("#12=IFCBUILDING(", "#12=IFCSITE(")),
        ("CP06", but("(#1,#2,#3,#4)", "(#1,#2,#3)")),
        ("CP07", house().into()),
        ("CP08", but("EPSG:4547", "EPSG:999999")),
        (
            "CP09",
            but("#400=IFCGRID('2000000000000000000400',$,'axes',$,$,#10,$,(),(),$,.NOTDEFINED.);\n", ""),
        ),
        ("CP10", but("'south'", "''")),
        ("CP11", but("(#100,#110,#120,#130),#410", "(#110,#120,#130),#410")),
        ("CP12", but("'column 300',$,$,$,$,$,$,.NOTDEFINED.", "'column 300',$,$,$,$,$,$,.USERDEFINED.")),
        ("CP13", but("#140,#150),#420", "#140),#420")),
        ("CP14", but("IFCLABEL('1 h')", "IFCLABEL('')")),
        ("CP17", but("Pset_WallCommon", "Pset_WallCommun")),
        ("CP18", but("(#140,#150,#180),#433", "(#140,#180),#433")),
        ("CP19", but("#150,#170),#441", "#150),#441")),
        ("CP20", edit(&edit(&complete(), "'101'", "$"), "'Office'", "$").into()),
        ("CP24", Asked { numbers: "of = ['services']", ..complete().into() }),
        ("CP25", but(METRES, &INCHES.replace("0.0254", "0.0255"))),
        ("CP26", but("#9,(#410)", "#9,(#100)")),
        ("CP28", Asked { schema: "IFC4X3_ADD2", ..but("EPSG:4547", "local") }),
        ("CP29", but("Pset_WallCommon", "PSet_WallCommon")),
        ("CP30", but("Qto_WallBaseQuantities", "Qto_WallBasisQuantities")),
        ("CP31", but("EPSG:4547", "local")),
        ("IN02", Asked { schema: "IFC4X2", ..complete().into() }),
        ("IN07", Asked { form: FORM.replace("stage='施工图'\n", ""), ..complete().into() }),
    ];
    let mut wrong = Vec::new();
    for (rule, spoilt) in &spoilt {
        let (clean, told) = ask(&sound(rule), rule);
        let (failed, _) = ask(spoilt, rule);
        // rules that look at odd records only have nothing to look at in a complete model
        let nothing = clean.passed == 0 && !["CP12", "CP28", "CP29"].contains(rule);
        if clean.failed > 0 || nothing || failed.failed == 0 {
            let told: Vec<&str> = told.iter().map(|f| f.message.en.as_str()).collect();
            wrong.push(format!("{rule}: complete {clean:?} {told:?}; spoilt {failed:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A stage asks for its information level, told by what the submission calls itself; one that no table knows is open.
#[test]
fn a_stage_asks_for_its_information_level() {
    let at = |stage: &str| {
        let form = FORM.replace("施工图", stage);
        ask(&Asked { form, ..complete().into() }, "CP14")
    };
    let (construction, _) = at("施工图设计");
    let (concept, _) = at("方案设计");
    assert!(construction.failed == 0 && concept.failed == 0);
    assert!(concept.passed < construction.passed, "a concept asks for less");
    let (completion, told) = at("竣工移交");
    assert!(completion.failed > 0, "completion asks for more");
    let walls: Vec<_> = told.iter().filter(|f| f.class == "IfcWall").collect();
    assert!(walls[0].message.en.contains("ThermalTransmittance") && walls[0].message.zh.contains("竣工移交"));
    assert_eq!(walls.len(), 4);
    assert!(walls.iter().all(|w| w.mark == walls[0].mark), "walls that lack the same are told together");
    let (unknown, told) = at("第七阶段");
    assert_eq!((unknown.passed, unknown.failed, unknown.undecided), (0, 0, 1));
    assert!(told[0].message.zh.contains("施工图设计"), "{}", told[0].message.zh);
    // none is named: that of the table
    assert_eq!(ask(&complete().into(), "CP14").0, construction);
    // what stands at the type counts
    let at_type = edit(&complete(), "'wall 200',$,$,$,", "'wall 200',$,$,(#462),");
    let at_type = edit(&at_type, "(#100,#110,#120,#130),#462", "(#110),#462");
    assert_eq!(ask(&at_type.into(), "CP14").0, construction);
}

/// A sample with one of its drawings as it stands, or changed.
fn drawn(
    folder: &str,
    model: &str,
    drawing: &str,
    change: impl Fn(&mut Vec<u8>),
    rule: &str,
) -> (Tally, Vec<Finding>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/projects").join(folder);
    let read = |name: &str| std::fs::read(folder.join(name)).expect("a sample");
    let mut changed = read(drawing);
    change(&mut changed);
    let submission = Submission {
        models: vec![Source { name: model, bytes: bytes::bytes(read(model)) }],
        drawings: vec![Source { name: drawing, bytes: bytes::bytes(changed) }],
        ..Submission::default()
    };
    let rules = Rulebook::built_in("cn-building").expect("the rules");
    let findings = Pipeline::run(&submission, &rules).expect("a run").findings;
    let list = findings.list.into_iter().filter(|f| f.rule == rule).collect();
    (findings.tallies.get(rule).cloned().unwrap_or_default(), list)
}

#[test]
fn a_storey_without_its_plan_is_told() {
    let (whole, _) = drawn("pass_flats-paper", "FlatsA.ifc", "building.dxf", |_| (), "CP22");
    assert_eq!((whole.passed, whole.failed), (2, 0));
    let first = "A-101_FIRST_FLOOR_PLAN.dxf";
    let (part, told) = drawn("pass_office-revit-aia", "OfficeR.ifc", first, |_| (), "CP22");
    assert_eq!((part.passed, part.failed), (1, 1));
    assert!(told[0].message.zh.contains("2F"), "{}", told[0].message.zh);
}

#[test]
fn a_field_of_a_title_block_that_is_empty_is_told() {
    let flats =
        |change: fn(&mut Vec<u8>)| drawn("pass_flats-paper", "FlatsA.ifc", "building.dxf", change, "CP23");
    // the sheet of the schedule has no scale, and needs none
    let (whole, told) = flats(|_| ());
    assert_eq!((whole.passed, whole.failed), (3, 0), "{told:?}");
    let (undated, told) = flats(|d| {
        let at = d.windows(7).rposition(|w| w == b"2024.06").expect("a date");
        d[at..at + 7].fill(b' ');
    });
    assert_eq!((undated.passed, undated.failed), (2, 1));
    assert!(told[0].message.en.ends_with("does not say: date"), "{}", told[0].message.en);
}

/// It says what a file carries, and accuses nothing.
#[test]
fn kinds_of_information_are_counted() {
    let (carried, told) = ask(&complete().into(), "CP27");
    let (less, _) = ask(&house().into(), "CP27");
    assert!(told.is_empty() && carried.failed == 0 && less.failed == 0);
    assert!(less.passed + 3 <= carried.passed && carried.passed < 26, "{less:?} {carried:?}");
    assert_eq!(less.passed + less.not_applicable, carried.passed + carried.not_applicable);
}

#[test]
fn no_rule_is_left_out() {
    // other tests try the rules about codes and IDS by name
    let elsewhere = ["CP03", "CP04", "CP05", "CP15", "CP16", "CP21"];
    let tried = include_str!("completeness_rules.rs");
    let book = Rulebook::everything().expect("the rules");
    let ids = book.rules.iter().map(|r| r.id.as_str()).filter(|id| id.starts_with("CP"));
    let left: Vec<&str> =
        ids.filter(|id| !elsewhere.contains(id) && !tried.contains(&format!("\"{id}\""))).collect();
    assert!(left.is_empty(), "never tried: {left:?}");
}
