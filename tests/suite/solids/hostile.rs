//! Bodies made to hurt: each is answered soon, told, and without a panic; and the answer does not depend on threads.

use super::made::{block, measured, model_in, polyline};
use std::f64::consts::TAU;
use std::fmt::Write as _;
use std::time::{Duration, Instant};
use tumo::ifc::section::{CutBand, storey_plans};
use tumo::ifc::solid;

/// Far beyond what a debug build needs on a busy machine, far below a hang.
const SOON: Duration = Duration::from_secs(30);

fn soon<T>(work: impl FnOnce() -> T) -> T {
    let started = Instant::now();
    let out = work();
    assert!(started.elapsed() < SOON, "{:?}", started.elapsed());
    out
}

/// An extrusion by 3 m of the area in a polyline; the solid is #90.
fn extruded(points: &[Vec<f64>]) -> String {
    let (mut records, curve) = polyline(1000, points);
    let _ = write!(
        records,
        "#91=IFCARBITRARYCLOSEDPROFILEDEF(.AREA.,$,#{curve});\n#90=IFCEXTRUDEDAREASOLID(#91,#10,#12,3.);\n"
    );
    records
}

/// Maps `#1000`, `#1010`, … each of which holds the items that `inner` names for its number.
fn maps(count: u32, inner: impl Fn(u32) -> String) -> String {
    let mut out = String::from("#99=IFCCARTESIANTRANSFORMATIONOPERATOR3D($,$,#11,$,$);\n");
    for i in 0..count {
        let id = 1000 + 10 * i;
        let _ = write!(
            out,
            "#{id}=IFCREPRESENTATIONMAP(#10,#{});\n#{}=IFCSHAPEREPRESENTATION(#4,'Body','MappedRepresentation',({}));\n\
            #{}=IFCMAPPEDITEM(#{id},#99);\n",
            id + 1,
            id + 1,
            inner(i),
            id + 2
        );
    }
    out
}

#[test]
fn mapped_items_in_a_circle_are_told() {
    let own = maps(1, |_| "#1002,#1002".to_owned());
    let reason = soon(|| measured("#1002", &own)).unwrap_err();
    assert!(reason.contains("nested in themselves"), "{reason}");
    // thirty maps that each hold the next one twice, the last the first
    let round = maps(30, |i| format!("#{0},#{0}", 1002 + 10 * ((i + 1) % 30)));
    assert!(soon(|| measured("#1002", &round)).unwrap_err().contains("nested in themselves"));
}

#[test]
fn maps_that_double_thirty_times_end() {
    let records = block(100, [0.0; 3], [1.0; 3])
        + &maps(31, |i| if i == 30 { "#102".to_owned() } else { format!("#{0},#{0}", 1012 + 10 * i) });
    let model = soon(|| model_in("IFC4", "#1002", &records));
    let bodies = soon(|| solid::bodies(&model));
    let told = match soon(|| solid::measure(&bodies, 0)) {
        Ok(m) => m.told,
        Err(reason) => vec![reason],
    };
    assert!(told.iter().any(|t| t.contains("more than 5000000 corners")), "{told:?}");
}

#[test]
fn maps_nested_deeper_than_read_are_told_whoever_asks_first() {
    let records = block(100, [0.0; 3], [1.0; 3])
        + &maps(40, |i| if i == 39 { "#102".to_owned() } else { format!("#{}", 1012 + 10 * i) });
    assert!(measured("#1002", &records).unwrap_err().contains("too deeply"));
    let shallow = measured("#1102,#1002", &records).unwrap();
    assert!((shallow.volume_m3 - 1.0).abs() < 1e-9 && shallow.told.len() == 1, "{shallow:?}");
    let deep_first = measured("#1002,#1102", &records).unwrap();
    assert_eq!((deep_first.volume_m3, deep_first.told), (shallow.volume_m3, shallow.told));
}

#[test]
fn boolean_trees_in_a_circle_or_without_end_are_told() {
    let records = block(100, [0.0; 3], [1.0; 3]) + "#110=IFCBOOLEANRESULT(.UNION.,#110,#102);\n";
    let told = soon(|| measured("#110", &records));
    assert!(format!("{told:?}").contains("more than 2000 operands"), "{told:?}");
    let mut records = block(100, [0.0; 3], [1.0; 3]);
    for i in 0..200_000u32 {
        let first = if i == 199_999 { 102 } else { 1001 + i };
        let _ = writeln!(records, "#{}=IFCBOOLEANRESULT(.DIFFERENCE.,#{first},#102);", 1000 + i);
    }
    let told = soon(|| measured("#1000", &records));
    assert!(format!("{told:?}").contains("more than 2000 operands"), "{told:?}");
}

