//! Walls: strips between two faces that hold wall, chained to tracks; openings, columns and junctions bridged to runs.

use super::face::{self, FaceLine, Family, Strip, covered, families, merged, strips};
use super::layer::Meaning;
use super::ray;
use super::scene::Scene;
use crate::drawing::plans::{DrawnColumn, DrawnWall, Evidence};
use crate::geom::{Box2, BoxIndex, Point2, Segment2, ring_contains};
use rayon::prelude::*;

/// Thickness of walls, metres: from studs and boards to old masonry.
const THINNEST: f64 = 0.045;
const THICKEST: f64 = 0.9;
/// Boards of cubicles: thinner than walls, drawn as outlines of their own on wall layers.
const BOARD: f64 = 0.018;
/// A board is longer than this, metres: between the doors of cubicles little is left of it.
const BOARD_LENGTH: f64 = 0.1;
/// What it costs a strip to be as thin as a board: where it lies on a wall, the wall takes the face.
const THIN: f64 = 0.5;
/// Shares and sizes that make a layer of walls worth trusting: so much length, metres.
const TRUSTED_WALL_LENGTH: f64 = 4.0;
/// Strips of a score from here on are walls.
const ACCEPT: f64 = 1.0;
/// Strips of one track agree in both faces to this, metres.
const TRACK_TOLERANCE: f64 = 0.001;
/// Gaps up to this are junctions when a face or a wall runs through, metres.
const JUNCTION: f64 = 0.9;

/// A straight wall without its ends: two faces of a family and the stretches between them that are wall.
#[derive(Clone, Debug)]
pub struct Track {
    /// Family, as a number into [`Tracks::families`].
    pub family: usize,
    /// Lower face's place across.
    pub low: f64,
    /// Upper face's place across.
    pub high: f64,
    /// Wall between both faces, disjoint and rising.
    pub spans: Vec<(f64, f64)>,
    /// Stretches bridged by what runs through: columns, junctions, openings.
    pub bridges: Vec<(f64, f64)>,
    /// Marks of its faces.
    pub marks: Vec<u32>,
    /// Filled.
    pub filled: bool,
    /// Dashed.
    pub dashed: bool,
    /// Both faces lie on layers of curtain walls.
    pub curtain: bool,
    /// Mean confidence of its strips.
    pub confidence: f64,
}

impl Track {
    /// Thickness.
    pub fn thickness(&self) -> f64 {
        self.high - self.low
    }
    /// Place of the centre line across.
    pub fn middle(&self) -> f64 {
        (self.low + self.high) / 2.0
    }
}

/// Everything known about straight walls before openings are placed.
#[derive(Debug, Default)]
pub struct Tracks {
    /// Directions with their faces.
    pub families: Vec<Family>,
    /// Walls.
    pub tracks: Vec<Track>,
    /// Walls are on layers of their own.
    pub layered: bool,
}

/// Lines that may be faces: on wall layers where there are such, else on layers without a meaning.
fn candidates(scene: &Scene<'_>, taken: &[bool]) -> (Vec<FaceLine>, bool) {
    let on_wall = |m: Option<Meaning>| matches!(m, Some(Meaning::Wall | Meaning::CurtainWall));
    let length: f64 = scene.lines.iter().filter(|l| on_wall(l.meaning)).map(|l| l.segment.length()).sum();
    let layered = length > TRUSTED_WALL_LENGTH;
    let lines = scene
        .lines
        .iter()
        .zip(taken)
        .filter(|(l, taken)| {
            !**taken && if layered { on_wall(l.meaning) } else { l.meaning.is_none() && !l.dashed }
        })
        .map(|(l, _)| FaceLine {
            segment: l.segment,
            mark: l.mark,
            on_wall_layer: on_wall(l.meaning),
            curtain: l.meaning == Some(Meaning::CurtainWall),
            dashed: l.dashed,
        })
        .collect();
    (lines, layered)
}

