//! Synthetic storeys and plans for tests: an irregular building, drawn under any similarity.

use crate::drawing::plans::*;
use crate::geom::{Affine2, Box2, BoxIndex, Point2, Polygon, Segment2};
use crate::ifc::model::{AxisCurve, Element, ElementRef, Kind, Model, Storey, StoreyRef};
use crate::ifc::section::*;

fn p(x: f64, y: f64) -> Point2 {
    Point2::new(x, y)
}

/// Walls of an irregular storey: ends and thickness.
const WALLS: [(f64, f64, f64, f64, f64); 12] = [
    (0.0, 0.0, 18.0, 0.0, 0.25),
    (18.0, 0.0, 18.0, 11.0, 0.25),
    (18.0, 11.0, 0.0, 11.0, 0.25),
    (0.0, 11.0, 0.0, 0.0, 0.25),
    (4.2, 0.0, 4.2, 6.1, 0.2),
    (9.5, 0.0, 9.5, 11.0, 0.2),
    (13.1, 4.4, 13.1, 11.0, 0.1),
    (0.0, 6.1, 9.5, 6.1, 0.2),
    (9.5, 4.4, 18.0, 4.4, 0.2),
    (6.3, 6.1, 6.3, 11.0, 0.12),
    (15.7, 0.0, 15.7, 4.4, 0.1),
    (13.1, 7.9, 18.0, 7.9, 0.1),
];

/// One storey whose walls are shifted in x where `twist` says so (to tell storeys apart).
pub(crate) fn storey(number: u32, elevation_m: f64, twist: f64) -> StoreyPlan {
    let mut s = StoreyPlan {
        storeys: vec![StoreyRef { model: 0, index: number }],
        elevation_m,
        ..StoreyPlan::default()
    };
    let mut element = number * 1000;
    let mut next = || {
        element += 1;
        ElementRef { model: 0, index: element }
    };
    for (i, &(x0, y0, x1, y1, t)) in WALLS.iter().enumerate() {
        let shift = if i == 6 || i == 9 || i == 10 { twist } else { 0.0 };
        let line = Segment2::new(p(x0 + shift, y0), p(x1 + shift, y1));
        let u = line.direction().unwrap();
        let solid = vec![Polygon::rectangle(line.middle(), line.length(), t, u.angle())];
        s.walls.push(WallCut {
            element: next(),
            kind: Kind::Wall,
            visibility: Visibility::MustShow,
            own_storey: true,
            outline: solid.clone(),
            solid,
            runs: vec![WallRunCut { line, thickness_m: t }],
            arcs: Vec::new(),
            thickness_m: t,
            faces_m: vec![-t / 2.0, t / 2.0],
            z_m: (elevation_m, elevation_m + 3.0),
        });
    }
    let openings = [
        (Kind::Door, 2.0, 6.1, 0.0, 0.9),
        (Kind::Door, 7.1, 6.1, 0.0, 1.0),
        (Kind::Door, 11.0, 4.4, 0.0, 0.9),
        (Kind::Door, 17.0, 4.4, 0.0, 0.8),
        (Kind::Window, 2.0, 0.0, 0.0, 1.5),
        (Kind::Window, 7.0, 0.0, 0.0, 1.8),
        (Kind::Window, 12.5, 0.0, 0.0, 1.2),
        (Kind::Window, 18.0, 2.0, 1.0, 0.9),
        (Kind::Window, 3.0, 11.0, 0.0, 1.5),
    ];
    for (kind, x, y, turn, w) in openings {
        let along = if turn > 0.0 { p(0.0, 1.0) } else { p(1.0, 0.0) };
        let swing = (kind == Kind::Door).then(|| SwingCut {
            hinges: vec![p(x, y) - along * (w / 2.0)],
            opens_to: Some(along.left()),
            operation: "SINGLE_SWING_LEFT".into(),
        });
        s.openings.push(OpeningCut {
            element: next(),
            kind,
            host: None,
            visibility: Visibility::MustShow,
            own_storey: true,
            centre: p(x, y),
            along,
            width_m: w,
            overall_width_m: Some(w),
            height_m: Some(if kind == Kind::Door { 2.1 } else { 1.5 }),
            depth_m: 0.2,
            z_m: (elevation_m, elevation_m + 2.1),
            swing,
            marks: vec![],
        });
    }
    for (x, y) in [(0.0, 0.0), (9.5, 0.0), (18.0, 0.0), (0.0, 11.0), (9.5, 11.0), (18.0, 11.0)] {
        s.columns.push(ColumnCut {
            element: next(),
            visibility: Visibility::MustShow,
            own_storey: true,
            outline: vec![Polygon::rectangle(p(x, y), 0.5, 0.5, 0.0)],
            centre: p(x, y),
            width_m: 0.5,
            depth_m: 0.5,
            angle: 0.0,
            round: false,
        });
    }
    for (name, x0, y0, x1, y1) in
        [("Office", 0.1, 0.1, 4.1, 6.0), ("Store", 4.3, 0.1, 9.4, 6.0), ("Hall", 9.6, 4.5, 13.0, 10.9)]
    {
        let outline = Polygon::new(vec![p(x0, y0), p(x1, y0), p(x1, y1), p(x0, y1)]);
        s.rooms.push(RoomCut {
            element: next(),
            own_storey: true,
            label_point: p((x0 + x1) / 2.0, (y0 + y1) / 2.0),
            area_m2: outline.area(),
            outline: vec![outline],
            name: Some(name.into()),
            number: None,
            stated_area: None,
        });
    }
    for (i, (label, a, b)) in [
        ("1", p(0.0, -2.0), p(0.0, 13.0)),
        ("2", p(4.2, -2.0), p(4.2, 13.0)),
        ("3", p(9.5, -2.0), p(9.5, 13.0)),
        ("4", p(18.0, -2.0), p(18.0, 13.0)),
        ("A", p(-2.0, 0.0), p(20.0, 0.0)),
        ("B", p(-2.0, 6.1), p(20.0, 6.1)),
        ("C", p(-2.0, 11.0), p(20.0, 11.0)),
    ]
    .into_iter()
    .enumerate()
    {
        s.axes.push(AxisCut {
            model: 0,
            index: i as u32,
            label: label.into(),
            curve: AxisCurve::Line { a, b },
        });
    }
    s.bounds = Box2::of(p(-0.2, -0.2), p(18.2, 11.2));
    s
}

