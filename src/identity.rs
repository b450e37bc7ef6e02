//! Whose a submission is: the codes of project and building as the form, the models and the title blocks tell them.

use crate::drawing::Plans;
use crate::drawing::model::Drawing;
use crate::ifc::Model;
use crate::ifc::model::Part;
use crate::manifest::Manifest;
use crate::rulebook::data_file;
use crate::wording::Text;
use serde::Deserialize;
use std::sync::LazyLock;

/// Who says a code.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// The submission itself, by the key that its keeper files it under.
    Submission,
    /// The submission form.
    Manifest,
    /// A model, by its file.
    Model(String),
    /// A title block of a drawing, by its file.
    TitleBlock(String),
}

impl By {
    /// As findings are told apart by it: the file, or one word.
    pub fn name(&self) -> &str {
        match self {
            Self::Submission => "submission",
            Self::Manifest => "manifest",
            Self::Model(file) | Self::TitleBlock(file) => file,
        }
    }

    /// As findings tell it.
    pub fn told(&self) -> Text {
        match self {
            Self::Submission => WORDS.submission.clone(),
            Self::Manifest => WORDS.form.clone(),
            Self::Model(file) | Self::TitleBlock(file) => Text::same(file),
        }
    }
}

/// A code, with who says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Who.
    pub by: By,
    /// The code as written, without spaces around it.
    pub code: String,
}

/// What is said of project and building.
#[derive(Clone, Debug, Default)]
pub struct Identity {
    /// Project codes: submission, form, models, title blocks, in this order.
    pub project: Vec<Said>,
    /// Building codes.
    pub building: Vec<Said>,
    /// Stage, of the submission, the form or else of a model.
    pub stage: Option<String>,
}

/// What a submission is filed under by who keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filed {
    /// Project code.
    pub project_code: String,
    /// Building code.
    pub building_code: String,
    /// Stage.
    pub stage: String,
}

impl Identity {
    /// The project code that the submission is filed under: the first that is said.
    pub fn project_code(&self) -> Option<&str> {
        self.project.first().map(|s| s.code.as_str())
    }

    /// The building code that it is filed under.
    pub fn building_code(&self) -> Option<&str> {
        self.building.first().map(|s| s.code.as_str())
    }

    /// The key that is unique to a building: project code and building code.
    pub fn key(&self) -> Option<String> {
        let (project, building) = (self.project_code()?, self.building_code()?);
        Some(format!("{project}+{building}"))
    }
}

/// Why a project code is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Not five segments of the right lengths, or other characters than digits.
    Shape,
    /// The first four are neither a month of a year nor a year of the older form.
    Time,
    /// No such province.
    Region,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    project_code: Vec<String>,
    project_number: Vec<String>,
    building_code: Vec<String>,
    stage: Vec<String>,
    submission: Text,
    form: Text,
    code: Form,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    segments: Vec<usize>,
    old_years: [u32; 2],
    provinces: Vec<String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    data_file("identity.toml").and_then(|text| toml::from_str(text).ok()).unwrap_or_default()
});

/// What is wrong about a project code, if anything is. `region`: digits that its region must begin with; empty for any.
pub fn fault(code: &str, region: &str) -> Option<Fault> {
    let form = &WORDS.code;
    let parts: Vec<&str> = code.split('-').collect();
    let last = parts.len().saturating_sub(1);
    let digits = |at: usize, part: &str| {
        let body =
            if at == last { part.get(..part.len().saturating_sub(1)).unwrap_or_default() } else { part };
        part.is_ascii()
            && body.bytes().all(|b| b.is_ascii_digit())
            && part.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
    };
    if parts.iter().map(|p| p.len()).ne(form.segments.iter().copied())
        || !parts.iter().enumerate().all(|(at, p)| digits(at, p))
    {
        return Some(Fault::Shape);
    }
    let (time, place) = (parts.first().copied().unwrap_or(""), parts.get(1).copied().unwrap_or(""));
    let month: u32 = time.get(2..4).and_then(|m| m.parse().ok()).unwrap_or(0);
    let year: u32 = time.parse().unwrap_or(0);
    let [from, to] = form.old_years;
    if !(1..=12).contains(&month) && !(from..=to).contains(&year) {
        return Some(Fault::Time);
    }
    let province = place.get(..2).unwrap_or("");
    (!form.provinces.iter().any(|p| p == province) || !place.starts_with(region)).then_some(Fault::Region)
}

