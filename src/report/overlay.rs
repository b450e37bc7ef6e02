//! The outlines of every plan on every storey that it was laid on, in world metres.

use super::{Outline, Overlay};
use crate::drawing::plans::{AxisLine, Plan};
use crate::facts::Facts;
use crate::geom::{Affine2, Arc2, Box2, Point2, Region};
use crate::ifc::model::AxisCurve;
use crate::ifc::section::{StoreyPlan, SwingCut, Visibility};
use std::collections::BTreeSet;

/// Greatest distance between an arc and the polyline drawn for it, metres: below a pixel at any useful zoom.
const ARC_TOLERANCE_M: f64 = 0.005;
/// Most raw lines kept per plan; beyond it only what was recognised is shown, and the overlay says so.
pub(super) const MAX_RAW: usize = 400_000;

/// One overlay per plan and storey, in the order of plans; one for the drawing alone where a plan was not laid.
pub(super) fn overlays(facts: &Facts<'_>) -> Vec<Overlay> {
    let mut out = Vec::new();
    for (index, plan) in facts.plans.plans.iter().enumerate() {
        let Some(registered) = facts.registration.plans.get(index) else { continue };
        let to_world = registered.to_world.unwrap_or(Affine2::IDENTITY);
        let storeys: Vec<Option<usize>> = match registered.to_world {
            Some(_) if !registered.storeys.is_empty() => {
                registered.storeys.iter().map(|s| Some(*s)).collect()
            }
            _ => vec![None],
        };
        for storey in storeys {
            out.push(overlay(facts, plan, &to_world, storey));
        }
    }
    out
}

fn overlay(facts: &Facts<'_>, plan: &Plan, to_world: &Affine2, storey: Option<usize>) -> Overlay {
    let cut = storey.and_then(|s| facts.storeys.get(s));
    let drawn = drawn_outlines(plan, to_world);
    let model = cut.map(model_outlines).unwrap_or_default();
    // raw lines may stray far from the building (frames, notes): what was recognised says where to look
    let mut bounds = Box2::EMPTY;
    for outline in model.iter().chain(drawn.iter().filter(|o| o.class != "raw")) {
        bounds.merge(&Box2::around(outline.points.iter().copied()));
    }
    if bounds.is_empty() {
        bounds = Box2::around(drawn.iter().flat_map(|o| o.points.iter().copied()));
    }
    let mut labels: Vec<(String, Point2)> = Vec::new();
    for axis in &plan.axes {
        for bubble in &axis.bubbles {
            labels.push((axis.label.clone(), to_world.apply(*bubble)));
        }
    }
    if labels.is_empty() {
        labels = cut.map(axis_ends).unwrap_or_default();
    }
    Overlay {
        plan: plan.id.clone(),
        drawing: facts.drawings.get(plan.drawing as usize).map(|d| d.file.clone()).unwrap_or_default(),
        title: plan.title.clone(),
        storey: storey.and_then(|s| facts.storey_name(s)),
        bounds,
        model,
        drawn,
        labels,
        north: facts.models.iter().find_map(|m| m.georeference.as_ref()?.true_north),
    }
}

fn axis_ends(cut: &StoreyPlan) -> Vec<(String, Point2)> {
    cut.axes
        .iter()
        .map(|axis| {
            let at = match axis.curve {
                AxisCurve::Line { a, .. } => a,
                AxisCurve::Arc(arc) => arc.at(0.0),
            };
            (axis.label.clone(), at)
        })
        .collect()
}

fn model_outlines(cut: &StoreyPlan) -> Vec<Outline> {
    let mut out = Vec::new();
    for wall in cut.walls.iter().filter(|w| cut_through(w.visibility)) {
        region(&mut out, "wall", &wall.outline);
    }
    for column in cut.columns.iter().filter(|c| cut_through(c.visibility)) {
        region(&mut out, "column", &column.outline);
    }
    for opening in &cut.openings {
        let class = match opening.kind {
            crate::ifc::model::Kind::Door => "door",
            crate::ifc::model::Kind::Window => "window",
            _ => "other",
        };
        let half = opening.along * (opening.width_m / 2.0);
        let across = opening.along.left() * (opening.depth_m / 2.0);
        let c = opening.centre;
        let ring = vec![c - half - across, c + half - across, c + half + across, c - half + across];
        out.push(Outline { class, points: ring, closed: true });
        if let Some(swing) = &opening.swing {
            swing_arcs(&mut out, class, c, opening.along, opening.width_m, swing);
        }
    }
    for room in &cut.rooms {
        region(&mut out, "room", &room.outline);
    }
    for axis in &cut.axes {
        let points = match axis.curve {
            AxisCurve::Line { a, b } => vec![a, b],
            AxisCurve::Arc(arc) => arc.points(ARC_TOLERANCE_M),
        };
        out.push(Outline { class: "axis", points, closed: false });
    }
    for other in cut.others.iter().filter(|o| cut_through(o.visibility)) {
        region(&mut out, "other", &other.outline);
    }
    out
}

