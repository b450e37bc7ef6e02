//! Doors and windows, one to one by place on the wall; their width, class and swing.

use super::assign::assign;
use super::evidence::{mapped, raw_share};
use super::{ClassMatches, Convention, Delta, Laid, Missing, NotDrawn, Pair, PlanMatches, why};
use crate::drawing::plans::{DrawnSwing, OpeningKind};
use crate::geom::{Box2, Point2, Segment2};
use crate::ifc::model::Kind;
use crate::ifc::section::{OpeningCut, Visibility, WallCut, WallRunCut};
use crate::wording::Text;

/// Openings further apart than this are not the same one (metres).
const GATE_M: f64 = 1.5;
/// What staying alone costs, against metres of distance and of width.
const ALONE: f64 = 1.7;
/// What another class costs: a door drawn as a window is still the same opening.
const OTHER_CLASS: f64 = 0.25;
/// What it costs to read a leaf that stands open as the closed one: where a door hangs at a corner, both fit the symbol.
const OTHER_LEG: f64 = 0.3;
/// A column or a wall hides so much of an opening at most (metres).
const HIDDEN_M: f64 = 0.4;
/// A leaf that stands open beside a wall lies within this of its middle (metres).
const BESIDE_M: f64 = 0.25;
/// A leaf lies within this of the line between its ends (metres).
const LEAF_M: f64 = 0.1;
/// A frame is at most this wide on both sides together (metres).
const FRAME_M: f64 = 0.1;
/// Openings whose sills and heads agree to this are cut alike (metres); so many of them, and such a share, say that the plan
/// cuts them.
const SAME_HEIGHT_M: f64 = 0.05;
const PEERS: usize = 5;
const PEERS_SHOWN: f64 = 0.8;
/// Widths that agree to this are the same while a convention is looked for (metres).
const SAME_M: f64 = 0.006;

/// Walls as thin as this bound openings that are looked for again (metres): boards of cubicles.
const THINNEST_M: f64 = 0.02;

/// A drawn opening in world metres.
pub(super) struct Drawn {
    pub(super) kind: OpeningKind,
    pub(super) centre: Point2,
    pub(super) along: Point2,
    pub(super) width: f64,
    pub(super) swing: Option<DrawnSwing>,
    pub(super) confidence: f64,
    pub(super) dashed: bool,
}

pub(super) fn drawn_openings(laid: &Laid<'_>) -> Vec<Drawn> {
    let map = &laid.to_world;
    let turn = |v: Point2| map.apply_vector(v).normalised().unwrap_or(v);
    laid.plan
        .openings
        .iter()
        .map(|o| Drawn {
            kind: o.kind,
            centre: map.apply(o.centre),
            along: turn(o.along),
            width: o.width_m,
            swing: o.swing.as_ref().map(|s| DrawnSwing {
                hinges: s.hinges.iter().map(|&h| map.apply(h)).collect(),
                opens_to: s.opens_to.map(turn),
            }),
            confidence: o.evidence.confidence,
            dashed: o.dashed,
        })
        .collect()
}