/// Finds wall strips and chains them to tracks. `taken` tells which of the scene's lines belong to something else,
/// `idle` which of them to nothing that a wall ends at.
pub fn find(scene: &Scene<'_>, columns: &[DrawnColumn], taken: &[bool], idle: &[bool]) -> Tracks {
    let (lines, layered) = candidates(scene, taken);
    let families = families(&lines);
    let closed = super::dangling::without(scene, &lines, idle);
    let outlines = if closed.len() == lines.len() { families.clone() } else { face::families(&closed) };
    let inside = Inside::new(scene, &outlines, layered);
    let mut all: Vec<(usize, Strip, f64)> = Vec::new();
    let narrowest = if layered { BOARD } else { THINNEST };
    for (f, family) in families.iter().enumerate() {
        all.extend(strips(family, THICKEST, narrowest).into_iter().map(|s| (f, s, 0.0)));
    }
    let usual = usual_thicknesses(&all);
    let mut votes = inside.votes(&families, &all);
    turn_round(&all, &usual, &mut votes);
    let boards = boards(&families, &all, &votes);
    for (((f, strip, score), vote), board) in all.iter_mut().zip(&votes).zip(boards) {
        *score = match strip.thickness < THINNEST {
            true if !board => f64::NEG_INFINITY,
            true => score_strip(&families[*f], strip, &usual, vote.value()) - THIN,
            false => score_strip(&families[*f], strip, &usual, vote.value()),
        };
    }
    let accepted = accept(&families, all);
    let mut tracks = chain(&families, &accepted, &inside);
    if !layered {
        drop_lone_bands(&families, &mut tracks);
    }
    bridge(&families, &mut tracks, columns);
    Tracks { families, tracks, layered }
}

/// Length by thickness in steps of 5 mm, relative to the largest.
fn usual_thicknesses(all: &[(usize, Strip, f64)]) -> Vec<f64> {
    let mut bins = vec![0.0; (THICKEST / 0.005) as usize + 2];
    for (_, s, _) in all {
        let length = s.span.1 - s.span.0;
        // short strips say nothing about thickness, and finishes run along everything
        if length > 2.0 * s.thickness && s.thickness >= THINNEST {
            bins[(s.thickness / 0.005).round() as usize] += length;
        }
    }
    let most = bins.iter().copied().fold(1e-9, f64::max);
    bins.iter().map(|b| b / most).collect()
}

/// Whether a strip lies inside of walls, from −1 to 1.
#[derive(Clone, Copy)]
enum Vote {
    /// By a filling or a closed outline.
    Sure(f64),
    /// By the parity of crossings.
    Parity(f64),
}

impl Vote {
    fn value(self) -> f64 {
        match self {
            Self::Sure(v) | Self::Parity(v) => v,
        }
    }
}

/// One closed line around everything (a frame, a site) turns inside out. Strips of a usual thickness are walls more often
/// than not: where nearly all of them seem to lie outside, the sides are changed.
fn turn_round(all: &[(usize, Strip, f64)], usual: &[f64], votes: &mut [Vote]) {
    /// Mean from which on the sides are wrong.
    const WRONG: f64 = -0.15;
    let (mut sum, mut weight) = (0.0, 0.0);
    for ((_, s, _), vote) in all.iter().zip(votes.iter()) {
        let length = s.span.1 - s.span.0;
        let like = usual.get((s.thickness / 0.005).round() as usize).copied().unwrap_or(0.0);
        if let Vote::Parity(v) = vote
            && (0.07..=0.45).contains(&s.thickness)
            && length > 3.0 * s.thickness
        {
            sum += v * like * length;
            weight += like * length;
        }
    }
    if weight > 0.0 && sum / weight < WRONG {
        for vote in votes {
            if let Vote::Parity(v) = vote {
                *v = -*v;
            }
        }
    }
}

/// Which strips too thin for walls are boards: those with an outline of their own, and those that the outlines of walls
/// hold together, unless these are so many that they are finishes.
fn boards(families: &[Family], all: &[(usize, Strip, f64)], votes: &[Vote]) -> Vec<bool> {
    /// Boards are a smaller share of the length of walls.
    const MOST: f64 = 0.12;
    let length = |s: &Strip| s.span.1 - s.span.0;
    let board = |of: &(usize, Strip, f64), vote: &Vote, sure: bool| {
        let (f, s, _) = of;
        let (low, high) = (&families[*f].faces[s.low], &families[*f].faces[s.high]);
        let inside = match vote {
            Vote::Sure(v) => *v > 0.0,
            Vote::Parity(v) => !sure && *v > 0.99,
        };
        inside && s.thickness < THINNEST && length(s) > BOARD_LENGTH && !low.curtain && !high.curtain
    };
    let (mut thin, mut walls) = (0.0, 0.0);
    for (a, v) in all.iter().zip(votes) {
        if board(a, v, false) {
            thin += length(&a.1);
        } else if a.1.thickness >= THINNEST && v.value() > 0.5 {
            walls += length(&a.1);
        }
    }
    let sure = thin > MOST * walls;
    all.iter().zip(votes).map(|(a, v)| board(a, v, sure)).collect()
}

