//! Doors, windows and bare openings in plan: the hole in the wall along it, and how a door swings.

use super::bodies::Bodies;
use super::columns::own_box;
use super::walls::{hint, nearest_run, range_visibility};
use super::{CutBand, OpeningCut, SwingCut, WallArcCut, WallCut, WallRunCut, arcs, runs};
use crate::geom::{Box2, Point2, Polygon, Region};
use crate::ifc::model::{Element, ElementRef, Kind, Model};

/// A hole is in a wall when it comes this near to its centre line, beyond half the thickness, metres.
const IN_WALL_M: f64 = 0.5;

/// A door whose own x runs along its wall within 30° tells its hinge side by it.
const ALONG_WALL: f64 = 0.866;

/// What an opening is made of.
pub(super) struct Parts<'a> {
    /// Door, window or opening.
    pub(super) element: &'a Element,
    /// Its place in the run.
    pub(super) reference: ElementRef,
    /// The hole: an IfcOpeningElement's body.
    pub(super) hole: Option<&'a Bodies>,
    /// Its own body.
    pub(super) own: &'a Bodies,
    /// The wall.
    pub(super) host: Option<(u32, &'a Element, &'a Bodies)>,
}

/// A filler this far from its hole does not stand in it (metres; frames and linings overlap).
const APART_M: f64 = 0.3;

/// The parts of a door, window or opening.
pub(super) fn parts<'a>(model: &'a Model, bodies: &'a [Bodies], m: u32, index: u32) -> Option<Parts<'a>> {
    let element = model.element(index)?;
    let own = bodies.get(index as usize)?;
    let (hole_index, host_index) = match element.kind {
        Kind::Opening => (Some(index), element.host),
        _ => (element.host, element.host.and_then(|h| model.element(h)?.host)),
    };
    // in a curtain wall a door is a part of it
    let host_index = host_index.or_else(|| {
        let whole = element.whole?;
        matches!(model.element(whole)?.kind, Kind::CurtainWall | Kind::Wall).then_some(whole)
    });
    let hole = hole_index.and_then(|h| bodies.get(h as usize)).filter(|b| !b.parts.is_empty());
    let host = host_index.and_then(|h| Some((h, model.element(h)?, bodies.get(h as usize)?)));
    // a leaf that hangs elsewhere than the hole it is said to fill (a cubicle's, under the hole of its lintel) is drawn
    // where it hangs
    let apart = matches!(element.kind, Kind::Door | Kind::Window)
        && !own.parts.is_empty()
        && hole.is_some_and(|h| !h.extent.xy().grown(APART_M).intersects(&own.extent.xy()));
    let (hole, host) = if apart { (None, None) } else { (hole, host) };
    Some(Parts { element, reference: ElementRef { model: m, index }, hole, own, host })
}

impl Parts<'_> {
    /// World z range of the hole, or of the body.
    pub(super) fn z(&self) -> Option<(f64, f64)> {
        let bodies = self.hole.or((!self.own.parts.is_empty()).then_some(self.own))?;
        Some(bodies.z())
    }
}

