//! Places that the user gives: which plan, on which storeys, under which map. A given place is taken as it is and never
//! drawn tight; it is refused where what is drawn contradicts it, and its residuals are told.
//!
//! Read from TOML or JSON: a list `place` of tables, or what `tumo register --json` and the report's `plans` hold.

use super::agreement::{Agreement, COVER_M, agreement};
use super::refine::{p95, residuals, rms};
use super::shape::Shape;
use super::story::{titled, words};
use super::{Method, PlanRegistration, Scene};
use crate::drawing::model::Drawing;
use crate::drawing::plans::Plan;
use crate::error::{Error, Result};
use crate::geom::{Affine2, Point2};
use crate::place::Place;
use crate::wording::Text;
use serde::Deserialize;

/// Places in one file at most.
const MAX_PLACES: usize = 10_000;
/// Both axes of a map are scaled alike and stand at right angles to this (a sheet that was stretched is no plan).
const SHAPE: f64 = 1e-3;
/// The map's scale may differ from the plan's own unit by this share (paper shrinks, units do not).
const UNIT_SHARE: f64 = 0.01;
/// Below this share of agreement the drawing contradicts the place.
const CONTRADICTED: f64 = 0.4;
/// Points of a pair that lie further from one another than this after the fit contradict each other (metres).
const POINTS_M: f64 = 0.05;
/// What lies further off is no residual of this place but something that differs (metres).
const RESIDUAL_M: f64 = 0.06;

/// One place that the user gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// File that it was read from, for what is told of it.
    pub from: String,
    /// File name of the drawing; any where it is not named.
    pub drawing: Option<String>,
    /// Plan, such as `P1`.
    pub plan: Option<String>,
    /// A part of the plan's title.
    pub title: Option<String>,
    /// Storeys by name or GlobalId; those of the plan's title where none is named.
    pub storeys: Vec<String>,
    /// Drawing units → world metres.
    pub map: Affine2,
}

