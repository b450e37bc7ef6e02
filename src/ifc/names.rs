//! The names under which models keep marks and areas: `rules/ifc/names.toml`.

use serde::Deserialize;
use std::sync::LazyLock;

/// All lists of names, each by preference.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Names {
    pub mark: MarkNames,
    pub area: AreaNames,
}

/// Names of properties that hold marks.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MarkNames {
    pub own: Vec<String>,
    pub of_type: Vec<String>,
    pub reference: Vec<String>,
}

/// Names of quantities and properties that hold a room's area.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AreaNames {
    pub net: Vec<String>,
    pub other: Vec<String>,
}

/// The lists, read once. They are part of the program; a test reads them.
pub(super) fn names() -> &'static Names {
    static NAMES: LazyLock<Names> = LazyLock::new(|| parse().unwrap_or_default());
    &NAMES
}

fn parse() -> Result<Names, toml::de::Error> {
    toml::from_str(include_str!("../../rules/ifc/names.toml"))
}

/// Place of a name in a list; the first is the best.
pub(super) fn rank(list: &[String], name: &str) -> Option<usize> {
    list.iter().position(|l| letters(l).eq(letters(name)))
}

fn letters(name: &str) -> impl Iterator<Item = char> + '_ {
    name.chars().filter(|c| !matches!(c, ' ' | '_' | '-')).flat_map(char::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_there() {
        let names = parse().unwrap();
        assert_eq!(rank(&names.mark.own, "MARK"), Some(0));
        assert_eq!(rank(&names.mark.of_type, "TypeMark"), Some(0));
        assert_eq!(rank(&names.area.net, "Net_Floor-Area"), Some(0));
        assert_eq!(rank(&names.area.net, "Volume"), None);
    }
}
