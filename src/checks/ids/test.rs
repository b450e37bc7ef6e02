//! The six facets, asked of one object.

use super::classes::{Classes, admitted, with_attribute};
use super::content::Content;
use super::object::{Context, Object};
use crate::ifc::schema::{Edition, Entity, Schema};
use crate::ifc::step::Record;
use crate::rulebook::ids::{Answer, Cardinality, Constraint, EntityFacet, FacetKind, Relation};

/// A facet, made ready for the models of one edition.
pub(super) enum Test<'d> {
    Entity(EntityTest<'d>),
    PartOf {
        relation: Option<Relation>,
        entity: EntityTest<'d>,
    },
    Classification {
        system: &'d Constraint,
        value: Option<&'d Constraint>,
    },
    Attribute {
        name: &'d Constraint,
        value: Option<&'d Constraint>,
    },
    Property {
        set: &'d Constraint,
        name: &'d Constraint,
        value: Option<&'d Constraint>,
        kind: Option<&'d str>,
    },
    Material {
        value: Option<&'d Constraint>,
    },
}

/// A class, and perhaps a predefined type.
pub(super) struct EntityTest<'d> {
    /// Classes that are meant whatever the type of the object.
    pub(super) classes: Classes,
    /// Class of the object and class of its type, where both are needed (IFC2X3).
    pub(super) by_type: Vec<(Entity, Entity)>,
    predefined: Option<&'d Constraint>,
    undecided: bool,
}

/// What a facet says of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) answer: Answer,
    /// There is nothing there that could be wrong.
    pub(super) absent: bool,
    pub(super) why: Why,
}

/// Why a facet is not met, or cannot be decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// It is met.
    Met,
    /// It is of another class.
    Class,
    /// It has another predefined type, or none.
    PredefinedType,
    /// It is part of nothing.
    NoWhole,
    /// It is part of other things only.
    Whole,
    /// It has no classification.
    NoClassification,
    /// It is classified, and not so.
    Classification,
    /// Its class has no such attribute, or it is not filled in.
    NoAttribute,
    /// The attribute has another value.
    AttributeValue,
    /// It has no such property set.
    NoSet,
    /// A set has no such property, or it is not filled in.
    NoProperty,
    /// The property is of another type.
    PropertyType,
    /// The property has another value.
    PropertyValue,
    /// It has no material.
    NoMaterial,
    /// It has other materials.
    Material,
    /// It has what it must not have.
    Prohibited,
    /// It must not be there at all.
    Forbidden,
    /// A pattern, a unit or a damaged value leaves it open.
    Open,
}

impl Why {
    /// Every reason that can be told.
    pub const ALL: [Self; 17] = [
        Self::Class,
        Self::PredefinedType,
        Self::NoWhole,
        Self::Whole,
        Self::NoClassification,
        Self::Classification,
        Self::NoAttribute,
        Self::AttributeValue,
        Self::NoSet,
        Self::NoProperty,
        Self::PropertyType,
        Self::PropertyValue,
        Self::NoMaterial,
        Self::Material,
        Self::Prohibited,
        Self::Forbidden,
        Self::Open,
    ];

    /// The case of the rule CP15 that has its wording.
    pub fn case(self) -> &'static str {
        match self {
            Self::Met | Self::Open => "open",
            Self::Class => "class",
            Self::PredefinedType => "predefined-type",
            Self::NoWhole => "no-whole",
            Self::Whole => "whole",
            Self::NoClassification => "no-classification",
            Self::Classification => "classification",
            Self::NoAttribute => "no-attribute",
            Self::AttributeValue => "attribute-value",
            Self::NoSet => "no-set",
            Self::NoProperty => "no-property",
            Self::PropertyType => "property-type",
            Self::PropertyValue => "property-value",
            Self::NoMaterial => "no-material",
            Self::Material => "material",
            Self::Prohibited => "prohibited",
            Self::Forbidden => "forbidden",
        }
    }
}

const YES: Told = Told { answer: Answer::Yes, absent: false, why: Why::Met };

fn told(answer: Answer, why: Why) -> Told {
    let why = match answer {
        Answer::Yes => Why::Met,
        Answer::No => why,
        Answer::Unknown => Why::Open,
    };
    Told { answer, absent: false, why }
}

fn absent(why: Why) -> Told {
    Told { answer: Answer::No, absent: true, why }
}

impl<'d> Test<'d> {
    /// A facet for the models of an edition.
    pub(super) fn new(kind: &'d FacetKind, edition: Edition) -> Self {
        match kind {
            FacetKind::Entity(entity) => Self::Entity(EntityTest::new(entity, edition)),
            FacetKind::PartOf { relation, entity } => {
                Self::PartOf { relation: *relation, entity: EntityTest::new(entity, edition) }
            }
            FacetKind::Classification { system, value } => {
                Self::Classification { system, value: value.as_ref() }
            }
            FacetKind::Attribute { name, value } => Self::Attribute { name, value: value.as_ref() },
            FacetKind::Property { set, name, value, data_type } => {
                Self::Property { set, name, value: value.as_ref(), kind: data_type.as_deref() }
            }
            FacetKind::Material { value } => Self::Material { value: value.as_ref() },
        }
    }

