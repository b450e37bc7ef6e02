//! The writers for machines and spreadsheets, on reports made by hand.

use super::{demo, own_seconds, script};
use tumo::Report;
use tumo::report::lines::Lines;
use tumo::report::{csv, github, junit, sarif};
use tumo::wording::{Language, Text};

/// Names that do harm where they are taken for markup, a formula, a command, a link or a direction of writing.
const HOSTILE: [&str; 6] = [
    "<script>alert(1)</script>]]>&amp;\"'",
    "=HYPERLINK(\"http://x\",\"y\")",
    "\u{202e}gnp.exe\u{2066}",
    "a\0b\u{b}c\u{1b}[2J\u{ffff}d",
    "x\n::error::stop\r\n::set-output name=a::b",
    "[click](javascript:alert(1))",
];

/// A report whose every name is hostile, one of them a million characters long.
pub(crate) fn hostile() -> Report {
    let mut report = demo::report(24, 100);
    let long = "+长".repeat(500_000);
    for (n, finding) in report.findings.iter_mut().enumerate() {
        let name = if n == 7 { long.as_str() } else { HOSTILE[n % HOSTILE.len()] };
        finding.message = Text::same(name);
        finding.fix = Text::same(name);
        finding.class = name.into();
        finding.mark = Some(name.into());
        finding.axis = Some(name.into());
        finding.measured = Some(tumo::finding::Value::Text(name.into()));
        for element in &mut finding.elements {
            (element.name, element.tag) = (Some(name.into()), Some(name.into()));
            element.guid = name.into();
        }
        for drawn in &mut finding.drawn {
            (drawn.drawing, drawn.handle) = (name.into(), Some(name.into()));
        }
        if let Some(storey) = &mut finding.storey {
            storey.name = name.into();
        }
    }
    for plan in &mut report.plans {
        plan.title = Some(HOSTILE[0].into());
        plan.drawing = HOSTILE[1].into();
    }
    for overlay in &mut report.overlays {
        (overlay.title, overlay.drawing) = (Some(HOSTILE[2].into()), long.clone());
        overlay.storey = report.findings.first().and_then(|f| f.storey.clone());
        overlay.storey.iter_mut().for_each(|s| s.name = HOSTILE[3].into());
        overlay.labels.iter_mut().for_each(|label| label.0 = HOSTILE[0].into());
    }
    for input in &mut report.inputs {
        input.name = HOSTILE[4].into();
    }
    let notice = |name: &str| tumo::Notice::new(name, tumo::place::Place::file(name), name);
    let names = HOSTILE.iter().copied().chain([long.as_str()]);
    report.notices = names.map(|name| tumo::report::notices::told(&notice(name))).collect();
    report
}

/// Neither a control character nor one that turns the direction of writing.
pub(crate) fn is_tame(text: &str) -> bool {
    !text.chars().any(|c| {
        (c.is_control() && !matches!(c, '\n' | '\r'))
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}')
    })
}

/// Records of a CSV text, read by the rules of RFC 4180.
fn records(text: &str) -> Vec<Vec<String>> {
    let mut out = vec![vec![String::new()]];
    let mut quoted = false;
    let mut chars = text.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(c) = chars.next() {
        let record = out.last_mut().unwrap();
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                record.last_mut().unwrap().push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => record.push(String::new()),
            '\n' if !quoted => out.push(vec![String::new()]),
            '\r' if !quoted => {}
            c => record.last_mut().unwrap().push(c),
        }
    }
    out.pop();
    out
}

#[test]
fn csv_has_a_row_per_finding_and_computes_nothing() {
    for (report, language) in [(demo::report(40, 100), Language::En), (hostile(), Language::Zh)] {
        let text = csv::write(&report, language);
        assert!(text.starts_with('\u{feff}') && is_tame(&text) && text.len() < 400_000);
        let records = records(&text);
        assert_eq!(records.len(), report.findings.len() + 1);
        for (record, finding) in records.iter().skip(1).zip(&report.findings) {
            assert_eq!(record.len(), 21);
            assert_eq!(record[20], finding.id);
            for field in record {
                assert!(!field.starts_with(['=', '+', '-', '@']), "{field}");
            }
        }
    }
}

#[test]
fn csv_puts_model_and_drawing_in_their_columns() {
    let records = records(&csv::write(&demo::report(4, 100), Language::En));
    let column = |name: &str| records[0].iter().position(|f| f == name).unwrap();
    assert_eq!(records[2][column("Model value")], "1500");
    assert_eq!(records[2][column("Drawing value")], "1740");
    assert_eq!(records[2][column("Required or limit")], "30");
    assert_eq!(records[4][column("Severity")], "undecided");
}

/// Elements of an XML text with their attributes, and the text in between; well-formed or a failure.
pub(crate) fn xml(text: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut out = Vec::new();
    loop {
        match reader.read_event().expect("well-formed") {
            quick_xml::events::Event::Eof => return out,
            quick_xml::events::Event::Start(e) | quick_xml::events::Event::Empty(e) => {
                let attributes = e.attributes().map(|a| {
                    let a = a.expect("attribute");
                    let value =
                        a.normalized_value(quick_xml::XmlVersion::Explicit1_0).expect("value").into_owned();
                    (a.key.as_ref().to_owned(), value)
                });
                let attributes = attributes.collect();
                out.push((e.name().as_ref().to_owned(), attributes));
            }
            _ => {}
        }
    }
}

