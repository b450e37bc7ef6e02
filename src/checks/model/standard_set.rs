//! Sets whose names begin as buildingSMART's do (`Pset_`, `Qto_`) are those of the standard: by name, with its
//! properties, of their types, at the classes that the standard names.
//!
//! The same slip stands at every occurrence, so it is told once per set, with the number of sets that have it.

use super::{Check, Facts, Findings, Rule, Text, Verdict};
use crate::ifc::schema::Schema;
use crate::ifc::sets::{StandardSet, Stands, standard};
use crate::ifc::step::{Record, StepFile, Value};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// See the file's head.
pub(in crate::checks) const CHECK: Check = Check {
    name: "standard_set",
    summary: "Are property and quantity sets with standard names those of the standard?",
    run,
};

/// Slips: case, name of the set, what is meant → number of sets, first record.
type Slips = BTreeMap<(&'static str, String, String), (u64, u32)>;

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let quantities = rule.params.get("quantities").and_then(toml::Value::as_bool).unwrap_or(false);
    let (class, prefix) =
        if quantities { ("IfcElementQuantity", "Qto_") } else { ("IfcPropertySet", "Pset_") };
    for model in facts.models {
        let Some(step) = model.step() else { continue };
        let looked: Vec<(u64, Slips)> = step
            .ids_of(class)
            .par_chunks(512)
            .map(|share| {
                let (mut passed, mut slips) = (0, Slips::new());
                for set in share.iter().filter_map(|&id| step.record(id)) {
                    let Some(name) = set.attribute("Name").text().filter(|n| n.starts_with(prefix)) else {
                        continue;
                    };
                    let found = look(step, set, &name, quantities);
                    passed += u64::from(found.is_empty());
                    for (case, what) in found {
                        slips.entry((case, name.clone(), what)).or_insert((0, set.id)).0 += 1;
                    }
                }
                (passed, slips)
            })
            .collect();
        let mut all = Slips::new();
        for (passed, slips) in looked {
            findings.passed(rule, passed);
            for (key, (count, first)) in slips {
                all.entry(key).or_insert((0, first)).0 += count;
            }
        }
        tell(rule, &model.file, class, all, findings);
    }
}

/// One finding per case and set, with all that is meant.
fn tell(rule: &Rule, file: &str, class: &str, slips: Slips, findings: &mut Findings) {
    let mut told: BTreeMap<(&str, String), (Vec<String>, u64, u32)> = BTreeMap::new();
    for ((case, set, what), (count, first)) in slips {
        let entry = told.entry((case, set)).or_insert((Vec::new(), 0, first));
        entry.0.push(what);
        entry.1 = entry.1.max(count);
    }
    for ((case, set), (what, count, first)) in told {
        let values = [
            ("file", Text::same(file)),
            ("set", Text::same(&set)),
            ("what", Text::same(what.join(", "))),
            ("count", Text::same(count.to_string())),
            ("id", Text::same(first.to_string())),
        ];
        findings.say(rule, Verdict::Fail, class, case, &values).mark = Some(format!("{file} {set} {case}"));
        findings.failed_too(rule, count.saturating_sub(1));
    }
}

/// What is wrong about a set: case, and what is meant.
fn look(step: &StepFile, set: Record<'_>, name: &str, quantities: bool) -> Vec<(&'static str, String)> {
    let schema = step.schema();
    let Some(known) = standard(schema.edition).get(name) else {
        return vec![("unknown-set", String::new())];
    };
    let mut found = Vec::new();
    for property in set.follow_all(if quantities { "Quantities" } else { "HasProperties" }) {
        let own = property.attribute("Name").text().unwrap_or_default();
        let Some(definition) = known.property(&own) else {
            found.push(("unknown-property", own));
            continue;
        };
        let (types, items) = (&definition.types, &definition.items);
        match property.class() {
            "IfcPropertySingleValue" if !items.is_empty() => found.push(("kind", own)),
            "IfcPropertySingleValue" => {
                if let Value::Typed(value) = property.attribute("NominalValue")
                    && !types.is_empty()
                    && !types.iter().any(|t| is_type(schema, value.keyword, t))
                {
                    found.push(("type", format!("{own}: {} ({})", value.keyword, types.join("/"))));
                }
            }
            "IfcPropertyEnumeratedValue" if !items.is_empty() => {
                let mut values = property.attribute("EnumerationValues").list().filter_map(Value::text);
                if let Some(odd) = values.find(|v| !items.contains(&v.as_str())) {
                    found.push(("item", format!("{own}: {odd}")));
                }
            }
            quantity if quantities && types.first().is_some_and(|t| !measures(quantity, t)) => {
                found.push(("kind", own));
            }
            _ => {}
        }
    }
    bearers(step, set, known, quantities, &mut found);
    found
}

