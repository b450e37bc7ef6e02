//! How long a drawing unit is by what a plan says itself: numbers that stand on a line between two strokes that cross
//! it are dimensions, whatever drew them. Each gives a few guesses; the guess that most of them share is the unit.

use super::scene::Area;
use super::text::length;
use crate::drawing::model::{Sheet, TextMark};
use crate::geom::{Box2, BoxIndex, Point2, Segment2};
use std::collections::BTreeSet;

/// The unit that dimensions agree on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ruled {
    /// Metres per drawing unit.
    pub unit_m: f64,
    /// How far it may be off, as a share (three standard errors).
    pub spread: f64,
    /// Texts that say so.
    pub texts: usize,
}

/// Texts looked at; of more an even selection.
const MAX_TEXTS: usize = 600;
/// Strokes looked at around one text.
const MAX_NEAR: usize = 400;
/// Ends on one dimension line that are paired.
const MAX_ENDS: usize = 48;
/// A dimension line lies within so many text heights of its text's middle.
pub(super) const REACH: f64 = 2.0;
/// A text stands in the middle between its ends, within so many heights.
const OFF_MIDDLE: f64 = 0.45;
/// Guesses that differ by less are one (shares).
const ALIKE: f64 = 2e-3;
/// Texts that must agree, and their share among those with a guess.
const MIN_TEXTS: usize = 4;
const MIN_SHARE: f64 = 0.35;
/// How much more a text counts whose guess is a likely unit, and how near to it that is.
const LIKELY: f64 = 1.8;
const NEAR_LIKELY: f64 = 0.005;
/// Half a millimetre: what a shown length is rounded to, as a standard deviation of an even spread.
const ROUNDING_M: f64 = 0.001 / 3.46;
/// Texts smaller than this give no direction worth a guess, drawing units.
const NOTHING: f64 = 1e-9;

/// A guess: text, shown length and what it measures if the guess is right.
#[derive(Clone, Copy, Debug)]
struct Guess {
    text: usize,
    shown_m: f64,
    measured: f64,
}

/// Looks for dimensions in an area. A unit among `likely` needs fewer of them: numbers in centimetres and in
/// millimetres say the same of units ten times apart.
pub fn read(sheet: &Sheet, area: &Area, likely: &[f64]) -> Option<Ruled> {
    let texts: Vec<(&TextMark, length::Length)> = sheet
        .texts
        .iter()
        .filter(|t| t.height > NOTHING && area.contains(t.centre))
        .filter_map(|t| length::parse(&t.text).filter(|l| l.number > 0.0).map(|l| (t, l)))
        .collect();
    if texts.len() < MIN_TEXTS {
        return None;
    }
    let strokes: Vec<Segment2> = sheet
        .lines
        .iter()
        .filter(|l| sheet.marks.get(l.mark as usize).is_some_and(|m| m.visible))
        .map(|l| l.segment)
        .filter(|s| s.a.is_finite() && s.b.is_finite() && area.contains(s.middle()))
        .collect();
    let index = BoxIndex::new(strokes.iter().map(|s| Box2::of(s.a, s.b)).collect());
    let step = texts.len().div_ceil(MAX_TEXTS).max(1);
    let mut guesses: Vec<Guess> = Vec::new();
    for (i, (text, shown)) in texts.iter().enumerate().step_by(step) {
        for measured in measured(text, &strokes, &index) {
            for &unit in units(shown) {
                guesses.push(Guess { text: i, shown_m: shown.metres(unit), measured });
            }
        }
    }
    agreed(&guesses, likely)
}

/// Units that a number may be in, where it names none.
fn units(shown: &length::Length) -> &'static [f64] {
    match (shown.unit_m, shown.decimal) {
        (Some(_), _) => &[1.0],
        (None, true) => &[1.0, 0.01],
        (None, false) if shown.number < 1000.0 => &[0.001, 0.01],
        (None, false) => &[0.001],
    }
}

/// Where along a line in direction `d` a text stands that is written along it, as high as `h`, and near it.
pub(super) fn beside(line: &Segment2, d: Point2, at: Point2, along: Point2, h: f64) -> Option<f64> {
    let (off, foot) = (d.cross(at - line.a).abs(), (at - line.a).dot(d));
    let near = off <= REACH * h && foot >= -h && foot <= line.length() + h;
    (near && d.cross(along).abs() <= 0.01).then_some(foot)
}

