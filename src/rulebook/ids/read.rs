//! IDS documents from XML, held against the XML schema of IDS 1.0 (`ids.xsd`) and against those rules of the
//! standard that need no knowledge of IFC.

use super::constraint::Constraint;
use super::fault::{Fault, code};
use super::literal::Base;
use super::restriction::{Patterns, constraint};
use super::xml::{self, Element, Part, Space, shorten};
use super::{
    Cardinality, Document, EntityFacet, Facet, FacetKind, Relation, Requirement, Specification, Version,
};

/// Specifications that are read; a document with more is refused.
const MAX_SPECIFICATIONS: usize = 100_000;
/// Faults that are told; what lies beyond is cut.
const MAX_FAULTS: usize = 1_000;

/// Reads a document. What is wrong with it stands in its `faults`: a document that is no XML at all, or that grows
/// beyond a limit, has one fault and the specifications that stood before it.
pub fn read(name: &str, bytes: &[u8]) -> Document {
    let mut document = Document { file: name.to_owned(), ..Document::default() };
    let text = match xml::text(bytes) {
        Ok(text) => text,
        Err(fault) => {
            document.faults.push(fault);
            return document;
        }
    };
    let mut reading = Reading::default();
    let end = xml::walk(&text, &mut |part| reading.part(part, &mut document));
    match end {
        Ok(()) => reading.finish(&mut document),
        Err(fault) => document.faults.push(fault),
    }
    document.faults.sort_by_key(|f| f.line);
    document.faults.truncate(MAX_FAULTS);
    document
}

#[derive(Default)]
struct Reading {
    patterns: Patterns,
    chapter: String,
    seen: Vec<String>,
    info: usize,
    titled: bool,
    root_line: u64,
}

/// Children of `info`, in order, and of which only the first is needed.
const INFO: &[&str] =
    &["title", "copyright", "version", "description", "author", "date", "purpose", "milestone"];

impl Reading {
    fn part(&mut self, part: Part, document: &mut Document) -> Result<(), Fault> {
        match part {
            Part::Root(root) => {
                self.root_line = root.line;
                if root.space != Space::Ids || root.name != "ids" {
                    return Err(Fault::new(code::ROOT, root.line).with("name", shorten(&root.name)));
                }
                attributes(&root, &[], &mut document.faults);
            }
            Part::Chapter(chapter) => {
                let expected = ["info", "specifications"].get(self.seen.len());
                if chapter.space != Space::Ids || expected != Some(&chapter.name.as_str()) {
                    document.faults.push(misplaced(&chapter, "ids"));
                }
                attributes(&chapter, &[], &mut document.faults);
                self.chapter.clone_from(&chapter.name);
                self.seen.push(chapter.name);
            }
            Part::Section(section) if self.chapter == "info" => self.info(section, document),
            Part::Section(section) if self.chapter == "specifications" => {
                if section.space != Space::Ids || section.name != "specification" {
                    document.faults.push(misplaced(&section, "specifications"));
                    return Ok(());
                }
                if document.specifications.len() >= MAX_SPECIFICATIONS {
                    let fault =
                        Fault::new(code::LIMIT, section.line).with("what", "number of specifications");
                    return Err(fault.with("limit", MAX_SPECIFICATIONS.to_string()));
                }
                let index = u32::try_from(document.specifications.len()).unwrap_or(u32::MAX);
                let mut faults = Vec::new();
                document.specifications.push(specification(&section, &mut self.patterns, &mut faults));
                faults.iter_mut().for_each(|f| f.specification = Some(index));
                // A hostile document may hold a fault in every line: no more are kept than are told.
                faults.truncate(MAX_FAULTS.saturating_sub(document.faults.len().min(MAX_FAULTS - 1)));
                if document.faults.len() < MAX_FAULTS {
                    document.faults.extend(faults);
                }
            }
            Part::Section(_) => {}
        }
        Ok(())
    }

    fn info(&mut self, section: Element, document: &mut Document) {
        let faults = &mut document.faults;
        let place = INFO.iter().position(|&n| n == section.name).filter(|_| section.space == Space::Ids);
        match place {
            Some(place) if place >= self.info => self.info = place + 1,
            Some(_) => {
                faults.push(
                    Fault::new(code::ORDER, section.line).with("name", &section.name).with("parent", "info"),
                );
            }
            None => {
                faults.push(misplaced(&section, "info"));
                return;
            }
        }
        if let Some(inner) = section.children.first() {
            faults.push(misplaced(inner, &section.name));
        }
        attributes(&section, &[], faults);
        let text = section.text;
        let sound = match section.name.as_str() {
            "author" => is_author(&text),
            "date" => Base::Date.holds(text.trim()),
            _ => true,
        };
        if !sound {
            let fault = Fault::new(code::VALUE, section.line).with("name", &section.name);
            faults.push(fault.with("value", shorten(&text)));
        }
        if section.name == "title" {
            self.titled = true;
            document.title = text;
        }
    }

