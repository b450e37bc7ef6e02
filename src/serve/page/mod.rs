//! The pages: drawn on the server, in Chinese or English, light; what moves on them is a few scripts of our own. Nothing
//! is asked of another host, and nothing that somebody sent becomes markup.

mod admin;
mod assets;
mod docs;
mod layout;
mod lists;
mod round;
mod sign_in;
mod words;

pub(super) use layout::language_of;

use super::app::App;
use axum::Router;
use axum::routing::get;

/// Routes of the pages.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/", get(lists::submissions))
        .route("/sign-in", get(sign_in::form).post(sign_in::sent))
        .route("/submissions/{submission}", get(lists::submission))
        .route("/rounds/{round}", get(round::page))
        .route("/people", get(admin::people))
        .route("/log", get(admin::log))
        .route("/docs", get(docs::page))
        .route("/assets/{name}", get(assets::one))
}
