//! Marks that only the model and the schedule tell: plain numbers (`134`), words (`merk 1B`). A text that is what they call
//! an opening, beside an opening of a laid plan, is its mark.

use super::mark::mark_key;
use super::opening::by_other_leg;
use crate::drawing::plans::{DrawnOpening, DrawnText, OpeningKind, Plan, Plans};
use crate::geom::{Affine2, Box2, BoxIndex, Point2};
use crate::ifc::model::Kind;
use crate::ifc::section::StoreyPlan;
use crate::registration::Registration;
use std::collections::{BTreeMap, BTreeSet};

/// A mark farther from its opening than this belongs to another, metres at 1:100.
const REACH_M: f64 = 2.2;
/// A text so near to the middle of an axis bubble is its label, metres at 1:100.
const BUBBLE_M: f64 = 0.6;
/// A drawn door so near to a modelled one is that door (metres).
const IN_DOOR_M: f64 = 0.2;
/// Longer words are names.
const LONGEST: usize = 14;
/// Of the openings without a mark, or of the texts, so many find each other where the texts are marks.
const MOST: f64 = 0.5;
/// Fewer say nothing of a sheet's habit.
const FEW: usize = 5;

/// Gives the openings of laid plans the marks that the model's and the schedule's own words tell.
pub fn read_marks(plans: &mut Plans, storeys: &[StoreyPlan], registration: &Registration) {
    let words = words(plans, storeys);
    if words.is_empty() {
        return;
    }
    for (plan, laid) in plans.plans.iter_mut().zip(&registration.plans) {
        let Some(to_world) = laid.to_world else { continue };
        if let Some(storey) = laid.storeys.first().and_then(|s| storeys.get(*s)) {
            let places: Vec<Place> = plan.openings.iter().map(|o| place(o, storey, &to_world)).collect();
            read(plan, &words, &places);
        }
    }
}

/// What openings are called: short words with a digit.
fn words(plans: &Plans, storeys: &[StoreyPlan]) -> BTreeSet<String> {
    let openings = storeys.iter().flat_map(|s| &s.openings).filter(|o| o.kind != Kind::Opening);
    let rows = plans.schedules.iter().flat_map(|s| &s.rows).map(|r| &r.mark);
    openings
        .flat_map(|o| &o.marks)
        .chain(rows)
        .map(|m| mark_key(m))
        .filter(|k| k.chars().count() <= LONGEST && k.chars().any(|c| c.is_ascii_digit()))
        .collect()
}

/// Where an opening is, plan metres.
struct Place {
    centre: Point2,
    along: Point2,
}

/// As drawn; a door whose other leg lies in a modelled door, and this one in none, is there.
fn place(o: &DrawnOpening, storey: &StoreyPlan, to_world: &Affine2) -> Place {
    let in_door = |p: Point2| {
        let at = to_world.apply(p);
        storey.openings.iter().any(|m| m.kind == Kind::Door && m.centre.distance(at) <= IN_DOOR_M)
    };
    let other = o.swing.as_ref().and_then(|s| by_other_leg(o.centre, o.width_m, s));
    match other {
        Some((centre, along)) if !in_door(o.centre) && in_door(centre) => Place { centre, along },
        _ => Place { centre: o.centre, along: o.along },
    }
}

/// Distance of a text from its opening's wall, and from its middle along it.
fn offsets(at: Point2, place: &Place) -> (f64, f64) {
    let v = at - place.centre;
    (v.dot(place.along.left()).abs(), v.dot(place.along).abs())
}

