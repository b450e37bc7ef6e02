//! The review opinion as PDF, to sign and to file: whose submission it is, the conclusion with its score, the findings in
//! a table with room to answer, then every plan with its numbered markers. A4, in Chinese or English.

mod cover;
mod fonts;
mod list;
mod plans;
mod print;
mod sheet;

pub use fonts::Fonts;

use super::Report;
use super::words::{filled, word};
use crate::error::Result;
use crate::wording::Language;
use sheet::Composer;

/// What only the caller knows.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// Language of the document.
    pub language: Language,
    /// Date of the run, such as `2024-05-01`; none is written where it is empty.
    pub date: &'a str,
}

/// Makes the PNG of an overlay by its number in the report.
pub type Photographer<'a> = dyn Fn(usize) -> Option<Vec<u8>> + Sync + 'a;

/// Writes the opinion. Equal reports, options and fonts give equal bytes.
///
/// # Errors
/// When the document cannot be put together.
pub fn write(
    report: &Report,
    options: &Options<'_>,
    fonts: &Fonts,
    picture: &Photographer<'_>,
) -> Result<Vec<u8>> {
    let mut composer = Composer::new(fonts, options.language);
    cover::compose(report, options, &mut composer);
    list::compose(report, &mut composer);
    list::notices(report, &mut composer);
    cover::signatures(&mut composer);
    plans::compose(report, picture, &mut composer);
    let pages = composer.finish(&foot(report, options));
    let title = filled("opinion.title", options.language, &[]);
    print::pdf(&pages, fonts, &title, options.language)
}

/// What stands at the foot of every page, before its number.
fn foot(report: &Report, options: &Options<'_>) -> String {
    let id = &report.identity;
    let key: Vec<&str> =
        [&id.project_code, &id.building_code].into_iter().flatten().map(String::as_str).collect();
    let key = key.join(" + ");
    let parts = [super::plain::tame_to(&key, 60), options.date.to_owned(), report.engine.clone()];
    let parts: Vec<String> = parts.into_iter().filter(|p| !p.is_empty()).collect();
    parts.join(" · ")
}

/// A word of the document.
fn say(key: &str, composer: &Composer<'_>) -> &'static str {
    word(key, composer.language)
}
