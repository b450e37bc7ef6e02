//! How far a check is: asked for, or watched (server-sent events, resumed by `Last-Event-ID`).

use super::Asked;
use crate::serve::app::App;
use crate::serve::clock;
use crate::serve::fault::{Outcome, Problem};
use crate::serve::store::record::{RoundState, Step};
use crate::serve::who::Who;
use crate::serve::worker::STAGES;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use utoipa::{IntoParams, ToSchema};

/// A sign of life while nothing new is told.
const TICK: Duration = Duration::from_secs(2);

/// From where on.
#[derive(Deserialize, IntoParams)]
pub(crate) struct After {
    /// The last step that is known.
    after: Option<i64>,
}

/// How far a check is.
#[derive(Serialize, ToSchema)]
pub(crate) struct Progress {
    /// Where the round stands.
    state: RoundState,
    /// Stages of a run, by key, in their order.
    stages: Vec<&'static str>,
    /// Steps after the one that is known.
    steps: Vec<Step>,
    /// Now, ms since 1970, by the service's clock.
    now: i64,
}

/// How far a check is.
#[utoipa::path(get, path = "/api/v1/rounds/{round}/progress", tag = "rounds",
    params(("round" = String, Path, description = "The round"), After),
    responses((status = 200, body = Progress), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn poll(
    State(app): State<App>,
    who: Who,
    Path(id): Path<String>,
    Asked(after): Asked<After>,
) -> Outcome<Json<Progress>> {
    let (_, round) = who.round(&app, &id).await?;
    let steps = app.store.steps(&round.id, after.after.unwrap_or(0)).await?;
    Ok(Json(Progress { state: round.state, stages: STAGES.to_vec(), steps, now: clock::now() }))
}

/// Watch a check: an event for every step, numbered; resumed after the one that `Last-Event-ID` or `after` names; ends
/// when the check does.
#[utoipa::path(get, path = "/api/v1/rounds/{round}/events", tag = "rounds",
    params(("round" = String, Path, description = "The round"), After),
    responses((status = 200, content_type = "text/event-stream"), (status = 401, body = Problem),
              (status = 404, body = Problem)))]
pub(crate) async fn watch(
    State(app): State<App>,
    who: Who,
    Path(id): Path<String>,
    Asked(after): Asked<After>,
    headers: HeaderMap,
) -> Outcome<Response> {
    let (_, round) = who.round(&app, &id).await?;
    let resumed = headers.get("last-event-id").and_then(|v| v.to_str().ok()).and_then(|v| v.parse().ok());
    let watch = Watch {
        news: app.news.subscribe(),
        round: round.id,
        last: resumed.or(after.after).unwrap_or(0),
        waiting: VecDeque::new(),
        over: false,
        app,
    };
    let events = stream::unfold(watch, |mut watch| async move {
        let event = watch.next().await?;
        Some((Ok::<Event, Infallible>(event), watch))
    });
    let mut response = Sse::new(events).keep_alive(KeepAlive::default()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // a proxy that gathers would tell everything at the end
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(response)
}

/// Somebody who watches a round.
struct Watch {
    app: App,
    round: String,
    last: i64,
    news: Receiver<String>,
    waiting: VecDeque<Step>,
    over: bool,
}

impl Watch {
    /// The next event; none when there will be no other.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(step) = self.waiting.pop_front() {
                self.last = step.seq;
                self.app.metrics.events.fetch_add(1, Relaxed);
                return Some(event(&step));
            }
            if self.over || *self.app.stopping.borrow() {
                return None;
            }
            // the state first: a step that comes between the two is found the next time
            let state = self.app.store.round(&self.round).await.ok()?.state;
            self.waiting = self.app.store.steps(&self.round, self.last).await.ok()?.into();
            self.over = state.over();
            if self.waiting.is_empty() && !self.over && !self.rung().await {
                return Some(Event::default().event("tick").data(clock::now().to_string()));
            }
        }
    }

    /// Waits for news of the round; false when nothing came for a while.
    async fn rung(&mut self) -> bool {
        let mut stopping = self.app.stopping.subscribe();
        let rung = async {
            loop {
                match self.news.recv().await {
                    Ok(round) if round != self.round => {}
                    Ok(_) | Err(RecvError::Lagged(_) | RecvError::Closed) => return,
                }
            }
        };
        tokio::select! {
            () = rung => true,
            _ = stopping.wait_for(|s| *s) => true,
            () = tokio::time::sleep(TICK) => false,
        }
    }
}

fn event(step: &Step) -> Event {
    let data = serde_json::to_string(step).unwrap_or_default();
    Event::default().id(step.seq.to_string()).event(&step.kind).data(data)
}
