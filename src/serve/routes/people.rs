//! Tenants, users, tokens.

use super::{Body, code};
use crate::serve::app::App;
use crate::serve::clock::{self, DAY, Millis};
use crate::serve::fault::{Fault, Outcome, Problem};
use crate::serve::secret;
use crate::serve::store::record::{Role, Scope, Tenant, Token, User};
use crate::serve::who::Who;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A new tenant.
#[derive(Deserialize, ToSchema)]
pub(crate) struct NewTenant {
    /// As people call it.
    name: String,
    /// The area whose reviewers see its submissions.
    area: String,
}

/// A new user.
#[derive(Deserialize, ToSchema)]
pub(crate) struct NewUser {
    /// Name to sign in with.
    name: String,
    /// What they are.
    role: Role,
    /// The firm, for who hands in.
    #[serde(default)]
    tenant: Option<String>,
    /// The area, for reviewers.
    #[serde(default)]
    area: Option<String>,
    /// Password; none for who comes by a proxy only.
    #[serde(default)]
    password: Option<String>,
}

/// What of a user is changed.
#[derive(Deserialize, ToSchema)]
pub(crate) struct UserChange {
    /// A new password.
    #[serde(default)]
    password: Option<String>,
    /// Whether they may sign in.
    #[serde(default)]
    disabled: Option<bool>,
}

/// A new token.
#[derive(Deserialize, ToSchema)]
pub(crate) struct NewToken {
    /// What for.
    name: String,
    /// What it lets its bearer do.
    scopes: Vec<Scope>,
    /// Days that it lasts.
    days: u32,
    /// For another user; administrators only.
    #[serde(default)]
    user: Option<String>,
}

/// A token, once, with its secret.
#[derive(Serialize, ToSchema)]
pub(crate) struct Made {
    /// The token.
    #[serde(flatten)]
    token: Token,
    /// The secret. It is not kept, and is never told again.
    secret: String,
}

/// All tenants.
#[utoipa::path(get, path = "/api/v1/tenants", tag = "people",
    responses((status = 200, body = Vec<Tenant>), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub(crate) async fn list_tenants(State(app): State<App>, who: Who) -> Outcome<Json<Vec<Tenant>>> {
    who.may(Scope::Admin)?;
    Ok(Json(app.store.tenants().await?))
}

/// Add a tenant.
#[utoipa::path(post, path = "/api/v1/tenants", tag = "people", request_body = NewTenant,
    responses((status = 201, body = Tenant), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 409, body = Problem)))]
pub(crate) async fn add_tenant(
    State(app): State<App>,
    who: Who,
    Body(new): Body<NewTenant>,
) -> Outcome<(StatusCode, Json<Tenant>)> {
    who.may(Scope::Admin)?;
    let tenant = Tenant {
        id: secret::name()?,
        name: code("the name", &new.name)?,
        area: code("the area", &new.area)?,
        created: clock::now(),
    };
    app.store.add_tenant(&tenant, &who.note("tenant.add", &tenant.id)).await?;
    Ok((StatusCode::CREATED, Json(tenant)))
}

/// All users.
#[utoipa::path(get, path = "/api/v1/users", tag = "people",
    responses((status = 200, body = Vec<User>), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub(crate) async fn list_users(State(app): State<App>, who: Who) -> Outcome<Json<Vec<User>>> {
    who.may(Scope::Admin)?;
    Ok(Json(app.store.users().await?))
}

/// Add a user.
#[utoipa::path(post, path = "/api/v1/users", tag = "people", request_body = NewUser,
    responses((status = 201, body = User), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 409, body = Problem)))]
pub(crate) async fn add_user(
    State(app): State<App>,
    who: Who,
    Body(new): Body<NewUser>,
) -> Outcome<(StatusCode, Json<User>)> {
    who.may(Scope::Admin)?;
    let (tenant, area) = match (new.role, new.tenant, new.area) {
        (Role::Firm, Some(tenant), None) => (Some(app.store.tenant(&tenant).await?.id), None),
        (Role::Reviewer, None, Some(area)) => (None, Some(code("the area", &area)?)),
        (Role::Administrator, None, None) => (None, None),
        _ => {
            let rule = "a firm's user has a tenant, a reviewer an area, an administrator neither";
            return Err(Fault::Bad(rule.into()));
        }
    };
    let password = match new.password {
        Some(password) => Some(secret::hash_password(password).await?),
        None => None,
    };
    let user = User {
        id: secret::name()?,
        name: code("the name", &new.name)?,
        role: new.role,
        tenant,
        area,
        password,
        disabled: false,
        created: clock::now(),
    };
    app.store.add_user(&user, &who.note("user.add", &user.id)).await?;
    Ok((StatusCode::CREATED, Json(user)))
}

