//! What a staged submission claims to contain: storeys, or one discipline. Only that is checked; the rest is told as
//! left out, and nothing in it is a finding.

mod sheet;

pub use sheet::{SheetClaim, Sheets};

use crate::drawing::plans::Plan;
use crate::error::{Error, Result};
use crate::ifc::model::{ElementRef, Kind, Model};
use crate::ifc::section::StoreyPlan;
use crate::place::Place;
use crate::registration::{shape::folded, storey::ordinal};
use crate::rulebook::data_file;
use crate::wording::Text;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// A storey this far below zero whose name does not say so is underground (metres; steps at the entrance are less).
const UNDERGROUND_M: f64 = -0.9;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    all: Vec<String>,
    underground: Vec<String>,
    aboveground: Vec<String>,
    discipline: Vec<Discipline>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Discipline {
    name: String,
    words: Vec<String>,
    #[serde(default)]
    titles: Vec<String>,
    classes: BTreeSet<String>,
    kinds: BTreeSet<String>,
}

static WORDS: LazyLock<Words> =
    LazyLock::new(|| data_file("scopes.toml").and_then(|text| toml::from_str(text).ok()).unwrap_or_default());

/// What is claimed, held against the storeys of a run.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// The claim as it was given; empty for everything.
    pub claim: String,
    /// For each storey plan whether it is claimed; `None` for all.
    storeys: Option<Vec<bool>>,
    /// Storeys that are left out, by model and number.
    left_out: BTreeSet<(u32, u32)>,
    /// Name of the one discipline that is claimed.
    pub discipline: Option<&'static str>,
    classes: Option<&'static BTreeSet<String>>,
    kinds: Option<&'static BTreeSet<String>>,
}

/// Everything.
pub static EVERYTHING: Scope = Scope {
    claim: String::new(),
    storeys: None,
    left_out: BTreeSet::new(),
    discipline: None,
    classes: None,
    kinds: None,
};

impl Scope {
    /// Reads a claim (`all`, `underground`, `B2..1F`, `structure`, several joined by commas) against the run's storeys.
    ///
    /// # Errors
    /// When it names what neither the models nor `rules/scopes.toml` have.
    pub fn of(claim: &str, models: &[Model], storeys: &[StoreyPlan]) -> Result<Self> {
        let mut scope = Self { claim: claim.trim().to_owned(), ..Self::default() };
        let mut named: Option<Vec<bool>> = None;
        let mut add = |more: Vec<bool>| {
            let all = named.get_or_insert_with(|| vec![false; storeys.len()]);
            all.iter_mut().zip(more).for_each(|(a, b)| *a |= b);
        };
        let mut everything = false;
        for part in claim.split([',', '，', '、']).map(str::trim).filter(|p| !p.is_empty()) {
            let word = folded(part);
            let is = |list: &[String]| list.iter().any(|w| folded(w) == word);
            if is(&WORDS.all) {
                everything = true;
            } else if is(&WORDS.underground) {
                add(storeys.iter().map(|s| underground(models, s)).collect());
            } else if is(&WORDS.aboveground) {
                add(storeys.iter().map(|s| !underground(models, s)).collect());
            } else if let Some(d) = WORDS.discipline.iter().find(|d| is(&d.words)) {
                if scope.discipline.is_some_and(|other| other != d.name) {
                    return Err(wrong(part, models, storeys, "only one discipline can be claimed"));
                }
                scope.discipline = Some(&d.name);
                scope.classes = Some(&d.classes);
                scope.kinds = Some(&d.kinds);
            } else {
                add(range(part, models, storeys)?);
            }
        }
        if !everything {
            if named.as_ref().is_some_and(|n| !n.contains(&true)) {
                return Err(wrong(claim, models, storeys, "no storey of these models is in this scope"));
            }
            scope.storeys = named.filter(|n| n.contains(&false));
        }
        let left_out = storeys.iter().enumerate().filter(|(k, _)| !scope.has_storey(*k));
        scope.left_out = left_out.flat_map(|(_, p)| &p.storeys).map(|s| (s.model, s.index)).collect();
        Ok(scope)
    }

