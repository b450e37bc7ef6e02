//! A plan printed to PDF is the same plan: what is recognised on the DXF is recognised on its print, or less, never
//! something else. The print is made here, as a plotter driver does it: curves for arcs, a scale, a turned page, and
//! with or without layers.

use std::fmt::Write as _;
use tumo::bytes::bytes;
use tumo::drawing::model::{Drawing, Sheet, SheetKind};
use tumo::drawing::plans::{OpeningKind, Plan};
use tumo::drawing::{self, Plans};
use tumo::geom::{Affine2, Arc2, Point2};

/// Points of paper per metre of building, at 1:100, and printed a little too small, as to fit a page.
const PRINT: f64 = 72.0 / 0.0254 / 100.0 * 0.9993;

fn read(name: &str, content: Vec<u8>) -> Drawing {
    drawing::read(name, &bytes(content)).unwrap().value
}

fn sample(path: &str) -> Drawing {
    let whole = format!("{}/samples/projects/{path}", env!("CARGO_MANIFEST_DIR"));
    read(path, std::fs::read(whole).unwrap())
}

fn recognised(drawing: &Drawing) -> Plans {
    drawing::recognise(std::slice::from_ref(drawing)).value
}

/// A sheet as a page; `layers` keeps them as optional-content groups.
fn printed(drawing: &Drawing, sheet: &Sheet, unit_m: f64, layers: bool, rotate: u32) -> Vec<u8> {
    let k = unit_m * PRINT;
    let b = sheet.bounds;
    let to_page =
        Affine2::scaling(k, k).after(&Affine2::translation(Point2::new(10.0 / k, 10.0 / k) - b.min));
    let (width, height) = (b.width() * k + 20.0, b.height() * k + 20.0);
    let mut out = String::new();
    let at = |p: Point2| {
        let q = to_page.apply(p);
        format!("{:.4} {:.4}", q.x, q.y)
    };
    let shown = |m: u32| sheet.marks[m as usize].visible;
    let on = |out: &mut String, mark: u32, drawn: String| {
        let m = &sheet.marks[mark as usize];
        let dash = if m.dashed { "[6 3] 0 d " } else { "[] 0 d " };
        let weight = f64::from(m.weight.max(13)) / 100.0 * 72.0 / 25.4;
        match layers {
            true => writeln!(out, "/OC /L{} BDC {weight:.3} w {dash}{drawn} EMC", m.layer).unwrap(),
            false => writeln!(out, "{weight:.3} w {dash}{drawn}").unwrap(),
        }
    };
    for l in sheet.lines.iter().filter(|l| shown(l.mark)) {
        on(&mut out, l.mark, format!("{} m {} l S", at(l.segment.a), at(l.segment.b)));
    }
    for a in sheet.arcs.iter().filter(|a| shown(a.mark)) {
        on(&mut out, a.mark, format!("{} S", curves(&a.arc, &at)));
    }
    for f in sheet.fills.iter().filter(|f| shown(f.mark)) {
        let mut path = String::new();
        for ring in &f.rings {
            for (i, p) in ring.iter().enumerate() {
                write!(path, "{} {} ", at(*p), if i == 0 { 'm' } else { 'l' }).unwrap();
            }
            path += "h ";
        }
        on(&mut out, f.mark, format!("{} {path}f*", if f.solid { "0.4 g" } else { "0.8 g" }));
    }
    for t in sheet.texts.iter().filter(|t| shown(t.mark) && t.text.chars().all(|c| u32::from(c) < 256)) {
        let size = t.height * k / 0.716;
        let start = t.centre
            - Point2::unit(t.angle) * (t.width / 2.0)
            - Point2::unit(t.angle).left() * (t.height / 2.0);
        let (s, c) = t.angle.sin_cos();
        let text: String = t.text.chars().map(|c| format!("\\{:03o}", u32::from(c))).collect();
        let matrix = format!("{c:.6} {s:.6} {:.6} {c:.6} {}", -s, at(start));
        on(&mut out, t.mark, format!("BT 0 g /F {size:.4} Tf {matrix} Tm ({text}) Tj ET"));
    }
    file(drawing, &out, width, height, rotate)
}