    fn finish(&self, document: &mut Document) {
        let mut missing = |name: &str, parent: &str| {
            let fault = Fault::new(code::MISSING, self.root_line).with("name", name).with("parent", parent);
            document.faults.push(fault);
        };
        for name in ["info", "specifications"] {
            if !self.seen.iter().any(|s| s == name) {
                missing(name, "ids");
            }
        }
        if self.seen.iter().any(|s| s == "info") && !self.titled {
            missing("title", "info");
        }
        if self.seen.iter().any(|s| s == "specifications") && document.specifications.is_empty() {
            missing("specification", "specifications");
        }
    }
}

/// `[^@]+@[^\.]+\..+` of ids.xsd.
fn is_author(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, host)| {
        let dot = host.split_once('.');
        !name.is_empty() && dot.is_some_and(|(host, rest)| !host.is_empty() && !rest.is_empty())
    })
}

/// An element that may not stand in its parent.
pub(super) fn misplaced(element: &Element, parent: &str) -> Fault {
    Fault::new(code::ELEMENT, element.line).with("name", shorten(&element.name)).with("parent", parent)
}

/// Tells attributes that an element may not carry.
fn attributes(of: &Element, allowed: &[&str], faults: &mut Vec<Fault>) {
    for a in &of.attributes {
        let fine = match a.space {
            Space::Reserved => true,
            Space::None => allowed.contains(&a.name.as_str()),
            _ => false,
        };
        if !fine {
            let fault = Fault::new(code::ATTRIBUTE, of.line).with("name", shorten(&a.name));
            faults.push(fault.with("parent", &of.name));
        }
    }
}

/// Tells text between elements, where only elements may be.
fn only_elements(of: &Element, faults: &mut Vec<Fault>) {
    if !of.text.trim().is_empty() {
        faults.push(Fault::new(code::STRAY_TEXT, of.line).with("text", shorten(&of.text)));
    }
}

/// Children of a sequence by their names: each name at most once, in this order; the first `needed` must be there.
fn sequence<'e, const N: usize>(
    of: &'e Element,
    names: [&str; N],
    needed: [bool; N],
    faults: &mut Vec<Fault>,
) -> [Option<&'e Element>; N] {
    only_elements(of, faults);
    let mut out = [None; N];
    let mut next = 0;
    for child in &of.children {
        match names.iter().position(|&n| n == child.name).filter(|_| child.space == Space::Ids) {
            None => faults.push(misplaced(child, &of.name)),
            Some(at) => {
                if at < next {
                    let fault = Fault::new(code::ORDER, child.line).with("name", &child.name);
                    faults.push(fault.with("parent", &of.name));
                }
                next = at + 1;
                out[at] = out[at].or(Some(child));
            }
        }
    }
    for ((name, needed), found) in names.iter().zip(needed).zip(&out) {
        if needed && found.is_none() {
            faults.push(Fault::new(code::MISSING, of.line).with("name", *name).with("parent", &of.name));
        }
    }
    out
}

fn specification(of: &Element, patterns: &mut Patterns, faults: &mut Vec<Fault>) -> Specification {
    attributes(of, &["name", "ifcVersion", "identifier", "description", "instructions"], faults);
    let [applies, requires] = sequence(of, ["applicability", "requirements"], [true, false], faults);
    for name in ["name", "ifcVersion"] {
        if of.attribute(name).is_none() {
            let fault = Fault::new(code::ATTRIBUTE_MISSING, of.line).with("name", name);
            faults.push(fault.with("parent", "specification"));
        }
    }
    let mut out = Specification {
        name: of.attribute("name").unwrap_or_default().to_owned(),
        identifier: of.attribute("identifier").map(str::to_owned),
        description: of.attribute("description").map(str::to_owned),
        instructions: of.attribute("instructions").map(str::to_owned),
        versions: versions(of, faults),
        occurs: Cardinality::Required,
        applicability: Vec::new(),
        requirements: Vec::new(),
        line: of.line,
    };
    if let Some(applies) = applies {
        attributes(applies, &["minOccurs", "maxOccurs"], faults);
        only_elements(applies, faults);
        out.occurs = occurs(applies, faults);
        out.applicability = applicability(applies, patterns, faults);
        if applies.children.is_empty() {
            faults.push(Fault::new(code::NO_APPLICABILITY, applies.line));
        }
    }
    if let Some(requires) = requires {
        attributes(requires, &["description"], faults);
        only_elements(requires, faults);
        for child in &requires.children {
            out.requirements.extend(requirement(child, patterns, faults));
        }
        if !requires.children.is_empty() && out.occurs == Cardinality::Prohibited {
            faults.push(Fault::new(code::PROHIBITED_WITH_REQUIREMENTS, requires.line));
        }
    }
    out
}

