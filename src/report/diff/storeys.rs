//! Which storey of a later report is which of an earlier one: by GlobalId, by name, by height over a common base.

use crate::report::Report;
use std::collections::{BTreeMap, BTreeSet};

/// Storeys whose heights differ by less are the same: half of the lowest storey that is built, and less.
const SAME_HEIGHT_M: f64 = 0.45;

/// Storeys of the earlier report in the later one.
#[derive(Clone, Debug, Default)]
pub(super) struct Storeys {
    new_of: BTreeMap<String, String>,
    /// How the base moved, metres.
    pub up_m: f64,
}

/// A storey: its name, and its height where a plan tells it.
type Known<'a> = BTreeMap<&'a str, (&'a str, Option<f64>)>;

impl Storeys {
    /// Finds them.
    pub(super) fn map(old: &Report, new: &Report) -> Self {
        let (old, new) = (known(old), known(new));
        let up_m = rise(&old, &new);
        let mut out = Self { new_of: BTreeMap::new(), up_m };
        let mut taken: BTreeSet<&str> = BTreeSet::new();
        type Same<'a> = &'a dyn Fn(&str, &str) -> bool;
        let tests: [Same<'_>; 3] = [
            &|a, b| a == b,
            &|a, b| near(&old, &new, a, b, up_m) && named(&old, a) == named(&new, b),
            &|a, b| near(&old, &new, a, b, up_m),
        ];
        for same in tests {
            for a in old.keys() {
                if out.new_of.contains_key(*a) {
                    continue;
                }
                if let Some(b) = new.keys().find(|b| !taken.contains(*b) && same(a, b)) {
                    taken.insert(b);
                    out.new_of.insert((*a).to_owned(), (*b).to_owned());
                }
            }
        }
        // heights are known of laid plans only: names tell the rest, where they are names of one storey
        for a in old.keys() {
            if out.new_of.contains_key(*a) {
                continue;
            }
            let mut same = new.keys().filter(|b| !taken.contains(*b) && named(&old, a) == named(&new, b));
            if let (Some(b), None) = (same.next(), same.next()) {
                let unknown =
                    old.get(a).is_some_and(|s| s.1.is_none()) || new.get(b).is_some_and(|s| s.1.is_none());
                if unknown {
                    taken.insert(b);
                    out.new_of.insert((*a).to_owned(), (*b).to_owned());
                }
            }
        }
        out
    }

    /// GlobalId in the later report.
    pub(super) fn new_of(&self, old: &str) -> Option<&str> {
        self.new_of.get(old).map(String::as_str)
    }
}

fn known(report: &Report) -> Known<'_> {
    let mut out = Known::new();
    for storey in report.findings.iter().filter_map(|f| f.storey.as_ref()) {
        out.insert(&storey.guid, (&storey.name, None));
    }
    for storey in report.plans.iter().flat_map(|p| &p.storeys) {
        out.insert(&storey.guid, (&storey.name, Some(storey.elevation_m).filter(|z| z.is_finite())));
    }
    out
}

fn named<'a>(storeys: &Known<'a>, guid: &str) -> Option<&'a str> {
    storeys.get(guid).map(|s| s.0)
}

fn near(old: &Known<'_>, new: &Known<'_>, a: &str, b: &str, up_m: f64) -> bool {
    match (old.get(a).and_then(|s| s.1), new.get(b).and_then(|s| s.1)) {
        (Some(za), Some(zb)) => (za + up_m - zb).abs() < SAME_HEIGHT_M,
        _ => false,
    }
}

/// How far the base rose: the shift under which most storeys lie on one another, those of one name or GlobalId
/// counting for more; none where it is as good.
fn rise(old: &Known<'_>, new: &Known<'_>) -> f64 {
    let mut candidates: Vec<f64> = vec![0.0];
    for (_, za) in old.values() {
        for (_, zb) in new.values() {
            candidates.extend(za.zip(*zb).map(|(a, b)| b - a));
        }
    }
    let score = |up: f64| -> f64 {
        let mut sum = 0.0;
        for (a, (name_a, za)) in old {
            let best = new.iter().filter_map(|(b, (name_b, zb))| {
                let off = (za.as_ref()? + up - zb.as_ref()?).abs();
                let weight = 1.0 + 0.5 * f64::from(u8::from(name_a == name_b)) + f64::from(u8::from(a == b));
                (off < SAME_HEIGHT_M).then_some(weight - off)
            });
            sum += best.fold(0.0, f64::max);
        }
        sum
    };
    let mut best = (score(0.0) + 1e-6, 0.0);
    for up in candidates {
        let s = score(up);
        if s > best.0 {
            best = (s, up);
        }
    }
    best.1
}
