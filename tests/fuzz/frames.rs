//! Frames of drawings for inputs that are a part of one. The targets and the replay in `tests/suite/drawing/mutation.rs`
//! use the same ones.

/// A DXF of entities that all have these groups: a hatch, a polyline, a spline, an ellipse and an arc, and a sound line.
pub(crate) fn entities(groups: &[u8]) -> Vec<u8> {
    let mut out = b"0\nSECTION\n2\nENTITIES\n".to_vec();
    for name in ["HATCH", "LWPOLYLINE", "SPLINE", "ELLIPSE", "ARC"] {
        out.extend([b"0\n", name.as_bytes(), b"\n8\n0\n", groups.trim_ascii_end(), b"\n"].concat());
    }
    out.extend(b"0\nLINE\n8\n0\n10\n0\n20\n0\n11\n1\n21\n0\n0\nENDSEC\n0\nEOF\n");
    out
}

/// A PDF of one page whose content is these operators; the form `X` has the same ones again.
pub(crate) fn page(content: &[u8]) -> Vec<u8> {
    const RESOURCES: &str = "/Resources<</Font<</F 6 0 R>>/XObject<</X 5 0 R>>/ExtGState<</G<</LW 2>>>>\
        /Properties<</O 7 0 R>>>>";
    let stream = |dictionary: &str| {
        let head = format!("<<{dictionary}/Length {}>>stream\n", content.len());
        [head.as_bytes(), content, b"\nendstream"].concat()
    };
    let objects = [
        b"<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[7 0 R]/D<<>>>>>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 1190 842]/Contents 4 0 R{RESOURCES}>>").into_bytes(),
        stream(""),
        stream(&format!("/Type/XObject/Subtype/Form/BBox[0 0 1190 842]{RESOURCES}")),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_vec(),
        b"<</Type/OCG/Name(walls)>>".to_vec(),
    ];
    let (mut file, mut table) = (b"%PDF-1.7\n".to_vec(), b"0000000000 65535 f \n".to_vec());
    for (at, object) in objects.iter().enumerate() {
        table.extend(format!("{:010} 00000 n \n", file.len()).as_bytes());
        file.extend([format!("{} 0 obj\n", at + 1).as_bytes(), object, b"\nendobj\n"].concat());
    }
    let (count, at) = (objects.len() + 1, file.len());
    file.extend([format!("xref\n0 {count}\n").as_bytes(), &table].concat());
    file.extend(format!("trailer<</Size {count}/Root 1 0 R>>\nstartxref\n{at}\n%%EOF\n").as_bytes());
    file
}
