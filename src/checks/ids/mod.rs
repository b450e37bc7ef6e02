//! IDS against IFC: is a document sound, and does a model satisfy it.

mod audit;
mod classes;

pub use audit::audit;
