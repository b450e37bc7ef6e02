//! An object that people must talk about needs a name of its own.

use super::{Check, Facts, Findings, Rule, elements_of};

/// See the file's head.
pub(in crate::checks) const CHECK: Check =
    Check { name: "named", summary: "Does every element have a name that says something?", run };

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let empty_words = rule.names("empty_words");
    for (reference, element) in elements_of(facts, rule) {
        let name = element.name.as_deref().map(str::trim).unwrap_or_default();
        if !name.is_empty() && !empty_words.iter().any(|w| w.eq_ignore_ascii_case(name)) {
            findings.passed(rule, 1);
            continue;
        }
        let case = if name.is_empty() { "missing" } else { "empty" };
        findings.fail_element(facts, rule, reference, case, &[]);
    }
}
