//! The spot check (抽查): a stratified, seeded sample of what was compared, agreeing elements too, for a reviewer to look
//! at with eyes of their own.
//!
//! Strata are class × outcome, so that what is rare is seen; within one, elements come by a hash of the seed and their own
//! identity: the same submission and seed give the same sample, and nobody can choose what is looked at.

use super::coverage::{CLASSES, Said, drawn_class, modelled_class, modelled_element};
use super::{Input, words};
use crate::checks::Findings;
use crate::drawing::plans::Plan;
use crate::facts::Facts;
use crate::finding::{DrawnName, ElementName, StoreyName, Value};
use crate::geom::Point2;
use crate::ifc::model::AxisCurve;
use crate::matching::{ClassMatches, Delta, Pair, PlanMatches};
use crate::wording::Text;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Elements in one sample at most: a sheet is read by a person.
pub const MOST: usize = 1_000;

/// What a sample is asked for.
#[derive(Clone, Debug, Default)]
pub struct SpotRequest {
    /// How many elements.
    pub count: usize,
    /// What the choice depends on; the hashes of the submission's files where none is given.
    pub seed: Option<String>,
}

/// A drawn sample.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct SpotCheck {
    /// What the choice depended on: the same seed and files give the same sample.
    pub seed: String,
    /// Elements compared in all.
    pub population: u64,
    /// How many of which kind, and how many of them were drawn.
    pub strata: Vec<Stratum>,
    /// The sample, by storey, class and place.
    pub items: Vec<SpotItem>,
}

/// Elements of one class that came out alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stratum {
    /// `wall`, `column`, `door`, `window`, `room`, `axis`.
    pub class: String,
    /// How they came out.
    pub outcome: Outcome,
    /// How many there are.
    pub population: u64,
    /// How many are in the sample.
    pub drawn: u64,
}

/// How the comparison of an element came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Both sides have it, and it agrees.
    Agrees,
    /// Both sides have it, and something differs.
    Differs,
    /// Drawn, not modelled.
    MissingInModel,
    /// Modelled, not drawn.
    MissingInDrawing,
    /// Not decided.
    Undecided,
}

impl Outcome {
    /// Key of its wording under `spot.outcome`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Agrees => "agrees",
            Self::Differs => "differs",
            Self::MissingInModel => "missing-in-model",
            Self::MissingInDrawing => "missing-in-drawing",
            Self::Undecided => "undecided",
        }
    }
}

/// One element of the sample.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SpotItem {
    /// Counted from 1.
    pub number: u64,
    /// Class, as in the strata.
    pub class: String,
    /// How it came out.
    pub outcome: Outcome,
    /// Plan, such as `P1`.
    pub plan: String,
    /// Storey.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storey: Option<StoreyName>,
    /// The element, where one is modelled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub element: Option<ElementName>,
    /// Grid label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub axis: Option<String>,
    /// What is drawn of it.
    pub drawn: Vec<DrawnName>,
    /// World metres.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub point_m: Option<[f64; 3]>,
    /// What was measured on both sides.
    pub values: Vec<SpotValue>,
    /// Why it was not decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Text>,
    /// Findings about it.
    pub findings: Vec<String>,
}

/// One thing that was compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpotValue {
    /// `offset`, `thickness`, `width`, `mark`, …
    pub what: String,
    /// In the model.
    pub model: Value,
    /// In the drawing.
    pub drawing: Value,
    /// Of the numbers: `mm`, `m2`, `deg`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

/// One compared element, before it is told.
struct Case<'a> {
    matches: &'a PlanMatches,
    class: &'static str,
    outcome: Outcome,
    modelled: Option<usize>,
    drawn: Vec<usize>,
    deltas: &'a [Delta],
    why: Option<Text>,
    /// By what it is chosen: the same for the same element, whatever the order.
    hash: [u8; 32],
}

