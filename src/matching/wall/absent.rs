//! Modelled walls of which nothing was recognised: the raw lines are asked before anything is called missing.

use super::super::evidence::{FaceLines, face_share, mapped, own_share, piece, raw_outline_share};
use super::super::{ClassMatches, Delta, Laid, Missing, Pair, why};
use super::extra::UNDERSTOOD;
use super::{FACE_M, PARALLEL_RAD, free_stretches, uncovered};
use crate::geom::{Box2, Point2, Segment2};
use crate::ifc::section::{Visibility, WallCut};
use crate::registration::agreement::beside;
use crate::wording::Text;

/// Share of a face that must be drawn for the wall to be there, and share from which it may be.
const THERE: f64 = 0.7;
pub(super) const MAYBE: f64 = 0.35;
/// With less than this of its other face drawn, a single line is something else.
const ONE_LINE: f64 = 0.12;
/// With less than this share of it left beside its openings a wall need not be drawn.
const OPEN_SHARE: f64 = 0.1;
/// Raw lines so far beyond a modelled face may be that face, drawn elsewhere (metres).
const BEYOND_M: f64 = 0.12;
/// Raw lines closer than this to the middle of a wall are no face of it but an axis (metres).
const AXIS_M: f64 = 0.015;

/// Both faces are drawn where the model has them, as far as they can be seen: whatever else lies beside it, the wall is
/// neither moved nor of another thickness.
pub(super) fn in_place(laid: &Laid<'_>, i: usize, wall: &WallCut, lines: FaceLines) -> bool {
    let (mut total, mut there) = (0.0, 0.0);
    for run in &wall.runs {
        for (from, to) in free_stretches(laid, &run.line, 0.0, run.line.length(), Some(i)) {
            let stretch = piece(&run.line, from, to);
            total += stretch.length();
            there += faces_drawn(laid, i, wall, &stretch, lines).1 * stretch.length();
        }
    }
    total > 0.0 && there >= THERE * total
}

/// Shares of the better and the worse face of a stretch that raw lines draw. Where a face lies against another wall
/// or column it need not be drawn: a face that is hidden all along takes the share of the other one.
pub(super) fn faces_drawn(
    laid: &Laid<'_>,
    i: usize,
    wall: &WallCut,
    stretch: &Segment2,
    lines: FaceLines,
) -> (f64, f64) {
    let half = wall.thickness_m / 2.0;
    let Some(n) = stretch.direction().map(Point2::left) else { return (0.0, 0.0) };
    let face = |by: f64| -> Option<f64> {
        let at = |d: f64| Segment2::new(stretch.a + n * d, stretch.b + n * d);
        let outside = at(by + 0.015 * by.signum());
        let length = stretch.length();
        let open = free_stretches(laid, &outside, 0.0, length, Some(i));
        let seen: f64 = open.iter().map(|(a, b)| b - a).sum();
        if seen < 0.2 * length {
            return None;
        }
        let edge = at(by);
        let drawn: f64 = open
            .iter()
            .map(|&(a, b)| {
                let seen = mapped(&laid.to_plan, &piece(&edge, a, b));
                face_share(&laid.plan.raw, &seen, FACE_M, lines) * (b - a)
            })
            .sum();
        Some(drawn / seen)
    };
    match (face(half), face(-half)) {
        (Some(a), Some(b)) => (a.max(b), a.min(b)),
        (Some(a), None) | (None, Some(a)) => (a, a),
        (None, None) => (1.0, 1.0),
    }
}

pub(super) fn absent(laid: &Laid<'_>, i: usize, wall: &WallCut, class: &mut ClassMatches) {
    if wall.visibility != Visibility::MustShow {
        return;
    }
    if is_open(wall) {
        // an opening as wide as the wall: at the cut nothing of it is left to be drawn
        return;
    }
    if wall.runs.is_empty() {
        return without_runs(laid, i, wall, class);
    }
    let (need, open, pieces) = uncovered(laid, i, wall, None);
    if open < 0.3 * need || pieces.is_empty() {
        // within other walls and columns: what is drawn of those is drawn of it
        return;
    }
    if !pieces.iter().any(|p| laid.extent.contains(p.middle())) {
        class.missing_in_drawing.push(Missing::unsure(i, why("outside", &[])));
        return;
    }
    let total: f64 = pieces.iter().map(Segment2::length).sum();
    let weigh = |pick: fn((f64, f64)) -> f64| -> f64 {
        let drawn = |p| pick(faces_drawn(laid, i, wall, p, FaceLines::WithFinish));
        pieces.iter().map(|p| drawn(p) * p.length()).sum::<f64>() / total.max(1e-6)
    };
    let (better, worse) = (weigh(|s| s.0), weigh(|s| s.1));
    if better >= THERE && worse >= MAYBE {
        class.pairs.push(Pair { modelled: i, drawn: Vec::new(), deltas: Vec::new() });
    } else if let Some((low, high)) = other_faces(laid, wall, &pieces) {
        let deltas = vec![
            Delta::number("offset", (low + high) / 2.0, 0.0, laid.sigma_m),
            Delta::number("thickness", high - low, wall.thickness_m, laid.sigma_m * 0.5),
        ];
        class.pairs.push(Pair { modelled: i, drawn: Vec::new(), deltas });
    } else if (better >= THERE && worse >= ONE_LINE) || worse >= MAYBE {
        class
            .missing_in_drawing
            .push(Missing::unsure(i, why("traces", &[("share", percent((better + worse) / 2.0))])));
    } else {
        class.missing_in_drawing.push(Missing::sure(i, 0.97 - 0.4 * better.max(worse)));
    }
}

