//! Where findings show: on which overlay, at which point. One answer for all pictures.

use super::Report;
use crate::finding::Finding;
use crate::geom::Point2;

/// The overlay that shows a finding (a number into `Report::overlays`) and the point, in world metres.
pub fn shown(report: &Report, finding: &Finding) -> Option<(usize, Point2)> {
    let plan = finding.drawn.iter().find_map(|d| d.plan.as_deref());
    let storey = finding.storey.as_ref().map(|s| s.guid.as_str());
    let mut best: Option<(usize, u8)> = None;
    for (index, overlay) in report.overlays.iter().enumerate() {
        let same_plan = plan.is_some_and(|p| p == overlay.plan);
        let same_storey = storey.is_some_and(|s| overlay.storey.as_ref().is_some_and(|o| o.guid == s));
        let score = 2 * u8::from(same_plan) + u8::from(same_storey);
        if score > best.map_or(0, |(_, b)| b) {
            best = Some((index, score));
        }
    }
    let (index, _) = best?;
    Some((index, point(report, finding)?))
}

/// On the element where it is known, else where it is drawn.
fn point(report: &Report, finding: &Finding) -> Option<Point2> {
    if let Some([x, y, _]) = finding.point_m {
        return Some(Point2::new(x, y)).filter(|p| p.is_finite());
    }
    let drawn = finding.drawn.first()?;
    let plan = report.plans.iter().find(|p| Some(&p.plan) == drawn.plan.as_ref())?;
    let [a, b, c, d, e, f] = plan.transform.m?;
    let [u, v] = drawn.at;
    Some(Point2::new(a * u + c * v + e, b * u + d * v + f)).filter(|p| p.is_finite())
}