/// The model that the storeys belong to, with elements to name.
pub(crate) fn model(storeys: &[StoreyPlan], names: &[&str]) -> Model {
    let mut elements = vec![Element::default(); 1000 * storeys.len() + 1000];
    for (i, e) in elements.iter_mut().enumerate() {
        e.guid = format!("guid-{i}");
        e.class = "IfcWall";
    }
    Model {
        file: "model.ifc".into(),
        storeys: storeys
            .iter()
            .zip(names)
            .map(|(s, n)| Storey {
                guid: format!("storey-{n}"),
                name: (*n).to_owned(),
                elevation_m: s.elevation_m,
                ..Storey::default()
            })
            .collect(),
        elements,
        ..Model::default()
    }
}

/// Draws a storey as a plan: `to_plan` takes world metres to plan metres.
pub(crate) fn draw(s: &StoreyPlan, to_plan: &Affine2, labels: bool) -> Plan {
    let map = |q: Point2| to_plan.apply(q);
    let evidence = || Evidence { marks: vec![], confidence: 0.95 };
    let mut plan = Plan {
        id: "P1".into(),
        drawing: 0,
        sheet: 0,
        page: None,
        title: None,
        storeys: StoreyNames::default(),
        scale: Some(100.0),
        region: Box2::EMPTY,
        frame: PlanFrame { to_plan: Affine2::IDENTITY, unit_m: 1.0, unit_from: UnitFrom::Declared },
        axes: vec![],
        walls: vec![],
        columns: vec![],
        openings: vec![],
        rooms: vec![],
        levels: vec![],
        dimensions: vec![],
        understood: 1.0,
        ..Plan::default()
    };
    for w in &s.walls {
        for r in &w.runs {
            let line = Segment2::new(map(r.line.a), map(r.line.b));
            plan.walls.push(DrawnWall {
                line,
                arc: None,
                thickness_m: r.thickness_m,
                faces_m: vec![-r.thickness_m / 2.0, r.thickness_m / 2.0],
                drawn: vec![(0.0, line.length())],
                filled: false,
                dashed: false,
                curtain: false,
                evidence: evidence(),
            });
        }
    }
    for o in &s.openings {
        let vector = |v: Point2| to_plan.apply_vector(v).normalised().unwrap();
        plan.openings.push(DrawnOpening {
            kind: if o.kind == Kind::Door { OpeningKind::Door } else { OpeningKind::Window },
            centre: map(o.centre),
            along: vector(o.along),
            width_m: o.width_m,
            depth_m: Some(o.depth_m),
            operation: Operation::Unknown,
            swing: o.swing.as_ref().map(|w| DrawnSwing {
                hinges: w.hinges.iter().map(|&h| map(h)).collect(),
                opens_to: w.opens_to.map(vector),
            }),
            mark: None,
            dashed: false,
            evidence: evidence(),
        });
    }
    for c in &s.columns {
        plan.columns.push(DrawnColumn {
            outline: c.outline[0].outer.iter().map(|&q| map(q)).collect(),
            centre: map(c.centre),
            width_m: c.width_m,
            depth_m: c.depth_m,
            angle: (to_plan.angle() + c.angle).rem_euclid(std::f64::consts::FRAC_PI_2),
            round: false,
            evidence: evidence(),
        });
    }
    for r in &s.rooms {
        let at = map(r.label_point);
        plan.rooms.push(DrawnRoom {
            name: r.name.as_ref().map(|n| DrawnText { text: n.clone(), at, mark: 0 }),
            number: None,
            area_m2: Some(r.area_m2),
            area_text: None,
            at,
            outline: None,
            evidence: evidence(),
        });
    }
    if labels {
        for a in &s.axes {
            if let AxisCurve::Line { a: q, b: r } = a.curve {
                plan.axes.push(DrawnAxis {
                    label: a.label.clone(),
                    line: AxisLine::Line(Segment2::new(map(q), map(r))),
                    bubbles: vec![map(q)],
                    evidence: evidence(),
                });
            }
        }
    }
    index(&mut plan);
    plan
}

