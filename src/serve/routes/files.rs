//! Files of a round: sent as a form, sorted by content, corrected, had back.

use super::{Body, code};
use crate::serve::app::App;
use crate::serve::clock;
use crate::serve::fault::{Fault, Outcome, Problem};
use crate::serve::secret;
use crate::serve::sorting;
use crate::serve::store::record::{File, Round, Scope, Submission};
use crate::serve::who::Who;
use axum::Json;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{Multipart, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;
use tokio::io::AsyncReadExt;
use utoipa::ToSchema;

/// Longest pause between two pieces of a file.
pub(crate) const PAUSE: Duration = Duration::from_secs(60);

/// What of a file can be corrected.
#[derive(Deserialize, ToSchema)]
pub(crate) struct Correction {
    /// `model`, `drawing`, `ids`, `manifest`, or `ignored`: what its content allows, or to leave it out.
    #[serde(default)]
    role: Option<String>,
    /// `architecture`, `structure`, `mep`, or empty.
    #[serde(default)]
    discipline: Option<String>,
    /// A storey's name, several joined by commas, a range such as `B1..2F`, or empty.
    #[serde(default)]
    storey: Option<String>,
}

/// Files as they are sent: any number, under any names of fields.
#[derive(ToSchema)]
pub(crate) struct Sent {
    /// The files.
    #[allow(dead_code)]
    #[schema(value_type = Vec<String>, format = Binary)]
    files: Vec<u8>,
}

/// Refuses what would go over the tenant's quota or the disk.
pub(crate) async fn room_for(app: &App, submission: &Submission, bytes: u64) -> Outcome<()> {
    if bytes > app.largest() {
        return Err(Fault::TooLarge(format!("a file has at most {} bytes", app.largest())));
    }
    let used = app.store.used_bytes(&submission.tenant).await?;
    if used.saturating_add(i64::try_from(bytes).unwrap_or(i64::MAX)) > app.quota() {
        return Err(Fault::TooLarge(format!("the quota of {} bytes is used up", app.quota())));
    }
    app.spool.room_for(bytes)
}

/// What a file that lies in the spool becomes: its bytes are stored, its row is made by the caller.
pub(crate) async fn take_in(
    app: &App,
    submission: &Submission,
    round: &Round,
    name: &str,
    spooled: &str,
) -> Outcome<File> {
    let path = app.spool.path(spooled);
    let mut head = Vec::new();
    tokio::fs::File::open(&path).await?.take(sorting::HEAD as u64).read_to_end(&mut head).await?;
    let kind = sorting::kind(&head);
    let stored = app.blobs.put_file(&submission.tenant, &path).await?;
    let name = sorting::tame_name(name);
    let role = sorting::role(kind);
    let before = match role {
        "drawing" => app.store.said_before(&submission.id, &name).await?,
        _ => None,
    };
    // what was said of the sheet in an earlier round goes before what its name says
    let discipline = before.as_ref().filter(|f| f.discipline_given).map(|f| f.discipline.clone());
    let storey = before.as_ref().filter(|f| f.storey_given).map(|f| f.storey.clone());
    let guessed = || if role == "drawing" { sorting::storey(&name) } else { String::new() };
    Ok(File {
        id: secret::name()?,
        round: round.id.clone(),
        kind: kind.into(),
        role: role.into(),
        discipline_given: discipline.is_some(),
        storey_given: storey.is_some(),
        discipline: discipline.unwrap_or_else(|| sorting::discipline(&name).into()),
        storey: storey.unwrap_or_else(guessed),
        name,
        sha256: stored.sha256,
        bytes: stored.bytes,
        created: clock::now(),
        dropped: None,
    })
}

/// Files of a round.
#[utoipa::path(get, path = "/api/v1/rounds/{round}/files", tag = "rounds",
    params(("round" = String, Path, description = "The round")),
    responses((status = 200, body = Vec<File>), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn list(
    State(app): State<App>,
    who: Who,
    Path(id): Path<String>,
) -> Outcome<Json<Vec<File>>> {
    let (_, round) = who.round(&app, &id).await?;
    Ok(Json(app.store.files(&round.id).await?))
}

/// Send files as a form. Each is answered for only when it is safely stored; one of the same name takes the place of an
/// earlier one.
#[utoipa::path(post, path = "/api/v1/rounds/{round}/files", tag = "rounds",
    params(("round" = String, Path, description = "The round")),
    request_body(content = Sent, content_type = "multipart/form-data"),
    responses((status = 201, body = Vec<File>), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem),
              (status = 507, body = Problem)))]
pub(crate) async fn send(
    State(app): State<App>,
    who: Who,
    Path(id): Path<String>,
    form: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> Outcome<(StatusCode, Json<Vec<File>>)> {
    let (submission, round) = who.round_to_change(&app, &id).await?;
    let mut form = form.map_err(|e| Fault::WrongType(e.body_text()))?;
    let mut out = Vec::new();
    while let Some(field) = next(&mut form).await? {
        let Some(name) = field.file_name().map(str::to_owned) else { continue };
        if name.is_empty() {
            // a form field for files that none was chosen in
            continue;
        }
        let spooled = secret::name()?;
        let taken = one(&app, &who, &submission, &round, (&name, &spooled), field).await;
        app.spool.remove(&spooled).await;
        out.push(taken?);
    }
    if out.is_empty() {
        return Err(Fault::Bad("the form holds no file".into()));
    }
    Ok((StatusCode::CREATED, Json(out)))
}

async fn next<'f>(form: &'f mut Multipart) -> Outcome<Option<Field<'f>>> {
    let field = tokio::time::timeout(PAUSE, form.next_field()).await;
    field.map_err(|_| Fault::Bad("nothing came for too long".into()))?.map_err(broken)
}

