//! A close-up of one finding: the plan around it, what is modelled and what is drawn as dimensions to scale, and in words
//! what is wrong. The picture of a row, a topic, a page.

use super::picture::{self, DRAWN, Focus, Frame, INK, MODEL, escaped};
use super::plain::{number, tame_to};
use super::words::word;
use super::{Outline, Overlay, Report, shown::shown, terminal};
use crate::finding::{Finding, Side, Value};
use crate::geom::{Box2, Point2};
use crate::wording::Language;
use std::fmt::Write;

/// Least width and height of a close-up, metres.
const WIDTH_M: f64 = 8.0;
/// How far an outline may lie from the place of a finding and still be its element, metres.
const REACH_M: f64 = 0.6;
/// Longest dimension that is drawn to scale, in close-ups.
const LONGEST: f64 = 0.9;
/// Height of the line below the picture that says what is wrong, pixels.
pub(super) const CAPTION: f64 = 44.0;
/// Longest caption, characters.
const CAPTION_TEXT: usize = 150;

/// The close-up as SVG, so many pixels wide and high; `None` where no plan shows the finding.
pub fn svg(report: &Report, finding: &Finding, size: (f64, f64), language: Language) -> Option<String> {
    let (index, at) = shown(report, finding)?;
    let overlay = report.overlays.get(index)?;
    let half = Point2::new(WIDTH_M / 2.0, WIDTH_M / 2.0);
    let frame = Frame { window: Box2::of(at - half, at + half), width: size.0, height: size.1 };
    let mut over = String::new();
    let drawn_at = drawn_place(report, finding);
    if let Some((modelled, drawn)) = sizes(finding) {
        let along = direction(overlay, finding, at);
        dimension(&mut over, &frame, (at, along, 1.0), modelled, ("page.model", MODEL), language);
        dimension(&mut over, &frame, (at, along, -1.0), drawn, ("page.drawing", DRAWN), language);
    } else if let (Some(moved), Some(to)) = (offset(finding), drawn_at) {
        arrow(&mut over, &frame, at, to, moved);
    }
    caption(&mut over, finding, &frame, language);
    picture::focused(report, index, &frame, language, Some(&Focus { finding, over: &over }))
}

/// The class of outlines that show the element of a finding.
fn outline_class(finding: &Finding) -> Option<&'static str> {
    match finding.class.as_str() {
        "IfcDoor" => Some("door"),
        "IfcWindow" => Some("window"),
        "IfcColumn" => Some("column"),
        c if c.starts_with("IfcWall") => Some("wall"),
        _ => None,
    }
}

/// What is modelled and what is drawn, in metres, where both are lengths in the plan.
fn sizes(finding: &Finding) -> Option<(f64, f64)> {
    outline_class(finding)?;
    let length = |v: &Option<Value>| match v {
        Some(Value::Number(mm)) if *mm > 0.0 && mm.is_finite() => Some(mm / 1000.0),
        _ => None,
    };
    let comparable = finding.side == Some(Side::Differs) && finding.unit.as_deref() == Some("mm");
    comparable.then(|| Some((length(&finding.expected)?, length(&finding.measured)?))).flatten()
}

/// How far something is off its place, metres.
fn offset(finding: &Finding) -> Option<f64> {
    match (&finding.expected, &finding.measured, finding.unit.as_deref()) {
        (Some(Value::Number(zero)), Some(Value::Number(mm)), Some("mm")) if zero.abs() < 1e-9 => {
            Some(mm.abs() / 1000.0).filter(|m| m.is_finite() && *m > 0.0)
        }
        _ => None,
    }
}

/// Where the finding is drawn, in world metres.
fn drawn_place(report: &Report, finding: &Finding) -> Option<Point2> {
    let drawn = finding.drawn.first()?;
    let plan = report.plans.iter().find(|p| Some(&p.plan) == drawn.plan.as_ref())?;
    let [a, b, c, d, e, f] = plan.transform.m?;
    let [u, v] = drawn.at;
    Some(Point2::new(a * u + c * v + e, b * u + d * v + f)).filter(|p| p.is_finite())
}

/// Along which its size is measured: the long side of an opening or column, across a wall.
fn direction(overlay: &Overlay, finding: &Finding, at: Point2) -> Point2 {
    let class = outline_class(finding).unwrap_or_default();
    let near = |o: &&Outline| {
        let bounds = Box2::around(o.points.iter().copied()).grown(REACH_M);
        o.class == class && o.closed && o.points.len() > 2 && bounds.contains(at)
    };
    let edges = overlay.model.iter().filter(near).flat_map(|o| {
        let next = o.points.iter().cycle().skip(1);
        o.points.iter().zip(next).map(|(a, b)| (*a, *b))
    });
    let found = if class == "wall" {
        // the face beside the place: thickness is measured across it
        let nearest = edges.min_by(|x, y| distance(at, *x).total_cmp(&distance(at, *y)));
        nearest.and_then(|(a, b)| (b - a).normalised()).map(|d| d.left())
    } else {
        let longest = edges.max_by(|x, y| (x.1 - x.0).length().total_cmp(&(y.1 - y.0).length()));
        longest.and_then(|(a, b)| (b - a).normalised())
    };
    found.unwrap_or(Point2::new(1.0, 0.0))
}

