//! Times the stages of reading a model, once, in a cold process: `read_stages FILE [index|model|properties]`.
//!
//! Prints seconds of each stage up to the one named, and the peak of anonymous and of all resident memory.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::disallowed_methods, unsafe_code)]

use rayon::prelude::*;
use std::time::Instant;

fn main() {
    let mut args = std::env::args().skip(1);
    let path = args.next().unwrap();
    let until = args.next().unwrap_or_else(|| "properties".to_owned());
    let file = std::fs::File::open(&path).unwrap();
    // SAFETY: the file is not changed while this runs
    let bytes = tumo::bytes::bytes(unsafe { memmap2::Mmap::map(&file) }.unwrap());
    let size = (*bytes).as_ref().len() as f64 / 1e6;
    let started = Instant::now();
    let step = tumo::StepFile::open(&path, bytes.clone()).unwrap().value;
    told("index", started, size, step.len());
    if until == "index" {
        return memory();
    }
    drop(step);
    let started = Instant::now();
    let model = tumo::ifc::read(&path, &bytes).unwrap().value;
    told("model", started, size, model.elements.len());
    if until == "model" {
        return memory();
    }
    let started = Instant::now();
    let properties: usize = model
        .elements
        .par_iter()
        .map(|e| {
            let sets = model.property_sets(e.step_id);
            let values = sets.iter().flat_map(|s| &s.properties);
            values.filter(|p| p.text().is_some() || p.value().real().is_some()).count()
        })
        .sum();
    told("properties", started, size, properties);
    memory();
}

fn told(stage: &str, started: Instant, megabytes: f64, count: usize) {
    let seconds = started.elapsed().as_secs_f64();
    println!("{stage}\t{seconds:.3} s\t{:.0} MB/s\t{count}", megabytes / seconds);
}

/// Peak memory as Linux tells it; nothing elsewhere.
fn memory() {
    for line in std::fs::read_to_string("/proc/self/status").unwrap_or_default().lines() {
        if line.starts_with("VmHWM") || line.starts_with("RssAnon") {
            println!("{line}");
        }
    }
}
