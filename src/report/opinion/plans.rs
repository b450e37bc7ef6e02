//! Every plan on a page of its own, with the numbers of its findings.

use super::Photographer;
use super::sheet::{A4, Composer, Item, MARGIN};
use crate::report::Report;
use rayon::prelude::*;

/// Plans that are shown; more is an atlas and no opinion.
const PLANS: usize = 60;

pub(super) fn compose(report: &Report, picture: &Photographer<'_>, c: &mut Composer<'_>) {
    let count = report.overlays.len().min(PLANS);
    let pictures: Vec<Option<Vec<u8>>> = (0..count).into_par_iter().map(picture).collect();
    for png in pictures.into_iter().flatten() {
        let Some((wide, high)) = size(&png) else { continue };
        let page = if wide > high { (A4.1, A4.0) } else { A4 };
        if !c.page(page) {
            return;
        }
        let room = (page.0 - 2.0 * MARGIN, c.left());
        let scale = (room.0 / wide).min(room.1 / high);
        let (w, h) = (wide * scale, high * scale);
        c.put(Item::Picture { x: (page.0 - w) / 2.0, y: MARGIN, w, h, png });
    }
}

/// Width and height of a PNG (its first chunk), pixels.
fn size(png: &[u8]) -> Option<(f32, f32)> {
    let number = |at: usize| {
        let bytes: [u8; 4] = png.get(at..at + 4)?.try_into().ok()?;
        Some(u32::from_be_bytes(bytes) as f32).filter(|n| *n > 0.0)
    };
    Some((number(16)?, number(20)?))
}
