//! What the checks of the comparison share: which list a class is in, how a modelled or drawn thing is named and
//! where it is, in words and in numbers.

use super::Findings;
use crate::drawing::plans::{AxisLine, OpeningKind, Plan};
use crate::facts::Facts;
use crate::finding::{DrawnName, ElementName, Finding, Side, Verdict};
use crate::geom::{Affine2, Box2, Point2, Point3};
use crate::ifc::model::{AxisCurve, ElementRef, Kind};
use crate::ifc::section::StoreyPlan;
use crate::matching::{ClassMatches, PlanMatches};
use crate::rulebook::{Rule, data_file};
use crate::wording::Text;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A class that plans and storeys are compared in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    Wall,
    Column,
    Door,
    Window,
    Room,
    Axis,
}

impl Class {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Wall => "wall",
            Self::Column => "column",
            Self::Door => "door",
            Self::Window => "window",
            Self::Room => "room",
            Self::Axis => "axis",
        }
    }

    /// IFC class without a subtype.
    pub(super) const fn ifc(self) -> &'static str {
        match self {
            Self::Wall => "IfcWall",
            Self::Column => "IfcColumn",
            Self::Door => "IfcDoor",
            Self::Window => "IfcWindow",
            Self::Room => "IfcSpace",
            Self::Axis => "IfcGridAxis",
        }
    }

    /// The classes that a rule is about: its parameter `of`, one name or a list.
    pub(super) fn of(rule: &Rule) -> Vec<Self> {
        let named = |name: &str| {
            [Self::Wall, Self::Column, Self::Door, Self::Window, Self::Room, Self::Axis]
                .into_iter()
                .find(|c| c.name() == name)
        };
        match rule.params.get("of") {
            Some(toml::Value::String(s)) => named(s).into_iter().collect(),
            Some(toml::Value::Array(list)) => list.iter().filter_map(|v| named(v.as_str()?)).collect(),
            _ => Vec::new(),
        }
    }

    pub(super) fn matches(self, m: &PlanMatches) -> &ClassMatches {
        match self {
            Self::Wall => &m.walls,
            Self::Column => &m.columns,
            Self::Door | Self::Window => &m.openings,
            Self::Room => &m.rooms,
            Self::Axis => &m.axes,
        }
    }

    /// The modelled thing of this number in the class's list is of this class.
    pub(super) fn is_modelled(self, facts: &Facts<'_>, m: &PlanMatches, index: usize) -> bool {
        let kind = || facts.storeys.get(m.storey).and_then(|s| s.openings.get(index)).map(|o| o.kind);
        match self {
            Self::Door => kind() == Some(Kind::Door),
            Self::Window => kind() == Some(Kind::Window),
            _ => true,
        }
    }

    /// The drawn thing of this number in the class's list is of this class.
    pub(super) fn is_drawn(self, facts: &Facts<'_>, m: &PlanMatches, index: usize) -> bool {
        let kind = || facts.plans.plans.get(m.plan).and_then(|p| p.openings.get(index)).map(|o| o.kind);
        match self {
            Self::Door => kind() == Some(OpeningKind::Door),
            Self::Window => kind() == Some(OpeningKind::Window),
            _ => true,
        }
    }

    /// What an opening of this class is drawn as.
    pub(super) const fn drawn_kind(self) -> Option<OpeningKind> {
        match self {
            Self::Door => Some(OpeningKind::Door),
            Self::Window => Some(OpeningKind::Window),
            _ => None,
        }
    }

    pub(super) fn noun(self) -> Text {
        word(self.name())
    }
}

static WORDS: LazyLock<BTreeMap<String, Text>> = LazyLock::new(|| {
    data_file("wording/things.toml").and_then(|t| toml::from_str(t).ok()).unwrap_or_default()
});

/// A word of `rules/wording/things.toml`.
pub(super) fn word(name: &str) -> Text {
    WORDS.get(name).cloned().unwrap_or_else(|| Text::same(name))
}

/// What a finding is about.
#[derive(Clone, Debug, Default)]
pub(super) struct Subject {
    pub(super) elements: Vec<ElementName>,
    pub(super) drawn: Vec<DrawnName>,
    pub(super) point: Option<Point3>,
    pub(super) axis: Option<String>,
    pub(super) mark: Option<String>,
    /// Noun and name.
    pub(super) thing: Text,
}

