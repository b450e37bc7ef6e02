//! BCF: written, read back, and the published cases of both versions read.

use super::{demo, formats, script};
use tumo::Report;
use tumo::report::bcf::{self, Lens, Options, Shot, Version};
use tumo::report::reply;
use tumo::wording::Language;

const VERSIONS: [Version; 2] = [Version::V2_1, Version::V3_0];

fn options(version: Version) -> Options<'static> {
    Options { version, language: Language::En, created: "2024-05-01T12:00:00Z", author: "tumo" }
}

/// Bytes that tell what was asked for; what pictures look like is tried elsewhere.
fn photographer(shot: &Shot<'_>) -> Option<Vec<u8>> {
    Some(format!("{:?} {}", shot.overlay, shot.finding.is_some()).into_bytes())
}

fn document(report: &Report, version: Version) -> bcf::Bcf {
    let bytes = bcf::write(report, &options(version), &photographer).expect("written");
    let read = bcf::read("out.bcf", &bytes).expect("read");
    assert!(read.notices.is_empty(), "{:?}", read.notices);
    read.value
}

#[test]
fn what_is_written_reads_back_and_is_the_same_every_time() {
    for version in VERSIONS {
        for report in [demo::report(40, 100), demo::report(0, 0), formats::hostile()] {
            let bytes = bcf::write(&report, &options(version), &photographer).expect("written");
            assert!(bytes == bcf::write(&report, &options(version), &photographer).expect("written"));
            let read = bcf::read("out.bcf", &bytes).expect("read").value;
            assert_eq!(read.version, version);
            assert!(read == bcf::document(&report, &options(version), &photographer));
            assert!(read.write().expect("written") == bytes);
        }
    }
}

#[test]
fn topics_group_what_belongs_together_and_lose_nothing() {
    let report = demo::report(300, 100);
    for version in VERSIONS {
        let topics = document(&report, version).topics();
        let lines = |t: &bcf::Topic| t.description.lines().filter(|l| l.starts_with("Ifc")).count();
        assert_eq!(topics.iter().map(lines).sum::<usize>(), 300);
        assert!(topics.len() < 20 && topics.iter().all(|t| lines(t) <= 50), "{}", topics.len());
        for topic in &topics {
            assert_eq!(topic.viewpoints.len(), 2);
            assert!(topic.viewpoints.iter().all(|v| v.snapshot.is_some() && !v.selected.is_empty()));
            assert_eq!(topic.status, "Open");
            assert_eq!(topic.created, "2024-05-01T12:00:00Z");
        }
    }
}

#[test]
fn a_lone_finding_says_in_its_title_what_and_which() {
    let topics = document(&demo::report(1, 10), Version::V2_1).topics();
    assert_eq!(
        topics[0].title,
        "IfcDoor – Basic Wall:Interior - 200 · M0921 – door M0921-0 is drawn and not modelled – 2P_YkR73nI4uCDomyA3N00"
    );
}

#[test]
fn guids_stay_when_findings_come_and_go() {
    let guids = |n| -> Vec<String> {
        let mut report = demo::report(n, 10);
        report.findings.iter_mut().for_each(|f| f.parent = None);
        document(&report, Version::V2_1).topics().into_iter().map(|t| t.guid).collect()
    };
    assert_eq!(guids(16), guids(24));
}

#[test]
fn cameras_stand_in_world_metres_and_look_at_the_finding() {
    let mut report = demo::report(1, 10);
    report.findings[0].point_m = Some([433_512.25, 2_512_077.5, 3.0]);
    for version in VERSIONS {
        let topic = document(&report, version).topics().remove(0);
        let near = topic.viewpoints[0].camera.expect("camera");
        let Lens::Perspective(degrees) = near.lens else { panic!("the first view is in perspective") };
        assert!((45.0..=60.0).contains(&degrees));
        let off = [433_512.25 - near.at.x, 2_512_077.5 - near.at.y, 3.0 - near.at.z];
        let far = off.iter().map(|c| c * c).sum::<f64>().sqrt();
        assert!((2.0..15.0).contains(&far), "near enough to see: {far}");
        for (o, d) in off.iter().zip([near.direction.x, near.direction.y, near.direction.z]) {
            assert!((o - far * d).abs() < 0.01, "the finding is in the middle");
        }
        let above = topic.viewpoints[1].camera.expect("camera");
        assert!((above.at.x - 433_512.25).abs() < 0.01 && above.direction.z == -1.0 && above.up.y == 1.0);
        assert!(matches!(above.lens, Lens::Orthogonal(height) if height < 20.0));
    }
}

#[test]
fn the_first_viewpoint_of_2_1_has_the_names_that_readers_ask_for() {
    let bcf = document(&demo::report(8, 100), Version::V2_1);
    for topic in bcf.topics() {
        let markup = &bcf.documents[&format!("{}/markup.bcf", topic.guid)];
        let first = markup.all("Viewpoints").next().expect("viewpoint");
        assert_eq!(first.text_of("Viewpoint"), Some("viewpoint.bcfv"));
        assert_eq!(first.text_of("Snapshot"), Some("snapshot.png"));
    }
    let project = &bcf.documents["project.bcfp"];
    assert_eq!(project.text_of("ExtensionSchema"), Some("extensions.xsd"));
    assert!(bcf.files.contains_key("extensions.xsd"));
}

