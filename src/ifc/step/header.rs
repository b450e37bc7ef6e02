//! The HEADER section of a Part 21 file.

use super::value::{Value, Values, space};

/// What the header says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// FILE_DESCRIPTION, its items in order.
    pub description: Vec<String>,
    /// Name of FILE_NAME.
    pub name: String,
    /// Time stamp, as written.
    pub time_stamp: String,
    /// Authors that are not empty.
    pub author: Vec<String>,
    /// Organisations that are not empty.
    pub organization: Vec<String>,
    /// What translated the file.
    pub preprocessor_version: String,
    /// What the data came from.
    pub originating_system: String,
    /// Who may send it.
    pub authorization: String,
    /// FILE_SCHEMA, its items in order, as written.
    pub schemas: Vec<String>,
}

/// Headers longer than this are no headers.
const LONGEST: usize = 1 << 20;

/// Reads the header: what it says, and the byte behind `DATA;`. Nothing where there is no DATA section.
pub(super) fn read(data: &[u8]) -> Option<(Header, usize)> {
    let mut header = Header::default();
    let mut rest = data.get(..data.len().min(LONGEST)).unwrap_or_default();
    let whole = rest.len();
    loop {
        rest = space(rest);
        let n = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')).count();
        let keyword = rest.get(..n).unwrap_or_default().to_ascii_uppercase();
        if n == 0 {
            // whatever it is, a statement ends with `;`
            rest = behind_semicolon(rest)?;
            continue;
        }
        let arguments = space(rest.get(n..).unwrap_or_default());
        let values = || Values::new(arguments.strip_prefix(b"(").unwrap_or_default());
        match keyword.as_slice() {
            b"FILE_DESCRIPTION" => header.description = texts(values().next()),
            b"FILE_NAME" => file_name(&mut header, values()),
            b"FILE_SCHEMA" => header.schemas = texts(values().next()),
            _ => {}
        }
        rest = behind_semicolon(rest)?;
        if keyword == b"DATA" {
            return Some((header, whole - rest.len()));
        }
    }
}

fn file_name(header: &mut Header, mut values: Values<'_>) {
    let mut next = || values.next().unwrap_or(Value::Null);
    header.name = next().text().unwrap_or_default();
    header.time_stamp = next().text().unwrap_or_default();
    header.author = texts(Some(next()));
    header.organization = texts(Some(next()));
    header.preprocessor_version = next().text().unwrap_or_default();
    header.originating_system = next().text().unwrap_or_default();
    header.authorization = next().text().unwrap_or_default();
}

/// Strings of a list, or the one string where a writer forgot the list.
fn texts(value: Option<Value<'_>>) -> Vec<String> {
    match value {
        Some(list @ Value::List(_)) => {
            list.list().filter_map(Value::text).filter(|t| !t.is_empty()).collect()
        }
        Some(single) => single.text().into_iter().filter(|t| !t.is_empty()).collect(),
        None => Vec::new(),
    }
}

/// The text behind the next `;` that is in no string.
fn behind_semicolon(text: &[u8]) -> Option<&[u8]> {
    let mut at = 0;
    loop {
        match text.get(at)? {
            b';' => return text.get(at + 1..),
            b'\'' => at += super::value::string(text.get(at..)?),
            b'/' if text.get(at + 1) == Some(&b'*') => at = text.len() - space(text.get(at..)?).len(),
            _ => at += 1,
        }
    }
}
