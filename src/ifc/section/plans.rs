//! Storeys of all models to plans: which heights make a plan, what each plan shows.

use super::bodies::{self, Bodies};
use super::columns::column;
use super::openings::{self, opening};
use super::rooms::room;
use super::walls::wall;
use super::{AxisCut, ColumnCut, CutBand, OpeningCut, OutlineCut, RoomCut, StoreyPlan, Visibility, WallCut};
use crate::error::Notice;
use crate::geom::{Box2, Region};
use crate::ifc::bodies::ElementBodies;
use crate::ifc::model::{AxisCurve, ElementRef, Kind, Model, StoreyRef};
use crate::place::Place;
use rayon::prelude::*;

/// Storeys of different models this near share a plan, metres.
const SAME_STOREY_M: f64 = 0.1;

/// What one element is to a plan.
enum Shown {
    Wall(WallCut),
    Column(ColumnCut),
    Room(RoomCut),
    Outline(OutlineCut),
}

/// See [`super::storey_plans`].
pub(super) fn storey_plans(
    models: &[Model],
    read: &[ElementBodies],
    band: &CutBand,
) -> (Vec<StoreyPlan>, Vec<Notice>) {
    let mut notices = Vec::new();
    let mut bodies: Vec<Vec<Bodies>> = Vec::with_capacity(models.len());
    for (model, read) in models.iter().zip(read) {
        let (own, told) = bodies::of(model, read);
        bodies.push(own);
        notices.extend(told);
    }
    let heights = heights(models, &mut notices);
    let plans: Vec<StoreyPlan> =
        heights.par_iter().map(|(z, storeys)| plan(models, &bodies, *z, storeys, band)).collect();
    notices.extend(told(models, &plans));
    (plans, notices)
}

/// What could not be cut, one notice per model and reason.
fn told(models: &[Model], plans: &[StoreyPlan]) -> Vec<Notice> {
    let mut counts: std::collections::BTreeMap<(u32, &str), Vec<u32>> = std::collections::BTreeMap::new();
    for (element, reason) in plans.iter().flat_map(|p| &p.uncut) {
        // reasons of reading name their record and are told where the body is read
        if !reason.starts_with('#') {
            counts.entry((element.model, reason)).or_default().push(element.index);
        }
    }
    let mut out = Vec::new();
    for ((m, reason), mut elements) in counts {
        let Some(model) = models.get(m as usize) else { continue };
        elements.sort_unstable();
        elements.dedup();
        let first = elements.first().and_then(|&i| model.element(i)).map_or(0, |e| e.step_id);
        let place = model.step().map_or_else(|| Place::file(&model.file), |s| s.place(first));
        let message = format!("{} elements could not be cut: {reason}; the first is here", elements.len());
        out.push(Notice::new("ifc-uncut", place, message));
    }
    out
}

/// Heights with the storeys there, rising.
fn heights(models: &[Model], notices: &mut Vec<Notice>) -> Vec<(f64, Vec<StoreyRef>)> {
    let mut all: Vec<(f64, StoreyRef)> = Vec::new();
    for (m, model) in models.iter().enumerate() {
        for (i, storey) in model.storeys.iter().enumerate() {
            let reference = StoreyRef { model: m as u32, index: i as u32 };
            if storey.elevation_m.is_finite() {
                all.push((storey.elevation_m, reference));
            } else {
                let message = format!("the storey {} has no height; it gets no plan", storey.name);
                notices.push(Notice::new("ifc-storey-height", Place::file(&model.file), message));
            }
        }
    }
    all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut out: Vec<(f64, Vec<StoreyRef>)> = Vec::new();
    for (z, reference) in all {
        let joins = out.last_mut().filter(|(height, storeys)| {
            z - *height <= SAME_STOREY_M && storeys.iter().all(|s| s.model != reference.model)
        });
        match joins {
            Some((_, storeys)) => storeys.push(reference),
            None => out.push((z, vec![reference])),
        }
    }
    out
}

