//! Boundaries of hatches, bulges and splines become points: any groups stand in a HATCH, a LWPOLYLINE and a SPLINE.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../frames.rs"]
#[allow(dead_code)]
mod frames;

fuzz_target!(|data: &[u8]| {
    if let Ok(read) = tumo::drawing::read("a.dxf", &tumo::bytes::bytes(frames::entities(data))) {
        for sheet in &read.value.sheets {
            let rings = sheet.fills.iter().flat_map(|f| f.rings.iter().flatten());
            assert!(rings.chain(sheet.loops.iter().flat_map(|l| &l.ring)).all(|p| p.is_finite()));
        }
    }
});