pub(super) fn pair(laid: &Laid<'_>, out: &mut PlanMatches) {
    let drawn = drawn_openings(laid);
    let modelled = &laid.storey.openings;
    let mut edges = Vec::new();
    let turned: Vec<Option<Drawn>> = drawn.iter().map(other_leg).collect();
    let by_turned = |m: &OpeningCut, j: usize| {
        let t = turned[j].as_ref().filter(|_| m.kind == Kind::Door)?;
        cost(m, t).map(|c| c + OTHER_LEG)
    };
    for (i, m) in modelled.iter().enumerate() {
        for (j, d) in drawn.iter().enumerate() {
            let costs = [cost(m, d), by_turned(m, j)];
            if let Some(cost) = costs.into_iter().flatten().min_by(f64::total_cmp) {
                edges.push((i, j, cost));
            }
        }
    }
    let pairs = assign(&edges, ALONE);
    let mut class = ClassMatches::default();
    for &(i, j) in &pairs {
        let m = &modelled[i];
        let other = by_turned(m, j).is_some_and(|c| cost(m, &drawn[j]).is_none_or(|d| c < d));
        let turned = turned[j].as_ref().filter(|_| other);
        let mut deltas = deltas(laid, m, turned.unwrap_or(&drawn[j]));
        if turned.is_some() {
            by_leaf(m, &mut deltas);
            drop_leaf(laid, &drawn[j], &mut out.walls);
        }
        class.pairs.push(Pair { modelled: i, drawn: vec![j], deltas });
    }
    for (door, name) in [(true, "door"), (false, "window")] {
        width_convention(laid, &mut class, door, name, &mut out.conventions);
    }
    swing_convention(&mut class, &mut out.conventions);
    let otherwise = class_convention(laid, &mut class, &mut out.conventions);
    absent(laid, &pairs, &drawn, &mut class, out);
    extra(laid, &pairs, &drawn, otherwise, &mut class);
    class.pairs.sort_by_key(|p| p.modelled);
    out.openings = class;
}

/// A door of one leaf read the other way: its arc runs from the jamb to the open leaf, and where walls meet in the hinge
/// either may be the hole. Not where it closes to both sides.
fn other_leg(d: &Drawn) -> Option<Drawn> {
    let swing = d.swing.as_ref().filter(|_| d.kind == OpeningKind::Door)?;
    let (centre, along) = by_other_leg(d.centre, d.width, swing)?;
    let closed = (d.centre - *swing.hinges.first()?).normalised()?;
    let swing = Some(DrawnSwing { hinges: swing.hinges.clone(), opens_to: Some(closed) });
    Some(Drawn { centre, along, swing, ..*d })
}

/// Middle and direction of a door of one leaf that is read by its other leg.
pub(super) fn by_other_leg(centre: Point2, width: f64, swing: &DrawnSwing) -> Option<(Point2, Point2)> {
    let (&[hinge], Some(open)) = (&swing.hinges[..], swing.opens_to) else { return None };
    (centre.distance(hinge) > 1e-6).then_some((hinge + open * (width / 2.0), open))
}

/// A door that was read by its leaf is measured from a hinge in the other wall: to half the thickness of its own.
fn by_leaf(m: &OpeningCut, deltas: &mut [Delta]) {
    let known = m.depth_m / 2.0 + SAME_M;
    for d in deltas.iter_mut().filter(|d| matches!(d.what, "offset" | "width")) {
        d.difference = d.difference.map(|x| if x.abs() <= known { 0.0 } else { x });
    }
}

/// The leaf of a door that was read the other way was taken for a wall: it is none.
fn drop_leaf(laid: &Laid<'_>, d: &Drawn, walls: &mut ClassMatches) {
    let half = d.along * (d.width / 2.0 + LEAF_M);
    let leaf = Segment2::new(d.centre - half, d.centre + half);
    walls.missing_in_model.retain(|w| {
        let Some(wall) = laid.plan.walls.get(w.index) else { return true };
        let line = mapped(&laid.to_world, &wall.line);
        leaf.distance(line.a).max(leaf.distance(line.b)) > LEAF_M
    });
}

fn cost(m: &OpeningCut, d: &Drawn) -> Option<f64> {
    let distance = m.centre.distance(d.centre);
    if distance > GATE_M || (m.along.cross(d.along).abs() > 0.2 && distance > 0.3) {
        return None;
    }
    // beside the wall counts more than along it: another wall has other openings
    let across = (d.centre - m.centre).cross(m.along).abs();
    let class = match (m.kind, d.kind) {
        (Kind::Door, OpeningKind::Door)
        | (Kind::Window, OpeningKind::Window)
        | (Kind::Opening, OpeningKind::Gap) => 0.0,
        (_, OpeningKind::Gap) | (Kind::Opening, _) => 0.12,
        _ => OTHER_CLASS,
    };
    let unlikely = match m.visibility {
        Visibility::MustShow => 0.0,
        Visibility::MayShow => 0.02,
        Visibility::Above | Visibility::Below => 0.15,
    };
    Some(distance + across + 0.5 * (d.width - m.width_m).abs().min(0.5) + class + unlikely)
}