#[test]
fn a_chain_of_five_hundred_niches_is_exact() {
    let mut records = block(100, [0.0; 3], [110.0, 0.3, 3.0]);
    let mut last = 102;
    for i in 0..500u32 {
        let id = 1000 + 10 * i;
        let (x, z) = (0.1 + 0.4 * f64::from(i % 250), if i < 250 { 0.5 } else { 2.0 });
        records += &block(id, [x, -0.1, z], [0.2, 0.2, 0.5]);
        let _ = writeln!(records, "#{}=IFCBOOLEANRESULT(.DIFFERENCE.,#{last},#{});", id + 5, id + 2);
        last = id + 5;
    }
    let m = soon(|| measured(&format!("#{last}"), &records)).unwrap();
    let exact = 110.0 * 0.3 * 3.0 - 500.0 * 0.2 * 0.1 * 0.5;
    assert!(m.closed && (m.volume_m3 - exact).abs() < 1e-6 * exact, "{m:?}");
}

#[test]
fn five_hundred_planes_clip_a_block_to_a_roller() {
    let mut records = block(100, [-1.0, -1.0, 0.0], [2.0, 2.0, 1.0]);
    let mut last = 102;
    for i in 0..500u32 {
        let id = 1000 + 10 * i;
        let (s, c) = (TAU * (f64::from(i) + 0.5) / 500.0).sin_cos();
        let _ = write!(
            records,
            "#{id}=IFCCARTESIANPOINT(({:?},{:?},0.));\n#{}=IFCDIRECTION(({c:?},{s:?},0.));\n\
            #{}=IFCAXIS2PLACEMENT3D(#{id},#{},$);\n#{}=IFCPLANE(#{});\n#{}=IFCHALFSPACESOLID(#{},.F.);\n\
            #{}=IFCBOOLEANCLIPPINGRESULT(.DIFFERENCE.,#{last},#{});\n",
            0.9 * c,
            0.9 * s,
            id + 1,
            id + 2,
            id + 1,
            id + 3,
            id + 2,
            id + 4,
            id + 3,
            id + 5,
            id + 4
        );
        last = id + 5;
    }
    let m = soon(|| measured(&format!("#{last}"), &records)).unwrap();
    let exact = 500.0 * 0.81 * (TAU / 1000.0).tan();
    assert!((m.volume_m3 - exact).abs() < 1e-4 * exact, "{m:?} {exact}");
}

#[test]
fn profiles_that_cross_themselves_hold_what_an_odd_number_of_turns_surrounds() {
    let bow = [[0.0, 0.0], [2.0, 2.0], [2.0, 0.0], [0.0, 2.0], [0.0, 0.0]].map(|p| p.to_vec());
    let m = measured("#90", &extruded(&bow)).unwrap();
    assert!(m.closed && (m.volume_m3 - 6.0).abs() < 1e-5, "{m:?}");
    // each side crosses thousands of others
    let star: Vec<Vec<f64>> = (0..=20_001u32)
        .map(|i| {
            let (s, c) = (TAU * f64::from(i * 9_001 % 20_001) / 20_001.0).sin_cos();
            vec![c, s]
        })
        .collect();
    let reason = soon(|| measured("#90", &extruded(&star))).unwrap_err();
    assert!(reason.contains("crosses itself too often"), "{reason}");
}

/// A wheel with as many teeth as can be: half of its corners are reflex.
fn wheel(corners: u32) -> Vec<Vec<f64>> {
    let corner = |i: u32| {
        let (s, c) = (TAU * f64::from(i % corners) / f64::from(corners)).sin_cos();
        let r = if i.is_multiple_of(2) { 100.0 } else { 100.000_5 };
        vec![r * c, r * s]
    };
    (0..=corners).map(corner).collect()
}

