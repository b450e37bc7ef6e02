//! Walls at the cut: outline with and without openings, runs, thickness, faces of the layers.

use super::bodies::{BandCut, Bodies};
use super::runs::{self, Hint};
use super::{Visibility, WallCut, WallRunCut};
use crate::geom::{Point2, Polygon, Region};
use crate::ifc::body::take_off;
use crate::ifc::model::{Element, ElementRef, Kind};

/// Layers whose sum differs from the body by more than this are not what was built, metres.
const LAYERS_AGREE_M: f64 = 0.001;

/// What is known of a wall before its outline is looked at.
pub(super) fn hint(element: &Element) -> Hint {
    let sum: f64 = element.layers_m.iter().sum();
    Hint {
        along: element.placement.and_then(|p| p.x.xy().normalised()),
        layers_m: (sum.is_finite() && sum > 0.0).then_some(sum),
    }
}

/// A wall at the cut of a storey.
pub(super) fn wall(
    element: &Element,
    reference: ElementRef,
    own_storey: bool,
    bodies: &Bodies,
    cut: BandCut,
    holes: &[&Bodies],
) -> WallCut {
    let taken: Region = holes.iter().flat_map(|h| h.section(cut.z).0).collect();
    let outline = take_off(&cut.region, &taken);
    // Curtain walls are known by their outline only
    let (runs, arcs) = runs::runs(&cut.region, hint(element));
    let straight = runs.first().map(|r| (r.line.length(), r.thickness_m));
    let curved = arcs.first().map(|a| (a.arc.length(), a.thickness_m));
    let longest = [straight, curved].into_iter().flatten().max_by(|a, b| a.0.total_cmp(&b.0));
    let thickness_m = longest.map_or_else(|| medial_width(&cut.region), |(_, thickness)| thickness);
    WallCut {
        element: reference,
        kind: if element.kind == Kind::CurtainWall { Kind::CurtainWall } else { Kind::Wall },
        visibility: cut.visibility,
        own_storey,
        outline,
        faces_m: faces(&element.layers_m, thickness_m),
        solid: cut.region,
        runs,
        arcs,
        thickness_m,
        z_m: bodies.z(),
    }
}

/// Twice the area over the perimeter: the thickness of anything long.
fn medial_width(region: &[Polygon]) -> f64 {
    let area: f64 = region.iter().map(Polygon::area).sum();
    let perimeter: f64 = region.iter().map(Polygon::perimeter).sum();
    if perimeter > 0.0 { 2.0 * area / perimeter } else { 0.0 }
}

/// Offsets of the layer boundaries from the middle, from either side, rising.
fn faces(layers: &[f64], thickness: f64) -> Vec<f64> {
    let half = thickness / 2.0;
    let mut out = vec![-half, half];
    let sum: f64 = layers.iter().sum();
    if (sum - thickness).abs() <= LAYERS_AGREE_M {
        let mut at = 0.0;
        for layer in layers {
            at += layer;
            out.extend([at - half, half - at]);
        }
    }
    out.retain(|f| f.is_finite() && f.abs() <= half + 1e-9);
    out.sort_by(f64::total_cmp);
    out.dedup_by(|a, b| (*a - *b).abs() < 1e-6);
    out
}

/// The run nearest to a point that lies along it.
pub(super) fn nearest_run(runs: &[WallRunCut], p: Point2) -> Option<&WallRunCut> {
    let distance = |r: &WallRunCut| r.line.distance(p) - r.thickness_m / 2.0;
    runs.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)))
}

/// Whether something from one height to another shows in a plan of a floor.
pub(super) fn range_visibility(z: (f64, f64), floor: f64, band: &super::CutBand) -> Visibility {
    let (low, high) = (floor + band.low_m, floor + band.high_m);
    if z.0 <= low && z.1 >= high {
        Visibility::MustShow
    } else if z.0 > high {
        Visibility::Above
    } else if z.1 < low {
        Visibility::Below
    } else {
        Visibility::MayShow
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layer_faces_lie_both_ways() {
        let f = faces(&[0.1, 0.2], 0.3);
        let expected = [-0.15, -0.05, 0.05, 0.15];
        assert!(f.len() == 4 && f.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9), "{f:?}");
        assert_eq!(faces(&[0.1, 0.2], 0.32), vec![-0.16, 0.16]);
    }
}
