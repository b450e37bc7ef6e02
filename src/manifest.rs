//! The submission form: what is handed in, and what is claimed of it. TOML or JSON; every field may be missing, none may
//! be unknown.

use crate::error::{Error, Result};
use crate::place::Place;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Largest form that is read, bytes.
pub const LARGEST: usize = 4 << 20;

/// A submission form.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Manifest {
    /// Name of the file that it was read from.
    #[serde(skip)]
    pub file: String,
    /// Project code (GB/T 40058, or the older form).
    pub project_code: Option<String>,
    /// Project name.
    pub project_name: Option<String>,
    /// Building code: of the one building, or of several.
    #[serde(deserialize_with = "one_or_many")]
    pub building_code: Vec<String>,
    /// Stage, such as `construction-drawing`.
    pub stage: Option<String>,
    /// What it claims to contain.
    pub scope: Option<String>,
    /// Files handed in.
    pub files: Vec<ListedFile>,
    /// What is declared of the building.
    pub building: Declared,
}

/// A file of the submission.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedFile {
    /// Its name.
    pub name: String,
    /// Its discipline, such as `architecture`.
    #[serde(default)]
    pub discipline: Option<String>,
    /// SHA-256 of its bytes, in hexadecimal digits.
    #[serde(default)]
    pub sha256: Option<String>,
}

/// What is declared of the building. Lengths in metres, areas in square metres.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Declared {
    /// Storeys above ground.
    pub storeys_above: Option<u32>,
    /// Storeys below ground.
    pub storeys_below: Option<u32>,
    /// Height for the class of the building.
    pub height_m: Option<f64>,
    /// Class, such as `high-rise-1`, `high-rise-2`, `multi-storey` (GB 50016).
    pub class: Option<String>,
    /// Use: `residential`, `office`, `school`, `retail`, `industrial` and so on.
    pub r#use: Option<String>,
    /// Fire resistance, 1 to 4.
    pub fire_resistance: Option<u32>,
    /// The whole is protected by sprinklers.
    pub sprinklers: Option<bool>,
    /// Gross floor area.
    pub area_m2: Option<f64>,
    /// Gross floor area above ground.
    pub area_above_m2: Option<f64>,
    /// Gross floor area below ground.
    pub area_below_m2: Option<f64>,
    /// Anything else that a profile asks for, by name.
    pub other: BTreeMap<String, toml::Value>,
}

fn one_or_many<'de, D: serde::Deserializer<'de>>(from: D) -> std::result::Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Codes {
        One(String),
        Many(Vec<String>),
    }
    Ok(match Codes::deserialize(from)? {
        Codes::One(code) => vec![code],
        Codes::Many(codes) => codes,
    })
}

/// Reads a form: JSON where it begins with a brace, else TOML.
///
/// # Errors
/// When it is neither, or has a field that no form has; with its line.
pub fn read(name: &str, bytes: &[u8]) -> Result<Manifest> {
    let refuse = |line: u64, message: String| Error::Rule {
        place: Place::Text { file: name.to_owned(), line },
        message,
    };
    if bytes.len() > LARGEST {
        return Err(Error::Limit {
            place: Place::file(name),
            what: "the form".into(),
            limit: format!("{LARGEST} bytes"),
        });
    }
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let before = bytes.get(..e.valid_up_to()).unwrap_or_default();
        refuse(1 + memchr::memchr_iter(b'\n', before).count() as u64, "is not UTF-8".into())
    })?;
    let text = text.trim_start_matches('\u{feff}');
    let mut form: Manifest = if text.trim_start().starts_with('{') {
        serde_json::from_str(text).map_err(|e| refuse(e.line() as u64, e.to_string()))?
    } else {
        toml::from_str(text).map_err(|e| {
            let before = e.span().and_then(|s| text.get(..s.start)).unwrap_or_default();
            refuse(1 + before.matches('\n').count() as u64, e.message().to_owned())
        })?
    };
    form.file = name.to_owned();
    Ok(form)
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_form_in_toml_and_in_json_is_one_form() {
        let toml = "project_code = \"2105-440112-04-01-123456\"\nbuilding_code = \"A1\"\n[[files]]\nname = \"a.ifc\"\n\
                    [building]\nstoreys_above = 3\nuse = \"office\"\n";
        let json = r#"{"project_code":"2105-440112-04-01-123456","building_code":["A1"],"files":[{"name":"a.ifc"}],
                    "building":{"storeys_above":3,"use":"office"}}"#;
        let form = read("form", toml.as_bytes()).unwrap();
        assert_eq!(form, read("form", json.as_bytes()).unwrap());
        assert_eq!((form.building_code, form.building.storeys_above), (vec!["A1".to_owned()], Some(3)));
    }

    #[test]
    fn a_slip_of_the_pen_is_told_with_its_line() {
        let wrong = read("form.toml", b"stage = \"x\"\nprojekt = 1\n").unwrap_err();
        assert!(wrong.to_string().starts_with("form.toml:2"), "{wrong}");
        assert!(read("form.json", b"{\"stage\": }").is_err());
        assert!(read("form.toml", b"stage = \"\xff\"").unwrap_err().to_string().contains("UTF-8"));
    }
}
