//! The way from DWG bytes to a drawing, on DWGs that are written here from small DXFs.

use super::*;
use crate::bytes;
use crate::drawing;

#[test]
fn a_failure_is_an_error_in_one_sentence() {
    let failed = Converted::failed(b"AC1027\0\0", "the converter took longer than 300 s");
    let error = read("a.dwg", &failed.to_bytes()).unwrap_err().to_string();
    assert_eq!(error, "a.dwg: the converter took longer than 300 s");
    for broken in
        [&MARK[..MARK.len() - 1], MARK, b"tumo: a DWG as DXF, 1\n{}\n", b"tumo: a DWG as DXF, 1\n[1]\n0\n"]
    {
        assert!(read("a.dwg", broken).is_err());
    }
}

#[test]
fn a_dwg_without_a_process_is_refused_by_name() {
    let error = drawing::read("a.dwg", &bytes::bytes(b"AC1032\0\0")).unwrap_err().to_string();
    assert!(error.contains("AutoCAD 2018") && error.contains("not supported here"), "{error}");
}

#[cfg(feature = "dwg")]
mod converted {
    use super::*;
    use acadrust::{DwgWriter, DxfReader, DxfVersion};
    use std::io::Cursor;

    const PLAN: &str = "0 SECTION;2 HEADER;9 $ACADVER;1 AC1015;9 $DWGCODEPAGE;3 ANSI_936;9 $INSUNITS;70 4;0 ENDSEC;\
        0 SECTION;2 TABLES;0 TABLE;2 LAYER;70 1;0 LAYER;5 A0;100 AcDbSymbolTableRecord;100 AcDbLayerTableRecord;2 墙;70 0;62 1;6 CONTINUOUS;0 ENDTAB;0 ENDSEC;\
        0 SECTION;2 BLOCKS;0 BLOCK;5 B0;100 AcDbEntity;8 0;100 AcDbBlockBegin;2 门;70 2;10 0;20 0;30 0;3 门;1 ;\
        0 ARC;5 B1;100 AcDbEntity;8 0;100 AcDbCircle;10 0;20 0;30 0;40 900;100 AcDbArc;50 0;51 90;0 ENDBLK;5 B2;100 AcDbEntity;8 0;100 AcDbBlockEnd;0 ENDSEC;\
        0 SECTION;2 ENTITIES;\
        0 LINE;5 C1;100 AcDbEntity;8 墙;100 AcDbLine;10 0;20 0;30 0;11 6000;21 0;31 0;\
        0 LWPOLYLINE;5 C2;100 AcDbEntity;8 墙;100 AcDbPolyline;90 3;70 1;10 0;20 0;42 0.5;10 100;20 0;10 100;20 100;\
        0 TEXT;5 C3;100 AcDbEntity;8 0;100 AcDbText;10 0;20 0;30 0;40 350;1 首层平面图 %%p0.000;100 AcDbText;\
        0 INSERT;5 C4;100 AcDbEntity;8 0;100 AcDbBlockReference;66 1;2 门;10 1000;20 0;30 0;41 1;42 -1;43 1;50 90;\
        0 ATTRIB;5 C5;100 AcDbEntity;8 0;100 AcDbText;10 0;20 0;30 0;40 200;1 M0921;100 AcDbAttribute;2 MARK;70 0;0 SEQEND;5 C6;100 AcDbEntity;8 0;\
        0 ENDSEC;0 EOF";

    fn dxf() -> Vec<u8> {
        let text: String = PLAN
            .split(';')
            .map(|p| p.trim().split_once(' ').unwrap_or((p.trim(), "")))
            .map(|(c, v)| format!("{c}\n{v}\n"))
            .collect();
        encoding_rs::GBK.encode(&text).0.into_owned()
    }

    fn dwg(version: DxfVersion) -> Vec<u8> {
        let mut document = DxfReader::from_reader(Cursor::new(dxf())).unwrap().read().unwrap();
        document.version = version;
        DwgWriter::write_to_vec(&document).unwrap()
    }

    /// Primitives with what they look like, without lines.
    fn shown(bytes: &[u8]) -> Vec<String> {
        let read = drawing::read("a", &bytes::bytes(bytes.to_vec())).unwrap();
        assert!(read.notices.is_empty(), "{:?}", read.notices);
        let drawing = read.value;
        let sheet = &drawing.sheets[0];
        let of = |mark: u32| {
            let m = &sheet.marks[mark as usize];
            format!("{:X} {} {:X} {:?}", m.handle, drawing.layers[m.layer as usize].name, m.colour, m.insert)
        };
        let mut out: Vec<String> =
            sheet.lines.iter().map(|l| format!("{} {:?}", of(l.mark), l.segment)).collect();
        out.extend(sheet.arcs.iter().map(|a| format!("{} {:?}", of(a.mark), a.arc)));
        out.extend(
            sheet
                .texts
                .iter()
                .map(|t| format!("{} {} {:?} {:?} {}", of(t.mark), t.text, t.at, t.tag, t.height)),
        );
        out.extend(sheet.inserts.iter().map(|i| format!("{:?} {:?}", i.attributes, i.transform)));
        out
    }

    #[test]
    fn every_version_says_the_same_as_its_dxf() {
        let want = shown(&dxf());
        assert!(want.iter().any(|w| w.contains("首层平面图 ±0.000")) && want.len() == 8, "{want:#?}");
        for version in [
            DxfVersion::AC1014,
            DxfVersion::AC1015,
            DxfVersion::AC1018,
            DxfVersion::AC1021,
            DxfVersion::AC1024,
            DxfVersion::AC1027,
            DxfVersion::AC1032,
        ] {
            let converted = convert(&dwg(version)).to_bytes();
            assert_eq!(shown(&converted), want, "{version:?}");
            let drawing = drawing::read("a.dwg", &bytes::bytes(converted)).unwrap().value;
            assert_eq!(drawing.format, Format::Dwg);
            assert_eq!(drawing.version.as_deref(), Some(version.as_str()));
            // $INSUNITS came with 2000.
            let unit = if version == DxfVersion::AC1014 { None } else { Some(1e-3) };
            assert_eq!(drawing.declared_unit_m, unit);
        }
    }

    #[test]
    fn what_is_broken_is_refused_or_told() {
        let whole = dwg(DxfVersion::AC1018);
        for cut in 0..25 {
            let bytes = &whole[..whole.len() * cut / 25];
            if let Ok(read) = drawing::read("a.dwg", &bytes::bytes(convert(bytes).to_bytes())) {
                assert!(!read.notices.is_empty(), "{cut}/25 is read as if it were whole");
            }
        }
        let old = convert(b"AC1004\0\0\0\0\0\0").to_bytes();
        let error = drawing::read("a.dwg", &bytes::bytes(old)).unwrap_err().to_string();
        assert!(error.contains("AC1004") && error.contains("save it as"), "{error}");
    }
}
