//! Reading models: the index, the whole model, all property sets. `TUMO_BENCH_IFC=big.ifc` measures a file of one's own;
//! without it a made house of some 10 MB is read.
#![allow(missing_docs, clippy::unwrap_used, clippy::disallowed_methods)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rayon::prelude::*;
use std::fmt::Write as _;
use std::hint::black_box;
use tumo::StepFile;
use tumo::bytes::{Bytes, bytes};

fn benches(c: &mut Criterion) {
    let content = match std::env::var_os("TUMO_BENCH_IFC") {
        Some(path) => std::fs::read(path).unwrap(),
        None => made(20_000).into_bytes(),
    };
    let size = content.len() as u64;
    let file: Bytes = bytes(content);
    let mut group = c.benchmark_group("read_ifc");
    group.throughput(Throughput::Bytes(size)).sample_size(10);
    group.bench_function("index", |b| {
        b.iter(|| black_box(StepFile::open("a.ifc", file.clone()).unwrap().value.len()))
    });
    group.bench_function("check", |b| {
        let step = StepFile::open("a.ifc", file.clone()).unwrap().value;
        b.iter(|| black_box(step.check().len()));
    });
    group.bench_function("decode", |b| {
        let step = StepFile::open("a.ifc", file.clone()).unwrap().value;
        b.iter(|| black_box(step.records().map(|r| r.args().count()).sum::<usize>()));
    });
    group.bench_function("model", |b| {
        b.iter(|| black_box(tumo::ifc::read("a.ifc", &file).unwrap().value.elements.len()));
    });
    group.bench_function("properties", |b| {
        let model = tumo::ifc::read("a.ifc", &file).unwrap().value;
        let sets = |id| model.property_sets(id).iter().map(|s| s.properties.len()).sum::<usize>();
        b.iter(|| black_box(model.elements.par_iter().map(|e| sets(e.step_id)).sum::<usize>()));
    });
    group.finish();
}

/// Walls with a placement, a property set and a quantity each, on one storey.
fn made(walls: usize) -> String {
    let mut out = String::from(
        "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME('','',(''),(''),'','','');\n\
         FILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\n#1=IFCSIUNIT(*,.LENGTHUNIT.,.MILLI.,.METRE.);\n\
         #2=IFCUNITASSIGNMENT((#1));\n#3=IFCPROJECT('p',$,'P',$,$,$,$,$,#2);\n\
         #4=IFCBUILDINGSTOREY('s',$,'Ground',$,$,$,$,$,.ELEMENT.,0.);\n",
    );
    for i in 0..walls {
        let n = 10 + i * 10;
        let [a, b, c, d, e, f, g, h, k] = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(|o| n + o);
        write!(
            out,
            "#{n}=IFCCARTESIANPOINT(({i}.5,{}.25,0.));\n#{a}=IFCAXIS2PLACEMENT3D(#{n},$,$);\n\
             #{b}=IFCLOCALPLACEMENT($,#{a});\n#{c}=IFCWALL('{n:022}',$,'Wall {i}',$,$,#{b},$,'{i}',.SOLIDWALL.);\n\
             #{d}=IFCPROPERTYSINGLEVALUE('FireRating',$,IFCLABEL('EI {i}'),$);\n\
             #{e}=IFCPROPERTYSINGLEVALUE('IsExternal',$,IFCBOOLEAN(.T.),$);\n\
             #{f}=IFCPROPERTYSET('{f:022}',$,'Pset_WallCommon',$,(#{d},#{e}));\n\
             #{g}=IFCRELDEFINESBYPROPERTIES('{g:022}',$,$,$,(#{c}),#{f});\n\
             #{h}=IFCRELCONTAINEDINSPATIALSTRUCTURE('{h:022}',$,$,$,(#{c}),#4);\n#{k}=IFCDIRECTION((0.,0.,1.));\n",
            i * 7 % 1000
        )
        .unwrap();
    }
    out + "ENDSEC;\nEND-ISO-10303-21;\n"
}

criterion_group!(all, benches);
criterion_main!(all);
