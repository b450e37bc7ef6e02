//! From bytes to the [`Model`]: the whole reading in one page.

use super::container;
use super::element::Reader;
use super::grid;
use super::model::{Group, Model};
use super::placement::Placements;
use super::project;
use super::spatial::{self, Ways};
use super::step::StepFile;
use super::told::Told;
use super::units;
use crate::bytes::Bytes;
use crate::error::{Error, Read, Result};
use crate::place::Place;

/// Reads an IFC file (STEP, also in a ZIP archive; IFC2X3, IFC4, IFC4X3).
///
/// # Errors
/// When the bytes are no IFC at all, hold no records, or are of an edition or format that is not supported.
pub fn read(name: &str, bytes: &Bytes) -> Result<Read<Model>> {
    let Read { value: file, notices } = open(name, bytes)?;
    let mut told = Told::new(&file, notices);
    told.all(file.check());
    let units = units::read(&file, &mut told);
    let placements = Placements::read(&file, &units, &mut told);
    let storeys = spatial::storeys(&file, &units, &placements, &mut told);
    let ways = Ways::new(&file, &storeys);
    let elements = Reader::new(&file, &units, &placements, &ways).read(&mut told);
    let axes = grid::axes(&file, &units, &placements, |grid| ways.storey(grid), &mut told);
    let notices = told.finish();
    let ownership = project::ownership(&file);
    let header = file.header();
    let not_empty = |text: &str| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
    let model = Model {
        file: name.to_owned(),
        schema: header.schemas.first().cloned().unwrap_or_default(),
        authoring_tool: tool(&ownership)
            .or_else(|| not_empty(&header.originating_system))
            .or_else(|| not_empty(&header.preprocessor_version)),
        time_stamp: not_empty(&header.time_stamp),
        project: spatial::parts(&file, "IfcProject").into_iter().next(),
        sites: spatial::parts(&file, "IfcSite"),
        buildings: buildings(&file),
        georeference: project::georeference(&file, &units),
        groups: groups(&file),
        ownership,
        storeys,
        elements,
        axes,
        units,
        step: Some(file),
    };
    Ok(Read { value: model, notices })
}

/// Opens an IFC file and goes no further than its index: for what asks the records themselves.
///
/// # Errors
/// As [`read`].
pub fn open(name: &str, bytes: &Bytes) -> Result<Read<StepFile>> {
    let file = StepFile::open(name, container::part21(name, bytes)?)?;
    if file.value.is_empty() {
        return Err(Error::read(Place::file(name), "has no records; export the model again"));
    }
    Ok(file)
}

/// Application and version, as the owner history names them.
fn tool(ownership: &project::Ownership) -> Option<String> {
    let name = ownership.application.clone()?;
    match &ownership.version {
        Some(version) if !name.contains(version.as_str()) => Some(format!("{name} {version}")),
        _ => Some(name),
    }
}

fn buildings(file: &StepFile) -> Vec<super::model::Part> {
    let facilities = spatial::parts(file, "IfcFacility");
    if facilities.is_empty() { spatial::parts(file, "IfcBuilding") } else { facilities }
}

fn groups(file: &StepFile) -> Vec<Group> {
    let links = file.links("IfcRelAssignsToGroup", "RelatingGroup", "RelatedObjects");
    spatial::parts(file, "IfcGroup")
        .into_iter()
        .map(|part| {
            let mut members: Vec<u32> = links.of(part.step_id).collect();
            members.sort_unstable();
            members.dedup();
            Group { part, members }
        })
        .collect()
}
