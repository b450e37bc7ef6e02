//! The building model: Part 21 bytes → [`Model`], and from it the plan that each storey would show.
//!
//! `read` is the entrance; `model` holds the types that every later stage reads; `section` cuts storeys.

pub mod model;
pub mod schema;
pub mod section;
pub mod step;

pub use model::{Element, ElementRef, GridAxis, Kind, Model, Storey, StoreyRef};
pub use section::{StoreyPlan, storey_plans};
pub use step::StepFile;

use crate::bytes::Bytes;
use crate::error::{Read, Result};

/// Reads an IFC file (STEP; IFC2X3, IFC4, IFC4X3).
///
/// # Errors
/// When the bytes are no IFC at all, or of an edition that is not supported.
pub fn read(name: &str, bytes: &Bytes) -> Result<Read<Model>> {
    let file = StepFile::open(name, bytes.clone())?;
    let step = file.value;
    let model = Model {
        file: name.to_owned(),
        schema: step.header().schemas.first().cloned().unwrap_or_default(),
        step: Some(step),
        ..Model::default()
    };
    Ok(Read { value: model, notices: file.notices })
}
