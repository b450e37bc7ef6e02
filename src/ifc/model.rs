//! The types that everyone else reads. Metres and radians, world coordinates, exact IFC names.

use super::material::{self, Classification, Material};
use super::project::{GeoReference, Ownership};
use super::property::{self, PropertySet};
use super::step::StepFile;
use super::units::Units;
use crate::geom::{Affine3, Arc2, Point2};

/// An element of one of the models of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ElementRef {
    /// Which model.
    pub model: u32,
    /// Which of its `elements`.
    pub index: u32,
}

/// A storey of one of the models of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StoreyRef {
    /// Which model.
    pub model: u32,
    /// Which of its `storeys`.
    pub index: u32,
}

/// A building model as read.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// File name as given.
    pub file: String,
    /// Schema as the header names it, such as `IFC4`.
    pub schema: String,
    /// The tool that wrote the file, as it names itself.
    pub authoring_tool: Option<String>,
    /// Time stamp of the header, as written.
    pub time_stamp: Option<String>,
    /// Units of the file, as factors to SI.
    pub units: Units,
    /// IfcProject (or the first of several).
    pub project: Option<Part>,
    /// IfcSites.
    pub sites: Vec<Part>,
    /// IfcBuildings, and in IFC4X3 other facilities.
    pub buildings: Vec<Part>,
    /// Who made the model and with what.
    pub ownership: Ownership,
    /// Where on earth it stands, where the model says so.
    pub georeference: Option<GeoReference>,
    /// IfcZones, IfcSystems and other IfcGroups, by rising STEP number.
    pub groups: Vec<Group>,
    /// Storeys, by rising elevation.
    pub storeys: Vec<Storey>,
    /// Every IfcElement and IfcSpace (openings included), by rising STEP number.
    pub elements: Vec<Element>,
    /// Axes of all IfcGrids, in world coordinates.
    pub axes: Vec<GridAxis>,
    /// The file itself, to ask for anything that the model does not hold. None for a model that was not read.
    pub step: Option<StepFile>,
}

/// A project, site or building.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// STEP record number.
    pub step_id: u32,
    /// GlobalId.
    pub guid: String,
    /// Exact class.
    pub class: &'static str,
    /// Name.
    pub name: Option<String>,
    /// LongName.
    pub long_name: Option<String>,
    /// Description.
    pub description: Option<String>,
}

/// An IfcGroup: a zone of spaces, a system of distribution elements, or any other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// The group itself.
    pub part: Part,
    /// STEP record numbers of its members, rising.
    pub members: Vec<u32>,
}

/// An IfcBuildingStorey.
#[derive(Clone, Debug, Default)]
pub struct Storey {
    /// STEP record number.
    pub step_id: u32,
    /// GlobalId.
    pub guid: String,
    /// Name; empty when it has none.
    pub name: String,
    /// LongName.
    pub long_name: Option<String>,
    /// World z of its placement.
    pub elevation_m: f64,
    /// Its Elevation attribute, in metres.
    pub declared_elevation_m: Option<f64>,
}

/// What an element is to a plan. Subtypes and StandardCases are folded in; `class` keeps the exact name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// IfcWall and its subtypes.
    Wall,
    /// IfcCurtainWall.
    CurtainWall,
    /// IfcColumn.
    Column,
    /// IfcBeam.
    Beam,
    /// IfcSlab.
    Slab,
    /// IfcDoor.
    Door,
    /// IfcWindow.
    Window,
    /// IfcOpeningElement.
    Opening,
    /// IfcSpace.
    Space,
    /// IfcStair.
    Stair,
    /// IfcStairFlight.
    StairFlight,
    /// IfcRamp, IfcRampFlight.
    Ramp,
    /// IfcRailing.
    Railing,
    /// IfcRoof.
    Roof,
    /// IfcCovering.
    Covering,
    /// IfcPlate.
    Plate,
    /// IfcMember.
    Member,
    /// IfcFooting, IfcPile.
    Foundation,
    /// IfcFurnishingElement and its subtypes.
    Furniture,
    /// IfcDistributionElement and its subtypes.
    Distribution,
    /// IfcTransportElement.
    Transport,
    /// IfcBuildingElementProxy.
    Proxy,
    /// Any other IfcElement.
    #[default]
    Other,
}

