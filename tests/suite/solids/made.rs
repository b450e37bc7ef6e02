//! A model of one element with a body made of given records, in metres and radians.

use tumo::bytes::bytes;
use tumo::ifc::Model;
use tumo::ifc::solid::{self, Measures};

/// A model in a schema whose proxy has the `items` as its body. Records below #100 are taken; `#10` is the world's
/// placement, `#11` the origin, `#12` and `#13` are the directions of z and x.
pub(super) fn model_in(schema: &str, items: &str, records: &str) -> Model {
    let text = format!(
        "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\n\
        FILE_NAME('a','2026-01-01T00:00:00',(''),(''),'','','');\nFILE_SCHEMA(('{schema}'));\nENDSEC;\nDATA;\n\
        #1=IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.);\n\
        #2=IFCSIUNIT(*,.PLANEANGLEUNIT.,$,.RADIAN.);\n\
        #3=IFCUNITASSIGNMENT((#1,#2));\n\
        #4=IFCGEOMETRICREPRESENTATIONCONTEXT($,'Model',3,1.E-05,#10,$);\n\
        #5=IFCPROJECT('0000000000000000000001',$,'P',$,$,$,$,(#4),#3);\n\
        #10=IFCAXIS2PLACEMENT3D(#11,#12,#13);\n\
        #11=IFCCARTESIANPOINT((0.,0.,0.));\n\
        #12=IFCDIRECTION((0.,0.,1.));\n\
        #13=IFCDIRECTION((1.,0.,0.));\n\
        #20=IFCLOCALPLACEMENT($,#10);\n\
        #21=IFCSHAPEREPRESENTATION(#4,'Body','Brep',({items}));\n\
        #22=IFCPRODUCTDEFINITIONSHAPE($,$,(#21));\n\
        #23=IFCBUILDINGELEMENTPROXY('0000000000000000000002',$,'E',$,$,#20,#22,$,$);\n\
        {records}\nENDSEC;\nEND-ISO-10303-21;\n"
    );
    tumo::ifc::read("a.ifc", &bytes(text.into_bytes())).expect("a model").value
}

/// What the proxy of such a model measures.
pub(super) fn measured_in(schema: &str, items: &str, records: &str) -> Result<Measures, String> {
    let model = model_in(schema, items, records);
    let bodies = solid::bodies(&model);
    let solid = solid::solid(&bodies, 0)?;
    let (told, mesh) = (solid.measures.volume_m3, solid.mesh.volume());
    if solid.measures.closed {
        assert!((told - mesh).abs() <= 1e-6 * told.max(1e-6), "the mesh holds {mesh}, measured were {told}");
    }
    Ok(solid.measures)
}

/// The same in IFC4.
pub(super) fn measured(items: &str, records: &str) -> Result<Measures, String> {
    measured_in("IFC4", items, records)
}

/// A block: corner, sizes, its first record; four records, the solid is the last.
pub(super) fn block(id: u32, at: [f64; 3], size: [f64; 3]) -> String {
    let ([x, y, z], [a, b, c]) = (at, size);
    format!(
        "#{id}=IFCCARTESIANPOINT(({x:?},{y:?},{z:?}));\n#{}=IFCAXIS2PLACEMENT3D(#{id},$,$);\n\
        #{}=IFCBLOCK(#{},{a:?},{b:?},{c:?});\n",
        id + 1,
        id + 2,
        id + 1
    )
}

/// A polyline from points: its first record; the polyline is the last one.
pub(super) fn polyline(id: u32, points: &[Vec<f64>]) -> (String, u32) {
    let mut out = String::new();
    for (i, p) in points.iter().enumerate() {
        let c: Vec<String> = p.iter().map(|v| format!("{v:?}").replace('e', "E")).collect();
        out += &format!("#{}=IFCCARTESIANPOINT(({}));\n", id + i as u32, c.join(","));
    }
    let last = id + points.len() as u32;
    let ids: Vec<String> = (id..last).map(|i| format!("#{i}")).collect();
    out += &format!("#{last}=IFCPOLYLINE(({}));\n", ids.join(","));
    (out, last)
}
