//! The report's JSON Schema, held against the types: what the types can write is in it, and nothing else.

use serde_json::{Map, Value};
use std::collections::BTreeSet;

const SCHEMA: &str = include_str!("../../src/report/report.schema.json");

/// The part of JSON Schema that ours uses; anything else in a schema is an error.
pub(crate) struct Checker {
    schema: Value,
    /// Property names of the schema that some value had, by their path in the schema.
    pub(crate) seen: BTreeSet<String>,
    pub(crate) wrong: Vec<String>,
}

impl Checker {
    pub(crate) fn new() -> Self {
        let schema = serde_json::from_str(SCHEMA).expect("the schema is JSON");
        Self { schema, seen: BTreeSet::new(), wrong: Vec::new() }
    }

    pub(crate) fn report(&mut self, report: &Value) {
        let schema = self.schema.clone();
        self.value(&schema, report, "", "");
    }

    fn value(&mut self, schema: &Value, value: &Value, at: &str, named: &str) {
        let object = schema.as_object().expect("a schema is an object");
        for (key, says) in object {
            match key.as_str() {
                "$schema"
                | "$id"
                | "$defs"
                | "title"
                | "description"
                | "required"
                | "additionalProperties" => {}
                "$ref" => {
                    let name = says.as_str().and_then(|s| s.strip_prefix("#/$defs/")).expect("a reference");
                    let target = self.schema["$defs"][name].clone();
                    self.value(&target, value, at, name);
                }
                "const" if says != value => self.wrong.push(format!("{at}: {value} is not {says}")),
                "const" => {}
                "enum" if !says.as_array().expect("a list").contains(value) => {
                    self.wrong.push(format!("{at}: {value} is none of {says}"));
                }
                "enum" => {}
                "type" => self.kind(says, value, at),
                "items" => {
                    for (n, item) in value.as_array().into_iter().flatten().enumerate() {
                        self.value(says, item, &format!("{at}[{n}]"), &format!("{named}[]"));
                    }
                }
                "properties" => self.properties(object, value, at, named),
                other => panic!("the checker knows no `{other}`"),
            }
        }
        if !object.contains_key("properties")
            && let Some(each) = object.get("additionalProperties")
        {
            for (name, inner) in value.as_object().into_iter().flatten() {
                self.value(each, inner, &format!("{at}.{name}"), named);
            }
        }
    }

    fn kind(&mut self, says: &Value, value: &Value, at: &str) {
        let is = |kind: &str| match kind {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "number" => value.is_number(),
            "integer" => value.is_u64(),
            "boolean" => value.is_boolean(),
            "null" => value.is_null(),
            other => panic!("no type {other}"),
        };
        let fits = match says {
            Value::String(kind) => is(kind),
            Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).any(is),
            _ => false,
        };
        if !fits {
            self.wrong.push(format!("{at}: {value} is no {says}"));
        }
    }

    fn properties(&mut self, schema: &Map<String, Value>, value: &Value, at: &str, named: &str) {
        let Some(map) = value.as_object() else { return };
        let known = schema["properties"].as_object().expect("properties");
        assert_eq!(schema.get("additionalProperties"), Some(&Value::Bool(false)), "{named} is not closed");
        for (name, inner) in map {
            match known.get(name) {
                Some(says) => {
                    self.seen.insert(format!("{named}.{name}"));
                    self.value(says, inner, &format!("{at}.{name}"), &format!("{named}.{name}"));
                }
                None => self.wrong.push(format!("{at}.{name} is not in the schema")),
            }
        }
        for name in schema.get("required").and_then(Value::as_array).into_iter().flatten() {
            if !map.contains_key(name.as_str().expect("a name")) {
                self.wrong.push(format!("{at}: {name} is missing"));
            }
        }
    }

    /// Every property of the schema, by path.
    fn all(&self) -> BTreeSet<String> {
        fn walk(schema: &Value, named: &str, out: &mut BTreeSet<String>) {
            for (name, inner) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
                out.insert(format!("{named}.{name}"));
                walk(inner, &format!("{named}.{name}"), out);
            }
            if let Some(items) = schema.get("items") {
                walk(items, &format!("{named}[]"), out);
            }
        }
        let mut out = BTreeSet::new();
        for (name, schema) in self.schema["$defs"].as_object().expect("definitions") {
            walk(schema, name, &mut out);
        }
        out
    }
}