fn plan(
    models: &[Model],
    bodies: &[Vec<Bodies>],
    floor: f64,
    storeys: &[StoreyRef],
    band: &CutBand,
) -> StoreyPlan {
    let mut out = StoreyPlan { storeys: storeys.to_vec(), elevation_m: floor, ..StoreyPlan::default() };
    for (m, (model, bodies)) in models.iter().zip(bodies).enumerate() {
        let m = m as u32;
        let own = storeys.iter().find(|s| s.model == m).map(|s| s.index);
        // a model without a storey here still shows what reaches in, but only where it has storeys at all elsewhere
        show_model(model, bodies, m, own, floor, band, &mut out);
    }
    out.bounds = bounds(&out);
    out
}

fn show_model(
    model: &Model,
    bodies: &[Bodies],
    m: u32,
    own: Option<u32>,
    floor: f64,
    band: &CutBand,
    out: &mut StoreyPlan,
) {
    let here = |index: usize| -> bool {
        let reaches = bodies.get(index).is_some_and(|b| {
            !b.parts.is_empty()
                && b.extent.min.z <= floor + band.high_m
                && b.extent.max.z >= floor + band.low_m
        });
        reaches || is_own(model, index, own)
    };
    let indices: Vec<usize> = (0..model.elements.len()).filter(|&i| here(i)).collect();
    let shown: Vec<(Option<Shown>, Option<String>)> =
        indices.par_iter().map(|&i| show(model, bodies, m, i, is_own(model, i, own), floor, band)).collect();
    for (&i, (shown, reason)) in indices.iter().zip(shown) {
        if let Some(reason) = reason {
            out.uncut.push((ElementRef { model: m, index: i as u32 }, reason));
        }
        match shown {
            Some(Shown::Wall(w)) => out.walls.push(w),
            Some(Shown::Column(c)) => out.columns.push(c),
            Some(Shown::Room(r)) => out.rooms.push(r),
            Some(Shown::Outline(o)) => out.others.push(o),
            None => {}
        }
    }
    show_openings(model, bodies, m, own, floor, band, out);
    out.axes.extend(axes(model, m, own));
}

fn is_own(model: &Model, index: usize, own: Option<u32>) -> bool {
    own.is_some() && model.elements.get(index).is_some_and(|e| e.storey == own)
}

/// What one element other than an opening shows, and why it cannot where it should.
fn show(
    model: &Model,
    all: &[Bodies],
    m: u32,
    index: usize,
    own: bool,
    floor: f64,
    band: &CutBand,
) -> (Option<Shown>, Option<String>) {
    let (Some(element), Some(bodies)) = (model.elements.get(index), all.get(index)) else {
        return (None, None);
    };
    if bodies.folded || matches!(element.kind, Kind::Door | Kind::Window | Kind::Opening) {
        return (None, None);
    }
    let reference = ElementRef { model: m, index: index as u32 };
    let Some(cut) = bodies.band(floor, band) else {
        let expected = matches!(element.kind, Kind::Wall | Kind::CurtainWall | Kind::Column | Kind::Space);
        let reason = bodies.missing.clone().or(expected.then(|| "it has no body".to_owned()));
        return (None, reason.filter(|_| own));
    };
    let reaches = matches!(cut.visibility, Visibility::MustShow | Visibility::MayShow);
    if !own && !reaches {
        return (None, None);
    }
    let mut reason = bodies.missing.clone();
    if cut.region.is_empty() && cut.open {
        reason = reason.or_else(|| Some("its faces do not close".to_owned()));
    }
    let shown = match element.kind {
        Kind::Wall | Kind::CurtainWall => {
            let holes: Vec<&Bodies> = element.openings.iter().filter_map(|&o| all.get(o as usize)).collect();
            (!cut.region.is_empty()).then(|| Shown::Wall(wall(element, reference, own, bodies, cut, &holes)))
        }
        Kind::Column => {
            let x = element.placement.and_then(|p| p.x.xy().normalised());
            column(reference, own, x, cut).map(Shown::Column)
        }
        Kind::Space => room(element, reference, own || element.storey.is_none(), cut.region).map(Shown::Room),
        _ => {
            let outline = if reaches && !cut.region.is_empty() { cut.region } else { bodies.projection() };
            (!outline.is_empty()).then(|| {
                Shown::Outline(OutlineCut {
                    element: reference,
                    kind: element.kind,
                    visibility: cut.visibility,
                    outline,
                    z_m: bodies.z(),
                })
            })
        }
    };
    if shown.is_none() && own {
        reason = reason.or_else(|| Some("nothing is cut out of its body".to_owned()));
    }
    (shown, reason)
}

