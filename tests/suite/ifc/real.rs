//! Real models under `$TUMO_DATA`: counted against what IfcOpenShell finds, and the same on any number of threads.

use super::house::house;
use super::read;
use std::path::PathBuf;
use tumo::bytes::bytes;

/// path, elements, storeys, elements on a storey, axes, doors and windows with a width, property sets of all elements.
/// Written by `tests/generate/ifc_counts.py`.
const COUNTS: &str = include_str!("counts.tsv");

fn data() -> Option<PathBuf> {
    let folder = std::env::var_os("TUMO_DATA").map(PathBuf::from);
    if folder.is_none() {
        println!("SKIPPED: TUMO_DATA is not set; no real model was read");
    }
    folder
}

#[test]
fn counts_agree_with_another_reader() {
    let Some(folder) = data() else { return };
    let mut read = 0;
    for line in COUNTS.lines() {
        let (path, expected) = line.split_once('\t').unwrap();
        let Ok(content) = std::fs::read(folder.join(path)) else {
            println!("SKIPPED: {path} is not there");
            continue;
        };
        read += 1;
        let result = tumo::ifc::read(path, &bytes(content)).unwrap();
        let model = result.value;
        let found = [
            model.elements.len(),
            model.storeys.len(),
            model.elements.iter().filter(|e| e.storey.is_some()).count(),
            model.axes.len(),
            model.elements.iter().filter(|e| model_width(&model, e)).count(),
            model.elements.iter().map(|e| set_names(&model, e.step_id)).sum(),
        ];
        let expected: Vec<usize> = expected.split('\t').map(|n| n.parse().unwrap()).collect();
        assert_eq!(found.as_slice(), expected, "{path}");
        let lost: Vec<_> = result.notices.iter().filter(|n| n.code.starts_with("step-")).collect();
        assert!(lost.iter().all(|n| n.code == "step-schema" || n.code == "step-utf8"), "{path}: {lost:?}");
    }
    println!("{read} models read");
    assert!(read > 0, "TUMO_DATA holds none of the models");
}

/// A width of its own: ours may also come from quantities.
fn model_width(model: &tumo::ifc::Model, element: &tumo::ifc::Element) -> bool {
    let record = model.step().and_then(|f| f.record(element.step_id)).unwrap();
    let own = record.attribute("OverallWidth").real().is_some_and(|w| w > 0.0);
    assert!(!own || element.overall_width_m.is_some());
    own
}

/// Sets with different names: some tools write several of one name.
fn set_names(model: &tumo::ifc::Model, object: u32) -> usize {
    let mut names: Vec<_> = model.property_sets(object).into_iter().map(|s| s.name).collect();
    names.sort();
    names.dedup();
    names.len()
}

#[test]
fn the_same_on_any_number_of_threads() {
    let mut inputs = vec![("house".to_owned(), house().into_bytes())];
    if let Some(folder) = data() {
        for path in COUNTS.lines().filter_map(|l| l.split('\t').next()).take(6) {
            inputs.extend(std::fs::read(folder.join(path)).ok().map(|content| (path.to_owned(), content)));
        }
    }
    for (name, content) in inputs {
        let told = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let content = content.clone();
            pool.install(move || {
                let read = read(content).unwrap();
                let sets: Vec<String> = read
                    .value
                    .elements
                    .iter()
                    .map(|e| format!("{:?}", read.value.property_sets(e.step_id)))
                    .collect();
                format!("{:?}{:?}{sets:?}", read.value, read.notices)
            })
        };
        let one = told(1);
        assert!(one == told(2) && one == told(8), "{name}");
    }
}
