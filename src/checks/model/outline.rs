//! Loops of faces, curves of profiles, polylines: no point twice, no arc through points of a line, no crossing of itself,
//! no leaving of the plane.
//!
//! Rules ask one of these by `ask`. Lengths are compared with the precision that the file gives for its geometry.

use super::{Check, Facts, Findings, Rule, Text, Verdict};
use crate::geom::Point3;
use crate::ifc::Model;
use crate::ifc::outline;
use crate::ifc::step::{Record, StepFile};
use rayon::prelude::*;

/// See the file's head.
pub(in crate::checks) const CHECK: Check = Check {
    name: "outline",
    summary: "Are loops, profiles and polylines sound: no double points, no crossings, plane where they must be?",
    run,
};

/// Edges of one loop that are held against one another; a loop with more is left open.
const EDGES: usize = 20_000;

/// What a record is found to be.
enum Verdicts {
    Sound,
    Wrong,
    Open,
    /// Nothing that the question is about.
    None,
}

/// How a verdict is told: case, verdict, which ones.
type Kind = (&'static str, Verdict, fn(&Verdicts) -> bool);

/// A question: classes of records, and what is asked of each.
struct Question {
    name: &'static str,
    classes: &'static [&'static str],
    exact: bool,
    ask: fn(&Context<'_>, Record<'_>) -> Verdicts,
}

struct Context<'a> {
    step: &'a StepFile,
    model: &'a Model,
    precision: f64,
}

const QUESTIONS: &[Question] = &[
    Question { name: "face-crossing", classes: &["IfcFace"], exact: false, ask: face_crossing },
    Question { name: "mesh-crossing", classes: &["IfcPolygonalFaceSet"], exact: false, ask: mesh_crossing },
    Question {
        name: "profile-crossing",
        classes: &["IfcArbitraryClosedProfileDef"],
        exact: false,
        ask: profile_crossing,
    },
    Question {
        name: "double-point",
        classes: &["IfcPolyLoop", "IfcPolyline"],
        exact: false,
        ask: double_point,
    },
    Question {
        name: "double-indexed-point",
        classes: &["IfcIndexedPolyCurve"],
        exact: false,
        ask: double_indexed_point,
    },
    Question { name: "straight-arc", classes: &["IfcIndexedPolyCurve"], exact: false, ask: straight_arc },
    Question { name: "plane", classes: &["IfcFace"], exact: true, ask: plane },
];

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let asked = rule.names("ask");
    for model in facts.models {
        let Some(step) = model.step() else { continue };
        let context = Context { step, model, precision: outline::precision(step, &model.units) };
        for question in QUESTIONS.iter().filter(|q| asked.contains(&q.name)) {
            let ids: Vec<u32> = question
                .classes
                .iter()
                .flat_map(|c| if question.exact { step.ids_of(c).to_vec() } else { step.ids_of_subtypes(c) })
                .collect();
            let verdicts: Vec<(u32, Verdicts)> = ids
                .par_iter()
                .filter_map(|&id| Some((id, (question.ask)(&context, step.record(id)?))))
                .collect();
            tell(rule, &model.file, question.name, &verdicts, findings);
        }
    }
}

/// One finding per question and file: these records have no identity that outlives the file.
fn tell(rule: &Rule, file: &str, name: &str, verdicts: &[(u32, Verdicts)], findings: &mut Findings) {
    let count = |of: fn(&Verdicts) -> bool| verdicts.iter().filter(|(_, v)| of(v)).count() as u64;
    findings.passed(rule, count(|v| matches!(v, Verdicts::Sound)));
    let kinds: [Kind; 2] = [
        ("", Verdict::Fail, |v| matches!(v, Verdicts::Wrong)),
        ("open", Verdict::Undecided, |v| matches!(v, Verdicts::Open)),
    ];
    for (case, verdict, of) in kinds {
        let ids: Vec<String> =
            verdicts.iter().filter(|(_, v)| of(v)).take(10).map(|(id, _)| format!("#{id}")).collect();
        let all = count(of);
        if all == 0 {
            continue;
        }
        let more = if all > ids.len() as u64 { ", …" } else { "" };
        let values = [
            ("file", Text::same(file)),
            ("count", Text::same(all.to_string())),
            ("of", Text::same(verdicts.len().to_string())),
            ("ids", Text::same(ids.join(", ") + more)),
        ];
        let case = if case.is_empty() { name } else { case };
        let finding = findings.say(rule, verdict, "IfcRepresentationItem", case, &values);
        finding.mark = Some(format!("{file} {name}"));
        if verdict == Verdict::Fail {
            findings.failed_too(rule, all - 1);
        }
    }
}

fn face_crossing(context: &Context<'_>, face: Record<'_>) -> Verdicts {
    let loops = face.follow_all("Bounds").filter_map(|b| b.follow("Bound"));
    let loops = loops.filter(|l| l.class() == "IfcPolyLoop");
    worst(loops.filter_map(|l| outline::polygon(&context.model.units, l)).map(|l| crossing(&l, context)))
}

