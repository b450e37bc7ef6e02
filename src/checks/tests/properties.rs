//! What must hold whatever is changed: threads, turns and moves of the sheet, swapped sides.

use super::*;
use crate::registration::Registration;

pub(crate) type Change = fn(&mut Plan);

/// Changes of a drawing, each one finding.
pub(crate) const CHANGES: [(&str, Change); 8] = [
    ("wall gone", |p| drop(p.walls.remove(4))),
    ("wall moved", |p| p.walls[9].line = shifted(p.walls[9].line, 0.06)),
    ("column gone", |p| drop(p.columns.remove(1))),
    ("door gone", |p| drop(p.openings.remove(1))),
    ("window wider", |p| p.openings.iter_mut().rev().take(1).for_each(|o| o.width_m += 0.3)),
    ("room named", |p| p.rooms[1].name.as_mut().unwrap().text = "Kitchen".into()),
    ("level", |p| p.levels[0].levels_m = vec![-0.3]),
    ("axis", |p| p.axes[2].label = "7".into()),
];

pub(crate) fn changed(which: impl Fn(usize) -> bool) -> Findings {
    let s = storey();
    let mut p = plan(&s, true);
    // the last first: indices of those before stay
    for (k, (_, change)) in CHANGES.iter().enumerate().rev() {
        if which(k) {
            change(&mut p);
        }
    }
    sample::index(&mut p);
    findings(&[s], &sample::plans(vec![p]))
}

fn identities(f: &Findings) -> Vec<(String, String)> {
    let of_drawing = f.list.iter().filter(|f| f.rule.starts_with("DM"));
    of_drawing.map(|f| (f.rule.clone(), f.id.clone())).collect()
}

#[test]
fn any_number_of_threads_says_the_same() {
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let f = pool.install(|| changed(|_| true));
        format!("{:?} {:?}", f.list, f.tallies)
    };
    let one = run(1);
    assert!(one.len() > 1000);
    assert_eq!(one, run(2));
    assert_eq!(one, run(8));
}

#[test]
fn turning_and_moving_the_sheet_changes_the_registration_alone() {
    let s = storey();
    let run = |map: Affine2| {
        let mut p = sample::draw(&s, &map, true);
        p.storeys = StoreyNames { ordinals: vec![0], ..StoreyNames::default() };
        p.walls.remove(4);
        p.openings.remove(1);
        p.columns[1].width_m = 0.6;
        sample::index(&mut p);
        identities(&findings(std::slice::from_ref(&s), &sample::plans(vec![p])))
    };
    let still = run(Affine2::IDENTITY);
    assert!(still.iter().filter(|f| f.0 != "DM45").count() == 3, "{still:?}");
    for (angle, x, y) in [(0.0, 4e4, -7e4), (0.3, 0.0, 0.0), (1.57, 9.0, 2.0), (-2.4, 1e5, 1e5)] {
        let moved = run(Affine2::similarity(1.0, angle, false, Point2::new(x, y)));
        assert_eq!(still, moved, "{angle} {x} {y}");
    }
}

#[test]
fn the_unit_of_the_sheet_changes_nothing() {
    let s = storey();
    let run = |unit_m: f64| {
        let mut p = plan(&s, true);
        // the sheet in other units: drawing units to plan metres takes them back
        p.frame = PlanFrame { to_plan: Affine2::scaling(unit_m, unit_m), unit_m, ..p.frame };
        p.walls.remove(4);
        p.openings.remove(1);
        p.columns[1].width_m = 0.6;
        sample::index(&mut p);
        identities(&findings(std::slice::from_ref(&s), &sample::plans(vec![p])))
    };
    let metres = run(1.0);
    assert!(metres.iter().filter(|f| f.0 != "DM45").count() == 3, "{metres:?}");
    for unit_m in [0.001, 0.01, 0.0254, 0.3048] {
        assert_eq!(metres, run(unit_m), "{unit_m}");
    }
}

/// Sides of what is missing, by class and place to half a metre.
fn missing(f: &Findings, side: Side) -> Vec<(String, [i64; 2])> {
    let mut out: Vec<_> = f
        .list
        .iter()
        .filter(|f| f.side == Some(side) && f.verdict == Verdict::Fail && f.severity > Severity::Info)
        .map(|f| {
            let [x, y, _] = f.point_m.unwrap();
            (f.class.clone(), [(x * 2.0).round() as i64, (y * 2.0).round() as i64])
        })
        .collect();
    out.sort();
    out
}

#[test]
fn swapping_the_sides_swaps_what_is_missing() {
    let whole = storey();
    let mut less = whole.clone();
    less.walls.remove(4);
    less.columns.remove(1);
    less.openings.remove(8);
    let run = |model: &StoreyPlan, drawn: &StoreyPlan| {
        findings(std::slice::from_ref(model), &sample::plans(vec![plan(drawn, true)]))
    };
    let (drawn_less, modelled_less) = (run(&whole, &less), run(&less, &whole));
    let gone = missing(&drawn_less, Side::MissingInDrawing);
    assert_eq!(gone.len(), 3, "{gone:?}");
    assert_eq!(gone, missing(&modelled_less, Side::MissingInModel));
    assert!(missing(&drawn_less, Side::MissingInModel).is_empty());
    assert!(missing(&modelled_less, Side::MissingInDrawing).is_empty());
}

#[test]
fn a_given_place_is_as_good_as_a_found_one() {
    use crate::registration::given::Given;
    let s = storey();
    let models = vec![sample::model(std::slice::from_ref(&s), &["1F"])];
    let drawings =
        vec![Drawing { file: "plan.dxf".into(), sheets: vec![Default::default()], ..Drawing::default() }];
    let plans = sample::plans(vec![plan(&s, true)]);
    let solve = |given: &[Given]| -> Registration {
        registration::solve_given(&models, std::slice::from_ref(&s), &drawings, &plans, given, &[]).unwrap()
    };
    let found = solve(&[]);
    let map = found.plans[0].drawing_to_world(&plans.plans[0]).unwrap();
    let given = |map: Affine2| Given {
        from: "places.toml".into(),
        drawing: None,
        plan: Some("P1".into()),
        title: None,
        storeys: vec!["1F".into()],
        map,
    };
    let same = solve(&[given(map)]);
    assert_eq!(same.plans[0].method, registration::Method::Given);
    assert_eq!(same.plans[0].storeys, found.plans[0].storeys);
    assert!(same.plans[0].rms_m < 1e-6);
    // half a bay off: the drawing contradicts it
    let off = solve(&[given(Affine2::translation(Point2::new(2.1, 1.3)).after(&map))]);
    assert!(off.plans[0].to_world.is_none() && off.plans[0].story.en.contains("given transform"));
}
