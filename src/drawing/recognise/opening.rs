//! Doors, windows and gaps, placed in their walls: the width is the distance between the jambs, not the leaf's length.

use super::face::{TOUCH, band_box};
use super::layer::Meaning;
use super::scene::Scene;
use super::symbol::{Leaf, Panes, Swing};
use super::wall::{Track, Tracks};
use crate::drawing::plans::{DrawnColumn, DrawnOpening, DrawnSwing, Evidence, OpeningKind, Operation};
use crate::geom::{Box2, BoxIndex, Point2};

/// A symbol lies in a wall when it is not farther from its faces than this, metres.
const IN_WALL: f64 = 0.15;
/// A jamb belongs to a symbol's end when closer than this share of the width, and than this.
const JAMB_SHARE: f64 = 0.14;
const JAMB_REACH: (f64, f64) = (0.06, 0.2);
/// Jambs that differ more than this in how far they lie from the ends of their symbol do not belong together, metres.
const UNEVEN: f64 = 0.08;
/// Mirror images agree to this, metres.
const EVEN: f64 = 0.01;
/// Directions agree to this (cosine of 2°).
const PARALLEL: f64 = 0.9994;
/// A wall is at least so thick, metres: a board between cubicles.
const STUB: f64 = 0.015;
/// Symbols that share this much of the shorter one are one.
const OVERLAP: f64 = 0.04;
/// Panels of a sliding door or window are shorter than this share of it.
const PANEL: f64 = 0.8;
/// Panels of curtain walls are not as deep as this share of a wall.
const PANEL_DEPTH: f64 = 0.4;
/// A window without a wall is at least so long, metres, and twice as long as deep.
const FREE_WINDOW: f64 = 0.4;
/// Bare gaps between two ends of walls in one line, metres.
const GAP: (f64, f64) = (0.6, 3.0);

/// What closes a track's stretches: places along it where material begins or ends, each rising.
#[derive(Default)]
struct Stops {
    /// Places where the wall or a column ends: an opening may begin there.
    ends: Vec<f64>,
    /// Places where the wall or a column begins: an opening may end there.
    begins: Vec<f64>,
    /// Places of lines across it; which side is wall is not known.
    caps: Vec<f64>,
    /// Places of lines across it that may be a door's own frame: they close an opening only where the wall does not.
    frames: Vec<f64>,
    /// Places of shorter lines across it: ends of a thinner wall that goes on in line. They close what ends just there.
    stubs: Vec<f64>,
}

/// Everything that openings are placed by.
pub struct Places<'a> {
    tracks: &'a Tracks,
    index: BoxIndex,
    stops: Vec<Stops>,
}

impl<'a> Places<'a> {
    /// Collects jambs for all tracks. Leaves of doors, told per line of the scene, are none.
    pub fn new(scene: &Scene<'_>, tracks: &'a Tracks, columns: &[DrawnColumn], leaves: &[bool]) -> Self {
        let boxes: Vec<Box2> = tracks.tracks.iter().map(|t| reach_box(tracks, t)).collect();
        let index = BoxIndex::new(boxes.clone());
        let mut stops: Vec<Stops> = tracks
            .tracks
            .iter()
            .map(|t| Stops {
                ends: t.spans.iter().map(|s| s.1).collect(),
                begins: t.spans.iter().map(|s| s.0).collect(),
                ..Stops::default()
            })
            .collect();
        // caps: lines across the wall, on wall layers or on none
        let cap = |m: Option<Meaning>| {
            matches!(m, None | Some(Meaning::Wall | Meaning::CurtainWall))
                || m.is_some_and(Meaning::is_opening)
        };
        for (n, l) in scene.lines.iter().enumerate() {
            if !cap(l.meaning) || leaves[n] {
                continue;
            }
            let Some(d) = l.segment.direction() else { continue };
            for i in index.touching(&Box2::of(l.segment.a, l.segment.b)) {
                let t = &tracks.tracks[i];
                let family = &tracks.families[t.family];
                if d.dot(family.along).abs() > 0.02 {
                    continue;
                }
                let ((a, r), (b, s)) = (family.coordinates(l.segment.a), family.coordinates(l.segment.b));
                let across = r.max(s).min(t.high) - r.min(s).max(t.low);
                if across > 0.5 * t.thickness() {
                    let framed = l.meaning.is_some_and(Meaning::is_opening);
                    if framed { stops[i].frames.push(a) } else { stops[i].caps.push(a) }
                } else if across > STUB
                    && (a - b).abs() < TOUCH
                    && !l.meaning.is_some_and(Meaning::is_opening)
                {
                    // what reaches out of the wall is a leaf
                    let inside = r.min(s) > t.low - TOUCH && r.max(s) < t.high + TOUCH;
                    stops[i].stubs.extend(inside.then_some(a));
                }
            }
        }
        for c in columns {
            for i in index.touching(&Box2::around(c.outline.iter().copied())) {
                let t = &tracks.tracks[i];
                let family = &tracks.families[t.family];
                let (mut lo, mut hi, mut below, mut above) =
                    (f64::INFINITY, f64::NEG_INFINITY, f64::INFINITY, f64::NEG_INFINITY);
                for p in &c.outline {
                    let (a, r) = family.coordinates(*p);
                    (lo, hi, below, above) = (lo.min(a), hi.max(a), below.min(r), above.max(r));
                }
                if below < t.high - TOUCH && above > t.low + TOUCH {
                    stops[i].begins.push(lo);
                    stops[i].ends.push(hi);
                }
            }
        }
        for s in &mut stops {
            for at in [&mut s.ends, &mut s.begins, &mut s.caps, &mut s.frames, &mut s.stubs] {
                at.sort_by(f64::total_cmp);
                at.dedup_by(|a, b| (*a - *b).abs() < 1e-6);
            }
            // a line at an end of the wall tells no more than the end does
            let (ends, begins) = (&s.ends, &s.begins);
            s.caps.retain(|c| !near_one(ends, *c) && !near_one(begins, *c));
        }
        Self { tracks, index, stops }
    }

