//! Resumable uploads: tus 1.0 with the extensions creation, checksum, termination and expiration
//! (<https://tus.io/protocols/resumable-upload>).
//!
//! What an answer tells to be stored is on the disk. The last piece is told only when the bytes are stored whole and the
//! file is a row of its round; before that the upload counts as not finished.

use super::files::{PAUSE, room_for, take_in};
use crate::serve::app::App;
use crate::serve::clock::{self, HOUR, Millis};
use crate::serve::fault::{Fault, Outcome, Problem};
use crate::serve::secret;
use crate::serve::sorting;
use crate::serve::spool::Sink;
use crate::serve::store::record::{Round, RoundState, Scope, Submission, Upload};
use crate::serve::who::{Who, detailed};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use std::sync::atomic::Ordering::Relaxed;

/// The one version.
const VERSION: &str = "1.0.0";
/// What is built.
const EXTENSIONS: &str = "creation,checksum,termination,expiration";
/// Checksums known.
const ALGORITHMS: &str = "sha1,sha256";
/// Bytes after which what came is told to be stored, within one request.
const CHECKPOINT: u64 = 8 << 20;
/// Longest metadata, bytes.
const LONGEST_METADATA: usize = 4096;

fn tus(status: StatusCode, more: &[(&'static str, String)]) -> Outcome<Response> {
    let mut response = status.into_response();
    let headers = response.headers_mut();
    headers.insert("tus-resumable", HeaderValue::from_static(VERSION));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    for (name, value) in more {
        let value = HeaderValue::from_str(value).map_err(|e| Fault::Internal(e.to_string()))?;
        headers.insert(HeaderName::from_static(name), value);
    }
    Ok(response)
}

fn spoken(headers: &HeaderMap) -> Outcome<()> {
    match text(headers, "tus-resumable") {
        Some(VERSION) => Ok(()),
        _ => Err(Fault::Precondition(format!("send tus-resumable: {VERSION}"))),
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|v| v.to_str().ok())
}

fn number(headers: &HeaderMap, name: &str) -> Outcome<u64> {
    let value = text(headers, name).and_then(|v| v.parse::<u64>().ok());
    value.ok_or_else(|| Fault::Bad(format!("send {name} with a number")))
}

/// A value of `Upload-Metadata`: keys, each with its value in base64.
fn metadata(text: &str, key: &str) -> Option<String> {
    let value = text.split(',').find_map(|pair| {
        let (name, value) = pair.trim().split_once(' ')?;
        (name == key).then_some(value)
    })?;
    String::from_utf8(base64(value)?).ok()
}

/// RFC 4648, section 4; nothing where it is none.
fn base64(text: &str) -> Option<Vec<u8>> {
    let digit = |b: u8| -> Option<u32> {
        Some(u32::from(match b {
            b'A'..=b'Z' => b - b'A',
            b'a'..=b'z' => b - b'a' + 26,
            b'0'..=b'9' => b - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        }))
    };
    let mut out = Vec::new();
    for chunk in text.trim().trim_end_matches('=').as_bytes().chunks(4) {
        let mut n = 0u32;
        for b in chunk {
            n = (n << 6) | digit(*b)?;
        }
        let missing = 4 - chunk.len();
        n <<= 6 * missing;
        let bytes = n.to_be_bytes();
        out.extend(bytes.iter().skip(1).take(3 - missing.min(3)));
    }
    Some(out)
}

/// What the service can do.
#[utoipa::path(options, path = "/api/v1/rounds/{round}/uploads", tag = "uploads",
    params(("round" = String, Path, description = "The round")),
    responses((status = 204, description = "Told in headers"), (status = 401, body = Problem),
              (status = 404, body = Problem)))]
pub(crate) async fn options(State(app): State<App>, who: Who, Path(id): Path<String>) -> Outcome<Response> {
    who.round(&app, &id).await?;
    let more = [
        ("tus-version", VERSION.to_owned()),
        ("tus-extension", EXTENSIONS.to_owned()),
        ("tus-checksum-algorithm", ALGORITHMS.to_owned()),
        ("tus-max-size", app.largest().to_string()),
    ];
    tus(StatusCode::NO_CONTENT, &more)
}

