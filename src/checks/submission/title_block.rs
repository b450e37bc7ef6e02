//! Every sheet with a plan carries its title block, filled in.

use super::{Check, Facts, Findings, Rule, Text, Verdict};
use crate::drawing::plans::TitleBlock;
use crate::finding::DrawnName;

/// See the file's head.
pub(in crate::checks) const CHECK: Check =
    Check { name: "title_block", summary: "Is the title block of every sheet filled in?", run };

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    if facts.plans.title_blocks.is_empty() {
        findings.not_applicable(rule, facts.drawings.len() as u64);
        return;
    }
    for block in &facts.plans.title_blocks {
        let empty: Vec<&str> = rule.names("of").into_iter().filter(|f| !filled(block, f)).collect();
        if empty.is_empty() {
            findings.passed(rule, 1);
            continue;
        }
        let Some(drawing) = facts.drawings.get(block.drawing as usize) else { continue };
        let sheet = block.sheet_number.clone().or_else(|| block.sheet_title.clone()).unwrap_or_default();
        let fields: Vec<Text> =
            empty.iter().map(|f| rule.message.get(*f).cloned().unwrap_or_default()).collect();
        let joined = |pick: fn(&Text) -> &str, by: &str| fields.iter().map(pick).collect::<Vec<_>>().join(by);
        let values = [
            ("file", Text::same(&drawing.file)),
            ("sheet", Text::same(&sheet)),
            ("fields", Text { en: joined(|t| &t.en, ", "), zh: joined(|t| &t.zh, "、") }),
        ];
        let at = block.fields.first().map(|f| f.at).unwrap_or_default();
        let finding = findings.say(rule, Verdict::Fail, "drawing", "empty", &values);
        finding.mark = Some(format!("{} {sheet} {}", drawing.file, empty.join(" ")));
        finding.drawn = vec![DrawnName {
            drawing: drawing.file.clone(),
            plan: block.plan.and_then(|p| facts.plans.plans.get(p as usize)).map(|p| p.id.clone()),
            handle: None,
            layer: None,
            at: at.into(),
        }];
    }
}

fn filled(block: &TitleBlock, field: &str) -> bool {
    match field {
        "sheet_number" => block.sheet_number.is_some(),
        "sheet_title" => block.sheet_title.is_some(),
        // a schedule has none
        "scale" => block.scale.is_some() || block.plan.is_none(),
        "project" => block.project.is_some(),
        "discipline" => block.discipline.is_some(),
        "date" => block.date.is_some(),
        "version" => block.version.is_some(),
        other => block.fields.iter().any(|f| f.field == other && !f.value.trim().is_empty()),
    }
}
