//! The reader as a whole, on small files.

use super::read;
use crate::drawing::Drawing;
use crate::geom::Point2;

fn drawn(body: &str) -> (Drawing, Vec<String>) {
    let text =
        format!("<svg xmlns='http://www.w3.org/2000/svg' width='420mm' viewBox='0 0 840 594'>{body}</svg>");
    let read = read("a.svg", text.as_bytes()).unwrap();
    (read.value, read.notices.into_iter().map(|n| n.code).collect())
}

#[test]
fn shapes_transforms_and_layers() {
    let (d, notices) = drawn(
        "<g id='A-WALL' stroke='#000' fill='none' transform='translate(10 20)'>\
         <line x1='0' y1='0' x2='5' y2='0'/><rect width='4' height='3'/><circle r='2'/><ellipse rx='2' ry='1'/>\
         <path d='M0 0A5 5 0 0 1 5 5'/></g><g display='none'><line x2='9' stroke='red'/></g>\
         <path d='M0 0H9V9Z' fill='#c8c8c8' stroke='none'/>",
    );
    let sheet = &d.sheets[0];
    assert!(notices.is_empty() && d.y_down && d.declared_unit_m == Some(0.5e-3));
    assert_eq!(sheet.lines[0].segment.b, Point2::new(15.0, 20.0));
    assert_eq!((sheet.arcs.len(), sheet.fills.len()), (2, 1));
    assert_eq!(d.layers[sheet.marks[0].layer as usize].name, "A-WALL");
    assert!(sheet.loops.iter().any(|l| l.ring.len() == 4));
}

#[test]
fn texts_stand_where_they_are_seen() {
    let (d, _) = drawn(
        "<style>.small{font-size:2.5px}</style>\
         <text x='10' y='20' font-size='10' text-anchor='middle'>  D 01 </text>\
         <text style='font-size:0' text-anchor='middle' dominant-baseline='middle' transform='translate(5,6)'>\
         <tspan class='small' x='0' y='0'>Kitchen</tspan><tspan class='small' x='0' dy='1em'>12 m²</tspan></text>",
    );
    let texts = &d.sheets[0].texts;
    let found: Vec<_> = texts.iter().map(|t| t.text.as_str()).collect();
    assert_eq!(found, ["D 01", "Kitchen", "12 m²"]);
    assert!(texts[0].centre.distance(Point2::new(10.0, 20.0 - 3.58)) < 1e-9);
    assert!(texts[1].centre.distance(Point2::new(5.0, 6.0)) < 1e-9);
    assert!(texts[2].centre.distance(Point2::new(5.0, 8.5)) < 1e-9);
}

#[test]
fn references_are_bounded_and_stay_inside() {
    let mut bomb = String::from("<defs><g id='a0'><line x2='1' stroke='red'/></g>");
    for i in 1..40 {
        let uses = format!("<use href='#a{}'/>", i - 1).repeat(2);
        bomb += &format!("<g id='a{i}'>{uses}</g>");
    }
    bomb += "</defs><g id='me'><use href='#me'/></g><use href='#a3'/><use href='http://x/y#z'/><use href='#none'/>";
    let (d, mut notices) = drawn(&bomb);
    notices.sort();
    assert_eq!(notices, ["svg-cycle", "svg-external", "svg-reference"]);
    assert_eq!(d.sheets[0].lines.len(), 8);
}

#[test]
fn hostile_files_are_refused_in_one_sentence() {
    let nested = format!("<svg>{}{}</svg>", "<g>".repeat(200_000), "</g>".repeat(200_000));
    let entity = "<!DOCTYPE svg [<!ENTITY a 'aaaa'>]><svg><text>&a;</text></svg>";
    for text in [nested.as_str(), entity, "<svg", "<svg/>"] {
        let message = read("a.svg", text.as_bytes()).unwrap_err().to_string();
        assert!(!message.contains('\n') && message.len() < 300, "{message}");
    }
    let doctype =
        "<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'x.dtd'><svg><line x2='1' stroke='red'/></svg>";
    assert!(read("a.svg", doctype.as_bytes()).is_ok());
}