#[test]
fn more_topics_than_anybody_reads_are_told() {
    let mut report = demo::report(20_000, 10);
    for (n, finding) in report.findings.iter_mut().enumerate() {
        finding.rule = format!("XX{:04}", n % 5_000);
    }
    let topics = document(&report, Version::V3_0).topics();
    assert_eq!(topics.len(), 201);
    assert!(topics.iter().any(|t| t.title.contains("findings are in no topic")));
}

#[test]
fn what_follows_from_a_cause_refers_to_it() {
    let mut report = demo::report(9, 10);
    let cause = report.findings[0].id.clone();
    report.findings.iter_mut().skip(1).for_each(|f| f.parent = Some(cause.clone()));
    let bcf = document(&report, Version::V2_1);
    let related: usize =
        bcf.documents.values().filter_map(|d| d.child("Topic")).map(|t| t.all("RelatedTopic").count()).sum();
    assert!(related >= 8, "{related}");
}

#[test]
fn hostile_archives_are_refused_or_told() {
    assert!(bcf::read("x.bcf", b"no archive").is_err());
    let mut bcf = document(&demo::report(2, 10), Version::V2_1);
    let deep = "<a>".repeat(100_000).into_bytes();
    bcf.files.insert("00000000-0000-0000-0000-000000000000/markup.bcf".into(), deep);
    let bomb = b"<!DOCTYPE a [<!ENTITY b \"cc\">]><Markup>&b;</Markup>".to_vec();
    bcf.files.insert("00000000-0000-0000-0000-000000000001/markup.bcf".into(), bomb);
    let read = bcf::read("x.bcf", &bcf.write().expect("written")).expect("read");
    assert_eq!(read.notices.len(), 2);
    assert_eq!(read.value.topics().len(), 2, "the others are there");
}

/// Held against the published XSDs and read by another reader, where both are there.
#[test]
fn what_is_written_is_valid_by_the_schemas() {
    let schemas = std::env::var_os("TUMO_DATA").map(|d| std::path::Path::new(&d).join("conformance/bcf"));
    let Some(schemas) = schemas.filter(|s| s.is_dir()) else {
        println!("SKIPPED: TUMO_DATA names no folder with conformance/bcf");
        return;
    };
    let mut replied = demo::report(60, 100);
    let replies = replied.findings.iter().zip(reply::Answer::ALL.into_iter().cycle());
    let replies = replies
        .map(|(f, a)| reply::Reply { id: f.id.clone(), answer: Some(a), remark: "<b>\u{202e}\0".into() })
        .collect();
    reply::apply(&mut replied, replies, None);
    let folder = tempfile::tempdir().expect("a folder");
    let mut files = Vec::new();
    for (n, report) in [replied, demo::report(0, 0), formats::hostile()].iter().enumerate() {
        for version in VERSIONS {
            let file = folder.path().join(format!("{n}-{version:?}.bcf"));
            let bytes = bcf::write(report, &options(version), &photographer).expect("written");
            std::fs::write(&file, bytes).expect("kept");
            files.push(file);
        }
    }
    script::python("formats/check.py", std::iter::once(schemas).chain(files));
}

/// Read by a reader of npm, where Node has it (`NODE_PATH`).
#[test]
fn what_is_written_is_read_by_a_reader_of_npm() {
    let folder = tempfile::tempdir().expect("a folder");
    let signed = |_: &Shot<'_>| Some(b"\x89PNG\r\n\x1a\n and so on".to_vec());
    for (n, report) in [demo::report(60, 100), formats::hostile()].iter().enumerate() {
        let file = folder.path().join(format!("{n}.bcf"));
        let bytes = bcf::write(report, &options(Version::V2_1), &signed).expect("written");
        std::fs::write(&file, bytes).expect("kept");
        let topics = document(report, Version::V2_1).topics();
        // names of a hostile model are no GlobalIds
        let guids =
            report.findings.iter().take(20).map(|f| f.elements[0].guid.clone()).filter(|g| g.len() == 22);
        let args = [file.display().to_string(), topics.len().to_string()].into_iter().chain(guids);
        script::node("formats/read.cjs", args);
    }
}

/// The published cases: every one reads, every topic has its words, and writing loses nothing.
#[test]
fn published_cases_of_both_versions_read() {
    let Some(root) = std::env::var_os("TUMO_DATA") else {
        println!("skipped: TUMO_DATA names no folder with conformance/bcf");
        return;
    };
    let root = std::path::Path::new(&root).join("conformance/bcf");
    let mut cases = 0;
    for (folder, version) in [("v2.1", Version::V2_1), ("v3.0", Version::V3_0)] {
        for entry in std::fs::read_dir(root.join(folder)).expect("folder") {
            let path = entry.expect("entry").path();
            let name = path.display().to_string();
            let bytes = std::fs::read(&path).expect("file");
            let read = bcf::read(&name, &bytes).unwrap_or_else(|e| panic!("{name}: {e}"));
            assert!(read.notices.is_empty(), "{name}: {:?}", read.notices);
            assert_eq!(read.value.version, version, "{name}");
            let topics = read.value.topics();
            assert!(!topics.is_empty(), "{name}");
            for topic in &topics {
                assert!(!topic.title.is_empty() && topic.guid.len() == 36, "{name}");
                for view in &topic.viewpoints {
                    assert!(view.camera.is_some(), "{name}: a viewpoint without its camera");
                }
            }
            let again = bcf::read(&name, &read.value.write().expect("written")).expect("read").value;
            assert!(again == read.value, "{name}: a round trip loses nothing");
            cases += 1;
        }
    }
    assert_eq!(cases, 32);
}