    /// A stretch beyond the last of a wall lies in it only where something ends it: past the end of a wall a curtain wall
    /// may begin.
    fn within(&self, track: usize, span: (f64, f64)) -> bool {
        let spans = &self.tracks.tracks[track].spans;
        let (Some(first), Some(last)) = (spans.first(), spans.last()) else { return false };
        let stops = &self.stops[track];
        let slack = JAMB_REACH.1;
        let below = || {
            [&stops.ends, &stops.caps].into_iter().flatten().any(|s| *s <= span.0 + slack)
                || self.meets_another(track, span.0)
        };
        let above = || {
            [&stops.begins, &stops.caps].into_iter().flatten().any(|s| *s >= span.1 - slack)
                || self.meets_another(track, span.1)
        };
        (span.1 > first.0 + slack || below()) && (span.0 < last.1 - slack || above())
    }

    /// Another wall stands at this place along a track.
    fn meets_another(&self, track: usize, at: f64) -> bool {
        let t = &self.tracks.tracks[track];
        let p = self.tracks.families[t.family].point(at, t.middle());
        self.index.touching(&Box2::of(p, p)).into_iter().filter(|&i| i != track).any(|i| {
            let o = &self.tracks.tracks[i];
            let (a, r) = self.tracks.families[o.family].coordinates(p);
            let slack = JAMB_REACH.1 + t.thickness();
            (o.low - JAMB_REACH.1..o.high + JAMB_REACH.1).contains(&r)
                && o.spans.iter().any(|s| (s.0 - slack..s.1 + slack).contains(&a))
        })
    }

    /// The jambs nearest to both ends of a symbol; the symbol's own ends where there are none.
    fn jambs(&self, track: usize, span: (f64, f64)) -> ((f64, f64), u8) {
        let reach = ((span.1 - span.0) * JAMB_SHARE).clamp(JAMB_REACH.0, JAMB_REACH.1);
        let nearest = |of: [&[f64]; 2], p: f64| {
            of.into_iter()
                .flatten()
                .copied()
                .filter(|s| (s - p).abs() <= reach)
                .min_by(|a, b| (a - p).abs().total_cmp(&(b - p).abs()))
        };
        let stops = &self.stops[track];
        let near = |sided: &[f64], p: f64| {
            let stop = nearest([sided, &stops.caps], p).or_else(|| nearest([&stops.frames, &[]], p));
            // a thinner wall ends where the symbol does, before that of the track
            let at_end = |s: &f64| (s - p).abs() < TOUCH;
            let short = stop.is_none_or(|s| (s - p).abs() > EVEN);
            stops.stubs.iter().copied().find(|s| short && at_end(s)).or(stop)
        };
        let (mut a, mut b) = (near(&stops.ends, span.0), near(&stops.begins, span.1));
        // frames are as wide on both sides: of two jambs that are not, the one that has a mirror image counts
        if let (Some(low), Some(high)) = (a, b)
            && ((low - span.0) - (span.1 - high)).abs() > UNEVEN
        {
            let at = |sided: &[f64], p: f64| {
                let all = [sided, &stops.caps, &stops.frames].into_iter().flatten().copied();
                all.into_iter().find(|s| (s - p).abs() < EVEN)
            };
            let (mirrored_low, mirrored_high) = (span.0 + (span.1 - high), span.1 - (low - span.0));
            match (at(&stops.ends, mirrored_low), at(&stops.begins, mirrored_high)) {
                (Some(low), None) => a = Some(low),
                (None, Some(high)) => b = Some(high),
                _ => {}
            }
        }
        let found = u8::from(a.is_some()) + u8::from(b.is_some());
        ((a.unwrap_or(span.0), b.unwrap_or(span.1)), found)
    }
}

