//! Grid axes: a bubble with a short text, and the line that leads to it.

use super::layer::Meaning;
use super::scene::Scene;
use super::text::{axis_label, mark};
use crate::drawing::plans::{AxisLine, DrawnAxis, Evidence};
use crate::geom::{Arc2, Box2, BoxIndex, Point2, Segment2};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A circle with a label in it.
#[derive(Clone, Debug)]
struct Bubble {
    centre: Point2,
    radius: f64,
    label: String,
    marks: Vec<u32>,
    trusted: bool,
}

/// Radii of bubbles on paper, metres (GB/T 50001: 8–10 mm across; others up to 14).
const PAPER_RADIUS: (f64, f64) = (0.0025, 0.009);
/// An axis line passes the centre within this share of the radius.
const AIM: f64 = 0.12;
/// It ends within so many radii of the rim.
const LEADER: f64 = 8.0;
/// Axis lines are longer than this, metres.
const MIN_AXIS: f64 = 1.0;
/// More bubbles with one label than this are no grid.
const MOST_OF_ONE_LABEL: usize = 64;

/// All axes, by label.
pub fn find(scene: &Scene<'_>) -> Vec<DrawnAxis> {
    let mut bubbles = bubbles(scene);
    let bare = bare_labels(scene, &bubbles);
    bubbles.extend(bare);
    let known = scene.lines.iter().any(|l| l.meaning == Some(Meaning::Axis));
    let lines: Vec<(Segment2, u32)> = scene
        .lines
        .iter()
        .filter(|l| match l.meaning {
            Some(Meaning::Axis | Meaning::AxisLabel) => true,
            None => !known,
            _ => false,
        })
        .filter(|l| l.group.is_none() || known)
        .map(|l| (l.segment, l.mark))
        .collect();
    let lines = joined(lines);
    let index = BoxIndex::new(lines.iter().map(|(s, _)| Box2::of(s.a, s.b)).collect());
    let mut axes: Vec<DrawnAxis> = Vec::new();
    let mut labelled: BTreeMap<String, usize> = BTreeMap::new();
    for b in &bubbles {
        // plans side by side have each label twice; a crowd of one label is something else
        let seen = labelled.entry(b.label.clone()).or_default();
        *seen += 1;
        if *seen > MOST_OF_ONE_LABEL {
            continue;
        }
        let Some((segment, marks)) = line_to(b, &lines, &index) else {
            axes.extend(arc_to(scene, b));
            continue;
        };
        let mut all = marks;
        all.extend(&b.marks);
        let confidence = if b.trusted { 0.97 } else { 0.75 };
        let same = axes
            .iter_mut()
            .find(|a| a.label == b.label && matches!(a.line, AxisLine::Line(s) if collinear(&s, &segment)));
        match same {
            Some(axis) => {
                if let AxisLine::Line(s) = axis.line {
                    axis.line = AxisLine::Line(hull(&s, &segment));
                }
                axis.bubbles.push(b.centre);
                axis.evidence.marks.extend(all);
            }
            None => axes.push(DrawnAxis {
                label: b.label.clone(),
                line: AxisLine::Line(segment),
                bubbles: vec![b.centre],
                evidence: Evidence { marks: all, confidence },
            }),
        }
    }
    for a in &mut axes {
        a.evidence.marks.sort_unstable();
        a.evidence.marks.dedup();
    }
    axes.sort_by(|a, b| {
        axis_label::order(&a.label).cmp(&axis_label::order(&b.label)).then(a.label.cmp(&b.label)).then_with(
            || {
                let x = |a: &DrawnAxis| a.bubbles.first().map_or(0.0, |p| p.x);
                x(a).total_cmp(&x(b))
            },
        )
    });
    axes
}

/// Which of the scene's lines without a meaning are axes: those that lead to a bubble beyond their end.
pub fn nameless_lines(scene: &Scene<'_>, axes: &[DrawnAxis]) -> Vec<bool> {
    /// A bubble's centre lies beyond the line's end by more than this, metres.
    const BEYOND: f64 = 0.05;
    // a mark may have more lines than the axis: those count that run along it, or lead from it to its bubble
    let mut of_mark: HashMap<u32, Vec<&DrawnAxis>> = HashMap::new();
    for axis in axes {
        let apart = match axis.line {
            AxisLine::Line(s) => axis.bubbles.iter().all(|b| s.distance(*b) > BEYOND),
            AxisLine::Arc(_) => true,
        };
        if apart {
            axis.evidence.marks.iter().for_each(|m| of_mark.entry(*m).or_default().push(axis));
        }
    }
    let rim = 1.2 * PAPER_RADIUS.1 * scene.scale;
    let belongs = |s: &Segment2, a: &DrawnAxis| match a.line {
        AxisLine::Line(line) => collinear(&line, s) || a.bubbles.iter().any(|b| s.distance(*b) < rim),
        AxisLine::Arc(_) => true,
    };
    scene
        .lines
        .iter()
        .map(|l| {
            let axes = of_mark.get(&l.mark).filter(|_| l.meaning.is_none());
            axes.is_some_and(|all| all.iter().any(|a| belongs(&l.segment, a)))
        })
        .collect()
}