fn distance(p: Point2, (a, b): (Point2, Point2)) -> f64 {
    let way = b - a;
    let t = ((p - a).dot(way) / way.dot(way).max(1e-12)).clamp(0.0, 1.0);
    (p - (a + way * t)).length()
}

/// A dimension to scale beside the place: on the model's side above, on the drawing's below.
fn dimension(
    out: &mut String,
    frame: &Frame,
    (at, along, side): (Point2, Point2, f64),
    length: f64,
    (key, colour): (&str, &str),
    language: Language,
) {
    let shown_length = length.min(WIDTH_M * LONGEST);
    let shift = along.left() * (side * 0.75);
    let (a, b) = (at + along * (shown_length / -2.0), at + along * (shown_length / 2.0));
    let (x1, y1) = frame.place(a + shift);
    let (x2, y2) = frame.place(b + shift);
    for (end, (x, y)) in [(a, (x1, y1)), (b, (x2, y2))] {
        let (fx, fy) = frame.place(end + shift * 0.15);
        let (gx, gy) = frame.place(end + shift * 1.12);
        let _ = writeln!(
            out,
            "<line x1='{fx:.1}' y1='{fy:.1}' x2='{gx:.1}' y2='{gy:.1}' stroke='{colour}' stroke-width='1'/>\
             <circle cx='{x:.1}' cy='{y:.1}' r='3' fill='{colour}'/>"
        );
    }
    let text = format!("{} {} mm", word(key, language), number(length * 1000.0));
    let (tx, ty) = frame.place(at + shift * 1.45);
    let _ = writeln!(
        out,
        "<line x1='{x1:.1}' y1='{y1:.1}' x2='{x2:.1}' y2='{y2:.1}' stroke='{colour}' stroke-width='2'/>"
    );
    tag(out, (tx, ty), &text, colour);
}

/// From where it is modelled to where it is drawn.
fn arrow(out: &mut String, frame: &Frame, from: Point2, to: Point2, moved: f64) {
    let (x1, y1) = frame.place(from);
    let (x2, y2) = frame.place(to);
    if (to - from).length() < 1e-3 || (to - from).length() > WIDTH_M {
        return;
    }
    let _ = writeln!(
        out,
        "<line x1='{x1:.1}' y1='{y1:.1}' x2='{x2:.1}' y2='{y2:.1}' stroke='{INK}' stroke-width='2'/>\
         <circle cx='{x1:.1}' cy='{y1:.1}' r='4' fill='{MODEL}'/><circle cx='{x2:.1}' cy='{y2:.1}' r='4' fill='{DRAWN}'/>"
    );
    tag(out, ((x1 + x2) / 2.0, (y1 + y2) / 2.0 - 24.0), &format!("{} mm", number(moved * 1000.0)), INK);
}

fn tag(out: &mut String, (x, y): (f64, f64), text: &str, colour: &str) {
    let half = picture::width_of(text, 14.0) / 2.0 + 7.0;
    let _ = writeln!(
        out,
        "<rect x='{:.1}' y='{:.1}' width='{:.1}' height='22' rx='3' fill='#fff' fill-opacity='.92' stroke='{colour}'/>\
         <text x='{x:.1}' y='{:.1}' font-size='14' font-weight='600' text-anchor='middle' fill='{colour}'>{}</text>",
        x - half,
        y - 11.0,
        half * 2.0,
        y + 5.0,
        escaped(text)
    );
}

/// What is wrong, in words; values that are no lengths side by side.
fn caption(out: &mut String, finding: &Finding, frame: &Frame, language: Language) {
    let y = frame.height - CAPTION;
    let message = tame_to(finding.message.get(language), CAPTION_TEXT);
    let _ = writeln!(
        out,
        "<rect x='0' y='{y:.1}' width='100%' height='{CAPTION}' fill='#f5f7f8'/>\
         <text x='16' y='{:.1}' font-size='{:.1}' fill='{INK}'><tspan font-weight='600'>{}</tspan>  {}</text>",
        y + 27.0,
        fitting(&message, frame.width - 110.0),
        escaped(&tame_to(&finding.rule, 40)),
        escaped(&message)
    );
    let unit = finding.unit.as_deref().map(terminal::unit_sign).unwrap_or_default();
    let say = |v: &Value| match v {
        Value::Number(x) => format!("{} {unit}", number(*x)),
        Value::Text(t) => tame_to(t, 40),
    };
    if let (Some(Side::Differs), Some(modelled), Some(drawn), None) = (
        finding.side,
        &finding.expected,
        &finding.measured,
        sizes(finding).or(offset(finding).map(|o| (o, o))),
    ) {
        let middle = frame.width / 2.0;
        let at = y - 26.0;
        let left = format!("{} {}", word("page.model", language), say(modelled));
        let right = format!("{} {}", word("page.drawing", language), say(drawn));
        tag(out, (middle - picture::width_of(&left, 14.0) / 2.0 - 14.0, at), &left, MODEL);
        tag(out, (middle + picture::width_of(&right, 14.0) / 2.0 + 14.0, at), &right, DRAWN);
    }
}

/// The size of letters in which a text fits, pixels.
fn fitting(text: &str, width: f64) -> f64 {
    (15.0 * width / picture::width_of(text, 15.0).max(1.0)).clamp(8.0, 15.0)
}
