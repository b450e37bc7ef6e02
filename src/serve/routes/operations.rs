//! For who runs the service: whether it lives, whether it can work, what it counts.

use crate::serve::app::App;
use crate::serve::fault::{Fault, Outcome, Problem};
use crate::serve::store::record::Scope;
use crate::serve::who::{Maybe, address};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// A sign of life.
#[derive(Serialize, ToSchema)]
pub(crate) struct Alive {
    /// `ok`
    status: &'static str,
    /// Version of tumo.
    version: &'static str,
}

const ALIVE: Alive = Alive { status: "ok", version: env!("CARGO_PKG_VERSION") };

/// The process lives.
#[utoipa::path(get, path = "/health", tag = "operations", security(()), responses((status = 200, body = Alive)))]
pub(crate) async fn health() -> Json<Alive> {
    Json(ALIVE)
}

/// It can work: the rows answer, the disk has room, and it does not stop.
#[utoipa::path(get, path = "/ready", tag = "operations", security(()),
    responses((status = 200, body = Alive), (status = 503, body = Problem)))]
pub(crate) async fn ready(State(app): State<App>) -> Outcome<Json<Alive>> {
    if *app.stopping.borrow() {
        return Err(Fault::Unavailable("the service stops".into()));
    }
    app.store.alive().await.map_err(|_| Fault::Unavailable("the rows do not answer".into()))?;
    if app.spool.free() == 0 {
        return Err(Fault::Unavailable("the disk is full".into()));
    }
    Ok(Json(ALIVE))
}

/// Counters, for Prometheus: from this machine, or with an administrator's token.
#[utoipa::path(get, path = "/metrics", tag = "operations",
    responses((status = 200, content_type = "text/plain"), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub(crate) async fn metrics(State(app): State<App>, Maybe(who): Maybe, parts: Parts) -> Outcome<Response> {
    let here = address(&parts, &app).parse::<std::net::IpAddr>().is_ok_and(|a| a.is_loopback());
    match who {
        _ if here => {}
        Some(who) => who.may(Scope::Admin)?,
        None => return Err(Fault::Unknown),
    }
    let (waiting, running) = app.queue.depth().await?;
    let text = app.metrics.text(waiting, running, app.spool.free());
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response())
}
