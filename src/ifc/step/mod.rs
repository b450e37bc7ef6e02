//! Part 21 files (ISO 10303-21): an index of all records made in one parallel pass, and records decoded when asked.

mod header;
mod index;
mod links;
mod record;
mod scan;
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
use scan::{Damage, Fault};
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
        file.tell_damage(&mut notices);
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
        Some(Record { id, entity: slot.entity(), file: self, offset: slot.offset() })
    }

    /// What a record is.
    pub fn entity(&self, id: u32) -> Option<Entity> {
        self.inner.index.table.get(id).map(index::Slot::entity)
    }

    /// All records by rising number.
    pub fn records(&self) -> impl Iterator<Item = Record<'_>> {
        self.inner.index.table.iter().map(|(id, slot)| Record {
            id,
            entity: slot.entity(),
            file: self,
            offset: slot.offset(),
        })
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

    fn tell_damage(&self, notices: &mut Vec<Notice>) {
        let index = &self.inner.index;
        let mut lines = Lines::default();
        for damage in index.damage.iter().take(DAMAGE_TOLD) {
            let line = lines.of(self.data(), damage.at as usize);
            let place = Place::Ifc {
                file: self.name().to_owned(),
                id: damage.id,
                byte: Some(damage.at),
                line: Some(line),
            };
            let (code, message) = told(damage);
            notices.push(Notice::new(code, place, message));
        }
        let more = index.more_damage + index.damage.len().saturating_sub(DAMAGE_TOLD) as u64;
        if more > 0 {
            let message = format!("{more} more damaged places are not listed one by one");
            notices.push(Notice::new("step-more-damage", Place::file(self.name()), message));
        }
        if !index.complete {
            let message =
                "END-ISO-10303-21 is missing: the file may have been cut off; what is there was read";
            notices.push(Notice::new("step-no-end", Place::file(self.name()), message));
        }
    }
}

/// Damage told one by one.
const DAMAGE_TOLD: usize = 200;

/// Lines of rising places, each counted from the one before.
#[derive(Default)]
struct Lines {
    at: usize,
    line: u64,
}

impl Lines {
    fn of(&mut self, data: &[u8], offset: usize) -> u64 {
        let between = data.get(self.at..offset).unwrap_or_default();
        self.line += memchr::memchr_iter(b'\n', between).count() as u64;
        self.at = self.at.max(offset);
        self.line + 1
    }
}

