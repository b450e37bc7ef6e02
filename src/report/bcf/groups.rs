//! Findings become topics: those of one rule, on one storey, from one cause together.

use super::{Photographer, Shot};
use crate::finding::{Finding, Severity, Verdict};
use crate::geom::{Box2, Point2, Point3};
use crate::report::plain::{tame, tame_to};
use crate::report::row::{headline, urgency};
use crate::report::words::filled;
use crate::report::{Report, github, shown};
use crate::wording::Language;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use uuid::Uuid;

/// Findings of one topic; the rest of the group goes on in another topic.
pub(super) const PER_TOPIC: usize = 50;
/// Topics of a file: more is read by nobody. What is beyond is told in a topic of its own.
const TOPICS: usize = 200;
/// Close-ups are drawn for so many topics, the most urgent; the others show their whole plan.
const CLOSE_UPS: usize = 24;
/// Namespace of tumo's GUIDs: UUIDv5 of `tumo.finding` under the URL namespace.
const NAMESPACE: Uuid = Uuid::from_u128(0x6ba7_b811_9dad_11d1_80b4_00c0_4fd4_30c8);

/// Findings that are told in one topic, and where they are.
pub(super) struct Group<'a> {
    pub guid: String,
    pub title: String,
    pub findings: Vec<&'a Finding>,
    /// World floor height of the storey, where known.
    pub floor: Option<f64>,
    /// Where the first finding is.
    pub target: Option<Point3>,
    /// What encloses all of them.
    pub extent: Box2,
    pub overlay: Option<usize>,
    /// The finding that these follow from.
    pub parent: Option<&'a str>,
}

/// A GUID that is the same in every run.
pub(super) fn guid(name: &str) -> String {
    Uuid::new_v5(&NAMESPACE, format!("tumo:{name}").as_bytes()).hyphenated().to_string()
}

/// The topics, the most urgent first, and how many findings are beyond the limit.
pub(super) fn groups<'a>(report: &'a Report, language: Language) -> (Vec<Group<'a>>, usize) {
    let causes: BTreeSet<&str> = report.findings.iter().filter_map(|f| f.parent.as_deref()).collect();
    let mut by_key: BTreeMap<(u8, &str, &str, &str), Vec<&Finding>> = BTreeMap::new();
    for finding in &report.findings {
        let storey = finding.storey.as_ref().map_or("", |s| s.guid.as_str());
        let cause = match &finding.parent {
            Some(parent) => parent.as_str(),
            // a cause is a topic of its own, to which those that follow from it refer
            None if causes.contains(finding.id.as_str()) => &finding.id,
            None => "",
        };
        by_key.entry((urgency(finding), &finding.rule, storey, cause)).or_default().push(finding);
    }
    let mut out = Vec::new();
    let mut cut = 0;
    for ((urgency, rule, storey, cause), findings) in by_key {
        let parts = findings.len().div_ceil(PER_TOPIC);
        for (part, findings) in findings.chunks(PER_TOPIC).enumerate() {
            if out.len() == TOPICS {
                cut += findings.len();
                continue;
            }
            let guid = guid(&format!("{urgency}/{rule}/{storey}/{cause}/{part}"));
            let mut topic = group(report, guid, findings, language);
            if parts > 1 {
                // topics of one group are told apart in a list of titles
                topic.title.push_str(&format!(" ({}/{parts})", part + 1));
            }
            out.push(topic);
        }
    }
    (out, cut)
}

