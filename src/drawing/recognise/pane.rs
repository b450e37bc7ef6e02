//! Windows on layers without a meaning: three or more equal lines side by side, no deeper than a wall, that continue a wall.

use super::scene::Scene;
use super::symbol::{Panes, by_extent};
use crate::geom::{Box2, BoxIndex, Point2};

/// Lengths of windows, metres.
const LENGTH: (f64, f64) = (0.3, 8.0);
/// Depth of all lines together: a wall's.
const DEPTH: (f64, f64) = (0.04, 0.65);
/// Lines farther apart are treads.
const SPACING: f64 = 0.2;
/// Lines that differ less across are one.
const SAME: f64 = 0.001;
/// Ends that touch.
const TOUCH: f64 = 0.006;

/// What was found: panes, and which of the scene's lines belong to them.
pub struct Found {
    /// One entry per window.
    pub panes: Vec<Panes>,
    /// Per line of the scene.
    pub taken: Vec<bool>,
}

/// Finds windows among lines without a meaning that are not `other`.
pub fn find(scene: &Scene<'_>, other: &[bool]) -> Found {
    let mut taken = vec![false; scene.lines.len()];
    let usable: Vec<usize> = scene
        .lines
        .iter()
        .enumerate()
        .filter(|(i, l)| l.meaning.is_none() && !l.dashed && !other[*i])
        .map(|(i, _)| i)
        .collect();
    let loose: Vec<super::symbol::Piece> = usable
        .iter()
        .filter(|&&i| (LENGTH.0..=LENGTH.1).contains(&scene.lines[i].segment.length()))
        .map(|&i| super::symbol::Piece { a: scene.lines[i].segment.a, b: scene.lines[i].segment.b, line: i })
        .collect();
    let index = BoxIndex::new(
        usable.iter().map(|&i| Box2::of(scene.lines[i].segment.a, scene.lines[i].segment.b)).collect(),
    );
    let mut panes = Vec::new();
    for group in by_extent(&loose) {
        let Some(stack) = Stack::new(scene, &group) else { continue };
        if !stack.continues(scene, &usable, &index, &group) {
            continue;
        }
        for &i in &group {
            taken[i] = true;
        }
        panes.push(Panes {
            lines: group.iter().map(|&i| (scene.lines[i].segment.a, scene.lines[i].segment.b)).collect(),
            marks: group.iter().map(|&i| scene.lines[i].mark).collect(),
            meaning: None,
            dashed: false,
        });
    }
    Found { panes, taken }
}

/// Equal lines side by side.
struct Stack {
    along: Point2,
    span: (f64, f64),
    rho: (f64, f64),
}

impl Stack {
    fn new(scene: &Scene<'_>, group: &[usize]) -> Option<Self> {
        let first = scene.lines[*group.first()?].segment;
        let along = first.direction()?;
        let mut rhos: Vec<f64> =
            group.iter().map(|&i| scene.lines[i].segment.middle().dot(along.left())).collect();
        rhos.sort_by(f64::total_cmp);
        rhos.dedup_by(|a, b| (*a - *b).abs() < SAME);
        let (lo, hi) = (*rhos.first()?, *rhos.last()?);
        let spaced = rhos.windows(2).all(|w| w[1] - w[0] < SPACING);
        let (a, b) = (first.a.dot(along), first.b.dot(along));
        let length = (b - a).abs();
        let fits =
            rhos.len() >= 3 && spaced && (DEPTH.0..=DEPTH.1).contains(&(hi - lo)) && hi - lo < 1.2 * length;
        fits.then_some(Self { along, span: (a.min(b), a.max(b)), rho: (lo, hi) })
    }

    /// Something that stands for a wall meets the stack at an end: a collinear line at one of its outer lines, or a line
    /// across all of it.
    fn continues(&self, scene: &Scene<'_>, usable: &[usize], index: &BoxIndex, group: &[usize]) -> bool {
        let normal = self.along.left();
        let meets = |t: f64, outwards: f64| {
            let at = |rho: f64| self.along * t + normal * rho;
            let near = Box2::of(at(self.rho.0), at(self.rho.1)).grown(TOUCH);
            index.touching(&near).into_iter().map(|k| usable[k]).filter(|i| !group.contains(i)).any(|i| {
                let s = scene.lines[i].segment;
                let Some(d) = s.direction() else { return false };
                let (ta, tb) = (s.a.dot(self.along), s.b.dot(self.along));
                let (ra, rb) = (s.a.dot(normal), s.b.dot(normal));
                if d.dot(normal).abs() < 0.02 {
                    let on_face = (ra - self.rho.0).abs() < TOUCH || (ra - self.rho.1).abs() < TOUCH;
                    let starts = (ta - t).abs() < TOUCH || (tb - t).abs() < TOUCH;
                    let beyond = (ta + tb) / 2.0 * outwards > t * outwards;
                    return on_face && starts && beyond;
                }
                d.dot(self.along).abs() < 0.02
                    && (ta - t).abs() < TOUCH
                    && ra.min(rb) < self.rho.0 + TOUCH
                    && ra.max(rb) > self.rho.1 - TOUCH
            })
        };
        meets(self.span.0, -1.0) && meets(self.span.1, 1.0)
    }
}
