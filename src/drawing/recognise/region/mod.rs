//! Where plans lie: frames and clusters in model space, layouts and their viewports, pages; each with its title.

mod frame;

use super::cluster;
use super::layer::Meaning;
use super::scene::{Area, Meanings};
use super::text::title::{self, Title};
use crate::drawing::model::{Drawing, Sheet, SheetKind, TextMark};
use crate::geom::Box2;

/// What each text of a sheet says as a title.
type Titles = [Option<Title>];

/// A part of a drawing that may be a plan.
#[derive(Clone, Debug)]
pub struct Region {
    /// Sheet with the geometry.
    pub sheet: usize,
    /// Where on it.
    pub area: Area,
    /// Its title.
    pub title: Option<Title>,
    /// Layers frozen in its viewport.
    pub hidden: Vec<u32>,
    /// The layout that shows it, for title blocks.
    pub layout: Option<usize>,
    /// Denominator from the viewport.
    pub viewport_scale: Option<f64>,
}

/// All regions of a drawing, in the order of sheets and position.
pub fn find(drawing: &Drawing, meanings: &Meanings) -> Vec<Region> {
    let titles: Vec<Vec<Option<Title>>> =
        drawing.sheets.iter().map(|s| title::parse_all(s.texts.iter().map(|t| t.text.as_str()))).collect();
    let mut out = Vec::new();
    let model = drawing.sheets.iter().position(|s| s.kind == SheetKind::Model);
    for (i, sheet) in drawing.sheets.iter().enumerate() {
        if sheet.kind != SheetKind::Layout && !sheet.bounds.is_empty() {
            out.extend(sheet_regions(i, sheet, meanings, &titles[i]));
        }
    }
    for (i, sheet) in drawing.sheets.iter().enumerate() {
        if sheet.kind == SheetKind::Layout {
            layout_regions(drawing, model, i, &titles[i], &mut out);
        }
    }
    drop_swallowed(&mut out);
    out
}

/// Regions of model space, a page or an SVG: its frames, else its clusters, else all of it.
fn sheet_regions(number: usize, sheet: &Sheet, meanings: &Meanings, titles: &Titles) -> Vec<Region> {
    let mut areas = frame::find(sheet, meanings, titles);
    if areas.is_empty() {
        let whole = |bounds| Area { bounds, outline: None, without: Vec::new() };
        areas = cluster::split(sheet, meanings, titles, sheet.bounds).into_iter().map(whole).collect();
    }
    areas
        .into_iter()
        .map(|area| {
            let title = title_of(sheet, meanings, titles, &area);
            Region { sheet: number, area, title, hidden: Vec::new(), layout: None, viewport_scale: None }
        })
        .collect()
}

/// The best title among the texts of an area: the tallest that names a drawing. Attributes come after texts.
fn title_of(sheet: &Sheet, meanings: &Meanings, titles: &Titles, area: &Area) -> Option<Title> {
    let mut best: Option<(f64, &Title, &TextMark)> = None;
    for (t, parsed) in sheet.texts.iter().zip(titles) {
        let Some(parsed) = parsed.as_ref().filter(|_| area.contains(t.centre)) else { continue };
        if meanings.of(sheet, t.mark) == Some(Meaning::Room) {
            continue;
        }
        // an attribute may be a room's, a door's, or a field of a title block; a title names a drawing
        if t.tag.is_some() && parsed.kind.is_none() {
            continue;
        }
        // a word that only names a storey may be a room or a note; words for kinds of drawing are better
        let kind = if parsed.kind.is_some() { 1.0 } else { 0.5 };
        let weight = t.height * kind * if t.tag.is_some() { 0.25 } else { 1.0 };
        if best.as_ref().is_none_or(|(w, ..)| weight > *w + 1e-9) {
            best = Some((weight, parsed, t));
        }
    }
    let (_, found, at) = best?;
    let mut found = found.clone();
    if found.scale.is_none() {
        found.scale = scale_near(sheet, area, at);
    }
    Some(found)
}