fn show_openings(
    model: &Model,
    bodies: &[Bodies],
    m: u32,
    own: Option<u32>,
    floor: f64,
    band: &CutBand,
    out: &mut StoreyPlan,
) {
    let mut filled = vec![false; model.elements.len()];
    for e in &model.elements {
        if matches!(e.kind, Kind::Door | Kind::Window)
            && let Some(slot) = e.host.and_then(|h| filled.get_mut(h as usize))
        {
            *slot = true;
        }
    }
    let walls = &out.walls;
    let wall_of = |host: u32| {
        // walls of this model, by rising element
        walls
            .binary_search_by_key(&ElementRef { model: m, index: host }, |w| w.element)
            .ok()
            .and_then(|i| walls.get(i))
    };
    let found: Vec<(ElementRef, Option<OpeningCut>, bool)> = (0..model.elements.len())
        .into_par_iter()
        .filter_map(|i| {
            let element = &model.elements[i];
            let shows = match element.kind {
                Kind::Door | Kind::Window => true,
                Kind::Opening => !filled[i],
                _ => false,
            };
            if !shows {
                return None;
            }
            let mine = is_own(model, i, own);
            let parts = openings::parts(model, bodies, m, i as u32)?;
            let reaches = parts.z().is_some_and(|z| z.0 < floor + band.high_m && z.1 > floor + band.low_m);
            let in_wall =
                parts.host.is_some_and(|(_, h, _)| matches!(h.kind, Kind::Wall | Kind::CurtainWall));
            if !(mine || reaches) || (element.kind == Kind::Opening && !in_wall) {
                return None;
            }
            let wall = parts.host.and_then(|(host, ..)| wall_of(host));
            Some((parts.reference, opening(&parts, mine, floor, band, wall), mine))
        })
        .collect();
    for (reference, cut, mine) in found {
        match cut {
            Some(cut) => out.openings.push(cut),
            None if mine => {
                let missing = bodies.get(reference.index as usize).and_then(|b| b.missing.clone());
                out.uncut.push((reference, missing.unwrap_or_else(|| "it has no body".to_owned())));
            }
            None => {}
        }
    }
}

/// Axes of grids of the storey and of grids that belong to none; where a model has no such axes, those of its other
/// grids, each label once, from the lowest storey up.
fn axes(model: &Model, m: u32, own: Option<u32>) -> Vec<AxisCut> {
    let cut = |(i, a): (usize, &crate::ifc::model::GridAxis)| AxisCut {
        model: m,
        index: i as u32,
        label: a.label.clone(),
        curve: a.curve,
    };
    let all = || model.axes.iter().enumerate();
    let mine: Vec<AxisCut> =
        all().filter(|(_, a)| a.storey.is_none() || (own.is_some() && a.storey == own)).map(cut).collect();
    if !mine.is_empty() {
        return mine;
    }
    let mut rest: Vec<(usize, &crate::ifc::model::GridAxis)> = all().collect();
    rest.sort_by_key(|(i, a)| (a.storey, *i));
    let Some(first) = rest.first().map(|(_, a)| a.storey) else { return Vec::new() };
    let mut out: Vec<AxisCut> = Vec::new();
    for (i, axis) in rest {
        if axis.storey == first || !out.iter().any(|o| o.label == axis.label) {
            out.push(cut((i, axis)));
        }
    }
    out.sort_by_key(|a| a.index);
    out
}

fn bounds(plan: &StoreyPlan) -> Box2 {
    let mut out = Box2::EMPTY;
    let mut add = |region: &Region| region.iter().for_each(|p| out.merge(&p.bounds()));
    plan.walls.iter().for_each(|w| add(&w.solid));
    plan.columns.iter().for_each(|c| add(&c.outline));
    plan.rooms.iter().for_each(|r| add(&r.outline));
    plan.others.iter().for_each(|o| add(&o.outline));
    for axis in &plan.axes {
        match axis.curve {
            AxisCurve::Line { a, b } => [a, b].into_iter().for_each(|p| out.add(p)),
            AxisCurve::Arc(arc) => (0..=8).for_each(|i| out.add(arc.at(f64::from(i) / 8.0))),
        }
    }
    for opening in &plan.openings {
        out.add(opening.centre);
    }
    out
}
