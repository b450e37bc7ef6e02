//! Bodies of the models as checks ask for them: boxes and volumes of all, meshes when they are asked for.

use crate::geom::{Box3, Region};
use crate::ifc::Model;
use crate::ifc::bodies::ElementBodies;
use crate::ifc::model::ElementRef;
use crate::ifc::solid::{self, Bodies, Measures, Solid};
use rayon::prelude::*;

/// The bodies of all models of a run.
#[derive(Debug)]
pub struct Shapes<'m> {
    models: Vec<Bodies<'m>>,
    /// By model and element.
    measures: Vec<Vec<Option<Measures>>>,
}

impl<'m> Shapes<'m> {
    /// Of bodies that were read, one for each model. All are measured here, in parallel: checks ask from many threads,
    /// and none of them may wait for another.
    pub fn of(models: &'m [Model], read: &[ElementBodies]) -> Self {
        let models: Vec<Bodies<'_>> =
            models.iter().zip(read).map(|(m, r)| solid::bodies_of(m, r.clone())).collect();
        let measured = |b: &Bodies<'_>| -> Vec<Option<Measures>> {
            (0..b.model.elements.len() as u32).into_par_iter().map(|i| solid::measure(b, i).ok()).collect()
        };
        let measures = models.iter().map(measured).collect();
        Self { models, measures }
    }

    /// Box around an element's body in the world, before anything is taken off it.
    pub fn extent(&self, element: ElementRef) -> Option<Box3> {
        solid::extent(self.models.get(element.model as usize)?, element.index)
    }

    /// Box, volume and closedness of an element's body; nothing where it has none that can be made.
    pub fn measures(&self, element: ElementRef) -> Option<&Measures> {
        self.measures.get(element.model as usize)?.get(element.index as usize)?.as_ref()
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