/// The file, in every form that is understood.
#[derive(Deserialize)]
#[serde(untagged)]
enum File {
    Places { place: Vec<Entry> },
    Report { plans: Vec<Entry> },
    List(Vec<Entry>),
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Entry {
    drawing: Option<String>,
    plan: Option<String>,
    title: Option<String>,
    storey: Option<Named>,
    storeys: Vec<Named>,
    m: Option<[f64; 6]>,
    transform: Transform,
    points: Vec<PointPair>,
    mirrored: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Transform {
    m: Option<[f64; 6]>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Named {
    Name(String),
    Storey { guid: String },
}

#[derive(Clone, Copy, Deserialize)]
struct PointPair {
    drawing: [f64; 2],
    model: [f64; 2],
}

/// Reads a file of places. Plans of a report that were not laid are passed over.
///
/// # Errors
/// When it is neither TOML nor JSON of this form, holds no place, or a map that is none.
pub fn read(name: &str, bytes: &[u8]) -> Result<Vec<Given>> {
    let fail = |message: String| Error::read(Place::file(name), message);
    let text = std::str::from_utf8(bytes)
        .map_err(|_| fail("is no text; places are given as TOML or JSON".into()))?
        .trim_start_matches('\u{feff}');
    let json = text.trim_start().starts_with(['{']) || text.trim_start().starts_with("[{") || {
        let rest = text.trim_start().strip_prefix('[').map(str::trim_start);
        rest.is_some_and(|r| r.starts_with(['{', ']']))
    };
    let shape =
        "places are a list `place` of tables with `plan`, `storeys` and `m = [a, b, c, d, e, f]` or `points`";
    let file: File = if json {
        serde_json::from_str(text).map_err(|e| fail(format!("{e}; {shape}")))?
    } else {
        toml::from_str(text).map_err(|e| fail(format!("{}; {shape}", e.message())))?
    };
    let entries = match file {
        File::Places { place } => place,
        File::Report { plans } | File::List(plans) => plans,
    };
    if entries.len() > MAX_PLACES {
        return Err(Error::Limit {
            place: Place::file(name),
            what: "the number of places".into(),
            limit: MAX_PLACES.to_string(),
        });
    }
    let mut out = Vec::new();
    for (k, entry) in entries.into_iter().enumerate() {
        if let Some(given) = given(name, k + 1, entry)? {
            out.push(given);
        }
    }
    if out.is_empty() {
        return Err(fail(format!("holds no place; {shape}")));
    }
    Ok(out)
}

fn given(name: &str, number: usize, entry: Entry) -> Result<Option<Given>> {
    let fail = |message: &str| Error::read(Place::file(name), format!("place {number}: {message}"));
    let map = match (entry.m.or(entry.transform.m), &entry.points[..]) {
        (Some([a, b, c, d, e, f]), []) => Affine2 { a, b, c, d, e, f },
        (None, []) => {
            // a plan of a report that was not laid
            return if entry.plan.is_some() && entry.drawing.is_some() {
                Ok(None)
            } else {
                Err(fail("has neither `m` nor `points`"))
            };
        }
        (None, points) => by_points(points, entry.mirrored).map_err(|message| fail(&message))?,
        (Some(_), _) => return Err(fail("has both `m` and `points`: give one of them")),
    };
    is_place(&map).map_err(fail)?;
    let storeys = entry
        .storey
        .into_iter()
        .chain(entry.storeys)
        .map(|n| match n {
            Named::Name(name) => name,
            Named::Storey { guid } => guid,
        })
        .collect();
    Ok(Some(Given {
        from: name.to_owned(),
        drawing: entry.drawing,
        plan: entry.plan,
        title: entry.title,
        storeys,
        map,
    }))
}

/// A similarity: one scale, right angles.
fn is_place(map: &Affine2) -> std::result::Result<(), &'static str> {
    let (u, v) = (map.apply_vector(Point2::new(1.0, 0.0)), map.apply_vector(Point2::new(0.0, 1.0)));
    let (a, b) = (u.length(), v.length());
    if ![map.a, map.b, map.c, map.d, map.e, map.f].iter().all(|x| x.is_finite()) {
        return Err("`m` holds what is no number");
    }
    if a < 1e-12 || b < 1e-12 {
        return Err("`m` maps everything onto one line or point");
    }
    if (a - b).abs() > SHAPE * a.max(b) || u.dot(v).abs() > SHAPE * a * b {
        return Err("`m` stretches or shears: x and y must have one scale and stand at right angles");
    }
    Ok(())
}

/// The similarity that takes the points of the drawing nearest to those of the model (least squares; Umeyama 1991 in
/// the plane).
fn by_points(points: &[PointPair], mirrored: bool) -> std::result::Result<Affine2, String> {
    let pairs: Vec<(Point2, Point2)> =
        points.iter().map(|p| (Point2::from(p.drawing), Point2::from(p.model))).collect();
    if pairs.len() < 2 || !pairs.iter().all(|(p, q)| p.is_finite() && q.is_finite()) {
        return Err("needs two points or more".into());
    }
    #[allow(clippy::cast_precision_loss)]
    let n = pairs.len() as f64;
    let centre = |pick: fn(&(Point2, Point2)) -> Point2| {
        pairs.iter().map(pick).fold(Point2::default(), |s, p| s + p) / n
    };
    let (from, to) = (centre(|p| p.0), centre(|p| p.1));
    let turn = |p: Point2| if mirrored { Point2::new(p.x, -p.y) } else { p };
    let (mut along, mut across, mut spread) = (0.0, 0.0, 0.0);
    for (p, q) in &pairs {
        let (p, q) = (turn(*p - from), *q - to);
        along += p.dot(q);
        across += p.cross(q);
        spread += p.dot(p);
    }
    let scale = along.hypot(across) / spread;
    if !scale.is_finite() || scale <= 0.0 {
        return Err("its points lie in one place".into());
    }
    let map = Affine2::similarity(scale, across.atan2(along), mirrored, Point2::default());
    let map = Affine2::translation(to - map.apply(from)).after(&map);
    let worst = pairs.iter().map(|(p, q)| map.apply(*p).distance(*q)).fold(0.0, f64::max);
    if worst > POINTS_M {
        return Err(format!(
            "its points contradict each other by {:.0} mm: {}",
            worst * 1000.0,
            "check them, or add `mirrored = true` where the drawing is mirrored"
        ));
    }
    Ok(map)
}

/// Which given place belongs to which plan: one entry per plan.
///
/// # Errors
/// When a place names a plan that is not there, several plans, or a plan that another place names too.
pub(super) fn assigned<'a>(
    given: &'a [Given],
    drawings: &[Drawing],
    plans: &[Plan],
) -> Result<Vec<Option<&'a Given>>> {
    let mut out: Vec<Option<&Given>> = vec![None; plans.len()];
    for place in given {
        let fail = |message: String| Error::read(Place::file(&place.from), message);
        let file = |p: &Plan| drawings.get(p.drawing as usize).map_or("", |d| d.file.as_str());
        let fits: Vec<usize> = (0..plans.len())
            .filter(|&k| {
                let p = &plans[k];
                place.drawing.as_deref().is_none_or(|d| d == file(p))
                    && place.plan.as_deref().is_none_or(|id| id == p.id)
                    && place
                        .title
                        .as_deref()
                        .is_none_or(|t| p.title.as_deref().is_some_and(|x| x.contains(t)))
            })
            .collect();
        let asked = [&place.drawing, &place.plan, &place.title].into_iter().flatten();
        let asked: Vec<&str> = asked.map(String::as_str).collect();
        let asked = if asked.is_empty() { "a place".to_owned() } else { asked.join(", ") };
        let named = |list: &[usize]| -> String {
            let all: Vec<String> = list
                .iter()
                .filter_map(|&k| plans.get(k))
                .take(12)
                .map(|p| format!("{} {} ({})", p.id, p.title.as_deref().unwrap_or("untitled"), file(p)))
                .collect();
            if all.is_empty() { "no plan was found".into() } else { all.join("; ") }
        };
        match fits[..] {
            [one] => {
                if out.get(one).is_some_and(Option::is_some) {
                    return Err(fail(format!("two places are given for {}", named(&[one]))));
                }
                if let Some(slot) = out.get_mut(one) {
                    *slot = Some(place);
                }
            }
            [] => {
                let all: Vec<usize> = (0..plans.len()).collect();
                return Err(fail(format!("{asked}: there is no such plan; the plans are {}", named(&all))));
            }
            _ => return Err(fail(format!("{asked} may be any of {}: say which", named(&fits)))),
        }
    }
    Ok(out)
}

