//! What the checks say, and how often each rule passed, failed, did not apply or was not decided.

use crate::facts::Facts;
use crate::finding::{Finding, Severity, Tally, Verdict};
use crate::ifc::model::ElementRef;
use crate::rulebook::Rule;
use crate::wording::Text;
use std::collections::BTreeMap;

/// What the checks said.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// One per verdict that is not a pass, sorted.
    pub list: Vec<Finding>,
    /// How often each rule passed, failed, …
    pub tallies: BTreeMap<String, Tally>,
}

impl Findings {
    /// Puts behind these what was said elsewhere.
    pub(super) fn append(&mut self, more: Self) {
        self.list.extend(more.list);
        for (rule, more) in more.tallies {
            let tally = self.tallies.entry(rule).or_default();
            tally.passed += more.passed;
            tally.failed += more.failed;
            tally.not_applicable += more.not_applicable;
            tally.undecided += more.undecided;
            tally.blocked += more.blocked;
            tally.blocked_by = tally.blocked_by.take().or(more.blocked_by);
        }
    }

    /// Counts cases that passed.
    pub fn passed(&mut self, rule: &Rule, cases: u64) {
        self.tally(rule).passed += cases;
    }

    /// Counts cases that the rule does not apply to.
    pub fn not_applicable(&mut self, rule: &Rule, cases: u64) {
        self.tally(rule).not_applicable += cases;
    }

    /// Counts cases that failed beside the one that is told.
    pub fn failed_too(&mut self, rule: &Rule, cases: u64) {
        self.tally(rule).failed += cases;
    }

    /// Counts cases that were not decided beside the one that is told.
    pub fn undecided_too(&mut self, rule: &Rule, cases: u64) {
        self.tally(rule).undecided += cases;
    }

    /// Says that a case failed or was not decided, in the words that the rule has for `case`, and counts it. The
    /// caller adds places and numbers to the finding that is handed back.
    pub fn say(
        &mut self,
        rule: &Rule,
        verdict: Verdict,
        class: &str,
        case: &str,
        values: &[(&str, Text)],
    ) -> &mut Finding {
        match verdict {
            Verdict::Fail => self.tally(rule).failed += 1,
            Verdict::Undecided => self.tally(rule).undecided += 1,
        }
        let message = rule.message.get(case).map_or_else(|| rule.title.clone(), |m| m.fill(values));
        self.list.push(Finding {
            id: String::new(),
            rule: rule.id.clone(),
            severity: rule.severity,
            verdict,
            class: class.to_owned(),
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
            message,
            fix: rule.doc.fix.fill(values),
            confidence: 1.0,
            status: None,
            waived: None,
            parent: None,
        });
        let last = self.list.len() - 1;
        &mut self.list[last]
    }

    /// Says that an element failed a rule about the model alone. `{element}` is filled in; storey, place and class
    /// come from the element.
    pub fn fail_element(
        &mut self,
        facts: &Facts<'_>,
        rule: &Rule,
        element: ElementRef,
        case: &str,
        values: &[(&str, Text)],
    ) -> Option<&mut Finding> {
        self.say_of(facts, rule, Verdict::Fail, element, case, values)
    }

    /// As `fail_element`, with the verdict given.
    pub fn say_of(
        &mut self,
        facts: &Facts<'_>,
        rule: &Rule,
        verdict: Verdict,
        element: ElementRef,
        case: &str,
        values: &[(&str, Text)],
    ) -> Option<&mut Finding> {
        let model = facts.models.get(element.model as usize)?;
        let e = model.element(element.index)?;
        let name = facts.element_name(element)?;
        let shown =
            name.name.clone().or_else(|| name.tag.clone()).unwrap_or_else(|| format!("#{}", e.step_id));
        let mut all = vec![("element", Text::same(format!("{} {shown}", e.class)))];
        all.extend(values.iter().cloned());
        let finding = self.say(rule, verdict, e.class, case, &all);
        finding.storey = e
            .storey
            .and_then(|s| model.storeys.get(s as usize))
            .map(|s| crate::finding::StoreyName { guid: s.guid.clone(), name: s.name.clone() });
        finding.point_m = e.placement.map(|p| p.origin.into());
        finding.elements = vec![name];
        Some(finding)
    }

    /// Tells something that is no verdict on any case: at `info`, and not counted.
    pub fn note(&mut self, rule: &Rule, class: &str, case: &str, values: &[(&str, Text)]) -> &mut Finding {
        let before = self.tally(rule).clone();
        self.say(rule, Verdict::Fail, class, case, values).severity = crate::finding::Severity::Info;
        *self.tally(rule) = before;
        let last = self.list.len() - 1;
        &mut self.list[last]
    }

    /// Counts cases that were not asked because a gate stayed shut.
    pub fn blocked(&mut self, rule: &Rule, cases: u64, by: &str) {
        let tally = self.tally(rule);
        tally.blocked += cases;
        tally.blocked_by.get_or_insert_with(|| by.to_owned());
    }

    /// A case that turned out to lie outside what is claimed: it is one that the rule does not apply to.
    pub(super) fn take_back(&mut self, rule: &str, verdict: Verdict, severity: Severity) {
        let Some(tally) = self.tallies.get_mut(rule) else { return };
        let counter = match verdict {
            // notes are not counted
            Verdict::Fail if severity == Severity::Info && tally.failed == 0 => return,
            Verdict::Fail => &mut tally.failed,
            Verdict::Undecided => &mut tally.undecided,
        };
        *counter = counter.saturating_sub(1);
        tally.not_applicable += 1;
    }

    fn tally(&mut self, rule: &Rule) -> &mut Tally {
        self.tallies.entry(rule.id.clone()).or_default()
    }
}
