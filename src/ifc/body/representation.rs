//! Which representation of a product is its body, and the body in world coordinates.

use super::reader::Reader;
use super::shape::{Section, Shape};
use crate::geom::{Affine3, Box3, Point3, Region};
use crate::ifc::step::Record;
use std::sync::Arc;

/// The body of an element, placed.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    /// Where the element is.
    pub(crate) place: Affine3,
    /// Its shape, in its own coordinates.
    pub(crate) shape: Arc<Shape>,
    /// Box around it in the world.
    pub(crate) extent: Box3,
}

/// Kinds of representations that are solid, whatever they are called.
const SOLID_TYPES: [&str; 16] = [
    "SweptSolid",
    "AdvancedSweptSolid",
    "Clipping",
    "CSG",
    "Brep",
    "AdvancedBrep",
    "SolidModel",
    "Tessellation",
    "SurfaceModel",
    "MappedRepresentation",
    "FacetedBrep",
    "SectionedSpine",
    "Surface3D",
    "GeometricSet",
    "ManifoldSolidBrep",
    "SurfaceOrSolidModel",
];

impl Body {
    /// What a level plane cuts out of it.
    pub(crate) fn section(&self, z: f64) -> Section {
        if z < self.extent.min.z || z > self.extent.max.z {
            return Section::default();
        }
        self.shape.section(&self.place, z)
    }

    /// Seen from above; what is taken off it is not taken off here.
    pub(crate) fn projection(&self) -> Region {
        self.shape.projection(&self.place)
    }
}

/// What came of reading a product's body.
#[derive(Clone, Debug, Default)]
pub(crate) struct BodyRead {
    /// The body, if there is any.
    pub(crate) body: Option<Body>,
    /// What could not be read of it; the reason where there is none.
    pub(crate) missing: Vec<String>,
}

impl<'a> Reader<'a> {
    /// The body of a product at a place. A product without any representation has none and misses nothing.
    pub(crate) fn body(&self, product: &Record<'a>, place: &Affine3) -> BodyRead {
        let Some(definition) = product.follow("Representation") else { return BodyRead::default() };
        let mut ranked: Vec<(u8, Record<'a>)> =
            definition.follow_all("Representations").filter_map(|r| rank(&r).map(|rank| (rank, r))).collect();
        // stable: of equals the first counts
        ranked.sort_by_key(|(rank, _)| *rank);
        let mut missing = Vec::new();
        for (_, representation) in ranked {
            let shape = self.items(representation.follow_all("Items"), &mut Vec::new());
            missing.extend(shape.all_missing());
            if shape.is_empty() {
                continue;
            }
            let extent = shape.extent(place);
            let finite = [extent.min, extent.max].iter().all(|p: &Point3| p.is_finite());
            if extent.is_empty() || !finite {
                continue;
            }
            return BodyRead { body: Some(Body { place: *place, shape: Arc::new(shape), extent }), missing };
        }
        if missing.is_empty() && definition.follow_all("Representations").any(|r| rank(&r).is_some()) {
            missing.push("its body is empty".to_owned());
        }
        BodyRead { body: None, missing }
    }
}

/// How good a representation is as a body, 0 the best; `None` for axes, footprints and annotations.
fn rank(representation: &Record<'_>) -> Option<u8> {
    let text = |name: &str| representation.attribute(name).text().unwrap_or_default();
    let (identifier, kind) = (text("RepresentationIdentifier"), text("RepresentationType"));
    let solid = SOLID_TYPES.iter().any(|s| s.eq_ignore_ascii_case(&kind));
    match identifier.as_str() {
        "Body" => Some(0),
        "Facetation" | "Body-Fallback" => Some(1),
        "Axis" | "FootPrint" | "Annotation" | "Plan" | "Reference" | "Profile" | "Surface" | "Clearance"
        | "Lighting" | "CoG" | "SurveyPoints" => None,
        "Box" => Some(9),
        _ if kind == "BoundingBox" => Some(9),
        _ if solid => Some(2),
        _ => None,
    }
}
