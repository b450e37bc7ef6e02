//! A DWG's bytes → DXF bytes by acadrust, in a mode that goes on past damage. What it passes over in silence is told
//! here: records skipped, sections not found, entities without a DXF form.

use super::{Converted, Told, release, version_code};
use acadrust::entities::{ExtendedEntityData, UnknownEntity};
use acadrust::io::dwg::DwgReadOptions;
use acadrust::{CadDocument, DwgReader, DxfWriter, EntityType};
use std::collections::BTreeMap;
use std::io::Cursor;

/// What the sections of one DWG may unpack to; the largest drawings of practice come to some 300 MB.
const MAX_UNPACKED: usize = 1 << 30;
/// Words of the library that are passed on, at most, and their letters.
const MAX_WORDS: usize = 3;
const MAX_LETTERS: usize = 200;
/// Bytes per group 310 (DXF reference: lines of binary data are up to 254 characters long).
const CHUNK: usize = 127;

/// Turns a DWG into what [`drawing::read`](crate::drawing::read) takes. Never fails: what went wrong is told in the
/// outcome. It may crash or take very long on hostile bytes: call it in a process of its own, with limits on memory and
/// time.
pub fn convert(dwg: &[u8]) -> Converted {
    let code = version_code(dwg);
    if release(&code).is_none() {
        return Converted::failed(
            dwg,
            format!("DWG of version {code} is not supported; save it as DXF or as DWG 2000 or later"),
        );
    }
    let options = DwgReadOptions::failsafe().with_max_decompressed_bytes(MAX_UNPACKED);
    let outcome = match DwgReader::from_stream_with_options(Cursor::new(dwg), options).read_with_stats() {
        Ok(outcome) => outcome,
        Err(error) => {
            return Converted::failed(dwg, format!("the DWG is broken: {}", tame(&error.to_string())));
        }
    };
    let stats = &outcome.stats;
    if !stats.record_stream_read || stats.decoded_source_records == 0 {
        return Converted::failed(dwg, "the DWG is broken: none of its records can be read");
    }
    let mut losses = losses(stats);
    let mut document = outcome.document;
    name_what_is_unknown(&mut document);
    let dxf = match DxfWriter::new(&document).write_to_vec() {
        Ok(dxf) => dxf,
        Err(_) => {
            losses.push(("dwg-entities-unreadable".into(), without_the_unknown(&mut document)));
            match DxfWriter::new(&document).write_to_vec() {
                Ok(dxf) => dxf,
                Err(error) => {
                    let why = tame(&error.to_string());
                    return Converted::failed(dwg, format!("the DWG cannot be turned into DXF: {why}"));
                }
            }
        }
    };
    Converted { told: Told { version: code, error: None, losses }, dxf }
}

/// What the reader says that it lost.
fn losses(stats: &acadrust::ReadStats) -> Vec<(String, String)> {
    let mut out = Vec::new();
    // Codes of diagnostics that tell no loss: objects beside the drawing that are kept as they are.
    let lossy = |code: &str| code != "auxiliary-object-preserved";
    let words: Vec<String> = stats
        .diagnostics
        .iter()
        .filter(|d| lossy(&d.code))
        .take(MAX_WORDS)
        .map(|d| tame(&d.message))
        .collect();
    let words = if words.is_empty() { String::new() } else { format!(": {}", words.join("; ")) };
    if stats.skipped_source_records > 0 {
        let (n, of) = (stats.skipped_source_records, stats.source_records);
        out.push((
            "dwg-records-unreadable".into(),
            format!("{n} of {of} records of the DWG are left out{words}"),
        ));
    } else if stats.recovered_errors > 0 || !words.is_empty() {
        out.push(("dwg-sections-unreadable".into(), format!("parts of the DWG are left out{words}")));
    }
    if !stats.stream_completed {
        out.push(("dwg-truncated".into(), "the DWG ends early; what stands before was read".into()));
    }
    out
}

/// Entities of classes that the library does not know keep their name and the picture that they carry.
fn name_what_is_unknown(document: &mut CadDocument) {
    for entity in document.entities_mut() {
        let name = match entity {
            EntityType::Unknown(e) if e.raw_dxf_codes.is_none() => e.dxf_name.clone(),
            EntityType::Extended(e) => match &e.data {
                ExtendedEntityData::Arch(data) if data.raw_dxf_codes.is_none() => data.dxf_name.clone(),
                ExtendedEntityData::RegisteredClass(data) => data.dxf_name.clone(),
                _ => continue,
            },
            _ => continue,
        };
        let mut common = entity.common().clone();
        let picture = common.graphic_data.take().unwrap_or_default();
        let mut unknown = UnknownEntity::new(name);
        unknown.common = common;
        unknown.raw_dxf_codes = Some(picture_groups(&picture));
        *entity = EntityType::Unknown(unknown);
    }
}

/// Proxy graphics as DXF groups: length and hexadecimal chunks.
fn picture_groups(picture: &[u8]) -> Vec<(i32, String)> {
    let mut out = vec![(100, "AcDbProxyEntity".to_string())];
    if !picture.is_empty() {
        out.push((160, picture.len().to_string()));
        let hex = |chunk: &[u8]| chunk.iter().map(|b| format!("{b:02X}")).collect::<String>();
        out.extend(picture.chunks(CHUNK).map(|chunk| (310, hex(chunk))));
    }
    out
}

/// Takes out entities that may keep the whole drawing from being written; tells which.
fn without_the_unknown(document: &mut CadDocument) -> String {
    let mut names: BTreeMap<String, u64> = BTreeMap::new();
    let mut handles = Vec::new();
    for entity in document.entities() {
        let name = match entity {
            EntityType::Unknown(e) => e.dxf_name.clone(),
            EntityType::Extended(_) | EntityType::Surface(_) | EntityType::Solid3D(_) => {
                entity.as_entity().entity_type().to_string()
            }
            _ => continue,
        };
        *names.entry(name).or_default() += 1;
        handles.push(entity.common().handle);
    }
    for handle in handles {
        document.remove_entity(handle);
    }
    let names: Vec<String> = names.iter().map(|(name, n)| format!("{n} {}", tame(name))).collect();
    format!("entities that cannot be turned into DXF are left out: {}", names.join(", "))
}

/// Words of the library on one line of bounded length.
fn tame(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_LETTERS).collect()
}
