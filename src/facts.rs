//! Everything that a check may look at, borrowed and immutable.

use crate::drawing::{Drawing, Plans};
use crate::finding::{DrawnName, ElementName, StoreyName};
use crate::geom::Point2;
use crate::identity::Identity;
use crate::ifc::model::{ElementRef, Model};
use crate::ifc::section::StoreyPlan;
use crate::manifest::Manifest;
use crate::matching::Matches;
use crate::registration::Registration;
use crate::rulebook::waiver::Waiver;
use crate::scope::Scope;
use crate::shapes::Shapes;

/// The facts of a run.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// Models.
    pub models: &'a [Model],
    /// Their storeys, cut.
    pub storeys: &'a [StoreyPlan],
    /// Drawings.
    pub drawings: &'a [Drawing],
    /// What is drawn on them.
    pub plans: &'a Plans,
    /// Where each plan lies.
    pub registration: &'a Registration,
    /// What agrees and what differs.
    pub matches: &'a Matches,
    /// Information delivery specifications that the models are held against.
    pub ids: &'a [crate::rulebook::ids::Document],
    /// What the submission claims to contain.
    pub scope: &'a Scope,
    /// Bodies of the models, where a rule asks for them.
    pub shapes: Option<&'a Shapes<'a>>,
    /// The submission form.
    pub manifest: Option<&'a Manifest>,
    /// What form, models and title blocks say of project and building.
    pub identity: &'a Identity,
    /// Findings that somebody answers for.
    pub waivers: &'a [Waiver],
    /// The models of the last submission, where they are given.
    pub previous: &'a [Model],
    /// The day of the run, `YYYY-MM-DD`, where the caller tells it.
    pub today: Option<&'a str>,
}

impl Facts<'_> {
    /// The plan shows only storeys that the submission does not claim.
    pub fn outside_scope(&self, plan: usize) -> bool {
        let Some(r) = self.registration.plans.get(plan) else { return false };
        let shown = if r.to_world.is_some() { &r.storeys } else { &r.named };
        !shown.is_empty() && !shown.iter().any(|&s| self.scope.has_storey(s))
    }

    /// How findings name an element.
    pub fn element_name(&self, element: ElementRef) -> Option<ElementName> {
        let e = self.models.get(element.model as usize)?.element(element.index)?;
        Some(ElementName {
            guid: e.guid.clone(),
            step_id: e.step_id,
            class: e.class.to_owned(),
            name: e.name.clone(),
            tag: e.tag.clone(),
        })
    }

    /// How findings name a storey plan.
    pub fn storey_name(&self, storey: usize) -> Option<StoreyName> {
        let first = self.storeys.get(storey)?.storeys.first()?;
        let s = self.models.get(first.model as usize)?.storeys.get(first.index as usize)?;
        Some(StoreyName { guid: s.guid.clone(), name: s.name.clone() })
    }

    /// How findings name something drawn: its first mark, and its place in plan metres.
    pub fn drawn_name(&self, plan: usize, marks: &[u32], at: Point2) -> Option<DrawnName> {
        let p = self.plans.plans.get(plan)?;
        let drawing = self.drawings.get(p.drawing as usize)?;
        let mark = marks.first().and_then(|&m| drawing.sheets.get(p.sheet as usize)?.marks.get(m as usize));
        let at = p.frame.to_plan.inverse().map_or(at, |back| back.apply(at));
        Some(DrawnName {
            drawing: drawing.file.clone(),
            plan: Some(p.id.clone()),
            handle: mark.filter(|m| m.handle != 0).map(|m| format!("{:X}", m.handle)),
            layer: mark.and_then(|m| drawing.layers.get(m.layer as usize)).map(|l| l.name.clone()),
            at: at.into(),
        })
    }
}