/// Somebody beside this user may administer.
async fn others_administer(app: &App, user: &User) -> Outcome<bool> {
    let users = app.store.users().await?;
    Ok(users.iter().any(|u| u.id != user.id && u.role == Role::Administrator && !u.disabled))
}

/// Change a password, or whether a user may sign in. Everybody may change the own password.
#[utoipa::path(patch, path = "/api/v1/users/{user}", tag = "people", request_body = UserChange,
    params(("user" = String, Path, description = "The user")),
    responses((status = 200, body = User), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn set_user(
    State(app): State<App>,
    who: Who,
    Path(id): Path<String>,
    Body(change): Body<UserChange>,
) -> Outcome<Json<User>> {
    let own = id == who.user.id && who.session.is_some();
    if !own || change.disabled.is_some() {
        who.may(Scope::Admin)?;
    }
    let mut user = app.store.user(&id).await?;
    if let Some(password) = change.password {
        user.password = Some(secret::hash_password(password).await?);
    }
    if let Some(disabled) = change.disabled {
        if disabled && user.role == Role::Administrator && !others_administer(&app, &user).await? {
            return Err(Fault::Conflict(
                "nobody else could administer; make another administrator first".into(),
            ));
        }
        user.disabled = disabled;
    }
    app.store.set_user(&user, &who.note("user.change", &user.id)).await?;
    Ok(Json(user))
}

/// The own tokens for programs.
#[utoipa::path(get, path = "/api/v1/tokens", tag = "people",
    responses((status = 200, body = Vec<Token>), (status = 401, body = Problem)))]
pub(crate) async fn list_tokens(State(app): State<App>, who: Who) -> Outcome<Json<Vec<Token>>> {
    who.may(Scope::Read)?;
    Ok(Json(app.store.tokens(&who.user.id).await?))
}

/// Make a token for a program. It may do no more than who makes it.
#[utoipa::path(post, path = "/api/v1/tokens", tag = "people", request_body = NewToken,
    responses((status = 201, body = Made), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub(crate) async fn add_token(
    State(app): State<App>,
    who: Who,
    Body(new): Body<NewToken>,
) -> Outcome<(StatusCode, Json<Made>)> {
    let user = match &new.user {
        Some(other) if *other != who.user.id => {
            who.may(Scope::Admin)?;
            app.store.user(other).await?.id
        }
        _ => {
            // a token makes others only where it may administer: else one that leaks would live for ever
            if who.session.is_none() {
                who.may(Scope::Admin)?;
            }
            if new.scopes.iter().any(|s| !who.scopes.contains(s)) {
                return Err(Fault::Denied("a token may do no more than who makes it"));
            }
            who.user.id.clone()
        }
    };
    let longest = app.config.sign_in.token_days;
    if new.days == 0 || new.days > longest {
        return Err(Fault::Bad(format!("a token lasts 1 to {longest} days")));
    }
    let secret = secret::token()?;
    let now = clock::now();
    let token = Token {
        id: secret::name()?,
        user,
        name: code("the name", &new.name)?,
        hash: secret::sha256(secret.as_bytes()),
        scopes: new.scopes,
        session: false,
        created: now,
        expires: now + Millis::from(new.days) * DAY,
    };
    app.store.add_token(&token, &who.note("token.add", &token.id)).await?;
    Ok((StatusCode::CREATED, Json(Made { token, secret })))
}

/// End one of the own tokens.
#[utoipa::path(delete, path = "/api/v1/tokens/{token}", tag = "people",
    params(("token" = String, Path, description = "The token's id")),
    responses((status = 204, description = "Ended"), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn end_token(
    State(app): State<App>,
    who: Who,
    Path(id): Path<String>,
) -> Outcome<StatusCode> {
    if who.session.is_none() {
        who.may(Scope::Write).or_else(|_| who.may(Scope::Review)).or_else(|_| who.may(Scope::Admin))?;
    }
    app.store.end_token(&who.user.id, &id, &who.note("token.end", &id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
