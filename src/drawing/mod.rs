//! The drawings: vector bytes → [`Drawing`] → [`Plans`].
//!
//! `read` tells the format by content and returns marks in drawing units; `recognise` says what they mean.

pub mod model;
pub mod plans;
pub mod recognise;

pub use model::{Drawing, Sheet};
pub use plans::{Plan, Plans};
pub use recognise::recognise;

use crate::bytes::Bytes;
use crate::error::{Error, Read, Result};
use crate::place::Place;

/// Reads a drawing; the format is told by content, not by name.
///
/// # Errors
/// When the bytes are no drawing that tumo reads, or hold nothing drawn.
pub fn read(name: &str, bytes: &Bytes) -> Result<Read<Drawing>> {
    let _ = bytes;
    Err(Error::read(Place::file(name), "reading is not built yet"))
}
