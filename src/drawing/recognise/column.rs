//! Columns: closed outlines and fillings of column size, circles on column layers, and rectangles of four lines.

use super::alone;
use super::island::Islands;
use super::layer::Meaning;
use super::rectangle;
use super::scene::Scene;
use super::spot::{Spot, Spots};
use crate::drawing::plans::{DrawnAxis, DrawnColumn, Evidence, Unclear};
use crate::geom::{Arc2, Box2, BoxIndex, Point2, Segment2, ring_area, ring_contains};
use std::f64::consts::{FRAC_PI_2, PI};

/// Sides of columns, metres (algorithms: 150–2,500 mm).
const SIDE: (f64, f64) = (0.08, 2.6);
/// On layers of columns thinner ones are posts of steel or wood.
const POST: f64 = 0.045;
/// Rectangles of nameless lines are columns up to this, metres.
const NAMELESS_SIDE: f64 = 1.5;
/// A longer one is a wall.
const MAX_ASPECT: f64 = 4.0;
/// Round columns have no larger radius, metres.
const RADIUS: f64 = 1.3;
/// Two outlines of one column (outline and filling) have centres closer than this, metres.
const SAME: f64 = 0.02;
/// Tolerance of corners of a rectangle of four lines, metres.
const CORNER: f64 = 0.002;

/// All columns, left to right, and what may be one; `taken` tells which of the scene's lines belong to something else.
/// Outlines on layers that mean something else are none.
pub fn find(
    scene: &Scene<'_>,
    taken: &[bool],
    axes: &[DrawnAxis],
    islands: &Islands,
) -> (Vec<DrawnColumn>, Vec<Unclear>) {
    let known = scene.shows(Meaning::Column);
    let thinnest = if known { POST } else { SIDE.0 };
    let mut out = Found::default();
    let mut boxes: Vec<DrawnColumn> = Vec::new();
    for ring in &scene.rings {
        let confidence = match ring.meaning {
            Some(Meaning::Column) => 0.97,
            None if !known && ring.filled => 0.7,
            _ => continue,
        };
        if let Some(column) = from_ring(&ring.ring, ring.mark, confidence, thinnest) {
            if known { out.push(column) } else { boxes.push(column) }
        }
    }
    for arc in scene.arcs.iter().filter(|a| a.arc.is_circle() && a.meaning == Some(Meaning::Column)) {
        if (POST / 2.0..=RADIUS).contains(&arc.arc.radius) {
            out.push(round(&arc.arc, arc.mark));
        }
    }
    let loose: Vec<(Segment2, u32)> = scene
        .lines
        .iter()
        .zip(taken)
        .filter(|(l, taken)| {
            if known {
                l.meaning == Some(Meaning::Column)
            } else {
                l.meaning.is_none() && !l.dashed && !**taken
            }
        })
        .map(|(l, _)| (l.segment, l.mark))
        .collect();
    boxes.extend(rectangles(&loose, thinnest));
    let all: Vec<Segment2> = scene.lines.iter().filter(|l| l.meaning.is_none()).map(|l| l.segment).collect();
    let stubs = if known { vec![false; boxes.len()] } else { stubs(&boxes, &all) };
    let texts = BoxIndex::new(scene.texts.iter().map(|t| Box2::of(t.at, t.at)).collect());
    let stands = if known { vec![true; boxes.len()] } else { alone::stands(scene, &boxes, axes, islands) };
    let mut doubtful = Vec::new();
    for ((column, stub), stands) in boxes.into_iter().zip(stubs).zip(stands) {
        // four nameless lines of a room's size are a shaft
        let shaft = !known && column.width_m.max(column.depth_m) > NAMELESS_SIDE;
        // a rectangle around a text is the text's
        let label = !known
            && texts
                .touching(&Box2::around(column.outline.iter().copied()))
                .into_iter()
                .any(|i| ring_contains(&column.outline, scene.texts[i].at));
        if stub || shaft || label {
            continue;
        }
        if stands {
            out.push(column);
        } else {
            doubtful.push(Unclear {
                may_be: "column",
                why: "it stands alone, off the axes and in no row",
                bounds: Box2::around(column.outline.iter().copied()),
                evidence: Evidence { confidence: 0.3, ..column.evidence },
            });
        }
    }
    let mut out = out.columns;
    out.sort_by(|a, b| a.centre.x.total_cmp(&b.centre.x).then(a.centre.y.total_cmp(&b.centre.y)));
    (out, doubtful)
}

