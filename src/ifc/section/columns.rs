//! Columns at the cut: the box around their outline in its own directions.

use super::ColumnCut;
use super::bodies::BandCut;
use crate::geom::{Point2, Polygon};
use crate::ifc::body::straightened;
use crate::ifc::model::ElementRef;
use std::f64::consts::{FRAC_PI_2, PI};

/// No more directions than this are tried.
const MAX_DIRECTIONS: usize = 256;

/// Boxes that differ by less than this part are equally small.
const AS_SMALL: f64 = 1e-6;

/// A round outline has at least so many corners.
const ROUND_CORNERS: usize = 12;

/// A box in its own directions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct OwnBox {
    pub(super) centre: Point2,
    pub(super) width: f64,
    pub(super) depth: f64,
    pub(super) angle: f64,
}

/// A column at the cut of a storey; `None` when there is no outline.
pub(super) fn column(
    reference: ElementRef,
    own_storey: bool,
    x_axis: Option<Point2>,
    cut: BandCut,
) -> Option<ColumnCut> {
    let round = is_round(&cut.region);
    let preferred = if round { Some(Point2::new(1.0, 0.0)) } else { x_axis };
    let own = own_box(&cut.region, preferred)?;
    let angle = if round { 0.0 } else { own.angle };
    Some(ColumnCut {
        element: reference,
        visibility: cut.visibility,
        own_storey,
        outline: cut.region,
        centre: own.centre,
        width_m: own.width,
        depth_m: own.depth,
        angle,
        round,
    })
}

/// The smallest box along a direction of the outline, or along the preferred one where that is as small.
pub(super) fn own_box(region: &[Polygon], preferred: Option<Point2>) -> Option<OwnBox> {
    let points: Vec<Point2> = region.iter().flat_map(|p| p.outer.iter().copied()).collect();
    let mut angles: Vec<f64> = preferred.map(|p| fold(p.angle())).into_iter().collect();
    for ring in region.iter().map(|p| straightened(&p.outer)) {
        let n = ring.len();
        angles.extend((0..n).map(|i| fold((ring[(i + 1) % n] - ring[i]).angle())));
    }
    angles.truncate(MAX_DIRECTIONS);
    let mut best: Option<(f64, OwnBox)> = None;
    for angle in angles {
        let u = Point2::unit(angle);
        let (mut a, mut b) = ((f64::INFINITY, f64::NEG_INFINITY), (f64::INFINITY, f64::NEG_INFINITY));
        for p in &points {
            let (s, t) = (u.dot(*p), u.cross(*p));
            a = (a.0.min(s), a.1.max(s));
            b = (b.0.min(t), b.1.max(t));
        }
        let (width, depth) = (a.1 - a.0, b.1 - b.0);
        let area = width * depth;
        if !area.is_finite() {
            continue;
        }
        if best.as_ref().is_none_or(|(smallest, _)| area < smallest * (1.0 - AS_SMALL)) {
            let centre = u * ((a.0 + a.1) / 2.0) + u.left() * ((b.0 + b.1) / 2.0);
            best = Some((area, OwnBox { centre, width, depth, angle }));
        }
    }
    best.map(|(_, own)| own)
}

/// Into [0, π/2), with what is within a rounding of the upper end at the lower.
fn fold(angle: f64) -> f64 {
    let a = angle.rem_euclid(FRAC_PI_2);
    if FRAC_PI_2 - a < 1e-9 || a < 1e-9 { 0.0 } else { a }
}

fn is_round(region: &[Polygon]) -> bool {
    let [one] = region else { return false };
    let n = one.outer.len();
    if n < ROUND_CORNERS {
        return false;
    }
    let centre = one.outer.iter().fold(Point2::default(), |s, &p| s + p) / n as f64;
    let radii: Vec<f64> = one.outer.iter().map(|p| p.distance(centre)).collect();
    let (low, high) = radii.iter().fold((f64::INFINITY, 0.0f64), |(l, h), &r| (l.min(r), h.max(r)));
    let full = Polygon { outer: one.outer.clone(), holes: Vec::new() }.area();
    high - low < 0.005 * high && full > 0.98 * PI * low * low
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geom::Arc2;

    #[test]
    fn boxes_follow_the_outline() {
        let turned = vec![Polygon::rectangle(Point2::new(3.0, 4.0), 0.6, 0.4, 0.3)];
        let own = own_box(&turned, Some(Point2::new(1.0, 0.0))).unwrap();
        assert!(
            (own.width - 0.6).abs() < 1e-9
                && (own.depth - 0.4).abs() < 1e-9
                && (own.angle - 0.3).abs() < 1e-9
        );
        assert!(own.centre.distance(Point2::new(3.0, 4.0)) < 1e-9);
        assert!(!is_round(&turned));
        assert!(own_box(&[], None).is_none());
    }

    #[test]
    fn circles_are_round() {
        let mut ring = Arc2::circle(Point2::new(1.0, 1.0), 0.3).points(0.000_25);
        ring.pop();
        assert!(is_round(&[Polygon::new(ring)]));
    }
}
