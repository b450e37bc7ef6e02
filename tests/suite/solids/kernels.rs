//! Boxes and volumes of elements against those of two independent kernels (OpenCASCADE and another one). Runs where
//! TUMO_DATA names the folder of data, and says so where it does not.

use std::collections::BTreeMap;
use std::path::Path;
use tumo::bytes::bytes;
use tumo::ifc::{Model, solid};

/// Boxes agree to the millimetre, volumes to a hundredth; the share of elements that must.
const BOX_M: f64 = 0.001;
const VOLUME: f64 = 0.01;
const SHARE: f64 = 0.99;

/// The reference is written to this many cubic metres.
const WRITTEN_M3: f64 = 0.000_01;

/// And to this many metres.
const WRITTEN_M: f64 = 0.000_1;

struct Row {
    guid: String,
    class: String,
    box_m: [f64; 6],
    volume_m3: f64,
    agree: bool,
}

fn rows(data: &Path) -> BTreeMap<String, Vec<Row>> {
    let text = std::fs::read_to_string(data.join("reference/geometry.tsv")).expect("the reference");
    let mut out: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let number = |i: usize| cells[i].parse::<f64>().expect("a number");
        let row = Row {
            guid: cells[1].to_owned(),
            class: cells[2].to_owned(),
            box_m: std::array::from_fn(|i| number(3 + i)),
            volume_m3: cells[9].parse().unwrap_or(f64::NAN),
            agree: cells[10] == "agree",
        };
        out.entry(cells[0].to_owned()).or_default().push(row);
    }
    out
}

/// How many of an element's kind there are.
#[derive(Default)]
struct Count {
    all: usize,
    good: usize,
    /// Open, or with faces that run against one another: what two kernels add up over such faces is no volume, so only
    /// their boxes count.
    surface: usize,
}

#[test]
fn boxes_and_volumes_agree_with_two_kernels() {
    let Ok(data) = std::env::var("TUMO_DATA") else {
        println!("skipped: set TUMO_DATA to the folder of data to compare solids with two kernels");
        return;
    };
    let data = Path::new(&data);
    let only = std::env::var("TUMO_MODEL").unwrap_or_default();
    let mut total = Count::default();
    let mut worst: Vec<(f64, String)> = Vec::new();
    for (file, rows) in rows(data) {
        if !file.contains(&only) {
            continue;
        }
        let content = std::fs::read(data.join(&file)).expect("the model");
        let model = tumo::ifc::read(&file, &bytes(content)).expect("a model").value;
        let here = compare(&file, &model, &rows, &mut worst);
        println!("{file}: {} of {}; {} of them by their box", here.good, here.all, here.surface);
        total.all += here.all;
        total.good += here.good;
        total.surface += here.surface;
    }
    worst.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    worst.iter().take(40).for_each(|(_, w)| println!("{w}"));
    let Count { all, good, surface } = total;
    println!("{good} of {all} elements agree with both kernels, {surface} of them by their box");
    assert!(all > 0 && good as f64 >= SHARE * all as f64, "{good} of {all}");
}

fn compare(file: &str, model: &Model, rows: &[Row], worst: &mut Vec<(f64, String)>) -> Count {
    let bodies = solid::bodies(model);
    let mut count = Count::default();
    for row in rows.iter().filter(|r| r.agree) {
        count.all += 1;
        let Some(index) = model.elements.iter().position(|e| e.guid == row.guid) else {
            worst.push((f64::INFINITY, format!("{file} {} {}: no such element", row.guid, row.class)));
            continue;
        };
        let name = format!("{file} #{} {} {}", model.elements[index].step_id, row.guid, row.class);
        let m = match solid::measure(&bodies, index as u32) {
            Ok(m) => m,
            Err(reason) => {
                worst.push((f64::INFINITY, format!("{name}: {reason}")));
                continue;
            }
        };
        let (low, high) = (m.extent.min, m.extent.max);
        let ours = [low.x, low.y, low.z, high.x, high.y, high.z];
        let off = row.box_m.iter().zip(ours).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        let apart = ((m.volume_m3 - row.volume_m3.abs()).abs() - WRITTEN_M3).max(0.0);
        let mut volume = apart / row.volume_m3.abs().max(1e-9);
        if volume > VOLUME && (!m.closed || m.turned_faces > 0) {
            count.surface += 1;
            volume = 0.0;
        }
        if off <= BOX_M + WRITTEN_M && volume <= VOLUME {
            count.good += 1;
            continue;
        }
        let detail = format!(
            "{name}: box off by {:.1} mm, volume {:.5} against {:.5}, {:?}",
            off * 1e3,
            m.volume_m3,
            row.volume_m3,
            m.told
        );
        worst.push(((off / BOX_M).max(volume / VOLUME), detail));
    }
    count
}