fn versions(of: &Element, faults: &mut Vec<Fault>) -> Vec<Version> {
    let Some(list) = of.attribute("ifcVersion") else { return Vec::new() };
    let mut out = Vec::new();
    for name in list.split_ascii_whitespace() {
        match [Version::Ifc2x3, Version::Ifc4, Version::Ifc4x3].into_iter().find(|v| v.name() == name) {
            Some(version) => out.push(version),
            None => faults.push(
                Fault::new(code::VALUE, of.line).with("name", "ifcVersion").with("value", shorten(name)),
            ),
        }
    }
    if out.is_empty() && list.trim().is_empty() {
        faults.push(Fault::new(code::VALUE, of.line).with("name", "ifcVersion").with("value", ""));
    }
    out.sort();
    out.dedup();
    out
}

/// minOccurs and maxOccurs, each 1 where it is not given; three pairs have a meaning.
fn occurs(of: &Element, faults: &mut Vec<Fault>) -> Cardinality {
    let least = of.attribute("minOccurs").unwrap_or("1").trim();
    let most = of.attribute("maxOccurs").unwrap_or("1").trim();
    match (least, most) {
        ("1", "unbounded") => Cardinality::Required,
        ("0", "unbounded") => Cardinality::Optional,
        ("0", "0") => Cardinality::Prohibited,
        _ => {
            let fault = Fault::new(code::OCCURS, of.line).with("least", shorten(least));
            faults.push(fault.with("most", shorten(most)));
            Cardinality::Required
        }
    }
}

/// Facets of an applicability, in the order of the schema.
const ORDER: [&str; 6] = ["entity", "partOf", "classification", "attribute", "property", "material"];

fn applicability(of: &Element, patterns: &mut Patterns, faults: &mut Vec<Fault>) -> Vec<Facet> {
    let mut out = Vec::new();
    let mut reached = 0;
    let mut entities = 0;
    for child in &of.children {
        let Some(at) = ORDER.iter().position(|&n| n == child.name).filter(|_| child.space == Space::Ids)
        else {
            faults.push(misplaced(child, "applicability"));
            continue;
        };
        entities += usize::from(at == 0);
        if at < reached || entities > 1 {
            let fault = Fault::new(code::ORDER, child.line).with("name", &child.name);
            faults.push(fault.with("parent", "applicability"));
        }
        reached = reached.max(at);
        let extra: &[&str] = match child.name.as_str() {
            "partOf" => &["relation"],
            "property" => &["dataType"],
            _ => &[],
        };
        attributes(child, extra, faults);
        out.extend(facet(child, patterns, faults));
    }
    out
}

fn requirement(of: &Element, patterns: &mut Patterns, faults: &mut Vec<Fault>) -> Option<Requirement> {
    if of.space != Space::Ids || !ORDER.contains(&of.name.as_str()) {
        faults.push(misplaced(of, "requirements"));
        return None;
    }
    let allowed: &[&str] = match of.name.as_str() {
        "entity" => &["instructions"],
        "partOf" => &["instructions", "cardinality", "relation"],
        "property" => &["instructions", "cardinality", "uri", "dataType"],
        "attribute" => &["instructions", "cardinality"],
        _ => &["instructions", "cardinality", "uri"],
    };
    attributes(of, allowed, faults);
    let cardinality = match of.attribute("cardinality") {
        None | Some("required") => Cardinality::Required,
        Some("optional") if of.name != "partOf" => Cardinality::Optional,
        Some("prohibited") => Cardinality::Prohibited,
        Some(other) => {
            let fault = Fault::new(code::VALUE, of.line).with("name", "cardinality");
            faults.push(fault.with("value", shorten(other)));
            Cardinality::Required
        }
    };
    let facet = facet(of, patterns, faults)?;
    sense(&facet, cardinality, faults);
    let instructions = of.attribute("instructions").map(str::to_owned);
    Some(Requirement { facet, cardinality, instructions })
}

