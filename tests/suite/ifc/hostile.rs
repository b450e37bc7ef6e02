//! Files made to hurt: each is answered soon, told, and without a panic.

use super::house::{HOUSE, file, house, with};
use super::{read, told};
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use std::time::{Duration, Instant};

/// Far beyond what a debug build needs on a busy machine, far below a hang.
const SOON: Duration = Duration::from_secs(20);

fn soon<T>(work: impl FnOnce() -> T) -> T {
    let started = Instant::now();
    let out = work();
    assert!(started.elapsed() < SOON, "{:?}", started.elapsed());
    out
}

#[test]
fn placements_in_a_circle_place_nothing() {
    let (model, codes) = told(with(&["#26=IFCLOCALPLACEMENT(#42,#14);"]));
    assert!(codes.contains(&"ifc-placement-cycle".to_owned()), "{codes:?}");
    assert!(model.elements.iter().filter(|e| e.class != "IfcColumn").all(|e| e.placement.is_none()));
    let (model, _) = told(with(&["#42=IFCLOCALPLACEMENT(#42,#41);"]));
    assert!(model.elements.iter().find(|e| e.step_id == 43).unwrap().placement.is_none());
    assert!(model.elements.iter().find(|e| e.step_id == 71).unwrap().placement.is_some());
}

#[test]
fn structures_in_a_circle_end() {
    let (model, _) = told(with(&[
        "#52=IFCRELCONTAINEDINSPATIALSTRUCTURE('0000000000000000000017',#5,$,$,(#43),#43);",
        "#200=IFCRELAGGREGATES('0000000000000000000040',#5,$,$,#43,(#45,#43));",
        "#201=IFCRELVOIDSELEMENT('0000000000000000000041',#5,$,$,#45,#45);",
        "#202=IFCRELAGGREGATES('0000000000000000000042',#5,$,$,#31,(#27));",
    ]));
    let wall = model.elements.iter().find(|e| e.step_id == 43).unwrap();
    assert_eq!((wall.storey, wall.whole), (None, None));
    assert_eq!(model.storeys.len(), 2);
}

#[test]
fn a_chain_of_a_hundred_thousand_placements() {
    let mut records = HOUSE.to_owned();
    for id in 1_000..101_000 {
        writeln!(records, "#{id}=IFCLOCALPLACEMENT(#{},#41);", id + 1).unwrap();
    }
    records += "#101000=IFCLOCALPLACEMENT($,#14);\n#101001=IFCSLAB('0000000000000000000050',#5,$,$,$,#1000,$,$,$);\n";
    let (model, _) = soon(|| told(file(&records)));
    let slab = model.elements.iter().find(|e| e.class == "IfcSlab").unwrap();
    assert!((slab.placement.unwrap().origin.x - 400_000.0).abs() < 1e-3);
}

#[test]
fn lists_two_hundred_thousand_deep() {
    let deep = format!("#40=IFCCARTESIANPOINT({}4000.{});", "(".repeat(200_000), ")".repeat(200_000));
    let (model, codes) = soon(|| told(with(&[&deep])));
    assert!(codes.contains(&"step-too-deep".to_owned()), "{codes:?}");
    assert_eq!(model.elements.len(), 5);
    let typed = format!(
        "#66=IFCPROPERTYSINGLEVALUE('x',$,{}1.{},$);",
        "IFCREAL(".repeat(200_000),
        ")".repeat(200_000)
    );
    soon(|| told(with(&[&typed])));
    let open = format!("#40=IFCCARTESIANPOINT({};", "(".repeat(1_000_000));
    soon(|| told(with(&[&open])));
}

#[test]
fn numbers_that_are_none() {
    for coordinate in ["1.E308", "-1.E308", "NAN", "1.E99999", "1E", "--1.", "1.2.3", "'1'", "$", "#1", "()"]
    {
        let text = with(&[&format!("#40=IFCCARTESIANPOINT(({coordinate},0.,0.));")]);
        let (model, _) = told(text);
        let wall = model.elements.iter().find(|e| e.step_id == 43).unwrap();
        assert!(wall.placement.is_none_or(|p| p.origin.is_finite()), "{coordinate}");
    }
    // far, and still exact
    let (model, _) = told(with(&["#20=IFCCARTESIANPOINT((1.E12,-1.E12,500.));"]));
    let space = model.elements.iter().find(|e| e.step_id == 71).unwrap();
    assert_eq!(space.placement.unwrap().origin.x, 1e9);
    for axis in ["(0.,0.,0.)", "(0.,1.,0.)", "(1.E-300,0.,0.)"] {
        let text = with(&[&format!("#21=IFCDIRECTION({axis});")]);
        let (model, _) = told(text);
        let frame = model.elements.iter().find(|e| e.step_id == 71).unwrap().placement.unwrap();
        assert!((frame.determinant() - 1.0).abs() < 1e-9, "{axis}: {frame:?}");
    }
}

#[test]
fn references_to_the_wrong_things() {
    let ids: Vec<&str> = HOUSE.lines().map(|l| l.split('=').next().unwrap()).collect();
    for (i, line) in HOUSE.lines().enumerate() {
        // every reference of every record in turn leads to some other record, itself, or nothing
        let (head, body) = line.split_once('=').unwrap();
        for (n, _) in body.match_indices('#') {
            let end = body[n + 1..].find(|c: char| !c.is_ascii_digit()).unwrap() + n + 1;
            for target in [head, ids[(i * 7 + n) % ids.len()], "#999999"] {
                let changed = format!("{head}={}{target}{}", &body[..n], &body[end..]);
                let (model, _) = told(with(&[&changed]));
                assert_eq!(model.elements.len(), 5, "{changed}");
                for element in &model.elements {
                    model.property_sets(element.step_id);
                    model.material(element.step_id);
                    model.classifications(element.step_id);
                }
            }
        }
    }
}

