//! The rules beside the comparison of single elements: gates, sheets against each other, beams, slabs, zones, causes. Each
//! that passes, fails, does not apply or is not decided as it should.

use super::*;
use crate::finding::Tally;
use crate::geom::Polygon;
use crate::ifc::model::{ElementRef, Group, Kind, Part};
use crate::ifc::section::{OutlineCut, Visibility};

/// What is told of one rule (remarks too), and its tally.
fn of<'f>(findings: &'f Findings, rule: &str) -> (Vec<&'f Finding>, &'f Tally) {
    (findings.list.iter().filter(|f| f.rule == rule).collect(), &findings.tallies[rule])
}

fn one(s: StoreyPlan, p: Plan) -> Findings {
    findings(&[s], &sample::plans(vec![p]))
}

fn text(words: &str, at: Point2) -> DrawnText {
    DrawnText { text: words.into(), at, mark: 0 }
}

fn p(x: f64, y: f64) -> Point2 {
    Point2::new(x, y)
}

#[test]
fn what_needs_a_shut_gate_is_blocked_and_not_passed() {
    let s = storey();
    // a handful of walls that fit nowhere
    let mut other = plan(&s, false);
    other.id = "P2".into();
    other.columns.clear();
    other.openings.clear();
    other.rooms.clear();
    for (k, w) in other.walls.iter_mut().enumerate() {
        w.line = Segment2::new(w.line.a + p(k as f64 * 1.7, 0.0), w.line.b + p(0.0, k as f64 * 2.3));
    }
    sample::index(&mut other);
    let walls = other.walls.len() as u64;
    let alone = one(s.clone(), other.clone());
    let (gate, _) = of(&alone, "DM03");
    assert_eq!((gate.len(), gate[0].verdict), (1, Verdict::Undecided));
    let (said, tally) = of(&alone, "DM09");
    assert!(said.is_empty());
    assert_eq!((tally.passed, tally.blocked, tally.blocked_by.as_deref()), (0, walls, Some("DM03")));
    // the plan beside it is asked all the same
    let both = findings(std::slice::from_ref(&s), &sample::plans(vec![plan(&s, true), other]));
    let (_, tally) = of(&both, "DM09");
    assert_eq!((tally.passed, tally.blocked), (12, walls));
}

#[test]
fn a_plan_of_another_scale_shuts_the_gate() {
    let s = storey();
    let run = |k: f64| {
        let mut p = plan(&s, false);
        for w in &mut p.walls {
            w.line = Segment2::new(w.line.a * k, w.line.b * k);
        }
        p.columns.clear();
        p.openings.clear();
        p.rooms.clear();
        sample::index(&mut p);
        one(s.clone(), p)
    };
    assert_eq!(of(&run(1.0), "DM02").1.passed, 1);
    let wrong = run(25.4);
    let (said, tally) = of(&wrong, "DM02");
    assert_eq!((said.len(), tally.passed), (1, 0), "{:?}", said);
    assert_eq!(said[0].severity, Severity::Gate);
}

#[test]
fn storeys_that_only_titles_have() {
    let s = storey();
    let mut q = plan(&s, true);
    q.storeys = StoreyNames { ordinals: vec![0], labels: vec!["一层".into()], ..StoreyNames::default() };
    let fine = one(s.clone(), q.clone());
    assert_eq!((of(&fine, "DM34").0.len(), of(&fine, "DM34").1.passed), (0, 1));
    q.storeys = StoreyNames { ordinals: vec![6], labels: vec!["七层".into()], ..StoreyNames::default() };
    q.levels.clear();
    let f = one(s, q);
    let (said, _) = of(&f, "DM34");
    assert_eq!((said.len(), said[0].mark.as_deref()), (1, Some("七层")));
}