/// Begin an upload. `Upload-Metadata` names the file (`filename`) and may tell its hash (`sha256`, hexadecimal), which
/// then has to fit.
#[utoipa::path(post, path = "/api/v1/rounds/{round}/uploads", tag = "uploads",
    params(("round" = String, Path, description = "The round"),
           ("tus-resumable" = String, Header, description = "1.0.0"),
           ("upload-length" = u64, Header, description = "Bytes in all"),
           ("upload-metadata" = String, Header, description = "Keys with values in base64")),
    responses((status = 201, description = "Where to send to, in the header Location"), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
              (status = 412, body = Problem), (status = 413, body = Problem), (status = 507, body = Problem)))]
pub(crate) async fn create(
    State(app): State<App>,
    who: Who,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Outcome<Response> {
    let (submission, round) = who.round_to_change(&app, &id).await?;
    spoken(&headers)?;
    let length = number(&headers, "upload-length")?;
    let metadata_text = text(&headers, "upload-metadata").unwrap_or_default().to_owned();
    if metadata_text.len() > LONGEST_METADATA {
        return Err(Fault::TooLarge(format!("upload-metadata has at most {LONGEST_METADATA} bytes")));
    }
    let name = metadata(&metadata_text, "filename").filter(|n| !n.trim().is_empty());
    let name = name.ok_or_else(|| Fault::Bad("name the file: upload-metadata: filename BASE64".into()))?;
    if length == 0 {
        return Err(Fault::Bad("the file is empty".into()));
    }
    room_for(&app, &submission, length).await?;
    let now = clock::now();
    let upload = Upload {
        id: secret::name()?,
        tenant: submission.tenant.clone(),
        round: round.id.clone(),
        user: who.user.id.clone(),
        name: sorting::tame_name(&name),
        metadata: metadata_text,
        length: i64::try_from(length).unwrap_or(i64::MAX),
        offset: 0,
        created: now,
        expires: now + Millis::from(app.config.keep.uploads_hours) * HOUR,
    };
    app.spool.create(&upload.id).await?;
    let note = detailed(who.note_on(&submission, "upload.begin", &upload.id), &upload.name);
    let most = i64::from(app.config.limits.open_uploads);
    if let Err(fault) = app.store.add_upload(&upload, most, &note).await {
        app.spool.remove(&upload.id).await;
        return Err(fault);
    }
    let more = [
        ("location", format!("/api/v1/uploads/{}", upload.id)),
        ("upload-expires", clock::http(upload.expires)),
        ("upload-offset", "0".to_owned()),
    ];
    tus(StatusCode::CREATED, &more)
}

/// The upload, if it is theirs.
async fn theirs(app: &App, who: &Who, id: &str) -> Outcome<(Submission, Round, Upload)> {
    let upload = app.store.upload(id).await?;
    let (submission, round) = who.round(app, &upload.round).await?;
    Ok((submission, round, upload))
}

/// How far an upload is.
#[utoipa::path(head, path = "/api/v1/uploads/{upload}", tag = "uploads",
    params(("upload" = String, Path, description = "The upload"),
           ("tus-resumable" = String, Header, description = "1.0.0")),
    responses((status = 200, description = "Told in headers"), (status = 401), (status = 404), (status = 412)))]
