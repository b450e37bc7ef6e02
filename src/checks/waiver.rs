//! Waived findings stay in the list with their reason, and are not counted. A waiver that has ended, or that fits nothing,
//! is told: it hides what nobody knows of.

use super::{Check, Findings};
use crate::facts::Facts;
use crate::finding::{Finding, Severity, Verdict};
use crate::rulebook::waiver::Waiver;
use crate::rulebook::{Rule, Rulebook};
use crate::wording::Text;

/// See the file's head. Its rule is told of the waivers themselves, when all others were asked.
pub(super) const CHECK: Check =
    Check { name: "waiver", summary: "Is every waiver in force, and does it fit a finding?", run };

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    if facts.waivers.is_empty() {
        findings.not_applicable(rule, 1);
    }
}

/// Marks the findings that are waived, and tells of waivers that do not hold.
pub(super) fn apply(facts: &Facts<'_>, rulebook: &Rulebook, findings: &mut Findings) {
    let own = rulebook.rules.iter().find(|r| r.check == CHECK.name);
    for waiver in facts.waivers {
        let expired = facts.today.is_some_and(|today| waiver.expired(today));
        let mut fits = false;
        let mut lifted = 0;
        for finding in findings.list.iter_mut().filter(|f| fits_to(waiver, f)) {
            fits = true;
            if expired || finding.waived.is_some() {
                continue;
            }
            let until = waiver.until.as_deref().map(|u| format!(" ({u})")).unwrap_or_default();
            finding.waived = Some(format!("{}{until}", waiver.reason.trim()));
            finding.severity = Severity::Info;
            lifted += u64::from(finding.verdict == Verdict::Fail);
        }
        if lifted > 0
            && let Some(tally) = findings.tallies.get_mut(&waiver.rule)
        {
            tally.failed = tally.failed.saturating_sub(lifted);
            tally.not_applicable += lifted;
        }
        let Some(own) = own else { continue };
        let case = match (fits, expired) {
            (true, false) => {
                findings.passed(own, 1);
                continue;
            }
            (true, true) => "expired",
            (false, true) => "expired-unused",
            (false, false) => "unused",
        };
        let values = [
            ("rule", Text::same(&waiver.rule)),
            ("target", Text::same(waiver.target())),
            ("reason", Text::same(&waiver.reason)),
            ("until", Text::same(waiver.until.as_deref().unwrap_or(""))),
        ];
        let finding = findings.say(own, Verdict::Fail, "IfcProject", case, &values);
        finding.mark = Some(format!("{} {}", waiver.rule, waiver.target()));
        finding.fingerprint();
    }
}

fn fits_to(waiver: &Waiver, finding: &Finding) -> bool {
    finding.rule == waiver.rule
        && waiver.guid.as_ref().is_none_or(|g| finding.elements.iter().any(|e| e.guid == *g))
        && waiver.handle.as_ref().is_none_or(|h| {
            finding.drawn.iter().any(|d| d.handle.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(h)))
        })
        && waiver.finding.as_ref().is_none_or(|id| finding.id == *id)
}
