//! The ZIP archive of a BCF file: entries in, entries out. Equal entries give equal bytes.

use crate::error::{Error, Result};
use crate::place::Place;
use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

/// Most entries that are read.
const MAX_ENTRIES: usize = 200_000;
/// Most bytes of one entry, and of all together: archives can claim any size.
const MAX_BYTES: u64 = 1 << 30;

/// Entries by name; folders are left out, as names hold them.
pub(super) type Entries = BTreeMap<String, Vec<u8>>;

/// Reads every entry.
///
/// # Errors
/// When it is no ZIP archive, an entry is damaged, or a limit is reached.
pub(super) fn read(file: &str, bytes: &[u8]) -> Result<Entries> {
    let wrong = |what: String| Error::read(Place::file(file), what);
    let limit =
        |what: &str, limit: String| Error::Limit { place: Place::file(file), what: what.into(), limit };
    let mut archive =
        ZipArchive::new(Cursor::new(bytes)).map_err(|e| wrong(format!("is no ZIP archive: {e}")))?;
    if archive.len() > MAX_ENTRIES {
        return Err(limit("the number of entries", MAX_ENTRIES.to_string()));
    }
    let mut out = Entries::new();
    let mut left = MAX_BYTES;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|e| wrong(format!("entry {index}: {e}")))?;
        if entry.is_dir() {
            continue;
        }
        let name = entry.name().map_err(|e| wrong(format!("entry {index}: {e}")))?.replace('\\', "/");
        let mut content = Vec::new();
        entry
            .take(left + 1)
            .read_to_end(&mut content)
            .map_err(|e| wrong(format!("{}: {e}", super::super::plain::tame(&name))))?;
        let size = content.len() as u64;
        if size > left {
            return Err(limit("the archive's content", format!("{MAX_BYTES} bytes")));
        }
        left -= size;
        out.insert(name, content);
    }
    Ok(out)
}

/// Writes the entries: deflated, by name, with one fixed time. Pictures are packed already and only stored.
///
/// # Errors
/// When an entry is beyond what ZIP can hold.
pub(super) fn write(entries: &Entries) -> Result<Vec<u8>> {
    let wrong = |e: String| Error::read(Place::file("bcf"), e);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let deflated = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let stored = deflated.compression_method(CompressionMethod::Stored);
    // the version comes first, so that readers know what follows
    let first = entries.get_key_value("bcf.version");
    let rest = entries.iter().filter(|(name, _)| name.as_str() != "bcf.version");
    for (name, content) in first.into_iter().chain(rest) {
        let options = if name.ends_with(".png") { stored } else { deflated };
        zip.start_file(name.as_str(), options).map_err(|e| wrong(e.to_string()))?;
        zip.write_all(content).map_err(|e| wrong(e.to_string()))?;
    }
    Ok(zip.finish().map_err(|e| wrong(e.to_string()))?.into_inner())
}
