//! Union, difference and intersection of regions, by `i_overlay`, which is named only here.

use super::crossing::crossings;
use super::point::Point2;
use super::polygon::{Polygon, Region, ring_area};
use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::float::single::SingleFloatOverlay;

/// Rings smaller than this are slivers of rounding, not geometry (m²; 0.01 mm × 10 mm).
const SLIVER_M2: f64 = 1e-7;

fn shapes(region: &[Polygon]) -> Vec<Vec<Vec<[f64; 2]>>> {
    region
        .iter()
        .map(|p| p.rings().map(|r| r.iter().filter(|p| p.is_finite()).map(|&p| p.into()).collect()).collect())
        .collect()
}

fn region(shapes: Vec<Vec<Vec<[f64; 2]>>>) -> Region {
    shapes
        .into_iter()
        .filter_map(|shape| {
            let mut rings = shape.into_iter().map(|r| r.into_iter().map(Point2::from).collect::<Vec<_>>());
            let outer = rings.next()?;
            if ring_area(&outer).abs() < SLIVER_M2 {
                return None;
            }
            let mut polygon = Polygon::new(outer);
            for mut hole in rings.filter(|h| ring_area(h).abs() >= SLIVER_M2) {
                if ring_area(&hole) > 0.0 {
                    hole.reverse();
                }
                polygon.holes.push(hole);
            }
            Some(polygon)
        })
        .collect()
}

/// Regions with fewer sides than this are not asked how often they cross.
const SIMPLE: usize = 2_000;

/// The rings cross so often that their overlay would not end in time or memory. Then there is no result: an empty
/// region, which whoever asked for it finds to be missing.
fn is_tangled(rings: &[&[Point2]]) -> bool {
    rings.iter().map(|r| r.len()).sum::<usize>() >= SIMPLE && crossings(rings).is_none()
}

fn overlay(a: &[Polygon], b: &[Polygon], rule: OverlayRule) -> Region {
    let rings: Vec<&[Point2]> = a.iter().chain(b).flat_map(Polygon::rings).map(Vec::as_slice).collect();
    if is_tangled(&rings) {
        return Region::new();
    }
    region(shapes(a).overlay(&shapes(b), rule, FillRule::NonZero))
}

/// Everything in any of the polygons, overlaps merged.
pub fn union(polygons: &[Polygon]) -> Region {
    overlay(polygons, &[], OverlayRule::Subject)
}

/// What an odd number of rings surrounds; rings in any sense.
pub fn even_odd(rings: Vec<Vec<Point2>>) -> Region {
    if is_tangled(&rings.iter().map(Vec::as_slice).collect::<Vec<_>>()) {
        return Region::new();
    }
    let subject: Vec<Vec<[f64; 2]>> = rings
        .into_iter()
        .map(|r| r.into_iter().filter(|p| p.is_finite()).map(Into::into).collect())
        .collect();
    let nothing: Vec<Vec<[f64; 2]>> = Vec::new();
    region(subject.overlay(&nothing, OverlayRule::Subject, FillRule::EvenOdd))
}

/// What is in `a` and not in `b`.
pub fn difference(a: &[Polygon], b: &[Polygon]) -> Region {
    if b.is_empty() {
        return a.to_vec();
    }
    overlay(a, b, OverlayRule::Difference)
}

/// What is in both.
pub fn intersection(a: &[Polygon], b: &[Polygon]) -> Region {
    if a.is_empty() || b.is_empty() {
        return Vec::new();
    }
    overlay(a, b, OverlayRule::Intersect)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_cut_out_of_a_wall() {
        let wall = Polygon::rectangle(Point2::new(0.0, 0.0), 6.0, 0.2, 0.0);
        let hole = Polygon::rectangle(Point2::new(1.0, 0.0), 1.5, 0.4, 0.0);
        let left = difference(std::slice::from_ref(&wall), std::slice::from_ref(&hole));
        let area: f64 = left.iter().map(Polygon::area).sum();
        assert_eq!(left.len(), 2);
        assert!((area - 0.9).abs() < 1e-6, "{area}");
        let both: f64 = intersection(std::slice::from_ref(&wall), std::slice::from_ref(&hole))
            .iter()
            .map(Polygon::area)
            .sum();
        assert!((both - 0.3).abs() < 1e-6);
        let all: f64 = union(&[wall, hole]).iter().map(Polygon::area).sum();
        assert!((all - (1.2 + 0.6 - 0.3)).abs() < 1e-6);
    }
}
