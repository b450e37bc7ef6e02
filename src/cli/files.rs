//! Input files: opened, mapped into memory, hashed, named. A DWG is turned into DXF on the way, in a process of its own.

use super::worker;
use crate::bytes::{self, Bytes};
use crate::drawing::dwg;
use crate::pipeline::Source;
use crate::registration::given::{self, Given};
use crate::scope::SheetClaim;
use anyhow::{Result, bail};
use memmap2::Mmap;
#[cfg(unix)]
use memmap2::UncheckedAdvice;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::path::{Path, PathBuf};
#[cfg(unix)]
use std::sync::Arc;

/// Bytes that are hashed at once, and given back.
const HASHED: usize = 4 << 20;

/// A file in memory.
pub(crate) struct Mapped {
    /// Name that reports give it.
    pub(crate) name: String,
    bytes: Bytes,
    /// What the chain reads instead of the bytes.
    converted: Option<Bytes>,
}

impl Mapped {
    /// The whole file.
    pub(crate) fn bytes(&self) -> &[u8] {
        (*self.bytes).as_ref()
    }

    /// As the chain takes it.
    pub(crate) fn source(&self) -> Source<'_> {
        Source { name: &self.name, bytes: self.shared().clone() }
    }

    /// What the chain reads, to share.
    pub(crate) fn shared(&self) -> &Bytes {
        self.converted.as_ref().unwrap_or(&self.bytes)
    }

    /// SHA-256 of the bytes, in hexadecimal.
    pub(crate) fn sha256(&self) -> String {
        let mut hash = Sha256::new();
        let mut at = 0;
        for part in self.bytes().chunks(HASHED) {
            hash.update(part);
            self.bytes.release(at..at + part.len());
            at += part.len();
        }
        hex(&hash.finalize())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Opens every file, or says of the first that cannot be opened why not.
pub(crate) fn open(paths: &[PathBuf]) -> Result<Vec<Mapped>> {
    let names = names(paths);
    paths.iter().zip(names).map(|(path, name)| open_one(path, name)).collect()
}

/// As [`open`]; DWGs are converted, one after another.
pub(crate) fn open_drawings(paths: &[PathBuf]) -> Result<Vec<Mapped>> {
    let mut files = open(paths)?;
    if cfg!(feature = "dwg") {
        for file in &mut files {
            if dwg::is_dwg(file.bytes()) {
                let converted = worker::convert_dwg(&file.bytes);
                file.converted = Some(bytes::bytes(converted));
            }
        }
    }
    Ok(files)
}

fn open_one(path: &Path, name: String) -> Result<Mapped> {
    let shown = path.display();
    let file = match File::open(path) {
        Ok(file) => file,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => bail!("{shown}: there is no such file"),
        Err(e) => bail!("{shown}: cannot be opened ({e})"),
    };
    let meta = file.metadata()?;
    if meta.is_dir() {
        bail!("{shown}: is a folder; name the files in it");
    }
    if !meta.is_file() {
        // a pipe or device: it cannot be mapped
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut &file, &mut bytes)?;
        return Ok(Mapped { name, bytes: bytes::bytes(bytes), converted: None });
    }
    if meta.len() == 0 {
        return Ok(Mapped { name, bytes: bytes::bytes(Vec::new()), converted: None });
    }
    // SAFETY: the map is read-only and private to this run; a file that another process cuts short while it is being
    // read ends the run by a signal, as with any program that maps its input.
    #[allow(unsafe_code)]
    let map = unsafe { Mmap::map(&file) };
    match map {
        Ok(map) => Ok(Mapped { name, bytes: releasing(map), converted: None }),
        Err(e) => bail!("{shown}: cannot be read ({e})"),
    }
}

/// The places of plans in files.
pub(crate) fn places(paths: &[PathBuf]) -> Result<Vec<Given>> {
    let mut out = Vec::new();
    for file in open(paths)? {
        out.extend(given::read(&file.name, file.bytes())?);
    }
    Ok(out)
}

/// What is said of sheets.
pub(crate) fn sheets(said: &[String]) -> Result<Vec<SheetClaim>> {
    said.iter().map(|text| Ok(SheetClaim::read(text)?)).collect()
}

/// A map whose pages can be given back to the system.
#[cfg(unix)]
fn releasing(map: Mmap) -> Bytes {
    #[derive(Clone)]
    struct Shared(Arc<Mmap>);
    impl AsRef<[u8]> for Shared {
        fn as_ref(&self) -> &[u8] {
            &self.0
        }
    }
    let map = Shared(Arc::new(map));
    let same = map.clone();
    Bytes::releasing(map, move |range| {
        let range = range.start.min(same.0.len())..range.end.min(same.0.len());
        // SAFETY: the map is of a file and read-only: pages that are given back hold nothing but the file's bytes, and
        // are read from it again when they are looked at.
        #[allow(unsafe_code)]
        let done =
            unsafe { same.0.unchecked_advise_range(UncheckedAdvice::DontNeed, range.start, range.len()) };
        // Nothing depends on it.
        drop(done);
    })
}

#[cfg(not(unix))]
fn releasing(map: Mmap) -> Bytes {
    bytes::bytes(map)
}

/// File names without their folders, so that a report does not depend on where the files lie; the path as given where
/// two files have the same name.
fn names(paths: &[PathBuf]) -> Vec<String> {
    let base = |p: &PathBuf| p.file_name().map(|n| n.to_string_lossy().into_owned());
    paths
        .iter()
        .map(|p| {
            let same = paths.iter().filter(|o| base(o) == base(p)).count();
            match base(p) {
                Some(name) if same == 1 => name,
                _ => p.display().to_string(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_bare_unless_they_clash() {
        let paths: Vec<PathBuf> = ["a/x.dxf", "b/x.dxf", "c/y.dxf"].iter().map(PathBuf::from).collect();
        assert_eq!(names(&paths), ["a/x.dxf", "b/x.dxf", "y.dxf"]);
    }
}
