//! A small plan drawn by hand, and the same plan turned, moved, rescaled, renamed, reordered: what is recognised stays.

use super::recognise;
use crate::drawing::model::*;
use crate::drawing::plans::{OpeningKind, Plan, Plans};
use crate::geom::{Affine2, Arc2, Box2, Point2, Segment2};

const LAYERS: [&str; 9] =
    ["WALL", "COLUMN", "WINDOW", "DOTE", "AXIS", "PUB_TEXT", "SPACE", "WINDOW_TEXT", "BEAM"];

/// Draws in millimetres.
struct Pen {
    sheet: Sheet,
}

impl Pen {
    fn mark(&mut self, layer: usize) -> u32 {
        self.sheet.marks.push(Mark {
            layer: layer as u32,
            handle: self.sheet.marks.len() as u64 + 1,
            visible: true,
            dashed: LAYERS[layer] == "BEAM",
            ..Mark::default()
        });
        self.sheet.marks.len() as u32 - 1
    }
    fn line(&mut self, layer: usize, a: [f64; 2], b: [f64; 2]) {
        let mark = self.mark(layer);
        self.sheet.lines.push(LineMark { mark, segment: Segment2::new(a.into(), b.into()) });
    }
    fn ring(&mut self, layer: usize, points: &[[f64; 2]]) {
        let mark = self.mark(layer);
        for i in 0..points.len() {
            let (a, b) = (points[i].into(), points[(i + 1) % points.len()].into());
            self.sheet.lines.push(LineMark { mark, segment: Segment2::new(a, b) });
        }
        let ring = points.iter().map(|&p| p.into()).collect();
        self.sheet.loops.push(LoopMark { mark, ring });
    }
    fn arc(&mut self, layer: usize, c: [f64; 2], radius: f64, start: f64, sweep: f64) {
        let mark = self.mark(layer);
        self.sheet.arcs.push(ArcMark { mark, arc: Arc2 { centre: c.into(), radius, start, sweep } });
    }
    fn text(&mut self, layer: usize, at: [f64; 2], height: f64, text: &str) {
        let mark = self.mark(layer);
        self.sheet.texts.push(TextMark {
            mark,
            text: text.into(),
            centre: at.into(),
            at: at.into(),
            height,
            width: height * text.chars().count() as f64,
            angle: 0.0,
            mirrored: false,
            tag: None,
        });
    }
    fn bubble(&mut self, from: [f64; 2], to: [f64; 2], label: &str) {
        self.line(3, from, to);
        let d = (Point2::from(from) - Point2::from(to)).normalised().unwrap();
        let centre: [f64; 2] = (Point2::from(from) + d * 400.0).into();
        self.arc(4, centre, 400.0, 0.0, std::f64::consts::TAU);
        self.text(4, centre, 350.0, label);
    }
}

