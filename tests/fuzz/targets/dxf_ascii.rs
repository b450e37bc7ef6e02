//! DXF as text: no panic, and what is read names only what is there.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let bytes = tumo::bytes::bytes(data.to_vec());
    if let Ok(read) = tumo::drawing::read("a.dxf", &bytes) {
        for sheet in &read.value.sheets {
            assert!(sheet.lines.iter().all(|l| (l.mark as usize) < sheet.marks.len()));
        }
    }
});