/// One of the rising places is this one.
fn near_one(places: &[f64], at: f64) -> bool {
    let i = places.partition_point(|p| *p < at - TOUCH);
    places.get(i).is_some_and(|p| *p <= at + TOUCH)
}

/// Where a track may hold openings: along its whole length and a door's width beyond.
fn reach_box(tracks: &Tracks, t: &Track) -> Box2 {
    let (first, last) = (t.spans[0].0, t.spans[t.spans.len() - 1].1);
    band_box(&tracks.families[t.family], (first - 3.0, last + 3.0), (t.low - IN_WALL, t.high + IN_WALL))
}

/// An opening and the track that holds it, with its stretch.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The opening.
    pub opening: DrawnOpening,
    /// Track and stretch along it, where a wall holds it.
    pub host: Option<(usize, (f64, f64))>,
}

/// How well a stretch fits a track.
struct Fit {
    /// High where the wall is interrupted just there.
    score: f64,
    /// It lies between the faces, and the wall stops at both of its ends and nowhere else.
    exact: bool,
}

/// How well a stretch fits a track, if at all.
fn fit(places: &Places<'_>, track: usize, span: (f64, f64), across: f64) -> Option<Fit> {
    let t = &places.tracks.tracks[track];
    let off = (t.low - across).max(across - t.high).max(0.0);
    if off > IN_WALL {
        return None;
    }
    let width = span.1 - span.0;
    let walled = super::face::covered(&t.spans, (span.0, span.1)) / width.max(1e-9);
    // wall within a door's width of either end
    let near = |p: f64| t.spans.iter().map(|s| (s.0 - p).max(p - s.1).max(0.0)).fold(f64::INFINITY, f64::min);
    let distance = near(span.0).min(near(span.1));
    if distance > 2.5 {
        return None;
    }
    let (_, jambs) = places.jambs(track, span);
    Some(Fit {
        score: 2.0 * (1.0 - walled) + 0.7 * f64::from(jambs) - 4.0 * off - 0.5 * distance,
        exact: off <= 0.0 && jambs == 2 && walled < LAPPED,
    })
}

/// A door in a track: which end of each leaf's arc closes, and where.
struct Hosted {
    score: f64,
    track: usize,
    closed: Vec<usize>,
    span: (f64, f64),
}

/// What it costs a place that the leaf would be drawn closed in it: much where the wall says nothing of an opening.
const SHUT: (f64, f64) = (0.3, 1.2);
/// Frames overlap the wall by less than this share of a door.
const LAPPED: f64 = 0.25;

