//! Bodies: reading them, sections of all storeys, boxes and volumes, meshes. `TUMO_BENCH_IFC=big.ifc` measures a file of
//! one's own; without it a made building of 2,000 walls with windows, some of them clipped, is used.
#![allow(missing_docs, clippy::unwrap_used, clippy::disallowed_methods)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rayon::prelude::*;
use std::fmt::Write as _;
use std::hint::black_box;
use tumo::bytes::bytes;
use tumo::ifc::section::{CutBand, storey_plans};
use tumo::ifc::{Model, solid};

fn model() -> Model {
    let content = match std::env::var_os("TUMO_BENCH_IFC") {
        Some(path) => std::fs::read(path).unwrap(),
        None => made(2_000).into_bytes(),
    };
    tumo::ifc::read("a.ifc", &bytes(content)).unwrap().value
}

fn benches(c: &mut Criterion) {
    let models = [model()];
    let count = models[0].elements.len();
    let mut group = c.benchmark_group("geometry");
    group.throughput(Throughput::Elements(count as u64)).sample_size(10);
    group.bench_function("bodies", |b| b.iter(|| black_box(solid::bodies(&models[0]))));
    group.bench_function("plans", |b| {
        b.iter(|| black_box(storey_plans(&models, &CutBand::default()).0.len()));
    });
    group.bench_function("measures", |b| {
        b.iter(|| {
            let bodies = solid::bodies(&models[0]);
            let all = (0..count as u32).into_par_iter().filter_map(|i| solid::measure(&bodies, i).ok());
            black_box(all.map(|m| m.volume_m3).sum::<f64>())
        });
    });
    group.bench_function("meshes", |b| {
        b.iter(|| black_box(solid::solids(&solid::bodies(&models[0])).value.len()));
    });
    group.finish();
}

/// Walls of 6 m with two windows each on one storey; every fourth is clipped by a sloping plane.
fn made(walls: usize) -> String {
    let mut out = String::from(
        "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME('','',(''),(''),'','','');\n\
         FILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\n#1=IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.);\n\
         #2=IFCUNITASSIGNMENT((#1));\n#3=IFCPROJECT('p',$,'P',$,$,$,$,$,#2);\n\
         #4=IFCBUILDINGSTOREY('s',$,'Ground',$,$,$,$,$,.ELEMENT.,0.);\n#5=IFCCARTESIANPOINT((3.,0.));\n\
         #6=IFCAXIS2PLACEMENT2D(#5,$);\n#7=IFCRECTANGLEPROFILEDEF(.AREA.,$,#6,6.,0.3);\n#8=IFCDIRECTION((0.,0.,1.));\n\
         #9=IFCCARTESIANPOINT((0.,0.,0.));\n#10=IFCAXIS2PLACEMENT3D(#9,$,$);\n\
         #11=IFCEXTRUDEDAREASOLID(#7,#10,#8,3.);\n#12=IFCCARTESIANPOINT((0.75,0.));\n#13=IFCAXIS2PLACEMENT2D(#12,$);\n\
         #14=IFCRECTANGLEPROFILEDEF(.AREA.,$,#13,1.5,0.5);\n#15=IFCEXTRUDEDAREASOLID(#14,#10,#8,1.8);\n\
         #16=IFCCARTESIANPOINT((0.,0.,2.9));\n#17=IFCDIRECTION((0.05,0.,1.));\n#18=IFCAXIS2PLACEMENT3D(#16,#17,$);\n\
         #19=IFCPLANE(#18);\n#20=IFCHALFSPACESOLID(#19,.F.);\n#21=IFCBOOLEANCLIPPINGRESULT(.DIFFERENCE.,#11,#20);\n\
         #22=IFCSHAPEREPRESENTATION($,'Body','SweptSolid',(#11));\n#23=IFCSHAPEREPRESENTATION($,'Body','Clipping',(#21));\n\
         #24=IFCSHAPEREPRESENTATION($,'Body','SweptSolid',(#15));\n#25=IFCPRODUCTDEFINITIONSHAPE($,$,(#22));\n\
         #26=IFCPRODUCTDEFINITIONSHAPE($,$,(#23));\n#27=IFCPRODUCTDEFINITIONSHAPE($,$,(#24));\n\
         #28=IFCCARTESIANPOINT((0.8,0.,0.9));\n#29=IFCAXIS2PLACEMENT3D(#28,$,$);\n\
         #30=IFCCARTESIANPOINT((3.4,0.,0.9));\n#31=IFCAXIS2PLACEMENT3D(#30,$,$);\n",
    );
    for i in 0..walls {
        let n = 100 + i * 20;
        let shape = if i % 4 == 0 { 26 } else { 25 };
        let (x, y) = (i % 50 * 7, i / 50);
        write!(
            out,
            "#{n}=IFCCARTESIANPOINT(({x}.,{y}.,0.));\n#{}=IFCAXIS2PLACEMENT3D(#{n},$,$);\n\
             #{}=IFCLOCALPLACEMENT($,#{});\n#{}=IFCWALL('{n:022}',$,'Wall {i}',$,$,#{},#{shape},'{i}',.SOLIDWALL.);\n\
             #{}=IFCRELCONTAINEDINSPATIALSTRUCTURE('{:022}',$,$,$,(#{}),#4);\n",
            n + 1, n + 2, n + 1, n + 3, n + 2, n + 4, n + 4, n + 3,
        )
        .unwrap();
        for (k, place) in [(5, 29), (10, 31)] {
            let o = n + k;
            write!(
                out,
                "#{o}=IFCLOCALPLACEMENT(#{},#{place});\n\
                 #{}=IFCOPENINGELEMENT('{:022}',$,'O',$,$,#{o},#27,$,.OPENING.);\n\
                 #{}=IFCRELVOIDSELEMENT('{:022}',$,$,$,#{},#{});\n",
                n + 2,
                o + 1,
                o + 1,
                o + 2,
                o + 2,
                n + 3,
                o + 1,
            )
            .unwrap();
        }
    }
    out + "ENDSEC;\nEND-ISO-10303-21;\n"
}

criterion_group!(all, benches);
criterion_main!(all);
