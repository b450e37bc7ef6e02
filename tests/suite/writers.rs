//! The writers, on reports made by hand.

use super::{demo, own_seconds};
use tumo::report::{html, json, terminal};
use tumo::wording::Language;

/// Text that would do harm where it is taken for markup, a command or a direction of writing.
const HOSTILE: &str = "</script><img src=x onerror=alert(1)>\u{202e}\0\u{1b}[2J=HYPERLINK(\"x\")";

fn hostile() -> tumo::Report {
    let mut report = demo::report(3, 100);
    report.inputs[0].name = HOSTILE.into();
    report.plans[0].title = Some(HOSTILE.into());
    report.overlays[0].title = Some(HOSTILE.into());
    report.overlays[0].labels[0].0 = HOSTILE.into();
    for finding in &mut report.findings {
        finding.elements[0].name = Some(HOSTILE.repeat(50_000));
        finding.drawn[0].layer = Some(HOSTILE.into());
        finding.message = tumo::wording::Text::same(HOSTILE);
    }
    report
}

#[test]
fn hostile_names_are_harmless_on_the_page() {
    let page = html::write(&hostile(), Language::En);
    assert!(page.len() < 400_000, "names are cut: {} bytes", page.len());
    assert!(!page.contains("<img src=x"), "markup from a name");
    assert_eq!(page.matches("</script>").count(), 2, "the page's own scripts end, and nothing else does");
    assert!(!page.contains(['\0', '\u{1b}', '\u{202e}']));
}

#[test]
fn nothing_that_turns_or_controls_is_on_any_page() {
    let report = super::formats::hostile();
    for text in [html::write(&report, Language::Zh), html::page(&report)] {
        let plain = text.replace('\t', " ");
        assert!(
            plain.lines().all(super::formats::is_tame) && plain.len() < 1_000_000,
            "{} bytes",
            plain.len()
        );
    }
}

#[test]
fn hostile_names_are_harmless_in_a_terminal() {
    let text = terminal::write(&hostile(), Language::Zh, terminal::Style::default());
    assert!(!text.contains(['\0', '\u{1b}', '\u{202e}']));
    assert!(text.lines().all(|l| l.chars().count() < 2_000));
}

#[test]
fn json_reads_back_and_is_the_same_every_time() {
    let report = demo::report(50, 100);
    let text = json::write(&report);
    assert!(text == json::write(&demo::report(50, 100)));
    let back: tumo::Report = serde_json::from_str(&text).expect("the report reads back");
    assert!(json::write(&back) == text);
}

#[test]
fn ten_thousand_findings_are_written_in_no_time() {
    let report = demo::report(10_000, 200_000);
    let begun = own_seconds();
    let page = html::write(&report, Language::En);
    json::write(&report);
    terminal::write(&report, Language::En, terminal::Style::default());
    let took = own_seconds() - begun;
    println!("{took:.2} s, page of {:.1} MB", page.len() as f64 / 1e6);
    // two seconds in release; the tests run on a build that is hardly optimised
    assert!(took < 10.0, "{took} s");
}

#[test]
fn the_terminal_tells_code_place_reason_and_help() {
    let report = demo::report(2, 100);
    let text = terminal::write(&report, Language::En, terminal::Style::default());
    for wanted in [
        "error[DM20] door M0921-0 is drawn and not modelled",
        "--> 一层平面图.dxf:handle 2F3 (WINDOW), OfficeA.ifc:#4711 IfcDoor",
        "drawing 1740 mm | model 1500 mm | limit 30 mm",
        "= help: Model the door, or take it off the plan.",
        "P1 一层平面图 1:100 (一层平面图.dxf)\n",
        "✓ laid by 22 of 22 crossings of the axes 1–7 and A–D (一层平面图.dxf)",
        "compared 106 walls, 84 columns, 40 doors, 62 windows, 36 rooms, 22 grid axes; 6 undecided",
        "fix and resubmit: 2 errors; score 93.2 (B), 96 % of cases decided",
    ] {
        assert!(text.contains(wanted), "{wanted}\nis not in\n{text}");
    }
}

/// Writes the page for looking at it: `TUMO_PAGE=FILE cargo test the_page_for_the_eye`.
#[test]
fn the_page_for_the_eye() {
    let page = html::write(&demo::report(2_000, 200_000), Language::Zh);
    assert!(page.starts_with("<!doctype html>"));
    if let Ok(file) = std::env::var("TUMO_PAGE") {
        std::fs::write(&file, page).expect("the page");
        let small = html::write(&demo::report(24, 3_000), Language::En);
        std::fs::write(file.replace(".html", "-small.html"), small).expect("the page");
    }
}

#[test]
fn a_picture_has_its_markers_labels_and_no_foreign_markup() {
    use tumo::report::picture::{Frame, svg};
    let report = hostile();
    let frame = Frame::whole(&report.overlays[0], 1_200.0);
    let text = svg(&report, 0, &frame, Language::Zh).expect("a picture");
    assert!(!text.contains("<img") && !text.contains("onerror=alert(1)>"));
    assert!(text.contains(">1</text>") && text.contains("模型") && text.contains("图纸"));
    assert!(svg(&report, 9, &frame, Language::Zh).is_none());
}

#[cfg(feature = "png")]
#[test]
fn a_png_is_neither_empty_nor_grey() {
    use tumo::report::png::{Fonts, png};
    let report = demo::report(24, 3_000);
    let bytes = png(&report, 0, 1_200.0, Language::Zh, &Fonts::installed()).expect("a picture");
    assert!(bytes.starts_with(b"\x89PNG") && bytes.len() > 10_000, "{} bytes", bytes.len());
    if let Ok(file) = std::env::var("TUMO_PAGE") {
        std::fs::write(file.replace(".html", ".png"), bytes).expect("the picture");
    }
}

#[test]
fn a_close_up_has_both_dimensions_and_its_words() {
    let report = demo::report(12, 100);
    let wide = report.findings.iter().find(|f| f.side.is_some() && f.unit.as_deref() == Some("mm")).unwrap();
    let svg =
        tumo::report::closeup::svg(&report, wide, (1_000.0, 750.0), Language::Zh).expect("a plan shows it");
    assert!(svg.contains("模型 1500 mm") && svg.contains("图纸 1740 mm"), "{svg}");
    assert!(svg.contains(&wide.rule) && svg.contains(wide.message.get(Language::Zh)));
    super::formats::xml(&svg);
}

#[test]
fn close_ups_and_plans_of_hostile_names_are_well_formed() {
    use tumo::report::picture::{Frame, svg};
    let report = super::formats::hostile();
    let whole = svg(&report, 0, &Frame::whole(&report.overlays[0], 900.0), Language::En).expect("a picture");
    let close = report
        .findings
        .iter()
        .filter_map(|f| tumo::report::closeup::svg(&report, f, (1_000.0, 750.0), Language::Zh));
    let all: Vec<String> = close.chain([whole]).collect();
    assert!(all.len() > 20, "{} pictures", all.len());
    for svg in all {
        assert!(svg.len() < 400_000 && super::formats::is_tame(&svg), "{} bytes", svg.len());
        for (name, attributes) in super::formats::xml(&svg) {
            assert_ne!(name, "script");
            assert!(attributes.iter().all(|(k, _)| !k.starts_with("on") && !k.ends_with("href")), "{name}");
        }
    }
}
