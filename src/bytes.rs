//! Bytes of an input, shared without copying: a `Vec`, a memory map, a slice of an archive.

use std::ops::{Deref, Range};
use std::sync::Arc;

/// What is called with a range that is not going to be looked at again soon.
type Release = Arc<dyn Fn(Range<usize>) + Send + Sync>;

/// The whole content of a file, wherever it lies. Clones share it.
#[derive(Clone)]
pub struct Bytes {
    content: Arc<dyn AsRef<[u8]> + Send + Sync>,
    release: Option<Release>,
}

impl Deref for Bytes {
    type Target = dyn AsRef<[u8]> + Send + Sync;

    fn deref(&self) -> &Self::Target {
        &*self.content
    }
}

impl Bytes {
    /// The memory behind a range may be given back: the bytes stay what they are, and are fetched again when asked for.
    pub fn release(&self, range: Range<usize>) {
        if let Some(release) = &self.release {
            release(range);
        }
    }

    /// Bytes that can be given back and fetched again, such as those of a memory map.
    pub fn releasing(
        content: impl AsRef<[u8]> + Send + Sync + 'static,
        release: impl Fn(Range<usize>) + Send + Sync + 'static,
    ) -> Self {
        Self { content: Arc::new(content), release: Some(Arc::new(release)) }
    }
}

/// Bytes from anything that holds them, such as a `Vec<u8>` or a memory map.
pub fn bytes(content: impl AsRef<[u8]> + Send + Sync + 'static) -> Bytes {
    Bytes { content: Arc::new(content), release: None }
}