#[test]
fn the_same_number_two_hundred_thousand_times() {
    let mut records = HOUSE.to_owned();
    for _ in 0..200_000 {
        records += "#43=IFCWALL('x',$,$,$,$,$,$,$,$);\n";
    }
    let read = soon(|| read(file(&records))).unwrap();
    assert_eq!(read.value.elements.len(), 5);
    assert_eq!(read.value.elements.iter().find(|e| e.step_id == 43).unwrap().class, "IfcWallStandardCase");
    assert!(read.notices.len() < 100);
}

#[test]
fn text_that_never_ends() {
    for start in ["'", "/*", "\"", "#9=IFCWALL(", "#", "=", "#1=#1=#1=", "\\X2\\", "((((", "/*/*", "*/"] {
        let text = format!("{}{}", house(), start.repeat(300_000));
        soon(|| told(text));
        let mut records = HOUSE.to_owned();
        records.insert_str(HOUSE.len() / 2, &start.repeat(300_000));
        soon(|| told(file(&records)));
    }
}

#[test]
fn bytes_changed_at_random_never_panic() {
    let whole = house().into_bytes();
    let mut seed = 1u64;
    let mut next = |n: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % n
    };
    for _ in 0..2_000 {
        let mut bytes = whole.clone();
        for _ in 0..1 + next(12) {
            let at = next(bytes.len());
            match next(4) {
                0 => bytes[at] = next(256) as u8,
                1 => {
                    bytes.remove(at);
                }
                2 => bytes.insert(at, b"'()#=;,*/.$\\\"0"[next(14)]),
                _ => {
                    let to = next(bytes.len());
                    let piece: Vec<u8> = bytes[at..(at + 40).min(bytes.len())].to_vec();
                    bytes.splice(to..to, piece);
                }
            }
        }
        if let Ok(read) = read(bytes) {
            for element in &read.value.elements {
                read.value.property_sets(element.step_id);
            }
        }
    }
}

fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn archives() {
    let text = house();
    let (model, codes) = told(zip(&[("readme.txt", b"x"), ("../../House.IFC", text.as_bytes())]));
    assert_eq!((model.elements.len(), codes.len()), (5, 0));
    let error = |bytes: Vec<u8>| read(bytes).unwrap_err().to_string();
    assert!(error(zip(&[("a.txt", b"x")])).contains("without an .ifc file"));
    assert!(error(zip(&[("a.ifc", b"x"), ("b.ifc", b"y")])).contains("2 .ifc files"));
    assert!(error(zip(&[("a.ifcxml", b"<x/>")])).contains("ifcXML is not supported"));
    assert!(error(zip(&[("a.ifc", b"hello")])).contains("is no IFC file"));
    assert!(error(zip(&[("a.ifc", &zip(&[("a.ifc", b"x")]))])).contains("archive inside an archive"));
    // a bomb: 64 MB of spaces in some 64 kB
    let bomb = zip(&[("a.ifc", &vec![b' '; 64 << 20])]);
    assert!(soon(|| error(bomb)).contains("the unpacked size exceeds the limit"));
}

#[test]
fn one_big_set_that_everybody_shares() {
    let mut records = HOUSE.replace("(#60,#61)", "(#2000,#2001");
    let ids: Vec<String> = (2_000..22_000).map(|id| format!("#{id}")).collect();
    records = records.replace("(#2000,#2001", &format!("({})", ids.join(",")));
    for id in 2_000..22_000 {
        writeln!(records, "#{id}=IFCPROPERTYSINGLEVALUE('P{id}',$,IFCLABEL('x'),$);").unwrap();
    }
    let doors: Vec<String> = (30_000..34_000).map(|id| format!("#{id}")).collect();
    for door in &doors {
        writeln!(records, "{door}=IFCDOOR('{door}',$,$,$,$,$,$,$,2.,1.,$,$,$);").unwrap();
    }
    writeln!(records, "#40000=IFCRELDEFINESBYPROPERTIES('x',$,$,$,({}),#62);", doors.join(",")).unwrap();
    writeln!(records, "#40001=IFCRELASSIGNSTOGROUP('y',$,$,$,({0}),$,({0}));", doors.join(",")).unwrap();
    let (model, codes) = soon(|| told(file(&records)));
    assert_eq!(model.elements.len(), 4_005);
    assert!(codes.contains(&"ifc-property-limit".to_owned()), "{codes:?}");
    assert_eq!(model.property_sets(30_000)[0].properties.len(), 999);
}

#[test]
fn a_hundred_thousand_bad_placements_are_told_in_short() {
    let mut records = HOUSE.to_owned();
    for id in 1_000..101_000 {
        writeln!(records, "#{id}=IFCLOCALPLACEMENT(#{id},$);").unwrap();
    }
    let read = soon(|| read(file(&records))).unwrap();
    assert!(read.notices.len() < 100, "{}", read.notices.len());
    assert!(read.notices.iter().any(|n| n.message.starts_with("99980 more")));
}
