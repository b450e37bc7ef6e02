//! Answers: written into the workbook or the table of a report, read back, and found in the next report.

use super::{demo, formats};
use std::io::{Cursor, Write};
use tumo::report::reply::{self, Answer, Reply};
use tumo::report::{csv, diff, xlsx};
use tumo::wording::Language;

/// The demo report with answers to its first findings, as its writers show them.
fn answered() -> (tumo::Report, Vec<Reply>) {
    let mut report = demo::report(12, 10);
    let replies: Vec<Reply> = Answer::ALL
        .iter()
        .zip(&report.findings)
        .map(|(answer, f)| Reply {
            id: f.id.clone(),
            answer: Some(*answer),
            remark: "=1+1, \"so\"\n门已改".into(),
        })
        .collect();
    assert_eq!(reply::apply(&mut report, replies.clone(), None), []);
    (report, replies)
}

/// The remark as it comes back: breaks are folded where names are tamed.
fn remark(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn answers_come_back_from_every_table_in_both_languages() {
    let (report, replies) = answered();
    for language in [Language::En, Language::Zh] {
        let tables = [
            xlsx::write(&report, language, &|_| None).expect("written"),
            csv::write(&report, language).into_bytes(),
            serde_json::to_vec(&report.replies).expect("JSON"),
        ];
        for table in tables {
            let read = reply::read("answers", &table).expect("read");
            assert_eq!(read.notices.len(), 0, "{:?}", read.notices);
            assert_eq!(read.value.len(), replies.len());
            for (got, want) in read.value.iter().zip(&replies) {
                assert_eq!((&got.id, got.answer), (&want.id, want.answer));
                assert_eq!(remark(&got.remark), remark(&want.remark));
            }
        }
    }
}

#[test]
fn answers_are_told_wherever_people_read() {
    use tumo::report::{bcf, html, terminal};
    let (report, replies) = answered();
    let text = terminal::write(&report, Language::En, terminal::Style::default());
    assert_eq!(text.matches("= answer: ").count(), replies.len(), "{text}");
    assert!(text.contains("= answer: will be fixed – =1+1, \"so\" 门已改"), "{text}");
    assert!(
        text.contains("4 of 12 findings answered: 1 will be fixed, 1 fixed, 1 not a defect, 1 to be"),
        "{text}"
    );
    let page = html::write(&report, Language::Zh);
    assert!(page.contains("\"answer\":\"rejected\""), "the page has the answers as data");
    for version in [bcf::Version::V2_1, bcf::Version::V3_0] {
        let options =
            bcf::Options { version, language: Language::Zh, created: "2024-05-01T12:00:00Z", author: "tumo" };
        let bytes = bcf::write(&report, &options, &|_| None).expect("written");
        let topics = bcf::read("a.bcf", &bytes).expect("read").value.topics();
        let comments: Vec<&(String, String)> = topics.iter().flat_map(|t| &t.comments).collect();
        assert_eq!(comments.len(), replies.len());
        assert!(comments.iter().any(|(_, text)| text.contains("回复：不采纳 – =1+1")), "{comments:?}");
    }
    assert!(
        !terminal::write(&demo::report(3, 10), Language::En, terminal::Style::default()).contains("answer")
    );
}

#[test]
fn a_topic_whose_findings_are_put_right_is_resolved() {
    use tumo::report::bcf;
    let of = |answer| {
        let mut report = demo::report(1, 10);
        let reply = Reply { id: report.findings[0].id.clone(), answer, remark: String::new() };
        reply::apply(&mut report, vec![reply], None);
        let options = bcf::Options {
            version: bcf::Version::V3_0,
            language: Language::En,
            created: "2024-05-01T12:00:00Z",
            author: "tumo",
        };
        let bytes = bcf::write(&report, &options, &|_| None).expect("written");
        bcf::read("a.bcf", &bytes).expect("read").value.topics().remove(0).status
    };
    assert_eq!(of(Some(Answer::Done)), "Resolved");
    assert_eq!(of(Some(Answer::Accepted)), "In Progress");
    assert_eq!(of(Some(Answer::Rejected)), "Open");
}

#[test]
fn what_cannot_be_placed_is_told() {
    let text = "Fingerprint,Answer,Remark\r\nabc,fixed,\r\n,fixed,\r\nabd,perhaps,later\r\nabc,not a defect,\r\nabe,,\r\n";
    let read = reply::read("a.csv", text.as_bytes()).expect("read");
    let codes: Vec<&str> = read.notices.iter().map(|n| n.code.as_str()).collect();
    assert_eq!(codes, ["reply-without-finding", "reply-unknown-answer", "reply-twice"]);
    assert_eq!(read.value.len(), 2);
    assert_eq!(read.value[0].answer, Some(Answer::Rejected));
    assert_eq!((read.value[1].answer, read.value[1].remark.as_str()), (None, "perhaps – later"));
    let mut report = demo::report(3, 10);
    assert_eq!(reply::apply(&mut report, read.value, None).len(), 2);
    for bad in [&b"PK\x03\x04 no archive"[..], b"a,b\n1,2\n", b"[1]", b"", b"\xff\xfe\x00"] {
        assert!(reply::read("bad", bad).is_err());
    }
}

#[test]
fn an_answer_follows_its_finding_into_the_next_report() {
    let (old, _) = answered();
    let mut new = demo::report(12, 10);
    // every GlobalId changed, and with it every fingerprint
    for finding in &mut new.findings {
        finding.id = format!("f{}", finding.id);
    }
    let found = diff::apply(&mut new, &old);
    assert!(found.open.len() >= 4, "{found:?}");
    let left = reply::apply(&mut new, old.replies.clone(), Some((&old, &found)));
    let open: Vec<usize> = found.open.iter().map(|(a, _)| *a).collect();
    let carried = old.replies.iter().filter(|r| open.iter().any(|n| old.findings[*n].id == r.id)).count();
    assert_eq!(new.replies.len(), carried);
    assert_eq!(left.len(), old.replies.len() - carried);
    assert!(carried > 0 && new.replies.iter().all(|r| r.id.starts_with('f')));
}

#[test]
fn a_workbook_that_swells_is_refused() {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("xl/sharedStrings.xml", zip::write::SimpleFileOptions::default()).expect("a part");
    let zeros = vec![b' '; 1 << 20];
    for _ in 0..600 {
        archive.write_all(&zeros).expect("written");
    }
    let bytes = archive.finish().expect("an archive").into_inner();
    assert!(bytes.len() < 4 << 20);
    let told = reply::read("bomb.xlsx", &bytes).expect_err("refused").to_string();
    assert!(told.contains("limit") && formats::is_tame(&told), "{told}");
}
