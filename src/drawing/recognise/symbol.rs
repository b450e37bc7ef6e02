//! What doors, windows and stairs are drawn as, before anything is known about walls: swings, panes, treads.

use super::layer::Meaning;
use super::scene::{Scene, SceneArc};
use crate::geom::{Box2, BoxIndex, Groups, Point2, Segment2, angle_between_lines};
use std::collections::{BTreeMap, BTreeSet};
use std::f64::consts::PI;

/// A door drawn with one or two swinging leaves.
#[derive(Clone, Debug)]
pub struct Swing {
    /// One arc per leaf.
    pub leaves: Vec<Leaf>,
    /// Marks, the arcs first.
    pub marks: Vec<u32>,
    /// It lies on a layer (or in a block) of doors.
    pub on_door_layer: bool,
    /// Lines that are its leaves, as numbers into the scene's.
    pub leaf_lines: Vec<usize>,
}

/// One swinging leaf.
#[derive(Clone, Copy, Debug)]
pub struct Leaf {
    /// Where it hangs.
    pub hinge: Point2,
    /// Its length.
    pub radius: f64,
    /// Both ends of its arc: one is where it closes, the other where it stands open.
    pub ends: [Point2; 2],
    /// Which end the drawn leaf stands at, if one is drawn.
    pub open: Option<usize>,
}

/// Panes: parallel lines of equal extent.
#[derive(Clone, Debug)]
pub struct Panes {
    /// Both ends of every line.
    pub lines: Vec<(Point2, Point2)>,
    /// Marks.
    pub marks: Vec<u32>,
    /// What the layer or block says.
    pub meaning: Option<Meaning>,
    /// All dashed: a high window.
    pub dashed: bool,
}

/// Leaves turn about a right angle; some are drawn at 60° or 45°, less is no door.
const SWEEP: (f64, f64) = (PI * 0.22, PI * 0.62);
/// Leaves, metres.
const RADIUS: (f64, f64) = (0.3, 2.2);
/// Walls that doors hang in are thinner than this, metres.
const WALL: f64 = 0.6;
/// More leaves than this about one hinge are a rosette, metres apart or not.
const MOST_AT_ONE_HINGE: usize = 8;
/// Parts of one door fit to this share of the leaf.
const FIT: f64 = 0.06;

/// All swings.
pub fn swings(scene: &Scene<'_>) -> Vec<Swing> {
    let arcs: Vec<&SceneArc> = scene
        .arcs
        .iter()
        .filter(|a| {
            let allowed = matches!(
                a.meaning,
                None | Some(Meaning::Door | Meaning::DoorWindow | Meaning::Window | Meaning::Wall)
            );
            allowed
                && (SWEEP.0..=SWEEP.1).contains(&a.arc.sweep.abs())
                && (RADIUS.0..=RADIUS.1).contains(&a.arc.radius)
        })
        .collect();
    let doors_known = arcs.iter().any(|a| matches!(a.meaning, Some(Meaning::Door | Meaning::DoorWindow)));
    let lines = BoxIndex::new(scene.lines.iter().map(|l| Box2::of(l.segment.a, l.segment.b)).collect());
    let mut leaves: Vec<Drawn> = Vec::new();
    let mut twice: BTreeMap<(i64, i64), Vec<usize>> = BTreeMap::new();
    for a in arcs {
        let on_door_layer = matches!(a.meaning, Some(Meaning::Door | Meaning::DoorWindow));
        // an arc on a nameless layer may be a door only where no layer of doors is known
        if doors_known && !on_door_layer && a.meaning.is_some() {
            continue;
        }
        let mut leaf = Leaf {
            hinge: a.arc.centre,
            radius: a.arc.radius,
            ends: [a.arc.at(0.0), a.arc.at(1.0)],
            open: None,
        };
        // the same leaf drawn twice
        let cell = |v: f64| (v / 0.01).round() as i64;
        let same = twice.entry((cell(leaf.hinge.x), cell(leaf.hinge.y))).or_default();
        let known = same.iter().map(|&i: &usize| &leaves[i].leaf).any(|l| {
            l.hinge.distance(leaf.hinge) < 0.005
                && (l.radius - leaf.radius).abs() < 0.005
                && l.ends.iter().all(|e| leaf.ends.iter().any(|f| e.distance(*f) < 0.01))
        });
        if known || same.len() >= MOST_AT_ONE_HINGE {
            continue;
        }
        same.push(leaves.len());
        let (open, leaf_lines) = drawn_leaf(scene, &lines, &leaf, a.group);
        leaf.open = open;
        leaves.push(Drawn { leaf, mark: a.mark, group: a.group, on_door_layer, leaf_lines });
    }
    pair(leaves)
}