/// Where along a line in direction `d` another stroke crosses it, or ends at it to `slack`; and how far off the line that
/// stroke begins and ends.
pub(super) fn met(line: &Segment2, d: Point2, other: &Segment2, slack: f64) -> Option<(f64, f64, f64)> {
    if d.cross(other.direction()?).abs() < 0.3 {
        return None;
    }
    let (from, to) = (d.cross(other.a - line.a), d.cross(other.b - line.a));
    if from.min(to) > slack || from.max(to) < -slack {
        return None;
    }
    let t = if from == to { 0.5 } else { from / (from - to) };
    Some(((other.a.lerp(other.b, t) - line.a).dot(d), from, to))
}

/// Lengths between strokes that the text may mean: it stands in the middle of each.
fn measured(text: &TextMark, strokes: &[Segment2], index: &BoxIndex) -> Vec<f64> {
    let along = Point2::unit(text.angle);
    let h = text.height;
    let reach = Box2::of(text.centre, text.centre).grown(REACH * h);
    let mut out = Vec::new();
    for i in index.touching(&reach).into_iter().take(MAX_NEAR) {
        let line = strokes[i];
        let Some(d) = line.direction() else { continue };
        let Some(foot) = beside(&line, d, text.centre, along, h).filter(|_| line.length() >= h) else {
            continue;
        };
        let ends = ends(&line, foot, h, strokes, index);
        for (n, left) in ends.iter().enumerate() {
            for right in &ends[n + 1..] {
                let middle = (left + right) / 2.0;
                if *left < foot && foot < *right && (middle - foot).abs() < OFF_MIDDLE * h {
                    out.push(right - left);
                }
            }
        }
    }
    out.sort_by(f64::total_cmp);
    out.dedup_by(|a, b| (*a - *b).abs() < 1e-6 * h);
    out
}

/// Where strokes cross a line or end on it, as places along it: the nearest ones on either side of `foot`.
fn ends(line: &Segment2, foot: f64, h: f64, strokes: &[Segment2], index: &BoxIndex) -> Vec<f64> {
    let Some(d) = line.direction() else { return Vec::new() };
    let slack = 0.15 * h;
    let mut out = Vec::new();
    for i in index.touching(&Box2::of(line.a, line.b).grown(slack)) {
        let other = strokes[i];
        let at = met(line, d, &other, slack).map(|m| m.0);
        out.extend(at.filter(|at| *at > -slack && *at < line.length() + slack));
    }
    out.sort_by(f64::total_cmp);
    out.dedup_by(|a, b| (*a - *b).abs() < 1e-4 * h);
    let middle = out.partition_point(|v| *v < foot);
    let from = middle.saturating_sub(MAX_ENDS / 2);
    let to = (middle + MAX_ENDS / 2).min(out.len());
    out.get(from..to).map(<[f64]>::to_vec).unwrap_or_default()
}

/// The unit that most texts share, from the sum of what they show and what they measure.
fn agreed(guesses: &[Guess], likely: &[f64]) -> Option<Ruled> {
    let mut sorted: Vec<(f64, Guess)> =
        guesses.iter().map(|g| ((g.shown_m / g.measured).ln(), *g)).filter(|(v, _)| v.is_finite()).collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.text.cmp(&b.1.text)));
    let all: BTreeSet<usize> = sorted.iter().map(|(_, g)| g.text).collect();
    let mut best = (0.0, 0, 0, 0);
    let mut from = 0;
    let mut counts = std::collections::BTreeMap::<usize, usize>::new();
    for to in 0..sorted.len() {
        *counts.entry(sorted[to].1.text).or_default() += 1;
        while sorted[to].0 - sorted[from].0 > ALIKE {
            let text = sorted[from].1.text;
            if let Some(n) = counts.get_mut(&text) {
                *n -= 1;
                if *n == 0 {
                    counts.remove(&text);
                }
            }
            from += 1;
        }
        let middle = ((sorted[from].0 + sorted[to].0) / 2.0).exp();
        let expected = likely.iter().any(|l| (middle / l - 1.0).abs() < NEAR_LIKELY);
        let weight = counts.len() as f64 * if expected { LIKELY } else { 1.0 };
        if weight > best.0 {
            best = (weight, counts.len(), from, to + 1);
        }
    }
    let (_, texts, from, to) = best;
    if texts < MIN_TEXTS || (texts as f64) < MIN_SHARE * all.len() as f64 {
        return None;
    }
    let own: Vec<Guess> = sorted[from..to].iter().map(|(_, g)| *g).collect();
    Some(fitted(own, texts))
}

