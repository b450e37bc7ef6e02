//! PDF: the input is what a page's content stream says, its operators and their operands.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../frames.rs"]
#[allow(dead_code)]
mod frames;

const LONGEST: usize = 65_536;

fuzz_target!(|data: &[u8]| {
    let content = data.get(..LONGEST).unwrap_or(data);
    if let Ok(read) = tumo::drawing::read("a.pdf", &tumo::bytes::bytes(frames::page(content))) {
        for sheet in &read.value.sheets {
            assert!(sheet.lines.iter().all(|l| (l.mark as usize) < sheet.marks.len()));
            assert!(sheet.fills.iter().flat_map(|f| f.rings.iter().flatten()).all(|p| p.is_finite()));
        }
    }
});
