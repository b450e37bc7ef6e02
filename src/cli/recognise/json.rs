//! What was recognised, as JSON.

use crate::drawing::Drawing;
use crate::drawing::plans::{AxisLine, DrawnText, Evidence, Plan, Plans};
use crate::error::Notice;
use crate::geom::{Point2, Polygon};
use serde_json::{Value, json};

/// Everything recognised, places in drawing units.
pub(super) fn of(drawings: &[Drawing], plans: &Plans, notices: &[Notice]) -> Value {
    json!({
        "drawings": drawings.iter().map(|d| json!({
            "file": d.file,
            "format": d.format.name(),
            "version": d.version,
            "unit_m": d.declared_unit_m,
            "sheets": d.sheets.iter().map(|s| &s.name).collect::<Vec<_>>(),
            "unread": d.unread,
            "xrefs": d.xrefs,
        })).collect::<Vec<_>>(),
        "plans": plans.plans.iter().map(|p| plan_json(drawings, p)).collect::<Vec<_>>(),
        "schedules": plans.schedules.iter().map(|s| json!({
            "drawing": drawings.get(s.drawing as usize).map(|d| &d.file),
            "rows": s.rows.iter().map(|r| json!({
                "mark": r.mark, "width_m": r.width_m, "height_m": r.height_m,
                "per_storey": r.per_storey, "total": r.total,
            })).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "room_lists": plans.room_lists.iter().map(|l| json!({
            "drawing": drawings.get(l.drawing as usize).map(|d| &d.file),
            "rows": l.rows.iter().map(|r| json!({
                "number": r.number, "name": r.name, "area_m2": r.area_m2,
            })).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "title_blocks": plans.title_blocks.iter().map(|t| json!({
            "drawing": drawings.get(t.drawing as usize).map(|d| &d.file),
            "plan": t.plan.and_then(|p| plans.plans.get(p as usize)).map(|p| &p.id),
            "fields": t.fields.iter().map(|f| json!([f.field, f.value])).collect::<Vec<_>>(),
            "scale": t.scale,
        })).collect::<Vec<_>>(),
        "not_plans": plans.not_plans.iter().map(|n| json!({
            "drawing": drawings.get(n.drawing as usize).map(|d| &d.file),
            "title": n.title,
            "reason": n.reason,
        })).collect::<Vec<_>>(),
        "notices": notices,
    })
}

fn plan_json(drawings: &[Drawing], p: &Plan) -> Value {
    // drawn places are told in drawing units, as the author of the drawing knows them
    let back = p.frame.to_plan.inverse();
    let at = |q: Point2| -> [f64; 2] { back.map_or(q, |b| b.apply(q)).into() };
    let turned =
        |v: Point2| -> [f64; 2] { back.and_then(|b| b.apply_vector(v).normalised()).unwrap_or(v).into() };
    let from = |e: &Evidence| origin(drawings, p, e);
    let text = |t: &Option<DrawnText>| t.as_ref().map(|t| t.text.clone());
    json!({
        "id": p.id,
        "drawing": drawings.get(p.drawing as usize).map(|d| &d.file),
        "page": p.page,
        "title": p.title,
        "storeys": p.storeys,
        "scale": p.scale,
        "unit_m": p.frame.unit_m,
        "unit_from": format!("{:?}", p.frame.unit_from),
        "understood": p.understood,
        "axes": p.axes.iter().map(|a| json!({
            "label": a.label, "bubbles": a.bubbles.iter().map(|b| at(*b)).collect::<Vec<_>>(),
            "line": match a.line { AxisLine::Line(s) => Some([at(s.a), at(s.b)]), AxisLine::Arc(_) => None },
            "from": from(&a.evidence),
        })).collect::<Vec<_>>(),
        "walls": p.walls.iter().map(|w| json!({
            "a": at(w.line.a), "b": at(w.line.b), "thickness_m": w.thickness_m, "dashed": w.dashed,
            "curtain": w.curtain, "faces_m": w.faces_m,
            "arc": w.arc.map(|a| json!({ "centre": at(a.centre), "radius_m": a.radius })),
            "from": from(&w.evidence),
        })).collect::<Vec<_>>(),
        "columns": p.columns.iter().map(|c| json!({
            "at": at(c.centre), "width_m": c.width_m, "depth_m": c.depth_m, "round": c.round,
            "outline": c.outline.iter().map(|q| at(*q)).collect::<Vec<_>>(), "from": from(&c.evidence),
        })).collect::<Vec<_>>(),
        "openings": p.openings.iter().map(|o| json!({
            "kind": format!("{:?}", o.kind).to_lowercase(), "at": at(o.centre), "width_m": o.width_m,
            "along": turned(o.along), "depth_m": o.depth_m,
            "operation": o.operation.name(), "mark": text(&o.mark), "swings": o.swing.is_some(),
            "opens_to": o.swing.as_ref().and_then(|s| s.opens_to).map(turned), "dashed": o.dashed,
            "from": from(&o.evidence),
        })).collect::<Vec<_>>(),
        "rooms": p.rooms.iter().map(|r| json!({
            "name": text(&r.name), "number": text(&r.number), "area_m2": r.area_m2, "at": at(r.at),
            "outline_m2": r.outline.as_ref().map(|o| o.iter().map(Polygon::area).sum::<f64>()),
            "from": from(&r.evidence),
        })).collect::<Vec<_>>(),
        "levels": p.levels.iter().map(|l| json!({
            "text": l.text.text, "levels_m": l.levels_m, "at": at(l.text.at),
        })).collect::<Vec<_>>(),
        "stairs": p.stairs.iter().map(|s| json!({
            "at": at(s.bounds.centre()), "treads": s.treads, "going_m": s.going_m, "width_m": s.width_m,
            "up": s.up.map(turned), "text": text(&s.text), "from": from(&s.evidence),
        })).collect::<Vec<_>>(),
        "lifts": p.lifts.iter().map(|l| json!({
            "at": at(l.centre), "width_m": l.width_m, "depth_m": l.depth_m, "label": text(&l.label),
            "from": from(&l.evidence),
        })).collect::<Vec<_>>(),
        "slab_openings": p.slab_openings.iter().map(|o| json!({
            "at": at(o.centre), "label": text(&o.label),
            "outline": o.outline.iter().map(|q| at(*q)).collect::<Vec<_>>(), "from": from(&o.evidence),
        })).collect::<Vec<_>>(),
        "beams": p.beams.iter().map(|b| json!({
            "a": at(b.line.a), "b": at(b.line.b), "width_m": b.width_m, "dashed": b.dashed,
            "mark": b.mark.as_ref().map(|m| &m.text.text), "section_mm": b.mark.as_ref().map(|m| m.section_mm),
            "from": from(&b.evidence),
        })).collect::<Vec<_>>(),
        "beam_marks": p.beam_marks.iter().map(|m| &m.text.text).collect::<Vec<_>>(),
        "dimensions": p.dimensions.iter().map(|d| json!({
            "from": at(d.from), "to": at(d.to), "measured_m": d.measured_m, "shown_m": d.shown_m,
            "text": d.text, "overridden": d.overridden,
        })).collect::<Vec<_>>(),
        "unclear": p.unclear.iter().map(|u| json!({
            "may_be": u.may_be, "why": u.why, "at": at(u.bounds.centre()), "from": from(&u.evidence),
        })).collect::<Vec<_>>(),
        "unexplained": p.unexplained,
        "layers": p.layers.iter().map(|l| json!({
            "layer": l.layer, "meaning": l.meaning, "confidence": l.confidence, "primitives": l.primitives,
        })).collect::<Vec<_>>(),
    })
}

/// Handles and confidence of a recognised thing.
fn origin(drawings: &[Drawing], plan: &Plan, evidence: &Evidence) -> Value {
    let sheet = drawings.get(plan.drawing as usize).and_then(|d| d.sheets.get(plan.sheet as usize));
    let handles: Vec<String> = evidence
        .marks
        .iter()
        .filter_map(|m| sheet?.marks.get(*m as usize))
        .filter(|m| m.handle != 0)
        .map(|m| format!("{:X}", m.handle))
        .collect();
    json!({ "handles": handles, "confidence": evidence.confidence })
}