fn score_strip(family: &Family, s: &Strip, usual: &[f64], vote: f64) -> f64 {
    let (low, high) = (&family.faces[s.low], &family.faces[s.high]);
    let length = s.span.1 - s.span.0;
    let mut score = 0.0;
    score += 1.2 * vote;
    score += 0.6 * usual.get((s.thickness / 0.005).round() as usize).copied().unwrap_or(0.0).min(1.0);
    score += 0.4 * low.wall_share.min(high.wall_share);
    score += match s.thickness {
        t if t > 0.65 => -0.4,
        t if (0.07..=0.45).contains(&t) => 0.3,
        _ => -0.1,
    };
    score += match length / s.thickness {
        r if r > 3.0 => 0.3,
        r if r > 0.8 => 0.0,
        _ => -0.3,
    };
    score
}

/// Whether a place lies inside of walls, by fillings, outlines and the parity of crossings.
struct Inside<'a> {
    fills: Vec<&'a [Point2]>,
    fill_index: BoxIndex,
    rings: Vec<&'a [Point2]>,
    ring_index: BoxIndex,
    /// Outlines that rays meet.
    outlines: &'a [Family],
    layered: bool,
}

impl<'a> Inside<'a> {
    fn new(scene: &'a Scene<'_>, families: &'a [Family], layered: bool) -> Self {
        let mut fills: Vec<(&[Point2], Box2)> = Vec::new();
        let mut rings: Vec<(&[Point2], Box2)> = Vec::new();
        for r in &scene.rings {
            match (r.filled, r.meaning) {
                (true, Some(Meaning::Hatch | Meaning::Wall | Meaning::Column)) => {
                    fills.push((&r.ring, r.bounds))
                }
                (true, None) if !layered => fills.push((&r.ring, r.bounds)),
                (false, Some(Meaning::Wall | Meaning::CurtainWall)) => rings.push((&r.ring, r.bounds)),
                _ => {}
            }
        }
        // an outline drawn twice would turn inside out
        rings.sort_by(|a, b| {
            let key = |r: &Box2| (r.min.x, r.min.y, r.max.x, r.max.y);
            let (a, b) = (key(&a.1), key(&b.1));
            a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.total_cmp(&b.2)).then(a.3.total_cmp(&b.3))
        });
        rings.dedup_by(|a, b| {
            a.0.len() == b.0.len() && a.1.min.distance(b.1.min) + a.1.max.distance(b.1.max) < 1e-6
        });
        let fill_index = BoxIndex::new(fills.iter().map(|f| f.1).collect());
        let ring_index = BoxIndex::new(rings.iter().map(|f| f.1).collect());
        Self {
            fills: fills.into_iter().map(|f| f.0).collect(),
            fill_index,
            rings: rings.into_iter().map(|r| r.0).collect(),
            ring_index,
            outlines: families,
            layered,
        }
    }

    fn count(list: &[&[Point2]], index: &BoxIndex, p: Point2) -> usize {
        index.touching(&Box2::of(p, p)).into_iter().filter(|&i| ring_contains(list[i], p)).count()
    }

    fn filled(&self, p: Point2) -> bool {
        Self::count(&self.fills, &self.fill_index, p) > 0
    }

    /// From −1 (outside for sure) to 1 (inside for sure), per strip.
    fn votes(&self, families: &[Family], all: &[(usize, Strip, f64)]) -> Vec<Vote> {
        let samples = |family: &Family, s: &Strip| {
            let middle = (family.faces[s.low].rho + family.faces[s.high].rho) / 2.0;
            [0.5, 0.23, 0.77].map(|q| family.point(s.span.0 + (s.span.1 - s.span.0) * q, middle))
        };
        let sure: Vec<Option<f64>> =
            all.par_iter().map(|(f, s, _)| self.sure(&samples(&families[*f], s))).collect();
        let mut open: Vec<Vec<(usize, Point2, Point2)>> = vec![Vec::new(); families.len()];
        for (i, (f, s, _)) in all.iter().enumerate().filter(|(i, _)| sure[*i].is_none()) {
            let [_, p, q] = samples(&families[*f], s);
            open[*f].push((i, p, q));
        }
        let mut votes: Vec<Vote> = sure.iter().map(|s| Vote::Sure(s.unwrap_or(0.0))).collect();
        for (i, parity) in ray::parities(self.outlines, families, &open) {
            votes[i] = Vote::Parity(parity);
        }
        votes
    }

    /// What fillings and closed outlines say of places along a strip.
    fn sure(&self, samples: &[Point2; 3]) -> Option<f64> {
        if samples.iter().all(|p| self.filled(*p)) {
            return Some(1.0);
        }
        if self.layered && !self.rings.is_empty() {
            let counts = samples.map(|p| Self::count(&self.rings, &self.ring_index, p));
            if counts.iter().all(|c| c % 2 == 1) {
                return Some(1.0);
            }
            if counts.iter().all(|c| *c > 0 && c % 2 == 0) {
                return Some(-1.0);
            }
        }
        None
    }
}

