//! Every kind of solid that the schemas know: made, with the volume that it must have, or told by name.

use super::made::{block, measured_in, polyline};
use std::collections::BTreeSet;
use std::f64::consts::PI;
use tumo::ifc::schema::{Edition, Schema};

/// What stands for chords instead of arcs.
const ROUND: f64 = 0.003;
const FLAT: f64 = 1e-6;

/// What becomes of a kind.
enum Is {
    /// Items, and the volume of what they make with a tolerance.
    Made(&'static str, f64, f64),
    /// A part of others: by itself it is no body, which is told.
    Part(&'static str),
}

/// Supertypes whose subtypes are bodies.
const ROOTS: [&str; 9] = [
    "IfcSolidModel",
    "IfcTessellatedItem",
    "IfcBooleanResult",
    "IfcCsgPrimitive3D",
    "IfcHalfSpaceSolid",
    "IfcFaceBasedSurfaceModel",
    "IfcShellBasedSurfaceModel",
    "IfcSectionedSpine",
    "IfcMappedItem",
];

/// A cube's faces as a closed shell from record `id` on; the shell is the last record.
fn cube(id: u32, low: f64, size: f64) -> (String, u32) {
    let mut out = String::new();
    for i in 0..8u32 {
        let c = |axis: u32| low + if i >> axis & 1 == 1 { size } else { 0.0 };
        out += &format!("#{}=IFCCARTESIANPOINT(({:?},{:?},{:?}));\n", id + i, c(0), c(1), c(2));
    }
    let faces = [[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]];
    let mut at = id + 8;
    let mut ids = Vec::new();
    for f in faces {
        let [a, b, c, d] = f.map(|k| id + k);
        out += &format!(
            "#{at}=IFCPOLYLOOP((#{a},#{b},#{c},#{d}));\n#{}=IFCFACEOUTERBOUND(#{at},.T.);\n#{}=IFCFACE((#{}));\n",
            at + 1,
            at + 2,
            at + 1
        );
        ids.push(format!("#{}", at + 2));
        at += 3;
    }
    out += &format!("#{at}=IFCCLOSEDSHELL(({}));\n", ids.join(","));
    (out, at)
}

/// A cylinder of radius 1 and height 2 as an advanced brep's shell, its side one face with a seam.
const ROUND_SHELL: &str = "\
#500=IFCCARTESIANPOINT((1.,0.,0.));\n#501=IFCCARTESIANPOINT((1.,0.,2.));\n\
#502=IFCVERTEXPOINT(#500);\n#503=IFCVERTEXPOINT(#501);\n\
#504=IFCCARTESIANPOINT((0.,0.,2.));\n#505=IFCAXIS2PLACEMENT3D(#504,$,$);\n\
#506=IFCCIRCLE(#10,1.);\n#507=IFCCIRCLE(#505,1.);\n\
#508=IFCVECTOR(#12,1.);\n#509=IFCLINE(#500,#508);\n\
#510=IFCEDGECURVE(#502,#502,#506,.T.);\n#511=IFCEDGECURVE(#503,#503,#507,.T.);\n#512=IFCEDGECURVE(#502,#503,#509,.T.);\n\
#513=IFCORIENTEDEDGE(*,*,#510,.T.);\n#514=IFCORIENTEDEDGE(*,*,#510,.F.);\n#515=IFCORIENTEDEDGE(*,*,#511,.T.);\n\
#516=IFCORIENTEDEDGE(*,*,#511,.F.);\n#517=IFCORIENTEDEDGE(*,*,#512,.T.);\n#518=IFCORIENTEDEDGE(*,*,#512,.F.);\n\
#520=IFCPLANE(#10);\n#521=IFCPLANE(#505);\n#522=IFCCYLINDRICALSURFACE(#10,1.);\n\
#523=IFCEDGELOOP((#514));\n#524=IFCEDGELOOP((#515));\n#525=IFCEDGELOOP((#513,#517,#516,#518));\n\
#526=IFCFACEOUTERBOUND(#523,.T.);\n#527=IFCFACEOUTERBOUND(#524,.T.);\n#528=IFCFACEOUTERBOUND(#525,.T.);\n\
#529=IFCADVANCEDFACE((#526),#520,.F.);\n#530=IFCADVANCEDFACE((#527),#521,.T.);\n#531=IFCADVANCEDFACE((#528),#522,.T.);\n\
#532=IFCCLOSEDSHELL((#529,#530,#531));\n";

/// Half a ball of radius 1: a cap over its equator and a disk; and the same cylinder's side as a band of two loops.
const CAPS: &str = "\
#540=IFCSPHERICALSURFACE(#10,1.);\n#541=IFCEDGELOOP((#513));\n#542=IFCFACEOUTERBOUND(#541,.T.);\n\
#543=IFCADVANCEDFACE((#542),#540,.T.);\n#544=IFCCLOSEDSHELL((#529,#543));\n#545=IFCADVANCEDBREP(#544);\n\
#550=IFCEDGELOOP((#513));\n#551=IFCEDGELOOP((#516));\n#552=IFCFACEOUTERBOUND(#550,.T.);\n#553=IFCFACEBOUND(#551,.T.);\n\
#554=IFCADVANCEDFACE((#552,#553),#522,.T.);\n#555=IFCCLOSEDSHELL((#529,#530,#554));\n#556=IFCADVANCEDBREP(#555);\n";

/// Records that every sample may use.
fn records() -> String {
    let (shell, s) = cube(200, 0.0, 3.0);
    let (void, v) = cube(300, 1.0, 1.0);
    let (path, p) = polyline(400, &[vec![0.0, 0.0, 0.0], vec![0.0, 0.0, 4.0]]);
    let (bend, q) = polyline(410, &[vec![0.0, 0.0, 0.0], vec![10.0, 0.0, 0.0], vec![10.0, 10.0, 0.0]]);
    let mut out = block(100, [0.0; 3], [1.0, 2.0, 3.0]);
    out += &shell;
    out += &void;
    out += &path;
    out += &bend;
    out += ROUND_SHELL;
    out += CAPS;
    assert_eq!((s, v, p, q), (226, 326, 402, 413));
    out += "#30=IFCCARTESIANPOINT((0.,0.));\n#31=IFCAXIS2PLACEMENT2D(#30,$);\n\
        #32=IFCRECTANGLEPROFILEDEF(.AREA.,$,#31,2.,1.);\n#33=IFCRECTANGLEPROFILEDEF(.AREA.,$,#31,1.,0.5);\n\
        #34=IFCCARTESIANPOINT((5.,0.,0.));\n#35=IFCDIRECTION((0.,1.,0.));\n#36=IFCAXIS1PLACEMENT(#34,#35);\n\
        #37=IFCCARTESIANPOINT((0.,0.,4.));\n#38=IFCAXIS2PLACEMENT3D(#37,$,$);\n#39=IFCPLANE(#40);\n\
        #40=IFCAXIS2PLACEMENT3D(#11,#13,#12);\n\
        #41=IFCEXTRUDEDAREASOLID(#32,#10,#12,3.);\n#42=IFCEXTRUDEDAREASOLIDTAPERED(#32,#10,#12,3.,#33);\n\
        #43=IFCREVOLVEDAREASOLID(#32,#10,#36,6.283185307179586);\n\
        #44=IFCREVOLVEDAREASOLIDTAPERED(#32,#10,#36,1.5707963267948966,#33);\n\
        #45=IFCSURFACECURVESWEPTAREASOLID(#32,$,#402,$,$,#39);\n#46=IFCFIXEDREFERENCESWEPTAREASOLID(#32,$,#402,$,$,#13);\n\
        #47=IFCDIRECTRIXDERIVEDREFERENCESWEPTAREASOLID(#32,$,#402,$,$,#13);\n\
        #48=IFCSWEPTDISKSOLID(#402,0.5,$,$,$);\n#49=IFCSWEPTDISKSOLIDPOLYGONAL(#402,0.5,$,$,$,$);\n\
        #50=IFCFACETEDBREP(#226);\n#51=IFCFACETEDBREPWITHVOIDS(#226,(#326));\n#52=IFCCSGSOLID(#102);\n\
        #53=IFCADVANCEDBREP(#532);\n#54=IFCADVANCEDBREPWITHVOIDS(#226,(#326));\n\
        #55=IFCSECTIONEDSPINE(#402,(#32,#33),(#10,#38));\n\
        #56=IFCPOINTBYDISTANCEEXPRESSION(IFCLENGTHMEASURE(0.),$,$,$,#413);\n#57=IFCPOINTBYDISTANCEEXPRESSION(IFCLENGTHMEASURE(20.),$,$,$,#413);\n\
        #58=IFCAXIS2PLACEMENTLINEAR(#56,$,$);\n#59=IFCAXIS2PLACEMENTLINEAR(#57,$,$);\n\
        #60=IFCSECTIONEDSOLIDHORIZONTAL(#413,(#32,#32),(#58,#59));\n\
        #61=IFCCARTESIANPOINTLIST3D(((0.,0.,0.),(3.,0.,0.),(0.,2.,0.),(0.,0.,1.)));\n\
        #62=IFCTRIANGULATEDFACESET(#61,$,.T.,((1,3,2),(1,2,4),(2,3,4),(3,1,4)),$);\n\
        #63=IFCTRIANGULATEDIRREGULARNETWORK(#61,$,.T.,((1,3,2),(1,2,4),(2,3,4),(3,1,4)),$,(0,0,0,0));\n\
        #64=IFCINDEXEDPOLYGONALFACE((1,3,2));\n#65=IFCINDEXEDPOLYGONALFACE((1,2,4));\n#66=IFCINDEXEDPOLYGONALFACE((2,3,4));\n\
        #67=IFCINDEXEDPOLYGONALFACE((3,1,4));\n#68=IFCPOLYGONALFACESET(#61,.T.,(#64,#65,#66,#67),$);\n\
        #69=IFCINDEXEDPOLYGONALFACEWITHVOIDS((1,2,3),((1,2,3)));\n\
        #70=IFCBOOLEANRESULT(.INTERSECTION.,#102,#50);\n#71=IFCPLANE(#72);\n#72=IFCAXIS2PLACEMENT3D(#73,#12,#13);\n\
        #73=IFCCARTESIANPOINT((0.,0.,1.));\n#74=IFCHALFSPACESOLID(#71,.F.);\n#75=IFCBOOLEANCLIPPINGRESULT(.DIFFERENCE.,#41,#74);\n\
        #76=IFCBOXEDHALFSPACE(#71,.F.,#77);\n#77=IFCBOUNDINGBOX(#11,1.,2.,3.);\n\
        #78=IFCPOLYGONALBOUNDEDHALFSPACE(#71,.F.,#10,#90);\n\
        #79=IFCRECTANGULARPYRAMID(#10,2.,1.,3.);\n#80=IFCRIGHTCIRCULARCONE(#10,3.,1.);\n\
        #81=IFCRIGHTCIRCULARCYLINDER(#10,3.,1.);\n#82=IFCSPHERE(#10,1.);\n\
        #83=IFCFACEBASEDSURFACEMODEL((#226));\n#84=IFCSHELLBASEDSURFACEMODEL((#226));\n\
        #85=IFCREPRESENTATIONMAP(#10,#86);\n#86=IFCSHAPEREPRESENTATION(#4,'Body','CSG',(#102));\n\
        #87=IFCCARTESIANTRANSFORMATIONOPERATOR3DNONUNIFORM($,$,#11,2.,$,1.,0.5);\n#88=IFCMAPPEDITEM(#85,#87);\n\
        #90=IFCPOLYLINE((#91,#92,#93,#94,#91));\n#91=IFCCARTESIANPOINT((0.,0.));\n#92=IFCCARTESIANPOINT((0.5,0.));\n\
        #93=IFCCARTESIANPOINT((0.5,1.));\n#94=IFCCARTESIANPOINT((0.,1.));\n#95=IFCBOOLEANRESULT(.DIFFERENCE.,#102,#78);\n";
    out
}

fn kind(class: &str) -> Option<Is> {
    use Is::{Made, Part};
    let frustum = |h: f64| h / 3.0 * (2.0 + 0.5 + 1.0);
    Some(match class {
        "IfcExtrudedAreaSolid" => Made("#41", 6.0, FLAT),
        "IfcExtrudedAreaSolidTapered" => Made("#42", frustum(3.0), FLAT),
        "IfcRevolvedAreaSolid" => Made("#43", 2.0 * PI * 5.0 * 2.0, ROUND),
        // ∫ (2 − t)(1 − t/2) dt over the turn of its middle
        "IfcRevolvedAreaSolidTapered" => Made("#44", 7.0 / 6.0 * 5.0 * PI / 2.0, ROUND),
        "IfcSurfaceCurveSweptAreaSolid" => Made("#45", 8.0, FLAT),
        "IfcFixedReferenceSweptAreaSolid" => Made("#46", 8.0, FLAT),
        "IfcDirectrixDerivedReferenceSweptAreaSolid" => Made("#47", 8.0, FLAT),
        "IfcSweptDiskSolid" => Made("#48", PI, ROUND),
        "IfcSweptDiskSolidPolygonal" => Made("#49", PI, ROUND),
        "IfcFacetedBrep" => Made("#50", 27.0, FLAT),
        "IfcFacetedBrepWithVoids" => Made("#51", 26.0, FLAT),
        "IfcCsgSolid" | "IfcBlock" => Made("#52", 6.0, FLAT),
        "IfcAdvancedBrep" => Made("#53", 2.0 * PI, ROUND),
        "IfcAdvancedBrepWithVoids" => Made("#54", 26.0, FLAT),
        "IfcSectionedSpine" => Made("#55", frustum(4.0), FLAT),
        "IfcSectionedSolidHorizontal" => Made("#60", 40.0, FLAT),
        "IfcTriangulatedFaceSet" => Made("#62", 1.0, FLAT),
        "IfcTriangulatedIrregularNetwork" => Made("#63", 1.0, FLAT),
        "IfcPolygonalFaceSet" => Made("#68", 1.0, FLAT),
        "IfcBooleanResult" => Made("#70", 6.0, FLAT),
        "IfcBooleanClippingResult" => Made("#75", 2.0, FLAT),
        "IfcRectangularPyramid" => Made("#79", 2.0, FLAT),
        "IfcRightCircularCone" => Made("#80", PI, ROUND),
        "IfcRightCircularCylinder" => Made("#81", 3.0 * PI, ROUND),
        "IfcSphere" => Made("#82", 4.0 / 3.0 * PI, ROUND),
        "IfcFaceBasedSurfaceModel" => Made("#83", 27.0, FLAT),
        "IfcShellBasedSurfaceModel" => Made("#84", 27.0, FLAT),
        "IfcMappedItem" => Made("#88", 6.0, FLAT),
        // faces of a face set
        "IfcIndexedPolygonalFace" => Part("#64"),
        "IfcIndexedPolygonalFaceWithVoids" => Part("#69"),
        // without end
        "IfcHalfSpaceSolid" => Part("#74"),
        "IfcBoxedHalfSpace" => Part("#76"),
        "IfcPolygonalBoundedHalfSpace" => Part("#78"),
        _ => return None,
    })
}

#[test]
fn every_kind_of_every_schema_is_made_or_told() {
    let records = records();
    let mut seen = BTreeSet::new();
    for (edition, name) in
        [(Edition::Ifc2x3, "IFC2X3"), (Edition::Ifc4, "IFC4"), (Edition::Ifc4x3, "IFC4X3_ADD2")]
    {
        let schema = Schema::of(edition);
        for entity in ROOTS.iter().flat_map(|root| schema.subtypes(root)) {
            let class = schema.class(entity);
            if schema.definition(entity).is_some_and(|d| d.is_abstract) {
                continue;
            }
            seen.insert(class);
            match kind(class) {
                Some(Is::Made(items, volume, tolerance)) => {
                    let m =
                        measured_in(name, items, &records).unwrap_or_else(|e| panic!("{name} {class}: {e}"));
                    assert!(m.closed && m.told.is_empty(), "{name} {class}: {m:?}");
                    let off = (m.volume_m3 - volume).abs();
                    assert!(off <= tolerance * volume, "{name} {class}: {} instead of {volume}", m.volume_m3);
                }
                Some(Is::Part(items)) => {
                    let reason = measured_in(name, items, &records).expect_err(class);
                    assert!(
                        reason.contains(class) || reason.contains("its body is empty"),
                        "{class}: {reason}"
                    );
                }
                None => panic!("{name} has {class}, of which nothing is known here"),
            }
        }
    }
    println!("{} kinds: {seen:?}", seen.len());
    assert!(seen.len() >= 30, "{seen:?}");
}

#[test]
fn curved_faces_follow_their_surface() {
    let records = records();
    let cap = measured_in("IFC4", "#545", &records).unwrap();
    assert!(cap.closed && (cap.volume_m3 - 2.0 / 3.0 * PI).abs() < ROUND * 2.0, "{cap:?}");
    assert!((cap.extent.max.z - 1.0).abs() < 1e-3, "{cap:?}");
    let band = measured_in("IFC4", "#556", &records).unwrap();
    assert!(band.closed && (band.volume_m3 - 2.0 * PI).abs() < ROUND * 2.0 * PI, "{band:?}");
    assert!(cap.told.is_empty() && band.told.is_empty(), "{cap:?} {band:?}");
}

#[test]
fn half_spaces_keep_to_their_boundary() {
    // half a metre of the block's one, one of its two, above z = 1
    let m = measured_in("IFC4", "#95", &records()).unwrap();
    assert!(m.closed && (m.volume_m3 - (6.0 - 0.5 * 1.0 * 2.0)).abs() < 1e-6, "{m:?}");
}

#[test]
fn a_solid_follows_an_alignment() {
    // 50 m straight, then a quarter circle of 20 m radius to the left; rising by 5 % all the way
    let length = 50.0 + 10.0 * PI;
    let records = format!(
        "#600=IFCCARTESIANPOINT((0.,0.));\n#601=IFCDIRECTION((1.,0.));\n#602=IFCAXIS2PLACEMENT2D(#600,#601);\n\
        #603=IFCVECTOR(#601,1.);\n#604=IFCLINE(#600,#603);\n\
        #605=IFCCURVESEGMENT(.CONTINUOUS.,#602,IFCLENGTHMEASURE(0.),IFCLENGTHMEASURE(50.),#604);\n\
        #606=IFCCARTESIANPOINT((50.,0.));\n#607=IFCAXIS2PLACEMENT2D(#606,#601);\n#608=IFCCIRCLE(#602,20.);\n\
        #609=IFCCURVESEGMENT(.DISCONTINUOUS.,#607,IFCLENGTHMEASURE(0.),IFCLENGTHMEASURE({:?}),#608);\n\
        #610=IFCCOMPOSITECURVE((#605,#609),.F.);\n#611=IFCDIRECTION((1.,0.05));\n#612=IFCAXIS2PLACEMENT2D(#600,#611);\n\
        #613=IFCCURVESEGMENT(.DISCONTINUOUS.,#612,IFCLENGTHMEASURE(0.),IFCLENGTHMEASURE({:?}),#604);\n\
        #614=IFCGRADIENTCURVE((#613),.F.,#610,$);\n\
        #615=IFCPOINTBYDISTANCEEXPRESSION(IFCLENGTHMEASURE(0.),$,$,$,#614);\n\
        #616=IFCPOINTBYDISTANCEEXPRESSION(IFCLENGTHMEASURE({:?}),$,$,$,#614);\n\
        #617=IFCAXIS2PLACEMENTLINEAR(#615,$,$);\n#618=IFCAXIS2PLACEMENTLINEAR(#616,$,$);\n\
        #620=IFCAXIS2PLACEMENT2D(#600,$);\n#621=IFCRECTANGLEPROFILEDEF(.AREA.,$,#620,4.,1.);\n\
        #622=IFCSECTIONEDSOLIDHORIZONTAL(#614,(#621,#621),(#617,#618));\n",
        10.0 * PI,
        length * 1.002_5,
        length * 1.001_249_2
    );
    let m = measured_in("IFC4X3_ADD2", "#622", &records).unwrap();
    // upright profiles: their area times the length in plan
    assert!(m.closed && (m.volume_m3 - 4.0 * length).abs() < 0.01 * length, "{m:?}");
    assert!(
        (m.extent.max.x - 72.0).abs() < 0.01 && (m.extent.max.z - (length * 0.05 + 0.5)).abs() < 0.02,
        "{m:?}"
    );
}
