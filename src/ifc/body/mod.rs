//! Bodies of elements: from their records to shapes that can be cut at any height without meshing what need not be.

mod curved_face;
mod half_space;
mod join;
mod mesh;
mod prism;
mod profile;
mod read_alignment;
mod read_curve;
mod read_faces;
mod read_item;
mod read_profile;
mod read_sweep;
mod reader;
mod representation;
mod shape;
mod spline;
mod surface;
mod sweep;

pub(crate) use half_space::HalfSpace;
pub(crate) use join::with_corners_on_edges;
pub(crate) use mesh::{Mesh as BodyMesh, straightened};
pub(crate) use prism::Prism;
pub(crate) use reader::Reader;
pub(crate) use representation::{Body, BodyRead};
pub(crate) use shape::{Leaf, MAX_NESTING, Shape, Step, take_off};
