//! What the user says of a sheet, in the words of a scope: `2F`, `B1..1F`, `structure`, `3F,structure`.

use super::Scope;
use crate::drawing::Plans;
use crate::drawing::model::Drawing;
use crate::drawing::plans::Plan;
use crate::error::{Error, Result};
use crate::ifc::model::Model;
use crate::ifc::section::StoreyPlan;
use crate::place::Place;
use crate::registration::said::Said;
use std::borrow::Cow;

/// What the user says of a drawing, or of one plan of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetClaim {
    /// File name of the drawing.
    pub drawing: String,
    /// Plan, such as `P2`; every plan of the drawing where none is named.
    pub plan: Option<String>,
    /// Storeys, discipline, or both, as a scope names them.
    pub claim: String,
}

impl SheetClaim {
    /// Reads `DRAWING=CLAIM` or `DRAWING#PLAN=CLAIM`.
    ///
    /// # Errors
    /// When it is neither.
    pub fn read(text: &str) -> Result<Self> {
        let parts = text.rsplit_once('=').map(|(sheet, claim)| (sheet.trim(), claim.trim()));
        let Some((sheet, claim)) = parts.filter(|(sheet, claim)| !sheet.is_empty() && !claim.is_empty())
        else {
            let form = "a sheet is given as DRAWING=WHAT or DRAWING#PLAN=WHAT, such as A-102.dxf=2F or \
                        plans.dxf#P2=3F,structure";
            return Err(Error::read(Place::file(text), form));
        };
        let plan = sheet.rsplit_once('#').filter(|(_, plan)| is_plan(plan));
        let (drawing, plan) = plan.map_or((sheet, None), |(drawing, plan)| (drawing, Some(plan)));
        Ok(Self { drawing: drawing.into(), plan: plan.map(str::to_owned), claim: claim.into() })
    }
}

