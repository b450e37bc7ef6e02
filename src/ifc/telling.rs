//! The properties and quantities that tell a comparison something: marks, areas, sizes. Each set is looked at once, however
//! many elements share it, and what it tells is put together per element.

use super::model::Kind;
use super::names::{Meaning, meaning};
use super::property::{self, PropertySet};
use super::step::{Links, StepFile};
use super::units::Units;
use rayon::prelude::*;
use std::sync::Arc;

/// Sets of one object that are looked at. A type may list many, and be shared by many.
const SETS: usize = property::PROPERTIES;

/// One property that tells something.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Telling {
    /// What it holds, and how good a source its name is: 0 is the best.
    pub meaning: Meaning,
    pub rank: usize,
    /// Its name, as the file has it.
    pub name: String,
    /// Its value as a text; none where it is empty or a template's placeholder.
    pub text: Option<String>,
    /// Its value in SI units.
    pub number: Option<f64>,
    /// It stands in a set of quantities.
    pub quantity: bool,
}

/// What one set tells.
#[derive(Debug, Default)]
struct Told {
    set: u32,
    name: String,
    tells: Vec<Telling>,
    /// It has more properties than are looked at.
    cut: bool,
}

/// What every set tells that an element in question has.
pub(super) struct Tellings {
    sets: Vec<Told>,
    own: Arc<Links>,
    types: Arc<Links>,
}

/// Whether the properties of such an element tell a comparison something.
pub(super) const fn asked(kind: Kind) -> bool {
    matches!(kind, Kind::Door | Kind::Window | Kind::Opening | Kind::Column | Kind::Space)
}

impl Tellings {
    /// Looks at every set of the objects, in parallel.
    pub(super) fn read(file: &StepFile, units: &Units, objects: &[u32]) -> Self {
        let own = file.links("IfcRelDefinesByProperties", "RelatedObjects", "RelatingPropertyDefinition");
        let types = file.links("IfcRelDefinesByType", "RelatedObjects", "RelatingType");
        let mut kinds: Vec<u32> = objects.iter().filter_map(|id| types.first(*id)).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let of_objects = objects.par_iter().flat_map_iter(|id| own.of(*id).take(SETS));
        let of_types = kinds.par_iter().flat_map_iter(|id| of_type(file, *id));
        let mut ids: Vec<u32> = of_objects.chain(of_types).collect();
        ids.par_sort_unstable();
        ids.dedup();
        let sets = ids.par_iter().filter_map(|id| told(file, units, *id)).collect();
        Self { sets, own, types }
    }

    /// Sets with more properties than are looked at.
    pub(super) fn cut(&self) -> impl Iterator<Item = u32> {
        self.sets.iter().filter(|s| s.cut).map(|s| s.set)
    }

    /// What the sets of an object tell, in their order: its own, then what its type adds. A property of the type that the
    /// object has in a set of the same name is overridden.
    pub(super) fn of(&self, file: &StepFile, object: u32) -> Vec<&Telling> {
        let find =
            |id: u32| self.sets.binary_search_by_key(&id, |s| s.set).ok().and_then(|n| self.sets.get(n));
        let own: Vec<&Told> = self.own.of(object).take(SETS).filter_map(find).collect();
        let mut out: Vec<&Telling> = own.iter().flat_map(|s| &s.tells).collect();
        let Some(kind) = self.types.first(object) else { return out };
        for set in of_type(file, kind).filter_map(find) {
            let over = own.iter().filter(|s| s.name == set.name && !s.name.is_empty());
            let over: Vec<&str> = over.flat_map(|s| &s.tells).map(|t| t.name.as_str()).collect();
            out.extend(set.tells.iter().filter(|t| !over.contains(&t.name.as_str())));
        }
        out
    }
}

fn of_type(file: &StepFile, kind: u32) -> impl Iterator<Item = u32> + '_ {
    file.record(kind).into_iter().flat_map(|r| r.attribute("HasPropertySets").references()).take(SETS)
}

fn told(file: &StepFile, units: &Units, id: u32) -> Option<Told> {
    let set = property::set_of(file.record(id)?)?;
    let cut = set.properties.len() + 1 >= property::PROPERTIES;
    Some(Told { set: id, name: set.name.to_string(), tells: tells(&set, file, units), cut })
}

fn tells(set: &PropertySet<'_>, file: &StepFile, units: &Units) -> Vec<Telling> {
    let quantity = set.class == "IfcElementQuantity";
    let known = |name: &str| match name {
        "Width" if quantity => Some((Meaning::Width, 0)),
        "Height" if quantity => Some((Meaning::Height, 0)),
        name => meaning(name),
    };
    let telling = |property: &property::Property<'_>| {
        let (meaning, rank) = known(&property.name)?;
        let text = property.text().or_else(|| property.value().integer().map(|i| i.to_string()));
        // templates hold the property's own name as a placeholder
        let text = text.filter(|v| !v.trim().is_empty() && *v != property.name && !v.starts_with('<'));
        let number = property.si(file, units);
        Some(Telling { meaning, rank, name: property.name.to_string(), text, number, quantity })
    };
    set.properties.iter().filter_map(telling).collect()
}

/// Net floor area of a space, with the name that it was found under: quantities before properties, net before gross.
pub(super) fn area(tellings: &[&Telling]) -> Option<(f64, String)> {
    let areas = tellings.iter().filter(|t| matches!(t.meaning, Meaning::NetArea | Meaning::OtherArea));
    let given = areas.filter_map(|t| Some((t, t.number.filter(|a| *a > 0.0)?)));
    let best = given.min_by_key(|(t, _)| (t.meaning, !t.quantity, t.rank))?;
    Some((best.1, best.0.name.clone()))
}

/// A size that quantities tell, metres.
pub(super) fn size(tellings: &[&Telling], of: Meaning) -> Option<f64> {
    tellings.iter().filter(|t| t.meaning == of).find_map(|t| t.number).filter(|x| *x > 0.0)
}