fn told(damage: &Damage) -> (&'static str, &'static str) {
    match damage.fault {
        Fault::Garbage => ("step-garbage", "what stands here is no record; it was left out"),
        Fault::BadId => ("step-bad-id", "the record's number is 0 or too large; the record was left out"),
        Fault::NoKeyword => ("step-no-keyword", "no keyword after `=`; the record was left out"),
        Fault::NoSemicolon => {
            ("step-no-semicolon", "no `;` before the next record; it was read as if there were")
        }
        Fault::OpenString => {
            ("step-open-string", "a string is not closed before the next record; the record was left out")
        }
        Fault::Truncated => ("step-truncated", "the file ends inside this record; the record was left out"),
        Fault::Duplicate => {
            ("step-duplicate-id", "an earlier record has the same number; this one was left out")
        }
        Fault::OpenComment => ("step-open-comment", "a comment is never closed; it was taken for text"),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::bytes;

    const HEAD: &str = "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME('a;b','2020-01-01',('x'),(''),'p','o','');\nFILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\n";
    const TAIL: &str = "ENDSEC;\nEND-ISO-10303-21;\n";

    fn open(data: &str) -> (StepFile, Vec<String>) {
        let read = StepFile::open("a.ifc", bytes(format!("{HEAD}{data}{TAIL}").into_bytes())).unwrap();
        (read.value, read.notices.into_iter().map(|n| n.code).collect())
    }

    #[test]
    fn values_of_every_kind() {
        let (file, codes) = open(
            "#1 = IFCWALL ( 'a;b''c=#2=IFCX(' , $ , *, -12, 1.5E-3, .T., \"0AF\", #7, (1.,(2,3),#4), IFCLABEL('x'), .5 );\n",
        );
        assert!(codes.is_empty(), "{codes:?}");
        let wall = file.record(1).unwrap();
        assert_eq!((wall.class(), wall.keyword()), ("IfcWall", "IFCWALL"));
        assert_eq!(wall.arg(0).text().unwrap(), "a;b'c=#2=IFCX(");
        assert!(matches!(wall.arg(1), Value::Null) && matches!(wall.arg(2), Value::Derived));
        assert_eq!(wall.arg(3).integer(), Some(-12));
        assert_eq!(wall.arg(4).real(), Some(0.0015));
        assert_eq!(wall.arg(5).boolean(), Some(true));
        assert!(matches!(wall.arg(6), Value::Binary(b"0AF")));
        assert_eq!(wall.arg(7).reference(), Some(7));
        let list: Vec<_> = wall.arg(8).list().collect();
        assert_eq!(list.len(), 3);
        assert_eq!(list[1].reals().collect::<Vec<_>>(), [2.0, 3.0]);
        assert_eq!(wall.arg(8).references().collect::<Vec<_>>(), [4]);
        assert_eq!(wall.arg(9).text().as_deref(), Some("x"));
        assert_eq!(wall.arg(10).real(), Some(0.5));
        assert!(wall.arg(11).is_null() && wall.arg(99).is_null());
        assert_eq!(wall.args().count(), 11);
        assert_eq!(wall.attribute("GlobalId").text().unwrap(), "a;b'c=#2=IFCX(");
        assert!(wall.attribute("NoSuch").is_null());
    }

    #[test]
    fn comments_white_space_and_sections() {
        let (file, codes) = open(
            "/* #9=IFCWALL('; */ #1=/* it's */IFCWALL('x',/* ; */#2);#2=IFCDOOR\n(\n'y');\nENDSEC;\nDATA;\n#3=IFCDOOR('/* no');#4=IFCDOOR('*/');\n",
        );
        assert!(codes.is_empty(), "{codes:?}");
        assert_eq!(file.len(), 4);
        assert_eq!(file.record(1).unwrap().arg(1).reference(), Some(2));
        assert_eq!(file.ids_of("IfcDoor"), [2, 3, 4]);
        assert_eq!(file.record(3).unwrap().arg(0).text().as_deref(), Some("/* no"));
    }

    #[test]
    fn damage_costs_the_record() {
        let (file, codes) = open(
            "#1=IFCWALL('a');\n#2=IFCWALL('open);\n#3=IFCWALL('c')\n#4=IFCWALL('d');\n#1=IFCDOOR('again');\n#0=IFCWALL();\n\
             #4294967296=IFCWALL();\n#5=;\nrubbish;\n#6=IFCNOSUCH('f');\n#7=IFCWALL('g','John's house');\n#8=IFCWALL('h');\n",
        );
        let names: Vec<_> =
            [1, 3, 4, 6, 8].iter().map(|&id| file.record(id).unwrap().arg(0).text().unwrap()).collect();
        assert_eq!(names, ["a", "c", "d", "f", "h"]);
        assert!(file.record(2).is_none() && file.record(5).is_none() && file.record(7).is_none());
        assert_eq!(file.entity(6), Some(Entity::UNKNOWN));
        assert_eq!(
            codes,
            [
                "step-open-string",
                "step-no-semicolon",
                "step-duplicate-id",
                "step-bad-id",
                "step-bad-id",
                "step-no-keyword",
                "step-garbage",
                "step-open-string"
            ]
        );
    }

    #[test]
    fn complex_instances_keep_their_parts() {
        let (file, _) = open(
            "#1=(IFCBOUNDEDCURVE()IFCBSPLINECURVE(2,(#2,#3),.UNSPECIFIED.,.F.,.F.)IFCRATIONALBSPLINECURVEWITHKNOTS((1.,2.)));\n",
        );
        let curve = file.record(1).unwrap();
        assert_eq!(curve.entity, Entity::COMPLEX);
        assert_eq!(curve.parts().len(), 3);
        assert_eq!(curve.attribute("Degree").integer(), Some(2));
        assert_eq!(curve.attribute("WeightsData").reals().collect::<Vec<_>>(), [1.0, 2.0]);
    }

    #[test]
    fn a_cut_off_file_and_far_numbers() {
        let text = format!("{HEAD}#5=IFCWALL('a');\n#4000000000=IFCWALL('b');\n#6=IFCWALL('c'");
        let read = StepFile::open("a.ifc", bytes(text.into_bytes())).unwrap();
        assert_eq!(read.value.ids_of("IfcWall"), [5, 4_000_000_000]);
        let codes: Vec<_> = read.notices.iter().map(|n| n.code.as_str()).collect();
        assert_eq!(codes, ["step-truncated", "step-no-end"]);
        let Place::Ifc { id: 6, line: Some(10), .. } = read.notices[0].place else { panic!() };
    }
}
