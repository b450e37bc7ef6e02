//! Dimensions: those whose text was written over by hand and no longer says what is drawn, and those between axes against
//! the axes of the model.
//!
//! Against the model only dimensions count that end on two drawn axes whose modelled twins lie where they are drawn: an axis
//! that was moved is told by its own rule, and a text that was written over by its own, too.

use super::comparison::{At, Class, laid, mm, mm_value, tell};
use super::{Check, Findings};
use crate::drawing::plans::{AxisLine, DrawnDimension, Plan};
use crate::facts::Facts;
use crate::finding::{Side, Value, Verdict};
use crate::geom::{Affine2, Point2};
use crate::ifc::model::AxisCurve;
use crate::ifc::section::StoreyPlan;
use crate::matching::PlanMatches;
use crate::rulebook::Rule;
use crate::wording::Text;

/// The check.
pub(super) const CHECK: Check =
    Check { name: "dimension", summary: "Do dimensions say what is drawn, and what is modelled?", run };

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    match rule.params.get("what").and_then(|v| v.as_str()) {
        Some("model") => against_model(facts, rule, findings),
        _ => written_over(facts, rule, findings),
    }
}

fn written_over(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let limit = rule.number("limit_mm").unwrap_or(1.0) / 1000.0;
    for (k, plan) in facts.plans.plans.iter().enumerate() {
        let registered = facts.registration.plans.get(k);
        let storey = registered.and_then(|r| r.storeys.first().copied());
        for d in &plan.dimensions {
            let Some(shown) = d.shown_m.filter(|_| d.overridden) else {
                findings.passed(rule, 1);
                continue;
            };
            let difference = shown - d.measured_m;
            if difference.abs() <= limit {
                findings.passed(rule, 1);
                continue;
            }
            let middle = (d.from + d.to) / 2.0;
            let values = [
                ("plan", Text::same(plan.id.clone())),
                ("measured", mm(d.measured_m)),
                ("shown", mm(shown)),
                ("difference", mm(difference.abs())),
            ];
            let z = storey.and_then(|s| facts.storeys.get(s)).map_or(0.0, |s| s.elevation_m);
            let point = registered.and_then(|r| r.to_world).map(|t| t.apply(middle).at(z).into());
            let drawn = facts.drawn_name(k, &[d.mark], middle);
            let finding = findings.say(rule, Verdict::Fail, "IfcAnnotation", "differs", &values);
            finding.storey = storey.and_then(|s| facts.storey_name(s));
            finding.drawn = drawn.into_iter().collect();
            finding.point_m = point;
            finding.measured = Some(Value::Number(mm_value(shown)));
            finding.expected = Some(Value::Number(mm_value(d.measured_m)));
            finding.limit = Some(mm_value(limit));
            finding.unit = Some("mm".into());
            finding.confidence = 0.95;
        }
    }
}

/// A dimension ends on an axis that comes this close (metres; drawn with object snaps).
const ON_AXIS_M: f64 = 0.003;
/// It measures across the axis, not along it (radians; 1°).
const ACROSS_RAD: f64 = 0.0175;

/// An axis on both sides: where it is drawn (plan metres), where it is modelled (world metres), its direction there.
struct Twin<'a> {
    label: &'a str,
    drawn: (Point2, Point2),
    modelled: (Point2, Point2),
    /// Drawn and modelled place differ by this (metres).
    offset: f64,
}

fn against_model(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let limit = rule.number("limit_mm").unwrap_or(5.0) / 1000.0;
    for (m, plan, storey, to_world) in laid(facts) {
        let twins = twins(m, plan, storey);
        for d in &plan.dimensions {
            let Some((a, b)) = ends(d, &twins) else {
                findings.not_applicable(rule, 1);
                continue;
            };
            let Some(shown) = d.shown_m else {
                findings.not_applicable(rule, 1);
                continue;
            };
            let expected = (b.modelled.1.cross(a.modelled.0 - b.modelled.0)).abs();
            let difference = shown - expected;
            if difference.abs() <= limit {
                findings.passed(rule, 1);
                continue;
            }
            // an axis that is drawn elsewhere, or a text that was written over, is told by its own rule
            let told = a.offset.abs() > limit / 2.0 || b.offset.abs() > limit / 2.0;
            if told || d.overridden {
                findings.not_applicable(rule, 1);
                continue;
            }
            // the drawing agrees with the model and the text with neither: it may be another dimension's
            let own = (shown - d.measured_m).abs() <= limit;
            let (verdict, case) =
                if own { (Verdict::Fail, "differs") } else { (Verdict::Undecided, "undecided") };
            say(facts, rule, findings, (m, &to_world), d, (a, b), (verdict, case), (shown, expected, limit));
        }
    }
}