/// Places a swinging door.
pub fn door(places: &Places<'_>, swing: &Swing) -> Placed {
    let first = swing.leaves[0];
    let reach = Box2::around(swing.leaves.iter().flat_map(|l| [l.hinge, l.ends[0], l.ends[1]]));
    let mut best: Option<Hosted> = None;
    for i in places.index.touching(&reach) {
        let t = &places.tracks.tracks[i];
        let family = &places.tracks.families[t.family];
        // which end of each arc lies along the wall
        let closed: Vec<Option<usize>> = swing
            .leaves
            .iter()
            .map(|l| {
                let along = |e: usize| ((l.ends[e] - l.hinge) / l.radius).dot(family.along).abs();
                let e = usize::from(along(1) > along(0));
                (along(e) > PARALLEL).then_some(e)
            })
            .collect();
        let Some(closed) = closed.into_iter().collect::<Option<Vec<usize>>>() else { continue };
        // a leaf is drawn where it stands open; some offices draw it closed as well, or instead
        let shut = swing.leaves.iter().zip(&closed).any(|(l, &e)| l.open == Some(e));
        let (mut lo, mut hi, mut across) = (f64::INFINITY, f64::NEG_INFINITY, 0.0);
        for (l, &e) in swing.leaves.iter().zip(&closed) {
            let ((a, r), (b, _)) = (family.coordinates(l.hinge), family.coordinates(l.ends[e]));
            lo = lo.min(a.min(b));
            hi = hi.max(a.max(b));
            across += r / swing.leaves.len() as f64;
        }
        let cost = |f: &Fit| if f.exact { SHUT.0 } else { SHUT.1 };
        if let Some(score) =
            fit(places, i, (lo, hi), across).map(|f| if shut { f.score - cost(&f) } else { f.score })
            && (!shut || score > 0.0)
            && best.as_ref().is_none_or(|b| score > b.score + 1e-9)
        {
            best = Some(Hosted { score, track: i, closed, span: (lo, hi) });
        }
    }
    let hinges = swing.leaves.iter().map(|l| l.hinge).collect();
    match best {
        Some(Hosted { score, track: i, closed, span }) => {
            let (span, jambs) = places.jambs(i, span);
            let t = &places.tracks.tracks[i];
            let family = &places.tracks.families[t.family];
            let side = |l: &Leaf, e: usize| (l.ends[1 - e] - l.hinge).dot(family.normal()).signum();
            let opens = side(&first, closed[0]);
            // leaves that swing to both sides open to none
            let agree = swing.leaves.iter().zip(&closed).all(|(l, &e)| side(l, e) * opens > 0.0);
            let swing_to = DrawnSwing { hinges, opens_to: agree.then(|| family.normal() * opens) };
            let confidence = (0.55 + 0.1 * score + 0.08 * f64::from(jambs)).clamp(0.4, 0.98);
            let opening = placed_opening(places, i, span, OpeningKind::Door, swing.marks.clone(), confidence);
            Placed {
                opening: DrawnOpening { swing: Some(swing_to), operation: Operation::Swinging, ..opening },
                host: Some((i, span)),
            }
        }
        None => free_door(swing, &first, hinges),
    }
}

/// A door without a wall: the leaf tells its width and where it closes.
fn free_door(swing: &Swing, first: &Leaf, hinges: Vec<Point2>) -> Placed {
    let closed = match (first.open, swing.leaves.get(1)) {
        (_, Some(second)) => {
            let d = second.hinge - first.hinge;
            usize::from((first.ends[1] - first.hinge).dot(d) > (first.ends[0] - first.hinge).dot(d))
        }
        (Some(open), None) => 1 - open,
        (None, None) => 0,
    };
    let far = swing.leaves.get(1).map_or(first.ends[closed], |l| l.hinge);
    let along = (far - first.hinge).normalised().unwrap_or(Point2::new(1.0, 0.0));
    // a leaf drawn half open still opens square to the wall
    let leaf = first.ends[1 - closed] - first.hinge;
    let opens = (leaf - along * leaf.dot(along)).normalised();
    let known = first.open.is_some() || swing.leaves.len() > 1;
    Placed {
        opening: DrawnOpening {
            kind: OpeningKind::Door,
            centre: first.hinge.lerp(far, 0.5),
            along,
            width_m: first.hinge.distance(far),
            depth_m: None,
            operation: Operation::Swinging,
            swing: Some(DrawnSwing { hinges, opens_to: opens.filter(|_| known) }),
            mark: None,
            dashed: false,
            evidence: Evidence {
                marks: swing.marks.clone(),
                confidence: if swing.on_door_layer { 0.6 } else { 0.3 },
            },
        },
        host: None,
    }
}

fn placed_opening(
    places: &Places<'_>,
    track: usize,
    span: (f64, f64),
    kind: OpeningKind,
    marks: Vec<u32>,
    confidence: f64,
) -> DrawnOpening {
    let t = &places.tracks.tracks[track];
    let family = &places.tracks.families[t.family];
    DrawnOpening {
        kind,
        centre: family.point((span.0 + span.1) / 2.0, t.middle()),
        along: family.along,
        width_m: span.1 - span.0,
        depth_m: Some(t.thickness()),
        operation: Operation::Unknown,
        swing: None,
        mark: None,
        dashed: false,
        evidence: Evidence { marks, confidence },
    }
}