/// Combinations that cannot fail, or that say nothing (IDS 1.0, facet-configurations.md).
fn sense(facet: &Facet, cardinality: Cardinality, faults: &mut Vec<Fault>) {
    let name = match &facet.kind {
        FacetKind::Attribute { value: None, .. } => "attribute",
        FacetKind::Classification { value: None, .. } => "classification",
        FacetKind::Material { value: None } => "material",
        FacetKind::Property { data_type: None, .. } => "property",
        _ => "",
    };
    if cardinality == Cardinality::Optional && !name.is_empty() {
        faults.push(Fault::new(code::OPTIONAL_WITHOUT_VALUE, facet.line).with("facet", name));
    }
    if let FacetKind::Property { data_type: Some(_), .. } = &facet.kind
        && cardinality == Cardinality::Prohibited
    {
        faults.push(Fault::new(code::PROHIBITED_WITH_TYPE, facet.line));
    }
}

fn facet(of: &Element, patterns: &mut Patterns, faults: &mut Vec<Fault>) -> Option<Facet> {
    let mut value = |element: Option<&Element>, faults: &mut Vec<Fault>| {
        let element = element?;
        attributes(element, &[], faults);
        only_elements(element, faults);
        let constraint = constraint(element, patterns, faults)?;
        empty(&constraint, element, faults);
        Some(constraint)
    };
    let kind = match of.name.as_str() {
        "entity" => FacetKind::Entity(entity(of, &mut value, faults)?),
        "partOf" => {
            let [inner] = sequence(of, ["entity"], [true], faults);
            let relation = of.attribute("relation").and_then(|name| {
                let known = Relation::ALL.iter().find(|(_, n)| *n == name).map(|(r, _)| *r);
                if known.is_none() {
                    let fault = Fault::new(code::VALUE, of.line).with("name", "relation");
                    faults.push(fault.with("value", shorten(name)));
                }
                known
            });
            let inner = inner?;
            attributes(inner, &[], faults);
            FacetKind::PartOf { relation, entity: entity(inner, &mut value, faults)? }
        }
        "classification" => {
            let [code, system] = sequence(of, ["value", "system"], [false, true], faults);
            FacetKind::Classification { value: value(code, faults), system: value(system, faults)? }
        }
        "attribute" => {
            let [name, held] = sequence(of, ["name", "value"], [true, false], faults);
            FacetKind::Attribute { name: value(name, faults)?, value: value(held, faults) }
        }
        "property" => {
            let [set, name, held] =
                sequence(of, ["propertySet", "baseName", "value"], [true, true, false], faults);
            let data_type = of.attribute("dataType").map(str::trim).map(str::to_owned);
            if let Some(name) = &data_type
                && (name.is_empty() || !name.bytes().all(|b| b.is_ascii_uppercase()))
            {
                let fault = Fault::new(code::VALUE, of.line).with("name", "dataType");
                faults.push(fault.with("value", shorten(name)));
            }
            let held = value(held, faults);
            if held.is_some() && data_type.is_none() {
                faults.push(Fault::new(code::VALUE_WITHOUT_TYPE, of.line));
            }
            FacetKind::Property {
                set: value(set, faults)?,
                name: value(name, faults)?,
                value: held,
                data_type,
            }
        }
        "material" => {
            let [held] = sequence(of, ["value"], [false], faults);
            FacetKind::Material { value: value(held, faults) }
        }
        _ => return None,
    };
    Some(Facet { kind, line: of.line })
}

/// Reads the value of a parameter, where the parameter is there.
type Reader<'r> = &'r mut dyn FnMut(Option<&Element>, &mut Vec<Fault>) -> Option<Constraint>;

fn entity(of: &Element, value: Reader<'_>, faults: &mut Vec<Fault>) -> Option<EntityFacet> {
    let [name, kind] = sequence(of, ["name", "predefinedType"], [true, false], faults);
    // Editors write an empty predefined type where none is asked for.
    let asked = kind.filter(
        |k| !matches!(k.children.as_slice(), [one] if one.name == "simpleValue" && one.text.is_empty()),
    );
    Some(EntityFacet { name: value(name, faults)?, predefined_type: value(asked, faults) })
}

