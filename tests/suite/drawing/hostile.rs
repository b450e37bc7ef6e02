//! Drawings made to hurt: each is answered soon, told, and costs nothing but what is hostile in it.

use super::{soon, sound, told};
use std::fmt::Write;

/// A line that has to survive, and layers on one line each.
const KEPT: &str = "0 LINE;5 FF;8 KEPT;10 0;20 0;11 1;21 0;";

/// Groups from `code value` words, `;` between them.
fn groups(text: &str) -> String {
    let pairs = text.split(';').map(str::trim).filter(|p| !p.is_empty());
    pairs.map(|p| p.split_once(' ').unwrap_or((p, ""))).map(|(c, v)| format!("{c}\n{v}\n")).collect()
}

fn dxf(blocks: &str, entities: &str) -> String {
    format!(
        "0\nSECTION\n2\nHEADER\n9\n$ACADVER\n1\nAC1015\n0\nENDSEC\n0\nSECTION\n2\nBLOCKS\n{}0\nENDSEC\n\
         0\nSECTION\n2\nENTITIES\n{}{}0\nENDSEC\n0\nEOF\n",
        groups(blocks),
        groups(KEPT),
        groups(entities)
    )
}

/// Reads it; the line that has nothing to do with the harm is there. Gives the codes told.
fn survives(what: &str, text: String) -> Vec<String> {
    let (drawing, codes) = soon(what, || told(text)).unwrap_or_else(|e| panic!("{what}: {e}"));
    sound(&drawing);
    let kept = drawing.sheets.iter().any(|s| s.lines.iter().any(|l| s.marks[l.mark as usize].handle == 0xFF));
    assert!(kept, "{what}: the line beside it is lost");
    codes
}

#[test]
fn blocks_that_hold_themselves_or_each_other() {
    let block = |name: &str, holds: &str| {
        format!("0 BLOCK;2 {name};10 0;20 0;0 LINE;8 0;10 0;20 0;11 1;21 0;{holds}0 ENDBLK;")
    };
    let insert = |name: &str| format!("0 INSERT;8 0;2 {name};10 0;20 0;");
    for ring in 1..8 {
        let blocks: String =
            (0..ring).map(|i| block(&format!("B{i}"), &insert(&format!("B{}", (i + 1) % ring)))).collect();
        assert_eq!(survives("a ring", dxf(&blocks, &insert("B0"))), ["dxf-block-cycle"]);
    }
    // a dimension whose picture shows the dimension
    let blocks = block("*D1", "0 DIMENSION;8 0;2 *D1;10 0;20 0;13 0;23 0;14 1;24 0;");
    assert_eq!(
        survives("a picture of itself", dxf(&blocks, "0 DIMENSION;8 0;2 *D1;10 0;20 0")),
        ["dxf-block-cycle"]
    );
    // blocks in blocks, deeper than any drawing
    let blocks: String = (0..500).map(|i| block(&format!("N{i}"), &insert(&format!("N{}", i + 1)))).collect();
    let codes = survives("a chain", dxf(&(blocks + &block("N500", "")), &insert("N0")));
    assert_eq!(codes, ["dxf-block-depth"]);
    // each holds the next ten times: 10^12 instances
    let blocks: String =
        (0..12).map(|i| block(&format!("P{i}"), &insert(&format!("P{}", i + 1)).repeat(10))).collect();
    let codes = survives("a bomb of blocks", dxf(&(blocks + &block("P12", "")), &insert("P0")));
    assert_eq!(codes, ["dxf-block-limit"]);
}

#[test]
fn arrays_beyond_all_bounds() {
    let block =
        "0 BLOCK;2 D;10 0;20 0;0 LINE;8 0;10 0;20 0;11 1;21 0;0 ENDBLK;0 BLOCK;2 EMPTY;10 0;20 0;0 ENDBLK;";
    for (name, count) in [("D", "32767"), ("D", "999999999999"), ("D", "1e300"), ("EMPTY", "32767")] {
        let array = format!("0 INSERT;8 0;2 {name};10 0;20 0;70 {count};71 {count};44 1;45 1");
        let codes = survives(count, dxf(block, &array));
        assert!(codes.contains(&"dxf-block-limit".to_owned()) || count == "1e300", "{count}: {codes:?}");
    }
    let many = "0 INSERT;8 0;2 D;10 0;20 0;70 1000;71 1000;44 1;45 1;".repeat(20);
    assert_eq!(survives("arrays", dxf(block, &many)), ["dxf-block-limit"]);
    survives("arrays of nothing", dxf("", &many.replace("2 D", "2 NOWHERE")));
}

