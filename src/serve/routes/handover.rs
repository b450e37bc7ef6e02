//! What a city information model takes over: report, topics, footprint with height, storeys and codes, in one archive.

use super::reports::{attachment, lacking, missing};
use crate::serve::app::App;
use crate::serve::clock;
use crate::serve::fault::{Fault, Outcome, Problem};
use crate::serve::store::record::{Artifact, File, Round, Submission};
use crate::serve::who::Who;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// What goes into the package, under the name that it is kept under.
const PARTS: [&str; 9] = [
    "report.json",
    "report.html",
    "report.zh.pdf",
    "report.zh.xlsx",
    "report.zh.bcf",
    "report.en.bcf",
    "building.city.json",
    "building.geojson",
    "overlay-0.zh.png",
];
/// Largest package, bytes: it is put together in memory.
const LARGEST: i64 = 256 << 20;

/// The package of a checked round.
#[utoipa::path(get, path = "/api/v1/rounds/{round}/handover", tag = "sharing",
    params(("round" = String, Path, description = "The round")),
    responses((status = 200, content_type = "application/zip"), (status = 401, body = Problem),
              (status = 404, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem)))]
pub(crate) async fn package(State(app): State<App>, who: Who, Path(id): Path<String>) -> Outcome<Response> {
    let (submission, round) = who.round(&app, &id).await?;
    app.store.artifact(&round.id, "report.json").await.map_err(|f| missing(f, &round))?;
    // a package is whole or there is none
    if app.queue.at_work(&round.id).await? {
        return Err(lacking(&app, &round).await?);
    }
    let made = app.store.artifacts(&round.id).await?;
    let parts: Vec<Artifact> = made.into_iter().filter(|a| PARTS.contains(&a.name.as_str())).collect();
    if parts.iter().map(|a| a.bytes).sum::<i64>() > LARGEST {
        return Err(Fault::TooLarge("the package is too large; take its parts one by one".into()));
    }
    let manifest = manifest(&submission, &round, &app.store.files(&round.id).await?, &parts);
    let mut files = vec![("manifest.json".to_owned(), manifest.to_string().into_bytes())];
    for part in parts {
        files.push((part.name, app.blobs.whole(&submission.tenant, &part.sha256).await?));
    }
    app.store.note(&who.note_on(&submission, "round.handover", &round.id)).await?;
    let packed = tokio::task::spawn_blocking(move || pack(&files));
    let bytes = packed.await.map_err(|e| Fault::Internal(e.to_string()))??;
    let name = format!("{}-{}-{}.zip", submission.project_code, submission.building_code, round.number);
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_DISPOSITION, attachment(&name)),
    ];
    Ok((headers, bytes).into_response())
}

fn manifest(submission: &Submission, round: &Round, files: &[File], parts: &[Artifact]) -> serde_json::Value {
    let time = |at: Option<i64>| at.map(clock::text);
    json!({
        "project_code": submission.project_code,
        "building_code": submission.building_code,
        "stage": submission.stage,
        "title": submission.title,
        "round": round.number,
        "decision": round.decision,
        "profile": round.profile,
        "checked_at": time(round.ended),
        "inputs": files.iter().map(|f| json!({
            "name": f.name, "kind": f.kind, "role": f.role, "discipline": f.discipline, "storey": f.storey,
            "sha256": f.sha256, "bytes": f.bytes,
        })).collect::<Vec<_>>(),
        "contents": parts,
    })
}

fn pack(files: &[(String, Vec<u8>)]) -> Outcome<Vec<u8>> {
    let wrong = |e: zip::result::ZipError| Fault::Internal(e.to_string());
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        let packed = name.ends_with(".png")
            || name.ends_with(".pdf")
            || name.ends_with(".bcf")
            || name.ends_with(".xlsx");
        let method = if packed { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        zip.start_file(name, SimpleFileOptions::default().compression_method(method)).map_err(wrong)?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish().map_err(wrong)?.into_inner())
}
