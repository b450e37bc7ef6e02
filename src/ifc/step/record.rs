//! One record, decoded on demand.

use super::StepFile;
use super::value::{self, Value, Values, space};
use crate::ifc::schema::{Definition, Entity};

/// A record of a file. Cheap to copy; decodes what is asked for.
#[derive(Clone, Copy)]
pub struct Record<'a> {
    /// Its number.
    pub id: u32,
    /// What it is.
    pub entity: Entity,
    pub(super) file: &'a StepFile,
    pub(super) offset: usize,
    /// Bytes from there to behind its opening bracket; 0 where that was not told.
    pub(super) head: u8,
}

impl std::fmt::Debug for Record<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{}={}", self.id, self.keyword())
    }
}

impl<'a> Record<'a> {
    /// Exact name of the entity, such as `IfcWall`; empty for a keyword that the schema does not have.
    pub fn class(&self) -> &'static str {
        self.file.schema().class(self.entity)
    }

    /// The entity's definition, unless the schema does not have it.
    pub fn definition(&self) -> Option<&'static Definition> {
        self.file.schema().definition(self.entity)
    }

    /// Whether the entity is that one, or a subtype of it.
    pub fn is_a(&self, name: &str) -> bool {
        self.file.schema().is_named(self.entity, name)
    }

    /// The file that it is of.
    pub fn file(&self) -> &'a StepFile {
        self.file
    }

    /// Byte offset of its `#`.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// Text behind the `=`.
    fn behind_equals(&self) -> &'a [u8] {
        let data: &'a [u8] = (*self.file.bytes).as_ref();
        let text = data.get(self.offset..).unwrap_or_default();
        let at = text.iter().position(|&b| b == b'=').map_or(text.len(), |i| i + 1);
        space(text.get(at..).unwrap_or_default())
    }

    /// Text behind the keyword: its opening bracket, in a sound record.
    pub(super) fn behind_keyword(&self) -> &'a [u8] {
        if self.head > 0 {
            let data: &'a [u8] = (*self.file.bytes).as_ref();
            return data.get(self.offset + usize::from(self.head) - 1..).unwrap_or_default();
        }
        let text = self.behind_equals();
        space(text.get(self.keyword().len()..).unwrap_or_default())
    }

    /// Keyword as it stands in the file; empty for a complex instance.
    pub fn keyword(&self) -> &'a str {
        let text = self.behind_equals();
        let n = text.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
        text.get(..n).and_then(|k| std::str::from_utf8(k).ok()).unwrap_or_default()
    }

    /// All arguments in order. None for a complex instance, see [`Record::parts`].
    pub fn args(&self) -> Values<'a> {
        match self.behind_keyword().split_first() {
            Some((b'(', inner)) if self.entity != Entity::COMPLEX => Values::new(inner),
            _ => Values::new(b""),
        }
    }

    /// An argument by its place; [`Value::Null`] where the record is shorter.
    pub fn arg(&self, index: usize) -> Value<'a> {
        self.args().nth(index).unwrap_or(Value::Null)
    }

    /// An attribute by its exact name, such as `OverallWidth`; [`Value::Null`] where the entity has none such. In a
    /// complex instance the first part that has it answers.
    pub fn attribute(&self, name: &str) -> Value<'a> {
        let schema = self.file.schema();
        if self.entity == Entity::COMPLEX {
            for (entity, mut values) in self.parts() {
                // parts give their own attributes only: the last ones of the list
                let Some(definition) = schema.definition(entity) else { continue };
                let inherited =
                    definition.supertype.and_then(|s| schema.definition(s)).map_or(0, |d| d.attributes.len());
                let own = definition.attributes.iter().skip(inherited).position(|a| a.name == name);
                if let Some(index) = own {
                    return values.nth(index).unwrap_or(Value::Null);
                }
            }
            return Value::Null;
        }
        schema.attribute(self.entity, name).map_or(Value::Null, |index| self.arg(index))
    }

    /// The record that an attribute refers to.
    pub fn follow(&self, name: &str) -> Option<Record<'a>> {
        self.file.record(self.attribute(name).reference()?)
    }

    /// The records that an attribute refers to, in order; what is not there is left out.
    pub fn follow_all(&self, name: &str) -> impl Iterator<Item = Record<'a>> + use<'a> {
        let file = self.file;
        self.attribute(name).references().filter_map(move |id| file.record(id))
    }

    /// Parts of a complex instance, each with its own attributes; none for a simple one.
    pub fn parts(&self) -> Vec<(Entity, Values<'a>)> {
        match self.behind_equals().split_first() {
            Some((b'(', inner)) => value::parts(inner, self.file.schema()),
            _ => Vec::new(),
        }
    }
}
