//! Reading vector PDF. `TUMO_BENCH_PDF=plans.pdf` measures a file of one's own; without it a made page of 86,000 paths
//! is read.
#![allow(missing_docs, clippy::unwrap_used, clippy::disallowed_methods)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::fmt::Write as _;
use std::hint::black_box;
use tumo::bytes::{Bytes, bytes};

fn benches(c: &mut Criterion) {
    let content = match std::env::var_os("TUMO_BENCH_PDF") {
        Some(path) => std::fs::read(path).unwrap(),
        None => made(86_000),
    };
    let size = content.len() as u64;
    let file: Bytes = bytes(content);
    let mut group = c.benchmark_group("read_pdf");
    group.throughput(Throughput::Bytes(size)).sample_size(10);
    group.bench_function("drawing", |b| {
        let marks = || tumo::drawing::read("a.pdf", &file).unwrap().value.sheets[0].marks.len();
        b.iter(|| black_box(marks()));
    });
    group.finish();
}

/// Walls as rectangles, doors as curves, axes as dashed lines, and a text for every tenth path.
fn made(paths: usize) -> Vec<u8> {
    let mut drawn = String::new();
    for i in 0..paths {
        let (x, y) = ((i % 300) as f64 * 8.0, (i / 300) as f64 * 8.0);
        match i % 4 {
            0 => writeln!(drawn, "q 0 0 0 RG 0.5 w {x:.3} {y:.3} 6.25 1.5 re S Q"),
            1 => writeln!(
                drawn,
                "{x:.3} {y:.3} m {:.3} {y:.3} {:.3} {y:.3} {:.3} {:.3} c S",
                x + 1.0,
                x + 2.0,
                x + 3.0,
                y + 3.0
            ),
            2 => writeln!(drawn, "[4 2] 0 d {x:.3} {y:.3} m {:.3} {y:.3} l S [] 0 d", x + 7.5),
            _ => writeln!(drawn, "0.7 g {x:.3} {y:.3} m {:.3} {y:.3} l {x:.3} {:.3} l h f", x + 2.0, y + 2.0),
        }
        .unwrap();
        if i % 10 == 0 {
            writeln!(drawn, "BT /F 4 Tf {x:.3} {y:.3} Td (M{i}) Tj ET").unwrap();
        }
    }
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 2400 2400]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>"
            .to_owned(),
        format!("<</Length {}>>\nstream\n{drawn}\nendstream", drawn.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ];
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (i, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend_from_slice(format!("{} 0 obj\n{object}\nendobj\n", i + 1).as_bytes());
    }
    let table = out.len();
    out.extend_from_slice(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).as_bytes());
    for place in places {
        out.extend_from_slice(format!("{place:010} 00000 n \n").as_bytes());
    }
    out.extend_from_slice(format!("trailer\n<</Size 6/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n").as_bytes());
    out
}

criterion_group!(read_pdf, benches);
criterion_main!(read_pdf);
