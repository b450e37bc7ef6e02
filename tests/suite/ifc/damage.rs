//! Damage costs the damaged record, and is told with its number, byte and line.

use super::house::{HOUSE, file, house, with};
use super::{codes, read, told};
use crate::dice::Dice;
use std::collections::BTreeSet;
use tumo::place::Place;

#[test]
fn five_broken_records_leave_the_others() {
    let lines: Vec<&str> = HOUSE.lines().collect();
    let mut dice = Dice(7);
    let (mut untouched, mut lost) = (0, 0);
    for round in 0..600 {
        let mut broken: Vec<String> = lines.iter().map(|l| (*l).to_owned()).collect();
        let mut touched = BTreeSet::new();
        for _ in 0..5 {
            let at = dice.below(lines.len());
            touched.insert(at);
            let line = &mut broken[at];
            let place = dice.below(line.len());
            match dice.below(7) {
                0 => line.truncate(place),
                1 => line.retain(|c| c != ';'),
                2 => line.retain(|c| c != '\''),
                3 => line.insert(place, '\''),
                4 => line.insert(place, '('),
                5 => line.insert_str(place, "\0\u{7f}"),
                _ => *line = line.replace(')', ""),
            }
        }
        let text = file(&(broken.join("\n") + "\n"));
        let model = match read(text.clone()) {
            Ok(read) => read.value,
            Err(error) => panic!("round {round}: {error}\n{text}"),
        };
        for (_, line) in lines.iter().enumerate().filter(|(i, _)| !touched.contains(i)) {
            let id: u32 = line[1..].split('=').next().unwrap().parse().unwrap();
            untouched += 1;
            let record = model.step().unwrap().record(id);
            let same = record.is_some_and(|r| line.contains(r.keyword()) && r.args().count() > 0);
            lost += usize::from(!same);
        }
    }
    println!("{lost} of {untouched} untouched records lost");
    assert!(lost * 1000 <= untouched, "{lost} of {untouched} untouched records lost");
}

#[test]
fn losses_are_told_with_number_byte_and_line() {
    let text = with(&["#43=IFCWALLSTANDARDCASE('0000000000000000000010',#5,'Wall 1,$,$,#42,$,$,$);"]);
    let read = read(text.clone()).unwrap();
    let loss = &read.notices[0];
    assert_eq!(loss.code, "step-open-string");
    let Place::Ifc { id, byte: Some(byte), line: Some(line), .. } = loss.place else { panic!() };
    assert_eq!(id, 43);
    assert!(text[byte as usize..].starts_with("#43="));
    assert_eq!(text.lines().nth(line as usize - 1).unwrap().split('=').next(), Some("#43"));
    assert!(!read.value.elements.iter().any(|e| e.step_id == 43));
    // the opening still knows nothing of its wall, and that is told as well
    assert!(codes(&read.notices).contains(&"step-dangling".to_owned()));
}

#[test]
fn what_is_wrong_with_a_record_is_said() {
    for (record, code) in [
        ("#43=IFCWALLSTANDARDCASE('0000000000000000000010',#5,'Wall 1',$,$,#42,$,$);", "step-arity"),
        (
            "#43=IFCWALLSTANDARDCASE('0000000000000000000010',#5,'Wall 1',$,$,#42,$,'W-1',.NOTDEFINED);",
            "step-bad-value",
        ),
        (
            "#43=IFCWALLSTANDARDCASE('0000000000000000000010',#5,'Wall 1',$,$,#4200,$,'W-1',$);",
            "step-dangling",
        ),
        ("#43=IFCWALLSTANDARDCASE('0000000000000000000010',#5,'Wall 1',$,$,#42,$,'W-1',$;", "step-brackets"),
        (
            "#43=IFCWALLSTANDARDCASE('0000000000000000000010',#5,'\\X2\\00D\\X0\\',$,$,#42,$,'W-1',$);",
            "step-bad-text",
        ),
        ("#43=IFCWALLSTANDARDCASE('0000000000000000000010',#5,'\u{5899}',$,$,#42,$,'W-1',$);", "step-utf8"),
        ("#43=IFCWALLX('0000000000000000000010',#5,'Wall 1',$,$,#42,$,'W-1',$);", "step-unknown-keyword"),
        ("#40=IFCCARTESIANPOINT((4000.,1.E999,0.));", "step-bad-value"),
        ("#40=IFCCARTESIANPOINT((4000.,NaN,0.));", "step-bad-value"),
        ("#40=IFCCARTESIANPOINT((4000.,-.E,0.));", "step-bad-value"),
        ("#40=IFCCARTESIANPOINT(('a','b'));", "ifc-placement"),
    ] {
        let (model, codes) = told(with(&[record]));
        assert!(codes.contains(&code.to_owned()), "{record}: {codes:?}");
        let wall = model.elements.iter().find(|e| e.step_id == 43);
        assert_eq!(wall.is_some(), code != "step-unknown-keyword", "{record}");
        assert_eq!(model.elements.len() + usize::from(wall.is_none()), 5, "{record}");
    }
}

#[test]
fn raw_gbk_is_read_and_reported() {
    // 一层 in GBK
    let mut text = house().into_bytes();
    let at = text.windows(6).position(|w| w == b"Ground").unwrap();
    text.splice(at..at + 6, [0xd2, 0xbb, 0xb2, 0xe3]);
    let (model, codes) = told(text);
    assert_eq!(model.storeys[0].name, "一层");
    assert_eq!(codes, ["step-gbk"]);
}

#[test]
fn a_file_that_was_cut_off_gives_what_is_there() {
    let whole = house();
    for share in [2, 3, 5, 8] {
        let text = &whole[..whole.len() * (share - 1) / share];
        let (model, codes) = told(text);
        assert!(codes.contains(&"step-no-end".to_owned()), "{codes:?}");
        assert!(model.step().unwrap().len() + 10 > 95 * (share - 1) / share);
    }
}

#[test]
fn files_that_are_no_models_get_one_sentence() {
    let cases: [(&[u8], &str); 12] = [
        (b"", "is empty"),
        (b"  \r\n", "is empty"),
        (b"hello", "is no IFC file"),
        (b"%PDF-1.7\n", "a PDF as a model is not supported"),
        (b"AC1032\0\0", "a DWG drawing as a model is not supported"),
        (b"  0\r\nSECTION\r\n  2\r\nHEADER\r\n", "a DXF drawing as a model is not supported"),
        (b"<?xml version=\"1.0\"?><ifc:ifcXML xmlns:ifc=\"x\">", "ifcXML is not supported"),
        (b"{\"header\":{\"ifcxVersion\":\"ifcx_alpha\"}}", "IFC5 (ifcx) is not supported"),
        (b"PK\x03\x04 and no more", "is a ZIP archive that cannot be read"),
        (b"ISO-10303-21;\nHEADER;\nENDSEC;\n", "has no DATA section"),
        (b"ISO-10303-21;\nHEADER;\nFILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\nENDSEC;\nEND-ISO-10303-21;\n", "has no records"),
        (
            b"ISO-10303-21;\nHEADER;\nFILE_SCHEMA(('AUTOMOTIVE_DESIGN'));\nENDSEC;\nDATA;\n#1=A();\nENDSEC;\n",
            "the schema AUTOMOTIVE_DESIGN is not supported",
        ),
    ];
    for (bytes, sentence) in cases {
        let error = read(bytes).unwrap_err().to_string();
        assert!(error.starts_with("a.ifc: ") && error.contains(sentence), "{error}");
        assert!(!error.contains('\n') && error.len() < 300, "{error}");
    }
}
