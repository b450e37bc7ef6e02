//! The same element modelled twice: bodies of one class in one place; and a body inside another of its class.

use super::{Boxed, Check, Facts, Findings, Kind, Rule, Shapes, Text, boxed, metres, pairs, shown};
use crate::finding::Verdict;
use crate::geom::share_inside;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// See the file's head. `ask = "same"` or `"inside"`.
pub(in crate::checks) const CHECK: Check = Check {
    name: "duplicate",
    summary: "Is no element modelled twice, or inside another of its class?",
    run,
};

/// Volumes of one body differ by less than this share.
const VOLUME: f64 = 1e-3;

/// A body lies inside another where this share of it does.
const INSIDE: f64 = 0.95;

/// Bodies of a smaller volume are not asked about, m³.
const LEAST_M3: f64 = 1e-6;

/// Openings are cut twice in many models without harm; rooms have a rule of their own.
fn asked(kind: Kind) -> bool {
    !matches!(kind, Kind::Opening | Kind::Space)
}

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let Some(shapes) = facts.shapes else { return };
    let all = boxed(facts, shapes, |e| asked(e.kind));
    let inside = rule.params.get("ask").and_then(|a| a.as_str()) == Some("inside");
    if inside { contained(facts, rule, &all, findings) } else { same(facts, rule, &all, findings) }
}

/// Boxes to the tolerance, classes and volumes are one.
fn same(facts: &Facts<'_>, rule: &Rule, all: &[Boxed<'_>], findings: &mut Findings) {
    let Some(shapes) = facts.shapes else { return };
    let tolerance = metres(rule, "tolerance_mm", 1.0);
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut of: BTreeMap<usize, usize> = BTreeMap::new();
    for (i, j) in pairs(all, -tolerance) {
        let (Some(a), Some(b)) = (all.get(i), all.get(j)) else { continue };
        if a.element.class != b.element.class || !alike(a, b, tolerance) {
            continue;
        }
        let volume = |x: &Boxed<'_>| shapes.measures(x.at).map_or(0.0, |m| m.volume_m3);
        let (va, vb) = (volume(a), volume(b));
        if (va - vb).abs() > VOLUME * va.abs().max(vb.abs()).max(1e-9) {
            continue;
        }
        let group = match of.get(&i) {
            Some(&g) => g,
            None => {
                groups.push(vec![i]);
                of.insert(i, groups.len() - 1);
                groups.len() - 1
            }
        };
        if of.insert(j, group).is_none()
            && let Some(members) = groups.get_mut(group)
        {
            members.push(j);
        }
    }
    let twice: usize = groups.iter().map(|g| g.len() - 1).sum();
    findings.passed(rule, (all.len() - twice) as u64);
    for group in groups {
        let members: Vec<&Boxed<'_>> = group.iter().filter_map(|&i| all.get(i)).collect();
        let Some((first, others)) = members.split_first() else { continue };
        let values = [("count", Text::same(members.len().to_string()))];
        let names: Vec<_> = others.iter().filter_map(|o| facts.element_name(o.at)).collect();
        if let Some(finding) = findings.fail_element(facts, rule, first.at, "same", &values) {
            finding.elements.extend(names);
            finding.point_m = Some(first.extent.centre().into());
        }
        findings.failed_too(rule, others.len() as u64 - 1);
    }
}

fn alike(a: &Boxed<'_>, b: &Boxed<'_>, tolerance: f64) -> bool {
    let near = |p: crate::geom::Point3, q: crate::geom::Point3| {
        (p.x - q.x).abs() <= tolerance && (p.y - q.y).abs() <= tolerance && (p.z - q.z).abs() <= tolerance
    };
    near(a.extent.min, b.extent.min) && near(a.extent.max, b.extent.max)
}

fn contained(facts: &Facts<'_>, rule: &Rule, all: &[Boxed<'_>], findings: &mut Findings) {
    let Some(shapes) = facts.shapes else { return };
    let tolerance = metres(rule, "tolerance_mm", 1.0);
    let candidates: Vec<(usize, usize)> = pairs(all, tolerance)
        .into_iter()
        .filter_map(|(i, j)| {
            let (a, b) = (all.get(i)?, all.get(j)?);
            let model = facts.models.get(a.at.model as usize)?;
            let related = a.at.model == b.at.model
                && super::belongs(model, a.element, a.at.index, b.element, b.at.index);
            if a.element.class != b.element.class || alike(a, b, tolerance) || related {
                return None;
            }
            // the inner one first
            if holds(b, a, tolerance) { Some((i, j)) } else { holds(a, b, tolerance).then_some((j, i)) }
        })
        .collect();
    let found = lying_inside(shapes, all, candidates);
    findings.passed(rule, (all.len() - found.len()) as u64);
    for (inner, outer, verdict) in found {
        let (Some(a), Some(b)) = (all.get(inner), all.get(outer)) else { continue };
        let values = [("outer", Text::same(shown(b.element)))];
        let name = facts.element_name(b.at);
        let case = match verdict {
            Verdict::Fail => "inside",
            Verdict::Undecided => "untold",
        };
        if let Some(finding) = findings.say_of(facts, rule, verdict, a.at, case, &values) {
            finding.elements.extend(name);
            finding.point_m = Some(a.extent.centre().into());
        }
    }
}

/// Those of the pairs (inner, outer) whose bodies lie in one another as their boxes do, or of which that cannot be told;
/// each inner one once. By the outer one, whose mesh is made once.
fn lying_inside(
    shapes: &Shapes<'_>,
    all: &[Boxed<'_>],
    candidates: Vec<(usize, usize)>,
) -> Vec<(usize, usize, Verdict)> {
    let solid = |i: usize| {
        let at = all.get(i)?.at;
        shapes.measures(at).filter(|m| m.closed && m.volume_m3 > LEAST_M3)?;
        shapes.solid(at)
    };
    let mut by_outer: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    candidates.into_iter().for_each(|(inner, outer)| by_outer.entry(outer).or_default().push(inner));
    let of_outer = |(outer, inners): (usize, Vec<usize>)| -> Vec<(usize, usize, Verdict)> {
        let Some(b) = solid(outer) else { return Vec::new() };
        let lies = |inner: usize| {
            let a = solid(inner)?;
            match share_inside(&a.mesh, &b.mesh) {
                Some(share) if share > INSIDE => Some((inner, outer, Verdict::Fail)),
                Some(_) => None,
                None => Some((inner, outer, Verdict::Undecided)),
            }
        };
        inners.into_iter().filter_map(lies).collect()
    };
    let found: Vec<Vec<(usize, usize, Verdict)>> = by_outer.into_par_iter().map(of_outer).collect();
    let mut found: Vec<_> = found.into_iter().flatten().collect();
    found.sort_by_key(|&(inner, outer, verdict)| (inner, verdict == Verdict::Undecided, outer));
    found.dedup_by_key(|f| f.0);
    found
}

/// The box of one holds the box of the other.
fn holds(outer: &Boxed<'_>, inner: &Boxed<'_>, by: f64) -> bool {
    let (o, i) = (&outer.extent, &inner.extent);
    o.min.x <= i.min.x + by
        && o.min.y <= i.min.y + by
        && o.min.z <= i.min.z + by
        && o.max.x >= i.max.x - by
        && o.max.y >= i.max.y - by
        && o.max.z >= i.max.z - by
}