/// A leaf with where it comes from.
struct Drawn {
    leaf: Leaf,
    mark: u32,
    group: Option<u32>,
    on_door_layer: bool,
    leaf_lines: Vec<usize>,
}

/// The end of the arc that a line from the hinge leads to, and the lines that do.
fn drawn_leaf(
    scene: &Scene<'_>,
    lines: &BoxIndex,
    leaf: &Leaf,
    group: Option<u32>,
) -> (Option<usize>, Vec<usize>) {
    let near = 0.08 * leaf.radius;
    let at_hinge: Vec<usize> = lines
        .touching(&Box2::of(leaf.hinge, leaf.hinge).grown(near))
        .into_iter()
        .filter(|&i| scene.lines[i].group == group)
        .collect();
    let leads = |end: Point2| -> Vec<usize> {
        let to_end = |i: &usize| {
            let s = scene.lines[*i].segment;
            let (p, q) =
                if s.a.distance(leaf.hinge) < s.b.distance(leaf.hinge) { (s.a, s.b) } else { (s.b, s.a) };
            p.distance(leaf.hinge) < near && q.distance(end) < near
        };
        at_hinge.iter().copied().filter(to_end).collect()
    };
    match (leads(leaf.ends[0]), leads(leaf.ends[1])) {
        (lines, none) if none.is_empty() && !lines.is_empty() => (Some(0), lines),
        (none, lines) if none.is_empty() && !lines.is_empty() => (Some(1), lines),
        _ => (None, Vec::new()),
    }
}

/// Two leaves that meet when closed are one door.
fn pair(leaves: Vec<Drawn>) -> Vec<Swing> {
    let reach = |d: &Drawn| Box2::of(d.leaf.hinge, d.leaf.hinge).grown(2.4 * d.leaf.radius);
    let index = BoxIndex::new(leaves.iter().map(|d| Box2::of(d.leaf.hinge, d.leaf.hinge)).collect());
    let mut used = vec![false; leaves.len()];
    let mut out = Vec::new();
    for i in 0..leaves.len() {
        if used[i] {
            continue;
        }
        used[i] = true;
        let a = &leaves[i];
        let mate = index.touching(&reach(a)).into_iter().filter(|&j| j > i && !used[j]).find(|&j| {
            let b = &leaves[j];
            meet(&a.leaf, &b.leaf) && (a.group == b.group || a.group.is_none() || b.group.is_none())
        });
        let mut swing = Swing {
            leaves: vec![a.leaf],
            marks: vec![a.mark],
            on_door_layer: a.on_door_layer,
            leaf_lines: a.leaf_lines.clone(),
        };
        if let Some(j) = mate {
            used[j] = true;
            swing.leaves.push(leaves[j].leaf);
            swing.marks.push(leaves[j].mark);
            swing.leaf_lines.extend(&leaves[j].leaf_lines);
        }
        out.push(swing);
    }
    out
}

/// The closed ends of both leaves touch, half-way between the hinges.
fn meet(a: &Leaf, b: &Leaf) -> bool {
    let slack = FIT * (a.radius + b.radius);
    let span = a.hinge.distance(b.hinge);
    if (span - (a.radius + b.radius)).abs() > 2.0 * slack {
        return false;
    }
    let (toward_b, toward_a) = ((b.hinge - a.hinge) / span, (a.hinge - b.hinge) / span);
    let closes = |l: &Leaf, d: Point2| l.ends.iter().position(|e| ((*e - l.hinge) / l.radius).dot(d) > 0.94);
    let (Some(i), Some(j)) = (closes(a, toward_b), closes(b, toward_a)) else { return false };
    // leaves that swing to opposite sides hang on opposite faces of the wall
    let apart = b.ends[j] - a.ends[i];
    let side = |l: &Leaf, closed: usize| toward_b.cross(l.ends[1 - closed] - l.hinge);
    let together = side(a, i) * side(b, j) > 0.0 && apart.cross(toward_b).abs() < slack;
    let alike = (a.radius - b.radius).abs() < FIT * a.radius;
    apart.dot(toward_b).abs() < 2.0 * slack && (together || alike && apart.cross(toward_b).abs() < WALL)
}

