//! The drawings: vector bytes → [`Drawing`] → [`Plans`].
//!
//! `read` tells the format by content and returns marks in drawing units; `recognise` says what they mean.

mod curves;
pub mod dwg;
mod dxf;
mod glyphs;
pub mod model;
mod outline;
#[cfg(feature = "pdf")]
mod pdf;
pub mod plans;
mod read;
pub mod recognise;
mod svg;

pub use model::{Drawing, Sheet};
pub use plans::{Plan, Plans};
pub use read::read;
pub use recognise::recognise;
