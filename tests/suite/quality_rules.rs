//! Each rule about the quality of a model that `model_rules.rs` does not try: silent on what is sound, and told when that
//! one thing is spoilt.

use super::model_rules::{file, house, solid};
use std::fmt::Write as _;
use tumo::finding::{Finding, Tally};
use tumo::pipeline::{Source, Submission};
use tumo::rulebook::{Rule, Rulebook};
use tumo::{Pipeline, bytes};

/// One question: records, their schema, the form, and parameters of the rule that are set otherwise.
#[derive(Clone, Default)]
pub(super) struct Asked {
    pub(super) records: String,
    pub(super) schema: &'static str,
    pub(super) form: String,
    pub(super) numbers: &'static str,
}

impl From<String> for Asked {
    fn from(records: String) -> Self {
        Self { records, schema: "IFC4", ..Self::default() }
    }
}

/// Asks one rule alone.
pub(super) fn ask(asked: &Asked, id: &str) -> (Tally, Vec<Finding>) {
    let book = Rulebook::everything().expect("the rules");
    let mut rule: Rule = book.rule(id).unwrap_or_else(|| panic!("no rule {id}")).clone();
    rule.params.extend(toml::from_str::<toml::Table>(asked.numbers).expect("numbers"));
    rule.needs.clear();
    let book = Rulebook { rules: vec![rule], ..book };
    let bytes_of = |text: &str| bytes::bytes(text.as_bytes().to_vec());
    let submission = Submission {
        models: vec![Source { name: "house.ifc", bytes: bytes::bytes(file(asked.schema, &asked.records)) }],
        manifest: (!asked.form.is_empty())
            .then(|| Source { name: "form.toml", bytes: bytes_of(&asked.form) }),
        ..Submission::default()
    };
    let run = Pipeline::run(&submission, &book).expect("a run");
    (run.findings.tallies.get(id).cloned().unwrap_or_default(), run.findings.list)
}

/// The house with a thing in it, contained in its storey.
pub(super) fn with(id: usize, class: &str, tail: &str, at: [f64; 3], size: [f64; 3]) -> String {
    let mut out = edit(&house(), "#150,#170)", &format!("#150,#170,#{id})"));
    solid(&mut out, id, class, tail, at, size);
    out
}

pub(super) fn edit(records: &str, from: &str, to: &str) -> String {
    let out = records.replace(from, to);
    assert!(out != records, "{from} is not there");
    out
}

pub(super) fn more(records: &str, lines: &str) -> String {
    format!("{records}{lines}\n")
}

/// A GlobalId by number.
pub(super) fn id(n: usize) -> String {
    format!("'2000000000000000000{n:03}'")
}

/// The house with further storeys at these heights: numbers 410, 420, …
pub(super) fn tower(heights: &[f64]) -> String {
    let mut out = house();
    let mut names = String::from("#13");
    for (n, z) in heights.iter().enumerate() {
        let at = 410 + 10 * n;
        write!(names, ",#{at}").expect("text");
        writeln!(
            out,
            "#{a}=IFCCARTESIANPOINT((0.,0.,{z:?}));\n#{b}=IFCAXIS2PLACEMENT3D(#{a},$,$);\n#{c}=IFCLOCALPLACEMENT(#10,#{b});\n\
             #{at}=IFCBUILDINGSTOREY({g},$,'{f}F',$,$,#{c},$,$,.ELEMENT.,{z:?});",
            a = at + 1,
            b = at + 2,
            c = at + 3,
            g = id(at),
            f = n + 2
        )
        .expect("text");
    }
    edit(&out, "$,#12,(#13))", &format!("$,#12,({names}))"))
}

/// Corners of a cube of half a metre.
const CUBE: [[f64; 3]; 8] = [
    [0.0, 0.0, 0.0],
    [0.5, 0.0, 0.0],
    [0.5, 0.5, 0.0],
    [0.0, 0.5, 0.0],
    [0.0, 0.0, 0.5],
    [0.5, 0.0, 0.5],
    [0.5, 0.5, 0.5],
    [0.0, 0.5, 0.5],
];

/// Its sides without the top.
const SIDES: [&[usize]; 5] = [&[0, 3, 2, 1], &[0, 1, 5, 4], &[1, 2, 6, 5], &[2, 3, 7, 6], &[3, 0, 4, 7]];