    /// Classes beyond which nothing can meet it.
    pub(super) fn bound(&self, schema: &Schema) -> Classes {
        match self {
            Self::Entity(entity) if entity.undecided => Classes::all(schema),
            Self::Entity(entity) => {
                let mut out = entity.classes.clone();
                entity.by_type.iter().for_each(|(class, _)| out.add(*class));
                out
            }
            Self::Attribute { name, .. } => with_attribute(schema, name),
            Self::PartOf { .. } => {
                Classes::under(schema, &["IfcObjectDefinition", "IfcObject", "IfcTypeObject"])
            }
            Self::Property { .. } => Classes::under(
                schema,
                &[
                    "IfcObjectDefinition",
                    "IfcObject",
                    "IfcTypeObject",
                    "IfcMaterialDefinition",
                    "IfcMaterial",
                    "IfcProfileDef",
                ],
            ),
            // Resources are classified too, whichever they are.
            Self::Classification { .. } => Classes::all(schema),
            Self::Material { .. } => Classes::under(schema, &["IfcRoot"]),
        }
    }

    /// What it says of an object as a requirement.
    pub(super) fn require(&self, object: &Object<'_, '_>, cardinality: Cardinality) -> Told {
        let told = self.ask(object);
        match cardinality {
            Cardinality::Required => told,
            Cardinality::Optional if told.absent => YES,
            Cardinality::Optional => told,
            Cardinality::Prohibited => match told.answer {
                Answer::Yes => Told { answer: Answer::No, absent: false, why: Why::Prohibited },
                Answer::No => YES,
                Answer::Unknown => told,
            },
        }
    }

    /// What it says of an object.
    pub(super) fn ask(&self, object: &Object<'_, '_>) -> Told {
        match self {
            Self::Entity(entity) => {
                entity.ask(object.context, object.record, || object.predefined().to_vec())
            }
            Self::PartOf { relation, entity } => part_of(object, *relation, entity),
            Self::Classification { system, value } => classification(object, system, *value),
            Self::Attribute { name, value } => attribute(object, name, *value),
            Self::Property { set, name, value, kind } => property(object, set, name, *value, *kind),
            Self::Material { value } => material(object, *value),
        }
    }
}

impl<'d> EntityTest<'d> {
    fn new(facet: &'d EntityFacet, edition: Edition) -> Self {
        let (names, undecided) = admitted(edition, &facet.name);
        let mut out = Self {
            classes: Classes::none(Schema::of(edition)),
            by_type: Vec::new(),
            predefined: facet.predefined_type.as_ref(),
            undecided,
        };
        for name in names {
            match name.by_type {
                None => out.classes.add(name.class),
                Some(of) => out.by_type.push((name.class, of)),
            }
        }
        out
    }

    fn ask<'a>(
        &self,
        context: &Context<'a>,
        record: Record<'a>,
        predefined: impl FnOnce() -> Vec<std::borrow::Cow<'a, str>>,
    ) -> Told {
        if !self.classes.has(record.entity) {
            let mut of = self.by_type.iter().filter(|(class, _)| *class == record.entity).peekable();
            let kind = of.peek().and_then(|_| context.type_of(record.id));
            if !of.any(|(_, kind_class)| kind.is_some_and(|k| k.entity == *kind_class)) {
                return told(if self.undecided { Answer::Unknown } else { Answer::No }, Why::Class);
            }
        }
        let Some(asked) = self.predefined else { return YES };
        let answer = predefined().iter().fold(Answer::No, |a, t| a.or(asked.judge_text(t)));
        told(answer, Why::PredefinedType)
    }
}

fn part_of(object: &Object<'_, '_>, relation: Option<Relation>, entity: &EntityTest<'_>) -> Told {
    let context = object.context;
    let wholes = context.wholes(object.record.id, relation);
    if wholes.is_empty() {
        return absent(Why::NoWhole);
    }
    let mut answer = Answer::No;
    for whole in wholes.into_iter().filter_map(|id| context.file.record(id)) {
        answer = answer.or(entity.ask(context, whole, || context.predefined_types(whole)).answer);
        if answer == Answer::Yes {
            break;
        }
    }
    told(answer, Why::Whole)
}

