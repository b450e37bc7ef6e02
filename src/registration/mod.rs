//! Lays each plan on its storey: by grid labels where both sides have them, by shape where not.
//!
//! `labels` and `voting` find places, `agreement` says how well a place fits, `refine` draws it tight, `storey` reads
//! titles and level marks, `said` is what the user says of it, `decide` chooses or refuses, `against` knows what speaks for another building, `story` tells
//! it.

mod against;
pub(crate) mod agreement;
mod decide;
pub mod given;
pub(crate) mod labels;
mod refine;
pub mod said;
pub(crate) mod shape;
mod spacing;
pub(crate) mod storey;
mod story;
mod voting;

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;

use crate::drawing::model::{Drawing, Format};
use crate::drawing::plans::{Plan, Plans, UnitFrom};
use crate::error::Result;
use crate::geom::{Affine2, Point2};
use crate::ifc::model::Model;
use crate::ifc::section::StoreyPlan;
use crate::wording::Text;
use agreement::{COVER_M, FINE_M, agreement};
use decide::{Placing, Turn, Witness, decide};
use given::Given;
use labels::LabelFit;
use rayon::prelude::*;
use said::Said;
use shape::Shape;
use std::collections::BTreeMap;
use storey::StoreyNamesRead;

/// How a plan was laid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// By grid labels.
    Labels,
    /// By shape.
    Shapes,
    /// By a transform that the user gave.
    Given,
    /// Not at all.
    None,
}

/// Where every plan lies.
#[derive(Clone, Debug, Default)]
pub struct Registration {
    /// One per plan of [`Plans::plans`], in that order.
    pub plans: Vec<PlanRegistration>,
}

/// Where one plan lies.
#[derive(Clone, Debug)]
pub struct PlanRegistration {
    /// Storey plans (numbers into the run's storey plans) that it was laid on; several for a typical floor.
    pub storeys: Vec<usize>,
    /// Plan metres → world metres.
    pub to_world: Option<Affine2>,
    /// How.
    pub method: Method,
    /// Root mean square of the inliers' residuals, metres.
    pub rms_m: f64,
    /// 95th percentile of the inliers' residuals, metres.
    pub p95_m: f64,
    /// Anchors that agree.
    pub inliers: usize,
    /// Anchors tried.
    pub anchors: usize,
    /// Best score over the second best, for shapes.
    pub peak_ratio: Option<f64>,
    /// How sure, 0 to 1.
    pub trust: f64,
    /// The story: which storey, by what, how well; or why not.
    pub story: Text,
    /// The plan lies on no storey of these models at all (another building), as opposed to not being decidable.
    pub mismatch: bool,
    /// It was not laid because it may show several storeys, or another one than its title says.
    pub storey_open: bool,
    /// Storey plans that the title names.
    pub named: Vec<usize>,
    /// Storeys that the title names and no model has, as written.
    pub unknown: Vec<String>,
}

impl PlanRegistration {
    /// Not laid; the story is to be filled in.
    pub(crate) fn none() -> Self {
        Self {
            storeys: Vec::new(),
            to_world: None,
            method: Method::None,
            rms_m: 0.0,
            p95_m: 0.0,
            inliers: 0,
            anchors: 0,
            peak_ratio: None,
            trust: 0.0,
            story: Text::default(),
            mismatch: false,
            storey_open: false,
            named: Vec::new(),
            unknown: Vec::new(),
        }
    }

    /// Drawing units → world metres, where the plan is laid.
    pub fn drawing_to_world(&self, plan: &Plan) -> Option<Affine2> {
        Some(self.to_world?.after(&plan.frame.to_plan))
    }
}

/// Left or right of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

impl Side {
    fn sign(self) -> f64 {
        if self == Self::Left { 1.0 } else { -1.0 }
    }
}

/// Less drawn wall than this beside many loose lines means that walls were not recognised (metres).
const FEW_WALLS_M: f64 = 8.0;
/// Storeys beyond this are not tried by shape (those that title and level name come first).
const MAX_SHAPE_STOREYS: usize = 60;
/// A sheet this many times as large as the storey shows something else, or is read in a wrong unit.
const MAX_LARGER: f64 = 4.0;
/// Places per storey that are kept and compared.
const KEPT_PLACES: usize = 6;
/// Sizes of drawing units, metres, that a plan may have been read in wrongly.
const UNITS_M: [f64; 7] = [0.001, 0.01, 0.1, 1.0, 0.0254, 0.3048, 25.4];