/// An IfcElement or IfcSpace.
#[derive(Clone, Debug, Default)]
pub struct Element {
    /// STEP record number.
    pub step_id: u32,
    /// GlobalId.
    pub guid: String,
    /// Exact class, such as `IfcWallStandardCase`.
    pub class: &'static str,
    /// What it is to a plan.
    pub kind: Kind,
    /// Name.
    pub name: Option<String>,
    /// LongName (IfcSpace).
    pub long_name: Option<String>,
    /// Tag.
    pub tag: Option<String>,
    /// ObjectType.
    pub object_type: Option<String>,
    /// Name of its type object.
    pub type_name: Option<String>,
    /// PredefinedType, of the occurrence or else of the type.
    pub predefined_type: Option<String>,
    /// Storey that contains it, directly or through what it is part of, fills or voids.
    pub storey: Option<u32>,
    /// The element that it is a part of (IfcRelAggregates), as an index into `Model::elements`.
    pub whole: Option<u32>,
    /// For a door or window the IfcOpeningElement it fills; for an opening the element it voids.
    pub host: Option<u32>,
    /// Openings that void it.
    pub openings: Vec<u32>,
    /// Its ObjectPlacement, down to world coordinates.
    pub placement: Option<Affine3>,
    /// OverallWidth of a door or window, metres.
    pub overall_width_m: Option<f64>,
    /// OverallHeight of a door or window, metres.
    pub overall_height_m: Option<f64>,
    /// OperationType (door) or PartitioningType (window), of the occurrence, its type or its style.
    pub operation: Option<String>,
    /// Names of its marks, best first: Tag, a `Mark`/`Reference` property, Name, type name.
    pub marks: Vec<String>,
    /// Net floor area of a space as its quantities or properties state it, m², with the name it was found under.
    pub stated_area: Option<(f64, String)>,
    /// Thicknesses of the material layers in their order, metres, if it has a layer set.
    pub layers_m: Vec<f64>,
}

/// One IfcGridAxis in world coordinates.
#[derive(Clone, Debug)]
pub struct GridAxis {
    /// STEP record number.
    pub step_id: u32,
    /// GlobalId of the IfcGrid (axes have none).
    pub grid_guid: String,
    /// AxisTag.
    pub label: String,
    /// The axis line.
    pub curve: AxisCurve,
    /// Storey that the grid belongs to, where it belongs to one.
    pub storey: Option<u32>,
}

/// The line of an axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum AxisCurve {
    /// Straight, between its ends.
    Line {
        /// Start.
        a: Point2,
        /// End.
        b: Point2,
    },
    /// Circular.
    Arc(Arc2),
}

impl Model {
    /// The file that the model was read from.
    pub fn step(&self) -> Option<&StepFile> {
        self.step.as_ref()
    }

    /// An element's class is that, or a subtype of it.
    pub fn is_a(&self, element: &Element, class: &str) -> bool {
        let schema = self.step().map(StepFile::schema);
        element.class == class
            || schema.is_some_and(|s| s.entity(element.class).is_some_and(|entity| s.is_named(entity, class)))
    }

    /// An element by reference; the reference must be of this model.
    pub fn element(&self, index: u32) -> Option<&Element> {
        self.elements.get(index as usize)
    }

    /// Place of an element in `elements`, by its STEP record number.
    pub fn element_index(&self, step_id: u32) -> Option<u32> {
        self.elements.binary_search_by_key(&step_id, |e| e.step_id).ok().map(|i| i as u32)
    }

    /// Property sets and quantities of any object by its STEP record number, those of its type with it.
    pub fn property_sets(&self, step_id: u32) -> Vec<PropertySet<'_>> {
        self.step.as_ref().map(|f| property::property_sets(f, step_id)).unwrap_or_default()
    }

    /// What an object is made of, by its STEP record number.
    pub fn material(&self, step_id: u32) -> Option<Material> {
        material::material(self.step.as_ref()?, step_id, &self.units)
    }

    /// Classifications of an object by its STEP record number, then those of its type.
    pub fn classifications(&self, step_id: u32) -> Vec<Classification> {
        self.step.as_ref().map(|f| material::classifications(f, step_id)).unwrap_or_default()
    }
}
