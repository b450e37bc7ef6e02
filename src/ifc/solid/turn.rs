//! Turns the faces of a shell outwards, whatever sense they were written in, and counts the edges where it is open.

use super::shell::Shell;
use crate::geom::{Box3, Point3};

/// An edge as one ring runs along it: its corners, the lower first, the face, and whether it runs upwards.
type Half = (u32, u32, u32, bool);

/// Cavities are looked for while there are no more pairs of a piece inside out and one that is not.
const MAX_CAVITY_LOOKS: usize = 10_000_000;

/// Makes neighbours agree, then turns each closed piece outwards; a piece inside another one that was written against
/// it is a cavity and stays so. Pieces that do not close keep the sense that most of their faces were written in.
pub(super) fn outwards(shell: &mut Shell) {
    let halves = halves(shell);
    let faces = shell.face_count();
    let (flipped, piece_of) = agree(&halves, faces);
    let pieces = piece_of.iter().map(|&p| p as usize + 1).max().unwrap_or(0);
    for (f, &flip) in flipped.iter().enumerate() {
        if flip {
            reverse(shell, f);
        }
    }
    let mut volume = vec![0.0; pieces];
    let mut bounds = vec![Box3::EMPTY; pieces];
    for (f, &piece) in piece_of.iter().enumerate() {
        let p = piece as usize;
        volume[p] += face_volume(shell, f, &mut bounds[p]);
    }
    let open = open_pieces(&halves, &flipped, &piece_of, pieces);
    let inverted = inverted(&volume, &bounds, &open);
    for f in 0..faces {
        if inverted[piece_of[f] as usize] {
            reverse(shell, f);
        }
    }
    shell.turned_faces = (0..faces).filter(|&f| flipped[f] != inverted[piece_of[f] as usize]).count() as u32;
    shell.open_edges = unbalanced(&halves, |f| flipped[f] != inverted[piece_of[f] as usize]);
}

fn halves(shell: &Shell) -> Vec<Half> {
    let mut out: Vec<Half> = Vec::with_capacity(shell.rings.len());
    for f in 0..shell.face_count() {
        for r in shell.face_rings(f) {
            let ring = &shell.rings[shell.ring_range(r)];
            let Some(&last) = ring.last() else { continue };
            let mut a = last;
            for &b in ring {
                if a != b {
                    out.push((a.min(b), a.max(b), f as u32, a < b));
                }
                a = b;
            }
        }
    }
    out.sort_unstable();
    out
}

/// Runs of the sorted half edges that lie on one edge.
fn edges(halves: &[Half]) -> impl Iterator<Item = &[Half]> {
    halves.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1))
}

/// Over edges with two faces: which faces to turn so that neighbours agree, and the piece of each face. Most faces of a
/// piece stay as they are.
fn agree(halves: &[Half], faces: usize) -> (Vec<bool>, Vec<u32>) {
    // neighbours over edges of two, with whether they disagree
    let mut links: Vec<(u32, u32, bool)> = Vec::with_capacity(halves.len());
    for edge in edges(halves) {
        if let [a, b] = edge
            && a.2 != b.2
        {
            links.push((a.2, b.2, a.3 == b.3));
            links.push((b.2, a.2, a.3 == b.3));
        }
    }
    links.sort_unstable();
    let mut starts = vec![0usize; faces + 1];
    links.iter().for_each(|l| starts[l.0 as usize + 1] += 1);
    for i in 0..faces {
        starts[i + 1] += starts[i];
    }
    let mut flipped = vec![false; faces];
    let mut piece_of = vec![u32::MAX; faces];
    let (mut piece, mut queue) = (0u32, Vec::new());
    for seed in 0..faces {
        if piece_of[seed] != u32::MAX {
            continue;
        }
        queue.clear();
        queue.push(seed);
        piece_of[seed] = piece;
        let mut at = 0;
        while let Some(&f) = queue.get(at) {
            at += 1;
            for &(_, g, disagree) in &links[starts[f]..starts[f + 1]] {
                let g = g as usize;
                if piece_of[g] == u32::MAX {
                    piece_of[g] = piece;
                    flipped[g] = flipped[f] != disagree;
                    queue.push(g);
                }
            }
        }
        if queue.iter().filter(|&&f| flipped[f]).count() * 2 > queue.len() {
            queue.iter().for_each(|&f| flipped[f] = !flipped[f]);
        }
        piece += 1;
    }
    (flipped, piece_of)
}

fn reverse(shell: &mut Shell, f: usize) {
    for r in shell.face_rings(f) {
        let range = shell.ring_range(r);
        shell.rings[range].reverse();
    }
}

fn face_volume(shell: &Shell, f: usize, bounds: &mut Box3) -> f64 {
    let mut sum = 0.0;
    for r in shell.face_rings(f) {
        let mut points = shell.ring_points(r);
        let Some(first) = points.next() else { continue };
        bounds.add(first);
        let mut before: Option<Point3> = None;
        for p in points {
            bounds.add(p);
            if let Some(q) = before {
                sum += first.dot(q.cross(p));
            }
            before = Some(p);
        }
    }
    sum
}

/// Pieces with an edge that does not have as many faces on one side as on the other.
fn open_pieces(halves: &[Half], flipped: &[bool], piece_of: &[u32], pieces: usize) -> Vec<bool> {
    let mut open = vec![false; pieces];
    for edge in edges(halves) {
        for half in edge {
            let piece = piece_of[half.2 as usize];
            let balance: i32 = edge
                .iter()
                .filter(|h| piece_of[h.2 as usize] == piece)
                .map(|h| if h.3 != flipped[h.2 as usize] { 1 } else { -1 })
                .sum();
            if balance != 0 {
                open[piece as usize] = true;
            }
        }
    }
    open
}

/// Closed pieces to be turned inside out.
fn inverted(volume: &[f64], bounds: &[Box3], open: &[bool]) -> Vec<bool> {
    let solid = |p: usize| !open[p];
    let positive: Vec<usize> = (0..volume.len()).filter(|&p| solid(p) && volume[p] > 0.0).collect();
    let within = |a: &Box3, b: &Box3| {
        a.min.x >= b.min.x
            && a.min.y >= b.min.y
            && a.min.z >= b.min.z
            && a.max.x <= b.max.x
            && a.max.y <= b.max.y
            && a.max.z <= b.max.z
    };
    let negative = (0..volume.len()).filter(|&p| solid(p) && volume[p] < 0.0).count();
    let few = positive.len().saturating_mul(negative) <= MAX_CAVITY_LOOKS;
    (0..volume.len())
        .map(|p| {
            let cavity =
                || few && positive.iter().any(|&q| volume[q] > -volume[p] && within(&bounds[p], &bounds[q]));
            solid(p) && volume[p] < 0.0 && !cavity()
        })
        .collect()
}

/// Edges that do not have as many faces on one side as on the other.
pub(super) fn open_edges(shell: &Shell) -> u32 {
    unbalanced(&halves(shell), |_| false)
}

fn unbalanced(halves: &[Half], flipped: impl Fn(usize) -> bool) -> u32 {
    edges(halves)
        .filter(|edge| {
            edge.iter().map(|h| if h.3 != flipped(h.2 as usize) { 1 } else { -1 }).sum::<i32>() != 0
        })
        .count() as u32
}
