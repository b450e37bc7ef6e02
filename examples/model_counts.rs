//! Prints what a model holds, a line per fact, for comparison with other readers: `model_counts FILE…`.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::print_stderr, clippy::disallowed_methods)]

use std::collections::BTreeMap;

fn main() {
    for path in std::env::args().skip(1) {
        let started = std::time::Instant::now();
        let read = match tumo::ifc::read(&path, &tumo::bytes::bytes(std::fs::read(&path).unwrap())) {
            Ok(read) => read,
            Err(error) => {
                println!("{path}\terror\t{error}");
                continue;
            }
        };
        let model = read.value;
        let mut classes: BTreeMap<&str, usize> = BTreeMap::new();
        for element in &model.elements {
            *classes.entry(element.class).or_default() += 1;
        }
        for (class, n) in classes {
            println!("{path}\tclass {class}\t{n}");
        }
        for (i, storey) in model.storeys.iter().enumerate() {
            let n = model.elements.iter().filter(|e| e.storey == Some(i as u32)).count();
            println!("{path}\tstorey {} {:.4}\t{n}", storey.guid, storey.elevation_m);
        }
        let (mut sets, mut properties) = (0, 0);
        for element in &model.elements {
            if let Some(w) = element.overall_width_m {
                println!("{path}\twidth {}\t{w:.5}", element.guid);
            }
            for set in model.property_sets(element.step_id) {
                sets += 1;
                properties += set.properties.len();
            }
        }
        println!("{path}\tsets\t{sets}\n{path}\tproperties\t{properties}");
        println!("{path}\taxes\t{}", model.axes.len());
        for notice in read.notices.iter().take(12) {
            eprintln!("{path}\t{} {}\t{}", notice.code, notice.place, notice.message);
        }
        eprintln!("{path}\t{:?} {} elements", started.elapsed(), model.elements.len());
    }
}