/// Fills the raw lines from what is drawn.
pub(crate) fn index(plan: &mut Plan) {
    plan.raw = Raw::default();
    for w in &plan.walls {
        let n = w.line.direction().unwrap().left();
        for f in &w.faces_m {
            plan.raw.lines.push((Segment2::new(w.line.a + n * *f, w.line.b + n * *f), 0));
        }
    }
    for o in &plan.openings {
        let (u, v) = (o.along * (o.width_m / 2.0), o.along.left() * (o.depth_m.unwrap_or(0.2) / 2.0));
        for s in [-1.0, 1.0] {
            plan.raw.lines.push((Segment2::new(o.centre + u * s - v, o.centre + u * s + v), 0));
        }
        plan.raw.lines.push((Segment2::new(o.centre - u, o.centre + u), 0));
    }
    for c in &plan.columns {
        for i in 0..c.outline.len() {
            plan.raw.lines.push((Segment2::new(c.outline[i], c.outline[(i + 1) % c.outline.len()]), 0));
        }
    }
    plan.raw.line_index = BoxIndex::new(plan.raw.lines.iter().map(|(s, _)| Box2::of(s.a, s.b)).collect());
}

/// Plans of one drawing.
pub(crate) fn plans(list: Vec<Plan>) -> Plans {
    Plans { plans: list, ..Plans::default() }
}
