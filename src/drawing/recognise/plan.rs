//! One region seen as a floor plan: the order in which things are looked for, and when a region is no plan.

use super::layer::Meaning;
use super::opening::{self, Placed, Places};
use super::region::Region;
use super::scene::{self, Meanings, Scene};
use super::text::{fold::fold, title};
use super::wall::{self, Tracks};
use super::{
    annotation, arrow, axis, beam, column, curved, gauge, island, pane, room, shaft, stair, symbol, tag, unit,
};
use crate::drawing::model::{Drawing, Sheet};
use crate::drawing::plans::{
    DrawnOpening, Evidence, LayerMeaning, LevelMark, NotPlan, Plan, PlanFrame, Unclear,
};
use crate::geom::{Affine2, Box2, Point2};

/// Sees one region. The plan's id is given later.
///
/// # Errors
/// A [`NotPlan`] with what was seen instead.
pub fn see(drawing: &Drawing, number: usize, meanings: &Meanings, region: &Region) -> Result<Plan, NotPlan> {
    let not = |reason: &str| NotPlan {
        drawing: number as u32,
        sheet: region.sheet as u32,
        region: region.area.bounds,
        title: region.title.as_ref().map(|t| t.text.clone()),
        reason: reason.to_owned(),
    };
    let Some(sheet) = drawing.sheets.get(region.sheet) else { return Err(not("empty")) };
    if let Some(title) = &region.title
        && !title.is_plan()
    {
        return Err(not(title.kind.as_deref().unwrap_or("unknown")));
    }
    if let (None, Some(kind)) = (&region.title, upright_by_name(&drawing.file)) {
        return Err(not(&kind));
    }
    let scale =
        region.title.as_ref().and_then(|t| t.scale).or(region.viewport_scale).or(drawing.stated_scale);
    let frame = frame(drawing, sheet, region, scale);
    let scene = scene::collect(drawing, sheet, meanings, &region.area, frame, scale, &region.hidden);
    if scene.lines.len() + scene.arcs.len() < 4 {
        return Err(not("empty"));
    }
    let plan = recognised(&scene, number, region, scale);
    if upright(&plan.levels) {
        return Err(not("elevation"));
    }
    if plan.walls.is_empty() && plan.columns.is_empty() && plan.axes.is_empty() && plan.beams.is_empty() {
        return Err(not("nothing of a building"));
    }
    Ok(plan)
}

/// A sheet that names nothing is what its file is named, where that is an elevation or a section and no plan besides.
fn upright_by_name(file: &str) -> Option<String> {
    let (stem, _) = file.rsplit_once('.')?;
    let folded = fold(stem);
    let plans = folded.contains("PLAN") || folded.contains("平面");
    let kind = title::parse(stem)?.kind?;
    (!plans && matches!(kind.as_str(), "elevation" | "section")).then_some(kind)
}

/// Levels that stand as far over one another as they say: an elevation or a section.
fn upright(levels: &[LevelMark]) -> bool {
    /// So many different levels say so, over such a height, metres, each within this of its place.
    const LEVELS: usize = 3;
    /// More marks are looked at for nothing.
    const MOST: usize = 1_000;
    const HEIGHT: f64 = 2.5;
    const OFF: f64 = 0.06;
    // where level zero would be: the same for all
    let mut zero: Vec<(f64, f64)> = levels
        .iter()
        .filter(|l| l.levels_m.len() == 1)
        .filter_map(|l| l.levels_m.first().map(|m| (l.text.at.y - m, *m)))
        .take(MOST)
        .collect();
    zero.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut from = 0;
    (0..zero.len()).any(|to| {
        while zero[to].0 - zero[from].0 > OFF {
            from += 1;
        }
        let mut of: Vec<f64> = zero[from..=to].iter().map(|z| z.1).collect();
        of.sort_by(f64::total_cmp);
        of.dedup_by(|a, b| (*a - *b).abs() < OFF);
        of.len() >= LEVELS && of[of.len() - 1] - of[0] > HEIGHT
    })
}

