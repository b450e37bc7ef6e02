//! Dimensions drawn as plain lines on no layer of their own: a number whose length is just what lies between two strokes
//! on the line beside it. Their lines are no walls.

use super::ruler::{self, REACH};
use super::scene::{Scene, SceneText};
use super::text::length;
use crate::geom::{Box2, BoxIndex, Point2, Segment2};

/// A text stands in the middle between its ends, within so many heights; long texts of short stretches stand outside.
const OFF_MIDDLE: f64 = 0.6;
/// What is shown is rounded to a millimetre, metres, and off by this share.
const ROUNDED: f64 = 0.0011;
const SHARE: f64 = 5e-4;
/// Strokes that meet a dimension line end within so many text heights behind it: ticks and extension lines.
const OVERSHOT: f64 = 2.5;
/// Strokes looked at around one text, and around one end.
const MOST_NEAR: usize = 64;
const MOST_ENDS: usize = 64;

/// Which of the scene's lines without a meaning belong to dimensions; `taken` are something else.
pub fn nameless_lines(scene: &Scene<'_>, taken: &[bool]) -> Vec<bool> {
    let mut found = vec![false; scene.lines.len()];
    let numbers: Vec<(&SceneText, length::Length)> = scene
        .texts
        .iter()
        .filter(|t| t.meaning.is_none() && t.height > 1e-6)
        .filter_map(|t| length::parse(&t.text).filter(|l| l.number > 0.0).map(|l| (t, l)))
        .collect();
    if numbers.is_empty() {
        return found;
    }
    // strokes that end a stretch may be anything, axes too
    let strokes: Vec<Segment2> = scene.lines.iter().map(|l| l.segment).collect();
    let index = BoxIndex::new(strokes.iter().map(|s| Box2::of(s.a, s.b)).collect());
    for (text, shown) in numbers {
        let near = Box2::of(text.at, text.at).grown(REACH * text.height);
        // of several lines that fit, the nearest one is the text's
        let off = |i: usize| strokes[i].distance(text.at);
        let best = index
            .touching_few(&near, MOST_NEAR)
            .unwrap_or_default()
            .into_iter()
            .filter(|&i| scene.lines[i].meaning.is_none() && !taken[i] && beside(&strokes[i], text))
            .filter_map(|i| stretch(i, text, &shown, &strokes, &index).map(|ends| (i, ends)))
            .min_by(|a, b| off(a.0).total_cmp(&off(b.0)));
        let Some((i, ends)) = best else { continue };
        found[i] = true;
        for end in ends.iter().flatten().filter(|e| e.ends_here) {
            found[end.line] |= scene.lines[end.line].meaning.is_none() && !taken[end.line];
        }
    }
    found
}

/// The line runs along the text and near it.
fn beside(line: &Segment2, text: &SceneText) -> bool {
    let along = Point2::unit(text.angle);
    line.direction().is_some_and(|d| ruler::beside(line, d, text.at, along, text.height).is_some())
}

/// Where a stroke meets the line.
struct End {
    /// Along the line.
    at: f64,
    /// Number of the stroke.
    line: usize,
    /// The stroke ends at the line or just behind it.
    ends_here: bool,
}

/// Strokes that meet the line within `reach` of a place along it.
fn ends(line: &Segment2, place: f64, reach: f64, height: f64, of: (&[Segment2], &BoxIndex)) -> Vec<End> {
    let Some(d) = line.direction() else { return Vec::new() };
    let slack = 0.15 * height;
    let p = line.a + d * place;
    let near = of.1.touching_few(&Box2::of(p, p).grown(reach + slack), MOST_ENDS).unwrap_or_default();
    near.into_iter()
        .filter_map(|j| {
            let (at, from, to) = ruler::met(line, d, &of.0[j], slack)?;
            ((at - place).abs() < reach).then(|| End {
                at,
                line: j,
                ends_here: from.abs().min(to.abs()) < OVERSHOT * height,
            })
        })
        .collect()
}

/// Strokes at the two ends between which the line is as long as the text says.
fn stretch(
    i: usize,
    text: &SceneText,
    shown: &length::Length,
    strokes: &[Segment2],
    index: &BoxIndex,
) -> Option<[Vec<End>; 2]> {
    let line = strokes[i];
    let d = line.direction()?;
    let foot = (text.at - line.a).dot(d);
    let units: &[f64] = match shown.unit_m {
        Some(_) => &[1.0],
        None => &[0.001, 0.01, 1.0],
    };
    let reach = OFF_MIDDLE * text.height;
    for &unit in units {
        let long = shown.metres(unit);
        let (left, right) = (foot - long / 2.0, foot + long / 2.0);
        if left < -reach || right > line.length() + reach {
            continue;
        }
        let places = [left, right].map(|p| ends(&line, p, reach, text.height, (strokes, index)));
        let at = |k: usize, own: f64| -> Vec<f64> {
            let near = ((own - [left, right][k]).abs() < reach).then_some(own);
            places[k].iter().map(|e| e.at).chain(near).collect()
        };
        let fits = |a: f64, b: f64| ((b - a) - long).abs() < ROUNDED + SHARE * long;
        let rights = at(1, line.length());
        for a in at(0, 0.0) {
            if let Some(&b) = rights.iter().find(|b| fits(a, **b)) {
                let [mut low, mut high] = places;
                low.retain(|e| (e.at - a).abs() < 1e-3);
                high.retain(|e| (e.at - b).abs() < 1e-3);
                return Some([low, high]);
            }
        }
    }
    None
}