fn broken(error: MultipartError) -> Fault {
    Fault::Bad(format!("the form cannot be read: {}", error.body_text()))
}

async fn one(
    app: &App,
    who: &Who,
    submission: &Submission,
    round: &Round,
    (name, spooled): (&str, &str),
    mut field: Field<'_>,
) -> Outcome<File> {
    app.spool.create(spooled).await?;
    let mut sink = app.spool.resume(spooled, 0).await?;
    room_for(app, submission, 0).await?;
    loop {
        let piece = tokio::time::timeout(PAUSE, field.chunk()).await;
        let piece = piece.map_err(|_| Fault::Bad("nothing came for too long".into()))?.map_err(broken)?;
        let Some(piece) = piece else { break };
        if sink.written() + piece.len() as u64 > app.largest() {
            return Err(Fault::TooLarge(format!("a file has at most {} bytes", app.largest())));
        }
        app.spool.room_for(piece.len() as u64)?;
        sink.write(&piece).await?;
        app.metrics.received.fetch_add(piece.len() as u64, Relaxed);
    }
    if sink.written() == 0 {
        return Err(Fault::Bad(format!("{}: the file is empty", sorting::tame_name(name))));
    }
    sink.sync().await?;
    room_for(app, submission, sink.written()).await?;
    let file = take_in(app, submission, round, name, spooled).await?;
    let note = who.note_on(submission, "file.add", &file.id);
    let note = crate::serve::who::detailed(note, format!("{} {}", file.sha256, file.name));
    app.store.add_file(&file, app.room(), &note).await?;
    Ok(file)
}

/// Correct what a file is taken for.
#[utoipa::path(patch, path = "/api/v1/rounds/{round}/files/{file}", tag = "rounds", request_body = Correction,
    params(("round" = String, Path, description = "The round"), ("file" = String, Path, description = "The file")),
    responses((status = 200, body = File), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn correct(
    State(app): State<App>,
    who: Who,
    Path((id, file)): Path<(String, String)>,
    Body(wanted): Body<Correction>,
) -> Outcome<Json<File>> {
    let (submission, round) = who.round_to_change(&app, &id).await?;
    let mut file = app.store.file(&round.id, &file).await?;
    if let Some(role) = wanted.role {
        if !sorting::may_be(&file.kind, &role) {
            return Err(Fault::Bad(format!("{} is {}: it can be no {role}", file.name, file.kind)));
        }
        file.role = role;
    }
    if let Some(discipline) = wanted.discipline {
        if !["", "architecture", "structure", "mep"].contains(&discipline.as_str()) {
            return Err(Fault::Bad(format!("there is no discipline {discipline}")));
        }
        file.discipline_given = !discipline.is_empty();
        file.discipline = discipline;
    }
    if let Some(storey) = wanted.storey {
        file.storey = if storey.trim().is_empty() { String::new() } else { code("the storey", &storey)? };
        file.storey_given = !file.storey.is_empty();
    }
    app.store.correct_file(&file, &who.note_on(&submission, "file.correct", &file.id)).await?;
    Ok(Json(file))
}

/// Take a file away.
#[utoipa::path(delete, path = "/api/v1/rounds/{round}/files/{file}", tag = "rounds",
    params(("round" = String, Path, description = "The round"), ("file" = String, Path, description = "The file")),
    responses((status = 204, description = "Gone"), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn remove(
    State(app): State<App>,
    who: Who,
    Path((id, file)): Path<(String, String)>,
) -> Outcome<StatusCode> {
    let (submission, round) = who.round_to_change(&app, &id).await?;
    app.store.remove_file(&round.id, &file, &who.note_on(&submission, "file.remove", &file)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The bytes of a file, while they are kept.
#[utoipa::path(get, path = "/api/v1/rounds/{round}/files/{file}/content", tag = "rounds",
    params(("round" = String, Path, description = "The round"), ("file" = String, Path, description = "The file")),
    responses((status = 200, content_type = "application/octet-stream"), (status = 401, body = Problem),
              (status = 404, body = Problem), (status = 410, body = Problem)))]
pub(crate) async fn content(
    State(app): State<App>,
    who: Who,
    Path((id, file)): Path<(String, String)>,
) -> Outcome<Response> {
    let (submission, round) = who.round(&app, &id).await?;
    let file = app.store.file(&round.id, &file).await?;
    if file.dropped.is_some() {
        return Err(Fault::Gone(
            "the file is past its age and is not kept any more; its hash and report are".into(),
        ));
    }
    who.may(Scope::Read)?;
    app.store.note(&who.note_on(&submission, "file.download", &file.id)).await?;
    let bytes = app.blobs.open(&submission.tenant, &file.sha256).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_LENGTH, file.bytes.to_string()),
        (header::CONTENT_DISPOSITION, super::reports::attachment(&file.name)),
        (header::ETAG, format!("\"{}\"", file.sha256)),
    ];
    Ok((headers, axum::body::Body::from_stream(bytes.into_stream())).into_response())
}
