//! The interface for programs, as a page: drawn from the same description that `/openapi.json` gives.

use super::layout::Look;
use crate::serve::routes;
use axum::response::Response;
use maud::{Markup, html};
use serde_json::Value;
use std::collections::BTreeMap;

/// The page.
pub(super) async fn page(look: Look) -> Response {
    let description = serde_json::to_value(routes::all().1).unwrap_or_default();
    let mut tags: BTreeMap<String, Vec<(String, String, Value)>> = BTreeMap::new();
    let paths = description.get("paths").and_then(Value::as_object);
    for (path, methods) in paths.into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            let tag = operation.pointer("/tags/0").and_then(Value::as_str).unwrap_or_default();
            tags.entry(tag.to_owned()).or_default().push((
                path.clone(),
                method.to_uppercase(),
                operation.clone(),
            ));
        }
    }
    let about = description.get("tags").and_then(Value::as_array).cloned().unwrap_or_default();
    let text = |v: &Value, key: &str| v.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let body = html! {
        main.docs {
            h1 { (look.say("docs.title")) }
            p.lead { (look.say("docs.lead")) a href="/openapi.json" { "/openapi.json" } }
            @for tag in &about {
                @let name = text(tag, "name");
                section {
                    h2 { (name) } p.lead { (text(tag, "description")) }
                    @for (path, method, operation) in tags.get(&name).into_iter().flatten() {
                        (one(path, method, operation))
                    }
                }
            }
            section { h2 { "schemas" } @for (name, schema) in schemas(&description) { (shape(&name, &schema)) } }
        }
    };
    look.page(look.say("docs.title"), &[], body)
}

fn one(path: &str, method: &str, operation: &Value) -> Markup {
    let get = |key: &str| operation.get(key).and_then(Value::as_str).unwrap_or_default();
    let parameters = operation.get("parameters").and_then(Value::as_array).cloned().unwrap_or_default();
    let body = operation.pointer("/requestBody/content").and_then(Value::as_object);
    let responses = operation.get("responses").and_then(Value::as_object);
    html! {
        details.operation {
            summary { b class=(method.to_lowercase()) { (method) } code { (path) } span { (get("summary")) } }
            div {
                @if !get("description").is_empty() { p { (get("description")) } }
                @if !parameters.is_empty() { dl { @for p in &parameters {
                    dt { code { (p.get("name").and_then(Value::as_str).unwrap_or_default()) }
                        small { " " (p.get("in").and_then(Value::as_str).unwrap_or_default()) } }
                    dd { (p.get("description").and_then(Value::as_str).unwrap_or_default()) }
                } } }
                @for (media, content) in body.into_iter().flatten() {
                    p { code { (media) } " " (named(content.get("schema"))) }
                }
                dl { @for (status, response) in responses.into_iter().flatten() {
                    dt { code { (status) } }
                    dd { (response.get("description").and_then(Value::as_str).unwrap_or_default()) " "
                        @for (_, content) in response.get("content").and_then(Value::as_object).into_iter().flatten() {
                            (named(content.get("schema"))) } }
                } }
            }
        }
    }
}

/// What a schema is called, with a link to it.
fn named(schema: Option<&Value>) -> Markup {
    let Some(schema) = schema else { return html! {} };
    if let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|r| r.rsplit('/').next()) {
        return html! { a href=(format!("#schema-{name}")) { (name) } };
    }
    match schema.get("items") {
        Some(items) => html! { "[ " (named(Some(items))) " ]" },
        None => {
            let kind = schema.get("type").map(|t| t.as_str().map_or_else(|| t.to_string(), str::to_owned));
            html! { (kind.unwrap_or_default()) }
        }
    }
}

fn schemas(description: &Value) -> Vec<(String, Value)> {
    let all = description.pointer("/components/schemas").and_then(Value::as_object);
    all.into_iter().flatten().map(|(k, v)| (k.clone(), v.clone())).collect()
}

fn shape(name: &str, schema: &Value) -> Markup {
    let parts =
        schema.get("allOf").and_then(Value::as_array).cloned().unwrap_or_else(|| vec![schema.clone()]);
    html! {
        details.operation id=(format!("schema-{name}")) {
            summary { code { (name) } span { (schema.get("description").and_then(Value::as_str).unwrap_or_default()) } }
            div { dl { @for part in &parts {
                @if let Some(reference) = part.get("$ref") { dt { (named(Some(&Value::Object([("$ref".to_owned(), reference.clone())].into_iter().collect())))) } dd {} }
                @for (key, value) in part.get("properties").and_then(Value::as_object).into_iter().flatten() {
                    dt { code { (key) } small { " " (named(Some(value))) } }
                    dd { (value.get("description").and_then(Value::as_str).unwrap_or_default()) }
                }
            } } }
        }
    }
}
