//! SVG: no panic, nothing opened.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _ = tumo::drawing::read("a.svg", &tumo::bytes::bytes(data.to_vec()));
});
