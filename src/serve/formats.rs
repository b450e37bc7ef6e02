//! The formats that a report can be had in, and what each is called where it is kept and sent.

use crate::wording::Language;

/// A format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Format {
    /// As a client asks for it.
    pub name: &'static str,
    /// Ending of the file.
    pub ending: &'static str,
    /// Media type.
    pub media: &'static str,
    /// Written once for each language.
    pub spoken: bool,
    /// Written once for each overlay.
    pub pictured: bool,
}

const fn format(name: &'static str, ending: &'static str, media: &'static str) -> Format {
    Format { name, ending, media, spoken: true, pictured: false }
}

/// All formats, in the order in which they are written: what takes long comes last.
pub(crate) const ALL: &[Format] = &[
    Format { spoken: false, ..format("json", "json", "application/json") },
    Format { spoken: false, ..format("html", "html", "text/html; charset=utf-8") },
    format("terminal", "txt", "text/plain; charset=utf-8"),
    format("csv", "csv", "text/csv; charset=utf-8"),
    format("spot-check", "spot-check.html", "text/html; charset=utf-8"),
    format("spot-check-csv", "spot-check.csv", "text/csv; charset=utf-8"),
    format("sarif", "sarif", "application/sarif+json"),
    format("junit", "junit.xml", "application/xml"),
    format("github", "github.txt", "text/plain; charset=utf-8"),
    Format { pictured: true, ..format("svg", "svg", "image/svg+xml") },
    #[cfg(feature = "xlsx")]
    format("xlsx", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    #[cfg(feature = "opinion")]
    format("pdf", "pdf", "application/pdf"),
    format("bcf", "bcf", "application/vnd.buildingsmart.bcf+zip"),
    format("bcf3", "bcf3.bcf", "application/vnd.buildingsmart.bcf+zip"),
    #[cfg(feature = "png")]
    Format { pictured: true, ..format("png", "png", "image/png") },
];

/// A format by its name.
pub(crate) fn named(name: &str) -> Option<&'static Format> {
    ALL.iter().find(|f| f.name == name)
}

/// A language, as file names have it.
pub(crate) const fn tag(language: Language) -> &'static str {
    match language {
        Language::En => "en",
        Language::Zh => "zh",
    }
}

impl Format {
    /// The name that it is kept under.
    pub(crate) fn file(&self, language: Language, overlay: usize) -> String {
        let stem = if self.pictured { format!("overlay-{overlay}") } else { "report".to_owned() };
        let tongue = if self.spoken { format!(".{}", tag(language)) } else { String::new() };
        format!("{stem}{tongue}.{}", self.ending)
    }
}
