//! Pairs what is drawn with what is modelled, on every storey that a plan was laid on.
//!
//! One file per class; `evidence` looks again before anything is called missing, `assign` pairs one to one, `mark`
//! reads what opening marks say, `vocabulary` finds those that only the model knows to be some, `judge` holds marks against sizes, schedules and each other over the whole run.

mod assign;
mod axis;
mod beam;
mod column;
mod evidence;
mod judge;
pub(crate) mod mark;
mod opening;
mod room;
#[cfg(test)]
mod tests;
mod thickness;
mod vocabulary;
mod wall;

use crate::drawing::plans::{Plan, Plans};
use crate::finding::Value;
use crate::geom::{Affine2, Box2, Point2};
use crate::ifc::model::Model;
use crate::ifc::section::StoreyPlan;
use crate::registration::Registration;
use crate::wording::Text;
use evidence::ModelEdges;
use rayon::prelude::*;
pub use vocabulary::read_marks;

/// All comparisons of a run: one entry per plan and storey it was laid on.
#[derive(Clone, Debug, Default)]
pub struct Matches {
    /// In the order of plans, then storeys.
    pub plans: Vec<PlanMatches>,
}

impl Matches {
    /// Without those of some plans.
    pub fn without(&self, left_out: &dyn Fn(usize) -> bool) -> Self {
        Self { plans: self.plans.iter().filter(|m| !left_out(m.plan)).cloned().collect() }
    }
}

/// One plan held against one storey.
#[derive(Clone, Debug, Default)]
pub struct PlanMatches {
    /// Which plan.
    pub plan: usize,
    /// Which storey plan.
    pub storey: usize,
    /// Walls.
    pub walls: ClassMatches,
    /// Columns.
    pub columns: ClassMatches,
    /// Doors and windows.
    pub openings: ClassMatches,
    /// Rooms.
    pub rooms: ClassMatches,
    /// Grid axes.
    pub axes: ClassMatches,
    /// Beams, where the plan draws some.
    pub beams: Beams,
    /// What the sheet does throughout: told once, and taken off every measurement.
    pub conventions: Vec<Convention>,
    /// Classes that the model has here and the sheet does not draw at all.
    pub not_drawn: Vec<NotDrawn>,
}

/// The beams that a plan draws: those under its floor or those over head.
#[derive(Clone, Debug, Default)]
pub struct Beams {
    /// The modelled ones.
    pub cuts: Vec<BeamCut>,
    /// The comparison; numbers count into `cuts` and into the plan's beams.
    pub list: ClassMatches,
}

/// A straight modelled beam from above.
#[derive(Clone, Copy, Debug)]
pub struct BeamCut {
    /// The beam.
    pub element: crate::ifc::model::ElementRef,
    /// Middle line, world metres.
    pub line: crate::geom::Segment2,
    /// Width, metres.
    pub width_m: f64,
    /// Height of the body, metres.
    pub depth_m: f64,
}

/// A difference that (nearly) all of a class share.
#[derive(Clone, Debug, PartialEq)]
pub struct Convention {
    /// Class: `wall`, `door`, `window`, `room`, …
    pub class: &'static str,
    /// What differs: `thickness`, `width`, `swing`, `name`, …
    pub what: &'static str,
    /// By how much, metres, for numbers.
    pub bias_m: Option<f64>,
    /// Share of the class that it explains, 0 to 1.
    pub share: f64,
    /// It is one of the usual conventions; otherwise it is wrong.
    pub usual: bool,
}

/// A class that the sheet does not draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotDrawn {
    /// Class.
    pub class: &'static str,
    /// How many the model has.
    pub modelled: usize,
}

/// The comparison of one class. Numbers count into the class's list of the storey plan (`modelled`) and of the plan
/// (`drawn`).
#[derive(Clone, Debug, Default)]
pub struct ClassMatches {
    /// What agrees or differs.
    pub pairs: Vec<Pair>,
    /// Modelled, not found in the drawing.
    pub missing_in_drawing: Vec<Missing>,
    /// Drawn, not found in the model.
    pub missing_in_model: Vec<Missing>,
}

/// One modelled thing and what is drawn of it.
#[derive(Clone, Debug)]
pub struct Pair {
    /// Modelled.
    pub modelled: usize,
    /// Drawn: several where a wall is drawn in pieces.
    pub drawn: Vec<usize>,
    /// What was measured between them.
    pub deltas: Vec<Delta>,
}

/// A measured difference.
#[derive(Clone, Debug)]
pub struct Delta {
    /// What differs: `offset`, `thickness`, `width`, `mark`, `swing`, …
    pub what: &'static str,
    /// In the drawing.
    pub drawn: crate::finding::Value,
    /// In the model.
    pub modelled: crate::finding::Value,
    /// Drawn minus modelled, metres or m², for numbers.
    pub difference: Option<f64>,
    /// Standard deviation of the measurement, same unit.
    pub sigma: f64,
}

