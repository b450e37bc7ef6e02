//! A GlobalId is a 128-bit number in 22 characters of IFC's own base 64; the first holds two bits only
//! (IfcGloballyUniqueId).

use super::{Check, Facts, Findings, Rule, Text, Verdict};

/// See the file's head.
pub(in crate::checks) const CHECK: Check =
    Check { name: "guid_format", summary: "Is every GlobalId 22 characters of IFC's base 64?", run };

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    for model in facts.models {
        let Some(step) = model.step() else { continue };
        for record in step.records_of("IfcRoot") {
            let guid = record.attribute("GlobalId").text().unwrap_or_default();
            if is_guid(&guid) {
                findings.passed(rule, 1);
                continue;
            }
            let shown: String = guid.chars().take(40).collect();
            let values = [
                ("file", Text::same(&model.file)),
                ("id", Text::same(record.id.to_string())),
                ("class", Text::same(record.class())),
                ("guid", Text::same(shown)),
            ];
            let finding = findings.say(rule, Verdict::Fail, record.class(), "wrong", &values);
            finding.elements.push(crate::finding::ElementName {
                guid,
                step_id: record.id,
                class: record.class().to_owned(),
                name: record.attribute("Name").text(),
                tag: None,
            });
        }
    }
}

/// 22 characters of `0-9A-Za-z_$`, the first of `0-3`.
fn is_guid(guid: &str) -> bool {
    guid.len() == 22
        && guid.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'$')
        && guid.bytes().next().is_some_and(|b| (b'0'..=b'3').contains(&b))
}

#[cfg(test)]
mod tests {
    use super::is_guid;

    #[test]
    fn the_first_character_holds_two_bits() {
        assert!(is_guid("3NFPHKBA1SrxfaFBvpbjHZ"));
        assert!(!is_guid("4NFPHKBA1SrxfaFBvpbjHZ"));
        assert!(!is_guid("3NFPHKBA1SrxfaFBvpbjH"));
        assert!(!is_guid("3NFPHKBA1SrxfaFBvpbjH-"));
        assert!(!is_guid(""));
    }
}
