//! `tumo recognise`: what is drawn.

use super::args::Recognise;
use super::files;
use super::{Outcome, Settings, output};
use crate::drawing::plans::{AxisLine, DrawnText, Evidence, OpeningKind, Plan, Plans};
use crate::drawing::{self, Drawing};
use crate::geom::Point2;
use crate::report::plain::tame;
use anyhow::{Result, bail};
use serde_json::{Value, json};
use std::fmt::Write;
use std::time::Instant;

/// Runs the command. Exit code 0 when a plan was found in what could be read, 3 otherwise.
pub(crate) fn run(args: &Recognise, settings: &Settings) -> Result<Outcome> {
    let files = files::open(&args.drawings)?;
    let mut drawings = Vec::new();
    let mut notices = Vec::new();
    let started = Instant::now();
    for file in &files {
        match drawing::read(&file.name, file.shared()) {
            Ok(read) => {
                notices.extend(read.notices);
                drawings.push(read.value);
            }
            Err(error) => output::tell(&format!("tumo: {error}")),
        }
    }
    if drawings.is_empty() {
        bail!("no drawing could be read");
    }
    let read_took = started.elapsed();
    let started = Instant::now();
    let recognised = drawing::recognise(&drawings);
    let took = started.elapsed();
    notices.extend(recognised.notices);
    let plans = recognised.value;
    let text = if args.json {
        serde_json::to_string_pretty(&as_json(&drawings, &plans, &notices))? + "\n"
    } else {
        page(&drawings, &plans, &notices, settings.verbose)
    };
    output::print(text.as_bytes())?;
    if settings.verbose {
        output::tell(&format!("{:>10.1} ms  read drawings", read_took.as_secs_f64() * 1e3));
        output::tell(&format!("{:>10.1} ms  recognise plans", took.as_secs_f64() * 1e3));
    }
    let whole = drawings.len() == files.len() && !plans.plans.is_empty();
    Ok(if whole { Outcome::Clean } else { Outcome::Inconclusive })
}

fn page(drawings: &[Drawing], plans: &Plans, notices: &[crate::error::Notice], verbose: bool) -> String {
    let mut out = String::new();
    for (d, drawing) in (0u32..).zip(drawings) {
        let version = drawing.version.as_deref().unwrap_or("");
        let _ = writeln!(out, "{}  {} {version}", tame(&drawing.file), drawing.format.name());
        for plan in plans.plans.iter().filter(|p| p.drawing == d) {
            plan_lines(&mut out, plan);
        }
        for other in plans.not_plans.iter().filter(|p| p.drawing == d) {
            let title = other.title.as_deref().map(tame).unwrap_or_default();
            let _ = writeln!(out, "  no plan: {} {title}", tame(&other.reason));
        }
        for schedule in plans.schedules.iter().filter(|s| s.drawing == d) {
            let _ = writeln!(out, "  schedule of {} rows", schedule.rows.len());
        }
    }
    let shown = if verbose { usize::MAX } else { 10 };
    for notice in notices.iter().take(shown) {
        let _ = writeln!(out, "  [{}] {}: {}", notice.code, notice.place, tame(&notice.message));
    }
    if notices.len() > shown {
        let _ = writeln!(out, "  … {} more notes; -v shows all", notices.len() - shown);
    }
    out
}

fn plan_lines(out: &mut String, plan: &Plan) {
    let title = plan.title.as_deref().map(tame).unwrap_or_else(|| "(no title)".into());
    let scale = plan.scale.map(|s| format!(", 1:{s:.0}")).unwrap_or_default();
    let _ = writeln!(
        out,
        "  {} {title}{scale}, unit {} m by {:?}",
        plan.id, plan.frame.unit_m, plan.frame.unit_from
    );
    let labels: Vec<String> = plan.axes.iter().map(|a| tame(&a.label)).collect();
    let of = |kind| plan.openings.iter().filter(|o| o.kind == kind).count();
    let _ = writeln!(out, "     grid {}", if labels.is_empty() { "none".into() } else { labels.join(" ") });
    let _ = writeln!(
        out,
        "     {} walls, {} columns, {} doors, {} windows, {} gaps, {} rooms, {} level marks, {} dimensions, {} stairs",
        plan.walls.len(),
        plan.columns.len(),
        of(OpeningKind::Door),
        of(OpeningKind::Window),
        of(OpeningKind::Gap),
        plan.rooms.len(),
        plan.levels.len(),
        plan.dimensions.len(),
        plan.stairs.len()
    );
    let _ =
        writeln!(out, "     {:.0} % of primitives on layers that were understood", plan.understood * 100.0);
}

fn as_json(drawings: &[Drawing], plans: &Plans, notices: &[crate::error::Notice]) -> Value {
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
            "from": from(&w.evidence),
        })).collect::<Vec<_>>(),
        "columns": p.columns.iter().map(|c| json!({
            "at": at(c.centre), "width_m": c.width_m, "depth_m": c.depth_m, "round": c.round,
            "outline": c.outline.iter().map(|q| at(*q)).collect::<Vec<_>>(), "from": from(&c.evidence),
        })).collect::<Vec<_>>(),
        "openings": p.openings.iter().map(|o| json!({
            "kind": format!("{:?}", o.kind).to_lowercase(), "at": at(o.centre), "width_m": o.width_m,
            "along": turned(o.along), "depth_m": o.depth_m,
            "mark": text(&o.mark), "swings": o.swing.is_some(),
            "opens_to": o.swing.as_ref().and_then(|s| s.opens_to).map(turned), "dashed": o.dashed,
            "from": from(&o.evidence),
        })).collect::<Vec<_>>(),
        "rooms": p.rooms.iter().map(|r| json!({
            "name": text(&r.name), "number": text(&r.number), "area_m2": r.area_m2, "at": at(r.at),
            "outline_m2": r.outline.as_ref().map(|o| o.iter().map(crate::geom::Polygon::area).sum::<f64>()),
            "from": from(&r.evidence),
        })).collect::<Vec<_>>(),
        "levels": p.levels.iter().map(|l| json!({
            "text": l.text.text, "levels_m": l.levels_m, "at": at(l.text.at),
        })).collect::<Vec<_>>(),
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
