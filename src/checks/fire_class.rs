//! The fire class in an opening's mark (甲, 乙, 丙) against the fire rating that the model states.
//!
//! Ratings are written in many ways (`甲级`, `A1.50`, `90 min`, `EI 60`, `1.5 h`): what cannot be read as minutes or as a
//! class says nothing. Models that state no rating at all are left alone; where some do, silence is not decided.

use super::comparison::{Class, modelled, say};
use super::{Check, Findings};
use crate::facts::Facts;
use crate::finding::{Side, Value, Verdict};
use crate::ifc::model::ElementRef;
use crate::matching::mark::coded;
use crate::rulebook::Rule;
use crate::wording::Text;

/// The check.
pub(super) const CHECK: Check = Check {
    name: "fire_class",
    summary: "Is the fire class in an opening's mark the one that the model states?",
    run,
};

/// Numbers up to this are hours, larger ones minutes.
const HOURS: f64 = 6.0;

struct Params<'r> {
    properties: Vec<&'r str>,
    /// Minutes from which an opening is 甲, 乙, 丙.
    from: [f64; 3],
}

fn params(rule: &Rule) -> Params<'_> {
    let properties = match rule.params.get("properties") {
        Some(toml::Value::Array(list)) => list.iter().filter_map(|v| v.as_str()).collect(),
        _ => Vec::new(),
    };
    let minutes = |name: &str, or: f64| rule.number(name).unwrap_or(or);
    Params {
        properties,
        from: [minutes("first_min", 90.0), minutes("second_min", 60.0), minutes("third_min", 30.0)],
    }
}

/// What the model says of an opening's fire class.
#[derive(Clone, Debug, PartialEq)]
enum Stated {
    /// Nothing, or nothing that can be read.
    Nothing,
    /// No fire class: `0`, `none`.
    None,
    /// 甲, 乙 or 丙, with the text that says so.
    Class(char, String),
}

fn run(facts: &Facts<'_>, rule: &Rule, findings: &mut Findings) {
    let params = params(rule);
    let mut cases = Vec::new();
    for class in Class::of(rule) {
        for m in &facts.matches.plans {
            let (Some(plan), Some(storey)) = (facts.plans.plans.get(m.plan), facts.storeys.get(m.storey))
            else {
                continue;
            };
            for pair in class.matches(m).pairs.iter().filter(|p| class.is_modelled(facts, m, p.modelled)) {
                let mark =
                    pair.drawn.first().and_then(|&d| plan.openings.get(d)).and_then(|o| o.mark.as_ref());
                let (Some(mark), Some(o)) = (mark, storey.openings.get(pair.modelled)) else { continue };
                let drawn = drawn_class(&mark.text);
                cases.push((class, m, pair, drawn, stated(facts, o.element, &params)));
            }
        }
    }
    // a set whose marks carry no class, or a model that states none, has no habit of it
    let drawing_says = cases.iter().any(|c| c.3.is_some());
    let model_says = cases.iter().any(|c| matches!(c.4, Stated::Class(..)));
    for (class, m, pair, drawn, stated) in cases {
        if !drawing_says || !model_says {
            findings.not_applicable(rule, 1);
            continue;
        }
        let (verdict, case, expected) = match (drawn, &stated) {
            (Some(d), Stated::Class(s, _)) if d == *s => {
                findings.passed(rule, 1);
                continue;
            }
            (None, Stated::Nothing | Stated::None) => {
                findings.not_applicable(rule, 1);
                continue;
            }
            (Some(_), Stated::Class(_, text)) => (Verdict::Fail, "differs", text.clone()),
            (Some(_), Stated::None) => (Verdict::Fail, "differs", "–".to_owned()),
            (None, Stated::Class(_, text)) => (Verdict::Fail, "missing", text.clone()),
            (Some(_), Stated::Nothing) => (Verdict::Undecided, "undecided", String::new()),
        };
        let subject = modelled(facts, m, class, pair.modelled, &pair.drawn);
        let shown = drawn.map(String::from).unwrap_or_default();
        let values = [("measured", Text::same(shown.clone())), ("expected", Text::same(expected.clone()))];
        let finding = say(facts, findings, rule, m, class, subject, (verdict, Side::Differs, case), &values);
        finding.measured = drawn.map(|_| Value::Text(shown));
        finding.expected = (!expected.is_empty()).then_some(Value::Text(expected));
        finding.confidence = if verdict == Verdict::Fail { 0.95 } else { 0.5 };
    }
}