fn deltas(laid: &Laid<'_>, m: &OpeningCut, d: &Drawn) -> Vec<Delta> {
    let (centre, width) = seen(laid, m, d);
    let mut out = vec![Delta::number("offset", centre, 0.0, laid.sigma_m)];
    // the hole or the overall width, whichever is nearer to what is drawn
    let modelled = match m.overall_width_m {
        Some(o) if (width - o).abs() < (width - m.width_m).abs() => o,
        _ => m.width_m,
    };
    out.push(Delta::number("width", width, modelled, laid.sigma_m * 0.5));
    let name = |door| if door { "IfcDoor" } else { "IfcWindow" };
    if let (Kind::Door | Kind::Window, OpeningKind::Door | OpeningKind::Window) = (m.kind, d.kind) {
        let (model_door, drawn_door) = (m.kind == Kind::Door, d.kind == OpeningKind::Door);
        out.push(Delta::text("class", name(drawn_door), name(model_door), model_door == drawn_door));
    }
    if let (Some(ms), Some(ds)) = (&m.swing, &d.swing)
        && m.kind == Kind::Door
        && d.kind == OpeningKind::Door
    {
        out.extend(swing(m, d, ms, ds));
    }
    out
}

/// Where the middle is drawn along the wall, from the modelled one, and the drawn width. A jamb within a column or another
/// wall does not show: the hole seems to end at that one's face, and only the other jamb is measured.
fn seen(laid: &Laid<'_>, m: &OpeningCut, d: &Drawn) -> (f64, f64) {
    let holds = |w: &WallCut| {
        let along = |u: Point2| u.cross(m.along).abs() < 0.02;
        let through = |r: &WallRunCut| r.line.distance(m.centre) <= r.thickness_m / 2.0;
        Some(w.element) == m.host
            || w.runs.iter().any(|r| r.line.direction().is_some_and(along) && through(r))
    };
    let host = laid.storey.walls.iter().position(holds);
    let at = (d.centre - m.centre).dot(m.along);
    let jambs = [-1.0, 1.0].map(|side| {
        let (modelled, drawn) = (side * m.width_m / 2.0, at + side * d.width / 2.0);
        let short = side * (modelled - drawn);
        let within = laid.edges.in_solid(m.centre + m.along * (modelled - side * short / 2.0), host);
        if host.is_some() && short > SAME_M && short <= HIDDEN_M && within { modelled } else { drawn }
    });
    ((jambs[0] + jambs[1]) / 2.0, jambs[1] - jambs[0])
}

/// Side and hand: to which side the leaf opens, and at which jamb it hangs.
fn swing(m: &OpeningCut, d: &Drawn, ms: &crate::ifc::section::SwingCut, ds: &DrawnSwing) -> Option<Delta> {
    let (to_model, to_drawn) = (ms.opens_to?, ds.opens_to?);
    let across = m.along.left();
    let (a, b) = (to_model.dot(across), to_drawn.dot(across));
    if a.abs() < 0.5 || b.abs() < 0.5 {
        return None;
    }
    let mut words: Vec<&str> = Vec::new();
    if a * b < 0.0 {
        words.push("side");
    }
    if let ([hm], [hd]) = (&ms.hinges[..], &ds.hinges[..]) {
        let (p, q) = ((*hm - m.centre).dot(m.along), (*hd - d.centre).dot(m.along));
        if p.abs() > 0.2 * m.width_m && q.abs() > 0.2 * d.width && p * q < 0.0 {
            words.push("hand");
        }
    } else if ms.hinges.len() != ds.hinges.len() {
        words.push("leaves");
    }
    Some(
        Delta::text("swing", if words.is_empty() { "same" } else { "" }, &ms.operation, words.is_empty())
            .with(&words),
    )
}