/// Pixels per inch that programs take for SVG, over the 96 of CSS: older Inkscape, Illustrator.
const PIXELS: [f64; 2] = [90.0 / 96.0, 72.0 / 96.0];

/// So many labels that plan and model share say where the plan lies, or that it lies nowhere.
const SHARED_LABELS: usize = 6;
/// So many of one direction say that it lies elsewhere.
const FAMILY_LABELS: usize = 4;

/// The storeys, ready to be laid on.
struct Scene<'a> {
    models: &'a [Model],
    storeys: &'a [StoreyPlan],
    shapes: Vec<Shape>,
    faces: Vec<Shape>,
    alike: Vec<usize>,
    names: StoreyNamesRead,
}

impl Scene<'_> {
    /// Storey plans by the name, long name or GlobalId of one of their storeys; an exact name before one that differs
    /// in case and spaces alone.
    fn storeys_named(&self, name: &str) -> Vec<usize> {
        let wanted = shape::folded(name);
        let find = |fits: &dyn Fn(&crate::ifc::model::Storey) -> bool| -> Vec<usize> {
            (0..self.storeys.len())
                .filter(|&i| {
                    self.storeys[i].storeys.iter().any(|r| {
                        let storey = self.models.get(r.model as usize);
                        storey.and_then(|m| m.storeys.get(r.index as usize)).is_some_and(fits)
                    })
                })
                .collect()
        };
        let exact = find(&|s| s.guid == name || s.name == name || s.long_name.as_deref() == Some(name));
        if exact.is_empty() && !wanted.is_empty() {
            return find(&|s| shape::folded(&s.name) == wanted);
        }
        exact
    }
}

/// Lays every plan on its storey.
pub fn solve(models: &[Model], storeys: &[StoreyPlan], drawings: &[Drawing], plans: &Plans) -> Registration {
    let given = vec![None; plans.plans.len()];
    solve_around(models, storeys, drawings, plans, &given, &[]).unwrap_or_default()
}

/// As [`solve`], with the places that the user gives, and what is said of each plan (shorter than the list of plans, or
/// empty, where nothing is).
///
/// # Errors
/// When a place names a plan or a storey that is not there.
pub fn solve_given(
    models: &[Model],
    storeys: &[StoreyPlan],
    drawings: &[Drawing],
    plans: &Plans,
    given: &[Given],
    said: &[Option<Said>],
) -> Result<Registration> {
    let given = given::assigned(given, drawings, &plans.plans)?;
    solve_around(models, storeys, drawings, plans, &given, said)
}

fn solve_around(
    models: &[Model],
    storeys: &[StoreyPlan],
    drawings: &[Drawing],
    plans: &Plans,
    given: &[Option<&Given>],
    said: &[Option<Said>],
) -> Result<Registration> {
    let said: Vec<Option<&Said>> =
        (0..plans.plans.len()).map(|k| said.get(k).and_then(Option::as_ref)).collect();
    let shapes: Vec<Shape> = storeys.par_iter().map(Shape::of_storey).collect();
    let faces: Vec<Shape> = storeys.par_iter().map(Shape::of_storey_faces).collect();
    let mut first: BTreeMap<Vec<[i64; 5]>, usize> = BTreeMap::new();
    let alike = shapes.iter().enumerate().map(|(i, s)| *first.entry(s.signature()).or_insert(i)).collect();
    let names = StoreyNamesRead::new(models, storeys, &plans.plans);
    let scene = Scene { models, storeys, shapes, faces, alike, names };
    let mut laid: Vec<PlanRegistration> = plans
        .plans
        .par_iter()
        .zip(given.par_iter().zip(&said))
        .map(|(p, (given, said))| match given {
            Some(given) => given::lay(&scene, p, given, &shape_of(p)),
            None => Ok(lay(&scene, drawings, p, *said, None)),
        })
        .collect::<Result<_>>()?;
    // what is not decided alone may be by the way the other sheets of the set are turned
    if let Some(turn) = common_turn(&plans.plans, &laid) {
        let again: Vec<Option<PlanRegistration>> = plans
            .plans
            .par_iter()
            .zip(laid.par_iter().zip(given.par_iter().zip(&said)))
            .map(|(p, (r, (given, said)))| {
                (r.to_world.is_none() && !r.mismatch && given.is_none())
                    .then(|| lay(&scene, drawings, p, *said, Some(turn)))
            })
            .collect();
        for (r, better) in laid.iter_mut().zip(again) {
            if let Some(better) = better.filter(|b| b.to_world.is_some()) {
                *r = better;
            }
        }
    }
    for ((r, plan), said) in laid.iter_mut().zip(&plans.plans).zip(&said) {
        match said.filter(|s| !s.storeys.is_empty()) {
            // what is said stands over what the title was taken for
            Some(said) => r.named.clone_from(&said.storeys),
            None => {
                r.named = scene.names.by_title(&plan.storeys);
                r.unknown = scene.names.unknown(&plan.storeys);
            }
        }
    }
    let laid = laid.into_iter().zip(said).map(|(r, said)| said::told(r, said)).collect();
    Ok(Registration { plans: laid })
}

