//! Where viewpoints look from: world metres, near enough to see what is wrong.

use super::Version;
use super::tree::Node;
use crate::geom::Point3;

/// Width of a view by its height.
pub(super) const ASPECT: f64 = 4.0 / 3.0;
/// Vertical field of view, degrees: BCF 2.1 takes 45 to 60.
const FIELD_OF_VIEW: f64 = 60.0;
/// Nearest that a camera comes, metres: a door and the wall it stands in.
const NEAREST_M: f64 = 4.0;
/// Farthest that a camera goes, metres.
const FARTHEST_M: f64 = 200.0;
/// Height of a camera that looks down, above the storey, metres.
const ABOVE_M: f64 = 30.0;

/// A camera in world metres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    /// Where it stands.
    pub at: Point3,
    /// Where it looks, a unit vector.
    pub direction: Point3,
    /// What is up, a unit vector.
    pub up: Point3,
    /// Perspective or not.
    pub lens: Lens,
}

/// How a camera sees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Lens {
    /// Vertical field of view in degrees.
    Perspective(f64),
    /// Visible height in metres.
    Orthogonal(f64),
}

impl Camera {
    /// From the south-west and above, as far from `target` as shows `radius` metres around it.
    pub(super) fn near(target: Point3, radius: f64) -> Self {
        let half = (FIELD_OF_VIEW / 2.0).to_radians();
        let far = (radius / half.tan() * 1.2).clamp(NEAREST_M, FARTHEST_M);
        // down by 45 degrees: between a plan and a view
        let flat = std::f64::consts::FRAC_1_SQRT_2;
        let direction = Point3::new(0.5, 0.5, -flat);
        let up = Point3::new(0.5, 0.5, flat);
        let at = Point3::new(
            target.x - far * direction.x,
            target.y - far * direction.y,
            target.z - far * direction.z,
        );
        Self { at, direction, up, lens: Lens::Perspective(FIELD_OF_VIEW) }
    }

    /// Straight down on `target`, with so many metres from top to bottom; north is up.
    pub(super) fn above(target: Point3, height: f64) -> Self {
        Self {
            at: Point3::new(target.x, target.y, target.z + ABOVE_M),
            direction: Point3::new(0.0, 0.0, -1.0),
            up: Point3::new(0.0, 1.0, 0.0),
            lens: Lens::Orthogonal(height.max(1.0)),
        }
    }

    /// As BCF writes it.
    pub(super) fn node(&self, version: Version) -> Node {
        let (name, lens) = match self.lens {
            Lens::Perspective(degrees) => ("PerspectiveCamera", Node::leaf("FieldOfView", real(degrees))),
            Lens::Orthogonal(metres) => ("OrthogonalCamera", Node::leaf("ViewToWorldScale", real(metres))),
        };
        let node = Node::new(name).holding([
            point("CameraViewPoint", self.at),
            point("CameraDirection", self.direction),
            point("CameraUpVector", self.up),
            lens,
        ]);
        match version {
            Version::V2_1 => node,
            Version::V3_0 => node.holding([Node::leaf("AspectRatio", real(ASPECT))]),
        }
    }

    /// The camera of a viewpoint.
    pub(super) fn read(view: &Node) -> Option<Self> {
        let (node, perspective) = match view.child("PerspectiveCamera") {
            Some(node) => (node, true),
            None => (view.child("OrthogonalCamera")?, false),
        };
        let number = |name: &str| node.text_of(name)?.trim().parse::<f64>().ok();
        let lens = if perspective {
            Lens::Perspective(number("FieldOfView")?)
        } else {
            Lens::Orthogonal(number("ViewToWorldScale")?)
        };
        Some(Self {
            at: read_point(node.child("CameraViewPoint")?)?,
            direction: read_point(node.child("CameraDirection")?)?,
            up: read_point(node.child("CameraUpVector")?)?,
            lens,
        })
    }
}

/// A number as `xs:double` takes it; world coordinates keep their tenth of a millimetre.
pub(super) fn real(x: f64) -> String {
    let text = format!("{x:.6}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".into() } else { text.into() }
}

/// Three coordinates.
pub(super) fn point(name: &str, p: Point3) -> Node {
    Node::new(name).holding([
        Node::leaf("X", real(p.x)),
        Node::leaf("Y", real(p.y)),
        Node::leaf("Z", real(p.z)),
    ])
}

fn read_point(node: &Node) -> Option<Point3> {
    let number = |name: &str| node.text_of(name)?.trim().parse::<f64>().ok();
    Some(Point3::new(number("X")?, number("Y")?, number("Z")?))
}
