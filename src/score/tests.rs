//! Scores and decisions on hand-made tallies.

use super::*;
use crate::checks::Findings;
use crate::checks::tests::properties::{CHANGES, changed};
use crate::finding::{Finding, Tally, Verdict};
use crate::wording::Text;

fn book() -> Rulebook {
    let rules = ["DM09", "DM20", "MQ01"]
        .into_iter()
        .map(|id| {
            toml::from_str(&format!(
                "id='{id}'\ntitle={{en='t',zh='t'}}\ncheck='c'\nseverity='{}'\n[message]\n[doc]\n\
                 what={{en='',zh=''}}\nwhy={{en='',zh=''}}\nfix={{en='',zh=''}}\nsource=''",
                if id == "DM09" { "warning" } else { "error" }
            ))
            .expect("a rule")
        })
        .collect();
    let mut book = Rulebook::built_in("general").expect("the general profile");
    book.rules = rules;
    book
}

fn tally(passed: u64, failed: u64, undecided: u64) -> Tally {
    Tally { passed, failed, undecided, ..Tally::default() }
}

fn finding(rule: &str, severity: Severity, verdict: Verdict) -> Finding {
    Finding {
        id: String::new(),
        rule: rule.into(),
        severity,
        verdict,
        class: "IfcDoor".into(),
        side: None,
        storey: None,
        elements: Vec::new(),
        drawn: Vec::new(),
        point_m: None,
        measured: None,
        expected: None,
        limit: None,
        unit: None,
        axis: None,
        mark: None,
        message: Text::default(),
        fix: Text::default(),
        confidence: 1.0,
        status: None,
        waived: None,
        parent: None,
    }
}

fn findings(tallies: &[(&str, Tally)], list: Vec<Finding>) -> Findings {
    Findings { list, tallies: tallies.iter().map(|(id, t)| ((*id).to_owned(), t.clone())).collect() }
}

const LAID: Basis = Basis { drawings: true, plans: 2, unlaid: 0, compared: 50, unread: 0, damaged: 0 };

#[test]
fn a_per_cent_of_errors_costs_a_point_and_a_rule_at_most_its_cap() {
    let f = findings(&[("DM20", tally(96, 4, 0)), ("DM09", tally(0, 10, 0))], Vec::new());
    let scores = score(&f, &book());
    let consistency = &scores["consistency"];
    assert_eq!(consistency.deductions["DM20"], 4.0);
    assert_eq!(consistency.deductions["DM09"], 10.0);
    assert_eq!(consistency.value, Some(86.0));
    assert_eq!(scores["total"].value, Some(86.0), "families that were not asked do not count");
    assert_eq!(scores["quality"].value, None);
}

#[test]
fn one_error_is_enough_to_lose_the_best_grade() {
    let f = findings(&[("DM20", tally(9999, 1, 0))], Vec::new());
    let scores = score(&f, &book());
    assert_eq!(scores["consistency"].value, Some(99.99));
    assert_eq!(scores["consistency"].grade, "B");
    assert_eq!(scores["total"].grade, "B");
}

#[test]
fn what_was_not_decided_shows_beside_the_score() {
    let f = findings(&[("DM20", tally(3, 0, 1))], Vec::new());
    assert_eq!(score(&f, &book())["consistency"].coverage, 0.75);
}

#[test]
fn fixing_a_finding_never_lowers_the_score() {
    let mut last = -1.0;
    for failed in (0..=40).rev() {
        let f = findings(&[("DM20", tally(40 - failed, failed, 0))], Vec::new());
        let value = score(&f, &book())["total"].value.expect("a value");
        assert!(value >= last);
        last = value;
    }
    assert_eq!(last, 100.0);
}

