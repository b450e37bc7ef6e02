//! Materials: single, in layers, profiles or constituents; of an object, or else of its type.

use super::step::{Record, StepFile, Value};
use super::units::Units;

/// What an object is made of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Material {
    /// STEP record number of what the relation names.
    pub step_id: u32,
    /// Exact class of it, such as `IfcMaterialLayerSetUsage`.
    pub class: &'static str,
    /// Name of the set or of the single material.
    pub name: Option<String>,
    /// Parts in their order: layers, profiles, constituents, or the materials of a list; one for a single material.
    pub parts: Vec<MaterialPart>,
    /// How a layer set lies on the reference line, where it is used so.
    pub usage: Option<LayerUsage>,
    /// It stands at the type.
    pub of_type: bool,
}

/// A layer, profile or constituent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MaterialPart {
    /// STEP record number.
    pub step_id: u32,
    /// Name of its material.
    pub material: Option<String>,
    /// Name of the part itself.
    pub name: Option<String>,
    /// Thickness of a layer, metres.
    pub thickness_m: Option<f64>,
    /// Profile (IfcProfileDef), by its number.
    pub profile: Option<u32>,
    /// Share of a constituent.
    pub fraction: Option<f64>,
    /// Category.
    pub category: Option<String>,
}

/// IfcMaterialLayerSetUsage.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerUsage {
    /// AXIS1, AXIS2 (across a wall) or AXIS3 (up through a slab).
    pub direction: String,
    /// Layers follow one another along the positive axis.
    pub positive: bool,
    /// From the reference line to the first layer's outer face, along the axis, metres.
    pub offset_m: f64,
}

/// Parts of a material that are read; real ones have a dozen.
const PARTS: usize = 1_000;

/// What an object is made of, by its number.
pub fn material(file: &StepFile, object: u32, units: &Units) -> Option<Material> {
    let links = file.links("IfcRelAssociatesMaterial", "RelatedObjects", "RelatingMaterial");
    if let Some(record) = links.first(object).and_then(|id| file.record(id)) {
        return Some(read(record, units));
    }
    let types = file.links("IfcRelDefinesByType", "RelatedObjects", "RelatingType");
    let record = links.first(types.first(object)?).and_then(|id| file.record(id))?;
    Some(Material { of_type: true, ..read(record, units) })
}

fn text(record: Record<'_>, name: &str) -> Option<String> {
    record.attribute(name).text().filter(|t| !t.is_empty())
}

fn read(record: Record<'_>, units: &Units) -> Material {
    let mut out = Material { step_id: record.id, class: record.class(), ..Material::default() };
    let mut set = record;
    match record.class() {
        "IfcMaterialLayerSetUsage" => {
            out.usage = Some(LayerUsage {
                direction: record.attribute("LayerSetDirection").enumeration().unwrap_or("AXIS2").to_owned(),
                positive: record.attribute("DirectionSense").enumeration() != Some("NEGATIVE"),
                offset_m: record.attribute("OffsetFromReferenceLine").real().unwrap_or(0.0) * units.length,
            });
            set = record.follow("ForLayerSet").unwrap_or(record);
        }
        "IfcMaterialProfileSetUsage" | "IfcMaterialProfileSetUsageTapering" => {
            set = record.follow("ForProfileSet").unwrap_or(record);
        }
        _ => {}
    }
    let members = match set.class() {
        "IfcMaterialLayerSet" => "MaterialLayers",
        "IfcMaterialProfileSet" => "MaterialProfiles",
        "IfcMaterialConstituentSet" => "MaterialConstituents",
        "IfcMaterialList" => "Materials",
        _ => "",
    };
    out.name = text(set, "LayerSetName").or_else(|| text(set, "Name"));
    out.parts = if members.is_empty() {
        vec![part(set, units)]
    } else {
        set.follow_all(members).take(PARTS).map(|r| part(r, units)).collect()
    };
    out
}

fn part(record: Record<'_>, units: &Units) -> MaterialPart {
    let alone = record.class() == "IfcMaterial";
    MaterialPart {
        step_id: record.id,
        material: if alone {
            text(record, "Name")
        } else {
            record.follow("Material").and_then(|m| text(m, "Name"))
        },
        name: if alone { None } else { text(record, "Name") },
        thickness_m: record.attribute("LayerThickness").real().map(|t| t * units.length),
        profile: record.attribute("Profile").reference(),
        fraction: record.attribute("Fraction").real(),
        category: text(record, "Category"),
    }
}

/// A classification reference of an object.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Classification {
    /// STEP record number.
    pub step_id: u32,
    /// Name of the system, such as `Uniclass 2015`.
    pub system: Option<String>,
    /// Identification (ItemReference in IFC2X3), such as `EF_25_30`.
    pub code: Option<String>,
    /// Name of the reference.
    pub name: Option<String>,
    /// It stands at the type.
    pub of_type: bool,
}

/// Steps from a reference up to its system.
const REFERENCES: usize = 32;

/// Classifications of an object, by its number; then those of its type.
pub fn classifications(file: &StepFile, object: u32) -> Vec<Classification> {
    let links = file.links("IfcRelAssociatesClassification", "RelatedObjects", "RelatingClassification");
    let types = file.links("IfcRelDefinesByType", "RelatedObjects", "RelatingType");
    let own = links.of(object).take(PARTS).map(|id| (id, false));
    let inherited = types.first(object).into_iter().flat_map(|t| links.of(t).map(|id| (id, true)));
    own.chain(inherited).filter_map(|(id, of_type)| Some(classified(file.record(id)?, of_type))).collect()
}

fn classified(record: Record<'_>, of_type: bool) -> Classification {
    let code = [record.attribute("Identification"), record.attribute("ItemReference")]
        .into_iter()
        .find_map(Value::text);
    let mut out = Classification {
        step_id: record.id,
        code,
        name: text(record, "Name"),
        of_type,
        ..Classification::default()
    };
    let mut at = Some(record);
    for _ in 0..REFERENCES {
        match at {
            Some(r) if r.class() == "IfcClassification" => {
                out.system = text(r, "Name");
                break;
            }
            Some(r) => at = r.follow("ReferencedSource"),
            None => break,
        }
    }
    out
}
