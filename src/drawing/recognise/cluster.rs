//! Drawings that stand side by side without frames: an area is cut along the blank strips between them, where both
//! sides have a title of their own.

use super::layer::Meaning;
use super::scene::Meanings;
use super::text::title::Title;
use crate::drawing::model::Sheet;
use crate::geom::{Box2, Point2};

/// A blank strip between two drawings is at least this share of the area's longer side. Strips within a drawing, between
/// the chains of dimensions and the title, are narrower or have no title beyond them.
const MIN_GAP: f64 = 0.01;
/// A drawing holds at least so many things.
const MIN_CONTENT: usize = 12;
/// More cuts than this are not made.
const MAX_DEPTH: usize = 24;

/// The parts of an area, in reading order by rows; the area itself where nothing speaks for more than one drawing.
pub fn split(sheet: &Sheet, meanings: &Meanings, titles: &[Option<Title>], bounds: Box2) -> Vec<Box2> {
    let titles: Vec<Point2> = sheet
        .texts
        .iter()
        .zip(titles)
        .filter(|(_, title)| title.as_ref().is_some_and(|t| t.kind.is_some()))
        .map(|(t, _)| t)
        .filter(|t| t.tag.is_none() && bounds.contains(t.centre))
        .filter(|t| meanings.of(sheet, t.mark) != Some(Meaning::Room))
        .map(|t| t.centre)
        .collect();
    if titles.len() < 2 {
        return vec![bounds];
    }
    let things: Vec<Box2> = things(sheet).into_iter().filter(|b| bounds.contains(b.centre())).collect();
    let mut out = Vec::new();
    cut(&things, &titles, bounds, MIN_GAP * bounds.width().max(bounds.height()), MAX_DEPTH, &mut out);
    out
}

fn things(sheet: &Sheet) -> Vec<Box2> {
    let lines = sheet.lines.iter().map(|l| Box2::of(l.segment.a, l.segment.b));
    let round = |c: Point2, r: f64| Box2::of(c, c).grown(r.abs());
    let arcs = sheet.arcs.iter().map(|a| round(a.arc.centre, a.arc.radius));
    let texts = sheet.texts.iter().map(|t| round(t.centre, t.height));
    lines.chain(arcs).chain(texts).filter(|b| b.min.is_finite() && b.max.is_finite()).collect()
}

fn cut(things: &[Box2], titles: &[Point2], bounds: Box2, gap: f64, depth: usize, out: &mut Vec<Box2>) {
    let best = if depth == 0 || titles.len() < 2 {
        None
    } else {
        let across = widest(things, titles, gap, |b| (b.min.x, b.max.x), |p| p.x);
        let along = widest(things, titles, gap, |b| (b.min.y, b.max.y), |p| p.y);
        match (across, along) {
            (Some(x), Some(y)) if y.1 > x.1 => Some((false, y.0)),
            (Some(x), _) => Some((true, x.0)),
            (None, Some(y)) => Some((false, y.0)),
            (None, None) => None,
        }
    };
    let Some((upright, at)) = best else {
        // what is drawn decides how far the area reaches
        out.push(things.iter().fold(Box2::EMPTY, |mut all, b| {
            all.merge(b);
            all
        }));
        return;
    };
    let (mut one, mut other) = (bounds, bounds);
    let first = |p: Point2| if upright { p.x < at } else { p.y > at };
    if upright {
        one.max.x = at;
        other.min.x = at;
    } else {
        one.min.y = at;
        other.max.y = at;
    }
    let (a, b): (Vec<Box2>, Vec<Box2>) = things.iter().copied().partition(|t| first(t.centre()));
    let (s, t): (Vec<Point2>, Vec<Point2>) = titles.iter().copied().partition(|p| first(*p));
    cut(&a, &s, one, gap, depth - 1, out);
    cut(&b, &t, other, gap, depth - 1, out);
}

/// The middle and width of the widest blank strip with a title and enough content at each side.
fn widest(
    things: &[Box2],
    titles: &[Point2],
    gap: f64,
    reach: impl Fn(&Box2) -> (f64, f64),
    place: impl Fn(&Point2) -> f64,
) -> Option<(f64, f64)> {
    let mut spans: Vec<(f64, f64)> = things.iter().map(reach).collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut best: Option<(f64, f64)> = None;
    let mut end = spans.first()?.1;
    for (i, span) in spans.iter().enumerate() {
        let width = span.0 - end;
        if width > gap && best.is_none_or(|b| width > b.1) {
            let at = (span.0 + end) / 2.0;
            let before = titles.iter().filter(|t| place(t) < at).count();
            if i >= MIN_CONTENT && spans.len() - i >= MIN_CONTENT && before > 0 && before < titles.len() {
                best = Some((at, width));
            }
        }
        end = end.max(span.1);
    }
    best
}

#[cfg(test)]
mod tests {
    use super::super::scene::Meanings;
    use super::split;
    use crate::drawing::model::{LineMark, Sheet, TextMark};
    use crate::geom::{Box2, Point2, Segment2};

    fn sheet(titled: &[&str]) -> Sheet {
        let mut sheet = Sheet::default();
        for (i, title) in titled.iter().enumerate() {
            let x = 60.0 * i as f64;
            for k in 0..20 {
                let y = f64::from(k);
                sheet.lines.push(LineMark {
                    segment: Segment2::new(Point2::new(x, y), Point2::new(x + 50.0, y)),
                    mark: 0,
                });
            }
            let at = Point2::new(x + 25.0, -5.0);
            sheet.texts.push(TextMark {
                mark: 0,
                text: (*title).into(),
                centre: at,
                at,
                height: 1.0,
                width: 8.0,
                angle: 0.0,
                mirrored: false,
                tag: None,
            });
        }
        sheet
    }

    fn parts(titled: &[&str]) -> usize {
        let sheet = sheet(titled);
        let bounds = Box2::of(Point2::new(0.0, -6.0), Point2::new(60.0 * titled.len() as f64, 20.0));
        let meanings = Meanings { layers: Vec::new(), blocks: Vec::new() };
        let titles =
            crate::drawing::recognise::text::title::parse_all(sheet.texts.iter().map(|t| t.text.as_str()));
        split(&sheet, &meanings, &titles, bounds).len()
    }

    #[test]
    fn each_titled_drawing_is_a_part() {
        assert_eq!(parts(&["一层平面图", "二层平面图", "三层平面图"]), 3);
        assert_eq!(parts(&["PLAN DU 1ER ÉTAGE", "PLAN DU 2ÈME ÉTAGE"]), 2);
    }

    #[test]
    fn what_has_no_title_of_its_own_is_no_part() {
        assert_eq!(parts(&["一层平面图", "卫生间"]), 1);
    }
}