pub(crate) async fn head(
    State(app): State<App>,
    who: Who,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Outcome<Response> {
    let (_, _, upload) = theirs(&app, &who, &id).await?;
    spoken(&headers)?;
    let more = [
        ("upload-offset", upload.offset.to_string()),
        ("upload-length", upload.length.to_string()),
        ("upload-metadata", upload.metadata.clone()),
        ("upload-expires", clock::http(upload.expires)),
    ];
    tus(StatusCode::OK, &more)
}

/// Send a piece, at the offset that is stored.
#[utoipa::path(patch, path = "/api/v1/uploads/{upload}", tag = "uploads",
    params(("upload" = String, Path, description = "The upload"),
           ("tus-resumable" = String, Header, description = "1.0.0"),
           ("upload-offset" = u64, Header, description = "Where the piece begins"),
           ("upload-checksum" = Option<String>, Header, description = "sha1 or sha256 of the piece, in base64")),
    request_body(content = Vec<u8>, content_type = "application/offset+octet-stream"),
    responses((status = 204, description = "Stored; how far, in the header Upload-Offset"), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
              (status = 410, body = Problem), (status = 412, body = Problem), (status = 413, body = Problem),
              (status = 415, body = Problem), (status = 423, body = Problem), (status = 460, body = Problem),
              (status = 507, body = Problem)))]
pub(crate) async fn patch(
    State(app): State<App>,
    who: Who,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Outcome<Response> {
    theirs(&app, &who, &id).await?;
    who.may(Scope::Write)?;
    spoken(&headers)?;
    if text(&headers, "content-type") != Some("application/offset+octet-stream") {
        return Err(Fault::WrongType("send content-type: application/offset+octet-stream".into()));
    }
    let _turn = app.spool.turn(&id)?;
    // asked again now that nobody else sends
    let (submission, round, upload) = theirs(&app, &who, &id).await?;
    if upload.expires <= clock::now() {
        return Err(Fault::Gone("the upload has expired; begin another one".into()));
    }
    let offset = number(&headers, "upload-offset")?;
    if i64::try_from(offset).ok() != Some(upload.offset) {
        return Err(Fault::Conflict(format!("{} bytes are stored; go on from there", upload.offset)));
    }
    if upload.offset == upload.length {
        return tus(StatusCode::NO_CONTENT, &[("upload-offset", upload.length.to_string())]);
    }
    if round.state != RoundState::Draft {
        return Err(Fault::Conflict(
            "the round has been handed in; begin another one for other files".into(),
        ));
    }
    let at = receive(&app, &upload, offset, Checksum::asked(&headers)?, body).await?;
    if i64::try_from(at).ok() == Some(upload.length) {
        let file = take_in(&app, &submission, &round, &upload.name, &upload.id).await?;
        if metadata(&upload.metadata, "sha256").is_some_and(|told| !told.eq_ignore_ascii_case(&file.sha256)) {
            app.store.remove_upload(&id, &who.note_on(&submission, "upload.damaged", &id)).await?;
            app.spool.remove(&id).await;
            return Err(Fault::Checksum);
        }
        let note = who.note_on(&submission, "file.add", &file.id);
        let note = detailed(note, format!("{} {}", file.sha256, file.name));
        app.store.finish_upload(&id, &file, app.room(), &note).await?;
        app.spool.remove(&id).await;
    }
    let more = [("upload-offset", at.to_string()), ("upload-expires", clock::http(upload.expires))];
    tus(StatusCode::NO_CONTENT, &more)
}

/// Reads a body onto the disk, from an offset; how far it is stored then. The upload's row never says that it is whole:
/// that is told together with the file's own row.
async fn receive(
    app: &App,
    upload: &Upload,
    offset: u64,
    mut checksum: Checksum,
    body: Body,
) -> Outcome<u64> {
    let length = u64::try_from(upload.length).unwrap_or(0);
    let mut sink = app.spool.resume(&upload.id, offset).await?;
    let mut stream = body.into_data_stream();
    let mut told = offset;
    let cut = loop {
        let piece = match tokio::time::timeout(PAUSE, stream.next()).await {
            Ok(Some(Ok(piece))) => piece,
            Ok(None) => break None,
            Ok(Some(Err(e))) => break Some(Fault::Bad(format!("the body was cut: {e}"))),
            Err(_) => break Some(Fault::Bad("nothing came for too long".into())),
        };
        if offset + sink.written() + piece.len() as u64 > length {
            sink.undo(told).await?;
            return Err(Fault::TooLarge(format!("the upload was said to have {length} bytes")));
        }
        app.spool.room_for(piece.len() as u64)?;
        sink.write(&piece).await?;
        checksum.add(&piece);
        app.metrics.received.fetch_add(piece.len() as u64, Relaxed);
        let at = offset + sink.written();
        if checksum.is_none() && at - told >= CHECKPOINT && at < length {
            told = store(app, upload, &mut sink, at).await?;
        }
    };
    let at = offset + sink.written();
    if !checksum.fits(cut.is_some()) {
        sink.undo(offset).await?;
        return Err(cut.unwrap_or(Fault::Checksum));
    }
    sink.sync().await?;
    if at < length && at > told {
        store(app, upload, &mut sink, at).await?;
    }
    cut.map_or(Ok(at), Err)
}

async fn store(app: &App, upload: &Upload, sink: &mut Sink, at: u64) -> Outcome<u64> {
    sink.sync().await?;
    app.store.move_upload(&upload.id, i64::try_from(at).unwrap_or(i64::MAX)).await?;
    Ok(at)
}

/// Give an upload up.
#[utoipa::path(delete, path = "/api/v1/uploads/{upload}", tag = "uploads",
    params(("upload" = String, Path, description = "The upload"),
           ("tus-resumable" = String, Header, description = "1.0.0")),
    responses((status = 204, description = "Gone"), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 412, body = Problem), (status = 423, body = Problem)))]