impl Delta {
    fn with(mut self, words: &[&str]) -> Self {
        if !words.is_empty() {
            self.drawn = crate::finding::Value::Text(words.join("-"));
        }
        self
    }
}

fn is_class(laid: &Laid<'_>, pair: &Pair, door: bool) -> bool {
    let kind = laid.storey.openings.get(pair.modelled).map(|o| o.kind);
    kind == Some(if door { Kind::Door } else { Kind::Window })
}

/// All openings of a class drawn wider or narrower by the same amount: clear against rough width.
fn width_convention(
    laid: &Laid<'_>,
    class: &mut ClassMatches,
    door: bool,
    name: &'static str,
    out: &mut Vec<Convention>,
) {
    let mut all: Vec<f64> = class
        .pairs
        .iter()
        .filter(|p| is_class(laid, p, door))
        .filter_map(|p| p.deltas.iter().find(|d| d.what == "width")?.difference)
        .collect();
    all.sort_by(f64::total_cmp);
    let Some(&middle) = all.get(all.len() / 2) else { return };
    let near = all.iter().filter(|d| (*d - middle).abs() <= SAME_M).count();
    if all.len() < 4 || middle.abs() <= SAME_M || near * 10 < all.len() * 8 {
        return;
    }
    let share = near as f64 / all.len() as f64;
    out.push(Convention {
        class: name,
        what: "width",
        bias_m: Some(middle),
        share,
        usual: middle.abs() <= FRAME_M,
    });
    for p in class.pairs.iter_mut().filter(|p| is_class(laid, p, door)) {
        for d in p.deltas.iter_mut().filter(|d| d.what == "width") {
            d.difference = d.difference.map(|x| if (x - middle).abs() <= SAME_M { 0.0 } else { x - middle });
        }
    }
}

/// Most doors drawn with the other hand or side: the model's operation types are read the other way there.
fn swing_convention(class: &mut ClassMatches, out: &mut Vec<Convention>) {
    let of = |p: &Pair| p.deltas.iter().find(|d| d.what == "swing").and_then(|d| d.difference);
    let all: Vec<f64> = class.pairs.iter().filter_map(of).collect();
    let differ = all.iter().filter(|d| **d > 0.5).count();
    if differ < 3 || differ * 10 < all.len() * 6 {
        return;
    }
    out.push(Convention {
        class: "door",
        what: "swing",
        bias_m: None,
        share: differ as f64 / all.len() as f64,
        usual: true,
    });
    for p in &mut class.pairs {
        p.deltas.retain(|d| d.what != "swing");
    }
}

/// Most doors taken for windows, or the reverse: the sheet draws them in a way that was not understood, or on one layer. No
/// single one of them is told, and what was measured of those that were mistaken is not relied on.
fn class_convention(laid: &Laid<'_>, class: &mut ClassMatches, out: &mut Vec<Convention>) -> bool {
    let mut any = false;
    for (door, name) in [(true, "door"), (false, "window")] {
        let mistaken = |p: &Pair| {
            let delta = p.deltas.iter().find(|d| d.what == "class")?.difference?;
            Some(delta > 0.5).filter(|_| is_class(laid, p, door))
        };
        let all = class.pairs.iter().filter(|p| mistaken(p).is_some()).count();
        let wrong = class.pairs.iter().filter(|p| mistaken(p) == Some(true)).count();
        if wrong < 3 || wrong * 2 < all {
            continue;
        }
        any = true;
        let share = wrong as f64 / all as f64;
        out.push(Convention { class: name, what: "class", bias_m: None, share, usual: true });
        for p in class.pairs.iter_mut() {
            match mistaken(p) {
                Some(true) => p.deltas.clear(),
                Some(false) => p.deltas.retain(|d| d.what != "class"),
                None => {}
            }
        }
    }
    any
}

