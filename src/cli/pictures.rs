//! Overlays as picture files: one per plan and storey.

use super::args::Format;
use super::{Settings, output};
use crate::report::picture::{self, Frame};
use crate::report::{Report, bcf};
use anyhow::{Result, bail};
use std::path::{Path, PathBuf};

/// Width of a picture, pixels.
const WIDTH: f64 = 1_800.0;

/// Writes every overlay: into `file` where there is one, else into a file per overlay with its plan in the name.
pub(super) fn write(report: &Report, format: Format, file: &Path, settings: &Settings) -> Result<()> {
    if report.overlays.is_empty() {
        bail!("{}: there is no plan to draw", file.display());
    }
    for (index, path) in names(report, file).iter().enumerate() {
        let bytes = match format {
            Format::Svg => {
                let frame = report.overlays.get(index).map(|o| Frame::whole(o, WIDTH));
                frame.and_then(|f| picture::svg(report, index, &f, settings.language)).map(String::into_bytes)
            }
            _ => raster(report, index, settings)?,
        };
        match bytes {
            Some(bytes) => output::save_and_tell(path, &bytes, settings)?,
            None => bail!("{}: the plan cannot be drawn", path.display()),
        }
    }
    Ok(())
}

/// The fonts of this machine, read once; told where they lack Chinese.
#[cfg(feature = "png")]
pub(super) fn fonts(settings: &Settings) -> &'static crate::report::png::Fonts {
    use crate::report::png::Fonts;
    use std::sync::OnceLock;
    static FONTS: OnceLock<Fonts> = OnceLock::new();
    FONTS.get_or_init(|| {
        let fonts = Fonts::installed();
        if !fonts.hold_chinese() && !settings.quiet {
            output::tell(
                "no font with Chinese characters is installed (such as Noto Sans CJK): pictures lack them",
            );
        }
        fonts
    })
}

#[cfg(feature = "png")]
fn raster(report: &Report, index: usize, settings: &Settings) -> Result<Option<Vec<u8>>> {
    Ok(crate::report::png::png(report, index, WIDTH, settings.language, fonts(settings)))
}

#[cfg(not(feature = "png"))]
fn raster(_: &Report, _: usize, _: &Settings) -> Result<Option<Vec<u8>>> {
    bail!("this tumo was built without pictures (feature png); --format svg is there");
}

/// The review opinion as PDF.
#[cfg(feature = "opinion")]
pub(super) fn opinion(report: &Report, settings: &Settings) -> Result<Vec<u8>> {
    use crate::report::opinion::{self, Fonts, Options};
    use crate::report::png;
    let fonts = fonts(settings);
    let Some(letters) = Fonts::of(fonts) else {
        bail!("--format pdf needs a font, and this machine has none; install Noto Sans CJK");
    };
    let now = super::clock::now();
    let options = Options { language: settings.language, date: now.get(..10).unwrap_or_default() };
    let picture = |index: usize| png::printed(report, index, settings.language, fonts);
    Ok(opinion::write(report, &options, &letters, &picture)?)
}

/// Close-ups of findings for a table.
#[cfg(all(feature = "png", feature = "xlsx"))]
pub(super) fn of_finding<'a>(
    report: &'a Report,
    settings: &'a Settings,
) -> impl Fn(&crate::finding::Finding) -> Option<Vec<u8>> + Sync + 'a {
    let fonts = fonts(settings);
    move |finding| crate::report::png::thumbnail(report, finding, settings.language, fonts)
}

/// This tumo was built without pictures.
#[cfg(all(not(feature = "png"), feature = "xlsx"))]
pub(super) fn of_finding(
    _: &Report,
    _: &Settings,
) -> impl Fn(&crate::finding::Finding) -> Option<Vec<u8>> + Sync {
    |_| None
}

/// The findings as BCF, every viewpoint with its picture.
#[cfg(feature = "png")]
pub(super) fn bcf(report: &Report, version: bcf::Version, settings: &Settings) -> Result<Vec<u8>> {
    let fonts = fonts(settings);
    let picture = |shot: &bcf::Shot<'_>| crate::report::png::snapshot(report, shot, settings.language, fonts);
    topics(report, version, settings, &picture)
}

/// The findings as BCF, without pictures.
#[cfg(not(feature = "png"))]
pub(super) fn bcf(report: &Report, version: bcf::Version, settings: &Settings) -> Result<Vec<u8>> {
    if !settings.quiet {
        output::tell("this tumo was built without pictures (feature png): the topics have no snapshots");
    }
    topics(report, version, settings, &|_: &bcf::Shot<'_>| None)
}

fn topics(
    report: &Report,
    version: bcf::Version,
    settings: &Settings,
    picture: &bcf::Photographer<'_>,
) -> Result<Vec<u8>> {
    let created = super::clock::now();
    let options = bcf::Options { version, language: settings.language, created: &created, author: "tumo" };
    Ok(bcf::write(report, &options, picture)?)
}

fn names(report: &Report, file: &Path) -> Vec<PathBuf> {
    if report.overlays.len() == 1 {
        return vec![file.to_owned()];
    }
    let stem = file.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let ending = file.extension().map(|e| format!(".{}", e.to_string_lossy())).unwrap_or_default();
    let overlays = &report.overlays;
    (0..overlays.len())
        .map(|i| {
            let plan = overlays.get(i).map(|o| o.plan.as_str()).unwrap_or_default();
            // a typical floor: the same plan on several storeys
            let before = overlays.iter().take(i).filter(|o| o.plan == plan).count();
            let nth = if before > 0 { format!("-{}", before + 1) } else { String::new() };
            file.with_file_name(format!("{stem}-{plan}{nth}{ending}"))
        })
        .collect()
}