/// A modelled thing (and what is drawn of it).
pub(super) fn modelled(
    facts: &Facts<'_>,
    m: &PlanMatches,
    class: Class,
    index: usize,
    drawn: &[usize],
) -> Subject {
    let mut out = Subject { thing: class.noun(), ..Subject::default() };
    let Some(storey) = facts.storeys.get(m.storey) else { return out };
    let (element, at): (Option<ElementRef>, Option<Point2>) = match class {
        Class::Wall => storey.walls.get(index).map(|w| (w.element, wall_middle(w))).unzip(),
        Class::Column => storey.columns.get(index).map(|c| (c.element, c.centre)).unzip(),
        Class::Door | Class::Window => storey.openings.get(index).map(|o| (o.element, o.centre)).unzip(),
        Class::Room => storey.rooms.get(index).map(|r| (r.element, r.label_point)).unzip(),
        Class::Axis => {
            let Some(axis) = storey.axes.get(index) else { return out };
            out.axis = Some(axis.label.clone());
            out.elements = axis_name(facts, axis.model, axis.index).into_iter().collect();
            let at = match axis.curve {
                AxisCurve::Line { a, b } => clipped_middle(a, b, &storey.bounds),
                AxisCurve::Arc(arc) => arc.at(0.5),
            };
            (None, Some(at))
        }
    };
    out.elements.extend(element.and_then(|e| facts.element_name(e)));
    let height = if class == Class::Wall || class == Class::Column { 1.2 } else { 1.0 };
    out.point = at.map(|p| p.at(storey.elevation_m + height));
    let room = storey.rooms.get(index).filter(|_| class == Class::Room).and_then(|r| r.name.clone());
    for d in drawn {
        let one = self::drawn(facts, m, class, *d);
        out.drawn.extend(one.drawn);
        out.mark = out.mark.or(one.mark);
    }
    let name = out.axis.clone().or_else(|| out.mark.clone()).or(room).or_else(|| shown_name(&out.elements));
    out.thing = thing(class, name.as_deref());
    out
}

/// A drawn thing.
pub(super) fn drawn(facts: &Facts<'_>, m: &PlanMatches, class: Class, index: usize) -> Subject {
    let mut out = Subject { thing: class.noun(), ..Subject::default() };
    let (Some(plan), Some(to_world)) =
        (facts.plans.plans.get(m.plan), facts.registration.plans.get(m.plan).and_then(|r| r.to_world))
    else {
        return out;
    };
    let mut name: Option<String> = None;
    let found = match class {
        Class::Wall => plan.walls.get(index).map(|w| (&w.evidence.marks, w.line.middle())),
        Class::Column => plan.columns.get(index).map(|c| (&c.evidence.marks, c.centre)),
        Class::Door | Class::Window => plan.openings.get(index).map(|o| {
            out.mark = o.mark.as_ref().map(|t| t.text.trim().to_owned());
            (&o.evidence.marks, o.centre)
        }),
        Class::Room => plan.rooms.get(index).map(|r| {
            name = r.name.as_ref().map(|t| t.text.trim().to_owned());
            (&r.evidence.marks, r.at)
        }),
        Class::Axis => plan.axes.get(index).map(|a| {
            out.axis = Some(a.label.clone());
            let at = match a.line {
                AxisLine::Line(line) => {
                    let bounds = Box2::around(plan.walls.iter().flat_map(|w| [w.line.a, w.line.b]));
                    clipped_middle(line.a, line.b, &bounds)
                }
                AxisLine::Arc(arc) => arc.at(0.5),
            };
            (&a.evidence.marks, at)
        }),
    };
    let Some((marks, at)) = found else { return out };
    out.drawn = facts.drawn_name(m.plan, marks, at).into_iter().collect();
    let z = facts.storeys.get(m.storey).map_or(0.0, |s| s.elevation_m);
    out.point = Some(to_world.apply(at).at(z + 1.2));
    let name = out.axis.clone().or_else(|| out.mark.clone()).or(name);
    out.thing = thing(class, name.as_deref());
    out
}

fn thing(class: Class, name: Option<&str>) -> Text {
    let noun = class.noun();
    match name {
        Some(n) if !n.is_empty() => Text::new(format!("{} {n}", noun.en), format!("{} {n}", noun.zh)),
        _ => noun,
    }
}

fn shown_name(elements: &[ElementName]) -> Option<String> {
    let e = elements.first()?;
    e.name.clone().filter(|n| n.chars().count() <= 60).or_else(|| e.tag.clone())
}

fn wall_middle(w: &crate::ifc::section::WallCut) -> Point2 {
    let longest = w.runs.iter().max_by(|a, b| a.line.length().total_cmp(&b.line.length()));
    longest.map_or_else(
        || Box2::around(w.solid.iter().flat_map(|p| p.outer.iter().copied())).centre(),
        |r| r.line.middle(),
    )
}