fn read(plan: &mut Plan, words: &BTreeSet<String>, places: &[Place]) {
    let scale = (plan.scale.unwrap_or(100.0) / 100.0).clamp(0.5, 2.0);
    let new = candidates(plan, words, BUBBLE_M * scale);
    if new.is_empty() {
        return;
    }
    // marks that were read before may stand beside the wrong opening, where that one's own was not read: all are bound
    // anew, but those that stand for several openings
    let mut uses: BTreeMap<TextKey<'_>, usize> = BTreeMap::new();
    let marks = plan.openings.iter().filter_map(|o| o.mark.as_ref());
    marks.for_each(|t| *uses.entry(key(t)).or_default() += 1);
    let loose = |o: &DrawnOpening| o.mark.as_ref().is_none_or(|t| uses.get(&key(t)).is_none_or(|n| *n < 2));
    let open: Vec<usize> = (0..plan.openings.len())
        .filter(|&i| loose(&plan.openings[i]) && plan.openings[i].kind != OpeningKind::Gap)
        .collect();
    let read_before: Vec<DrawnText> = open.iter().filter_map(|&i| plan.openings[i].mark.clone()).collect();
    let unmarked = open.len() - read_before.len();
    let (texts, before) = ([read_before.as_slice(), new.as_slice()].concat(), read_before.len());
    let reach = REACH_M * scale;
    let boxes = open.iter().map(|&i| {
        let half = places[i].along * (plan.openings[i].width_m / 2.0);
        Box2::of(places[i].centre - half, places[i].centre + half).grown(reach)
    });
    let index = BoxIndex::new(boxes.collect());
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (t, text) in texts.iter().enumerate() {
        for k in index.touching(&Box2::of(text.at, text.at)) {
            let half = plan.openings[open[k]].width_m / 2.0;
            let (across, along) = offsets(text.at, &places[open[k]]);
            let cost = across + 1.5 * (along - half).max(0.0) + 0.25 * along.min(half);
            if cost < reach {
                pairs.push((cost, t, k));
            }
        }
    }
    let first = nearest(&mut pairs, texts.len(), open.len());
    // the sheet's own habit decides between neighbours: how far off the wall and off the middle its marks stand
    let place = |t: usize, k: usize| offsets(texts[t].at, &places[open[k]]);
    let median = |mut v: Vec<f64>| {
        v.sort_by(f64::total_cmp);
        v.get(v.len() / 2).copied().unwrap_or_default()
    };
    if first.len() >= FEW {
        let across = median(first.iter().map(|&(t, k)| place(t, k).0).collect());
        let along = median(first.iter().map(|&(t, k)| place(t, k).1).collect());
        for (cost, t, k) in &mut pairs {
            let at = place(*t, *k);
            *cost = 0.3 * *cost + (at.0 - across).abs() + (at.1 - along).abs();
        }
    }
    let bound = nearest(&mut pairs, texts.len(), open.len());
    let found = bound.iter().filter(|(t, _)| *t >= before).count();
    let share = |n: usize| found as f64 >= MOST * n as f64;
    if found == 0 || !(share(unmarked) || share(new.len())) {
        return;
    }
    let marks: Vec<(usize, DrawnText)> =
        bound.into_iter().map(|(t, k)| (open[k], texts[t].clone())).collect();
    open.iter().for_each(|&i| plan.openings[i].mark = None);
    for (i, text) in marks {
        // a mark that was taken for the name of a room is none
        plan.rooms.retain(|r| !(is_bare(r) && r.name.as_ref() == Some(&text)));
        plan.openings[i].mark = Some(text);
    }
}

/// A drawn text, told from any other.
type TextKey<'a> = (u32, &'a str, [u64; 2]);

fn key(t: &DrawnText) -> TextKey<'_> {
    (t.mark, &t.text, [t.at.x.to_bits(), t.at.y.to_bits()])
}

/// Nothing but a name tells that it is a room.
fn is_bare(r: &crate::drawing::plans::DrawnRoom) -> bool {
    r.area_m2.is_none() && r.number.is_none()
}

/// Texts of the plan that are such words and nothing else that is known: no label of a room, an axis or a level, no mark.
fn candidates(plan: &Plan, words: &BTreeSet<String>, bubble: f64) -> Vec<DrawnText> {
    let rooms = plan.rooms.iter().filter(|r| !is_bare(r));
    let of_rooms = rooms.flat_map(|r| [&r.name, &r.number, &r.area_text]).flatten();
    let marks = plan.openings.iter().filter_map(|o| o.mark.as_ref());
    let taken: BTreeSet<(u32, &str)> = of_rooms
        .chain(marks)
        .chain(plan.levels.iter().map(|l| &l.text))
        .map(|t| (t.mark, t.text.as_str()))
        .collect();
    let bubbles: Vec<Point2> = plan.axes.iter().flat_map(|a| a.bubbles.iter().copied()).collect();
    let near = BoxIndex::new(bubbles.iter().map(|b| Box2::of(*b, *b).grown(bubble)).collect());
    let in_bubble =
        |p: Point2| near.any(&Box2::of(p, p), |b| bubbles.get(b).is_some_and(|b| b.distance(p) <= bubble));
    plan.raw
        .texts
        .iter()
        .filter(|t| words.contains(&mark_key(&t.text)))
        .filter(|t| !in_bubble(t.at))
        .filter(|t| !taken.contains(&(t.mark, t.text.as_str())))
        .cloned()
        .collect()
}

/// Nearest pairs first, each once.
fn nearest(pairs: &mut [(f64, usize, usize)], texts: usize, openings: usize) -> Vec<(usize, usize)> {
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let (mut used, mut marked) = (vec![false; texts], vec![false; openings]);
    let mut out = Vec::new();
    for &(_, t, k) in pairs.iter() {
        if !used[t] && !marked[k] {
            (used[t], marked[k]) = (true, true);
            out.push((t, k));
        }
    }
    out
}
