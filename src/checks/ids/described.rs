//! A failure as a person reads it: which object, what was asked of it, what was found instead.

use super::evaluate::{Evaluation, Failure};
use super::object::Object;
use super::test::{Why, attributes};
use crate::ifc::step::Record;
use crate::rulebook::ids::{Answer, Constraint, EntityFacet, FacetKind};

/// A failure, described.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    /// GlobalId; empty for what has none.
    pub guid: String,
    /// Exact class.
    pub class: &'static str,
    /// Name, if it has one.
    pub name: Option<String>,
    /// Tag, if it has one.
    pub tag: Option<String>,
    /// What was asked.
    pub asked: String,
    /// What was found.
    pub found: String,
}

/// Things found that are named before the rest is only counted.
const NAMED: usize = 6;

impl Evaluation<'_> {
    /// Describes a failure of a specification.
    pub fn describe(&self, specification: usize, failure: &Failure) -> Option<Described> {
        let record = self.context.file.record(failure.object)?;
        let of = self.document.specifications.get(specification)?;
        let requirement = of.requirements.get(failure.requirement as usize);
        let object = Object::new(&self.context, record);
        let (asked, found) = match requirement {
            Some(requirement) => {
                (asked(&requirement.facet.kind), found(&object, &requirement.facet.kind, failure.why))
            }
            None => (
                of.applicability.iter().map(|f| asked(&f.kind)).collect::<Vec<_>>().join(", "),
                String::new(),
            ),
        };
        let text = |name: &str| record.attribute(name).text().filter(|t| !t.is_empty());
        Some(Described {
            guid: text("GlobalId").unwrap_or_default(),
            class: record.class(),
            name: text("Name").or_else(|| text("LayerSetName")),
            tag: text("Tag"),
            asked,
            found,
        })
    }
}

impl Described {
    /// The object in a few words: class and name, tag or number.
    pub fn object(&self, number: u32) -> String {
        match self.name.as_ref().or(self.tag.as_ref()) {
            Some(name) => format!("{} {name}", self.class),
            None => format!("{} #{number}", self.class),
        }
    }
}

/// A facet in a few words.
pub fn asked(kind: &FacetKind) -> String {
    let with = |head: String, value: &Option<Constraint>| match value {
        Some(value) => format!("{head} = {value}"),
        None => head,
    };
    match kind {
        FacetKind::Entity(entity) | FacetKind::PartOf { entity, .. } => entity_text(entity),
        FacetKind::Classification { system, value } => with(system.to_string(), value),
        FacetKind::Attribute { name, value } => with(name.to_string(), value),
        FacetKind::Property { set, name, value, data_type } => {
            let text = with(format!("{set}.{name}"), value);
            data_type.as_ref().map_or(text.clone(), |kind| format!("{text} ({kind})"))
        }
        FacetKind::Material { value } => value.as_ref().map_or("*".to_owned(), Constraint::to_string),
    }
}

fn entity_text(entity: &EntityFacet) -> String {
    match &entity.predefined_type {
        Some(kind) => format!("{}.{kind}", entity.name),
        None => entity.name.to_string(),
    }
}

fn list(mut all: Vec<String>) -> String {
    let more = all.len().saturating_sub(NAMED);
    all.truncate(NAMED);
    let mut out = all.join(", ");
    if more > 0 {
        out.push_str(&format!(", … (+{more})"));
    }
    if out.is_empty() { "–".to_owned() } else { out }
}

fn found(object: &Object<'_, '_>, kind: &FacetKind, why: Why) -> String {
    match kind {
        FacetKind::Entity(_) if why == Why::Class => object.record.class().to_owned(),
        FacetKind::Entity(_) => list(object.predefined().iter().map(ToString::to_string).collect()),
        FacetKind::PartOf { relation, .. } => {
            let context = object.context;
            let records = context.wholes(object.record.id, *relation).into_iter();
            list(records.filter_map(|id| context.file.record(id)).map(whole).collect())
        }
        FacetKind::Classification { .. } => list(
            object
                .references()
                .iter()
                .map(|r| {
                    let system = r.system.as_deref().unwrap_or("?");
                    r.codes.first().map_or(system.to_owned(), |code| format!("{system} {code}"))
                })
                .collect(),
        ),
        FacetKind::Attribute { name, .. } => list(
            attributes(object, name)
                .filter(|(_, content)| content.is_given())
                .map(|(_, content)| format!("{name} = {content}"))
                .collect(),
        ),
        FacetKind::Property { set, name, .. } => properties(object, set, name),
        FacetKind::Material { .. } => {
            list(object.materials().unwrap_or_default().iter().map(ToString::to_string).collect())
        }
    }
}

fn whole(record: Record<'_>) -> String {
    let name = record.attribute("Name").text().filter(|t| !t.is_empty());
    name.map_or(record.class().to_owned(), |name| format!("{} {name}", record.class()))
}

fn properties(object: &Object<'_, '_>, set: &Constraint, name: &Constraint) -> String {
    let mut out = Vec::new();
    for one in object.sets().iter().filter(|s| set.judge_text(&s.name) != Answer::No) {
        for member in one.members().iter().filter(|m| name.judge_text(&m.name) != Answer::No) {
            for values in member.values(object.context).iter().filter(|v| v.content.is_given()) {
                let kind = values.kind.unwrap_or("?");
                out.push(format!("{}.{} = {} ({kind})", one.name, member.name, values.content));
            }
        }
    }
    list(out)
}
