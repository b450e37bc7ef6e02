//! Findings that a reviewer lets pass, with the reason and an end. A waiver changes no report: it stands beside it.

use super::{Body, code, words};
use crate::serve::app::App;
use crate::serve::clock::{self, DAY, Millis};
use crate::serve::fault::{Fault, Outcome, Problem};
use crate::serve::secret;
use crate::serve::store::record::{Scope, Waiver};
use crate::serve::who::{Who, detailed};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

/// Longest life of a waiver, days.
const LONGEST: i64 = 3650;

/// A new waiver.
#[derive(Deserialize, ToSchema)]
pub(crate) struct NewWaiver {
    /// Fingerprint of the finding.
    finding: String,
    /// Its rule.
    rule: String,
    /// Why.
    reason: String,
    /// Days that it holds.
    days: i64,
}

/// Waivers of a submission.
#[utoipa::path(get, path = "/api/v1/submissions/{submission}/waivers", tag = "review",
    params(("submission" = String, Path, description = "The submission")),
    responses((status = 200, body = Vec<Waiver>), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn list(
    State(app): State<App>,
    who: Who,
    Path(id): Path<String>,
) -> Outcome<Json<Vec<Waiver>>> {
    let submission = who.submission(&app, &id).await?;
    Ok(Json(app.store.waivers(&submission.id).await?))
}

/// Let a finding pass, with the reason.
#[utoipa::path(post, path = "/api/v1/submissions/{submission}/waivers", tag = "review", request_body = NewWaiver,
    params(("submission" = String, Path, description = "The submission")),
    responses((status = 201, body = Waiver), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem)))]
pub(crate) async fn waive(
    State(app): State<App>,
    who: Who,
    Path(id): Path<String>,
    Body(new): Body<NewWaiver>,
) -> Outcome<(StatusCode, Json<Waiver>)> {
    let submission = who.submission(&app, &id).await?;
    who.may(Scope::Review)?;
    let reason = words("the reason", &new.reason)?;
    if reason.is_empty() {
        return Err(Fault::Bad("say why".into()));
    }
    if !(1..=LONGEST).contains(&new.days) {
        return Err(Fault::Bad(format!("a waiver holds 1 to {LONGEST} days")));
    }
    let now: Millis = clock::now();
    let waiver = Waiver {
        id: secret::name()?,
        submission: submission.id.clone(),
        finding: code("the finding", &new.finding)?,
        rule: code("the rule", &new.rule)?,
        reason,
        user: who.user.id.clone(),
        created: now,
        until: now + new.days * DAY,
        withdrawn: None,
    };
    let note = who.note_on(&submission, "waiver.add", &waiver.id);
    let note = detailed(note, format!("{} {}: {}", waiver.rule, waiver.finding, waiver.reason));
    app.store.add_waiver(&waiver, &note).await?;
    Ok((StatusCode::CREATED, Json(waiver)))
}

/// Take a waiver back.
#[utoipa::path(delete, path = "/api/v1/waivers/{waiver}", tag = "review",
    params(("waiver" = String, Path, description = "The waiver")),
    responses((status = 204, description = "Withdrawn"), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem)))]
pub(crate) async fn withdraw(
    State(app): State<App>,
    who: Who,
    Path(id): Path<String>,
) -> Outcome<StatusCode> {
    let waiver = app.store.waiver(&id).await?;
    let submission = who.submission(&app, &waiver.submission).await?;
    who.may(Scope::Review)?;
    app.store.withdraw_waiver(&id, &who.note_on(&submission, "waiver.withdraw", &id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