fn mesh_crossing(context: &Context<'_>, set: Record<'_>) -> Verdicts {
    let Some(list) = set.follow("Coordinates") else { return Verdicts::None };
    let points = outline::point_list(&context.model.units, list);
    let ring = |indices: &mut dyn Iterator<Item = Option<i64>>| -> Option<Vec<Point3>> {
        indices.map(|i| points.get(usize::try_from(i?).ok()?.checked_sub(1)?).copied()).collect()
    };
    let mut rings = Vec::new();
    for face in set.follow_all("Faces") {
        rings.extend(ring(&mut face.attribute("CoordIndex").list().map(|v| v.integer())));
        for inner in face.attribute("InnerCoordIndices").list() {
            rings.extend(ring(&mut inner.list().map(|v| v.integer())));
        }
    }
    worst(rings.iter().map(|r| crossing(r, context)))
}

fn profile_crossing(context: &Context<'_>, profile: Record<'_>) -> Verdicts {
    let curves = profile.follow("OuterCurve").into_iter().chain(profile.follow_all("InnerCurves"));
    let points = curves.filter_map(|c| outline::curve(context.step, &context.model.units, c));
    worst(points.map(|mut p| {
        if p.len() > 2 && p.first().zip(p.last()).is_some_and(|(a, b)| (*a - *b).length() < context.precision)
        {
            p.pop();
        }
        crossing(&p, context)
    }))
}

/// The worst of several verdicts; nothing where there is none.
fn worst(verdicts: impl Iterator<Item = Verdicts>) -> Verdicts {
    verdicts.fold(Verdicts::None, |sum, v| match (sum, v) {
        (Verdicts::Wrong, _) | (_, Verdicts::Wrong) => Verdicts::Wrong,
        (Verdicts::Open, _) | (_, Verdicts::Open) => Verdicts::Open,
        (Verdicts::Sound, _) | (_, Verdicts::Sound) => Verdicts::Sound,
        (Verdicts::None, Verdicts::None) => Verdicts::None,
    })
}

/// Whether a ring crosses or touches itself: edges that are no neighbours come closer than the precision, or
/// neighbours run back over one another.
fn crossing(ring: &[Point3], context: &Context<'_>) -> Verdicts {
    let n = ring.len();
    if n < 3 {
        return Verdicts::None;
    }
    if n > EDGES {
        return Verdicts::Open;
    }
    let edges: Vec<(Point3, Point3)> =
        ring.iter().zip(ring.iter().cycle().skip(1)).map(|(&a, &b)| (a, b)).collect();
    // along x: only edges whose ranges meet are held against one another
    let mut order: Vec<usize> = (0..n).collect();
    let low = |i: usize| edges.get(i).map_or(0.0, |(a, b)| a.x.min(b.x));
    order.sort_by(|&i, &j| low(i).total_cmp(&low(j)).then(i.cmp(&j)));
    let mut active: Vec<usize> = Vec::new();
    for &i in &order {
        let Some(&(a, b)) = edges.get(i) else { continue };
        active.retain(|&j| edges.get(j).is_some_and(|(c, d)| c.x.max(d.x) >= low(i) - context.precision));
        for &j in &active {
            let Some(&(c, d)) = edges.get(j) else { continue };
            let apart = i.abs_diff(j);
            let wrong = if apart == 1 || apart == n - 1 {
                n > 3 && runs_back((a, b), (c, d), context.precision)
            } else {
                near((a, b), (c, d), context.precision).1 < context.precision
            };
            if wrong {
                return Verdicts::Wrong;
            }
        }
        active.push(i);
    }
    Verdicts::Sound
}

/// Whether two segments are parallel, and how near they come to one another.
fn near((a0, a1): (Point3, Point3), (b0, b1): (Point3, Point3), precision: f64) -> (bool, f64) {
    let (r, u, v) = (b0 - a0, a1 - a0, b1 - b0);
    let (ru, rv, uu, uv, vv) = (r.dot(u), r.dot(v), u.dot(u), u.dot(v), v.dot(v));
    if uu <= 0.0 || vv <= 0.0 {
        return (false, r.length());
    }
    let det = (uu * vv - uv * uv).max(0.0);
    // the sine of the angle between them, as buildingSMART's rules have it
    let parallel = det.sqrt() < precision * uu.sqrt() * vv.sqrt();
    let (s, t) = if parallel {
        ((ru / uu).clamp(0.0, 1.0), 0.0)
    } else {
        (((ru * vv - rv * uv) / det).clamp(0.0, 1.0), ((ru * uv - rv * uu) / det).clamp(0.0, 1.0))
    };
    let on_a = a0 + u * ((t * uv + ru) / uu).clamp(0.0, 1.0);
    let on_b = b0 + v * ((s * uv - rv) / vv).clamp(0.0, 1.0);
    (parallel, (on_b - on_a).length())
}

/// Neighbours that are parallel and lie over one another.
fn runs_back(a: (Point3, Point3), b: (Point3, Point3), precision: f64) -> bool {
    if !near(a, b, precision).0 {
        return false;
    }
    let way = a.1 - a.0;
    let length = way.length();
    let along = |p: Point3| (p - a.0).dot(way) / length;
    let (from, to) = (along(b.0), along(b.1));
    let behind = from <= precision && to <= precision;
    let before = from >= length - precision && to >= length - precision;
    !(behind || before)
}