pub(crate) async fn terminate(
    State(app): State<App>,
    who: Who,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Outcome<Response> {
    let (submission, _, upload) = theirs(&app, &who, &id).await?;
    who.may(Scope::Write)?;
    spoken(&headers)?;
    let _turn = app.spool.turn(&id)?;
    app.store
        .remove_upload(&id, &detailed(who.note_on(&submission, "upload.end", &id), &upload.name))
        .await?;
    app.spool.remove(&id).await;
    tus(StatusCode::NO_CONTENT, &[])
}

/// The checksum that came with a piece, and what is summed so far.
enum Checksum {
    None,
    Sha1(Box<Sha1>, Vec<u8>),
    Sha256(Box<Sha256>, Vec<u8>),
}

impl Checksum {
    fn asked(headers: &HeaderMap) -> Outcome<Self> {
        let Some(value) = text(headers, "upload-checksum") else { return Ok(Self::None) };
        let (name, told) = value.trim().split_once(' ').unwrap_or((value, ""));
        let told = base64(told).ok_or_else(|| Fault::Bad("upload-checksum is no base64".into()))?;
        match name {
            "sha1" => Ok(Self::Sha1(Box::default(), told)),
            "sha256" => Ok(Self::Sha256(Box::default(), told)),
            _ => Err(Fault::Bad(format!("upload-checksum takes {ALGORITHMS}"))),
        }
    }

    const fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    fn add(&mut self, piece: &[u8]) {
        match self {
            Self::None => {}
            Self::Sha1(hash, _) => hash.update(piece),
            Self::Sha256(hash, _) => hash.update(piece),
        }
    }

    /// Whether what came is what was summed; a piece that was cut fits none.
    fn fits(self, cut: bool) -> bool {
        match self {
            Self::None => true,
            Self::Sha1(hash, told) => !cut && hash.finalize().as_slice() == told,
            Self::Sha256(hash, told) => !cut && hash.finalize().as_slice() == told,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_is_read_key_by_key() {
        let text = "filename 5LqM5bGCLmR4Zg==, empty ,sha256 YWI=";
        assert_eq!(metadata(text, "filename").as_deref(), Some("二层.dxf"));
        assert_eq!(metadata(text, "sha256").as_deref(), Some("ab"));
        assert_eq!(metadata(text, "other"), None);
    }

    #[test]
    fn base64_as_in_the_rfc() {
        for (coded, plain) in
            [("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYmFy", "foobar")]
        {
            assert_eq!(base64(coded).as_deref(), Some(plain.as_bytes()));
        }
        assert_eq!(base64("Z!=="), None);
    }
}