/// Something without a counterpart.
#[derive(Clone, Debug)]
pub struct Missing {
    /// Number into the class's list.
    pub index: usize,
    /// Decided, or the reason why it could not be.
    pub undecided: Option<crate::wording::Text>,
    /// How sure, 0 to 1.
    pub confidence: f64,
}

/// A plan laid on a storey, with what every class needs.
pub(crate) struct Laid<'a> {
    pub(crate) storey: &'a StoreyPlan,
    pub(crate) plan: &'a Plan,
    /// Plan metres → world metres.
    pub(crate) to_world: Affine2,
    /// World metres → plan metres.
    pub(crate) to_plan: Affine2,
    /// Standard deviation of a measured place, metres.
    pub(crate) sigma_m: f64,
    /// Outlines that may explain a drawn line.
    edges: ModelEdges,
    /// Where something is drawn: beyond it nothing can be missing.
    pub(crate) extent: Extent,
}

/// Least standard deviation of a place on a drawing (metres): rounding of coordinates in both files.
const SIGMA_M: f64 = 0.000_2;

impl Missing {
    /// Decided.
    pub(crate) fn sure(index: usize, confidence: f64) -> Self {
        Self { index, undecided: None, confidence }
    }
    /// Not decided, and why.
    pub(crate) fn unsure(index: usize, why: Text) -> Self {
        Self { index, undecided: Some(why), confidence: 0.5 }
    }
}

impl Delta {
    /// A measured number.
    pub(crate) fn number(what: &'static str, drawn: f64, modelled: f64, sigma: f64) -> Self {
        Self {
            what,
            drawn: Value::Number(drawn),
            modelled: Value::Number(modelled),
            difference: Some(drawn - modelled),
            sigma,
        }
    }
    /// A text, equal (0) or not (1).
    pub(crate) fn text(what: &'static str, drawn: &str, modelled: &str, same: bool) -> Self {
        Self {
            what,
            drawn: Value::Text(drawn.into()),
            modelled: Value::Text(modelled.into()),
            difference: Some(if same { 0.0 } else { 1.0 }),
            sigma: 0.0,
        }
    }
}

/// A sentence of `rules/wording/matching.toml`.
pub(crate) fn why(name: &str, values: &[(&str, Text)]) -> Text {
    use std::collections::BTreeMap;
    use std::sync::LazyLock;
    static WORDS: LazyLock<BTreeMap<String, Text>> = LazyLock::new(|| {
        crate::rulebook::data_file("wording/matching.toml")
            .and_then(|t| toml::from_str(t).ok())
            .unwrap_or_default()
    });
    WORDS.get(name).map_or_else(|| Text::same(name), |t| t.fill(values))
}

/// What of all that could be compared is to be.
#[derive(Clone, Copy)]
pub struct Claimed<'a> {
    /// This storey plan.
    pub storey: &'a (dyn Fn(usize) -> bool + Sync),
    /// This class on this plan: `wall`, `column`, `door`, …
    pub class: &'a (dyn Fn(&Plan, &str) -> bool + Sync),
}

impl Claimed<'_> {
    /// Everything.
    pub const EVERYTHING: Claimed<'static> = Claimed { storey: &|_| true, class: &|_, _| true };
}

/// Pairs everything that is claimed.
pub fn pair(
    models: &[Model],
    storeys: &[StoreyPlan],
    plans: &Plans,
    registration: &Registration,
    claimed: &Claimed<'_>,
) -> Matches {
    let mut tasks: Vec<(usize, usize, Affine2)> = Vec::new();
    for (plan, r) in registration.plans.iter().enumerate() {
        if let Some(to_world) = r.to_world {
            tasks.extend(r.storeys.iter().filter(|s| (claimed.storey)(**s)).map(|&s| (plan, s, to_world)));
        }
    }
    let mut matches = Matches {
        plans: tasks
            .par_iter()
            .filter_map(|&(plan, storey, to_world)| {
                let rms_m = registration.plans.get(plan)?.rms_m;
                one(storeys, plans, (plan, storey), to_world, rms_m, claimed.class)
            })
            .collect(),
    };
    room::areas(storeys, plans, &mut matches);
    judge::marks(models, storeys, plans, &mut matches);
    matches
}

