//! Pairing with parts that were read otherwise, hidden or not recognised; marks that only the model knows.

use super::*;
use crate::drawing::plans::{DrawnSwing, DrawnText, DrawnWall};
use crate::geom::{Box2, BoxIndex, Segment2};
use crate::registration::PlanRegistration;
use crate::registration::sample;

fn p(x: f64, y: f64) -> Point2 {
    Point2::new(x, y)
}

fn drawn(s: &StoreyPlan) -> Plan {
    sample::draw(s, &Affine2::IDENTITY, true)
}

fn compared(s: &StoreyPlan, plan: Plan) -> PlanMatches {
    let plans = sample::plans(vec![plan]);
    one(std::slice::from_ref(s), &plans, (0, 0), Affine2::IDENTITY, 0.0, &|_, _| true).unwrap()
}

fn delta(list: &ClassMatches, modelled: usize, what: &str) -> Option<f64> {
    let pair = list.pairs.iter().find(|p| p.modelled == modelled)?;
    pair.deltas.iter().find(|d| d.what == what)?.difference
}

fn add_lines(plan: &mut Plan, lines: &[(Point2, Point2)]) {
    plan.raw.lines.extend(lines.iter().map(|&(a, b)| (Segment2::new(a, b), 0)));
    plan.raw.line_index = BoxIndex::new(plan.raw.lines.iter().map(|(s, _)| Box2::of(s.a, s.b)).collect());
}

#[test]
fn a_door_whose_open_leaf_was_taken_for_the_closed_one_is_the_modelled_door() {
    let s = sample::storey(0, 0.0, 0.0);
    let mut plan = drawn(&s);
    let hinge = p(2.0 - 0.45, 6.1);
    let door = &mut plan.openings[0];
    door.centre = p(hinge.x, hinge.y + 0.44);
    door.width_m = 0.88;
    door.along = p(0.0, 1.0);
    door.swing = Some(DrawnSwing { hinges: vec![hinge], opens_to: Some(p(1.0, 0.0)) });
    let m = compared(&s, plan);
    assert!(m.openings.missing_in_drawing.is_empty() && m.openings.missing_in_model.is_empty());
    assert_eq!(delta(&m.openings, 0, "width"), Some(0.0));
    assert_eq!(delta(&m.openings, 0, "swing"), Some(0.0));
}

#[test]
fn a_jamb_within_a_column_does_not_show_and_the_other_one_is_measured() {
    let mut s = sample::storey(0, 0.0, 0.0);
    s.openings[5].centre = p(8.5, 0.0);
    for (off, told) in [(0.0, false), (0.1, true)] {
        let mut plan = drawn(&s);
        // the column at 9.5 takes 9.25 to 9.75, the window 7.6 to 9.4
        let (left, right) = (7.6 + off, 9.25);
        plan.openings[5].centre = p((left + right) / 2.0, 0.0);
        plan.openings[5].width_m = right - left;
        let m = compared(&s, plan);
        let width = delta(&m.openings, 5, "width").unwrap();
        assert_eq!(width.abs() > 0.01, told, "{width}");
    }
}

#[test]
fn a_wall_that_was_not_recognised_is_measured_by_its_raw_lines() {
    let s = sample::storey(0, 0.0, 0.0);
    let mut plan = drawn(&s);
    plan.walls.remove(4);
    plan.understood = 0.0;
    sample::index(&mut plan);
    let alone = compared(&s, plan.clone());
    assert!(alone.walls.missing_in_drawing.iter().any(|w| w.index == 4 && w.undecided.is_none()));
    // one line beside it is none of it; a face on either side is
    let face = |x: f64| (p(x, 0.125), p(x, 6.0));
    let mut half = plan.clone();
    add_lines(&mut half, &[face(4.05)]);
    assert!(delta(&compared(&s, half).walls, 4, "thickness").is_none());
    add_lines(&mut plan, &[face(4.05), face(4.2), face(4.35)]);
    let m = compared(&s, plan.clone());
    assert!((delta(&m.walls, 4, "thickness").unwrap() - 0.1).abs() < 1e-9);
    assert!(m.walls.missing_in_drawing.is_empty());
    // where layers tell, such lines are the outlines of rooms
    plan.understood = 1.0;
    assert!(compared(&s, plan).walls.missing_in_drawing.iter().any(|w| w.index == 4));
}

