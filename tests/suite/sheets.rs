//! The workbook, read back as the archive that it is.

use super::{demo, formats};
use std::io::{Cursor, Read};
use tumo::report::xlsx;
use tumo::wording::Language;

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("archive");
    let mut out = String::new();
    archive.by_name(name).expect("part").read_to_string(&mut out).expect("text");
    out
}

fn picture(finding: &tumo::finding::Finding) -> Option<Vec<u8>> {
    // the smallest PNG: one pixel
    const PIXEL: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\xf8\xff\xff?\0\x05\xfe\x02\xfe\xa75\x81\x84\0\0\0\0IEND\xaeB`\x82";
    finding.point_m.map(|_| PIXEL.to_vec())
}

#[test]
fn a_row_per_finding_with_filters_and_answers() {
    let bytes = xlsx::write(&demo::report(40, 10), Language::Zh, &picture).expect("written");
    assert!(
        bytes == xlsx::write(&demo::report(40, 10), Language::Zh, &picture).expect("written"),
        "the same every time"
    );
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    assert_eq!(sheet.matches("<row ").count(), 41);
    assert!(sheet.contains("<autoFilter ref=\"A1:T41\""));
    assert!(sheet.contains("state=\"frozen\"") && sheet.contains("hidden=\"1\""));
    assert!(sheet.contains("<dataValidation type=\"list\"") && sheet.contains("采纳，将修改"));
    assert!(!sheet.contains("<f>"));
    let drawing = part(&bytes, "xl/drawings/drawing1.xml");
    let pictured = demo::report(40, 10).findings.iter().filter(|f| f.point_m.is_some()).count();
    assert_eq!(drawing.matches("<xdr:pic>").count(), pictured);
}

#[cfg(feature = "png")]
#[test]
fn hostile_names_in_pictures_are_pixels() {
    use tumo::report::png;
    let (report, fonts) = (formats::hostile(), png::Fonts::installed());
    let shot = |f: &tumo::finding::Finding| png::thumbnail(&report, f, Language::En, &fonts);
    let bytes = xlsx::write(&report, Language::En, &shot).expect("written");
    assert!(bytes.len() < 4_000_000, "{}", bytes.len());
    let drawing = part(&bytes, "xl/drawings/drawing1.xml");
    assert!(drawing.matches("<xdr:pic>").count() > 20 && formats::is_tame(&drawing));
    for (name, attributes) in formats::xml(&drawing) {
        assert!(!name.contains("hlink") && attributes.iter().all(|(_, v)| !v.contains("script")), "{name}");
    }
    assert!(!part(&bytes, "xl/worksheets/sheet1.xml").contains("<f>"));
}

#[test]
fn hostile_names_are_text() {
    let bytes = xlsx::write(&formats::hostile(), Language::En, &|_| None).expect("written");
    assert!(bytes.len() < 100_000);
    let strings = part(&bytes, "xl/sharedStrings.xml");
    assert!(formats::is_tame(&strings) && strings.contains("=HYPERLINK"));
    formats::xml(&strings);
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(!sheet.contains("<f>") && !sheet.contains("hyperlink"));
    assert!(part(&bytes, "xl/styles.xml").contains("quotePrefix=\"1\""));
}
