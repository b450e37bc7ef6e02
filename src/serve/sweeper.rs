//! What goes with time: uploads that were given up, drafts that were forgotten, inputs past their age, bytes that no row
//! names, folders of runs that are over.

use super::app::App;
use super::blobs;
use super::clock::{self, DAY, HOUR, Millis};
use super::fault::Outcome;
use super::log;
use super::store::record::Note;
use std::time::Duration;

/// How often.
const EVERY: Duration = Duration::from_secs(600);
/// A folder of a run that is older than this belongs to none that goes on: runs are given less time.
const RUN: Millis = DAY;

/// Sweeps until the service stops.
pub(crate) async fn run(app: App) {
    let mut stopping = app.stopping.subscribe();
    loop {
        match sweep(&app).await {
            Ok(0) => {}
            Ok(n) => log::line("sweep", &[("gone", &n.to_string())]),
            Err(fault) => log::line("sweep", &[("fault", &fault.to_string())]),
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = stopping.wait_for(|s| *s) => return,
        }
    }
}

fn note(action: &'static str, object: &str, detail: &str) -> Note {
    Note { user: "service".into(), action, object: object.into(), detail: detail.into(), ..Note::default() }
}

/// Sweeps once; how many things are gone.
pub(crate) async fn sweep(app: &App) -> Outcome<u64> {
    let now = clock::now();
    let keep = &app.config.keep;
    let mut gone = 0;
    app.queue.recover(&app.owner, now, false).await?;
    for upload in app.store.expired_uploads(now).await? {
        app.store.remove_upload(&upload.id, &note("upload.expired", &upload.id, &upload.name)).await?;
        app.spool.remove(&upload.id).await;
        gone += 1;
    }
    for round in app.store.old_drafts(now - Millis::from(keep.drafts_days) * DAY).await? {
        app.store.drop_draft(&round.id, &note("round.expired", &round.id, "never checked")).await?;
        gone += 1;
    }
    if keep.inputs_days > 0 {
        let before = now - Millis::from(keep.inputs_days) * DAY;
        gone += app.store.drop_inputs(before, &note("inputs.dropped", "", &clock::text(before))).await?;
    }
    let strays = Millis::from(keep.strays_hours) * HOUR;
    gone += unnamed(app, now - strays).await?;
    gone += spooled(app, strays).await;
    gone += old_runs(app).await;
    gone += app.blobs.sweep_halves(strays);
    Ok(gone)
}

/// Bytes that no row names, written before a time: a death between bytes and row.
async fn unnamed(app: &App, before: Millis) -> Outcome<u64> {
    let mut gone = 0;
    for (tenant, sha256, written) in app.blobs.list().await? {
        if written < before && !app.store.names_blob(&tenant, &sha256).await? {
            app.blobs.remove(&tenant, &sha256).await?;
            gone += 1;
        }
    }
    Ok(gone)
}

/// Files on their way in that no upload knows of.
async fn spooled(app: &App, older_than: Millis) -> u64 {
    let mut gone = 0;
    for entry in std::fs::read_dir(app.spool.folder()).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if blobs::age(&entry.path()) > older_than && app.store.upload(&name).await.is_err() {
            app.spool.remove(&name).await;
            gone += 1;
        }
    }
    gone
}

/// Folders of runs that are over.
async fn old_runs(app: &App) -> u64 {
    let mut gone = 0;
    for entry in std::fs::read_dir(app.config.data.join("jobs")).into_iter().flatten().flatten() {
        if blobs::age(&entry.path()) > RUN {
            gone += u64::from(tokio::fs::remove_dir_all(entry.path()).await.is_ok());
        }
    }
    gone
}