#[test]
fn hatches_with_a_million_edges_and_counts_without_end() {
    let mut edges =
        String::from("0\nHATCH\n8\n0\n10\n0\n20\n0\n2\nSOLID\n70\n1\n91\n1\n92\n1\n93\n1000000\n");
    for i in 0..1_000_000 {
        let _ = write!(edges, "72\n1\n10\n{i}\n20\n{}\n11\n{}\n21\n{}\n", i % 7, i + 1, (i + 1) % 7);
    }
    let text = dxf("", "").replace("0\nENDSEC\n0\nEOF", &format!("{edges}97\n0\n0\nENDSEC\n0\nEOF"));
    assert!(survives("a million edges", text).is_empty());
    for entity in [
        "0 HATCH;8 0;10 0;20 0;2 SOLID;70 1;91 1000000000;92 2;72 1;73 1;93 1000000000;10 0;20 0",
        "0 HATCH;8 0;10 0;20 0;2 SOLID;70 1;91 1;92 1;93 1000000000;72 4;94 1000000000;73 1;74 0;95 1000000000;96 1000000000;40 1",
        "0 LWPOLYLINE;8 0;90 1000000000;70 1",
        "0 SPLINE;8 0;70 8;71 1000000000;72 1000000000;73 1000000000;74 1000000000;40 1;10 0;20 0",
        "0 POLYLINE;8 0;66 1;70 16;71 1000000000;72 1000000000;0 VERTEX;8 0;10 0;20 0;0 SEQEND",
        "0 POLYLINE;8 0;66 1;70 64;71 -1;72 1;0 VERTEX;8 0;70 192;10 0;20 0;0 VERTEX;8 0;70 128;71 1000000000;72 -1000000000;0 SEQEND",
        "0 MLINE;8 0;70 1;72 1000000000;73 1000000000;11 0;21 0;74 1000000000;41 1",
        "0 LEADER;8 0;76 1000000000;10 0;20 0",
        "0 ACAD_TABLE;8 0;2 *T1;10 0;20 0;91 1000000000;92 1000000000",
    ] {
        survives(entity, dxf("", entity));
    }
}

#[test]
fn numbers_at_the_end_of_numbers() {
    let wild = ["1e308", "-1e308", "1e-320", "nan", "inf", "-inf", "1e999", "", "9".repeat(400).as_str()]
        .map(str::to_owned);
    let kinds = [
        "0 LINE;8 0;10 @;20 0;11 1;21 @",
        "0 LWPOLYLINE;8 0;90 3;70 1;10 0;20 0;42 @;10 1;20 0;42 -1;10 1;20 1;42 @",
        "0 LWPOLYLINE;8 0;90 3;70 1;10 @;20 0;42 1;10 1;20 @;42 0.1;10 1;20 1",
        "0 ARC;8 0;10 0;20 0;40 @;50 @;51 @",
        "0 ARC;8 0;10 @;20 0;40 1;50 0;51 90;210 @;220 @;230 -1",
        "0 CIRCLE;8 0;10 0;20 0;40 @",
        "0 ELLIPSE;8 0;10 0;20 0;11 @;21 1;40 @;41 0;42 @",
        "0 SPLINE;8 0;70 8;71 2;40 0;40 0;40 0;40 @;40 @;40 @;10 0;20 0;10 @;20 1;10 2;20 @;41 @;41 1;41 1",
        "0 SPLINE;8 0;70 8;71 3;11 0;21 0;11 @;21 1;11 2;21 @",
        "0 TEXT;8 0;10 @;20 0;40 @;41 @;50 @;1 A;72 2;11 @;21 0",
        "0 MTEXT;8 0;10 0;20 0;40 @;44 @;50 @;1 A",
        "0 INSERT;8 0;2 D;10 @;20 0;41 @;42 @;50 @;70 3;71 3;44 @;45 @",
        "0 DIMENSION;8 0;10 @;20 0;13 0;23 @;14 @;24 0;50 @;70 0",
        "0 HATCH;8 0;10 0;20 0;2 SOLID;70 1;91 1;92 2;72 1;73 1;93 3;10 0;20 0;42 @;10 @;20 0;42 0;10 1;20 1;42 1",
        "0 HATCH;8 0;10 0;20 0;2 SOLID;70 1;91 1;92 1;93 2;72 2;10 0;20 0;40 @;50 @;51 @;73 1;72 3;10 0;20 0;11 @;21 1;40 @;50 0;51 @;73 0",
        "0 SOLID;8 0;10 @;20 0;11 1;21 @;12 0;22 1",
        "0 VIEWPORT;8 0;67 1;10 @;20 0;40 @;41 @;69 2;12 @;22 0;45 @;51 @",
        "0 MLINE;8 0;70 1;11 @;21 0;13 @;23 1;74 1;41 @;11 1;21 1;13 0;23 1;74 1;41 @",
        "0 3DFACE;8 0;10 @;20 0;11 1;21 @;12 0;22 1",
    ];
    let block = "0 BLOCK;2 D;10 0;20 0;0 LINE;8 0;10 0;20 0;11 1;21 0;0 ARC;8 0;10 1;20 1;40 1;50 0;51 90;\
                 0 TEXT;8 0;10 0;20 0;40 1;1 A;0 SOLID;8 0;10 0;20 0;11 1;21 0;12 0;22 1;0 ENDBLK;";
    for kind in kinds {
        for number in &wild {
            survives(kind, dxf(block, &kind.replace('@', number)));
        }
    }
}

