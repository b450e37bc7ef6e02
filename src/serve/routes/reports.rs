//! What came of a check: the report in every format, and what the page draws.

use super::Asked;
use crate::report::{Report, diff};
use crate::serve::app::App;
use crate::serve::fault::{Fault, Outcome, Problem};
use crate::serve::formats;
use crate::serve::store::record::{Artifact, Round, RoundState, Submission};
use crate::serve::who::Who;
use crate::wording::Language;
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Largest report that is read whole, bytes.
const LARGEST: i64 = 512 << 20;

/// Which report.
#[derive(Deserialize, IntoParams)]
pub(crate) struct Which {
    /// `json`, `html`, `terminal`, `csv`, `xlsx`, `pdf`, `bcf`, `bcf3`, `spot-check`, `spot-check-csv`, `sarif`, `junit`, `github`, `svg`, `png`.
    format: Option<String>,
    /// `en` or `zh`.
    lang: Option<String>,
    /// Which overlay, for pictures.
    overlay: Option<usize>,
}

/// How a file is named to who saves it (RFC 6266): plain letters for old clients, the true name beside.
pub(crate) fn attachment(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ') { c } else { '_' })
        .collect();
    let coded: String = name
        .bytes()
        .map(|b| {
            let kept = b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
            if kept { char::from(b).to_string() } else { format!("%{b:02X}") }
        })
        .collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{coded}")
}

/// The report of a round as data.
pub(crate) async fn read_report(app: &App, submission: &Submission, round: &Round) -> Outcome<Report> {
    let made = app.store.artifact(&round.id, "report.json").await.map_err(|f| missing(f, round))?;
    if made.bytes > LARGEST {
        return Err(Fault::TooLarge("the report is too large to be compared here; take it as JSON".into()));
    }
    let bytes = app.blobs.whole(&submission.tenant, &made.sha256).await?;
    let read = tokio::task::spawn_blocking(move || diff::read("report.json", &bytes));
    let read = read.await.map_err(|e| Fault::Internal(e.to_string()))?;
    read.map_err(|e| Fault::Internal(e.to_string()))
}

/// Why there is no report.
pub(crate) fn missing(fault: Fault, round: &Round) -> Fault {
    match (fault, round.state) {
        (Fault::NotFound, RoundState::Draft) => Fault::Conflict("the round has not been checked".into()),
        (Fault::NotFound, RoundState::Queued | RoundState::Running) => {
            Fault::Conflict("the round is being checked; its report comes when that is over".into())
        }
        (Fault::NotFound, RoundState::Inconclusive) => {
            let reason = round.reason.as_deref().unwrap_or_default();
            Fault::Conflict(format!("the check was inconclusive, and there is no report: {reason}"))
        }
        (Fault::NotFound, RoundState::Cancelled) => Fault::Conflict("the check was stopped".into()),
        (fault, _) => fault,
    }
}

/// Why a format of a checked round is not there: it is still to come, could not be written, or there is nothing to draw.
pub(crate) async fn lacking(app: &App, round: &Round) -> Outcome<Fault> {
    if app.queue.at_work(&round.id).await? {
        return Ok(Fault::Conflict("this is still being written; ask again in a moment".into()));
    }
    Ok(match unwritten(app, round).await? {
        Some(why) => Fault::Conflict(format!("not everything could be written: {why}")),
        None => Fault::NotFound,
    })
}

/// What a check told last of what it could not write.
async fn unwritten(app: &App, round: &Round) -> Outcome<Option<String>> {
    let steps = app.store.steps(&round.id, 0).await?;
    let last = steps.into_iter().rev().find(|s| s.kind == "unwritten");
    Ok(last.and_then(|s| s.data.get("reason").and_then(|r| r.as_str()).map(str::to_owned)))
}

/// A format of a report.
#[derive(Serialize, ToSchema)]
pub(crate) struct Had {
    /// As it is asked for.
    format: &'static str,
    /// `en` or `zh`; none where it is of both.
    lang: Option<&'static str>,
    /// Of which overlay, for pictures.
    overlay: Option<usize>,
    /// Size; none while it is not there.
    bytes: Option<i64>,
}

/// What a report can be had in.
#[derive(Serialize, ToSchema)]
pub(crate) struct Formats {
    /// Those that are not there are still to come.
    writing: bool,
    /// Why some will not come.
    unwritten: Option<String>,
    /// Every format in every language; pictures once they are there.
    formats: Vec<Had>,
}

/// In what a report can be had by now: the report itself first, the other formats one by one.
#[utoipa::path(get, path = "/api/v1/rounds/{round}/formats", tag = "reports",
    params(("round" = String, Path, description = "The round")),
    responses((status = 200, body = Formats), (status = 401, body = Problem), (status = 404, body = Problem),
              (status = 409, body = Problem, description = "There is no report, and why")))]
pub(crate) async fn formats_of(
    State(app): State<App>,
    who: Who,
    Path(id): Path<String>,
) -> Outcome<Json<Formats>> {
    let (_, round) = who.round(&app, &id).await?;
    // asked first: what comes between the two is there the next time
    let writing = app.queue.at_work(&round.id).await?;
    let made = app.store.artifacts(&round.id).await?;
    if round.state != RoundState::Done {
        return Err(missing(Fault::NotFound, &round));
    }
    let bytes = |name: String| made.iter().find(|a| a.name == name).map(|a| a.bytes);
    let mut out = Vec::new();
    for format in formats::ALL {
        let languages: &[Language] =
            if format.spoken { &[Language::En, Language::Zh] } else { &[Language::En] };
        for language in languages {
            let lang = format.spoken.then(|| formats::tag(*language));
            let had = |overlay: Option<usize>, bytes| Had { format: format.name, lang, overlay, bytes };
            if !format.pictured {
                out.push(had(None, bytes(format.file(*language, 0))));
                continue;
            }
            let there = (0..).map_while(|n| bytes(format.file(*language, n)).map(|b| (n, b)));
            out.extend(there.map(|(n, bytes)| had(Some(n), Some(bytes))));
        }
    }
    Ok(Json(Formats { writing, unwritten: unwritten(&app, &round).await?, formats: out }))
}

