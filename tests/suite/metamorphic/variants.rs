//! A drawing told otherwise, and the way back to its own places.

use std::f64::consts::FRAC_PI_2;
use tumo::drawing::model::*;
use tumo::geom::{Affine2, Arc2, Box2, Point2, Segment2};

/// One way to tell a drawing otherwise.
pub(super) struct Variant {
    /// Its name.
    pub(super) name: &'static str,
    /// The other drawing, and from its units to the first's; `None` where it says nothing about this drawing.
    pub(super) change: fn(&Drawing) -> Option<(Drawing, Affine2)>,
    /// Whether so large a share of things may be all that is left.
    pub(super) keeps: fn(f64) -> bool,
}

/// Everything stays.
fn all(share: f64) -> bool {
    share > 0.995
}
/// Names of layers are gone: what they alone told may be.
fn without_names(share: f64) -> bool {
    share > 0.45
}
/// Nearly everything stays.
fn most(share: f64) -> bool {
    share > 0.97
}

/// All of them.
pub(super) const VARIANTS: &[Variant] = &[
    Variant { name: "as it is", change: |d| same(d.clone()), keeps: all },
    Variant { name: "turned by 90°", change: |d| turned(d, FRAC_PI_2), keeps: all },
    Variant { name: "turned by 17.3°", change: |d| turned(d, 0.302), keeps: most },
    Variant { name: "turned by 179.98°", change: |d| turned(d, 3.1412), keeps: most },
    Variant {
        name: "moved by 10^6",
        change: |d| {
            mapped(d, Affine2::similarity(1.0, 0.0, false, Point2::new(1e6, -2e6)), d.declared_unit_m)
        },
        keeps: all,
    },
    Variant { name: "in inches", change: inches, keeps: most },
    Variant { name: "mirrored", change: mirrored, keeps: most },
    Variant { name: "blocks exploded", change: exploded, keeps: most },
    Variant { name: "all on layer 0", change: one_layer, keeps: without_names },
    Variant { name: "layers renamed", change: renamed, keeps: without_names },
    Variant { name: "reordered", change: reordered, keeps: all },
    Variant { name: "split and doubled", change: split, keeps: all },
    Variant { name: "polylines as lines", change: no_polylines, keeps: most },
    Variant { name: "lines as polylines", change: polylines, keeps: most },
    Variant { name: "arcs as chords", change: |d| chords(d, true), keeps: most },
    Variant { name: "arcs as loose lines", change: |d| chords(d, false), keeps: most },
    Variant { name: "texts as attributes", change: attributes, keeps: most },
    Variant { name: "attributes as texts", change: texts, keeps: most },
];

fn same(d: Drawing) -> Option<(Drawing, Affine2)> {
    Some((d, Affine2::IDENTITY))
}

fn turned(d: &Drawing, angle: f64) -> Option<(Drawing, Affine2)> {
    mapped(d, Affine2::rotation(angle), d.declared_unit_m)
}

fn inches(d: &Drawing) -> Option<(Drawing, Affine2)> {
    let unit = d.declared_unit_m?;
    let k = unit / 0.0254;
    mapped(d, Affine2::scaling(k, k), Some(0.0254))
}

fn mirrored(d: &Drawing) -> Option<(Drawing, Affine2)> {
    mapped(d, Affine2::similarity(1.0, 0.0, true, Point2::default()), d.declared_unit_m)
}

/// Every sheet that is no layout under a similarity; layouts keep their paper and look at the moved model.
fn mapped(d: &Drawing, m: Affine2, unit: Option<f64>) -> Option<(Drawing, Affine2)> {
    // paper has one scale and no other directions
    let paper = d.format == Format::Svg && (m.scale() - 1.0).abs() > 1e-9;
    if paper {
        return None;
    }
    let mut out = d.clone();
    out.declared_unit_m = unit;
    for sheet in &mut out.sheets {
        if sheet.kind == SheetKind::Layout {
            for v in &mut sheet.viewports {
                v.in_model.iter_mut().for_each(|p| *p = m.apply(*p));
                v.to_model = m.after(&v.to_model);
                v.scale /= m.scale();
            }
        } else {
            map_sheet(sheet, &m);
        }
    }
    Some((out, m.inverse()?))
}

