//! Whether rays meet an odd number of faces: all the rays of one direction in one sweep over the sheet, since a ray from
//! each of many places across all the faces would cost the square of the drawing.

use super::face::Family;
use crate::geom::Point2;

/// Families of more stretches than this keep a parity of their own; those of the rest are looked at one by one.
const LARGE: usize = 64;
/// At most so many families keep one.
const MOST_LARGE: usize = 64;
/// Families closer than this to the direction of the rays are not met.
const ALONG: f64 = 1e-9;

/// The faces that rays meet.
pub struct Sheaf<'a> {
    families: &'a [Family],
    /// Numbers of families that keep a parity.
    large: Vec<usize>,
    /// Every stretch: family, face, and both ends along.
    spans: Vec<(u32, u32, f64, f64)>,
    /// Per family, its place in `large`.
    slot: Vec<Option<u32>>,
    /// Per large family, the places across of its faces.
    places: Vec<Vec<f64>>,
}

/// Where a point lies among the faces of each large family: how many lie below it, and how many not above.
pub struct Ranked {
    point: Point2,
    ranks: Vec<(u32, u32)>,
}

impl<'a> Sheaf<'a> {
    /// All stretches of all families.
    pub fn new(families: &'a [Family]) -> Self {
        let counts: Vec<usize> =
            families.iter().map(|f| f.faces.iter().map(|f| f.spans.len()).sum()).collect();
        let total: usize = counts.iter().sum();
        let least = LARGE.max(total / MOST_LARGE);
        let large: Vec<usize> = (0..families.len()).filter(|&f| counts[f] >= least).collect();
        let mut slot = vec![None; families.len()];
        for (i, &f) in large.iter().enumerate() {
            slot[f] = Some(i as u32);
        }
        let places = large.iter().map(|&f| families[f].faces.iter().map(|f| f.rho).collect()).collect();
        let mut spans = Vec::with_capacity(total);
        for (f, family) in families.iter().enumerate() {
            for (i, face) in family.faces.iter().enumerate() {
                spans.extend(face.spans.iter().map(|s| (f as u32, i as u32, s.0, s.1)));
            }
        }
        Self { families, large, spans, slot, places }
    }

    /// How many stretches there are.
    pub fn stretches(&self) -> usize {
        self.spans.len()
    }

    /// A point with its place in each large family.
    pub fn ranked(&self, point: Point2) -> Ranked {
        let rank = |(&f, places): (&usize, &Vec<f64>)| {
            let rho = point.dot(self.families[f].normal());
            let below = places.partition_point(|p| *p < rho);
            let equal = places[below..].iter().take_while(|p| **p == rho).count();
            (below as u32, (below + equal) as u32)
        };
        Ranked { point, ranks: self.large.iter().zip(&self.places).map(rank).collect() }
    }

    /// For each point, whether the ray ahead and the ray behind meet an odd number of faces.
    pub fn odd(&self, d: Point2, points: &[&Ranked]) -> Vec<(bool, bool)> {
        let across = d.left();
        // families seen along their lines are not met
        let rises: Vec<f64> = self.families.iter().map(|f| d.dot(f.normal())).collect();
        let met: Vec<u32> = (0..self.spans.len() as u32)
            .filter(|&i| rises[self.spans[i as usize].0 as usize].abs() >= ALONG)
            .collect();
        let ends: Vec<(f64, f64)> = met
            .iter()
            .map(|&i| {
                let (f, face, a, b) = self.spans[i as usize];
                let family = &self.families[f as usize];
                let rho = family.faces[face as usize].rho * family.normal().dot(across);
                let (p, q) = (a * family.along.dot(across) + rho, b * family.along.dot(across) + rho);
                (p.min(q), p.max(q))
            })
            .collect();
        let scale = Scale::over(ends.iter().copied());
        let starts = sorted(ends.iter().map(|e| scale.place(e.0)));
        let stops = sorted(ends.iter().map(|e| scale.place(e.1)));
        let asked = sorted(points.iter().map(|p| scale.place(p.point.dot(across))));
        let mut state = State::new(self, &rises);
        let mut out = vec![(false, false); points.len()];
        let (mut s, mut e) = (0, 0);
        for (at, n) in asked {
            // ends belong to the stretch
            while let Some(&(_, i)) = starts.get(s).filter(|x| x.0 <= at) {
                state.turn(self, met[i as usize], true);
                s += 1;
            }
            while let Some(&(_, i)) = stops.get(e).filter(|x| x.0 < at) {
                state.turn(self, met[i as usize], false);
                e += 1;
            }
            out[n as usize] = state.odd(points[n as usize]);
        }
        out
    }
}

/// Places across the rays as whole numbers: finer than any drawing, and quickly sorted.
struct Scale {
    from: f64,
    steps: f64,
}

