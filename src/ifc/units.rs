//! Units of a model, as factors to SI.

use super::step::{Record, StepFile};
use super::told::Told;

/// What one unit of the file is in SI units: metres, radians, square metres, and so on.
#[derive(Clone, Debug, PartialEq)]
pub struct Units {
    /// Metres.
    pub length: f64,
    /// Radians.
    pub angle: f64,
    /// Square metres.
    pub area: f64,
    /// Cubic metres.
    pub volume: f64,
    /// The rest, by UnitType such as `MASSUNIT`, in the order of the file.
    pub others: Vec<(String, f64)>,
}

impl Default for Units {
    fn default() -> Self {
        Self { length: 1.0, angle: 1.0, area: 1.0, volume: 1.0, others: Vec::new() }
    }
}

/// Conversion-based units may rest on one another this many times.
const CHAIN: usize = 8;

/// Lengths of a building are not written in units below a nanometre or beyond a thousand kilometres.
const USABLE: std::ops::Range<f64> = 1e-9..1e6;

/// Units of the project, with what had to be assumed.
pub(super) fn read(file: &StepFile, told: &mut Told<'_>) -> Units {
    let mut units = Units::default();
    let mut length = false;
    // IfcProject may be lost: any assignment is better than none
    let project = file.records_of("IfcProject").find_map(|p| p.follow("UnitsInContext"));
    let assignment = project.or_else(|| file.records_of("IfcUnitAssignment").next());
    let assigned = assignment.map(|a| a.follow_all("Units").collect::<Vec<_>>()).unwrap_or_default();
    for unit in assigned {
        let Some(of) = unit.attribute("UnitType").enumeration().map(str::to_ascii_uppercase) else {
            continue;
        };
        let Some(factor) = factor(unit) else {
            let message = format!("the unit for {of} cannot be read; the SI unit is assumed");
            told.record("ifc-unit", unit.id, message);
            continue;
        };
        match of.as_str() {
            "LENGTHUNIT" if USABLE.contains(&factor) => {
                units.length = factor;
                length = true;
            }
            "PLANEANGLEUNIT" => units.angle = factor,
            "AREAUNIT" => units.area = factor,
            "VOLUMEUNIT" => units.volume = factor,
            _ => units.others.push((of, factor)),
        }
    }
    if !length {
        let message = "no unit of length is given; lengths are taken for metres";
        told.file("ifc-no-length-unit", message);
    }
    units
}

/// What one of a unit is in SI units. Temperatures have a zero of their own and keep their scale only.
pub fn factor(unit: Record<'_>) -> Option<f64> {
    if !unit.is_a("IfcDerivedUnit") {
        return named(unit);
    }
    let mut factor = 1.0;
    for element in unit.follow_all("Elements").take(CHAIN) {
        let exponent = i32::try_from(element.attribute("Exponent").integer()?).ok()?;
        factor *= named(element.follow("Unit")?)?.powi(exponent);
    }
    usable(factor)
}

/// A unit that is not put together from others by exponents.
fn named(unit: Record<'_>) -> Option<f64> {
    let mut unit = unit;
    let mut factor = 1.0;
    for _ in 0..CHAIN {
        if unit.is_a("IfcSIUnit") {
            let power = match unit.attribute("Name").enumeration()?.to_ascii_uppercase().as_str() {
                "SQUARE_METRE" => 2,
                "CUBIC_METRE" => 3,
                // the SI unit of mass is the kilogram
                "GRAM" => {
                    factor *= 1e-3;
                    1
                }
                _ => 1,
            };
            let prefix = unit.attribute("Prefix").enumeration().map_or(Some(1.0), prefix)?;
            return usable(factor * prefix.powi(power));
        }
        let measure = unit.follow("ConversionFactor")?;
        factor *= measure.attribute("ValueComponent").real()?;
        unit = measure.follow("UnitComponent")?;
    }
    None
}

fn usable(factor: f64) -> Option<f64> {
    (factor.is_finite() && factor > 0.0).then_some(factor)
}

/// IfcSIPrefix.
fn prefix(name: &str) -> Option<f64> {
    Some(match name.to_ascii_uppercase().as_str() {
        "EXA" => 1e18,
        "PETA" => 1e15,
        "TERA" => 1e12,
        "GIGA" => 1e9,
        "MEGA" => 1e6,
        "KILO" => 1e3,
        "HECTO" => 1e2,
        "DECA" => 1e1,
        "DECI" => 1e-1,
        "CENTI" => 1e-2,
        "MILLI" => 1e-3,
        "MICRO" => 1e-6,
        "NANO" => 1e-9,
        "PICO" => 1e-12,
        "FEMTO" => 1e-15,
        "ATTO" => 1e-18,
        _ => return None,
    })
}
