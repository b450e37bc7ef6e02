//! Rules and profiles, as read from `rules/`: what is asked, how bad a failure is, in which words, on what ground.

mod family;

pub use family::Family;
pub mod ids;
pub mod record;
pub mod waiver;

use crate::error::{Error, Result};
use crate::finding::Severity;
use crate::place::Place;
use crate::wording::Text;
use include_dir::{Dir, include_dir};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Largest profile that is read, bytes.
const LARGEST: usize = 4 << 20;

/// Rules that a profile may bring.
const RULES: usize = 5_000;

static BUILT_IN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/rules");

/// One rule: a check asked with numbers, severity, wording and source.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Stable id, such as `DM20`. Never reused.
    pub id: String,
    /// What goes wrong, in a few words.
    pub title: Text,
    /// The check that asks it: a file of `src/checks/`.
    pub check: String,
    /// How bad a failure is.
    pub severity: Severity,
    /// Gates: when one of them failed, this rule is blocked, not passed.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Numbers and names for the check.
    #[serde(default)]
    pub params: toml::Table,
    /// Wording of findings by case, with `{names}` that the check fills in.
    pub message: BTreeMap<String, Text>,
    /// Why it exists and what to do.
    pub doc: Doc,
    /// Equivalent rules elsewhere, such as buildingSMART's `GEM001`.
    #[serde(default)]
    pub same_as: Vec<String>,
}

/// What `tumo explain` prints.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Doc {
    /// What is looked at.
    pub what: Text,
    /// What goes wrong on site or in review.
    pub why: Text,
    /// What the author should do.
    pub fix: Text,
    /// Clause, paper or `house rule`.
    pub source: String,
}

/// Which rules apply, with which numbers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Name.
    pub name: String,
    /// What it is for.
    pub title: Text,
    /// The profile that it builds on.
    #[serde(default)]
    pub extends: Option<String>,
    /// Rules switched off.
    #[serde(default)]
    pub off: Vec<String>,
    /// Rules switched on again that the profile below switches off.
    #[serde(default)]
    pub on: Vec<String>,
    /// Severities changed, by rule.
    #[serde(default)]
    pub severity: BTreeMap<String, Severity>,
    /// Parameters changed, by rule.
    #[serde(default)]
    pub params: BTreeMap<String, toml::Table>,
    /// Weights of the score.
    #[serde(default)]
    pub weights: BTreeMap<String, f64>,
    /// Rules of its own, asked of checks that are there.
    #[serde(default)]
    pub rules: Vec<Rule>,
}

/// The rules of a run, by id, with the profile's changes made.
#[derive(Clone, Debug)]
pub struct Rulebook {
    /// The profile's name.
    pub profile: String,
    /// Rules in force, by rising id.
    pub rules: Vec<Rule>,
    /// Weights of the score.
    pub weights: BTreeMap<String, f64>,
}

impl Rulebook {
    /// The built-in rules under a built-in profile.
    ///
    /// # Errors
    /// When there is no such profile, or a rule file is wrong.
    pub fn built_in(profile: &str) -> Result<Self> {
        Self::under(profile, built_in_profile(profile)?)
    }

    /// The built-in rules under a profile from a file; `path` is what errors call it. It may extend a built-in one.
    ///
    /// # Errors
    /// When the profile or a rule file is wrong.
    pub fn from_profile(path: &str, text: &str) -> Result<Self> {
        let limit = |what: &str, limit: usize| Error::Limit {
            place: Place::file(path),
            what: what.to_owned(),
            limit: limit.to_string(),
        };
        if text.len() > LARGEST {
            return Err(limit("the profile, in bytes,", LARGEST));
        }
        let profile: Profile = parse(path, text)?;
        if profile.rules.len() > RULES {
            return Err(limit("the number of rules", RULES));
        }
        Self::under(path, profile)
    }

    /// Every built-in rule, those too that the general profile switches off.
    ///
    /// # Errors
    /// When a rule file is wrong.
    pub fn everything() -> Result<Self> {
        let general = built_in_profile("general")?;
        Self::under("general", Profile { off: Vec::new(), ..general })
    }

