//! The report from what the stages came to: sorted, in the words and units of the contract.

use super::spot_check::{self, SpotRequest};
use super::{
    Identity, Input, PlanReport, Report, RuleReport, SCHEMA, StoreyReport, TransformReport, coverage,
    notices, overlay, words,
};
use crate::checks::Findings;
use crate::error::{Error, Notice};
use crate::facts::Facts;
use crate::finding::{Finding, Severity, Tally, Value, Verdict};
use crate::registration::{Method, PlanRegistration};
use crate::rulebook::{Rulebook, data_file};
use crate::score::{self, Basis};
use std::cmp::Reverse;

/// What only the caller of the chain knows: the core sees neither files nor clocks.
#[derive(Clone, Debug, Default)]
pub struct RunInfo {
    /// What makes the report, such as `tumo 0.1.0`.
    pub engine: String,
    /// The model files: name, size and hash.
    pub models: Vec<Input>,
    /// The drawing files: name, size and hash.
    pub drawings: Vec<Input>,
    /// A sample of what was compared.
    pub spot_check: Option<SpotRequest>,
}

/// Assembles the report.
pub fn assemble(
    facts: &Facts<'_>,
    findings: &Findings,
    given: &[Notice],
    unread: &[Error],
    rulebook: &Rulebook,
    info: RunInfo,
) -> Report {
    let plans: Vec<PlanReport> =
        (0..facts.plans.plans.len()).filter_map(|plan| plan_report(facts, findings, plan)).collect();
    let basis = Basis {
        drawings: !info.drawings.is_empty(),
        plans: plans.iter().filter(|p| !p.outside_scope).count(),
        unlaid: plans.iter().filter(|p| !p.outside_scope && p.transform.m.is_none()).count(),
        compared: plans.iter().flat_map(|p| p.coverage.values()).map(|c| c.compared).sum(),
        unread: unread.len(),
        damaged: losses(given),
    };
    let inputs = inputs(facts, &info);
    let spot_check = info.spot_check.as_ref().map(|ask| spot_check::draw(facts, findings, ask, &inputs));
    let (decision, reasons) = score::decide(findings, rulebook, &basis);
    let mut scores = score::score(findings, rulebook);
    if reasons.iter().any(|r| r.is_of_everything()) {
        score::withhold(&mut scores);
    }
    Report {
        schema: SCHEMA,
        engine: info.engine.clone(),
        decision,
        reasons: reasons.into_iter().map(|r| words::text(&format!("decision.reason.{}", r.key()))).collect(),
        profile: rulebook.profile.clone(),
        inputs,
        identity: identity(facts),
        plans,
        findings: in_order(findings),
        rules: rules(findings, rulebook),
        fixes: score::fixes(&scores, findings, rulebook),
        scores,
        previous: None,
        replies: Vec::new(),
        notices: unread
            .iter()
            .map(notices::unread)
            .chain(given.iter().cloned())
            .map(|n| notices::told(&n))
            .collect(),
        overlays: overlay::overlays(facts),
        spot_check,
    }
}

/// What is claimed, and what is therefore left out.
fn identity(facts: &Facts<'_>) -> Identity {
    let scope = facts.scope;
    let left_out = (0..facts.storeys.len()).filter(|s| !scope.has_storey(*s));
    Identity {
        scope: if scope.claim.is_empty() { "all".into() } else { scope.claim.clone() },
        discipline: scope.discipline.map(str::to_owned),
        left_out: left_out.filter_map(|s| facts.storey_name(s)).collect(),
        project_code: facts.identity.project_code().map(str::to_owned),
        building_code: facts.identity.building_code().map(str::to_owned),
        key: facts.identity.key(),
        stage: facts.identity.stage.clone(),
    }
}

/// Notices that mean that a part of a file was lost, as `rules/losses.toml` lists them.
pub fn losses(notices: &[Notice]) -> usize {
    #[derive(Default, serde::Deserialize)]
    struct Losses {
        codes: Vec<String>,
        endings: Vec<String>,
    }
    let losses: Losses = data_file("losses.toml").and_then(|t| toml::from_str(t).ok()).unwrap_or_default();
    let lost = |code: &str| {
        losses.codes.iter().any(|c| c == code) || losses.endings.iter().any(|e| code.ends_with(e.as_str()))
    };
    notices.iter().filter(|n| lost(&n.code)).count()
}