/// The arc that leads to a bubble: an axis about a centre.
fn arc_to(scene: &Scene<'_>, b: &Bubble) -> Option<DrawnAxis> {
    let on_axis = |m| matches!(m, Some(Meaning::Axis | Meaning::AxisLabel));
    let leads = |arc: &Arc2| {
        let off = (b.centre.distance(arc.centre) - arc.radius).abs();
        let gap = b.centre.distance(arc.at(0.0)).min(b.centre.distance(arc.at(1.0)));
        off < AIM * b.radius && gap < LEADER * b.radius
    };
    scene
        .arcs
        .iter()
        .filter(|a| on_axis(a.meaning) && !a.arc.is_circle() && a.arc.length() > MIN_AXIS && leads(&a.arc))
        .max_by(|x, y| x.arc.length().total_cmp(&y.arc.length()))
        .map(|a| DrawnAxis {
            label: b.label.clone(),
            line: AxisLine::Arc(a.arc),
            bubbles: vec![b.centre],
            evidence: Evidence { marks: [vec![a.mark], b.marks.clone()].concat(), confidence: 0.9 },
        })
}

/// Labels on layers of axes without bubbles around them: each stands beyond the end of its line, or beside it there.
fn bare_labels(scene: &Scene<'_>, found: &[Bubble]) -> Vec<Bubble> {
    let in_bubble: BTreeSet<u32> = found.iter().flat_map(|b| b.marks.iter().copied()).collect();
    let lines: Vec<(Segment2, u32)> = scene
        .lines
        .iter()
        .filter(|l| matches!(l.meaning, Some(Meaning::Axis | Meaning::AxisLabel)))
        .filter(|l| l.segment.length() >= MIN_AXIS)
        .map(|l| (l.segment, l.mark))
        .collect();
    let ends: Vec<Point2> = lines.iter().flat_map(|(s, _)| [s.a, s.b]).collect();
    let index = BoxIndex::new(ends.iter().map(|p| Box2::of(*p, *p)).collect());
    scene
        .texts
        .iter()
        .filter(|t| matches!(t.meaning, Some(Meaning::Axis | Meaning::AxisLabel)))
        .filter(|t| !in_bubble.contains(&t.mark))
        .filter_map(|t| {
            let label = axis_label::parse(&t.text)?;
            let reach = 3.0 * t.height + 0.5 * t.width;
            let near = index.touching_few(&Box2::of(t.at, t.at).grown(reach), MOST_OF_ONE_LABEL)?;
            let off = |k: &usize| ends[*k].distance(t.at);
            let end = near.into_iter().min_by(|a, b| off(a).total_cmp(&off(b)))?;
            // the end of the line stands for the bubble: the line aims at it
            let beyond = lines[end / 2].0.direction()? * if end % 2 == 0 { -1.0 } else { 1.0 };
            Some(Bubble {
                centre: ends[end] + beyond * t.height,
                radius: t.height,
                label,
                marks: vec![t.mark],
                trusted: true,
            })
        })
        .collect()
}