#[test]
fn what_a_wall_has_of_doors_need_not_be_drawn_as_wall() {
    let mut s = sample::storey(0, 0.0, 0.0);
    // a cubicle's front: two doors and what is between them
    s.openings[3].centre = p(15.7, 1.2);
    s.openings[3].along = p(0.0, 1.0);
    s.openings[3].width_m = 2.0;
    s.openings[3].host = Some(s.walls[10].element);
    let mut plan = drawn(&s);
    plan.walls.remove(10);
    sample::index(&mut plan);
    let faces = [15.65, 15.75].map(|x| (p(x, 2.2), p(x, 4.3)));
    add_lines(&mut plan, &faces);
    let m = compared(&s, plan);
    assert!(m.walls.missing_in_drawing.is_empty());
}

#[test]
fn furniture_of_several_pieces_is_no_wall_where_layers_do_not_tell() {
    let s = sample::storey(0, 0.0, 0.0);
    let told = |at: Point2, understood: f64| {
        let mut plan = drawn(&s);
        let table = plan.walls[4].clone();
        let run = |a: Point2, b: Point2| DrawnWall { line: Segment2::new(a, b), ..table.clone() };
        plan.walls.push(run(at, at + p(1.4, 0.0)));
        plan.walls.push(run(at + p(1.4, 0.0), at + p(1.4, 1.2)));
        plan.understood = understood;
        sample::index(&mut plan);
        let m = compared(&s, plan);
        m.walls.missing_in_model.iter().filter(|w| w.undecided.is_none()).count()
    };
    assert_eq!(told(p(10.5, 6.5), 0.0), 0);
    assert_eq!(told(p(10.5, 6.5), 1.0), 2);
    // from a wall on
    assert_eq!(told(p(9.6, 6.5), 0.0), 2);
}

/// Numbers that only the model knows to be marks, over the openings of a storey.
fn numbered() -> (StoreyPlan, Plan) {
    let mut s = sample::storey(0, 0.0, 0.0);
    for (i, o) in s.openings.iter_mut().enumerate() {
        o.marks = vec![format!("{}", 101 + i)];
    }
    let mut plan = drawn(&s);
    for (i, o) in s.openings.iter().enumerate() {
        let at = o.centre + o.along.left() * 0.35;
        plan.raw.texts.push(DrawnText { text: format!("{}", 101 + i), at, mark: 10 + i as u32 });
    }
    (s, plan)
}

fn marked(s: &StoreyPlan, plan: Plan) -> (Plans, Matches) {
    let storeys = std::slice::from_ref(s);
    let mut plans = sample::plans(vec![plan]);
    let laid =
        PlanRegistration { to_world: Some(Affine2::IDENTITY), storeys: vec![0], ..PlanRegistration::none() };
    let registration = Registration { plans: vec![laid] };
    read_marks(&mut plans, storeys, &registration);
    let models = [sample::model(storeys, &["1F"])];
    let matches = pair(&models, storeys, &plans, &registration, &Claimed::EVERYTHING);
    (plans, matches)
}

#[test]
fn numbers_that_only_the_model_calls_marks_are_read_as_marks() {
    let (s, plan) = numbered();
    let (plans, matches) = marked(&s, plan);
    for i in 0..s.openings.len() {
        assert_eq!(delta(&matches.plans[0].openings, i, "mark"), Some(0.0), "{i}");
    }
    // the number of a room is none, and a mark that is another's is wrong
    let (s, mut plan) = numbered();
    let first = plan.raw.texts[0].clone();
    plan.rooms[0].number = Some(first.clone());
    plan.raw.texts[3].text = "107".into();
    let (other, matches) = marked(&s, plan);
    assert!(plans.plans[0].openings[0].mark.is_some() && other.plans[0].openings[0].mark.is_none());
    assert_eq!(delta(&matches.plans[0].openings, 3, "mark"), Some(1.0));
}

#[test]
fn a_mark_that_was_read_beside_the_wrong_opening_goes_to_its_own() {
    let (s, mut plan) = numbered();
    // the text of the second opening was taken for the first one's, whose own was not understood
    let second = plan.raw.texts[1].clone();
    plan.openings[0].mark = Some(second);
    let (plans, _) = marked(&s, plan);
    let mark = |i: usize| plans.plans[0].openings[i].mark.as_ref().map(|t| t.text.as_str());
    assert_eq!((mark(0), mark(1)), (Some("101"), Some("102")));
}

