//! Conditions on records, written in the rule: what an attribute holds, what stands at the other end of a relation, how
//! many there are, that values are unique. The form is told in `rulebook/record.rs`.
//!
//! A record that is no IfcRoot has no identity that outlives the file: such failures are told once per question, with
//! their number and the first of them.

use super::{Check, Facts, Findings, Rule, Text, Verdict};
use crate::finding::ElementName;
use crate::ifc::step::{Record, StepFile, Value};
use crate::rulebook::record::{Case, Condition};
use rayon::prelude::*;
use std::collections::BTreeSet;

/// See the file's head.
pub(in crate::checks) const CHECK: Check =
    Check { name: "record", summary: "Does what the rule says hold of every record that it asks?", run };

/// Values looked at behind one path of one record; more say nothing new.
const VALUES: usize = 10_000;

/// Different values that one message lists.
const KINDS: usize = 12;

/// Records looked at by one thread at a time.
const SHARE: usize = 256;

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let Ok(cases) = rule.cases() else { return };
    for model in facts.models {
        let Some(step) = model.step() else { continue };
        for (at, case) in cases.iter().enumerate() {
            if !applies(case, step) {
                findings.not_applicable(rule, 1);
                continue;
            }
            let ids = begin(case, step);
            if case.present {
                let found = ids.par_iter().any(|&id| {
                    step.record(id).is_some_and(|r| {
                        all(&case.of, r) && asked(case, r).iter().any(|a| all(&case.when, *a))
                    })
                });
                if found {
                    findings.passed(rule, 1)
                } else {
                    findings.not_applicable(rule, 1)
                }
                continue;
            }
            let shares: Vec<(u64, Vec<Failed<'_>>)> = ids
                .par_chunks(SHARE)
                .map(|share| {
                    let (mut passed, mut failed) = (0, Vec::new());
                    for owner in share.iter().filter_map(|&id| step.record(id)) {
                        look(case, owner, &mut passed, &mut failed);
                    }
                    (passed, failed)
                })
                .collect();
            let mut failed = Vec::new();
            for (passed, more) in shares {
                findings.passed(rule, passed);
                failed.extend(more);
            }
            tell(rule, &model.file, at, case, failed, findings);
        }
    }
}

/// A record of which something does not hold, with the first condition that does not.
struct Failed<'a> {
    owner: Record<'a>,
    of: Record<'a>,
    condition: usize,
}

fn applies(case: &Case, step: &StepFile) -> bool {
    let schema = step.schema().name;
    let has = |class: &String| !step.ids_of_subtypes(class).is_empty();
    (case.schema.is_empty() || case.schema.iter().any(|s| schema.split('_').next() == Some(s.as_str())))
        && (case.given.is_empty() || case.given.iter().any(has))
        && !case.lacking.iter().any(has)
}

fn begin(case: &Case, step: &StepFile) -> Vec<u32> {
    let mut ids =
        if case.exact { step.ids_of(&case.class).to_vec() } else { step.ids_of_subtypes(&case.class) };
    if !case.except.is_empty() {
        ids.retain(|&id| step.record(id).is_some_and(|r| !case.except.iter().any(|c| r.is_a(c))));
    }
    ids
}

/// The records that are asked, from the one that the question begins with.
fn asked<'a>(case: &Case, owner: Record<'a>) -> Vec<Record<'a>> {
    if case.via.is_empty() {
        return vec![owner];
    }
    let found = walk(owner, &case.via);
    found.into_iter().filter_map(|f| if let Found::Record(r) = f { Some(r) } else { None }).collect()
}

fn look<'a>(case: &Case, owner: Record<'a>, passed: &mut u64, failed: &mut Vec<Failed<'a>>) {
    if !all(&case.of, owner) {
        return;
    }
    let records: Vec<Record<'a>> = asked(case, owner).into_iter().filter(|r| all(&case.when, *r)).collect();
    if records.len() < case.least {
        failed.push(Failed { owner, of: owner, condition: usize::MAX });
    }
    for record in records {
        match case.must.iter().position(|c| !holds(c, record)) {
            None => *passed += 1,
            Some(condition) => failed.push(Failed { owner, of: record, condition }),
        }
    }
}

