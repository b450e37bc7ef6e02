//! All specifications of a document against a model: objects by class, the specifications that can concern a class
//! together, so that what is known of an object is gathered once for all of them.

use super::classes::{Classes, edition};
use super::object::{Context, Object};
use super::test::{Test, Why};
use crate::ifc::schema::Entity;
use crate::ifc::step::StepFile;
use crate::rulebook::ids::{Answer, Cardinality, Document, FacetKind, Specification};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Pairs of object and specification that are looked at in one run; a model of 100 MB has 30 000 objects.
const MAX_PAIRS: usize = 200_000_000;
/// Objects that fail, or are not decided, and are named one by one for each specification; the rest is counted.
const MAX_NAMED: usize = 10_000;
/// The same for all specifications together.
const MAX_NAMED_IN_ALL: usize = 1_000_000;
/// Objects that one task of the pool takes on at most, and pairs that all tasks of one round do.
const CHUNK: usize = 256;
const ROUND: usize = 2_000_000;

/// What a specification came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Result {
    /// Objects that it applies to.
    pub applicable: u64,
    /// Of these, those that meet every requirement.
    pub passed: u64,
    /// Those that fail one.
    pub failed: u64,
    /// Those that fail none and leave one open, and objects of which it is open whether it applies to them.
    pub undecided: u64,
    /// The objects that fail or are not decided, by rising number and requirement; of very many not all.
    pub failures: Vec<Failure>,
    /// Why the whole of it is decided or open whatever its objects do.
    pub case: Case,
    /// It is written for other versions of IFC than the model's. It is asked all the same: which versions a
    /// specification names is metadata (conformance suite, "specification version is purely metadata").
    pub other_version: bool,
}

/// What stands above the single objects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Case {
    /// Nothing: the objects decide.
    #[default]
    Objects,
    /// It is required and applies to nothing.
    NothingApplies,
    /// It is prohibited and applies to something.
    Forbidden,
    /// It is left open: the document has more specifications than are looked at on a model of this size.
    Open,
}

/// An object that does not meet a requirement, or of which that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Failure {
    /// STEP record number.
    pub object: u32,
    /// Which requirement, counted from 0; `u32::MAX` for the applicability.
    pub requirement: u32,
    /// Open, not failed.
    pub undecided: bool,
    /// Why.
    pub why: Why,
}

impl Result {
    /// Whether it is met; unknown where something in it is open and nothing fails.
    pub fn answer(&self) -> Answer {
        match self.case {
            Case::NothingApplies | Case::Forbidden => Answer::No,
            _ if self.failed > 0 => Answer::No,
            Case::Open => Answer::Unknown,
            Case::Objects if self.undecided > 0 => Answer::Unknown,
            Case::Objects => Answer::Yes,
        }
    }
}

/// A specification made ready for a model.
struct Plan<'d> {
    at: usize,
    prohibited: bool,
    applicability: Vec<Test<'d>>,
    requirements: Vec<(Test<'d>, Cardinality)>,
    classes: Classes,
}

/// Objects of one class, and the specifications that can concern it.
struct Task<'t> {
    ids: &'t [u32],
    plans: &'t [&'t Plan<'t>],
}

/// Which specifications have all the failures that are named, and how many are named in all.
struct Named {
    full: Vec<bool>,
    in_all: usize,
}

impl Named {
    fn take(&mut self, results: &mut [Result], at: usize, part: Result) {
        let (Some(result), Some(full)) = (results.get_mut(at), self.full.get_mut(at)) else { return };
        result.applicable += part.applicable;
        result.passed += part.passed;
        result.failed += part.failed;
        result.undecided += part.undecided;
        let room = MAX_NAMED.saturating_sub(result.failures.len());
        let room = room.min(MAX_NAMED_IN_ALL.saturating_sub(self.in_all));
        self.in_all += part.failures.len().min(room);
        result.failures.extend(part.failures.into_iter().take(room));
        *full = result.failures.len() >= MAX_NAMED || self.in_all >= MAX_NAMED_IN_ALL;
    }
}

/// A document asked of a model.
pub struct Evaluation<'a> {
    /// What each specification came to, in the order of the document.
    pub results: Vec<Result>,
    pub(super) context: Context<'a>,
    pub(super) document: &'a Document,
}

/// Asks every specification of a document of a model.
pub fn evaluate<'a>(file: &'a StepFile, document: &'a Document) -> Evaluation<'a> {
    let context = Context::new(file);
    let results = results(&context, document);
    Evaluation { results, context, document }
}

