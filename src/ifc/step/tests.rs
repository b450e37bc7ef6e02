//! Lexing, decoding and recovery, on small files.

use super::*;
use crate::bytes::bytes;

const HEAD: &str = "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME('a;b','2020-01-01',('x'),(''),'p','o','');\nFILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\n";
const TAIL: &str = "ENDSEC;\nEND-ISO-10303-21;\n";

fn open(data: &str) -> (StepFile, Vec<String>) {
    let read = StepFile::open("a.ifc", bytes(format!("{HEAD}{data}{TAIL}").into_bytes())).unwrap();
    (read.value, read.notices.into_iter().map(|n| n.code).collect())
}

#[test]
fn values_of_every_kind() {
    let (file, codes) = open(
        "#1 = IFCWALL ( 'a;b''c=#2=IFCX(' , $ , *, -12, 1.5E-3, .T., \"0AF\", #7, (1.,(2,3),#4), IFCLABEL('x'), .5 );\n",
    );
    assert!(codes.is_empty(), "{codes:?}");
    let wall = file.record(1).unwrap();
    assert_eq!((wall.class(), wall.keyword()), ("IfcWall", "IFCWALL"));
    assert_eq!(wall.arg(0).text().unwrap(), "a;b'c=#2=IFCX(");
    assert!(matches!(wall.arg(1), Value::Null) && matches!(wall.arg(2), Value::Derived));
    assert_eq!(wall.arg(3).integer(), Some(-12));
    assert_eq!(wall.arg(4).real(), Some(0.0015));
    assert_eq!(wall.arg(5).boolean(), Some(true));
    assert!(matches!(wall.arg(6), Value::Binary(b"0AF")));
    assert_eq!(wall.arg(7).reference(), Some(7));
    let list: Vec<_> = wall.arg(8).list().collect();
    assert_eq!(list.len(), 3);
    assert_eq!(list[1].reals().collect::<Vec<_>>(), [2.0, 3.0]);
    assert_eq!(wall.arg(8).references().collect::<Vec<_>>(), [4]);
    assert_eq!(wall.arg(9).text().as_deref(), Some("x"));
    assert_eq!(wall.arg(10).real(), Some(0.5));
    assert!(wall.arg(11).is_null() && wall.arg(99).is_null());
    assert_eq!(wall.args().count(), 11);
    assert_eq!(wall.attribute("GlobalId").text().unwrap(), "a;b'c=#2=IFCX(");
    assert!(wall.attribute("NoSuch").is_null());
}

#[test]
fn comments_white_space_and_sections() {
    let (file, codes) = open(
        "/* #9=IFCWALL('; */ #1=/* it's */IFCWALL('x',/* ; */#2);#2=IFCDOOR\n(\n'y');\nENDSEC;\nDATA;\n#3=IFCDOOR('/* no');#4=IFCDOOR('*/');\n",
    );
    assert!(codes.is_empty(), "{codes:?}");
    assert_eq!(file.len(), 4);
    assert_eq!(file.record(1).unwrap().arg(1).reference(), Some(2));
    assert_eq!(file.ids_of("IfcDoor"), [2, 3, 4]);
    assert_eq!(file.record(3).unwrap().arg(0).text().as_deref(), Some("/* no"));
}

#[test]
fn damage_costs_the_record() {
    let (file, codes) = open(
        "#1=IFCWALL('a');\n#2=IFCWALL('open);\n#3=IFCWALL('c')\n#4=IFCWALL('d');\n#1=IFCDOOR('again');\n#0=IFCWALL();\n\
         #4294967296=IFCWALL();\n#5=;\nrubbish;\n#6=IFCNOSUCH('f');\n#7=IFCWALL('g','John's house');\n#8=IFCWALL('h');\n",
    );
    let names: Vec<_> =
        [1, 3, 4, 6, 8].iter().map(|&id| file.record(id).unwrap().arg(0).text().unwrap()).collect();
    assert_eq!(names, ["a", "c", "d", "f", "h"]);
    assert!(file.record(2).is_none() && file.record(5).is_none() && file.record(7).is_none());
    assert_eq!(file.entity(6), Some(Entity::UNKNOWN));
    assert_eq!(
        codes,
        [
            "step-open-string",
            "step-no-semicolon",
            "step-duplicate-id",
            "step-bad-id",
            "step-bad-id",
            "step-no-keyword",
            "step-garbage",
            "step-open-string"
        ]
    );
}

#[test]
fn complex_instances_keep_their_parts() {
    let (file, _) = open(
        "#1=(IFCBOUNDEDCURVE()IFCBSPLINECURVE(2,(#2,#3),.UNSPECIFIED.,.F.,.F.)IFCRATIONALBSPLINECURVEWITHKNOTS((1.,2.)));\n",
    );
    let curve = file.record(1).unwrap();
    assert_eq!(curve.entity, Entity::COMPLEX);
    assert_eq!(curve.parts().len(), 3);
    assert_eq!(curve.attribute("Degree").integer(), Some(2));
    assert_eq!(curve.attribute("WeightsData").reals().collect::<Vec<_>>(), [1.0, 2.0]);
}

#[test]
fn a_cut_off_file_and_far_numbers() {
    let text = format!("{HEAD}#5=IFCWALL('a');\n#4000000000=IFCWALL('b');\n#6=IFCWALL('c'");
    let read = StepFile::open("a.ifc", bytes(text.into_bytes())).unwrap();
    assert_eq!(read.value.ids_of("IfcWall"), [5, 4_000_000_000]);
    let codes: Vec<_> = read.notices.iter().map(|n| n.code.as_str()).collect();
    assert_eq!(codes, ["step-truncated", "step-no-end"]);
    let Place::Ifc { id: 6, line: Some(10), .. } = read.notices[0].place else { panic!() };
}
