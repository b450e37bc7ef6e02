//! Checks of shapes: what meets, what floats, what gapes, what cannot be.

pub(super) mod clash;
pub(super) mod duplicate;
pub(super) mod extent;
pub(super) mod opening_place;
pub(super) mod room_space;
pub(super) mod section_size;
pub(super) mod shape_class;
mod shared_part;
pub(super) mod storey_band;
pub(super) mod support;
pub(super) mod triangles;
pub(super) mod volume;
pub(super) mod wall_end;

use super::Check;
use super::findings::Findings;
use crate::facts::Facts;
use crate::finding::{Value, Verdict};
use crate::geom::{Box3, BoxStack};
use crate::ifc::model::{Element, ElementRef, Kind, Model};
use crate::rulebook::Rule;
use crate::shapes::Shapes;
use crate::wording::Text;
use rayon::prelude::*;

/// Checks that need the bodies of the models.
pub(super) const ON_BODIES: &[&str] = &[
    "clash",
    "declared",
    "duplicate",
    "extent",
    "opening_place",
    "room_limit",
    "room_space",
    "shape_class",
    "stair_limit",
    "storey_band",
    "support",
    "triangles",
    "volume",
];

/// An element with its box.
#[derive(Clone, Copy)]
struct Boxed<'a> {
    at: ElementRef,
    element: &'a Element,
    extent: Box3,
}

/// Every element with a box, of the kinds that `keep` lets through.
fn boxed<'a>(facts: &Facts<'a>, shapes: &Shapes<'_>, keep: impl Fn(&Element) -> bool) -> Vec<Boxed<'a>> {
    let mut out = Vec::new();
    for (model, m) in facts.models.iter().zip(0u32..) {
        for (element, index) in model.elements.iter().zip(0u32..) {
            let at = ElementRef { model: m, index };
            if keep(element)
                && let Some(extent) = shapes.extent(at).filter(|e| !e.is_empty())
            {
                out.push(Boxed { at, element, extent });
            }
        }
    }
    out
}

/// By how much two boxes overlap in each direction; negative where they are apart.
fn overlap(a: &Box3, b: &Box3) -> [f64; 3] {
    [
        a.max.x.min(b.max.x) - a.min.x.max(b.min.x),
        a.max.y.min(b.max.y) - a.min.y.max(b.min.y),
        a.max.z.min(b.max.z) - a.min.z.max(b.min.z),
    ]
}

/// Pairs (lower number first, rising) whose boxes overlap by more than `by` in every direction.
fn pairs(all: &[Boxed<'_>], by: f64) -> Vec<(usize, usize)> {
    let index = BoxStack::new(all.iter().map(|b| b.extent).collect());
    let own = |(i, a): (usize, &Boxed<'_>)| -> Vec<(usize, usize)> {
        let deep = |&j: &usize| {
            j > i && all.get(j).is_some_and(|b| overlap(&a.extent, &b.extent).iter().all(|&o| o > by))
        };
        index.touching(&a.extent).into_iter().filter(deep).map(|j| (i, j)).collect()
    };
    let all: Vec<Vec<(usize, usize)>> = all.par_iter().enumerate().map(own).collect();
    all.into_iter().flatten().collect()
}

/// One is part of the other, fills or voids it, or both are parts of one whole: they are meant to meet.
fn belongs(model: &Model, a: &Element, ai: u32, b: &Element, bi: u32) -> bool {
    let chain = |e: &Element, i: u32| {
        let mut out = vec![i];
        let mut next = e.whole.or(e.host);
        while let Some(up) = next.filter(|up| !out.contains(up) && out.len() < 16) {
            out.push(up);
            next = model.element(up).and_then(|e| e.whole.or(e.host));
        }
        out
    };
    let (ca, cb) = (chain(a, ai), chain(b, bi));
    ca.iter().any(|x| cb.contains(x))
}

/// Millimetres among the rule's parameters, as metres.
pub(super) fn metres(rule: &Rule, name: &str, otherwise_mm: f64) -> f64 {
    rule.number(name).unwrap_or(otherwise_mm) / 1000.0
}

/// Millimetres for a message.
fn mm(metres: f64) -> Text {
    Text::same(format!("{:.0}", metres * 1000.0))
}

/// An element's name for a message.
fn shown(element: &Element) -> String {
    let name = element.name.clone().or_else(|| element.tag.clone());
    format!("{} {}", element.class, name.unwrap_or_else(|| format!("#{}", element.step_id)))
}

/// The highest point of roofs, slabs and walls: the height of a building as codes take it, without chimneys and masts.
pub(super) fn top(facts: &Facts<'_>, shapes: &Shapes<'_>) -> f64 {
    let counts = |e: &Element| matches!(e.kind, Kind::Roof | Kind::Slab | Kind::Wall);
    boxed(facts, shapes, counts).iter().map(|b| b.extent.max.z).fold(f64::NEG_INFINITY, f64::max)
}
