//! Marks of doors and windows, bound to the openings that they stand beside.

use super::layer::Meaning;
use super::opening::Placed;
use super::scene::{Scene, SceneText};
use super::text::mark::{self, Mark, MarkKind};
use crate::drawing::plans::{OpeningKind, Operation};
use crate::geom::{Box2, BoxIndex};

/// A mark farther from its opening than this belongs to another, metres at 1:100.
const REACH: f64 = 2.2;
/// What a mark of the wrong kind costs, metres.
const WRONG_KIND: f64 = 1.0;

/// A text that is a mark.
struct Candidate<'a> {
    text: &'a SceneText,
    mark: Mark,
}

/// Binds marks to openings, nearest pairs first, each once; a mark for several openings serves so many.
pub fn bind(scene: &Scene<'_>, placed: &mut [Placed]) {
    let candidates = candidates(scene);
    let reach = REACH * (scene.scale / 100.0).clamp(0.5, 2.0);
    let boxes: Vec<Box2> = placed
        .iter()
        .map(|p| {
            let half = p.opening.along * (p.opening.width_m / 2.0);
            Box2::of(p.opening.centre - half, p.opening.centre + half).grown(reach)
        })
        .collect();
    let index = BoxIndex::new(boxes);
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (c, candidate) in candidates.iter().enumerate() {
        let at = candidate.text.at;
        for o in index.touching(&Box2::of(at, at)) {
            let cost = cost(candidate, &placed[o]);
            if cost < reach {
                pairs.push((cost, c, o));
            }
        }
    }
    let first = assign(&mut pairs, &candidates, placed.len());
    // the sheet's own habit: how far off the wall, and how far off the middle, its marks stand
    let habit = Habit::of(&first, &candidates, placed);
    if let Some(habit) = habit {
        for (cost, c, o) in &mut pairs {
            *cost = 0.3 * *cost + habit.deviation(&candidates[*c], &placed[*o]);
        }
    }
    for (c, o) in assign(&mut pairs, &candidates, placed.len()) {
        apply(&candidates[c], &mut placed[o]);
    }
}

/// Nearest pairs first; a mark for several openings serves so many.
fn assign(
    pairs: &mut [(f64, usize, usize)],
    candidates: &[Candidate<'_>],
    openings: usize,
) -> Vec<(usize, usize)> {
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut left: Vec<u32> = candidates.iter().map(|c| c.mark.count.max(1)).collect();
    let mut marked = vec![false; openings];
    let mut out = Vec::new();
    for &(_, c, o) in pairs.iter() {
        if left[c] > 0 && !marked[o] {
            left[c] -= 1;
            marked[o] = true;
            out.push((c, o));
        }
    }
    out
}

/// Where marks stand on this sheet, as medians over a first assignment.
struct Habit {
    across: f64,
    along: f64,
}

impl Habit {
    /// `None` where there are too few marks or they stand anywhere.
    fn of(pairs: &[(usize, usize)], candidates: &[Candidate<'_>], placed: &[Placed]) -> Option<Self> {
        const FEW: usize = 5;
        let median = |mut v: Vec<f64>| {
            v.sort_by(f64::total_cmp);
            v.get(v.len() / 2).copied()
        };
        let offsets: Vec<(f64, f64)> =
            pairs.iter().map(|&(c, o)| offsets(&candidates[c], &placed[o])).collect();
        let across = median(offsets.iter().map(|o| o.0).collect())?;
        let along = median(offsets.iter().map(|o| o.1).collect())?;
        let spread = median(offsets.iter().map(|o| (o.0 - across).abs()).collect())?;
        (offsets.len() >= FEW && spread < 0.15).then_some(Self { across, along })
    }

    fn deviation(&self, c: &Candidate<'_>, p: &Placed) -> f64 {
        let (across, along) = offsets(c, p);
        (across - self.across).abs() + (along - self.along).abs() + wrong_kind(c, p)
    }
}

/// Distance of a mark from its opening's wall, and from its middle along it.
fn offsets(c: &Candidate<'_>, p: &Placed) -> (f64, f64) {
    let o = &p.opening;
    let v = c.text.at - o.centre;
    (v.dot(o.along.left()).abs() - o.depth_m.unwrap_or(0.0) / 2.0, v.dot(o.along).abs())
}

fn apply(candidate: &Candidate<'_>, p: &mut Placed) {
    let opening = &mut p.opening;
    opening.mark = Some(candidate.text.drawn());
    if candidate.mark.certain {
        if candidate.mark.kind.is_window() && !candidate.mark.kind.is_door() && opening.swing.is_none() {
            opening.kind = OpeningKind::Window;
        } else if candidate.mark.kind.is_door() && !candidate.mark.kind.is_window() {
            opening.kind = OpeningKind::Door;
        }
        // a mark says how a door works where its symbol does not
        if opening.operation == Operation::Unknown {
            opening.operation = match candidate.mark.kind {
                MarkKind::SlidingDoor => Operation::Sliding,
                MarkKind::Shutter => Operation::RollingUp,
                _ => Operation::Unknown,
            };
        }
    }
    opening.evidence.confidence = (opening.evidence.confidence + 0.1).min(0.99);
}

fn candidates<'a>(scene: &'a Scene<'_>) -> Vec<Candidate<'a>> {
    let tagged = scene.texts.iter().any(|t| {
        matches!(t.meaning, Some(Meaning::Tag | Meaning::Door | Meaning::Window | Meaning::DoorWindow))
            && mark::parse(&t.text).is_some()
    });
    scene
        .texts
        .iter()
        .filter_map(|text| {
            let mark = mark::parse(&text.text)?;
            let allowed = match text.meaning {
                Some(Meaning::Tag | Meaning::Door | Meaning::Window | Meaning::DoorWindow) => true,
                Some(
                    Meaning::AxisLabel
                    | Meaning::Axis
                    | Meaning::Room
                    | Meaning::Title
                    | Meaning::Table
                    | Meaning::Dimension,
                ) => false,
                _ => !tagged || mark.certain,
            };
            let attribute = text
                .tag
                .as_deref()
                .is_none_or(|t| !t.eq_ignore_ascii_case("NUMBER") && !t.eq_ignore_ascii_case("NAME"));
            (allowed && attribute).then_some(Candidate { text, mark })
        })
        .collect()
}

/// Distance across the wall plus what lies beside the opening along it.
fn cost(c: &Candidate<'_>, p: &Placed) -> f64 {
    let o = &p.opening;
    let v = c.text.at - o.centre;
    let along = (v.dot(o.along).abs() - o.width_m / 2.0).max(0.0);
    let across = v.dot(o.along.left()).abs();
    // a text off the middle is worse than one on it
    let middle = 0.25 * v.dot(o.along).abs().min(o.width_m / 2.0);
    across + 1.5 * along + middle + wrong_kind(c, p)
}

/// What a mark costs beyond distance where it names another kind of opening than is drawn.
fn wrong_kind(c: &Candidate<'_>, p: &Placed) -> f64 {
    match p.opening.kind {
        OpeningKind::Door if !c.mark.kind.is_door() => WRONG_KIND,
        OpeningKind::Window if !c.mark.kind.is_window() => WRONG_KIND,
        OpeningKind::Gap => 0.8 * WRONG_KIND,
        _ => 0.0,
    }
}