/// The turn that all laid plans share; `None` where they differ or none is laid.
fn common_turn(plans: &[Plan], laid: &[PlanRegistration]) -> Option<Turn> {
    let mut turns = plans.iter().zip(laid).filter_map(|(p, r)| Some(Turn::of(&r.drawing_to_world(p)?)));
    let first = turns.next()?;
    turns.all(|t| t.is_near(first)).then_some(first)
}

/// The walls of a plan; its loose lines where walls were not recognised.
fn shape_of(plan: &Plan) -> Shape {
    let walls = Shape::of_plan(plan);
    if walls.length_m() < FEW_WALLS_M && walls.posts.len() < 4 {
        let lines = Shape::of_plan_lines(plan);
        if lines.traces.len() >= 12 {
            return lines;
        }
    }
    walls
}

fn lay(
    scene: &Scene<'_>,
    drawings: &[Drawing],
    plan: &Plan,
    said: Option<&Said>,
    turn: Option<Turn>,
) -> PlanRegistration {
    if let Some(unknown) = said.and_then(|s| s.unknown.as_ref()) {
        return said::unknown(scene, plan, unknown);
    }
    let said = said.filter(|s| !s.storeys.is_empty());
    let mut witness = Witness {
        plan: &plan.id,
        title: plan.title.as_deref(),
        names: &scene.names.names,
        by_title: scene.names.by_title(&plan.storeys),
        title_readings: scene.names.counted(&plan.storeys),
        by_title_otherwise: scene.names.by_title_otherwise(&plan.storeys),
        by_level: scene.names.by_levels(plan),
        said,
        alike: &scene.alike,
        mirrored_text: mirrored_text(drawings, plan),
        turn,
        to_plan: plan.frame.to_plan,
        drawn: (plan.walls.len(), plan.columns.len()),
    };
    if let Some(said) = said {
        for list in [&mut witness.by_title, &mut witness.by_title_otherwise, &mut witness.by_level] {
            list.retain(|s| said.storeys.contains(s));
        }
    }
    let drawn = shape_of(plan);
    let scales = scales(drawings, plan);
    let mut placings = by_labels(scene, plan, &drawn, &scales);
    let settled = placings.iter().any(|p| {
        p.labels.as_ref().is_some_and(LabelFit::is_sound)
            && p.agreement.quality().is_none_or(|q| q >= 0.5 || drawn.loose)
    });
    if !settled && drawn.is_enough() {
        placings
            .retain(|p| p.labels.as_ref().is_some_and(LabelFit::is_sound) && p.agreement.quality().is_none());
        placings.extend(by_shape(scene, &drawn, &scales, &witness).into_iter().map(|p| Placing {
            against_labels: against_labels(&scene.storeys[p.storey], plan, &p.map),
            ..p
        }));
        placings = best_per_storey(placings);
    }
    decide(placings, &witness, &against::Case { scene, plan, drawn: &drawn })
}

/// Labels that plan and storey share say that the plan lies elsewhere.
fn against_labels(storey: &StoreyPlan, plan: &Plan, map: &Affine2) -> bool {
    let families = labels::agreeing(&storey.axes, &plan.axes, map);
    let (agree, shared) = families.iter().fold((0, 0), |sum, f| (sum.0 + f.0, sum.1 + f.1));
    // buildings of one kind are often as deep as each other: across alone nothing is told by that
    let apart = |f: &labels::Agreeing| f.1 >= FAMILY_LABELS && !labels::are_most(f.0, f.1);
    families.iter().any(apart) || shared >= SHARED_LABELS && !labels::are_most(agree, shared)
}