/// A simple value of no characters can be met by nothing, since no empty value counts as one.
fn empty(constraint: &Constraint, element: &Element, faults: &mut Vec<Fault>) {
    if matches!(constraint, Constraint::Simple(text) if text.is_empty()) {
        faults.push(Fault::new(code::EMPTY, element.line).with("name", &element.name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(specification: &str) -> Document {
        let text = format!(
            r#"<?xml version="1.0" encoding="utf-8"?>
<ids xmlns="http://standards.buildingsmart.org/IDS" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<info><title>T</title></info><specifications>{specification}</specifications></ids>"#
        );
        read("t.ids", text.as_bytes())
    }

    fn codes(document: &Document) -> Vec<&str> {
        document.faults.iter().map(|f| f.code).collect()
    }

    const WALL: &str = "<entity><name><simpleValue>IFCWALL</simpleValue></name></entity>";

    fn requiring(requirement: &str) -> Document {
        document(&format!(
            r#"<specification name="S" ifcVersion="IFC4 IFC2X3"><applicability maxOccurs="unbounded">{WALL}</applicability><requirements>{requirement}</requirements></specification>"#
        ))
    }

    #[test]
    fn a_sound_document_reads_whole() {
        let d = requiring(
            r#"<attribute cardinality="optional"><name><simpleValue>Name</simpleValue></name><value><xs:restriction base="xs:string"><xs:pattern value="W&amp;[0-9]+"/><xs:enumeration value="A&#x20;B"/></xs:restriction></value></attribute>"#,
        );
        assert_eq!(codes(&d), [""; 0], "{:?}", d.faults);
        let s = &d.specifications[0];
        assert_eq!(
            (s.versions.as_slice(), s.occurs),
            ([Version::Ifc2x3, Version::Ifc4].as_slice(), Cardinality::Required)
        );
        let FacetKind::Attribute { value: Some(Constraint::Restricted(r)), .. } =
            &s.requirements[0].facet.kind
        else {
            panic!("{s:?}")
        };
        assert_eq!((r.patterns[0].source.as_str(), r.enumeration[0].as_str()), ("W&[0-9]+", "A B"));
    }

    #[test]
    fn each_departure_from_the_schema_is_told() {
        let prop = "<propertySet><simpleValue>P</simpleValue></propertySet><baseName><simpleValue>N</simpleValue></baseName>";
        for (requirement, expected) in [
            (format!("<property>{prop}<value><simpleValue>1</simpleValue></value></property>"), code::VALUE_WITHOUT_TYPE),
            (format!(r#"<property cardinality="optional">{prop}</property>"#), code::OPTIONAL_WITHOUT_VALUE),
            (format!(r#"<property cardinality="prohibited" dataType="IFCLABEL">{prop}</property>"#), code::PROHIBITED_WITH_TYPE),
            (format!(r#"<property dataType="IfcLabel">{prop}</property>"#), code::VALUE),
            (format!(r#"<property color="red">{prop}</property>"#), code::ATTRIBUTE),
            ("<material><value><simpleValue></simpleValue></value></material>".into(), code::EMPTY),
            ("<material>steel</material>".into(), code::STRAY_TEXT),
            ("<layer/>".into(), code::ELEMENT),
            ("<attribute><value><simpleValue>x</simpleValue></value></attribute>".into(), code::MISSING),
            (r#"<attribute><name><xs:restriction base="xs:string"/></name></attribute>"#.into(), code::RESTRICTION_EMPTY),
            (r#"<attribute><name><xs:restriction base="xs:string"><xs:pattern value="[a"/></xs:restriction></name></attribute>"#.into(), code::PATTERN),
            (r#"<attribute><name><xs:restriction base="xs:string"><xs:minInclusive value="1"/></xs:restriction></name></attribute>"#.into(), code::FACET_OF_BASE),
            (r#"<attribute><name><xs:restriction base="xs:integer"><xs:enumeration value="1.0"/></xs:restriction></name></attribute>"#.into(), code::FACET_VALUE),
            (r#"<attribute><name><xs:restriction base="xs:float"><xs:enumeration value="1.0"/></xs:restriction></name></attribute>"#.into(), code::BASE),
            (r#"<attribute><name><xs:restriction base="xs:double"><xs:minInclusive value="2"/><xs:maxInclusive value="1"/></xs:restriction></name></attribute>"#.into(), code::CONTRADICTION),
            (r#"<attribute><name><xs:restriction base="xs:double"><xs:totalDigits value="2"/></xs:restriction></name></attribute>"#.into(), code::FACET_OF_BASE),
            (format!(r#"<partOf relation="IFCRELNESTS" cardinality="optional">{WALL}</partOf>"#), code::VALUE),
            (format!(r#"<partOf relation="IFCRELVOIDS">{WALL}</partOf>"#), code::VALUE),
        ] {
            assert_eq!(codes(&requiring(&requirement)), [expected], "{requirement}");
        }
    }

    #[test]
    fn occurrences_have_three_meanings() {
        for (attributes, occurs, faults) in [
            (r#"maxOccurs="unbounded""#, Cardinality::Required, vec![]),
            (r#"minOccurs="0" maxOccurs="unbounded""#, Cardinality::Optional, vec![]),
            (r#"minOccurs="0" maxOccurs="0""#, Cardinality::Prohibited, vec![]),
            ("", Cardinality::Required, vec![code::OCCURS]),
            (r#"minOccurs="2" maxOccurs="unbounded""#, Cardinality::Required, vec![code::OCCURS]),
        ] {
            let d = document(&format!(
                r#"<specification name="S" ifcVersion="IFC4"><applicability {attributes}>{WALL}</applicability></specification>"#
            ));
            assert_eq!((d.specifications[0].occurs, codes(&d)), (occurs, faults));
        }
        let d = document(&format!(
            r#"<specification name="S" ifcVersion="IFC4"><applicability minOccurs="0" maxOccurs="0">{WALL}</applicability><requirements><material/></requirements></specification>"#
        ));
        assert_eq!(codes(&d), [code::PROHIBITED_WITH_REQUIREMENTS]);
    }

    #[test]
    fn hostile_documents_are_refused_and_told() {
        let root = r#"xmlns="http://standards.buildingsmart.org/IDS""#;
        let bomb =
            r#"<!DOCTYPE ids [<!ENTITY a "&b;&b;"><!ENTITY b SYSTEM "file:///etc/passwd">]><ids>&a;</ids>"#;
        let many: String = (0..65_536).map(|i| format!(" a{i}=''")).collect();
        let spaces: String = (0..65_536).map(|i| format!(" xmlns:a{i}='u'")).collect();
        let deep = "<a>".repeat(200_000);
        for (text, expected) in [
            (bomb.to_owned(), code::DOCUMENT_TYPE),
            (format!("<ids {root}><info><title>&lol;</title></info></ids>"), code::ENTITY),
            (format!("<ids {root}{many}/>"), code::LIMIT),
            (format!("<ids {root}{spaces}/>"), code::NOT_XML),
            (format!("<ids {root}><info>{deep}"), code::LIMIT),
            (format!("<ids {root}><info><title a='1' a='2'/></info></ids>"), code::NOT_XML),
            (format!("<ids {root}><info>"), code::NOT_XML),
            (format!("<ids {root}/><ids/>"), code::NOT_XML),
            (String::new(), code::NOT_XML),
            ("GIF89a".into(), code::NOT_XML),
            ("<html/>".into(), code::ROOT),
            (r#"<ids xmlns="http://example.org"/>"#.into(), code::ROOT),
        ] {
            let start = std::time::Instant::now();
            let d = read("t.ids", text.as_bytes());
            assert_eq!(codes(&d), [expected], "{:.60}: {:?}", text, d.faults);
            assert!(start.elapsed().as_secs() < 10);
        }
        let d = read("t.ids", &[0xFF, 0xFE, 0x3C, 0x00, 0x61]);
        assert_eq!(codes(&d), [code::NOT_XML]);
    }

    #[test]
    fn a_hundred_thousand_specifications_are_read_in_bounded_time() {
        let one = format!(
            r#"<specification name="S" ifcVersion="IFC4"><applicability maxOccurs="unbounded">{WALL}</applicability></specification>"#
        );
        let start = std::time::Instant::now();
        let d = document(&one.repeat(100_000));
        assert_eq!((d.specifications.len(), codes(&d)), (100_000, vec![]));
        let d = document(&one.repeat(100_001));
        assert_eq!(codes(&d), [code::LIMIT]);
        assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
    }

    #[test]
    fn other_encodings_are_decoded() {
        let text = "<?xml version=\"1.0\" encoding=\"GBK\"?><ids xmlns=\"http://standards.buildingsmart.org/IDS\"><info><title>图模</title></info><specifications/></ids>";
        let (bytes, ..) = encoding_rs::GBK.encode(text);
        let d = read("t.ids", &bytes);
        assert_eq!((d.title.as_str(), codes(&d)), ("图模", vec![code::MISSING]));
    }
}
