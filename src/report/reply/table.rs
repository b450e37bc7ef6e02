//! A table of comma-, semicolon- or tab-separated values (RFC 4180), as spreadsheets save it: UTF-8, or GBK as the
//! Chinese Excel writes it.

use super::Sheet;

/// The rows. Nothing in a table is an error: what is no table has no columns, and the caller says so.
pub(super) fn sheet(bytes: &[u8]) -> Sheet {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => std::borrow::Cow::Borrowed(text),
        Err(_) if bytes.starts_with(&[0xff, 0xfe]) => encoding_rs::UTF_16LE.decode(bytes).0,
        Err(_) => encoding_rs::GB18030.decode(bytes).0,
    };
    let text = text.trim_start_matches('\u{feff}');
    let separator = separator(text);
    let mut out: Sheet = Vec::new();
    let mut row: Vec<String> = Vec::new();
    let mut field = String::new();
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            '"' if quoted || field.is_empty() => quoted = !quoted,
            '\n' if !quoted => {
                row.push(std::mem::take(&mut field));
                out.push(std::mem::take(&mut row));
            }
            '\r' if !quoted => {}
            c if c == separator && !quoted => row.push(std::mem::take(&mut field)),
            c => field.push(c),
        }
    }
    if !field.is_empty() || !row.is_empty() {
        row.push(field);
        out.push(row);
    }
    out
}

/// What separates the fields: the most frequent in the first line.
fn separator(text: &str) -> char {
    let head = text.lines().next().unwrap_or_default();
    let count = |c: char| head.matches(c).count();
    [',', ';', '\t'].into_iter().rev().max_by_key(|c| count(*c)).unwrap_or(',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_with_quotes_breaks_and_other_separators() {
        let rows = sheet("\u{feff}a;b\r\n\"x;\"\"y\"\"\nz\";2\r\n".as_bytes());
        assert_eq!(rows, [vec!["a", "b"], vec!["x;\"y\"\nz", "2"]]);
        let (gbk, _, _) = encoding_rs::GBK.encode("指纹,回复\n1,不采纳");
        assert_eq!(sheet(&gbk)[1], ["1", "不采纳"]);
    }
}
