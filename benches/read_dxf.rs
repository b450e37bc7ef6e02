//! Reading drawings: a DXF of many entities of the kinds that plans are made of, on one thread and on all.
//! `TUMO_BENCH_DXF=big.dxf` measures a file of one's own, and acadrust beside it where the feature `dwg` is built in;
//! without it a made plan of some 20 MB is read.
#![allow(missing_docs, clippy::unwrap_used, clippy::disallowed_methods)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::fmt::Write as _;
use std::hint::black_box;
use tumo::bytes::{Bytes, bytes};

fn benches(c: &mut Criterion) {
    let path = std::env::var_os("TUMO_BENCH_DXF");
    let content = match &path {
        Some(path) => std::fs::read(path).unwrap(),
        None => made(80_000).into_bytes(),
    };
    let mut group = c.benchmark_group("read_dxf");
    group.throughput(Throughput::Bytes(content.len() as u64)).sample_size(10);
    #[cfg(feature = "dwg")]
    group.bench_function("acadrust", |b| {
        b.iter(|| {
            let reader = acadrust::DxfReader::from_reader(std::io::Cursor::new(content.clone())).unwrap();
            black_box(reader.read().unwrap().entities().count())
        });
    });
    let file: Bytes = bytes(content);
    let read = || black_box(tumo::drawing::read("a.dxf", &file).unwrap().value.sheets[0].marks.len());
    group.bench_function("all threads", |b| b.iter(read));
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    group.bench_function("one thread", |b| b.iter(|| one.install(read)));
    group.finish();
}

/// Lines, polylines, arcs, texts and references, in the shares of a floor plan.
fn made(entities: usize) -> String {
    let mut out = String::from(
        "0\nSECTION\n2\nHEADER\n9\n$ACADVER\n1\nAC1027\n0\nENDSEC\n0\nSECTION\n2\nBLOCKS\n0\nBLOCK\n2\nD\n70\n0\n10\n0\n20\n0\n\
         0\nARC\n8\n0\n10\n0\n20\n0\n40\n900\n50\n0\n51\n90\n0\nENDBLK\n0\nENDSEC\n0\nSECTION\n2\nENTITIES\n",
    );
    for i in 0..entities {
        let (x, y) = (i as f64 * 13.371, (i * 7 % 1000) as f64 * 0.731);
        let head = |name: &str, class: &str| {
            format!(
                "  0\n{name}\n  5\n{:X}\n330\n1F\n100\nAcDbEntity\n  8\nL{}\n100\n{class}\n",
                i + 256,
                i % 12
            )
        };
        let _ = match i % 10 {
            0..=4 => write!(
                out,
                "{} 10\n{x}\n 20\n{y}\n 30\n0.0\n 11\n{}\n 21\n{y}\n 31\n0.0\n",
                head("LINE", "AcDbLine"),
                x + 500.25
            ),
            5..=6 => {
                out += &head("LWPOLYLINE", "AcDbPolyline");
                out += " 90\n8\n 70\n1\n";
                (0..8).try_for_each(|k| {
                    write!(out, " 10\n{}\n 20\n{}\n", x + f64::from(k) * 9.5, y + f64::from(k % 3))
                })
            }
            7 => write!(
                out,
                "{} 10\n{x}\n 20\n{y}\n 40\n45.5\n100\nAcDbArc\n 50\n0.0\n 51\n90.0\n",
                head("ARC", "AcDbCircle")
            ),
            8 => write!(out, "{} 10\n{x}\n 20\n{y}\n 40\n300.0\n  1\nC1515\n", head("TEXT", "AcDbText")),
            _ => {
                write!(out, "{}  2\nD\n 10\n{x}\n 20\n{y}\n 50\n90.0\n", head("INSERT", "AcDbBlockReference"))
            }
        };
    }
    out + "  0\nENDSEC\n  0\nEOF\n"
}

criterion_group!(all, benches);
criterion_main!(all);
