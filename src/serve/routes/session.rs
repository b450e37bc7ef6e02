//! Signing in and out.

use super::Body;
use crate::serve::app::App;
use crate::serve::clock::{self, HOUR, Millis};
use crate::serve::fault::{Fault, Outcome, Problem};
use crate::serve::secret;
use crate::serve::store::record::{Note, Scope, Token, User};
use crate::serve::who::{COOKIE, Who, address};
use axum::Json;
use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Name and password.
#[derive(Deserialize, ToSchema)]
pub(crate) struct SignIn {
    /// Name to sign in with.
    pub name: String,
    /// Password.
    pub password: String,
}

/// Who is signed in.
#[derive(Serialize, ToSchema)]
pub(crate) struct Me {
    /// The user.
    user: User,
    /// What the token lets its bearer do.
    scopes: Vec<Scope>,
}

/// Opens a session for who knows name and password: the secret for the cookie.
pub(crate) async fn open_session(app: &App, from: &str, asked: SignIn) -> Outcome<String> {
    app.sign_ins.take((from.to_owned(), asked.name.clone()))?;
    let user = match app.store.user_by_name(&asked.name).await {
        Ok(user) if !user.disabled => Some(user),
        Ok(_) | Err(Fault::NotFound) => None,
        Err(fault) => return Err(fault),
    };
    let fits = secret::check_password(asked.password, user.as_ref().and_then(|u| u.password.clone())).await?;
    let note = |user: &str, action| Note {
        user: user.to_owned(),
        address: from.to_owned(),
        action,
        object: asked.name.chars().take(100).collect(),
        ..Note::default()
    };
    let Some(user) = user.filter(|_| fits) else {
        app.store.note(&note("", "sign-in.refused")).await?;
        return Err(Fault::Unknown);
    };
    let secret = secret::token()?;
    let now = clock::now();
    let token = Token {
        id: secret::name()?,
        user: user.id.clone(),
        name: String::new(),
        hash: secret::sha256(secret.as_bytes()),
        scopes: Scope::ALL.to_vec(),
        session: true,
        created: now,
        expires: now + Millis::from(app.config.sign_in.session_hours) * HOUR,
    };
    app.store.add_token(&token, &note(&user.id, "sign-in")).await?;
    Ok(secret)
}

/// The cookie of a session; with an empty secret, the end of it.
pub(crate) fn session_cookie(app: &App, secret: &str) -> Outcome<HeaderValue> {
    let age = if secret.is_empty() { 0 } else { app.config.sign_in.session_hours * 3600 };
    let secure = if app.config.https { "; Secure" } else { "" };
    let text = format!("{COOKIE}={secret}; Path=/; HttpOnly; SameSite=Strict; Max-Age={age}{secure}");
    HeaderValue::from_str(&text).map_err(|e| Fault::Internal(e.to_string()))
}

/// Sign in: sets the cookie of a session.
#[utoipa::path(post, path = "/api/v1/sign-in", tag = "people", request_body = SignIn, security(()),
    responses((status = 204, description = "Signed in"), (status = 401, body = Problem), (status = 429, body = Problem)))]
pub(crate) async fn sign_in(
    State(app): State<App>,
    parts: Parts,
    Body(asked): Body<SignIn>,
) -> Outcome<Response> {
    let from = address(&parts, &app);
    let secret = open_session(&app, &from, asked).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, session_cookie(&app, &secret)?)]).into_response())
}

/// Sign out: ends the session.
#[utoipa::path(post, path = "/api/v1/sign-out", tag = "people",
    responses((status = 204, description = "Signed out"), (status = 401, body = Problem)))]
pub(crate) async fn sign_out(State(app): State<App>, who: Who) -> Outcome<Response> {
    if let Some(session) = &who.session {
        app.store.end_token(&who.user.id, session, &who.note("sign-out", &who.user.name)).await?;
    }
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, session_cookie(&app, "")?)]).into_response())
}

/// Who is signed in.
#[utoipa::path(get, path = "/api/v1/me", tag = "people",
    responses((status = 200, body = Me), (status = 401, body = Problem)))]
pub(crate) async fn me(who: Who) -> Json<Me> {
    Json(Me { user: who.user, scopes: who.scopes })
}
