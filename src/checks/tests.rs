//! The comparison on synthetic storeys, from plans to findings: a consistent pair says nothing, each single
//! inconsistency is told once, under its rule, on its element.

mod further;
pub(crate) mod properties;

use super::run;
use crate::checks::Findings;
use crate::drawing::plans::*;
use crate::drawing::{Drawing, Plans};
use crate::facts::Facts;
use crate::finding::{Finding, Severity, Side, Verdict};
use crate::geom::{Affine2, Point2, Segment2};
use crate::ifc::section::StoreyPlan;
use crate::matching;
use crate::registration::{self, sample};
use crate::rulebook::Rulebook;

fn to_plan() -> Affine2 {
    Affine2::similarity(1.0, 0.4, false, Point2::new(31.0, -12.5))
}

fn findings(storeys: &[StoreyPlan], plans: &Plans) -> Findings {
    with(vec![sample::model(storeys, &["1F", "2F", "3F"])], storeys, plans)
}

fn with(models: Vec<crate::ifc::Model>, storeys: &[StoreyPlan], plans: &Plans) -> Findings {
    let drawings =
        vec![Drawing { file: "plan.dxf".into(), sheets: vec![Default::default()], ..Drawing::default() }];
    let registration = registration::solve(&models, storeys, &drawings, plans);
    let everything = &crate::scope::EVERYTHING;
    let claimed =
        matching::Claimed { storey: &|_| true, class: &|plan, class| everything.has_class_on(plan, class) };
    let matches = matching::pair(&models, storeys, plans, &registration, &claimed);
    let facts = Facts {
        models: &models,
        storeys,
        drawings: &drawings,
        plans,
        registration: &registration,
        matches: &matches,
        ids: &[],
        scope: &crate::scope::EVERYTHING,
        shapes: None,
        manifest: None,
        identity: &Default::default(),
        waivers: &[],
        previous: &[],
        today: None,
    };
    run(&facts, &Rulebook::built_in("cn-building").unwrap())
}

fn told(findings: &Findings) -> Vec<&Finding> {
    findings.list.iter().filter(|f| f.severity != Severity::Info && f.rule.starts_with("DM")).collect()
}

fn storey() -> StoreyPlan {
    marked(sample::storey(0, 0.0, 0.0))
}

fn marked(mut s: StoreyPlan) -> StoreyPlan {
    for o in &mut s.openings {
        let (w, h) = (o.width_m * 10.0, o.height_m.unwrap() * 10.0);
        o.marks =
            vec![format!("{}{w:02.0}{h:02.0}", if o.kind == crate::ifc::Kind::Door { "M" } else { "C" })];
    }
    s
}

fn plan(s: &StoreyPlan, labels: bool) -> Plan {
    let mut p = sample::draw(s, &to_plan(), labels);
    p.storeys = StoreyNames { ordinals: vec![0], ..StoreyNames::default() };
    for (o, m) in p.openings.iter_mut().zip(&s.openings) {
        o.mark = Some(DrawnText { text: m.marks[0].clone(), at: o.centre, mark: 0 });
    }
    let at = p.walls[0].line.a;
    p.levels = vec![LevelMark {
        text: DrawnText { text: "±0.000".into(), at, mark: 0 },
        levels_m: vec![0.0],
        structural: false,
    }];
    p
}

/// Applies a change to the drawing and gives what is told.
fn after(change: impl Fn(&mut Plan)) -> Vec<(String, Option<Side>, Option<String>)> {
    let mut all = Vec::new();
    for labels in [true, false] {
        let s = storey();
        let mut p = plan(&s, labels);
        change(&mut p);
        sample::index(&mut p);
        let f = findings(&[s], &sample::plans(vec![p]));
        let told: Vec<_> = told(&f)
            .into_iter()
            .map(|f| {
                assert_eq!(f.verdict, Verdict::Fail, "{}", f.message.en);
                (f.rule.clone(), f.side, f.elements.first().map(|e| e.guid.clone()))
            })
            .collect();
        if labels {
            all = told;
        } else {
            assert_eq!(all, told, "labels and shapes must agree");
        }
    }
    all
}

