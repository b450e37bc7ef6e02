//! Beams: drawn, not modelled, or the reverse; and the section that a beam's text states.
//!
//! A plan that draws few of the beams means to draw others: only where it draws most of a set, one can be missing on it.

use super::comparison::{At, laid, mm, tell, word};
use super::{Check, Findings};
use crate::drawing::plans::Plan;
use crate::facts::Facts;
use crate::finding::{Side, Value, Verdict};
use crate::geom::Affine2;
use crate::matching::{Missing, PlanMatches};
use crate::rulebook::Rule;
use crate::wording::Text;

/// The check.
pub(super) const CHECK: Check = Check {
    name: "beam",
    summary: "Is every beam drawn and modelled, with the section that its text states?",
    run,
};

/// So many beams that are all modelled less deep than stated, by the same amount, are cut by the slab.
const CONVENTION: usize = 4;
/// Share of the beams that must be.
const MOST: f64 = 0.8;

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let section = rule.params.get("what").and_then(|v| v.as_str()) == Some("section");
    for (m, plan, _, to_world) in laid(facts) {
        if m.beams.cuts.is_empty() || !facts.scope.has_class("beam") {
            findings.not_applicable(rule, 1);
        } else if section {
            sections(facts, rule, findings, m, plan);
        } else {
            missing(facts, rule, findings, m, plan, &to_world);
        }
    }
}

fn missing(
    facts: &Facts<'_>,
    rule: &Rule,
    findings: &mut Findings,
    m: &PlanMatches,
    plan: &Plan,
    to_world: &Affine2,
) {
    let least = rule.number("least_share").unwrap_or(0.7);
    let list = &m.beams.list;
    findings.passed(rule, list.pairs.len() as u64);
    let all = list.pairs.len() + list.missing_in_drawing.len();
    #[allow(clippy::cast_precision_loss)]
    let draws_most = list.pairs.len() as f64 >= least * all as f64;
    for x in &list.missing_in_drawing {
        let Some(beam) = m.beams.cuts.get(x.index).filter(|_| draws_most) else {
            findings.not_applicable(rule, 1);
            continue;
        };
        let at = At {
            plan: m.plan,
            storey: Some(m.storey),
            point: Some(beam.line.middle()),
            marks: &[],
            element: Some(beam.element),
        };
        let name = facts.element_name(beam.element).and_then(|e| e.name);
        say(facts, rule, findings, x, &at, (Side::MissingInDrawing, "missing-in-drawing"), name.as_deref());
    }
    for x in &list.missing_in_model {
        let Some(beam) = plan.beams.get(x.index) else { continue };
        let at = At {
            plan: m.plan,
            storey: Some(m.storey),
            point: Some(to_world.apply(beam.line.middle())),
            marks: &beam.evidence.marks,
            element: None,
        };
        let name = beam.mark.as_ref().map(|k| k.name.as_str());
        say(facts, rule, findings, x, &at, (Side::MissingInModel, "missing-in-model"), name);
    }
}

fn thing(name: Option<&str>) -> Text {
    let noun = word("beam");
    match name {
        Some(n) => Text::new(format!("{} {n}", noun.en), format!("{} {n}", noun.zh)),
        None => noun,
    }
}

fn say(
    facts: &Facts<'_>,
    rule: &Rule,
    findings: &mut Findings,
    x: &Missing,
    at: &At<'_>,
    (side, case): (Side, &str),
    name: Option<&str>,
) {
    let mut values = vec![("thing", thing(name))];
    let (verdict, case) = match &x.undecided {
        Some(why) => {
            values.push(("why", why.clone()));
            (Verdict::Undecided, format!("{case}-undecided"))
        }
        None => (Verdict::Fail, case.to_owned()),
    };
    tell(facts, findings, rule, "IfcBeam", (verdict, side, &case), at, &values).confidence = x.confidence;
}

fn sections(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings, m: &PlanMatches, plan: &Plan) {
    let limit = rule.number("limit_mm").unwrap_or(5.0) / 1000.0;
    let stated: Vec<(usize, usize, f64, f64)> = m
        .beams
        .list
        .pairs
        .iter()
        .enumerate()
        .filter_map(|(k, pair)| {
            let of = |what: &str| pair.deltas.iter().find(|d| d.what == what)?.difference;
            Some((k, pair.modelled, of("stated-width")?, of("stated-depth")?))
        })
        .collect();
    let less = common(&stated.iter().map(|s| s.3).collect::<Vec<_>>(), limit);
    if let Some(less) = less {
        let values = [("plan", Text::same(plan.id.clone())), ("difference", mm(less))];
        let finding = findings.note(rule, "IfcBeam", "convention", &values);
        finding.storey = facts.storey_name(m.storey);
    }
    for (k, modelled, width, depth) in stated {
        let depth = depth - less.unwrap_or(0.0);
        if width.abs() <= limit && depth.abs() <= limit {
            findings.passed(rule, 1);
            continue;
        }
        let Some((pair, beam)) = m.beams.list.pairs.get(k).zip(m.beams.cuts.get(modelled)) else { continue };
        let Some(mark) = pair.drawn.iter().filter_map(|&d| plan.beams.get(d)?.mark.as_ref()).next() else {
            continue;
        };
        let Some((b, h)) = mark.section_mm else { continue };
        let size = |w: f64, d: f64| format!("{:.0}×{:.0}", w * 1000.0, d * 1000.0);
        let (measured, expected) = (format!("{b}×{h}"), size(beam.width_m, beam.depth_m));
        let at = At {
            plan: m.plan,
            storey: Some(m.storey),
            point: Some(beam.line.middle()),
            marks: &[mark.text.mark],
            element: Some(beam.element),
        };
        let values = [
            ("thing", thing(Some(&mark.name))),
            ("measured", Text::same(measured.clone())),
            ("expected", Text::same(expected.clone())),
        ];
        let verdict = (Verdict::Fail, Side::Differs, "differs");
        let finding = tell(facts, findings, rule, "IfcBeam", verdict, &at, &values);
        finding.measured = Some(Value::Text(measured));
        finding.expected = Some(Value::Text(expected));
        finding.limit = Some(limit * 1000.0);
        finding.mark = Some(mark.name.clone());
        finding.confidence = 0.9;
    }
}

/// A depth that nearly all beams are stated deeper than they are modelled.
fn common(depths: &[f64], limit: f64) -> Option<f64> {
    let mut sorted = depths.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = *sorted.get(sorted.len() / 2)?;
    let near = sorted.iter().filter(|d| (*d - middle).abs() <= limit).count();
    #[allow(clippy::cast_precision_loss)]
    let most = near >= CONVENTION && near as f64 >= MOST * sorted.len() as f64;
    (most && middle > limit && middle <= 0.4).then_some(middle)
}