fn dimension(plan: &Plan, a: usize, b: usize, shown_m: f64) -> DrawnDimension {
    let at = |k: usize| match plan.axes[k].line {
        AxisLine::Line(l) => l.a,
        AxisLine::Arc(arc) => arc.at(0.0),
    };
    let (from, to) = (at(a), at(b));
    DrawnDimension {
        from,
        to,
        text: None,
        measured_m: from.distance(to),
        shown_m: Some(shown_m),
        overridden: false,
        mark: 0,
    }
}

#[test]
fn dimensions_against_the_model() {
    let s = storey();
    let run = |shown: f64, change: fn(&mut Plan)| {
        let mut p = plan(&s, true);
        let d = dimension(&p, 0, 1, shown);
        p.dimensions = vec![d];
        change(&mut p);
        one(s.clone(), p)
    };
    let right = run(4.2, |_| ());
    assert_eq!((of(&right, "DM39").0.len(), of(&right, "DM39").1.passed), (0, 1));
    // a text that neither the drawing nor the model bears out may be another dimension's
    let strange = run(4.5, |_| ());
    assert_eq!(of(&strange, "DM39").0[0].verdict, Verdict::Undecided);
    // written over: told by its own rule
    let over = run(4.5, |p| p.dimensions[0].overridden = true);
    assert_eq!((of(&over, "DM39").0.len(), of(&over, "DM38").0.len()), (0, 1));
    // not between axes
    let loose = run(4.2, |p| p.dimensions[0].to += Point2::new(0.3, 0.3));
    assert_eq!(of(&loose, "DM39").1.not_applicable, 1);
}

#[test]
fn a_room_that_the_drawn_area_confirms_and_the_model_contradicts() {
    let s = storey();
    let run = |x1: f64, stated: Option<f64>| {
        let mut p = plan(&s, true);
        let ring =
            [(4.3, 0.1), (x1, 0.1), (x1, 6.0), (4.3, 6.0)].map(|(x, y)| to_plan().apply(Point2::new(x, y)));
        let outline = Polygon::new(ring.to_vec());
        p.rooms[1].area_m2 = stated.or(Some(outline.area()));
        p.rooms[1].outline = Some(vec![outline]);
        one(s.clone(), p)
    };
    assert_eq!(of(&run(9.4, None), "DM32").1.passed, 1);
    let (f, leaks) = (run(7.0, None), run(7.0, Some(30.09)));
    assert_eq!(of(&f, "DM32").0.len(), 1);
    assert_eq!(of(&f, "DM32").0[0].elements[0].guid, "guid-29");
    // an outline that its own area does not bear out says nothing
    assert_eq!((of(&leaks, "DM32").0.len(), of(&leaks, "DM32").1.failed), (0, 0));
}

#[test]
fn an_outer_wall_that_is_not_drawn_changes_the_outline() {
    let s = storey();
    let fine = one(s.clone(), plan(&s, true));
    assert_eq!((of(&fine, "DM37").0.len(), of(&fine, "DM37").1.passed), (0, 1));
    // a part that is drawn and not modelled
    let mut q = plan(&s, true);
    let map = to_plan();
    let ring =
        [(18.0, 4.4), (21.0, 4.4), (21.0, 11.0), (18.0, 11.0)].map(|(x, y)| map.apply(Point2::new(x, y)));
    for k in 0..3 {
        let mut w = q.walls[0].clone();
        w.line = Segment2::new(ring[k], ring[k + 1]);
        q.walls.push(w);
    }
    sample::index(&mut q);
    let f = one(s, q);
    let (said, _) = of(&f, "DM37");
    assert_eq!(said.len(), 1);
    assert_eq!(of(&f, "DM09").0.len(), 3);
}

