//! Walls, by covered length, many to many: a modelled wall may be drawn in pieces, a drawn run may be several walls.

mod absent;
pub(super) mod extra;

use super::evidence::{FaceLines, gaps, mapped, piece, weighted_median};
use super::{ClassMatches, Delta, Laid, Missing, NotDrawn, Pair, PlanMatches, thickness};
use crate::geom::{Box2, BoxIndex, Segment2};
use crate::ifc::section::{Visibility, WallCut};
use crate::registration::agreement::{beside, covered};
use absent::{MAYBE, absent, faces_drawn, in_place};
use extra::{extras, rejoin};
use std::collections::BTreeMap;

/// Lines further from parallel than this are not the same wall (radians; 1°).
const PARALLEL_RAD: f64 = 0.0175;
/// A drawn wall further off its modelled line than this is looked for as moved, not as present (metres).
const REACH_M: f64 = 0.35;
/// Stretches shorter than this are joints, not walls (metres).
const MIN_GAP_M: f64 = 0.3;
/// Two candidates whose faces fit within this of each other share the drawn run (metres).
const TIE_M: f64 = 0.005;
/// Raw lines this close to a modelled face draw it (metres).
const FACE_M: f64 = 0.012;
/// A modelled wall as thin as this is a board of a package; drawn so many times as thick, the package is drawn (metres).
const BOARD_M: f64 = 0.04;
const PACKAGE_TIMES: f64 = 2.5;
/// Two faces closer than this bound nothing (metres).
const THINNEST_M: f64 = 0.01;
/// Sampling along walls (metres).
const STEP_M: f64 = 0.05;

/// Stretches along a line: from, to.
type Stretches = Vec<(f64, f64)>;

/// A drawn wall in world metres.
struct Drawn {
    line: Segment2,
    faces: Vec<f64>,
    confidence: f64,
    dashed: bool,
    curved: bool,
}

/// A modelled run beside a drawn run.
struct Beside {
    wall: usize,
    run: usize,
    drawn: usize,
    along_run: (f64, f64),
    along_drawn: (f64, f64),
    offset: f64,
    thickness: f64,
    cost: f64,
    /// The drawn run goes the other way.
    turned: bool,
}

/// What of a model wall is drawn.
#[derive(Default)]
struct Found {
    pieces: Vec<(usize, (f64, f64))>,
    drawn: Vec<usize>,
    offsets: Vec<(f64, f64)>,
    thicknesses: Vec<(f64, f64)>,
}

pub(super) fn pair(laid: &Laid<'_>, out: &mut PlanMatches) {
    let drawn = drawn_walls(laid);
    let besides = all_beside(laid, &drawn);
    let (found, mut used) = share_out(&besides, &drawn);
    let mut class = ClassMatches::default();
    let mut at_finish: Vec<usize> = Vec::new();
    for (i, wall) in laid.storey.walls.iter().enumerate() {
        match found.get(&i) {
            Some(f) => at_finish.extend(present(laid, i, wall, f, &mut class).then_some(i)),
            None => absent(laid, i, wall, &mut class),
        }
    }
    forgive_finishes(&mut class, &at_finish);
    let must = laid.storey.walls.iter().filter(|w| w.visibility == Visibility::MustShow).count();
    if drawn.is_empty() && must > 0 && class.pairs.is_empty() {
        class.missing_in_drawing.clear();
        out.not_drawn.push(NotDrawn { class: "wall", modelled: must });
    }
    extras(laid, &drawn, &mut used, &mut class);
    rejoin(laid, &drawn, &mut class);
    thickness::convention(laid, &mut class, &mut out.conventions);
    out.walls = class;
}