/// The scale text nearest to the title.
fn scale_near(sheet: &Sheet, area: &Area, title: &TextMark) -> Option<f64> {
    sheet
        .texts
        .iter()
        .filter(|t| area.contains(t.centre))
        .filter_map(|t| super::text::scale::parse(&t.text).map(|s| (t.centre.distance(title.centre), s)))
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, s)| s)
}

/// Viewports give model space its titles, and cut it where it has no frames of its own.
fn layout_regions(
    drawing: &Drawing,
    model: Option<usize>,
    number: usize,
    titles: &Titles,
    out: &mut Vec<Region>,
) {
    let layout = &drawing.sheets[number];
    let Some(model_number) = model else { return };
    let Some(model_sheet) = drawing.sheets.get(model_number) else { return };
    let whole = Area { bounds: layout.bounds, outline: None, without: Vec::new() };
    let no_meanings = Meanings { layers: Vec::new(), blocks: Vec::new() };
    let title = title_of(layout, &no_meanings, titles, &whole);
    let shown = out.len();
    for viewport in &layout.viewports {
        if viewport.in_model.len() < 3 {
            continue;
        }
        let area = Area {
            bounds: Box2::around(viewport.in_model.iter().copied()),
            outline: Some(viewport.in_model.clone()),
            without: Vec::new(),
        };
        let lines = model_sheet.lines.iter().filter(|l| area.contains(l.segment.middle())).count();
        if lines < frame::MIN_CONTENT {
            continue;
        }
        let scale = (viewport.scale > 0.0).then(|| nice_scale(1.0 / viewport.scale));
        out.push(Region {
            sheet: model_number,
            area,
            title: title.clone(),
            hidden: viewport.frozen.clone(),
            layout: Some(number),
            viewport_scale: scale,
        });
    }
    // a layout that shows no part of model space has its own content: a schedule, notes
    if out.len() == shown && layout.texts.len() + layout.lines.len() >= frame::MIN_CONTENT {
        out.push(Region {
            sheet: number,
            area: whole,
            title,
            hidden: Vec::new(),
            layout: None,
            viewport_scale: None,
        });
    }
}

/// A scale without the noise of division.
fn nice_scale(s: f64) -> f64 {
    let r = s.round();
    if (s - r).abs() < 1e-3 * s { r } else { s }
}

/// Where frames of model space and viewports show the same, one of them stays: frames with a title before viewports,
/// viewports before a model space without frames.
fn drop_swallowed(regions: &mut Vec<Region>) {
    let mut keep = vec![true; regions.len()];
    for i in 0..regions.len() {
        if regions[i].layout.is_none() {
            continue;
        }
        for j in 0..regions.len() {
            if regions[j].layout.is_some() || regions[j].sheet != regions[i].sheet || !keep[j] {
                continue;
            }
            let centre = regions[i].area.bounds.centre();
            if !regions[j].area.contains(centre) {
                continue;
            }
            let shared: Vec<usize> = (0..regions.len())
                .filter(|&k| {
                    regions[k].layout.is_some() && regions[j].area.contains(regions[k].area.bounds.centre())
                })
                .collect();
            if regions[j].title.is_some() || distinct(regions, &shared) < 2 {
                // one drawing in model space: its own extent, the layout's title
                keep[i] = false;
                if regions[j].title.is_none() {
                    regions[j].title = regions[i].title.clone();
                }
                if regions[j].viewport_scale.is_none() {
                    regions[j].viewport_scale = regions[i].viewport_scale;
                }
            } else {
                keep[j] = false;
            }
        }
    }
    let mut i = 0;
    regions.retain(|_| {
        i += 1;
        keep[i - 1]
    });
}

/// How many of these regions lie apart.
fn distinct(regions: &[Region], of: &[usize]) -> usize {
    let mut apart: Vec<Box2> = Vec::new();
    for &k in of {
        let b = regions[k].area.bounds;
        if !apart.iter().any(|o| o.contains(b.centre())) {
            apart.push(b);
        }
    }
    apart.len()
}
