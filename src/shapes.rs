//! Bodies of the models as checks ask for them: boxes at once, volumes and meshes when they are asked for.

use crate::geom::{Box3, Region};
use crate::ifc::Model;
use crate::ifc::bodies::ElementBodies;
use crate::ifc::model::ElementRef;
use crate::ifc::solid::{self, Bodies, Measures, Solid};
use rayon::prelude::*;
use std::sync::OnceLock;

/// The bodies of all models of a run.
#[derive(Debug)]
pub struct Shapes<'m> {
    models: Vec<Bodies<'m>>,
    /// By model and element.
    measures: OnceLock<Vec<Vec<Option<Measures>>>>,
}

impl<'m> Shapes<'m> {
    /// Of bodies that were read, one for each model.
    pub fn of(models: &'m [Model], read: &[ElementBodies]) -> Self {
        let models = models.iter().zip(read).map(|(m, r)| solid::bodies_of(m, r.clone())).collect();
        Self { models, measures: OnceLock::new() }
    }

    /// Box around an element's body in the world, before anything is taken off it.
    pub fn extent(&self, element: ElementRef) -> Option<Box3> {
        solid::extent(self.models.get(element.model as usize)?, element.index)
    }

    /// Box, volume and closedness of an element's body; nothing where it has none that can be made.
    pub fn measures(&self, element: ElementRef) -> Option<&Measures> {
        let all = self.measures.get_or_init(|| {
            let of = |b: &Bodies<'_>| {
                (0..b.model.elements.len() as u32)
                    .into_par_iter()
                    .map(|i| solid::measure(b, i).ok())
                    .collect()
            };
            self.models.iter().map(of).collect()
        });
        all.get(element.model as usize)?.get(element.index as usize)?.as_ref()
    }

    /// An element's body as a mesh, made anew each time.
    pub fn solid(&self, element: ElementRef) -> Option<Solid> {
        solid::solid(self.models.get(element.model as usize)?, element.index).ok()
    }

    /// What level planes cut out of a solid.
    pub fn sections(&self, solid: &Solid, heights: &[f64]) -> Vec<Option<Region>> {
        solid::sections(solid, heights)
    }
}
