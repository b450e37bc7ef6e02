//! Which way stairs go up: the walking line over a flight, the head at its end, and the word beside it. Without a head
//! and a word nothing is said.

use super::layer::Meaning;
use super::scene::Scene;
use super::shaft::WORDS;
use crate::drawing::plans::DrawnStair;
use crate::geom::{Box2, BoxIndex, Point2};

/// A walking line runs over at least this share of its flight.
const OVER: f64 = 0.4;
/// Strokes of a head, metres, and their turn from the line (cosines of 8° and 50°).
const STROKE: (f64, f64) = (0.03, 0.6);
const TURN: (f64, f64) = (0.64, 0.99);
/// Things touch to this, metres.
const TOUCH: f64 = 0.02;
/// A word belongs to a walking line's end within this, metres at 1:100.
const WORD: f64 = 1.2;
/// Walking lines have fewer corners than this.
const MAX_BENDS: usize = 12;

/// Tells each flight which way is up.
pub fn direct(scene: &Scene<'_>, stairs: &mut [DrawnStair], treads: &[bool]) {
    if stairs.is_empty() {
        return;
    }
    let usable: Vec<usize> = (0..scene.lines.len())
        .filter(|&i| {
            let meaning = scene.lines[i].meaning;
            !treads[i] && matches!(meaning, None | Some(Meaning::Stair | Meaning::Text | Meaning::Tag))
        })
        .collect();
    let lines = Lines {
        index: BoxIndex::new(
            usable.iter().map(|&i| Box2::of(scene.lines[i].segment.a, scene.lines[i].segment.b)).collect(),
        ),
        usable,
        scene,
    };
    let words: Vec<(usize, bool)> = scene
        .texts
        .iter()
        .enumerate()
        .filter_map(|(i, t)| {
            let (up, down) = (WORDS.holds(&t.text, &WORDS.up), WORDS.holds(&t.text, &WORDS.down));
            (up != down).then_some((i, up))
        })
        .collect();
    let reach = WORD * (scene.scale / 100.0).clamp(0.3, 2.0);
    for stair in stairs {
        for start in lines.over(stair) {
            let Some((path, towards)) = lines.path(start, stair) else { continue };
            // the word stands beside the line, nearest to its tail
            let word = words
                .iter()
                .filter_map(|&(t, up)| {
                    let at = scene.texts[t].at;
                    let near = path.iter().map(|&i| lines.scene.lines[i].segment.distance(at));
                    let d = near.fold(f64::INFINITY, f64::min);
                    (d < reach).then_some((d, t, up))
                })
                .min_by(|a, b| a.0.total_cmp(&b.0));
            if let Some((_, t, up)) = word {
                stair.up = Some(if up { towards } else { -towards });
                stair.text = Some(scene.texts[t].drawn());
                stair.evidence.marks.extend(path.iter().map(|&i| scene.lines[i].mark));
                break;
            }
        }
    }
}

struct Lines<'a, 'b> {
    scene: &'a Scene<'b>,
    usable: Vec<usize>,
    index: BoxIndex,
}

impl Lines<'_, '_> {
    /// Lines along a flight that run over it.
    fn over(&self, stair: &DrawnStair) -> Vec<usize> {
        let depth = stair.going_m * f64::from(stair.treads.saturating_sub(1));
        self.index
            .touching(&stair.bounds)
            .into_iter()
            .map(|k| self.usable[k])
            .filter(|&i| {
                let s = self.scene.lines[i].segment;
                let Some(d) = s.direction() else { return false };
                let across = stair.along.left();
                let middle = (s.middle() - stair.bounds.centre()).dot(across).abs();
                // strings and rails run along the edges
                d.dot(stair.along).abs() > 0.99 && middle < 0.35 * stair.width_m && s.length() > OVER * depth
            })
            .collect()
    }

    fn at(&self, p: Point2) -> impl Iterator<Item = usize> + '_ {
        let near = Box2::of(p, p).grown(TOUCH);
        self.index.touching(&near).into_iter().map(|k| self.usable[k]).filter(move |&i| {
            let s = self.scene.lines[i].segment;
            s.a.distance(p) < TOUCH || s.b.distance(p) < TOUCH
        })
    }

    /// The walking line that a piece belongs to, and the unit vector towards its head where it runs over the flight.
    fn path(&self, start: usize, stair: &DrawnStair) -> Option<(Vec<usize>, Point2)> {
        let s = self.scene.lines[start].segment;
        for (tail, tip) in [(s.a, s.b), (s.b, s.a)] {
            let towards = (tip - tail).normalised()?;
            let mut path = vec![start];
            let (mut from, mut to) = (tail, tip);
            for _ in 0..MAX_BENDS {
                if self.has_head(from, to, &path) {
                    // what leads to the tail belongs to the line too
                    path.extend(self.at(tail).filter(|i| *i != start).take(2));
                    return Some((path, towards));
                }
                let next = self.at(to).find(|i| {
                    !path.contains(i)
                        && self.scene.lines[*i].segment.length() > 1.2 * STROKE.1.min(stair.going_m)
                });
                let Some(next) = next else { break };
                let n = self.scene.lines[next].segment;
                path.push(next);
                (from, to) = if n.a.distance(to) < n.b.distance(to) { (n.a, n.b) } else { (n.b, n.a) };
            }
        }
        None
    }

    /// Two strokes lead back from the end, one on either side; or a filled triangle lies on it.
    fn has_head(&self, from: Point2, tip: Point2, path: &[usize]) -> bool {
        let Some(back) = (from - tip).normalised() else { return false };
        let (mut left, mut right) = (false, false);
        for i in self.at(tip).filter(|i| !path.contains(i)) {
            let s = self.scene.lines[i].segment;
            let end = if s.a.distance(tip) < s.b.distance(tip) { s.b } else { s.a };
            let Some(d) = (end - tip).normalised() else { continue };
            let stroke = (STROKE.0..=STROKE.1).contains(&s.length());
            if stroke && (TURN.0..=TURN.1).contains(&d.dot(back)) {
                left |= back.cross(d) > 0.0;
                right |= back.cross(d) < 0.0;
            }
        }
        let filled = self.scene.rings.iter().any(|r| {
            r.filled
                && (3..=4).contains(&r.ring.len())
                && r.bounds.diagonal() < 2.0 * STROKE.1
                && r.bounds.grown(TOUCH).contains(tip)
        });
        left && right || filled
    }
}
