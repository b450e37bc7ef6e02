//! Grids that carry the same labels at other distances: evidence that a plan belongs to another building.

use super::labels::label_key;
use crate::drawing::plans::{AxisLine, DrawnAxis};
use crate::geom::Segment2;
use crate::ifc::model::AxisCurve;
use crate::ifc::section::AxisCut;
use std::collections::BTreeMap;

/// Neighbouring axes whose distances differ more than this are other ones (metres; a moved axis is a finding, and moves
/// two distances).
const OTHER_M: f64 = 0.05;
/// Fewer distances than this are no grid.
const DISTANCES: usize = 4;
/// Directions of one family (sine).
const PARALLEL: f64 = 0.02;

/// Labels that both sides have, at other distances.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct GridConflict {
    /// Distances between neighbouring axes that both sides have.
    pub(super) distances: usize,
    /// How many of them differ.
    pub(super) other: usize,
    /// The two axes whose distance differs most.
    pub(super) between: (String, String),
    /// Their distance on the plan, metres.
    pub(super) drawn_m: f64,
    /// Their distance in the model, metres.
    pub(super) modelled_m: f64,
}

/// Straight axes by label; a label that several axes carry is left out.
fn unique(axes: impl Iterator<Item = (String, Segment2)>) -> BTreeMap<String, Segment2> {
    let mut out: BTreeMap<String, Option<Segment2>> = BTreeMap::new();
    for (label, line) in axes.filter(|(label, line)| !label.is_empty() && line.length() > 0.1) {
        out.entry(label).and_modify(|l| *l = None).or_insert(Some(line));
    }
    out.into_iter().filter_map(|(label, line)| Some((label, line?))).collect()
}

fn parallel(a: &Segment2, b: &Segment2) -> bool {
    matches!((a.direction(), b.direction()), (Some(u), Some(v)) if u.cross(v).abs() < PARALLEL)
}

/// How far `b` lies from `a`, across `a`.
fn apart(a: &Segment2, b: &Segment2) -> f64 {
    a.direction().map_or(0.0, |u| u.cross(b.middle() - a.a))
}

/// The grids contradict each other in most of their distances. Where the drawing's unit is not known, distances are
/// compared by their ratios.
pub(super) fn conflict(model: &[AxisCut], plan: &[DrawnAxis], unit_known: bool) -> Option<GridConflict> {
    let model = unique(model.iter().filter_map(|a| match a.curve {
        AxisCurve::Line { a: p, b: q } => Some((label_key(&a.label), Segment2::new(p, q))),
        AxisCurve::Arc(_) => None,
    }));
    let plan = unique(plan.iter().filter_map(|a| match a.line {
        AxisLine::Line(line) => Some((label_key(&a.label), line)),
        AxisLine::Arc(_) => None,
    }));
    let mut families: Vec<Vec<(&str, Segment2, Segment2)>> = Vec::new();
    for (label, drawn) in &plan {
        let Some(modelled) = model.get(label) else { continue };
        let axis = (label.as_str(), *drawn, *modelled);
        let same = |f: &&mut Vec<(&str, Segment2, Segment2)>| {
            f.first().is_some_and(|(_, d, m)| parallel(d, drawn) && parallel(m, modelled))
        };
        match families.iter_mut().find(same) {
            Some(family) => family.push(axis),
            None => families.push(vec![axis]),
        }
    }
    let mut distances: Vec<(&str, &str, f64, f64)> = Vec::new();
    for family in &mut families {
        let Some((_, origin, _)) = family.first().copied() else { continue };
        family.sort_by(|a, b| apart(&origin, &a.1).total_cmp(&apart(&origin, &b.1)).then(a.0.cmp(b.0)));
        for pair in family.windows(2) {
            let [(l, d, m), (k, e, n)] = pair else { continue };
            distances.push((l, k, apart(d, e).abs(), apart(m, n).abs()));
        }
    }
    if !unit_known {
        let mut ratios: Vec<f64> =
            distances.iter().filter(|x| x.2 > 1e-6 && x.3 > 1e-6).map(|x| x.3 / x.2).collect();
        ratios.sort_by(f64::total_cmp);
        let ratio = ratios.get(ratios.len() / 2).copied().unwrap_or(1.0);
        distances.iter_mut().for_each(|x| x.2 *= ratio);
    }
    let other = distances.iter().filter(|x| (x.2 - x.3).abs() > OTHER_M).count();
    if distances.len() < DISTANCES || other * 2 <= distances.len() {
        return None;
    }
    let worst = distances.iter().max_by(|a, b| (a.2 - a.3).abs().total_cmp(&(b.2 - b.3).abs()))?;
    Some(GridConflict {
        distances: distances.len(),
        other,
        between: (worst.0.to_owned(), worst.1.to_owned()),
        drawn_m: worst.2,
        modelled_m: worst.3,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geom::{Affine2, Point2};
    use crate::registration::sample::{draw, storey};

    fn drawn(shift: impl Fn(usize) -> f64) -> Vec<DrawnAxis> {
        let mut axes = draw(&storey(0, 0.0, 0.0), &Affine2::rotation(0.4), true).axes;
        for (i, axis) in axes.iter_mut().enumerate() {
            if let AxisLine::Line(l) = &mut axis.line {
                let by = l.direction().unwrap().left() * shift(i);
                *l = Segment2::new(l.a + by, l.b + by);
            }
        }
        axes
    }

    #[test]
    fn one_moved_axis_is_no_other_building_and_another_grid_is() {
        let model = storey(0, 0.0, 0.0).axes;
        assert_eq!(conflict(&model, &drawn(|_| 0.0), true), None);
        assert_eq!(conflict(&model, &drawn(|i| if i == 1 { 0.4 } else { 0.0 }), true), None);
        let found = conflict(&model, &drawn(|i| 0.7 * i as f64), true).unwrap();
        assert_eq!((found.distances, found.other), (5, 5));
        assert!((found.drawn_m - found.modelled_m).abs() > 0.6);
    }

    #[test]
    fn a_grid_in_an_unknown_unit_is_compared_by_its_ratios() {
        let model = storey(0, 0.0, 0.0).axes;
        let mut axes = drawn(|_| 0.0);
        for axis in &mut axes {
            if let AxisLine::Line(l) = &mut axis.line {
                *l = Segment2::new(l.a * 3.0, l.b * 3.0);
            }
        }
        assert_eq!(conflict(&model, &axes, false), None);
        assert!(conflict(&model, &axes, true).is_some());
    }

    #[test]
    fn labels_that_several_axes_carry_say_nothing() {
        let model = storey(0, 0.0, 0.0).axes;
        let mut axes = drawn(|i| 0.7 * i as f64);
        axes.extend(drawn(|_| 30.0));
        assert_eq!(conflict(&model, &axes, true), None);
        let far = Point2::new(1e300, -1e300);
        for axis in &mut axes {
            axis.line = AxisLine::Line(Segment2::new(far, Point2::default()));
        }
        assert_eq!(conflict(&model, &axes, true), None);
    }
}