fn tell(rule: &Rule, file: &str, at: usize, case: &Case, failed: Vec<Failed<'_>>, findings: &mut Findings) {
    let mut loose: Option<(u64, &Failed<'_>)> = None;
    let mut kinds: BTreeSet<String> = BTreeSet::new();
    let mut last = None;
    let together = rule.params.get("together").and_then(toml::Value::as_bool).unwrap_or(false);
    for one in &failed {
        let guid = one.owner.attribute("GlobalId").text().filter(|_| !case.once);
        let Some(guid) = guid else {
            loose = Some(loose.map_or((1, one), |(n, first)| (n + 1, first)));
            if let Some(condition) =
                case.must.get(one.condition).filter(|_| case.once && kinds.len() <= KINDS)
            {
                kinds.insert(shown(one.of, condition));
            }
            continue;
        };
        if last == Some(one.owner.id) {
            findings.failed_too(rule, 1);
            continue;
        }
        last = Some(one.owner.id);
        let name = one.owner.attribute("Name").text().filter(|n| !n.is_empty());
        let values = values(file, one, case, 1, name.as_deref());
        let finding = findings.say(rule, Verdict::Fail, one.owner.class(), &case.say, &values);
        finding.mark = case.must.get(one.condition).filter(|_| together).and_then(asked_for);
        finding.elements.push(ElementName {
            guid,
            step_id: one.owner.id,
            class: one.owner.class().to_owned(),
            name,
            tag: one.owner.attribute("Tag").text(),
        });
    }
    if let Some((count, first)) = loose {
        let mut values = values(file, first, case, count, None);
        if case.once {
            values.retain(|(name, _)| *name != "found");
            values.push(("found", Text::same(listed(&kinds))));
        }
        let finding = findings.say(rule, Verdict::Fail, first.owner.class(), &case.say, &values);
        finding.mark = Some(format!("{file} {at} {}", case.class));
        findings.failed_too(rule, count - 1);
    }
}

fn values<'v>(
    file: &str,
    failed: &Failed<'_>,
    case: &Case,
    count: u64,
    name: Option<&str>,
) -> Vec<(&'v str, Text)> {
    let condition = case.must.get(failed.condition);
    let found = condition.map(|c| shown(failed.of, c)).unwrap_or_default();
    let element = format!(
        "{} {}",
        failed.owner.class(),
        name.map_or_else(|| format!("#{}", failed.owner.id), str::to_owned)
    );
    vec![
        ("file", Text::same(file)),
        ("element", Text::same(element)),
        ("class", Text::same(failed.of.class())),
        ("id", Text::same(failed.of.id.to_string())),
        ("count", Text::same(count.to_string())),
        ("at", Text::same(condition.map_or("", |c| c.at.as_str()))),
        ("found", Text::same(found)),
        ("asked", Text::same(condition.map(wanted).unwrap_or_default())),
    ]
}

/// What a condition asks for, where it names what there should be: findings that ask for the same are told together.
fn asked_for(c: &Condition) -> Option<String> {
    Some(wanted(c)).filter(|w| !w.is_empty())
}

/// Different values, as many as are read.
fn listed(kinds: &BTreeSet<String>) -> String {
    let mut names: Vec<&str> = kinds.iter().take(KINDS).map(String::as_str).collect();
    if kinds.len() > KINDS {
        names.push("…");
    }
    names.join(", ")
}

/// What a condition asks for, in short.
fn wanted(c: &Condition) -> String {
    let lists = [&c.is, &c.starts, &c.class, &c.of_type];
    let mut items: Vec<&str> = lists.into_iter().flatten().flatten().map(String::as_str).take(6).collect();
    if lists.into_iter().flatten().map(Vec::len).sum::<usize>() > items.len() {
        items.push("…");
    }
    items.join(", ")
}

/// What stands at the path of a condition and does not meet it, in short; all of it where each alone does.
fn shown(record: Record<'_>, c: &Condition) -> String {
    let found = walk(record, &c.at);
    let mut odd: Vec<&Found<'_>> = found.iter().filter(|f| !each(c, f)).collect();
    if odd.is_empty() {
        odd = found.iter().collect();
    }
    let mut all: Vec<String> = odd.into_iter().map(Found::shown).collect();
    all.dedup();
    all.truncate(3);
    if all.is_empty() { "–".to_owned() } else { all.join(", ") }
}

/// What stands at the end of a path.
#[derive(Clone, Copy)]
enum Found<'a> {
    Record(Record<'a>),
    Value(Value<'a>),
}

impl Found<'_> {
    fn text(&self) -> String {
        match self {
            Found::Record(r) => format!("#{}", r.id),
            Found::Value(v) => {
                let v = *v;
                v.text()
                    .or_else(|| v.enumeration().map(str::to_ascii_uppercase))
                    .or_else(|| v.real().map(|x| format!("{x}")))
                    .unwrap_or_default()
            }
        }
    }

    fn shown(&self) -> String {
        match self {
            Found::Record(r) => r.class().to_owned(),
            Found::Value(_) => self.text().chars().take(60).collect(),
        }
    }

    fn is_a(&self, classes: &[String]) -> bool {
        matches!(self, Found::Record(r) if classes.iter().any(|c| r.is_a(c)))
    }
}