fn drawn_walls(laid: &Laid<'_>) -> Vec<Drawn> {
    laid.plan
        .walls
        .iter()
        .map(|w| {
            let mirrored = laid.to_world.is_mirrored();
            let mut faces: Vec<f64> = if w.faces_m.len() >= 2 {
                w.faces_m.iter().map(|f| if mirrored { -f } else { *f }).collect()
            } else {
                vec![-w.thickness_m / 2.0, w.thickness_m / 2.0]
            };
            faces.sort_by(f64::total_cmp);
            Drawn {
                line: mapped(&laid.to_world, &w.line),
                faces,
                confidence: w.evidence.confidence,
                dashed: w.dashed,
                curved: w.arc.is_some(),
            }
        })
        .collect()
}

fn all_beside(laid: &Laid<'_>, drawn: &[Drawn]) -> Vec<Beside> {
    let index = BoxIndex::new(drawn.iter().map(|d| Box2::of(d.line.a, d.line.b)).collect());
    let mut out = Vec::new();
    let shown = |w: &WallCut| matches!(w.visibility, Visibility::MustShow | Visibility::MayShow);
    let mut runs: Vec<(Segment2, f64)> = Vec::new();
    for wall in &laid.storey.walls {
        // what is not cut lies against nothing that is
        runs.extend(
            wall.runs.iter().map(|r| if shown(wall) { (r.line, r.thickness_m / 2.0) } else { (r.line, 1e3) }),
        );
    }
    let run_index = BoxIndex::new(runs.iter().map(|(l, _)| Box2::of(l.a, l.b)).collect());
    let mut number = 0;
    for (i, wall) in laid.storey.walls.iter().enumerate() {
        for (r, run) in wall.runs.iter().enumerate() {
            let sides = sides(&runs, &run_index, number);
            number += 1;
            let Some(u) = run.line.direction() else { continue };
            for j in index.touching(&Box2::of(run.line.a, run.line.b).grown(REACH_M + run.thickness_m)) {
                let d = &drawn[j];
                if d.curved {
                    continue;
                }
                let Some((along_run, along_drawn, at)) = beside(&run.line, &d.line, PARALLEL_RAD) else {
                    continue;
                };
                let turned = d.line.direction().is_some_and(|v| v.dot(u) < 0.0);
                let half = run.thickness_m / 2.0;
                let Some((low, high)) = faces_nearest(&d.faces, turned, at, half, &sides) else { continue };
                let (offset, thickness) = ((low + high) / 2.0, high - low);
                if thickness < THINNEST_M {
                    // of what is drawn here only the neighbour's far face is near
                    continue;
                }
                let one_face = (low + half).abs().min((high - half).abs());
                if offset.abs() > REACH_M.max(half) || one_face > REACH_M {
                    continue;
                }
                // what lies above or below the cut explains lines, but gives way to what is cut
                let unlikely = if wall.visibility == Visibility::MustShow { 0.0 } else { 0.004 };
                let cost =
                    offset.abs().min(one_face * 1.2) + 0.5 * (thickness - run.thickness_m).abs() + unlikely;
                out.push(Beside {
                    wall: i,
                    run: r,
                    drawn: j,
                    along_run,
                    along_drawn,
                    offset,
                    thickness,
                    cost,
                    turned,
                });
            }
        }
    }
    out
}

/// Where the outer faces may be drawn that belong to this run: its own, or, where another wall lies against it, the
/// far face of that one (walls that touch are often drawn as one).
struct Sides {
    low: Vec<f64>,
    high: Vec<f64>,
}

/// Walls closer than this touch (metres).
const TOUCH_M: f64 = 0.02;
/// Walls that lie against each other in one package at most.
const PACKAGE: usize = 4;

