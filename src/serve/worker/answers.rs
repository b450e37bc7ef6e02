//! Answers to findings, read from the workbook or the table that somebody filled in.

use super::{OUT, Order, save};
use crate::bytes::Bytes;
use crate::report::plain;
use crate::report::reply::{self, Reply};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Name of the file that holds them.
pub const ANSWERS: &str = "answers.json";

/// What was read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Answered {
    /// One for each finding that something is said to.
    pub replies: Vec<Reply>,
    /// Rows that were passed over, and why.
    pub told: Vec<String>,
    /// Why nothing could be read.
    pub refused: Option<String>,
}

/// Reads the one file of the order.
pub(super) fn write(folder: &Path, order: &Order, bytes: &[Bytes]) -> Result<(), String> {
    let (file, bytes) = order.files.first().zip(bytes.first()).ok_or("the order names no file")?;
    let answered = match reply::read(&file.name, (**bytes).as_ref()) {
        Ok(read) => Answered {
            replies: read.value,
            told: read.notices.iter().map(|n| plain::tame(&format!("{}: {}", n.place, n.message))).collect(),
            refused: None,
        },
        Err(error) => Answered { replies: Vec::new(), told: Vec::new(), refused: Some(error.to_string()) },
    };
    let text = serde_json::to_string(&answered).map_err(|e| e.to_string())?;
    save(&folder.join(OUT).join(ANSWERS), text.as_bytes())
}