/// Everything at the end of a path; nothing for `$` and for empty texts.
fn walk<'a>(from: Record<'a>, path: &str) -> Vec<Found<'a>> {
    let mut now = vec![Found::Record(from)];
    for name in path.split('.').filter(|n| !n.is_empty()) {
        let mut next = Vec::new();
        for found in now {
            let Found::Record(record) = found else { continue };
            if next.len() < VALUES {
                step_to(record, name, &mut next);
            }
        }
        now = next;
    }
    now
}

fn step_to<'a>(record: Record<'a>, name: &str, out: &mut Vec<Found<'a>>) {
    let own = record.definition().is_some_and(|d| d.attributes.iter().any(|a| a.name == name));
    if !own {
        out.extend(record.inverse(name).into_iter().map(Found::Record));
        return;
    }
    let value = record.attribute(name);
    let mut put = |v: Value<'a>| match v {
        Value::Ref(id) => out.extend(record.file().record(id).map(Found::Record)),
        Value::Null | Value::Derived => {}
        Value::Text(_) if v.text().is_some_and(|t| t.trim().is_empty()) => {}
        other => out.push(Found::Value(other)),
    };
    match value {
        Value::List(list) => list.iter().take(VALUES).for_each(put),
        other => put(other),
    }
}

fn all(conditions: &[Condition], record: Record<'_>) -> bool {
    conditions.iter().all(|c| holds(c, record))
}

fn holds(c: &Condition, record: Record<'_>) -> bool {
    let mut found = walk(record, &c.at);
    found.extend(c.also.iter().flat_map(|path| walk(record, path)));
    if let Some(filled) = c.filled
        && found.is_empty() == filled
    {
        return false;
    }
    if c.least.is_some_and(|n| found.len() < n) || c.most.is_some_and(|n| found.len() > n) {
        return false;
    }
    if found.is_empty() {
        let asks = c.is.is_some() || c.starts.is_some() || c.class.is_some() || c.of_type.is_some();
        if let Some(path) = &c.equals {
            return c.or_none || walk(record, path).is_empty();
        }
        return c.or_none || !(asks || c.min.is_some() || c.max.is_some());
    }
    let holds = |f: &Found<'_>| each(c, f);
    (if c.any { found.iter().any(holds) } else { found.iter().all(holds) }) && together(c, record, &found)
}

/// What must hold of every value.
fn each(c: &Condition, found: &Found<'_>) -> bool {
    let text = found.text();
    let lower = text.to_ascii_lowercase();
    let among = |list: &Vec<String>| list.contains(&text);
    let begins = |list: &Vec<String>| list.iter().any(|p| text.starts_with(p.as_str()));
    let begins_so = |list: &Vec<String>| list.iter().any(|p| lower.starts_with(&p.to_ascii_lowercase()));
    let number = match found {
        Found::Value(v) => v.real(),
        Found::Record(_) => None,
    };
    let keyword = match found {
        Found::Value(Value::Typed(t)) => t.keyword,
        _ => "",
    };
    c.is.as_ref().is_none_or(among)
        && !c.is_not.as_ref().is_some_and(among)
        && c.starts.as_ref().is_none_or(begins)
        && !c.starts_not.as_ref().is_some_and(begins)
        && !c.starts_not_folded.as_ref().is_some_and(begins_so)
        && c.class.as_ref().is_none_or(|l| found.is_a(l))
        && !c.class_not.as_ref().is_some_and(|l| found.is_a(l))
        && c.of_type.as_ref().is_none_or(|l| l.iter().any(|t| t.eq_ignore_ascii_case(keyword)))
        && c.min.is_none_or(|m| number.is_some_and(|x| x >= m))
        && c.max.is_none_or(|m| number.is_some_and(|x| x <= m))
}

/// What must hold of all values together.
fn together(c: &Condition, record: Record<'_>, found: &[Found<'_>]) -> bool {
    if c.one_class {
        let classes: BTreeSet<String> = found.iter().map(Found::shown).collect();
        if classes.len() > 1 {
            return false;
        }
    }
    if !c.unique && !c.alike && c.equals.is_none() {
        return true;
    }
    let texts: BTreeSet<String> = found.iter().map(Found::text).collect();
    (!c.unique || texts.len() == found.len())
        && (!c.alike || texts.len() == 1)
        && c.equals.as_ref().is_none_or(|path| {
            let other: BTreeSet<String> = walk(record, path).iter().map(Found::text).collect();
            other == texts
        })
}