#[test]
fn a_stray_number_is_no_mark() {
    let (s, mut plan) = numbered();
    let axis = plan.raw.texts[0].clone();
    plan.raw.texts.truncate(1);
    let far = |k: u32| DrawnText { at: p(40.0 + f64::from(k), 40.0), mark: 50 + k, ..axis.clone() };
    plan.raw.texts.extend((0..4).map(far));
    let (plans, _) = marked(&s, plan);
    assert!(plans.plans[0].openings.iter().all(|o| o.mark.is_none()));
}

#[test]
fn lines_of_beams_and_finishes_are_no_faces_of_a_wall() {
    let s = sample::storey(0, 0.0, 0.0);
    // the partition is drawn 60 mm thicker than modelled; lines of something else run where its faces are modelled
    for (meaning, told) in [(Some("beam"), true), (Some("furniture"), true), (None, false)] {
        let mut plan = drawn(&s);
        let at = plan.walls.iter().position(|w| w.line.a.x == w.line.b.x && w.line.a.x > 1.0).unwrap();
        let wall = &mut plan.walls[at];
        let half = wall.thickness_m / 2.0;
        let line = wall.line;
        wall.thickness_m += 0.06;
        wall.faces_m = vec![-half - 0.03, half + 0.03];
        sample::index(&mut plan);
        plan.raw.meanings = vec![None; plan.raw.lines.len()];
        let beside = |by: f64| (line.a + p(by, 0.0), line.b + p(by, 0.0));
        add_lines(&mut plan, &[beside(half), beside(-half)]);
        plan.raw.meanings.extend([meaning; 2]);
        let m = compared(&s, plan);
        let thicker = delta(&m.walls, at, "thickness").is_some_and(|d| (d - 0.06).abs() < 1e-6);
        assert_eq!(thicker, told, "{meaning:?}");
    }
}

#[test]
fn whether_sheets_give_stated_areas_is_told_by_all_of_them() {
    let mut storeys = [sample::storey(0, 0.0, 0.0), sample::storey(1, 3.0, 0.0)];
    let mut plans = sample::plans(storeys.iter().map(drawn).collect());
    for s in &mut storeys {
        s.rooms.truncate(1);
        s.rooms[0].stated_area = Some((s.rooms[0].area_m2, "NetFloorArea".into()));
    }
    for p in &mut plans.plans {
        p.rooms.truncate(1);
        p.rooms[0].area_m2 = Some(storeys[0].rooms[0].area_m2);
    }
    // the only room of the upper storey is stated wrong: its outline agrees, and still the sheets give stated areas
    let area = storeys[1].rooms[0].area_m2;
    storeys[1].rooms[0].stated_area = Some((area + 5.0, "NetFloorArea".into()));
    let mut matches = Matches::default();
    for k in 0..2 {
        matches.plans.extend(one(&storeys, &plans, (k, k), Affine2::IDENTITY, 0.0, &|_, _| true));
    }
    room::areas(&storeys, &plans, &mut matches);
    let told: Vec<f64> = matches.plans.iter().map(|m| delta(&m.rooms, 0, "area").unwrap()).collect();
    assert!(told[0].abs() < 1e-9 && (told[1] + 5.0).abs() < 1e-9, "{told:?}");
    // where outlines agree and no stated area does, the sheets give those of the outlines
    storeys[0].rooms[0].stated_area = Some((area - 7.0, "GrossFloorArea".into()));
    for m in &mut matches.plans {
        m.rooms.pairs.iter_mut().for_each(|p| p.deltas.retain(|d| d.what != "area"));
    }
    room::areas(&storeys, &plans, &mut matches);
    assert!(matches.plans.iter().all(|m| delta(&m.rooms, 0, "area").unwrap().abs() < 1e-9));
}