#[test]
fn sheets_of_one_storey_are_held_against_each_other() {
    let s = storey();
    let run = |change: fn(&mut Plan)| {
        let a = plan(&s, true);
        let mut b = plan(&s, true);
        b.id = "P2".into();
        change(&mut b);
        sample::index(&mut b);
        findings(std::slice::from_ref(&s), &sample::plans(vec![a, b]))
    };
    let fine = run(|_| ());
    assert!(of(&fine, "DM42").0.is_empty() && of(&fine, "DM42").1.passed == 12);
    let f = run(|b| drop(b.columns.remove(1)));
    let (said, _) = of(&f, "DM42");
    assert_eq!((said.len(), said[0].elements[0].guid.as_str()), (1, "guid-23"));
    // it is drawn on one sheet: it is not missing in the drawings
    assert!(of(&f, "DM13").0.is_empty());
    // an axis that no model has, at two places
    let axis = |x: f64| DrawnAxis {
        label: "5".into(),
        line: AxisLine::Line(Segment2::new(
            to_plan().apply(Point2::new(x, -2.0)),
            to_plan().apply(Point2::new(x, 13.0)),
        )),
        bubbles: vec![],
        evidence: Evidence { marks: vec![], confidence: 0.95 },
    };
    let (mut a, mut b) = (plan(&s, true), plan(&s, true));
    b.id = "P2".into();
    a.axes.push(axis(21.0));
    b.axes.push(axis(21.2));
    let f = findings(&[s], &sample::plans(vec![a, b]));
    let (said, _) = of(&f, "DM41");
    assert_eq!((said.len(), said[0].axis.as_deref()), (1, Some("5")));
}

fn outline(kind: Kind, number: u32, polygon: Polygon, z_m: (f64, f64)) -> OutlineCut {
    OutlineCut {
        element: ElementRef { model: 0, index: number },
        kind,
        visibility: Visibility::Below,
        outline: vec![polygon],
        z_m,
    }
}

/// A storey with beams under its floor, drawn with their texts.
fn beams() -> (StoreyPlan, Plan) {
    let mut s = storey();
    let lines = [(2.0, 1.0), (7.0, 1.2), (11.0, 0.8), (14.5, 1.0), (16.5, 0.9)];
    for (k, (x, y)) in lines.iter().enumerate() {
        let beam = Polygon::rectangle(p(*x, y + 1.5), 3.0, 0.25, std::f64::consts::FRAC_PI_2);
        s.others.push(outline(Kind::Beam, 100 + k as u32, beam, (-0.6, 0.0)));
    }
    let mut q = plan(&s, true);
    for (x, y) in lines {
        let line = Segment2::new(to_plan().apply(p(x, y)), to_plan().apply(p(x, y + 3.0)));
        q.beams.push(DrawnBeam {
            line,
            width_m: 0.25,
            dashed: true,
            mark: Some(BeamMark {
                text: text("KL1(2) 250x600", line.middle()),
                name: "KL1".into(),
                spans: Some(2),
                cantilever: None,
                section_mm: Some((250, 600)),
                offset_m: None,
            }),
            evidence: Evidence { marks: vec![], confidence: 0.85 },
        });
    }
    (s, q)
}

#[test]
fn beams_and_their_text() {
    let (s, q) = beams();
    let fine = one(s.clone(), q.clone());
    assert_eq!((of(&fine, "DM16").0.len(), of(&fine, "DM16").1.passed), (0, 5));
    assert_eq!((of(&fine, "DM17").0.len(), of(&fine, "DM17").1.passed), (0, 5));
    let mut gone = q.clone();
    gone.beams.remove(2);
    let f = one(s.clone(), gone);
    let (said, _) = of(&f, "DM16");
    assert_eq!((said.len(), said[0].side), (1, Some(Side::MissingInDrawing)));
    assert_eq!(said[0].elements[0].guid, "guid-102");
    let mut more = q.clone();
    let mut extra = more.beams[0].clone();
    extra.line = shifted(extra.line, 1.1);
    more.beams.push(extra);
    let f = one(s.clone(), more);
    assert_eq!(of(&f, "DM16").0.iter().map(|f| f.side).collect::<Vec<_>>(), [Some(Side::MissingInModel)]);
    let mut other = q.clone();
    other.beams[1].mark.as_mut().unwrap().section_mm = Some((250, 650));
    let f = one(s.clone(), other);
    let (said, _) = of(&f, "DM17");
    assert_eq!((said.len(), said[0].elements[0].guid.as_str()), (1, "guid-101"));
    // all modelled without the slab on them: one remark
    let mut whole = q.clone();
    for b in &mut whole.beams {
        b.mark.as_mut().unwrap().section_mm = Some((250, 720));
    }
    let f = one(s.clone(), whole);
    let (said, _) = of(&f, "DM17");
    assert_eq!((said.len(), said[0].severity), (1, Severity::Info));
    // a plan that draws none is not asked
    let mut none = q;
    none.beams.clear();
    let f = one(s, none);
    assert_eq!((of(&f, "DM16").0.len(), of(&f, "DM16").1.not_applicable), (0, 1));
}

