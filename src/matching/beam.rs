//! Beams, by covered length: a modelled beam may be drawn in pieces, a drawn strip may be several spans.
//!
//! A plan draws the beams under its floor (plans of structure: 二层梁 lies at the level of the second floor) or, dashed, those
//! over head. Which of the two it means is told by what fits.

use super::evidence::{gaps, mapped, raw_share};
use super::{BeamCut, Beams, ClassMatches, Delta, Laid, Missing, Pair, why};
use crate::geom::{Box2, BoxIndex, Point2, Polygon, Segment2, convex_hull};
use crate::ifc::model::Kind;
use crate::ifc::section::{OutlineCut, StoreyPlan, Visibility};
use crate::registration::agreement::{beside, covered};
use crate::wording::Text;

/// Lines further from parallel than this are not the same beam (radians; 1°).
const PARALLEL_RAD: f64 = 0.0175;
/// A drawn beam further off than this is another one (metres).
const REACH_M: f64 = 0.3;
/// Tops this close to the floor carry it (metres; slabs and finishes lie between).
const UNDER_M: (f64, f64) = (-0.8, 0.15);
/// What begins this far above the floor hangs over head (metres).
const OVER_M: f64 = 1.8;
/// Share of a beam's length that must be drawn, and share from which it may be.
const THERE: f64 = 0.6;
const MAYBE: f64 = 0.25;
/// Raw lines this close to a modelled edge draw it (metres).
const EDGE_M: f64 = 0.015;
/// Beams are at least so slender; others are corbels and blocks.
const SLENDER: f64 = 1.5;
/// Points along a beam at which walls under it are looked for.
const SAMPLES: usize = 16;
/// A set that covers less than this share of the drawn beams is not what the plan means.
const MEANT: f64 = 0.3;

pub(super) fn pair(laid: &Laid<'_>, storeys: &[StoreyPlan], at: usize) -> Beams {
    if laid.plan.beams.is_empty() {
        return Beams::default();
    }
    let drawn: Vec<Segment2> = laid.plan.beams.iter().map(|b| mapped(&laid.to_world, &b.line)).collect();
    let near: Vec<&StoreyPlan> =
        [at.wrapping_sub(1), at, at + 1].iter().filter_map(|&i| storeys.get(i)).collect();
    let floor = laid.storey.elevation_m;
    let next = storeys.get(at + 1).map_or(floor + 6.0, |s| s.elevation_m);
    let under = cuts(&near, &|z: (f64, f64)| (UNDER_M.0..=UNDER_M.1).contains(&(z.1 - floor)));
    let over = cuts(&near, &|z: (f64, f64)| z.0 >= floor + OVER_M && z.1 <= next + UNDER_M.1);
    let mut best: Option<(f64, Beams)> = None;
    for cuts in [under, over] {
        let found = held(laid, cuts, &drawn);
        let total: f64 = drawn.iter().map(Segment2::length).sum();
        let share = found.0 / total.max(1e-9);
        if share >= MEANT && best.as_ref().is_none_or(|b| share > b.0 + 0.05) {
            best = Some((share, found.1));
        }
    }
    best.map(|b| b.1).unwrap_or_default()
}

/// Beams whose heights fit, each once, by element.
fn cuts(near: &[&StoreyPlan], fits: &dyn Fn((f64, f64)) -> bool) -> Vec<BeamCut> {
    let mut out: Vec<BeamCut> = Vec::new();
    let beams = near.iter().flat_map(|s| &s.others).filter(|o| o.kind == Kind::Beam && fits(o.z_m));
    for o in beams {
        if !out.iter().any(|b| b.element == o.element) {
            out.extend(cut(o));
        }
    }
    out.sort_by_key(|b| b.element);
    out
}

/// A straight beam from its outline: the long middle line of the smallest box around it.
fn cut(o: &OutlineCut) -> Option<BeamCut> {
    let hull = convex_hull(o.outline.iter().flat_map(|p| p.outer.iter().copied()).collect());
    let mut best: Option<(f64, Segment2, f64)> = None;
    for k in 0..hull.len() {
        let u = (hull[(k + 1) % hull.len()] - hull[k]).normalised()?;
        let v = u.left();
        let along: Vec<f64> = hull.iter().map(|p| p.dot(u)).collect();
        let across: Vec<f64> = hull.iter().map(|p| p.dot(v)).collect();
        let span =
            |x: &[f64]| x.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |a, b| (a.0.min(*b), a.1.max(*b)));
        let ((a0, a1), (c0, c1)) = (span(&along), span(&across));
        let size = (a1 - a0) * (c1 - c0);
        if best.as_ref().is_none_or(|b| size < b.0) {
            let (line, width) = if a1 - a0 >= c1 - c0 {
                let at = v * ((c0 + c1) / 2.0);
                (Segment2::new(u * a0 + at, u * a1 + at), c1 - c0)
            } else {
                let at = u * ((a0 + a1) / 2.0);
                (Segment2::new(v * c0 + at, v * c1 + at), a1 - a0)
            };
            best = Some((size, line, width));
        }
    }
    let (_, line, width_m) = best?;
    let area: f64 = o.outline.iter().map(Polygon::area).sum();
    // curved and bent beams are no strips
    let straight = area >= 0.9 * line.length() * width_m;
    (straight && line.length() >= SLENDER * width_m && width_m > 0.02).then_some(BeamCut {
        element: o.element,
        line,
        width_m,
        depth_m: o.z_m.1 - o.z_m.0,
    })
}