fn shifted(line: Segment2, by: f64) -> Segment2 {
    let n = line.direction().unwrap().left() * by;
    Segment2::new(line.a + n, line.b + n)
}

#[test]
fn no_two_checks_share_a_name() {
    let mut names: Vec<&str> = super::ALL.iter().map(|c| c.name).collect();
    names.sort_unstable();
    assert!(names.windows(2).all(|w| w[0] != w[1]), "{names:?}");
}

#[test]
fn a_consistent_pair_says_nothing() {
    assert!(after(|_| ()).is_empty());
}

#[test]
fn each_inconsistency_is_told_once_under_its_rule() {
    let differs = Some(Side::Differs);
    type Change = fn(&mut Plan);
    // elements of the sample are numbered in order: 12 walls, 9 openings, 6 columns, 3 rooms
    let cases: Vec<(&str, Option<Side>, Option<&str>, Change)> = vec![
        ("DM10", Some(Side::MissingInDrawing), Some("guid-5"), |p| drop(p.walls.remove(4))),
        ("DM09", Some(Side::MissingInModel), None, |p| {
            let mut w = p.walls[4].clone();
            w.line = shifted(w.line, 1.8);
            p.walls.push(w);
        }),
        ("DM11", differs, Some("guid-5"), |p| p.walls[4].line = shifted(p.walls[4].line, 0.06)),
        ("DM11", differs, Some("guid-5"), |p| p.walls[4].line = shifted(p.walls[4].line, -0.6)),
        ("DM12", differs, Some("guid-5"), |p| {
            p.walls[4].thickness_m = 0.24;
            p.walls[4].faces_m = vec![-0.12, 0.12];
        }),
        ("DM12", differs, Some("guid-5"), |p| {
            p.walls[4].thickness_m = 0.28;
            p.walls[4].faces_m = vec![-0.14, 0.14];
            p.walls[4].line = shifted(p.walls[4].line, 0.04);
        }),
        ("DM13", Some(Side::MissingInDrawing), Some("guid-23"), |p| drop(p.columns.remove(1))),
        ("DM14", differs, Some("guid-23"), |p| {
            p.columns[1].centre += Point2::new(0.09, 0.0);
            p.columns[1].outline.iter_mut().for_each(|q| *q += Point2::new(0.09, 0.0));
        }),
        ("DM15", differs, Some("guid-23"), |p| p.columns[1].width_m = 0.6),
        ("DM20", Some(Side::MissingInDrawing), Some("guid-14"), |p| drop(p.openings.remove(1))),
        ("DM21", Some(Side::MissingInDrawing), Some("guid-17"), |p| drop(p.openings.remove(4))),
        ("DM21", Some(Side::MissingInModel), None, |p| {
            let mut o = p.openings[5].clone();
            o.centre += o.along * 2.6;
            p.openings.push(o);
        }),
        ("DM22", differs, Some("guid-14"), |p| {
            let by = p.openings[1].along * 0.34;
            p.openings[1].centre += by;
            if let Some(s) = &mut p.openings[1].swing {
                s.hinges.iter_mut().for_each(|h| *h += by);
            }
        }),
        ("DM23", differs, Some("guid-17"), |p| p.openings[4].width_m = 1.4),
        ("DM24", differs, Some("guid-14"), |p| p.openings[1].mark.as_mut().unwrap().text = "M1524".into()),
        ("DM26", differs, Some("guid-14"), |p| {
            let o = &mut p.openings[1];
            let s = o.swing.as_mut().unwrap();
            s.opens_to = s.opens_to.map(|v| -v);
        }),
        ("DM26", differs, Some("guid-14"), |p| {
            let o = &mut p.openings[1];
            let (along, width) = (o.along, o.width_m);
            o.swing.as_mut().unwrap().hinges[0] += along * width;
        }),
        ("DM30", differs, Some("guid-29"), |p| p.rooms[1].name.as_mut().unwrap().text = "Kitchen".into()),
        ("DM31", differs, Some("guid-29"), |p| p.rooms[1].area_m2 = p.rooms[1].area_m2.map(|a| a * 1.04)),
        ("DM33", differs, Some("storey-1F"), |p| p.levels[0].levels_m = vec![-0.3]),
    ];
    for (rule, side, guid, change) in cases {
        let told = after(change);
        let want = vec![(rule.to_owned(), side, guid.map(str::to_owned))];
        assert_eq!(told, want);
    }
}