/// An opening in the plan of a storey. `None` when it has no shape at all.
pub(super) fn opening(
    parts: &Parts<'_>,
    own_storey: bool,
    floor: f64,
    band: &CutBand,
    wall: Option<&WallCut>,
) -> Option<OpeningCut> {
    let z_m = parts.z()?;
    let element = parts.element;
    let footprint = footprint(parts.hole.unwrap_or(parts.own), z_m)?;
    let door_x = element.placement.and_then(|p| p.x.xy().normalised());
    let middle = bounds(&footprint).centre();
    let own_runs: (Vec<WallRunCut>, Vec<WallArcCut>);
    let (host_runs, host_arcs) = match wall {
        Some(w) if !(w.runs.is_empty() && w.arcs.is_empty()) => (&w.runs, &w.arcs),
        _ => {
            own_runs = parts.host.map_or_else(Default::default, |(_, host, bodies)| {
                runs::runs(&bodies.section((z_m.0 + z_m.1) / 2.0).0, hint(host))
            });
            (&own_runs.0, &own_runs.1)
        }
    };
    let run = nearest_run(host_runs, middle)
        .filter(|r| r.line.distance(middle) < r.thickness_m / 2.0 + IN_WALL_M && r.line.length() > 0.0);
    let (along, width, centre, depth) = match run.and_then(|r| Some((r, r.line.direction()?))) {
        Some((run, way)) => {
            let along = if door_x.is_some_and(|x| x.dot(way) < 0.0) { -way } else { way };
            let (from, to) = reach(&footprint, along);
            let foot = run.line.a + way * way.dot(bounds(&footprint).centre() - run.line.a);
            let centre = foot + along * ((from + to) / 2.0 - along.dot(foot));
            (along, to - from, centre, run.thickness_m)
        }
        None => match in_curve(host_arcs, &footprint, middle, door_x) {
            Some(found) => found,
            None => free(parts, &footprint, door_x)?,
        },
    };
    let width_m = match (parts.hole, element.overall_width_m) {
        (None, Some(overall)) if overall > 0.0 => overall,
        _ => width,
    };
    let swing = if element.kind == Kind::Door { swing(element, centre, along, width_m) } else { None };
    Some(OpeningCut {
        element: parts.reference,
        kind: element.kind,
        host: parts.host.map(|(index, ..)| ElementRef { index, ..parts.reference }),
        visibility: range_visibility(z_m, floor, band),
        own_storey,
        centre,
        along,
        width_m,
        overall_width_m: element.overall_width_m,
        height_m: element.overall_height_m.or(Some(z_m.1 - z_m.0)),
        depth_m: depth,
        z_m,
        swing,
        marks: element.marks.clone(),
    })
}

/// Level section at half height; the projection where that is empty.
fn footprint(bodies: &Bodies, z: (f64, f64)) -> Option<Region> {
    let (section, _) = bodies.section((z.0 + z.1) / 2.0);
    let region = if section.is_empty() { bodies.projection() } else { section };
    (!region.is_empty()).then_some(region)
}

fn bounds(region: &[Polygon]) -> Box2 {
    region.iter().fold(Box2::EMPTY, |mut b, p| {
        b.merge(&p.bounds());
        b
    })
}

fn reach(region: &[Polygon], along: Point2) -> (f64, f64) {
    region
        .iter()
        .flat_map(|p| &p.outer)
        .map(|p| along.dot(*p))
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), s| (a.min(s), b.max(s)))
}

/// Along, width, centre and depth of what is in a curved wall: along its tangent there.
fn in_curve(
    arcs: &[WallArcCut],
    footprint: &Region,
    middle: Point2,
    x: Option<Point2>,
) -> Option<(Point2, f64, Point2, f64)> {
    let (run, off) = arcs::nearest(arcs, middle)?;
    let out = (middle - run.arc.centre).normalised().filter(|_| off < run.thickness_m / 2.0 + IN_WALL_M)?;
    let tangent = out.left();
    let along = if x.is_some_and(|x| x.dot(tangent) < 0.0) { -tangent } else { tangent };
    let (from, to) = reach(footprint, along);
    (to > from).then(|| (along, to - from, run.arc.centre + out * run.arc.radius, run.thickness_m))
}

/// Along, width, centre and depth of what is in no straight wall: of its own outline, along its own x.
fn free(parts: &Parts<'_>, footprint: &Region, x: Option<Point2>) -> Option<(Point2, f64, Point2, f64)> {
    // in a curved wall: what of the hole lies in the wall
    let within = match (parts.hole, parts.host) {
        (Some(_), Some((_, _, host))) => {
            let z = parts.z()?;
            let wall = host.section((z.0 + z.1) / 2.0).0;
            let both = crate::geom::intersection(footprint, &wall);
            if both.is_empty() { footprint.clone() } else { both }
        }
        _ => footprint.clone(),
    };
    let along = match x {
        Some(x) => x,
        None => Point2::unit(own_box(&within, None)?.angle),
    };
    let (a, b) = (reach(&within, along), reach(&within, along.left()));
    let centre = along * ((a.0 + a.1) / 2.0) + along.left() * ((b.0 + b.1) / 2.0);
    (a.0.is_finite() && b.0.is_finite()).then_some((along, a.1 - a.0, centre, b.1 - b.0))
}