fn double_point(context: &Context<'_>, record: Record<'_>) -> Verdicts {
    let attribute = if record.class() == "IfcPolyLoop" { "Polygon" } else { "Points" };
    let records: Vec<Record<'_>> = record.follow_all(attribute).take(EDGES).collect();
    let units = &context.model.units;
    let Some(mut points) = records.iter().map(|p| outline::cartesian(units, *p)).collect::<Option<Vec<_>>>()
    else {
        return Verdicts::None;
    };
    if points.len() < 2 {
        return Verdicts::None;
    }
    let close = |a: &Point3, b: &Point3| (*a - *b).length() < context.precision;
    let closed = points.first().zip(points.last()).is_some_and(|(a, b)| close(a, b));
    if attribute == "Points" && closed {
        // a closed polyline ends in the very point that it begins with
        if records.first().map(|r| r.id) != records.last().map(|r| r.id) {
            return Verdicts::Wrong;
        }
        points.pop();
    }
    if double(&points, context.precision) { Verdicts::Wrong } else { Verdicts::Sound }
}

/// Whether two points lie closer than the precision.
fn double(points: &[Point3], precision: f64) -> bool {
    let mut order: Vec<&Point3> = points.iter().collect();
    order.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)).then(a.z.total_cmp(&b.z)));
    order.iter().enumerate().any(|(i, a)| {
        let behind = order.iter().skip(i + 1).take_while(|b| b.x - a.x < precision);
        behind.into_iter().any(|b| (**a - **b).length() < precision)
    })
}

/// The points of the segments of an IfcIndexedPolyCurve in their order, each segment with its own.
fn segments(context: &Context<'_>, curve: Record<'_>) -> Option<Vec<(bool, Vec<Point3>)>> {
    let points = outline::point_list(&context.model.units, curve.follow("Points")?);
    let segments = curve.attribute("Segments");
    if segments.is_null() {
        return Some(vec![(false, points)]);
    }
    let at = |i: i64| points.get(usize::try_from(i).ok()?.checked_sub(1)?).copied();
    let mut out = Vec::new();
    for segment in segments.list() {
        let crate::ifc::step::Value::Typed(typed) = segment else { continue };
        let arc = typed.keyword.eq_ignore_ascii_case("IfcArcIndex");
        out.push((arc, typed.value().list().filter_map(|i| at(i.integer()?)).collect()));
    }
    Some(out)
}

fn double_indexed_point(context: &Context<'_>, curve: Record<'_>) -> Verdicts {
    let Some(segments) = segments(context, curve) else { return Verdicts::None };
    let wrong = segments.iter().any(|(_, points)| {
        points.windows(2).any(|w| matches!(w, [a, b] if (*a - *b).length() < context.precision))
    });
    if wrong { Verdicts::Wrong } else { Verdicts::Sound }
}

fn straight_arc(context: &Context<'_>, curve: Record<'_>) -> Verdicts {
    let Some(segments) = segments(context, curve) else { return Verdicts::None };
    let mut any = false;
    for (_, points) in segments.iter().filter(|(arc, _)| *arc) {
        let [a, b, c] = points[..] else { continue };
        any = true;
        let (chord, to) = (c - a, b - a);
        let length = chord.length();
        let off = if length > 0.0 { chord.cross(to).length() / length } else { to.length() };
        if off < context.precision {
            return Verdicts::Wrong;
        }
    }
    if any { Verdicts::Sound } else { Verdicts::None }
}

/// A polygonal face lies in the plane of its outer loop.
fn plane(context: &Context<'_>, face: Record<'_>) -> Verdicts {
    let loops: Vec<(bool, Vec<Point3>)> = face
        .follow_all("Bounds")
        .filter_map(|b| {
            let bound = b.follow("Bound").filter(|l| l.class() == "IfcPolyLoop")?;
            Some((b.class() == "IfcFaceOuterBound", outline::polygon(&context.model.units, bound)?))
        })
        .collect();
    let Some((_, outer)) = loops.iter().find(|(outer, _)| *outer) else { return Verdicts::None };
    let Some((origin, normal)) = fitted(outer) else { return Verdicts::None };
    let off = |p: &Point3| (*p - origin).dot(normal).abs();
    if loops.iter().flat_map(|(_, l)| l).any(|p| off(p) > context.precision) {
        Verdicts::Wrong
    } else {
        Verdicts::Sound
    }
}

/// The plane of a loop by Newell's sum of cross products, through its middle.
fn fitted(ring: &[Point3]) -> Option<(Point3, Point3)> {
    let first = *ring.first()?;
    let mut normal = Point3::new(0.0, 0.0, 0.0);
    let mut sum = Point3::new(0.0, 0.0, 0.0);
    for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
        normal = normal + (*a - first).cross(*b - first);
        sum = sum + (*a - first);
    }
    let length = normal.length();
    #[allow(clippy::cast_precision_loss)]
    let middle = first + sum * (1.0 / ring.len() as f64);
    (length > 0.0).then(|| (middle, normal * (1.0 / length)))
}
