//! Columns, one to one by place and size.

use super::assign::assign;
use super::evidence::{OVER_M, corner_share, own_share, raw_outline_share};
use super::{ClassMatches, Delta, Laid, Missing, NotDrawn, Pair, PlanMatches, why};
use crate::geom::{Point2, Segment2, angle_between_lines};
use crate::ifc::section::{ColumnCut, Visibility};
use crate::wording::Text;
use std::f64::consts::FRAC_PI_2;

/// Columns further apart than this are not the same one (metres).
const GATE_M: f64 = 1.5;
/// What staying alone costs, against metres of distance and of size.
const ALONE: f64 = 1.6;
/// Raw lines this close to a modelled edge draw it (metres).
const EDGE_M: f64 = 0.015;
/// Lines this close to a modelled side, over this share of it, draw that side and no other (metres).
const LINE_M: f64 = 0.001;
const LINE_FOR_LINE: f64 = 0.9;
/// Shorter edges than this share of a column are no sides of it, but pieces of its corners.
const SIDE: f64 = 0.2;
/// An outline of so many edges is round: chords of model and drawing meet to this (metres).
const CHORDS: usize = 9;
const CHORD_M: f64 = 0.004;
/// Columns of one size agree to this (metres).
const SAME_SIZE_M: f64 = 0.02;
/// Confidence up to which a column was found by its shape alone, not by its layer.
const NAMELESS: f64 = 0.75;

struct Drawn {
    centre: Point2,
    width: f64,
    depth: f64,
    angle: f64,
    round: bool,
    confidence: f64,
}

pub(super) fn pair(laid: &Laid<'_>, out: &mut PlanMatches) {
    let drawn: Vec<Drawn> = laid
        .plan
        .columns
        .iter()
        .map(|c| {
            let turn = laid.to_world.angle();
            let angle = if laid.to_world.is_mirrored() { turn - c.angle } else { turn + c.angle };
            let (width, depth, angle) = (c.width_m, c.depth_m, angle.rem_euclid(FRAC_PI_2 * 2.0));
            Drawn {
                centre: laid.to_world.apply(c.centre),
                width,
                depth,
                angle,
                round: c.round,
                confidence: c.evidence.confidence,
            }
        })
        .collect();
    let modelled = &laid.storey.columns;
    let mut edges = Vec::new();
    for (i, m) in modelled.iter().enumerate() {
        for (j, d) in drawn.iter().enumerate() {
            let distance = m.centre.distance(d.centre);
            if distance <= GATE_M {
                let (w, h) = sizes(m, d);
                let unlikely = if m.visibility == Visibility::MustShow { 0.0 } else { 0.05 };
                edges.push((
                    i,
                    j,
                    distance + 0.5 * ((w - m.width_m).abs() + (h - m.depth_m).abs()) + unlikely,
                ));
            }
        }
    }
    let pairs = assign(&edges, ALONE);
    let mut class = ClassMatches::default();
    for &(i, j) in &pairs {
        let (m, d) = (&modelled[i], &drawn[j]);
        let shift = d.centre - m.centre;
        let (mut w, mut h) = sizes(m, d);
        // the inside of a tube is as much smaller one way as the other
        let (thinner, flatter) = (m.width_m - w, m.depth_m - h);
        if thinner > LINE_M && (thinner - flatter).abs() <= LINE_M && line_for_line(laid, m) {
            (w, h) = (m.width_m, m.depth_m);
        }
        let mut deltas = vec![Delta::number("offset", shift.length(), 0.0, laid.sigma_m)];
        // round against square is told by the size alone: both are boxes here
        let size = laid.sigma_m * 0.5;
        deltas.push(Delta::number("width", w, m.width_m, size));
        deltas.push(Delta::number("depth", h, m.depth_m, size));
        class.pairs.push(Pair { modelled: i, drawn: vec![j], deltas });
    }
    absent(laid, &pairs, drawn.is_empty(), &mut class, out);
    extra(laid, &pairs, &drawn, &mut class);
    out.columns = class;
}

/// The drawn sizes along the modelled sides.
fn sizes(m: &ColumnCut, d: &Drawn) -> (f64, f64) {
    if m.round || d.round {
        return (d.width, d.depth);
    }
    let same = angle_between_lines(m.angle, d.angle) <= FRAC_PI_2 / 2.0;
    if same { (d.width, d.depth) } else { (d.depth, d.width) }
}

/// The modelled outline is drawn as it is: another ring, such as the inside of a tube, was taken for the column's. Corners
/// that are rounded may be drawn by other chords than modelled.
fn line_for_line(laid: &Laid<'_>, m: &ColumnCut) -> bool {
    let least = m.width_m.min(m.depth_m) * SIDE;
    let rings = m.outline.iter().map(|p| &p.outer);
    let edges = rings.flat_map(|r| r.iter().copied().zip(r.iter().copied().cycle().skip(1)));
    let sides: Vec<[Point2; 2]> =
        edges.filter(|(a, b)| a.distance(*b) >= least).map(|(a, b)| [a, b]).collect();
    let drawn = |side: &[Point2; 2]| {
        raw_outline_share(&laid.plan.raw, &side.map(|p| laid.to_plan.apply(p)), LINE_M) >= LINE_FOR_LINE
    };
    sides.len() > 2 && sides.iter().all(drawn)
}

