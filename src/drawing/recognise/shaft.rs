//! Lifts and openings in slabs: rectangles that are crossed, rings that are folded, and rings on layers of their own.
//! A crossed rectangle that nothing names may be either, and stays unclear.

use super::layer::Meaning;
use super::scene::{Scene, SceneText};
use super::text::fold::fold;
use super::text::lexicon::Lexicon;
use crate::drawing::plans::{DrawnColumn, DrawnLift, DrawnSlabOpening, Evidence, Unclear};
use crate::geom::{Box2, BoxIndex, Point2, Segment2, ring_area, ring_contains};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Diagonals of crossed rectangles, metres.
const DIAGONAL: (f64, f64) = (0.5, 9.0);
/// Sides of lift cars and shafts, metres (car of a platform lift to a hospital shaft).
const CAR: (f64, f64) = (0.85, 3.6);
/// Sides of openings in slabs, metres.
const HOLE: (f64, f64) = (0.12, 30.0);
/// Middles of both diagonals agree to this, metres, and their lengths to this share.
const MIDDLE: f64 = 0.01;
const EQUAL: f64 = 0.01;
/// So much of a side is drawn when it counts, and so many sides.
const SIDE_DRAWN: f64 = 0.6;
const SIDES: usize = 3;
/// Things closer than this are one, metres.
const SAME: f64 = 0.25;
/// More lines with one middle than this are a star, no cross.
const MOST_AT_ONE_MIDDLE: usize = 8;

/// Words beside symbols, as in the data file.
#[derive(Default, Deserialize)]
struct Lists {
    longest: usize,
    up: Vec<String>,
    down: Vec<String>,
    lift: Vec<String>,
    hole: Vec<String>,
}

/// The same, ready to be looked for.
pub(super) struct Words {
    longest: usize,
    pub(super) up: Lexicon,
    pub(super) down: Lexicon,
    lift: Lexicon,
    hole: Lexicon,
}

pub(super) static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let lists: Lists =
        toml::from_str(include_str!("../../../rules/drawing/symbols.toml")).unwrap_or_default();
    let lexicon = |words: &[String]| Lexicon::new(words.iter().map(String::as_str));
    Words {
        longest: lists.longest,
        up: lexicon(&lists.up),
        down: lexicon(&lists.down),
        lift: lexicon(&lists.lift),
        hole: lexicon(&lists.hole),
    }
});

impl Words {
    /// The text is short and holds one of the words.
    pub(super) fn holds(&self, text: &str, words: &Lexicon) -> bool {
        let folded = fold(text);
        folded.chars().count() <= self.longest && words.any(&folded)
    }

    fn names_lift(&self, text: &str) -> bool {
        // DT1, 电梯 1
        let bare = fold(text);
        self.holds(
            bare.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '-' | ' ' | '#')),
            &self.lift,
        )
    }
}

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// Lifts, left to right.
    pub lifts: Vec<DrawnLift>,
    /// Openings in slabs, left to right.
    pub slab_openings: Vec<DrawnSlabOpening>,
    /// Crossed rectangles that nothing names.
    pub unclear: Vec<Unclear>,
}

/// A ring with what speaks for it.
struct Candidate {
    ring: Vec<Point2>,
    marks: Vec<u32>,
    meaning: Option<Meaning>,
    /// Crossed by both diagonals, or folded.
    crossed: bool,
}

/// Lifts and openings in slabs.
pub fn find(scene: &Scene<'_>, columns: &[DrawnColumn]) -> Found {
    let mut candidates = crossed(scene);
    candidates.extend(folded_rings(scene));
    let own = |m: Option<Meaning>| matches!(m, Some(Meaning::Lift | Meaning::Hole));
    candidates.extend(scene.rings.iter().filter(|r| !r.filled && own(r.meaning)).map(|r| Candidate {
        ring: r.ring.clone(),
        marks: vec![r.mark],
        meaning: r.meaning,
        crossed: false,
    }));
    // the largest first: what lies within it is part of it
    candidates.sort_by(|a, b| {
        ring_area(&b.ring).abs().total_cmp(&ring_area(&a.ring).abs()).then(b.crossed.cmp(&a.crossed))
    });
    let named: Vec<&SceneText> = scene
        .texts
        .iter()
        .filter(|t| WORDS.names_lift(&t.text) || WORDS.holds(&t.text, &WORDS.hole))
        .collect();
    let texts = BoxIndex::new(named.iter().map(|t| Box2::of(t.at, t.at).grown(SAME)).collect());
    let centres = BoxIndex::new(columns.iter().map(|c| Box2::of(c.centre, c.centre).grown(SAME)).collect());
    let around: Vec<Box2> = candidates.iter().map(|c| Box2::around(c.ring.iter().copied())).collect();
    let grown = BoxIndex::new(around.iter().map(|b| b.grown(SAME)).collect());
    let mut taken = vec![false; candidates.len()];
    let mut found = Found::default();
    for (i, (c, bounds)) in candidates.iter().zip(&around).enumerate() {
        let at = bounds.centre();
        let inside = grown.any(bounds, |k| taken[k] && around[k].grown(SAME).contains_box(bounds));
        let column = centres.any(&Box2::of(at, at), |k| columns[k].centre.distance(at) < SAME);
        taken[i] = !inside && !column && place(c, *bounds, &named, &texts, &mut found);
    }
    let x = |p: &Point2, q: &Point2| p.x.total_cmp(&q.x).then(p.y.total_cmp(&q.y));
    found.lifts.sort_by(|a, b| x(&a.centre, &b.centre));
    found.slab_openings.sort_by(|a, b| x(&a.centre, &b.centre));
    found
}

