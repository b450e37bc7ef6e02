//! Grid axes, by label and by place: the same place with another label is a label that differs, the same label at
//! another place an axis that was moved.

use super::{ClassMatches, Delta, Laid, Missing, NotDrawn, Pair, PlanMatches, why};
use crate::drawing::plans::AxisLine;
use crate::geom::{Box2, Segment2, angle_between_lines};
use crate::ifc::model::AxisCurve;
use crate::registration::labels::label_key;

/// Axes this close are at the same place (metres; the warning limit of a spacing).
const SAME_M: f64 = 0.005;
/// Axes further from parallel than this are not the same (radians; 1°).
const PARALLEL_RAD: f64 = 0.0175;

struct Drawn {
    index: usize,
    label: String,
    line: Segment2,
}

pub(super) fn pair(laid: &Laid<'_>, out: &mut PlanMatches) {
    let mut class = ClassMatches::default();
    let modelled: Vec<(usize, String, Segment2)> = laid
        .storey
        .axes
        .iter()
        .enumerate()
        .filter_map(|(i, a)| match a.curve {
            AxisCurve::Line { a: p, b: q } => Some((i, label_key(&a.label), Segment2::new(p, q))),
            AxisCurve::Arc(_) => None,
        })
        .collect();
    if modelled.is_empty() {
        return;
    }
    let drawn = drawn_axes(laid);
    if drawn.is_empty() {
        out.not_drawn.push(NotDrawn { class: "axis", modelled: modelled.len() });
        return;
    }
    let mut model_free: Vec<bool> = vec![true; modelled.len()];
    let mut drawn_free: Vec<bool> = vec![true; drawn.len()];
    let mut join = |m: usize, d: usize, free: (&mut Vec<bool>, &mut Vec<bool>)| {
        free.0[m] = false;
        free.1[d] = false;
        let (i, label, line) = &modelled[m];
        let same = *label == drawn[d].label;
        let (offset, turn) = distance(line, &drawn[d].line);
        let mut deltas = vec![Delta::text("label", &drawn[d].label, label, same)];
        deltas.push(Delta::number("offset", offset, 0.0, laid.sigma_m));
        deltas.push(Delta::number("angle", turn, 0.0, 2e-5));
        class.pairs.push(Pair { modelled: *i, drawn: vec![drawn[d].index], deltas });
    };
    // first where label and place agree, then the place alone, then the label alone
    for round in 0..3 {
        let mut edges: Vec<(usize, usize, f64)> = Vec::new();
        for m in (0..modelled.len()).filter(|&m| model_free[m]) {
            for d in (0..drawn.len()).filter(|&d| drawn_free[d]) {
                let parallel =
                    angle_between_lines(angle(&modelled[m].2), angle(&drawn[d].line)) <= PARALLEL_RAD;
                let offset = distance(&modelled[m].2, &drawn[d].line).0.abs();
                let label = modelled[m].1 == drawn[d].label;
                let fits = match round {
                    0 => label && offset <= SAME_M,
                    1 => offset <= SAME_M,
                    _ => label,
                };
                if parallel && fits {
                    edges.push((m, d, offset));
                }
            }
        }
        for (m, d) in super::assign::assign(&edges, 1e4) {
            join(m, d, (&mut model_free, &mut drawn_free));
        }
    }
    class.pairs.sort_by_key(|p| p.modelled);
    // what is drawn of the building; where no walls or columns are, the axes themselves
    let of_axes = Box2::around(drawn.iter().flat_map(|d| [d.line.a, d.line.b]));
    let within = |p| if laid.extent.is_small() { of_axes.contains(p) } else { laid.extent.contains(p) };
    for (m, (i, _, line)) in modelled.iter().enumerate().filter(|(m, _)| model_free[*m]) {
        let _ = m;
        // half a sheet shows half of the grid: an axis is missed only where it runs through what is drawn
        let shown = (0..=20).any(|k| within(line.a.lerp(line.b, f64::from(k) / 20.0)));
        let written = axis_is_drawn(laid, line);
        class.missing_in_drawing.push(if !shown {
            Missing::unsure(*i, why("outside", &[]))
        } else if written >= 0.5 {
            let share = crate::wording::Text::same(format!("{:.0}", written * 100.0));
            Missing::unsure(*i, why("traces", &[("share", share)]))
        } else {
            Missing::sure(*i, 0.95)
        });
    }
    for (d, axis) in drawn.iter().enumerate().filter(|(d, _)| drawn_free[*d]) {
        let _ = d;
        let confidence = laid.plan.axes.get(axis.index).map_or(0.0, |a| a.evidence.confidence);
        class.missing_in_model.push(if confidence < 0.5 {
            Missing::unsure(axis.index, why("uncertain_symbol", &[]))
        } else {
            Missing::sure(axis.index, confidence)
        });
    }
    out.axes = class;
}

/// Straight drawn axes in world metres; an axis drawn in pieces counts once.
fn drawn_axes(laid: &Laid<'_>) -> Vec<Drawn> {
    let mut out: Vec<Drawn> = Vec::new();
    for (index, a) in laid.plan.axes.iter().enumerate() {
        let AxisLine::Line(line) = a.line else { continue };
        let line = Segment2::new(laid.to_world.apply(line.a), laid.to_world.apply(line.b));
        let label = label_key(&a.label);
        let again = out.iter().any(|o| {
            o.label == label
                && angle_between_lines(angle(&o.line), angle(&line)) <= PARALLEL_RAD
                && distance(&o.line, &line).0.abs() <= SAME_M
        });
        if !again && line.length() > 0.1 && !label.is_empty() {
            out.push(Drawn { index, label, line });
        }
    }
    out
}

fn angle(s: &Segment2) -> f64 {
    (s.b - s.a).angle()
}

/// Signed distance of the second line's middle from the first line (left positive), and the angle between them.
fn distance(m: &Segment2, d: &Segment2) -> (f64, f64) {
    let Some(u) = m.direction() else { return (f64::INFINITY, 0.0) };
    (u.cross(d.middle() - m.a), angle_between_lines(angle(m), angle(d)))
}

/// Share of the axis within the building that some raw line draws.
fn axis_is_drawn(laid: &Laid<'_>, line: &Segment2) -> f64 {
    let plan = super::evidence::mapped(&laid.to_plan, line);
    super::evidence::raw_share(&laid.plan.raw, &plan, 0.003)
}
