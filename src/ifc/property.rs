//! Property sets and quantities of an object: its own, and those of its type where it has none of that name.

use super::step::{Record, StepFile, Value};
use super::units::{self, Units};
use std::borrow::Cow;

/// A property set or a set of quantities.
#[derive(Clone, Debug)]
pub struct PropertySet<'a> {
    /// STEP record number.
    pub step_id: u32,
    /// Exact class: `IfcPropertySet`, `IfcElementQuantity`, `IfcDoorLiningProperties` and so on.
    pub class: &'static str,
    /// Name; empty when it has none.
    pub name: Cow<'a, str>,
    /// It stands at the type.
    pub of_type: bool,
    /// Properties in the order of the file.
    pub properties: Vec<Property<'a>>,
}

/// A property or a quantity.
#[derive(Clone, Debug)]
pub struct Property<'a> {
    /// STEP record number.
    pub step_id: u32,
    /// Exact class, such as `IfcPropertySingleValue`, `IfcQuantityArea`.
    pub class: &'static str,
    /// Name.
    pub name: Cow<'a, str>,
    /// Its values in file units: one for a single value or a quantity, all of a list or an enumeration, lower and upper
    /// bound of a bounded value, the rows' defined values of a table; none where nothing is given.
    pub values: Vec<Value<'a>>,
    /// It stands at the type.
    pub of_type: bool,
    /// Its own unit, if it names one.
    pub unit: Option<u32>,
}

/// Properties of one object that are given; Revit writes some 300. Objects may share sets, so the file does not bound the
/// sum over all objects.
pub(super) const PROPERTIES: usize = 1_000;

/// Complex properties nest this deep at most.
const NESTED: usize = 8;

/// Property sets of an object by its number, 1,000 properties at most: its own in the order of the file, then what the type adds. A property of
/// the type that the object has in a set of the same name is overridden.
pub fn property_sets(file: &StepFile, object: u32) -> Vec<PropertySet<'_>> {
    let mut left = PROPERTIES;
    let mut sets: Vec<PropertySet<'_>> =
        own_sets(file, object).filter_map(|r| set(r, false, &mut left)).collect();
    let types = file.links("IfcRelDefinesByType", "RelatedObjects", "RelatingType");
    if let Some(kind) = types.first(object).and_then(|id| file.record(id)) {
        for record in kind.follow_all("HasPropertySets") {
            let Some(inherited) = set(record, true, &mut left) else { continue };
            match sets.iter_mut().find(|s| s.name == inherited.name && !s.name.is_empty()) {
                Some(own) => {
                    for property in inherited.properties {
                        if !own.properties.iter().any(|p| p.name == property.name) {
                            own.properties.push(property);
                        }
                    }
                }
                None => sets.push(inherited),
            }
        }
    }
    if let Some(record) = file.record(object)
        && record.is_a("IfcTypeObject")
    {
        sets.extend(record.follow_all("HasPropertySets").filter_map(|r| set(r, false, &mut left)));
    }
    sets
}

/// The definitions that are assigned to an object.
fn own_sets(file: &StepFile, object: u32) -> impl Iterator<Item = Record<'_>> {
    let links = file.links("IfcRelDefinesByProperties", "RelatedObjects", "RelatingPropertyDefinition");
    // a relation may name a whole IfcPropertySetDefinitionSet: its members were taken in one by one
    let ids: Vec<u32> = links.of(object).collect();
    ids.into_iter().filter_map(|id| file.record(id))
}

/// A set by its record, with 1,000 properties at most.
pub(super) fn set_of(record: Record<'_>) -> Option<PropertySet<'_>> {
    set(record, false, &mut PROPERTIES.clone())
}

/// A set, as long as there are some `left`: each set and each property takes one.
fn set<'a>(record: Record<'a>, of_type: bool, left: &mut usize) -> Option<PropertySet<'a>> {
    *left = left.checked_sub(1)?;
    let class = record.class();
    // GlobalId, OwnerHistory, Name, Description; sets of quantities have MethodOfMeasurement before their members
    let mut args = record.args();
    let name = match args.nth(2) {
        Some(Value::Text(text)) => text.decode(),
        _ => Cow::Borrowed(""),
    };
    let mut properties = Vec::new();
    let members = match class {
        "IfcPropertySet" => args.nth(1),
        "IfcElementQuantity" => args.nth(2),
        "" => return None,
        _ => {
            predefined(record, of_type, &mut properties);
            None
        }
    };
    let file = record.file();
    for member in members.unwrap_or(Value::Null).references().filter_map(|id| file.record(id)) {
        if properties.len() >= *left {
            break;
        }
        add(member, of_type, NESTED, "", &mut properties);
    }
    properties.truncate(*left);
    *left -= properties.len();
    Some(PropertySet { step_id: record.id, class, name, of_type, properties })
}

