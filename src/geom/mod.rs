//! The 2-D and 3-D vocabulary of every stage. Lengths in metres, angles in radians, counter-clockwise,
//! unless a caller says that it still speaks in drawing units. Third-party geometry stays behind this door.

mod affine;
mod boolean;
mod bounds;
mod clip;
mod crossing;
mod curve;
mod fit;
mod groups;
mod index;
mod mesh;
mod point;
mod polygon;
mod stack;
mod triangulate;
mod upright;

pub use affine::{Affine2, Affine3};
pub use boolean::{difference, even_odd, intersection, union};
pub use bounds::{Box2, Box3};
pub use clip::{clip_half_plane, line_intervals};
pub use crossing::crossings;
pub use curve::{Arc2, Segment2, angle_between_lines, bulge_to_arc, normalise_angle};
pub use fit::normal_equations;
pub use groups::Groups;
pub use index::BoxIndex;
pub use mesh::Mesh;
pub use point::{Point2, Point3};
pub use polygon::{Polygon, Region, convex_hull, ring_area, ring_contains};
pub use stack::BoxStack;
pub use triangulate::triangulate;
pub use upright::share_inside;
