//! What the bytes of a "model" really are: Part 21, a ZIP archive with one inside, or something else by name.

use crate::bytes::{Bytes, bytes};
use crate::error::{Error, Result};
use crate::place::Place;
use std::io::{Cursor, Read as _};

/// Entries of an archive that are looked at.
const ENTRIES: usize = 10_000;
/// An archive may unpack to this many times its size (real IFC packs 4 to 12 times),
const RATIO: u64 = 200;
/// and to this many bytes.
const UNPACKED: u64 = 8 << 30;
/// The name of the format must stand within the first bytes.
const HEAD: usize = 4096;

/// The Part 21 bytes of a file: itself, or what its archive holds.
///
/// # Errors
/// When it is anything else, which is then named.
pub(super) fn part21(name: &str, file: &Bytes) -> Result<Bytes> {
    let data: &[u8] = (**file).as_ref();
    if data.starts_with(b"PK\x03\x04") || data.starts_with(b"PK\x05\x06") {
        let inner = unpack(name, data)?;
        return told(name, (*inner).as_ref()).map(|()| inner);
    }
    told(name, data).map(|()| file.clone())
}

fn told(name: &str, data: &[u8]) -> Result<()> {
    let place = || Place::file(name);
    let head = data.get(..HEAD.min(data.len())).unwrap_or_default();
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    if memchr::memmem::find(head, b"ISO-10303-21").is_some() {
        return Ok(());
    }
    if data.trim_ascii().is_empty() {
        return Err(Error::read(place(), "is empty; export the model again"));
    }
    let unsupported = |what: &str| {
        Err(Error::Unsupported {
            place: place(),
            what: what.to_owned(),
            instead: "give an IFC model as STEP (IFC2X3, IFC4 or IFC4X3)".to_owned(),
        })
    };
    let has = |needle: &[u8]| memchr::memmem::find(head, needle).is_some();
    match head {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => unsupported("UTF-16 text"),
        _ if head.starts_with(b"%PDF") => unsupported("a PDF as a model"),
        _ if head.starts_with(b"AC10") => unsupported("a DWG drawing as a model"),
        _ if head.starts_with(b"AutoCAD Binary DXF") => unsupported("a DXF drawing as a model"),
        _ if head.starts_with(b"\xd0\xcf\x11\xe0") => unsupported("a Revit or other OLE file as a model"),
        _ if head.starts_with(b"\x1f\x8b") => unsupported("a gzip archive"),
        _ if head.starts_with(b"\x89HDF") => unsupported("IFC as HDF5"),
        _ if text.starts_with(b"PK") => unsupported("an archive inside an archive"),
        _ if text.starts_with(b"<")
            && (has(b"ifcXML") || has(b"ifcxml") || has(b"/IFC") || has(b"iso_10303_28")) =>
        {
            unsupported("ifcXML")
        }
        _ if text.starts_with(b"<svg") || (text.starts_with(b"<") && has(b"<svg")) => {
            unsupported("an SVG drawing as a model")
        }
        _ if text.starts_with(b"<") => unsupported("XML as a model"),
        _ if text.starts_with(b"{") || text.starts_with(b"[") => {
            unsupported(if has(b"ifcx") || has(b"bsi::ifc") { "IFC5 (ifcx)" } else { "JSON as a model" })
        }
        _ if text.starts_with(b"0\r\nSECTION")
            || text.starts_with(b"0\nSECTION")
            || text.starts_with(b"999") =>
        {
            unsupported("a DXF drawing as a model")
        }
        _ => Err(Error::read(place(), "is no IFC file: ISO-10303-21 does not stand at its beginning")),
    }
}

/// The one model in an archive. Names in it are looked at and never used as paths.
fn unpack(name: &str, data: &[u8]) -> Result<Bytes> {
    let place = || Place::file(name);
    let broken = |e: &dyn std::fmt::Display| {
        Error::read(place(), format!("is a ZIP archive that cannot be read ({e}); pack it again"))
    };
    let limit = |what: &str, limit: String| Error::Limit { place: place(), what: what.to_owned(), limit };
    let mut archive = zip::ZipArchive::new(Cursor::new(data)).map_err(|e| broken(&e))?;
    if archive.len() > ENTRIES {
        return Err(limit("the number of entries in the archive", ENTRIES.to_string()));
    }
    let names: Vec<Vec<u8>> = archive.file_names_raw().map(<[u8]>::to_ascii_lowercase).collect();
    let is = |name: &[u8], ending: &[u8]| name.ends_with(ending) && !name.starts_with(b"__macosx");
    let models: Vec<usize> =
        (0..names.len()).filter(|&i| names.get(i).is_some_and(|n| is(n, b".ifc"))).collect();
    let model = match models.as_slice() {
        [one] => *one,
        [] if names.iter().any(|n| is(n, b".ifcxml")) => {
            return Err(Error::Unsupported {
                place: place(),
                what: "ifcXML".to_owned(),
                instead: "give an IFC model as STEP (IFC2X3, IFC4 or IFC4X3)".to_owned(),
            });
        }
        [] => return Err(Error::read(place(), "is a ZIP archive without an .ifc file in it")),
        many => {
            let message = format!("is a ZIP archive with {} .ifc files; give each by itself", many.len());
            return Err(Error::read(place(), message));
        }
    };
    let entry = archive.by_index(model).map_err(|e| broken(&e))?;
    let allowed = UNPACKED.min((data.len() as u64).saturating_mul(RATIO));
    let mut out = Vec::new();
    // what the archive says of the size is not believed
    entry.take(allowed.saturating_add(1)).read_to_end(&mut out).map_err(|e| broken(&e))?;
    if out.len() as u64 > allowed {
        return Err(limit(
            "the unpacked size",
            format!("{RATIO} times the archive, {} GiB at most", UNPACKED >> 30),
        ));
    }
    Ok(bytes(out))
}