/// The unit by least squares; what is off by more than its rounding and what the others leave is left out, twice.
fn fitted(mut own: Vec<Guess>, texts: usize) -> Ruled {
    let slope = |own: &[Guess]| {
        let (num, den) = own
            .iter()
            .fold((0.0, 0.0), |(n, d), g| (n + g.shown_m * g.measured, d + g.measured * g.measured));
        num / den
    };
    let mut unit_m = slope(&own);
    for _ in 0..2 {
        let off = |g: &Guess| (g.shown_m - g.measured * unit_m).abs();
        let mut errors: Vec<f64> = own.iter().map(off).collect();
        errors.sort_by(f64::total_cmp);
        let limit = (3.0 * errors.get(errors.len() / 2).copied().unwrap_or(0.0)).max(3.0 * ROUNDING_M);
        let kept: Vec<Guess> = own.iter().copied().filter(|g| off(g) <= limit).collect();
        if kept.len() < MIN_TEXTS {
            break;
        }
        own = kept;
        unit_m = slope(&own);
    }
    let n = own.len() as f64;
    let sum2: f64 = own.iter().map(|g| (g.measured * unit_m).powi(2)).sum();
    let error2 = own.iter().map(|g| (g.shown_m - g.measured * unit_m).powi(2)).sum::<f64>() / n;
    let sigma = error2.sqrt().max(ROUNDING_M);
    Ruled { unit_m, spread: 3.0 * sigma / sum2.sqrt(), texts }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawing::model::{LineMark, Mark};

    fn line(sheet: &mut Sheet, a: (f64, f64), b: (f64, f64)) {
        let segment = Segment2::new(Point2::new(a.0, a.1), Point2::new(b.0, b.1));
        sheet.lines.push(LineMark { mark: 0, segment });
    }

    fn text(sheet: &mut Sheet, text: &str, x: f64, y: f64) {
        let at = Point2::new(x, y);
        sheet.texts.push(TextMark {
            mark: 0,
            text: text.into(),
            centre: at,
            at,
            height: 5.0,
            width: 20.0,
            angle: 0.0,
            mirrored: false,
            tag: None,
        });
    }

    /// A chain of dimensions and one over all, with ticks; `unit_m` metres per drawing unit.
    fn chain(unit_m: f64, lengths: &[f64]) -> (Sheet, Area) {
        let mut sheet = Sheet { marks: vec![Mark { visible: true, ..Mark::default() }], ..Sheet::default() };
        let whole: f64 = lengths.iter().sum();
        let total = whole * 0.001 / unit_m;
        line(&mut sheet, (0.0, 0.0), (total, 0.0));
        line(&mut sheet, (0.0, 20.0), (total, 20.0));
        let mut at = 0.0;
        let tick = |sheet: &mut Sheet, x: f64, y: f64| line(sheet, (x - 2.0, y - 2.0), (x + 2.0, y + 2.0));
        tick(&mut sheet, 0.0, 0.0);
        tick(&mut sheet, 0.0, 20.0);
        for mm in lengths {
            let long = mm * 0.001 / unit_m;
            text(&mut sheet, &format!("{mm}"), at + long / 2.0, 4.0);
            at += long;
            tick(&mut sheet, at, 0.0);
        }
        tick(&mut sheet, at, 20.0);
        text(&mut sheet, &format!("{whole}"), total / 2.0, 24.0);
        let bounds = Box2::of(Point2::new(-50.0, -50.0), Point2::new(total + 50.0, 100.0));
        (sheet, Area { bounds, outline: None, without: Vec::new() })
    }

    #[test]
    fn a_page_that_was_printed_to_fit_tells_its_scale() {
        let unit_m = 0.0254 / 72.0 * 100.0 * 1.0004;
        let (sheet, area) = chain(unit_m, &[3600.0, 4200.0, 3600.0, 1500.0, 2400.0]);
        let ruled = read(&sheet, &area, &[]).unwrap();
        assert!((ruled.unit_m / unit_m - 1.0).abs() < 1e-9 && ruled.texts == 6, "{ruled:?}");
        assert!(ruled.spread < 2e-4);
    }

    #[test]
    fn centimetres_are_told_by_the_scale() {
        let (sheet, area) = chain(0.1, &[360.0, 420.0, 365.0, 150.0, 240.0]);
        let stated = read(&sheet, &area, &[1.0]).unwrap();
        assert!((stated.unit_m - 1.0).abs() < 1e-9, "{stated:?}");
        let millimetres = read(&sheet, &area, &[0.1]).unwrap();
        assert!((millimetres.unit_m - 0.1).abs() < 1e-9, "{millimetres:?}");
    }

    #[test]
    fn one_wrong_number_does_not_count() {
        let (mut sheet, area) = chain(0.01, &[3600.0, 4200.0, 3600.0, 1500.0, 2400.0, 900.0]);
        sheet.texts[1].text = "4500".into();
        let ruled = read(&sheet, &area, &[]).unwrap();
        assert!((ruled.unit_m / 0.01 - 1.0).abs() < 1e-9, "{ruled:?}");
        sheet.texts.truncate(2);
        assert_eq!(read(&sheet, &area, &[]), None);
    }
}
