//! What can go wrong. An [`Error`] means that the engine could not go on; a [`Notice`] means that it did,
//! and that somebody should know.

use crate::place::Place;
use serde::{Deserialize, Serialize};

/// The engine could not go on. Each message is one sentence: what, where, what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The input is not what it should be, or holds nothing that can be used.
    #[error("{place}: {message}")]
    Read {
        /// Where.
        place: Place,
        /// What is wrong and what to do about it.
        message: String,
    },
    /// The input is of a kind that tumo knows of and does not read.
    #[error("{place}: {what} is not supported; {instead}")]
    Unsupported {
        /// Where.
        place: Place,
        /// The format, version or entity, by name.
        what: String,
        /// What the user can do instead.
        instead: String,
    },
    /// A rule, profile or other configuration is wrong.
    #[error("{place}: {message}")]
    Rule {
        /// Where.
        place: Place,
        /// What is wrong.
        message: String,
    },
    /// A stated limit was reached.
    #[error("{place}: {what} exceeds the limit of {limit}")]
    Limit {
        /// Where.
        place: Place,
        /// What grew too large.
        what: String,
        /// The limit, with its unit.
        limit: String,
    },
}

impl Error {
    /// The input is not what it should be.
    pub fn read(place: Place, message: impl Into<String>) -> Self {
        Self::Read { place, message: message.into() }
    }
}

/// The engine's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A reader repaired or skipped something and went on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// Stable code, such as `step-duplicate-id` or `dxf-unknown-entity`.
    pub code: String,
    /// Where.
    pub place: Place,
    /// One sentence: what was found and what was done.
    pub message: String,
}

impl Notice {
    /// A notice with its code, place and sentence.
    pub fn new(code: &str, place: Place, message: impl Into<String>) -> Self {
        Self { code: code.into(), place, message: message.into() }
    }
}

/// A value that was read, and what had to be repaired or skipped for it.
#[derive(Clone, Debug)]
pub struct Read<T> {
    /// What was read.
    pub value: T,
    /// What was repaired or skipped, in the order of the file.
    pub notices: Vec<Notice>,
}
