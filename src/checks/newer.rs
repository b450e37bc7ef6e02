//! A model that was saved after the day that a sheet is dated: the two may be different versions. A remark, no fault.

use super::{Check, Findings};
use crate::facts::Facts;
use crate::finding::{DrawnName, Side, Value, Verdict};
use crate::rulebook::Rule;
use crate::wording::Text;

/// The check.
pub(super) const CHECK: Check =
    Check { name: "newer", summary: "Was the model saved after the sheets were issued?", run };

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    for block in &facts.plans.title_blocks {
        let Some((text, until)) = block.date.as_deref().and_then(|t| Some((t, last_day(t)?))) else {
            findings.not_applicable(rule, 1);
            continue;
        };
        for model in facts.models {
            let saved = model.time_stamp.as_deref().and_then(day);
            let Some(saved) = saved else {
                findings.not_applicable(rule, 1);
                continue;
            };
            if saved <= until {
                findings.passed(rule, 1);
                continue;
            }
            let file = facts.drawings.get(block.drawing as usize).map_or("", |d| d.file.as_str());
            let sheet = block.sheet_number.clone().or_else(|| block.sheet_title.clone());
            let sheet = sheet.unwrap_or_else(|| file.to_owned());
            let (y, m, d) = saved;
            let date = format!("{y:04}-{m:02}-{d:02}");
            let values = [
                ("model", Text::same(model.file.clone())),
                ("measured", Text::same(date.clone())),
                ("sheet", Text::same(sheet.clone())),
                ("expected", Text::same(text.trim())),
            ];
            let finding = findings.say(rule, Verdict::Fail, "IfcProject", "newer", &values);
            finding.side = Some(Side::Differs);
            finding.measured = Some(Value::Text(date));
            finding.expected = Some(Value::Text(text.trim().to_owned()));
            finding.mark = Some(sheet);
            finding.drawn = vec![DrawnName {
                drawing: file.to_owned(),
                plan: block.plan.and_then(|p| Some(facts.plans.plans.get(p as usize)?.id.clone())),
                handle: None,
                layer: None,
                at: [0.0, 0.0],
            }];
        }
    }
}

type Day = (u32, u32, u32);

/// Numbers of a date that begins with its year: `2024-05-12`, `2024.05`, `2024年5月12日`.
fn parts(text: &str) -> Option<(u32, u32, Option<u32>)> {
    let numbers: Vec<u32> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|n| !n.is_empty())
        .map_while(|n| n.parse().ok())
        .collect();
    let (&year, &month) = (numbers.first()?, numbers.get(1)?);
    let day = numbers.get(2).copied().filter(|d| (1..=31).contains(d));
    ((1990..=2200).contains(&year) && (1..=12).contains(&month)).then_some((year, month, day))
}

fn day(text: &str) -> Option<Day> {
    let (y, m, d) = parts(text)?;
    Some((y, m, d?))
}

/// The last day that a date may mean: a month alone ends with its month.
fn last_day(text: &str) -> Option<Day> {
    let (y, m, d) = parts(text)?;
    Some((y, m, d.unwrap_or(31)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_title_blocks() {
        assert_eq!(last_day("2024.05"), Some((2024, 5, 31)));
        assert_eq!(last_day("2024年5月12日"), Some((2024, 5, 12)));
        assert_eq!(day("2011-09-07T12:28:29"), Some((2011, 9, 7)));
        // a day first may be a month: not read
        assert_eq!(last_day("05/12/2024"), None);
        assert_eq!(last_day("rev. 3"), None);
        assert!(day("2024-06-01") > last_day("2024.05"));
    }
}