#[test]
fn every_fiftieth_of_a_file() {
    for name in ["pass_flats-paper/building.dxf", "pass_office-revit-aia/A-601_SCHEDULE.dxf"] {
        let path = format!("{}/samples/projects/{name}", env!("CARGO_MANIFEST_DIR"));
        let whole = std::fs::read(path).unwrap();
        for part in 0..50 {
            let bytes = &whole[..whole.len() * part / 50];
            match soon(name, || told(bytes)) {
                Ok((drawing, codes)) => {
                    sound(&drawing);
                    assert!(codes.contains(&"dxf-truncated".to_owned()), "{part}/50 of {name}: {codes:?}");
                }
                Err(why) => assert!(!why.contains('\n'), "{why}"),
            }
        }
    }
}

#[test]
fn sections_tables_and_texts_without_end() {
    let whole =
        dxf("0 BLOCK;2 D;10 0;20 0;0 LINE;8 0;10 0;20 0;11 1;21 0;0 ENDBLK;", "0 INSERT;8 0;2 D;10 0;20 0");
    for piece in [
        "0\n",
        "0\nSECTION\n",
        "0\nSECTION\n2\nENTITIES\n",
        "999\nx\n",
        "\n",
        "102\n{A\n",
        "0\nBLOCK\n2\nB\n",
        "1\nx\n",
    ] {
        let text = whole.replacen(
            "0\nSECTION\n2\nENTITIES\n",
            &format!("{}0\nSECTION\n2\nENTITIES\n", piece.repeat(200_000)),
            1,
        );
        survives(piece, text);
    }
    let long = "\\S1/2;{\\H2x;%%130".repeat(100_000);
    survives(
        "a long text",
        dxf(
            "",
            &format!(
                "0 MTEXT;8 0;10 0;20 0;40 1;1 {};0 TEXT;8 0;10 0;20 0;40 1;1 {}",
                long.replace(';', "§"),
                long.replace(';', "§")
            ),
        ),
    );
    let nested = "{".repeat(300_000);
    survives("braces", dxf("", &format!("0 MULTILEADER;8 0;300 CONTEXT_DATA{{;304 {nested};302 {nested}")));
    let many: String = (0..100_000).map(|i| format!("0 LINE;8 L{i};6 T{i};10 0;20 0;11 1;21 0;")).collect();
    survives("a layer for each line", dxf("", &many));
    let undefined: String = (0..50_000).map(|i| format!("0 INSERT;8 0;2 B{i};10 0;20 0;")).collect();
    let codes = survives("blocks that nobody defines", dxf("", &undefined));
    assert!(
        codes.contains(&"dxf-block-undefined".to_owned()) && codes.len() < 1_000,
        "{} notices",
        codes.len()
    );
}

fn svg(inner: &str) -> String {
    format!(
        "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' stroke='red'><line x1='0' y1='0' x2='1' y2='0' id='kept'/>{inner}</svg>"
    )
}

#[test]
fn elements_of_more_classes_than_rules_can_meet() {
    let rules = ".c{stroke:red}".repeat(2_000);
    let line = |n: usize| format!("<line x2='9' y2='9' stroke='black' class='{}'/>", "c ".repeat(n));
    let of = |n: usize| {
        let text = svg(&format!("<style>{rules}</style>{}", line(n)));
        let (drawing, codes) = soon("classes", || told(text)).unwrap();
        sound(&drawing);
        assert_eq!(drawing.sheets[0].lines.len(), 2, "{n} classes");
        codes
    };
    assert!(of(100_000).contains(&"svg-limit".to_owned()));
    assert_eq!(of(100), Vec::<String>::new());
}