/// Which of the scene's lines without a meaning are sides of columns: they are no faces of walls.
pub fn nameless_lines(scene: &Scene<'_>, columns: &[DrawnColumn]) -> Vec<bool> {
    let mut marks: Vec<u32> = columns.iter().flat_map(|c| c.evidence.marks.iter().copied()).collect();
    marks.sort_unstable();
    scene.lines.iter().map(|l| l.meaning.is_none() && marks.binary_search(&l.mark).is_ok()).collect()
}

/// Columns by place, each once: outline and filling of one column are one.
#[derive(Default)]
struct Found {
    columns: Vec<DrawnColumn>,
    cells: Spots<Spot, Vec<usize>>,
}

impl Found {
    fn push(&mut self, column: DrawnColumn) {
        let cell = |v: f64| (v / SAME).floor() as i64;
        let (x, y) = (cell(column.centre.x), cell(column.centre.y));
        let near = (-1..=1)
            .flat_map(|dx| (-1..=1).map(move |dy| (x + dx, y + dy)))
            .filter_map(|c| self.cells.get(&c))
            .flatten()
            .copied()
            .find(|&i| {
                let c = &self.columns[i];
                c.centre.distance(column.centre) < SAME
                    && (c.width_m - column.width_m).abs() < SAME
                    && (c.depth_m - column.depth_m).abs() < SAME
            });
        match near {
            Some(i) => {
                let e = &mut self.columns[i].evidence;
                e.marks.extend(&column.evidence.marks);
                e.confidence = e.confidence.max(column.evidence.confidence);
            }
            None => {
                self.cells.entry((x, y)).or_default().push(self.columns.len());
                self.columns.push(column);
            }
        }
    }
}

fn round(arc: &Arc2, mark: u32) -> DrawnColumn {
    DrawnColumn {
        outline: Arc2::circle(arc.centre, arc.radius).points(0.002),
        centre: arc.centre,
        width_m: 2.0 * arc.radius,
        depth_m: 2.0 * arc.radius,
        angle: 0.0,
        round: true,
        evidence: Evidence { marks: vec![mark], confidence: 0.95 },
    }
}

/// A column from its outline: the box around it in the direction of its longest side; no side is below `thinnest`.
pub fn from_ring(ring: &[Point2], mark: u32, confidence: f64, thinnest: f64) -> Option<DrawnColumn> {
    let ring = without_repeats(ring);
    if ring.len() < 3 {
        return None;
    }
    let n = ring.len();
    let longest = (0..n).max_by(|&i, &j| {
        ring[i].distance(ring[(i + 1) % n]).total_cmp(&ring[j].distance(ring[(j + 1) % n])).then(j.cmp(&i))
    })?;
    let along = (ring[(longest + 1) % n] - ring[longest]).normalised()?;
    // the first side in [0, π/2)
    let mut angle = along.angle().rem_euclid(PI);
    if angle >= FRAC_PI_2 - 1e-9 {
        angle -= FRAC_PI_2;
    }
    let angle = if angle.abs() < 1e-12 { 0.0 } else { angle.max(0.0) };
    let (u, v) = (Point2::unit(angle), Point2::unit(angle).left());
    let box_uv = Box2::around(ring.iter().map(|p| Point2::new(p.dot(u), p.dot(v))));
    let (width, depth) = (box_uv.width(), box_uv.height());
    let fits = |s: f64| (thinnest..=SIDE.1).contains(&s);
    if !fits(width) || !fits(depth) || width.max(depth) > MAX_ASPECT * width.min(depth) {
        return None;
    }
    let centre = u * box_uv.centre().x + v * box_uv.centre().y;
    let radius = width / 2.0;
    let round = n >= 12
        && (width - depth).abs() < 0.02 * width
        && ring.iter().all(|p| (p.distance(centre) - radius).abs() < 0.03 * radius);
    let mut outline = ring;
    if ring_area(&outline) < 0.0 {
        outline.reverse();
    }
    Some(DrawnColumn {
        outline,
        centre,
        width_m: width,
        depth_m: depth,
        angle: if round { 0.0 } else { angle },
        round,
        evidence: Evidence { marks: vec![mark], confidence },
    })
}