fn recognised(scene: &Scene<'_>, number: usize, region: &Region, scale: Option<f64>) -> Plan {
    let axes = axis::find(scene);
    let mut idle = axis::nameless_lines(scene, &axes);
    let gauges = gauge::nameless_lines(scene, &idle);
    idle.iter_mut().zip(&gauges).for_each(|(i, g)| *i |= *g);
    let islands = island::find(scene, &idle);
    let mut stairs = stair::find(scene, &idle, &islands);
    arrow::direct(scene, &mut stairs.stairs, &stairs.treads);
    let swings = symbol::swings(scene);
    let mut panes = symbol::panes(scene, &swings);
    let no_pane: Vec<bool> =
        (0..idle.len()).map(|i| idle[i] || islands.of_line[i].is_some() || stairs.treads[i]).collect();
    let nameless = pane::find(scene, &no_pane);
    panes.extend(nameless.panes);
    let mut taken: Vec<bool> =
        (0..scene.lines.len()).map(|i| stairs.treads[i] || nameless.taken[i] || idle[i]).collect();
    for &i in swings.iter().flat_map(|s| &s.leaf_lines) {
        taken[i] |= scene.lines[i].meaning.is_none();
    }
    let (columns, doubtful) = column::find(scene, &taken, &axes, &islands);
    let sides = column::nameless_lines(scene, &columns);
    for i in 0..taken.len() {
        idle[i] |= islands.of_line[i].is_some() && !sides[i];
        taken[i] |= sides[i] || idle[i];
    }
    let mut tracks = wall::find(scene, &columns, &taken, &idle);
    let (placed, unplaced) = openings(scene, &tracks, &columns, &swings, &panes);
    for p in &placed {
        if let Some((track, span)) = p.host
            && p.opening.kind != crate::drawing::plans::OpeningKind::Gap
        {
            tracks.tracks[track].bridges.push(span);
        }
    }
    let mut walls = wall::runs(&tracks);
    walls.extend(curved::find(scene));
    let rooms = room::find(scene, &walls, &columns);
    let mut all: Vec<DrawnOpening> = placed.into_iter().map(|p| p.opening).collect();
    all.sort_by(|a, b| a.centre.x.total_cmp(&b.centre.x).then(a.centre.y.total_cmp(&b.centre.y)));
    let (layers, understood) = layer_table(scene);
    let beams = beam::find(scene);
    let mut shafts = shaft::find(scene, &columns);
    shafts.unclear.extend(unplaced);
    shafts.unclear.extend(doubtful);
    let inside = |p: Point2| region.area.contains(p);
    let mut plan = Plan {
        id: String::new(),
        drawing: number as u32,
        sheet: region.sheet as u32,
        page: scene.sheet.page,
        title: region.title.as_ref().map(|t| t.text.clone()),
        storeys: region.title.as_ref().map(|t| t.storeys.clone()).unwrap_or_default(),
        scale,
        region: region.area.bounds,
        frame: scene.frame,
        axes,
        walls,
        columns,
        openings: all,
        rooms,
        levels: annotation::levels(scene),
        dimensions: annotation::dimensions(scene, &inside),
        stairs: stairs.stairs,
        lifts: shafts.lifts,
        slab_openings: shafts.slab_openings,
        unclear: shafts.unclear,
        beams: beams.beams,
        beam_marks: beams.marks,
        raw: scene.raw(),
        layers,
        understood,
        ..Plan::default()
    };
    plan.unexplained = unexplained(scene, &plan);
    plan
}

/// Openings with the walls that hold them, and what may be one and is held by none.
fn openings(
    scene: &Scene<'_>,
    tracks: &Tracks,
    columns: &[crate::drawing::plans::DrawnColumn],
    swings: &[symbol::Swing],
    panes: &[symbol::Panes],
) -> (Vec<Placed>, Vec<Unclear>) {
    let mut leaves = vec![false; scene.lines.len()];
    swings.iter().flat_map(|s| &s.leaf_lines).for_each(|&i| leaves[i] = true);
    let places = Places::new(scene, tracks, columns, &leaves);
    let (mut placed, loose): (Vec<Placed>, Vec<Placed>) = swings
        .iter()
        .map(|s| opening::door(&places, s))
        .partition(|p| p.host.is_some() || p.opening.evidence.confidence >= 0.5);
    let mut unclear: Vec<Unclear> = loose
        .into_iter()
        .map(|p| Unclear {
            may_be: "door",
            why: "no wall holds the arc",
            bounds: Box2::of(p.opening.centre, p.opening.centre).grown(p.opening.width_m / 2.0),
            evidence: p.opening.evidence,
        })
        .collect();
    opening::drop_shadows(&mut placed);
    let frames = opening::frames(&placed, panes);
    for p in panes.iter().zip(frames).filter(|(_, frame)| !frame).map(|(p, _)| p) {
        match opening::window(&places, p) {
            Some(window) => placed.push(window),
            None if p.meaning.is_none() => unclear.push(Unclear {
                may_be: "window",
                why: "no wall holds the lines",
                bounds: Box2::around(p.lines.iter().flat_map(|l| [l.0, l.1])),
                evidence: Evidence { marks: p.marks.clone(), confidence: 0.3 },
            }),
            None => {}
        }
    }
    opening::merge_overlapping(&places, &mut placed);
    let gaps = opening::gaps(&places, &placed);
    placed.extend(gaps);
    tag::bind(scene, &mut placed);
    (placed, unclear)
}

