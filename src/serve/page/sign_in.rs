//! The page to sign in on. It works without scripts.

use super::layout::Look;
use crate::serve::app::App;
use crate::serve::fault::Fault;
use crate::serve::routes::{SignIn, open_session, session_cookie};
use crate::serve::who::address;
use axum::Form;
use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;

/// The form.
pub(super) async fn form(look: Look) -> Response {
    if look.who.is_some() {
        return Redirect::to("/").into_response();
    }
    page(&look, None)
}

fn page(look: &Look, wrong: Option<&str>) -> Response {
    let body = html! {
        main.narrow.sign-in {
            h1 { (look.say("sign-in.title")) }
            form method="post" action="/sign-in" {
                label { (look.say("sign-in.name")) input name="name" autocomplete="username" required autofocus; }
                label { (look.say("sign-in.password"))
                    input name="password" type="password" autocomplete="current-password" required; }
                @if let Some(key) = wrong { p.wrong role="alert" { (look.say(key)) } }
                button.main type="submit" { (look.say("sign-in.title")) }
            }
        }
    };
    look.page(look.say("sign-in.title"), &[], body)
}

/// The form, sent.
pub(super) async fn sent(
    State(app): State<App>,
    look: Look,
    parts: Parts,
    Form(asked): Form<SignIn>,
) -> Response {
    let opened = open_session(&app, &address(&parts, &app), asked).await;
    let cookie = opened.and_then(|secret| session_cookie(&app, &secret));
    let (status, wrong) = match cookie {
        Ok(cookie) => {
            return (StatusCode::SEE_OTHER, [(header::SET_COOKIE, cookie)], [(header::LOCATION, "/")])
                .into_response();
        }
        Err(Fault::Unknown) => (StatusCode::UNAUTHORIZED, "sign-in.refused"),
        Err(fault @ Fault::TooOften(_)) => (fault.status(), "sign-in.too-often"),
        Err(fault) => return look.sorry(&fault),
    };
    let mut response = page(&look, Some(wrong));
    *response.status_mut() = status;
    response
}