impl Scale {
    fn over(ends: impl Iterator<Item = (f64, f64)>) -> Self {
        let (mut lo, mut hi) = (f64::INFINITY, f64::NEG_INFINITY);
        for e in ends {
            (lo, hi) = (lo.min(e.0), hi.max(e.1));
        }
        let steps = f64::from(u32::MAX - 2) / (hi - lo);
        Self { from: lo, steps: if steps.is_finite() { steps } else { 0.0 } }
    }

    /// Beyond the ends everything is one place.
    fn place(&self, x: f64) -> u32 {
        // what is below the first is 0, where nothing has begun
        ((x - self.from) * self.steps + 1.0).max(0.0) as u32
    }
}

/// Places with their numbers, rising; those of one place in the order given.
fn sorted(places: impl Iterator<Item = u32>) -> Vec<(u32, u32)> {
    const BITS: u32 = 11;
    let mut list: Vec<(u32, u32)> = places.enumerate().map(|(i, p)| (p, i as u32)).collect();
    if list.len() < 256 {
        list.sort_unstable();
        return list;
    }
    let mut other = vec![(0, 0); list.len()];
    for pass in 0..3 {
        let digit = |p: u32| (p >> (pass * BITS)) as usize & ((1 << BITS) - 1);
        let mut starts = [0u32; 1 << BITS];
        for x in &list {
            starts[digit(x.0)] += 1;
        }
        let mut sum = 0;
        for s in &mut starts {
            (*s, sum) = (sum, sum + *s);
        }
        for x in &list {
            let slot = &mut starts[digit(x.0)];
            other[*slot as usize] = *x;
            *slot += 1;
        }
        std::mem::swap(&mut list, &mut other);
    }
    list
}

/// What the line of the sweep crosses.
struct State {
    /// Per large family, which faces are crossed; whether rays ahead meet those above.
    large: Vec<(Parity, bool)>,
    /// Stretches of small families that are crossed: number, normal and place of the face, on the side of `d`.
    small: Vec<(u32, Point2, f64)>,
    /// Where each of them stands in `small`.
    at: Vec<u32>,
    rises: Vec<f64>,
}

impl State {
    fn new(sheaf: &Sheaf<'_>, rises: &[f64]) -> Self {
        let large = sheaf
            .large
            .iter()
            .map(|&f| (Parity::new(sheaf.families[f].faces.len()), rises[f] > 0.0))
            .collect();
        Self { large, small: Vec::new(), at: vec![0; sheaf.spans.len()], rises: rises.to_vec() }
    }

    fn turn(&mut self, sheaf: &Sheaf<'_>, span: u32, on: bool) {
        let (f, face, ..) = sheaf.spans[span as usize];
        if let Some(slot) = sheaf.slot[f as usize] {
            self.large[slot as usize].0.turn(face as usize);
        } else if on {
            let family = &sheaf.families[f as usize];
            let side = self.rises[f as usize].signum();
            self.at[span as usize] = self.small.len() as u32;
            self.small.push((span, family.normal() * side, family.faces[face as usize].rho * side));
        } else {
            let at = self.at[span as usize] as usize;
            self.small.swap_remove(at);
            if let Some(moved) = self.small.get(at) {
                self.at[moved.0 as usize] = at as u32;
            }
        }
    }

    fn odd(&self, p: &Ranked) -> (bool, bool) {
        let (mut ahead, mut behind) = (false, false);
        for ((parity, up), &(below, not_above)) in self.large.iter().zip(&p.ranks) {
            let (under, over) =
                (parity.below(below as usize), parity.all() ^ parity.below(not_above as usize));
            let (a, b) = if *up { (over, under) } else { (under, over) };
            ahead ^= a;
            behind ^= b;
        }
        for (_, normal, rho) in &self.small {
            let own = p.point.dot(*normal);
            ahead ^= *rho > own;
            behind ^= *rho < own;
        }
        (ahead, behind)
    }
}

/// Which of many are on, and whether an odd number of them is below a place: words of 64, and above them words whose bits
/// are the parities of words.
struct Parity {
    levels: Vec<Vec<u64>>,
}

impl Parity {
    fn new(count: usize) -> Self {
        let mut levels = Vec::new();
        // one more, so that every rank has a word
        let mut n = count + 1;
        loop {
            n = n.div_ceil(64);
            levels.push(vec![0; n]);
            if n == 1 {
                return Self { levels };
            }
            // a rank at the end of the words has a word too
            n += 1;
        }
    }

    fn turn(&mut self, mut i: usize) {
        for level in &mut self.levels {
            level[i >> 6] ^= 1 << (i & 63);
            i >>= 6;
        }
    }

    fn below(&self, mut i: usize) -> bool {
        let mut ones = 0;
        for level in &self.levels {
            ones += (level[i >> 6] & ((1 << (i & 63)) - 1)).count_ones();
            i >>= 6;
        }
        ones % 2 == 1
    }

    fn all(&self) -> bool {
        self.levels.last().and_then(|l| l.first()).is_some_and(|w| w.count_ones() % 2 == 1)
    }
}
