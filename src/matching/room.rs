//! Rooms: the label that stands in a modelled room, or the drawn outline that covers it; names and areas.

use super::{ClassMatches, Convention, Delta, Laid, Matches, Missing, NotDrawn, Pair, PlanMatches, why};
use crate::drawing::plans::Plans;
use crate::geom::{Box2, Point2};
use crate::ifc::section::{RoomCut, StoreyPlan};
use crate::registration::shape::folded;

/// A label this close to a room's outline may still belong to it (metres).
const NEAR_M: f64 = 0.3;

pub(super) fn pair(laid: &Laid<'_>, out: &mut PlanMatches) {
    let labels: Vec<Point2> = laid.plan.rooms.iter().map(|r| laid.to_world.apply(r.at)).collect();
    let mut taken: Vec<Option<usize>> = vec![None; laid.storey.rooms.len()];
    let mut free: Vec<usize> = Vec::new();
    // a label stands in at most one room; of several labels in one room the one with the fitting name is meant
    for (j, &at) in labels.iter().enumerate() {
        let holds = |r: &RoomCut| r.outline.iter().any(|p| p.contains(at));
        let candidates: Vec<usize> =
            (0..laid.storey.rooms.len()).filter(|&i| holds(&laid.storey.rooms[i])).collect();
        // rooms may overlap (a shaft in a hall): the smaller one is meant
        let best = candidates.into_iter().min_by(|&a, &b| {
            laid.storey.rooms[a].area_m2.total_cmp(&laid.storey.rooms[b].area_m2).then(a.cmp(&b))
        });
        let Some(i) = best.or_else(|| nearest(laid, at)) else {
            free.push(j);
            continue;
        };
        match taken[i] {
            None => taken[i] = Some(j),
            Some(old) if !fits(laid, i, old) && fits(laid, i, j) => {
                taken[i] = Some(j);
                free.push(old);
            }
            Some(_) => free.push(j),
        }
    }
    let mut class = ClassMatches::default();
    for (i, j) in taken.iter().enumerate() {
        if let Some(j) = *j {
            class.pairs.push(Pair { modelled: i, drawn: vec![j], deltas: deltas(laid, i, j) });
        }
    }
    name_convention(&mut class, &mut out.conventions);
    absent(laid, &taken, &mut class, out);
    extra(laid, &free, &labels, &mut class);
    out.rooms = class;
}

fn nearest(laid: &Laid<'_>, at: Point2) -> Option<usize> {
    let near = |r: &RoomCut| {
        r.outline
            .iter()
            .flat_map(|p| p.rings())
            .flat_map(|ring| {
                (0..ring.len()).map(move |k| crate::geom::Segment2::new(ring[k], ring[(k + 1) % ring.len()]))
            })
            .map(|s| s.distance(at))
            .fold(f64::INFINITY, f64::min)
    };
    (0..laid.storey.rooms.len())
        .map(|i| (i, near(&laid.storey.rooms[i])))
        .filter(|(_, d)| *d <= NEAR_M)
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(i, _)| i)
}

fn fits(laid: &Laid<'_>, room: usize, label: usize) -> bool {
    let (Some(a), Some(b)) = (&laid.storey.rooms[room].name, &laid.plan.rooms[label].name) else {
        return false;
    };
    folded(a) == folded(&b.text)
}

fn deltas(laid: &Laid<'_>, i: usize, j: usize) -> Vec<Delta> {
    let (m, d) = (&laid.storey.rooms[i], &laid.plan.rooms[j]);
    let mut out = Vec::new();
    if let (Some(name), Some(drawn)) = (&m.name, &d.name) {
        let number = m.number.as_deref().map(folded).unwrap_or_default();
        let (a, b) = (folded(name), folded(&drawn.text));
        // name and number may stand in one text
        let same =
            a == b || (!number.is_empty() && (b == format!("{a}{number}") || b == format!("{number}{a}")));
        out.push(Delta::text("name", drawn.text.trim(), name, same));
    }
    if let (Some(number), Some(drawn)) = (&m.number, &d.number) {
        out.push(Delta::text("number", drawn.text.trim(), number, folded(number) == folded(&drawn.text)));
    }
    out
}