#[test]
fn slabs_their_thickness_and_openings() {
    let mut s = storey();
    let mut slab = Polygon::new(vec![p(0.0, 0.0), p(18.0, 0.0), p(18.0, 11.0), p(0.0, 11.0)]);
    slab.holes.push(vec![p(11.0, 8.0), p(11.0, 9.0), p(12.0, 9.0), p(12.0, 8.0)]);
    s.others.push(outline(Kind::Slab, 200, slab, (-0.12, 0.0)));
    let run = |words: &str, title: &str, holes: &[(f64, f64)]| {
        let mut q = plan(&s, true);
        q.title = Some(title.into());
        for &(x, y) in holes {
            let centre = to_plan().apply(p(x, y));
            let ring = Polygon::rectangle(centre, 1.0, 1.0, 0.4).outer;
            let evidence = Evidence { marks: vec![], confidence: 0.9 };
            q.slab_openings.push(DrawnSlabOpening { outline: ring, centre, label: None, evidence });
        }
        q.raw.texts.push(text(words, to_plan().apply(p(2.0, 3.0))));
        one(s.clone(), q)
    };
    assert_eq!(of(&run("h=120", "一层板配筋图", &[]), "DM18").1.passed, 1);
    let f = run("h=150", "一层板配筋图", &[]);
    let (said, _) = of(&f, "DM18");
    assert_eq!((said.len(), said[0].elements[0].guid.as_str()), (1, "guid-200"));
    // on a plan of architecture it is the height of a sill
    assert!(of(&run("h=150", "一层平面图", &[]), "DM18").0.is_empty());
    assert!(of(&run("", "一层平面图", &[(11.5, 8.5)]), "DM19").0.is_empty());
    let f = run("", "一层平面图", &[(11.5, 8.5), (2.0, 9.0)]);
    assert_eq!(of(&f, "DM19").0.iter().map(|f| f.side).collect::<Vec<_>>(), [Some(Side::MissingInModel)]);
    let f = run("", "一层平面图", &[(11.5, 1.0)]);
    let sides: Vec<_> = of(&f, "DM19").0.iter().map(|f| f.side.unwrap()).collect();
    assert!(sides.contains(&Side::MissingInDrawing) && sides.contains(&Side::MissingInModel), "{sides:?}");
}

