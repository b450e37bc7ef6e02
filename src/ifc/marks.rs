//! The mark that a plan may write beside an element. Tools keep it in different places; all that could be one are given,
//! the likeliest first.

use super::model::Element;
use super::names::Meaning;
use super::telling::Telling;

/// Marks are short: what is longer is a name.
const LONGEST: usize = 16;

/// Numbers of this many digits, or more, are numbers of a database and no marks.
const DATABASE_DIGITS: usize = 5;

/// All strings that may be the element's mark, best first, without repetition.
pub(super) fn marks(element: &Element, tellings: &[&Telling]) -> Vec<String> {
    let mut by_rank: Vec<&Telling> = tellings.to_vec();
    by_rank.sort_by_key(|t| t.rank);
    let values =
        |of: Meaning| by_rank.iter().filter(move |t| t.meaning == of).filter_map(|t| t.text.as_deref());
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
    use super::*;

    fn telling(meaning: Meaning, text: &str) -> Telling {
        let text = Some(text.to_owned());
        Telling { meaning, rank: 0, name: "P".into(), text, number: None, quantity: false }
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
        let told = [telling(Meaning::TypeMark, "28"), telling(Meaning::Mark, "A104")];
        let found = marks(&door, &[&told[0], &told[1]]);
        assert_eq!(found[..2], ["A104", "28"]);
        assert_eq!(found.last().unwrap(), "150173");
    }

    #[test]
    fn others_in_the_name_or_the_tag() {
        assert_eq!(marks(&element("M0921", "", "M0921"), &[]), ["M0921"]);
        assert_eq!(marks(&element("entrance door", "D-01", "door_panelled"), &[])[0], "D-01");
        assert_eq!(marks(&element("Door:M1021:349211", "349211", "Door:M1021"), &[])[0], "M1021");
    }
}
