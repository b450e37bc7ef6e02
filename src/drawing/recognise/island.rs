//! Islands: small groups of nameless lines that touch nothing else. Furniture, boxes around texts and symbols are such;
//! pieces of walls hold doors or windows, or go on in line beyond an opening.

use super::scene::Scene;
use crate::geom::{Box2, BoxIndex, Groups, Point2, Segment2};

/// Islands are no larger than this, metres: beds, tables, sets of chairs.
const LARGEST: f64 = 3.0;
/// Lines closer than this touch, metres.
const TOUCH: f64 = 0.004;
/// More lines about one place are a hatch, which is no island.
const CROWD: usize = 96;
/// Arcs of a leaf that people go through have a larger radius, metres.
const LEAF: f64 = 0.55;
/// Walls go on within this, metres, in line to [`IN_LINE`].
const BEYOND: f64 = 6.0;
const IN_LINE: f64 = 0.002;
/// Two outlines, one within the other by the same width on all sides, are a shaft: so wide, and the inner one so large.
const SHAFT_WALL: (f64, f64) = (0.08, 0.5);
const SHAFT: f64 = 0.9;

/// One island.
#[derive(Clone, Debug)]
pub struct Island {
    /// Box around it.
    pub bounds: Box2,
    /// Numbers of the scene's lines.
    pub lines: Vec<usize>,
    /// Pieces of arcs in it.
    pub arcs: usize,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Islands {
    /// Each island once.
    pub islands: Vec<Island>,
    /// Per line of the scene: its island.
    pub of_line: Vec<Option<u32>>,
}

impl Islands {
    /// These lines of the scene all belong to one island that is no flight of stairs.
    pub fn is_furniture(&self, scene: &Scene<'_>, mut lines: impl Iterator<Item = usize>) -> bool {
        let of = |line: usize| self.of_line.get(line).copied().flatten();
        let Some(first) = lines.next().and_then(of) else { return false };
        lines.all(|l| of(l) == Some(first))
            && self.islands.get(first as usize).is_some_and(|i| !i.is_walked(scene))
    }
}

impl Island {
    /// It may be a flight: as long as one, or with a line of walking across its treads.
    fn is_walked(&self, scene: &Scene<'_>) -> bool {
        /// A flight is longer, metres.
        const FLIGHT: f64 = 2.05;
        /// So many treads are crossed near their middles, by this share of their length.
        const TREADS: usize = 3;
        const MIDDLE: f64 = 0.3;
        if self.bounds.width().max(self.bounds.height()) >= FLIGHT {
            return true;
        }
        let lines: Vec<Segment2> = self.lines.iter().take(CROWD).map(|&i| scene.lines[i].segment).collect();
        lines.iter().any(|walk| {
            let crossed = lines.iter().filter(|t| {
                let at = walk.line_intersection(t);
                at.is_some_and(|(u, v)| (-0.01..=1.01).contains(&u) && (v - 0.5).abs() < MIDDLE)
            });
            crossed.count() >= TREADS
        })
    }
}

/// Groups without a meaning; `taken` tells which of the scene's lines are something known already (axes, dimensions):
/// they join nothing.
pub fn find(scene: &Scene<'_>, taken: &[bool]) -> Islands {
    let pieces = pieces(scene, taken);
    let index = BoxIndex::new(pieces.iter().map(|p| Box2::of(p.segment.a, p.segment.b)).collect());
    let mut groups = Groups::new(pieces.len());
    // pieces that touch anything large: their groups are land
    let mut on_land: Vec<usize> = Vec::new();
    for (i, p) in pieces.iter().enumerate().filter(|(_, p)| p.small) {
        let near = Box2::of(p.segment.a, p.segment.b).grown(TOUCH);
        let Some(others) = index.touching_few(&near, CROWD) else {
            on_land.push(i);
            continue;
        };
        for j in others.into_iter().filter(|&j| j != i && touch(&p.segment, &pieces[j].segment)) {
            if pieces[j].small {
                groups.join(i, j);
            } else {
                on_land.push(i);
            }
        }
    }
    let mut landed = vec![false; pieces.len()];
    on_land.into_iter().for_each(|i| landed[groups.root(i)] = true);
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); pieces.len()];
    for i in (0..pieces.len()).filter(|&i| pieces[i].small) {
        members[groups.root(i)].push(i);
    }
    let mut found: Vec<Island> = members
        .into_iter()
        .enumerate()
        .filter(|(root, group)| !group.is_empty() && !landed[*root])
        .filter_map(|(_, group)| island(&pieces, &group))
        .collect();
    let goes_on = in_line(scene, &found, taken);
    let shafts = shafts(&found);
    let mut keep = (0..found.len()).map(|i| !goes_on[i] && !shafts[i]);
    found.retain(|_| keep.next().unwrap_or(false));
    let mut of_line = vec![None; scene.lines.len()];
    for (n, island) in found.iter().enumerate() {
        island.lines.iter().for_each(|&i| of_line[i] = Some(n as u32));
    }
    Islands { islands: found, of_line }
}

/// A straight piece: a line, or a chord of an arc.
struct Piece {
    segment: Segment2,
    /// Number of the scene's line; arcs have none.
    line: Option<usize>,
    /// A leaf that people go through.
    leaf: bool,
    /// It may belong to an island.
    small: bool,
}

