//! Registration on synthetic storeys: found under any similarity, refused where it cannot be known.

use super::sample::{draw, model, plans, storey};
use super::*;
use crate::drawing::plans::{AxisLine, StoreyNames};
use crate::geom::Segment2;

fn error_mm(got: &Affine2, want: &Affine2) -> f64 {
    [(0.0, 0.0), (18.0, 0.0), (18.0, 11.0), (0.0, 11.0)]
        .iter()
        .map(|&(x, y)| {
            let q = Point2::new(x, y);
            got.apply(want.apply(q)).distance(q) * 1000.0
        })
        .fold(0.0, f64::max)
}

fn building() -> (Vec<StoreyPlan>, Vec<Model>) {
    let storeys = vec![storey(0, 0.0, 0.0), storey(1, 3.0, 0.7), storey(2, 6.0, 1.3)];
    let models = vec![model(&storeys, &["1F", "2F", "3F"])];
    (storeys, models)
}

fn turned(angle: f64) -> Affine2 {
    Affine2::similarity(1.0, angle, false, Point2::new(31.0, -12.5))
}

#[test]
fn labels_lay_a_plan_at_any_angle_and_a_moved_axis_is_no_bias() {
    let (storeys, models) = building();
    for angle in [0.0, 0.022, 0.5, 1.6, -2.9] {
        let to_plan = turned(angle);
        let mut plan = draw(&storeys[1], &to_plan, true);
        plan.storeys = StoreyNames { ordinals: vec![1], ..StoreyNames::default() };
        let shift = to_plan.apply_vector(Point2::new(0.13, 0.0));
        if let AxisLine::Line(l) = &mut plan.axes[1].line {
            *l = Segment2::new(l.a + shift, l.b + shift);
        }
        plan.axes[5].label = "Q".into();
        let r = &solve(&models, &storeys, &[], &plans(vec![plan])).plans[0];
        assert_eq!((r.method, &r.storeys[..]), (Method::Labels, &[1usize][..]), "{angle}: {}", r.story.en);
        let e = error_mm(&r.to_world.unwrap(), &to_plan);
        assert!(e < 0.05, "{angle}: {e} mm");
    }
}

#[test]
fn shapes_lay_a_plan_without_labels_or_title() {
    let (storeys, models) = building();
    for angle in [0.0, 0.4, 1.7, 3.0] {
        for (i, s) in storeys.iter().enumerate() {
            let to_plan = turned(angle);
            let mut plan = draw(s, &to_plan, false);
            let shift = to_plan.apply_vector(Point2::new(0.0, 0.06));
            plan.walls[7].line = Segment2::new(plan.walls[7].line.a + shift, plan.walls[7].line.b + shift);
            let r = &solve(&models, &storeys, &[], &plans(vec![plan])).plans[0];
            assert_eq!((r.method, &r.storeys[..]), (Method::Shapes, &[i][..]), "{angle}: {}", r.story.en);
            let e = error_mm(&r.to_world.unwrap(), &to_plan);
            assert!(e < 1.0, "{angle}: {e} mm");
        }
    }
}

#[test]
fn another_building_is_a_mismatch_and_a_mirror_image_is_refused() {
    let (storeys, models) = building();
    let mut other = draw(&storeys[0], &turned(0.3), false);
    for (i, w) in other.walls.iter_mut().enumerate() {
        let k = 0.7 + 0.11 * ((i * 7) % 5) as f64;
        let shift = Point2::new((i as f64 * 2.37) % 5.0, (i as f64 * 3.19) % 4.0);
        w.line = Segment2::new(w.line.a * k + shift, w.line.b * k + shift);
    }
    other.openings.clear();
    other.columns.clear();
    other.rooms.clear();
    let r = &solve(&models, &storeys, &[], &plans(vec![other])).plans[0];
    assert!(r.to_world.is_none() && r.mismatch, "{}", r.story.en);

    let mirrored = draw(&storeys[0], &Affine2::similarity(1.0, 0.3, true, Point2::default()), false);
    let r = &solve(&models, &storeys, &[], &plans(vec![mirrored])).plans[0];
    assert!(r.to_world.is_none() && r.mismatch, "{}", r.story.en);
}