/// Places panes.
pub fn window(places: &Places<'_>, panes: &Panes) -> Option<Placed> {
    let longest = panes.lines.iter().max_by(|a, b| a.0.distance(a.1).total_cmp(&b.0.distance(b.1)))?;
    let own = (longest.1 - longest.0).normalised()?;
    let parallel: Vec<&(Point2, Point2)> = panes
        .lines
        .iter()
        .filter(|(a, b)| (*b - *a).normalised().is_some_and(|d| d.dot(own).abs() > PARALLEL))
        .collect();
    let length = longest.0.distance(longest.1);
    if !(0.2..=40.0).contains(&length) {
        return None;
    }
    let reach = Box2::around(parallel.iter().flat_map(|l| [l.0, l.1]));
    let mut best: Option<(f64, usize, (f64, f64))> = None;
    for i in places.index.touching(&reach) {
        let t = &places.tracks.tracks[i];
        let family = &places.tracks.families[t.family];
        if own.dot(family.along).abs() < PARALLEL {
            continue;
        }
        let (mut lo, mut hi, mut below, mut above) =
            (f64::INFINITY, f64::NEG_INFINITY, f64::INFINITY, f64::NEG_INFINITY);
        for (a, b) in parallel.iter().map(|l| (family.coordinates(l.0), family.coordinates(l.1))) {
            lo = lo.min(a.0.min(b.0));
            hi = hi.max(a.0.max(b.0));
            below = below.min(a.1.min(b.1));
            above = above.max(a.1.max(b.1));
        }
        if let Some(score) = fit(places, i, (lo, hi), (below + above) / 2.0).map(|f| f.score)
            && (above - below > PANEL_DEPTH * t.thickness() || places.within(i, (lo, hi)))
            && best.as_ref().is_none_or(|b| score > b.0 + 1e-9)
        {
            best = Some((score, i, (lo, hi)));
        }
    }
    let kind = if panes.meaning == Some(Meaning::Door) { OpeningKind::Door } else { OpeningKind::Window };
    if let Some((score, i, span)) = best {
        let (span, jambs) = places.jambs(i, span);
        let confidence = (0.55 + 0.08 * score + 0.08 * f64::from(jambs)).clamp(0.4, 0.98);
        let mut opening = placed_opening(places, i, span, kind, panes.marks.clone(), confidence);
        opening.dashed = panes.dashed;
        return Some(Placed { opening, host: Some((i, span)) });
    }
    // what lies on a layer of doors without a wall is a leaf or a threshold, and nameless lines may be anything
    if panes.meaning.is_none() || parallel.len() < 2 || kind == OpeningKind::Door {
        return None;
    }
    let (u, v) = (own, own.left());
    let box_uv =
        Box2::around(parallel.iter().flat_map(|l| [l.0, l.1]).map(|p| Point2::new(p.dot(u), p.dot(v))));
    if box_uv.width() < FREE_WINDOW || box_uv.width() < 2.0 * box_uv.height() {
        return None;
    }
    Some(Placed {
        opening: DrawnOpening {
            kind,
            centre: u * box_uv.centre().x + v * box_uv.centre().y,
            along: u,
            width_m: box_uv.width(),
            depth_m: None,
            operation: Operation::Unknown,
            swing: None,
            mark: None,
            dashed: panes.dashed,
            evidence: Evidence { marks: panes.marks.clone(), confidence: 0.5 },
        },
        host: None,
    })
}

/// Doors drawn with several arcs about one hinge are one: what no wall holds goes where another of its hinge is held.
pub fn drop_shadows(placed: &mut Vec<Placed>) {
    /// Arcs of one leaf turn about points closer than this, metres.
    const HINGE: f64 = 0.2;
    let hinges = |p: &Placed| p.opening.swing.as_ref().map(|s| s.hinges.clone()).unwrap_or_default();
    let held: Vec<Point2> = placed.iter().filter(|p| p.host.is_some()).flat_map(&hinges).collect();
    placed.retain(|p| {
        p.host.is_some() || !hinges(p).iter().any(|h| held.iter().any(|o| o.distance(*h) < HINGE))
    });
}