    fn under(path: &str, profile: Profile) -> Result<Self> {
        let mut rules: Vec<Rule> = Vec::new();
        for family in ["intake", "completeness", "quality", "consistency", "compliance"] {
            let Some(dir) = BUILT_IN.get_dir(family) else { continue };
            for file in dir.files().filter(|f| f.path().extension().is_some_and(|e| e == "toml")) {
                rules.push(parse(&file.path().to_string_lossy(), file.contents_utf8().unwrap_or_default())?);
            }
        }
        rules.sort_by(|a, b| a.id.cmp(&b.id));
        let name = profile.name.clone();
        let mut chain = vec![profile];
        while let Some(base) = chain.last().and_then(|p: &Profile| p.extends.clone()) {
            if chain.len() > 8 {
                return Err(Error::Rule {
                    place: Place::file(path),
                    message: "profiles extend each other in a circle".into(),
                });
            }
            chain.push(built_in_profile(&base)?);
        }
        let mut weights = BTreeMap::new();
        let mut off: Vec<String> = Vec::new();
        for change in chain.iter().rev() {
            for own in &change.rules {
                if rules.iter().any(|r| r.id == own.id) || Family::of(&own.id).is_none() {
                    let message = format!(
                        "rule {}: an id is new and begins with IN, CP, MQ, DM or CO",
                        own.id.chars().take(40).collect::<String>()
                    );
                    return Err(Error::Rule { place: Place::file(path), message });
                }
                rules.push(own.clone());
            }
            change.names_only_rules_of(&rules, path)?;
            off.retain(|id| !change.on.contains(id));
            off.extend(change.off.iter().cloned());
            for rule in &mut rules {
                if let Some(&severity) = change.severity.get(&rule.id) {
                    rule.severity = severity;
                }
                if let Some(params) = change.params.get(&rule.id) {
                    rule.params.extend(params.clone());
                }
            }
            weights.extend(change.weights.clone());
        }
        rules.retain(|r| !off.contains(&r.id));
        // a limit that nobody held against the text of its code accuses nobody
        for rule in
            rules.iter_mut().filter(|r| r.params.get("verified") == Some(&toml::Value::Boolean(false)))
        {
            rule.severity = rule.severity.min(Severity::Warning);
        }
        rules.sort_by(|a, b| a.id.cmp(&b.id));
        for rule in &rules {
            rule.cases().map_err(|message| Error::Rule { place: Place::file(path), message })?;
        }
        Ok(Self { profile: name, rules, weights })
    }

    /// A rule by id.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|r| r.id == id)
    }
}

impl Profile {
    /// A rule id that no rule has is a slip of the pen, and would silently do nothing.
    fn names_only_rules_of(&self, rules: &[Rule], path: &str) -> Result<()> {
        let named = self.off.iter().chain(&self.on).chain(self.severity.keys()).chain(self.params.keys());
        for id in named {
            if !rules.iter().any(|r| r.id == *id) {
                let id: String = id.chars().take(40).collect();
                let name: String = self.name.chars().take(40).collect();
                let message = format!("profile {name}: there is no rule {id}, or it is switched off");
                return Err(Error::Rule { place: Place::file(path), message });
            }
        }
        Ok(())
    }
}

impl Rule {
    /// A list of names among the parameters.
    pub fn names(&self, name: &str) -> Vec<&str> {
        match self.params.get(name) {
            Some(toml::Value::Array(list)) => list.iter().filter_map(|v| v.as_str()).collect(),
            _ => Vec::new(),
        }
    }

    /// A number among the parameters.
    pub fn number(&self, name: &str) -> Option<f64> {
        match self.params.get(name)? {
            toml::Value::Float(x) => Some(*x),
            #[allow(clippy::cast_precision_loss)]
            toml::Value::Integer(i) => Some(*i as f64),
            _ => None,
        }
    }
}

/// A built-in data file under `rules/`, such as `drawing/layers.toml`.
pub fn data_file(path: &str) -> Option<&'static str> {
    BUILT_IN.get_file(path)?.contents_utf8()
}

fn built_in_profile(name: &str) -> Result<Profile> {
    let path = format!("profiles/{name}.toml");
    let Some(text) = data_file(&path) else {
        let known: Vec<String> = BUILT_IN
            .get_dir("profiles")
            .map(|d| {
                d.files().filter_map(|f| Some(f.path().file_stem()?.to_string_lossy().into_owned())).collect()
            })
            .unwrap_or_default();
        let message = format!("there is no profile of this name; built in are {}", known.join(", "));
        return Err(Error::Rule { place: Place::file(name), message });
    };
    parse(&path, text)
}

fn parse<T: serde::de::DeserializeOwned>(path: &str, text: &str) -> Result<T> {
    toml::from_str(text).map_err(|e| {
        let line = e.span().map_or(1, |s| 1 + text[..s.start.min(text.len())].matches('\n').count() as u64);
        Error::Rule { place: Place::Text { file: path.to_owned(), line }, message: e.message().to_owned() }
    })
}
