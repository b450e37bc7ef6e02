//! The bodies of a model's elements as the file has them: read once, for sections and for solids.

use super::body::{BodyRead, Reader};
use super::model::Model;
use crate::geom::Affine3;
use rayon::prelude::*;
use std::sync::Arc;

/// By element. A copy shares what was read.
#[derive(Clone, Debug, Default)]
pub struct ElementBodies(Arc<Vec<BodyRead>>);

impl ElementBodies {
    pub(crate) fn all(&self) -> &[BodyRead] {
        &self.0
    }
}

/// Reads the bodies of all elements, in parallel. What cannot be read is told by [`super::section::storey_plans`].
pub fn read(model: &Model) -> ElementBodies {
    let Some(step) = model.step() else { return ElementBodies::default() };
    let reader = Reader::new(step, model.units.length, model.units.angle);
    let read = model
        .elements
        .par_iter()
        .map(|e| match step.record(e.step_id) {
            Some(record) => reader.body(&record, &e.placement.unwrap_or(Affine3::IDENTITY)),
            None => BodyRead::default(),
        })
        .collect();
    ElementBodies(Arc::new(read))
}