/// The areas of all rooms that were paired. Drawings of one set give either the areas that the model states or those of its
/// outlines: which, the rooms of all sheets tell together.
pub(super) fn areas(storeys: &[StoreyPlan], plans: &Plans, matches: &mut Matches) {
    let room = |m: &PlanMatches, p: &Pair| -> Option<(f64, &RoomCut)> {
        let drawn = plans.plans.get(m.plan)?.rooms.get(*p.drawn.first()?)?;
        Some((drawn.area_m2?, storeys.get(m.storey)?.rooms.get(p.modelled)?))
    };
    let (mut stated, mut measured) = (0usize, 0usize);
    for (area, room) in matches.plans.iter().flat_map(|m| m.rooms.pairs.iter().filter_map(|p| room(m, p))) {
        let Some((s, _)) = &room.stated_area else { continue };
        let near = |x: f64| (x - area).abs() <= (0.01 * x).max(0.1);
        stated += usize::from(near(*s));
        measured += usize::from(near(room.area_m2));
    }
    // single stated areas that are wrong do not change what the sheets give
    let as_stated = 2 * stated >= measured;
    for m in &mut matches.plans {
        let found: Vec<Option<Delta>> = (m.rooms.pairs.iter())
            .map(|p| {
                let (area, room) = room(m, p)?;
                let modelled = room.stated_area.as_ref().filter(|_| as_stated).map_or(room.area_m2, |s| s.0);
                Some(Delta::number("area", area, modelled, 0.005))
            })
            .collect();
        m.rooms.pairs.iter_mut().zip(found).for_each(|(p, area)| p.deltas.extend(area));
    }
}

/// Hardly a name agrees: the drawing speaks another language or uses other names.
fn name_convention(class: &mut ClassMatches, out: &mut Vec<Convention>) {
    let all: Vec<f64> =
        class.pairs.iter().filter_map(|p| p.deltas.iter().find(|d| d.what == "name")?.difference).collect();
    let differ = all.iter().filter(|d| **d > 0.5).count();
    if differ >= 4 && differ * 10 >= all.len() * 7 {
        let share = differ as f64 / all.len() as f64;
        out.push(Convention { class: "room", what: "name", bias_m: None, share, usual: true });
        for p in &mut class.pairs {
            p.deltas.retain(|d| d.what != "name");
        }
    }
}

fn absent(laid: &Laid<'_>, taken: &[Option<usize>], class: &mut ClassMatches, out: &mut PlanMatches) {
    if laid.storey.rooms.is_empty() {
        return;
    }
    if laid.plan.rooms.is_empty() {
        out.not_drawn.push(NotDrawn { class: "room", modelled: laid.storey.rooms.len() });
        return;
    }
    let matched = taken.iter().filter(|t| t.is_some()).count();
    for (i, _) in taken.iter().enumerate().filter(|(_, t)| t.is_none()) {
        let room = &laid.storey.rooms[i];
        if !room.own_storey {
            // a shaft or a hall of another storey is labelled there
            continue;
        }
        let Some(name) = room.name.as_deref().map(folded).filter(|n| !n.is_empty()) else { continue };
        // the name may stand there as a text that was not taken for a room's
        let written = laid.plan.raw.texts.iter().any(|t| {
            let at = laid.to_world.apply(t.at);
            let text = folded(&t.text);
            (text.contains(&name) || room.number.as_deref().is_some_and(|n| folded(n) == text))
                && room.outline.iter().any(|p| p.contains(at))
        });
        if written {
            class.pairs.push(Pair { modelled: i, drawn: Vec::new(), deltas: Vec::new() });
            continue;
        }
        let any_text = laid.plan.raw.texts.iter().any(|t| {
            let at = laid.to_world.apply(t.at);
            t.text.chars().any(char::is_alphabetic) && room.outline.iter().any(|p| p.contains(at))
        });
        class.missing_in_drawing.push(if !laid.extent.contains(room.label_point) {
            Missing::unsure(i, why("outside", &[]))
        } else if any_text || matched * 10 < taken.len() * 7 {
            Missing::unsure(i, why("unnamed_rooms", &[]))
        } else {
            Missing::sure(i, 0.9)
        });
    }
    class.pairs.sort_by_key(|p| p.modelled);
}

fn extra(laid: &Laid<'_>, free: &[usize], labels: &[Point2], class: &mut ClassMatches) {
    if laid.storey.rooms.is_empty() {
        return;
    }
    let mut bounds = Box2::EMPTY;
    for r in &laid.storey.rooms {
        bounds.merge(&Box2::around(r.outline.iter().flat_map(|p| p.outer.iter().copied())));
    }
    for &j in free {
        let d = &laid.plan.rooms[j];
        if d.name.is_none() {
            continue;
        }
        // a text outside of all that is built stands in a title block or a legend
        if !bounds.contains(labels[j]) && !laid.extent.contains(labels[j]) {
            continue;
        }
        let in_room = laid.storey.rooms.iter().any(|r| r.outline.iter().any(|p| p.contains(labels[j])));
        class.missing_in_model.push(
            if in_room || !bounds.contains(labels[j]) || d.evidence.confidence < 0.6 {
                // a second text in one room, or a note outside: no room of its own for certain
                Missing::unsure(j, why("unnamed_rooms", &[]))
            } else {
                Missing::sure(j, d.evidence.confidence)
            },
        );
    }
}
