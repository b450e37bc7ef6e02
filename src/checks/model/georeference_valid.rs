//! What is said about the place on earth must hold together: codes that exist, a datum of heights that has heights, one
//! coordinate operation for all contexts, a scale that turns the project's unit into the map's, a plausible place.

use super::{Check, Facts, Findings, Rule, Text, Verdict};
use crate::ifc::Model;
use crate::ifc::step::{Record, StepFile};
use crate::ifc::units;
use crate::rulebook::data_file;
use std::ops::RangeInclusive;
use std::sync::OnceLock;

/// See the file's head.
pub(in crate::checks) const CHECK: Check = Check {
    name: "georeference_valid",
    summary: "Does what is said about the place on earth hold together?",
    run,
};

/// Scales may differ by this share: the factors of feet are written with so many digits.
const SCALE: f64 = 1e-6;

/// What is asked, with the key that rules name it by.
type Question = (&'static str, fn(&Rule, &Model, &StepFile, &mut Findings));

const QUESTIONS: [Question; 6] = [
    ("named", named),
    ("code", codes),
    ("vertical", vertical),
    ("operations", operations),
    ("scale", scale),
    ("place", place),
];

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let asked = rule.names("ask");
    for model in facts.models {
        let Some(step) = model.step().filter(|s| s.schema().name != "IFC2X3") else {
            findings.not_applicable(rule, 1);
            continue;
        };
        for (_, ask) in QUESTIONS.iter().filter(|(name, _)| asked.contains(name)) {
            ask(rule, model, step, findings);
        }
    }
}

fn say(rule: &Rule, model: &Model, case: &str, of: &str, value: &str, findings: &mut Findings) {
    let values = [("file", Text::same(&model.file)), ("value", Text::same(value)), ("of", Text::same(of))];
    let finding = findings.say(rule, Verdict::Fail, "IfcCoordinateReferenceSystem", case, &values);
    finding.mark = Some(format!("{} {case} {of}", model.file));
}

/// Codes of the EPSG data set, by what they are of.
fn known(of: &str) -> &'static [RangeInclusive<u32>] {
    static CODES: OnceLock<Vec<(String, Vec<RangeInclusive<u32>>)>> = OnceLock::new();
    let all = CODES.get_or_init(|| {
        let text = data_file("ifc/epsg.txt").unwrap_or_default();
        let line = |l: &str| {
            let (name, codes) = l.split_once('=')?;
            let range = |c: &str| {
                let (from, to) = c.split_once('-').unwrap_or((c, c));
                Some(from.parse().ok()?..=to.parse().ok()?)
            };
            Some((name.to_owned(), codes.split(',').filter_map(range).collect()))
        };
        text.lines().filter(|l| !l.starts_with('#')).filter_map(line).collect()
    });
    all.iter().find(|(name, _)| name == of).map_or(&[], |(_, codes)| codes)
}

/// Whether `EPSG:n` names something of that kind.
fn is_known(of: &str, code: &str) -> bool {
    let number = code.strip_prefix("EPSG:").and_then(|n| n.trim().parse::<u32>().ok());
    number.is_some_and(|n| known(of).iter().any(|r| r.contains(&n)))
}

fn codes(rule: &Rule, model: &Model, step: &StepFile, findings: &mut Findings) {
    for crs in step.records_of("IfcCoordinateReferenceSystem") {
        for attribute in ["Name", "GeodeticDatum", "VerticalDatum"] {
            let Some(code) = crs.attribute(attribute).text().filter(|c| c.starts_with("EPSG:")) else {
                continue;
            };
            if is_known("crs", &code) || (attribute == "GeodeticDatum" && is_known("datum", &code)) {
                findings.passed(rule, 1);
            } else {
                say(rule, model, "unknown-code", attribute, &code, findings);
            }
        }
    }
}

/// A coordinate system bears its code as its name, or says that it is described in words.
fn named(rule: &Rule, model: &Model, step: &StepFile, findings: &mut Findings) {
    for crs in step.records_of("IfcCoordinateReferenceSystem") {
        let name = crs.attribute("Name").text().unwrap_or_default();
        if is_known("crs", &name) || name == "WKT" {
            findings.passed(rule, 1);
        } else {
            say(rule, model, "unnamed", "Name", &name, findings);
        }
    }
}

