//! A report made by hand, as large as one likes: what writers are tried on.

use tumo::finding::{DrawnName, ElementName, Finding, Severity, Side, StoreyName, Tally, Value, Verdict};
use tumo::geom::{Box2, Point2};
use tumo::report::{
    Coverage, Identity, Input, Outline, Overlay, PlanReport, Report, RuleReport, SCHEMA, StoreyReport,
    TransformReport,
};
use tumo::score::{Decision, Fix, Score};
use tumo::wording::Text;

const BAY_M: f64 = 7.2;

/// A report with so many findings on two storeys, each of whose plans has at least so many drawn segments.
pub(crate) fn report(findings: usize, segments: usize) -> Report {
    let bays = 6;
    let overlays: Vec<Overlay> = (0..2).map(|s| overlay(s, bays, segments)).collect();
    let plans = (0..2).map(plan).collect();
    let mut list: Vec<Finding> = (0..findings).map(|n| finding(n, bays)).collect();
    for f in &mut list {
        f.fingerprint();
    }
    if let [first, second, ..] = list.as_mut_slice() {
        second.parent = Some(first.id.clone());
    }
    Report {
        schema: SCHEMA,
        engine: "tumo test".into(),
        decision: Decision::FixAndResubmit,
        reasons: Vec::new(),
        profile: "general".into(),
        inputs: inputs(),
        identity: Identity { scope: "all".into(), ..Identity::default() },
        plans,
        findings: list,
        rules: rules(),
        scores: [("consistency", 91.25), ("quality", 97.0), ("total", 93.2)]
            .into_iter()
            .map(|(name, value)| (name.to_owned(), score(value)))
            .collect(),
        fixes: vec![Fix {
            rule: "DM20".into(),
            title: Text { en: "Every door".into(), zh: "门须一致".into() },
            family: "consistency".into(),
            failed: 1,
            decided: 12,
            lost: 8.75,
            capped: false,
            wins: 4.4,
            fix: Text { en: "Add the door".into(), zh: "补充该门".into() },
        }],
        previous: None,
        replies: Vec::new(),
        notices: Vec::new(),
        overlays,
        spot_check: None,
    }
}

fn score(value: f64) -> Score {
    Score {
        value: Some(value),
        grade: "B".into(),
        weights: [("error".to_owned(), 1.0)].into(),
        deductions: [("DM20".to_owned(), 100.0 - value)].into(),
        coverage: 0.964,
    }
}

fn inputs() -> Vec<Input> {
    let input = |name: &str, format: &str, schema: Option<&str>| Input {
        name: name.into(),
        format: format.into(),
        schema: schema.map(Into::into),
        sha256: "0f".repeat(32),
        bytes: 418_831,
        authoring_tool: schema.map(|_| "Revit 2024".into()),
    };
    vec![input("OfficeA.ifc", "ifc", Some("IFC4")), input("一层平面图.dxf", "dxf", None)]
}

fn storey(n: usize) -> StoreyName {
    StoreyName { guid: format!("0CHiDz3BLN2BKfORhfM_B{n}"), name: format!("{}F", n + 1) }
}

fn plan(n: usize) -> PlanReport {
    let coverage = [("wall", 53), ("column", 42), ("door", 20), ("window", 31), ("room", 18), ("axis", 11)]
        .into_iter()
        .map(|(class, all)| {
            let counts = Coverage {
                compared: all,
                agreed: all - 3,
                differ: 1,
                missing_in_model: 1,
                missing_in_drawing: 1,
                undecided: u64::from(class == "door") * 3,
            };
            (class.to_owned(), counts)
        })
        .collect();
    let at = storey(n);
    PlanReport {
        drawing: "一层平面图.dxf".into(),
        page: None,
        plan: format!("P{}", n + 1),
        title: Some(["一层平面图 1:100", "二层平面图 1:100"][n].into()),
        storeys: vec![StoreyReport { guid: at.guid, name: at.name, elevation_m: 4.2 * n as f64 }],
        outside_scope: false,
        scale: Some(100.0),
        unit_m: 0.001,
        transform: TransformReport {
            m: Some([0.001, 0.0, 0.0, 0.001, -29.66, -123.56]),
            mirrored: false,
            method: "labels".into(),
            rms_mm: 0.4,
            p95_mm: 0.8,
            inliers: 22,
            trust: 0.98,
        },
        story: Text::new(
            "laid by 22 of 22 crossings of the axes 1–7 and A–D",
            "按轴网 1–7、A–D 的 22 个交点对位，全部吻合",
        ),
        coverage,
    }
}