/// Draws the sample.
pub(super) fn draw(
    facts: &Facts<'_>,
    findings: &Findings,
    request: &SpotRequest,
    inputs: &[Input],
) -> SpotCheck {
    let seed = request.seed.clone().unwrap_or_else(|| seed(inputs));
    let mut strata: BTreeMap<(usize, Outcome), Vec<Case<'_>>> = BTreeMap::new();
    for matches in &facts.matches.plans {
        let said = Said::of(facts, findings, matches);
        for (order, class) in CLASSES.into_iter().enumerate() {
            for case in cases(facts, matches, class, &said, &seed) {
                strata.entry((order, case.outcome)).or_default().push(case);
            }
        }
    }
    for list in strata.values_mut() {
        list.sort_by_key(|case| case.hash);
    }
    let sizes: Vec<usize> = strata.values().map(Vec::len).collect();
    let shares = shares(&sizes, request.count.min(MOST));
    let mut out =
        SpotCheck { seed, population: sizes.iter().map(|n| *n as u64).sum(), ..SpotCheck::default() };
    for (((order, outcome), list), share) in strata.iter().zip(&shares) {
        out.strata.push(Stratum {
            class: CLASSES.get(*order).copied().unwrap_or_default().to_owned(),
            outcome: *outcome,
            population: list.len() as u64,
            drawn: *share as u64,
        });
        out.items.extend(list.iter().take(*share).map(|case| item(facts, findings, case)));
    }
    out.items.sort_by(|a, b| {
        let key = |i: &SpotItem| (i.plan.len(), i.plan.clone(), i.storey.as_ref().map(|s| s.name.clone()));
        let place = |i: &SpotItem| i.point_m.unwrap_or_default();
        key(a)
            .cmp(&key(b))
            .then(a.class.cmp(&b.class))
            .then(place(a)[0].total_cmp(&place(b)[0]))
            .then(place(a)[1].total_cmp(&place(b)[1]))
    });
    for (n, item) in out.items.iter_mut().enumerate() {
        item.number = n as u64 + 1;
    }
    out
}

/// Of the files, so that the author of a submission cannot know beforehand what is looked at.
fn seed(inputs: &[Input]) -> String {
    let mut hash = Sha256::new();
    for input in inputs {
        hash.update(input.sha256.as_bytes());
    }
    hash.finalize().iter().take(4).map(|b| format!("{b:02x}")).collect()
}

/// One of each stratum while there are enough, the rest in proportion (Sainte-Laguë).
fn shares(sizes: &[usize], count: usize) -> Vec<usize> {
    let mut out = vec![0usize; sizes.len()];
    for _ in 0..count.min(sizes.iter().sum()) {
        let next = (0..sizes.len()).filter(|&i| out[i] < sizes[i]).max_by(|&a, &b| {
            let weight = |i: usize| {
                #[allow(clippy::cast_precision_loss)]
                let w = sizes[i] as f64 / (2 * out[i] + 1) as f64;
                if out[i] == 0 { f64::MAX / 2.0 + w } else { w }
            };
            weight(a).total_cmp(&weight(b)).then(sizes[a].cmp(&sizes[b])).then(b.cmp(&a))
        });
        match next {
            Some(i) => out[i] += 1,
            None => break,
        }
    }
    out
}

fn cases<'a>(
    facts: &Facts<'_>,
    matches: &'a PlanMatches,
    class: &'static str,
    said: &Said<'_>,
    seed: &str,
) -> Vec<Case<'a>> {
    let list: &ClassMatches = super::coverage::list(matches, class);
    let mut out = Vec::new();
    let mut put = |outcome, modelled: Option<usize>, drawn: Vec<usize>, deltas: &'a [Delta], why| {
        let hash = hash(facts, matches, class, seed, modelled, &drawn);
        out.push(Case { matches, class, outcome, modelled, drawn, deltas, why, hash });
    };
    for pair in list.pairs.iter().filter(|p| modelled_class(facts, matches, class, p.modelled)) {
        put(
            outcome(facts, matches, class, said, pair),
            Some(pair.modelled),
            pair.drawn.clone(),
            &pair.deltas,
            None,
        );
    }
    for x in list.missing_in_drawing.iter().filter(|x| modelled_class(facts, matches, class, x.index)) {
        let outcome = if x.undecided.is_some() { Outcome::Undecided } else { Outcome::MissingInDrawing };
        put(outcome, Some(x.index), Vec::new(), &[], x.undecided.clone());
    }
    for x in list.missing_in_model.iter().filter(|x| drawn_class(facts, matches, class, x.index)) {
        let outcome = if x.undecided.is_some() { Outcome::Undecided } else { Outcome::MissingInModel };
        put(outcome, None, vec![x.index], &[], x.undecided.clone());
    }
    out
}