fn without_repeats(ring: &[Point2]) -> Vec<Point2> {
    let mut out: Vec<Point2> = Vec::with_capacity(ring.len());
    for &p in ring {
        if out.last().is_none_or(|q| q.distance(p) > 1e-6) {
            out.push(p);
        }
    }
    if out.len() > 1 && out[0].distance(out[out.len() - 1]) <= 1e-6 {
        out.pop();
    }
    out
}

/// Columns whose four sides are four lines that meet in their ends.
fn rectangles(lines: &[(Segment2, u32)], thinnest: f64) -> Vec<DrawnColumn> {
    let segments: Vec<Segment2> = lines.iter().map(|l| l.0).collect();
    rectangle::of_lines(&segments, CORNER, &|length| (thinnest..=SIDE.1).contains(&length))
        .into_iter()
        .filter_map(|r| {
            let marks = r.sides.map(|i| lines[i].1);
            let column = from_ring(&r.corners, marks[0], 0.6, thinnest)?;
            Some(DrawnColumn { evidence: Evidence { marks: marks.to_vec(), ..column.evidence }, ..column })
        })
        .collect()
}

/// Which rectangles are short pieces of walls: both long sides go on, in line, beyond a gap. Sides of other columns of the
/// same size do not count: those stand in rows.
fn stubs(boxes: &[DrawnColumn], lines: &[Segment2]) -> Vec<bool> {
    /// Walls go on within this, metres.
    const BEYOND: f64 = 8.0;
    let index = BoxIndex::new(lines.iter().map(|s| Box2::of(s.a, s.b)).collect());
    let around: Vec<Box2> =
        boxes.iter().map(|c| Box2::around(c.outline.iter().copied()).grown(0.003)).collect();
    let box_index = BoxIndex::new(around.clone());
    let like = |c: &DrawnColumn, s: &Segment2| {
        box_index.touching(&Box2::of(s.middle(), s.middle())).into_iter().any(|o| {
            let same =
                (boxes[o].width_m - c.width_m).abs() < SAME && (boxes[o].depth_m - c.depth_m).abs() < SAME;
            same && around[o].contains(s.a) && around[o].contains(s.b)
        })
    };
    boxes
        .iter()
        .map(|c| {
            [0.0, FRAC_PI_2].iter().any(|turn| {
                let u = Point2::unit(c.angle + turn);
                let (long, half) =
                    if *turn == 0.0 { (c.width_m, c.depth_m / 2.0) } else { (c.depth_m, c.width_m / 2.0) };
                let goes_on = |side: f64| {
                    let face = c.centre + u.left() * (half * side);
                    let reach = Box2::of(face - u * BEYOND, face + u * BEYOND).grown(0.002);
                    index.touching(&reach).into_iter().any(|i| {
                        let s = &lines[i];
                        let on = |p: Point2| (p - face).cross(u).abs() < 0.002;
                        let beyond = |p: Point2| (p - face).dot(u).abs() > long / 2.0 + 0.05;
                        on(s.a) && on(s.b) && s.length() > 0.05 && (beyond(s.a) || beyond(s.b)) && !like(c, s)
                    })
                };
                goes_on(1.0) && goes_on(-1.0)
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turned_rectangle_keeps_its_sizes() {
        for degrees in [0.0f64, 30.0, 89.0, 135.0] {
            let p = crate::geom::Polygon::rectangle(Point2::new(5.0, 3.0), 0.6, 0.4, degrees.to_radians());
            let c = from_ring(&p.outer, 1, 1.0, SIDE.0).unwrap();
            assert!(c.centre.distance(Point2::new(5.0, 3.0)) < 1e-9);
            let (a, b) = (c.width_m.max(c.depth_m), c.width_m.min(c.depth_m));
            assert!((a - 0.6).abs() < 1e-9 && (b - 0.4).abs() < 1e-9);
            assert!((0.0..FRAC_PI_2).contains(&c.angle), "{degrees}: {}", c.angle);
            // width runs along the angle
            let (u, half) = (Point2::unit(c.angle), c.width_m / 2.0);
            let reach = c.outline.iter().map(|q| (*q - c.centre).dot(u)).fold(0.0, f64::max);
            assert!((reach - half).abs() < 1e-9);
        }
    }

    #[test]
    fn a_wall_is_no_column() {
        let p = crate::geom::Polygon::rectangle(Point2::default(), 2.0, 0.2, 0.0);
        assert!(from_ring(&p.outer, 1, 1.0, SIDE.0).is_none());
    }
}