fn sides(runs: &[(Segment2, f64)], index: &BoxIndex, me: usize) -> Sides {
    let Some(&(line, half)) = runs.get(me) else { return Sides { low: Vec::new(), high: Vec::new() } };
    let mut beside_me: Vec<(f64, f64)> = Vec::new();
    for k in index.touching(&Box2::of(line.a, line.b).grown(1.0)).into_iter().filter(|k| *k != me) {
        let (other, other_half) = runs[k];
        if let Some((along, _, at)) = beside(&line, &other, PARALLEL_RAD)
            && along.1 - along.0 >= 0.3
        {
            beside_me.push((at - other_half, at + other_half));
        }
    }
    let grow = |start: f64, up: bool| {
        let mut out = vec![start];
        for _ in 0..PACKAGE {
            let last = out[out.len() - 1];
            let next = beside_me
                .iter()
                .map(|&(low, high)| if up { (low, high) } else { (high, low) })
                .filter(|(near, far)| {
                    // against this face or reaching into the wall, but not around it
                    if up {
                        *near <= last + TOUCH_M && *far > last + 1e-3 && *near > -half
                    } else {
                        *near >= last - TOUCH_M && *far < last - 1e-3 && *near < half
                    }
                })
                .map(|(_, far)| far)
                .min_by(|a, b| (a - last).abs().total_cmp(&(b - last).abs()));
            match next {
                Some(far) => out.push(far),
                None => break,
            }
        }
        out
    };
    Sides { low: grow(-half, false), high: grow(half, true) }
}

/// The two drawn faces that come nearest to the modelled ones at ±half, as offsets from the run's centre line.
fn faces_nearest(faces: &[f64], turned: bool, at: f64, half: f64, sides: &Sides) -> Option<(f64, f64)> {
    let places: Vec<f64> = faces.iter().map(|f| at + if turned { -f } else { *f }).collect();
    // a face drawn where a wall that lies against this one ends is this one's face, hidden
    let own = |p: f64, list: &[f64], mine: f64| {
        if list.iter().skip(1).any(|x| (x - p).abs() <= 0.006) { mine } else { p }
    };
    let mut best: Option<(f64, (f64, f64))> = None;
    for (k, &p) in places.iter().enumerate() {
        for &q in &places[k + 1..] {
            let (low, high) = (own(p.min(q), &sides.low, -half), own(p.max(q), &sides.high, half));
            let off = (low + half).abs() + (high - half).abs();
            // inner faces only where they clearly fit better than the outermost pair
            let outermost = places.len() == 2 || (p - q).abs() >= 0.999 * spread(&places);
            let inner = if outermost { 0.0 } else { 0.004 };
            if best.is_none_or(|b| off + inner < b.0) {
                best = Some((off + inner, (low, high)));
            }
        }
    }
    best.map(|b| b.1)
}

fn spread(values: &[f64]) -> f64 {
    values.iter().fold(f64::NEG_INFINITY, |a, b| a.max(*b))
        - values.iter().fold(f64::INFINITY, |a, b| a.min(*b))
}

/// Every stretch of a drawn run goes to the modelled run that it fits best.
fn share_out(besides: &[Beside], drawn: &[Drawn]) -> (BTreeMap<usize, Found>, Vec<Stretches>) {
    let mut found: BTreeMap<usize, Found> = BTreeMap::new();
    let mut used: Vec<Stretches> = vec![Vec::new(); drawn.len()];
    let mut of_drawn: Vec<Vec<&Beside>> = vec![Vec::new(); drawn.len()];
    for b in besides {
        of_drawn[b.drawn].push(b);
    }
    for (j, list) in of_drawn.iter().enumerate() {
        let mut cuts: Vec<f64> = list.iter().flat_map(|b| [b.along_drawn.0, b.along_drawn.1]).collect();
        cuts.sort_by(f64::total_cmp);
        cuts.dedup_by(|a, b| (*a - *b).abs() < 1e-6);
        for w in cuts.windows(2) {
            let (from, to) = (w[0], w[1]);
            let over: Vec<&&Beside> = list
                .iter()
                .filter(|b| b.along_drawn.0 <= from + 1e-9 && b.along_drawn.1 >= to - 1e-9)
                .collect();
            let Some(least) = over.iter().map(|b| b.cost).min_by(f64::total_cmp) else { continue };
            used[j].push((from, to));
            for b in over.into_iter().filter(|b| b.cost <= least + TIE_M) {
                let f = found.entry(b.wall).or_default();
                f.pieces.push((b.run, on_run(b, from, to)));
                f.offsets.push((b.offset, to - from));
                f.thicknesses.push((b.thickness, to - from));
                if !f.drawn.contains(&j) {
                    f.drawn.push(j);
                }
            }
        }
    }
    (found, used)
}

