//! Everything that a model holds, from one small house.

use super::house::{house, with};
use super::told;
use std::f64::consts::{FRAC_PI_2, PI};
use tumo::geom::{Point2, Point3};
use tumo::ifc::model::AxisCurve;
use tumo::ifc::{Kind, Model};

fn element<'a>(model: &'a Model, class: &str) -> &'a tumo::ifc::Element {
    model.elements.iter().find(|e| e.class == class).unwrap()
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

#[test]
fn project_site_building_storeys() {
    let (model, codes) = told(house());
    assert!(codes.is_empty(), "{codes:?}");
    let project = model.project.as_ref().unwrap();
    assert_eq!((project.name.as_deref(), project.long_name.as_deref()), (Some("住宅"), Some("House A")));
    assert_eq!((model.sites.len(), model.buildings.len()), (1, 1));
    assert_eq!(model.buildings[0].class, "IfcBuilding");
    assert_eq!(model.authoring_tool.as_deref(), Some("Planer 7"));
    assert_eq!(model.ownership.person.as_deref(), Some("Jane Doe"));
    assert_eq!(model.ownership.organization.as_deref(), Some("Bau GmbH"));
    assert_eq!(model.time_stamp.as_deref(), Some("2024-05-06T07:08:09"));
    let storeys: Vec<_> = model.storeys.iter().map(|s| (s.name.as_str(), s.elevation_m)).collect();
    assert_eq!(storeys, [("Ground", 0.5), ("Upper", 3.5)]);
    assert_eq!(model.storeys[1].declared_elevation_m, Some(3.0));
    assert_eq!(model.storeys[1].long_name.as_deref(), Some("First floor"));
    let place = model.georeference.as_ref().unwrap();
    assert_eq!(place.crs.as_deref(), Some("EPSG:28992"));
    assert!(close(place.easting_m.unwrap(), 100.0) && close(place.rotation.unwrap(), FRAC_PI_2));
    assert!(close(place.latitude.unwrap(), 52.51) && close(place.longitude.unwrap(), -4.25));
    assert!(close(place.true_north.unwrap(), FRAC_PI_2));
}

#[test]
fn elements_and_what_leads_to_them() {
    let (model, _) = told(house());
    let (wall, hole, door) = (
        element(&model, "IfcWallStandardCase"),
        element(&model, "IfcOpeningElement"),
        element(&model, "IfcDoor"),
    );
    let index = |e: &tumo::ifc::Element| model.element_index(e.step_id).unwrap();
    assert_eq!((wall.kind, hole.kind, door.kind), (Kind::Wall, Kind::Opening, Kind::Door));
    assert_eq!((door.host, hole.host), (Some(index(hole)), Some(index(wall))));
    assert_eq!(wall.openings, [index(hole)]);
    // the door is contained nowhere: it is where its wall is
    assert_eq!((wall.storey, hole.storey, door.storey), (Some(0), Some(0), Some(0)));
    assert_eq!((door.overall_width_m, door.overall_height_m), (Some(0.9), Some(2.1)));
    assert_eq!(door.operation.as_deref(), Some("SINGLE_SWING_LEFT"));
    assert_eq!(door.type_name.as_deref(), Some("M0921"));
    assert_eq!(door.predefined_type.as_deref(), Some("DOOR"));
    assert_eq!(door.marks, ["D-07", "M0921", "Door:M0921:345678", "345678"]);
    assert_eq!(wall.layers_m, [0.1, 0.14]);
    let space = element(&model, "IfcSpace");
    assert_eq!(space.stated_area, Some((20.25, "NetFloorArea".to_owned())));
    assert_eq!((space.storey, space.long_name.as_deref()), (Some(1), Some("Office")));
    let frame = door.placement.unwrap();
    // site at (1, 2, 0.5), x turned north; the wall 4 m along, the opening 4 m further
    assert!((frame.origin - Point3::new(1.0, 10.0, 0.5)).length() < 1e-12, "{frame:?}");
    assert!((frame.x - Point3::new(0.0, 1.0, 0.0)).length() < 1e-12);
}

#[test]
fn properties_materials_groups_classifications() {
    let (model, _) = told(house());
    let door = element(&model, "IfcDoor");
    let sets = model.property_sets(door.step_id);
    let told: Vec<_> = sets
        .iter()
        .flat_map(|s| s.properties.iter().map(|p| (s.name.as_ref(), p.name.as_ref(), p.of_type, p.text())))
        .collect();
    assert_eq!(
        told,
        [
            ("Pset_DoorCommon", "Mark", false, Some("D-07".to_owned())),
            ("Pset_DoorCommon", "FireRating", false, Some("EI30".to_owned())),
            ("Pset_DoorCommon", "IsExternal", true, Some("T".to_owned())),
            ("Lining", "LiningDepth", true, None),
        ]
    );
    let wall = model.material(element(&model, "IfcWallStandardCase").step_id).unwrap();
    let usage = wall.usage.unwrap();
    assert_eq!((wall.name.as_deref(), usage.positive, usage.offset_m), (Some("Cavity"), false, 0.12));
    assert_eq!(wall.parts[1].material.as_deref(), Some("Brick"));
    let space = element(&model, "IfcSpace");
    assert_eq!(model.groups[0].part.class, "IfcZone");
    assert_eq!(model.groups[0].members, [space.step_id]);
    let classified = &model.classifications(space.step_id)[0];
    assert_eq!(classified.system.as_deref(), Some("Uniclass"));
    assert_eq!(classified.code.as_deref(), Some("SL_20_15_59"));
    let record = model.step().unwrap().record(door.step_id).unwrap();
    assert_eq!(record.inverse("FillsVoids")[0].class(), "IfcRelFillsElement");
}

