//! What an uploaded file is, by its first bytes; and what its name says of discipline and storey. A guess is shown and
//! can be corrected; nothing is parsed here.

/// How much of a file is looked at.
pub(crate) const HEAD: usize = 4096;
/// Longest name kept, bytes.
const LONGEST_NAME: usize = 200;

/// What bytes are: `ifc`, `ifczip`, `dxf`, `dwg`, `pdf`, `svg`, `ids`, `manifest`, `other`.
pub(crate) fn kind(head: &[u8]) -> &'static str {
    let head = head.get(..HEAD).unwrap_or(head);
    let plain = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    let has = |what: &[u8]| memchr::memmem::find(plain, what).is_some();
    if head.starts_with(b"AutoCAD Binary DXF") {
        "dxf"
    } else if head.starts_with(b"AC1") || head.starts_with(b"AC2.") {
        "dwg"
    } else if plain.starts_with(b"ISO-10303-21") {
        "ifc"
    } else if head.starts_with(b"PK\x03\x04") {
        // the first entry of an ifcZIP is its model (buildingSMART, ifcZIP); any other archive is none of ours
        if head.to_ascii_lowercase().windows(4).any(|w| w == b".ifc") { "ifczip" } else { "other" }
    } else if head.get(..1024).unwrap_or(head).windows(5).any(|w| w == b"%PDF-") {
        "pdf"
    } else if plain.starts_with(b"<") && has(b"<svg") {
        "svg"
    } else if plain.starts_with(b"<")
        && (has(b"standards.buildingsmart.org/IDS") || has(b"<ids:ids") || has(b"<ids "))
    {
        "ids"
    } else if is_ascii_dxf(plain) {
        "dxf"
    } else if is_manifest(plain) {
        "manifest"
    } else {
        "other"
    }
}

/// Group code 0 comes first, comments (999) aside, and its value is SECTION (DXF reference, "ASCII DXF files").
fn is_ascii_dxf(head: &[u8]) -> bool {
    let mut lines =
        head.split(|&b| matches!(b, b'\n' | b'\r')).map(<[u8]>::trim_ascii).filter(|l| !l.is_empty());
    while let (Some(code), Some(value)) = (lines.next(), lines.next()) {
        match code {
            b"999" => {}
            b"0" => return value == b"SECTION",
            _ => return false,
        }
    }
    false
}

/// A submission form: JSON or TOML that names a project.
fn is_manifest(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let json = text.starts_with('{') && text.contains("\"project");
    let toml = text.lines().any(|l| {
        let key = l.split('=').next().unwrap_or_default().trim();
        key.starts_with("project") && l.contains('=')
    }) || text.lines().any(|l| l.trim() == "[project]");
    json || toml
}

/// What a file of a kind is used as.
pub(crate) fn role(kind: &str) -> &'static str {
    match kind {
        "ifc" | "ifczip" => "model",
        "dxf" | "dwg" | "pdf" | "svg" => "drawing",
        "ids" => "ids",
        "manifest" => "manifest",
        _ => "ignored",
    }
}

/// Roles that a file of a kind may be given.
pub(crate) fn may_be(kind: &str, wanted: &str) -> bool {
    wanted == "ignored" || wanted == role(kind)
}

/// Disciplines, with words and sheet prefixes that tell them in file names (GB/T 50001, 11.1: 建施, 结施, 水施, 暖施, 电施;
/// US National CAD Standard, Uniform Drawing System: A-, S-, M-, E-, P-).
const DISCIPLINES: [(&str, &[&str], &[&str]); 3] = [
    ("architecture", &["建施", "建筑", "arch"], &["a", "jz", "js"]),
    ("structure", &["结施", "结构", "struct"], &["s", "jg", "gs"]),
    (
        "mep",
        &["水施", "暖施", "电施", "给排水", "暖通", "电气", "机电", "hvac", "plumb", "electr", "mep"],
        &["m", "e", "p"],
    ),
];