/// Best first; each side of a face bounds one wall at most, so a face between two strips serves only the better one.
fn accept(families: &[Family], mut all: Vec<(usize, Strip, f64)>) -> Vec<(usize, Strip, f64)> {
    all.retain(|s| s.2 >= ACCEPT);
    all.sort_by(|a, b| {
        b.2.total_cmp(&a.2)
            .then((b.1.span.1 - b.1.span.0).total_cmp(&(a.1.span.1 - a.1.span.0)))
            .then((a.0, a.1.low, a.1.high).cmp(&(b.0, b.1.low, b.1.high)))
            .then(a.1.span.0.total_cmp(&b.1.span.0))
    });
    let mut used: Vec<Vec<Vec<(f64, f64)>>> =
        families.iter().map(|f| vec![Vec::new(); f.faces.len()]).collect();
    let mut out = Vec::new();
    for (f, strip, score) in all {
        let length = strip.span.1 - strip.span.0;
        let taken = |face: usize, used: &Vec<Vec<Vec<(f64, f64)>>>| covered(&used[f][face], strip.span);
        if taken(strip.low, &used).max(taken(strip.high, &used)) > 0.3 * length {
            continue;
        }
        used[f][strip.low].push(strip.span);
        used[f][strip.high].push(strip.span);
        out.push((f, strip, score));
    }
    out
}

/// Strips between the same two faces become one track.
fn chain(families: &[Family], accepted: &[(usize, Strip, f64)], inside: &Inside<'_>) -> Vec<Track> {
    let mut order: Vec<usize> = (0..accepted.len()).collect();
    let key = |i: usize| {
        let (f, s, _) = &accepted[i];
        (*f, families[*f].faces[s.low].rho, families[*f].faces[s.high].rho, s.span.0)
    };
    order.sort_by(|&a, &b| {
        let (a, b) = (key(a), key(b));
        a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.total_cmp(&b.2)).then(a.3.total_cmp(&b.3))
    });
    let mut tracks: Vec<Track> = Vec::new();
    let mut weights: Vec<f64> = Vec::new();
    for i in order {
        let (f, s, score) = &accepted[i];
        let (low, high) = (&families[*f].faces[s.low], &families[*f].faces[s.high]);
        let length = s.span.1 - s.span.0;
        let confidence = (0.5 + 0.2 * score).clamp(0.3, 0.98);
        // strips come sorted by family and lower face: tracks of the same lower face stand last
        let mate = (0..tracks.len())
            .rev()
            .take_while(|&n| tracks[n].family == *f && low.rho - tracks[n].low < TRACK_TOLERANCE)
            .find(|&n| (tracks[n].high - high.rho).abs() < TRACK_TOLERANCE);
        let n = mate.unwrap_or_else(|| {
            tracks.push(Track {
                family: *f,
                low: low.rho,
                high: high.rho,
                spans: Vec::new(),
                bridges: Vec::new(),
                marks: Vec::new(),
                filled: inside
                    .filled(families[*f].point((s.span.0 + s.span.1) / 2.0, (low.rho + high.rho) / 2.0)),
                dashed: low.dashed && high.dashed,
                curtain: low.curtain && high.curtain,
                confidence: 0.0,
            });
            weights.push(0.0);
            tracks.len() - 1
        });
        let t = &mut tracks[n];
        t.spans.push(s.span);
        t.marks.extend(low.marks.iter().chain(&high.marks));
        t.confidence = (t.confidence * weights[n] + confidence * length) / (weights[n] + length);
        weights[n] += length;
    }
    for t in &mut tracks {
        t.spans = merged(std::mem::take(&mut t.spans), face::TOUCH);
        t.marks.sort_unstable();
        t.marks.dedup();
    }
    tracks
}