/// Panes on layers of windows and doors: by block reference, else by extent.
pub fn panes(scene: &Scene<'_>, swings: &[Swing]) -> Vec<Panes> {
    let swinging: BTreeSet<u32> = swings.iter().flat_map(|s| s.marks.iter().copied()).collect();
    let swing_groups: BTreeSet<u32> =
        scene.arcs.iter().filter(|a| swinging.contains(&a.mark)).filter_map(|a| a.group).collect();
    let mut by_group: BTreeMap<u32, Panes> = BTreeMap::new();
    let mut loose: Vec<(Point2, Point2, u32, Meaning, bool)> = Vec::new();
    for l in &scene.lines {
        let Some(meaning) = l.meaning.filter(|m| m.is_opening()) else { continue };
        let (a, b) = (l.segment.a, l.segment.b);
        match l.group {
            Some(g) if swing_groups.contains(&g) => {}
            Some(g) => {
                let p = by_group.entry(g).or_insert_with(|| Panes {
                    lines: Vec::new(),
                    marks: Vec::new(),
                    meaning: Some(meaning),
                    dashed: true,
                });
                p.lines.push((a, b));
                p.marks.push(l.mark);
                p.dashed &= l.dashed;
            }
            None => loose.push((a, b, l.mark, meaning, l.dashed)),
        }
    }
    let mut out: Vec<Panes> = by_group.into_values().collect();
    let pieces: Vec<Piece> =
        loose.iter().enumerate().map(|(line, l)| Piece { a: l.0, b: l.1, line }).collect();
    out.extend(by_extent(&pieces).into_iter().map(|group| Panes {
        lines: group.iter().map(|&i| (loose[i].0, loose[i].1)).collect(),
        marks: group.iter().map(|&i| loose[i].2).collect(),
        meaning: group.first().map(|&i| loose[i].3),
        dashed: group.iter().all(|&i| loose[i].4),
    }));
    let leaves: Vec<Leaf> = swings.iter().flat_map(|s| s.leaves.iter().copied()).collect();
    let index = BoxIndex::new(
        leaves.iter().map(|l| Box2::around([l.hinge, l.ends[0], l.ends[1]]).grown(LEAF)).collect(),
    );
    out.retain(|p| !is_leaf(p, &leaves, &index));
    absorb(out)
}

/// Leaves are thinner than this, metres.
const LEAF: f64 = 0.09;

/// A drawn door leaf is no pane: all its lines lie beside the line from a hinge to one end of its arc.
fn is_leaf(panes: &Panes, leaves: &[Leaf], index: &BoxIndex) -> bool {
    let Some(first) = panes.lines.first() else { return false };
    index.touching(&Box2::of(first.0, first.0)).into_iter().map(|i| &leaves[i]).any(|leaf| {
        leaf.ends.iter().any(|end| {
            let along = Segment2::new(leaf.hinge, *end);
            panes.lines.iter().all(|(a, b)| along.distance(*a) < LEAF && along.distance(*b) < LEAF)
                && panes.lines.iter().any(|(a, b)| a.distance(*b) > 0.6 * leaf.radius)
        })
    })
}

/// Parts of a window lie within its box to this, metres.
const BESIDE: f64 = 0.06;
/// Returns at its jambs are no longer than walls are thick, metres.
const JAMB: f64 = 0.5;

/// The small one lies across an end of the large one: a return at its jamb.
fn across(large: &Panes, small: &Panes) -> bool {
    let longest =
        |p: &Panes| p.lines.iter().copied().max_by(|a, b| a.0.distance(a.1).total_cmp(&b.0.distance(b.1)));
    let (Some((a, b)), Some((p, q))) = (longest(large), longest(small)) else { return false };
    let (Some(d), Some(e)) = ((b - a).normalised(), (q - p).normalised()) else { return false };
    let middle = p.lerp(q, 0.5);
    let along = (middle - a).dot(d);
    d.dot(e).abs() < 0.05
        && p.distance(q) < JAMB
        && (-BESIDE..a.distance(b) + BESIDE).contains(&along)
        && (middle - a).cross(d).abs() < JAMB
}