/// The report of a round, in any format.
#[utoipa::path(get, path = "/api/v1/rounds/{round}/report", tag = "reports",
    params(("round" = String, Path, description = "The round"), Which),
    responses((status = 200, description = "The report"), (status = 304, description = "The same as before"),
              (status = 401, body = Problem), (status = 404, body = Problem),
              (status = 409, body = Problem, description = "There is none, and why")))]
pub(crate) async fn report(
    State(app): State<App>,
    who: Who,
    Path(id): Path<String>,
    Asked(which): Asked<Which>,
    headers: HeaderMap,
) -> Outcome<Response> {
    let (submission, round) = who.round(&app, &id).await?;
    let asked = which.format.as_deref().unwrap_or("json");
    let format = formats::named(asked).ok_or_else(|| {
        let known: Vec<&str> = formats::ALL.iter().map(|f| f.name).collect();
        Fault::Bad(format!("there is no format {asked}; there are {}", known.join(", ")))
    })?;
    let language = match which.lang.as_deref() {
        Some("zh") => Language::Zh,
        None | Some("en") => Language::En,
        Some(other) => return Err(Fault::Bad(format!("there is no language {other}; there are en and zh"))),
    };
    let overlay = which.overlay.unwrap_or(0);
    let made = match app.store.artifact(&round.id, &format.file(language, overlay)).await {
        Err(Fault::NotFound) if round.state == RoundState::Done => return Err(lacking(&app, &round).await?),
        made => made.map_err(|f| missing(f, &round))?,
    };
    let picture = if format.pictured { format!("-{}", overlay + 1) } else { String::new() };
    let name = format!(
        "{}-{}-{}{picture}.{}",
        submission.project_code, submission.building_code, round.number, format.ending
    );
    // the page shows it in a frame of its own; all else is saved
    let shown = format.media.starts_with("text/html");
    let mut response = send(&app, &submission, &made, format.media, &headers).await?;
    let more = response.headers_mut();
    let disposition = if shown { "inline".to_owned() } else { attachment(&name) };
    let disposition = HeaderValue::from_str(&disposition).map_err(|e| Fault::Internal(e.to_string()))?;
    more.insert(header::CONTENT_DISPOSITION, disposition);
    // as a document of nobody: it may draw itself, and reaches nothing of the service
    let policy = "sandbox allow-scripts allow-modals; default-src 'none'; style-src 'unsafe-inline'; \
                  script-src 'unsafe-inline'; img-src data: blob:";
    more.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    Ok(response)
}

/// Sends bytes that never change under their name.
async fn send(
    app: &App,
    submission: &Submission,
    made: &Artifact,
    media: &'static str,
    headers: &HeaderMap,
) -> Outcome<Response> {
    let tag = format!("\"{}\"", made.sha256);
    let known = headers.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok());
    let about = [
        (header::ETAG, tag.clone()),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
        (header::CONTENT_TYPE, media.to_owned()),
    ];
    if known.is_some_and(|k| k.split(',').any(|t| t.trim() == tag)) {
        return Ok((StatusCode::NOT_MODIFIED, about).into_response());
    }
    let bytes = app.blobs.open(&submission.tenant, &made.sha256).await?;
    let length = [(header::CONTENT_LENGTH, made.bytes.to_string())];
    Ok((about, length, Body::from_stream(bytes.into_stream())).into_response())
}

/// Everything that came of a check, by name.
#[utoipa::path(get, path = "/api/v1/rounds/{round}/artifacts", tag = "reports",
    params(("round" = String, Path, description = "The round")),
    responses((status = 200, body = Vec<Artifact>), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn artifacts(
    State(app): State<App>,
    who: Who,
    Path(id): Path<String>,
) -> Outcome<Json<Vec<Artifact>>> {
    let (_, round) = who.round(&app, &id).await?;
    Ok(Json(app.store.artifacts(&round.id).await?))
}

/// Outlines of model and drawing of one plan on one storey, for a canvas: for each run a byte for the side (0 model,
/// 1 drawing), the class with its length in a byte before it, the length of what follows as four bytes (low first), then
/// polylines: LEB128 numbers, twice the count of points plus one when closed, and each point as its way from the one
/// before in millimetres, zigzag.
#[utoipa::path(get, path = "/api/v1/rounds/{round}/overlays/{overlay}", tag = "reports",
    params(("round" = String, Path, description = "The round"),
           ("overlay" = usize, Path, description = "Its number, from 0")),
    responses((status = 200, content_type = "application/octet-stream"), (status = 401, body = Problem),
              (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn overlay(
    State(app): State<App>,
    who: Who,
    Path((id, overlay)): Path<(String, usize)>,
    headers: HeaderMap,
) -> Outcome<Response> {
    let (submission, round) = who.round(&app, &id).await?;
    let made = app.store.artifact(&round.id, &format!("overlay-{overlay}.bin")).await;
    let made = made.map_err(|f| missing(f, &round))?;
    send(&app, &submission, &made, "application/octet-stream", &headers).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_end_its_header() {
        let text = attachment("二层\"\r\nSet-Cookie: x.ifc");
        assert!(text.is_ascii() && !text.contains('\r') && !text.contains('\n'));
        assert_eq!(text.matches('"').count(), 2);
        assert!(text.contains("%E4%BA%8C%E5%B1%82"));
    }
}