/// The middle of the part of an axis that runs through the building.
fn clipped_middle(a: Point2, b: Point2, bounds: &Box2) -> Point2 {
    let inside: Vec<Point2> =
        (0..=64).map(|k| a.lerp(b, f64::from(k) / 64.0)).filter(|p| bounds.contains(*p)).collect();
    match (inside.first(), inside.last()) {
        (Some(p), Some(q)) => (*p + *q) / 2.0,
        _ => (a + b) / 2.0,
    }
}

fn axis_name(facts: &Facts<'_>, model: u32, index: u32) -> Option<ElementName> {
    let axis = facts.models.get(model as usize)?.axes.get(index as usize)?;
    Some(ElementName {
        guid: axis.grid_guid.clone(),
        step_id: axis.step_id,
        class: "IfcGridAxis".into(),
        name: Some(axis.label.clone()),
        tag: None,
    })
}

/// Says a verdict of a comparison. `{thing}`, `{place}`, `{storey}`, `{plan}` are filled in beside `values`.
#[allow(clippy::too_many_arguments)]
pub(super) fn say<'f>(
    facts: &Facts<'_>,
    findings: &'f mut Findings,
    rule: &Rule,
    m: &PlanMatches,
    class: Class,
    subject: Subject,
    (verdict, side, case): (Verdict, Side, &str),
    values: &[(&str, Text)],
) -> &'f mut Finding {
    let storey = facts.storey_name(m.storey);
    let mut all = values.to_vec();
    all.push(("thing", subject.thing.clone()));
    all.push(("place", place(facts, m.storey, subject.point.map(|p| p.xy()))));
    all.push(("storey", Text::same(storey.as_ref().map_or("", |s| s.name.as_str()))));
    all.push(("plan", Text::same(facts.plans.plans.get(m.plan).map_or("", |p| p.id.as_str()))));
    let finding = findings.say(rule, verdict, class.ifc(), case, &all);
    finding.side = Some(side);
    finding.storey = storey;
    finding.elements = subject.elements;
    finding.drawn = subject.drawn;
    finding.point_m = subject.point.map(Into::into);
    finding.axis = subject.axis;
    finding.mark = subject.mark;
    finding
}

/// Where something is that belongs to no class of the comparison.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct At<'a> {
    pub(super) plan: usize,
    pub(super) storey: Option<usize>,
    /// World metres.
    pub(super) point: Option<Point2>,
    /// What is drawn there.
    pub(super) marks: &'a [u32],
    /// What is modelled there.
    pub(super) element: Option<ElementRef>,
}

/// Says a verdict about what belongs to no class of the comparison. `{place}`, `{storey}`, `{plan}` are filled in beside
/// `values`.
pub(super) fn tell<'f>(
    facts: &Facts<'_>,
    findings: &'f mut Findings,
    rule: &Rule,
    class: &str,
    (verdict, side, case): (Verdict, Side, &str),
    at: &At<'_>,
    values: &[(&str, Text)],
) -> &'f mut Finding {
    let storey = at.storey.and_then(|s| facts.storey_name(s));
    let mut all = values.to_vec();
    all.push(("place", at.storey.map_or_else(Text::default, |s| place(facts, s, at.point))));
    all.push(("storey", Text::same(storey.as_ref().map_or("", |s| s.name.as_str()))));
    all.push(("plan", Text::same(facts.plans.plans.get(at.plan).map_or("", |p| p.id.as_str()))));
    let to_plan = facts.registration.plans.get(at.plan).and_then(|r| r.to_world?.inverse());
    let drawn = match (at.point, to_plan) {
        (Some(p), Some(back)) if !at.marks.is_empty() => facts.drawn_name(at.plan, at.marks, back.apply(p)),
        // a place on the plan, so that pictures know which one is meant
        (Some(p), Some(back)) => facts.drawn_name(at.plan, &[], back.apply(p)),
        _ => None,
    };
    let z = at.storey.and_then(|s| facts.storeys.get(s)).map_or(0.0, |s| s.elevation_m);
    let finding = findings.say(rule, verdict, class, case, &all);
    finding.side = Some(side);
    finding.storey = storey;
    finding.elements = at.element.and_then(|e| facts.element_name(e)).into_iter().collect();
    finding.drawn = drawn.into_iter().collect();
    finding.point_m = at.point.map(|p| p.at(z).into());
    finding
}