fn outcome(facts: &Facts<'_>, matches: &PlanMatches, class: &str, said: &Said<'_>, pair: &Pair) -> Outcome {
    let key = super::coverage::modelled_key(facts, matches, class, pair.modelled);
    let within = |set: &std::collections::BTreeSet<&str>| key.as_deref().is_some_and(|k| set.contains(k));
    if within(&said.differ) {
        Outcome::Differs
    } else if within(&said.undecided) {
        Outcome::Undecided
    } else {
        Outcome::Agrees
    }
}

fn hash(
    facts: &Facts<'_>,
    matches: &PlanMatches,
    class: &str,
    seed: &str,
    modelled: Option<usize>,
    drawn: &[usize],
) -> [u8; 32] {
    let mut hash = Sha256::new();
    let mut put = |part: &str| {
        hash.update(part.as_bytes());
        hash.update([0]);
    };
    put(seed);
    put(class);
    put(facts.plans.plans.get(matches.plan).map_or("", |p| p.id.as_str()));
    put(facts.storey_name(matches.storey).as_ref().map_or("", |s| s.guid.as_str()));
    match modelled {
        Some(index) => {
            put(&super::coverage::modelled_key(facts, matches, class, index).unwrap_or_default());
        }
        None => {
            let at = drawn.first().and_then(|&d| drawn_place(facts, matches, class, d)).unwrap_or_default().1;
            put(&format!("{:.0} {:.0}", at.x * 1000.0, at.y * 1000.0));
        }
    }
    hash.finalize().into()
}

fn item(facts: &Facts<'_>, findings: &Findings, case: &Case<'_>) -> SpotItem {
    let matches = case.matches;
    let storey = facts.storeys.get(matches.storey);
    let plan = facts.plans.plans.get(matches.plan);
    let element = case.modelled.and_then(|i| modelled_element(facts, matches, case.class, i));
    let element = element.and_then(|e| facts.element_name(e));
    let drawn: Vec<DrawnName> = case
        .drawn
        .iter()
        .filter_map(|&d| {
            let (marks, at) = drawn_place(facts, matches, case.class, d)?;
            facts.drawn_name(matches.plan, &marks, at)
        })
        .collect();
    let to_world = facts.registration.plans.get(matches.plan).and_then(|r| r.to_world);
    let at = case.modelled.and_then(|i| modelled_place(facts, matches, case.class, i)).or_else(|| {
        let (_, at) = drawn_place(facts, matches, case.class, *case.drawn.first()?)?;
        Some(to_world?.apply(at))
    });
    let axis = (case.class == "axis").then(|| {
        let modelled = case.modelled.and_then(|i| Some(storey?.axes.get(i)?.label.clone()));
        modelled.or_else(|| Some(plan?.axes.get(*case.drawn.first()?)?.label.clone()))
    });
    let about = |f: &&crate::finding::Finding| {
        let same = element.as_ref().is_some_and(|e| f.elements.first().is_some_and(|x| x.guid == e.guid))
            || drawn.first().is_some_and(|d| d.handle.is_some() && f.drawn.iter().any(|x| x == d));
        same && f.storey.as_ref().map(|s| &s.guid)
            == facts.storey_name(matches.storey).as_ref().map(|s| &s.guid)
    };
    let round = |x: f64| (x * 1e6).round() / 1e6 + 0.0;
    SpotItem {
        number: 0,
        class: case.class.to_owned(),
        outcome: case.outcome,
        plan: plan.map(|p| p.id.clone()).unwrap_or_default(),
        storey: facts.storey_name(matches.storey),
        findings: findings.list.iter().filter(about).map(|f| f.id.clone()).collect(),
        element,
        axis: axis.flatten(),
        drawn,
        point_m: at.map(|p| [round(p.x), round(p.y), round(storey.map_or(0.0, |s| s.elevation_m))]),
        values: case.deltas.iter().map(value).collect(),
        why: case.why.clone(),
    }
}

