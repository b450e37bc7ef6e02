//! Bytes on their way in: files of uploads that are not finished, and of requests that are being read. What is told to
//! be stored is on the disk.

use super::fault::{Fault, Outcome};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncSeekExt, AsyncWriteExt};

/// The folder of files on their way.
#[derive(Clone, Debug)]
pub(crate) struct Spool {
    folder: PathBuf,
    /// Uploads that a request is sending to.
    busy: Arc<Mutex<HashSet<String>>>,
    /// Bytes that stay free on the disk.
    reserve: u64,
}

/// The right to send to an upload; ends when it is dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    id: String,
    busy: Arc<Mutex<HashSet<String>>>,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.id);
    }
}

impl Spool {
    /// A folder, which is made. `reserve` bytes of its disk stay free.
    pub(crate) fn new(folder: PathBuf, reserve: u64) -> Outcome<Self> {
        std::fs::create_dir_all(&folder)?;
        Ok(Self { folder, busy: Arc::default(), reserve })
    }

    /// The file of an upload.
    pub(crate) fn path(&self, id: &str) -> PathBuf {
        self.folder.join(id)
    }

    /// The folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Takes the right to send to an upload; refused while another has it.
    pub(crate) fn turn(&self, id: &str) -> Outcome<Turn> {
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        if !busy.insert(id.to_owned()) {
            return Err(Fault::Locked);
        }
        Ok(Turn { id: id.to_owned(), busy: self.busy.clone() })
    }

    /// Free bytes on the disk, beyond those that stay free.
    pub(crate) fn free(&self) -> u64 {
        free(&self.folder).saturating_sub(self.reserve)
    }

    /// Refuses bytes that would not fit.
    pub(crate) fn room_for(&self, bytes: u64) -> Outcome<()> {
        if self.free() < bytes { Err(Fault::Full) } else { Ok(()) }
    }

    /// Makes the empty file of an upload.
    pub(crate) async fn create(&self, id: &str) -> Outcome<()> {
        let file = tokio::fs::File::create(self.path(id)).await?;
        file.sync_all().await?;
        // the name has to outlive a crash, not only the bytes
        let folder = self.folder.clone();
        tokio::task::spawn_blocking(move || std::fs::File::open(folder).and_then(|f| f.sync_all()))
            .await
            .map_err(|e| Fault::Internal(e.to_string()))??;
        Ok(())
    }

    /// Opens the file of an upload to go on at an offset; what lies behind it was never told to be stored.
    pub(crate) async fn resume(&self, id: &str, offset: u64) -> Outcome<Sink> {
        let open = tokio::fs::OpenOptions::new().write(true).open(self.path(id)).await;
        let mut file = match open {
            Ok(file) => file,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                return Err(Fault::Gone("the bytes of this upload are gone; begin another one".into()));
            }
            Err(e) => return Err(e.into()),
        };
        file.set_len(offset).await?;
        file.seek(std::io::SeekFrom::Start(offset)).await?;
        Ok(Sink { file, written: 0 })
    }

    /// Takes the file of an upload away.
    pub(crate) async fn remove(&self, id: &str) {
        let _ = tokio::fs::remove_file(self.path(id)).await;
    }
}

/// A file that is being written.
#[derive(Debug)]
pub(crate) struct Sink {
    file: tokio::fs::File,
    written: u64,
}

impl Sink {
    /// Adds bytes.
    pub(crate) async fn write(&mut self, bytes: &[u8]) -> Outcome<()> {
        self.file.write_all(bytes).await?;
        self.written += bytes.len() as u64;
        Ok(())
    }

    /// Bytes added since it was opened.
    pub(crate) const fn written(&self) -> u64 {
        self.written
    }

    /// When it returns, the bytes are on the disk.
    pub(crate) async fn sync(&mut self) -> Outcome<()> {
        self.file.flush().await?;
        Ok(self.file.sync_data().await?)
    }

    /// Gives up what was added since it was opened.
    pub(crate) async fn undo(&mut self, offset: u64) -> Outcome<()> {
        self.file.flush().await?;
        Ok(self.file.set_len(offset).await?)
    }
}

/// Free bytes on the disk of a folder; all there can be where the system does not tell.
#[cfg(unix)]
pub(crate) fn free(folder: &Path) -> u64 {
    rustix::fs::statvfs(folder).map_or(u64::MAX, |s| s.f_bavail.saturating_mul(s.f_frsize))
}

/// Free bytes on the disk of a folder; all there can be where the system does not tell.
#[cfg(not(unix))]
pub(crate) fn free(_: &Path) -> u64 {
    u64::MAX
}
