//! Bodies that stand in one another, and bodies that stand in the clear space of another, by pairs of classes. Touching is
//! no clash, nor are elements that belong together. One element that meets many is one finding.
//!
//! `pairs` is a list of `{ a, b, depth_mm }` (hard) or `{ a, b, clear_mm }` (clearance around `a`, in plan).

use super::Value;
use super::shared_part::shared_part;
use super::{Boxed, Check, Facts, Findings, Kind, Rule, Text, boxed, metres, mm, overlap, pairs, shown};
use crate::geom::{Box3, BoxStack, Point3};
use crate::ifc::model::ElementRef;
use rayon::prelude::*;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// See the file's head. `ask = "hard"` or `"clearance"`.
pub(in crate::checks) const CHECK: Check =
    Check { name: "clash", summary: "Do no bodies stand in one another, or in clear space?", run };

/// Pairs that are cut; a model with more boxes in one another is told as open.
const PAIRS: usize = 200_000;

/// Counterparts named in a message.
const NAMED: usize = 3;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair {
    a: String,
    b: String,
    #[serde(default)]
    depth_mm: f64,
    #[serde(default)]
    clear_mm: f64,
}

/// Two elements that meet: by their numbers, how deep, where.
type Hit = (usize, usize, f64, Point3);

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let Some(shapes) = facts.shapes else { return };
    let matrix: Vec<Pair> =
        rule.params.get("pairs").cloned().and_then(|p| p.try_into().ok()).unwrap_or_default();
    let all = boxed(facts, shapes, |e| !matches!(e.kind, Kind::Opening | Kind::Space));
    let of = Classes::of(facts, &matrix, &all);
    let soft = rule.params.get("ask").and_then(|a| a.as_str()) == Some("clearance");
    let hits = if soft {
        near(facts, &matrix, &all, &of)
    } else {
        match meeting(facts, &all, &of, metres(rule, "touching_mm", 5.0)) {
            Some(hits) => hits,
            None => {
                let values = [("limit", Text::same(PAIRS.to_string()))];
                findings.say(rule, super::Verdict::Undecided, "IfcProject", "many", &values);
                return;
            }
        }
    };
    let involved: BTreeSet<usize> = hits.iter().flat_map(|h| [h.0, h.1]).collect();
    let asked = of.asked(&all);
    findings.passed(rule, asked.saturating_sub(involved.len()) as u64);
    tell(facts, rule, &all, hits, findings);
}

/// Which pairs of the matrix elements are, told by their classes.
struct Classes<'m> {
    /// By element, a number for its class.
    number: Vec<usize>,
    /// By two of these numbers: the pair, where there is one, and whether the second element is its first class.
    pairs: Vec<Vec<Option<(&'m Pair, bool)>>>,
}

impl<'m> Classes<'m> {
    fn of(facts: &Facts<'_>, matrix: &'m [Pair], all: &[Boxed<'_>]) -> Self {
        let names: BTreeSet<&str> = matrix.iter().flat_map(|p| [p.a.as_str(), p.b.as_str()]).collect();
        let mut numbers: BTreeMap<(u32, &str), usize> = BTreeMap::new();
        let mut are: Vec<BTreeSet<&str>> = Vec::new();
        let mut number = Vec::with_capacity(all.len());
        for b in all {
            let known = numbers.entry((b.at.model, b.element.class)).or_insert_with(|| {
                let model = facts.models.get(b.at.model as usize);
                let is = |c: &&str| model.is_some_and(|m| m.is_a(b.element, c));
                are.push(names.iter().copied().filter(is).collect());
                are.len() - 1
            });
            number.push(*known);
        }
        let pairs = are.iter().map(|a| are.iter().map(|b| rule_of(matrix, a, b)).collect()).collect();
        Self { number, pairs }
    }

    fn pair(&self, a: usize, b: usize) -> Option<(&'m Pair, bool)> {
        *self.pairs.get(*self.number.get(a)?)?.get(*self.number.get(b)?)?
    }

    /// The element is the first of some pair.
    fn begins(&self, a: usize) -> bool {
        let row = self.number.get(a).and_then(|&n| self.pairs.get(n));
        row.is_some_and(|r| r.iter().any(|p| matches!(p, Some((_, false)))))
    }

    /// Elements that the matrix asks for.
    fn asked(&self, all: &[Boxed<'_>]) -> usize {
        let named = |i: &usize| {
            let row = self.number.get(*i).and_then(|&n| self.pairs.get(n));
            row.is_some_and(|r| r.iter().any(Option::is_some))
        };
        (0..all.len()).filter(named).count()
    }
}

/// The pair of the matrix that two classes are.
fn rule_of<'m>(matrix: &'m [Pair], a: &BTreeSet<&str>, b: &BTreeSet<&str>) -> Option<(&'m Pair, bool)> {
    matrix.iter().find_map(|p| {
        if a.contains(p.a.as_str()) && b.contains(p.b.as_str()) {
            Some((p, false))
        } else {
            (b.contains(p.a.as_str()) && a.contains(p.b.as_str())).then_some((p, true))
        }
    })
}

/// A box with clear space around it in plan.
fn grown(b: &Box3, by: f64) -> Box3 {
    let by = Point3::new(by, by, 0.0);
    Box3 { min: b.min - by, max: b.max + by }
}

fn related(facts: &Facts<'_>, a: &Boxed<'_>, b: &Boxed<'_>) -> bool {
    a.at.model == b.at.model
        && facts
            .models
            .get(a.at.model as usize)
            .is_some_and(|m| super::belongs(m, a.element, a.at.index, b.element, b.at.index))
}

/// Solids that have something in common. None where there are too many to be cut.
fn meeting(facts: &Facts<'_>, all: &[Boxed<'_>], of: &Classes<'_>, touching: f64) -> Option<Vec<Hit>> {
    let shapes = facts.shapes?;
    let mut candidates: BTreeMap<usize, Vec<(usize, f64)>> = BTreeMap::new();
    let mut count = 0;
    for (i, j) in pairs(all, touching) {
        let (Some(a), Some(b), Some((pair, _))) = (all.get(i), all.get(j), of.pair(i, j)) else { continue };
        if !related(facts, a, b) {
            candidates.entry(i).or_default().push((j, (pair.depth_mm / 1000.0).max(touching)));
            count += 1;
        }
    }
    if count > PAIRS {
        return None;
    }
    let rows: Vec<(usize, Vec<(usize, f64)>)> = candidates.into_iter().collect();
    let hits: Vec<Vec<Hit>> = rows
        .par_iter()
        .map(|(i, others)| {
            let Some(a) = all.get(*i).and_then(|a| shapes.solid(a.at)) else { return Vec::new() };
            let hit = |&(j, depth): &(usize, f64)| {
                let b = shapes.solid(all.get(j)?.at)?;
                let found = shared_part(shapes, &a, &b, depth)?;
                Some((*i, j, found.depth, found.point))
            };
            others.iter().filter_map(hit).collect()
        })
        .collect();
    Some(hits.into_iter().flatten().collect())
}