#[test]
fn lifts_by_place() {
    let lift = |number: u32, x: f64| {
        outline(Kind::Transport, number, Polygon::rectangle(p(x, 8.5), 1.6, 1.6, 0.0), (0.0, 2.4))
    };
    let drawn = |x: f64| {
        let centre = to_plan().apply(p(x, 8.5));
        let evidence = Evidence { marks: vec![], confidence: 0.9 };
        DrawnLift {
            outline: Polygon::rectangle(centre, 1.6, 1.6, 0.4).outer,
            centre,
            width_m: 1.6,
            depth_m: 1.6,
            label: None,
            evidence,
        }
    };
    let run = |modelled: &[f64], at: &[f64]| {
        let mut s = storey();
        s.others = modelled.iter().zip(300..).map(|(x, n)| lift(n, *x)).collect();
        let mut q = plan(&s, true);
        q.lifts = at.iter().map(|x| drawn(*x)).collect();
        one(s, q)
    };
    let sides = |f: &Findings| of(f, "DM36").0.iter().map(|f| f.side.unwrap()).collect::<Vec<_>>();
    assert!(sides(&run(&[3.0], &[3.0])).is_empty());
    assert_eq!(sides(&run(&[3.0], &[3.0, 11.0])), [Side::MissingInModel]);
    assert_eq!(sides(&run(&[3.0, 11.0], &[3.0])), [Side::MissingInDrawing]);
    // a model without any lift leaves them to another
    assert!(sides(&run(&[], &[3.0])).is_empty());
}

#[test]
fn fire_zones_by_name_and_area() {
    let run = |words: &[(&str, f64, f64)], zones: &[(&str, &[u32])]| {
        let s = storey();
        let mut model = sample::model(std::slice::from_ref(&s), &["1F"]);
        for (k, e) in model.elements.iter_mut().enumerate() {
            e.step_id = k as u32;
        }
        for (name, members) in zones {
            let part = Part { class: "IfcZone", name: Some((*name).into()), ..Part::default() };
            model.groups.push(Group { part, members: members.to_vec() });
        }
        let mut q = plan(&s, true);
        q.raw.texts = words.iter().map(|(t, x, y)| text(t, to_plan().apply(p(*x, *y)))).collect();
        with(vec![model], &[s], &sample::plans(vec![q]))
    };
    // the rooms of the sample: 28 to 30
    let areas: f64 = storey().rooms.iter().map(|r| r.area_m2).sum();
    let stated = format!("面积 {:.1}m²", areas * 1.1);
    let rooms: &[u32] = &[28, 29, 30];
    let fine = run(&[("防火分区一", 5.0, 3.0), (&stated, 5.0, 2.0)], &[("防火分区1", rooms)]);
    assert_eq!((of(&fine, "DM40").0.len(), of(&fine, "DM40").1.passed), (0, 1));
    let wide = format!("面积 {:.1}m²", areas * 1.6);
    let f = run(&[("防火分区一", 5.0, 3.0), (&wide, 5.0, 2.0)], &[("防火分区1", rooms)]);
    assert_eq!(of(&f, "DM40").0.iter().map(|f| f.side).collect::<Vec<_>>(), [Some(Side::Differs)]);
    let f = run(&[("防火分区二", 5.0, 3.0)], &[("防火分区1", rooms)]);
    let sides: Vec<_> = of(&f, "DM40").0.iter().map(|f| f.side.unwrap()).collect();
    assert!(sides.contains(&Side::MissingInModel) && sides.contains(&Side::MissingInDrawing), "{sides:?}");
    let f = run(&[("防火分区一", 5.0, 3.0)], &[]);
    assert_eq!(of(&f, "DM40").0[0].verdict, Verdict::Undecided);
    assert_eq!(of(&run(&[], &[("防火分区1", rooms)]), "DM40").1.not_applicable, 1);
}

/// A model of one door with a fire rating.
fn rated(rating: &str) -> crate::ifc::Model {
    let text = format!(
        "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME('','',(''),(''),'','','');\n\
         FILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\n\
         #1=IFCDOOR('0DOOR0000000000000000A',$,'M','',$,$,$,$,2.1,0.9,$,$,$);\n\
         #2=IFCPROPERTYSINGLEVALUE('FireRating',$,IFCLABEL('{rating}'),$);\n\
         #3=IFCPROPERTYSET('0SET00000000000000000A',$,'Pset_DoorCommon',$,(#2));\n\
         #4=IFCRELDEFINESBYPROPERTIES('0REL00000000000000000A',$,$,$,(#1),#3);\nENDSEC;\nEND-ISO-10303-21;\n"
    );
    crate::ifc::read("rated.ifc", &crate::bytes::bytes(text.into_bytes())).unwrap().value
}

