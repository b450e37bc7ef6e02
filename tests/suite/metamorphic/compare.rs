//! Two recognitions of one drawing held together, in the units of the first.

use std::collections::BTreeMap;
use tumo::drawing::plans::{AxisLine, OpeningKind, Plan, Plans};
use tumo::geom::{Affine2, Point2};

/// Places agree to this, metres, and sizes.
const PLACE: f64 = 0.003;
const SIZE: f64 = 0.002;
/// Labels are placed by the width of their text, which is estimated: their places agree to this, metres.
const LABEL: f64 = 1.0;
/// Walls are compared at places so far apart, metres.
const STEP: f64 = 0.1;
/// A stretch of wall that is new counts from this length, metres: ends of runs are a convention.
const NEW_WALL: f64 = 0.25;

/// What a second recognition says otherwise.
pub(super) struct Loss {
    /// Things that the first one does not know.
    pub(super) something_else: Vec<String>,
    /// Things that only the first one knows.
    pub(super) missing: Missing,
}

/// What is missing.
pub(super) struct Missing {
    /// Share of things that are there again; walls count by length.
    pub(super) share: f64,
    /// What is not.
    pub(super) what: Vec<String>,
}

/// A recognised thing: its class, what it says, where, and its sizes in metres.
struct Thing {
    class: &'static str,
    says: String,
    at: Point2,
    sizes: Vec<f64>,
    slack: f64,
}

/// Everything of a plan but walls, at places of the first drawing; `unit_m` is the first drawing's.
fn things(plan: &Plan, back: &Affine2) -> Vec<Thing> {
    let to_first = back.after(&plan.frame.to_plan.inverse().expect("a frame"));
    let mut out = Vec::new();
    let mut add = |class, says: String, at: Point2, sizes: Vec<f64>, slack| {
        out.push(Thing { class, says, at: to_first.apply(at), sizes, slack });
    };
    for c in &plan.columns {
        let (a, b) = (c.width_m.min(c.depth_m), c.width_m.max(c.depth_m));
        add("column", String::new(), c.centre, vec![a, b], PLACE);
    }
    for o in &plan.openings {
        let (class, says) = match o.kind {
            OpeningKind::Gap => ("gap", String::new()),
            kind => ("opening", format!("{kind:?}")),
        };
        add(class, says, o.centre, vec![o.width_m, o.depth_m.unwrap_or(0.0)], PLACE);
        if let Some(mark) = &o.mark {
            add("mark", mark.text.clone(), o.centre, vec![], PLACE);
        }
        if let Some(to) = o.swing.as_ref().and_then(|s| s.opens_to) {
            add("swing", String::new(), o.centre + to * 0.5, vec![], PLACE);
        }
    }
    for a in &plan.axes {
        if let AxisLine::Line(s) = a.line {
            add("axis", a.label.clone(), s.middle(), vec![s.length()], PLACE);
        }
    }
    for r in &plan.rooms {
        let name = r.name.as_ref().map(|n| n.text.clone()).unwrap_or_default();
        add("room", name.clone(), r.at, vec![], LABEL);
        if let Some(area) = r.area_m2 {
            add("area", format!("{name} {area:.2}"), r.at, vec![], LABEL);
        }
    }
    for l in &plan.levels {
        add("level", l.text.text.clone(), l.text.at, vec![], LABEL);
    }
    for s in &plan.stairs {
        add("stair", s.treads.to_string(), s.bounds.centre(), vec![s.going_m, s.width_m], 0.02);
    }
    for l in &plan.lifts {
        add("lift", String::new(), l.centre, vec![l.width_m, l.depth_m], PLACE);
    }
    for h in &plan.slab_openings {
        add("slab opening", String::new(), h.centre, vec![], PLACE);
    }
    for b in &plan.beams {
        let says = b.mark.as_ref().map(|m| m.name.clone()).unwrap_or_default();
        add("beam", says, b.line.middle(), vec![b.width_m, b.line.length()], PLACE);
    }
    out
}

/// Places along walls with thickness and direction, in the first drawing's units.
fn walls(plan: &Plan, back: &Affine2) -> Vec<(Point2, Point2, f64)> {
    let to_first = back.after(&plan.frame.to_plan.inverse().expect("a frame"));
    plan.walls.iter().map(|w| (to_first.apply(w.line.a), to_first.apply(w.line.b), w.thickness_m)).collect()
}

