//! The second upload, on reports of a building that was exported again in the unkindest way.

use super::demo;
use std::collections::BTreeSet;
use tumo::Report;
use tumo::finding::Tally;
use tumo::report::{StoreyReport, diff};

/// Numbers that look like chance and are the same every time.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as f64 / (1_u64 << 31) as f64
    }

    fn below(&mut self, n: usize) -> usize {
        ((self.next() * n as f64) as usize).min(n - 1)
    }
}

const STOREYS: usize = 6;

/// A building of typical floors: the same places and names on every storey, few kinds of doors, many of each.
fn building(findings: usize, seed: u64) -> Report {
    let mut chance = Chance(seed);
    let mut report = demo::report(findings, 10);
    let storey = |n: usize| StoreyReport {
        guid: format!("0StoreyGuid0000000000{n}"),
        name: format!("{}F", n + 1),
        elevation_m: 3.3 * n as f64,
    };
    report.plans = (0..STOREYS)
        .map(|n| {
            let mut plan = demo::report(0, 0).plans[0].clone();
            (plan.plan, plan.storeys) = (format!("P{}", n + 1), vec![storey(n)]);
            plan
        })
        .collect();
    for (n, finding) in report.findings.iter_mut().enumerate() {
        let level = chance.below(STOREYS);
        let at = storey(level);
        finding.storey = Some(tumo::finding::StoreyName { guid: at.guid, name: at.name });
        // places on a grid that is alike on all storeys
        let x = chance.below(60) as f64 * 1.2;
        let y = chance.below(40) as f64 * 1.2;
        finding.point_m = Some([x, y, at.elevation_m + 1.0]);
        finding.drawn[0].at = [x * 1000.0, y * 1000.0];
        finding.drawn[0].plan = Some(format!("P{}", level + 1));
        finding.elements[0].guid = format!("1Element{n:014}");
        finding.elements[0].tag = Some(format!("M{}", chance.below(4)));
        finding.mark = None;
        finding.parent = None;
        if n % 5 == 0 {
            finding.elements.clear();
        }
        finding.fingerprint();
    }
    // two findings of one kind at one place would be one finding
    let mut seen = BTreeSet::new();
    report.findings.retain(|f| {
        let p = f.point_m.unwrap();
        seen.insert((f.rule.clone(), f.storey.as_ref().unwrap().guid.clone(), p.map(|c| (c * 10.0) as i64)))
    });
    report
}

/// How a building is exported again.
#[derive(Clone, Copy, Default)]
struct Unkind {
    guids: bool,
    storeys: bool,
    origin: [f64; 3],
    drawing: bool,
    noise_m: f64,
}

/// The same findings after another export.
fn exported_again(report: &Report, unkind: Unkind, chance: &mut Chance) -> Report {
    let mut out = report.clone();
    let guid = |old: &str| {
        if unkind.guids { format!("2{}", old.chars().skip(1).collect::<String>()) } else { old.into() }
    };
    let name = |old: &str| if unkind.storeys { format!("Level {old}") } else { old.to_owned() };
    for storey in out.plans.iter_mut().flat_map(|p| &mut p.storeys) {
        storey.guid = guid(&storey.guid);
        storey.name = name(&storey.name);
        storey.elevation_m += unkind.origin[2];
    }
    for (n, finding) in out.findings.iter_mut().enumerate() {
        for element in &mut finding.elements {
            element.guid = guid(&element.guid);
            element.step_id = 900_000 - n as u32;
        }
        if let Some(storey) = &mut finding.storey {
            storey.guid = guid(&storey.guid);
            storey.name = name(&storey.name);
        }
        if let Some(p) = &mut finding.point_m {
            for (c, by) in p.iter_mut().zip(unkind.origin) {
                *c += by + (chance.next() - 0.5) * 2.0 * unkind.noise_m;
            }
        }
        if unkind.drawing {
            for drawn in &mut finding.drawn {
                drawn.at = [drawn.at[0] + 51_234.5, drawn.at[1] - 9_876.5];
                drawn.handle = Some(format!("{:X}", 0xA000 + n));
            }
        }
        finding.fingerprint();
    }
    out
}

