//! Viewpoints: one near the first finding of a topic, one from above on all of them, both with the ceiling cut away.

use super::cameras::{Camera, point};
use super::groups::{Group, guid};
use super::tree::Node;
use super::{Report, Version};
use crate::geom::{Point2, Point3};
use std::collections::BTreeSet;

/// Components of a viewpoint: viewers slow down beyond it.
const COMPONENTS: usize = 300;
/// What is wrong, and what belongs to it: vermilion and sky blue, which colour-blind people tell apart.
const COLOURS: [&str; 2] = ["D55E00", "56B4E9"];
/// A view from near is cut above the doors, metres over the floor.
const CEILING_M: f64 = 2.4;
/// A view from above is cut where a plan is, metres over the floor.
const PLAN_CUT_M: f64 = 1.5;
/// Below the floor, metres: slabs stay in view.
const BELOW_M: f64 = 0.5;
/// Around what a view from above shows, metres.
const MARGIN_M: f64 = 3.0;
/// Around what a view from near shows, metres.
const NEAR_M: f64 = 2.0;

/// Both viewpoints of a topic: none where nothing says where it is.
pub(super) fn viewpoints(_report: &Report, group: &Group<'_>, version: Version) -> Vec<Node> {
    let Some(target) = group.target else { return vec![blind(group, version)] };
    let near = Camera::near(target, NEAR_M);
    let centre =
        if group.extent.is_empty() { Point2::new(target.x, target.y) } else { group.extent.centre() };
    let size = group.extent.width().max(group.extent.height()).max(0.0) + 2.0 * MARGIN_M;
    let floor = group.floor.unwrap_or(target.z);
    let above = Camera::above(Point3::new(centre.x, centre.y, floor), size);
    let planes = |top: f64| match group.floor {
        Some(floor) => vec![plane(centre, floor + top, 1.0), plane(centre, floor - BELOW_M, -1.0)],
        None => Vec::new(),
    };
    vec![
        view(group, version, "near", &near, planes(CEILING_M)),
        view(group, version, "plan", &above, planes(PLAN_CUT_M)),
    ]
}

/// A topic without a place: its components, seen from where the viewer is. 3.0 demands a camera.
fn blind(group: &Group<'_>, version: Version) -> Node {
    let camera = Camera::near(Point3::new(0.0, 0.0, 0.0), 20.0);
    view(group, version, "near", &camera, Vec::new())
}

fn view(group: &Group<'_>, version: Version, name: &str, camera: &Camera, planes: Vec<Node>) -> Node {
    let mut node = Node::new("VisualizationInfo")
        .with("Guid", guid(&format!("{}/{name}", group.guid)))
        .holding([components(group, version), camera.node(version)]);
    if !planes.is_empty() {
        node = node.holding([Node::new("ClippingPlanes").holding(planes)]);
    }
    node
}

/// A plane whose direction points to what is cut away.
fn plane(at: Point2, z: f64, direction: f64) -> Node {
    Node::new("ClippingPlane").holding([
        point("Location", Point3::new(at.x, at.y, z)),
        point("Direction", Point3::new(0.0, 0.0, direction)),
    ])
}

fn components(group: &Group<'_>, version: Version) -> Node {
    let mut seen = BTreeSet::new();
    let mut sides: [Vec<&str>; 2] = [Vec::new(), Vec::new()];
    for finding in &group.findings {
        for (n, element) in finding.elements.iter().enumerate() {
            if seen.len() < COMPONENTS && is_global_id(&element.guid) && seen.insert(&element.guid) {
                sides[n.min(1)].push(&element.guid);
            }
        }
    }
    let component = |id: &&str| Node::new("Component").with("IfcGuid", *id);
    let hints = Node::new("ViewSetupHints")
        .with("SpacesVisible", "false")
        .with("SpaceBoundariesVisible", "false")
        .with("OpeningsVisible", "false");
    let mut visibility = Node::new("Visibility").with("DefaultVisibility", "true");
    let mut node = Node::new("Components");
    match version {
        Version::V2_1 => node.children.push(hints),
        Version::V3_0 => visibility.children.push(hints),
    }
    let any = !seen.is_empty();
    if any {
        let selected = sides.iter().flatten().map(component);
        node.children.push(Node::new("Selection").holding(selected));
    }
    node.children.push(visibility);
    if any {
        let colours = sides.iter().zip(COLOURS).filter(|(ids, _)| !ids.is_empty()).map(|(ids, colour)| {
            let ids = ids.iter().map(component);
            let colour = Node::new("Color").with("Color", colour);
            match version {
                Version::V2_1 => colour.holding(ids),
                Version::V3_0 => colour.holding([Node::new("Components").holding(ids)]),
            }
        });
        node.children.push(Node::new("Coloring").holding(colours));
    }
    node
}

/// 22 characters of IFC's own base 64: anything else makes the file invalid.
fn is_global_id(text: &str) -> bool {
    text.len() == 22 && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$'))
}
