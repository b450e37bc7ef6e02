//! Rectangles that touch nothing, on layers without a meaning: columns stand on axes or in rows, furniture does not.

use super::island::{Island, Islands};
use super::scene::Scene;
use crate::drawing::plans::{AxisLine, DrawnAxis, DrawnColumn};
use crate::geom::{Box2, BoxIndex, Point2, Segment2};
use std::collections::HashMap;

/// Axes cross so near to a column, metres.
const OFF_AXIS: f64 = 0.35;
/// More axes than this in a plan are looked at for nothing.
const MOST_AXES: usize = 400;
/// Columns of a row are alike and in line to this, metres, and stand at least so far apart.
const IN_ROW: f64 = 0.01;
const SPACING: f64 = 1.5;
/// So many stand in a row.
const ROW: usize = 3;
/// Rows of longer ones are desks.
const MAX_ASPECT: f64 = 1.8;
/// Bare rectangles that are nearly square and no larger than this are no furniture, metres.
const SMALL: f64 = 0.75;
const SQUARISH: f64 = 1.35;

/// Which of the boxes may stand where they are. Those that touch walls, or are filled, always may.
pub fn stands(scene: &Scene<'_>, boxes: &[DrawnColumn], axes: &[DrawnAxis], islands: &Islands) -> Vec<bool> {
    let by_mark: HashMap<u32, usize> =
        scene.lines.iter().enumerate().rev().map(|(i, l)| (l.mark, i)).collect();
    let crossings = crossings(axes);
    let index = BoxIndex::new(crossings.iter().map(|p| Box2::of(*p, *p)).collect());
    let rows = rows(boxes);
    boxes
        .iter()
        .zip(rows)
        .map(|(c, in_row)| {
            let line = c.evidence.marks.first().and_then(|m| by_mark.get(m));
            let island = line
                .and_then(|&i| islands.of_line.get(i).copied().flatten())
                .and_then(|n| islands.islands.get(n as usize));
            let Some(island) = island else { return true };
            let bounds = Box2::around(c.outline.iter().copied());
            let on_axes = index.any(&bounds.grown(OFF_AXIS), |_| true);
            is_bare(scene, island, &bounds) && (on_axes || in_row || is_squarish(c))
        })
        .collect()
}

fn is_squarish(c: &DrawnColumn) -> bool {
    let (long, short) = (c.width_m.max(c.depth_m), c.width_m.min(c.depth_m));
    long < SMALL && long < SQUARISH * short
}

/// Nothing but the outline is drawn, and lines from corner to corner.
fn is_bare(scene: &Scene<'_>, island: &Island, bounds: &Box2) -> bool {
    /// Sides, in at most two copies, and both diagonals.
    const MOST_LINES: usize = 10;
    let corner = |p: Point2| {
        let off = |v: f64, lo: f64, hi: f64| (v - lo).abs().min((v - hi).abs());
        let (x, y) = (off(p.x, bounds.min.x, bounds.max.x), off(p.y, bounds.min.y, bounds.max.y));
        // of a turned rectangle each corner lies on one side of the box around it
        x.min(y) < IN_ROW
    };
    island.arcs == 0
        && island.lines.len() <= MOST_LINES
        && island.lines.iter().all(|&i| {
            let s = scene.lines[i].segment;
            corner(s.a) && corner(s.b)
        })
        && (island.bounds.width() - bounds.width()).abs() < IN_ROW
        && (island.bounds.height() - bounds.height()).abs() < IN_ROW
}

/// Where axes cross.
fn crossings(axes: &[DrawnAxis]) -> Vec<Point2> {
    let lines: Vec<Segment2> = axes
        .iter()
        .filter_map(|a| match a.line {
            AxisLine::Line(s) => Some(s),
            AxisLine::Arc(_) => None,
        })
        .take(MOST_AXES)
        .collect();
    let mut out = Vec::new();
    for (i, s) in lines.iter().enumerate() {
        for t in &lines[i + 1..] {
            let Some((u, v)) = s.line_intersection(t) else { continue };
            if (0.0..=1.0).contains(&u) && (0.0..=1.0).contains(&v) {
                out.push(s.a.lerp(s.b, u));
            }
        }
    }
    out
}

/// Direction of a row and place across, and the size of its boxes.
type Row = (i64, i64, i64, i64);

/// Which boxes stand in a row of equals.
fn rows(boxes: &[DrawnColumn]) -> Vec<bool> {
    let key = |v: f64| (v / IN_ROW).round() as i64;
    let mut groups: HashMap<Row, Vec<(f64, usize)>> = HashMap::new();
    for (i, c) in boxes.iter().enumerate() {
        let (long, short) = (c.width_m.max(c.depth_m), c.width_m.min(c.depth_m));
        if long > MAX_ASPECT * short {
            continue;
        }
        for turn in [0.0, std::f64::consts::FRAC_PI_2] {
            let u = Point2::unit(c.angle + turn);
            let across = c.centre.dot(u.left());
            for k in [key(across), key(across) + 1] {
                let of = (((c.angle + turn) * 1e3).round() as i64, k, key(c.width_m), key(c.depth_m));
                groups.entry(of).or_default().push((c.centre.dot(u), i));
            }
        }
    }
    let mut out = vec![false; boxes.len()];
    for mut group in groups.into_values() {
        group.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut spaced = 0;
        let mut last = f64::NEG_INFINITY;
        for (at, _) in &group {
            if at - last > SPACING {
                spaced += 1;
                last = *at;
            }
        }
        if spaced >= ROW {
            group.iter().for_each(|(_, i)| out[*i] = true);
        }
    }
    out
}
