//! A number of a matched pair differs by more than its tolerance: place, thickness, size, area.
//!
//! Three-valued: with the difference d, its standard deviation σ and the tolerance T, it agrees where |d| + 3σ ≤ T,
//! differs where |d| − 3σ > T, and is not decided between. What all of a class share was taken off before.

use super::comparison::{Class, mm, mm_value, modelled, say, word};
use super::{Check, Findings};
use crate::facts::Facts;
use crate::finding::{Severity, Side, Value, Verdict};
use crate::matching::{Delta, PlanMatches};
use crate::rulebook::Rule;
use crate::wording::Text;

/// The check.
pub(super) const CHECK: Check = Check {
    name: "difference",
    summary: "Do the numbers of what is drawn and what is modelled agree within the tolerance?",
    run,
};

/// Of a difference, how often its standard deviation fits into it.
const SURE: f64 = 3.0;

struct Params<'a> {
    what: Vec<&'a str>,
    /// Tolerance, metres (or square metres).
    limit: f64,
    /// Tolerance as a share of the modelled value; the larger of both holds.
    share: f64,
    area: bool,
}

fn params(rule: &Rule) -> Params<'_> {
    let what = match rule.params.get("what") {
        Some(toml::Value::String(s)) => vec![s.as_str()],
        Some(toml::Value::Array(list)) => list.iter().filter_map(|v| v.as_str()).collect(),
        _ => Vec::new(),
    };
    let area = rule.number("limit_m2").is_some();
    let limit =
        rule.number("limit_m2").or_else(|| rule.number("limit_mm").map(|l| l / 1000.0)).unwrap_or(0.0);
    Params { what, limit, share: rule.number("limit_share").unwrap_or(0.0), area }
}

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let params = params(rule);
    for class in Class::of(rule) {
        for m in &facts.matches.plans {
            conventions(facts, rule, findings, m, class, &params);
            for pair in class.matches(m).pairs.iter().filter(|p| class.is_modelled(facts, m, p.modelled)) {
                let worst = pair
                    .deltas
                    .iter()
                    .filter(|d| params.what.contains(&d.what))
                    .filter_map(|d| Some((d, d.difference?)))
                    .max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()));
                let Some((delta, d)) = worst else { continue };
                let limit = params.limit.max(params.share * number(&delta.modelled).unwrap_or(0.0).abs());
                // rounding of both files must not tip what lies on the limit
                let slack = 1e-6;
                if d.abs() + SURE * delta.sigma <= limit + slack {
                    findings.passed(rule, 1);
                    continue;
                }
                let sure = d.abs() - SURE * delta.sigma > limit;
                let subject = modelled(facts, m, class, pair.modelled, &pair.drawn);
                let verdict = if sure { Verdict::Fail } else { Verdict::Undecided };
                let case = if sure { "differs" } else { "undecided" };
                let mut values = values(delta, d, limit, &params);
                values.push(("schedule", stated(facts, rule, subject.mark.as_deref())));
                let sigma = delta.sigma;
                let finding =
                    say(facts, findings, rule, m, class, subject, (verdict, Side::Differs, case), &values);
                let shown = |v: &Value| match v {
                    Value::Number(n) if params.area => Value::Number((n * 100.0).round() / 100.0),
                    Value::Number(n) => Value::Number(mm_value(*n)),
                    Value::Text(t) => Value::Text(t.clone()),
                };
                finding.measured = Some(shown(&delta.drawn));
                finding.expected = Some(shown(&delta.modelled));
                finding.limit = Some(if params.area { limit } else { mm_value(limit) });
                finding.unit = Some(if params.area { "m2" } else { "mm" }.into());
                finding.confidence = confidence(d.abs(), limit, sigma);
            }
        }
    }
}

/// What the door and window schedule says of the mark, for rules that have words for it.
fn stated(facts: &Facts<'_>, rule: &Rule, mark: Option<&str>) -> Text {
    let Some(words) = rule.message.get("schedule") else { return Text::default() };
    let width = mark.and_then(|mark| super::schedule::stated_width(facts, mark));
    width.map(|w| words.fill(&[("stated", mm(w))])).unwrap_or_default()
}

/// The further beyond the tolerance, the surer.
fn confidence(d: f64, limit: f64, sigma: f64) -> f64 {
    let margin = (d - limit) / (limit + SURE * sigma).max(1e-9);
    (0.9 + 0.09 * margin.clamp(0.0, 1.0)).min(0.99)
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(n) => Some(*n),
        Value::Text(_) => None,
    }
}

fn values(delta: &Delta, d: f64, limit: f64, params: &Params<'_>) -> Vec<(&'static str, Text)> {
    let show = |x: f64| if params.area { Text::same(format!("{x:.2}")) } else { mm(x) };
    vec![
        ("what", word(delta.what)),
        ("measured", show(number(&delta.drawn).unwrap_or(0.0))),
        ("expected", show(number(&delta.modelled).unwrap_or(0.0))),
        ("difference", show(d.abs())),
        ("sense", word(if d < 0.0 { "smaller" } else { "larger" })),
        ("limit", show(limit)),
    ]
}

/// What all of a class share is told once: as a note where it is usual, as an error where it is not.
fn conventions(
    facts: &Facts<'_>,
    rule: &Rule,
    findings: &mut Findings,
    m: &PlanMatches,
    class: Class,
    params: &Params<'_>,
) {
    for c in m.conventions.iter().filter(|c| c.class == class.name() && params.what.contains(&c.what)) {
        let plan = facts.plans.plans.get(m.plan);
        let values = [
            ("thing", class.noun()),
            ("plan", Text::same(plan.map_or("", |p| p.id.as_str()))),
            ("what", word(c.what)),
            ("difference", c.bias_m.map_or_else(|| word("layer_faces"), mm)),
            ("percent", Text::same(format!("{:.0}", c.share * 100.0))),
        ];
        let finding = if c.usual {
            findings.note(rule, class.ifc(), "convention", &values)
        } else {
            findings.say(rule, Verdict::Fail, class.ifc(), "systematic", &values)
        };
        if !c.usual {
            finding.severity = Severity::Error;
        }
        finding.side = Some(Side::Differs);
        finding.storey = facts.storey_name(m.storey);
        finding.measured = c.bias_m.map(|b| Value::Number(mm_value(b)));
        finding.unit = c.bias_m.map(|_| "mm".into());
        finding.drawn = plan
            .and_then(|p| facts.drawn_name(m.plan, &[], p.frame.to_plan.apply(p.region.centre())))
            .into_iter()
            .collect();
    }
}
