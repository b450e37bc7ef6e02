//! The names under which models keep marks and areas: `rules/ifc/names.toml`.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What a property of a known name holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Meaning {
    /// The element's own mark.
    Mark,
    /// The mark of its type.
    TypeMark,
    /// The reference of its type.
    Reference,
    /// A room's area between its finished walls.
    NetArea,
    /// A room's area by another measure.
    OtherArea,
    /// Width of a door or window, among its quantities.
    Width,
    /// Its height.
    Height,
}

/// The lists as the file has them, each by preference.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lists {
    mark: MarkLists,
    area: AreaLists,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct MarkLists {
    own: Vec<String>,
    of_type: Vec<String>,
    reference: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct AreaLists {
    net: Vec<String>,
    other: Vec<String>,
}

/// What a property of that name holds, and how good a source it is: 0 is the best.
pub(super) fn meaning(name: &str) -> Option<(Meaning, usize)> {
    static NAMES: LazyLock<BTreeMap<String, (Meaning, usize)>> =
        LazyLock::new(|| parse().map(index).unwrap_or_default());
    // no name of the lists is as long
    if name.len() > 64 {
        return None;
    }
    NAMES.get(&letters(name)).copied()
}

fn parse() -> Result<Lists, toml::de::Error> {
    toml::from_str(include_str!("../../rules/ifc/names.toml"))
}

fn index(lists: Lists) -> BTreeMap<String, (Meaning, usize)> {
    let mut index = BTreeMap::new();
    for (list, meaning) in [
        (lists.mark.own, Meaning::Mark),
        (lists.mark.of_type, Meaning::TypeMark),
        (lists.mark.reference, Meaning::Reference),
        (lists.area.net, Meaning::NetArea),
        (lists.area.other, Meaning::OtherArea),
    ] {
        for (rank, name) in list.iter().enumerate() {
            index.entry(letters(name)).or_insert((meaning, rank));
        }
    }
    index
}

/// A name without case, spaces, underscores and hyphens.
fn letters(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, ' ' | '_' | '-')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_there() {
        parse().unwrap();
        assert_eq!(meaning("MARK"), Some((Meaning::Mark, 0)));
        assert_eq!(meaning("TypeMark"), Some((Meaning::TypeMark, 0)));
        assert_eq!(meaning("Net_Floor-Area"), Some((Meaning::NetArea, 0)));
        assert_eq!(meaning("类型标记").unwrap().0, Meaning::TypeMark);
        assert_eq!(meaning("Volume"), None);
    }
}