/// Two rooms, 8 × 6 m outside, walls of 200 and 100, a door of 900 between the rooms, a window of 1,500 in the south.
fn house() -> Drawing {
    let mut pen = Pen { sheet: Sheet { name: "Model".into(), ..Sheet::default() } };
    // outside, open at the window
    pen.line(0, [3000.0, 0.0], [0.0, 0.0]);
    pen.line(0, [0.0, 0.0], [0.0, 6000.0]);
    pen.line(0, [0.0, 6000.0], [8000.0, 6000.0]);
    pen.line(0, [8000.0, 6000.0], [8000.0, 0.0]);
    pen.line(0, [8000.0, 0.0], [4500.0, 0.0]);
    pen.line(0, [3000.0, 0.0], [3000.0, 200.0]);
    pen.line(0, [4500.0, 0.0], [4500.0, 200.0]);
    // inside: west room, east room, with a partition at x = 5000…5100 and a door at y = 2000…2900
    pen.line(0, [3000.0, 200.0], [200.0, 200.0]);
    pen.line(0, [200.0, 200.0], [200.0, 5800.0]);
    pen.line(0, [200.0, 5800.0], [5000.0, 5800.0]);
    pen.line(0, [5000.0, 5800.0], [5000.0, 2900.0]);
    pen.line(0, [5000.0, 2900.0], [5100.0, 2900.0]);
    pen.line(0, [5100.0, 2900.0], [5100.0, 5800.0]);
    pen.line(0, [5100.0, 5800.0], [7800.0, 5800.0]);
    pen.line(0, [7800.0, 5800.0], [7800.0, 200.0]);
    pen.line(0, [7800.0, 200.0], [5100.0, 200.0]);
    pen.line(0, [5100.0, 200.0], [5100.0, 2000.0]);
    pen.line(0, [5100.0, 2000.0], [5000.0, 2000.0]);
    pen.line(0, [5000.0, 2000.0], [5000.0, 200.0]);
    pen.line(0, [5000.0, 200.0], [4500.0, 200.0]);
    // window: four lines
    for y in [0.0, 200.0 / 3.0, 400.0 / 3.0, 200.0] {
        pen.line(2, [3000.0, y], [4500.0, y]);
    }
    // door: hinge at the lower jamb, opening to the east
    pen.line(2, [5050.0, 2000.0], [5950.0, 2000.0]);
    pen.arc(2, [5050.0, 2000.0], 900.0, 0.0, std::f64::consts::FRAC_PI_2);
    // a free column, and a beam beside the south wall
    pen.ring(1, &[[2000.0, 3000.0], [2400.0, 3000.0], [2400.0, 3500.0], [2000.0, 3500.0]]);
    pen.line(8, [200.0, 400.0], [7800.0, 400.0]);
    // grid and texts
    pen.bubble([100.0, -2000.0], [100.0, 7000.0], "1");
    pen.bubble([7900.0, -2000.0], [7900.0, 7000.0], "2");
    pen.bubble([-2000.0, 100.0], [9000.0, 100.0], "A");
    pen.text(6, [1000.0, 4500.0], 350.0, "办公室");
    pen.text(6, [1000.0, 3900.0], 300.0, "26.88 m2");
    pen.text(6, [6400.0, 4000.0], 350.0, "会议室");
    pen.text(7, [3750.0, 600.0], 300.0, "C1515");
    pen.text(7, [4700.0, 2450.0], 300.0, "M0921");
    pen.text(5, [4000.0, -3500.0], 700.0, "二层平面图");
    pen.text(5, [6500.0, -3500.0], 500.0, "1:100");
    finished(pen.sheet, Some(0.001))
}

fn finished(mut sheet: Sheet, unit: Option<f64>) -> Drawing {
    let points = sheet.lines.iter().flat_map(|l| [l.segment.a, l.segment.b]);
    let texts = sheet.texts.iter().map(|t| t.centre);
    let arcs = sheet.arcs.iter().flat_map(|a| [0.0, 0.25, 0.5, 0.75].map(|t| a.arc.at(t)));
    sheet.bounds = Box2::around(points.chain(texts).chain(arcs));
    let layers =
        LAYERS.iter().map(|name| Layer { name: (*name).into(), visible: true, ..Layer::default() }).collect();
    Drawing {
        file: "house.dxf".into(),
        declared_unit_m: unit,
        layers,
        sheets: vec![sheet],
        ..Drawing::default()
    }
}

fn mapped(drawing: &Drawing, m: &Affine2, unit: Option<f64>) -> Drawing {
    let mut sheet = drawing.sheets[0].clone();
    let k = m.scale();
    for l in &mut sheet.lines {
        l.segment = Segment2::new(m.apply(l.segment.a), m.apply(l.segment.b));
    }
    for a in &mut sheet.arcs {
        let start = m.apply_vector(Point2::unit(a.arc.start)).angle();
        let sweep = if m.is_mirrored() { -a.arc.sweep } else { a.arc.sweep };
        a.arc = Arc2 { centre: m.apply(a.arc.centre), radius: a.arc.radius * k, start, sweep };
    }
    for l in &mut sheet.loops {
        l.ring = l.ring.iter().map(|&p| m.apply(p)).collect();
    }
    for t in &mut sheet.texts {
        t.centre = m.apply(t.centre);
        t.at = m.apply(t.at);
        t.height *= k;
        t.width *= k;
        t.angle = m.apply_vector(Point2::unit(t.angle)).angle();
    }
    Drawing { layers: drawing.layers.clone(), ..finished(sheet, unit) }
}

fn only(plans: Plans) -> Plan {
    assert_eq!(plans.plans.len(), 1, "{:?}", plans.not_plans);
    plans.plans.into_iter().next().unwrap()
}

fn seen(drawing: Drawing) -> Plan {
    only(recognise(&[drawing]).value)
}