/// Most of the plan's texts read right-to-left.
fn mirrored_text(drawings: &[Drawing], plan: &Plan) -> bool {
    let Some(sheet) = drawings.get(plan.drawing as usize).and_then(|d| d.sheets.get(plan.sheet as usize))
    else {
        return false;
    };
    let mut n = (0usize, 0usize);
    for t in sheet.texts.iter().filter(|t| plan.region.contains(t.at)) {
        n.0 += 1;
        n.1 += usize::from(t.mirrored);
    }
    n.0 > 0 && n.1 * 2 > n.0
}

/// Factors by which the plan's unit may be wrong.
fn scales(drawings: &[Drawing], plan: &Plan) -> Vec<f64> {
    if plan.frame.unit_from != UnitFrom::Plausible || plan.frame.unit_m <= 0.0 {
        return vec![1.0];
    }
    let mut out = vec![1.0];
    for unit in UNITS_M {
        let k = unit / plan.frame.unit_m;
        if (k - 1.0).abs() > 1e-6 && k.is_finite() {
            out.push(k);
        }
    }
    let pixels = drawings
        .get(plan.drawing as usize)
        .is_some_and(|d| d.format == Format::Svg && d.declared_unit_m.is_none());
    if pixels {
        out.extend(PIXELS.map(|p| 1.0 / p));
    }
    out
}

fn best_per_storey(placings: Vec<Placing>) -> Vec<Placing> {
    let mut best: BTreeMap<usize, Placing> = BTreeMap::new();
    for p in placings {
        let better = best.get(&p.storey).is_none_or(|b| {
            let sound = |x: &Placing| x.labels.as_ref().is_some_and(LabelFit::is_sound);
            (sound(&p), p.agreement.score()) > (sound(b), b.agreement.score())
        });
        if better {
            best.insert(p.storey, p);
        }
    }
    best.into_values().collect()
}

fn by_labels(scene: &Scene<'_>, plan: &Plan, drawn: &Shape, scales: &[f64]) -> Vec<Placing> {
    if plan.axes.len() < 3 {
        return Vec::new();
    }
    // storeys mostly share one grid: fit each distinct one once
    let mut grids: BTreeMap<Vec<(u32, u32)>, Vec<usize>> = BTreeMap::new();
    for (i, s) in scene.storeys.iter().enumerate() {
        grids.entry(s.axes.iter().map(|a| (a.model, a.index)).collect()).or_default().push(i);
    }
    let mut out = Vec::new();
    for storeys in grids.values() {
        let Some(&first) = storeys.first() else { continue };
        for fit in labels::fits(&scene.storeys[first].axes, &plan.axes, scales) {
            if !fit.is_usable() {
                continue;
            }
            for &s in storeys {
                let model = if drawn.loose { &scene.faces[s] } else { &scene.shapes[s] };
                let fine = agreement(model, drawn, &fit.to_world, FINE_M);
                let agreement = agreement(model, drawn, &fit.to_world, COVER_M);
                if !fit.is_sound() && agreement.quality().unwrap_or(0.0) < 0.7 {
                    continue;
                }
                out.push(Placing {
                    storey: s,
                    map: fit.to_world,
                    agreement,
                    fine,
                    mirrored: fit.to_world.is_mirrored(),
                    labels: Some(fit.clone()),
                    against_labels: against_labels(&scene.storeys[s], plan, &fit.to_world),
                    residuals: Vec::new(),
                    ratio: None,
                    telling: true,
                    alone_turned: false,
                    loose: drawn.loose,
                });
            }
        }
    }
    best_per_storey(out)
}