#[test]
fn axes_that_moved_or_changed_their_label_are_told_apart() {
    let s = storey();
    let axis = |change: fn(&mut Plan)| {
        let mut p = plan(&s, true);
        change(&mut p);
        let f = findings(std::slice::from_ref(&s), &sample::plans(vec![p]));
        told(&f).iter().map(|f| (f.rule.clone(), f.axis.clone())).collect::<Vec<_>>()
    };
    let moved = axis(|p| {
        if let AxisLine::Line(l) = &mut p.axes[1].line {
            *l = shifted(*l, 0.13);
        }
    });
    assert_eq!(moved, [("DM07".to_owned(), Some("2".to_owned()))]);
    let renamed = axis(|p| p.axes[2].label = "7".into());
    assert_eq!(renamed, [("DM06".to_owned(), Some("3".to_owned()))]);
    let gone = axis(|p| drop(p.axes.remove(2)));
    assert_eq!(gone, [("DM06".to_owned(), Some("3".to_owned()))]);
}

#[test]
fn a_convention_is_one_note_and_hides_no_single_fault() {
    let s = storey();
    let mut p = plan(&s, true);
    for o in p.openings.iter_mut().filter(|o| o.kind == OpeningKind::Window) {
        o.width_m -= 0.04;
    }
    p.openings[4].width_m -= 0.2;
    let f = findings(std::slice::from_ref(&s), &sample::plans(vec![p]));
    let said: Vec<_> = told(&f).iter().map(|f| f.rule.clone()).collect();
    assert_eq!(said, ["DM23"]);
    assert_eq!(f.list.iter().filter(|f| f.rule == "DM23" && f.severity == Severity::Info).count(), 1);
}

#[test]
fn a_wall_that_lines_show_is_not_called_missing() {
    let s = storey();
    let mut p = plan(&s, true);
    let gone = p.walls.remove(4);
    sample::index(&mut p);
    let n = gone.line.direction().unwrap().left();
    for f in gone.faces_m {
        p.raw.lines.push((Segment2::new(gone.line.a + n * f, gone.line.b + n * f), 0));
    }
    p.raw.line_index = crate::geom::BoxIndex::new(
        p.raw.lines.iter().map(|(s, _)| crate::geom::Box2::of(s.a, s.b)).collect(),
    );
    assert!(told(&findings(&[s], &sample::plans(vec![p]))).is_empty());
}

/// A bench in the middle of the large room, drawn as two lines: a wall for all that its shape says.
fn with_bench(understood: f64) -> (Vec<String>, usize) {
    let s = storey();
    let mut p = plan(&s, true);
    p.understood = understood;
    let mut bench = p.walls[4].clone();
    let (a, b) = (Point2::new(1.5, 2.5), Point2::new(2.9, 2.5));
    bench.line = Segment2::new(to_plan().apply(a), to_plan().apply(b));
    bench.evidence.confidence = 0.8;
    p.walls.push(bench);
    sample::index(&mut p);
    let f = findings(&[s], &sample::plans(vec![p]));
    let failed = told(&f).iter().filter(|f| f.verdict == Verdict::Fail).map(|f| f.rule.clone()).collect();
    (failed, f.list.iter().filter(|f| f.rule == "DM09" && f.verdict == Verdict::Undecided).count())
}