fn map_sheet(sheet: &mut Sheet, m: &Affine2) {
    let k = m.scale();
    for l in &mut sheet.lines {
        l.segment = Segment2::new(m.apply(l.segment.a), m.apply(l.segment.b));
    }
    for a in &mut sheet.arcs {
        let start = m.apply_vector(Point2::unit(a.arc.start)).angle();
        let sweep = if m.is_mirrored() { -a.arc.sweep } else { a.arc.sweep };
        a.arc = Arc2 { centre: m.apply(a.arc.centre), radius: a.arc.radius * k, start, sweep };
    }
    for l in &mut sheet.loops {
        l.ring.iter_mut().for_each(|p| *p = m.apply(*p));
    }
    for f in &mut sheet.fills {
        f.rings.iter_mut().flatten().for_each(|p| *p = m.apply(*p));
    }
    for t in &mut sheet.texts {
        (t.centre, t.at) = (m.apply(t.centre), m.apply(t.at));
        t.height *= k;
        t.width *= k;
        t.angle = m.apply_vector(Point2::unit(t.angle)).angle();
        t.mirrored ^= m.is_mirrored();
    }
    for i in &mut sheet.inserts {
        i.transform = m.after(&i.transform);
        i.bounds = Box2::around(i.bounds.corners().map(|p| m.apply(p)));
    }
    for d in &mut sheet.dimensions {
        (d.from, d.to, d.line_at) = (m.apply(d.from), m.apply(d.to), m.apply(d.line_at));
        d.angle = d.angle.map(|a| m.apply_vector(Point2::unit(a)).angle());
        d.measured *= k;
        d.factor /= k;
    }
    sheet.bounds = bounds(sheet);
}

fn bounds(sheet: &Sheet) -> Box2 {
    let lines = sheet.lines.iter().flat_map(|l| [l.segment.a, l.segment.b]);
    let arcs = sheet.arcs.iter().flat_map(|a| [0.0, 0.25, 0.5, 0.75, 1.0].map(|t| a.arc.at(t)));
    let fills = sheet.fills.iter().flat_map(|f| f.rings.iter().flatten().copied());
    Box2::around(lines.chain(arcs).chain(fills).chain(sheet.texts.iter().map(|t| t.centre)))
}

fn exploded(d: &Drawing) -> Option<(Drawing, Affine2)> {
    let mut out = d.clone();
    for sheet in &mut out.sheets {
        sheet.marks.iter_mut().for_each(|m| m.insert = None);
        sheet.inserts.clear();
        sheet.texts.iter_mut().for_each(|t| t.tag = None);
    }
    same(out)
}

fn one_layer(d: &Drawing) -> Option<(Drawing, Affine2)> {
    let mut out = d.clone();
    out.layers.iter_mut().for_each(|l| l.name = "0".into());
    out.blocks.iter_mut().for_each(|b| *b = "*U1".into());
    same(out)
}

fn renamed(d: &Drawing) -> Option<(Drawing, Affine2)> {
    let mut out = d.clone();
    out.layers.iter_mut().enumerate().for_each(|(i, l)| l.name = format!("L{i}"));
    out.blocks.iter_mut().enumerate().for_each(|(i, b)| *b = format!("*U{i}"));
    same(out)
}

/// The same shuffle every time.
fn shuffle<T>(list: &mut [T]) {
    let mut state = 88_172_645_463_325_252u64;
    for i in (1..list.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        list.swap(i, (state % (i as u64 + 1)) as usize);
    }
}

/// Entities in another order, lines the other way round; pieces of one entity stay together.
fn reordered(d: &Drawing) -> Option<(Drawing, Affine2)> {
    let mut out = d.clone();
    for sheet in &mut out.sheets {
        let mut groups: Vec<Vec<LineMark>> = Vec::new();
        for l in &sheet.lines {
            match groups.last_mut() {
                Some(g) if g[0].mark == l.mark => g.push(*l),
                _ => groups.push(vec![*l]),
            }
        }
        shuffle(&mut groups);
        for g in &mut groups {
            g.reverse();
            g.iter_mut().for_each(|l| l.segment = Segment2::new(l.segment.b, l.segment.a));
        }
        sheet.lines = groups.into_iter().flatten().collect();
        shuffle(&mut sheet.arcs);
        shuffle(&mut sheet.loops);
        shuffle(&mut sheet.fills);
        shuffle(&mut sheet.texts);
    }
    same(out)
}