#[test]
fn part_of_a_regular_column_grid_is_not_decided() {
    let mut s = storey(0, 0.0, 0.0);
    let column = s.columns[0].clone();
    s.walls.clear();
    s.openings.clear();
    s.rooms.clear();
    s.columns.clear();
    for i in 0..7 {
        for j in 0..4 {
            let mut c = column.clone();
            c.centre = Point2::new(8.4 * f64::from(i), 8.4 * f64::from(j));
            c.outline = vec![crate::geom::Polygon::rectangle(c.centre, 0.5, 0.5, 0.0)];
            s.columns.push(c);
        }
    }
    let mut plan = draw(&s, &turned(0.0), false);
    plan.columns.truncate(16);
    // a few dimension-like lines give the direction
    for i in 0..20 {
        let y = f64::from(i);
        plan.raw.lines.push((Segment2::new(Point2::new(0.0, y), Point2::new(9.0, y)), 0));
    }
    let models = vec![model(std::slice::from_ref(&s), &["1F"])];
    let r = &solve(&models, &[s], &[], &plans(vec![plan])).plans[0];
    assert!(r.to_world.is_none(), "{}", r.story.en);
}

#[test]
fn a_title_against_the_shape_is_not_believed() {
    let (mut storeys, _) = building();
    storeys[2].walls.truncate(4);
    storeys[2].openings.truncate(1);
    let models = vec![model(&storeys, &["1F", "2F", "3F"])];
    let mut plan = draw(&storeys[0], &turned(0.0), true);
    plan.storeys = StoreyNames { ordinals: vec![2], ..StoreyNames::default() };
    let r = &solve(&models, &storeys, &[], &plans(vec![plan])).plans[0];
    assert!(r.to_world.is_none() && !r.mismatch, "{}", r.story.en);
}

#[test]
fn a_mirror_image_is_refused_though_its_labels_agree() {
    let (storeys, models) = building();
    let mirrored = draw(&storeys[0], &Affine2::similarity(1.0, 0.3, true, Point2::default()), true);
    let r = &solve(&models, &storeys, &[], &plans(vec![mirrored])).plans[0];
    assert!(r.to_world.is_none() && r.mismatch, "{}", r.story.en);
}