#[test]
fn a_loose_pair_of_lines_is_a_wall_only_where_layers_say_what_is_one() {
    assert_eq!(with_bench(0.9), (vec!["DM09".to_owned()], 0));
    assert_eq!(with_bench(0.0), (Vec::new(), 1));
}

/// A wall drawn as one with a lining that lies against it.
#[test]
fn a_lining_drawn_as_one_with_its_wall_has_not_moved() {
    let mut s = storey();
    let host = s.walls[5].clone();
    let n = host.runs[0].line.direction().unwrap().left() * 0.12;
    let mut lining = host.clone();
    let line = Segment2::new(host.runs[0].line.a + n, host.runs[0].line.b + n);
    lining.element.index += 500;
    lining.thickness_m = 0.04;
    lining.faces_m = vec![-0.02, 0.02];
    lining.runs = vec![crate::ifc::section::WallRunCut { line, thickness_m: 0.04 }];
    let u = line.direction().unwrap();
    lining.solid = vec![crate::geom::Polygon::rectangle(line.middle(), line.length(), 0.04, u.angle())];
    lining.outline = lining.solid.clone();
    let mut p = plan(&s, true);
    s.walls.push(lining);
    // one outline around both
    let shift = to_plan().apply_vector(n.normalised().unwrap() * 0.02);
    let w = &mut p.walls[5];
    w.line = Segment2::new(w.line.a + shift, w.line.b + shift);
    w.thickness_m = 0.24;
    w.faces_m = vec![-0.12, 0.12];
    sample::index(&mut p);
    let said: Vec<String> =
        told(&findings(&[s], &sample::plans(vec![p]))).iter().map(|f| f.rule.clone()).collect();
    assert_eq!(said, Vec::<String>::new());
}

#[test]
fn a_schedule_that_miscounts_is_told_by_its_mark() {
    let s = storey();
    let p = plan(&s, true);
    let row = |mark: &str, total: u32, w: f64, h: f64| ScheduleRow {
        mark: mark.into(),
        width_m: Some(w),
        height_m: Some(h),
        total: Some(total),
        ..ScheduleRow::default()
    };
    let schedule = Schedule {
        drawing: 0,
        sheet: 0,
        region: Default::default(),
        rows: vec![
            row("M0921", 3, 0.9, 2.1),
            row("M1021", 1, 1.0, 2.1),
            row("M0821", 1, 0.8, 2.1),
            row("C1515", 2, 1.5, 1.5),
            row("C1815", 1, 1.8, 1.5),
            row("C1215", 1, 1.2, 1.8),
            row("C0915", 1, 0.9, 1.5),
        ],
    };
    let plans = Plans { plans: vec![p], schedules: vec![schedule], ..Plans::default() };
    let f = findings(&[s], &plans);
    let said: Vec<_> = told(&f).iter().map(|f| (f.rule.clone(), f.mark.clone().unwrap())).collect();
    assert_eq!(said, [("DM27".to_owned(), "M0921".to_owned()), ("DM28".to_owned(), "C1215".to_owned())]);
}

/// A schedule whose rows have a column for each storey, as it is written on Chinese sheets.
fn schedule_of(rows: Vec<ScheduleRow>) -> Vec<Schedule> {
    vec![Schedule { drawing: 0, sheet: 0, region: Default::default(), rows }]
}

