//! The second upload: which findings of an earlier report are fixed, still open, new, or were not checked again.
//!
//! Fingerprints come first, with files under their later names. Where an export changed every GlobalId, renamed the
//! storeys or moved the origin, findings
//! are laid over one another: storeys by name and height, then one shift of the origin that most findings agree on,
//! then rule, class, side, storey and place.

mod files;
mod pairs;
mod shift;
mod storeys;

use super::{Previous, Report};
use crate::error::{Error, Result};
use crate::finding::Finding;
use crate::place::Place;
use std::collections::{BTreeMap, BTreeSet};
use storeys::Storeys;

/// What became of the findings of two reports.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Diff {
    /// Findings in both: positions in the earlier and the later report.
    pub open: Vec<(usize, usize)>,
    /// Positions in the later report.
    pub new: Vec<usize>,
    /// Positions in the earlier report.
    pub fixed: Vec<usize>,
    /// Positions in the earlier report: their rule, plan or storey was not checked this time.
    pub not_rechecked: Vec<usize>,
    /// How the origin moved from the earlier to the later, in metres, where it did.
    pub shift_m: [f64; 3],
}

/// Reads a report that tumo wrote.
///
/// # Errors
/// When it is no report, or one of a later schema.
pub fn read(file: &str, bytes: &[u8]) -> Result<Report> {
    let wrong = |what: String| Error::read(Place::file(file), what);
    let report: Report = serde_json::from_slice(bytes)
        .map_err(|e| wrong(format!("is no report of tumo ({e}); write one with --format json")))?;
    if report.schema > super::SCHEMA {
        return Err(Error::Unsupported {
            place: Place::file(file),
            what: format!("report schema {}", report.schema),
            instead: "use the tumo that wrote it, or a later one".into(),
        });
    }
    Ok(report)
}

/// Holds a later report against an earlier one.
pub fn diff(old: &Report, new: &Report) -> Diff {
    let storeys = Storeys::map(old, new);
    let earlier = files::under_later_names(old, new);
    let mut matched = pairs::by_fingerprint(&earlier, &new.findings);
    let shift = shift::estimate(&earlier, &new.findings, &matched, &storeys);
    pairs::by_place(&earlier, &new.findings, &storeys, shift, &mut matched);
    let mut out = Diff { shift_m: shift, ..Diff::default() };
    let asked = Asked::of(new);
    for (n, finding) in old.findings.iter().enumerate() {
        match matched.new_of.get(&n) {
            Some(later) => out.open.push((n, *later)),
            None if asked.again(finding, &storeys) => out.fixed.push(n),
            None => out.not_rechecked.push(n),
        }
    }
    let open: BTreeSet<usize> = out.open.iter().map(|(_, later)| *later).collect();
    out.new = (0..new.findings.len()).filter(|n| !open.contains(n)).collect();
    out
}

/// Holds a report against an earlier one and writes down in it what came out: `status` of each finding, `previous`.
pub fn apply(new: &mut Report, old: &Report) -> Diff {
    let diff = diff(old, new);
    for finding in &mut new.findings {
        finding.status = Some("new".into());
    }
    for (_, later) in &diff.open {
        if let Some(finding) = new.findings.get_mut(*later) {
            finding.status = Some("open".into());
        }
    }
    let ids = |positions: &[usize]| {
        positions.iter().filter_map(|n| old.findings.get(*n)).map(|f| f.id.clone()).collect()
    };
    new.previous = Some(Previous {
        fixed: ids(&diff.fixed),
        open: diff.open.len() as u64,
        new: diff.new.len() as u64,
        not_rechecked: ids(&diff.not_rechecked),
    });
    diff
}

/// What the later run looked at.
struct Asked<'a> {
    rules: BTreeSet<&'a str>,
    laid: BTreeSet<&'a str>,
}

impl<'a> Asked<'a> {
    fn of(report: &'a Report) -> Self {
        let rules = report.rules.iter().filter(|r| {
            let t = &r.tally;
            t.passed + t.failed + t.undecided + t.not_applicable > 0
        });
        let laid = report.plans.iter().filter(|p| p.transform.m.is_some());
        Self {
            rules: rules.map(|r| r.id.as_str()).collect(),
            laid: laid.flat_map(|p| &p.storeys).map(|s| s.guid.as_str()).collect(),
        }
    }

    /// Whether a finding would have been found again: its rule was asked, and for a comparison a plan lay on its storey.
    fn again(&self, old: &Finding, storeys: &Storeys) -> bool {
        if !self.rules.contains(old.rule.as_str()) {
            return false;
        }
        if old.side.is_none() && old.drawn.is_empty() {
            return true;
        }
        match &old.storey {
            Some(storey) => storeys.new_of(&storey.guid).is_some_and(|guid| self.laid.contains(guid)),
            None => !self.laid.is_empty(),
        }
    }
}

/// Findings that are the same, by their positions.
#[derive(Clone, Debug, Default)]
struct Matched {
    new_of: BTreeMap<usize, usize>,
    old_of: BTreeMap<usize, usize>,
}

impl Matched {
    fn add(&mut self, old: usize, new: usize) {
        self.new_of.insert(old, new);
        self.old_of.insert(new, old);
    }
}