#[allow(clippy::too_many_arguments)]
fn say(
    facts: &Facts<'_>,
    rule: &Rule,
    findings: &mut Findings,
    (m, to_world): (&PlanMatches, &Affine2),
    d: &DrawnDimension,
    (a, b): (&Twin<'_>, &Twin<'_>),
    (verdict, case): (Verdict, &str),
    (shown, expected, limit): (f64, f64, f64),
) {
    let pair = format!("{} – {}", a.label, b.label);
    let values = [
        ("thing", Text::new(format!("axes {pair}"), format!("{pair} 轴"))),
        ("shown", mm(shown)),
        ("expected", mm(expected)),
        ("difference", mm((shown - expected).abs())),
    ];
    let at = At {
        plan: m.plan,
        storey: Some(m.storey),
        point: Some(to_world.apply((d.from + d.to) / 2.0)),
        marks: &[d.mark],
        element: None,
    };
    let finding = tell(facts, findings, rule, "IfcAnnotation", (verdict, Side::Differs, case), &at, &values);
    finding.axis = Some(pair);
    finding.measured = Some(Value::Number(mm_value(shown)));
    finding.expected = Some(Value::Number(mm_value(expected)));
    finding.limit = Some(mm_value(limit));
    finding.unit = Some("mm".into());
    finding.confidence = if verdict == Verdict::Fail { 0.9 } else { 0.5 };
}

fn twins<'a>(m: &PlanMatches, plan: &'a Plan, storey: &StoreyPlan) -> Vec<Twin<'a>> {
    let pairs = Class::Axis.matches(m).pairs.iter();
    pairs
        .filter_map(|pair| {
            let drawn = plan.axes.get(*pair.drawn.first()?)?;
            let (AxisLine::Line(line), AxisCurve::Line { a, b }) =
                (drawn.line, storey.axes.get(pair.modelled)?.curve)
            else {
                return None;
            };
            let offset = pair.deltas.iter().find(|d| d.what == "offset").and_then(|d| d.difference)?;
            Some(Twin {
                label: &drawn.label,
                drawn: (line.a, line.direction()?),
                modelled: (a, (b - a).normalised()?),
                offset,
            })
        })
        .collect()
}

/// The two parallel axes that a dimension ends on, where it measures straight across them.
fn ends<'t, 'a>(d: &DrawnDimension, twins: &'t [Twin<'a>]) -> Option<(&'t Twin<'a>, &'t Twin<'a>)> {
    let span = d.to - d.from;
    let on = |p: Point2, along: &dyn Fn(&Twin<'a>) -> bool| -> Option<&'t Twin<'a>> {
        let mut near = twins.iter().filter(|t| along(t) && t.drawn.1.cross(p - t.drawn.0).abs() <= ON_AXIS_M);
        let first = near.next()?;
        // two axes in one place: which one is meant is not known
        near.next().is_none().then_some(first)
    };
    // ends may stand at different heights of the axes: the measured length is what lies across
    let across = |t: &Twin<'a>| (t.drawn.1.cross(span).abs() - d.measured_m).abs() <= ON_AXIS_M;
    let a = on(d.from, &across)?;
    let parallel = |t: &Twin<'a>| across(t) && t.drawn.1.cross(a.drawn.1).abs() <= ACROSS_RAD;
    let b = on(d.to, &parallel)?;
    (!std::ptr::eq(a, b)).then_some((a, b))
}
