//! One line for what is drawn as several: exact copies go, and pieces that continue one another become one again. A joint
//! is where just two ends of one kind meet in line; where a third line ends, the corner is kept.

use super::scene::{SceneArc, SceneLine};
use super::spot::{Meeting, Spot, Spots, spot, spots};
use crate::geom::{Arc2, Point2, Segment2};

/// Ends closer than this meet, metres.
const MEET: f64 = 1e-4;
/// Pieces turn by less than this at a joint, radians; chords of circles turn by more.
const STRAIGHT: f64 = 2e-4;
/// Copies of one line that may lie in different block references; more are dropped whatever they belong to.
const MOST_COPIES: u32 = 16;

fn key(p: Point2) -> Spot {
    spot(p, MEET)
}

/// Drops copies and heals joints of lines and arcs; their order stays.
pub fn heal(lines: &mut Vec<SceneLine>, arcs: &mut Vec<SceneArc>) {
    drop_copies(lines);
    if join(lines) {
        drop_copies(lines);
    }
    heal_arcs(arcs);
}

/// A line's place whatever way it runs.
fn place(s: &Segment2) -> (Spot, Spot) {
    let (a, b) = (key(s.a), key(s.b));
    if a < b { (a, b) } else { (b, a) }
}

fn drop_copies(lines: &mut Vec<SceneLine>) {
    // per place how many there were, and the last one that was kept; before each one the one kept before it
    let mut last: Spots<(Spot, Spot), (u32, u32)> = spots(lines.len());
    let mut before: Vec<u32> = vec![u32::MAX; lines.len()];
    let kept: Vec<bool> = (0..lines.len())
        .map(|i| {
            let l = &lines[i];
            let (n, head) = last.entry(place(&l.segment)).or_insert((0, u32::MAX));
            *n += 1;
            let mut copy = *n > MOST_COPIES;
            let mut at = *head;
            while let Some(o) = lines.get(at as usize).filter(|_| !copy) {
                copy = (o.meaning, o.dashed, o.group) == (l.meaning, l.dashed, l.group);
                at = before[at as usize];
            }
            if !copy {
                before[i] = std::mem::replace(head, i as u32);
            }
            !copy
        })
        .collect();
    let mut kept = kept.into_iter();
    lines.retain(|_| kept.next().unwrap_or(true));
}

fn meetings(points: impl Iterator<Item = (usize, Point2)>, capacity: usize) -> Spots<Spot, Meeting> {
    let mut out = spots::<Spot, Meeting>(capacity);
    for (i, p) in points {
        out.entry(key(p)).or_default().add(i);
    }
    out
}

/// Joins pieces in line; `true` where there were any.
fn join(lines: &mut Vec<SceneLine>) -> bool {
    let ends = lines.iter().enumerate().flat_map(|(i, l)| [(i, l.segment.a), (i, l.segment.b)]);
    let meetings = meetings(ends, 2 * lines.len());
    let joint = |i: usize, p: Point2, lines: &[SceneLine]| -> Option<usize> {
        let other = meetings.get(&key(p))?.other(i)?;
        let (l, o) = (&lines[i], &lines[other]);
        let alike = (l.meaning, l.dashed, l.group) == (o.meaning, o.dashed, o.group) && other != i;
        let far = |s: &Segment2| if key(s.a) == key(p) { s.b } else { s.a };
        let (d, e) = ((p - far(&l.segment)).normalised()?, (far(&o.segment) - p).normalised()?);
        (alike && d.dot(e) > 0.0 && d.cross(e).abs() < STRAIGHT).then_some(other)
    };
    let mut gone = vec![false; lines.len()];
    let mut any = false;
    for i in 0..lines.len() {
        if gone[i] {
            continue;
        }
        let s = lines[i].segment;
        let (mut a, mut b) = (s.a, s.b);
        for end in [&mut a, &mut b] {
            let mut at = i;
            while let Some(next) = joint(at, *end, lines) {
                // a closed run of pieces in line cannot be, but copies of copies could go round
                if gone[next] || next == i {
                    break;
                }
                let n = lines[next].segment;
                *end = if key(n.a) == key(*end) { n.b } else { n.a };
                gone[next] = true;
                any = true;
                at = next;
            }
        }
        lines[i].segment = Segment2::new(a, b);
    }
    let mut i = 0;
    lines.retain(|_| {
        i += 1;
        !gone[i - 1]
    });
    any
}

