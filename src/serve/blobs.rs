//! Bytes: uploaded files and what came out of runs, by their SHA-256 inside a folder per tenant, so that nobody learns
//! from a hash what another has. Behind `object_store`: a local folder with every write on the disk before it is told;
//! S3 and its like can follow.

use super::clock::{self, Millis};
use super::fault::{Fault, Outcome};
use super::secret;
use futures_util::TryStreamExt;
use object_store::path::Path as Key;
use object_store::{GetResult, ObjectMeta, ObjectStore, ObjectStoreExt};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::io::AsyncReadExt;

/// Bytes moved at once.
const PIECE: usize = 1 << 20;

/// All bytes of the service.
#[derive(Clone, Debug)]
pub(crate) struct Blobs {
    store: Arc<dyn ObjectStore>,
    /// Where they lie as files, for a local store.
    folder: Option<PathBuf>,
}

/// What is left of bytes once they are stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stored {
    /// SHA-256.
    pub sha256: String,
    /// Size.
    pub bytes: i64,
}

fn key(tenant: &str, sha256: &str) -> Outcome<Key> {
    let plain = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_hexdigit());
    let Some(shelf) = sha256.get(..2).filter(|_| plain(tenant) && plain(sha256)) else {
        return Err(Fault::Internal(format!("no name of bytes: {tenant}/{sha256}")));
    };
    Ok(Key::from_iter([tenant, shelf, sha256]))
}

impl Blobs {
    /// Bytes in a local folder, which is made.
    pub(crate) fn local(folder: &Path) -> Outcome<Self> {
        std::fs::create_dir_all(folder)?;
        let store = object_store::local::LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
        Ok(Self { store: Arc::new(store), folder: Some(folder.canonicalize()?) })
    }

    /// Stores a file that lies on this machine. When it returns, the bytes are safe.
    pub(crate) async fn put_file(&self, tenant: &str, file: &Path) -> Outcome<Stored> {
        let stored = hashed(file).await?;
        let key = key(tenant, &stored.sha256)?;
        if self.has(&key, stored.bytes).await? {
            return Ok(stored);
        }
        let mut source = tokio::fs::File::open(file).await?;
        let mut upload = self.store.put_multipart(&key).await?;
        let sent = async {
            loop {
                let piece = piece(&mut source).await?;
                if piece.is_empty() {
                    break;
                }
                upload.put_part(piece.into()).await?;
            }
            upload.complete().await?;
            Ok::<(), Fault>(())
        };
        if let Err(fault) = sent.await {
            let _ = upload.abort().await;
            return Err(fault);
        }
        Ok(stored)
    }