/// An arc as curves of at most a quarter turn.
fn curves(arc: &Arc2, at: &dyn Fn(Point2) -> String) -> String {
    let n = (arc.sweep.abs() / std::f64::consts::FRAC_PI_2 - 1e-9).ceil().max(1.0) as usize;
    let step = arc.sweep / n as f64;
    let handle = 4.0 / 3.0 * (step / 4.0).tan() * arc.radius;
    let mut out = format!("{} m ", at(arc.at(0.0)));
    for i in 0..n {
        let (from, to) = (arc.start + step * i as f64, arc.start + step * (i + 1) as f64);
        let on = |angle: f64| arc.centre + Point2::unit(angle) * arc.radius;
        let (a, b) =
            (on(from) + Point2::unit(from).left() * handle, on(to) - Point2::unit(to).left() * handle);
        write!(out, "{} {} {} c ", at(a), at(b), at(on(to))).unwrap();
    }
    out
}

fn file(drawing: &Drawing, content: &str, width: f64, height: f64, rotate: u32) -> Vec<u8> {
    let first = 6;
    let groups: Vec<String> = (0..drawing.layers.len()).map(|i| format!("{} 0 R", first + i)).collect();
    let names: Vec<String> = groups.iter().enumerate().map(|(i, g)| format!("/L{i} {g}")).collect();
    let mut objects = vec![
        format!("<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[{}]/D<<>>>>>>", groups.join(" ")),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width:.3} {height:.3}]/Rotate {rotate}/Contents 4 0 R/Resources\
             <</Font<</F 5 0 R>>/Properties<<{}>>>>>>",
            names.join(" ")
        ),
        format!("<</Length {}>>\nstream\n{content}\nendstream", content.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_owned(),
    ];
    objects.extend(drawing.layers.iter().map(|l| format!("<</Type/OCG/Name({})>>", l.name)));
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut places = String::new();
    for (i, object) in objects.iter().enumerate() {
        writeln!(places, "{:010} 00000 n ", out.len()).unwrap();
        out.extend_from_slice(format!("{} 0 obj\n{object}\nendobj\n", i + 1).as_bytes());
    }
    let (table, size) = (out.len(), objects.len() + 1);
    out.extend_from_slice(format!("xref\n0 {size}\n0000000000 65535 f \n{places}").as_bytes());
    out.extend_from_slice(
        format!("trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n").as_bytes(),
    );
    out
}

/// What a plan shows, by kind; openings and columns by size.
fn shown(plan: &Plan) -> Vec<(String, usize)> {
    let count = |kind: OpeningKind| plan.openings.iter().filter(|o| o.kind == kind).count();
    let length: f64 = plan.walls.iter().map(|w| w.line.length()).sum();
    let mut widths: Vec<f64> = plan.openings.iter().map(|o| o.width_m).collect();
    widths.sort_by(f64::total_cmp);
    let width: f64 = widths.iter().sum();
    vec![
        ("axes".into(), plan.axes.len()),
        ("columns".into(), plan.columns.len()),
        ("doors".into(), count(OpeningKind::Door)),
        ("windows".into(), count(OpeningKind::Window)),
        ("rooms".into(), plan.rooms.len()),
        ("decimetres of walls".into(), (length * 10.0).round() as usize),
        ("decimetres of openings".into(), (width * 10.0).round() as usize),
    ]
}

#[test]
fn a_print_shows_what_its_drawing_shows() {
    let drawn = sample("pass_office-revit-aia/A-101_FIRST_FLOOR_PLAN.dxf");
    let plans = recognised(&drawn);
    let plan = &plans.plans[0];
    let sheet = drawn.sheets.iter().find(|s| s.kind == SheetKind::Model).unwrap();
    for (layers, rotate) in [(true, 0), (true, 90), (false, 0)] {
        let print = read("a.pdf", printed(&drawn, sheet, plan.frame.unit_m, layers, rotate));
        let again = recognised(&print);
        assert_eq!(again.plans.len(), 1, "layers {layers}, turned {rotate}");
        let one = &again.plans[0];
        let k = one.frame.unit_m * PRINT;
        assert!((k - 1.0).abs() < 2e-4, "the scale is off by {k}, layers {layers}, turned {rotate}");
        let (want, got) = (shown(plan), shown(one));
        for ((kind, want), (_, got)) in want.iter().zip(&got) {
            if layers {
                assert!(want.abs_diff(*got) <= 1, "{kind}: {got} for {want}, turned {rotate}");
            } else {
                assert!(*got <= *want && got * 10 >= want * 9, "{kind}: {got} for {want}, without layers");
            }
        }
    }
}
