//! Which format a drawing is in, told by its bytes, and the reader that takes it.

use super::dwg;
use super::dxf;
use super::model::Drawing;
use super::svg;
use crate::bytes::Bytes;
use crate::error::{Error, Read, Result};
use crate::place::Place;

/// How far into a file its kind is looked for.
const HEAD: usize = 4096;

/// What bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Dxf,
    Dwg,
    ConvertedDwg,
    Pdf,
    Svg,
    Empty,
    Ifc,
    Zip,
    Image,
    Other,
}

fn kind(bytes: &[u8]) -> Kind {
    let head = &bytes[..bytes.len().min(HEAD)];
    let plain = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    let has = |what: &[u8]| memchr::memmem::find(head, what).is_some();
    if bytes.iter().all(u8::is_ascii_whitespace) {
        Kind::Empty
    } else if head.starts_with(dxf::BINARY_SENTINEL) {
        Kind::Dxf
    } else if dwg::is_dwg(head) {
        Kind::Dwg
    } else if dwg::is_converted(head) {
        Kind::ConvertedDwg
    } else if plain.starts_with(b"ISO-10303-21") {
        Kind::Ifc
    } else if head.starts_with(b"PK\x03\x04") {
        Kind::Zip
    } else if [&b"\x89PNG"[..], b"\xFF\xD8\xFF", b"GIF8", b"II*\0", b"MM\0*", b"BM"]
        .iter()
        .any(|m| head.starts_with(m))
    {
        Kind::Image
    } else if head[..head.len().min(1024)].windows(5).any(|w| w == b"%PDF-") {
        Kind::Pdf
    } else if plain.starts_with(b"<svg") || (plain.starts_with(b"<") && has(b"<svg")) {
        Kind::Svg
    } else if is_ascii_dxf(plain) {
        Kind::Dxf
    } else {
        Kind::Other
    }
}

/// The first line, comments aside, is the group code 0, and the next one a name.
fn is_ascii_dxf(head: &[u8]) -> bool {
    let mut lines =
        head.split(|&b| matches!(b, b'\n' | b'\r')).map(<[u8]>::trim_ascii).filter(|l| !l.is_empty());
    while let (Some(code), Some(value)) = (lines.next(), lines.next()) {
        match code {
            b"999" => {}
            b"0" => return matches!(value, b"SECTION" | b"EOF"),
            _ => return false,
        }
    }
    false
}

/// Reads a drawing; the format is told by content, not by name.
///
/// # Errors
/// When the bytes are no drawing that tumo reads, or hold nothing drawn.
pub fn read(name: &str, bytes: &Bytes) -> Result<Read<Drawing>> {
    let shared = bytes;
    let release = |range| shared.release(range);
    let bytes: &[u8] = (**shared).as_ref();
    let refused = |message: &str| Err(Error::read(Place::file(name), message));
    match kind(bytes) {
        Kind::Dxf => dxf::read(name, bytes, &release),
        Kind::Dwg => Err(Error::read(
            Place::file(name),
            format!(
                "DWG ({}) is not supported here: it is read by a process of its own (`drawing::dwg`), which this \
                 build or program does not start; save it as DXF",
                dwg::version(bytes)
            ),
        )),
        Kind::ConvertedDwg => dwg::read(name, bytes),
        #[cfg(feature = "pdf")]
        Kind::Pdf => super::pdf::read(name, shared),
        #[cfg(not(feature = "pdf"))]
        Kind::Pdf => Err(Error::Unsupported {
            place: Place::file(name),
            what: "PDF".into(),
            instead: "this build leaves it out; export the drawing as DXF or SVG".into(),
        }),
        Kind::Svg => svg::read(name, bytes),
        Kind::Empty => refused("the file is empty"),
        Kind::Ifc => refused("this is an IFC model, not a drawing; give it as the model"),
        Kind::Zip => refused("this is a ZIP archive; unpack it and give the drawing inside"),
        Kind::Image => refused("this is a picture of pixels; give a drawing with vectors (DXF, SVG or PDF)"),
        Kind::Other => refused("this is no drawing that tumo reads (DXF, SVG or PDF)"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_by_content() {
        for (bytes, want) in [
            (&b"  0\nSECTION\n"[..], Kind::Dxf),
            (b"999\nmade by\n0\nSECTION\n", Kind::Dxf),
            (b"AutoCAD Binary DXF\r\n\x1a\0\0SECTION\0", Kind::Dxf),
            (b"AC1032\0\0", Kind::Dwg),
            (b"%PDF-1.7", Kind::Pdf),
            (b"<?xml version='1.0'?><svg/>", Kind::Svg),
            (b"", Kind::Empty),
            (b" \r\n", Kind::Empty),
            (b"ISO-10303-21;", Kind::Ifc),
            (b"PK\x03\x04", Kind::Zip),
            (b"\x89PNG\r\n", Kind::Image),
            (b"hello", Kind::Other),
        ] {
            assert_eq!(kind(bytes), want, "{:?}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn what_is_no_drawing_is_refused_in_one_sentence() {
        for bytes in [
            &b"AC1027"[..],
            b"",
            b"PK\x03\x04",
            b"ISO-10303-21;",
            b"hello",
            b"0\nEOF\n",
            b"0\nSECTION\n2\nENTITIES\n0\nENDSEC\n0\nEOF\n",
        ] {
            let message = read("a.dxf", &crate::bytes::bytes(bytes)).unwrap_err().to_string();
            assert!(message.starts_with("a.dxf: ") && !message.contains('\n'), "{message}");
        }
        assert!(
            read("a.dxf", &crate::bytes::bytes(b"AC1027")).unwrap_err().to_string().contains("AutoCAD 2013")
        );
    }
}