/// Without layers of walls, two lines farther apart than most walls are thick may be anything. They are a wall where it is
/// filled or other walls end it on both sides, or where most walls of the building are as thick.
fn drop_lone_bands(families: &[Family], tracks: &mut Vec<Track>) {
    /// Thicker than this, metres.
    const THICK: f64 = 0.5;
    /// Another wall ends it within this, metres.
    const NEAR: f64 = 0.05;
    let length = |t: &Track| t.spans.iter().map(|s| s.1 - s.0).sum::<f64>();
    let total: f64 = tracks.iter().map(length).sum();
    let thick: f64 = tracks.iter().filter(|t| t.thickness() > THICK).map(length).sum();
    if thick == 0.0 || thick > 0.5 * total {
        return;
    }
    let index = BoxIndex::new(tracks.iter().map(|t| reach(families, t)).collect());
    let ended = |n: usize, p: Point2| {
        index.any(&Box2::of(p, p), |k| {
            let o = &tracks[k];
            let (a, r) = families[o.family].coordinates(p);
            let along = |s: &(f64, f64)| a > s.0 - THICKEST && a < s.1 + THICKEST;
            let thin = o.thickness() <= THICK && o.family != tracks[n].family;
            thin && r > o.low - NEAR && r < o.high + NEAR && o.spans.iter().any(along)
        })
    };
    let keep: Vec<bool> = (0..tracks.len())
        .map(|n| {
            let t = &tracks[n];
            let family = &families[t.family];
            let end = |a: f64| ended(n, family.point(a, t.middle()));
            let (Some(first), Some(last)) = (t.spans.first(), t.spans.last()) else { return false };
            t.thickness() <= THICK || t.filled || end(first.0) && end(last.1)
        })
        .collect();
    let mut keep = keep.into_iter();
    tracks.retain(|_| keep.next().unwrap_or(true));
}

/// The box around a track and a wall's thickness about it.
fn reach(families: &[Family], t: &Track) -> Box2 {
    let span = (t.spans[0].0 - THICKEST, t.spans[t.spans.len() - 1].1 + THICKEST);
    face::band_box(&families[t.family], span, (t.low, t.high)).grown(0.05)
}

/// Bridges gaps of each track where a column stands, where another wall crosses, or where a face runs on.
fn bridge(families: &[Family], tracks: &mut [Track], columns: &[DrawnColumn]) {
    let column_index =
        BoxIndex::new(columns.iter().map(|c| Box2::around(c.outline.iter().copied())).collect());
    let boxes: Vec<Box2> = tracks
        .iter()
        .map(|t| {
            let span = (t.spans[0].0, t.spans[t.spans.len() - 1].1);
            face::band_box(&families[t.family], span, (t.low, t.high))
        })
        .collect();
    let index = BoxIndex::new(boxes);
    let bridges: Vec<Vec<(f64, f64)>> = tracks
        .iter()
        .map(|t| {
            let family = &families[t.family];
            t.spans
                .windows(2)
                .map(|w| (w[0].1, w[1].0))
                .filter(|&gap| {
                    let band = face::band_box(family, gap, (t.low, t.high));
                    by_column(family, t, gap, columns, &column_index, &band)
                        || gap.1 - gap.0 <= JUNCTION
                            && (by_face(family, t, gap) || by_wall(families, tracks, t, gap, &index, &band))
                })
                .collect()
        })
        .collect();
    for (t, b) in tracks.iter_mut().zip(bridges) {
        t.bridges = b;
    }
}

