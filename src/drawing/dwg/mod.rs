//! DWG, R11 to 2018. Its bytes are turned into DXF by a library that tumo does not answer for, so that belongs into a
//! process of its own, with limits: [`convert`] is what such a process runs, and what it hands back, [`Converted`], is
//! what [`drawing::read`](crate::drawing::read) takes in the place of the DWG. A hostile DWG then costs that process.
//! The DXF is read like any other: recognition sees the same marks from both.

#[cfg(feature = "dwg")]
mod convert;

#[cfg(feature = "dwg")]
pub use convert::convert;

use super::dxf;
use super::model::{Drawing, Format};
use crate::error::{Error, Notice, Read, Result};
use crate::place::Place;
use serde::{Deserialize, Serialize};

/// What a converted DWG begins with.
const MARK: &[u8] = b"tumo: a DWG as DXF, 1\n";

/// What a converter tells beside the DXF.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Told {
    /// Version of the DWG, such as `AC1027`.
    version: String,
    /// Why there is no DXF: one sentence without its subject.
    error: Option<String>,
    /// What was lost: code and sentence.
    losses: Vec<(String, String)>,
}

/// The outcome of a conversion, as bytes that pass from process to process.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Converted {
    told: Told,
    dxf: Vec<u8>,
}

impl Converted {
    /// A conversion that came to nothing: the version as the DWG states it, and why, a sentence without its subject.
    pub fn failed(dwg: &[u8], why: impl Into<String>) -> Self {
        let told = Told { version: version_code(dwg), error: Some(why.into()), losses: Vec::new() };
        Self { told, dxf: Vec::new() }
    }

    /// As bytes: a mark, a line of JSON, the DXF.
    pub fn to_bytes(&self) -> Vec<u8> {
        let told = serde_json::to_vec(&self.told).unwrap_or_default();
        [MARK, &told, b"\n", &self.dxf].concat()
    }
}

/// The bytes are a DWG of any version.
pub fn is_dwg(bytes: &[u8]) -> bool {
    bytes.starts_with(b"AC1.") || bytes.starts_with(b"AC2.") || bytes.starts_with(b"AC10")
}

/// The bytes are what a converter handed back.
pub fn is_converted(bytes: &[u8]) -> bool {
    bytes.starts_with(MARK)
}

/// Six bytes at the begin of a DWG, made readable.
fn version_code(bytes: &[u8]) -> String {
    bytes.iter().take(6).map(|&b| if b.is_ascii_graphic() { char::from(b) } else { '?' }).collect()
}

/// The release that a DWG's first bytes name, as its users call it.
pub(crate) fn version(bytes: &[u8]) -> String {
    let code = version_code(bytes);
    match release(&code) {
        Some(release) => format!("{code}, AutoCAD {release}"),
        None => code,
    }
}

fn release(code: &str) -> Option<&'static str> {
    Some(match code {
        "AC1009" => "R11/R12",
        "AC1012" => "R13",
        "AC1014" => "R14",
        "AC1015" => "2000",
        "AC1018" => "2004",
        "AC1021" => "2007",
        "AC1024" => "2010",
        "AC1027" => "2013",
        "AC1032" => "2018",
        _ => return None,
    })
}

/// Reads what a converter handed back.
///
/// # Errors
/// When it could not convert, or nothing is drawn.
pub(crate) fn read(name: &str, bytes: &[u8]) -> Result<Read<Drawing>> {
    let broken = || Error::read(Place::file(name), "what the DWG converter handed back cannot be read");
    let rest = bytes.strip_prefix(MARK).ok_or_else(broken)?;
    let end = memchr::memchr(b'\n', rest).ok_or_else(broken)?;
    let told: Told = serde_json::from_slice(&rest[..end]).map_err(|_| broken())?;
    if let Some(why) = told.error {
        return Err(Error::read(Place::file(name), why));
    }
    let mut out = dxf::read(name, &rest[end + 1..], &|_| ())?;
    out.value.format = Format::Dwg;
    out.value.version = Some(told.version);
    for sheet in &mut out.value.sheets {
        // Lines of a DXF that nobody has are no places.
        sheet.marks.iter_mut().for_each(|m| m.line = 0);
    }
    for notice in &mut out.notices {
        if let Place::Dxf { line, .. } = &mut notice.place {
            *line = None;
        }
    }
    out.notices.extend(told.losses.iter().map(|(code, what)| Notice::new(code, Place::file(name), what)));
    Ok(out)
}

#[cfg(test)]
mod tests;
