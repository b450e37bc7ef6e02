//! What is said of the whole: who wrote the file, and where on earth the building stands.

use super::property;
use super::spatial::text;
use super::step::{Record, StepFile, Value};
use super::units::{self, Units};

/// Who made the model and with what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ownership {
    /// Person, family name last.
    pub person: Option<String>,
    /// Organisation of that person.
    pub organization: Option<String>,
    /// Full name of the application.
    pub application: Option<String>,
    /// Version of the application.
    pub version: Option<String>,
}

/// Where on earth the model's world origin lies.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GeoReference {
    /// Name of the projected coordinate reference system, such as `EPSG:28992`.
    pub crs: Option<String>,
    /// Easting of the origin, metres.
    pub easting_m: Option<f64>,
    /// Northing of the origin, metres.
    pub northing_m: Option<f64>,
    /// Height of the origin, metres.
    pub height_m: Option<f64>,
    /// Turn from the model's x to easting, radians, counter-clockwise.
    pub rotation: Option<f64>,
    /// Factor from model lengths to map lengths.
    pub scale: Option<f64>,
    /// Latitude of the site, degrees, north positive.
    pub latitude: Option<f64>,
    /// Longitude of the site, degrees, east positive.
    pub longitude: Option<f64>,
    /// Height of the site, metres.
    pub site_elevation_m: Option<f64>,
    /// Direction of true north in the model, as the angle from +x, radians.
    pub true_north: Option<f64>,
}

/// Ownership by the project's owner history, or the first one of the file.
pub(super) fn ownership(file: &StepFile) -> Ownership {
    let history = file
        .records_of("IfcProject")
        .find_map(|p| p.follow("OwnerHistory"))
        .or_else(|| file.records_of("IfcOwnerHistory").next());
    let application = history
        .and_then(|h| h.follow("OwningApplication"))
        .or_else(|| file.records_of("IfcApplication").next());
    let user = history.and_then(|h| h.follow("OwningUser"));
    let person = user.and_then(|u| u.follow("ThePerson")).and_then(|p| {
        let names = [text(p, "GivenName"), text(p, "FamilyName")];
        let name = names.into_iter().flatten().collect::<Vec<_>>().join(" ");
        if name.is_empty() { text(p, "Identification").or_else(|| text(p, "Id")) } else { Some(name) }
    });
    Ownership {
        person,
        organization: user.and_then(|u| u.follow("TheOrganization")).and_then(|o| text(o, "Name")),
        application: application.and_then(|a| text(a, "ApplicationFullName")),
        version: application.and_then(|a| text(a, "Version")),
    }
}

/// Georeferencing from IfcMapConversion or its property sets of IFC2X3, and the site's position; nothing where the model
/// has neither.
pub(super) fn georeference(file: &StepFile, units: &Units) -> Option<GeoReference> {
    let mut out = GeoReference::default();
    match file.records_of("IfcMapConversion").next() {
        Some(record) => conversion(record, units, &mut out),
        None => from_property_sets(file, &mut out),
    }
    if let Some(site) = file.records_of("IfcSite").next() {
        out.latitude = degrees(site.attribute("RefLatitude"));
        out.longitude = degrees(site.attribute("RefLongitude"));
        out.site_elevation_m = site.attribute("RefElevation").real().map(|e| e * units.length);
    }
    out.true_north = file
        .records_of("IfcGeometricRepresentationContext")
        .find_map(|c| c.follow("TrueNorth"))
        .and_then(super::placement::direction)
        .map(|d| d.xy().angle());
    (out != GeoReference::default()).then_some(out)
}

fn conversion(record: Record<'_>, units: &Units, out: &mut GeoReference) {
    let crs = record.follow("TargetCRS");
    out.crs = crs.and_then(|c| text(c, "Name"));
    // map coordinates are in the CRS's own unit where it names one
    let unit = crs.and_then(|c| c.follow("MapUnit")).and_then(units::factor).unwrap_or(units.length);
    let length = |name: &str| record.attribute(name).real().map(|x| x * unit);
    out.easting_m = length("Eastings");
    out.northing_m = length("Northings");
    out.height_m = length("OrthogonalHeight");
    out.scale = record.attribute("Scale").real();
    out.rotation = turn(record.attribute("XAxisAbscissa").real(), record.attribute("XAxisOrdinate").real());
}

fn turn(abscissa: Option<f64>, ordinate: Option<f64>) -> Option<f64> {
    let (x, y) = (abscissa?, ordinate?);
    (x != 0.0 || y != 0.0).then(|| y.atan2(x))
}

/// ePset_MapConversion and ePset_ProjectedCRS of the site or project (buildingSMART, User Guide for Geo-referencing in IFC,
/// 3.4).
fn from_property_sets(file: &StepFile, out: &mut GeoReference) {
    for record in file.records_of("IfcSite").chain(file.records_of("IfcProject")) {
        for set in property::property_sets(file, record.id) {
            let find = |name: &str| set.properties.iter().find(|p| p.name == name);
            let real = |name: &str| find(name).and_then(|p| p.value().real());
            if set.name.eq_ignore_ascii_case("ePset_MapConversion") {
                out.easting_m = real("Eastings");
                out.northing_m = real("Northings");
                out.height_m = real("OrthogonalHeight");
                out.scale = real("Scale");
                out.rotation = turn(real("XAxisAbscissa"), real("XAxisOrdinate"));
            } else if set.name.eq_ignore_ascii_case("ePset_ProjectedCRS") {
                out.crs = find("Name").and_then(property::Property::text);
            }
        }
    }
}

/// IfcCompoundPlaneAngleMeasure: degrees, minutes, seconds, millionths of a second, all of one sign.
fn degrees(value: Value<'_>) -> Option<f64> {
    let parts: Vec<f64> = value.reals().take(4).collect();
    let sum: f64 = parts.iter().zip([1.0, 60.0, 3600.0, 3.6e9]).map(|(p, d)| p / d).sum();
    (!parts.is_empty()).then_some(sum)
}