    /// Stores bytes.
    #[cfg(test)]
    pub(crate) async fn put(&self, tenant: &str, bytes: Vec<u8>) -> Outcome<Stored> {
        let stored =
            Stored { sha256: secret::sha256(&bytes), bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX) };
        let key = key(tenant, &stored.sha256)?;
        if !self.has(&key, stored.bytes).await? {
            self.store.put(&key, bytes.into()).await?;
        }
        Ok(stored)
    }

    async fn has(&self, key: &Key, bytes: i64) -> Outcome<bool> {
        match self.store.head(key).await {
            Ok(meta) => Ok(i64::try_from(meta.size).ok() == Some(bytes)),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens bytes, to be read as a stream.
    pub(crate) async fn open(&self, tenant: &str, sha256: &str) -> Outcome<GetResult> {
        Ok(self.store.get(&key(tenant, sha256)?).await?)
    }

    /// Bytes as a whole: for what is known to be small enough.
    pub(crate) async fn whole(&self, tenant: &str, sha256: &str) -> Outcome<Vec<u8>> {
        Ok(self.open(tenant, sha256).await?.bytes().await?.to_vec())
    }

    /// Lays bytes down as a file. Where they are a file already, it is the same one under another name.
    pub(crate) async fn lay(&self, tenant: &str, sha256: &str, to: &Path) -> Outcome<()> {
        let key = key(tenant, sha256)?;
        if let Some(folder) = &self.folder
            && std::fs::hard_link(folder.join(key.as_ref()), to).is_ok()
        {
            return Ok(());
        }
        let mut stream = self.store.get(&key).await?.into_stream();
        let mut file = tokio::fs::File::create(to).await?;
        while let Some(piece) = stream.try_next().await? {
            tokio::io::AsyncWriteExt::write_all(&mut file, &piece).await?;
        }
        Ok(file.sync_all().await?)
    }

    /// Everything there is, with tenant and hash.
    pub(crate) async fn list(&self) -> Outcome<Vec<(String, String, Millis)>> {
        let named = |meta: ObjectMeta| {
            let mut parts = meta.location.parts().map(|p| p.as_ref().to_owned());
            let (tenant, _, sha256) = (parts.next()?, parts.next()?, parts.next()?);
            Some((tenant, sha256, meta.last_modified.timestamp_millis()))
        };
        Ok(self.store.list(None).try_filter_map(|m| async move { Ok(named(m)) }).try_collect().await?)
    }

    /// Takes bytes away; nothing to do where they are gone.
    pub(crate) async fn remove(&self, tenant: &str, sha256: &str) -> Outcome<()> {
        match self.store.delete(&key(tenant, sha256)?).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Takes away what a death in the middle of writing left beside the bytes: files that no name leads to.
    pub(crate) fn sweep_halves(&self, older_than: Millis) -> u64 {
        let Some(folder) = &self.folder else { return 0 };
        let mut gone = 0;
        let mut open = vec![folder.clone()];
        while let Some(folder) = open.pop() {
            for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    open.push(path);
                } else if path.file_name().is_some_and(|n| n.to_string_lossy().contains('#'))
                    && age(&path) > older_than
                {
                    gone += u64::from(std::fs::remove_file(&path).is_ok());
                }
            }
        }
        gone
    }
}

/// How long ago a file was last written.
pub(crate) fn age(path: &Path) -> Millis {
    let written = std::fs::metadata(path).and_then(|m| m.modified()).ok();
    let since = written.and_then(|w| w.duration_since(std::time::UNIX_EPOCH).ok()).unwrap_or_default();
    clock::now() - Millis::try_from(since.as_millis()).unwrap_or(0)
}

async fn piece(source: &mut tokio::fs::File) -> Outcome<Vec<u8>> {
    let mut piece = Vec::with_capacity(PIECE);
    while piece.len() < PIECE && source.read_buf(&mut piece).await? > 0 {}
    Ok(piece)
}

async fn hashed(file: &Path) -> Outcome<Stored> {
    let mut source = tokio::fs::File::open(file).await?;
    let mut hash = Sha256::new();
    let mut bytes = 0i64;
    loop {
        let piece = piece(&mut source).await?;
        if piece.is_empty() {
            return Ok(Stored { sha256: secret::hex(&hash.finalize()), bytes });
        }
        bytes += i64::try_from(piece.len()).unwrap_or(i64::MAX);
        hash.update(&piece);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn bytes_come_back_under_their_own_hash_only() {
        let folder = tempfile::tempdir().expect("a folder");
        let blobs = Blobs::local(folder.path()).expect("a store");
        let stored = blobs.put("aa", b"hello".to_vec()).await.expect("stored");
        assert_eq!(stored, blobs.put("aa", b"hello".to_vec()).await.expect("stored again"));
        assert_eq!(blobs.whole("aa", &stored.sha256).await.expect("there"), b"hello");
        assert_eq!(blobs.whole("bb", &stored.sha256).await, Err(Fault::NotFound), "another tenant");
        assert!(blobs.whole("aa", "../../etc/passwd").await.is_err());
        let file = folder.path().join("file");
        blobs.lay("aa", &stored.sha256, &file).await.expect("laid");
        assert_eq!(blobs.put_file("bb", &file).await.expect("stored"), stored);
        assert_eq!(blobs.list().await.expect("a list").len(), 2);
        blobs.remove("aa", &stored.sha256).await.expect("gone");
        blobs.remove("aa", &stored.sha256).await.expect("gone before");
    }
}
