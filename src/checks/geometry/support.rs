//! Columns stand on something, beams rest on something. What the lowest level stands on is often in another model, and a
//! model that has nothing to stand on says nothing.

use super::{Boxed, Check, Facts, Findings, Kind, Rule, boxed, metres, overlap};
use crate::geom::{Box3, BoxStack, Point3};

/// See the file's head. `ask = "column"` or `"beam"`.
pub(in crate::checks) const CHECK: Check =
    Check { name: "support", summary: "Do columns stand on something, and beams rest on something?", run };

/// Columns that begin this near to the lowest one stand on the ground (metres).
const GROUND: f64 = 0.6;

fn bears(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::Opening
            | Kind::Space
            | Kind::Door
            | Kind::Window
            | Kind::Furniture
            | Kind::Distribution
            | Kind::Covering
            | Kind::Railing
    )
}

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let Some(shapes) = facts.shapes else { return };
    let reach = metres(rule, "reach_mm", 50.0);
    let all = boxed(facts, shapes, |e| bears(e.kind));
    let index = BoxStack::new(all.iter().map(|b| grown(&b.extent, reach)).collect());
    let beams = rule.params.get("ask").and_then(|a| a.as_str()) == Some("beam");
    let asked: Vec<usize> = (0..all.len())
        .filter(|&i| {
            all.get(i).is_some_and(|b| b.element.kind == if beams { Kind::Beam } else { Kind::Column })
        })
        .filter(|&i| all.get(i).is_some_and(|b| b.element.whole.is_none()))
        .collect();
    let floor =
        asked.iter().filter_map(|&i| all.get(i)).map(|b| b.extent.min.z).fold(f64::INFINITY, f64::min);
    for &i in &asked {
        let Some(b) = all.get(i) else { continue };
        let touching: Vec<&Boxed<'_>> = index
            .touching(&b.extent)
            .into_iter()
            .filter(|&j| j != i)
            .filter_map(|j| all.get(j))
            .filter(|o| overlap(&grown(&b.extent, reach), &o.extent).iter().all(|&d| d >= 0.0))
            .collect();
        let sound = if beams {
            !touching.is_empty()
        } else {
            b.extent.min.z <= floor + GROUND
                || touching.iter().any(|o| {
                    o.extent.min.z < b.extent.min.z - 1e-3 && o.extent.max.z >= b.extent.min.z - reach
                })
        };
        if sound {
            findings.passed(rule, 1);
        } else if let Some(finding) = findings.fail_element(facts, rule, b.at, "floating", &[]) {
            let c = b.extent.centre();
            finding.point_m = Some(Point3::new(c.x, c.y, b.extent.min.z).into());
        }
    }
}

fn grown(b: &Box3, by: f64) -> Box3 {
    let by = Point3::new(by, by, by);
    Box3 { min: b.min - by, max: b.max + by }
}