fn pieces(scene: &Scene<'_>, taken: &[bool]) -> Vec<Piece> {
    /// Chords that stand for an arc.
    const CHORDS: usize = 6;
    let mut out: Vec<Piece> = Vec::with_capacity(scene.lines.len() + CHORDS * scene.arcs.len());
    for (i, l) in scene.lines.iter().enumerate().filter(|(i, l)| !taken[*i] && draws(l.meaning)) {
        let small = l.meaning.is_none() && l.segment.length() <= LARGEST;
        out.push(Piece { segment: l.segment, line: Some(i), leaf: false, small });
    }
    for a in scene.arcs.iter().filter(|a| draws(a.meaning)) {
        let small = a.meaning.is_none() && a.arc.radius <= LARGEST;
        let leaf = !a.arc.is_circle() && a.arc.radius >= LEAF;
        let at = |k: usize| a.arc.at(k as f64 / CHORDS as f64);
        for k in 0..CHORDS {
            out.push(Piece { segment: Segment2::new(at(k), at(k + 1)), line: None, leaf, small });
        }
    }
    // chords of one arc meet in their ends: they need no joining
    out
}

/// Things of the building, or what may be one; not what is written about them.
pub fn draws(m: Option<super::layer::Meaning>) -> bool {
    use super::layer::Meaning::*;
    !matches!(
        m,
        Some(Dimension | Level | Title | Table | Tag | Room | AxisLabel | Axis | Text | Revision | Hatch)
    )
}

/// Both have a point in common, nearly.
fn touch(s: &Segment2, t: &Segment2) -> bool {
    let ends = s.distance(t.a).min(s.distance(t.b)).min(t.distance(s.a)).min(t.distance(s.b));
    let within = |v: f64| (0.0..=1.0).contains(&v);
    ends < TOUCH || s.line_intersection(t).is_some_and(|(u, v)| within(u) && within(v))
}

fn island(pieces: &[Piece], group: &[usize]) -> Option<Island> {
    let mut bounds = Box2::EMPTY;
    for &i in group {
        bounds.merge(&Box2::of(pieces[i].segment.a, pieces[i].segment.b));
    }
    let small = bounds.width().max(bounds.height()) <= LARGEST;
    let leaf = group.iter().any(|&i| pieces[i].leaf);
    let lines: Vec<usize> = group.iter().filter_map(|&i| pieces[i].line).collect();
    let arcs = group.len() - lines.len();
    // a stroke alone may be part of anything: a pane that ends short of its jambs
    let shape = arcs > 0 || lines.len() >= 3;
    (small && !leaf && shape && !lines.is_empty()).then_some(Island { bounds, lines, arcs })
}

/// Which islands are pieces of walls: two of their parallel lines go on, in line, beyond a gap.
fn in_line(scene: &Scene<'_>, islands: &[Island], taken: &[bool]) -> Vec<bool> {
    /// The reach is looked at in pieces: the box around a slanting one would be wide.
    const STEPS: usize = 8;
    let mut on_island = vec![false; scene.lines.len()];
    islands.iter().flat_map(|i| &i.lines).for_each(|&l| on_island[l] = true);
    let others: Vec<&Segment2> = (scene.lines.iter().enumerate())
        .filter(|(i, l)| !on_island[*i] && !taken[*i] && draws(l.meaning) && l.segment.length() > 0.05)
        .map(|(_, l)| &l.segment)
        .collect();
    let index = BoxIndex::new(others.iter().map(|s| Box2::of(s.a, s.b)).collect());
    let goes_on = |s: &Segment2, d: Point2| {
        [(s.a, -1.0), (s.b, 1.0)].iter().any(|&(end, way)| {
            (0..STEPS).any(|k| {
                let at = |k: usize| end + d * (way * BEYOND * k as f64 / STEPS as f64);
                let reach = Box2::of(at(k), at(k + 1)).grown(IN_LINE);
                let near = index.touching_few(&reach, CROWD).unwrap_or_default();
                near.into_iter()
                    .any(|i| [others[i].a, others[i].b].iter().all(|p| (*p - s.a).cross(d).abs() < IN_LINE))
            })
        })
    };
    islands
        .iter()
        .map(|island| {
            let mut on: Vec<(f64, f64)> = Vec::new();
            for &i in &island.lines {
                let s = scene.lines[i].segment;
                let Some(d) = s.direction() else { continue };
                if goes_on(&s, d) {
                    let d = if d.x < -1e-9 || d.x.abs() <= 1e-9 && d.y < 0.0 { -d } else { d };
                    on.push((d.angle(), s.a.dot(d.left())));
                }
            }
            on.iter().any(|a| on.iter().any(|b| (a.0 - b.0).abs() < 0.002 && (a.1 - b.1).abs() > 0.03))
        })
        .collect()
}

/// Which islands are the outer or the inner outline of a shaft.
fn shafts(islands: &[Island]) -> Vec<bool> {
    let index = BoxIndex::new(islands.iter().map(|i| i.bounds).collect());
    let mut out = vec![false; islands.len()];
    for (i, inner) in islands.iter().enumerate() {
        let b = inner.bounds;
        if b.width().min(b.height()) < SHAFT {
            continue;
        }
        for j in index.touching(&b).into_iter().filter(|&j| j != i) {
            let o = islands[j].bounds;
            let widths = [b.min.x - o.min.x, b.min.y - o.min.y, o.max.x - b.max.x, o.max.y - b.max.y];
            if widths.iter().all(|w| (SHAFT_WALL.0..=SHAFT_WALL.1).contains(w)) {
                out[i] = true;
                out[j] = true;
            }
        }
    }
    out
}
