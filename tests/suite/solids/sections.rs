//! The two ways to a section agree: regions cut out of the records (as for plans), and cuts through the finished mesh.

use std::path::{Path, PathBuf};
use tumo::bytes::bytes;
use tumo::geom::{Box2, Polygon, Region, difference};
use tumo::ifc::section::{CutBand, storey_plans};
use tumo::ifc::{Model, solid};

/// The finest difference told, metres.
const AGREE_M: f64 = 0.001;

fn area(region: &[Polygon]) -> f64 {
    region.iter().map(Polygon::area).sum()
}

fn perimeter(region: &[Polygon]) -> f64 {
    region.iter().map(Polygon::perimeter).sum()
}

fn bounds(region: &[Polygon]) -> Box2 {
    region.iter().fold(Box2::EMPTY, |mut b, p| {
        b.merge(&p.bounds());
        b
    })
}

/// How far two regions are apart: by their boxes, and on average along their outlines.
fn apart(a: &Region, b: &Region) -> f64 {
    let (p, q) = (bounds(a), bounds(b));
    let by_box = [p.min.x - q.min.x, p.min.y - q.min.y, p.max.x - q.max.x, p.max.y - q.max.y];
    let by_box = by_box.iter().map(|d| d.abs()).fold(0.0, f64::max);
    let differs = area(&difference(a, b)) + area(&difference(b, a));
    by_box.max(2.0 * differs / (perimeter(a) + perimeter(b)).max(1e-9))
}

/// Walls and columns of all plans of a model: how many were compared, and which are apart.
fn compare(name: &str, model: Model) -> (usize, Vec<String>) {
    let models = [model];
    let band = CutBand::default();
    let (plans, _) = storey_plans(&models, &band);
    let bodies = solid::bodies(&models[0]);
    let (mut count, mut out) = (0, Vec::new());
    for plan in &plans {
        let z = plan.elevation_m + band.usual_m;
        let walls = plan.walls.iter().map(|w| (w.element, &w.outline));
        let columns = plan.columns.iter().map(|c| (c.element, &c.outline));
        for (element, outline) in walls.chain(columns) {
            let solid = match solid::solid(&bodies, element.index) {
                // wholes that are shown by their parts
                Err(reason) if reason == "it has no body of its own" => continue,
                Err(reason) => panic!("{name}: {reason}"),
                Ok(solid) => solid,
            };
            let extent = solid.measures.extent;
            if z <= extent.min.z || z >= extent.max.z || !solid.measures.told.is_empty() {
                continue;
            }
            let e = models[0].element(element.index).unwrap();
            count += 1;
            match solid::sections(&solid, &[z]).remove(0) {
                None if !solid.measures.closed => {}
                None => out.push(format!("{name} #{} {}: its mesh is cut open", e.step_id, e.class)),
                Some(region) => {
                    let d = apart(outline, &region);
                    if d > AGREE_M {
                        out.push(format!(
                            "{name} #{} {} z {z:.3}: {:.2} mm apart",
                            e.step_id,
                            e.class,
                            d * 1e3
                        ));
                    }
                }
            }
        }
    }
    (count, out)
}

#[test]
fn sections_of_records_and_of_meshes_agree() {
    let Ok(data) = std::env::var("TUMO_DATA") else {
        println!("skipped: set TUMO_DATA to the folder of data to compare sections of records and meshes");
        return;
    };
    let mut files: Vec<PathBuf> = std::fs::read_dir(Path::new(&data).join("seeded/models"))
        .expect("the folder of models")
        .filter_map(|e| Some(e.ok()?.path()))
        .filter(|p| p.extension().is_some_and(|e| e == "ifc"))
        .collect();
    files.push(Path::new(&data).join("ifc/nibs-office/Office_A_20110811.ifc"));
    files.push(Path::new(&data).join("pairs/nl-clt-school/Eindmodel_Gebouwdeel.ifc"));
    files.sort();
    let (mut count, mut apart) = (0, Vec::new());
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let content = std::fs::read(&file).expect("the model");
        let model = tumo::ifc::read(&name, &bytes(content)).expect("a model").value;
        let (n, differences) = compare(&name, model);
        println!("{name}: {n} sections, {} apart", differences.len());
        count += n;
        apart.extend(differences);
    }
    apart.iter().for_each(|a| println!("{a}"));
    assert!(count > 500, "only {count} were compared");
    assert!(apart.is_empty(), "{} of {count} sections are apart", apart.len());
}