/// The class in a mark: of those that carry a size, or begin as marks of fire doors do.
fn drawn_class(mark: &str) -> Option<char> {
    if let Some(code) = coded(mark) {
        return code.fire;
    }
    mark.chars().find(|c| matches!(c, '甲' | '乙' | '丙'))
}

fn stated(facts: &Facts<'_>, element: ElementRef, params: &Params<'_>) -> Stated {
    let Some(model) = facts.models.get(element.model as usize) else { return Stated::Nothing };
    let Some(e) = model.element(element.index) else { return Stated::Nothing };
    let sets = model.property_sets(e.step_id);
    let mut out = Stated::Nothing;
    for p in sets.iter().flat_map(|s| &s.properties) {
        if !params.properties.iter().any(|n| n.eq_ignore_ascii_case(&p.name)) {
            continue;
        }
        for value in &p.values {
            let Some(text) = value.text().or_else(|| value.real().map(|x| x.to_string())) else { continue };
            match class_of(&text, &params.from) {
                Stated::Nothing => {}
                Stated::None => out = Stated::None,
                class @ Stated::Class(..) => return class,
            }
        }
    }
    out
}

/// A rating as written.
fn class_of(text: &str, from: &[f64; 3]) -> Stated {
    let text = text.trim();
    if let Some(c) = text.chars().find(|c| matches!(c, '甲' | '乙' | '丙')) {
        return Stated::Class(c, text.to_owned());
    }
    let lower = text.to_lowercase();
    if ["none", "no", "n/a", "无", "-", "0"].contains(&lower.as_str()) {
        return Stated::None;
    }
    // the last number: EI2 60 is sixty minutes
    let numbers: Vec<f64> = lower
        .split(|c: char| !(c.is_ascii_digit() || c == '.'))
        .filter_map(|n| n.trim_matches('.').parse().ok())
        .collect();
    let Some(number) =
        numbers.iter().copied().fold(None, |a: Option<f64>, x| Some(a.map_or(x, |a| a.max(x))))
    else {
        return Stated::Nothing;
    };
    let minutes = if number <= HOURS { number * 60.0 } else { number };
    match from.iter().position(|f| minutes >= *f) {
        Some(k) => Stated::Class(['甲', '乙', '丙'][k], text.to_owned()),
        None => Stated::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratings_as_they_are_written() {
        let class = |t: &str| match class_of(t, &[90.0, 60.0, 30.0]) {
            Stated::Class(c, _) => Some(Some(c)),
            Stated::None => Some(None),
            Stated::Nothing => None,
        };
        for (text, want) in [
            ("甲级", Some(Some('甲'))),
            ("乙", Some(Some('乙'))),
            ("A1.50", Some(Some('甲'))),
            ("1.0h", Some(Some('乙'))),
            ("0.5", Some(Some('丙'))),
            ("90 min", Some(Some('甲'))),
            ("EI 60", Some(Some('乙'))),
            ("EI2 30-C", Some(Some('丙'))),
            ("FD30", Some(Some('丙'))),
            ("2 Hours", Some(Some('甲'))),
            ("none", Some(None)),
            ("20", Some(None)),
            ("fire rated", None),
            ("", None),
        ] {
            assert_eq!(class(text), want, "{text}");
        }
        assert_eq!(drawn_class("FM甲1021"), Some('甲'));
        assert_eq!(drawn_class("M1021"), None);
        assert_eq!(drawn_class("FM乙-1"), Some('乙'));
    }
}