/// The files, with what their readers found in them.
fn inputs(facts: &Facts<'_>, info: &RunInfo) -> Vec<Input> {
    let mut out = Vec::new();
    for input in &info.models {
        let model = facts.models.iter().find(|m| m.file == input.name);
        out.push(Input {
            format: if model.is_some() { "ifc".into() } else { "unread".into() },
            schema: model.map(|m| m.schema.clone()).filter(|s| !s.is_empty()),
            authoring_tool: model.and_then(|m| m.authoring_tool.clone()),
            ..input.clone()
        });
    }
    for input in &info.drawings {
        let drawing = facts.drawings.iter().find(|d| d.file == input.name);
        out.push(Input {
            format: drawing.map_or("unread", |d| d.format.name()).into(),
            schema: drawing.and_then(|d| d.version.clone()),
            ..input.clone()
        });
    }
    out
}

fn plan_report(facts: &Facts<'_>, findings: &Findings, index: usize) -> Option<PlanReport> {
    let plan = facts.plans.plans.get(index)?;
    let registered = facts.registration.plans.get(index)?;
    let storeys = registered
        .storeys
        .iter()
        .filter_map(|&s| {
            let name = facts.storey_name(s)?;
            let elevation_m = facts.storeys.get(s)?.elevation_m;
            Some(StoreyReport { guid: name.guid, name: name.name, elevation_m })
        })
        .collect();
    Some(PlanReport {
        drawing: facts.drawings.get(plan.drawing as usize)?.file.clone(),
        page: plan.page,
        plan: plan.id.clone(),
        title: plan.title.clone(),
        storeys,
        outside_scope: facts.outside_scope(index),
        scale: plan.scale,
        unit_m: plan.frame.unit_m,
        transform: transform(facts, index, registered),
        story: registered.story.clone(),
        coverage: coverage::of_plan(facts, findings, index),
    })
}

fn transform(facts: &Facts<'_>, index: usize, registered: &PlanRegistration) -> TransformReport {
    let plan = facts.plans.plans.get(index);
    let y_down = plan.and_then(|p| facts.drawings.get(p.drawing as usize)).is_some_and(|d| d.y_down);
    let whole = plan.and_then(|p| registered.drawing_to_world(p));
    TransformReport {
        m: whole.map(|t| [t.a, t.b, t.c, t.d, t.e, t.f]),
        mirrored: whole.is_some_and(|t| t.is_mirrored() != y_down),
        method: match registered.method {
            Method::Labels => "labels",
            Method::Shapes => "shapes",
            Method::Given => "given",
            Method::None => "none",
        }
        .into(),
        rms_mm: millimetres(registered.rms_m),
        p95_mm: millimetres(registered.p95_m),
        inliers: registered.inliers,
        trust: registered.trust,
    }
}

/// What must be put right first, what was not decided last; else in the order of the checks. Numbers on pictures and in
/// lists count in this order.
fn in_order(findings: &Findings) -> Vec<Finding> {
    let mut list: Vec<Finding> = findings.list.iter().cloned().map(rounded).map(advised).collect();
    list.sort_by_key(|f| (f.verdict == Verdict::Undecided, Reverse(f.severity)));
    list
}

/// What would put a thing right is no advice while nobody knows whether it is wrong; what is open about a whole plan says
/// itself what would decide it.
fn advised(mut finding: Finding) -> Finding {
    if finding.verdict == Verdict::Undecided && finding.severity != Severity::Gate {
        finding.fix = words::text("finding.undecided-fix");
    }
    finding
}

/// Places to a micrometre (or a millionth of a drawing unit): the last bits are noise, and differ between machines.
fn rounded(mut finding: Finding) -> Finding {
    let round = |x: &mut f64| *x = (*x * 1e6).round() / 1e6 + 0.0;
    finding.point_m.iter_mut().flatten().for_each(round);
    finding.drawn.iter_mut().flat_map(|d| d.at.iter_mut()).for_each(round);
    for value in [&mut finding.measured, &mut finding.expected].into_iter().flatten() {
        if let Value::Number(x) = value {
            round(x);
        }
    }
    finding
}

/// To a micrometre, and 0 for what is no number: JSON has none.
fn millimetres(metres: f64) -> f64 {
    let mm = (metres * 1e6).round() / 1e3;
    if mm.is_finite() { mm } else { 0.0 }
}

fn rules(findings: &Findings, rulebook: &Rulebook) -> Vec<RuleReport> {
    rulebook
        .rules
        .iter()
        .map(|rule| RuleReport {
            id: rule.id.clone(),
            title: rule.title.clone(),
            severity: rule.severity,
            tally: findings.tallies.get(&rule.id).cloned().unwrap_or_else(Tally::default),
        })
        .collect()
}
