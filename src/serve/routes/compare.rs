//! Two rounds held against each other.

use super::{Asked, read_report};
use crate::finding::Finding;
use crate::report::{Report, diff};
use crate::serve::app::App;
use crate::serve::fault::{Fault, Outcome, Problem};
use crate::serve::who::Who;
use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// The other round.
#[derive(Deserialize, IntoParams)]
pub(crate) struct With {
    /// The earlier round; the one before where none is named.
    with: Option<String>,
}

/// What became of the earlier round's findings.
#[derive(Serialize, ToSchema)]
pub(crate) struct Compared {
    /// The earlier round.
    earlier: String,
    /// The later round.
    later: String,
    /// Findings of the earlier round that are gone.
    #[schema(value_type = Vec<Object>)]
    fixed: Vec<Finding>,
    /// Findings of the earlier round whose rule, plan or storey was not checked this time.
    #[schema(value_type = Vec<Object>)]
    not_rechecked: Vec<Finding>,
    /// Fingerprints of findings that the earlier round did not have.
    new: Vec<String>,
    /// Fingerprints of findings in both: the earlier one, the later one.
    open: Vec<(String, String)>,
    /// How the model's origin moved, metres.
    shift_m: [f64; 3],
}

/// Hold a round against an earlier one: what is fixed, new, still open, not re-checked.
#[utoipa::path(get, path = "/api/v1/rounds/{round}/compare", tag = "reports",
    params(("round" = String, Path, description = "The later round"), With),
    responses((status = 200, body = Compared), (status = 401, body = Problem), (status = 404, body = Problem),
              (status = 409, body = Problem)))]
pub(crate) async fn compare(
    State(app): State<App>,
    who: Who,
    Path(id): Path<String>,
    Asked(with): Asked<With>,
) -> Outcome<Json<Compared>> {
    let (submission, later) = who.round(&app, &id).await?;
    let earlier = match with.with {
        Some(earlier) => earlier,
        None => {
            let none = || Fault::Conflict("there is no earlier round with a report".into());
            later.previous.clone().ok_or_else(none)?
        }
    };
    let (earlier_of, earlier) = who.round(&app, &earlier).await?;
    let old = read_report(&app, &earlier_of, &earlier).await?;
    let new = read_report(&app, &submission, &later).await?;
    let compared = tokio::task::spawn_blocking(move || told((&earlier.id, old), (&later.id, new)));
    Ok(Json(compared.await.map_err(|e| Fault::Internal(e.to_string()))?))
}

fn told((earlier, old): (&str, Report), (later, new): (&str, Report)) -> Compared {
    let found = diff::diff(&old, &new);
    let of_old = |list: &[usize]| list.iter().filter_map(|n| old.findings.get(*n)).cloned().collect();
    let name = |report: &Report, n: usize| report.findings.get(n).map(|f| f.id.clone()).unwrap_or_default();
    Compared {
        earlier: earlier.to_owned(),
        later: later.to_owned(),
        fixed: of_old(&found.fixed),
        not_rechecked: of_old(&found.not_rechecked),
        new: found.new.iter().map(|n| name(&new, *n)).collect(),
        open: found.open.iter().map(|(a, b)| (name(&old, *a), name(&new, *b))).collect(),
        shift_m: found.shift_m,
    }
}
