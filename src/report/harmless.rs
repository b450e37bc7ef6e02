//! Foreign text made harmless for one syntax each: XML, spreadsheet cells, workflow commands, rich text of code hosts.
//! [`super::plain`] comes first: it takes control characters, turns of direction and excess length away.

/// Characters that a spreadsheet takes for the beginning of a formula, full-width ones as some locales do.
/// Source: OWASP, CSV injection.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// Longest path, in characters: what file systems take.
const LONGEST_PATH: usize = 1_024;

/// Whether a spreadsheet would take the text for a formula.
pub(super) fn is_formula(text: &str) -> bool {
    text.trim_start().starts_with(FORMULA)
}

/// A text as a CSV field that no spreadsheet computes: an apostrophe before what looks like a formula, quotes doubled.
pub(super) fn csv(text: &str, out: &mut String) {
    let formula = is_formula(text);
    if !formula && !text.contains(['"', ',', ';', '\n', '\r', '\t']) {
        out.push_str(text);
        return;
    }
    out.push('"');
    if formula {
        out.push('\'');
    }
    for c in text.chars() {
        if c == '"' {
            out.push('"');
        }
        out.push(c);
    }
    out.push('"');
}

/// A text without the apostrophe that [`csv`] put before it.
pub(super) fn unquoted(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(text)
}

/// A text as XML character data or attribute value. What XML 1.0 cannot hold becomes `�`; white space that a reader
/// would fold in an attribute is written as a reference.
pub(super) fn xml(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            '\t' => out.push_str("&#9;"),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
}

/// A text as the message of a workflow command of GitHub Actions.
pub(super) fn command(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A text as a property of a workflow command.
pub(super) fn command_property(text: &str) -> String {
    command(text).replace(':', "%3A").replace(',', "%2C")
}

/// A text that holds no embedded link of SARIF (2.1.0, section 3.11.6) and none of Markdown.
pub(super) fn unlinked(text: &str) -> String {
    text.replace("](", "] (")
}

/// A file name as a relative path with forward slashes: no root, no way up.
pub(super) fn relative(name: &str) -> String {
    let name = super::plain::tame_to(name, LONGEST_PATH);
    let parts: Vec<&str> =
        name.split(['/', '\\']).filter(|p| !p.is_empty() && *p != "." && *p != "..").collect();
    if parts.is_empty() { "unnamed".into() } else { parts.join("/") }
}

/// A file name as a relative URI reference (RFC 3986): no scheme, no authority, no way up.
pub(super) fn uri(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for byte in relative(name).bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(write: fn(&str, &mut String), text: &str) -> String {
        let mut out = String::new();
        write(text, &mut out);
        out
    }

    #[test]
    fn formulas_are_text() {
        assert_eq!(of(csv, "=HYPERLINK(\"http://x\")"), "\"'=HYPERLINK(\"\"http://x\"\")\"");
        for text in ["+1", "-1", "@x", " =1", "＝1", "\t=1"] {
            assert!(of(csv, text).starts_with("\"'"), "{text}");
        }
        assert_eq!(of(csv, "墙, 200"), "\"墙, 200\"");
        assert_eq!(of(csv, "wall - 200"), "wall - 200");
    }

    #[test]
    fn xml_holds_anything() {
        assert_eq!(
            of(xml, "<a b='c'>&\0\u{b}\u{ffff}"),
            "&lt;a b=&apos;c&apos;&gt;&amp;\u{fffd}\u{fffd}\u{fffd}"
        );
    }

    #[test]
    fn commands_end_where_their_line_ends() {
        assert_eq!(command("a\n::error::b 100%"), "a%0A::error::b 100%25");
        assert_eq!(command_property("a:b,c"), "a%3Ab%2Cc");
    }

    #[test]
    fn names_are_relative() {
        assert_eq!(uri("../../etc/passwd"), "etc/passwd");
        assert_eq!(uri("http://x/一层.dxf"), "http%3A/x/%E4%B8%80%E5%B1%82.dxf");
        assert_eq!(uri(".."), "unnamed");
        assert_eq!(unlinked("[x](http://y)"), "[x] (http://y)");
    }
}
