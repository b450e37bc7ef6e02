//! Files that were handed in again under another name: what was said of them is said of the same.

use crate::finding::{Finding, Value};
use crate::report::Report;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Earlier names with later ones. A file that is gone and one that came are the same where they are the only ones of their
/// format, or where their names are alike but for numbers and signs (`Office_v1.ifc`, `Office (2).ifc`), and no others are.
fn renamed(old: &Report, new: &Report) -> Vec<(String, String)> {
    let names = |report: &Report, other: &Report| -> BTreeMap<String, Vec<String>> {
        let kept: BTreeSet<&str> = other.inputs.iter().map(|i| i.name.as_str()).collect();
        let mut out: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for input in report.inputs.iter().filter(|i| !i.name.is_empty() && !kept.contains(i.name.as_str())) {
            out.entry(input.format.clone()).or_default().push(input.name.clone());
        }
        out
    };
    let (gone, came) = (names(old, new), names(new, old));
    let mut out = Vec::new();
    for (format, gone) in &gone {
        let came = came.get(format).map_or(&[][..], Vec::as_slice);
        if let ([one], [other]) = (&gone[..], came) {
            out.push((one.clone(), other.clone()));
            continue;
        }
        for name in gone {
            let like = |list: &[String]| -> Vec<String> {
                list.iter().filter(|n| core(n) == core(name)).cloned().collect()
            };
            if let ([_], [other]) = (&like(gone)[..], &like(came)[..]) {
                out.push((name.clone(), other.clone()));
            }
        }
    }
    out
}

/// The letters of a name without its ending; a `v` of a version is none of them.
fn core(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_lowercase();
    let words = stem.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty() && *w != "v");
    words.collect::<Vec<_>>().join(" ")
}

/// The findings of an earlier report under the later names of its files.
pub(super) fn under_later_names<'a>(old: &'a Report, new: &Report) -> Cow<'a, [Finding]> {
    let names = renamed(old, new);
    if names.is_empty() {
        return Cow::Borrowed(&old.findings);
    }
    Cow::Owned(old.findings.iter().map(|f| under(f, &names)).collect())
}

fn under(finding: &Finding, names: &[(String, String)]) -> Finding {
    let mut out = finding.clone();
    let mut touched = false;
    let mut rename = |text: &mut String| {
        for (from, to) in names {
            if text.contains(from.as_str()) {
                *text = text.replace(from.as_str(), to);
                touched = true;
                return;
            }
        }
    };
    out.mark.iter_mut().for_each(&mut rename);
    out.drawn.iter_mut().for_each(|d| rename(&mut d.drawing));
    for value in [&mut out.measured, &mut out.expected].into_iter().flatten() {
        if let Value::Text(text) = value {
            rename(text);
        }
    }
    if touched {
        out.fingerprint();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::core;

    #[test]
    fn versions_of_a_name_are_alike() {
        assert_eq!(core("Office_v1.ifc"), core("office (2).ifc"));
        assert_eq!(core("A-101 一层平面图_20240601.dxf"), core("A-101 一层平面图_v2.dxf"));
        assert_ne!(core("A-101 一层平面图.dxf"), core("A-102 二层平面图.dxf"));
    }
}
