//! The review opinion, as far as its bytes tell; it is looked at with eyes.

use super::{demo, formats};
use tumo::report::opinion::{Fonts, Options, write};
use tumo::report::{Report, png};
use tumo::wording::Language;

fn pdf(report: &Report, language: Language) -> Option<Vec<u8>> {
    let installed = png::Fonts::installed();
    let Some(fonts) = Fonts::of(&installed) else {
        eprintln!("skipped: this machine has no font");
        return None;
    };
    let options = Options { language, date: "2024-05-01" };
    Some(
        write(report, &options, &fonts, &|n| png::printed(report, n, language, &installed)).expect("written"),
    )
}

#[test]
fn an_opinion_has_its_pages_and_is_the_same_every_time() {
    let report = demo::report(60, 200);
    for language in [Language::En, Language::Zh] {
        let Some(bytes) = pdf(&report, language) else { return };
        assert!(bytes.starts_with(b"%PDF-") && bytes.len() < 4_000_000, "{}", bytes.len());
        assert!(Some(bytes) == pdf(&report, language), "the same every time");
    }
}

#[test]
fn hostile_names_and_many_findings_end_in_a_document() {
    let Some(hostile) = pdf(&formats::hostile(), Language::Zh) else { return };
    assert!(hostile.starts_with(b"%PDF-") && hostile.len() < 4_000_000);
    let started = std::time::Instant::now();
    let mut many = demo::report(5_000, 10);
    many.overlays.clear();
    let bytes = pdf(&many, Language::En).expect("a font was there");
    assert!(bytes.starts_with(b"%PDF-") && started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}
