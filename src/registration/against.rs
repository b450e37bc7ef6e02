//! What speaks for another building, where a plan could be laid nowhere. That little agrees is no such evidence by
//! itself: too little may have been recognised, or modelled. A plan is said not to match only where something that is
//! well known on both sides differs; all else is undecided, with what would decide it.

use super::decide::{Placing, percent};
use super::labels;
use super::shape::Shape;
use super::spacing::{GridConflict, conflict};
use super::{SHARED_LABELS, Scene};
use crate::drawing::plans::{Plan, UnitFrom};
use crate::geom::{Affine2, Box2};
use crate::wording::Text;

/// A plan is legible where so much of it lies on layers with a meaning (measured: named layers 0.8 to 1.0, foreign or
/// missing names below 0.05), or so little of its lines is part of nothing recognised (measured: drawings on one layer
/// 0.2 to 0.35, unreadable ones 0.4 to 0.9).
const UNDERSTOOD: f64 = 0.5;
const UNEXPLAINED: f64 = 0.38;
/// Less wall than this on either side says nothing against a building (metres).
const ENOUGH_M: f64 = 30.0;
/// Walls of legible plans that agree less than this are other walls (measured at the best place: other buildings
/// 0.07 to 0.47, the right one 0.85 and more).
const UNLIKE: f64 = 0.4;
/// A legible plan so many times longer or wider than every storey shows something else (metres beside the factor).
const LARGER: f64 = 1.25;
const LARGER_BY_M: f64 = 2.0;
/// With another size the walls need to be less unlike.
const UNLIKE_LARGER: f64 = 0.5;

/// Positive evidence that the plan shows another building.
#[derive(Clone, Debug)]
pub(super) enum Against {
    /// Labels of the model's grid at other distances.
    Grid(GridConflict),
    /// Length and width of the walls: drawn, and of the largest storey (metres).
    Size { drawn: (f64, f64), modelled: (f64, f64), storey: usize },
    /// Walls that are well recognised and well modelled stand elsewhere.
    Walls,
}

/// Why it is open whether the plan belongs to these models: a sentence of the wording, and its numbers.
#[derive(Clone, Debug)]
pub(super) struct Open {
    pub(super) sentence: &'static str,
    pub(super) values: Vec<(&'static str, Text)>,
}

/// All that is known of a plan that was laid nowhere.
pub(super) struct Case<'a> {
    /// Storeys.
    pub(super) scene: &'a Scene<'a>,
    /// The plan.
    pub(super) plan: &'a Plan,
    /// Its shape.
    pub(super) drawn: &'a Shape,
}

/// Length and width along the main directions, longer first; `None` where there is no line.
fn extent(shape: &Shape) -> Option<(f64, f64)> {
    let turn = Affine2::rotation(-shape.main_direction()?);
    let ends = shape.traces.iter().flat_map(|t| [t.line.a, t.line.b]);
    let bounds = Box2::around(ends.map(|p| turn.apply(p)));
    let size = bounds.max - bounds.min;
    Some((size.x.max(size.y), size.x.min(size.y)))
}

