//! What is handed in, by project code, building code and stage.

use super::{Asked, Body, code, words};
use crate::serve::app::App;
use crate::serve::clock;
use crate::serve::fault::{Fault, Outcome, Problem};
use crate::serve::secret;
use crate::serve::store::Wanted;
use crate::serve::store::record::{Role, Round, Scope, Submission};
use crate::serve::who::Who;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Most submissions of one answer.
const PAGE: i64 = 200;

/// A new submission.
#[derive(Deserialize, ToSchema)]
pub(crate) struct NewSubmission {
    /// Project code.
    pub project_code: String,
    /// Building code.
    pub building_code: String,
    /// Stage, such as `construction-drawings`.
    pub stage: String,
    /// What people call it.
    #[serde(default)]
    pub title: String,
    /// For which tenant; administrators only, a firm hands in for itself.
    #[serde(default)]
    pub tenant: Option<String>,
}

/// What submissions are asked for by.
#[derive(Deserialize, IntoParams)]
pub(crate) struct By {
    /// Project code.
    project_code: Option<String>,
    /// Building code.
    building_code: Option<String>,
    /// Stage.
    stage: Option<String>,
    /// Changed since: a time such as `2026-05-01T00:00:00Z`, or milliseconds.
    since: Option<String>,
    /// How many to leave out before.
    skip: Option<i64>,
}

/// A submission with its rounds, the latest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct WithRounds {
    /// The submission.
    #[serde(flatten)]
    submission: Submission,
    /// Its rounds.
    rounds: Vec<Round>,
}

/// Submissions, the last changed first; at most 200.
#[utoipa::path(get, path = "/api/v1/submissions", tag = "submissions", params(By),
    responses((status = 200, body = Vec<Submission>), (status = 401, body = Problem)))]
pub(crate) async fn list(
    State(app): State<App>,
    who: Who,
    Asked(by): Asked<By>,
) -> Outcome<Json<Vec<Submission>>> {
    who.may(Scope::Read)?;
    let since = match &by.since {
        Some(text) => Some(clock::read(text).ok_or_else(|| Fault::Bad(format!("{text}: is no time")))?),
        None => None,
    };
    let wanted = Wanted {
        project_code: by.project_code,
        building_code: by.building_code,
        stage: by.stage,
        since,
        limit: PAGE,
        skip: by.skip.unwrap_or(0).max(0),
    };
    Ok(Json(app.store.submissions(&who.view(), &wanted).await?))
}

/// Begin a submission, or get the one that has the same codes and stage.
#[utoipa::path(post, path = "/api/v1/submissions", tag = "submissions", request_body = NewSubmission,
    responses((status = 201, body = Submission), (status = 200, body = Submission, description = "There was one"),
              (status = 401, body = Problem), (status = 403, body = Problem)))]
pub(crate) async fn open(
    State(app): State<App>,
    who: Who,
    Body(new): Body<NewSubmission>,
) -> Outcome<(StatusCode, Json<Submission>)> {
    who.may(Scope::Write)?;
    let tenant = match (who.user.role, &who.user.tenant, new.tenant) {
        (Role::Administrator, _, Some(tenant)) => tenant,
        (Role::Administrator, _, None) => {
            return Err(Fault::Bad("name the tenant that it is handed in for".into()));
        }
        (_, Some(own), None) => own.clone(),
        (_, Some(own), Some(named)) if *own == named => named,
        _ => return Err(Fault::NotFound),
    };
    let tenant = app.store.tenant(&tenant).await?;
    let now = clock::now();
    let submission = Submission {
        id: secret::name()?,
        tenant: tenant.id,
        area: tenant.area,
        project_code: code("the project code", &new.project_code)?,
        building_code: code("the building code", &new.building_code)?,
        stage: code("the stage", &new.stage)?,
        title: words("the title", &new.title)?,
        created: now,
        changed: now,
    };
    let note = who.note_on(&submission, "submission.open", &submission.id);
    let (submission, is_new) = app.store.open_submission(&submission, &note).await?;
    Ok((if is_new { StatusCode::CREATED } else { StatusCode::OK }, Json(submission)))
}

async fn with_rounds(app: &App, submission: Submission) -> Outcome<WithRounds> {
    let rounds = app.store.rounds(&submission.id).await?;
    Ok(WithRounds { submission, rounds })
}

/// One submission, with its rounds.
#[utoipa::path(get, path = "/api/v1/submissions/{submission}", tag = "submissions",
    params(("submission" = String, Path, description = "The submission")),
    responses((status = 200, body = WithRounds), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn one(
    State(app): State<App>,
    who: Who,
    Path(id): Path<String>,
) -> Outcome<Json<WithRounds>> {
    let submission = who.submission(&app, &id).await?;
    Ok(Json(with_rounds(&app, submission).await?))
}

/// Everything of a building, by its codes: submissions of every stage, with their rounds.
#[utoipa::path(get, path = "/api/v1/buildings/{project_code}/{building_code}", tag = "sharing",
    params(("project_code" = String, Path, description = "Project code"),
           ("building_code" = String, Path, description = "Building code")),
    responses((status = 200, body = Vec<WithRounds>), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn by_code(
    State(app): State<App>,
    who: Who,
    Path((project, building)): Path<(String, String)>,
) -> Outcome<Json<Vec<WithRounds>>> {
    who.may(Scope::Read)?;
    let wanted = Wanted {
        project_code: Some(project),
        building_code: Some(building),
        limit: PAGE,
        ..Wanted::default()
    };
    let mut out = Vec::new();
    for submission in app.store.submissions(&who.view(), &wanted).await? {
        out.push(with_rounds(&app, submission).await?);
    }
    if out.is_empty() { Err(Fault::NotFound) } else { Ok(Json(out)) }
}