fn one(
    storeys: &[StoreyPlan],
    plans: &Plans,
    (plan, storey): (usize, usize),
    to_world: Affine2,
    rms_m: f64,
    claimed: &(dyn Fn(&Plan, &str) -> bool + Sync),
) -> Option<PlanMatches> {
    let laid = Laid::new(storeys, plans.plans.get(plan)?, storey, to_world, rms_m)?;
    let mut out = PlanMatches { plan, storey, ..PlanMatches::default() };
    wall::pair(&laid, &mut out);
    column::pair(&laid, &mut out);
    opening::pair(&laid, &mut out);
    room::pair(&laid, &mut out);
    axis::pair(&laid, &mut out);
    out.beams = beam::pair(&laid, storeys, storey);
    leave_out(&mut out, &|class| claimed(laid.plan, class));
    Some(out)
}

/// Classes that are not claimed were paired to explain lines; nothing is said of them.
fn leave_out(matches: &mut PlanMatches, claimed: &dyn Fn(&str) -> bool) {
    for (class, list) in [
        ("wall", &mut matches.walls),
        ("column", &mut matches.columns),
        ("door", &mut matches.openings),
        ("room", &mut matches.rooms),
        ("axis", &mut matches.axes),
    ] {
        if !claimed(class) {
            *list = ClassMatches::default();
        }
    }
    matches.conventions.retain(|c| claimed(c.class));
    matches.not_drawn.retain(|n| claimed(n.class));
}

impl<'a> Laid<'a> {
    fn new(
        storeys: &'a [StoreyPlan],
        plan: &'a Plan,
        storey: usize,
        to_world: Affine2,
        rms_m: f64,
    ) -> Option<Self> {
        let points =
            plan.walls.iter().flat_map(|w| [w.line.a, w.line.b]).chain(plan.columns.iter().map(|c| c.centre));
        let mut drawn = Box2::around(points);
        let to_plan = to_world.inverse()?;
        let shown_of = storeys.get(storey)?;
        drawn.merge(&arcs_of(plan, shown_of, &to_plan));
        let extent = Extent { area: shown(shown_of, &drawn, &to_plan), to_plan };
        Some(Self {
            storey: storeys.get(storey)?,
            plan,
            to_world,
            to_plan,
            // the fit is better known than the scatter of its anchors
            sigma_m: SIGMA_M.hypot(rms_m / 3.0),
            edges: ModelEdges::new(storeys, storey),
            extent,
        })
    }
}

/// What lies so far beyond what is drawn may still be meant to be shown (metres) …
const MARGIN_M: f64 = 1.0;
/// … except where the building goes on so much farther: there the sheet is cut (metres).
const CUT_M: f64 = 2.0;
/// At a cut what lies within this of it is shown or not (metres).
const AT_CUT_M: f64 = 0.05;

/// The part of a storey that a plan shows.
pub(crate) struct Extent {
    /// Along the sheet, plan metres.
    area: Box2,
    to_plan: Affine2,
}

impl Extent {
    /// A point of the world lies within.
    pub(crate) fn contains(&self, p: Point2) -> bool {
        self.area.contains(self.to_plan.apply(p))
    }

    /// Too little is drawn to say.
    pub(crate) fn is_small(&self) -> bool {
        self.area.is_empty() || self.area.diagonal() <= SMALL_M
    }
}

/// A plan of so little says nothing of what it leaves out (metres).
const SMALL_M: f64 = 3.0;

/// Arcs of curved walls are wider than those of leaves (metres).
const CURVED_M: f64 = 2.5;

/// The box around arcs of curved walls, recognised or not, in the part of the sheet where the storey is.
fn arcs_of(plan: &Plan, storey: &StoreyPlan, to_plan: &Affine2) -> Box2 {
    let corners = storey.bounds.corners();
    let building = Box2::around(corners.iter().map(|&p| to_plan.apply(p))).grown(MARGIN_M);
    let arcs = plan.raw.arcs.iter().filter(|(a, _)| a.radius >= CURVED_M);
    let points = arcs.flat_map(|(a, _)| [0.0, 0.25, 0.5, 0.75, 1.0].map(|t| a.at(t)));
    Box2::around(points.filter(|p| !storey.bounds.is_empty() && building.contains(*p)))
}

/// What a plan shows, by what it draws: half a sheet shows half of the storey.
fn shown(storey: &StoreyPlan, drawn: &Box2, to_plan: &Affine2) -> Box2 {
    if drawn.is_empty() {
        return *drawn;
    }
    let must = storey.walls.iter().filter(|w| w.visibility == crate::ifc::section::Visibility::MustShow);
    let ends = must.flat_map(|w| &w.runs).flat_map(|r| [r.line.a, r.line.b]);
    let modelled = Box2::around(ends.map(|p| to_plan.apply(p)));
    let beyond = |far: f64| if far > CUT_M { -AT_CUT_M } else { MARGIN_M };
    let (low, high) = (drawn.min - modelled.min, modelled.max - drawn.max);
    Box2 {
        min: drawn.min - Point2::new(beyond(low.x), beyond(low.y)),
        max: drawn.max + Point2::new(beyond(high.x), beyond(high.y)),
    }
}
