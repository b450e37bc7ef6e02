//! Conditions on records, as rules write them: which records are asked, and what must hold of each.
//!
//! A rule whose check is `record` has a list `cases`. Paths lead over attributes and inverse attributes by their exact
//! names, divided by dots (`Representation.Representations.RepresentationIdentifier`); an empty path is the record itself.

use super::Rule;
use serde::Deserialize;

/// A path goes over this many attributes at most.
pub const STEPS: usize = 8;

/// One question of a rule.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Schemas that it is asked in (`IFC2X3`, `IFC4`, `IFC4X3`); all where none is named.
    #[serde(default)]
    pub schema: Vec<String>,
    /// Asked only in files that have one of these classes.
    #[serde(default)]
    pub given: Vec<String>,
    /// Asked only in files that have none of these classes.
    #[serde(default)]
    pub lacking: Vec<String>,
    /// Class of the records that it begins with.
    pub class: String,
    /// Without its subtypes.
    #[serde(default)]
    pub exact: bool,
    /// Subtypes that are left out.
    #[serde(default)]
    pub except: Vec<String>,
    /// Only those of which all of this holds.
    #[serde(default)]
    pub of: Vec<Condition>,
    /// From each of them to the records that are asked; empty for themselves.
    #[serde(default)]
    pub via: String,
    /// Only records of which all of this holds.
    #[serde(default)]
    pub when: Vec<Condition>,
    /// What must hold of each.
    #[serde(default)]
    pub must: Vec<Condition>,
    /// It is enough that there is one: the file passes once, or the rule does not apply.
    #[serde(default)]
    pub present: bool,
    /// Key of the wording when it does not hold; the name of the case.
    #[serde(default)]
    pub say: String,
    /// Failures are told once for the file, with their number and what they have at the path, instead of one by one.
    #[serde(default)]
    pub once: bool,
    /// From each of them at least so many records must be asked.
    #[serde(default)]
    pub least: usize,
}

/// Something that holds of a record or not: of every value at the end of the path.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// The path.
    #[serde(default)]
    pub at: String,
    /// Other paths, whose values count too.
    #[serde(default)]
    pub also: Vec<String>,
    /// There is a value (`true`), or there is none.
    pub filled: Option<bool>,
    /// Texts, enumeration items or numbers as texts, one of which it is.
    pub is: Option<Vec<String>>,
    /// Those that it is not.
    pub is_not: Option<Vec<String>>,
    /// What it begins with.
    pub starts: Option<Vec<String>>,
    /// What it does not begin with.
    pub starts_not: Option<Vec<String>>,
    /// What it does not begin with, in capitals or not.
    pub starts_not_folded: Option<Vec<String>>,
    /// Classes, one of which the record there is.
    pub class: Option<Vec<String>>,
    /// Classes that it is not.
    pub class_not: Option<Vec<String>>,
    /// The name of the value's type, such as `IfcLengthMeasure`.
    pub of_type: Option<Vec<String>>,
    /// Least number.
    pub min: Option<f64>,
    /// Greatest number.
    pub max: Option<f64>,
    /// As many values at least.
    pub least: Option<usize>,
    /// As many values at most.
    pub most: Option<usize>,
    /// No two values are equal.
    #[serde(default)]
    pub unique: bool,
    /// All values are equal.
    #[serde(default)]
    pub alike: bool,
    /// All records there are of one class.
    #[serde(default)]
    pub one_class: bool,
    /// All values are equal to those at this path.
    pub equals: Option<String>,
    /// It is enough that it holds of one value.
    #[serde(default)]
    pub any: bool,
    /// Holds too where there is no value.
    #[serde(default)]
    pub or_none: bool,
}

impl Rule {
    /// The questions of a rule whose check is `record`; none for other rules.
    ///
    /// # Errors
    /// With what is wrong about them, in one sentence.
    pub fn cases(&self) -> Result<Vec<Case>, String> {
        if self.check != "record" {
            return Ok(Vec::new());
        }
        let Some(cases) = self.params.get("cases") else {
            return Err(format!("rule {}: has no `cases`", self.id));
        };
        let cases: Vec<Case> = cases
            .clone()
            .try_into()
            .map_err(|e: toml::de::Error| format!("rule {}: {}", self.id, e.message()))?;
        for case in &cases {
            let paths = case
                .of
                .iter()
                .chain(&case.when)
                .chain(&case.must)
                .flat_map(|c| [&c.at].into_iter().chain(&c.also))
                .chain([&case.via]);
            if paths.clone().any(|p| p.split('.').count() > STEPS) {
                return Err(format!("rule {}: a path has more than {STEPS} steps", self.id));
            }
            if !case.must.is_empty() && !case.say.is_empty() && !self.message.contains_key(&case.say) {
                return Err(format!("rule {}: has no message `{}`", self.id, case.say));
            }
        }
        Ok(cases)
    }
}