    /// The one discipline that is claimed, in both languages.
    pub fn discipline_words(&self) -> Option<Text> {
        let found = WORDS.discipline.iter().find(|d| Some(d.name.as_str()) == self.discipline)?;
        let zh = found.words.iter().find(|w| !w.is_ascii()).unwrap_or(&found.name);
        Some(Text::new(&found.name, zh))
    }

    /// Everything is claimed.
    pub fn is_everything(&self) -> bool {
        self.storeys.is_none() && self.classes.is_none()
    }

    /// This storey plan is claimed.
    pub fn has_storey(&self, storey: usize) -> bool {
        self.storeys.as_ref().is_none_or(|s| s.get(storey).copied().unwrap_or(true))
    }

    /// Only some storeys are claimed.
    pub fn leaves_storeys_out(&self) -> bool {
        self.storeys.is_some()
    }

    /// This class of drawn things is claimed.
    pub fn has_class(&self, class: &str) -> bool {
        self.classes.is_none_or(|c| c.contains(class))
    }

    /// This class is to be compared on a plan: it is claimed, and the plan does not show another discipline alone.
    pub fn has_class_on(&self, plan: &Plan, class: &str) -> bool {
        let title = plan.title.as_deref().unwrap_or_default().to_uppercase();
        let of = WORDS.discipline.iter().find(|d| d.titles.iter().any(|t| title.contains(t.as_str())));
        self.has_class(class) && of.is_none_or(|d| d.classes.contains(class))
    }

    /// This element is claimed. What stands on no storey always is.
    pub fn has(&self, models: &[Model], element: ElementRef) -> bool {
        if self.is_everything() {
            return true;
        }
        let Some(e) = models.get(element.model as usize).and_then(|m| m.element(element.index)) else {
            return true;
        };
        let outside = e.storey.is_some_and(|s| self.left_out.contains(&(element.model, s)));
        !outside && self.kinds.is_none_or(|k| k.contains(kind_name(e.kind)))
    }

    /// The storey with this GlobalId is left out.
    pub fn leaves_out(&self, models: &[Model], guid: &str) -> bool {
        !self.left_out.is_empty()
            && self.left_out.iter().any(|&(m, s)| {
                models.get(m as usize).and_then(|m| m.storeys.get(s as usize)).is_some_and(|s| s.guid == guid)
            })
    }
}

fn wrong(part: &str, models: &[Model], storeys: &[StoreyPlan], why: &str) -> Error {
    let names: Vec<String> = storeys.iter().map(|s| names(models, s).join(" / ")).collect();
    let disciplines: Vec<&str> = WORDS.discipline.iter().map(|d| d.name.as_str()).collect();
    Error::read(
        Place::file(format!("--scope {part}")),
        format!(
            "{why}; it may be all, underground, aboveground, {}, a storey, or a range FROM..TO of {}",
            disciplines.join(", "),
            names.join(", ")
        ),
    )
}

fn names(models: &[Model], plan: &StoreyPlan) -> Vec<String> {
    let mut out: Vec<String> = plan
        .storeys
        .iter()
        .filter_map(|r| models.get(r.model as usize)?.storeys.get(r.index as usize))
        .map(|s| s.name.clone())
        .collect();
    out.dedup();
    out
}

/// By its name, else by its height.
fn underground(models: &[Model], plan: &StoreyPlan) -> bool {
    let named = names(models, plan).iter().find_map(|n| ordinal(n));
    named.map_or(plan.elevation_m <= UNDERGROUND_M, |(n, _)| n < 0)
}

/// Storeys between two names, or of one name.
fn range(part: &str, models: &[Model], storeys: &[StoreyPlan]) -> Result<Vec<bool>> {
    let ends = ["..", "~", "～"].iter().find_map(|dots| part.split_once(dots));
    let find = |name: &str| find(name.trim(), models, storeys);
    let unknown = |name: &str| wrong(name.trim(), models, storeys, "there is no such storey");
    let (from, to) = match ends {
        None => {
            let at = find(part).ok_or_else(|| unknown(part))?;
            (at, at)
        }
        Some((from, to)) => {
            let last = storeys.len().saturating_sub(1);
            let end = |name: &str, open: usize| {
                if name.trim().is_empty() { Ok(open) } else { find(name).ok_or_else(|| unknown(name)) }
            };
            (end(from, 0)?, end(to, last)?)
        }
    };
    let (from, to) = (from.min(to), from.max(to));
    Ok((0..storeys.len()).map(|k| (from..=to).contains(&k)).collect())
}