fn vertical(rule: &Rule, model: &Model, step: &StepFile, findings: &mut Findings) {
    for crs in step.records_of("IfcProjectedCRS") {
        let Some(code) = crs.attribute("VerticalDatum").text().filter(|c| is_known("crs", c)) else {
            continue;
        };
        if is_known("vertical", &code) {
            findings.passed(rule, 1);
        } else {
            say(rule, model, "no-height", "VerticalDatum", &code, findings);
        }
    }
}

/// All contexts of the project share one coordinate operation, or have none.
fn operations(rule: &Rule, model: &Model, step: &StepFile, findings: &mut Findings) {
    let contexts = step.ids_of("IfcGeometricRepresentationContext");
    let said = |context: &u32| -> String {
        let record = step.record(*context);
        let operations = record.map(|r| r.inverse("HasCoordinateOperation")).unwrap_or_default();
        operations.iter().map(written).collect()
    };
    let all: Vec<String> = contexts.iter().map(said).collect();
    if all.len() < 2 || all.iter().all(String::is_empty) {
        findings.not_applicable(rule, 1);
    } else if all.windows(2).all(|pair| pair.first() == pair.last()) {
        findings.passed(rule, 1);
    } else {
        say(rule, model, "operations-differ", "IfcCoordinateOperation", "", findings);
    }
}

/// An operation but for its source.
fn written(record: &Record<'_>) -> String {
    let values = record.args().skip(1).map(|v| format!("{v:?};"));
    record.class().to_owned() + &values.collect::<String>()
}

fn scale(rule: &Rule, model: &Model, step: &StepFile, findings: &mut Findings) {
    for conversion in step.records_of("IfcMapConversion") {
        let crs = conversion.follow("TargetCRS");
        let unit = crs.and_then(|c| c.follow("MapUnit"));
        // without a unit of its own a projected system is in metres
        let Some(map) = unit.map_or(Some(1.0), units::factor).filter(|f| *f > 0.0) else { continue };
        let expected = model.units.length / map;
        let written = conversion.attribute("Scale").real();
        let off = (written.unwrap_or(1.0) / expected - 1.0).abs();
        if off <= SCALE {
            findings.passed(rule, 1);
            continue;
        }
        let value = written.map_or_else(|| "–".to_owned(), |s| s.to_string());
        say(rule, model, "scale", &format!("{expected}"), &value, findings);
    }
}

/// Latitude and longitude are on earth, and not where nobody builds: 0, 0 is what an unset form writes.
fn place(rule: &Rule, model: &Model, _: &StepFile, findings: &mut Findings) {
    let Some((latitude, longitude)) =
        model.georeference.as_ref().and_then(|g| Some((g.latitude?, g.longitude?)))
    else {
        return;
    };
    let bound = |name: &str, otherwise: f64| rule.number(name).unwrap_or(otherwise);
    let inside = (bound("south", -90.0)..=bound("north", 90.0)).contains(&latitude)
        && (bound("west", -180.0)..=bound("east", 180.0)).contains(&longitude);
    let unset = latitude.abs() < 1e-3 && longitude.abs() < 1e-3;
    if inside && !unset {
        findings.passed(rule, 1);
    } else {
        say(rule, model, "place", "IfcSite", &format!("{latitude:.4}°, {longitude:.4}°"), findings);
    }
}

#[cfg(test)]
mod tests {
    use super::is_known;

    #[test]
    fn codes_are_known_by_kind() {
        assert!(is_known("crs", "EPSG:4547"), "CGCS2000 / 3-degree Gauss-Kruger CM 114E");
        assert!(!is_known("crs", "EPSG:1234") && !is_known("crs", "EPSG:12x") && !is_known("crs", "4547"));
        assert!(is_known("vertical", "EPSG:5737"), "Yellow Sea 1985");
        assert!(!is_known("vertical", "EPSG:4326"));
    }
}