fn covered(p: Point2, d: Point2, t: f64, walls: &[(Point2, Point2, f64)], unit_m: f64) -> bool {
    walls.iter().any(|(a, b, thick)| {
        let Some(e) = (*b - *a).normalised() else { return false };
        let along = (p - *a).dot(e) * unit_m;
        let length = a.distance(*b) * unit_m;
        (t - thick).abs() < SIZE
            && d.cross(e).abs() < 0.01
            && (p - *a).cross(e).abs() * unit_m < PLACE
            && (-NEW_WALL..=length + NEW_WALL).contains(&along)
    })
}

/// Length of walls of `of` that `by` covers and that it does not, metres, with the worst.
fn wall_length(
    of: &[(Point2, Point2, f64)],
    by: &[(Point2, Point2, f64)],
    unit_m: f64,
) -> (f64, f64, Vec<String>) {
    let (mut hit, mut miss, mut what) = (0.0, 0.0, Vec::new());
    for (a, b, t) in of {
        let Some(d) = (*b - *a).normalised() else { continue };
        let length = a.distance(*b) * unit_m;
        let n = (length / STEP).ceil().max(1.0);
        let step = length / n;
        let mut lost = 0.0;
        for i in 0..n as usize {
            let p = a.lerp(*b, (i as f64 + 0.5) / n);
            if covered(p, d, *t, by, unit_m) {
                hit += step;
            } else {
                lost += step;
            }
        }
        miss += lost;
        if lost > NEW_WALL {
            what.push(format!("{lost:.2} m of a wall {t:.3} m thick from {a:?} to {b:?}"));
        }
    }
    (hit, miss, what)
}

/// Holds the second recognition against the first. `back` leads from the second drawing's units to the first's.
pub(super) fn compare(first: &Plans, second: &Plans, back: &Affine2) -> Loss {
    let (mut something_else, mut what) = (Vec::new(), Vec::new());
    let (mut kept, mut lost) = (0.0, 0.0);
    // plans by place: each thing of the second is looked for in all plans of the first on the same sheet
    for (sheet, unit_m) in sheets(first) {
        let of = |plans: &Plans, back: &Affine2| {
            let on = plans.plans.iter().filter(|p| p.sheet == sheet);
            let things: Vec<Thing> = on.clone().flat_map(|p| things(p, back)).collect();
            let walls: Vec<_> = on.flat_map(|p| walls(p, back)).collect();
            (things, walls)
        };
        let (a, aw) = of(first, &Affine2::IDENTITY);
        let (b, bw) = of(second, back);
        let (hit, miss, whats) = wall_length(&aw, &bw, unit_m);
        kept += hit;
        lost += miss;
        what.extend(whats);
        let (_, _, new) = wall_length(&bw, &aw, unit_m);
        something_else.extend(new);
        let (k, l) = pair(&a, &b, unit_m, &mut something_else, &mut what);
        kept += k;
        lost += l;
    }
    let share = if kept + lost > 0.0 { kept / (kept + lost) } else { 1.0 };
    Loss { something_else, missing: Missing { share, what } }
}

fn sheets(plans: &Plans) -> BTreeMap<u32, f64> {
    plans.plans.iter().map(|p| (p.sheet, p.frame.unit_m)).collect()
}

/// Each thing of the second takes one of the first. A gap says less than the opening at its place.
fn pair(
    a: &[Thing],
    b: &[Thing],
    unit_m: f64,
    something_else: &mut Vec<String>,
    what: &mut Vec<String>,
) -> (f64, f64) {
    let mut used = vec![false; a.len()];
    for t in b {
        let fits = |o: &Thing| {
            let near = o.at.distance(t.at) * unit_m < o.slack.max(t.slack);
            let sizes = o.sizes.iter().zip(&t.sizes).all(|(x, y)| (x - y).abs() < 2.0 * SIZE);
            o.class == t.class && o.says == t.says && near && sizes
        };
        let mate = (0..a.len())
            .filter(|&i| !used[i] && fits(&a[i]))
            .min_by(|&i, &j| a[i].at.distance(t.at).total_cmp(&a[j].at.distance(t.at)));
        let weaker = || {
            t.class == "gap" && a.iter().any(|o| o.class == "opening" && o.at.distance(t.at) * unit_m < 0.1)
        };
        match mate {
            Some(i) => used[i] = true,
            None if weaker() => {}
            None => something_else.push(format!("{} {:?} at {:?} {:.3?}", t.class, t.says, t.at, t.sizes)),
        }
    }
    for (o, _) in a.iter().zip(&used).filter(|(_, u)| !**u) {
        what.push(format!("{} {:?} at {:?} {:.3?}", o.class, o.says, o.at, o.sizes));
    }
    let kept = used.iter().filter(|u| **u).count();
    (kept as f64, (a.len() - kept) as f64)
}
