//! What is drawn: [`Drawing`] → [`Plans`]. One file per thing seen.

pub mod annotation;
pub mod axis;
pub mod column;
pub mod face;
pub mod layer;
pub mod opening;
pub mod pane;
pub mod plan;
pub mod region;
pub mod room;
pub mod scene;
pub mod stair;
pub mod symbol;
pub mod tag;
pub mod text;
pub mod unit;
pub mod wall;

use super::model::Drawing;
use super::plans::{NotPlan, Plan, Plans};
use crate::error::Read;
use rayon::prelude::*;
use region::Region;
use scene::Meanings;

/// Recognises the plans of all drawings of a run. Regions are independent and seen in parallel.
pub fn recognise(drawings: &[Drawing]) -> Read<Plans> {
    let meanings: Vec<Meanings> = drawings.iter().map(meanings).collect();
    let regions: Vec<(usize, Region)> = drawings
        .iter()
        .enumerate()
        .flat_map(|(d, drawing)| region::find(drawing, &meanings[d]).into_iter().map(move |r| (d, r)))
        .collect();
    let seen: Vec<Result<Plan, NotPlan>> =
        regions.par_iter().map(|(d, region)| plan::see(&drawings[*d], *d, &meanings[*d], region)).collect();
    let mut plans = Plans::default();
    for one in seen {
        match one {
            Ok(mut plan) => {
                plan.id = format!("P{}", plans.plans.len() + 1);
                plans.plans.push(plan);
            }
            Err(other) => plans.not_plans.push(other),
        }
    }
    Read { value: plans, notices: Vec::new() }
}

/// Meanings of layers and blocks by their names.
fn meanings(drawing: &Drawing) -> Meanings {
    let blocks = drawing.blocks.iter().map(|name| layer::block_by_name(name)).collect();
    Meanings { layers: layer::meanings(drawing), blocks }
}
