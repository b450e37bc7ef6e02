//! Boundaries of hatches, bulges and splines become points: any groups stand in a HATCH, a LWPOLYLINE and a SPLINE.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let groups = String::from_utf8_lossy(data);
    let mut text = String::from("0\nSECTION\n2\nENTITIES\n");
    for name in ["HATCH", "LWPOLYLINE", "SPLINE", "ELLIPSE", "ARC"] {
        text += &format!("0\n{name}\n8\n0\n{}\n", groups.trim_end());
    }
    text += "0\nLINE\n8\n0\n10\n0\n20\n0\n11\n1\n21\n0\n0\nENDSEC\n0\nEOF\n";
    if let Ok(read) = tumo::drawing::read("a.dxf", &tumo::bytes::bytes(text.into_bytes())) {
        for sheet in &read.value.sheets {
            let rings = sheet.fills.iter().flat_map(|f| f.rings.iter().flatten());
            assert!(rings.chain(sheet.loops.iter().flat_map(|l| &l.ring)).all(|p| p.is_finite()));
        }
    }
});
