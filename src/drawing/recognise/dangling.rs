//! Lines that lead nowhere: an end that touches nothing cannot bound a wall, nor can what hangs on it.

use super::face::FaceLine;
use super::scene::Scene;
use super::spot::{Spots, spots};
use crate::geom::{Box2, BoxIndex, Point2, Segment2};

/// Ends closer than this touch, metres.
const TOUCH: f64 = 0.004;
/// When more of the length than this would go, outlines are drawn with gaps and the rule says nothing.
const MOST: f64 = 0.3;

/// The candidates that are left when dangling ones are taken away, again and again. Lines of other kinds (columns,
/// jambs, panes) hold what touches them; `idle` ones (axes, dimensions, furniture) and what is written hold nothing.
pub fn without(scene: &Scene<'_>, lines: &[FaceLine], idle: &[bool]) -> Vec<FaceLine> {
    let boxes = lines.iter().map(|l| Box2::of(l.segment.a, l.segment.b)).collect();
    let index = BoxIndex::new(boxes);
    // the candidates themselves are among the scene's lines: those are not what else holds an end
    let key = |s: &Segment2| [s.a.x, s.a.y, s.b.x, s.b.y].map(f64::to_bits);
    let mut own: Spots<[u64; 4], ()> = spots(lines.len());
    own.extend(lines.iter().map(|l| (key(&l.segment), ())));
    let other: Vec<&Segment2> = (scene.lines.iter().zip(idle))
        .filter(|(l, idle)| !**idle && super::island::draws(l.meaning) && !own.contains_key(&key(&l.segment)))
        .map(|(l, _)| &l.segment)
        .collect();
    let other_index = BoxIndex::new(other.iter().map(|s| Box2::of(s.a, s.b)).collect());
    let mut gone = vec![false; lines.len()];
    let held = |i: usize, p: Point2, gone: &[bool]| {
        let near = Box2::of(p, p).grown(TOUCH);
        index.any(&near, |j| j != i && !gone[j] && lines[j].segment.distance(p) < TOUCH)
            || other_index.any(&near, |j| other[j].distance(p) < TOUCH)
    };
    let mut open: Vec<usize> = (0..lines.len()).collect();
    while !open.is_empty() {
        let mut next = Vec::new();
        for &i in &open {
            let s = lines[i].segment;
            let holds = held(i, s.a, &gone) && held(i, s.b, &gone);
            if !(gone[i] || holds) {
                gone[i] = true;
                for p in [s.a, s.b] {
                    next.extend(
                        index.touching(&Box2::of(p, p).grown(TOUCH)).into_iter().filter(|&j| !gone[j]),
                    );
                }
            }
        }
        next.sort_unstable();
        next.dedup();
        open = next;
    }
    let length = |keep: &dyn Fn(usize) -> bool| {
        (0..lines.len()).filter(|&i| keep(i)).map(|i| lines[i].segment.length()).sum::<f64>()
    };
    if length(&|i| gone[i]) > MOST * length(&|_| true) {
        return lines.to_vec();
    }
    lines.iter().zip(&gone).filter(|(_, g)| !**g).map(|(l, _)| *l).collect()
}
