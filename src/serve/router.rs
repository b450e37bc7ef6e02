//! All routes, with what holds for each: limits, headers, counters, a line in the log.

use super::app::App;
use super::fault::{Fault, Outcome, spoken};
use super::who::{COOKIE, address, bearer, cookie};
use super::{log, page, routes};
use axum::Router;
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;
use std::time::Instant;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};

/// What pages may do: what comes from here, and nothing inline.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
                      connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
/// Bodies smaller than this are sent as they are.
const PACKED_FROM: u64 = 1024;

/// The service as a router.
pub(crate) fn all(app: App) -> Router {
    let (api, description) = routes::all();
    let text = description.to_json().unwrap_or_default();
    let packed = SizeAbove::new(PACKED_FROM)
        .and(NotForContentType::new("application/zip"))
        .and(NotForContentType::new("application/vnd"))
        .and(NotForContentType::new("image/png"))
        .and(NotForContentType::new("text/event-stream"));
    api.route(
        "/openapi.json",
        get(move || async move { ([(header::CONTENT_TYPE, "application/json")], text) }),
    )
    .merge(page::routes())
    .fallback(|| async { Fault::NotFound })
    .method_not_allowed_fallback(|| async {
        (StatusCode::METHOD_NOT_ALLOWED, Fault::Bad("the method is not allowed here".into())).into_response()
    })
    .layer(CompressionLayer::new().compress_when(packed))
    .layer(CatchPanicLayer::custom(panicked))
    .layer(middleware::from_fn_with_state(app.clone(), observe))
    .with_state(app)
}

fn panicked(what: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let text = what.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| what.downcast_ref::<&str>().copied()).unwrap_or("a panic");
    Fault::Internal(text.to_owned()).into_response()
}

/// Refuses who asks too often; counts, logs, and sets the headers that every answer carries.
async fn observe(
    State(app): State<App>,
    matched: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let path = matched.as_ref().map_or("-", MatchedPath::as_str).to_owned();
    let (parts, body) = request.into_parts();
    let from = address(&parts, &app);
    let language = page::language_of(&parts.headers);
    let allowed = admit(&app, &parts, &from, &path);
    let mut response = match allowed {
        Ok(()) => next.run(Request::from_parts(parts, body)).await,
        Err(fault) => fault.into_response(),
    };
    response = spoken(response, language);
    settle_headers(&mut response);
    let took = begun.elapsed();
    let status = response.status().as_u16();
    app.metrics.answered(&format!("{method} {path}"), status, took);
    log::line(
        "request",
        &[
            ("method", method.as_str()),
            ("route", &path),
            ("status", &status.to_string()),
            ("ms", &took.as_millis().to_string()),
            ("from", &from),
        ],
    );
    response
}

/// Who asks is told by the token where there is one, else by the address; what runs the service is always let in.
fn admit(app: &App, parts: &axum::http::request::Parts, from: &str, path: &str) -> Outcome<()> {
    static KEYS: LazyLock<RandomState> = LazyLock::new(RandomState::new);
    if matches!(path, "/health" | "/ready") {
        return Ok(());
    }
    let token = bearer(&parts.headers).or_else(|| cookie(&parts.headers, COOKIE));
    // a token that is not known has its address's bucket emptied too, so that guessing is no faster
    app.requests.take(KEYS.hash_one((token.as_deref().unwrap_or_default(), from)))
}

fn settle_headers(response: &mut Response<Body>) {
    const ALWAYS: [(&str, &str); 4] = [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ];
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}