/// Lines in two pieces, and every third one twice.
fn split(d: &Drawing) -> Option<(Drawing, Affine2)> {
    let mut out = d.clone();
    for sheet in &mut out.sheets {
        let mut lines = Vec::new();
        for (i, l) in sheet.lines.iter().enumerate() {
            // chords of curves are in pieces already
            let many =
                sheet.lines.iter().skip(i.saturating_sub(3)).take(7).filter(|o| o.mark == l.mark).count() > 4;
            let middle = l.segment.a.lerp(l.segment.b, 0.37);
            if many {
                lines.push(*l);
            } else {
                lines.push(LineMark { mark: l.mark, segment: Segment2::new(l.segment.a, middle) });
                lines.push(LineMark { mark: l.mark, segment: Segment2::new(middle, l.segment.b) });
            }
            if i % 3 == 0 {
                lines.push(*l);
            }
        }
        sheet.lines = lines;
        let doubled: Vec<ArcMark> = sheet.arcs.iter().step_by(2).copied().collect();
        sheet.arcs.extend(doubled);
    }
    same(out)
}

fn no_polylines(d: &Drawing) -> Option<(Drawing, Affine2)> {
    let mut out = d.clone();
    out.sheets.iter_mut().for_each(|s| s.loops.clear());
    same(out)
}

/// Lines of a layer that follow each other round become one closed polyline.
fn polylines(d: &Drawing) -> Option<(Drawing, Affine2)> {
    let mut out = d.clone();
    for sheet in &mut out.sheets {
        let mut i = 0;
        while i + 3 < sheet.lines.len() {
            let four = &sheet.lines[i..i + 4];
            let layer = |l: &LineMark| {
                let m = &sheet.marks[l.mark as usize];
                (m.layer, m.insert)
            };
            let chained = (0..4).all(|k| {
                let (l, n) = (&four[k], &four[(k + 1) % 4]);
                l.segment.b.distance(n.segment.a) < 1e-9 * sheet.bounds.diagonal() && layer(l) == layer(n)
            });
            let own = (0..3).all(|k| four[k].mark != four[k + 1].mark);
            if chained && own {
                let mark = four[0].mark;
                let ring = four.iter().map(|l| l.segment.a).collect();
                sheet.lines[i..i + 4].iter_mut().for_each(|l| l.mark = mark);
                sheet.loops.push(LoopMark { mark, ring });
                i += 4;
            } else {
                i += 1;
            }
        }
    }
    same(out)
}

/// Arcs as polylines of chords, or as lines of their own; circles stay.
fn chords(d: &Drawing, as_polyline: bool) -> Option<(Drawing, Affine2)> {
    let mut out = d.clone();
    for sheet in &mut out.sheets {
        let (circles, arcs): (Vec<ArcMark>, Vec<ArcMark>) =
            sheet.arcs.iter().partition(|a| a.arc.is_circle());
        sheet.arcs = circles;
        for a in arcs {
            let n = (a.arc.sweep.abs() / 0.13).ceil().max(8.0);
            for i in 0..n as usize {
                let segment = Segment2::new(a.arc.at(i as f64 / n), a.arc.at((i as f64 + 1.0) / n));
                let mark = if as_polyline {
                    a.mark
                } else {
                    let mark = sheet.marks[a.mark as usize].clone();
                    sheet.marks.push(mark);
                    sheet.marks.len() as u32 - 1
                };
                sheet.lines.push(LineMark { mark, segment });
            }
        }
        if !as_polyline {
            shuffle(&mut sheet.lines);
        }
    }
    same(out)
}

/// Texts outside of blocks become attributes of references that draw nothing else.
fn attributes(d: &Drawing) -> Option<(Drawing, Affine2)> {
    let mut out = d.clone();
    for sheet in &mut out.sheets {
        let block = out.blocks.len() as u32;
        for t in &mut sheet.texts {
            let Some(mark) = sheet.marks.get_mut(t.mark as usize) else { continue };
            if mark.insert.is_some() {
                continue;
            }
            mark.insert = Some(sheet.inserts.len() as u32);
            t.tag = Some("TEXT".into());
            sheet.inserts.push(InsertMark {
                mark: t.mark,
                block,
                transform: Affine2::IDENTITY,
                parent: None,
                attributes: vec![("TEXT".into(), t.text.clone())],
                bounds: Box2::of(t.centre, t.centre),
            });
        }
        out.blocks.push("ANNOTATION".into());
    }
    same(out)
}

/// Attributes become texts beside their references.
fn texts(d: &Drawing) -> Option<(Drawing, Affine2)> {
    let mut out = d.clone();
    for sheet in &mut out.sheets {
        for t in &mut sheet.texts {
            if t.tag.take().is_some()
                && let Some(mark) = sheet.marks.get_mut(t.mark as usize)
            {
                mark.insert = None;
            }
        }
    }
    same(out)
}
