//! What is drawn: [`Drawing`] → [`Plans`]. One file per thing seen.

pub mod alone;
pub mod annotation;
pub mod arrow;
pub mod axis;
pub mod beam;
pub mod chord;
pub mod cluster;
pub mod column;
pub mod curved;
pub mod dangling;
pub mod face;
pub mod gauge;
pub mod island;
pub mod joint;
pub mod lane;
pub mod layer;
pub mod opening;
pub mod pane;
pub mod plan;
pub mod ray;
pub mod rectangle;
pub mod region;
pub mod room;
pub mod ruler;
pub mod scene;
pub mod schedule;
pub mod shaft;
pub mod spot;
pub mod stair;
pub mod sweep;
pub mod symbol;
pub mod table;
pub mod tag;
pub mod text;
pub mod unit;
pub mod wall;

#[cfg(test)]
mod hostile;
#[cfg(test)]
mod tests;

use super::model::Drawing;
use super::plans::{NotPlan, Plan, Plans, Schedule};
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
    for (one, (d, region)) in seen.into_iter().zip(&regions) {
        let mut number = None;
        match one {
            Ok(mut plan) => {
                number = Some(plans.plans.len() as u32);
                plan.id = format!("P{}", plans.plans.len() + 1);
                plans.plans.push(plan);
            }
            Err(other) => plans.not_plans.push(other),
        }
        beside(&drawings[*d], *d as u32, region, number, &mut plans);
    }
    let sheets: Vec<(usize, usize)> = drawings
        .iter()
        .enumerate()
        .flat_map(|(d, drawing)| (0..drawing.sheets.len()).map(move |s| (d, s)))
        .collect();
    let schedules: Vec<Vec<Schedule>> =
        sheets.par_iter().map(|&(d, s)| schedule::find(&drawings[d], d as u32, s)).collect();
    plans.schedules = schedules.into_iter().flatten().collect();
    Read { value: plans, notices: Vec::new() }
}

/// The title block of a region: on its own sheet or on the layout that shows it.
fn beside(drawing: &Drawing, number: u32, region: &Region, plan: Option<u32>, plans: &mut Plans) {
    let own = drawing
        .sheets
        .get(region.sheet)
        .and_then(|s| schedule::title_block(s, drawing.y_down, &|p| region.area.contains(p)));
    let on_layout = region
        .layout
        .and_then(|l| drawing.sheets.get(l))
        .and_then(|s| schedule::title_block(s, drawing.y_down, &|p| s.bounds.contains(p)));
    let sheet = if own.is_some() { region.sheet } else { region.layout.unwrap_or(region.sheet) };
    if let Some(block) = own.or(on_layout) {
        plans.title_blocks.push(crate::drawing::plans::TitleBlock {
            drawing: number,
            sheet: sheet as u32,
            plan,
            ..block
        });
    }
}

/// Meanings of layers and blocks by their names.
fn meanings(drawing: &Drawing) -> Meanings {
    let blocks = drawing.blocks.iter().map(|name| layer::block_by_name(name)).collect();
    Meanings { layers: layer::meanings(drawing), blocks }
}
