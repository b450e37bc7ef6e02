//! Drawings from outside: what is hostile, damaged, mutated, real, and what is told of it.

mod dwg;
mod hostile;
mod losses;
mod mutation;
#[cfg(feature = "pdf")]
mod pages;
mod real;

use std::time::{Duration, Instant};
use tumo::bytes::bytes;
use tumo::drawing::{self, Drawing};

/// Far beyond what a debug build needs on a busy machine, far below a hang.
const SOON: Duration = Duration::from_secs(60);

/// Runs, and holds that it did not take long.
fn soon<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let started = Instant::now();
    let out = work();
    assert!(started.elapsed() < SOON, "{what} took {:?}", started.elapsed());
    out
}

/// The drawing and the codes of its notices, or the error's sentence.
fn told(content: impl Into<Vec<u8>>) -> Result<(Drawing, Vec<String>), String> {
    match drawing::read("a", &bytes(content.into())) {
        Ok(read) => {
            let codes = read.notices.iter().map(|n| n.code.clone()).collect();
            Ok((read.value, codes))
        }
        Err(error) => Err(error.to_string()),
    }
}

/// Nothing in a drawing that was read may be out of reach of those who use it.
fn sound(drawing: &Drawing) {
    for sheet in &drawing.sheets {
        let marks = sheet.marks.len();
        let ok = |mark: u32| assert!((mark as usize) < marks, "a primitive without a mark");
        sheet.lines.iter().for_each(|l| ok(l.mark));
        sheet.arcs.iter().for_each(|a| ok(a.mark));
        sheet.loops.iter().for_each(|l| ok(l.mark));
        sheet.fills.iter().for_each(|f| ok(f.mark));
        sheet.texts.iter().for_each(|t| ok(t.mark));
        sheet.inserts.iter().for_each(|i| ok(i.mark));
        sheet.dimensions.iter().for_each(|d| ok(d.mark));
        for mark in &sheet.marks {
            assert!((mark.layer as usize) < drawing.layers.len(), "a mark without a layer");
            assert!(mark.insert.is_none_or(|i| (i as usize) < sheet.inserts.len()));
            assert!(mark.dimension.is_none_or(|d| (d as usize) < sheet.dimensions.len()));
        }
        for insert in &sheet.inserts {
            assert!((insert.block as usize) < drawing.blocks.len(), "a reference without a block");
        }
        let finite = sheet.lines.iter().all(|l| l.segment.a.is_finite() && l.segment.b.is_finite())
            && sheet.arcs.iter().all(|a| a.arc.centre.is_finite() && a.arc.radius.is_finite())
            && sheet.loops.iter().flat_map(|l| &l.ring).all(|p| p.is_finite())
            && sheet.fills.iter().flat_map(|f| f.rings.iter().flatten()).all(|p| p.is_finite())
            && sheet.texts.iter().all(|t| t.centre.is_finite() && t.at.is_finite() && t.height.is_finite());
        assert!(finite, "a number that is none");
    }
}