#[test]
fn a_clean_run_is_accepted_and_an_error_is_not() {
    let clean = findings(&[("DM20", tally(5, 0, 0))], Vec::new());
    assert_eq!(decide(&clean, &book(), &LAID).0, Decision::Accept);
    let wrong = findings(&[("DM20", tally(5, 1, 0))], vec![finding("DM20", Severity::Error, Verdict::Fail)]);
    assert_eq!(decide(&wrong, &book(), &LAID).0, Decision::FixAndResubmit);
}

#[test]
fn nothing_undecided_is_accepted() {
    let clean = findings(&[("DM20", tally(5, 0, 0))], Vec::new());
    let error = findings(&[("DM20", tally(5, 1, 0))], vec![finding("DM20", Severity::Error, Verdict::Fail)]);
    for (basis, reason) in [
        (Basis { unread: 1, ..LAID }, Reason::Unread),
        (Basis { damaged: 1, ..LAID }, Reason::Damaged),
        (Basis { plans: 0, compared: 0, ..LAID }, Reason::NoPlan),
        (Basis { unlaid: 2, compared: 0, ..LAID }, Reason::NothingLaid),
        (Basis { compared: 0, ..LAID }, Reason::NothingCompared),
    ] {
        assert_eq!(decide(&clean, &book(), &basis), (Decision::Inconclusive, vec![reason]));
        assert_eq!(
            decide(&error, &book(), &basis).0,
            Decision::Inconclusive,
            "errors may follow from {reason:?}"
        );
    }
    let one_unlaid = Basis { unlaid: 1, ..LAID };
    assert_eq!(decide(&clean, &book(), &one_unlaid).0, Decision::Inconclusive);
    assert_eq!(decide(&error, &book(), &one_unlaid).0, Decision::FixAndResubmit);
    let empty = findings(&[], Vec::new());
    assert_eq!(decide(&empty, &book(), &LAID), (Decision::Inconclusive, vec![Reason::NothingChecked]));
}

#[test]
fn little_coverage_is_inconclusive_and_a_little_doubt_is_a_warning() {
    let undecided = vec![finding("DM20", Severity::Error, Verdict::Undecided)];
    let doubt = findings(&[("DM20", tally(19, 0, 1))], undecided.clone());
    assert_eq!(decide(&doubt, &book(), &LAID).0, Decision::AcceptWithWarnings);
    let fog = findings(&[("DM20", tally(3, 0, 7))], undecided);
    assert_eq!(decide(&fog, &book(), &LAID), (Decision::Inconclusive, vec![Reason::Coverage]));
}

#[test]
fn where_nothing_was_compared_there_is_no_score() {
    let f = findings(&[("DM20", tally(40, 1, 0)), ("MQ01", tally(9, 1, 0))], Vec::new());
    let mut scores = score(&f, &book());
    withhold(&mut scores);
    assert_eq!((scores["total"].value, scores["total"].grade.as_str()), (None, "-"));
    assert_eq!(scores["consistency"].value, None);
    assert!(scores["quality"].value.is_some(), "the model was checked all the same");
}

#[test]
fn mending_one_fault_never_lowers_the_score() {
    let book = Rulebook::built_in("cn-building").unwrap();
    let value = |f: &Findings| {
        let s = score(f, &book);
        (s["total"].value.unwrap(), s["consistency"].value.unwrap())
    };
    let all = (1usize << CHANGES.len()) - 1;
    let start = value(&changed(|_| true));
    for (mended, (name, _)) in CHANGES.iter().enumerate() {
        let after = value(&changed(|k| k != mended));
        assert!(after.0 >= start.0 && after.1 >= start.1, "{name}: {start:?} to {after:?}");
    }
    // mended one after the other
    let mut last = start;
    for n in 1..=CHANGES.len() {
        let left = all >> n;
        let now = value(&changed(|k| left >> k & 1 == 1));
        assert!(now.0 >= last.0 && now.1 >= last.1, "{n} mended: {last:?} to {now:?}");
        last = now;
    }
    assert_eq!(last.1, 100.0);
}