fn absent(
    laid: &Laid<'_>,
    pairs: &[(usize, usize)],
    drawn: &[Drawn],
    class: &mut ClassMatches,
    out: &mut PlanMatches,
) {
    let mut paired = vec![false; laid.storey.openings.len()];
    pairs.iter().for_each(|p| paired[p.0] = true);
    for (kind, as_drawn, name) in
        [(Kind::Door, OpeningKind::Door, "door"), (Kind::Window, OpeningKind::Window, "window")]
    {
        let all: Vec<usize> = (0..laid.storey.openings.len())
            .filter(|&i| {
                laid.storey.openings[i].kind == kind && (must_show(laid, i) || cut_here(laid, i, &paired))
            })
            .collect();
        let open: Vec<usize> = all.iter().copied().filter(|i| !paired[*i]).collect();
        let any_drawn = drawn.iter().any(|d| d.kind == as_drawn) || open.len() < all.len();
        if !any_drawn && all.len() >= 2 {
            out.not_drawn.push(NotDrawn { class: name, modelled: all.len() });
            continue;
        }
        for i in open {
            class.missing_in_drawing.extend(look_again(laid, i, &mut class.pairs));
        }
    }
    class.missing_in_drawing.sort_by_key(|m| m.index);
}

fn must_show(laid: &Laid<'_>, i: usize) -> bool {
    laid.storey.openings[i].visibility == Visibility::MustShow
}

/// An opening that only some plans show, where this one shows nearly all of those at its height.
fn cut_here(laid: &Laid<'_>, i: usize, paired: &[bool]) -> bool {
    let o = &laid.storey.openings[i];
    if o.visibility != Visibility::MayShow {
        return false;
    }
    let near = |a: f64, b: f64| (a - b).abs() <= SAME_HEIGHT_M;
    let peers: Vec<usize> = laid
        .storey
        .openings
        .iter()
        .enumerate()
        .filter(|(_, p)| p.kind == o.kind && near(p.z_m.0, o.z_m.0) && near(p.z_m.1, o.z_m.1))
        .map(|(k, _)| k)
        .collect();
    let drawn = peers.iter().filter(|k| paired.get(**k) == Some(&true)).count();
    drawn >= PEERS && drawn as f64 >= PEERS_SHOWN * peers.len() as f64
}

/// Before an opening is called missing: are its jambs drawn, does the wall run through, is something in it?
fn look_again(laid: &Laid<'_>, i: usize, pairs: &mut Vec<Pair>) -> Option<Missing> {
    let o = &laid.storey.openings[i];
    if !laid.extent.contains(o.centre) {
        return Some(Missing::unsure(i, why("outside", &[])));
    }
    let raw = &laid.plan.raw;
    let (u, v) = (o.along, o.along.left());
    let depth = o.depth_m.max(THINNEST_M);
    let plan = |a: Point2, b: Point2| mapped(&laid.to_plan, &Segment2::new(a, b));
    let widths = [Some(o.width_m), o.overall_width_m];
    // a jamb: a line across the wall at the end of the hole
    let jamb = |sign: f64| {
        widths
            .iter()
            .flatten()
            .map(|w| {
                let at = o.centre + u * (sign * w / 2.0);
                raw_share(raw, &plan(at - v * (depth * 0.45), at + v * (depth * 0.45)), 0.025)
            })
            .fold(0.0, f64::max)
    };
    let (left, right) = (jamb(-1.0), jamb(1.0));
    // the wall's faces running through
    let half = u * (o.width_m * 0.45);
    let face = |sign: f64| {
        let at = o.centre + v * (sign * depth / 2.0);
        raw_share(raw, &plan(at - half, at + half), 0.02)
    };
    let through = face(-1.0).min(face(1.0));
    // anything inside, away from the faces
    let inside = inner_length(laid, o, depth) / o.width_m.max(0.1);
    let jambs = left.min(right);
    if jambs >= 0.7 && inside >= 0.5 {
        pairs.push(Pair { modelled: i, drawn: Vec::new(), deltas: Vec::new() });
        return None;
    }
    if through >= 0.85 && jambs < 0.5 && inside < 0.8 {
        return Some(Missing::sure(i, 0.97));
    }
    if jambs >= 0.5 || left.max(right) >= 0.7 && inside >= 0.5 || inside >= 0.8 {
        let share = Text::same(format!("{:.0}", 100.0 * jambs.max(inside.min(1.0))));
        return Some(Missing::unsure(i, why("traces", &[("share", share)])));
    }
    Some(Missing::sure(i, 0.9))
}