#[test]
fn a_million_points_make_a_profile() {
    let model = soon(|| model_in("IFC4", "#90", &extruded(&wheel(1_000_000))));
    let bodies = soon(|| solid::bodies(&model));
    let m = soon(|| solid::measure(&bodies, 0)).unwrap();
    assert!((m.volume_m3 - 3.0 * TAU / 2.0 * 1e4).abs() < 2.0, "{m:?}");
    let models = [model];
    soon(|| storey_plans(&models, &CutBand::default()));
    let fewer = model_in("IFC4", "#90", &extruded(&wheel(100_000)));
    assert_eq!(soon(|| solid::solid(&solid::bodies(&fewer), 0)).unwrap().mesh.triangles.len(), 399_996);
}

#[test]
fn numbers_that_are_none_cost_what_they_are_part_of() {
    for bad in ["1.E308", "-1.E308", "NAN", "1.E99999", "$", "'1'", "()"] {
        let records =
            format!("#100=IFCCARTESIANPOINT(({bad},0.,0.));\n#101=IFCAXIS2PLACEMENT3D(#100,$,$);\n")
                + &format!("#102=IFCBLOCK(#101,1.,1.,1.);\n#103=IFCBLOCK(#10,1.,1.,{bad});\n")
                + "#104=IFCBLOCK(#10,1.,1.,1.);\n"
                + &format!(
                    "#105=IFCCARTESIANPOINTLIST3D(((0.,0.,0.),(1.,0.,0.),({bad},1.,0.),(0.,0.,1.)));\n"
                )
                + "#106=IFCTRIANGULATEDFACESET(#105,$,$,((1,2,3),(1,2,4),(2,3,4),(3,1,4),(9,1,2)),$);\n";
        let m = measured("#102,#103,#104,#106", &records).unwrap();
        assert!(
            m.extent.min.is_finite() && m.extent.max.is_finite() && m.volume_m3.is_finite(),
            "{bad}: {m:?}"
        );
        assert!(!m.told.is_empty(), "{bad}: {m:?}");
    }
}

#[test]
fn parts_of_profiles_that_do_not_fit_are_told() {
    for (profile, said) in [
        ("IFCISHAPEPROFILEDEF(.AREA.,$,$,0.3,0.05,0.01,0.027,0.01,$,$)", "FlangeThickness"),
        ("IFCISHAPEPROFILEDEF(.AREA.,$,$,0.3,0.29,0.4,0.014,$,$,$)", "WebThickness"),
        ("IFCASYMMETRICISHAPEPROFILEDEF(.AREA.,$,$,0.3,0.1,0.01,0.06,$,0.2,0.05,$,$,$,$,$)", "the flanges"),
        ("IFCLSHAPEPROFILEDEF(.AREA.,$,$,0.1,0.05,0.06,$,$,$)", "Thickness"),
        ("IFCTSHAPEPROFILEDEF(.AREA.,$,$,0.1,0.1,0.01,0.2,$,$,$,$,$)", "FlangeThickness"),
        ("IFCUSHAPEPROFILEDEF(.AREA.,$,$,0.1,0.1,0.01,0.06,$,$,$)", "FlangeThickness"),
        ("IFCCSHAPEPROFILEDEF(.AREA.,$,$,0.1,0.1,0.01,0.06,$)", "Girth"),
        ("IFCZSHAPEPROFILEDEF(.AREA.,$,$,0.1,0.1,0.2,0.01,$,$)", "WebThickness"),
    ] {
        let records = format!("#91={profile};\n#90=IFCEXTRUDEDAREASOLID(#91,#10,#12,3.);\n");
        let reason = measured("#90", &records).unwrap_err();
        assert!(reason.contains("#91 Ifc") && reason.contains(said), "{profile}: {reason}");
        assert!(reason.contains("does not fit into"), "{profile}: {reason}");
    }
}

#[test]
fn axes_of_no_length_and_sizes_of_nothing() {
    let records = "#100=IFCDIRECTION((0.,0.,0.));\n#101=IFCAXIS2PLACEMENT3D(#11,#100,#100);\n\
        #102=IFCBLOCK(#101,1.,2.,3.);\n#103=IFCAXIS2PLACEMENT3D(#11,#12,#12);\n#104=IFCBLOCK(#103,1.,1.,1.);\n\
        #105=IFCBLOCK(#10,0.,1.,1.);\n#106=IFCSPHERE(#10,0.);\n#107=IFCRIGHTCIRCULARCONE(#10,-1.,2.);\n";
    let m = measured("#102,#104", records).unwrap();
    assert!((m.volume_m3 - 7.0).abs() < 1e-9, "{m:?}");
    for item in ["#105", "#106", "#107"] {
        let told = measured(item, records);
        assert!(told.as_ref().map_or(true, |m| m.volume_m3.is_finite()), "{item}: {told:?}");
    }
}