/// Where a stretch of the drawn run lies along the modelled one.
fn on_run(b: &Beside, from: f64, to: f64) -> (f64, f64) {
    let (d0, d1) = b.along_drawn;
    let (r0, r1) = b.along_run;
    let k = if d1 > d0 { (r1 - r0) / (d1 - d0) } else { 1.0 };
    let (a, c) = (r0 + (from - d0) * k, r0 + (to - d0) * k);
    // a run drawn the other way counts from the far end
    if b.turned { (r0 + r1 - c, r0 + r1 - a) } else { (a, c) }
}

/// Thinner stretches of a wall that nothing covers: not within other walls or columns, and long enough to be seen.
fn uncovered(laid: &Laid<'_>, i: usize, wall: &WallCut, f: Option<&Found>) -> (f64, f64, Vec<Segment2>) {
    let (mut need, mut open) = (0.0, 0.0);
    let mut pieces = Vec::new();
    for (r, run) in wall.runs.iter().enumerate() {
        let length = run.line.length();
        let mut have: Vec<(f64, f64)> = f
            .map(|f| {
                f.pieces.iter().filter(|p| p.0 == r).map(|p| (p.1.0.min(p.1.1), p.1.0.max(p.1.1))).collect()
            })
            .unwrap_or_default();
        // what the wall's own doors and windows take is theirs
        let mut holes = own_holes(laid, wall, &run.line);
        need += length - covered(&mut holes);
        have.extend(holes);
        for (from, to) in gaps(&mut have, length) {
            // ends run into the walls they meet
            let free = free_stretches(laid, &run.line, from, to, Some(i));
            for (from, to) in free {
                if to - from > MIN_GAP_M.max(run.thickness_m) {
                    open += to - from;
                    pieces.push(piece(&run.line, from, to));
                }
            }
        }
    }
    (need, open, pieces)
}

/// The stretches of a run that the doors and windows in it take at the cut.
fn own_holes(laid: &Laid<'_>, wall: &WallCut, run: &Segment2) -> Stretches {
    let Some(u) = run.direction() else { return Vec::new() };
    let shown = |v| matches!(v, Visibility::MustShow | Visibility::MayShow);
    let mine = laid.storey.openings.iter().filter(|o| {
        o.host == Some(wall.element) && shown(o.visibility) && run.distance(o.centre) <= wall.thickness_m
    });
    mine.map(|o| {
        let (at, half) = ((o.centre - run.a).dot(u), o.width_m / 2.0);
        ((at - half).max(0.0), (at + half).min(run.length()))
    })
    .filter(|(from, to)| from < to)
    .collect()
}

/// The parts of a stretch whose middle line lies in no other solid.
fn free_stretches(
    laid: &Laid<'_>,
    line: &Segment2,
    from: f64,
    to: f64,
    mine: Option<usize>,
) -> Vec<(f64, f64)> {
    let n = (((to - from) / STEP_M).ceil() as usize).clamp(1, 4_000);
    let step = (to - from) / n as f64;
    let mut out: Vec<(f64, f64)> = Vec::new();
    for k in 0..n {
        let t = from + (k as f64 + 0.5) * step;
        let p = piece(line, t, t).a;
        if laid.edges.in_solid(p, mine) {
            continue;
        }
        match out.last_mut() {
            Some(last) if (last.1 - (t - step / 2.0)).abs() < 1e-9 => last.1 = t + step / 2.0,
            _ => out.push((t - step / 2.0, t + step / 2.0)),
        }
    }
    out
}

/// So many walls, and such a share, that are modelled as thick as they are drawn without their finish tell that the model
/// has none in its walls.
const BARE: usize = 5;
const BARE_SHARE: f64 = 0.8;