/// Puts a candidate where it belongs; `false` where it is nothing.
fn place(c: &Candidate, bounds: Box2, named: &[&SceneText], texts: &BoxIndex, found: &mut Found) -> bool {
    let label = texts
        .touching(&bounds)
        .into_iter()
        .map(|i| named[i])
        .filter(|t| ring_contains(&c.ring, t.at) || bounds.grown(SAME).contains(t.at))
        .min_by(|a, b| a.at.distance(bounds.centre()).total_cmp(&b.at.distance(bounds.centre())));
    let (width, depth) = sides(&c.ring);
    let fits = |(lo, hi): (f64, f64)| depth >= lo && width <= hi;
    let lift = c.meaning == Some(Meaning::Lift) || label.is_some_and(|t| WORDS.names_lift(&t.text));
    let hole = c.meaning == Some(Meaning::Hole) || label.is_some_and(|t| !WORDS.names_lift(&t.text));
    let evidence = |confidence| Evidence { marks: c.marks.clone(), confidence };
    let label = label.map(SceneText::drawn);
    if lift && fits(CAR) && width < 2.5 * depth {
        let confidence = if c.crossed { 0.9 } else { 0.75 };
        found.lifts.push(DrawnLift {
            outline: c.ring.clone(),
            centre: bounds.centre(),
            width_m: width,
            depth_m: depth,
            label,
            evidence: evidence(confidence),
        });
    } else if hole && fits(HOLE) {
        found.slab_openings.push(DrawnSlabOpening {
            outline: c.ring.clone(),
            centre: bounds.centre(),
            label,
            evidence: evidence(if c.crossed { 0.9 } else { 0.7 }),
        });
    } else if c.crossed && fits((0.3, HOLE.1)) {
        let may_be = if fits(CAR) { "lift" } else { "slab opening" };
        found.unclear.push(Unclear {
            may_be,
            why: "a crossed rectangle that nothing names",
            bounds,
            evidence: evidence(0.4),
        });
    } else {
        return false;
    }
    true
}

/// Longer and shorter side of the box around a ring in the direction of its longest edge.
fn sides(ring: &[Point2]) -> (f64, f64) {
    let edges = (0..ring.len()).map(|i| ring[(i + 1) % ring.len()] - ring[i]);
    let u = edges
        .max_by(|a, b| a.length().total_cmp(&b.length()))
        .and_then(Point2::normalised)
        .unwrap_or(Point2::new(1.0, 0.0));
    let b = Box2::around(ring.iter().map(|p| Point2::new(p.dot(u), p.dot(u.left()))));
    (b.width().max(b.height()), b.width().min(b.height()))
}

fn usable(meaning: Option<Meaning>) -> bool {
    matches!(
        meaning,
        None | Some(Meaning::Lift | Meaning::Hole | Meaning::Slab | Meaning::Stair | Meaning::Wall)
    )
}

/// Rectangles with both diagonals: lines of equal length that halve each other.
fn crossed(scene: &Scene<'_>) -> Vec<Candidate> {
    let mut by_middle: BTreeMap<(i64, i64), Vec<usize>> = BTreeMap::new();
    let cell = |v: f64| (v / MIDDLE).round() as i64;
    let long = |s: &Segment2| (DIAGONAL.0..=DIAGONAL.1).contains(&s.length());
    for (i, l) in scene.lines.iter().enumerate().filter(|(_, l)| usable(l.meaning) && long(&l.segment)) {
        let m = l.segment.middle();
        by_middle.entry((cell(m.x), cell(m.y))).or_default().push(i);
    }
    let index = BoxIndex::new(scene.lines.iter().map(|l| Box2::of(l.segment.a, l.segment.b)).collect());
    let mut out = Vec::new();
    for (&(x, y), own) in &by_middle {
        // each pair once: from the cell that comes first
        let near: Vec<usize> = [(0, 0), (0, 1), (1, -1), (1, 0), (1, 1)]
            .iter()
            .filter_map(|&(dx, dy)| by_middle.get(&(x + dx, y + dy)))
            .flatten()
            .copied()
            .collect();
        if own.len() > MOST_AT_ONE_MIDDLE || near.len() > 3 * MOST_AT_ONE_MIDDLE {
            continue;
        }
        for &i in own {
            for &j in near.iter().filter(|&&j| j != i && (j > i || !own.contains(&j))) {
                out.extend(cross(scene, i, j, &index));
            }
        }
    }
    out
}