#[test]
fn junit_counts_what_it_lists() {
    for report in [demo::report(40, 100), hostile()] {
        let text = junit::write(&report, Language::En);
        assert!(is_tame(&text) && text.len() < 400_000, "{}", text.len());
        let elements = xml(&text);
        let count = |name: &str| elements.iter().filter(|(n, _)| n == name).count();
        let attribute = |name: &str| -> usize {
            let root = &elements[0].1;
            root.iter().find(|(k, _)| k == name).unwrap().1.parse().unwrap()
        };
        assert_eq!(elements[0].0, "testsuites");
        assert_eq!(count("testcase"), attribute("tests"));
        assert_eq!(count("failure"), attribute("failures"));
        assert_eq!(count("skipped"), attribute("skipped"));
        assert!(count("failure") > 0 && count("skipped") > 0);
    }
    let suites = xml(&junit::write(&demo::report(0, 0), Language::Zh));
    assert_eq!(suites.iter().filter(|(n, _)| n == "failure").count(), 0);
    assert_eq!(suites.iter().filter(|(n, _)| n == "testcase").count(), 4, "what passed is told");
}

#[test]
fn annotations_are_commands_and_no_more_than_a_step_shows() {
    for report in [demo::report(3, 100), demo::report(900, 100), hostile()] {
        let text = github::write(&report, &Lines::default(), Language::En);
        assert!(is_tame(&text));
        for line in text.lines() {
            let kind = line.split([' ', ':']).nth(2).unwrap();
            assert!(["error", "warning", "notice"].contains(&kind), "{line}");
            let (_, message) = line[2..].split_once("::").unwrap();
            assert!(!message.is_empty());
        }
        for kind in ["::error ", "::warning ", "::notice "] {
            assert!(text.lines().filter(|l| l.starts_with(kind)).count() <= 10);
        }
    }
    let few = github::write(&demo::report(3, 100), &Lines::default(), Language::En);
    assert_eq!(few.lines().count(), 3);
    assert!(few.contains("file=一层平面图.dxf"));
}

fn results(report: &Report) -> Vec<serde_json::Value> {
    let text = sarif::write(report, &Lines::default(), Language::En);
    assert!(is_tame(&text));
    let log: serde_json::Value = serde_json::from_str(&text).unwrap();
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap().clone();
    let results = run["results"].as_array().unwrap().clone();
    for result in &results {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(!result["message"]["text"].as_str().unwrap().contains("]("), "a link of a stranger's");
        let open = result["kind"] == "open";
        assert_eq!(open, result["level"] == "none");
        let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
        assert!(uri.is_ascii() && !uri.contains([':', ' ']) && !uri.starts_with('/'), "{uri}");
    }
    results
}

#[test]
fn sarif_groups_what_code_hosts_would_cut() {
    assert_eq!(results(&hostile()).len(), 24);
    assert_eq!(results(&demo::report(5_000, 10)).len(), 5_000);
    let many = results(&demo::report(12_000, 10));
    assert!(many.len() <= 5_000);
    let told: u64 = many.iter().map(|r| r["properties"]["count"].as_u64().unwrap_or(1)).sum();
    assert_eq!(told, 12_000, "nothing is lost");
    let levels: Vec<&str> = many.iter().map(|r| r["level"].as_str().unwrap()).collect();
    assert!(levels[..4_000].iter().all(|l| *l == "error"), "the worst come first");
}

/// Held against the published schema where `TUMO_SARIF_SCHEMA` names it; what code hosts ask beyond it is tried above.
#[test]
fn sarif_is_valid_by_its_schema() {
    let Some(schema) = std::env::var_os("TUMO_SARIF_SCHEMA") else {
        println!("SKIPPED: TUMO_SARIF_SCHEMA names no sarif-schema-2.1.0.json");
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let reports = [demo::report(0, 0), demo::report(40, 10), demo::report(12_000, 10), hostile()];
    let files = reports.iter().enumerate().map(|(n, report)| {
        let file = folder.path().join(format!("{n}.sarif"));
        std::fs::write(&file, sarif::write(report, &Lines::default(), Language::Zh)).expect("written");
        file.into_os_string()
    });
    script::python("formats/sarif.py", std::iter::once(schema).chain(files));
}

#[test]
fn lines_of_the_model_reach_the_annotations() {
    let guid = "2P_YkR73nI4uCDomyA3N00";
    let ifc = format!(
        "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME('','',(''),(''),'','','');\n\
         FILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\n#1=IFCCARTESIANPOINT((0.,0.,0.));\n\
         #4711=IFCDOOR('{guid}',$,'D',$,$,$,$,$,2.1,0.9,$,$,$);\nENDSEC;\nEND-ISO-10303-21;\n"
    );
    let bytes = tumo::bytes::bytes(ifc.into_bytes());
    let model = tumo::ifc::read("OfficeA.ifc", &bytes).expect("read").value;
    let report = demo::report(1, 10);
    let lines = Lines::of(&report, &[model]);
    assert_eq!(lines.get(&report.findings[0].elements[0]).expect("line").line, 9);
    let text = github::write(&report, &lines, Language::En);
    assert!(text.contains("file=OfficeA.ifc,line=9,"), "{text}");
}

#[test]
fn ten_thousand_findings_are_written_in_no_time() {
    let report = demo::report(10_000, 1_000);
    let begun = own_seconds();
    csv::write(&report, Language::En);
    junit::write(&report, Language::En);
    github::write(&report, &Lines::default(), Language::En);
    sarif::write(&report, &Lines::default(), Language::En);
    let took = own_seconds() - begun;
    println!("{took:.2} s");
    // two seconds for all formats in release; the tests run on a build that is hardly optimised
    assert!(took < 10.0, "{took} s");
}
