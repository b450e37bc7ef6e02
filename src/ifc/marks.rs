//! The mark that a plan may write beside an element. Tools keep it in different places; all that could be one are given,
//! the likeliest first.

use super::model::Element;
use super::names::{Meaning, meaning};
use super::property::PropertySet;

/// Marks are short: what is longer is a name.
const LONGEST: usize = 16;

/// Numbers of this many digits, or more, are numbers of a database and no marks.
const DATABASE_DIGITS: usize = 5;

/// All strings that may be the element's mark, best first, without repetition.
pub(super) fn marks(element: &Element, sets: &[PropertySet<'_>]) -> Vec<String> {
    let found_in_sets = values(sets);
    let values = |of: Meaning| found_in_sets.iter().filter(move |v| v.0 == of).map(|v| v.2.as_str());
    let mut found: Vec<String> = Vec::new();
    let tag = element.tag.as_deref().unwrap_or_default();
    let name = element.name.as_deref().unwrap_or_default();
    let tag_is_mark = like_a_mark(tag) && !is_database_number(tag);
    let mut put = |text: &str| {
        let text = text.trim();
        if !text.is_empty() && !found.iter().any(|f| f == text) {
            found.push(text.to_owned());
        }
    };
    if tag_is_mark {
        put(tag);
    }
    for value in values(Meaning::Mark).chain(values(Meaning::TypeMark)) {
        put(value);
    }
    // then what looks like a mark, and at last what does not
    let type_name = element.type_name.as_deref().unwrap_or_default();
    let object_type = element.object_type.as_deref().unwrap_or_default();
    let whole = [name, type_name].into_iter().chain(values(Meaning::Reference)).chain([object_type]);
    let whole: Vec<&str> = whole.collect();
    for text in &whole {
        if like_a_mark(text) && !is_database_number(text) {
            put(text);
        }
    }
    // Revit: family:type:number
    for part in whole.iter().flat_map(|t| t.split(':')) {
        if like_a_mark(part) && has_digit(part) && !is_database_number(part) {
            put(part);
        }
    }
    whole.into_iter().for_each(&mut put);
    put(tag);
    found
}

/// What the properties of known names hold: meaning, rank, value, in that order.
fn values(sets: &[PropertySet<'_>]) -> Vec<(Meaning, usize, String)> {
    let mut found = Vec::new();
    for property in sets.iter().flat_map(|s| &s.properties) {
        let Some((meaning, rank)) = meaning(&property.name) else { continue };
        let value = property.text().or_else(|| property.value().integer().map(|i| i.to_string()));
        // templates hold the property's own name as a placeholder
        if let Some(value) =
            value.filter(|v| !v.trim().is_empty() && *v != property.name && !v.starts_with('<'))
        {
            found.push((meaning, rank, value));
        }
    }
    found.sort_by_key(|f| (f.0, f.1));
    found
}

/// Short, of one word, with a digit; or very short.
fn like_a_mark(text: &str) -> bool {
    let text = text.trim();
    let length = text.chars().count();
    let word = !text.contains(|c: char| c.is_whitespace() || c == ':');
    word && length > 0 && length <= LONGEST && (length <= 4 || has_digit(text))
}

fn has_digit(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit())
}

fn is_database_number(text: &str) -> bool {
    let text = text.trim();
    text.len() >= DATABASE_DIGITS && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::super::property::Property;
    use super::super::step::{Text, Value};
    use super::*;
    use std::borrow::Cow;

    fn set<'a>(properties: &[(&'a str, &'a str)]) -> PropertySet<'a> {
        let property = |(name, value): &(&'a str, &'a str)| Property {
            step_id: 1,
            class: "IfcPropertySingleValue",
            name: Cow::Borrowed(*name),
            values: vec![Value::Text(Text { raw: value.as_bytes() })],
            of_type: false,
            unit: None,
        };
        let properties = properties.iter().map(property).collect();
        PropertySet {
            step_id: 1,
            class: "IfcPropertySet",
            name: Cow::Borrowed("P"),
            of_type: false,
            properties,
        }
    }

    fn element(name: &str, tag: &str, type_name: &str) -> Element {
        Element {
            name: Some(name.into()),
            tag: Some(tag.into()),
            type_name: Some(type_name.into()),
            ..Element::default()
        }
    }

    #[test]
    fn revit_keeps_it_in_a_property() {
        let door = element("M_Single-Flush:0762 x 2032mm:150173", "150173", "0762 x 2032mm");
        let sets = [set(&[("Type Mark", "28"), ("TagNumber", "TagNumber"), ("Mark", "A104")])];
        let found = marks(&door, &sets);
        assert_eq!(found[..2], ["A104", "28"]);
        assert_eq!(found.last().unwrap(), "150173");
        assert!(!found.contains(&"TagNumber".to_owned()));
    }

    #[test]
    fn others_in_the_name_or_the_tag() {
        assert_eq!(marks(&element("M0921", "", "M0921"), &[]), ["M0921"]);
        assert_eq!(marks(&element("entrance door", "D-01", "door_panelled"), &[])[0], "D-01");
        assert_eq!(marks(&element("Door:M1021:349211", "349211", "Door:M1021"), &[])[0], "M1021");
    }
}
