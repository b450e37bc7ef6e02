//! Types of values and their units: what a value of the model is in SI units, which IDS is written in.

use super::audit::values::base_of;
use crate::ifc::schema::Schema;
use crate::ifc::step::{Record, StepFile};
use crate::ifc::units;
use crate::rulebook::data_file;
use crate::rulebook::ids::Base;
use std::collections::HashMap;

/// 0 °C in kelvins.
const CELSIUS: f64 = 273.15;

/// From a unit to SI: times the factor, and then plus the offset.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scale {
    factor: f64,
    offset: f64,
}

impl Scale {
    const SI: Self = Self { factor: 1.0, offset: 0.0 };

    /// A number in SI units.
    pub(super) fn apply(self, x: f64) -> f64 {
        x * self.factor + self.offset
    }
}

/// A type of values.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    /// In capitals, such as `IFCLENGTHMEASURE`.
    pub(super) upper: &'static str,
    /// What its values are written in.
    pub(super) base: Option<Base>,
    /// It may be unknown as well as true or false.
    pub(super) logical: bool,
    /// The project's unit for it; `None` for one that cannot be read.
    scale: Option<Scale>,
    measure: bool,
}

/// The types of a schema, with the units of a model.
#[derive(Debug)]
pub(super) struct Kinds {
    by_upper: HashMap<&'static str, Kind>,
    by_name: HashMap<&'static str, Kind>,
}

impl Kinds {
    /// The types of a model's schema.
    pub(super) fn of(file: &StepFile) -> Self {
        let schema = file.schema();
        let project = project_units(file);
        let table: HashMap<&str, &str> = data_file("ids/measures.txt")
            .unwrap_or_default()
            .lines()
            .filter(|l| !l.starts_with('#'))
            .filter_map(|l| l.split_once(' '))
            .collect();
        let mut out = Self { by_upper: HashMap::new(), by_name: HashMap::new() };
        for name in schema.type_names() {
            let upper = interned(name);
            let unit = table.get(upper).copied();
            // A unit that the project does not name is the SI unit.
            let scale = unit.and_then(|u| project.get(u).copied()).unwrap_or(Some(Scale::SI));
            let kind = Kind {
                upper,
                base: base_of(schema, name),
                logical: name == "IfcLogical",
                scale,
                measure: unit.is_some(),
            };
            out.by_upper.insert(upper, kind);
            out.by_name.insert(name, kind);
        }
        out
    }

    /// A type by the keyword that a value bears.
    pub(super) fn keyword(&self, keyword: &str) -> Option<Kind> {
        match self.by_upper.get(keyword) {
            Some(kind) => Some(*kind),
            None => self.by_upper.get(keyword.to_ascii_uppercase().as_str()).copied(),
        }
    }

    /// A type by its exact name, or the type of the members of a list, as the schema writes them.
    pub(super) fn declared(&self, of: &str) -> Option<Kind> {
        let member = of.rfind(']').and_then(|at| of.get(at + 1..)).unwrap_or(of);
        self.by_name.get(member).copied()
    }

    /// A type that needs no name, such as `REAL`, or that of the members of a list of such.
    pub(super) fn primitive(&self, of: &str) -> Option<Kind> {
        let member = of.rfind(']').and_then(|at| of.get(at + 1..)).unwrap_or(of);
        let base = match member {
            "REAL" | "NUMBER" => Base::Double,
            "INTEGER" => Base::Integer,
            "BOOLEAN" | "LOGICAL" => Base::Boolean,
            "STRING" => Base::String,
            _ => return None,
        };
        let logical = member == "LOGICAL";
        Some(Kind { upper: "", base: Some(base), logical, scale: Some(Scale::SI), measure: false })
    }
}

impl Kind {
    /// The unit of a value: its own where it names one, else that of the project. `None` when it cannot be read.
    pub(super) fn scale(&self, own: Option<Record<'_>>) -> Option<Scale> {
        if !self.measure {
            return Some(Scale::SI);
        }
        own.map_or(self.scale, scale)
    }
}

/// Names of types in capitals, made once in the life of the program.
fn interned(name: &'static str) -> &'static str {
    use std::sync::{Mutex, PoisonError};
    static NAMES: Mutex<Option<HashMap<&'static str, &'static str>>> = Mutex::new(None);
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    names
        .get_or_insert_with(HashMap::new)
        .entry(name)
        .or_insert_with(|| Box::leak(name.to_ascii_uppercase().into_boxed_str()))
}

/// Units of the project by their type.
fn project_units(file: &StepFile) -> HashMap<String, Option<Scale>> {
    let mut out = HashMap::new();
    let project = file.records_of("IfcProject").find_map(|p| p.follow("UnitsInContext"));
    let assignment = project.or_else(|| file.records_of("IfcUnitAssignment").next());
    for unit in assignment.into_iter().flat_map(|a| a.follow_all("Units")) {
        if let Some(of) = unit.attribute("UnitType").enumeration() {
            out.entry(of.to_ascii_uppercase()).or_insert_with(|| scale(unit));
        }
    }
    out
}

/// What a unit is in SI units.
fn scale(unit: Record<'_>) -> Option<Scale> {
    let factor = units::factor(unit)?;
    let celsius = |u: Record<'_>| {
        u.attribute("Name").enumeration().is_some_and(|n| n.eq_ignore_ascii_case("DEGREE_CELSIUS"))
    };
    let mut offset = 0.0;
    if unit.is_a("IfcSIUnit") && celsius(unit) {
        offset = CELSIUS;
    } else if let Some(own) = unit.attribute("ConversionOffset").real() {
        // "to add after the inherited ConversionFactor was applied": in the unit that the factor leads to.
        let base = unit.follow("ConversionFactor").and_then(|m| m.follow("UnitComponent"));
        let step = base.and_then(units::factor).unwrap_or(1.0);
        offset = own * step + if base.is_some_and(celsius) { CELSIUS } else { 0.0 };
    }
    Some(Scale { factor, offset })
}

/// The measure of a quantity, by its exact class, such as `IfcQuantityArea`.
pub(super) fn quantity(schema: &Schema, class: &str) -> Option<&'static str> {
    let definition = schema.definition(schema.entity(class)?)?;
    definition.attributes.get(3).map(|a| a.of)
}
