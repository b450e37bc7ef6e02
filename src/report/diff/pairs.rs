//! The same finding in two reports: by fingerprint, then by what it says and where it is.

use super::Matched;
use super::storeys::Storeys;
use crate::finding::{Finding, Value};
use std::collections::BTreeMap;

/// A finding that moved by less is the same: exports round, registrations differ by millimetres.
const SAME_PLACE_M: f64 = 0.3;
/// A finding of the same mark or name that moved by less is the same: somebody began to mend it.
const SAME_NAME_M: f64 = 1.5;

/// What a finding says, apart from which element and where: rule, verdict, side, class, grid label, storey.
pub(super) type Key<'a> = (&'a str, u8, &'a str, &'a str, &'a str);

/// The key of a finding; `None` where its storey is not in the other report.
pub(super) fn key<'a>(finding: &'a Finding, storey: Option<&'a str>) -> Key<'a> {
    let side = finding.side.map_or(0, |s| 1 + s as u8);
    let kind = side * 2 + finding.verdict as u8;
    (&finding.rule, kind, &finding.class, finding.axis.as_deref().unwrap_or(""), storey.unwrap_or(""))
}

/// The storey's GlobalId, in the later report's terms.
pub(super) fn old_storey<'a>(finding: &Finding, storeys: &'a Storeys) -> Option<&'a str> {
    // a storey that is gone matches no other, nor no storey
    finding.storey.as_ref().map(|s| storeys.new_of(&s.guid).unwrap_or("-"))
}

/// The storey's GlobalId.
pub(super) fn new_storey(finding: &Finding) -> Option<&str> {
    finding.storey.as_ref().map(|s| s.guid.as_str())
}

/// Mark, names and values: what stays when an element is exported again.
pub(super) fn identity(finding: &Finding) -> String {
    let mut out = String::new();
    let mut put = |part: Option<&str>| {
        out.push_str(part.unwrap_or(""));
        out.push('\u{1f}');
    };
    put(finding.mark.as_deref());
    for element in &finding.elements {
        put(element.name.as_deref());
        put(element.tag.as_deref());
    }
    for value in [&finding.measured, &finding.expected] {
        match value {
            Some(Value::Number(x)) => put(Some(&format!("{:.0}", x))),
            Some(Value::Text(text)) => put(Some(text)),
            None => put(None),
        }
    }
    out
}

/// Pairs of equal fingerprints; where one occurs more than once, in the order of the reports.
pub(super) fn by_fingerprint(old: &[Finding], new: &[Finding]) -> Matched {
    let mut waiting: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (n, finding) in new.iter().enumerate().rev() {
        waiting.entry(&finding.id).or_default().push(n);
    }
    let mut out = Matched::default();
    for (n, finding) in old.iter().enumerate() {
        if let Some(later) = waiting.get_mut(finding.id.as_str()).and_then(Vec::pop) {
            out.add(n, later);
        }
    }
    out
}

/// Where a finding is, as cells of a grid.
fn cell(p: [f64; 3], size: f64) -> [i64; 2] {
    [(p[0] / size).floor() as i64, (p[1] / size).floor() as i64]
}

/// A place that can be compared.
pub(super) fn finite(finding: &Finding) -> Option<[f64; 3]> {
    finding.point_m.filter(|p| p.iter().all(|c| c.is_finite()))
}

/// Pairs those that are left, the surest first: same words and place, same place, same words nearby, same words alone.
pub(super) fn by_place(
    old: &[Finding],
    new: &[Finding],
    storeys: &Storeys,
    shift: [f64; 3],
    matched: &mut Matched,
) {
    for (reach, words) in [(SAME_PLACE_M, true), (SAME_PLACE_M, false), (SAME_NAME_M, true)] {
        nearest(old, new, storeys, shift, (reach, words), matched);
    }
    alone(old, new, storeys, matched);
}

/// Pairs what lies within reach of one another, nearest first.
fn nearest(
    old: &[Finding],
    new: &[Finding],
    storeys: &Storeys,
    shift: [f64; 3],
    (reach, words): (f64, bool),
    matched: &mut Matched,
) {
    // what is said becomes a number, so that places are looked up fast
    let mut numbers: BTreeMap<(Key<'_>, String), u32> = BTreeMap::new();
    let mut grid: BTreeMap<(u32, [i64; 2]), Vec<usize>> = BTreeMap::new();
    let said = |finding: &Finding| if words { identity(finding) } else { String::new() };
    for (n, finding) in new.iter().enumerate() {
        if let Some(p) = finite(finding).filter(|_| !matched.old_of.contains_key(&n)) {
            let fresh = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
            let words = (key(finding, new_storey(finding)), said(finding));
            let number = *numbers.entry(words).or_insert(fresh);
            grid.entry((number, cell(p, reach))).or_default().push(n);
        }
    }
    let mut candidates: Vec<(u64, usize, usize)> = Vec::new();
    for (n, finding) in old.iter().enumerate() {
        let Some(p) = finite(finding).filter(|_| !matched.new_of.contains_key(&n)) else { continue };
        let p = [p[0] + shift[0], p[1] + shift[1], p[2] + shift[2]];
        let [i, j] = cell(p, reach);
        let words = (key(finding, old_storey(finding, storeys)), said(finding));
        let Some(number) = numbers.get(&words) else { continue };
        for (di, dj) in (-1..=1).flat_map(|a| (-1..=1).map(move |b| (a, b))) {
            let place = (*number, [i.saturating_add(di), j.saturating_add(dj)]);
            for later in grid.get(&place).into_iter().flatten() {
                let Some(q) = new.get(*later).and_then(finite) else { continue };
                let far = (p[0] - q[0]).hypot(p[1] - q[1]);
                if far <= reach {
                    candidates.push(((far * 1e6) as u64, n, *later));
                }
            }
        }
    }
    candidates.sort_unstable();
    for (_, n, later) in candidates {
        if !matched.new_of.contains_key(&n) && !matched.old_of.contains_key(&later) {
            matched.add(n, later);
        }
    }
}

/// Pairs those without a place that say the same, where they are as many on both sides.
fn alone(old: &[Finding], new: &[Finding], storeys: &Storeys, matched: &mut Matched) {
    type Words<'a> = (Key<'a>, String);
    let mut left: BTreeMap<Words<'_>, [Vec<usize>; 2]> = BTreeMap::new();
    for (n, finding) in old.iter().enumerate() {
        if !matched.new_of.contains_key(&n) && finite(finding).is_none() {
            let words = (key(finding, old_storey(finding, storeys)), identity(finding));
            left.entry(words).or_default()[0].push(n);
        }
    }
    for (n, finding) in new.iter().enumerate() {
        if !matched.old_of.contains_key(&n) && finite(finding).is_none() {
            let words = (key(finding, new_storey(finding)), identity(finding));
            left.entry(words).or_default()[1].push(n);
        }
    }
    for [earlier, later] in left.into_values() {
        for (n, later) in earlier.into_iter().zip(later) {
            matched.add(n, later);
        }
    }
}