/// Frames of doors look like windows of the walls across: boxes as deep as the wall at the jambs. Which of the panes are
/// none.
pub fn frames(placed: &[Placed], panes: &[Panes]) -> Vec<bool> {
    /// A frame is so wide along the wall, and reaches so far out of it, metres.
    const WIDE: f64 = 0.12;
    const OUT: f64 = 0.03;
    let doors: Vec<&DrawnOpening> = placed
        .iter()
        .filter(|p| p.host.is_some() && p.opening.kind == OpeningKind::Door)
        .map(|p| &p.opening)
        .collect();
    let reach = |o: &DrawnOpening| o.width_m / 2.0 + o.depth_m.unwrap_or(0.0) + WIDE;
    let index = BoxIndex::new(doors.iter().map(|o| Box2::of(o.centre, o.centre).grown(reach(o))).collect());
    let is_frame = |p: &Panes| {
        let ends = || p.lines.iter().flat_map(|l| [l.0, l.1]);
        index.any(&Box2::around(ends()), |k| {
            let o = doors[k];
            let half = o.depth_m.unwrap_or(0.0) / 2.0 + OUT;
            let seen = Box2::around(ends().map(|p| {
                let v = p - o.centre;
                Point2::new(v.dot(o.along), v.dot(o.along.left()))
            }));
            let (near, far) =
                (seen.min.x.abs().min(seen.max.x.abs()), seen.min.x.abs().max(seen.max.x.abs()));
            seen.width() <= WIDE
                && seen.min.y >= -half
                && seen.max.y <= half
                && near <= o.width_m / 2.0
                && far <= o.width_m / 2.0 + WIDE
        })
    };
    panes.iter().map(is_frame).collect()
}

/// Panes that overlap in one wall are one opening: the leaves of a sliding door or window.
pub fn merge_overlapping(places: &Places<'_>, placed: &mut Vec<Placed>) {
    let mut order: Vec<usize> = (0..placed.len()).collect();
    let key = |p: &Placed| p.host.map_or((usize::MAX, 0.0), |(t, s)| (t, s.0));
    order.sort_by(|&a, &b| {
        let (a, b) = (key(&placed[a]), key(&placed[b]));
        a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
    });
    let mut gone = vec![false; placed.len()];
    let mut last: Option<usize> = None;
    for i in order {
        let Some((track, span)) = placed[i].host else { continue };
        if let Some(j) = last
            && let Some((other, s)) = placed[j].host
            && other == track
            && s.1 - span.0 > OVERLAP * (s.1 - s.0).min(span.1 - span.0)
        {
            // a door with a leaf keeps its own jambs
            let (keep, drop) = if placed[i].opening.swing.is_some() && placed[j].opening.swing.is_none() {
                (i, j)
            } else {
                (j, i)
            };
            let marks = placed[drop].opening.evidence.marks.clone();
            if placed[keep].opening.swing.is_none() {
                // panels that pass one another
                let whole = s.1.max(span.1) - s.0.min(span.0);
                let slides = (s.1 - s.0).max(span.1 - span.0) < PANEL * whole;
                let (span, _) = places.jambs(track, (s.0.min(span.0), s.1.max(span.1)));
                let old = &placed[keep].opening;
                let mut whole = placed_opening(
                    places,
                    track,
                    span,
                    old.kind,
                    old.evidence.marks.clone(),
                    old.evidence.confidence,
                );
                whole.dashed = old.dashed && placed[drop].opening.dashed;
                if slides {
                    whole.operation = Operation::Sliding;
                }
                placed[keep] = Placed { opening: whole, host: Some((track, span)) };
            }
            placed[keep].opening.evidence.marks.extend(marks);
            gone[drop] = true;
            last = Some(keep);
        } else {
            last = Some(i);
        }
    }
    let mut i = 0;
    placed.retain(|_| {
        i += 1;
        !gone[i - 1]
    });
}

/// Bare gaps: stretches between two ends of walls in one line that nothing fills or bridges.
pub fn gaps(places: &Places<'_>, placed: &[Placed]) -> Vec<Placed> {
    let mut out = Vec::new();
    let mut held_in: Vec<Vec<(f64, f64)>> = vec![Vec::new(); places.tracks.tracks.len()];
    for (track, span) in placed.iter().filter_map(|p| p.host) {
        held_in[track].push(span);
    }
    for (i, t) in places.tracks.tracks.iter().enumerate() {
        for w in t.spans.windows(2) {
            let gap = (w[0].1, w[1].0);
            let width = gap.1 - gap.0;
            let held = held_in[i].iter().any(|s| s.1.min(gap.1) - s.0.max(gap.0) > 0.2 * width);
            let bridged =
                t.bridges.iter().any(|b| (b.0 - gap.0).abs() < TOUCH && (b.1 - gap.1).abs() < TOUCH);
            if held || bridged || !(GAP.0..=GAP.1).contains(&width) {
                continue;
            }
            let opening = placed_opening(places, i, gap, OpeningKind::Gap, t.marks.clone(), 0.5);
            out.push(Placed { opening, host: Some((i, gap)) });
        }
    }
    out
}