/// Small parts within the box of a larger window belong to it.
fn absorb(mut panes: Vec<Panes>) -> Vec<Panes> {
    let bounds = |p: &Panes| Box2::around(p.lines.iter().flat_map(|l| [l.0, l.1]));
    let size = |p: &Panes| p.lines.iter().map(|l| l.0.distance(l.1)).fold(0.0, f64::max);
    panes.sort_by(|a, b| size(b).total_cmp(&size(a)));
    let index = BoxIndex::new(panes.iter().map(|p| bounds(p).grown(JAMB)).collect());
    let mut owner: Vec<usize> = (0..panes.len()).collect();
    for i in 0..panes.len() {
        let b = bounds(&panes[i]);
        let larger = index.touching(&b).into_iter().find(|&j| {
            let smaller = j < i && owner[j] == j && size(&panes[i]) < 0.7 * size(&panes[j]);
            smaller && (bounds(&panes[j]).grown(BESIDE).contains_box(&b) || across(&panes[j], &panes[i]))
        });
        if let Some(j) = larger {
            owner[i] = j;
        }
    }
    for i in 0..panes.len() {
        if owner[i] != i {
            let (marks, lines) = (std::mem::take(&mut panes[i].marks), std::mem::take(&mut panes[i].lines));
            panes[owner[i]].marks.extend(marks);
            panes[owner[i]].lines.extend(lines);
        }
    }
    panes.retain(|p| !p.lines.is_empty());
    panes
}

/// A line that may be part of a symbol.
#[derive(Clone, Copy, Debug)]
pub struct Piece {
    /// One end.
    pub a: Point2,
    /// The other.
    pub b: Point2,
    /// What the caller knows it by.
    pub line: usize,
}

/// Parallel lines of one symbol lie within one wall, metres.
const REACH: f64 = 0.6;
/// Their ends are drawn side by side to this, metres.
const SKEW: f64 = 0.02;

/// More lines than this side by side, or across one another, are a hatch.
const CROWD: usize = 256;

/// Groups of lines that start and end side by side; each group by the callers' numbers, in their order.
pub fn by_extent(pieces: &[Piece]) -> Vec<Vec<usize>> {
    // pieces of one stack have their middles side by side, across them
    let middles: Vec<Point2> = pieces.iter().map(|l| l.a.lerp(l.b, 0.5)).collect();
    let index = BoxIndex::new(middles.iter().map(|m| Box2::of(*m, *m)).collect());
    let mut groups = Groups::new(pieces.len());
    for (i, one) in pieces.iter().enumerate() {
        let Some(d) = (one.b - one.a).normalised() else { continue };
        let span = |l: &Piece| {
            let (a, b) = (l.a.dot(d), l.b.dot(d));
            (a.min(b), a.max(b))
        };
        let s = span(one);
        let across = d.left() * REACH;
        let reach = Box2::of(middles[i] - across, middles[i] + across).grown(SKEW);
        // a crowd is a hatch
        let Some(beside) = index.touching_few(&reach, CROWD) else { continue };
        for j in beside.into_iter().filter(|&j| j > i) {
            let other = &pieces[j];
            let Some(e) = (other.b - other.a).normalised() else { continue };
            let t = span(other);
            let apart = (other.a - one.a).dot(d.left()).abs();
            let parallel = angle_between_lines(d.angle(), e.angle()) < 0.01;
            if parallel && (s.0 - t.0).abs() < SKEW && (s.1 - t.1).abs() < SKEW && apart < REACH {
                groups.join(i, j);
            }
        }
    }
    let mut by_root: Vec<Vec<usize>> = vec![Vec::new(); pieces.len()];
    for (i, piece) in pieces.iter().enumerate() {
        by_root[groups.root(i)].push(piece.line);
    }
    by_root.retain(|lines| !lines.is_empty());
    by_root
}
