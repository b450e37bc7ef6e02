//! Bodies of elements: from their records to shapes that can be cut at any height without meshing what need not be.

mod half_space;
mod mesh;
mod prism;
mod profile;
mod read_curve;
mod read_faces;
mod read_item;
mod read_profile;
mod reader;
mod representation;
mod shape;
mod spline;
mod sweep;

pub(crate) use half_space::HalfSpace;
pub(crate) use mesh::{Mesh as BodyMesh, straightened};
pub(crate) use prism::Prism;
pub(crate) use reader::Reader;
pub(crate) use representation::{Body, BodyRead};
pub(crate) use shape::{Leaf, MAX_NESTING, Shape, Step, take_off};