/// Where the leaves of a door hang.
#[derive(Clone, Copy, PartialEq)]
enum Hinges {
    /// At local x = 0.
    Left,
    /// At the other end.
    Right,
    /// At both ends.
    Both,
    /// Nowhere.
    None,
}

/// IfcDoorTypeOperationEnum and IfcDoorStyleOperationEnum: hinges on the left or right as seen in the direction of
/// the door's own y, and whether the leaves open to that side alone.
fn operation(name: &str) -> Option<(Hinges, bool)> {
    Some(match name {
        "SINGLE_SWING_LEFT" | "SWING_FIXED_LEFT" => (Hinges::Left, true),
        "SINGLE_SWING_RIGHT" | "SWING_FIXED_RIGHT" => (Hinges::Right, true),
        "DOUBLE_DOOR_SINGLE_SWING" | "DOUBLE_PANEL_SINGLE_SWING" => (Hinges::Both, true),
        "DOUBLE_SWING_LEFT" => (Hinges::Left, false),
        "DOUBLE_SWING_RIGHT" => (Hinges::Right, false),
        "DOUBLE_DOOR_DOUBLE_SWING"
        | "DOUBLE_PANEL_DOUBLE_SWING"
        | "DOUBLE_DOOR_SINGLE_SWING_OPPOSITE_LEFT"
        | "DOUBLE_DOOR_SINGLE_SWING_OPPOSITE_RIGHT"
        | "DOUBLE_PANEL_SINGLE_SWING_OPPOSITE_LEFT"
        | "DOUBLE_PANEL_SINGLE_SWING_OPPOSITE_RIGHT" => (Hinges::Both, false),
        "" | "USERDEFINED" | "NOTDEFINED" => return None,
        _ => (Hinges::None, false),
    })
}

fn swing(element: &Element, centre: Point2, along: Point2, width: f64) -> Option<SwingCut> {
    let name = element.operation.as_deref()?;
    let (hinges, one_side) = operation(name)?;
    let place = element.placement?;
    let (x, y) = (place.x.xy().normalised()?, place.y.xy().normalised()?);
    // a door that stands across its wall does not tell its sides
    let sense = along.dot(x);
    if hinges != Hinges::None && sense.abs() < ALONG_WALL {
        return None;
    }
    let half = along * (width / 2.0 * sense.signum());
    let hinges = match hinges {
        Hinges::Left => vec![centre - half],
        Hinges::Right => vec![centre + half],
        Hinges::Both => vec![centre - half, centre + half],
        Hinges::None => Vec::new(),
    };
    let across = along.left();
    let opens_to = one_side.then(|| if across.dot(y) < 0.0 { -across } else { across });
    Some(SwingCut { hinges, opens_to, operation: name.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geom::{Affine3, Point3};

    #[test]
    fn hinges_are_on_the_left_seen_along_y() {
        // a door facing south: its x runs west, its y south
        let place = Affine3::frame(Point3::default(), None, Some(Point3::new(-1.0, 0.0, 0.0)));
        let door = Element {
            operation: Some("SINGLE_SWING_LEFT".into()),
            placement: Some(place),
            ..Element::default()
        };
        let swing = swing(&door, Point2::new(5.0, 0.0), Point2::new(1.0, 0.0), 1.0).unwrap();
        assert!(swing.hinges[0].distance(Point2::new(5.5, 0.0)) < 1e-9);
        assert!(swing.opens_to.unwrap().distance(Point2::new(0.0, -1.0)) < 1e-9);
        let sliding = Element { operation: Some("SLIDING_TO_LEFT".into()), ..door };
        let swing = super::swing(&sliding, Point2::default(), Point2::new(1.0, 0.0), 1.0).unwrap();
        assert!(swing.hinges.is_empty() && swing.opens_to.is_none());
    }
}