#[test]
fn labels_that_stand_elsewhere_speak_against_a_shape_that_fits_in_part() {
    let (storeys, models) = building();
    let mut plan = draw(&storeys[0], &turned(0.3), true);
    // inside walls of another building, and a grid of its own
    for (i, w) in plan.walls.iter_mut().enumerate().filter(|(i, _)| *i >= 8) {
        let shift = Point2::new(0.9 + 0.37 * i as f64, 0.5 - 0.21 * i as f64);
        w.line = Segment2::new(w.line.a + shift, w.line.b + shift);
    }
    plan.openings.clear();
    plan.rooms.clear();
    let alone = solve(&models, &storeys, &[], &plans(vec![Plan { axes: Vec::new(), ..plan.clone() }]));
    assert!(alone.plans[0].to_world.is_some(), "{}", alone.plans[0].story.en);
    for (i, axis) in plan.axes.iter_mut().enumerate() {
        if let AxisLine::Line(l) = &mut axis.line {
            let shift = Point2::new(0.7 * i as f64, 0.4 * i as f64);
            *l = Segment2::new(l.a + shift, l.b + shift);
        }
    }
    let r = &solve(&models, &storeys, &[], &plans(vec![plan.clone()])).plans[0];
    assert!(r.to_world.is_none(), "{}", r.story.en);
    // half of the labels stand as they do here: that is no less another grid
    let here = draw(&storeys[0], &turned(0.3), true).axes;
    for k in [0, 1, 2, 4] {
        plan.axes[k] = here[k].clone();
    }
    let map = turned(0.3).inverse().unwrap();
    let families = labels::agreeing(&storeys[0].axes, &plan.axes, &map);
    assert_eq!(families.iter().fold((0, 0), |s, f| (s.0 + f.0, s.1 + f.1)), (4, 7));
    let r = &solve(&models, &storeys, &[], &plans(vec![plan.clone()])).plans[0];
    assert!(r.to_world.is_none(), "{}", r.story.en);
    // as deep as this building, and with other bays
    plan.axes = here.clone();
    for axis in plan.axes.iter_mut().filter(|a| a.label.parse::<u32>().is_ok()) {
        let (k, across) = (axis.label.parse::<f64>().unwrap(), Point2::unit(0.3));
        if let AxisLine::Line(l) = &mut axis.line {
            let along = l.direction().unwrap();
            let shift = if along.cross(across).abs() > 0.5 { across } else { across.left() } * (1.3 * k);
            *l = Segment2::new(l.a + shift, l.b + shift);
        }
    }
    let families = labels::agreeing(&storeys[0].axes, &plan.axes, &map);
    assert_eq!(families, [(0, 4), (3, 3)]);
    let r = &solve(&models, &storeys, &[], &plans(vec![plan.clone()])).plans[0];
    assert!(r.to_world.is_none(), "{}", r.story.en);
    // most of all labels agree, and half of the bays are others
    for axis in plan.axes.iter_mut().filter(|a| matches!(a.label.as_str(), "1" | "4")) {
        *axis = here.iter().find(|h| h.label == axis.label).unwrap().clone();
    }
    assert_eq!(labels::agreeing(&storeys[0].axes, &plan.axes, &map), [(2, 4), (3, 3)]);
    let r = &solve(&models, &storeys, &[], &plans(vec![plan])).plans[0];
    assert!(r.to_world.is_none(), "{}", r.story.en);
    // of this building two axes that moved are findings
    let mut moved = draw(&storeys[0], &turned(0.3), true);
    for axis in moved.axes.iter_mut().filter(|a| matches!(a.label.as_str(), "2" | "3")) {
        if let AxisLine::Line(l) = &mut axis.line {
            let shift = l.direction().unwrap().left() * 0.3;
            *l = Segment2::new(l.a + shift, l.b + shift);
        }
    }
    let r = &solve(&models, &storeys, &[], &plans(vec![moved])).plans[0];
    assert_eq!(r.storeys, [0], "{}", r.story.en);
}

#[test]
fn a_title_that_may_mean_another_storey_is_read_as_what_is_drawn() {
    let (mut storeys, _) = building();
    storeys.truncate(2);
    storeys[1].walls.truncate(5);
    storeys[1].openings.truncate(1);
    let models = vec![model(&storeys, &["Ground Floor", "Level 1"])];
    let mut plan = draw(&storeys[0], &turned(0.0), true);
    plan.storeys = StoreyNames {
        labels: vec!["LEVEL 1".into()],
        ordinals: vec![0],
        alternative: vec![1],
        ..StoreyNames::default()
    };
    let r = &solve(&models, &storeys, &[], &plans(vec![plan])).plans[0];
    assert_eq!(r.storeys, [0], "{}", r.story.en);
}

#[test]
fn a_typical_floor_goes_to_all_its_storeys() {
    let storeys = vec![storey(0, 0.0, 0.4), storey(1, 3.0, 0.0), storey(2, 6.0, 0.0)];
    let models = vec![model(&storeys, &["1F", "2F", "3F"])];
    let mut plan = draw(&storeys[1], &turned(0.0), true);
    plan.storeys = StoreyNames { ordinals: vec![1, 2], ..StoreyNames::default() };
    let r = &solve(&models, &storeys, &[], &plans(vec![plan.clone()])).plans[0];
    assert_eq!(r.storeys, [1, 2], "{}", r.story.en);
    // one of its levels is stated wrong: still it stands for both
    plan.levels.push(crate::drawing::plans::LevelMark {
        text: crate::drawing::plans::DrawnText {
            text: "6.000 3.300".into(),
            at: Point2::new(1.0, 1.0),
            mark: 0,
        },
        levels_m: vec![3.3, 6.0],
        structural: false,
    });
    let r = &solve(&models, &storeys, &[], &plans(vec![plan.clone()])).plans[0];
    assert_eq!(r.storeys, [1, 2], "{}", r.story.en);
    // LEVELS 2-3 counts from one or from the ground: the reading in which the plan fits all of its storeys
    plan.levels.clear();
    plan.storeys = StoreyNames {
        labels: vec!["LEVELS 1".into(), "LEVELS 2".into()],
        ordinals: vec![0, 1],
        alternative: vec![1, 2],
        ..StoreyNames::default()
    };
    let r = &solve(&models, &storeys, &[], &plans(vec![plan])).plans[0];
    assert_eq!(r.storeys, [1, 2], "{}", r.story.en);
}

