//! Where something is: an IFC record, a drawing entity, a page, a rule file. Data; text is made at the edge.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Where a notice, an error or a finding points.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "in", rename_all = "lowercase")]
#[non_exhaustive]
pub enum Place {
    /// A whole file.
    File {
        /// File name as given.
        file: String,
    },
    /// A STEP record of an IFC file.
    Ifc {
        /// File name as given.
        file: String,
        /// Record number, without `#`.
        id: u32,
        /// Byte offset of the record, if known.
        #[serde(skip_serializing_if = "Option::is_none")]
        byte: Option<u64>,
        /// Line, counted from 1, if known.
        #[serde(skip_serializing_if = "Option::is_none")]
        line: Option<u64>,
    },
    /// An entity of a DXF or DWG file.
    Dxf {
        /// File name as given.
        file: String,
        /// Handle in hexadecimal, if the entity has one.
        #[serde(skip_serializing_if = "Option::is_none")]
        handle: Option<String>,
        /// Line, counted from 1, if known.
        #[serde(skip_serializing_if = "Option::is_none")]
        line: Option<u64>,
    },
    /// A page of a PDF, or a place in an SVG or TOML file.
    Text {
        /// File name as given.
        file: String,
        /// Page (PDF) or line, counted from 1.
        line: u64,
    },
}

impl Place {
    /// A whole file.
    pub fn file(file: impl Into<String>) -> Self {
        Self::File { file: file.into() }
    }

    /// The file that the place is in.
    pub fn file_name(&self) -> &str {
        match self {
            Self::File { file }
            | Self::Ifc { file, .. }
            | Self::Dxf { file, .. }
            | Self::Text { file, .. } => file,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { file } => write!(f, "{file}"),
            Self::Ifc { file, id, line, .. } => match line {
                Some(line) => write!(f, "{file}:{line} #{id}"),
                None => write!(f, "{file} #{id}"),
            },
            Self::Dxf { file, handle, line } => {
                write!(f, "{file}")?;
                if let Some(line) = line {
                    write!(f, ":{line}")?;
                }
                if let Some(handle) = handle {
                    write!(f, " handle {handle}")?;
                }
                Ok(())
            }
            Self::Text { file, line } => write!(f, "{file}:{line}"),
        }
    }
}
