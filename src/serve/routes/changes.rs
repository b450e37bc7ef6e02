//! What is new, for other systems.

use super::Asked;
use crate::serve::app::App;
use crate::serve::clock;
use crate::serve::fault::{Fault, Outcome, Problem};
use crate::serve::store::record::{Change, Scope};
use crate::serve::who::Who;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Most changes of one answer.
const PAGE: i64 = 500;

/// Since when.
#[derive(Deserialize, IntoParams)]
pub(crate) struct Since {
    /// The last change that is known, by its `seq`.
    after: Option<i64>,
    /// A time such as `2026-05-01T00:00:00Z`, or milliseconds.
    since: Option<String>,
}

/// Changes, in their order.
#[derive(Serialize, ToSchema)]
pub(crate) struct Changes {
    /// At most 500.
    changes: Vec<Change>,
    /// Ask `after` this one for more.
    next: i64,
}

/// What changed after a change or since a time: at most 500, oldest first.
#[utoipa::path(get, path = "/api/v1/changes", tag = "sharing", params(Since),
    responses((status = 200, body = Changes), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn since(
    State(app): State<App>,
    who: Who,
    Asked(since): Asked<Since>,
) -> Outcome<Json<Changes>> {
    who.may(Scope::Read)?;
    let time = match &since.since {
        Some(text) => clock::read(text).ok_or_else(|| Fault::Bad(format!("{text}: is no time")))?,
        None => 0,
    };
    let after = since.after.unwrap_or(0);
    let changes = app.store.changes(&who.view(), after, time, PAGE).await?;
    let next = changes.last().map_or(after, |c| c.seq);
    Ok(Json(Changes { changes, next }))
}