/// Where the raw lines draw a face on either side of a wall that was not recognised, elsewhere than modelled: the wall is
/// there, thicker or thinner. The pair of lines nearest to the modelled faces, as offsets from the centre line. Where
/// layers tell what lines mean, outlines of rooms and finishes run beside walls, and walls are recognised.
fn other_faces(laid: &Laid<'_>, wall: &WallCut, pieces: &[Segment2]) -> Option<(f64, f64)> {
    if laid.plan.understood >= UNDERSTOOD {
        return None;
    }
    let half = wall.thickness_m / 2.0;
    let longest = pieces.iter().max_by(|a, b| a.length().total_cmp(&b.length()))?;
    let line = mapped(&laid.to_plan, longest);
    let raw = &laid.plan.raw;
    let near = raw.line_index.touching(&Box2::of(line.a, line.b).grown(half + BEYOND_M));
    let flip = if laid.to_plan.is_mirrored() { -1.0 } else { 1.0 };
    let mut offsets: Vec<f64> = near
        .into_iter()
        .filter_map(|k| Some(beside(&line, &raw.lines.get(k)?.0, PARALLEL_RAD)?.2))
        .filter(|d| d.abs() > AXIS_M && (d.abs() - half).abs() <= BEYOND_M)
        .collect();
    offsets.sort_by(f64::total_cmp);
    offsets.dedup_by(|a, b| (*a - *b).abs() < 0.001);
    let n = line.direction()?.left();
    let drawn = |by: f64| {
        let face = Segment2::new(line.a + n * by, line.b + n * by);
        own_share(raw, &face, 0.002, wall.thickness_m + BEYOND_M) >= THERE
    };
    let nearest = |sign: f64| {
        let side = offsets.iter().copied().filter(|d| d * sign > 0.0 && drawn(*d));
        side.min_by(|a, b| (a.abs() - half).abs().total_cmp(&(b.abs() - half).abs()))
    };
    let (a, b) = (flip * nearest(-1.0)?, flip * nearest(1.0)?);
    Some((a.min(b), a.max(b)))
}

/// Openings take all of the wall at the cut.
fn is_open(wall: &WallCut) -> bool {
    let area = |region: &[crate::geom::Polygon]| region.iter().map(crate::geom::Polygon::area).sum::<f64>();
    area(&wall.outline) < OPEN_SHARE * area(&wall.solid)
}

pub(super) fn percent(share: f64) -> Text {
    Text::same(format!("{:.0}", share * 100.0))
}

/// Curved and irregular walls: their outline is looked for among raw lines and arcs.
fn without_runs(laid: &Laid<'_>, i: usize, wall: &WallCut, class: &mut ClassMatches) {
    let mut best: f64 = 0.0;
    for polygon in wall.outline.iter().chain(&wall.solid) {
        let ring: Vec<Point2> = polygon.outer.iter().map(|&p| laid.to_plan.apply(p)).collect();
        best = best.max(raw_outline_share(&laid.plan.raw, &ring, FACE_M));
    }
    let centre = Box2::around(wall.solid.iter().flat_map(|p| p.outer.iter().copied())).centre();
    if best >= 0.5 {
        class.pairs.push(Pair { modelled: i, drawn: Vec::new(), deltas: Vec::new() });
    } else if best >= 0.1 || !laid.extent.contains(centre) {
        class.missing_in_drawing.push(Missing::unsure(i, why("curved", &[])));
    } else {
        class.missing_in_drawing.push(Missing::sure(i, 0.8));
    }
}
