//! How long a drawing unit is on site. Sizes of things that are alike everywhere (doors, dimension chains, the whole
//! plan) decide between the candidates; what the file declares is only one more witness.

use super::ruler::{self, Ruled};
use super::text::length;
use crate::drawing::model::{Drawing, Format, Sheet, SheetKind};
use crate::drawing::plans::UnitFrom;
use crate::drawing::recognise::scene::Area;
use std::f64::consts::PI;

/// Candidates: millimetre, centimetre, metre, inch, foot.
const UNITS: [f64; 5] = [0.001, 0.01, 1.0, length::INCH, length::FOOT];

/// Metres of paper per pixel at 96, 90 and 72 pixels per inch: CSS, older Inkscape, Illustrator.
const PIXELS: [f64; 3] = [length::INCH / 96.0, length::INCH / 90.0, length::INCH / 72.0];

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unit {
    /// Metres per drawing unit.
    pub metres: f64,
    /// Why.
    pub from: UnitFrom,
}

/// A dimension with both its numbers, drawing units and as shown.
#[derive(Clone, Copy, Debug)]
struct Witness {
    measured: f64,
    shown: length::Length,
}

/// Door leaves on site, metres: from cupboards to garage doors; most by far within 0.7–1.1.
const DOOR_RADIUS: (f64, f64) = (0.45, 1.6);
/// From so many door arcs on their sizes count in full.
const MANY_ARCS: f64 = 6.0;
/// Buildings and their parts, metres.
const EXTENT: (f64, f64) = (4.0, 400.0);
/// Dimension chains, metres.
const DIMENSION: (f64, f64) = (0.05, 200.0);
/// Shares of agreement that let a witness speak.
const MOST: f64 = 0.6;

/// A candidate as near as this to what dimensions measure is meant by them, as a share.
const NEAR_RULED: f64 = 0.02;
/// Prints that are off by less than this are to scale: 2 mm over 100 m.
const EXACT: f64 = 2e-5;

/// Finds the unit of a region. `paper_scale` is the denominator that the title states.
pub fn find(drawing: &Drawing, sheet: &Sheet, area: &Area, paper_scale: Option<f64>) -> Unit {
    let dims = witnesses(sheet, area);
    let extent = extent(sheet, area);
    let radii = door_radii(sheet, area);
    // dimensions of another kind than the format's own, on paper: prints are scaled to fit
    let mut candidates = candidates(drawing, sheet, paper_scale);
    let likely = on_paper(drawing, sheet, paper_scale);
    let ruled = if dims.is_empty() && !likely.is_empty() { ruler::read(sheet, area, &likely) } else { None };
    candidates.extend(ruled.map(|r| r.unit_m));
    let mut best: Option<(f64, f64)> = None;
    for candidate in candidates {
        let mut score = 0.0;
        if !dims.is_empty() {
            let n = dims.len() as f64;
            let fits = dims.iter().filter(|d| dimension_fits(d, candidate)).count() as f64 / n;
            let sane = dims
                .iter()
                .filter(|d| (DIMENSION.0..=DIMENSION.1).contains(&(d.measured * candidate)))
                .count() as f64
                / n;
            score += 3.0 * fits + sane;
        }
        if ruled.is_some_and(|r| (candidate / r.unit_m - 1.0).abs() < NEAR_RULED) {
            score += 4.0;
        }
        if !radii.is_empty() {
            let sane =
                radii.iter().filter(|r| (DOOR_RADIUS.0..=DOOR_RADIUS.1).contains(&(*r * candidate))).count();
            // a few arcs may be anything: they do not outweigh what the file declares
            score += 2.0 * sane as f64 / (radii.len() as f64).max(MANY_ARCS);
        }
        if (EXTENT.0..=EXTENT.1).contains(&(extent * candidate)) {
            score += 1.0;
        }
        if drawing.declared_unit_m.is_some_and(|d| same(d, candidate)) {
            score += 0.8;
        }
        if drawing.declared_unit_m.is_none() && same(candidate, UNITS[0]) {
            // the profession's own unit, where nothing else speaks
            score += 0.1;
        }
        if drawing.declared_unit_m.is_none() && paper_scale.is_some_and(|s| same(candidate, PIXELS[0] * s)) {
            score += 0.05;
        }
        if best.is_none_or(|(s, _)| score > s + 1e-9) {
            best = Some((score, candidate));
        }
    }
    let metres = best.map_or(UNITS[0], |(_, u)| u);
    if let Some(unit) = ruled.and_then(|r| by_ruler(&r, metres)) {
        return unit;
    }
    let agreeing = dims.iter().filter(|d| dimension_fits(d, metres)).count();
    let from = if !dims.is_empty() && agreeing as f64 >= MOST * dims.len() as f64 {
        UnitFrom::Dimensions
    } else if drawing.declared_unit_m.is_some_and(|d| same(d, metres)) {
        UnitFrom::Declared
    } else if drawing.declared_unit_m.is_some() && paper_scale.is_some() && is_paper(drawing, sheet) {
        UnitFrom::StatedScale
    } else {
        UnitFrom::Plausible
    };
    Unit { metres, from }
}

