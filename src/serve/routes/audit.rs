//! The audit log, to be read.

use super::Asked;
use crate::serve::app::App;
use crate::serve::fault::{Fault, Outcome, Problem};
use crate::serve::store::record::{Entry, Role, Scope};
use crate::serve::who::Who;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Most lines of one answer.
const PAGE: i64 = 500;

/// From where on.
#[derive(Deserialize, IntoParams)]
pub(crate) struct From {
    /// The last line that is known, by its `seq`.
    after: Option<i64>,
    /// Whether to go through the chain of hashes; administrators only.
    verify: Option<bool>,
}

/// Lines of the audit log.
#[derive(Serialize, ToSchema)]
pub(crate) struct Log {
    /// At most 500, oldest first.
    entries: Vec<Entry>,
    /// Ask `after` this one for more.
    next: i64,
    /// Where it was gone through: whether every line fits the one before.
    #[serde(skip_serializing_if = "Option::is_none")]
    whole: Option<bool>,
}

/// Lines of the audit log: a reviewer's of the area, an administrator's all.
#[utoipa::path(get, path = "/api/v1/audit", tag = "operations", params(From),
    responses((status = 200, body = Log), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub(crate) async fn read(State(app): State<App>, who: Who, Asked(from): Asked<From>) -> Outcome<Json<Log>> {
    who.may(Scope::Read)?;
    if who.user.role == Role::Firm {
        return Err(Fault::Denied("it takes a reviewer or an administrator"));
    }
    let whole = if from.verify == Some(true) {
        who.may(Scope::Admin)?;
        Some(app.store.first_forged().await?.is_none())
    } else {
        None
    };
    let after = from.after.unwrap_or(0);
    let entries = app.store.entries(&who.view(), after, PAGE).await?;
    let next = entries.last().map_or(after, |e| e.seq);
    Ok(Json(Log { entries, next, whole }))
}