#[test]
fn bombs_of_svg() {
    // each group uses the one before it ten times
    let mut bomb = "<defs><line id='a0' x2='1'/>".to_owned();
    for i in 1..12 {
        let _ = write!(bomb, "<g id='a{i}'>{}</g>", format!("<use href='#a{}'/>", i - 1).repeat(10));
    }
    let (drawing, codes) = soon("use", || told(svg(&(bomb + "</defs><use href='#a11'/>")))).unwrap();
    sound(&drawing);
    assert!(codes.contains(&"svg-limit".to_owned()), "{codes:?}");
    // many rules, each to be held against each of many elements
    let lines = "<line x2='1' class='c1 c2 c3'/>".repeat(30_000);
    let of = |class: &dyn Fn(u32) -> String| {
        let rules: String = (0..1_900).map(|i| format!("g g {} {{stroke:blue}} ", class(i))).collect();
        svg(&format!("<style>{rules}</style><g><g>{lines}</g></g>"))
    };
    let (drawing, codes) = soon("rules", || told(of(&|i| format!(".c{i}")))).unwrap();
    sound(&drawing);
    assert!(codes.is_empty() && drawing.sheets[0].lines.len() == 30_001);
    let (_, codes) = soon("rules for all", || told(of(&|_| ".c1".to_owned()))).unwrap();
    assert_eq!(codes, ["svg-limit"]);
    let refused = [
        format!(
            "<!DOCTYPE svg [<!ENTITY a 'x'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>{}",
            svg("<text>&b;</text>")
        ),
        svg(&"<g>".repeat(200_000)),
        svg(&format!("{}{}", "<g>".repeat(100_000), "</g>".repeat(100_000))),
        "<svg xmlns='http://www.w3.org/2000/svg'><line".to_owned(),
        "<svg xmlns='http://www.w3.org/2000/svg'/>".to_owned(),
    ];
    for text in refused {
        let why = soon("nesting", || told(text)).unwrap_err();
        assert!(!why.contains('\n') && why.len() < 400, "{why}");
    }
    // references that lead out are named, and never followed: there is nothing at the other end
    for out in [
        "http://127.0.0.1:9/x.svg#a",
        "file:///etc/passwd#a",
        "//host/share#a",
        "data:image/svg+xml;base64,PHN2Zy8+#a",
    ] {
        let (_, codes) = told(svg(&format!("<use xlink:href='{out}'/><image href='{out}'/>"))).unwrap();
        assert_eq!(codes, ["svg-external"]);
    }
    for d in [
        "M1e308 1e308 L-1e308 0 Z",
        "M0 0 A1e308 1e-308 1e308 1 1 1e308 1",
        "M0 0 C nan",
        "M0 0 a0 0 0 0 0 0 0",
        "M 1e999 0 h1",
    ] {
        let (drawing, _) = told(svg(&format!("<path d='{d}' stroke='red' fill='red'/><g transform='scale(1e308) scale(1e308)'><circle r='1e308'/></g>"))).unwrap();
        sound(&drawing);
    }
    let path = format!("<path stroke='red' d='M0 0{}'/>", "l1 1".repeat(500_000));
    assert!(soon("a long path", || told(svg(&path))).unwrap().0.sheets[0].lines.len() > 400_000);
}

#[test]
fn style_sheets_of_more_rules_than_are_looked_at() {
    let of = |n: usize| {
        let rules: String = (0..n).map(|i| format!(".c{i}{{stroke:red}}")).collect();
        let text = svg(&format!("<style>{rules}</style><line x2='9' y2='9' stroke='black' class='c1'/>"));
        soon("rules", || told(text)).unwrap().1
    };
    assert!(of(5_000).contains(&"svg-limit".to_owned()));
    assert_eq!(of(1_500), Vec::<String>::new());
}

#[test]
fn elements_of_more_attributes_than_can_be_held_against_one_another() {
    let of = |n: usize| {
        let more: String = (0..n).map(|i| format!(" a{i} = '>'")).collect();
        let text = svg(&format!("<line x2='9' y2='9' stroke='black'{more}/>"));
        soon("attributes", || told(text))
    };
    let refused = of(300_000).unwrap_err();
    assert!(refused.contains("more than 5000 attributes"), "{refused}");
    assert_eq!(of(1_000).unwrap().1, Vec::<String>::new());
}