/// What the name says of the discipline; empty where it says nothing.
pub(crate) fn discipline(name: &str) -> &'static str {
    let name = name.to_lowercase();
    if let Some((found, ..)) = DISCIPLINES.iter().find(|(_, words, _)| words.iter().any(|w| name.contains(w)))
    {
        return found;
    }
    // a prefix counts only where a number follows: A-101, S02
    let letters: String = name.chars().take_while(char::is_ascii_alphabetic).collect();
    let rest = name.get(letters.len()..).unwrap_or_default();
    let numbered = rest.trim_start_matches(['-', '_', ' ']).starts_with(|c: char| c.is_ascii_digit());
    let by_prefix = |(_, _, prefixes): &&(&str, &[&str], &[&str])| prefixes.contains(&letters.as_str());
    DISCIPLINES.iter().find(|d| numbered && by_prefix(d)).map_or("", |(found, ..)| found)
}

/// What the name says of the storey, as it says it; empty where it says nothing.
pub(crate) fn storey(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    // 二层, 地下一层, 屋顶层, 3F, B1, L02
    if let Some(at) = stem.find('层') {
        let before = stem.get(..at).unwrap_or_default();
        let word: Vec<char> = before
            .chars()
            .rev()
            .take_while(|c| {
                "一二三四五六七八九十百首顶底屋面地下标准夹机房设备转换避难".contains(*c)
                    || c.is_ascii_digit()
            })
            .collect();
        if !word.is_empty() {
            return word.into_iter().rev().chain(['层']).collect();
        }
    }
    for part in stem.split(|c: char| !c.is_ascii_alphanumeric()) {
        let upper = part.to_ascii_uppercase();
        let digits = |s: &str| !s.is_empty() && s.len() <= 3 && s.bytes().all(|b| b.is_ascii_digit());
        let storey = upper.strip_suffix('F').is_some_and(digits)
            || upper.strip_prefix('B').is_some_and(digits)
            || upper.strip_prefix('L').is_some_and(digits)
            || upper == "RF";
        if storey {
            return upper;
        }
    }
    String::new()
}

/// A file name that can be shown and kept: the last part of a path, without control and direction marks, not too long.
pub(crate) fn tame_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let harmless = |c: &char| {
        !c.is_control()
            && !matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    let mut out = String::new();
    for c in last.chars().filter(harmless) {
        if out.len() + c.len_utf8() > LONGEST_NAME {
            break;
        }
        out.push(c);
    }
    let out = out.trim().trim_matches('.').to_owned();
    if out.is_empty() { "file".to_owned() } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_by_content() {
        for (head, want) in [
            (&b"ISO-10303-21;\nHEADER;"[..], "ifc"),
            (b"\xEF\xBB\xBFISO-10303-21;", "ifc"),
            (b"PK\x03\x04\x14\0\0\0\x08\0house.ifc", "ifczip"),
            (b"PK\x03\x04\x14\0\0\0\x08\0a.docx", "other"),
            (b"  0\nSECTION\n", "dxf"),
            (b"999\nx\n0\r\nSECTION", "dxf"),
            (b"AutoCAD Binary DXF\r\n\x1a\0", "dxf"),
            (b"AC1032\0", "dwg"),
            (b"%PDF-1.7", "pdf"),
            (b"<?xml version=\"1.0\"?><svg>", "svg"),
            (b"<ids xmlns=\"http://standards.buildingsmart.org/IDS\">", "ids"),
            (b"{\"project_code\": \"P1\"}", "manifest"),
            (b"[project]\ncode = \"P1\"", "manifest"),
            (b"hello", "other"),
            (b"", "other"),
        ] {
            assert_eq!(kind(head), want, "{:?}", String::from_utf8_lossy(head));
        }
    }

    #[test]
    fn names_tell_discipline_and_storey() {
        for (name, want) in [
            ("建施-03 二层平面图.dxf", ("architecture", "二层")),
            ("结施02_地下一层.dwg", ("structure", "地下一层")),
            ("A-102_2F.dxf", ("architecture", "2F")),
            ("S101.pdf", ("structure", "")),
            ("plans.dxf", ("", "")),
            ("E-201 B1 power.dxf", ("mep", "B1")),
            ("Area.dxf", ("", "")),
        ] {
            assert_eq!((discipline(name), storey(name).as_str()), want, "{name}");
        }
    }

    #[test]
    fn names_are_made_harmless() {
        assert_eq!(tame_name("../../etc/passwd"), "passwd");
        assert_eq!(tame_name("C:\\x\\a\r\nb\u{202E}.ifc"), "ab.ifc");
        assert_eq!(tame_name(".."), "file");
        assert_eq!(tame_name(&"长".repeat(300)).len(), 198);
    }
}