#[test]
fn a_british_first_floor_is_above_the_ground_floor() {
    let (storeys, models) = building();
    let titled = |s: usize, label: &str, ordinals: Vec<i32>, alternative: Vec<i32>| {
        let mut plan = draw(&storeys[s], &turned(0.0), true);
        plan.storeys =
            StoreyNames { labels: vec![label.into()], ordinals, alternative, ..StoreyNames::default() };
        plan
    };
    let ground = titled(0, "GROUND FLOOR", vec![0], vec![]);
    let first = titled(1, "FIRST FLOOR", vec![0], vec![1]);
    let r = solve(&models, &storeys, &[], &plans(vec![ground, first.clone()]));
    assert_eq!((&r.plans[0].storeys[..], &r.plans[1].storeys[..]), (&[0usize][..], &[1usize][..]));
}

/// One plan alone in its drawing, of which the user says storeys.
fn lay_said(plan: Plan, said: &[usize]) -> PlanRegistration {
    let (storeys, models) = building();
    let said = said::Said { storeys: said.to_vec(), alone: true, ..said::Said::default() };
    let mut laid = solve_given(&models, &storeys, &[], &plans(vec![plan]), &[], &[Some(said)])
        .expect("no places are given");
    laid.plans.remove(0)
}

#[test]
fn a_storey_that_is_said_stands_over_the_title_and_is_told() {
    let (storeys, _) = building();
    let mut plan = draw(&storeys[1], &turned(0.3), true);
    // the title names another storey
    plan.storeys = StoreyNames { ordinals: vec![2], ..StoreyNames::default() };
    let r = lay_said(plan.clone(), &[1]);
    assert_eq!(r.storeys, [1], "{}", r.story.en);
    assert!(r.story.en.contains("as the user says") && r.story.zh.contains("用户指定"), "{}", r.story.en);
    assert_eq!(r.named, [1]);
    // one of several, told by what is drawn
    let r = lay_said(plan.clone(), &[0, 1]);
    assert!(r.storeys.contains(&1), "{}", r.story.en);
    let mut two = vec![plan.clone(), draw(&storeys[0], &turned(0.3), true)];
    two[1].id = "P2".into();
    let both = said::Said { storeys: vec![0, 1], alone: false, ..said::Said::default() };
    let (storeys, models) = building();
    let laid =
        solve_given(&models, &storeys, &[], &plans(two), &[], &[Some(both.clone()), Some(both)]).unwrap();
    assert_eq!((&laid.plans[0].storeys[..], &laid.plans[1].storeys[..]), (&[1][..], &[0][..]));
}

#[test]
fn a_storey_that_is_said_and_that_the_drawing_contradicts_is_not_taken() {
    let (mut storeys, _) = building();
    // the plan of a storey that has nothing of the one that is said but its axes
    storeys[1].walls.truncate(2);
    let plan = draw(&storeys[0], &turned(0.3), true);
    let models = vec![model(&storeys, &["1F", "2F", "3F"])];
    let said = said::Said { storeys: vec![1], alone: true, ..said::Said::default() };
    let r = solve_given(&models, &storeys, &[], &plans(vec![plan.clone()]), &[], &[Some(said)]).unwrap();
    let r = &r.plans[0];
    assert!(r.to_world.is_none() && r.story.en.contains("the user says"), "{}", r.story.en);
    assert!(!r.mismatch);
    let unknown = said::Said { unknown: Some("9F".into()), ..said::Said::default() };
    let r = solve_given(&models, &storeys, &[], &plans(vec![plan]), &[], &[Some(unknown)]).unwrap();
    let r = &r.plans[0];
    assert!(r.to_world.is_none() && r.story.en.contains("9F") && r.story.en.contains("3F"), "{}", r.story.en);
}
