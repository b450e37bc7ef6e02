//! Pictures as PNG, from the same SVG as everywhere. Text is set in what fonts the machine has.

use super::Report;
use super::bcf::Shot;
use super::closeup;
use super::picture::{self, Frame};
use crate::finding::Finding;
use crate::wording::Language;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};
use std::sync::Arc;

/// Most pixels along a side: a picture is for eyes.
const MAX_SIDE: f64 = 8_000.0;
/// A picture to print: so many pixels wide, as its letters and lines take it, and so many times finer.
#[cfg(feature = "opinion")]
const PRINTED: (f64, f32) = (1_050.0, 2.4);
/// Width and height of a topic's picture, pixels: the shape of the view that it belongs to.
const SNAPSHOT: (f64, f64) = (1_000.0, 750.0);
/// Width and height of a picture in a table, pixels.
const THUMBNAIL: (f64, f64) = (560.0, 500.0);
/// Size of a card's letters, pixels; the room at its left and right; how many lines it has.
const CARD_SIZE: f64 = 26.0;
const CARD_MARGIN: f64 = 50.0;
const CARD_LINES: usize = 12;

/// The fonts of this machine, read once.
#[derive(Clone, Debug)]
pub struct Fonts {
    database: Arc<fontdb::Database>,
}

impl Fonts {
    /// Reads what is installed.
    pub fn installed() -> Self {
        let mut database = fontdb::Database::new();
        database.load_system_fonts();
        Self { database: Arc::new(database) }
    }

    /// The faces that are there.
    #[cfg(feature = "opinion")]
    pub(super) fn database(&self) -> &fontdb::Database {
        &self.database
    }

    /// A font known to have Chinese characters is among them; without one they are missing from pictures.
    pub fn hold_chinese(&self) -> bool {
        self.database.faces().any(|face| {
            face.families.iter().any(|(name, _)| {
                ["CJK", "Noto Sans SC", "WenQuanYi", "Source Han", "Droid Sans Fallback"]
                    .iter()
                    .any(|f| name.contains(f))
            })
        })
    }
}

/// One overlay as PNG; `None` where there is no such overlay or it cannot be drawn.
pub fn png(report: &Report, index: usize, width: f64, language: Language, fonts: &Fonts) -> Option<Vec<u8>> {
    let overlay = report.overlays.get(index)?;
    let frame = Frame::whole(overlay, width.clamp(200.0, MAX_SIDE / 1.6));
    raster(&picture::svg(report, index, &frame, language)?, fonts)
}

/// One overlay as PNG for paper: letters that can be read on A4, lines that are sharp.
#[cfg(feature = "opinion")]
pub fn printed(report: &Report, index: usize, language: Language, fonts: &Fonts) -> Option<Vec<u8>> {
    let frame = Frame::whole(report.overlays.get(index)?, PRINTED.0);
    scaled(&picture::svg(report, index, &frame, language)?, fonts, PRINTED.1)
}

/// The picture of a BCF topic: a close-up or the whole plan; without a plan, a card that says what it is about.
pub fn snapshot(report: &Report, shot: &Shot<'_>, language: Language, fonts: &Fonts) -> Option<Vec<u8>> {
    let overlay = shot.overlay.and_then(|index| Some((index, report.overlays.get(index)?)));
    let Some((index, overlay)) = overlay else { return raster(&card(shot.title), fonts) };
    if let Some(near) = shot.finding.and_then(|f| closeup::svg(report, f, SNAPSHOT, language)) {
        return raster(&near, fonts);
    }
    raster(&picture::svg(report, index, &Frame::whole(overlay, SNAPSHOT.0), language)?, fonts)
}

/// The close-up of a finding in the size of a table's cell; `None` where no plan shows it.
pub fn thumbnail(report: &Report, finding: &Finding, language: Language, fonts: &Fonts) -> Option<Vec<u8>> {
    raster(&closeup::svg(report, finding, THUMBNAIL, language)?, fonts)
}

/// A title on a plain ground, in lines that fit.
fn card(title: &str) -> String {
    let (width, height) = SNAPSHOT;
    let mut out = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}'><rect width='100%' height='100%' fill='#fff'/>"
    );
    for (n, line) in card_lines(title, width - 2.0 * CARD_MARGIN).iter().enumerate() {
        let y = 80 + 40 * n;
        out.push_str(&format!(
            "<text x='{CARD_MARGIN}' y='{y}' font-size='{CARD_SIZE}' font-family='{}'>{}</text>",
            picture::FONTS,
            picture::escaped(line)
        ));
    }
    out.push_str("</svg>");
    out
}

/// A title in lines of so many pixels at most, broken at spaces where there are some. No font is asked: Chinese characters
/// are as wide as high, others at most six tenths of it in any font for text.
fn card_lines(title: &str, width: f64) -> Vec<String> {
    let wide = |c: char| if matches!(c, '\u{1100}'..) { CARD_SIZE } else { 0.6 * CARD_SIZE };
    let mut lines = vec![String::new()];
    let mut used = 0.0;
    for c in title.chars() {
        used += wide(c);
        let Some(line) = lines.last_mut() else { break };
        if used <= width {
            line.push(c);
            continue;
        }
        let kept = line.rfind(' ').filter(|at| *at * 2 > line.len()).unwrap_or(line.len());
        let next = format!("{}{c}", line.get(kept..).unwrap_or_default().trim_start());
        line.truncate(kept);
        used = next.chars().map(wide).sum();
        if lines.len() == CARD_LINES {
            break;
        }
        lines.push(next);
    }
    lines
}

/// Any SVG as PNG; `None` where it cannot be drawn.
pub fn raster(svg: &str, fonts: &Fonts) -> Option<Vec<u8>> {
    scaled(svg, fonts, 1.0)
}

fn scaled(svg: &str, fonts: &Fonts, zoom: f32) -> Option<Vec<u8>> {
    let options = Options { fontdb: Arc::clone(&fonts.database), ..Options::default() };
    let tree = Tree::from_str(svg, &options).ok()?;
    let size = tree.size().to_int_size().scale_by(zoom)?;
    let mut pixels = Pixmap::new(size.width(), size.height())?;
    resvg::render(&tree, Transform::from_scale(zoom, zoom), &mut pixels.as_mut());
    pixels.encode_png().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_breaks_where_its_line_is_full() {
        let width = 900.0;
        let most = |title: &str| {
            let wide = |l: &String| l.chars().map(|c| if c > '\u{1100}' { 26.0 } else { 15.6 }).sum::<f64>();
            card_lines(title, width).iter().map(wide).fold(0.0, f64::max)
        };
        let chinese = "未被任何对象引用".repeat(20);
        assert!(most(&chinese) <= width && card_lines(&chinese, width).concat() == chinese);
        let words = "records that nothing refers to ".repeat(9);
        assert!(most(&words) <= width);
        assert!(card_lines(&words, width).iter().all(|l| l.starts_with(['r', 't', 'n'])), "broken in a word");
        assert_eq!(card_lines(&"x".repeat(1_000_000), width).len(), CARD_LINES);
    }
}