/// Holds the drawn beams against one set. With it the drawn length that the set explains.
fn held(laid: &Laid<'_>, cuts: Vec<BeamCut>, drawn: &[Segment2]) -> (f64, Beams) {
    let index = BoxIndex::new(drawn.iter().map(|d| Box2::of(d.a, d.b)).collect());
    let mut used: Vec<Vec<(f64, f64)>> = vec![Vec::new(); drawn.len()];
    let mut list = ClassMatches::default();
    for (i, beam) in cuts.iter().enumerate() {
        let (mut on, mut pieces, mut mine, mut off) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for j in index.touching(&Box2::of(beam.line.a, beam.line.b).grown(REACH_M)) {
            let Some((along, along_drawn, d)) = beside(&beam.line, &drawn[j], PARALLEL_RAD) else { continue };
            let reach = REACH_M.min(0.5 * (beam.width_m + laid.plan.beams[j].width_m));
            if d.abs() <= reach {
                pieces.push(along);
                mine.push((j, along_drawn));
                off.push((d.abs(), j, along.1 - along.0));
            }
        }
        for (j, along) in &mine {
            used[*j].push(*along);
            on.push(*j);
        }
        if covered(&mut pieces) >= THERE * beam.line.length() {
            list.pairs.push(Pair { modelled: i, drawn: on, deltas: deltas(laid, beam, &off) });
        } else {
            list.missing_in_drawing.extend(absent(laid, i, beam, &mut list.pairs));
        }
    }
    let mut explained = 0.0;
    for (j, line) in drawn.iter().enumerate() {
        let length = line.length();
        explained += covered(&mut used[j]).min(length);
        let open: f64 = gaps(&mut used[j], length).iter().map(|(a, b)| b - a).sum();
        if open > 0.7 * length && length > 1.0 {
            list.missing_in_model.push(extra(laid, j, line));
        }
    }
    (explained, Beams { cuts, list })
}

/// Width, and the section that the text of the strip beside it states.
fn deltas(laid: &Laid<'_>, beam: &BeamCut, off: &[(f64, usize, f64)]) -> Vec<Delta> {
    let nearest = off.iter().max_by(|a, b| a.2.total_cmp(&b.2)).map(|o| o.1);
    let Some(drawn) = nearest.and_then(|j| laid.plan.beams.get(j)) else { return Vec::new() };
    let mut out = vec![Delta::number("width", drawn.width_m, beam.width_m, laid.sigma_m)];
    if let Some((b, h)) = drawn.mark.as_ref().and_then(|m| m.section_mm) {
        out.push(Delta::number("stated-width", f64::from(b) / 1000.0, beam.width_m, 0.0));
        out.push(Delta::number("stated-depth", f64::from(h) / 1000.0, beam.depth_m, 0.0));
    }
    out
}

/// Before a beam is called missing: are its edges among the raw lines?
fn absent(laid: &Laid<'_>, i: usize, beam: &BeamCut, pairs: &mut Vec<Pair>) -> Option<Missing> {
    let n = beam.line.direction()?.left() * (beam.width_m / 2.0);
    let share = |n: Point2| {
        let edge = Segment2::new(beam.line.a + n, beam.line.b + n);
        raw_share(&laid.plan.raw, &mapped(&laid.to_plan, &edge), EDGE_M)
    };
    let (a, b) = (share(n), share(-n));
    if a.min(b) >= THERE {
        pairs.push(Pair { modelled: i, drawn: Vec::new(), deltas: Vec::new() });
        return None;
    }
    // over a wall its edges are the wall's, or not drawn at all: by habit, and no fault
    #[allow(clippy::cast_precision_loss)]
    let hidden = (0..SAMPLES)
        .filter(|k| {
            let p = beam.line.a.lerp(beam.line.b, (*k as f64 + 0.5) / SAMPLES as f64);
            laid.edges.in_solid(p, None) || beside_wall(laid, p, beam.width_m)
        })
        .count();
    if hidden * 2 > SAMPLES {
        return None;
    }
    if !laid.extent.contains(beam.line.middle()) {
        return Some(Missing::unsure(i, why("outside", &[])));
    }
    if a.max(b) >= MAYBE {
        let percent = Text::same(format!("{:.0}", 50.0 * (a + b)));
        return Some(Missing::unsure(i, why("traces", &[("share", percent)])));
    }
    Some(Missing::sure(i, 0.9 - 0.3 * a.max(b)))
}

/// A wall at the cut runs beside the point, within the beam's width.
fn beside_wall(laid: &Laid<'_>, p: Point2, width: f64) -> bool {
    let shown =
        |w: &crate::ifc::section::WallCut| matches!(w.visibility, Visibility::MustShow | Visibility::MayShow);
    laid.storey
        .walls
        .iter()
        .filter(|w| shown(w))
        .flat_map(|w| &w.runs)
        .any(|r| r.line.distance(p) <= (width + r.thickness_m) / 2.0)
}

fn extra(laid: &Laid<'_>, j: usize, line: &Segment2) -> Missing {
    let confidence = laid.plan.beams.get(j).map_or(0.0, |b| b.evidence.confidence);
    let explained = laid.edges.share(line, 0.02);
    if confidence < 0.6 || explained > 0.4 {
        return Missing::unsure(j, why("uncertain_symbol", &[]));
    }
    Missing::sure(j, confidence)
}
