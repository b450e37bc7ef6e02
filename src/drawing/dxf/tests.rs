//! The reader as a whole, on small files: one kind of entity, or one kind of damage, each.

use crate::drawing::{Drawing, Sheet};
use crate::error::Notice;
use crate::error::{Read, Result};
use crate::geom::Point2;

fn read(name: &str, bytes: &[u8]) -> Result<Read<Drawing>> {
    super::read(name, bytes, &|_| ())
}

/// A file from `code value` words, `;` between groups; `§` stands for a `;` in a text.
fn dxf(blocks: &str, entities: &str) -> String {
    let groups = |text: &str| -> String {
        let pairs = text.split(';').map(str::trim).filter(|p| !p.is_empty());
        pairs
            .map(|p| p.split_once(' ').unwrap_or((p, "")))
            .map(|(c, v)| format!("{c}\n{}\n", v.replace('§', ";")))
            .collect()
    };
    format!(
        "0\nSECTION\n2\nHEADER\n9\n$ACADVER\n1\nAC1015\n9\n$INSUNITS\n70\n4\n0\nENDSEC\n\
         0\nSECTION\n2\nTABLES\n0\nTABLE\n2\nLAYER\n{}0\nENDTAB\n0\nENDSEC\n\
         0\nSECTION\n2\nBLOCKS\n{}0\nENDSEC\n0\nSECTION\n2\nENTITIES\n{}0\nENDSEC\n0\nEOF\n",
        groups("0 LAYER;2 WALL;70 0;62 1;6 CONTINUOUS;0 LAYER;2 ICE;70 1;62 3;0 LAYER;2 OFF;70 0;62 -5"),
        groups(blocks),
        groups(entities)
    )
}

fn drawn(blocks: &str, entities: &str) -> (Drawing, Vec<Notice>) {
    let read = read("a.dxf", dxf(blocks, entities).as_bytes()).unwrap();
    (read.value, read.notices)
}

fn model(entities: &str) -> Sheet {
    let (mut drawing, notices) = drawn("", entities);
    assert!(notices.is_empty(), "{notices:?}");
    drawing.sheets.remove(0)
}

fn near(a: Point2, x: f64, y: f64) -> bool {
    a.distance(Point2::new(x, y)) < 1e-9
}

#[test]
fn lines_and_layers() {
    let (d, _) = drawn(
        "",
        "0 LINE;5 A1;8 WALL;10 1;20 2;11 3;21 4;0 LINE;8 ICE;10 0;20 0;11 1;21 0;0 LINE;8 OFF;60 0;10 0;20 0;11 1;21 0",
    );
    let s = &d.sheets[0];
    assert_eq!(d.declared_unit_m, Some(1e-3));
    assert!(near(s.lines[0].segment.b, 3.0, 4.0));
    assert_eq!((s.marks[0].handle, s.marks[0].colour, s.marks[0].dashed), (0xA1, 0xFF0000, false));
    assert_eq!(s.marks.iter().map(|m| m.visible).collect::<Vec<_>>(), [true, false, false]);
}

#[test]
fn bulges_mirrored_axes_and_closing() {
    let s = model(
        "0 LWPOLYLINE;8 0;90 3;70 1;10 0;20 0;42 1;10 2;20 0;10 2;20 2;0 ARC;8 0;10 5;20 0;40 1;50 0;51 90;230 -1;210 0;220 0",
    );
    assert_eq!((s.lines.len(), s.arcs.len(), s.loops.len()), (2, 2, 1));
    assert!(near(s.arcs[0].arc.centre, 1.0, 0.0) && near(s.arcs[0].arc.at(0.5), 1.0, -1.0));
    let mirrored = &s.arcs[1].arc;
    assert!(near(mirrored.at(0.0), -6.0, 0.0) && near(mirrored.at(1.0), -5.0, 1.0), "{mirrored:?}");
}

#[test]
fn old_polylines() {
    let s = model(
        "0 POLYLINE;8 0;66 1;70 1;0 VERTEX;8 0;10 0;20 0;0 VERTEX;8 0;10 1;20 0;0 VERTEX;8 0;10 1;20 1;0 SEQEND;0 POINT;8 0;10 0;20 0",
    );
    assert_eq!((s.lines.len(), s.loops.len(), s.marks.len()), (3, 1, 1));
}