/// Length of raw lines along the wall within the hole, away from both faces (metres).
fn inner_length(laid: &Laid<'_>, o: &OpeningCut, depth: f64) -> f64 {
    let (u, v) = (laid.to_plan.apply_vector(o.along), laid.to_plan.apply_vector(o.along.left()));
    let centre = laid.to_plan.apply(o.centre);
    let half = u * (o.width_m / 2.0) + v * (depth / 2.0);
    let other = u * (o.width_m / 2.0) - v * (depth / 2.0);
    let query = Box2::around([centre + half, centre - half, centre + other, centre - other]);
    let mut sum = 0.0;
    for i in laid.plan.raw.line_index.touching(&query).into_iter().take(2_000) {
        let Some((s, _)) = laid.plan.raw.lines.get(i) else { continue };
        let (a, b) = (s.a - centre, s.b - centre);
        let across = (a.dot(v) + b.dot(v)) / 2.0;
        let slope = (a.dot(v) - b.dot(v)).abs();
        if across.abs() > 0.4 * depth || slope > 0.1 * depth {
            continue;
        }
        let (p, q) = (a.dot(u).min(b.dot(u)), a.dot(u).max(b.dot(u)));
        // an axis, a layer of the wall or a dimension line runs on beyond the hole: it is no part of a window
        let reach = o.width_m / 2.0 + 0.15;
        if p < -reach || q > reach {
            continue;
        }
        sum += (q.min(o.width_m / 2.0) - p.max(-o.width_m / 2.0)).max(0.0);
    }
    sum
}

/// The narrower opening reaches into the other one.
fn overlap(a: &Drawn, b: &Drawn) -> bool {
    let v = b.centre - a.centre;
    let reach = (a.width + b.width) / 2.0 - SAME_M;
    b.width < a.width && v.dot(a.along).abs() < reach && v.cross(a.along).abs() < a.width / 2.0
}

/// Both doors were read from one symbol, by either of its legs; the other one in the middle of a wall beside it.
fn same_symbol(a: &Drawn, b: &Drawn) -> bool {
    let read = |a: &Drawn, b: &Drawn| {
        other_leg(a).is_some_and(|t| {
            let v = b.centre - t.centre;
            v.dot(t.along).abs() <= LEAF_M + SAME_M && v.cross(t.along).abs() <= BESIDE_M
        })
    };
    read(a, b) || read(b, a)
}

fn extra(
    laid: &Laid<'_>,
    pairs: &[(usize, usize)],
    drawn: &[Drawn],
    otherwise: bool,
    class: &mut ClassMatches,
) {
    for (j, d) in drawn.iter().enumerate() {
        if d.kind == OpeningKind::Gap || pairs.iter().any(|p| p.1 == j) {
            continue;
        }
        // curtain walls and uncut elements hold openings that have no place of their own
        let in_uncut =
            !laid.storey.uncut.is_empty() && laid.storey.uncut.len() * 2 > laid.storey.openings.len();
        // no two openings stand in one place: of one symbol two were made
        let twice = pairs.iter().any(|p| overlap(&drawn[p.1], d) || same_symbol(&drawn[p.1], d));
        class.missing_in_model.push(if d.dashed {
            Missing::unsure(j, why("dashed", &[]))
        } else if twice {
            Missing::unsure(j, why("uncertain_symbol", &[]))
        } else if in_uncut {
            Missing::unsure(j, why("uncut", &[]))
        } else if otherwise || d.confidence < 0.55 {
            Missing::unsure(j, why("uncertain_symbol", &[]))
        } else {
            Missing::sure(j, d.confidence)
        });
    }
}