/// Lays a plan where the user says, or says why not.
///
/// # Errors
/// When a storey is named that no model has.
pub(super) fn lay(scene: &Scene<'_>, plan: &Plan, given: &Given, drawn: &Shape) -> Result<PlanRegistration> {
    let storeys = storeys(scene, plan, given)?;
    let names: Vec<&str> = storeys.iter().map(|&s| scene.names.names[s].as_str()).collect();
    let mut values = vec![
        ("plan", Text::same(plan.id.clone())),
        ("title", titled(plan.title.as_deref())),
        ("storey", Text::list(&names)),
    ];
    let refuse = |sentence: &str, values: &[(&str, Text)]| PlanRegistration {
        story: words(sentence, values),
        method: Method::None,
        ..PlanRegistration::none()
    };
    let Some(back) = plan.frame.to_plan.inverse() else { return Ok(refuse("given_unit", &values)) };
    let map = given.map.after(&back);
    if storeys.is_empty() {
        return Ok(refuse("given_no_storey", &values));
    }
    if (map.scale() - 1.0).abs() > UNIT_SHARE {
        values.push(("given", Text::same(figure(given.map.scale()))));
        values.push(("unit", Text::same(figure(plan.frame.unit_m))));
        return Ok(refuse("given_unit", &values));
    }
    let mut agreed: Option<(Agreement, &Shape)> = None;
    for &s in &storeys {
        let model = if drawn.loose { &scene.faces[s] } else { &scene.shapes[s] };
        let found = agreement(model, drawn, &map, COVER_M);
        if agreed.as_ref().is_none_or(|b| found.score() > b.0.score()) {
            agreed = Some((found, model));
        }
    }
    let Some((found, model)) = agreed else { return Ok(refuse("given_no_storey", &values)) };
    let quality = if drawn.loose { found.model_share() } else { found.quality() };
    let percent = quality.map_or_else(|| "?".to_owned(), |q| format!("{:.0}", q * 100.0));
    values.push(("quality", Text::same(percent)));
    if quality.is_some_and(|q| q < CONTRADICTED) {
        return Ok(refuse("given_contradicted", &values));
    }
    let residuals = residuals(model, drawn, &map, RESIDUAL_M);
    values.push(("rms", Text::same(format!("{:.1}", rms(&residuals) * 1000.0))));
    let total = 2 * found.drawn_m.len() + 2 * found.posts.len();
    Ok(PlanRegistration {
        storeys,
        to_world: Some(map),
        method: Method::Given,
        rms_m: rms(&residuals),
        p95_m: p95(&residuals),
        inliers: residuals.len(),
        anchors: total.max(residuals.len()),
        trust: quality.unwrap_or(0.5),
        story: words(if quality.is_some() { "given" } else { "given_bare" }, &values),
        ..PlanRegistration::none()
    })
}

/// The storeys that are named, or those of the plan's title, or the only one.
fn storeys(scene: &Scene<'_>, plan: &Plan, given: &Given) -> Result<Vec<usize>> {
    let mut out = Vec::new();
    for name in &given.storeys {
        let found = scene.storeys_named(name);
        if found.is_empty() {
            let message = format!(
                "there is no storey {name} in these models; the storeys are {}",
                scene.names.names.join(", ")
            );
            return Err(Error::read(Place::file(&given.from), message));
        }
        out.extend(found);
    }
    if given.storeys.is_empty() {
        out = scene.names.by_title(&plan.storeys);
        if out.is_empty() && scene.names.names.len() == 1 {
            out = vec![0];
        }
    }
    out.sort_unstable();
    out.dedup();
    Ok(out)
}

/// A scale in metres per unit, with the digits that tell units apart.
fn figure(scale: f64) -> String {
    let text = format!("{scale:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