#[test]
fn a_schedule_is_held_against_plans_and_model_storey_by_storey() {
    let storeys = [storey(), marked(sample::storey(1, 3.0, 0.7))];
    let mut sheets: Vec<Plan> = Vec::new();
    for (k, (s, label)) in storeys.iter().zip(["首层", "二层"]).enumerate() {
        let mut p = plan(s, true);
        p.id = format!("P{}", k + 1);
        p.levels.clear();
        p.storeys =
            StoreyNames { labels: vec![label.into()], ordinals: vec![k as i32], ..StoreyNames::default() };
        sheets.push(p);
    }
    let row = |mark: &str, width_m: f64, per: [u32; 2], total: u32| ScheduleRow {
        mark: mark.into(),
        width_m: Some(width_m),
        per_storey: vec![("1F".into(), per[0]), ("二层".into(), per[1])],
        total: Some(total),
        ..ScheduleRow::default()
    };
    let run = |rows: Vec<ScheduleRow>| {
        let plans = Plans { plans: sheets.clone(), schedules: schedule_of(rows), ..Plans::default() };
        let f = findings(&storeys, &plans);
        let about = |m: &Option<String>| m.as_deref() == Some("M0921");
        f.list.iter().filter(|f| f.rule == "DM27" && about(&f.mark)).cloned().collect::<Vec<_>>()
    };
    assert!(run(vec![row("M0921", 0.9, [2, 2], 4)]).is_empty());
    let other = run(vec![row("M0921", 0.9, [3, 1], 4)]);
    assert_eq!(other.len(), 1);
    assert!(other[0].message.en.contains("1F 3/2, 2F 1/2"), "{}", other[0].message.en);
    let more = run(vec![row("M0921", 0.9, [3, 2], 5)]);
    assert_eq!((more.len(), more[0].verdict), (1, Verdict::Fail));
    assert!(more[0].message.en.contains("1F 3/2, 2F 2/2"), "{}", more[0].message.en);
    // a column for several storeys is laid to none: only totals are compared
    let mut typical = row("M0921", 0.9, [2, 2], 4);
    typical.per_storey = vec![("1~2层".into(), 4)];
    assert!(run(vec![typical]).is_empty());
}

#[test]
fn a_size_is_told_three_ways_and_the_single_openings_follow_from_it() {
    let s = storey();
    let mut p = plan(&s, true);
    let row =
        ScheduleRow { mark: "C1815".into(), width_m: Some(1.5), total: Some(1), ..ScheduleRow::default() };
    // drawn as the schedule says, modelled otherwise
    for o in &mut p.openings {
        if o.mark.as_ref().is_some_and(|m| m.text == "C1815") {
            o.width_m = 1.5;
        }
    }
    sample::index(&mut p);
    let plans = Plans { plans: vec![p], schedules: schedule_of(vec![row]), ..Plans::default() };
    let f = findings(&[s], &plans);
    let of = |rule: &str| f.list.iter().find(|f| f.rule == rule && f.verdict == Verdict::Fail);
    let size = of("DM28").expect("the size in the schedule");
    for value in ["1500×?", "1800×1500", "1500 mm wide, as the schedule"] {
        assert!(size.message.en.contains(value), "{value}: {}", size.message.en);
    }
    let single = of("DM23").expect("the opening itself");
    assert!(single.message.en.contains("the schedule says 1500 mm"), "{}", single.message.en);
    assert_eq!(single.parent.as_ref(), Some(&size.id));
}

#[test]
fn what_is_open_for_one_reason_on_a_sheet_has_one_parent() {
    let rulebook = Rulebook::built_in("cn-building").unwrap();
    let rule = rulebook.rule("DM27").unwrap();
    let run = |rows: usize| {
        let mut f = Findings::default();
        for k in 0..rows {
            let mark = crate::wording::Text::same(format!("M{k}"));
            let finding = f.say(rule, Verdict::Undecided, "IfcDoor", "undecided", &[("mark", mark)]);
            finding.mark = Some(format!("M{k}"));
            finding.fingerprint();
        }
        crate::checks::grouping::group(&mut f, &rulebook);
        f
    };
    assert_eq!(run(5).list.len(), 5);
    let f = run(30);
    let (parents, members): (Vec<_>, Vec<_>) = f.list.iter().partition(|f| f.parent.is_none());
    assert_eq!((parents.len(), members.len()), (1, 30));
    assert!(members.iter().all(|m| m.parent.as_ref() == Some(&parents[0].id)));
    assert_eq!((parents[0].verdict, f.tallies["DM27"].undecided), (Verdict::Undecided, 30));
}
