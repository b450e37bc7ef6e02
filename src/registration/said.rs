//! What the user says of a sheet: the storeys that it shows, the discipline that it is of. Storeys that are said are the
//! only ones it is laid on; where what is drawn fits another one clearly better, it is not laid, and that is told.

use super::decide::{Chosen, Placing, Witness, by_witness, contradicts, is_ahead};
use super::story::{titled, words};
use super::{Method, PlanRegistration, Scene};
use crate::drawing::plans::Plan;
use crate::wording::Text;

/// What the user says of one plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Storey plans that it may be laid on; any where there is none.
    pub storeys: Vec<usize>,
    /// It is the only plan of its drawing: all that is said is said of it.
    pub alone: bool,
    /// Its discipline, in both languages, where one is said.
    pub discipline: Option<Text>,
    /// What was said names a storey that no model has: as it was said.
    pub unknown: Option<String>,
}

/// A plan whose storey was said and is not there.
pub(super) fn unknown(scene: &Scene<'_>, plan: &Plan, said: &str) -> PlanRegistration {
    let names = &scene.names.names;
    let values = [
        ("plan", Text::same(plan.id.clone())),
        ("title", titled(plan.title.as_deref())),
        ("said", Text::same(said)),
        ("storeys", Text::list(names)),
    ];
    PlanRegistration {
        story: words("said_unknown", &values),
        method: Method::None,
        ..PlanRegistration::none()
    }
}

/// The storeys that are said: all of them where one is said or the plan is its drawing's only one (a typical floor); else
/// those among them that title, level mark or shape name.
pub(super) fn by_said<'a>(
    fitting: &[&'a Placing],
    said: &Said,
    witness: &Witness<'_>,
) -> Result<Chosen<'a>, Box<PlanRegistration>> {
    let (within, outside): (Vec<&Placing>, Vec<&Placing>) =
        fitting.iter().partition(|p| said.storeys.contains(&p.storey));
    let refused = |other: &Placing| {
        let at = [("storey", witness.named(&said.storeys)), ("other", witness.named(&[other.storey]))];
        Box::new(witness.refuse("contradiction_said", &at, false))
    };
    let whole = said.alone || said.storeys.len() == 1;
    let chosen = match (within.first(), outside.first()) {
        (None, Some(other)) => return Err(refused(other)),
        (Some(_), _) if whole => within,
        _ => by_witness(&within, witness)?.0,
    };
    let Some(best) = chosen.first().copied() else { return Ok((chosen, "how_said")) };
    match outside.into_iter().find(|p| is_ahead(p, best) && contradicts(p, best)) {
        Some(other) => Err(refused(other)),
        None => Ok((chosen, "how_said")),
    }
}

/// The story goes on with the discipline that was said.
pub(super) fn told(mut laid: PlanRegistration, said: Option<&Said>) -> PlanRegistration {
    if let Some(discipline) = said.and_then(|s| s.discipline.clone()) {
        let more = words("said_discipline", &[("discipline", discipline)]);
        laid.story = Text::new(laid.story.en + &more.en, laid.story.zh + &more.zh);
    }
    laid
}
