//! Addresses that are told of changes.

use super::Body;
use crate::serve::app::App;
use crate::serve::callee::Callee;
use crate::serve::clock;
use crate::serve::fault::{Fault, Outcome, Problem};
use crate::serve::secret;
use crate::serve::store::View;
use crate::serve::store::record::{Delivery, Hook, Role, Scope};
use crate::serve::who::Who;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Deliveries shown.
const SHOWN: i64 = 100;
/// Hooks that one tenant, area or administrator may have.
const MOST: usize = 20;

/// A new hook.
#[derive(Deserialize, ToSchema)]
pub(crate) struct NewHook {
    /// Where to: a host that the configuration names, over http or https; where it allows that, any public host over https.
    url: String,
}

/// A hook, once, with the secret that signs what is sent.
#[derive(Serialize, ToSchema)]
pub(crate) struct MadeHook {
    /// The hook.
    #[serde(flatten)]
    hook: Hook,
    /// Signs what is sent: `tumo-signature: t=TIME,v1=HEX`, HMAC-SHA-256 of `TIME.BODY`. Never told again.
    secret: String,
}

fn may(who: &Who) -> Outcome<()> {
    who.may(match who.user.role {
        Role::Firm => Scope::Write,
        Role::Reviewer => Scope::Review,
        Role::Administrator => Scope::Admin,
    })
}

/// A hook that is theirs.
async fn theirs(app: &App, who: &Who, id: &str) -> Outcome<Hook> {
    let hook = app.store.hook(id).await?;
    let own = match who.view() {
        View::All => true,
        View::Area(area) => hook.area == Some(area),
        View::Tenant(tenant) => hook.tenant == Some(tenant),
    };
    if own { Ok(hook) } else { Err(Fault::NotFound) }
}

/// The own hooks.
#[utoipa::path(get, path = "/api/v1/webhooks", tag = "sharing",
    responses((status = 200, body = Vec<Hook>), (status = 401, body = Problem)))]
pub(crate) async fn list(State(app): State<App>, who: Who) -> Outcome<Json<Vec<Hook>>> {
    who.may(Scope::Read)?;
    Ok(Json(app.store.hooks(&who.view()).await?))
}

/// Have an address told of every change that is theirs to see.
#[utoipa::path(post, path = "/api/v1/webhooks", tag = "sharing", request_body = NewHook,
    responses((status = 201, body = MadeHook), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem)))]
pub(crate) async fn add(
    State(app): State<App>,
    who: Who,
    Body(new): Body<NewHook>,
) -> Outcome<(StatusCode, Json<MadeHook>)> {
    may(&who)?;
    Callee::read(&app.config.webhooks, &new.url)?;
    if app.store.hooks(&who.view()).await?.len() >= MOST {
        return Err(Fault::TooLarge(format!("there are {MOST} webhooks already")));
    }
    let (tenant, area) = match who.view() {
        View::All => (None, None),
        View::Area(area) => (None, Some(area)),
        View::Tenant(tenant) => (Some(tenant), None),
    };
    let secret = secret::token()?;
    let hook = Hook {
        id: secret::name()?,
        tenant,
        area,
        url: new.url,
        secret: secret.clone(),
        created: clock::now(),
    };
    app.store.add_hook(&hook, &who.note("webhook.add", &hook.id)).await?;
    Ok((StatusCode::CREATED, Json(MadeHook { hook, secret })))
}

/// Take a hook away.
#[utoipa::path(delete, path = "/api/v1/webhooks/{webhook}", tag = "sharing",
    params(("webhook" = String, Path, description = "The webhook")),
    responses((status = 204, description = "Gone"), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem)))]
pub(crate) async fn remove(State(app): State<App>, who: Who, Path(id): Path<String>) -> Outcome<StatusCode> {
    theirs(&app, &who, &id).await?;
    may(&who)?;
    app.store.remove_hook(&id, &who.note("webhook.remove", &id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The last deliveries of a hook, and what came of them.
#[utoipa::path(get, path = "/api/v1/webhooks/{webhook}/deliveries", tag = "sharing",
    params(("webhook" = String, Path, description = "The webhook")),
    responses((status = 200, body = Vec<Delivery>), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn deliveries(
    State(app): State<App>,
    who: Who,
    Path(id): Path<String>,
) -> Outcome<Json<Vec<Delivery>>> {
    who.may(Scope::Read)?;
    theirs(&app, &who, &id).await?;
    Ok(Json(app.store.deliveries(&id, SHOWN).await?))
}