fn rules() -> Vec<RuleReport> {
    let titles = [
        ("DM09", "Wall on the plan has no wall in the model", "图中有墙，模型中没有"),
        ("DM20", "Door on the plan has no door in the model, or the reverse", "门在图纸与模型中不对应"),
        ("DM22", "Door or window stands elsewhere", "门窗位置不一致"),
        ("DM30", "Room has another name", "房间名称不一致"),
    ];
    titles
        .into_iter()
        .map(|(id, en, zh)| RuleReport {
            id: id.into(),
            title: Text::new(en, zh),
            severity: Severity::Error,
            tally: Tally { passed: 40, failed: 4, undecided: 1, ..Tally::default() },
        })
        .collect()
}

fn finding(n: usize, bays: usize) -> Finding {
    let kinds = [
        ("DM20", "IfcDoor", Severity::Error, Verdict::Fail, Some(Side::MissingInModel)),
        ("DM22", "IfcWindow", Severity::Error, Verdict::Fail, Some(Side::Differs)),
        ("DM09", "IfcWall", Severity::Warning, Verdict::Fail, Some(Side::MissingInModel)),
        ("DM30", "IfcSpace", Severity::Warning, Verdict::Undecided, Some(Side::Differs)),
    ];
    let (rule, class, severity, verdict, side) = kinds[n % 4];
    let level = n / 4 % 2;
    let bay = n.wrapping_mul(7) % (bays * 3);
    let spread = (n / 72) as f64 * 0.13;
    let x = (bay % bays) as f64 * BAY_M + 2.1 + spread % 3.0;
    let y = (bay / bays) as f64 * BAY_M + spread % 2.0;
    let (message, fix) = match n % 4 {
        0 => (
            Text::new(
                format!("door M0921-{n} is drawn and not modelled"),
                format!("门 M0921-{n} 已绘制，模型中没有"),
            ),
            Text::new("Model the door, or take it off the plan.", "在模型中补画该门，或从图中删除。"),
        ),
        1 => (
            Text::new(
                "window C1518 stands 240 mm from its place in the model",
                "窗 C1518 与模型位置相差 240 mm",
            ),
            Text::new("Move whichever is out of date.", "以现行设计为准移动其一。"),
        ),
        2 => (
            Text::new("wall of 3,400 mm is drawn and not modelled", "长 3400 mm 的墙已绘制，模型中没有"),
            Text::new("Model the wall.", "在模型中补画该墙。"),
        ),
        _ => (
            Text::new(
                "room is named 会议室 on the plan; its label stands on the boundary of two rooms",
                "图中房间名为“会议室”，标注位于两个房间边界上",
            ),
            Text::new("Move the label into the room.", "将标注移入房间内。"),
        ),
    };
    let numbers = n % 4 == 1;
    Finding {
        id: String::new(),
        rule: rule.into(),
        severity,
        verdict,
        class: class.into(),
        side,
        storey: Some(storey(level)),
        elements: vec![ElementName {
            guid: format!("2P_YkR73nI4uCDomyA3N{n:02}"),
            step_id: 4711 + n as u32,
            class: class.into(),
            name: Some("Basic Wall:Interior - 200".into()),
            tag: Some("M0921".into()),
        }],
        drawn: vec![DrawnName {
            drawing: "一层平面图.dxf".into(),
            plan: Some(format!("P{}", level + 1)),
            handle: Some(format!("{:X}", 0x2F3 + n)),
            layer: Some("WINDOW".into()),
            at: [x * 1000.0, y * 1000.0],
        }],
        point_m: Some([x, y, 4.2 * level as f64 + 1.0]),
        measured: numbers.then_some(Value::Number(1740.0)),
        expected: numbers.then_some(Value::Number(1500.0)),
        limit: numbers.then_some(30.0),
        unit: numbers.then(|| "mm".into()),
        axis: None,
        mark: Some("M0921".into()),
        message,
        fix,
        confidence: 0.93,
        status: None,
        waived: None,
        parent: None,
    }
}

