//! The bodies of all elements of a model; wholes without a body of their own take those of their
//! parts.

use super::{CutBand, Visibility};
use crate::error::Notice;
use crate::geom::{Box3, Polygon, Region, union};
use crate::ifc::bodies::ElementBodies;
use crate::ifc::body::{Body, BodyRead};
use crate::ifc::model::{Element, Kind, Model};
use crate::place::Place;

/// No more elements are told one by one.
const TOLD: usize = 100;

/// What an element is made of.
#[derive(Clone, Debug, Default)]
pub(super) struct Bodies {
    /// Its own body, or those of its parts.
    pub(super) parts: Vec<Body>,
    /// Box around all of it.
    pub(super) extent: Box3,
    /// Why it cannot be cut, or not the whole of it.
    pub(super) missing: Option<String>,
    /// It is shown as part of its whole, not by itself.
    pub(super) folded: bool,
}

/// What the band meets of an element.
#[derive(Clone, Debug)]
pub(super) struct BandCut {
    /// How it shows.
    pub(super) visibility: Visibility,
    /// Height of the section: the usual one, or another of the band where only that meets it, or the middle of the
    /// body where none does.
    pub(super) z: f64,
    /// The section there.
    pub(super) region: Region,
    /// Some face set did not close.
    pub(super) open: bool,
}

impl Bodies {
    /// What a level plane cuts out.
    pub(super) fn section(&self, z: f64) -> (Region, bool) {
        let mut open = false;
        let mut regions: Vec<Region> = Vec::new();
        for body in &self.parts {
            let section = body.section(z);
            open |= section.open;
            if !section.region.is_empty() {
                regions.push(section.region);
            }
        }
        let region = match regions.len() {
            0 => Vec::new(),
            1 => regions.remove(0),
            _ => union(&regions.concat()),
        };
        (region, open)
    }

    /// How the band over a floor meets it. `None` when it has no body.
    pub(super) fn band(&self, floor: f64, band: &CutBand) -> Option<BandCut> {
        if self.parts.is_empty() {
            return None;
        }
        let heights = [floor + band.usual_m, floor + band.low_m, floor + band.high_m];
        let sections: Vec<(f64, (Region, bool))> = heights.iter().map(|&z| (z, self.section(z))).collect();
        let open = sections.iter().any(|(_, s)| s.1);
        let cuts = sections.iter().filter(|(_, s)| !s.0.is_empty()).count();
        let visibility = match cuts {
            3 => Visibility::MustShow,
            1 | 2 => Visibility::MayShow,
            _ if self.extent.min.z > floor + band.usual_m => Visibility::Above,
            _ => Visibility::Below,
        };
        if let Some((z, (region, _))) = sections.into_iter().find(|(_, s)| !s.0.is_empty()) {
            return Some(BandCut { visibility, z, region, open });
        }
        let z = (self.extent.min.z + self.extent.max.z) / 2.0;
        let (region, more) = self.section(z);
        Some(BandCut { visibility, z, region, open: open || more })
    }

    /// Seen from above.
    pub(super) fn projection(&self) -> Region {
        let all: Vec<Polygon> = self.parts.iter().flat_map(Body::projection).collect();
        if all.len() < 2 { all } else { union(&all) }
    }

    /// World z range.
    pub(super) fn z(&self) -> (f64, f64) {
        if self.extent.is_empty() { (0.0, 0.0) } else { (self.extent.min.z, self.extent.max.z) }
    }
}

/// Kinds that are shown by themselves even where they are parts of something.
fn stands_alone(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Wall
            | Kind::CurtainWall
            | Kind::Column
            | Kind::Door
            | Kind::Window
            | Kind::Space
            | Kind::Opening
    )
}

/// A part of this whole is shown with it.
fn folds(whole: &Element, part: &Element) -> bool {
    match part.kind {
        Kind::Door | Kind::Window | Kind::Space | Kind::Opening => false,
        kind if stands_alone(kind) => matches!(whole.kind, Kind::Wall | Kind::CurtainWall | Kind::Column),
        _ => true,
    }
}

/// All bodies of a model, from what was read.
pub(super) fn of(model: &Model, read: &ElementBodies) -> (Vec<Bodies>, Vec<Notice>) {
    let own = read.all();
    if own.is_empty() {
        return (vec![Bodies::default(); model.elements.len()], Vec::new());
    }
    let mut notices = told(model, own);
    let approximated =
        own.iter().filter(|r| r.body.as_ref().is_some_and(|b| b.shape.is_approximated())).count();
    if approximated > 0 {
        let message =
            format!("{approximated} elements have curved faces or sweeps; these are cut as flat pieces");
        notices.push(Notice::new("ifc-approximated", Place::file(&model.file), message));
    }
    (with_parts(model, own), notices)
}

fn told(model: &Model, own: &[BodyRead]) -> Vec<Notice> {
    let mut notices = Vec::new();
    let mut more = 0usize;
    for (element, read) in model.elements.iter().zip(own) {
        let Some(reason) = read.missing.first() else { continue };
        if notices.len() >= TOLD {
            more += 1;
            continue;
        }
        let place = model.step().map_or_else(|| Place::file(&model.file), |s| s.place(element.step_id));
        let what =
            if read.body.is_some() { "a part of its body was left out" } else { "its body was left out" };
        notices.push(Notice::new("ifc-body", place, format!("{}: {what}: {reason}", element.class)));
    }
    if more > 0 {
        let message = format!("{more} more bodies could not be read whole");
        notices.push(Notice::new("ifc-body", Place::file(&model.file), message));
    }
    notices
}

fn with_parts(model: &Model, own: &[BodyRead]) -> Vec<Bodies> {
    let n = model.elements.len();
    let mut children: Vec<Vec<u32>> = vec![Vec::new(); n];
    let mut out: Vec<Bodies> = Vec::with_capacity(n);
    for (i, (element, read)) in model.elements.iter().zip(own).enumerate() {
        let mut bodies = Bodies { missing: read.missing.first().cloned(), ..Bodies::default() };
        bodies.parts.extend(read.body.clone());
        if let Some(whole) = element.whole.and_then(|w| model.elements.get(w as usize))
            && folds(whole, element)
        {
            bodies.folded = true;
        }
        if let Some(list) = element.whole.and_then(|w| children.get_mut(w as usize)) {
            list.push(i as u32);
        }
        out.push(bodies);
    }
    for i in 0..n {
        if out[i].parts.is_empty() && !children[i].is_empty() {
            let gathered = gather(i, &children, &out);
            out[i].parts = gathered;
        }
    }
    for bodies in &mut out {
        bodies.extent = bodies.parts.iter().fold(Box3::EMPTY, |mut all, b| {
            all.merge(&b.extent);
            all
        });
    }
    out
}

/// Bodies of the folded parts below an element.
fn gather(whole: usize, children: &[Vec<u32>], all: &[Bodies]) -> Vec<Body> {
    let mut out = Vec::new();
    let mut seen = vec![whole];
    let mut next = 0;
    while let Some(&at) = seen.get(next) {
        next += 1;
        for &child in &children[at] {
            let child = child as usize;
            if all[child].folded && !seen.contains(&child) {
                if all[child].parts.is_empty() {
                    seen.push(child);
                } else {
                    out.extend(all[child].parts.iter().cloned());
                }
            }
        }
    }
    out
}