fn by_shape(scene: &Scene<'_>, drawn: &Shape, scales: &[f64], witness: &Witness<'_>) -> Vec<Placing> {
    let said = witness.said.map_or(&[][..], |s| &s.storeys);
    let mut order: Vec<usize> =
        said.iter().chain(&witness.by_title).chain(&witness.by_level).copied().collect();
    let mut seen = std::collections::BTreeSet::new();
    order.retain(|s| seen.insert(scene.alike[*s]));
    let named = order.len();
    order.extend((0..scene.storeys.len()).filter(|s| seen.insert(scene.alike[*s])));
    order.truncate(MAX_SHAPE_STOREYS);
    let (named, others) = order.split_at(named.min(order.len()));
    let mut found: BTreeMap<usize, Placing> = BTreeMap::new();
    try_storeys(scene, drawn, scales, named, witness, &mut found);
    // what title or level name and the drawing explains so well, no other storey can contradict
    let by = if witness.by_title.is_empty() { &witness.by_level } else { &witness.by_title };
    let settled = |s: &usize| {
        let of = found.values().find(|p| scene.alike[p.storey] == scene.alike[*s]);
        of.and_then(Placing::quality).is_some_and(|q| q > decide::UNRIVALLED)
    };
    if by.is_empty() || !by.iter().all(settled) {
        try_storeys(scene, drawn, scales, others, witness, &mut found);
    }
    // storeys with the same plan share the place
    (0..scene.storeys.len())
        .filter_map(|s| {
            found
                .values()
                .find(|p| scene.alike[p.storey] == scene.alike[s])
                .map(|p| Placing { storey: s, ..p.clone() })
        })
        .collect()
}

/// The best place of a drawing on each of some storeys, at any of the scales.
fn try_storeys(
    scene: &Scene<'_>,
    drawn: &Shape,
    scales: &[f64],
    storeys: &[usize],
    witness: &Witness<'_>,
    found: &mut BTreeMap<usize, Placing>,
) {
    for &scale in scales {
        let sheet = drawn.scaled(scale);
        for &s in storeys {
            let model = if drawn.loose { &scene.faces[s] } else { &scene.shapes[s] };
            let size = |b: crate::geom::Box2| b.diagonal();
            if !model.is_enough()
                || size(sheet.bounds) > MAX_LARGER * size(model.bounds).max(5.0)
                || size(sheet.bounds) < 3.0
            {
                continue;
            }
            if let Some(p) = placing(model, &sheet, s, scale, witness) {
                let better = found.get(&s).is_none_or(|b| p.agreement.score() > b.agreement.score());
                if better {
                    found.insert(s, p);
                }
            }
        }
    }
}

fn placing(
    model: &Shape,
    sheet: &Shape,
    storey: usize,
    scale: f64,
    witness: &Witness<'_>,
) -> Option<Placing> {
    let places = voting::candidates(model, sheet, KEPT_PLACES);
    // a mirror image is taken only where it fits clearly better than the plan as it reads
    let upright = places.iter().find(|c| !c.mirrored);
    let mirrored = places.iter().find(|c| c.mirrored);
    let mut best = match (upright, mirrored) {
        (Some(u), Some(m)) if m.score > 1.1 * u.score => m,
        (Some(u), _) => u,
        (None, m) => m?,
    };
    // places that fit as well but for a hundredth: the one that is turned as the rest of the set
    let turn_of = |c: &voting::Candidate| Turn::of(&c.map.after(&witness.to_plan));
    if let Some(turn) = witness.turn {
        let turned = places.iter().find(|c| turn_of(c).is_near(turn) && c.score >= 0.97 * best.score);
        best = turned.unwrap_or(best);
    }
    let alone_turned = !places.iter().any(|c| {
        !voting::same_place(sheet, &c.map, &best.map)
            && turn_of(c).is_near(turn_of(best))
            && c.score * 1.15 > best.score
    });
    let second = places
        .iter()
        .filter(|c| c.mirrored == best.mirrored && !voting::same_place(sheet, &c.map, &best.map))
        .max_by(|a, b| a.score.total_cmp(&b.score));
    let ratio = second.map(|s| best.score / s.score.max(1e-6));
    let telling = second
        .is_none_or(|s| best.fine.beyond(&s.fine) >= decide::TELLING_M + 3.0 * s.fine.beyond(&best.fine));
    let (map, residuals) = refine::refine(model, sheet, &best.map);
    Some(Placing {
        storey,
        map: map.after(&Affine2::similarity(scale, 0.0, false, Point2::default())),
        agreement: agreement(model, sheet, &map, COVER_M),
        fine: agreement(model, sheet, &map, FINE_M),
        labels: None,
        against_labels: false,
        residuals,
        ratio,
        telling,
        alone_turned,
        mirrored: best.mirrored,
        loose: sheet.loose,
    })
}
