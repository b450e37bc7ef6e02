//! The one-storey office tower of the peers' benchmark: every product is a closed solid, and exact. Runs where
//! TUMO_TOWER names the file (`gen_tower.py t1.ifc --storeys 1`), and says so where it does not.

use tumo::bytes::bytes;
use tumo::ifc::solid::{self, Measures};
use tumo::ifc::{Element, Kind, Model};

/// Walls and slabs are flat: exact but for rounding. Beams have fillets, which are arcs.
const EXACT: f64 = 1e-6;
const FILLETS: f64 = 0.003;

fn near(what: &str, ours: f64, exact: f64, tolerance: f64) {
    assert!((ours - exact).abs() <= tolerance * exact, "{what}: {ours} instead of {exact}");
}

/// Length and height in metres from the quantities that the generator wrote.
fn quantity(model: &Model, element: &Element, name: &str) -> Option<f64> {
    let step = model.step()?;
    let sets = model.property_sets(element.step_id);
    let mut properties = sets.iter().flat_map(|s| &s.properties).filter(|p| p.name == name);
    properties.find_map(|p| p.si(step, &model.units))
}

/// A wall of the tower: length × thickness × height, less its windows and doors, less what a sloping plane takes off.
fn wall(model: &Model, element: &Element) -> f64 {
    let value = |name: &str| quantity(model, element, name).expect("a quantity");
    let (length, width, height) = (value("Length"), value("Width"), value("Height"));
    let holes: f64 = element
        .openings
        .iter()
        .filter_map(|&o| model.elements.iter().find(|e| e.host == Some(o)))
        .map(|e| e.overall_width_m.unwrap_or(0.0) * e.overall_height_m.unwrap_or(0.0))
        .sum();
    let step = model.step().expect("a file");
    let definition = step.record(element.step_id).and_then(|r| r.follow("Representation")).expect("a shape");
    let clipped = definition
        .follow_all("Representations")
        .any(|r| r.follow_all("Items").any(|i| i.class() == "IfcBooleanClippingResult"));
    // the plane z = height − 0.2 − x · 0.05 / 0.99875 over the length; doors lie below it
    let taken = if clipped { length * 0.2 + length * length / 2.0 * 0.05 / 0.99875 } else { 0.0 };
    width * (length * height - taken - holes)
}

#[test]
fn every_product_of_the_tower_is_solid_and_exact() {
    let Ok(file) = std::env::var("TUMO_TOWER") else {
        println!("skipped: set TUMO_TOWER to a tower of gen_tower.py to measure all of its products");
        return;
    };
    let model =
        tumo::ifc::read("tower", &bytes(std::fs::read(file).expect("the tower"))).expect("a model").value;
    let bodies = solid::bodies(&model);
    let (mut products, mut walls) = (0, 0);
    for (i, element) in model.elements.iter().enumerate() {
        let whole = solid::solid(&bodies, i as u32).unwrap_or_else(|e| panic!("#{}: {e}", element.step_id));
        let m: Measures = whole.measures;
        let name = format!("#{} {}", element.step_id, element.class);
        assert!(m.closed && m.told.is_empty() && m.volume_m3 > 0.0, "{name}: {m:?}");
        near(&name, whole.mesh.volume(), m.volume_m3, EXACT);
        products += usize::from(element.kind != Kind::Opening);
        match element.kind {
            Kind::Wall => {
                near(&name, m.volume_m3, wall(&model, element), EXACT);
                walls += 1;
            }
            Kind::Column => near(&name, m.volume_m3, 0.6 * 0.6 * 3.35, EXACT),
            Kind::Slab => near(&name, m.volume_m3, 0.25 * (50.7 * 33.9 - 2.0 * 2.0 * 2.4), EXACT),
            Kind::Beam => {
                // HEA 300 of EN 10365: two flanges, the web, four fillets
                let area = 2.0 * 0.3 * 0.014 + 0.0085 * 0.262 + (4.0 - std::f64::consts::PI) * 0.027 * 0.027;
                near(&name, m.volume_m3, area * 7.8, FILLETS);
            }
            _ => {}
        }
    }
    println!("{products} products, {walls} walls");
    assert_eq!(products % 972, 0);
    assert!(products > 0 && walls > 0);
}