#[test]
fn a_door_between_the_walls_of_a_cubicle_that_is_not_drawn_is_missing() {
    let mut s = sample::storey(0, 0.0, 0.0);
    // a board of 25 mm with a door from one partition to the next, whose faces end at its jambs
    s.openings[2].depth_m = 0.025;
    let (centre, half) = (s.openings[2].centre, s.openings[2].width_m / 2.0);
    let mut plan = drawn(&s);
    plan.openings.remove(2);
    sample::index(&mut plan);
    let across = |x: f64| (p(x, centre.y + 0.0125), p(x, centre.y + 1.2));
    let along = |y: f64| (p(centre.x - half - 0.3, centre.y + y), p(centre.x + half + 0.3, centre.y + y));
    let lines = [across(centre.x - half), across(centre.x + half), along(0.0125), along(-0.0125)];
    add_lines(&mut plan, &lines);
    let m = compared(&s, plan);
    let missing = m.openings.missing_in_drawing.iter().find(|m| m.index == 2).expect("it is told");
    assert!(missing.undecided.is_none(), "{:?}", missing.undecided);
}

#[test]
fn a_wall_as_thick_as_its_finish_differs_where_the_others_are_bare() {
    for (finished, told) in [(1, true), (7, false)] {
        let mut s = sample::storey(0, 0.0, 0.0);
        let mut plan = drawn(&s);
        plan.raw.meanings = vec![None; plan.raw.lines.len()];
        // every wall is drawn with a finish of 20 mm on both sides; some are modelled with it
        for (k, wall) in plan.walls.clone().iter().enumerate() {
            let n = wall.line.direction().unwrap().left() * (wall.thickness_m / 2.0 + 0.02);
            add_lines(&mut plan, &[(wall.line.a + n, wall.line.b + n), (wall.line.a - n, wall.line.b - n)]);
            plan.raw.meanings.extend([Some("finish"); 2]);
            if k < finished {
                let cut = &mut s.walls[k];
                let line = cut.runs[0].line;
                cut.thickness_m += 0.04;
                cut.runs[0].thickness_m = cut.thickness_m;
                cut.faces_m = vec![-cut.thickness_m / 2.0, cut.thickness_m / 2.0];
                let u = line.direction().unwrap();
                cut.solid = vec![crate::geom::Polygon::rectangle(
                    line.middle(),
                    line.length(),
                    cut.thickness_m,
                    u.angle(),
                )];
                cut.outline = cut.solid.clone();
            }
        }
        let m = compared(&s, plan);
        assert_eq!(delta(&m.walls, 0, "thickness").is_some_and(|d| d < -0.03), told, "{finished}");
    }
}

#[test]
fn a_round_post_drawn_by_chords_is_not_missing() {
    let mut s = sample::storey(0, 0.0, 0.0);
    let (centre, r) = (p(11.0, 7.0), 0.04);
    let ring = |n: usize, start: f64| -> Vec<Point2> {
        (0..n)
            .map(|k| centre + Point2::unit(start + std::f64::consts::TAU * k as f64 / n as f64) * r)
            .collect()
    };
    let mut post = s.columns[0].clone();
    post.centre = centre;
    (post.width_m, post.depth_m) = (2.0 * r, 2.0 * r);
    post.outline = vec![crate::geom::Polygon::new(ring(16, 0.0))];
    s.columns.push(post);
    let index = s.columns.len() - 1;
    let missing = |chords: bool| {
        let mut before = s.clone();
        before.columns.pop();
        let mut plan = drawn(&before);
        if chords {
            let drawn = ring(24, 0.1);
            let lines: Vec<_> = (0..24).map(|k| (drawn[k], drawn[(k + 1) % 24])).collect();
            add_lines(&mut plan, &lines);
        }
        compared(&s, plan).columns.missing_in_drawing.iter().any(|m| m.index == index)
    };
    assert!(!missing(true) && missing(false));
}

#[test]
fn a_room_of_another_storey_is_labelled_there() {
    let mut s = sample::storey(0, 0.0, 0.0);
    let mut plan = drawn(&s);
    let room = s.rooms[2].label_point;
    plan.rooms.retain(|r| r.at.distance(room) > 0.1);
    plan.raw.texts.clear();
    let missing =
        |s: &StoreyPlan| compared(s, plan.clone()).rooms.missing_in_drawing.iter().any(|m| m.index == 2);
    assert!(missing(&s));
    s.rooms[2].own_storey = false;
    assert!(!missing(&s));
}