fn results(context: &Context<'_>, document: &Document) -> Vec<Result> {
    let file = context.file;
    let mut results = vec![Result::default(); document.specifications.len()];
    let plans = plans(context, document, &mut results);
    let mut by_class: BTreeMap<Entity, Vec<&Plan<'_>>> = BTreeMap::new();
    let populated: Vec<Entity> =
        Classes::all(context.schema).iter().filter(|&e| !file.ids(e).is_empty()).collect();
    for plan in &plans {
        for &class in populated.iter().filter(|&&c| plan.classes.has(c)) {
            by_class.entry(class).or_default().push(plan);
        }
    }
    let tasks: Vec<Task<'_>> = by_class
        .iter()
        .flat_map(|(&class, plans)| {
            let chunk = (ROUND / plans.len().max(1)).clamp(1, CHUNK);
            file.ids(class).chunks(chunk).map(|ids| Task { ids, plans })
        })
        .collect();
    let mut named = Named { full: vec![false; results.len()], in_all: 0 };
    let mut rest = tasks.as_slice();
    while !rest.is_empty() {
        let mut pairs = 0usize;
        let round = rest.iter().take_while(|t| {
            let fits = pairs == 0 || pairs < ROUND;
            pairs = pairs.saturating_add(t.ids.len().saturating_mul(t.plans.len()));
            fits
        });
        let (round, after) = rest.split_at(round.count());
        rest = after;
        let done: Vec<Vec<(usize, Result)>> =
            round.par_iter().map(|t| task(context, t, &named.full)).collect();
        for (at, part) in done.into_iter().flatten() {
            named.take(&mut results, at, part);
        }
    }
    finish(document, &mut results);
    results
}

fn plans<'d>(context: &Context<'_>, document: &'d Document, results: &mut [Result]) -> Vec<Plan<'d>> {
    let file = context.file;
    let mut pairs = 0usize;
    let mut out = Vec::new();
    for (at, specification) in document.specifications.iter().enumerate() {
        let plan = plan(context, at, specification);
        let objects: usize = plan.classes.iter().map(|class| file.ids(class).len()).sum();
        pairs = pairs.saturating_add(objects);
        let Some(result) = results.get_mut(at) else { break };
        result.other_version = !specification.versions.iter().any(|&v| edition(v) == context.schema.edition);
        if pairs <= MAX_PAIRS {
            out.push(plan);
        } else {
            result.case = Case::Open;
        }
    }
    out
}

fn plan<'d>(context: &Context<'_>, at: usize, specification: &'d Specification) -> Plan<'d> {
    let edition = context.schema.edition;
    let test = |kind: &'d FacetKind| Test::new(kind, edition);
    let applicability: Vec<Test<'d>> = specification.applicability.iter().map(|f| test(&f.kind)).collect();
    let mut classes = Classes::all(context.schema);
    applicability.iter().for_each(|t| classes.intersect(&t.bound(context.schema)));
    Plan {
        at,
        prohibited: specification.occurs == Cardinality::Prohibited,
        applicability,
        requirements: specification
            .requirements
            .iter()
            .map(|r| (test(&r.facet.kind), r.cardinality))
            .collect(),
        classes,
    }
}

/// Objects of one class against the specifications that can concern it.
fn task(context: &Context<'_>, task: &Task<'_>, full: &[bool]) -> Vec<(usize, Result)> {
    let mut out: Vec<(usize, Result)> = task.plans.iter().map(|p| (p.at, Result::default())).collect();
    for record in task.ids.iter().filter_map(|&id| context.file.record(id)) {
        let object = Object::new(context, record);
        for (plan, (_, result)) in task.plans.iter().zip(&mut out) {
            let named = !full.get(plan.at).copied().unwrap_or(true);
            one(&object, plan, named, result);
        }
    }
    out.retain(|(_, r)| r.applicable + r.undecided > 0);
    out
}

fn one(object: &Object<'_, '_>, plan: &Plan<'_>, named: bool, result: &mut Result) {
    let mut applies = Answer::Yes;
    for test in &plan.applicability {
        applies = applies.and(test.ask(object).answer);
        if applies == Answer::No {
            return;
        }
    }
    let mut name = |requirement: u32, undecided: bool, why: Why| {
        if named {
            result.failures.push(Failure { object: object.record.id, requirement, undecided, why });
        }
    };
    if applies == Answer::Unknown {
        name(u32::MAX, true, Why::Open);
        result.undecided += 1;
        return;
    }
    result.applicable += 1;
    if plan.prohibited {
        name(u32::MAX, false, Why::Forbidden);
        result.failed += 1;
        return;
    }
    let mut answer = Answer::Yes;
    for (n, (test, cardinality)) in (0u32..).zip(&plan.requirements) {
        let told = test.require(object, *cardinality);
        if told.answer != Answer::Yes {
            name(n, told.answer == Answer::Unknown, told.why);
        }
        answer = answer.and(told.answer);
    }
    match answer {
        Answer::Yes => result.passed += 1,
        Answer::No => result.failed += 1,
        Answer::Unknown => result.undecided += 1,
    }
}

fn finish(document: &Document, results: &mut [Result]) {
    for (result, specification) in results.iter_mut().zip(&document.specifications) {
        result.failures.sort_unstable();
        if result.case != Case::Objects {
            continue;
        }
        result.case = match specification.occurs {
            Cardinality::Required if result.applicable == 0 && result.undecided == 0 => Case::NothingApplies,
            Cardinality::Prohibited if result.applicable > 0 => Case::Forbidden,
            _ => Case::Objects,
        };
    }
}