impl Case<'_> {
    /// Share of the plan's lines that are part of something recognised or lie on layers with a meaning.
    #[allow(clippy::cast_precision_loss)]
    fn explained(&self) -> f64 {
        let all = self.plan.raw.lines.len() + self.plan.raw.arcs.len();
        1.0 - (f64::from(self.plan.unexplained) / all.max(1) as f64).min(1.0)
    }

    /// What was recognised can be relied on.
    fn is_legible(&self) -> bool {
        let read = self.plan.understood >= UNDERSTOOD || 1.0 - self.explained() <= UNEXPLAINED;
        read && !self.drawn.loose && self.drawn.length_m() >= ENOUGH_M
    }

    /// Length of walls that must show on a storey.
    fn modelled_m(&self, storey: usize) -> f64 {
        let shape = self.scene.shapes.get(storey);
        shape.map_or(0.0, |s| s.traces.iter().filter(|t| t.sure).map(|t| t.line.length()).sum())
    }

    fn most_modelled(&self) -> (f64, usize) {
        let walls = (0..self.scene.shapes.len()).map(|s| self.modelled_m(s)).fold(0.0, f64::max);
        (walls, self.scene.shapes.iter().map(|s| s.posts.len()).max().unwrap_or(0))
    }

    /// Labels that both sides have stand at other distances, in most of a grid.
    fn grid(&self) -> Option<Against> {
        let unit_known = self.plan.frame.unit_from != UnitFrom::Plausible;
        let grids = self.scene.storeys.iter().filter(|s| !s.axes.is_empty());
        let mut worst = None;
        for storey in grids {
            if labels::shared(&storey.axes, &self.plan.axes) < SHARED_LABELS {
                continue;
            }
            // one grid that agrees is enough to say nothing
            worst = Some(conflict(&storey.axes, &self.plan.axes, unit_known)?);
        }
        worst.map(Against::Grid)
    }

    fn size(&self, quality: f64) -> Option<Against> {
        if !self.is_legible() || self.plan.frame.unit_from == UnitFrom::Plausible || quality >= UNLIKE_LARGER
        {
            return None;
        }
        let drawn = extent(self.drawn)?;
        let sizes: Vec<(usize, (f64, f64))> =
            self.scene.shapes.iter().enumerate().filter_map(|(i, s)| Some((i, extent(s)?))).collect();
        let largest = sizes.iter().fold((0.0f64, 0.0f64), |m, (_, e)| (m.0.max(e.0), m.1.max(e.1)));
        let known = sizes.into_iter().filter(|(storey, _)| self.modelled_m(*storey) >= ENOUGH_M);
        let (storey, modelled) = known.max_by(|a, b| (a.1.0 * a.1.1).total_cmp(&(b.1.0 * b.1.1)))?;
        let beyond = |d: f64, m: f64| d > LARGER * m + LARGER_BY_M;
        let other = beyond(drawn.0, largest.0) || beyond(drawn.1, largest.1);
        other.then_some(Against::Size { drawn, modelled, storey })
    }

    /// What speaks for another building, by all places that were tried.
    pub(super) fn against(&self, placings: &[Placing]) -> Option<Against> {
        // labels that agree are this building's
        if placings.iter().any(|p| p.labels.is_some()) {
            return None;
        }
        let quality = placings.iter().filter_map(Placing::quality).fold(0.0, f64::max);
        if let Some(grid) = self.grid() {
            return Some(grid);
        }
        if let Some(size) = self.size(quality) {
            return Some(size);
        }
        let known = placings.iter().any(|p| self.modelled_m(p.storey) >= ENOUGH_M);
        (known && quality < UNLIKE && self.is_legible()).then_some(Against::Walls)
    }

    /// The model has labels of the plan's grid.
    fn shares_labels(&self) -> bool {
        let shared = |s: &crate::ifc::section::StoreyPlan| labels::shared(&s.axes, &self.plan.axes);
        self.scene.storeys.iter().map(shared).max().unwrap_or(0) >= SHARED_LABELS
    }

    /// Why it is open.
    pub(super) fn open(&self, best: Option<&Placing>) -> Open {
        let (walls_m, columns) = self.most_modelled();
        let explained =
            if self.plan.understood >= UNDERSTOOD { self.plan.understood } else { self.explained() };
        let values = vec![
            ("modelled_walls", Text::same(format!("{walls_m:.0}"))),
            ("modelled_columns", Text::same(columns.to_string())),
            ("explained", percent(explained)),
        ];
        let sentence = match best {
            Some(p) if p.labels.is_some() => "open_labels",
            _ if walls_m < ENOUGH_M => "open_model",
            _ if !self.is_legible() => "open_drawing",
            Some(_) if self.shares_labels() => "open_grid",
            Some(_) => "open_partly",
            None => "open_nowhere",
        };
        Open { sentence, values }
    }
}