/// A keyword of the file is that type.
fn is_type(_: &Schema, keyword: &str, name: &str) -> bool {
    keyword.eq_ignore_ascii_case(name)
}

/// A class of quantities holds values of that measure.
fn measures(class: &str, measure: &str) -> bool {
    let of = match measure {
        "IfcLengthMeasure" => "IfcQuantityLength",
        "IfcAreaMeasure" => "IfcQuantityArea",
        "IfcVolumeMeasure" => "IfcQuantityVolume",
        "IfcCountMeasure" => "IfcQuantityCount",
        "IfcMassMeasure" => "IfcQuantityWeight",
        "IfcTimeMeasure" => "IfcQuantityTime",
        _ => return true,
    };
    class == of
}

/// Who bears the set: occurrences by relation, types by relation or by their own list.
fn bearers(
    step: &StepFile,
    set: Record<'_>,
    known: &StandardSet,
    quantities: bool,
    found: &mut Vec<(&'static str, String)>,
) {
    let relations = step.links("IfcRelDefinesByProperties", "RelatingPropertyDefinition", "RelatedObjects");
    let types = step.links("IfcTypeObject", "HasPropertySets", "");
    let mut seen = Vec::new();
    for bearer in relations.of(set.id).chain(types.of(set.id)).filter_map(|id| step.record(id)) {
        let of_type = bearer.is_a("IfcTypeObject");
        let stands = match known.stands {
            Stands::Anywhere => true,
            Stands::AtTypes => of_type,
            Stands::AtOccurrences | Stands::AtHistories => !of_type,
        };
        if !stands {
            found.push(("place", bearer.class().to_owned()));
            continue;
        }
        let predefined = predefined_type(step, bearer);
        if seen.contains(&(bearer.entity, predefined.clone())) {
            continue;
        }
        if !meant(step.schema(), bearer, predefined.as_deref(), known) {
            let kind = predefined.as_deref().map(|p| format!(".{p}")).unwrap_or_default();
            found.push(("class", format!("{}{kind}", bearer.class())));
        }
        seen.push((bearer.entity, predefined));
    }
    if quantities
        && let Some(method) = set.attribute("MethodOfMeasurement").text()
        && method != "BaseQuantities"
    {
        found.push(("method", method));
    }
    found.sort();
    found.dedup();
}

/// The standard means this class, or, at a type, its occurrences; narrowed to a predefined type where it is.
fn meant(schema: &Schema, bearer: Record<'_>, predefined: Option<&str>, known: &StandardSet) -> bool {
    if known.classes.is_empty() {
        return true;
    }
    let is = |class: &str| {
        bearer.is_a(class)
            || (bearer.is_a("IfcTypeObject")
                && ["Type", "Style"].iter().any(|end| {
                    let name = format!("{class}{end}");
                    schema.entity(&name).is_some() && bearer.is_a(&name)
                }))
    };
    let matching: Vec<&&str> =
        known.classes.iter().zip(&known.narrowed).filter(|(c, _)| is(c)).map(|(_, n)| n).collect();
    let free = matching.iter().any(|n| n.is_empty());
    !matching.is_empty()
        && (free || predefined.is_some_and(|p| matching.iter().any(|n| n.eq_ignore_ascii_case(p))))
}

/// PredefinedType of the object, else of its type; the words where it is USERDEFINED.
fn predefined_type(step: &StepFile, object: Record<'_>) -> Option<String> {
    let own = |r: Record<'_>| {
        let item = r.attribute("PredefinedType").enumeration()?.to_ascii_uppercase();
        if item != "USERDEFINED" {
            return Some(item);
        }
        r.attribute("ObjectType").text().or_else(|| r.attribute("ElementType").text())
    };
    own(object).or_else(|| {
        let kind = step.links("IfcRelDefinesByType", "RelatedObjects", "RelatingType").first(object.id)?;
        own(step.record(kind)?)
    })
}
