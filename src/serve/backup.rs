//! A copy of everything into a folder, while the service runs; and back into an empty data folder.

use super::app::App;
use super::blobs::Blobs;
use super::config::Config;
use super::fault::{Fault, Outcome};
use super::secret;
use super::store::Upkeep;
use super::store::sqlite::SqliteStore;
use std::path::Path;

/// Copies rows, then the bytes that they name, into a folder that is empty or holds an earlier copy. How many pieces of
/// bytes it holds then.
///
/// # Errors
/// When something cannot be read or written.
pub(crate) async fn back_up(config: &Config, to: &Path) -> Outcome<usize> {
    std::fs::create_dir_all(to)?;
    let app = App::open(config.clone()).await?;
    let (rows, fresh) = (to.join("tumo.db"), to.join("tumo.db.new"));
    let _ = std::fs::remove_file(&fresh);
    app.store.copy_to(&fresh).await?;
    // what is named is asked of the copy: the service may write on meanwhile
    let copy = SqliteStore::open(&fresh).await?;
    let named = copy.blobs().await?;
    copy.close().await;
    for beside in ["tumo.db.new-wal", "tumo.db.new-shm"] {
        let _ = std::fs::remove_file(to.join(beside));
    }
    for (tenant, sha256) in &named {
        let folder = to.join("objects").join(tenant).join(sha256.get(..2).unwrap_or_default());
        std::fs::create_dir_all(&folder)?;
        let file = folder.join(sha256);
        if !file.exists() {
            app.blobs.lay(tenant, sha256, &file).await?;
        }
    }
    std::fs::File::open(&fresh)?.sync_all()?;
    std::fs::rename(&fresh, &rows)?;
    std::fs::File::open(to)?.sync_all()?;
    app.close().await;
    Ok(named.len())
}

/// Brings a copy into an empty data folder. Bytes that are not what their hash says are an error: nothing is brought in
/// by halves.
///
/// # Errors
/// When the data folder holds something, or the copy is not whole.
pub(crate) async fn restore(config: &Config, from: &Path) -> Outcome<usize> {
    if std::fs::read_dir(&config.data).is_ok_and(|mut d| d.next().is_some()) {
        return Err(Fault::Conflict(format!("{}: is not empty", config.data.display())));
    }
    let copy = from.join("tumo.db");
    if !copy.is_file() {
        return Err(Fault::Bad(format!("{}: holds no copy", from.display())));
    }
    std::fs::create_dir_all(&config.data)?;
    let half = config.data.join("tumo.db.half");
    std::fs::copy(&copy, &half)?;
    let rows = SqliteStore::open(&half).await?;
    let named = rows.blobs().await?;
    rows.close().await;
    let blobs = Blobs::local(&config.data.join("objects"))?;
    for (tenant, sha256) in &named {
        let shelf = sha256.get(..2).unwrap_or_default();
        let file = from.join("objects").join(tenant).join(shelf).join(sha256);
        let stored = blobs.put_file(tenant, &file).await?;
        if !secret::same(&stored.sha256, sha256) {
            return Err(Fault::Bad(format!("{}: is damaged", file.display())));
        }
    }
    for beside in ["tumo.db.half-wal", "tumo.db.half-shm"] {
        let _ = std::fs::remove_file(config.data.join(beside));
    }
    std::fs::File::open(&half)?.sync_all()?;
    std::fs::rename(&half, config.data.join("tumo.db"))?;
    Ok(named.len())
}
