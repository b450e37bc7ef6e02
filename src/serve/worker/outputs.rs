//! Everything that is kept of a run: the report with what its page shows, then, one by one, the building and the other
//! formats.

use super::{OUT, Order, Told, building, save, tell};
use crate::finding::Finding;
use crate::pipeline::Pipeline;
use crate::report::lines::Lines;
use crate::report::picture::{self, Frame};
use crate::report::{self, Report, bcf, html, spot_sheet, terminal};
use crate::serve::formats::{self, Format};
use crate::wording::Language;
use rayon::prelude::*;
use std::path::Path;

/// Width of a picture, pixels.
const WIDTH: f64 = 1_800.0;
/// Most overlays that are kept as pictures; the page draws every one by itself.
const PICTURES: usize = 60;

/// Writes the report, as data and as a page, with what the service's own page draws.
pub(super) fn write_report(folder: &Path, report: &Report) -> Result<(), String> {
    let out = folder.join(OUT);
    let put = |name: &str, bytes: &[u8]| save(&out.join(name), bytes);
    put("report.json", report::json::write(report).as_bytes())?;
    put("page.json", html::page(report).as_bytes())?;
    for index in 0..report.overlays.len() {
        put(&format!("overlay-{index}.bin"), &html::outlines(report, index))?;
    }
    put("report.html", html::write(report, Language::Zh).as_bytes())
}

/// Writes the building and the other formats, and tells of each when it lies there. One that cannot be written is told, and
/// the rest goes on.
pub(super) fn write_others(folder: &Path, order: &Order, run: &Pipeline, report: &Report) {
    let out = folder.join(OUT);
    match building::write(&out, order, run) {
        Ok(names) => names.into_iter().for_each(|name| tell(&Told::Made(name.into()))),
        Err(why) => tell(&Told::Unwritten(why)),
    }
    let lines = Lines::of(report, &run.models);
    let made = Made { order, report, lines: &lines, pictures: &Pictures::new() };
    let wanted: Vec<(&Format, Language, usize)> = formats::ALL
        .iter()
        .flat_map(|format| {
            let overlays = if format.pictured { report.overlays.len().min(PICTURES) } else { 1 };
            [Language::En, Language::Zh]
                .into_iter()
                .flat_map(move |language| (0..overlays).map(move |overlay| (format, language, overlay)))
        })
        .collect();
    // side by side, and those that are ready first are there first
    wanted.par_iter().with_max_len(1).for_each(|&(format, language, overlay)| {
        let name = format.file(language, overlay);
        let written = one(format, language, overlay, &made)
            .and_then(|bytes| bytes.map(|b| save(&out.join(&name), &b)).transpose());
        match written {
            Ok(Some(())) => tell(&Told::Made(name)),
            Ok(None) => {}
            Err(why) => tell(&Told::Unwritten(format!("{name}: {why}"))),
        }
    });
}

struct Made<'a> {
    order: &'a Order,
    report: &'a Report,
    lines: &'a Lines,
    pictures: &'a Pictures,
}

/// One format in one language; nothing where it is written already or there is nothing to draw.
fn one(
    format: &Format,
    language: Language,
    overlay: usize,
    made: &Made<'_>,
) -> Result<Option<Vec<u8>>, String> {
    let report = made.report;
    Ok(match format.name {
        "terminal" => {
            let style = terminal::Style { coloured: false, verbose: true };
            Some(terminal::write(report, language, style).into_bytes())
        }
        "csv" => Some(report::csv::write(report, language).into_bytes()),
        #[cfg(feature = "xlsx")]
        "xlsx" => {
            let shoot = |finding: &Finding| made.pictures.thumbnail(report, finding, language);
            Some(report::xlsx::write(report, language, &shoot).map_err(|e| e.to_string())?)
        }
        #[cfg(feature = "opinion")]
        "pdf" => made.pictures.opinion(made, language)?,
        "bcf" => Some(topics(made, bcf::Version::V2_1, language)?),
        "bcf3" => Some(topics(made, bcf::Version::V3_0, language)?),
        "spot-check" => Some(spot_sheet::write(report, spot_sheet::Form::Html, language).into_bytes()),
        "spot-check-csv" => Some(spot_sheet::write(report, spot_sheet::Form::Csv, language).into_bytes()),
        "sarif" => Some(report::sarif::write(report, made.lines, language).into_bytes()),
        "junit" => Some(report::junit::write(report, language).into_bytes()),
        "github" => Some(report::github::write(report, made.lines, language).into_bytes()),
        "svg" => report
            .overlays
            .get(overlay)
            .map(|o| Frame::whole(o, WIDTH))
            .and_then(|frame| picture::svg(report, overlay, &frame, language))
            .map(String::into_bytes),
        "png" => made.pictures.overlay(report, overlay, language),
        _ => None,
    })
}

