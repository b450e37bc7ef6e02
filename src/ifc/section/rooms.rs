//! Rooms in plan: footprint, a place for a label, and which of Name and LongName is the number.

use super::RoomCut;
use crate::geom::{Point2, Polygon, Region, line_intervals};
use crate::ifc::model::{Element, ElementRef};

/// A room in the plan of a storey; `None` when there is no footprint.
pub(super) fn room(
    element: &Element,
    reference: ElementRef,
    own_storey: bool,
    outline: Region,
) -> Option<RoomCut> {
    let area_m2: f64 = outline.iter().map(Polygon::area).sum();
    let label_point = label_point(&outline)?;
    let (name, number) = names(element);
    Some(RoomCut {
        element: reference,
        own_storey,
        outline,
        label_point,
        name,
        number,
        area_m2,
        stated_area: element.stated_area.clone(),
    })
}

/// LongName is the name and Name the number, as the schema recommends and most tools write; where there is no
/// LongName, or both say the same, a Name that looks like a number is one, any other is the name.
fn names(element: &Element) -> (Option<String>, Option<String>) {
    let given = |s: &Option<String>| s.as_ref().map(|s| s.trim().to_owned()).filter(|s| !s.is_empty());
    let (name, long) = (given(&element.name), given(&element.long_name));
    match (name, long) {
        (Some(n), Some(l)) if n == l => by_looks(n),
        // the other way round: only LongName looks like a number
        (Some(n), Some(l)) if looks_like_number(&l) && !looks_like_number(&n) => (Some(n), Some(l)),
        (n, Some(l)) => (Some(l), n),
        (Some(n), None) => by_looks(n),
        (None, None) => (None, None),
    }
}

fn by_looks(text: String) -> (Option<String>, Option<String>) {
    if looks_like_number(&text) { (None, Some(text)) } else { (Some(text), None) }
}

/// Digits, with at most a few letters and marks around them: 101, A-204, 1.02, B1-03a.
fn looks_like_number(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    digits > 0 && letters <= 3 && letters <= digits + 1 && !text.contains(' ')
}

/// A point well inside: the middle of the longest piece of level lines through the outline.
fn label_point(outline: &[Polygon]) -> Option<Point2> {
    let largest = outline.iter().max_by(|a, b| a.area().total_cmp(&b.area()))?;
    let bounds = largest.bounds();
    let centroid = largest.centroid();
    let mut best: Option<(f64, Point2)> = None;
    for y in [
        centroid.y,
        bounds.centre().y,
        bounds.min.y + bounds.height() * 0.27,
        bounds.min.y + bounds.height() * 0.73,
    ] {
        let from = Point2::new(bounds.min.x, y);
        for (a, b) in line_intervals(std::slice::from_ref(largest), from, Point2::new(1.0, 0.0)) {
            let inside = centroid.x - from.x > a && centroid.x - from.x < b;
            let at = Point2::new(from.x + (a + b) / 2.0, y);
            if inside && y == centroid.y && (b - a) > 0.0 {
                return Some(centroid);
            }
            if best.is_none_or(|(length, _)| b - a > length) {
                best = Some((b - a, at));
            }
        }
    }
    best.map(|(_, p)| p)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str, long: Option<&str>) -> (Option<String>, Option<String>) {
        names(&Element { name: Some(name.into()), long_name: long.map(Into::into), ..Element::default() })
    }

    #[test]
    fn numbers_and_names_are_told_apart() {
        let some = |s: &str| Some(s.to_owned());
        assert_eq!(named("101", Some("Office")), (some("Office"), some("101")));
        assert_eq!(named("Office", Some("101")), (some("Office"), some("101")));
        assert_eq!(named("A102", None), (None, some("A102")));
        assert_eq!(named("卫生间", None), (some("卫生间"), None));
        assert_eq!(named("Office 2", Some("Office 2")), (some("Office 2"), None));
    }

    #[test]
    fn labels_lie_inside() {
        let p = |x: f64, y: f64| Point2::new(x, y);
        let u = Polygon::new(vec![
            p(0.0, 0.0),
            p(6.0, 0.0),
            p(6.0, 5.0),
            p(5.0, 5.0),
            p(5.0, 1.0),
            p(1.0, 1.0),
            p(1.0, 5.0),
            p(0.0, 5.0),
        ]);
        assert!(u.contains(label_point(std::slice::from_ref(&u)).unwrap()));
    }
}