/// Gathers what is said.
pub fn of(
    filed: Option<&Filed>,
    manifest: Option<&Manifest>,
    models: &[Model],
    drawings: &[Drawing],
    plans: &Plans,
) -> Identity {
    let mut out = Identity::default();
    if let Some(filed) = filed {
        put(&mut out.project, By::Submission, Some(&filed.project_code));
        put(&mut out.building, By::Submission, Some(&filed.building_code));
        out.stage = Some(filed.stage.trim().to_owned()).filter(|s| !s.is_empty());
    }
    if let Some(form) = manifest {
        put(&mut out.project, By::Manifest, form.project_code.as_deref());
        for code in &form.building_code {
            put(&mut out.building, By::Manifest, Some(code));
        }
        out.stage = out.stage.take().or_else(|| form.stage.clone());
    }
    for model in models {
        let by = || By::Model(model.file.clone());
        let whole = model.project.iter().chain(&model.sites);
        let code = whole.clone().find_map(|p| property(model, p, &WORDS.project_code));
        let number = || {
            let number = |p| property(model, p, &WORDS.project_number);
            whole.clone().find_map(number).filter(|c| looks_like_a_code(c))
        };
        let named = || whole.clone().find_map(code_in_names);
        put(&mut out.project, by(), code.or_else(number).or_else(named).as_deref());
        for building in &model.buildings {
            put(&mut out.building, by(), property(model, building, &WORDS.building_code).as_deref());
        }
        if out.stage.is_none() {
            out.stage = model.project.iter().find_map(|p| property(model, p, &WORDS.stage));
        }
    }
    for block in &plans.title_blocks {
        let file = drawings.get(block.drawing as usize).map(|d| d.file.clone()).unwrap_or_default();
        // design offices write numbers of their own into the field: only what may be a project code is one
        let code = block.project_code.as_deref().map(str::trim).filter(|c| looks_like_a_code(c));
        put(&mut out.project, By::TitleBlock(file), code);
    }
    out
}

fn put(list: &mut Vec<Said>, by: By, code: Option<&str>) {
    let Some(code) = code.map(str::trim).filter(|c| !c.is_empty()) else { return };
    let said = Said { by, code: code.chars().take(80).collect() };
    if !list.contains(&said) {
        list.push(said);
    }
}

/// Two ways to write one code: case, width, spaces and kinds of hyphens do not count.
pub fn same_code(a: &str, b: &str) -> bool {
    let plain = |text: &str| -> String {
        let narrow = |c: char| match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
            '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
            _ => c,
        };
        text.chars().map(narrow).filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect()
    };
    plain(a) == plain(b)
}

/// Folded: without case, spaces, underscores and hyphens.
fn folded(text: &str) -> String {
    let kept = text.chars().filter(|c| !c.is_whitespace() && *c != '_' && *c != '-');
    kept.flat_map(char::to_lowercase).collect()
}

/// A property of the part by one of several names.
fn property(model: &Model, part: &Part, names: &[String]) -> Option<String> {
    let names: Vec<String> = names.iter().map(|n| folded(n)).collect();
    let sets = model.property_sets(part.step_id);
    let mut all = sets.iter().flat_map(|s| &s.properties);
    let text = |t: String| Some(t.trim().to_owned()).filter(|t| !t.is_empty());
    all.find_map(|p| if names.contains(&folded(&p.name)) { p.text().and_then(text) } else { None })
}

/// A project code among the names of a part.
fn code_in_names(part: &Part) -> Option<String> {
    let names = [&part.name, &part.long_name, &part.description];
    let words =
        names.into_iter().flatten().flat_map(|n| n.split(|c: char| !c.is_ascii_alphanumeric() && c != '-'));
    words.into_iter().find(|w| fault(w, "") != Some(Fault::Shape)).map(str::to_owned)
}

/// Five segments, or at least 18 digits with hyphens.
fn looks_like_a_code(text: &str) -> bool {
    text.matches('-').count() == WORDS.code.segments.len() - 1
        || (text.contains('-') && text.bytes().filter(u8::is_ascii_digit).count() >= 18)
}

#[cfg(test)]
mod tests {
    use super::{Fault, fault, same_code};

    #[test]
    fn a_code_is_the_same_however_it_is_typed() {
        assert!(same_code("2105-440112-04-01-12345X", "２１０５－440112–04-01-12345x "));
        assert!(!same_code("A1-1", "A11") && !same_code("A1", "A2"));
    }

    #[test]
    fn project_codes_of_both_forms() {
        assert_eq!(fault("2105-440112-04-01-123456", ""), None);
        assert_eq!(fault("2105-440112-04-01-12345X", "4401"), None);
        assert_eq!(fault("2018-440112-83-03-805031", ""), None, "the older form");
        assert_eq!(fault("2105-440112-04-01-12345", ""), Some(Fault::Shape));
        assert_eq!(fault("2105-4401a2-04-01-123456", ""), Some(Fault::Shape));
        assert_eq!(fault("2113-440112-04-01-123456", ""), Some(Fault::Time));
        assert_eq!(fault("2105-990112-04-01-123456", ""), Some(Fault::Region));
        assert_eq!(fault("2105-310112-04-01-123456", "44"), Some(Fault::Region));
        assert_eq!(fault("", ""), Some(Fault::Shape));
        assert_eq!(fault("项目-440112-04-01-123456", ""), Some(Fault::Shape));
    }
}