fn bubbles(scene: &Scene<'_>) -> Vec<Bubble> {
    let size = (PAPER_RADIUS.0 * scene.scale, PAPER_RADIUS.1 * scene.scale);
    let known = scene
        .arcs
        .iter()
        .any(|a| a.arc.is_circle() && matches!(a.meaning, Some(Meaning::AxisLabel | Meaning::Axis)));
    let circles: Vec<(Point2, f64, u32, bool)> = scene
        .arcs
        .iter()
        .filter(|a| a.arc.is_circle() && (size.0..=size.1).contains(&a.arc.radius))
        .filter_map(|a| match a.meaning {
            Some(Meaning::AxisLabel | Meaning::Axis) => Some((a.arc.centre, a.arc.radius, a.mark, true)),
            None | Some(Meaning::Dimension | Meaning::Text) if !known => {
                Some((a.arc.centre, a.arc.radius, a.mark, false))
            }
            _ => None,
        })
        .collect();
    let index = BoxIndex::new(circles.iter().map(|c| Box2::of(c.0, c.0).grown(c.1)).collect());
    let mut best: Vec<Option<(f64, String, u32)>> = vec![None; circles.len()];
    for t in &scene.texts {
        let Some(label) = axis_label::parse(&t.text) else { continue };
        for i in index.touching(&Box2::of(t.at, t.at)) {
            let d = t.at.distance(circles[i].0);
            if d < 0.75 * circles[i].1 && best[i].as_ref().is_none_or(|b| d < b.0) {
                best[i] = Some((d, label.clone(), t.mark));
            }
        }
    }
    circles
        .iter()
        .zip(best)
        .filter_map(|(c, b)| {
            let (_, label, text) = b?;
            // on no layer of axes, a circle around D03 or W-1 is the tag of a door or a window
            (c.3 || mark::parse(&label).is_none()).then_some(())?;
            Some(Bubble { centre: c.0, radius: c.1, label, marks: vec![c.2, text], trusted: c.3 })
        })
        .collect()
}

/// Collinear pieces that touch or nearly touch become one (axes drawn in pieces).
fn joined(mut lines: Vec<(Segment2, u32)>) -> Vec<(Segment2, u32)> {
    lines.retain(|(s, _)| s.length() > 1e-3);
    lines
}

/// The longest line that leads to the bubble, directly or by one short leader.
fn line_to(b: &Bubble, lines: &[(Segment2, u32)], index: &BoxIndex) -> Option<(Segment2, Vec<u32>)> {
    let direct = longest_towards(b.centre, b.radius, lines, index, None);
    if let Some((i, _)) = direct
        && lines[i].0.length() >= MIN_AXIS
    {
        // a leader may be a straight piece of the axis itself: take the longer one behind it. What lies on the axis is none.
        let s = lines[i].0;
        let far = if s.a.distance(b.centre) > s.b.distance(b.centre) { s.a } else { s.b };
        if let Some((j, _)) = longest_towards(far, b.radius, lines, index, Some(i))
            && collinear(&lines[j].0, &s)
            && hull(&s, &lines[j].0).length() > s.length() + 0.9 * lines[j].0.length()
        {
            return Some((hull(&s, &lines[j].0), vec![lines[i].1, lines[j].1]));
        }
        return Some((s, vec![lines[i].1]));
    }
    // a short leader, straight or bent, then the axis
    let (i, _) = direct?;
    let s = lines[i].0;
    let far = if s.a.distance(b.centre) > s.b.distance(b.centre) { s.a } else { s.b };
    let (j, _) = longest_towards(far, b.radius * 0.2, lines, index, Some(i))?;
    (lines[j].0.length() >= MIN_AXIS).then(|| (lines[j].0, vec![lines[j].1, lines[i].1]))
}

fn longest_towards(
    p: Point2,
    radius: f64,
    lines: &[(Segment2, u32)],
    index: &BoxIndex,
    not: Option<usize>,
) -> Option<(usize, f64)> {
    let reach = radius * LEADER;
    let mut best: Option<(usize, f64)> = None;
    for i in index.touching(&Box2::of(p, p).grown(reach)) {
        if Some(i) == not {
            continue;
        }
        let s = lines[i].0;
        let Some(d) = s.direction() else { continue };
        let off = d.cross(p - s.a).abs();
        let along = (p - s.a).dot(d);
        let gap = (-along).max(along - s.length()).max(0.0);
        if off <= AIM * radius.max(1e-6) && gap <= reach && best.is_none_or(|b| s.length() > b.1 + 1e-9) {
            best = Some((i, s.length()));
        }
    }
    best
}

fn collinear(s: &Segment2, t: &Segment2) -> bool {
    let (Some(d), Some(e)) = (s.direction(), t.direction()) else { return false };
    d.cross(e).abs() < 1e-3 && d.cross(t.a - s.a).abs() < 0.005 && d.cross(t.b - s.a).abs() < 0.005
}

/// The shortest segment that holds both of two collinear ones.
fn hull(s: &Segment2, t: &Segment2) -> Segment2 {
    let Some(d) = s.direction() else { return *t };
    let ends = [s.a, s.b, t.a, t.b];
    let by = |p: &&Point2| (**p - s.a).dot(d);
    let lo = ends.iter().min_by(|p, q| by(p).total_cmp(&by(q)));
    let hi = ends.iter().max_by(|p, q| by(p).total_cmp(&by(q)));
    match (lo, hi) {
        (Some(&a), Some(&b)) => Segment2::new(a, b),
        _ => *s,
    }
}
