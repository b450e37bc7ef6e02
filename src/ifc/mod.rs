//! The building model: Part 21 bytes → [`Model`], and from it the plan that each storey would show.
//!
//! `read` is the entrance; `model` holds the types that every later stage reads; `section` cuts storeys. `step` and
//! `schema` answer anything that the model does not hold.

pub mod bodies;
mod body;
mod container;
mod curve;
mod element;
mod grid;
mod marks;
pub mod material;
pub mod model;
mod names;
pub mod outline;
mod placement;
pub mod project;
pub mod property;
mod read;
pub mod schema;
pub mod section;
pub mod sets;
pub mod solid;
mod spatial;
pub mod step;
mod telling;
mod told;
pub mod units;

pub use model::{Element, ElementRef, GridAxis, Kind, Model, Storey, StoreyRef};
pub use read::{open, read};
pub use section::{StoreyPlan, storey_plans};
pub use step::StepFile;