#[test]
fn far_from_the_origin_nothing_is_lost() {
    for far in [1e6, 1e9] {
        let records = block(100, [far, -far, 0.0], [4.0, 0.3, 3.0])
            + &block(200, [far + 1.0, -far - 0.1, 1.0], [1.0, 0.5, 1.0])
            + &block(300, [far + 2.5, -far - 0.1, 1.0], [1.0, 0.2, 1.0])
            + "#110=IFCBOOLEANRESULT(.DIFFERENCE.,#102,#202);\n#111=IFCBOOLEANRESULT(.DIFFERENCE.,#110,#302);\n";
        let m = measured("#111", &records).unwrap();
        // a coordinate of 10^9 m is told to 0.1 µm
        assert!(m.closed && (m.volume_m3 - (3.6 - 0.3 - 0.1)).abs() < 1e-5, "{far}: {m:?}");
    }
}

#[test]
fn a_tangle_of_triangles_ends() {
    let mut state = 7u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / 2f64.powi(31)
    };
    let points: Vec<String> =
        (0..30_000).map(|_| format!("({:?},{:?},{:?})", next(), next(), next())).collect();
    let faces: Vec<String> =
        (0..10_000).map(|i| format!("({},{},{})", 3 * i + 1, 3 * i + 2, 3 * i + 3)).collect();
    let records = format!(
        "#100=IFCCARTESIANPOINTLIST3D(({}));\n#101=IFCTRIANGULATEDFACESET(#100,$,$,({}),$);\n",
        points.join(","),
        faces.join(",")
    ) + &block(200, [0.2; 3], [0.5; 3])
        + "#210=IFCBOOLEANRESULT(.DIFFERENCE.,#202,#101);\n#211=IFCBOOLEANRESULT(.DIFFERENCE.,#101,#202);\n";
    let m = soon(|| measured("#101", &records)).unwrap();
    assert!(!m.closed);
    for item in ["#210", "#211"] {
        let told = soon(|| measured(item, &records));
        assert!(format!("{told:?}").contains("does not close"), "{told:?}");
    }
}

#[test]
fn curves_of_curves_of_nothing_end() {
    // a composite curve of itself, a hundred times in each of its levels
    let segments = vec!["#101"; 100].join(",");
    let records = format!(
        "#100=IFCCOMPOSITECURVE(({segments}),.F.);\n#101=IFCCOMPOSITECURVESEGMENT(.CONTINUOUS.,.T.,#100);\n\
        #102=IFCARBITRARYCLOSEDPROFILEDEF(.AREA.,$,#100);\n#103=IFCEXTRUDEDAREASOLID(#102,#10,#12,3.);\n\
        #104=IFCCOMPOSITEPROFILEDEF(.AREA.,$,({}),$);\n#105=IFCEXTRUDEDAREASOLID(#104,#10,#12,3.);\n",
        vec!["#104"; 100].join(",")
    );
    for item in ["#103", "#105"] {
        let reason = soon(|| measured(item, &records)).unwrap_err();
        assert!(reason.contains("nested too deeply"), "{reason}");
    }
}

#[test]
fn one_thread_and_many_make_the_same() {
    let Ok(file) = std::env::var("TUMO_TOWER") else {
        println!("skipped: set TUMO_TOWER to a tower of gen_tower.py to compare one thread with many");
        return;
    };
    let content = tumo::bytes::bytes(std::fs::read(file).expect("the tower"));
    let all = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| {
            let model = tumo::ifc::read("tower", &content).expect("a model").value;
            let solids = solid::solids(&solid::bodies(&model));
            let models = [model];
            let (plans, notices) = storey_plans(&models, &CutBand::default());
            (solids.value, solids.notices, format!("{plans:?}"), notices)
        })
    };
    let (one, many) = (all(1), all(4));
    assert!(one == many, "the same solids, plans and notices");
}