/// Wall lengths by thickness, millimetres; the ends of runs at corners are a convention, so lengths are checked coarsely.
fn walls(plan: &Plan) -> Vec<(i64, i64)> {
    let mut by: std::collections::BTreeMap<i64, f64> = std::collections::BTreeMap::new();
    for w in &plan.walls {
        *by.entry((w.thickness_m * 1000.0).round() as i64).or_default() += w.line.length();
    }
    by.into_iter().map(|(t, l)| (t, l.round() as i64)).collect()
}

fn mm(metres: f64) -> i64 {
    (metres * 10_000.0).round() as i64
}

/// What must not change: sizes to 0.1 mm, marks, names, labels.
fn check(plan: &Plan, what: &str, texts: bool) {
    assert_eq!(walls(plan), [(100, 6), (200, 28)], "{what}: {:?}", plan.walls);
    let columns: Vec<(i64, i64)> =
        plan.columns.iter().map(|c| (mm(c.width_m.min(c.depth_m)), mm(c.width_m.max(c.depth_m)))).collect();
    assert_eq!(columns, [(4000, 5000)], "{what}");
    let mut openings: Vec<(OpeningKind, i64)> =
        plan.openings.iter().map(|o| (o.kind, mm(o.width_m))).collect();
    openings.sort_unstable();
    assert_eq!(openings, [(OpeningKind::Door, 9000), (OpeningKind::Window, 15_000)], "{what}");
    let door = plan.openings.iter().find(|o| o.kind == OpeningKind::Door).unwrap();
    let window = plan.openings.iter().find(|o| o.kind == OpeningKind::Window).unwrap();
    assert_eq!(door.depth_m.map(mm), Some(1000), "{what}");
    assert_eq!(window.depth_m.map(mm), Some(2000), "{what}");
    // the door opens away from the column
    let to = door.swing.as_ref().and_then(|s| s.opens_to).unwrap();
    assert!((plan.columns[0].centre - door.centre).dot(to) < 0.0, "{what}");
    // 3.9005 m between the middles of door and window
    let apart = door.centre.distance(window.centre);
    assert!((apart - 1.3f64.hypot(2.35)).abs() < 1e-4, "{what}: {apart}");
    if texts {
        let labels: Vec<&str> = plan.axes.iter().map(|a| a.label.as_str()).collect();
        assert_eq!(labels, ["1", "2", "A"], "{what}");
        let mut rooms: Vec<(String, Option<i64>, i64)> = plan
            .rooms
            .iter()
            .map(|r| {
                let outline =
                    r.outline.as_ref().map_or(0.0, |o| o.iter().map(crate::geom::Polygon::area).sum());
                (r.name.clone().unwrap().text, r.area_m2.map(mm), (outline * 100.0f64).round() as i64)
            })
            .collect();
        rooms.sort();
        assert_eq!(rooms, [("会议室".into(), None, 1512), ("办公室".into(), Some(268_800), 2688)], "{what}");
        assert_eq!(door.mark.as_ref().map(|m| m.text.as_str()), Some("M0921"), "{what}");
        assert_eq!(window.mark.as_ref().map(|m| m.text.as_str()), Some("C1515"), "{what}");
        assert_eq!(plan.title.as_deref(), Some("二层平面图"), "{what}");
        assert_eq!((plan.storeys.ordinals.as_slice(), plan.scale), ([1].as_slice(), Some(100.0)), "{what}");
    }
}

#[test]
fn a_small_plan_is_recognised_whole() {
    check(&seen(house()), "as drawn", true);
}

#[test]
fn turning_moving_and_mirroring_change_nothing() {
    let house = house();
    for degrees in [0.0f64, 7.3, 30.0, 90.0, 179.95] {
        for shift in [Point2::default(), Point2::new(1e9, -2e9)] {
            let m = Affine2::similarity(1.0, degrees.to_radians(), false, shift);
            check(
                &seen(mapped(&house, &m, Some(0.001))),
                &format!("turned by {degrees}, moved by {shift:?}"),
                true,
            );
        }
    }
    let m = Affine2::similarity(1.0, 0.4, true, Point2::default());
    check(&seen(mapped(&house, &m, Some(0.001))), "mirrored", true);
}

#[test]
fn units_are_found_whatever_the_file_says() {
    let house = house();
    for (per_mm, name) in [(1.0, "mm"), (0.1, "cm"), (0.001, "m"), (1.0 / 25.4, "inch")] {
        let m = Affine2::scaling(per_mm, per_mm);
        check(&seen(mapped(&house, &m, Some(0.001 / per_mm))), &format!("{name}, declared"), true);
        check(&seen(mapped(&house, &m, None)), &format!("{name}, undeclared"), true);
    }
}