/// The plans that were compared, each with its map to the world.
pub(super) fn laid<'a>(
    facts: &Facts<'a>,
) -> impl Iterator<Item = (&'a PlanMatches, &'a Plan, &'a StoreyPlan, Affine2)> + use<'a> {
    let facts = *facts;
    facts.matches.plans.iter().filter_map(move |m| {
        let to_world = facts.registration.plans.get(m.plan)?.to_world?;
        Some((m, facts.plans.plans.get(m.plan)?, facts.storeys.get(m.storey)?, to_world))
    })
}

/// How many raw lines of a plan run through a box in the world.
pub(super) fn lines_within(plan: &Plan, to_world: &Affine2, bounds: &Box2) -> usize {
    let Some(to_plan) = to_world.inverse() else { return 0 };
    let around = Box2::around(bounds.corners().iter().map(|&p| to_plan.apply(p)));
    let through = |line: &(crate::geom::Segment2, u32)| {
        let (a, b) = (to_world.apply(line.0.a), to_world.apply(line.0.b));
        let d = b - a;
        // what of the line lies between the sides of the box (Liang and Barsky 1984)
        let (mut from, mut to) = (0.0f64, 1.0f64);
        for (step, low, high) in
            [(d.x, bounds.min.x - a.x, bounds.max.x - a.x), (d.y, bounds.min.y - a.y, bounds.max.y - a.y)]
        {
            if step.abs() < 1e-12 {
                if low > 0.0 || high < 0.0 {
                    return false;
                }
            } else {
                let (p, q) = (low / step, high / step);
                from = from.max(p.min(q));
                to = to.min(p.max(q));
            }
        }
        from <= to
    };
    let near = plan.raw.line_index.touching(&around);
    near.into_iter().filter_map(|k| plan.raw.lines.get(k)).filter(|l| through(l)).count()
}

/// Where a point is, by grid axes: ` at 3–4 / B`; empty where there is no grid.
pub(super) fn place(facts: &Facts<'_>, storey: usize, at: Option<Point2>) -> Text {
    let (Some(at), Some(s)) = (at, facts.storeys.get(storey)) else { return Text::default() };
    // families of parallel axes: signed distances of the point from each
    let mut families: Vec<(Point2, Vec<(f64, &str)>)> = Vec::new();
    for axis in &s.axes {
        let AxisCurve::Line { a, b } = axis.curve else { continue };
        let Some(u) = (b - a).normalised() else { continue };
        let family = match families.iter().position(|f| f.0.cross(u).abs() < 0.1) {
            Some(i) => i,
            None => {
                families.push((u, Vec::new()));
                families.len() - 1
            }
        };
        let Some((direction, list)) = families.get_mut(family) else { continue };
        list.push((direction.cross(at - a), &axis.label));
    }
    families.sort_by_key(|f| std::cmp::Reverse(f.1.len()));
    let parts: Vec<String> = families.iter().take(2).filter_map(|(_, list)| between(list)).collect();
    if parts.is_empty() {
        return Text::default();
    }
    let joined = parts.join(" / ");
    Text::new(format!(" at {joined}"), format!("（{joined} 轴处）"))
}

/// The axis that a point is on (within 0.3 m), or the two it is between.
fn between(list: &[(f64, &str)]) -> Option<String> {
    let left = list.iter().filter(|x| x.0 >= 0.0).min_by(|a, b| a.0.total_cmp(&b.0));
    let right = list.iter().filter(|x| x.0 < 0.0).max_by(|a, b| a.0.total_cmp(&b.0));
    let on = [left, right].into_iter().flatten().find(|x| x.0.abs() <= 0.3);
    match (on, left, right) {
        (Some(x), _, _) => Some(x.1.to_owned()),
        (None, Some(a), Some(b)) => {
            let (p, q) = if a.1 <= b.1 { (a.1, b.1) } else { (b.1, a.1) };
            Some(format!("{p}–{q}"))
        }
        _ => None,
    }
}

/// Millimetres, as findings show them: whole, or with one place below ten where it says something.
pub(super) fn mm(metres: f64) -> Text {
    let v = metres * 1000.0;
    let text = if v.abs() < 9.95 { format!("{v:.1}") } else { format!("{v:.0}") };
    Text::same(match text.strip_suffix(".0").unwrap_or(&text) {
        "-0" => "0",
        text => text,
    })
}

/// Millimetres rounded for the report.
pub(super) fn mm_value(metres: f64) -> f64 {
    (metres * 1e4).round() / 10.0
}
