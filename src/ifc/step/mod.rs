//! Part 21 files (ISO 10303-21): an index of all records made in one parallel pass, and records decoded when asked.

mod check;
mod header;
mod index;
mod links;
mod marks;
mod notices;
mod record;
mod scan;
#[cfg(test)]
mod tests;
mod text;
mod value;

pub use header::Header;
pub use links::Links;
pub use record::Record;
pub use text::{Text, Trouble};
pub use value::{DEPTH, List, References, Typed, Value, Values};

use super::schema::{Edition, Entity, Schema};
use crate::bytes::Bytes;
use crate::error::{Error, Notice, Read, Result};
use crate::place::Place;
use index::Index;
use std::sync::{Arc, OnceLock};

/// A Part 21 file with its index. Clones share everything.
#[derive(Clone)]
pub struct StepFile {
    bytes: Bytes,
    schema: &'static Schema,
    inner: Arc<Inner>,
}

struct Inner {
    name: String,
    header: Header,
    index: Index,
    by_entity: OnceLock<ByEntity>,
    columns: links::Columns,
}

/// Record numbers grouped by entity, rising within each.
struct ByEntity {
    ids: Vec<u32>,
    /// Where each entity's group begins, and behind the last one where all end.
    starts: Vec<usize>,
}

impl std::fmt::Debug for StepFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "StepFile({}, {} records)", self.inner.name, self.len())
    }
}

impl StepFile {
    /// Indexes a file. Damage to records is told in the notices.
    ///
    /// # Errors
    /// When there is no DATA section, or the schema is none that is read.
    pub fn open(name: &str, bytes: Bytes) -> Result<Read<Self>> {
        let data: &[u8] = (*bytes).as_ref();
        let Some((header, from)) = header::read(data) else {
            return Err(Error::read(Place::file(name), "has no DATA section; export the model again"));
        };
        let mut notices = Vec::new();
        let schema = schema_named(name, &header.schemas, &mut notices)?;
        let index = index::index(data, from, schema);
        let (by_entity, columns) = (OnceLock::new(), links::Columns::default());
        let inner = Inner { name: name.to_owned(), header, index, by_entity, columns };
        let file = Self { bytes: bytes.clone(), schema, inner: Arc::new(inner) };
        notices.extend(file.damage());
        Ok(Read { value: file, notices })
    }

    /// Name of the file, as given.
    pub fn name(&self) -> &str {
        &self.inner.name
    }

    /// The whole file.
    pub fn data(&self) -> &[u8] {
        (*self.bytes).as_ref()
    }

    /// What the header says.
    pub fn header(&self) -> &Header {
        &self.inner.header
    }