#[test]
fn fire_classes_of_marks_and_ratings() {
    let run = |mark: &str, rating: &str| {
        let mut s = storey();
        let model = rated(rating);
        assert_eq!(model.elements.len(), 1);
        s.openings[0].element = ElementRef { model: 1, index: 0 };
        let mut q = plan(&s, true);
        q.openings[0].mark.as_mut().unwrap().text = mark.into();
        let first = sample::model(std::slice::from_ref(&s), &["1F"]);
        with(vec![first, model], &[s], &sample::plans(vec![q]))
    };
    assert_eq!(of(&run("FM甲0921", "A1.50"), "DM25").1.passed, 1);
    let f = run("FM乙0921", "1.5h");
    let (said, _) = of(&f, "DM25");
    assert_eq!((said.len(), said[0].verdict), (1, Verdict::Fail));
    assert_eq!(said[0].elements[0].guid, "0DOOR0000000000000000A");
    // nobody's habit: not compared
    assert!(of(&run("M0921", "90"), "DM25").0.is_empty());
    assert!(of(&run("FM甲0921", "see list"), "DM25").0.is_empty());
}

#[test]
fn a_model_that_is_newer_than_its_sheets_is_a_remark() {
    let run = |saved: &str| {
        let s = storey();
        let mut model = sample::model(std::slice::from_ref(&s), &["1F"]);
        model.time_stamp = Some(saved.into());
        let block = TitleBlock { date: Some("2024.05".into()), ..TitleBlock::default() };
        let plans = Plans { plans: vec![plan(&s, true)], title_blocks: vec![block], ..Plans::default() };
        with(vec![model], &[s], &plans)
    };
    assert_eq!(of(&run("2024-05-20T10:00:00"), "DM43").1.passed, 1);
    let f = run("2024-06-02T10:00:00");
    assert_eq!(of(&f, "DM43").0.iter().map(|f| f.severity).collect::<Vec<_>>(), [Severity::Info]);
}

#[test]
fn many_findings_of_one_cause_have_a_parent() {
    let s = storey();
    // all columns but one moved by one vector
    let mut q = plan(&s, true);
    for c in q.columns.iter_mut().take(5) {
        c.centre += Point2::new(0.2, 0.1);
        c.outline.iter_mut().for_each(|v| *v += Point2::new(0.2, 0.1));
    }
    sample::index(&mut q);
    let f = one(s.clone(), q);
    let lead = f.list.iter().find(|f| f.rule == "DM45" && f.mark.as_deref() == Some("shift")).unwrap();
    assert_eq!(lead.severity, Severity::Error);
    assert_eq!(f.list.iter().filter(|c| c.parent.as_ref() == Some(&lead.id)).count(), 5);
    // every window is drawn from its jamb: one cause
    let mut q = plan(&s, true);
    for o in q.openings.iter_mut().filter(|o| o.kind == OpeningKind::Window) {
        o.centre += o.along * 0.2;
    }
    sample::index(&mut q);
    let f = one(s.clone(), q);
    let single = f.list.iter().filter(|f| f.rule == "DM22" && f.verdict == Verdict::Fail);
    let lead = f.list.iter().find(|f| f.rule == "DM45" && f.mark.as_deref() == Some("openings"));
    let of_lead = |x: &&Finding| lead.is_some_and(|l| x.parent.as_ref() == Some(&l.id));
    assert_eq!((single.clone().count(), single.filter(of_lead).count()), (5, 5));
    // the same axis on two storeys
    let mut two = vec![s.clone(), sample::storey(1, 3.0, 0.7)];
    for (k, s) in two.iter_mut().enumerate() {
        s.storeys[0].index = k as u32;
    }
    let plans: Vec<Plan> = two
        .iter()
        .zip(1..)
        .map(|(s, n)| {
            let mut q = sample::draw(s, &to_plan(), true);
            q.id = format!("P{n}");
            q.storeys = StoreyNames { ordinals: vec![n - 1], ..StoreyNames::default() };
            q.axes[2].label = "7".into();
            q
        })
        .collect();
    let f = findings(&two, &sample::plans(plans));
    let children = f.list.iter().filter(|x| x.rule == "DM06" && x.parent.is_some());
    assert_eq!(children.count(), 2);
}