/// Lines and arcs that are part of nothing recognised, on layers that mean nothing.
fn unexplained(scene: &Scene<'_>, plan: &Plan) -> u32 {
    let evidence = (plan.walls.iter().map(|w| &w.evidence))
        .chain(plan.columns.iter().map(|c| &c.evidence))
        .chain(plan.openings.iter().map(|o| &o.evidence))
        .chain(plan.axes.iter().map(|a| &a.evidence))
        .chain(plan.stairs.iter().map(|s| &s.evidence))
        .chain(plan.lifts.iter().map(|l| &l.evidence))
        .chain(plan.slab_openings.iter().map(|o| &o.evidence))
        .chain(plan.unclear.iter().map(|u| &u.evidence));
    let mut known = vec![false; scene.sheet.marks.len()];
    for &mark in evidence.flat_map(|e| &e.marks) {
        if let Some(k) = known.get_mut(mark as usize) {
            *k = true;
        }
    }
    let lines = scene.lines.iter().map(|l| (l.mark, l.meaning));
    let arcs = scene.arcs.iter().map(|a| (a.mark, a.meaning));
    lines.chain(arcs).filter(|(mark, m)| m.is_none() && known.get(*mark as usize) != Some(&true)).count()
        as u32
}

/// From drawing units to plan metres: the region's lower left (rounded to whole units) becomes the origin.
fn frame(drawing: &Drawing, sheet: &Sheet, region: &Region, scale: Option<f64>) -> PlanFrame {
    let unit = unit::find(drawing, sheet, &region.area, scale);
    let Box2 { min, max } = region.area.bounds;
    let y = if drawing.y_down { max.y } else { min.y };
    let origin = Point2::new(min.x.floor(), y.floor());
    let flip = if drawing.y_down { -1.0 } else { 1.0 };
    let to_plan = Affine2::scaling(unit.metres, unit.metres * flip).after(&Affine2::translation(-origin));
    PlanFrame { to_plan, unit_m: unit.metres, unit_from: unit.from }
}

/// What each layer was taken for, and the share of primitives on layers with a meaning.
fn layer_table(scene: &Scene<'_>) -> (Vec<LayerMeaning>, f64) {
    let mut counts = vec![0u32; scene.drawing.layers.len()];
    let mut known = 0usize;
    let mut total = 0usize;
    let marks = scene
        .lines
        .iter()
        .map(|l| (l.mark, l.meaning))
        .chain(scene.arcs.iter().map(|a| (a.mark, a.meaning)))
        .chain(scene.texts.iter().map(|t| (t.mark, t.meaning)));
    for (mark, meaning) in marks {
        total += 1;
        known += usize::from(meaning.is_some());
        let layer = scene.sheet.marks.get(mark as usize).map_or(0, |m| m.layer);
        if let Some(c) = counts.get_mut(layer as usize) {
            *c += 1;
        }
    }
    let layers = scene
        .drawing
        .layers
        .iter()
        .zip(&counts)
        .filter(|(_, n)| **n > 0)
        .map(|(layer, &primitives)| {
            let found: Option<(Meaning, f64)> = super::layer::by_name(&layer.name);
            LayerMeaning {
                layer: layer.name.clone(),
                meaning: found.map(|m| m.0.name().to_owned()),
                confidence: found.map_or(0.0, |m| m.1),
                primitives,
            }
        })
        .collect();
    (layers, if total > 0 { known as f64 / total as f64 } else { 0.0 })
}
