//! The report as JSON: the contract's names, in a stable order.

use super::Report;

/// The report, indented by two, with a line feed at the end.
pub fn write(report: &Report) -> String {
    // serialization of plain data cannot fail: no maps with keys that are no strings
    let mut out = serde_json::to_string_pretty(report).unwrap_or_default();
    out.push('\n');
    out
}