/// A set whose properties are attributes, such as IfcDoorLiningProperties.
fn predefined<'a>(record: Record<'a>, of_type: bool, out: &mut Vec<Property<'a>>) {
    // GlobalId, OwnerHistory, Name, Description come first
    const ROOT: usize = 4;
    let Some(definition) = record.definition().filter(|_| record.is_a("IfcPropertySetDefinition")) else {
        return;
    };
    for (attribute, value) in definition.attributes.iter().zip(record.args()).skip(ROOT) {
        if value.is_null() || value.reference().is_some() {
            continue;
        }
        out.push(Property {
            step_id: record.id,
            class: record.class(),
            name: Cow::Borrowed(attribute.name),
            values: vec![value],
            of_type,
            unit: None,
        });
    }
}

/// One property; the members of a complex one bear its name and a dot before theirs.
///
/// Nearly all records of a model's data come by here, so that each is read once, from the left: properties and
/// quantities alike begin with their name and a description.
fn add<'a>(record: Record<'a>, of_type: bool, depth: usize, prefix: &str, out: &mut Vec<Property<'a>>) {
    let class = record.class();
    let mut args = record.args();
    let own = match args.next() {
        Some(Value::Text(text)) => text.decode(),
        _ => Cow::Borrowed(""),
    };
    let name = if prefix.is_empty() { own } else { Cow::Owned(format!("{prefix}.{own}")) };
    let mut behind_description = || args.nth(1).unwrap_or(Value::Null);
    let (values, unit) = match class {
        "IfcPropertySingleValue" => {
            let value = behind_description();
            (given([value]), args.next().and_then(Value::reference))
        }
        "IfcPropertyReferenceValue" => (given([record.attribute("PropertyReference")]), None),
        "IfcComplexProperty" | "IfcPhysicalComplexQuantity" => {
            let members = if class == "IfcComplexProperty" { "HasProperties" } else { "HasQuantities" };
            for member in record.follow_all(members).filter(|_| depth > 0) {
                if out.len() >= PROPERTIES {
                    break;
                }
                add(member, of_type, depth - 1, &name, out);
            }
            return;
        }
        _ if record.is_a("IfcPhysicalSimpleQuantity") => {
            // IfcQuantityLength, -Area, -Volume, -Count, -Weight, -Time, -Number: the unit, then the value
            let unit = behind_description().reference();
            (given(args.next()), unit)
        }
        _ => match several(record, class) {
            Some(values) => (given(values), record.attribute("Unit").reference()),
            None => return,
        },
    };
    out.push(Property { step_id: record.id, class, name, values, of_type, unit });
}

/// The values of a property that may have more than one.
fn several<'a>(record: Record<'a>, class: &str) -> Option<Vec<Value<'a>>> {
    Some(match class {
        "IfcPropertyEnumeratedValue" => record.attribute("EnumerationValues").list().collect(),
        "IfcPropertyListValue" => record.attribute("ListValues").list().collect(),
        "IfcPropertyBoundedValue" => {
            vec![record.attribute("LowerBoundValue"), record.attribute("UpperBoundValue")]
        }
        "IfcPropertyTableValue" => record.attribute("DefinedValues").list().collect(),
        _ => return None,
    })
}

fn given<'a>(values: impl IntoIterator<Item = Value<'a>>) -> Vec<Value<'a>> {
    values.into_iter().filter(|v| !v.is_null()).collect()
}

impl<'a> Property<'a> {
    /// Its first value.
    pub fn value(&self) -> Value<'a> {
        self.values.first().copied().unwrap_or(Value::Null)
    }

    /// Its first value as text: a string, or an enumeration item.
    pub fn text(&self) -> Option<String> {
        let value = self.value();
        value.text().or_else(|| value.enumeration().map(str::to_owned))
    }

    /// Its first value in SI units, if it is a number: by its own unit, else by the kind of quantity or the type that the
    /// value names, else as it stands.
    pub fn si(&self, file: &StepFile, model: &Units) -> Option<f64> {
        let value = self.value();
        let number = value.real()?;
        if let Some(unit) = self.unit.and_then(|id| file.record(id)) {
            return Some(number * units::factor(unit)?);
        }
        let keyword = match value {
            Value::Typed(typed) => typed.keyword.to_ascii_uppercase(),
            _ => self.class.to_ascii_uppercase(),
        };
        let factor = if keyword.contains("LENGTH") {
            model.length
        } else if keyword == "IFCAREAMEASURE" || keyword == "IFCQUANTITYAREA" {
            model.area
        } else if keyword == "IFCVOLUMEMEASURE" || keyword == "IFCQUANTITYVOLUME" {
            model.volume
        } else if keyword.contains("PLANEANGLE") {
            model.angle
        } else {
            1.0
        };
        Some(number * factor)
    }
}