/// Faces in line with a track's.
fn faces_of<'a>(family: &'a Family, t: &Track) -> impl Iterator<Item = &'a face::Face> {
    [t.low, t.high].into_iter().flat_map(move |rho| family.near(rho, TRACK_TOLERANCE))
}

/// A face of the track runs through the gap: another wall meets it there.
fn by_face(family: &Family, t: &Track, gap: (f64, f64)) -> bool {
    faces_of(family, t).any(|f| covered(&f.spans, gap) > 0.98 * (gap.1 - gap.0))
}

/// A column fills the gap.
fn by_column(
    family: &Family,
    t: &Track,
    gap: (f64, f64),
    columns: &[DrawnColumn],
    index: &BoxIndex,
    band: &Box2,
) -> bool {
    index.touching(&band.grown(0.01)).into_iter().any(|i| {
        let (mut lo, mut hi, mut below, mut above) =
            (f64::INFINITY, f64::NEG_INFINITY, f64::INFINITY, f64::NEG_INFINITY);
        for p in &columns[i].outline {
            let (a, r) = family.coordinates(*p);
            (lo, hi, below, above) = (lo.min(a), hi.max(a), below.min(r), above.max(r));
        }
        lo <= gap.0 + 0.02 && hi >= gap.1 - 0.02 && below < t.high && above > t.low
    })
}

/// Another wall crosses the gap from side to side.
fn by_wall(
    families: &[Family],
    tracks: &[Track],
    t: &Track,
    gap: (f64, f64),
    index: &BoxIndex,
    band: &Box2,
) -> bool {
    let family = &families[t.family];
    let middle = family.point((gap.0 + gap.1) / 2.0, t.middle());
    index.touching(&band.grown(0.01)).into_iter().any(|i| {
        let o = &tracks[i];
        if o.family == t.family {
            return false;
        }
        let (a, r) = families[o.family].coordinates(middle);
        r > o.low - 0.02
            && r < o.high + 0.02
            && o.thickness() > 0.5 * (gap.1 - gap.0)
            && o.spans.iter().any(|s| a > s.0 - t.thickness() && a < s.1 + t.thickness())
    })
}

/// Runs with every bridge: one wall per uninterrupted stretch.
pub fn runs(found: &Tracks) -> Vec<DrawnWall> {
    let mut out = Vec::new();
    for t in &found.tracks {
        let family = &found.families[t.family];
        let all: Vec<(f64, f64)> = t.spans.iter().chain(&t.bridges).copied().collect();
        for (start, end) in merged(all, 2.0 * face::TOUCH) {
            let (a, b) = extended(found, t, (start, end));
            let drawn: Vec<(f64, f64)> = t
                .spans
                .iter()
                .filter(|s| s.0 >= start - face::TOUCH && s.1 <= end + face::TOUCH)
                .map(|s| (s.0 - a, s.1 - a))
                .collect();
            if drawn.is_empty() {
                continue;
            }
            let half = t.thickness() / 2.0;
            out.push(DrawnWall {
                line: Segment2::new(family.point(a, t.middle()), family.point(b, t.middle())),
                arc: None,
                thickness_m: t.thickness(),
                faces_m: vec![-half, half],
                drawn,
                filled: t.filled,
                dashed: t.dashed,
                curtain: t.curtain,
                evidence: Evidence { marks: t.marks.clone(), confidence: t.confidence },
            });
        }
    }
    out.sort_by(|a, b| {
        let (a, b) = (a.line.middle(), b.line.middle());
        a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y))
    });
    out
}

/// At a corner one face runs on to the outer edge of the wall that meets it: the run follows.
fn extended(found: &Tracks, t: &Track, span: (f64, f64)) -> (f64, f64) {
    let family = &found.families[t.family];
    let (mut a, mut b) = span;
    for f in faces_of(family, t) {
        for s in &f.spans {
            if s.0 <= span.0 + face::TOUCH && s.1 >= span.0 - face::TOUCH && span.0 - s.0 <= THICKEST {
                a = a.min(s.0);
            }
            if s.1 >= span.1 - face::TOUCH && s.0 <= span.1 + face::TOUCH && s.1 - span.1 <= THICKEST {
                b = b.max(s.1);
            }
        }
    }
    (a, b)
}