const SWING: &str =
    "0 BLOCK;2 D;70 0;10 1;20 0;0 LINE;8 0;62 0;10 1;20 0;11 2;21 0;0 CIRCLE;8 WALL;10 1;20 0;40 1;0 ENDBLK;";

#[test]
fn references_scale_turn_mirror_and_inherit() {
    let (d, _) = drawn(
        &format!("{SWING}0 BLOCK;2 OUTER;70 0;10 0;20 0;0 INSERT;8 0;2 D;10 10;20 0;0 ENDBLK"),
        "0 INSERT;8 WALL;62 5;2 d;10 100;20 0;41 2;42 -2;50 90;0 INSERT;8 WALL;2 OUTER;10 0;20 0;0 INSERT;8 0;2 D;10 0;20 0;41 3;42 1",
    );
    let s = &d.sheets[0];
    assert!(near(s.lines[0].segment.a, 100.0, 0.0) && near(s.lines[0].segment.b, 100.0, 2.0));
    let mark = &s.marks[s.lines[0].mark as usize];
    assert_eq!(
        (d.layers[mark.layer as usize].name.as_str(), mark.colour, mark.insert),
        ("WALL", 0x0000FF, Some(0))
    );
    assert!((s.arcs[0].arc.radius - 2.0).abs() < 1e-12 && s.inserts[0].transform.is_mirrored());
    assert_eq!(s.inserts[2].parent, Some(1));
    assert!(near(s.lines[1].segment.a, 10.0, 0.0));
    // A circle under a non-uniform scale is an ellipse: straight pieces.
    assert_eq!(s.arcs.len(), 2);
    assert!(s.inserts[3].bounds.max.x > 2.99 && s.inserts[3].bounds.max.y < 1.01);
}

#[test]
fn arrays_and_attributes() {
    let (d, _) = drawn(
        SWING,
        "0 INSERT;8 0;66 1;2 D;10 0;20 0;70 3;71 2;44 10;45 20;0 ATTRIB;8 0;10 1;20 2;40 2.5;1 D01;2 MARK;70 0;0 SEQEND",
    );
    let s = &d.sheets[0];
    assert_eq!((s.inserts.len(), s.lines.len()), (6, 6));
    assert!(near(s.lines[5].segment.a, 20.0, 20.0));
    assert_eq!(s.inserts[0].attributes, [("MARK".to_string(), "D01".to_string())]);
    assert_eq!(
        (s.texts[0].tag.as_deref(), s.marks[s.texts[0].mark as usize].insert),
        (Some("MARK"), Some(0))
    );
}

#[test]
fn texts_know_their_middle() {
    let s = model(
        "0 TEXT;8 0;10 0;20 0;11 50;21 60;40 10;1 %%p0.000;72 1;73 2;0 MTEXT;8 0;10 0;20 0;40 3;71 5;1 {\\fSimSun§\\U+4E00\\U+5C42}\\P\\U+56FE;50 90",
    );
    assert!(s.texts[0].text == "±0.000" && near(s.texts[0].centre, 50.0, 60.0));
    assert!(s.texts[1].text == "一层\n图" && near(s.texts[1].centre, 0.0, 0.0));
    assert!((s.texts[1].angle - std::f64::consts::FRAC_PI_2).abs() < 1e-12);
}

#[test]
fn hatches_of_all_edges() {
    let s = model(
        "0 HATCH;8 0;10 0;20 0;30 0;2 SOLID;70 1;91 2;92 2;72 1;73 1;93 2;10 0;20 0;42 1;10 2;20 0;42 1;97 0;\
         92 1;93 4;72 1;10 0;20 0;11 4;21 0;72 2;10 4;20 1;40 1;50 270;51 90;73 1;\
         72 3;10 3;20 2;11 1;21 0;40 0.5;50 0;51 180;73 1;\
         72 4;94 1;73 0;74 0;95 4;96 2;40 0;40 0;40 1;40 1;10 2;20 2;10 0;20 0;97 0;75 0;76 1;98 1;10 0;20 0",
    );
    let fill = &s.fills[0];
    assert!(fill.solid && fill.rings.len() == 2);
    assert!((crate::geom::ring_area(&fill.rings[0]).abs() - std::f64::consts::PI).abs() < 0.01);
    assert!(fill.rings[1].len() > 40 && s.bounds.max.x > 4.99);
}

