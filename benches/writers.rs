//! The writers: 10,000 findings on two plans of 20,000 segments each, in every format, one by one. All of them together are
//! to take less than two seconds; pictures (PNG inside BCF, XLSX and PDF) are as many as the writers cap them to.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use tumo::report::lines::Lines;
use tumo::report::picture::{self, Frame};
use tumo::report::{Report, bcf, csv, github, html, json, junit, sarif, terminal};
use tumo::wording::Language;

#[path = "../tests/suite/demo.rs"]
mod demo;

const FINDINGS: usize = 10_000;
const SEGMENTS: usize = 20_000;
const EN: Language = Language::En;

/// A format with what writes it; the size of what it wrote.
type Writer<'a> = (&'static str, Box<dyn Fn(&Report) -> usize + 'a>);

fn topics(report: &Report, picture: &bcf::Photographer<'_>) -> usize {
    let version = bcf::Version::V2_1;
    let options = bcf::Options { version, language: EN, created: "2024-05-01T12:00:00Z", author: "tumo" };
    bcf::write(report, &options, picture).expect("written").len()
}

fn texts<'a>() -> Vec<Writer<'a>> {
    vec![
        ("terminal", Box::new(|r| terminal::write(r, EN, terminal::Style::default()).len())),
        ("json", Box::new(|r| json::write(r).len())),
        ("html", Box::new(|r| html::write(r, EN).len())),
        (
            "svg",
            Box::new(|r| {
                picture::svg(r, 0, &Frame::whole(&r.overlays[0], 1_800.0), EN).expect("a plan").len()
            }),
        ),
        ("csv", Box::new(|r| csv::write(r, EN).len())),
        ("sarif", Box::new(|r| sarif::write(r, &Lines::default(), EN).len())),
        ("junit", Box::new(|r| junit::write(r, EN).len())),
        ("github", Box::new(|r| github::write(r, &Lines::default(), EN).len())),
        ("bcf", Box::new(|r| topics(r, &|_| None))),
    ]
}

#[cfg(feature = "xlsx")]
fn sheets<'a>() -> Vec<Writer<'a>> {
    vec![("xlsx", Box::new(|r| tumo::report::xlsx::write(r, EN, &|_| None).expect("written").len()))]
}

#[cfg(not(feature = "xlsx"))]
fn sheets<'a>() -> Vec<Writer<'a>> {
    Vec::new()
}

#[cfg(feature = "opinion")]
fn pictured(fonts: &tumo::report::png::Fonts) -> Vec<Writer<'_>> {
    use tumo::report::opinion::{self, Options};
    use tumo::report::png;
    let mut out: Vec<Writer<'_>> = vec![
        ("png", Box::new(|r| png::png(r, 0, 1_800.0, EN, fonts).expect("a plan").len())),
        ("bcf with pictures", Box::new(|r| topics(r, &|shot| png::snapshot(r, shot, EN, fonts)))),
    ];
    if let Some(letters) = opinion::Fonts::of(fonts) {
        out.push((
            "pdf",
            Box::new(move |r| {
                let options = Options { language: EN, date: "2024-05-01" };
                let picture = |n: usize| png::printed(r, n, EN, fonts);
                opinion::write(r, &options, &letters, &picture).expect("written").len()
            }),
        ));
    }
    out
}

fn all(criterion: &mut Criterion) {
    let report = demo::report(FINDINGS, SEGMENTS);
    #[cfg(feature = "opinion")]
    let fonts = tumo::report::png::Fonts::installed();
    let mut writers = texts();
    writers.extend(sheets());
    #[cfg(feature = "opinion")]
    writers.extend(pictured(&fonts));
    let mut group = criterion.benchmark_group("10,000 findings");
    group.sample_size(10);
    for (name, write) in &writers {
        group.bench_function(*name, |b| b.iter(|| write(black_box(&report))));
    }
    group.bench_function("all formats", |b| {
        b.iter(|| writers.iter().map(|(_, write)| write(black_box(&report))).sum::<usize>());
    });
    group.finish();
}

criterion_group!(benches, all);
criterion_main!(benches);
