//! Binary DXF: the sentinel, then whatever comes.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    const SENTINEL: &[u8] = b"AutoCAD Binary DXF\r\n\x1a\0";
    let own = data.strip_prefix(SENTINEL).unwrap_or(data);
    let bytes = tumo::bytes::bytes([SENTINEL, own].concat());
    let _ = tumo::drawing::read("a.dxf", &bytes);
});