/// The rectangle around two diagonals, where its sides are drawn.
fn cross(scene: &Scene<'_>, i: usize, j: usize, index: &BoxIndex) -> Option<Candidate> {
    let (p, q) = (scene.lines[i].segment, scene.lines[j].segment);
    let equal = (p.length() - q.length()).abs() < EQUAL * p.length();
    let turn = p.direction()?.cross(q.direction()?).abs();
    if !equal || turn < 0.3 || p.middle().distance(q.middle()) > MIDDLE {
        return None;
    }
    let ring = vec![p.a, q.a, p.b, q.b];
    let drawn =
        (0..4).filter(|&k| is_drawn(scene, index, &Segment2::new(ring[k], ring[(k + 1) % 4]))).count();
    let meaning = [i, j]
        .iter()
        .find_map(|&k| scene.lines[k].meaning.filter(|m| matches!(m, Meaning::Lift | Meaning::Hole)));
    (drawn >= SIDES).then(|| Candidate {
        ring,
        marks: vec![scene.lines[i].mark, scene.lines[j].mark],
        meaning,
        crossed: true,
    })
}

/// Lines along it cover most of a side.
fn is_drawn(scene: &Scene<'_>, index: &BoxIndex, side: &Segment2) -> bool {
    const BESIDE: f64 = 0.03;
    let Some(d) = side.direction() else { return false };
    let mut spans: Vec<(f64, f64)> = Vec::new();
    for k in index.touching(&Box2::of(side.a, side.b).grown(BESIDE)) {
        let s = scene.lines[k].segment;
        let off = |p: Point2| d.cross(p - side.a).abs();
        if off(s.a) < BESIDE && off(s.b) < BESIDE {
            let (a, b) = ((s.a - side.a).dot(d), (s.b - side.a).dot(d));
            spans.push((a.min(b), a.max(b)));
        }
    }
    let spans = super::face::merged(spans, 0.0);
    super::face::covered(&spans, (0.0, side.length())) > SIDE_DRAWN * side.length()
}

/// Rectangular rings with a fold: two lines that meet within, from one corner to another.
fn folded_rings(scene: &Scene<'_>) -> Vec<Candidate> {
    let key = |p: Point2| ((p.x / MIDDLE).round() as i64, (p.y / MIDDLE).round() as i64);
    let mut ends: BTreeMap<(i64, i64), Vec<usize>> = BTreeMap::new();
    for (i, l) in scene.lines.iter().enumerate().filter(|(_, l)| usable(l.meaning)) {
        ends.entry(key(l.segment.a)).or_default().push(i);
        ends.entry(key(l.segment.b)).or_default().push(i);
    }
    let rings: Vec<_> =
        scene.rings.iter().filter(|r| !r.filled && usable(r.meaning) && r.ring.len() == 4).collect();
    let mut out = Vec::new();
    for r in rings {
        let corner = |p: Point2| (0..4).find(|&k| r.ring[k].distance(p) < MIDDLE);
        let folds = (0..4).any(|k| {
            ends.get(&key(r.ring[k])).into_iter().flatten().take(MOST_AT_ONE_MIDDLE).any(|&i| {
                let s = scene.lines[i].segment;
                let fold = if s.a.distance(r.ring[k]) < s.b.distance(r.ring[k]) { s.b } else { s.a };
                let within = corner(fold).is_none() && r.bounds.grown(-0.01).contains(fold);
                within
                    && ends.get(&key(fold)).is_some_and(|at| {
                        at.len() == 2
                            && at.iter().filter(|&&j| j != i).any(|&j| {
                                let t = scene.lines[j].segment;
                                let far = if t.a.distance(fold) < t.b.distance(fold) { t.b } else { t.a };
                                corner(far).is_some_and(|c| c != k)
                            })
                    })
            })
        });
        if folds {
            let meaning = Some(Meaning::Hole);
            out.push(Candidate { ring: r.ring.clone(), marks: vec![r.mark], meaning, crossed: true });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        assert!(WORDS.names_lift("DT1") && WORDS.names_lift("客梯 2") && WORDS.names_lift("LIFT"));
        assert!(!WORDS.names_lift("管井") && WORDS.holds("管井", &WORDS.hole));
        assert!(!WORDS.holds("楼板开洞详见结构专业图纸及说明第三条", &WORDS.hole));
        assert!(WORDS.holds("上18级", &WORDS.up) && WORDS.holds("DN", &WORDS.down));
    }
}