#[test]
fn pixels_of_an_svg_are_those_of_css() {
    let pixel = 25.4 / 96.0 * 100.0; // millimetres on site at 1:100
    let m = Affine2::scaling(1.0 / pixel, 1.0 / pixel);
    let drawing = Drawing { format: Format::Svg, ..mapped(&house(), &m, None) };
    check(&seen(drawing), "pixels", true);
}

#[test]
fn a_door_in_a_frame_is_as_wide_as_the_hole() {
    let mut drawing = house();
    let sheet = &mut drawing.sheets[0];
    let (old, new) = (Point2::new(5050.0, 2000.0), Point2::new(5050.0, 2050.0));
    for a in sheet.arcs.iter_mut().filter(|a| a.arc.centre == old) {
        a.arc = Arc2 { centre: new, radius: 800.0, ..a.arc };
    }
    let leaf = sheet.lines.iter_mut().find(|l| l.segment.a == old).unwrap();
    leaf.segment = Segment2::new(new, new + Point2::new(800.0, 0.0));
    let mark = leaf.mark;
    for y in [2050.0, 2850.0] {
        let segment = Segment2::new(Point2::new(5000.0, y), Point2::new(5100.0, y));
        sheet.lines.push(LineMark { mark, segment });
    }
    check(&seen(drawing), "framed", true);
}

#[test]
fn a_door_ends_at_the_stub_of_a_thinner_wall() {
    let mut drawing = house();
    let sheet = &mut drawing.sheets[0];
    // beyond 51 mm of a board the partition goes on
    let far = |p: &mut Point2| p.y = if (p.y - 2900.0).abs() < 1e-6 { 2951.0 } else { p.y };
    for l in sheet.lines.iter_mut().filter(|l| l.segment.a.x < 5101.0 && l.segment.a.x > 4999.0) {
        far(&mut l.segment.a);
        far(&mut l.segment.b);
    }
    let mark = sheet.lines[9].mark;
    for (a, b) in [
        ([5037.5, 2951.0], [5037.5, 2900.0]),
        ([5037.5, 2900.0], [5062.5, 2900.0]),
        ([5062.5, 2900.0], [5062.5, 2951.0]),
    ] {
        sheet.lines.push(LineMark { mark, segment: Segment2::new(a.into(), b.into()) });
    }
    let plan = seen(drawing);
    let door = plan.openings.iter().find(|o| o.kind == OpeningKind::Door).unwrap();
    assert_eq!(mm(door.width_m), 9000, "{door:?}");
}

#[test]
fn the_frame_of_a_door_is_no_window() {
    use super::opening::{Placed, frames};
    use super::symbol::Panes;
    use crate::drawing::plans::{DrawnOpening, Evidence, Operation};
    let door = DrawnOpening {
        kind: OpeningKind::Door,
        centre: Point2::new(3.0, 2.0),
        along: Point2::new(1.0, 0.0),
        width_m: 1.0,
        depth_m: Some(0.24),
        operation: Operation::Swinging,
        swing: None,
        mark: None,
        dashed: false,
        evidence: Evidence::default(),
    };
    let placed = [Placed { opening: door, host: Some((0, (2.5, 3.5))) }];
    let panes = |x: (f64, f64), y: (f64, f64)| Panes {
        lines: vec![
            (Point2::new(x.0, y.0), Point2::new(x.0, y.1)),
            (Point2::new(x.1, y.0), Point2::new(x.1, y.1)),
        ],
        marks: Vec::new(),
        meaning: None,
        dashed: false,
    };
    let jamb = panes((3.45, 3.5), (1.88, 2.12));
    let beyond = panes((3.5, 3.55), (1.88, 2.12));
    // a window in the wall across, beside the door; one of the door's own wall, farther on; a light beside the door
    let across = panes((3.5, 3.55), (2.2, 3.4));
    let farther = panes((3.7, 3.75), (1.88, 2.12));
    let light = panes((3.5, 3.9), (1.97, 2.03));
    assert_eq!(frames(&placed, &[jamb, beyond, across, farther, light]), [true, true, false, false, false]);
}

#[test]
fn a_label_of_several_lines_in_one_text_is_several_texts() {
    let mut drawing = house();
    let sheet = &mut drawing.sheets[0];
    sheet.texts.retain(|t| t.text != "26.88 m2");
    let name = sheet.texts.iter_mut().find(|t| t.text == "办公室").unwrap();
    name.text = "办公室\n26.88 m2".into();
    check(&seen(drawing), "one text", true);
}