/// The house with a column of these faces, as a facetted brep.
fn brep(corners: &[[f64; 3]], faces: &[&[usize]]) -> String {
    let mut out = edit(&house(), "#150,#170)", "#150,#170,#300)");
    let list =
        |from: usize, n: usize| (from..from + n).map(|i| format!("#{i}")).collect::<Vec<_>>().join(",");
    for (n, [x, y, z]) in corners.iter().enumerate() {
        writeln!(out, "#{}=IFCCARTESIANPOINT(({:?},{:?},{z:?}));", 600 + n, x + 2.0, y + 2.0).expect("text");
    }
    for (n, face) in faces.iter().enumerate() {
        let points = face.iter().map(|c| format!("#{}", 600 + c)).collect::<Vec<_>>().join(",");
        writeln!(
            out,
            "#{l}=IFCPOLYLOOP(({points}));\n#{b}=IFCFACEOUTERBOUND(#{l},.T.);\n#{f}=IFCFACE((#{b}));",
            l = 650 + n,
            b = 700 + n,
            f = 750 + n
        )
        .expect("text");
    }
    writeln!(
        out,
        "#800=IFCCLOSEDSHELL(({}));\n#801=IFCFACETEDBREP(#800);\n\
         #802=IFCSHAPEREPRESENTATION(#8,'Body','Brep',(#801));\n#803=IFCPRODUCTDEFINITIONSHAPE($,$,(#802));\n\
         #300=IFCCOLUMN({},$,'cut',$,$,#10,#803,$,.COLUMN.);",
        list(750, faces.len()),
        id(300)
    )
    .expect("text");
    out
}

fn cube(top: &[usize]) -> String {
    brep(&CUBE, &[&SIDES[..], &[top]].concat())
}