/// The unit that dimensions measure, where it is the one found or nearly so. What they cannot tell from it stays: a
/// stated scale is exact.
fn by_ruler(ruled: &Ruled, found: f64) -> Option<Unit> {
    let off = (ruled.unit_m / found - 1.0).abs();
    let metres = if off <= ruled.spread.max(EXACT) { found } else { ruled.unit_m };
    (off < NEAR_RULED).then_some(Unit { metres, from: UnitFrom::Dimensions })
}

fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-6 * a.abs().max(b.abs())
}

/// Pages and layouts are drawn in paper units.
fn is_paper(drawing: &Drawing, sheet: &Sheet) -> bool {
    matches!(sheet.kind, SheetKind::Page | SheetKind::Layout)
        || matches!(drawing.format, Format::Pdf | Format::Svg)
}

/// Units that paper is drawn in: the stated scale, or the usual ones.
fn on_paper(drawing: &Drawing, sheet: &Sheet, paper_scale: Option<f64>) -> Vec<f64> {
    if !is_paper(drawing, sheet) {
        return Vec::new();
    }
    let paper = drawing.declared_unit_m.unwrap_or(0.001);
    match paper_scale {
        Some(scale) if drawing.declared_unit_m.is_none() => {
            std::iter::once(paper).chain(PIXELS).map(|p| p * scale).collect()
        }
        Some(scale) => vec![paper * scale],
        None => [100.0, 50.0, 200.0, 150.0, 96.0, 48.0, 20.0, 250.0, 500.0].map(|s| paper * s).to_vec(),
    }
}

fn candidates(drawing: &Drawing, sheet: &Sheet, paper_scale: Option<f64>) -> Vec<f64> {
    let mut out = on_paper(drawing, sheet, paper_scale);
    if drawing.format == Format::Pdf {
        return out;
    }
    if let Some(declared) = drawing.declared_unit_m {
        out.push(declared);
    }
    for unit in UNITS {
        if !out.iter().any(|o| same(*o, unit)) {
            out.push(unit);
        }
    }
    out
}

fn witnesses(sheet: &Sheet, area: &Area) -> Vec<Witness> {
    sheet
        .dimensions
        .iter()
        .filter(|d| d.angle.is_some() && d.measured > 0.0 && area.contains(d.line_at))
        .filter(|d| d.text_override.as_deref().is_none_or(|t| t.trim().is_empty() || t.contains("<>")))
        .filter_map(|d| {
            let shown = match d.shown.as_deref().and_then(length::parse) {
                Some(shown) => shown,
                None => length::Length { number: d.measured * d.factor, unit_m: None, decimal: false },
            };
            Some(Witness { measured: d.measured, shown }).filter(|w| w.shown.number > 0.0)
        })
        .collect()
}

/// The shown number is the measured length in millimetres, centimetres or metres (or says its own unit).
fn dimension_fits(d: &Witness, unit_m: f64) -> bool {
    let site = d.measured * unit_m;
    let near = |m: f64| (m - site).abs() <= (0.006 * site).max(0.0026);
    match d.shown.unit_m {
        // feet and inches are rounded to half an inch at worst
        Some(u) => near(d.shown.number * u) || (d.shown.number * u - site).abs() <= 0.26 * length::INCH,
        None if d.shown.decimal => near(d.shown.number) || near(d.shown.number * 0.001),
        None => near(d.shown.number * 0.001) || near(d.shown.number * 0.01) && (d.shown.number < 3000.0),
    }
}

fn extent(sheet: &Sheet, area: &Area) -> f64 {
    // a robust extent: between the 2nd and 98th percentiles of line middles
    let mut xs: Vec<f64> = Vec::new();
    let mut ys: Vec<f64> = Vec::new();
    for l in &sheet.lines {
        let p = l.segment.middle();
        if p.is_finite() && area.contains(p) {
            xs.push(p.x);
            ys.push(p.y);
        }
    }
    let spread = |v: &mut Vec<f64>| {
        v.sort_by(f64::total_cmp);
        let at = |q: f64| v.get(((v.len().saturating_sub(1)) as f64 * q) as usize).copied().unwrap_or(0.0);
        at(0.98) - at(0.02)
    };
    spread(&mut xs).max(spread(&mut ys))
}

fn door_radii(sheet: &Sheet, area: &Area) -> Vec<f64> {
    sheet
        .arcs
        .iter()
        .filter(|a| {
            let sweep = a.arc.sweep.abs();
            (PI * 0.4..PI * 0.6).contains(&sweep) && area.contains(a.arc.centre)
        })
        .map(|a| a.arc.radius)
        .collect()
}