#[test]
fn a_schedule_beside_a_plan_is_read_whichever_way_y_runs() {
    for down in [false, true] {
        let mut pen = Pen { sheet: Sheet { name: "Model".into(), ..Sheet::default() } };
        let y = |row: f64| if down { 800.0 * row } else { -800.0 * row };
        for row in 0..=3 {
            pen.line(8, [20_000.0, y(f64::from(row))], [26_000.0, y(f64::from(row))]);
        }
        for x in [20_000.0, 22_000.0, 24_000.0, 26_000.0] {
            pen.line(8, [x, y(0.0)], [x, y(3.0)]);
        }
        let cells =
            [["设计编号", "洞口尺寸", "数量"], ["C1515", "1500×1500", "1"], ["M0921", "900×2100", "4"]];
        for (row, cells) in cells.iter().enumerate() {
            for (k, text) in cells.iter().enumerate() {
                pen.text(8, [21_000.0 + 2000.0 * k as f64, y(row as f64 + 0.5)], 250.0, text);
            }
        }
        let mut drawing = finished(pen.sheet, Some(0.001));
        drawing.y_down = down;
        let schedules = recognise(&[drawing]).value.schedules;
        let rows: Vec<(&str, Option<u32>)> =
            schedules.iter().flat_map(|s| &s.rows).map(|r| (r.mark.as_str(), r.total)).collect();
        assert_eq!(rows, [("C1515", Some(1)), ("M0921", Some(4))], "y down: {down}");
    }
}

#[test]
fn order_and_direction_of_entities_change_nothing() {
    let mut drawing = house();
    let sheet = &mut drawing.sheets[0];
    sheet.lines.reverse();
    sheet.arcs.reverse();
    sheet.texts.reverse();
    for l in &mut sheet.lines {
        l.segment = Segment2::new(l.segment.b, l.segment.a);
    }
    check(&seen(drawing), "reversed", true);
}

#[test]
fn split_and_doubled_lines_change_nothing() {
    let mut drawing = house();
    let sheet = &mut drawing.sheets[0];
    let mut lines = Vec::new();
    for l in &sheet.lines {
        let middle = l.segment.a.lerp(l.segment.b, 0.37);
        lines.push(LineMark { mark: l.mark, segment: Segment2::new(l.segment.a, middle) });
        lines.push(LineMark { mark: l.mark, segment: Segment2::new(middle, l.segment.b) });
        if l.mark % 3 == 0 && sheet.marks[l.mark as usize].layer == 0 {
            lines.push(*l);
        }
    }
    // panes and leaves stay whole: a pane in two pieces is two panes
    lines.retain(|l| sheet.marks[l.mark as usize].layer != 2);
    lines.extend(sheet.lines.iter().filter(|l| sheet.marks[l.mark as usize].layer == 2));
    sheet.lines = lines;
    check(&seen(drawing), "split and doubled", true);
}

#[test]
fn arcs_as_chords_change_nothing() {
    let mut drawing = house();
    let sheet = &mut drawing.sheets[0];
    let (doors, rest): (Vec<ArcMark>, Vec<ArcMark>) = sheet.arcs.iter().partition(|a| !a.arc.is_circle());
    sheet.arcs = rest;
    for a in doors {
        let points: Vec<Point2> = (0..=12).map(|i| a.arc.at(f64::from(i) / 12.0)).collect();
        for w in points.windows(2) {
            sheet.lines.push(LineMark { mark: a.mark, segment: Segment2::new(w[0], w[1]) });
        }
    }
    check(&seen(drawing), "chords", true);
}

#[test]
fn renamed_layers_keep_the_shapes() {
    for (name, one) in [("renamed", false), ("all on layer 0", true)] {
        let mut drawing = house();
        for (i, layer) in drawing.layers.iter_mut().enumerate() {
            layer.name = if one { "0".into() } else { format!("L{i}") };
        }
        check(&seen(drawing), name, false);
    }
}