fn group<'a>(report: &'a Report, guid: String, findings: &[&'a Finding], language: Language) -> Group<'a> {
    let first = findings.first();
    let storey = first.and_then(|f| f.storey.as_ref());
    let floor = storey.and_then(|s| {
        let mut storeys = report.plans.iter().flat_map(|p| &p.storeys);
        storeys.find(|r| r.guid == s.guid).map(|r| r.elevation_m).filter(|z| z.is_finite())
    });
    let places: Vec<(Option<usize>, Point3)> =
        findings.iter().filter_map(|f| place(report, f, floor)).collect();
    let extent = Box2::around(places.iter().map(|(_, p)| Point2::new(p.x, p.y)));
    Group {
        guid,
        title: first.map(|f| title(report, f, findings.len(), language)).unwrap_or_default(),
        floor,
        target: places.first().map(|(_, p)| *p),
        extent,
        overlay: places.iter().find_map(|(o, _)| *o),
        parent: first.and_then(|f| f.parent.as_deref()),
        findings: findings.to_vec(),
    }
}

/// On which overlay and where in the world a finding is.
fn place(report: &Report, finding: &Finding, floor: Option<f64>) -> Option<(Option<usize>, Point3)> {
    let z = finding.point_m.map(|p| p[2]).filter(|z| z.is_finite()).or(floor).unwrap_or_default();
    if let Some((overlay, p)) = shown(report, finding) {
        return Some((Some(overlay), Point3::new(p.x, p.y, z)));
    }
    let [x, y, _] = finding.point_m?;
    let p = Point3::new(x, y, z);
    p.is_finite().then_some((None, p))
}

/// `class – name – reason – GlobalId` of one finding, a count and the rule's title of several: lists of topics show
/// little else.
fn title(report: &Report, first: &Finding, count: usize, language: Language) -> String {
    if count > 1 {
        return format!("{} – {}", tame(&first.class), github::group_title(report, first, count, language));
    }
    let head = tame_to(&headline(first, language), 200);
    match first.elements.first() {
        Some(element) => format!("{head} – {}", tame(&element.guid)),
        None => head,
    }
}

/// What a topic's description says: each finding in a line, then what to do.
pub(super) fn description(group: &Group<'_>, language: Language) -> String {
    let mut lines = Vec::new();
    for finding in &group.findings {
        let mut line = headline(finding, language);
        if let Some(axis) = &finding.axis {
            line.push_str(&format!(" [{}]", tame(axis)));
        }
        for element in finding.elements.iter().take(3) {
            line.push_str(&format!(" {}", tame(&element.guid)));
        }
        for drawn in finding.drawn.iter().take(1) {
            let handle = drawn.handle.as_deref().map(|h| format!(":{}", tame(h))).unwrap_or_default();
            line.push_str(&format!(" ({}{handle})", tame(&drawn.drawing)));
        }
        lines.push(line);
    }
    let fixes: BTreeSet<String> = group.findings.iter().map(|f| tame(f.fix.get(language))).collect();
    for fix in fixes.into_iter().filter(|f| !f.is_empty()).take(5) {
        lines.push(filled("bcf.fix", language, &[("fix", &fix)]));
    }
    lines.join("\n")
}

/// Type of a topic, as BCF tools list it.
pub(super) const fn kind(finding: &Finding) -> &'static str {
    match (finding.verdict, finding.severity) {
        (Verdict::Undecided, _) => "Undecided",
        (Verdict::Fail, Severity::Gate | Severity::Error) => "Error",
        (Verdict::Fail, Severity::Warning) => "Warning",
        (Verdict::Fail, Severity::Info) => "Info",
    }
}

/// A close-up and the whole plan of each topic. Equal pictures are drawn once.
pub(super) fn pictures(
    report: &Report,
    groups: &[Group<'_>],
    picture: &Photographer<'_>,
) -> Vec<[Option<Arc<Vec<u8>>>; 2]> {
    let whole: Vec<Option<Arc<Vec<u8>>>> = (0..report.overlays.len())
        .into_par_iter()
        .map(|n| {
            let used = groups.iter().any(|g| g.overlay == Some(n));
            let shot = Shot { overlay: Some(n), finding: None, title: "" };
            used.then(|| picture(&shot).map(Arc::new)).flatten()
        })
        .collect();
    groups
        .par_iter()
        .enumerate()
        .map(|(n, group)| {
            let plan = group.overlay.and_then(|o| whole.get(o).cloned().flatten());
            let first = group.findings.first().copied().filter(|_| group.target.is_some());
            let finding = first.filter(|_| n < CLOSE_UPS || plan.is_none());
            let near = match (finding, &plan) {
                (None, Some(plan)) => Some(Arc::clone(plan)),
                _ => picture(&Shot { overlay: group.overlay, finding, title: &group.title }).map(Arc::new),
            };
            let plan = plan.or_else(|| near.clone());
            [near, plan]
        })
        .collect()
}
