//! How much of one closed body lies inside another, told along upright lines: where a line is inside of the one, is it
//! inside of the other? Time grows with the triangles, however many shells the bodies are made of.

use super::bounds::Box2;
use super::mesh::Mesh;
use super::point::Point2;

/// Lines each way over the body's box; more where the body is too thin to be met by [`ENOUGH`] of them.
const LINES: [usize; 3] = [24, 96, 384];

/// Lines that tell a share well enough: one in twenty is then told apart from none.
const ENOUGH: usize = 40;

/// Triangles times lines are no more than this; beyond it, fewer lines have to do.
const WORK: usize = 400_000_000;

/// Crossings of one body that are kept; one that has more is folded many times over, and no line tells.
const CROSSINGS: usize = 4_000_000;

/// Lines stand off the middle of their cells, each way by its own irrational share, so that they miss edges of regular
/// bodies.
const OFF: [f64; 2] = [0.414_213_562, 0.732_050_807];

/// The share (0 to 1) of `inner` that lies inside `outer`, both closed and turned outward. `None` where no line tells:
/// `inner` has no inside, or shells do not close.
pub fn share_inside(inner: &Mesh, outer: &Mesh) -> Option<f64> {
    let place = inner.bounds().xy();
    if place.is_empty() {
        return None;
    }
    let triangles = inner.triangles.len().saturating_add(outer.triangles.len());
    let mut told = None;
    for (round, lines) in LINES.into_iter().enumerate() {
        if round > 0 && triangles.saturating_mul(lines * lines) > WORK {
            break;
        }
        let grid = Grid { place, lines };
        let (Some(first), Some(second)) = (grid.crossings(inner), grid.crossings(outer)) else { break };
        let (own, met) = grid.along(&first, &second);
        if own.0 > 0.0 {
            told = Some(met / own.0);
        }
        if own.1 >= ENOUGH {
            break;
        }
    }
    told
}

/// Upright lines over a box in plan.
struct Grid {
    place: Box2,
    lines: usize,
}

/// Where a line goes through a surface: its number, the height, and +1 where it comes in from below, −1 where it goes out.
type Crossing = (u32, f64, i32);

impl Grid {
    /// Where each line goes through a mesh, line by line and upward; nothing where that is more than is kept.
    fn crossings(&self, mesh: &Mesh) -> Option<Vec<Crossing>> {
        let mut out = Vec::new();
        for i in 0..mesh.triangles.len() {
            if out.len() > CROSSINGS {
                return None;
            }
            let Some(corners) = mesh.triangle(i) else { continue };
            let plan = corners.map(|c| c.xy());
            let [a, b, c] = plan;
            let turned = side(a, b, c);
            if turned == 0.0 || !turned.is_finite() {
                continue;
            }
            let mut extent = Box2::EMPTY;
            plan.iter().for_each(|&p| extent.add(p));
            let (columns, rows) = (self.range(0, &extent), self.range(1, &extent));
            for x in columns {
                for y in rows.clone() {
                    let at = self.at(x, y);
                    let (u, v, w) = (side(b, c, at), side(c, a, at), side(a, b, at));
                    if (u > 0.0) == (turned > 0.0)
                        && (v > 0.0) == (turned > 0.0)
                        && (w > 0.0) == (turned > 0.0)
                    {
                        let [za, zb, zc] = corners.map(|c| c.z);
                        let z = (u * za + v * zb + w * zc) / turned;
                        out.push(((x * self.lines + y) as u32, z, if turned > 0.0 { -1 } else { 1 }));
                    }
                }
            }
        }
        out.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(b.2.cmp(&a.2)));
        Some(out)
    }

    /// Length of the lines inside the first body, with the number of lines that meet it, and how much of the length is
    /// inside the second too. Lines along which a body does not close tell nothing.
    fn along(&self, first: &[Crossing], second: &[Crossing]) -> ((f64, usize), f64) {
        let (mut own, mut met, mut count) = (0.0, 0.0, 0);
        let mut rest = second;
        for line in first.chunk_by(|a, b| a.0 == b.0) {
            let number = line.first().map_or(0, |c| c.0);
            rest = rest.get(rest.partition_point(|c| c.0 < number)..).unwrap_or_default();
            let other = rest.get(..rest.partition_point(|c| c.0 == number)).unwrap_or_default();
            let (Some(a), Some(b)) = (spans(line), spans(other)) else { continue };
            count += 1;
            own += a.iter().map(|s| s.1 - s.0).sum::<f64>();
            for s in &a {
                met += b.iter().map(|t| (s.1.min(t.1) - s.0.max(t.0)).max(0.0)).sum::<f64>();
            }
        }
        ((own, count), met)
    }

    /// The lines of one direction that may go through something with this box.
    fn range(&self, way: usize, extent: &Box2) -> std::ops::Range<usize> {
        let [(low, high), (from, to)] = if way == 0 {
            [(self.place.min.x, self.place.max.x), (extent.min.x, extent.max.x)]
        } else {
            [(self.place.min.y, self.place.max.y), (extent.min.y, extent.max.y)]
        };
        let step = (high - low) / self.lines as f64;
        if step <= 0.0 || from > high || to < low {
            return 0..0;
        }
        let number = |at: f64| ((at - low) / step - OFF[way]).clamp(-1.0, self.lines as f64);
        let start = number(from).ceil().max(0.0) as usize;
        start..(number(to).floor() + 1.0).clamp(start as f64, self.lines as f64) as usize
    }

    fn at(&self, x: usize, y: usize) -> Point2 {
        let size = self.place.max - self.place.min;
        let share = |i: usize, way: usize| (i as f64 + OFF[way]) / self.lines as f64;
        Point2::new(self.place.min.x + size.x * share(x, 0), self.place.min.y + size.y * share(y, 1))
    }
}