#[test]
fn grids_and_what_stands_on_them() {
    let (model, _) = told(house());
    let labels: Vec<_> = model.axes.iter().map(|a| (a.label.as_str(), a.storey)).collect();
    assert_eq!(labels, [("A", Some(0)), ("1", Some(0)), ("R", Some(0))]);
    // the site turns x to north
    let AxisCurve::Line { a, b } = model.axes[0].curve else { panic!() };
    assert!(a.distance(Point2::new(1.0, 2.0)) < 1e-9 && b.distance(Point2::new(1.0, 10.0)) < 1e-9);
    let AxisCurve::Line { a, b } = model.axes[1].curve else { panic!() };
    // SameSense is false: from its end to its start
    assert!(a.distance(Point2::new(-8.0, 8.0)) < 1e-9 && b.distance(Point2::new(2.0, 8.0)) < 1e-9);
    let AxisCurve::Arc(arc) = model.axes[2].curve else { panic!() };
    assert!(close(arc.radius, 5.0) && close(arc.start, FRAC_PI_2) && close(arc.sweep, PI / 2.0));
    // A moved 0.5 m to its left, where it meets 1, 0.25 m up
    let column = element(&model, "IfcColumn");
    let at = column.placement.unwrap().origin;
    assert!((at - Point3::new(0.5, 8.0, 0.75)).length() < 1e-9, "{at:?}");
    assert_eq!(column.storey, Some(1));
}

#[test]
fn units_of_all_kinds() {
    for (unit, width) in [
        ("#6=IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.);", 900.0),
        ("#6=IFCSIUNIT(*,.LENGTHUNIT.,.CENTI.,.METRE.);", 9.0),
        ("#6=IFCCONVERSIONBASEDUNIT(#10,.LENGTHUNIT.,'INCH',#200);", 900.0 * 0.0254),
    ] {
        let text = with(&[
            unit,
            "#200=IFCMEASUREWITHUNIT(IFCLENGTHMEASURE(2.54),#201);",
            "#201=IFCSIUNIT(*,.LENGTHUNIT.,.CENTI.,.METRE.);",
        ]);
        let (model, _) = told(text);
        assert!(close(element(&model, "IfcDoor").overall_width_m.unwrap(), width), "{unit}");
    }
    let (model, codes) = told(with(&["#12=IFCUNITASSIGNMENT((#7));"]));
    assert_eq!(model.units.length, 1.0);
    assert_eq!(codes, ["ifc-no-length-unit"]);
}

#[test]
fn storeys_that_only_say_their_elevation() {
    let (model, codes) = told(with(&["#30=IFCLOCALPLACEMENT(#26,#14);"]));
    assert_eq!(model.storeys.iter().map(|s| s.elevation_m).collect::<Vec<_>>(), [0.5, 3.5]);
    assert_eq!(codes, ["ifc-storey-elevation"]);
}

#[test]
fn older_and_newer_names_of_schemas() {
    for (schema, edition, code) in [
        ("IFC2X3", "IFC2X3", ""),
        ("IFC2X_FINAL", "IFC2X3", "step-schema"),
        ("ifc4", "IFC4", ""),
        ("IFC4X3_ADD1", "IFC4X3_ADD2", "step-schema"),
        ("IFC4X3_RC2", "IFC4X3_ADD2", "step-schema"),
        ("IFC4X3_ADD2", "IFC4X3_ADD2", ""),
    ] {
        let (model, codes) = told(house().replace("'IFC4'", &format!("'{schema}'")));
        assert_eq!(model.step().unwrap().schema().name, edition, "{schema}");
        assert_eq!(codes.contains(&"step-schema".to_owned()), !code.is_empty(), "{schema}");
        assert_eq!(element(&model, "IfcDoor").overall_width_m, Some(0.9), "{schema}");
    }
}

#[test]
fn marks_of_the_type_are_added_and_overridden_and_placeholders_are_none() {
    let (model, _) = told(with(&[
        "#61=IFCPROPERTYSINGLEVALUE('TagNumber',$,IFCLABEL('TagNumber'),$);",
        "#64=IFCPROPERTYSINGLEVALUE('Mark',$,IFCLABEL('of the type'),$);",
        "#66=IFCPROPERTYSINGLEVALUE('Type Mark',$,IFCLABEL('28'),$);",
    ]));
    let door = model.elements.iter().find(|e| e.step_id == 48).unwrap();
    assert_eq!(door.marks[..2], ["D-07", "28"]);
    assert!(!door.marks.iter().any(|m| m == "TagNumber" || m == "of the type"), "{:?}", door.marks);
}
