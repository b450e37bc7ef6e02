//! Rounds: begun, filled, checked, stopped.

use super::Body;
use crate::rulebook::Rulebook;
use crate::serve::app::App;
use crate::serve::clock::{self, HOUR};
use crate::serve::fault::{Fault, Outcome, Problem};
use crate::serve::secret;
use crate::serve::store::record::{File, Round, RoundState, Scope};
use crate::serve::who::{Who, detailed};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A new round.
#[derive(Default, Deserialize, ToSchema)]
pub(crate) struct NewRound {
    /// Rules asked: a built-in profile; the service's own where none is named.
    #[serde(default)]
    profile: Option<String>,
}

/// A round with its files and uploads.
#[derive(Serialize, ToSchema)]
pub(crate) struct WithFiles {
    /// The round.
    #[serde(flatten)]
    round: Round,
    /// Its files.
    files: Vec<File>,
    /// Uploads that are not finished: file name, bytes stored, bytes in all.
    open_uploads: Vec<(String, i64, i64)>,
}

/// Rounds of a submission, the latest first.
#[utoipa::path(get, path = "/api/v1/submissions/{submission}/rounds", tag = "rounds",
    params(("submission" = String, Path, description = "The submission")),
    responses((status = 200, body = Vec<Round>), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn list(
    State(app): State<App>,
    who: Who,
    Path(id): Path<String>,
) -> Outcome<Json<Vec<Round>>> {
    let submission = who.submission(&app, &id).await?;
    Ok(Json(app.store.rounds(&submission.id).await?))
}

/// Begin a round: files can then be sent to it.
#[utoipa::path(post, path = "/api/v1/submissions/{submission}/rounds", tag = "rounds", request_body = NewRound,
    params(("submission" = String, Path, description = "The submission")),
    responses((status = 201, body = Round), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem)))]
pub(crate) async fn begin(
    State(app): State<App>,
    who: Who,
    Path(id): Path<String>,
    Body(new): Body<NewRound>,
) -> Outcome<(StatusCode, Json<Round>)> {
    let submission = who.submission(&app, &id).await?;
    who.may(Scope::Write)?;
    let profile = new.profile.unwrap_or_else(|| app.config.profile.clone());
    Rulebook::built_in(&profile).map_err(|e| Fault::Bad(e.to_string()))?;
    let round = Round {
        id: secret::name()?,
        submission: submission.id.clone(),
        number: 0,
        state: RoundState::Draft,
        profile,
        decision: None,
        reason: None,
        summary: None,
        previous: None,
        created: clock::now(),
        queued: None,
        ended: None,
    };
    let note = who.note_on(&submission, "round.begin", &round.id);
    Ok((StatusCode::CREATED, Json(app.store.add_round(&round, &note).await?)))
}

/// One round, with its files.
#[utoipa::path(get, path = "/api/v1/rounds/{round}", tag = "rounds",
    params(("round" = String, Path, description = "The round")),
    responses((status = 200, body = WithFiles), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn one(
    State(app): State<App>,
    who: Who,
    Path(id): Path<String>,
) -> Outcome<Json<WithFiles>> {
    let (_, round) = who.round(&app, &id).await?;
    let files = app.store.files(&round.id).await?;
    let uploads = app.store.uploads(&round.id).await?;
    let open_uploads = uploads.into_iter().map(|u| (u.name, u.offset, u.length)).collect();
    Ok(Json(WithFiles { round, files, open_uploads }))
}

/// Take a round away that was not checked yet.
#[utoipa::path(delete, path = "/api/v1/rounds/{round}", tag = "rounds",
    params(("round" = String, Path, description = "The round")),
    responses((status = 204, description = "Gone"), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn remove(State(app): State<App>, who: Who, Path(id): Path<String>) -> Outcome<StatusCode> {
    let (submission, round) = who.round_to_change(&app, &id).await?;
    let uploads = app.store.uploads(&round.id).await?;
    app.store.drop_draft(&round.id, &who.note_on(&submission, "round.remove", &round.id)).await?;
    for upload in uploads {
        app.spool.remove(&upload.id).await;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Check a round: it waits in the queue, and can be watched. One that was stopped or inconclusive can be checked again.
#[utoipa::path(post, path = "/api/v1/rounds/{round}/check", tag = "rounds",
    params(("round" = String, Path, description = "The round")),
    responses((status = 202, body = Round), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 409, body = Problem), (status = 429, body = Problem)))]
pub(crate) async fn check(
    State(app): State<App>,
    who: Who,
    Path(id): Path<String>,
) -> Outcome<(StatusCode, Json<Round>)> {
    let (submission, round) = who.round_to_change(&app, &id).await?;
    let lately = app.queue.queued_since(&submission.tenant, clock::now() - HOUR).await?;
    if lately >= i64::from(app.config.limits.runs_per_hour) {
        return Err(Fault::TooOften(600));
    }
    let files = app.store.files(&round.id).await?;
    if files.iter().filter(|f| f.role == "manifest").count() > 1 {
        return Err(Fault::Conflict("there are two submission forms; leave one of them out".into()));
    }
    let hashes: Vec<String> = files.iter().map(|f| format!("{} {}", f.sha256, f.name)).collect();
    let note = detailed(who.note_on(&submission, "round.check", &round.id), hashes.join("\n"));
    let round = app.queue.enqueue(&round.id, &secret::name()?, &note).await?;
    app.bell.notify_one();
    app.tell(&round.id);
    Ok((StatusCode::ACCEPTED, Json(round)))
}

/// Stop a check that waits or goes on.
#[utoipa::path(post, path = "/api/v1/rounds/{round}/cancel", tag = "rounds",
    params(("round" = String, Path, description = "The round")),
    responses((status = 200, body = Round), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn cancel(State(app): State<App>, who: Who, Path(id): Path<String>) -> Outcome<Json<Round>> {
    let (submission, round) = who.round_to_change(&app, &id).await?;
    let round = app.queue.cancel(&round.id, &who.note_on(&submission, "round.cancel", &round.id)).await?;
    app.tell(&round.id);
    Ok(Json(round))
}