/// What stands about in rooms and around plans, on the one layer that there is, is none of the building.
#[test]
fn furniture_labels_and_dimensions_are_no_walls() {
    let mut pen = Pen { sheet: house().sheets.remove(0) };
    let rectangle = |x: f64, y: f64, w: f64, h: f64| [[x, y], [x + w, y], [x + w, y + h], [x, y + h]];
    // a desk, a bench as long as a piece of wall, a chair with its back, a bed, a box around a number
    pen.ring(0, &rectangle(600.0, 700.0, 1400.0, 700.0));
    pen.ring(0, &rectangle(3200.0, 4300.0, 1200.0, 200.0));
    pen.ring(0, &rectangle(3300.0, 3200.0, 400.0, 700.0));
    pen.line(0, [3300.0, 3400.0], [3700.0, 3400.0]);
    pen.ring(0, &rectangle(6200.0, 700.0, 1500.0, 1500.0));
    for k in 1..5 {
        pen.line(0, [6200.0, 700.0 + 300.0 * f64::from(k)], [7700.0, 700.0 + 300.0 * f64::from(k)]);
    }
    pen.ring(0, &rectangle(6000.0, 3300.0, 800.0, 350.0));
    pen.text(5, [6400.0, 3475.0], 200.0, "101");
    // two chains of dimensions as far apart as a thick wall's faces
    for (y, places) in [(-1000.0, [0.0, 3000.0, 8000.0]), (-1600.0, [0.0, 4000.0, 8000.0])] {
        for w in places.windows(2) {
            pen.line(0, [w[0], y], [w[1], y]);
            pen.text(5, [(w[0] + w[1]) / 2.0, y + 150.0], 200.0, &format!("{}", w[1] - w[0]));
        }
        for x in places {
            pen.line(0, [x, y - 100.0], [x, -700.0]);
            pen.line(0, [x - 70.0, y - 70.0], [x + 70.0, y + 70.0]);
        }
    }
    let mut drawing = finished(pen.sheet, Some(0.001));
    drawing.layers.iter_mut().for_each(|l| l.name = "0".into());
    let plan = seen(drawing);
    check(&plan, "furnished", false);
    assert!(plan.stairs.is_empty(), "{:?}", plan.stairs);
}

#[test]
fn sheets_of_other_kinds_are_no_plans() {
    for title in ["1-1剖面图", "SOUTH ELEVATION", "门窗表", "一层门窗大样"] {
        let mut drawing = house();
        for t in &mut drawing.sheets[0].texts {
            if t.text == "二层平面图" {
                t.text = title.into();
            }
        }
        let plans = recognise(&[drawing]).value;
        assert!(plans.plans.is_empty() && plans.not_plans.len() == 1, "{title}");
    }
}

/// An elevation without a title is told by its file's name, or by levels that stand over one another as they say.
#[test]
fn elevations_without_a_title_are_no_plans() {
    let untitled = || {
        let mut drawing = house();
        drawing.sheets[0].texts.retain(|t| t.text != "二层平面图");
        drawing
    };
    assert_eq!(recognise(&[untitled()]).value.plans.len(), 1);
    let named = Drawing { file: "SOUTH ELEVATION.dxf".into(), ..untitled() };
    let levelled = |step: f64| {
        let mut pen = Pen { sheet: untitled().sheets.remove(0) };
        for (i, text) in ["±0.000", "+3.600", "+7.200"].into_iter().enumerate() {
            pen.text(5, [9000.0, 500.0 + step * i as f64], 250.0, text);
        }
        finished(pen.sheet, Some(0.001))
    };
    for drawing in [named, levelled(3600.0)] {
        let plans = recognise(&[drawing]).value;
        assert!(plans.plans.is_empty() && plans.not_plans[0].reason == "elevation", "{:?}", plans.not_plans);
    }
    assert_eq!(recognise(&[levelled(900.0)]).value.plans.len(), 1);
}

#[test]
fn nonsense_is_survived() {
    let mut drawing = house();
    let sheet = &mut drawing.sheets[0];
    sheet.lines.push(LineMark {
        mark: 999_999,
        segment: Segment2::new(Point2::new(f64::NAN, 0.0), Point2::new(1.0, f64::INFINITY)),
    });
    sheet.arcs.push(ArcMark {
        mark: 0,
        arc: Arc2 { centre: Point2::new(0.0, 0.0), radius: f64::NAN, start: 0.0, sweep: 1.0 },
    });
    sheet.loops.push(LoopMark { mark: 1, ring: vec![Point2::default(); 3] });
    check(&seen(drawing), "with nonsense", true);
    assert!(recognise(&[Drawing::default()]).value.plans.is_empty());
    let empty = Drawing { sheets: vec![Sheet::default()], ..Drawing::default() };
    assert!(recognise(&[empty]).value.plans.is_empty());
}
