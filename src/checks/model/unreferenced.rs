//! Records of the resource layer belong to something: from every IfcRoot on, over all references and over the few inverse
//! ones that lead to styles, layers, contexts and properties, everything must be reached (buildingSMART, IFC106).

use super::{Check, Facts, Findings, Rule, Text, Verdict};
use crate::ifc::step::{Record, StepFile, Value};
use std::collections::BTreeMap;

/// See the file's head.
pub(in crate::checks) const CHECK: Check =
    Check { name: "unreferenced", summary: "Is every record of the file reached from an object?", run };

/// Entities that point at what they belong to, and the attribute that they do it by.
const POINT_BACK: &[(&str, &str)] = &[
    ("IfcStyledItem", "Item"),
    ("IfcPresentationLayerAssignment", "AssignedItems"),
    ("IfcCoordinateOperation", "SourceCRS"),
    ("IfcGeometricRepresentationSubContext", "ParentContext"),
    ("IfcMaterialProperties", "Material"),
    ("IfcProfileProperties", "ProfileDefinition"),
    ("IfcMaterialDefinitionRepresentation", "RepresentedMaterial"),
    ("IfcIndexedColourMap", "MappedTo"),
    ("IfcIndexedTextureMap", "MappedTo"),
    ("IfcShapeAspect", "PartOfProductDefinitionShape"),
    ("IfcWellKnownText", "CoordinateReferenceSystem"),
];

/// Nested lists of one record are looked into this deep; real ones have two levels.
const NESTED: usize = 8;

/// Classes named in the message.
const SHOWN: usize = 12;

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    for model in facts.models {
        let Some(step) = model.step() else { continue };
        let (reached, loose) = walk(step);
        findings.passed(rule, reached);
        let count: u64 = loose.values().map(|l| l.0).sum();
        if count == 0 {
            continue;
        }
        let what: Vec<String> =
            loose.iter().map(|(class, (count, first))| format!("{count} {class} (#{first})")).collect();
        let more = if what.len() > SHOWN { ", …" } else { "" };
        let shown = what.into_iter().take(SHOWN).collect::<Vec<_>>().join(", ") + more;
        let values = [
            ("file", Text::same(&model.file)),
            ("count", Text::same(count.to_string())),
            ("what", Text::same(shown)),
        ];
        findings.say(rule, Verdict::Fail, "IfcProject", "loose", &values).mark = Some(model.file.clone());
        findings.failed_too(rule, count - 1);
    }
}

/// Number of resource records that are reached, and those that are not: by class, their number and the first.
fn walk(step: &StepFile) -> (u64, BTreeMap<&'static str, (u64, u32)>) {
    let width = step.records().last().map_or(0, |r| r.id as usize + 1);
    let mut seen = vec![false; width];
    let mut open: Vec<u32> = Vec::new();
    let mut back: Vec<(u32, u32)> = Vec::new();
    for &(entity, attribute) in POINT_BACK {
        back.extend(step.links(entity, attribute, "").pairs());
    }
    // relations of the resource layer are reached from either side and lead nowhere
    for relation in step.records_of("IfcResourceLevelRelationship") {
        each_reference(relation, |id| back.push((id, relation.id)));
    }
    back.sort_unstable();
    let mark = |id: u32, seen: &mut Vec<bool>, open: &mut Vec<u32>| {
        if let Some(s) = seen.get_mut(id as usize)
            && !*s
        {
            *s = true;
            open.push(id);
        }
    };
    for id in step.ids_of_subtypes("IfcRoot") {
        mark(id, &mut seen, &mut open);
    }
    let relations = step.schema().subtypes("IfcResourceLevelRelationship");
    while let Some(id) = open.pop() {
        let from = back.partition_point(|p| p.0 < id);
        for &(_, to) in back.iter().skip(from).take_while(|p| p.0 == id) {
            mark(to, &mut seen, &mut open);
        }
        let Some(record) = step.record(id) else { continue };
        if !relations.contains(&record.entity) {
            each_reference(record, |to| mark(to, &mut seen, &mut open));
        }
    }
    let mut reached = 0;
    let mut loose: BTreeMap<&'static str, (u64, u32)> = BTreeMap::new();
    let roots = step.schema().subtypes("IfcRoot");
    let root = |r: &Record<'_>| roots.binary_search(&r.entity).is_ok();
    for record in step.records().filter(|r| !r.class().is_empty() && !root(r)) {
        if seen.get(record.id as usize) == Some(&true) {
            reached += 1;
        } else {
            loose.entry(record.class()).or_insert((0, record.id)).0 += 1;
        }
    }
    (reached, loose)
}

/// Every record number in the arguments of a record, lists in lists included.
fn each_reference(record: Record<'_>, mut found: impl FnMut(u32)) {
    let mut lists: Vec<(crate::ifc::step::Values<'_>, usize)> = vec![(record.args(), 0)];
    while let Some((values, depth)) = lists.pop() {
        for value in values {
            match value {
                Value::Ref(id) => found(id),
                Value::List(list) if depth < NESTED => lists.push((list.iter(), depth + 1)),
                _ => {}
            }
        }
    }
}