/// `P1`, `P2`, …: a file's own name may hold the sign too.
fn is_plan(text: &str) -> bool {
    let digits = text.strip_prefix('P').unwrap_or_default();
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

/// What is said of each plan of a run.
#[derive(Clone, Debug, Default)]
pub struct Sheets {
    /// One per plan, for the registration.
    pub said: Vec<Option<Said>>,
    /// One per plan, for what is compared on it.
    scopes: Vec<Option<Scope>>,
}

impl Sheets {
    /// Holds the claims against the plans. One of a plan alone goes before one of its whole drawing; a storey that is not
    /// there is told where the plan is.
    ///
    /// # Errors
    /// When a claim names a drawing or a plan that is not there.
    pub fn of(
        claims: &[SheetClaim],
        drawings: &[Drawing],
        plans: &Plans,
        models: &[Model],
        storeys: &[StoreyPlan],
    ) -> Result<Self> {
        let mut out = Self { said: vec![None; plans.plans.len()], scopes: vec![None; plans.plans.len()] };
        let file = |p: &Plan| drawings.get(p.drawing as usize).map_or("", |d| d.file.as_str());
        let (one, all): (Vec<&SheetClaim>, Vec<&SheetClaim>) = claims.iter().partition(|c| c.plan.is_some());
        for claim in all.into_iter().chain(one) {
            let of_drawing: Vec<usize> = (0..plans.plans.len())
                .filter(|&k| plans.plans.get(k).is_some_and(|p| file(p) == claim.drawing))
                .collect();
            let named = |k: &&usize| {
                claim.plan.as_ref().is_none_or(|id| plans.plans.get(**k).is_some_and(|p| p.id == *id))
            };
            let fits: Vec<usize> = of_drawing.iter().filter(named).copied().collect();
            let there = drawings.iter().any(|d| d.file == claim.drawing);
            if !there || (claim.plan.is_some() && fits.is_empty()) {
                return Err(not_there(claim, drawings, plans, &of_drawing));
            }
            let (scope, unknown) = match Scope::of(&claim.claim, models, storeys) {
                Ok(scope) => (scope, None),
                Err(_) => (Scope::default(), Some(claim.claim.clone())),
            };
            let claimed = (0..storeys.len()).filter(|s| scope.has_storey(*s)).collect();
            let said = Said {
                storeys: if scope.leaves_storeys_out() { claimed } else { Vec::new() },
                alone: of_drawing.len() == 1 || claim.plan.is_some(),
                discipline: scope.discipline_words(),
                unknown,
            };
            for k in fits {
                if let (Some(to), Some(at)) = (out.said.get_mut(k), out.scopes.get_mut(k)) {
                    *to = Some(said.clone());
                    *at = Some(scope.clone());
                }
            }
        }
        Ok(out)
    }

    /// This class is to be compared on a plan: a discipline that is said stands over the one that the title names.
    pub fn has_class_on(&self, scope: &Scope, plans: &Plans, plan: &Plan, class: &str) -> bool {
        let at = plans.plans.iter().position(|p| std::ptr::eq(p, plan));
        let said = at.and_then(|k| self.scopes.get(k)?.as_ref()).filter(|s| s.discipline.is_some());
        match said {
            Some(said) => scope.has_class(class) && said.has_class(class),
            None => scope.has_class_on(plan, class),
        }
    }
}

fn not_there(claim: &SheetClaim, drawings: &[Drawing], plans: &Plans, of_drawing: &[usize]) -> Error {
    let drawn: Vec<Cow<'_, str>> = if of_drawing.is_empty() {
        drawings.iter().map(|d| Cow::Borrowed(d.file.as_str())).collect()
    } else {
        let listed = of_drawing.iter().filter_map(|&k| plans.plans.get(k));
        listed.map(|p| format!("{} {}", p.id, p.title.as_deref().unwrap_or("untitled")).into()).collect()
    };
    let what = claim.plan.as_deref().filter(|_| !of_drawing.is_empty()).map_or("drawing", |_| "plan");
    let sheet = claim.plan.as_ref().map_or(claim.drawing.clone(), |p| format!("{}#{p}", claim.drawing));
    Error::read(Place::file(sheet), format!("there is no such {what}; there is {}", drawn.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registration::sample;

    fn read(text: &str) -> Option<(String, Option<String>, String)> {
        SheetClaim::read(text).ok().map(|c| (c.drawing, c.plan, c.claim))
    }

    #[test]
    fn claims_are_read() {
        let owned =
            |d: &str, p: Option<&str>, c: &str| Some((d.to_owned(), p.map(str::to_owned), c.to_owned()));
        assert_eq!(read("A-102.dxf=2F"), owned("A-102.dxf", None, "2F"));
        assert_eq!(read("a=b#1.dxf#P2= 3F,structure "), owned("a=b#1.dxf", Some("P2"), "3F,structure"));
        assert_eq!(read("a#1.dxf=2F"), owned("a#1.dxf", None, "2F"));
        assert!(["", "=", "a.dxf", "a.dxf=", "=2F"].iter().all(|t| read(t).is_none()));
    }

    #[test]
    fn the_plan_goes_before_its_drawing_and_what_is_not_there_is_told() {
        let storeys: Vec<StoreyPlan> =
            [0.0, 3.0, 6.0].iter().zip(0u32..).map(|(z, n)| sample::storey(n, *z, 0.0)).collect();
        let models = [sample::model(&storeys, &["1F", "2F", "3F"])];
        let map = crate::geom::Affine2::IDENTITY;
        let (first, second) = (sample::draw(&storeys[0], &map, true), sample::draw(&storeys[1], &map, true));
        let plans =
            sample::plans(vec![Plan { id: "P1".into(), ..first }, Plan { id: "P2".into(), ..second }]);
        let drawings = [Drawing { file: "a.dxf".into(), ..Drawing::default() }];
        let said = |claims: &[&str]| {
            let claims: Vec<SheetClaim> = claims.iter().map(|c| SheetClaim::read(c).unwrap()).collect();
            Sheets::of(&claims, &drawings, &plans, &models, &storeys)
        };
        let sheets = said(&["a.dxf#P2=2F,structure", "a.dxf=1F..2F"]).unwrap();
        let storeys_of = |k: usize| sheets.said[k].as_ref().unwrap().storeys.clone();
        assert_eq!((storeys_of(0), storeys_of(1)), (vec![0, 1], vec![1]));
        let has = |k: usize, class: &str| {
            sheets.has_class_on(&crate::scope::EVERYTHING, &plans, &plans.plans[k], class)
        };
        assert!(has(0, "door") && !has(1, "door") && has(1, "column"));
        let unknown = said(&["a.dxf=9F"]).unwrap();
        assert_eq!(unknown.said[0].as_ref().unwrap().unknown.as_deref(), Some("9F"));
        assert!(said(&["b.dxf=1F"]).unwrap_err().to_string().contains("a.dxf"));
        assert!(said(&["a.dxf#P7=1F"]).unwrap_err().to_string().contains("P2"));
    }
}