#[test]
fn dimensions_show_their_text() {
    let (d, _) = drawn(
        "0 BLOCK;2 *D1;70 1;10 0;20 0;0 LINE;8 0;10 0;20 5;11 9;21 5;0 MTEXT;8 0;10 4;20 5;40 1;1 9000;0 ENDBLK",
        "0 DIMENSION;8 0;2 *D1;10 9;20 5;11 4;21 5;70 32;1 <>;13 0;23 0;14 9;24 1;50 0;1001 ACAD;1000 DSTYLE;1002 {;1070 144;1040 1000.0;1002 }",
    );
    let s = &d.sheets[0];
    let dimension = &s.dimensions[0];
    assert_eq!(
        (dimension.measured, dimension.factor, dimension.shown.as_deref()),
        (9.0, 1000.0, Some("9000"))
    );
    assert!(dimension.text_override.is_none() && s.marks[s.lines[0].mark as usize].dimension == Some(0));
}

#[test]
fn paper_space_and_windows() {
    let (d, _) = drawn(
        "",
        "0 LINE;8 0;10 0;20 0;11 1;21 0;0 LINE;67 1;8 0;10 0;20 0;11 5;21 0;\
         0 VIEWPORT;67 1;8 0;10 100;20 50;40 20;41 10;68 2;69 2;12 7;22 8;17 0;27 0;45 1000;51 90",
    );
    assert_eq!(d.sheets.len(), 2);
    let window = &d.sheets[1].viewports[0];
    assert!((window.scale - 0.01).abs() < 1e-15);
    // The middle of the window shows the view's centre, turned back by the twist.
    assert!(near(window.to_model.apply(Point2::new(100.0, 50.0)), 8.0, -7.0));
}

#[test]
fn damage_costs_the_entity_alone() {
    let text = dxf(
        "",
        "0 LINE;5 B1;8 0;10 abc;20 0;11 1;21 0;0 CIRCLE;8 0;10 0;20 0;40 -1;0 LWPOLYLINE;8 0;90 9;0 LINE;8 0;10 0;20 0;11 1;21 0",
    );
    let out = read("a.dxf", text.as_bytes()).unwrap();
    assert_eq!(out.notices.iter().filter(|n| n.code == "dxf-damaged-entity").count(), 3);
    assert!(out.notices[0].place.to_string().contains("handle B1"), "{}", out.notices[0].place);
    assert_eq!(out.value.sheets[0].lines.len(), 1);
    // A line that is lost shifts codes and values: the entity it stood in goes, no other.
    let shifted = dxf(
        "",
        "0 LINE;8 0;10 0;20 0;11 1;21 0;0 LINE;8 X;10 5.5;20 0;11 1;21 0;0 LINE;8 0;10 0;20 0;11 1;21 0",
    );
    let out = read("a.dxf", shifted.replacen("5.5\n", "", 1).as_bytes()).unwrap();
    assert_eq!((out.value.sheets[0].lines.len(), out.notices.len()), (2, 1));
}

#[test]
fn every_truncation_is_read_or_refused() {
    let text = dxf(
        SWING,
        "0 INSERT;8 0;2 D;10 0;20 0;0 LINE;8 0;10 0;20 0;11 1;21 0;0 LINE;8 0;10 0;20 0;11 1;21 0",
    );
    for end in 0..text.len() - 4 {
        if let Ok(out) = read("a.dxf", &text.as_bytes()[..end]) {
            assert!(out.notices.iter().any(|n| n.code == "dxf-truncated"), "{end}");
        }
    }
}

#[test]
fn hostile_blocks_are_bounded_and_told() {
    let cycle = "0 BLOCK;2 A;10 0;20 0;0 LINE;8 0;10 0;20 0;11 1;21 0;0 INSERT;8 0;2 B;10 0;20 0;0 ENDBLK;0 BLOCK;2 B;10 0;20 0;0 INSERT;8 0;2 A;10 0;20 0;0 ENDBLK";
    let codes = |n: &[Notice]| n.iter().map(|n| n.code.clone()).collect::<Vec<_>>();
    let (d, notices) = drawn(cycle, "0 INSERT;8 0;2 A;10 0;20 0");
    assert_eq!((codes(&notices), d.sheets[0].lines.len()), (vec!["dxf-block-cycle".to_string()], 1));
    let (d, notices) =
        drawn(SWING, "0 INSERT;8 0;2 D;10 0;20 0;70 32767;71 32767;44 1;45 1;0 LINE;8 0;10 7;20 0;11 1;21 0");
    assert_eq!(codes(&notices), ["dxf-block-limit"]);
    assert!(d.sheets[0].inserts.len() == 1_000_000 && d.sheets[0].lines.len() == 1_000_001);
    let (_, notices) = drawn("", "0 INSERT;8 0;2 NOWHERE;10 0;20 0");
    assert_eq!(codes(&notices), ["dxf-block-undefined"]);
}

