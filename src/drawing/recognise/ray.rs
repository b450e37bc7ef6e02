//! Rays across strips: inside of closed outlines every ray meets an odd number of faces.

use super::face::Family;
use super::lane::Lanes;
use super::sweep::{Ranked, Sheaf};
use crate::geom::Point2;
use rayon::prelude::*;

/// Directions of rays: turned by so much from the normal, to both sides, so that none runs along what is drawn square.
const TURNS: [f64; 4] = [0.031, -0.17, 0.233, -0.077];

/// A strip by its number, and the two places on it that rays start from.
pub type Start = (usize, Point2, Point2);

/// For strips by family: how many rays say inside less those that say outside, from −1 to 1. A family of many strips has
/// its rays followed together, one of few has each ray followed for itself: a sweep costs as much as the sheet has faces.
pub fn parities(outlines: &[Family], families: &[Family], open: &[Vec<Start>]) -> Vec<(usize, f64)> {
    let sheaf = Sheaf::new(outlines);
    let few = (sheaf.stretches() as f64).sqrt() as usize;
    let lanes: Vec<Lanes<'_>> = if open.iter().any(|s| !s.is_empty() && s.len() < few) {
        outlines.par_iter().map(Lanes::new).collect()
    } else {
        Vec::new()
    };
    let each: Vec<Vec<(usize, f64)>> = (families.par_iter().zip(open))
        .map(|(family, starts)| match starts.len() < few {
            true => starts.par_iter().map(|s| (s.0, alone(&lanes, family, s))).collect(),
            false => together(&sheaf, family, starts),
        })
        .collect();
    each.into_iter().flatten().collect()
}

fn direction(family: &Family, turn: f64) -> Point2 {
    family.normal() * turn.cos() + family.along * turn.sin()
}

fn start(turn: usize, s: &Start) -> Point2 {
    if turn.is_multiple_of(2) { s.1 } else { s.2 }
}

fn alone(lanes: &[Lanes<'_>], family: &Family, s: &Start) -> f64 {
    let odd = |from, d| lanes.iter().map(|l| l.crossings(from, d)).sum::<usize>() % 2 == 1;
    let said = TURNS.iter().enumerate().flat_map(|(i, &turn)| {
        let (from, d) = (start(i, s), direction(family, turn));
        [odd(from, d), odd(from, d * -1.0)]
    });
    said.map(|odd| if odd { 1.0 } else { -1.0 }).sum::<f64>() / (2 * TURNS.len()) as f64
}

fn together(sheaf: &Sheaf<'_>, family: &Family, starts: &[Start]) -> Vec<(usize, f64)> {
    let ranked: Vec<[Ranked; 2]> =
        starts.iter().map(|s| [sheaf.ranked(start(0, s)), sheaf.ranked(start(1, s))]).collect();
    let turns: Vec<Vec<(bool, bool)>> = (0..TURNS.len())
        .into_par_iter()
        .map(|i| {
            let points: Vec<&Ranked> = ranked.iter().map(|r| &r[i % 2]).collect();
            sheaf.odd(direction(family, TURNS[i]), &points)
        })
        .collect();
    let said = |n: usize| {
        let odd = turns.iter().map(|t| i32::from(t[n].0) + i32::from(t[n].1)).sum::<i32>();
        let rays = 2 * TURNS.len() as i32;
        f64::from(2 * odd - rays) / f64::from(rays)
    };
    starts.iter().enumerate().map(|(n, s)| (s.0, said(n))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawing::recognise::face::{FaceLine, families};
    use crate::geom::Segment2;

    /// Numbers that look random, from 0 to 1.
    fn dice(seed: &mut u64) -> f64 {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*seed >> 33) as f64 / f64::from(1u32 << 31)
    }

    #[test]
    fn rays_followed_together_meet_what_each_meets_alone() {
        let mut seed = 7;
        let mut lines = Vec::new();
        // large families square to each other, and many small ones
        for i in 0..900 {
            let angle = match i % 3 {
                0 => 0.0,
                1 => std::f64::consts::FRAC_PI_2,
                _ => dice(&mut seed) * 3.1,
            };
            let a = Point2::new(dice(&mut seed) * 40.0, dice(&mut seed) * 30.0);
            let b = a + Point2::unit(angle) * (0.2 + dice(&mut seed) * 9.0);
            lines.push(FaceLine {
                segment: Segment2::new(a, b),
                mark: i,
                on_wall_layer: true,
                curtain: false,
                dashed: false,
            });
        }
        let outlines = families(&lines);
        let place = |seed: &mut u64| Point2::new(dice(seed) * 44.0 - 2.0, dice(seed) * 34.0 - 2.0);
        let starts: Vec<Start> = (0..300).map(|i| (i, place(&mut seed), place(&mut seed))).collect();
        let sheaf = Sheaf::new(&outlines);
        let lanes: Vec<Lanes<'_>> = outlines.iter().map(Lanes::new).collect();
        let mut seen = std::collections::BTreeSet::new();
        for family in &outlines[..3] {
            for (n, said) in together(&sheaf, family, &starts) {
                assert_eq!(said, alone(&lanes, family, &starts[n]), "{n}");
                seen.insert((said * 4.0) as i32);
            }
        }
        assert!(seen.len() > 5, "rays of one strip always agree: {seen:?}");
    }

    #[test]
    fn nothing_is_met_where_nothing_is() {
        let start: Start = (0, Point2::new(0.0, 0.0), Point2::new(1.0, 0.0));
        let family = Family { along: Point2::new(1.0, 0.0), faces: Vec::new() };
        assert_eq!(together(&Sheaf::new(&[]), &family, &[start]), [(0, -1.0)]);
        assert_eq!(parities(&[], &[family], &[vec![start]]), [(0, -1.0)]);
    }
}
