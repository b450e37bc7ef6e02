//! Bytes of an input, shared without copying: a `Vec`, a memory map, a slice of an archive.

use std::sync::Arc;

/// The whole content of a file, wherever it lies. Clones share it.
pub type Bytes = Arc<dyn AsRef<[u8]> + Send + Sync>;

/// Bytes from anything that holds them, such as a `Vec<u8>` or a memory map.
pub fn bytes(content: impl AsRef<[u8]> + Send + Sync + 'static) -> Bytes {
    Arc::new(content)
}
