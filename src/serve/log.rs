//! Structured log: one JSON object a line on standard error. Values are strings, so that nothing in them can end the
//! line or forge another.

use super::clock;
use std::io::Write;

/// Writes a line; nothing can be done where that fails.
pub(crate) fn line(event: &str, fields: &[(&str, &str)]) {
    let mut object = serde_json::Map::new();
    object.insert("at".into(), clock::text(clock::now()).into());
    object.insert("event".into(), event.into());
    for (key, value) in fields {
        object.insert((*key).into(), (*value).into());
    }
    let _ = writeln!(std::io::stderr().lock(), "{}", serde_json::Value::Object(object));
}