#[test]
fn wild_numbers_do_no_harm() {
    let (d, _) = drawn(
        "",
        "0 LWPOLYLINE;8 0;90 999999999;70 1;10 0;20 0;42 1e308;10 1;20 0;42 -1e308;10 1;20 1;0 ARC;8 0;10 1e300;20 0;40 1e300;50 1e300;51 -1e300;\
         0 HATCH;8 0;10 0;20 0;2 SOLID;70 1;91 999999999;92 2;93 999999999;10 0;20 0;0 SPLINE;8 0;71 999999999;72 9;10 0;20 0;\
         0 VIEWPORT;8 0;10 0;20 0;40 1;41 1;45 0;0 LINE;8 0;10 0;20 0;11 1;21 0",
    );
    assert!(d.sheets[0].lines.iter().all(|l| l.segment.a.is_finite()));
    let mut edges = String::from("0 HATCH;8 0;10 0;20 0;2 SOLID;70 1;91 1;92 1;93 100000");
    for i in 0..100_000 {
        edges += &format!(";72 1;10 {i};20 {};11 {};21 {}", i % 7, i + 1, (i + 1) % 7);
    }
    assert_eq!(model(&edges).fills[0].rings[0].len(), 100_001);
}

#[test]
fn binary_files_read_like_text() {
    let text = dxf(
        SWING,
        "0 INSERT;5 2F;8 WALL;2 D;10 100;20 0;41 2;42 2;50 90;0 TEXT;8 0;10 1;20 2;40 3;1 C1515;62 3",
    );
    let mut binary = super::BINARY_SENTINEL.to_vec();
    let mut lines = text.lines();
    while let (Some(code), Some(value)) = (lines.next(), lines.next()) {
        let code: i16 = code.parse().unwrap();
        binary.extend(code.to_le_bytes());
        match code {
            10..=59 => binary.extend(value.parse::<f64>().unwrap().to_le_bytes()),
            60..=79 => binary.extend(value.parse::<i16>().unwrap().to_le_bytes()),
            _ => binary.extend([value.as_bytes(), &[0]].concat()),
        }
    }
    let show = |bytes: &[u8]| {
        let mut d = read("a.dxf", bytes).unwrap().value;
        d.sheets.iter_mut().flat_map(|s| &mut s.marks).for_each(|m| m.line = 0);
        format!("{d:?}")
    };
    assert_eq!(show(&binary), show(text.as_bytes()));
}

#[test]
fn external_references_are_listed() {
    let (d, notices) =
        drawn("0 BLOCK;2 X;70 4;10 0;20 0;1 ..\\base.dwg;0 ENDBLK", "0 INSERT;8 0;2 X;10 0;20 0");
    assert_eq!((d.xrefs, notices[0].code.as_str()), (vec!["..\\base.dwg".to_string()], "dxf-xref"));
}

/// Proxy graphics: each part is its size, its kind, and its values.
fn picture(parts: &[(i32, Vec<u8>)]) -> Vec<u8> {
    let mut out = Vec::new();
    for (kind, data) in parts {
        out.extend((data.len() as i32 + 8).to_le_bytes());
        out.extend(kind.to_le_bytes());
        out.extend(data);
    }
    let head = [out.len() as i32 + 8, parts.len() as i32];
    [head.map(i32::to_le_bytes).concat(), out].concat()
}