/// Rule, sound, spoilt.
type Try = (&'static str, Asked, Asked);

fn tries(list: Vec<(&'static str, String, String)>) -> Vec<Try> {
    list.into_iter().map(|(rule, sound, spoilt)| (rule, sound.into(), spoilt.into())).collect()
}

/// Those that are told on the sound one, or not on the spoilt one.
pub(super) fn wrong(list: &[Try]) -> Vec<String> {
    let mut out = Vec::new();
    for (rule, sound, spoilt) in list {
        let (clean, told) = ask(sound, rule);
        let (dirty, _) = ask(spoilt, rule);
        if clean.failed > 0 || dirty.failed == 0 {
            let first = told.first().map(|f| f.message.en.as_str()).unwrap_or_default();
            out.push(format!(
                "{rule}: {} failed when sound ({first}), {} when spoilt",
                clean.failed, dirty.failed
            ));
        }
    }
    out
}

fn of_structure() -> Vec<Try> {
    let h = house();
    let again = format!("#400=IFCRELCONTAINEDINSPATIALSTRUCTURE({},$,$,$,(#150),#12);", id(400));
    let fills = "#22=IFCRELFILLSELEMENT('0000000000000000000010',$,$,$,#160,#170);\n";
    let upstairs = more(
        &edit(&tower(&[3.0]), "#150,#170)", "#150)"),
        &format!("#400=IFCRELCONTAINEDINSPATIALSTRUCTURE({},$,$,$,(#170),#410);", id(400)),
    );
    let proxy =
        with(300, "IFCBUILDINGELEMENTPROXY", "'p',$,$,{p},{s},$,.NOTDEFINED.", [5.0, 3.0, 0.0], [0.2; 3]);
    let groups = format!(
        "#430=IFCGROUP({},$,'a',$,$);\n#431=IFCGROUP({},$,'b',$,$);\n\
         #432=IFCRELASSIGNSTOGROUP({},$,$,$,(#431),$,#430);",
        id(430),
        id(431),
        id(432)
    );
    let circle = format!("{groups}\n#433=IFCRELASSIGNSTOGROUP({},$,$,$,(#430),$,#431);", id(433));
    let note = more(&h, &format!("#430=IFCANNOTATION({},$,'note',$,$,#10,$);", id(430)));
    let subcontext = "#430=IFCGEOMETRICREPRESENTATIONSUBCONTEXT('Body','Model',*,*,*,*,#8,$,.MODEL_VIEW.,$);";
    let contexts = more(&h, subcontext);
    tries(vec![
        ("MQ01", h.clone(), edit(&h, "'1000000000000000000100'", "'9000000000000000000100'")),
        ("MQ02", h.clone(), edit(&h, "'1000000000000000000110'", "'1000000000000000000100'")),
        ("MQ04", h.clone(), edit(&h, "#140,#150,#170)", "#140,#170)")),
        ("MQ05", h.clone(), more(&h, &again)),
        (
            "MQ08",
            tower(&[3.0, 6.0]),
            edit(&tower(&[3.0, 6.0]), "#413,$,$,.ELEMENT.,3.0)", "#413,$,$,.ELEMENT.,6.0)"),
        ),
        ("MQ09", tower(&[3.0]), tower(&[0.1])),
        (
            "MQ10",
            h.clone(),
            edit(&h, "#6=IFCCARTESIANPOINT((0.,0.,0.))", "#6=IFCCARTESIANPOINT((90000.,0.,0.))"),
        ),
        ("MQ22", h.clone(), edit(&h, fills, "")),
        ("MQ24", h.clone(), edit(&h, fills, "")),
        ("MQ25", tower(&[3.0]), upstairs),
        ("MQ36", h.clone(), proxy),
        // walls of the house are of a kind that IFC4 has withdrawn
        ("MQ39", edit(&h, ".STANDARD.", ".SOLIDWALL."), h.clone()),
        ("MQ40", h.clone(), more(&h, "#999=IFCCARTESIANPOINT((1.,1.,1.));")),
        ("MQ43", more(&h, &groups), more(&h, &circle)),
        ("MQ46", h.clone(), edit(&h, ".SINGLE_SWING_LEFT.,$", ".SINGLE_SWING_LEFT.,'odd'")),
        ("MQ47", contexts.clone(), edit(&contexts, "CONTEXT($,'Model',3", "CONTEXT($,'Modell',3")),
        ("MQ51", h.clone(), edit(&h, "'1F',$,$,#10,$,$", "'1F',$,$,#10,#108,$")),
        ("MQ52", edit(&note, "#150,#170)", "#150,#170,#430)"), note),
    ])
}

fn of_bodies() -> Vec<Try> {
    let h = house();
    let column = "'c',$,$,{p},{s},$,.COLUMN.";
    let mut two = CUBE.to_vec();
    two.extend(CUBE.map(|[x, y, z]| [x + 0.8, y, z]));
    let second: Vec<Vec<usize>> =
        SIDES.iter().chain([&&[4, 5, 6, 7][..]]).map(|f| f.iter().map(|c| c + 8).collect()).collect();
    let mut faces: Vec<&[usize]> = [&SIDES[..], &[&[4, 5, 6, 7][..]]].concat();
    faces.extend(second.iter().map(Vec::as_slice));
    let mut raised = CUBE;
    raised[6][2] = 0.6;
    let sound = cube(&[4, 5, 6, 7]);
    let stair = |part: &str| {
        let mut out =
            with(300, "IFCSTAIR", "'s',$,$,{p},{s},$,.STRAIGHT_RUN_STAIR.", [2.0, 2.0, 0.0], [1.2, 2.0, 1.5]);
        let tail = "'f',$,$,{p},{s},$,$,$,$,$,.STRAIGHT.";
        solid(&mut out, 320, "IFCSTAIRFLIGHT", tail, [2.0, 2.0, 0.0], [1.2, 2.0, 1.5]);
        more(&out, &format!("#340=IFCRELAGGREGATES({},$,$,$,#300,({part}));", id(340)))
    };
    let mapped = |identifier: &str| {
        let map = "#440=IFCREPRESENTATIONMAP(#7,#106);\n\
                   #441=IFCCARTESIANTRANSFORMATIONOPERATOR3D($,$,#6,$,$);\n#442=IFCMAPPEDITEM(#440,#441);";
        let rep = format!("#443=IFCSHAPEREPRESENTATION(#8,'{identifier}','MappedRepresentation',(#442));");
        more(&h, &format!("{map}\n{rep}"))
    };
    let bent = "#174=IFCARBITRARYCLOSEDPROFILEDEF(.AREA.,$,#470);\n\
                #470=IFCPOLYLINE((#471,#472,#473,#474,#475,#476,#471));\n\
                #471=IFCCARTESIANPOINT((-0.5,-0.05));\n#472=IFCCARTESIANPOINT((0.5,-0.05));\n\
                #473=IFCCARTESIANPOINT((0.5,0.05));\n#474=IFCCARTESIANPOINT((0.4,0.05));\n\
                #475=IFCCARTESIANPOINT((0.4,0.));\n#476=IFCCARTESIANPOINT((-0.5,0.));";
    let box_door = "#174=IFCRECTANGLEPROFILEDEF(.AREA.,$,$,1.0,0.1);";
    let derived = "#431=IFCCARTESIANTRANSFORMATIONOPERATOR2D($,$,#432,$);\n#432=IFCCARTESIANPOINT((0.,0.));\n\
                   #430=IFCDERIVEDPROFILEDEF(.AREA.,$,#104,#431,$);";
    let mirrored = "#431=IFCCARTESIANTRANSFORMATIONOPERATOR2D(#433,#434,#432,$);\n#432=IFCCARTESIANPOINT((0.,0.));\n\
                    #433=IFCDIRECTION((1.,0.));\n#434=IFCDIRECTION((0.,-1.));\n\
                    #430=IFCDERIVEDPROFILEDEF(.AREA.,$,#104,#431,$);";
    let brep_room = edit(&h, "'Body','SweptSolid',(#185)", "'Body','Brep',(#185)");
    tries(vec![
        ("MQ07", tower(&[3.0, 6.0]), edit(&tower(&[3.0, 6.0]), "(#104,$,#17,3.0)", "(#104,$,#17,9.0)")),
        ("MQ12", h.clone(), with(300, "IFCCOLUMN", column, [1.0, 1.0, 0.0], [0.001, 0.0001, 3.0])),
        ("MQ13", sound.clone(), brep(&CUBE, &SIDES)),
        ("MQ14", sound.clone(), cube(&[4, 6, 5, 7])),
        ("MQ15", sound.clone(), cube(&[4, 4, 5, 6, 7])),
        ("MQ16", sound.clone(), brep(&raised, &[&SIDES[..], &[&[4, 5, 6, 7][..]]].concat())),
        ("MQ42", stair("#320"), stair("#150")),
        ("MQ44", edit(&h, box_door, bent), h.clone()),
        ("MQ45", sound, brep(&two, &faces)),
        ("MQ48", mapped("Body"), mapped("Axis")),
        (
            "MQ49",
            edit(&stair("#320"), "#323=IFCLOCALPLACEMENT(#10,", "#323=IFCLOCALPLACEMENT(#303,"),
            stair("#320"),
        ),
        ("MQ54", more(&h, derived), more(&h, mirrored)),
        ("MQ56", h.clone(), brep_room),
    ])
}

fn of_sizes() -> Vec<Try> {
    let h = house();
    let board = |x: f64| {
        let mut out = with(
            300,
            "IFCELECTRICDISTRIBUTIONBOARD",
            "'db',$,$,{p},{s},$,.DISTRIBUTIONBOARD.",
            [1.0, 2.0, 0.0],
            [0.4, 0.2, 2.0],
        );
        out = edit(&out, "#170,#300)", "#170,#300,#310)");
        solid(&mut out, 310, "IFCFURNITURE", "'t',$,$,{p},{s},$,.TABLE.", [x, 2.0, 0.0], [0.4, 0.4, 0.8]);
        out
    };
    let layers = |thickness: f64| {
        more(
            &h,
            &format!(
                "#430=IFCMATERIAL('c',$,$);\n#431=IFCMATERIALLAYER(#430,{thickness:?},$,$,$,$,$);\n\
                 #432=IFCMATERIALLAYERSET((#431),$,$);\n#433=IFCRELASSOCIATESMATERIAL({},$,$,$,(#110),#432);",
                id(433)
            ),
        )
    };
    let profile = |side: f64| {
        more(
            &h,
            &format!(
                "#430=IFCMATERIAL('c',$,$);\n#431=IFCRECTANGLEPROFILEDEF(.AREA.,$,$,{side:?},{side:?});\n\
                 #432=IFCMATERIALPROFILE($,$,#430,#431,$,$);\n#434=IFCMATERIALPROFILESET($,$,(#432),$);\n\
                 #433=IFCRELASSOCIATESMATERIAL({},$,$,$,(#150),#434);",
                id(433)
            ),
        )
    };
    let quantity = |volume: f64| {
        more(
            &h,
            &format!(
                "#430=IFCQUANTITYVOLUME('NetVolume',$,$,{volume:?},$);\n\
                 #431=IFCELEMENTQUANTITY({},$,'Qto_ColumnBaseQuantities',$,$,(#430));\n\
                 #432=IFCRELDEFINESBYPROPERTIES({},$,$,$,(#150),#431);",
                id(431),
                id(432)
            ),
        )
    };
    let room = "#184=IFCRECTANGLEPROFILEDEF(.AREA.,$,$,5.8,3.8)";
    let smaller = edit(&h, room, "#184=IFCRECTANGLEPROFILEDEF(.AREA.,$,$,3.0,2.0)");
    let floor = "#141=IFCCARTESIANPOINT((3.0,2.0,-0.2))";
    tries(vec![
        ("MQ21", board(5.0), board(1.8)),
        ("MQ29", h.clone(), edit(&h, floor, "#141=IFCCARTESIANPOINT((30.0,2.0,-0.2))")),
        ("MQ30", layers(0.2), layers(0.3)),
        ("MQ31", profile(0.3), profile(0.4)),
        ("MQ33", second_room([12.0, 2.0, 0.0]), second_room([6.0, 2.0, 0.0])),
        ("MQ35", h.clone(), smaller),
        ("MQ38", quantity(0.27), quantity(0.5)),
        ("MQ38", quantity(0.27), quantity(270.0)),
    ])
}

/// The house with another room, of 3 × 3 m.
pub(super) fn second_room(at: [f64; 3]) -> String {
    let mut out = edit(&house(), "$,#13,(#180))", "$,#13,(#180,#300))");
    solid(&mut out, 300, "IFCSPACE", "'102',$,$,{p},{s},'Store',.ELEMENT.,.SPACE.,$", at, [3.0, 3.0, 2.8]);
    out
}

#[test]
fn rules_of_structure_are_told_when_it_is_spoilt() {
    let wrong = wrong(&of_structure());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn rules_of_bodies_are_told_when_they_are_spoilt() {
    let wrong = wrong(&of_bodies());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn rules_of_sizes_are_told_when_they_are_spoilt() {
    let wrong = wrong(&of_sizes());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn rules_of_infrastructure_schemas_are_told_when_they_are_spoilt() {
    let newer = |records: String| Asked { records, schema: "IFC4X3_ADD2", ..Asked::default() };
    let h = house();
    let curve = "#450=IFCPOLYLINE((#451,#452));\n#451=IFCCARTESIANPOINT((0.,0.));\n#452=IFCCARTESIANPOINT((1.,0.));\n\
                 #453=IFCAXIS2PLACEMENT2D(#451,$);\n#431=IFCCOMPOSITECURVESEGMENT(.CONTINUOUS.,.T.,#450);\n\
                 #432=IFCCURVESEGMENT(.CONTINUOUS.,#453,IFCLENGTHMEASURE(0.),IFCLENGTHMEASURE(1.),#450);\n";
    let curves = |of: &str| newer(more(&h, &format!("{curve}#430=IFCCOMPOSITECURVE(({of}),.F.);")));
    let cable =
        with(300, "IFCCABLESEGMENT", "'c',$,$,{p},{s},$,.CABLESEGMENT.", [1.0, 1.0, 2.0], [1.0, 0.05, 0.05]);
    let ports = format!(
        "#430=IFCDISTRIBUTIONPORT({},$,$,$,$,$,$,.SOURCE.,$,$);\n\
         #431=IFCDISTRIBUTIONPORT({},$,$,$,$,$,$,.SINK.,$,$);\n#432=IFCRELNESTS({},$,$,$,#300,(#430,#431));",
        id(430),
        id(431),
        id(432)
    );
    let wrong = wrong(&[
        ("MQ53", curves("#431"), curves("#431,#432")),
        ("MQ55", newer(more(&cable, &ports)), newer(cable)),
    ]);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn triangles_are_counted_and_a_limit_is_held() {
    // a box has twelve
    let at = |numbers| ask(&Asked { numbers, ..house().into() }, "MQ17").0;
    assert_eq!(at("most = 32").failed, 0, "the pierced wall has no more");
    assert_eq!(at("most = 12").failed, 1, "the pierced wall alone has more");
    assert!(at("most = 11").failed > 7);
}

#[test]
fn new_global_ids_of_old_elements_are_told() {
    let book = Rulebook::everything().expect("the rules");
    let book = Rulebook { rules: vec![book.rule("MQ03").expect("the rule").clone()], ..book };
    let source = |records: &str| Source { name: "house.ifc", bytes: bytes::bytes(file("IFC4", records)) };
    let tally = |before: Option<&str>, now: &str| {
        let submission = Submission {
            models: vec![source(now)],
            previous: before.map(source).into_iter().collect(),
            ..Submission::default()
        };
        let run = Pipeline::run(&submission, &book).expect("a run");
        run.findings.tallies["MQ03"].clone()
    };
    let h = house();
    // exported anew: every element has another GlobalId
    let renamed = edit(&h, "'1000000000000000000", "'3000000000000000000");
    let without = edit(&edit(&h, "#140,#150,", "#140,"), "'post'", "'pole'");
    let without = edit(&without, "'1000000000000000000150'", "'3000000000000000000150'");
    assert_eq!(tally(None, &h).not_applicable, 1);
    assert_eq!((tally(Some(&h), &h).passed, tally(Some(&h), &h).failed), (9, 0));
    assert_eq!(tally(Some(&h), &renamed).failed, 9);
    // taken out and another put in its place: nothing kept its name, and nothing was renamed
    assert_eq!(tally(Some(&h), &without).failed, 0);
}

#[test]
fn what_is_asked_of_nothing_is_no_pass() {
    // no annotation, no grid: at most the one pass that says that nothing is contained that should not be
    let (tally, _) = ask(&house().into(), "MQ52");
    assert!(tally.passed <= 1, "{tally:?}");
}

/// Every rule about quality and compliance is tried in one of these files.
#[test]
fn no_rule_is_left_out() {
    let tried: String = [
        include_str!("model_rules.rs"),
        include_str!("quality_rules.rs"),
        include_str!("compliance_rules.rs"),
    ]
    .concat();
    let book = Rulebook::everything().expect("the rules");
    let left: Vec<&str> = book
        .rules
        .iter()
        .map(|r| r.id.as_str())
        .filter(|id| id.starts_with("MQ") || id.starts_with("CO"))
        .filter(|id| !tried.contains(&format!("\"{id}\"")))
        .collect();
    assert!(left.is_empty(), "never tried: {left:?}");
}

/// A duct whose foot stands in the thin end of a sloping beam: nothing is common further up, and it is as deep as that end
/// is high.
#[test]
fn bodies_that_meet_only_under_a_slope_clash() {
    let beam = with(300, "IFCBEAM", "'slope',$,$,{p},{s},$,.BEAM.", [4.0, 3.15, 2.0], [1.0, 1.0, 0.3]);
    let beam = edit(&beam, "(#304,$,#17,0.3)", "(#510,#514,#17,0.3)");
    let beam = more(
        &beam,
        "#510=IFCARBITRARYCLOSEDPROFILEDEF(.AREA.,$,#511);\n#511=IFCPOLYLINE((#512,#513,#515,#512));\n\
         #512=IFCCARTESIANPOINT((0.,0.));\n#513=IFCCARTESIANPOINT((2.,0.));\n#515=IFCCARTESIANPOINT((0.,1.));\n\
         #514=IFCAXIS2PLACEMENT3D(#6,#516,#517);\n#516=IFCDIRECTION((0.,-1.,0.));\n#517=IFCDIRECTION((1.,0.,0.));",
    );
    let duct = |x: f64| {
        let mut out = edit(&beam, "#170,#300)", "#170,#300,#320)");
        solid(&mut out, 320, "IFCDUCTSEGMENT", "'duct',$,$,{p},{s},$,$", [x, 3.0, 2.115], [0.2, 0.2, 0.3]);
        ask(&out.into(), "MQ20")
    };
    let (tally, told) = duct(5.8);
    assert_eq!(tally.failed, 1);
    let depth = told[0].measured.clone().expect("a depth");
    let tumo::finding::Value::Number(depth) = depth else { panic!("{depth:?}") };
    assert!((depth - 35.0).abs() < 3.0, "{depth} mm");
    assert_eq!(duct(5.9).0.failed, 0, "it stands over the beam's end");
}