fn topics(made: &Made<'_>, version: bcf::Version, language: Language) -> Result<Vec<u8>, String> {
    let options = bcf::Options { version, language, created: &made.order.made_at, author: "tumo" };
    let shoot = |shot: &bcf::Shot<'_>| made.pictures.snapshot(made.report, shot, language);
    bcf::write(made.report, &options, &shoot).map_err(|e| e.to_string())
}

/// What a topic's picture is known by: language, overlay, and the finding or the title.
#[cfg(feature = "png")]
type Known = (&'static str, Option<usize>, String);

/// A picture that is drawn once: who asks for it meanwhile waits.
#[cfg(feature = "png")]
type Drawn = std::sync::Arc<std::sync::OnceLock<Option<Vec<u8>>>>;

/// Draws pictures with the fonts of this machine.
#[cfg(feature = "png")]
struct Pictures {
    fonts: report::png::Fonts,
    /// Both versions of BCF show the same: each picture is drawn once.
    shots: std::sync::Mutex<std::collections::BTreeMap<Known, Drawn>>,
}

#[cfg(feature = "png")]
impl Pictures {
    fn new() -> Self {
        Self { fonts: report::png::Fonts::installed(), shots: std::sync::Mutex::default() }
    }

    fn overlay(&self, report: &Report, overlay: usize, language: Language) -> Option<Vec<u8>> {
        report::png::png(report, overlay, WIDTH, language, &self.fonts)
    }

    fn snapshot(&self, report: &Report, shot: &bcf::Shot<'_>, language: Language) -> Option<Vec<u8>> {
        let named = shot.finding.map_or(shot.title, |f| f.id.as_str());
        let key = (formats::tag(language), shot.overlay, format!("{} {named}", shot.finding.is_some()));
        let drawn = {
            let mut shots = self.shots.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            Drawn::clone(shots.entry(key).or_default())
        };
        drawn.get_or_init(|| report::png::snapshot(report, shot, language, &self.fonts)).clone()
    }

    #[cfg(feature = "xlsx")]
    fn thumbnail(&self, report: &Report, finding: &Finding, language: Language) -> Option<Vec<u8>> {
        report::png::thumbnail(report, finding, language, &self.fonts)
    }

    /// The review opinion; none where the machine has no font.
    #[cfg(feature = "opinion")]
    fn opinion(&self, made: &Made<'_>, language: Language) -> Result<Option<Vec<u8>>, String> {
        use report::opinion::{Fonts, Options, write};
        let Some(letters) = Fonts::of(&self.fonts) else { return Ok(None) };
        let options = Options { language, date: made.order.made_at.get(..10).unwrap_or_default() };
        let picture = |index: usize| report::png::printed(made.report, index, language, &self.fonts);
        write(made.report, &options, &letters, &picture).map(Some).map_err(|e| e.to_string())
    }
}

/// Draws none: this tumo was built without pictures.
#[cfg(not(feature = "png"))]
struct Pictures;

#[cfg(not(feature = "png"))]
impl Pictures {
    const fn new() -> Self {
        Self
    }

    const fn overlay(&self, _: &Report, _: usize, _: Language) -> Option<Vec<u8>> {
        None
    }

    const fn snapshot(&self, _: &Report, _: &bcf::Shot<'_>, _: Language) -> Option<Vec<u8>> {
        None
    }

    #[cfg(feature = "xlsx")]
    const fn thumbnail(&self, _: &Report, _: &Finding, _: Language) -> Option<Vec<u8>> {
        None
    }
}