fn reals(values: &[f64]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

/// An entity with a picture, its length and chunks as hexadecimal digits.
fn with_picture(name: &str, picture: &[u8]) -> String {
    let chunks: String = picture
        .chunks(40)
        .map(|c| format!("310 {};", c.iter().map(|b| format!("{b:02X}")).collect::<String>()))
        .collect();
    format!("0 {name};5 77;100 AcDbEntity;8 WALL;160 {};{chunks}100 Other;10 0;", picture.len())
}

#[test]
fn pictures_of_other_programs_are_drawn() {
    let long = |n: i32| n.to_le_bytes().to_vec();
    let mut text = reals(&[1.0, 2.0, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 300.0, 0.7, 0.0]);
    text.extend("墙 A".encode_utf16().chain([0]).flat_map(u16::to_le_bytes));
    let parts = [
        (14, long(1)),
        (6, [long(3), reals(&[0.0, 0.0, 0.0, 5.0, 0.0, 0.0, 5.0, 3.0, 9.0])].concat()),
        (29, reals(&[2.0, 0.0, 0.0, 100.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.0, 1.0])),
        (
            4,
            [reals(&[1.0, 0.0, 0.0, 4.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, std::f64::consts::PI]), long(0)]
                .concat(),
        ),
        (31, Vec::new()),
        (20, long(1)),
        (7, [long(3), reals(&[0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0])].concat()),
        (36, text),
        (2, reals(&[7.0, 7.0, 0.0, 2.5, 0.0, 0.0, -1.0])),
    ];
    let whole = picture(&parts);
    let s = model(&with_picture("TCH_WALL", &whole));
    assert!(near(s.lines[0].segment.b, 5.0, 0.0) && near(s.lines[1].segment.b, 5.0, 3.0));
    assert_eq!((s.lines.len(), s.arcs.len(), s.fills.len(), s.loops.len(), s.texts.len()), (5, 2, 1, 1, 1));
    assert!(near(s.arcs[0].arc.centre, 102.0, 0.0) && (s.arcs[0].arc.radius - 8.0).abs() < 1e-12);
    assert!(near(s.arcs[0].arc.at(1.0), 102.0, -8.0) && s.arcs[1].arc.is_circle());
    assert!(s.texts[0].text == "墙 A" && (s.texts[0].angle - std::f64::consts::FRAC_PI_2).abs() < 1e-12);
    assert!(s.marks.iter().all(|m| m.handle == 0x77 && m.colour == 0xFF0000));
    // where the picture ends early, or names what is not there, the entity is lost and told
    for end in 9..whole.len() {
        let cut = with_picture("TCH_WALL", &whole[..end]);
        let read = read("a.dxf", dxf("", &(cut + "0 LINE;8 0;10 0;20 0;11 1;21 0")).as_bytes()).unwrap();
        let (drawing, told) = (read.value, read.notices.len());
        assert!(drawing.sheets[0].lines.len() <= 6 && told <= 1, "{end}");
    }
    let wild =
        picture(&[(9, [long(1), reals(&[0.0; 3]), long(1 << 30), long(i32::MIN)].concat()), (8, long(-1))]);
    let text = dxf("", &(with_picture("AEC_WALL", &wild) + "0 LINE;8 0;10 0;20 0;11 1;21 0"));
    assert_eq!(read("a.dxf", text.as_bytes()).unwrap().notices[0].code, "dxf-damaged-entity");
}

#[test]
fn objects_without_a_picture_are_counted_by_name() {
    let text = dxf(
        "",
        "0 ACAD_PROXY_ENTITY;8 0;90 498;91 501;0 TCH_OPENING;8 0;10 0;20 0;0 XLINE;8 0;10 0;20 0;11 1;21 0;0 RAY;8 0;10 0;20 0;11 1;21 0;\
         0 OLE2FRAME;8 0;90 4;310 00112233;0 LINE;8 0;10 0;20 0;11 1;21 0",
    );
    let classes = "0\nSECTION\n2\nCLASSES\n0\nCLASS\n1\nACDBDICTIONARYWDFLT\n2\nA\n0\nCLASS\n1\nTCH_WALL\n2\nB\n0\nENDSEC\n";
    let d = read("a.dxf", format!("{classes}{text}").as_bytes()).unwrap().value;
    let unread: Vec<&str> = d.unread.iter().map(|(n, _)| n.as_str()).collect();
    assert_eq!(unread, ["ACAD_PROXY_ENTITY TCH_WALL", "OLE2FRAME", "RAY", "TCH_OPENING", "XLINE"]);
    assert_eq!(d.sheets[0].lines.len(), 1);
}
