//! Waivers: findings that somebody answers for, each with its reason and the day that it ends.

use crate::error::{Error, Result};
use crate::place::Place;
use serde::Deserialize;

/// Largest file of waivers that is read, bytes.
pub const LARGEST: usize = 8 << 20;

/// Waivers that one file may hold.
pub const WAIVERS: usize = 20_000;

/// One waiver.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// The rule.
    pub rule: String,
    /// GlobalId of an element that the finding names.
    #[serde(default)]
    pub guid: Option<String>,
    /// Handle of something drawn that the finding names.
    #[serde(default)]
    pub handle: Option<String>,
    /// Fingerprint of the finding.
    #[serde(default)]
    pub finding: Option<String>,
    /// Why it is waived.
    pub reason: String,
    /// The last day that it holds, `YYYY-MM-DD`; for good where there is none.
    #[serde(default)]
    pub until: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    waiver: Vec<Waiver>,
}

impl Waiver {
    /// The day has passed. `today` as `YYYY-MM-DD`.
    pub fn expired(&self, today: &str) -> bool {
        self.until.as_deref().is_some_and(|until| until < today.get(..10).unwrap_or(today))
    }

    /// What it is for, in short.
    pub fn target(&self) -> &str {
        [&self.guid, &self.handle, &self.finding].into_iter().flatten().next().map_or("", String::as_str)
    }
}

/// Reads a file of waivers (`[[waiver]]` tables, TOML).
///
/// # Errors
/// When it is no such file, or a waiver names nothing, gives no reason, or has a day that is none.
pub fn read(name: &str, bytes: &[u8]) -> Result<Vec<Waiver>> {
    let refuse = |line: u64, message: String| Error::Rule {
        place: Place::Text { file: name.to_owned(), line },
        message,
    };
    if bytes.len() > LARGEST {
        return Err(Error::Limit {
            place: Place::file(name),
            what: "the file of waivers".into(),
            limit: format!("{LARGEST} bytes"),
        });
    }
    let text = std::str::from_utf8(bytes).map_err(|_| refuse(1, "is not UTF-8".into()))?;
    let file: File = toml::from_str(text).map_err(|e| {
        let before = e.span().and_then(|s| text.get(..s.start)).unwrap_or_default();
        refuse(1 + before.matches('\n').count() as u64, e.message().to_owned())
    })?;
    if file.waiver.len() > WAIVERS {
        return Err(Error::Limit {
            place: Place::file(name),
            what: "the number of waivers".into(),
            limit: WAIVERS.to_string(),
        });
    }
    for (at, waiver) in file.waiver.iter().enumerate() {
        let wrong =
            if [&waiver.guid, &waiver.handle, &waiver.finding].iter().filter(|t| t.is_some()).count() != 1 {
                "names one of guid, handle and finding"
            } else if waiver.reason.trim().is_empty() {
                "gives a reason"
            } else if waiver.until.as_deref().is_some_and(|u| !is_day(u)) {
                "ends on a day written as YYYY-MM-DD"
            } else {
                continue;
            };
        return Err(refuse(1, format!("waiver {} for {}: a waiver {wrong}", at + 1, waiver.rule)));
    }
    Ok(file.waiver)
}

fn is_day(text: &str) -> bool {
    let digits = |from: usize, to: usize| {
        text.get(from..to)
            .filter(|t| t.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|t| t.parse::<u32>().ok())
    };
    text.len() == 10
        && text.get(4..5) == Some("-")
        && text.get(7..8) == Some("-")
        && digits(0, 4).is_some()
        && digits(5, 7).is_some_and(|m| (1..=12).contains(&m))
        && digits(8, 10).is_some_and(|d| (1..=31).contains(&d))
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_waiver_names_one_thing_and_says_why() {
        let of = |more: &str| read("w.toml", format!("[[waiver]]\nrule='DM12'\n{more}").as_bytes());
        let good = of("guid='2YPWh7Y3DKIerAenmdMRIk'\nreason='agreed'\nuntil='2026-12-31'").unwrap();
        assert!(!good[0].expired("2026-12-31T10:00:00Z") && good[0].expired("2027-01-01T00:00:00Z"));
        assert!(of("guid='x'\nreason=' '").is_err());
        assert!(of("reason='agreed'").is_err());
        assert!(of("guid='x'\nhandle='1'\nreason='agreed'").is_err());
        assert!(of("guid='x'\nreason='agreed'\nuntil='31.12.2026'").is_err());
        assert!(of("guid='x'\nreason='agreed'\nuntill='2026-12-31'").is_err());
    }
}
