//! The interface for programs: every route with its description, from which `/openapi.json` is made.

mod audit;
mod changes;
mod compare;
mod files;
mod handover;
mod hooks;
pub(crate) mod operations;
mod people;
mod progress;
mod replies;
mod reports;
mod rounds;
mod session;
mod submissions;
mod uploads;
mod waivers;

pub(crate) use files::PAUSE;
pub(crate) use reports::read_report;
pub(crate) use session::{SignIn, open_session, session_cookie};

use super::app::App;
use super::fault::{Fault, Problem};
use axum::Router;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{DefaultBodyLimit, FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Longest code of a project, building or stage, characters.
const LONGEST_CODE: usize = 64;
/// Longest text that people write, characters.
pub(crate) const LONGEST_TEXT: usize = 4000;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "tumo",
        description = "The self-check service: hand in a building model with its drawings, and learn what is missing, moved, \
                       mis-sized or mis-labelled. Whatever belongs to another tenant answers 404.",
        license(name = "MIT OR Apache-2.0")
    ),
    modifiers(&Signing),
    security(("token" = []), ("session" = [])),
    components(schemas(Problem)),
    tags(
        (name = "submissions", description = "What is handed in: by project code, building code and stage"),
        (name = "rounds", description = "One upload of everything, and its check"),
        (name = "uploads", description = "Resumable uploads (tus 1.0: creation, checksum, termination, expiration)"),
        (name = "reports", description = "What came of a check"),
        (name = "review", description = "What people say of findings"),
        (name = "sharing", description = "For other systems: by codes, changes since a time, hand-over, webhooks"),
        (name = "people", description = "Who may what"),
        (name = "operations", description = "For who runs the service"),
    )
)]
struct Described;

/// How a request says who asks.
struct Signing;

impl Modify for Signing {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_default();
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        components.add_security_scheme("token", SecurityScheme::Http(bearer));
        let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(super::who::COOKIE)));
        components.add_security_scheme("session", cookie);
    }
}

/// All routes, and their description.
pub(crate) fn all() -> (Router<App>, utoipa::openapi::OpenApi) {
    OpenApiRouter::with_openapi(Described::openapi())
        .routes(routes!(session::sign_in))
        .routes(routes!(session::sign_out))
        .routes(routes!(session::me))
        .routes(routes!(people::list_tenants, people::add_tenant))
        .routes(routes!(people::list_users, people::add_user))
        .routes(routes!(people::set_user))
        .routes(routes!(people::list_tokens, people::add_token))
        .routes(routes!(people::end_token))
        .routes(routes!(submissions::list, submissions::open))
        .routes(routes!(submissions::one))
        .routes(routes!(submissions::by_code))
        .routes(routes!(rounds::list, rounds::begin))
        .routes(routes!(rounds::one, rounds::remove))
        .routes(routes!(rounds::check))
        .routes(routes!(rounds::cancel))
        .merge(
            // a file is larger than any other body; what is read of it is counted as it comes
            OpenApiRouter::new().routes(routes!(files::list, files::send)).layer(DefaultBodyLimit::disable()),
        )
        .routes(routes!(files::correct, files::remove))
        .routes(routes!(files::content))
        .routes(routes!(uploads::options, uploads::create))
        .routes(routes!(uploads::head, uploads::patch, uploads::terminate))
        .routes(routes!(progress::poll))
        .routes(routes!(progress::watch))
        .routes(routes!(reports::report))
        .routes(routes!(reports::formats_of))
        .routes(routes!(reports::artifacts))
        .routes(routes!(reports::overlay))
        .routes(routes!(compare::compare))
        .routes(routes!(replies::list, replies::from_workbook))
        .routes(routes!(replies::reply))
        .routes(routes!(waivers::list, waivers::waive))
        .routes(routes!(waivers::withdraw))
        .routes(routes!(handover::package))
        .routes(routes!(changes::since))
        .routes(routes!(hooks::list, hooks::add))
        .routes(routes!(hooks::remove))
        .routes(routes!(hooks::deliveries))
        .routes(routes!(audit::read))
        .routes(routes!(operations::health))
        .routes(routes!(operations::ready))
        .routes(routes!(operations::metrics))
        .split_for_parts()
}

/// A JSON body; what does not fit is told in one sentence.
pub(crate) struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = Fault;

    async fn from_request(request: Request, app: &App) -> Result<Self, Fault> {
        match axum::Json::<T>::from_request(request, app).await {
            Ok(axum::Json(body)) => Ok(Self(body)),
            Err(JsonRejection::MissingJsonContentType(_)) => {
                Err(Fault::WrongType("send JSON, with content-type: application/json".into()))
            }
            Err(JsonRejection::BytesRejection(_)) => Err(Fault::TooLarge("the body is too large".into())),
            Err(rejection) => Err(Fault::Bad(rejection.body_text())),
        }
    }
}

/// A query; what does not fit is told in one sentence.
pub(crate) struct Asked<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Asked<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        match axum::extract::Query::<T>::from_request_parts(parts, app).await {
            Ok(axum::extract::Query(asked)) => Ok(Self(asked)),
            Err(QueryRejection::FailedToDeserializeQueryString(e)) => Err(Fault::Bad(e.body_text())),
            Err(rejection) => Err(Fault::Bad(rejection.body_text())),
        }
    }
}

/// A code of a project, building or stage: something that can be shown, not too long.
pub(crate) fn code(what: &str, text: &str) -> Result<String, Fault> {
    let text = text.trim();
    let sound = !text.is_empty()
        && text.chars().count() <= LONGEST_CODE
        && !text.chars().any(|c| c.is_control() || matches!(c, '/' | '\\' | '?' | '#'));
    if sound {
        return Ok(text.to_owned());
    }
    Err(Fault::Bad(format!(
        "{what} has 1 to {LONGEST_CODE} characters, none of them / \\ ? # or a control character"
    )))
}

/// A text that people write.
pub(crate) fn words(what: &str, text: &str) -> Result<String, Fault> {
    let text = text.trim();
    let sound = text.chars().count() <= LONGEST_TEXT && !text.chars().any(|c| c.is_control() && c != '\n');
    if sound {
        return Ok(text.to_owned());
    }
    Err(Fault::Bad(format!("{what} has at most {LONGEST_TEXT} characters, none of them a control character")))
}