/// Copies of arcs go, and pieces of one circle that follow each other become one.
fn heal_arcs(arcs: &mut Vec<SceneArc>) {
    let circle = |a: &Arc2| (key(a.centre), (a.radius / MEET).round() as i64);
    let ends = |a: &Arc2| {
        let (p, q) = (key(a.at(0.0)), key(a.at(1.0)));
        let middle = key(a.at(0.5));
        if p < q { (p, q, middle) } else { (q, p, middle) }
    };
    let mut seen = spots(arcs.len());
    let mut copies: Spots<_, u32> = spots(arcs.len());
    arcs.retain(|a| {
        let at = (circle(&a.arc), ends(&a.arc));
        let n = copies.entry(at).or_default();
        *n += 1;
        *n <= MOST_COPIES && seen.insert((at, a.meaning, a.group), ()).is_none()
    });
    // pieces by circle, in the order of the file
    let mut by_circle: Spots<_, Vec<usize>> = spots(arcs.len());
    for (i, a) in arcs.iter().enumerate().filter(|(_, a)| !a.arc.is_circle()) {
        by_circle.entry((circle(&a.arc), a.meaning, a.group)).or_default().push(i);
    }
    let mut gone = vec![false; arcs.len()];
    for i in 0..arcs.len() {
        let Some(mates) = by_circle.get(&(circle(&arcs[i].arc), arcs[i].meaning, arcs[i].group)) else {
            continue;
        };
        // arcs of one circle are few: a stadium, a bubble in quarters
        if gone[i] || mates.len() < 2 || mates.len() > MOST_COPIES as usize {
            continue;
        }
        while let Some((j, whole)) = mates
            .iter()
            .filter(|&&j| j != i && !gone[j])
            .find_map(|&j| Some((j, grown(&arcs[i].arc, &arcs[j].arc)?)))
        {
            arcs[i].arc = whole;
            gone[j] = true;
        }
    }
    let mut i = 0;
    arcs.retain(|_| {
        i += 1;
        !gone[i - 1]
    });
}

/// Both arcs as one, where one begins at the end of the other.
fn grown(a: &Arc2, b: &Arc2) -> Option<Arc2> {
    let b =
        if a.sweep * b.sweep < 0.0 { Arc2 { start: b.start + b.sweep, sweep: -b.sweep, ..*b } } else { *b };
    let sweep = a.sweep + b.sweep;
    if sweep.abs() > std::f64::consts::TAU + 1e-9 {
        None
    } else if key(a.at(1.0)) == key(b.at(0.0)) {
        Some(Arc2 { sweep, ..*a })
    } else if key(b.at(1.0)) == key(a.at(0.0)) {
        Some(Arc2 { start: b.start, sweep, ..*a })
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(ax: f64, ay: f64, bx: f64, by: f64) -> SceneLine {
        SceneLine {
            segment: Segment2::new(Point2::new(ax, ay), Point2::new(bx, by)),
            mark: 0,
            meaning: None,
            dashed: false,
            group: None,
        }
    }

    fn arc(start: f64, sweep: f64) -> SceneArc {
        let arc = Arc2 { centre: Point2::new(1.0, 2.0), radius: 0.9, start, sweep };
        SceneArc { arc, mark: 0, meaning: None, group: None }
    }

    #[test]
    fn pieces_and_copies_become_one() {
        let mut lines = vec![
            line(0.0, 0.0, 1.0, 0.0),
            line(3.0, 0.0, 1.0, 0.0),
            line(3.0, 0.0, 4.0, 0.0),
            line(4.0, 0.0, 0.0, 0.0),
            line(4.0, 0.0, 4.0, 1.0),
        ];
        let mut arcs = vec![arc(0.0, 0.7), arc(1.5, -0.8), arc(0.0, 0.7)];
        heal(&mut lines, &mut arcs);
        // the corner at (4, 0) has two copies of the long line until they are one
        assert_eq!(lines.iter().filter(|l| l.segment.length() > 3.9).count(), 1);
        assert_eq!(arcs.len(), 1);
        assert!((arcs[0].arc.sweep - 1.5).abs() < 1e-9 && arcs[0].arc.start.abs() < 1e-9);
    }

    #[test]
    fn corners_junctions_and_other_layers_stay() {
        let mut corner = vec![line(0.0, 0.0, 1.0, 0.0), line(1.0, 0.0, 1.0, 1.0)];
        let mut junction = vec![line(0.0, 0.0, 1.0, 0.0), line(1.0, 0.0, 2.0, 0.0), line(1.0, 0.0, 1.0, 1.0)];
        let mut layers = vec![line(0.0, 0.0, 1.0, 0.0), line(1.0, 0.0, 2.0, 0.0)];
        layers[1].dashed = true;
        let mut back = vec![line(0.0, 0.0, 2.0, 0.0), line(2.0, 0.0, 1.0, 0.0)];
        for (lines, n) in [(&mut corner, 2), (&mut junction, 3), (&mut layers, 2), (&mut back, 2)] {
            heal(lines, &mut Vec::new());
            assert_eq!(lines.len(), n);
        }
    }
}