/// A storey by name, by GlobalId, or by what its name says: `B2` is also found as 地下二层.
fn find(name: &str, models: &[Model], storeys: &[StoreyPlan]) -> Option<usize> {
    let each = |fits: &dyn Fn(&crate::ifc::model::Storey) -> bool| {
        storeys.iter().position(|plan| {
            plan.storeys
                .iter()
                .filter_map(|r| models.get(r.model as usize)?.storeys.get(r.index as usize))
                .any(fits)
        })
    };
    let wanted = folded(name);
    each(&|s| s.guid == name || s.name == name)
        .or_else(|| each(&|s| !wanted.is_empty() && folded(&s.name) == wanted))
        .or_else(|| {
            let number = ordinal(name)?;
            each(&|s| ordinal(&s.name).is_some_and(|n| n.0 == number.0))
        })
}

/// What `rules/scopes.toml` calls a kind of elements.
const fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Wall => "wall",
        Kind::CurtainWall => "curtain-wall",
        Kind::Column => "column",
        Kind::Beam => "beam",
        Kind::Slab => "slab",
        Kind::Door => "door",
        Kind::Window => "window",
        Kind::Opening => "opening",
        Kind::Space => "space",
        Kind::Stair | Kind::StairFlight => "stair",
        Kind::Ramp => "ramp",
        Kind::Railing => "railing",
        Kind::Roof => "roof",
        Kind::Covering => "covering",
        Kind::Plate => "plate",
        Kind::Member => "member",
        Kind::Foundation => "foundation",
        Kind::Furniture => "furniture",
        Kind::Distribution => "distribution",
        Kind::Transport => "transport",
        Kind::Proxy => "proxy",
        Kind::Other => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registration::sample;

    fn building() -> (Vec<Model>, Vec<StoreyPlan>) {
        let storeys: Vec<StoreyPlan> =
            [-3.0, 0.0, 3.0, 6.0].iter().zip(0u32..).map(|(z, n)| sample::storey(n, *z, 0.0)).collect();
        (vec![sample::model(&storeys, &["地下一层", "1F", "2F", "3F"])], storeys)
    }

    fn claimed(claim: &str) -> Vec<bool> {
        let (models, storeys) = building();
        let scope = Scope::of(claim, &models, &storeys).unwrap();
        (0..storeys.len()).map(|k| scope.has_storey(k)).collect()
    }

    #[test]
    fn claims_of_storeys() {
        assert_eq!(claimed("all"), [true; 4]);
        assert_eq!(claimed(""), [true; 4]);
        assert_eq!(claimed("underground"), [true, false, false, false]);
        assert_eq!(claimed("地上"), [false, true, true, true]);
        assert_eq!(claimed("B1..1F"), [true, true, false, false]);
        assert_eq!(claimed("2F.."), [false, false, true, true]);
        assert_eq!(claimed("3f"), [false, false, false, true]);
        assert_eq!(claimed("B1, 3F"), [true, false, false, true]);
        assert_eq!(claimed("underground,structure"), [true, false, false, false]);
    }

    #[test]
    fn a_discipline_leaves_classes_out() {
        let (models, storeys) = building();
        let scope = Scope::of("结构", &models, &storeys).unwrap();
        assert!(scope.has_class("column") && !scope.has_class("door") && !scope.is_everything());
        assert!(Scope::of("structure,architecture", &models, &storeys).is_err());
    }

    #[test]
    fn what_is_not_there_is_told_with_what_is() {
        let (models, storeys) = building();
        let told = Scope::of("9F", &models, &storeys).unwrap_err().to_string();
        assert!(
            told.contains("no such storey") && told.contains("地下一层") && told.contains("3F"),
            "{told}"
        );
        assert!(Scope::of("1F..9F", &models, &storeys).is_err());
    }
}