/// Labels that came out right, and all of them, for a building of which a tenth was mended and as much went wrong.
fn right(unkind: Unkind, seed: u64) -> (usize, usize) {
    let mut chance = Chance(seed);
    let all = building(2_000, seed);
    let roles: Vec<usize> = all.findings.iter().map(|_| chance.below(10)).collect();
    let keep = |role: fn(usize) -> bool| {
        let mut report = all.clone();
        let mut roles = roles.iter();
        report.findings.retain(|_| role(*roles.next().unwrap()));
        report
    };
    // role 0 was mended, role 1 is new, the others are still there
    let old = keep(|r| r != 1);
    let mut new = exported_again(&keep(|r| r != 0), unkind, &mut chance);
    let still: Vec<usize> = roles.iter().copied().filter(|r| *r != 0).collect();
    let diff = diff::apply(&mut new, &old);
    let mut right = 0;
    for (finding, role) in new.findings.iter().zip(still) {
        right += usize::from(finding.status.as_deref() == Some(if role == 1 { "new" } else { "open" }));
    }
    let earlier: Vec<usize> = roles.iter().copied().filter(|r| *r != 1).collect();
    right += diff.fixed.iter().filter(|n| earlier[**n] == 0).count();
    let mended = earlier.iter().filter(|r| **r == 0).count();
    assert!(diff.not_rechecked.is_empty());
    let previous = new.previous.as_ref().unwrap();
    assert_eq!(previous.open as usize + previous.fixed.len(), old.findings.len());
    assert_eq!(previous.open as usize + previous.new as usize, new.findings.len());
    (right, new.findings.len() + mended)
}

#[test]
fn labels_are_right_however_the_building_was_exported_again() {
    let far = [433_000.0, 2_512_000.0, 12.4];
    let cases = [
        Unkind::default(),
        Unkind { guids: true, ..Unkind::default() },
        Unkind { storeys: true, drawing: true, ..Unkind::default() },
        Unkind { origin: far, ..Unkind::default() },
        Unkind { guids: true, storeys: true, origin: far, drawing: true, noise_m: 0.02 },
        Unkind { guids: true, storeys: true, origin: [0.6, -0.6, 0.0], drawing: true, noise_m: 0.005 },
        Unkind { guids: true, storeys: true, origin: [7.2, 0.0, 3.3], drawing: true, noise_m: 0.005 },
    ];
    for (n, unkind) in cases.into_iter().enumerate() {
        for seed in 1..4 {
            let (right, all) = right(unkind, seed * 7_919);
            let share = right as f64 / all as f64;
            println!("case {n}, seed {seed}: {right} of {all}");
            assert!(share >= 0.99, "case {n}, seed {seed}: {right} of {all}");
        }
    }
}

#[test]
fn what_was_not_looked_at_is_not_fixed() {
    let old = building(400, 3);
    let mut new = building(400, 3);
    new.findings.clear();
    new.plans.truncate(4);
    new.rules.retain(|r| r.id != "DM30");
    new.rules[0].tally = Tally { blocked: 4, blocked_by: Some("DM03".into()), ..Tally::default() };
    let blocked = new.rules[0].id.clone();
    let diff = diff::diff(&old, &new);
    for n in &diff.fixed {
        let finding = &old.findings[*n];
        let level: usize = finding.storey.as_ref().unwrap().name.trim_end_matches('F').parse().unwrap();
        assert!(level <= 4 && finding.rule != "DM30" && finding.rule != blocked);
    }
    assert!(!diff.fixed.is_empty());
    assert_eq!(diff.fixed.len() + diff.not_rechecked.len(), old.findings.len());
}

#[test]
fn an_empty_or_broken_earlier_report_is_told() {
    assert!(diff::read("old.json", b"{}").is_err());
    let later = tumo::report::json::write(&demo::report(1, 0)).replacen("\"schema\": 1", "\"schema\": 99", 1);
    assert!(diff::read("old.json", later.as_bytes()).unwrap_err().to_string().contains("99"));
    let same = tumo::report::json::write(&demo::report(3, 0));
    let same = diff::read("old.json", same.as_bytes()).expect("reads");
    assert_eq!(diff::diff(&same, &same).open.len(), 3);
}

#[test]
fn large_reports_are_compared_in_no_time() {
    let old = building(10_000, 5);
    let unkind =
        Unkind { guids: true, storeys: true, origin: [50.0, 7.0, 1.0], drawing: true, noise_m: 0.001 };
    let new = exported_again(&old, unkind, &mut Chance(1));
    let begun = std::time::Instant::now();
    let diff = diff::diff(&old, &new);
    let took = begun.elapsed().as_secs_f64();
    assert!(diff.open.len() as f64 >= 0.99 * old.findings.len() as f64);
    assert!((diff.shift_m[0] - 50.0).abs() < 0.01 && (diff.shift_m[2] - 1.0).abs() < 0.01);
    println!("{took:.2} s");
    assert!(took < 10.0, "{took} s");
}