/// Boxes that come nearer than is clear.
fn near(facts: &Facts<'_>, matrix: &[Pair], all: &[Boxed<'_>], of: &Classes<'_>) -> Vec<Hit> {
    let widest = matrix.iter().map(|p| p.clear_mm / 1000.0).fold(0.0, f64::max);
    let index = BoxStack::new(all.iter().map(|b| b.extent).collect());
    let mut hits = Vec::new();
    for (i, a) in all.iter().enumerate().filter(|(i, _)| of.begins(*i)) {
        for j in index.touching(&grown(&a.extent, widest)) {
            let Some((pair, false)) = of.pair(i, j).filter(|_| i != j) else { continue };
            let Some(b) = all.get(j) else { continue };
            let [x, y, z] = overlap(&a.extent, &b.extent);
            let apart = (-x).max(0.0).hypot((-y).max(0.0));
            if z > 0.0 && apart < pair.clear_mm / 1000.0 && !related(facts, a, b) {
                hits.push((i, j, apart, b.extent.centre()));
            }
        }
    }
    hits.sort_by_key(|h| (h.0, h.1));
    hits
}

/// The element with most counterparts takes all of its own; then the next.
fn tell(facts: &Facts<'_>, rule: &Rule, all: &[Boxed<'_>], mut hits: Vec<Hit>, findings: &mut Findings) {
    while !hits.is_empty() {
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for hit in &hits {
            *counts.entry(hit.0).or_default() += 1;
            *counts.entry(hit.1).or_default() += 1;
        }
        let key = |i: usize| all.get(i).map(|b| b.element.guid.clone());
        let Some((&main, _)) = counts.iter().max_by(|a, b| a.1.cmp(b.1).then(key(*b.0).cmp(&key(*a.0))))
        else {
            return;
        };
        let (own, rest): (Vec<Hit>, Vec<Hit>) = hits.into_iter().partition(|h| h.0 == main || h.1 == main);
        hits = rest;
        one(facts, rule, all, main, &own, findings);
    }
}

fn one(facts: &Facts<'_>, rule: &Rule, all: &[Boxed<'_>], main: usize, own: &[Hit], findings: &mut Findings) {
    let Some(element) = all.get(main) else { return };
    let other = |h: &Hit| if h.0 == main { h.1 } else { h.0 };
    let deepest = own.iter().map(|h| h.2).fold(f64::NEG_INFINITY, f64::max);
    let nearest = own.iter().map(|h| h.2).fold(f64::INFINITY, f64::min);
    let others: Vec<ElementRef> = own.iter().filter_map(|h| all.get(other(h))).map(|b| b.at).collect();
    let mut names: Vec<String> =
        own.iter().take(NAMED).filter_map(|h| all.get(other(h))).map(|b| shown(b.element)).collect();
    if own.len() > NAMED {
        names.push("…".into());
    }
    let values = [
        ("others", Text::same(names.join(", "))),
        ("count", Text::same(own.len().to_string())),
        ("depth", mm(deepest)),
        ("distance", mm(nearest)),
    ];
    let elements: Vec<_> = others.iter().filter_map(|&o| facts.element_name(o)).collect();
    let case = if own.len() == 1 { "one" } else { "many-of-one" };
    let point = own.iter().max_by(|a, b| a.2.total_cmp(&b.2)).map(|h| h.3);
    if let Some(finding) = findings.fail_element(facts, rule, element.at, case, &values) {
        finding.elements.extend(elements);
        finding.point_m = point.map(Into::into);
        finding.measured = Some(Value::Number(deepest * 1000.0));
        finding.unit = Some("mm".into());
    }
    findings.failed_too(rule, own.len() as u64 - 1);
}