/// Walls whose modelled faces are those of the drawn finish agree with the drawing, unless the model leaves finishes out.
fn forgive_finishes(class: &mut ClassMatches, at_finish: &[usize]) {
    let same = |p: &&Pair| {
        let thickness = p.deltas.iter().find(|d| d.what == "thickness").and_then(|d| d.difference);
        thickness.is_some_and(|d| d.abs() < 0.004) && !at_finish.contains(&p.modelled)
    };
    let bare = class.pairs.iter().filter(same).count();
    if bare >= BARE && bare as f64 >= BARE_SHARE * (bare + at_finish.len()) as f64 {
        return;
    }
    for p in class.pairs.iter_mut().filter(|p| at_finish.contains(&p.modelled)) {
        p.deltas.clear();
    }
}

/// Whether its faces are only drawn where those of a finish are.
fn present(laid: &Laid<'_>, i: usize, wall: &WallCut, f: &Found, class: &mut ClassMatches) -> bool {
    let (need, open, pieces) = uncovered(laid, i, wall, Some(f));
    let matched =
        covered(&mut f.pieces.iter().map(|p| (p.1.0.min(p.1.1), p.1.0.max(p.1.1))).collect::<Vec<_>>());
    if matched < 0.3 * need && open > 0.5 * need {
        // a stub that runs by is no wall
        absent(laid, i, wall, class);
        return false;
    }
    let mut deltas = Vec::new();
    let mut at_finish = false;
    let (mut offsets, mut thicknesses) = (f.offsets.clone(), f.thicknesses.clone());
    if let (Some(offset), Some(thickness)) =
        (weighted_median(&mut offsets), weighted_median(&mut thicknesses))
    {
        let modelled = wall.runs.first().map_or(wall.thickness_m, |r| r.thickness_m);
        let framed = modelled <= BOARD_M && thickness > PACKAGE_TIMES * modelled;
        if framed || wall.runs.iter().all(|r| r.line.length() < MIN_GAP_M) {
            // the plan draws the framing with its boards as one wall: the board is in it; and of what is no longer than
            // a joint only the neighbours would be measured
            class.pairs.push(Pair { modelled: i, drawn: f.drawn.clone(), deltas });
            return false;
        }
        // one face where it should be and the other not: the wall is thicker or thinner, not moved
        let change = thickness - modelled;
        let kept = (offset.abs() - change.abs() / 2.0).abs();
        let moved = if change.abs() > 0.004 && kept < 0.004 { 0.0 } else { offset };
        if moved.abs().max(change.abs()) > 1.25 * FACE_M {
            if in_place(laid, i, wall, FaceLines::Bare) {
                // what was measured is a neighbour that it is drawn as one with
                class.pairs.push(Pair { modelled: i, drawn: f.drawn.clone(), deltas });
                return false;
            }
            at_finish = in_place(laid, i, wall, FaceLines::WithFinish);
        }
        deltas.push(Delta::number("offset", moved, 0.0, laid.sigma_m));
        deltas.push(Delta::number("thickness", thickness, modelled, laid.sigma_m * 0.5));
    }
    class.pairs.push(Pair { modelled: i, drawn: f.drawn.clone(), deltas });
    if wall.visibility == Visibility::MustShow && open > MIN_GAP_M {
        let part = open / need.max(1e-6);
        let really: Vec<&Segment2> = pieces
            .iter()
            .filter(|p| faces_drawn(laid, i, wall, p, FaceLines::WithFinish).0 < MAYBE)
            .collect();
        let length: f64 = really.iter().map(|p| p.length()).sum();
        let covered_by_extent = really.iter().all(|p| laid.extent.contains(p.middle()));
        if length > 0.5 * need.max(1.0) && part > 0.5 && covered_by_extent {
            class.missing_in_drawing.push(Missing::sure(i, 0.9));
        }
    }
    at_finish
}
