//! **tumo** (图模): the building model, held against its drawings.
//!
//! Reads a building model (IFC) and its construction drawings, lays each plan on its storey by
//! itself, compares them element by element, and says what is missing, moved, mis-sized,
//! mis-labelled or undocumented.
//!
//! The modules stand in the order of the chain; `pipeline` tells the whole of it in one page.

// What everything else is told in: places, errors, findings, geometry.
pub mod bytes;
pub mod calendar;
pub mod error;
pub mod finding;
pub mod geom;
pub mod place;
pub mod wording;

// The inputs, each blind to the others.
pub mod drawing;
pub mod ifc;
pub mod manifest;
pub mod rulebook;

// Drawing against model.
pub mod matching;
pub mod registration;

// What is said about it, and about how much of it.
pub mod checks;
pub mod facts;
pub mod identity;
pub mod report;
pub mod scope;
pub mod score;
pub mod shapes;

// The whole chain, the command that runs it, and the service that keeps what is handed in.
#[cfg(feature = "cli")]
pub mod cli;
pub mod pipeline;
#[cfg(feature = "serve")]
pub mod serve;

pub use error::{Error, Notice, Read, Result};
pub use ifc::StepFile;
pub use pipeline::Pipeline;
pub use report::Report;

/// The README's snippet, held to compile.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
