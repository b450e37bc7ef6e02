//! What the targets of models hold: any bytes in a frame of sound records are answered without a panic, and what comes
//! out is sound. The targets and the replay in `tests/suite/ifc/corpus.rs` run the same functions.

use tumo::bytes::bytes;
use tumo::ifc::section::{CutBand, storey_plans};
use tumo::ifc::step::{StepFile, Value};
use tumo::ifc::{self, Model, solid};

/// A target: its name, which is also its corpus folder, and what it holds.
pub(crate) type Target = (&'static str, fn(&[u8]));

/// All of them.
pub(crate) const TARGETS: [Target; 5] = [
    ("step_lexer", lexer),
    ("step_record", record),
    ("ifc_placement", placement),
    ("ifc_profile", profile),
    ("ifc_solid", body),
];

/// Longest input: what matters is the variety, not the size.
const LONGEST: usize = 16_384;
/// Values that are looked at in one record.
const VALUES: usize = 100_000;

/// The wall that `body` takes from: 6 m by 0.3 m by 3 m.
const WALL: [f64; 3] = [6.0, 0.3, 3.0];

const FRAME: &str = "\
#1=IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.);\n\
#2=IFCSIUNIT(*,.PLANEANGLEUNIT.,$,.RADIAN.);\n\
#3=IFCUNITASSIGNMENT((#1,#2));\n\
#4=IFCGEOMETRICREPRESENTATIONCONTEXT($,'Model',3,1.E-05,#10,$);\n\
#5=IFCPROJECT('0000000000000000000001',$,'P',$,$,$,$,(#4),#3);\n\
#6=IFCBUILDINGSTOREY('0000000000000000000002',$,'S',$,$,#20,$,$,.ELEMENT.,0.);\n\
#7=IFCRELCONTAINEDINSPATIALSTRUCTURE('0000000000000000000003',$,$,$,(#30),#6);\n\
#10=IFCAXIS2PLACEMENT3D(#11,#12,#13);\n\
#11=IFCCARTESIANPOINT((0.,0.,0.));\n\
#12=IFCDIRECTION((0.,0.,1.));\n\
#13=IFCDIRECTION((1.,0.,0.));\n\
#20=IFCLOCALPLACEMENT($,#10);\n";

/// A file of the frame, own records, and the input's.
fn file(own: &str, input: &[u8]) -> Vec<u8> {
    const HEAD: &str = "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\n\
        FILE_NAME('','',(''),(''),'','','');\nFILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\n";
    let input = input.get(..LONGEST).unwrap_or(input);
    [HEAD.as_bytes(), FRAME.as_bytes(), own.as_bytes(), input, b"\nENDSEC;\nEND-ISO-10303-21;\n"].concat()
}

fn model(own: &str, input: &[u8]) -> Option<Model> {
    ifc::read("a.ifc", &bytes(file(own, input))).ok().map(|read| read.value)
}

/// Values are looked at without recursion: nesting is as deep as the input likes.
fn walk(step: &StepFile) {
    for record in step.records() {
        let mut open: Vec<Value<'_>> = record.args().collect();
        let mut seen = 0;
        while let Some(value) = open.pop() {
            seen += 1;
            if seen > VALUES {
                break;
            }
            let _ = (value.real(), value.integer(), value.boolean(), value.reference(), value.enumeration());
            let _ = value.text();
            open.extend(value.list());
        }
    }
}

/// The lexer: the input is the records; nothing that stands in the frame is lost to what comes behind it.
pub(crate) fn lexer(input: &[u8]) {
    let Ok(read) = StepFile::open("a.ifc", bytes(file("", input))) else { return };
    let step = read.value;
    for line in FRAME.lines() {
        let id: u32 = line[1..].split('=').next().unwrap_or_default().parse().unwrap_or_default();
        assert!(step.record(id).is_some(), "#{id} of the frame is lost");
    }
    for record in step.records() {
        assert_eq!(
            step.data().get(record.offset()),
            Some(&b'#'),
            "#{} is not where it is said to be",
            record.id
        );
    }
    walk(&step);
    let _ = step.check();
}

/// Decoding: the input stands between the brackets of a few records.
pub(crate) fn record(input: &[u8]) {
    let input = input.get(..LONGEST / 5).unwrap_or(input);
    let mut records = Vec::new();
    for (at, keyword) in
        ["IFCWALL", "IFCPROPERTYSINGLEVALUE", "IFCCARTESIANPOINTLIST3D", "IFCDOORTYPE"].iter().enumerate()
    {
        records.extend(format!("#{}={keyword}(", 100 + at).as_bytes());
        records.extend(input);
        records.extend(b");\n");
    }
    let Ok(read) = ifc::read("a.ifc", &bytes(file("", &records))) else { return };
    let Some(step) = read.value.step() else { return };
    walk(step);
    for record in step.records() {
        for name in
            ["Name", "Tag", "NominalValue", "CoordList", "HasPropertySets", "PredefinedType", "NoSuchName"]
        {
            let _ = (record.attribute(name), record.follow_all(name).count());
        }
    }
    for element in &read.value.elements {
        let _ = read.value.property_sets(element.step_id);
    }
}

/// The placement walk: `#100` is where a wall stands, and whatever the input makes of it.
pub(crate) fn placement(input: &[u8]) {
    let own = "#30=IFCWALL('0000000000000000000004',$,'W',$,$,#100,$,$,$);\n";
    let Some(model) = model(own, input) else { return };
    for element in &model.elements {
        let Some(frame) = element.placement else { continue };
        assert!(frame.origin.is_finite(), "{frame:?}");
        assert!((frame.determinant() - 1.0).abs() < 1e-6, "{frame:?}");
    }
    assert!(model.storeys.iter().all(|s| s.elevation_m.is_finite()));
}

/// A profile becomes a polygon: `#100` is extruded by 3 m; the volume is the area of its section times that.
pub(crate) fn profile(input: &[u8]) {
    let own = "#30=IFCWALL('0000000000000000000004',$,'W',$,$,#20,#33,$,$);\n\
        #31=IFCEXTRUDEDAREASOLID(#100,#10,#12,3.);\n\
        #32=IFCSHAPEREPRESENTATION(#4,'Body','SweptSolid',(#31));\n\
        #33=IFCPRODUCTDEFINITIONSHAPE($,$,(#32));\n";
    let Some(model) = model(own, input) else { return };
    let bodies = solid::bodies(&model);
    let Some(at) = model.element_index(30) else { return };
    let Ok(made) = solid::solid(&bodies, at) else { return };
    finite(&made);
    let (volume, extent) = (made.measures.volume_m3, made.measures.extent);
    let (dx, dy) = (extent.max.x - extent.min.x, extent.max.y - extent.min.y);
    // what far coordinates cost in digits is not the point here
    if made.measures.closed && extent.max.x.abs().max(extent.max.y.abs()) < 1e4 {
        assert!(volume >= 0.0 && volume <= 3.0 * dx * dy * (1.0 + 1e-6) + 1e-6, "{:?}", made.measures);
        let area: f64 =
            solid::sections(&made, &[1.5]).remove(0).map_or(0.0, |r| r.iter().map(|p| p.area()).sum());
        assert!((3.0 * area - volume).abs() <= 1e-3 * (1.0 + volume), "{area} m² and {:?}", made.measures);
    }
    plans(model);
}

/// Clipping, booleans and openings: from a wall, `#100` is taken by a boolean and `#101` as an opening. What is left is no
/// more than the wall, and lies in it.
pub(crate) fn body(input: &[u8]) {
    let own = "#30=IFCWALL('0000000000000000000004',$,'W',$,$,#20,#33,$,$);\n\
        #31=IFCBOOLEANRESULT(.DIFFERENCE.,#34,#100);\n\
        #32=IFCSHAPEREPRESENTATION(#4,'Body','CSG',(#31));\n\
        #33=IFCPRODUCTDEFINITIONSHAPE($,$,(#32));\n\
        #34=IFCBLOCK(#10,6.,0.3,3.);\n\
        #40=IFCOPENINGELEMENT('0000000000000000000005',$,'O',$,$,#20,#42,$,$);\n\
        #41=IFCSHAPEREPRESENTATION(#4,'Body','CSG',(#101));\n\
        #42=IFCPRODUCTDEFINITIONSHAPE($,$,(#41));\n\
        #43=IFCRELVOIDSELEMENT('0000000000000000000006',$,$,$,#30,#40);\n";
    let Some(model) = model(own, input) else { return };
    let bodies = solid::bodies(&model);
    let Some(at) = model.element_index(30) else { return };
    if let Ok(made) = solid::solid(&bodies, at) {
        finite(&made);
        let [x, y, z] = WALL;
        let most = x * y * z * (1.0 + 1e-6);
        let (volume, extent) = (made.measures.volume_m3, made.measures.extent);
        assert!(!made.measures.closed || (-1e-6..=most).contains(&volume), "{:?}", made.measures);
        let inside = |low: f64, high: f64, side: f64| low >= -1e-4 && high <= side + 1e-4;
        assert!(
            inside(extent.min.x, extent.max.x, x)
                && inside(extent.min.y, extent.max.y, y)
                && inside(extent.min.z, extent.max.z, z),
            "{extent:?}"
        );
    }
    plans(model);
}

fn finite(made: &solid::Solid) {
    let extent = made.measures.extent;
    assert!(extent.min.is_finite() && extent.max.is_finite(), "{:?}", made.measures);
    assert!(made.measures.volume_m3.is_finite(), "{:?}", made.measures);
}

fn plans(model: Model) {
    let (plans, _) = storey_plans(&[model], &CutBand::default());
    for wall in plans.iter().flat_map(|p| &p.walls) {
        let corners = wall.outline.iter().chain(&wall.solid).flat_map(|p| p.rings()).flatten();
        assert!(corners.into_iter().all(|p| p.is_finite()), "{wall:?}");
    }
}
