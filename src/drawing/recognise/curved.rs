//! Curved walls: arcs about one centre on layers of walls, a wall's thickness apart. Nameless arcs are never walls.

use super::layer::Meaning;
use super::scene::{Scene, SceneArc};
use crate::drawing::plans::{DrawnWall, Evidence};
use crate::geom::{Arc2, Segment2, normalise_angle};
use std::f64::consts::TAU;

/// Thickness, metres.
const THICKNESS: (f64, f64) = (0.045, 0.9);
/// Radii, metres: smaller arcs on wall layers are fillets and doors.
const RADIUS: (f64, f64) = (0.8, 500.0);
/// Both faces run side by side over at least this, radians.
const OVERLAP: f64 = 0.1;
/// Centres of both faces agree to this, metres.
const CENTRE: f64 = 0.005;

/// All curved walls, by place. Each side of an arc bounds one wall, the thinnest.
pub fn find(scene: &Scene<'_>) -> Vec<DrawnWall> {
    let mut arcs: Vec<&SceneArc> = scene
        .arcs
        .iter()
        .filter(|a| matches!(a.meaning, Some(Meaning::Wall | Meaning::CurtainWall)))
        .filter(|a| (RADIUS.0..=RADIUS.1).contains(&a.arc.radius))
        .collect();
    arcs.sort_by(|a, b| {
        let (p, q) = (a.arc, b.arc);
        p.radius
            .total_cmp(&q.radius)
            .then(p.centre.x.total_cmp(&q.centre.x))
            .then(p.start.total_cmp(&q.start))
    });
    let mut used = vec![(false, false); arcs.len()];
    let mut out = Vec::new();
    for i in 0..arcs.len() {
        let inner = arcs[i];
        let mate = (i + 1..arcs.len())
            .take_while(|&j| arcs[j].arc.radius - inner.arc.radius <= THICKNESS.1)
            .filter(|&j| !used[j].0 && arcs[j].arc.radius - inner.arc.radius >= THICKNESS.0)
            .filter(|&j| arcs[j].arc.centre.distance(inner.arc.centre) < CENTRE)
            .find_map(|j| Some((j, shared(&inner.arc, &arcs[j].arc)?)));
        let Some((j, (start, sweep))) = mate.filter(|_| !used[i].1) else { continue };
        (used[i].1, used[j].0) = (true, true);
        let outer = arcs[j];
        let thickness = outer.arc.radius - inner.arc.radius;
        let radius = inner.arc.radius + thickness / 2.0;
        let arc = Arc2 { centre: inner.arc.centre, radius, start, sweep };
        let line = Segment2::new(arc.at(0.0), arc.at(1.0));
        out.push(DrawnWall {
            line,
            arc: Some(arc),
            thickness_m: thickness,
            faces_m: vec![-thickness / 2.0, thickness / 2.0],
            drawn: vec![(0.0, line.length())],
            filled: false,
            dashed: false,
            curtain: inner.meaning == Some(Meaning::CurtainWall) && outer.meaning == inner.meaning,
            evidence: Evidence { marks: vec![inner.mark, outer.mark], confidence: 0.85 },
        });
    }
    out.sort_by(|a, b| {
        let (a, b) = (a.line.middle(), b.line.middle());
        a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y))
    });
    out
}

/// The part that both run over, counter-clockwise: its start and sweep.
fn shared(a: &Arc2, b: &Arc2) -> Option<(f64, f64)> {
    let forward = |a: &Arc2| if a.sweep < 0.0 { (a.start + a.sweep, -a.sweep) } else { (a.start, a.sweep) };
    let ((s, w), (t, v)) = (forward(a), forward(b));
    if w >= TAU - 1e-6 {
        return (v >= OVERLAP).then_some((t, v));
    }
    // b's start as seen from a's
    let off = normalise_angle(t - s);
    let (from, to) = (off.max(0.0), (off + v).min(w));
    (to - from >= OVERLAP).then_some((s + from, to - from))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geom::Point2;

    #[test]
    fn the_part_that_both_run_over() {
        let arc = |start: f64, sweep: f64| Arc2 { centre: Point2::default(), radius: 5.0, start, sweep };
        let near = |got: Option<(f64, f64)>, want: (f64, f64)| {
            let got = got.unwrap();
            assert!((got.0 - want.0).abs() < 1e-9 && (got.1 - want.1).abs() < 1e-9, "{got:?}");
        };
        near(shared(&arc(0.0, 1.0), &arc(0.2, 2.0)), (0.2, 0.8));
        near(shared(&arc(1.0, -1.0), &arc(-0.3, 0.8)), (0.0, 0.5));
        near(shared(&arc(0.0, TAU), &arc(1.0, 2.0)), (1.0, 2.0));
        assert_eq!(shared(&arc(0.0, 0.5), &arc(2.0, 0.5)), None);
    }
}