const fn cut_through(visibility: Visibility) -> bool {
    matches!(visibility, Visibility::MustShow | Visibility::MayShow)
}

fn region(out: &mut Vec<Outline>, class: &'static str, region: &Region) {
    for ring in region.iter().flat_map(|p| p.rings()) {
        out.push(Outline { class, points: ring.clone(), closed: true });
    }
}

/// The leaves of a modelled door, each at right angles to the wall, with the quarter circle that it sweeps.
fn swing_arcs(
    out: &mut Vec<Outline>,
    class: &'static str,
    centre: Point2,
    along: Point2,
    width: f64,
    swing: &SwingCut,
) {
    let Some(to) = swing.opens_to else { return };
    let leaves = swing.hinges.len().max(1);
    #[allow(clippy::cast_precision_loss)]
    let leaf = width / leaves as f64;
    for &hinge in &swing.hinges {
        let towards = if (centre - hinge).dot(along) >= 0.0 { along } else { along * -1.0 };
        let steps = 12;
        let mut points = vec![hinge];
        for step in 0..=steps {
            let angle = std::f64::consts::FRAC_PI_2 * f64::from(step) / f64::from(steps);
            points.push(hinge + towards * (leaf * angle.sin()) + to * (leaf * angle.cos()));
        }
        out.push(Outline { class, points, closed: false });
    }
}

fn drawn_outlines(plan: &Plan, m: &Affine2) -> Vec<Outline> {
    let mut out = Vec::new();
    let meanings = mark_classes(plan);
    let class_of = |mark: u32| {
        meanings
            .binary_search_by_key(&mark, |(k, _)| *k)
            .ok()
            .and_then(|i| meanings.get(i))
            .map_or("raw", |x| x.1)
    };
    if plan.raw.lines.len() <= MAX_RAW {
        for (line, mark) in &plan.raw.lines {
            out.push(Outline {
                class: class_of(*mark),
                points: vec![m.apply(line.a), m.apply(line.b)],
                closed: false,
            });
        }
        for (arc, mark) in &plan.raw.arcs {
            out.push(mapped_arc(class_of(*mark), arc, m));
        }
    } else {
        recognised_only(plan, m, &mut out);
    }
    for axis in &plan.axes {
        out.push(match axis.line {
            AxisLine::Line(s) => {
                Outline { class: "axis", points: vec![m.apply(s.a), m.apply(s.b)], closed: false }
            }
            AxisLine::Arc(arc) => mapped_arc("axis", &arc, m),
        });
    }
    out
}

fn recognised_only(plan: &Plan, m: &Affine2, out: &mut Vec<Outline>) {
    for wall in &plan.walls {
        let Some(direction) = wall.line.direction() else { continue };
        for face in &wall.faces_m {
            let shift = direction.left() * *face;
            let points = vec![m.apply(wall.line.a + shift), m.apply(wall.line.b + shift)];
            out.push(Outline { class: "wall", points, closed: false });
        }
    }
    for column in &plan.columns {
        let points = column.outline.iter().map(|p| m.apply(*p)).collect();
        out.push(Outline { class: "column", points, closed: true });
    }
}

fn mapped_arc(class: &'static str, arc: &Arc2, m: &Affine2) -> Outline {
    let points = arc.points(ARC_TOLERANCE_M).into_iter().map(|p| m.apply(p)).collect();
    Outline { class, points, closed: false }
}

/// What each mark was recognised as, by rising mark.
fn mark_classes(plan: &Plan) -> Vec<(u32, &'static str)> {
    let mut out: Vec<(u32, &'static str)> = Vec::new();
    let mut put = |marks: &[u32], class: &'static str| out.extend(marks.iter().map(|m| (*m, class)));
    for opening in &plan.openings {
        let class = match opening.kind {
            crate::drawing::plans::OpeningKind::Door => "door",
            crate::drawing::plans::OpeningKind::Window => "window",
            crate::drawing::plans::OpeningKind::Gap => "other",
        };
        put(&opening.evidence.marks, class);
    }
    for wall in &plan.walls {
        put(&wall.evidence.marks, "wall");
    }
    for column in &plan.columns {
        put(&column.evidence.marks, "column");
    }
    for axis in &plan.axes {
        put(&axis.evidence.marks, "axis");
    }
    // the first meaning of a mark holds
    let mut seen = BTreeSet::new();
    out.retain(|(mark, _)| seen.insert(*mark));
    out.sort_by_key(|(mark, _)| *mark);
    out
}
