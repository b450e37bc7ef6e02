//! A group is no member of itself, not even through other groups.

use super::{Check, Facts, Findings, Rule, fail_record};

/// See the file's head.
pub(in crate::checks) const CHECK: Check =
    Check { name: "group_cycle", summary: "Is no group a member of itself?", run };

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    for model in facts.models {
        for group in &model.groups {
            // walk upwards from the members; each group is visited once, so a ring ends the walk
            let mut seen = vec![group.part.step_id];
            let mut open: Vec<u32> = group.members.clone();
            let mut cycle = false;
            while let Some(id) = open.pop() {
                if id == group.part.step_id {
                    cycle = true;
                    break;
                }
                let Ok(at) = model.groups.binary_search_by_key(&id, |g| g.part.step_id) else { continue };
                if seen.contains(&id) {
                    continue;
                }
                seen.push(id);
                open.extend(model.groups.get(at).map(|g| g.members.clone()).unwrap_or_default());
            }
            if cycle {
                let (guid, name) = (&group.part.guid, group.part.name.as_deref());
                let shown = crate::wording::Text::same(name.unwrap_or(guid));
                fail_record(findings, rule, group.part.class, guid, name, "cycle", &[("group", shown)]);
            } else {
                findings.passed(rule, 1);
            }
        }
    }
}
