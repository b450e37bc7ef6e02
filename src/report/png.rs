//! Pictures as PNG, from the same SVG as everywhere. Text is set in what fonts the machine has.

use super::Report;
use super::picture::{self, Frame};
use crate::wording::Language;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};
use std::sync::Arc;

/// Most pixels along a side: a picture is for eyes.
const MAX_SIDE: f64 = 8_000.0;

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
    let text = picture::svg(report, index, &frame, language)?;
    let options = Options { fontdb: Arc::clone(&fonts.database), ..Options::default() };
    let tree = Tree::from_str(&text, &options).ok()?;
    let size = tree.size().to_int_size();
    let mut pixels = Pixmap::new(size.width(), size.height())?;
    resvg::render(&tree, Transform::identity(), &mut pixels.as_mut());
    pixels.encode_png().ok()
}