/// Twice the area of a triangle, positive counter-clockwise.
fn side(a: Point2, b: Point2, c: Point2) -> f64 {
    (b - a).cross(c - a)
}

/// The stretches of one line that are inside; `None` where it comes out as often as it goes in not.
fn spans(line: &[Crossing]) -> Option<Vec<(f64, f64)>> {
    let mut out = Vec::new();
    let (mut depth, mut from) = (0, 0.0);
    for &(_, z, step) in line {
        if depth == 0 && step > 0 {
            from = z;
        }
        depth += step;
        if depth == 0 && step < 0 {
            out.push((from, z));
        }
    }
    (depth == 0).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geom::Point3;

    fn cuboid(min: [f64; 3], size: [f64; 3]) -> Mesh {
        let corners = (0..8)
            .map(|i| {
                let along = |k: usize| if i >> k & 1 == 1 { size[k] } else { 0.0 };
                Point3::new(along(0), along(1), along(2))
            })
            .collect();
        let quads = [[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]];
        let triangles = quads.iter().flat_map(|&[a, b, c, d]| [[a, b, c], [a, c, d]]).collect();
        let [x, y, z] = min;
        Mesh { origin: Point3::new(x, y, z), corners, triangles }
    }

    fn joined(meshes: &[Mesh]) -> Mesh {
        let mut out = Mesh::default();
        for m in meshes {
            let base = out.corners.len() as u32;
            out.corners.extend(m.corners.iter().map(|&c| m.origin + c));
            out.triangles.extend(m.triangles.iter().map(|t| t.map(|i| i + base)));
        }
        out
    }

    #[test]
    fn tells_the_share_that_is_inside() {
        assert!(cuboid([0.0; 3], [1.0; 3]).volume() > 0.0);
        let big = cuboid([0.0; 3], [2.0, 2.0, 2.0]);
        for (min, share) in
            [([0.5, 0.5, 0.5], 1.0), ([0.5, 0.5, 1.5], 0.5), ([1.5, 0.5, 0.5], 0.5), ([5.0, 0.0, 0.0], 0.0)]
        {
            let told = share_inside(&cuboid(min, [1.0; 3]), &big).unwrap();
            assert!((told - share).abs() < 0.03, "{min:?}: {told}");
        }
    }

    #[test]
    fn a_hollow_is_not_inside_and_overlapping_shells_are_inside_once() {
        let mut hollow = cuboid([1.0; 3], [2.0; 3]);
        hollow.triangles.iter_mut().for_each(|t| t.reverse());
        let shell = joined(&[cuboid([0.0; 3], [4.0; 3]), hollow]);
        let inside = |at: f64| share_inside(&cuboid([at, at, at], [1.0; 3]), &shell).unwrap();
        assert!(inside(1.5) < 0.01);
        let twice = joined(&[cuboid([0.0; 3], [4.0; 3]), cuboid([0.1; 3], [4.0; 3])]);
        let told = share_inside(&cuboid([1.5; 3], [1.0; 3]), &twice).unwrap();
        assert!((told - 1.0).abs() < 1e-9, "{told}");
    }

    #[test]
    fn a_thin_body_across_its_box_is_told_too() {
        let mut thin = cuboid([0.0; 3], [10.0, 0.02, 3.0]);
        let turn = std::f64::consts::FRAC_PI_4.sin_cos();
        for c in &mut thin.corners {
            *c = Point3::new(c.x * turn.1 - c.y * turn.0, c.x * turn.0 + c.y * turn.1, c.z);
        }
        let around = cuboid([-1.0; 3], [10.0, 10.0, 5.0]);
        assert!(share_inside(&thin, &around).is_some_and(|s| s > 0.99));
        assert!(
            share_inside(&thin, &cuboid([-1.0; 3], [4.5, 10.0, 5.0]))
                .is_some_and(|s| (s - 0.49).abs() < 0.08)
        );
        assert_eq!(share_inside(&Mesh::default(), &around), None);
    }
}
