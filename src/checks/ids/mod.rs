//! IDS against IFC: is a document sound, and does a model satisfy it.

mod audit;
mod classes;
mod content;
mod evaluate;
mod measures;
mod object;
mod test;

pub use audit::audit;
pub use evaluate::{Case, Failure, Result, evaluate};
pub use test::Why;