/// Bays with walls, columns and doors; the drawing a little aside in one of them.
fn overlay(level: usize, bays: usize, segments: usize) -> Overlay {
    let mut model = Vec::new();
    let mut drawn = Vec::new();
    let mut labels = Vec::new();
    let square = |c: Point2, half: f64| {
        [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]
            .map(|(x, y)| c + Point2::new(x * half, y * half))
            .to_vec()
    };
    let size = Point2::new(bays as f64 * BAY_M, 3.0 * BAY_M);
    for i in 0..=bays {
        let x = i as f64 * BAY_M;
        labels.push(((i + 1).to_string(), Point2::new(x, -3.0)));
        for side in [&mut model, &mut drawn] {
            side.push(Outline {
                class: "axis",
                points: vec![Point2::new(x, -2.4), Point2::new(x, size.y + 1.0)],
                closed: false,
            });
        }
        for j in 0..=3 {
            let c = Point2::new(x, j as f64 * BAY_M);
            model.push(Outline { class: "column", points: square(c, 0.25), closed: true });
            let aside = if i == 2 && j == 1 { Point2::new(0.18, 0.0) } else { Point2::new(0.0, 0.0) };
            drawn.push(Outline { class: "column", points: square(c + aside, 0.25), closed: true });
            if i < bays {
                let wall = vec![
                    c + Point2::new(0.25, -0.1),
                    c + Point2::new(BAY_M - 0.25, -0.1),
                    c + Point2::new(BAY_M - 0.25, 0.1),
                    c + Point2::new(0.25, 0.1),
                ];
                model.push(Outline { class: "wall", points: wall.clone(), closed: true });
                drawn.push(Outline { class: "wall", points: wall, closed: true });
                let hinge = c + Point2::new(1.6, 0.1);
                let swing = (0..=8).map(|k| {
                    let a = f64::from(k) / 8.0 * std::f64::consts::FRAC_PI_2;
                    hinge + Point2::new(0.9 * a.cos(), 0.9 * a.sin())
                });
                let leaf: Vec<Point2> = swing.chain([hinge]).collect();
                drawn.push(Outline { class: "door", points: leaf.clone(), closed: false });
                if !(i + j + level).is_multiple_of(4) {
                    model.push(Outline { class: "door", points: leaf, closed: false });
                }
            }
        }
    }
    let mut n = drawn.iter().map(|o| o.points.len()).sum::<usize>();
    while n < segments {
        let x = (n % 977) as f64 / 977.0 * size.x;
        let y = (n % 613) as f64 / 613.0 * size.y;
        drawn.push(Outline {
            class: "raw",
            points: vec![Point2::new(x, y), Point2::new(x + 0.4, y + 0.15)],
            closed: false,
        });
        n += 1;
    }
    Overlay {
        plan: format!("P{}", level + 1),
        drawing: "一层平面图.dxf".into(),
        title: Some(["一层平面图 1:100", "二层平面图 1:100"][level].into()),
        storey: Some(storey(level)),
        bounds: Box2::of(Point2::new(-1.0, -3.5), size + Point2::new(1.0, 1.0)),
        model,
        drawn,
        north: Some(std::f64::consts::FRAC_PI_4 * 3.0),
        labels,
    }
}