fn classification(object: &Object<'_, '_>, system: &Constraint, value: Option<&Constraint>) -> Told {
    let references = object.references();
    let mut answer = Answer::No;
    let mut any = false;
    for reference in references {
        any |= reference.system.is_some() || !reference.codes.is_empty();
        let of = reference.system.as_deref().map_or(Answer::No, |name| system.judge_text(name));
        let is = value.map_or(Answer::Yes, |value| {
            reference.codes.iter().fold(Answer::No, |a, code| a.or(value.judge_text(code)))
        });
        answer = answer.or(of.and(is));
    }
    if any { told(answer, Why::Classification) } else { absent(Why::NoClassification) }
}

fn attribute(object: &Object<'_, '_>, name: &Constraint, value: Option<&Constraint>) -> Told {
    let mut given = false;
    let mut empty = false;
    let mut open = false;
    let mut answer = Answer::Yes;
    for (asked, content) in attributes(object, name) {
        if asked == Answer::Unknown {
            open = true;
            continue;
        }
        if !content.is_given() {
            empty |= content != Content::Null;
            continue;
        }
        given = true;
        answer = answer.and(match value {
            Some(value) => content.judge(value),
            None if content == Content::Damaged => Answer::Unknown,
            None => Answer::Yes,
        });
    }
    match (given, open, empty) {
        (false, true, _) => told(Answer::Unknown, Why::Open),
        (false, false, true) => told(Answer::No, Why::NoAttribute),
        (false, false, false) => absent(Why::NoAttribute),
        (true, true, _) => told(answer.and(Answer::Unknown), Why::AttributeValue),
        (true, false, _) => told(answer, Why::AttributeValue),
    }
}

/// The attributes of an object whose names a constraint admits, or may admit.
pub(super) fn attributes<'a>(
    object: &Object<'_, 'a>,
    name: &Constraint,
) -> impl Iterator<Item = (Answer, Content<'a>)> {
    let (context, record) = (object.context, object.record);
    let definition = record.definition();
    let all = definition.map(|d| d.attributes.as_slice()).unwrap_or_default();
    all.iter().enumerate().filter_map(move |(at, attribute)| {
        let asked = name.judge_text(attribute.name);
        if asked == Answer::No || attribute.derived {
            return None;
        }
        let value = record.arg(at);
        let kind = match value {
            crate::ifc::step::Value::Typed(typed) => context.kinds.keyword(typed.keyword),
            _ => context.kinds.declared(attribute.of),
        };
        Some((asked, Content::of(value, kind.or_else(|| context.kinds.primitive(attribute.of)), None)))
    })
}

fn property(
    object: &Object<'_, '_>,
    set: &Constraint,
    name: &Constraint,
    value: Option<&Constraint>,
    kind: Option<&str>,
) -> Told {
    let mut answer = Answer::Yes;
    let mut worst = Why::Met;
    let mut sets = 0;
    let (mut given, mut empty) = (false, false);
    for one in object.sets() {
        match set.judge_text(&one.name) {
            Answer::No => continue,
            Answer::Unknown => {
                answer = answer.and(Answer::Unknown);
                sets += 1;
                continue;
            }
            Answer::Yes => sets += 1,
        }
        let mut here = false;
        for member in one.members() {
            match name.judge_text(&member.name) {
                Answer::No => continue,
                Answer::Unknown => {
                    answer = answer.and(Answer::Unknown);
                    here = true;
                    continue;
                }
                Answer::Yes => {}
            }
            let values = member.values(object.context);
            if !values.iter().any(|v| v.content.is_given()) {
                empty |= values.iter().any(|v| v.content != Content::Null);
                continue;
            }
            here = true;
            given = true;
            let (is, why) = judge(&values, value, kind);
            if is == Answer::No && worst == Why::Met {
                worst = why;
            }
            answer = answer.and(is);
        }
        if !here {
            answer = Answer::No;
            if worst == Why::Met {
                worst = Why::NoProperty;
            }
        }
    }
    if sets == 0 {
        return absent(Why::NoSet);
    }
    if !given && !empty && answer == Answer::No {
        return absent(Why::NoProperty);
    }
    told(answer, worst)
}

fn judge(
    values: &[super::object::Values<'_>],
    value: Option<&Constraint>,
    kind: Option<&str>,
) -> (Answer, Why) {
    let mut answer = Answer::No;
    let mut typed = false;
    for one in values.iter().filter(|v| v.content.is_given()) {
        if kind.is_some_and(|kind| one.kind != Some(kind)) {
            continue;
        }
        typed = true;
        answer = answer.or(match value {
            Some(value) => one.content.judge(value),
            None if one.content == Content::Damaged => Answer::Unknown,
            None => Answer::Yes,
        });
    }
    (answer, if typed { Why::PropertyValue } else { Why::PropertyType })
}

fn material(object: &Object<'_, '_>, value: Option<&Constraint>) -> Told {
    let Some(names) = object.materials() else { return absent(Why::NoMaterial) };
    let Some(value) = value else { return YES };
    told(names.iter().fold(Answer::No, |a, name| a.or(value.judge_text(name))), Why::Material)
}