    /// The schema that the records are read by.
    pub fn schema(&self) -> &'static Schema {
        self.schema
    }

    /// Number of records.
    pub fn len(&self) -> usize {
        self.inner.index.count
    }

    /// No record at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A record by its number.
    pub fn record(&self, id: u32) -> Option<Record<'_>> {
        let slot = self.inner.index.table.get(id)?;
        Some(self.of_slot(id, slot))
    }

    fn of_slot(&self, id: u32, slot: index::Slot) -> Record<'_> {
        Record { id, entity: slot.entity(), file: self, offset: slot.offset(), head: slot.head() }
    }

    /// What a record is.
    pub fn entity(&self, id: u32) -> Option<Entity> {
        self.inner.index.table.get(id).map(index::Slot::entity)
    }

    /// All records by rising number.
    pub fn records(&self) -> impl Iterator<Item = Record<'_>> {
        self.inner.index.table.iter().map(|(id, slot)| self.of_slot(id, slot))
    }

    /// Numbers of all records of an entity, without its subtypes, rising.
    pub fn ids(&self, entity: Entity) -> &[u32] {
        let groups = self.inner.by_entity.get_or_init(|| self.group());
        let at = group_of(entity, self.schema);
        match (groups.starts.get(at), groups.starts.get(at + 1)) {
            (Some(&from), Some(&to)) => groups.ids.get(from..to).unwrap_or_default(),
            _ => &[],
        }
    }

    /// Numbers of all records of an entity by its name, without its subtypes, rising.
    pub fn ids_of(&self, name: &str) -> &[u32] {
        self.schema.entity(name).map_or(&[], |e| self.ids(e))
    }

    /// Numbers of all records of an entity by its name and of its subtypes, rising.
    pub fn ids_of_subtypes(&self, name: &str) -> Vec<u32> {
        let mut ids: Vec<u32> =
            self.schema.subtypes(name).into_iter().flat_map(|e| self.ids(e).iter().copied()).collect();
        ids.sort_unstable();
        ids
    }

    /// Records of an entity by its name and of its subtypes, by rising number.
    pub fn records_of(&self, name: &str) -> impl Iterator<Item = Record<'_>> {
        self.ids_of_subtypes(name).into_iter().filter_map(|id| self.record(id))
    }

    /// Where a record is, with its line.
    pub fn place(&self, id: u32) -> Place {
        let offset = self.inner.index.table.get(id).map(index::Slot::offset);
        self.place_at(id, offset)
    }

    fn place_at(&self, id: u32, offset: Option<usize>) -> Place {
        let line = offset.map(|o| self.line(o));
        Place::Ifc { file: self.name().to_owned(), id, byte: offset.map(|o| o as u64), line }
    }

    /// Line of a byte, counted from 1.
    pub fn line(&self, offset: usize) -> u64 {
        let before = self.data().get(..offset).unwrap_or_default();
        1 + memchr::memchr_iter(b'\n', before).count() as u64
    }

    fn group(&self) -> ByEntity {
        let groups = self.schema.definitions().len() + 2;
        let mut starts = vec![0usize; groups + 1];
        for (_, slot) in self.inner.index.table.iter() {
            if let Some(n) = starts.get_mut(group_of(slot.entity(), self.schema) + 1) {
                *n += 1;
            }
        }
        let mut sum = 0;
        for n in &mut starts {
            sum += *n;
            *n = sum;
        }
        let mut next = starts.clone();
        let mut ids = vec![0u32; self.len()];
        for (id, slot) in self.inner.index.table.iter() {
            if let Some(at) = next.get_mut(group_of(slot.entity(), self.schema)) {
                if let Some(place) = ids.get_mut(*at) {
                    *place = id;
                }
                *at += 1;
            }
        }
        ByEntity { ids, starts }
    }
}

fn group_of(entity: Entity, schema: &Schema) -> usize {
    let known = schema.definitions().len();
    match entity {
        Entity::UNKNOWN => known,
        Entity::COMPLEX => known + 1,
        Entity(at) => usize::from(at),
    }
}

/// The schema of a FILE_SCHEMA: itself, or the nearest one with a notice.
fn schema_named(file: &str, schemas: &[String], notices: &mut Vec<Notice>) -> Result<&'static Schema> {
    let written = schemas.first().map_or("", |s| s.trim());
    let upper = written.to_ascii_uppercase();
    let edition = match upper.as_str() {
        "" => {
            let message = "FILE_SCHEMA names no schema; the records are read as IFC4";
            notices.push(Notice::new("step-schema", Place::file(file), message));
            return Ok(Schema::of(Edition::Ifc4));
        }
        s if s.starts_with("IFC2X") => Edition::Ifc2x3,
        s if s.starts_with("IFC4X") => Edition::Ifc4x3,
        s if s.starts_with("IFC4") => Edition::Ifc4,
        _ => {
            return Err(Error::Unsupported {
                place: Place::file(file),
                what: format!("the schema {}", written.chars().take(64).collect::<String>()),
                instead: "export IFC2X3, IFC4 or IFC4X3".to_owned(),
            });
        }
    };
    let schema = Schema::of(edition);
    if !matches!(upper.as_str(), "IFC2X3" | "IFC4" | "IFC4X3" | "IFC4X3_ADD2") {
        let message = format!("the schema {written} is read as {}", schema.name);
        notices.push(Notice::new("step-schema", Place::file(file), message));
    }
    Ok(schema)
}