fn value(delta: &Delta) -> SpotValue {
    let (factor, unit) = match delta.what {
        "area" => (1.0, Some("m2")),
        "angle" => (1f64.to_degrees(), Some("deg")),
        _ => (1000.0, Some("mm")),
    };
    let number = |v: &Value| match v {
        Value::Number(x) => Value::Number((x * factor * 100.0).round() / 100.0 + 0.0),
        Value::Text(t) => Value::Text(t.clone()),
    };
    let texts = matches!(delta.drawn, Value::Text(_));
    SpotValue {
        what: delta.what.to_owned(),
        model: number(&delta.modelled),
        drawing: number(&delta.drawn),
        unit: unit.filter(|_| !texts).map(str::to_owned),
    }
}

fn modelled_place(facts: &Facts<'_>, matches: &PlanMatches, class: &str, index: usize) -> Option<Point2> {
    let storey = facts.storeys.get(matches.storey)?;
    Some(match class {
        "wall" => {
            let wall = storey.walls.get(index)?;
            wall.runs
                .first()
                .map_or_else(|| wall.solid.first().map(|p| p.centroid()), |r| Some(r.line.middle()))?
        }
        "column" => storey.columns.get(index)?.centre,
        "room" => storey.rooms.get(index)?.label_point,
        "axis" => match storey.axes.get(index)?.curve {
            AxisCurve::Line { a, b } => (a + b) / 2.0,
            AxisCurve::Arc(arc) => arc.at(0.5),
        },
        _ => storey.openings.get(index)?.centre,
    })
}

/// Marks and place (plan metres) of what is drawn.
fn drawn_place(
    facts: &Facts<'_>,
    matches: &PlanMatches,
    class: &str,
    index: usize,
) -> Option<(Vec<u32>, Point2)> {
    let plan: &Plan = facts.plans.plans.get(matches.plan)?;
    Some(match class {
        "wall" => plan.walls.get(index).map(|w| (w.evidence.marks.clone(), w.line.middle()))?,
        "column" => plan.columns.get(index).map(|c| (c.evidence.marks.clone(), c.centre))?,
        "room" => plan.rooms.get(index).map(|r| (r.evidence.marks.clone(), r.at))?,
        "axis" => {
            let axis = plan.axes.get(index)?;
            let at = match axis.line {
                crate::drawing::plans::AxisLine::Line(line) => line.middle(),
                crate::drawing::plans::AxisLine::Arc(arc) => arc.at(0.5),
            };
            (axis.evidence.marks.clone(), at)
        }
        _ => plan.openings.get(index).map(|o| (o.evidence.marks.clone(), o.centre))?,
    })
}

impl SpotItem {
    /// Element, axis or drawn thing, as a reader finds it.
    pub fn named(&self) -> String {
        let element = self.element.as_ref();
        self.axis
            .clone()
            .or_else(|| element.and_then(|e| e.tag.clone().or_else(|| e.name.clone())))
            .or_else(|| self.drawn.first().and_then(|d| d.handle.clone()))
            .unwrap_or_default()
    }

    /// The word for what was compared.
    pub(super) fn word(what: &str) -> Text {
        words::text(&format!("spot.what.{what}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stratum_is_seen_and_the_rest_is_in_proportion() {
        assert_eq!(shares(&[100, 10, 1], 3), [1, 1, 1]);
        assert_eq!(shares(&[100, 10, 1], 13), [11, 1, 1]);
        assert_eq!(shares(&[2, 1], 50), [2, 1]);
        assert_eq!(shares(&[5, 90, 5], 2), [1, 1, 0]);
        assert_eq!(shares(&[], 5), [0usize; 0]);
    }
}