/// A report that has everything a report can have.
fn full() -> tumo::Report {
    use tumo::place::Place;
    let mut report = super::demo::report(8, 100);
    let file = "a.dxf".to_owned();
    report.notices = [
        Place::file("a.ifc"),
        Place::Ifc { file: "a.ifc".into(), id: 1, byte: Some(2), line: Some(3) },
        Place::Dxf { file: file.clone(), handle: Some("2F".into()), line: Some(3) },
        Place::Text { file, line: 1 },
    ]
    .map(|place| tumo::report::notices::told(&tumo::Notice::new("some-code", place, "something")))
    .to_vec();
    report.reasons = vec![tumo::wording::Text::same("a reason")];
    report.identity.project_code = Some("P".into());
    report.identity.building_code = Some("B".into());
    report.identity.key = Some("P+B".into());
    report.identity.stage = Some("S".into());
    report.identity.discipline = Some("structure".into());
    report.identity.left_out = report.findings[0].storey.clone().into_iter().collect();
    report.plans[0].page = Some(1);
    report.plans[0].outside_scope = true;
    report.spot_check = Some(sample(&report));
    report.rules[0].tally.blocked_by = Some("DM03".into());
    let score = report.scores["total"].clone();
    for family in ["completeness", "compliance"] {
        report.scores.insert(family.into(), tumo::score::Score { value: None, ..score.clone() });
    }
    report.previous = Some(tumo::report::Previous {
        fixed: vec!["x".into()],
        open: 1,
        new: 1,
        not_rechecked: vec!["y".into()],
    });
    report.replies = vec![tumo::report::reply::Reply {
        id: report.findings[0].id.clone(),
        answer: Some(tumo::report::reply::Answer::Done),
        remark: "so".into(),
    }];
    report.findings[0].status = Some("new".into());
    report.findings[0].axis = Some("3".into());
    report.findings[0].waived = Some("agreed".into());
    report
}

/// A spot check of one element.
fn sample(report: &tumo::Report) -> tumo::report::spot_check::SpotCheck {
    use tumo::report::spot_check::{Outcome, SpotCheck, SpotItem, SpotValue, Stratum};
    let finding = &report.findings[0];
    let number = |x: f64| tumo::finding::Value::Number(x);
    SpotCheck {
        seed: "seed".into(),
        population: 3,
        strata: vec![Stratum { class: "door".into(), outcome: Outcome::Differs, population: 3, drawn: 1 }],
        items: vec![SpotItem {
            number: 1,
            class: "door".into(),
            outcome: Outcome::Differs,
            plan: "P1".into(),
            storey: finding.storey.clone(),
            element: finding.elements.first().cloned(),
            axis: Some("3".into()),
            drawn: finding.drawn.clone(),
            point_m: Some([1.0, 2.0, 0.0]),
            values: vec![SpotValue {
                what: "width".into(),
                model: number(1000.0),
                drawing: number(900.0),
                unit: Some("mm".into()),
            }],
            why: Some(tumo::wording::Text::same("why")),
            findings: vec![finding.id.clone()],
        }],
    }
}

#[test]
fn what_the_types_write_is_in_the_schema_and_nothing_else() {
    let mut checker = Checker::new();
    let value = serde_json::to_value(full()).expect("JSON");
    checker.report(&value);
    assert!(checker.wrong.is_empty(), "{}", checker.wrong.join("\n"));
    let all = checker.all();
    let never: Vec<&String> = all.difference(&checker.seen).collect();
    assert!(never.is_empty(), "in the schema, and never written: {never:?}");
}

#[test]
fn the_checker_can_fail() {
    for (at, bad) in
        [("decision", Value::from("maybe")), ("schema", Value::from(2)), ("extra", Value::from(1))]
    {
        let mut value = serde_json::to_value(full()).expect("JSON");
        value[at] = bad;
        let mut checker = Checker::new();
        checker.report(&value);
        assert_eq!(checker.wrong.len(), 1, "{at}");
    }
}
