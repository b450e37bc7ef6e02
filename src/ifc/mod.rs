//! The building model: Part 21 bytes → [`Model`], and from it the plan that each storey would show.
//!
//! `read` is the entrance; `model` holds the types that every later stage reads; `section` cuts storeys.

pub mod model;
pub mod section;

pub use model::{Element, ElementRef, GridAxis, Kind, Model, Storey, StoreyRef};
pub use section::{StoreyPlan, storey_plans};

use crate::error::{Error, Read, Result};
use crate::place::Place;

/// Reads an IFC file (STEP; IFC2X3, IFC4, IFC4X3).
///
/// # Errors
/// When the bytes are no IFC at all, or of an edition that is not supported.
pub fn read(name: &str, bytes: &[u8]) -> Result<Read<Model>> {
    let _ = bytes;
    Err(Error::read(Place::file(name), "reading is not built yet"))
}