fn by_chords(laid: &Laid<'_>, ring: &[Point2]) -> f64 {
    if ring.len() < CHORDS { 0.0 } else { corner_share(&laid.plan.raw, ring, CHORD_M) }
}

fn absent(
    laid: &Laid<'_>,
    pairs: &[(usize, usize)],
    none: bool,
    class: &mut ClassMatches,
    out: &mut PlanMatches,
) {
    let must: Vec<usize> = (0..laid.storey.columns.len())
        .filter(|&i| {
            laid.storey.columns[i].visibility == Visibility::MustShow && !pairs.iter().any(|p| p.0 == i)
        })
        .collect();
    let mut seen = 0;
    let mut missing = Vec::new();
    for i in must.iter().copied() {
        let c = &laid.storey.columns[i];
        let share = c
            .outline
            .iter()
            .map(|p| {
                let ring: Vec<Point2> = p.outer.iter().map(|&q| laid.to_plan.apply(q)).collect();
                raw_outline_share(&laid.plan.raw, &ring, EDGE_M).max(by_chords(laid, &ring))
            })
            .fold(0.0, f64::max);
        let own = c
            .outline
            .iter()
            .map(|p| {
                let ring: Vec<Point2> = p.outer.iter().map(|&q| laid.to_plan.apply(q)).collect();
                let edges = (0..ring.len()).map(|k| Segment2::new(ring[k], ring[(k + 1) % ring.len()]));
                let (mut got, mut all) = (0.0, 0.0);
                for edge in edges {
                    got += own_share(&laid.plan.raw, &edge, EDGE_M, OVER_M) * edge.length();
                    all += edge.length();
                }
                if all > 0.0 { got / all } else { 0.0 }
            })
            .fold(0.0, f64::max);
        let percent = Text::same(format!("{:.0}", share * 100.0));
        // edges that only the faces of passing walls draw are no column
        if share < 0.8
            && own < 0.3
            && !c.round
            && c.outline.iter().all(|p| p.outer.len() < CHORDS)
            && laid.extent.contains(c.centre)
        {
            missing.push(Missing::sure(i, 0.95 - 0.3 * own));
        } else if share >= 0.7 {
            seen += 1;
            class.pairs.push(Pair { modelled: i, drawn: Vec::new(), deltas: Vec::new() });
        } else if share >= 0.4 {
            missing.push(Missing::unsure(i, why("traces", &[("share", percent)])));
        } else if !laid.extent.contains(c.centre) {
            missing.push(Missing::unsure(i, why("outside", &[])));
        } else {
            missing.push(Missing::sure(i, 0.97 - 0.3 * share));
        }
    }
    if none && seen == 0 && must.len() >= 2 {
        out.not_drawn.push(NotDrawn { class: "column", modelled: must.len() });
    } else {
        class.missing_in_drawing = missing;
    }
    class.pairs.sort_by_key(|p| p.modelled);
}

fn extra(laid: &Laid<'_>, pairs: &[(usize, usize)], drawn: &[Drawn], class: &mut ClassMatches) {
    for (j, d) in drawn.iter().enumerate().filter(|(j, _)| !pairs.iter().any(|p| p.1 == *j)) {
        let outline: Vec<Point2> = laid
            .plan
            .columns
            .get(j)
            .map(|c| c.outline.iter().map(|&p| laid.to_world.apply(p)).collect())
            .unwrap_or_default();
        let mut explained = 0.0;
        if outline.len() >= 3 && !d.round {
            let (mut got, mut all) = (0.0, 0.0);
            for k in 0..outline.len() {
                let edge = Segment2::new(outline[k], outline[(k + 1) % outline.len()]);
                got += laid.edges.share(&edge, 0.02) * edge.length();
                all += edge.length();
            }
            explained = if all > 0.0 { got / all } else { 0.0 };
        }
        if explained >= 0.75 {
            continue;
        }
        let percent = Text::same(format!("{:.0}", explained * 100.0));
        // on layers without a meaning a small box of a size of its own may be furniture
        let known = laid.plan.understood >= super::wall::extra::UNDERSTOOD
            || laid.storey.columns.iter().any(|m| {
                let (w, h) = sizes(m, d);
                (w - m.width_m).abs() <= SAME_SIZE_M && (h - m.depth_m).abs() <= SAME_SIZE_M
            });
        class.missing_in_model.push(if explained > 0.5 {
            Missing::unsure(j, why("explained_in_part", &[("share", percent)]))
        } else if d.confidence < 0.6 || !known && d.confidence <= NAMELESS {
            Missing::unsure(j, why("uncertain_symbol", &[]))
        } else {
            Missing::sure(j, d.confidence)
        });
    }
}