#[test]
fn a_level_that_no_storey_has_is_not_decided() {
    let s = storey();
    let mut q = plan(&s, true);
    q.levels[0].levels_m = vec![3.002];
    let f = one(s, q);
    assert_eq!(of(&f, "DM33").0[0].verdict, Verdict::Undecided);
}

#[test]
fn a_sheet_of_services_is_not_asked_for_the_building() {
    let s = storey();
    let mut q = plan(&s, true);
    q.title = Some("一层给排水平面图".into());
    q.walls.truncate(9);
    q.openings.clear();
    sample::index(&mut q);
    let f = one(s, q);
    assert!(told(&f).is_empty(), "{:?}", told(&f));
}

#[test]
fn what_the_sheet_of_typical_storeys_has_wrong_is_told_once() {
    let storeys = [marked(sample::storey(0, 0.0, 0.0)), marked(sample::storey(1, 3.6, 0.0))];
    let mut q = plan(&storeys[0], true);
    q.storeys = StoreyNames { ordinals: vec![0, 1], ..StoreyNames::default() };
    q.levels.clear();
    let sound = findings(&storeys, &sample::plans(vec![q.clone()]));
    assert!(told(&sound).is_empty(), "{:?}", told(&sound));
    q.columns[0].centre += p(0.08, 0.0);
    sample::index(&mut q);
    let moved = findings(&storeys, &sample::plans(vec![q]));
    let all: Vec<&Finding> = told(&moved).into_iter().filter(|f| f.rule == "DM14").collect();
    let (leads, single): (Vec<&Finding>, Vec<&Finding>) = all.into_iter().partition(|f| f.parent.is_none());
    assert_eq!((leads.len(), single.len()), (1, 2), "one over both storeys");
    assert!(
        leads[0].storey.is_none() && leads[0].message.en.contains("2 storeys"),
        "{}",
        leads[0].message.en
    );
    assert!(single.iter().all(|f| f.parent.as_deref() == Some(leads[0].id.as_str())));
    // what it leaves out is left out on both
    let mut q = plan(&storeys[0], true);
    q.storeys = StoreyNames { ordinals: vec![0, 1], ..StoreyNames::default() };
    q.levels.clear();
    q.columns.remove(0);
    sample::index(&mut q);
    let gone = findings(&storeys, &sample::plans(vec![q]));
    let all: Vec<&Finding> = told(&gone).into_iter().filter(|f| f.rule == "DM13").collect();
    let leads: Vec<&&Finding> = all.iter().filter(|f| f.parent.is_none()).collect();
    assert_eq!((leads.len(), all.len()), (1, 3), "{all:?}");
}

#[test]
fn a_level_is_as_exact_as_it_is_written() {
    let s = storey();
    for (words, stated, told) in [
        ("+0,00", 0.004, false),
        ("+0,00", 0.007, true),
        ("0.004", 0.004, true),
        ("0.00 (FFL 12.345)", 0.004, false),
    ] {
        let mut q = plan(&s, true);
        q.levels[0].text.text = words.into();
        q.levels[0].levels_m = vec![stated];
        let f = one(s.clone(), q);
        assert_eq!(of(&f, "DM33").0.iter().any(|f| f.verdict == Verdict::Fail), told, "{words} {stated}");
    }
}
